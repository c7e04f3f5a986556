//! Sets of token ranges that do not overlap, asked for what overlaps a range.
//!
//! A post may be a file of megabytes with a hundred thousand matches, so nothing compares each with each. Invariant:
//! ranges of a set are disjoint, hence sorted by their ends too.

use std::collections::BTreeMap;

use super::TokenRange;

/// Disjoint token ranges.
#[derive(Clone, Debug, Default)]
pub struct Places(BTreeMap<(u16, u32), u32>);

impl Places {
    /// Those of the set that share a token with `place`, in text order.
    pub fn overlapping(&self, place: TokenRange) -> impl Iterator<Item = TokenRange> + '_ {
        let key = (place.part, place.first);
        let before = self.0.range(..key).next_back();
        let inside = self.0.range(key..(place.part, place.end.max(place.first)));
        before
            .into_iter()
            .chain(inside)
            .map(|(&(part, first), &end)| TokenRange { part, first, end })
            .filter(move |other| other.overlaps(place))
    }

    /// Adds `place`, unless something of the set shares a token with it; says whether it was added.
    pub fn insert(&mut self, place: TokenRange) -> bool {
        if self.overlapping(place).next().is_some() {
            return false;
        }
        self.0.insert((place.part, place.first), place.end);
        true
    }
}

/// The ranges of a sorted list that start within `tokens` of part `part`.
pub(super) fn starting_in(sorted: &[TokenRange], part: u16, tokens: std::ops::Range<usize>) -> &[TokenRange] {
    let at = |token: usize| {
        let token = u32::try_from(token).unwrap_or(u32::MAX);
        sorted.partition_point(|place| (place.part, place.first) < (part, token))
    };
    sorted.get(at(tokens.start)..at(tokens.end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn range() -> impl Strategy<Value = TokenRange> {
        (0..2_usize, 0..30_usize, 1..6_usize)
            .prop_map(|(part, first, len)| TokenRange::new(part, first..first + len))
    }

    proptest! {
        #[test]
        fn the_set_agrees_with_comparing_each(ranges in prop::collection::vec(range(), 0..40), asked in range()) {
            let mut places = Places::default();
            let mut plain: Vec<TokenRange> = Vec::new();
            for range in ranges {
                let free = !plain.iter().any(|other| other.overlaps(range));
                prop_assert_eq!(places.insert(range), free);
                if free {
                    plain.push(range);
                }
            }
            plain.sort_unstable();
            let expected: Vec<TokenRange> = plain.iter().copied().filter(|other| other.overlaps(asked)).collect();
            prop_assert_eq!(places.overlapping(asked).collect::<Vec<_>>(), expected);
            let starting: Vec<TokenRange> =
                plain.iter().copied().filter(|one| one.part == 0 && (3..17).contains(&one.first)).collect();
            prop_assert_eq!(starting_in(&plain, 0, 3..17), starting);
        }
    }
}
