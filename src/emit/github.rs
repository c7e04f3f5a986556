//! Annotations of GitHub Actions: workflow commands that the runner turns into remarks on lines.
//!
//! A runner takes ten of each level from a step, so the first ten are commands, the gravest first, and all others plain
//! lines of the log. Invariant: nothing of a draft, a rule or a path starts a command of its own.

use std::io;

use super::clean::{break_commands, line};
use super::entry::Entry;
use super::escape::{command_data, command_property};
use super::{Emitter, Streams, short, summary};
use crate::diagnostic::Level;
use crate::report::{FileReport, RunReport};

/// How many annotations of a level a runner takes from one step
/// (<https://github.com/actions/toolkit>, `docs/problem-matchers.md`).
const LIMIT: usize = 10;

/// Commands by level, the gravest first, with the number of those that became plain lines.
#[derive(Debug, Default)]
pub(super) struct Github {
    levels: [(Vec<String>, u32); 3],
}

impl Github {
    fn add(&mut self, entry: &Entry<'_>, streams: &mut Streams<'_>) -> io::Result<()> {
        let (index, command) = match entry.level() {
            Level::Error => (0, "error"),
            Level::Warning => (1, "warning"),
            Level::Off | Level::Credit | Level::Note => (2, "notice"),
        };
        let [.., (commands, more)] = &mut self.levels[..=index] else { return Ok(()) };
        if commands.len() < LIMIT {
            commands.push(annotation(command, entry));
            return Ok(());
        }
        *more += 1;
        let plain = short::entry_line(entry);
        writeln!(streams.out, "{}", break_commands(&line(&plain)))
    }
}

/// `::error file=a.md,line=1,endLine=1,col=2,endColumn=5,title=brag/humility::humility shown off`.
fn annotation(command: &str, entry: &Entry<'_>) -> String {
    let mut properties = Vec::new();
    if let Some(path) = entry.path {
        properties.push(format!("file={}", command_property(path.strip_prefix("./").unwrap_or(path))));
    }
    if let Some(place) = entry.place {
        let region = place.region();
        properties.push(format!("line={},endLine={}", region.start.line, region.end.line));
        // A runner drops the columns of what stands on several lines, and says so in its log.
        if region.start.line == region.end.line {
            properties.push(format!("col={},endColumn={}", region.start.column, region.end.column));
        }
    }
    properties.push(format!("title={}", command_property(&entry.diagnostic.code)));
    format!("::{command} {}::{}", properties.join(","), command_data(&entry.advice()))
}

impl Emitter for Github {
    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        Entry::of_file(file).try_for_each(|entry| self.add(&entry, streams))
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        Entry::of_run(run).try_for_each(|entry| self.add(&entry, streams))?;
        let names = [("error", "errors"), ("warning", "warnings"), ("notice", "notices")];
        for ((commands, more), (one, many)) in self.levels.iter().zip(names) {
            for command in commands {
                writeln!(streams.out, "{command}")?;
            }
            if *more > 0 {
                let count = summary::count(*more, one, many);
                writeln!(streams.out, "{count} more, without an annotation: a step has {LIMIT} of a level")?;
            }
        }
        writeln!(streams.out, "{}", summary::line(run.summary))?;
        streams.out.flush()
    }
}
