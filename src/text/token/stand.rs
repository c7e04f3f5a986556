//! Where the tokens of a text stand in it and in the folded text, in few bytes for each.
//!
//! Knows no token but by its number. Invariant: what is told of a token is what was said when it was added.

use std::ops::Range;

use super::super::TextSpan;
use super::{Token, TokenFlags};

/// For so many tokens in a row is told together how far they are shifted in the folded text.
const ROW: usize = 64;

/// Where a token stands that is longer or shorter when folded, or very long, or shifted by much more than the first of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Odd {
    /// Number of the token.
    token: u32,
    place: TextSpan,
    folded: TextSpan,
}

/// Where the tokens of a text stand, but for what each of them holds itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stand {
    /// By how many bytes the first token of each row is shifted in the folded text, modulo 2^32.
    rows: Vec<u32>,
    /// The last of them.
    row: u32,
    /// Rising.
    odd: Vec<Odd>,
}

impl Stand {
    /// None yet, with room for so many tokens.
    pub(super) fn with_room(tokens: usize) -> Self {
        Self { rows: Vec::with_capacity(tokens / ROW + 1), ..Self::default() }
    }

    /// Adds the next token, which is number `token`, and tells what it holds itself of its length and shift; nothing, where it is
    /// odd.
    #[inline]
    pub(super) fn add(&mut self, token: usize, place: TextSpan, folded: Range<u32>) -> Option<(u8, i8)> {
        let shift = folded.start.wrapping_sub(place.start());
        if token.is_multiple_of(ROW) {
            self.rows.push(shift);
            self.row = shift;
        }
        let (len, spelled, more) =
            (place.len(), folded.end.wrapping_sub(folded.start), shift.wrapping_sub(self.row));
        // All at once: as long as folded, and both in a byte.
        if (len ^ spelled) | len >> 8 | more.wrapping_add(128) >> 8 == 0 {
            let ([len, ..], [more, ..]) = (len.to_le_bytes(), more.to_le_bytes());
            return Some((len, more.cast_signed()));
        }
        self.add_odd(token, place, folded);
        None
    }

    #[cold]
    fn add_odd(&mut self, token: usize, place: TextSpan, folded: Range<u32>) {
        let token = u32::try_from(token).unwrap_or(u32::MAX);
        self.odd.push(Odd { token, place, folded: TextSpan::new(folded.start, folded.end) });
    }

    /// Where a token stands in the text.
    #[inline]
    pub(super) fn place(&self, token: Token, index: usize) -> TextSpan {
        if token.flags.has(TokenFlags::ODD) {
            return self.odd(index).place;
        }
        TextSpan::new(token.start, token.start + u32::from(token.len))
    }

    /// Where it stands in the folded text.
    #[inline]
    pub(super) fn folded(&self, token: Token, index: usize) -> Range<usize> {
        if token.flags.has(TokenFlags::ODD) {
            return self.odd(index).folded.range();
        }
        let start = token.start.wrapping_add(self.rows[index / ROW]).wrapping_add_signed(i32::from(token.shift));
        start as usize..start as usize + usize::from(token.len)
    }

    #[cold]
    fn odd(&self, index: usize) -> Odd {
        self.odd[self.odd.partition_point(|odd| (odd.token as usize) < index)]
    }

    /// Forgets all tokens from number `len` on.
    pub(super) fn truncate(&mut self, len: usize) {
        self.rows.truncate(len.div_ceil(ROW));
        self.row = self.rows.last().copied().unwrap_or_default();
        self.odd.truncate(self.odd.partition_point(|odd| (odd.token as usize) < len));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{TokenKind, Tokens};
    use super::*;

    /// Tokens of these lengths behind gaps of these lengths, each in the text and folded.
    fn lengths() -> impl Strategy<Value = Vec<[u32; 4]>> {
        let usual = (0..3_u32, 0..12_u32).prop_map(|(gap, len)| [gap, gap, len, len]);
        let odd = [0..300_u32, 0..300_u32, 0..300_u32, 0..300_u32];
        let far = (0..90_000_u32, 0..90_000_u32).prop_map(|(gap, len)| [gap, 1, len, len]);
        prop::collection::vec(prop_oneof![8 => usual, 1 => odd, 1 => far], 0..200)
    }

    proptest! {
        #[test]
        fn what_was_said_is_told(lengths in lengths(), kept in 0..200_usize) {
            let (mut tokens, mut said, mut ends) = (Tokens::default(), Vec::new(), (0, 0));
            for [gap, folded_gap, len, folded_len] in lengths {
                let (start, folded) = (ends.0 + gap, ends.1 + folded_gap);
                ends = (start + len, folded + folded_len);
                tokens.push(TokenKind::Word, TokenFlags::SPACED, TextSpan::new(start, ends.0), folded..ends.1);
                said.push((TextSpan::new(start, ends.0), TextSpan::new(folded, ends.1).range()));
            }
            let told = |tokens: &Tokens| -> Vec<_> {
                (0..tokens.len()).map(|index| (tokens.place(index), tokens.folded_range(index))).collect()
            };
            prop_assert_eq!(told(&tokens), said.clone());
            tokens.truncate(kept);
            said.truncate(kept);
            prop_assert_eq!(told(&tokens), said);
        }
    }
}
