//! The words of a text as the tables know them.
//!
//! Does not look them up; [`Words`] does. Invariant: a number is kept whole, however many words the tables have.

use super::tables::Words;
use crate::text::{Token, TokenKind, Tokens};

/// The number of each word of a text, as [`Words::number`] returns it, in as few bytes as the tables allow: a long draft has
/// millions of them.
#[derive(Clone, Debug)]
pub enum Numbers {
    /// All that there can be are below 65,536.
    Short(Vec<u16>),
    /// There may be larger ones.
    Long(Vec<u32>),
}

impl Default for Numbers {
    fn default() -> Self {
        Self::Short(Vec::new())
    }
}

impl Numbers {
    /// None yet of words that are looked up in `known`, with room for so many.
    #[must_use]
    pub fn with_room(known: &Words<'_>, room: usize) -> Self {
        if known.fit_u16() { Self::Short(Vec::with_capacity(room)) } else { Self::Long(Vec::with_capacity(room)) }
    }

    /// Those of all tokens.
    #[must_use]
    pub fn of(known: &Words<'_>, tokens: &Tokens) -> Self {
        let all = || tokens.as_slice().iter().enumerate();
        if known.fit_u16() {
            let number = |(index, token)| u16::try_from(number(known, tokens, index, token)).unwrap_or_default();
            Self::Short(all().map(number).collect())
        } else {
            Self::Long(all().map(|(index, token)| number(known, tokens, index, token)).collect())
        }
    }

    /// The number of word `index`; 0 behind the last.
    #[must_use]
    #[inline(always)]
    pub fn get(&self, index: usize) -> u32 {
        match self {
            Self::Short(numbers) => numbers.get(index).map_or(0, |&number| number.into()),
            Self::Long(numbers) => numbers.get(index).copied().unwrap_or_default(),
        }
    }

    /// Adds those of the words behind, which are looked up in the same tables.
    pub fn append(&mut self, behind: Self) {
        match (self, behind) {
            (Self::Short(all), Self::Short(behind)) => all.extend(behind),
            (Self::Long(all), Self::Long(behind)) => all.extend(behind),
            (Self::Long(all), Self::Short(behind)) => all.extend(behind.into_iter().map(u32::from)),
            (all @ Self::Short(_), behind @ Self::Long(_)) => {
                let mut long = Self::Long(Vec::new());
                long.append(std::mem::take(all));
                long.append(behind);
                *all = long;
            }
        }
    }
}

#[inline(always)]
fn number(known: &Words<'_>, tokens: &Tokens, index: usize, token: &Token) -> u32 {
    known.number(spelled(token.kind, tokens.folded_bytes(index)))
}

/// How the tables spell a token: a run of one mark counts as the mark.
fn spelled(kind: TokenKind, folded: &[u8]) -> &[u8] {
    if kind != TokenKind::Punctuation {
        return folded;
    }
    let len = match folded.first() {
        Some(0xF0..) => 4,
        Some(0xE0..) => 3,
        Some(0x80..) => 2,
        _ => 1,
    };
    folded.get(..len).unwrap_or(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(mut numbers: Numbers, behind: Numbers, expected: &[u32]) {
        numbers.append(behind);
        let found: Vec<u32> = (0..expected.len()).map(|index| numbers.get(index)).collect();
        assert_eq!((&*found, numbers.get(expected.len())), (expected, 0));
    }

    #[test]
    fn numbers_stay_whole_when_they_are_joined() {
        let (short, long) = (|| Numbers::Short(vec![1, 65_535]), || Numbers::Long(vec![70_000, 2]));
        check(short(), short(), &[1, 65_535, 1, 65_535]);
        check(long(), long(), &[70_000, 2, 70_000, 2]);
        check(short(), long(), &[1, 65_535, 70_000, 2]);
        check(long(), short(), &[70_000, 2, 1, 65_535]);
        check(Numbers::default(), long(), &[70_000, 2]);
    }
}
