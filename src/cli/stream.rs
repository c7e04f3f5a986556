//! JSON lines: one record in, one report out.
//!
//! Does not read records; `document` does. Invariant: a record is answered before another is waited for, in its place
//! whatever thread judged it, and no record ends the run.

use std::cell::RefCell;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::Arc;

use super::bug;
use super::check::remarks;
use super::group::Unit;
use super::open::{Judged, judge_into};
use super::parallel::{Belt, Workers};
use super::read::{Line, next_line, not_text, read_stream, record_too_large, unreadable};
use super::session::Session;
use super::walk::Input;
use crate::diagnostic::Diagnostic;
use crate::document::jsonl::{self, Record};
use crate::document::{Directives, PostId, ReadLimits};
use crate::emit::encode_json;
use crate::report::FileReport;
use crate::text::{Source, Span};

/// A record that could not be read: its id as JSON, if that could be, and why.
type BadRecord = (Option<String>, Box<Diagnostic>);

/// Reads the post of one record.
fn read_record(source: &Arc<Source>, span: Span, limits: ReadLimits) -> Result<Record, BadRecord> {
    jsonl::read_record(source, span, limits).map_err(|bad| (bad.id.and_then(json), Box::new(bad.diagnostic)))
}

fn json(id: PostId) -> Option<String> {
    match id {
        PostId::Text(id) => String::from_utf8(encode_json(&id).ok()?).ok(),
        PostId::Number(id) => Some(id),
    }
}

/// How much of a stream is read at a time.
pub(super) const STREAM_BYTES: usize = 64 << 10;

/// So many records are answered before threads are started, for on fewer they cost more than they save.
const FEW_RECORDS: usize = 64;

/// Bad records that are told each for itself beside their answer; an output that is one document keeps them all.
const MOST_TOLD: usize = 1_000;

/// A record, which is a source or a piece of one, or why it is none.
type Bytes = Result<(Arc<Source>, Span), Box<Diagnostic>>;

/// A stream of records, as far as it was read.
pub(super) struct Stream<'s, S> {
    stream: BufReader<S>,
    /// Whether more of it may be long in coming.
    waits: bool,
    unit: &'s Unit<'s>,
    input: &'s Input,
    /// The name of its records.
    name: Arc<str>,
    bytes_before: u64,
    lines_before: u32,
    /// All of it, where its lines are only known when it is decoded, and how much of that was handed over.
    whole: Option<(Arc<Source>, usize)>,
    /// Why there is no more: an error, or its end.
    end: Option<Option<io::Error>>,
}

impl<'s, S: Read> Stream<'s, S> {
    /// One that was not read yet; it `waits` where it is no file.
    pub(super) fn new(stream: BufReader<S>, waits: bool, unit: &'s Unit<'s>, input: &'s Input) -> Self {
        let name = input.name.as_str().into();
        Self { stream, waits, unit, input, name, bytes_before: 0, lines_before: 0, whole: None, end: None }
    }

    /// Judges every record.
    ///
    /// # Errors
    /// When the output cannot be written; trouble with the stream is part of the output.
    pub(super) fn lint<Out: Write, Err: Write>(
        mut self,
        workers: &Workers,
        session: &mut Session<Out, Err>,
    ) -> io::Result<()> {
        let (unit, input) = (self.unit, self.input);
        if self.is_utf16() {
            match read_stream(&mut self.stream, &input.name, input.setup.max_file_size) {
                Ok(source) => self.whole = Some((Arc::new(source), 0)),
                Err(why) => return session.file(&FileReport { diagnostics: vec![*why], ..FileReport::default() }),
            }
        }
        session.source();
        session.hold(true)?;
        let (session, mut bad) = (RefCell::new(session), 0_usize);
        let work = |source: Bytes| {
            let record = source.map_err(|diagnostic| (None, diagnostic));
            let read = |(source, span): (Arc<Source>, Span)| {
                let read =
                    bug::caught_in(source.name(), || read_record(&source, span, input.setup.extract.limits));
                read.unwrap_or_else(|bug| Err((None, bug)))
            };
            answer(record.and_then(read), unit, input)
        };
        let nothing = Arc::new(Source::from_text("", String::new()));
        let mut each = |judged: &mut Judged| {
            bad += usize::from(judged.report.unreadable.is_some());
            if bad > MOST_TOLD && judged.report.unreadable.is_some() {
                judged.report.diagnostics.clear();
            }
            let written = session.borrow_mut().judged(unit, judged);
            // This thread made the source, and frees it.
            judged.report.posts.iter_mut().for_each(|post| post.source = Arc::clone(&nothing));
            written
        };
        let flush = || session.borrow_mut().flush();
        Workers::new(1).spread(&work, &mut each, |belt| self.feed(belt, FEW_RECORDS, &flush))?;
        if self.end.is_none() {
            workers.spread(&work, &mut each, |belt| self.feed(belt, usize::MAX, &flush))?;
        }
        let session = session.into_inner();
        if let Some(Some(error)) = self.end {
            let diagnostics = vec![*unreadable(&input.name, &error)];
            session.file(&FileReport { diagnostics, ..FileReport::default() })?;
        }
        told_of_more(&input.name, bad.saturating_sub(MOST_TOLD), session)?;
        session.hold(false)
    }

