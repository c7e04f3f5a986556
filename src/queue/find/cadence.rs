//! Promotional posts too close in time, and too many of them in some days.
//!
//! Looks at posts with times only. Invariant: a post takes part in at most one finding.

use std::collections::VecDeque;

use super::{Finder, Found, number};
use crate::diagnostic::Level;
use crate::rule::Hours;

/// Seconds of a day.
const DAY: i64 = 86_400;

pub(super) fn find(finder: &Finder<'_>, own: Hours, (most, days): (u16, u16), found: &mut Vec<Found>) {
    let hours = finder.room.budget.hours.unwrap_or(own);
    let timed = finder.promoting().into_iter().filter_map(|seat| Some((seat, finder.seats.get(seat)?.at?)));
    let timed: Vec<(usize, i64)> = timed.collect();
    let crowds = crowds(&timed, usize::from(most), i64::from(days) * DAY);
    let mut first = 0;
    while first < timed.len() {
        let mut last = first;
        while last + 1 < timed.len() && (crowds[last].is_some() || level(hours, gap(&timed, last)).is_some()) {
            last += 1;
        }
        if last > first {
            let seats: Vec<usize> = timed[first..=last].iter().map(|(seat, _)| *seat).collect();
            if finder.is_open(&seats) {
                let least = (first..last).map(|at| gap(&timed, at)).fold(f64::INFINITY, f64::min);
                let crowd = crowds[first..last].iter().flatten().copied().max();
                found.push(one(finder, hours, least, (crowd, most, days), seats));
            }
        }
        first = last + 1;
    }
}

/// The graver of the two: too short a gap, or too many in some days.
fn one(
    finder: &Finder<'_>,
    hours: Hours,
    least: f64,
    (crowd, most, days): (Option<usize>, u16, u16),
    seats: Vec<usize>,
) -> Found {
    let close = level(hours, least);
    match crowd {
        Some(crowd) if close < Some(finder.rule.level) => Found {
            second: true,
            count: number(crowd),
            among: usize::from(days),
            ..finder.found(finder.rule.level, number(crowd), f64::from(most), seats)
        },
        _ => {
            let level = close.unwrap_or(Level::Note);
            let level = if crowd.is_some() { level.max(finder.rule.level) } else { level };
            Found { among: usize::from(days), ..finder.found(level, least, limit(hours), seats) }
        }
    }
}

/// The hours between a promotional post and the next.
fn gap(timed: &[(usize, i64)], at: usize) -> f64 {
    let (from, to) = (timed[at].1, timed[at + 1].1);
    number(usize::try_from(to - from).unwrap_or(0)) / 3_600.0
}

fn level(hours: Hours, gap: f64) -> Option<Level> {
    [(hours.error, Level::Error), (hours.warning, Level::Warning), (hours.note, Level::Note)]
        .into_iter()
        .find(|&(least, _)| gap < least)
        .map(|(_, level)| level)
}

/// The hours that would have been enough for no level at all.
fn limit(hours: Hours) -> f64 {
    hours.note.max(hours.warning).max(hours.error)
}

/// For each of these posts, how many stand in the fullest stretch of days that holds it and the next; none where that is
/// not more than `most`.
fn crowds(timed: &[(usize, i64)], most: usize, reach: i64) -> Vec<Option<usize>> {
    let mut crowds = Vec::with_capacity(timed.len());
    // Stretches that may still hold the fullest, as their ends and counts: each later one is less full, or none would
    // ask for those before it, since they end no later.
    let mut open: VecDeque<(usize, usize)> = VecDeque::new();
    let mut end = 0;
    for (first, (_, from)) in timed.iter().enumerate() {
        end = end.max(first);
        while timed.get(end).is_some_and(|(_, at)| at - from < reach) {
            end += 1;
        }
        let count = end - first;
        while open.back().is_some_and(|(_, other)| *other <= count) {
            open.pop_back();
        }
        open.push_back((end, count));
        while open.front().is_some_and(|(end, _)| *end <= first + 1) {
            open.pop_front();
        }
        crowds.push(open.front().map(|(_, count)| *count).filter(|count| *count > most));
    }
    crowds
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_fullest_stretch_is_that_of_all(
            gaps in proptest::collection::vec(0..9_i64, 0..40), most in 0..5_usize, reach in 0..12_i64,
        ) {
            let times = gaps.iter().scan(0, |at, gap| { *at += gap; Some(*at) });
            let timed: Vec<(usize, i64)> = times.enumerate().collect();
            let stretch = |first: usize| timed[first..].iter().take_while(|(_, at)| at - timed[first].1 < reach).count();
            let fullest = |post: usize| (0..=post).map(|first| (first, stretch(first)))
                .filter(|&(first, count)| first + count > post + 1 && count > most)
                .map(|(_, count)| count).max();
            let expected: Vec<Option<usize>> = (0..timed.len()).map(fullest).collect();
            proptest::prop_assert_eq!(crowds(&timed, most, reach), expected);
        }
    }
}
