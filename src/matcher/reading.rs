//! A part made ready for matching: every token with its word number, classes and whether it is quoted.
//!
//! Does not match. Invariant: classes and word numbers are as many as the tokens.

use std::ops::Range;
use std::sync::OnceLock;

use super::aside::Aside;
use super::marks::Marks;
use super::people::People;
use super::quotes::{Quoted, may_quote};
use crate::document::{Part, Post};
use crate::rule::numbers::Numbers;
use crate::rule::tables::{Keys, Words};
use crate::rule::{Class, Classes, RuleSet};
use crate::text::spread::{Alone, Spread, in_order, is_shared};
use crate::text::token::{cut, tokenize_piece};
use crate::text::{Platform, Token, TokenFlags, TokenKind, Tokens};

/// The tokens of one part with what rules ask of them.
#[derive(Debug)]
pub struct Reading {
    /// The tokens.
    pub tokens: Tokens,
    /// The classes of each token.
    pub classes: Vec<Classes>,
    /// All classes that any token has.
    pub(crate) present: Classes,
    /// Which of them are somebody else's words.
    pub(crate) quoted: Quoted,
    /// Which of them take no part in what is counted.
    pub(crate) aside: Aside,
    /// Where own, self and partner names start, and how many tokens each covers.
    pub(crate) names: Vec<(u32, u8)>,
    /// Filled when the first rule asks who a sentence is about; asked anew for each match, a long sentence would take the
    /// square of its time.
    people: OnceLock<People>,
    /// The number of each token in the shipped tables.
    words: Numbers,
    /// The same in the tables of a user's rules.
    added: Numbers,
}

impl Reading {
    /// Its tokens for the shipped tables.
    pub(crate) fn shipped(&self) -> Keys<'_> {
        Keys { words: &self.words, classes: &self.classes, names: &self.names }
    }

    /// Its tokens for the tables of a user's rules.
    pub(crate) fn added(&self) -> Keys<'_> {
        Keys { words: &self.added, classes: &self.classes, names: &self.names }
    }

    /// Its persons.
    pub(crate) fn people(&self) -> &People {
        self.people.get_or_init(|| People::of(&self.tokens, &self.classes, &Alone))
    }

    /// Finds the persons of a long part, on all threads: later one would do it and the others wait.
    pub(crate) fn meet_people(&self, spread: &dyn Spread) {
        if is_shared(spread, self.tokens.sentences()) {
            self.people.get_or_init(|| People::of(&self.tokens, &self.classes, spread));
        }
    }

    /// Lets go of what is asked no more where all phrases are found: in a long draft that is nearly as much as its text.
    pub(crate) fn forget_words(&mut self) {
        (self.words, self.added) = (Numbers::default(), Numbers::default());
    }

    /// Lets go of what is asked no more where all matches are found, which is as much once more.
    pub(crate) fn forget_classes(&mut self) {
        self.forget_words();
        self.classes = Vec::new();
        self.people.take();
    }
}

/// Reads all parts of a post by the grammar of its first platform.
#[must_use]
pub fn read(
    post: &Post,
    rules: &RuleSet,
    marks: &Marks,
    platform: Option<Platform>,
    spread: &dyn Spread,
) -> Vec<Reading> {
    post.parts.iter().map(|part| part_reading(part, rules, marks, platform, spread)).collect()
}

/// So many bytes of a text are read at a time where several threads share in it: enough to be worth handing over, and so few
/// that what is under way takes little beside the whole.
const PIECE: usize = 32 << 10;

/// A text with a piece of more bytes is read on one thread: pieces are cut where lines end, and this is no line of prose.
const LONGEST_PIECE: usize = 8 * PIECE;

/// Tokens with what is known of each without a look at the others.
#[derive(Default)]
struct Piece {
    tokens: Tokens,
    words: Numbers,
    classes: Vec<Classes>,
    added: Numbers,
    /// All classes that any token has.
    present: Classes,
    /// How many are words, and how many of these are in capitals.
    spoken: usize,
    loud: usize,
    /// Whether a mark may begin or end a quotation.
    quotes: bool,
}

