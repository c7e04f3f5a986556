//! Capitals of a token.
//!
//! Does not look at the text around it. Invariant: of ASCII letters, both ways say the same.

use super::piece::class;
use super::{TokenFlags, TokenKind};

/// As [`capitals`], of nothing but letters of ASCII: the class of the first, those of all, and how many there are.
pub(super) fn letter_case(first: u8, all: u8, count: usize) -> TokenFlags {
    match first {
        class::SMALL => TokenFlags::LOWERCASE,
        _ if count > 1 && all & class::SMALL == 0 => TokenFlags::CAPITALIZED.with(TokenFlags::CAPS),
        _ => TokenFlags::CAPITALIZED,
    }
}

/// Capitals among the letters of a token; links and addresses have none that mean anything.
pub(super) fn capitals(spelled: &str, kind: TokenKind) -> TokenFlags {
    let mut flags = TokenFlags::default();
    if matches!(kind, TokenKind::Url | TokenKind::Email | TokenKind::Punctuation | TokenKind::Emoji) {
        return flags;
    }
    let mut letters = spelled.chars().filter(|c| c.is_alphabetic());
    let Some(first) = letters.next() else { return flags };
    if first.is_lowercase() {
        return flags.with(TokenFlags::LOWERCASE);
    }
    if first.is_uppercase() {
        flags = flags.with(TokenFlags::CAPITALIZED);
        let mut others = letters.peekable();
        if others.peek().is_some() && others.all(char::is_uppercase) {
            flags = flags.with(TokenFlags::CAPS);
        }
    }
    flags
}
