//! What is too long for a network, what stands behind its fold, and how many tags it takes.
//!
//! Counts by the limits it is handed. Invariant: a match stands on tokens behind the limit, and where the limit falls into
//! a token, [`Extent::exact`] starts at the first character that is too many.

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation;

use super::spot::first_sentence;
use super::{Match, Measured, Reading, Search, TokenRange};
use crate::document::{Part, PartKind, Post};
use crate::rule::{Class, Count, RuleId, Selector, Thresholds};
use crate::text::length::{Counting, Unit};
use crate::text::{Limit, Platform, SentenceEnd, TextSpan};

/// What a match of a length rule knows beside its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Whose limit it is.
    pub platform: Platform,
    /// What was counted.
    pub unit: Unit,
    /// Where it stands in the text of its part, if that is less than its tokens.
    pub exact: Option<TextSpan>,
    /// What is hidden; nothing where a text is too long.
    pub hidden: Hidden,
}

/// What a fold hides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hidden([bool; Point::ALL.len()]);

/// What a reader should see of a post at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Point {
    Opening,
    Ask,
    Question,
    Link,
}

impl Point {
    const ALL: [Self; 4] = [Self::Opening, Self::Ask, Self::Question, Self::Link];

    const fn words(self) -> &'static str {
        match self {
            Self::Opening => "the end of the first sentence",
            Self::Ask => "the ask",
            Self::Question => "the question",
            Self::Link => "the first own link",
        }
    }
}

impl Hidden {
    /// In words: `the ask and the question`.
    #[must_use]
    pub fn words(self) -> String {
        let hidden = Point::ALL.into_iter().zip(self.0).filter(|(_, hidden)| *hidden);
        let words: Vec<&str> = hidden.map(|(point, _)| point.words()).collect();
        match words.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => words.concat(),
        }
    }
}

/// A text that goes beyond a limit.
#[derive(Clone, Copy, Debug)]
struct Excess {
    /// The part in which it does, and the byte of the first character that is too many.
    part: usize,
    at: usize,
    platform: Platform,
    unit: Unit,
    count: usize,
    most: usize,
}

/// The texts of a post that one of its networks does not take: each once, for the network whose limit comes first.
pub(super) fn too_long(search: &Search<'_>, id: RuleId) -> Vec<Match> {
    let mut found: BTreeMap<usize, Excess> = BTreeMap::new();
    for &platform in search.setting.platforms {
        let limits = search.setting.limits.of(platform);
        let counting = Counting::of(platform, limits);
        let bytes = Counting { unit: Unit::Bytes, ..counting };
        for (counting, limit) in [(counting, limits.length), (bytes, limits.bytes)] {
            let Limit::Most(most) = limit else { continue };
            for text in texts(search.post, platform) {
                let Some(excess) = excess(search.post, &text, counting, most as usize) else { continue };
                let first = found.entry(text.of).or_insert(excess);
                if (excess.part, excess.at) < (first.part, first.at) {
                    *first = excess;
                }
            }
        }
    }
    found.into_values().filter_map(|excess| of_excess(search, id, excess)).collect()
}

/// Parts that are posted as one text.
struct Posted {
    /// The part that it is the text of.
    of: usize,
    /// All of its parts, in order.
    parts: Vec<usize>,
}

/// The text with its hashtags, on Mastodon with its content warning; each further post of a thread; the first comment
/// where an answer is a post like any other. What else a post has (a title, a description) is counted nowhere.
fn texts(post: &Post, platform: Platform) -> Vec<Posted> {
    let of_kind = |kind: PartKind| (0..).zip(&post.parts).filter(move |(_, part)| part.kind == kind);
    let first = |kind: PartKind| of_kind(kind).next().map(|(index, _)| index);
    let answers = matches!(platform, Platform::X | Platform::Bluesky | Platform::Mastodon | Platform::Threads);
    let mut texts: Vec<Posted> = Vec::new();
    for (index, part) in post.parts.iter().enumerate() {
        match part.kind {
            PartKind::Text if texts.is_empty() => {
                let warning = first(PartKind::ContentWarning).filter(|_| platform == Platform::Mastodon);
                let tags = of_kind(PartKind::Hashtags).map(|(index, _)| index);
                texts.push(Posted { of: index, parts: warning.into_iter().chain([index]).chain(tags).collect() });
            }
            PartKind::Text | PartKind::Thread => texts.push(Posted { of: index, parts: vec![index] }),
            PartKind::FirstComment if answers => texts.push(Posted { of: index, parts: vec![index] }),
            _ => {}
        }
    }
    texts
}

/// What networks keep of a text: white space at its ends goes.
fn kept(part: &Part) -> (usize, &str) {
    let start = part.text.len() - part.text.trim_start().len();
    (start, part.text.trim())
}

fn excess(post: &Post, text: &Posted, counting: Counting, most: usize) -> Option<Excess> {
    let parts = || text.parts.iter().filter_map(|&index| Some((index, post.parts.get(index)?)));
    // One for the space before hashtags that stand apart.
    let at_most = |(_, part): (usize, &Part)| counting.at_most(kept(part).1).saturating_add(1);
    if parts().map(at_most).sum::<usize>() <= most {
        return None;
    }
    let mut count = 0;
    let mut over = None;
    for (index, part) in parts() {
        let (start, kept) = kept(part);
        count += usize::from(part.kind == PartKind::Hashtags && count > 0 && !kept.is_empty());
        counting.each_piece(kept, |span, weight| {
            count += weight;
            let blank = || kept.get(span.clone()).is_none_or(|piece| piece.trim().is_empty());
            if count > most && over.is_none() && !blank() {
                over = Some((index, start + span.start));
            }
        });
    }
    let (part, at) = over?;
    Some(Excess { part, at, platform: counting.platform, unit: counting.unit, count, most })
}

