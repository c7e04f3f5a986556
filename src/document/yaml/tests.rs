//! Queues in YAML as people keep them, and what holds for any.

mod writer;

use std::sync::Arc;
use std::time::Instant;

use proptest::prelude::*;

use self::writer::written;
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
                for run in part.map.runs().filter(|run| run.kind == RunKind::Atomic) {
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
