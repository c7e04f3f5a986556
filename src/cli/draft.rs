//! Whether a file that a walk came upon is a draft.
//!
//! Touches no file. Invariant: config's `exclude` beats its `include`, and both beat the name.

use std::path::Path;
use std::sync::Arc;

use super::configs;
use super::git::diff::Kind;
use crate::config::{ConfigFile, Globs};

/// What a walk looks for, in words.
pub(super) const LOOKED_FOR: &str = "files ending in .md, .markdown, .mdx, .txt, .tweet or .toot, and .csv, .tsv, .json, .jsonl, .yaml, .yml and .js \
     files that hold posts, none of them hidden, ignored by git, or a paper of a project (README, LICENSE and the like)";

const EXTENSIONS: [&str; 6] = ["md", "markdown", "mdx", "txt", "tweet", "toot"];

/// Endings of files that may hold posts or anything else; only reading them tells.
const DATA: [&str; 9] = ["csv", "tsv", "tab", "json", "jsonl", "ndjson", "yaml", "yml", "js"];

/// Papers of a project, whatever follows their names (`README-de`, `LICENSE_MIT`).
const PAPERS: [&str; 2] = ["readme", "license"];

/// Papers of a project by their whole names, for a draft may well be called `security-for-beginners.md`.
const PAPERS_EXACTLY: [&str; 4] = ["changelog", "contributing", "security", "code_of_conduct"];

/// What a baseline is called that nobody gave a name.
pub(super) const BASELINE: &str = "selfless-baseline.txt";

/// Why a file is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// It was named.
    Named,
    /// Its name is that of a draft.
    Found,
    /// Its name is that of data, which may be posts.
    Data,
    /// Config includes it.
    Included,
}

/// Why a file is checked, or else why it is not; none for what does not look like a draft at all.
pub(super) fn choose(
    absolute: &Path,
    kind: Kind,
    layers: &[Arc<ConfigFile>],
) -> Option<Result<Reason, &'static str>> {
    let included = include(layers).is_some_and(|globs| globs.matches(absolute));
    let name = absolute.file_name().unwrap_or_default().to_string_lossy();
    let extension = absolute.extension().unwrap_or_default().to_string_lossy();
    let is_one_of = |known: &[&str]| known.iter().any(|known| extension.eq_ignore_ascii_case(known));
    let data = is_one_of(&DATA);
    if !included && !data && !is_one_of(&EXTENSIONS) {
        return None;
    }
    let lonely = kind != Kind::File || name.starts_with('.');
    if data && !included && lonely {
        // Whether it holds posts is not known, so there is nothing to say of it.
        return None;
    }
    Some(if is_excluded(absolute, layers) {
        Err("excluded by selfless.toml")
    } else if is_baseline(absolute, &name, layers) {
        Err("a baseline")
    } else if kind == Kind::Symlink {
        Err("a symlink")
    } else if kind != Kind::File {
        Err("not a file")
    } else if included {
        Ok(Reason::Included)
    } else if name.starts_with('.') {
        Err("hidden")
    } else if is_paper(&name.to_lowercase()) {
        Err("not a draft by its name")
    } else if data {
        Ok(Reason::Data)
    } else {
        Ok(Reason::Found)
    })
}

/// Whether a walk enters a folder.
pub(super) fn enters(absolute: &Path, layers: &[Arc<ConfigFile>]) -> bool {
    let name = absolute.file_name().unwrap_or_default().to_string_lossy();
    let spelled = || include(layers).is_some_and(|globs| globs.spell(absolute));
    (!name.starts_with('.') || spelled()) && !is_excluded(absolute, layers)
}

/// Whether config excludes a file or folder.
pub(super) fn is_excluded(absolute: &Path, layers: &[Arc<ConfigFile>]) -> bool {
    let nearest = layers.iter().find_map(|layer| layer.settings.exclude.as_ref());
    nearest.is_some_and(|globs| globs.value.matches(absolute))
}

/// Whether a file is the baseline of its folder, by its name or by config.
fn is_baseline(absolute: &Path, name: &str, layers: &[Arc<ConfigFile>]) -> bool {
    let set = layers.iter().find_map(|layer| layer.settings.baseline.as_ref());
    name == BASELINE || set.is_some_and(|set| configs::absolute(Path::new(""), &set.value.path) == absolute)
}

fn include(layers: &[Arc<ConfigFile>]) -> Option<&Globs> {
    layers.iter().find_map(|layer| layer.settings.include.as_ref()).map(|globs| &*globs.value)
}

/// `name` in lower case.
fn is_paper(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    PAPERS.iter().any(|paper| stem.starts_with(paper))
        || PAPERS_EXACTLY.contains(&stem)
        || name == "robots.txt"
        || name.starts_with("requirements") && name.ends_with(".txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_of_a_project_are_no_drafts() {
        for name in [
            "readme.md",
            "readme-de.md",
            "readme.zh.md",
            "license.txt",
            "security.md",
            "requirements-dev.txt",
            "robots.txt",
        ] {
            assert!(is_paper(name), "{name}");
        }
        for name in ["launch.md", "my-readme.md", "security-for-beginners.md", "requirements.md", "robots.md"] {
            assert!(!is_paper(name), "{name}");
        }
    }
}
