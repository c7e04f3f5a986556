//! A stretch of posts with nobody else in it.
//!
//! Invariant: the longest stretch is told, once.

use super::{Finder, Found, number};

pub(super) fn find(finder: &Finder<'_>, posts: usize, found: &mut Vec<Found>) {
    let alone: Vec<usize> = (0..finder.seats.len()).filter(|&seat| !finder.seats[seat].talks).collect();
    let stretches = alone.chunk_by(|a, b| a + 1 == *b).filter(|stretch| finder.is_open(stretch));
    // The first of those that are as long.
    let longest = stretches.reduce(|longest, next| if next.len() > longest.len() { next } else { longest });
    let Some(longest) = longest.filter(|longest| longest.len() >= posts.max(1)) else { return };
    let asks = longest.iter().any(|&seat| finder.seats[seat].asks);
    found.push(Found {
        second: !asks,
        among: longest.len(),
        ..finder.found(finder.rule.level, number(longest.len()), number(posts.saturating_sub(1)), longest.to_vec())
    });
}
