//! Front matter of each kind, and what holds for any.

use proptest::prelude::*;

use crate::document::testing::{all_told, read, spelled};
use crate::document::{DirectiveScope, ExtractOptions, Format, Intent, PartKind, Post, PostId};
use crate::text::Platform;

#[track_caller]
fn post(text: &str) -> Post {
    let (_, mut extracted) = read(text, Format::Markdown);
    assert!(extracted.diagnostics.is_empty(), "{:?}", extracted.diagnostics);
    extracted.posts.remove(0)
}

/// The texts of the parts, the body last.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let (_, extracted) = read(text, Format::Markdown);
    let parts: Vec<&str> = extracted.posts[0].parts.iter().map(|part| part.text.as_str()).collect();
    assert_eq!(parts, expected, "{text:?}");
}

/// The title is `expected`, and its `words` stand in the source as `raw`.
#[track_caller]
fn check_title(text: &str, expected: &str, words: &str, raw: &str) {
    let (source, extracted) = read(text, Format::Markdown);
    assert!(extracted.diagnostics.is_empty(), "{text:?}: {:?}", extracted.diagnostics);
    let part = &extracted.posts[0].parts[0];
    assert_eq!((part.kind, part.text.as_str()), (PartKind::Title, expected), "{text:?}");
    assert_eq!(spelled(&source, part, words), raw, "{text:?}");
}

