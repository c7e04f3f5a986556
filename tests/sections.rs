//! Long posts: what neutral words around a promotional draft change, and what they do not.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::collections::BTreeMap;
use std::sync::Arc;

use selfless::diagnostic::Level;
use selfless::document::{Format, extract};
use selfless::identity::Account;
use selfless::lint::{Context, Found, Linter, Policy};
use selfless::report::{PostReport, SectionName};
use selfless::rule::raw::{self, RawSetting};
use selfless::rule::{Kind, RuleSet, shipped_files};
use selfless::score::Verdict;
use selfless::text::Source;

/// What rivers, stones and weather do.
const NEUTRAL: [&str; 16] = [
    "The river bends twice before the mill and runs slower where the banks are wide.",
    "Limestone lets water through, while clay holds it near the surface for most of a season.",
    "In autumn the fog stays in the valley until noon, and the ridge above it is dry.",
    "A heron stands at the weir each morning, and the smaller birds keep to the reeds.",
    "Oak leaves rot slowly because of their tannin, so the ground below them stays dark.",
    "The old road follows the contour of the hill, which adds length but spares the horses.",
    "Slate splits along flat planes, and thin plates of it cover the roofs of the district.",
    "Moss grows on the north side of most walls, though a wet wall carries it on every side.",
    "The tide reaches the second bridge at full moon and leaves a line of weed on the stones.",
    "Snow on the upper pass melts from below, where the rock has kept the warmth of summer.",
    "Wheat was carried down to the harbour by barge until the canal filled with silt.",
    "A lamp in the tower turned four times a minute and was seen from the outer islands.",
    "Beeswax melts at a low heat and keeps its colour for many years in a closed jar.",
    "The bell of the chapel was cast in two pieces, and the seam can be heard in its tone.",
    "Larch wood resists rot, which is why the posts of the jetty were cut from it.",
    "The wind turns west in the afternoon and brings the smell of salt over the fields.",
];

/// So many words of it or a few more, in paragraphs of four to six sentences.
fn neutral(words: usize) -> String {
    let (mut text, mut count, mut left) = (String::new(), 0, 4);
    for index in 0.. {
        let sentence = NEUTRAL[(index * 5 + index / 16) % 16];
        text.push_str(sentence);
        count += sentence.split_whitespace().count();
        if count >= words {
            break;
        }
        left -= 1;
        text.push_str(if left == 0 { "\n\n" } else { " " });
        left = if left == 0 { 4 + index % 3 } else { left };
    }
    text
}

struct Judge {
    linter: Linter,
    policy: Policy,
}

impl Judge {
    fn new() -> Self {
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let policy = Policy::of(linter.rules());
        Self { linter, policy }
    }

    fn judge(&self, text: &str, setting: &RawSetting) -> (PostReport, Found) {
        let extracted = extract(&Arc::new(Source::from_text("draft", text)), &Format::Text.into());
        let context = Context {
            account: Account::new(None, setting.identity.clone()),
            platforms: setting.platform.into_iter().collect(),
            ..Context::default()
        };
        self.linter.lint_with_found(&extracted.posts[0], &context, &self.policy)
    }

    /// How often each rule of this sort found something.
    fn counts(&self, found: &Found, sort: impl Fn(&Kind, Level) -> bool) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for found in &found.matches {
            let rule = self.linter.rules().rule(found.rule);
            if !rule.credit && sort(&rule.kind, found.level().unwrap_or(rule.level)) {
                *counts.entry(rule.name.as_ref()).or_default() += 1;
            }
        }
        counts
    }
}

/// The drafts that the shipped rules must flag, with their settings.
fn examples() -> Vec<(String, RawSetting)> {
    let mut drafts = Vec::new();
    for file in shipped_files() {
        let (raw, _) = raw::read(&file);
        for rule in &raw.rules {
            let flagged = rule.drafts(&raw.setting).filter(|(_, flagged, _)| *flagged);
            drafts.extend(flagged.map(|(text, _, setting)| (text.value.clone(), setting)));
        }
    }
    drafts
}

