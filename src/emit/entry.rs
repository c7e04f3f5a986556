//! What formats for reviewing are made of: findings, findings about queues and trouble, each with its place.
//!
//! Does not choose; [`PostReport::marked`] did. Invariant: an entry with a place has a name, and ends no earlier than it
//! begins.

use std::borrow::Cow;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Level};
use crate::fingerprint::{Fingerprint, Occurrences};
use crate::report::{FileReport, PostReport, RunReport};
use crate::text::{Encoding, LineColumn, Source, Span};

/// Something to be shown at its place.
pub(super) struct Entry<'a> {
    pub(super) diagnostic: &'a Diagnostic,
    /// Where it stands; a finding without a label stands where its post begins.
    pub(super) place: Option<Place<'a>>,
    /// The same in the words of the format (`row 12, column "Text"`), where those say more than a line.
    pub(super) locator: Option<Arc<str>>,
    /// The file it stands in, or that it is about.
    pub(super) path: Option<&'a str>,
    fingerprint: Option<Fingerprint>,
}

impl<'a> Entry<'a> {
    fn new(diagnostic: &'a Diagnostic, fingerprint: Option<Fingerprint>) -> Self {
        let label = diagnostic.labels.first();
        Self {
            diagnostic,
            place: label.map(|label| Place { source: &label.source, span: label.span }),
            locator: label.and_then(|label| label.locator.clone()),
            path: diagnostic.source_name(),
            fingerprint,
        }
    }

    /// The findings of a post that are marked.
    pub(super) fn of_post(post: &'a PostReport) -> impl Iterator<Item = Self> {
        post.marked().map(|finding| {
            let entry = Self::new(&finding.diagnostic, Some(finding.fingerprint));
            let start = Place { source: &post.source, span: Span::new(post.start, post.start) };
            match entry.place {
                Some(_) => entry,
                None => Self {
                    place: Some(start),
                    locator: post.locator.words(),
                    path: Some(post.source.name()),
                    ..entry
                },
            }
        })
    }

    /// What is wrong with a source, then the findings of its posts.
    pub(super) fn of_file(file: &'a FileReport) -> impl Iterator<Item = Self> {
        Self::of_trouble(file).chain(file.posts.iter().flat_map(Self::of_post))
    }

    /// What is wrong with a source.
    pub(super) fn of_trouble(file: &'a FileReport) -> impl Iterator<Item = Self> {
        file.diagnostics.iter().map(|diagnostic| Self::new(diagnostic, None))
    }

    /// Findings about queues. What one without a place is about is an account, not a file.
    pub(super) fn of_queues(run: &'a RunReport) -> impl Iterator<Item = Self> {
        run.queue_findings().map(|(_, finding)| {
            let entry = Self::new(&finding.diagnostic, None);
            Self { path: entry.place.map(|place| place.source.name()), ..entry }
        })
    }

    /// Findings about queues, then trouble that belongs to no file.
    pub(super) fn of_run(run: &'a RunReport) -> impl Iterator<Item = Self> {
        Self::of_queues(run).chain(Self::of_trouble_of_run(run))
    }

    /// Trouble that belongs to no file.
    pub(super) fn of_trouble_of_run(run: &'a RunReport) -> impl Iterator<Item = Self> {
        run.diagnostics.iter().map(|diagnostic| Self::new(diagnostic, None))
    }

    pub(super) fn level(&self) -> Level {
        self.diagnostic.level
    }

    /// What it is known by, and the number of those before it in the same source that are known by the same.
    pub(super) fn known_by(&self, occurrences: &mut Occurrences) -> (Fingerprint, u32) {
        let marked = || match self.place {
            Some(place) => place.source.slice(place.span),
            None => self.diagnostic.subject.as_deref().unwrap_or_default(),
        };
        let fingerprint =
            self.fingerprint.unwrap_or_else(|| Fingerprint::of_text(&self.diagnostic.code, marked()));
        (fingerprint, occurrences.number(self.path.unwrap_or_default(), fingerprint))
    }

