//! White space between two tokens.
//!
//! Does not say what is white space. Invariant: in the folded text it is one space or one line break, and nothing before the
//! first token.

use super::TokenFlags;

/// White space since the last token, as what it makes of the token behind it.
#[derive(Default)]
pub(super) struct Gap(TokenFlags);

impl Gap {
    /// Before the first token.
    pub(super) const START: Self =
        Self(TokenFlags::SPACED.with(TokenFlags::LINE_START).with(TokenFlags::PARAGRAPH_START));

    /// Adds a space.
    #[inline]
    pub(super) fn space(&mut self) {
        self.0 = self.0.with(TokenFlags::SPACED);
    }

    /// Adds a character; a carriage return of a `windows` line break is none of its own.
    pub(super) fn add(&mut self, c: char, windows: bool) {
        self.space();
        match c {
            '\r' if windows => {}
            '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' => self.end_line(),
            '\u{2029}' => {
                self.end_line();
                self.end_line();
            }
            _ => {}
        }
    }

    fn end_line(&mut self) {
        let second = self.0.has(TokenFlags::LINE_START);
        self.0 = self.0.with(if second { TokenFlags::PARAGRAPH_START } else { TokenFlags::LINE_START });
    }

    /// What it makes of the token behind it.
    pub(super) const fn flags(&self) -> TokenFlags {
        self.0
    }

    /// Puts it into the folded text, and starts anew.
    pub(super) fn flush(&mut self, folded: &mut String) {
        if self.0.has(TokenFlags::SPACED) && !folded.is_empty() {
            folded.push(if self.0.has(TokenFlags::LINE_START) { '\n' } else { ' ' });
        }
        *self = Self::default();
    }
}
