//! Which words stand aside: plain disclosures, and the questions that a part closes with.
//!
//! Looks at tokens only. They are read like all words, but they take no part in what is counted of a post or in where
//! things stand in it, so that nobody gains by a question tacked on to an advertisement, and nobody loses by saying
//! where they stand. Invariant: with another question at the end, what stood aside still does, and the rest still
//! does not.

use std::ops::Range;

use super::bits::Bits;
use crate::rule::{Class, Classes};
use crate::text::spread::{Spread, gather};
use crate::text::{Sentence, SentenceEnd, TokenFlags, TokenKind, Tokens};

/// The words of a part that stand aside.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aside {
    /// The tokens that belong to a plain disclosure.
    disclosing: Bits,
    /// For each token from `closing_from` on, whether it is a word or mark of the closing questions.
    closing: Vec<bool>,
    closing_from: usize,
}

/// Makes a sentence a disclosure, whoever is named.
const TIE: u8 = 1;

/// Does in the first person.
const DOING: u8 = 2;

/// First person: a name in a byline is no disclosure.
const FIRST_PERSON: u8 = 4;

/// What else a plain disclosure may say; no word that sells is among them.
const PLAIN: u8 = 8;

/// Says that something is got.
const GETS: u8 = 16;

/// Is a share of what is sold.
const SHARE: u8 = 32;

/// Belongs to `if you buy`.
const SALE: u8 = 64;

/// What words of disclosures are, letter by letter: nearly every sentence is asked for its first.
const ROLES: [(&str, u8); 108] = [
    ("a", PLAIN),
    ("ad", TIE),
    ("advert", TIE),
    ("advertisement", TIE),
    ("affiliate", TIE),
    ("am", PLAIN),
    ("an", PLAIN),
    ("and", PLAIN),
    ("are", PLAIN),
    ("at", PLAIN),
    ("author", DOING),
    ("bias", TIE),
    ("biased", TIE),
    ("book", SALE),
    ("build", DOING),
    ("built", DOING),
    ("buy", SALE),
    ("by", PLAIN),
    ("click", SALE),
    ("commission", TIE | SHARE),
    ("company", PLAIN),
    ("conflict", PLAIN),
    ("created", DOING),
    ("cut", PLAIN | SHARE),
    ("designed", DOING),
    ("developed", DOING),
    ("disclaimer", TIE),
    ("disclosure", TIE),
    ("earn", PLAIN),
    ("employed", DOING),
    ("employee", DOING),
    ("for", PLAIN),
    ("founded", DOING),
    ("founder", DOING),
    ("from", PLAIN),
    ("full", PLAIN),
    ("get", PLAIN | GETS),
    ("gifted", TIE),
    ("grain", PLAIN),
    ("here", PLAIN),
    ("i", FIRST_PERSON | PLAIN),
    ("i'd", FIRST_PERSON | PLAIN),
    ("i'll", PLAIN),
    ("i'm", FIRST_PERSON | PLAIN),
    ("i've", FIRST_PERSON | PLAIN),
    ("if", SALE),
    ("im", FIRST_PERSON | PLAIN),
    ("in", PLAIN),
    ("interest", TIE),
    ("involved", DOING),
    ("is", PLAIN),
    ("it", PLAIN),
    ("it's", PLAIN),
    ("its", PLAIN),
    ("link", PLAIN),
    ("links", PLAIN),
    ("made", DOING),
    ("maintain", DOING),
    ("maintainer", DOING),
    ("make", DOING),
    ("maker", DOING),
    ("me", FIRST_PERSON | PLAIN),
    ("my", FIRST_PERSON | PLAIN),
    ("myself", FIRST_PERSON | PLAIN),
    ("obvious", PLAIN),
    ("of", PLAIN),
    ("on", PLAIN),
    ("one", PLAIN),
    ("order", SALE),
    ("our", FIRST_PERSON | PLAIN),
    ("own", DOING),
    ("paid", TIE),
    ("partnership", PLAIN),
    ("pay", DOING),
    ("pays", TIE),
    ("pinch", PLAIN),
    ("post", PLAIN),
    ("quick", PLAIN),
    ("run", DOING),
    ("salt", TIE),
    ("sent", DOING),
    ("sponsored", TIE),
    ("take", PLAIN),
    ("team", PLAIN),
    ("that", PLAIN),
    ("the", PLAIN),
    ("them", PLAIN),
    ("there", PLAIN),
    ("these", PLAIN),
    ("they", PLAIN),
    ("thing", PLAIN),
    ("this", PLAIN),
    ("to", PLAIN),
    ("us", FIRST_PERSON | PLAIN),
    ("use", SALE),
    ("was", PLAIN),
    ("we", FIRST_PERSON | PLAIN),
    ("we're", FIRST_PERSON | PLAIN),
    ("we've", FIRST_PERSON | PLAIN),
    ("were", PLAIN),
    ("who", PLAIN),
    ("with", PLAIN),
    ("work", DOING),
    ("working", DOING),
    ("write", DOING),
    ("written", DOING),
    ("wrote", DOING),
    ("you", SALE),
];

