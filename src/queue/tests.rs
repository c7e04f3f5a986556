//! Queues by the letters of their posts: what is found, and what would mend it.

mod properties;

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;

use super::when::{settle, utc};
use super::*;
use crate::document::{PostKind, PostTime};
use crate::lint::TurnLink;
use crate::rule::Hours;
use crate::score::Verdict;
use crate::text::{Source, Span};

/// A post of a queue on paper: `p`, `m`, `c`, `r`, `s`, a capital for one that is out already, `t` for one that talks to
/// somebody, `q` for one that asks.
fn member(letter: char, order: usize, time: Option<&str>) -> Member {
    let source = Arc::new(Source::from_text("plan.csv", format!("{}x", "\n".repeat(order))));
    let at = u32::try_from(order).unwrap();
    let span = Span::new(at, at + 1);
    let small = letter.to_ascii_lowercase();
    let (verdict, promotion) = match small {
        'p' => (Verdict::Promotional, 80.0),
        'm' => (Verdict::Mixed, 40.0),
        _ => (Verdict::Conversational, 0.0),
    };
    let kind = match small {
        'r' => PostKind::Reply,
        's' => PostKind::Share,
        _ => PostKind::Post,
    };
    let hash = 7_000 + u64::try_from(order).unwrap();
    let turn = Turn {
        source: Arc::clone(&source),
        span,
        locator: None,
        place: span,
        kind,
        platforms: Vec::new(),
        account: None,
        verdict,
        promotion,
        conversation: 0.0,
        pitch: false,
        talks_to_others: kind != PostKind::Post || small == 't',
        others: if small == 't' { vec!["@jo".to_owned()] } else { Vec::new() },
        asks: small == 'q',
        links: Vec::new(),
        shingles: vec![hash],
        calls: Vec::new(),
        text: hash,
    };
    let time = time.map(|text| when(text, &source));
    let history = letter.is_ascii_uppercase();
    Member { turn, time, post: (!history).then_some(order), history, order }
}

fn when(text: &str, source: &Arc<Source>) -> When {
    let time = PostTime { text: text.to_owned(), spans: vec![Span::default()] };
    settle(&[Some(&time)], DayOrder::Auto, &utc(), source).0[0].clone().unwrap()
}

/// `p c c`, or with times `p@2026-03-02T09:00 c@…`; a day alone is one of March 2026.
fn queue(posts: &str) -> Queue {
    let members = posts.split_whitespace().enumerate().map(|(order, word)| {
        let (letter, time) = word.split_once('@').map_or((word, None), |(letter, time)| (letter, Some(time)));
        let time = time.map(|time| if time.len() < 5 { format!("2026-03-{time:0>2}") } else { time.to_owned() });
        member(letter.chars().next().unwrap(), order, time.as_deref())
    });
    Queue { name: "plan.csv".to_owned(), members: members.collect(), ..Queue::default() }
}

fn judged(queue: Queue, profile: &str) -> QueueReport {
    let rules = RuleSet::shipped();
    let profiles = Profiles::shipped();
    judge(queue, &rules, &Policy::of(&rules), profiles.find(profile).unwrap())
}

/// `rule level: message; suggestion` for each finding.
fn said(report: &QueueReport) -> Vec<String> {
    let say = |finding: &QueueFinding| {
        let one = &finding.diagnostic;
        let mut said = format!("{} {}: {}", one.code.trim_start_matches("queue/"), one.level, one.message);
        if let Some(suggestion) = &finding.suggestion {
            let _ = write!(said, "; {suggestion}");
        }
        said
    };
    report.findings.iter().map(say).collect()
}

use crate::report::QueueFinding;

#[track_caller]
fn check(posts: &str, profile: &str, expected: &[&str]) {
    assert_eq!(said(&judged(queue(posts), profile)), expected, "{posts}");
}

