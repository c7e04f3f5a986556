//! Floor 4: the way of one post: matches, rules that read other rules, overlaps, suppression, score, verdict.
//!
//! Touches no file, environment, clock or terminal. Invariant: the same post, rules and policy give the same report.

use std::sync::Arc;

use crate::diagnostic::Level;
use crate::document::{Intent, Post};
use crate::identity::Account;
use crate::report::{About, PostReport};
use crate::rule::RuleSet;
use crate::score::{Score, Verdict};
use crate::text::Platform;

/// What makes a post fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum FailOn {
    /// Nothing.
    Never,
    /// A finding of level error.
    #[default]
    Error,
    /// A promotional verdict (or a finding of level error).
    Promotional,
    /// A mixed verdict, or worse.
    Mixed,
    /// A finding of level warning, or worse.
    Warning,
}

impl FailOn {
    /// All names, mildest first.
    pub const NAMES: [&'static str; 5] = ["never", "error", "promotional", "mixed", "warning"];

    /// Reads one of [`FailOn::NAMES`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "never" => Some(Self::Never),
            "error" => Some(Self::Error),
            "promotional" => Some(Self::Promotional),
            "mixed" => Some(Self::Mixed),
            "warning" => Some(Self::Warning),
            _ => None,
        }
    }
}

/// What config and flags decide, resolved for the rules of a set.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The level of every rule, by [`RuleId`](crate::rule::RuleId): [`Level::Off`] switches it off, anything else
    /// stands in place of its own level. Credits hold [`Level::Credit`] or [`Level::Off`].
    pub levels: Vec<Level>,
    /// What fails.
    pub fail_on: FailOn,
    /// Show every finding in outputs made for reading, whatever the length of the draft.
    pub all: bool,
}

impl Policy {
    /// The rules' own levels.
    #[must_use]
    pub fn of(rules: &RuleSet) -> Self {
        Self {
            levels: rules.rules().iter().map(|rule| rule.level).collect(),
            fail_on: FailOn::default(),
            all: false,
        }
    }
}

/// What is true of a post beside its own words.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Whose self.
    pub account: Account,
    /// The networks it is for, where neither the post nor the account says.
    pub platforms: Vec<Platform>,
    /// What its author declares, where the post does not.
    pub intent: Intent,
}

/// Judges posts by one set of rules.
#[derive(Debug)]
pub struct Linter {
    rules: Arc<RuleSet>,
}

impl Linter {
    /// A linter for `rules`.
    #[must_use]
    pub fn new(rules: Arc<RuleSet>) -> Self {
        Self { rules }
    }

    /// The rules it judges by.
    #[must_use]
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Judges one post.
    #[must_use]
    pub fn lint(&self, post: &Post, context: &Context, policy: &Policy) -> PostReport {
        let _ = policy;
        PostReport {
            source: Arc::clone(&post.source),
            id: post.id.clone(),
            locator: post.locator.clone(),
            start: post.start,
            account: post.account.clone().or_else(|| context.account.name.clone()),
            platforms: post.platforms.clone(),
            kind: post.kind,
            scheduled: post.scheduled.clone(),
            words: 0,
            about: About::default(),
            pass: true,
            score: Score {
                promotion: 0.0,
                conversation: 0.0,
                verdict: Verdict::Unjudged,
                by_category: Vec::new(),
            },
            findings: Vec::new(),
        }
    }
}
