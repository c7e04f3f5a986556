//! How right the shipped rules are about the labelled drafts of this repository: floors below which they must not fall.
//!
//! The floors are a little below what docs/accuracy.md reports, so that a rule more or less does not break a build, and a
//! rule that shouts does.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use selfless::eval::report::JudgedSet;
use selfless::eval::{Conventions, Evaluation, SetReport, judge, read_record};
use selfless::{Linter, Policy, RuleSet, Source};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The figures of some files that one convention knows.
fn report(names: &[&str]) -> SetReport {
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let policy = Policy::of(linter.rules());
    let sets = Arc::new(Source::from_text("eval-sets.toml", read("docs/eval-sets.toml")));
    let (conventions, mistakes) = Conventions::read(&sets);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let mut set = JudgedSet { name: "own".to_owned(), roles: Vec::new(), posts: Vec::new(), left_out: 0 };
    for name in names {
        let convention = conventions.of_file(name).unwrap();
        for line in read(&format!("tests/labelled/{name}")).lines() {
            let record = read_record(&Arc::new(Source::from_text(*name, line)), convention).unwrap();
            set.posts.push(judge(&linter, &policy, &record).unwrap());
        }
    }
    let mut evaluation = Evaluation::of(&[set], 0);
    evaluation.sets.remove(0)
}

/// Floors of verdicts accepted, macro-F1 and passages found; ceilings of false positives and of passages touched.
#[track_caller]
fn check(names: &[&str], [accepted, macro_f1, false_positives, found, must_not]: [f64; 5]) {
    let report = report(names);
    let floor = |what: &str, value: Option<f64>, least: f64| {
        assert!(value.unwrap() >= least, "{names:?}: {what} {:.3} is below {least}", value.unwrap());
    };
    let ceiling = |what: &str, value: Option<f64>, most: f64| {
        assert!(value.unwrap() <= most, "{names:?}: {what} {:.3} is above {most}", value.unwrap());
    };
    floor("verdicts accepted", report.accepted.value(), accepted);
    floor("macro-F1", report.confusion.macro_f1(), macro_f1);
    ceiling("false positives", report.confusion.false_positive_rate(), false_positives);
    floor("passages found", report.passages.found.value(), found);
    ceiling("passages touched that must not be", report.passages.touched.value(), must_not);
}

#[test]
fn drafts_that_rules_were_written_by_are_judged_right() {
    check(
        &["own.b.jsonl", "own.d.jsonl", "own.e.jsonl", "own.f.jsonl", "own.h.jsonl"],
        [0.72, 0.77, 0.06, 0.65, 0.02],
    );
}

#[test]
fn drafts_that_were_held_back_are_judged_nearly_as_well() {
    check(&["own.a.jsonl", "own.c.jsonl", "own.g.jsonl", "own.i.jsonl"], [0.64, 0.7, 0.11, 0.6, 0.03]);
}
