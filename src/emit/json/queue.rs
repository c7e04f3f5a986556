//! The shapes of queues: what was found of them, in the document of a run, and a document of queues alone.
//!
//! Does not leave out posts that only count. Invariant: keys and their order are those of `docs/json.md`.

use std::io;

use serde::Serialize;

use super::shape::LabelShape;
use super::{Diagnostics, begin_document, encode};
use crate::diagnostic::Label;
use crate::emit::points::{number, tenths};
use crate::emit::{Emitter, Streams};
use crate::report::{FileReport, QueueEntry, QueueFinding, QueueReport, RunReport, Tool};
use crate::text::Platform;

/// Shares and rates come out of divisions; four decimals tell all of them apart.
fn round(measure: f64) -> f64 {
    (measure * 10_000.0).round() / 10_000.0
}

/// A finding, in the document of a run.
#[derive(Serialize)]
pub(super) struct FoundShape<'a> {
    queue: &'a str,
    account: Option<&'a str>,
    platform: Option<&'static str>,
    profile: &'a str,
    #[serde(flatten)]
    finding: FindingShape<'a>,
}

impl<'a> FoundShape<'a> {
    pub(super) fn of(queue: &'a QueueReport, finding: &'a QueueFinding) -> Self {
        Self {
            queue: &queue.name,
            account: queue.account.as_deref(),
            platform: queue.platform.map(Platform::name),
            profile: &queue.profile,
            finding: FindingShape::of(finding, finding.posts(queue).collect()),
        }
    }
}

#[derive(Serialize)]
struct FindingShape<'a> {
    rule: &'a str,
    level: &'static str,
    message: &'a str,
    note: Option<String>,
    help: Option<&'a str>,
    measure: f64,
    max: f64,
    posts: Vec<usize>,
    labels: Vec<PlacedLabelShape<'a>>,
    suggestion: Option<&'a str>,
}

impl<'a> FindingShape<'a> {
    fn of(finding: &'a QueueFinding, posts: Vec<usize>) -> Self {
        let diagnostic = &finding.diagnostic;
        Self {
            rule: &diagnostic.code,
            level: diagnostic.level.name(),
            message: &diagnostic.message,
            note: (!diagnostic.notes.is_empty()).then(|| diagnostic.notes.join("; ")),
            help: diagnostic.help.as_deref(),
            measure: round(finding.measure),
            max: round(finding.max),
            posts,
            labels: diagnostic.labels.iter().map(PlacedLabelShape::of).collect(),
            suggestion: finding.suggestion.as_deref(),
        }
    }
}

/// A label that knows its source: posts of one queue may stand in several.
#[derive(Serialize)]
struct PlacedLabelShape<'a> {
    source: &'a str,
    #[serde(flatten)]
    label: LabelShape<'a>,
}

impl<'a> PlacedLabelShape<'a> {
    fn of(label: &'a Label) -> Self {
        Self { source: label.source.name(), label: LabelShape::of(label) }
    }
}

#[derive(Serialize)]
struct QueueShape<'a> {
    name: &'a str,
    account: Option<&'a str>,
    platform: Option<&'static str>,
    profile: &'a str,
    max_share: f64,
    window: usize,
    judged: bool,
    posts: Vec<EntryShape<'a>>,
    findings: Vec<FindingShape<'a>>,
}

impl<'a> QueueShape<'a> {
    fn of(queue: &'a QueueReport) -> Self {
        Self {
            name: &queue.name,
            account: queue.account.as_deref(),
            platform: queue.platform.map(Platform::name),
            profile: &queue.profile,
            max_share: round(queue.max_share),
            window: queue.window,
            judged: queue.judged,
            posts: queue.entries.iter().map(EntryShape::of).collect(),
            findings: queue
                .findings
                .iter()
                .map(|finding| FindingShape::of(finding, finding.entries.clone()))
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct EntryShape<'a> {
    source: &'a str,
    locator: Option<&'a str>,
    line: u32,
    text: &'a str,
    kind: &'static str,
    platforms: Vec<&'static str>,
    time: Option<&'a str>,
    verdict: &'static str,
    promotion: f64,
    pitch: bool,
    reported: bool,
    share: Option<f64>,
}

impl<'a> EntryShape<'a> {
    fn of(entry: &'a QueueEntry) -> Self {
        Self {
            source: entry.source.name(),
            locator: entry.locator.as_deref(),
            line: entry.source.line_column(entry.span.start()).line,
            text: entry.source.slice(entry.span),
            kind: entry.kind.name(),
            platforms: entry.platforms.iter().map(|platform| platform.name()).collect(),
            time: entry.time.as_deref(),
            verdict: entry.verdict.name(),
            promotion: number(tenths(entry.promotion)),
            pitch: entry.pitch,
            reported: entry.post.is_some(),
            share: entry.share.map(round),
        }
    }
}

/// Writes a document of queues.
#[derive(Debug, Default)]
pub(in crate::emit) struct Queues {
    diagnostics: Diagnostics,
}

impl Emitter for Queues {
    fn begin(&mut self, tool: &Tool, streams: &mut Streams<'_>) -> io::Result<()> {
        begin_document(tool, "queues", streams.out)
    }

    fn file(&mut self, file: &FileReport, _: &mut Streams<'_>) -> io::Result<()> {
        self.diagnostics.add(&file.diagnostics)
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        self.diagnostics.add(&run.diagnostics)?;
        let out = &mut streams.out;
        for (number, queue) in run.queues.iter().enumerate() {
            out.write_all(if number == 0 { b"\n" } else { b",\n" })?;
            out.write_all(&encode(&QueueShape::of(queue))?)?;
        }
        out.write_all(b"]")?;
        self.diagnostics.write(run.summary, out)?;
        out.write_all(b"}\n")?;
        out.flush()
    }
}
