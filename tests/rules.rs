//! The shipped rules: their examples hold, their tables are fresh, and each comes with its proof.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its files has failed")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use selfless::diagnostic::{Diagnostic, Level};
use selfless::document::{Format, extract};
use selfless::identity::Account;
use selfless::lint::{Context, Linter, Policy};
use selfless::proof;

use selfless::rule::generate::generate;
use selfless::rule::manual::manual;
use selfless::rule::{Rule, RuleSet, raw};
use selfless::text::Source;

/// The rule files as they stand on disk, in the order in which they are compiled.
fn files() -> Vec<Arc<Source>> {
    ["rules", "rules/packs"].into_iter().flat_map(files_of).collect()
}

fn files_of(folder: &str) -> Vec<Arc<Source>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<String> = fs::read_dir(root.join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".toml"))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let text = fs::read_to_string(root.join(folder).join(&name)).unwrap();
            Arc::new(Source::from_text(format!("{folder}/{name}"), text))
        })
        .collect()
}

fn shown(diagnostics: &[Diagnostic]) -> String {
    let lines = diagnostics.iter().map(|diagnostic| {
        let place = diagnostic.labels.first().map_or_else(String::new, |label| {
            let at = label.source.line_column(label.span.start());
            format!("{}:{}: {}", label.source.name(), at.line, label.source.slice(label.span))
        });
        format!("\n{}: {}\n    {place}", diagnostic.code, diagnostic.message)
    });
    lines.collect()
}

#[test]
fn the_committed_tables_are_what_the_rules_compile_to() {
    let generated = generate(&files()).unwrap_or_else(|mistakes| panic!("{}", shown(&mistakes)));
    let committed = include_str!("../src/rule/shipped/tables.rs");
    assert!(generated == committed, "stale: run `cargo run --example compile_rules`");
}

#[test]
fn the_page_of_rules_is_what_the_rules_say() {
    let committed = include_str!("../docs/rules.md");
    assert!(manual(&files()) == committed, "stale: run `cargo run --example compile_rules`");
}

#[test]
fn every_example_holds() {
    let outcome = proof::run_alone(&files());
    assert!(outcome.mistakes.is_empty(), "{}", shown(&outcome.mistakes));
    assert!(outcome.failures.is_empty(), "{} fail:{}", outcome.failures.len(), shown(&outcome.failures));
    assert!(outcome.examples > 100, "only {} examples ran", outcome.examples);
}

#[test]
fn every_rule_finds_something_of_its_own() {
    let remarks = proof::remarks(&files());
    assert!(remarks.is_empty(), "{}", shown(&remarks));
}

#[test]
fn a_pack_is_called_like_its_file_and_is_a_category_of_its_own() {
    for file in files() {
        let (raw, _) = raw::read(&file);
        let pack = raw.pack.map(|pack| pack.value);
        let stem = Path::new(file.name()).file_stem().unwrap().to_str().unwrap();
        let expected = file.name().starts_with("rules/packs/").then(|| stem.to_owned());
        assert_eq!(pack, expected, "{}", file.name());
        if pack.is_some() {
            assert_eq!(raw.category.map(|category| category.value), pack, "{}", file.name());
        }
    }
}

#[test]
fn a_pack_gives_own_levels_except_where_one_is_given() {
    let rules = RuleSet::shipped();
    let of_pack = |rule: &Rule| rule.pack.as_deref() == Some("public-office");
    let given = rules.rules().iter().position(of_pack).unwrap();
    let mut policy = Policy::of(&rules);
    policy.given[given] = true;
    policy.switch_on(&rules, "nothing-like-it");
    assert_eq!(policy.levels, Policy::of(&rules).levels);
    policy.switch_on(&rules, "public-office");
    for (at, (rule, level)) in rules.rules().iter().zip(policy.levels).enumerate() {
        assert_eq!(level, if at == given { Level::Off } else { rule.level }, "{}", rule.name);
    }
}

#[test]
fn no_rule_of_a_pack_finds_anything_before_the_pack_is_on() {
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let off = Policy::of(linter.rules());
    let mut on = off.clone();
    for pack in linter.rules().packs() {
        on.switch_on(linter.rules(), pack);
    }
    let (mut drafts, mut found) = (0, 0);
    for file in files_of("rules/packs") {
        let (raw, _) = raw::read(&file);
        let cases = raw.rules.iter().flat_map(|rule| &rule.cases).filter(|case| case.flagged);
        let befores = raw.rules.iter().filter_map(|rule| rule.before.as_ref());
        for text in cases.map(|case| &case.text).chain(befores) {
            let source = Arc::new(Source::from_text("a.txt", text.value.as_str()));
            let account = Account::new(None, raw.setting.identity.clone());
            let context = Context { account, ..Context::default() };
            let of_packs = |policy: &Policy| {
                let posts = extract(&source, &Format::Text.into()).posts;
                let names = posts.iter().flat_map(|post| linter.matched_rules(post, &context, policy));
                names.filter(|name| is_of_pack(linter.rules(), name)).count()
            };
            assert_eq!(of_packs(&off), 0, "{}", text.value);
            drafts += 1;
            found += usize::from(of_packs(&on) > 0);
        }
    }
    assert!(drafts > 40 && found * 10 >= drafts * 9, "{found} of {drafts} drafts have a finding with packs on");
}

fn is_of_pack(rules: &RuleSet, name: &str) -> bool {
    rules.rules().iter().any(|rule| rule.name == name && rule.pack.is_some())
}

#[test]
fn every_rule_comes_with_words_and_proof() {
    let mut lacking = Vec::new();
    for file in files() {
        let (raw, _) = raw::read(&file);
        for rule in &raw.rules {
            let name = rule.name.as_ref().map(|name| name.value.clone()).unwrap_or_default();
            let name = format!("{}/{name}", raw.category.as_ref().unwrap().value);
            let words = [
                ("message", &rule.message),
                ("why", &rule.why),
                ("source", &rule.says),
                ("help", &rule.help),
                ("before", &rule.before),
                ("after", &rule.after),
            ];
            for (key, value) in words {
                if value.as_ref().is_none_or(|value| value.value.trim().is_empty()) {
                    lacking.push(format!("{name} has no {key}"));
                }
            }
            let cases = rule.cases.iter().map(|case| case.flagged);
            let cases: Vec<bool> = cases.chain(rule.queues.iter().map(|case| case.flagged)).collect();
            let flagged = cases.iter().filter(|flagged| **flagged).count();
            let clean = cases.len() - flagged;
            if !name.starts_with("verdict/") && (flagged < 3 || clean < 3) {
                lacking.push(format!("{name} has {flagged} flagged and {clean} clean drafts"));
            }
            for text in [&rule.message, &rule.label].into_iter().flatten() {
                let text = text.value.to_lowercase();
                let author =
                    text.split(|next: char| !next.is_alphabetic()).any(|word| matches!(word, "you" | "your"));
                if author || text.ends_with('.') || text.starts_with(char::is_uppercase) {
                    lacking.push(format!("{name} is ill-mannered: {text}"));
                }
            }
        }
    }
    assert!(lacking.is_empty(), "\n{}", lacking.join("\n"));
}
