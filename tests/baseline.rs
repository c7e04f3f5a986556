//! A baseline as people live with it: what is known stays quiet, what is new is shown, and what is gone goes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use selfless::baseline::{Baseline, Known};
use selfless::document::{Format, extract};
use selfless::lint::{Context, FailOn, Linter, Policy};
use selfless::report::{PostReport, ReportedFinding};
use selfless::rule::raw;
use selfless::rule::{RuleSet, VerdictKind, shipped_files};
use selfless::text::Source;

/// More than four words, so that what follows keeps its neighbours.
const BEFORE: &str = "Two swifts nest under the bridge by the mill.";
/// What rules find wherever it stands.
const NEW: &str = "The bus skipped the stop again, so we walked. Order now, only today!";

/// Flagged drafts of one line, rule by rule.
fn examples() -> Vec<Vec<String>> {
    let mut rules = Vec::new();
    for file in shipped_files() {
        for rule in &raw::read(&file).0.rules {
            let flagged = rule.cases.iter().filter(|case| case.flagged).map(|case| case.text.value.clone());
            let lines: Vec<String> =
                flagged.filter(|text| !text.trim().is_empty() && !text.contains('\n')).collect();
            if lines.len() > 1 {
                rules.push(lines);
            }
        }
    }
    assert!(rules.len() > 60, "only {} rules", rules.len());
    rules
}

struct Judge(Linter);

impl Judge {
    fn new() -> Self {
        Self(Linter::new(Arc::new(RuleSet::shipped())))
    }

    fn judge(&self, text: &str, fail_on: FailOn) -> PostReport {
        let source = Arc::new(Source::from_text("a.md", text));
        let posts = extract(&source, &Format::Markdown.into()).posts;
        let policy = Policy { fail_on, ..Policy::of(self.0.rules()) };
        self.0.lint(posts.first().unwrap(), &Context::default(), &policy)
    }

    fn recorded(&self, text: &str) -> Baseline {
        let mut baseline = Baseline::default();
        baseline.add_post(&self.judge(text, FailOn::Error));
        baseline
    }

    /// What is shown of `text` where what is found in `old` is known.
    fn shown(&self, old: &str, text: &str, fail_on: FailOn) -> (PostReport, Known) {
        // What is written is what is read.
        let written = Arc::new(Source::from_text("known.txt", self.recorded(old).text()));
        let (baseline, wrong) = Baseline::read(&written);
        assert!(wrong.is_empty(), "{wrong:?}");
        let (mut post, mut known) = (self.judge(text, fail_on), Known::new(baseline));
        known.hide_in_post(&mut post);
        (post, known)
    }
}

fn marked(finding: &ReportedFinding) -> (String, String) {
    let label = finding.diagnostic.labels.first();
    let words = label.map_or("", |label| label.source.slice(label.span));
    (finding.diagnostic.code.to_string(), words.to_owned())
}

fn promoting(post: &PostReport) -> Vec<&ReportedFinding> {
    post.findings.iter().filter(|finding| !finding.credit).collect()
}

/// Runs a property over two drafts of one rule; at least half of the first have something to find.
fn hold(property: impl Fn(&Judge, &str, &str) -> Result<(), TestCaseError>) {
    let judge = Judge::new();
    let (all, found) = (Cell::new(0), Cell::new(0));
    let two = prop::sample::select(examples()).prop_flat_map(|rule| {
        let one = || prop::sample::select(rule.clone());
        (one(), one())
    });
    let mut runner = TestRunner::new(Config { failure_persistence: None, cases: 200, ..Config::default() });
    let ran = runner.run(&two, |(one, other)| {
        // Nothing is found in other languages, neither before nor behind.
        let mut findings = judge.judge(&one, FailOn::Error).findings.into_iter();
        if findings.any(|finding| finding.verdict == Some(VerdictKind::Unjudged)) {
            return Ok(());
        }
        all.set(all.get() + 1);
        found.set(found.get() + usize::from(judge.recorded(&one).count() > 0));
        property(&judge, &one, &other)
    });
    ran.unwrap();
    assert!(found.get() * 2 > all.get(), "only {} of {} drafts have a finding", found.get(), all.get());
}

#[test]
fn what_is_known_is_silent_wherever_it_has_moved() {
    hold(|judge, text, _| {
        let quiet = format!("---\ntags: [canal]\n---\n\n\n<!-- a note to myself -->\n\n{text}\n\n");
        for moved in [text, &quiet] {
            for fail_on in [FailOn::Error, FailOn::Promotional, FailOn::Mixed, FailOn::Warning] {
                let (post, known) = judge.shown(text, moved, fail_on);
                prop_assert!(post.pass, "{:?}", promoting(&post));
                prop_assert!(promoting(&post).is_empty(), "{:?}", promoting(&post));
                prop_assert_eq!(known.left().count(), 0);
            }
        }
        Ok(())
    });
}

