//! Floor 4: where a long post is cut, and what each piece scores alone.
//!
//! Has no formula of its own: a section is scored by [`score`](crate::score) with the findings that stand in it, as if
//! it were the post. Invariant: the sections between opening and ending cover every token once, in order; opening and
//! ending lie over them.

use std::fmt;

use crate::matcher::{Facts, Match, Reading, TokenRange, counts};
use crate::rule::{Kind, RuleSet, Shape};
use crate::score::{Verdict, axes};
use crate::text::TokenFlags;
use crate::text::spread::{Spread, gather};

/// A token of a post: part, and number in it.
type Spot = (u16, u32);

/// What a section is of its post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionName {
    /// So many words from the start.
    First(u32),
    /// So many words to the end.
    Last(u32),
    /// The words from one to another, counted from 1.
    Words(u32, u32),
}

impl fmt::Display for SectionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::First(words) => write!(f, "first {words} words"),
            Self::Last(words) => write!(f, "last {words} words"),
            Self::Words(first, last) => write!(f, "words {first} to {last}"),
        }
    }
}

/// A piece of a long post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is of the post.
    pub name: SectionName,
    first: Spot,
    end: Spot,
    /// Its counts, of which only the words are taken.
    pub facts: Facts,
}

impl Section {
    fn new(name: SectionName, first: Spot, end: Spot, words: u32) -> Self {
        Self { name, first, end, facts: Facts { words, core_words: words, ..Facts::default() } }
    }

    /// Its tokens, a range for each part that it reaches into.
    pub fn places<'a>(&self, readings: &'a [Reading]) -> impl Iterator<Item = TokenRange> + 'a {
        let (first, end) = (self.first, self.end);
        let parts = readings.iter().enumerate().skip(usize::from(first.0));
        let parts = parts.take(usize::from(end.0.saturating_sub(first.0)) + 1);
        parts
            .map(move |(part, reading)| {
                let from = if part == usize::from(first.0) { first.1 as usize } else { 0 };
                let to = if part == usize::from(end.0) { end.1 as usize } else { reading.tokens.len() };
                TokenRange::new(part, from..to.max(from))
            })
            .filter(|place| !place.is_empty())
    }

    /// Those of `findings`, sorted by place, that begin in it.
    fn of<'a>(&self, findings: &'a [Match]) -> &'a [Match] {
        let before = |spot: Spot| findings.partition_point(|found| (found.place.part, found.place.first) < spot);
        findings.get(before(self.first)..before(self.end)).unwrap_or_default()
    }
}

/// The sections of a post with these words, opening and ending first; none of one that is not long.
#[must_use]
pub fn cut(readings: &[Reading], facts: &Facts, shape: &Shape) -> Vec<Section> {
    let words = f64::from(facts.words);
    if words <= shape.long {
        return Vec::new();
    }
    let (edge, most) = (shape.section as u32, shape.section_most as u32);
    let mut joined = Vec::new();
    each_stretch(readings, most, |stretch| join(&mut joined, stretch, edge, most));
    join_rest(&mut joined, edge);
    let last = readings.iter().enumerate().rfind(|(_, reading)| !reading.tokens.is_empty());
    let end = last.map_or((0, 0), |(part, reading)| spot(part, reading.tokens.len()));
    let mut sections = vec![
        Section::new(SectionName::First(edge), (0, 0), behind(readings, edge), edge),
        Section::new(SectionName::Last(edge), before(readings, edge), end, edge),
    ];
    let mut first_word = 1;
    for stretch in joined {
        let last_word = first_word + stretch.words.saturating_sub(1);
        let name = SectionName::Words(first_word, last_word);
        sections.push(Section::new(name, stretch.first, stretch.end, stretch.words));
        first_word += stretch.words;
    }
    sections
}

/// The promotion and conversation scores of `sections`. What the whole post gave rise to (what it lacks, how its words
/// are spread) is in none of them. The findings must be sorted by place.
#[must_use]
pub fn scores(rules: &RuleSet, findings: &[Match], sections: &[Section], spread: &dyn Spread) -> Vec<(f64, f64)> {
    if sections.is_empty() {
        return Vec::new();
    }
    let standing = standing(findings, |found| stands(rules, found));
    let score = |section: &Section| match section.of(&standing) {
        [] => (0.0, 0.0),
        found => axes(rules, found, &section.facts),
    };
    let scores = |sections: &[Section], scores: &mut Vec<_>| scores.extend(sections.iter().map(score));
    gather(spread, sections, scores, Extend::extend)
}

