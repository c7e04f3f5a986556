//! Floor 4: what a finding is known by when its line has moved: its rule, the words it stands on and those around them.
//!
//! Never made of messages or line numbers, and never shows words: only hashes of them. Invariant: the same words under
//! the same rule, between the same neighbours, have the same fingerprint in any format, markup and letter case.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use crate::text::hash::Fnv;
use crate::text::{TokenKind, Tokens, tokenize};

/// How many words on either side are its context.
const AROUND: usize = 4;

/// A finding's fingerprint. Two findings in one source may have the same: see [`Occurrences`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint {
    /// Of the rule and the folded words it marks.
    pub words: u64,
    /// Of the folded words around.
    pub context: u64,
}

impl Fingerprint {
    /// That of the words `place` of one part.
    #[must_use]
    pub fn of(rule: &str, tokens: &Tokens, place: Range<usize>) -> Self {
        let mut words = start(rule);
        let mut context = Fnv::new();
        let (first, end) = (place.start.min(tokens.len()), place.end.min(tokens.len()));
        (first..end).for_each(|index| add(&mut words, tokens.folded_bytes(index)));
        let is_word = |&index: &usize| {
            tokens
                .as_slice()
                .get(index)
                .is_some_and(|token| !matches!(token.kind, TokenKind::Punctuation | TokenKind::Emoji))
        };
        let from = (0..first).rev().filter(is_word).take(AROUND).last().unwrap_or(first);
        (from..first).filter(is_word).for_each(|index| add(&mut context, tokens.folded_bytes(index)));
        // What stands before is not what stands behind.
        context.add(&[1]);
        (end..tokens.len())
            .filter(is_word)
            .take(AROUND)
            .for_each(|index| add(&mut context, tokens.folded_bytes(index)));
        Self { words: words.value(), context: context.value() }
    }

    /// Its hexadecimal digits, in ASCII.
    #[must_use]
    pub fn digits(self) -> [u8; 32] {
        std::array::from_fn(|at| {
            let half = if at < 16 { self.words } else { self.context };
            b"0123456789abcdef"[(half >> (60 - at % 16 * 4)) as usize & 15]
        })
    }

    /// That of what is said of a whole post: of all its words.
    #[must_use]
    pub fn of_whole<'t>(rule: &str, parts: impl IntoIterator<Item = &'t Tokens>) -> Self {
        let mut words = start(rule);
        for tokens in parts {
            (0..tokens.len()).for_each(|index| add(&mut words, tokens.folded_bytes(index)));
            words.add(&[1]);
        }
        Self { words: words.value(), context: Fnv::new().value() }
    }

    /// That of a piece of text that nobody has read yet, without a context.
    #[must_use]
    pub fn of_text(rule: &str, text: &str) -> Self {
        Self::of_whole(rule, [&tokenize(text, None)])
    }
}

fn start(rule: &str) -> Fnv {
    let mut hash = Fnv::new();
    add(&mut hash, rule.as_bytes());
    hash
}

/// A word and its end, so that `a b` is not `ab`.
fn add(hash: &mut Fnv, word: &[u8]) {
    hash.add(word);
    hash.add(&[0]);
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.digits()).unwrap_or_default())
    }
}

/// Numbers equal fingerprints of one source, in the order of the text.
#[derive(Debug, Default)]
pub struct Occurrences {
    source: String,
    seen: HashMap<Fingerprint, u32>,
}

impl Occurrences {
    /// How many of the same came before in `source`. Sources come one after the other, each as many times in a row as
    /// it likes.
    pub fn number(&mut self, source: &str, fingerprint: Fingerprint) -> u32 {
        if self.source != source {
            source.clone_into(&mut self.source);
            self.seen.clear();
        }
        let seen = self.seen.entry(fingerprint).or_default();
        *seen += 1;
        *seen - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, words: &str) -> Fingerprint {
        let tokens = tokenize(text, None);
        let start = u32::try_from(text.find(words).unwrap()).unwrap();
        let end = start + u32::try_from(words.len()).unwrap();
        let inside = |index: &usize| {
            let span = tokens.place(*index);
            span.start() >= start && span.end() <= end
        };
        let first = (0..tokens.len()).find(inside).unwrap();
        let last = (0..tokens.len()).rfind(inside).unwrap();
        Fingerprint::of("ask/hard", &tokens, first..last + 1)
    }

    #[test]
    fn letters_case_and_punctuation_around_make_no_difference() {
        #[track_caller]
        fn check(text: &str, words: &str, same: bool) {
            let first = at("The heron map is done, so buy the map now before the rain comes back.", "buy the map");
            assert_eq!(at(text, words) == first, same);
        }
        check("Years ago. The heron map is DONE: so 𝗯𝘂𝘆 the MAP now, before the rain!", "𝗯𝘂𝘆 the MAP", true);
        check("\n\nheron map is done so buy the map now before the rain, or not", "buy the map", true);
        check("The heron map is gone, so buy the map now before the rain comes back.", "buy the map", false);
        check("The heron map is done, so buy the map now after the rain comes back.", "buy the map", false);
        check("The heron map is done, so buy a map now before the rain comes back.", "buy a map", false);
    }

    #[test]
    fn the_words_alone_are_half_of_it() {
        let (one, two) = (at("so buy the map", "buy the map"), at("then buy the map", "buy the map"));
        assert_eq!(one.words, two.words);
        assert_ne!(one.context, two.context);
        assert_eq!(one.to_string().len(), 32);
    }

    #[test]
    fn rule_and_ends_of_words_count() {
        let of = |rule: &str, text: &str| Fingerprint::of_text(rule, text);
        assert_ne!(of("a/b", "one two"), of("a/c", "one two"));
        assert_ne!(of("a/b", "one two"), of("a/b", "onetwo"));
        assert_eq!(of("a/b", "One  Two"), of("a/b", "one two"));
    }

    #[test]
    fn what_is_written_into_files_never_changes() {
        let expected = "e19959ac73ae22f8cbf29ce484222325";
        assert_eq!(Fingerprint::of_text("ask/hard", "Buy the map").to_string(), expected);
    }

    #[test]
    fn equal_ones_are_numbered_within_their_source() {
        let mut numbers = Occurrences::default();
        let (one, two) = (Fingerprint::of_text("a/b", "x"), Fingerprint::of_text("a/b", "y"));
        let seen = [("a.md", one), ("a.md", two), ("a.md", one), ("b.md", one), ("b.md", one)];
        assert_eq!(seen.map(|(source, print)| numbers.number(source, print)), [0, 0, 1, 0, 1]);
    }
}
