//! Strips in several looks.

use std::sync::Arc;

use super::*;
use crate::document::PostKind;
use crate::emit::{OutputFormat, queue_emitter};
use crate::report::{QueueEntry, QueueReport, RuleIndex, RunReport, Summary, Tool};
use crate::score::Verdict;
use crate::text::{Platform, Source, Span};

/// A queue of one post a letter, `p` promotional and so on, upper case for what only counts, at the days given.
fn queue(letters: &str, days: &[&str], shares: &[f64]) -> QueueReport {
    let source = Arc::new(Source::from_text("plan.csv", "Text\nsomething\n"));
    let entry = |(number, letter): (usize, char)| QueueEntry {
        source: Arc::clone(&source),
        span: Span::new(5, 14),
        locator: None,
        post: letter.is_lowercase().then_some(number),
        kind: match letter.to_ascii_lowercase() {
            'r' => PostKind::Reply,
            's' => PostKind::Share,
            _ => PostKind::Post,
        },
        platforms: Vec::new(),
        time: days.get(number).map(|day| format!("{day}T09:00")),
        verdict: match letter.to_ascii_lowercase() {
            'p' => Verdict::Promotional,
            'm' => Verdict::Mixed,
            'u' => Verdict::Unjudged,
            _ => Verdict::Conversational,
        },
        pitch: false,
        promotion: 0.0,
        share: shares.get(number).copied(),
    };
    QueueReport {
        name: "plan.csv".to_owned(),
        account: None,
        platform: None,
        profile: "80-20".to_owned(),
        max_share: 0.2,
        window: 10,
        judged: !shares.is_empty(),
        entries: letters.chars().enumerate().map(entry).collect(),
        findings: Vec::new(),
    }
}

const LOOK: Look = Look { color: false, unicode: true, width: 100, links: false, workflow: false };

fn shown(queues: Vec<QueueReport>, look: Look) -> String {
    let tool = Tool { version: "0.1.0", rules: String::new(), index: RuleIndex::default(), pages: None };
    let run = RunReport { tool, queues, diagnostics: Vec::new(), summary: Summary::default(), statistics: None };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut streams = Streams { out: &mut out, err: &mut err };
    queue_emitter(OutputFormat::Human, look).finish(&run, &mut streams).unwrap();
    String::from_utf8(out).unwrap()
}

#[track_caller]
fn check(queue: QueueReport, look: Look, expected: &str) {
    let text = shown(vec![queue], look);
    assert_eq!(text, expected, "\n{text}");
}

#[test]
fn a_strip_shows_posts_gaps_and_what_is_over_the_budget() {
    let days = ["2026-03-02", "2026-03-02", "2026-03-05", "2026-03-09", "2026-04-01", "2026-04-02"];
    check(
        queue("pcRsup", &days, &[0.0, 0.0, 0.0, 0.1, 0.3, 0.25]),
        LOOK,
        "plan.csv: 6 posts, 1 of them only counts, 2 Mar 2026 to 2 Apr 2026\n\
        \x20 Mar 2026         │pc  r   │s\n\
        \x20 Apr 2026    ·p\n\
        \x20             ▔▔\n\
        \x20 share     ███░░░░░░░ 25% at the end, 30% at the most on 1 Apr 2026; the budget is 20% (80-20)\n\
        \x20           p promotes, c conversation, r reply, s share, · not judged, ▔ over the budget\n\
        \n\
        1 queue: 6 posts\n",
    );
}

#[test]
fn a_narrow_runner_without_unicode_reads_the_same() {
    let days = ["2026-03-02", "2026-03-02", "2026-03-05", "2026-03-09", "2026-04-01", "2026-04-02"];
    check(
        QueueReport {
            account: Some("shop".to_owned()),
            platform: Some(Platform::X),
            ..queue("pcrsup", &days, &[0.3])
        },
        Look { unicode: false, width: 50, ..LOOK },
        "plan.csv, account shop, on x: 6 posts, 2 Mar 2026\n\
        \x20 to 2 Apr 2026\n\
        \x20 Mar 2026         |pc  r   |s\n\
        \x20                   ^\n\
        \x20 Apr 2026    .p\n\
        \x20 share     ###------- 30% at the end; the budget\n\
        \x20                      is 20% (80-20)\n\
        \x20           p promotes, c conversation, r reply, s\n\
        \x20           share, . not judged, ^ over the budget\n\
        \n\
        1 queue: 6 posts\n",
    );
}

#[test]
fn a_short_queue_without_times_says_that_it_is_none() {
    check(
        queue("pc", &[], &[]),
        LOOK,
        "plan.csv: 2 posts\n\
        \x20           pc\n\
        \x20           too short for the budget 80-20, so every post is judged as a draft\n\
        \x20           p promotes, c conversation\n\
        \n\
        1 queue: 2 posts\n",
    );
}

#[test]
fn colours_are_the_only_difference_they_make() {
    let days = ["2026-03-02", "2026-03-05", "2026-05-09"];
    let plain = shown(vec![queue("PmcuR", &days, &[0.5; 5])], LOOK);
    let colored = shown(vec![queue("PmcuR", &days, &[0.5; 5])], Look { color: true, ..LOOK });
    assert!(colored.contains('\u{1b}') && plain.contains("a month without a post"), "{plain}");
    assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
}

#[test]
fn a_strip_never_runs_backwards() {
    let of = |times: &[&str]| {
        let days: Vec<&str> = times.iter().map(|time| &time[..10]).collect();
        let mut queue = queue("ccc", &days, &[]);
        queue.entries.iter_mut().zip(times).for_each(|(entry, time)| entry.time = Some((*time).to_owned()));
        shown(vec![queue], LOOK)
    };
    // A quarter past midnight here is a quarter to there.
    let text = of(&["2026-04-01T00:15+01:00", "2026-03-31T23:30Z", "2026-04-02T09:00Z"]);
    assert!(text.starts_with("plan.csv: 3 posts, 1 Apr 2026 to 2 Apr 2026\n  Apr 2026    ccc\n"), "{text}");
    let text = of(&["2026-03-31T09:00+01:00", "2026-04-01T00:15+01:00", "2026-04-01T09:00+01:00"]);
    assert!(text.starts_with("plan.csv: 3 posts, 31 Mar 2026 to 1 Apr 2026\n"), "{text}");
}
