//! What judging a source, or one post of it, comes to.
//!
//! Judges nothing. Invariant: the number of a seat is that of its report.

use super::Place;
use crate::cli::group::Unit;
use crate::diagnostic::Diagnostic;
use crate::emit::write_ahead;
use crate::lint::Turn;
use crate::queue::When;
use crate::report::{FileReport, Suppressed};

/// A source whose posts are judged.
#[derive(Default)]
pub(in crate::cli) struct Judged {
    pub(in crate::cli) report: FileReport,
    pub(in crate::cli) seats: Vec<Seat>,
    pub(in crate::cli) queued: bool,
    /// What config hides in posts that are not reported.
    pub(in crate::cli) suppressed: Vec<Suppressed>,
}

impl Judged {
    /// Nothing but what is told of a source.
    pub(in crate::cli) fn told(diagnostics: Vec<Diagnostic>) -> Self {
        Self { report: FileReport { diagnostics, ..FileReport::default() }, ..Self::default() }
    }

    /// Writes its posts, where they may be written before their turn.
    pub(in crate::cli) fn write_ahead(mut self, unit: &Unit<'_>) -> Self {
        if let Some(writer) = &unit.writer {
            self.report.posts.iter_mut().for_each(|post| write_ahead(&**writer, post));
        }
        self
    }

    /// What is hidden in the only post, reported or not.
    pub(super) fn hidden(&self) -> &[Suppressed] {
        self.report.posts.last().map_or(&self.suppressed, |report| &report.suppressed)
    }

    /// Adds what comes behind.
    pub(super) fn join(&mut self, next: Self) {
        let before = self.report.posts.len();
        let seat = |seat: Seat| Seat { reported: seat.reported.map(|number| before + number), ..seat };
        self.seats.extend(next.seats.into_iter().map(seat));
        join(&mut self.report.diagnostics, next.report.diagnostics);
        join(&mut self.report.posts, next.report.posts);
        join(&mut self.suppressed, next.suppressed);
    }
}

/// Most sources hold one post, whose report need not move.
fn join<T>(all: &mut Vec<T>, next: Vec<T>) {
    if all.is_empty() {
        *all = next;
    } else {
        all.extend(next);
    }
}

/// A judged post, for its queues.
pub(in crate::cli) struct Seat {
    pub(in crate::cli) places: Vec<Place>,
    pub(in crate::cli) turn: Turn,
    pub(in crate::cli) time: Option<When>,
    /// Its number in the report of its source; none for what only counts.
    pub(in crate::cli) reported: Option<usize>,
}
