//! Walks that leave out what ignore files name: `.ignore`, and those of git.
//!
//! Matches nothing itself. Invariant: no ignore file is opened that would keep a walk waiting, or take more memory than
//! all of those over a folder together may.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ignore::gitignore::gitconfig_excludes_path;
use ignore::{DirEntry, Walk, WalkBuilder};

use crate::diagnostic::Diagnostic;
use crate::document::size_words;

/// All ignore files over a folder together, in bytes: their patterns may take some hundred times as much.
const LARGEST: u64 = 256 << 10;

/// Kinds of ignore files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Ignore,
    Git,
    Exclude,
    Global,
}

/// The kinds that a walk goes without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Without([bool; 4]);

impl Without {
    fn has(self, kind: Kind) -> bool {
        self.0.get(kind as usize).copied().unwrap_or_default()
    }

    fn add(&mut self, kind: Kind) {
        self.0.iter_mut().skip(kind as usize).take(1).for_each(|without| *without = true);
    }
}

/// What a walk has seen of ignore files.
#[derive(Debug, Default)]
struct Seen {
    /// The bytes of those above the walk.
    above: u64,
    /// The bytes of those in a folder, where it has any.
    sizes: HashMap<PathBuf, u64>,
    /// Folders that are still to be walked, without some kinds.
    left: Vec<(PathBuf, Without)>,
    /// What is not read, and why.
    troubles: Vec<(PathBuf, Kind, String)>,
}

/// Walks a folder as ripgrep does, hidden files too, through those folders that `enters` lets it, and hands all of it on.
/// Returns what is wrong with ignore files: below such a one nothing is left out by any of its kind.
pub(super) fn walk(
    folder: &Path,
    enters: impl Fn(&DirEntry) -> bool + Clone + Send + Sync + 'static,
    mut take: impl FnMut(Result<DirEntry, ignore::Error>),
) -> Vec<Diagnostic> {
    let mut seen = Seen::default();
    let without = seen.begin(folder);
    seen.left.push((folder.to_owned(), without));
    let seen = Arc::new(Mutex::new(seen));
    let next = || locked(&seen).left.pop();
    while let Some((folder, without)) = next() {
        walker(&folder, without, enters.clone(), Arc::clone(&seen)).for_each(&mut take);
    }
    let mut troubles = std::mem::take(&mut locked(&seen).troubles);
    troubles.sort();
    troubles.dedup();
    troubles.iter().map(|(path, kind, why)| trouble(path, *kind, why)).collect()
}

fn locked(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    // What a panic left behind is still what was seen.
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn walker(
    folder: &Path,
    without: Without,
    enters: impl Fn(&DirEntry) -> bool + Send + Sync + 'static,
    seen: Arc<Mutex<Seen>>,
) -> Walk {
    WalkBuilder::new(folder)
        .hidden(false)
        .ignore(!without.has(Kind::Ignore))
        .git_ignore(!without.has(Kind::Git))
        .git_exclude(!without.has(Kind::Exclude))
        .git_global(!without.has(Kind::Global))
        .filter_entry(move |entry| {
            if entry.depth() == 0 || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
                return true;
            }
            enters(entry) && locked(&seen).admits(entry.path(), without)
        })
        .build()
}

impl Seen {
    /// What a walk of a folder goes without: it also reads what lies over the folder.
    fn begin(&mut self, folder: &Path) -> Without {
        let mut without = Without::default();
        if let Some(global) = gitconfig_excludes_path() {
            let (length, why) = refused(&global, 0);
            self.above += length;
            if let Some(why) = why {
                without.add(Kind::Global);
                self.troubles.push((global, Kind::Global, why));
            }
        }
        let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        for over in real.ancestors().skip(1) {
            let own = self.measure(over, self.above, &mut without);
            self.above += own;
        }
        self.measure(folder, self.above, &mut without);
        without
    }

    /// Whether a walk enters a folder; where it does not, another will, without what may not be read there.
    fn admits(&mut self, folder: &Path, without: Without) -> bool {
        let over = folder.ancestors().skip(1).filter_map(|over| self.sizes.get(over)).sum::<u64>();
        let mut wanted = without;
        self.measure(folder, self.above + over, &mut wanted);
        if wanted != without {
            self.left.push((folder.to_owned(), wanted));
        }
        wanted == without
    }

    /// The bytes of the ignore files in a folder; what may not be read is told, and its kind added.
    fn measure(&mut self, folder: &Path, over: u64, without: &mut Without) -> u64 {
        let mut own = 0;
        for (kind, name) in [(Kind::Ignore, ".ignore"), (Kind::Git, ".gitignore"), (Kind::Exclude, ".git")] {
            if without.has(kind) {
                continue;
            }
            let path = folder.join(name);
            let (path, (length, why)) = match kind {
                Kind::Exclude => match exclude(&path) {
                    Ok(None) => continue,
                    Ok(Some(path)) => (path.clone(), refused(&path, over + own)),
                    Err((path, why)) => (path, (0, Some(why))),
                },
                _ => (path.clone(), refused(&path, over + own)),
            };
            own += length;
            if let Some(why) = why {
                without.add(kind);
                self.troubles.push((path, kind, why));
            }
        }
        if own > 0 {
            self.sizes.insert(folder.to_owned(), own);
        }
        own
    }
}

