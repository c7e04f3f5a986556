//! What stands between the quotation marks of a JSON string.
//!
//! Does not find strings. Invariant: the text is what serde_json reads, except that a lone surrogate is U+FFFD where
//! serde_json refuses it.

use crate::document::escape::{Step, decode, hex};
use crate::text::MappedText;

/// The text of `inner`, which stands at the source offset `start`.
pub(in crate::document) fn mapped(inner: &str, start: u32) -> MappedText {
    let mut text = MappedText::with_capacity(inner.len());
    decode(inner, start, &mut text, b"\\", escape);
    text
}

/// The escape at the start of `rest` (RFC 8259, section 7).
fn escape(rest: &str) -> Option<Step> {
    let text = match rest.as_bytes().get(1)? {
        b'"' => "\"",
        b'\\' => "\\",
        b'/' => "/",
        b'b' => "\u{8}",
        b'f' => "\u{c}",
        b'n' => "\n",
        b'r' => "\r",
        b't' => "\t",
        b'u' => return unicode(rest),
        _ => return None,
    };
    Some(Step::Atomic(text.into(), 2))
}

fn unicode(rest: &str) -> Option<Step> {
    let first = hex(rest.get(2..)?, 4)?;
    if let Some(character) = char::from_u32(first) {
        return Some(Step::Char(character, 6));
    }
    let second = rest.get(6..).and_then(|rest| rest.strip_prefix("\\u")).and_then(|rest| hex(rest, 4));
    if let (0xD800..=0xDBFF, Some(second @ 0xDC00..=0xDFFF)) = (first, second) {
        let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return Some(Step::Char(char::from_u32(code)?, 12));
    }
    Some(Step::Char(char::REPLACEMENT_CHARACTER, 6))
}