/// The messages and the texts of their labels.
#[track_caller]
fn check_bad(text: &str, expected: &[(&str, &str)]) {
    let (source, extracted) = read(text, Format::Markdown);
    let found: Vec<(&str, &str)> = extracted
        .diagnostics
        .iter()
        .map(|diagnostic| (&*diagnostic.message, source.slice(diagnostic.labels[0].span)))
        .collect();
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn shared_fields_are_parts_in_order() {
    let text = "---\nsummary: s\ndescription: d\ntitle: t\ntags: [a]\n---\nbody\n";
    check(text, &["t", "d", "s", "body"]);
    let kinds: Vec<_> = post(text).parts.iter().map(|part| part.kind).collect();
    assert_eq!(kinds, [PartKind::Title, PartKind::Description, PartKind::Description, PartKind::Text]);
    check("+++\ntitle = 't'\nsummary = \"s\"\n+++\n", &["t", "s", ""]);
    check("---\ntitle: ~\ndescription:\nsummary: ''\n---\nb", &["b"]);
    check("---\r\nTitle: t\r\n...\r\nb", &["t", "b"]);
    check("---\ndescription: same\nsummary: same\n---\n", &["same", ""]);
    check("---\n# nothing\n---\nb", &["b"]);
    check("---\n---\nb", &["b"]);
}

#[test]
fn yaml_scalars_are_exact_in_every_style() {
    check_title("---\ntitle: Hello: no, # c\n---\n".replace(": no", "").as_str(), "Hello,", "Hello", "Hello");
    check_title("---\ntitle: one\n  two\n\n  three\n---\n", "one two\nthree", "two\nthree", "two\n\n  three");
    check_title("---\ntitle: 'it''s \n  so'\n---\n", "it's so", "'s so", "''s \n  so");
    check_title("---\ntitle: \"a\\u00e9\\\"b \\\n  c\\x41\"\n---\n", "aé\"b cA", "b cA", "b \\\n  c\\x41");
    check_title("---\ntitle: \"\\ud83d\\ude00 x\"\n---\n", "\u{1F600} x", "\u{1F600}", "\\ud83d\\ude00");
    check_title(
        "---\ntitle: |\n  one\n   two\n\n  end\n\nx: y\n---\n",
        "one\n two\n\nend\n",
        "two\n\nend",
        "two\n\n  end",
    );
    check_title(
        "---\ntitle: >-\n  one\n  two\n\n  x\n    y\n  z\n---\n",
        "one two\nx\n  y\nz",
        "two\nx\n  y",
        "two\n\n  x\n    y",
    );
    check_title("---\ntitle: |2+\n    ind\n\n---\n", "  ind\n\n", "ind", "ind");
    check_title("---\ntitle: >\n\n\n  a\n  b\n---\n", "\n\na b\n", "a b", "a\n  b");
    check_title("---\r\ntitle: |\r\n  one\r\n  two\r\n---\r\n", "one\ntwo\n", "one\ntwo", "one\r\n  two");
    check_title("---\nx: &a Al\ntitle: *a\n---\n", "Al", "Al", "Al");
    check_title("---\n{title: a b, x: [1]}\n---\n", "a b", "a b", "a b");
    check_title("---\ntitle: 2024\n---\n", "2024", "2024", "2024");
}

#[test]
fn toml_strings_are_exact_in_every_style() {
    check_title("+++\ntitle = \"a \\u00e9\\n\\\"b\\\"\"\n+++\n", "a é\n\"b\"", "é\n", "\\u00e9\\n");
    check_title("+++\ntitle = 'a \\n b'\n+++\n", "a \\n b", "\\n b", "\\n b");
    check_title(
        "+++\ntitle = \"\"\"\none \\\n\n   two\nthree\"\"\"\n+++\n",
        "one two\nthree",
        "one two",
        "one \\\n\n   two",
    );
    check_title("+++\ntitle = '''\none\n'two' '''\n+++\n", "one\n'two' ", "one\n'two'", "one\n'two'");
    check_title("+++\ntitle = 2024-01-02\n+++\n", "2024-01-02", "01", "01");
}

#[test]
fn the_post_is_filled() {
    for text in [
        "---\nid: 7\naccount: jo\nplatforms: [X, mastodon]\ndate: 2026-01-01\nscheduled: 2026-02-02T10:00\nselfless: {intent: pitch, ignore: [brag, ask/hard]}\n---\n",
        "+++\nid = 7\naccount = 'jo'\nplatforms = ['X', 'mastodon']\ndate = 2026-01-01\nscheduled = 2026-02-02T10:00\n[selfless]\nintent = 'pitch'\nignore = ['brag', 'ask/hard']\n+++\n",
    ] {
        let post = post(text);
        assert_eq!((&post.id, post.account_name()), (&Some(PostId::Text("7".to_owned())), Some("jo")));
        assert_eq!(post.platforms().collect::<Vec<_>>(), [Platform::X, Platform::Mastodon]);
        assert_eq!(
            (post.time.as_ref().map(|time| time.text.as_str()), post.intent),
            (Some("2026-02-02T10:00"), Some(Intent::Pitch))
        );
        let directive = &post.directives[0];
        assert_eq!(directive.scope, DirectiveScope::File);
        let rules: Vec<_> =
            directive.rules.iter().map(|(rule, span)| (rule.as_str(), &text[span.range()])).collect();
        assert_eq!(rules, [("brag", "brag"), ("ask/hard", "ask/hard")]);
        assert!(text[directive.span.range()].starts_with("ignore"));
    }
    assert_eq!(post("---\nplatform: twitter\npublish_at: b\ndate: a\n---\n").time.unwrap().text, "b");
}

#[test]
fn what_is_ignored_may_say_why() {
    let reason = |text: &str| post(text).directives[0].reason.clone();
    assert_eq!(reason("---\nselfless: { ignore: [brag], reason: 'it is meant' }\n---\n").unwrap(), "it is meant");
    assert_eq!(reason("+++\n[selfless]\nreason = 'so'\nignore = ['brag']\n+++\n").unwrap(), "so");
    assert_eq!(reason("---\nselfless: { ignore: [brag], reason: '' }\n---\n"), None);
    assert_eq!(reason("---\nselfless: { ignore: [brag] }\n---\n"), None);
}

/// The posts of a page, with what is said of them.
#[track_caller]
fn check_posts(text: &str, expected: &[&str]) {
    assert_eq!(all_told(text, &Format::Markdown.into()), expected, "\n{text}");
}

#[test]
fn posts_in_front_matter_stand_for_the_page() {
    check_posts(
        "---\ntitle: Soup\ndate: 2026-05-04\ndraft: true\nsocial:\n  twitter:\n    text: \"Soup is on.\\n\\nBread too.\"\n    hashtags: soup, bread\n  \
         linkedin: {text: Soup for all., scheduled: 2026-05-06, first_comment: From Ana.}\n---\nA page on soup.\n",
        &[
            "/social/twitter/text: text \"Soup is on.\\n\\nBread too.\" hashtags at /social/twitter/hashtags \"#soup #bread\", on x, \
             due 2026-05-04, draft",
            "/social/linkedin/text: text \"Soup for all.\" first-comment at /social/linkedin/first_comment \"From Ana.\", on linkedin, \
             due 2026-05-06, draft",
        ],
    );
    check_posts(
        "+++\n[social.bluesky]\ntext = 'Soup is on.'\n+++\n",
        &["/social/bluesky/text: text \"Soup is on.\", on bluesky"],
    );
    check_posts(
        "{\n  \"social\": {\"x\": \"Soup is \\u006fn.\"}\n}\nA page.",
        &["/social/x: text \"Soup is on.\", on x"],
    );
    check_posts(
        "---\nsocial: Soup is on.\nplatforms: [x, threads]\n---\n",
        &["/social: text \"Soup is on.\", on x, on threads"],
    );
    check_posts(
        "---\nsocial:\n- {platform: x, text: Soup is on.}\n- Bread too.\n- x: [One soup., Two soups.]\n---\n",
        &[
            "/social/0/text: text \"Soup is on.\", on x",
            "/social/1: text \"Bread too.\"",
            "/social/2/x/0: text \"One soup.\" thread at /social/2/x/1 \"Two soups.\", on x",
        ],
    );
    check_posts(
        "---\nlinkedin_post: |\n  Soup is on.\n\n  Bread too.\ntweets: [Soup at noon., 'https://soup.example']\nsocial_text: Soup is on.\n---\n",
        &[
            "/linkedin_post: text \"Soup is on.\\n\\nBread too.\\n\", on linkedin",
            "/tweets/0: text \"Soup at noon.\", on x",
            "/social_text: text \"Soup is on.\"",
        ],
    );
    check_posts("---\nthreads: Soup is on today.\n---\n", &["/threads: text \"Soup is on today.\", on threads"]);
}

#[test]
fn references_switches_and_names_are_no_posts() {
    for keys in [
        "social:\n  bluesky: at://did:plc:abc/app.bsky.feed.post/1\n  mastodon: true\n  x: https://x.com/ana/status/1\n",
        "mastodon: true\n",
        "twitter: Ana Soup\n",
        "twitter: {card: summary, title: Soup is on., description: All about it., site: '@soup'}\n",
        "social:\n  - https://x.com/soup\n  - name: Ana Soup\n",
        "blog: The soup blog of Ana\n",
        "posts: [Soup of the day, Bread of the day]\n",
        "tweet: 12345\n",
        "social:\n",
    ] {
        check_posts(&format!("---\n{keys}---\nThe page."), &[": text \"The page.\""]);
    }
}

#[test]
fn a_page_without_a_body_may_have_its_text_in_front() {
    check_posts("---\ntext: Soup is on.\nplatform: x\n---\n", &["/text: text \"Soup is on.\", on x"]);
    check_posts("---\ntext: Soup is on.\n---\nThe page.", &[": text \"The page.\""]);
}

#[test]
fn front_matter_says_how_far_a_post_has_come() {
    check_posts(
        "---\nstatus: scheduled\ntype: linkedin_post\nscheduled_time: 2026-05-04 09:00\n---\nSoup.",
        &[": text \"Soup.\", on linkedin, due 2026-05-04 09:00, scheduled"],
    );
    check_posts(
        "---\nstatus: published\ndraft: true\ndate: 2026-05-04\ntime: '09:00'\ntimezone: UTC\n---\nSoup.",
        &[": text \"Soup.\", due 2026-05-04 09:00 UTC, draft"],
    );
    check_posts(
        "---\ndraft: false\ntype: blog\nstatus: hot\nplatform: Twitter/X, ig\n---\nSoup.",
        &[": text \"Soup.\", on x, on instagram"],
    );
}

#[test]
fn json_may_stand_in_front() {
    check("{\"title\": \"t\\u00e9\", \"draft\": true}\nbody", &["té", "body"]);
    check("{\r\n  \"summary\": \"s\",\r\n  \"title\": \"t\"\r\n}\r\n\r\nbody", &["t", "s", "body"]);
    check_title("{\"title\": \"a \\ud83d\\ude00 b\"}\n", "a \u{1F600} b", "\u{1F600}", "\\ud83d\\ude00");
    for text in [
        "{ braces } are fine",
        "{\"a\": 1} more",
        "{}\n\nbody",
        "{{< a >}}\n\nbody",
        "{\"a\"}\n\nbody",
        "{% raw %}a{% endraw %}",
    ] {
        let (_, extracted) = read(text, Format::Markdown);
        assert!(extracted.diagnostics.is_empty() && extracted.posts[0].parts.len() == 1, "{text}");
    }
    let broken = "{\n  \"title\": \"t\",\n}\nbody";
    check_bad(broken, &[("invalid JSON: expected a key in quotation marks", "}")]);
    check(broken, &["body"]);
    check_bad(
        "{\"selfless\": {\"intend\": \"pitch\"}}\nbody",
        &[("unknown key `intend` under `selfless`", "\"intend\"")],
    );
    let drafts = ExtractOptions { drafts_only: true, ..Format::Markdown.into() };
    assert_eq!(all_told("---\nplatforms: []\n---\nbody", &drafts), [": text \"body\", draft"]);
    assert_eq!(all_told("{\"draft\": true}\nbody", &drafts), [": text \"body\", draft"]);
    assert!(all_told("{\"draft\": false}\nbody", &drafts).is_empty());
    assert!(all_told("body", &drafts).is_empty());
}

#[test]
fn mistakes_stand_at_their_place_and_the_body_is_read() {
    check_bad("---\nplatform: [x, mastadon]\n---\n", &[("unknown platform `mastadon`", "mastadon")]);
    check_bad("---\nplatform: 'ps5'\n---\n", &[("unknown platform `ps5`", "ps5")]);
    check_bad("---\nselfless:\n  intend: pitch\n---\n", &[("unknown key `intend` under `selfless`", "intend")]);
    check_bad("---\nselfless: {intent: pitsch}\n---\n", &[("unknown intent `pitsch`", "pitsch")]);
    check_bad("---\nselfless: pitch\n---\n", &[("`selfless` must be a table, not text", "pitch")]);
    check_bad("---\ntitle: [a]\n---\n", &[("`title` is a list, so it is not read", "[a]")]);
    check_bad(
        "+++\ntitle = a\nb = [\n+++\n",
        &[
            ("invalid TOML: string values must be quoted, expected literal string", "a"),
            ("invalid TOML: unclosed array, expected `]`", ""),
        ],
    );
    let broken = "---\nid: 1\ntitle: a: b\n---\nbody";
    check_bad(broken, &[("invalid YAML: mapping values are not allowed in this context", ":")]);
    check(broken, &["body"]);
    check("---\ntitle: t\nx: \"open\n---\nbody", &["t", "body"]);
    check("---\ntitle: t\nx: *none\ny: b\n---\nbody", &["t", "body"]);
    let (_, extracted) = read("---\nselfless: {intend: pitch}\n---\n", Format::Markdown);
    assert_eq!(extracted.diagnostics[0].help.as_deref(), Some("write `intent`"));
}

#[test]
fn rulers_are_no_fences() {
    check("---\n\nJust prose.\n\n---\nMore", &["Just prose.\n\nMore"]);
    check("---\nprose without an end", &["prose without an end"]);
    check("text\n---\ntitle: t\n---\n", &["text\n\ntitle: t"]);
    check(" ---\ntitle: t\n---\n", &["title: t"]);
}

#[test]
fn front_matter_without_an_end_stops_at_a_blank_line() {
    let text = "---\ntitle: t\nx: y\n\nbody: text\n";
    check(text, &["t", "body: text"]);
    check_bad(text, &[("front matter is not closed", "---")]);
    check_bad("+++\ntitle = 't'\n", &[("front matter is not closed", "+++")]);
}

#[test]
fn long_front_matter_is_not_read() {
    let text = format!("---\ntitle: t\n{}---\nbody", "x: y\n".repeat(20_000));
    check(&text, &["body"]);
    check_bad(&text, &[("front matter is longer than 64 KiB", "---")]);
}

#[test]
fn hostile_front_matter_ends() {
    let start = std::time::Instant::now();
    let bomb = (1..30).map(|i| format!("a{i}: &a{i} [*a{0},*a{0},*a{0},*a{0}]\n", i - 1)).collect::<String>();
    read(&format!("---\na0: &a0 [x]\n{bomb}title: *a29\n---\nb"), Format::Markdown);
    read(&format!("---\na: &a {}\nb: [{}]\n---\nb", "x".repeat(1000), "*a,".repeat(15_000)), Format::Markdown);
    for piece in
        ["[", "{a: ", "- ", "? ", "a: ", "' ", "\"\\", "  ", "\n", "| ", "&a ", "a.", "[a]\n", "a=[", "a='''"]
    {
        let object = format!("{{\"title\": {}", piece.repeat(60_000 / piece.len()));
        read(&format!("{object}\n}}\nbody"), Format::Markdown);
        for fence in ["---", "+++"] {
            let inner = piece.repeat(60_000 / piece.len());
            read(&format!("{fence}\n{inner}\n{fence}\nbody"), Format::Markdown);
            read(&format!("{fence}\ntitle: {inner}\n{fence}\nbody"), Format::Markdown);
            read(&format!("{fence}\ntitle: \"{inner}\"\n{fence}\nbody"), Format::Markdown);
        }
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

/// `words` in one of the notations, and whether the notation can say them.
fn written(words: &[String], style: u8) -> String {
    let line = words.join(" ");
    let quoted = line.replace('\\', "\\\\").replace('"', "\\\"");
    let folded = words.join("\n  ");
    match style {
        0 => format!("---\ntitle: '{}'\n---\n", line.replace('\'', "''")),
        1 => format!("---\ntitle: \"{quoted}\"\n---\n"),
        2 => format!("---\ntitle: |\n  {folded}\n---\n"),
        3 => format!("---\ntitle: >-\n  {folded}\n---\n"),
        4 => format!("---\ntitle: x{folded}\n---\n"),
        5 => format!("---\ntitle: \"{}\"\n---\n", quoted.replace(' ', "\n  ")),
        6 => format!("+++\ntitle = \"{quoted}\"\n+++\n"),
        7 => format!("+++\ntitle = \"\"\"\n{}\"\"\"\n+++\n", quoted.replace(' ', "\\\n  ")),
        8 => format!("+++\ntitle = '{}'\n+++\n", line.replace('\'', "")),
        10 => format!("{{\"title\": \"{}\"}}\n", quoted.replace('é', "\\u00e9")),
        _ => format!("---\ntitle: '{}'\n---\n", line.replace('\'', "''").replace(' ', "  \n \n  ")),
    }
}

proptest! {
    #[test]
    fn a_title_is_exact_in_every_notation(
        mut words in prop::collection::vec("[a-zé𝗯]{1,5}['\"\\\\!]{0,2}", 1..8),
        at in any::<prop::sample::Index>(),
        style in 0..11_u8,
    ) {
        words.insert(at.index(words.len() + 1), "wordy".to_owned());
        let text = written(&words, style);
        let (source, extracted) = read(&text, Format::Markdown);
        prop_assert!(extracted.diagnostics.is_empty(), "{:?} {:?}", text, extracted.diagnostics);
        let part = &extracted.posts[0].parts[0];
        prop_assert_eq!(part.kind, PartKind::Title);
        prop_assert_eq!(spelled(&source, part, "wordy"), "wordy", "{:?}", text);
        // The value is the parser's, so that its words are those that were written.
        let found: Vec<&str> = part.text.split_whitespace().collect();
        match style {
            4 => prop_assert_eq!(found.concat(), format!("x{}", words.concat())),
            7 => prop_assert_eq!(found.concat(), words.concat()),
            8 => prop_assert_eq!(found.concat(), words.concat().replace('\'', "")),
            _ => prop_assert_eq!(&found, &words),
        }
    }

    #[test]
    fn anything_can_stand_in_front(pieces in prop::collection::vec(prop::sample::select(vec![
        "title", ": ", " = ", "a", "é", "'", "\"", "\n", "\r\n", "  ", "- ", "[", "]", "{", "}", "|", ">", "#", "&a ", "*a",
        "\\", "\\u00e9", "\"\"\"", "'''", "selfless", "intent", "platform", "ignore", "---", "...", "+++", "!!str ", "? ", "\t",
        "|2", ">-", "x: ", "title: |\n  a\n", "title: >\n  a\n", ",", "\u{85}", "\u{FEFF}",
    ]), 0..30), toml in any::<bool>()) {
        let fence = if toml { "+++" } else { "---" };
        read(&format!("{fence}\n{}\n{fence}\nbody", pieces.concat()), Format::Markdown);
        read(&format!("{fence}\ntitle: {}\n{fence}\nbody", pieces.concat()), Format::Markdown);
    }
}

#[test]
fn a_network_stands_at_a_whole_character() {
    for text in ["\u{FFFD}tide", "tide", "", "' tide'", "\u{1F600}"] {
        let (source, extracted) =
            read(&format!("---\nsocial:\n  x:\n    text: {text}\n---\nbody\n"), Format::Markdown);
        for post in &extracted.posts {
            for platform in &post.platforms {
                assert!(source.text().get(platform.span.range()).is_some(), "{text:?}: {:?}", platform.span);
            }
        }
    }
}
