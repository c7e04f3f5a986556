//! Directives in the comments of a Markdown body: HTML comments, `%%` comments of vault notes, JSX comments in MDX.
//!
//! Does not judge. Invariant: nothing that stands in code is a directive.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::{Dialect, hole, prose, template};
use crate::document::escape::offset;
use crate::document::{Directive, directive};
use crate::text::Span;

/// The directives of `body`, which stands at the source offset `base`, in order.
pub(super) fn directives(body: &str, base: u32, dialect: Dialect) -> Vec<Directive> {
    let mut found = Vec::new();
    if !body.contains(directive::MARK) {
        return found;
    }
    let mut add = |range: Range<usize>, open, close| {
        let comment = body.get(range.clone()).unwrap_or_default();
        let span = Span::new(offset(base, range.start), offset(base, range.end));
        found.extend(directive::of_comment(comment, span, open, close));
    };
    let holes = template::find(body, dialect);
    for hole in &holes {
        let inside = body.get(hole.range.clone()).unwrap_or_default();
        // What stands before a comment in its line goes with it.
        let start = hole.range.end - inside.trim_start().len();
        match dialect {
            Dialect::Markdown => add(start..hole.range.end, "%%", "%%"),
            Dialect::Mdx => add(start..hole.range.end, "{/*", "*/}"),
        }
    }
    if dialect == Dialect::Markdown {
        let text = hole::fill(body, &holes);
        for (event, range) in Parser::new_ext(&text, prose::options()).into_offset_iter() {
            if matches!(event, Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock)) {
                comments(&text, range).for_each(|range| add(range, "<!--", "-->"));
            }
        }
    }
    found.sort_by_key(|directive| directive.span);
    found
}

/// Where HTML comments stand in a stretch of HTML.
fn comments(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let html = text.get(range.clone()).unwrap_or_default();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + html.get(at..)?.find("<!--")?;
        at = start + html.get(start..)?.find("-->")? + "-->".len();
        Some(range.start + start..range.start + at)
    })
}
