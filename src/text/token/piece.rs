//! Pieces of text between white space, and which of them are plain enough for the shortcut.
//!
//! Does not make tokens. Invariant: a piece holds no white space and, if its classes lack `WIDE`, only ASCII.

use super::super::fold;

/// What the bytes of a piece are, as a set.
pub(super) mod class {
    pub(in super::super) const SMALL: u8 = 1;
    pub(in super::super) const CAPITAL: u8 = 128;
    pub(in super::super) const LETTER: u8 = SMALL | CAPITAL;
    pub(in super::super) const DIGIT: u8 = 2;
    pub(in super::super) const MARK: u8 = 4;
    /// Stands inside words or links, depending on its neighbours.
    pub(in super::super) const JOINT: u8 = 8;
    /// Starts a mention, tag or amount, or emphasizes.
    pub(in super::super) const SIGN: u8 = 16;
    pub(in super::super) const WIDE: u8 = 32;
    pub(in super::super) const SPACE: u8 = 64;
}

/// What each byte is.
pub(super) const CLASSES: [u8; 256] = {
    let mut classes = [class::MARK; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' => class::SMALL,
            b'A'..=b'Z' => class::CAPITAL,
            b'0'..=b'9' => class::DIGIT,
            b'.' | b':' | b'!' => class::JOINT,
            b'@' | b'#' | b'$' | b'*' | b'_' | b'~' => class::SIGN,
            b' ' | b'\t'..=b'\r' => class::SPACE,
            0x80..=0xFF => class::WIDE,
            _ => class::MARK,
        };
        byte += 1;
    }
    classes
};

/// Where the piece that starts at `at` ends, and the classes of its bytes.
pub(super) fn piece_end(text: &str, at: usize) -> (usize, u8) {
    let bytes = text.as_bytes();
    let mut classes = 0;
    let mut end = at;
    while let Some(&byte) = bytes.get(end) {
        let class = CLASSES[byte as usize];
        // Blank characters outside of ASCII start with one of these bytes.
        if class & (class::SPACE | class::WIDE) != 0
            && (class == class::SPACE
                || matches!(byte, 0xC2 | 0xE1 | 0xE2 | 0xE3 | 0xEF)
                    && text.get(end..).and_then(|rest| rest.chars().next()).is_some_and(fold::is_blank))
        {
            break;
        }
        classes |= class;
        end += 1;
    }
    (end, classes)
}

/// Where the letters of ASCII end that stand at `at`, and their classes.
pub(super) fn letters_end(bytes: &[u8], at: usize) -> (usize, u8) {
    let mut classes = 0;
    let mut end = at;
    while let Some(&byte) = bytes.get(end) {
        let class = CLASSES[byte as usize];
        if class & class::LETTER == 0 {
            break;
        }
        classes |= class;
        end += 1;
    }
    (end, classes)
}

/// Whether the shortcut may take a piece: no sign that starts an entity or emphasizes, no digit next to a letter and
/// no period, colon or exclamation mark in front of anything that could belong to a word or link.
pub(super) fn is_plain(piece: &str, classes: u8) -> bool {
    if classes & (class::SIGN | class::WIDE) != 0 || classes & class::LETTER != 0 && classes & class::DIGIT != 0 {
        return false;
    }
    if classes & class::JOINT == 0 {
        return true;
    }
    let closed = |pair: &[u8]| {
        CLASSES[pair[0] as usize] != class::JOINT
            || CLASSES[pair[1] as usize] & (class::LETTER | class::DIGIT) == 0 && pair[1] != b'/'
    };
    piece.as_bytes().windows(2).all(closed)
}
