//! `--list-files`: which files would be checked, and why; on standard error, which would not.
//!
//! Reads no draft. Invariant: one line a file.

use std::fmt::Write as _;

use super::draft::Reason;
use super::git::change::Change;
use super::setup::Setups;
use super::terminal::{is_trouble, remark, show};
use super::walk::{Input, Item, Plan};
use super::{Exit, print};
use crate::diagnostic::Diagnostic;
use crate::document::Format;
use crate::emit::Look;
use crate::emit::clean::line;

/// Longer names do not push the reasons of all others to the right.
const WIDEST: usize = 60;

/// Prints the list.
pub(super) fn run(plan: Plan, mut setups: Setups, look: Look) -> Exit {
    let rows: Vec<_> = plan.inputs().map(|input| (line(&input.name).into_owned(), why(input))).collect();
    let skipped: Vec<_> = plan
        .skipped
        .iter()
        .map(|skipped| (line(&skipped.name).into_owned(), format!("skipped: {}", skipped.why)))
        .collect();
    let mut diagnostics: Vec<Diagnostic> = plan
        .items
        .into_iter()
        .filter_map(|item| match item {
            Item::Input(_) => None,
            Item::Trouble(diagnostic) => Some(*diagnostic),
        })
        .collect();
    diagnostics.extend(setups.take_diagnostics());
    let exit = if is_trouble(&diagnostics) { Exit::Trouble } else { Exit::Clean };
    let exit = print(&table(&rows), look, exit);
    remark(&table(&skipped));
    show(diagnostics, look);
    exit
}

fn table(rows: &[(String, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(WIDEST);
    rows.iter().fold(String::new(), |mut table, (name, why)| {
        let _ = writeln!(table, "{name:width$}  {why}");
        table
    })
}

fn why(input: &Input) -> String {
    let format = input.format.map_or("by its content", Format::title);
    if input.change.as_ref().is_some_and(Change::is_none) {
        return format!("{format}, unchanged: it only counts in its queue");
    }
    let reason = match (input.reason, &input.folder) {
        (Reason::Included, _) => "included by selfless.toml".to_owned(),
        (Reason::Found, Some(folder)) => format!("found in {}", line(folder)),
        (Reason::Data, Some(folder)) => format!("found in {}, if it holds posts", line(folder)),
        (Reason::Found | Reason::Data | Reason::Named, _) => "named on the command line".to_owned(),
    };
    format!("{format}, {reason}")
}
