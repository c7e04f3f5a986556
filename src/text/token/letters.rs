//! Words spelled letter by letter: `l i n k`, `L-I-N-K`, `f.r.e.e`.
//!
//! Does not know words, so it goes by form alone: four or more single letters of ASCII with the same single space,
//! hyphen or period between them are one word, and so are three, unless `I`, `A` or `a` stands at either end (`I a m`,
//! `A B C`). Two letters are one word only if they spell `DM` in capitals: `vitamin C D` and `plan B a success` stay.
//! Invariant: only tokens at the end of the list are joined.

/// Whether `letters` (as written, in order) were spelled apart and are one word.
pub(super) fn is_word(letters: &[u8]) -> bool {
    let weak = |letter: Option<&u8>| matches!(letter, Some(b'I' | b'A' | b'a'));
    match letters.len() {
        0 | 1 => false,
        2 => letters == b"DM",
        3 => !weak(letters.first()) && !weak(letters.last()),
        _ => true,
    }
}

/// The letters of a word with periods between all of them, if it is one.
pub(super) fn dotted(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    if bytes.len() < 3 || bytes[1] != b'.' || bytes.len().is_multiple_of(2) {
        return None;
    }
    let spelled =
        bytes.iter().enumerate().all(|(at, b)| if at % 2 == 0 { b.is_ascii_alphabetic() } else { *b == b'.' });
    let letters: Vec<u8> = bytes.iter().step_by(2).copied().collect();
    if !spelled || !(letters.len() >= 3 || is_word(&letters)) {
        return None;
    }
    String::from_utf8(letters).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(letters: &str, expected: bool) {
        assert_eq!(is_word(letters.as_bytes()), expected, "{letters:?}");
    }

    #[test]
    fn plain_english_stays() {
        for letters in ["link", "LINK", "bio", "VIP", "DM", "amazing"] {
            check(letters, true);
        }
        for letters in ["", "x", "Ba", "Ia", "CD", "Iam", "ABC", "dm", "BCI"] {
            check(letters, false);
        }
    }

    #[test]
    fn periods_join_like_spaces() {
        assert_eq!(dotted("l.i.n.k").as_deref(), Some("link"));
        assert_eq!(dotted("U.S.A").as_deref(), Some("USA"));
        assert_eq!(dotted("D.M").as_deref(), Some("DM"));
        for word in ["e.g", "a.m", "ab.c", "a.b.", "v1.2", ""] {
            assert_eq!(dotted(word), None, "{word:?}");
        }
    }
}
