//! The registry: all rules of a run, shipped and the user's.
//!
//! Does not read files. Invariant: a [`RuleId`] is an index into [`RuleSet::rules`], shipped rules first, and the
//! phrases of all rules stand in at most two tables.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use super::compile::{Base, Compiled, compile};
use super::order::order;
use super::{
    Classes, Kind, LengthOf, MAX_REGEX_SIZE, QueueKind, Rule, RuleId, Selector, Shape, Tables, raw, shipped,
};
use crate::diagnostic::{Diagnostic, nearest};
use crate::text::Source;
use crate::text::hash::Fnv;

/// All rules of a run.
#[derive(Clone, Debug)]
pub struct RuleSet {
    rules: Cow<'static, [Rule]>,
    categories: Vec<Cow<'static, str>>,
    shipped: Cow<'static, Tables>,
    added: Option<Tables>,
    order: Cow<'static, [RuleId]>,
    shape: Cow<'static, Shape>,
    fingerprint: Cow<'static, str>,
    found: Found,
}

/// What is found of the rules when it is first asked for.
#[derive(Clone, Debug, Default)]
struct Found {
    /// See [`RuleSet::measuring`].
    measuring: OnceLock<Vec<RuleId>>,
    /// See [`RuleSet::turns`].
    turns: OnceLock<Turns>,
    /// See [`RuleSet::of_queues`].
    of_queues: OnceLock<Vec<RuleId>>,
    /// See [`RuleSet::classes_of_seconds`].
    seconds: OnceLock<Vec<Classes>>,
    /// See [`RuleSet::knows`].
    names: OnceLock<HashSet<String>>,
}

/// When the rules that read others have their turn.
#[derive(Clone, Debug)]
pub struct Turns {
    /// For each rule its place in [`RuleSet::order`] and 1; 0 for those that read nothing.
    places: Vec<u32>,
    makers: Vec<u32>,
}

impl Turns {
    /// The place of a rule in [`RuleSet::order`]; none of one that reads no other.
    #[must_use]
    pub fn of(&self, id: RuleId) -> Option<u32> {
        self.places.get(id.index()).and_then(|place| place.checked_sub(1))
    }

    /// The places of rules that are made of what others found, and of nothing else.
    #[must_use]
    pub fn makers(&self) -> &[u32] {
        &self.makers
    }
}

/// What a name in config or on the command line stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// These rules: one by its full name, or a category's.
    Rules(Vec<RuleId>),
    /// None; the nearest known name, if one is near.
    Unknown(Option<String>),
}

impl RuleSet {
    /// The shipped rules alone.
    #[must_use]
    pub fn shipped() -> Self {
        Self {
            rules: Cow::Borrowed(shipped::RULES),
            categories: shipped::CATEGORIES.iter().map(|&name| Cow::Borrowed(name)).collect(),
            shipped: Cow::Borrowed(&shipped::TABLES),
            added: None,
            order: Cow::Borrowed(shipped::ORDER),
            shape: Cow::Borrowed(&shipped::SHAPE),
            fingerprint: Cow::Borrowed(shipped::FINGERPRINT),
            found: Found::default(),
        }
    }

    /// The shipped rules and those of `files`, each the source of a rule file. What is wrong in the files is
    /// returned beside the set, which holds every rule that was right.
    #[must_use]
    pub fn with_files(files: &[Arc<Source>]) -> (Self, Vec<Diagnostic>) {
        Self::with_files_within(files, MAX_REGEX_SIZE)
    }

    /// As [`RuleSet::with_files`], with regexes that may take so many bytes each once they are built.
    #[must_use]
    pub fn with_files_within(files: &[Arc<Source>], regex_size: usize) -> (Self, Vec<Diagnostic>) {
        if files.is_empty() {
            return (Self::shipped(), Vec::new());
        }
        let base = Base { rules: shipped::RULES, categories: shipped::CATEGORIES, regex_size };
        let (compiled, diagnostics) = compile_sources(files, base);
        let rules: Vec<Rule> = shipped::RULES.iter().cloned().chain(compiled.rules).collect();
        let order = order(&rules.iter().collect::<Vec<_>>()).unwrap_or_else(|_| shipped::ORDER.to_vec());
        let mut hash = Fnv::new();
        hash.add(shipped::FINGERPRINT.as_bytes());
        files.iter().for_each(|file| hash.add(file.text().as_bytes()));
        let set = Self {
            rules: rules.into(),
            categories: compiled.categories.into_iter().map(Cow::Owned).collect(),
            shipped: Cow::Borrowed(&shipped::TABLES),
            added: Some(compiled.tables),
            order: order.into(),
            shape: Cow::Borrowed(&shipped::SHAPE),
            fingerprint: hash.hex().into(),
            found: Found::default(),
        };
        (set, diagnostics)
    }

