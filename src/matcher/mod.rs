//! Floor 3: from the tokens of a post to the matches of a rule set, in one pass.
//!
//! `marks` says which tokens are self, own and partner, `address` where links lead; `reading` gives every token its word number and classes;
//! `hits` walks the tables; `guards`, `kinds` and `lexicon` turn hits into matches; `length` measures; `places` compares many of them; `seen` tells what has been found; `bits` is a set of tokens; this module
//! puts rules that read other rules after what they read. Touches no file, environment or clock. Invariant: a match is a range of whole tokens in one
//! part, and the same post and rules give the same matches in the same order.

mod address;
mod aside;
mod bits;
mod facts;
mod guards;
mod hits;
mod kinds;
mod length;
mod lexicon;
mod marks;
mod people;
mod places;
mod quotes;
mod reading;
mod seen;
mod spot;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub(crate) use address::{canonical, droppable};
pub(crate) use facts::counts;
pub use facts::{About, Facts};
pub use hits::Hits;
pub use length::Extent;
pub use marks::Marks;
pub(crate) use places::{Disjoint, each_overlap};
pub use reading::{Reading, read};

use self::seen::Seen;
use crate::diagnostic::Level;
use crate::document::{AccountKind, Post};
use crate::rule::{Class, Guards, RuleId, RuleSet, Selector, ThresholdTable};
use crate::text::spread::Spread;
use crate::text::{LimitTable, Platform};

/// A range of tokens in a part of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenRange {
    /// Index of the part.
    pub part: u16,
    /// First token.
    pub first: u32,
    /// One past the last token.
    pub end: u32,
}

impl TokenRange {
    /// Tokens `tokens` of part `part`.
    #[must_use]
    pub fn new(part: usize, tokens: Range<usize>) -> Self {
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { part: u16::try_from(part).unwrap_or(u16::MAX), first: small(tokens.start), end: small(tokens.end) }
    }

    /// The tokens, for indexing.
    #[must_use]
    pub const fn tokens(self) -> Range<usize> {
        self.first as usize..self.end as usize
    }

    /// Whether both share a token.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.part == other.part && self.first < other.end && other.first < self.end
    }

    /// Whether the other lies in it.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.part == other.part && self.first <= other.first && other.end <= self.end
    }

    /// How many tokens it covers.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.first)
    }

    /// Whether it covers none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// How many tokens both cover.
    #[must_use]
    pub fn shared(self, other: Self) -> u32 {
        if self.part != other.part {
            return 0;
        }
        self.end.min(other.end).saturating_sub(self.first.max(other.first))
    }
}

/// What a rule found, before policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// The rule.
    pub rule: RuleId,
    /// Where.
    pub place: TokenRange,
    /// Other tokens that belong to it: what was counted, the second of two phrases, the findings it reads.
    pub evidence: Box<[TokenRange]>,
    /// Which entry of a lexicon; 0 elsewhere.
    pub entry: u16,
    /// What was measured, where something was; of most nothing is.
    pub measured: Option<Box<Measured>>,
}

/// What a rule measured.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// The level that the measure gives; none where the rule's own level holds.
    pub level: Option<Level>,
    /// The measure.
    pub measure: f64,
    /// The least measure that is too much.
    pub max: f64,
    /// The second number of a ratio.
    pub others: u32,
    /// The words among which it was counted; 0 for what is not counted among words.
    pub within: u32,
    /// What a length rule found.
    pub extent: Option<Extent>,
}

impl Match {
    fn plain(rule: RuleId, place: TokenRange) -> Self {
        Self { rule, place, evidence: Box::default(), entry: 0, measured: None }
    }

    /// The level that a measure gives; none where the rule's own level holds.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.measured.as_ref().and_then(|measured| measured.level)
    }

    /// What a length rule found.
    pub(crate) fn extent(&self) -> Option<Extent> {
        self.measured.as_ref().and_then(|measured| measured.extent)
    }
}

/// What of a post rules may ask for beside its words.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The kind of its account.
    pub account: AccountKind,
    /// Its networks; the first decides the grammar and the thresholds.
    pub platforms: &'a [Platform],
    /// What the networks take and show.
    pub limits: &'a LimitTable,
    /// Levels by measure that stand in place of the rules' own.
    pub thresholds: &'a ThresholdTable,
}

/// Everything that matching one post needs.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// The rules.
    pub rules: &'a RuleSet,
    /// The post.
    pub post: &'a Post,
    /// Its parts, read.
    pub readings: &'a [Reading],
    /// The names of its account.
    pub marks: &'a Marks,
    /// Its counts.
    pub facts: &'a Facts,
    /// The threads that share in a long post.
    pub spread: &'a dyn Spread,
    /// Its account and networks.
    pub setting: Setting<'a>,
}

impl Search<'_> {
    /// Whether any token is of a class.
    fn has(&self, class: Class) -> bool {
        self.readings.iter().any(|reading| reading.present.has(class))
    }

    /// Whether what stands at `place` may excuse a match of a rule: a question that closes a draft excuses no promotion
    /// before it.
    fn excuses(&self, id: RuleId, place: TokenRange) -> bool {
        self.rules.rule(id).credit || !self.closes(place)
    }

    fn closes(&self, place: TokenRange) -> bool {
        self.readings[place.part as usize].aside.closes(place.first as usize)
    }

    /// Whether a match only says how a disclosure is made; that is no promotion for other rules to read.
    fn is_of_form(&self, found: &Match) -> bool {
        self.rules.rule(found.rule).is_in("disclosure") && self.discloses(found.place)
    }

    /// Whether a place has words of a plain disclosure.
    fn discloses(&self, place: TokenRange) -> bool {
        place.tokens().any(|token| self.readings[place.part as usize].aside.discloses(token))
    }
}

