//! The shapes of places, and of fixes, which are made of them.
//!
//! Does not write. Invariant: all four ends of a region are there, for code scanning asks for them.

use std::borrow::Cow;

use serde::Serialize;

use super::shape::MessageShape;
use crate::diagnostic::{Diagnostic, Label};
use crate::emit::entry::{Entry, Place};
use crate::emit::escape::uri;
use crate::fix::{Applicability, Fix};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LocationShape<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u32>,
    physical_location: PhysicalShape,
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_locations: Option<[LogicalShape<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<MessageShape>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalShape<'a> {
    fully_qualified_name: Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalShape {
    artifact_location: ArtifactShape,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<RegionShape>,
}

#[derive(Serialize)]
struct ArtifactShape {
    uri: String,
}

/// Lines and columns count from 1, bytes from 0, of the file as it is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RegionShape {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
    byte_offset: u64,
    byte_length: u64,
}

impl RegionShape {
    fn of(place: Place<'_>) -> Self {
        let region = place.region();
        let (first, end) = region.bytes;
        Self {
            start_line: region.start.line,
            start_column: region.start.column,
            end_line: region.end.line,
            end_column: region.end.column,
            byte_offset: first,
            byte_length: end.saturating_sub(first),
        }
    }
}

impl<'a> LocationShape<'a> {
    /// Where an entry stands, or which file it is about.
    pub(super) fn of(entry: &Entry<'a>) -> Option<Self> {
        let locator = entry.locator.as_ref().map(|locator| Cow::Owned(locator.to_string()));
        entry.path.map(|path| Self::new(path, entry.place, locator))
    }

    fn new(path: &str, place: Option<Place<'_>>, locator: Option<Cow<'a, str>>) -> Self {
        Self {
            id: None,
            physical_location: PhysicalShape {
                artifact_location: ArtifactShape { uri: uri(path) },
                region: place.map(RegionShape::of),
            },
            logical_locations: locator.map(|name| [LogicalShape { fully_qualified_name: name }]),
            message: None,
        }
    }

    pub(super) fn of_label(label: &'a Label, id: u32) -> Self {
        let place = Place { source: &label.source, span: label.span };
        let locator = label.locator.as_deref().map(Cow::Borrowed);
        Self {
            id: Some(id),
            message: (!label.message.is_empty()).then(|| MessageShape::of(&label.message)),
            ..Self::new(label.source.name(), Some(place), locator)
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FixShape<'a> {
    description: MessageShape,
    artifact_changes: [ChangeShape<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeShape<'a> {
    artifact_location: ArtifactShape,
    replacements: Vec<ReplacementShape<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReplacementShape<'a> {
    deleted_region: RegionShape,
    inserted_content: ContentShape<'a>,
}

#[derive(Serialize)]
struct ContentShape<'a> {
    text: &'a str,
}

impl<'a> FixShape<'a> {
    /// A fix that can be applied; one that holds a gap for the author is none.
    pub(super) fn of(diagnostic: &'a Diagnostic) -> Option<Self> {
        let fix: &Fix = diagnostic.fix.as_ref()?;
        let source = &diagnostic.labels.first()?.source;
        if fix.applicability == Applicability::DisplayOnly || fix.edits.is_empty() {
            return None;
        }
        let replacements = fix.edits.iter().map(|edit| ReplacementShape {
            deleted_region: RegionShape::of(Place { source, span: edit.span }),
            inserted_content: ContentShape { text: &edit.text },
        });
        Some(Self {
            description: MessageShape::of(&fix.message),
            artifact_changes: [ChangeShape {
                artifact_location: ArtifactShape { uri: uri(source.name()) },
                replacements: replacements.collect(),
            }],
        })
    }
}
