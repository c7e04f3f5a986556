//! Suppressions as entries `[[ignore]]` at the end of the nearest config.
//!
//! Judges nothing. Invariant: what a config said before, it says afterwards.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use crate::cli::configs::Choice;
use crate::cli::fix::replace;
use crate::cli::new_file::NewFile;
use crate::cli::setup::Setups;
use crate::cli::walk::Input;
use crate::config::ConfigFile;
use crate::diagnostic::Diagnostic;
use crate::fix::{Edit, spliced};
use crate::suppress::form;
use crate::text::{Source, Span};

/// What a new config is called.
const NAME: &str = "selfless.toml";

/// An entry: the draft, and the words that are marked; none where these rules are hidden in all of the draft.
type Key = (PathBuf, Option<String>);

/// The entries of a round, and what was written in earlier ones.
#[derive(Debug, Default)]
pub(super) struct Entries {
    wanted: BTreeMap<Key, Vec<String>>,
    /// How the words of a draft were first spelled, by what entries compare.
    spelled: HashMap<(PathBuf, String), String>,
    written: HashSet<(Key, String)>,
    /// Whether there is a config for them to go to.
    taken: bool,
    refused: bool,
}

impl Entries {
    /// None yet. Whether any is `taken`, or all are refused.
    pub(super) fn new(taken: bool) -> Self {
        Self { taken, ..Self::default() }
    }

    /// How many findings wait to be written.
    pub(super) fn wanted(&self) -> usize {
        self.wanted.values().map(Vec::len).sum()
    }

    /// Whether any was refused.
    pub(super) fn is_refused(&self) -> bool {
        self.refused
    }

    /// Adds a finding of a draft, if it is taken. What still stands after its words were named is hidden in all of the draft.
    ///
    /// # Errors
    /// Where both were tried.
    pub(super) fn add(&mut self, input: &Input, rule: String, words: String) -> Result<bool, Box<Diagnostic>> {
        if !self.taken {
            self.refused = true;
            return Ok(false);
        }
        let path = input.absolute.clone().unwrap_or_default();
        let words = Some(words).filter(|words| !words.is_empty()).map(|words| {
            let known = self.spelled.entry((path.clone(), form(&words)));
            known.or_insert(words).clone()
        });
        for text in [words, None] {
            let key = (path.clone(), text);
            if self.wanted.get(&key).is_some_and(|rules| rules.contains(&rule)) {
                return Ok(true);
            }
            if self.written.insert((key.clone(), rule.clone())) {
                self.wanted.entry(key).or_default().push(rule);
                return Ok(true);
            }
        }
        let message = format!("`{rule}` cannot be suppressed here");
        Err(Box::new(Diagnostic::error("fix/not-suppressed", message).about(&input.name)))
    }

    /// Appends what was added to the nearest configs, and says how many entries that were.
    ///
    /// # Errors
    /// Where a config cannot be written, or would not be one afterwards.
    pub(super) fn write(
        &mut self,
        setups: &Setups,
        choice: &Choice,
        reason: &str,
    ) -> Result<usize, Vec<Diagnostic>> {
        let wanted = std::mem::take(&mut self.wanted);
        let count = wanted.len();
        let mut texts: BTreeMap<(PathBuf, PathBuf), String> = BTreeMap::new();
        for ((path, text), rules) in wanted {
            let (config, folder) = nearest_config(&path, setups, choice);
            let entry = spelled(&rules, text.as_deref(), path.strip_prefix(&folder).ok(), reason);
            texts.entry((config, folder)).or_default().push_str(&entry);
        }
        for ((config, folder), text) in texts {
            append(&config, &folder, &text)?;
        }
        Ok(count)
    }
}

/// The config that a draft's entries go to, and the folder of its drafts: one that is there, or else a new one in the current
/// folder, or beside a draft that lies elsewhere.
fn nearest_config(draft: &Path, setups: &Setups, choice: &Choice) -> (PathBuf, PathBuf) {
    let own = draft.parent().unwrap_or(draft);
    let current = setups.configs.absolute(Path::new(""));
    if let Choice::Only(path) = choice {
        let path = setups.configs.absolute(path);
        let folder = path.parent().unwrap_or(&path).to_owned();
        return (path, folder);
    }
    let layers = setups.configs.layers(own);
    if let Some(layer) = layers.first().filter(|layer| own.starts_with(&layer.folder)) {
        return (setups.configs.absolute(Path::new(layer.source.name())), layer.folder.clone());
    }
    let folder = if own.starts_with(&current) { current } else { own.to_owned() };
    (folder.join(NAME), folder)
}

