//! The config files that lie beneath one that extends them.
//!
//! Reads them by what it is handed. Invariant: nothing outside of the project is read, no file stands twice among the
//! layers of one that extends it, and a file stands above all that it extends.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::configs::absolute;
use super::files::Files;
use super::read::near_file;
use crate::config::{ConfigFile, PathSetting};
use crate::diagnostic::Diagnostic;

/// How many files may stand above one that is extended.
const DEEPEST: usize = 8;

/// Reads the file at a path: none where it cannot be read, which is told.
type Read<'a> = dyn FnMut(&Path) -> Option<Arc<ConfigFile>> + 'a;

/// A config file at a path and those that it extends, the nearest first, and what is wrong with that. `project` is the
/// folder in which they must lie, beside where files are read from.
pub(super) fn with_extended(
    file: Arc<ConfigFile>,
    path: &Path,
    (project, files): (&Path, &Files),
    read: &mut Read<'_>,
) -> (Vec<Arc<ConfigFile>>, Vec<Diagnostic>) {
    if file.extends.is_empty() {
        return (vec![file], Vec::new());
    }
    let mut extends = Extends {
        project: real(files, project),
        files,
        read,
        above: Vec::new(),
        seen: HashSet::new(),
        found: Vec::new(),
        mistakes: Vec::new(),
    };
    extends.visit(file, real(files, path));
    extends.found.reverse();
    (extends.found, extends.mistakes)
}

/// A path with its symlinks followed, where it leads anywhere.
fn real(files: &Files, path: &Path) -> PathBuf {
    files.real(path).unwrap_or_else(|_| path.to_owned())
}

struct Extends<'a, 'b> {
    project: PathBuf,
    files: &'a Files,
    read: &'a mut Read<'b>,
    /// The files that lead to the one that is looked at.
    above: Vec<PathBuf>,
    seen: HashSet<PathBuf>,
    /// The farthest first.
    found: Vec<Arc<ConfigFile>>,
    mistakes: Vec<Diagnostic>,
}

impl Extends<'_, '_> {
    /// Adds what a file extends, and then itself.
    fn visit(&mut self, file: Arc<ConfigFile>, path: PathBuf) {
        self.seen.insert(path.clone());
        self.above.push(path);
        for extended in &file.extends {
            match self.check(extended) {
                Err(mistake) => self.mistakes.push(*mistake),
                Ok(path) if self.seen.contains(&path) => {}
                Ok(path) => {
                    if let Some(file) = (self.read)(&extended.path) {
                        self.visit(file, path);
                    }
                }
            }
        }
        self.above.pop();
        self.found.push(file);
    }

    /// The path of an extended file with its symlinks followed.
    fn check(&self, extended: &PathSetting) -> Result<PathBuf, Box<Diagnostic>> {
        let written = &extended.written;
        let wrong = |kind: &str, message: &str| {
            Diagnostic::error(format!("config/{kind}"), message).label(&written.source, written.span, "")
        };
        let outside = || {
            let mistake = wrong("extends-outside", "extends a file outside of the project");
            Err(Box::new(
                mistake.note("a config extends only what lies in its repository, or below the outermost config"),
            ))
        };
        let Ok(path) = self.files.real(&extended.path) else {
            if !self.is_below(&extended.path) {
                return outside();
            }
            let missing = wrong("extends-missing", "extends a file that is not there");
            return Err(Box::new(missing.meant(near_file(&extended.path, &written.value))));
        };
        if !path.starts_with(&self.project) {
            return outside();
        }
        if !self.files.is_file(&extended.path) {
            return Err(Box::new(wrong("extends-missing", "extends what is not a file")));
        }
        if self.above.contains(&path) {
            let message = match self.above.last() {
                Some(last) if *last == path => "a config that extends itself",
                _ => "a config that extends itself by way of others",
            };
            return Err(Box::new(wrong("extends-cycle", message)));
        }
        if self.above.len() > DEEPEST {
            let message = format!("more than {DEEPEST} configs that extend one another");
            return Err(Box::new(wrong("extends-depth", &message)));
        }
        Ok(path)
    }

    /// Whether the folder of a file that is not there lies in the project: what is not there elsewhere is not told.
    fn is_below(&self, path: &Path) -> bool {
        let path = absolute(Path::new(""), path);
        let folder = path.ancestors().skip(1).find_map(|folder| folder.canonicalize().ok());
        folder.is_some_and(|folder| folder.starts_with(&self.project))
    }
}
