//! From the words of lexicons that a post holds to matches.
//!
//! Does not weigh them. Invariant: an entry is matched once a post, and never by words that a longer entry covers.

use smallvec::SmallVec;

use super::hits::Hits;
use super::places::longest;
use super::{Match, Search, TokenRange};
use crate::rule::RuleId;
use crate::rule::tables::{MAX_ENTRIES, Slot};

/// The entries that a post holds, each where it first stands.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// Those of the sentence at hand: rule, place and entry.
    open: SmallVec<[(RuleId, TokenRange, u16); 4]>,
    kept: SmallVec<[(RuleId, u16, TokenRange); 8]>,
    /// For each lexicon, a bit for each entry that is kept.
    seen: SmallVec<[(RuleId, [u64; MAX_ENTRIES / 64]); 1]>,
}

impl Entries {
    /// Adds one of the sentence at hand.
    pub(super) fn add(&mut self, rule: RuleId, place: TokenRange, entry: u16) {
        self.open.push((rule, place, entry));
    }

    /// Ends the sentence at hand. Entries never cross sentences, so what is kept of it depends on no other.
    pub(super) fn settle(&mut self, search: &Search<'_>) {
        if self.open.is_empty() {
            return;
        }
        let mut open = std::mem::take(&mut self.open);
        // Of a long draft most say nothing new.
        if open.iter().any(|&(rule, _, entry)| !self.has_seen(rule, entry)) {
            open.retain(|(rule, place, _)| counts(search, *rule, *place));
            open.sort_unstable();
            for one in open.chunk_by(|a, b| a.0 == b.0) {
                let apart = |pair: &[(RuleId, TokenRange, u16)]| {
                    let [(_, first, _), (_, next, _)] = pair else { return true };
                    first.end <= next.first
                };
                if one.windows(2).all(apart) {
                    one.iter().for_each(|&(rule, place, entry)| self.keep(rule, place, entry));
                    continue;
                }
                // Where a pair stands, it speaks for its words.
                let mut whole = longest(one.iter().map(|(_, place, _)| *place).collect()).into_iter().peekable();
                for &(rule, place, entry) in one {
                    while whole.next_if(|&kept| kept < place).is_some() {}
                    if whole.peek() == Some(&place) {
                        self.keep(rule, place, entry);
                    }
                }
            }
        }
        open.clear();
        self.open = open;
    }

    /// Adds those of sentences behind all others.
    pub(super) fn join(&mut self, behind: Self) {
        behind.kept.into_iter().for_each(|(rule, entry, place)| self.keep(rule, place, entry));
    }

    fn has_seen(&self, rule: RuleId, entry: u16) -> bool {
        let seen = self.seen.iter().find(|(known, _)| *known == rule);
        let word = seen.and_then(|(_, seen)| seen.get(usize::from(entry / 64)));
        word.is_some_and(|word| word >> (entry % 64) & 1 != 0)
    }

    /// Keeps an entry where it is new.
    fn keep(&mut self, rule: RuleId, place: TokenRange, entry: u16) {
        let at = self.seen.iter().position(|(known, _)| *known == rule).unwrap_or(self.seen.len());
        if at == self.seen.len() {
            self.seen.push((rule, [0; MAX_ENTRIES / 64]));
        }
        let (word, bit) = (&mut self.seen[at].1[usize::from(entry) / 64 % (MAX_ENTRIES / 64)], 1 << (entry % 64));
        if *word & bit == 0 {
            *word |= bit;
            self.kept.push((rule, entry, place));
        }
    }
}

/// Whether words at a place are chosen by the author, and for the post: neither aside nor quoted.
fn counts(search: &Search<'_>, rule: RuleId, place: TokenRange) -> bool {
    let reading = &search.readings[place.part as usize];
    let skips = search.rules.rule(rule).guards.skip_quotes;
    place.tokens().all(|token| !(reading.aside.has(token) || skips && reading.quoted.has(token)))
}

/// Each entry of a lexicon once, where it first stands.
pub(super) fn entries(search: &Search<'_>, hits: &Hits, found: &mut Vec<Match>) {
    // Emoji and links without a word choose no words.
    if search.facts.core_words == 0 {
        return;
    }
    let mut kept = hits.entries().kept.clone();
    kept.retain(|(rule, ..)| hits.of(*rule, Slot::Unless).is_empty());
    kept.sort_unstable();
    found.extend(kept.into_iter().map(|(rule, entry, place)| Match { entry, ..Match::plain(rule, place) }));
}
