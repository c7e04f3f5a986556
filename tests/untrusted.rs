//! What a draft, a rule file, a config, a flag or a name of a file says never reaches a terminal as more than letters, nor
//! a runner of CI as a command, whatever is asked for in whatever form.

#![allow(clippy::unwrap_used, reason = "a test that cannot run the program has failed")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Colour, a mark that turns the direction of writing, a bell, and an escape in one character.
const RAW: &str = "\u{1b}[31m\u{202e}\u{7}\u{9b}31m";

/// The same in TOML, with commands to a runner.
const WRITTEN: &str = "\\u001b[31m\\u202e\\u0007\\u009b31m\\n::error::x\\n##[error]y##vso[x]";

fn put(folder: &Path) {
    let write = |name: &str, text: &str| {
        fs::write(folder.join(name), text.replace("RAW", RAW).replace("WRITTEN", WRITTEN)).unwrap();
    };
    write(
        "rules.toml",
        r#"category = "odd"
title = "tWRITTEN"
[[rule]]
name = "one"
level = "warning"
message = "mWRITTEN"
label = "lWRITTEN"
why = "wWRITTEN"
source = "sWRITTEN"
help = "hWRITTEN"
phrases = ["heron"]
examples.flagged = ["heron WRITTEN", "no WRITTEN"]
[[rule]]
name = "twoWRITTEN"
level = "warningWRITTEN"
message = "m {noWRITTEN}"
phrases = ["h{eronWRITTEN"]
xWRITTEN = "WRITTEN"
[[rule]]
name = "three"
message = "m"
patterns = ["(aWRITTEN"]
"#
        .replace("xWRITTEN =", "\"xWRITTEN\" =")
        .as_str(),
    );
    write(
        "broken.toml",
        r#"platform = "xWRITTEN"
fail-on = "eWRITTEN"
include = ["[aWRITTEN"]
rules = ["noWRITTEN.toml", "rules.toml"]
packs = ["pWRITTEN"]
extends = ["eWRITTEN.toml"]
"keyWRITTEN" = 1
[[account]]
name = "accWRITTEN"
names = ["nWRITTEN"]
match = "*.md"
[[account]]
name = "accWRITTEN"
[limits]
file-size = "16 aWRITTEN"
"netWRITTEN" = { length = 3 }
[levels]
"leWRITTEN/x" = "error"
"odd/one" = "erWRITTEN"
[thresholds]
"thWRITTEN/x" = { note = 2 }
[profiles."proWRITTEN"]
extends = "exWRITTEN"
[columns]
"colWRITTEN" = "x"
text = "TextWRITTEN"
[queue]
profile = "profWRITTEN"
timezone = "zoneWRITTEN"
history = ["histWRITTEN"]
[[overrides]]
files = ["*.csv"]
account = "acc2WRITTEN"
"#,
    );
    write("no.toml", "a = [RAW\n");
    write(
        "a.md",
        "---\naccount: whoRAW\nplatform: netRAW\n---\nThe heron is back.RAW\n<!-- selfless: allow noRAW/x -->\n",
    );
    write(
        "b.jsonl",
        "{\"id\":\"iWRITTEN\",\"account\":\"zWRITTEN\",\"platform\":\"qWRITTEN\",\"text\":\"The heron WRITTEN\"}\n\
         {\"id\":\"iWRITTEN\",\"teWRITTENxt\":1}\n{RAW\n",
    );
    write("c.csv", "TeRAWxt,Text,DateRAW\nThe heron.,xRAW,32/13/2026RAW\nThe heron left.,yRAW,2026-01-02\n");
    write("d.yaml", "posts:\n- text: heron\n  platform: \"kWRITTEN\"\n- teRAW: 1\n");
    write("base.txt", "selflessRAW\nRAW\n");
}

/// Runs the program, and fails where anything it writes is more than letters, or a command to a runner.
#[track_caller]
fn check(folder: &Path, args: &[&str]) {
    for workflow in ["", "true"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_selfless"));
        let args: Vec<String> = args.iter().map(|arg| arg.replace("RAW", RAW)).collect();
        command.args(&args).current_dir(folder).stdin(Stdio::null());
        command.envs([("CI", "1"), ("LC_ALL", "C.UTF-8"), ("NO_COLOR", "1"), ("GITHUB_ACTIONS", workflow)]);
        let output = command.output().unwrap();
        for written in [&output.stdout, &output.stderr] {
            let written = String::from_utf8(written.clone()).unwrap();
            let odd = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
            assert!(!written.contains(odd), "{args:?}: {written:?}");
            let annotates = args.iter().any(|arg| arg == "github");
            let marked = |line: &str| line.contains("##[") || line.contains("##vso[");
            let obeyed = |line: &&str| marked(line) || line.trim_start().starts_with("::") && !annotates;
            let first = written.lines().find(obeyed);
            assert!(workflow.is_empty() || first.is_none(), "{args:?}: {first:?}");
        }
    }
}

