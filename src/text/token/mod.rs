//! The tokens of a text: words, mentions, links, emoji and the rest, with the sentences and lines they stand in.
//!
//! Does not know rules or identity. Invariant: token spans rise without overlap, lie on character borders,
//! and each token's folded text is a slice of [`Tokens::folded_text`].

mod builder;
mod case;
mod gap;
mod letters;
mod lex;
mod origin;
mod piece;
mod sentence;
mod stand;
#[cfg(test)]
mod tests;

use std::ops::Range;

use self::stand::Stand;
use super::spread::Spread;
use super::{Platform, TextSpan};

/// What a token is. The grammar of mentions, tags and links is the platform's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenKind {
    /// A word in the sense of UAX #29, apostrophes included, hyphens not: `game-changing` is two words.
    Word,
    /// A number, with its separators, percent sign or magnitude: `1,000`, `50%`, `10k+`, `3x`, `1/12`.
    Number,
    /// An amount of money: `$50`, `€1.2m`, `50 dollars` is a number and a word.
    Money,
    /// `@name`, also `@name@server` and `@name.domain` where the platform has them.
    Mention,
    /// `#tag`.
    Hashtag,
    /// `$TICKER`.
    Cashtag,
    /// A link, with or without a scheme.
    Url,
    /// An e-mail address.
    Email,
    /// One emoji, joiners and modifiers included.
    Emoji,
    /// A punctuation mark or symbol; a run of the same mark (`!!!`, `...`) is one token. Hyphens and slashes
    /// that join two words without a space are no tokens.
    Punctuation,
}

/// How a token stands in its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TokenFlags(u8);

impl TokenFlags {
    /// First token of its line.
    pub const LINE_START: Self = Self(1);
    /// White space (or the start of the text) stands before it.
    pub const SPACED: Self = Self(2);
    /// Its first letter is a capital.
    pub const CAPITALIZED: Self = Self(4);
    /// Two or more letters, all of them capitals.
    pub const CAPS: Self = Self(8);
    /// First token of its paragraph (after a blank line, or the first of the text).
    pub const PARAGRAPH_START: Self = Self(16);
    /// Its first letter is a small one.
    pub const LOWERCASE: Self = Self(32);
    /// Where it stands is kept apart.
    const ODD: Self = Self(64);

    /// Both sets of flags.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// One token. Where it stands, its [`Tokens`] tell: a long draft has millions of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it begins in the decoded text, in bytes; this and the next two mean nothing for an odd one.
    start: u32,
    /// How many bytes it takes, in the text and folded.
    len: u8,
    /// See [`Stand`].
    shift: i8,
    /// What it is.
    pub kind: TokenKind,
    /// How it stands there.
    pub flags: TokenFlags,
}

/// How a sentence ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SentenceEnd {
    /// `?`, also among other marks (`?!`).
    Question,
    /// `!`.
    Exclamation,
    /// `.` or `…`.
    Period,
    /// The end of a line, paragraph or text without a mark.
    Open,
}

/// A sentence: a range of tokens, its closing mark included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    first: u32,
    /// How many tokens it has, above the two bits that say how it ends.
    len_and_end: u32,
}

impl Sentence {
    fn new(tokens: Range<usize>, end: SentenceEnd) -> Self {
        let tokens = TextSpan::of(tokens);
        Self { first: tokens.start(), len_and_end: tokens.len() << 2 | end as u32 }
    }

    /// How it ends.
    #[must_use]
    pub const fn end(self) -> SentenceEnd {
        match self.len_and_end & 3 {
            0 => SentenceEnd::Question,
            1 => SentenceEnd::Exclamation,
            2 => SentenceEnd::Period,
            _ => SentenceEnd::Open,
        }
    }

    /// Its token numbers.
    #[must_use]
    pub const fn tokens(self) -> Range<usize> {
        let first = self.first as usize;
        first..first + (self.len_and_end >> 2) as usize
    }
}

/// So many bytes of a text make a token, or more.
const BYTES_PER_TOKEN: usize = 5;

