//! Which persons the words of a part name, and who is the subject where.
//!
//! Told by word classes alone. Invariant: a person reaches no further than the end of the sentence.

use crate::rule::{Class, Classes};
use crate::text::spread::{Spread, gather};
use crate::text::{Sentence, TokenKind, Tokens};

/// A kind of person that a sentence can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Person {
    Author,
    Reader,
    Other,
}

/// Which person a token is, if any.
fn person(classes: Classes) -> Option<Person> {
    const PERSONS: Classes = Classes(
        Class::Author.bit() | Class::Own.bit() | Class::Other.bit() | Class::Partner.bit() | Class::Reader.bit(),
    );
    if !classes.meets(PERSONS) {
        None
    } else if classes.has(Class::Author) || classes.has(Class::Own) {
        Some(Person::Author)
    } else if classes.has(Class::Other) || classes.has(Class::Partner) {
        Some(Person::Other)
    } else {
        Some(Person::Reader)
    }
}

/// `my daughter`, `our neighbour`: the possessive yields to the person behind it.
pub(crate) fn person_at(classes: &[Classes], index: usize, limit: usize) -> Option<Person> {
    let found = person(*classes.get(index)?);
    if found != Some(Person::Author) {
        return found;
    }
    let kin = (index + 1..limit.min(index + 3)).any(|next| classes[next].has(Class::Kin));
    if kin { Some(Person::Other) } else { found }
}

/// The persons of a part, found once for all rules that ask for them.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// For each token.
    subjects: Vec<Option<Person>>,
    /// For each sentence, whether it names the author.
    authored: Vec<bool>,
}

impl People {
    pub(super) fn of(tokens: &Tokens, classes: &[Classes], spread: &dyn Spread) -> Self {
        let of = |sentences: &[Sentence], people: &mut Self| people.add(tokens, classes, sentences);
        gather(spread, tokens.sentences(), of, |people, more| {
            people.subjects.extend(more.subjects);
            people.authored.extend(more.authored);
        })
    }

    fn add(&mut self, tokens: &Tokens, classes: &[Classes], sentences: &[Sentence]) {
        let Self { subjects, authored } = self;
        let count = |(first, last): (&Sentence, &Sentence)| last.tokens().end - first.tokens().start;
        subjects.reserve(sentences.first().zip(sentences.last()).map_or(0, count));
        authored.reserve(sentences.len());
        for sentence in sentences {
            let sentence = sentence.tokens();
            let (mut nearest, mut author) = (None, false);
            for index in sentence.clone() {
                let named = person_at(classes, index, classes.len());
                author |= named.is_some() && person_at(classes, index, sentence.end) == Some(Person::Author);
                // A place is no person: `in Leeds`, `at Acme`.
                let place = index > sentence.start && classes[index - 1].has(Class::Place);
                if named.is_some() && !(place && classes[index].has(Class::Name)) {
                    nearest = named;
                    subjects.push(nearest);
                } else {
                    subjects.push(nearest);
                    let mark = tokens.as_slice()[index].kind == TokenKind::Punctuation;
                    if mark && matches!(tokens.folded(index), ";" | ":" | "-" | "--") {
                        nearest = None;
                    }
                }
            }
            authored.push(author);
        }
    }

    /// The nearest person at or before a token, in its sentence and behind the last colon, semicolon or dash; none where
    /// nobody is named.
    pub(super) fn subject(&self, token: usize) -> Option<Person> {
        self.subjects.get(token).copied().flatten()
    }

    /// Whether a sentence names the author.
    pub(super) fn names_author(&self, sentence: usize) -> bool {
        self.authored.get(sentence) == Some(&true)
    }
}