/// Tags that say that somebody paid.
const TAGS: [&str; 6] = ["#ad", "#advert", "#advertisement", "#sponsored", "#paidpartnership", "#paidad"];

/// What may stand before a colon at the start of a sentence to label it.
const LABELS: [&str; 5] = ["ad", "advert", "sponsored", "disclosure", "disclaimer"];

/// A plain disclosure has no more words than this.
const MAX_WORDS: usize = 14;

impl Aside {
    /// `present` holds at least the classes that any token has.
    pub(super) fn of(tokens: &Tokens, classes: &[Classes], present: Classes, spread: &dyn Spread) -> Self {
        let mut aside = Self::default();
        let tags = if present.has(Class::Hashtag) { tokens.len() } else { 0 };
        for index in (0..tags).filter(|&index| classes[index].has(Class::Hashtag)) {
            if TAGS.contains(&tokens.folded(index)) {
                aside.disclosing.add(index..index + 1, tokens.len());
            }
        }
        let disclosures = |sentences: &[Sentence], found: &mut Vec<Range<usize>>| {
            let disclosures = sentences.iter().map(|sentence| disclosure(tokens, classes, sentence.tokens()));
            found.extend(disclosures.filter(|tokens| !tokens.is_empty()));
        };
        for disclosure in gather(spread, tokens.sentences(), disclosures, Extend::extend) {
            aside.disclosing.add(disclosure, tokens.len());
        }
        aside.close(tokens);
        aside
    }

    /// The tokens that belong to plain disclosures, rising.
    pub(crate) fn disclosing(&self) -> impl Iterator<Item = usize> {
        self.disclosing.tokens()
    }

    /// Those that belong to the closing questions.
    pub(crate) fn closing(&self) -> impl Iterator<Item = usize> {
        let closing = self.closing.iter().enumerate().filter(|(_, closes)| **closes);
        closing.map(|(index, _)| self.closing_from + index)
    }

    /// All of them, each once.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = usize> {
        self.disclosing().chain(self.closing().filter(|index| !self.discloses(*index)))
    }

    /// Whether a token belongs to a plain disclosure.
    pub(crate) fn discloses(&self, token: usize) -> bool {
        self.disclosing.has(token)
    }

    /// Whether a token belongs to the closing questions.
    pub(crate) fn closes(&self, token: usize) -> bool {
        token >= self.closing_from && self.closing.get(token - self.closing_from) == Some(&true)
    }

    /// Whether a token stands aside for one of the two reasons.
    pub(crate) fn has(&self, token: usize) -> bool {
        self.closes(token) || self.discloses(token)
    }

    /// Questions close a part where nothing but tags, links and disclosures follows them; its first sentence never does.
    /// Tags, links and mentions among them count like all others.
    fn close(&mut self, tokens: &Tokens) {
        let all = tokens.as_slice();
        let discloses = |index: usize| self.disclosing.has(index);
        let says = |range: Range<usize>| range.clone().any(|index| speaks(all[index].kind) && !discloses(index));
        // The first sentence, and be it a link, is what a question would be tacked on to.
        let first = tokens.sentences().iter().position(|sentence| {
            sentence.tokens().any(|index| all[index].kind != TokenKind::Punctuation && !discloses(index))
        });
        let later = tokens.sentences().iter().skip(first.map_or(usize::MAX, |first| first + 1));
        let saying = later.filter(|sentence| says(sentence.tokens()));
        let asked = saying.rev().take_while(|sentence| sentence.end() == SentenceEnd::Question);
        let asked: Vec<Range<usize>> = asked.map(|sentence| sentence.tokens()).collect();
        let Some(from) = asked.last().map(|sentence| sentence.start) else { return };
        let mut closing = vec![false; all.len() - from];
        for index in asked.into_iter().flatten() {
            closing[index - from] = speaks(all[index].kind) || all[index].kind == TokenKind::Punctuation;
        }
        (self.closing, self.closing_from) = (closing, from);
    }
}

