//! Records of each kind, and what holds for any string.

use std::sync::Arc;

use proptest::prelude::*;

use super::read_record;
use crate::document::testing::{read, spelled};
use crate::document::{AccountKind, Format, Intent, Locator, PostId, PostKind, ReadLimits};
use crate::text::{Platform, Source, Span};

#[track_caller]
fn check(line: &str, expected: &str) {
    let (_, extracted) = read(line, Format::Jsonl);
    assert!(extracted.diagnostics.is_empty(), "{:?}", extracted.diagnostics);
    assert_eq!(extracted.posts[0].parts[0].text, expected, "{line}");
}

#[track_caller]
fn check_raw(line: &str, words: &str, raw: &str) {
    let (source, extracted) = read(line, Format::Jsonl);
    assert_eq!(spelled(&source, &extracted.posts[0].parts[0], words), raw, "{line}");
}

/// The id, the message, and the text of the label of a bad line.
#[track_caller]
fn check_bad(line: &str, id: Option<&str>, message: &str, place: &str) {
    let source = Arc::new(Source::from_text("s", line));
    let bad = read_record(&source, Span::of(0..line.len()), ReadLimits::default()).unwrap_err();
    assert_eq!(bad.id.map(|id| id.to_string()).as_deref(), id, "{line}");
    assert_eq!(bad.diagnostic.message, message, "{line}");
    assert_eq!(source.slice(bad.diagnostic.labels[0].span), place, "{line}");
    assert_eq!(bad.diagnostic.code, "input/json");
}

