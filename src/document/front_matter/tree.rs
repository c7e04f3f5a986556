//! What YAML and TOML have in common: entries, lists and scalars, each at its place.
//!
//! Does not know which of the two it came from, nor types of scalars: front matter is read as text. Invariant: a
//! scalar's text is the value its own parser gives, and its map lies in its span.

use crate::text::{SourceMap, Span};

/// A key and what stands under it.
pub(in crate::document) struct Entry {
    pub(in crate::document) key: String,
    pub(in crate::document) span: Span,
    pub(in crate::document) node: Node,
}

/// A value.
pub(in crate::document) struct Node {
    pub(in crate::document) span: Span,
    pub(in crate::document) value: Value,
}

/// What a value is.
pub(in crate::document) enum Value {
    /// Nothing: `~`, `null`, or no value at all.
    Null,
    /// Anything that is one piece of text, numbers and dates as written.
    Scalar(String, SourceMap),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

impl Value {
    /// What it is, in words.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Null => "empty",
            Self::Scalar(..) => "text",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// A mistake in the notation.
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) span: Span,
}
