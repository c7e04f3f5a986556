//! Queues in YAML as people keep them, and what holds for any.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use proptest::prelude::*;

use crate::document::testing::{all_told, read, spelled};
use crate::document::{Chosen, ExtractOptions, Format, TextPath, extract};
use crate::text::{RunKind, Source, TextSpan};

#[track_caller]
fn check_with(text: &str, options: &ExtractOptions, expected: &[&str]) {
    assert_eq!(all_told(text, options), expected, "\n{text}");
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    check_with(text, &Format::Yaml.into(), expected);
}

#[test]
fn a_list_of_records_is_a_queue() {
    check(
        "# Week 19\nposts:\n  - id: 7\n    caption: Soup is on.\n    when: 2026-05-04 09:00\n    platforms: [x, ig]\n\
         \x20 - id: 007\n    text: \"Bread \\\"too\\\".\"\n    status: posted\n    firstComment: From Ana.\n",
        &[
            "/posts/0/caption: text \"Soup is on.\", id 7, on x, on instagram, due 2026-05-04 09:00",
            "/posts/1/text: text \"Bread \\\"too\\\".\" first-comment at /posts/1/firstComment \"From Ana.\", id 007, published",
        ],
    );
    check(
        "- text: a b\n- note: 1\n- text:\n- content: c d\n",
        &[
            "/0/text: text \"a b\"",
            "/3/content: text \"c d\"",
            "note 2 records without a text were left out at \"n\"",
        ],
    );
    check("drafts:\n- Soup is on.\n", &["/drafts/0: text \"Soup is on.\", draft"]);
    check("words:\n- Soup is on.\n", &["error no list of posts was recognised at \"w\""]);
    check("Ärger mit Suppe", &["error no list of posts was recognised at \"Ä\""]);
    check("- x: öl und brot\n", &["/0/x: text \"öl und brot\", on x"]);
    check("posts:\n- Soup is on.\n", &["/posts/0: text \"Soup is on.\""]);
    check("text: Soup is on.\nplatform: x\n", &["/text: text \"Soup is on.\", on x"]);
    check("{posts: [{text: 'Soup''s on.'}]}", &["/posts/0/text: text \"Soup's on.\""]);
}

#[test]
fn documents_behind_each_other_are_a_list() {
    check(
        "---\ntext: Soup is on.\n---\ntext: Bread too.\n...\n",
        &["/0/text: text \"Soup is on.\"", "/1/text: text \"Bread too.\""],
    );
    check("---\nposts:\n- text: a b\n---\n", &["/posts/0/text: text \"a b\""]);
}

#[test]
fn a_text_may_be_a_block() {
    check(
        "- text: |\n    Soup is on.\n\n    Bread too.\n  linkedin: no\n- text: >-\n    Soup is\n    on.\n\n    Bread too.\n",
        &["/0/text: text \"Soup is on.\\n\\nBread too.\\n\"", "/1/text: text \"Soup is on.\\nBread too.\""],
    );
    check(
        "- linkedin: |-\n    Soup is on.\n  x:\n    - One soup.\n    - Two soups.\n",
        &[
            "/0/linkedin: text \"Soup is on.\", on linkedin",
            "/0/x/0: text \"One soup.\" thread at /0/x/1 \"Two soups.\", on x",
        ],
    );
    check(
        "- text: |+\n    Soup is on.\r\n    Bread.\r\n\r\n  when: 1\r\n",
        &["/0/text: text \"Soup is on.\\nBread.\\n\\n\", due 1"],
    );
}

#[test]
fn types_are_those_of_yaml() {
    check(
        "- text: true\n- text: 12\n- text: ~\n- text: -1.5\n- text: 'no'\n",
        &["/4/text: text \"no\"", "note 4 records without a text were left out at \"t\""],
    );
    check("- text: !!str 12\n", &["/0/text: text \"12\""]);
    check("- text: null and void\n", &["/0/text: text \"null and void\""]);
}

#[test]
fn what_is_said_once_may_hold_for_many() {
    check(
        "base: &base {account: kitchen, platform: x}\nposts:\n- <<: *base\n  text: &soup Soup is on.\n- <<: [*base, {when: 1}]\n  \
         platform: mastodon\n  text: *soup\n",
        &[
            "/posts/0/text: text \"Soup is on.\", of kitchen, on x",
            "/posts/1/text: text \"Soup is on.\", of kitchen, on mastodon, due 1",
        ],
    );
    let (source, extracted) = read("- text: &soup Soup is on.\n- text: *soup\n", Format::Yaml);
    assert_eq!(extracted.posts.len(), 2);
    assert_eq!(spelled(&source, &extracted.posts[1].parts[0], "is on"), "is on");
    check(
        "- text: &a [*a]\n- text: *none\n- text: a b\n",
        &[
            "/2/text: text \"a b\"",
            "note 2 records without a text were left out at \"t\"",
            "error an alias of nothing at \"*a\"",
        ],
    );
}

