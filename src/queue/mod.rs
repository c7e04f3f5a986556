//! Floor 4: the posts of one account in time order, held against a budget.
//!
//! `seat` puts posts in order, `find` has one file a kind of rule, `similar` compares texts by hashes, `tell` makes
//! diagnostics, `mend` looks for what would help and tries it; `when` reads times, `profile` budgets. Sees verdicts, facts
//! and findings of posts, and no text, file or clock. Invariant: what is suggested was tried: with it the finding is gone,
//! and none is there that was not before.

mod find;
mod mend;
pub mod profile;
mod seat;
mod tell;
#[cfg(test)]
mod tests;
pub mod when;

pub use self::profile::{Budget, Profile, Profiles};
pub use self::seat::Likeness;
pub use self::when::{DayOrder, When};
use crate::lint::{Policy, Turn};
use crate::report::{QueueEntry, QueueReport};
use crate::rule::RuleSet;
use crate::text::Platform;

/// A post in a queue.
#[derive(Clone, Debug)]
pub struct Member {
    /// What is known of it.
    pub turn: Turn,
    /// When it is due or went out.
    pub time: Option<When>,
    /// Its number among the posts that the run reports; none for what only counts.
    pub post: Option<usize>,
    /// Whether it only counts.
    pub history: bool,
    /// Its place in the input, which orders what has no time.
    pub order: usize,
}

/// The posts of one account.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    /// What it is made of: the name of a file or folder, or what the config calls it.
    pub name: String,
    /// Whose; none where no account is named.
    pub account: Option<String>,
    /// The network, where it has a budget of its own.
    pub platform: Option<Platform>,
    /// Its posts, in any order.
    pub members: Vec<Member>,
}

/// Everything that judging a queue needs beside who sits where.
#[derive(Clone, Copy)]
struct Room<'a> {
    members: &'a [Member],
    rules: &'a RuleSet,
    policy: &'a Policy,
    budget: &'a Budget,
    similar: &'a find::Similar,
    said: &'a find::Said<'a>,
}

impl Room<'_> {
    /// Whether a queue of so many posts is as long as its budget asks.
    const fn is_long(&self, posts: usize) -> bool {
        posts >= self.budget.shortest
    }
}

/// Holds a queue against a budget.
#[must_use]
pub fn judge(mut queue: Queue, rules: &RuleSet, policy: &Policy, budget: &Budget) -> QueueReport {
    seat::settle(&mut queue);
    let similar = find::Similar::of(&queue.members);
    let said = find::Said::of(&queue.members);
    let room = Room { members: &queue.members, rules, policy, budget, similar: &similar, said: &said };
    let seats = seat::seats(room.members);
    let found = find::all(&room, &seats);
    let told = tell::gravest(&found);
    let mender = mend::Mender::new(&room, &seats, &found, told.len());
    let finding = |(one, more)| tell::finding(&room, &seats, one, mender.suggestion(one), more);
    let findings = told.into_iter().map(finding).collect();
    let shares = find::shares(&room, &seats);
    let (max_share, judged) = (find::max_share(&room), room.is_long(room.members.len()));
    let entries = queue.members.into_iter().zip(shares).map(|(member, share)| entry(member, share)).collect();
    QueueReport {
        profile: budget.name.clone(),
        max_share,
        window: budget.window_posts(),
        judged,
        entries,
        findings,
        name: queue.name,
        account: queue.account,
        platform: queue.platform,
    }
}

fn entry(member: Member, share: Option<f64>) -> QueueEntry {
    let turn = member.turn;
    QueueEntry {
        source: turn.source,
        span: turn.span,
        locator: turn.locator,
        post: member.post,
        kind: turn.kind,
        platforms: turn.platforms,
        time: member.time.map(|time| time.to_string()),
        verdict: turn.verdict,
        pitch: turn.pitch,
        promotion: turn.promotion,
        share,
    }
}
