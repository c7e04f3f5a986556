//! JSON front matter, from the scanner of [`json`](crate::document::json).
//!
//! Invariant: entries are in the order of the source.

use super::tree::{Entry, Fault, Node, Value};
use crate::document::json::scan;
use crate::document::records::{Kind, Node as _};
use crate::document::yaml::character;

/// Reads the object that starts at `start` of the text of a source.
pub(super) fn read(text: &str, start: usize) -> (Vec<Entry>, Vec<Fault>) {
    match scan::check(text, start) {
        Ok(_) => (entries(scan::Value::at(text, start)), Vec::new()),
        Err(fault) => {
            let span = character(text, 0, fault.at);
            (Vec::new(), vec![Fault { message: fault.message.to_owned(), span }])
        }
    }
}

fn entries(table: scan::Value<'_>) -> Vec<Entry> {
    let entries = table.entries();
    entries
        .map(|(key, node)| Entry { key: key.value().into_owned(), span: key.span(), node: self::node(node) })
        .collect()
}

// Nested at most as deep as the check allows.
fn node(node: scan::Value<'_>) -> Node {
    let value = match node.kind() {
        Kind::Null => Value::Null,
        Kind::Scalar | Kind::Text => {
            let (text, map) = node.mapped().finish();
            Value::Scalar(text, map)
        }
        Kind::List => Value::List(node.elements().map(self::node).collect()),
        Kind::Table => Value::Table(entries(node)),
    };
    Node { span: node.span(), value }
}
