//! Plain text: the whole source is one post of one part.
//!
//! Does not trim or interpret anything. Invariant: the map is one linear run over the whole source.

use std::sync::Arc;

use super::{Output, Post};
use crate::diagnostic::Diagnostic;
use crate::text::Source;

/// Reads `source` as it stands; a blank source gives a blank part.
pub(super) fn read(source: &Arc<Source>, output: &mut Output<'_>) {
    match too_long(source) {
        Some(diagnostic) => output.unrecognised(diagnostic),
        None => output.post(Post::of_text(source)),
    }
}

/// A file longer than this, in bytes, is no draft of one post.
const LONGEST_DRAFT: usize = 16 << 20;

/// That a file which is one post is far longer than any.
pub(super) fn too_long(source: &Source) -> Option<Diagnostic> {
    let message = || format!("a text of more than {} MiB is no post", LONGEST_DRAFT >> 20);
    let diagnostic = || Diagnostic::error("input/post", message()).about(source.name());
    (source.text().len() > LONGEST_DRAFT).then(|| diagnostic().help("a file a post, or a format that holds many"))
}

#[cfg(test)]
mod tests {
    use crate::document::{Format, extract};
    use crate::text::{Source, Span, TextSpan};
    use std::sync::Arc;

    #[test]
    fn white_space_stays_and_offsets_are_equal() {
        let source = Arc::new(Source::from_text("a.txt", "  hé\r\n\tx \n"));
        let extracted = extract(&source, &Format::Text.into());
        let part = &extracted.posts[0].parts[0];
        assert_eq!(part.text, source.text());
        assert_eq!(part.map.to_source(TextSpan::new(2, 5)), Span::new(2, 5));
    }

    #[test]
    fn what_is_far_too_long_is_no_post() {
        let read = |len: usize, format: Format| {
            let source = Source::from_text("a", "a b ".repeat(len / 4));
            extract(&Arc::new(source), &format.into())
        };
        for format in [Format::Text, Format::Markdown, Format::Mdx] {
            assert_eq!(read(super::LONGEST_DRAFT + 4, format).posts.len(), 0);
        }
        let extracted = read(super::LONGEST_DRAFT, Format::Text);
        assert_eq!((extracted.posts.len(), extracted.unrecognised.is_none()), (1, true));
    }

    #[test]
    fn an_empty_draft_is_an_empty_part() {
        for text in ["", " \n"] {
            let extracted = extract(&Arc::new(Source::from_text("a.txt", text)), &Format::Text.into());
            assert_eq!((extracted.posts.len(), extracted.diagnostics.len()), (1, 0));
            assert_eq!(extracted.posts[0].parts[0].text, text);
        }
    }
}
