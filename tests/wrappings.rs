//! Any list of posts in any format that can be written, in every style of quoting and escaping: the same posts come back,
//! with the same findings, each on the raw bytes that spell it.
//!
//! `properties.rs` asks it of drafts that have findings, one a file; here the texts are anything, and many stand in a file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use selfless::document::{Format, Part, Post, extract};
use selfless::lint::{Context, Linter, Policy};
use selfless::report::PostReport;
use selfless::rule::RuleSet;
use selfless::text::{RunKind, Source, Span, TextSpan};

fn judge(post: &Post) -> PostReport {
    static JUDGE: OnceLock<(Linter, Policy)> = OnceLock::new();
    let (linter, policy) = JUDGE.get_or_init(|| {
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let mut policy = Policy::of(linter.rules());
        policy.all = true;
        (linter, policy)
    });
    linter.lint(post, &Context::default(), policy)
}

/// Throws of dice, one after the other, for ever.
struct Dice<'a>(std::iter::Cycle<std::slice::Iter<'a, u8>>);

impl<'a> Dice<'a> {
    fn new(dice: &'a [u8]) -> Self {
        Self(dice.iter().cycle())
    }

    fn one_in(&mut self, sides: u8) -> bool {
        self.0.next().is_some_and(|dice| dice % sides == 0)
    }
}

/// Between the quotation marks of JSON: plain, short escapes, `\u` escapes.
fn json_string(text: &str, dice: &mut Dice<'_>) -> String {
    let mut out = String::from("\"");
    for next in text.chars() {
        let short = match next {
            '"' => Some('"'),
            '\\' => Some('\\'),
            '/' => Some('/'),
            '\n' => Some('n'),
            '\r' => Some('r'),
            '\t' => Some('t'),
            '\u{8}' => Some('b'),
            '\u{c}' => Some('f'),
            _ => None,
        };
        let must = matches!(next, '"' | '\\') || next < ' ';
        match short {
            Some(short) if must && !dice.one_in(3) || !must && dice.one_in(3) => out.extend(['\\', short]),
            _ if must || dice.one_in(4) => {
                next.encode_utf16(&mut [0; 2]).iter().for_each(|unit| write!(out, "\\u{unit:04X}").unwrap());
            }
            _ => out.push(next),
        }
    }
    out + "\""
}

fn json(texts: &[String], dice: &mut Dice<'_>) -> String {
    let posts: Vec<String> =
        texts.iter().map(|text| format!("{{ \"id\": 7,\"text\" :{}}}", json_string(text, dice))).collect();
    format!("{{\"posts\": [{}]\n}}", posts.join(if dice.one_in(2) { "," } else { " ,\r\n " }))
}

fn jsonl(texts: &[String], dice: &mut Dice<'_>) -> String {
    texts.iter().map(|text| format!("{{\"text\": {}}}\n", json_string(text, dice))).collect()
}

/// A table in which cells are quoted where they must be, and where the dice say so.
fn table(texts: &[String], delimiter: char, dice: &mut Dice<'_>) -> String {
    let end = if dice.one_in(2) { "\r\n" } else { "\n" };
    let mut out = format!("Date{delimiter}Text{delimiter}Campaign{end}");
    for text in texts {
        let must = text.contains([delimiter, '"', '\r', '\n']);
        let cell =
            if must || dice.one_in(2) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.clone() };
        write!(out, "2026-05-04{delimiter}{cell}{delimiter}kiln{end}").unwrap();
    }
    out
}

