//! Floor 5: whether a promotion score of 70 means that seven of ten such posts are promotional.
//!
//! Changes no score. Invariant: posts of one score share the mean of their labels, so the order of the posts changes
//! no figure.

use super::metric::Scored;

/// How many bins a reliability table has.
pub const BINS: usize = 10;

/// Posts of neighbouring scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// How many.
    pub posts: u32,
    /// Their mean score, 0 to 1.
    pub score: f64,
    /// The share of them that is labelled promotional; posts of one score share the mean of their labels.
    pub promotional: f64,
}

/// How scores and labels agree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    /// Mean of (score − label)² (Brier 1950, for one of two outcomes).
    pub brier: Option<f64>,
    /// Expected calibration error: Σ n/N · |mean score − share promotional| over the bins (Naeini, Cooper and
    /// Hauskrecht 2015; with bins of equal mass, Nixon et al. 2019).
    pub error: Option<f64>,
    /// Calibration slope: the slope of the logistic regression of the label on logit(score) (Cox 1958; Van Calster
    /// et al. 2019). 1 is right, below 1 scores are too extreme, above too timid. Scores are held within
    /// [`EDGE`] of 0 and 1. Not defined for fewer than two scores, for one label, or where a cut-off parts the
    /// labels without a mistake.
    pub slope: Option<f64>,
    /// The slope of the line through the bins, share promotional on mean score, weighted by posts (least squares).
    pub bins_slope: Option<f64>,
    /// The reliability table: [`BINS`] bins of equal mass, fewer for fewer posts, the lowest scores first.
    pub bins: Vec<Bin>,
}

/// How near to 0 and 1 a score counts in the regression; logit(0) is not finite.
pub const EDGE: f64 = 0.01;

impl Calibration {
    /// Measures these posts.
    #[must_use]
    pub fn of(posts: &[Scored]) -> Self {
        let bins = bins(posts);
        let all: f64 = bins.iter().map(|bin| f64::from(bin.posts)).sum();
        let error = bins.iter().map(|bin| f64::from(bin.posts) / all * (bin.score - bin.promotional).abs());
        let squares = posts.iter().map(|post| (post.score - f64::from(u8::from(post.promotional))).powi(2));
        Self {
            brier: (all > 0.0).then(|| squares.sum::<f64>() / all),
            error: (all > 0.0).then(|| error.sum()),
            slope: cox_slope(posts),
            bins_slope: bins_slope(&bins),
            bins,
        }
    }
}

/// Cuts the posts, by rising score, into bins whose sizes differ by at most one, the larger first.
fn bins(posts: &[Scored]) -> Vec<Bin> {
    let mut sorted: Vec<&Scored> = posts.iter().collect();
    sorted.sort_by(|a, b| a.score.total_cmp(&b.score));
    let mut shared: Vec<(f64, f64)> = Vec::with_capacity(sorted.len());
    for tied in sorted.chunk_by(|a, b| a.score.total_cmp(&b.score).is_eq()) {
        let promotional = tied.iter().filter(|post| post.promotional).count() as f64 / tied.len() as f64;
        shared.extend(tied.iter().map(|post| (post.score, promotional)));
    }
    let (small, larger) = (shared.len() / BINS, shared.len() % BINS);
    let mut rest = shared.as_slice();
    let mut bins = Vec::new();
    for number in 0..BINS {
        let size = small + usize::from(number < larger);
        let Some((bin, after)) = rest.split_at_checked(size).filter(|_| size > 0) else { break };
        let mean = |value: fn(&(f64, f64)) -> f64| bin.iter().map(value).sum::<f64>() / size as f64;
        bins.push(Bin {
            posts: u32::try_from(size).unwrap_or(u32::MAX),
            score: mean(|post| post.0),
            promotional: mean(|post| post.1),
        });
        rest = after;
    }
    bins
}

fn bins_slope(bins: &[Bin]) -> Option<f64> {
    let all: f64 = bins.iter().map(|bin| f64::from(bin.posts)).sum();
    let mean =
        |value: fn(&Bin) -> f64| bins.iter().map(|bin| f64::from(bin.posts) * value(bin)).sum::<f64>() / all;
    let (score, promotional) = (mean(|bin| bin.score), mean(|bin| bin.promotional));
    let (mut spread, mut together) = (0.0, 0.0);
    for bin in bins {
        let away = bin.score - score;
        spread += f64::from(bin.posts) * away * away;
        together += f64::from(bin.posts) * away * (bin.promotional - promotional);
    }
    (spread > 1e-12).then(|| together / spread)
}

/// A line on the logit scale.
#[derive(Clone, Copy)]
struct Line {
    intercept: f64,
    slope: f64,
}

/// More steps than any fit that exists has needed.
const STEPS: usize = 100;

/// Newton's method on the likelihood, with steps halved while they lead down.
fn cox_slope(posts: &[Scored]) -> Option<f64> {
    let points: Vec<(f64, f64)> = posts
        .iter()
        .map(|post| {
            let score = post.score.clamp(EDGE, 1.0 - EDGE);
            ((score / (1.0 - score)).ln(), f64::from(u8::from(post.promotional)))
        })
        .collect();
    let mut line = Line { intercept: 0.0, slope: 0.0 };
    let mut likelihood = log_likelihood(&points, line);
    for _ in 0..STEPS {
        let mut step = newton_step(&points, line)?;
        if step.intercept.abs() < 1e-9 && step.slope.abs() < 1e-9 {
            return Some(line.slope);
        }
        for _ in 0..STEPS {
            let next = Line { intercept: line.intercept + step.intercept, slope: line.slope + step.slope };
            let reached = log_likelihood(&points, next);
            // Relative, for the sum of many posts is not exact to less.
            if reached >= likelihood - 1e-12 * likelihood.abs().max(1.0) {
                (line, likelihood) = (next, reached);
                break;
            }
            step = Line { intercept: step.intercept / 2.0, slope: step.slope / 2.0 };
        }
        if !(line.slope.abs() < 1e3 && likelihood < -1e-6) {
            return None;
        }
    }
    None
}

