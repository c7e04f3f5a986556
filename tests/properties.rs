//! What holds for any draft: the same findings in any wrapping, each on the right raw bytes.
//!
//! Drafts are spliced from the rules' own examples and neutral sentences, so that a property cannot hold on nothing:
//! the run fails unless at least half of the drafts have a finding and every rule that is on fires.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use selfless::diagnostic::Level;
use selfless::document::{Format, extract};
use selfless::identity::Account;
use selfless::lint::{Context, Linter, Policy};
use selfless::report::PostReport;
use selfless::rule::raw::{self, RawSetting};
use selfless::rule::{RuleSet, shipped_files};
use selfless::text::{Platform, Source, Span};

/// A draft and what it is judged with.
#[derive(Clone, Debug)]
struct Draft {
    text: String,
    setting: RawSetting,
}

/// Neutral sentences, none of which any rule should care about.
const NEUTRAL: [&str; 5] = [
    "The heron is back on the canal.",
    "It rained on the library roof all Tuesday.",
    "Two swifts nest under the bridge.",
    "The bus skipped the stop again.",
    "Soup was served at noon.",
];

/// All flagged examples of the shipped rules that stand on one line, with their settings.
fn examples() -> Vec<Draft> {
    let mut drafts = Vec::new();
    for file in shipped_files() {
        let (raw, _) = raw::read(&file);
        for rule in &raw.rules {
            for case in rule.cases.iter().filter(|case| case.flagged) {
                let setting = raw.setting.of_case(case);
                drafts.push(Draft { text: case.text.value.clone(), setting });
            }
        }
    }
    assert!(drafts.len() > 60, "only {} examples", drafts.len());
    drafts
}

fn draft() -> impl Strategy<Value = Draft> {
    let neutral = || prop::collection::vec(prop::sample::select(NEUTRAL.to_vec()), 0..2);
    (neutral(), prop::sample::select(examples()), neutral()).prop_map(|(before, example, after)| {
        let pieces: Vec<&str> = before
            .into_iter()
            .chain([example.text.as_str()])
            .chain(after)
            .filter(|piece| !piece.is_empty())
            .collect();
        Draft { text: pieces.join(" "), setting: example.setting.clone() }
    })
}

struct Judge {
    linter: Linter,
    policy: Policy,
}

impl Judge {
    fn new() -> Self {
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let mut policy = Policy::of(linter.rules());
        policy.all = true;
        for pack in linter.rules().packs() {
            policy.switch_on(linter.rules(), pack);
        }
        Self { linter, policy }
    }

    fn judge(&self, name: &str, raw: &str, format: Format, setting: &RawSetting) -> PostReport {
        let source = Arc::new(Source::from_text(name, raw));
        let extracted = extract(&source, &format.into());
        let what: Vec<&str> = extracted.diagnostics.iter().map(|one| &*one.message).collect();
        assert!(what.is_empty(), "{what:?} in {raw:?}");
        assert_eq!(extracted.posts.len(), 1, "{raw:?}");
        let context = Context {
            account: Account::new(None, setting.identity.clone()),
            platforms: setting.platform.into_iter().collect::<Vec<Platform>>(),
            ..Context::default()
        };
        self.linter.lint(&extracted.posts[0], &context, &self.policy)
    }
}

/// What is compared: rule, level, points and places of each finding.
type Seen = Vec<(String, Level, u64, Vec<Range<usize>>)>;

#[expect(clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "points lie from 0 to 100")]
fn seen(report: &PostReport) -> Seen {
    let rounded = |points: f64| (points * 1000.0).round() as u64;
    let findings = report.findings.iter().map(|finding| {
        let places = finding.diagnostic.labels.iter().map(|label| label.span.range()).collect();
        (finding.diagnostic.code.to_string(), finding.diagnostic.level, rounded(finding.points), places)
    });
    let words = report.word_choice.iter().map(|word| {
        ("word-choice/promotion".to_owned(), Level::Note, rounded(word.points), vec![word.span.range()])
    });
    findings.chain(words).collect()
}

/// A text in another spelling: the raw text, and for each byte offset of the plain one where its character stands.
struct Wrapped {
    raw: String,
    chars: Vec<(usize, Range<usize>)>,
    /// Whether the decoded text is no longer as long as the plain one.
    is_longer: bool,
}

