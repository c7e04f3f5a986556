//! Scores and points with one decimal, such that the parts still sum to the whole.
//!
//! Does not judge. Invariant: what [`shares`] returns sums to the whole it was given, in tenths, wherever a part
//! is above 0.

use smallvec::{SmallVec, smallvec};

/// Tenths, one for each part.
pub(super) type Shares = SmallVec<[u32; 8]>;

/// A score in tenths: rounded, and 0 for what is no number or below 0.
pub(super) fn tenths(score: f64) -> u32 {
    // The cast saturates and takes NaN to 0.
    (score * 10.0).round() as u32
}

/// Tenths as the number that is written.
pub(super) fn number(tenths: u32) -> f64 {
    f64::from(tenths) / 10.0
}

/// `whole` tenths shared out in proportion to `parts`, by the method of largest remainders: each part gets its
/// share rounded down, and what is left goes by one tenth to the parts that lost most, the earlier first. Parts
/// that are 0, below 0 or no number get nothing.
pub(super) fn shares(whole: u32, parts: &[f64]) -> Shares {
    let counted = |&part: &f64| if part.is_finite() { part.max(0.0) } else { 0.0 };
    let sum: f64 = parts.iter().map(counted).sum();
    if sum <= 0.0 || !sum.is_finite() {
        return smallvec![0; parts.len()];
    }
    let exact = |part: &f64| counted(part) / sum * f64::from(whole);
    let mut shares: Shares = parts.iter().map(|part| exact(part).floor() as u32).collect();
    let mut left = whole.saturating_sub(shares.iter().sum());
    if left == 0 {
        return shares;
    }
    let mut order: SmallVec<[usize; 8]> = (0..parts.len()).filter(|&at| counted(&parts[at]) > 0.0).collect();
    let lost = |at: usize| exact(&parts[at]).fract();
    order.sort_by(|&a, &b| lost(b).total_cmp(&lost(a)));
    // More rounds than one are never needed but for errors of the floating point.
    for &at in order.iter().cycle() {
        if left == 0 {
            break;
        }
        shares[at] += 1;
        left -= 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(whole: f64, parts: &[f64], expected: &[u32]) {
        assert_eq!(*shares(tenths(whole), parts), *expected);
    }

    #[test]
    fn largest_remainders_get_what_is_left() {
        check(87.0, &[56.5, 30.5], &[565, 305]);
        check(10.0, &[10.0 / 3.0; 3], &[34, 33, 33]);
        check(0.1, &[0.05, 0.05], &[1, 0]);
        check(20.0, &[0.0, 6.66, 13.34], &[0, 67, 133]);
        check(0.0, &[0.0, 0.0], &[0, 0]);
        check(50.0, &[], &[]);
        check(50.0, &[f64::NAN, -3.0, 50.0], &[0, 0, 500]);
    }

    #[test]
    fn what_is_no_score_is_zero() {
        assert_eq!([f64::NAN, -1.0, 0.04, 0.05, 86.96].map(tenths), [0, 0, 0, 1, 870]);
    }

    proptest! {
        #[test]
        fn shares_sum_to_the_whole(parts in prop::collection::vec(0.0..40.0f64, 1..20)) {
            let sum: f64 = parts.iter().sum();
            let whole = tenths(sum);
            let shares = shares(whole, &parts);
            prop_assert_eq!(shares.iter().sum::<u32>(), if sum > 0.0 { whole } else { 0 });
            for (&share, &part) in shares.iter().zip(&parts) {
                // The whole itself is rounded, so a part may be off by a little over one tenth.
                prop_assert!((f64::from(share) - part * 10.0).abs() < 1.5, "{} for {}", share, part);
            }
        }
    }
}
