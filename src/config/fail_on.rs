//! What makes a post fail.
//!
//! Does not judge. Invariant: the names rise from the mildest.

use crate::diagnostic::Level;

/// What makes a post fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum FailOn {
    /// Nothing.
    Never,
    /// A finding of level error.
    #[default]
    Error,
    /// A promotional verdict (or a finding of level error).
    Promotional,
    /// A mixed verdict, or worse.
    Mixed,
    /// A finding of level warning, or worse.
    Warning,
}

impl FailOn {
    /// Whether a finding about a queue fails: one of level warning or error, unless nothing does. A queue is held against
    /// a budget only, so there is no milder way to overspend it.
    #[must_use]
    pub fn fails_queue(self, level: Level) -> bool {
        self != Self::Never && level >= Level::Warning
    }

    /// Whether what is said of a suppression fails: an error, and where warnings of a post do, a warning.
    #[must_use]
    pub fn fails_remark(self, level: Level) -> bool {
        match self {
            Self::Never => false,
            Self::Warning => level >= Level::Warning,
            Self::Error | Self::Promotional | Self::Mixed => level >= Level::Error,
        }
    }

    /// All names, mildest first.
    pub const NAMES: [&'static str; 5] = ["never", "error", "promotional", "mixed", "warning"];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Error => "error",
            Self::Promotional => "promotional",
            Self::Mixed => "mixed",
            Self::Warning => "warning",
        }
    }

    /// Reads one of [`FailOn::NAMES`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "never" => Some(Self::Never),
            "error" => Some(Self::Error),
            "promotional" => Some(Self::Promotional),
            "mixed" => Some(Self::Mixed),
            "warning" => Some(Self::Warning),
            _ => None,
        }
    }
}
