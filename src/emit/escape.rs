//! Text from outside, made harmless for the language that a format is written in.
//!
//! Does not know what the text means. Invariant: what comes out is read as plain text by that language, holds nothing
//! that [`clean`] would not let through, and stands on one line unless it says otherwise.

use std::borrow::Cow;
use std::fmt::Write;

use super::clean;

/// Text for XML, between tags or in an attribute: what XML 1.0 does not allow is made visible. Lines stay apart.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in clean::block(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // In an attribute they would be read as spaces.
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => clean::push_visible(&mut out, c),
            // A runner would obey `##[` where the document is printed into its log.
            '#' if out.ends_with('#') => out.push_str("&#35;"),
            _ => out.push(c),
        }
    }
    out
}

/// The message of a workflow command (<https://github.com/actions/toolkit>, `command.ts`). Lines stay apart.
pub(super) fn command_data(text: &str) -> String {
    clean::break_marks(&clean::block(text).replace('%', "%25").replace('\n', "%0A")).into_owned()
}

/// A property of a workflow command.
pub(super) fn command_property(text: &str) -> String {
    let text = clean::line(text).replace('%', "%25").replace(':', "%3A");
    clean::break_marks(&text.replace(',', "%2C")).into_owned()
}

/// A path as a relative reference, or an absolute one as a `file` URI (RFC 3986); `/` stays.
pub(super) fn uri(path: &str) -> String {
    let mut path = Cow::Borrowed(path.strip_prefix("./").unwrap_or(path));
    if cfg!(windows) {
        path = Cow::Owned(path.replace('\\', "/"));
    }
    let drive = path.as_bytes().get(1) == Some(&b':') && cfg!(windows);
    let mut uri = String::from(match (path.starts_with('/'), drive) {
        (true, _) => "file://",
        (_, true) => "file:///",
        _ => "",
    });
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte))
            }
            // A `String` takes everything.
            _ => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri
}

/// Stands between two characters that Markdown would read as one thing: a space of no width, as an entity, so that a
/// mention calls nobody.
const APART: &str = "&#8203;";

/// Text for a paragraph or a table cell of Markdown: no markup, no HTML, no links, and nobody is mentioned.
pub(super) fn markdown(text: &str) -> String {
    let text = clean::line(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.as_ref();
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '!' | '|' | '~' | '$' => {
                out.extend(['\\', c])
            }
            '@' => out.extend(["@", APART]),
            // Also at the start of a line, where it would be a heading.
            '#' => out.extend(["#", APART]),
            ':' if after.starts_with("//") => out.extend([":", APART]),
            'w' | 'W' if rest.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www.")) => {
                out.push(c);
                out.push_str(APART);
            }
            '-' | '+' | '=' if out.is_empty() => out.extend(['\\', c]),
            _ => out.push(c),
        }
        rest = after;
    }
    out
}

/// Text of a draft as a code span of Markdown, in which nothing is read; also in a table cell.
pub(super) fn code_span(text: &str) -> String {
    let text = clean::break_marks(&clean::line(text)).replace('|', "\\|");
    let run = |text: &str| text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(escape: fn(&str) -> String, text: &str, expected: &str) {
        assert_eq!(escape(text), expected);
    }

    #[test]
    fn xml_holds_only_what_xml_allows() {
        check(xml, "a <b> & \"c\" 'd'", "a &lt;b&gt; &amp; &quot;c&quot; &apos;d&apos;");
        check(xml, "a\r\nb\tc\u{0}\u{1b}]]>", "a&#10;b&#9;c␀␛]]&gt;");
        check(xml, "##[error] # x", "#&#35;[error] # x");
        check(xml, "\u{ffff}\u{fffe}\u{202e}👩‍👩‍👧", "\\u{ffff}\\u{fffe}\\u{202e}👩‍👩‍👧");
    }

    #[test]
    fn commands_of_a_runner_hold_no_others() {
        check(command_data, "50%\r\n::error::x\n##[error]y", "50%25%0A::error::x%0A## [error]y");
        check(command_data, "##vso[x]", "## vso[x]");
        check(command_property, "a,b:c%\n\u{1b}", "a%2Cb%3Ac%25␊␛");
    }

    #[test]
    fn paths_are_references() {
        check(uri, "./posts/a b.md", "posts/a%20b.md");
        check(uri, "/tmp/ü:#?.csv", "file:///tmp/%C3%BC%3A%23%3F.csv");
        check(uri, "<stdin>", "%3Cstdin%3E");
        check(uri, "../a%.md", "../a%25.md");
    }

    #[test]
    fn markdown_calls_nobody_and_marks_nothing_up() {
        check(markdown, "hi @ana, see #12 | <b>&", "hi @&#8203;ana, see #&#8203;12 \\| &lt;b&gt;&amp;");
        check(
            markdown,
            "[x](https://a.example) www.b.example",
            "\\[x\\]\\(https:&#8203;//a.example\\) w&#8203;ww.b.example",
        );
        check(markdown, "- *a* _b_ `c`\n# d", "\\- \\*a\\* \\_b\\_ \\`c\\`␊#&#8203; d");
        check(markdown, "![x] ~~y~~ $z$ \\", "\\!\\[x\\] \\~\\~y\\~\\~ \\$z\\$ \\\\");
    }

    #[test]
    fn a_code_span_has_no_end_within() {
        check(code_span, "plain @ana #12", "`plain @ana #12`");
        check(code_span, "a `b` c", "``a `b` c``");
        check(code_span, "``", "``` `` ```");
        check(code_span, "a|b\n", "`a\\|b␊`");
        check(code_span, "", "`  `");
    }
}
