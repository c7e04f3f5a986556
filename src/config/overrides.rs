//! `[[overrides]]`: what holds for some files alone.
//!
//! Looks at paths, not at drafts. Invariant: an override without a file that it is for sets nothing.

use std::path::Path;
use std::sync::Arc;

use super::file::read_globs;
use super::layer::Folders;
use super::{Globs, OverrideTable, Setting};
use crate::table::{Reader, Table};

/// One `[[overrides]]`.
#[derive(Clone, Debug)]
pub struct Override {
    /// What it is for; none only where the file forgot it, which is reported.
    pub files: Option<Setting<Arc<Globs>>>,
    /// What it sets.
    pub sets: OverrideTable,
}

impl Override {
    /// Whether it is for the file at an absolute path.
    #[must_use]
    pub fn is_for(&self, path: &Path) -> bool {
        self.files.as_ref().is_some_and(|files| files.value.matches(path))
    }
}

pub(super) fn read(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    folders: Folders<'_>,
) -> Vec<Override> {
    let mut overrides = Vec::new();
    for mut table in table.tables(reader, key) {
        if !table.has("files") {
            let span = table.span();
            reader.report("missing-key", "an override without `files`", span).help =
                Some("name the drafts that it is for: files = [\"shop/**\"]".into());
        }
        let files = read_globs(reader, &mut table, "files", folders);
        let sets = OverrideTable::read(reader, &mut table, folders);
        table.finish(reader, "[[overrides]]");
        overrides.push(Override { files, sets });
    }
    overrides
}
