//! Fixes, applied by the program to every draft that a shipped rule must flag.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Output};

use selfless::rule::{raw, shipped_files};
use serde_json::Value;

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

/// A draft in an encoding, with a byte order mark and line ends of its own.
fn spelled(number: usize, text: &str) -> (String, Vec<u8>) {
    let text = format!("Où est le café ? 日本 😀\n\n{text}\n\nStay tuned!! Übung.\n");
    let utf16 = |mark: u16, unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(mark).chain(text.encode_utf16()).flat_map(unit).collect()
    };
    match number % 4 {
        0 => (format!("{number}.md"), text.replace('\n', "\r\n").into_bytes()),
        1 => (format!("{number}.txt"), [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        2 => (format!("{number}.txt"), utf16(0xFEFF, u16::to_le_bytes)),
        _ => (format!("{number}.txt"), utf16(0xFEFF, u16::to_be_bytes)),
    }
}

/// A finding and the bytes of the file that its fix is about.
struct Fixed {
    rule: String,
    text: String,
    edits: Vec<Range<usize>>,
}

/// By the name of a file, what fixes would be applied to it.
fn found(folder: &Path) -> BTreeMap<String, Vec<Fixed>> {
    let output = selfless(folder, &[]);
    let mut all: BTreeMap<String, Vec<Fixed>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let post: Value = serde_json::from_str(line).unwrap();
        let name = post["source"].as_str().unwrap().trim_start_matches("./").to_owned();
        for finding in post["findings"].as_array().unwrap() {
            let byte =
                |edit: &Value, end: &str| usize::try_from(edit["span"][end]["byte"].as_u64().unwrap()).unwrap();
            let edits = finding["fix"]["edits"].as_array();
            let edits = edits.into_iter().flatten().map(|edit| byte(edit, "start")..byte(edit, "end")).collect();
            let word = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
            all.entry(name.clone()).or_default().push(Fixed { rule: word("rule"), text: word("text"), edits });
        }
    }
    all
}

/// Whether `new` is `old` with nothing changed outside of `places`, out of which the shipped fixes only take.
fn only_in(old: &[u8], new: &[u8], places: &[Range<usize>]) -> bool {
    // How much of `new` can be spelled by what was read of `old`.
    let mut spelled = BTreeSet::from([0]);
    for (at, byte) in old.iter().enumerate() {
        let inside = places.iter().any(|place| place.contains(&at));
        let with: Vec<usize> =
            spelled.iter().filter(|&&end| new.get(end) == Some(byte)).map(|end| end + 1).collect();
        if !inside {
            spelled.clear();
        }
        spelled.extend(with);
    }
    spelled.contains(&new.len())
}

#[test]
fn only_what_an_edit_is_about_changes_and_what_was_fixed_is_found_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (number, text) in drafts().into_values().enumerate().step_by(3) {
        let (name, bytes) = spelled(number / 3, text.trim_start_matches('\u{feff}'));
        fs::write(folder.path().join(&name), &bytes).unwrap();
        files.insert(name, bytes);
    }
    let before = found(folder.path());
    selfless(folder.path(), &["--fix", "--unsafe-fixes"]);
    let after = found(folder.path());
    let mut changed = 0;
    for (name, old) in &files {
        let new = fs::read(folder.path().join(name)).unwrap();
        let places: Vec<Range<usize>> = before[name].iter().flat_map(|one| one.edits.clone()).collect();
        assert!(only_in(old, &new, &places), "{name}: {}", String::from_utf8_lossy(old));
        changed += usize::from(new != *old);
        // Of marks that are counted, some stay, each once.
        let words = |one: &&Fixed| !one.edits.is_empty() && one.text.contains(char::is_alphanumeric);
        for gone in before[name].iter().filter(words) {
            let same = |one: &&Fixed| one.rule == gone.rule && one.text == gone.text;
            let left = after.get(name).into_iter().flatten().filter(same).count();
            let kept = before[name].iter().filter(same).filter(|one| one.edits.is_empty()).count();
            assert!(left <= kept, "{name}: {} is still there: {}", gone.rule, gone.text);
        }
    }
    assert!(changed * 2 > files.len(), "only {changed} of {} were changed", files.len());
}

#[cfg(unix)]
#[test]
fn who_may_read_a_file_stays_and_so_does_a_link_to_it() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("a.md"), folder.path().join("link.md"));
    fs::write(&file, "Big news! The kiln is on!!! It took a year!! Order now!\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&file, &link).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_selfless"));
    command.current_dir(folder.path()).args(["--no-config", "--fix", "link.md"]);
    assert_ne!(command.output().unwrap().status.code(), Some(2));
    assert_eq!(fs::read_to_string(&file).unwrap(), "Big news! The kiln is on! It took a year! Order now!\n");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
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
