//! Directives in the comments of YAML.
//!
//! Does not judge. Invariant: nothing that a scalar holds is a comment.

use granit_parser::{Event, Parser};

use crate::document::escape::offset;
use crate::document::{Directive, directive};
use crate::text::Span;

/// The directives in `text`, which stands at the source offset `base`, up to its first mistake.
pub(in crate::document) fn directives(text: &str, base: u32) -> Vec<Directive> {
    if !text.contains(directive::MARK) {
        return Vec::new();
    }
    let options = granit_parser::options! { emit_comments: true };
    let events = Parser::new_from_str_with_options(text, options).map_while(Result::ok);
    let comments = events.filter(|(event, _)| matches!(event, Event::Comment(..)));
    comments.filter_map(|(_, span)| of_comment(text, base, span.byte_range()?)).collect()
}

fn of_comment(text: &str, base: u32, range: std::ops::Range<usize>) -> Option<Directive> {
    // The mark may stand before the range; the end of the line never belongs to it.
    let start = range.start - usize::from(!text.get(range.clone())?.starts_with('#')).min(range.start);
    let comment = text.get(start..range.end)?.trim_end();
    let at = offset(base, start);
    directive::of_comment(comment, Span::new(at, offset(at, comment.len())), "#", "")
}
