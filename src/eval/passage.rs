//! Floor 5: passages of a post that somebody marked, against the places of findings.
//!
//! Reads no text but the post's own. Invariant: a passage counts once, however many findings touch it.

use crate::diagnostic::Level;
use crate::text::Span;

use super::metric::Share;

/// Words of a post that somebody marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Where they stand in the post's text; words that occur more than once count wherever they stand.
    pub places: Vec<Span>,
    /// Whether they must be found; what need not be is no mistake when it is.
    pub required: bool,
    /// How much of one place findings have to cover.
    pub cover: Cover,
}

/// How much of a passage findings have to cover for it to count as found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// A byte of it, by one finding: passages given as words (`flag`, `must_not`).
    Any,
    /// Half of its characters, by all findings together: passages given as spans.
    Half,
}

/// A finding that is neither a credit nor the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it stands in the post's text.
    pub span: Span,
    /// Its level.
    pub level: Level,
}

/// What findings make of marked passages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passages {
    /// Of the passages that must be found, those that are.
    pub found: Share,
    /// Of the passages that must be left alone, those that a finding at warning or above touches.
    pub touched: Share,
    /// Of the findings, those that touch a marked passage.
    pub precise: Share,
}

impl Passages {
    /// Compares the findings of one post with its passages.
    #[must_use]
    pub fn of(text: &str, flagged: &[Passage], must_not: &[Passage], findings: &[Place]) -> Self {
        let mut counts = Self::default();
        for passage in flagged.iter().filter(|passage| passage.required) {
            counts.found.add(is_found(text, passage, findings));
        }
        let touches =
            |passage: &Passage, finding: &Place| passage.places.iter().any(|place| place.overlaps(finding.span));
        for passage in must_not {
            counts.touched.add(findings.iter().any(|one| one.level >= Level::Warning && touches(passage, one)));
        }
        for finding in findings {
            counts.precise.add(flagged.iter().any(|passage| touches(passage, finding)));
        }
        counts
    }

    /// Counts another post in.
    pub fn add(&mut self, other: Self) {
        self.found.add_share(other.found);
        self.touched.add_share(other.touched);
        self.precise.add_share(other.precise);
    }
}

fn is_found(text: &str, passage: &Passage, findings: &[Place]) -> bool {
    passage.places.iter().any(|place| match passage.cover {
        Cover::Any => findings.iter().any(|finding| finding.span.overlaps(*place)),
        Cover::Half => {
            let mut covered = Share::default();
            let words = text.get(place.range()).unwrap_or_default();
            for (at, _) in words.char_indices() {
                let at = place.range().start + at;
                covered.add(findings.iter().any(|finding| finding.span.range().contains(&at)));
            }
            covered.of > 0 && covered.part * 2 >= covered.of
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Café open, book now, or just say hello";

    fn passages(words: &[&str], cover: Cover) -> Vec<Passage> {
        let places =
            |words: &str| TEXT.match_indices(words).map(|(at, _)| Span::of(at..at + words.len())).collect();
        let passage = |words: &&str| Passage {
            places: places(words.trim_end_matches('?')),
            required: !words.ends_with('?'),
            cover,
        };
        words.iter().map(passage).collect()
    }

    #[track_caller]
    fn check(
        flag: &[&str],
        cover: Cover,
        must_not: &[&str],
        findings: &[(&str, Level)],
        expected: [(u32, u32); 3],
    ) {
        let places: Vec<Place> = findings
            .iter()
            .map(|(words, level)| {
                let at = TEXT.find(words).unwrap();
                Place { span: Span::of(at..at + words.len()), level: *level }
            })
            .collect();
        let found = Passages::of(TEXT, &passages(flag, cover), &passages(must_not, Cover::Any), &places);
        let shares = [found.found, found.touched, found.precise].map(|share| (share.part, share.of));
        assert_eq!(shares, expected);
    }

    #[test]
    fn words_are_found_where_one_finding_touches_them() {
        let findings = [("book now", Level::Note), ("say hello", Level::Warning), ("Café", Level::Note)];
        check(&["open, book", "just"], Cover::Any, &[], &findings, [(1, 2), (0, 0), (1, 3)]);
        check(&[], Cover::Any, &["hello", "now"], &findings, [(0, 0), (1, 2), (0, 3)]);
        check(&["now?"], Cover::Any, &[], &findings, [(0, 0), (0, 0), (1, 3)]);
        check(&["Café"], Cover::Any, &["Café"], &[], [(0, 1), (0, 1), (0, 0)]);
        check(&[], Cover::Any, &[], &[], [(0, 0); 3]);
    }

    #[test]
    fn a_span_is_found_where_half_of_its_characters_are_covered() {
        let finding = [("book", Level::Note)];
        check(&["book now"], Cover::Half, &[], &finding, [(1, 1), (0, 0), (1, 1)]);
        check(&["book now,"], Cover::Half, &[], &finding, [(0, 1), (0, 0), (1, 1)]);
        check(&["book now,"], Cover::Half, &[], &[finding[0], ("now", Level::Note)], [(1, 1), (0, 0), (2, 2)]);
        // Characters, not bytes: two of four.
        check(&["Café"], Cover::Half, &[], &[("Ca", Level::Note)], [(1, 1), (0, 0), (1, 1)]);
    }

    #[test]
    fn words_that_occur_twice_count_wherever_they_stand() {
        let second = Place { span: Span::of(TEXT.rfind('o').unwrap()..TEXT.len()), level: Level::Error };
        let found = Passages::of(TEXT, &passages(&["o"], Cover::Any), &passages(&["o"], Cover::Any), &[second]);
        assert_eq!((found.found.part, found.touched.part, found.precise.part), (1, 1, 1));
    }
}
