//! How long a post is, in the way each network counts.
//!
//! Does not hold the limits of other networks than X, whose library ties both together. Invariant: a longer text of
//! the same characters never counts less.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::emoji::is_emoji;
use super::grammar::{self, Entity, x};
use super::{Platform, TokenKind};

/// What a link counts on X and on Mastodon, whatever its length.
const LINK: usize = 23;

/// The published generations of X's counting rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    /// 140 code points.
    V1,
    /// 280, where characters outside of a few ranges count two.
    V2,
    /// The same, and an emoji counts two, however many code points it has. In force.
    V3,
}

impl Weights {
    const fn limit(self) -> usize {
        if matches!(self, Self::V1) { 140 } else { 280 }
    }

    /// From twitter-text's `config/v3.json`, in whole characters.
    const fn of(self, c: char) -> usize {
        match c {
            _ if matches!(self, Self::V1) => 1,
            '\u{0}'..='\u{10FF}' | '\u{2000}'..='\u{200D}' | '\u{2010}'..='\u{201F}' | '\u{2032}'..='\u{2037}' => {
                1
            }
            _ => 2,
        }
    }
}

/// The length of a post on X. Offsets count UTF-16 code units, as the network does, and are inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weighted {
    /// Characters that count.
    pub weighted: usize,
    /// Whether it can be posted: something, not too long, no forbidden character.
    pub valid: bool,
    /// Thousandths of the limit.
    pub permillage: usize,
    /// First and last unit of the part that fits.
    pub valid_range: (usize, usize),
    /// First and last unit of the whole.
    pub display_range: (usize, usize),
}

/// Counts `text` as X does, after bringing it into its composed form.
#[must_use]
pub fn weighted_length(text: &str, weights: Weights) -> Weighted {
    let composed: String = text.nfc().collect();
    let mut count = Count { weights, weighted: 0, units: 0, last: 0, valid: true };
    let mut at = 0;
    for link in x::urls(&composed) {
        count.add_text(&composed[at..link.start]);
        count.add(&composed[link.clone()], LINK);
        at = link.end;
    }
    count.add_text(&composed[at..]);
    let units = text.encode_utf16().count();
    let last = (count.last + units).saturating_sub(count.units);
    Weighted {
        weighted: count.weighted,
        valid: count.valid && (1..=weights.limit()).contains(&count.weighted),
        permillage: count.weighted * 1000 / weights.limit(),
        valid_range: (0, last),
        display_range: (0, units.saturating_sub(1)),
    }
}

struct Count {
    weights: Weights,
    weighted: usize,
    units: usize,
    last: usize,
    valid: bool,
}

impl Count {
    fn add_text(&mut self, text: &str) {
        for cluster in text.graphemes(true) {
            if self.weights == Weights::V3 && is_emoji(cluster) {
                self.add(cluster, 2);
                continue;
            }
            for c in cluster.chars() {
                self.add(c.encode_utf8(&mut [0; 4]), self.weights.of(c));
            }
        }
    }

    fn add(&mut self, piece: &str, weight: usize) {
        self.weighted += weight;
        self.units += piece.encode_utf16().count();
        self.valid &= !piece.contains(['\u{FFFE}', '\u{FEFF}', '\u{FFFF}']);
        if self.valid && self.weighted <= self.weights.limit() {
            self.last = self.units.saturating_sub(1);
        }
    }
}

/// The length of a post on Bluesky: grapheme clusters (at most 300) and bytes (at most 3000).
#[must_use]
pub fn bluesky_length(text: &str) -> (usize, usize) {
    (text.graphemes(true).count(), text.len())
}

/// The length of a post on Mastodon in characters (grapheme clusters): a link counts 23, and a mention of somebody
/// on another server counts without the server.
#[must_use]
pub fn mastodon_length(text: &str) -> usize {
    let mut found: Vec<Entity> = Vec::new();
    grammar::entities(text, Some(Platform::Mastodon), &mut found);
    let count = |piece: &str| piece.graphemes(true).count();
    let mut length = 0;
    let mut at = 0;
    for entity in found {
        let piece = &text[entity.span.clone()];
        let counted = match entity.kind {
            TokenKind::Url if piece.contains("://") => LINK,
            TokenKind::Mention => {
                count(piece.rsplit_once('@').map_or(piece, |(name, _)| if name.is_empty() { piece } else { name }))
            }
            _ => continue,
        };
        length += count(&text[at..entity.span.start]) + counted;
        at = entity.span.end;
    }
    length + count(&text[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, weights: Weights, expected: usize) {
        assert_eq!(weighted_length(text, weights).weighted, expected, "{text:?}");
    }

    #[test]
    fn x_weighs_characters() {
        check("", Weights::V3, 0);
        check("née", Weights::V3, 3);
        check("see https://example.org/a/long/path", Weights::V3, 27);
        check("漢字", Weights::V3, 4);
        check("漢字", Weights::V1, 2);
        check("👨‍👩‍👧‍👦", Weights::V3, 2);
        check("👨‍👩‍👧‍👦", Weights::V2, 11);
        assert!(weighted_length(&"a".repeat(280), Weights::V3).valid);
        assert!(!weighted_length(&"a".repeat(281), Weights::V3).valid);
        assert!(!weighted_length("", Weights::V3).valid);
    }

    #[test]
    fn bluesky_counts_what_is_seen_and_sent() {
        assert_eq!(bluesky_length("né👨‍👩‍👧"), (3, 21));
    }

    #[test]
    fn mastodon_counts_links_and_mentions_short() {
        assert_eq!(mastodon_length("@jo@example.org hi"), 6);
        assert_eq!(mastodon_length("@jo hi"), 6);
        assert_eq!(mastodon_length("https://example.org/a/very/long/path/indeed ok"), 26);
        assert_eq!(mastodon_length("example.org"), 11);
    }
}
