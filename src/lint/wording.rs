//! Floor 4: where a finding is shown, and its words with the placeholders filled.
//!
//! Knows no rule but by its text. Invariant: a placeholder of another kind stays as it is written.

use std::borrow::Cow;

use super::Draft;
use crate::matcher::{Match, TokenRange};
use crate::rule::Text;
use crate::text::{Platform, Span};

impl Draft<'_> {
    /// The bytes of the source on which a finding stands: its tokens, or less where a limit falls into one.
    pub(super) fn marked(&self, found: &Match) -> Span {
        let map = &self.post.parts[usize::from(found.place.part)].map;
        let exact = found.extent.and_then(|extent| extent.exact);
        exact.map_or_else(|| self.span(found.place), |exact| map.to_source(exact))
    }

    /// The words of a place on one line, however they are broken.
    pub(super) fn words(&self, place: TokenRange) -> String {
        let part = usize::from(place.part);
        let span = self.readings[part].tokens.span(place.tokens());
        self.post.parts[part].text[span.range()].split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Fills the placeholders of words for the author.
    pub(super) fn filled(&self, text: &Text, found: &Match) -> Text {
        if !text.contains('{') {
            return text.clone();
        }
        let words = self.words(found.place);
        let platform = found.extent.map(|extent| extent.platform).or(self.platforms.first().copied());
        let platform = platform.map_or("any platform", Platform::name);
        let text = match found.extent {
            Some(extent) => {
                Cow::from(text.replace("{hidden}", &extent.hidden.words()).replace("{unit}", extent.unit.name()))
            }
            None => text.clone(),
        };
        text.replace("{count}", &format!("{:.0}", found.measure))
            .replace("{max}", &format!("{:.0}", (found.max.ceil() - 1.0).max(0.0)))
            .replace("{words}", &if found.within > 0 { found.within } else { self.facts.words }.to_string())
            .replace("{others}", &found.others.to_string())
            .replace("{platform}", platform)
            .replace("{match}", &words)
            .into()
    }
}
