//! Two texts as a unified diff.
//!
//! Invariant: lines that are the same are never shown as changed on one side only, and control characters are made
//! visible.

use std::fmt::Write as _;

use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::emit::clean::line;

/// Lines shown before and behind a change.
const AROUND: usize = 3;

/// A line of a diff: in both texts, only in the old one, or only in the new one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Row<'t> {
    Same(&'t str),
    Old(&'t str),
    New(&'t str),
}

/// The diff of the file `name`; empty where the texts are equal.
pub(super) fn unified(name: &str, old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let rows = rows(&old, &new);
    let changed: Vec<usize> = (0..rows.len()).filter(|&at| !matches!(rows[at], Row::Same(_))).collect();
    let mut text = String::new();
    if changed.is_empty() {
        return text;
    }
    // Writing to a string cannot fail.
    let _ = writeln!(text, "--- {name}\n+++ {name}");
    let mut changed = changed.into_iter().peekable();
    while let Some(first) = changed.next() {
        let mut last = first;
        while let Some(next) = changed.next_if(|&next| next <= last + 2 * AROUND) {
            last = next;
        }
        let hunk = first.saturating_sub(AROUND)..rows.len().min(last + AROUND + 1);
        write_hunk(&mut text, &rows, hunk);
    }
    text
}

fn write_hunk(text: &mut String, rows: &[Row<'_>], hunk: std::ops::Range<usize>) {
    let count = |rows: &[Row<'_>]| {
        let old = rows.iter().filter(|row| !matches!(row, Row::New(_))).count();
        (old, rows.iter().filter(|row| !matches!(row, Row::Old(_))).count())
    };
    let (before, inside) = (rows.get(..hunk.start).unwrap_or_default(), rows.get(hunk).unwrap_or_default());
    let ((old_start, new_start), (old, new)) = (count(before), count(inside));
    let at = |start: usize, length: usize| format!("{},{length}", if length == 0 { start } else { start + 1 });
    let _ = writeln!(text, "@@ -{} +{} @@", at(old_start, old), at(new_start, new));
    for row in inside {
        let (sign, words) = match row {
            Row::Same(words) => (' ', words),
            Row::Old(words) => ('-', words),
            Row::New(words) => ('+', words),
        };
        let _ = writeln!(text, "{sign}{}", line(words));
    }
}

/// The lines of both in one order.
fn rows<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<Row<'t>> {
    let mut rows = Vec::new();
    for change in capture_diff_slices(Algorithm::Patience, old, new) {
        let (tag, gone, come) = change.as_tag_tuple();
        let (gone, come) = (old.get(gone).unwrap_or_default(), new.get(come).unwrap_or_default());
        if tag == DiffTag::Equal {
            rows.extend(gone.iter().map(|words| Row::Same(words)));
        } else {
            rows.extend(gone.iter().map(|words| Row::Old(words)));
            rows.extend(come.iter().map(|words| Row::New(words)));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        assert_eq!(unified("a", old, new), expected);
    }

    #[test]
    fn changes_stand_with_the_lines_around_them() {
        check("a\nb\n", "a\nb\n", "");
        check("a\nb\nc\n", "a\nx\nc\n", "--- a\n+++ a\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
        check("a\nb", "a", "--- a\n+++ a\n@@ -1,2 +1,1 @@\n a\n-b\n");
        check("b", "", "--- a\n+++ a\n@@ -1,1 +0,0 @@\n-b\n");
        let (old, new) = ("big\n\none\n\ntwo\n\nthree\n", "\n\none\n\ntwo\n\nthree\n");
        check(old, new, "--- a\n+++ a\n@@ -1,5 +1,5 @@\n-big\n \n+\n one\n \n two\n");
        check("\u{1b}[1m\n", "x\n", "--- a\n+++ a\n@@ -1,1 +1,1 @@\n-␛[1m\n+x\n");
        let old: String = (0..20).map(|number| format!("{number}\n")).collect();
        let new = old.replace("2\n3\n", "2\n30\n").replace("18\n", "");
        let expected = "--- a\n+++ a\n@@ -1,7 +1,7 @@\n 0\n 1\n 2\n-3\n+30\n 4\n 5\n 6\n\
                        @@ -16,5 +16,4 @@\n 15\n 16\n 17\n-18\n 19\n";
        check(&old, &new, expected);
    }
}
