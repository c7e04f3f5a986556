//! XML of JUnit: a source is a suite, a post is a test, and a post that does not pass is a failure.
//!
//! Says nothing of time. Invariant: the counts of a suite are those of its elements, and whatever a draft holds, the
//! document is well formed.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::clean::line;
use super::entry::Entry;
use super::escape::xml;
use super::{Emitter, Streams, short};
use crate::diagnostic::Level;
use crate::report::{FileReport, PostReport, RunReport, Tool};

/// Writes a suite as soon as the next source begins.
#[derive(Debug, Default)]
pub(super) struct Junit {
    suite: Suite,
}

/// Test cases of one source.
#[derive(Debug, Default)]
struct Suite {
    name: String,
    cases: String,
    tests: u32,
    failures: u32,
    errors: u32,
}

impl Suite {
    /// A test that went as `element` says, with `text` in it.
    fn case(&mut self, name: &str, element: &str, message: &str, kind: &str, text: &str) {
        self.tests += 1;
        self.failures += u32::from(element == "failure");
        self.errors += u32::from(element == "error");
        let (class, name) = (xml(&self.name), xml(&line(name)));
        // A `String` takes everything.
        let _ = match (element, text) {
            ("", "") => writeln!(self.cases, "<testcase classname=\"{class}\" name=\"{name}\"/>"),
            ("", text) => writeln!(
                self.cases,
                "<testcase classname=\"{class}\" name=\"{name}\"><system-out>{}</system-out></testcase>",
                xml(text)
            ),
            _ => writeln!(
                self.cases,
                "<testcase classname=\"{class}\" name=\"{name}\"><{element} type=\"{}\" message=\"{}\">{}</{element}></testcase>",
                xml(kind),
                xml(&line(message)),
                xml(text)
            ),
        };
    }

    fn post(&mut self, post: &PostReport) {
        let entries: Vec<Entry<'_>> = Entry::of_post(post).collect();
        let lines: Vec<String> = entries.iter().map(listed).collect();
        let place = post.source.line_column(post.start);
        let name = match post.locator.words() {
            Some(words) => words.to_string(),
            None => format!("draft at {}:{}", place.line, place.column),
        };
        // The first of the gravest; the verdict stands before all others.
        let worst = entries.iter().rev().max_by_key(|entry| entry.level()).map(|entry| entry.diagnostic);
        let (message, kind) = worst.map_or(("", ""), |worst| (&worst.message, &worst.code));
        self.case(&name, if post.pass { "" } else { "failure" }, message, kind, &lines.join("\n"));
    }

    /// Trouble, and findings about queues, that fail where they are errors.
    fn entry(&mut self, entry: &Entry<'_>, element: &str) {
        let element = if entry.level() == Level::Error { element } else { "" };
        let (code, message) = (&entry.diagnostic.code, &entry.diagnostic.message);
        self.case(code, element, message, code, &listed(entry));
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.tests == 0 {
            return Ok(());
        }
        let Self { name, cases, tests, failures, errors } = self;
        let name = xml(&line(name));
        writeln!(
            out,
            "<testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">\n{cases}</testsuite>"
        )
    }
}

/// A finding on a line, and its help on the next.
fn listed(entry: &Entry<'_>) -> String {
    let line = line(&short::entry_line(entry)).into_owned();
    match &entry.diagnostic.help {
        Some(help) => format!("{line}\n  help: {help}"),
        None => line,
    }
}

impl Junit {
    /// The suite of that name; the one before is written.
    fn suite(&mut self, name: &str, out: &mut dyn Write) -> io::Result<&mut Suite> {
        if self.suite.name != name {
            self.suite.write(out)?;
            self.suite = Suite { name: name.to_owned(), ..Suite::default() };
        }
        Ok(&mut self.suite)
    }
}

impl Emitter for Junit {
    fn begin(&mut self, _: &Tool, streams: &mut Streams<'_>) -> io::Result<()> {
        writeln!(streams.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"selfless\">")
    }

    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        for entry in Entry::of_trouble(file) {
            let path = entry.path.unwrap_or("selfless").to_owned();
            self.suite(&path, streams.out)?.entry(&entry, "error");
        }
        for post in &file.posts {
            self.suite(post.source.name(), streams.out)?.post(post);
        }
        Ok(())
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        for entry in Entry::of_queues(run) {
            self.suite("queue", streams.out)?.entry(&entry, "failure");
        }
        for entry in Entry::of_trouble_of_run(run) {
            let path = entry.path.unwrap_or("selfless").to_owned();
            self.suite(&path, streams.out)?.entry(&entry, "error");
        }
        self.suite.write(streams.out)?;
        writeln!(streams.out, "</testsuites>")?;
        streams.out.flush()
    }
}
