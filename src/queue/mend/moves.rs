//! Changes of single posts: another place, a later date, less said.
//!
//! Invariant: a post that is out already is never moved.

use super::super::find::Found;
use super::super::seat::Seat;
use super::Mender;
use crate::lint::Promotes;
use crate::rule::{Hours, Kind, QueueKind, RuleId};

/// How many places away a post is looked for to change places with.
const SWAP_REACH: usize = 40;

/// How many posts are given later dates for one finding.
const MOST_MOVED: usize = 4;

/// Seconds of an hour and of a day.
const HOUR: f64 = 3_600.0;
const DAY: i64 = 86_400;

impl Mender<'_> {
    /// Two posts that change places: the nearest pair that mends it.
    pub(super) fn swap(&self, found: &Found) -> Option<String> {
        let open = |seat: usize| self.seats.get(seat).is_some_and(|seat| !seat.history);
        let inside: Vec<usize> = found.seats.iter().copied().filter(|&seat| open(seat)).collect();
        let of_talk = matches!(self.room.rules.rule(found.rule).kind, Kind::Queue(QueueKind::Absent { .. }));
        let fits = |seat: usize| {
            let Some(other) = self.seats.get(seat) else { return false };
            open(seat) && if of_talk { other.talks } else { other.promotes == Promotes::No }
        };
        let mut seats = self.seats.to_vec();
        for distance in 1..SWAP_REACH.min(self.seats.len()) {
            if self.is_spent() {
                break;
            }
            for &one in inside.iter().rev() {
                for other in [one.checked_add(distance), one.checked_sub(distance)].into_iter().flatten() {
                    if !fits(other) {
                        continue;
                    }
                    exchange(&mut seats, one, other);
                    let mends = self.mends(found, &seats);
                    exchange(&mut seats, one, other);
                    if mends {
                        let (first, second) = (one.min(other), one.max(other));
                        return Some(format!("swap {} with {}", self.name(first)?, self.name(second)?));
                    }
                }
            }
        }
        None
    }

    /// A later date for a post or some, the earliest that keeps its distance.
    pub(super) fn later(&self, found: &Found) -> Option<String> {
        let (hours, most, days) = self.cadence(found.rule)?;
        let mut seats = self.seats.to_vec();
        let mut moved: Vec<String> = Vec::new();
        let mut group: Vec<usize> = found.seats.iter().filter_map(|&seat| self.seats.get(seat)?.member).collect();
        // The first stays where it is, those behind it make room.
        group.remove(0);
        let mut waits = vec![false; self.room.members.len()];
        group.iter().for_each(|&member| waits[member] = true);
        let placed = |seat: &&Seat| seat.promotes_fully() && !seat.member.is_some_and(|member| waits[member]);
        let mut others: Vec<i64> = self.seats.iter().filter(placed).filter_map(|seat| seat.at).collect();
        others.sort_unstable();
        for &member in &group {
            let at = seats.iter().position(|seat| seat.member == Some(member))?;
            let seat = seats.remove(at);
            let from = seat.at?;
            let mut to = if seat.history { from } else { free(&others, from, hours, (most, days))? };
            if to != from {
                if moved.len() == MOST_MOVED {
                    return None;
                }
                let at = self.seats.iter().position(|one| one.member == Some(member))?;
                let time = self.time(at)?.later(to - from)?;
                to = time.seconds();
                moved.push(format!("{} to {time}", self.name(at)?));
            }
            let place =
                seats.iter().rposition(|one| one.at.is_some_and(|at| at <= to)).map_or(0, |place| place + 1);
            seats.insert(place, Seat { at: Some(to), ..seat });
            if seat.promotes_fully() {
                others.insert(others.partition_point(|&other| other <= to), to);
            }
        }
        let works = !moved.is_empty() && self.mends(found, &seats);
        works.then(|| format!("move {}", moved.join(" and ")))
    }

    fn cadence(&self, rule: RuleId) -> Option<(f64, u16, u16)> {
        let Kind::Queue(QueueKind::Cadence { hours, most, days, .. }) = &self.room.rules.rule(rule).kind else {
            return None;
        };
        let Hours { note, warning, error } = self.room.budget.hours.unwrap_or(*hours);
        Some((note.max(warning).max(error), *most, *days))
    }

    /// Posts whose words or links are left out, or said in another way: the later ones of a group.
    pub(super) fn silence(&self, found: &Found, kind: &QueueKind) -> Option<String> {
        let mut silent = self.last_of(found, |seat| seat.mute = true)?;
        silent.sort_unstable();
        self.silent_words(found, kind, &silent)
    }

    /// The last posts of a finding, as few as have to be changed so that it is gone.
    fn last_of(&self, found: &Found, change: impl Fn(&mut Seat)) -> Option<Vec<usize>> {
        let open = |&seat: &usize| self.seats.get(seat).is_some_and(|seat| !seat.history);
        let open: Vec<usize> = found.seats.iter().rev().copied().filter(open).collect();
        let mut seats = self.seats.to_vec();
        let mut helps = |count: usize| {
            let last = || open.iter().copied().take(count);
            last().for_each(|at| change(&mut seats[at]));
            let helps = count > 0 && self.mends(found, &seats);
            last().for_each(|at| seats[at] = self.seats[at]);
            helps
        };
        // What all but the first of them do is the rule; of more, fewer are rarely enough, which halving finds out.
        let mut most = [open.len().saturating_sub(1), open.len()].into_iter().find(|&count| helps(count))?;
        let mut too_few = 0;
        while most - too_few > 1 && !self.is_spent() {
            let middle = usize::midpoint(too_few, most);
            if helps(middle) {
                most = middle;
            } else {
                too_few = middle;
            }
        }
        Some(open.into_iter().take(most).collect())
    }

    fn silent_words(&self, found: &Found, kind: &QueueKind, silent: &[usize]) -> Option<String> {
        let names: Option<Vec<String>> = silent.iter().take(3).map(|&seat| self.name(seat)).collect();
        let mut names = names?.join(" and ");
        if silent.len() > 3 {
            names = format!("{names} and {} more", silent.len() - 3);
        }
        let kept = found.seats.iter().find(|seat| !silent.contains(seat)).and_then(|&seat| self.name(seat));
        Some(match (kind, found.second, kept) {
            (QueueKind::Link { .. }, false, Some(kept)) => {
                format!("link it in {kept}, and refer back to that from {names}")
            }
            (QueueKind::Link { .. }, ..) => format!("leave the own links out of {names}"),
            (_, true, _) => format!("leave the ask out of {names}"),
            (_, false, kept) => format!("say in {names} what is new since {}, or leave it out", kept?),
        })
    }

    /// Promotion that is left out, where the budget has no room for it.
    pub(super) fn fewer(&self, found: &Found) -> Option<String> {
        let out = self.last_of(found, |seat| seat.promotes = Promotes::No)?.len();
        let budget = &self.room.budget.name;
        let what = if out == 1 { "a post that promotes" } else { "posts that promote" };
        Some(format!("make {out} of them {what} nothing; {budget} has no room for more"))
    }
}

