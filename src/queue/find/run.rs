//! Promotional posts in a row, and too few others between two of them.
//!
//! Invariant: a run is as long as it can be.

use super::{Finder, Found, number};
use crate::diagnostic::Level;
use crate::rule::Thresholds;

pub(super) fn find(finder: &Finder<'_>, own: Thresholds, found: &mut Vec<Found>) {
    let thresholds = finder.room.budget.thresholds(finder.rule, own);
    let promoting = finder.promoting();
    for run in promoting.chunk_by(|a, b| a + 1 == *b).filter(|run| run.len() > 1 && finder.is_open(run)) {
        if let Some(level) = thresholds.level(number(run.len())) {
            let max = (thresholds.least() - 1.0).max(1.0);
            found.push(finder.found(level, number(run.len()), max, run.to_vec()));
        }
    }
    let gives = finder.room.budget.gives;
    let near = |a: &usize, b: &usize| (1..gives).contains(&(b - a - 1));
    for group in promoting.chunk_by(near).filter(|group| group.len() > 1 && finder.is_open(group)) {
        let fewest = group.windows(2).map(|pair| pair[1] - pair[0] - 1).min().unwrap_or(0);
        found.push(Found {
            second: true,
            count: number(fewest),
            ..finder.found(Level::Note, number(fewest), number(gives), group.to_vec())
        });
    }
}
