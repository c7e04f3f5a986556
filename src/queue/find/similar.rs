//! Which posts of a queue are made of the same words, exactly.
//!
//! The Jaccard similarity of two sets is what they share over what they hold together. Two sets of at least a similarity
//! `t` share one of the rarest of each: among the first `|x| - ceil(t·|x|) + 1` of a set in an order of all by rarity
//! (prefix filtering, Bayardo, Ma and Srikant 2007). So only posts that share a rare triple are compared, and a comparison
//! ends where it can no longer come to what is asked for. Invariant: the pairs are those of comparing all with all.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::super::Member;
use super::super::seat::Seat;
use super::common::{Common, Lists};
use super::number;
use crate::lint::Promotes;

/// The word triples of the posts that promote, numbered by rarity.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Similar {
    /// For each member its triples, rising; none of a member that does not promote.
    sets: Lists,
    /// How many of the rarest stand in one post only.
    single: usize,
    /// How many stand in several.
    common: usize,
    /// For a similarity, the triples that are among the rarest of several posts.
    rarest: RefCell<Vec<(f64, Rc<Common>)>>,
    /// How many posts may still be looked at.
    patience: Cell<usize>,
    /// Whether pairs are not asked for.
    resting: Cell<bool>,
}

/// Two posts that share a rare triple and are within reach.
pub(super) struct Pair<'a> {
    pub(super) earlier: usize,
    pub(super) later: usize,
    sets: (&'a [u32], &'a [u32]),
}

impl Pair<'_> {
    /// How similar they are, where that is at least so much.
    pub(super) fn similarity(&self, least: f64) -> Option<f64> {
        jaccard(self.sets.0, self.sets.1, least)
    }
}

/// How far back a post is compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// Where both have times.
    pub(super) seconds: i64,
    /// Where one has none.
    pub(super) posts: usize,
}

impl Reach {
    fn holds(self, seats: &[Seat], earlier: usize, later: usize) -> bool {
        match (seats[earlier].at, seats[later].at) {
            (Some(from), Some(to)) => to - from <= self.seconds,
            _ => later - earlier <= self.posts,
        }
    }

    /// Whether nothing before `earlier` can be within reach either.
    fn ends(self, seats: &[Seat], earlier: usize, later: usize) -> bool {
        let far = later - earlier > self.posts;
        match (seats[earlier].at, seats[later].at) {
            (Some(from), Some(to)) => far && to - from > self.seconds,
            (None, Some(_)) => false,
            (_, None) => far,
        }
    }
}

impl Similar {
    pub(in super::super) fn of(members: &[Member]) -> Self {
        Self::of_sets(members.iter().map(|member| match member.turn.promotes() {
            Promotes::No => &[][..],
            Promotes::Fully | Promotes::Half => &member.turn.shingles,
        }))
    }

