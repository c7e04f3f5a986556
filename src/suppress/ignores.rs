//! The entries `[[ignore]]` of configs that are for one draft.
//!
//! Looks at no path: whoever makes the list has chosen. Invariant: an entry hides what one of its names finds on the very
//! words that it holds, letter case, white space, disguises and marks at either end aside.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::NameIndex;
use crate::config::Ignore;
use crate::document::Post;
use crate::rule::Rule;
use crate::text::tokenize;

/// How many words of a post its entry may begin with.
const OPENING: usize = 60;

/// What a finding stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marked {
    /// Words; where a finding stands on less than its tokens, both.
    Words(Vec<String>),
    /// A whole post, of which these are the first words.
    Whole(String),
}

impl Marked {
    /// The whole of a post.
    #[must_use]
    pub fn whole(post: &Post) -> Self {
        Self::Whole(opening(post, OPENING))
    }
}

/// The first words of a post, on one line.
#[must_use]
pub fn opening(post: &Post, words: usize) -> String {
    let all = post.parts.iter().flat_map(|part| part.text.split_whitespace());
    all.take(words).collect::<Vec<_>>().join(" ")
}

/// The entries that are for one draft.
#[derive(Clone, Debug, Default)]
pub struct Ignores {
    entries: Vec<Arc<Entry>>,
    by_name: HashMap<String, Vec<NameIndex>>,
    /// The entries that name files and folders letter by letter, and all others: so that thousands of files and as many
    /// entries are not compared each with each.
    by_path: HashMap<PathBuf, Vec<usize>>,
    by_glob: Vec<usize>,
}

#[derive(Debug)]
struct Entry {
    ignore: Ignore,
    form: Option<String>,
}

impl Ignores {
    /// Those of a list, in its order.
    #[must_use]
    pub fn new<'i>(list: impl IntoIterator<Item = &'i Ignore>) -> Self {
        let entry =
            |ignore: &Ignore| Arc::new(Entry { ignore: ignore.clone(), form: ignore.text.as_deref().map(form) });
        let mut all = Self::of(list.into_iter().map(entry).collect());
        for (number, entry) in all.entries.iter().enumerate() {
            match entry.ignore.files.as_ref().and_then(|files| files.literal()) {
                Some(paths) => {
                    paths.into_iter().for_each(|path| all.by_path.entry(path).or_default().push(number))
                }
                None => all.by_glob.push(number),
            }
        }
        all
    }

    fn of(entries: Vec<Arc<Entry>>) -> Self {
        let mut by_name: HashMap<String, Vec<NameIndex>> = HashMap::new();
        for (entry, held) in entries.iter().enumerate() {
            for (name, rule) in held.ignore.rules.iter().enumerate() {
                by_name.entry(rule.value.clone()).or_default().push(NameIndex::Entry { entry, name });
            }
        }
        Self { entries, by_name, ..Self::default() }
    }

    /// Those that are for the draft at an absolute path.
    #[must_use]
    pub fn of_file(self: &Arc<Self>, path: Option<&Path>) -> Arc<Self> {
        if self.is_empty() {
            return Arc::clone(self);
        }
        let named = path.into_iter().flat_map(Path::ancestors).filter_map(|above| self.by_path.get(above));
        let globs = self.by_glob.iter().filter(|&&number| self.get(number).is_some_and(|one| one.is_for(path)));
        let numbers: BTreeSet<usize> = named.flatten().chain(globs).copied().collect();
        if numbers.len() == self.entries.len() {
            return Arc::clone(self);
        }
        let own = numbers.into_iter().filter_map(|number| self.entries.get(number));
        Arc::new(Self::of(own.cloned().collect()))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry of a number.
    #[must_use]
    pub fn get(&self, entry: usize) -> Option<&Ignore> {
        self.entries.get(entry).map(|entry| &entry.ignore)
    }

    /// The names that hide what `rule` found on `marked`, in order.
    #[must_use]
    pub fn hiding(&self, rule: &Rule, marked: impl FnOnce() -> Marked) -> Vec<NameIndex> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let of = |name: &str| self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        let mut names: Vec<NameIndex> = of(&rule.name).iter().chain(of(rule.category())).copied().collect();
        if names.is_empty() {
            return names;
        }
        names.sort_unstable();
        let marked = match marked() {
            Marked::Words(words) => Forms::Words(words.iter().map(|words| form(words)).collect()),
            Marked::Whole(words) => Forms::Whole(form(&words)),
        };
        let stands = |said: &str| match &marked {
            Forms::Words(forms) => forms.iter().any(|form| form == said),
            Forms::Whole(form) => form.starts_with(said),
        };
        names.retain(|name| {
            let NameIndex::Entry { entry, .. } = *name else { return false };
            let form = self.entries.get(entry).map(|entry| entry.form.as_deref());
            form.is_some_and(|form| form.is_none_or(stands))
        });
        names
    }
}

enum Forms {
    Words(Vec<String>),
    Whole(String),
}

/// What words are compared by: folded, without white space, and without marks at either end.
fn form(words: &str) -> String {
    let folded: String = tokenize(words, None).folded_text().split_whitespace().collect();
    let bare = folded.trim_matches(|next: char| ".,;:!?…\"'()[]-".contains(next));
    if bare.is_empty() { folded } else { bare.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ConfigFile;
    use crate::text::Source;

    #[test]
    fn a_file_has_the_entries_that_are_for_it() {
        let config = "[[ignore]]\nrule = 'a'\nfiles = ['/x/a.txt', 'b/']\n[[ignore]]\nrule = 'b'\nfiles = '*.txt'\n\
                      [[ignore]]\nrule = 'c'\ntext = 'c'\n[[ignore]]\nrule = 'd'\nfiles = '/x/'\n";
        let source = Arc::new(Source::from_text("selfless.toml", config));
        let (file, mistakes) = ConfigFile::read(&source, Path::new("/p"));
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let all = Arc::new(Ignores::new(&file.settings.ignores));
        let names = |path: Option<&str>| -> String {
            let own = all.of_file(path.map(Path::new));
            own.entries.iter().map(|entry| entry.ignore.rules[0].value.as_str()).collect()
        };
        assert_eq!(names(Some("/p/x/a.txt")), "abcd");
        assert_eq!(names(Some("/p/x/b.md")), "cd");
        assert_eq!(names(Some("/p/y/b/c.md")), "ac");
        assert_eq!(names(Some("/q/x/a.txt")), "c");
        assert_eq!(names(None), "c");
    }

    #[test]
    fn words_are_compared_as_they_read() {
        #[track_caller]
        fn check(one: &str, other: &str, same: bool) {
            assert_eq!(form(one) == form(other), same, "{one} {other}");
        }
        check("Link in bio!", "link  in\nbio", true);
        check("𝗟𝗶𝗻𝗸 in bio", "link in bio", true);
        check("don’t miss it", "don't miss it", true);
        check("#ceramics", "ceramics", false);
        check("link in bio", "link in the bio", false);
        check("!!!", "!!!", true);
        check("!!!", "???", false);
        check("🚀🚀", "🚀🚀", true);
    }
}
