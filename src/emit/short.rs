//! One line a finding, for editors and for reading fast: `file:line:column: level[rule]: message`, and behind it in
//! brackets the row and column or the key, where the format has such.
//!
//! Does not show notes, help or further labels. Invariant: a finding is one line, whatever its text holds.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

use super::entry::Entry;
use super::{Emitter, Look, PostWriter, Streams, clean, hand_on, statistics, summary};
use crate::diagnostic::Diagnostic;
use crate::report::{FileReport, PostReport, RunReport};
use crate::text::LineColumn;

/// Writes a line a finding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Short {
    look: Look,
}

impl Short {
    pub(super) fn new(look: Look) -> Self {
        Self { look }
    }
}

impl PostWriter for Short {
    fn write(&self, post: &PostReport, out: &mut Vec<u8>) -> io::Result<()> {
        let mut shown = post.findings.iter().filter(|finding| finding.shown);
        shown.try_for_each(|finding| write(out, line(&finding.diagnostic, Some(post)), self.look))
    }
}

impl Emitter for Short {
    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        for diagnostic in &file.diagnostics {
            write(streams.err, line(diagnostic, None), self.look)?;
        }
        for post in &file.posts {
            hand_on(post, self, &mut Vec::new(), streams.out)?;
        }
        Ok(())
    }

    fn post_writer(&self) -> Option<Arc<dyn PostWriter>> {
        Some(Arc::new(*self))
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        for (_, finding) in run.queue_findings() {
            write(streams.out, line(&finding.diagnostic, None), self.look)?;
        }
        streams.out.flush()?;
        for diagnostic in &run.diagnostics {
            write(streams.err, line(diagnostic, None), self.look)?;
        }
        if let Some(counts) = &run.statistics {
            super::write_text(streams.err, &statistics::table(counts), self.look)?;
        }
        write(streams.err, summary::line(run.summary), self.look)
    }
}

/// A diagnostic on one line, without its end. What has no label of its own stands where its post begins.
pub(super) fn line(diagnostic: &Diagnostic, post: Option<&PostReport>) -> String {
    let label = diagnostic.labels.first();
    let place = label
        .map(|label| (&label.source, label.span.start()))
        .or_else(|| post.map(|post| (&post.source, post.start)));
    let place = place.map(|(source, offset)| (source.name(), source.line_column(offset)));
    let locator = match label {
        Some(label) => label.locator.clone(),
        None => post.and_then(|post| post.locator.words()),
    };
    let mut line = said(diagnostic, place, &diagnostic.message);
    if let Some(locator) = locator {
        line.extend([" (", &*locator, ")"]);
    }
    line
}

/// The line of an entry, which knows its place.
pub(super) fn entry_line(entry: &Entry<'_>) -> String {
    let place = entry.path.zip(entry.place).map(|(path, place)| (path, place.region().start));
    said(entry.diagnostic, place, &entry.message())
}

fn said(diagnostic: &Diagnostic, place: Option<(&str, LineColumn)>, message: &str) -> String {
    let mut line = String::with_capacity(USUAL_LEN);
    match (place, &diagnostic.subject) {
        (Some((name, at)), _) => {
            line.extend([name, ":", &at.line.to_string(), ":", &at.column.to_string(), ": "]);
        }
        (None, Some(subject)) => line.extend([subject, ": "]),
        (None, None) => {}
    }
    line.extend([diagnostic.level.name(), "[", &diagnostic.code, "]: ", message]);
    line
}

/// What most lines take.
const USUAL_LEN: usize = 240;

/// Writes one line, made harmless.
pub(super) fn write(stream: &mut dyn Write, mut line: String, look: Look) -> io::Result<()> {
    if let Cow::Owned(clean) = clean::line(&line) {
        line = clean;
    }
    line.push('\n');
    super::write_text(stream, &line, look)
}
