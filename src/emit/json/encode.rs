//! JSON that may be looked at in a terminal and printed into a log.
//!
//! Knows no shape. Invariant: what is escaped stands within strings, so that the value stays what it was.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use crate::emit::ahead::USUAL_LEN;
use crate::emit::clean::{is_command, unprintable};

/// Any shape, with escapes for what would disturb a terminal.
pub(crate) fn encode(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(USUAL_LEN);
    write_compact(value, &mut bytes)?;
    if is_plain(&bytes) {
        return Ok(bytes);
    }
    let mut printable = Vec::with_capacity(bytes.len() + 16);
    write_printable(&bytes, &mut printable)?;
    Ok(printable)
}

/// Any shape, added to what is written.
pub(super) fn write_compact(value: &impl Serialize, out: &mut Vec<u8>) -> io::Result<()> {
    Ok(serde_json::to_writer(ByBytes(out), value)?)
}

/// Most of what serde_json writes at a time is one byte, a quote, colon or comma, and adding that is not worth a call.
struct ByBytes<'a>(&'a mut Vec<u8>);

impl Write for ByBytes<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match bytes {
            [byte] => self.0.push(*byte),
            _ => self.0.extend_from_slice(bytes),
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether JSON has nothing in it that may have to be escaped. Without an early end this is told for many bytes at once.
pub(super) fn is_plain(json: &[u8]) -> bool {
    json.iter().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~' if *byte != b'#'))
}

/// Writes compact JSON with [`unprintable`] characters and what CI runners obey (`##[`) escaped, so that it may be looked at in a
/// terminal and printed into a log. Such stand only within strings.
pub(super) fn write_printable(json: &[u8], out: &mut dyn Write) -> io::Result<()> {
    if is_plain(json) {
        return out.write_all(json);
    }
    let (mut rest, mut from) = (std::str::from_utf8(json).map_err(io::Error::other)?, 0);
    let may_be_odd = |byte: &u8| !matches!(byte, b' '..=b'~' if *byte != b'#');
    while let Some(at) = rest.as_bytes()[from..].iter().position(may_be_odd) {
        from += at;
        let Some(next) = rest.get(from..).and_then(|tail| tail.chars().next()) else { break };
        let behind = from + next.len_utf8();
        if !unprintable(next) && !is_command(&rest[from..]) {
            from = behind;
            continue;
        }
        out.write_all(&rest.as_bytes()[..from])?;
        write!(out, "\\u{:04x}", u32::from(next))?;
        (rest, from) = (&rest[behind..], 0);
    }
    out.write_all(rest.as_bytes())
}

/// The same over several lines.
pub(crate) fn encode_pretty(value: &impl Serialize) -> String {
    // These shapes have no map with keys that are not strings, the only thing that can fail.
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut out = String::with_capacity(text.len() + 1);
    // Between strings stands nothing that is escaped but the ends of lines.
    for (at, c) in text.char_indices() {
        if c != '\n' && unprintable(c) || c == '#' && text.get(at..).is_some_and(is_command) {
            // Writing to a string does not fail.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}