    /// The problem, and behind it in brackets where it stands in the words of the format.
    pub(super) fn message(&self) -> Cow<'a, str> {
        match &self.locator {
            Some(locator) => Cow::Owned(format!("{} ({locator})", self.diagnostic.message)),
            None => Cow::Borrowed(&self.diagnostic.message),
        }
    }

    /// The message, and on a line of its own what to do instead.
    pub(super) fn advice(&self) -> String {
        match &self.diagnostic.help {
            Some(help) => format!("{}\nhelp: {help}", self.message()),
            None => self.message().into_owned(),
        }
    }
}

/// A span of a source.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) source: &'a Source,
    pub(super) span: Span,
}

/// The two ends of a place, the second one past its last character.
pub(super) struct Region {
    /// 1-based; columns in code points.
    pub(super) start: LineColumn,
    /// See `start`.
    pub(super) end: LineColumn,
    /// Bytes of the raw file.
    pub(super) bytes: (u64, u64),
}

impl<'a> Place<'a> {
    /// Ends on borders of characters, in order.
    fn ends(self) -> (u32, u32) {
        let floor = |offset: u32| Span::of(0..self.source.slice(Span::new(0, offset)).len()).end();
        let start = floor(self.span.start());
        (start, floor(self.span.end()).max(start))
    }

    pub(super) fn region(self) -> Region {
        let (start, end) = self.ends();
        Region {
            start: self.source.line_column(start),
            end: self.source.line_column(end),
            bytes: (self.source.raw(start), self.source.raw(end)),
        }
    }

    /// Both ends with columns in bytes of UTF-8, as the file has them where it is UTF-8: a byte order mark counts.
    pub(super) fn byte_columns(self) -> (LineColumn, LineColumn) {
        let (start, end) = self.ends();
        let place = |offset: u32| {
            let lines = self.source.lines();
            let line = lines.line_of(offset);
            let marked = line == 0 && self.source.lines_before() == 0 && self.source.encoding() == Encoding::Utf8;
            let mark = if marked { u32::try_from(self.source.raw(0)).unwrap_or(0) } else { 0 };
            let before = offset.saturating_sub(lines.line_span(line, self.source.text()).start());
            LineColumn { line: self.source.line_column(offset).line, column: before + mark + 1 }
        };
        (place(start), place(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_their_own_units() {
        #[track_caller]
        fn check(text: &str, words: &str, points: [u32; 4], bytes: [u32; 4], raw: (u64, u64)) {
            let source = Source::decode("a", text.as_bytes().to_vec()).unwrap();
            let start = source.text().find(words).unwrap();
            let place = Place { source: &source, span: Span::of(start..start + words.len()) };
            let region = place.region();
            let flat = |a: LineColumn, b: LineColumn| [a.line, a.column, b.line, b.column];
            assert_eq!(flat(region.start, region.end), points);
            let (start, end) = place.byte_columns();
            assert_eq!(flat(start, end), bytes);
            assert_eq!(region.bytes, raw);
        }
        check("one two", "two", [1, 5, 1, 8], [1, 5, 1, 8], (4, 7));
        check("👩‍👩‍👧 x\r\n漢 two", "two", [2, 3, 2, 6], [2, 5, 2, 8], (26, 29));
        check("👩‍👩‍👧 x\r\n漢 two", "x\r\n漢", [1, 7, 2, 2], [1, 20, 2, 4], (19, 25));
        check("\u{feff}é two", "two", [1, 3, 1, 6], [1, 7, 1, 10], (6, 9));
    }

    #[test]
    fn a_place_off_a_border_is_that_of_whole_characters() {
        let source = Source::from_text("a", "é");
        let region = Place { source: &source, span: Span::new(1, 1) }.region();
        assert_eq!((region.start.column, region.end.column, region.bytes), (1, 1, (0, 0)));
    }
}