#[test]
fn every_escape_is_decoded_at_its_place() {
    check(r#"{"text":"a\"b\\c\/d\b\f\n\r\te\u00e9"}"#, "a\"b\\c/d\u{8}\u{c}\n\r\te\u{e9}");
    check_raw(r#"{"text":"a \ud83d\ude00 b"}"#, "\u{1F600}", r"\ud83d\ude00");
    check_raw(r#"{"text":"a \u0062\u0063d"}"#, "bcd", r"\u0062\u0063d");
    check_raw("{\"id\":1, \"text\" : \"hé\\n𝗯\"}", "𝗯", "𝗯");
    check(r#"{"text":""}"#, "");
}

#[test]
fn a_lone_surrogate_is_a_replacement_character() {
    check_raw(r#"{"text":"a \ud83d b"}"#, "\u{FFFD}", r"\ud83d");
    check(r#"{"text":"\ude00\ud83d\ud83d\ude00\ud83d\u0041"}"#, "\u{FFFD}\u{FFFD}\u{1F600}\u{FFFD}A");
}

#[test]
fn the_last_of_equal_keys_counts() {
    check_raw(r#"{"text":"a","text":"b"}"#, "b", "b");
}

#[test]
fn all_keys_are_read() {
    let line = r#"{"text":"t","id":7.50,"account":"jo","platform":["Twitter","bluesky","x"],"in_reply_to":12,
        "scheduled":"2026-01-02","intent":"pitch","other":{"text":[1]},"identity":{"kind":"brand","names":"Jo",
        "handles":["@jo","jo.dev"],"products":["P"],"partners":null,"domains":[],"more":1}}"#
        .replace('\n', " ");
    let (_, extracted) = read(&line, Format::Jsonl);
    let post = &extracted.posts[0];
    assert_eq!((&post.id, post.account_name()), (&Some(PostId::Number("7.50".to_owned())), Some("jo")));
    assert_eq!(post.platforms().collect::<Vec<_>>(), [Platform::X, Platform::Bluesky]);
    assert_eq!((post.kind, post.intent), (PostKind::Reply, Some(Intent::Pitch)));
    assert_eq!(post.time.as_ref().unwrap().text, "2026-01-02");
    let identity = post.identity.as_ref().unwrap();
    assert_eq!((identity.kind, identity.names.as_slice()), (AccountKind::Brand, ["Jo".to_owned()].as_slice()));
    assert_eq!(identity.handles, ["@jo", "jo.dev"]);
    assert!(identity.partners.is_empty() && identity.domains.is_empty());
}

#[test]
fn null_says_nothing() {
    let line = r#"{"text":"t","id":null,"account":null,"platform":null,"in_reply_to":null,"identity":null,"intent":null}"#;
    let (_, extracted) = read(line, Format::Jsonl);
    let post = &extracted.posts[0];
    assert_eq!((&post.id, &post.account, post.kind, post.intent), (&None, &None, PostKind::Post, None));
    assert!(post.platforms.is_empty() && post.identity.is_none());
}

#[test]
fn a_bad_line_says_what_and_where_and_whose() {
    check_bad(r#"{"id":"a"}"#, Some("a"), "`text` is missing", r#"{"id":"a"}"#);
    check_bad(r#" {"text":5,"id":"a"} "#, Some("a"), "`text` must be a string, not a number", "5");
    check_bad(r#"{"text":null,"id":12}"#, Some("12"), "`text` must be a string, not null", "null");
    check_bad(r#"{"text":"t","id":[1]}"#, None, "`id` must be a string or a number, not a list", "[1]");
    check_bad(r#"{"text":"t","platform":["x",{}]}"#, None, "`platform` must be a string, not an object", "{}");
    check_bad(r#"{"text":"t","intent":"sell"}"#, None, "unknown intent `sell`", r#""sell""#);
    check_bad(r#"{"text":"t","identity":{"kind":"shop"}}"#, None, "unknown account kind `shop`", r#""shop""#);
    check_bad(
        r#"{"text":"t","identity":{"names":[1]}}"#,
        None,
        "`identity.names` must be a string, not a number",
        "1",
    );
    check_bad(r#"{"text":"t","identity":"jo"}"#, None, "`identity` must be an object, not a string", r#""jo""#);
    check_bad(
        r#"{"text":"t","in_reply_to":true}"#,
        None,
        "`in_reply_to` must be a string or a number, not a boolean",
        "true",
    );
}

#[test]
fn broken_json_is_shown_where_it_breaks() {
    check_bad(r#"{"id":"a","text":"é" "x":1}"#, Some("a"), "invalid JSON: expected `,` or `}`", "\"");
    check_bad(r#"{"id":3,"text":"a"#, Some("3"), "invalid JSON: EOF while parsing a string", "");
    check_bad(r#"{"text":"a"} é"#, None, "invalid JSON: trailing characters", "é");
    check_bad(r#"{"text":"a\x"}"#, None, "invalid JSON: invalid escape", "x");
    check_bad(r#""text""#, None, "invalid JSON: invalid type: string \"text\", expected an object", "\"");
}

#[test]
fn a_bad_line_does_not_touch_the_others() {
    let (source, extracted) = read("{\"text\":\"a\"}\r\n\n  \nno\n{\"text\":\"b\"}", Format::Jsonl);
    let places: Vec<_> = extracted.posts.iter().map(|post| (post.locator.clone(), post.start)).collect();
    assert_eq!(places, [(Locator::Line(1), 0), (Locator::Line(5), 21)]);
    assert_eq!(extracted.diagnostics.len(), 1);
    assert_eq!(source.line_column(extracted.diagnostics[0].labels[0].span.start()).line, 4);
}

#[test]
fn a_record_of_a_stream_knows_its_line() {
    let source = Arc::new(Source::decode_record("s", b"{\"text\":\"a\"}\n".to_vec(), 90, 6).unwrap());
    let post = read_record(&source, Span::of(0..source.text().len()), ReadLimits::default()).unwrap().post;
    assert_eq!((post.locator, post.start), (Locator::Line(7), 0));
}

#[test]
fn an_unknown_network_is_remarked_on() {
    let (source, extracted) = read(r#"{"text":"t","platform":["x","blusky"]}"#, Format::Jsonl);
    assert_eq!(extracted.posts[0].platforms().collect::<Vec<_>>(), [Platform::X]);
    let [remark] = extracted.diagnostics.as_slice() else { panic!("{:?}", extracted.diagnostics) };
    assert_eq!((&*remark.message, &*remark.code), ("unknown platform `blusky`", "input/platform"));
    assert_eq!(source.slice(remark.labels[0].span), r#""blusky""#);
    assert_eq!(remark.level, crate::diagnostic::Level::Warning);
}

#[test]
fn deep_nesting_is_no_trouble() {
    let deep = format!("{{\"text\":\"a\",\"x\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    read(&deep, Format::Jsonl);
    read(&"[".repeat(100_000), Format::Jsonl);
    read(&"{\"text\":".repeat(100_000), Format::Jsonl);
}

/// Every UTF-16 unit of `text` as an escape, or only those that `escaped` chooses.
fn escaped(text: &str, chosen: &[bool]) -> String {
    let mut json = String::new();
    for (index, character) in text.chars().enumerate() {
        if chosen.get(index).copied().unwrap_or(true) || character < ' ' || matches!(character, '"' | '\\') {
            for unit in character.encode_utf16(&mut [0; 2]) {
                json.push_str(&format!("\\u{unit:04X}"));
            }
        } else {
            json.push(character);
        }
    }
    json
}

proptest! {
    #[test]
    fn what_serde_json_writes_is_read_back(text in any::<String>()) {
        check(&serde_json::json!({ "id": "x", "text": text }).to_string(), &text);
    }

    #[test]
    fn any_way_to_escape_is_read_back(text in any::<String>(), chosen in prop::collection::vec(any::<bool>(), 0..40)) {
        let line = format!("{{\"text\": \"{} wordy\"}}", escaped(&text, &chosen));
        check(&line, &format!("{text} wordy"));
        check_raw(&line, "wordy", "wordy");
        if let Some(last) = text.chars().last() {
            let (source, extracted) = read(&line, Format::Jsonl);
            let raw = spelled(&source, &extracted.posts[0].parts[0], &format!("{last} wordy")).to_owned();
            let spelled: String = serde_json::from_str(&format!("\"{raw}\"")).unwrap();
            prop_assert_eq!(spelled, format!("{last} wordy"));
        }
    }

    #[test]
    fn anything_can_be_read(text in "(?s).{0,80}") {
        read(&text, Format::Jsonl);
    }

    #[test]
    fn any_pieces_can_be_read(pieces in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "\"text\"", ":", "\"a\"", ",", "\"id\"", "null", "1", "[", "]", "\n", " ", "\"\\ud83d\"", "\"é\\n\"",
        "\"platform\"", "\"x\"", "\"identity\"", "\"\\", "true", "{\"text\":\"a\"}", "{\"text\":\"a\",", "\u{FEFF}",
    ]), 0..30)) {
        read(&pieces.concat(), Format::Jsonl);
    }
}

#[test]
fn a_text_that_is_far_too_long_is_no_post() {
    let line = format!("{{\"id\":\"7\",\"text\":\"{}\"}}", "a b ".repeat(1 << 18));
    check_bad(&line, Some("7"), "a text of more than 1 MiB is no post", "\"");
}
