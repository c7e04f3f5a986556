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
    if classes.has(Class::Author) || classes.has(Class::Own) {
        Some(Person::Author)
    } else if classes.has(Class::Other) || classes.has(Class::Partner) {
        Some(Person::Other)
    } else if classes.has(Class::Reader) {
        Some(Person::Reader)
    } else {
        None
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

/// The nearest person at or before a token, in its sentence and behind the last colon, semicolon or dash; none where
/// nobody is named.
pub(super) fn subject(tokens: &Tokens, classes: &[Classes], token: usize) -> Option<Person> {
    let start = tokens.sentences().get(tokens.sentence_of(token))?.tokens().start;
    for index in (start..=token).rev() {
        let named = person_at(classes, index, classes.len());
        // A place is no person: `in Leeds`, `at Acme`.
        let place = || index > start && classes[index - 1].has(Class::Place) && classes[index].has(Class::Name);
        if named.is_some() && !place() {
            return named;
        }
        let mark = tokens.as_slice()[index].kind == TokenKind::Punctuation;
        if index < token && mark && matches!(tokens.folded(index), ";" | ":" | "-" | "--") {
            return None;
        }
    }
    None
}

/// Whether a sentence of a part names the author.
pub(super) fn names_author(tokens: &Tokens, classes: &[Classes], sentence: usize) -> bool {
    let Some(sentence) = tokens.sentences().get(sentence) else { return false };
    let mut tokens = sentence.tokens();
    tokens.any(|index| person_at(classes, index, sentence.tokens().end) == Some(Person::Author))
}
