//! Floor 4: the sections of a long post, in its report and in its verdict.
//!
//! Neither cuts nor scores. Invariant: a verdict only ever moves to mixed.

use super::{Draft, Linter};
use crate::matcher::Match;
use crate::report::SectionReport;
use crate::rule::RuleSet;
use crate::score::{Score, Verdict};
use crate::section::{self, Section};
use crate::text::Span;

impl Linter {
    /// The sections of a long post and the number of the hottest; the verdict is seen to.
    pub(super) fn sections(
        &self,
        draft: &Draft<'_>,
        matches: &[Match],
        score: &mut Score,
    ) -> (Vec<SectionReport>, Option<usize>) {
        let sections = draft.cut(&self.rules);
        let scores = section::scores(&self.rules, matches, &sections, self.spread);
        // The body decides of promotional posts only.
        let promotional = score.verdict == Verdict::Promotional;
        let body = if promotional { draft.body(&self.rules) } else { None };
        let body = section::body_promotion(&self.rules, matches, body.as_ref());
        score.verdict = section::verdict(score.verdict, &scores, body, self.rules.shape());
        let hottest = section::hottest(score.promotion, &scores, self.rules.shape());
        (sections.iter().zip(scores).map(|(section, scores)| draft.section(section, scores)).collect(), hottest)
    }
}

impl Draft<'_> {
    /// The sections of a long post that can be judged.
    pub(super) fn cut(&self, rules: &RuleSet) -> Vec<Section> {
        if self.foreign { Vec::new() } else { section::cut(&self.readings, &self.facts, rules.shape()) }
    }

    /// The first half of a post that is long enough to give something before it asks.
    pub(super) fn body(&self, rules: &RuleSet) -> Option<Section> {
        section::body(&self.readings, &self.facts, rules.shape())
    }

    fn section(&self, section: &Section, (promotion, conversation): (f64, f64)) -> SectionReport {
        let spans = section.places(&self.readings).map(|place| self.span(place));
        let span = spans.reduce(Span::cover).unwrap_or_default();
        SectionReport { name: section.name, span, words: section.facts.words, promotion, conversation }
    }
}
