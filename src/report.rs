//! Floor 4, below `lint`: what an emitter gets, and all that it gets.
//!
//! Does not format. Invariant: everything that can be shown or counted is decided here, so that emitters decide
//! nothing: which findings a short output leaves out, what counts in the summary, whether a post passes.

mod index;
mod most;
mod queue;
mod statistics;

use std::sync::Arc;

pub use self::index::RuleIndex;
pub(crate) use self::most::{gravest, sort_gravest};
pub use self::queue::{QueueEntry, QueueFinding, QueueReport};
pub use self::statistics::{RuleCount, Statistics};
use crate::config::{FailOn, RulePages};
use crate::diagnostic::{Diagnostic, Level};
use crate::document::{Locator, Part, PostId, PostKind, PostStatus};
use crate::fingerprint::Fingerprint;
pub use crate::matcher::About;
use crate::rule::VerdictKind;
use crate::score::{Score, Verdict};
pub use crate::section::SectionName;
use crate::text::{Platform, Source, Span};

/// Which program and rules made a report.
#[derive(Clone, Debug)]
pub struct Tool {
    /// Version of the program.
    pub version: &'static str,
    /// Fingerprint of the rule set.
    pub rules: String,
    /// The rules themselves.
    pub index: RuleIndex,
    /// Where the pages of rules are, if anywhere.
    pub pages: Option<RulePages>,
}

impl Tool {
    /// The address of the page of a rule, by its name.
    #[must_use]
    pub fn page(&self, rule: &str) -> Option<String> {
        self.pages.as_ref().filter(|_| self.index.get(rule).is_some()).map(|pages| pages.of(rule))
    }
}

/// A finding as it is shown.
#[derive(Clone, Debug)]
pub struct ReportedFinding {
    /// Rule, level, message, labels, note and help.
    pub diagnostic: Diagnostic,
    /// Its share of the promotion score (of the conversation score, for a credit).
    pub points: f64,
    /// Whether it rewards.
    pub credit: bool,
    /// Whether it says anything of promotion or conversation; how long a post is says nothing of either.
    pub judges: bool,
    /// What it says, where it is the verdict: a finding of the whole post, without evidence of its own.
    pub verdict: Option<VerdictKind>,
    /// Whether the outputs made for reading show it; the others show all.
    pub shown: bool,
    /// What it is known by when its line has moved.
    pub fingerprint: Fingerprint,
}

/// A section of a long post.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionReport {
    /// What it is of the post.
    pub name: SectionName,
    /// Where it stands.
    pub span: Span,
    /// How many words it has.
    pub words: u32,
    /// 0 to 100, as if it stood alone.
    pub promotion: f64,
    /// 0 to 100, as if it stood alone.
    pub conversation: f64,
}

impl SectionReport {
    /// `last 60 words: 81`.
    #[must_use]
    pub fn said(&self) -> String {
        format!("{}: {:.0}", self.name, self.promotion)
    }
}

/// A word or word pair of a lexicon that speaks for the score of its axis.
#[derive(Clone, Debug)]
pub struct WeighedWord {
    /// Where it stands.
    pub span: Span,
    /// Its share of the promotion score (of the conversation score, for a credit).
    pub points: f64,
    /// Whether it rewards.
    pub credit: bool,
}

/// The numbers of a draft without some of its findings: judged again, as if those had never been there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Without {
    /// 0 to 100.
    pub promotion: f64,
    /// 0 to 100.
    pub conversation: f64,
    /// What the two say.
    pub verdict: Verdict,
    /// Whether the draft would exit 0.
    pub pass: bool,
}

impl Without {
    /// Those of a report.
    #[must_use]
    pub fn of(post: &PostReport) -> Self {
        let score = &post.score;
        Self {
            promotion: score.promotion,
            conversation: score.conversation,
            verdict: score.verdict,
            pass: post.pass,
        }
    }
}

/// What one finding does to the score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Which of the findings of the post.
    pub finding: usize,
    /// The draft without it, and without the structure findings that are notes of it and could be of no other; none where that was not measured,
    /// for the lightest findings of a draft with very many.
    pub without: Option<Without>,
    /// Whether the outputs made for reading list it; the others list all.
    pub shown: bool,
}

/// What a score is made of, beside the points that stand in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// An effect for each finding but the verdict, those that promote before credits, most points first.
    pub effects: Vec<Effect>,
}

/// A finding that would have to go.
#[derive(Clone, Debug)]
pub struct Needed {
    /// The finding.
    pub finding: ReportedFinding,
    /// Whether it only comes up when others that are needed are gone, and so is not among those of the post.
    pub hidden: bool,
}

