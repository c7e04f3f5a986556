//! One JSON document, and the shape that it shares with JSON lines; `docs/json.md` describes it.
//!
//! Does not leave out findings, whatever is shown elsewhere. Invariant: memory does not grow with the posts; each
//! is written as soon as it is done, and only diagnostics wait for the end.

mod queue;
mod score;
mod shape;

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use self::queue::FoundShape;
pub(super) use self::queue::Queues;
pub(super) use self::shape::finding_points;
use self::shape::{DiagnosticShape, PostShape, StatisticsShape, SummaryShape, ToolShape};
use super::clean::unprintable;
use super::{Emitter, Streams};
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

/// Begins a document, up to the first entry of a list.
fn begin_document(tool: &Tool, list: &str, streams: &mut Streams<'_>) -> io::Result<()> {
    write!(streams.out, "{{\"version\":{VERSION},\"tool\":")?;
    streams.out.write_all(&encode(&ToolShape::of(tool))?)?;
    write!(streams.out, ",\n\"{list}\":[")
}

impl Emitter for Json {
    fn begin(&mut self, tool: &Tool, streams: &mut Streams<'_>) -> io::Result<()> {
        begin_document(tool, "posts", streams)
    }

    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        for post in &file.posts {
            streams.out.write_all(if self.posts == 0 { b"\n" } else { b",\n" })?;
            write_post(post, &mut self.buffer, streams.out)?;
            self.posts += 1;
        }
        self.diagnostics.add(&file.diagnostics)
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

/// Writes a post as an element of `posts`, without a newline. The buffer is empty before and after.
pub(super) fn write_post(post: &PostReport, buffer: &mut Vec<u8>, out: &mut dyn Write) -> io::Result<()> {
    if post.findings.len() > FEW {
        let mut pieces = Pieces { buffer, out };
        serde_json::to_writer(&mut pieces, &PostShape::of(post))?;
        return pieces.flush();
    }
    serde_json::to_writer(&mut *buffer, &PostShape::of(post))?;
    let written = write_printable(buffer, out);
    buffer.clear();
    written
}

/// A post of no more findings is written as one, which is faster.
const FEW: usize = 200;

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

/// What most posts take.
const USUAL_LEN: usize = 2_048;

/// Any shape, with escapes for what would disturb a terminal.
pub(crate) fn encode(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(USUAL_LEN);
    serde_json::to_writer(&mut bytes, value)?;
    if is_plain(&bytes) {
        return Ok(bytes);
    }
    let mut printable = Vec::with_capacity(bytes.len() + 16);
    write_printable(&bytes, &mut printable)?;
    Ok(printable)
}

/// Whether JSON has nothing in it that may have to be escaped. Without an early end this is told for many bytes at once.
fn is_plain(json: &[u8]) -> bool {
    json.iter().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~' if *byte != b'#'))
}

/// Writes compact JSON with [`unprintable`] characters and `##[`, which CI runners obey, escaped, so that it may be looked at in a
/// terminal and printed into a log. Such stand only within strings.
fn write_printable(json: &[u8], out: &mut dyn Write) -> io::Result<()> {
    if is_plain(json) {
        return out.write_all(json);
    }
    let (mut rest, mut from) = (std::str::from_utf8(json).map_err(io::Error::other)?, 0);
    let may_be_odd = |byte: &u8| !matches!(byte, b' '..=b'~' if *byte != b'#');
    while let Some(at) = rest.as_bytes()[from..].iter().position(may_be_odd) {
        from += at;
        let Some(next) = rest.get(from..).and_then(|tail| tail.chars().next()) else { break };
        let behind = from + next.len_utf8();
        if !unprintable(next) && !rest[from..].starts_with("##[") {
            from = behind;
            continue;
        }
        out.write_all(&rest.as_bytes()[..from])?;
        write!(out, "\\u{:04x}", u32::from(next))?;
        (rest, from) = (&rest[behind..], 0);
    }
    out.write_all(rest.as_bytes())
}

/// The same over several lines.
pub(crate) fn encode_pretty(value: &impl Serialize) -> String {
    // These shapes have no map with keys that are not strings, the only thing that can fail.
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut out = String::with_capacity(text.len() + 1);
    // Between strings stands nothing that is escaped but the ends of lines.
    for c in text.replace("##[", "\\u0023#[").chars() {
        if c != '\n' && unprintable(c) {
            // Writing to a string does not fail.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}
