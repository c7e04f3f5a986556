//! Markdown: CommonMark with tables, strikethrough, task lists, footnotes and math, and what static site
//! generators add to it.
//!
//! Only prose is read: what a reader sees as words of the draft. Templates are found first ([`template`], [`jsx`])
//! and blanked out in a copy of equal length ([`hole`]), which is then parsed ([`prose`]; [`pack`] where it holds many posts); so the parser never sees
//! them and every offset stays. Invariant: the body is one part, possibly empty, and
//! the last one; where the front matter holds posts, those are read in its place.

mod block;
mod hole;
mod jsx;
mod link;
mod pack;
mod prose;
mod quiet;
mod template;

use std::sync::Arc;

use super::front_matter::FrontMatter;
use super::{Output, Post, text};
use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span};

/// Which of the two languages a body is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Markdown, with Hugo shortcodes, Liquid and Obsidian comments.
    Markdown,
    /// Markdown with JSX.
    Mdx,
}

/// Reads `source`: the posts in its front matter, or else its body and what of the front matter is shared with it.
pub(super) fn read(source: &Arc<Source>, dialect: Dialect, output: &mut Output<'_>) {
    if let Some(diagnostic) = text::too_long(source).or_else(|| too_marked(source)) {
        return output.unrecognised(diagnostic);
    }
    let mut page = Post::new(source);
    let whole = Span::of(0..source.text().len());
    let front_matter = FrontMatter::of(source, whole, output.diagnostics());
    if let Some(front_matter) = &front_matter {
        front_matter.state(source, &mut page, output.diagnostics());
        let posts = front_matter.social_posts(source, &page);
        if !posts.is_empty() {
            return posts.into_iter().for_each(|post| output.post(post));
        }
    }
    let start = front_matter.as_ref().map_or(0, |front_matter| front_matter.body);
    let body = source.text().get(start as usize..).unwrap_or_default();
    page.directives.extend(quiet::directives(body, start, dialect));
    let body = if dialect == Dialect::Markdown && pack::may_be(body) {
        let (prose, blocks) = prose::read_beside(body, start);
        if pack::read(source, (body, blocks), start, &page, output) {
            return;
        }
        prose
    } else {
        prose::read(body, start, dialect)
    };
    if let Some(front_matter) = &front_matter {
        if body.text.trim().is_empty()
            && let Some(post) = front_matter.text_post(source, &page)
        {
            return output.post(post);
        }
        front_matter.share(source, &mut page, output.diagnostics());
    }
    page.parts.push(body);
    output.post(page);
}

/// What a mark costs while Markdown is read, in bytes: the parser makes some pieces of it, and so do we.
const COST: usize = 128;

/// What reading Markdown may cost beside ten times its length, in bytes.
const ALLOWED: usize = 40 << 20;

/// That a text is made of little else than marks, which no page of prose is: a million of them take a parser more memory
/// than anybody would expect. Below 160 kB nothing is refused.
fn too_marked(source: &Source) -> Option<Diagnostic> {
    let text = source.text();
    let is_mark = |byte: &&u8| {
        matches!(byte, b'\n' | b'!' | b'#' | b'&' | b'*' | b'+' | b'-' | b'<' | b'>' | b'[' | b'\\' | b']')
            || matches!(byte, b'_' | b'`' | b'|' | b'~')
    };
    // A line and an entity are more than one piece.
    let counts_twice = |byte: &&u8| matches!(byte, b'\n' | b'&');
    let bytes = || text.as_bytes().iter();
    let marks = bytes().filter(is_mark).count() + bytes().filter(counts_twice).count();
    (marks.saturating_mul(COST) > text.len().saturating_mul(10).saturating_add(ALLOWED)).then(|| {
        Diagnostic::error("input/markdown", format!("{marks} marks in {} bytes are no page of prose", text.len()))
            .about(source.name())
            .help("`--input-format text` reads it as it stands")
    })
}

#[cfg(test)]
mod tests;
