//! Archives and queues of single vendors, with texts of our own, and what holds for any.

use std::sync::Arc;
use std::time::Instant;

use proptest::prelude::*;

use crate::document::mojibake::mangled;
use crate::document::testing::{all_told, read, spelled};
use crate::document::{Chosen, ExtractOptions, Format, extract};
use crate::text::{Source, TextSpan};

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(all_told(text, &Format::Json.into()), expected, "\n{text}");
}

const HEAD: &str = "window.YTD.tweets.part0 = ";

#[test]
fn archives_of_x_are_scripts_around_a_list() {
    check(
        &format!(
            r#"{HEAD}[
  {{"tweet":{{"id_str":"1","created_at":"Wed Oct 19 20:07:25 +0000 2022","full_text":"Soup &amp; bread &lt;3 https://t.co/a https://t.co/p",
    "entities":{{"urls":[{{"url":"https://t.co/a","expanded_url":"https://soup.example"}}],"media":[{{"url":"https://t.co/p"}}]}}}}}},
  {{"tweet":{{"id_str":"2","created_at":"1","full_text":"And tea.","in_reply_to_status_id_str":"1","in_reply_to_user_id_str":"77"}}}},
  {{"tweet":{{"id_str":"3","created_at":"1","full_text":"@ana yes","in_reply_to_status_id_str":"500","in_reply_to_user_id_str":"78"}}}},
  {{"tweet":{{"id_str":"4","created_at":"1","full_text":"More tea.","in_reply_to_status_id_str":"501","in_reply_to_user_id_str":"77"}}}},
  {{"tweet":{{"id_str":"5","created_at":"1","full_text":"RT @ana: Soup!"}}}},
  {{"tweet":{{"id_str":"6","created_at":"1","full_text":"This. https://t.co/q",
    "entities":{{"urls":[{{"expanded_url":"https://twitter.com/ana/status/900"}}]}}}}}},
  {{"tweet":{{"id_str":"7","created_at":"1","full_text":"As before: https://t.co/q",
    "entities":{{"urls":[{{"expanded_url":"https://x.com/me/status/1?s=20"}}]}}}}}},
  {{"tweet":{{"id_str":"8","created_at":"1","full_text":"https://t.co/p","extended_entities":{{"media":[{{"url":"https://t.co/p"}}]}}}}}}
];
"#
        ),
        &[
            "/0/tweet/full_text: text \"Soup & bread <3 https://t.co/a\", id 1, on x, due Wed Oct 19 20:07:25 +0000 2022, published",
            "/1/tweet/full_text: text \"And tea.\", id 2, on x, due 1, published",
            "/2/tweet/full_text: text \"@ana yes\", a reply, id 3, on x, due 1, published",
            "/3/tweet/full_text: text \"More tea.\", id 4, on x, due 1, published",
            "/4/tweet/full_text: text \"RT @ana: Soup!\", a share, id 5, on x, due 1, published",
            "/5/tweet/full_text: text \"This. https://t.co/q\", a share, id 6, on x, due 1, published",
            "/6/tweet/full_text: text \"As before: https://t.co/q\", id 7, on x, due 1, published",
            "note a record without a text was left out at \"{\"",
        ],
    );
    check(
        "window.YTD.note_tweet.part0 = [{\"noteTweet\":{\"noteTweetId\":\"9\",\"createdAt\":\"2023-05-04T09:00:00.000Z\",\
         \"core\":{\"text\":\"A long soup.\"}}}]",
        &["/0/noteTweet/core/text: text \"A long soup.\", id 9, on x, due 2023-05-04T09:00:00.000Z, published"],
    );
    check(
        "Grailbird.data.tweets_2009_04 =\n [ {\"text\":\"Soup.\",\"id_str\":\"1\",\"created_at\":\"2009-04-05 09:00:00 +0000\"},\n\
         {\"text\":\"RT @ana Soup\",\"id_str\":\"2\",\"created_at\":\"2\",\"retweeted_status\":{\"id\":3}} ]",
        &[
            "/0/text: text \"Soup.\", id 1, on x, due 2009-04-05 09:00:00 +0000, published",
            "/1/text: text \"RT @ana Soup\", a share, id 2, on x, due 2, published",
        ],
    );
    check(&format!("{HEAD}[]"), &["error no list of posts was recognised at \"[\""]);
    check(&format!("{HEAD}[1,]"), &["error invalid JSON: expected a value at \"]\""]);
    check("function soup() {}", &["error invalid JSON: expected a value at \"f\""]);
    check("[];", &["error invalid JSON: more behind the end at \";\""]);
}

