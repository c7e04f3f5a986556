//! The page over posts as nasty as they come, and over queues made by hand.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Level;
use crate::document::{Format, PostKind, extract};
use crate::emit::clean::unprintable;
use crate::identity::Account;
use crate::lint::{Context, Linter, Policy};
use crate::report::{QueueEntry, QueueFinding, QueueReport, RuleIndex, Summary, Tool};
use crate::rule::RuleSet;
use crate::score::Verdict;
use crate::text::{Platform, Source, Span, TextSpan};

const LOOK: Look = Look { color: false, unicode: true, width: 100, links: false, workflow: false };

/// Posts of our own making, in time order; the last ones try to be more than text.
const POSTS: [(&str, &str); 14] = [
    ("2026-03-02T09:00+01:00", "Thrilled to announce that I'm a Maker of the Year! Link in bio."),
    (
        "2026-03-03T17:30+01:00",
        "Yaw counts the bags himself, and he once turned back for a birthday card. Thanks to Yaw for two hours on a cold pier.\n\nWho brought the letters where you grew up?",
    ),
    (
        "2026-03-05T09:00+01:00",
        "Only 3 seats left! Sign up now at https://tidepool.example/course before Friday. Don't miss out!",
    ),
    (
        "2026-03-06T12:15+01:00",
        "Which tide table near you is wrong? Ours is, by eleven minutes, and Noor found out why.",
    ),
    (
        "2026-03-09T09:00+01:00",
        "Humbled and honored to be named to the list. As a 3x founder I always say: while you're sleeping, I'm building.",
    ),
    (
        "2026-03-09T15:00+01:00",
        "Tidepool 3 is out today, and it reads the tables of 40 harbours. Try it free and tell us which one is wrong.",
    ),
    (
        "2026-03-12T09:00+01:00",
        "Kofi's patch made the maps load in two seconds. He learned Rust for it, from Noor, in a month of evenings.",
    ),
    (
        "2026-03-16T09:00+01:00",
        "🔥 HUGE NEWS 🔥 We are the #1 app for sailors!!! Download it now, link in bio 👇👇👇",
    ),
    ("2026-03-18T11:00+01:00", "What do you do when the harbour master and the chart disagree?"),
    (
        "2026-03-23T09:00+01:00",
        "DM me \"TIDE\" and I will send the guide that took me from zero to $50k a month. Tag three friends!",
    ),
    (
        "2026-03-26T10:00+01:00",
        "Ça suffit. La marée monte à midi et personne ne regarde la carte du port aujourd'hui.",
    ),
    (
        "2026-04-02T09:00+02:00",
        "Grab it now <script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> link in bio",
    ),
    (
        "2026-04-03T09:00+02:00",
        "</style></script></textarea><style>body{display:none}</style><a href=\"javascript:document.title='owned'\">Sign up now</a> <!-- \"' & &lt;b&gt;",
    ),
    (
        "2026-04-07T09:00+02:00",
        "\u{1b}[31mThrilled to announce\u{1b}[0m \u{202e}now\u{202c} \u{9b}2J\u{7}, link in bio!\u{200b}\u{feff}",
    ),
];

fn judged(source: &Arc<Source>, format: Format) -> Vec<PostReport> {
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let context = Context { account: Account::default(), ..Context::default() };
    let policy = Policy::of(linter.rules());
    let posts = extract(source, &format.into()).posts;
    posts
        .iter()
        .map(|post| PostReport { parts: post.parts.clone(), ..linter.lint(post, &context, &policy) })
        .collect()
}

fn table() -> FileReport {
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let rows: String = POSTS.iter().map(|(when, text)| format!("{when},@tide<b>pool,{}\n", cell(text))).collect();
    let source = Arc::new(Source::from_text("/home/quux/plan & \"co\".csv", format!("When,Account,Text\n{rows}")));
    let mut posts = judged(&source, Format::Csv);
    for post in &mut posts {
        post.platforms = vec![Platform::X, Platform::Mastodon];
    }
    let remark = Diagnostic::new(Level::Warning, "input/unknown-account", "no account is called `<i>tide`").label(
        &source,
        Span::new(18, 22),
        "",
    );
    FileReport { posts, diagnostics: vec![remark], unreadable: None }
}

fn entry(post: &PostReport, number: usize, share: Option<f64>) -> QueueEntry {
    let text = &post.parts[0];
    let words = TextSpan::of(0..text.text.len().min(90));
    QueueEntry {
        source: Arc::clone(&post.source),
        span: text.map.to_source(words),
        locator: None,
        post: Some(number),
        kind: PostKind::Post,
        platforms: post.platforms.clone(),
        time: post.scheduled.clone(),
        verdict: post.score.verdict,
        pitch: false,
        promotion: post.score.promotion,
        share,
    }
}

