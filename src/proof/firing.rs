//! Where rules fire over all drafts: those that never do, and those that find nothing of their own.
//!
//! Judges no example. Invariant: a rule is only compared with rules of its own axis, for what promotes and what converses
//! may well stand on the same words and say opposite things of them.

use std::sync::Arc;

use super::{context, post};
use crate::diagnostic::{Diagnostic, Level};
use crate::lint::{Linter, Policy};
use crate::matcher::{Match, TokenRange};
use crate::rule::raw::{self, RawFile};
use crate::rule::{Kind, Rule, RuleId, RuleSet};
use crate::text::Source;

/// What was seen of one rule.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// How many findings it had.
    findings: u32,
    /// The rules inside one of whose findings each of them lay.
    covers: Vec<RuleId>,
}

/// Remarks on the rules of `files`, told by the drafts of `all` files.
pub(super) fn remarks(rules: RuleSet, files: &[Arc<Source>], all: &[Arc<Source>]) -> Vec<Diagnostic> {
    let linter = Linter::new(Arc::new(rules));
    let seen = seen(&linter, all);
    let mut found = Vec::new();
    for file in files {
        let (raw, _) = raw::read(file);
        found.extend(remarks_on(&linter, &raw, &seen));
    }
    found
}

fn remarks_on(linter: &Linter, file: &RawFile, seen: &[Seen]) -> Vec<Diagnostic> {
    let rules = linter.rules();
    let named = file.rules.iter().filter_map(|rule| rule.name.as_ref());
    named
        .filter_map(|name| {
            let full = format!("{}/{}", file.category.as_ref()?.value, name.value);
            let (rule, seen) = rules.rules().iter().zip(seen).find(|(rule, _)| rule.name == full)?;
            if seen.findings == 0 && !matches!(rule.kind, Kind::Queue(_)) {
                let message = format!("`{full}` finds nothing in any draft of the set");
                let help = "give it a draft that it flags, or leave it out";
                let remark = Diagnostic::new(Level::Warning, "rule/never-fires", message);
                return Some(remark.label(&file.source, name.span, "").help(help));
            }
            let &cover = seen.covers.first().filter(|_| stands_alone(rule))?;
            let message = format!("`{full}` finds nothing that `{}` does not", rules.rule(cover).name);
            let note = match seen.findings {
                1 => "its one finding lies inside one of that rule".to_owned(),
                many => format!("each of its {many} findings lies inside one of that rule"),
            };
            let remark = Diagnostic::new(Level::Warning, "rule/nothing-of-its-own", message);
            let help = "give it a draft that it alone flags, or make the two one rule";
            Some(remark.label(&file.source, name.span, "").note(note).help(help))
        })
        .collect()
}

/// Judges all drafts of all files with all rules on, whatever their own level.
fn seen(linter: &Linter, files: &[Arc<Source>]) -> Vec<Seen> {
    let rules = linter.rules();
    let mut policy = Policy::of(rules);
    policy.levels.iter_mut().filter(|level| **level == Level::Off).for_each(|level| *level = Level::Warning);
    let mut seen = vec![Seen::default(); rules.rules().len()];
    for file in files {
        let (raw, _) = raw::read(file);
        for (text, _, setting) in raw.rules.iter().flat_map(|rule| rule.drafts(&raw.setting)) {
            let (post, context) = (post(&text.value), context(setting));
            // Matches that others of their category hide count too: they are inside those.
            add(rules, &linter.overlapping_matches(&post, &context, &policy), &mut seen);
            let unspoken =
                |(rule, seen): (&Rule, &Seen)| matches!(rule.kind, Kind::Verdict(_)) && seen.findings == 0;
            if rules.rules().iter().zip(&seen).any(unspoken) {
                let report = linter.lint(&post, &context, &policy);
                let codes: Vec<&str> = report.findings.iter().map(|one| &*one.diagnostic.code).collect();
                for (rule, seen) in rules.rules().iter().zip(&mut seen) {
                    let speaks = matches!(rule.kind, Kind::Verdict(_)) && codes.contains(&&*rule.name);
                    seen.findings += u32::from(speaks);
                }
            }
        }
    }
    seen
}

fn add(rules: &RuleSet, matches: &[Match], seen: &mut [Seen]) {
    for found in matches {
        let rule = rules.rule(found.rule);
        let covers = |other: &&Match| {
            let other_rule = rules.rule(other.rule);
            other.rule != found.rule
                && other_rule.credit == rule.credit
                && stands_alone(other_rule)
                && places(found).all(|place| other.place.contains(place))
        };
        let covering: Vec<RuleId> = matches.iter().filter(covers).map(|other| other.rule).collect();
        let Some(seen) = seen.get_mut(found.rule.index()) else { continue };
        match seen.findings {
            0 => seen.covers = covering,
            _ => seen.covers.retain(|cover| covering.contains(cover)),
        }
        seen.findings += 1;
    }
}

/// Whether a rule finds words of its own. Structure rules, positions of findings and composites stand on the findings of
/// others by design, an absence points at what made it due, a verdict at what weighs most, and the words of a
/// lexicon are no findings: none of them is superfluous for lying inside another, nor makes another so.
fn stands_alone(rule: &Rule) -> bool {
    let on_others = matches!(
        rule.kind,
        Kind::FindingAt(..) | Kind::Composite { .. } | Kind::Absent | Kind::Verdict(_) | Kind::Lexicon(_)
    );
    !on_others && rule.category() != "structure"
}

fn places(found: &Match) -> impl Iterator<Item = TokenRange> {
    std::iter::once(found.place).chain(found.evidence.iter().copied())
}
