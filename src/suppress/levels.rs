//! What is found of suppressions themselves, and how grave that is.
//!
//! Finds nothing. Invariant: these names stand beside those of the rules wherever levels are set, and nowhere else: they
//! look for nothing in a draft, and cannot be suppressed.

use crate::diagnostic::{Level, nearest};
use crate::rule::{RuleId, RuleSet, Selection};

/// The category of all of them.
const CATEGORY: &str = "suppression";

/// What may be wrong with a suppression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flaw {
    /// It hides nothing.
    Unused,
    /// It names no rule.
    UnknownRule,
    /// It does not say why, and has to.
    NoReason,
    /// Its word is misspelt, or it names nothing.
    Malformed,
}

impl Flaw {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Unused, Self::UnknownRule, Self::NoReason, Self::Malformed];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unused => "suppression/unused",
            Self::UnknownRule => "suppression/unknown-rule",
            Self::NoReason => "suppression/no-reason",
            Self::Malformed => "suppression/malformed",
        }
    }

    /// What it is, in a sentence without a full stop.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Unused => "a suppression that hides nothing",
            Self::UnknownRule => "a suppression that names no rule and no category",
            Self::NoReason => "a suppression without a reason, where `require-reason` asks for one",
            Self::Malformed => "what looks like a suppression and is none, or one that names nothing",
        }
    }
}

/// Whether a name is that of a flaw.
#[must_use]
pub fn is_flaw(code: &str) -> bool {
    code.split_once('/').is_some_and(|(category, _)| category == CATEGORY)
}

/// Whether a name is that of a flaw there is, or of all of them.
#[must_use]
pub fn is_named(name: &str) -> bool {
    name == CATEGORY || Flaw::ALL.iter().any(|flaw| flaw.name() == name)
}

/// The level of each flaw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlawLevels([Level; Flaw::ALL.len()]);

impl Default for FlawLevels {
    fn default() -> Self {
        Self([Level::Warning; Flaw::ALL.len()])
    }
}

impl FlawLevels {
    /// The level of one.
    #[must_use]
    pub fn of(self, flaw: Flaw) -> Level {
        self.0.get(flaw as usize).copied().unwrap_or(Level::Warning)
    }

    /// What is a warning becomes an error.
    #[must_use]
    pub fn denied(self) -> Self {
        Self(self.0.map(|level| if level == Level::Warning { Level::Error } else { level }))
    }

    /// Appends these to the levels of all rules, under numbers that [`select`] knows.
    pub fn append(self, levels: &mut Vec<Level>) {
        levels.extend(self.0);
    }

    /// Takes off what [`FlawLevels::append`] appended.
    pub fn take(levels: &mut Vec<Level>, rules: &RuleSet) -> Self {
        let mut taken = Self::default();
        let own = levels.drain(rules.rules().len().min(levels.len())..);
        taken.0.iter_mut().zip(own).for_each(|(level, own)| *level = own);
        taken
    }
}

/// As [`RuleSet::select`], where flaws have the numbers after those of the rules.
#[must_use]
pub fn select(rules: &RuleSet, name: &str) -> Selection {
    let flaws = Flaw::ALL.iter().zip(rules.rules().len()..);
    let named = flaws.filter(|(flaw, _)| name == CATEGORY || name == flaw.name());
    let named: Vec<RuleId> = named.filter_map(|(_, number)| u16::try_from(number).ok().map(RuleId)).collect();
    if !named.is_empty() {
        return Selection::Rules(named);
    }
    match rules.select(name) {
        Selection::Unknown(near) => {
            let flaws = Flaw::ALL.map(Flaw::name).into_iter().chain([CATEGORY]);
            Selection::Unknown(nearest(name, near.as_deref().into_iter().chain(flaws)).map(str::to_owned))
        }
        known => known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flaws_stand_behind_the_rules() {
        let rules = RuleSet::shipped();
        let count = rules.rules().len();
        let numbers = |name: &str| match select(&rules, name) {
            Selection::Rules(ids) => ids.into_iter().map(|id| id.index() - count).collect(),
            Selection::Unknown(near) => panic!("{near:?}"),
        };
        let all: Vec<usize> = numbers("suppression");
        assert_eq!(all, [0, 1, 2, 3]);
        assert_eq!(numbers("suppression/no-reason"), [2]);
        let near = |name: &str| match select(&rules, name) {
            Selection::Unknown(near) => near,
            Selection::Rules(_) => None,
        };
        assert_eq!(near("suppression/unusd").as_deref(), Some("suppression/unused"));
        assert_eq!(near("ask/sof").as_deref(), Some("ask/soft"));
        let mut levels: Vec<Level> = rules.rules().iter().map(|rule| rule.level).collect();
        FlawLevels::default().append(&mut levels);
        levels[count + 2] = Level::Off;
        let taken = FlawLevels::take(&mut levels, &rules);
        assert_eq!(levels.len(), count);
        assert_eq!((taken.of(Flaw::NoReason), taken.of(Flaw::Unused)), (Level::Off, Level::Warning));
        assert_eq!(taken.denied().of(Flaw::Unused), Level::Error);
    }
}
