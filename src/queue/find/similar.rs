//! Which posts of a queue are made of the same words, exactly.
//!
//! The Jaccard similarity of two sets is what they share over what they hold together. Two sets of at least a similarity
//! `t` share one of the rarest of each: among the first `|x| - ceil(t·|x|) + 1` of a set in an order of all by rarity
//! (prefix filtering, Bayardo, Ma and Srikant 2007). So only posts that share a rare triple are compared. Invariant: the
//! pairs are those of comparing all with all.

use std::collections::HashMap;

use super::super::Member;
use super::super::seat::{Promotes, Seat};
use super::number;

/// The word triples of the posts that promote, numbered by rarity.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Similar {
    /// For each member its triples, rising; none of a member that does not promote.
    sets: Vec<Vec<u32>>,
    /// How many different ones there are.
    triples: usize,
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
        let promotes = |member: &&Member| Promotes::of(&member.turn) != Promotes::No;
        let mut counts: HashMap<u64, u32> = HashMap::new();
        for triple in members.iter().filter(promotes).flat_map(|member| &member.turn.shingles) {
            *counts.entry(*triple).or_default() += 1;
        }
        let mut by_rarity: Vec<(u32, u64)> = counts.into_iter().map(|(triple, count)| (count, triple)).collect();
        by_rarity.sort_unstable();
        let ranks: HashMap<u64, u32> =
            by_rarity.iter().zip(0..).map(|(&(_, triple), rank)| (triple, rank)).collect();
        let set = |member: &Member| {
            let all = if promotes(&member) { member.turn.shingles.as_slice() } else { &[] };
            let mut set: Vec<u32> = all.iter().filter_map(|triple| ranks.get(triple).copied()).collect();
            set.sort_unstable();
            set
        };
        Self { sets: members.iter().map(set).collect(), triples: ranks.len() }
    }

    fn set(&self, seat: &Seat) -> &[u32] {
        seat.member.and_then(|member| self.sets.get(member)).map_or(&[], Vec::as_slice)
    }

    /// Hands over every pair of seats within reach whose similarity is at least `least`: the earlier, the later, and how
    /// similar they are.
    pub(super) fn each_pair(
        &self,
        seats: &[Seat],
        reach: Reach,
        least: f64,
        mut pair: impl FnMut(usize, usize, f64),
    ) {
        // With less than this every post would be a pair of every other.
        let least = least.max(f64::MIN_POSITIVE);
        let mut holders: Vec<Vec<usize>> = vec![Vec::new(); self.triples];
        let mut asked: Vec<usize> = vec![usize::MAX; seats.len()];
        for (later, seat) in seats.iter().enumerate() {
            let set = self.set(seat);
            for &triple in &set[..prefix(set.len(), least)] {
                let Some(holders) = holders.get_mut(triple as usize) else { continue };
                for &earlier in holders.iter().rev() {
                    if reach.ends(seats, earlier, later) {
                        break;
                    }
                    if asked[earlier] == later || !reach.holds(seats, earlier, later) {
                        continue;
                    }
                    asked[earlier] = later;
                    let similarity = jaccard(self.set(&seats[earlier]), set);
                    if similarity >= least {
                        pair(earlier, later, similarity);
                    }
                }
                holders.push(later);
            }
        }
    }
}

/// How many of the rarest of a set a similar one shares one of.
fn prefix(len: usize, least: f64) -> usize {
    // A little less than the product, so that rounding never leaves a pair out.
    let kept = (number(len) * least - 1e-6).ceil().max(1.0);
    (0..=len).rev().find(|&prefix| number(len - prefix) + 1.0 >= kept).unwrap_or(0)
}

/// The similarity of two rising lists, 0 to 1; 0 where one is empty.
fn jaccard(a: &[u32], b: &[u32]) -> f64 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    if a == b {
        return 1.0;
    }
    let (mut left, mut right, mut shared) = (0, 0, 0_usize);
    while let (Some(x), Some(y)) = (a.get(left), b.get(right)) {
        shared += usize::from(x == y);
        left += usize::from(x <= y);
        right += usize::from(y <= x);
    }
    number(shared) / number(a.len() + b.len() - shared)
}
