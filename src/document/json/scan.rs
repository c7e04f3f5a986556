//! JSON with places, read lazily: the text is checked once, and values are found in it when they are asked for.
//!
//! Accepts what serde_json does, and lone surrogates too. Keeps little beside the text: where its long lists and objects end. Invariant: after [`check`], walking a value never fails and ends where the value ends.

use std::borrow::Cow;

use memchr::memchr2;

use super::string;
use crate::document::ReadLimits;
use crate::document::escape::offset;
use crate::document::records::{Kind, Node};
use crate::text::{MappedText, Span};

/// What [`Fault::message`] says of lists and objects that are too deep inside each other.
pub(in crate::document) const TOO_DEEP: &str = "nested too deeply";

/// Where text is not the JSON it should be, and what was expected there.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::document) struct Fault {
    pub(in crate::document) at: usize,
    pub(in crate::document) message: &'static str,
}

/// What helps then.
pub(in crate::document) const NESTING: &str = "`nesting` in `[limits]` of selfless.toml raises the limit";

/// As [`check_to`], as deep as serde_json goes.
///
/// # Errors
/// As [`check_to`].
pub(in crate::document) fn check(text: &str, start: usize) -> Result<Checked<'_>, Fault> {
    check_to(text, start, ReadLimits::DEFAULT.nesting)
}

/// A value that is well written, and the text around it.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::document) struct Checked<'a> {
    text: &'a str,
    start: usize,
    /// One past its last byte.
    pub(in crate::document) end: usize,
    /// Where long lists and objects in it start and end, by their starts: nobody needs to look for their ends again.
    long: Vec<(usize, usize)>,
}

impl Checked<'_> {
    /// The value.
    pub(in crate::document) fn value(&self) -> Value<'_> {
        Value::at(self, self.start)
    }
}

/// How many bytes a list or object has whose end is kept.
const LONG: usize = 16 << 10;

/// Checks the value that starts at `start` of `text`, white space before it left out, with so many lists and objects
/// inside each other.
///
/// # Errors
/// At the first byte that does not belong there.
pub(in crate::document) fn check_to(text: &str, start: usize, deepest: usize) -> Result<Checked<'_>, Fault> {
    let mut checker = Checker { bytes: text.as_bytes(), at: start, deepest, open: Vec::new(), long: Vec::new() };
    checker.value()?;
    let (end, mut long) = (checker.at, checker.long);
    long.sort_unstable();
    Ok(Checked { text, start, end, long })
}

struct Checker<'a> {
    bytes: &'a [u8],
    at: usize,
    deepest: usize,
    /// Closing marks of what is open, and where it starts.
    open: Vec<(u8, usize)>,
    /// As [`Checked::long`], by their ends.
    long: Vec<(usize, usize)>,
}

