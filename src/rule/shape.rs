//! The shape of the score: the numbers of `rules/score.toml`, whose comments give the formulas.
//!
//! Does not compute. Invariant: all numbers are positive and finite.

use super::{List, Text};
use crate::table::{Reader, Table};

/// How weights add up to scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// What the next finding of the same rule counts of the one before.
    pub repeat: f64,
    /// Words up to which length does not matter.
    pub reference_words: f64,
    /// How strongly length damps beyond that.
    pub length: f64,
    /// Where a category saturates.
    pub cap: f64,
    /// Scale of the promotion score.
    pub promotion_scale: f64,
    /// Scale of the conversation score.
    pub conversation_scale: f64,
    /// How much of the conversation score is set against promotion.
    pub credit_share: f64,
    /// Promotion, less that share of conversation, from which the verdict is promotional.
    pub promotional: f64,
    /// Promotion from which the verdict is at least mixed.
    pub mixed: f64,
    /// Posts of more words than so many are also scored by section.
    pub long: f64,
    /// Words of the opening and of the ending, and the fewest of any other section.
    pub section: f64,
    /// The most words of a section that could be cut at the end of a sentence.
    pub section_most: f64,
    /// Promotion of a section, less its share of conversation, from which the verdict on the whole is at least mixed.
    pub section_promotional: f64,
    /// By how much the promotion of a section must exceed that of the whole for it to be named.
    pub hotter: f64,
    /// Words from which a post is long enough to give something before it asks.
    pub value: f64,
    /// Promotion of the first half of such a post below which the verdict on the whole is at most mixed.
    pub value_promotion: f64,
    /// Categories that a declared pitch does not excuse.
    pub holds_in_pitch: List<Text>,
}

/// The keys of the numbers, in the order of the fields.
pub(super) const KEYS: [&str; 16] = [
    "repeat",
    "reference-words",
    "length",
    "cap",
    "promotion-scale",
    "conversation-scale",
    "credit-share",
    "promotional",
    "mixed",
    "long",
    "section",
    "section-most",
    "section-promotional",
    "hotter",
    "value",
    "value-promotion",
];

impl Shape {
    pub(super) fn read(reader: &mut Reader, mut table: Table<'_>) -> Option<Self> {
        let mut numbers = [0.0; KEYS.len()];
        let mut whole = true;
        for (number, key) in numbers.iter_mut().zip(KEYS) {
            match table.number(reader, key) {
                Some(found) if found.value > 0.0 => *number = found.value,
                Some(found) => {
                    reader.report("out-of-range", format!("`{key}` must be more than 0"), found.span);
                    whole = false;
                }
                None => {
                    reader.report("missing-key", format!("`{key}` is missing"), table.span());
                    whole = false;
                }
            }
        }
        let holds = table.strings(reader, "holds-in-pitch").unwrap_or_default();
        table.finish(reader, "the score");
        let [
            repeat,
            reference_words,
            length,
            cap,
            promotion_scale,
            conversation_scale,
            credit_share,
            promotional,
            mixed,
            long,
            section,
            section_most,
            section_promotional,
            hotter,
            value,
            value_promotion,
        ] = numbers;
        whole.then(|| Self {
            repeat,
            reference_words,
            length,
            cap,
            promotion_scale,
            conversation_scale,
            credit_share,
            promotional,
            mixed,
            long,
            section,
            section_most,
            section_promotional,
            hotter,
            value,
            value_promotion,
            holds_in_pitch: holds.into_iter().map(|name| name.value.into()).collect(),
        })
    }
}
