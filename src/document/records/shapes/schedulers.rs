//! What Postiz and Mixpost exchange: a post with its texts for each account in lists inside it.
//!
//! Invariant: each of these texts is a post, and what stands in one list behind it goes on with its thread.

use super::{Shaping, Spelling, below, get, pick, records, samples, word};
use crate::document::assemble::Assembly;
use crate::document::records::{Kind, Node};
use crate::document::{PartKind, PostStatus, Role};
use crate::text::Platform;

/// Reads one of the shapes; whether `root` is one.
pub(super) fn read<'a, N: Node<'a>>(shaping: &mut Shaping<'_, '_, '_>, root: N) -> bool {
    for (is_shape, read_one) in [
        (is_postiz as fn(N) -> bool, read_postiz as fn(&mut Shaping<'_, '_, '_>, N, &str)),
        (is_mixpost, read_mixpost),
    ] {
        if is_shape(root) {
            read_one(shaping, root, "");
            return true;
        }
        for (list, path) in lists(root) {
            if samples(list).any(is_shape) {
                for (record, path) in records(list, path) {
                    read_one(shaping, record, &path);
                }
                return true;
            }
        }
    }
    false
}

/// Where a list of posts stands.
fn lists<'a, N: Node<'a>>(root: N) -> Vec<(N, &'static str)> {
    let [data, posts] = pick(root, ["data", "posts"]);
    let lists = [(Some(root), ""), (data, "/data"), (posts, "/posts")];
    let lists = lists.into_iter().filter_map(|(list, path)| Some((list?, path)));
    lists.filter(|(list, _)| list.kind() == Kind::List).collect()
}

fn is_postiz<'a, N: Node<'a>>(record: N) -> bool {
    get(record, "posts").is_some_and(|posts| samples(posts).any(is_postiz_text))
}

/// Whether a record has the texts of one account.
fn is_postiz_text<'a, N: Node<'a>>(record: N) -> bool {
    get(record, "value").is_some_and(|value| samples(value).any(|one| get(one, "content").is_some()))
}

fn read_postiz<'a, N: Node<'a>>(shaping: &mut Shaping<'_, '_, '_>, record: N, path: &str) {
    let [posts, kind, date] = pick(record, ["posts", "type", "date"]);
    let Some(posts) = posts else { return };
    for (post, path) in records(posts, &below(path, "posts")) {
        let [value, settings] = pick(post, ["value", "settings"]);
        let mut assembly = shaping.begin(post);
        let value = value.map(|value| (value, below(&path, "value")));
        thread(shaping, &mut assembly, value, "content");
        if let Some(settings) = settings {
            let [platform, title] = pick(settings, ["__type", "title"]);
            let title = (title, below(&path, "settings/title"));
            shaping.text(&mut assembly, PartKind::Title, title, Spelling::Plain);
            provider(shaping, &mut assembly, platform);
        }
        shaping.state(&mut assembly, Role::Date, date);
        let status = match word(kind).as_deref() {
            Some("draft") => Some(PostStatus::Draft),
            Some("schedule" | "update") => Some(PostStatus::Scheduled),
            _ => None,
        };
        if let (Some(status), Some(kind)) = (status, kind) {
            assembly.status_unless_stated(status, kind.span());
        }
        shaping.end(assembly);
    }
}

fn is_mixpost<'a, N: Node<'a>>(record: N) -> bool {
    get(record, "versions").is_some_and(|versions| {
        samples(versions).any(|version| {
            let content = get(version, "content");
            content.is_some_and(|content| samples(content).any(|one| get(one, "body").is_some()))
        })
    })
}

fn read_mixpost<'a, N: Node<'a>>(shaping: &mut Shaping<'_, '_, '_>, record: N, path: &str) {
    let [versions, accounts] = pick(record, ["versions", "accounts"]);
    let accounts: Vec<N> = accounts.into_iter().flat_map(|accounts| accounts.elements()).collect();
    let versions = versions.into_iter().flat_map(|versions| records(versions, &below(path, "versions")));
    let versions: Vec<(N, String)> = versions.collect();
    let own: Vec<_> = versions.iter().filter_map(|(version, _)| word(get(*version, "account_id"))).collect();
    for (version, path) in &versions {
        let [content, original, account] = pick(*version, ["content", "is_original", "account_id"]);
        let original = word(original).is_none_or(|original| original == "true" || original == "1");
        let mut assembly = shaping.begin(*version);
        let content = content.map(|content| (content, below(path, "content")));
        thread(shaping, &mut assembly, content, "body");
        // The first text is for all accounts that have none of their own.
        let account = word(account);
        let meant = accounts.iter().filter(|known| match word(get(**known, "id")) {
            Some(id) if original => !own.contains(&id),
            id => id == account,
        });
        for known in meant {
            provider(shaping, &mut assembly, get(*known, "provider"));
        }
        for (key, node) in record.members() {
            if let Some(
                role @ (Role::Date | Role::Time | Role::Zone | Role::Status | Role::Published | Role::Id),
            ) = Role::of(&key)
            {
                shaping.state(&mut assembly, role, Some(node));
            }
        }
        shaping.end(assembly);
    }
}

/// The texts of a list, the first of them the post.
fn thread<'a, N: Node<'a>>(
    shaping: &mut Shaping<'_, '_, '_>,
    assembly: &mut Assembly<'_>,
    list: Option<(N, String)>,
    key: &str,
) {
    let Some((list, path)) = list else { return };
    for (index, (one, path)) in records(list, &path).enumerate() {
        let kind = if index == 0 { PartKind::Text } else { PartKind::Thread };
        let text = (get(one, key), below(&path, key));
        shaping.text(assembly, kind, text, Spelling::PerhapsHtml);
    }
}

/// A network by the name of what connects to it: `linkedin-page`, `instagram-standalone`, `facebook_page`.
fn provider<'a, N: Node<'a>>(shaping: &mut Shaping<'_, '_, '_>, assembly: &mut Assembly<'_>, node: Option<N>) {
    let Some(name) = word(node) else { return };
    let first = name.split(['-', '_']).next().unwrap_or_default();
    let platform = match first {
        "gmb" => Some(Platform::Google),
        first => Platform::from_name(first),
    };
    match (platform, node) {
        (Some(platform), Some(node)) => assembly.platform(platform, node.head()),
        _ => shaping.state(assembly, Role::Platform, node),
    }
}