    /// A set of nothing but the rules of `files`, compiled here and now: what the shipped tables are made of and
    /// tested against. Word classes come from the files themselves.
    #[must_use]
    pub fn of_files(files: &[Arc<Source>]) -> (Self, Vec<Diagnostic>) {
        let (compiled, diagnostics) = compile_sources(files, Base::default());
        let order = order(&compiled.rules.iter().collect::<Vec<_>>()).unwrap_or_default();
        let mut hash = Fnv::new();
        files.iter().for_each(|file| hash.add(file.text().as_bytes()));
        let set = Self {
            rules: compiled.rules.into(),
            categories: compiled.categories.into_iter().map(Cow::Owned).collect(),
            shipped: Cow::Owned(compiled.tables),
            added: None,
            order: order.into(),
            shape: compiled.shape.map_or(Cow::Borrowed(&shipped::SHAPE), Cow::Owned),
            fingerprint: hash.hex().into(),
            found: Found::default(),
        };
        (set, diagnostics)
    }

    /// The rules in the order of their declaration; a [`RuleId`] is an index into this.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// One rule.
    #[must_use]
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[id.index()]
    }

    /// The categories, in the order of their files.
    #[must_use]
    pub fn categories(&self) -> &[Cow<'static, str>] {
        &self.categories
    }

    /// The packs that rules belong to, each once, in the order of their declaration.
    #[must_use]
    pub fn packs(&self) -> Vec<&str> {
        let mut packs: Vec<&str> = Vec::new();
        for pack in self.rules.iter().filter_map(|rule| rule.pack.as_deref()) {
            if !packs.contains(&pack) {
                packs.push(pack);
            }
        }
        packs
    }

    /// The phrases: the shipped tables, whose word classes hold for all, and those of added files.
    #[must_use]
    pub fn tables(&self) -> (&Tables, Option<&Tables>) {
        (&self.shipped, self.added.as_ref())
    }

    /// The rules that read what others found, each after all that it reads.
    #[must_use]
    pub fn order(&self) -> &[RuleId] {
        &self.order
    }

    /// When each of [`RuleSet::order`] has its turn.
    #[must_use]
    pub fn turns(&self) -> &Turns {
        let made = |kind: &Kind| {
            matches!(kind, Kind::FindingAt(..) | Kind::Composite { .. } | Kind::Length(LengthOf::Fold(_)))
        };
        self.found.turns.get_or_init(|| {
            let mut turns = Turns { places: vec![0; self.rules.len()], makers: Vec::new() };
            for (place, &id) in (0..).zip(self.order()) {
                if let Some(known) = turns.places.get_mut(id.index()) {
                    *known = place + 1;
                }
                if made(&self.rule(id).kind) {
                    turns.makers.push(place);
                }
            }
            turns
        })
    }

    /// The rules that say something of any post, whether a phrase of theirs stands in it or not: of links, of counts and
    /// ratios of classes, of lengths, and of what is missing.
    pub fn measuring(&self) -> impl Iterator<Item = RuleId> {
        let measures = |rule: &Rule| match &rule.kind {
            Kind::Count(count) => count.class.is_some(),
            kind => matches!(
                kind,
                Kind::Ratio { .. } | Kind::Link { .. } | Kind::Absent | Kind::Length(LengthOf::Post)
            ),
        };
        let all = || (0..).map(RuleId).zip(self.rules()).filter(|(_, rule)| measures(rule)).map(|(id, _)| id);
        self.found.measuring.get_or_init(|| all().collect()).iter().copied()
    }

    /// The rules of queues: few, and asked for by every post of one.
    pub fn of_queues(&self) -> impl Iterator<Item = (RuleId, &QueueKind)> {
        let is_of_queue = |(_, rule): &(RuleId, &Rule)| matches!(rule.kind, Kind::Queue(_));
        let all = || (0..).map(RuleId).zip(self.rules()).filter(is_of_queue).map(|(id, _)| id).collect();
        self.found.of_queues.get_or_init(all).iter().filter_map(|&id| match &self.rule(id).kind {
            Kind::Queue(kind) => Some((id, kind)),
            _ => None,
        })
    }

    /// The classes by which what stands around the hits of a rule is looked for, beside words: few rules have any, and
    /// what is as broad as `{word}` costs as much as all else.
    #[must_use]
    pub fn classes_of_seconds(&self, id: RuleId) -> Classes {
        let all = || {
            let mut all = vec![Classes::default(); self.rules.len()];
            let tables = [Some(&*self.shipped), self.added.as_ref()];
            for (rule, classes) in tables.into_iter().flatten().flat_map(Tables::seconds_by_class) {
                if let Some(of_rule) = all.get_mut(usize::from(rule)) {
                    of_rule.0 |= classes.0;
                }
            }
            all
        };
        self.found.seconds.get_or_init(all).get(id.index()).copied().unwrap_or_default()
    }

    /// How weights add up.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Gives a rule another weight than its file does; the fingerprint stays that of the files.
    pub fn set_weight(&mut self, id: RuleId, weight: f64) {
        if let Some(rule) = self.rules.to_mut().get_mut(id.index()) {
            rule.weight = weight;
        }
    }

    /// What entry number `entry` of lexicon `id` adds to the log-odds; 0 where there is none.
    #[must_use]
    pub fn entry(&self, id: RuleId, entry: u16) -> f64 {
        match &self.rule(id).kind {
            Kind::Lexicon(lexicon) => lexicon.entries.get(usize::from(entry)).map_or(0.0, |entry| entry.1),
            _ => 0.0,
        }
    }

    /// Gives an entry of a lexicon another weight than its file does; the fingerprint stays that of the files.
    pub fn set_entry(&mut self, id: RuleId, entry: u16, log_odds: f64) {
        if let Some(Kind::Lexicon(lexicon)) = self.rules.to_mut().get_mut(id.index()).map(|rule| &mut rule.kind)
            && let Some(entry) = lexicon.entries.to_mut().get_mut(usize::from(entry))
        {
            entry.1 = log_odds;
        }
    }

    /// Says whether a rule is to be trusted alone, whatever its file says; the fingerprint stays that of the files.
    pub fn set_unproven(&mut self, id: RuleId, unproven: bool) {
        if let Some(rule) = self.rules.to_mut().get_mut(id.index()) {
            rule.unproven = unproven;
        }
    }

    /// Makes weights add up otherwise than the files say; the fingerprint stays that of the files.
    pub fn set_shape(&mut self, shape: Shape) {
        self.shape = Cow::Owned(shape);
    }

    /// A hash over all rule files, in hexadecimal: it changes with everything that decides what is found and how it
    /// scores.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Whether `selector` selects `id`.
    #[must_use]
    pub fn selects(&self, selector: Selector, id: RuleId) -> bool {
        let rule = self.rule(id);
        match selector {
            Selector::Rule(named) => named == id,
            Selector::Category(category) => rule.category_id == category,
            Selector::Promotion => rule.is_plain_promotion(),
        }
    }

    /// Resolves a rule name (`brag/humility`) or a category (`brag`).
    #[must_use]
    pub fn select(&self, name: &str) -> Selection {
        let found: Vec<RuleId> = (0..)
            .map(RuleId)
            .zip(self.rules.iter())
            .filter(|(_, rule)| rule.name == name || rule.category() == name)
            .map(|(id, _)| id)
            .collect();
        if !found.is_empty() {
            return Selection::Rules(found);
        }
        Selection::Unknown(self.nearest(name).map(str::to_owned))
    }

    /// The name of a rule or category that is nearest to one that nobody has, if one is near.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let mut before = "";
        let known = self.rules.iter().flat_map(|rule| {
            let category =
                Some(rule.category()).filter(|category| *category != std::mem::replace(&mut before, category));
            category.into_iter().chain([&*rule.name])
        });
        nearest(name, known)
    }

    /// Whether a rule or a category has this name.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        let names =
            || self.rules.iter().flat_map(|rule| [rule.category(), &*rule.name]).map(str::to_owned).collect();
        self.found.names.get_or_init(names).contains(name)
    }
}

fn compile_sources(files: &[Arc<Source>], base: Base<'_>) -> (Compiled, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut raw_files = Vec::new();
    for file in files {
        let (raw_file, found) = raw::read(file);
        raw_files.push(raw_file);
        diagnostics.extend(found);
    }
    let (compiled, found) = compile(&raw_files, base);
    diagnostics.extend(found);
    // Mistakes of shape and of meaning come from two passes; people read a file from its top.
    diagnostics.sort_by_key(|diagnostic: &Diagnostic| {
        let label = diagnostic.labels.first();
        let file = label.and_then(|label| files.iter().position(|file| Arc::ptr_eq(file, &label.source)));
        (file, label.map(|label| label.span))
    });
    (compiled, diagnostics)
}
