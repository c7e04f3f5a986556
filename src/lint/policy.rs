//! What a post is judged by beside the rules, and what is true of it beside its words.
//!
//! Decides nothing. Invariant: a policy has a level for every rule of its set.

use std::sync::Arc;

use super::FailOn;
use crate::diagnostic::Level;
use crate::document::Intent;
use crate::identity::Account;
use crate::rule::{Rule, RuleId, RuleSet, ThresholdTable};
use crate::suppress::{FlawLevels, Ignores};
use crate::text::{LimitTable, Platform};

/// What config and flags decide, resolved for the rules of a set.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The level of every rule, by [`RuleId`]: its own, or what config and flags say. Credits hold [`Level::Credit`] or
    /// [`Level::Off`].
    pub levels: Vec<Level>,
    /// Whether config or a flag gave that level, so that it stands in place of what a measure gives, and of what a pack
    /// would.
    pub given: Vec<bool>,
    /// What is warning becomes error, last of all.
    pub deny_warnings: bool,
    /// What fails.
    pub fail_on: FailOn,
    /// What the networks take and show.
    pub limits: LimitTable,
    /// Levels by measure that stand in place of the rules' own.
    pub thresholds: ThresholdTable,
    /// Show every finding in outputs made for reading, whatever the length of the draft.
    pub all: bool,
    /// Of more findings of one post, the gravest are told.
    pub most_findings: usize,
    /// How grave flaws of suppressions are.
    pub flaws: FlawLevels,
}

impl Policy {
    /// The rules' own levels; rules of packs are off.
    #[must_use]
    pub fn of(rules: &RuleSet) -> Self {
        let own = |rule: &Rule| if rule.pack.is_some() { Level::Off } else { rule.level };
        Self {
            levels: rules.rules().iter().map(own).collect(),
            given: vec![false; rules.rules().len()],
            deny_warnings: false,
            fail_on: FailOn::default(),
            limits: LimitTable::default(),
            thresholds: ThresholdTable::new(),
            all: false,
            most_findings: usize::MAX,
            flaws: FlawLevels::default(),
        }
    }

    /// Gives the rules of a pack their own levels, except where config or a flag gave one.
    pub fn switch_on(&mut self, rules: &RuleSet, pack: &str) {
        let levels = self.levels.iter_mut().zip(&self.given).zip(rules.rules());
        for ((level, given), rule) in levels {
            if !given && rule.pack.as_deref() == Some(pack) {
                *level = rule.level;
            }
        }
    }

    /// Whether a rule is not off.
    pub(super) fn active(&self, id: RuleId) -> bool {
        self.levels.get(id.index()).is_some_and(|&level| level != Level::Off)
    }
}

/// What is true of a post beside its own words.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Whose self.
    pub account: Account,
    /// The networks it is for, where the post does not say.
    pub platforms: Vec<Platform>,
    /// What its author declares, where the post does not.
    pub intent: Intent,
    /// Whether it stands in a queue that is long enough to be judged as one: the budget decides then, and a verdict is at
    /// most a note.
    pub queued: bool,
    /// What config asks to be quiet about in it.
    pub ignores: Arc<Ignores>,
}
