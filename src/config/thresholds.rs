//! `[thresholds]`: levels by measure, of rules that measure something.
//!
//! Compiles nothing: a policy holds them beside the rules. Invariant: of two settings of one rule the later wins whole.

use std::sync::Arc;

use super::layer::Folders;
use crate::diagnostic::{Diagnostic, nearest};
use crate::rule::{RuleId, RuleSet, Selection, ThresholdTable, Thresholds, raw};
use crate::table::{Reader, Table};
use crate::text::{Source, Span};

/// One entry of `[thresholds]`.
#[derive(Clone, Debug)]
pub struct ThresholdSetting {
    /// A rule.
    pub name: String,
    /// What it is set to, on all networks.
    pub thresholds: Thresholds,
    /// Where it stands.
    pub source: Arc<Source>,
    /// The name's place there.
    pub span: Span,
}

/// What the settings come to for the rules of a set. Rules that are not there, or measure nothing, are told.
#[must_use]
pub fn resolve_thresholds(settings: &[ThresholdSetting], rules: &RuleSet) -> (ThresholdTable, Vec<Diagnostic>) {
    let (mut table, mut mistakes) = (ThresholdTable::new(), Vec::new());
    for setting in settings {
        let named = (0..).map(RuleId).zip(rules.rules()).find(|(_, rule)| rule.name == setting.name.as_str());
        match named {
            Some((id, rule)) if rule.kind.is_measured() => {
                table.insert(id, setting.thresholds);
            }
            Some(_) => mistakes.push(unmeasured(setting, rules)),
            None => mistakes.push(unknown(setting, rules)),
        }
    }
    (table, mistakes)
}

fn measured(rules: &RuleSet) -> Vec<&str> {
    rules.rules().iter().filter(|rule| rule.kind.is_measured()).map(|rule| &*rule.name).collect()
}

fn unmeasured(setting: &ThresholdSetting, rules: &RuleSet) -> Diagnostic {
    let message = format!("`{}` measures nothing, so it has no thresholds", setting.name);
    Diagnostic::error("config/not-measured", message)
        .label(&setting.source, setting.span, "")
        .note(format!("measured: {}", measured(rules).join(", ")))
}

fn unknown(setting: &ThresholdSetting, rules: &RuleSet) -> Diagnostic {
    let accepted = measured(rules);
    if matches!(rules.select(&setting.name), Selection::Rules(_)) {
        let message = format!("`{}` is a category, and thresholds are for one rule", setting.name);
        let diagnostic =
            Diagnostic::error("config/not-measured", message).label(&setting.source, setting.span, "");
        return diagnostic.note(format!("measured: {}", accepted.join(", ")));
    }
    let message = format!("unknown rule `{}`", setting.name);
    let diagnostic = Diagnostic::error("config/unknown-rule", message)
        .label(&setting.source, setting.span, "")
        .note(format!("measured: {}", accepted.join(", ")));
    diagnostic.meant(nearest(&setting.name, accepted))
}

pub(super) fn read(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    _: Folders<'_>,
) -> Vec<ThresholdSetting> {
    let Some(table) = table.table(reader, key) else { return Vec::new() };
    let mut settings = Vec::new();
    for name in table.keys() {
        let Some(levels) = table.table_at(reader, &name.value) else { continue };
        let thresholds = raw::thresholds(reader, levels).into();
        let source = Arc::clone(reader.source());
        settings.push(ThresholdSetting { name: name.value, thresholds, source, span: name.span });
    }
    settings.sort_by_key(|setting| setting.span.start());
    settings
}