#[expect(clippy::cast_precision_loss, reason = "lengths of posts are small")]
fn of_excess(search: &Search<'_>, id: RuleId, excess: Excess) -> Option<Match> {
    let reading = search.readings.get(excess.part)?;
    let token = token_behind(reading, excess.at)?;
    let span = reading.tokens.place(token).range();
    let exact = TextSpan::of(excess.at.max(span.start)..span.end);
    let Excess { platform, unit, count, most, .. } = excess;
    let extent = Extent { platform, unit, exact: Some(exact), hidden: Hidden::default() };
    let (measure, max) = (count as f64, most as f64 + 1.0);
    Some(Match {
        measured: Some(Box::new(Measured { measure, max, extent: Some(extent), ..Measured::default() })),
        ..Match::plain(id, TokenRange::new(excess.part, token..token + 1))
    })
}

/// The first token that ends behind byte `at`.
fn token_behind(reading: &Reading, at: usize) -> Option<usize> {
    let index = reading.tokens.covering(at..at).start;
    (index < reading.tokens.len()).then_some(index)
}

/// The point of a post that stands behind the fold: an ask (a finding of `asks`), a question or an own link where none of
/// them stands before it, or the end of the first sentence.
#[expect(clippy::cast_precision_loss, reason = "lengths of posts are small")]
pub(super) fn folded(search: &Search<'_>, id: RuleId, asks: &[Selector], matches: &[Match]) -> Option<Match> {
    let (platform, most) = fold_of(search)?;
    let part = search.post.parts.iter().position(|part| part.kind == PartKind::Text)?;
    let (start, kept) = kept(search.post.parts.get(part)?);
    let at = start + kept.grapheme_indices(true).nth(most as usize)?.0;
    let reading = search.readings.get(part)?;
    let behind = token_behind(reading, at)?;
    let points = points(search, part, asks, matches);
    if points.iter().any(|(_, place)| place.tokens().end <= behind) {
        return None;
    }
    let opening = first_sentence(reading).map(|tokens| (Point::Opening, TokenRange::new(part, tokens)));
    let opening = opening.filter(|(_, place)| place.tokens().end > behind);
    let mut hidden = Hidden::default();
    let mut places = Vec::new();
    for (point, place) in opening.into_iter().chain(points) {
        hidden.0[point as usize] = true;
        // Of what the fold cuts in two, what is shown is no part of the finding.
        let tokens = place.tokens();
        places.push(TokenRange::new(part, tokens.start.max(behind)..tokens.end));
    }
    places.sort_unstable();
    places.dedup();
    let (&place, evidence) = places.split_first()?;
    let from = reading.tokens.span(place.tokens()).range().start.max(at);
    let count = search.post.parts[part].text.get(start..from)?.graphemes(true).count() + 1;
    let extent = Extent { platform, unit: Unit::Characters, exact: None, hidden };
    let (measure, max) = (count as f64, f64::from(most) + 1.0);
    Some(Match {
        evidence: evidence.into(),
        measured: Some(Box::new(Measured { measure, max, extent: Some(extent), ..Measured::default() })),
        ..Match::plain(id, place)
    })
}

/// The network of the post that shows the least.
fn fold_of(search: &Search<'_>) -> Option<(Platform, u32)> {
    let folds =
        search.setting.platforms.iter().filter_map(|&platform| match search.setting.limits.of(platform).fold {
            Limit::Most(most) => Some((platform, most)),
            Limit::None => None,
        });
    folds.min_by_key(|&(_, most)| most)
}

/// The first of each kind, where it ends first.
fn points(search: &Search<'_>, part: usize, asks: &[Selector], matches: &[Match]) -> Vec<(Point, TokenRange)> {
    let Some(reading) = search.readings.get(part) else { return Vec::new() };
    let asked = |found: &&Match| {
        usize::from(found.place.part) == part
            && asks.iter().any(|&selector| search.rules.selects(selector, found.rule))
    };
    let ask = matches.iter().filter(asked).map(|found| found.place).min_by_key(|place| (place.end, place.first));
    let mut sentences = reading.tokens.sentences().iter();
    let question = sentences.find(|sentence| sentence.end() == SentenceEnd::Question);
    let question = question.map(|sentence| TokenRange::new(part, sentence.tokens()));
    let link = reading.classes.iter().position(|classes| classes.has(Class::OwnLink));
    let link = link.map(|index| TokenRange::new(part, index..index + 1));
    let points = [(Point::Ask, ask), (Point::Question, question), (Point::Link, link)];
    points.into_iter().filter_map(|(point, place)| Some((point, place?))).collect()
}

/// The levels for the first network that has any of its own: by its limit, where a config sets one, or else by the rule;
/// levels that a config sets stand in place of the rule's own on every network.
pub(super) fn thresholds(search: &Search<'_>, id: RuleId, count: &Count) -> Thresholds {
    let set = search.setting.thresholds.get(&id).copied();
    let usual = set.unwrap_or(count.thresholds);
    let of_post = count.class == Some(Class::Hashtag) && !count.run && count.per_words == 0;
    let limit = |platform: Platform| search.setting.limits.of(platform).hashtags.filter(|_| of_post);
    let own = |&platform: &Platform| {
        let on = || count.on.iter().find(|(on, _)| *on == platform).map(|(_, thresholds)| *thresholds);
        let on = set.or_else(on);
        match limit(platform) {
            Some(limit) => Some(on.unwrap_or(usual).from_limit(limit)),
            None => on,
        }
    };
    search.setting.platforms.iter().find_map(own).unwrap_or(usual)
}