    fn of_sets<'a>(sets: impl Iterator<Item = &'a [u64]>) -> Self {
        let mut triples: Vec<(u64, u32)> = Vec::new();
        let mut members = 0;
        for (set, member) in sets.zip(0..) {
            triples.extend(set.iter().map(|&triple| (triple, member)));
            members += 1;
        }
        triples.sort_unstable();
        // How often each stands, and where in the list.
        let mut by_rarity: Vec<(usize, usize)> = Vec::new();
        let mut first = 0;
        for group in triples.chunk_by(|a, b| a.0 == b.0) {
            by_rarity.push((group.len(), first));
            first += group.len();
        }
        by_rarity.sort_unstable();
        let single = by_rarity.partition_point(|(count, _)| *count < 2);
        let pairs = by_rarity.iter().zip(0..).flat_map(|(&(count, first), rank)| {
            triples[first..first + count].iter().map(move |&(_, member)| (rank, member))
        });
        Self {
            sets: Lists::of_pairs(members, pairs),
            single,
            common: by_rarity.len() - single,
            rarest: RefCell::default(),
            patience: Cell::new(usize::MAX),
            resting: Cell::new(false),
        }
    }

    /// Looks at no more than so many posts from now on; pairs are missing then.
    pub(in super::super) fn limit(&self, patience: usize) {
        self.patience.set(patience);
    }

    /// Whether pairs are left out from now on, because they are known.
    pub(in super::super) fn rest(&self, resting: bool) {
        self.resting.set(resting);
    }

    /// At how many more posts it would look; 0 where pairs are missing.
    pub(in super::super) fn patience(&self) -> usize {
        self.patience.get()
    }

    fn set(&self, seat: &Seat) -> &[u32] {
        spoken(seat).map_or(&[], |member| self.sets.of(member))
    }

    /// Of the rarest triples of each member, of which a similar one shares one, those that others have among theirs.
    fn rarest(&self, least: f64) -> Rc<Common> {
        let known = self.rarest.borrow().iter().find(|(known, _)| known.total_cmp(&least).is_eq()).cloned();
        if let Some((_, rarest)) = known {
            return rarest;
        }
        let rarest = |member: usize| {
            let set = self.sets.of(member);
            let rarest = set.iter().take(prefix(set.len(), least));
            rarest.filter_map(|&triple| (triple as usize).checked_sub(self.single))
        };
        let members = 0..self.sets.members();
        let mut counts = vec![0_u32; self.common];
        members.clone().flat_map(rarest).for_each(|triple| counts[triple] += 1);
        let mut count = 0;
        let numbers: Vec<Option<u32>> = counts
            .iter()
            .map(|&held| {
                let number = count;
                count += u32::from(held > 1);
                (held > 1).then_some(number)
            })
            .collect();
        let lists = Lists::new(members.map(|member| rarest(member).filter_map(|triple| numbers[triple])));
        let rarest = Rc::new(Common::new(lists, count as usize));
        self.rarest.borrow_mut().push((least, Rc::clone(&rarest)));
        rarest
    }

    /// Hands over pairs of seats within reach, among them all whose similarity is at least `least`.
    pub(super) fn each_pair(&self, seats: &[Seat], reach: Reach, least: f64, mut pair: impl FnMut(&Pair<'_>)) {
        if self.resting.get() {
            return;
        }
        // With less than this every post would be a pair of every other.
        let least = least.max(f64::MIN_POSITIVE);
        let rarest = self.rarest(least);
        let mut holders = rarest.holders();
        let mut asked: Vec<usize> = vec![usize::MAX; seats.len()];
        for (later, seat) in seats.iter().enumerate() {
            for &triple in spoken(seat).map_or(&[][..], |member| rarest.of(member)) {
                let mut looked = 0;
                for &earlier in holders.of(triple).iter().rev() {
                    if reach.ends(seats, earlier, later) {
                        break;
                    }
                    looked += 1;
                    if asked[earlier] == later || !reach.holds(seats, earlier, later) {
                        continue;
                    }
                    asked[earlier] = later;
                    pair(&Pair { earlier, later, sets: (self.set(&seats[earlier]), self.set(seat)) });
                }
                holders.add(triple, later);
                self.patience.set(self.patience.get().saturating_sub(looked));
            }
            if self.patience.get() == 0 {
                return;
            }
        }
    }
}

/// The member of a seat, unless it is thought of without its words.
pub(super) fn spoken(seat: &Seat) -> Option<usize> {
    seat.member.filter(|_| !seat.mute)
}

/// How many of the rarest of a set a similar one shares one of.
fn prefix(len: usize, least: f64) -> usize {
    // A little less than the product, so that rounding never leaves a pair out.
    let kept = (number(len) * least - 1e-6).ceil().max(1.0);
    (0..=len).rev().find(|&prefix| number(len - prefix) + 1.0 >= kept).unwrap_or(0)
}

