//! The shapes of results and notifications, and the text of their messages.
//!
//! Does not write. Invariant: a message is read as it stands.

use std::borrow::Cow;

use serde::Serialize;

use super::place::{FixShape, LocationShape};
use crate::diagnostic::Level;
use crate::emit::entry::Entry;
use crate::fingerprint::Fingerprint;

/// Text that a viewer shows as it is: braces are doubled, as SARIF wants it (3.11.5), and what it would take for a link
/// (3.11.6) is broken.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(['{', '}']) && !text.contains("](") {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('{', "{{").replace('}', "}}").replace("](", "] ("))
}

/// The word for a level.
pub(super) fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
        Level::Off | Level::Credit => "none",
    }
}

#[derive(Serialize)]
pub(super) struct MessageShape {
    text: String,
}

impl MessageShape {
    pub(super) fn of(text: &str) -> Self {
        Self { text: plain(text).into_owned() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultShape<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: MessageShape,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<LocationShape<'a>>,
    partial_fingerprints: FingerprintShape,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<LocationShape<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<FixShape<'a>>,
}

/// Code scanning knows no other name than the first.
#[derive(Serialize)]
struct FingerprintShape {
    #[serde(rename = "primaryLocationLineHash")]
    line: String,
    #[serde(rename = "selfless/v1")]
    own: String,
}

impl<'a> ResultShape<'a> {
    pub(super) fn of(entry: &Entry<'a>, index: usize, (fingerprint, number): (Fingerprint, u32)) -> Self {
        let diagnostic = entry.diagnostic;
        let labels = diagnostic.labels.iter().skip(1).zip(1..);
        Self {
            rule_id: &diagnostic.code,
            rule_index: index,
            level: level_name(diagnostic.level),
            message: MessageShape::of(&entry.advice()),
            locations: LocationShape::of(entry).into_iter().collect(),
            partial_fingerprints: FingerprintShape {
                line: format!("{fingerprint}:{}", number.saturating_add(1)),
                own: format!("{fingerprint}:{}", number.saturating_add(1)),
            },
            related_locations: labels.map(|(label, id)| LocationShape::of_label(label, id)).collect(),
            fixes: FixShape::of(diagnostic).into_iter().collect(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct NotificationShape<'a> {
    descriptor: DescriptorShape<'a>,
    level: &'static str,
    message: MessageShape,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<LocationShape<'a>>,
}

#[derive(Serialize)]
struct DescriptorShape<'a> {
    id: &'a str,
}

impl<'a> NotificationShape<'a> {
    pub(super) fn of(entry: &Entry<'a>) -> Self {
        Self {
            descriptor: DescriptorShape { id: &entry.diagnostic.code },
            level: level_name(entry.level()),
            message: MessageShape::of(&entry.advice()),
            locations: LocationShape::of(entry).into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_no_placeholder_and_no_link() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(plain(text), expected);
        }
        check("a bare ask", "a bare ask");
        check("say {0} [here](https://a.example)", "say {{0}} [here] (https://a.example)");
    }
}
