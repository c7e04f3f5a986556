//! Records of Bluesky (`app.bsky.feed.post`): alone, in a list, as a repository lists them, or in a feed.
//!
//! Invariant: a record that has an address is out; one that has none may be a draft, and nothing is said of it.

use super::{Shaping, Spelling, below, get, pick, records, samples, word};
use crate::document::records::post::tags;
use crate::document::records::{Kind, Node};
use crate::document::{Locator, PartKind, PostKind, PostStatus, Role};
use crate::text::Platform;

/// Reads one of the shapes; whether `root` is one.
pub(super) fn read<'a, N: Node<'a>>(shaping: &mut Shaping<'_, '_, '_>, root: N) -> bool {
    if let Some(found) = find(root, String::new()) {
        read_post(shaping, root, &found);
        return true;
    }
    let (list, path) = match root.kind() {
        Kind::Table => match pick(root, ["records", "feed", "posts"]) {
            [Some(records), ..] => (records, "/records"),
            [_, Some(feed), _] => (feed, "/feed"),
            [_, _, Some(posts)] => (posts, "/posts"),
            _ => return false,
        },
        _ => (root, ""),
    };
    if !samples(list).any(|record| find(record, String::new()).is_some()) {
        return false;
    }
    for (record, path) in records(list, path) {
        if let Some(found) = find(record, path) {
            read_post(shaping, record, &found);
        }
    }
    true
}

/// A record, where it stands, and what is said around it.
struct Found<N> {
    record: N,
    path: String,
    /// Its address.
    uri: Option<N>,
    /// Whether somebody passed it on.
    passed_on: bool,
}

/// The record in what a repository or feed wraps around it.
fn find<'a, N: Node<'a>>(node: N, path: String) -> Option<Found<N>> {
    let [kind, text, uri, value, record, post, reason] =
        pick(node, ["$type", "text", "uri", "value", "record", "post", "reason"]);
    if word(kind).is_some_and(|kind| kind == "app.bsky.feed.post") && text.is_some() {
        return Some(Found { record: node, path, uri, passed_on: false });
    }
    let (inner, key) = match (value, record, post) {
        (Some(value), ..) => (value, "value"),
        (_, Some(record), _) => (record, "record"),
        (_, _, Some(post)) => (post, "post"),
        _ => return None,
    };
    // A feed holds a post that holds a record: no deeper.
    if path.matches('/').count() > 4 || inner.kind() != Kind::Table {
        return None;
    }
    let found = find(inner, below(&path, key))?;
    Some(Found { uri: found.uri.or(uri), passed_on: found.passed_on || reason.is_some(), ..found })
}

/// Whose an address is: `at://did:plc:abc/…`.
fn owner(address: &str) -> Option<&str> {
    address.strip_prefix("at://")?.split('/').next()
}

fn read_post<'a, N: Node<'a>>(shaping: &mut Shaping<'_, '_, '_>, around: N, found: &Found<N>) {
    let Found { record, path, uri, passed_on } = found;
    let [text, at, reply, embed, hashtags] = pick(*record, ["text", "createdAt", "reply", "embed", "tags"]);
    let mut assembly = shaping.begin(around);
    shaping.text(&mut assembly, PartKind::Text, (text, below(path, "text")), Spelling::Plain);
    if let Some(hashtags) = hashtags {
        assembly.part(PartKind::Hashtags, tags(hashtags), Locator::Pointer(below(path, "tags")));
    }
    let external = embed.and_then(|embed| get(embed, "external"));
    if let Some(external) = external {
        let place = below(path, "embed/external");
        let [title, description] = pick(external, ["title", "description"]);
        shaping.text(&mut assembly, PartKind::Title, (title, below(&place, "title")), Spelling::Plain);
        let description = (description, below(&place, "description"));
        shaping.text(&mut assembly, PartKind::Description, description, Spelling::Plain);
    }
    shaping.state(&mut assembly, Role::Date, at);
    let place = text.unwrap_or(*record);
    shaping.on(&mut assembly, Platform::Bluesky, place);
    let address = word(*uri);
    if let Some(uri) = uri {
        shaping.state(&mut assembly, Role::Id, Some(*uri));
        assembly.status_unless_stated(PostStatus::Published, uri.span());
    }
    let own = |other: Option<N>| {
        let other = word(other.and_then(|other| get(other, "uri")));
        let owners = (address.as_deref().and_then(owner), other.as_deref().and_then(owner));
        matches!(owners, (Some(a), Some(b)) if a == b)
    };
    let quoted = embed.and_then(|embed| get(embed, "record"));
    let quoted = quoted.map(|quoted| get(quoted, "record").unwrap_or(quoted));
    if *passed_on || quoted.is_some() && !own(quoted) {
        assembly.kind(PostKind::Share);
    } else if reply.is_some_and(|reply| !own(get(reply, "parent"))) {
        assembly.kind(PostKind::Reply);
    }
    shaping.end(assembly);
}

#[cfg(test)]
mod tests {
    use super::owner;

    #[test]
    fn addresses_tell_whose_they_are() {
        assert_eq!(owner("at://did:plc:abc/app.bsky.feed.post/1"), Some("did:plc:abc"));
        assert_eq!(owner("https://bsky.example"), None);
    }
}