#[test]
fn mastodon_keeps_html_and_boosts_without_a_text() {
    check(
        r#"{"@context":"x","type":"OrderedCollection","orderedItems":[
  {"type":"Create","actor":"https://m.example/users/me","published":"2026-05-04T09:00:00Z","object":{"type":"Note","id":"https://m.example/1",
   "summary":"soup","content":"<p>Soup &amp; bread<br>by <span class=\"h-card\"><a href=\"https:\/\/m.example\/@ana\">@<span>ana<\/span><\/a><\/span><\/p><p>Tea.<\/p>"}},
  {"type":"Announce","published":"2026-05-05T09:00:00Z","object":"https://m.example/users/ana/statuses/7"},
  {"type":"Create","actor":"https://m.example/users/me","object":{"content":"<p>More.</p>","inReplyTo":"https://m.example/users/me/statuses/1"}},
  {"type":"Create","actor":"https://m.example/users/me","object":{"content":"<p>Yes.</p>","inReplyTo":"https://m.example/users/meg/statuses/1"}},
  {"type":"Create","object":{"type":"Question","content":"<p>Which?</p>","oneOf":[{"name":"Soup"},{"name":"Tea"}]}},
  {"type":"Create","object":{"content":"","attachment":[]}},
  {"type":"Like","object":"https://m.example/2"}]}"#,
        &[
            "/orderedItems/0/object/content: content-warning at /orderedItems/0/object/summary \"soup\" text \"Soup & bread\\nby \
             @ana\\n\\nTea.\", id https://m.example/1, on mastodon, due 2026-05-04T09:00:00Z, published",
            "/orderedItems/1/object: text \"https://m.example/users/ana/statuses/7\", a share, on mastodon, due \
             2026-05-05T09:00:00Z, published",
            "/orderedItems/2/object/content: text \"More.\", on mastodon, published",
            "/orderedItems/3/object/content: text \"Yes.\", a reply, on mastodon, published",
            "/orderedItems/4/object/content: text \"Which?\" poll-option at /orderedItems/4/object/oneOf/0/name \"Soup\" \
             poll-option at /orderedItems/4/object/oneOf/1/name \"Tea\", on mastodon, published",
            "note a record without a text was left out at \"{\"",
        ],
    );
    check(
        r#"[{"id":"3","scheduled_at":"2026-05-04T09:00:00Z","params":{"text":"Soup or <tea>?","spoiler_text":"food",
            "poll":{"options":["Soup","Tea"]},"in_reply_to_id":null}}]"#,
        &[
            "/0/params/text: content-warning at /0/params/spoiler_text \"food\" text \"Soup or <tea>?\" poll-option at \
           /0/params/poll/options/0 \"Soup\" poll-option at /0/params/poll/options/1 \"Tea\", id 3, on mastodon, due \
           2026-05-04T09:00:00Z, scheduled",
        ],
    );
    check(
        r#"[{"id":"1","uri":"u","visibility":"public","created_at":"1","content":"<p>Soup.</p>","account":{"id":"5"},"in_reply_to_id":"9",
             "in_reply_to_account_id":"5"},
            {"id":"2","uri":"u","visibility":"public","created_at":"2","content":"","reblog":{"content":"<p>Tea.</p>","account":{"id":"6"}}},
            {"id":"3","uri":"u","visibility":"public","created_at":"3","content":"<p>Yes.</p>","account":{"id":"5"},"in_reply_to_id":"8",
             "in_reply_to_account_id":"6"}]"#,
        &[
            "/0/content: text \"Soup.\", id 1, on mastodon, due 1, published",
            "/1/reblog/content: text \"Tea.\", a share, id 2, on mastodon, due 2, published",
            "/2/content: text \"Yes.\", a reply, id 3, on mastodon, due 3, published",
        ],
    );
}

