//! Floor 4: the examples of rule files, run.
//!
//! Does not read files. Invariant: every example of every rule is judged with its file's setting by all rules together,
//! as a draft of a user would be, and only the rule itself is asked for.

mod firing;
mod queue;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Level};
use crate::document::Post;
use crate::identity::Account;
use crate::lint::{Context, Linter, Policy};
use crate::rule::raw::{self, RawFile, RawRule, RawSetting};
use crate::rule::{RuleSet, shipped_files};
use crate::table::At;
use crate::text::Source;

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
    if is_whole(files) {
        return run_alone(files);
    }
    let (rules, mistakes) = RuleSet::with_files(&added(files));
    run_with(rules, files, mistakes)
}

/// What the drafts of all files together tell of the rules of `files`: warnings for rules that find nothing in any of
/// them, and for rules whose every finding lies inside one of one and the same other rule. Every draft counts, flagged
/// or clean, `before` or `after`; files that are no whole set are judged over the shipped drafts and their own.
#[must_use]
pub fn remarks(files: &[Arc<Source>]) -> Vec<Diagnostic> {
    if is_whole(files) {
        return firing::remarks(RuleSet::of_files(files).0, files, files);
    }
    let added = added(files);
    let (rules, _) = RuleSet::with_files(&added);
    let all: Vec<Arc<Source>> = shipped_files().into_iter().chain(added).collect();
    firing::remarks(rules, files, &all)
}

fn is_whole(files: &[Arc<Source>]) -> bool {
    files.iter().any(|file| raw::read(file).0.shape.is_some())
}

/// Those of `files` that are not among the shipped ones.
fn added(files: &[Arc<Source>]) -> Vec<Arc<Source>> {
    let shipped = shipped_files();
    let is_shipped = |file: &&Arc<Source>| shipped.iter().any(|one| one.text() == file.text());
    files.iter().filter(|file| !is_shipped(file)).cloned().collect()
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
    let mut ran = 0;
    for (text, flagged, setting) in rule.drafts(&file.setting) {
        ran += 1;
        let found = finds(linter, text, &context(setting), &full);
        if found != flagged {
            outcome.failures.push(failure(&full, flagged, text, &file.source));
        }
    }
    for (posts, flagged, profile) in rule.queues() {
        ran += 1;
        match queue::finds(linter, &file.setting, posts, profile, &full, &file.source) {
            Ok(found) if found == flagged => {}
            Ok(_) => outcome.failures.push(failure(&full, flagged, posts, &file.source)),
            Err(mistake) => outcome.failures.push(*mistake),
        }
    }
    outcome.examples += ran;
    outcome.rules += usize::from(ran > 0);
}

fn failure(rule: &str, flagged: bool, text: &At<String>, source: &Arc<Source>) -> Diagnostic {
    let (message, label) = match flagged {
        true => (format!("`{rule}` does not find what it must"), "must be flagged"),
        false => (format!("`{rule}` finds what it must not"), "must stay quiet"),
    };
    Diagnostic::error("rule/example", message).label(source, text.span, label)
}

fn context(setting: RawSetting) -> Context {
    Context {
        account: Account::new(None, setting.identity),
        platforms: setting.platform.into_iter().collect(),
        ..Context::default()
    }
}

fn post(text: &str) -> Post {
    Post::of_text(&Arc::new(Source::from_text("example", text)))
}

/// The policy of a proof: a rule that is off by default is tested all the same, and one of a pack beside the others of the
/// pack.
fn policy(rules: &RuleSet, rule: &str) -> Policy {
    let mut policy = Policy::of(rules);
    let pack = rules.rules().iter().find(|one| one.name == rule).and_then(|one| one.pack.as_deref());
    if let Some(pack) = pack {
        policy.switch_on(rules, pack);
    }
    for (level, one) in policy.levels.iter_mut().zip(rules.rules()) {
        if *level == Level::Off && one.name == rule {
            *level = Level::Warning;
        }
    }
    policy
}

