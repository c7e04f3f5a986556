//! Markdown: CommonMark with tables, strikethrough, task lists, footnotes and math, and what static site
//! generators add to it.
//!
//! Only prose is read: what a reader sees as words of the draft. Templates are found first ([`template`], [`jsx`])
//! and blanked out in a copy of equal length ([`hole`]), which is then parsed ([`prose`]); so the parser never sees
//! them and every offset stays. Invariant: the body is one part, possibly empty, and always the last.

mod block;
mod hole;
mod jsx;
mod link;
mod prose;
mod template;

use std::sync::Arc;

use super::front_matter::FrontMatter;
use super::{Output, Post};
use crate::text::{Source, Span};

/// Which of the two languages a body is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Markdown, with Hugo shortcodes, Liquid and Obsidian comments.
    Markdown,
    /// Markdown with JSX.
    Mdx,
}

/// Reads `source`: the shared fields of its front matter, and its body.
pub(super) fn read(source: &Arc<Source>, dialect: Dialect, output: &mut Output<'_>) {
    let mut post = Post::new(source);
    let whole = Span::of(0..source.text().len());
    let front_matter = FrontMatter::of(source, whole, output.diagnostics());
    if let Some(front_matter) = &front_matter {
        front_matter.share(source, &mut post, output.diagnostics());
        front_matter.state(source, &mut post, output.diagnostics());
    }
    let start = front_matter.map_or(0, |front_matter| front_matter.body);
    let body = source.text().get(start as usize..).unwrap_or_default();
    post.parts.push(prose::read(body, start, dialect));
    output.post(post);
}

#[cfg(test)]
mod tests;