/// The queue of a file: one post that is out already, then all of its posts.
fn queue(file: &FileReport) -> QueueReport {
    let mut entries: Vec<QueueEntry> = Vec::new();
    for (number, post) in file.posts.iter().enumerate() {
        let promotional = |entry: &QueueEntry| entry.verdict == Verdict::Promotional;
        let mut next = entry(post, number, None);
        let window = entries.iter().rev().take(4).chain([&next]);
        let share = window.filter(|one| promotional(one)).count() as f64 / 5.0;
        next.share = (entries.len() >= 4).then_some(share);
        entries.push(next);
    }
    let mut past = entries[1].clone();
    past.post = None;
    past.time = Some("2026-02-26T09:00+01:00".to_owned());
    past.share = None;
    entries.insert(0, past);
    let promoting: Vec<usize> =
        (0..entries.len()).filter(|&at| entries[at].verdict == Verdict::Promotional).collect();
    let diagnostic = |code: &'static str, message: &str| {
        Diagnostic::new(Level::Error, code, message).note("readers see the posts of one account together")
    };
    let share = diagnostic("queue/promo-share", "4 of 5 posts promote, and the budget is 1")
        .help("post what others ask about in between");
    let run = diagnostic("queue/run", "two posts in a row promote");
    QueueReport {
        name: file.posts[0].source.name().to_owned(),
        account: Some("@tide<b>pool".to_owned()),
        platform: None,
        profile: "80-20".to_owned(),
        max_share: 0.2,
        window: 5,
        judged: true,
        entries,
        findings: vec![
            QueueFinding {
                diagnostic: share,
                measure: 0.8,
                max: 0.2,
                entries: promoting.clone(),
                suggestion: Some("swap the posts of 9 March and 12 March".to_owned()),
            },
            QueueFinding {
                diagnostic: run,
                measure: 2.0,
                max: 1.0,
                entries: promoting[..2].to_vec(),
                suggestion: None,
            },
        ],
    }
}

fn article() -> FileReport {
    let text = "---\ntitle: Notes that somebody else can read\n---\n\n# Three habits\n\nI *always* say [read my **book**](https://me.example/book), and `code` too.\n\nJoin today! What would you keep?\n";
    let source = Arc::new(Source::from_text("posts/notes.md", text));
    FileReport { posts: judged(&source, Format::Markdown), ..FileReport::default() }
}

fn page(files: &[FileReport], queues: Vec<QueueReport>) -> String {
    let tool = Tool { version: "0.1.0", rules: "5f1dab1e".to_owned(), index: RuleIndex::default(), pages: None };
    let mut summary = Summary::default();
    files.iter().for_each(|file| summary.add_file(file));
    let missing = Diagnostic::error("input/missing", "no such file").about("/home/quux/<u>gone.md");
    let run = RunReport { tool, queues, diagnostics: vec![missing], summary, statistics: None };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut streams = Streams { out: &mut out, err: &mut err };
    let mut html = Html::new(LOOK);
    html.begin(&run.tool, &mut streams).unwrap();
    files.iter().for_each(|file| html.file(file, &mut streams).unwrap());
    html.finish(&run, &mut streams).unwrap();
    assert!(String::from_utf8(err).unwrap().contains("no such file"));
    String::from_utf8(out).unwrap()
}

fn nasty() -> String {
    let table = table();
    let queues = vec![queue(&table)];
    page(&[table, article()], queues)
}

/// Tags of a page that is well formed, with the texts between them left out; a tag that is not closed is told.
#[track_caller]
fn tags(page: &str) -> Vec<String> {
    const VOID: [&str; 4] = ["meta", "link", "input", "!DOCTYPE"];
    let (mut open, mut all): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    let mut rest = page;
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').unwrap();
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap();
        match tag.strip_prefix('/') {
            Some(_) => assert_eq!(open.pop(), Some(name), "{}", &after[..after.len().min(200)]),
            None if !VOID.contains(&name) => open.push(name),
            None => {}
        }
        all.push(tag.to_owned());
        rest = after;
        if matches!(tag, "style" | "script") {
            rest = &rest[rest.find("</").unwrap()..];
        }
    }
    assert_eq!(open, Vec::<&str>::new());
    all
}

