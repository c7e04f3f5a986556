//! The same own link again, and more own links than of others.
//!
//! Invariant: a link counts once a post.

use std::collections::BTreeMap;

use super::duplicate::{about_last, crowded};
use super::{About, Finder, Found, number};
use crate::lint::TurnLink;
use crate::rule::QueueKind;

pub(super) fn find(finder: &Finder<'_>, kind: &QueueKind, found: &mut Vec<Found>) {
    let QueueKind::Link { repeats, among, links, own, .. } = kind else { return };
    same(finder, usize::from(*repeats), usize::from(*among), found);
    let most = finder.room.budget.own_links.unwrap_or(*own);
    share(finder, usize::from(*among), usize::from(*links), most, found);
}

/// The links of a seat, each address once: its number among the links of the member, and itself.
fn links<'a>(finder: &Finder<'a>, seat: usize) -> impl Iterator<Item = (usize, usize, &'a TurnLink)> + use<'a> {
    let member = finder.seats.get(seat).filter(|seat| !seat.mute).and_then(|seat| seat.member);
    let turn = member.and_then(|member| Some((member, &finder.room.members.get(member)?.turn)));
    turn.into_iter().flat_map(|(member, turn)| {
        let all = turn.links.iter().enumerate();
        let first =
            |&(at, link): &(usize, &TurnLink)| !turn.links[..at].iter().any(|one| one.address == link.address);
        all.filter(first).map(move |(at, link)| (member, at, link))
    })
}

fn same(finder: &Finder<'_>, repeats: usize, among: usize, found: &mut Vec<Found>) {
    let mut by_address: BTreeMap<&str, Vec<(usize, About)>> = BTreeMap::new();
    for seat in 0..finder.seats.len() {
        for (member, at, link) in links(finder, seat).filter(|(_, _, link)| link.own) {
            by_address.entry(&link.address).or_default().push((seat, (member, at)));
        }
    }
    for places in by_address.values() {
        let seats: Vec<usize> = places.iter().map(|(seat, _)| *seat).collect();
        for group in crowded(&seats, repeats, among).into_iter().filter(|group| finder.is_open(group)) {
            let about = about_last(places, &group);
            let count = number(group.len());
            found.push(Found {
                among,
                about,
                ..finder.found(finder.rule.level, count, number(repeats - 1), group)
            });
        }
    }
}

/// The window of posts with the greatest share of own links.
fn share(finder: &Finder<'_>, among: usize, least: usize, most: f64, found: &mut Vec<Found>) {
    let counts: Vec<(usize, usize)> = (0..finder.seats.len())
        .map(|seat| {
            links(finder, seat).fold((0, 0), |(all, own), (_, _, link)| (all + 1, own + usize::from(link.own)))
        })
        .collect();
    let posts = among.min(counts.len());
    if posts == 0 {
        return;
    }
    let mut worst: Option<(f64, usize, usize, usize)> = None;
    for (first, window) in counts.windows(posts).enumerate() {
        let (all, own) = window.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let share = number(own) / number(all.max(1));
        let open = || (first..first + posts).any(|seat| counts[seat].1 > 0 && !finder.seats[seat].history);
        if all >= least && share > most && worst.is_none_or(|(greatest, ..)| share > greatest) && open() {
            worst = Some((share, first, all, own));
        }
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
