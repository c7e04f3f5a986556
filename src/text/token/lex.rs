//! Where words, numbers and amounts end, in a text without spaces that is folded already.
//!
//! Does not know networks. Invariant: a length given is at least one and ends on a character border.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_segmentation::UnicodeSegmentation;

use super::TokenKind;

/// Letters in front of a dollar sign that belong to the amount.
const DOLLARS: [&str; 9] = ["US", "A", "AU", "C", "CA", "NZ", "HK", "S", "R"];

/// Magnitudes behind a number, in lower case.
const MAGNITUDES: [&str; 6] = ["k", "m", "mm", "b", "bn", "tn"];

/// Characters in which nearly all words end.
const NEAR: usize = 64;

/// Bytes of the word at `at`, by UAX #29 with two cuts: a colon is a mark, and a period between a small letter and
/// a capital is the end of a sentence without its space.
pub(super) fn word_len(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    // A word may be cut long before its end, so the first look goes no further than words usually do.
    let near = rest.char_indices().map(|(at, _)| at).nth(NEAR).and_then(|end| rest.get(..end));
    if let Some(near) = near {
        let end = cut(first_word(near));
        if end + 16 < near.len() {
            return end;
        }
    }
    cut(first_word(rest))
}

fn first_word(text: &str) -> &str {
    text.split_word_bounds().next().unwrap_or(text)
}

/// The same for ASCII, byte by byte.
pub(super) fn ascii_word_len(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes().get(at..).unwrap_or_default();
    let mut end = 1;
    while let Some(&byte) = bytes.get(end) {
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            end += 1;
            continue;
        }
        let before = bytes[end - 1];
        let Some(&after) = bytes.get(end + 1) else { break };
        let letters = before.is_ascii_alphabetic() && after.is_ascii_alphabetic();
        let digits = before.is_ascii_digit() && after.is_ascii_digit();
        let joins = match byte {
            b'.' | b'\'' => letters || digits,
            b':' => letters,
            b',' | b';' => digits,
            _ => false,
        };
        if !joins {
            break;
        }
        end += 2;
    }
    cut(text.get(at..at + end).unwrap_or_default())
}

fn cut(piece: &str) -> usize {
    for (at, mark) in piece.match_indices([':', '.']).filter(|&(at, _)| at > 0) {
        let before = piece[..at].chars().next_back();
        let mut after = piece[at + 1..].chars();
        let sentence =
            at > 1 && before.is_some_and(char::is_lowercase) && after.next().is_some_and(char::is_uppercase);
        if mark == ":" || sentence {
            return at;
        }
    }
    piece.len().max(1)
}

/// Kind and bytes of the number or amount at `at`, if one starts there. Letters that stick to a number make it
/// a word (`4am`, `1st`), except a magnitude (`10k`) or the times sign (`3x`).
pub(super) fn number(text: &str, at: usize) -> Option<(TokenKind, usize)> {
    let rest = text.get(at..)?;
    let sign = currency_prefix(rest)?;
    let mut end = sign + digits(rest.get(sign..)?)?;
    let mut kind = if sign > 0 { TokenKind::Money } else { TokenKind::Number };
    let letters = rest[end..].bytes().take_while(u8::is_ascii_alphabetic).count();
    let magnitude = rest[end..end + letters].to_ascii_lowercase();
    let scaled = MAGNITUDES.contains(&magnitude.as_str()) || magnitude == "x" && sign == 0;
    if letters > 0 && scaled && !continues(&rest[end + letters..]) {
        end += letters;
    } else if continues(&rest[end..]) {
        return (sign > 0).then_some((kind, end));
    } else if sign == 0 {
        end += fractions(&rest[end..]);
    }
    if let Some(symbol) = rest[end..].chars().next() {
        let after = end + symbol.len_utf8();
        if symbol == '%' || is_currency(symbol) && sign == 0 && !continues(&rest[after..]) {
            kind = if symbol == '%' { kind } else { TokenKind::Money };
            end = after;
        }
    }
    if rest[end..].starts_with('+') && !continues(&rest[end + 1..]) {
        end += 1;
    }
    Some((kind, end))
}

/// Bytes of a currency sign in front of a digit, 0 for a digit itself, none for what starts no number.
fn currency_prefix(rest: &str) -> Option<usize> {
    let first = rest.chars().next()?;
    if first.is_ascii_digit() {
        return Some(0);
    }
    let length = if is_currency(first) {
        first.len_utf8()
    } else {
        let letters = rest.bytes().take(3).take_while(u8::is_ascii_uppercase).count();
        let dollar = DOLLARS.contains(&&rest[..letters]) && rest[letters..].starts_with('$');
        dollar.then_some(letters + 1)?
    };
    rest[length..].starts_with(|c: char| c.is_ascii_digit()).then_some(length)
}

/// Bytes of digits with separators inside.
fn digits(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut end = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    if end == 0 {
        return None;
    }
    while matches!(bytes.get(end), Some(b'.' | b',')) {
        let more = bytes[end + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        if more == 0 {
            break;
        }
        end += 1 + more;
    }
    Some(end)
}

/// Bytes of `/12` and the like.
fn fractions(text: &str) -> usize {
    let mut end = 0;
    while let Some(tail) = text[end..].strip_prefix('/')
        && let Some(length) = digits(tail)
        && !continues(&tail[length..])
    {
        end += 1 + length;
    }
    end
}

fn continues(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

fn is_currency(c: char) -> bool {
    c == '$' || !c.is_ascii() && c.general_category() == GeneralCategory::CurrencySymbol
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(TokenKind, &str)>) {
        let found = number(text, 0).map(|(kind, length)| (kind, &text[..length]));
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn numbers() {
        for text in ["1,000", "50%", "10k", "10k+", "3x", "1/12", "24/7/365", "4.5", "2.1.4", "500+", "10M"] {
            check(text, Some((TokenKind::Number, text)));
        }
        check("1/", Some((TokenKind::Number, "1")));
        check("1/2nd", Some((TokenKind::Number, "1")));
        check("3.x", Some((TokenKind::Number, "3")));
        check("50%off", Some((TokenKind::Number, "50%")));
        check("5+3", Some((TokenKind::Number, "5")));
        for text in ["4am", "1st", "2D", "5_a", "x", ""] {
            check(text, None);
        }
    }

    #[test]
    fn amounts() {
        for text in ["$50", "€1.2m", "£1,000", "50€", "$10k", "US$5", "₹500", "10k€", "$1bn+", "5$"] {
            check(text, Some((TokenKind::Money, text)));
        }
        check("$50off", Some((TokenKind::Money, "$50")));
        check("$10/mo", Some((TokenKind::Money, "$10")));
        for text in ["$", "US$", "X$5", "$a"] {
            check(text, None);
        }
    }

    proptest! {
        #[test]
        fn ascii_words_end_where_unicode_says(text in "[a-zA-Z0-9_][ -~]{0,12}") {
            prop_assert_eq!(ascii_word_len(&text, 0), word_len(&text, 0));
        }
    }
}
