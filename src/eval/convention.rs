//! Floor 5: how sets of labelled posts are to be read: which field holds the text, what the labels mean, what a set
//! is there to show.
//!
//! Reads no posts. Invariant: a file without a convention of its own is read by [`Convention::default`].

use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};

use crate::config::Setting;
use crate::diagnostic::Diagnostic;
use crate::eval::Class;
use crate::table::{At, Reader, Table};
use crate::text::Source;

/// What a set is there to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Drafts as this program is made for, with accepted verdicts and marked passages.
    Drafts,
    /// Counts in the mean of macro-F1.
    Core,
    /// Conversational posts that must not be called promotional.
    Quiet,
}

impl Role {
    /// All of them, in the order of output.
    pub const ALL: [Self; 3] = [Self::Drafts, Self::Core, Self::Quiet];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Drafts => "drafts",
            Self::Core => "core",
            Self::Quiet => "quiet",
        }
    }
}

/// How one set is read.
#[derive(Clone, Debug)]
pub struct Convention {
    /// The set's name.
    pub name: String,
    /// The names of its files.
    files: Vec<GlobMatcher>,
    /// The field that holds the text.
    pub text: String,
    /// Words that give the label away, in lower case.
    strip: Vec<String>,
    /// What each label means; none for posts that are left out.
    labels: Vec<(String, Option<Class>)>,
    /// What it is there to show.
    pub roles: Vec<Role>,
    /// Fields and the values that they must have for a conversational post to count as one to be quiet on.
    pub quiet_where: Vec<(String, String)>,
    /// Packs that are switched on for it.
    pub packs: Vec<Setting<String>>,
}

/// Labels as most people write them.
const LABELS: [(&str, Class); 9] = [
    ("promo", Class::Promotional),
    ("promotional", Class::Promotional),
    ("1", Class::Promotional),
    ("true", Class::Promotional),
    ("mixed", Class::Mixed),
    ("conversational", Class::Conversational),
    ("conv", Class::Conversational),
    ("0", Class::Conversational),
    ("false", Class::Conversational),
];

impl Default for Convention {
    fn default() -> Self {
        Self {
            name: String::new(),
            files: Vec::new(),
            text: "text".to_owned(),
            strip: Vec::new(),
            labels: LABELS.iter().map(|(word, class)| ((*word).to_owned(), Some(*class))).collect(),
            roles: Vec::new(),
            quiet_where: Vec::new(),
            packs: Vec::new(),
        }
    }
}

impl Convention {
    /// The usual convention for a set that is not declared.
    #[must_use]
    pub fn named(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    /// What a label means: a class, or none for posts that are left out.
    ///
    /// # Errors
    /// The labels that are known, for one that is not.
    pub fn class(&self, label: &str) -> Result<Option<Class>, Vec<&str>> {
        let known = self.labels.iter().find(|(word, _)| word.eq_ignore_ascii_case(label.trim()));
        known.map(|(_, class)| *class).ok_or_else(|| self.labels.iter().map(|(word, _)| word.as_str()).collect())
    }

    /// The text without the words that give the label away; a longer word that begins like one stays.
    #[must_use]
    pub fn strip(&self, text: String) -> String {
        self.strip.iter().fold(text, |text, word| without(&text, word))
    }

    /// Whether the set is one of conversational posts to be quiet on.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.roles.contains(&Role::Quiet)
    }
}