#[test]
fn a_share_is_told_once_with_what_would_mend_it() {
    check("c t c p c c t c p c", "80-20", &[]);
    check("c c m c t c", "80-20", &[]);
    check("p r p r", "80-20", &[]);
    check(
        "t c c p c c t c p c p",
        "80-20",
        &["promo-share warning: 3 of 10 posts promote, 30%; 80-20 allows 2; swap line 1 with line 4"],
    );
    check(
        "c t p c p c p",
        "80-20",
        &[
            "promo-share error: 3 of 7 posts promote, 43%; 80-20 allows 1; no order of these posts keeps 80-20: put 6 other \
           posts before line 7; last mentioned before: @jo",
        ],
    );
    check(
        "c t p c p c p",
        "5-3-2",
        &[
            "promo-share error: 3 of 7 posts promote, 43%; 5-3-2 allows 0; make 3 of them posts that promote nothing; \
           5-3-2 has no room for more",
        ],
    );
    check(
        "r p r m c r",
        "4-1-1",
        &["promo-share warning: 1.5 of 6 posts promote, 25%; 4-1-1 allows 1; no order of \
        these posts keeps 4-1-1: put 4 other posts before line 4"],
    );
    check("t r r p", "lobsters", &[]);
    check(
        "t r r r p t t p",
        "lobsters",
        &["promo-share warning: 2 of 8 posts promote, 25%; lobsters allows 1.5; no order \
        of these posts keeps lobsters: put 1 other post before line 8; last mentioned before: @jo"],
    );
}

#[test]
fn what_is_out_already_counts_and_is_not_told() {
    check("P P P P P r r r r r r r r r c", "80-20", &[]);
    let report = judged(queue("P C C T R P R C C p"), "80-20");
    assert_eq!(
        said(&report),
        [
            "promo-share warning: 3 of 10 posts promote, 30%; 80-20 allows 2; no order of these posts keeps 80-20: put 1 \
          other post before line 10; last mentioned before: @jo"
        ]
    );
    let labels = &report.findings[0].diagnostic.labels;
    let labels: Vec<&str> = labels.iter().map(|label| &*label.message).collect();
    assert_eq!(
        labels,
        [
            "this would be 3 of the last 10; the budget is 2",
            "promotional, already out",
            "promotional, already out"
        ]
    );
    assert!(report.judged && report.entries[0].post.is_none());
}

#[test]
fn a_question_that_nobody_came_back_to_is_recalled() {
    let share = "promo-share error: 3 of 7 posts promote, 43%; 80-20 allows 1; no order of these posts keeps 80-20: put 6 \
                 other posts before line 7; last mentioned before: @jo";
    check("c t p q p c p", "80-20", &[&format!("{share}; asked and not taken up since: line 4")]);
    check("c t p q p r p", "80-20", &[share]);
}

#[test]
fn runs_are_told_one_by_one() {
    // What is too short is judged as drafts.
    check("c p p", "80-20", &["run note: 2 promotional posts in a row; swap line 1 with line 2"]);
    check("c p p r r r r r r r", "80-20", &["run warning: 2 promotional posts in a row; swap line 3 with line 4"]);
    check(
        "p p p p p p",
        "80-20",
        &[
            "promo-share error: 6 of 6 posts promote, 100%; 80-20 allows 1; no order of these posts keeps 80-20: 17 other \
             posts are missing between the promotional ones",
            "run error: 6 promotional posts in a row; no order of these posts keeps 80-20: 17 other posts are missing \
             between the promotional ones",
        ],
    );
    check("p r p", "80-20", &[]);
    check(
        "p r p t t t t t t r t t t t",
        "three-gives",
        &["run note: only 1 other post between promotional ones; three-gives asks for 3; swap line 3 with line 5"],
    );
}

#[test]
fn promotion_is_given_a_later_date() {
    check("p@02 r@03 p@09", "80-20", &[]);
    check(
        "p@2026-03-02T09:00 r@2026-03-02T11:00 p@2026-03-02T15:00+01:00 r@03 r@03 r@03 r@03 r@03 r@03 r@04",
        "80-20",
        &[
            "too-soon warning: 5 hours between promotional posts, 3 days are enough; move line 3 to 2026-03-05T10:00+01:00",
        ],
    );
    check(
        "p@02 r@03 p@05 r@06 p@08 r@08 r@08 r@08 r@08 r@08 r@08",
        "thirds",
        &["too-soon warning: 3 promotional posts in 7 days, 2 are enough; move line 5 to 2026-03-09"],
    );
    // What has no time is never too soon.
    check("p r p", "thirds", &[]);
}

#[test]
fn one_is_enough_and_more_are() {
    let rules = RuleSet::shipped();
    let profiles = Profiles::shipped();
    let hours = Some(Hours { note: 0.0, warning: 1.0, error: 0.0 });
    let mut budget = profiles.find("hn").unwrap().clone();
    budget.hours = hours;
    let posts = queue("p@2026-03-02T09:00 r@2026-03-02T09:10 p@2026-03-02T09:30");
    let report = judge(posts, &rules, &Policy::of(&rules), &budget);
    let said = said(&report).into_iter().find(|said| said.starts_with("too-soon")).unwrap();
    assert!(said.contains("30 minutes between promotional posts, 1 hour is enough"), "{said}");
}

