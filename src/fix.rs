//! Concrete replacements.
//!
//! Does not read or write files. Invariant: the edits of a fix rise and do not overlap.

mod apply;

use std::borrow::Cow;

use crate::text::Span;

pub use self::apply::{Chosen, chosen, spliced};

/// How sure a replacement is, in the sense of rustc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Applicability {
    /// Keeps the meaning; may be applied without asking.
    Safe,
    /// May change the meaning; applied on request.
    Unsafe,
    /// Holds a gap for the author to fill, or has none of the words in one stretch; only shown.
    DisplayOnly,
}

impl Applicability {
    /// The names in rule files.
    pub const NAMES: [&'static str; 3] = ["safe", "unsafe", "display-only"];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::DisplayOnly => "display-only",
        }
    }

    /// Reads one of [`Applicability::NAMES`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "safe" => Some(Self::Safe),
            "unsafe" => Some(Self::Unsafe),
            "display-only" => Some(Self::DisplayOnly),
            _ => None,
        }
    }
}

/// One replacement in the text of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced, in bytes of the source's text.
    pub span: Span,
    /// What stands there afterwards.
    pub text: Cow<'static, str>,
}

/// Edits that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does: `delete "link in bio"`.
    pub message: String,
    /// How sure it is.
    pub applicability: Applicability,
    /// The edits, in order.
    pub edits: Vec<Edit>,
}
