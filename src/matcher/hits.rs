//! One walk over the tables for all parts: where phrases of active rules stand, before any guard but the anchors.
//!
//! Invariant: the hits of a list rise, and none stands twice.

use std::ops::Range;

use super::{Reading, Search, TokenRange};
use crate::rule::tables::{Accept, Key, Slot, Tables};
use crate::rule::walk::Walker;
use crate::rule::{Class, Classes, Kind, RuleId};

/// How many lists of phrases a rule can have; entries of lexicons are kept apart.
const SLOTS: usize = Slot::Entry as usize;

/// All hits of a post, a list for every list of phrases that has any.
#[derive(Debug)]
pub(super) struct Hits {
    /// By rule and slot the number of its list in `lists`, plus one; 0 where there is none.
    numbers: Vec<u32>,
    lists: Vec<(RuleId, Slot, Vec<TokenRange>)>,
    /// Entries of lexicons, in text order.
    entries: Vec<(RuleId, u16, TokenRange)>,
}

impl Hits {
    fn new(rules: usize) -> Self {
        Self { numbers: vec![0; rules * SLOTS], lists: Vec::new(), entries: Vec::new() }
    }

    /// The hits of one list of one rule, in text order.
    pub(super) fn of(&self, rule: RuleId, slot: Slot) -> &[TokenRange] {
        let number = self.numbers[rule.index() * SLOTS + slot as usize] as usize;
        number.checked_sub(1).map_or(&[], |number| &self.lists[number].2)
    }

    /// The hits of one list of one rule that start among these tokens.
    pub(super) fn starting_in(
        &self,
        rule: RuleId,
        slot: Slot,
        tokens: TokenRange,
    ) -> impl Iterator<Item = TokenRange> {
        let hits = self.of(rule, slot);
        let first = hits.partition_point(|hit| (hit.part, hit.first) < (tokens.part, tokens.first));
        let end = (tokens.part, tokens.end);
        hits[first..].iter().copied().take_while(move |hit| (hit.part, hit.first) < end)
    }

    /// The rules that have a hit, each once, in order.
    pub(super) fn rules(&self) -> Vec<RuleId> {
        let mut rules: Vec<RuleId> = self.lists.iter().map(|(rule, ..)| *rule).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// The entries of lexicons that were found: rule, entry and place.
    pub(super) fn entries(&self) -> &[(RuleId, u16, TokenRange)] {
        &self.entries
    }

    fn list(&mut self, rule: RuleId, slot: Slot) -> &mut Vec<TokenRange> {
        let number = &mut self.numbers[rule.index() * SLOTS + slot as usize];
        if *number == 0 {
            self.lists.push((rule, slot, Vec::new()));
            *number = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
        }
        &mut self.lists[*number as usize - 1].2
    }

    /// Adds a hit that starts nowhere before those of its list.
    fn add(&mut self, rule: RuleId, slot: Slot, place: TokenRange) {
        let list = self.list(rule, slot);
        let at = list.len() - list.iter().rev().take_while(|&&other| other > place).count();
        if at == 0 || list[at - 1] != place {
            list.insert(at, place);
        }
    }
}

/// Walks all parts.
pub(super) fn walk(search: &Search<'_>, applies: &dyn Fn(RuleId) -> bool) -> Hits {
    let mut hits = Hits::new(search.rules.rules().len());
    let (shipped, added) = search.rules.tables();
    for (part, reading) in search.readings.iter().enumerate() {
        part_hits(shipped, reading, &reading.keys, part, applies, &mut hits);
        if let Some(added) = added {
            part_hits(added, reading, &reading.added, part, applies, &mut hits);
        }
    }
    patterns(search, &mut hits);
    hits
}

fn part_hits(
    tables: &Tables,
    reading: &Reading,
    keys: &[Key],
    part: usize,
    applies: &dyn Fn(RuleId) -> bool,
    hits: &mut Hits,
) {
    let mut walker = Walker::new(tables, keys);
    for sentence in reading.tokens.sentences() {
        let range = sentence.tokens.clone();
        let loud = loud(reading, range.clone());
        for first in range.clone() {
            walker.walk(first, range.end, |accept: Accept, end| {
                let anchored = (!accept.starts || starts(keys, loud.start, first, accept))
                    && (!accept.ends || end >= loud.end);
                let rule = RuleId(accept.rule);
                if anchored && applies(rule) {
                    let place = TokenRange::new(part, first..end);
                    match accept.slot {
                        Slot::Entry => hits.entries.push((rule, accept.entry, place)),
                        slot => hits.add(rule, slot, place),
                    }
                }
            });
        }
    }
}

/// Whether a match at `first` starts its sentence, whose first word is `start`, but for as many words as may lead in.
fn starts(keys: &[Key], start: usize, first: usize, accept: Accept) -> bool {
    let lead = if accept.slot == Slot::Entry { 0 } else { usize::from(accept.entry) };
    first <= start + lead && (start..first).all(|index| keys[index].skippable)
}

/// The tokens of a sentence without the marks, emoji, tags and disclosures at its ends.
fn loud(reading: &Reading, range: Range<usize>) -> Range<usize> {
    let quiet = Classes::of(&[Class::Mark, Class::Emoji, Class::Hashtag]);
    let loud = |&index: &usize| !reading.classes[index].meets(quiet) && !reading.aside.discloses(index);
    let first = range.clone().find(loud).unwrap_or(range.end);
    let end = range.clone().rfind(loud).map_or(range.start, |last| last + 1);
    first..end
}

/// Runs the regexes whose gate was found, on the folded text, snapped outward to whole tokens.
fn patterns(search: &Search<'_>, hits: &mut Hits) {
    let gates = hits.lists.iter().filter(|(_, slot, _)| *slot == Slot::Gate);
    let mut gated: Vec<(RuleId, u16)> = Vec::new();
    for (rule, _, places) in gates {
        gated.extend(places.chunk_by(|a, b| a.part == b.part).map(|part| (*rule, part[0].part)));
    }
    gated.sort_unstable();
    for (rule, part) in gated {
        let Kind::Patterns(patterns) = &search.rules.rule(rule).kind else { continue };
        let tokens = &search.readings[part as usize].tokens;
        let mut places = Vec::new();
        for regex in patterns.iter().filter_map(crate::rule::Pattern::get) {
            for found in regex.find_iter(tokens.folded_text()).filter(|found| !found.is_empty()) {
                let range = tokens.touched(found.range());
                if !range.is_empty() {
                    places.push(TokenRange::new(part as usize, range));
                }
            }
        }
        places.sort_unstable();
        places.dedup();
        hits.list(rule, Slot::Main).extend(places);
    }
}
