//! Floor 5: where verdicts are cut, and how much of conversation is set against promotion.
//!
//! Moves no weight. Invariant: a cut-off moves only if the figures that it decides gain more than its distance costs.

use super::super::metric::{Confusion, Share};
use super::super::{Class, Role};
use super::FitSet;
use super::loss::Witness;
use crate::rule::Shape;
use crate::score::Verdict;
use crate::section;

/// What moving a cut-off by one point costs, in units of a macro-F1. The best place on the posts at hand wanders by
/// ten points from fold to fold when it costs nothing.
const DISTANCE: f64 = 0.003;

/// More of conversational posts called promotional than this is dear: the limits are .8% and 2%, and what is fitted
/// does a little worse on posts that it has not seen.
const QUIET: (f64, f64) = (0.006, 0.015);

/// The same for drafts.
const QUIET_DRAFTS: f64 = 0.04;

/// The shape whose cut-offs serve the posts best; `present` is where they stand in the rule files, `now` where the
/// fit is.
pub(super) fn choose(present: &Shape, now: &Shape, sets: &[FitSet], witnesses: &[Witness<'_>]) -> Shape {
    let mut best = Shape {
        credit_share: present.credit_share,
        promotional: present.promotional,
        mixed: present.mixed,
        ..now.clone()
    };
    let mut worth = worth_of(present, &best, sets, witnesses);
    let mut consider = |shape: Shape, best: &mut Shape| {
        let reached = worth_of(present, &shape, sets, witnesses);
        if reached > worth + 1e-9 {
            (*best, worth) = (shape, reached);
        }
    };
    for promotional in (30..=70).step_by(2) {
        for share in 2..=10 {
            let (promotional, credit_share) = (f64::from(promotional), f64::from(share) / 10.0);
            let mixed = best.mixed.min(promotional - 2.0);
            consider(Shape { promotional, credit_share, mixed, ..best.clone() }, &mut best);
        }
    }
    let highest = best.promotional;
    for mixed in (10..=60).step_by(2).map(f64::from).filter(|mixed| *mixed < highest) {
        consider(Shape { mixed, ..best.clone() }, &mut best);
    }
    best
}

/// Macro-F1 of the core sets and, twice, of the drafts; the drafts' accepted verdicts; less what is too loud, and less
/// the distance from the present cut-offs.
fn worth_of(present: &Shape, shape: &Shape, sets: &[FitSet], witnesses: &[Witness<'_>]) -> f64 {
    let mut cells = vec![Confusion::default(); sets.len()];
    let mut quiet = vec![Share::default(); sets.len()];
    let (mut drafts, mut accepted) = (Confusion::default(), Share::default());
    for witness in witnesses {
        let judged = &witness.case.judged;
        let whole = Verdict::of(witness.axes.0, witness.axes.1, shape);
        let verdict = section::verdict(whole, &witness.sections, witness.body, shape);
        let called = verdict == Verdict::Promotional && witness.case.found.judged;
        if let Some(promotional) = witness.targets.promotional {
            let cells = if witness.draft { &mut drafts } else { &mut cells[witness.set] };
            cells.add(promotional, called);
        }
        if judged.quiet {
            quiet[witness.set].add(called);
        }
        if let Some(accept) = judged.accept.as_ref().filter(|_| witness.draft) {
            accepted.add(accept.iter().any(|class: &Class| class.verdict() == verdict));
        }
    }
    let core = sets.iter().zip(&cells).filter(|(set, _)| set.roles.is_empty() || set.roles.contains(&Role::Core));
    let core = mean(core.filter_map(|(_, cells)| cells.macro_f1()));
    let shares: Vec<f64> = quiet.iter().filter_map(|share| share.value()).collect();
    let (loud, loudest) = (mean(shares.iter().copied()), shares.iter().copied().fold(0.0, f64::max));
    let over = |share: f64, limit: f64| (share - limit).max(0.0);
    let away = (shape.promotional - present.promotional).abs()
        + (shape.mixed - present.mixed).abs()
        + 100.0 * (shape.credit_share - present.credit_share).abs() / 2.0;
    core + 2.0 * drafts.macro_f1().unwrap_or_default() + accepted.value().unwrap_or_default()
        - 20.0 * over(loud, QUIET.0)
        - 10.0 * over(loudest, QUIET.1)
        - 2.0 * over(drafts.false_positive_rate().unwrap_or_default(), QUIET_DRAFTS)
        - DISTANCE * away
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values {
        sum += value;
        count += 1.0;
    }
    if count > 0.0 { sum / count } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::super::loss::Targets;
    use super::super::tests::set;
    use super::*;
    use crate::rule::RuleSet;

    /// Cut-offs for drafts `"[p] 45"`: label, promotion.
    fn cut(posts: &[(&str, f64)]) -> Shape {
        let labels: Vec<&str> = posts.iter().map(|(label, _)| *label).collect();
        let sets = [set("a", &[Role::Drafts], &labels)];
        let witnesses: Vec<Witness<'_>> = sets[0]
            .cases
            .iter()
            .zip(posts)
            .map(|(case, (_, promotion))| Witness {
                case,
                set: 0,
                draft: true,
                targets: Targets::of(&case.judged),
                mass: 1.0,
                axes: (*promotion, 0.0),
                sections: Vec::new(),
                body: None,
            })
            .collect();
        let shape = RuleSet::shipped().shape().clone();
        let present = Shape { promotional: 50.0, mixed: 30.0, credit_share: 0.5, ..shape };
        choose(&present, &present, &sets, &witnesses)
    }

    #[test]
    fn cut_offs_go_where_the_labels_part_and_no_further() {
        let found = cut(&[("[p]", 45.0), ("[p]", 90.0), ("[c]", 36.0), ("[c]", 0.0)]);
        assert!((found.promotional - 44.0).abs() < 1e-9, "{found:?}");
        assert!((found.mixed - 38.0).abs() < 1e-9 && (found.credit_share - 0.5).abs() < 1e-9, "{found:?}");
        let stay = cut(&[("[p]", 90.0), ("[m]", 40.0), ("[c]", 10.0)]);
        assert!((stay.promotional - 50.0).abs() < 1e-9 && (stay.mixed - 30.0).abs() < 1e-9, "{stay:?}");
        assert!((cut(&[]).promotional - 50.0).abs() < 1e-9);
    }
}
