//! The places of a queue in time order, and who sits in them.
//!
//! Light, so that a queue can be judged again with its posts in other places. Invariant: seats with a time rise in time;
//! what was out before times are known stands first, what has no time yet stands last.

use super::{Member, Queue};
use crate::document::PostKind;
use crate::lint::Turn;
use crate::score::Verdict;

/// How far a post promotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promotes {
    Fully,
    Half,
    No,
}

impl Promotes {
    pub(super) fn of(turn: &Turn) -> Self {
        match (turn.kind, turn.verdict) {
            _ if turn.pitch => Self::Fully,
            // What somebody else wrote is theirs to promote; an answer is conversation, unless it is an advertisement.
            (PostKind::Share, _) => Self::No,
            (_, Verdict::Promotional) => Self::Fully,
            (PostKind::Post, Verdict::Mixed) => Self::Half,
            (_, Verdict::Mixed | Verdict::Conversational | Verdict::Unjudged) => Self::No,
        }
    }
}

/// A place of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seat {
    /// The number of its member; none for a post that is only thought of.
    pub(super) member: Option<usize>,
    /// Seconds since 1970.
    pub(super) at: Option<i64>,
    /// Whether it only counts.
    pub(super) history: bool,
    pub(super) promotes: Promotes,
    /// Whether somebody else is in it.
    pub(super) talks: bool,
    pub(super) asks: bool,
    /// Whether it is thought of without its words and links.
    pub(super) mute: bool,
}

impl Seat {
    /// A post that answers somebody and asks something, in the minute of the post before it.
    pub(super) const fn other(at: Option<i64>) -> Self {
        Self { member: None, at, history: false, promotes: Promotes::No, talks: true, asks: true, mute: false }
    }

    pub(super) fn promotes_fully(&self) -> bool {
        self.promotes == Promotes::Fully
    }
}

/// Puts the members of a queue into the order of time, and makes one of a post that goes to several networks at once.
pub(super) fn settle(queue: &mut Queue) {
    let key = |member: &Member| {
        let time = member.time.as_ref().map(super::When::seconds);
        let rank = match (time, member.history) {
            (Some(_), _) => 1,
            (None, true) => 0,
            (None, false) => 2,
        };
        (rank, time, member.order)
    };
    queue.members.sort_by_key(key);
    let mut members: Vec<Member> = Vec::with_capacity(queue.members.len());
    for member in queue.members.drain(..) {
        let same = members
            .iter_mut()
            .rev()
            .take_while(|other| {
                other.time.as_ref().map(super::When::seconds) == member.time.as_ref().map(super::When::seconds)
            })
            .take(MOST_NETWORKS)
            .find(|other| is_cross_post(other, &member));
        match same {
            Some(first) => join(first, member),
            None => members.push(member),
        }
    }
    queue.members = members;
}

/// How many posts of one time are compared.
const MOST_NETWORKS: usize = 32;

/// Whether two posts of one time are one that goes to two networks. Where no times are given, the networks have to be, and
/// to differ.
fn is_cross_post(a: &Member, b: &Member) -> bool {
    let (x, y) = (&a.turn, &b.turn);
    let differ = !x.platforms.is_empty()
        && !y.platforms.is_empty()
        && !x.platforms.iter().any(|platform| y.platforms.contains(platform));
    x.text == y.text && x.kind == y.kind && a.history == b.history && (a.time.is_some() || differ)
}

/// The one that promotes more speaks for both: networks differ in what they count.
fn join(first: &mut Member, second: Member) {
    let mut platforms = first.turn.platforms.clone();
    for platform in &second.turn.platforms {
        if !platforms.contains(platform) {
            platforms.push(*platform);
        }
    }
    if second.turn.promotion > first.turn.promotion {
        first.turn = second.turn;
        first.post = second.post;
    }
    first.turn.platforms = platforms;
}

/// The seats of members that are in order.
pub(super) fn seats(members: &[Member]) -> Vec<Seat> {
    let seat = |(number, member): (usize, &Member)| Seat {
        member: Some(number),
        at: member.time.as_ref().map(super::When::seconds),
        history: member.history,
        promotes: Promotes::of(&member.turn),
        talks: member.turn.talks_to_others,
        asks: member.turn.asks,
        mute: false,
    };
    members.iter().enumerate().map(seat).collect()
}
