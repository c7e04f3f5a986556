//! From byte offsets to lines and columns, for display only.
//!
//! Does not keep the text. Invariant: line starts rise strictly, and the first is 0; to tell a column never takes
//! counting more than two blocks, so a line may be a whole file.

use super::Span;

/// A place as people and editors count it: both from 1; the column counts code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// 1-based line. Lines end at LF (a CR before it belongs to the line).
    pub line: u32,
    /// 1-based column in code points.
    pub column: u32,
}

/// Bytes between the places at which code points are counted in advance.
const BLOCK: usize = 1 << 12;

/// Where the lines of a text start, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Code points before each whole block of the text.
    counts: Vec<u32>,
}

impl LineIndex {
    /// Finds the lines of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(
            text.bytes()
                .enumerate()
                .filter(|&(_, byte)| byte == b'\n')
                .map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)),
        );
        let mut counted = 0;
        let counts = text.as_bytes().chunks(BLOCK).map(|block| {
            let before = counted;
            counted += code_points(block);
            before
        });
        Self { starts, counts: counts.collect() }
    }

    /// How many lines there are; a text that ends in LF has an empty last line.
    #[must_use]
    pub fn lines(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    /// 0-based number of the line that holds the byte `offset`.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> u32 {
        let after = self.starts.partition_point(|&start| start <= offset);
        u32::try_from(after.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The bytes of a 0-based line, its line end included; empty past the last line.
    #[must_use]
    pub fn line_span(&self, line: u32, text: &str) -> Span {
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let start = self.starts.get(line as usize).copied().unwrap_or(end);
        let next = self.starts.get(line as usize + 1).copied().unwrap_or(end);
        Span::new(start, next)
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
        let start = self.starts[line as usize] as usize;
        let column = match offset - start {
            0..=BLOCK => code_points(&text.as_bytes()[start..offset]),
            _ => self.code_points_before(offset, text) - self.code_points_before(start, text),
        };
        LineColumn { line: line + 1, column: column + 1 }
    }

    fn code_points_before(&self, offset: usize, text: &str) -> u32 {
        let block = offset / BLOCK;
        let before = self.counts.get(block).copied();
        // Behind the last block there is nothing, so all of it is counted from its start.
        let (before, from) = match (before, block.checked_sub(1)) {
            (Some(before), _) => (before, block * BLOCK),
            (None, Some(last)) => (self.counts.get(last).copied().unwrap_or(0), last * BLOCK),
            (None, None) => (0, 0),
        };
        before + code_points(&text.as_bytes()[from..offset])
    }
}

/// Code points that start in these bytes of UTF-8.
fn code_points(bytes: &[u8]) -> u32 {
    let starts = bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
    u32::try_from(starts).unwrap_or(u32::MAX)
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
    fn columns_count_code_points_from_one() {
        check("", 0, (1, 1));
        check("ab\ncd", 4, (2, 2));
        check("é𝗯x", 6, (1, 3));
        check("é𝗯x", 3, (1, 2)); // inside 𝗯
        check("a\r\nb", 3, (2, 1));
        check("a\n", 2, (2, 1));
        check("a\n", 99, (2, 1));
    }

    #[test]
    fn columns_of_long_lines_are_those_that_counting_gives() {
        let text = format!("ab\n{}\nc{}", "aé漢🚀".repeat(BLOCK), "é".repeat(BLOCK));
        let index = LineIndex::new(&text);
        let near = (0..text.len()).filter(|at| at % BLOCK < 5 || at % BLOCK > BLOCK - 5 || at % 911 == 0);
        for at in near.chain([text.len()]).filter(|&at| text.is_char_boundary(at)) {
            let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let expected = u32::try_from(text[start..at].chars().count()).unwrap() + 1;
            let found = index.line_column(u32::try_from(at).unwrap(), &text);
            assert_eq!(found.column, expected, "at {at}");
        }
        let whole = "a".repeat(BLOCK * 2);
        assert_eq!(LineIndex::new(&whole).line_column(u32::MAX, &whole).column as usize, BLOCK * 2 + 1);
    }
}
