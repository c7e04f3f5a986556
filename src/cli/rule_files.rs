//! Rule files on disk: which there are at a path, and their text.
//!
//! Compiles nothing. Invariant: the files of a folder stand in the order of their names.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::read::{near_file, read_file, unreadable};
use crate::config::MAX_FILE_SIZE;
use crate::diagnostic::Diagnostic;
use crate::text::Source;

/// The rule files at a path: itself, or the `.toml` files of a folder and those below it, in the order of their
/// names; each with the name it is shown by.
///
/// # Errors
/// When there is nothing there, or it cannot be read.
pub(super) fn rule_files(path: &Path, shown: &str) -> Result<Vec<(PathBuf, String)>, Box<Diagnostic>> {
    let metadata = fs::metadata(path);
    if metadata.as_ref().is_ok_and(fs::Metadata::is_dir) {
        let mut files = Vec::new();
        collect(path, Path::new(shown), &mut files).map_err(|error| unreadable(shown, &error))?;
        files.sort();
        if files.is_empty() {
            let message = "a folder without rule files";
            let diagnostic = Diagnostic::error("input/no-rules", message).about(shown);
            return Err(Box::new(diagnostic.note("looked for .toml files")));
        }
        return Ok(files);
    }
    match metadata {
        Ok(metadata) if metadata.is_file() => Ok(vec![(path.to_owned(), shown.to_owned())]),
        Ok(_) => Err(Box::new(Diagnostic::error("input/not-a-file", "neither a file nor a folder").about(shown))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let missing = Diagnostic::error("input/missing", "no such rule file or folder").about(shown);
            Err(Box::new(match near_file(path, shown) {
                Some(near) => missing.help(format!("did you mean `{near}`?")),
                None => missing,
            }))
        }
        Err(error) => Err(unreadable(shown, &error)),
    }
}

fn collect(folder: &Path, shown: &Path, files: &mut Vec<(PathBuf, String)>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, shown, kind) = (entry.path(), shown.join(entry.file_name()), entry.file_type()?);
        // Symlinks are neither, so nothing outside of the folder is reached.
        if kind.is_dir() {
            collect(&path, &shown, files)?;
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "toml") {
            files.push((path, shown.display().to_string()));
        }
    }
    Ok(())
}

/// Reads rule files; what cannot be read is told.
pub(super) fn read_rule_files(files: &[(PathBuf, String)]) -> (Vec<Arc<Source>>, Vec<Diagnostic>) {
    let (mut sources, mut mistakes) = (Vec::new(), Vec::new());
    for (path, shown) in files {
        match read_file(path, shown, MAX_FILE_SIZE) {
            Ok(source) => sources.push(Arc::new(source)),
            Err(mistake) => mistakes.push(*mistake),
        }
    }
    (sources, mistakes)
}
