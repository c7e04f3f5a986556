//! The entries `[[ignore]]` that are for a file, as `selfless config` shows them.
//!
//! Invariant: a row an entry, in the order in which they come into force.

use std::path::Path;
use std::sync::Arc;

use super::{By, Row};
use crate::cli::setup::Setup;

pub(super) fn rows(setup: &Setup, path: Option<&Path>) -> Vec<Row> {
    let entries = setup.origin.settings.ignores.iter();
    // Of a folder, all that its config holds.
    let own = entries.filter(|one| path.is_none() || one.is_for(path));
    own.map(|one| Row::new(&["ignore"], one.show(), By::Config(Arc::clone(&one.source), one.span))).collect()
}
