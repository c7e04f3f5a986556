//! What is too long for a network and what stands behind its fold: message, place in the raw file, and nothing else.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use selfless::diagnostic::Level;
use selfless::document::{Format, Part, PartKind, Post, extract};
use selfless::lint::{Context, Linter, Policy};
use selfless::report::PostReport;
use selfless::rule::{RuleId, RuleSet, Thresholds};
use selfless::text::{Limit, LimitKey, MappedText, Platform, Source};

/// Judges the posts of a source, for these networks where they say none.
fn judge(source: &Arc<Source>, format: Format, platforms: &[Platform], policy: &Policy) -> Vec<PostReport> {
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let context = Context { platforms: platforms.to_vec(), ..Context::default() };
    let posts = extract(source, &format.into()).posts;
    assert!(!posts.is_empty(), "{}", source.text());
    posts.iter().map(|post| linter.lint(post, &context, policy)).collect()
}

/// The findings of the category `length`: `message: raw text of its place`.
fn lengths(report: &PostReport) -> Vec<String> {
    let findings = report.findings.iter().filter(|one| one.diagnostic.code.starts_with("length/"));
    findings
        .map(|one| {
            assert!(one.points == 0.0 && !one.judges, "{one:?}");
            let label = &one.diagnostic.labels[0];
            format!("{}: {}", one.diagnostic.message, label.source.slice(label.span))
        })
        .collect()
}

#[track_caller]
fn check(platforms: &[Platform], text: &str, expected: &[&str]) {
    let policy = Policy::of(&RuleSet::shipped());
    let source = Arc::new(Source::from_text("draft.txt", text));
    assert_eq!(lengths(&judge(&source, Format::Text, platforms, &policy)[0]), expected, "{text}");
}

/// `count` characters in words of nine letters, in sentences of thirty.
fn prose(count: usize) -> String {
    let sentence = "The swallows nested beside us. ";
    sentence.chars().cycle().take(count).collect()
}

use Platform::{Bluesky, Facebook, Instagram, Linkedin, Mastodon, Threads, X};

#[test]
fn x_weighs_characters_and_counts_links_as_23() {
    check(&[X], &format!("{}end", prose(277)), &[]);
    check(&[X], &format!("{}end\n\n", prose(277)), &[]);
    check(&[X], &format!("{}ends", prose(277)), &["281 weighted characters, where x takes 280: s"]);
    let link = format!("https://example.org/{}", "a".repeat(300));
    check(&[X], &format!("{} {link}", prose(256)), &[]);
    check(
        &[X],
        &format!("{} {link}", prose(258)),
        &[&format!("282 weighted characters, where x takes 280: {link}")],
    );
    check(&[X], &"鷺".repeat(140), &[]);
    check(&[X], &"鷺".repeat(142), &["284 weighted characters, where x takes 280: 鷺"]);
    check(&[X], &"👩‍🚒".repeat(141), &["282 weighted characters, where x takes 280: 👩‍🚒"]);
}

#[test]
fn bluesky_counts_graphemes_and_bytes() {
    check(&[Bluesky], &"👩‍🚒".repeat(272), &[]);
    check(&[Bluesky], &"👩‍🚒".repeat(273), &["3003 bytes, where bluesky takes 3000: 👩‍🚒"]);
    check(&[Bluesky], &format!("{}end", prose(297)), &[]);
    check(&[Bluesky], &format!("{}ends here", prose(297)), &["306 graphemes, where bluesky takes 300: s"]);
}

#[test]
fn mastodon_counts_links_as_23_and_mentions_without_their_server() {
    let link = format!("https://example.org/{}", "a".repeat(300));
    check(&[Mastodon], &format!("{} {link}", prose(476)), &[]);
    check(
        &[Mastodon],
        &format!("{} {link}", prose(477)),
        &[&format!("501 characters, where mastodon takes 500: {link}")],
    );
    check(&[Mastodon], &format!("{} @jo@a-very-long-server.example.org", prose(496)), &[]);
}

#[test]
fn of_several_networks_the_one_whose_limit_comes_first_is_named() {
    check(&[Mastodon, X, Bluesky], &prose(600), &["600 weighted characters, where x takes 280: he"]);
    check(&[], &prose(9_000), &[]);
    check(&[Platform::Blog], &prose(9_000), &[]);
}

#[test]
fn long_captions_have_their_limits_too() {
    for (platform, limit) in [(Linkedin, 3_000), (Instagram, 2_200), (Threads, 500), (Facebook, 63_206)] {
        let question = "Who saw them? ";
        let text = |more: usize| format!("{question}{}ends", prose(limit - 18 + more));
        check(&[platform], &text(0), &[]);
        let told = format!("{} characters, where {} takes {limit}: s", limit + 1, platform.name());
        check(&[platform], &text(1), &[&told]);
    }
}

