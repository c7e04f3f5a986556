//! Queues judged whole: labelled ones, where they are at hand, each once with the verdicts of the linter and once with
//! the labels' own.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot read its files has failed")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use selfless::document::{AccountKind, PostTime};
use selfless::queue::when::{settle, utc};
use selfless::queue::{DayOrder, Member, Profiles, Queue, judge};
use selfless::{Account, Context, IdentityKeys, Linter, Platform, Policy, Post, RuleSet, Source, Span, Verdict};
use serde_json::Value;

/// The rows of the labels, and the rules that are called otherwise here.
const RULES: [(&str, &str); 6] = [
    ("QU201", "queue/promo-share"),
    ("QU202", "queue/run"),
    ("QU203", "queue/repeated-pitch"),
    ("QU204", "queue/repeated-link"),
    ("QU205", "queue/monologue"),
    ("QU206", "queue/too-soon"),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = std::env::var_os("SELFLESS_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from)
        .join("domain");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let (Some(queues), Some(gold)) = (read("queues.jsonl"), read("gold.jsonl")) else {
        let missing = Trial::test("queues", || Ok(())).with_ignored_flag(true);
        return libtest_mimic::run(&arguments, vec![missing]).exit_code();
    };
    let gold: Arc<Vec<Value>> = Arc::new(gold.lines().map(|line| serde_json::from_str(line).unwrap()).collect());
    let mut trials = Vec::new();
    for line in queues.lines() {
        let queue: Value = serde_json::from_str(line).unwrap();
        for given in [false, true] {
            let (queue, gold) = (queue.clone(), Arc::clone(&gold));
            let name = format!("{}/{}", queue["id"].as_str().unwrap(), if given { "given" } else { "linted" });
            trials.push(Trial::test(name, move || check(&queue, &gold, given)));
        }
    }
    assert_eq!(trials.len(), 16, "8 queues, twice");
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn keys(value: &Value) -> IdentityKeys {
    let list = |key: &str| {
        let all = value[key].as_array().map_or(&[][..], Vec::as_slice);
        all.iter().map(|one| one.as_str().unwrap().to_owned()).collect()
    };
    IdentityKeys {
        kind: value["kind"].as_str().and_then(AccountKind::from_name).unwrap_or_default(),
        names: list("names"),
        handles: list("handles"),
        products: list("products"),
        partners: list("partners"),
        domains: list("domains"),
    }
}

/// What the labels say of a post; those that are no labelled draft are pitches of the queue's own, or solo posts.
fn label(post: &Value, gold: &[Value]) -> Verdict {
    let text = post["text"].as_str().unwrap();
    let Some(named) = post["ref"].as_str() else {
        return if text.contains("Acme") { Verdict::Promotional } else { Verdict::Conversational };
    };
    let found = gold.iter().find(|one| one["id"] == named).expect("the labelled draft");
    match found["verdict"].as_str().or(found["label"].as_str()).expect("a verdict") {
        "promo" | "promotional" => Verdict::Promotional,
        "mixed" => Verdict::Mixed,
        _ => Verdict::Conversational,
    }
}

fn check(queue: &Value, gold: &[Value], given: bool) -> Result<(), Failed> {
    let rules = Arc::new(RuleSet::shipped());
    let linter = Linter::new(Arc::clone(&rules));
    let policy = Policy::of(&rules);
    let mut members = Vec::new();
    let mut said = String::new();
    for (order, post) in queue["posts"].as_array().unwrap().iter().enumerate() {
        let source = Arc::new(Source::from_text(format!("post {order}"), post["text"].as_str().unwrap()));
        let identity = if post["identity"].is_null() { &queue["identity"] } else { &post["identity"] };
        let context = Context {
            account: Account::new(None, keys(identity)),
            platforms: post["platform"].as_str().and_then(Platform::from_name).into_iter().collect(),
            ..Context::default()
        };
        let (_, mut turn) = linter.lint_turn(&Post::of_text(&source), &context, &policy);
        said.push_str(&format!(
            "\n  {order} {} {:?} {:.0}, label {:?}, talks {}",
            post["ref"],
            turn.verdict,
            turn.promotion,
            label(post, gold),
            turn.talks_to_others
        ));
        if given {
            turn.verdict = label(post, gold);
        }
        let time = post["at"].as_str().and_then(|at| {
            let time = PostTime { text: at.to_owned(), spans: vec![Span::default()] };
            settle(&[Some(&time)], DayOrder::Auto, &utc(), &source).0.remove(0)
        });
        members.push(Member { turn, time, post: Some(order), history: false, order });
    }
    let profiles = Profiles::shipped();
    let budget = profiles.find(queue["profile"].as_str().unwrap()).expect("a shipped profile");
    let report = judge(Queue { members, ..Queue::default() }, &rules, &policy, budget);
    let mut found: Vec<(String, &str)> =
        report.findings.iter().map(|one| (one.diagnostic.code.to_string(), one.diagnostic.level.name())).collect();
    let mut expected: Vec<(String, &str)> = queue["expect"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let row = one[0].as_str().unwrap();
            let rule = RULES.iter().find(|(known, _)| *known == row).expect("a known row").1;
            (rule.to_owned(), one[1].as_str().unwrap())
        })
        .collect();
    found.sort();
    expected.sort();
    if found == expected {
        return Ok(());
    }
    Err(format!("found {found:?}, expected {expected:?}{said}").into())
}
