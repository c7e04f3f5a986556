//! Wildcards in arguments, where the shell leaves them to the program: on Windows.
//!
//! Reads folders, and no files. Invariant: an argument that names something, or matches nothing, stays as it is.

use std::fs;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

/// The arguments with the files and folders that their wildcards match, in the order of their names. `*` and `?` stand
/// for anything within a name; a name that begins with a dot is only matched by a dot.
pub(super) fn expanded(arguments: &[PathBuf]) -> Vec<PathBuf> {
    arguments.iter().flat_map(|argument| matches(argument).unwrap_or_else(|| vec![argument.clone()])).collect()
}

/// None for what is no pattern, or matches nothing.
fn matches(argument: &Path) -> Option<Vec<PathBuf>> {
    let wild = |text: &str| text.contains(['*', '?']);
    if !wild(argument.to_str()?) || argument.symlink_metadata().is_ok() {
        return None;
    }
    let mut found = vec![PathBuf::new()];
    for step in argument.components() {
        match step {
            Component::Normal(name) if wild(name.to_str()?) => {
                let name = name.to_str()?;
                let hidden = name.starts_with('.');
                let glob = GlobBuilder::new(&escaped(name))
                    .case_insensitive(cfg!(windows))
                    .build()
                    .ok()?
                    .compile_matcher();
                found = found.iter().flat_map(|folder| inside(folder, &glob, hidden)).collect();
            }
            other => {
                found.iter_mut().for_each(|path| path.push(other));
                found.retain(|path| path.as_os_str().is_empty() || path.symlink_metadata().is_ok());
            }
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Only `*` and `?` mean something in an argument; the others may stand in names.
fn escaped(name: &str) -> String {
    let mut pattern = String::with_capacity(name.len());
    for next in name.chars() {
        match next {
            '[' | ']' | '{' | '}' => pattern.extend(['[', next, ']']),
            other => pattern.push(other),
        }
    }
    pattern
}

fn inside(folder: &Path, glob: &GlobMatcher, hidden: bool) -> Vec<PathBuf> {
    let read = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(read).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.file_name())
        .filter(|name| glob.is_match(name) && (hidden || !name.to_string_lossy().starts_with('.')))
        .collect();
    names.sort();
    names.into_iter().map(|name| folder.join(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_what_it_matches() {
        let root = tempfile::tempdir().unwrap();
        for path in ["a.md", "b.md", ".c.md", "d.txt", "one/e.md", "one/f [1].md", "two/e.md"] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let check = |pattern: &str, expected: &[&str]| {
            let found = expanded(&[root.path().join(pattern)]);
            let expected: Vec<PathBuf> = expected.iter().map(|name| root.path().join(name)).collect();
            assert_eq!(found, expected, "{pattern}");
        };
        check("*.md", &["a.md", "b.md"]);
        check("?.md", &["a.md", "b.md"]);
        check(".*.md", &[".c.md"]);
        check("*/e.md", &["one/e.md", "two/e.md"]);
        check("o*/*.md", &["one/e.md", "one/f [1].md"]);
        check("one/f [1]*", &["one/f [1].md"]);
        check("*o*", &["one", "two"]);
        check("*.csv", &["*.csv"]);
        check("three/*.md", &["three/*.md"]);
        check("a.md", &["a.md"]);
        assert_eq!(expanded(&[PathBuf::from("-")]), [PathBuf::from("-")]);
    }
}
