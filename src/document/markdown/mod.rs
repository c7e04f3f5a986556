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

use super::{Output, Post, front_matter};
use crate::text::Source;

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
    let start = front_matter::read(source, &mut post, output.diagnostics());
    let body = source.text().get(start as usize..).unwrap_or_default();
    post.parts.push(prose::read(body, start, dialect));
    output.post(post);
}

#[cfg(test)]
mod tests;
