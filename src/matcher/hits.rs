//! One walk over the tables for all parts: where phrases of active rules stand, before any guard but the anchors.
//!
//! Invariant: hits are sorted by rule, slot and place, and none stands twice.

use std::ops::Range;

use super::{Search, TokenRange};
use crate::rule::tables::{Accept, Key, Slot, Tables};
use crate::rule::{Class, Kind, RuleId};
use crate::text::Tokens;

/// A phrase of a rule, found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    pub(super) rule: RuleId,
    pub(super) slot: Slot,
    pub(super) place: TokenRange,
}

/// All hits of a post.
#[derive(Debug, Default)]
pub(super) struct Hits(Vec<Hit>);

impl Hits {
    /// The hits of one list of one rule, in text order.
    pub(super) fn of(&self, rule: RuleId, slot: Slot) -> &[Hit] {
        let first = self.0.partition_point(|hit| (hit.rule, hit.slot) < (rule, slot));
        let count = self.0[first..].partition_point(|hit| (hit.rule, hit.slot) == (rule, slot));
        &self.0[first..first + count]
    }

    /// Whether a hit of one list of one rule starts among these tokens.
    pub(super) fn any_in(&self, rule: RuleId, slot: Slot, tokens: TokenRange) -> bool {
        let hits = self.of(rule, slot);
        let start = |hit: &Hit| (hit.place.part, hit.place.first);
        let first = hits.partition_point(|hit| start(hit) < (tokens.part, tokens.first));
        hits.get(first).is_some_and(|hit| start(hit) < (tokens.part, tokens.end))
    }

    /// The rules that have a hit, each once, in order.
    pub(super) fn rules(&self) -> Vec<RuleId> {
        let mut rules: Vec<RuleId> = self.0.iter().map(|hit| hit.rule).collect();
        rules.dedup();
        rules
    }
}

/// Walks all parts.
pub(super) fn walk(search: &Search<'_>, applies: &dyn Fn(RuleId) -> bool) -> Hits {
    let mut hits = Vec::new();
    let (shipped, added) = search.rules.tables();
    for (part, reading) in search.readings.iter().enumerate() {
        part_hits(shipped, &reading.tokens, &reading.keys, part, applies, &mut hits);
        if let Some(added) = added {
            part_hits(added, &reading.tokens, &reading.added, part, applies, &mut hits);
        }
    }
    hits.sort_unstable();
    hits.dedup();
    patterns(search, &mut hits);
    Hits(hits)
}

fn part_hits(
    tables: &Tables,
    tokens: &Tokens,
    keys: &[Key],
    part: usize,
    applies: &dyn Fn(RuleId) -> bool,
    hits: &mut Vec<Hit>,
) {
    for sentence in tokens.sentences() {
        let range = sentence.tokens.clone();
        let loud = loud(keys, range.clone());
        for first in range.clone() {
            tables.walk(keys, first, range.end, &mut |accept: Accept, end| {
                let anchored = (!accept.starts || first <= loud.start) && (!accept.ends || end >= loud.end);
                let rule = RuleId(accept.rule);
                if anchored && applies(rule) {
                    hits.push(Hit { rule, slot: accept.slot, place: TokenRange::new(part, first..end) });
                }
            });
        }
    }
}

/// The tokens of a sentence without the marks, emoji and tags at its ends.
fn loud(keys: &[Key], range: Range<usize>) -> Range<usize> {
    let quiet = [Class::Mark, Class::Emoji, Class::Hashtag];
    let loud = |&index: &usize| !quiet.iter().any(|&class| keys[index].classes.has(class));
    let first = range.clone().find(loud).unwrap_or(range.end);
    let end = range.clone().rfind(loud).map_or(range.start, |last| last + 1);
    first..end
}

/// Runs the regexes whose gate was found, on the folded text, snapped outward to whole tokens.
fn patterns(search: &Search<'_>, hits: &mut Vec<Hit>) {
    let mut gated: Vec<(RuleId, u16)> =
        hits.iter().filter(|hit| hit.slot == Slot::Gate).map(|hit| (hit.rule, hit.place.part)).collect();
    if gated.is_empty() {
        return;
    }
    gated.sort_unstable();
    gated.dedup();
    for (rule, part) in gated {
        let Kind::Patterns(patterns) = &search.rules.rule(rule).kind else { continue };
        let tokens = &search.readings[part as usize].tokens;
        for regex in patterns.iter().filter_map(crate::rule::Pattern::get) {
            for found in regex.find_iter(tokens.folded_text()).filter(|found| !found.is_empty()) {
                let range = tokens.touched(found.range());
                if !range.is_empty() {
                    hits.push(Hit { rule, slot: Slot::Main, place: TokenRange::new(part as usize, range) });
                }
            }
        }
    }
    hits.sort_unstable();
    hits.dedup();
}
