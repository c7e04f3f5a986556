//! Posts that stand in front matter: what a page says of itself on the networks.
//!
//! Does not read the page. References (`at://…`, links), switches (`mastodon: true`) and names are no posts: only what
//! has white space in it is prose. Invariant: a post stands at the pointer of its text.

use std::sync::Arc;

use super::tree::{Entry, Node, Value};
use crate::document::assemble::{Assembly, Remarks};
use crate::document::records::pointer;
use crate::document::role::plain;
use crate::document::{Locator, PartKind, Post, Role};
use crate::text::{MappedText, Platform, Source, TextSpan};

/// Words in a text that stands right under the name of a network, which may be a name there.
const WORDS: usize = 3;

/// Words in a text where the key says that it is one: references and switches have one.
const SURE_WORDS: usize = 2;

/// A text with its pointer.
type Piece<'e> = (&'e Node, String);

/// The posts in `entries`; each says what `page`, a post without parts, says, unless it says it itself.
pub(super) fn posts(source: &Arc<Source>, entries: &[Entry], page: &Post) -> Vec<Post> {
    let mut found = Vec::new();
    for entry in entries {
        match SocialKey::of(&entry.key) {
            Some(SocialKey::All) => under(&entry.node, &pointer("", &entry.key), &mut found),
            Some(SocialKey::One(platform, sure)) => {
                add_all(entry, "", platform, if sure { SURE_WORDS } else { WORDS }, &mut found);
            }
            None => {}
        }
    }
    found.into_iter().filter_map(|found| found.post(source, page)).collect()
}

/// The post that is the text of a page without a body, if its front matter has one.
pub(super) fn text(source: &Arc<Source>, entries: &[Entry], page: &Post) -> Option<Post> {
    let mut found = Vec::new();
    for entry in entries.iter().filter(|entry| Role::of(&entry.key) == Some(Role::Text)) {
        add(&entry.node, pointer("", &entry.key), None, SURE_WORDS, &mut found);
    }
    found.into_iter().next()?.post(source, page)
}

/// What a key of front matter says of posts.
enum SocialKey {
    /// Posts for several networks stand under it.
    All,
    /// A post, perhaps for one network; and whether the key says that it is one.
    One(Option<Platform>, bool),
}

impl SocialKey {
    fn of(key: &str) -> Option<Self> {
        let key = plain(key);
        if matches!(&*key, "social" | "socials" | "socialmedia" | "socialposts") {
            return Some(Self::All);
        }
        let kinds =
            ["text", "post", "posts", "caption", "captions", "copy", "message", "thread", "status", "tweet"];
        let (name, sure) =
            match kinds.iter().find_map(|kind| key.strip_suffix(kind)).filter(|name| !name.is_empty()) {
                Some(name) => (name, true),
                None => (&*key, false),
            };
        match (name, sure) {
            ("social", true) => Some(Self::One(None, true)),
            ("tweet" | "tweets", _) => Some(Self::One(Some(Platform::X), true)),
            ("toot" | "toots", _) => Some(Self::One(Some(Platform::Mastodon), true)),
            ("skeet", _) => Some(Self::One(Some(Platform::Bluesky), true)),
            _ => network(name).map(|platform| Self::One(Some(platform), sure)),
        }
    }
}

/// A network for short posts: pages of one's own and forums are none of which a page would hold the post.
fn network(name: &str) -> Option<Platform> {
    let forum = [
        Platform::Blog,
        Platform::Google,
        Platform::Youtube,
        Platform::Reddit,
        Platform::Hn,
        Platform::Stackoverflow,
    ];
    Platform::from_name(name).filter(|platform| !forum.contains(platform))
}

/// A post before it is one.
struct Found<'e> {
    pieces: Vec<Piece<'e>>,
    platform: Option<Platform>,
    /// The table it stands in, with the pointer of that.
    around: Option<(&'e [Entry], String)>,
}

/// The posts of a table with a key for each network, of a list of posts, or of one text for all networks.
fn under<'e>(node: &'e Node, path: &str, found: &mut Vec<Found<'e>>) {
    match &node.value {
        Value::Table(entries) => {
            let before = found.len();
            for entry in entries {
                if let Some(SocialKey::One(platform, _)) = SocialKey::of(&entry.key) {
                    add_all(entry, path, platform, SURE_WORDS, found);
                }
            }
            if found.len() == before {
                add(node, path.to_owned(), None, SURE_WORDS, found);
            }
        }
        Value::List(nodes) => {
            for (index, node) in nodes.iter().enumerate() {
                let path = pointer(path, &index.to_string());
                match &node.value {
                    Value::Table(_) => under(node, &path, found),
                    _ => add(node, path, None, SURE_WORDS, found),
                }
            }
        }
        _ => add(node, path.to_owned(), None, SURE_WORDS, found),
    }
}

