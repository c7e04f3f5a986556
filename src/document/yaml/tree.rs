//! YAML, read event by event into a tree of numbered nodes.
//!
//! Does not decode scalars and resolves no tags. Invariant: the tree is linear in the text, for an alias is the number
//! of the node it stands for; and so is everything that can be reached in it, for aliases that stand for more than
//! the text itself are a mistake.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use granit_parser::{Event, Parser, ScalarStyle};

use crate::document::escape::offset;
use crate::document::json::scan::TOO_DEEP;
use crate::text::Span;

/// Values in one text.
const MOST: usize = 1 << 22;

/// What all aliases of a text together may stand for beside as much as the text holds, in bytes.
const EXPANSION: u64 = 4 << 10;

/// A mistake in the notation.
pub(in crate::document) struct Fault {
    pub(in crate::document) message: String,
    /// Where, in bytes from the start of the text.
    pub(in crate::document) at: usize,
}

/// The number of a node.
pub(super) type Id = u32;

/// What a node is.
pub(super) enum Value<'a> {
    /// Nothing: `~`, `null`, or no value at all.
    Null,
    /// Anything that is one piece of text, with the parser's value, and whether a tag says that it is text.
    Scalar(Cow<'a, str>, ScalarStyle, bool),
    /// Nodes, as a stretch of [`Tree::inside`].
    List(Id, Id),
    /// Keys and values in turn, as a stretch of [`Tree::inside`]; what is merged in (`<<`) among them.
    Table(Id, Id),
}

/// A node and where it stands in the source.
pub(super) struct Data<'a> {
    pub(super) span: Span,
    pub(super) value: Value<'a>,
}

/// The documents of a text.
pub(in crate::document) struct Tree<'a> {
    pub(super) text: &'a str,
    /// Where the text stands in the source.
    pub(super) base: u32,
    pub(super) nodes: Vec<Data<'a>>,
    pub(super) inside: Vec<Id>,
    pub(super) root: Option<Id>,
    /// The first alias that stands for nothing.
    pub(super) astray: Option<Span>,
}

/// Reads `text`, which stands at the source offset `base`, with so many lists and tables inside each other. Several documents are a list of them. With a mistake, which
/// ends the reading, the root is what of the outermost table was read before it.
pub(in crate::document) fn read(text: &str, base: u32, deepest: usize) -> (Tree<'_>, Option<Fault>) {
    let tree = Tree { text, base, nodes: Vec::new(), inside: Vec::new(), root: None, astray: None };
    let mut builder = Builder { tree, open: Vec::new(), roots: Vec::new(), anchors: HashMap::new(), reached: 0 };
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: deepest,
        block_nesting_limit: deepest,
    };
    for next in Parser::new_from_str_with_options(text, options) {
        let fault = match next {
            Ok((event, span)) => {
                let range = span.byte_range().unwrap_or(0..0);
                let start = range.start;
                builder.event(event, range).err().map(|message| Fault { message: message.to_owned(), at: start })
            }
            Err(error) => {
                let message = match error.info() {
                    info if info.contains("recursion limit") => TOO_DEEP.to_owned(),
                    info => info,
                };
                Some(Fault { message, at: error.marker().byte_offset().unwrap_or(0) })
            }
        };
        if let Some(fault) = fault {
            return (builder.unfinished(), Some(fault));
        }
    }
    (builder.finish(), None)
}

/// A collection that is not closed yet.
struct Open {
    start: u32,
    anchor: usize,
    table: bool,
    /// Nodes of a list, keys and values of a table in turn.
    nodes: Vec<Id>,
    /// How much can be reached in it.
    weight: u64,
}

struct Builder<'a> {
    tree: Tree<'a>,
    open: Vec<Open>,
    roots: Vec<Id>,
    /// The nodes that aliases may stand for, and how much can be reached in each.
    anchors: HashMap<usize, (Id, u64)>,
    /// How much all aliases stand for.
    reached: u64,
}

