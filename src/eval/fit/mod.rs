//! Floor 5: the weights of rules, and where verdicts are cut, fitted to labelled posts.
//!
//! Reads no files, and never changes which findings there are: a post is matched once, and only scored again. Invariant:
//! the same posts in the same order give the same numbers, and every fitted weight is a whole number of tenths from 0
//! to [`MOST`].

mod cut;
mod descent;
pub mod edit;
pub mod folds;
mod loss;

use super::report::JudgedSet;
use super::{Judged, Role};
use crate::lint::Found;
use crate::rule::{Kind, Rule, RuleId, RuleSet, Shape};
use crate::score::{Verdict, axes};
use crate::section;
use crate::text::spread::Alone;
use descent::{Descent, Free, Number};
use loss::Witness;

/// The greatest weight that a fit gives.
pub const MOST: f64 = 8.0;

/// The farthest that an entry of a lexicon moves from 0, in log-odds: no word is a verdict of its own.
pub const MOST_LOG_ODDS: f64 = 3.0;

/// A rule or an entry of a lexicon that fires in fewer posts keeps its weight, and is no proof of anything.
pub const RARE: u32 = 20;

/// A rule of [`HEAVY`] or more has to be right this often.
const PRECISE: f64 = 0.8;

/// From here on a rule has to be [`PRECISE`].
const HEAVY: f64 = 2.0;

/// How often weights and cut-offs are fitted in turn; each depends on the other, and twice is enough for both to rest.
const ROUNDS: usize = 2;

/// What a fit may do.
#[derive(Clone, Debug)]
pub struct Options {
    /// Names of rules that keep their weight.
    pub fixed: Vec<String>,
    /// How many times one nat of likelihood is worth half the square of a weight's distance from where it stood.
    pub shrink: f64,
    /// Whether the numbers of the shape are fitted too.
    pub shape: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { fixed: Vec::new(), shrink: 1.0, shape: true }
    }
}

/// A labelled post with what the rules found in it.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its labels, and its judgement by the present weights.
    pub judged: Judged,
    /// What was found.
    pub found: Found,
}

impl Case {
    /// Promotion and conversation by the weights of `rules`; nothing of a post that cannot be judged.
    fn axes(&self, rules: &RuleSet) -> (f64, f64) {
        match self.found.judged {
            true => axes(rules, &self.found.matches, &self.found.facts),
            false => (0.0, 0.0),
        }
    }

    /// Promotion and conversation of the sections of a long post.
    fn sections(&self, rules: &RuleSet) -> Vec<(f64, f64)> {
        section::scores(rules, &self.found.matches, &self.found.sections, &Alone)
    }

    /// What the first half of it promotes, where it is long enough to give something before it asks.
    fn body(&self, rules: &RuleSet) -> Option<f64> {
        section::body_promotion(rules, &self.found.matches, self.found.body.as_ref())
    }

    /// The judgement by the weights of `rules`.
    fn judged_by(&self, rules: &RuleSet) -> Judged {
        let (promotion, conversation) = self.axes(rules);
        let verdict = match self.found.judged {
            true => {
                let whole = Verdict::of(promotion, conversation, rules.shape());
                section::verdict(whole, &self.sections(rules), self.body(rules), rules.shape())
            }
            false => Verdict::Unjudged,
        };
        Judged { promotion, verdict, ..self.judged.clone() }
    }
}

/// Labelled posts of one set.
#[derive(Clone, Debug, Default)]
pub struct FitSet {
    /// Its name.
    pub name: String,
    /// What it is there to show; one without a role counts as core.
    pub roles: Vec<Role>,
    /// How many posts its labels leave out.
    pub left_out: u32,
    /// Its posts.
    pub cases: Vec<Case>,
    /// The fold that each is in, in the same order; see [`folds`].
    pub folds: Vec<usize>,
}