#[test]
fn the_fold_hides_what_stands_behind_it() {
    let told = |platform: &str, shown: usize, what: &str, place: &str| {
        vec![format!("{what} behind the fold: {platform} shows {shown} characters: {place}")]
    };
    let check = |platform, text: &str, expected: Vec<String>| {
        check(&[platform], text, &expected.iter().map(String::as_str).collect::<Vec<_>>());
    };
    let question = format!("{}Who saw them?", prose(155));
    check(Linkedin, &question, told("linkedin", 140, "the question", "Who saw them?"));
    check(Instagram, &question, told("instagram", 125, "the question", "Who saw them?"));
    check(Facebook, &question, told("facebook", 110, "the question", "Who saw them?"));
    check(Threads, &question, vec![]);
    check(X, &question, vec![]);
    check(Linkedin, &format!("Who saw them? {question}"), vec![]);
    check(Linkedin, &prose(400), vec![]);
    let both = format!("{}Who saw them? Sign up now.", prose(155));
    check(Linkedin, &both, told("linkedin", 140, "the ask and the question", "Who saw them?"));
    let slow = format!("When {}went", "the swallows came back to us and ".repeat(5));
    check(
        Linkedin,
        &slow,
        told("linkedin", 140, "the end of the first sentence", "swallows came back to us and went"),
    );
}

#[test]
fn each_post_of_a_thread_has_its_own_limit() {
    let text =
        format!("[{{\"platform\": \"x\", \"text\": [\"{}\", \"{}ends\", \"short\"]}}]", prose(280), prose(280));
    let source = Arc::new(Source::from_text("queue.json", text));
    let reports = judge(&source, Format::Json, &[], &Policy::of(&RuleSet::shipped()));
    assert_eq!(lengths(&reports[0]), ["284 weighted characters, where x takes 280: ends"]);
}

#[test]
fn the_place_is_exact_behind_escapes() {
    let text = "\\u00e9\\ud83d\\udc26".repeat(150) + "\\u00e9nd";
    let text = format!("{{\"platform\": \"bluesky\", \"text\": \"{text}\"}}\n");
    let source = Arc::new(Source::from_text("queue.jsonl", text));
    let reports = judge(&source, Format::Jsonl, &[], &Policy::of(&RuleSet::shipped()));
    assert_eq!(lengths(&reports[0]), ["303 graphemes, where bluesky takes 300: \\u00e9nd"]);
    let text = format!("Platform,Text\r\nx,\"{}\"\"end\"\"\"\r\n", "a \"\"b\"\" ".repeat(46));
    let source = Arc::new(Source::from_text("queue.csv", text));
    let reports = judge(&source, Format::Csv, &[], &Policy::of(&RuleSet::shipped()));
    assert_eq!(lengths(&reports[0]), ["281 weighted characters, where x takes 280: \"\""]);
}

/// A post of parts that stand one behind the other in its source.
fn post_of(parts: &[(PartKind, &str)]) -> Post {
    let whole: String = parts.iter().map(|(_, text)| *text).collect();
    let source = Arc::new(Source::from_text("draft", whole));
    let mut post = Post::new(&source);
    let mut at = 0;
    for &(kind, text) in parts {
        let mut mapped = MappedText::new();
        mapped.push_linear(text, at);
        at += u32::try_from(text.len()).unwrap();
        let (text, map) = mapped.finish();
        post.parts.push(Part::new(kind, text, map));
    }
    post
}

#[test]
fn what_is_posted_together_is_counted_together() {
    let check = |platform: Platform, parts: &[(PartKind, &str)], expected: &[&str]| {
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let context = Context { platforms: vec![platform], ..Context::default() };
        let report = linter.lint(&post_of(parts), &context, &Policy::of(linter.rules()));
        assert_eq!(lengths(&report), expected, "{parts:?}");
    };
    let text = prose(276);
    let text = &*text;
    check(X, &[(PartKind::Text, text), (PartKind::Hashtags, "#ab")], &[]);
    check(
        X,
        &[(PartKind::Text, text), (PartKind::Hashtags, "#abc")],
        &["281 weighted characters, where x takes 280: c"],
    );
    let warned = [(PartKind::ContentWarning, "birds"), (PartKind::Text, &*prose(497))];
    check(Mastodon, &warned, &["502 characters, where mastodon takes 500: T"]);
    check(Threads, &[(PartKind::Title, "birds"), (PartKind::Text, &*prose(499))], &[]);
    let comment = format!("{text}nends");
    let commented = [(PartKind::Text, text), (PartKind::FirstComment, &*comment)];
    check(X, &commented, &["281 weighted characters, where x takes 280: s"]);
    check(Instagram, &commented, &[]);
}

