//! What would mend a finding: two posts that change places, other posts between, a later date, or less said.
//!
//! Every suggestion is tried: the rules run on the changed queue. Invariant: with what is suggested the finding is gone,
//! and none is there that was not before or is graver than before.

mod moves;
mod plan;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::find::{self, Found};
use super::seat::Seat;
use super::{Room, When};
use crate::rule::{Kind, QueueKind};

/// How many seats may be judged again for one queue, and how many pairs of them compared, so that a long one takes not much
/// longer than it does to judge.
const FUEL: usize = 1_500_000;

/// How far around a finding a change is tried first.
const NEAR: usize = 64;

/// Looks for what would mend the findings of a queue.
pub(super) struct Mender<'a> {
    room: &'a Room<'a>,
    seats: &'a [Seat],
    before: &'a [Found],
    /// For how many of the findings something is looked for.
    shown: usize,
    /// What is left for all findings, and for what is being tried.
    tank: Cell<usize>,
    fuel: Cell<usize>,
    /// What was found of other posts all over the queue, by what mixed posts weigh.
    filled: RefCell<Vec<(f64, Option<Filled>)>>,
    /// How many posts each source has, by its name; counted when the first is named.
    sources: OnceCell<HashMap<&'a str, usize>>,
}

/// How many other posts were put in, and the queue with them.
type Filled = Rc<(usize, Vec<Seat>)>;

impl<'a> Mender<'a> {
    pub(super) const fn new(room: &'a Room<'a>, seats: &'a [Seat], before: &'a [Found], shown: usize) -> Self {
        Self {
            room,
            seats,
            before,
            shown,
            tank: Cell::new(FUEL),
            fuel: Cell::new(0),
            filled: RefCell::new(Vec::new()),
            sources: OnceCell::new(),
        }
    }

    /// What would mend a finding, in words; none where nothing that was tried does.
    pub(super) fn suggestion(&self, found: &Found) -> Option<String> {
        let Kind::Queue(kind) = &self.room.rules.rule(found.rule).kind else { return None };
        // Each finding has its part, and no fewer tries than are worth a beginning; of the share there is one only.
        let part = match kind {
            QueueKind::Share { .. } => FUEL / 2,
            _ => (FUEL / self.shown.max(1)).max(8 * self.seats.len()),
        };
        let part = part.min(self.tank.get());
        let spent = Cell::new(0);
        // What has not helped by then leaves the rest to what comes after it.
        let within = |fuel: usize, find: &dyn Fn() -> Option<String>| {
            let fuel = fuel.min(part - spent.get());
            self.fuel.set(fuel);
            let suggestion = find();
            spent.set(spent.get() + fuel - self.fuel.get());
            suggestion
        };
        let (swap, between) = (part / 2, part / 5);
        let suggestion = match kind {
            QueueKind::Share { mixed, .. } => within(swap, &|| self.swap(found))
                .or_else(|| within(between, &|| self.between(found, Some(*mixed))))
                .or_else(|| within(part, &|| self.missing(found, *mixed).or_else(|| self.fewer(found)))),
            QueueKind::Run { .. } => within(swap, &|| self.swap(found))
                .or_else(|| within(between, &|| self.between(found, None)))
                .or_else(|| within(part, &|| self.missing(found, 0.5))),
            QueueKind::Absent { posts, .. } => within(swap, &|| self.swap(found))
                .or_else(|| within(part, &|| self.company(found, usize::from(*posts)))),
            QueueKind::Duplicate { .. } | QueueKind::Link { .. } => within(part, &|| self.silence(found, kind)),
            QueueKind::Cadence { .. } => within(part, &|| self.later(found)),
        };
        // What one does not need is there for the others.
        self.tank.set(self.tank.get() - spent.get());
        suggestion
    }

    fn burn(&self, fuel: usize) -> bool {
        self.fuel.get().checked_sub(fuel).map(|left| self.fuel.set(left)).is_some()
    }

    /// What a change costs that does not even help by the rule itself.
    fn least_fuel(&self) -> usize {
        self.seats.len().min(4 * NEAR) / 8 + self.seats.len() / 64 + 2
    }

    /// Runs rules on seats, for as long as there is fuel for comparing pairs; nothing where it ends.
    fn run(&self, rules: impl FnOnce() -> Vec<Found>) -> Option<Vec<Found>> {
        let similar = self.room.similar;
        similar.limit(8 * self.fuel.get().max(1));
        let found = rules();
        self.fuel.set(self.fuel.get().min(similar.patience() / 8));
        (similar.patience() > 0).then_some(found)
    }

    /// Whether a changed queue lacks the finding, and has none that this one does not have.
    fn mends(&self, found: &Found, seats: &[Seat]) -> bool {
        self.helps(found, self.near(found, seats)) && self.mends_all(found, seats)
    }

