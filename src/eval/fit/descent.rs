//! Floor 5: one weight after the other is moved, by tenths, for as long as that pays.
//!
//! Knows no labels. Invariant: the penalised loss never rises, and each weight stays between 0 and its ceiling.
//!
//! Coordinate descent suits this likelihood: a weight matters only in the few posts in which its rule fires, the real
//! formula is asked each time (with its saturation, and with words that two findings share), bounds hold by
//! themselves, and what comes out are the very numbers that are written, not their roundings. The penalty is the
//! square of the distance from the hand-set weight (ridge toward a prior mean, Hoerl and Kennard 1970).

use super::Options;
use super::loss::Witness;
use crate::rule::{RuleId, RuleSet, Shape};

/// Rounds over all weights; most fits rest after a dozen.
const SWEEPS: usize = 40;

/// How far a weight may jump at once, tried from the longest.
const FIRST_STEPS: [f64; 5] = [1.6, 0.8, 0.4, 0.2, 0.1];

/// The same once every weight has been near its place.
const LATER_STEPS: [f64; 2] = [0.4, 0.1];

/// What the scale of all weights together may be.
const SCALES: (f64, f64) = (1.0, 20.0);

/// Of the square of the logarithm by which the scale changes: it concerns every post at once, and stays unless that
/// pays clearly.
const SCALE_PENALTY: f64 = 20.0;

/// Less than this is no gain, but the noise of adding in another order.
const GAIN: f64 = 1e-9;

/// What a distance of one from the hand-set number costs, for log-odds: the words of a lexicon are many, and each tells
/// little.
const LOG_ODDS_PENALTY: f64 = 0.5;

/// What is moved.
#[derive(Clone, Copy)]
pub(super) enum Number {
    /// The weight of a rule.
    Weight(RuleId),
    /// The log-odds of an entry of a lexicon.
    Entry(RuleId, u16),
    /// The scale of all.
    Scale,
}

impl Number {
    /// What it is in a rule set.
    pub(super) fn of(self, rules: &RuleSet) -> f64 {
        match self {
            Self::Weight(rule) => rules.rule(rule).weight,
            Self::Entry(rule, entry) => rules.entry(rule, entry),
            Self::Scale => rules.shape().promotion_scale,
        }
    }

    fn set(self, rules: &mut RuleSet, value: f64) {
        match self {
            Self::Weight(rule) => rules.set_weight(rule, value),
            Self::Entry(rule, entry) => rules.set_entry(rule, entry, value),
            Self::Scale => rules.set_shape(Shape { promotion_scale: value, ..rules.shape().clone() }),
        }
    }

    /// Whether it decides anything about the post of a witness.
    fn concerns(self, witness: &Witness<'_>) -> bool {
        match self {
            Self::Weight(rule) => witness.case.judged.rules.contains(&rule),
            Self::Entry(rule, entry) => {
                witness.case.found.matches.iter().any(|found| found.rule == rule && found.entry == entry)
            }
            Self::Scale => !witness.case.found.matches.is_empty(),
        }
    }
}

/// A number that may move, and how far.
#[derive(Clone)]
pub(super) struct Free {
    pub(super) number: Number,
    pub(super) bounds: (f64, f64),
}

/// A fit on its way.
pub(super) struct Descent<'a> {
    present: &'a RuleSet,
    rules: RuleSet,
    witnesses: Vec<Witness<'a>>,
    /// What moves, with the posts that it concerns.
    free: Vec<(Free, Vec<usize>)>,
    options: &'a Options,
}

impl<'a> Descent<'a> {
    /// `rules` are `present` with what is not for a descent to move already set.
    pub(super) fn new(
        present: &'a RuleSet,
        rules: RuleSet,
        witnesses: Vec<Witness<'a>>,
        mut free: Vec<Free>,
        options: &'a Options,
    ) -> Self {
        if options.shape {
            free.push(Free { number: Number::Scale, bounds: SCALES });
        }
        let posts_of = |free: &Free| {
            let concerned = witnesses.iter().enumerate().filter(|(_, witness)| free.number.concerns(witness));
            concerned.map(|(at, _)| at).collect()
        };
        let free: Vec<(Free, Vec<usize>)> = free.into_iter().map(|one| (one.clone(), posts_of(&one))).collect();
        let mut descent = Self { present, rules, witnesses, free, options };
        for (one, _) in &descent.free {
            let start = tenths(one.number.of(present)).clamp(one.bounds.0, one.bounds.1);
            one.number.set(&mut descent.rules, start);
        }
        descent.score_again();
        descent
    }

