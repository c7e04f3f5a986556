//! Which persons the words of a part name, and who is the subject where.
//!
//! Told by word classes alone. Invariant: a person reaches no further than the end of the sentence.

use crate::rule::{Class, Classes};
use crate::text::{TokenKind, Tokens};

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

/// All of them, numbered from 1.
const PERSONS: [Person; 3] = [Person::Author, Person::Reader, Person::Other];

/// For so many tokens one byte says who their subjects are.
const IN_BYTE: usize = 4;

/// Adds the subject of token `index`, behind those of all tokens before it.
fn push(subjects: &mut Vec<u8>, index: usize, subject: Option<Person>) {
    let number = subject.map_or(0, |person| person as u8 + 1);
    match subjects.last_mut() {
        Some(four) if !index.is_multiple_of(IN_BYTE) => *four |= number << (index % IN_BYTE * 2),
        _ => subjects.push(number),
    }
}

/// The persons of a part, found once for all rules that ask for them.
#[derive(Debug)]
pub(crate) struct People {
    /// For each token, in two bits: nobody, or the number of a person.
    subjects: Vec<u8>,
    /// For each sentence, whether it names the author.
    authored: Vec<bool>,
}

impl People {
    pub(super) fn of(tokens: &Tokens, classes: &[Classes]) -> Self {
        let mut subjects = Vec::with_capacity(tokens.len() / IN_BYTE + 1);
        let mut authored = Vec::with_capacity(tokens.sentences().len());
        for sentence in tokens.sentences() {
            let sentence = sentence.tokens();
            let (mut nearest, mut author) = (None, false);
            for index in sentence.clone() {
                let named = person_at(classes, index, classes.len());
                author |= named.is_some() && person_at(classes, index, sentence.end) == Some(Person::Author);
                // A place is no person: `in Leeds`, `at Acme`.
                let place = index > sentence.start && classes[index - 1].has(Class::Place);
                if named.is_some() && !(place && classes[index].has(Class::Name)) {
                    nearest = named;
                    push(&mut subjects, index, nearest);
                } else {
                    push(&mut subjects, index, nearest);
                    let mark = tokens.as_slice()[index].kind == TokenKind::Punctuation;
                    if mark && matches!(tokens.folded(index), ";" | ":" | "-" | "--") {
                        nearest = None;
                    }
                }
            }
            authored.push(author);
        }
        Self { subjects, authored }
    }

    /// The nearest person at or before a token, in its sentence and behind the last colon, semicolon or dash; none where
    /// nobody is named.
    pub(super) fn subject(&self, token: usize) -> Option<Person> {
        let four = *self.subjects.get(token / IN_BYTE)?;
        PERSONS.get(usize::from(four >> (token % IN_BYTE * 2) & 3).checked_sub(1)?).copied()
    }

    /// Whether a sentence names the author.
    pub(super) fn names_author(&self, sentence: usize) -> bool {
        self.authored.get(sentence) == Some(&true)
    }
}
