//! YAML front matter, read event by event.
//!
//! Does not resolve tags, and aliases only of scalars. Invariant: the work is linear in the text, whatever anchors
//! and aliases it has, because no alias is ever copied into another value.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle};

use super::tree::{Entry, Fault, Node, Value};
use super::yaml_scalar;
use crate::document::escape::offset;
use crate::text::{MappedText, Span};

/// Reads `text`, which stands at the source offset `base`: the entries, and the first mistake, which ends the
/// reading. `None` where the text is something else than a mapping (or nothing).
pub(super) fn read(text: &str, base: u32) -> Option<(Vec<Entry>, Vec<Fault>)> {
    let mut builder = Builder { text, base, open: Vec::new(), root: None, scalars: HashMap::new() };
    let options = granit_parser::options! { emit_comments: false, emit_unresolved_aliases: true };
    for next in Parser::new_from_str_with_options(text, options) {
        match next {
            Ok((Event::DocumentEnd, _)) => break,
            Ok((event, span)) => builder.event(event, span.byte_range().unwrap_or(0..0)),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(0);
                let fault = Fault { message: error.info(), span: super::character(text, base, at) };
                return Some((builder.unfinished(), vec![fault]));
            }
        }
    }
    match builder.root {
        Some(Node { value: Value::Table(entries), .. }) => Some((entries, Vec::new())),
        Some(Node { value: Value::Null, .. }) | None => Some((Vec::new(), Vec::new())),
        Some(_) => None,
    }
}

/// A collection that is not closed yet.
enum Open {
    List(u32, Vec<Node>),
    /// Start, entries, and the key whose value comes next.
    Table(u32, Vec<Entry>, Option<(String, Span)>),
}

struct Builder<'a> {
    text: &'a str,
    base: u32,
    open: Vec<Open>,
    root: Option<Node>,
    /// Values of anchored scalars, of which aliases hold copies no longer than [`ALIAS_LIMIT`].
    scalars: HashMap<usize, String>,
}

/// The longest scalar that an alias may stand for, in bytes; it bounds what many aliases of one can cost.
const ALIAS_LIMIT: usize = 256;

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, range: std::ops::Range<usize>) {
        let span = Span::new(offset(self.base, range.start), offset(self.base, range.end));
        match event {
            Event::Scalar(value, style, anchor, _) => {
                if anchor > 0 && value.len() <= ALIAS_LIMIT {
                    self.scalars.insert(anchor, value.to_string());
                }
                self.add(Node { span, value: self.scalar(&value, style, span) });
            }
            Event::Alias(id) => {
                let value = match self.scalars.get(&id) {
                    Some(value) => {
                        let mut text = MappedText::new();
                        text.push_atomic(value, span);
                        let (text, map) = text.finish();
                        Value::Scalar(text, map)
                    }
                    None => Value::Null,
                };
                self.add(Node { span, value });
            }
            Event::UnresolvedAlias(_) => self.add(Node { span, value: Value::Null }),
            Event::SequenceStart(..) => self.open.push(Open::List(span.start(), Vec::new())),
            Event::MappingStart(..) => self.open.push(Open::Table(span.start(), Vec::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => self.close(span.end()),
            _ => {}
        }
    }

    fn scalar(&self, value: &str, style: ScalarStyle, span: Span) -> Value {
        if style == ScalarStyle::Plain && matches!(value, "" | "~" | "null" | "Null" | "NULL") {
            return Value::Null;
        }
        let (text, map) = yaml_scalar::decode_scalar(self.text, self.base, span, style, value);
        Value::Scalar(text, map)
    }

    fn close(&mut self, end: u32) {
        let node = match self.open.pop() {
            Some(Open::List(start, nodes)) => Node { span: Span::new(start, end), value: Value::List(nodes) },
            Some(Open::Table(start, entries, _)) => {
                Node { span: Span::new(start, end), value: Value::Table(entries) }
            }
            None => return,
        };
        self.add(node);
    }

    fn add(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(Open::List(_, nodes)) => nodes.push(node),
            Some(Open::Table(_, entries, key)) => match key.take() {
                Some((key, span)) => entries.push(Entry { key, span, node }),
                None => {
                    let name = match node.value {
                        Value::Scalar(text, _) => text,
                        _ => String::new(),
                    };
                    *key = Some((name, node.span));
                }
            },
            None => self.root = Some(node),
        }
    }

    /// The entries before a mistake; the one right before it may be cut short (`title: a: b`) and is left out.
    fn unfinished(self) -> Vec<Entry> {
        match self.open.into_iter().next() {
            Some(Open::Table(_, mut entries, key)) => {
                if key.is_none() {
                    entries.pop();
                }
                entries
            }
            _ => Vec::new(),
        }
    }
}
