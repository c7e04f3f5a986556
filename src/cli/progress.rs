//! How far a long run has got, on one line of the terminal that goes away at the end.
//!
//! Does not know whether anybody looks; [`terminal`](super::terminal) does. Invariant: nothing is written in the first
//! second, and what was written is wiped off before anything else is.

use std::io::{self, Write};
use std::time::{Duration, Instant};

/// Shorter runs show nothing.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two drawings.
const PAUSE: Duration = Duration::from_millis(100);
/// Characters of the bar.
const BAR: usize = 24;

/// A bar over the sources of a run.
#[derive(Debug)]
pub(super) struct Progress {
    total: usize,
    begun: Instant,
    drawn: Option<Instant>,
    /// Columns that stand on the terminal.
    width: usize,
}

impl Progress {
    /// A run over `total` sources that begins `now`.
    pub(super) fn new(total: usize, now: Instant) -> Self {
        Self { total, begun: now, drawn: None, width: 0 }
    }

    /// Draws the bar, unless it is too early or just was drawn.
    pub(super) fn show(&mut self, done: u32, drafts: u32, now: Instant, err: &mut impl Write) -> io::Result<()> {
        let early = now.saturating_duration_since(self.begun) < PATIENCE;
        if early || self.drawn.is_some_and(|drawn| now.saturating_duration_since(drawn) < PAUSE) {
            return Ok(());
        }
        self.drawn = Some(now);
        let text = self.text(done, drafts);
        let width = text.chars().count();
        write!(err, "\r{text:<width$}", width = self.width.max(width))?;
        self.width = width;
        err.flush()
    }

    fn text(&self, done: u32, drafts: u32) -> String {
        let count = format!("{drafts} draft{}", if drafts == 1 { "" } else { "s" });
        if self.total < 2 {
            // Nobody knows how long one file takes.
            return format!("{count} checked");
        }
        let done = (done as usize).min(self.total);
        let filled = done * BAR / self.total;
        format!("[{}{}] {done} of {} files, {count}", "#".repeat(filled), " ".repeat(BAR - filled), self.total)
    }

    /// Wipes the bar off, if it stands there.
    pub(super) fn clear(&mut self, err: &mut impl Write) -> io::Result<()> {
        if self.width == 0 {
            return Ok(());
        }
        write!(err, "\r{:width$}\r", "", width = self.width)?;
        self.width = 0;
        err.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_shows_how_far_it_is_and_wipes_that_off() {
        let begun = Instant::now();
        let mut bar = Progress::new(4, begun);
        let mut err = Vec::new();
        let at = |milliseconds| begun + Duration::from_millis(milliseconds);
        bar.show(1, 10, at(900), &mut err).unwrap();
        bar.clear(&mut err).unwrap();
        assert!(err.is_empty());
        bar.show(1, 1, at(1000), &mut err).unwrap();
        bar.show(2, 20, at(1050), &mut err).unwrap();
        bar.show(2, 20, at(1100), &mut err).unwrap();
        bar.clear(&mut err).unwrap();
        bar.clear(&mut err).unwrap();
        let expected = format!(
            "\r[######                  ] 1 of 4 files, 1 draft\r[############            ] 2 of 4 files, 20 drafts\r{}\r",
            " ".repeat(50)
        );
        assert_eq!(String::from_utf8(err).unwrap(), expected);
    }

    #[test]
    fn one_file_has_no_bar() {
        assert_eq!(Progress::new(1, Instant::now()).text(0, 1200), "1200 drafts checked");
        let shown = Progress::new(3, Instant::now()).text(9, 0);
        assert_eq!(shown, "[########################] 3 of 3 files, 0 drafts");
    }
}
