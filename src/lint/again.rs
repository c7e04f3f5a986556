//! A draft that is judged again, as if some of its findings had never been there.
//!
//! Goes the way of every draft, by the same functions; only reading the words is not done anew. Invariant: without
//! nothing, what comes out is what [`Linter::lint`] returns.

use super::{Context, Draft, Finding, Linter, Policy};
use crate::document::Post;
use crate::matcher::{Match, TokenRange};
use crate::report::{PostReport, Suppressed};
use crate::rule::RuleId;
use crate::text::TokenKind;

/// Which finding of a report is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FindingKey {
    /// Its rule.
    pub rule: RuleId,
    /// Where it stands.
    pub place: TokenRange,
    /// How many words it marks.
    pub words: u32,
}

/// A report, with a key for each of its findings.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The report.
    pub report: PostReport,
    /// The key of each finding in it; none for the verdict, which follows from the others.
    pub keys: Vec<Option<FindingKey>>,
}

/// How often what is left alone is looked for.
const DEPTH: usize = 4;

/// A draft that was read, to be judged as often as one likes.
pub struct Opened<'a> {
    linter: &'a Linter,
    context: &'a Context,
    draft: Draft<'a>,
}

impl Linter {
    /// Reads a post without judging it.
    #[must_use]
    pub fn open<'a>(&'a self, post: &'a Post, context: &'a Context, policy: &'a Policy) -> Opened<'a> {
        Opened { linter: self, context, draft: self.read(post, context, policy) }
    }
}

impl Opened<'_> {
    /// Judges the draft without some findings, which are absent for every rule and for the score, as suppressed ones
    /// are; what they had hidden is there. A structure finding goes with the last finding of which it could be a note.
    pub fn judge_without(&mut self, removed: &[FindingKey]) -> Judged {
        let matches = self.matches_without(removed);
        let (report, findings) = self.linter.report(&self.draft, matches, self.context, usize::MAX);
        let verdict = report.findings.len().saturating_sub(findings.len());
        let keys = findings.iter().map(|finding| Some(self.draft.key(finding)));
        let keys = std::iter::repeat_n(None, verdict).chain(keys).collect();
        Judged { report, keys }
    }

    /// What the suppressions of the draft hide.
    pub(crate) fn suppressed(&mut self) -> Vec<Suppressed> {
        self.linter.suppressed_in(&mut self.draft, self.context)
    }

    /// What the rules find in the draft without some findings.
    pub(crate) fn matches_without(&mut self, removed: &[FindingKey]) -> Vec<Match> {
        self.draft.removed.clear();
        self.draft.removed.extend(removed.iter().map(|key| (key.rule, key.place)));
        let mut matches = self.linter.matches(&mut self.draft, self.context);
        for _ in 0..DEPTH {
            let left = self.left_alone(&matches, removed);
            if left.is_empty() {
                break;
            }
            self.draft.removed.extend(left);
            matches = self.linter.matches(&mut self.draft, self.context);
        }
        matches
    }

    /// The structure matches where a finding was removed and no other stands. Credits and lengths are nothing to be a
    /// note of.
    fn left_alone(&self, matches: &[Match], removed: &[FindingKey]) -> Vec<(RuleId, TokenRange)> {
        let rules = &self.linter.rules;
        let structure = |found: &&Match| rules.rule(found.rule).yields();
        let promotes = |rule: RuleId| !rules.rule(rule).credit && rules.rule(rule).judges();
        let stands = |place: TokenRange| {
            let others = matches.iter().filter(|other| other.place.overlaps(place) && promotes(other.rule));
            // Word choice holds no notes.
            others.into_iter().any(|other| !structure(&other) && !self.linter.is_word(other))
        };
        let gone = |place: TokenRange| removed.iter().any(|key| key.place.overlaps(place) && promotes(key.rule));
        let left = matches.iter().filter(structure).filter(|found| gone(found.place) && !stands(found.place));
        left.map(|found| (found.rule, found.place)).collect()
    }
}

impl Draft<'_> {
    fn key(&self, finding: &Finding) -> FindingKey {
        let place = finding.found.place;
        let tokens = self.readings.get(usize::from(place.part)).map(|reading| reading.tokens.as_slice());
        let marked = tokens.and_then(|tokens| tokens.get(place.tokens())).unwrap_or_default();
        let is_word = |kind| matches!(kind, TokenKind::Word | TokenKind::Number | TokenKind::Money);
        let words = marked.iter().filter(|token| is_word(token.kind)).count();
        FindingKey { rule: finding.found.rule, place, words: u32::try_from(words).unwrap_or(u32::MAX) }
    }

    /// Whether a match is a finding that is taken out, or the same rule once more within its words.
    pub(super) fn is_removed(&self, found: &Match) -> bool {
        self.removed.iter().any(|&(rule, place)| rule == found.rule && place.contains(found.place))
    }
}
