//! The archives that X gives to its users: `tweets.js`, `tweet.js`, `note-tweet.js` and the files by month of 2009 to
//! 2018.
//!
//! The assignment around the list is the notation's business. Invariant: an answer to one's own post goes on with a
//! thread, so it is a post; all other answers are replies.

use std::collections::HashSet;

use super::{Shaping, Spelling, below, get, pick, records, samples, spelled, word};
use crate::document::html::Prose;
use crate::document::records::{Kind, Node};
use crate::document::{PartKind, PostKind, PostStatus, Role};
use crate::text::{MappedText, Platform, TextSpan};

/// Reads the list of posts in an archive; whether `root` is one.
pub(super) fn read<'a, N: Node<'a>>(shaping: &mut Shaping<'_, '_, '_>, root: N) -> bool {
    if root.kind() != Kind::List || !samples(root).any(|record| tweet(record).is_some() || note(record).is_some())
    {
        return false;
    }
    let own = Own::of(root);
    let mut without = None;
    for (record, path) in records(root, "") {
        let read = match (tweet(record), note(record)) {
            (Some((tweet, step)), _) => read_tweet(shaping, tweet, &format!("{path}{step}"), &own),
            (None, Some(core)) => read_note(shaping, record, core, &path),
            (None, None) => false,
        };
        if !read {
            super::count(&mut without, record);
        }
    }
    shaping.without_text(without);
    true
}

/// The table of a post, and how the pointer to it goes on.
fn tweet<'a, N: Node<'a>>(record: N) -> Option<(N, &'static str)> {
    let is_tweet = |node: N| {
        let [full, text, id, at] = pick(node, ["full_text", "text", "id_str", "created_at"]);
        (full.is_some() || text.is_some()) && id.is_some() && at.is_some()
    };
    match get(record, "tweet") {
        Some(inner) => is_tweet(inner).then_some((inner, "/tweet")),
        None => is_tweet(record).then_some((record, "")),
    }
}

/// The table with the text of a long post.
fn note<'a, N: Node<'a>>(record: N) -> Option<N> {
    let core = get(get(record, "noteTweet")?, "core")?;
    get(core, "text").is_some().then_some(core)
}

/// What is known of whose archive it is.
struct Own {
    posts: HashSet<u64>,
    users: HashSet<u64>,
}

impl Own {
    /// Whoever the posts of the archive that answer others of it answer is whose archive it is.
    fn of<'a, N: Node<'a>>(root: N) -> Self {
        let tweets = || root.elements().filter_map(|record| tweet(record).map(|(tweet, _)| tweet));
        let posts: HashSet<u64> = tweets().filter_map(|tweet| number(get(tweet, "id_str"))).collect();
        let answers = tweets().map(answered).filter(|(post, _)| post.is_some_and(|id| posts.contains(&id)));
        let users = answers.filter_map(|(_, user)| user).collect();
        Self { posts, users }
    }
}

fn number<'a, N: Node<'a>>(node: Option<N>) -> Option<u64> {
    word(node)?.parse().ok()
}

/// The post and the user that a post answers.
fn answered<'a, N: Node<'a>>(tweet: N) -> (Option<u64>, Option<u64>) {
    let [post, post_number, user, user_number] = pick(
        tweet,
        ["in_reply_to_status_id_str", "in_reply_to_status_id", "in_reply_to_user_id_str", "in_reply_to_user_id"],
    );
    (number(post.or(post_number)), number(user.or(user_number)))
}

