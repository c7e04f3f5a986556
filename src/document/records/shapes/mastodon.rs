//! Mastodon: the `outbox.json` of its archive, posts that its interface gives, and posts that wait there.
//!
//! Invariant: a boost has no text of its own, so the address of what is passed on is its text.

use super::{Shaping, Spelling, below, count, get, pick, records, samples, word};
use crate::document::records::{Kind, Node};
use crate::document::{PartKind, PostKind, PostStatus, Role};
use crate::text::Platform;

/// Reads one of the shapes; whether `root` is one.
pub(super) fn read<'a, N: Node<'a>>(shaping: &mut Shaping<'_, '_, '_>, root: N) -> bool {
    if let Some(items) = get(root, "orderedItems").filter(|items| items.kind() == Kind::List) {
        read_outbox(shaping, items);
        return true;
    }
    if root.kind() == Kind::List && samples(root).any(is_scheduled) {
        for (record, path) in records(root, "") {
            read_scheduled(shaping, record, &path);
        }
        return true;
    }
    if root.kind() == Kind::List && samples(root).any(is_status) {
        for (record, path) in records(root, "") {
            read_status(shaping, record, &path);
        }
        return true;
    }
    let single = is_scheduled(root);
    if single {
        read_scheduled(shaping, root, "");
    }
    single
}

fn is_scheduled<'a, N: Node<'a>>(record: N) -> bool {
    let [params, at] = pick(record, ["params", "scheduled_at"]);
    at.is_some() && params.is_some_and(|params| get(params, "text").is_some())
}

fn is_status<'a, N: Node<'a>>(record: N) -> bool {
    let keys = pick(record, ["content", "visibility", "uri", "created_at"]);
    keys.iter().all(Option::is_some)
}

fn read_outbox<'a, N: Node<'a>>(shaping: &mut Shaping<'_, '_, '_>, items: N) {
    let mut without = None;
    for (record, path) in records(items, "/orderedItems") {
        let [kind, object, at, actor] = pick(record, ["type", "object", "published", "actor"]);
        let Some(object) = object else { continue };
        let read = match word(kind).as_deref() {
            Some("Announce") => read_boost(shaping, record, (object, &path), at),
            Some("Create") | None => read_note(shaping, record, (object, &path), (at, actor)),
            // Likes, follows and the like are no posts.
            Some(_) => continue,
        };
        if !read {
            count(&mut without, record);
        }
    }
    shaping.without_text(without);
}

fn read_boost<'a, N: Node<'a>>(
    shaping: &mut Shaping<'_, '_, '_>,
    record: N,
    (object, path): (N, &str),
    at: Option<N>,
) -> bool {
    let path = below(path, "object");
    let (address, path) = match object.kind() {
        Kind::Table => (get(object, "id"), below(&path, "id")),
        _ => (Some(object), path),
    };
    let mut assembly = shaping.begin(record);
    assembly.kind(PostKind::Share);
    shaping.text(&mut assembly, PartKind::Text, (address, path), Spelling::Plain);
    shaping.state(&mut assembly, Role::Date, at);
    shaping.on(&mut assembly, Platform::Mastodon, object);
    assembly.status_unless_stated(PostStatus::Published, object.head());
    shaping.end(assembly)
}

fn read_note<'a, N: Node<'a>>(
    shaping: &mut Shaping<'_, '_, '_>,
    record: N,
    (object, path): (N, &str),
    (at, actor): (Option<N>, Option<N>),
) -> bool {
    let keys = ["content", "summary", "inReplyTo", "oneOf", "anyOf", "id", "published", "attributedTo", "quote"];
    let [content, summary, answers, one, any, id, published, author, quote] = pick(object, keys);
    let path = below(path, "object");
    let mut assembly = shaping.begin(record);
    shaping.text(&mut assembly, PartKind::ContentWarning, (summary, below(&path, "summary")), Spelling::Plain);
    shaping.text(&mut assembly, PartKind::Text, (content, below(&path, "content")), Spelling::Html);
    for (options, key) in [(one, "oneOf"), (any, "anyOf")] {
        let Some(options) = options else { continue };
        for (option, path) in records(options, &below(&path, key)) {
            let name = (get(option, "name"), below(&path, "name"));
            shaping.text(&mut assembly, PartKind::PollOption, name, Spelling::Plain);
        }
    }
    shaping.state(&mut assembly, Role::Date, at.or(published));
    shaping.state(&mut assembly, Role::Id, id);
    let place = content.unwrap_or(object);
    shaping.on(&mut assembly, Platform::Mastodon, place);
    assembly.status_unless_stated(PostStatus::Published, place.head());
    let own = |address: &str| {
        let author = word(actor).or_else(|| word(author));
        author.is_some_and(|author| address.strip_prefix(&*author).is_some_and(|rest| rest.starts_with('/')))
    };
    if quote.is_some() {
        assembly.kind(PostKind::Share);
    } else if word(answers).is_some_and(|address| !own(&address)) {
        // Going on with a thread of one's own is no answer.
        assembly.kind(PostKind::Reply);
    }
    shaping.end(assembly)
}