    /// Whether the seats near a finding lack it by its own rule. Most of what is tried does not even do that.
    fn helps(&self, found: &Found, near: &[Seat]) -> bool {
        if !self.burn(self.least_fuel()) {
            return false;
        }
        let is_left = |one: &Found| self.is_same(found, one, &members(near, one));
        let after = self.run(|| find::of_rule(self.room, near, found.rule));
        after.is_some_and(|after| !after.iter().any(is_left))
    }

    /// Whether a changed queue in which that is so has nothing that this one does not have.
    fn mends_all(&self, found: &Found, seats: &[Seat]) -> bool {
        if !self.burn(seats.len() + 10) {
            return false;
        }
        self.room.similar.rest(self.is_steady(found, seats));
        let after = self.run(|| find::all(self.room, seats));
        self.room.similar.rest(false);
        let Some(after) = after else { return false };
        // Each that is left was one of its own before: a run that falls into two is one more.
        let mut left: Vec<&Found> = self.before.iter().filter(|old| *old != found).collect();
        after.iter().all(|one| {
            let people = members(seats, one);
            let was = left.iter().position(|old| {
                (old.rule, old.second) == (one.rule, one.second)
                    && one.level <= old.level
                    && people.iter().all(|member| had(old, *member))
            });
            let was = was.map(|at| left.remove(at));
            was.is_some() && !self.is_same(found, one, &people)
        })
    }

    /// Whether a change leaves all pairs of similar posts as they are: other posts were put in, and times tell the distance.
    fn is_steady(&self, found: &Found, seats: &[Seat]) -> bool {
        let is_pitch = matches!(self.room.rules.rule(found.rule).kind, Kind::Queue(QueueKind::Duplicate { .. }));
        let place = |seat: &Seat| (seat.member, seat.at, seat.mute);
        let kept = seats.iter().filter(|seat| seat.member.is_some());
        !is_pitch
            && self.seats.iter().all(|seat| seat.at.is_some())
            && kept.map(place).eq(self.seats.iter().map(place))
    }

    /// The seats around a finding. What stands elsewhere is seen when all is judged.
    fn around(&self, found: &Found) -> Range<usize> {
        let end =
            found.seats.last().map_or(self.seats.len(), |last| last.saturating_add(NEAR)).min(self.seats.len());
        let first = found.seats.first().map_or(0, |first| first.saturating_sub(NEAR)).min(end);
        first..end
    }

    /// The same in a changed queue, which may be longer.
    fn near<'s>(&self, found: &Found, seats: &'s [Seat]) -> &'s [Seat] {
        let Range { start, end } = self.around(found);
        let more = seats.len().saturating_sub(self.seats.len());
        seats.get(start..end + more).unwrap_or(seats)
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
        worst_only || people.iter().any(|member| had(found, *member))
    }

    /// Whether nothing more can be tried.
    fn is_spent(&self) -> bool {
        self.fuel.get() < self.least_fuel()
    }

    /// What a post is called: its row or key, or else its file or line.
    fn name(&self, seat: usize) -> Option<String> {
        let member = self.room.members.get(self.seats.get(seat)?.member?)?;
        let (source, span) = (&member.turn.source, member.turn.span);
        let (here, all) = (self.posts_of(source.name()), self.room.members.len());
        let line = source.line_column(span.start()).line;
        Some(match &member.turn.locator {
            Some(words) if here == all => words.to_string(),
            Some(words) => format!("{}, {words}", source.name()),
            None if here == all => format!("line {line}"),
            None if here > 1 => format!("{}:{line}", source.name()),
            None => source.name().to_owned(),
        })
    }

    fn posts_of(&self, source: &str) -> usize {
        let count = || {
            let mut sources = HashMap::new();
            for member in self.room.members {
                *sources.entry(member.turn.source.name()).or_default() += 1;
            }
            sources
        };
        self.sources.get_or_init(count).get(source).copied().unwrap_or_default()
    }

    fn time(&self, seat: usize) -> Option<&When> {
        self.room.members.get(self.seats.get(seat)?.member?)?.time.as_ref()
    }
}

/// The members of a finding; none for posts that are only thought of.
fn members(seats: &[Seat], found: &Found) -> Vec<Option<usize>> {
    found.seats.iter().filter_map(|&seat| seats.get(seat)).map(|seat| seat.member).collect()
}

/// Whether a member takes part in a finding of the queue as it is, in which every seat has the number of its member.
fn had(found: &Found, member: Option<usize>) -> bool {
    member.is_some_and(|member| found.seats.binary_search(&member).is_ok())
}

/// `1 other post`, `3 other posts`.
pub(super) fn other_posts(count: f64) -> String {
    if (count - 1.0).abs() < 1e-6 { "1 other post".to_owned() } else { format!("{count:.0} other posts") }
}
