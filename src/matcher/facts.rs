//! What is counted in a post, whatever the rules.
//!
//! Invariant: [`About`] counts every sentence that has a word exactly once.

use std::ops::Range;

use super::people::{Person, person_at};
use super::{Reading, TokenRange};
use crate::rule::Class;
use crate::text::{TokenKind, Tokens};

/// Whom the sentences of a post are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The author.
    pub author: u32,
    /// The reader.
    pub reader: u32,
    /// Anybody else.
    pub others: u32,
    /// Nobody: a thing.
    pub topic: u32,
}

/// Counts of a post, over all of its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Words and numbers; links, tags and mentions do not count.
    pub words: u32,
    /// The same without plain disclosures and closing questions, which take no part in what is measured by words.
    pub core_words: u32,
    /// Where plain disclosures stand.
    pub disclosures: Vec<TokenRange>,
    /// Where closing questions stand.
    pub closing: Vec<TokenRange>,
    /// Words that are among the most common English ones.
    pub common: u32,
    /// Sentences with at least one word.
    pub sentences: u32,
    /// Sentences that end in a question mark.
    pub questions: u32,
    /// Whom they are about, told by the first person named in each.
    pub about: About,
}

impl Facts {
    /// Counts. `implied` says whether the author is the unnamed subject of the sentence at these tokens of a part.
    #[must_use]
    pub fn count(readings: &[Reading]) -> Self {
        let mut facts = Self::default();
        for (part, reading) in readings.iter().enumerate() {
            let tokens = reading.tokens.as_slice();
            let words = tokens.iter().filter(|token| counts(token.kind)).count();
            facts.words += small(words);
            facts.core_words += small(words);
            let aside = reading.aside.tokens().filter(|&index| counts(tokens[index].kind));
            facts.core_words -= small(aside.count());
            facts.disclosures.extend(runs(part, reading.aside.disclosing()));
            facts.closing.extend(runs(part, reading.aside.closing()));
            facts.common += small(reading.classes.iter().filter(|classes| classes.has(Class::Common)).count());
            for sentence in reading.tokens.sentences() {
                if !has_word(&reading.tokens, sentence.tokens()) {
                    continue;
                }
                facts.sentences += 1;
                facts.questions += u32::from(sentence.end() == crate::text::SentenceEnd::Question);
            }
        }
        facts
    }

    /// Counts whom the sentences are about. `implied` says whether the author is the unnamed subject of the sentence
    /// with these tokens of a part.
    pub fn count_about(&mut self, readings: &[Reading], implied: impl Fn(usize, Range<usize>) -> bool) {
        self.about = About::default();
        for (part, reading) in readings.iter().enumerate() {
            for sentence in reading.tokens.sentences() {
                let range = sentence.tokens();
                if !has_word(&reading.tokens, range.clone()) {
                    continue;
                }
                let first = range.clone().find_map(|index| named(reading, index, range.end));
                let count = match first {
                    Some(Person::Author) => &mut self.about.author,
                    Some(Person::Reader) => &mut self.about.reader,
                    Some(Person::Other) => &mut self.about.others,
                    None if implied(part, range) => &mut self.about.author,
                    None => &mut self.about.topic,
                };
                *count += 1;
            }
        }
    }
}

/// The person that a token names. Only a possessive or a name yields to the person behind it (`my daughter`); `I won Nurse
/// of the Year` is about who won.
fn named(reading: &Reading, index: usize, limit: usize) -> Option<Person> {
    let author = reading.classes.get(index)?.has(Class::Author);
    let yields = !author || matches!(reading.tokens.folded(index), "my" | "our");
    person_at(&reading.classes, index, if yields { limit } else { index + 1 })
}

/// The runs of these tokens of a part, which rise.
fn runs(part: usize, tokens: impl Iterator<Item = usize>) -> Vec<TokenRange> {
    let mut runs: Vec<TokenRange> = Vec::new();
    for index in tokens {
        let token = TokenRange::new(part, index..index + 1);
        match runs.last_mut() {
            Some(run) if run.end == token.first => run.end = token.end,
            _ => runs.push(token),
        }
    }
    runs
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Whether a token counts among the words of a post.
pub(crate) const fn counts(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Word | TokenKind::Number | TokenKind::Money)
}

fn has_word(tokens: &Tokens, range: Range<usize>) -> bool {
    tokens.as_slice()[range].iter().any(|token| matches!(token.kind, TokenKind::Word | TokenKind::Mention))
}