/// Adds the post under a key, or each of a list under a key in the plural.
fn add_all<'e>(
    entry: &'e Entry,
    parent: &str,
    platform: Option<Platform>,
    words: usize,
    found: &mut Vec<Found<'e>>,
) {
    let path = pointer(parent, &entry.key);
    let plural = ["posts", "tweets", "toots", "captions"].iter().any(|many| plain(&entry.key).ends_with(many));
    match &entry.node.value {
        Value::List(nodes) if plural => {
            for (index, node) in nodes.iter().enumerate() {
                add(node, pointer(&path, &index.to_string()), platform, words, found);
            }
        }
        _ => add(&entry.node, path, platform, words, found),
    }
}

/// Adds the post whose text, thread or table a node is, if it is prose of so many words.
fn add<'e>(node: &'e Node, path: String, platform: Option<Platform>, words: usize, found: &mut Vec<Found<'e>>) {
    let around = match &node.value {
        Value::Table(entries) => Some((entries.as_slice(), path.clone())),
        _ => None,
    };
    let pieces = pieces(node, path, 2);
    if pieces.iter().any(|(node, _)| is_prose(node, words)) {
        found.push(Found { pieces, platform, around });
    }
}

/// A text, the texts of a thread, or what a table calls its text.
fn pieces(node: &Node, path: String, depth: usize) -> Vec<Piece<'_>> {
    match &node.value {
        Value::Scalar(text, _) if !text.trim().is_empty() => vec![(node, path)],
        Value::List(nodes) if depth > 0 => nodes
            .iter()
            .enumerate()
            .flat_map(|(index, node)| pieces(node, pointer(&path, &index.to_string()), depth - 1))
            .collect(),
        Value::Table(entries) if depth > 0 => {
            let text = entries.iter().find(|entry| Role::of(&entry.key) == Some(Role::Text));
            text.map(|entry| pieces(&entry.node, pointer(&path, &entry.key), depth)).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn is_prose(node: &Node, words: usize) -> bool {
    match &node.value {
        Value::Scalar(text, _) => {
            text.chars().any(char::is_alphabetic) && text.split_whitespace().take(words).count() == words
        }
        _ => false,
    }
}

impl Found<'_> {
    fn post(self, source: &Arc<Source>, page: &Post) -> Option<Post> {
        let first = self.pieces.first().map(|(node, _)| node.span)?;
        let mut remarks = Remarks::default();
        let mut assembly = Assembly::new(source, first.start());
        for (number, (node, path)) in self.pieces.iter().enumerate() {
            let kind = if number == 0 { PartKind::Text } else { PartKind::Thread };
            assembly.part(kind, mapped(node)?, Locator::Pointer(path.clone()));
        }
        if let Some(platform) = self.platform {
            let head = if first.is_empty() { first } else { source.head(first.start()) };
            assembly.platform(platform, head);
        }
        for (entry, path) in
            self.around.iter().flat_map(|(entries, path)| entries.iter().map(move |entry| (entry, path)))
        {
            let (Some(role), Value::Scalar(text, map)) = (Role::of(&entry.key), &entry.node.value) else {
                continue;
            };
            let locator = Locator::Pointer(pointer(path, &entry.key));
            match (role, mapped(&entry.node)) {
                (Role::Text | Role::Title | Role::Description, _) => {}
                (Role::FirstComment, Some(comment)) => assembly.part(PartKind::FirstComment, comment, locator),
                (Role::ContentWarning, Some(warning)) => assembly.part(PartKind::ContentWarning, warning, locator),
                (Role::Hashtags, _) => assembly.hashtags(text, map, locator),
                // The key of a network wins over what stands below it.
                (Role::Platform | Role::Account, _) if self.platform.is_some() => {}
                (stated, _) => assembly.state(stated, text, entry.node.span, &mut remarks),
            }
        }
        let mut post = assembly.finish()?;
        if post.platforms.is_empty() {
            post.platforms.clone_from(&page.platforms);
        }
        post.account = post.account.or_else(|| page.account.clone());
        post.time = post.time.or_else(|| page.time.clone());
        post.status = post.status.or_else(|| page.status.clone());
        post.intent = post.intent.or(page.intent);
        post.directives.clone_from(&page.directives);
        Some(post)
    }
}

/// A text or scalar with its places.
fn mapped(node: &Node) -> Option<MappedText> {
    let Value::Scalar(text, map) = &node.value else { return None };
    let mut mapped = MappedText::new();
    mapped.push_mapped(text, map, TextSpan::of(0..text.len()));
    Some(mapped)
}
