//! The rules of a run, for emitters that say more of a rule than a finding holds.
//!
//! Does not know levels that config gives. Invariant: the rule of a finding of the run is found by its name.

use std::sync::Arc;

use crate::rule::{Rule, RuleSet};

/// The rule sets of a run, by the names of their rules.
#[derive(Clone, Debug, Default)]
pub struct RuleIndex {
    sets: Vec<Arc<RuleSet>>,
}

impl RuleIndex {
    /// An index of these sets; of rules with the same name the first is taken.
    #[must_use]
    pub fn new(sets: Vec<Arc<RuleSet>>) -> Self {
        Self { sets }
    }

    /// The rule of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Rule> {
        self.sets.iter().flat_map(|set| set.rules()).find(|rule| rule.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    #[test]
    fn rules_of_all_sets_are_found() {
        let file = "category = 'house'\n[[rule]]\nname = 'nudge'\nmessage = 'm'\nphrases = ['just checking']\n";
        let (own, _) = RuleSet::with_files(&[Arc::new(Source::from_text("house.toml", file))]);
        let index = RuleIndex::new(vec![Arc::new(RuleSet::shipped()), Arc::new(own)]);
        #[track_caller]
        fn check(index: &RuleIndex, name: &str, known: bool) {
            assert_eq!(index.get(name).map(|rule| &*rule.name), known.then_some(name));
        }
        check(&index, "brag/humility", true);
        check(&index, "house/nudge", true);
        check(&index, "house/nothing", false);
        check(&RuleIndex::default(), "brag/humility", false);
    }
}
