//! Front matter: the YAML or TOML before the body of a Markdown file.
//!
//! Splits it off, reads it into a [`tree`], and fills the post from it. Does not interpret keys that are not ours
//! to read. Invariant: whatever is wrong with it, the place where the body starts is found.

mod fences;
mod fields;
mod toml_tree;
mod tree;
mod yaml_tree;

use std::sync::Arc;

use self::fences::{Notation, Split};
use self::tree::{Entry, Fault};
use super::Post;
use crate::diagnostic::Diagnostic;
use crate::text::Source;

/// What [`Diagnostic::code`] says of front matter that cannot be read.
const CODE: &str = "input/front-matter";

/// Front matter longer than this, in bytes, is not read.
const LIMIT: u32 = 64 * 1024;

/// Fills `post` from the front matter of `source`, if it has one, and returns where the body starts.
pub(super) fn read(source: &Arc<Source>, post: &mut Post, diagnostics: &mut Vec<Diagnostic>) -> u32 {
    let text = source.text();
    let Some(split) = fences::split(text) else { return 0 };
    if split.inner.len() > LIMIT {
        let message = format!("front matter is longer than {} KiB", LIMIT / 1024);
        let opening = Diagnostic::error(CODE, message).label(source, split.opening, "starts here");
        diagnostics.push(opening.help("move what is no metadata into the body").note("it was not read"));
        return split.body;
    }
    let Some((entries, faults)) = entries(source, &split) else { return 0 };
    if !split.closed {
        let fence = source.slice(split.opening).to_owned();
        diagnostics.push(
            Diagnostic::error(CODE, "front matter is not closed")
                .label(source, split.opening, "opened here")
                .help(format!("end it with a line `{fence}`"))
                .note("it was read up to the first blank line"),
        );
    }
    diagnostics.extend(faults.into_iter().map(|fault| {
        let message = format!("invalid {}: {}", split.notation.name(), super::shown(&fault.message));
        Diagnostic::error(CODE, message).label(source, fault.span, "here")
    }));
    fields::fill(source, &entries, post, diagnostics);
    split.body
}

/// The entries and mistakes; nothing where a pair of rulers encloses text that is no metadata.
fn entries(source: &Arc<Source>, split: &Split) -> Option<(Vec<Entry>, Vec<Fault>)> {
    let inner = source.slice(split.inner);
    match split.notation {
        Notation::Toml => Some(toml_tree::read(inner, split.inner.start())),
        Notation::Yaml => yaml_tree::read(inner, split.inner.start())
            .filter(|(_, faults)| faults.is_empty() || fences::has_key(inner, split.notation)),
    }
}

#[cfg(test)]
mod tests;
