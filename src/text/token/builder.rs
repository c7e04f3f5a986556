//! Putting the tokens of a text together, one piece between spaces after the other.
//!
//! Does not know what the grammars and lexers look for. Invariant: the folded text grows together with the tokens,
//! so each token's slice lies behind the one before; what of it is the text but for its case is copied run by run.

use std::ops::Range;

use smallvec::SmallVec;
use unicode_segmentation::UnicodeSegmentation;

use super::super::disguise::{self, Around};
use super::super::emoji::is_emoji;
use super::super::fold::{self, Spelling, push_lowercase};
use super::super::grammar::{self, Entity};
use super::super::spread::Alone;
use super::super::{Platform, TextSpan};
use super::case::{capitals, letter_case};
use super::gap::Gap;
use super::origin::{Folded, Origin, Verbatim};
use super::piece::{CLASSES, class, is_plain, letters_end, piece_end};
use super::{Token, TokenFlags, TokenKind, Tokens, letters, lex};

/// Whether pieces of plain ASCII take the shortcut.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Path {
    Fast,
    General,
}

/// Single letters at the end of the tokens, which may turn out to be one word.
#[derive(Default)]
struct Spelled {
    first: usize,
    letters: SmallVec<[u8; 16]>,
    separator: u8,
}

struct Builder<'t> {
    text: &'t str,
    platform: Option<Platform>,
    tokens: Tokens,
    /// The end of the text so far, as much of it as is still to be added to the folded text, in lower case.
    run: Range<usize>,
    gap: Gap,
    spelled: Spelled,
    spelling: Spelling,
    entities: Vec<Entity>,
    /// Whether a token of the piece at hand was added.
    attached: bool,
}

pub(super) fn build(text: &str, platform: Option<Platform>, path: Path) -> Tokens {
    let mut tokens = build_piece(text, 0..text.len(), platform, path);
    tokens.find_sentences(&Alone);
    tokens
}

/// Where a text can be cut into pieces of about so many bytes: between a letter, digit or mark that ends a sentence, which are always in
/// a token, and white space with a line break in it, over which no token, word that is spelled letter by letter, or emphasis reaches.
pub(super) fn cut(text: &str, piece: usize) -> Vec<Range<usize>> {
    let (mut pieces, mut start, mut from) = (Vec::new(), 0, piece);
    while let Some(tail) = text.as_bytes().get(from..)
        && let Some(line) = tail.iter().position(|&byte| byte == b'\n')
    {
        let (head, tail) = text.split_at_checked(from + line).unwrap_or((text, ""));
        let head = head.trim_end_matches(fold::is_blank);
        if head.len() > start && head.ends_with(|last: char| last.is_ascii_alphanumeric() || ".!?".contains(last))
        {
            pieces.push(start..head.len());
            start = head.len();
            from = start + piece;
        } else {
            from = text.len() - tail.trim_start_matches(fold::is_blank).len();
        }
    }
    pieces.push(start..text.len());
    pieces
}

/// The tokens of one piece of a text, as [`cut`] makes them, without sentences.
pub(super) fn build_piece(text: &str, piece: Range<usize>, platform: Option<Platform>, path: Path) -> Tokens {
    let text = text.get(..piece.end).unwrap_or(text);
    let gap = if piece.start == 0 { Gap::START } else { Gap::default() };
    let mut builder = Builder {
        text,
        platform,
        tokens: Tokens::with_room(piece.len()),
        run: 0..0,
        gap,
        spelled: Spelled::default(),
        spelling: Spelling::default(),
        entities: Vec::new(),
        attached: false,
    };
    builder.pieces(piece.start, path);
    builder.join_spelled();
    builder.settle();
    builder.tokens
}