impl Piece {
    fn read(text: &str, piece: Range<usize>, rules: &RuleSet, platform: Option<Platform>) -> Self {
        let tokens = tokenize_piece(text, piece, platform);
        let (shipped, added) = rules.tables();
        let known = shipped.words();
        let words = Numbers::of(&known, &tokens);
        let (mut present, mut spoken, mut loud, mut quotes) = (Classes::default(), 0, 0, false);
        let class = |(index, token): (usize, &Token)| {
            let folded = || tokens.folded_bytes(index);
            let own = classes_of(*token, folded, words.get(index), &known);
            present = Classes(present.0 | own.0);
            spoken += usize::from(token.kind == TokenKind::Word);
            loud += usize::from(is_loud(token));
            quotes |= token.kind == TokenKind::Punctuation && may_quote(folded());
            own
        };
        let classes = tokens.as_slice().iter().enumerate().map(class).collect();
        let added = added.map_or_else(Numbers::default, |tables| Numbers::of(&tables.words(), &tokens));
        Self { tokens, words, classes, added, present, spoken, loud, quotes }
    }

    /// All of a text, in pieces where several threads gain by it.
    fn whole(text: &str, rules: &RuleSet, platform: Option<Platform>, spread: &dyn Spread) -> Self {
        let read = |piece: &Range<usize>| Self::read(text, piece.clone(), rules, platform);
        if text.len() <= PIECE || spread.threads() < 2 {
            return read(&(0..text.len()));
        }
        let pieces = cut(text, PIECE);
        // What waits to be joined takes room beside the whole.
        if pieces.iter().any(|piece| piece.len() > LONGEST_PIECE) {
            return read(&(0..text.len()));
        }
        let tokens = Tokens::with_room(text.len());
        let words = Numbers::with_room(&rules.tables().0.words(), tokens.room());
        let classes = Vec::with_capacity(tokens.room());
        let mut whole = Self { tokens, words, classes, ..Self::default() };
        in_order(spread, &pieces, read, |piece| {
            whole.tokens.append(&piece.tokens);
            whole.words.append(piece.words);
            whole.classes.extend(piece.classes);
            whole.added.append(piece.added);
            whole.present = Classes(whole.present.0 | piece.present.0);
            whole.spoken += piece.spoken;
            whole.loud += piece.loud;
            whole.quotes |= piece.quotes;
        });
        whole
    }
}

fn part_reading(
    part: &Part,
    rules: &RuleSet,
    marks: &Marks,
    platform: Option<Platform>,
    spread: &dyn Spread,
) -> Reading {
    let piece = Piece::whole(&part.text, rules, platform, spread);
    let Piece { mut tokens, words, mut classes, added, mut present, spoken, loud, quotes } = piece;
    tokens.find_sentences(spread);
    let names = mark_names(&tokens, marks, &words, &mut classes);
    let aside = Aside::of(&tokens, &classes, present, spread);
    let among =
        |is: &dyn Fn(&Token) -> bool| aside.tokens().filter(|&index| is(&tokens.as_slice()[index])).count();
    let spoken = spoken - among(&|token| token.kind == TokenKind::Word);
    let loud = loud - among(&is_loud);
    // Capitals shout only beside other capitals (`BIG NEWS`, not `NASA`), and not in a text that is all in capitals.
    let refined = loud > 1 && loud * 10 <= spoken * 7;
    if refined {
        refine(&tokens, &aside, &mut classes);
    }
    if refined || !names.is_empty() {
        present = classes.iter().fold(Classes::default(), |all, one| Classes(all.0 | one.0));
    }
    let quoted = Quoted::of(part, &tokens, &classes, &aside, (quotes, spoken));
    Reading { tokens, classes, present, quoted, aside, names, people: OnceLock::new(), words, added }
}

