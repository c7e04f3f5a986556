//! What changed between two states of a repository: files, and the lines added to them.
//!
//! Reads what git prints. Invariant: names of files come only from lists that end each with a NUL, and lines of a patch are
//! counted, so nothing that a draft says is taken for a mark of git.

use std::path::PathBuf;

use super::{Repository, path};
use crate::diagnostic::Diagnostic;

/// Between what is compared.
#[derive(Clone, Debug)]
pub(super) struct Compared {
    /// The commit it was; HEAD, or nothing where nothing is committed, if none.
    pub(super) before: Option<String>,
    /// Whether it is compared with what is staged, and not with the files.
    pub(super) staged: bool,
}

/// What a file is to git.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Kind {
    File,
    Symlink,
    Other,
}

impl From<std::fs::FileType> for Kind {
    fn from(kind: std::fs::FileType) -> Self {
        match (kind.is_symlink(), kind.is_file()) {
            (true, _) => Self::Symlink,
            (false, true) => Self::File,
            (false, false) => Self::Other,
        }
    }
}

/// What git calls a file by such a mode.
pub(super) fn kind_of_mode(mode: &str) -> Kind {
    match mode {
        "100644" | "100755" => Kind::File,
        "120000" => Kind::Symlink,
        _ => Kind::Other,
    }
}

/// A file that is not what it was; one that is gone is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Changed {
    /// From the top.
    pub(super) path: PathBuf,
    pub(super) kind: Kind,
    /// The blob that it was, under whatever name.
    pub(super) before: Option<String>,
    /// The blob that it is, where git holds it.
    pub(super) now: Option<String>,
    /// Whether it was another kind of thing before, so that all of it is new.
    pub(super) turned: bool,
    /// The lines that were added; none where all count as added.
    pub(super) added: Option<Lines>,
}

/// Lines of a file, counted from 1: first and last of each stretch.
pub(super) type Lines = Vec<(u32, u32)>;

/// Lists what changed; with `lines`, also where.
///
/// # Errors
/// When git fails.
pub(super) fn changes(
    repository: &Repository,
    compared: &Compared,
    lines: bool,
) -> Result<Vec<Changed>, Box<Diagnostic>> {
    let list = args(compared, &["--raw", "-z", "--no-abbrev", "--diff-filter=ACMRT"]);
    let mut changed = read_list(&repository.git(list)?);
    if lines {
        // A file that became another kind of thing would stand in the patch twice.
        let patch = args(compared, &["--patch", "--unified=0", "--diff-filter=ACMR"]);
        let mut added = read_patch(&repository.git(patch)?).into_iter();
        let mut texts: Vec<&mut Changed> =
            changed.iter_mut().filter(|changed| changed.kind != Kind::Other && !changed.turned).collect();
        // Where files changed between the two answers, all of every file counts.
        if added.len() == texts.len() {
            texts.iter_mut().for_each(|changed| changed.added = added.next().flatten());
        }
    }
    Ok(changed)
}

fn args<'a>(compared: &'a Compared, form: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["diff", "--no-relative", "--no-ext-diff", "--no-textconv", "--no-color", "--find-renames"];
    args.extend(["--ignore-submodules=all", "--submodule=short"]);
    args.extend(form);
    if compared.staged {
        args.push("--cached");
    }
    match &compared.before {
        Some(before) => args.push(before),
        None if compared.staged => {}
        None => args.push("HEAD"),
    }
    args.push("--");
    args
}

/// Reads `git diff --raw -z`: `:100644 100755 BLOB BLOB M`, and after a NUL a name, or two for what was renamed.
fn read_list(list: &[u8]) -> Vec<Changed> {
    let mut pieces = list.split(|&byte| byte == 0);
    let mut found = Vec::new();
    while let Some(header) = pieces.next().and_then(|piece| piece.strip_prefix(b":")) {
        let header = String::from_utf8_lossy(header).into_owned();
        let words: Vec<&str> = header.split(' ').collect();
        let &[_, mode, before, now, status] = words.as_slice() else { break };
        let Some(mut name) = pieces.next() else { break };
        if status.starts_with(['R', 'C']) {
            let Some(new) = pieces.next() else { break };
            name = new;
        }
        let blob = |name: &str| name.bytes().any(|byte| byte != b'0').then(|| name.to_owned());
        let kind = kind_of_mode(mode);
        let turned = status.starts_with('T');
        let before = blob(before).filter(|_| !turned);
        found.push(Changed { path: path(name), kind, before, now: blob(now), turned, added: None });
    }
    found
}

