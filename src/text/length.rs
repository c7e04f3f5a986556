//! How long a post is, in the way each network counts.
//!
//! Does not hold the limits of the networks, except that of X, whose library ties both together. Invariant: the pieces of
//! a text rise and cover it, and a longer text of the same characters never counts less.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::emoji::is_emoji;
use super::grammar::{self, Entity, x};
use super::{Limit, Limits, Platform, TokenKind};

/// What a link counts on X, whatever its length.
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

/// What one network counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Characters, of which some count two: X, by [`Weights::V3`].
    Weighted,
    /// Grapheme clusters: Bluesky.
    Graphemes,
    /// The same, as the other networks call them.
    Characters,
    /// Bytes in UTF-8.
    Bytes,
}

impl Unit {
    /// In which a network counts the length of a post.
    #[must_use]
    pub const fn of(platform: Platform) -> Self {
        match platform {
            Platform::X => Self::Weighted,
            Platform::Bluesky => Self::Graphemes,
            _ => Self::Characters,
        }
    }

    /// The word for it in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weighted => "weighted characters",
            Self::Graphemes => "graphemes",
            Self::Characters => "characters",
            Self::Bytes => "bytes",
        }
    }
}

/// How one network counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counting {
    /// The network, for its grammar of links and mentions.
    pub platform: Platform,
    /// What it counts.
    pub unit: Unit,
    /// What a link counts.
    pub link: Limit,
}

impl Counting {
    /// As the network counts the length of a post.
    #[must_use]
    pub const fn of(platform: Platform, limits: &Limits) -> Self {
        Self { platform, unit: Unit::of(platform), link: limits.link }
    }

    /// How long `text` is.
    #[must_use]
    pub fn length(self, text: &str) -> usize {
        let mut length = 0;
        self.each_piece(text, |_, weight| length += weight);
        length
    }

    /// No text of these bytes is longer. Takes a fraction of the time that counting takes.
    #[must_use]
    pub fn at_most(self, text: &str) -> usize {
        // Composing takes some signs apart: four bytes of a musical symbol weigh six.
        let composes = self.unit == Unit::Weighted && !text.is_ascii();
        let characters = if composes { text.len() + text.len() / 2 } else { text.len() };
        // A link has a period, or a colon behind its scheme.
        let links = || text.bytes().filter(|byte| matches!(byte, b'.' | b':')).count();
        match self.link {
            Limit::Most(link) => characters.saturating_add(links().saturating_mul(link as usize)),
            Limit::None => characters,
        }
    }

    /// Calls `piece` with each piece of `text` that is not cut, in order, and what it counts: a character, or a whole
    /// link or mention that counts otherwise than its characters do.
    pub fn each_piece(self, text: &str, mut piece: impl FnMut(Range<usize>, usize)) {
        let mut at = 0;
        for (span, weight) in self.fixed(text) {
            self.each_cluster(text, at..span.start, &mut piece);
            at = span.end;
            piece(span, weight);
        }
        self.each_cluster(text, at..text.len(), &mut piece);
    }

    fn each_cluster(self, text: &str, within: Range<usize>, piece: &mut impl FnMut(Range<usize>, usize)) {
        let (mut at, end) = (within.start, within.end);
        while let Some(rest) = text.get(at..end).filter(|rest| !rest.is_empty()) {
            let (plain, other) = plain_and_other(rest.as_bytes());
            for byte in at..at + plain {
                piece(byte..byte + 1, 1);
            }
            at += plain;
            for (start, cluster) in text.get(at..at + other).unwrap_or_default().grapheme_indices(true) {
                piece(at + start..at + start + cluster.len(), self.weight(cluster));
            }
            at += other;
        }
    }

    fn weight(self, cluster: &str) -> usize {
        match self.unit {
            Unit::Bytes => cluster.len(),
            // A line break is sent as one character.
            Unit::Weighted if cluster == "\r\n" => 1,
            Unit::Weighted if is_emoji(cluster) => 2,
            Unit::Weighted => cluster.nfc().map(|c| Weights::V3.of(c)).sum(),
            Unit::Graphemes | Unit::Characters => 1,
        }
    }

