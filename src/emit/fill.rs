//! Fills lines with words.
//!
//! Does not clean. Invariant: no word is cut, and what stood on two lines stays on two.

use std::borrow::Cow;

/// Lines of at most `width` characters, as far as words allow; all but the first are indented by `indent` spaces.
pub(crate) fn fill(text: &str, width: usize, indent: usize) -> Cow<'_, str> {
    let text = text.trim_end();
    if !text.contains('\n') && text.chars().count() <= width {
        return Cow::Borrowed(text);
    }
    let mut filled = String::with_capacity(text.len() + 16);
    for line in text.lines() {
        let mut column = 0;
        for word in line.split_whitespace() {
            let length = word.chars().count();
            if column > 0 && column + 1 + length <= width {
                filled.push(' ');
                column += 1;
            } else if !filled.is_empty() {
                filled.push('\n');
                filled.extend(std::iter::repeat_n(' ', indent));
                column = 0;
            }
            filled.push_str(word);
            column += length;
        }
    }
    Cow::Owned(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, width: usize, expected: &[&str]) {
        assert_eq!(fill(text, width, 8), expected.join("\n        "));
    }

    #[test]
    fn lines_are_filled_and_kept_apart() {
        check("", 9, &[""]);
        check("one two", 9, &["one two"]);
        check("one two three four", 9, &["one two", "three", "four"]);
        check("one two\nthree", 20, &["one two", "three"]);
        check("incomprehensible it is", 5, &["incomprehensible", "it is"]);
    }
}
