//! `selfless-ignore`, `selfless-ignore-next-line` and `selfless-ignore-file`, as comments say them.
//!
//! Finds no comments, except in TOML; the readers of formats do. Invariant: a comment that is not ours gives nothing,
//! and all places lie inside of the comment.

use super::escape::offset;
use super::{Directive, DirectiveScope};
use crate::diagnostic::nearest;
use crate::text::Span;

/// How every directive begins.
pub(super) const MARK: &str = "selfless-ignore";

/// All that there are.
const WORDS: [&str; 3] = [MARK, "selfless-ignore-next-line", "selfless-ignore-file"];

/// What stands between the rules and the reason.
const REASON: &str = "--";

/// The directive that a comment is; `span` is that of `comment`, which `open` and `close` enclose.
pub(super) fn of_comment(comment: &str, span: Span, open: &str, close: &str) -> Option<Directive> {
    let inner = comment.strip_prefix(open)?.strip_suffix(close)?;
    let words = inner.trim_start();
    if !words.starts_with(MARK) {
        return None;
    }
    let word = words.split(char::is_whitespace).next().unwrap_or_default();
    if !WORDS.contains(&word) {
        let near = nearest(word, WORDS)?;
        let start = offset(span.start(), comment.len() - close.len() - words.len());
        let misspelt = Some((Span::new(start, offset(start, word.len())), near));
        return Some(Directive { misspelt, span, scope: DirectiveScope::Line, rules: Vec::new(), reason: None });
    }
    let behind = words.strip_prefix(MARK)?;
    let (scope, behind) = if let Some(behind) = behind.strip_prefix("-next-line") {
        (DirectiveScope::NextLine, behind)
    } else if let Some(behind) = behind.strip_prefix("-file") {
        (DirectiveScope::File, behind)
    } else {
        (DirectiveScope::Line, behind)
    };
    let mut at = comment.len() - close.len() - behind.len();
    let (mut rules, mut reason) = (Vec::new(), None);
    for piece in behind.split_inclusive(|next: char| next.is_whitespace() || next == ',') {
        let word = piece.trim_end_matches(|next: char| next.is_whitespace() || next == ',');
        if word == REASON {
            let rest = comment.get(at + REASON.len()..comment.len() - close.len()).unwrap_or_default().trim();
            reason = (!rest.is_empty()).then(|| rest.to_owned());
            break;
        }
        if !word.is_empty() {
            let start = offset(span.start(), at);
            rules.push((word.to_owned(), Span::new(start, offset(start, word.len()))));
        }
        at += piece.len();
    }
    Some(Directive { misspelt: None, span, scope, rules, reason })
}

/// The directives in comments `#` of TOML that stands at `base`.
pub(super) fn in_toml(text: &str, base: u32) -> Vec<Directive> {
    let mut found = Vec::new();
    if !text.contains(MARK) {
        return found;
    }
    let (mut at, mut quote) = (0, "");
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().map_or(1, char::len_utf8);
        if !quote.is_empty() {
            // A line ends a string of one line, whatever it lacks.
            let ends = rest.starts_with(quote) || quote.len() == 1 && rest.starts_with('\n');
            let escape = quote.starts_with('"') && rest.starts_with('\\');
            at += match (ends, escape) {
                (true, _) => std::mem::take(&mut quote).len(),
                (_, true) => 1 + rest.get(1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8),
                _ => first,
            };
        } else if let Some(opened) = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|open| rest.starts_with(open)) {
            quote = opened;
            at += opened.len();
        } else if rest.starts_with('#') {
            let line = rest.lines().next().unwrap_or_default().trim_end();
            let start = offset(base, at);
            found.extend(of_comment(line, Span::new(start, offset(start, line.len())), "#", ""));
            at += line.len();
        } else {
            at += first;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, directive: &Directive) -> String {
        let rules: Vec<&str> = directive.rules.iter().map(|(_, span)| &text[span.range()]).collect();
        assert!(directive.rules.iter().zip(&rules).all(|((name, _), there)| name == there));
        format!("{:?} {} {}", directive.scope, rules.join("+"), directive.reason.as_deref().unwrap_or("none"))
    }

    #[track_caller]
    fn check(comment: &str, expected: Option<&str>) {
        let span = Span::of(0..comment.len());
        let found = of_comment(comment, span, "<!--", "-->").map(|directive| told(comment, &directive));
        assert_eq!(found.as_deref(), expected, "{comment}");
    }

    #[test]
    fn comments_say_what_to_be_quiet_about() {
        check("<!-- selfless-ignore ask/soft -->", Some("Line ask/soft none"));
        check("<!--selfless-ignore-file brag, ask/hard -- é is meant -->", Some("File brag+ask/hard é is meant"));
        check("<!-- selfless-ignore-next-line brag --\n-->", Some("NextLine brag none"));
        check("<!-- selfless-ignore -->", Some("Line  none"));
        check("<!-- selfless-ignored brag -->", Some("Line  none"));
        check("<!-- selfless-ignore-nothing-of-the-kind brag -->", None);
        check("<!-- a selfless-ignore brag -->", None);
    }

    #[test]
    fn strings_of_toml_hold_no_comments() {
        let text = "a = '# selfless-ignore brag'\nb = \"\"\"\n# selfless-ignore brag\n\\\"\"\"\"\nc = 1 # selfless-ignore ask -- so\n";
        let found: Vec<String> = in_toml(text, 0).iter().map(|directive| told(text, directive)).collect();
        assert_eq!(found, ["Line ask so"]);
    }
}
