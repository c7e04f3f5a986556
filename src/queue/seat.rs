//! The places of a queue in time order, and who sits in them.
//!
//! Light, so that a queue can be judged again with its posts in other places. Invariant: seats with a time rise in time;
//! what was out before times are known stands first, what has no time yet stands last.

use super::{Member, Queue};
use crate::document::PostKind;
use crate::lint::{Promotes, Turn};
use crate::text::Platform;

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

/// What tells whether two posts are one that goes to several networks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// A hash of the whole text, as [`Turn::text`].
    pub text: u64,
    /// Post, reply or share.
    pub kind: PostKind,
    /// Seconds since 1970.
    pub time: Option<i64>,
    /// Its networks.
    pub platforms: Vec<Platform>,
    /// Whether it is out already.
    pub history: bool,
}

impl Likeness {
    /// That of a post in no queue yet.
    #[must_use]
    pub fn of(turn: &Turn, time: Option<i64>, history: bool) -> Self {
        Self { text: turn.text, kind: turn.kind, time, platforms: turn.platforms.clone(), history }
    }

    /// Counts a post among others, unless it is one with one of them. Returns the number of that.
    pub fn count(self, among: &mut Vec<Self>) -> Option<usize> {
        let same = among.iter().enumerate().rev();
        let mut same = same.filter(|(_, other)| other.time == self.time).take(MOST_NETWORKS);
        let Some(first) = same.find(|(_, other)| other.is_one_with(&self)).map(|(number, _)| number) else {
            among.push(self);
            return None;
        };
        let platforms = among.get_mut(first).map(|first| &mut first.platforms).into_iter();
        platforms.for_each(|platforms| join(platforms, &self.platforms));
        Some(first)
    }

    /// Where no times are given, the networks have to be, and to differ.
    fn is_one_with(&self, other: &Self) -> bool {
        let differ = !self.platforms.is_empty()
            && !other.platforms.is_empty()
            && !self.platforms.iter().any(|platform| other.platforms.contains(platform));
        (self.text, self.kind, self.history) == (other.text, other.kind, other.history)
            && (self.time.is_some() || differ)
    }
}

/// How many posts of one time are compared.
const MOST_NETWORKS: usize = 32;

/// Puts the members of a queue into the order of time, and makes one of a post that goes to several networks at once.
pub(super) fn settle(queue: &mut Queue) {
    let time = |member: &Member| member.time.as_ref().map(super::When::seconds);
    let key = |member: &Member| {
        let rank = match (time(member), member.history) {
            (Some(_), _) => 1,
            (None, true) => 0,
            (None, false) => 2,
        };
        (rank, time(member), member.order)
    };
    // A member takes more room than its key.
    queue.members.sort_by_cached_key(key);
    let mut kept = 0;
    // Those of one time, and behind which of the members they begin.
    let (mut alike, mut behind): (Vec<Likeness>, usize) = (Vec::new(), 0);
    for at in 0..queue.members.len() {
        let (before, here) = queue.members.split_at_mut(at);
        let Some(member) = here.first_mut() else { break };
        let likeness = Likeness::of(&member.turn, time(member), member.history);
        if alike.first().is_some_and(|first| first.time != likeness.time) {
            alike.clear();
        }
        if alike.is_empty() {
            behind = kept;
        }
        match likeness.count(&mut alike).and_then(|first| before.get_mut(behind + first)) {
            Some(first) => speak_for(first, member),
            None => {
                queue.members.swap(kept, at);
                kept += 1;
            }
        }
    }
    queue.members.truncate(kept);
}

fn join(platforms: &mut Vec<Platform>, others: &[Platform]) {
    for platform in others {
        if !platforms.contains(platform) {
            platforms.push(*platform);
        }
    }
}

/// The one that promotes more speaks for both: networks differ in what they count.
fn speak_for(first: &mut Member, second: &mut Member) {
    let mut platforms = first.turn.platforms.clone();
    join(&mut platforms, &second.turn.platforms);
    if second.turn.promotion > first.turn.promotion {
        std::mem::swap(&mut first.turn, &mut second.turn);
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
        promotes: member.turn.promotes(),
        talks: member.turn.talks_to_others,
        asks: member.turn.asks,
        mute: false,
    };
    members.iter().enumerate().map(seat).collect()
}