#[test]
fn nothing_is_guessed() {
    check(
        "- caption: a b\n  message: c d\n",
        &["error several keys may hold the text: `caption`, `message` at \"c\""],
    );
    check("name: x\nlist:\n- id: 1\n", &["error no list of posts was recognised at \"n\""]);
    check("just words\n", &["error no list of posts was recognised at \"j\""]);
    check("", &["error no posts in this YAML"]);
    check("# nothing\n", &["error no posts in this YAML"]);
    check("- text: \"a b\n", &["error invalid YAML: unclosed quote at \"\\\"\""]);
    check("- text: a: b\n", &["error invalid YAML: mapping values are not allowed in this context at \":\""]);
    let source = Arc::new(Source::from_text("a.yml", "posts:\n- caption: a b\n  message: c d\n  id: 1\n"));
    let unrecognised = extract(&source, &ExtractOptions::default()).unrecognised.unwrap();
    assert_eq!(unrecognised.notes, ["keys that were seen: `caption`, `message`, `id`"]);
    assert_eq!(unrecognised.help.unwrap(), "say where the texts stand, such as `--text-path /posts/*/caption`");
}

#[test]
fn a_path_leads_to_the_texts() {
    let options = ExtractOptions {
        text_path: Some(TextPath::parse("weeks[].items[].words").unwrap()),
        ..Format::Yaml.into()
    };
    let text = "account: kitchen\nweeks:\n- date: 1\n  items:\n  - words: Soup is on.\n  - words: Bread.\n";
    check_with(
        text,
        &options,
        &[
            "/weeks/0/items/0/words: text \"Soup is on.\", of kitchen, due 1",
            "/weeks/0/items/1/words: text \"Bread.\", of kitchen, due 1",
        ],
    );
}

#[test]
fn a_walk_takes_only_what_is_surely_posts() {
    let found = ExtractOptions { chosen: Chosen::Found, ..Format::Yaml.into() };
    let count = |text: &str| {
        let extracted = extract(&Arc::new(Source::from_text("a.yaml", text)), &found);
        assert_eq!(extracted.posts.is_empty(), extracted.unrecognised.is_some(), "{text}");
        extracted.posts.len()
    };
    for text in [
        "on: push\njobs:\n  test:\n    steps:\n    - name: Build it all\n      run: cargo build --all\n",
        "services:\n  web:\n    image: a b\n    ports: [1]\n",
        "messages:\n- message: a b\n",
        "text: a b\n",
        "a: [",
    ] {
        assert_eq!(count(text), 0, "{text}");
    }
    for text in ["posts:\n- text: a b\n", "- text: a b\n  platform: x\n", "- caption: a b\n"] {
        assert_eq!(count(text), 1, "{text}");
    }
}

