//! What the decoders of string notations share: stepping through raw text and recording runs.
//!
//! Knows no notation. Invariant: what [`checked`] returns decodes to the value that the format's own parser gave.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use crate::text::{MappedText, Span};

/// What stands at a place where something special may begin.
pub(super) enum Step {
    /// So many raw bytes that mean themselves.
    Linear(usize),
    /// So many raw bytes that spell this text; the text may be empty.
    Atomic(Cow<'static, str>, usize),
    /// So many raw bytes that spell this character.
    Char(char, usize),
}

/// Decodes `raw`, which stands at the source offset `start`, into `out`. Only at the `stops`, which are ASCII, is `step`
/// asked, with the rest of `raw`, what begins there; `None` means that the character stands for itself.
pub(super) fn decode(
    raw: &str,
    start: u32,
    out: &mut MappedText,
    stops: &[u8],
    mut step: impl FnMut(&str) -> Option<Step>,
) {
    let mut at = 0;
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = next_stop(rest.as_bytes(), stops).unwrap_or(rest.len());
        let (before, special) = rest.split_at(plain);
        out.push_linear(before, offset(start, at));
        at += plain;
        let Some(first) = special.chars().next() else { break };
        match step(special) {
            Some(Step::Atomic(text, len)) if len > 0 => {
                let len = whole(special, len);
                out.push_atomic(&text, Span::new(offset(start, at), offset(start, at + len)));
                at += len;
            }
            Some(Step::Char(character, len)) if len > 0 => {
                let len = whole(special, len);
                let span = Span::new(offset(start, at), offset(start, at + len));
                out.push_atomic(character.encode_utf8(&mut [0; 4]), span);
                at += len;
            }
            Some(Step::Linear(len)) if len > 0 => {
                let len = whole(special, len);
                out.push_linear(special.get(..len).unwrap_or_default(), offset(start, at));
                at += len;
            }
            _ => {
                let len = first.len_utf8();
                out.push_linear(special.get(..len).unwrap_or_default(), offset(start, at));
                at += len;
            }
        }
    }
}

fn next_stop(bytes: &[u8], stops: &[u8]) -> Option<usize> {
    match *stops {
        [] => None,
        [one] => memchr(one, bytes),
        [one, other] => memchr2(one, other, bytes),
        _ => bytes.iter().position(|byte| stops.contains(byte)),
    }
}

/// The decoded text if it is `expected`, which is what the format's parser reads there; otherwise `expected` as
/// one run onto the `whole` scalar, so that a gap in a decoder costs precision and never truth.
pub(super) fn checked(decoded: MappedText, expected: &str, whole: Span) -> MappedText {
    if decoded.text() == expected {
        return decoded;
    }
    let mut text = MappedText::new();
    text.push_atomic(expected, whole);
    text
}

/// `start` plus a number of bytes, as the 32 bits of a source offset.
pub(super) fn offset(start: u32, bytes: usize) -> u32 {
    start.saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX))
}

/// The value of `digits` hexadecimal digits at the start of `text`.
pub(super) fn hex(text: &str, digits: usize) -> Option<u32> {
    let text = text.get(..digits).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u32::from_str_radix(text, 16).ok()
}

/// `len` cut to the text and rounded up to a character border.
fn whole(text: &str, len: usize) -> usize {
    let mut len = len.min(text.len());
    while !text.is_char_boundary(len) {
        len += 1;
    }
    len
}
