//! What must hold of every reader of `selfless`, and of what stands behind them, whatever bytes they are given.
//!
//! One function a fuzz target, each of which panics when something does not hold; `fuzz/run.sh` runs them. Nothing here
//! says what is right for one input, the tests of the modules do. Invariant: a function may be given any bytes, and
//! takes the first of them, where it has choices, for these.

mod posts;
mod readers;
mod rules;
mod sources;
mod whole;

pub use readers::{
    archives, csv, front_matter, html, json, jsonl, markdown, mojibake, packs, text, toot, tsv, tweet, yaml,
};
pub use rules::{config, phrases, rules};
pub use sources::{encodings, tokens};
pub use whole::{directives, fixes, lint};

/// The first byte, which chooses between ways to read, and the rest as text.
fn choice_and_text(data: &[u8]) -> (u8, String) {
    let (choice, rest) = data.split_first().map_or((0, data), |(first, rest)| (*first, rest));
    (choice, String::from_utf8_lossy(rest).into_owned())
}
