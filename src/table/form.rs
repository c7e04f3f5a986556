//! What a table may hold: the one list of its keys, from which the reader, messages and schemas come.
//!
//! Reads nothing itself. Invariant: a key that a reader asks for and that its list does not have is a mistake of the
//! program, which any test that reads such a table finds.

/// One key of a table.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// It itself.
    pub name: &'static str,
    /// What it holds.
    pub form: Form,
    /// The same in words, a sentence.
    pub about: &'static str,
    /// What holds where it is left out, as JSON, if that can be said in a value.
    pub default: Option<&'static str>,
    /// Whether it may not be left out.
    pub needed: bool,
}

impl Key {
    /// A key that may be left out.
    #[must_use]
    pub const fn new(name: &'static str, form: Form, about: &'static str) -> Self {
        Self { name, form, about, default: None, needed: false }
    }

    /// The same, but it may not be left out.
    #[must_use]
    pub const fn needed(self) -> Self {
        Self { needed: true, ..self }
    }

    /// The same, with what holds where it is left out, as JSON.
    #[must_use]
    pub const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    /// `N` keys, those of `first` before those of `second`.
    ///
    /// # Panics
    /// While it is compiled, where `N` is not their number.
    #[must_use]
    pub const fn join<const N: usize>(first: &[Self], second: &[Self]) -> [Self; N] {
        assert!(first.len() + second.len() == N, "the number of keys");
        let mut all = [Self::new("", Form::Text, ""); N];
        let mut at = 0;
        while at < N {
            all[at] = if at < first.len() { first[at] } else { second[at - first.len()] };
            at += 1;
        }
        all
    }
}

/// Words of which one is meant: as they are shown, and spellings that are understood too.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// Those that are shown.
    pub names: fn() -> Vec<&'static str>,
    /// Other spellings.
    pub others: fn() -> Vec<&'static str>,
    /// Whether capitals make no difference.
    pub any_case: bool,
}

impl Words {
    /// Words without other spellings.
    #[must_use]
    pub const fn of(names: fn() -> Vec<&'static str>) -> Self {
        Self { names, others: Vec::new, any_case: false }
    }
}

/// What the keys of a table that are names may be.
#[derive(Clone, Copy, Debug)]
pub enum Names {
    /// Anything.
    Any,
    /// Lowercase words joined by hyphens.
    Hyphened,
    /// A rule, or a category of rules.
    Selector,
    /// A rule, its category before the slash.
    Rule,
    /// Some words.
    Words(Words),
}

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// True or false.
    Boolean,
    /// A string.
    Text,
    /// A string that a regular expression of ECMA matches.
    Spelled(&'static str),
    /// A list of strings that a regular expression of ECMA matches, or a single one.
    SpelledTexts(&'static str),
    /// A string of lowercase words joined by hyphens.
    Name,
    /// One of some words.
    Word(Words),
    /// A list of strings, or a single one.
    Texts,
    /// A list of some words, or a single one.
    WordList(Words),
    /// A finite number from one to the other, both included.
    Number(f64, f64),
    /// A finite number of more than 0.
    Positive,
    /// A whole number from one to the other, both included.
    Whole(u64, u64),
    /// One form or another.
    Either(&'static [Self]),
    /// A table with keys.
    Table(&'static [Key]),
    /// A table with at least one of its keys.
    SomeOf(&'static [Key]),
    /// A list of tables.
    Tables(&'static [Key]),
    /// A table, or a list of them.
    OneOrMore(&'static [Key]),
    /// A table whose keys are names, each for a value of one form.
    Map(Names, &'static Self),
    /// The same, with some keys beside the names.
    Mixed(&'static [Key], Names, &'static Self),
}

impl Form {
    /// A string with something in it.
    pub const FILLED: Self = Self::Spelled(r"\S");
    /// A list of strings with something in each, or a single one.
    pub const FILLED_TEXTS: Self = Self::SpelledTexts(r"\S");
    /// A glob or a list of them: none is empty.
    pub const GLOBS: Self = Self::SpelledTexts(r"[\s\S]");

    /// The first of a form and its alternatives that `wanted` takes.
    pub(super) fn find<T>(&self, wanted: impl Fn(&Self) -> Option<T> + Copy) -> Option<T> {
        match self {
            Self::Either(forms) => forms.iter().find_map(|form| form.find(wanted)),
            other => wanted(other),
        }
    }

    /// The words of which one is meant.
    pub(super) fn words(&self) -> Option<Words> {
        self.find(|form| match form {
            Self::Word(words) | Self::WordList(words) => Some(*words),
            _ => None,
        })
    }
}

/// What is known of the keys of a table.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Nothing, but which were asked for.
    Free,
    /// All of them.
    Keys(&'static [Key]),
    /// They are these, and names for values of one form.
    Names(&'static [Key], &'static Form),
}

impl Shape {
    /// That of a table which is a value of a form.
    fn of(form: &'static Form) -> Self {
        match form {
            Form::Table(keys) | Form::SomeOf(keys) | Form::Tables(keys) | Form::OneOrMore(keys) => {
                Self::Keys(keys)
            }
            Form::Map(_, value) => Self::Names(&[], value),
            Form::Mixed(keys, _, value) => Self::Names(keys, value),
            Form::Either(forms) => forms.iter().map(Self::of).find(Self::is_known).unwrap_or(Self::Free),
            _ => Self::Free,
        }
    }

    fn is_known(&self) -> bool {
        !matches!(self, Self::Free)
    }

    /// The form of a key.
    pub(super) fn form(&self, key: &str) -> Option<&'static Form> {
        match self {
            Self::Free => None,
            Self::Keys(keys) => Self::known(keys, key),
            Self::Names(keys, form) => Self::known(keys, key).or(Some(form)),
        }
    }

    fn known(keys: &'static [Key], key: &str) -> Option<&'static Form> {
        keys.iter().find(|known| known.name == key).map(|known| &known.form)
    }

    /// That of the table under a key.
    pub(super) fn under(&self, key: &str) -> Self {
        self.form(key).map_or(Self::Free, Self::of)
    }
}
