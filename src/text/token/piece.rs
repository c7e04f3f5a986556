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

/// Where the letters of ASCII end that stand at `at`, and their classes. Eight bytes are looked at in one.
#[inline]
pub(super) fn letters_end(bytes: &[u8], at: usize) -> (usize, u8) {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const TOP: u64 = 0x80 * EACH;
    let (mut small, mut capital, mut end) = (0, 0, at);
    while let Some(eight) = bytes.get(end..).and_then(|rest| rest.first_chunk::<8>()) {
        let eight = u64::from_le_bytes(*eight);
        // The top bit of each byte says whether it is from `a` on, or behind `z`, when a letter is made small.
        let low = (eight | (0x20 * EACH)) & !TOP;
        let others = !((low + (0x80 - 0x61) * EACH) & !(low + (0x7F - 0x7A) * EACH) & !eight) & TOP;
        let letters = others.wrapping_sub(1) & !others & TOP;
        small |= letters & (eight << 2);
        capital |= letters & !(eight << 2);
        end += (others.trailing_zeros() / 8) as usize;
        if others != 0 {
            return (end, classes_of(small != 0, capital != 0));
        }
    }
    let tail = bytes.get(end..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_alphabetic());
    for byte in tail {
        small |= u64::from(byte.is_ascii_lowercase());
        capital |= u64::from(byte.is_ascii_uppercase());
        end += 1;
    }
    (end, classes_of(small != 0, capital != 0))
}

const fn classes_of(small: bool, capital: bool) -> u8 {
    (if small { class::SMALL } else { 0 }) | (if capital { class::CAPITAL } else { 0 })
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
