//! How often words and classes stand in drafts, roughly: what phrases are looked for by.
//!
//! Decides nothing but how long a search takes. Invariant: a rate is above zero, and says how many of a million tokens
//! are such a one.

use std::collections::HashMap;

use super::class::Class;

/// Common words and marks, commonest first: the one in place N makes up one token in 16 N or so.
const COMMON: &str = ". , the to and a i of in is you it that for ! on my we with this be ? our was have your : me are so \
    at not but just all from out like do as up what if they about can or one get will an by more when has no he now \
    know us new - there time would how some her people think go she who really good been day see want had got make \
    need work love first its it's i'm don't here most only into back over than them him his their were did could \
    should even also much very off after where why then two way best years year last life great thank thanks today \
    free never because these those every being going still too any well which help please \" ( ) / ' & ; week look \
    right find take before let come things thing many long say made little home through again";

/// The rate of the first of [`COMMON`].
const MOST: u32 = 60_000;

/// What a word has at least that stands in the list of the class `common`.
const LISTED: u32 = 250;

/// What each rule that knows a word adds: words that rules share are words that people use.
const SHARED: u32 = 8;

/// The rates of words that are known to be common.
pub(super) fn common() -> HashMap<&'static str, u32> {
    let mut rates = HashMap::new();
    for (word, place) in COMMON.split_ascii_whitespace().zip(1..) {
        rates.entry(word).or_insert(MOST / place);
    }
    rates
}

/// The rate of a word that `rules` rules look for: `ranked` is that among the common ones, 0 for none; `listed` says whether it is
/// of the class `common`.
pub(super) fn word(ranked: u32, rules: u32, listed: bool) -> u32 {
    let guessed = SHARED.saturating_mul(rules.saturating_add(1)).min(5_000);
    ranked.max(guessed).max(if listed { LISTED } else { 0 })
}

/// The rate of a class.
pub(super) const fn class(class: Class) -> u32 {
    match class {
        Class::Word => 800_000,
        Class::Common => 450_000,
        Class::Mark => 120_000,
        Class::Lead => 80_000,
        Class::Author => 60_000,
        Class::Other => 50_000,
        Class::Place => 40_000,
        Class::Reader => 30_000,
        Class::Emoji | Class::Hashtag | Class::Number | Class::Negator | Class::Interrogative => 15_000,
        Class::Own | Class::Partner | Class::Mention | Class::Url | Class::OwnLink | Class::Kin | Class::Name => {
            8_000
        }
        Class::Question | Class::HypeEmoji | Class::Caps => 6_000,
        Class::Money | Class::Cashtag | Class::Email | Class::Namesake => 3_000,
    }
}