/// None where the curve is flat: one score, or labels that a cut-off parts.
fn newton_step(points: &[(f64, f64)], line: Line) -> Option<Line> {
    let (mut up, mut right) = (0.0, 0.0);
    let (mut aa, mut ab, mut bb) = (0.0, 0.0, 0.0);
    for &(x, y) in points {
        let expected = 1.0 / (1.0 + (-(line.intercept + line.slope * x)).exp());
        let weight = expected * (1.0 - expected);
        up += y - expected;
        right += (y - expected) * x;
        aa += weight;
        ab += weight * x;
        bb += weight * x * x;
    }
    let determinant = aa * bb - ab * ab;
    (determinant > 1e-9 * (aa * bb).max(1e-9)).then(|| Line {
        intercept: (bb * up - ab * right) / determinant,
        slope: (aa * right - ab * up) / determinant,
    })
}

fn log_likelihood(points: &[(f64, f64)], line: Line) -> f64 {
    let of = |&(x, y): &(f64, f64)| {
        let z = line.intercept + line.slope * x;
        let z = if y > 0.5 { z } else { -z };
        // ln(1 / (1 + e^-z)) without overflow.
        z.min(0.0) - (-z.abs()).exp().ln_1p()
    };
    points.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::super::metric::tests::{close, posts};
    use super::*;

    #[test]
    fn a_slope_is_found_among_many_posts() {
        // Thousands of posts add up with a rounding error that is larger than what the last steps gain.
        for seed in 0..5_u64 {
            let mut state = seed;
            let mut next = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) as f64 / f64::from(1_u32 << 31)
            };
            let many: Vec<Scored> = (0..9000)
                .map(|_| {
                    let score = if next() < 0.85 { 0.0 } else { (next() * 40.0).round() / 40.0 };
                    Scored { score, promotional: next() < 0.13 + 0.5 * score }
                })
                .collect();
            assert!(Calibration::of(&many).slope.is_some(), "seed {seed}");
        }
    }

    #[test]
    fn brier_and_error() {
        #[track_caller]
        fn check(text: &str, brier: Option<f64>, error: Option<f64>) {
            let mut posts = posts(text);
            for _ in 0..2 {
                let found = Calibration::of(&posts);
                close(found.brier, brier);
                close(found.error, error);
                posts.reverse();
            }
        }
        check("100p 0c", Some(0.0), Some(0.0));
        check("0p 100c", Some(1.0), Some(1.0));
        // (.2² + .3²) / 2; bins of one: (.2 + .3) / 2.
        check("80p 30c", Some(0.065), Some(0.25));
        // The tie is half promotional, in whatever bins it lies.
        check("50p 50c 50p 50c", Some(0.25), Some(0.0));
        check("90p 90p 90p 90c", Some((3.0 * 0.01 + 0.81) / 4.0), Some(0.15));
        check("", None, None);
        check("70p", Some(0.09), Some(0.3));
    }

    #[test]
    fn bins_have_equal_mass_and_ties_share_their_labels() {
        let text: String = (0..12).map(|at| format!("{}{} ", at * 5, if at < 6 { 'c' } else { 'p' })).collect();
        let found = Calibration::of(&posts(&text)).bins;
        assert_eq!(found.iter().map(|bin| bin.posts).collect::<Vec<_>>(), [2, 2, 1, 1, 1, 1, 1, 1, 1, 1]);
        assert!((found[0].score - 0.025).abs() < 1e-9 && (found[1].score - 0.125).abs() < 1e-9, "{found:?}");
        // Three posts of one score over two bins of several.
        let tied = Calibration::of(&posts(&format!("{}20p 20c 20c {}", "10c ".repeat(9), "90p ".repeat(8)))).bins;
        assert_eq!(tied.len(), 10);
        let with_tie: Vec<_> = tied.iter().filter(|bin| bin.score > 0.1 + 1e-9 && bin.score < 0.5).collect();
        assert!(with_tie.iter().all(|bin| bin.promotional < 0.34), "{with_tie:?}");
        assert!(Calibration::of(&[]).bins.is_empty());
    }

    #[test]
    fn slopes() {
        #[track_caller]
        fn check(text: &str, slope: Option<f64>, bins_slope: Option<f64>) {
            let found = Calibration::of(&posts(text));
            close(found.slope, slope);
            close(found.bins_slope, bins_slope);
        }
        check("25p 25c 25c 25c 75p 75p 75p 75c", Some(1.0), Some(1.0));
        // Too timid: logit(3/4) / logit(3/5), and (3/4 - 1/4) / (3/5 - 2/5).
        check("40p 40c 40c 40c 60p 60p 60p 60c", Some(3.0_f64.ln() / 1.5_f64.ln()), Some(2.5));
        // The same shares at both scores say that the score says nothing.
        check("20p 20c 80p 80c", Some(0.0), Some(0.0));
        // Scores at the ends count as 1% and 99%.
        check("0p 0c 0c 0c 100p 100p 100p 100c", Some(3.0_f64.ln() / 99.0_f64.ln()), Some(0.5));
        // A cut-off parts the labels; one score; one label; nothing.
        check("10c 20c 80p 90p", None, Some(1.4));
        check("50p 50c", None, None);
        check("20p 80p", None, Some(0.0));
        check("", None, None);
    }
}
