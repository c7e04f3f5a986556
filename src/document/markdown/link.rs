//! Where the target of a link stands.
//!
//! Does not decode it: the parser has. Invariant: a found place lies inside of the link or of its definition.

use std::ops::Range;

/// The target of the inline link that ends at `link_end`, whose words end at or before `text_end`.
pub(super) fn inline_target(body: &str, text_end: usize, link_end: usize) -> Option<Range<usize>> {
    let tail = body.get(text_end..link_end)?;
    let open = text_end + tail.find("](")? + 2;
    destination(body, open, link_end.saturating_sub(1))
}

/// The target in the definition `[label]: target "title"` at `span`.
pub(super) fn defined_target(body: &str, span: Range<usize>) -> Option<Range<usize>> {
    let definition = body.get(span.clone())?;
    let mut escaped = false;
    let close = definition.bytes().position(|byte| {
        let found = byte == b']' && !escaped;
        escaped = byte == b'\\' && !escaped;
        found
    })?;
    definition.get(close + 1..)?.strip_prefix(':')?;
    destination(body, span.start + close + 2, span.end)
}

/// The destination after white space at `from` (CommonMark 0.31, "link destination").
fn destination(body: &str, from: usize, end: usize) -> Option<Range<usize>> {
    let rest = body.get(from..end)?;
    let start = from + rest.len() - rest.trim_start().len();
    let rest = body.get(start..end)?;
    let mut depth = 0_usize;
    let mut escaped = false;
    let pointy = rest.starts_with('<');
    let skip = usize::from(pointy);
    let len = rest.bytes().skip(skip).position(|byte| {
        let special = !escaped;
        escaped = byte == b'\\' && !escaped;
        match byte {
            b'>' => pointy && special,
            b'(' if !pointy && special => {
                depth += 1;
                false
            }
            b')' if !pointy && special => {
                let done = depth == 0;
                depth = depth.saturating_sub(1);
                done
            }
            byte => !pointy && byte.is_ascii_whitespace(),
        }
    });
    let start = start + skip;
    Some(start..len.map_or(end, |len| start + len))
}
