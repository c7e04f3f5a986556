//! Where sentences end.
//!
//! Does not look at the text, only at tokens, their flags and their folded spelling. Invariant: the sentences of a
//! text cover each token once, in order.

use std::ops::Range;

use super::super::spread::{Spread, in_order};
use super::{Sentence, SentenceEnd, Token, TokenFlags, TokenKind, Tokens};

/// Abbreviations that a sentence goes on behind. Those that are words of their own (`gen`, `rep`) are left out.
fn is_title(word: &str) -> bool {
    matches!(
        word,
        "approx"
            | "capt"
            | "cf"
            | "dept"
            | "dr"
            | "e.g"
            | "gov"
            | "i.e"
            | "lt"
            | "mr"
            | "mrs"
            | "ms"
            | "mt"
            | "prof"
            | "sgt"
            | "st"
            | "viz"
            | "vs"
    )
}

/// Abbreviations that a number follows.
fn is_numbered(word: &str) -> bool {
    matches!(word, "fig" | "no" | "nos" | "nr" | "p" | "pp" | "vol")
}

/// Abbreviations that a sentence ends behind if a capital follows.
fn is_tail(word: &str) -> bool {
    matches!(word, "a.m" | "al" | "co" | "corp" | "etc" | "inc" | "jr" | "ltd" | "p.m" | "p.s" | "sr" | "u.s")
}

/// The sentences of all tokens.
pub(super) fn find(tokens: &Tokens, spread: &dyn Spread) -> Vec<Sentence> {
    if tokens.len() <= TOKENS || spread.threads() < 2 {
        return split(tokens, 0..tokens.len());
    }
    let mut sentences = Vec::new();
    in_order(spread, &ranges(tokens), |range| split(tokens, range.clone()), |found| sentences.extend(found));
    if sentences.len() > MANY {
        sentences.shrink_to_fit();
    }
    sentences
}

/// So many tokens are looked at at a time where several threads share in them.
const TOKENS: usize = 16 << 10;

/// All tokens, cut where paragraphs start: no sentence goes over that.
fn ranges(tokens: &Tokens) -> Vec<Range<usize>> {
    let all = tokens.as_slice();
    let (mut ranges, mut start) = (Vec::new(), 0);
    while start < all.len() {
        let rest = all.get(start + TOKENS..).unwrap_or_default();
        let more = rest.iter().position(|token| token.flags.has(TokenFlags::PARAGRAPH_START));
        let end = more.map_or(all.len(), |more| start + TOKENS + more);
        ranges.push(start..end);
        start = end;
    }
    ranges
}

/// The sentences of some tokens, which end where a paragraph does.
fn split(tokens: &Tokens, range: Range<usize>) -> Vec<Sentence> {
    let all = tokens.as_slice();
    let mut sentences = Vec::with_capacity(FEW);
    let mut start = range.start;
    let mut index = range.start;
    while index < range.end {
        let next = all.get(index + 1);
        let closes = matches!(all[index].kind, TokenKind::Punctuation | TokenKind::Emoji);
        if !closes && next.is_some_and(|next| !next.flags.has(TokenFlags::LINE_START)) {
            index += 1;
            continue;
        }
        let mark = if closes && next.is_none_or(may_start) { closing(tokens, start, index) } else { None };
        let end = match next {
            None => Some(mark.map_or(SentenceEnd::Open, |mark| mark.end)),
            Some(next) if breaks_line(next) => Some(mark.map_or(SentenceEnd::Open, |mark| mark.end)),
            Some(next) => mark.filter(|mark| mark.ends_before(next)).map(|mark| mark.end),
        };
        if let Some(end) = end {
            index = with_last_emoji(all, index);
            sentences.push(Sentence::new(start..index + 1, end));
            start = index + 1;
        }
        index += 1;
    }
    sentences
}

/// Most posts have no more sentences.
const FEW: usize = 8;

/// Where there are more sentences, room for some that never come is much.
const MANY: usize = 10_000;

/// Whether a sentence may start with a token. Most may not, which spares the search for marks before them.
fn may_start(token: &Token) -> bool {
    token.flags.has(TokenFlags::SPACED)
        || token.kind == TokenKind::Word && token.flags.has(TokenFlags::CAPITALIZED)
}

/// A new line ends a sentence, unless it goes on with a small letter.
fn breaks_line(next: &Token) -> bool {
    next.flags.has(TokenFlags::PARAGRAPH_START)
        || next.flags.has(TokenFlags::LINE_START) && !is_lowercase_word(next)
}

fn is_lowercase_word(token: &Token) -> bool {
    token.kind == TokenKind::Word && token.flags.has(TokenFlags::LOWERCASE)
}

/// The last emoji of a line belong to the sentence before them: `Great! 🎉`.
fn with_last_emoji(all: &[Token], index: usize) -> usize {
    let line = |token: &Token| !token.flags.has(TokenFlags::LINE_START);
    let mut last = index;
    while all.get(last + 1).is_some_and(|token| token.kind == TokenKind::Emoji && line(token)) {
        last += 1;
    }
    if all.get(last + 1).is_none_or(|token| !line(token)) { last } else { index }
}

/// A group of marks that may end a sentence.
#[derive(Clone, Copy)]
struct Mark {
    end: SentenceEnd,
    /// Quotes or brackets close behind it.
    quoted: bool,
    /// It stands right behind a token.
    attached: bool,
    /// It belongs to an abbreviation that a sentence may end with.
    tail: bool,
}

