//! Records and fields of a table, by RFC 4180 and by what spreadsheets really write.
//!
//! Knows no columns. Reads as the csv crate does: a quotation mark counts only at the start of a field, `""` inside
//! is one, and CRLF, LF and CR end a record unless quoted. Invariant: fields lie in the text in order, and each byte is
//! looked at once.

use std::borrow::Cow;

use memchr::{memchr, memchr3};

use crate::document::escape::offset;
use crate::text::{MappedText, Span};

/// A cell as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// First byte, the quotation mark included.
    start: usize,
    /// One past the last byte.
    end: usize,
    /// Where the closing quotation mark stands, if the field is quoted; `end` if it is not closed.
    close: Option<usize>,
    /// Whether it holds `""`.
    escaped: bool,
}

impl Field {
    /// Its place, quotation marks included.
    pub(super) fn span(self) -> Span {
        Span::new(offset(0, self.start), offset(0, self.end))
    }

    /// Whether it is quoted and its quotation mark is never closed.
    pub(super) fn is_unclosed(self) -> bool {
        self.close == Some(self.end)
    }

    /// What stands between the closing quotation mark and the end of the field, where nothing should.
    pub(super) fn stray(self) -> Option<Span> {
        let after = self.close? + 1;
        (after < self.end).then(|| Span::new(offset(0, after), offset(0, self.end)))
    }

    /// Its value.
    pub(super) fn value(self, text: &str) -> Cow<'_, str> {
        let Some(close) = self.close else {
            return Cow::Borrowed(text.get(self.start..self.end).unwrap_or_default());
        };
        let inner = text.get(self.start + 1..close).unwrap_or_default();
        let stray = text.get(close + 1..self.end).unwrap_or_default();
        if !self.escaped && stray.is_empty() {
            return Cow::Borrowed(inner);
        }
        Cow::Owned(inner.replace("\"\"", "\"") + stray)
    }

    /// Its value with where each character stands.
    pub(super) fn mapped(self, text: &str) -> MappedText {
        let mut mapped = MappedText::new();
        let Some(close) = self.close else {
            mapped.push_linear(text.get(self.start..self.end).unwrap_or_default(), offset(0, self.start));
            return mapped;
        };
        let mut at = self.start + 1;
        let mut rest = text.get(at..close).unwrap_or_default();
        while let Some((before, after)) = self.escaped.then(|| rest.split_once("\"\"")).flatten() {
            mapped.push_linear(before, offset(0, at));
            at += before.len();
            mapped.push_atomic("\"", Span::new(offset(0, at), offset(0, at + 2)));
            at += 2;
            rest = after;
        }
        mapped.push_linear(rest, offset(0, at));
        mapped.push_linear(text.get(close + 1..self.end).unwrap_or_default(), offset(0, close + 1));
        mapped
    }

    /// How long it is, in bytes.
    pub(super) fn len(self) -> usize {
        self.end - self.start
    }
}

/// A record: its fields, and its number as a spreadsheet counts rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// From 1; blank lines count, lines inside a cell do not.
    pub(super) row: u32,
    /// At least one.
    pub(super) fields: Vec<Field>,
    /// Whether there are more than [`MOST_FIELDS`], of which those were kept.
    pub(super) is_too_wide: bool,
}

/// Fields of one record; eight times what spreadsheets have columns.
pub(super) const MOST_FIELDS: usize = 1 << 17;

