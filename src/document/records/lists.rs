//! Where in a tree its posts stand.
//!
//! Does not read posts. Invariant: a list is taken if some of its first records have a text; lists that are called
//! posts, a queue or after a network win over all others.

use super::post::{Given, has_text};
use super::{Kind, Node, Reading, WithoutText, path_help, pointer};
use crate::diagnostic::Diagnostic;
use crate::document::role::{is_telling, plain};
use crate::document::{Output, Role};
use crate::text::Platform;

/// Tables inside each other in which lists are looked for.
const DEEPEST: usize = 3;

/// Records of a list that are looked at.
const SAMPLE: usize = 20;

/// A list that may hold posts.
struct List<N> {
    node: N,
    pointer: String,
    /// Whether its name says that it holds posts.
    named: bool,
    /// What the tables around it say of all of its posts.
    given: Given<N>,
}

/// Reads all lists of posts in a tree, or the one post that it is.
pub(super) fn read<'a, N: Node<'a>>(
    reading: &mut Reading<'a>,
    root: N,
    output: &mut Output<'_>,
) -> Result<(), Box<Diagnostic>> {
    let mut lists = Vec::new();
    find(root, String::new(), false, &Given::default(), DEEPEST, &mut lists);
    lists.retain(holds_posts);
    if lists.iter().any(|list| list.named) {
        lists.retain(|list| list.named);
    }
    // A walk reads no other lists than are read of a file that is named.
    if output.is_found() {
        lists.retain(is_sure);
    }
    let mut unclear: Option<(u32, Box<Diagnostic>)> = None;
    let mut without_text = WithoutText(None);
    for list in &lists {
        for (index, record) in list.node.elements().enumerate() {
            let path = pointer(&list.pointer, &index.to_string());
            match reading.record(record, &path, &list.given, output) {
                Ok(true) => {}
                Ok(false) => without_text.add(record),
                Err(diagnostic) => unclear.get_or_insert((0, diagnostic)).0 += 1,
            }
        }
    }
    match unclear {
        Some((_, diagnostic)) if output.is_empty() => return Err(diagnostic),
        Some((1, diagnostic)) => output.tell(diagnostic.note("the record was left out")),
        Some((many, diagnostic)) => output.tell(diagnostic.note(format!("{many} records like it were left out"))),
        None => {}
    }
    without_text.note(reading.source).into_iter().for_each(|note| output.tell(note));
    if !lists.is_empty() {
        return Ok(());
    }
    if root.kind() == Kind::Table && has_text(root) && !output.is_found() {
        return reading.record(root, "", &Given::default(), output).map(|_| ());
    }
    let first = root.elements().next().filter(|first| first.kind() == Kind::Table).unwrap_or(root);
    let diagnostic = reading.trouble("no list of posts was recognised".to_owned(), first);
    let example = if root.kind() == Kind::List { "/*/text" } else { "/posts/*/text" };
    Err(Box::new(diagnostic.help(path_help(example))))
}

fn find<'a, N: Node<'a>>(
    node: N,
    path: String,
    named: bool,
    given: &Given<N>,
    depth: usize,
    lists: &mut Vec<List<N>>,
) {
    match node.kind() {
        Kind::List => lists.push(List { node, pointer: path, named, given: given.clone() }),
        Kind::Table if depth > 0 => {
            let around = given.with(node);
            for (key, inner) in
                node.members().filter(|(_, inner)| matches!(inner.kind(), Kind::List | Kind::Table))
            {
                let (given, tells) = around.under(&key);
                find(inner, pointer(&path, &key), named || tells || is_list_name(&key), &given, depth - 1, lists);
            }
        }
        _ => {}
    }
}

/// What people call a list of posts.
fn is_list_name(key: &str) -> bool {
    let names = [
        "posts",
        "queue",
        "scheduledposts",
        "socialposts",
        "tweets",
        "toots",
        "captions",
        "publications",
        "history",
    ];
    names.contains(&&*plain(key))
}

fn holds_posts<'a, N: Node<'a>>(list: &List<N>) -> bool {
    let mut records = list.node.elements().take(SAMPLE);
    records.any(|record| has_text(record) || list.named && record.kind() == Kind::Text)
}

/// Whether a list can be nothing but posts, by its name or the keys of its records.
fn is_sure<'a, N: Node<'a>>(list: &List<N>) -> bool {
    let mut records = list.node.elements().take(SAMPLE);
    records.any(|record| {
        record.kind() == Kind::Table
            && has_text(record)
            && record
                .members()
                .any(|(key, _)| Role::of(&key) == Some(Role::Text) || Platform::from_name(&key).is_some())
            && (list.named || record.members().any(|(key, _)| is_telling(&key)))
    })
}