impl Checker<'_> {
    fn value(&mut self) -> Result<(), Fault> {
        loop {
            self.white();
            match self.byte() {
                Some(b'{') => {
                    self.enter(b'}')?;
                    if self.byte() != Some(b'}') {
                        self.key()?;
                        continue;
                    }
                }
                Some(b'[') => {
                    self.enter(b']')?;
                    if self.byte() != Some(b']') {
                        continue;
                    }
                }
                Some(b'"') => self.string()?,
                Some(b't') => self.word("true")?,
                Some(b'f') => self.word("false")?,
                Some(b'n') => self.word("null")?,
                Some(b'-' | b'0'..=b'9') => self.number()?,
                _ => return Err(self.fault("expected a value")),
            }
            if !self.next()? {
                return Ok(());
            }
        }
    }

    /// Steps to the next value behind one that has ended; false where all are closed.
    fn next(&mut self) -> Result<bool, Fault> {
        while let Some(&(close, start)) = self.open.last() {
            self.white();
            match self.byte() {
                Some(byte) if byte == close => {
                    self.at += 1;
                    self.open.pop();
                    if self.at - start >= LONG {
                        self.long.push((start, self.at));
                    }
                }
                Some(b',') => {
                    self.at += 1;
                    if close == b'}' {
                        self.white();
                        self.key()?;
                    }
                    return Ok(true);
                }
                _ if close == b'}' => return Err(self.fault("expected `,` or `}`")),
                _ => return Err(self.fault("expected `,` or `]`")),
            }
        }
        Ok(false)
    }

    fn enter(&mut self, close: u8) -> Result<(), Fault> {
        if self.open.len() >= self.deepest {
            return Err(self.fault(TOO_DEEP));
        }
        self.open.push((close, self.at));
        self.at += 1;
        self.white();
        Ok(())
    }

    fn key(&mut self) -> Result<(), Fault> {
        if self.byte() != Some(b'"') {
            return Err(self.fault("expected a key in quotation marks"));
        }
        self.string()?;
        self.white();
        if self.byte() != Some(b':') {
            return Err(self.fault("expected `:`"));
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self) -> Result<(), Fault> {
        self.at += 1;
        loop {
            while self.byte() == Some(b'\\') {
                self.escape()?;
            }
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let special = |byte: u8| matches!(byte, b'"' | b'\\') || byte < b' ';
            let Some(plain) = find(rest, special) else {
                self.at = self.bytes.len();
                return Err(self.fault("a string is not closed"));
            };
            self.at += plain;
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                _ => return Err(self.fault("a line break or control character in a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
        let length = match rest {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => 6,
            _ => return Err(self.fault("an escape that JSON does not have")),
        };
        self.at += length;
        Ok(())
    }

    fn number(&mut self) -> Result<(), Fault> {
        self.at += usize::from(self.byte() == Some(b'-'));
        match self.byte() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(self.fault("expected a digit")) } else { Ok(()) }
    }

    fn word(&mut self, word: &'static str) -> Result<(), Fault> {
        if !self.bytes.get(self.at..).unwrap_or_default().starts_with(word.as_bytes()) {
            return Err(self.fault("expected a value"));
        }
        self.at += word.len();
        Ok(())
    }

    fn white(&mut self) {
        self.at = white(self.bytes, self.at);
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn fault(&self, message: &'static str) -> Fault {
        Fault { at: self.at, message }
    }
}

/// The first byte from `at` on that is no white space.
pub(super) fn white(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count()
}

/// A value in text that was checked.
#[derive(Clone, Copy, Debug)]
pub(in crate::document) struct Value<'a> {
    checked: &'a Checked<'a>,
    start: usize,
    end: usize,
}

impl<'a> Value<'a> {
    /// The value at `at`, white space before it left out.
    fn at(checked: &'a Checked<'a>, at: usize) -> Self {
        let bytes = checked.text.as_bytes();
        let start = white(bytes, at);
        let long = match bytes.get(start) {
            Some(b'[' | b'{') => checked.long.binary_search_by_key(&start, |(start, _)| *start).ok(),
            _ => None,
        };
        let end = long.and_then(|at| checked.long.get(at)).map_or_else(|| end_of(bytes, start), |(_, end)| *end);
        Self { checked, start, end }
    }

    fn raw(self) -> &'a str {
        self.checked.text.get(self.start..self.end).unwrap_or_default()
    }

    fn first(self) -> Option<u8> {
        self.raw().bytes().next()
    }

    /// What is between the quotation marks of a string.
    fn inner(self) -> Option<&'a str> {
        self.raw().strip_prefix('"')?.strip_suffix('"')
    }

    /// The values in a list or object, keys among them.
    fn inside(self) -> Inside<'a> {
        let open = matches!(self.first(), Some(b'[' | b'{'));
        Inside { checked: self.checked, at: self.start + 1, end: if open { self.end - 1 } else { 0 } }
    }
}

/// One value or key after the other.
struct Inside<'a> {
    checked: &'a Checked<'a>,
    at: usize,
    end: usize,
}

