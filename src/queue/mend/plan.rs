//! Other posts where they are missing.
//!
//! Invariant: what is put in promotes nothing and has somebody else in it.

use std::rc::Rc;

use super::super::find::{Found, max_share};
use super::super::profile::Window;
use super::super::seat::Seat;
use super::{Filled, Mender, other_posts};
use crate::document::PostKind;
use crate::lint::Promotes;

/// How many posts are put in one place, and in all.
const MOST_HERE: usize = 12;
const MOST: usize = 100_000;

impl Mender<'_> {
    /// Other posts before one post of the finding, as few as do.
    pub(super) fn between(&self, found: &Found, mixed: Option<f64>) -> Option<String> {
        for count in 1..=MOST_HERE {
            if self.is_spent() {
                break;
            }
            for &at in found.seats.iter().skip(1).rev() {
                let seat = self.seats.get(at)?;
                let prior = at.checked_sub(1).and_then(|prior| self.seats.get(prior));
                // Nothing can be put before what is out.
                if seat.history {
                    continue;
                }
                let other = Seat::other(prior.and_then(|prior| prior.at).filter(|_| seat.at.is_some()));
                let put = |seats: &[Seat], at: usize| {
                    let (before, behind) = seats.split_at(at);
                    [before, &vec![other; count], behind].concat()
                };
                // The whole queue is put together only where that helps near by.
                let around = self.around(found);
                let helps = self.helps(found, &put(&self.seats[around.clone()], at - around.start));
                if helps && self.mends_all(found, &put(self.seats, at)) {
                    let order = mixed.and_then(|mixed| self.no_order(mixed)).unwrap_or_default();
                    let people = self.with_people(at);
                    let what = other_posts(self::count(count));
                    return Some(format!("{order}put {what} before {}{people}", self.name(at)?));
                }
            }
        }
        None
    }

    /// Other posts all over the queue, so that every window and every run is within the budget.
    pub(super) fn missing(&self, found: &Found, mixed: f64) -> Option<String> {
        let filled = self.filled(mixed)?;
        let (put, seats) = &*filled;
        if !self.mends(found, seats) {
            return None;
        }
        let put = *put;
        let stands = if put == 1 { "is" } else { "are" };
        let order = self.no_order(mixed).unwrap_or_default();
        Some(format!("{order}{} {stands} missing between the promotional ones", other_posts(count(put))))
    }

    /// The queue with other posts all over it, and how many there are; nothing where none are missing, or too many. It is the same
    /// for all findings.
    fn filled(&self, mixed: f64) -> Option<Filled> {
        let known = self.filled.borrow().iter().find(|(known, _)| known.total_cmp(&mixed).is_eq()).cloned();
        if let Some((_, filled)) = known {
            return filled;
        }
        let filled = self.fill(mixed).map(Rc::new);
        self.filled.borrow_mut().push((mixed, filled.clone()));
        filled
    }

    fn fill(&self, mixed: f64) -> Option<(usize, Vec<Seat>)> {
        let Window::Posts(window) = self.room.budget.window else { return None };
        let most = (max_share(self.room) * 2.0 * count(window) + 1e-9).floor() / 2.0;
        let mut seats: Vec<Seat> = Vec::new();
        let mut put = 0;
        for seat in self.seats {
            while put < MOST && !fits(&seats, seat, (window, most, mixed), self.room.budget.gives) {
                let at = seats.last().and_then(|last| last.at).filter(|_| seat.at.is_some());
                seats.push(Seat::other(at));
                put += 1;
            }
            seats.push(*seat);
        }
        let promoted = promoted(&seats, mixed);
        // A queue that is shorter than the window is one window.
        while put < MOST && seats.len() < window && promoted > max_share(self.room) * count(seats.len()) + 1e-9 {
            seats.push(Seat::other(None));
            put += 1;
        }
        (put > 0 && put < MOST).then_some((put, seats))
    }

    /// Words that no order of the posts is within the budget, where that is so.
    pub(super) fn no_order(&self, mixed: f64) -> Option<String> {
        let Window::Posts(window) = self.room.budget.window else { return None };
        let (share, length) = (max_share(self.room), self.seats.len());
        let most = (share * 2.0 * count(window) + 1e-9).floor() / 2.0;
        // Windows side by side hold at most so much each, and what is left over no more than one.
        let room = if length < window {
            share * count(length)
        } else {
            most * count(length / window) + most.min(count(length % window))
        };
        let none = promoted(self.seats, mixed) > room + 1e-9;
        none.then(|| format!("no order of these posts keeps {}: ", self.room.budget.name))
    }

    /// Posts with somebody else in them, so that no stretch is as long as the rule allows none.
    pub(super) fn company(&self, found: &Found, posts: usize) -> Option<String> {
        let (&first, &last) = (found.seats.first()?, found.seats.last()?);
        let mut seats = self.seats.to_vec();
        let mut places: Vec<usize> =
            (first..=last).skip(posts.saturating_sub(1)).step_by(posts.saturating_sub(1).max(1)).collect();
        places.retain(|&at| self.seats.get(at).is_some_and(|seat| !seat.history));
        for &at in places.iter().rev() {
            let time = at.checked_sub(1).and_then(|prior| self.seats.get(prior)?.at);
            let timed = self.seats.get(at).is_some_and(|seat| seat.at.is_some());
            seats.insert(at, Seat::other(time.filter(|_| timed)));
        }
        if !self.mends(found, &seats) {
            return None;
        }
        let names: Option<Vec<String>> = places.iter().take(3).map(|&at| self.name(at)).collect();
        let what = if places.len() == 1 { "a post" } else { "posts" };
        let mut words =
            format!("put {what} that answers, thanks or asks somebody before {}", names?.join(" and "));
        if places.len() != 1 {
            words = words.replace("answers, thanks or asks", "answer, thank or ask");
        }
        words.push_str(&self.with_people(first));
        Some(words)
    }

    /// Whom the other posts could be about, and which question they could come back to, if any is known.
    fn with_people(&self, seat: usize) -> String {
        let people = self.people(seat);
        let mut words = if people.is_empty() {
            String::new()
        } else {
            format!("; last mentioned before: {}", people.join(", "))
        };
        if let Some(question) = self.question(seat) {
            words.push_str("; asked and not taken up since: ");
            words.push_str(&question);
        }
        words
    }

    /// The last post before a seat that asks its readers something, unless an answer was given since.
    fn question(&self, seat: usize) -> Option<String> {
        let turn = |at: usize| Some(&self.room.members.get(self.seats.get(at)?.member?)?.turn);
        let own = |at: &usize| turn(*at).is_some_and(|turn| turn.kind != PostKind::Share);
        let told = |at: &usize| turn(*at).is_some_and(|turn| turn.asks || turn.kind == PostKind::Reply);
        let last = (0..seat).rev().filter(own).find(told)?;
        let asks =
            turn(last).is_some_and(|turn| turn.kind == PostKind::Post) && !self.seats.get(last)?.promotes_fully();
        self.name(last).filter(|_| asks)
    }

    /// Who was mentioned last before a seat, or else behind it.
    fn people(&self, seat: usize) -> Vec<&str> {
        let mut people: Vec<&str> = Vec::new();
        let before = self.seats.iter().take(seat).rev();
        for seat in before.chain(self.seats.iter().skip(seat)) {
            if people.len() == 3 {
                break;
            }
            let member = seat.member.and_then(|member| self.room.members.get(member));
            for name in member.into_iter().flat_map(|member| &member.turn.others) {
                if !people.contains(&name.as_str()) && people.len() < 3 {
                    people.push(name);
                }
            }
        }
        people
    }
}

/// Whether a post can come next without more in its window, or nearer to the last promotional one, than is allowed.
fn fits(seats: &[Seat], next: &Seat, (window, most, mixed): (usize, f64, f64), gives: usize) -> bool {
    if next.promotes == Promotes::No || next.history {
        return true;
    }
    let recent = seats.iter().rev().take(window.saturating_sub(1));
    let promoted: f64 = recent.map(|seat| weight(seat, mixed)).sum::<f64>() + weight(next, mixed);
    let apart = gives.max(1);
    let near = next.promotes_fully() && seats.iter().rev().take(apart).any(Seat::promotes_fully);
    promoted <= most + 1e-9 && !near
}

fn promoted(seats: &[Seat], mixed: f64) -> f64 {
    seats.iter().map(|seat| weight(seat, mixed)).sum()
}

fn weight(seat: &Seat, mixed: f64) -> f64 {
    match seat.promotes {
        Promotes::Fully => 1.0,
        Promotes::Half => mixed,
        Promotes::No => 0.0,
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
