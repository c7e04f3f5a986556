//! One line a finding, for editors and for reading fast: `file:line:column: level[rule]: message`, and behind it in
//! brackets the row and column or the key, where the format has such.
//!
//! Does not show notes, help or further labels. Invariant: a finding is one line, whatever its text holds.

use std::io::{self, Write};

use super::entry::Entry;
use super::{Emitter, Look, Streams, clean, statistics, summary};
use crate::diagnostic::Diagnostic;
use crate::report::{FileReport, PostReport, RunReport};

/// Writes a line a finding.
#[derive(Debug)]
pub(super) struct Short {
    look: Look,
}

impl Short {
    pub(super) fn new(look: Look) -> Self {
        Self { look }
    }
}

impl Emitter for Short {
    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        for diagnostic in &file.diagnostics {
            write(streams.err, &line(diagnostic, None), self.look)?;
        }
        for post in &file.posts {
            for finding in post.findings.iter().filter(|finding| finding.shown) {
                write(streams.out, &line(&finding.diagnostic, Some(post)), self.look)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        for (_, finding) in run.queue_findings() {
            write(streams.out, &line(&finding.diagnostic, None), self.look)?;
        }
        streams.out.flush()?;
        for diagnostic in &run.diagnostics {
            write(streams.err, &line(diagnostic, None), self.look)?;
        }
        if let Some(counts) = &run.statistics {
            super::write_text(streams.err, &statistics::table(counts), self.look)?;
        }
        write(streams.err, &summary::line(run.summary), self.look)
    }
}

/// A diagnostic on one line, without its end. What has no label of its own stands where its post begins.
pub(super) fn line(diagnostic: &Diagnostic, post: Option<&PostReport>) -> String {
    let label = diagnostic.labels.first();
    let place = label
        .map(|label| (&label.source, label.span.start()))
        .or_else(|| post.map(|post| (&post.source, post.start)));
    let subject = match place {
        Some((source, offset)) => {
            let at = source.line_column(offset);
            format!("{}:{}:{}: ", source.name(), at.line, at.column)
        }
        None => diagnostic.subject.as_ref().map(|subject| format!("{subject}: ")).unwrap_or_default(),
    };
    let locator = match label {
        Some(label) => label.locator.as_ref().map(|locator| format!(" ({locator})")),
        None => post.and_then(|post| post.locator.words()).map(|locator| format!(" ({locator})")),
    };
    let locator = locator.unwrap_or_default();
    format!("{subject}{}[{}]: {}{locator}", diagnostic.level, diagnostic.code, diagnostic.message)
}

/// The line of an entry, which knows its place.
pub(super) fn entry_line(entry: &Entry<'_>) -> String {
    let diagnostic = entry.diagnostic;
    let subject = match (entry.path, entry.place) {
        (Some(path), Some(place)) => {
            let at = place.region().start;
            format!("{path}:{}:{}: ", at.line, at.column)
        }
        _ => diagnostic.subject.as_ref().map(|subject| format!("{subject}: ")).unwrap_or_default(),
    };
    format!("{subject}{}[{}]: {}", diagnostic.level, diagnostic.code, entry.message())
}

/// Writes one line, made harmless.
pub(super) fn write(stream: &mut dyn Write, line: &str, look: Look) -> io::Result<()> {
    super::write_text(stream, &format!("{}\n", clean::line(line)), look)
}
