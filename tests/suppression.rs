//! Suppressions, written by the program for all that is found, and taken away one by one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use selfless::document::{Format, Post, extract};
use selfless::identity::Account;
use selfless::lint::{Context, Linter, Policy};
use selfless::report::PostReport;
use selfless::rule::raw::{self, RawSetting};
use selfless::rule::{RuleSet, shipped_files};
use selfless::text::Source;
use serde_json::{Value, json};

fn selfless(folder: &Path, flags: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_selfless")).current_dir(folder).args(flags).output().unwrap()
}

/// The drafts that the shipped rules must flag, each with what its file says of self and network.
fn examples() -> Vec<(String, RawSetting)> {
    let mut drafts = Vec::new();
    for source in shipped_files() {
        let (file, _) = raw::read(&source);
        for rule in &file.rules {
            let flagged = rule.cases.iter().filter(|case| case.flagged);
            drafts.extend(flagged.map(|case| (case.text.value.clone(), file.setting.of_case(case))));
        }
    }
    drafts
}

/// Files of every format, made of `texts`, and such as are hard to put a comment into.
fn files(texts: &[&str]) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for (number, texts) in texts.chunks(3).enumerate() {
        let all = texts.join("\n\n");
        let quoted = |text: &&str| Value::from(text.replace('\n', " "));
        let list: Vec<Value> = texts.iter().map(|text| json!({ "text": text, "platform": "x" })).collect();
        let (ending, text) = match number % 12 {
            0 => ("md", all),
            1 => ("txt", all),
            2 => ("toot", texts[0].to_owned()),
            3 => ("tweet", texts.join("\n---\n")),
            4 => (
                "csv",
                texts.iter().fold("text,platform\n".to_owned(), |mut table, text| {
                    let _ = writeln!(table, "\"{}\",x", text.replace('"', "\"\""));
                    table
                }),
            ),
            5 => ("json", Value::from(list).to_string()),
            6 => ("jsonl", list.iter().map(|one| format!("{one}\n")).collect()),
            7 => (
                "yaml",
                texts.iter().fold("posts:\n".to_owned(), |mut list, text| {
                    let _ = write!(list, "  - text: {}\n    platform: x\n", quoted(text));
                    list
                }),
            ),
            8 => (
                "yaml",
                texts.iter().fold("posts:\n".to_owned(), |mut list, text| {
                    let _ =
                        write!(list, "  - platform: x\n    text: |\n      {}\n", text.replace('\n', "\n      "));
                    list
                }),
            ),
            9 => ("mdx", all),
            10 => (
                "md",
                format!(
                    "---\r\ntitle: {}\r\n---\r\n# A page\r\n\r\n> {}\r\n\r\n```\r\n",
                    quoted(&texts[0]),
                    texts.join("\r\n> ")
                ),
            ),
            _ => (
                "md",
                format!(
                    "+++\ntitle = {}\n+++\n\n- {}\n\n| a |\n| - |\n| b |\n",
                    quoted(&texts[0]),
                    texts.join("  \n- ")
                ),
            ),
        };
        files.insert(format!("f{number}.{ending}"), text);
    }
    files
}

/// What would be posted of a file: the words of each part of each post.
fn posted(name: &str, text: &str) -> Vec<Vec<String>> {
    let source = Arc::new(Source::from_text(name, text.to_owned()));
    let format = Format::from_path(name).unwrap();
    let posts = extract(&source, &format.into()).posts;
    posts.iter().map(|post| post.parts.iter().map(|part| part.text.to_string()).collect()).collect()
}

#[test]
fn all_that_is_found_can_be_suppressed_and_what_is_posted_stays() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("selfless.toml"), "root = true\nrequire-reason = true\n").unwrap();
    let examples = examples();
    let texts: Vec<&str> = examples.iter().step_by(3).map(|(text, _)| text.as_str()).collect();
    let files = files(&texts);
    assert!(files.len() > 60, "only {} files", files.len());
    for (name, text) in &files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let flags = ["--add-ignores", "--reason", "it is meant", "--format", "json", "-A", "queue", "."];
    for round in 0..2 {
        let output = selfless(folder.path(), &flags);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said.contains("suppressed "), round == 0, "{said}");
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        let rules = |list: &Value, key: &str| {
            let all = list.as_array().unwrap().iter();
            all.map(|one| format!("{} {}", one[key], one["source"])).collect::<Vec<_>>().join("\n")
        };
        let told = rules(&found["diagnostics"], "message") + &rules(&found["queue"], "rule");
        assert_eq!(output.status.code(), Some(0), "{said} {told}");
        let hidden = |post: &Value| post["suppressed"].as_array().map_or(0, Vec::len);
        let posts = found["posts"].as_array().unwrap();
        for finding in posts.iter().flat_map(|post| post["findings"].as_array().unwrap()) {
            assert_eq!(finding["credit"], true, "{finding:#}");
        }
        assert!(posts.iter().map(hidden).sum::<usize>() > texts.len(), "too little was found");
        let flaws = found["diagnostics"].as_array().unwrap().iter();
        let flaws: Vec<&Value> =
            flaws.filter(|told| told["code"].as_str().unwrap().starts_with("suppression/")).collect();
        assert_eq!(flaws, [&Value::Null; 0]);
    }
    let mut commented = 0;
    for (name, text) in &files {
        let now = fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(posted(name, &now), posted(name, text), "{name}\n{now}");
        commented += usize::from(now != *text);
        if [".txt", ".toot", ".csv", ".json", ".jsonl"].iter().any(|ending| name.ends_with(ending)) {
            assert_eq!(now, *text, "{name}");
        }
    }
    assert!(commented * 3 > files.len(), "only {commented} of {} hold comments", files.len());
}

