//! When a hit does not count: whose doing it is, negation, clause start, quotes, what stands near.
//!
//! Looks at tokens only. Invariant: a guard only removes matches, it never makes one.

use super::hits::Hits;
use super::people::{Person, person_at};
use super::{Match, Reading, Search, TokenRange};
use crate::rule::tables::Slot;
use crate::rule::{Class, Guards, RuleId, Subject};
use crate::text::TokenKind;

/// How many words before a match a negator reaches.
const NEGATION_REACH: usize = 4;

/// Whether a match at `place` survives the guards that look at tokens around it.
pub(super) fn passes(search: &Search<'_>, hits: &Hits, id: RuleId, place: TokenRange) -> bool {
    let rule = search.rules.rule(id);
    let guards = &rule.guards;
    let reading = &search.readings[place.part as usize];
    let range = place.tokens();
    // A disclosure promotes nothing; only how it is made may be wrong.
    if !rule.credit && !rule.is_in("disclosure") && search.discloses(place) {
        return false;
    }
    if guards.skip_quotes && range.clone().any(|index| reading.quoted.has(index)) {
        return false;
    }
    if guards.negation && negated(reading, range.start) {
        return false;
    }
    if guards.clause_start && !starts_clause(reading, range.start) {
        return false;
    }
    // A question that closes the draft excuses what stands in it, and nothing else.
    let sentence = |place: TokenRange| (place.part, reading.tokens.sentence_of(place.first as usize));
    let excuses = |hit: TokenRange| search.excuses(id, hit) || sentence(hit) == sentence(place);
    let around = || sentences_around(search, place, 1);
    subject_fits(guards, reading, range.start)
        && !hits.of(id, Slot::Unless).iter().any(|&hit| excuses(hit))
        && (hits.of(id, Slot::UnlessNear).is_empty()
            || !hits.starting_in(id, Slot::UnlessNear, around()).any(excuses))
}

fn sentence_start(reading: &Reading, index: usize) -> usize {
    let sentences = reading.tokens.sentences();
    sentences.get(reading.tokens.sentence_of(index)).map_or(0, |sentence| sentence.tokens().start)
}

fn subject_fits(guards: &Guards, reading: &Reading, first: usize) -> bool {
    if guards.subject == Subject::Any {
        return true;
    }
    // An imperative speaks to the reader: whoever was named before its clause is not its subject.
    let found = match guards.clause_start {
        true => person_at(&reading.classes, first, reading.classes.len()),
        false => reading.people().subject(first),
    };
    match guards.subject {
        Subject::Any | Subject::AuthorOrPromotion => {
            found != Some(Person::Other) || guards.subject == Subject::Any
        }
        Subject::Author => found == Some(Person::Author),
        Subject::AuthorOrImplied => matches!(found, Some(Person::Author) | None),
        Subject::NotOther => found != Some(Person::Other),
    }
}

/// Whether a match of a `self-or-promo` rule stands in a sentence that names nothing of the author's, so that only
/// another promotional finding can make it count.
pub(super) fn needs_promotion(search: &Search<'_>, found: &Match) -> bool {
    if search.rules.rule(found.rule).guards.subject != Subject::AuthorOrPromotion {
        return false;
    }
    let reading = &search.readings[found.place.part as usize];
    let sentence = reading.tokens.sentence_of(found.place.first as usize);
    !reading.people().names_author(sentence)
}

fn negated(reading: &Reading, first: usize) -> bool {
    let start = sentence_start(reading, first);
    let mut words = 0;
    for index in (start..first).rev() {
        let token = reading.tokens.as_slice()[index];
        if token.kind == TokenKind::Punctuation {
            let mark = reading.tokens.folded(index);
            if matches!(mark.chars().next(), Some(',' | ';' | ':' | '(' | ')' | '-')) {
                return false;
            }
            continue;
        }
        if reading.tokens.folded(index) == "but" {
            return false;
        }
        words += 1;
        if words > NEGATION_REACH {
            return false;
        }
        if reading.classes[index].has(Class::Negator) {
            // `not only`, `never been so` say more, not less.
            let next = (index + 1 < reading.tokens.len()).then(|| reading.tokens.folded(index + 1));
            return !matches!(next, Some("only" | "just" | "been" | "felt"));
        }
    }
    false
}

fn starts_clause(reading: &Reading, first: usize) -> bool {
    let start = sentence_start(reading, first);
    if first == start {
        return true;
    }
    // `Please just book`: words that lead in are stepped over, back to where the clause starts.
    let mut at = first;
    while at > start && reading.classes[at - 1].has(Class::Lead) {
        if CONJUNCTIONS.contains(&reading.tokens.folded(at - 1)) {
            return true;
        }
        at -= 1;
    }
    let border = [Class::Mark, Class::Emoji, Class::Hashtag, Class::Mention, Class::Url];
    at == start
        || border.iter().any(|&class| reading.classes[at - 1].has(class))
        || reading.tokens.as_slice()[at].flags.has(crate::text::TokenFlags::LINE_START)
}

/// Words that a new clause starts behind, whatever stands before them.
const CONJUNCTIONS: [&str; 6] = ["and", "or", "but", "so", "then", "&"];

/// The tokens of the sentence of a place, of as many `before` it, and of the next.
pub(super) fn sentences_around(search: &Search<'_>, place: TokenRange, before: usize) -> TokenRange {
    let tokens = &search.readings[place.part as usize].tokens;
    let sentence = tokens.sentence_of(place.first as usize);
    let all = tokens.sentences().get(sentence.saturating_sub(before)..).unwrap_or_default();
    let last = all.get(sentence.min(before) + 1).or(all.last());
    let (first, last) = (all.first().map(|one| one.tokens().start), last.map(|one| one.tokens().end));
    TokenRange { part: place.part, ..TokenRange::new(0, first.unwrap_or_default()..last.unwrap_or_default()) }
}
