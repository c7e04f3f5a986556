//! JSON front matter, from the scanner of [`json`](crate::document::json).
//!
//! Invariant: entries are in the order of the source.

use super::tree::{Entry, Fault, entries};
use crate::document::json::scan;
use crate::document::yaml::character;

/// Reads the object that starts at `start` of the text of a source.
pub(super) fn read(text: &str, start: usize) -> (Vec<Entry>, Vec<Fault>) {
    match scan::check(text, start) {
        Ok(checked) => (entries(checked.value()), Vec::new()),
        Err(fault) => {
            let span = character(text, 0, fault.at);
            (Vec::new(), vec![Fault { message: fault.message.to_owned(), span }])
        }
    }
}