#[test]
fn hostile_yaml_is_told_in_linear_time() {
    let begun = Instant::now();
    let all = |text: String| {
        let started = Instant::now();
        let head: String = text.chars().take(20).collect();
        let extracted = extract(&Arc::new(Source::from_text("a", text)), &Format::Yaml.into());
        let taken = started.elapsed().as_millis();
        if taken > 1000 {
            eprintln!("{taken} ms for {head:?}");
        }
        extracted
    };
    for deep in ["[", "{a: ", "- ", "? ", "{", "[a, ", "&a [", "!!seq [", "a: ["] {
        let extracted = all(deep.repeat((1 << 20) / deep.len()));
        assert!(extracted.unrecognised.is_some(), "{deep}");
    }
    let steps: String = (0..1000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(all(steps).unrecognised.unwrap().message, "invalid YAML: nested too deeply");
    let bomb: String =
        (1..30).map(|i| format!("a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 9].join(", "))).collect();
    let extracted = all(format!("a0: &a0 [soup]\n{bomb}posts: *a29\n"));
    assert_eq!(
        extracted.unrecognised.unwrap().message,
        "invalid YAML: the aliases stand for far more than the text holds"
    );
    let merges: String = (1..200).map(|i| format!("a{i}: &a{i}\n  <<: *a{}\n  k{i}: v\n", i - 1)).collect();
    all(format!("a0: &a0 {{k: v}}\n{merges}"));
    let long = format!("- text: &a {}\n{}", "x ".repeat(1 << 17), "- text: *a\n".repeat(10_000));
    assert!(all(long).unrecognised.is_some());
    for huge in [
        format!("- text: \"{}\"\n- text: a b\n", "a\\n".repeat(1 << 20)),
        format!("- text: '{}'\n- text: a b\n", "a ''\n\n  ".repeat(1 << 18)),
        format!("- text: |\n{}- text: a b\n", "    a b\n".repeat(1 << 18)),
        format!("- text: >\n{}- text: a b\n", "    a b\n\n     c\n".repeat(1 << 17)),
        format!("- text: a{}\n- text: a b\n", "\n    b".repeat(1 << 18)),
    ] {
        let extracted = all(huge);
        assert_eq!((extracted.posts.len(), extracted.diagnostics.len()), (1, 1));
    }
    let wide = format!("- {}text: a b\n", "x: 1\n  ".repeat(200_000));
    assert_eq!(all(wide).posts.len(), 1);
    assert!(all(format!("[{}1]", "1,".repeat(200_000))).unrecognised.is_some());
    for open in [
        "- text: \"",
        "- text: '",
        "- text: [",
        "- text: {a",
        "- text: |\n",
        "- text: >9\n",
        "- text: \"\\",
        "- &",
    ] {
        all(format!("{open}{}", "a ".repeat(1 << 19)));
    }
    let many = "- text: Soup is on.\n  when: 1\n".repeat(100_000);
    assert_eq!(all(many).posts.len(), 100_000);
    // Far more than it takes, on a machine that is busy with other things.
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

/// A scalar as it is written, and where each character of its text stands in it, if that is in one place.
struct Written {
    raw: String,
    places: Vec<Option<Range<usize>>>,
}

impl Written {
    fn new(raw: &str) -> Self {
        Self { raw: raw.to_owned(), places: Vec::new() }
    }

    /// The next character, spelled like this.
    fn push(&mut self, spelled: &str) {
        let start = self.raw.len();
        self.raw.push_str(spelled);
        self.places.push(Some(start..self.raw.len()));
    }

    /// The next character, which breaks and indentation spell.
    fn white(&mut self, spelled: &str) {
        self.raw.push_str(spelled);
        self.places.push(None);
    }
}

fn is_printable(next: char) -> bool {
    matches!(next, '\n' | '\t' | ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

/// The indentation of what follows a key in the tests.
const INDENT: &str = "      ";

/// Whether a break may be folded at a place of a text: words stand on both sides.
fn between_words(chars: &[char], at: usize) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|next| !next.is_whitespace());
    word(at.checked_sub(1)) && word(Some(at + 1))
}

fn double(text: &str, roll: &mut impl FnMut() -> u8) -> Written {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Written::new("\"");
    for (at, &next) in chars.iter().enumerate() {
        let dice = roll();
        // A break behind a backslash is nothing, and swallows white space.
        if dice.is_multiple_of(16) && !next.is_whitespace() {
            out.raw.push_str(&format!("\\\n{INDENT}"));
        }
        let code = next as u32;
        match (next, dice % 8) {
            (' ', 0 | 1) if between_words(&chars, at) => out.white(&format!("\n{INDENT}")),
            ('\n', 0..=3) if between_words(&chars, at) => out.white(&format!(" \n\n{INDENT}")),
            ('\n', _) => out.push("\\n"),
            ('"', _) => out.push("\\\""),
            ('\\', _) => out.push("\\\\"),
            ('\t', 0) => out.push("\\t"),
            ('/', 0) => out.push("\\/"),
            ('\u{a0}', 0) => out.push("\\_"),
            (_, 0) if code < 0x100 => out.push(&format!("\\x{code:02x}")),
            (_, 1) if code < 0x10000 => out.push(&format!("\\u{code:04X}")),
            (_, 2) => out.push(&format!("\\U{code:08x}")),
            (_, 3) if code >= 0x10000 => {
                let units: String =
                    next.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
                out.push(&units);
            }
            _ if !is_printable(next) || next == '\t' => out.push(&format!("\\U{code:08x}")),
            // At a break or an end, a space would be folded away.
            (' ', _) if !between_words(&chars, at) => out.push("\\ "),
            _ => out.push(next.encode_utf8(&mut [0; 4])),
        }
    }
    out.raw.push('"');
    out
}

fn single(text: &str, roll: &mut impl FnMut() -> u8) -> Option<Written> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Written::new("'");
    for (at, &next) in chars.iter().enumerate() {
        match next {
            '\n' if between_words(&chars, at) => {
                out.white(&format!("\n{}\n{INDENT}", [" ", ""][usize::from(roll() % 2)]))
            }
            '\n' => return None,
            ' ' if roll().is_multiple_of(4) && between_words(&chars, at) => out.white(&format!("\n{INDENT}")),
            '\'' => out.push("''"),
            next if !is_printable(next) => return None,
            next => out.push(next.encode_utf8(&mut [0; 4])),
        }
    }
    out.raw.push('\'');
    Some(out)
}

fn plain(text: &str, roll: &mut impl FnMut() -> u8) -> Option<Written> {
    // Without quotation marks such a word is no text.
    if ["true", "false", "yes", "no", "on", "off", "null"].iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return None;
    }
    let chars: Vec<char> = text.chars().collect();
    let mut out = Written::new("");
    for (at, &next) in chars.iter().enumerate() {
        match next {
            ' ' if between_words(&chars, at) && roll().is_multiple_of(3) => out.white(&format!("\n{INDENT}")),
            ' ' if between_words(&chars, at) => out.push(" "),
            '\n' if between_words(&chars, at) => out.white(&format!("\n\n{INDENT}")),
            next if next.is_alphanumeric() || matches!(next, '.' | '!') && at > 0 => {
                out.push(next.encode_utf8(&mut [0; 4]));
            }
            _ => return None,
        }
    }
    Some(out)
}

/// A literal or folded block.
fn block(text: &str, folded: bool, roll: &mut impl FnMut() -> u8) -> Option<Written> {
    let body = text.trim_end_matches('\n');
    let end = text.len() - body.len();
    if body.is_empty() || !text.chars().all(is_printable) || text.contains('\u{feff}') {
        return None;
    }
    // Two more than the table around it.
    let indicator = if text.starts_with([' ', '\n', '\t']) || roll().is_multiple_of(3) { "2" } else { "" };
    let chomp = match end {
        0 => "-",
        1 if roll().is_multiple_of(2) => "",
        _ => "+",
    };
    let mut out = Written::new(&format!("{}{indicator}{chomp}\n", if folded { '>' } else { '|' }));
    let further = |line: &str| line.starts_with([' ', '\t']);
    let mut first = true;
    for line in body.split('\n') {
        if !std::mem::take(&mut first) {
            out.white("\n");
        }
        if line.is_empty() {
            continue;
        }
        out.raw.push_str(INDENT);
        let chars: Vec<char> = line.chars().collect();
        for (at, &next) in chars.iter().enumerate() {
            let fold = folded && !further(line) && next == ' ' && between_words(&chars, at);
            if fold && roll().is_multiple_of(3) {
                out.white(&format!("\n{INDENT}"));
            } else {
                out.push(next.encode_utf8(&mut [0; 4]));
            }
        }
    }
    if folded {
        // Between two lines that are not indented, a break more than there is in the text.
        out = unfold(&out, body);
    }
    for _ in 0..end {
        out.white("\n");
    }
    if end == 0 {
        out.raw.push('\n');
    }
    Some(out)
}

/// A folded block from what was written for a literal one: a run of breaks between two lines that are not indented has
/// one more.
fn unfold(written: &Written, body: &str) -> Written {
    let chars: Vec<char> = body.chars().collect();
    let mut out = Written::new("");
    let mut raw_at = 0;
    let further = |from: usize| matches!(chars.get(from), Some(' ' | '\t'));
    let mut line_start = 0;
    let mut at = 0;
    let mut cursor = |until: usize, out: &mut Written| {
        out.raw.push_str(written.raw.get(raw_at..until).unwrap_or_default());
        raw_at = until;
    };
    // Where breaks stand in the raw text is found by walking both.
    let mut raw_breaks = written.raw.match_indices('\n').map(|(index, _)| index).skip(1);
    while at < chars.len() {
        match (chars.get(at), written.places.get(at)) {
            (Some('\n'), _) => {
                let run = chars.iter().skip(at).take_while(|next| **next == '\n').count();
                let place = raw_breaks.next().unwrap_or(0);
                cursor(place, &mut out);
                let leading = at == 0;
                if !leading && !further(line_start) && !further(at + run) {
                    out.raw.push('\n');
                }
                for extra in 0..run {
                    if extra > 0 {
                        let place = raw_breaks.next().unwrap_or(0);
                        cursor(place, &mut out);
                    }
                    out.places.push(None);
                }
                at += run;
                line_start = at;
            }
            (Some(_), Some(Some(place))) => {
                cursor(place.start, &mut out);
                let start = out.raw.len();
                cursor(place.end, &mut out);
                out.places.push(Some(start..out.raw.len()));
                at += 1;
            }
            _ => {
                // A space that is folded.
                raw_breaks.next();
                out.places.push(None);
                at += 1;
            }
        }
    }
    cursor(written.raw.len(), &mut out);
    out
}

fn written(text: &str, style: u8, roll: &mut impl FnMut() -> u8) -> Written {
    let other = match style {
        0 => plain(text, roll),
        1 => single(text, roll),
        2 => block(text, false, roll),
        3 => block(text, true, roll),
        _ => None,
    };
    other.unwrap_or_else(|| double(text, roll))
}

/// Texts of posts: words, line breaks, indentation, and anything else.
fn any_post() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-zé𝗯]{1,6}",
        3 => Just(" ".to_owned()),
        2 => "\n{1,3}",
        1 => "[ \n]{1,4}",
        1 => prop::sample::select(vec!["'", "\"", "\\", "#", ": ", " #", "- ", "\t", "🎉", "!", ".", "\u{a0}", "\u{85}", "\u{2028}", "\r\n", "&a", "*a"])
            .prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 1..24)
        .prop_map(|pieces| pieces.concat())
        // What has no letter may be a number, which is no text.
        .prop_filter("words in it", |text| text.contains(char::is_alphabetic) && !text.contains('\u{feff}'))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn posts_come_back_from_any_way_to_write_them(
        texts in prop::collection::vec((any_post(), 0..6_u8), 1..6),
        dice in prop::collection::vec(any::<u8>(), 1..30),
        crlf in any::<bool>(),
    ) {
        let mut dice = dice.into_iter().cycle();
        let mut roll = || dice.next().unwrap_or(0);
        let mut yaml = String::from("posts:\n");
        let mut all = Vec::new();
        for (text, style) in &texts {
            yaml.push_str("  - text: ");
            let written = written(text, *style, &mut roll);
            let start = yaml.len();
            yaml.push_str(&written.raw);
            all.push((start, written));
            if !yaml.ends_with('\n') {
                yaml.push('\n');
            }
            yaml.push_str("    when: 1\n");
        }
        let (_, extracted) = read(&yaml, Format::Yaml);
        prop_assert!(extracted.unrecognised.is_none() && extracted.diagnostics.is_empty(), "{:?}\n{}", extracted.unrecognised, yaml);
        prop_assert_eq!(extracted.posts.len(), texts.len(), "{}", yaml);
        for ((post, (text, _)), (start, written)) in extracted.posts.iter().zip(&texts).zip(&all) {
            let part = &post.parts[0];
            prop_assert_eq!(&part.text, text, "{}", yaml);
            prop_assert_eq!(written.places.len(), text.chars().count());
            for ((at, next), place) in text.char_indices().zip(&written.places) {
                let Some(place) = place else { continue };
                let span = part.map.to_source(TextSpan::of(at..at + next.len_utf8()));
                prop_assert_eq!(span.range(), start + place.start..start + place.end, "{:?} at {} of {:?}\n{}", next, at, text, yaml);
            }
        }
        if crlf && !texts.iter().any(|(text, _)| text.contains('\r')) {
            let yaml = yaml.replace('\n', "\r\n");
            let (_, again) = read(&yaml, Format::Yaml);
            prop_assert_eq!(again.posts.len(), texts.len(), "{}", yaml);
            for (post, (text, _)) in again.posts.iter().zip(&texts) {
                let part = &post.parts[0];
                prop_assert_eq!(&part.text, text, "{}", yaml);
                // Words are where they are, whatever stands between the lines.
                for run in part.map.runs().iter().filter(|run| run.kind == RunKind::Atomic) {
                    prop_assert!(run.text.len() < 5 || part.text.get(run.text.range()).is_some_and(|text| text.trim().is_empty()), "{:?} {}", run, yaml);
                }
            }
        }
    }

    #[test]
    fn anything_can_be_read(pieces in prop::collection::vec(prop::sample::select(vec![
        "posts", "text", ": ", "- ", "\n", "\r\n", "  ", "    ", "a b", "é", "'", "\"", "\\", "\\u00e9", "\\ud83d", "|", ">", "|2-\n", ">+\n", "[", "]", "{",
        "}", ",", "&a ", "*a", "<<: *a", "!!str ", "? ", "---\n", "...\n", "#", "\t", "~", "1", "- text: |\n    a\n", "- text: >\n    a\n", "%YAML 1.2\n",
        "platform: x", "hashtags: [", "\u{85}", "\u{FEFF}",
    ]), 0..30)) {
        read(&pieces.concat(), Format::Yaml);
    }
}