impl<'a> Iterator for Inside<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let bytes = self.checked.text.as_bytes();
        let mut at = white(bytes, self.at);
        if matches!(bytes.get(at), Some(b',' | b':')) {
            at += 1;
        }
        let value = Value::at(self.checked, at);
        if value.start >= self.end || value.end <= value.start {
            return None;
        }
        self.at = value.end;
        Some(value)
    }
}

/// Where the value at `start` ends.
fn end_of(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'"' => string_end(bytes, at),
            b'[' | b'{' => {
                depth += 1;
                at + 1
            }
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                at + 1
            }
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' => at + 1,
            _ => {
                let rest = bytes.get(at + 1..).unwrap_or_default();
                let ends =
                    |byte: &u8| matches!(byte, b',' | b']' | b'}' | b':' | b' ' | b'\t' | b'\r' | b'\n' | b'"');
                at + 1 + rest.iter().position(ends).unwrap_or(rest.len())
            }
        };
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

/// The first byte of a kind. Stretches without one are passed over many bytes at a time.
fn find(bytes: &[u8], is_wanted: impl Fn(u8) -> bool) -> Option<usize> {
    const STRETCH: usize = 32;
    let near = bytes.get(..STRETCH.min(bytes.len())).unwrap_or_default();
    if let Some(found) = near.iter().position(|byte| is_wanted(*byte)) {
        return Some(found);
    }
    let has = |stretch: &&[u8]| stretch.iter().fold(false, |any, byte| any | is_wanted(*byte));
    let passed = STRETCH * bytes.chunks_exact(STRETCH).take_while(|stretch| !has(stretch)).count();
    let rest = bytes.get(passed..).unwrap_or_default();
    rest.iter().position(|byte| is_wanted(*byte)).map(|found| passed + found)
}

/// One past the closing quotation mark of the string at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'"'), _) => return at + 1,
            (Some(b'\\'), Some(b'u')) => at += 6,
            (Some(b'\\'), _) => at += 2,
            (Some(_), _) => {
                let rest = bytes.get(at..).unwrap_or_default();
                at += memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
            }
            (None, _) => return bytes.len(),
        }
    }
}