fn spelled(rules: &[String], text: Option<&str>, below: Option<&Path>, reason: &str) -> String {
    let mut entry = "\n[[ignore]]\n".to_owned();
    let rules: Vec<String> = rules.iter().map(|rule| quoted(rule)).collect();
    let _ = match rules.as_slice() {
        [rule] => writeln!(entry, "rule = {rule}"),
        rules => writeln!(entry, "rule = [{}]", rules.join(", ")),
    };
    if let Some(text) = text {
        let _ = writeln!(entry, "text = {}", quoted(text));
    }
    if let Some(below) = below {
        let _ = writeln!(entry, "files = {}", quoted(&glob(below)));
    }
    let _ = writeln!(entry, "reason = {}", quoted(reason));
    entry
}

/// The glob that is for one file.
fn glob(below: &Path) -> String {
    let mut glob = String::new();
    for component in below.components() {
        glob.push('/');
        for next in component.as_os_str().to_string_lossy().chars() {
            match next {
                '*' | '?' | '[' | ']' | '{' | '}' => glob.extend(['[', next, ']']),
                '\\' => glob.push_str("\\\\"),
                next => glob.push(next),
            }
        }
    }
    glob
}

/// A string of TOML, which takes the escapes of JSON; of those that JSON needs not, DEL is one.
fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7F}', "\\u007F")
}

fn append(config: &Path, folder: &Path, text: &str) -> Result<(), Vec<Diagnostic>> {
    let shown = config.display().to_string();
    let unwritable = |error: std::io::Error| {
        let message = format!("cannot be written: {error}");
        vec![Diagnostic::error("output/unwritable", message).about(shown.clone())]
    };
    if !config.exists() {
        let mut file = NewFile::create(config).map_err(unwritable)?;
        let begun = file.write_all(text.trim_start().as_bytes());
        return begun.and_then(|()| file.finish()).map_err(unwritable);
    }
    let before = fs::read(config).map_err(unwritable)?;
    let wrong = |why: &str| {
        let message = format!("the suppressions cannot be appended: {why}");
        vec![Diagnostic::error("fix/config", message).about(shown.clone())]
    };
    let source = Source::decode(shown.clone(), before.clone()).map_err(|error| wrong(&error.to_string()))?;
    let end = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
    let gap = if source.text().is_empty() || source.text().ends_with('\n') { "" } else { end };
    let at = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
    let text = format!("{gap}{}", text.replace('\n', end));
    let edit = Edit { span: Span::new(at, at), text: text.into() };
    let after = spliced(&source, &before, &[&edit]).ok_or_else(|| wrong("its encoding lacks some letters"))?;
    let again = Source::decode(shown.clone(), after.clone()).map_err(|error| wrong(&error.to_string()))?;
    let mistakes = |source: Source| ConfigFile::read(&Arc::new(source), folder).1.len();
    if mistakes(again) > mistakes(source) {
        return Err(wrong("it holds `ignore` in another form"));
    }
    replace(config, &before, &after).map_err(unwritable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_spelled_so_that_they_are_read() {
        let rules = ["ask/soft".to_owned(), "brag/humility".to_owned()];
        let text = "so \"good\"\\ \u{7F}🚀";
        let entry = spelled(&rules, Some(text), Some(Path::new("a b/[x]*.toot")), "it is meant");
        let source = Arc::new(Source::from_text("selfless.toml", entry.as_str()));
        let (file, mistakes) = ConfigFile::read(&source, Path::new("/p"));
        assert!(mistakes.is_empty(), "{entry} {mistakes:?}");
        let [one] = file.settings.ignores.as_slice() else { panic!("{entry}") };
        assert_eq!((one.text.as_deref(), one.reason.as_deref()), (Some(text), Some("it is meant")));
        assert!(one.is_for(Some(Path::new("/p/a b/[x]*.toot"))), "{entry}");
        assert!(!one.is_for(Some(Path::new("/p/a b/x.toot"))), "{entry}");
    }

    #[test]
    fn what_a_config_said_it_says_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("selfless.toml");
        let entry = spelled(&["ask".to_owned()], Some("x"), None, "so");
        let check = |before: &str, expected: Option<&str>| {
            fs::write(&config, before).unwrap();
            let written = append(&config, folder.path(), &entry).is_ok();
            let now = fs::read_to_string(&config).unwrap();
            assert_eq!(written.then_some(now.as_str()), expected, "{before}");
        };
        let added = "[[ignore]]\nrule = \"ask\"\ntext = \"x\"\nreason = \"so\"\n";
        check("fail-on = 'never'", Some(&format!("fail-on = 'never'\n\n{added}")));
        check("[levels]\nask = 'off'\n", Some(&format!("[levels]\nask = 'off'\n\n{added}")));
        let crlf = format!("root = true\r\n\r\n{}", added.replace('\n', "\r\n"));
        check("root = true\r\n", Some(&crlf));
        check("ignore = [{ rule = 'ask', text = 'y' }]\n", None);
    }
}
