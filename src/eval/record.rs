//! Floor 5: one labelled post from one line of JSON.
//!
//! Does not judge. Invariant: every mistake of a line is told at its place, and a line with a mistake gives no post.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::passage::{Cover, Passage};
use super::{Class, Convention, LabelledPost};
use crate::diagnostic::{Diagnostic, nearest};
use crate::document::{AccountKind, IdentityKeys};
use crate::identity::Account;
use crate::text::{Platform, Source, Span};

/// Reads a line by the convention of its set.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_record(source: &Arc<Source>, convention: &Convention) -> Result<LabelledPost, Vec<Diagnostic>> {
    let fields: HashMap<String, &RawValue> = serde_json::from_str(source.text()).map_err(|error| {
        let at = error.column().saturating_sub(1);
        let words = error.to_string();
        let words = words.split(" at line ").next().unwrap_or(&words).to_lowercase();
        vec![Diagnostic::error("input/json", words).label(source, Span::of(at..at + 1), "")]
    })?;
    let mut record = Record { source, fields, mistakes: Vec::new() };
    let text = record.text(&convention.text).map(|text| convention.strip(text)).unwrap_or_default();
    let class = record.class(convention);
    let accept = record.accept(convention);
    let flagged = [("flag", Cover::Any), ("spans", Cover::Half)]
        .into_iter()
        .filter_map(|(key, cover)| record.passages(key, &text, cover))
        .reduce(|mut all, more| {
            all.extend(more);
            all
        });
    let quiet = convention.is_quiet()
        && class == Some(Class::Conversational)
        && convention.quiet_where.iter().all(|(key, value)| record.word(key).as_ref() == Some(value));
    let post = LabelledPost {
        id: record.word("id").unwrap_or_else(|| format!("line {}", source.line_column(0).line)),
        class,
        accept,
        flagged,
        must_not: record.passages("must_not", &text, Cover::Any).unwrap_or_default(),
        account: record.account(),
        // A network that nobody knows here has no customs of its own to judge by.
        platform: record.get::<String>("platform", "a string").and_then(|name| Platform::from_name(&name)),
        quiet,
        text,
    };
    if record.mistakes.is_empty() { Ok(post) } else { Err(record.mistakes) }
}

struct Record<'a> {
    source: &'a Arc<Source>,
    fields: HashMap<String, &'a RawValue>,
    mistakes: Vec<Diagnostic>,
}

/// `identity` as records write it; what else stands in it is nobody's business here.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Identity {
    kind: Option<String>,
    names: Vec<String>,
    handles: Vec<String>,
    products: Vec<String>,
    partners: Vec<String>,
    domains: Vec<String>,
}

/// A marked passage that is not given as plain words: offsets count characters.
#[derive(Deserialize)]
struct Marked {
    text: Option<String>,
    start: Option<usize>,
    end: Option<usize>,
    #[serde(default)]
    opt: bool,
}

impl<'a> Record<'a> {
    fn span(&self, value: &RawValue) -> Span {
        let text = self.source.text();
        let start = (value.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        Span::of(start..start + value.get().len())
    }

    fn mistake(&mut self, kind: &str, message: String, value: &RawValue) -> &mut Diagnostic {
        let diagnostic = Diagnostic::error(format!("input/{kind}"), message);
        self.mistakes.push(diagnostic.label(self.source, self.span(value), ""));
        let last = self.mistakes.len() - 1;
        &mut self.mistakes[last]
    }

    fn missing(&mut self, key: &str) {
        let message = format!("a labelled post without `{key}`");
        self.mistakes.push(Diagnostic::error("input/missing-field", message).label(
            self.source,
            Span::default(),
            "",
        ));
    }

    /// The field as it is written; `null` is as good as none.
    fn raw(&self, key: &str) -> Option<&'a RawValue> {
        self.fields.get(key).copied().filter(|value| value.get() != "null")
    }

