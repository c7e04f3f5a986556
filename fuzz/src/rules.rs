//! Phrases, rule files and config: what users write.

use std::path::Path;
use std::sync::Arc;

use selfless::config::{ConfigFile, Settings};
use selfless::document::{Format, extract};
use selfless::lint::{Context, Linter, Policy};
use selfless::rule::RuleSet;
use selfless::rule::phrase::{Lists, expand};
use selfless::text::Source;

use crate::posts::{on_borders, sound_diagnostic};

/// A phrase: it is expanded within its limit, or refused at a place of its own.
pub fn phrases(data: &[u8]) {
    let phrase = String::from_utf8_lossy(data);
    let lists = Lists::from([(
        "price".to_owned(),
        vec![vec!["free".to_owned()], vec!["for".to_owned(), "less".to_owned()]],
    )]);
    match expand(&phrase, &lists) {
        Ok(sequences) => {
            assert!(!sequences.is_empty());
            assert!(sequences.iter().all(|sequence| !sequence.labels.is_empty()));
        }
        Err(error) => {
            assert!(phrase.get(error.range.clone()).is_some(), "{error:?} is no place in {phrase:?}");
            assert!(!error.message.is_empty());
        }
    }
}

/// A rule file: every mistake has a place, and what was right finds its places in a draft.
pub fn rules(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let file = Arc::new(Source::from_text("house.toml", text));
    let (rules, diagnostics) = RuleSet::with_files(std::slice::from_ref(&file));
    diagnostics.iter().for_each(sound_diagnostic);
    let added = rules.rules().len();
    let linter = Linter::new(Arc::new(rules));
    let policy = Policy::of(linter.rules());
    let draft = Arc::new(Source::from_text("draft.txt", DRAFT));
    for post in extract(&draft, &Format::Text.into()).posts {
        let report = linter.lint(&post, &Context::default(), &policy);
        for finding in &report.findings {
            sound_diagnostic(&finding.diagnostic);
        }
    }
    assert!(added > 0);
}

const DRAFT: &str = "Thrilled to announce our heron! What would you have done? It's free, for 20% less.\n\n\
                     DM me, or see https://heron.example/a?b=1 #canal @noor 🚀 — “quoted, so to speak”";

/// A config: every mistake has a place, and it merges with itself.
pub fn config(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let source = Arc::new(Source::from_text("selfless.toml", text));
    let (file, diagnostics) = ConfigFile::read(&source, Path::new("/drafts"));
    for diagnostic in &diagnostics {
        sound_diagnostic(diagnostic);
        diagnostic.labels.iter().for_each(|label| on_borders(&label.source, label.span));
    }
    let file = Arc::new(file);
    let once = Settings::merge(std::slice::from_ref(&file));
    let twice = Settings::merge(&[Arc::clone(&file), file]);
    assert_eq!(format!("{:?}", once.limits.bounds), format!("{:?}", twice.limits.bounds));
    assert_eq!(format!("{:?}", once.platforms), format!("{:?}", twice.platforms));
    let named = |all: &Settings| all.accounts.iter().filter(|account| account.name.is_some()).count();
    assert_eq!(named(&once), named(&twice));
}
