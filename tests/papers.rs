//! The papers say what is true: every command in them is run, and every piece of TOML is read.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use selfless::config::ConfigFile;
use selfless::diagnostic::Diagnostic;
use selfless::document::{Format, extract};
use selfless::proof;
use selfless::rule::{Class, raw};
use selfless::text::Source;

/// The papers whose blocks are run or read.
const PAPERS: [&str; 10] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/writing-rules.md",
    "docs/config.md",
    "docs/formats.md",
    "docs/git.md",
    "docs/output.md",
    "docs/queues.md",
];

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// A fenced block: its language, its text, and the line on which it opens.
struct Block {
    language: String,
    text: String,
    line: usize,
}

fn blocks(paper: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for (line, text) in paper.lines().enumerate() {
        match text.trim_start().strip_prefix("```") {
            Some(language) if !inside => {
                blocks.push(Block { language: language.to_owned(), text: String::new(), line: line + 1 });
                inside = true;
            }
            Some(_) => inside = false,
            None if inside => {
                let block = blocks.last_mut().unwrap();
                block.text.push_str(text);
                block.text.push('\n');
            }
            None => {}
        }
    }
    assert!(!inside, "a block is never closed");
    blocks
}

fn shown(diagnostics: &[Diagnostic]) -> String {
    let lines = diagnostics.iter().map(|diagnostic| {
        let place = diagnostic.labels.first().map_or_else(String::new, |label| {
            let at = label.source.line_column(label.span.start());
            format!("{}:{}: {}", label.source.name(), at.line, label.source.slice(label.span))
        });
        format!("\n{}: {} {place}", diagnostic.code, diagnostic.message)
    });
    lines.collect()
}

/// Reads a block as what it is, rules or config, and runs the examples of rules.
fn prove(name: &str, block: &Block) -> usize {
    // Blank lines keep the numbers of the lines those of the paper.
    let text = "\n".repeat(block.line) + &block.text;
    let source = Arc::new(Source::from_text(name, text));
    if !block.text.contains("category = ") {
        let (_, mistakes) = ConfigFile::read(&source, Path::new("/drafts"));
        assert!(mistakes.is_empty(), "{}", shown(&mistakes));
        return 0;
    }
    let outcome = proof::run(&[source]);
    assert!(outcome.mistakes.is_empty(), "{}", shown(&outcome.mistakes));
    assert!(outcome.failures.is_empty(), "{}", shown(&outcome.failures));
    assert!(outcome.examples > 0, "{name}:{}: no example", block.line);
    outcome.examples
}

#[test]
fn toml_in_papers_is_read_and_proves_itself() {
    let mut examples = 0;
    for name in PAPERS {
        let paper = read(name);
        examples += blocks(&paper)
            .iter()
            .filter(|block| block.language == "toml")
            .fold(0, |sum, block| sum + prove(name, block));
    }
    assert!(examples > 60, "only {examples} examples ran");
}

/// What would change the output from one machine to the next.
const ENVIRONMENT: [(&str, &str); 5] =
    [("CI", "1"), ("LC_ALL", "C.UTF-8"), ("COLUMNS", "80"), ("NO_COLOR", "1"), ("GITHUB_ACTIONS", "")];

#[test]
fn commands_in_papers_print_what_the_papers_show() {
    let cases = trycmd::TestCases::new();
    for (name, value) in ENVIRONMENT {
        cases.env(name, value);
    }
    for name in PAPERS {
        cases.case(name);
    }
}

fn selfless(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selfless"));
    command.args(args).current_dir(folder).envs(ENVIRONMENT);
    command
}

/// Whether the words of `command` stand in one line of the script, in order; there may be further flags between. Every
/// test of this package is run by the script's last line.
fn is_run(script: &str, command: &str) -> bool {
    let command = command.split(" # ").next().unwrap_or(command);
    if let Some(test) = command.strip_prefix("cargo test --test ") {
        return Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(test).with_extension("rs").is_file();
    }
    if let Some(args) = command.strip_prefix("cargo run --quiet -- ") {
        let args: Vec<&str> = args.split(' ').collect();
        return selfless(Path::new(env!("CARGO_MANIFEST_DIR")), &args).output().unwrap().status.success();
    }
    script.lines().any(|line| {
        let mut words = line.split_whitespace();
        command.split_whitespace().all(|wanted| words.any(|word| word == wanted))
    })
}

#[test]
fn no_block_of_a_paper_is_untested() {
    let script = read(".ci/run");
    let clients = read(".ci/clients/hooks.sh");
    for name in PAPERS {
        for block in blocks(&read(name)) {
            let tested = match block.language.as_str() {
                // See the tests above and below.
                "console" | "toml" => true,
                "yaml" | "sh" if name == "README.md" && !block.text.starts_with("cargo") => true,
                "sh" if name == "docs/git.md" => true,
                // Its clients run what the paper says, by the number of the block.
                "yaml" if name == "docs/git.md" => clients.contains("docs/git.md"),
                "sh" => block.text.lines().all(|line| is_run(&script, line)),
                // The picture of the way through the house.
                "text" => name == "ARCHITECTURE.md",
                language => Format::from_name(language).is_some_and(|format| {
                    let extracted = extract(&Arc::new(Source::from_text(name, block.text)), &format.into());
                    extracted.diagnostics.is_empty() && !extracted.posts.is_empty()
                }),
            };
            assert!(tested, "{name}:{}: nobody tests `{}`", block.line, block.language);
        }
    }
}

