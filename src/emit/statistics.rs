//! Counts by rule as a table for people.
//!
//! Does not count. Invariant: a rule is one line, whatever it is called.

use std::fmt::Write;

use super::clean;
use crate::report::Statistics;

/// The table, a line a rule; says so where no rule found anything.
pub(super) fn table(statistics: &Statistics) -> String {
    let counts = statistics.counts();
    if counts.is_empty() {
        return "no rule found anything\n".to_owned();
    }
    let names: Vec<_> = counts.iter().map(|count| clean::line(&count.rule)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max("rule".len());
    let mut text = format!("{:width$}  level    findings  drafts\n", "rule");
    for (name, count) in names.iter().zip(counts) {
        // A `String` takes everything.
        let _ = writeln!(text, "{name:width$}  {:7}  {:8}  {:6}", count.level.name(), count.findings, count.posts);
    }
    text
}
