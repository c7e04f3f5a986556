//! SARIF 2.1.0, for code scanning (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).
//!
//! Results come first and rules last, so that memory does not grow with the posts, and only rules that found something
//! are described. Invariant: the index of a result is that of its rule, and columns count code points.

mod place;
mod rule;
mod shape;

use std::io;

use self::rule::RuleShape;
use self::shape::{NotificationShape, ResultShape};
use super::entry::Entry;
use super::{Emitter, Streams, json};
use crate::diagnostic::Level;
use crate::fingerprint::Occurrences;
use crate::report::{FileReport, RunReport, Tool};

/// Where the shape is written down.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes results as reports come in.
#[derive(Debug, Default)]
pub(super) struct Sarif {
    /// Names of the rules that found something, in the order of their first result.
    rules: Vec<String>,
    results: usize,
    /// What was wrong with input, rules and config, already written out.
    notifications: Vec<Vec<u8>>,
    failed: bool,
    occurrences: Occurrences,
}

impl Sarif {
    fn result(&mut self, entry: &Entry<'_>, streams: &mut Streams<'_>) -> io::Result<()> {
        let code = &entry.diagnostic.code;
        let known = self.rules.iter().position(|rule| rule == code);
        let index = known.unwrap_or_else(|| {
            self.rules.push(code.to_string());
            self.rules.len() - 1
        });
        let known_by = entry.known_by(&mut self.occurrences);
        streams.out.write_all(if self.results == 0 { b"\n" } else { b",\n" })?;
        self.results += 1;
        streams.out.write_all(&json::encode(&ResultShape::of(entry, index, known_by))?)
    }

    fn notification(&mut self, entry: &Entry<'_>) -> io::Result<()> {
        self.failed |= entry.level() == Level::Error;
        self.notifications.push(json::encode(&NotificationShape::of(entry))?);
        Ok(())
    }
}

impl Emitter for Sarif {
    fn begin(&mut self, _: &Tool, streams: &mut Streams<'_>) -> io::Result<()> {
        write!(
            streams.out,
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"columnKind\":\"unicodeCodePoints\",\n\"results\":["
        )
    }

    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        Entry::of_trouble(file).try_for_each(|entry| self.notification(&entry))?;
        file.posts.iter().flat_map(Entry::of_post).try_for_each(|entry| self.result(&entry, streams))
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        Entry::of_queues(run).try_for_each(|entry| self.result(&entry, streams))?;
        Entry::of_trouble_of_run(run).try_for_each(|entry| self.notification(&entry))?;
        let rules: Vec<RuleShape<'_>> = self.rules.iter().map(|name| RuleShape::of(name, &run.tool)).collect();
        let out = &mut streams.out;
        write!(
            out,
            "],\n\"invocations\":[{{\"executionSuccessful\":{},\"toolExecutionNotifications\":[",
            !self.failed
        )?;
        out.write_all(&self.notifications.join(&b","[..]))?;
        let version = run.tool.version;
        write!(
            out,
            "]}}],\n\"tool\":{{\"driver\":{{\"name\":\"selfless\",\"version\":\"{version}\",\"semanticVersion\":\"{version}\",\
             \"properties\":{{\"ruleSet\":"
        )?;
        out.write_all(&json::encode(&run.tool.rules)?)?;
        out.write_all(b"},\n\"rules\":")?;
        out.write_all(&json::encode(&rules)?)?;
        out.write_all(b"}}}]}\n")?;
        out.flush()
    }
}
