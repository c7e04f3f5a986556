//! Concrete replacements.
//!
//! Does not apply them. Invariant: the edits of a fix rise and do not overlap.

use std::borrow::Cow;

use crate::text::Span;

/// How sure a replacement is, in the sense of rustc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Applicability {
    /// Keeps the meaning; may be applied without asking.
    Safe,
    /// May change the meaning; applied on request.
    Unsafe,
    /// Holds a gap for the author to fill; only shown.
    DisplayOnly,
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
