//! Floor 4: what lexicons say of a post, as it is shown.
//!
//! Does not weigh; `score` does. Invariant: word choice is never a finding of its own.

use super::wording::whole;
use super::{Draft, Finding, Linter, SpokenWord};
use crate::matcher::Match;
use crate::report::WeighedWord;
use crate::rule::{Kind, RuleId};

impl Linter {
    pub(super) fn is_word(&self, found: &Match) -> bool {
        matches!(self.rules.rule(found.rule).kind, Kind::Lexicon(_))
    }

    pub(super) fn word_choice(&self, draft: &Draft<'_>, words: &[SpokenWord]) -> Vec<WeighedWord> {
        let speaking = words.iter().filter(|word| word.points > 0.0);
        let weighed = speaking.map(|word| WeighedWord {
            span: draft.span(word.place),
            points: word.points,
            credit: self.rules.rule(word.rule).credit,
        });
        weighed.collect()
    }

    /// Word choice is no finding of its own: without a verdict to hold its points, the heaviest finding does, and says so.
    pub(super) fn note_word_choice(&self, draft: &Draft<'_>, findings: &mut [Finding], words: &[SpokenWord]) {
        let promoting = |rule: RuleId| {
            let rule = self.rules.rule(rule);
            !rule.credit && rule.judges()
        };
        let hosts = findings.iter_mut().filter(|finding| promoting(finding.found.rule));
        let heavier = |a: &&mut Finding, b: &&mut Finding| a.points.total_cmp(&b.points);
        let Some(host) = hosts.max_by(heavier) else { return };
        let words = words.iter().filter(|word| word.points > 0.0 && promoting(word.rule));
        let points: f64 = words.clone().map(|word| word.points).sum();
        if points > 0.0 {
            host.points += points;
            let mut note = format!("word choice adds {} of its points", whole(points));
            for (number, word) in words.enumerate() {
                note.push_str(if number == 0 { ": " } else { ", " });
                draft.push_words(word.place, &mut note);
            }
            host.beside.get_or_insert_default().notes.push(note);
        }
    }
}
