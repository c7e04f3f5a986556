//! What is nested deeper than anybody writes takes no stack: every reader is given a small one.

#![allow(clippy::unwrap_used, reason = "a thread that overflows its stack ends the test")]

use std::path::Path;
use std::sync::Arc;
use std::thread;

use selfless::config::ConfigFile;
use selfless::document::{ExtractOptions, Format, ReadLimits, extract};
use selfless::lint::{Context, Linter, Policy};
use selfless::rule::RuleSet;
use selfless::text::Source;

const DEEP: usize = 100_000;

/// Less than any thread of the program has.
const STACK: usize = 1 << 20;

fn small(work: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(STACK).spawn(work).unwrap().join().unwrap();
}

/// As [`check`], as deep as a config may allow.
#[track_caller]
fn check_deepest(name: &'static str, text: String) {
    small(move || {
        let limits = ReadLimits { nesting: 500, ..ReadLimits::default() };
        let options = ExtractOptions { limits, ..ExtractOptions::default() };
        let extracted = extract(&Arc::new(Source::from_text(name, text)), &options);
        assert_eq!(extracted.posts.len(), 1, "{:?}", extracted.diagnostics.first());
    });
}

/// Reads and judges a source on a small stack.
#[track_caller]
fn check(name: &'static str, text: String) {
    small(move || {
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let extracted =
            extract(&Arc::new(Source::from_text(name, text)), &Format::from_path(name).unwrap().into());
        for post in extracted.posts.iter().take(2) {
            let report = linter.lint(post, &Context::default(), &Policy::of(linter.rules()));
            assert!(report.score.promotion.is_finite());
        }
    });
}

#[test]
fn json_of_any_depth_is_read_or_refused() {
    for (open, close) in [("[", "]"), ("{\"posts\":", "}"), ("{\"text\":", "}"), ("[{\"a\":[", "]}]")] {
        check("a.json", open.repeat(DEEP));
        check("a.json", open.repeat(DEEP) + "1" + &close.repeat(DEEP));
        // Just below the limit everything is walked.
        check("a.json", open.repeat(60) + "\"a b c\"" + &close.repeat(60));
        check("a.jsonl", format!("{{\"text\":\"a b\",\"x\":{}1{}}}\n", open.repeat(DEEP), close.repeat(DEEP)));
        check("a.jsonl", format!("{{\"text\":{}1{}}}\n", open.repeat(60), close.repeat(60)));
    }
}

#[test]
fn yaml_of_any_depth_is_read_or_refused() {
    check("a.yaml", "[".repeat(DEEP));
    check("a.yaml", "{a: ".repeat(DEEP));
    check("a.yaml", "- ".repeat(DEEP) + "a");
    check("a.yaml", (0..1_000).map(|level| "  ".repeat(level) + "a:\n").collect());
    check("a.yaml", "[".repeat(120) + "a" + &"]".repeat(120));
    check("a.md", format!("---\nsocial: {}\n---\nThe heron is back.\n", "[".repeat(DEEP)));
    check("a.md", format!("---json\n{{\"a\":{}\n---\nThe heron is back.\n", "[".repeat(DEEP)));
    check("a.md", format!("+++\na = {}\n+++\nThe heron is back.\n", "[".repeat(DEEP / 4)));
    check("a.md", format!("+++\na = {}{}\n+++\nThe heron is back.\n", "[".repeat(60), "]".repeat(60)));
}

#[test]
fn a_config_may_allow_more() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = open.repeat(450) + "1" + &close.repeat(450);
        check_deepest("a.json", format!("{{\"posts\":[{{\"text\":\"The heron is back.\",\"x\":{deep}}}]}}"));
        check_deepest("a.yaml", format!("posts:\n- text: The heron is back.\n  x: {}\n", deep.replace(':', ": ")));
    }
}

#[test]
fn markdown_and_html_of_any_depth_are_read() {
    let depth = DEEP / 20;
    for unit in ["> ", "- ", "1. ", "*a ", "**a*_", "[", "![a](", "<div>", "<b>", "`a", "~~", "\\("] {
        check("a.md", unit.repeat(depth) + "The heron is back.\n");
        check("a.mdx", unit.repeat(depth) + "The heron is back.\n");
    }
    for unit in ["{", "<A>", "{<A>"] {
        check("a.mdx", unit.repeat(depth) + "The heron is back.\n");
    }
    for unit in ["<div>", "<blockquote>", "<", "&amp;", "<p><a href='x'>"] {
        let record = r#"{"orderedItems":[{"type":"Create","object":{"content":"UNIT a b"}}]}"#;
        check("outbox.json", record.replace("UNIT", &unit.repeat(depth)));
    }
    for unit in ["\"", "“", "(", "(“", "‘"] {
        check("a.txt", unit.repeat(depth) + "The heron is back.");
    }
}

#[test]
fn rule_files_and_configs_of_any_depth_are_refused() {
    for text in [
        format!("a = {}", "[".repeat(DEEP / 4)),
        format!("a = {}", "{a=".repeat(DEEP / 4)),
        format!("[{}a]", "a.".repeat(DEEP / 4)),
        format!("category = 'a'\n[[rule]]\nname = 'b'\nmessage = 'm'\nphrases = ['{}']", "{a|".repeat(DEEP / 10)),
        format!("category = 'a'\n[[rule]]\nname = 'b'\nmessage = 'm'\npatterns = ['{}']", "(".repeat(DEEP / 10)),
        format!(
            "category = 'a'\n[[rule]]\nname = 'b'\nmessage = 'm'\npatterns = ['{}a{}']",
            "(".repeat(900),
            ")".repeat(900)
        ),
    ] {
        small(move || {
            let source = Arc::new(Source::from_text("a.toml", text));
            let (_, mistakes) = RuleSet::with_files(&[Arc::clone(&source)]);
            assert!(!mistakes.is_empty());
            let (_, mistakes) = ConfigFile::read(&source, Path::new("/"));
            assert!(!mistakes.is_empty());
        });
    }
}
