//! From byte offsets to lines and columns, for display only.
//!
//! Does not keep the text. Invariant: line starts rise strictly, and that of the first line is not kept.

use memchr::memchr_iter;

use super::Span;

/// A place as people and editors count it: both from 1; the column counts code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// 1-based line. Lines end at LF (a CR before it belongs to the line).
    pub line: u32,
    /// 1-based column in code points.
    pub column: u32,
}

/// Where the lines of a text start, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    /// Of those behind the first.
    starts: Vec<u32>,
    /// Within long lines, places on character borders with the columns before them, so that a column deep in a line of
    /// megabytes is not counted from its start each time.
    marks: Vec<(u32, u32)>,
}

/// Bytes of a line from one mark to the next, about.
const MARK_EVERY: usize = 1024;

impl LineIndex {
    /// Finds the lines of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let mut index = Self { starts: Vec::new(), marks: Vec::new() };
        let mut start = 0;
        let ends = memchr_iter(b'\n', text.as_bytes()).map(|newline| newline + 1);
        for end in ends.chain([text.len()]) {
            let line = text.get(start..end).unwrap_or_default();
            let (mut at, mut column) = (0, 0);
            while line.len() - at > MARK_EVERY {
                let mut end = at + MARK_EVERY;
                while !line.is_char_boundary(end) {
                    end -= 1;
                }
                column += line[at..end].chars().count();
                at = end;
                index.marks.push((small(start + at), small(column)));
            }
            start += line.len();
            if line.ends_with('\n') {
                index.starts.push(small(start));
            }
        }
        index
    }

    /// How many lines there are; a text that ends in LF has an empty last line.
    #[must_use]
    pub fn lines(&self) -> u32 {
        u32::try_from(self.starts.len() + 1).unwrap_or(u32::MAX)
    }

    /// Where a 0-based line starts; none past the last line.
    fn start(&self, line: u32) -> Option<u32> {
        line.checked_sub(1).map_or(Some(0), |behind| self.starts.get(behind as usize).copied())
    }

    /// 0-based number of the line that holds the byte `offset`.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> u32 {
        u32::try_from(self.starts.partition_point(|&start| start <= offset)).unwrap_or(u32::MAX)
    }

    /// The bytes of a 0-based line, its line end included; empty past the last line.
    #[must_use]
    pub fn line_span(&self, line: u32, text: &str) -> Span {
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        Span::new(self.start(line).unwrap_or(end), self.start(line.saturating_add(1)).unwrap_or(end))
    }

    /// Line and column of the byte `offset` in `text`, the text this index was made of. An offset inside a
    /// character counts as its start, one past the end as the end.
    #[must_use]
    pub fn line_column(&self, offset: u32, text: &str) -> LineColumn {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_of(u32::try_from(offset).unwrap_or(u32::MAX));
        let start = self.start(line).unwrap_or(0) as usize;
        let mark = self.marks.partition_point(|&(at, _)| at as usize <= offset).checked_sub(1);
        let (from, before) = match mark.and_then(|mark| self.marks.get(mark)) {
            Some(&(at, column)) if at as usize >= start => (at as usize, column as usize),
            _ => (start, 0),
        };
        let column = before + text[from..offset].chars().count();
        LineColumn { line: line + 1, column: u32::try_from(column + 1).unwrap_or(u32::MAX) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, offset: u32, expected: (u32, u32)) {
        let place = LineIndex::new(text).line_column(offset, text);
        assert_eq!((place.line, place.column), expected, "{text:?} at {offset}");
    }

    #[test]
    fn columns_of_long_lines_are_counted_right() {
        let line = "aé𝗯 ".repeat(1000);
        let text = format!("x\n{line}\n{line}");
        let index = LineIndex::new(&text);
        assert!(index.marks.len() > 10);
        for (at, _) in text.char_indices().step_by(37) {
            let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            let column = text[start..at].chars().count() + 1;
            let place = index.line_column(u32::try_from(at).unwrap(), &text);
            assert_eq!(place.column as usize, column, "at {at}");
        }
    }

    #[test]
    fn columns_count_code_points_from_one() {
        check("", 0, (1, 1));
        check("ab\ncd", 4, (2, 2));
        check("é𝗯x", 6, (1, 3));
        check("é𝗯x", 3, (1, 2)); // inside 𝗯
        check("a\r\nb", 3, (2, 1));
        check("a\n", 2, (2, 1));
        check("a\n", 99, (2, 1));
    }
}
