//! The way from folded text back to the text, for the shortcut and for the general case.
//!
//! Does not fold. Invariant: both ways give the same tokens for plain ASCII, which a property test holds.

use std::ops::Range;

use super::super::fold::{self, Spelling};
use super::lex;

/// How folded text leads back to the text.
pub(super) trait Origin {
    /// Where a range of the folded text stands in the text.
    fn span(&self, folded: Range<usize>) -> Range<usize>;
    /// The first place from `at` on where a token may end.
    fn border(&self, at: usize) -> usize;
    /// Whether the `-` at `at` stands for a dash.
    fn is_dash(&self, at: usize) -> bool;
    /// Bytes of the word at `at`.
    fn word_len(&self, folded: &str, at: usize) -> usize;
}

/// Text that folds to itself but for its case.
pub(super) struct Verbatim {
    start: usize,
}

impl Verbatim {
    /// The folded text stands at byte `start` of the text.
    pub(super) const fn new(start: usize) -> Self {
        Self { start }
    }
}

impl Origin for Verbatim {
    fn span(&self, folded: Range<usize>) -> Range<usize> {
        self.start + folded.start..self.start + folded.end
    }

    fn border(&self, at: usize) -> usize {
        at
    }

    fn is_dash(&self, _: usize) -> bool {
        false
    }

    fn word_len(&self, folded: &str, at: usize) -> usize {
        lex::ascii_word_len(folded, at)
    }
}

/// Text whose folded characters remember where they stand.
pub(super) struct Folded<'s> {
    spelling: &'s Spelling,
    written: &'s str,
    ascii: bool,
}

impl<'s> Folded<'s> {
    pub(super) fn new(spelling: &'s Spelling, written: &'s str) -> Self {
        Self { spelling, written, ascii: spelling.text().is_ascii() }
    }
}

impl Origin for Folded<'_> {
    fn span(&self, folded: Range<usize>) -> Range<usize> {
        self.spelling.origin(folded)
    }

    fn border(&self, at: usize) -> usize {
        self.spelling.border(at)
    }

    fn is_dash(&self, at: usize) -> bool {
        let start = self.spelling.origin(at..at + 1).start;
        !self.written.get(start..).is_some_and(fold::starts_with_hyphen)
    }

    fn word_len(&self, folded: &str, at: usize) -> usize {
        if self.ascii { lex::ascii_word_len(folded, at) } else { lex::word_len(folded, at) }
    }
}
