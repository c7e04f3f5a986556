//! Makes untrusted text harmless for whoever reads it on a terminal or in the log of a CI runner.
//!
//! Does not know where text stands or what it means. Invariant: what comes out holds no C0 but the tabs and
//! newlines asked for, no DEL, no C1, and nothing that turns or hides the letters around it; joiners that emoji
//! and scripts need (U+200C, U+200D) stay.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character steers a terminal, turns the writing direction or cannot be seen. Tab and newline are
/// among them. All lie in the basic plane.
pub(super) const fn unprintable(c: char) -> bool {
    matches!(
        c,
        '\0'..='\x1f'
            | '\x7f'..='\u{9f}'
            | '\u{61c}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
    )
}

/// Writes the visible form of an [`unprintable`] character: the control picture of a C0 or DEL (`␛`), the escape
/// of any other (`\u{202e}`).
pub(super) fn push_visible(out: &mut String, c: char) {
    let code = u32::from(c);
    let picture = match code {
        0..0x20 => char::from_u32(0x2400 + code),
        0x7f => Some('␡'),
        _ => None,
    };
    match picture {
        Some(picture) => out.push(picture),
        // A `String` takes everything.
        None => drop(write!(out, "\\u{{{code:x}}}")),
    }
}

/// Text that has to stay on its line: tabs and newlines are made visible too.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    clean(text, |_| false)
}

/// Text of several lines: tabs and newlines stay, and CRLF becomes LF.
pub(crate) fn block(text: &str) -> Cow<'_, str> {
    let keep = |c| matches!(c, '\t' | '\n');
    if text.contains("\r\n") {
        return Cow::Owned(clean(&text.replace("\r\n", "\n"), keep).into_owned());
    }
    clean(text, keep)
}

/// Whether all of it is printable ASCII. Without an early end this is told for many bytes at once.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

fn clean(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    let bad = |c: char| unprintable(c) && !keep(c);
    if is_plain(text) || !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if bad(c) {
            push_visible(&mut out, c);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Whether a runner would obey a command that `text` begins with, wherever on a line that stands: `##[` and `##vso[` of GitHub Actions and
/// Azure Pipelines (<https://github.com/microsoft/azure-pipelines-agent>, `Command.cs`), and `##teamcity[`.
pub(super) fn is_command(text: &str) -> bool {
    let named = text.strip_prefix("##").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()));
    named.is_some_and(|rest| rest.starts_with('['))
}

/// Breaks every [`is_command`].
pub(super) fn break_marks(text: &str) -> Cow<'_, str> {
    let (mut out, mut from) = (String::new(), 0);
    let starts = text.match_indices('#').filter(|(at, _)| text.get(*at..).is_some_and(is_command));
    for (at, _) in starts {
        let behind = at + "##".len();
        out.extend([text.get(from..behind).unwrap_or_default(), " "]);
        from = behind;
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

/// Breaks what a runner would obey: every [`is_command`], and the `::` of GitHub Actions at the start of a line after white space
/// (<https://github.com/actions/runner>, `ActionCommand.cs`).
pub(crate) fn break_commands(text: &str) -> Cow<'_, str> {
    if !text.lines().any(starts_command) {
        return break_marks(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start();
        let line = match rest.strip_prefix("::") {
            Some(after) => {
                out.push_str(line.strip_suffix(rest).unwrap_or_default());
                out.push_str(": :");
                after
            }
            None => line,
        };
        out.push_str(&break_marks(line));
    }
    Cow::Owned(out)
}

fn starts_command(line: &str) -> bool {
    line.trim_start().starts_with("::")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown_instead() {
        #[track_caller]
        fn check(text: &str, on_a_line: &str, in_a_block: &str) {
            assert_eq!((&*line(text), &*block(text)), (on_a_line, in_a_block));
        }
        check("plain, 👩‍👩‍👧 and می‌خواهم", "plain, 👩‍👩‍👧 and می‌خواهم", "plain, 👩‍👩‍👧 and می‌خواهم");
        check("\x1b[31mred\x07", "␛[31mred␇", "␛[31mred␇");
        check("a\tb\r\nc", "a␉b␍␊c", "a\tb\nc");
        check("a\rb\x7f", "a␍b␡", "a␍b␡");
        check("\u{9b}31m\u{85}", "\\u{9b}31m\\u{85}", "\\u{9b}31m\\u{85}");
        check(
            "\u{202e}txt\u{2066}\u{2028}\u{200b}\u{feff}",
            "\\u{202e}txt\\u{2066}\\u{2028}\\u{200b}\\u{feff}",
            "\\u{202e}txt\\u{2066}\\u{2028}\\u{200b}\\u{feff}",
        );
    }

    #[test]
    fn commands_of_a_runner_are_broken() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(break_commands(text), expected);
        }
        check("a::b\n", "a::b\n");
        check("::error::x\n", ": :error::x\n");
        check("one\n \t::set-output name=a::b", "one\n \t: :set-output name=a::b");
        check("x ##[error]y ##[group]\n", "x ## [error]y ## [group]\n");
        check("::warning::##[error]", ": :warning::## [error]");
        check(
            "a ###[x] ##vso[task.x]##teamcity[y] ##no [z] #[",
            "a ### [x] ## vso[task.x]## teamcity[y] ##no [z] #[",
        );
        check(":::", ": ::");
    }
}