#[test]
fn lines_above_bring_nothing_back_but_what_reads_all_words() {
    hold(|judge, text, _| {
        let old = format!("{BEFORE}\n\n{text}");
        let (post, _) = judge.shown(&old, &format!("Soup was served at noon.\n\n{old}"), FailOn::Error);
        let before: Vec<_> = judge.judge(&old, FailOn::Error).findings.iter().map(marked).collect();
        for finding in promoting(&post).into_iter().filter(|finding| finding.verdict.is_none()) {
            prop_assert!(!before.contains(&marked(finding)), "{finding:?}");
        }
        Ok(())
    });
}

#[test]
fn what_is_new_elsewhere_is_shown() {
    hold(|judge, text, _| {
        let (post, _) = judge.shown(text, &format!("{text}\n\n{NEW}"), FailOn::Error);
        let is_new = |finding: &&ReportedFinding| {
            let place = finding.diagnostic.labels.first().map(|label| label.span.range());
            place.is_some_and(|place| place.start >= text.len())
        };
        prop_assert!(promoting(&post).iter().any(is_new), "{:?}", promoting(&post));
        Ok(())
    });
}

#[test]
fn what_is_said_in_other_words_comes_back() {
    let letters = |text: &str| text.to_lowercase().split_whitespace().collect::<String>();
    let compared = Cell::new(0);
    hold(|judge, one, other| {
        if !one.is_ascii() || !other.is_ascii() {
            return Ok(());
        }
        let old = promoting(&judge.judge(one, FailOn::Error)).into_iter().map(marked).collect::<Vec<_>>();
        let now = judge.judge(other, FailOn::Error);
        let (post, _) = judge.shown(one, other, FailOn::Error);
        let shown: Vec<_> = promoting(&post).into_iter().map(marked).collect();
        for found in promoting(&now).into_iter().map(marked) {
            let known = old.iter().any(|(rule, words)| *rule == found.0 && letters(words) == letters(&found.1));
            compared.set(compared.get() + usize::from(!known));
            prop_assert!(known || shown.contains(&found), "{found:?} is hidden by {old:?}");
        }
        Ok(())
    });
    assert!(compared.get() > 50, "only {} findings differ", compared.get());
}

#[test]
fn no_word_of_a_post_is_written() {
    hold(|judge, text, _| {
        for line in judge.recorded(text).text().lines().skip(1) {
            let [rule, print, count] = line.split(' ').collect::<Vec<_>>()[..] else {
                return Err(TestCaseError::fail(line.to_owned()));
            };
            prop_assert!(judge.0.rules().rules().iter().any(|one| one.name == rule), "{}", line);
            prop_assert!(print.len() == 32 && print.chars().all(|digit| digit.is_ascii_hexdigit()), "{}", line);
            prop_assert!(count.parse::<u32>().is_ok(), "{}", line);
        }
        Ok(())
    });
}

/// Runs the program; its exit code and what it said on both streams.
fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selfless"));
    command.args(args).current_dir(folder).env("CI", "1").env("NO_COLOR", "1").env("LC_ALL", "C");
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[track_caller]
fn check(folder: &Path, args: &[&str], code: i32, words: &[&str], not: &[&str]) {
    let (found, said) = run(folder, args);
    assert_eq!(found, Some(code), "{args:?}: {said}");
    assert!(words.iter().all(|word| said.contains(word)), "{args:?}: {said}");
    assert!(!not.iter().any(|word| said.contains(word)), "{args:?}: {said}");
}

/// A folder with two drafts that fail, and their baseline, which the config names.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    fs::create_dir(at("posts")).unwrap();
    fs::write(at("posts/old.md"), "Big news! The kiln is on. Order now, only today!\n").unwrap();
    fs::write(at("posts/older.md"), "Huge sale: buy the lamp now, 20% off, link in bio!\n").unwrap();
    fs::write(at("selfless.toml"), "baseline = 'known.txt'\n").unwrap();
    check(
        folder.path(),
        &["check", "posts"],
        2,
        &["cannot be read", "selfless.toml", "selfless baseline -o known.txt"],
        &[],
    );
    check(folder.path(), &["baseline", "posts"], 0, &["wrote ", "known.txt"], &[]);
    check(folder.path(), &["check", "posts"], 0, &["stand in the baseline"], &["unmatched", "order"]);
    folder
}

