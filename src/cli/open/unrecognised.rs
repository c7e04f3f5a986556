//! Files that a walk came upon and that give no posts.
//!
//! Reads none. Invariant: a file counts as one without posts only where it was read to its end.

use crate::cli::walk::{Input, is_program, left_out};
use crate::diagnostic::Diagnostic;
use crate::document::UNRECOGNISED;

/// Why such a file is left out.
pub(in crate::cli) struct Unrecognised {
    /// What is told of that, if anything is.
    pub(in crate::cli) told: Option<Box<Diagnostic>>,
    /// Whether it could not be read to its end, so that posts may well stand in it.
    pub(in crate::cli) unread: bool,
}

impl Unrecognised {
    /// What is made of the reason.
    pub(super) fn of(why: Box<Diagnostic>, input: &Input) -> Self {
        let unread = why.code != UNRECOGNISED && !is_program(&why, input);
        Self { told: left_out(why, input), unread }
    }
}
