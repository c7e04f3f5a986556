//! Floor 4: the examples of rule files, run.
//!
//! Does not read files. Invariant: every example of every rule is judged with its file's setting by all rules together,
//! as a draft of a user would be, and only the rule itself is asked for.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Level};
use crate::document::{Part, PartKind, Post};
use crate::identity::Account;
use crate::lint::{Context, Linter, Policy};
use crate::rule::raw::{self, RawFile, RawRule, RawSetting};
use crate::rule::{RuleSet, shipped_files};
use crate::table::At;
use crate::text::{MappedText, Source};

/// What came of the examples.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many were run.
    pub examples: usize,
    /// Of how many rules.
    pub rules: usize,
    /// The drafts that failed: each names its rule.
    pub failures: Vec<Diagnostic>,
    /// Mistakes in the files, which keep rules from being tested.
    pub mistakes: Vec<Diagnostic>,
}

/// Runs the examples of rule files. Files that are among the shipped ones (by their text) are tested as those, others
/// on top of them; files that declare the shape of the score are a whole set, changed ones of the shipped, and stand
/// alone.
#[must_use]
pub fn run(files: &[Arc<Source>]) -> Outcome {
    if files.iter().any(|file| raw::read(file).0.shape.is_some()) {
        return run_alone(files);
    }
    let shipped = shipped_files();
    let is_shipped = |file: &&Arc<Source>| shipped.iter().any(|one| one.text() == file.text());
    let added: Vec<Arc<Source>> = files.iter().filter(|file| !is_shipped(file)).cloned().collect();
    let (rules, mistakes) = RuleSet::with_files(&added);
    run_with(rules, files, mistakes)
}

/// Runs the examples of `files` with the rules of those files alone.
#[must_use]
pub fn run_alone(files: &[Arc<Source>]) -> Outcome {
    let (rules, mistakes) = RuleSet::of_files(files);
    run_with(rules, files, mistakes)
}

fn run_with(rules: RuleSet, files: &[Arc<Source>], mistakes: Vec<Diagnostic>) -> Outcome {
    let linter = Linter::new(Arc::new(rules));
    let mut outcome = Outcome { mistakes, ..Outcome::default() };
    for file in files {
        // Mistakes of shape were reported when the set was compiled.
        let (raw, _) = raw::read(file);
        for rule in &raw.rules {
            rule_examples(&linter, &raw, rule, &mut outcome);
        }
    }
    outcome
}

fn rule_examples(linter: &Linter, file: &RawFile, rule: &RawRule, outcome: &mut Outcome) {
    let (Some(category), Some(name)) = (&file.category, &rule.name) else { return };
    let full = format!("{}/{}", category.value, name.value);
    if !linter.rules().rules().iter().any(|rule| rule.name == full) {
        return;
    }
    let cases = rule.cases.iter().map(|case| (&case.text, case.flagged, case.setting.as_ref()));
    let before = rule.before.iter().map(|text| (text, true, None));
    let after = rule.after.iter().map(|text| (text, false, None));
    let mut ran = 0;
    for (text, flagged, setting) in cases.chain(before).chain(after) {
        ran += 1;
        let found = finds(linter, text, &context(&file.setting, setting), &full);
        if found != flagged {
            let (message, label) = match flagged {
                true => (format!("`{full}` does not find what it must"), "must be flagged"),
                false => (format!("`{full}` finds what it must not"), "must stay quiet"),
            };
            outcome.failures.push(Diagnostic::error("rule/example", message).label(
                &file.source,
                text.span,
                label,
            ));
        }
    }
    outcome.examples += ran;
    outcome.rules += usize::from(ran > 0);
}

/// A case's own identity replaces the file's; its platform likewise.
fn context(file: &RawSetting, case: Option<&RawSetting>) -> Context {
    let mut setting = file.clone();
    if let Some(case) = case {
        if case.identity != crate::document::IdentityKeys::default() {
            let kind_alone = crate::document::IdentityKeys {
                kind: case.identity.kind,
                ..crate::document::IdentityKeys::default()
            };
            match case.identity == kind_alone {
                true => setting.identity.kind = case.identity.kind,
                false => setting.identity = case.identity.clone(),
            }
        }
        setting.platform = case.platform.or(setting.platform);
    }
    Context {
        account: Account { name: None, keys: setting.identity },
        platforms: setting.platform.into_iter().collect(),
        ..Context::default()
    }
}

/// Whether the rule is among the findings, or among what structure findings were folded into.
fn finds(linter: &Linter, text: &At<String>, context: &Context, rule: &str) -> bool {
    let source = Arc::new(Source::from_text("example", text.value.clone()));
    let mut mapped = MappedText::new();
    mapped.push_linear(source.text(), 0);
    let (text, map) = mapped.finish();
    let mut post = Post::new(&source);
    post.parts.push(Part::new(PartKind::Text, text, map));
    let rules = linter.rules();
    let mut policy = Policy::of(rules);
    // A rule that is off by default is tested all the same, and one of a pack beside the others of the pack.
    let pack = rules.rules().iter().find(|one| one.name == rule).and_then(|one| one.pack.as_deref());
    if let Some(pack) = pack {
        policy.switch_on(rules, pack);
    }
    for (level, one) in policy.levels.iter_mut().zip(rules.rules()) {
        if *level == Level::Off && one.name == rule {
            *level = Level::Warning;
        }
    }
    linter.matched_rules(&post, context, &policy).iter().any(|found| found == rule)
}
