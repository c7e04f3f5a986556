//! `selfless rules`: all rules of a run, and the run of their examples.
//!
//! Invariant: rules stand in the order of their declaration.

use std::fmt::Write as _;

use serde::Serialize;

use super::args::{RulesArgs, RulesTestArgs};
use super::files::Files;
use super::rule_files::{read_rule_files, rule_files};
use super::setup::{Flags, Setups};
use super::terminal::{Surroundings, is_trouble, show};
use super::{Exit, configs, print};
use crate::diagnostic::Level;
use crate::emit::clean::line;
use crate::emit::{Look, encode_pretty};
use crate::proof;
use crate::rule::{Rule, shipped_files};

/// The shape of one rule in `--format json`.
#[derive(Serialize)]
struct RuleJson<'a> {
    name: &'a str,
    category: &'a str,
    /// Null for a rule that needs no pack.
    pack: Option<&'a str>,
    level: &'static str,
    credit: bool,
    weight: f64,
    /// Whether it was right on too few labelled posts to be trusted alone.
    unproven: bool,
    message: &'a str,
    why: &'a str,
    source: &'a str,
    help: &'a str,
}

/// Lists the rules, each with the level it has in the current folder.
pub(super) fn list(args: &RulesArgs, surroundings: Surroundings, look: Look) -> Exit {
    let folder = surroundings.folder.clone();
    let mut setups = Setups::new(args.config.choice(), surroundings, Flags::of_config(&args.config));
    let setup = setups.of(&folder);
    let rules: Vec<_> = setup.linter.rules().rules().iter().zip(setup.policy.levels.iter().copied()).collect();
    let diagnostics = setups.take_diagnostics();
    let exit = if is_trouble(&diagnostics) { Exit::Trouble } else { Exit::Clean };
    show(diagnostics, look);
    let text = if args.format == "json" { json(&rules) } else { table(&rules) };
    print(&text, look, exit)
}

fn json(rules: &[(&Rule, Level)]) -> String {
    let rules: Vec<_> = rules
        .iter()
        .map(|(rule, level)| RuleJson {
            name: &rule.name,
            category: rule.category(),
            pack: rule.pack.as_deref(),
            level: level.name(),
            credit: rule.credit,
            weight: rule.weight,
            unproven: rule.unproven,
            message: &rule.message,
            why: &rule.why,
            source: &rule.source,
            help: &rule.help,
        })
        .collect();
    encode_pretty(&rules)
}

fn table(rules: &[(&Rule, Level)]) -> String {
    let width = |cell: fn(&Rule) -> &str| rules.iter().map(|(rule, _)| cell(rule).chars().count()).max();
    let names = width(|rule| &rule.name).unwrap_or(0);
    let kinds = width(|rule| rule.kind.name()).unwrap_or(0);
    rules.iter().fold(String::new(), |mut table, (rule, level)| {
        let (name, kind, message) = (line(&rule.name), rule.kind.name(), line(&rule.title()).into_owned());
        let pack = rule.pack.as_deref().map(|pack| format!(" (pack {})", line(pack))).unwrap_or_default();
        let _ = writeln!(table, "{name:names$}  {level:7}  {kind:kinds$}  {message}{pack}", level = level.name());
        table
    })
}

/// Runs the examples of the shipped rules, or of a file's or folder's. Remarks on rules fail nothing.
pub(super) fn test(args: &RulesTestArgs, surroundings: &Surroundings, look: Look) -> Exit {
    let (sources, mut diagnostics) = match &args.path {
        None => (shipped_files(), Vec::new()),
        Some(path) => {
            let (shown, folder) = (path.display().to_string(), Files::default());
            match rule_files(&folder, &configs::absolute(&surroundings.folder, path), &shown) {
                Ok(files) => read_rule_files(&folder, &files),
                Err(diagnostic) => (Vec::new(), vec![*diagnostic]),
            }
        }
    };
    let unread = !diagnostics.is_empty();
    let outcome = proof::run(&sources);
    let broken = unread || !outcome.mistakes.is_empty();
    let failed = outcome.failures.len();
    diagnostics.extend(outcome.mistakes);
    diagnostics.extend(outcome.failures);
    let remarks = if broken { Vec::new() } else { proof::remarks(&sources) };
    let remarked = remarks.len();
    diagnostics.extend(remarks);
    show(diagnostics, look);
    let (verdict, exit) = match (failed, broken) {
        (_, true) => ("some could not be read".to_owned(), Exit::Trouble),
        (0, false) => ("all hold".to_owned(), Exit::Clean),
        (failed, false) => (format!("{failed} failed"), Exit::Failed),
    };
    let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let (examples, rules) = (counted(outcome.examples, "example"), counted(outcome.rules, "rule"));
    let aside = if remarked == 0 { String::new() } else { format!(", {}", counted(remarked, "remark")) };
    print(&format!("{examples} of {rules}: {verdict}{aside}\n"), look, exit)
}
