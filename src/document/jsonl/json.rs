//! JSON with places: which bytes of the source spell a value, and which run of them each character.
//!
//! The grammar is serde_json's; only escapes are decoded here, because it keeps no places in strings. Invariant:
//! a decoded string equals serde_json's, except that a lone surrogate is U+FFFD where serde_json refuses it.

use std::marker::PhantomData;
use std::sync::Arc;

use memchr::memchr;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use smallvec::SmallVec;

use super::CODE;
use crate::diagnostic::Diagnostic;
use crate::document::escape::{checked, offset};
use crate::document::json::string;
use crate::text::{Source, SourceMap, Span};

/// The text of one record and where it starts in its source.
pub(super) struct Json<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) text: &'a str,
    pub(super) start: u32,
}

/// The members of an object whose keys are read, in order.
pub(super) struct Object<'a, K>(Few<'a, K>);

/// Most records have few keys.
type Few<'a, K> = SmallVec<[(K, &'a RawValue); 4]>;

impl<K> Default for Object<'_, K> {
    fn default() -> Self {
        Self(SmallVec::new())
    }
}

impl<'a, K: Copy + PartialEq> Object<'a, K> {
    /// The value of `key`, the last one where it stands twice.
    pub(super) fn get(&self, key: K) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(k, _)| *k == key).map(|&(_, raw)| raw)
    }
}

/// What a value is, in words.
pub(super) fn kind_of(raw: &RawValue) -> &'static str {
    match raw.get().bytes().next() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

impl<'a> Json<'a> {
    /// The whole record.
    pub(super) fn whole(&self) -> Span {
        Span::new(self.start, offset(self.start, self.text.len()))
    }

    /// Where a value stands, which serde_json borrowed from the record.
    pub(super) fn span(&self, raw: &RawValue) -> Span {
        let ahead = raw.get().as_ptr().addr().wrapping_sub(self.text.as_ptr().addr());
        if ahead > self.text.len() {
            return self.whole();
        }
        Span::new(offset(self.start, ahead), offset(self.start, ahead + raw.get().len()))
    }

    /// Reads the members of an object into `object`, those before a mistake also.
    pub(super) fn collect<K: serde::Deserialize<'a>>(
        &self,
        text: &'a str,
        object: &mut Object<'a, K>,
    ) -> Result<(), Box<Diagnostic>> {
        let mut reader = serde_json::Deserializer::from_str(text);
        Members(&mut object.0, PhantomData)
            .deserialize(&mut reader)
            .and_then(|()| reader.end())
            .map_err(|error| self.broken(&error))
    }

    /// A string with its map.
    pub(super) fn mapped(&self, raw: &RawValue, key: &str) -> Result<(String, SourceMap), Box<Diagnostic>> {
        let inner = raw.get().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let Some(inner) = inner else { return Err(self.wrong_type(raw, key, "a string")) };
        let span = self.span(raw);
        let text = string::mapped(inner, offset(span.start(), 1));
        if memchr(b'\\', inner.as_bytes()).is_none() {
            return Ok(text.finish());
        }
        // serde_json refuses lone surrogates, and has then no value to compare with.
        Ok(match serde_json::from_str::<String>(raw.get()) {
            Ok(value) => checked(text, &value, span).finish(),
            Err(_) => text.finish(),
        })
    }

    /// A string.
    pub(super) fn string(&self, raw: &RawValue, key: &str) -> Result<String, Box<Diagnostic>> {
        self.mapped(raw, key).map(|(text, _)| text)
    }

    /// A string, or nothing for `null`.
    pub(super) fn optional_string(&self, raw: &RawValue, key: &str) -> Result<Option<String>, Box<Diagnostic>> {
        if kind_of(raw) == "null" { Ok(None) } else { self.string(raw, key).map(Some) }
    }

    /// The members of a list; a single string is a list of one, `null` an empty one.
    pub(super) fn list<'r>(&self, raw: &'r RawValue, key: &str) -> Result<Vec<&'r RawValue>, Box<Diagnostic>> {
        match kind_of(raw) {
            "null" => Ok(Vec::new()),
            "a string" => Ok(vec![raw]),
            "a list" => serde_json::from_str(raw.get()).map_err(|error| self.broken(&error)),
            _ => Err(self.wrong_type(raw, key, "a string or a list of strings")),
        }
    }

    /// The diagnostic for a value of another kind than `expected`.
    pub(super) fn wrong_type(&self, raw: &RawValue, key: &str, expected: &str) -> Box<Diagnostic> {
        let message = format!("`{key}` must be {expected}, not {}", kind_of(raw));
        Box::new(self.error(self.span(raw), message, format!("expected {expected}")))
    }

    /// A diagnostic at `span`.
    pub(super) fn error(
        &self,
        span: Span,
        message: impl Into<String>,
        label: impl Into<std::borrow::Cow<'static, str>>,
    ) -> Diagnostic {
        Diagnostic::error(CODE, message).label(self.source, span, label)
    }

    /// The diagnostic for text that is not the JSON it should be.
    fn broken(&self, error: &serde_json::Error) -> Box<Diagnostic> {
        // The message ends in a line and column, which the label shows.
        let full = error.to_string();
        let message = full.rsplit_once(" at line ").map_or(full.as_str(), |(message, _)| message);
        let before: usize =
            self.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let mut at = (before + error.column().saturating_sub(1)).min(self.text.len());
        if error.is_eof() {
            at = self.text.len();
        }
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let len = self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let span = Span::new(offset(self.start, at), offset(self.start, at + len));
        let message = format!("invalid JSON: {}", crate::document::shown(message));
        Box::new(self.error(span, message, "here"))
    }
}

struct Members<'v, 'a, K>(&'v mut Few<'a, K>, PhantomData<K>);

impl<'a, K: serde::Deserialize<'a>> DeserializeSeed<'a> for Members<'_, 'a, K> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a, K: serde::Deserialize<'a>> Visitor<'a> for Members<'_, 'a, K> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(member) = map.next_entry()? {
            self.0.push(member);
        }
        Ok(())
    }
}