/// Finds the phrases of all active rules in a post; `active` says whether a rule is on. The word numbers of the readings are not
/// asked for behind it.
#[must_use]
pub fn walk(search: &Search<'_>, active: &(dyn Fn(RuleId) -> bool + Sync)) -> Hits {
    hits::walk(search, &|id| active(id) && applies(&search.rules.rule(id).guards, search))
}

/// Finds the matches of all active rules in a post, of whose phrases these were found.
///
/// `active` says whether a rule is on. `suppressed` says whether a match is hidden by its author: such a match is
/// absent for every other rule too.
#[must_use]
pub fn find(
    search: &Search<'_>,
    hits: Hits,
    active: &(dyn Fn(RuleId) -> bool + Sync),
    suppressed: &dyn Fn(&Match) -> bool,
) -> Vec<Match> {
    let rules = search.rules;
    search.readings.iter().for_each(|reading| reading.meet_people(search.spread));
    let applies = |id: RuleId| active(id) && applies(&rules.rule(id).guards, search);
    let mut matches = kinds::candidates(search, hits, &applies);
    matches.retain(|candidate| !suppressed(candidate));

    let turns = rules.turns();
    let reading = |candidate: &mut Match| turns.of(candidate.rule).is_some();
    let mut waiting: Vec<Match> = matches.extract_if(.., reading).collect();
    waiting.sort_by_key(|candidate| turns.of(candidate.rule));
    let (mut waiting, mut makers) = (waiting.into_iter().peekable(), turns.makers().iter().copied().peekable());
    let mut seen = Seen::default();
    matches.iter().for_each(|found| seen.add(rules, found.rule));
    let promotes = |found: &Match| rules.selects(Selector::Promotion, found.rule) && !search.is_of_form(found);
    let promoted = seen.any(&[Selector::Promotion]) && matches.iter().any(promotes);
    let mut made: Vec<Match> = Vec::new();
    // Of most rules nothing waits, and few are made of others.
    while let Some(turn) = least(waiting.peek().and_then(|next| turns.of(next.rule)), makers.peek().copied()) {
        let id = rules.order()[turn as usize];
        while let Some(own) = waiting.next_if(|candidate| candidate.rule == id) {
            made.push(own);
        }
        if makers.next_if_eq(&turn).is_some() && seen.may_make(&rules.rule(id).kind) && applies(id) {
            made.extend(kinds::from_findings(search, id, &matches));
        }
        if made.is_empty() {
            continue;
        }
        let others = Others::read_by(search, id, &matches, &seen);
        made.retain(|candidate| {
            !suppressed(candidate)
                && others.allow(search, candidate.place)
                && (promoted || !guards::needs_promotion(search, candidate))
        });
        made.iter_mut().for_each(|candidate| kinds::settle(search, candidate, &matches));
        made.retain(|candidate| !suppressed(candidate));
        if !made.is_empty() {
            seen.add(rules, id);
        }
        matches.append(&mut made);
    }
    // No two that are not the same stand alike in this.
    let said = |found: &Match| (found.rule, found.entry);
    matches.sort_unstable_by(|a, b| a.place.cmp(&b.place).then_with(|| said(a).cmp(&said(b))));
    matches
}

fn least(one: Option<u32>, other: Option<u32>) -> Option<u32> {
    one.into_iter().chain(other).min()
}

fn applies(guards: &Guards, search: &Search<'_>) -> bool {
    let words = u16::try_from(search.facts.core_words).unwrap_or(u16::MAX);
    (guards.accounts.is_empty() || guards.accounts.contains(&search.setting.account))
        && (guards.platforms.is_empty()
            || search.setting.platforms.iter().any(|platform| guards.platforms.contains(platform)))
        && (guards.min_words..=guards.max_words).contains(&words)
}

/// What the guards of one rule read of the findings of others.
struct Others {
    /// What must be there is there, and what must not be is not.
    due: bool,
    /// Where findings stand that make the rule void around them: part and first token, rising.
    voids: Vec<(u16, u32)>,
}

impl Others {
    fn read_by(search: &Search<'_>, id: RuleId, matches: &[Match], seen: &Seen) -> Self {
        let guards = &search.rules.rule(id).guards;
        let selected = |selectors: &[Selector], found: &Match| {
            found.rule != id
                && selectors.iter().any(|&selector| search.rules.selects(selector, found.rule))
                && !search.is_of_form(found)
        };
        let anywhere = |selectors: &[Selector]| matches.iter().any(|found| selected(selectors, found));
        let excuses =
            |selectors: &[Selector], found: &Match| selected(selectors, found) && search.excuses(id, found.place);
        let within = |selectors: &[Selector]| if seen.any(selectors) { matches } else { &[] };
        let due = (guards.with.is_empty() || anywhere(&guards.with))
            && !within(&guards.without).iter().any(|found| excuses(&guards.without, found));
        let voids = within(&guards.unless_rule).iter().filter(|found| excuses(&guards.unless_rule, found));
        let mut voids: Vec<(u16, u32)> = voids.map(|found| (found.place.part, found.place.first)).collect();
        voids.sort_unstable();
        Self { due, voids }
    }

    fn allow(&self, search: &Search<'_>, place: TokenRange) -> bool {
        let near = guards::sentences_around(search, place, 0);
        let next = self.voids.partition_point(|&void| void < (near.part, near.first));
        self.due && self.voids.get(next).is_none_or(|&void| void >= (near.part, near.end))
    }
}
