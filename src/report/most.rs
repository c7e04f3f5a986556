//! Of a post with very many findings, those that are told.
//!
//! Judges nothing: score, verdict and whether a post passes are of all findings. Invariant: what is kept stays in order.

use super::{Effect, PostReport};
use crate::diagnostic::Level;

/// Puts numbers of findings in order, the gravest first, and of these those of most points; those that are alike stay as they are.
/// `weight` tells level and points.
pub(crate) fn sort_gravest(numbers: &mut [usize], weight: impl Fn(usize) -> (Level, f64)) {
    numbers.sort_by(|&a, &b| {
        let ((of_a, a), (of_b, b)) = (weight(a), weight(b));
        of_b.cmp(&of_a).then(b.total_cmp(&a))
    });
}

/// The numbers of so many findings of these levels and points, the gravest, in rising order.
pub(crate) fn gravest(weights: &[(Level, f64)], most: usize) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..weights.len()).collect();
    sort_gravest(&mut numbers, |number| weights[number]);
    numbers.truncate(most);
    numbers.sort_unstable();
    numbers
}

impl PostReport {
    /// Keeps so many findings, the gravest, and of these those of most points.
    pub fn keep_gravest(&mut self, most: usize) {
        if self.findings.len() <= most {
            return;
        }
        let weights = self.findings.iter().map(|finding| (finding.diagnostic.level, finding.points));
        let kept = gravest(&weights.collect::<Vec<_>>(), most);
        self.left_out += self.findings.len() - kept.len();
        if let Some(explanation) = &mut self.explanation {
            // Effects name findings by their numbers.
            let place =
                |effect: Effect| Some(Effect { finding: kept.binary_search(&effect.finding).ok()?, ..effect });
            explanation.effects = explanation.effects.iter().copied().filter_map(place).collect();
        }
        let mut number = 0;
        self.findings.retain(|_| {
            number += 1;
            kept.binary_search(&(number - 1)).is_ok()
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::document::{Format, extract};
    use crate::explain::{self, Asked};
    use crate::lint::{Context, Linter, Policy};
    use crate::rule::RuleSet;
    use crate::text::Source;

    #[test]
    fn the_gravest_stay_in_their_order_and_effects_follow_them() {
        let text =
            "Thrilled to announce our award-winning book! Buy now, link in bio! Only 3 left, don't miss out!";
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let post = extract(&Arc::new(Source::from_text("a.txt", text)), &Format::Text.into()).posts.remove(0);
        let (context, policy) = (Context::default(), Policy::of(linter.rules()));
        let asked = Asked { score: true, ..Asked::default() };
        let whole = explain::lint(&linter, &post, &context, &policy, asked);
        let codes = |report: &PostReport| -> Vec<String> {
            report.findings.iter().map(|one| format!("{} {}", one.diagnostic.level, one.diagnostic.code)).collect()
        };
        let all = codes(&whole);
        assert!(all.len() > 4, "{all:?}");
        for most in 1..=all.len() {
            let mut report = whole.clone();
            report.keep_gravest(most);
            assert_eq!(report.left_out, all.len() - most);
            let kept = codes(&report);
            assert_eq!(kept.len(), most);
            assert!(kept[0].ends_with("verdict/promotional"), "{kept:?}");
            let mut rest = all.iter();
            assert!(kept.iter().all(|one| rest.any(|other| other == one)), "{kept:?} of {all:?}");
            let told = |report: &PostReport| -> Vec<(String, Option<bool>)> {
                let effects = &report.explanation.as_ref().unwrap().effects;
                let of = |effect: &Effect| {
                    let code = report.findings[effect.finding].diagnostic.code.to_string();
                    (code, effect.without.as_ref().map(|without| without.pass))
                };
                effects.iter().map(of).collect()
            };
            assert!(told(&report).iter().all(|one| told(&whole).contains(one)));
            assert_eq!((report.pass, &report.score), (whole.pass, &whole.score));
            // Those that are chosen before they have words are the same.
            let policy = Policy { most_findings: most, ..policy.clone() };
            let told = |asked: Asked| format!("{:?}", explain::lint(&linter, &post, &context, &policy, asked));
            assert_eq!(told(asked), format!("{report:?}"));
            report.explanation = None;
            assert_eq!(told(Asked::default()), format!("{report:?}"));
            assert_eq!(format!("{:?}", linter.lint_turn(&post, &context, &policy).0), format!("{report:?}"));
        }
    }
}
