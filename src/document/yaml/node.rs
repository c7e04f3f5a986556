//! A node of a YAML tree as queues and front matter see it.
//!
//! Decodes a scalar when it is asked for. Invariant: an alias is the node that it stands for, with the place of that.

use std::borrow::Cow;

use granit_parser::ScalarStyle;

use super::character;
use super::scalar::decode_scalar;
use super::tree::{Data, Id, Tree, Value};
use crate::document::records::{Kind, Node};
use crate::text::{MappedText, Span};

/// A node, by its number in its tree.
#[derive(Clone, Copy)]
pub(in crate::document) struct Yaml<'a> {
    tree: &'a Tree<'a>,
    id: Id,
}

impl<'a> Yaml<'a> {
    /// The root of a tree, if there is anything in it.
    pub(in crate::document) fn root(tree: &'a Tree<'a>) -> Option<Self> {
        tree.root.map(|id| Self { tree, id })
    }

    fn data(self) -> Option<&'a Data<'a>> {
        self.tree.nodes.get(self.id as usize)
    }
}

impl<'a> Node<'a> for Yaml<'a> {
    fn kind(self) -> Kind {
        match self.data().map(|data| &data.value) {
            None | Some(Value::Null) => Kind::Null,
            Some(Value::Scalar(value, ScalarStyle::Plain, false)) if is_number_or_truth(value) => Kind::Scalar,
            Some(Value::Scalar(..)) => Kind::Text,
            Some(Value::List(..)) => Kind::List,
            Some(Value::Table(..)) => Kind::Table,
        }
    }

    fn span(self) -> Span {
        self.data().map(|data| data.span).unwrap_or_default()
    }

    fn head(self) -> Span {
        let span = self.span();
        let at = span.start().saturating_sub(self.tree.base) as usize;
        let head = character(self.tree.text, self.tree.base, at);
        Span::new(head.start(), head.end().min(span.end()))
    }

    fn elements(self) -> impl Iterator<Item = Self> {
        let ids = match self.data().map(|data| &data.value) {
            Some(Value::List(first, last)) => self.tree.stretch(*first, *last),
            _ => &[],
        };
        ids.iter().map(move |&id| Self { id, ..self })
    }

    fn entries(self) -> impl Iterator<Item = (Self, Self)> {
        let pairs = self.tree.table(self.id).chunks_exact(2);
        pairs.filter_map(move |pair| match pair {
            &[key, value] => Some((Self { id: key, ..self }, Self { id: value, ..self })),
            _ => None,
        })
    }

    fn mapped(self) -> MappedText {
        match self.data() {
            Some(Data { span, value: Value::Scalar(value, style, _) }) => {
                decode_scalar(self.tree.text, self.tree.base, *span, *style, value)
            }
            _ => MappedText::new(),
        }
    }

    fn value(self) -> Cow<'a, str> {
        Cow::Borrowed(self.tree.scalar(self.id).unwrap_or_default())
    }
}

/// Whether a plain scalar is something else than text: what YAML 1.2 calls a number or a truth value, and the words
/// for the latter in YAML 1.1. Numbers that JSON would not write so are rather names: `007`.
fn is_number_or_truth(value: &str) -> bool {
    let truth = ["true", "false", "yes", "no", "on", "off"];
    truth.iter().any(|word| value.eq_ignore_ascii_case(word))
        || value.starts_with(|first: char| first.is_ascii_digit() || first == '-')
            && serde_json::from_str::<serde_json::Number>(value).is_ok()
}