#[test]
fn a_stretch_with_nobody_else_is_told_once() {
    check("c c c c c c c", "80-20", &[]);
    check("t c c c c c c c t", "80-20", &[]);
    check(
        "t c c c c c c c c c c c c c c c c c",
        "80-20",
        &[
            "monologue warning: nobody else in 17 posts in a row; put posts that answer, thank or ask somebody before line 9 \
           and line 16; last mentioned before: @jo",
        ],
    );
    check(
        "t t c c c c c c c c t c",
        "80-20",
        &["monologue warning: nobody else in 8 posts in a row; swap line 10 with line 11"],
    );
}

fn linked(mut queue: Queue, at: &[usize], address: &str, own: bool) -> Queue {
    for &at in at {
        let span = queue.members[at].turn.span;
        queue.members[at].turn.links.push(TurnLink { address: address.to_owned(), own, span });
    }
    queue
}

#[test]
fn own_links_are_told_by_address_and_by_share() {
    let plan = || queue("t c c c c t c c c c c c t");
    assert!(judged(linked(plan(), &[0, 10], "acme.dev/a", true), "80-20").findings.is_empty());
    assert!(judged(linked(plan(), &[0, 3], "mara.example/a", false), "80-20").findings.is_empty());
    let twice = judged(linked(plan(), &[0, 9], "acme.dev/a", true), "80-20");
    assert_eq!(
        said(&twice),
        [
            "repeated-link warning: acme.dev/a in 2 posts, among 10 in a row; link it in line 1, and refer back to that from \
          line 10"
        ]
    );
    let mut mostly = plan();
    for (at, address) in ["acme.dev/a", "acme.dev/b", "acme.dev/c"].iter().enumerate() {
        mostly = linked(mostly, &[at], address, true);
    }
    let mostly = judged(linked(mostly, &[4], "mara.example", false), "80-20");
    assert_eq!(
        said(&mostly),
        [
            "repeated-link warning: 3 of 4 links lead to the account's own pages, 75%; 80-20 allows 50%; leave the own links \
          out of line 3"
        ]
    );
}

#[test]
fn the_same_words_and_the_same_asks_are_one_pitch() {
    let words =
        |queue: &mut Queue, at: usize, shingles: &[u64]| queue.members[at].turn.shingles = shingles.to_vec();
    let mut plan = queue("p r r r r r r r r r r p");
    words(&mut plan, 0, &[1, 2, 3, 4, 5]);
    words(&mut plan, 11, &[1, 2, 3, 4, 6]);
    let report = judged(plan.clone(), "80-20");
    assert_eq!(
        said(&report),
        [
            "repeated-pitch error: one pitch in 2 posts, up to 67% the same; say in line 12 what is new since line 1, or \
          leave it out"
        ]
    );
    assert_eq!(report.findings[0].entries, [0, 11]);
    words(&mut plan, 11, &[1, 2, 7, 8, 9]);
    assert!(judged(plan, "80-20").findings.is_empty());
    let mut asks = queue("p r r r r m r r r c");
    for at in [0, 5, 9] {
        let span = asks.members[at].turn.span;
        asks.members[at].turn.calls.push((77, span));
    }
    assert_eq!(
        said(&judged(asks, "80-20")),
        ["repeated-pitch warning: the same ask in 3 posts, among 10 in a row; leave the ask out of line 10"]
    );
}

#[test]
fn one_text_at_one_time_is_one_post() {
    let plan = |texts: &str, posts: &str, platforms: [Platform; 2]| {
        let mut plan = queue(posts);
        for (member, text) in plan.members.iter_mut().zip(texts.bytes()) {
            member.turn.text = text.into();
        }
        for (member, platform) in plan.members.iter_mut().zip(platforms) {
            member.turn.platforms = vec![platform];
        }
        let report = judged(plan, "80-20");
        (report.entries.len(), report.entries[0].platforms.clone(), report.findings.len())
    };
    let (x, bluesky) = (Platform::X, Platform::Bluesky);
    assert_eq!(plan("aa", "p@02 p@02", [x, bluesky]), (1, vec![x, bluesky], 0));
    assert_eq!(plan("ab", "p@02 p@02", [x, bluesky]), (2, vec![x], 2));
    assert_eq!(plan("aa", "p p", [x, bluesky]), (1, vec![x, bluesky], 0));
    assert_eq!(plan("aa", "p p", [x, x]), (2, vec![x], 1));
    assert_eq!(plan("aa", "p@02 p@03", [x, bluesky]).0, 2);
}

