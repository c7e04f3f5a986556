//! Floor 4: what lexicons say of a post, as it is shown.
//!
//! Does not weigh; `score` does. Invariant: word choice is never a finding of its own.

use super::{Draft, Finding, Linter};
use crate::matcher::Match;
use crate::report::WeighedWord;
use crate::rule::Kind;

impl Linter {
    pub(super) fn is_word(&self, found: &Match) -> bool {
        matches!(self.rules.rule(found.rule).kind, Kind::Lexicon(_))
    }

    pub(super) fn word_choice(&self, draft: &Draft<'_>, words: &[(Match, f64)]) -> Vec<WeighedWord> {
        let speaking = words.iter().filter(|(_, points)| *points > 0.0);
        let weighed = speaking.map(|(found, points)| WeighedWord {
            span: draft.span(found.place),
            points: *points,
            credit: self.rules.rule(found.rule).credit,
        });
        weighed.collect()
    }

    /// Word choice is no finding of its own: without a verdict to hold its points, the heaviest finding does, and says so.
    pub(super) fn note_word_choice(&self, draft: &Draft<'_>, findings: &mut [Finding], words: &[(Match, f64)]) {
        let promoting = |found: &Match| {
            let rule = self.rules.rule(found.rule);
            !rule.credit && rule.judges()
        };
        let words: Vec<_> = words.iter().filter(|(found, points)| promoting(found) && *points > 0.0).collect();
        let points: f64 = words.iter().map(|(_, points)| points).sum();
        let hosts = findings.iter_mut().filter(|finding| promoting(&finding.found));
        let heavier = |a: &&mut Finding, b: &&mut Finding| a.points.total_cmp(&b.points);
        if let Some(host) = hosts.max_by(heavier).filter(|_| points > 0.0) {
            host.points += points;
            let shown: Vec<String> = words.iter().map(|(found, _)| draft.words(found.place)).collect();
            host.notes.push(format!("word choice adds {points:.0} of its points: {}", shown.join(", ")));
        }
    }
}
