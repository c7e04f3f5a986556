//! Which words are somebody else's: block quotes, and what stands between quotation marks.
//!
//! Works on tokens. Invariant: a quote closes within its paragraph and [`MAX_WORDS`], and quotes shield only where at
//! least as many words stand outside all of them, so that nobody hides a pitch by quoting it whole or piece by piece.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::aside::Aside;
use super::bits::Bits;
use crate::document::Part;
use crate::rule::{Class, Classes};
use crate::text::{TokenFlags, TokenKind, Tokens};

/// How many words a quotation may hold.
const MAX_WORDS: usize = 60;

/// The tokens of a part that are quoted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Quoted(Bits);

impl Quoted {
    /// `marks` says whether any mark [`may_quote`], `words` how many words do not stand aside.
    pub(super) fn of(
        part: &Part,
        tokens: &Tokens,
        classes: &[Classes],
        aside: &Aside,
        (marks, words): (bool, usize),
    ) -> Self {
        let all = tokens.as_slice();
        let blocks = part.quotes.iter().map(|quote| tokens.covering(quote.range()));
        let marked = if marks { marked(&part.text, tokens) } else { Vec::new() };
        let mut quoted = Self::default();
        for range in blocks.chain(angled(&part.text, tokens)).chain(marked) {
            if !range.is_empty() && !attributed_to_self(&part.text, tokens, classes, range.end) {
                quoted.0.add(range, all.len());
            }
        }
        if quoted.0.is_empty() {
            return quoted;
        }
        let inside = quoted.0.tokens().filter(|&index| all[index].kind == TokenKind::Word && !aside.has(index));
        if inside.count() * 2 > words { Self::default() } else { quoted }
    }

    /// Whether a token is quoted.
    pub(crate) fn has(&self, token: usize) -> bool {
        self.0.has(token)
    }
}

/// Lines that begin with `>`, as mail and many networks quote: ranges of tokens.
fn angled<'a>(text: &'a str, tokens: &'a Tokens) -> impl Iterator<Item = Range<usize>> + 'a {
    let bytes = text.as_bytes();
    let begins = move |&at: &usize| {
        at.checked_sub(1).is_none_or(|before| bytes[before] == b'\n') && bytes.get(at + 1) == Some(&b' ')
    };
    memchr_iter(b'>', bytes).filter(begins).map(move |from| {
        let rest = bytes.get(from..).unwrap_or_default();
        let length = memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1);
        tokens.covering(from..from + length)
    })
}

/// Whether a folded mark may be a quotation mark; all but the straight ones are not ASCII, or become straight.
pub(super) const fn may_quote(folded: &[u8]) -> bool {
    matches!(folded, [b'"' | b'\'' | 0x80.., ..])
}

/// What stands between quotation marks, the marks included.
fn marked(text: &str, tokens: &Tokens) -> Vec<Range<usize>> {
    let all = tokens.as_slice();
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    let mut words = 0;
    for (index, token) in all.iter().enumerate() {
        if token.flags.has(TokenFlags::PARAGRAPH_START) {
            open = None;
        }
        if token.kind == TokenKind::Word {
            words += 1;
            continue;
        }
        if token.kind != TokenKind::Punctuation {
            continue;
        }
        let place = tokens.place(index);
        let Some(mark) = text.get(place.range()).and_then(|mark| mark.chars().next()) else { continue };
        let spaced = token.flags.has(TokenFlags::SPACED);
        let hugs_next = index + 1 < all.len() && tokens.place(index + 1).start() == place.end();
        match open {
            Some((first, closing)) if mark == closing && (closing != '\'' || !spaced) => {
                if words <= MAX_WORDS {
                    found.push(first..index + 1);
                }
                open = None;
            }
            Some(_) if words <= MAX_WORDS => {}
            _ => {
                if let Some(closing) = closing(mark)
                    && hugs_next
                    && (spaced || !matches!(mark, '"' | '\'') || opens_after(tokens, index))
                {
                    open = Some((index, closing));
                    words = 0;
                }
            }
        }
    }
    found
}

/// A straight mark also opens right behind a bracket or dash.
fn opens_after(tokens: &Tokens, index: usize) -> bool {
    index.checked_sub(1).is_none_or(|before| {
        tokens.as_slice()[before].kind == TokenKind::Punctuation
            && tokens.place(before).end() == tokens.place(index).start()
    })
}

fn closing(mark: char) -> Option<char> {
    Some(match mark {
        '"' => '"',
        '\'' => '\'',
        '\u{201C}' | '\u{201E}' => '\u{201D}',
        '\u{2018}' | '\u{201A}' => '\u{2019}',
        '\u{AB}' => '\u{BB}',
        '\u{2039}' => '\u{203A}',
        '\u{300C}' => '\u{300D}',
        _ => return None,
    })
}

/// `"…" — me`, `"…" - Sam Rivers`: a quote of oneself.
fn attributed_to_self(text: &str, tokens: &Tokens, classes: &[Classes], end: usize) -> bool {
    let dash = tokens.as_slice().get(end).is_some_and(|token| {
        let first = text.get(tokens.place(end).range()).and_then(|mark| mark.chars().next());
        token.kind == TokenKind::Punctuation
            && first.is_some_and(|mark| matches!(mark, '-' | '~' | '\u{2012}'..='\u{2015}'))
    });
    dash && (end + 1..end + 3).any(|index| {
        classes.get(index).is_some_and(|classes| classes.has(Class::Author) || classes.has(Class::Own))
    })
}
