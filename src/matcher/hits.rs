//! One walk over the tables for all parts: where phrases of active rules stand, before any guard but the anchors.
//!
//! Invariant: the hits of a list rise, and none stands twice. [`Slot::Unless`] ends with the first that excuses; the lists
//! [`Slot::Second`] and [`Slot::UnlessNear`] hold what stands near enough to what their rule found, and no more than that.

use std::ops::Range;

use smallvec::{SmallVec, smallvec};

use super::lexicon::Entries;
use super::{Reading, Search, TokenRange};
use crate::rule::tables::{Accept, Slot};
use crate::rule::walk::Walker;
use crate::rule::{Class, Classes, Kind, Pattern, Rule, RuleId};
use crate::text::Tokens;
use crate::text::spread;

/// How many lists of phrases a rule can have; entries of lexicons are kept apart.
const SLOTS: usize = Slot::Entry as usize;

/// The hits of one list of a rule; most posts hold few of each, which cost no room of their own.
type List = SmallVec<[TokenRange; 3]>;

/// All hits of a post, a list for every list of phrases that has any.
#[derive(Debug)]
pub struct Hits {
    /// Open addressing over the lists: number + 1, 0 for empty; at least half of it is empty, and the length is a power
    /// of two. So a post costs what it holds, and not what there are rules.
    numbers: SmallVec<[u32; 64]>,
    lists: Vec<(RuleId, Slot, List)>,
    /// Entries of lexicons.
    entries: Entries,
}

impl Hits {
    fn new() -> Self {
        let numbers = SmallVec::from_buf([0; 64]);
        Self { numbers, lists: Vec::with_capacity(16), entries: Entries::default() }
    }

    /// Where the number of a list stands in `numbers`, or could.
    fn at(&self, rule: RuleId, slot: Slot) -> usize {
        let mask = self.numbers.len() - 1;
        let mut at = (rule.index() * SLOTS + slot as usize).wrapping_mul(0x9e37_79b1) >> 8 & mask;
        while let Some(number) = (self.numbers[at] as usize).checked_sub(1)
            && (self.lists[number].0, self.lists[number].1) != (rule, slot)
        {
            at = (at + 1) & mask;
        }
        at
    }