/// Reads one record after the other.
#[derive(Clone, Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Rows that ended before `at`.
    rows: u32,
    /// What stands between fields; none where a line is a field.
    delimiter: Option<u8>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, delimiter: Option<u8>) -> Self {
        Self { text, at: 0, rows: 0, delimiter }
    }

    /// A scanner that begins at the line at `start`.
    pub(super) fn starting(text: &'a str, start: usize, delimiter: Option<u8>) -> Self {
        let rows = text.get(..start).unwrap_or_default().matches('\n').count();
        Self { text, at: start, rows: u32::try_from(rows).unwrap_or(u32::MAX), delimiter }
    }

    /// Reads the next record that is no blank line into `record`; false at the end.
    pub(super) fn read(&mut self, record: &mut Record) -> bool {
        record.fields.clear();
        record.is_too_wide = false;
        while self.line_end() {}
        if self.at >= self.text.len() {
            return false;
        }
        record.row = self.rows.saturating_add(1);
        loop {
            let field = self.field();
            if record.fields.len() < MOST_FIELDS {
                record.fields.push(field);
            } else {
                record.is_too_wide = true;
            }
            self.at = field.end;
            match self.byte(self.at) {
                Some(byte) if Some(byte) == self.delimiter => self.at += 1,
                _ => break,
            }
        }
        self.line_end();
        true
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Steps over the end of a line, if one stands here.
    fn line_end(&mut self) -> bool {
        let len = match (self.byte(self.at), self.byte(self.at + 1)) {
            (Some(b'\r'), Some(b'\n')) => 2,
            (Some(b'\r' | b'\n'), _) => 1,
            _ => return false,
        };
        self.at += len;
        self.rows = self.rows.saturating_add(1);
        true
    }

    fn field(&self) -> Field {
        let start = self.at;
        if self.byte(start) != Some(b'"') {
            return Field { start, end: self.plain_end(start), close: None, escaped: false };
        }
        let (mut at, mut escaped) = (start + 1, false);
        loop {
            let rest = self.text.as_bytes().get(at..).unwrap_or_default();
            let Some(quote) = memchr(b'"', rest).map(|found| at + found) else {
                let end = self.text.len();
                return Field { start, end, close: Some(end), escaped };
            };
            if self.byte(quote + 1) != Some(b'"') {
                let end = self.plain_end(quote + 1);
                return Field { start, end, close: Some(quote), escaped };
            }
            escaped = true;
            at = quote + 2;
        }
    }

    /// Where the delimiter or line end after `start` stands.
    fn plain_end(&self, start: usize) -> usize {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        // Where nothing stands between fields, the same is looked for twice.
        memchr3(b'\r', b'\n', self.delimiter.unwrap_or(b'\n'), rest).map_or(self.text.len(), |found| start + found)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::RunKind;

    fn records(text: &str, delimiter: u8) -> Vec<Record> {
        let mut scanner = Scanner::new(text, Some(delimiter));
        let (mut records, mut record) = (Vec::new(), Record::default());
        while scanner.read(&mut record) {
            records.push(record.clone());
        }
        records
    }

    #[track_caller]
    fn check(text: &str, expected: &[(u32, &[&str])]) {
        let found: Vec<(u32, Vec<String>)> = records(text, b',')
            .into_iter()
            .map(|record| (record.row, record.fields.iter().map(|field| field.value(text).into_owned()).collect()))
            .collect();
        let expected: Vec<(u32, Vec<String>)> = expected
            .iter()
            .map(|(row, fields)| (*row, fields.iter().map(|&field| field.to_owned()).collect()))
            .collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn fields_and_rows_are_told_apart() {
        check("a,b\r\nc,\"d\ne\"\r\nf,g", &[(1, &["a", "b"]), (2, &["c", "d\ne"]), (3, &["f", "g"])]);
        check("a\n\n\r\nb\rc,\n", &[(1, &["a"]), (4, &["b"]), (5, &["c", ""])]);
        check("\"a \"\"b\"\" c\",\"\"\n\"\"", &[(1, &["a \"b\" c", ""]), (2, &[""])]);
        check(",\n", &[(1, &["", ""])]);
        check("a\"b\",\"c\"d\"e", &[(1, &["a\"b\"", "cd\"e"])]);
        check("", &[]);
        check("\n\r\n", &[]);
    }

    #[test]
    fn half_a_quote_reaches_to_the_end_and_is_told() {
        let text = "a,\"b\nc,d";
        let records = records(text, b',');
        let last = *records[0].fields.last().unwrap();
        assert_eq!((records.len(), last.is_unclosed(), &*last.value(text)), (1, true, "b\nc,d"));
        assert!(Scanner::new("\"", None).field().is_unclosed());
        assert!(!Scanner::new("\"\"", None).field().is_unclosed());
    }

    #[test]
    fn without_a_delimiter_a_line_is_a_field() {
        let text = "a, b\n\"c, \"\"d\"\"\ne\"\n";
        let mut scanner = Scanner::new(text, None);
        let mut record = Record::default();
        let mut values = Vec::new();
        while scanner.read(&mut record) {
            assert_eq!(record.fields.len(), 1);
            values.push(record.fields[0].value(text).into_owned());
        }
        assert_eq!(values, ["a, b", "c, \"d\"\ne"]);
    }

    proptest! {
        #[test]
        fn it_reads_what_the_csv_crate_reads(
            pieces in prop::collection::vec(prop::sample::select(
                vec!["a", "é", "𝗯", ",", ";", "\"", "\"\"", "\n", "\r\n", "\r", " ", "\"x\"", "\"y\n\"", ",\"", "\","],
            ), 0..40),
            delimiter in prop::sample::select(vec![b',', b';']),
        ) {
            let text = pieces.concat();
            let mut reader = ::csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(delimiter)
                .from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> = reader
                .records()
                .map(|record| record.unwrap().iter().map(str::to_owned).collect())
                .collect();
            let ours = records(&text, delimiter);
            let found: Vec<Vec<String>> = ours
                .iter()
                .map(|record| record.fields.iter().map(|field| field.value(&text).into_owned()).collect())
                .collect();
            prop_assert_eq!(found, expected);
            let mut end = 0;
            for field in ours.iter().flat_map(|record| &record.fields) {
                prop_assert!(field.start >= end, "{:?} starts before {}", field, end);
                end = field.end;
                let (mapped, map) = field.mapped(&text).finish();
                prop_assert_eq!(&*mapped, &*field.value(&text));
                for run in map.runs() {
                    let (decoded, raw) = (&mapped[run.text.range()], &text[run.raw.range()]);
                    prop_assert_eq!(raw, if run.kind == RunKind::Atomic { "\"\"" } else { decoded });
                }
            }
        }
    }
}
