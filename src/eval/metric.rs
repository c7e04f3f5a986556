//! Floor 5: figures over pairs of a promotion score or a verdict and a label.
//!
//! Does not know rules or posts. Invariant: the order of the posts changes no figure, and a figure that is not
//! defined is none, never 0.

use std::cmp::Ordering;

/// Some of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many.
    pub part: u32,
    /// Of how many.
    pub of: u32,
}

impl Share {
    /// Counts one in.
    pub fn add(&mut self, counts: bool) {
        self.part += u32::from(counts);
        self.of += 1;
    }

    /// Counts another share in.
    pub fn add_share(&mut self, other: Self) {
        self.part += other.part;
        self.of += other.of;
    }

    /// 0 to 1; none of nothing.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| f64::from(self.part) / f64::from(self.of))
    }
}

/// How "the verdict is promotional" agrees with the labels promotional and conversational.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confusion {
    /// Labelled promotional and called so.
    pub true_positives: u32,
    /// Labelled conversational and called promotional.
    pub false_positives: u32,
    /// Labelled promotional and not called so.
    pub false_negatives: u32,
    /// Labelled conversational and not called promotional.
    pub true_negatives: u32,
}

impl Confusion {
    /// Counts one post in.
    pub fn add(&mut self, promotional: bool, called: bool) {
        let cell = match (promotional, called) {
            (true, true) => &mut self.true_positives,
            (true, false) => &mut self.false_negatives,
            (false, true) => &mut self.false_positives,
            (false, false) => &mut self.true_negatives,
        };
        *cell += 1;
    }

    /// Labelled promotional.
    #[must_use]
    pub fn positives(&self) -> u32 {
        self.true_positives + self.false_negatives
    }

    /// Labelled conversational.
    #[must_use]
    pub fn negatives(&self) -> u32 {
        self.false_positives + self.true_negatives
    }

    /// TP / (TP + FP): of what is called promotional, the share that is.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        Share { part: self.true_positives, of: self.true_positives + self.false_positives }.value()
    }

    /// TP / (TP + FN): of what is promotional, the share that is called so.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        Share { part: self.true_positives, of: self.positives() }.value()
    }

    /// FP / (FP + TN): of what is conversational, the share called promotional.
    #[must_use]
    pub fn false_positive_rate(&self) -> Option<f64> {
        Share { part: self.false_positives, of: self.negatives() }.value()
    }

    /// 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall (van Rijsbergen, *Information Retrieval*,
    /// 1979, chapter 7). Not defined where nothing is promotional.
    #[must_use]
    pub fn f1(&self) -> Option<f64> {
        let of = 2 * self.true_positives + self.false_positives + self.false_negatives;
        Share { part: 2 * self.true_positives, of }.value().filter(|_| self.positives() > 0)
    }

    /// The plain mean of F1 for promotional and F1 for everything else, so that the rarer label weighs as much as
    /// the other (Opitz and Burst, *Macro F1 and Macro F1*, 2019: the mean of F1s). Not defined where a label is
    /// missing.
    #[must_use]
    pub fn macro_f1(&self) -> Option<f64> {
        let turned = Self {
            true_positives: self.true_negatives,
            false_positives: self.false_negatives,
            false_negatives: self.false_positives,
            true_negatives: self.true_positives,
        };
        Some((self.f1()? + turned.f1()?) / 2.0)
    }
}

/// A post's promotion score, as a share of 100, and whether it is labelled promotional.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// 0 to 1.
    pub score: f64,
    /// Else conversational.
    pub promotional: bool,
}

