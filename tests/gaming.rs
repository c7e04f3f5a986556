//! Nobody wins by gaming.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::sync::Arc;

use selfless::document::{Format, IdentityKeys, extract};
use selfless::identity::Account;
use selfless::lint::{Context, Linter, Policy};
use selfless::report::PostReport;
use selfless::rule::raw::{self, RawSetting};
use selfless::rule::{RuleSet, shipped_files};
use selfless::text::Source;

struct Judge {
    linter: Linter,
    policy: Policy,
}

impl Judge {
    fn new() -> Self {
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let policy = Policy { all: true, ..Policy::of(linter.rules()) };
        Self { linter, policy }
    }

    fn judge(&self, text: &str, setting: &RawSetting) -> PostReport {
        let source = Arc::new(Source::from_text("draft.txt", text));
        let extracted = extract(&source, Format::Text);
        let context = Context {
            account: Account { name: None, keys: setting.identity.clone() },
            platforms: setting.platform.into_iter().collect(),
            ..Context::default()
        };
        self.linter.lint(&extracted.posts[0], &context, &self.policy)
    }
}

fn examples() -> Vec<(String, RawSetting)> {
    let mut drafts = Vec::new();
    for file in shipped_files() {
        let (raw, _) = raw::read(&file);
        for rule in &raw.rules {
            for case in &rule.cases {
                drafts.push((case.text.value.clone(), raw.setting.of_case(case)));
            }
        }
    }
    drafts
}

const DISCLOSURES: [&str; 14] = [
    "#ad",
    "Ad:",
    "#sponsored",
    "Full disclosure: I work there.",
    "I made this.",
    "Disclosure: I work on this.",
    "I get a commission if you buy.",
    "Affiliate link, I get a cut.",
    "They paid me for this post.",
    "I wrote it, so I'm biased.",
    "Sponsored post.",
    "(I built it, so take this with salt.)",
    "Full disclosure: I work at Acme.",
    "I'm the author of this.",
];
const QUESTIONS: [&str; 14] = [
    "Thoughts?",
    "What do you think?",
    "Agree?",
    "Am I right?",
    "What would you have done?",
    "Which of the two do you use at home?",
    "Has anyone here tried it with a left hand, and did it hold?",
    "How did your grandmother do it?",
    "Any news of the flood?",
    "Have you voted yet?",
    "WHO ELSE?",
    "Does anybody know where the heron nests, and why do the bells ring at noon?",
    "What am I missing?",
    "What do you think? Which one? And why?",
];

fn list(report: &PostReport) -> Vec<String> {
    report
        .findings
        .iter()
        .map(|f| {
            let l = &f.diagnostic.labels.first();
            format!(
                "{} {:?} {:.0} {:?}",
                f.diagnostic.code,
                l.map(|l| l.source.slice(l.span).to_owned()),
                f.points,
                f.diagnostic.notes.iter().filter(|n| n.contains("structure/")).collect::<Vec<_>>()
            )
        })
        .collect()
}
fn sep(t: &str) -> &'static str {
    let word = t.rsplit(char::is_whitespace).next().unwrap_or_default();
    let plain = word.len() > 4
        && word.ends_with(['.', '!', '?'])
        && word[..word.len() - 1].chars().all(char::is_alphabetic);
    if plain { " " } else { "\n" }
}

fn show(name: &str, n: usize, by: BTreeMap<String, Vec<String>>) {
    let total: usize = by.values().map(Vec::len).sum();
    println!("#### {name}: {n} tried, {total} wrong");
    for (k, v) in by {
        println!("== {k}: {}", v.len());
        for one in v.iter().take(3) {
            println!("    {one}");
        }
    }
}
fn diff(a: &PostReport, b: &PostReport) -> String {
    let names = |r: &PostReport| -> Vec<String> {
        let mut v: Vec<String> = r.findings.iter().map(|f| f.diagnostic.code.to_string()).collect();
        v.extend(r.findings.iter().flat_map(|f| {
            f.diagnostic.notes.iter().filter_map(|n| {
                n.rsplit_once('(').map(|(_, x)| x.trim_end_matches(')').to_owned()).filter(|x| x.contains('/'))
            })
        }));
        v.sort();
        v
    };
    let (x, y) = (names(a), names(b));
    let minus: Vec<_> = x.iter().filter(|c| !y.contains(c)).cloned().collect();
    let plus: Vec<_> = y.iter().filter(|c| !x.contains(c)).cloned().collect();
    format!("+{} -{}", plus.join(","), minus.join(","))
}