/// The lines that a patch without context adds, file by file; none for a file that git takes for no text.
fn read_patch(patch: &[u8]) -> Vec<Option<Lines>> {
    let mut files: Vec<Option<Lines>> = Vec::new();
    let (mut gone, mut added, mut at) = (0_u32, 0_u32, 0_u32);
    for line in patch.split(|&byte| byte == b'\n') {
        if gone > 0 || added > 0 {
            match line.first() {
                Some(b'-') => gone = gone.saturating_sub(1),
                Some(b'+') => {
                    if let Some(Some(lines)) = files.last_mut() {
                        add(lines, at);
                    }
                    (added, at) = (added.saturating_sub(1), at.saturating_add(1));
                }
                Some(b'\\') => {}
                _ => {
                    (gone, added) = (gone.saturating_sub(1), added.saturating_sub(1));
                    at = at.saturating_add(1);
                }
            }
        } else if line.starts_with(b"diff --git ") {
            files.push(Some(Vec::new()));
        } else if line.starts_with(b"Binary files ") {
            if let Some(last) = files.last_mut() {
                *last = None;
            }
        } else if let Some((old, first, new)) = read_hunk(line) {
            (gone, added, at) = (old, new, first);
        }
    }
    files
}

fn add(lines: &mut Lines, line: u32) {
    match lines.last_mut() {
        Some((_, last)) if last.saturating_add(1) == line => *last = line,
        _ => lines.push((line, line)),
    }
}

/// `@@ -3,2 +4,5 @@`: two lines gone, from line 4 on five added. One line has no number.
fn read_hunk(line: &[u8]) -> Option<(u32, u32, u32)> {
    let line = String::from_utf8_lossy(line.strip_prefix(b"@@ -")?).into_owned();
    let (old, rest) = line.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let range = |range: &str| -> Option<(u32, u32)> {
        match range.split_once(',') {
            Some((first, count)) => Some((first.parse().ok()?, count.parse().ok()?)),
            None => Some((range.parse().ok()?, 1)),
        }
    };
    let (first, count) = range(new)?;
    Some((range(old)?.1, first, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_whatever_files_are_called() {
        let list = b":000000 100644 0000 a1b2 A\0new \"x\"\n.md\0:100644 100644 a1 0000 M\0caf\xE9.md\0\
                     :100644 100755 c1 c2 R093\0old.md\0new.md\0:000000 160000 00 d1 A\0module\0\
                     :100644 120000 e1 e2 T\0link.md\0";
        let found = read_list(list);
        let shown: Vec<_> = found
            .iter()
            .map(|one| {
                (one.path.to_string_lossy().into_owned(), one.kind, one.before.as_deref(), one.now.as_deref())
            })
            .collect();
        let expected = [
            ("new \"x\"\n.md".to_owned(), Kind::File, None, Some("a1b2")),
            ("caf\u{FFFD}.md".to_owned(), Kind::File, Some("a1"), None),
            ("new.md".to_owned(), Kind::File, Some("c1"), Some("c2")),
            ("module".to_owned(), Kind::Other, None, Some("d1")),
            ("link.md".to_owned(), Kind::Symlink, None, Some("e2")),
        ];
        assert_eq!(shown, expected);
        assert!(read_list(b"").is_empty() && read_list(b":1 2").is_empty());
    }

    #[track_caller]
    fn check(patch: &str, expected: &[Option<&[(u32, u32)]>]) {
        let found = read_patch(patch.as_bytes());
        assert_eq!(found.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn added_lines_are_counted_and_not_guessed() {
        check("", &[]);
        // A draft may speak the language of patches.
        check(
            "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1,3 @@ x\n-diff --git a/b b/b\n+diff --git a/b b/b\n+@@ -1 +1 @@\n++++ b\n\
             \\ No newline at end of file\n@@ -9,2 +11 @@\n-a\n-b\n+c\n@@ -20,2 +21,0 @@\n-a\n-b\n",
            &[Some(&[(1, 3), (11, 11)])],
        );
        check(
            "diff --git a/a b/b\nsimilarity index 100%\nrename from a\nrename to b\n\
             diff --git a/p.md b/p.md\nBinary files a/p.md and b/p.md differ\n",
            &[Some(&[]), None],
        );
        // Context, as `diff.interHunkContext` asks for.
        check("diff --git a/a b/a\n@@ -1,3 +1,3 @@\n-a\n+b\n c\n-d\n+e\n", &[Some(&[(1, 1), (3, 3)])]);
    }
}
