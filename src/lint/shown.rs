//! Floor 4: what the outputs made for reading leave out.
//!
//! Takes nothing away: it marks. Invariant: credits and the gravest findings are always shown.

use crate::report::ReportedFinding;

/// A draft of fewer words than this prints at most [`SHOWN`] diagnostics; a longer one so many for each such stretch.
const SHOWN_PER_WORDS: u32 = 60;

/// See [`SHOWN_PER_WORDS`].
const SHOWN: u32 = 4;

/// Outputs made for reading show the gravest findings, all credits, and beside those the verdict, which takes `taken` of
/// the places.
pub(super) fn choose_shown(findings: &mut [ReportedFinding], words: u32, taken: usize, all: bool) {
    let most = ((words / SHOWN_PER_WORDS + 1).saturating_mul(SHOWN) as usize).saturating_sub(taken);
    if all || findings.len() <= most {
        return;
    }
    let mut order: Vec<usize> = (0..findings.len()).filter(|&index| !findings[index].credit).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&findings[a], &findings[b]);
        b.diagnostic.level.cmp(&a.diagnostic.level).then(b.points.total_cmp(&a.points))
    });
    for index in order.into_iter().skip(most) {
        findings[index].shown = false;
    }
}
