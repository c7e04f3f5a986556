//! How much of a window promotes.
//!
//! Invariant: one more post that does not promote never makes a finding, in a queue as long as the window or longer.

use super::super::Room;
use super::super::profile::Window;
use super::super::seat::Seat;
use super::{Finder, Found, is_on, number};
use crate::diagnostic::Level;
use crate::lint::Promotes;
use crate::rule::{QueueKind, Thresholds};

/// Shares are sums of halves over whole numbers; what differs by less than this is the same.
const EPSILON: f64 = 1e-9;

/// A window: its seats, and what they promote.
struct Held {
    first: usize,
    end: usize,
    promoted: f64,
    /// Of how many posts the share is taken.
    posts: usize,
    share: f64,
}

pub(super) fn find(finder: &Finder<'_>, mixed: f64, own: Thresholds, found: &mut Vec<Found>) {
    let thresholds = finder.room.budget.thresholds(finder.rule, own);
    let mut worst: Option<Held> = None;
    each_window(finder.room, finder.seats, mixed, |held| {
        let blames = || {
            let seats = finder.seats.get(held.first..held.end).unwrap_or_default();
            seats.iter().any(|seat| !seat.history && seat.promotes != Promotes::No)
        };
        if worst.as_ref().is_none_or(|worst| held.share > worst.share + EPSILON) && blames() {
            worst = Some(held);
        }
    });
    let Some(worst) = worst else { return };
    let Some(level) = level_above(&thresholds, worst.share) else { return };
    let seats = (worst.first..worst.end).filter(|&seat| finder.seats[seat].promotes != Promotes::No).collect();
    found.push(Found {
        count: worst.promoted,
        among: worst.posts,
        ..finder.found(level, worst.share, thresholds.least(), seats)
    });
}

/// A share is too much where it is more than the number, not where it is as much.
fn level_above(thresholds: &Thresholds, share: f64) -> Option<Level> {
    [(thresholds.error, Level::Error), (thresholds.warning, Level::Warning), (thresholds.note, Level::Note)]
        .into_iter()
        .find(|&(most, _)| share > most + EPSILON)
        .map(|(_, level)| level)
}

fn weight(seat: &Seat, mixed: f64) -> f64 {
    match seat.promotes {
        Promotes::Fully => 1.0,
        Promotes::Half => mixed,
        Promotes::No => 0.0,
    }
}

/// The windows that are judged. A queue that is shorter than a window of posts is one window.
fn each_window(room: &Room<'_>, seats: &[Seat], mixed: f64, mut each: impl FnMut(Held)) {
    let shortest = room.budget.shortest.max(1);
    if seats.len() < shortest {
        return;
    }
    let sums = sums(seats, mixed);
    let mut held = |first: usize, end: usize, posts: usize| {
        let promoted = sums[end] - sums[first];
        each(Held { first, end, promoted, posts, share: promoted / number(posts.max(1)) });
    };
    match room.budget.window {
        Window::Posts(posts) => {
            let posts = posts.clamp(1, seats.len());
            (0..=seats.len() - posts).for_each(|first| held(first, first + posts, posts));
        }
        // A window of days ends with a post that promotes, and counts as if it held the fewest posts at least: so no
        // post that does not promote opens one, or makes one count.
        Window::Days(_) => {
            for last in (0..seats.len()).filter(|&last| seats[last].promotes != Promotes::No) {
                if let Some(first) = first_of(room, seats, last) {
                    held(first, last + 1, (last + 1 - first).max(shortest));
                }
            }
        }
    }
}

/// The first seat of the window of days that ends with a seat; none for what has no time.
fn first_of(room: &Room<'_>, seats: &[Seat], last: usize) -> Option<usize> {
    let Window::Days(days) = room.budget.window else { return None };
    let from = seats.get(last)?.at? - i64::from(days) * 86_400;
    let timed = seats.iter().position(|seat| seat.at.is_some())?;
    Some(timed + seats[timed..=last].partition_point(|seat| seat.at.is_some_and(|at| at <= from)))
}

/// What all seats before each one promote.
fn sums(seats: &[Seat], mixed: f64) -> Vec<f64> {
    let mut sum = 0.0;
    let mut sums = vec![0.0];
    for seat in seats {
        sum += weight(seat, mixed);
        sums.push(sum);
    }
    sums
}

/// The rule of shares that is on, with its thresholds under the budget.
fn rule_of(room: &Room<'_>) -> Option<(f64, Thresholds)> {
    room.rules.of_queues().find_map(|(id, kind)| match kind {
        QueueKind::Share { mixed, thresholds } if is_on(room, id) => {
            Some((*mixed, room.budget.thresholds(room.rules.rule(id), *thresholds)))
        }
        _ => None,
    })
}

/// How much of a window may promote.
pub(in super::super) fn max_share(room: &Room<'_>) -> f64 {
    rule_of(room).map_or(1.0, |(_, thresholds)| thresholds.least().min(1.0))
}

/// For each seat the share of the window that ends with it, once the shortest window is full.
pub(in super::super) fn shares(room: &Room<'_>, seats: &[Seat]) -> Vec<Option<f64>> {
    let mixed = rule_of(room).map_or(0.5, |(mixed, _)| mixed);
    let shortest = room.budget.shortest.max(1);
    let sums = sums(seats, mixed);
    let share = |last: usize| {
        let end = last + 1;
        let (first, posts) = match room.budget.window {
            Window::Posts(posts) => (end.saturating_sub(posts), end.min(posts)),
            Window::Days(_) => {
                let first = first_of(room, seats, last)?;
                (first, (end - first).max(shortest))
            }
        };
        (end >= shortest).then(|| (sums[end] - sums[first]) / number(posts.max(1)))
    };
    (0..seats.len()).map(share).collect()
}
