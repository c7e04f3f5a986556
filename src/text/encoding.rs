//! How bytes spell text: UTF-8, UTF-16 with a byte order mark, and the Western code page of Windows.
//!
//! Does not know files. Invariant: [`Counted::raw`] rises with the offset it is asked for, and gives the raw bytes
//! before the character that stands there.

use std::fmt;

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

impl Encoding {
    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
        }
    }

    /// The encoding that a byte order mark tells of, and how long the mark is; UTF-8 without one.
    pub(super) fn of_mark(bytes: &[u8]) -> (Self, usize) {
        if bytes.starts_with(b"\xEF\xBB\xBF") {
            (Self::Utf8, 3)
        } else if bytes.starts_with(b"\xFF\xFE") {
            (Self::Utf16Le, 2)
        } else if bytes.starts_with(b"\xFE\xFF") {
            (Self::Utf16Be, 2)
        } else {
            (Self::Utf8, 0)
        }
    }

    /// Raw bytes of a character. A lone half of a surrogate pair was decoded to U+FFFD, which takes one unit as well.
    fn width(self, character: char) -> u64 {
        match self {
            Self::Utf8 => character.len_utf8() as u64,
            Self::Utf16Le | Self::Utf16Be => 2 * character.len_utf16() as u64,
            Self::Windows1252 => 1,
        }
    }
}

/// Why bytes are not text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// Invalid UTF-8; the offset of the first bad byte in the file.
    Utf8 {
        /// Bytes from the start of the file.
        offset: u64,
    },
    /// A NUL: not a text file; its offset in the file.
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

/// UTF-16 without its byte order mark; what is no character is U+FFFD, half a unit at the end too.
pub(super) fn utf16(bytes: &[u8], encoding: Encoding) -> String {
    let unit = |pair: [u8; 2]| match encoding {
        Encoding::Utf16Be => u16::from_be_bytes(pair),
        _ => u16::from_le_bytes(pair),
    };
    let pairs = bytes.chunks_exact(2);
    let half = !pairs.remainder().is_empty();
    let units = pairs.filter_map(|pair| Some(unit([*pair.first()?, *pair.get(1)?])));
    let mut text = String::with_capacity(bytes.len());
    text.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
    if half {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

/// Windows-1252; the five bytes that it leaves open are the control characters of the same number, as browsers have it.
pub(super) fn windows1252(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    text.extend(bytes.iter().map(|&byte| match byte {
        0x80..=0x9F => HIGH_CONTROLS.get(usize::from(byte - 0x80)).copied().unwrap_or(char::from(byte)),
        _ => char::from(byte),
    }));
    text
}

/// What Windows-1252 has where Latin-1 has control characters (WHATWG Encoding, index windows-1252).
const HIGH_CONTROLS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// Bytes of text from one mark to the next, about.
const MARK_EVERY: usize = 4096;

/// Raw bytes before places in a text that is not spelled as UTF-8.
#[derive(Debug)]
pub(super) struct Counted {
    /// Offsets in the text, on character borders, each with the raw bytes before it.
    marks: Vec<(u32, u64)>,
}

impl Counted {
    pub(super) fn new(text: &str, encoding: Encoding) -> Self {
        let mut marks = vec![(0, 0)];
        let (mut next, mut raw) = (MARK_EVERY, 0);
        for (at, character) in text.char_indices() {
            if at >= next {
                marks.push((u32::try_from(at).unwrap_or(u32::MAX), raw));
                next = at + MARK_EVERY;
            }
            raw += encoding.width(character);
        }
        Self { marks }
    }

    /// Raw bytes before the character that holds the byte `offset` of `text`.
    pub(super) fn raw(&self, text: &str, encoding: Encoding, offset: u32) -> u64 {
        let mut end = (offset as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let after = self.marks.partition_point(|&(at, _)| at as usize <= end);
        let (at, before) = after.checked_sub(1).and_then(|mark| self.marks.get(mark)).copied().unwrap_or_default();
        let rest = text.get(at as usize..end).unwrap_or_default();
        before + rest.chars().map(|character| encoding.width(character)).sum::<u64>()
    }
}
