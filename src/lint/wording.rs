//! Floor 4: where a finding is shown, and its words with the placeholders filled.
//!
//! Knows no rule but by its text. Invariant: a placeholder of another kind stays as it is written.

use std::borrow::Cow;

use memchr::memchr;

use super::Draft;
use crate::matcher::{Match, TokenRange};
use crate::rule::Text;
use crate::text::{Platform, Span};

impl Draft<'_> {
    /// The bytes of the source on which a finding stands: its tokens, or less where a limit falls into one.
    pub(super) fn marked(&self, found: &Match) -> Span {
        let map = &self.post.parts[usize::from(found.place.part)].map;
        let exact = found.extent().and_then(|extent| extent.exact);
        exact.map_or_else(|| self.span(found.place), |exact| map.to_source(exact))
    }

    /// The words of a place on one line, however they are broken.
    pub(super) fn words(&self, place: TokenRange) -> String {
        let mut words = String::new();
        self.push_words(place, &mut words);
        words
    }

    /// Adds them to a text.
    pub(super) fn push_words(&self, place: TokenRange, text: &mut String) {
        let part = usize::from(place.part);
        let span = self.readings[part].tokens.span(place.tokens());
        for (number, word) in self.post.parts[part].text[span.range()].split_whitespace().enumerate() {
            if number > 0 {
                text.push(' ');
            }
            text.push_str(word);
        }
    }

    /// Fills the placeholders of words for the author.
    pub(super) fn filled(&self, text: &Text, found: &Match) -> Text {
        let measured = || found.measured.as_deref().copied().unwrap_or_default();
        fill(text, |name| {
            Some(match (name, found.extent()) {
                ("hidden", Some(extent)) => extent.hidden.words().into(),
                ("unit", Some(extent)) => extent.unit.name().into(),
                ("count", _) => whole(measured().measure).to_string().into(),
                ("max", _) => whole((measured().max.ceil() - 1.0).max(0.0)).to_string().into(),
                ("words", _) => match measured().within {
                    0 => self.facts.words.to_string().into(),
                    within => within.to_string().into(),
                },
                ("others", _) => measured().others.to_string().into(),
                ("platform", extent) => {
                    let platform = extent.map(|extent| extent.platform).or(self.platforms.first().copied());
                    platform.map_or("any platform", Platform::name).into()
                }
                ("match", _) => self.words(found.place).into(),
                _ => return None,
            })
        })
    }
}

/// A number as `{:.0}` writes it, for much less.
pub(super) fn whole(number: f64) -> u64 {
    // The cast saturates, and measures and scores are not below 0.
    number.round_ties_even() as u64
}

/// A text with its placeholders filled by `value`, in one pass: what is filled in is not read again.
pub(super) fn fill(text: &Text, value: impl Fn(&str) -> Option<Text>) -> Text {
    // Most have none.
    let Some((before, mut rest)) =
        memchr(b'{', text.as_bytes()).and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?)))
    else {
        return text.clone();
    };
    let mut filled = String::with_capacity(text.len() + 32);
    filled.push_str(before);
    loop {
        // The brace before the rest is not written yet.
        let named = rest.split_once('}').and_then(|(name, after)| Some((value(name)?, after)));
        match named {
            Some((value, after)) => {
                filled.push_str(&value);
                rest = after;
            }
            None => filled.push('{'),
        }
        let Some((before, after)) = rest.split_once('{') else { break };
        filled.push_str(before);
        rest = after;
    }
    filled.push_str(rest);
    Cow::Owned(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_other_braces_stay() {
        #[track_caller]
        fn check(text: &'static str, expected: &str) {
            let value = |name: &str| match name {
                "count" => Some("3".into()),
                "match" => Some("{count}".into()),
                _ => None,
            };
            assert_eq!(fill(&text.into(), value), expected);
        }
        check("no braces", "no braces");
        check("{count} of {count}", "3 of 3");
        check("\"{match}\" once", "\"{count}\" once");
        check("{other} {{count}} } {", "{other} {3} } {");
        check("{ {count}", "{ 3");
        check("{count", "{count");
    }

    #[test]
    fn whole_numbers_are_rounded_as_the_formatter_does() {
        for number in [0.0, 0.4, 0.5, 0.500_001, 1.5, 2.5, 99.5, 1e9 + 0.5] {
            assert_eq!(whole(number).to_string(), format!("{number:.0}"));
        }
    }
}
