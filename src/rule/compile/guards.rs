//! When a match does not count: guards resolved, and those refused that a kind has no use for.
//!
//! Invariant: a guard that would never be asked is a mistake, and not passed over.

use super::Compiler;
use crate::rule::raw::{RawFile, RawGuards, RawRule};
use crate::rule::tables::Slot;
use crate::rule::{Guards, Kind, RuleId, Subject};

impl Compiler<'_> {
    pub(super) fn guards(&mut self, file: &RawFile, raw: &RawGuards, id: RuleId, kind: Option<&Kind>) -> Guards {
        // No phrase tells where links stand.
        let everywhere = matches!(kind, Some(Kind::Link { .. }));
        if everywhere {
            self.phrases_everywhere(file, &raw.unless_near, id, Slot::UnlessNear);
        } else {
            self.phrases(file, &raw.unless_near, id, Slot::UnlessNear);
        }
        self.phrases(file, &raw.unless, id, Slot::Unless);
        Guards {
            subject: raw.subject.unwrap_or(Subject::Any),
            negation: raw.negation,
            clause_start: raw.clause_start,
            skip_quotes: raw.skip_quotes.unwrap_or(true),
            looks_around: !everywhere && !raw.unless_near.is_empty(),
            unless_rule: self.selectors(file, &raw.unless_rule),
            with: self.selectors(file, &raw.with),
            without: self.selectors(file, &raw.without),
            accounts: raw.accounts.clone().into(),
            platforms: raw.platforms.clone().into(),
            min_words: raw.min_words,
            max_words: raw.max_words.unwrap_or(u16::MAX),
        }
    }

    /// Guards that look at the words of a match mean nothing to kinds that have none.
    pub(super) fn unasked_guards(&mut self, file: &RawFile, raw: &RawRule, kind: Option<&Kind>) {
        let wordless = match kind {
            Some(Kind::Count(count)) => count.class.is_some(),
            Some(
                Kind::Ratio { .. }
                | Kind::Absent
                | Kind::FindingAt(..)
                | Kind::Composite { .. }
                | Kind::Lexicon(_)
                | Kind::Length(_)
                | Kind::Verdict(_)
                | Kind::Queue(_),
            ) => true,
            _ => false,
        };
        let guards = &raw.guards;
        let given = [
            ("subject", guards.subject.is_some()),
            ("negation", guards.negation),
            ("clause-start", guards.clause_start),
            ("unless-near", !guards.unless_near.is_empty()),
        ];
        let of_post = [
            ("unless", !guards.unless.is_empty()),
            ("unless-rule", !guards.unless_rule.is_empty()),
            ("with", !guards.with.is_empty()),
            ("without", !guards.without.is_empty()),
            ("accounts", !guards.accounts.is_empty()),
            ("platforms", !guards.platforms.is_empty()),
            ("min-words", guards.min_words > 0),
            ("max-words", guards.max_words.is_some()),
        ];
        let of_queue = matches!(kind, Some(Kind::Queue(_)));
        let of_post = of_post.iter().filter(|(_, given)| of_queue && *given);
        for (name, _) in given.iter().filter(|(_, given)| wordless && *given).chain(of_post) {
            let span = raw.name.as_ref().map_or(raw.span, |name| name.span);
            self.error(file, "guard", format!("this kind of rule has no use for the guard `{name}`"), span);
        }
    }
}