impl Wrapped {
    fn new(before: &str) -> Self {
        Self { raw: before.to_owned(), chars: Vec::new(), is_longer: false }
    }

    fn push(&mut self, plain_at: usize, spelled: &str) {
        let start = self.raw.len();
        self.raw.push_str(spelled);
        self.chars.push((plain_at, start..self.raw.len()));
    }

    /// The raw bytes that spell a range of the plain text.
    fn place(&self, plain: &Range<usize>) -> Range<usize> {
        let inside: Vec<&Range<usize>> =
            self.chars.iter().filter(|(at, _)| plain.contains(at)).map(|(_, raw)| raw).collect();
        match (inside.first(), inside.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => panic!("{plain:?} holds no character"),
        }
    }
}

/// JSON with `\u` escapes wherever `dice` says so.
fn as_json(text: &str, dice: &[u8]) -> Wrapped {
    let mut wrapped = Wrapped::new("{\"id\": \"7\", \"text\": \"");
    for ((at, next), dice) in text.char_indices().zip(dice.iter().cycle()) {
        let must = matches!(next, '"' | '\\') || next < ' ';
        if must || dice % 4 == 0 {
            let units: String =
                next.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
            wrapped.push(at, &units);
        } else {
            wrapped.push(at, next.encode_utf8(&mut [0; 4]));
        }
    }
    wrapped.raw.push_str("\"}");
    wrapped
}

/// A queue of one post, with `\u` escapes wherever `dice` says so.
fn as_queue(text: &str, dice: &[u8]) -> Wrapped {
    let inner = as_json(text, dice);
    let (head, tail) = ("{\"posts\":[", "]}");
    let chars =
        inner.chars.into_iter().map(|(at, raw)| (at, raw.start + head.len()..raw.end + head.len())).collect();
    Wrapped { raw: format!("{head}{}{tail}", inner.raw), chars, is_longer: false }
}

/// A cell of a table whose quotation marks are doubled.
fn as_csv(text: &str, dice: &[u8]) -> Wrapped {
    let delimiter = [',', ';', '\t'][usize::from(dice[0] % 3)];
    let mut wrapped = Wrapped::new(&format!("nr{delimiter}text\r\n1{delimiter}\""));
    for (at, next) in text.char_indices() {
        wrapped.push(at, if next == '"' { "\"\"" } else { &text[at..at + next.len_utf8()] });
    }
    wrapped.raw.push_str("\"\r\n");
    wrapped
}

