//! Floor 4: which findings of a post are told, and what of those the outputs made for reading leave out.
//!
//! Judges nothing: score, verdict and whether a post passes are of all findings. Invariant: credits and the gravest findings
//! are always shown, and what is told stays in order.

use super::{Draft, Finding, Linter};
use crate::report::{ReportedFinding, gravest, sort_gravest};

/// A draft of fewer words than this prints at most [`SHOWN`] diagnostics; a longer one so many for each such stretch.
const SHOWN_PER_WORDS: u32 = 60;

/// See [`SHOWN_PER_WORDS`].
const SHOWN: u32 = 4;

impl Linter {
    /// Outputs made for reading show the gravest findings, all credits, and beside those the verdict, which takes `taken` of
    /// the places.
    pub(super) fn choose_shown(&self, draft: &Draft<'_>, findings: &mut [Finding], taken: usize) {
        let most =
            ((draft.facts.words / SHOWN_PER_WORDS + 1).saturating_mul(SHOWN) as usize).saturating_sub(taken);
        if draft.policy.all || findings.len() <= most {
            return;
        }
        let credit = |finding: &Finding| self.rules.rule(finding.found.rule).credit;
        let mut order: Vec<usize> = (0..findings.len()).filter(|&index| !credit(&findings[index])).collect();
        sort_gravest(&mut order, |index| (findings[index].level, findings[index].points));
        for index in order.into_iter().skip(most) {
            findings[index].shown = false;
        }
    }

    /// No more findings than `most`, the gravest, as they are told, the verdict first; and how many are left out. Those have no
    /// words made for them, which of a long draft would be more than its text.
    pub(super) fn told(
        &self,
        draft: &Draft<'_>,
        verdict: Option<ReportedFinding>,
        findings: &[Finding],
        most: usize,
    ) -> (Vec<ReportedFinding>, usize) {
        let taken = usize::from(verdict.is_some());
        let count = taken + findings.len();
        let mut told = Vec::with_capacity(count.min(most));
        let tell = |finding: &Finding| self.reported(draft, finding);
        if count <= most {
            told.extend(verdict);
            told.extend(findings.iter().map(tell));
            return (told, 0);
        }
        let of_verdict = verdict.as_ref().map(|verdict| (verdict.diagnostic.level, verdict.points));
        let weights = of_verdict.into_iter().chain(findings.iter().map(|finding| (finding.level, finding.points)));
        let kept = gravest(&weights.collect::<Vec<_>>(), most);
        told.extend(verdict.filter(|_| kept.first() == Some(&0)));
        let kept = kept.into_iter().filter_map(|number| findings.get(number.checked_sub(taken)?));
        told.extend(kept.map(tell));
        (told, count - most)
    }
}
