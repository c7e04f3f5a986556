//! Rule files on disk: which there are at a path, and their text.
//!
//! Compiles nothing. Invariant: the files of a folder stand in the order of their names.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::Files;
use super::read::{near_file, unreadable};
use crate::config::MAX_FILE_SIZE;
use crate::diagnostic::Diagnostic;
use crate::text::Source;

/// The rule files at a path: itself, or the `.toml` files of a folder and those below it, in the order of their
/// names; each with the name it is shown by.
///
/// # Errors
/// When there is nothing there, or it cannot be read.
pub(super) fn rule_files(
    files: &Files,
    path: &Path,
    shown: &str,
) -> Result<Vec<(PathBuf, String)>, Box<Diagnostic>> {
    if files.is_folder(path) {
        let found = files.below(path, "toml").map_err(|error| unreadable(shown, &error))?;
        if found.is_empty() {
            let message = "a folder without rule files";
            let diagnostic = Diagnostic::error("input/no-rules", message).about(shown);
            return Err(Box::new(diagnostic.note("looked for .toml files")));
        }
        let shown = |below: &Path| Path::new(shown).join(below).display().to_string();
        return Ok(found.into_iter().map(|below| (path.join(&below), shown(&below))).collect());
    }
    if files.is_file(path) {
        return Ok(vec![(path.to_owned(), shown.to_owned())]);
    }
    match fs::metadata(path) {
        Ok(_) => Err(Box::new(Diagnostic::error("input/not-a-file", "neither a file nor a folder").about(shown))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let missing = Diagnostic::error("input/missing", "no such rule file or folder").about(shown);
            Err(Box::new(missing.meant(near_file(path, shown))))
        }
        Err(error) => Err(unreadable(shown, &error)),
    }
}

/// Reads rule files; what cannot be read is told.
pub(super) fn read_rule_files(files: &Files, paths: &[(PathBuf, String)]) -> (Vec<Arc<Source>>, Vec<Diagnostic>) {
    let (mut sources, mut mistakes) = (Vec::new(), Vec::new());
    for (path, shown) in paths {
        match files.read(path, shown, MAX_FILE_SIZE) {
            Ok(source) => {
                mistakes.extend(files.unstaged(path, shown, &source));
                sources.push(Arc::new(source));
            }
            Err(mistake) => mistakes.push(*mistake),
        }
    }
    (sources, mistakes)
}
