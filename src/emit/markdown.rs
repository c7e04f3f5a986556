//! A summary in Markdown, for the comment on a pull request or the summary of a job.
//!
//! A comment may have 65,536 characters, so a long table is cut and the rest counted. Invariant: nothing of a draft, a
//! rule or a path is read as markup, is a link, or mentions anybody.

use std::fmt::Write as _;
use std::io;

use super::entry::Entry;
use super::escape::{code_span, markdown};
use super::{Emitter, Streams, summary};
use crate::report::{FileReport, RunReport, Statistics};

/// The table grows no longer, in bytes, which leaves room for what stands around it.
const LIMIT: usize = 56_000;
/// Characters of a draft that are shown of one finding.
const EXCERPT: usize = 80;

/// Rows of the table of findings.
#[derive(Debug, Default)]
pub(super) struct Markdown {
    rows: String,
    left_out: u32,
}

impl Markdown {
    fn add(&mut self, entry: &Entry<'_>) {
        let row = row(entry);
        if self.left_out > 0 || self.rows.len() + row.len() > LIMIT {
            self.left_out += 1;
        } else {
            self.rows.push_str(&row);
        }
    }
}

/// Level, place, rule, and the words with what is said of them.
fn row(entry: &Entry<'_>) -> String {
    let place = match (entry.path, entry.place) {
        (Some(path), Some(place)) => {
            let start = place.region().start;
            code_span(&format!("{path}:{}:{}", start.line, start.column))
        }
        (Some(path), None) => code_span(path),
        (None, _) => String::new(),
    };
    let words = entry.place.map_or("", |place| place.source.slice(place.span));
    let shown: String = words.chars().take(EXCERPT).collect();
    let more = if shown.len() < words.len() { "…" } else { "" };
    let excerpt = if shown.trim().is_empty() { String::new() } else { format!("{}{more}<br>", code_span(&shown)) };
    let (level, rule) = (entry.level(), code_span(&entry.diagnostic.code));
    let help = entry.diagnostic.help.as_deref().map(|help| format!("<br>*help:* {}", markdown(help)));
    let (message, help) = (markdown(&entry.message()), help.unwrap_or_default());
    format!("| {level} | {place} | {rule} | {excerpt}{message}{help} |\n")
}

fn table(statistics: &Statistics) -> String {
    let mut text = String::from("\n| rule | level | findings | drafts |\n| --- | --- | ---: | ---: |\n");
    for count in statistics.counts() {
        // A `String` takes everything.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            code_span(&count.rule),
            count.level,
            count.findings,
            count.posts
        );
    }
    text
}

impl Emitter for Markdown {
    fn file(&mut self, file: &FileReport, _: &mut Streams<'_>) -> io::Result<()> {
        Entry::of_file(file).for_each(|entry| self.add(&entry));
        Ok(())
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        Entry::of_run(run).for_each(|entry| self.add(&entry));
        let mut text = format!("### selfless\n\n{}\n", summary::line(run.summary));
        if !self.rows.is_empty() {
            text.push_str("\n| level | place | rule | finding |\n| --- | --- | --- | --- |\n");
            text.push_str(&self.rows);
        }
        if self.left_out > 0 {
            let more = summary::count(self.left_out, "finding", "findings");
            let _ = writeln!(text, "\n{more} more: the table is as long as a comment may be");
        }
        if let Some(statistics) = &run.statistics {
            text.push_str(&table(statistics));
        }
        streams.out.write_all(text.as_bytes())?;
        streams.out.flush()
    }
}
