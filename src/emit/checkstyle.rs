//! XML of Checkstyle, which many CI servers read: a file each, with its findings.
//!
//! Holds only what stands in a file; the rest goes beside it. Invariant: the elements of one file stand together, and
//! whatever a draft holds, the document is well formed.

use std::io::{self, Write};

use super::entry::Entry;
use super::escape::xml;
use super::{Emitter, Look, Streams, short};
use crate::diagnostic::Level;
use crate::report::{FileReport, RunReport, Tool};

/// Writes elements as reports come in.
#[derive(Debug)]
pub(super) struct Checkstyle {
    look: Look,
    /// The file whose element is open.
    open: Option<String>,
}

impl Checkstyle {
    pub(super) fn new(look: Look) -> Self {
        Self { look, open: None }
    }

    fn add(&mut self, entry: &Entry<'_>, streams: &mut Streams<'_>) -> io::Result<()> {
        let Some(path) = entry.path else {
            return short::write(streams.err, short::entry_line(entry), self.look);
        };
        if self.open.as_deref() != Some(path) {
            self.close(streams.out)?;
            writeln!(streams.out, "<file name=\"{}\">", xml(path))?;
            self.open = Some(path.to_owned());
        }
        let place = entry.place.map_or_else(String::new, |place| {
            let start = place.region().start;
            format!(" line=\"{}\" column=\"{}\"", start.line, start.column)
        });
        let severity = match entry.level() {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Off | Level::Credit | Level::Note => "info",
        };
        let (message, source) = (xml(&entry.advice()), xml(&entry.diagnostic.code));
        writeln!(
            streams.out,
            "<error{place} severity=\"{severity}\" message=\"{message}\" source=\"selfless/{source}\"/>"
        )
    }

    fn close(&mut self, out: &mut dyn Write) -> io::Result<()> {
        match self.open.take() {
            Some(_) => writeln!(out, "</file>"),
            None => Ok(()),
        }
    }
}

impl Emitter for Checkstyle {
    fn begin(&mut self, tool: &Tool, streams: &mut Streams<'_>) -> io::Result<()> {
        writeln!(
            streams.out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"{}\">",
            tool.version
        )
    }

    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        Entry::of_file(file).try_for_each(|entry| self.add(&entry, streams))
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        Entry::of_run(run).try_for_each(|entry| self.add(&entry, streams))?;
        self.close(streams.out)?;
        writeln!(streams.out, "</checkstyle>")?;
        streams.out.flush()
    }
}
