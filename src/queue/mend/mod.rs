//! What would mend a finding: two posts that change places, other posts between, a later date, or less said.
//!
//! Every suggestion is tried: the rules run on the changed queue. Invariant: with what is suggested the finding is gone,
//! and none is there that was not before or is graver than before.

mod moves;
mod plan;

use std::cell::Cell;

use super::find::{self, Found};
use super::seat::Seat;
use super::{Room, When};
use crate::rule::{Kind, QueueKind};

/// How many seats may be judged again for one queue, so that a long one takes no longer than it does to judge.
const FUEL: usize = 400_000;

/// Looks for what would mend the findings of a queue.
pub(super) struct Mender<'a> {
    room: &'a Room<'a>,
    seats: &'a [Seat],
    before: &'a [Found],
    /// What is left for all findings, and for what is being tried.
    tank: Cell<usize>,
    fuel: Cell<usize>,
}

impl<'a> Mender<'a> {
    pub(super) const fn new(room: &'a Room<'a>, seats: &'a [Seat], before: &'a [Found]) -> Self {
        Self { room, seats, before, tank: Cell::new(FUEL), fuel: Cell::new(0) }
    }

    /// What would mend a finding, in words; none where nothing that was tried does.
    pub(super) fn suggestion(&self, found: &Found) -> Option<String> {
        let Kind::Queue(kind) = &self.room.rules.rule(found.rule).kind else { return None };
        // Each finding has its part, and no fewer tries than are worth a beginning.
        let part = (FUEL / self.before.len().max(1)).max(8 * self.seats.len()).min(self.tank.get());
        self.tank.set(self.tank.get() - part);
        self.fuel.set(part / 2);
        let swap = match kind {
            QueueKind::Share { .. } | QueueKind::Run { .. } | QueueKind::Absent { .. } => self.swap(found),
            _ => None,
        };
        if swap.is_some() {
            return swap;
        }
        self.fuel.set(part - part / 2);
        match kind {
            QueueKind::Share { mixed, .. } => self
                .between(found, Some(*mixed))
                .or_else(|| self.missing(found, *mixed))
                .or_else(|| self.fewer(found)),
            QueueKind::Run { .. } => self.between(found, None).or_else(|| self.missing(found, 0.5)),
            QueueKind::Duplicate { .. } | QueueKind::Link { .. } => self.silence(found, kind),
            QueueKind::Cadence { .. } => self.later(found),
            QueueKind::Absent { posts, .. } => self.company(found, usize::from(*posts)),
        }
    }

    /// Whether a changed queue lacks the finding, and has none that this one does not have.
    fn mends(&self, found: &Found, seats: &[Seat]) -> bool {
        // Most of what is tried does not even help by the rule itself.
        let burn = |fuel: usize| self.fuel.get().checked_sub(fuel).map(|left| self.fuel.set(left)).is_some();
        let is_left = |one: &Found| self.is_same(found, one, &members(seats, one));
        if !burn(seats.len() / 8 + 2) || find::of_rule(self.room, seats, found.rule).iter().any(is_left) {
            return false;
        }
        if !burn(seats.len() + 10) {
            return false;
        }
        let after = find::all(self.room, seats);
        // Each that is left was one of its own before: a run that falls into two is one more.
        let mut left: Vec<&Found> = self.before.iter().filter(|old| *old != found).collect();
        after.iter().all(|one| {
            let people = members(seats, one);
            let was = left.iter().position(|old| {
                (old.rule, old.second) == (one.rule, one.second)
                    && one.level <= old.level
                    && people.iter().all(|member| self.members(old).contains(member))
            });
            let was = was.map(|at| left.swap_remove(at));
            was.is_some() && !self.is_same(found, one, &people)
        })
    }

    /// Whether a finding of the changed queue is what was to be mended, or what is left of it. Rules that tell only the
    /// worst have not been mended while they tell anything.
    fn is_same(&self, found: &Found, one: &Found, people: &[Option<usize>]) -> bool {
        if (found.rule, found.second) != (one.rule, one.second) {
            return false;
        }
        let worst_only = match &self.room.rules.rule(found.rule).kind {
            Kind::Queue(QueueKind::Share { .. } | QueueKind::Absent { .. }) => true,
            Kind::Queue(QueueKind::Link { .. }) => found.second,
            _ => false,
        };
        let known = self.members(found);
        worst_only || people.iter().any(|member| known.contains(member))
    }

    /// Whether nothing more can be tried.
    fn is_spent(&self) -> bool {
        self.fuel.get() < self.seats.len() / 8 + 2
    }

    fn members(&self, found: &Found) -> Vec<Option<usize>> {
        members(self.seats, found)
    }

    /// What a post is called: its row or key, or else its file or line.
    fn name(&self, seat: usize) -> Option<String> {
        let member = self.room.members.get(self.seats.get(seat)?.member?)?;
        let (source, span) = (&member.turn.source, member.turn.span);
        let alone = self.room.members.iter().all(|other| other.turn.source.name() == source.name());
        let line = source.line_column(span.start()).line;
        Some(match &member.turn.locator {
            Some(words) if alone => words.to_string(),
            Some(words) => format!("{}, {words}", source.name()),
            None if alone => format!("line {line}"),
            None if line > 1 => format!("{}:{line}", source.name()),
            None => source.name().to_owned(),
        })
    }

    fn time(&self, seat: usize) -> Option<&When> {
        self.room.members.get(self.seats.get(seat)?.member?)?.time.as_ref()
    }
}

/// The members of a finding; none for posts that are only thought of.
fn members(seats: &[Seat], found: &Found) -> Vec<Option<usize>> {
    found.seats.iter().filter_map(|&seat| seats.get(seat)).map(|seat| seat.member).collect()
}

/// `1 other post`, `3 other posts`.
pub(super) fn other_posts(count: f64) -> String {
    if (count - 1.0).abs() < 1e-6 { "1 other post".to_owned() } else { format!("{count:.0} other posts") }
}
