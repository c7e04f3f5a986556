//! The house plan, held against the code: which floor may use which, and who may name which package.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::fs;
use std::path::{Path, PathBuf};

/// All Rust files below `src/`, with their paths relative to it.
fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// The code of a file without its unit tests and comments.
fn code(text: &str) -> Vec<&str> {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..end].lines().filter(|line| !line.trim_start().starts_with("//")).collect()
}

/// The module of a file: `text`, `matcher`, `emit::human` …
fn module(name: &str) -> String {
    name.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::")
}

/// The floors, lowest first; within a floor of DESIGN, the order of ARCHITECTURE.md.
const FLOORS: [&[&str]; 18] = [
    &["text"],
    &["fix"],
    &["diagnostic"],
    &["document", "table"],
    &["rule"],
    &["config"],
    &["identity"],
    &["matcher"],
    &["suppress", "fingerprint"],
    &["score"],
    &["section"],
    &["report"],
    &["lint"],
    &["queue"],
    &["baseline"],
    &["proof", "explain", "emit", "schema"],
    &["eval"],
    &["cli"],
];

fn floor(module: &str) -> Option<usize> {
    let top = module.split("::").next().unwrap_or(module);
    FLOORS.iter().position(|modules| modules.contains(&top))
}

/// What of this crate a line uses: `crate::lint::Policy` gives `lint`, `use crate::{a, b}` both.
fn used(line: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.chars().take_while(|next| next.is_alphanumeric() || *next == '_').collect()
    };
    line.match_indices("crate::").map(|(at, _)| word(&line[at + 7..])).filter(|name| !name.is_empty()).collect()
}

#[test]
fn nothing_uses_a_floor_above_or_a_neighbour() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (name, text) in sources() {
        let module = module(&name);
        let Some(own) = floor(&module) else {
            assert!(matches!(module.as_str(), "lib" | "main"), "{name} stands on no floor");
            continue;
        };
        let top = module.split("::").next().unwrap().to_owned();
        for line in code(&text) {
            assert!(!line.contains("crate::{"), "{name}: one `use` a module, so that this test can read them");
            for used in used(line) {
                let Some(other) = floor(&used) else { continue };
                seen += 1;
                if used != top && other >= own {
                    wrong.push(format!("{name} uses {used}"));
                }
            }
        }
    }
    assert!(seen > 50, "only {seen} uses were seen");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn rules_and_documents_do_not_know_each_other() {
    for (name, text) in sources() {
        let module = module(&name);
        for line in code(&text) {
            if module.starts_with("document") {
                assert!(!line.contains("crate::rule"), "{name}: {line}");
            }
            if module.starts_with("rule") && line.contains("crate::document") {
                // The plain words for kinds of account and identities are shared; posts are not.
                assert!(!line.contains("Post") && !line.contains("Part"), "{name}: {line}");
            }
            if module.starts_with("queue") && !module.ends_with("tests") {
                assert!(!line.contains(".slice(") && !line.contains("source.text()"), "{name}: {line}");
            }
            if module.starts_with("score") {
                assert!(!line.contains(".text") && !line.contains("Source"), "{name}: {line}");
            }
        }
    }
}

/// Package, and the modules that may name it.
const PACKAGES: [(&str, &[&str]); 13] = [
    ("annotate_snippets", &["emit::human"]),
    ("toml", &["table", "document::front_matter"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("jiff", &["queue::when", "cli"]),
    ("rayon", &["cli::parallel"]),
    ("signal_hook", &["cli::interrupt"]),
    ("ignore", &["cli"]),
    ("whichlang", &["text"]),
    ("pulldown_cmark", &["document"]),
    ("maud", &["emit::html"]),
    ("open", &["cli::report"]),
];

#[test]
fn packages_are_named_where_the_plan_says() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let module = module(&name);
        for line in code(&text) {
            for (package, allowed) in PACKAGES {
                let named = line.contains(&format!("use {package}::")) || line.contains(&format!(" {package}::"));
                if named && !allowed.iter().any(|prefix| module.starts_with(prefix)) {
                    wrong.push(format!("{name} names {package}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn only_the_command_line_touches_the_world() {
    let world =
        ["std::fs", "std::env", "std::time", "std::process", "std::thread", "println!", "eprintln!", "io::stdout"];
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        let module = module(&name);
        if module.starts_with("cli") || module == "main" || module.ends_with("tests") {
            continue;
        }
        for line in code(&text) {
            let touched = world.iter().filter(|word| line.contains(*word));
            wrong.extend(touched.map(|word| format!("{name} uses {word}")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn files_keep_their_size_and_say_what_they_are() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        if name == "rule/shipped/tables.rs" {
            continue;
        }
        let lines = code(&text).into_iter().filter(|line| !line.trim().is_empty()).count();
        let tests = name.ends_with("tests.rs");
        if lines > 400 && !tests {
            wrong.push(format!("{name} has {lines} lines of code"));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{name} does not say what it is"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn emitters_are_short() {
    for (name, text) in sources() {
        let emitter = name.starts_with("emit/") && name.matches('/').count() == 1 && !name.ends_with("tests.rs");
        let lines = text.lines().count();
        assert!(!emitter || lines < 200, "{name} has {lines} lines: it decides too much");
    }
}

#[test]
fn words_that_the_plan_does_not_use_do_not_occur() {
    for (name, text) in sources() {
        if name == "rule/shipped/tables.rs" {
            continue;
        }
        for line in code(&text) {
            for word in line.to_lowercase().split(|next: char| !next.is_alphanumeric()) {
                assert!(!matches!(word, "violation" | "alert" | "utils" | "helper" | "manager"), "{name}: {line}");
            }
        }
    }
}
