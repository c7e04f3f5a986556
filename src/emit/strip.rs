//! A queue as a strip: one cell a post in time order, its share against the budget, and what was found of it.
//!
//! Shows no finding of a single post. Invariant: what colours say is also said by letters.

mod calendar;
mod share;
mod sign;

use std::fmt::{Display, Write as _};
use std::io;

use anstyle::{Effects, Style};

use self::calendar::{Cell, Day, Piece, Row, rows};
use self::sign::{LETTERS, PLAIN, PROMOTION, days, is_over, letter, style};
use super::fill::fill;
use super::human::Human;
use super::{Emitter, Look, Streams, clean, summary, write_text};
use crate::report::{FileReport, QueueEntry, QueueReport, RunReport};

/// Columns before a row, of its name, and of the bar of a share.
const INDENT: usize = 2;
const NAME: usize = 10;
const BAR: usize = 10;

/// Writes strips.
#[derive(Debug)]
pub(super) struct Strip {
    human: Human,
    look: Look,
}

impl Strip {
    pub(super) fn new(look: Look) -> Self {
        Self { human: Human::new(look), look }
    }

    /// All of a queue but its findings.
    fn picture(&self, queue: &QueueReport) -> String {
        let days = days(queue);
        let mut text = self.heading(queue, &days);
        let cells = queue.entries.iter().zip(&days).map(|(entry, day)| self.cell(entry, *day, queue));
        let cells: Vec<Cell<Style>> = cells.collect();
        let room = self.look.width.saturating_sub(INDENT + NAME + 1);
        for row in rows(&cells, room) {
            self.row(&row, &mut text);
        }
        text.push_str(&self.share(queue, &days));
        text
    }

    fn heading(&self, queue: &QueueReport, days: &[Option<Day>]) -> String {
        let mut name = clean::line(&queue.name).into_owned();
        if let Some(account) = &queue.account {
            let _ = write!(name, ", account {}", clean::line(account));
        }
        if let Some(platform) = queue.platform {
            let _ = write!(name, ", on {}", platform.name());
        }
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let mut said = summary::count(number(queue.entries.len()), "post", "posts");
        match queue.entries.iter().filter(|entry| entry.post.is_none()).count() {
            0 => {}
            all if all == queue.entries.len() => said.push_str(" that only count"),
            1 => said.push_str(", 1 of them only counts"),
            some => {
                let _ = write!(said, ", {some} of them only count");
            }
        }
        let mut days = days.iter().flatten().copied();
        if let Some(first) = days.next() {
            let last = days.next_back().unwrap_or(first);
            let span = if first == last { first.said() } else { format!("{} to {}", first.said(), last.said()) };
            let _ = write!(said, ", {span}");
        }
        let plain = format!("{name}: {said}");
        let filled = fill(&plain, self.look.width, INDENT).into_owned();
        match filled.split_at_checked(name.len()) {
            Some((start, rest)) if start == name => format!("{}{rest}\n", self.paint(PLAIN.bold(), start)),
            _ => format!("{filled}\n"),
        }
    }

    fn cell(&self, entry: &QueueEntry, day: Option<Day>, queue: &QueueReport) -> Cell<Style> {
        let style = style(entry);
        let style = if entry.post.is_none() { style | Effects::DIMMED } else { style };
        let marked = entry.share.is_some_and(|share| is_over(share, queue));
        Cell { day, letter: self.letter(letter(entry)), style, marked }
    }

    fn letter(&self, letter: char) -> char {
        if letter.is_ascii() || self.look.unicode { letter } else { '.' }
    }

    fn row(&self, row: &Row<Style>, text: &mut String) {
        if row.pieces.is_empty() {
            let _ = writeln!(text, "{:INDENT$}{:NAME$}{}", "", "", self.paint(Style::new().dimmed(), &row.name));
            return;
        }
        let mut line = format!("{:INDENT$}{:NAME$}", "", row.name);
        let mut below = String::new();
        let mark = if self.look.unicode { '▔' } else { '^' };
        for piece in &row.pieces {
            match piece {
                Piece::Cell(cell) => {
                    line.push_str(&self.paint(cell.style, cell.letter));
                    below.push(if cell.marked { mark } else { ' ' });
                }
                Piece::Blank => {
                    line.push(' ');
                    below.push(' ');
                }
                Piece::Week => {
                    let bar = if self.look.unicode { '│' } else { '|' };
                    line.push_str(&self.paint(Style::new().dimmed(), bar));
                    below.push(' ');
                }
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
        let below = below.trim_end();
        if !below.is_empty() {
            let _ = writeln!(text, "{:INDENT$}{:NAME$}{}", "", "", self.paint(PROMOTION, below));
        }
    }

    /// What the letters of all strips say.
    fn legend(&self, queues: &[QueueReport]) -> String {
        let entries = || queues.iter().flat_map(|queue| &queue.entries);
        let mut said = Vec::new();
        for (sign, words) in LETTERS {
            if entries().any(|entry| letter(entry) == sign) {
                said.push(format!("{} {words}", self.letter(sign)));
            }
        }
        let over =
            |queue: &QueueReport| queue.entries.iter().filter_map(|one| one.share).any(|one| is_over(one, queue));
        if queues.iter().any(over) {
            said.push(format!("{} over the budget", if self.look.unicode { '▔' } else { '^' }));
        }
        if said.is_empty() { String::new() } else { self.remark(&said.join(", ")) }
    }

    fn paint(&self, style: Style, text: impl Display) -> String {
        if self.look.color && style != PLAIN { format!("{style}{text}{style:#}") } else { text.to_string() }
    }
}

impl Emitter for Strip {
    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        self.human.diagnostics(&file.diagnostics, streams)
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        for (number, queue) in run.queues.iter().enumerate() {
            let mut text = self.picture(queue);
            if number == 0 {
                text.push_str(&self.legend(&run.queues));
            }
            text.push('\n');
            write_text(streams.out, &text, self.look)?;
            self.human.queue(queue, streams)?;
        }
        self.human.diagnostics(&run.diagnostics, streams)?;
        write_text(streams.out, &format!("{}\n", summary::queues(run)), self.look)?;
        streams.out.flush()
    }
}

#[cfg(test)]
mod tests;