fn read_tweet<'a, N: Node<'a>>(shaping: &mut Shaping<'_, '_, '_>, tweet: N, path: &str, own: &Own) -> bool {
    let keys = ["full_text", "text", "created_at", "id_str", "entities", "extended_entities", "retweeted_status"];
    let [full, short, at, id, entities, extended, retweeted] = pick(tweet, keys);
    let (text, key) = if full.is_some() { (full, "full_text") } else { (short, "text") };
    let Some(text) = text.filter(|text| text.kind() == Kind::Text) else { return false };
    let mut assembly = shaping.begin(tweet);
    let path = below(path, key);
    if text.span().len() > shaping.output.options.limits.text {
        shaping.text(&mut assembly, PartKind::Text, (Some(text), path), Spelling::Plain);
        return true;
    }
    let prose = without_pictures(spelled(text.mapped(), Spelling::Entities).text, &[entities, extended]);
    let shared = retweeted.is_some() || prose.text().starts_with("RT @");
    super::add(&mut assembly, PartKind::Text, Prose { text: prose, ..Prose::default() }, path);
    shaping.state(&mut assembly, Role::Date, at);
    shaping.state(&mut assembly, Role::Id, id);
    shaping.on(&mut assembly, Platform::X, text);
    assembly.status_unless_stated(PostStatus::Published, text.head());
    let (post, user) = answered(tweet);
    let goes_on = post.is_some_and(|id| own.posts.contains(&id)) || user.is_some_and(|id| own.users.contains(&id));
    if shared || quotes(entities, own) {
        assembly.kind(PostKind::Share);
    } else if (post.is_some() || user.is_some()) && !goes_on {
        assembly.kind(PostKind::Reply);
    }
    shaping.end(assembly)
}

fn read_note<'a, N: Node<'a>>(shaping: &mut Shaping<'_, '_, '_>, record: N, core: N, path: &str) -> bool {
    let mut assembly = shaping.begin(record);
    let path = below(path, "noteTweet/core/text");
    let text = get(core, "text");
    shaping.text(&mut assembly, PartKind::Text, (text, path), Spelling::Entities);
    let [at, id] = get(record, "noteTweet").map_or([None; 2], |note| pick(note, ["createdAt", "noteTweetId"]));
    shaping.state(&mut assembly, Role::Date, at);
    shaping.state(&mut assembly, Role::Id, id);
    if let Some(text) = text {
        shaping.on(&mut assembly, Platform::X, text);
        assembly.status_unless_stated(PostStatus::Published, text.head());
    }
    shaping.end(assembly)
}

/// Whether a link leads to a post of somebody else, which is how quoting one is written down.
fn quotes<'a, N: Node<'a>>(entities: Option<N>, own: &Own) -> bool {
    let urls = entities.and_then(|entities| get(entities, "urls"));
    let urls = urls.into_iter().flat_map(|urls| urls.elements());
    let mut expanded = urls.filter_map(|url| word(get(url, "expanded_url")));
    expanded.any(|url| {
        let bare = url.trim_start_matches("https://").trim_start_matches("http://");
        let bare = bare.trim_start_matches("www.").trim_start_matches("mobile.");
        let mut steps = bare.split(['/', '?']);
        let host = steps.next().is_some_and(|host| host == "twitter.com" || host == "x.com");
        let status = steps.nth(1) == Some("status");
        let id = steps.next().and_then(|id| id.parse::<u64>().ok());
        host && status && id.is_some_and(|id| !own.posts.contains(&id))
    })
}

/// The text without the addresses of its own pictures, which nobody is shown.
fn without_pictures<'a, N: Node<'a>>(mapped: MappedText, entities: &[Option<N>]) -> MappedText {
    let media = entities.iter().flatten().filter_map(|entities| get(*entities, "media"));
    let urls: Vec<_> = media.flat_map(|media| media.elements()).filter_map(|one| word(get(one, "url"))).collect();
    let mut end = mapped.text().len();
    while let Some(shorter) = urls.iter().filter(|url| !url.is_empty()).find_map(|url| {
        let text = mapped.text().get(..end)?.trim_end();
        text.strip_suffix(&**url).map(|text| text.trim_end().len())
    }) {
        end = shorter;
    }
    if end == mapped.text().len() {
        return mapped;
    }
    let (text, map) = mapped.finish();
    let mut shorter = MappedText::new();
    shorter.push_mapped(&text, &map, TextSpan::of(0..end));
    shorter
}