/// The tokens of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    folded: String,
    tokens: Vec<Token>,
    /// Where the tokens stand, but for what each holds of that itself.
    stand: Stand,
    sentences: Vec<Sentence>,
    /// The sentence of each token whose number is a multiple of [`STEP`]; none where there are no more than that.
    steps: Vec<u32>,
}

/// So many tokens hold few sentences. In a long text they are found from the one that the first of them stands in, for a search
/// among all goes all over its memory.
const STEP: usize = 64;

impl Tokens {
    /// All tokens in text order.
    #[must_use]
    pub fn as_slice(&self) -> &[Token] {
        &self.tokens
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The folded spelling of token `index`; a number, mention, tag, link or mark keeps its sign (`@jo`, `#tag`, `$50`).
    #[must_use]
    #[inline(always)]
    pub fn folded(&self, index: usize) -> &str {
        &self.folded[self.folded_range(index)]
    }

    /// The same as bytes.
    #[inline]
    pub(crate) fn folded_bytes(&self, index: usize) -> &[u8] {
        &self.folded.as_bytes()[self.folded_range(index)]
    }

    /// Where the spelling of a token stands in the whole folded text, in bytes.
    #[must_use]
    #[inline]
    pub fn folded_range(&self, index: usize) -> Range<usize> {
        self.stand.folded(self.tokens[index], index)
    }

    /// Where token `index` stands in the decoded text.
    #[must_use]
    #[inline]
    pub fn place(&self, index: usize) -> TextSpan {
        self.stand.place(self.tokens[index], index)
    }

    /// Adds a token whose folded spelling takes as many bytes as it does in the text, and stands at `folded`.
    #[inline]
    fn add(&mut self, kind: TokenKind, flags: TokenFlags, range: Range<usize>, folded: usize) {
        let folded = TextSpan::of(folded..folded + range.len());
        self.push(kind, flags, TextSpan::of(range), folded.start()..folded.end());
    }

    /// Adds a token, which stands behind all others.
    #[inline]
    fn push(&mut self, kind: TokenKind, flags: TokenFlags, span: TextSpan, folded: Range<u32>) {
        let (start, held) = (span.start(), self.stand.add(self.tokens.len(), span, folded));
        let flags = if held.is_some() { flags } else { flags.with(TokenFlags::ODD) };
        let (len, shift) = held.unwrap_or_default();
        self.tokens.push(Token { start, len, shift, kind, flags });
    }

    /// None yet, with room for those of a text of so many bytes.
    pub(crate) fn with_room(bytes: usize) -> Self {
        let room = bytes / BYTES_PER_TOKEN + 8;
        let (folded, tokens) = (String::with_capacity(bytes), Vec::with_capacity(room));
        Self { folded, tokens, stand: Stand::with_room(room), sentences: Vec::new(), steps: Vec::new() }
    }

    /// For how many tokens there is room.
    pub(crate) fn room(&self) -> usize {
        self.tokens.capacity()
    }

    /// Adds the tokens of the piece of the text behind all others.
    pub(crate) fn append(&mut self, piece: &Self) {
        let number = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        if !self.folded.is_empty() && !piece.folded.is_empty() {
            // Pieces are cut where lines end.
            self.folded.push('\n');
        }
        let behind = number(self.folded.len());
        self.folded.push_str(&piece.folded);
        for (index, token) in piece.tokens.iter().enumerate() {
            let folded = piece.folded_range(index);
            let folded = behind + number(folded.start)..behind + number(folded.end);
            let flags = TokenFlags(token.flags.0 & !TokenFlags::ODD.0);
            self.push(token.kind, flags, piece.place(index), folded);
        }
    }

    /// Finds the sentences, when all tokens are there.
    pub(crate) fn find_sentences(&mut self, spread: &dyn Spread) {
        self.sentences = sentence::find(self, spread);
        if self.len() > STEP {
            let of = |first: usize| self.sentences.partition_point(|sentence| sentence.tokens().end <= first);
            self.steps =
                (0..self.len()).step_by(STEP).map(|first| u32::try_from(of(first)).unwrap_or(u32::MAX)).collect();
        }
    }

    /// Takes away all tokens from number `len` on.
    fn truncate(&mut self, len: usize) {
        self.tokens.truncate(len);
        self.stand.truncate(len);
    }

    /// The whole text folded, tokens and what stands between them; regexes run on this.
    #[must_use]
    pub fn folded_text(&self) -> &str {
        &self.folded
    }

    /// The tokens that a byte range of the folded text touches.
    #[must_use]
    pub fn touched(&self, folded: Range<usize>) -> Range<usize> {
        self.sharing(folded, |index| self.folded_range(index))
    }

    /// The tokens that share a byte with a range of the decoded text.
    #[must_use]
    pub fn covering(&self, text: Range<usize>) -> Range<usize> {
        self.sharing(text, |index| self.place(index).range())
    }

    /// The tokens that share a byte with a range, where `place` tells where each stands.
    fn sharing(&self, range: Range<usize>, place: impl Fn(usize) -> Range<usize>) -> Range<usize> {
        let before = |is: &dyn Fn(usize) -> bool| {
            let (mut low, mut high) = (0, self.len());
            while low < high {
                let middle = low.midpoint(high);
                (low, high) = if is(place(middle).start) { (middle + 1, high) } else { (low, middle) };
            }
            low
        };
        let after = before(&|start| start <= range.start);
        let first = after.checked_sub(1).filter(|&first| place(first).end > range.start).unwrap_or(after);
        first..before(&|start| start < range.end).max(first)
    }

    /// The sentences, in order, covering every token once.
    #[must_use]
    pub fn sentences(&self) -> &[Sentence] {
        &self.sentences
    }

    /// The number of the sentence that holds token `index`; one past the last where none does.
    #[must_use]
    pub fn sentence_of(&self, index: usize) -> usize {
        let first = self.steps.get(index / STEP).map_or(0, |first| *first as usize);
        let rest = self.sentences.get(first..).unwrap_or_default();
        let among = if index < self.len() { &rest[..rest.len().min(STEP)] } else { rest };
        first + among.partition_point(|sentence| sentence.tokens().end <= index)
    }

    /// Where a range of tokens stands in the decoded text; empty at the text's start for an empty range.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> TextSpan {
        if range.is_empty() || range.end > self.tokens.len() {
            return TextSpan::default();
        }
        self.place(range.start).cover(self.place(range.end - 1))
    }
}

