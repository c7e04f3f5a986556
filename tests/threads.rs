//! Posts of one file, judged on several threads: the output is the same at any number of them.
//!
//! Each file is long enough to be shared out (128 KiB), or large enough to be read twice (2 MiB, most of it nothing to judge).

#![allow(clippy::unwrap_used, reason = "a test that cannot run the program has failed")]

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn run(folder: &Path, threads: &str, format: &str, input: &str, from_stdin: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selfless"));
    command.current_dir(folder).env("CI", "1").args(["--exit-zero", "--format", format, "-j", threads]);
    if from_stdin {
        command.args(["--stdin-filename", input]).stdin(Stdio::from(File::open(folder.join(input)).unwrap()));
    } else {
        command.arg(input).stdin(Stdio::null());
    }
    command.output().unwrap()
}

/// What a post says: some promote, some are one line, some are long.
fn post(number: usize) -> String {
    match number % 5 {
        0 => format!("Thrilled to announce our award number {number}. Link in bio!"),
        1 => format!("What would the heron do on day {number}?"),
        2 => format!("Draft {number} is done. Buy now, only {number} left, and share it with everybody."),
        3 => format!("The canal froze {number} times. ").repeat(number % 17 + 1),
        _ => format!("Ask {number}"),
    }
}

/// Each file, by its name, with so many posts and so many bytes of other things.
fn files(posts: usize, beside: usize) -> Vec<(&'static str, String)> {
    let padding = "x".repeat(beside / posts);
    let all = |head: &str, row: &dyn Fn(usize) -> String| {
        (0..posts).fold(head.to_owned(), |mut text, number| {
            text.push_str(&row(number));
            text
        })
    };
    let day = |number: usize| format!("2026-{:02}-{:02} 09:00", number / 28 % 12 + 1, number % 28 + 1);
    let record = |number: usize| format!(r#"{{"text":"{}","note":"{padding}"}}"#, post(number));
    let mut json = all(r#"{"posts":["#, &|number| record(number) + ",\n");
    json.push_str(r#"{"text":"The last one."}]}"#);
    vec![
        ("a.csv", all("Text,Date,Notes\n", &|number| format!("\"{}\",{},{padding}\n", post(number), day(number)))),
        ("a.json", json),
        (
            "a.jsonl",
            all("", &|number| match number % 41 {
                40 => "{\n".to_owned(),
                _ => record(number) + "\n",
            }),
        ),
        ("a.yaml", all("posts:\n", &|number| format!("- text: \"{}\"\n  note: {padding}\n", post(number)))),
        ("a.txt", all("", &|number| format!("{}{}\n{padding}", post(number), "\n".repeat(number % 3)))),
        ("a.md", all("", &|number| format!("## Post {number}\n\n{}\n\n<!-- {padding} -->\n\n", post(number)))),
    ]
}

/// One draft of so many lines, each with several things to find: pairs, what excuses and what is quoted, tags, names, words in
/// capitals, disclosures and questions; few lines end a paragraph.
fn draft(lines: usize) -> String {
    let line = |number: usize| {
        match number % 7 {
        0 => "Full disclosure: I made this. #smallbiz #ad\n\n".to_owned(),
        1 => format!("Thrilled to announce our award number {number}, link in bio! #smallbiz #handmade\n"),
        2 => "We are giving away a free kiln. Comment and tag a friend to win, \"not a word\" of it is mine. #giveaway\n".to_owned(),
        3 => format!("BIG NEWS: only {number} left, buy now! Thank you @sam for the photo. #shopsmall\n"),
        4 => format!("Sam wrote {number} letters to the library; they never sold one. What do you think? #heron\n"),
        5 => "> DM me to work with me, said the teacher. My course is open - enrol today. #smallbiz\n".to_owned(),
        _ => format!("I just launched a shop with {number} maps. Don't buy it, unless you love rain. https://acme.example/a?ref=x #b2b\n"),
    }
    };
    (0..lines).map(line).collect()
}

#[track_caller]
fn check(posts: usize, beside: usize, least: usize, formats: &[(&str, bool)]) {
    check_all(posts, least, files(posts, beside), formats);
}

#[track_caller]
fn check_all(posts: usize, least: usize, files: Vec<(&str, String)>, formats: &[(&str, bool)]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        assert!(content.len() > least, "{name} has only {} bytes", content.len());
        fs::write(folder.path().join(name), content).unwrap();
        for (format, from_stdin) in formats {
            let at = |threads| run(folder.path(), threads, format, name, *from_stdin);
            let one = at("1");
            assert!(one.stdout.len() > posts * 10, "{name} as {format} gave {} bytes", one.stdout.len());
            for threads in ["2", "8"] {
                let more = at(threads);
                let place = format!("{name} as {format} on {threads} threads, standard input: {from_stdin}");
                assert_eq!(one.status.code(), more.status.code(), "{place}");
                assert!(one.stdout == more.stdout, "{place}: standard output differs");
                assert!(one.stderr == more.stderr, "{place}: standard error differs");
            }
        }
    }
}

#[test]
fn a_long_file_is_judged_alike_on_any_number_of_threads() {
    check(300, 130_000, 128 << 10, &[("human", false), ("json", true)]);
}

#[test]
fn a_large_file_is_judged_alike_on_any_number_of_threads() {
    check(300, 2_200_000, 2 << 20, &[("jsonl", false), ("short", true)]);
}

/// So long that threads share in every step of it: sentences, phrases, what stands around them, patterns and guards.
#[test]
fn a_long_draft_is_judged_alike_on_any_number_of_threads() {
    let draft = draft(4_000);
    let files = vec![("a.txt", draft.clone()), ("a.md", draft)];
    check_all(4_000, 256 << 10, files, &[("json", false)]);
}