/// Promotional and other posts of each score that occurs, the highest score first. Posts of one score cannot be
/// told apart by it, so every figure takes them together.
fn by_score(posts: &[Scored]) -> Vec<(u32, u32)> {
    let mut sorted: Vec<&Scored> = posts.iter().collect();
    sorted.sort_by(|a, b| b.score.total_cmp(&a.score));
    sorted
        .chunk_by(|a, b| a.score.total_cmp(&b.score) == Ordering::Equal)
        .map(|tied| {
            let promotional = tied.iter().filter(|post| post.promotional).count();
            (count(promotional), count(tied.len() - promotional))
        })
        .collect()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Average precision: Σ (Rₙ − Rₙ₋₁) Pₙ over the scores from the highest down, without interpolation (Manning,
/// Raghavan and Schütze, *Introduction to Information Retrieval*, 2008, 8.4; with ties taken together as in
/// scikit-learn's `average_precision_score`). Not defined where a label is missing.
#[must_use]
pub fn average_precision(posts: &[Scored]) -> Option<f64> {
    let groups = by_score(posts);
    let (positives, _) = totals(&groups)?;
    let (mut found, mut wrong, mut sum) = (0.0, 0.0, 0.0);
    for (promotional, other) in groups {
        found += f64::from(promotional);
        wrong += f64::from(other);
        sum += f64::from(promotional) / positives * found / (found + wrong);
    }
    Some(sum)
}

/// The largest recall at a cut-off of the score that calls at most the share `most` of the conversational posts
/// promotional. Not defined where a label is missing.
#[must_use]
pub fn recall_at(posts: &[Scored], most: f64) -> Option<f64> {
    let groups = by_score(posts);
    let (positives, negatives) = totals(&groups)?;
    let (mut found, mut wrong, mut best) = (0.0, 0.0, 0.0);
    for (promotional, other) in groups {
        found += f64::from(promotional);
        wrong += f64::from(other);
        if wrong / negatives > most {
            break;
        }
        best = found / positives;
    }
    Some(best)
}

/// How many are promotional and how many are not, where there are both.
fn totals(groups: &[(u32, u32)]) -> Option<(f64, f64)> {
    let positives: f64 = groups.iter().map(|group| f64::from(group.0)).sum();
    let negatives: f64 = groups.iter().map(|group| f64::from(group.1)).sum();
    (positives > 0.0 && negatives > 0.0).then_some((positives, negatives))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Posts of a score in percent, as `"90p 90c 10c"`.
    pub(in crate::eval) fn posts(text: &str) -> Vec<Scored> {
        let post = |word: &str| {
            let (score, label) = word.split_at(word.len() - 1);
            Scored { score: score.parse::<f64>().unwrap() / 100.0, promotional: label == "p" }
        };
        text.split_whitespace().map(post).collect()
    }

    #[track_caller]
    pub(in crate::eval) fn close(found: Option<f64>, expected: Option<f64>) {
        let same = match (found, expected) {
            (Some(found), Some(expected)) => (found - expected).abs() < 1e-6,
            (None, None) => true,
            _ => false,
        };
        assert!(same, "{found:?}, expected {expected:?}");
    }

    #[test]
    fn verdicts_against_labels() {
        #[track_caller]
        fn check(cells: [u32; 4], expected: [Option<f64>; 5]) {
            let [true_positives, false_positives, false_negatives, true_negatives] = cells;
            let table = Confusion { true_positives, false_positives, false_negatives, true_negatives };
            let found =
                [table.precision(), table.recall(), table.f1(), table.macro_f1(), table.false_positive_rate()];
            for (found, expected) in found.into_iter().zip(expected) {
                close(found, expected);
            }
        }
        // F1 6/9; of the others 10/13.
        check(
            [3, 1, 2, 5],
            [Some(0.75), Some(0.6), Some(6.0 / 9.0), Some((6.0 / 9.0 + 10.0 / 13.0) / 2.0), Some(1.0 / 6.0)],
        );
        check([2, 0, 0, 2], [Some(1.0), Some(1.0), Some(1.0), Some(1.0), Some(0.0)]);
        // Nothing is called promotional: F1 0, and of the others 4/6.
        check([0, 0, 2, 2], [None, Some(0.0), Some(0.0), Some(1.0 / 3.0), Some(0.0)]);
        check([0, 1, 0, 3], [Some(0.0), None, None, None, Some(0.25)]);
        check([3, 0, 1, 0], [Some(1.0), Some(0.75), Some(6.0 / 7.0), None, None]);
        check([0, 0, 0, 0], [None; 5]);
    }

    #[test]
    fn average_precision_takes_ties_together() {
        #[track_caller]
        fn check(text: &str, expected: Option<f64>) {
            let mut posts = posts(text);
            close(average_precision(&posts), expected);
            posts.reverse();
            close(average_precision(&posts), expected);
        }
        check("90p 80p 20c 10c", Some(1.0));
        // 1/2 · 1/1 + 1/2 · 2/3.
        check("90p 80c 70p 10c", Some(0.5 + 1.0 / 3.0));
        // All alike: the share of promotional ones.
        check("50p 50c 50c 50c", Some(0.25));
        // 1/3 · 1/2 for the tie, then 2/3 · 3/5.
        check("90p 90c 50p 50p 50c", Some(1.0 / 6.0 + 0.4));
        check("90p 80p", None);
        check("90c", None);
        check("", None);
    }

    #[test]
    fn recall_at_few_false_positives() {
        #[track_caller]
        fn check(text: &str, most: f64, expected: Option<f64>) {
            close(recall_at(&posts(text), most), expected);
        }
        check("90p 80p 70c 60p 10c", 0.0, Some(2.0 / 3.0));
        check("90p 80p 70c 60p 10c", 0.5, Some(1.0));
        // The tie can only be taken as a whole.
        check("90p 90c 60p 10c", 0.01, Some(0.0));
        check("90p 90c 60p 10c", 0.5, Some(1.0));
        check("90p 80p", 0.01, None);
        check("", 0.01, None);
        let many = format!("90p 80c 70p {}", "10c ".repeat(99));
        check(&many, 0.01, Some(1.0));
        check(&many, 0.0099, Some(0.5));
    }
}
