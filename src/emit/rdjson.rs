//! The format of reviewdog: one JSON document of diagnostics
//! (<https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>).
//!
//! Holds only what has a file; the rest goes beside it. Invariant: columns count bytes of UTF-8 from 1, and ends are
//! exclusive.

use std::io;

use serde::Serialize;

use super::entry::{Entry, Place};
use super::{Emitter, Look, Streams, json, short};
use crate::diagnostic::Level;
use crate::fix::Applicability;
use crate::report::{FileReport, RunReport, Tool};
use crate::text::LineColumn;

/// Writes diagnostics as reports come in.
#[derive(Debug)]
pub(super) struct Rdjson {
    look: Look,
    written: bool,
    /// What knows the pages of rules.
    tool: Option<Tool>,
}

#[derive(Serialize)]
struct DiagnosticShape<'a> {
    message: String,
    location: LocationShape<'a>,
    severity: &'static str,
    code: CodeShape<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<SuggestionShape<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<RelatedShape<'a>>,
}

#[derive(Serialize)]
struct CodeShape<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct LocationShape<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<RangeShape>,
}

#[derive(Serialize)]
struct RangeShape {
    start: PositionShape,
    end: PositionShape,
}

#[derive(Serialize)]
struct PositionShape {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct SuggestionShape<'a> {
    range: RangeShape,
    text: &'a str,
}

#[derive(Serialize)]
struct RelatedShape<'a> {
    message: &'a str,
    location: LocationShape<'a>,
}

impl RangeShape {
    fn of(place: Place<'_>) -> Self {
        let position = |at: LineColumn| PositionShape { line: at.line, column: at.column };
        let (start, end) = place.byte_columns();
        Self { start: position(start), end: position(end) }
    }
}

impl<'a> LocationShape<'a> {
    fn of(path: &'a str, place: Option<Place<'_>>) -> Self {
        Self { path: path.strip_prefix("./").unwrap_or(path), range: place.map(RangeShape::of) }
    }
}

impl<'a> DiagnosticShape<'a> {
    fn of(entry: &Entry<'a>, path: &'a str, tool: Option<&Tool>) -> Self {
        let diagnostic = entry.diagnostic;
        let labels = diagnostic.labels.iter().skip(1);
        Self {
            message: entry.advice(),
            location: LocationShape::of(path, entry.place),
            severity: match entry.level() {
                Level::Error => "ERROR",
                Level::Warning => "WARNING",
                Level::Off | Level::Credit | Level::Note => "INFO",
            },
            code: CodeShape { value: &diagnostic.code, url: tool.and_then(|tool| tool.page(&diagnostic.code)) },
            suggestions: suggestions(entry),
            related_locations: labels
                .map(|label| RelatedShape {
                    message: &label.message,
                    location: LocationShape::of(
                        label.source.name(),
                        Some(Place { source: &label.source, span: label.span }),
                    ),
                })
                .collect(),
        }
    }
}

/// The edit of a fix that has one; reviewdog would apply several apart, and a gap is nothing to apply.
fn suggestions<'a>(entry: &Entry<'a>) -> Vec<SuggestionShape<'a>> {
    let fix = entry.diagnostic.fix.as_ref().filter(|fix| fix.applicability != Applicability::DisplayOnly);
    match (fix.map(|fix| fix.edits.as_slice()), entry.place) {
        (Some([edit]), Some(place)) => {
            let range = RangeShape::of(Place { span: edit.span, ..place });
            vec![SuggestionShape { range, text: &edit.text }]
        }
        _ => Vec::new(),
    }
}

impl Rdjson {
    pub(super) fn new(look: Look) -> Self {
        Self { look, written: false, tool: None }
    }

    fn add(&mut self, entry: &Entry<'_>, streams: &mut Streams<'_>) -> io::Result<()> {
        let Some(path) = entry.path else {
            return short::write(streams.err, short::entry_line(entry), self.look);
        };
        streams.out.write_all(if self.written { b",\n" } else { b"\n" })?;
        self.written = true;
        streams.out.write_all(&json::encode(&DiagnosticShape::of(entry, path, self.tool.as_ref()))?)
    }
}

impl Emitter for Rdjson {
    fn begin(&mut self, tool: &Tool, streams: &mut Streams<'_>) -> io::Result<()> {
        self.tool = Some(tool.clone());
        streams.out.write_all(b"{\"source\":{\"name\":\"selfless\"},\"diagnostics\":[")
    }

    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        Entry::of_file(file).try_for_each(|entry| self.add(&entry, streams))
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        Entry::of_run(run).try_for_each(|entry| self.add(&entry, streams))?;
        streams.out.write_all(b"\n]}\n")?;
        streams.out.flush()
    }
}