#[test]
fn no_output_format_passes_on_more_than_letters() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path());
    let drafts = ["a.md", "b.jsonl", "c.csv", "d.yaml"];
    for format in selfless::emit::OutputFormat::NAMES {
        for config in [&["--config", "broken.toml"][..], &["--no-config", "--rules", "rules.toml"]] {
            let args = [config, &["--format", format, "--statistics", "--all"], &drafts].concat();
            check(folder.path(), &args);
        }
    }
    check(folder.path(), &["--no-config", "--rules", "rules.toml", "--explain-score", "--needs", "a.md"]);
}

#[test]
fn no_file_that_is_written_holds_a_command() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path());
    fs::write(folder.path().join("e.txt"), "The heron##[error]x is back.\n::error::The heron##vso[y] left.\n")
        .unwrap();
    for runner in [("GITHUB_ACTIONS", "true"), ("TF_BUILD", "True")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_selfless"));
        command.args(["--no-config", "--rules", "rules.toml", "-q", "--all", "e.txt", "b.jsonl"]);
        command.args(["--output", "human=human.txt", "--output", "short=short.txt"]).current_dir(folder.path());
        command.envs([("CI", "1"), ("GITHUB_ACTIONS", ""), runner]).stdin(Stdio::null()).output().unwrap();
        for name in ["human.txt", "short.txt"] {
            let written = fs::read_to_string(folder.path().join(name)).unwrap();
            assert!(written.contains("e.txt"), "{written}");
            assert!(!written.contains("##[") && !written.contains("##vso["), "{written}");
            assert!(!written.lines().any(|line| line.trim_start().starts_with("::")), "{written}");
        }
    }
}

#[test]
fn no_command_passes_on_more_than_letters() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path());
    let broken = ["--config", "broken.toml"];
    let rules = ["--no-config", "--rules", "rules.toml"];
    for args in [
        &["config", "a.md", "--all"][..],
        &["config", "a.md", "--format", "json"],
        &["posts", "a.md", "b.jsonl", "c.csv", "d.yaml"],
        &["posts", "--format", "json", "a.md", "b.jsonl", "c.csv"],
        &["queue", "a.md", "b.jsonl", "c.csv"],
        &["queue", "--format", "json", "a.md", "c.csv"],
        &["eval", "b.jsonl"],
        &["--baseline", "base.txt", "a.md"],
        &["--diff", "a.md"],
        &["--list-files", "."],
    ] {
        check(folder.path(), &[args, &broken].concat());
    }
    for args in [
        &["rules"][..],
        &["rules", "--format", "json"],
        &["rules", "test"],
        &["explain", "odd/one"],
        &["explain", "odd"],
    ] {
        check(folder.path(), &[args, &rules].concat());
    }
    check(folder.path(), &["--config", "no.toml", "a.md"]);
}

#[test]
fn no_flag_comes_back_as_more_than_letters() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path());
    for args in [
        &["--account", "aRAW", "a.md"][..],
        &["--profile", "aRAW", "c.csv"],
        &["--timezone", "aRAW", "c.csv"],
        &["--platform", "aRAW", "a.md"],
        &["--format", "aRAW", "a.md"],
        &["--pack", "aRAW", "a.md"],
        &["--text-column", "aRAW", "c.csv"],
        &["--text-path", "aRAW", "d.yaml"],
        &["--rules", "aRAW", "a.md"],
        &["--config", "aRAW", "a.md"],
        &["--output", "json=RAW/a", "a.md"],
        &["--output", "aRAW=a", "a.md"],
        &["--since", "aRAW", "a.md"],
        &["--history", "aRAW", "a.md"],
        &["--changed-since", "aRAW", "a.md"],
        &["--stdin-filename", "aRAW.md", "-"],
        &["--max-file-size", "aRAW", "a.md"],
        &["-A", "aRAW", "a.md"],
        &["--aRAW", "a.md"],
        &["aRAW"],
        &["explain", "aRAW"],
        &["report", "-o", "RAW/a", "a.md"],
        &["baseline", "-o", "RAW/a", "a.md"],
        &["man", "RAW/a"],
        &["eval", "aRAW"],
    ] {
        check(folder.path(), args);
    }
}
