//! JSON lines: one post a line, as soon as it is done.
//!
//! Does not wait for anything. Invariant: whatever stands on a line of the output is a post of the shape in
//! [`json`], or the answer to a record that could not be read; all else goes beside it.

use std::io;

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Emitter, Look, Streams, json, short, statistics};
use crate::report::{FileReport, RunReport};

/// Writes a line a post.
#[derive(Debug)]
pub(super) struct Jsonl {
    look: Look,
}

impl Jsonl {
    pub(super) fn new(look: Look) -> Self {
        Self { look }
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
    streams.out.write_all(&line)?;
    streams.out.flush()
}

impl Emitter for Jsonl {
    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        if let Some((id, error)) = &file.unreadable {
            write_line(json::encode(&Unreadable::of(id.as_deref(), error))?, streams)?;
        }
        for post in &file.posts {
            write_line(json::encode_post(post)?, streams)?;
        }
        for diagnostic in &file.diagnostics {
            short::write(streams.err, &short::line(diagnostic, None), self.look)?;
        }
        Ok(())
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        let queue = run.queue_findings().map(|(_, finding)| &finding.diagnostic);
        for diagnostic in run.diagnostics.iter().chain(queue) {
            short::write(streams.err, &short::line(diagnostic, None), self.look)?;
        }
        if let Some(counts) = &run.statistics {
            super::write_text(streams.err, &statistics::table(counts), self.look)?;
        }
        streams.out.flush()
    }
}
