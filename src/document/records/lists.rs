//! Where in a tree its posts stand.
//!
//! Does not read posts. Invariant: a list is taken if some of its first records have a text; lists that are called
//! posts, a queue or after a network win over all others. What this program wrote about posts is none, to a walk.

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
    name: Name,
    /// What the tables around it say of all of its posts.
    given: Given<N>,
}

/// What the names around a list say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    /// Nothing.
    Silent,
    /// That it holds posts, or something else that waits or is past: jobs, messages of a chat.
    Shared,
    /// That it holds posts.
    Posts,
}

/// Reads all lists of posts in a tree, or the one post that it is.
pub(super) fn read<'a, N: Node<'a>>(
    reading: &mut Reading<'a>,
    root: N,
    output: &mut Output<'_>,
) -> Result<(), Box<Diagnostic>> {
    let mut lists = Vec::new();
    find(root, String::new(), Name::Silent, &Given::default(), DEEPEST, &mut lists);
    lists.retain(holds_posts);
    if lists.iter().any(|list| list.name > Name::Silent) {
        lists.retain(|list| list.name > Name::Silent);
    }
    // A walk reads no other lists than are read of a file that is named.
    if output.is_found() {
        let report = is_report(root);
        lists.retain(|list| !report && is_sure(list));
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
    name: Name,
    given: &Given<N>,
    depth: usize,
    lists: &mut Vec<List<N>>,
) {
    match node.kind() {
        Kind::List => lists.push(List { node, pointer: path, name, given: given.clone() }),
        Kind::Table if depth > 0 => {
            let around = given.with(node);
            for (key, inner) in
                node.members().filter(|(_, inner)| matches!(inner.kind(), Kind::List | Kind::Table))
            {
                let (given, tells) = around.under(&key);
                let name = name.max(if tells { Name::Posts } else { name_of(&key) });
                find(inner, pointer(&path, &key), name, &given, depth - 1, lists);
            }
        }
        _ => {}
    }
}

/// What people call a list of posts.
fn name_of(key: &str) -> Name {
    match &*plain(key) {
        "posts" | "scheduledposts" | "socialposts" | "tweets" | "toots" | "captions" | "publications" => {
            Name::Posts
        }
        "queue" | "history" => Name::Shared,
        _ => Name::Silent,
    }
}

/// Whether a tree is a document that this program wrote about posts, which holds pieces of them.
fn is_report<'a, N: Node<'a>>(root: N) -> bool {
    let under = |table: N, key: &str| table.members().find(|(known, _)| known == key).map(|(_, node)| node);
    under(root, "version").is_some() && under(root, "tool").is_some_and(|tool| under(tool, "rules").is_some())
}

fn holds_posts<'a, N: Node<'a>>(list: &List<N>) -> bool {
    let mut records = list.node.elements().take(SAMPLE);
    records.any(|record| has_text(record) || list.name > Name::Silent && record.kind() == Kind::Text)
}

/// Whether a key tells when something is due or went out.
fn is_time(key: &str) -> bool {
    matches!(Role::of(key), Some(Role::Date | Role::Time | Role::Published))
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
            && match list.name {
                Name::Posts => true,
                Name::Shared => record.members().any(|(key, _)| is_telling(&key) || is_time(&key)),
                Name::Silent => record.members().any(|(key, _)| is_telling(&key)),
            }
    })
}