#[test]
fn records_of_bluesky_are_read_wherever_they_are_wrapped() {
    let record = r#""$type":"app.bsky.feed.post","createdAt":"1""#;
    check(
        &format!(
            r##"{{{record},"text":"Soup.","tags":["soup"],"embed":{{"$type":"app.bsky.embed.external","external":{{"uri":"u","title":"A soup",
             "description":"Warm."}}}}}}"##
        ),
        &[
            "/text: title at /embed/external/title \"A soup\" text \"Soup.\" description at /embed/external/description \"Warm.\" \
           hashtags at /tags \"#soup\", on bluesky, due 1",
        ],
    );
    check(
        &format!(
            r#"{{"records":[
  {{"uri":"at://did:plc:me/app.bsky.feed.post/1","value":{{{record},"text":"Yes.","reply":{{"parent":{{"uri":"at://did:plc:ana/app.bsky.feed.post/1"}}}}}}}},
  {{"uri":"at://did:plc:me/app.bsky.feed.post/2","value":{{{record},"text":"More.","reply":{{"parent":{{"uri":"at://did:plc:me/app.bsky.feed.post/0"}}}}}}}},
  {{"uri":"at://did:plc:me/app.bsky.feed.post/3","value":{{{record},"text":"This.","embed":{{"$type":"app.bsky.embed.recordWithMedia",
    "record":{{"record":{{"uri":"at://did:plc:ana/app.bsky.feed.post/1"}}}}}}}}}}]}}"#
        ),
        &[
            "/records/0/value/text: text \"Yes.\", a reply, id at://did:plc:me/app.bsky.feed.post/1, on bluesky, due 1, published",
            "/records/1/value/text: text \"More.\", id at://did:plc:me/app.bsky.feed.post/2, on bluesky, due 1, published",
            "/records/2/value/text: text \"This.\", a share, id at://did:plc:me/app.bsky.feed.post/3, on bluesky, due 1, published",
        ],
    );
    check(
        &format!(
            r#"{{"feed":[{{"post":{{"uri":"at://a/b/1","record":{{{record},"text":"Soup."}}}}}},
                {{"post":{{"uri":"at://c/b/1","record":{{{record},"text":"Tea."}}}},"reason":{{"by":{{}}}}}}]}}"#
        ),
        &[
            "/feed/0/post/record/text: text \"Soup.\", id at://a/b/1, on bluesky, due 1, published",
            "/feed/1/post/record/text: text \"Tea.\", a share, id at://c/b/1, on bluesky, due 1, published",
        ],
    );
    check(
        &format!(r#"[{{{record},"text":"Soup."}},{{"$type":"app.bsky.feed.like"}}]"#),
        &["/0/text: text \"Soup.\", on bluesky, due 1"],
    );
}

#[test]
fn archives_of_instagram_and_threads_are_repaired() {
    check(
        &format!(
            r#"[{{"media":[{{"uri":"a.jpg","creation_timestamp":1777888000,"title":"{}"}}]}},
                {{"title":"Soup.","creation_timestamp":2,"media":[{{"uri":"b.jpg","creation_timestamp":1,"title":""}},
                 {{"uri":"c.jpg","creation_timestamp":1,"title":"A pot."}}]}},
                {{"media":[{{"uri":"d.jpg","creation_timestamp":3,"title":""}}]}}]"#,
            mangled("Änne’s soup 🍲")
        ),
        &[
            "/0/media/0/title: text \"Änne’s soup 🍲\", on instagram, due 1777888000, published",
            "/1/title: text \"Soup.\" text at /1/media/1/title \"A pot.\", on instagram, due 2, published",
            "note a record without a text was left out at \"{\"",
        ],
    );
    let json = r#"{"text_post_app_text_posts":[{"media":[{"uri":"","creation_timestamp":1,"title":"Soup \u00f0\u009f\u008d\u00b2 is\non."}]}]}"#;
    check(
        json,
        &["/text_post_app_text_posts/0/media/0/title: text \"Soup 🍲 is\\non.\", on threads, due 1, published"],
    );
    let (source, extracted) = read(json, Format::Json);
    assert_eq!(spelled(&source, &extracted.posts[0].parts[0], "🍲"), r"\u00f0\u009f\u008d\u00b2");
    assert_eq!(spelled(&source, &extracted.posts[0].parts[0], "🍲 is\non"), r"\u00f0\u009f\u008d\u00b2 is\non");
}

