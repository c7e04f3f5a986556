//! Plain text: the whole source is one post of one part.
//!
//! Does not trim or interpret anything. Invariant: the map is one linear run over the whole source.

use std::sync::Arc;

use super::{Output, Post};
use crate::text::Source;

/// Reads `source` as it stands; a blank source gives a blank part.
pub(super) fn read(source: &Arc<Source>, output: &mut Output<'_>) {
    output.post(Post::of_text(source));
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
    fn an_empty_draft_is_an_empty_part() {
        for text in ["", " \n"] {
            let extracted = extract(&Arc::new(Source::from_text("a.txt", text)), &Format::Text.into());
            assert_eq!((extracted.posts.len(), extracted.diagnostics.len()), (1, 0));
            assert_eq!(extracted.posts[0].parts[0].text, text);
        }
    }
}
