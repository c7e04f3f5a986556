//! What flags and config decide about the reading of a source.
//!
//! Does not read. Invariant: the default reads any source by its name and content alone.

use super::{Format, Role};

/// Why a source is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chosen {
    /// Somebody named it: what can be read as posts is.
    #[default]
    Named,
    /// A walk came upon it: only what is surely meant as posts is.
    Found,
}

/// What the columns of a table hold: roles, each with names of columns or their numbers from 1.
pub type ColumnRoles = Vec<(Role, Vec<String>)>;

/// How much of a source is read at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadLimits {
    /// Bytes of one text among others of a source; a longer one is no post but a mistake in its source.
    pub text: u32,
    /// Posts of a source; further ones are left out. JSON lines that are answered one by one know no such limit.
    pub posts: usize,
    /// Lists and objects inside each other in JSON and YAML; front matter and the records of JSON lines have the default.
    pub nesting: usize,
}

impl ReadLimits {
    /// What holds where nobody says otherwise: 1 MiB a text, a million posts, and 128 lists inside each other.
    pub const DEFAULT: Self = Self { text: 1 << 20, posts: 1_000_000, nesting: 128 };
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A size as people read it: `16 MiB`, `60 bytes`.
#[must_use]
pub fn size_words(bytes: u64) -> String {
    for (unit, name) in [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")] {
        if bytes >= unit && bytes.is_multiple_of(unit) {
            return format!("{} {name}", bytes / unit);
        }
    }
    format!("{bytes} bytes")
}

/// How a source is to be read.
#[derive(Clone, Debug, Default)]
pub struct ExtractOptions {
    /// How it is written; by its name and content if nobody says.
    pub format: Option<Format>,
    /// Why it is read.
    pub chosen: Chosen,
    /// The columns of a table that hold the text, by name or by number from 1; they win over `columns`.
    pub text_columns: Vec<String>,
    /// What the columns of a table hold.
    pub columns: ColumnRoles,
    /// Where the texts stand in JSON or YAML.
    pub text_path: Option<TextPath>,
    /// Take only what says that it is a draft.
    pub drafts_only: bool,
    /// How much of it is read.
    pub limits: ReadLimits,
}

impl From<Format> for ExtractOptions {
    fn from(format: Format) -> Self {
        Self { format: Some(format), ..Self::default() }
    }
}

/// A step on the way to a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// Into the value of a key, or the element of that number.
    Key(String),
    /// Into every element of a list, or every value of an object.
    Each,
}

/// The way from the root of a JSON or YAML source to its texts: a JSON pointer in which `*` stands for every element
/// (`/posts/*/text`), also written as `posts[].text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPath {
    /// The steps, outermost first.
    pub steps: Vec<PathStep>,
}

impl TextPath {
    /// Reads a path.
    ///
    /// # Errors
    /// When it is empty or has an empty step.
    pub fn parse(written: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        match written.strip_prefix('/') {
            Some(pointer) => {
                for step in pointer.split('/') {
                    steps.push(match step {
                        "*" => PathStep::Each,
                        key => PathStep::Key(key.replace("~1", "/").replace("~0", "~")),
                    });
                }
            }
            None => {
                for step in written.trim_start_matches('$').trim_start_matches('.').split('.') {
                    let key = step.trim_end_matches("[]").trim_end_matches("[*]");
                    if !key.is_empty() && key != "*" {
                        steps.push(PathStep::Key(key.to_owned()));
                    } else if key == "*" || !step.starts_with('[') {
                        steps.push(if key == "*" { PathStep::Each } else { PathStep::Key(String::new()) });
                    }
                    let lists = step.get(key.len()..).unwrap_or_default().matches('[').count();
                    steps.extend(std::iter::repeat_n(PathStep::Each, lists));
                }
            }
        }
        let empty = |step: &PathStep| matches!(step, PathStep::Key(key) if key.is_empty());
        if steps.is_empty() || steps.iter().any(empty) {
            return Err("a path looks like /posts/*/text or posts[].text".to_owned());
        }
        Ok(Self { steps })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expected: &[&str]) {
        let steps = TextPath::parse(written).map(|path| path.steps).unwrap_or_default();
        let steps: Vec<&str> = steps
            .iter()
            .map(|step| match step {
                PathStep::Key(key) => key.as_str(),
                PathStep::Each => "*",
            })
            .collect();
        assert_eq!(steps, expected, "{written}");
    }

    #[test]
    fn paths_are_read_in_both_notations() {
        check("/posts/*/text", &["posts", "*", "text"]);
        check("/a~1b/m~0n/3", &["a/b", "m~n", "3"]);
        check("posts[].text", &["posts", "*", "text"]);
        check(".posts[].value[].content", &["posts", "*", "value", "*", "content"]);
        check("$[*].tweet.full_text", &["*", "tweet", "full_text"]);
        check("[].text", &["*", "text"]);
        check("text", &["text"]);
        check("posts.*.text", &["posts", "*", "text"]);
    }

    #[test]
    fn paths_to_nowhere_are_refused() {
        for written in ["", "/", "//a", "a..b", ".", "$"] {
            assert!(TextPath::parse(written).is_err(), "{written}");
        }
    }
}
