//! Floor 5: what a score costs, given what people say of the post, and how much each post has to say.
//!
//! Moves no weight. Invariant: a loss is finite and never negative.

use super::super::calibration::EDGE;
use super::super::{Class, Judged, Role};
use super::{Case, FitSet};
use crate::rule::{RuleSet, Shape};

/// Points of score over which a verdict turns from unlikely to likely. With half of it the posts that no weight can
/// save (promotion without a single finding, wrong labels) decide too much, and held-out posts come out worse.
const WIDTH: f64 = 20.0;

/// What the roles weigh against each other: drafts are what the program is for.
const fn role_mass(role: Role) -> f64 {
    match role {
        Role::Drafts => 3.0,
        Role::Core => 2.0,
        Role::Quiet => 1.0,
    }
}

/// All posts together weigh no more than so many: posts of ten sources are not as many independent witnesses as
/// they are lines.
const EVIDENCE: f64 = 2000.0;

/// What should be said of a post; none where its labels leave it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Targets {
    /// Whether it is promotional rather than conversational.
    pub(super) promotional: Option<bool>,
    /// Whether the verdict must be promotional, or must not.
    called: Option<bool>,
    /// Whether the verdict must be conversational, or must not.
    conversational: Option<bool>,
}

impl Targets {
    pub(super) fn of(judged: &Judged) -> Self {
        let accepts = |class: Class| -> Option<bool> {
            let accept = judged.accept.as_ref()?;
            match (accept.contains(&class), accept.as_slice()) {
                (false, _) => Some(false),
                (true, [_]) => Some(true),
                (true, _) => None,
            }
        };
        let promotional = judged.is_promotional();
        let called = if judged.accept.is_some() { accepts(Class::Promotional) } else { promotional };
        Self { promotional, called, conversational: accepts(Class::Conversational) }
    }

    /// In nats: the score as the probability of "promotional" (that is what calibration is about), and both borders
    /// of the verdict as logistic curves (that is what decides).
    pub(super) fn loss(self, (promotion, conversation): (f64, f64), shape: &Shape) -> f64 {
        let of = |target: Option<bool>, value: &dyn Fn(bool) -> f64| target.map_or(0.0, value);
        let probability = (promotion / 100.0).clamp(EDGE, 1.0 - EDGE);
        let net = promotion - shape.credit_share * conversation;
        of(self.promotional, &|promotional| -(if promotional { probability } else { 1.0 - probability }).ln())
            + of(self.called, &|called| logistic_loss((net - shape.promotional) / WIDTH, called))
            + of(self.conversational, &|is| logistic_loss((shape.mixed - promotion) / WIDTH, is))
    }
}

/// -ln of the logistic function of `z`, or of `-z`, without overflow.
fn logistic_loss(z: f64, target: bool) -> f64 {
    let z = if target { -z } else { z };
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

/// A post as a fit sees it.
#[derive(Clone, Debug)]
pub(super) struct Witness<'a> {
    pub(super) case: &'a Case,
    /// The number of its set.
    pub(super) set: usize,
    /// Whether its set is one of drafts.
    pub(super) draft: bool,
    pub(super) targets: Targets,
    /// How much it has to say.
    pub(super) mass: f64,
    /// Promotion and conversation.
    pub(super) axes: (f64, f64),
    /// The same of the sections of a long post, as of the last time that all were scored.
    pub(super) sections: Vec<(f64, f64)>,
    /// What its first half promotes, likewise.
    pub(super) body: Option<f64>,
}

/// The posts of `sets`, those of one fold aside. Each role has its share of all that is said, within a role a set
/// counts by the square root of its posts, and within a set each post alike; of quiet sets those on which to be quiet.
pub(super) fn witnesses<'a>(rules: &RuleSet, sets: &'a [FitSet], without: Option<usize>) -> Vec<Witness<'a>> {
    let mut found = Vec::new();
    for (number, set) in sets.iter().enumerate() {
        for (at, case) in set.cases.iter().enumerate() {
            if without.is_some() && set.folds.get(at).copied() == without {
                continue;
            }
            found.push(Witness {
                case,
                set: number,
                draft: set.roles.contains(&Role::Drafts),
                targets: Targets::of(&case.judged),
                mass: 0.0,
                axes: case.axes(rules),
                sections: case.sections(rules),
                body: case.body(rules),
            });
        }
    }
    share_out(sets, &mut found);
    found
}