impl FitSet {
    fn judged(&self, judge: impl Fn(usize, &Case) -> Judged) -> JudgedSet {
        JudgedSet {
            name: self.name.clone(),
            roles: self.roles.clone(),
            posts: self.cases.iter().enumerate().map(|(at, case)| judge(at, case)).collect(),
            left_out: self.left_out,
        }
    }

    /// As the present weights judge it.
    #[must_use]
    pub fn before(&self) -> JudgedSet {
        self.judged(|_, case| case.judged.clone())
    }

    /// Every post as judged by the fit that did not see it: `fits` holds one rule set a fold.
    #[must_use]
    pub fn held_out(&self, fits: &[RuleSet]) -> JudgedSet {
        self.judged(|at, case| match self.folds.get(at).and_then(|fold| fits.get(*fold)) {
            Some(rules) => case.judged_by(rules),
            None => case.judged.clone(),
        })
    }
}

/// What a fit came to.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The rules with their fitted weights and shape.
    pub rules: RuleSet,
    /// Rules that fire too seldom to be fitted, and in how many posts they fire.
    pub rare: Vec<(RuleId, u32)>,
    /// Rules that are not to be trusted alone, and in how many drafts they fire.
    pub unproven: Vec<(RuleId, u32)>,
    /// Rules held below a weight of 2, since too many of the drafts in which they fire are conversational.
    pub imprecise: Vec<RuleId>,
    /// The penalised loss per post before and after, in nats.
    pub loss: (f64, f64),
}

/// Fits to all posts of `sets`, those of one fold aside.
#[must_use]
pub fn fit(rules: &RuleSet, sets: &[FitSet], without: Option<usize>, options: &Options) -> Fitted {
    let witnesses = loss::witnesses(rules, sets, without);
    // In all posts, and in drafts.
    let mut fired = vec![[Fired::default(); 2]; rules.rules().len()];
    for witness in &witnesses {
        let wrong = witness.case.judged.class == super::Class::Conversational;
        for rule in &witness.case.judged.rules {
            for fired in &mut fired[rule.index()][..=usize::from(witness.draft)] {
                fired.add(wrong);
            }
        }
    }
    let mut fitted = rules.clone();
    let unproven = unproven(rules, sets);
    // Without drafts nothing is said of proof.
    let proving = if sets.iter().any(|set| set.roles.contains(&Role::Drafts)) { rules.rules().len() } else { 0 };
    for id in (0..proving).filter_map(|at| u16::try_from(at).ok()).map(RuleId) {
        fitted.set_unproven(id, unproven.iter().any(|(one, _)| *one == id));
    }
    let (mut free, mut rare, mut imprecise) = (Vec::new(), Vec::new(), Vec::new());
    for ((id, rule), fired) in (0..).map(RuleId).zip(rules.rules()).zip(&fired) {
        if let Kind::Lexicon(_) = rule.kind {
            free.extend(free_entries(rules, id, &witnesses));
            continue;
        }
        if !may_move(rule, options) {
            continue;
        }
        let [posts, drafts] = fired;
        if !posts.is_often() {
            rare.push((id, posts.posts));
            continue;
        }
        let imprecise_here = !rule.credit && drafts.is_often() && !drafts.is_precise();
        if imprecise_here {
            imprecise.push(id);
        }
        let ceiling = if imprecise_here { HEAVY - 0.1 } else { MOST };
        free.push(Free { number: Number::Weight(id), bounds: (0.0, ceiling) });
    }
    let mut descent = Descent::new(rules, fitted, witnesses, free, options);
    let before = descent.mean_loss();
    for _ in 0..ROUNDS {
        descent.run();
        if options.shape {
            let shape = cut::choose(rules.shape(), descent.rules().shape(), sets, descent.witnesses());
            descent.cut(shape);
        }
    }
    let loss = (before, descent.mean_loss());
    Fitted { rules: descent.into_rules(), rare, unproven, imprecise, loss }
}