#[test]
fn schedulers_have_texts_for_each_account() {
    check(
        r#"{"type":"schedule","date":"2026-05-04T09:00:00","posts":[
            {"integration":{"id":"1"},"value":[{"content":"Soup.","image":[]},{"content":"Tea."}],"settings":{"__type":"x"}},
            {"value":[{"content":"<p>Soup &amp; tea.</p>"}],"settings":{"__type":"linkedin-page","title":"Lunch"}}]}"#,
        &[
            "/posts/0/value/0/content: text \"Soup.\" thread at /posts/0/value/1/content \"Tea.\", on x, due \
             2026-05-04T09:00:00, scheduled",
            "/posts/1/value/0/content: title at /posts/1/settings/title \"Lunch\" text \"Soup & tea.\", on linkedin, due \
             2026-05-04T09:00:00, scheduled",
        ],
    );
    check(
        r#"[{"type":"draft","posts":[{"value":[{"content":"Soup."}],"settings":{"__type":"slack"}}]}]"#,
        &[
            "/0/posts/0/value/0/content: text \"Soup.\", draft",
            "warning unknown platform `slack` at \"\\\"slack\\\"\"",
        ],
    );
    check(
        r#"{"date":"2026-05-04","time":"09:00","accounts":[{"id":1,"provider":"mastodon"},{"id":2,"provider":"facebook_page"}],"versions":[
            {"account_id":0,"is_original":true,"content":[{"body":"<div>Soup.</div>","media":[]}]},
            {"account_id":2,"is_original":false,"content":[{"body":"Soup on a page."}]}]}"#,
        &[
            "/versions/0/content/0/body: text \"Soup.\", on mastodon, due 2026-05-04 09:00",
            "/versions/1/content/0/body: text \"Soup on a page.\", on facebook, due 2026-05-04 09:00",
        ],
    );
    check(
        r#"{"data":[{"id":4,"status":"published","published_at":"2026-05-04","accounts":[1],"versions":[{"content":[{"body":"Soup."}]}]}]}"#,
        &["/data/0/versions/0/content/0/body: text \"Soup.\", id 4, due 2026-05-04, published"],
    );
}