    fn get<T: Deserialize<'a>>(&mut self, key: &str, expected: &str) -> Option<T> {
        let value = self.raw(key)?;
        let read = serde_json::from_str(value.get()).ok();
        if read.is_none() {
            self.mistake("wrong-type", format!("`{key}` is not {expected}"), value);
        }
        read
    }

    /// A string, a number, or yes or no, as a word; none for anything else.
    fn word(&self, key: &str) -> Option<String> {
        plain(self.raw(key)?)
    }

    fn text(&mut self, key: &str) -> Option<String> {
        if self.raw(key).is_none() {
            self.missing(key);
        }
        self.get(key, "a string")
    }

    fn class(&mut self, convention: &Convention) -> Option<Class> {
        let Some(value) = self.raw("label") else {
            self.missing("label");
            return None;
        };
        self.class_of("label", value, convention)
    }

    fn class_of(&mut self, key: &str, value: &RawValue, convention: &Convention) -> Option<Class> {
        let Some(word) = plain(value) else {
            self.mistake("wrong-type", format!("`{key}` is not a label"), value);
            return None;
        };
        match convention.class(&word) {
            Ok(class) => class,
            Err(known) => {
                let near = nearest(&word, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
                let note = format!("accepted: {}", known.join(", "));
                let diagnostic = self.mistake("unknown-label", format!("unknown label `{word}`"), value);
                diagnostic.help = near.map(Into::into);
                diagnostic.notes.push(note.into());
                None
            }
        }
    }

    fn accept(&mut self, convention: &Convention) -> Option<Vec<Class>> {
        let values: Vec<&RawValue> = self.get("accept", "a list of labels")?;
        Some(values.into_iter().filter_map(|value| self.class_of("accept", value, convention)).collect())
    }

    fn passages(&mut self, key: &str, text: &str, cover: Cover) -> Option<Vec<Passage>> {
        let values: Vec<&RawValue> = self.get(key, "a list")?;
        Some(values.into_iter().filter_map(|value| self.passage(key, value, text, cover)).collect())
    }

    fn passage(&mut self, key: &str, value: &RawValue, text: &str, cover: Cover) -> Option<Passage> {
        let words: Result<String, _> = serde_json::from_str(value.get());
        let marked = match words {
            Ok(words) => Marked { text: Some(words), start: None, end: None, opt: false },
            Err(_) => match serde_json::from_str(value.get()) {
                Ok(marked) => marked,
                Err(_) => {
                    let message = format!("a passage in `{key}` is neither a string nor a span");
                    self.mistake("wrong-type", message, value);
                    return None;
                }
            },
        };
        let places = places(text, &marked);
        if places.is_empty() {
            self.mistake("no-such-passage", format!("a passage in `{key}` does not stand in the text"), value);
            return None;
        }
        Some(Passage { places, required: !marked.opt, cover })
    }

    fn account(&mut self) -> Account {
        let identity: Identity = self.get("identity", "an identity").unwrap_or_default();
        let kind = match identity.kind.as_deref() {
            Some(name) => AccountKind::from_name(name).or_else(|| {
                if let Some(value) = self.raw("identity") {
                    let message = format!("unknown kind of account `{name}`");
                    let diagnostic = self.mistake("unknown-value", message, value);
                    diagnostic.notes.push(format!("accepted: {}", AccountKind::NAMES.join(", ")).into());
                }
                None
            }),
            // An account that is not one of the kinds is a name, which says nothing of who self is.
            None => self.get::<String>("account", "a string").and_then(|name| AccountKind::from_name(&name)),
        };
        let keys = IdentityKeys {
            kind: kind.unwrap_or_default(),
            names: identity.names,
            handles: identity.handles,
            products: identity.products,
            partners: identity.partners,
            domains: identity.domains,
        };
        Account::new(None, keys)
    }
}

