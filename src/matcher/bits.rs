//! Some of the tokens of a part, a bit for each.
//!
//! Does not know what they are. Invariant: where none is among them there are no bits.

use std::ops::Range;

/// A set of tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// Adds some of `len` tokens.
    pub(super) fn add(&mut self, tokens: Range<usize>, len: usize) {
        if !tokens.is_empty() {
            self.0.resize(len / 64 + 1, 0);
            tokens.for_each(|token| self.0[token / 64] |= 1 << (token % 64));
        }
    }

    /// Whether a token is among them.
    pub(super) fn has(&self, token: usize) -> bool {
        self.0.get(token / 64).is_some_and(|bits| bits >> (token % 64) & 1 != 0)
    }

    /// All of them, rising.
    pub(super) fn tokens(&self) -> impl Iterator<Item = usize> {
        let words = self.0.iter().enumerate().filter(|(_, bits)| **bits != 0);
        words.flat_map(|(at, bits)| (0..64).filter(move |bit| bits >> bit & 1 != 0).map(move |bit| at * 64 + bit))
    }

    /// Whether none is.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
