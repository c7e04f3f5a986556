//! The shape of a score: numbers, categories, words and sections.
//!
//! Does not write. Invariant: the points by category sum to the promotion that is written.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use smallvec::SmallVec;

use super::shape::SpanShape;
use crate::emit::points::{number, shares, tenths};
use crate::report::{PostReport, SectionReport, WeighedWord};
use crate::score::Score;
use crate::text::Source;

#[derive(Serialize)]
pub(super) struct ScoreShape<'a> {
    promotion: f64,
    conversation: f64,
    verdict: &'static str,
    by_category: CategoryMap<'a>,
    hottest: Option<String>,
    sections: Vec<SectionShape>,
    word_choice: WordShapes<'a>,
}

/// A word that speaks for promotion.
#[derive(Serialize)]
struct WordShape<'a> {
    text: &'a str,
    points: f64,
    span: SpanShape,
}

impl<'a> ScoreShape<'a> {
    pub(super) fn of(post: &'a PostReport) -> Self {
        let score = &post.score;
        Self {
            promotion: number(tenths(score.promotion)),
            conversation: number(tenths(score.conversation)),
            verdict: score.verdict.name(),
            by_category: CategoryMap(score),
            hottest: post.hottest().map(|section| section.name.to_string()),
            sections: post.sections.iter().map(|section| SectionShape::of(section, &post.source)).collect(),
            word_choice: WordShapes(post),
        }
    }
}

#[derive(Serialize)]
struct SectionShape {
    name: String,
    words: u32,
    promotion: f64,
    conversation: f64,
    span: SpanShape,
}

impl SectionShape {
    fn of(section: &SectionReport, source: &Source) -> Self {
        Self {
            name: section.name.to_string(),
            words: section.words,
            promotion: number(tenths(section.promotion)),
            conversation: number(tenths(section.conversation)),
            span: SpanShape::of(source, section.span),
        }
    }
}

/// The words that speak for promotion, each made when it is written.
struct WordShapes<'a>(&'a PostReport);

impl Serialize for WordShapes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let source = &self.0.source;
        let shape = |word: &WeighedWord| WordShape {
            text: source.slice(word.span),
            points: number(tenths(word.points)),
            span: SpanShape::of(source, word.span),
        };
        serializer.collect_seq(self.0.word_choice.iter().filter(|word| !word.credit).map(shape))
    }
}

/// An object of categories in the order of the list.
struct CategoryMap<'a>(&'a Score);

impl Serialize for CategoryMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Score { promotion, by_category, .. } = self.0;
        let parts: SmallVec<[f64; 8]> = by_category.iter().map(|&(_, points)| points).collect();
        let mut map = serializer.serialize_map(Some(parts.len()))?;
        for ((name, _), points) in by_category.iter().zip(shares(tenths(*promotion), &parts)) {
            map.serialize_entry(name, &number(points))?;
        }
        map.end()
    }
}
