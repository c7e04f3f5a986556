//! A file, standard input or a record of a stream: its text and where its bytes stand.
//!
//! Does not read files and does not know formats. Invariant: spans count bytes of [`Source::text`]; only
//! [`Source::raw`] turns them into offsets of the raw file.

use std::fmt;
use std::sync::{Arc, OnceLock};

use memchr::memchr;

use super::encoding::{Counted, utf16, windows1252};
pub use super::encoding::{DecodeError, Encoding};
use super::{LineColumn, LineIndex, Span};

/// A text with a name, and where its bytes stand in the file it came from.
#[derive(Debug)]
pub struct Source {
    name: Arc<str>,
    text: String,
    encoding: Encoding,
    /// Length of the byte order mark, in bytes.
    mark: u32,
    /// Length of the file or record, the byte order mark included.
    raw_len: u64,
    counted: OnceLock<Counted>,
    /// Bytes and lines before this record, where the source is a record of a stream.
    base: (u64, u32),
    lines: OnceLock<LineIndex>,
}

/// Bytes that are not text: why, and where.
#[derive(Debug)]
pub struct NotText {
    /// Why.
    pub error: DecodeError,
    /// What can be shown of them, and where in it the first bad byte stands; none of what is too long.
    pub place: Option<(Arc<Source>, u32)>,
}

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl NotText {
    /// Tells that a byte is bad, and shows all that stands before it, and the rest of its line unless it is none of a text.
    fn at(at: usize, error: DecodeError, name: Arc<str>, bytes: &[u8], base: (u64, u32)) -> Self {
        let (before, rest) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
        let shown = match error {
            DecodeError::Binary { .. } => 1,
            _ => memchr(b'\n', rest).unwrap_or(rest.len()),
        };
        let seen = bytes.get(..at + shown).unwrap_or(bytes);
        let (source, at) = if std::str::from_utf8(before).is_ok() {
            let source = Source::shown(name, seen, base.0, base.1);
            let at = at.saturating_sub(source.mark as usize);
            (source, at)
        } else {
            let made = Source::made(name, windows1252(seen), Encoding::Windows1252, (0, seen.len()));
            (Source { base, ..made }, windows1252(before).len())
        };
        let at = u32::try_from(at).ok().filter(|_| u32::try_from(source.text.len()).is_ok());
        Self { error, place: at.map(|at| (Arc::new(source), at)) }
    }
}

impl Source {
    /// Decodes the bytes of a file called `name` (a path as the user wrote it, or `<stdin>`): UTF-8, or UTF-16 where a
    /// byte order mark says so. Half surrogate pairs are U+FFFD.
    ///
    /// # Errors
    /// When the bytes are not UTF-8, hold a NUL, or are too many to count.
    pub fn decode(name: impl Into<Arc<str>>, bytes: Vec<u8>) -> Result<Self, Box<NotText>> {
        Self::decode_record(name, bytes, 0, 0)
    }

    /// As [`Source::decode`], but what is not UTF-8 is read as Windows-1252, in which spreadsheets still save tables.
    /// [`Source::encoding`] tells.
    ///
    /// # Errors
    /// When the bytes hold a NUL or are too many to count.
    pub fn decode_table(name: impl Into<Arc<str>>, bytes: Vec<u8>) -> Result<Self, Box<NotText>> {
        let marked = Encoding::of_mark(&bytes) != (Encoding::Utf8, 0);
        if marked || memchr(0, &bytes).is_some() || std::str::from_utf8(&bytes).is_ok() {
            return Self::decode(name, bytes);
        }
        Self::checked(name.into(), windows1252(&bytes), Encoding::Windows1252, (0, bytes.len()))
    }