impl Mark {
    fn ends_before(self, next: &Token) -> bool {
        let spaced = next.flags.has(TokenFlags::SPACED);
        if !spaced {
            // A forgotten space: `Done.Next` ends a sentence, `3.x` and `a.b` do not.
            return next.kind == TokenKind::Word
                && next.flags.has(TokenFlags::CAPITALIZED)
                && self.attached
                && !self.quoted;
        }
        !(self.quoted && is_lowercase_word(next) || self.tail && !next.flags.has(TokenFlags::CAPITALIZED))
    }
}

/// The marks that token `index` closes with, if it is one of them or a quote, bracket or emoji attached to them.
fn closing(tokens: &Tokens, start: usize, index: usize) -> Option<Mark> {
    let all = tokens.as_slice();
    let attached = |at: usize| at > start && !all[at].flags.has(TokenFlags::SPACED);
    let mut at = index;
    let mut quoted = false;
    while let Some(token) = all.get(at) {
        let closer = token.kind == TokenKind::Punctuation && is_closer(tokens.folded(at));
        if !(closer || token.kind == TokenKind::Emoji) {
            break;
        }
        if !attached(at) {
            return None;
        }
        quoted |= closer;
        at -= 1;
    }
    let last = at;
    let mut first = at;
    let mut end = None;
    loop {
        let folded = if all[at].kind == TokenKind::Punctuation { tokens.folded(at) } else { "" };
        let mark = match folded.chars().next() {
            Some('?' | '؟') => SentenceEnd::Question,
            Some('!') => SentenceEnd::Exclamation,
            Some('.' | '。') => SentenceEnd::Period,
            _ => break,
        };
        end = Some(stronger(end, mark));
        first = at;
        if !attached(at) {
            break;
        }
        at -= 1;
    }
    let end = end?;
    if tokens.folded(last) != "." || last == start || at + 1 != last {
        return Some(Mark { end, quoted, attached: attached(first), tail: false });
    }
    let before = tokens.folded(at);
    let initial =
        all[at].kind == TokenKind::Word && all[at].flags.has(TokenFlags::CAPITALIZED) && before.len() == 1;
    let numbered = all.get(index + 1).is_some_and(|next| next.kind == TokenKind::Number) && is_numbered(before);
    if is_title(before) || numbered || initial && before != "i" {
        return None;
    }
    Some(Mark { end, quoted, attached: true, tail: is_tail(before) || before.as_bytes().contains(&b'.') })
}

fn stronger(one: Option<SentenceEnd>, other: SentenceEnd) -> SentenceEnd {
    match (one, other) {
        (Some(SentenceEnd::Question), _) | (_, SentenceEnd::Question) => SentenceEnd::Question,
        (Some(SentenceEnd::Exclamation), _) | (_, SentenceEnd::Exclamation) => SentenceEnd::Exclamation,
        _ => other,
    }
}

fn is_closer(folded: &str) -> bool {
    let first = folded.chars().next();
    matches!(first, Some('"' | '\'' | ')' | ']' | '}' | '*' | '_' | '»' | '」' | '』' | '）'))
}

#[cfg(test)]
mod tests {
    use super::super::tokenize;
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let tokens = tokenize(text, None);
        let found: Vec<&str> = tokens.sentences().iter().map(|s| &text[tokens.span(s.tokens()).range()]).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[track_caller]
    fn check_end(text: &str, expected: SentenceEnd) {
        let tokens = tokenize(text, None);
        assert_eq!(tokens.sentences().first().map(|s| s.end()), Some(expected), "{text:?}");
    }

    #[test]
    fn marks_end_sentences() {
        check("One. Two! Three? Four…", &["One.", "Two!", "Three?", "Four…"]);
        check("Really?! Yes... no", &["Really?!", "Yes...", "no"]);
        check("She said \"Go!\" (Then he went.) Done", &["She said \"Go!\"", "(Then he went.)", "Done"]);
        check("\"Why?\" she asked.", &["\"Why?\" she asked."]);
        check("Great!🎉 Next. 👉 Here", &["Great!🎉", "Next.", "👉 Here"]);
        check("Great! 🎉🎉\nNext", &["Great! 🎉🎉", "Next"]);
        check("Try .NET or so", &["Try .NET or so"]);
        check("All done.Then one", &["All done.", "Then one"]);
    }

    #[test]
    fn abbreviations_and_numbers_do_not() {
        check(
            "Dr. Li vs. J. Smith, e.g. at 4.5 or example.org. Yes",
            &["Dr. Li vs. J. Smith, e.g. at 4.5 or example.org.", "Yes"],
        );
        check("At 5 p.m. we meet", &["At 5 p.m. we meet"]);
        check("At 5 p.m. Bring cake etc. Thanks", &["At 5 p.m.", "Bring cake etc.", "Thanks"]);
        check("Really? No. 1 is no. 2 is not. No. Never", &["Really?", "No. 1 is no. 2 is not.", "No.", "Never"]);
        check("So do I. You?", &["So do I.", "You?"]);
    }

    #[test]
    fn lines_end_sentences_unless_they_go_on() {
        check("One\nTwo", &["One", "Two"]);
        check("hard wrapped\ntext goes on", &["hard wrapped\ntext goes on"]);
        check("one\n\ntwo", &["one", "two"]);
        check("one\n\u{200B}\ntwo", &["one", "two"]);
        check("- one\n- two", &["- one", "- two"]);
        check("read\nhttps://example.org", &["read", "https://example.org"]);
    }

    #[test]
    fn the_end_is_named() {
        check_end("What?!", SentenceEnd::Question);
        check_end("Wow!", SentenceEnd::Exclamation);
        check_end("Hm…", SentenceEnd::Period);
        check_end("Hm", SentenceEnd::Open);
        check_end("Why?\nNo", SentenceEnd::Question);
    }
}
