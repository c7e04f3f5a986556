//! Trees whose shape is known whole: archives of networks and what schedulers exchange.
//!
//! A file a family. A shape is told by keys that nothing else has together, so it is taken wherever it is found; what
//! none of them knows is left to the names of keys. Invariant: a shape is told by its first records, and then every
//! record is read by it.

mod bluesky;
mod mastodon;
mod meta;
mod schedulers;
mod x;

use std::borrow::Cow;

use super::{Kind, Node, Reading, WithoutText};
use crate::document::assemble::{Assembly, LONGEST_TEXT};
use crate::document::html::{self, Prose};
use crate::document::{Locator, Output, Part, PartKind, Role, mojibake};
use crate::text::{MappedText, Platform, TextSpan};

/// Records of a list that are looked at to tell its shape.
const SAMPLE: usize = 3;

/// Reads a tree of a known shape; whether it is one.
pub(super) fn read<'a, N: Node<'a>>(reading: &mut Reading<'a>, root: N, output: &mut Output<'_>) -> bool {
    let mut shaping = Shaping { reading, output };
    x::read(&mut shaping, root)
        || mastodon::read(&mut shaping, root)
        || bluesky::read(&mut shaping, root)
        || meta::read(&mut shaping, root)
        || schedulers::read(&mut shaping, root)
}

/// How a text is spelled, beside the notation of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    /// As it is.
    Plain,
    /// `&amp;`, `&lt;` and `&gt;` stand for themselves.
    Entities,
    /// HTML.
    Html,
    /// HTML where it looks like that.
    PerhapsHtml,
    /// UTF-8 that was taken for Latin-1.
    Mojibake,
}

/// What the posts of a shape are read with.
struct Shaping<'r, 'a, 'o> {
    reading: &'r mut Reading<'a>,
    output: &'r mut Output<'o>,
}

impl<'a> Shaping<'_, 'a, '_> {
    /// A post in the making.
    fn begin<'n, N: Node<'n>>(&self, record: N) -> Assembly<'a> {
        Assembly::new(self.reading.source, record.span().start())
    }

    /// Adds the text at `path`, if there is any.
    fn text<'n, N: Node<'n>>(
        &mut self,
        assembly: &mut Assembly<'_>,
        kind: PartKind,
        (node, path): (Option<N>, String),
        spelling: Spelling,
    ) {
        let Some(node) = node.filter(|node| node.kind() == Kind::Text) else { return };
        let limits = self.output.options.limits;
        if node.span().len() > limits.text {
            self.output.tell(self.reading.too_long(node, path, limits));
            return;
        }
        let prose = spelled(node.mapped(), spelling);
        add(assembly, kind, prose, path);
    }

    /// Notes what a value says of the post.
    fn state<'n, N: Node<'n>>(&mut self, assembly: &mut Assembly<'_>, role: Role, node: Option<N>) {
        if let Some(node) = node.filter(|node| node.kind() != Kind::Null && node.span().len() <= LONGEST_TEXT) {
            self.reading.state(assembly, role, node);
        }
    }

    /// Notes the network that a shape belongs to.
    fn on<'n, N: Node<'n>>(&self, assembly: &mut Assembly<'_>, platform: Platform, place: N) {
        assembly.platform(platform, place.head());
    }

    /// Hands the post over; whether there is one.
    fn end(&mut self, assembly: Assembly<'_>) -> bool {
        let post = assembly.finish();
        let any = post.is_some();
        if let Some(post) = post {
            self.output.post(post);
        }
        any
    }

    /// Tells of records that give no post.
    fn without_text<'n, N: Node<'n>>(&mut self, records: Option<(u32, N)>) {
        WithoutText(records).note(self.reading.source).into_iter().for_each(|note| self.output.tell(note));
    }
}

fn add(assembly: &mut Assembly<'_>, kind: PartKind, prose: Prose, path: String) {
    let Prose { text, quotes, links } = prose;
    let (text, map) = text.finish();
    let part = Part { quotes, links, ..Part::new(kind, text, map) };
    assembly.rich_part(part, Locator::Pointer(path));
}

/// A text that was decoded from its notation, decoded further.
fn spelled(mapped: MappedText, spelling: Spelling) -> Prose {
    let plain = |text: MappedText| Prose { text, ..Prose::default() };
    match spelling {
        Spelling::PerhapsHtml if !html::is_html(mapped.text()) => plain(mapped),
        Spelling::Plain => plain(mapped),
        Spelling::Html | Spelling::PerhapsHtml => {
            let (text, map) = mapped.finish();
            html::read(&text, &map)
        }
        Spelling::Entities if !mapped.text().contains('&') => plain(mapped),
        Spelling::Entities => {
            let (text, map) = mapped.finish();
            plain(html::entities(&text, &map))
        }
        Spelling::Mojibake if mapped.text().is_ascii() => plain(mapped),
        Spelling::Mojibake => {
            let (text, map) = mapped.finish();
            plain(mojibake::repaired(&text, &map).unwrap_or_else(|| {
                let mut kept = MappedText::new();
                kept.push_mapped(&text, &map, TextSpan::of(0..text.len()));
                kept
            }))
        }
    }
}

/// The values of some keys of a table, in one pass; of equal keys the last that is not null.
fn pick<'a, N: Node<'a>, const K: usize>(node: N, keys: [&str; K]) -> [Option<N>; K] {
    let mut found = [None; K];
    for (key, value) in node.members().filter(|(_, value)| value.kind() != Kind::Null) {
        if let Some(at) = keys.iter().position(|wanted| *wanted == key)
            && let Some(place) = found.get_mut(at)
        {
            *place = Some(value);
        }
    }
    found
}

/// The value of a key of a table.
fn get<'a, N: Node<'a>>(node: N, key: &str) -> Option<N> {
    let [found] = pick(node, [key]);
    found
}

/// A word or number; nothing that is long.
fn word<'a, N: Node<'a>>(node: Option<N>) -> Option<Cow<'a, str>> {
    let node = node.filter(|node| matches!(node.kind(), Kind::Text | Kind::Scalar) && node.span().len() < 4096)?;
    Some(node.value())
}

/// The first tables of a list.
fn samples<'a, N: Node<'a>>(list: N) -> impl Iterator<Item = N> {
    list.elements().take(SAMPLE).filter(|element| element.kind() == Kind::Table)
}

/// The records of a list, each with its pointer.
fn records<'a, N: Node<'a>>(list: N, path: &str) -> impl Iterator<Item = (N, String)> + use<'a, N> {
    let path = path.to_owned();
    list.elements().enumerate().map(move |(index, record)| (record, below(&path, &index.to_string())))
}

/// A pointer with known keys behind it.
fn below(path: &str, keys: &str) -> String {
    format!("{path}/{keys}")
}

/// Counts what gives no post, and keeps the first.
fn count<N: Copy>(counted: &mut Option<(u32, N)>, record: N) {
    let (count, _) = counted.get_or_insert((0, record));
    *count = count.saturating_add(1);
}

#[cfg(test)]
mod tests;
