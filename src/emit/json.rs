//! One JSON document, and the shape that it shares with JSON lines; `docs/json.md` describes it.
//!
//! Does not leave out findings, whatever is shown elsewhere. Invariant: memory does not grow with the posts; each
//! is written as soon as it is done, and only diagnostics wait for the end.

mod encode;
mod queue;
mod score;
mod shape;

use std::io::{self, Write};
use std::sync::Arc;

pub(crate) use self::encode::{encode, encode_pretty};
use self::encode::{is_plain, write_compact, write_printable};
use self::queue::FoundShape;
pub(super) use self::queue::Queues;
pub(super) use self::shape::finding_points;
use self::shape::{DiagnosticShape, PostShape, StatisticsShape, SummaryShape, ToolShape};
use super::ahead::{FEW, hand_on};
use super::{Emitter, PostWriter, Streams};
use crate::diagnostic::Diagnostic;
use crate::report::{FileReport, PostReport, RunReport, Summary, Tool};

/// Number of the shape; raised when a key goes away or changes its meaning, not when one is added.
const VERSION: u32 = 1;

/// Writes one document.
#[derive(Debug, Default)]
pub(super) struct Json {
    posts: usize,
    buffer: Vec<u8>,
    diagnostics: Diagnostics,
}

/// Entries of `diagnostics`, already written out.
#[derive(Debug, Default)]
struct Diagnostics(Vec<Vec<u8>>);

impl Diagnostics {
    fn add(&mut self, diagnostics: &[Diagnostic]) -> io::Result<()> {
        for diagnostic in diagnostics {
            self.0.push(encode(&DiagnosticShape::of(diagnostic))?);
        }
        Ok(())
    }

    /// Writes them and the summary as the keys behind another.
    fn write(&self, summary: Summary, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b",\n\"diagnostics\":[")?;
        out.write_all(&self.0.join(&b","[..]))?;
        out.write_all(b"],\n\"summary\":")?;
        out.write_all(&encode(&SummaryShape::of(summary))?)
    }
}

/// Begins a document, up to the first entry of a list. By these keys a walk knows it for no posts.
///
/// # Errors
/// Where it cannot be written.
pub(crate) fn begin_document(tool: &Tool, list: &str, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"version\":{VERSION},\"tool\":")?;
    out.write_all(&encode(&ToolShape::of(tool))?)?;
    write!(out, ",\n\"{list}\":[")
}

impl Emitter for Json {
    fn begin(&mut self, tool: &Tool, streams: &mut Streams<'_>) -> io::Result<()> {
        begin_document(tool, "posts", streams.out)
    }

    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        for post in &file.posts {
            streams.out.write_all(if self.posts == 0 { b"\n" } else { b",\n" })?;
            write_post(post, &mut self.buffer, streams.out)?;
            self.posts += 1;
        }
        self.diagnostics.add(&file.diagnostics)
    }

    fn post_writer(&self) -> Option<Arc<dyn PostWriter>> {
        Some(Arc::new(Posts))
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        self.diagnostics.add(&run.diagnostics)?;
        let queue: Vec<FoundShape<'_>> =
            run.queue_findings().map(|(queue, finding)| FoundShape::of(queue, finding)).collect();
        let out = &mut streams.out;
        out.write_all(b"],\n\"queue\":")?;
        out.write_all(&encode(&queue)?)?;
        self.diagnostics.write(run.summary, out)?;
        out.write_all(b",\n\"statistics\":")?;
        out.write_all(&encode(&run.statistics.as_ref().map(StatisticsShape::all))?)?;
        out.write_all(b"}\n")?;
        out.flush()
    }
}

/// Writes posts as elements of `posts`, without a newline.
#[derive(Clone, Copy, Debug)]
pub(super) struct Posts;

impl PostWriter for Posts {
    fn write(&self, post: &PostReport, out: &mut Vec<u8>) -> io::Result<()> {
        let from = out.len();
        write_compact(&PostShape::of(post), out)?;
        if is_plain(&out[from..]) {
            return Ok(());
        }
        let json = out.split_off(from);
        write_printable(&json, out)
    }
}

/// Writes a post as [`Posts`] does, one of many findings in pieces. The buffer is empty before and after.
pub(super) fn write_post(post: &PostReport, buffer: &mut Vec<u8>, out: &mut dyn Write) -> io::Result<()> {
    if post.findings.len() <= FEW {
        return hand_on(post, &Posts, buffer, out);
    }
    let mut pieces = Pieces { buffer, out };
    serde_json::to_writer(&mut pieces, &PostShape::of(post))?;
    pieces.flush()
}

/// Hands bytes on in large pieces, so that small ones cost little and a long post is never whole in memory.
struct Pieces<'a> {
    buffer: &'a mut Vec<u8>,
    out: &'a mut dyn Write,
}

/// How many bytes are handed on together.
const PIECE: usize = 1 << 15;

impl Write for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= PIECE { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        let written = write_printable(self.buffer, self.out);
        self.buffer.clear();
        written
    }
}
