//! Which rules have found anything so far, told at a glance.
//!
//! A filter before what reads all matches, and never instead of it. Invariant: what is not told is not there; what is told
//! may be another rule's.

use crate::rule::{Kind, LengthOf, RuleId, RuleSet, Selector};

/// The rules and categories of the matches of a post.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// A bit for a category, and for a rule, each by the rest of its number; see `bit`.
    categories: [u64; 4],
    rules: [u64; 4],
    promotion: bool,
}

/// Where the bit of a number stands.
const fn bit(number: u16) -> (usize, u64) {
    (number as usize / 64 % 4, 1 << (number % 64))
}

impl Seen {
    /// Takes note of matches of a rule.
    pub(super) fn add(&mut self, rules: &RuleSet, id: RuleId) {
        let (category, rule) = (bit(u16::from(rules.rule(id).category_id.0)), bit(id.0));
        self.categories[category.0] |= category.1;
        self.rules[rule.0] |= rule.1;
        self.promotion = self.promotion || rules.selects(Selector::Promotion, id);
    }

    /// Whether any of these may select a match.
    pub(super) fn any(&self, selectors: &[Selector]) -> bool {
        selectors.iter().any(|&selector| self.has(selector))
    }

    fn has(&self, selector: Selector) -> bool {
        let of = |bits: &[u64; 4], (word, bit): (usize, u64)| bits[word] & bit != 0;
        match selector {
            Selector::Rule(id) => of(&self.rules, bit(id.0)),
            Selector::Category(category) => of(&self.categories, bit(u16::from(category.0))),
            Selector::Promotion => self.promotion,
        }
    }

    /// Whether anything may come of a rule that is made of what others found.
    pub(super) fn may_make(&self, kind: &Kind) -> bool {
        match kind {
            Kind::FindingAt(_, of) => self.any(of),
            Kind::Composite { all, any, .. } => {
                all.iter().all(|&one| self.has(one)) && (any.is_empty() || self.any(any))
            }
            Kind::Length(LengthOf::Fold(_)) => true,
            _ => false,
        }
    }
}
