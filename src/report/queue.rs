//! What an emitter gets of a queue.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::document::PostKind;
use crate::score::Verdict;
use crate::text::{Platform, Source, Span};

/// A finding about a queue of posts.
#[derive(Clone, Debug)]
pub struct QueueFinding {
    /// Rule, level, message and help; a label a post.
    pub diagnostic: Diagnostic,
    /// What was measured.
    pub measure: f64,
    /// What would have been accepted.
    pub max: f64,
    /// The entries of the queue that take part, numbered from 0 in its order.
    pub entries: Vec<usize>,
    /// What would mend it; it was tried, and adds no finding.
    pub suggestion: Option<String>,
}

impl QueueFinding {
    /// The numbers of its posts among those that the run reports; what only counts has none.
    pub fn posts<'a>(&'a self, queue: &'a QueueReport) -> impl Iterator<Item = usize> + 'a {
        self.entries.iter().filter_map(|&entry| queue.entries.get(entry)?.post)
    }
}

/// One post in a queue.
#[derive(Clone, Debug)]
pub struct QueueEntry {
    /// Where it stands.
    pub source: Arc<Source>,
    /// Its first words there.
    pub span: Span,
    /// Where in the source, in words, if they say more than a line does.
    pub locator: Option<Arc<str>>,
    /// Its number among the posts that the run reports, from 0; none for what only counts.
    pub post: Option<usize>,
    /// Post, reply or share.
    pub kind: PostKind,
    /// Its networks.
    pub platforms: Vec<Platform>,
    /// When it is due or went out, as understood: `2026-03-01T09:00` with an offset where one is known; none where no
    /// time is given or it cannot be read.
    pub time: Option<String>,
    /// What it reads as.
    pub verdict: Verdict,
    /// Whether it is declared a pitch, which counts as promotional.
    pub pitch: bool,
    /// 0 to 100.
    pub promotion: f64,
    /// The share of promotion in the window that ends with it, 0 to 1; none before the shortest window is full.
    pub share: Option<f64>,
}

/// The posts of one account in time order, held against a budget.
#[derive(Clone, Debug)]
pub struct QueueReport {
    /// What it is made of: the name of a file or folder, or what the config calls it.
    pub name: String,
    /// Whose; none where no account is named.
    pub account: Option<String>,
    /// The network, where it has a budget of its own.
    pub platform: Option<Platform>,
    /// The name of the profile.
    pub profile: String,
    /// How much of a window may promote, 0 to 1.
    pub max_share: f64,
    /// How many posts a window holds.
    pub window: usize,
    /// Whether it is long enough to be judged as a queue; a shorter one is judged as drafts.
    pub judged: bool,
    /// Its posts, in time order.
    pub entries: Vec<QueueEntry>,
    /// What was found, in the order of the rules.
    pub findings: Vec<QueueFinding>,
}
