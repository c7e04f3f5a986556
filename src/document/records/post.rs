//! From a record to its posts.
//!
//! Does not look for records. A record is one post, or one a network where it has a text for each. Invariant: a post
//! stands at the pointer of its text, and each further part at its own.

use std::borrow::Cow;

use super::{Kind, Node, Reading, path_help, pointer};
use crate::diagnostic::Diagnostic;
use crate::document::assemble::{Assembly, LONGEST_TEXT, push_tags};
use crate::document::output::{listed, too_long};
use crate::document::{Locator, Output, PartKind, PostId, PostStatus, ReadLimits, Role};
use crate::text::{MappedText, Platform, Span};

/// Tables and lists inside each other in which a text is looked for.
const DEEPEST: usize = 3;

/// What [`Diagnostic::code`] says of a record with a mistake.
pub(super) const CODE: &str = "input/record";

/// What is said around a record of all the records in it.
#[derive(Clone)]
pub(super) struct Given<N> {
    /// The network that a list is called after.
    platform: Option<Platform>,
    /// How far all posts of a list have come by its name.
    status: Option<PostStatus>,
    /// Accounts, networks and the like, the nearest last.
    stated: Vec<(Role, N)>,
}

impl<N> Default for Given<N> {
    fn default() -> Self {
        Self { platform: None, status: None, stated: Vec::new() }
    }
}

impl<N: Clone> Given<N> {
    /// With what the key of a list says; and whether it says anything.
    pub(super) fn under(&self, key: &str) -> (Self, bool) {
        let mut given = self.clone();
        let platform = Platform::from_name(key);
        let status = PostStatus::from_word(key.strip_suffix('s').unwrap_or(key));
        given.platform = platform.or(given.platform);
        given.status = status.or(given.status);
        (given, platform.is_some() || status.is_some())
    }

    /// With what a table around the records says.
    pub(super) fn with<'a>(&self, table: N) -> Self
    where
        N: Node<'a>,
    {
        let mut given = self.clone();
        given.stated.extend(table.members().filter_map(|(key, node)| match Role::of(&key)? {
            role @ (Role::Account | Role::Platform | Role::Date | Role::Status | Role::Zone | Role::Published)
                if matches!(node.kind(), Kind::Text | Kind::Scalar) =>
            {
                Some((role, node))
            }
            _ => None,
        }));
        given
    }
}

/// A text of a record: its pieces with their places, and the network it is for.
struct Text<N> {
    pieces: Vec<(N, String)>,
    platform: Option<(Platform, Span)>,
}

/// Whether a record has anything that may be the text of a post.
pub(super) fn has_text<'a, N: Node<'a>>(record: N) -> bool {
    record.kind() == Kind::Table && !matches!(texts(record, "", DEEPEST), Ok(texts) if texts.is_empty())
}

impl<'r> Reading<'r> {
    /// Reads the posts of a record; whether it has a text.
    ///
    /// # Errors
    /// When two keys may hold its text.
    pub(super) fn record<'a, N: Node<'a>>(
        &mut self,
        record: N,
        path: &str,
        given: &Given<N>,
        output: &mut Output<'_>,
    ) -> Result<bool, Box<Diagnostic>> {
        let texts = match record.kind() {
            Kind::Text => vec![Text { pieces: vec![(record, path.to_owned())], platform: None }],
            _ => texts(record, path, DEEPEST).map_err(|keys| Box::new(self.ambiguous(record, path, &keys)))?,
        };
        let any = !texts.is_empty();
        for text in texts {
            self.post(text, Some((record, path)), given, output);
        }
        Ok(any)
    }

    /// Reads the text at the end of a path; whether there is one.
    pub(super) fn text<'a, N: Node<'a>>(
        &mut self,
        node: N,
        path: &str,
        given: &Given<N>,
        record: Option<(N, &str)>,
        output: &mut Output<'_>,
    ) -> bool {
        let pieces = pieces(node, path, DEEPEST);
        let any = !pieces.is_empty();
        if any {
            self.post(Text { pieces, platform: None }, record, given, output);
        }
        any
    }