fn share_out(sets: &[FitSet], witnesses: &mut [Witness<'_>]) {
    let speaks = |witness: &Witness<'_>, role: Role| {
        let roles = &sets[witness.set].roles;
        let in_role = roles.contains(&role) || roles.is_empty() && role == Role::Core;
        in_role && (role != Role::Quiet || witness.case.judged.quiet)
    };
    let mut counts = Vec::new();
    for role in Role::ALL {
        let mut posts = vec![0.0_f64; sets.len()];
        witnesses.iter().filter(|one| speaks(one, role)).for_each(|one| posts[one.set] += 1.0);
        let roots: f64 = posts.iter().map(|posts| posts.sqrt()).sum();
        counts.push((role, posts, roots));
    }
    let all: f64 = counts.iter().filter(|(.., roots)| *roots > 0.0).map(|(role, ..)| role_mass(*role)).sum();
    let evidence = EVIDENCE.min(witnesses.len() as f64);
    for witness in witnesses.iter_mut() {
        for (role, posts, roots) in &counts {
            if speaks(witness, *role) {
                // The root of the set's posts, spread over its posts.
                witness.mass += evidence * role_mass(*role) / all / roots / posts[witness.set].sqrt();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{judged, set};
    use super::*;

    #[test]
    fn labels_say_what_should_be_said() {
        #[track_caller]
        fn check(label: &str, expected: [Option<bool>; 3]) {
            let found = Targets::of(&judged(label, 0.0));
            assert_eq!([found.promotional, found.called, found.conversational], expected, "{label}");
        }
        let (yes, no) = (Some(true), Some(false));
        check("p", [yes, yes, None]);
        check("c", [no, no, None]);
        check("m", [None, None, None]);
        check("[p]", [yes, yes, no]);
        check("[pm]", [None, None, no]);
        check("[m]", [None, no, no]);
        check("[cm]", [None, no, None]);
        check("[c]", [no, no, yes]);
    }

    #[test]
    fn losses_are_least_where_the_labels_are() {
        let shape = RuleSet::shipped().shape().clone();
        let at = |label: &str, promotion: f64, conversation: f64| {
            Targets::of(&judged(label, 0.0)).loss((promotion, conversation), &shape)
        };
        for label in ["p", "[p]", "c", "[c]", "[pm]", "[m]", "m"] {
            for promotion in [0.0, 0.4, 50.0, 100.0] {
                for conversation in [0.0, 100.0] {
                    let found = at(label, promotion, conversation);
                    assert!(found.is_finite() && found >= 0.0, "{label} {promotion} {conversation}: {found}");
                }
            }
        }
        assert!(at("[p]", 90.0, 0.0) < at("[p]", 40.0, 0.0));
        assert!(at("[c]", 5.0, 0.0) < at("[c]", 40.0, 0.0));
        assert!(at("[m]", 40.0, 0.0) < at("[m]", 5.0, 0.0) && at("[m]", 40.0, 0.0) < at("[m]", 90.0, 0.0));
        // What is given is set against what is asked for.
        assert!(at("c", 60.0, 80.0) < at("c", 60.0, 0.0) && at("p", 60.0, 80.0) > at("p", 60.0, 0.0));
    }

    #[test]
    fn each_role_has_its_share_whatever_its_size() {
        let sets = [
            set("a", &[Role::Drafts], &["[p]"; 4]),
            set("b", &[Role::Core], &["p"; 100]),
            set("c", &[Role::Core, Role::Quiet], &["p", "c", "c", "c"]),
        ];
        let found = witnesses(&RuleSet::shipped(), &sets, None);
        let total = |number: usize| found.iter().filter(|one| one.set == number).map(|one| one.mass).sum::<f64>();
        // 108 posts in sixths: three for drafts, two for core (10 to 2 by the roots of 100 and 4), one for quiet.
        let expected = [54.0, 36.0 * 10.0 / 12.0, 36.0 * 2.0 / 12.0 + 18.0];
        for (number, expected) in expected.into_iter().enumerate() {
            assert!((total(number) - expected).abs() < 1e-9, "{number}: {}", total(number));
        }
        assert_eq!(witnesses(&RuleSet::shipped(), &sets, Some(0)).len(), 0);
    }
}