#[test]
fn levels_of_config_and_flags_hold_for_queues() {
    let rules = RuleSet::shipped();
    let profiles = Profiles::shipped();
    let levels = |change: &dyn Fn(&mut Policy, usize)| {
        let mut policy = Policy::of(&rules);
        let run = rules.rules().iter().position(|rule| rule.name == "queue/run").unwrap();
        change(&mut policy, run);
        let report = judge(queue("c p p r r r r r r r"), &rules, &policy, profiles.find("80-20").unwrap());
        report.findings.iter().map(|one| one.diagnostic.level.name()).collect::<Vec<_>>()
    };
    assert_eq!(levels(&|_, _| {}), ["warning"]);
    assert_eq!(levels(&|policy, _| policy.deny_warnings = true), ["error"]);
    assert!(levels(&|policy, run| policy.levels[run] = crate::diagnostic::Level::Off).is_empty());
    let given = |policy: &mut Policy, run: usize| {
        policy.levels[run] = crate::diagnostic::Level::Note;
        policy.given[run] = true;
    };
    assert_eq!(levels(&given), ["note"]);
}

/// Three years of nine posts a day, every fifth of them a pitch, a tenth of those told again with other words in it.
fn years(posts: usize) -> Queue {
    let source = Arc::new(Source::from_text("plan.csv", "x"));
    let start = when("2023-01-01T00:00", &source);
    let mut seed = 1_u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 33
    };
    let mut pitches: Vec<Vec<u64>> = Vec::new();
    let members = (0..posts).map(|order| {
        let letter = if next() % 5 == 0 { 'p' } else { 't' };
        let mut member = member(letter, 0, None);
        member.order = order;
        member.post = Some(order);
        member.time = start.later(i64::try_from(order).unwrap() * 9_460);
        let mut shingles: Vec<u64> = match pitches.last() {
            Some(last) if letter == 'p' && next() % 10 == 0 => {
                last.iter().copied().skip(3).chain([next()]).collect()
            }
            _ => (0..40).map(|_| if next() % 3 == 0 { next() % 500 } else { next() }).collect(),
        };
        shingles.sort_unstable();
        shingles.dedup();
        if letter == 'p' {
            pitches.push(shingles.clone());
        }
        member.turn.shingles = shingles;
        member.turn.text = u64::try_from(order).unwrap();
        member
    });
    Queue { name: "plan.csv".to_owned(), members: members.collect(), ..Queue::default() }
}

#[test]
fn ten_thousand_posts_are_judged_soon() {
    let plan = years(10_000);
    let rules = RuleSet::shipped();
    let (policy, profiles) = (Policy::of(&rules), Profiles::shipped());
    let started = std::time::Instant::now();
    let report = judge(plan, &rules, &policy, profiles.find("80-20").unwrap());
    let took = started.elapsed();
    let codes = |code: &str| report.findings.iter().filter(|one| one.diagnostic.code == code).collect::<Vec<_>>();
    for (code, more) in [("queue/run", true), ("queue/repeated-pitch", true), ("queue/promo-share", false)] {
        let findings = codes(code);
        let said = findings
            .last()
            .unwrap()
            .diagnostic
            .notes
            .iter()
            .any(|note| note.contains("more findings of this rule"));
        assert_eq!((said, findings.len() == 40), (more, more), "{code}");
    }
    // A second is meant for a release build; without optimisation, beside other tests, it may be many times that.
    println!("{} findings in {took:?}", report.findings.len());
    assert!(took.as_secs() < 20, "{took:?}");
}

#[test]
fn thousands_of_posts_that_are_nearly_one_are_judged_soon() {
    let mut plan = years(3_000);
    for (order, member) in plan.members.iter_mut().enumerate() {
        member.turn.verdict = Verdict::Promotional;
        let words = u64::try_from(order).unwrap();
        member.turn.shingles = (0..36).chain([1_000 + words % 9, 2_000 + words % 70, 5_000 + words]).collect();
    }
    let rules = RuleSet::shipped();
    let (policy, profiles) = (Policy::of(&rules), Profiles::shipped());
    let started = std::time::Instant::now();
    let report = judge(plan, &rules, &policy, profiles.find("80-20").unwrap());
    let took = started.elapsed();
    println!("{} findings in {took:?}", report.findings.len());
    assert!(took.as_secs() < 20, "{took:?}");
    let pitch = report.findings.iter().find(|one| one.diagnostic.code == "queue/repeated-pitch").unwrap();
    assert_eq!(pitch.entries.len(), 3_000);
    assert!(pitch.suggestion.is_some());
}
