//! Markdown with many posts, each below a heading, and notes in which one section is the post.
//!
//! [`blocks`] cuts the body, [`heading`] and [`label`] tell posts from what is said of them, [`draft`] puts posts
//! together. What stands elsewhere is strategy, and no post: tables, quotes, notes. Invariant: a body without a heading
//! that can only be that of a post is left to be one post as a whole.

mod blocks;
mod bold;
mod draft;
mod heading;
mod label;

use std::sync::Arc;

pub(super) use self::blocks::Blocks;
use self::blocks::{Block, Section};
use self::draft::Writer;
use self::heading::{PostTitle, Title};
use crate::document::{Output, PartKind, Post};
use crate::text::{Platform, Source};

/// What a section is to the posts.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// It holds posts.
    Post(PostTitle),
    /// The next item of the thread of another section.
    Item(usize),
    /// More of another section.
    Into(usize, PartKind),
    /// Nothing.
    Nowhere,
}

/// Whether a body has any mark without which it holds no posts below headings.
pub(super) fn may_be(body: &str) -> bool {
    ["#", "---", "===", "**", "__"].iter().any(|mark| body.contains(mark))
}

/// Hands over the posts of `body`, which is made of `blocks` and stands at `base` of `source`, if it is a pack of them, or a note that
/// is one, which names its network in `page`; false where it is neither. Each says what `page` says, unless it says it itself.
pub(super) fn read(
    source: &Arc<Source>,
    (body, blocks): (&str, Blocks),
    base: u32,
    page: &Post,
    output: &mut Output<'_>,
) -> bool {
    let titles = |sections: &[Section]| -> Vec<Title> {
        sections.iter().map(|section| heading::read(&section.heading)).collect()
    };
    let mut sections = blocks.sections();
    let mut titles_of = titles(&sections);
    if !is_pack(&sections, &titles_of)
        && let Some(headed) = bold::headed(&sections)
    {
        titles_of = titles(&headed);
        sections = headed;
    }
    let titles = titles_of;
    let parents = parents(&sections);
    let is_pack = is_pack(&sections, &titles);
    let is_note = !page.platforms.is_empty();
    let is_note = is_note && titles.contains(&Title::Text);
    if !is_pack && !is_note {
        return false;
    }
    let places = places(&sections, &titles, &parents, is_pack);
    let writer = Writer { source, body, base, page };
    let mut any = false;
    for (index, place) in places.iter().enumerate() {
        let (Place::Post(title), Some(section)) = (place, sections.get(index)) else { continue };
        let mut blocks: Vec<(PartKind, &Block)> =
            section.blocks.iter().map(|block| (PartKind::Text, block)).collect();
        let mut has_posts = false;
        let below = sections.iter().zip(&places).skip(index + 1);
        for (other, place) in below.take_while(|(other, _)| other.level > section.level) {
            let kind = match place {
                Place::Post(inner) => {
                    has_posts |= !are_apart(title, inner);
                    continue;
                }
                Place::Item(to) if *to == index => {
                    blocks.push((PartKind::Thread, &Block::Rule));
                    PartKind::Text
                }
                Place::Into(to, kind) if *to == index => *kind,
                _ => continue,
            };
            blocks.extend(other.blocks.iter().map(|block| (kind, block)));
        }
        // Above the posts of a section stands what is said of them.
        if !has_posts {
            any |= writer.posts(title, section.heading.trim(), &blocks, output);
        }
    }
    any
}

/// For each section the one that it is in.
fn parents(sections: &[Section]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut parents = Vec::with_capacity(sections.len());
    for (index, section) in sections.iter().enumerate() {
        open.retain(|&above| {
            sections.get(above).is_some_and(|above| above.level > 0 && above.level < section.level)
        });
        parents.push(open.last().copied());
        open.push(index);
    }
    parents
}

/// Whether a heading can only be that of a post, or that of several which are told apart below it.
fn is_pack(sections: &[Section], titles: &[Title]) -> bool {
    sections.iter().zip(titles).enumerate().any(|(index, (section, title))| match title {
        Title::Post(title) if title.sure && !title.many => true,
        Title::Post(title) if title.many => {
            let below =
                sections.iter().zip(titles).skip(index + 1).take_while(|(other, _)| other.level > section.level);
            let apart = |block: &Block| matches!(block, Block::Fence(..) | Block::List(_, _, true));
            let ruled = section
                .blocks
                .iter()
                .skip_while(|block| **block != Block::Rule)
                .any(|block| *block != Block::Rule);
            ruled
                || section.blocks.iter().any(apart)
                || below.into_iter().any(|(_, title)| matches!(title, Title::Post(_) | Title::Network(_)))
        }
        _ => false,
    })
}

/// What each section is to the posts.
fn places(sections: &[Section], titles: &[Title], parents: &[Option<usize>], is_pack: bool) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::with_capacity(sections.len());
    for (section, (title, parent)) in sections.iter().zip(titles.iter().zip(parents)) {
        let direct = match parent.and_then(|parent| Some((parent, places.get(parent)?))) {
            Some((parent, Place::Post(title))) => Some((parent, title.thread)),
            Some((_, Place::Item(to) | Place::Into(to, _))) => Some((*to, false)),
            _ => None,
        };
        let inherited = || above(*parent, parents).find_map(|above| named(titles.get(above)?)).unwrap_or_default();
        let is_number = |next: char| next.is_ascii_digit() || matches!(next, '/' | '.' | '#' | ' ');
        let numbered = !section.heading.is_empty() && section.heading.chars().all(is_number);
        let place = match (title, direct) {
            (Title::Post(_) | Title::Text, Some((to, true))) => Place::Item(to),
            (Title::Other, Some((to, true))) if numbered => Place::Item(to),
            (Title::Post(title), _) if is_pack => {
                let platforms = if title.platforms.is_empty() { inherited() } else { title.platforms.clone() };
                Place::Post(PostTitle { platforms, ..title.clone() })
            }
            (Title::Network(platforms), _) if is_pack => {
                Place::Post(PostTitle { platforms: platforms.clone(), ..PostTitle::default() })
            }
            (Title::Text, Some((to, _))) => Place::Into(to, PartKind::Text),
            (Title::Text, None) if !is_pack => Place::Post(PostTitle::default()),
            (Title::Part(kind), Some((to, _))) => Place::Into(to, *kind),
            (Title::Other, Some((to, _))) if !is_pack => Place::Into(to, PartKind::Text),
            _ => Place::Nowhere,
        };
        places.push(place);
    }
    places
}

/// The section `first` and those that it is in, innermost first.
fn above(first: Option<usize>, parents: &[Option<usize>]) -> impl Iterator<Item = usize> {
    std::iter::successors(first, |index| parents.get(*index).copied().flatten())
}

/// Whether two posts are for different networks, so that neither is said of the other, however deep they stand.
fn are_apart(one: &PostTitle, other: &PostTitle) -> bool {
    let [one, other] = [one, other].map(|title| &title.platforms);
    !one.is_empty() && !other.is_empty() && one.iter().all(|platform| !other.contains(platform))
}

/// The networks that a heading names.
fn named(title: &Title) -> Option<Vec<Platform>> {
    match title {
        Title::Post(PostTitle { platforms, .. }) | Title::Network(platforms) if !platforms.is_empty() => {
            Some(platforms.clone())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
