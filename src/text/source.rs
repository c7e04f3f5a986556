//! A file, standard input or a record of a stream: its text and where its bytes stand.
//!
//! Does not read files and does not know formats. Invariant: spans count bytes of [`Source::text`]; only
//! [`Source::raw`] turns them into offsets of the raw file.

use std::fmt;
use std::sync::OnceLock;

use super::{LineColumn, LineIndex, Span};

/// How the bytes of a source spell its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// The Western European code page of Windows.
    Windows1252,
}

/// Why bytes are not text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// Invalid UTF-8; the offset of the first bad byte in the file.
    Utf8 {
        /// Bytes from the start of the file.
        offset: u64,
    },
    /// A NUL byte: not a text file; its offset in the file.
    Binary {
        /// Bytes from the start of the file.
        offset: u64,
    },
    /// More bytes than offsets can count (4 GiB).
    TooLong,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utf8 { offset } => write!(f, "invalid UTF-8 at byte {offset}"),
            Self::Binary { offset } => write!(f, "not a text file (NUL at byte {offset})"),
            Self::TooLong => f.write_str("longer than 4 GiB"),
        }
    }
}

/// A text with a name, and where its bytes stand in the file it came from.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    encoding: Encoding,
    /// Length of the byte order mark, in bytes.
    mark: u32,
    /// Bytes and lines before this record, where the source is a record of a stream.
    base: (u64, u32),
    lines: OnceLock<LineIndex>,
}

impl Source {
    /// Decodes the bytes of a file called `name` (a path as the user wrote it, or `<stdin>`).
    ///
    /// # Errors
    /// When the bytes are not UTF-8, hold a NUL, or are too many to count.
    pub fn decode(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, DecodeError> {
        Self::decode_record(name, bytes, 0, 0)
    }

    /// Decodes one record of a stream, which `bytes_before` and `lines_before` precede.
    ///
    /// # Errors
    /// As [`Source::decode`]; offsets count from the start of the stream.
    pub fn decode_record(
        name: impl Into<String>,
        mut bytes: Vec<u8>,
        bytes_before: u64,
        lines_before: u32,
    ) -> Result<Self, DecodeError> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(DecodeError::TooLong);
        }
        if let Some(at) = bytes.iter().position(|&byte| byte == 0) {
            return Err(DecodeError::Binary { offset: bytes_before + at as u64 });
        }
        let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        bytes.drain(..mark);
        let text = String::from_utf8(bytes).map_err(|error| DecodeError::Utf8 {
            offset: bytes_before + (mark + error.utf8_error().valid_up_to()) as u64,
        })?;
        Ok(Self {
            name: name.into(),
            text,
            encoding: Encoding::Utf8,
            mark: u32::try_from(mark).unwrap_or(0),
            base: (bytes_before, lines_before),
            lines: OnceLock::new(),
        })
    }

    /// A source of text that is already decoded.
    #[must_use]
    pub fn from_text(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            encoding: Encoding::Utf8,
            mark: 0,
            base: (0, 0),
            lines: OnceLock::new(),
        }
    }

    /// The path as the user wrote it, `<stdin>`, or the name of a shipped file. Untrusted: escape before showing.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decoded text, without a byte order mark. Spans count its bytes.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How the file spelled it.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The text of a span; a span off a character border or past the end gives what of it is whole characters.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        let floor = |at: u32| {
            let mut at = (at as usize).min(self.text.len());
            while !self.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        &self.text[floor(span.start())..floor(span.end())]
    }

    /// The offset in the raw file of a byte of the text.
    #[must_use]
    pub fn raw(&self, offset: u32) -> u64 {
        self.base.0 + u64::from(self.mark) + u64::from(offset)
    }

    /// The lines of the text, found on first use. Counted within this source, so a record starts at line 0;
    /// [`Source::line_column`] counts from the start of the stream.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// 1-based line in the file and 1-based column in code points.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let place = self.lines().line_column(offset, &self.text);
        LineColumn { line: place.line + self.base.1, column: place.column }
    }

    /// Lines of the file before this source's text: 0 unless it is a record of a stream.
    #[must_use]
    pub fn lines_before(&self) -> u32 {
        self.base.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_text_but_counts_in_raw_offsets() {
        let source = Source::decode("a", b"\xEF\xBB\xBFhi".to_vec()).unwrap();
        assert_eq!((source.text(), source.raw(1)), ("hi", 4));
    }

    #[test]
    fn bad_bytes_are_named_with_their_offset() {
        #[track_caller]
        fn check(bytes: &[u8], expected: DecodeError) {
            assert_eq!(Source::decode("a", bytes.to_vec()).unwrap_err(), expected);
        }
        check(b"ab\xFFc", DecodeError::Utf8 { offset: 2 });
        check(b"\xEF\xBB\xBFab\xFFc", DecodeError::Utf8 { offset: 5 });
        check(b"ab\0", DecodeError::Binary { offset: 2 });
    }

    #[test]
    fn a_record_counts_from_the_start_of_its_stream() {
        let source = Source::decode_record("s", b"hi".to_vec(), 100, 7).unwrap();
        assert_eq!(source.raw(1), 101);
        assert_eq!(source.line_column(1), LineColumn { line: 8, column: 2 });
    }
}