/// Whether what a rule finds is words, wherever in the post they stand. The others say something of the whole post,
/// of where in it a thing stands, or of how little stands beside a link; that is no longer true in another post.
fn finds_words(kind: &Kind) -> bool {
    matches!(kind, Kind::Phrases | Kind::Patterns(_) | Kind::Near { .. } | Kind::Sequence | Kind::Count(_))
}

#[test]
fn neutral_words_leave_the_findings_of_a_promotional_draft_and_a_verdict_of_mixed_or_more() {
    let judge = Judge::new();
    let calm = neutral(1500);
    let grave = |kind: &Kind, level: Level| finds_words(kind) && level >= Level::Warning;
    let (mut drafts, mut lost, mut cool, mut let_off) = (0, Vec::new(), Vec::new(), 0);
    for (text, setting) in examples() {
        let (alone, found) = judge.judge(&text, &setting);
        if alone.score.verdict != Verdict::Promotional {
            continue;
        }
        for padded in [format!("{text}\n\n{calm}"), format!("{calm}\n\n{text}")] {
            drafts += 1;
            let (report, still) = judge.judge(&padded, &setting);
            let (before, after) = (judge.counts(&found, grave), judge.counts(&still, grave));
            if before.iter().any(|(rule, count)| after.get(rule) < Some(count)) {
                lost.push(format!("{text:?}: {before:?}, then {after:?}"));
            }
            if matches!(report.score.verdict, Verdict::Promotional | Verdict::Mixed) {
                continue;
            }
            // Where its place or its emptiness was part of what made it an advertisement, the rest may weigh less.
            let (before, after) = (judge.counts(&found, |_, _| true), judge.counts(&still, |_, _| true));
            match before.keys().all(|rule| after.contains_key(rule)) {
                true => cool.push(format!("{text:?}: {:?} {:?}", report.score, report.sections.first())),
                false => let_off += 1,
            }
        }
    }
    assert!(drafts > 500, "only {drafts} drafts");
    assert!(lost.is_empty(), "{} lose findings:\n{}", lost.len(), lost.join("\n"));
    assert!(cool.is_empty(), "{} are let off:\n{}", cool.len(), cool.join("\n"));
    assert!(let_off * 50 < drafts, "{let_off} of {drafts} are let off");
}

#[test]
fn neutral_words_are_no_promotion() {
    for words in [60, 160, 1500, 5000] {
        let (report, _) = Judge::new().judge(&neutral(words), &RawSetting::default());
        let found: Vec<_> = report.findings.iter().filter(|finding| !finding.credit).collect();
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(report.score.verdict, Verdict::Conversational);
        assert_eq!((report.sections.is_empty(), report.hottest), (words == 60, None));
    }
}

#[test]
fn the_hottest_section_is_named_where_it_stands() {
    let pitch = "Buy now, 50% off until midnight! Link in bio.";
    let calm = neutral(700);
    for (text, name) in [
        (format!("{pitch}\n\n{calm}"), Some(SectionName::First(60))),
        (format!("{calm}\n\n{pitch}"), Some(SectionName::Last(60))),
        (calm.clone(), None),
    ] {
        let (report, _) = Judge::new().judge(&text, &RawSetting::default());
        assert_eq!(report.hottest().map(|section| section.name), name);
    }
    let text = format!("{calm}\n\n{pitch}\n\n{calm}");
    let (report, _) = Judge::new().judge(&text, &RawSetting::default());
    let hottest = report.hottest().unwrap();
    assert!(matches!(hottest.name, SectionName::Words(650..720, 700..820)), "{}", hottest.name);
    assert!(text[hottest.span.range()].contains(pitch));
}

#[test]
fn the_sections_of_markdown_stand_in_its_source() {
    let text = include_str!("../examples/field-notes.md");
    let extracted = extract(&Arc::new(Source::from_text("field-notes.md", text)), &Format::Markdown.into());
    let judge = Judge::new();
    let report = judge.linter.lint(&extracted.posts[0], &Context::default(), &judge.policy);
    assert!(report.sections.len() > 8, "{}", report.sections.len());
    let hottest = report.hottest().unwrap();
    assert_eq!(hottest.name, SectionName::Last(60));
    assert!(text[hottest.span.range()].contains("sign up now at [tidepool.example]"));
}