/// What would have to go for a draft to pass.
#[derive(Clone, Debug)]
pub struct Needs {
    /// The findings to be taken out, in text order; none where the draft passes, or where taking out all of them does
    /// not help.
    pub findings: Vec<Needed>,
    /// Whether fewer would not do.
    pub smallest: bool,
    /// The draft without them; where it does not pass, the draft without any finding.
    pub without: Without,
}

/// One post, judged.
#[derive(Clone, Debug)]
pub struct PostReport {
    /// Where it stands.
    pub source: Arc<Source>,
    /// What the source calls it.
    pub id: Option<PostId>,
    /// Where in the source, in words.
    pub locator: Locator,
    /// First byte in the source's text.
    pub start: u32,
    /// Name of its account.
    pub account: Option<String>,
    /// Its networks.
    pub platforms: Vec<Platform>,
    /// Post, reply or share.
    pub kind: PostKind,
    /// When it is due or went out, as written.
    pub scheduled: Option<String>,
    /// How far it has come, where the source says so.
    pub status: Option<PostStatus>,
    /// How many words it has.
    pub words: u32,
    /// Whom it is about.
    pub about: About,
    /// Whether it alone would exit 0.
    pub pass: bool,
    /// What makes it fail, beside its findings.
    pub bar: Bar,
    /// How many findings are known and so not among `findings`; they are in the numbers.
    pub known: u32,
    /// Its numbers.
    pub score: Score,
    /// The sections of a long one, opening and ending first.
    pub sections: Vec<SectionReport>,
    /// The number of the section that promotes most, where that is clearly more than the whole does.
    pub hottest: Option<usize>,
    /// What its word choice adds beside the findings, in text order. Its points are never a finding of their own: the
    /// verdict holds them, else the finding with most points; where there is neither, no finding holds them.
    pub word_choice: Vec<WeighedWord>,
    /// Its findings in text order, the verdict first.
    pub findings: Vec<ReportedFinding>,
    /// How many more there are, which are not told; they are in the numbers.
    pub left_out: usize,
    /// What each finding does to the score, where that was asked for.
    pub explanation: Option<Explanation>,
    /// What would have to go for it to pass, where that was asked for.
    pub needs: Option<Needs>,
    /// What suppressions hide in it, in the order in which they come into force.
    pub suppressed: Vec<Suppressed>,
    /// Its text, where that was asked for.
    pub parts: Vec<Part>,
    /// All of this in the format of the run, where the thread that judged the post wrote it, too; of the rest there is then no
    /// more than is counted.
    pub written: Option<Vec<u8>>,
}

/// What a name in a suppression hides.
#[derive(Clone, Debug)]
pub struct Suppressed {
    /// The name, of a rule or a category.
    pub rule: String,
    /// Where it stands: in the source of the post, or in a config.
    pub source: Arc<Source>,
    /// Its place there.
    pub span: Span,
    /// Why.
    pub reason: Option<String>,
    /// How many findings it hides, the verdict among them.
    pub findings: u32,
}

/// What makes a post fail, beside the levels of its findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What fails.
    pub fail_on: FailOn,
    /// The verdict, as far as it can fail the post: one that is switched off, hidden or excused fails nothing, and is
    /// conversational here.
    pub verdict: Verdict,
}

impl Bar {
    /// Whether a post with these findings passes.
    #[must_use]
    pub fn passes(self, findings: &[ReportedFinding]) -> bool {
        let worst = findings.iter().map(|finding| finding.diagnostic.level).max();
        self.passes_at(worst.unwrap_or(Level::Off))
    }

    /// Whether a post passes whose gravest finding is of this level.
    #[must_use]
    pub fn passes_at(self, worst: Level) -> bool {
        let fails = match self.fail_on {
            FailOn::Never => false,
            FailOn::Error => worst >= Level::Error,
            FailOn::Promotional => worst >= Level::Error || self.verdict == Verdict::Promotional,
            FailOn::Mixed => {
                worst >= Level::Error || matches!(self.verdict, Verdict::Promotional | Verdict::Mixed)
            }
            FailOn::Warning => worst >= Level::Warning,
        };
        !fails
    }
}