fn read_status<'a, N: Node<'a>>(shaping: &mut Shaping<'_, '_, '_>, record: N, path: &str) {
    let [reblog, at, id] = pick(record, ["reblog", "created_at", "id"]);
    let (status, path) = match reblog.filter(|reblog| reblog.kind() == Kind::Table) {
        Some(reblog) => (reblog, below(path, "reblog")),
        None => (record, path.to_owned()),
    };
    let keys = ["content", "spoiler_text", "in_reply_to_id", "in_reply_to_account_id", "account", "poll", "quote"];
    let [content, warning, answers, answered, account, poll, quote] = pick(status, keys);
    let mut assembly = shaping.begin(record);
    let warning = (warning, below(&path, "spoiler_text"));
    shaping.text(&mut assembly, PartKind::ContentWarning, warning, Spelling::Plain);
    shaping.text(&mut assembly, PartKind::Text, (content, below(&path, "content")), Spelling::Html);
    for (option, path) in answers_of(poll, &path) {
        let title = (get(option, "title"), below(&path, "title"));
        shaping.text(&mut assembly, PartKind::PollOption, title, Spelling::Plain);
    }
    shaping.state(&mut assembly, Role::Date, at);
    shaping.state(&mut assembly, Role::Id, id);
    let place = content.unwrap_or(status);
    shaping.on(&mut assembly, Platform::Mastodon, place);
    assembly.status_unless_stated(PostStatus::Published, place.head());
    let own = account.and_then(|account| word(get(account, "id")));
    if reblog.is_some() || quote.is_some() {
        assembly.kind(PostKind::Share);
    } else if answers.is_some() && (own.is_none() || word(answered) != own) {
        assembly.kind(PostKind::Reply);
    }
    shaping.end(assembly);
}

/// The options of the poll of a record, each with its pointer.
fn answers_of<'a, N: Node<'a>>(poll: Option<N>, path: &str) -> impl Iterator<Item = (N, String)> + use<'a, N> {
    let options = poll.and_then(|poll| get(poll, "options"));
    let place = below(path, "poll/options");
    options.into_iter().flat_map(move |options| records(options, &place))
}

fn read_scheduled<'a, N: Node<'a>>(shaping: &mut Shaping<'_, '_, '_>, record: N, path: &str) {
    let [params, at, id] = pick(record, ["params", "scheduled_at", "id"]);
    let Some(params) = params else { return };
    let path = below(path, "params");
    let [text, warning, poll, answers] = pick(params, ["text", "spoiler_text", "poll", "in_reply_to_id"]);
    let mut assembly = shaping.begin(record);
    let warning = (warning, below(&path, "spoiler_text"));
    shaping.text(&mut assembly, PartKind::ContentWarning, warning, Spelling::Plain);
    shaping.text(&mut assembly, PartKind::Text, (text, below(&path, "text")), Spelling::Plain);
    for (option, path) in answers_of(poll, &path) {
        shaping.text(&mut assembly, PartKind::PollOption, (Some(option), path), Spelling::Plain);
    }
    shaping.state(&mut assembly, Role::Date, at);
    shaping.state(&mut assembly, Role::Id, id);
    if let Some(text) = text {
        shaping.on(&mut assembly, Platform::Mastodon, text);
    }
    if let Some(at) = at {
        assembly.status_unless_stated(PostStatus::Scheduled, at.span());
    }
    if answers.is_some() {
        assembly.kind(PostKind::Reply);
    }
    shaping.end(assembly);
}