/// The first half of the words of a post that is long enough to give something before it asks; closing questions make
/// none longer.
#[must_use]
pub fn body(readings: &[Reading], facts: &Facts, shape: &Shape) -> Option<Section> {
    let enough = f64::from(facts.core_words) >= shape.value;
    let half = facts.core_words / 2;
    enough.then(|| Section::new(SectionName::First(half), (0, 0), behind(readings, half), half))
}

/// What the findings in the body promote, word choice aside. The findings must be sorted by place.
#[must_use]
pub fn body_promotion(rules: &RuleSet, findings: &[Match], body: Option<&Section>) -> Option<f64> {
    let body = body?;
    let is_word = |found: &Match| matches!(rules.rule(found.rule).kind, Kind::Lexicon(_));
    let standing = standing(body.of(findings), |found| stands(rules, found) && !is_word(found));
    Some(if standing.is_empty() { 0.0 } else { axes(rules, &standing, &body.facts).0 })
}

/// Whether a match says something of its place, rather than of the whole post.
fn stands(rules: &RuleSet, found: &Match) -> bool {
    !matches!(rules.rule(found.rule).kind, Kind::Ratio { .. } | Kind::Absent | Kind::Composite { .. })
}

fn standing(findings: &[Match], stands: impl Fn(&Match) -> bool) -> Vec<Match> {
    let standing = findings.iter().filter(|found| stands(found));
    let bare = |&Match { rule, place, entry, .. }: &Match| Match {
        rule,
        place,
        entry,
        evidence: Box::default(),
        measured: None,
    };
    standing.map(bare).collect()
}

/// The number of the section that promotes most, where that is clearly more than the whole does; `scores` are those of
/// the sections.
#[must_use]
pub fn hottest(promotion: f64, scores: &[(f64, f64)], shape: &Shape) -> Option<usize> {
    // The first of equals: opening and ending have the better names.
    let hotter = |(_, a): &(usize, f64), (_, b): &(usize, f64)| a.total_cmp(b);
    let (index, most) = scores.iter().map(|(promotion, _)| *promotion).enumerate().rev().max_by(hotter)?;
    (most >= shape.mixed && most - promotion >= shape.hotter).then_some(index)
}

/// The verdict on a post whose own scores say `whole`: at least mixed where a section would be promotional, at most mixed
/// where its body, which promotes so much, gives something before anything is asked.
#[must_use]
pub fn verdict(whole: Verdict, scores: &[(f64, f64)], body: Option<f64>, shape: &Shape) -> Verdict {
    let hot = |(promotion, conversation): &(f64, f64)| {
        promotion - shape.credit_share * conversation >= shape.section_promotional
    };
    match whole {
        Verdict::Conversational if scores.iter().any(hot) => Verdict::Mixed,
        Verdict::Promotional if body.is_some_and(|promotion| promotion < shape.value_promotion) => Verdict::Mixed,
        _ => whole,
    }
}

/// Sentences in a row, or a piece of one.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    first: Spot,
    end: Spot,
    words: u32,
    /// Whether a paragraph begins with it.
    paragraph: bool,
}

/// Calls `found` with the sentences of all parts; one of more words than `most` in pieces of so many.
fn each_stretch(readings: &[Reading], most: u32, mut found: impl FnMut(Stretch)) {
    for (part, reading) in readings.iter().enumerate() {
        let tokens = reading.tokens.as_slice();
        for sentence in reading.tokens.sentences() {
            let mut at = sentence.tokens().start;
            let mut words = 0;
            for index in sentence.tokens() {
                words += u32::from(counts(tokens[index].kind));
                if index + 1 == sentence.tokens().end || words == most {
                    let place = TokenRange::new(part, at..index + 1);
                    found(Stretch {
                        first: (place.part, place.first),
                        end: (place.part, place.end),
                        words,
                        paragraph: at == 0 || tokens[at].flags.has(TokenFlags::PARAGRAPH_START),
                    });
                    (at, words) = (index + 1, 0);
                }
            }
        }
    }
}

/// Puts a stretch to those before it, to make sections of `least` to `most` words, which end with a paragraph if one ends there.
fn join(joined: &mut Vec<Stretch>, stretch: Stretch, least: u32, most: u32) {
    match joined.last_mut() {
        Some(open) if open.words < least || !stretch.paragraph && open.words + stretch.words <= most => {
            open.end = stretch.end;
            open.words += stretch.words;
        }
        _ => joined.push(stretch),
    }
}