/// The entries of a lexicon that stand in enough posts; each keeps the sign that a person gave it.
fn free_entries(rules: &RuleSet, id: RuleId, witnesses: &[Witness<'_>]) -> Vec<Free> {
    let Kind::Lexicon(lexicon) = &rules.rule(id).kind else { return Vec::new() };
    let mut posts = vec![0_u32; lexicon.entries.len()];
    for found in witnesses.iter().flat_map(|witness| &witness.case.found.matches) {
        if let Some(posts) = posts.get_mut(usize::from(found.entry)).filter(|_| found.rule == id) {
            *posts += 1;
        }
    }
    let often = (0..).zip(&lexicon.entries[..]).zip(posts).filter(|(_, posts)| *posts >= RARE);
    often
        .map(|((entry, (_, log_odds)), _)| {
            let bounds = if *log_odds < 0.0 { (-MOST_LOG_ODDS, 0.0) } else { (0.0, MOST_LOG_ODDS) };
            Free { number: Number::Entry(id, entry), bounds }
        })
        .collect()
}

/// The rules that add to promotion and are not to be trusted alone, with the drafts in which they fire: those that fire in
/// [`RARE`] drafts or more and are right in [`PRECISE`] of them are trusted, and those of which the same is true of drafts
/// and core posts together. Mixed counts as right.
fn unproven(rules: &RuleSet, sets: &[FitSet]) -> Vec<(RuleId, u32)> {
    let mut fired = vec![[Fired::default(); 2]; rules.rules().len()];
    for set in sets {
        let drafts = set.roles.contains(&Role::Drafts);
        if !drafts && !set.roles.contains(&Role::Core) && !set.roles.is_empty() {
            continue;
        }
        for case in &set.cases {
            let wrong = case.judged.class == super::Class::Conversational;
            for rule in &case.judged.rules {
                for fired in &mut fired[rule.index()][usize::from(!drafts)..] {
                    fired.add(wrong);
                }
            }
        }
    }
    let doubtful = (0..).map(RuleId).zip(rules.rules()).zip(fired).filter(|((_, rule), fired)| {
        let points = !rule.credit && rule.weight > 0.0;
        let is_rule = !matches!(rule.kind, Kind::Verdict(_) | Kind::Lexicon(_));
        points && is_rule && !fired.iter().any(|fired| fired.is_often() && fired.is_precise())
    });
    doubtful.map(|((id, _), [drafts, _])| (id, drafts.posts)).collect()
}

/// A weight of 0 says that the rule is no matter of points; that is not for a fit to change.
fn may_move(rule: &Rule, options: &Options) -> bool {
    rule.weight > 0.0
        && !matches!(rule.kind, Kind::Verdict(_) | Kind::Lexicon(_))
        && !options.fixed.iter().any(|name| *name == rule.name)
}

/// Posts in which a rule fired.
#[derive(Clone, Copy, Default)]
struct Fired {
    posts: u32,
    wrong: u32,
}

impl Fired {
    fn add(&mut self, wrong: bool) {
        self.posts += 1;
        self.wrong += u32::from(wrong);
    }

    fn is_often(self) -> bool {
        self.posts >= RARE
    }

    fn is_precise(self) -> bool {
        f64::from(self.posts - self.wrong) >= PRECISE * f64::from(self.posts)
    }
}

/// Numbers of the shape that differ, by their keys in `rules/score.toml`.
#[must_use]
pub fn moved_numbers(before: &Shape, after: &Shape) -> Vec<(&'static str, f64, f64)> {
    let numbers = [
        ("promotion-scale", before.promotion_scale, after.promotion_scale),
        ("credit-share", before.credit_share, after.credit_share),
        ("promotional", before.promotional, after.promotional),
        ("mixed", before.mixed, after.mixed),
    ];
    numbers.into_iter().filter(|(_, before, after)| before.total_cmp(after).is_ne()).collect()
}

#[cfg(test)]
mod tests;
