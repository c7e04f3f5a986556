//! Many places at once: which of them share tokens.
//!
//! Knows nothing of rules. Invariant: nothing here compares every place with every other, so that a long post costs as
//! much for each of its words as a short one.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::TokenRange;

/// Some places; most rules stand in few.
pub(super) type Places = SmallVec<[TokenRange; 4]>;

/// Places of which no two share a token.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disjoint {
    /// By part and first token, one past the last.
    ends: BTreeMap<(u16, u32), u32>,
}

impl Disjoint {
    /// Adds a place, unless it shares a token with one that is there; says whether it did.
    pub(crate) fn insert(&mut self, place: TokenRange) -> bool {
        if self.touches(place) {
            return false;
        }
        // An empty place shares nothing with any other.
        if !place.is_empty() {
            self.ends.insert((place.part, place.first), place.end);
        }
        true
    }

    /// Whether `place` shares a token with one of these.
    pub(crate) fn touches(&self, place: TokenRange) -> bool {
        let before = self.ends.range(..(place.part, place.end)).next_back();
        before.is_some_and(|(&(part, first), &end)| TokenRange { part, first, end }.overlaps(place))
    }
}

/// The tokens that any of these places covers.
impl FromIterator<TokenRange> for Disjoint {
    fn from_iter<I: IntoIterator<Item = TokenRange>>(places: I) -> Self {
        let mut places: Places = places.into_iter().collect();
        places.sort_unstable();
        let mut all = Self::default();
        let mut joined: Option<TokenRange> = None;
        for place in places {
            match &mut joined {
                Some(last) if last.overlaps(place) => last.end = last.end.max(place.end),
                _ => {
                    joined.replace(place).map(|last| all.insert(last));
                }
            }
        }
        joined.map(|last| all.insert(last));
        all
    }
}

/// Of places that overlap, the longest, then the first.
pub(super) fn longest(mut places: Places) -> Places {
    if places.len() < 2 {
        return places;
    }
    places.sort_unstable();
    let mut kept = Places::with_capacity(places.len());
    let mut rest = places.as_mut_slice();
    // Most places share no token with any other, and places that do are few together.
    while let Some(&first) = rest.first() {
        let mut end = first.end;
        let joined = |place: &&TokenRange| {
            let joins = place.part == first.part && (place.first < end || place.first == first.first);
            end = end.max(place.end);
            joins
        };
        let cluster = rest.iter().take_while(joined).count();
        let (cluster, others) = std::mem::take(&mut rest).split_at_mut(cluster);
        rest = others;
        if cluster.len() > 1 {
            let from = kept.len();
            cluster.sort_by_key(|place| (std::cmp::Reverse(place.len()), place.first));
            let mut taken = Disjoint::default();
            kept.extend(cluster.iter().copied().filter(|&place| taken.insert(place)));
            kept[from..].sort_unstable();
        } else {
            kept.push(first);
        }
    }
    kept
}

/// Calls `each` with the indices of every two places that share a token, the one that comes first in `places` first.
/// The places must be sorted. For any index, its partners come in rising order.
pub(crate) fn each_overlap(places: &[TokenRange], mut each: impl FnMut(usize, usize)) {
    let mut open: SmallVec<[usize; 8]> = SmallVec::new();
    for (index, &place) in places.iter().enumerate() {
        open.retain(|before| {
            let before = places[*before];
            before.part == place.part && before.end > place.first
        });
        for &before in open.iter().filter(|&&before| places[before].overlaps(place)) {
            each(before, index);
        }
        open.push(index);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places() -> impl Strategy<Value = Vec<TokenRange>> {
        let place = (0..2_usize, 0..30_usize, 0..9_usize)
            .prop_map(|(part, first, len)| TokenRange::new(part, first..first + len));
        prop::collection::vec(place, 0..25)
    }

    /// The plain way, with every place compared with every other.
    fn kept(mut places: Vec<TokenRange>) -> Vec<TokenRange> {
        places.sort_by_key(|place| (place.part, std::cmp::Reverse(place.len()), place.first));
        let mut kept: Vec<TokenRange> = Vec::new();
        for place in places {
            if !kept.iter().any(|other| other.overlaps(place)) {
                kept.push(place);
            }
        }
        kept.sort_unstable();
        kept
    }

    proptest! {
        #[test]
        fn the_longest_are_those_that_comparing_all_keeps(places in places()) {
            prop_assert_eq!(longest(places.clone().into()).into_vec(), kept(places));
        }

        #[test]
        fn a_place_touches_what_it_overlaps(places in places(), place in places()) {
            let all: Disjoint = places.iter().copied().filter(|place| !place.is_empty()).collect();
            for place in place {
                prop_assert_eq!(all.touches(place), places.iter().any(|other| !other.is_empty() && other.overlaps(place)));
            }
        }

        #[test]
        fn every_two_that_overlap_are_told_once(mut places in places()) {
            places.sort_unstable();
            let mut told = Vec::new();
            each_overlap(&places, |a, b| told.push((a, b)));
            let mut expected = Vec::new();
            for b in 0..places.len() {
                expected.extend((0..b).filter(|&a| places[a].overlaps(places[b])).map(|a| (a, b)));
            }
            prop_assert_eq!(told, expected);
        }
    }
}
