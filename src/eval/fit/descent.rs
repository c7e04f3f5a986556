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

/// What is moved.
#[derive(Clone, Copy)]
enum Number {
    Weight { rule: RuleId, hand_set: f64 },
    Scale,
}

/// A fit on its way.
pub(super) struct Descent<'a> {
    present: &'a RuleSet,
    rules: RuleSet,
    witnesses: Vec<Witness<'a>>,
    /// Rules whose weights move, and how high.
    free: Vec<(RuleId, f64)>,
    /// By rule, the posts in which it fires.
    posts_of: Vec<Vec<usize>>,
    /// Posts in which anything was found.
    speaking: Vec<usize>,
    options: &'a Options,
}

impl<'a> Descent<'a> {
    pub(super) fn new(
        present: &'a RuleSet,
        witnesses: Vec<Witness<'a>>,
        free: Vec<(RuleId, f64)>,
        options: &'a Options,
    ) -> Self {
        let mut posts_of = vec![Vec::new(); present.rules().len()];
        let mut speaking = Vec::new();
        for (at, witness) in witnesses.iter().enumerate() {
            for rule in &witness.case.judged.rules {
                posts_of[rule.index()].push(at);
            }
            if !witness.case.found.matches.is_empty() {
                speaking.push(at);
            }
        }
        let mut descent = Self { present, rules: present.clone(), witnesses, free, posts_of, speaking, options };
        for (rule, ceiling) in descent.free.clone() {
            let weight = present.rule(rule).weight;
            descent.rules.set_weight(rule, tenths(weight).min(ceiling));
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
        let weights = self.free.iter().map(|&(rule, _)| {
            let number = Number::Weight { rule, hand_set: self.present.rule(rule).weight };
            self.penalty(number, self.rules.rule(rule).weight)
        });
        let penalty = weights.sum::<f64>() + self.penalty(Number::Scale, self.rules.shape().promotion_scale);
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
            for (rule, ceiling) in self.free.clone() {
                let posts = std::mem::take(&mut self.posts_of[rule.index()]);
                let hand_set = self.present.rule(rule).weight;
                moved |= self.improve(Number::Weight { rule, hand_set }, &posts, steps, (0.0, ceiling));
                self.posts_of[rule.index()] = posts;
            }
            if self.options.shape {
                let speaking = std::mem::take(&mut self.speaking);
                moved |= self.improve(Number::Scale, &speaking, steps, SCALES);
                self.speaking = speaking;
            }
            if !moved {
                return;
            }
        }
    }

    fn score_again(&mut self) {
        for witness in &mut self.witnesses {
            witness.axes = witness.case.axes(&self.rules);
            witness.sections = witness.case.sections(&self.rules);
        }
    }

    fn loss(&self, witness: &Witness<'_>, axes: (f64, f64)) -> f64 {
        witness.mass * witness.targets.loss(axes, self.rules.shape())
    }

    fn penalty(&self, number: Number, value: f64) -> f64 {
        let of = match number {
            Number::Weight { hand_set, .. } => (value - hand_set).powi(2) / 2.0,
            Number::Scale => SCALE_PENALTY * (value / self.present.shape().promotion_scale).ln().powi(2),
        };
        self.options.shrink * of
    }

    fn value(&self, number: Number) -> f64 {
        match number {
            Number::Weight { rule, .. } => self.rules.rule(rule).weight,
            Number::Scale => self.rules.shape().promotion_scale,
        }
    }

    fn set(&mut self, number: Number, value: f64) {
        match number {
            Number::Weight { rule, .. } => self.rules.set_weight(rule, value),
            Number::Scale => {
                self.rules.set_shape(Shape { promotion_scale: value, ..self.rules.shape().clone() });
            }
        }
    }

    /// The scores of `posts` with a number set to `value`, and what they cost.
    fn trial(&mut self, number: Number, value: f64, posts: &[usize]) -> (Vec<(f64, f64)>, f64) {
        self.set(number, value);
        let axes: Vec<_> = posts.iter().map(|&at| self.witnesses[at].case.axes(&self.rules)).collect();
        let losses = posts.iter().zip(&axes).map(|(&at, &axes)| self.loss(&self.witnesses[at], axes));
        let cost = losses.sum::<f64>() + self.penalty(number, value);
        (axes, cost)
    }

    /// Moves one number as long as that pays; says whether it moved.
    fn improve(&mut self, number: Number, posts: &[usize], steps: &[f64], bounds: (f64, f64)) -> bool {
        let start = self.value(number);
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
        self.set(number, here);
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
