//! The concrete change that a rule proposes for what it finds.
//!
//! Does not make edits; `lint` does, for it knows the words. Invariant: what would be written is one line without
//! control characters.

use super::Text;
use crate::fix::Applicability;
use crate::table::{Reader, Table};

/// What a fix of a rule changes, and how sure it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// What is changed.
    pub change: Change,
    /// How sure that is.
    pub applicability: Applicability,
}

/// What is changed in the words of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// They are replaced; a capital at their start stays one.
    Replace(Text),
    /// They go, and the space beside them.
    Words,
    /// Their sentence goes, if they are all of its words.
    Sentence,
    /// A mark that stands several times in a row stands once.
    Repeats,
    /// Links lose the parameters that only count who came.
    Counting,
    /// Links lose these and the parameters that say who sent the reader.
    Referral,
}

impl Remedy {
    /// What it proposes, in words.
    #[must_use]
    pub fn said(&self) -> String {
        let change = match &self.change {
            Change::Replace(text) => format!("write \"{text}\" in its place"),
            Change::Words => "delete the words".to_owned(),
            Change::Sentence => "delete the sentence, where it is nothing else".to_owned(),
            Change::Repeats => "write each mark once".to_owned(),
            Change::Counting => "drop what only counts who came from the link".to_owned(),
            Change::Referral => "drop what says who sent the reader from the link".to_owned(),
        };
        let applied = match self.applicability {
            Applicability::Safe => "safe: --fix",
            Applicability::Unsafe => "unsafe: --fix --unsafe-fixes",
            Applicability::DisplayOnly => "display-only: by hand",
        };
        format!("{change} ({applied})")
    }
}

impl Change {
    /// What `delete` can name.
    pub const NAMES: [&'static str; 5] = ["words", "sentence", "repeats", "counting", "referral"];

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "words" => Some(Self::Words),
            "sentence" => Some(Self::Sentence),
            "repeats" => Some(Self::Repeats),
            "counting" => Some(Self::Counting),
            "referral" => Some(Self::Referral),
            _ => None,
        }
    }
}

/// Reads `fix = { … }` of a rule; none where it cannot be understood, which is told.
pub(super) fn read(reader: &mut Reader, mut table: Table<'_>) -> Option<Remedy> {
    let replace = table.string(reader, "replace");
    let delete = table.word(reader, "delete", "thing to delete", Change::from_name);
    let unread = delete.is_none() && table.has("delete");
    let applicability = table.word(reader, "applicability", "applicability", Applicability::from_name);
    let span = table.span();
    table.finish(reader, "a fix");
    let change = match (replace, delete) {
        (Some(text), None) if text.value.trim().is_empty() => {
            reader.report("empty-value", "a fix that replaces by nothing", text.span).help =
                Some("`delete = \"words\"` says so".into());
            return None;
        }
        (Some(text), None) if text.value.chars().any(char::is_control) => {
            reader.report("bad-value", "a replacement is one line of text", text.span);
            return None;
        }
        (Some(text), None) if !unread => Change::Replace(text.value.into()),
        (None, Some(delete)) => delete.value,
        _ if unread => return None,
        _ => {
            reader.report("missing-key", "a fix needs either `replace` or `delete`", span);
            return None;
        }
    };
    // What nobody calls safe may change the meaning.
    let applicability = applicability.map_or(Applicability::Unsafe, |given| given.value);
    Some(Remedy { change, applicability })
}
