//! What is staged: every file that git tracks, as the next commit would hold it.
//!
//! Chooses nothing. Invariant: a path is found by the name under which git tracks it, also where symlinks lead there.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::blobs::Blobs;
use super::change::{Before, Change};
use super::diff::{Kind, kind_of_mode};
use super::{Repository, bytes, path};
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
    list: List,
    blobs: Arc<Blobs>,
}

/// A file that git tracks.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Entry<'i> {
    /// From the top, as git writes it.
    name: &'i [u8],
    pub(in crate::cli) kind: Kind,
    blob: &'i str,
}

impl Index {
    /// That of a repository; files over which a merge has not been settled are not in it.
    ///
    /// # Errors
    /// When git fails.
    pub(super) fn of(repository: &Repository, blobs: &Arc<Blobs>) -> Result<Self, Box<Diagnostic>> {
        let list = List::new(repository.git(["ls-files", "--stage", "-z", "--full-name"])?);
        Ok(Self { top: repository.top.clone(), list, blobs: Arc::clone(blobs) })
    }

    /// What is staged of a path, with symlinks followed.
    pub(in crate::cli) fn find(&self, absolute: &Path) -> Option<Entry<'_>> {
        self.follow(absolute).or_else(|| {
            // A symlink that git does not track, or a folder that is one, leads to what it may track.
            let real = absolute.canonicalize().ok()?;
            let below = real.strip_prefix(self.top.canonicalize().ok()?).ok()?;
            self.follow(&self.top.join(below))
        })
    }

    /// All files below a folder, with their absolute paths.
    pub(in crate::cli) fn below(&self, folder: &Path) -> impl Iterator<Item = (PathBuf, Entry<'_>)> {
        let inside = folder.strip_prefix(&self.top).map(|inside| bytes(inside).into_owned());
        let inside = inside.or_else(|_| self.top.strip_prefix(folder).map(|_| Vec::new()));
        let entries = inside.ok().map(|inside| self.list.below(inside));
        entries.into_iter().flatten().map(|entry| (self.top.join(path(entry.name)), entry))
    }

    /// The bytes of a file; none if there are more than `limit`.
    ///
    /// # Errors
    /// When git cannot be run, or has no such blob.
    pub(in crate::cli) fn read(&self, entry: Entry<'_>, limit: u64) -> io::Result<Option<Vec<u8>>> {
        self.blobs.read(entry.blob, limit)
    }

    /// A file of which nothing is new, to be read as it is staged.
    pub(in crate::cli) fn unchanged(&self, entry: Entry<'_>) -> Change {
        let (blobs, staged) = (Arc::clone(&self.blobs), Some(entry.blob.to_owned()));
        Change { blobs, staged, before: Before::Same, added: None }
    }

    fn follow(&self, from: &Path) -> Option<Entry<'_>> {
        let mut at = from.to_owned();
        for _ in 0..MOST_LINKS {
            let entry = self.list.find(&bytes(at.strip_prefix(&self.top).ok()?))?;
            if entry.kind != Kind::Symlink {
                return Some(entry);
            }
            let target = self.read(entry, LONGEST_LINK).ok()??;
            at = absolute(at.parent()?, &path(&target));
        }
        None
    }
}

/// What `git ls-files --stage -z` prints: `100644 BLOB 0`, a tab, a name, a NUL. In a large repository that is much, so it is
/// kept as it is, and read where it is asked for.
#[derive(Debug)]
struct List {
    text: Vec<u8>,
    /// Where each line stands that was read; by the bytes of their names, as git sorts them.
    lines: Vec<Range<usize>>,
}

impl List {
    fn new(text: Vec<u8>) -> Self {
        let mut at = 0;
        let lines = text.split(|&byte| byte == 0).map(|line| {
            let range = at..at + line.len();
            at = range.end + 1;
            range
        });
        let is_settled = |line: &Range<usize>| text.get(line.clone()).and_then(read).is_some();
        let lines = lines.filter(is_settled).collect();
        Self { text, lines }
    }

    fn entry(&self, line: &Range<usize>) -> Option<Entry<'_>> {
        read(self.text.get(line.clone())?)
    }

    /// The number of the first line whose name is not before this one.
    fn at(&self, name: &[u8]) -> usize {
        self.lines.partition_point(|line| self.entry(line).is_some_and(|entry| entry.name < name))
    }

    fn find(&self, name: &[u8]) -> Option<Entry<'_>> {
        self.lines.get(self.at(name)).and_then(|line| self.entry(line)).filter(|entry| entry.name == name)
    }

    fn below(&self, mut folder: Vec<u8>) -> impl Iterator<Item = Entry<'_>> {
        if !folder.is_empty() {
            folder.push(b'/');
        }
        let lines = self.lines.get(self.at(&folder)..).unwrap_or_default();
        lines.iter().filter_map(|line| self.entry(line)).take_while(move |entry| entry.name.starts_with(&folder))
    }
}

/// Reads a line; none where it is of a merge that is not settled.
fn read(line: &[u8]) -> Option<Entry<'_>> {
    let tab = line.iter().position(|&byte| byte == b'\t')?;
    let (header, name) = line.split_at_checked(tab)?;
    let mut words = std::str::from_utf8(header).ok()?.split(' ');
    let (mode, blob, stage) = (words.next()?, words.next()?, words.next()?);
    let entry = Entry { name: name.get(1..)?, kind: kind_of_mode(mode), blob };
    (stage == "0").then_some(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &[u8] =
        b"100644 a1 0\ta\tb\n.md\x00100644 a2 0\ta-b/x.md\x00100755 a3 0\ta/b/x.md\x00100644 a4 0\ta/\xe9.md\0\
                          120000 b1 0\tlink\x00160000 c1 0\tmodule\x00100644 d1 1\tx.md\x00100755 d2 3\tx.md\0";

    #[test]
    fn an_index_is_read_whatever_files_are_called() {
        let list = List::new(LIST.to_vec());
        let found = |name: &[u8]| list.find(name).map(|entry| (entry.kind, entry.blob));
        assert_eq!(found(b"a\tb\n.md"), Some((Kind::File, "a1")));
        assert_eq!(found(b"a/\xe9.md"), Some((Kind::File, "a4")));
        assert_eq!(found(b"link"), Some((Kind::Symlink, "b1")));
        assert_eq!(found(b"module"), Some((Kind::Other, "c1")));
        assert_eq!([&b"x.md"[..], b"a", b"", b"z"].map(found), [None; 4]);
        let nothing = List::new(Vec::new());
        assert!(nothing.find(b"a").is_none() && nothing.below(Vec::new()).next().is_none());
        assert!(List::new(b"100644 a1 0 a.md\0x".to_vec()).lines.is_empty());
    }

    #[test]
    fn what_lies_below_a_folder_is_that_alone() {
        let list = List::new(LIST.to_vec());
        let below = |folder: &[u8]| list.below(folder.to_vec()).map(|entry| entry.blob).collect::<Vec<_>>();
        assert_eq!(below(b"a"), ["a3", "a4"]);
        assert_eq!(below(b"a/b"), ["a3"]);
        assert_eq!(below(b""), ["a1", "a2", "a3", "a4", "b1", "c1"]);
        assert!(below(b"link").is_empty() && below(b"zz").is_empty());
    }
}
