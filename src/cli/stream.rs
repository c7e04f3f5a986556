//! JSON lines: one record in, one report out.
//!
//! Does not read records; `document` does. Invariant: a record is answered before the next is waited for, and no
//! record ends the run.

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use super::check::remarks;
use super::group::Unit;
use super::open::{Judged, judge_into};
use super::read::{Line, next_line, not_text, too_large, unreadable};
use super::session::Session;
use super::walk::Input;
use crate::diagnostic::Diagnostic;
use crate::document::PostId;
use crate::document::jsonl::{self, Record};
use crate::report::FileReport;
use crate::text::{Source, Span};

/// A record that could not be read: its id as JSON, if that could be, and why.
type BadRecord = (Option<String>, Box<Diagnostic>);

/// Reads the post of one record.
fn read_record(source: &Arc<Source>) -> Result<Record, BadRecord> {
    let whole = Span::of(0..source.text().len());
    jsonl::read_record(source, whole).map_err(|bad| {
        let id = bad.id.and_then(|id| match id {
            PostId::Text(id) => serde_json::to_string(&id).ok(),
            PostId::Number(id) => Some(id),
        });
        (id, Box::new(bad.diagnostic))
    })
}

/// Judges every record of a stream.
///
/// # Errors
/// When the output cannot be written; trouble with the stream is part of the output.
pub(super) fn lint_stream(
    stream: &mut impl BufRead,
    unit: &Unit<'_>,
    input: &Input,
    session: &mut Session<impl Write, impl Write>,
) -> io::Result<()> {
    session.source();
    let limit = input.setup.max_file_size;
    let (mut bytes_before, mut lines_before) = (0, 0);
    let mut bad: usize = 0;
    loop {
        let (line, taken) = match next_line(stream, limit) {
            Ok(Some(line)) => line,
            Ok(None) => return told_of_more(&input.name, bad.saturating_sub(MOST_TOLD), session),
            Err(error) => {
                let diagnostics = vec![*unreadable(&input.name, &error)];
                return session.file(&FileReport { diagnostics, ..FileReport::default() });
            }
        };
        let source = match line {
            Line::Bytes(bytes) if is_blank(&bytes) => None,
            Line::Bytes(bytes) => {
                let source = Source::decode_record(&input.name, bytes, bytes_before, lines_before);
                Some(source.map_err(|error| not_text(&place(&input.name, lines_before), &error)))
            }
            Line::TooLong => Some(Err(too_large(&place(&input.name, lines_before), limit))),
        };
        if let Some(source) = source {
            let record = source.map(Arc::new).map_err(|diagnostic| (None, diagnostic));
            let mut judged = answer(record.and_then(|source| read_record(&source)), unit, input);
            bad += usize::from(judged.report.unreadable.is_some());
            if bad > MOST_TOLD && judged.report.unreadable.is_some() {
                judged.report.diagnostics.clear();
            }
            session.judged(unit, judged)?;
        }
        bytes_before += taken;
        lines_before = lines_before.saturating_add(1);
    }
}

/// Bad records that are told each for itself beside their answer; an output that is one document keeps them all.
const MOST_TOLD: usize = 1_000;

fn told_of_more(name: &str, more: usize, session: &mut Session<impl Write, impl Write>) -> io::Result<()> {
    if more == 0 {
        return Ok(());
    }
    let diagnostic = Diagnostic::error("input/more", format!("{more} more records cannot be read")).about(name);
    session.file(&FileReport { diagnostics: vec![diagnostic], ..FileReport::default() })
}

fn answer(record: Result<Record, BadRecord>, unit: &Unit<'_>, input: &Input) -> Judged {
    let mut judged = Judged::default();
    match record {
        Ok(Record { post, remarks: mut diagnostics }) => {
            diagnostics.extend(remarks(&post, input));
            judged.report.diagnostics = diagnostics;
            judge_into((&post, None, true), unit, input, None, &mut judged);
        }
        Err((id, diagnostic)) => {
            judged.report = FileReport {
                unreadable: Some((id, diagnostic.message.clone())),
                diagnostics: vec![*diagnostic],
                posts: Vec::new(),
            };
        }
    }
    judged
}

fn is_blank(line: &[u8]) -> bool {
    line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii().is_empty()
}

/// Where a record stands that has no source to point into.
fn place(name: &str, lines_before: u32) -> String {
    format!("{name}:{}", lines_before.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;
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

    fn lint(stream: impl io::Read, limit: u64, kept: &Kept) -> (Exit, u32) {
        let (items, mut session) = (items(limit), kept.session());
        let units = units(&items, Wanted::Drafts);
        lint_stream(&mut BufReader::new(stream), &units[0], units[0].input().unwrap(), &mut session).unwrap();
        (session.exit(false), session.summary.sources)
    }

    #[track_caller]
    fn check(stream: &[u8], expected: &[&str], exit: Exit) {
        let kept = Kept::default();
        assert_eq!(lint(stream, 30, &kept), (exit, 1));
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
                "input/not-utf8 s:2: invalid UTF-8 at byte 22",
                "input/too-large s:3: larger than 30 bytes",
                "s:4",
            ],
            Exit::Trouble,
        );
    }

    #[test]
    fn of_very_many_bad_records_the_number_is_told() {
        let kept = Kept::default();
        let stream = "{\n".repeat(MOST_TOLD + 7);
        assert_eq!(lint(stream.as_bytes(), 30, &kept), (Exit::Trouble, 1));
        let lines = kept.lines();
        assert_eq!(lines.len(), MOST_TOLD + 1);
        assert_eq!(lines.last().map(String::as_str), Some("input/more s: 7 more records cannot be read"));
    }

    #[test]
    fn a_record_is_answered_before_the_next_is_waited_for() {
        struct Slow<'a>(Vec<&'static [u8]>, &'a Kept, usize);
        impl io::Read for Slow<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                assert_eq!(self.1.lines().len(), self.2, "asked for more before answering");
                self.2 += 1;
                let next = if self.0.is_empty() { &[][..] } else { self.0.remove(0) };
                buffer[..next.len()].copy_from_slice(next);
                Ok(next.len())
            }
        }
        let kept = Kept::default();
        let records: Vec<&[u8]> = vec![b"{\"text\":\"a\"}\n", b"{\"text\":\"b\"}\n", b"{\"text\":\"c\"}\n"];
        let stream = Slow(records, &kept, 0);
        lint(stream, 99, &kept);
        assert_eq!(kept.lines(), ["s:1", "s:2", "s:3"]);
    }
}