#[test]
fn limits_can_be_set() {
    let mut policy = Policy::of(&RuleSet::shipped());
    policy.limits.set(X, LimitKey::Length, Limit::Most(25_000));
    policy.limits.set(X, LimitKey::Fold, Limit::Most(280));
    policy.limits.set(X, LimitKey::Hashtags, Limit::Most(1));
    policy.limits.set(Instagram, LimitKey::Hashtags, Limit::None);
    let of = |platform, text: &str| {
        let source = Arc::new(Source::from_text("draft.txt", text));
        judge(&source, Format::Text, &[platform], &policy).remove(0)
    };
    let question = format!("{}Who saw them?", prose(310));
    assert_eq!(
        lengths(&of(X, &question)),
        ["the question behind the fold: x shows 280 characters: Who saw them?"]
    );
    let levels = |platform, tags: usize| -> Vec<String> {
        let report = of(platform, &format!("Swifts over the canal {}", "#bird ".repeat(tags)));
        let tags = report.findings.iter().filter(|one| one.diagnostic.code == "typography/hashtags");
        tags.map(|one| format!("{}: {}", one.diagnostic.level, one.diagnostic.message)).collect()
    };
    assert_eq!(levels(X, 1), [""; 0]);
    assert_eq!(levels(X, 2), ["note: 2 hashtags, more than readers use"]);
    assert_eq!(levels(X, 3), ["warning: 3 hashtags, more than readers use"]);
    assert_eq!(levels(Instagram, 30), [""; 0]);
}

#[test]
fn a_length_changes_no_score_and_no_verdict() {
    let mut limited = Policy::of(&RuleSet::shipped());
    for key in [LimitKey::Length, LimitKey::Fold] {
        limited.limits.set(Platform::Blog, key, Limit::Most(20));
    }
    let free = Policy::of(&RuleSet::shipped());
    let drafts = [
        "Thrilled to announce our award-winning app. Sign up now at https://acme.dev and tell everybody!",
        "Tickets, tickets, the new tour, live in town, on sale this Friday at noon for members",
        "Die Schwalben sind wieder da, und der Reiher steht dort, wo im Winter noch die alte Lampe stand.",
        "🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦",
        "We won the prize. We moved, we hired, we trained, and our charts say we are ready. Book a call today.",
        "Which birds came back to other canals this spring, and who was the first to see them?",
    ];
    for text in drafts {
        let source = Arc::new(Source::from_text("draft.txt", text));
        let of = |policy: &Policy| judge(&source, Format::Text, &[Platform::Blog], policy).remove(0);
        let (limited, free) = (of(&limited), of(&free));
        assert!(!lengths(&limited).is_empty() && lengths(&free).is_empty(), "{text}");
        assert_eq!((&limited.score, limited.about), (&free.score, free.about), "{text}");
        let rest = |report: &PostReport| -> Vec<(String, u64, Vec<String>)> {
            let findings = report.findings.iter().filter(|one| one.judges);
            findings
                .map(|one| {
                    let notes = one.diagnostic.notes.iter().map(ToString::to_string).collect();
                    (one.diagnostic.code.to_string(), one.points.to_bits(), notes)
                })
                .collect()
        };
        assert_eq!(rest(&limited), rest(&free), "{text}");
    }
}

#[test]
fn thresholds_of_a_policy_stand_in_place_of_the_rules_own() {
    let rule = "category = 'test'\n[[rule]]\nname = 'x'\nmessage = '{count} of {max}'\n\
                count = { of = 'hashtag' }\nthresholds = { note = 2 }\nthresholds-on = { instagram = { note = 4 } }\n\
                [[rule]]\nname = 'y'\nmessage = 'm'\nratio = { of = ['mention'], to = ['word'] }\nthresholds = { note = 1 }";
    let files = [Arc::new(Source::from_text("rules", rule))];
    let linter = Linter::new(Arc::new(RuleSet::with_files(&files).0));
    let first = RuleId(u16::try_from(linter.rules().rules().len()).unwrap() - 2);
    let second = RuleId(first.0 + 1);
    let check = |text: &str, platform: Platform, policy: &Policy, expected: &[&str]| {
        let source = Arc::new(Source::from_text("draft.txt", text));
        let post = extract(&source, &Format::Text.into()).posts.remove(0);
        let context = Context { platforms: vec![platform], ..Context::default() };
        let report = linter.lint(&post, &context, policy);
        let found = report.findings.iter().map(|one| &one.diagnostic).filter(|one| one.code.starts_with("test/"));
        let found: Vec<_> = found.map(|one| format!("{} ({})", one.message, one.level)).collect();
        assert_eq!(found, expected, "{text}");
    };
    let own = Policy::of(linter.rules());
    check("New #a #b #c", Platform::X, &own, &["3 of 1 (note)"]);
    check("New #a #b #c", Platform::Instagram, &own, &[]);
    let mut set = own.clone();
    let never = f64::INFINITY;
    set.thresholds.insert(first, Thresholds { note: never, warning: 3.0, error: never });
    for platform in [Platform::X, Platform::Instagram] {
        check("New #a #b #c", platform, &set, &["3 of 2 (warning)"]);
        check("New #a #b", platform, &set, &[]);
    }
    // A limit of the network moves them; a level that is given stands.
    set.limits.set(Platform::X, LimitKey::Hashtags, Limit::Most(3));
    check("New #a #b #c", Platform::X, &set, &[]);
    set.levels[usize::from(first.0)] = Level::Error;
    set.given[usize::from(first.0)] = true;
    check("New #a #b #c #d", Platform::X, &set, &["4 of 3 (error)"]);
    check("Hi @a and @b", Platform::X, &own, &["m (note)"]);
    set.thresholds.insert(second, Thresholds { note: 9.0, warning: never, error: never });
    check("Hi @a and @b", Platform::X, &set, &[]);
}
