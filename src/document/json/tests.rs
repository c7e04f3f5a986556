//! Queues as programs and people keep them, and what holds for any.

use std::sync::Arc;
use std::time::Instant;

use proptest::prelude::*;

use crate::document::testing::{all_told, read, spelled};
use crate::document::{Chosen, ExtractOptions, Format, TextPath, extract};
use crate::text::Source;

#[track_caller]
fn check_with(text: &str, options: &ExtractOptions, expected: &[&str]) {
    assert_eq!(all_told(text, options), expected, "\n{text}");
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    check_with(text, &Format::Json.into(), expected);
}

fn by_path(path: &str) -> ExtractOptions {
    ExtractOptions { text_path: Some(TextPath::parse(path).unwrap()), ..Format::Json.into() }
}

#[test]
fn of_equal_keys_the_last_counts() {
    check(r#"[{"text":"a b","text":"c d"}]"#, &["/0/text: text \"c d\""]);
}

#[test]
fn a_list_of_records_is_a_queue() {
    check(
        r#"{"posts":[{"id":7,"caption":"Soup is on.","when":"2026-05-04","platforms":["x","ig"]},
            {"id":"b","text":"Bread \"too\".","publish_at":1777888000,"status":"posted","firstComment":"From Ana."}]}"#,
        &[
            "/posts/0/caption: text \"Soup is on.\", id 7, on x, on instagram, due 2026-05-04",
            "/posts/1/text: text \"Bread \\\"too\\\".\" first-comment at /posts/1/firstComment \"From Ana.\", id b, \
             due 1777888000, published",
        ],
    );
    check(
        r#"[{"text":"a b"},{"note":1},{"text":" "},{"content":"c d"}]"#,
        &[
            "/0/text: text \"a b\"",
            "/3/content: text \"c d\"",
            "note 2 records without a text were left out at \"{\"",
        ],
    );
    check(r#"["Soup is on."]"#, &["error no list of posts was recognised at \"[\""]);
    check(r#"{"posts":["Soup is on."]}"#, &["/posts/0: text \"Soup is on.\""]);
    check(r#"{"text":"Soup is on.","platform":"x"}"#, &["/text: text \"Soup is on.\", on x"]);
}

#[test]
fn a_post_may_have_a_text_for_each_network() {
    check(
        r#"[{"fb":"Soup is on.","ig":"Soup!! Come by.","slug":"soup day","when":"1"}]"#,
        &[
            "/0/fb: text \"Soup is on.\", on facebook, due 1",
            "/0/ig: text \"Soup!! Come by.\", on instagram, due 1",
        ],
    );
    check(
        r#"{"queue":[{"content":{"linkedin":{"text":"Soup is on."},"x":["One soup.","Two soups."]}}]}"#,
        &[
            "/queue/0/content/linkedin/text: text \"Soup is on.\", on linkedin",
            "/queue/0/content/x/0: text \"One soup.\" thread at /queue/0/content/x/1 \"Two soups.\", on x",
        ],
    );
    check(r#"[{"thread":["a b","c d"]}]"#, &["/0/thread/0: text \"a b\" thread at /0/thread/1 \"c d\""]);
    check(
        r#"{"platforms":{"mastodon":{"status":1,"text":"Soup is on."},"x":{"text":"Soup is."}}}"#,
        &[
            "/platforms/mastodon/text: text \"Soup is on.\", on mastodon",
            "/platforms/x/text: text \"Soup is.\", on x",
        ],
    );
}

#[test]
fn a_list_tells_what_all_of_its_posts_are() {
    check(
        r#"{"account":"kitchen","linkedin":[{"text":"a b"}],"drafts":[{"text":"c d","account":"shop"}]}"#,
        &[
            "/linkedin/0/text: text \"a b\", of kitchen, on linkedin",
            "/drafts/0/text: text \"c d\", of shop, draft",
        ],
    );
    check(
        r#"{"data":{"posts":[{"text":"a b"}]},"comments":[{"text":"not a post"}]}"#,
        &["/data/posts/0/text: text \"a b\""],
    );
}

#[test]
fn hashtags_and_names_are_read_from_lists_and_tables() {
    check(
        r##"[{"text":"a b","hashtags":["soup","#lunch"],"account":{"name":"kitchen"},"platforms":{"x":true,"bluesky":false},
             "inReplyTo":{"id":1},"title":"Soup"}]"##,
        &[
            "/0/text: title at /0/title \"Soup\" text \"a b\" hashtags at /0/hashtags \"#soup #lunch\", a reply, of kitchen, on x",
        ],
    );
}

#[test]
fn nothing_is_guessed() {
    check(
        r#"[{"caption":"a b","message":"c d"}]"#,
        &["error several keys may hold the text: `caption`, `message` at \"{\""],
    );
    check(
        r#"[{"caption":"a b"},{"caption":"c d","message":"e f"},{"text":"g h"}]"#,
        &[
            "/0/caption: text \"a b\"",
            "/2/text: text \"g h\"",
            "error several keys may hold the text: `caption`, `message` at \"{\"",
        ],
    );
    check(r#"{"name":"x","list":[{"id":1}]}"#, &["error no list of posts was recognised at \"{\""]);
    check("[]", &["error no list of posts was recognised at \"[\""]);
    check("", &["error invalid JSON: expected a value at \"\""]);
    check("[1,]", &["error invalid JSON: expected a value at \"]\""]);
    check("{} x", &["error invalid JSON: more behind the end at \"x\""]);
    let source = Arc::new(Source::from_text("a.json", r#"{"posts":[{"caption":"a b","message":"c d","id":1}]}"#));
    let unrecognised = extract(&source, &Format::Json.into()).unrecognised.unwrap();
    assert_eq!(unrecognised.notes, ["keys that were seen: `caption`, `message`, `id`"]);
    assert_eq!(unrecognised.help.unwrap(), "say where the texts stand, such as `--text-path /posts/*/caption`");
}

#[test]
fn values_settle_what_keys_leave_open() {
    check(r#"[{"post":"2026-05-soup","text":"Soup is on."}]"#, &["/0/text: text \"Soup is on.\""]);
    check(
        r#"[{"description":"All about soup.","title":"Soup"}]"#,
        &["/0/description: title at /0/title \"Soup\" text \"All about soup.\""],
    );
    check(r#"[{"text":"a b","text":"c d"}]"#, &["/0/text: text \"c d\""]);
    check(r#"[{"text":null,"body":"Soup is on."}]"#, &["/0/body: text \"Soup is on.\""]);
}

#[test]
fn records_without_a_text_are_told_of() {
    let text = r#"[{"text":"Soup is on."},{"text":"","date":"1"},{"text":null},{"image":"a.png"},7]"#;
    check(text, &["/0/text: text \"Soup is on.\"", "note 4 records without a text were left out at \"{\""]);
    check(
        r#"{"posts":[{"date":"1"},{"text":"Soup is on."}]}"#,
        &["/posts/1/text: text \"Soup is on.\"", "note a record without a text was left out at \"{\""],
    );
}

#[test]
fn a_path_leads_to_the_texts() {
    let text = r#"{"brand":{"account":"kitchen","weeks":[{"date":"1","items":[{"words":"Soup is on.","network":"x"},{"words":"Bread."}]}]}}"#;
    let expected = [
        "/brand/weeks/0/items/0/words: text \"Soup is on.\", of kitchen, on x, due 1",
        "/brand/weeks/0/items/1/words: text \"Bread.\", of kitchen, due 1",
    ];
    check_with(text, &by_path("/brand/weeks/*/items/*/words"), &expected);
    check_with(text, &by_path("brand.weeks[].items[].words"), &expected);
    check_with(text, &by_path("/brand/weeks/*/texts"), &["error no text stands at the end of the path at \"{\""]);
    check_with(r#"[{"a":["b c","d e"]}]"#, &by_path("/*/a"), &["/0/a/0: text \"b c\" thread at /0/a/1 \"d e\""]);
    check_with(r#"{"a/b":{"~":"c d"}}"#, &by_path("/a~1b/~0"), &["/a~1b/~0: text \"c d\""]);
}

#[test]
fn json_lines_by_the_name_of_json_are_read() {
    check("{\"text\":\"a b\"}\n{\"text\":\"c d\"}\n", &["line 1: text \"a b\"", "line 2: text \"c d\""]);
}

#[test]
fn a_walk_takes_only_what_is_surely_posts() {
    let found = ExtractOptions { chosen: Chosen::Found, ..Format::Json.into() };
    for text in [
        r#"{"name":"soup","description":"A soup of a package.","keywords":["soup"]}"#,
        r#"[{"text":"a b","score":1}]"#,
        r#"{"messages":[{"message":"a b"}]}"#,
        r#"{"posts":[{"id":1}]}"#,
        r#"{"posts":["a b"],"others":[{"text":"c d","platform":"x"}]}"#,
        r#"{"queue":[{"id":1,"message":"a b","status":"waiting"}]}"#,
        r#"{"history":[{"role":"user","content":"a b"}]}"#,
        r#"{"version":1,"tool":{"version":"1.0","rules":"5f1d"},"queue":[{"message":"a b","platform":null}]}"#,
        r#"{"version":1,"tool":{"version":"1.0","rules":"5f1d"},"posts":[{"text":"a b","platforms":[]}]}"#,
        "{",
    ] {
        let extracted = extract(&Arc::new(Source::from_text("a.json", text)), &found);
        assert!(extracted.posts.is_empty() && extracted.unrecognised.is_some(), "{text}");
    }
    for text in [
        r#"{"posts":[{"text":"a b"}]}"#,
        r#"{"version":1,"posts":[{"text":"a b"}]}"#,
        r#"{"queue":[{"text":"a b","when":"2026-05-04"}]}"#,
        r#"{"history":[{"message":"a b","platform":"x"}]}"#,
        r#"[{"text":"a b","platform":"x"}]"#,
        r#"[{"caption":"a b"}]"#,
    ] {
        let extracted = extract(&Arc::new(Source::from_text("a.json", text)), &found);
        assert_eq!((extracted.posts.len(), extracted.unrecognised.is_some()), (1, false), "{text}");
    }
}

#[test]
fn escapes_are_shown_where_they_stand() {
    let (source, extracted) = read(r#"[{"text":"a \ud83d\ude00 \ud83d b\n\u0063d"}]"#, Format::Json);
    let part = &extracted.posts[0].parts[0];
    assert_eq!(part.text, "a \u{1F600} \u{FFFD} b\ncd");
    assert_eq!(spelled(&source, part, "\u{1F600}"), r"\ud83d\ude00");
    assert_eq!(spelled(&source, part, "\u{FFFD} b"), r"\ud83d b");
    assert_eq!(spelled(&source, part, "cd"), r"\u0063d");
}

#[test]
fn hostile_json_is_read_in_linear_time() {
    let begun = Instant::now();
    let all = |text: String| extract(&Arc::new(Source::from_text("a", text)), &Format::Json.into());
    for deep in
        ["[".repeat(1_000_000), "{\"posts\":".repeat(200_000), format!("{}{}", "[".repeat(100), "]".repeat(100))]
    {
        assert!(all(deep).unrecognised.is_some());
    }
    let huge = format!("[{{\"text\":\"{}\"}},{{\"text\":\"a b\"}}]", "a\\n".repeat(1 << 22));
    let extracted = all(huge);
    assert_eq!((extracted.posts.len(), extracted.diagnostics.len()), (1, 1));
    let wide = format!("[{{{}\"text\":\"a b\"}}]", "\"x\":1,".repeat(200_000));
    assert_eq!(all(wide).posts.len(), 1);
    let numbers = format!("[{}1]", "1,".repeat(1_000_000));
    assert!(all(numbers).unrecognised.is_some());
    let half = format!("[{{\"text\":\"a b\"}},\"{}", "a".repeat(1 << 20));
    assert!(all(half).unrecognised.is_some());
    let many = format!("[{}{{}}]", "{\"text\":\"Soup is on.\",\"when\":\"1\"},".repeat(100_000));
    assert_eq!(all(many).posts.len(), 100_000);
    // Far more than it takes, on a machine that is busy with other things.
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

/// A JSON string in which every unit that `dice` chooses is an escape.
fn encode(text: &str, dice: &[bool]) -> String {
    let mut json = String::from("\"");
    for (character, escape) in text.chars().zip(dice.iter().cycle()) {
        match character {
            '"' | '\\' if !escape => json.extend(['\\', character]),
            '\n' if !escape => json.push_str("\\n"),
            _ if *escape || character < ' ' || matches!(character, '"' | '\\') => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    json.push_str(&format!("\\u{unit:04x}"));
                }
            }
            _ => json.push(character),
        }
    }
    json + "\""
}

proptest! {
    #[test]
    fn posts_come_back_from_any_way_to_write_them(
        texts in prop::collection::vec(any::<String>(), 1..6),
        dice in prop::collection::vec(any::<bool>(), 1..9),
        space in prop::sample::select(vec!["", " ", "\n\t"]),
    ) {
        let records: Vec<String> = texts
            .iter()
            .map(|text| format!("{{{space}\"text\"{space}:{space}{}{space}}}", encode(&format!("soup {text}"), &dice)))
            .collect();
        let json = format!("{{\"posts\":{space}[{}]}}", records.join(&format!("{space},")));
        let (source, extracted) = read(&json, Format::Json);
        prop_assert!(extracted.unrecognised.is_none(), "{:?}", extracted.unrecognised);
        prop_assert_eq!(extracted.posts.len(), texts.len());
        for (post, text) in extracted.posts.iter().zip(&texts) {
            let part = &post.parts[0];
            prop_assert_eq!(&part.text, &format!("soup {text}"));
            // What the raw bytes of a text decode to is the text.
            let raw = spelled(&source, part, &part.text);
            let decoded: String = serde_json::from_str(&format!("\"{raw}\"")).unwrap();
            prop_assert_eq!(&decoded, &part.text);
        }
    }

    #[test]
    fn anything_can_be_read(pieces in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", "\"text\"", "\"posts\"", "\"x\"", "\"a b\"", ":", ",", "null", "1", "\"\\ud83d\"", " ", "\n", "{\"text\":",
        "[{\"caption\":\"é f\",", "\"platform\":", "\"hashtags\":[", "\"é",
    ]), 0..30)) {
        read(&pieces.concat(), Format::Json);
    }
}
