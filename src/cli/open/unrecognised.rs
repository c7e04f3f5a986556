//! Files that a walk came upon and that give no posts.
//!
//! Reads none. Invariant: a file counts as one without posts only where it was read to its end.

use std::path::Path;

use crate::cli::walk::Input;
use crate::diagnostic::{Diagnostic, Level};
use crate::document::{Format, UNRECOGNISED};

/// Why such a file is left out.
pub(in crate::cli) struct Unrecognised {
    /// What is told of that, if anything is: of data that may well be a queue, if only it could be read.
    pub(in crate::cli) told: Option<Box<Diagnostic>>,
    /// Whether it could not be read to its end, so that posts may well stand in it.
    pub(in crate::cli) unread: bool,
}

impl Unrecognised {
    /// What is made of the reason.
    pub(super) fn of(mut why: Box<Diagnostic>, input: &Input) -> Self {
        let program = is_program(&why, input);
        let unread = why.code != UNRECOGNISED && !program;
        // Lines of JSON are mostly the log of some program.
        let lines = input.format == Some(Format::Jsonl) && why.code != "input/too-large";
        let is_told = matches!(&*why.code, "input/json" | "input/yaml" | "input/too-large");
        if lines || !is_told || program {
            return Self { told: None, unread };
        }
        why.level = Level::Warning;
        let told =
            why.note("left out, for a walk cannot tell whether it is a queue; `include` in selfless.toml says so");
        Self { told: Some(Box::new(told)), unread }
    }
}

/// Whether a script is no data, as those of archives are, but some program.
fn is_program(why: &Diagnostic, input: &Input) -> bool {
    let ending = input.path.as_deref().and_then(Path::extension);
    why.code == "input/json" && ending.is_some_and(|ending| ending.eq_ignore_ascii_case("js"))
}
