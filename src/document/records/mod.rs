//! Queues of posts in formats that are trees: JSON and YAML.
//!
//! Knows some shapes whole ([`shapes`]); else finds the lists of posts in a tree ([`lists`]), or walks to the texts by a
//! path that a flag gives ([`path`]), and makes posts of records ([`post`]). Knows no notation: a format brings a [`Node`]. Invariant: nothing is guessed; where
//! two keys may hold the text, both are named.

mod lists;
mod path;
mod post;
mod shapes;

use std::borrow::Cow;
use std::sync::Arc;

use super::Output;
use super::assemble::Remarks;
use super::output::{UNRECOGNISED, listed};
use crate::diagnostic::{Diagnostic, Level};
use crate::text::{MappedText, Source, Span};

/// What a node of a tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Null,
    /// A number or a yes or no.
    Scalar,
    /// A text.
    Text,
    /// A list.
    List,
    /// Keys and values.
    Table,
}

/// A node of a tree with its place in the source.
pub(super) trait Node<'a>: Copy {
    /// What it is.
    fn kind(self) -> Kind;
    /// Where it stands, quotation marks and brackets included.
    fn span(self) -> Span;
    /// The first character of it, for what is too long to be marked whole.
    fn head(self) -> Span;
    /// The nodes of a list; none of anything else.
    fn elements(self) -> impl Iterator<Item = Self>;
    /// The keys of a table as nodes, and what stands under them; none of anything else.
    fn entries(self) -> impl Iterator<Item = (Self, Self)>;
    /// The keys and nodes of a table; none of anything else.
    fn members(self) -> impl Iterator<Item = (Cow<'a, str>, Self)> {
        self.entries().map(|(key, value)| (key.value(), value))
    }
    /// A text or scalar, decoded, with its places.
    fn mapped(self) -> MappedText;
    /// A text or scalar, decoded.
    fn value(self) -> Cow<'a, str>;
    /// Whether a text or scalar is nothing but white space.
    fn is_blank(self) -> bool {
        self.value().trim().is_empty()
    }
}

/// Reads the posts of a tree.
pub(super) fn read<'a, N: Node<'a>>(root: N, source: &'a Arc<Source>, output: &mut Output<'_>) {
    let mut reading = Reading { source, remarks: Remarks::default() };
    let outcome = match &output.options.text_path {
        Some(path) => path::read(&mut reading, root, &path.steps.clone(), output),
        None if shapes::read(&mut reading, root, output) => Ok(()),
        None => lists::read(&mut reading, root, output),
    };
    output.diagnostics().append(&mut reading.remarks.diagnostics);
    if let Err(diagnostic) = outcome {
        output.unrecognised(*diagnostic);
    }
}

/// What is the same for all records of a source.
struct Reading<'a> {
    source: &'a Arc<Source>,
    remarks: Remarks,
}

impl Reading<'_> {
    /// That something at `span` is not what was looked for, and which keys were seen there.
    fn trouble<'n, N: Node<'n>>(&self, message: String, node: N) -> Diagnostic {
        let span = node.head();
        let diagnostic = Diagnostic::error(UNRECOGNISED, message).label(self.source, span, "here");
        let table = node.elements().find(|element| element.kind() == Kind::Table).unwrap_or(node);
        let keys: Vec<Cow<'_, str>> = table.members().map(|(key, _)| key).collect();
        if keys.is_empty() {
            return diagnostic;
        }
        diagnostic.note(format!("keys that were seen: {}", listed(keys.iter().map(AsRef::as_ref), 24)))
    }
}

/// Records that give no post: how many, and the first.
struct WithoutText<N>(Option<(u32, N)>);

impl<'n, N: Node<'n>> WithoutText<N> {
    fn add(&mut self, record: N) {
        self.0.get_or_insert((0, record)).0 += 1;
    }

    /// That they were left out.
    fn note(&self, source: &Arc<Source>) -> Option<Diagnostic> {
        let (count, first) = self.0?;
        let (message, label) = match count {
            1 => ("a record without a text was left out".to_owned(), ""),
            many => (format!("{many} records without a text were left out"), "the first"),
        };
        Some(Diagnostic::new(Level::Note, post::CODE, message).label(source, first.head(), label))
    }
}

/// A JSON pointer (RFC 6901) one step longer.
pub(super) fn pointer(parent: &str, step: &str) -> String {
    let mut pointer = String::with_capacity(parent.len() + 1 + step.len());
    pointer.push_str(parent);
    pointer.push('/');
    match step.contains(['~', '/']) {
        true => pointer.push_str(&step.replace('~', "~0").replace('/', "~1")),
        false => pointer.push_str(step),
    }
    pointer
}

/// The help for a text that is not found.
fn path_help(example: &str) -> String {
    format!("say where the texts stand, such as `--text-path {example}`")
}
