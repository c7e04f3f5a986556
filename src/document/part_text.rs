//! The text of a part: its own, or a source that is nothing but the part, so that a long draft is not held twice.
//!
//! Does not decode. Invariant: whichever of the two it is, it reads as a `str`.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::text::Source;

/// A text that is read as a `str`.
#[derive(Clone)]
pub struct PartText(Kept);

#[derive(Clone)]
enum Kept {
    Own(String),
    Whole(Arc<Source>),
}

impl PartText {
    /// The whole text of a source, as it stands.
    #[must_use]
    pub fn whole(source: &Arc<Source>) -> Self {
        Self(Kept::Whole(Arc::clone(source)))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Kept::Own(text) => text,
            Kept::Whole(source) => source.text(),
        }
    }
}

impl Deref for PartText {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<String> for PartText {
    fn from(text: String) -> Self {
        Self(Kept::Own(text))
    }
}

impl fmt::Debug for PartText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl PartialEq for PartText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for PartText {}

impl PartialEq<str> for PartText {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for PartText {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<String> for PartText {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<PartText> for String {
    fn eq(&self, other: &PartText) -> bool {
        self == other.as_str()
    }
}
