//! Globs on paths, relative to the folder of the config that holds them.
//!
//! Does not walk. As in `.gitignore`, a glob without a slash is for a name at any depth, and one that names a folder
//! covers what is in it; `*` does not cross a slash. Invariant: a path outside the folder never matches.

use std::path::{Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::table::At;

/// A list of globs.
#[derive(Clone, Debug)]
pub struct Globs {
    folder: PathBuf,
    patterns: Vec<String>,
    set: GlobSet,
    /// What of each glob stands before its first special character, as whole path components.
    stems: Vec<PathBuf>,
}

impl Globs {
    /// Compiles `patterns` for paths below `folder`; `bad` is told of each that is not a glob, and why.
    #[must_use]
    pub fn new(folder: &Path, patterns: &[At<String>], mut bad: impl FnMut(&At<String>, &str)) -> Self {
        let mut set = GlobSetBuilder::new();
        let mut stems = Vec::new();
        for pattern in patterns {
            match compile(&pattern.value) {
                Ok((itself, inside, stem)) => {
                    set.add(itself).add(inside);
                    stems.push(stem);
                }
                Err(why) => bad(pattern, &why),
            }
        }
        let set = set.build().unwrap_or_else(|error| {
            // Every glob was compiled alone before, so only their sum can be too large.
            if let Some(last) = patterns.last() {
                bad(last, &error.kind().to_string());
            }
            GlobSet::empty()
        });
        let patterns = patterns.iter().map(|pattern| pattern.value.clone()).collect();
        Self { folder: folder.to_owned(), patterns, set, stems }
    }

    /// As they were written.
    #[must_use]
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Whether one of them is for this absolute path, or for a folder that it lies in.
    #[must_use]
    pub fn matches(&self, path: &Path) -> bool {
        path.strip_prefix(&self.folder).is_ok_and(|below| self.set.is_match(below))
    }

    /// The paths that they name, where each names one file or folder letter by letter.
    #[must_use]
    pub fn literal(&self) -> Option<Vec<PathBuf>> {
        let path = |pattern: &String| {
            let rooted = pattern.trim_end_matches('/').contains('/');
            let trimmed = pattern.trim_start_matches("./").trim_matches('/');
            (rooted && !trimmed.contains(SPECIAL)).then(|| self.folder.join(trimmed))
        };
        self.patterns.iter().map(path).collect()
    }

    /// Whether one of them names this folder, or something in it, letter by letter: so a hidden folder is only
    /// entered where a glob spells its name.
    #[must_use]
    pub fn spell(&self, folder: &Path) -> bool {
        let Ok(below) = folder.strip_prefix(&self.folder) else { return false };
        self.stems.iter().any(|stem| stem.starts_with(below)) || self.matches(folder) && self.spells_parent(below)
    }

    fn spells_parent(&self, below: &Path) -> bool {
        self.stems.iter().any(|stem| !stem.as_os_str().is_empty() && below.starts_with(stem))
    }
}

fn compile(pattern: &str) -> Result<(Glob, Glob, PathBuf), String> {
    if pattern.starts_with('!') {
        return Err("a glob cannot be turned round with `!`".to_owned());
    }
    let trimmed = pattern.trim_start_matches("./").trim_matches('/');
    if trimmed.is_empty() {
        return Err("it is empty".to_owned());
    }
    let rooted = trimmed.contains('/') || pattern.starts_with('/');
    let itself = if rooted { trimmed.to_owned() } else { format!("**/{trimmed}") };
    let glob = |text: &str| {
        GlobBuilder::new(text).literal_separator(true).build().map_err(|error| error.kind().to_string())
    };
    let inside = glob(&format!("{itself}/**"))?;
    let stem = if rooted || !trimmed.contains(SPECIAL) { stem(trimmed) } else { PathBuf::new() };
    Ok((glob(&itself)?, inside, stem))
}

const SPECIAL: [char; 5] = ['*', '?', '[', '{', '\\'];

fn stem(pattern: &str) -> PathBuf {
    pattern.split('/').take_while(|component| !component.contains(SPECIAL)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn globs(patterns: &[&str]) -> (Globs, Vec<String>) {
        let patterns: Vec<_> =
            patterns.iter().map(|one| At { value: (*one).to_owned(), span: Span::default() }).collect();
        let mut mistakes = Vec::new();
        let globs = Globs::new(Path::new("/home/me/posts"), &patterns, |pattern, why| {
            mistakes.push(format!("{}: {why}", pattern.value));
        });
        (globs, mistakes)
    }

    #[track_caller]
    fn check(pattern: &str, path: &str, expected: bool) {
        let (globs, mistakes) = globs(&[pattern]);
        assert_eq!(mistakes, [""; 0]);
        assert_eq!(globs.matches(Path::new(path)), expected, "{pattern} on {path}");
    }

    #[test]
    fn globs_are_read_as_in_gitignore() {
        check("*.txt", "/home/me/posts/a.txt", true);
        check("*.txt", "/home/me/posts/deep/er/a.txt", true);
        check("*.txt", "/home/me/a.txt", false);
        check("brand", "/home/me/posts/brand/a.md", true);
        check("brand/", "/home/me/posts/x/brand/y/a.md", true);
        check("/brand", "/home/me/posts/x/brand/a.md", false);
        check("./brand/*.md", "/home/me/posts/brand/a.md", true);
        check("brand/*.md", "/home/me/posts/brand/x/a.md", false);
        check("brand/**", "/home/me/posts/brand/x/a.md", true);
        check("**", "/home/me/posts/a", true);
    }

    #[test]
    fn what_is_no_glob_is_told_and_the_others_hold() {
        let (globs, mistakes) = globs(&["[", "!x", "", "a.md"]);
        assert_eq!(mistakes.len(), 3, "{mistakes:?}");
        assert!(globs.matches(Path::new("/home/me/posts/a.md")));
    }

    #[test]
    fn a_hidden_folder_is_spelled_only_letter_by_letter() {
        let spells = |pattern: &str, folder: &str| globs(&[pattern]).0.spell(Path::new(folder));
        assert!(spells(".queue/**", "/home/me/posts/.queue"));
        assert!(spells(".queue/**", "/home/me/posts/.queue/.deep"));
        assert!(spells("x/.queue/*.md", "/home/me/posts/x/.queue"));
        assert!(spells(".queue", "/home/me/posts/.queue"));
        assert!(!spells("**", "/home/me/posts/.git"));
        assert!(!spells("*.md", "/home/me/posts/.git"));
        assert!(!spells("x/**", "/home/me/posts/.git"));
    }
}