/// What YAML takes as it stands (YAML 1.2.2, section 5.1), and what is no line break of another kind.
fn is_printable(next: char) -> bool {
    !next.is_control() && !matches!(next, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{2028}' | '\u{2029}')
}

const INDENT: &str = "\n      ";

/// A scalar in the notation that is wished for, or in double quotation marks where that cannot hold the text.
fn yaml_scalar(text: &str, style: u8, dice: &mut Dice<'_>) -> String {
    let flat = text.chars().all(is_printable);
    let lines = text.chars().all(|next| next == '\n' || is_printable(next));
    let word = |next: char| next.is_alphanumeric() || matches!(next, '\'' | '.' | '!' | '?');
    let words = text
        .split(' ')
        .all(|piece| piece.chars().next().is_some_and(char::is_alphabetic) && piece.chars().all(word));
    let starts = text.starts_with(|next: char| !next.is_whitespace());
    let unindented = text.lines().all(|line| !line.starts_with([' ', '\t']));
    match style {
        0 if words && text.contains(' ') => text.to_owned(),
        1 if flat => format!("'{}'", text.replace('\'', "''")),
        2 if lines && starts && text.lines().all(|line| line.is_empty() || !line.trim().is_empty()) => {
            let trailing = text.len() - text.trim_end_matches('\n').len();
            let chomp = ["-", "", "+"][trailing.min(2)];
            let inner = text.strip_suffix('\n').unwrap_or(text);
            let inner: String = inner
                .split('\n')
                .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{INDENT}{line}") })
                .collect();
            format!("|{chomp}{inner}")
        }
        3 if lines && starts && unindented && !text.ends_with('\n') => {
            let mut out = format!(">-{INDENT}");
            let chars: Vec<char> = text.chars().collect();
            for (at, &next) in chars.iter().enumerate() {
                let around = [at.checked_sub(1).and_then(|at| chars.get(at)), chars.get(at + 1)];
                let inside = around.iter().all(|next| next.is_some_and(|next| !next.is_whitespace()));
                match next {
                    ' ' if inside && dice.one_in(3) => out.push_str(INDENT),
                    '\n' if around[0] == Some(&'\n') => out.push_str(INDENT),
                    '\n' => {
                        out.push('\n');
                        out.push_str(INDENT);
                    }
                    next => out.push(next),
                }
            }
            out
        }
        _ => {
            let mut out = String::from("\"");
            for next in text.chars() {
                let code = u32::from(next);
                match next {
                    '"' | '\\' => out.extend(['\\', next]),
                    '\n' if dice.one_in(2) => out.push_str("\\n"),
                    _ if !is_printable(next) || next == ' ' || dice.one_in(5) => match code {
                        0..0x100 if dice.one_in(2) => write!(out, "\\x{code:02x}").unwrap(),
                        0..0x1_0000 if dice.one_in(2) => write!(out, "\\u{code:04x}").unwrap(),
                        _ => write!(out, "\\U{code:08x}").unwrap(),
                    },
                    next => out.push(next),
                }
            }
            out + "\""
        }
    }
}

fn yaml(texts: &[String], style: u8, dice: &mut Dice<'_>) -> String {
    let mut out = String::from("# May\nposts:\n");
    for text in texts {
        writeln!(out, "  - account: kiln\n    text: {}", yaml_scalar(text, style, dice)).unwrap();
    }
    out
}

/// The front matter of a page, which holds one post.
fn front_matter(text: &str, style: u8, dice: &mut Dice<'_>) -> String {
    match style {
        0..5 => {
            let text = yaml_scalar(text, style, dice);
            format!("---\ntitle: A page\nsocial:\n  linkedin:\n    text: {text}\n---\nThe page.\n")
        }
        5 => {
            let escape = |next: char| match next {
                '"' | '\\' => format!("\\{next}"),
                next if next.is_control() => format!("\\U{:08X}", u32::from(next)),
                next => next.to_string(),
            };
            let text: String = text.chars().map(escape).collect();
            format!("+++\ntitle = 'A page'\n[social.linkedin]\ntext = \"{text}\"\n+++\nThe page.\n")
        }
        _ => format!("{{\"social\": {{\"linkedin\": {{\"text\": {}}}}}}}\nThe page.\n", json_string(text, dice)),
    }
}

/// The raw text at a place, decoded through the runs of a part.
fn decoded(source: &Source, part: &Part, raw: Span) -> String {
    let mut out = String::new();
    for run in part.map.runs().filter(|run| !run.raw.is_empty() && run.raw.overlaps(raw)) {
        let (start, end) = (run.raw.start().max(raw.start()), run.raw.end().min(raw.end()));
        match run.kind {
            RunKind::Linear => out.push_str(source.slice(Span::new(start, end))),
            RunKind::Atomic => {
                assert!(raw.contains(run.raw), "{raw:?} cuts through {run:?}");
                out.push_str(&part.text[run.text.range()]);
            }
        }
    }
    out
}

#[track_caller]
fn check(name: &str, raw: &str, format: Format, texts: &[String]) {
    let source = Arc::new(Source::from_text(name, raw));
    let extracted = extract(&source, &format.into());
    let told: Vec<&str> = extracted.diagnostics.iter().map(|one| &*one.message).collect();
    assert!(told.is_empty(), "{told:?} in {raw:?}");
    let found: Vec<&str> = extracted.posts.iter().map(|post| post.parts[0].text.as_str()).collect();
    assert_eq!(found, texts, "{raw:?}");
    for (post, text) in extracted.posts.iter().zip(texts) {
        let part = &post.parts[0];
        let plain = Arc::new(Source::from_text("plain.txt", text.as_str()));
        let plain = judge(&extract(&plain, &Format::Text.into()).posts[0]);
        // What a network says of its own is no matter of how a text is written.
        let report = judge(&Post { platforms: Vec::new(), ..post.clone() });
        assert_eq!(report.findings.len(), plain.findings.len(), "{raw:?}");
        for (here, there) in report.findings.iter().zip(&plain.findings) {
            assert_eq!(
                (&here.diagnostic.code, here.diagnostic.level),
                (&there.diagnostic.code, there.diagnostic.level)
            );
            assert_eq!(here.diagnostic.labels.len(), there.diagnostic.labels.len());
            for (here, there) in here.diagnostic.labels.iter().zip(&there.diagnostic.labels) {
                let words = &text[there.span.range()];
                assert_eq!(
                    here.span,
                    part.map.to_source(TextSpan::of(there.span.range())),
                    "{words:?} in {raw:?}"
                );
                assert_eq!(decoded(&source, part, here.span), words, "{raw:?}");
                assert!(source.text().get(here.span.range()).is_some(), "{raw:?}");
            }
        }
    }
}

/// Words that rules speak of, and anything else.
fn text() -> impl Strategy<Value = String> {
    let said = vec![
        "Thrilled to announce our kiln! ",
        "Link in bio. ",
        "\"Don't miss out,\" she said.",
        "Humbled\nand honored \u{1F64F}\u{1F3FD}",
        "What would you have done?",
        "we are award-winning\n\n",
        "50% off, today only",
        "#kiln #clay @noor https://kiln.example/a?b=1&c=2",
    ];
    let piece = prop_oneof![
        6 => prop::sample::select(said).prop_map(str::to_owned),
        2 => any::<String>(),
        2 => "[a-zA-Z'.!?]{1,7}( [a-zA-Z'.!?]{1,7}){0,4}",
        1 => "[ \t\n\r\"'\\\\,;|:#&*!%@`{}\\[\\]<>=/-]{1,5}",
        1 => "[\u{1F600}-\u{1F64F}\u{200D}\u{FE0F}\u{1F1E6}-\u{1F1FF}\u{E000}\u{FFFD}\u{85}\u{2028}\u{301}]{1,3}",
    ];
    // A text without any letters is none, and one that could be a number, a link or a key of a network is no prose.
    prop::collection::vec(piece, 0..4)
        .prop_map(|pieces| format!("Oh{} my kiln", pieces.concat()).replace('\0', ""))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_posts_come_back_from_any_format(
        texts in prop::collection::vec(text(), 1..5),
        dice in prop::collection::vec(any::<u8>(), 5..40),
    ) {
        let mut dice = Dice::new(&dice);
        check("queue.json", &json(&texts, &mut dice), Format::Json, &texts);
        check("queue.jsonl", &jsonl(&texts, &mut dice), Format::Jsonl, &texts);
        for delimiter in [',', ';', '\t'] {
            check("queue.csv", &table(&texts, delimiter, &mut dice), Format::Csv, &texts);
        }
        check("queue.tsv", &table(&texts, '\t', &mut dice), Format::Tsv, &texts);
        for style in 0..5 {
            check("queue.yaml", &yaml(&texts, style, &mut dice), Format::Yaml, &texts);
        }
        for style in 0..7 {
            check("page.md", &front_matter(&texts[0], style, &mut dice), Format::Markdown, &texts[..1]);
        }
        let whole = texts[0].trim().replace("---", "- -");
        if !whole.contains(['\r', '(']) && !whole.starts_with("+++") {
            let raw = format!("---\nschedule: 2026-05-06 09:00\n---\n\n{whole}\n");
            check("a.tweet", &raw, Format::Tweet, &[whole]);
        }
    }
}
