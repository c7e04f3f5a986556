//! The grammar and the length of posts on X against twitter-text's own suites, and the grammar of Bluesky against what its
//! client makes of its own cases, one trial a case.
//!
//! The suites (`extract.yml`, `validate.yml`) are not part of this repository: they are looked for in the folder
//! `shared/conformance` beside it, or under the folder that `SELFLESS_SHARED` names. The cases of Bluesky are what
//! `.ci/clients/bluesky_cases.cjs` writes, in the file that `SELFLESS_BLUESKY` names. Without them the trials are
//! reported as ignored. Invariant: no case of a suite is left out, which the trials `…/cases` hold.

#![expect(clippy::expect_used, clippy::panic, reason = "a malformed suite ends the run")]

use std::fmt::Debug;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use granit_parser::{Event, Parser, ScalarStyle};
use libtest_mimic::{Arguments, Failed, Trial};
use selfless::text::grammar::{entities, x};
use selfless::text::length::{Weighted, Weights, weighted_length};
use selfless::text::{Platform, TokenKind};

/// Cases of `extract.yml`, and of the weighted counters in `validate.yml`.
const EXTRACTION_CASES: usize = 238;
const COUNTER_CASES: usize = 44;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = std::env::var_os("SELFLESS_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from)
        .join("conformance");
    let mut trials = Vec::new();
    trials.extend(suite(&folder.join("extract.yml"), "extract", EXTRACTION_CASES, extraction));
    trials.extend(suite(&folder.join("validate.yml"), "length", COUNTER_CASES, counter));
    trials.extend(bluesky());
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Cases of the npm package `@atproto/api`: 40 of mentions and links, 39 of tags, 18 of cashtags.
const BLUESKY_CASES: usize = 97;

/// Texts of which the client makes something else, and why that is meant to differ.
const BLUESKY_DIFFERENCES: [(&str, &str); 3] = [
    ("@full123-chars.test", "nobody can have a handle under .test, which the client takes for its own tests"),
    ("website.com.jpg", "a link to the known domain; one grammar of links serves all networks, and X links it so"),
    ("website.com.jpg/foo", "the same"),
];

fn bluesky() -> Vec<Trial> {
    let file = std::env::var_os("SELFLESS_BLUESKY").and_then(|path| std::fs::read_to_string(path).ok());
    let Some(lines) = file else {
        return vec![Trial::test("bluesky/cases", || Ok(())).with_ignored_flag(true)];
    };
    let mut trials = Vec::new();
    for (number, line) in lines.lines().enumerate() {
        let case: serde_json::Value = serde_json::from_str(line).expect("the cases are JSON lines");
        let text = case["text"].as_str().expect("a case has a text").to_owned();
        trials.push(Trial::test(format!("bluesky/{number}: {text:?}"), move || {
            let expected = case["entities"].to_string();
            let differs = BLUESKY_DIFFERENCES.iter().find(|(different, _)| *different == text);
            match differs {
                Some((_, reason)) if entities_on_bluesky(&text) == expected => {
                    Err(format!("no longer differs: {reason}").into())
                }
                Some(_) => Ok(()),
                None => same(&entities_on_bluesky(&text), &expected),
            }
        }));
    }
    let found = trials.len();
    trials.push(Trial::test("bluesky/cases", move || same(&found, &BLUESKY_CASES)));
    trials
}

/// What our grammar finds, in the words of the client: kind, first byte, end.
fn entities_on_bluesky(text: &str) -> String {
    let mut found = Vec::new();
    entities(text, Some(Platform::Bluesky), &mut found);
    let told = found.into_iter().filter_map(|entity| {
        let kind = match entity.kind {
            TokenKind::Mention => "mention",
            TokenKind::Url => "link",
            TokenKind::Hashtag | TokenKind::Cashtag => "tag",
            _ => return None,
        };
        Some(serde_json::json!([kind, entity.span.start, entity.span.end]))
    });
    serde_json::Value::from_iter(told).to_string()
}

/// What a group of cases is checked by; none for groups that are about something else.
type Check = fn(&str, &Node) -> Result<(), Failed>;

fn suite(file: &Path, name: &'static str, count: usize, check_of: fn(&str) -> Option<Check>) -> Vec<Trial> {
    let Ok(yaml) = std::fs::read_to_string(file) else {
        return vec![Trial::test(format!("{name}/cases"), || Ok(())).with_ignored_flag(true)];
    };
    let document = Node::read(&yaml);
    let mut trials = Vec::new();
    for (group, cases) in document.get("tests").entries() {
        let Some(check) = check_of(group) else { continue };
        for (number, case) in cases.items().iter().enumerate() {
            let title = format!("{name}/{group}/{number}: {}", case.get("description").text());
            let (text, expected) = (case.get("text").text().to_owned(), case.get("expected").clone());
            trials.push(Trial::test(title, move || check(&text, &expected)));
        }
    }
    let found = trials.len();
    trials.push(Trial::test(format!("{name}/cases"), move || same(&found, &count)));
    trials
}

fn extraction(group: &str) -> Option<Check> {
    Some(match group {
        "mentions" => |text, expected| same(&signless(text, &x::mentions(text)), &expected.texts()),
        "mentions_with_indices" => |text, expected| {
            let name = |span: &Range<usize>| text[span.start + 1..span.end].to_owned();
            same(&placed(text, &x::mentions(text), name), &expected.placed("screen_name"))
        },
        "mentions_or_lists_with_indices" => |text, expected| {
            let found = x::mentions_or_lists(text);
            let spans: Vec<_> = found.iter().map(|mention| mention.span.clone()).collect();
            let lists: Vec<_> = found.iter().map(|mention| text[mention.list.clone()].to_owned()).collect();
            let names: Vec<_> = found.iter().map(|mention| text[mention.name.clone()].to_owned()).collect();
            same(&lists, &expected.items().iter().map(|item| item.get("list_slug").text().to_owned()).collect())?;
            same(
                &names,
                &expected.items().iter().map(|item| item.get("screen_name").text().to_owned()).collect(),
            )?;
            let places = expected.placed("screen_name").into_iter().map(|(_, place)| place).collect();
            same(&spans.iter().map(|span| x::code_points(text, span)).collect::<Vec<_>>(), &places)
        },
        "replies" => |text, expected| same(&x::reply(text).map_or("", |name| &text[name]), &expected.text()),
        "urls" | "tco_urls_with_params" => |text, expected| {
            let found: Vec<String> = x::urls(text).into_iter().map(|span| text[span].to_owned()).collect();
            same(&found, &expected.texts())
        },
        "urls_with_indices" | "urls_with_directional_markers" => |text, expected| {
            let url = |span: &Range<usize>| text[span.clone()].to_owned();
            same(&placed(text, &x::urls(text), url), &expected.placed("url"))
        },
        "hashtags" | "hashtags_from_astral" => {
            |text, expected| same(&signless(text, &x::hashtags(text)), &expected.texts())
        }
        "hashtags_with_indices" => |text, expected| {
            let tag = |span: &Range<usize>| text[span.clone()].trim_start_matches(['#', '＃']).to_owned();
            same(&placed(text, &x::hashtags(text), tag), &expected.placed("hashtag"))
        },
        "cashtags" => |text, expected| same(&signless(text, &x::cashtags(text)), &expected.texts()),
        "cashtags_with_indices" => |text, expected| {
            let tag = |span: &Range<usize>| text[span.start + 1..span.end].to_owned();
            same(&placed(text, &x::cashtags(text), tag), &expected.placed("cashtag"))
        },
        // A group that nobody checks is missed by the number of cases.
        _ => return None,
    })
}

fn counter(group: &str) -> Option<Check> {
    Some(match group {
        "WeightedTweetsCounterTest" => |text, expected| count(text, Weights::V2, expected),
        "WeightedTweetsWithDiscountedEmojiCounterTest" | "UnicodeDirectionalMarkerCounterTest" => {
            |text, expected| count(text, Weights::V3, expected)
        }
        _ => return None,
    })
}

fn count(text: &str, weights: Weights, expected: &Node) -> Result<(), Failed> {
    let expected = Weighted {
        weighted: expected.get("weightedLength").number(),
        valid: expected.get("valid").text() == "true",
        permillage: expected.get("permillage").number(),
        valid_range: (expected.get("validRangeStart").number(), expected.get("validRangeEnd").number()),
        display_range: (expected.get("displayRangeStart").number(), expected.get("displayRangeEnd").number()),
    };
    same(&weighted_length(text, weights), &expected)
}

fn signless(text: &str, spans: &[Range<usize>]) -> Vec<String> {
    spans
        .iter()
        .map(|span| text[span.clone()].trim_start_matches(['@', '＠', '#', '＃', '$']).to_owned())
        .collect()
}

type Placed = Vec<(String, (usize, usize))>;

fn placed(text: &str, spans: &[Range<usize>], name: impl Fn(&Range<usize>) -> String) -> Placed {
    spans.iter().map(|span| (name(span), x::code_points(text, span))).collect()
}

fn same<T: Debug + PartialEq>(found: &T, expected: &T) -> Result<(), Failed> {
    if found == expected { Ok(()) } else { Err(format!("found {found:?}\nexpected {expected:?}").into()) }
}

/// A YAML value. What is missing or empty is a plain scalar without text.
#[derive(Clone, Debug, PartialEq)]
enum Node {
    Scalar(String),
    Items(Vec<Node>),
    Entries(Vec<(String, Node)>),
}

impl Node {
    fn read(yaml: &str) -> Self {
        let events = Parser::new_from_str(yaml).map(|event| event.expect("the suite is valid YAML").0);
        let mut open: Vec<(Option<String>, Self)> = Vec::new();
        let mut done = Self::Scalar(String::new());
        for event in events {
            let node = match event {
                Event::Scalar(value, ScalarStyle::Plain, ..) if value == "~" || value == "null" => {
                    Self::Scalar(String::new())
                }
                Event::Scalar(value, ..) => Self::Scalar(value.into_owned()),
                Event::SequenceStart(..) => {
                    open.push((None, Self::Items(Vec::new())));
                    continue;
                }
                Event::MappingStart(..) => {
                    open.push((None, Self::Entries(Vec::new())));
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => open.pop().expect("ends are balanced").1,
                _ => continue,
            };
            match open.last_mut() {
                None => done = node,
                Some((_, Self::Items(items))) => items.push(node),
                Some((key, Self::Entries(entries))) => match key.take() {
                    None => *key = Some(node.text().to_owned()),
                    Some(name) => entries.push((name, node)),
                },
                Some((_, Self::Scalar(_))) => unreachable!("a scalar is never open"),
            }
        }
        done
    }

    fn get(&self, key: &str) -> &Self {
        static MISSING: Node = Node::Scalar(String::new());
        self.entries().iter().find(|(name, _)| name == key).map_or(&MISSING, |(_, node)| node)
    }

    fn entries(&self) -> &[(String, Self)] {
        if let Self::Entries(entries) = self { entries } else { &[] }
    }

    fn items(&self) -> &[Self] {
        if let Self::Items(items) = self { items } else { &[] }
    }

    fn text(&self) -> &str {
        if let Self::Scalar(text) = self { text } else { "" }
    }

    fn number(&self) -> usize {
        self.text().parse().expect("a number")
    }

    fn texts(&self) -> Vec<String> {
        self.items().iter().map(|item| item.text().to_owned()).collect()
    }

    fn placed(&self, key: &str) -> Placed {
        let place = |item: &Self| match item.get("indices").items() {
            [start, end] => (start.number(), end.number()),
            _ => panic!("two indices"),
        };
        self.items().iter().map(|item| (item.get(key).text().to_owned(), place(item))).collect()
    }
}