fn without(text: &str, word: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let (mut kept, mut from) = (String::with_capacity(text.len()), 0);
    for (at, found) in lower.match_indices(word) {
        let end = at + found.len();
        let goes_on = lower.get(end..).and_then(|rest| rest.chars().next());
        if goes_on.is_some_and(|next| next.is_alphanumeric() || next == '_') {
            continue;
        }
        kept.push_str(text.get(from..at).unwrap_or_default());
        from = end;
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    kept
}

/// The conventions of several sets.
#[derive(Clone, Debug, Default)]
pub struct Conventions {
    sets: Vec<Convention>,
}

impl Conventions {
    /// Reads a file of `[[set]]` tables, and tells every mistake in it, in the order of their places.
    #[must_use]
    pub fn read(source: &Arc<Source>) -> (Self, Vec<Diagnostic>) {
        let (sets, mut mistakes) = Reader::read(source, "sets", |reader, mut table| {
            let mut sets: Vec<Convention> = Vec::new();
            for table in table.tables(reader, "set") {
                if let Some(set) = read_set(reader, table, &sets) {
                    sets.push(set);
                }
            }
            table.finish(reader, "the file of sets");
            Self { sets }
        });
        mistakes.sort_by_key(|mistake| mistake.labels.first().map(|label| label.span.start()));
        (sets, mistakes)
    }

    /// The packs that sets name, with their places; whether there are such packs is not asked.
    pub fn packs(&self) -> impl Iterator<Item = &Setting<String>> {
        self.sets.iter().flat_map(|set| &set.packs)
    }

    /// The convention for a file of this base name.
    #[must_use]
    pub fn of_file(&self, name: &str) -> Option<&Convention> {
        self.sets.iter().find(|set| set.files.iter().any(|files| files.is_match(name)))
    }
}

fn read_set(reader: &mut Reader, mut table: Table<'_>, before: &[Convention]) -> Option<Convention> {
    let span = table.span();
    let name = table.string(reader, "name");
    if name.is_none() && !table.has("name") {
        reader.report("missing-key", "a set without `name`", span);
    }
    if let Some(name) = name.as_ref().filter(|name| before.iter().any(|set| set.name == name.value)) {
        reader.report("duplicate-set", format!("a second set is called `{}`", name.value), name.span);
    }
    let files = table.strings(reader, "files");
    if files.is_none() && !table.has("files") {
        reader.report("missing-key", "a set without `files`", span);
    }
    let usual = Convention::default();
    let set = Convention {
        name: name.map(|name| name.value).unwrap_or_default(),
        files: files.unwrap_or_default().iter().filter_map(|glob| read_glob(reader, glob)).collect(),
        text: table.string(reader, "text").map_or(usual.text, |text| text.value),
        strip: words(reader, &mut table, "strip")
            .into_iter()
            .map(|word| word.value.to_ascii_lowercase())
            .collect(),
        labels: read_labels(reader, &mut table).unwrap_or(usual.labels),
        roles: words(reader, &mut table, "roles").iter().filter_map(|role| read_role(reader, role)).collect(),
        quiet_where: read_fields(reader, &mut table),
        packs: read_packs(reader, &mut table),
    };
    if let (false, Some(span)) = (set.is_quiet(), table.key_span("quiet-where")) {
        reader.report("unused-key", "`quiet-where` in a set whose roles do not hold `quiet`", span);
    }
    table.finish(reader, "[[set]]");
    (!set.name.is_empty()).then_some(set)
}

fn read_packs(reader: &mut Reader, table: &mut Table<'_>) -> Vec<Setting<String>> {
    let written = table.strings(reader, "packs").unwrap_or_default();
    let source = reader.source();
    written
        .into_iter()
        .map(|pack| Setting { value: pack.value, source: Arc::clone(source), span: pack.span })
        .collect()
}

fn words(reader: &mut Reader, table: &mut Table<'_>, key: &'static str) -> Vec<At<String>> {
    let mut words = table.strings(reader, key).unwrap_or_default();
    words.retain(|word| {
        let empty = word.value.trim().is_empty();
        if empty {
            reader.report("empty-value", format!("an empty string in `{key}`"), word.span);
        }
        !empty
    });
    words
}

fn read_glob(reader: &mut Reader, given: &At<String>) -> Option<GlobMatcher> {
    match GlobBuilder::new(&given.value).literal_separator(true).build() {
        Ok(glob) => Some(glob.compile_matcher()),
        Err(error) => {
            reader.report("bad-glob", error.kind().to_string(), given.span);
            None
        }
    }
}

fn read_role(reader: &mut Reader, given: &At<String>) -> Option<Role> {
    let role = Role::ALL.into_iter().find(|role| role.name() == given.value);
    if role.is_none() {
        reader.unknown("unknown-value", "role", given, &Role::ALL.map(Role::name));
    }
    role
}

/// The keys of `labels`, and what each stands for.
const LABEL_KEYS: [(&str, Option<Class>); 4] = [
    ("promotional", Some(Class::Promotional)),
    ("mixed", Some(Class::Mixed)),
    ("conversational", Some(Class::Conversational)),
    ("left-out", None),
];

fn read_labels(reader: &mut Reader, table: &mut Table<'_>) -> Option<Vec<(String, Option<Class>)>> {
    let mut table = table.table(reader, "labels")?;
    let mut labels: Vec<(String, Option<Class>)> = Vec::new();
    for (key, class) in LABEL_KEYS {
        for label in words(reader, &mut table, key) {
            if labels.iter().any(|(known, _)| known.eq_ignore_ascii_case(&label.value)) {
                reader.report("duplicate-label", format!("`{}` stands here twice", label.value), label.span);
            } else {
                labels.push((label.value, class));
            }
        }
    }
    table.finish(reader, "labels");
    Some(labels)
}

fn read_fields(reader: &mut Reader, table: &mut Table<'_>) -> Vec<(String, String)> {
    let Some(table) = table.table(reader, "quiet-where") else { return Vec::new() };
    let keys = table.keys().into_iter();
    keys.filter_map(|key| table.string_at(reader, &key.value).map(|value| (key.value, value.value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Conventions, Vec<String>) {
        let source = Arc::new(Source::from_text("sets.toml", text));
        let (sets, mistakes) = Conventions::read(&source);
        let shown = mistakes.iter().map(|one| {
            let span = one.labels.first().map(|label| label.span).unwrap_or_default();
            format!("{} {:?}: {}", one.code, source.slice(span), one.message)
        });
        (sets, shown.collect())
    }

    #[test]
    fn a_set_says_how_it_is_read() {
        let (sets, mistakes) = read(
            "[[set]]\nname = 'a'\nfiles = ['a.*.jsonl', 'b.jsonl']\ntext = 'body'\nstrip = ['#Brag']\n\
             roles = ['core', 'quiet']\nlabels = { promotional = 'ad', left-out = ['news'] }\n\
             quiet-where = { kind = 'random' }",
        );
        assert_eq!(mistakes, [""; 0]);
        let set = sets.of_file("a.dev.jsonl").unwrap();
        assert_eq!((set.name.as_str(), set.text.as_str()), ("a", "body"));
        assert_eq!(set.roles, [Role::Core, Role::Quiet]);
        assert_eq!(set.class("AD"), Ok(Some(Class::Promotional)));
        assert_eq!(set.class("news"), Ok(None));
        assert_eq!(set.class("promo"), Err(vec!["ad", "news"]));
        assert_eq!(set.quiet_where, [("kind".to_owned(), "random".to_owned())]);
        assert!(sets.of_file("b.jsonl").is_some() && sets.of_file("c.jsonl").is_none());
    }

    #[test]
    fn every_mistake_is_told_at_its_place() {
        #[track_caller]
        fn check(text: &str, expected: &[&str]) {
            assert_eq!(read(text).1, expected, "{text}");
        }
        check("", &[]);
        check("sets = 1", &["sets/unknown-key \"sets\": unknown key `sets` in the file of sets"]);
        check(
            "[[set]]\n[[set]]\nname = 3",
            &[
                "sets/missing-key \"[[set]]\": a set without `name`",
                "sets/missing-key \"[[set]]\": a set without `files`",
                "sets/missing-key \"[[set]]\": a set without `files`",
                "sets/wrong-type \"3\": `name` is a whole number, expected a string",
            ],
        );
        check(
            "[[set]]\nname = 'a'\nfiles = ['a[']\nrole = 'core'\nroles = ['cor']\nquiet-where = { a = 1 }",
            &[
                "sets/bad-glob \"'a['\": unclosed character class; missing ']'",
                "sets/unknown-key \"role\": unknown key `role` in [[set]]",
                "sets/unknown-value \"'cor'\": unknown role `cor`",
                "sets/unused-key \"quiet-where\": `quiet-where` in a set whose roles do not hold `quiet`",
                "sets/wrong-type \"1\": `a` is a whole number, expected a string",
            ],
        );
        check(
            "[[set]]\nname = 'a'\nfiles = 'a'\nlabels = { promo = 'x', mixed = ['b', 'B', ''] }\n[[set]]\nname = 'a'\nfiles = 'b'",
            &[
                "sets/unknown-key \"promo\": unknown key `promo` in labels",
                "sets/duplicate-label \"'B'\": `B` stands here twice",
                "sets/empty-value \"''\": an empty string in `mixed`",
                "sets/duplicate-set \"'a'\": a second set is called `a`",
            ],
        );
    }

    #[test]
    fn the_conventions_of_the_documented_sets_hold_no_mistake() {
        let (sets, mistakes) = read(include_str!("../../docs/eval-sets.toml"));
        assert_eq!(mistakes, [""; 0]);
        let roles = |role| sets.sets.iter().filter(|set| set.roles.contains(&role)).count();
        assert_eq!((roles(Role::Drafts), roles(Role::Core), roles(Role::Quiet)), (3, 5, 5));
        let bragging = sets.of_file("bragging.dev.jsonl").unwrap();
        assert_eq!((bragging.text.as_str(), bragging.strip.len()), ("text_detok", 2));
        assert_eq!(sets.of_file("corpmsg.x.jsonl").unwrap().class("information"), Ok(None));
    }

    #[test]
    fn a_set_names_its_packs() {
        let (sets, _) =
            read("[[set]]\nname = 'a'\nfiles = 'a'\npacks = ['public-office']\n[[set]]\nname = 'b'\nfiles = 'b'");
        let names = |file: &str| -> Vec<String> {
            sets.of_file(file).unwrap().packs.iter().map(|pack| pack.value.clone()).collect()
        };
        assert_eq!((names("a"), names("b")), (vec!["public-office".to_owned()], Vec::new()));
        assert_eq!(sets.packs().map(|pack| pack.source.slice(pack.span)).collect::<Vec<_>>(), ["'public-office'"]);
    }

    #[test]
    fn words_that_give_the_label_away_are_stripped() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let set = Convention { strip: vec!["#humblebrag".into(), "#brag".into()], ..Convention::default() };
            assert_eq!(set.strip(text.to_owned()), expected);
        }
        check("Won again #Brag", "Won again ");
        check("#HUMBLEBRAG! É #brag #brag", "! É  ");
        check("#bragging #brag_2 #bragé", "#bragging #brag_2 #bragé");
        check("", "");
    }

    #[test]
    fn usual_labels_need_no_convention() {
        let usual = Convention::default();
        for (word, class) in
            [("Promo", Class::Promotional), ("conv", Class::Conversational), ("mixed", Class::Mixed)]
        {
            assert_eq!(usual.class(word), Ok(Some(class)));
        }
        assert!(usual.class("spam").is_err());
    }
}
