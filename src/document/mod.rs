//! Floor 1: from a source to the posts in it.
//!
//! One file a format. Knows no rules. Invariant: a part's map turns any span of its text into the source bytes
//! that spell it, and nothing after [`extract`] can tell which format a post came from.

mod post;

use std::sync::Arc;

pub use post::{
    AccountKind, Directive, DirectiveScope, IdentityKeys, Intent, Link, Locator, Part, PartKind, Post, PostKind,
};

use crate::diagnostic::Diagnostic;
use crate::text::Source;

/// How a source is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text, the whole file one post.
    Text,
    /// CommonMark with front matter; the body and the shared fields of the front matter are one post.
    Markdown,
    /// One JSON object a line, each a post.
    Jsonl,
}

impl Format {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Text, Self::Markdown, Self::Jsonl];

    /// The name used by `--input-format`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Jsonl => "jsonl",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// The posts of a source, and what was wrong with it; nothing that could be read is left out for an error beside it.
#[derive(Debug, Default)]
pub struct Extracted {
    /// The posts, in file order.
    pub posts: Vec<Post>,
    /// Mistakes in the source, each at its place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads the posts of `source` by `format`.
#[must_use]
pub fn extract(source: &Arc<Source>, format: Format) -> Extracted {
    let _ = format;
    let mut text = crate::text::MappedText::new();
    text.push_linear(source.text(), 0);
    let mut post = Post::new(source);
    let (text, map) = text.finish();
    post.parts.push(Part::new(PartKind::Text, text, map));
    Extracted { posts: vec![post], diagnostics: Vec::new() }
}
