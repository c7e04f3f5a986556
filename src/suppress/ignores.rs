//! The entries `[[ignore]]` of configs that are for one draft.
//!
//! Looks at no path: whoever makes the list has chosen. Invariant: an entry hides what one of its names finds on the very
//! words that it holds, letter case, white space, disguises and marks at either end aside.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use smallvec::SmallVec;

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
    by_name: HashMap<String, Named>,
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

/// The entries that hold one name; of those that hide the same, the first.
#[derive(Clone, Debug, Default)]
struct Named {
    any: Option<NameIndex>,
    by_form: HashMap<String, NameIndex>,
    /// How long their forms are, in bytes.
    lengths: BTreeSet<usize>,
}

impl Named {
    fn add(&mut self, form: Option<&str>, name: NameIndex) {
        let Some(form) = form else {
            self.any.get_or_insert(name);
            return;
        };
        self.lengths.insert(form.len());
        self.by_form.entry(form.to_owned()).or_insert(name);
    }

    /// Those that hide what stands on these forms.
    fn on(&self, forms: &Forms) -> impl Iterator<Item = NameIndex> {
        let found: Vec<NameIndex> = match forms {
            Forms::Words(forms) => forms.iter().filter_map(|form| self.by_form.get(form)).copied().collect(),
            Forms::Whole(form) => {
                let begun = self.lengths.iter().filter_map(|&length| self.by_form.get(form.get(..length)?));
                begun.copied().collect()
            }
        };
        self.any.into_iter().chain(found)
    }
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
        let mut by_name: HashMap<String, Named> = HashMap::new();
        for (entry, held) in entries.iter().enumerate() {
            for (name, rule) in held.ignore.rules.iter().enumerate() {
                let named = by_name.entry(rule.value.clone()).or_default();
                named.add(held.form.as_deref(), NameIndex::Entry { entry, name });
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

    /// Adds the names that hide what `rule` found on `marked`; of those that hide the same, the first.
    pub(super) fn hiding(
        &self,
        rule: &Rule,
        marked: impl FnOnce() -> Marked,
        names: &mut SmallVec<[NameIndex; 4]>,
    ) {
        let named = [&*rule.name, rule.category()].map(|name| self.by_name.get(name));
        if named.iter().all(Option::is_none) {
            return;
        }
        let forms = match marked() {
            Marked::Words(words) => Forms::Words(words.iter().map(|words| form(words)).collect()),
            Marked::Whole(words) => Forms::Whole(form(&words)),
        };
        names.extend(named.into_iter().flatten().flat_map(|named| named.on(&forms)));
    }
}

enum Forms {
    Words(Vec<String>),
    Whole(String),
}

/// What words are compared by: folded, without white space, and without marks at either end.
pub(crate) fn form(words: &str) -> String {
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