impl PostReport {
    /// Takes findings out of what is shown and judges again whether the post passes; the numbers stay as they are, for
    /// what is hidden is still there. A hidden verdict fails nothing.
    pub fn hide(&mut self, mut hides: impl FnMut(&ReportedFinding) -> bool) {
        let hidden: Vec<bool> = self.findings.iter().map(&mut hides).collect();
        if !hidden.contains(&true) {
            return;
        }
        let is_hidden = |index: usize| hidden.get(index) == Some(&true);
        if let Some(explanation) = &mut self.explanation {
            explanation.effects.retain(|effect| !is_hidden(effect.finding));
            for effect in &mut explanation.effects {
                effect.finding -= hidden.iter().take(effect.finding).filter(|hidden| **hidden).count();
            }
        }
        self.known += u32::try_from(hidden.iter().filter(|hidden| **hidden).count()).unwrap_or(u32::MAX);
        let mut index = 0;
        self.findings.retain(|_| {
            index += 1;
            !is_hidden(index - 1)
        });
        if self.findings.iter().all(|finding| finding.verdict.is_none()) {
            self.bar.verdict = Verdict::Conversational;
        }
        self.pass = self.bar.passes(&self.findings);
        if self.pass {
            self.needs = None;
        }
    }

    /// The findings that outputs for reading and reviewing show as wrong, in text order, the verdict first: what is marked
    /// to be shown, credits aside.
    pub fn marked(&self) -> impl Iterator<Item = &ReportedFinding> {
        self.findings.iter().filter(|finding| finding.shown && !finding.credit)
    }

    /// The section that promotes most, where that is clearly more than the whole does.
    #[must_use]
    pub fn hottest(&self) -> Option<&SectionReport> {
        self.hottest.and_then(|index| self.sections.get(index))
    }
}

/// What came of one source, or of one record of a stream.
#[derive(Clone, Debug, Default)]
pub struct FileReport {
    /// Its posts, in order.
    pub posts: Vec<PostReport>,
    /// What was wrong with the source itself.
    pub diagnostics: Vec<Diagnostic>,
    /// A record of a stream that could not be read: its id as JSON, if that could be read, and what is wrong. Only
    /// JSON lines answer with it; `diagnostics` holds the same trouble for all other formats.
    pub unreadable: Option<(Option<String>, String)>,
}

/// Counts over a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Sources that were read.
    pub sources: u32,
    /// Posts that were judged.
    pub posts: u32,
    /// Findings and diagnostics of level error.
    pub errors: u32,
    /// Of level warning.
    pub warnings: u32,
    /// Of level note.
    pub notes: u32,
    /// Credits.
    pub credits: u32,
    /// Posts by verdict.
    pub promotional: u32,
    /// Posts by verdict.
    pub mixed: u32,
    /// Posts by verdict.
    pub conversational: u32,
    /// Posts that could not be judged.
    pub unjudged: u32,
    /// Findings that the outputs made for reading leave out.
    pub hidden: u32,
}

impl Summary {
    /// Counts one source in.
    pub fn add_file(&mut self, file: &FileReport) {
        for post in &file.posts {
            self.posts += 1;
            match post.score.verdict {
                Verdict::Promotional => self.promotional += 1,
                Verdict::Mixed => self.mixed += 1,
                Verdict::Conversational => self.conversational += 1,
                Verdict::Unjudged => self.unjudged += 1,
            }
            for finding in &post.findings {
                self.add_level(finding.diagnostic.level);
                self.hidden += u32::from(!finding.shown);
            }
        }
        for diagnostic in &file.diagnostics {
            self.add_level(diagnostic.level);
        }
    }

    /// Counts one finding or diagnostic in.
    pub fn add_level(&mut self, level: Level) {
        match level {
            Level::Off => {}
            Level::Credit => self.credits += 1,
            Level::Note => self.notes += 1,
            Level::Warning => self.warnings += 1,
            Level::Error => self.errors += 1,
        }
    }
}

/// What stands at the end of a run, after all files.
#[derive(Clone, Debug)]
pub struct RunReport {
    /// Program and rules.
    pub tool: Tool,
    /// Queues of posts, in the order of their first posts.
    pub queues: Vec<QueueReport>,
    /// What belongs to no file: a path that does not exist, a mistake in config.
    pub diagnostics: Vec<Diagnostic>,
    /// Counts.
    pub summary: Summary,
    /// Counts by rule, where those were asked for.
    pub statistics: Option<Statistics>,
}

impl RunReport {
    /// The findings of all queues, in order.
    pub fn queue_findings(&self) -> impl Iterator<Item = (&QueueReport, &QueueFinding)> {
        self.queues.iter().flat_map(|queue| queue.findings.iter().map(move |finding| (queue, finding)))
    }
}
