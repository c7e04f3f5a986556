//! Floor 4: from findings and facts to two numbers and a verdict.
//!
//! Sees no text. Invariant: points are shares of the promotion score: the categories' and the findings' points
//! each sum to it.

use crate::rule::Text;

/// How a draft reads as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Mostly about self, with something to be gained by it.
    Promotional,
    /// Value for others, and an ask beside it.
    Mixed,
    /// About others or a topic.
    Conversational,
    /// Not judged: another language, or nothing to read.
    Unjudged,
}

impl Verdict {
    /// The word for it in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Promotional => "promotional",
            Self::Mixed => "mixed",
            Self::Conversational => "conversational",
            Self::Unjudged => "none",
        }
    }
}

/// The numbers of one post.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// 0 to 100.
    pub promotion: f64,
    /// 0 to 100.
    pub conversation: f64,
    /// What the two say.
    pub verdict: Verdict,
    /// Categories with points, most first; sums to `promotion`.
    pub by_category: Vec<(Text, f64)>,
}
