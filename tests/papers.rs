//! The papers say what is true: every command in them is run, and every piece of TOML is read.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use selfless::config::ConfigFile;
use selfless::diagnostic::Diagnostic;
use selfless::proof;
use selfless::rule::{Class, raw};
use selfless::text::Source;

/// The papers whose blocks are run or read.
const PAPERS: [&str; 6] =
    ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/writing-rules.md", "docs/config.md"];

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

#[test]
fn no_block_of_a_paper_is_untested() {
    for name in PAPERS {
        for block in blocks(&read(name)) {
            let tested = match block.language.as_str() {
                "console" | "toml" => true,
                _ => false,
            };
            assert!(tested, "{name}:{}: nobody tests `{}`", block.line, block.language);
        }
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
    for text in ["wrong = 1", "[identity]\nwrong = 1", "[[account]]\nname = 'a'\nwrong = 1"] {
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
