//! What is staged: every file that git tracks, as the next commit would hold it.
//!
//! Chooses nothing. Invariant: a path is found by the name under which git tracks it, also where symlinks lead there.

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::blobs::Blobs;
use super::change::{Before, Change};
use super::diff::{Kind, kind_of_mode};
use super::{Repository, path};
use crate::cli::configs::absolute;
use crate::diagnostic::Diagnostic;

/// So many symlinks are followed one after the other.
const MOST_LINKS: usize = 8;
/// A symlink with more bytes leads nowhere.
const LONGEST_LINK: u64 = 4096;

/// The files that git tracks.
#[derive(Debug)]
pub(in crate::cli) struct Index {
    top: PathBuf,
    /// From the top.
    entries: BTreeMap<PathBuf, Entry>,
    blobs: Arc<Blobs>,
}

/// A file that git tracks.
#[derive(Debug)]
pub(in crate::cli) struct Entry {
    pub(in crate::cli) kind: Kind,
    pub(in crate::cli) blob: String,
}

impl Index {
    /// That of a repository; files over which a merge has not been settled are not in it.
    ///
    /// # Errors
    /// When git fails.
    pub(super) fn of(repository: &Repository, blobs: &Arc<Blobs>) -> Result<Self, Box<Diagnostic>> {
        let list = repository.git(["ls-files", "--stage", "-z", "--full-name"])?;
        Ok(Self { top: repository.top.clone(), entries: read_list(&list), blobs: Arc::clone(blobs) })
    }

    /// What is staged of a path, with symlinks followed.
    pub(in crate::cli) fn find(&self, absolute: &Path) -> Option<&Entry> {
        self.follow(absolute).or_else(|| {
            // A symlink that git does not track, or a folder that is one, leads to what it may track.
            let real = absolute.canonicalize().ok()?;
            let below = real.strip_prefix(self.top.canonicalize().ok()?).ok()?;
            self.follow(&self.top.join(below))
        })
    }

    /// All files below a folder, or below the top, with their absolute paths, in the order of these.
    pub(in crate::cli) fn below(&self, folder: &Path) -> impl Iterator<Item = (PathBuf, &Entry)> {
        let inside = folder.strip_prefix(&self.top).map(Path::to_owned);
        let inside = inside.or_else(|_| self.top.strip_prefix(folder).map(|_| PathBuf::new()));
        let entries = inside.ok().map(|inside| {
            let from = self.entries.range::<Path, _>((Bound::Excluded(&*inside), Bound::Unbounded));
            from.take_while(move |(path, _)| path.starts_with(&inside))
        });
        entries.into_iter().flatten().map(|(path, entry)| (self.top.join(path), entry))
    }

    /// The bytes of a file; none if there are more than `limit`.
    ///
    /// # Errors
    /// When git cannot be run, or has no such blob.
    pub(in crate::cli) fn read(&self, entry: &Entry, limit: u64) -> io::Result<Option<Vec<u8>>> {
        self.blobs.read(&entry.blob, limit)
    }

    /// A file of which nothing is new, to be read as it is staged.
    pub(in crate::cli) fn unchanged(&self, entry: &Entry) -> Change {
        let (blobs, staged) = (Arc::clone(&self.blobs), Some(entry.blob.clone()));
        Change { blobs, staged, before: Before::Same, added: None }
    }

    fn follow(&self, path: &Path) -> Option<&Entry> {
        let mut at = path.to_owned();
        for _ in 0..MOST_LINKS {
            let entry = self.entries.get(at.strip_prefix(&self.top).ok()?)?;
            if entry.kind != Kind::Symlink {
                return Some(entry);
            }
            let target = self.read(entry, LONGEST_LINK).ok()??;
            at = absolute(at.parent()?, &super::path(&target));
        }
        None
    }
}

/// Reads `git ls-files --stage -z`: `100644 BLOB 0`, a tab, a name, a NUL.
fn read_list(list: &[u8]) -> BTreeMap<PathBuf, Entry> {
    let entries = list.split(|&byte| byte == 0).filter_map(|line| {
        let tab = line.iter().position(|&byte| byte == b'\t')?;
        let (header, name) = line.split_at_checked(tab)?;
        let header = std::str::from_utf8(header).ok()?;
        let mut words = header.split(' ');
        let (mode, blob, stage) = (words.next()?, words.next()?, words.next()?);
        let entry = Entry { kind: kind_of_mode(mode), blob: blob.to_owned() };
        (stage == "0").then(|| (path(name.get(1..).unwrap_or_default()), entry))
    });
    entries.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_read_whatever_files_are_called() {
        let list = b"100644 a1 0\ta\tb\n.md\x00120000 b1 0\tlink\x00160000 c1 0\tmodule\x00100644 d1 1\tx.md\x00100755 d2 3\tx.md\0";
        let shown: Vec<_> = read_list(list)
            .into_iter()
            .map(|(path, entry)| (path.display().to_string(), entry.kind, entry.blob))
            .collect();
        let expected =
            [("a\tb\n.md", Kind::File, "a1"), ("link", Kind::Symlink, "b1"), ("module", Kind::Other, "c1")];
        let expected = expected.map(|(name, kind, blob)| (name.to_owned(), kind, blob.to_owned()));
        assert_eq!(shown, expected);
        assert!(read_list(b"").is_empty() && read_list(b"100644 a1 0 a.md").is_empty());
    }
}