impl<'a> Builder<'a> {
    fn event(&mut self, event: Event<'a>, range: std::ops::Range<usize>) -> Result<(), &'static str> {
        let span = Span::new(offset(self.tree.base, range.start), offset(self.tree.base, range.end));
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let text = tag.is_some_and(|tag| tag.suffix() == "str");
                let weight = 1 + value.len() as u64;
                let null = style == ScalarStyle::Plain && !text;
                let value = match &*value {
                    "" | "~" | "null" | "Null" | "NULL" if null => Value::Null,
                    _ => Value::Scalar(value, style, text),
                };
                let id = self.node(span, value)?;
                self.add(id, weight, anchor);
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(&(id, weight)) => {
                    self.reach(weight)?;
                    self.add(id, weight, 0);
                }
                None => self.astray(span)?,
            },
            Event::UnresolvedAlias(_) => self.astray(span)?,
            Event::SequenceStart(_, anchor, _) => self.enter(span.start(), anchor, false),
            Event::MappingStart(_, anchor, _) => self.enter(span.start(), anchor, true),
            Event::SequenceEnd | Event::MappingEnd => self.close(span.end())?,
            _ => {}
        }
        Ok(())
    }

    fn node(&mut self, span: Span, value: Value<'a>) -> Result<Id, &'static str> {
        if self.tree.nodes.len() == MOST {
            return Err("far too many values");
        }
        let id = offset(0, self.tree.nodes.len());
        self.tree.nodes.push(Data { span, value });
        Ok(id)
    }

    fn astray(&mut self, span: Span) -> Result<(), &'static str> {
        self.tree.astray.get_or_insert(span);
        let id = self.node(span, Value::Null)?;
        self.add(id, 1, 0);
        Ok(())
    }

    fn reach(&mut self, weight: u64) -> Result<(), &'static str> {
        self.reached = self.reached.saturating_add(weight);
        let most = self.tree.text.len() as u64 + EXPANSION;
        if self.reached > most { Err("the aliases stand for far more than the text holds") } else { Ok(()) }
    }

    fn enter(&mut self, start: u32, anchor: usize, table: bool) {
        self.open.push(Open { start, anchor, table, nodes: Vec::new(), weight: 1 });
    }

    fn close(&mut self, end: u32) -> Result<(), &'static str> {
        let Some(mut open) = self.open.pop() else { return Ok(()) };
        if open.table {
            self.merge(&mut open)?;
        }
        let first = offset(0, self.tree.inside.len());
        self.tree.inside.append(&mut open.nodes);
        let last = offset(0, self.tree.inside.len());
        let value = if open.table { Value::Table(first, last) } else { Value::List(first, last) };
        let id = self.node(Span::new(open.start, end), value)?;
        self.add(id, open.weight, open.anchor);
        Ok(())
    }

    fn add(&mut self, id: Id, weight: u64, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (id, weight));
        }
        match self.open.last_mut() {
            Some(open) => {
                open.nodes.push(id);
                open.weight = open.weight.saturating_add(weight);
            }
            None => self.roots.push(id),
        }
    }

    /// Puts what stands under `<<` into the table itself, where it has no such key of its own.
    fn merge(&mut self, open: &mut Open) -> Result<(), &'static str> {
        let tree = &self.tree;
        let is_merge = |pair: &&[Id]| match pair.first().and_then(|&key| tree.nodes.get(key as usize)) {
            Some(Data { value: Value::Scalar(key, ScalarStyle::Plain, _), .. }) => key == "<<",
            _ => false,
        };
        let values: Vec<Id> =
            open.nodes.chunks(2).filter(is_merge).filter_map(|pair| pair.get(1).copied()).collect();
        if values.is_empty() {
            return Ok(());
        }
        let mut merged: Vec<Id> = open.nodes.chunks(2).filter(|pair| !is_merge(pair)).flatten().copied().collect();
        let mut keys: HashSet<&str> = merged.iter().step_by(2).filter_map(|&key| tree.scalar(key)).collect();
        let mut tables = Vec::new();
        for &value in &values {
            match tree.nodes.get(value as usize).map(|node| &node.value) {
                Some(Value::List(first, last)) => tables.extend(tree.stretch(*first, *last)),
                _ => tables.push(value),
            }
        }
        let own = merged.len();
        for table in tables {
            for pair in tree.table(table).chunks_exact(2) {
                let key = pair.first().and_then(|&key| tree.scalar(key));
                if key.is_some_and(|key| keys.insert(key)) {
                    merged.extend(pair);
                }
            }
        }
        let more = (merged.len() - own) as u64;
        open.nodes = merged;
        self.reach(more)
    }

    fn finish(mut self) -> Tree<'a> {
        let is_filled =
            |&&id: &&Id| self.tree.nodes.get(id as usize).is_some_and(|node| !matches!(node.value, Value::Null));
        let filled: Vec<Id> = self.roots.iter().filter(is_filled).copied().collect();
        self.tree.root = match filled.as_slice() {
            [] => self.roots.first().copied(),
            [one] => Some(*one),
            _ => {
                let span = Span::new(self.tree.base, offset(self.tree.base, self.tree.text.len()));
                let first = offset(0, self.tree.inside.len());
                self.tree.inside.extend(filled);
                let last = offset(0, self.tree.inside.len());
                self.tree.nodes.push(Data { span, value: Value::List(first, last) });
                Some(offset(0, self.tree.nodes.len() - 1))
            }
        };
        self.tree
    }

    /// What was read before a mistake; the entry right before it may be cut short (`title: a: b`) and is left out.
    fn unfinished(mut self) -> Tree<'a> {
        let Some(open) = self.open.drain(..).next().filter(|open| open.table) else { return self.tree };
        let whole = open.nodes.len() / 2 * 2;
        let kept = if whole == open.nodes.len() { whole.saturating_sub(2) } else { whole };
        let first = offset(0, self.tree.inside.len());
        self.tree.inside.extend(open.nodes.into_iter().take(kept));
        let last = offset(0, self.tree.inside.len());
        self.tree.root = Some(offset(0, self.tree.nodes.len()));
        self.tree.nodes.push(Data { span: Span::new(open.start, open.start), value: Value::Table(first, last) });
        self.tree
    }
}

impl Tree<'_> {
    pub(super) fn stretch(&self, first: Id, last: Id) -> &[Id] {
        self.inside.get(first as usize..last as usize).unwrap_or_default()
    }

    /// The keys and values of a table in turn; none of anything else.
    pub(super) fn table(&self, id: Id) -> &[Id] {
        match self.nodes.get(id as usize).map(|node| &node.value) {
            Some(Value::Table(first, last)) => self.stretch(*first, *last),
            _ => &[],
        }
    }

    /// The parser's value of a scalar.
    pub(super) fn scalar(&self, id: Id) -> Option<&str> {
        match self.nodes.get(id as usize).map(|node| &node.value) {
            Some(Value::Scalar(value, ..)) => Some(value),
            _ => None,
        }
    }
}
