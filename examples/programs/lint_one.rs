//! Lints one string, as a program of one's own would.
//!
//! ```text
//! cargo run --example lint_one -- "Humbled and honored to be named to the list. Link in bio!"
//! ```

#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use std::sync::Arc;

use selfless::{Context, Format, Linter, Policy, RuleSet, Source, extract};

fn main() {
    let draft = std::env::args().skip(1).collect::<Vec<_>>().join(" ");
    let source = Arc::new(Source::from_text("draft", draft));
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let policy = Policy::of(linter.rules());
    for post in extract(&source, &Format::Text.into()).posts {
        let report = linter.lint(&post, &Context::default(), &policy);
        for finding in &report.findings {
            println!("{}: {}", finding.diagnostic.code, finding.diagnostic.message);
        }
        println!("{}", report.score.verdict.name());
    }
}