/// What is left over belongs to what stands before it.
fn join_rest(joined: &mut Vec<Stretch>, least: u32) {
    if let [.., before, last] = joined.as_mut_slice()
        && last.words < least
    {
        before.end = last.end;
        before.words += last.words;
        joined.pop();
    }
}

/// The tokens that are words, from the start.
fn words(readings: &[Reading]) -> impl DoubleEndedIterator<Item = (usize, usize)> {
    readings.iter().enumerate().flat_map(|(part, reading)| {
        let words = reading.tokens.as_slice().iter().enumerate().filter(|(_, token)| counts(token.kind));
        words.map(move |(index, _)| (part, index))
    })
}

fn spot(part: usize, index: usize) -> Spot {
    let place = TokenRange::new(part, index..index);
    (place.part, place.first)
}

/// Where so many words from the start have gone by; at the start where there are not so many.
fn behind(readings: &[Reading], count: u32) -> Spot {
    let last = (count as usize).checked_sub(1).and_then(|skipped| words(readings).nth(skipped));
    last.map_or((0, 0), |(part, index)| spot(part, index + 1))
}

/// Where the last so many words begin; at the start where there are not so many.
fn before(readings: &[Reading], count: u32) -> Spot {
    let first = (count as usize).checked_sub(1).and_then(|skipped| words(readings).nth_back(skipped));
    first.map_or((0, 0), |(part, index)| spot(part, index))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::document::{Part, PartKind, Post};
    use crate::matcher::{Marks, read};
    use crate::text::{MappedText, Source};

    fn readings(parts: &[&str]) -> Vec<Reading> {
        let mut post = Post::new(&Arc::new(Source::from_text("draft", parts.concat())));
        for part in parts {
            let mut mapped = MappedText::new();
            mapped.push_linear(part, 0);
            let (text, map) = mapped.finish();
            post.parts.push(Part::new(PartKind::Text, text, map));
        }
        read(&post, &RuleSet::shipped(), &Marks::default(), None, &crate::text::spread::Alone)
    }

    fn shape() -> Shape {
        Shape { long: 10.0, section: 4.0, section_most: 7.0, ..RuleSet::shipped().shape().clone() }
    }

    /// The sections of a draft by a shape with small numbers.
    #[track_caller]
    fn check(parts: &[&str], expected: &[&str]) {
        let readings = readings(parts);
        let sections = cut(&readings, &Facts::count(&readings), &shape());
        let said: Vec<String> = sections
            .iter()
            .map(|section| {
                let text = section.places(&readings).map(|place| {
                    let part = usize::from(place.part);
                    &parts[part][readings[part].tokens.span(place.tokens()).range()]
                });
                format!("{}: {}", section.name, text.collect::<Vec<_>>().join(" / "))
            })
            .collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn a_long_post_is_cut_at_paragraphs_and_sentences() {
        check(&["One two three four five six seven eight nine ten."], &[]);
        check(
            &["One two. Three four five.\n\nSix seven eight nine ten. Eleven twelve.\n\nThirteen."],
            &[
                "first 4 words: One two. Three four",
                "last 4 words: ten. Eleven twelve.\n\nThirteen.",
                "words 1 to 5: One two. Three four five.",
                // One word is no section.
                "words 6 to 13: Six seven eight nine ten. Eleven twelve.\n\nThirteen.",
            ],
        );
        check(
            &["One two three four five. Six seven eight nine. Ten eleven twelve thirteen fourteen."],
            &[
                "first 4 words: One two three four",
                "last 4 words: eleven twelve thirteen fourteen.",
                "words 1 to 5: One two three four five.",
                "words 6 to 9: Six seven eight nine.",
                "words 10 to 14: Ten eleven twelve thirteen fourteen.",
            ],
        );
    }

    #[test]
    fn what_has_no_sentences_is_cut_all_the_same() {
        check(
            &["to be or not to be that is what they ask of us all day"],
            &[
                "first 4 words: to be or not",
                "last 4 words: of us all day",
                "words 1 to 7: to be or not to be that",
                "words 8 to 15: is what they ask of us all day",
            ],
        );
    }

    #[test]
    fn sections_reach_over_parts() {
        check(
            &["One two three", "Four five six. Seven eight.", "Nine ten eleven twelve thirteen"],
            &[
                "first 4 words: One two three / Four",
                "last 4 words: ten eleven twelve thirteen",
                "words 1 to 6: One two three / Four five six.",
                "words 7 to 13: Seven eight. / Nine ten eleven twelve thirteen",
            ],
        );
    }

    #[test]
    fn the_hottest_stands_out_clearly() {
        let shape = Shape { mixed: 30.0, hotter: 10.0, ..shape() };
        let check = |promotion: f64, scores: &[f64], expected: Option<usize>| {
            let scores: Vec<(f64, f64)> = scores.iter().map(|promotion| (*promotion, 0.0)).collect();
            assert_eq!(hottest(promotion, &scores, &shape), expected, "{promotion} {scores:?}");
        };
        check(20.0, &[], None);
        check(20.0, &[31.0, 81.0, 81.0, 40.0], Some(1));
        check(75.0, &[31.0, 81.0], None);
        // Nothing to speak of.
        check(2.0, &[0.0, 25.0], None);
    }

    #[test]
    fn a_body_that_promotes_nothing_keeps_the_verdict_at_mixed() {
        let shape = Shape { value_promotion: 12.0, ..shape() };
        let check = |whole: Verdict, body: Option<f64>, expected: Verdict| {
            assert_eq!(verdict(whole, &[], body, &shape), expected, "{body:?}");
        };
        check(Verdict::Promotional, Some(0.0), Verdict::Mixed);
        check(Verdict::Promotional, Some(12.0), Verdict::Promotional);
        check(Verdict::Promotional, None, Verdict::Promotional);
        check(Verdict::Conversational, Some(0.0), Verdict::Conversational);
        check(Verdict::Mixed, Some(0.0), Verdict::Mixed);
    }

    #[test]
    fn only_a_post_that_is_long_enough_has_a_body() {
        let shape = Shape { value: 6.0, ..shape() };
        let words = |text: &str| {
            let readings = readings(&[text]);
            body(&readings, &Facts::count(&readings), &shape).map(|body| body.facts.words)
        };
        assert_eq!(words("one two three four five"), None);
        assert_eq!(words("one two three four five six seven"), Some(3));
        // A question tacked on takes no part.
        let asked = "One two three four five. Has anyone tried it with a left hand?";
        let readings = readings(&[asked]);
        let facts = Facts { core_words: 5, ..Facts::count(&readings) };
        assert!(body(&readings, &facts, &shape).is_none());
    }

    #[test]
    fn a_hot_section_lifts_the_verdict_and_lowers_none() {
        let shape = Shape { credit_share: 0.5, section_promotional: 40.0, ..shape() };
        let check = |whole: Verdict, scores: &[(f64, f64)], expected: Verdict| {
            assert_eq!(verdict(whole, scores, None, &shape), expected, "{scores:?}");
        };
        let (calm, hot) = ((39.0, 0.0), (60.0, 20.0));
        check(Verdict::Conversational, &[], Verdict::Conversational);
        check(Verdict::Conversational, &[calm, calm], Verdict::Conversational);
        check(Verdict::Conversational, &[calm, (60.0, 50.0)], Verdict::Conversational);
        check(Verdict::Conversational, &[calm, hot], Verdict::Mixed);
        for whole in [Verdict::Mixed, Verdict::Promotional, Verdict::Unjudged] {
            check(whole, &[hot], whole);
            check(whole, &[calm], whole);
        }
    }

    proptest! {
        #[test]
        fn every_token_is_in_one_section(
            parts in prop::collection::vec("([a-zA-Z]{2,5}[ .]{1,2}|\n\n|#a |!){0,40}", 1..4),
        ) {
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let readings = readings(&parts);
            let facts = Facts::count(&readings);
            let sections = cut(&readings, &facts, &shape());
            prop_assert_eq!(sections.is_empty(), facts.words <= 10);
            let Some((edges, inner)) = sections.split_at_checked(2) else { return Ok(()) };
            let covered: Vec<(usize, usize)> = inner
                .iter()
                .flat_map(|section| section.places(&readings))
                .flat_map(|place| place.tokens().map(move |token| (usize::from(place.part), token)))
                .collect();
            let all: Vec<(usize, usize)> = (0..readings.len())
                .flat_map(|part| (0..readings[part].tokens.len()).map(move |token| (part, token)))
                .collect();
            prop_assert_eq!(covered, all);
            prop_assert_eq!(inner.iter().map(|section| section.facts.words).sum::<u32>(), facts.words);
            for section in edges {
                let words = section.places(&readings).map(|place| {
                    let tokens = &readings[usize::from(place.part)].tokens.as_slice()[place.tokens()];
                    tokens.iter().filter(|token| counts(token.kind)).count()
                });
                prop_assert_eq!(words.sum::<usize>(), 4);
            }
        }
    }
}
