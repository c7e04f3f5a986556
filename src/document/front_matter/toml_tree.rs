//! TOML front matter, read with the `toml` crate, its strings decoded again to learn which byte is which.
//!
//! Invariant: entries are in the order of the source.

use toml::de::{DeTable, DeValue};

use super::tree::{Entry, Fault, Node, Value};
use crate::document::escape::{Step, checked, decode, hex, offset};
use crate::document::yaml::character;
use crate::text::{MappedText, SourceMap, Span};

/// Reads `text`, which stands at the source offset `base`; what is right is read beside what is wrong.
pub(super) fn read(text: &str, base: u32) -> (Vec<Entry>, Vec<Fault>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let tree = Tree { text, base };
    let mut faults: Vec<Fault> = errors
        .into_iter()
        .map(|error| Fault {
            message: error.message().to_owned(),
            span: match error.span() {
                Some(range) if !range.is_empty() => tree.span(range),
                Some(range) => character(text, base, range.start),
                None => character(text, base, 0),
            },
        })
        .collect();
    faults.sort_by_key(|fault| fault.span);
    (tree.entries(table.get_ref()), faults)
}

struct Tree<'a> {
    text: &'a str,
    base: u32,
}

impl Tree<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(offset(self.base, range.start), offset(self.base, range.end))
    }

    fn entries(&self, table: &DeTable<'_>) -> Vec<Entry> {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().to_string(),
                span: self.span(key.span()),
                node: self.node(value.span(), value.get_ref()),
            })
            .collect();
        entries.sort_by_key(|entry| entry.span);
        entries
    }

    // Nested at most 80 deep, the parser's own limit.
    fn node(&self, range: std::ops::Range<usize>, value: &DeValue<'_>) -> Node {
        let span = self.span(range.clone());
        let raw = self.text.get(range).unwrap_or_default();
        let value = match value {
            DeValue::String(expected) => {
                let (text, map) = string(raw, expected, span);
                Value::Scalar(text, map)
            }
            DeValue::Array(items) => {
                Value::List(items.iter().map(|item| self.node(item.span(), item.get_ref())).collect())
            }
            DeValue::Table(table) => Value::Table(self.entries(table)),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
                let mut text = MappedText::new();
                text.push_linear(raw, span.start());
                let (text, map) = text.finish();
                Value::Scalar(text, map)
            }
        };
        Node { span, value }
    }
}

/// The text of a string of any of the four notations.
fn string(raw: &str, expected: &str, span: Span) -> (String, SourceMap) {
    let mut text = MappedText::new();
    let fence = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|fence| raw.starts_with(fence)).unwrap_or_default();
    let inner = raw.strip_prefix(fence).and_then(|rest| rest.strip_suffix(fence)).unwrap_or(raw);
    // A line break right after the opening fence of a multi-line string is not part of it.
    let first = match fence.len() {
        3 if inner.starts_with("\r\n") => 2,
        3 if inner.starts_with('\n') => 1,
        _ => 0,
    };
    let start = offset(span.start(), fence.len() + first);
    let stops: &[u8] = if fence.starts_with('"') { b"\\" } else { b"" };
    decode(inner.get(first..).unwrap_or_default(), start, &mut text, stops, escape);
    checked(text, expected, span).finish()
}

/// The escape at the start of `rest` (TOML 1.1, "String").
fn escape(rest: &str) -> Option<Step> {
    let after = rest.get(1..)?;
    let digits = match after.bytes().next()? {
        b'b' => return atomic("\u{8}"),
        b't' => return atomic("\t"),
        b'n' => return atomic("\n"),
        b'f' => return atomic("\u{c}"),
        b'r' => return atomic("\r"),
        b'e' => return atomic("\u{1b}"),
        b'"' => return atomic("\""),
        b'\\' => return atomic("\\"),
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        // A backslash at the end of a line swallows the break and all white space after it.
        _ => return Some(Step::Atomic("".into(), 1 + after.len() - after.trim_start().len())),
    };
    let character = char::from_u32(hex(rest.get(2..)?, digits)?)?;
    Some(Step::Char(character, 2 + digits))
}

fn atomic(text: &'static str) -> Option<Step> {
    Some(Step::Atomic(text.into(), 2))
}
