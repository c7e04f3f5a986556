//! A report for Code Quality of GitLab: a JSON array, without a byte order mark.
//!
//! Holds only what stands in a file, for GitLab takes nothing else; the rest goes beside it. Invariant: no two
//! entries have one fingerprint, since GitLab would show them as one.

use std::io;

use serde::Serialize;

use super::entry::Entry;
use super::{Emitter, Look, Streams, json, short};
use crate::diagnostic::Level;
use crate::fingerprint::Occurrences;
use crate::report::{FileReport, RunReport};
use crate::text::hash::Fnv;

/// Writes the array as reports come in.
#[derive(Debug)]
pub(super) struct Gitlab {
    look: Look,
    occurrences: Occurrences,
    written: bool,
}

#[derive(Serialize)]
struct Shape<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl Gitlab {
    pub(super) fn new(look: Look) -> Self {
        Self { look, occurrences: Occurrences::default(), written: false }
    }

    fn add(&mut self, entry: &Entry<'_>, streams: &mut Streams<'_>) -> io::Result<()> {
        let Some(path) = entry.path.filter(|_| entry.place.is_some()) else {
            return short::write(streams.err, short::entry_line(entry), self.look);
        };
        let (begin, end) = entry.place.map_or((1, 1), |place| {
            let region = place.region();
            (region.start.line, region.end.line)
        });
        let shape = Shape {
            description: &entry.message(),
            check_name: &entry.diagnostic.code,
            fingerprint: self.fingerprint(entry, path),
            severity: match entry.level() {
                Level::Error => "major",
                Level::Warning => "minor",
                Level::Off | Level::Credit | Level::Note => "info",
            },
            location: Location { path: path.strip_prefix("./").unwrap_or(path), lines: Lines { begin, end } },
        };
        streams.out.write_all(if self.written { b",\n" } else { b"[\n" })?;
        self.written = true;
        streams.out.write_all(&json::encode(&shape)?)
    }

    /// Of the words, their path and how often they came before.
    fn fingerprint(&mut self, entry: &Entry<'_>, path: &str) -> String {
        let (fingerprint, number) = entry.known_by(&mut self.occurrences);
        let mut rest = Fnv::new();
        rest.add(path.as_bytes());
        rest.add(&number.to_le_bytes());
        format!("{fingerprint}{}", rest.hex())
    }
}

impl Emitter for Gitlab {
    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        Entry::of_file(file).try_for_each(|entry| self.add(&entry, streams))
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        Entry::of_run(run).try_for_each(|entry| self.add(&entry, streams))?;
        streams.out.write_all(if self.written { b"\n]\n" } else { b"[]\n" })?;
        streams.out.flush()
    }
}
