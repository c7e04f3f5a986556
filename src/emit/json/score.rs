//! The shape of a score: numbers, categories, words and sections.
//!
//! Does not write. Invariant: the points by category sum to the promotion that is written.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::shape::SpanShape;
use crate::emit::points::{number, shares, tenths};
use crate::report::{PostReport, SectionReport};
use crate::text::Source;

#[derive(Serialize)]
pub(super) struct ScoreShape<'a> {
    promotion: f64,
    conversation: f64,
    verdict: &'static str,
    by_category: CategoryMap<'a>,
    hottest: Option<String>,
    sections: Vec<SectionShape>,
    word_choice: Vec<WordShape<'a>>,
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
        let parts: Vec<f64> = score.by_category.iter().map(|&(_, points)| points).collect();
        let points = shares(tenths(score.promotion), &parts);
        Self {
            promotion: number(tenths(score.promotion)),
            conversation: number(tenths(score.conversation)),
            verdict: score.verdict.name(),
            by_category: CategoryMap(
                score
                    .by_category
                    .iter()
                    .zip(points)
                    .map(|((name, _), points)| (name.as_ref(), number(points)))
                    .collect(),
            ),
            hottest: post.hottest().map(|section| section.name.to_string()),
            sections: post.sections.iter().map(|section| SectionShape::of(section, &post.source)).collect(),
            word_choice: post
                .word_choice
                .iter()
                .filter(|word| !word.credit)
                .map(|word| WordShape {
                    text: post.source.slice(word.span),
                    points: number(tenths(word.points)),
                    span: SpanShape::of(&post.source, word.span),
                })
                .collect(),
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

/// An object whose keys stand in the order of the list.
struct CategoryMap<'a>(Vec<(&'a str, f64)>);

impl Serialize for CategoryMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, points) in &self.0 {
            map.serialize_entry(name, points)?;
        }
        map.end()
    }
}