    /// Whether it is UTF-16, as PowerShell writes: the bytes of a line end stand in other characters, too. In UTF-8 neither byte of a mark is
    /// found, so one alone tells.
    fn is_utf16(&mut self) -> bool {
        let head = self.stream.fill_buf().unwrap_or_default();
        matches!(head, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0xFF | 0xFE])
    }

    /// The next record of what is decoded; none at the end.
    fn next_decoded(&mut self) -> Option<(Bytes, usize)> {
        let (source, at) = self.whole.as_mut()?;
        loop {
            let line = source.text().get(*at..)?.split_inclusive('\n').next()?;
            let span = Span::of(*at..*at + line.len());
            *at += line.len();
            if !line.trim().is_empty() {
                return Some((Ok((Arc::clone(source), span)), line.len()));
            }
        }
    }

    /// Hands over records, up to so many. All that were handed over are answered before more is waited for.
    fn feed(
        &mut self,
        belt: &mut Belt<'_, '_, Bytes, Judged, io::Error>,
        most: usize,
        flush: &dyn Fn() -> io::Result<()>,
    ) -> io::Result<()> {
        let mut fed = 0;
        while fed < most && self.end.is_none() {
            if self.whole.is_some() {
                match self.next_decoded() {
                    Some((record, weight)) => belt.push(record, weight)?,
                    None => self.end = Some(None),
                }
                fed += 1;
                continue;
            }
            if self.waits && !self.stream.buffer().contains(&b'\n') {
                belt.settle()?;
                flush()?;
            }
            match next_line(&mut self.stream, self.input.setup.max_file_size) {
                Ok(Some((line, taken))) => {
                    let weight = usize::try_from(taken).unwrap_or(usize::MAX);
                    if let Some(source) = self.source(line) {
                        belt.push(source, weight)?;
                        fed += 1;
                    }
                    self.bytes_before += taken;
                    self.lines_before = self.lines_before.saturating_add(1);
                }
                Ok(None) => self.end = Some(None),
                Err(error) => self.end = Some(Some(error)),
            }
        }
        Ok(())
    }

    /// The record of a line; none of a blank one.
    fn source(&self, line: Line) -> Option<Bytes> {
        let (name, before) = (Arc::clone(&self.name), (self.bytes_before, self.lines_before));
        match line {
            Line::Bytes(bytes) if is_blank(&bytes) => None,
            Line::Bytes(bytes) => {
                let source = Source::decode_record(name, bytes, before.0, before.1);
                let record = source.map(|source| {
                    let whole = Span::of(0..source.text().len());
                    (Arc::new(source), whole)
                });
                Some(record.map_err(|bad| not_text(&self.name, &bad)))
            }
            Line::TooLong(start) => {
                let start = Source::shown(name, &start, before.0, before.1);
                Some(Err(record_too_large(start, self.input.setup.max_file_size)))
            }
        }
    }
}

fn told_of_more(name: &str, more: usize, session: &mut Session<impl Write, impl Write>) -> io::Result<()> {
    if more == 0 {
        return Ok(());
    }
    let diagnostic = Diagnostic::error("input/more", format!("{more} more records cannot be read")).about(name);
    session.file(&FileReport { diagnostics: vec![diagnostic], ..FileReport::default() })
}

fn answer(record: Result<Record, BadRecord>, unit: &Unit<'_>, input: &Input) -> Judged {
    let judged = record.and_then(|Record { post, remarks: mut diagnostics }| {
        let judge = || {
            let mut judged = Judged::default();
            diagnostics.extend(remarks(&post, &mut Directives::default(), input));
            judged.report.diagnostics = diagnostics;
            judge_into((&post, None, true), unit, input, None, &mut judged);
            judged.write_ahead(unit)
        };
        bug::caught_at(&post, judge).map_err(|bug| (post.id.clone().and_then(json), bug))
    });
    judged.unwrap_or_else(|(id, diagnostic)| {
        let unreadable = Some((id, diagnostic.message.to_string()));
        let report = FileReport { unreadable, diagnostics: vec![*diagnostic], posts: Vec::new() };
        Judged { report, ..Judged::default() }
    })
}