/// What has one of these has others too, or may not have them.
const REFINED: Classes = Classes::of(&[Class::Mark, Class::Mention, Class::Kin, Class::Name]);

#[inline]
fn classes_of<'a>(token: Token, folded: impl Fn() -> &'a [u8], number: u32, known: &Words<'_>) -> Classes {
    let mut classes = known.classes(number);
    if classes.0 == 0
        && let [possessor @ .., b'\'', b's'] = folded()
    {
        classes = known.classes(known.number(possessor));
    }
    classes = classes.with(match token.kind {
        TokenKind::Word => Class::Word,
        TokenKind::Number => Class::Number,
        TokenKind::Money => Class::Money,
        TokenKind::Mention => Class::Mention,
        TokenKind::Hashtag => Class::Hashtag,
        TokenKind::Cashtag => Class::Cashtag,
        TokenKind::Url => Class::Url,
        TokenKind::Email => Class::Email,
        TokenKind::Emoji => Class::Emoji,
        TokenKind::Punctuation => Class::Mark,
    });
    if classes.meets(REFINED) { refined(classes, token, folded()) } else { classes }
}

fn refined(mut classes: Classes, token: Token, folded: &[u8]) -> Classes {
    if token.kind == TokenKind::Punctuation && folded.contains(&b'?') {
        classes = classes.with(Class::Question);
    }
    if classes.has(Class::Kin) || token.kind == TokenKind::Mention {
        classes = classes.with(Class::Other);
    }
    if classes.has(Class::Name) {
        classes = if token.flags.has(TokenFlags::CAPITALIZED) {
            classes.with(Class::Other)
        } else {
            classes.without(Class::Name)
        };
    }
    classes
}

/// Where names of the account and its partners start, and how many tokens each covers. The account's own names are no
/// third persons.
fn mark_names(tokens: &Tokens, marks: &Marks, words: &Numbers, classes: &mut [Classes]) -> Vec<(u32, u8)> {
    let mut names = Vec::new();
    if marks.is_empty() {
        return names;
    }
    for index in 0..classes.len() {
        let is_given = || is_given(tokens, marks, index, words.get(index), classes[index]);
        let given = || is_given().then_some((Classes::of(&[Class::Author]), 1));
        let Some((name, len)) = marks.at(tokens, index).or_else(given) else { continue };
        names.push((u32::try_from(index).unwrap_or(u32::MAX), u8::try_from(len).unwrap_or(u8::MAX)));
        for classes in classes.iter_mut().skip(index).take(len) {
            *classes = Classes(classes.0 | name.0);
            if !name.has(Class::Partner) {
                *classes = classes.without(Class::Other).without(Class::Name);
            }
        }
    }
    names
}

/// A given name is one where it is written as a name, and is no common word besides.
fn is_given(tokens: &Tokens, marks: &Marks, index: usize, word: u32, classes: Classes) -> bool {
    tokens.as_slice()[index].flags.has(TokenFlags::CAPITALIZED)
        && (word == 0 || classes.has(Class::Name))
        && marks.is_given(tokens.folded(index))
}

fn is_loud(token: &Token) -> bool {
    token.kind == TokenKind::Word && token.flags.has(TokenFlags::CAPS)
}

/// Marks words in capitals beside each other, of which one has four letters or more.
fn refine(tokens: &Tokens, aside: &Aside, classes: &mut [Classes]) {
    for (one, pair) in tokens.as_slice().windows(2).enumerate() {
        let shouts = |index: usize| !aside.has(index);
        let long = || tokens.place(one).len() >= 4 || tokens.place(one + 1).len() >= 4;
        if pair.iter().all(is_loud) && shouts(one) && shouts(one + 1) && long() {
            for index in [one, one + 1] {
                classes[index] = classes[index].with(Class::Caps);
            }
        }
    }
}