#[test]
fn config_names_it_for_the_whole_folder() {
    let folder = project();
    let folder = folder.path();
    assert!(fs::read_to_string(folder.join("known.txt")).unwrap().contains("\ncovers \"posts\"\n"));
    check(folder, &["--no-baseline", "posts"], 1, &["verdict/promotional"], &["stand in the baseline"]);
    // From within, and one file of it: nothing is said of what was not read.
    check(&folder.join("posts"), &["."], 0, &["stand in the baseline"], &["unmatched"]);
    check(folder, &["posts/old.md"], 0, &["stand in the baseline"], &["unmatched"]);
    fs::write(folder.join("posts/new.md"), "Follow us for more, and share this post!").unwrap();
    check(
        folder,
        &["--format", "short", "--fail-on", "warning", "."],
        1,
        &["new.md:1:1"],
        &["old.md:1", "unmatched", "known.txt:"],
    );
}

#[test]
fn one_that_config_names_and_nobody_can_read_keeps_nothing_from_being_checked() {
    let folder = project();
    let folder = folder.path();
    for other in [None, Some("no baseline\n")] {
        match other {
            None => fs::remove_file(folder.join("known.txt")).unwrap(),
            Some(text) => fs::write(folder.join("known.txt"), text).unwrap(),
        }
        fs::write(folder.join("selfless.toml"), "baseline = 'known.txt'\npacks = ['none']\n").unwrap();
        let said = [
            "\"tool\"",
            "verdict/promotional",
            "unknown-pack",
            if other.is_some() { "baseline/" } else { "input/" },
        ];
        check(
            folder,
            &["--format", "json", "--output", "junit=j.xml", "posts"],
            2,
            &said,
            &["stand in the baseline"],
        );
        assert!(fs::read_to_string(folder.join("j.xml")).unwrap().contains("verdict/promotional"));
    }
    // What a flag names is meant.
    check(folder, &["--format", "json", "--baseline", "gone.txt", "posts"], 2, &["cannot be read"], &["\"tool\""]);
}

#[test]
fn a_draft_that_is_gone_is_told_and_pruned_and_one_that_is_renamed_is_known() {
    let folder = project();
    let folder = folder.path();
    fs::rename(folder.join("posts/old.md"), folder.join("posts/renamed.md")).unwrap();
    check(folder, &["check", "posts"], 0, &["stand in the baseline"], &["unmatched"]);
    fs::remove_file(folder.join("posts/older.md")).unwrap();
    let help = "selfless baseline --prune -o known.txt` takes such out";
    check(folder, &["."], 0, &["note[baseline/unmatched]", "nothing that was found: ", " of ask/", help], &[]);
    check(folder, &["posts/renamed.md"], 0, &[], &["unmatched"]);
    check(folder, &["-A", "ask", "."], 0, &[], &["unmatched"]);
    check(
        folder,
        &["baseline", "--prune", "posts/renamed.md"],
        2,
        &["baseline/partial", "it also covers posts"],
        &[],
    );
    check(&folder.join("posts"), &["baseline", "--prune"], 0, &["took ", "../known.txt"], &[]);
    check(folder, &["."], 0, &["stand in the baseline"], &["unmatched"]);
    // What cannot be read may still be there, and what is not there any more is gone.
    fs::write(folder.join("posts/bad.md"), b"a\xFFb").unwrap();
    check(folder, &["baseline", "--prune"], 2, &["posts/bad.md"], &["took "]);
    fs::remove_file(folder.join("posts/bad.md")).unwrap();
    fs::remove_file(folder.join("posts/renamed.md")).unwrap();
    check(folder, &["baseline", "--prune"], 0, &["took "], &["took 0"]);
}

#[test]
fn what_it_covers_may_go_but_not_all_of_it() {
    let folder = project();
    let folder = folder.path();
    fs::write(folder.join("one.md"), "Grab the last seats now, only £9!\n").unwrap();
    check(folder, &["baseline", "posts", "one.md"], 0, &["wrote "], &[]);
    fs::remove_file(folder.join("one.md")).unwrap();
    check(folder, &["baseline", "--prune"], 0, &["took ", "one.md is gone, and is covered no more"], &["took 0"]);
    let written = fs::read_to_string(folder.join("known.txt")).unwrap();
    assert!(written.contains("covers \"posts\"") && !written.contains("one.md"), "{written}");
    fs::rename(folder.join("posts"), folder.join("texts")).unwrap();
    check(folder, &["baseline", "--prune"], 2, &["nothing that it covers is there"], &["took "]);
    check(folder, &["texts"], 0, &["stand in the baseline"], &["unmatched"]);
    check(folder, &["baseline", "--prune", "texts"], 0, &["took 0 of "], &[]);
    assert!(fs::read_to_string(folder.join("known.txt")).unwrap().contains("covers \"texts\""));
    // Written anew, it covers what it covered.
    check(folder, &["baseline"], 0, &["wrote "], &[]);
    assert!(fs::read_to_string(folder.join("known.txt")).unwrap().contains("covers \"texts\""));
}
