//! Where config, rule files, baselines and what is out are read from: the folder, or what of it is staged.
//!
//! Chooses nothing to read. Invariant: where what is staged counts, whatever git tracks is read as it is staged, and only
//! what it does not track as it lies in the folder.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::git::change::Change;
use super::git::diff::Kind;
use super::git::index::{Entry, Index};
use super::read::{posts_of, read_file, too_large, unreadable};
use crate::diagnostic::{Diagnostic, Level};
use crate::text::Source;

/// The files of the folder, or those that are staged over them, and which of them have been read. A clone shares the latter.
#[derive(Clone, Debug, Default)]
pub(super) struct Files(Option<Arc<Index>>, Arc<Mutex<BTreeSet<PathBuf>>>);

impl Files {
    /// What is staged, and what git does not track.
    pub(super) fn staged(index: Arc<Index>) -> Self {
        Self(Some(index), Arc::default())
    }

    /// Whether anything is called so.
    pub(super) fn holds(&self, path: &Path) -> bool {
        // Where even this fails, a folder above may not be entered, and nothing in it can have been meant.
        self.tracked(path).is_some() || path.symlink_metadata().is_ok()
    }

    /// Whether a path is a file, with symlinks followed.
    pub(super) fn is_file(&self, path: &Path) -> bool {
        match self.tracked(path) {
            Some((_, entry)) => entry.kind == Kind::File,
            None => path.is_file(),
        }
    }

    /// Whether a path is a folder, with symlinks followed.
    pub(super) fn is_folder(&self, path: &Path) -> bool {
        path.is_dir() || self.0.as_ref().is_some_and(|index| index.below(path).next().is_some())
    }

    /// A path with its symlinks followed.
    ///
    /// # Errors
    /// When there is nothing.
    pub(super) fn real(&self, path: &Path) -> io::Result<PathBuf> {
        path.canonicalize().or_else(|error| {
            // It is staged, and gone from the folder.
            let name = path.file_name().filter(|_| self.tracked(path).is_some()).ok_or(error)?;
            let folder = path.parent().unwrap_or(Path::new(""));
            Ok(folder.canonicalize().unwrap_or_else(|_| folder.to_owned()).join(name))
        })
    }

    /// Reads a text.
    ///
    /// # Errors
    /// When it cannot be read, is larger than `limit` bytes, or is no text.
    pub(super) fn read(&self, path: &Path, name: &str, limit: u64) -> Result<Source, Box<Diagnostic>> {
        self.note(path);
        let Some((index, entry)) = self.tracked(path) else { return read_file(path, name, limit) };
        match index.read(entry, limit) {
            Ok(Some(bytes)) => posts_of(&bytes, name, limit, None),
            Ok(None) => Err(too_large(name, limit)),
            Err(error) => Err(unreadable(name, &error)),
        }
    }

    /// Has it known that a file is read.
    pub(super) fn note(&self, path: &Path) {
        self.1.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
    }

    /// The files that have been read.
    pub(super) fn noted(&self) -> Vec<PathBuf> {
        self.1.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// All files with this ending below a folder, from there; symlinks are not followed.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub(super) fn below(&self, folder: &Path, ending: &str) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        if folder.is_dir() {
            collect(folder, &mut found)?;
        }
        let staged = self.0.iter().flat_map(|index| index.below(folder));
        found.extend(staged.filter(|(_, entry)| entry.kind == Kind::File).map(|(path, _)| path));
        let mut found: Vec<PathBuf> = found
            .into_iter()
            .filter(|path| path.extension().is_some_and(|extension| extension == ending))
            .filter_map(|path| path.strip_prefix(folder).map(Path::to_owned).ok())
            .collect();
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// What is to be said of a file that is read as it is staged while the folder holds something else.
    pub(super) fn unstaged(&self, path: &Path, name: &str, staged: &Source) -> Option<Diagnostic> {
        self.tracked(path)?;
        let held = Source::decode(name, fs::read(path).ok()?).ok()?;
        // Git may write other line ends into the folder than it holds.
        if held.text().lines().eq(staged.text().lines()) {
            return None;
        }
        let message = "read as it is staged, and the folder holds something else";
        let note = Diagnostic::new(Level::Note, "config/unstaged", message).about(name);
        Some(note.help("`git add` stages it"))
    }

    /// What is read in place of a file that git tracks; nothing of it is new.
    pub(super) fn change(&self, path: &Path) -> Option<Change> {
        let (index, entry) = self.tracked(path)?;
        Some(index.unchanged(entry))
    }

    fn tracked(&self, path: &Path) -> Option<(&Index, Entry<'_>)> {
        let index = self.0.as_deref()?;
        Some((index, index.find(path)?))
    }
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        // Symlinks are neither, so nothing outside of the folder is reached.
        if kind.is_dir() {
            collect(&entry.path(), found)?;
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
    Ok(())
}
