//! `.toot` files as toot-together reads them: the text, and perhaps a poll.
//!
//! There is no front matter, and no thread. Invariant: the file is one post.

use std::sync::Arc;

use super::tweet::{finished, part, poll, too_long};
use super::{Output, PartKind, Post};
use crate::text::{Platform, Source, Span};

/// Reads `source`: one post, with a part for each answer of its poll.
pub(super) fn read(source: &Arc<Source>, output: &mut Output<'_>) {
    if let Some(diagnostic) = too_long(source, output.options.limits) {
        return output.unrecognised(diagnostic);
    }
    let mut post = Post::new(source);
    let (text, answers) = poll(source, Span::of(0..source.text().len()), '[');
    post.parts.extend(part(source, text, PartKind::Text));
    post.parts.extend(answers);
    output.post(finished(post, Platform::Mastodon, false));
}