    fn post<'a, N: Node<'a>>(
        &mut self,
        text: Text<N>,
        record: Option<(N, &str)>,
        given: &Given<N>,
        output: &mut Output<'_>,
    ) {
        let Some(first) = text.pieces.first().map(|(node, _)| node.head()) else { return };
        let start = record.map_or(first, |(record, _)| record.span()).start();
        let mut assembly = Assembly::new(self.source, start);
        for (number, (node, path)) in text.pieces.into_iter().enumerate() {
            if node.span().len() > output.options.limits.text {
                output.tell(self.too_long(node, path, output.options.limits));
                return;
            }
            let kind = if number == 0 { PartKind::Text } else { PartKind::Thread };
            assembly.part(kind, node.mapped(), Locator::Pointer(path));
        }
        if let Some((platform, span)) = text.platform {
            assembly.platform(platform, span);
        }
        if let Some((record, path)) = record {
            // A text for one network is for no other, whatever the record is for.
            let skipped = text.platform.map(|_| Role::Platform);
            for (key, node) in record.members().filter(|(key, _)| skipped.is_none() || Role::of(key) != skipped) {
                self.member(&mut assembly, &key, node, path);
            }
        }
        if let Some(platform) = given.platform {
            assembly.platform_unless_stated(platform, first);
        }
        if let Some(status) = given.status {
            assembly.status_unless_stated(status, first);
        }
        for (role, node) in given.stated.iter().rev() {
            assembly.state_unless_stated(*role, &node.value(), node.span(), &mut self.remarks);
        }
        if let Some(post) = assembly.finish() {
            output.post(post);
        }
    }

    fn member<'a, N: Node<'a>>(&mut self, assembly: &mut Assembly<'_>, key: &str, node: N, path: &str) {
        let Some(role) = Role::of(key) else { return };
        if node.kind() == Kind::Null || node.span().len() > LONGEST_TEXT {
            return;
        }
        let locator = || Locator::Pointer(pointer(path, key));
        let kind = match role {
            Role::Title => PartKind::Title,
            Role::Description => PartKind::Description,
            Role::FirstComment => PartKind::FirstComment,
            Role::ContentWarning => PartKind::ContentWarning,
            Role::PollOption => PartKind::PollOption,
            Role::Hashtags => return assembly.part(PartKind::Hashtags, tags(node), locator()),
            Role::Text => return,
            stated => return self.state(assembly, stated, node),
        };
        for (node, path) in pieces(node, &pointer(path, key), 1) {
            assembly.part(kind, node.mapped(), Locator::Pointer(path));
        }
    }

    /// What is said of a post: in a word, in a list of words, or in a table with a name.
    pub(super) fn state<'a, N: Node<'a>>(&mut self, assembly: &mut Assembly<'_>, role: Role, node: N) {
        match (node.kind(), role) {
            (Kind::Scalar, Role::Id) => assembly.id(PostId::Number(node.value().into_owned())),
            (Kind::Text | Kind::Scalar, _) => assembly.state(role, &node.value(), node.span(), &mut self.remarks),
            (Kind::List, Role::Platform | Role::Account) => {
                for element in node.elements() {
                    self.state(assembly, role, element);
                }
            }
            (Kind::Table, Role::Platform | Role::Account) => {
                for (key, inner) in node.members() {
                    let off = matches!(inner.kind(), Kind::Null) || inner.value() == "false";
                    if matches!(&*key, "name" | "handle" | "username" | "id" | "type" | "platform") {
                        self.state(assembly, role, inner);
                        return;
                    }
                    if let (Some(platform), false) = (Platform::from_name(&key), off) {
                        assembly.platform(platform, inner.head());
                    }
                }
            }
            (Kind::Table, Role::ReplyTo) => {
                assembly.state(role, "something", node.head(), &mut self.remarks);
            }
            _ => {}
        }
    }