#[test]
fn explore_disclosure() {
    let judge = Judge::new();
    let mut by: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut n = 0;
    for (text, setting) in examples() {
        let before = judge.judge(&text, &setting);
        for d in DISCLOSURES {
            let mut tries = vec![("front", format!("{d} {text}")), ("frontnl", format!("{d}\n{text}"))];
            if d != "Ad:" {
                tries.push((
                    "end",
                    if d.starts_with('#') { format!("{text} {d}") } else { format!("{text}{}{d}", sep(&text)) },
                ));
                tries.push(("endnl", format!("{text}\n\n{d}")));
            }
            for (place, t) in tries {
                let after = judge.judge(&t, &setting);
                n += 1;
                if before.score.verdict.name() != "none"
                    && (after.score.promotion > before.score.promotion + 1e-9
                        || before.score.verdict.name() == "conversational"
                            && after.score.verdict.name() != "conversational")
                {
                    by.entry(diff(&before, &after)).or_default().push(format!(
                        "{d} {place}: {t:?}\n      {:.1}->{:.1} {:?}\n   => {:?}",
                        before.score.promotion,
                        after.score.promotion,
                        list(&before),
                        list(&after)
                    ));
                }
            }
        }
    }
    show("disclosure", n, by);
}

#[test]
fn explore_question() {
    let judge = Judge::new();
    let mut by: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut lower: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut n = 0;
    let mut failing = 0;
    for (text, setting) in examples() {
        let before = judge.judge(&text, &setting);
        if before.score.verdict.name() == "none" {
            continue;
        }
        failing += usize::from(!before.pass);
        for q in QUESTIONS {
            for t in [format!("{text}{}{q}", sep(&text)), format!("{text}\n\n{q}")] {
                let after = judge.judge(&t, &setting);
                n += 1;
                let line = format!(
                    "{q}: {t:?}\n      {:.1}/{:.1}->{:.1}/{:.1} {:?}\n   => {:?}",
                    before.score.promotion,
                    before.score.conversation,
                    after.score.promotion,
                    after.score.conversation,
                    list(&before),
                    list(&after)
                );
                if !before.pass && after.pass {
                    by.entry(diff(&before, &after)).or_default().push(line);
                } else if after.score.promotion < before.score.promotion - 1e-9 {
                    lower.entry(diff(&before, &after)).or_default().push(line);
                }
            }
        }
    }
    println!("{failing} fail");
    show("question passes", n, by);
    show("question lowers", n, lower);
}

#[test]
fn explore_identity() {
    let judge = Judge::new();
    let mut by: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut n = 0;
    for (text, setting) in examples() {
        let bare = RawSetting {
            identity: IdentityKeys { kind: setting.identity.kind, ..IdentityKeys::default() },
            platform: setting.platform,
        };
        let before = judge.judge(&text, &bare);
        let after = judge.judge(&text, &setting);
        n += 1;
        let spans = |r: &PostReport| -> Vec<(String, std::ops::Range<usize>)> {
            r.findings
                .iter()
                .filter(|f| !f.credit && !f.diagnostic.code.starts_with("verdict"))
                .map(|f| (f.diagnostic.code.to_string(), f.diagnostic.labels[0].span.range()))
                .collect()
        };
        let have = spans(&after);
        let missing: Vec<_> = spans(&before).into_iter().filter(|x| !have.contains(x)).collect();
        if !missing.is_empty() || after.score.promotion < before.score.promotion - 1e-9 {
            by.entry(diff(&before, &after)).or_default().push(format!(
                "{text:?} {:.1}->{:.1} {missing:?}\n {:?}\n  => {:?}",
                before.score.promotion,
                after.score.promotion,
                list(&before),
                list(&after)
            ));
        }
    }
    show("identity", n, by);
}