    /// What counts otherwise than its characters do: links, and on Mastodon mentions of somebody on another server,
    /// which count without the server.
    fn fixed(self, text: &str) -> Vec<(Range<usize>, usize)> {
        let link = match self.link {
            Limit::Most(link) => Some(link as usize),
            Limit::None => None,
        };
        match (self.unit, self.platform, link) {
            (Unit::Bytes, ..) => Vec::new(),
            (_, Platform::X, Some(link)) => x::urls(text).into_iter().map(|span| (span, link)).collect(),
            (_, Platform::Mastodon, _) | (_, _, Some(_)) => {
                let mut found: Vec<Entity> = Vec::new();
                grammar::entities(text, Some(self.platform), &mut found);
                let counted = |entity: Entity| {
                    let piece = text.get(entity.span.clone())?;
                    let weight = match entity.kind {
                        TokenKind::Url if self.platform != Platform::Mastodon || piece.contains("://") => link?,
                        TokenKind::Mention if self.platform == Platform::Mastodon => {
                            let (name, _) = piece.rsplit_once('@').filter(|(name, _)| !name.is_empty())?;
                            name.graphemes(true).count()
                        }
                        _ => return None,
                    };
                    Some((entity.span, weight))
                };
                found.into_iter().filter_map(counted).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// How many bytes at the start are characters of ASCII, each a cluster that counts one, and how many behind them may be anything:
/// between two characters of ASCII clusters end, but within a line break of two.
fn plain_and_other(text: &[u8]) -> (usize, usize) {
    let odd = |byte: &u8| !byte.is_ascii() || *byte == b'\r';
    let Some(first) = text.iter().position(odd) else { return (text.len(), 0) };
    let plain = first.saturating_sub(1);
    let apart = |pair: &[u8]| pair.iter().all(u8::is_ascii) && pair[0] != b'\r' && pair[1] != b'\r';
    let rest = &text[first..];
    let other = rest.windows(2).position(apart).map_or(rest.len(), |last| last + 1);
    (plain, first - plain + other)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    #[track_caller]
    fn check_on(platform: Platform, text: &str, expected: usize) {
        let counting = Counting::of(platform, &Limits::of(platform));
        assert_eq!(counting.length(text), expected, "{text:?} on {platform:?}");
    }

    #[test]
    fn bluesky_counts_what_is_seen_and_sent() {
        let text = "né👨‍👩‍👧";
        check_on(Platform::Bluesky, text, 3);
        let bytes = Counting { platform: Platform::Bluesky, unit: Unit::Bytes, link: Limit::None };
        assert_eq!(bytes.length(text), 21);
    }

    #[test]
    fn mastodon_counts_links_and_mentions_short() {
        check_on(Platform::Mastodon, "@jo@example.org hi", 6);
        check_on(Platform::Mastodon, "@jo hi", 6);
        check_on(Platform::Mastodon, "https://example.org/a/very/long/path/indeed ok", 26);
        check_on(Platform::Mastodon, "example.org", 11);
    }

    #[test]
    fn others_count_a_link_as_they_are_told_to() {
        let text = "see https://example.org/a/long/path";
        check_on(Platform::Threads, text, 35);
        let limits = Limits { link: Limit::Most(10), ..Limits::of(Platform::Threads) };
        assert_eq!(Counting::of(Platform::Threads, &limits).length(text), 14);
        let limits = Limits { link: Limit::None, ..Limits::of(Platform::X) };
        assert_eq!(Counting::of(Platform::X, &limits).length(text), 35);
    }

    fn any_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            3 => "[a-z \n\r#@é漢🐦.]{1,8}",
            1 => prop::sample::select(vec!["\r\n", "\r", "\u{600}a", "e\u{301}", "1\u{20E3}", "\u{200D}x", "\u{915}\u{94D}\u{915}"])
                .prop_map(str::to_owned),
            1 => "\\PC{1,4}",
            1 => prop::sample::select(vec!["https://example.org/a", "a.co", "@jo@example.org", "👨‍👩‍👧", "e\u{301}", "\u{1D160}"])
                .prop_map(str::to_owned),
        ];
        prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn pieces_cover_the_text_and_are_no_more_than_was_foreseen(
            text in any_text(),
            platform in prop::sample::select(Platform::ALL.to_vec()),
            bytes in any::<bool>(),
        ) {
            let mut counting = Counting::of(platform, &Limits::of(platform));
            if bytes {
                counting.unit = Unit::Bytes;
            }
            let mut slow = Vec::new();
            let counted = |piece: &str| counting.weight(piece);
            text.grapheme_indices(true).for_each(|(at, piece)| slow.push((at..at + piece.len(), counted(piece))));
            let mut fast = Vec::new();
            counting.each_cluster(&text, 0..text.len(), &mut |span, weight| fast.push((span, weight)));
            prop_assert_eq!(fast, slow);
            let mut end = 0;
            counting.each_piece(&text, |span, _| {
                assert!(span.start == end && text.get(span.clone()).is_some_and(|piece| !piece.is_empty()));
                end = span.end;
            });
            prop_assert_eq!(end, text.len());
            prop_assert!(counting.length(&text) <= counting.at_most(&text));
        }

        #[test]
        fn what_x_counts_is_what_its_library_counts(text in any_text()) {
            // A line break is sent as one character.
            let composed: String = text.replace('\r', "\n").nfc().collect();
            let counting = Counting::of(Platform::X, &Limits::of(Platform::X));
            prop_assert_eq!(counting.length(&composed), weighted_length(&composed, Weights::V3).weighted);
        }
    }
}