/// The similarity of two rising lists, 0 to 1, where it is at least `least`; none where one is empty.
fn jaccard(a: &[u32], b: &[u32], least: f64) -> Option<f64> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if a == b {
        return Some(1.0);
    }
    // Of so many in both lists together, as many may be in one alone; a little more, so that rounding leaves nothing out.
    let both = number(a.len() + b.len());
    let mut spare = both * (1.0 - least) / (1.0 + least) + 1e-6;
    let (mut left, mut right, mut shared) = (0, 0, 0_usize);
    while let (Some(x), Some(y)) = (a.get(left), b.get(right)) {
        if x == y {
            shared += 1;
        } else {
            spare -= 1.0;
            if spare < 0.0 {
                return None;
            }
        }
        left += usize::from(x <= y);
        right += usize::from(y <= x);
    }
    let similarity = number(shared) / number(a.len() + b.len() - shared);
    (similarity >= least).then_some(similarity)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Posts of made-up triples, with near copies planted among them.
    fn made(count: usize, seed: u64, words: u64) -> Vec<Vec<u64>> {
        let mut state = seed | 1;
        let mut next = move |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below.max(1)
        };
        let mut sets: Vec<Vec<u64>> = Vec::new();
        for number in 0..count {
            let back = next(60).min(number as u64);
            let mut set: Vec<u64> = match (next(4), sets.len().checked_sub(1 + usize::try_from(back).unwrap())) {
                // A copy with some triples changed.
                (0, Some(from)) => {
                    let changes = next(12);
                    let mut copy = sets[from].clone();
                    for _ in 0..changes {
                        let at = usize::try_from(next(copy.len() as u64)).unwrap();
                        if let Some(triple) = copy.get_mut(at) {
                            *triple = next(words);
                        }
                    }
                    copy
                }
                // Common triples are common.
                _ => (0..next(30))
                    .map(|_| {
                        let below = 1 + next(words);
                        next(below)
                    })
                    .collect(),
            };
            set.sort_unstable();
            set.dedup();
            sets.push(set);
        }
        sets
    }

    fn ranked(sets: &[Vec<u64>]) -> Similar {
        Similar::of_sets(sets.iter().map(Vec::as_slice))
    }

    fn seats(count: usize, hours: Option<i64>) -> Vec<Seat> {
        let seat = |number: usize| Seat {
            member: Some(number),
            promotes: Promotes::Fully,
            ..Seat::other(hours.map(|hours| i64::try_from(number).unwrap() * hours * 3_600))
        };
        (0..count).map(seat).collect()
    }

    /// The similarity of two lists, as it is defined.
    fn plain(a: &[u32], b: &[u32]) -> f64 {
        let shared = a.iter().filter(|triple| b.contains(triple)).count();
        let all = a.len() + b.len() - shared;
        if all == 0 { 0.0 } else { number(shared) / number(all) }
    }

    type Pairs = Vec<(usize, usize, u64)>;

    fn compared(similar: &Similar, seats: &[Seat], reach: Reach, least: f64) -> (Pairs, Pairs) {
        let mut found = Vec::new();
        similar.each_pair(seats, reach, least, |pair| {
            let similarity = pair.similarity(least);
            found.extend(similarity.map(|similarity| (pair.earlier, pair.later, similarity.to_bits())));
        });
        found.sort_unstable();
        let mut all = Vec::new();
        for later in 0..seats.len() {
            for earlier in 0..later {
                let similarity = plain(similar.set(&seats[earlier]), similar.set(&seats[later]));
                if similarity >= least && reach.holds(seats, earlier, later) {
                    all.push((earlier, later, similarity.to_bits()));
                }
            }
        }
        all.sort_unstable();
        (found, all)
    }

    #[test]
    fn similarity_is_what_is_shared_over_all() {
        #[track_caller]
        fn check(a: &[u32], b: &[u32], least: f64, expected: Option<f64>) {
            assert_eq!(jaccard(a, b, least), expected, "{a:?} {b:?}");
        }
        check(&[1, 2, 3], &[1, 2, 3], 1.0, Some(1.0));
        check(&[1, 2, 3], &[2, 3, 4], 0.5, Some(0.5));
        check(&[1, 2, 3], &[2, 3, 4], 0.51, None);
        check(&[1, 2], &[3, 4], 0.1, None);
        check(&[], &[], 0.0, None);
        check(&[1, 5, 9, 11], &[9], 0.0, Some(0.25));
    }

    #[test]
    fn two_thousand_posts_have_the_pairs_of_comparing_all() {
        let sets = made(2_000, 42, 6_000);
        let reach = Reach { seconds: 90 * 86_400, posts: 30 };
        for hours in [None, Some(8)] {
            let (found, all) = compared(&ranked(&sets), &seats(sets.len(), hours), reach, 0.4);
            assert!(all.len() > 100, "only {} pairs", all.len());
            assert_eq!(found, all);
        }
    }

    proptest! {
        #[test]
        fn the_pairs_are_those_of_comparing_all(
            seed in any::<u64>(),
            words in 5_u64..400,
            least in 0.05_f64..1.0,
            hours in prop::option::of(1_i64..80),
            gaps in prop::collection::vec(any::<bool>(), 120),
        ) {
            let sets = made(120, seed, words);
            let mut seats = seats(sets.len(), hours);
            // What has no time stands before and behind what has one.
            for seat in seats.iter_mut().take(9) {
                seat.at = None;
            }
            for (seat, gap) in seats.iter_mut().zip(&gaps).skip(100) {
                seat.at = None;
                seat.mute = *gap;
            }
            let reach = Reach { seconds: 20 * 86_400, posts: 30 };
            let (found, all) = compared(&ranked(&sets), &seats, reach, least);
            prop_assert_eq!(found, all);
        }
    }
}
