//! Where position rules look.
//!
//! Invariant: a spot holds words that do not stand aside, so that neither a disclosure nor a closing question is ever the
//! first or the last that a draft says.

use std::ops::Range;

use super::{Reading, Search, TokenRange};
use crate::rule::{Class, Place};

/// Where a position rule looks: the tokens among which a place must start.
pub(super) fn spot(search: &Search<'_>, at: Place) -> Option<TokenRange> {
    let part = match at {
        Place::FirstWord | Place::FirstSentence => search.readings.iter().position(has_words),
        Place::LastSentence | Place::LastLine => search.readings.iter().rposition(has_words),
    }?;
    let reading = &search.readings[part];
    let range = match at {
        Place::FirstWord => {
            let first = (0..reading.classes.len()).find(|&index| speaks(reading, index));
            first.map(|first| first..first + 1)
        }
        Place::FirstSentence => sentences(reading).next(),
        Place::LastSentence => sentences(reading).next_back(),
        Place::LastLine => sentences(reading).next_back().map(|last| line_start(reading, last.start)..last.end),
    };
    range.map(|range| TokenRange::new(part, range))
}

/// Whether a place starts in a spot.
pub(super) fn starts_in(place: TokenRange, spot: Option<TokenRange>) -> bool {
    spot.is_some_and(|spot| spot.part == place.part && (spot.first..spot.end).contains(&place.first))
}

fn has_words(reading: &Reading) -> bool {
    (0..reading.classes.len()).any(|index| speaks(reading, index))
}

/// Whether a token is a word that does not stand aside.
fn speaks(reading: &Reading, index: usize) -> bool {
    let classes = reading.classes[index];
    let word = classes.has(Class::Word) || classes.has(Class::Number) || classes.has(Class::Money);
    word && !reading.aside.has(index)
}

/// Sentences that say something: tags, links and marks alone do not, and neither do disclosures and closing questions.
fn sentences(reading: &Reading) -> impl DoubleEndedIterator<Item = Range<usize>> {
    reading
        .tokens
        .sentences()
        .iter()
        .map(|sentence| sentence.tokens())
        .filter(|range| range.clone().any(|index| speaks(reading, index)))
}

/// The first of them, up to its last word.
pub(super) fn first_sentence(reading: &Reading) -> Option<Range<usize>> {
    let sentence = sentences(reading).next()?;
    let last = sentence.clone().rfind(|&index| speaks(reading, index))?;
    Some(sentence.start..last + 1)
}

fn line_start(reading: &Reading, mut token: usize) -> usize {
    while token > 0 && !reading.tokens.as_slice()[token].flags.has(crate::text::TokenFlags::LINE_START) {
        token -= 1;
    }
    token
}
