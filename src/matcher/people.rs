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

/// All of them, numbered from 1.
const PERSONS: [Person; 3] = [Person::Author, Person::Reader, Person::Other];

/// For so many tokens one byte says who their subjects are.
const IN_BYTE: usize = 4;

/// The persons of a part, found once for all rules that ask for them.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// For each token, in two bits: nobody, or the number of a person.
    subjects: Vec<u8>,
    /// How many tokens there are.
    len: usize,
    /// For each sentence, whether it names the author.
    authored: Vec<bool>,
}

impl People {
    pub(super) fn of(tokens: &Tokens, classes: &[Classes], spread: &dyn Spread) -> Self {
        let of = |sentences: &[Sentence], people: &mut Self| people.add(tokens, classes, sentences);
        gather(spread, tokens.sentences(), of, Self::join)
    }

    /// Adds the subject of the next token.
    fn push(&mut self, subject: Option<Person>) {
        let number = subject.map_or(0, |person| person as u8 + 1);
        match self.subjects.last_mut() {
            Some(four) if !self.len.is_multiple_of(IN_BYTE) => *four |= number << (self.len % IN_BYTE * 2),
            _ => self.subjects.push(number),
        }
        self.len += 1;
    }

    /// Adds those of the sentences behind these.
    fn join(&mut self, behind: Self) {
        let taken = self.len % IN_BYTE * 2;
        self.len += behind.len;
        self.authored.extend(behind.authored);
        if taken == 0 {
            self.subjects.extend(behind.subjects);
            return;
        }
        for four in behind.subjects {
            if let Some(last) = self.subjects.last_mut() {
                *last |= four << taken;
            }
            self.subjects.push(four >> (8 - taken));
        }
        self.subjects.truncate(self.len.div_ceil(IN_BYTE));
    }

    fn add(&mut self, tokens: &Tokens, classes: &[Classes], sentences: &[Sentence]) {
        let count = |(first, last): (&Sentence, &Sentence)| last.tokens().end - first.tokens().start;
        self.subjects.reserve(sentences.first().zip(sentences.last()).map_or(0, count) / IN_BYTE + 1);
        self.authored.reserve(sentences.len());
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
                    self.push(nearest);
                } else {
                    self.push(nearest);
                    let mark = tokens.as_slice()[index].kind == TokenKind::Punctuation;
                    if mark && matches!(tokens.folded(index), ";" | ":" | "-" | "--") {
                        nearest = None;
                    }
                }
            }
            self.authored.push(author);
        }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn persons_of_pieces_are_those_of_the_whole(numbers in prop::collection::vec(0..4_usize, 0..40), cuts in prop::collection::vec(0..40_usize, 0..5)) {
            let subject = |number: usize| number.checked_sub(1).map(|number| PERSONS[number]);
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(numbers.len())).chain([0, numbers.len()]).collect();
            cuts.sort_unstable();
            let mut all = People::default();
            for piece in cuts.windows(2) {
                let mut some = People::default();
                numbers[piece[0]..piece[1]].iter().for_each(|number| some.push(subject(*number)));
                all.join(some);
            }
            prop_assert_eq!(all.len, numbers.len());
            for (token, number) in numbers.iter().enumerate() {
                prop_assert_eq!(all.subject(token), subject(*number));
            }
            prop_assert_eq!(all.subjects.len(), numbers.len().div_ceil(IN_BYTE));
        }
    }
}