    pub(super) fn rules(&self) -> &RuleSet {
        &self.rules
    }

    pub(super) fn witnesses(&self) -> &[Witness<'a>] {
        &self.witnesses
    }

    pub(super) fn into_rules(self) -> RuleSet {
        self.rules
    }

    /// Takes other cut-offs.
    pub(super) fn cut(&mut self, shape: Shape) {
        self.rules.set_shape(shape);
        self.score_again();
    }

    /// The penalised loss by mass, in nats.
    pub(super) fn mean_loss(&self) -> f64 {
        let all: f64 = self.witnesses.iter().map(|witness| witness.mass).sum();
        let loss: f64 = self.witnesses.iter().map(|witness| self.loss(witness, witness.axes)).sum();
        let penalty: f64 =
            self.free.iter().map(|(one, _)| self.penalty(one.number, one.number.of(&self.rules))).sum();
        if all > 0.0 { (loss + penalty) / all } else { 0.0 }
    }

    /// Moves weights until none moves any more.
    pub(super) fn run(&mut self) {
        self.sweep_all();
        self.score_again();
    }

    fn sweep_all(&mut self) {
        for sweep in 0..SWEEPS {
            let steps: &[f64] = if sweep == 0 { &FIRST_STEPS } else { &LATER_STEPS };
            let mut moved = false;
            let mut free = std::mem::take(&mut self.free);
            for (one, posts) in &mut free {
                moved |= self.improve(one, posts, steps);
            }
            self.free = free;
            if !moved {
                return;
            }
        }
    }

    fn score_again(&mut self) {
        for witness in &mut self.witnesses {
            witness.axes = witness.case.axes(&self.rules);
            witness.sections = witness.case.sections(&self.rules);
            witness.body = witness.case.body(&self.rules);
        }
    }

    fn loss(&self, witness: &Witness<'_>, axes: (f64, f64)) -> f64 {
        witness.mass * witness.targets.loss(axes, self.rules.shape())
    }

    fn penalty(&self, number: Number, value: f64) -> f64 {
        let present = number.of(self.present);
        let of = match number {
            Number::Weight(_) => (value - present).powi(2) / 2.0,
            Number::Entry(..) => LOG_ODDS_PENALTY * (value - present).powi(2),
            Number::Scale => SCALE_PENALTY * (value / present).ln().powi(2),
        };
        self.options.shrink * of
    }

    /// The scores of `posts` with a number set to `value`, and what they cost.
    fn trial(&mut self, number: Number, value: f64, posts: &[usize]) -> (Vec<(f64, f64)>, f64) {
        number.set(&mut self.rules, value);
        let axes: Vec<_> = posts.iter().map(|&at| self.witnesses[at].case.axes(&self.rules)).collect();
        let losses = posts.iter().zip(&axes).map(|(&at, &axes)| self.loss(&self.witnesses[at], axes));
        let cost = losses.sum::<f64>() + self.penalty(number, value);
        (axes, cost)
    }

    /// Moves one number as long as that pays; says whether it moved.
    fn improve(&mut self, free: &Free, posts: &[usize], steps: &[f64]) -> bool {
        let &Free { number, bounds } = free;
        let start = number.of(&self.rules);
        let mut here = start;
        let (mut best, mut cost) = self.trial(number, here, posts);
        for step in steps {
            for direction in [1.0, -1.0] {
                loop {
                    let next = tenths(here + direction * step).clamp(bounds.0, bounds.1);
                    if (next - here).abs() < GAIN {
                        break;
                    }
                    let (axes, reached) = self.trial(number, next, posts);
                    if reached >= cost - GAIN {
                        break;
                    }
                    (here, best, cost) = (next, axes, reached);
                }
            }
        }
        number.set(&mut self.rules, here);
        for (&at, axes) in posts.iter().zip(best) {
            self.witnesses[at].axes = axes;
        }
        (here - start).abs() > GAIN
    }
}

/// To the nearest tenth.
fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