/// What comes of suppressing all that is found in one file: the file, the config, and what the next check says.
#[track_caller]
fn suppressed(name: &str, text: &str) -> (String, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("selfless.toml");
    fs::write(&config, "root = true\n").unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    let output = selfless(folder.path(), &["--add-ignores", "--reason", "so", "-A", "queue", name]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("suppressed "), "{said}");
    let now = fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(posted(name, &now), posted(name, text), "{now}");
    let next = selfless(folder.path(), &["--format", "short", "-A", "queue", "."]);
    (now, fs::read_to_string(&config).unwrap(), String::from_utf8(next.stdout).unwrap())
}

#[test]
fn words_that_entries_take_for_the_same_get_one_entry() {
    let (_, config, next) = suppressed("a.txt", "Link in bio.\n\nMOSS GROWS. LINK IN BIO. The heron is back.\n");
    let of_rule =
        |rule: &str| config.lines().filter(|line| line.starts_with("rule = ") && line.contains(rule)).count();
    assert_eq!((of_rule("ask/soft"), of_rule("link/withheld")), (1, 1), "{config}");
    assert!(!next.contains("suppression/unused"), "{next}");
}

#[test]
fn comments_go_where_they_are_comments_whatever_stands_beside() {
    let text = "- text: Link in bio.\n- text: |\n    Sign up now, link in bio!\n- text: Link in bio. # soon\n\
                - text: \"Link\n    in bio.\"\n- text: Sign up now!\n";
    let (now, config, next) = suppressed("a.yaml", text);
    let commented: Vec<&str> = now.lines().filter(|line| line.contains("# selfless-ignore")).collect();
    assert!(commented.iter().all(|line| line.starts_with("- text: ")), "{now}");
    assert!(now.starts_with("- text: Link in bio. # selfless-ignore "), "{now}");
    assert!(now.contains("\n- text: Sign up now! # selfless-ignore "), "{now}");
    assert!(now.contains("\n    Sign up now, link in bio!\n"), "{now}");
    assert!(config.contains("text = \"Sign up now\""), "{config}");
    assert!(!next.contains("ask/") && !next.contains("suppression/"), "{next}");
}

struct Judge {
    linter: Linter,
    policy: Policy,
}

/// Code and first byte of a finding; none for the verdict, whose place says nothing.
type Seen = BTreeSet<(String, Option<u32>)>;

impl Judge {
    fn judge(&self, text: &str, setting: &RawSetting) -> (Post, PostReport) {
        let source = Arc::new(Source::from_text("draft.md", text.to_owned()));
        let post = extract(&source, &Format::Markdown.into()).posts.remove(0);
        let context = Context {
            account: Account::new(None, setting.identity.clone()),
            platforms: setting.platform.into_iter().collect(),
            ..Context::default()
        };
        let report = self.linter.lint(&post, &context, &self.policy);
        (post, report)
    }
}

fn seen(report: &PostReport) -> Seen {
    let place = |code: &str, at: Option<u32>| (code.to_owned(), at.filter(|_| !code.starts_with("verdict/")));
    let findings = report.findings.iter().filter(|finding| !finding.credit);
    findings
        .map(|finding| {
            let label = finding.diagnostic.labels.first().map(|label| label.span.start());
            place(&finding.diagnostic.code, label)
        })
        .collect()
}

/// The lines of a draft, and the names that are suppressed in each; and those of the whole.
#[derive(Clone, Debug, Default)]
struct Quiet {
    lines: Vec<(String, BTreeSet<String>)>,
    whole: BTreeSet<String>,
}

