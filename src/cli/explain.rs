//! `selfless explain`: a rule, or a category, in words.
//!
//! Invariant: everything that a rule says of itself is shown as it stands in its file.

use std::fmt::Write as _;
use std::sync::Arc;

use super::args::ExplainArgs;
use super::setup::{Flags, Setups};
use super::terminal::{Surroundings, is_trouble, show};
use super::{Exit, print};
use crate::diagnostic::{Diagnostic, Level};
use crate::emit::Look;
use crate::emit::clean::{block, line};
use crate::emit::fill::fill;
use crate::rule::{Rule, RuleId, Selection};
use crate::suppress::{self, Flaw, FlawLevels};
use crate::text::{Source, Span};

/// Columns before the words of a section.
const INDENT: usize = 8;

/// Runs the command.
pub(super) fn run(args: &ExplainArgs, surroundings: Surroundings, look: Look) -> Exit {
    let folder = surroundings.folder.clone();
    let mut setups = Setups::new(args.config.choice(), surroundings, Flags::of_config(&args.config));
    let setup = setups.of(&folder);
    let rules = setup.linter.rules();
    let mut diagnostics = setups.take_diagnostics();
    let with_level = |id: &RuleId| Some((rules.rules().get(id.index())?, *setup.policy.levels.get(id.index())?));
    let text = match rules.select(&args.name) {
        Selection::Rules(ids) => {
            let selected: Vec<_> = ids.iter().filter_map(with_level).collect();
            match &selected[..] {
                [(rule, level)] if *rule.name == args.name => explain(rule, *level, look.width),
                _ => category(&selected),
            }
        }
        Selection::Unknown(_) if suppress::is_named(&args.name) => flaws(&args.name, setup.policy.flaws),
        Selection::Unknown(near) => {
            diagnostics.push(unknown(&args.name, near));
            String::new()
        }
    };
    let exit = if is_trouble(&diagnostics) { Exit::Trouble } else { Exit::Clean };
    show(diagnostics, look);
    print(&text, look, exit)
}

/// What is said of suppressions, with the levels that hold.
fn flaws(name: &str, levels: FlawLevels) -> String {
    let named = Flaw::ALL.into_iter().filter(|flaw| flaw.name() == name || !name.contains('/'));
    named.map(|flaw| format!("{} ({}): {}\n", flaw.name(), levels.of(flaw).name(), flaw.about())).collect()
}

fn unknown(name: &str, near: Option<String>) -> Diagnostic {
    let text = format!("selfless explain {name}");
    let span = Span::of(text.len() - name.len()..text.len());
    let source = Arc::new(Source::from_text("<command line>", text));
    let diagnostic = Diagnostic::error("flags/unknown-rule", format!("unknown rule or category `{name}`"))
        .label(&source, span, "")
        .note("`selfless rules` lists all");
    diagnostic.meant(near)
}

fn explain(rule: &Rule, level: Level, width: usize) -> String {
    let (with, without) = if rule.credit { ("earns it", "does not") } else { ("before", "after") };
    let of = rule.pack.as_deref().map(|pack| format!(", pack {}", line(pack))).unwrap_or_default();
    let proof = if rule.unproven { ", unproven" } else { "" };
    let mut text = format!("{} ({level}{of}{proof})\n{}\n", line(&rule.name), line(&rule.title()));
    let fix = rule.fix.as_ref().map(|remedy| remedy.said().into()).unwrap_or_default();
    let sections = [
        ("why", &rule.why),
        ("source", &rule.source),
        (with, &rule.before),
        (without, &rule.after),
        ("help", &rule.help),
        ("fix", &fix),
    ];
    for (title, body) in sections {
        if !body.trim().is_empty() {
            let title = format!("{title}:");
            let body = block(body);
            let body = fill(body.trim(), width.saturating_sub(INDENT).max(INDENT), INDENT);
            let _ = writeln!(text, "\n{title:INDENT$}{body}");
        }
    }
    text
}

fn category(rules: &[(&Rule, Level)]) -> String {
    let width = rules.iter().map(|(rule, _)| rule.name.chars().count()).max().unwrap_or(0);
    rules.iter().fold(String::new(), |mut text, (rule, level)| {
        let (name, message) = (line(&rule.name), line(&rule.title()).into_owned());
        let _ = writeln!(text, "{name:width$}  {level:7}  {message}", level = level.name());
        text
    })
}