#[test]
fn everything_is_escaped_and_nothing_is_loaded() {
    let page = nasty();
    let tags = tags(&page);
    let mut seen = 0;
    for tag in &tags {
        let name = tag.split(' ').next().unwrap();
        assert!(!matches!(name, "img" | "iframe" | "object" | "embed" | "base" | "b>pool" | "i" | "u"), "{tag}");
        // Names of attributes stand outside of quotation marks.
        let names: String = tag.split('"').step_by(2).collect();
        assert!(!names.contains(" style=") && !names.contains(" on") && !names.contains(" src="), "{tag}");
        if let Some((_, target)) = tag.split_once(" href=\"") {
            seen += 1;
            assert!(target.starts_with('#') || target.starts_with("data:image/svg+xml,"), "{tag}");
        }
    }
    assert!(seen > 40, "{seen}");
    assert_eq!(tags.iter().filter(|tag| *tag == "script").count(), 1);
    assert_eq!(tags.iter().filter(|tag| *tag == "style").count(), 1);
    assert!(page.contains("&lt;script&gt;document.title="));
    assert_eq!(page.chars().find(|&c| unprintable(c) && c != '\n'), None);
    assert!(page.contains("␛[31m") && page.contains("\\u{202e}"));
}

#[test]
fn no_path_of_the_machine_is_told_and_every_link_has_its_end() {
    let page = nasty();
    assert!(!page.contains("/home") && !page.contains("quux"));
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut distinct = ids.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), ids.len());
    for target in page.split(" href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.contains(&target), "{target}");
    }
}

#[test]
fn the_same_run_gives_the_same_page() {
    assert_eq!(nasty(), nasty());
}

#[test]
fn a_post_stands_with_its_marks_and_reasons() {
    let page = page(&[article()], Vec::new());
    let draft = page.split_once("class=\"draft\"").unwrap().1.split_once("class=\"side\"").unwrap().0;
    assert!(draft.contains(">Title</p>") && draft.contains("Notes that somebody else can read"), "{draft}");
    assert!(draft.contains("<span class=\"cut\">[…]</span>"), "{draft}");
    assert!(!draft.contains("**") && draft.contains("data-n="), "{draft}");
    assert!(page.contains("What would help: "));
    assert!(!page.contains("id=\"queues\""));
}

#[test]
fn a_queue_is_shown_with_its_budget_and_tells_its_posts() {
    let page = nasty();
    for expected in [
        "of 5 posts in a row, at most 20% may promote",
        "1 of them is already out",
        "budget 20%",
        "What would mend it: ",
        "swap the posts of 9 March and 12 March",
        "In its queue: <a href=\"#q1f1\">4 of 5 posts promote, and the budget is 1</a>",
        "data-p=\"1\"",
        "2 Mar 2026, 09:00",
        "10: DM me &quot;TIDE&quot; and",
    ] {
        assert!(page.contains(expected), "{expected}");
    }
}

#[test]
fn a_queue_without_times_or_posts_is_drawn_too() {
    let table = table();
    let mut queue = queue(&table);
    for entry in &mut queue.entries {
        entry.time = None;
    }
    let empty = QueueReport { entries: Vec::new(), findings: Vec::new(), judged: false, ..queue.clone() };
    let page = page(&[table], vec![queue, empty]);
    assert!(!page.contains("NaN") && !page.contains("inf"));
    assert!(page.contains("judged one by one"));
    tags(&page);
}

#[test]
fn a_long_queue_is_drawn_in_few_pieces() {
    let table = table();
    let mut queue = queue(&table);
    let short: Vec<QueueEntry> = queue.entries.clone();
    queue.entries = (0..3000)
        .map(|day| QueueEntry {
            time: Some(format!("{}-{:02}-{:02}T09:00", 2020 + day / 336, day / 28 % 12 + 1, day % 28 + 1)),
            ..short[day % short.len()].clone()
        })
        .collect();
    let page = page(&[table], vec![queue]);
    let chart = page.split_once("<svg class=\"chart\"").unwrap().1.split_once("</svg>").unwrap().0;
    assert!(chart.matches("<path").count() < 20 && chart.len() < 200_000, "{}", chart.len());
    assert!((4..10).contains(&chart.matches("class=\"tick\"").count()));
    tags(&page);
}

#[test]
fn a_run_of_nothing_is_a_page() {
    let page = page(&[], Vec::new());
    assert!(page.contains("No drafts were found."));
    tags(&page);
}

/// The page that the test in a browser opens; `SELFLESS_PAGES` names the folder.
#[test]
fn pages_for_a_browser() {
    let Some(folder) = std::env::var_os("SELFLESS_PAGES").map(PathBuf::from) else { return };
    fs::write(folder.join("page.html"), nasty()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_makes_a_page(text in "(Thrilled to announce |[<>&\"'/=a-z!é👩\u{202e}\u{1b}]{0,6}|link in bio|</script>|<!--|\n\n){0,20}") {
        let source = Arc::new(Source::from_text("a.txt", text));
        let posts = judged(&source, Format::Text);
        tags(&page(&[FileReport { posts, ..FileReport::default() }], Vec::new()));
    }
}
