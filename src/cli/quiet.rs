//! Suppressions that hide nothing: in a source, and in config.
//!
//! Does not judge; reports say what was hidden. Invariant: one that holds for several posts is used where it hides anything
//! in any of them, and one of a config is only called unused where all that it is for was read.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use super::setup::Setups;
use super::walk::{Input, Plan};
use crate::config::Ignore;
use crate::diagnostic::Diagnostic;
use crate::document::{Directives, Post};
use crate::report::Suppressed;
use crate::suppress::Holder;
use crate::text::Span;

/// Which names in the directives of one source hide anything.
#[derive(Default)]
pub(super) struct Used {
    names: BTreeMap<Span, (bool, Option<Diagnostic>)>,
    /// Those of the last post; the next mostly has the same.
    last: Directives,
}

impl Used {
    /// Adds a post, and what is hidden in it.
    pub(super) fn add(&mut self, post: &Post, hidden: &[Suppressed], input: &Input) {
        if !self.last.is_same(&post.directives) {
            self.last.clone_from(&post.directives);
            self.name(post, input);
        }
        for one in hidden.iter().filter(|one| one.source.name() == post.source.name()) {
            if let Some((used, _)) = self.names.get_mut(&one.span) {
                *used = true;
            }
        }
    }

    fn name(&mut self, post: &Post, input: &Input) {
        let setup = &input.setup;
        for directive in &post.directives {
            let holder = Holder::directive(post, directive);
            for (number, &(_, span)) in holder.names().iter().enumerate() {
                let told = || holder.unused(number, setup.linter.rules(), setup.policy.flaws);
                self.names.entry(span).or_insert_with(|| (false, told()));
            }
        }
    }

    /// What is told of those that hide nothing.
    pub(super) fn unused(self) -> Vec<Diagnostic> {
        self.names.into_values().filter(|(used, _)| !used).filter_map(|(_, told)| told).collect()
    }
}

/// The names in entries `[[ignore]]` that hid something in a run, each by its file and place.
pub(super) type UsedEntries = HashSet<(String, Span)>;

/// What is told of entries that hid nothing, though all that they are for was read.
pub(super) fn unused_entries(setups: &Setups, plan: &Plan, used: &UsedEntries) -> Vec<Diagnostic> {
    if setups.ignores().next().is_none() {
        return Vec::new();
    }
    let read: HashSet<PathBuf> = plan.inputs().filter_map(|input| input.absolute.clone()).collect();
    let (mut told, mut seen) = (Vec::new(), UsedEntries::new());
    for (ignore, setup) in setups.ignores().filter(|(ignore, _)| is_whole(ignore, plan, &read)) {
        let holder = Holder::entry(ignore);
        for (number, &(_, span)) in holder.names().iter().enumerate() {
            let place = (ignore.source.name().to_owned(), span);
            if used.contains(&place) || seen.contains(&place) {
                continue;
            }
            if let Some(unused) = holder.unused(number, setup.linter.rules(), setup.policy.flaws) {
                seen.insert(place);
                told.push(unused);
            }
        }
    }
    told
}

/// Whether a run read all that an entry is for: it walked through the whole folder of its config, or its globs name
/// files, and these were read.
fn is_whole(ignore: &Ignore, plan: &Plan, read: &HashSet<PathBuf>) -> bool {
    if plan.walked.iter().any(|walked| ignore.folder.starts_with(walked)) {
        return true;
    }
    let named = ignore.files.as_ref().and_then(|files| files.literal());
    named.is_some_and(|named| named.iter().all(|path| read.contains(path)))
}
