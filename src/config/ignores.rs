//! `[[ignore]]`: findings to be quiet about where no comment can stand.
//!
//! Looks at no draft. Invariant: an entry that names neither words nor files is told, and hides nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::file::{at, read_globs};
use super::layer::{Folders, Layered};
use super::{Globs, Setting, Show};
use crate::table::{Form, Key, Reader, Table};
use crate::text::{Source, Span};

/// The keys of `[[ignore]]`.
pub(super) const IGNORE: [Key; 4] = [
    Key::new("rule", Form::Texts, "The rules or categories whose findings are hidden.").needed(),
    Key::new(
        "text",
        Form::FILLED,
        "The words that the finding marks; for what is said of a whole post, such as the verdict, the words that it begins with.",
    ),
    Key::new("files", Form::GLOBS, "Globs of the drafts that it is for; all without it."),
    Key::new("reason", Form::Text, "Why."),
];

/// One `[[ignore]]`.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// Names of rules and categories.
    pub rules: Vec<Setting<String>>,
    /// What the findings mark; none where they may mark anything.
    pub text: Option<String>,
    /// The drafts that it is for; none for all.
    pub files: Option<Arc<Globs>>,
    /// Why, in the words of the config.
    pub reason: Option<String>,
    /// The folder of the drafts that its config is for.
    pub folder: PathBuf,
    /// The file it stands in.
    pub source: Arc<Source>,
    /// Its place there.
    pub span: Span,
}

impl Ignore {
    /// Whether it is for the draft at an absolute path; one without a path is only meant by an entry without `files`.
    #[must_use]
    pub fn is_for(&self, path: Option<&Path>) -> bool {
        self.files.as_ref().is_none_or(|files| path.is_some_and(|path| files.matches(path)))
    }

    /// As it could be written, but for the syntax.
    #[must_use]
    pub fn show(&self) -> Value {
        let mut shown = Map::new();
        shown.insert("rule".to_owned(), self.rules.show());
        for (key, value) in [("text", &self.text), ("reason", &self.reason)] {
            if let Some(value) = value {
                shown.insert(key.to_owned(), json!(value));
            }
        }
        if let Some(files) = &self.files {
            shown.insert("files".to_owned(), files.show());
        }
        shown.into()
    }
}

/// All of them count, outer ones first.
impl Layered for Vec<Ignore> {
    fn take_outer(&mut self, outer: &Self) {
        self.splice(0..0, outer.iter().cloned());
    }
}

pub(super) fn read(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    folders: Folders<'_>,
) -> Vec<Ignore> {
    let mut found = Vec::new();
    for mut table in table.tables(reader, key) {
        let span = table.key_span("rule").unwrap_or_else(|| table.span());
        for needed in ["rule", "text"] {
            let either = needed == "text" && table.has("files");
            if !table.has(needed) && !either {
                let message = match needed {
                    "rule" => "an entry without `rule`",
                    _ => "an entry without `text` and `files` hides what is in no draft yet",
                };
                let help = match needed {
                    "rule" => "name what it hides: rule = \"ask/soft\"",
                    _ => "say what the finding marks: text = \"link in bio\"; `[levels]` switches a rule off",
                };
                reader.report("missing-key", message, span).help = Some(help.into());
            }
        }
        let rules = table.strings(reader, "rule").unwrap_or_default();
        let rules = rules.into_iter().map(|rule| at(reader, &rule, rule.value.clone())).collect();
        let text = table.string(reader, "text");
        if let Some(text) = text.as_ref().filter(|text| text.value.trim().is_empty()) {
            reader.report("empty-value", "an empty string in `text`", text.span);
        }
        let text = text.map(|text| text.value).filter(|text| !text.trim().is_empty());
        let files = read_globs(reader, &mut table, "files", folders).map(|files| files.value);
        let reason = table.string(reader, "reason").map(|reason| reason.value);
        table.finish(reader, "[[ignore]]");
        if text.is_some() || files.is_some() {
            let reason = reason.filter(|reason| !reason.trim().is_empty());
            let (folder, source) = (folders.drafts.to_owned(), Arc::clone(reader.source()));
            found.push(Ignore { rules, text, files, reason, folder, source, span });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ConfigFile;

    #[track_caller]
    fn check(text: &str, expected: &[&str], mistakes: &[&str]) {
        let source = Arc::new(Source::from_text("selfless.toml", text));
        let (file, found) = ConfigFile::read(&source, Path::new("/a"));
        let shown: Vec<String> = file.settings.ignores.iter().map(|one| one.show().to_string()).collect();
        let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
        let found: Vec<&str> = found.iter().map(|one| &*one.message).collect();
        assert_eq!((shown.as_slice(), found.as_slice()), (expected, mistakes), "{text}");
    }

    #[test]
    fn entries_name_rules_and_words_or_files() {
        let whole =
            "[[ignore]]\nrule = ['ask', 'brag/humility']\ntext = 'a  b'\nfiles = '*.toot'\nreason = 'so'\n";
        let shown = r#"{"files":["*.toot"],"reason":"so","rule":["ask","brag/humility"],"text":"a  b"}"#;
        check(whole, &[shown], &[]);
        check("[[ignore]]\nrule = 'ask'\nfiles = 'a'\n", &[r#"{"files":["a"],"rule":["ask"]}"#], &[]);
        let bare = "an entry without `text` and `files` hides what is in no draft yet";
        check("[[ignore]]\nrule = 'ask'\n", &[], &[bare]);
        check("[[ignore]]\ntext = 'x'\n", &[r#"{"rule":[],"text":"x"}"#], &["an entry without `rule`"]);
        check("[[ignore]]\nrule = 'ask'\ntext = ' '\n", &[], &["an empty string in `text`"]);
    }

    #[test]
    fn files_choose_drafts() {
        let source = Arc::new(Source::from_text(
            "selfless.toml",
            "[[ignore]]\nrule = 'ask'\nfiles = '*.toot'\n[[ignore]]\nrule = 'ask'\ntext = 'x'\n",
        ));
        let (file, _) = ConfigFile::read(&source, Path::new("/a"));
        let is_for = |at: Option<&str>| -> Vec<bool> {
            file.settings.ignores.iter().map(|one| one.is_for(at.map(Path::new))).collect()
        };
        assert_eq!(is_for(Some("/a/b/c.toot")), [true, true]);
        assert_eq!(is_for(Some("/a/b/c.txt")), [false, true]);
        assert_eq!(is_for(None), [false, true]);
    }
}
