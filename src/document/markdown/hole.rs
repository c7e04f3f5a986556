//! Holes: stretches of a Markdown body that are not Markdown, and the copy of the body without them.
//!
//! Does not look for them. Invariant: the copy has the length of the body and differs only inside of holes.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::Dialect;

/// What a reader of the finished page sees in place of a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    /// Something that is not prose.
    Object,
    /// Nothing: what stands on both sides belongs together.
    Nothing,
    /// A line break.
    Break,
}

/// A stretch of the body, in bytes from its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    pub(super) range: Range<usize>,
    pub(super) shows: Shows,
}

/// The body with every hole filled: with blank lines where it has its lines to itself, otherwise with letters, so
/// that it is a word to the parser and emphasis around it still works.
pub(super) fn fill(body: &str, holes: &[Hole]) -> String {
    let mut copy = String::with_capacity(body.len());
    for hole in holes {
        copy.push_str(body.get(copy.len()..hole.range.start).unwrap_or_default());
        let Some(inside) = body.get(hole.range.clone()) else { continue };
        if has_own_lines(body, &hole.range) {
            copy.extend(inside.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { byte as char } else { ' ' }));
        } else {
            copy.extend(std::iter::repeat_n('x', inside.len()));
        }
    }
    copy.push_str(body.get(copy.len()..).unwrap_or_default());
    copy
}

fn has_own_lines(body: &str, range: &Range<usize>) -> bool {
    let before = body.get(..range.start).unwrap_or_default();
    let after = body.get(range.end..).unwrap_or_default();
    let blank = |c: &char| matches!(c, ' ' | '\t' | '\r');
    before.chars().rev().find(|c| !blank(c)).is_none_or(|c| c == '\n')
        && after.chars().find(|c| !blank(c)).is_none_or(|c| c == '\n')
}

/// Where the body is code or a comment, in order, as far as that can be told before the holes are known.
pub(super) fn opaque(body: &str, dialect: Dialect) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut add = |range: Range<usize>| {
        if ranges.last().is_none_or(|last| range.start >= last.end) {
            ranges.push(range);
        }
    };
    // MDX has no HTML, whose blocks would hide the code in them.
    let without_html;
    let text = match dialect {
        Dialect::Markdown => body,
        Dialect::Mdx => {
            without_html = body.replace('<', "x");
            &without_html
        }
    };
    for (event, range) in Parser::new_ext(text, super::prose::options()).into_offset_iter() {
        match event {
            Event::Code(_) | Event::Start(Tag::CodeBlock(_)) => add(range),
            Event::InlineHtml(html) if html.starts_with("<!--") => add(range),
            Event::Start(Tag::HtmlBlock)
                if body.get(range.clone()).is_some_and(|html| html.trim_start().starts_with("<!--")) =>
            {
                add(range);
            }
            _ => {}
        }
    }
    ranges
}