    /// Decodes one record of a stream, which `bytes_before` and `lines_before` precede. Only what begins the stream may be
    /// UTF-16.
    ///
    /// # Errors
    /// As [`Source::decode`]; offsets count from the start of the stream.
    pub fn decode_record(
        name: impl Into<Arc<str>>,
        mut bytes: Vec<u8>,
        bytes_before: u64,
        lines_before: u32,
    ) -> Result<Self, Box<NotText>> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(Box::new(NotText { error: DecodeError::TooLong, place: None }));
        }
        let (name, base) = (name.into(), (bytes_before, lines_before));
        let (encoding, mark) = Encoding::of_mark(&bytes);
        let lengths = (mark, bytes.len());
        if encoding != Encoding::Utf8 && bytes_before == 0 {
            let text = utf16(bytes.get(mark..).unwrap_or_default(), encoding);
            return Self::checked(name, text, encoding, lengths);
        }
        let mark = if encoding == Encoding::Utf8 { mark } else { 0 };
        if let Some(at) = memchr(0, &bytes) {
            let error = DecodeError::Binary { offset: bytes_before + at as u64 };
            return Err(Box::new(NotText::at(at, error, name, &bytes, base)));
        }
        bytes.drain(..mark);
        let text = String::from_utf8(bytes).map_err(|wrong| {
            let at = mark + wrong.utf8_error().valid_up_to();
            let bytes = [b"\xEF\xBB\xBF".get(..mark).unwrap_or_default(), wrong.as_bytes()].concat();
            NotText::at(at, DecodeError::Utf8 { offset: bytes_before + at as u64 }, name.clone(), &bytes, base)
        })?;
        Ok(Self { base, ..Self::made(name, text, Encoding::Utf8, (mark, lengths.1)) })
    }

    /// What can be shown of `bytes` that need not be text: what is none is U+FFFD. Offsets behind the first of those are off.
    #[must_use]
    pub fn shown(name: impl Into<Arc<str>>, bytes: &[u8], bytes_before: u64, lines_before: u32) -> Self {
        let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let text = String::from_utf8_lossy(bytes.get(mark..).unwrap_or_default()).into_owned();
        let made = Self::made(name.into(), text, Encoding::Utf8, (mark, bytes.len()));
        Self { base: (bytes_before, lines_before), ..made }
    }

    /// A source of text that is already decoded.
    #[must_use]
    pub fn from_text(name: impl Into<Arc<str>>, text: impl Into<String>) -> Self {
        let text = text.into();
        let lengths = (0, text.len());
        Self::made(name.into(), text, Encoding::Utf8, lengths)
    }

    /// A source whose text was decoded, if it is text and not too long for offsets.
    fn checked(
        name: Arc<str>,
        text: String,
        encoding: Encoding,
        lengths: (usize, usize),
    ) -> Result<Self, Box<NotText>> {
        if u32::try_from(text.len()).is_err() {
            return Err(Box::new(NotText { error: DecodeError::TooLong, place: None }));
        }
        let nul = text.find('\0').map(|at| u32::try_from(at).unwrap_or(u32::MAX));
        let source = Self::made(name, text, encoding, lengths);
        match nul {
            Some(at) => {
                let error = DecodeError::Binary { offset: source.raw(at) };
                Err(Box::new(NotText { error, place: Some((Arc::new(source), at)) }))
            }
            None => Ok(source),
        }
    }

    fn made(name: Arc<str>, text: String, encoding: Encoding, (mark, raw_len): (usize, usize)) -> Self {
        Self {
            name,
            text,
            encoding,
            mark: u32::try_from(mark).unwrap_or(0),
            raw_len: raw_len as u64,
            counted: OnceLock::new(),
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

    /// The character at an offset; empty at the end of the text, and where none begins.
    #[must_use]
    pub fn head(&self, at: u32) -> Span {
        let first = self.text.get(at as usize..).and_then(|rest| rest.chars().next());
        let length = first.map_or(0, |first| u32::try_from(first.len_utf8()).unwrap_or(0));
        Span::new(at, at.saturating_add(length))
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

    /// The offset in the raw file of a byte of the text; where the file is not UTF-8, of the character that holds it.
    #[must_use]
    pub fn raw(&self, offset: u32) -> u64 {
        let before = match self.encoding {
            Encoding::Utf8 => u64::from(offset),
            encoding => {
                let counted = self.counted.get_or_init(|| Counted::new(&self.text, encoding));
                counted.raw(&self.text, encoding, offset)
            }
        };
        let raw = u64::from(self.mark) + before;
        // Half a unit at the end of UTF-16 is a character of one byte.
        self.base.0 + if self.encoding == Encoding::Utf8 { raw } else { raw.min(self.raw_len) }
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
            let found = Source::decode("a", bytes.to_vec()).unwrap_err();
            let (DecodeError::Utf8 { offset } | DecodeError::Binary { offset }) = expected else { unreachable!() };
            let (source, at) = found.place.unwrap();
            assert_eq!((found.error, source.raw(at)), (expected, offset), "{}", source.text());
        }
        check(b"ab\xFFc", DecodeError::Utf8 { offset: 2 });
        check(b"\xEF\xBB\xBFab\xFFc", DecodeError::Utf8 { offset: 5 });
        check(b"ab\0", DecodeError::Binary { offset: 2 });
        check(b"\xC3\xA9\n\xFFc\nd", DecodeError::Utf8 { offset: 3 });
        check(b"\x89PNG\r\n\x1A\n\0\0", DecodeError::Binary { offset: 8 });
        check(b"\xFF\xFEa\0\0\0", DecodeError::Binary { offset: 4 });
    }

    /// `text` in UTF-16 with a byte order mark.
    fn utf16_of(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(unit).collect()
    }

    #[test]
    fn utf16_is_read_either_way_round_and_places_count_its_bytes() {
        let text = "a\u{1F600}é\u{FEFF}z".repeat(3000);
        for (unit, encoding) in
            [(u16::to_le_bytes as fn(u16) -> [u8; 2], Encoding::Utf16Le), (u16::to_be_bytes, Encoding::Utf16Be)]
        {
            let bytes = utf16_of(&text, unit);
            let length = bytes.len() as u64;
            let source = Source::decode("a", bytes).unwrap();
            assert_eq!((source.text(), source.encoding()), (&*text, encoding));
            assert_eq!([0, 1, 3, 5, 7].map(|at| source.raw(at)), [2, 4, 4, 8, 10]);
            let end = u32::try_from(text.len()).unwrap();
            assert_eq!([end - 1, end, end + 9].map(|at| source.raw(at)), [length - 2, length, length]);
        }
    }

    #[test]
    fn broken_utf16_is_read_with_replacement_characters() {
        let source = Source::decode("a", b"\xFF\xFEa\0\x3D\xD8b\0c".to_vec()).unwrap();
        assert_eq!(source.text(), "a\u{FFFD}b\u{FFFD}");
        assert_eq!([1, 4, 5, 8].map(|at| source.raw(at)), [4, 6, 8, 9]);
        let nul = Source::decode("a", b"\xFE\xFF\0a\0\0".to_vec());
        assert_eq!(nul.unwrap_err().error, DecodeError::Binary { offset: 4 });
    }

    #[test]
    fn tables_that_are_not_utf8_are_windows_1252() {
        let source = Source::decode_table("a", b"caf\xE9 \x93ok\x94 \x80\x81 z".to_vec()).unwrap();
        assert_eq!((source.text(), source.encoding()), ("café “ok” €\u{81} z", Encoding::Windows1252));
        let z = u32::try_from(source.text().len() - 1).unwrap();
        assert_eq!([3, 5, 6, z, z + 1].map(|at| source.raw(at)), [3, 4, 5, 13, 14]);
        for bytes in [&b"caf\xC3\xA9"[..], b"\xEF\xBB\xBFa", b"\xFF\xFEa\0"] {
            assert_ne!(Source::decode_table("a", bytes.to_vec()).unwrap().encoding(), Encoding::Windows1252);
        }
        assert!(Source::decode_table("a", b"\xE9\0".to_vec()).is_err());
    }

    #[test]
    fn a_record_counts_from_the_start_of_its_stream() {
        let source = Source::decode_record("s", b"hi".to_vec(), 100, 7).unwrap();
        assert_eq!(source.raw(1), 101);
        assert_eq!(source.line_column(1), LineColumn { line: 8, column: 2 });
        for bytes in [&b"h\xE9llo"[..], b"h\0"] {
            let (source, at) = Source::decode_record("s", bytes.to_vec(), 100, 7).unwrap_err().place.unwrap();
            assert_eq!((source.raw(at), source.line_column(at)), (101, LineColumn { line: 8, column: 2 }));
        }
        let marked = Source::decode_record("s", b"\xFF\xFEa\0".to_vec(), 100, 7).unwrap_err();
        assert_eq!(marked.error, DecodeError::Binary { offset: 103 });
    }
}
