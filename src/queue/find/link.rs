//! The same own link again, and more own links than of others.
//!
//! Invariant: a link counts once a post.

use super::duplicate::crowded;
use super::similar::spoken;
use super::{Finder, Found, number};
use crate::lint::{Turn, TurnLink};
use crate::rule::QueueKind;

pub(super) fn find(finder: &Finder<'_>, kind: &QueueKind, found: &mut Vec<Found>) {
    let QueueKind::Link { repeats, among, links, own, .. } = kind else { return };
    same(finder, usize::from(*repeats), usize::from(*among), found);
    let most = finder.room.budget.own_links.unwrap_or(*own);
    share(finder, usize::from(*among), usize::from(*links), most, found);
}

/// The links of a post, each address once, with its number among all of them.
pub(super) fn links(turn: &Turn) -> impl Iterator<Item = (usize, &TurnLink)> {
    let first = |&(at, link): &(usize, &TurnLink)| !turn.links[..at].iter().any(|one| one.address == link.address);
    turn.links.iter().enumerate().filter(first)
}

fn same(finder: &Finder<'_>, repeats: usize, among: usize, found: &mut Vec<Found>) {
    finder.room.said.own_links.each(finder.seats.iter().map(spoken), |address, seats| {
        for group in crowded(seats, repeats, among).into_iter().filter(|group| finder.is_open(group)) {
            let link = |member: usize| {
                finder.room.members.get(member)?.turn.links.iter().position(|link| link.address == address)
            };
            let about = finder.about_last(&group, link);
            let count = number(group.len());
            found.push(Found {
                among,
                about,
                ..finder.found(finder.rule.level, count, number(repeats - 1), group)
            });
        }
    });
}

/// The window of posts with the greatest share of own links.
fn share(finder: &Finder<'_>, among: usize, least: usize, most: f64, found: &mut Vec<Found>) {
    let count =
        |seat| spoken(seat).and_then(|member| finder.room.said.links.get(member)).copied().unwrap_or_default();
    let counts: Vec<(usize, usize)> = finder.seats.iter().map(count).collect();
    let posts = among.min(counts.len());
    if posts == 0 {
        return;
    }
    let mut worst: Option<(f64, usize, usize, usize)> = None;
    let (mut all, mut own) = (0, 0);
    for (last, here) in counts.iter().enumerate() {
        (all, own) = (all + here.0, own + here.1);
        let Some(first) = (last + 1).checked_sub(posts) else { continue };
        let share = number(own) / number(all.max(1));
        let open = || (first..first + posts).any(|seat| counts[seat].1 > 0 && !finder.seats[seat].history);
        if all >= least && share > most && worst.is_none_or(|(greatest, ..)| share > greatest) && open() {
            worst = Some((share, first, all, own));
        }
        (all, own) = (all - counts[first].0, own - counts[first].1);
    }
    let Some((share, first, all, own)) = worst else { return };
    let seats = (first..first + posts).filter(|&seat| counts[seat].1 > 0).collect();
    found.push(Found {
        second: true,
        count: number(own),
        among: all,
        ..finder.found(finder.rule.level, share, most, seats)
    });
}
