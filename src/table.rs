//! Floor 1: a TOML table read with care: every mistake is collected with its place, the accepted values and the
//! nearest known key.
//!
//! Knows no keys itself; rule files and config say what they accept, in lists of keys ([`Key`]). It is the only reader of
//! TOML beside front matter, so that both show mistakes alike. Invariant: every key of a table is either asked for or
//! reported, and of a listed table all keys of the list are asked for.

mod form;

use std::sync::Arc;

use form::Shape;
pub use form::{Form, Key, Names, Words};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, nearest};
use crate::text::{Source, Span};

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its place in the source, quotes and brackets included.
    pub span: Span,
}

/// Collects mistakes of one TOML source. `code` is the first half of their codes: `config` or `rule`.
#[derive(Debug)]
pub struct Reader {
    source: Arc<Source>,
    code: &'static str,
    diagnostics: Vec<Diagnostic>,
}

impl Reader {
    /// Parses the whole source and hands its top table to `read`; returns what that made and all mistakes. Where
    /// the syntax is broken, what could be parsed is still read.
    pub fn read<T>(
        source: &Arc<Source>,
        code: &'static str,
        read: impl FnOnce(&mut Self, Table<'_>) -> T,
    ) -> (T, Vec<Diagnostic>) {
        Self::read_shape(source, code, Shape::Free, read)
    }

    /// As [`Reader::read`], for a source whose top table has these keys.
    pub fn read_listed<T>(
        source: &Arc<Source>,
        code: &'static str,
        keys: &'static [Key],
        read: impl FnOnce(&mut Self, Table<'_>) -> T,
    ) -> (T, Vec<Diagnostic>) {
        Self::read_shape(source, code, Shape::Keys(keys), read)
    }

    fn read_shape<T>(
        source: &Arc<Source>,
        code: &'static str,
        shape: Shape,
        read: impl FnOnce(&mut Self, Table<'_>) -> T,
    ) -> (T, Vec<Diagnostic>) {
        let mut reader = Self { source: Arc::clone(source), code, diagnostics: Vec::new() };
        let (table, errors) = DeTable::parse_recoverable(source.text());
        for error in errors {
            let span = error.span().map_or_else(Span::default, Span::of);
            reader.report("syntax", error.message().trim().to_owned(), span);
        }
        let span = Span::of(table.span());
        let table = Table { table: table.get_ref(), span, shape, known: Vec::new() };
        let made = read(&mut reader, table);
        (made, reader.diagnostics)
    }

    /// The source being read.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// Adds a mistake `config/KIND` or `rule/KIND` at a place; the returned diagnostic may be completed.
    pub fn report(&mut self, kind: &str, message: impl Into<String>, span: Span) -> &mut Diagnostic {
        let diagnostic = Diagnostic::error(format!("{}/{kind}", self.code), message);
        self.diagnostics.push(diagnostic.label(&self.source, span, ""));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    /// Adds a mistake that is already made.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a word that is none of `accepted`, with the nearest of them.
    pub fn unknown(&mut self, kind: &str, what: &str, given: &At<String>, accepted: &[&str]) {
        self.not_among(kind, format!("unknown {what} `{}`", given.value), given, accepted);
    }

    fn not_among(&mut self, kind: &str, message: String, given: &At<String>, accepted: &[&str]) {
        let near = nearest(&given.value, accepted.iter().copied());
        let diagnostic = self.report(kind, message, given.span);
        if let Some(near) = near {
            diagnostic.help = Some(format!("did you mean `{near}`?").into());
        }
        diagnostic.notes.push(format!("accepted: {}", accepted.join(", ")).into());
    }

    fn wrong_type(&mut self, key: &str, expected: &str, found: &Spanned<DeValue<'_>>) {
        let kind = type_name(found.get_ref());
        let span = Span::of(found.span());
        self.report("wrong-type", format!("`{key}` is {kind}, expected {expected}"), span);
    }
}

/// One table. Ask for each key that is accepted, then call [`Table::finish`].
#[derive(Debug)]
pub struct Table<'a> {
    table: &'a DeTable<'a>,
    span: Span,
    shape: Shape,
    known: Vec<&'static str>,
}

impl<'a> Table<'a> {
    /// Where the table stands: its header, or its braces.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The keys as they stand, for tables whose keys are names.
    #[must_use]
    pub fn keys(&self) -> Vec<At<String>> {
        self.table.keys().map(|key| At { value: key.get_ref().to_string(), span: Span::of(key.span()) }).collect()
    }

    /// Whether the key is there, whatever its type.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether the key holds a list without anything in it.
    #[must_use]
    pub fn is_empty_list(&self, key: &str) -> bool {
        let empty =
            |value: &Spanned<DeValue<'_>>| matches!(value.get_ref(), DeValue::Array(items) if items.is_empty());
        self.table.get(key).is_some_and(empty)
    }

    /// Whether the key holds a whole number, for keys that also accept something else.
    #[must_use]
    pub fn is_integer(&self, key: &str) -> bool {
        self.table.get(key).is_some_and(|value| matches!(value.get_ref(), DeValue::Integer(_)))
    }

    /// Where a key itself stands.
    #[must_use]
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.table.get_key_value(key).map(|(key, _)| Span::of(key.span()))
    }

    fn get(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        debug_assert!(
            matches!(self.shape, Shape::Free) || self.shape.form(key).is_some(),
            "`{key}` is not listed"
        );
        self.known.push(key);
        self.table.get(key)
    }

    /// A string.
    pub fn string(&mut self, reader: &mut Reader, key: &'static str) -> Option<At<String>> {
        let value = self.get(key)?;
        as_string(reader, key, value)
    }

    /// A string under a key that is a name.
    pub fn string_at(&self, reader: &mut Reader, key: &str) -> Option<At<String>> {
        as_string(reader, key, self.table.get(key)?)
    }

    /// A word of those that the key takes, `what` they are called, as `read` understands it.
    pub fn word<T>(
        &mut self,
        reader: &mut Reader,
        key: &'static str,
        what: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<At<T>> {
        let given = self.string(reader, key)?;
        self.understood(reader, key, what, &given, read)
    }

    /// As [`Table::word`], of a list; a single one is a list of one. What is none of the words is told and left out.
    pub fn words<T>(
        &mut self,
        reader: &mut Reader,
        key: &'static str,
        what: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<Vec<At<T>>> {
        let given = self.strings(reader, key)?;
        Some(given.iter().filter_map(|given| self.understood(reader, key, what, given, &read)).collect())
    }

    /// As [`Table::word`], under a key that is a name.
    pub fn word_at<T>(
        &self,
        reader: &mut Reader,
        key: &str,
        what: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<At<T>> {
        let given = self.string_at(reader, key)?;
        self.understood(reader, key, what, &given, read)
    }

    fn understood<T>(
        &self,
        reader: &mut Reader,
        key: &str,
        what: &str,
        given: &At<String>,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<At<T>> {
        let found = read(&given.value).map(|value| At { value, span: given.span });
        if found.is_none() {
            let words = self.shape.form(key).and_then(Form::words);
            reader.unknown("unknown-value", what, given, &words.map(|words| (words.names)()).unwrap_or_default());
        }
        found
    }

    /// A list of strings; a single string is a list of one.
    pub fn strings(&mut self, reader: &mut Reader, key: &'static str) -> Option<Vec<At<String>>> {
        let value = self.get(key)?;
        as_strings(reader, key, value)
    }

    /// A list of strings under a key that is a name.
    pub fn strings_at(&self, reader: &mut Reader, key: &str) -> Option<Vec<At<String>>> {
        as_strings(reader, key, self.table.get(key)?)
    }

    /// A yes or no.
    pub fn boolean(&mut self, reader: &mut Reader, key: &'static str) -> Option<At<bool>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(At { value: *flag, span: Span::of(value.span()) }),
            _ => {
                reader.wrong_type(key, "true or false", value);
                None
            }
        }
    }

    /// A number that is finite. One that is out of range is told.
    pub fn number(&mut self, reader: &mut Reader, key: &'static str) -> Option<At<f64>> {
        self.get(key)?;
        self.number_at(reader, key)
    }

    /// A finite number under a key that is a name. One that is out of range is told.
    pub fn number_at(&self, reader: &mut Reader, key: &str) -> Option<At<f64>> {
        let number = as_number(reader, key, self.table.get(key)?)?;
        if let Some(Form::Number(least, most)) = self.shape.form(key)
            && !(*least..=*most).contains(&number.value)
        {
            reader.report("out-of-range", format!("`{key}` must lie from {least} to {most}"), number.span);
        }
        Some(number)
    }

    /// A whole number in the range of its key.
    pub fn integer(&mut self, reader: &mut Reader, key: &'static str) -> Option<At<u64>> {
        let range = |form: &Form| match form {
            Form::Whole(least, most) => Some((*least, *most)),
            _ => None,
        };
        let (least, most) = self.shape.form(key).and_then(|form| form.find(range)).unwrap_or((0, u64::MAX));
        let value = self.get(key)?;
        let span = Span::of(value.span());
        let number = match value.get_ref() {
            DeValue::Integer(number) => {
                i128::from_str_radix(number.as_str(), number.radix()).ok().and_then(|n| u64::try_from(n).ok())
            }
            _ => {
                reader.wrong_type(key, "a whole number", value);
                return None;
            }
        };
        match number {
            Some(value) if (least..=most).contains(&value) => Some(At { value, span }),
            _ => {
                let message = format!("`{key}` must lie from {least} to {most}");
                reader.report("out-of-range", message, span);
                None
            }
        }
    }

    /// A table.
    pub fn table(&mut self, reader: &mut Reader, key: &'static str) -> Option<Table<'a>> {
        let value = self.get(key)?;
        as_table(reader, key, value, self.shape.under(key))
    }

    /// A table under a key that is a name.
    pub fn table_at(&self, reader: &mut Reader, key: &str) -> Option<Table<'a>> {
        as_table(reader, key, self.table.get(key)?, self.shape.under(key))
    }

    /// A list of tables, as `[[key]]` or as an array of inline tables.
    pub fn tables(&mut self, reader: &mut Reader, key: &'static str) -> Vec<Table<'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            reader.wrong_type(key, "a list of tables", value);
            return Vec::new();
        };
        let shape = self.shape.under(key);
        items.iter().filter_map(|item| as_table(reader, key, item, shape)).collect()
    }

    /// Tables under one key, written as `[key]`, as `[[key]]`, or inline.
    pub fn one_or_more_tables(&mut self, reader: &mut Reader, key: &'static str) -> Vec<Table<'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let shape = self.shape.under(key);
        match value.get_ref() {
            DeValue::Table(_) => as_table(reader, key, value, shape).into_iter().collect(),
            DeValue::Array(items) => items.iter().filter_map(|item| as_table(reader, key, item, shape)).collect(),
            _ => {
                reader.wrong_type(key, "a table or a list of tables", value);
                Vec::new()
            }
        }
    }

    /// Reports every key that is not accepted, with the nearest that is: one of the list, or where there is none, one
    /// that was asked for.
    pub fn finish(self, reader: &mut Reader, what: &str) {
        let mut accepted = self.known.clone();
        if let Shape::Keys(keys) = self.shape {
            accepted = keys.iter().map(|key| key.name).collect();
            let unasked = accepted.iter().find(|key| !self.known.contains(key));
            debug_assert!(unasked.is_none(), "{unasked:?} of {what} is listed and not read");
        }
        accepted.dedup();
        for key in self.keys() {
            if !accepted.contains(&key.value.as_str()) {
                let message = format!("unknown key `{}` in {what}", key.value);
                reader.not_among("unknown-key", message, &key, &accepted);
            }
        }
    }
}

fn as_string(reader: &mut Reader, key: &str, value: &Spanned<DeValue<'_>>) -> Option<At<String>> {
    match value.get_ref() {
        DeValue::String(text) => Some(At { value: text.to_string(), span: Span::of(value.span()) }),
        _ => {
            reader.wrong_type(key, "a string", value);
            None
        }
    }
}

fn as_strings(reader: &mut Reader, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Vec<At<String>>> {
    match value.get_ref() {
        DeValue::String(_) => as_string(reader, key, value).map(|one| vec![one]),
        DeValue::Array(items) => Some(items.iter().filter_map(|item| as_string(reader, key, item)).collect()),
        _ => {
            reader.wrong_type(key, "a list of strings", value);
            None
        }
    }
}

fn as_number(reader: &mut Reader, key: &str, value: &Spanned<DeValue<'_>>) -> Option<At<f64>> {
    let number = match value.get_ref() {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .ok()
            .and_then(|number| i32::try_from(number).ok())
            .map(f64::from),
        DeValue::Float(number) => number.as_str().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    };
    match number {
        Some(number) => Some(At { value: number, span: Span::of(value.span()) }),
        None => {
            reader.wrong_type(key, "a finite number", value);
            None
        }
    }
}

fn as_table<'a>(
    reader: &mut Reader,
    key: &str,
    value: &'a Spanned<DeValue<'a>>,
    shape: Shape,
) -> Option<Table<'a>> {
    match value.get_ref() {
        DeValue::Table(table) => Some(Table { table, span: Span::of(value.span()), shape, known: Vec::new() }),
        _ => {
            reader.wrong_type(key, "a table", value);
            None
        }
    }
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLOURS: Words = Words::of(|| vec!["red", "green"]);
    const KEYS: [Key; 7] = [
        Key::new("name", Form::Text, ""),
        Key::new("files", Form::Texts, ""),
        Key::new("size", Form::Either(&[Form::Text, Form::Whole(1, 9)]), ""),
        Key::new("weight", Form::Number(0.0, 20.0), ""),
        Key::new("quick", Form::Boolean, ""),
        Key::new("colour", Form::Word(COLOURS), ""),
        Key::new("others", Form::Tables(&[Key::new("colours", Form::WordList(COLOURS), "")]), ""),
    ];

    fn colour(name: &str) -> Option<usize> {
        (COLOURS.names)().iter().position(|known| *known == name)
    }

    fn mistakes(text: &str) -> Vec<String> {
        let source = Arc::new(Source::from_text("a.toml", text));
        let ((), found) = Reader::read_listed(&source, "config", &KEYS, |reader, mut table| {
            table.string(reader, "name");
            table.strings(reader, "files");
            table.integer(reader, "size");
            table.number(reader, "weight");
            table.boolean(reader, "quick");
            table.word(reader, "colour", "colour", colour);
            for mut other in table.tables(reader, "others") {
                other.words(reader, "colours", "colour", colour);
                other.finish(reader, "[[others]]");
            }
            table.finish(reader, "the config");
        });
        found
            .iter()
            .map(|one| format!("{} {:?}: {}", one.code, source.slice(one.labels[0].span), one.message))
            .collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(mistakes(text), expected, "{text}");
    }

    #[test]
    fn every_mistake_is_reported_at_its_place() {
        check("name = 'a'\nfiles = 'x'\nsize = 3\nweight = 1.5\nquick = true", &[]);
        check(
            "name = 3\nnmae = 'a'",
            &[
                "config/wrong-type \"3\": `name` is a whole number, expected a string",
                "config/unknown-key \"nmae\": unknown key `nmae` in the config",
            ],
        );
        check("size = 12", &["config/out-of-range \"12\": `size` must lie from 1 to 9"]);
        check("size = -1", &["config/out-of-range \"-1\": `size` must lie from 1 to 9"]);
        check("weight = 20.5", &["config/out-of-range \"20.5\": `weight` must lie from 0 to 20"]);
        check("colour = 'gren'", &["config/unknown-value \"'gren'\": unknown colour `gren`"]);
        check(
            "others = [{ colours = 'rde', colour = 'red' }]",
            &[
                "config/unknown-value \"'rde'\": unknown colour `rde`",
                "config/unknown-key \"colour\": unknown key `colour` in [[others]]",
            ],
        );
        check("weight = nan", &["config/wrong-type \"nan\": `weight` is a number, expected a finite number"]);
        check("files = ['a', 3]", &["config/wrong-type \"3\": `files` is a whole number, expected a string"]);
    }

    #[test]
    #[should_panic(expected = "is listed and not read")]
    fn a_listed_key_that_is_not_read_is_a_mistake_of_the_program() {
        let source = Arc::new(Source::from_text("a.toml", ""));
        Reader::read_listed(&source, "config", &KEYS, |reader, table| table.finish(reader, "the config"));
    }

    #[test]
    fn what_parses_beside_broken_syntax_is_still_read() {
        let found = mistakes("name = \nsize = 12\nother = 1");
        assert!(found.iter().any(|line| line.contains("syntax")), "{found:?}");
        assert!(found.iter().any(|line| line.contains("out-of-range")), "{found:?}");
        assert!(found.iter().any(|line| line.contains("unknown-key")), "{found:?}");
    }
}
