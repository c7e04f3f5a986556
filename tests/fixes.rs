//! Fixes, applied by the program to every draft that a shipped rule must flag.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use selfless::rule::{raw, shipped_files};

fn selfless(folder: &Path, flags: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selfless"));
    command.current_dir(folder).args(["--no-config", "--format", "jsonl", "--all"]).args(flags).arg(".");
    command.output().unwrap()
}

/// The drafts of all shipped rules, in several spellings, by the name of a file.
fn drafts() -> BTreeMap<String, String> {
    let mut drafts = BTreeMap::new();
    for source in shipped_files() {
        let (file, _) = raw::read(&source);
        let flagged =
            file.rules.iter().flat_map(|rule| rule.drafts(&file.setting)).filter(|(_, flagged, _)| *flagged);
        for (text, ..) in flagged {
            let (number, text) = (drafts.len(), &text.value);
            let (name, text) = match number % 4 {
                0 => (format!("{number}.md"), format!("# Notes\r\n\r\n{text}\r\n")),
                1 => (format!("{number}.txt"), format!("\u{feff}{text}!!")),
                2 => (
                    format!("{number}.md"),
                    format!("*{text}* Stay tuned!!!\n\nBig news! https://a.example/?utm_x=1&b=2\n"),
                ),
                _ => (format!("{number}.txt"), text.clone()),
            };
            drafts.insert(name, text);
        }
    }
    drafts
}

/// Whether `short` is what is left of `long` when pieces are taken out.
fn is_left_of(short: &str, long: &str) -> bool {
    let mut letters = long.chars();
    short.chars().all(|letter| letters.any(|other| other == letter))
}

#[test]
fn what_was_fixed_is_gone_and_all_else_stays() {
    let folder = tempfile::tempdir().unwrap();
    let drafts = drafts();
    for (name, text) in &drafts {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let proposed = selfless(folder.path(), &["--diff", "--unsafe-fixes"]);
    assert_eq!(proposed.status.code(), Some(1));
    assert!(drafts.iter().all(|(name, text)| fs::read_to_string(folder.path().join(name)).unwrap() == *text));
    for flags in [&["--fix"][..], &["--fix", "--unsafe-fixes"]] {
        let output = selfless(folder.path(), flags);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("applied "), "{said}");
        let mut again = vec!["--diff"];
        again.extend(&flags[1..]);
        let left = selfless(folder.path(), &again);
        assert_eq!((left.status.code(), String::from_utf8(left.stdout).unwrap()), (Some(0), String::new()));
    }
    let mut changed = 0;
    for (name, text) in &drafts {
        let left = fs::read_to_string(folder.path().join(name)).unwrap();
        // The shipped fixes only take away.
        assert!(is_left_of(&left, text), "{name}: {text:?} became {left:?}");
        changed += usize::from(left != *text);
    }
    assert!(changed * 4 > drafts.len(), "only {changed} of {} were changed", drafts.len());
}