#[test]
fn a_walk_takes_shapes_that_are_known() {
    let found = ExtractOptions { chosen: Chosen::Found, ..ExtractOptions::default() };
    let posts = |name: &str, text: &str| {
        let extracted = extract(&Arc::new(Source::from_text(name, text)), &found);
        (extracted.posts.len(), extracted.unrecognised.is_some())
    };
    let tweet = r#"{"tweet":{"id_str":"1","created_at":"1","full_text":"Soup."}}"#;
    assert_eq!(posts("tweets.js", &format!("{HEAD}[{tweet}]")), (1, false));
    assert_eq!(posts("app.js", "const soup = { text: 'a b' };"), (0, true));
    assert_eq!(posts("app.js", "const soup = [1, 2];"), (0, true));
    assert_eq!(posts("likes.js", "window.YTD.like.part0 = [{\"like\":{\"fullText\":\"Soup.\"}}]"), (0, true));
    assert_eq!(
        posts("outbox.json", r#"{"orderedItems":[{"type":"Create","object":{"content":"<p>a</p>"}}]}"#),
        (1, false)
    );
}

#[test]
fn hostile_shapes_are_read_in_linear_time() {
    let begun = Instant::now();
    let all = |text: String| extract(&Arc::new(Source::from_text("a.json", text)), &Format::Json.into());
    let tweet = r#"{"tweet":{"id_str":"1","created_at":"1","full_text":"Soup.","entities":{"urls":[{"expanded_url":"https://x.com/a/status/9"}]}}},"#;
    let many = all(format!("{HEAD}[{}{}]", tweet.repeat(50_000), tweet.trim_end_matches(',')));
    assert_eq!(many.posts.len(), 50_001);
    let huge = all(format!(
        r#"{{"orderedItems":[{{"type":"Create","object":{{"content":"{}"}}}}]}}"#,
        "<p>&amp;".repeat(1 << 20)
    ));
    assert_eq!((huge.posts.len(), huge.diagnostics.len()), (0, 2));
    let tags = all(format!(
        r#"{{"orderedItems":[{{"type":"Create","object":{{"content":"{}"}}}}]}}"#,
        "<a '".repeat(1 << 17)
    ));
    assert_eq!(tags.posts.len(), 1);
    let urls = r#"{"expanded_url":"https://x.com/a/status/1"},"#.repeat(50_000);
    let pictures = r#"{"url":"b"},"#.repeat(50_000);
    let linked = format!(
        r#"[{{"id_str":"1","created_at":"1","text":"{}","entities":{{"urls":[{urls}1],"media":[{pictures}1]}}}}]"#,
        "a b ".repeat(50_000)
    );
    assert_eq!(all(linked).posts.len(), 1);
    let wrapped = format!("{}1{}", r#"{"value":"#.repeat(100), "}".repeat(100));
    assert!(all(wrapped).unrecognised.is_some());
    let options = format!(
        r#"[{{"scheduled_at":"1","params":{{"text":"a","poll":{{"options":[{}"b"]}}}}}}]"#,
        "\"a\",".repeat(20_000)
    );
    assert_eq!(all(options).posts.len(), 1);
    let surrogates =
        format!(r#"[{{"media":[{{"creation_timestamp":1,"title":"{}"}}]}}]"#, r"\ud83d\u00f0".repeat(80_000));
    assert_eq!(all(surrogates).posts.len(), 1);
    // Far more than it takes, on a machine that is busy with other things.
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

/// A JSON string in which every unit that `dice` chooses is an escape.
fn json(text: &str, dice: &[bool]) -> String {
    let mut json = String::from("\"");
    for (next, escape) in text.chars().zip(dice.iter().cycle()) {
        if *escape || next < ' ' || matches!(next, '"' | '\\') {
            let units =
                next.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
            json.push_str(&units);
        } else {
            json.push(next);
        }
    }
    json + "\""
}

/// Holds a text against what the raw bytes of each of its characters decode to.
fn hold(text: &str, source: &str, expected: &str, decode: impl Fn(&str) -> String) -> Result<(), TestCaseError> {
    let (source, extracted) = read(source, Format::Json);
    prop_assert!(extracted.unrecognised.is_none(), "{:?}", extracted);
    prop_assert_eq!(extracted.posts.len(), 1);
    let part = &extracted.posts[0].parts[0];
    prop_assert_eq!(&part.text, expected, "{}", text);
    for (at, next) in part.text.char_indices().filter(|(_, next)| !next.is_whitespace()) {
        let raw = source.slice(part.map.to_source(TextSpan::of(at..at + next.len_utf8())));
        let inner: String = serde_json::from_str(&format!("\"{raw}\"")).unwrap();
        prop_assert_eq!(decode(&inner), next.to_string());
    }
    Ok(())
}

fn without_entities(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

proptest! {
    #[test]
    fn posts_of_x_come_back(text in any::<String>(), dice in prop::collection::vec(any::<bool>(), 1..9)) {
        // Other entities are not written there.
        prop_assume!(!text.contains('&'));
        let text = format!("soup & {text} <tea>");
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let source = format!("{HEAD}[{{\"tweet\":{{\"id_str\":\"1\",\"created_at\":\"1\",\"full_text\":{}}}}}];", json(&escaped, &dice));
        hold(&text, &source, &text, without_entities)?;
    }

    #[test]
    fn posts_of_mastodon_come_back(
        words in prop::collection::vec("[a-c&<>\"'é𝗯]{1,6}", 1..9),
        dice in prop::collection::vec(any::<bool>(), 1..9),
    ) {
        let text = words.join(" ");
        let html = crate::document::html::encode(&text, &dice);
        let source = format!("{{\"orderedItems\":[{{\"type\":\"Create\",\"object\":{{\"content\":{}}}}}]}}", json(&html, &dice));
        let decode = |inner: &str| {
            let mut mapped = crate::text::MappedText::new();
            mapped.push_linear(inner, 0);
            let (inner, map) = mapped.finish();
            crate::document::html::read(&inner, &map).text.finish().0
        };
        hold(&text, &source, &text, decode)?;
    }

    #[test]
    fn posts_of_meta_come_back(text in any::<String>(), dice in prop::collection::vec(any::<bool>(), 1..9)) {
        let text = format!("soup 🍲 {text}");
        let source = format!("[{{\"media\":[{{\"creation_timestamp\":1,\"title\":{}}}]}}]", json(&mangled(&text), &dice));
        let decode = |inner: &str| String::from_utf8(inner.chars().map(|next| u32::from(next) as u8).collect()).unwrap();
        hold(&text, &source, &text, decode)?;
    }

    #[test]
    fn anything_of_a_known_shape_can_be_read(pieces in prop::collection::vec(prop::sample::select(vec![
        "[", "]", "{", "}", ",", "window.YTD.tweets.part0 = ", ";", "{\"tweet\":{\"id_str\":\"1\",\"created_at\":\"1\",\"full_text\":\"a &amp; é\"}}",
        "{\"orderedItems\":[", "{\"type\":\"Create\",\"object\":{\"content\":\"<p>a\"}}", "{\"type\":\"Announce\",\"object\":null}",
        "{\"media\":[{\"creation_timestamp\":1,\"title\":\"\\u00f0\"}]}", "{\"$type\":\"app.bsky.feed.post\",\"text\":\"a\"}", "null",
        "{\"posts\":[{\"value\":[{\"content\":1},{\"content\":\"a\"}]}]}", "{\"versions\":[{\"content\":[{\"body\":\"a\"}]}]}",
        "{\"params\":{\"text\":\"a\"},\"scheduled_at\":\"1\"}", "{\"value\":", "{\"record\":",
    ]), 0..12)) {
        read(&pieces.concat(), Format::Json);
    }
}