/// How many bytes of a file would be read, or why it may not be.
fn refused(path: &Path, over: u64) -> (u64, Option<String>) {
    match fs::metadata(path) {
        // A folder, like what is not there, is passed over.
        Err(_) => (0, None),
        Ok(metadata) if metadata.is_dir() => (0, None),
        Ok(metadata) if !metadata.is_file() => (0, Some("not a file, so it is not read".to_owned())),
        Ok(metadata) if metadata.len() > LARGEST => (0, Some(format!("larger than {}", size_words(LARGEST)))),
        Ok(metadata) if metadata.len() + over > LARGEST => {
            (0, Some(format!("larger than {} together with those above it", size_words(LARGEST))))
        }
        Ok(metadata) => (metadata.len(), None),
    }
}

/// The file with what a repository leaves out, by way of the files that lead there in a worktree, as the walk will look for it.
fn exclude(git: &Path) -> Result<Option<PathBuf>, (PathBuf, String)> {
    let below = |folder: &Path| folder.join("info/exclude");
    let Ok(metadata) = fs::metadata(git) else { return Ok(None) };
    if !metadata.is_file() {
        return Ok(Some(below(git)));
    }
    let Some(folder) = first_line(git)?.and_then(|line| line.strip_prefix("gitdir: ").map(PathBuf::from)) else {
        return Ok(None);
    };
    Ok(first_line(&folder.join("commondir"))?.map(|line| match line.starts_with('.') {
        true => below(&folder.join(line)),
        false => below(Path::new(&line)),
    }))
}

/// The first line of a small file; none where there is none.
fn first_line(path: &Path) -> Result<Option<String>, (PathBuf, String)> {
    if let (_, Some(why)) = refused(path, 0) {
        return Err((path.to_owned(), why));
    }
    let line = |file: File| BufReader::new(file.take(LARGEST)).lines().next().transpose();
    Ok(File::open(path).and_then(line).unwrap_or(None))
}

fn trouble(path: &Path, kind: Kind, why: &str) -> Diagnostic {
    let path = path.strip_prefix(".").unwrap_or(path);
    let note = match kind {
        Kind::Ignore => "below it nothing is left out by a file called `.ignore`",
        Kind::Git => "below it nothing is left out by a file called `.gitignore`",
        Kind::Exclude => "below it nothing is left out by `.git/info/exclude`",
        Kind::Global => "nothing is left out by it",
    };
    Diagnostic::error("input/ignore-file", why).about(path.display().to_string()).note(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files that a walk comes upon, and where ignore files are wrong, from the folder.
    fn walked(folder: &Path) -> (Vec<String>, Vec<String>) {
        let shown = |path: &Path| path.strip_prefix(folder).unwrap_or(path).display().to_string();
        let mut found = Vec::new();
        let told = walk(
            folder,
            |entry| entry.file_name() != ".git",
            |entry| {
                let entry = entry.unwrap();
                if entry.file_type().is_some_and(|kind| kind.is_file()) && entry.path().extension().is_some() {
                    found.push(shown(entry.path()));
                }
            },
        );
        found.sort();
        (found, told.iter().map(|one| shown(Path::new(one.subject.as_deref().unwrap_or_default()))).collect())
    }

    #[track_caller]
    fn check(files: &[(&str, &str)], found: &[&str], told: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        assert_eq!(walked(folder.path()), (owned(found), owned(told)));
    }

    fn owned(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn what_is_too_large_counts_nowhere_below_it() {
        let drafts = [("a.md", ""), ("b.md", ""), ("sub/a.md", ""), ("sub/b.md", ""), ("sub/c/a.md", "")];
        let large = format!("b.md\n{}", "#\n".repeat(150 << 10));
        let half = format!("b.md\n{}", "#\n".repeat(75 << 10));
        let with = |more: &[(&'static str, &'static str)]| [&drafts[..], more].concat();
        let large: &'static str = large.leak();
        let half: &'static str = half.leak();
        check(&with(&[(".ignore", "a.md")]), &["b.md", "sub/b.md"], &[]);
        check(
            &with(&[(".ignore", "a.md"), ("sub/.ignore", large)]),
            &["b.md", "sub/a.md", "sub/b.md", "sub/c/a.md"],
            &["sub/.ignore"],
        );
        check(
            &with(&[(".ignore", large), (".git/x", ""), (".gitignore", "a.md")]),
            &["b.md", "sub/b.md"],
            &[".ignore"],
        );
        check(&with(&[(".ignore", half)]), &["a.md", "sub/a.md", "sub/c/a.md"], &[]);
        check(
            &with(&[(".ignore", half), ("sub/c/.ignore", half)]),
            &["a.md", "sub/a.md", "sub/c/a.md"],
            &["sub/c/.ignore"],
        );
        check(
            &with(&[(".git/info/exclude", large), (".gitignore", "a.md")]),
            &["b.md", "sub/b.md"],
            &[".git/info/exclude"],
        );
        // A worktree says elsewhere what is left out.
        check(&with(&[(".git", large), (".ignore", "a.md")]), &["b.md", "sub/b.md"], &[".git"]);
    }
}
