//! YAML front matter, from the tree of [`yaml`](crate::document::yaml).
//!
//! Does not resolve tags. Invariant: the work is linear in the text, for the tree bounds what aliases stand for.

use super::tree::{Entry, Fault, entries};
use crate::document::ReadLimits;
use crate::document::records::{Kind, Node as _};
use crate::document::yaml::{Yaml, character, read_tree};

/// Reads `text`, which stands at the source offset `base`: the entries, and the first mistake, which ends the
/// reading. `None` where the text is something else than a mapping (or nothing).
pub(super) fn read(text: &str, base: u32) -> Option<(Vec<Entry>, Vec<Fault>)> {
    let (tree, fault) = read_tree(text, base, ReadLimits::DEFAULT.nesting);
    let faults: Vec<Fault> = fault
        .map(|fault| Fault { message: fault.message, span: character(text, base, fault.at) })
        .into_iter()
        .collect();
    match Yaml::root(&tree) {
        Some(root) => match root.kind() {
            Kind::Table => Some((entries(root), faults)),
            Kind::Null => Some((Vec::new(), faults)),
            _ => None,
        },
        None => Some((Vec::new(), faults)),
    }
}