/// Text between quotation marks of JSON, each character first spelled by the format that JSON wraps, and then with
/// escapes where `dice` says so.
fn as_json_of(before: &str, text: &str, after: &str, dice: &[u8], spell: impl Fn(char, u8) -> String) -> Wrapped {
    let mut wrapped = Wrapped::new(before);
    for ((at, next), dice) in text.char_indices().zip(dice.iter().cycle()) {
        let mut spelled = String::new();
        for inner in spell(next, *dice).chars() {
            if matches!(inner, '"' | '\\') || inner < ' ' || dice % 4 == 0 {
                spelled.extend(inner.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
            } else {
                spelled.push(inner);
            }
        }
        wrapped.push(at, &spelled);
    }
    wrapped.raw.push_str(after);
    wrapped
}

fn entity(next: char, always: &[char]) -> String {
    match next {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        next if always.contains(&next) => format!("&#{};", u32::from(next)),
        next => next.to_string(),
    }
}

/// An archive, or something else that only one network or scheduler writes; with the network that it says it is of.
fn as_archive(text: &str, dice: &[u8]) -> (Wrapped, &'static str, Format, Platform) {
    match dice[1] % 4 {
        0 => {
            let before =
                "window.YTD.tweets.part0 = [{\"tweet\":{\"id_str\":\"1\",\"created_at\":\"1\",\"full_text\":\"";
            let wrapped = as_json_of(before, text, "\"}}];", dice, |next, _| entity(next, &[]));
            (wrapped, "tweets.js", Format::Json, Platform::X)
        }
        1 => {
            let before = "{\"orderedItems\":[{\"type\":\"Create\",\"object\":{\"content\":\"<p>";
            let spell = |next, dice: u8| match dice % 5 {
                0 if next != ' ' => format!("<em>{}</em>", entity(next, &[])),
                1 => entity(next, &['\'', '.', 'e']),
                _ => entity(next, &[]),
            };
            // A tag belongs to no character.
            let mut wrapped = as_json_of(before, text, "</p>\"}}]}", dice, spell);
            for (_, place) in &mut wrapped.chars {
                let spelled = &wrapped.raw[place.clone()];
                let (open, close) = (json_len(spelled, 4), json_len(spelled, 5));
                if spelled.starts_with("<em>") || spelled.starts_with("\\u003c\\u0065\\u006d\\u003e") {
                    *place = place.start + open..place.end - close;
                }
            }
            (wrapped, "outbox.json", Format::Json, Platform::Mastodon)
        }
        2 => {
            let before = "[{\"media\":[{\"uri\":\"a\",\"creation_timestamp\":1,\"title\":\"";
            let spell = |next: char, _| next.encode_utf8(&mut [0; 4]).bytes().map(char::from).collect();
            (as_json_of(before, text, "\"}]}]", dice, spell), "posts_1.json", Format::Json, Platform::Instagram)
        }
        _ => {
            let mut wrapped = Wrapped::new("Date,ShareCommentary\n1,\"");
            for (at, next) in text.char_indices() {
                let spelled = match next {
                    '"' => "\"\"",
                    '\n' => "\"\"\n\"\"",
                    _ => &text[at..at + next.len_utf8()],
                };
                wrapped.push(at, spelled);
            }
            wrapped.raw.push_str("\"\n");
            (wrapped, "Shares.csv", Format::Csv, Platform::Linkedin)
        }
    }
}

/// Bytes that `count` characters take at the start of JSON that is escaped throughout or not at all.
fn json_len(spelled: &str, count: usize) -> usize {
    if spelled.starts_with('\\') { 6 * count } else { count }
}

/// A queue of one post in YAML: quoted either way, or a folded block.
fn as_yaml(text: &str, dice: &[u8]) -> Wrapped {
    let style = dice.first().map_or(0, |dice| dice % 3);
    let block = style == 2 && text.lines().all(|line| !line.starts_with([' ', '\t'])) && !text.contains('\r');
    let (open, close) = match (block, style) {
        (true, _) => (">-\n      ", "\n"),
        (_, 0) if !text.contains('\n') => ("'", "'\n"),
        _ => ("\"", "\"\n"),
    };
    let mut wrapped = Wrapped::new(&format!("# May\nposts:\n  - id: 7\n    text: {open}"));
    let word = |at: usize| text.get(at..).is_some_and(|rest| rest.starts_with(|next: char| !next.is_whitespace()));
    let after_word =
        |at: usize| text.get(..at).is_some_and(|text| text.ends_with(|next: char| !next.is_whitespace()));
    for ((at, next), dice) in text.char_indices().zip(dice.iter().cycle()) {
        let spelled = match (next, open) {
            (' ', _) if dice % 4 == 0 && after_word(at) && word(at + 1) => "\n      ".to_owned(),
            ('\n', _) if block && (at == 0 || text.get(..at).is_some_and(|text| text.ends_with('\n'))) => {
                "\n      ".to_owned()
            }
            ('\n', _) if block => "\n\n      ".to_owned(),
            ('\'', "'") => "''".to_owned(),
            ('\n', "\"") => "\\n".to_owned(),
            ('"' | '\\', "\"") => format!("\\{next}"),
            (next, "\"") if dice % 5 == 0 && next != ' ' => format!("\\U{:08x}", next as u32),
            _ => next.to_string(),
        };
        wrapped.push(at, &spelled);
    }
    wrapped.raw.push_str(close);
    wrapped
}

/// A tweet below front matter, its lines ended either way.
fn as_tweet(text: &str, dice: &[u8]) -> Wrapped {
    let newline = if dice.first().is_some_and(|dice| dice % 2 == 0) { "\r\n" } else { "\n" };
    let mut wrapped = Wrapped::new(&format!("---{newline}media: [a.png]{newline}---{newline} {newline}"));
    for (at, next) in text.char_indices() {
        wrapped.push(at, next.encode_utf8(&mut [0; 4]));
    }
    wrapped.raw.push_str(newline);
    wrapped
}

/// A post in the front matter of a page, in JSON or in YAML.
fn as_front_matter(text: &str, dice: &[u8]) -> Wrapped {
    let json = dice.first().is_some_and(|dice| dice % 2 == 0);
    let mut wrapped = Wrapped::new(match json {
        true => "{\n  \"title\": \"A page\",\n  \"social\": {\"twitter\": {\"text\": \"",
        false => "---\ntitle: A page\nsocial:\n  bluesky: true\n  twitter:\n    text: \"",
    });
    for ((at, next), dice) in text.char_indices().zip(dice.iter().cycle()) {
        if matches!(next, '"' | '\\') || next < ' ' || dice % 4 == 0 {
            let units =
                next.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
            wrapped.push(at, &units);
        } else {
            wrapped.push(at, next.encode_utf8(&mut [0; 4]));
        }
    }
    wrapped.raw.push_str(if json { "\"}}\n}\nThe page.\n" } else { "\"\n---\nThe page.\n" });
    wrapped
}

/// The fenced text below one of several headings, between notes.
fn as_pack(text: &str, dice: &[u8]) -> Wrapped {
    let heading = ["## Post 1", "### 1. Post #1 (short)", "Post 1 - The pier\n---"];
    let heading = heading[usize::from(dice[0] % 3)];
    let head = format!("# May\n\nThrilled to announce our plan!\n\n{heading}\n\n**Goal:** replies\n\n```\n");
    let mut wrapped = Wrapped::new(&head);
    for (at, next) in text.char_indices() {
        wrapped.push(at, next.encode_utf8(&mut [0; 4]));
    }
    wrapped.raw.push_str("\n```\n\n> Honored to be quoted.\n\n# Why this works\n\nLink in bio.\n");
    wrapped
}

/// Markdown with escapes and entities, and some plain words in emphasis.
fn as_markdown(text: &str, dice: &[u8]) -> Wrapped {
    let mut wrapped = Wrapped::new("");
    let mut dice = dice.iter().cycle().copied();
    let mut roll = move || dice.next().unwrap_or(0);
    let mut at = 0;
    for chunk in text.split_inclusive(' ') {
        let word = chunk.trim_end_matches(' ');
        let plain_word = !word.is_empty() && word.chars().all(|next| next.is_ascii_alphanumeric());
        let mark = if plain_word && roll() % 4 == 0 { ["*", "**", "_"][usize::from(roll() % 3)] } else { "" };
        wrapped.raw.push_str(mark);
        for (offset, next) in word.char_indices() {
            let spelled = if next.is_ascii_punctuation() && roll() % 2 == 0 {
                format!("&#{};", next as u32)
            } else if next.is_ascii_punctuation() {
                format!("\\{next}")
            } else {
                next.to_string()
            };
            wrapped.push(at + offset, &spelled);
        }
        wrapped.raw.push_str(mark);
        for offset in word.len()..chunk.len() {
            wrapped.push(at + offset, " ");
        }
        at += chunk.len();
    }
    wrapped.raw.push('\n');
    wrapped
}

/// Whether a chunk is a plain word, perhaps with a mark behind it, that may be spelled in other letters.
fn is_word(chunk: &str) -> bool {
    let word = chunk.trim_end_matches([' ', '.', ',', '!', '?', ':']);
    word.chars().all(|next| next.is_ascii_alphabetic() || next == '\'')
}

/// Mathematical bold letters and curly apostrophes in all plain words.
fn as_bold(text: &str) -> Wrapped {
    let mut wrapped = Wrapped { is_longer: true, ..Wrapped::new("") };
    let mut at = 0;
    for chunk in text.split_inclusive(' ') {
        let bold = is_word(chunk);
        for (offset, next) in chunk.char_indices() {
            let spelled = match next {
                'A'..='Z' if bold => char::from_u32(0x1D5D4 + (next as u32 - 'A' as u32)).unwrap(),
                'a'..='z' if bold => char::from_u32(0x1D5EE + (next as u32 - 'a' as u32)).unwrap(),
                '\'' if bold => '\u{2019}',
                next => next,
            };
            wrapped.push(at + offset, spelled.encode_utf8(&mut [0; 4]));
        }
        at += chunk.len();
    }
    wrapped
}

/// Zero-width joiners inside plain words.
fn as_joined(text: &str) -> Wrapped {
    let mut wrapped = Wrapped { is_longer: true, ..Wrapped::new("") };
    let mut at = 0;
    for chunk in text.split_inclusive(' ') {
        let letters = chunk.char_indices().collect::<Vec<_>>();
        for (number, &(offset, next)) in letters.iter().enumerate() {
            if number == 1 && is_word(chunk) && next.is_ascii_alphabetic() && chunk.len() > 3 {
                wrapped.raw.push('\u{200B}');
            }
            wrapped.push(at + offset, next.encode_utf8(&mut [0; 4]));
        }
        at += chunk.len();
    }
    wrapped
}

fn assert_same(judge: &Judge, draft: &Draft, plain: &Seen, name: &str, wrapped: &Wrapped, format: Format) {
    let report = judge.judge(name, &wrapped.raw, format, &draft.setting);
    let mut expected: Seen = plain
        .iter()
        .map(|(rule, level, points, places)| {
            (rule.clone(), *level, *points, places.iter().map(|place| wrapped.place(place)).collect())
        })
        .collect();
    let mut found = seen(&report);
    // Bold letters and invisible characters read the same, but networks count them otherwise.
    if wrapped.is_longer {
        for seen in [&mut found, &mut expected] {
            seen.retain(|(rule, ..)| !rule.starts_with("length/"));
        }
    }
    assert_eq!(found, expected, "\n{:?}\n{:?}", draft.text, wrapped.raw);
}

#[test]
fn the_same_draft_has_the_same_findings_in_any_wrapping() {
    let judge = Judge::new();
    let fired: RefCell<BTreeSet<String>> = RefCell::default();
    let counts = RefCell::new((0, 0));
    let cases = 6_000;
    let mut runner = TestRunner::new_with_rng(
        Config { cases, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let dice = prop::collection::vec(any::<u8>(), 8..40);
    runner
        .run(&(draft(), dice), |(draft, dice)| {
            let report = judge.judge("draft.txt", &draft.text, Format::Text, &draft.setting);
            let plain = seen(&report);
            counts.borrow_mut().0 += 1;
            counts.borrow_mut().1 += usize::from(!plain.is_empty());
            fired.borrow_mut().extend(plain.iter().map(|(rule, ..)| rule.clone()));
            // Rules that are shown as notes of others fire too.
            let notes = report.findings.iter().flat_map(|finding| &finding.diagnostic.notes);
            fired.borrow_mut().extend(
                notes.filter_map(|note| {
                    note.rsplit_once('(').map(|(_, name)| name.trim_end_matches(')').to_owned())
                }),
            );
            for (_, _, _, places) in &plain {
                for place in places {
                    assert!(draft.text.get(place.clone()).is_some_and(|text| !text.is_empty()), "{place:?}");
                }
            }
            assert_same(&judge, &draft, &plain, "a.json", &as_queue(&draft.text, &dice), Format::Json);
            assert_same(&judge, &draft, &plain, "a.csv", &as_csv(&draft.text, &dice), Format::Csv);
            let (wrapped, name, format, platform) = as_archive(&draft.text, &dice);
            let collapses = platform == Platform::Mastodon;
            let spaced = draft.text.contains(['\n', '\t']) || draft.text.contains("  ");
            if !(collapses && spaced) {
                let setting = RawSetting { platform: Some(platform), ..draft.setting.clone() };
                let there = Draft { text: draft.text.clone(), setting };
                let plain = seen(&judge.judge("draft.txt", &there.text, Format::Text, &there.setting));
                assert_same(&judge, &there, &plain, name, &wrapped, format);
            }
            assert_same(&judge, &draft, &plain, "a.yml", &as_yaml(&draft.text, &dice), Format::Yaml);
            if !draft.text.contains("```") {
                assert_same(&judge, &draft, &plain, "a.md", &as_pack(&draft.text, &dice), Format::Markdown);
            }
            let on_x = RawSetting { platform: Some(Platform::X), ..draft.setting.clone() };
            let x = Draft { text: draft.text.clone(), setting: on_x };
            let plain_x = seen(&judge.judge("draft.txt", &x.text, Format::Text, &x.setting));
            assert_same(&judge, &x, &plain_x, "a.tweet", &as_tweet(&x.text, &dice), Format::Tweet);
            if x.text.split_whitespace().nth(1).is_some() {
                let wrapped = as_front_matter(&x.text, &dice);
                assert_same(&judge, &x, &plain_x, "a.md", &wrapped, Format::Markdown);
            }
            if draft.text.contains('\n') || draft.text.contains("  ") {
                return Ok(());
            }
            assert_same(&judge, &draft, &plain, "a.jsonl", &as_json(&draft.text, &dice), Format::Jsonl);
            assert_same(&judge, &draft, &plain, "a.md", &as_markdown(&draft.text, &dice), Format::Markdown);
            assert_same(&judge, &draft, &plain, "a.txt", &as_bold(&draft.text), Format::Text);
            assert_same(&judge, &draft, &plain, "a.txt", &as_joined(&draft.text), Format::Text);
            Ok(())
        })
        .unwrap();
    let (drafts, found) = counts.into_inner();
    assert!(found * 2 >= drafts, "only {found} of {drafts} drafts have a finding");
    let fired = fired.into_inner();
    let silent: Vec<&str> = judge
        .linter
        .rules()
        .rules()
        .iter()
        // Spliced from English, no draft is in another language.
        .filter(|rule| rule.name != "verdict/unjudged")
        // One draft is no queue.
        .filter(|rule| rule.category() != "queue")
        .filter(|rule| rule.level != Level::Off && !fired.contains(&*rule.name))
        .map(|rule| &*rule.name)
        .collect();
    assert!(silent.is_empty(), "never fired: {silent:?}");
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => any::<String>(),
        2 => prop::sample::select(examples()).prop_map(|draft| draft.text),
        2 => "[ \t\r\n\"'*_`#>~<&;:/@$%{}\\[\\]()|!?.,-]{1,6}",
        1 => "[\u{200B}-\u{200F}\u{202A}-\u{202E}\u{FE0F}\u{1F1E6}-\u{1F1FF}\u{1F469}\u{1D400}-\u{1D7FF}]{1,4}",
        1 => prop::sample::select(vec!["---\ntitle: a\n---\n", "+++\ntitle = 'a'\n+++\n", "{\"text\": \"a\\u", "{{< x", "```\n"]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(Config::with_cases(600))]

    #[test]
    fn any_text_is_judged_and_its_numbers_hold(text in any_text(), format in prop::sample::select(Format::ALL.to_vec())) {
        let judge = Judge::new();
        let source = Arc::new(Source::from_text("draft", text));
        for post in extract(&source, &format.into()).posts {
            let report = judge.linter.lint(&post, &Context::default(), &judge.policy);
            let whole = Span::of(0..source.text().len());
            for label in report.findings.iter().flat_map(|finding| &finding.diagnostic.labels) {
                prop_assert!(whole.contains(label.span));
                prop_assert!(source.text().get(label.span.range()).is_some());
            }
            let score = &report.score;
            prop_assert!((0.0..=100.0).contains(&score.promotion) && (0.0..=100.0).contains(&score.conversation));
            let categories: f64 = score.by_category.iter().map(|(_, points)| points).sum();
            let sum = |credit: bool| -> f64 {
                report.findings.iter().filter(|finding| finding.credit == credit).map(|finding| finding.points).sum()
            };
            prop_assert!((categories - score.promotion).abs() < 1e-6, "{categories} is not {}", score.promotion);
            // Word choice without any finding is the one part of a score that no finding holds.
            let held = report.findings.iter().any(|finding| !finding.credit && finding.judges);
            let words: f64 = report.word_choice.iter().map(|word| word.points).sum();
            let promoted = if held { sum(false) } else { words };
            prop_assert!((promoted - score.promotion).abs() < 1e-6, "{promoted} is not {}", score.promotion);
            prop_assert!((sum(true) - score.conversation).abs() < 1e-6);
        }
    }
}
