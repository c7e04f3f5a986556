//! Floor 5: how the linter does on labelled posts.
//!
//! Reads no files and prints nothing. Invariant: a post is judged with what its own record says of its account and
//! network, and with nothing else beside the rules.

pub mod calibration;
mod convention;
pub mod fit;
pub mod metric;
pub mod passage;
mod record;
pub mod report;

use std::sync::Arc;

pub use convention::{Convention, Conventions, Role};
pub use record::read_record;
pub use report::{Evaluation, SetReport};

use crate::document::Post;
use crate::identity::Account;
use crate::lint::{Context, Found, Linter, Policy};
use crate::report::PostReport;
use crate::rule::{Kind, RuleId};
use crate::score::Verdict;
use crate::text::{Platform, Source, Span};
use metric::Share;
use passage::{Passage, Passages, Place};

/// What a label says of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Mostly about self.
    Promotional,
    /// Value for others, and an ask beside it.
    Mixed,
    /// About others or a topic.
    Conversational,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Promotional, Self::Mixed, Self::Conversational];

    /// The word for it in output; that of the verdict.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.verdict().name()
    }

    /// The verdict that agrees with it.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Promotional => Verdict::Promotional,
            Self::Mixed => Verdict::Mixed,
            Self::Conversational => Verdict::Conversational,
        }
    }
}

/// A post with what people say of it.
#[derive(Clone, Debug)]
pub struct LabelledPost {
    /// What its set calls it, or its line.
    pub id: String,
    /// Its text, with what the set strips taken out.
    pub text: String,
    /// Its label; none where the set leaves it out, and then it is not judged.
    pub class: Option<Class>,
    /// The verdicts that are accepted, where its set says so.
    pub accept: Option<Vec<Class>>,
    /// Passages to be found; none where nobody marked any.
    pub flagged: Option<Vec<Passage>>,
    /// Passages to be left alone.
    pub must_not: Vec<Passage>,
    /// Whose self.
    pub account: Account,
    /// The network it is for.
    pub platform: Option<Platform>,
    /// Whether it is one of the posts on which its set must stay quiet.
    pub quiet: bool,
}

/// A labelled post and what the linter makes of it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// What its set calls it.
    pub id: String,
    /// Its label.
    pub class: Class,
    /// The verdicts that are accepted, where its set says so.
    pub accept: Option<Vec<Class>>,
    /// Whether it is one of the posts on which its set must stay quiet.
    pub quiet: bool,
    /// The linter's verdict.
    pub verdict: Verdict,
    /// The promotion score, 0 to 100.
    pub promotion: f64,
    /// The rules that found something, each once, in the order of the set; verdicts and lexicons are not among them.
    pub rules: Vec<RuleId>,
    /// What became of its marked passages.
    pub passages: Passages,
}

impl Judged {
    /// Whether the verdict is accepted; none where its set does not say which are.
    #[must_use]
    pub fn is_accepted(&self) -> Option<bool> {
        let accept = self.accept.as_ref()?;
        Some(accept.iter().any(|class| class.verdict() == self.verdict))
    }

    /// Whether it is promotional rather than conversational, where its label leaves no doubt: it is one of the two,
    /// and no other verdict is accepted beside it.
    #[must_use]
    pub fn is_promotional(&self) -> Option<bool> {
        if self.accept.as_ref().is_some_and(|accept| accept.as_slice() != [self.class]) {
            return None;
        }
        match self.class {
            Class::Promotional => Some(true),
            Class::Conversational => Some(false),
            Class::Mixed => None,
        }
    }
}

/// Judges a post; none for one whose label is left out.
#[must_use]
pub fn judge(linter: &Linter, policy: &Policy, labelled: &LabelledPost) -> Option<Judged> {
    judge_with_found(linter, policy, labelled).map(|(judged, _)| judged)
}

/// As [`judge`], with what the score is made of.
#[must_use]
pub fn judge_with_found(linter: &Linter, policy: &Policy, labelled: &LabelledPost) -> Option<(Judged, Found)> {
    let class = labelled.class?;
    let source = Arc::new(Source::from_text(labelled.id.as_str(), labelled.text.as_str()));
    let post = Post::of_text(&source);
    let platforms = labelled.platform.into_iter().collect();
    let context = Context { account: labelled.account.clone(), platforms, ..Context::default() };
    let (report, found) = linter.lint_with_found(&post, &context, policy);
    let is_finding = |id: &RuleId| {
        let rule = linter.rules().rule(*id);
        rule.judges() && !matches!(rule.kind, Kind::Lexicon(_))
    };
    let mut rules: Vec<RuleId> = found.matches.iter().map(|one| one.rule).filter(is_finding).collect();
    rules.sort_unstable();
    rules.dedup();
    let findings = places(linter, &report);
    let mut passages = Passages::of(
        source.text(),
        labelled.flagged.as_deref().unwrap_or_default(),
        &labelled.must_not,
        &findings,
    );
    if labelled.flagged.is_none() {
        passages.precise = Share::default();
    }
    let judged = Judged {
        id: labelled.id.clone(),
        class,
        accept: labelled.accept.clone(),
        quiet: labelled.quiet,
        verdict: report.score.verdict,
        promotion: report.score.promotion,
        rules,
        passages,
    };
    Some((judged, found))
}

/// Where findings stand that are neither credits nor lengths nor the verdict.
fn places(linter: &Linter, report: &PostReport) -> Vec<Place> {
    let is_verdict = |code: &str| {
        let named = linter.rules().rules().iter().find(|rule| rule.name == code);
        named.is_some_and(|rule| matches!(rule.kind, Kind::Verdict(_)))
    };
    let findings =
        report.findings.iter().filter(|one| !one.credit && one.judges && !is_verdict(&one.diagnostic.code));
    findings
        .map(|finding| Place {
            span: finding.diagnostic.labels.first().map_or(Span::default(), |label| label.span),
            level: finding.diagnostic.level,
        })
        .collect()
}
