//! The same pitch again, and the same ask again.
//!
//! Invariant: a post takes part in at most one finding of the same pitch.

use std::collections::BTreeMap;

use super::similar::{Pair, Reach, spoken};
use super::{About, Finder, Found, number};
use crate::rule::QueueKind;

pub(super) fn find(finder: &Finder<'_>, kind: &QueueKind, found: &mut Vec<Found>) {
    let QueueKind::Duplicate { thresholds, days, posts, repeats, among, .. } = kind else { return };
    let thresholds = finder.room.budget.thresholds(finder.rule, *thresholds);
    let reach = Reach { seconds: i64::from(*days) * 86_400, posts: usize::from(*posts) };
    let mut groups = Groups::new(finder.seats.len());
    finder.room.similar.each_pair(finder.seats, reach, thresholds.least(), |pair| {
        // What is out already is nobody's next pitch.
        if finder.is_open(&[pair.earlier, pair.later]) {
            groups.compare(pair, thresholds.least());
        }
    });
    for (seats, similarity, each) in groups.all() {
        if let Some(level) = thresholds.level(similarity) {
            let posts = usize::from(*posts);
            found.push(Found { among: posts, each, ..finder.found(level, similarity, thresholds.least(), seats) });
        }
    }
    same_asks(finder, usize::from(*repeats), usize::from(*among), found);
}

/// The same ask so many times among so many posts.
fn same_asks(finder: &Finder<'_>, repeats: usize, among: usize, found: &mut Vec<Found>) {
    let mut groups: BTreeMap<Vec<usize>, About> = BTreeMap::new();
    finder.room.said.asks.each(finder.seats.iter().map(spoken), |words, seats| {
        for group in crowded(seats, repeats, among) {
            let call = |member: usize| {
                finder.room.members.get(member)?.turn.calls.iter().position(|call| call.0 == words)
            };
            // Two asks of the very same posts are one habit.
            if let Some(about) = finder.about_last(&group, call).filter(|_| finder.is_open(&group)) {
                groups.entry(group).or_insert(about);
            }
        }
    });
    for (group, about) in groups {
        found.push(Found {
            second: true,
            among,
            about: Some(about),
            ..finder.found(finder.rule.level, number(group.len()), number(repeats - 1), group)
        });
    }
}

/// Of rising seats, the groups of which at least `repeats` stand among `among` seats in a row.
pub(super) fn crowded(seats: &[usize], repeats: usize, among: usize) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    if repeats == 0 {
        return groups;
    }
    for window in seats.windows(repeats) {
        let (Some(&first), Some(&last)) = (window.first(), window.last()) else { continue };
        if last - first >= among {
            continue;
        }
        // Groups hold seats that follow each other.
        match groups.last_mut().filter(|group| group.last().is_some_and(|&last| last >= first)) {
            Some(group) => {
                let known = group.last().copied();
                group.extend(window.iter().copied().filter(|&seat| Some(seat) > known));
            }
            None => groups.push(window.to_vec()),
        }
    }
    groups
}

/// Seats that belong together, and how similar each is to the most similar one before it.
struct Groups {
    above: Vec<usize>,
    each: Vec<f64>,
    /// The seats that were joined to others, some several times.
    joined: Vec<usize>,
}

impl Groups {
    fn new(seats: usize) -> Self {
        Self { above: (0..seats).collect(), each: vec![0.0; seats], joined: Vec::new() }
    }

    fn top(&mut self, mut seat: usize) -> usize {
        while self.above[seat] != seat {
            self.above[seat] = self.above[self.above[seat]];
            seat = self.above[seat];
        }
        seat
    }

    /// Joins two that are similar. Of two that are joined already, only more than is known says anything.
    fn compare(&mut self, pair: &Pair<'_>, least: f64) {
        let (a, b) = (self.top(pair.earlier), self.top(pair.later));
        let known = self.each[pair.later];
        if a == b && known >= 1.0 {
            return;
        }
        let Some(similarity) = pair.similarity(if a == b { least.max(known) } else { least }) else { return };
        self.each[pair.later] = known.max(similarity);
        if a != b {
            self.above[a.max(b)] = a.min(b);
            self.joined.extend([pair.earlier, pair.later]);
        }
    }

    /// The groups of more than one, in order: their seats, the greatest similarity, and that of each.
    fn all(mut self) -> Vec<(Vec<usize>, f64, Vec<f64>)> {
        let mut joined = std::mem::take(&mut self.joined);
        joined.sort_unstable();
        joined.dedup();
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for seat in joined {
            let top = self.top(seat);
            groups.entry(top).or_default().push(seat);
        }
        groups
            .into_values()
            .map(|seats| {
                let each: Vec<f64> = seats.iter().map(|&seat| self.each[seat]).collect();
                let greatest = each.iter().copied().fold(0.0, f64::max);
                (seats, greatest, each)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(seats: &[usize], repeats: usize, among: usize, expected: &[&[usize]]) {
        assert_eq!(crowded(seats, repeats, among), expected, "{seats:?}");
    }

    #[test]
    fn groups_are_what_stands_close_together() {
        check(&[0, 9], 2, 10, &[&[0, 9]]);
        check(&[0, 10], 2, 10, &[]);
        check(&[0, 5, 9, 30, 31], 2, 10, &[&[0, 5, 9], &[30, 31]]);
        check(&[0, 5, 9, 14], 3, 10, &[&[0, 5, 9, 14]]);
        check(&[0, 5, 30, 31], 3, 10, &[]);
        check(&[1, 2, 3], 0, 10, &[]);
    }
}
