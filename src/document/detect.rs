//! How a source is written, by its name and content.
//!
//! Does not read posts. Invariant: a name that tells is believed, and content is only asked where it does not.

use super::Format;
use crate::text::Source;

/// The format of a source that nobody said.
pub(super) fn format(source: &Source) -> Format {
    Format::from_path(source.name()).unwrap_or(Format::Text)
}
