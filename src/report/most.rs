//! Of a post with very many findings, those that are told.
//!
//! Judges nothing: score, verdict and whether a post passes are of all findings. Invariant: what is kept stays in order.

use super::{Effect, PostReport};

impl PostReport {
    /// Keeps so many findings, the gravest, and of these those of most points; returns how many were left out.
    pub fn keep_gravest(&mut self, most: usize) -> usize {
        let left_out = self.findings.len().saturating_sub(most);
        if left_out == 0 {
            return 0;
        }
        let mut order: Vec<usize> = (0..self.findings.len()).collect();
        order.sort_by(|&a, &b| {
            let (a, b) = (&self.findings[a], &self.findings[b]);
            b.diagnostic.level.cmp(&a.diagnostic.level).then(b.points.total_cmp(&a.points))
        });
        order.truncate(most);
        order.sort_unstable();
        if let Some(explanation) = &mut self.explanation {
            // Effects name findings by their numbers.
            let place =
                |effect: Effect| Some(Effect { finding: order.binary_search(&effect.finding).ok()?, ..effect });
            explanation.effects = explanation.effects.iter().copied().filter_map(place).collect();
        }
        let mut number = 0;
        self.findings.retain(|_| {
            number += 1;
            order.binary_search(&(number - 1)).is_ok()
        });
        left_out
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
            assert_eq!(report.keep_gravest(most), all.len() - most);
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
        }
    }
}