fn role(word: &str) -> u8 {
    let first = word.bytes().next().unwrap_or(0).wrapping_sub(b'a') as usize;
    let (Some(&start), Some(&end)) = (STARTS.get(first), STARTS.get(first + 1)) else { return 0 };
    let roles = &ROLES[start as usize..end as usize];
    roles.iter().find(|(known, _)| *known == word).map_or(0, |(_, role)| *role)
}

/// Where the words of each letter start in `ROLES`, and the end.
const STARTS: [u8; 27] = {
    let (mut starts, mut letter, mut at) = ([0; 27], 0, 0);
    while letter < 27 {
        while at < ROLES.len() && ROLES[at].0.as_bytes()[0] < b'a' + letter as u8 {
            at += 1;
        }
        starts[letter] = at as u8;
        letter += 1;
    }
    starts
};

fn speaks(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Word | TokenKind::Number | TokenKind::Money)
}

/// The tokens at the start of a sentence that are nothing but a disclosure: all, a label with its colon, or none.
fn disclosure(tokens: &Tokens, classes: &[Classes], sentence: Range<usize>) -> Range<usize> {
    let all = tokens.as_slice();
    let (mut words, mut ties, mut doings) = (0, 0, 0);
    let (mut author, mut gets, mut shares, mut plain) = (false, false, false, true);
    for index in sentence.clone() {
        match all[index].kind {
            TokenKind::Word => {
                words += 1;
                let word = tokens.folded(index);
                let own = classes[index].has(Class::Own) || classes[index].has(Class::Partner);
                let role = role(word);
                gets |= role & GETS != 0;
                shares |= role & SHARE != 0;
                ties += usize::from(role & TIE != 0);
                doings += usize::from(role & DOING != 0);
                author |= role & FIRST_PERSON != 0;
                // `So` leads to a conclusion (`so I'm biased`), or from a problem to its remedy (`So we built it`).
                plain &= own
                    || role & (TIE | DOING | PLAIN) != 0
                    || word == "so" && words > 1
                    || named(tokens, index)
                    || role & SALE != 0 && on_sale(tokens, index, sentence.clone());
            }
            TokenKind::Punctuation => plain &= !tokens.folded(index).contains('?'),
            TokenKind::Mention => plain &= classes[index].has(Class::Partner) || classes[index].has(Class::Author),
            TokenKind::Hashtag => plain &= TAGS.contains(&tokens.folded(index)),
            _ => plain = false,
        }
        // Most sentences show within a word or two that they are none.
        if !plain {
            break;
        }
    }
    // What is got must be a share: `get the link here` is no disclosure.
    if plain && (shares || !gets) && (ties > 0 || author && doings > 0) && words <= MAX_WORDS {
        return sentence;
    }
    let first = sentence.start;
    let label = first..(first + 3).min(sentence.end);
    let colon = label.clone().find(|&index| is_colon(tokens, index));
    match colon {
        Some(colon)
            if colon > first
                && LABELS.contains(&tokens.folded(colon - 1))
                && (colon == first + 1 || matches!(tokens.folded(first), "full" | "paid")) =>
        {
            first..colon + 1
        }
        _ => first..first,
    }
}

