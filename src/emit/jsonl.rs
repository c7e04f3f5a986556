//! JSON lines: one post a line.
//!
//! Does not wait for anything, and leaves it to the run when its output is handed on. Invariant: whatever stands on a
//! line of the output is a post of the shape in [`json`], or the answer to a record that could not be read; all else
//! goes beside it.

use std::io;
use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Emitter, Look, PostWriter, Streams, json, short, statistics};
use crate::report::{FileReport, RunReport};

/// Writes a line a post.
#[derive(Debug)]
pub(super) struct Jsonl {
    look: Look,
    buffer: Vec<u8>,
}

impl Jsonl {
    pub(super) fn new(look: Look) -> Self {
        Self { look, buffer: Vec::new() }
    }
}

/// The answer to a record that could not be read.
#[derive(Serialize)]
struct Unreadable<'a> {
    id: Option<Box<RawValue>>,
    error: &'a str,
}

impl<'a> Unreadable<'a> {
    fn of(id: Option<&str>, error: &'a str) -> Self {
        // An id that is no JSON, or spans lines, would break the line it stands on.
        let id = id.filter(|id| !id.contains(['\n', '\r']));
        Self { id: id.and_then(|id| RawValue::from_string(id.to_owned()).ok()), error }
    }
}

fn write_line(mut line: Vec<u8>, streams: &mut Streams<'_>) -> io::Result<()> {
    line.push(b'\n');
    streams.out.write_all(&line)
}

impl Emitter for Jsonl {
    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        if let Some((id, error)) = &file.unreadable {
            write_line(json::encode(&Unreadable::of(id.as_deref(), error))?, streams)?;
        }
        for post in &file.posts {
            json::write_post(post, &mut self.buffer, streams.out)?;
            streams.out.write_all(b"\n")?;
        }
        if !file.diagnostics.is_empty() {
            // What is told beside an answer does not overtake it.
            streams.out.flush()?;
        }
        for diagnostic in &file.diagnostics {
            short::write(streams.err, short::line(diagnostic, None), self.look)?;
        }
        Ok(())
    }

    fn post_writer(&self) -> Option<Arc<dyn PostWriter>> {
        Some(Arc::new(json::Posts))
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        let queue = run.queue_findings().map(|(_, finding)| &finding.diagnostic);
        for diagnostic in run.diagnostics.iter().chain(queue) {
            short::write(streams.err, short::line(diagnostic, None), self.look)?;
        }
        if let Some(counts) = &run.statistics {
            super::write_text(streams.err, &statistics::table(counts), self.look)?;
        }
        streams.out.flush()
    }
}