fn is_blank(line: &[u8]) -> bool {
    line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii().is_empty()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::cli::Exit;
    use crate::cli::configs::Choice;
    use crate::cli::draft::Reason;
    use crate::cli::group::{Wanted, units};
    use crate::cli::session::tests::Kept;
    use crate::cli::setup::{Flags, Setups};
    use crate::cli::terminal::Surroundings;
    use crate::cli::walk::Item;
    use crate::document::Format;

    fn items(limit: u64) -> [Item; 1] {
        let surroundings =
            Surroundings { folder: "/".into(), home: None, user_config: None, git_config: Vec::new() };
        let flags = Flags { max_file_size: Some(limit), ..Flags::default() };
        let setup = Setups::new(Choice::Nothing, surroundings, flags).of(Path::new("/"));
        let (name, reason) = ("s".to_owned(), Reason::Named);
        let format = Some(Format::Jsonl);
        [Item::Input(Input {
            name,
            path: None,
            absolute: None,
            format,
            setup,
            reason,
            folder: None,
            ignores: std::sync::Arc::default(),
            change: None,
        })]
    }

    fn lint(stream: impl io::Read, limit: u64, threads: usize, kept: &Kept) -> (Exit, u32) {
        let (items, mut session) = (items(limit), kept.session());
        let units = units(&items, Wanted::Drafts);
        let stream = Stream::new(BufReader::new(stream), true, &units[0], units[0].input().unwrap());
        stream.lint(&Workers::new(threads), &mut session).unwrap();
        (session.exit(false), session.summary.sources)
    }

    #[track_caller]
    fn check(stream: &[u8], expected: &[&str], exit: Exit) {
        let kept = Kept::default();
        assert_eq!(lint(stream, 30, 1, &kept), (exit, 1));
        assert_eq!(kept.lines(), expected);
    }

    #[test]
    fn every_record_is_answered_in_its_place() {
        check(b"", &[], Exit::Clean);
        check(b"{\"text\":\"a\"}\n\n  \r\n{\"text\":\"b\"}", &["s:1", "s:4"], Exit::Clean);
        check(
            b"{\"text\":\"a\"}\n{\"text\":\"\xFF\"}\n{\"text\":\"0123456789012345678901234567890\"}\n{\"text\":\"b\"}\n",
            &[
                "s:1",
                "input/not-utf8 s: invalid UTF-8 at byte 22",
                "input/too-large s: larger than 30 bytes",
                "s:4",
            ],
            Exit::Trouble,
        );
    }

    #[test]
    fn utf16_is_read_whole_and_answered_record_by_record() {
        let text = "{\"text\":\"Ċ ਅ\"}\r\n\r\n{\"text\"\n{\"text\":\"b\"}\n";
        let bytes: Vec<u8> = format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for threads in [1, 2] {
            let kept = Kept::default();
            assert_eq!(lint(&*bytes, 99, threads, &kept), (Exit::Trouble, 1));
            assert_eq!(kept.lines().len(), 3, "{:?}", kept.lines());
            assert_eq!((&*kept.lines()[0], &*kept.lines()[2]), ("s:1", "s:4"));
        }
        let kept = Kept::default();
        assert_eq!(lint(&*bytes, 30, 1, &kept), (Exit::Trouble, 0));
        assert_eq!(kept.lines(), ["input/too-large s: larger than 30 bytes"]);
    }

    #[test]
    fn of_very_many_bad_records_the_number_is_told() {
        let kept = Kept::default();
        let stream = "{\n".repeat(MOST_TOLD + 7);
        assert_eq!(lint(stream.as_bytes(), 30, 2, &kept), (Exit::Trouble, 1));
        let lines = kept.lines();
        assert_eq!(lines.len(), MOST_TOLD + 1);
        assert_eq!(lines.last().map(String::as_str), Some("input/more s: 7 more records cannot be read"));
    }

    /// Hands over the pieces one by one, and fails where not all records of those before were answered.
    struct Slow<'a> {
        pieces: Vec<Vec<u8>>,
        kept: &'a Kept,
        records: usize,
    }

    impl io::Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            assert_eq!(self.kept.lines().len(), self.records, "asked for more before answering");
            if self.pieces.is_empty() {
                return Ok(0);
            }
            let next = self.pieces.remove(0);
            self.records += next.iter().filter(|&&byte| byte == b'\n').count();
            buffer[..next.len()].copy_from_slice(&next);
            Ok(next.len())
        }
    }

    #[test]
    fn a_record_is_answered_before_more_is_waited_for() {
        for threads in [1, 3] {
            let kept = Kept::default();
            let record = b"{\"text\":\"a\"}\n";
            // One at a time, many at a time, and one in two pieces.
            let (many, first, second) = (record.repeat(200), record[..5].to_vec(), record[5..].to_vec());
            let pieces = vec![record.to_vec(), many.clone(), record.to_vec(), many, first, second];
            lint(Slow { pieces, kept: &kept, records: 0 }, 99, threads, &kept);
            let lines: Vec<String> = (1..=403).map(|line| format!("s:{line}")).collect();
            assert_eq!(kept.lines(), lines);
        }
    }
}