/// Splits `text` into tokens by the grammar of `platform` (without one, by a grammar that accepts what any of
/// the three open networks accepts).
///
/// Words are those of UAX #29, cut at colons. A hyphen or slash between two words without spaces is no token, nor is
/// `*`, `_` or `~` that emphasizes, nor what is invisible. Disguises are undone: letters of other alphabets made for
/// mathematics, full-width ones, invisible characters inside words, signs in place of letters (`l!nk`, `fr33`) and
/// words spelled letter by letter (`l i n k`, `D M`).
///
/// In the folded text, which is in lower case, white space between tokens is one space, or one line break if it
/// holds any; at either end there is none.
#[must_use]
pub fn tokenize(text: &str, platform: Option<Platform>) -> Tokens {
    builder::build(text, platform, builder::Path::Fast)
}

/// Where a text can be cut into pieces of about so many bytes: in front of white space with a line break in it.
pub(crate) fn cut(text: &str, piece: usize) -> Vec<Range<usize>> {
    builder::cut(text, piece)
}

/// The tokens of one piece of a text, without sentences; those of all pieces together are those of [`tokenize`].
pub(crate) fn tokenize_piece(text: &str, piece: Range<usize>, platform: Option<Platform>) -> Tokens {
    builder::build_piece(text, piece, platform, builder::Path::Fast)
}

/// The same without the shortcut for plain ASCII, for tests that compare the two.
#[doc(hidden)]
#[must_use]
pub fn tokenize_slowly(text: &str, platform: Option<Platform>) -> Tokens {
    builder::build(text, platform, builder::Path::General)
}