/// Whether the rule is among the findings, or among what structure findings were folded into.
fn finds(linter: &Linter, text: &At<String>, context: &Context, rule: &str) -> bool {
    let policy = policy(linter.rules(), rule);
    linter.matched_rules(&post(&text.value), context, &policy).iter().any(|found| found == rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Vec<Arc<Source>> {
        vec![Arc::new(Source::from_text("house.toml", text))]
    }

    /// A rule for `account`, tested in a file for `of`, by a case that says `says`.
    #[track_caller]
    fn check_account(of: &str, rule_for: &str, says: &str, flagged: bool) {
        let text = format!(
            "category = 'house'\n[examples]\naccount = '{of}'\nproducts = ['Acme']\n[[rule]]\nname = 'kiln'\n\
             message = 'a kiln'\nphrases = ['kiln']\nguards = {{ accounts = ['{rule_for}'] }}\n[[rule.case]]\n\
             text = 'The kiln.'\nflagged = {flagged}\n{says}\n"
        );
        let outcome = run(&file(&text));
        assert!(outcome.mistakes.is_empty() && outcome.examples == 1, "{outcome:?}");
        assert!(outcome.failures.is_empty(), "{text}");
    }

    #[test]
    fn a_case_says_whose_it_is_over_what_the_file_says() {
        check_account("brand", "brand", "", true);
        check_account("brand", "person", "account = 'person'", true);
        check_account("brand", "brand", "account = 'person'", false);
        check_account("person", "brand", "account = 'brand'", true);
        check_account("cause", "person", "identity = { account = 'person' }", true);
        // An identity without a word on the account leaves it.
        check_account("brand", "brand", "identity = { products = ['Bolt'] }", true);
        check_account("brand", "person", "account = 'person'\nidentity = { products = ['Bolt'] }", true);
    }

    /// The remarks on these rules, `rule: code` each.
    #[track_caller]
    fn check_remarks(rules: &str, expected: &[&str]) {
        let found = remarks(&file(&format!("category = 'house'\n{rules}")));
        let found: Vec<String> = found
            .iter()
            .map(|one| {
                let label = &one.labels[0];
                format!("{} {}", label.source.slice(label.span).trim_matches('\''), one.code)
            })
            .collect();
        assert_eq!(found, expected);
    }

    fn rule(name: &str, looks_for: &str, flagged: &str) -> String {
        format!(
            "[[rule]]\nname = '{name}'\nmessage = 'm'\n{looks_for}\nexamples.flagged = [{flagged}]\n\
             examples.clean = ['The heron is back.']\n"
        )
    }

    #[test]
    fn rules_that_say_nothing_of_their_own_are_named() {
        let wide = rule("wide", "phrases = ['red clay kiln']", "'A red clay kiln.'");
        let silent = rule("silent", "phrases = ['zyzzyva']", "");
        check_remarks(&wide, &[]);
        check_remarks(&(wide.clone() + &silent), &["silent rule/never-fires"]);
        // Rules of one category hide each other; what one of them finds is looked at before that.
        let narrow = rule("narrow", "phrases = ['clay kiln']", "");
        check_remarks(&(wide.clone() + &narrow), &["narrow rule/nothing-of-its-own"]);
        let own = rule("narrow", "phrases = ['clay kiln']", "'My clay kiln.'");
        check_remarks(&(wide.clone() + &own), &[]);
        // Over the drafts of the shipped files too, but only rules of these files are named.
        check_remarks(&rule("prize", "phrases = ['enter to win']", ""), &["prize rule/nothing-of-its-own"]);
        // A rule that stands on another's finding by its kind is no such rule, and none that covers others.
        let placed = rule("placed", "position = { at = 'last-line', rules = ['house/wide'] }", "");
        check_remarks(&(wide + &placed), &[]);
    }
}