/// Exchanges the posts of two seats; the times stay.
fn exchange(seats: &mut [Seat], one: usize, other: usize) {
    let (a, b) = (seats[one], seats[other]);
    seats[one] = Seat { at: a.at, ..b };
    seats[other] = Seat { at: b.at, ..a };
}

/// The earliest time from `from` on that keeps its distance to all `others`, which rise, and crowds no stretch of days.
fn free(others: &[i64], from: i64, hours: f64, (most, days): (u16, u16)) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "hours of a profile are few")]
    let distance = (hours * HOUR) as i64;
    let reach = i64::from(days) * DAY;
    // Those that are less than so many seconds away.
    let within = |time: i64, seconds: i64| {
        let first = others.partition_point(|at| *at <= time - seconds);
        let end = others.partition_point(|at| *at < time + seconds);
        others.get(first..end).unwrap_or_default()
    };
    let is_free = |time: i64| {
        if !within(time, distance).is_empty() {
            return false;
        }
        let mut near = within(time, reach).to_vec();
        near.insert(near.partition_point(|at| *at <= time), time);
        let stretches = near.windows(usize::from(most) + 1);
        let mut ends = stretches.filter_map(|stretch| stretch.first().zip(stretch.last()));
        !ends.any(|(first, last)| last - first < reach)
    };
    if is_free(from) {
        return Some(from);
    }
    // What is free next lies so far behind one of the others.
    let mut behind = [distance, reach].map(|gap| {
        let first = others.partition_point(|at| at + gap < from);
        others.iter().skip(first).map(move |at| at + gap).peekable()
    });
    let mut last = from;
    loop {
        let [near, far] = &mut behind;
        let next = match (near.peek(), far.peek()) {
            (Some(one), Some(other)) if one <= other => near.next(),
            (_, Some(_)) => far.next(),
            (_, None) => near.next(),
        }?;
        // Many posts of one time leave one and the same behind them.
        if next > last && is_free(next) {
            return Some(next);
        }
        last = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(others: &[i64], from: i64, expected: i64) {
        let hour = 3_600;
        let others: Vec<i64> = others.iter().map(|at| at * hour).collect();
        let found = free(&others, from * hour, 72.0, (2, 7)).map(|at| at / hour);
        assert_eq!(found, Some(expected), "{others:?} from {from}");
    }

    #[test]
    fn the_earliest_free_time_keeps_its_distance() {
        check(&[0], 6, 72);
        check(&[0], 100, 100);
        check(&[0, 72], 80, 168);
        check(&[0, 100], 6, 172);
        check(&[], 6, 6);
    }
}