fn plain(value: &RawValue) -> Option<String> {
    match serde_json::from_str(value.get()).ok()? {
        serde_json::Value::String(word) => Some(word),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Where a passage stands: at its offsets, unless they spell other words (a set may strip some before it); or
/// wherever its words stand.
fn places(text: &str, marked: &Marked) -> Vec<Span> {
    if let (Some(start), Some(end)) = (marked.start, marked.end) {
        let mut borders = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let from = borders.nth(start);
        // `nth` takes what it passes over, so the second counts on from the first.
        let to = end.checked_sub(start + 1).and_then(|more| borders.nth(more));
        if let (Some(from), Some(to)) = (from, to) {
            let spelled = text.get(from..to);
            if marked.text.is_none() || spelled == marked.text.as_deref() {
                return vec![Span::of(from..to)];
            }
        }
    }
    let words = marked.text.as_deref().filter(|words| !words.trim().is_empty());
    let stand = |words: &str| -> Vec<Span> {
        text.match_indices(words).map(|(at, found)| Span::of(at..at + found.len())).collect()
    };
    words.map(stand).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str, convention: &Convention) -> Result<LabelledPost, Vec<String>> {
        let source = Arc::new(Source::decode_record("a.jsonl", line.into(), 100, 6).unwrap());
        read_record(&source, convention).map_err(|mistakes| {
            let shown = mistakes.iter().map(|one| {
                let span = one.labels.first().map(|label| label.span).unwrap_or_default();
                format!("{} {:?}: {}", one.code, source.slice(span), one.message)
            });
            shown.collect()
        })
    }

    #[test]
    fn a_record_brings_its_own_setting() {
        let line = r##"{"id":"x1","text":"Só good, só free","label":"promo","accept":["promo","mixed"],"platform":"Twitter",
            "flag":["free"],"spans":[{"start":0,"end":2,"opt":true},{"text":"só","start":9,"end":11}],"must_not":["good"],
            "identity":{"kind":"brand","names":["Acme"],"since":1999},"source":null}"##;
        let post = read(line, &Convention::default()).unwrap();
        assert_eq!((post.id.as_str(), post.class), ("x1", Some(Class::Promotional)));
        assert_eq!(post.accept, Some(vec![Class::Promotional, Class::Mixed]));
        let flagged = post.flagged.unwrap();
        let shown: Vec<_> = flagged.iter().map(|one| (&post.text[one.places[0].range()], one.required)).collect();
        assert_eq!(shown, [("free", true), ("Só", false), ("só", true)]);
        assert_eq!((flagged[0].cover, flagged[1].cover), (Cover::Any, Cover::Half));
        assert_eq!(
            (post.account.kind(), &*post.account.keys.names),
            (AccountKind::Brand, &["Acme".to_owned()][..])
        );
        assert_eq!((post.platform, post.quiet), (Some(Platform::X), false));
    }

    #[test]
    fn little_is_needed() {
        let post =
            read(r#"{"text":"a","label":0,"platform":"nextdoor","account":"cause"}"#, &Convention::default());
        let post = post.unwrap();
        assert_eq!((post.id.as_str(), post.class), ("line 7", Some(Class::Conversational)));
        assert_eq!((post.accept, post.flagged, post.platform), (None, None, None));
        assert_eq!(post.account.kind(), AccountKind::Cause);
    }

    #[test]
    fn mistakes_are_told_at_their_places() {
        #[track_caller]
        fn check(line: &str, expected: &[&str]) {
            assert_eq!(read(line, &Convention::default()).unwrap_err(), expected, "{line}");
        }
        check("{\"text\":\"a\",}", &["input/json \"}\": trailing comma"]);
        check("[1]", &["input/json \"[\": invalid type: sequence, expected a map"]);
        check("", &["input/json \"\": eof while parsing a value"]);
        check(
            "{}",
            &[
                "input/missing-field \"\": a labelled post without `text`",
                "input/missing-field \"\": a labelled post without `label`",
            ],
        );
        check(
            r#"{"text":3,"label":"prom","accept":["conv", "x"],"identity":{"kind":"firm"}}"#,
            &[
                "input/wrong-type \"3\": `text` is not a string",
                "input/unknown-label \"\\\"prom\\\"\": unknown label `prom`",
                "input/unknown-label \"\\\"x\\\"\": unknown label `x`",
                "input/unknown-value \"{\\\"kind\\\":\\\"firm\\\"}\": unknown kind of account `firm`",
            ],
        );
        check(
            r#"{"text":"a b","label":1,"flag":["c", 2, ""],"spans":[{"start":3,"end":9}],"must_not":"a","identity":[1]}"#,
            &[
                "input/no-such-passage \"\\\"c\\\"\": a passage in `flag` does not stand in the text",
                "input/wrong-type \"2\": a passage in `flag` is neither a string nor a span",
                "input/no-such-passage \"\\\"\\\"\": a passage in `flag` does not stand in the text",
                "input/no-such-passage \"{\\\"start\\\":3,\\\"end\\\":9}\": a passage in `spans` does not stand in the text",
                "input/wrong-type \"\\\"a\\\"\": `must_not` is not a list",
                "input/wrong-type \"[1]\": `identity` is not an identity",
            ],
        );
    }

    #[test]
    fn offsets_give_way_to_the_words_where_they_differ() {
        #[track_caller]
        fn check(marked: (Option<&str>, Option<(usize, usize)>), expected: &[(u32, u32)]) {
            let marked = Marked {
                text: marked.0.map(str::to_owned),
                start: marked.1.map(|range| range.0),
                end: marked.1.map(|range| range.1),
                opt: false,
            };
            let found: Vec<_> = places("éa ba", &marked).iter().map(|span| (span.start(), span.end())).collect();
            assert_eq!(found, expected);
        }
        check((None, Some((1, 2))), &[(2, 3)]);
        check((None, Some((0, 5))), &[(0, 6)]);
        check((Some("a"), Some((4, 5))), &[(5, 6)]);
        check((Some("a"), Some((3, 4))), &[(2, 3), (5, 6)]);
        check((Some("a"), None), &[(2, 3), (5, 6)]);
        check((None, Some((0, 6))), &[]);
        check((None, Some((2, 2))), &[]);
        check((None, Some((3, 1))), &[]);
        check((None, None), &[]);
    }

    #[test]
    fn a_set_chooses_what_it_must_be_quiet_on() {
        #[track_caller]
        fn check(line: &str, quiet: bool, class: Option<Class>) {
            let source = Arc::new(Source::from_text(
                "s",
                "[[set]]\nname = 'a'\nfiles = 'a'\ntext = 'body'\nstrip = '#ad'\nroles = 'quiet'\n\
                 quiet-where = { drawn = 'random' }\n\
                 labels = { promotional = 'p', conversational = 'c', left-out = 'n' }",
            ));
            let (sets, _) = crate::eval::Conventions::read(&source);
            let post = read(line, sets.of_file("a").unwrap()).unwrap();
            assert_eq!((post.text.as_str(), post.quiet, post.class), ("a ", quiet, class));
        }
        check(r##"{"body":"a #ad","label":"c","drawn":"random"}"##, true, Some(Class::Conversational));
        check(r##"{"body":"a #ad","label":"c","drawn":"search"}"##, false, Some(Class::Conversational));
        check(r##"{"body":"a #ad","label":"c"}"##, false, Some(Class::Conversational));
        check(r##"{"body":"a #ad","label":"p","drawn":"random"}"##, false, Some(Class::Promotional));
        check(r##"{"body":"a #ad","label":"n","drawn":"random"}"##, false, None);
    }
}
