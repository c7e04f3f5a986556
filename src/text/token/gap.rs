//! White space between two tokens.
//!
//! Does not say what is white space. Invariant: in the folded text it is one space or one line break, and nothing before the
//! first token.

use super::TokenFlags;

/// White space since the last token.
#[derive(Default)]
pub(super) struct Gap {
    spaced: bool,
    breaks: u32,
}

impl Gap {
    /// Before the first token.
    pub(super) const START: Self = Self { spaced: true, breaks: 2 };

    /// Adds a character; a carriage return of a `windows` line break is none of its own.
    pub(super) fn add(&mut self, c: char, windows: bool) {
        self.spaced = true;
        self.breaks += match c {
            '\r' if windows => 0,
            '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' => 1,
            '\u{2029}' => 2,
            _ => 0,
        };
    }

    /// What it makes of the token behind it.
    pub(super) fn flags(&self) -> TokenFlags {
        let mut flags = TokenFlags::default();
        if self.spaced {
            flags = flags.with(TokenFlags::SPACED);
        }
        if self.breaks > 0 {
            flags = flags.with(TokenFlags::LINE_START);
        }
        if self.breaks > 1 {
            flags = flags.with(TokenFlags::PARAGRAPH_START);
        }
        flags
    }

    /// Puts it into the folded text, and starts anew.
    pub(super) fn flush(&mut self, folded: &mut String) {
        if self.spaced && !folded.is_empty() {
            folded.push(if self.breaks > 0 { '\n' } else { ' ' });
        }
        *self = Self::default();
    }
}
