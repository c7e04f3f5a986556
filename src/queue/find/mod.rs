//! What the rules of queues find, one file a kind.
//!
//! Does not word anything. Invariant: the same seats give the same findings, in the order of the rules; a finding that
//! blames nothing but history is none.

mod absent;
mod cadence;
mod common;
mod duplicate;
mod link;
mod run;
mod share;
mod similar;

use self::common::Named;
pub(super) use self::share::{max_share, shares};
pub(super) use self::similar::Similar;
use super::seat::Seat;
use super::{Member, Room};
use crate::diagnostic::Level;
use crate::rule::{Kind, QueueKind, Rule, RuleId};

/// The number of a member, and of one of its links or asks.
pub(super) type About = (usize, usize);

/// Something that is wrong with a queue.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) rule: RuleId,
    /// Whether it is the second thing that the kind looks for.
    pub(super) second: bool,
    pub(super) level: Level,
    /// What was measured.
    pub(super) measure: f64,
    /// What would have been accepted.
    pub(super) max: f64,
    /// The seats that take part, rising.
    pub(super) seats: Vec<usize>,
    /// How many there are of what is counted.
    pub(super) count: f64,
    /// Among how many posts, days or links.
    pub(super) among: usize,
    /// Which link or ask it is about.
    pub(super) about: Option<About>,
    /// How similar each of the seats is to one before it, 0 to 1; empty where nothing is compared.
    pub(super) each: Vec<f64>,
}

/// What the members of a queue say that can be said again, whoever sits where.
#[derive(Clone, Debug)]
pub(super) struct Said<'a> {
    /// Their asks, by hashes of the words.
    asks: Named<u64>,
    /// Addresses of the account's own.
    own_links: Named<&'a str>,
    /// How many links each has, and how many of them are own ones.
    links: Vec<(usize, usize)>,
}

impl<'a> Said<'a> {
    pub(super) fn of(members: &'a [Member]) -> Self {
        let turns = members.iter().map(|member| &member.turn);
        let own = |turn| link::links(turn).filter(|(_, link)| link.own).map(|(_, link)| link.address.as_str());
        let links =
            |turn| link::links(turn).fold((0, 0), |(all, own), (_, link)| (all + 1, own + usize::from(link.own)));
        Self {
            asks: Named::new(turns.clone().map(|turn| turn.calls.iter().map(|call| call.0))),
            own_links: Named::new(turns.clone().map(own)),
            links: turns.map(links).collect(),
        }
    }
}

/// All findings of all rules that are on.
pub(super) fn all(room: &Room<'_>, seats: &[Seat]) -> Vec<Found> {
    room.rules.of_queues().flat_map(|(id, _)| of_rule(room, seats, id)).collect()
}

/// The findings of one rule; none where it is off, or of another kind.
pub(super) fn of_rule(room: &Room<'_>, seats: &[Seat], id: RuleId) -> Vec<Found> {
    let mut found = Vec::new();
    let rule = room.rules.rule(id);
    let Kind::Queue(kind) = &rule.kind else { return found };
    if !is_on(room, id) {
        return found;
    }
    let finder = Finder { room, seats, id, rule };
    let found_by = &mut found;
    match kind {
        QueueKind::Share { mixed, thresholds } => share::find(&finder, *mixed, *thresholds, found_by),
        QueueKind::Run { thresholds, .. } => run::find(&finder, *thresholds, found_by),
        QueueKind::Duplicate { .. } => duplicate::find(&finder, kind, found_by),
        QueueKind::Link { .. } => link::find(&finder, kind, found_by),
        QueueKind::Cadence { hours, most, days, .. } => cadence::find(&finder, *hours, (*most, *days), found_by),
        QueueKind::Absent { posts, others, .. } => {
            // Where every rule that could find somebody is off, nobody is ever found.
            let on = |id: RuleId| is_on(room, id) && others.iter().any(|&one| room.rules.selects(one, id));
            if (0..).map(RuleId).take(room.rules.rules().len()).any(on) {
                absent::find(&finder, usize::from(*posts), found_by);
            }
        }
    }
    found
}

fn is_on(room: &Room<'_>, id: RuleId) -> bool {
    room.policy.levels.get(id.index()).is_some_and(|&level| level != Level::Off)
}

/// A rule at work on a queue.
struct Finder<'a> {
    room: &'a Room<'a>,
    seats: &'a [Seat],
    id: RuleId,
    rule: &'a Rule,
}

impl Finder<'_> {
    /// The level of a finding: what it measures, unless config or a flag says another. What is too short for its budget is
    /// judged as drafts, so that nothing about it as a queue is more than a note.
    fn level(&self, measured: Level) -> Level {
        let policy = self.room.policy;
        let measured = if self.room.is_long(self.seats.len()) { measured } else { measured.min(Level::Note) };
        let given = policy.given.get(self.id.index()) == Some(&true);
        let set = policy.levels.get(self.id.index()).copied().unwrap_or(measured);
        let level = if given { set } else { measured };
        if policy.deny_warnings && level == Level::Warning { Level::Error } else { level }
    }

    fn found(&self, level: Level, measure: f64, max: f64, seats: Vec<usize>) -> Found {
        let count = f64::from(u32::try_from(seats.len()).unwrap_or(u32::MAX));
        Found {
            rule: self.id,
            second: false,
            level: self.level(level),
            measure,
            max,
            seats,
            count,
            among: 0,
            about: None,
            each: Vec::new(),
        }
    }

    /// Whether any of these seats can still be changed.
    fn is_open(&self, seats: &[usize]) -> bool {
        seats.iter().any(|&seat| self.seats.get(seat).is_some_and(|seat| !seat.history))
    }

    /// What the last seat of a group says, whose number among what its member says is known by `number`.
    fn about_last(&self, group: &[usize], number: impl FnOnce(usize) -> Option<usize>) -> Option<About> {
        let member = self.seats.get(*group.last()?)?.member?;
        Some((member, number(member)?))
    }

    /// The seats of posts that promote fully.
    fn promoting(&self) -> Vec<usize> {
        (0..self.seats.len()).filter(|&seat| self.seats[seat].promotes_fully()).collect()
    }
}

/// A small number as a measure.
fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