    /// The hits of one list of one rule, in text order.
    pub(super) fn of(&self, rule: RuleId, slot: Slot) -> &[TokenRange] {
        let number = self.numbers[self.at(rule, slot)] as usize;
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
    pub(super) fn rules(&self) -> SmallVec<[RuleId; 16]> {
        let mut rules: SmallVec<[RuleId; 16]> = self.lists.iter().map(|(rule, ..)| *rule).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// Whether a list has room of its own, as those of long drafts have.
    pub(super) fn have_spilled(&self) -> bool {
        self.lists.iter().any(|(.., list)| list.spilled())
    }

    /// Lets go of the hits of a rule, but for what excuses all of a post: in a long draft they are as much as the
    /// matches that were made of them.
    pub(super) fn forget(&mut self, rule: RuleId) {
        for slot in [Slot::Main, Slot::Second, Slot::UnlessNear, Slot::Gate] {
            let number = self.numbers[self.at(rule, slot)] as usize;
            if let Some((.., list)) = number.checked_sub(1).and_then(|number| self.lists.get_mut(number)) {
                *list = List::new();
            }
        }
    }

    /// The entries of lexicons that were found.
    pub(super) fn entries(&self) -> &Entries {
        &self.entries
    }

    fn list(&mut self, rule: RuleId, slot: Slot) -> &mut List {
        let mut at = self.at(rule, slot);
        if self.numbers[at] == 0 {
            self.lists.push((rule, slot, List::new()));
            if self.lists.len() * 2 > self.numbers.len() {
                self.numbers = smallvec![0; self.numbers.len() * 2];
                for number in 0..self.lists.len() - 1 {
                    let at = self.at(self.lists[number].0, self.lists[number].1);
                    self.numbers[at] = u32::try_from(number + 1).unwrap_or(u32::MAX);
                }
                at = self.at(rule, slot);
            }
            self.numbers[at] = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
        }
        &mut self.lists[self.numbers[at] as usize - 1].2
    }

    /// Adds a hit, most often one behind those of its list.
    fn add(&mut self, rule: RuleId, slot: Slot, place: TokenRange) {
        let list = self.list(rule, slot);
        if list.last().is_none_or(|&last| last < place) {
            return list.push(place);
        }
        let at = list.len() - list.iter().rev().take_while(|&&other| other > place).count();
        if at == 0 || list[at - 1] != place {
            list.insert(at, place);
        }
    }

    /// Adds a hit, unless what it excuses is excused by the last one: very many phrases may excuse a long draft.
    fn add_needed(&mut self, search: &Search<'_>, rule: RuleId, slot: Slot, place: TokenRange) {
        let excused = || self.of(rule, slot).last().is_some_and(|&last| search.excuses(rule, last));
        if slot != Slot::Unless || !excused() {
            self.add(rule, slot, place);
        }
    }

    /// Adds the hits of sentences behind those walked so far.
    fn join(&mut self, search: &Search<'_>, behind: Self) {
        for (rule, slot, places) in behind.lists {
            places.into_iter().for_each(|place| self.add_needed(search, rule, slot, place));
        }
        self.entries.join(behind.entries);
    }
}

/// Whether a rule is looked for.
pub(super) type Wanted<'a> = dyn Fn(RuleId) -> bool + Sync + 'a;

/// Walks all parts: for the firsts of pairs and all else, then around what rules found for their seconds and for what
/// excuses them.
pub(super) fn walk(search: &Search<'_>, applies: &Wanted<'_>) -> Hits {
    let mut hits = Hits::new();
    let (shipped, added) = search.rules.tables();
    for (part, reading) in search.readings.iter().enumerate() {
        let all = [Some((shipped, reading.shipped())), added.map(|added| (added, reading.added()))];
        let sentences = reading.tokens.sentences();
        let firsts = |range: Range<usize>, hits: &mut Hits| {
            for (tables, keys) in all.into_iter().flatten() {
                let walker = Walker::new(tables, &tables.anchors, keys);
                for sentence in &sentences[range.clone()] {
                    let place = TokenRange::new(part, sentence.tokens());
                    sentence_hits(&walker, search, place, applies, hits);
                    hits.entries.settle(search);
                }
            }
        };
        let seconds = |reached: &[(u32, RuleId)], hits: &mut Hits| {
            for (tables, keys) in all.into_iter().flatten().filter(|_| !reached.is_empty()) {
                let mut walker = Walker::new(tables, &tables.seconds, keys);
                for rules in reached.chunk_by(|a, b| a.0 == b.0) {
                    let Some(sentence) = sentences.get(rules[0].0 as usize) else { continue };
                    let place = TokenRange::new(part, sentence.tokens());
                    let classes = rules.iter().map(|(_, id)| search.rules.classes_of_seconds(*id));
                    let classes = classes.fold(Classes::default(), |all, one| Classes(all.0 | one.0));
                    walker.look_for(rules.iter().map(|(_, id)| id.0), classes);
                    let reaches = |id: RuleId| rules.binary_search(&(rules[0].0, id)).is_ok();
                    sentence_hits(&walker, search, place, &reaches, hits);
                }
            }
        };
        if sentences.len() <= PIECE || search.spread.threads() < 2 {
            firsts(0..sentences.len(), &mut hits);
            for stretch in spread::ranges(sentences.len(), STRETCH) {
                let reached = reached(search, &reading.tokens, (part, stretch), &hits);
                seconds(&reached, &mut hits);
            }
            continue;
        }
        in_pieces(search, 0..sentences.len(), &firsts, &mut |piece| hits.join(search, piece));
        for stretch in spread::ranges(sentences.len(), STRETCH) {
            let mut found = Vec::new();
            let within = |range: Range<usize>, found: &mut Hits| {
                seconds(&reached(search, &reading.tokens, (part, range), &hits), found);
            };
            in_pieces(search, stretch, &within, &mut |piece| found.push(piece));
            found.into_iter().for_each(|piece| hits.join(search, piece));
        }
    }
    patterns(search, &mut hits);
    hits
}

/// For so many sentences at a time is found what looks in them: for all of a long part that would take as much as its hits.
const STRETCH: usize = 16 << 10;

/// So many sentences are walked at a time where several threads share in them.
const PIECE: usize = 512;

/// Walks some sentences of a part in pieces, on several threads, and hands over what is found in each, in their order.
fn in_pieces(
    search: &Search<'_>,
    sentences: Range<usize>,
    walk: &(dyn Fn(Range<usize>, &mut Hits) + Sync),
    join: &mut (dyn FnMut(Hits) + Send),
) {
    let piece = |range: Range<usize>| sentences.start + range.start..sentences.start + range.end;
    let pieces: Vec<Range<usize>> = spread::ranges(sentences.len(), PIECE).map(piece).collect();
    let walked = |range: &Range<usize>| {
        let mut hits = Hits::new();
        walk(range.clone(), &mut hits);
        hits
    };
    spread::in_order(search.spread, &pieces, walked, join);
}

/// Of some sentences of a part those, rising, in which a second may stand for the firsts that were found, or what excuses a hit, each
/// with the rules that look there.
fn reached(
    search: &Search<'_>,
    tokens: &Tokens,
    (part, within): (usize, Range<usize>),
    hits: &Hits,
) -> SmallVec<[(u32, RuleId); 16]> {
    let sentences = tokens.sentences();
    let start = |number: usize| sentences.get(number).map_or(usize::MAX, |sentence| sentence.tokens().start);
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let mut reached: SmallVec<[(u32, RuleId); 16]> = SmallVec::new();
    for (rule, slot, places) in hits.lists.iter() {
        let Rule { kind, guards, .. } = search.rules.rule(*rule);
        let (before, behind) = match kind {
            Kind::Near { sentences, .. } => (usize::from(*sentences), usize::from(*sentences)),
            Kind::Sequence => (0, 1),
            _ => (0, 0),
        };
        let pair = matches!(kind, Kind::Near { .. } | Kind::Sequence);
        let (before, behind) = if guards.looks_around { (before.max(1), behind.max(1)) } else { (before, behind) };
        // What a pattern matches may begin and end this far from its gate.
        let around = match slot {
            Slot::Main if pair || guards.looks_around => 0,
            Slot::Gate if guards.looks_around => AROUND,
            _ => continue,
        };
        // No hit goes over the end of its sentence.
        let least = start(within.start.saturating_sub(behind)).saturating_sub(around + 1);
        let least = start(tokens.sentence_of(least));
        let behind_all = start(within.end.saturating_add(before)).saturating_add(around);
        let from = |token: usize| {
            places.partition_point(|place| (usize::from(place.part), place.first as usize) < (part, token))
        };
        for place in &places[from(least)..from(behind_all)] {
            let range = place.tokens();
            let first = tokens.sentence_of(range.start.saturating_sub(around));
            let last = if around == 0 { first } else { tokens.sentence_of(range.end.saturating_add(around)) };
            let looks = first.saturating_sub(before).max(within.start)..(last + behind + 1).min(within.end);
            reached.extend(looks.map(|sentence| (small(sentence), *rule)));
        }
    }
    // One number is compared faster than two.
    reached.sort_unstable_by_key(|(sentence, rule)| u64::from(*sentence) << 32 | u64::from(rule.0));
    reached.dedup();
    reached
}

fn sentence_hits(
    walker: &Walker<'_>,
    search: &Search<'_>,
    place: TokenRange,
    wanted: &Wanted<'_>,
    hits: &mut Hits,
) {
    let reading = &search.readings[usize::from(place.part)];
    let sentence = place.tokens();
    let mut ends: Option<Range<usize>> = None;
    walker.walk(sentence.clone(), |accept: Accept, tokens| {
        let rule = RuleId(accept.rule);
        if accept.starts || accept.ends {
            let loud = ends.get_or_insert_with(|| loud(reading, sentence.clone()));
            if accept.starts && !starts(&reading.classes, loud.start, tokens.start, accept)
                || accept.ends && tokens.end < loud.end
            {
                return;
            }
        }
        if wanted(rule) {
            let place = TokenRange::new(usize::from(place.part), tokens);
            match accept.slot {
                Slot::Entry => hits.entries.add(rule, place, accept.entry),
                slot => hits.add_needed(search, rule, slot, place),
            }
        }
    });
}

/// Whether a match at `first` starts its sentence, whose first word is `start`, but for as many words as may lead in.
fn starts(classes: &[Classes], start: usize, first: usize, accept: Accept) -> bool {
    let lead = if accept.slot == Slot::Entry { 0 } else { usize::from(accept.entry) };
    first <= start + lead && (start..first).all(|index| !classes[index].has(Class::Mark))
}

/// The tokens of a sentence without the marks, emoji, tags and disclosures at its ends.
fn loud(reading: &Reading, range: Range<usize>) -> Range<usize> {
    let quiet = Classes::of(&[Class::Mark, Class::Emoji, Class::Hashtag]);
    let loud = |&index: &usize| !reading.classes[index].meets(quiet) && !reading.aside.discloses(index);
    let first = range.clone().find(loud).unwrap_or(range.end);
    let end = range.clone().rfind(loud).map_or(range.start, |last| last + 1);
    first..end
}

/// How many tokens on either side of what it requires a regex sees: more than any sentence-long pattern needs, and so
/// few that a long draft costs what it holds of the gate.
const AROUND: usize = 32;

/// Runs the patterns whose gate was found: regexes on the folded text around it, snapped outward to whole tokens, and
/// pieces of words on the gate itself.
fn patterns(search: &Search<'_>, hits: &mut Hits) {
    let gates = hits.lists.iter().filter(|(_, slot, _)| *slot == Slot::Gate);
    let mut gated: Vec<(RuleId, Vec<TokenRange>)> = Vec::new();
    for (rule, _, places) in gates {
        gated.extend(places.chunk_by(|a, b| a.part == b.part).map(|part| (*rule, part.to_vec())));
    }
    gated.sort_unstable();
    for (rule, gates) in gated {
        let Kind::Patterns(patterns) = &search.rules.rule(rule).kind else { continue };
        let part = usize::from(gates[0].part);
        let tokens = &search.readings[part].tokens;
        let (of_pieces, regexes): (Vec<&Pattern>, Vec<&Pattern>) =
            patterns.iter().partition(|pattern| pattern.is_of_pieces());
        let holds_piece = |gate: &&TokenRange| {
            let has = |token: usize| of_pieces.iter().any(|pattern| pattern.has_piece(tokens.folded(token)));
            gate.tokens().any(has)
        };
        let mut places: Vec<TokenRange> = match of_pieces.is_empty() {
            true => Vec::new(),
            false => {
                let holding =
                    |gates: &[TokenRange], places: &mut Vec<_>| places.extend(gates.iter().filter(holds_piece));
                spread::gather(search.spread, &gates, holding, Extend::extend)
            }
        };
        if !regexes.is_empty() {
            let matched = |windows: &[Range<usize>], places: &mut Vec<TokenRange>| {
                for (window, pattern) in
                    windows.iter().flat_map(|window| regexes.iter().map(move |one| (window, one)))
                {
                    let folded = &tokens.folded_text()[window.clone()];
                    let Some(regex) = pattern.get(folded) else { continue };
                    let found = regex.find_iter(folded).filter(|found| !found.is_empty());
                    let touched = found
                        .map(|found| tokens.touched(window.start + found.start()..window.start + found.end()));
                    places.extend(
                        touched.filter(|range| !range.is_empty()).map(|range| TokenRange::new(part, range)),
                    );
                }
            };
            places.extend(spread::gather(search.spread, &windows(tokens, &gates), matched, Extend::extend));
        }
        places.sort_unstable();
        places.dedup();
        hits.list(rule, Slot::Main).extend(places);
    }
}

/// The folded text around these places of one part, which rise; stretches that touch are one.
fn windows(tokens: &Tokens, places: &[TokenRange]) -> Vec<Range<usize>> {
    let last = tokens.len().saturating_sub(1);
    let mut windows: Vec<Range<usize>> = Vec::new();
    for place in places {
        let range = place.tokens();
        let first = range.start.saturating_sub(AROUND);
        let end = range.end.saturating_add(AROUND);
        // At either end of the text what stands before the first token and behind the last belongs to it.
        let from = if first == 0 { 0 } else { tokens.folded_range(first).start };
        let to = if end > last { tokens.folded_text().len() } else { tokens.folded_range(end).end };
        match windows.last_mut() {
            Some(window) if from <= window.end => window.end = window.end.max(to),
            _ => windows.push(from..to),
        }
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_told_apart_however_many_there_are() {
        let mut hits = Hits::new();
        let slots = [Slot::Main, Slot::Second, Slot::UnlessNear, Slot::Unless, Slot::Gate];
        let keys = || (0..300).flat_map(|rule| slots.map(|slot| (RuleId(rule * 7), slot)));
        for (first, (rule, slot)) in keys().enumerate() {
            hits.add(rule, slot, TokenRange::new(0, first + 1..first + 2));
            hits.add(rule, slot, TokenRange::new(0, first..first + 1));
            hits.add(rule, slot, TokenRange::new(0, first..first + 1));
        }
        for (first, (rule, slot)) in keys().enumerate() {
            let expected = [TokenRange::new(0, first..first + 1), TokenRange::new(0, first + 1..first + 2)];
            assert_eq!(hits.of(rule, slot), expected);
        }
        assert_eq!(hits.of(RuleId(3), Slot::Main), []);
    }
}