impl Quiet {
    /// The draft. The comments stand at the ends of lines that are padded to the same length, so that places stay.
    fn text(&self) -> String {
        let comment = |mark: &str, names: &BTreeSet<String>| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let comment = match names.as_slice() {
                [] => format!("<!-- selfless-ignore{mark}"),
                names => format!("<!-- selfless-ignore{mark} {} -- so", names.join(" ")),
            };
            format!("{comment:600} -->")
        };
        let mut text = String::new();
        for (line, names) in &self.lines {
            let _ = write!(text, "{line} {}\n\n", comment("", names));
        }
        text + &comment("-file", &self.whole) + "\n"
    }

    /// Suppresses all that is found, as often as something more comes up.
    fn all(lines: &[String], judge: &Judge, setting: &RawSetting) -> Self {
        let lines = lines.iter().map(|line| (line.clone(), BTreeSet::new())).collect();
        let mut quiet = Self { lines, ..Self::default() };
        for _ in 0..20 {
            let text = quiet.text();
            let (_, report) = judge.judge(&text, setting);
            let found = seen(&report);
            if found.is_empty() {
                return quiet;
            }
            for (code, at) in found {
                let line =
                    at.and_then(|at| text.get(..at as usize)).map(|before| before.matches('\n').count() / 2);
                match line.and_then(|line| quiet.lines.get_mut(line)) {
                    Some((_, names)) => names.insert(code),
                    None => quiet.whole.insert(code),
                };
            }
        }
        panic!("no end: {}", quiet.text());
    }
}

#[test]
fn without_one_suppression_its_finding_is_back_and_nothing_else() {
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let policy = Policy { all: true, ..Policy::of(linter.rules()) };
    let judge = Judge { linter, policy };
    let examples: Vec<_> = examples().into_iter().filter(|(text, _)| !text.contains('\n')).collect();
    let one = prop::sample::select(examples);
    let drafts = prop::collection::vec(one, 1..4);
    let mut runner = TestRunner::new(Config { cases: 60, failure_persistence: None, ..Config::default() });
    let removed = std::cell::Cell::new(0);
    let reads = |code: &str| {
        let rule = judge.linter.rules().rules().iter().find(|rule| rule.name == code);
        rule.is_some_and(|rule| rule.is_reader() || rule.yields() || rule.category() == "verdict")
    };
    runner
        .run(&drafts, |pieces| {
            let setting = &pieces[0].1;
            let lines: Vec<String> = pieces.iter().map(|(text, _)| text.clone()).collect();
            let quiet = Quiet::all(&lines, &judge, setting);
            let bare = Quiet {
                lines: lines.iter().map(|line| (line.clone(), BTreeSet::new())).collect(),
                ..Quiet::default()
            };
            // No comment is read or scored.
            let plain: String = lines.iter().map(|line| format!("{line}\n\n")).collect();
            let (bare, plain) = (judge.judge(&bare.text(), setting), judge.judge(&plain, setting));
            prop_assert_eq!(format!("{:?}", bare.1.score), format!("{:?}", plain.1.score));
            prop_assert_eq!(&bare.0.parts[0].text, &plain.0.parts[0].text);
            let all = quiet
                .lines
                .iter()
                .enumerate()
                .flat_map(|(line, (_, names))| names.iter().map(move |name| (Some(line), name)));
            for (line, name) in all.chain(quiet.whole.iter().map(|name| (None, name))) {
                let mut without = quiet.clone();
                let names = match line {
                    Some(line) => &mut without.lines[line].1,
                    None => &mut without.whole,
                };
                names.remove(name);
                let text = without.text();
                let (post, report) = judge.judge(&text, setting);
                prop_assert_eq!(&post.parts[0].text, &plain.0.parts[0].text);
                for (code, at) in seen(&report) {
                    let of = at.map(|at| text[..at as usize].matches('\n').count() / 2);
                    let same = code == *name && of == line;
                    prop_assert!(same || reads(&code), "{code} came with {name} in\n{text}");
                }
                removed.set(removed.get() + usize::from(!seen(&report).is_empty()));
            }
            Ok(())
        })
        .unwrap();
    assert!(removed.get() > 60, "only {} came back", removed.get());
}

#[test]
fn a_flaw_of_a_config_fails_as_its_layers_say() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "The heron is back.\n").unwrap();
    let check = |config: &str, args: &[&str], expected: i32| {
        let entry = "[[ignore]]\nrule = 'ask/sofft'\ntext = 'x'\n";
        fs::write(folder.path().join("selfless.toml"), format!("root = true\n{config}\n{entry}")).unwrap();
        let output = selfless(folder.path(), args);
        assert_eq!(output.status.code(), Some(expected), "{config} {args:?}: {output:?}");
    };
    check("", &["a.txt"], 0);
    check("fail-on = 'warning'", &["a.txt"], 1);
    check("fail-on = 'warning'", &["--exit-zero", "a.txt"], 0);
    check("fail-on = 'warning'", &["--fail-on", "mixed", "a.txt"], 0);
    check("", &["--fail-on", "warning", "a.txt"], 1);
    check("levels.'suppression/unknown-rule' = 'error'", &["a.txt"], 1);
    check("levels.'suppression/unknown-rule' = 'error'", &["--fail-on", "never", "a.txt"], 0);
    // One that hides nothing is only known where all was read.
    fs::write(
        folder.path().join("selfless.toml"),
        "fail-on = 'warning'\n[[ignore]]\nrule = 'ask/soft'\ntext = 'x'\n",
    )
    .unwrap();
    assert_eq!(selfless(folder.path(), &["a.txt"]).status.code(), Some(0));
    assert_eq!(selfless(folder.path(), &["."]).status.code(), Some(1));
}