impl Builder<'_> {
    fn pieces(&mut self, start: usize, path: Path) {
        let text = self.text;
        let mut at = start;
        while let Some(&byte) = text.as_bytes().get(at) {
            let class = CLASSES[byte as usize];
            if byte == b' ' {
                self.gap.space();
                at += 1;
                continue;
            }
            if class == class::SPACE {
                let windows = byte == b'\r' && text.as_bytes().get(at + 1) == Some(&b'\n');
                self.gap.add(char::from(byte), windows);
                at += 1;
                continue;
            }
            if class == class::WIDE
                && let Some(c) = text.get(at..).and_then(|rest| rest.chars().next())
                && fold::is_blank(c)
            {
                self.gap.add(c, false);
                at += c.len_utf8();
                continue;
            }
            self.attached = false;
            if path == Path::Fast
                && class & class::LETTER != 0
                && let Some(end) = self.word(at)
            {
                at = end;
                continue;
            }
            let (end, classes) = piece_end(text, at);
            let piece = &text[at..end];
            if path == Path::Fast && is_plain(piece, classes) {
                self.segment(piece, &Verbatim::new(at), Around::default());
            } else {
                self.general(at..end, classes);
            }
            at = end;
        }
    }

    /// A piece that is a word of ASCII letters, an apostrophe among them or not, and no more than one mark: adds it, and
    /// tells where it ends.
    fn word(&mut self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let class = |at: usize| bytes.get(at).map_or(class::SPACE, |&byte| CLASSES[byte as usize]);
        let (mut end, mut classes) = letters_end(bytes, at);
        if bytes.get(end) == Some(&b'\'') && class(end + 1) & class::LETTER != 0 {
            let (behind, others) = letters_end(bytes, end + 1);
            (end, classes) = (behind, classes | others);
        }
        let marked = class(end) & (class::MARK | class::JOINT) != 0;
        let stop = end + usize::from(marked);
        if class(stop) != class::SPACE {
            return None;
        }
        let lone = bytes.get(at).copied().filter(|_| end - at == 1);
        self.note(at..end, lone);
        self.add(TokenKind::Word, letter_case(class(at), classes, end - at), at..end);
        if marked {
            self.note(end..stop, None);
            self.add(TokenKind::Punctuation, TokenFlags::default(), end..stop);
        }
        Some(stop)
    }

    fn general(&mut self, range: Range<usize>, classes: u8) {
        let text = self.text;
        let piece = &text[range.clone()];
        let mut found = std::mem::take(&mut self.entities);
        found.clear();
        if classes & (class::SIGN | class::JOINT) != 0 || piece.contains(['＠', '＃']) {
            grammar::entities(piece, self.platform, &mut found);
        }
        let mut at = range.start;
        for entity in &found {
            let start = range.start + entity.span.start;
            self.stretch(at..start, true);
            at = range.start + entity.span.end;
            self.entity(entity.kind, start..at);
        }
        self.entities = found;
        self.stretch(at..range.end, false);
    }

    fn entity(&mut self, kind: TokenKind, range: Range<usize>) {
        let written = &self.text[range.clone()];
        if written.is_ascii() || kind == TokenKind::Url {
            self.push(kind, range, written);
            return;
        }
        let mut spelling = std::mem::take(&mut self.spelling);
        spelling.clear();
        for (at, cluster) in written.grapheme_indices(true) {
            spelling.push(cluster, range.start + at);
        }
        spelling.settle();
        self.push(kind, range, spelling.text());
        self.spelling = spelling;
    }

    /// Text without spaces and entities; `after` says whether an entity follows.
    fn stretch(&mut self, range: Range<usize>, after: bool) {
        let text = self.text;
        let written = &text[range.clone()];
        self.spelling.clear();
        if written.is_ascii() {
            for at in range {
                self.spelling.push(&text[at..=at], at);
            }
            self.words(after);
            return;
        }
        let mut boxed = false;
        let mut clusters = written.grapheme_indices(true).peekable();
        while let Some((at, cluster)) = clusters.next() {
            let at = range.start + at;
            let letter = fold::is_boxed_letter(cluster);
            let spells = letter && (boxed || clusters.peek().is_some_and(|(_, next)| fold::is_boxed_letter(next)));
            boxed = spells;
            if !spells && is_emoji(cluster) {
                self.words(true);
                self.emoji(at, cluster);
            } else {
                self.spelling.push(cluster, at);
            }
        }
        self.words(after);
    }

    fn emoji(&mut self, at: usize, cluster: &str) {
        let styled = |c| matches!(c, '\u{FE0E}' | '\u{FE0F}');
        let range = at..at + cluster.trim_end_matches('\u{200B}').len();
        if cluster.contains(styled) {
            self.push(TokenKind::Emoji, range, &cluster.replace(styled, ""));
        } else {
            self.push(TokenKind::Emoji, range, cluster);
        }
    }

    /// Makes tokens of the characters collected.
    fn words(&mut self, after: bool) {
        if self.spelling.is_empty() {
            return;
        }
        let mut spelling = std::mem::take(&mut self.spelling);
        let around = Around { before: self.attached, after };
        disguise::strip_emphasis(spelling.glyphs(), around);
        disguise::restore_letters(spelling.glyphs());
        spelling.settle();
        let origin = Folded::new(&spelling, self.text);
        self.segment(spelling.text(), &origin, around);
        spelling.clear();
        self.spelling = spelling;
    }

    fn segment(&mut self, folded: &str, origin: &impl Origin, around: Around) {
        let mut at = 0;
        let mut joined = around.before && self.ends_in_word();
        while let Some(c) = folded.get(at..).and_then(|rest| rest.chars().next()) {
            let (kind, end) = token_at(folded, at, c, origin);
            let end = origin.border(end.min(folded.len()).max(at + c.len_utf8()));
            let piece = folded.get(at..end).unwrap_or_default();
            let next = folded.get(end..).and_then(|rest| rest.chars().next());
            let joins = matches!(piece, "-" | "/") && joined && next.map_or(around.after, is_word_start);
            if joins && (piece == "/" || !origin.is_dash(at)) {
                self.join(origin.span(at..end), piece);
            } else {
                self.push(kind, origin.span(at..end), piece);
            }
            joined = kind != TokenKind::Punctuation;
            at = end;
        }
    }

    fn ends_in_word(&self) -> bool {
        self.tokens.tokens.last().is_some_and(|t| !matches!(t.kind, TokenKind::Punctuation | TokenKind::Emoji))
    }

    fn push(&mut self, kind: TokenKind, range: Range<usize>, spelled: &str) {
        let lone = match spelled.as_bytes() {
            [letter] if kind == TokenKind::Word && letter.is_ascii_alphabetic() => Some(*letter),
            _ => None,
        };
        let case = capitals(spelled, kind);
        let dotted = if kind == TokenKind::Word { letters::dotted(spelled) } else { None };
        self.note(range.clone(), lone);
        if dotted.is_none() && spelled.is_ascii() && self.text.get(range.clone()) == Some(spelled) {
            self.add(kind, case, range);
            return;
        }
        self.settle();
        let flags = self.gap.flags().with(case);
        self.gap.flush(&mut self.tokens.folded);
        let start = self.tokens.folded.len();
        push_lowercase(&mut self.tokens.folded, dotted.as_deref().unwrap_or(spelled));
        let folded = TextSpan::of(start..self.tokens.folded.len());
        self.tokens.push(kind, flags, TextSpan::of(range), folded.start()..folded.end());
        self.attached = true;
    }

    /// A token whose folded spelling is the ASCII at `range` in lower case.
    #[inline(always)]
    fn add(&mut self, kind: TokenKind, case: TokenFlags, range: Range<usize>) {
        let flags = self.gap.flags().with(case);
        let goes_on = match range.start.wrapping_sub(self.run.end) {
            0 => true,
            1 => matches!(self.text.as_bytes().get(self.run.end), Some(b' ' | b'\n')),
            _ => false,
        };
        if !goes_on || self.run.is_empty() {
            self.settle();
            self.gap.flush(&mut self.tokens.folded);
            self.run.start = range.start;
        }
        self.gap = Gap::default();
        let folded = self.tokens.folded.len() + (range.start - self.run.start);
        self.run.end = range.end;
        self.tokens.add(kind, flags, range, folded);
        self.attached = true;
    }

    /// A sign at `range` that joins two words and is no token.
    fn join(&mut self, range: Range<usize>, sign: &str) {
        if !self.run.is_empty() && self.run.end == range.start && self.text.get(range.clone()) == Some(sign) {
            self.run.end = range.end;
        } else {
            self.settle();
            self.tokens.folded.push_str(sign);
        }
    }

    /// Adds what is still to be added to the folded text.
    #[inline(never)]
    fn settle(&mut self) {
        if let Some(run) = self.text.get(self.run.clone()) {
            push_lowercase(&mut self.tokens.folded, run);
        }
        self.run = 0..0;
    }

    /// Takes note of a token about to be added at `range`, a lone letter or another one.
    #[inline]
    fn note(&mut self, range: Range<usize>, lone: Option<u8>) {
        if lone.is_some() || !self.spelled.letters.is_empty() {
            self.spell(range.start, lone);
        }
    }

    fn spell(&mut self, start: usize, lone: Option<u8>) {
        let last = self.tokens.len().checked_sub(1).map_or(0, |last| self.tokens.place(last).range().end);
        let between = self.text.as_bytes().get(last..start);
        let separator = match between {
            Some(&[byte @ (b' ' | b'-')]) if !self.spelled.letters.is_empty() => byte,
            _ => 0,
        };
        let fits = self.spelled.letters.len() == 1 || separator == self.spelled.separator;
        if lone.is_none() || separator == 0 || !fits {
            self.join_spelled();
            self.spelled.first = self.tokens.tokens.len();
        }
        self.spelled.separator = separator;
        self.spelled.letters.extend(lone);
    }

    /// Makes one token of the lone letters at the end, if they spell a word.
    fn join_spelled(&mut self) {
        let spelled = std::mem::take(&mut self.spelled.letters);
        let first = self.spelled.first;
        if letters::is_word(&spelled)
            && let Some(&Token { flags, kind, .. }) = self.tokens.tokens.get(first)
        {
            self.settle();
            let all = first..self.tokens.len();
            let start = TextSpan::of(self.tokens.folded_range(first)).start();
            let word: String = spelled.iter().map(|&letter| char::from(letter)).collect();
            let last = self.tokens.folded_range(all.end - 1).end;
            let tail = self.tokens.folded.get(last..).unwrap_or_default().to_owned();
            let span = self.tokens.span(all);
            self.tokens.folded.truncate(start as usize);
            push_lowercase(&mut self.tokens.folded, &word);
            self.tokens.folded.push_str(&tail);
            self.tokens.truncate(first);
            let flags = flags.with(capitals(&word, TokenKind::Word));
            self.tokens.push(kind, flags, span, start..start + TextSpan::of(0..word.len()).end());
        }
        self.spelled.letters = spelled;
        self.spelled.letters.clear();
    }
}

/// Kind and end of the token that starts with `c` at `at`.
fn token_at(folded: &str, at: usize, c: char, origin: &impl Origin) -> (TokenKind, usize) {
    if !c.is_ascii_lowercase()
        && let Some((kind, length)) = lex::number(folded, at)
    {
        return (kind, at + length);
    }
    if c.is_alphanumeric() {
        let end = at + origin.word_len(folded, at);
        let word = folded.get(at..end).unwrap_or_default();
        let lettered = !c.is_numeric() || word.chars().any(char::is_alphabetic);
        return (if lettered { TokenKind::Word } else { TokenKind::Number }, end);
    }
    let run = folded[at..].chars().take_while(|&next| next == c).count();
    (TokenKind::Punctuation, at + run * c.len_utf8())
}

fn is_word_start(c: char) -> bool {
    c.is_alphanumeric() || c == '$'
}