    fn ambiguous<'a, N: Node<'a>>(&self, record: N, path: &str, keys: &[Cow<'a, str>]) -> Diagnostic {
        let names = listed(keys.iter().map(AsRef::as_ref), 6);
        let diagnostic = self.trouble(format!("several keys may hold the text: {names}"), record);
        let first = keys.first().map_or("text", |key| &**key);
        let steps = path.split('/').map(|step| if step.parse::<u32>().is_ok() { "*" } else { step });
        let example = pointer(&steps.collect::<Vec<_>>().join("/"), first);
        diagnostic.help(path_help(&example))
    }

    pub(super) fn too_long<'n, N: Node<'n>>(&self, node: N, path: String, limits: ReadLimits) -> Diagnostic {
        too_long(CODE, "text", limits)
            .label(self.source, node.head(), "starts here")
            .located(Locator::Pointer(path).words())
            .note("it was left out")
    }
}

/// The texts of a record.
///
/// # Errors
/// The keys, where several may hold it.
fn texts<'a, N: Node<'a>>(record: N, path: &str, depth: usize) -> Result<Vec<Text<N>>, Vec<Cow<'a, str>>> {
    let of_role =
        |role: Role| record.members().filter(move |(key, node)| Role::of(key) == Some(role) && is_filled(*node));
    let mut candidates: Vec<(Cow<'a, str>, N)> = of_role(Role::Text).collect();
    if candidates.len() > 1 {
        candidates.retain(|(_, node)| is_prose(*node));
        // Of equal keys the last counts.
        candidates.reverse();
        candidates.dedup_by(|a, b| a.0 == b.0);
        candidates.reverse();
    }
    if candidates.len() > 1 {
        return Err(candidates.into_iter().map(|(key, _)| key).collect());
    }
    if candidates.is_empty() {
        let texts = by_network(record, path, depth);
        if !texts.is_empty() {
            return Ok(texts);
        }
        for (key, node) in of_role(Role::Platform).filter(|(_, node)| node.kind() == Kind::Table) {
            let texts = by_network(node, &pointer(path, &key), depth);
            if !texts.is_empty() {
                return Ok(texts);
            }
        }
        let sentence = |node: N| glance(node).split_whitespace().count() > 3;
        let others = of_role(Role::Description).chain(of_role(Role::Status).filter(|(_, node)| sentence(*node)));
        candidates.extend(others.filter(|(_, node)| node.kind() == Kind::Text).take(1));
    }
    let Some((key, node)) = candidates.pop() else { return Ok(Vec::new()) };
    let path = pointer(path, &key);
    if node.kind() == Kind::Table {
        let texts = by_network(node, &path, depth);
        if !texts.is_empty() {
            return Ok(texts);
        }
    }
    let pieces = pieces(node, &path, depth);
    Ok(if pieces.is_empty() { Vec::new() } else { vec![Text { pieces, platform: None }] })
}

/// A text for each network that a table names.
fn by_network<'a, N: Node<'a>>(table: N, path: &str, depth: usize) -> Vec<Text<N>> {
    let mut texts = Vec::new();
    for (key, node) in table.members() {
        let Some(platform) = Platform::from_name(&key).filter(|_| is_prose(node)) else { continue };
        let pieces = pieces(node, &pointer(path, &key), depth);
        if !pieces.is_empty() {
            texts.push(Text { pieces, platform: Some((platform, node.head())) });
        }
    }
    texts
}

/// A text, or the texts of a thread: of a list, or of what a table calls its text.
fn pieces<'a, N: Node<'a>>(node: N, path: &str, depth: usize) -> Vec<(N, String)> {
    match node.kind() {
        Kind::Text if is_filled(node) => vec![(node, path.to_owned())],
        Kind::List if depth > 0 => node
            .elements()
            .enumerate()
            .flat_map(|(index, node)| pieces(node, &pointer(path, &index.to_string()), depth - 1))
            .collect(),
        Kind::Table if depth > 0 => {
            let is_text = |key: &str, node: N| Role::of(key) == Some(Role::Text) && is_filled(node);
            let texts: Vec<_> = node.members().filter(|(key, node)| is_text(key, *node)).collect();
            match texts.as_slice() {
                [(key, node)] => pieces(*node, &pointer(path, key), depth - 1),
                // Of several none is chosen, and the path can go on to one.
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

/// A text, to be looked at; one that is too long to be a post is not decoded for that.
fn glance<'a, N: Node<'a>>(node: N) -> Cow<'a, str> {
    if node.span().len() > LONGEST_TEXT { Cow::Borrowed("far too long a text") } else { node.value() }
}

fn is_filled<'a, N: Node<'a>>(node: N) -> bool {
    match node.kind() {
        Kind::Text => node.span().len() > LONGEST_TEXT || !node.is_blank(),
        Kind::List | Kind::Table => true,
        Kind::Null | Kind::Scalar => false,
    }
}

/// Whether a value may be words for readers: no link, reference, number or slug.
fn is_prose<'a, N: Node<'a>>(node: N) -> bool {
    match node.kind() {
        Kind::Text => {
            let value = glance(node);
            value.trim().contains(char::is_whitespace) && value.chars().any(char::is_alphabetic)
        }
        Kind::List => node.elements().next().is_some_and(|first| first.kind() != Kind::Scalar),
        Kind::Table => true,
        Kind::Null | Kind::Scalar => false,
    }
}

/// Hashtags in a list or in a text.
pub(super) fn tags<'a, N: Node<'a>>(node: N) -> MappedText {
    let mut tags = MappedText::new();
    let texts = node.elements().filter(|node| node.kind() == Kind::Text);
    for node in texts.chain((node.kind() == Kind::Text).then_some(node)) {
        let (text, map) = node.mapped().finish();
        push_tags(&mut tags, &text, &map);
    }
    tags
}