impl<'a> Node<'a> for Value<'a> {
    fn kind(self) -> Kind {
        match self.first() {
            Some(b'"') => Kind::Text,
            Some(b'[') => Kind::List,
            Some(b'{') => Kind::Table,
            Some(b'n') | None => Kind::Null,
            Some(_) => Kind::Scalar,
        }
    }

    fn span(self) -> Span {
        Span::new(offset(0, self.start), offset(0, self.end))
    }

    fn head(self) -> Span {
        let span = self.span();
        // Whatever a value of JSON starts with is one byte.
        Span::new(span.start(), span.end().min(span.start().saturating_add(1)))
    }

    fn elements(self) -> impl Iterator<Item = Self> {
        let list = self.kind() == Kind::List;
        self.inside().take_while(move |_| list)
    }

    fn entries(self) -> impl Iterator<Item = (Self, Self)> {
        let mut inside = self.inside();
        let table = self.kind() == Kind::Table;
        std::iter::from_fn(move || table.then_some((inside.next()?, inside.next()?)))
    }

    fn mapped(self) -> MappedText {
        match self.inner() {
            Some(inner) => string::mapped(inner, offset(0, self.start + 1)),
            None => {
                let mut text = MappedText::new();
                text.push_linear(self.raw(), offset(0, self.start));
                text
            }
        }
    }

    fn value(self) -> Cow<'a, str> {
        match self.inner() {
            Some(inner) if !inner.contains('\\') => Cow::Borrowed(inner),
            Some(_) => Cow::Owned(self.mapped().finish().0),
            None => Cow::Borrowed(self.raw()),
        }
    }

    fn is_blank(self) -> bool {
        // What starts with an escape may be white space.
        let plain = self.inner().and_then(|inner| inner.chars().next());
        let shows = plain.is_some_and(|first| first != '\\' && !first.is_whitespace());
        !shows && self.value().trim().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    use super::*;

    /// What a value is, by walking it.
    fn walked(value: Value<'_>) -> serde_json::Value {
        match value.kind() {
            Kind::List => value.elements().map(walked).collect(),
            Kind::Table => value
                .members()
                .map(|(key, value)| (key.into_owned(), walked(value)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            Kind::Text => value.value().into(),
            Kind::Null | Kind::Scalar => serde_json::from_str(value.raw()).unwrap(),
        }
    }

    #[track_caller]
    fn check_fault(text: &str, at: usize, message: &str) {
        let fault = check(text, 0).unwrap_err();
        assert_eq!((fault.at, fault.message), (at, message), "{text}");
    }

    #[test]
    fn mistakes_are_told_at_their_place() {
        check_fault("", 0, "expected a value");
        check_fault(r#"{"a":1,}"#, 7, "expected a key in quotation marks");
        check_fault(r#"{"a" 1}"#, 5, "expected `:`");
        check_fault(r#"[1 2]"#, 3, "expected `,` or `]`");
        check_fault(r#"{"a":1 "b""#, 7, "expected `,` or `}`");
        check_fault("[\"a\nb\"]", 3, "a line break or control character in a string");
        check_fault(r#"["a"#, 3, "a string is not closed");
        check_fault(r#"["\x"]"#, 2, "an escape that JSON does not have");
        check_fault("[1.]", 3, "expected a digit");
        check_fault(&"[".repeat(1000), 128, "nested too deeply");
        assert_eq!(check("  [1] x", 0).map(|checked| checked.end), Ok(5));
        assert!(check_to("[[[]]]", 0, 3).is_ok() && check_to("[[[]]]", 0, 2).is_err());
    }

    #[test]
    fn values_are_walked_where_they_stand() {
        let text = r#" { "a\n" : [ 1 , "é\u00e9" , { } ] , "b":null,"c":-1.5e3 } "#;
        let checked = check(text, 0).unwrap();
        let value = checked.value();
        let members: Vec<_> = value.members().map(|(key, value)| (key.into_owned(), value.raw())).collect();
        let expected = [("a\n", r#"[ 1 , "é\u00e9" , { } ]"#), ("b", "null"), ("c", "-1.5e3")];
        assert_eq!(members, expected.map(|(key, raw)| (key.to_owned(), raw)));
        assert_eq!(value.elements().count(), 0);
        assert_eq!(walked(value), serde_json::from_str::<serde_json::Value>(text).unwrap());
    }

    #[test]
    fn long_values_end_where_they_were_seen_to_end() {
        let record = format!(r#"{{"text":"{}","more":[{{}},[]]}}"#, "a".repeat(LONG));
        let text = format!(r#"{{"a":[{record},{record}],"b":{{"c":[{record}]}},"d":{record}}}"#);
        let checked = check(&text, 0).unwrap();
        assert_eq!(checked.long.len(), 8);
        for &(start, end) in &checked.long {
            assert_eq!(end, end_of(text.as_bytes(), start));
        }
        assert_eq!(walked(checked.value()), serde_json::from_str::<serde_json::Value>(&text).unwrap());
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(5, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
                prop::collection::vec((any::<String>(), inner), 0..5)
                    .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_serde_json_writes_is_read_back(value in any_json(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
            let checked = check(&text, 0).unwrap();
            prop_assert_eq!(checked.end, text.len());
            prop_assert_eq!(walked(checked.value()), value);
        }

        #[test]
        fn it_accepts_what_serde_json_accepts(pieces in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", "\"a\"", "\"\\u00e9\"", "\"\\ud83d\"", "\"", "\\", ":", ",", "1", "-", "0", ".5", "e3", "null", "true",
            "fals", " ", "\n", "é", "{\"a\":", "[1,",
        ]), 0..12)) {
            let text = pieces.concat();
            let ours = check(&text, 0).is_ok_and(|checked| white(text.as_bytes(), checked.end) == text.len());
            let theirs = serde_json::from_str::<&RawValue>(&text).is_ok();
            prop_assert_eq!(ours, theirs, "{}", text);
        }
    }
}
