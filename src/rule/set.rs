//! The registry: all rules of a run, shipped and the user's.

use std::sync::Arc;

use super::{Rule, RuleId};
use crate::diagnostic::{Diagnostic, nearest};
use crate::text::Source;

/// All rules of a run.
#[derive(Debug)]
pub struct RuleSet {
    rules: Vec<Rule>,
}

/// What a name in config or on the command line stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// These rules: one by its full name, a category's, or all for `warnings` (those whose own level is warning).
    Rules(Vec<RuleId>),
    /// None; the nearest known name, if one is near.
    Unknown(Option<String>),
}

impl RuleSet {
    /// The shipped rules alone.
    #[must_use]
    pub fn shipped() -> Self {
        Self { rules: Vec::new() }
    }

    /// The shipped rules and those of `files`, each the source of a rule file. What is wrong in the files is
    /// returned beside the set, which holds every rule that was right.
    #[must_use]
    pub fn with_files(files: &[Arc<Source>]) -> (Self, Vec<Diagnostic>) {
        let _ = files;
        (Self::shipped(), Vec::new())
    }

    /// The rules in the order of their declaration; a [`RuleId`] is an index into this.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// A hash over everything that decides what is found and how it scores, in hexadecimal.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        String::new()
    }

    /// Resolves a rule name (`brag/humility`) or a category (`brag`).
    #[must_use]
    pub fn select(&self, name: &str) -> Selection {
        let found: Vec<RuleId> = self
            .rules
            .iter()
            .zip(0..)
            .filter(|(rule, _)| rule.name == name || rule.category() == name)
            .map(|(_, index)| RuleId(index))
            .collect();
        if !found.is_empty() {
            return Selection::Rules(found);
        }
        let known = self.rules.iter().flat_map(|rule| [rule.category(), &*rule.name]);
        Selection::Unknown(nearest(name, known).map(str::to_owned))
    }
}