#[test]
fn commands_about_git_run_in_a_repository() {
    let here = tempfile::tempdir().unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_selfless")).parent().unwrap().to_owned();
    let others = std::env::var_os("PATH").unwrap();
    let path = std::env::join_paths(std::iter::once(binary).chain(std::env::split_paths(&others))).unwrap();
    let run = |line: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).current_dir(here.path()).envs(ENVIRONMENT).env("PATH", &path);
        shell.envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")]);
        ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"].iter().for_each(|name| {
            shell.env_remove(name);
        });
        let output = shell.output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    fs::write(here.path().join("queue.csv"), "Date,Text\n2026-03-01,What did you find under the bridge?\n")
        .unwrap();
    run("git init --quiet --initial-branch=main && git add . && \
         git -c user.name=Sam -c user.email=sam@example.org commit --quiet -m one && \
         git update-ref refs/remotes/origin/main HEAD");
    fs::write(here.path().join("a.md"), "Who showed you the way to the mill?\n").unwrap();
    run("git add a.md");
    let paper = read("docs/git.md");
    let lines: Vec<String> = blocks(&paper)
        .into_iter()
        .filter(|block| block.language == "sh")
        .flat_map(|block| block.text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert!(lines.len() > 4, "{lines:?}");
    for line in lines {
        let said = run(&line);
        // What is staged, changed, or added is the draft; the queue is due at no time to come.
        assert_eq!(said.contains("a.md: "), !line.contains("--since"), "{line}: {said}");
    }
}

#[test]
fn the_examples_show_every_verdict() {
    let program = std::process::Command::new(env!("CARGO_BIN_EXE_selfless"))
        .args(["check", "--exit-zero", "--format", "json", "examples"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&program.stdout).unwrap();
    for verdict in ["promotional", "mixed", "conversational"] {
        assert!(report["summary"][verdict].as_u64() > Some(0), "no example is {verdict}");
    }
    assert!(report["summary"]["posts"].as_u64() >= Some(8));
}

#[test]
fn the_readme_is_short() {
    let lines = read("README.md").lines().count();
    assert!(lines < 150, "{lines} lines; `...` may stand for lines of an output");
}

#[test]
fn the_rule_in_the_readme_is_the_example() {
    let readme = read("README.md");
    let mut rules = blocks(&readme).into_iter().filter(|block| block.text.contains("[[rule]]"));
    assert_eq!(rules.next().unwrap().text, read("examples/house-rules.toml"));
}

#[test]
fn the_hook_of_pre_commit_takes_drafts_and_stops_at_promotion() {
    let readme = read("README.md");
    let yaml = blocks(&readme).into_iter().find(|block| block.language == "yaml").unwrap().text;
    let value = |key: &str| {
        let line = yaml.lines().find_map(|line| line.trim().strip_prefix(key)).unwrap();
        line.trim_start_matches(':').trim().to_owned()
    };
    assert_eq!(value("language"), "system");
    let files = regex::Regex::new(&value("files")).unwrap();
    for (path, chosen) in
        [("content/a.md", true), ("content/2026/b.txt", true), ("src/a.md", false), ("content/c.png", false)]
    {
        assert_eq!(files.is_match(path), chosen, "{path}");
    }
    let entry = value("entry");
    let args: Vec<&str> = entry.strip_prefix("selfless ").unwrap().split(' ').collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (draft, code) in [("examples/award.txt", 1), ("examples/thanks.md", 0)] {
        let output = selfless(root, &args).arg(draft).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{draft}");
    }
}

/// The names in the note `accepted: a, b, c` of the first mistake.
fn accepted(mistakes: &[Diagnostic]) -> Vec<String> {
    let notes = mistakes.iter().flat_map(|mistake| &mistake.notes);
    let list = notes.filter_map(|note| note.strip_prefix("accepted: ")).next().unwrap();
    list.split(", ").map(str::to_owned).collect()
}

#[track_caller]
fn names_all(name: &str, keys: &[String]) {
    let paper = read(name);
    let explains = |key: &str| [format!("`{key}`"), format!("`{key} = ")].iter().any(|form| paper.contains(form));
    let missing: Vec<_> = keys.iter().filter(|key| !explains(key)).collect();
    assert!(missing.is_empty(), "{name} does not explain {missing:?}");
}

#[test]
fn every_key_is_explained() {
    let source = |text: &str| Arc::new(Source::from_text("wrong.toml", text));
    let config = |text: &str| accepted(&ConfigFile::read(&source(text), Path::new("/drafts")).1);
    for text in [
        "wrong = 1",
        "[identity]\nwrong = 1",
        "[[account]]\nname = 'a'\nwrong = 1",
        "[queue]\nwrong = 1",
        "[profiles.a]\nwrong = 1",
    ] {
        let keys = config(text);
        assert!(keys.len() > 5, "{keys:?}");
        names_all("docs/config.md", &keys);
    }
    let rules = |text: &str| accepted(&raw::read(&source(text)).1);
    for text in [
        "[[rule]]\nname = 'a'\nguards = { wrong = 1 }",
        "[examples]\nwrong = 1",
        "[[rule]]\nname = 'a'\nwrong = 1",
    ] {
        let keys = rules(&format!("category = 'a'\n{text}"));
        assert!(keys.len() > 5, "{keys:?}");
        names_all("docs/writing-rules.md", &keys);
    }
    names_all("docs/writing-rules.md", &Class::ALL.map(|class| format!("{{{}}}", class.name())));
}
