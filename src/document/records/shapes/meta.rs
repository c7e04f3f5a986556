//! The archives of Instagram and Threads: `posts_1.json`, `reels.json`, `threads_and_replies.json` and their kin.
//!
//! Their texts are UTF-8 that was taken for Latin-1. Invariant: captions of a post and of its pictures are one post.

use super::{Shaping, Spelling, below, count, get, pick, records, samples};
use crate::document::records::{Kind, Node, pointer};
use crate::document::{PartKind, PostStatus, Role};
use crate::text::Platform;

/// Reads the posts of an archive; whether `root` is one.
pub(super) fn read<'a, N: Node<'a>>(shaping: &mut Shaping<'_, '_, '_>, root: N) -> bool {
    let mut any = false;
    let mut without = None;
    if root.kind() == Kind::List && samples(root).any(is_post) {
        any = true;
        read_list(shaping, root, "", Platform::Instagram, &mut without);
    }
    for (key, list) in root.members().filter(|(_, list)| list.kind() == Kind::List && samples(*list).any(is_post))
    {
        any = true;
        let threads = key.starts_with("text_post_app") || key.starts_with("threads");
        let platform = if threads { Platform::Threads } else { Platform::Instagram };
        read_list(shaping, list, &pointer("", &key), platform, &mut without);
    }
    shaping.without_text(without);
    any
}

/// Whether a record is a post with its pictures, each with its place in the archive and its second.
fn is_post<'a, N: Node<'a>>(record: N) -> bool {
    get(record, "media").is_some_and(|media| {
        samples(media).any(|one| {
            let [at, title, uri] = pick(one, ["creation_timestamp", "title", "uri"]);
            at.is_some() && (title.is_some() || uri.is_some())
        })
    })
}

fn read_list<'a, N: Node<'a>>(
    shaping: &mut Shaping<'_, '_, '_>,
    list: N,
    path: &str,
    platform: Platform,
    without: &mut Option<(u32, N)>,
) {
    for (record, path) in records(list, path) {
        let [title, at, media] = pick(record, ["title", "creation_timestamp", "media"]);
        let mut assembly = shaping.begin(record);
        shaping.text(&mut assembly, PartKind::Text, (title, below(&path, "title")), Spelling::Mojibake);
        let mut first = at;
        let pictures = media.into_iter().flat_map(|media| records(media, &below(&path, "media")));
        for (picture, path) in pictures {
            let [title, at] = pick(picture, ["title", "creation_timestamp"]);
            shaping.text(&mut assembly, PartKind::Text, (title, below(&path, "title")), Spelling::Mojibake);
            first = first.or(at);
        }
        shaping.state(&mut assembly, Role::Date, first);
        shaping.on(&mut assembly, platform, record);
        assembly.status_unless_stated(PostStatus::Published, record.head());
        if !shaping.end(assembly) {
            count(without, record);
        }
    }
}