fn is_colon(tokens: &Tokens, index: usize) -> bool {
    let mark = tokens.as_slice()[index].kind == TokenKind::Punctuation;
    mark && matches!(tokens.folded(index).as_bytes(), [b':' | b'-', ..])
}

/// Whether a word is a name behind `at` or `for`: `I work at Elm Street Press`.
fn named(tokens: &Tokens, index: usize) -> bool {
    let capital = |index: usize| tokens.as_slice()[index].flags.has(TokenFlags::CAPITALIZED);
    if !capital(index) {
        return false;
    }
    let names =
        (index.saturating_sub(3)..index).rev().take_while(|&before| capital(before)).last().unwrap_or(index);
    let leads = names.checked_sub(1).map(|before| tokens.folded(before));
    matches!(leads, Some("at" | "for" | "on" | "with" | "by" | "of"))
}

/// Whether a word belongs to `if you buy`, the one thing about selling that a disclosure has to say.
fn on_sale(tokens: &Tokens, index: usize, sentence: Range<usize>) -> bool {
    let word = |index: usize| if sentence.contains(&index) { tokens.folded(index) } else { "" };
    let sells = |index: usize| matches!(word(index), "buy" | "order" | "use" | "click" | "book");
    (index.saturating_sub(2)..=index)
        .any(|first| word(first) == "if" && word(first + 1) == "you" && sells(first + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::spread::Alone;
    use crate::text::tokenize;

    /// `expected` is what stands aside, run by run.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let tokens = tokenize(text, None);
        let class = |index: usize| match tokens.as_slice()[index].kind {
            TokenKind::Hashtag => Classes::of(&[Class::Hashtag]),
            _ => Classes::default(),
        };
        let classes: Vec<Classes> = (0..tokens.len()).map(class).collect();
        let aside = Aside::of(&tokens, &classes, Classes::of(&[Class::Hashtag]), &Alone);
        let all: Vec<usize> = (0..tokens.len()).filter(|&token| aside.has(token)).collect();
        let runs = all.chunk_by(|a, b| a + 1 == *b);
        let said: Vec<&str> = runs.map(|run| &text[tokens.span(run[0]..run[run.len() - 1] + 1).range()]).collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn roles_are_looked_up_by_letter() {
        assert!(ROLES.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!((role("i"), role("sold"), role("made")), (FIRST_PERSON | PLAIN, 0, DOING));
    }

    #[test]
    fn plain_disclosures_stand_aside() {
        check("I made this. It prints lists.", &["I made this."]);
        check(
            "It prints lists. Full disclosure: I work at Elm Street Press.",
            &["Full disclosure: I work at Elm Street Press."],
        );
        check("Boots and rain #ad #hiking", &["#ad"]);
        check("Ad: the boots are warm.", &["Ad:"]);
        check(
            "Affiliate link, I get a cut. I get a commission if you buy.",
            &["Affiliate link, I get a cut. I get a commission if you buy."],
        );
    }

    #[test]
    fn what_sells_or_tells_is_no_disclosure() {
        check("So we built Acme.", &[]);
        check("Ad: get the link here, buy now.", &["Ad:"]);
        check("I made this for tired nurses.", &[]);
        check("Written by Sam, for the paper.", &[]);
        check("I made this: https://acme.dev", &[]);
        check("Who made this?", &[]);
    }

    #[test]
    fn closing_questions_stand_aside() {
        check("Buy now. Thoughts?", &["Thoughts?"]);
        check("Buy now. Why? Which one? https://acme.dev #pots", &["Why? Which one?"]);
        check("Buy now. Why not? It is cheap.", &[]);
        // What a question is tacked on to may be a question itself, or a link.
        check("Tired of lists? Agree?", &["Agree?"]);
        check("Tired of lists?", &[]);
        check("https://acme.dev\nThoughts?", &["Thoughts?"]);
        check("Buy now. Thoughts? I made this.", &["Thoughts? I made this."]);
    }
}
