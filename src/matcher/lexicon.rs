//! From the words of lexicons that a post holds to matches.
//!
//! Does not weigh them. Invariant: an entry is matched once a post, and never by words that a longer entry covers.

use super::hits::Hits;
use super::places::longest;
use super::{Match, Search, TokenRange, guards};
use crate::rule::RuleId;
use crate::rule::tables::Slot;

/// Each entry of a lexicon once, where it first stands.
pub(super) fn entries(search: &Search<'_>, hits: &Hits, found: &mut Vec<Match>) {
    // Emoji and links without a word choose no words.
    if search.facts.core_words == 0 {
        return;
    }
    let aside =
        |place: TokenRange| place.tokens().any(|token| search.readings[place.part as usize].aside.has(token));
    let counts = |id: RuleId, place| {
        !aside(place) && hits.of(id, Slot::Unless).is_empty() && guards::passes(search, hits, id, place)
    };
    let mut seen: Vec<(RuleId, TokenRange, u16)> =
        hits.entries().iter().copied().filter(|&(id, place, _)| counts(id, place)).collect();
    seen.sort_unstable();
    let mut kept: Vec<(RuleId, u16, TokenRange)> = Vec::with_capacity(seen.len());
    for one in seen.chunk_by(|a, b| a.0 == b.0) {
        // Where a pair stands, it speaks for its words.
        let mut whole = longest(one.iter().map(|(_, place, _)| *place).collect()).into_iter().peekable();
        for &(id, place, entry) in one {
            while whole.next_if(|&kept| kept < place).is_some() {}
            if whole.peek() == Some(&place) {
                kept.push((id, entry, place));
            }
        }
    }
    kept.sort_unstable();
    kept.dedup_by_key(|(id, entry, _)| (*id, *entry));
    found.extend(kept.into_iter().map(|(id, entry, place)| Match { entry, ..Match::plain(id, place) }));
}
