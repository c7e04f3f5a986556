//! Links as X finds them: with a scheme, or a bare domain name under a known top-level domain.
//!
//! Does not open or judge links. Invariant: what [`urls`] gives rises without overlap.

use std::ops::Range;

use super::x::{is_directional, is_latin_accent, is_space};
use super::{char_after, char_before, punycode, tld};

const LONGEST_URL: usize = 4096;
const LONGEST_LABEL: usize = 63;
const LONGEST_SHORT_CODE: usize = 40;

/// What looking for a top-level domain costs, in characters read.
const COST_OF_LOOKUP: usize = 32;

/// A stretch of text that has the form of a link.
struct Candidate {
    /// Where the domain name starts; the scheme stands before it.
    domain: Range<usize>,
    /// Where the port ends, or the domain without one.
    path: usize,
    end: usize,
}

/// All links: with a scheme `http://` or `https://`, or bare domain names with their paths.
#[must_use]
pub fn urls(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !text.contains('.') {
        return found;
    }
    let mut at = 0;
    // Work on starts that fail is limited, so that a hostile text costs linear time: real ones stay far below.
    let mut budget = 64 * text.len() + 4096;
    while at < text.len() {
        if !may_start(text, at) {
            at = next_char(text, at);
            continue;
        }
        let scheme = scheme_len(&text[at..]);
        match candidate(text, at, scheme, &mut budget) {
            Ok(link) => {
                let end = link.end;
                collect(text, at, scheme > 0, link, &mut found);
                // The character that lets a link start belongs to no other link, so one lies between.
                at = next_char(text, end);
            }
            Err(next) => at = next.max(next_char(text, at)),
        }
    }
    found
}

/// Where the first link of `text[at..]` ends, if it starts at byte `at`.
#[must_use]
pub fn url_at(text: &str, at: usize) -> Option<usize> {
    urls(text).into_iter().find(|span| span.start == at).map(|span| span.end)
}

fn collect(text: &str, start: usize, schemed: bool, link: Candidate, found: &mut Vec<Range<usize>>) {
    let domain = &text[link.domain.clone()];
    if !is_wire_valid(domain, link.end - start) {
        return;
    }
    if schemed {
        if let Some(end) = shortened(text, &link) {
            found.extend((end > 0).then_some(start..end));
        } else {
            found.push(start..link.end);
        }
        return;
    }
    if char_before(text, start).is_some_and(|c| "-_./".contains(c)) {
        return;
    }
    let first = found.len();
    plain_domains(domain, link.domain.start, found);
    if found.len() > first
        && link.path < link.end
        && let Some(last) = found.last_mut()
    {
        last.end = link.end;
    }
}

/// The end of a link of the network's own shortener, which takes no more than its code and a query; 0 if its code
/// is too long to be one. None for other links.
fn shortened(text: &str, link: &Candidate) -> Option<usize> {
    if !text[link.domain.start..link.end].get(..5)?.eq_ignore_ascii_case("t.co/") {
        return None;
    }
    let code = link.domain.start + 5;
    let length = text[code..link.end].bytes().take_while(u8::is_ascii_alphanumeric).count();
    match length {
        0 => None,
        1..=LONGEST_SHORT_CODE => Some(query_end(text, code + length).unwrap_or(code + length)),
        _ => Some(0),
    }
}

/// The domain names in a stretch of several scripts whose labels are ASCII or Latin.
fn plain_domains(domain: &str, offset: usize, found: &mut Vec<Range<usize>>) {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || is_latin_accent(c);
    let mut at = 0;
    while at < domain.len() {
        let rest = &domain[at..];
        let Some(start) = rest.find(plain).map(|from| at + from) else { return };
        let mut label = start;
        let mut end = None;
        loop {
            let stop = domain[label..].find(|c| !plain(c)).map_or(domain.len(), |length| label + length);
            if stop == label || !domain[stop..].starts_with('.') {
                label = stop;
                break;
            }
            label = stop + 1;
            if let Some(length) = tld::at_start(&domain[label..]) {
                end = Some(label + length);
            }
        }
        match end {
            Some(end) => {
                found.push(offset + start..offset + end);
                at = end;
            }
            None => at = label.max(next_char(domain, start)),
        }
    }
}

/// Whether every label fits into a domain name and the whole into a link, both in their ASCII form.
fn is_wire_valid(domain: &str, link: usize) -> bool {
    if domain.starts_with("xn--") && !domain.is_ascii() {
        return false;
    }
    link <= LONGEST_URL
        && domain.split('.').all(|label| (1..=LONGEST_LABEL).contains(&punycode::encoded_len(label)))
}

/// The link that starts at `at`, or else the next place where one may start.
fn candidate(text: &str, at: usize, scheme: usize, budget: &mut usize) -> Result<Candidate, usize> {
    let start = at + scheme;
    let end = domain_end(text, start, budget)?;
    let port = text[end..].strip_prefix(':').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let path = if port > 0 { end + 1 + port } else { end };
    let mut stop = path;
    if text[path..].starts_with('/') {
        stop = path_end(text, path + 1);
    }
    stop = query_end(text, stop).unwrap_or(stop);
    Ok(Candidate { domain: start..end, path, end: stop })
}

/// The end of the longest domain name that starts at `start`: labels, the one before the top-level domain without
/// an underscore. Without one, the next place where a name may start: within the labels read none does, but for the
/// part of a label behind its underscore and a scheme at its end.
fn domain_end(text: &str, start: usize, budget: &mut usize) -> Result<usize, usize> {
    let mut label = start;
    let mut end = None;
    let mut behind_underscore = None;
    loop {
        let rest = text.get(label..).filter(|_| *budget > 0).ok_or(text.len())?;
        let length = rest.find(|c| !(is_domain_char(c) || c == '-' || c == '_')).unwrap_or(rest.len());
        *budget = budget.saturating_sub(length);
        let name = &rest[..length];
        let edged = |c| c == '-' || c == '_';
        if name.is_empty() || name.starts_with(edged) || name.ends_with(edged) || !rest[length..].starts_with('.')
        {
            let scheme = if rest[length..].starts_with("://") { trailing_scheme(name) } else { 0 };
            let next = if label == start { label + length - scheme } else { label };
            return end.ok_or(behind_underscore.unwrap_or(next));
        }
        *budget = budget.saturating_sub(COST_OF_LOOKUP);
        let underscore = name.rfind('_').map(|at| label + at + 1);
        label += length + 1;
        if let Some(length) = tld::at_start(&text[label..]) {
            if underscore.is_none() {
                end = Some(label + length);
            }
            behind_underscore = behind_underscore.or(underscore);
        }
    }
}

/// The end of a path from behind its first slash: up to the last character that a path may end in.
fn path_end(text: &str, start: usize) -> usize {
    let (mut at, mut end) = (start, start);
    while let Some(c) = char_after(text, at) {
        if is_path_char(c) {
            at += c.len_utf8();
            if is_path_end(c) {
                end = at;
            }
        } else if let Some(closed) = parentheses_end(text, at, 2) {
            (at, end) = (closed, closed);
        } else {
            break;
        }
    }
    end
}

/// The end of a balanced pair of parentheses at `at`, up to `depth` of them in one another, not empty.
fn parentheses_end(text: &str, at: usize, depth: usize) -> Option<usize> {
    let start = at + text.get(at..)?.strip_prefix('(').map(|_| 1)?;
    let mut at = start;
    let mut nested = depth < 2;
    loop {
        let c = char_after(text, at)?;
        if is_path_char(c) {
            at += c.len_utf8();
        } else if c == ')' {
            return (at > start).then_some(at + 1);
        } else if nested {
            return None;
        } else {
            at = parentheses_end(text, at, depth - 1)?;
            nested = true;
        }
    }
}

/// The end of a query whose question mark stands at `at`.
fn query_end(text: &str, at: usize) -> Option<usize> {
    let query = text.get(at..)?.strip_prefix('?')?;
    let length =
        query.bytes().take_while(|&b| b.is_ascii_alphanumeric() || b"!?*'@();:&=+$/%#[]-_.,~|".contains(&b));
    let query = &query.as_bytes()[..length.count()];
    let last = query.iter().rposition(|&b| b.is_ascii_alphanumeric() || b"-_&=#/".contains(&b))?;
    Some(at + 1 + last + 1)
}

fn may_start(text: &str, at: usize) -> bool {
    text.is_char_boundary(at)
        && char_before(text, at).is_none_or(|c| {
            !(c.is_ascii_alphanumeric() || matches!(c, '@' | '＠' | '$' | '#' | '＃') || is_invalid(c))
        })
        && char_after(text, at).is_some_and(is_domain_char)
}

/// Bytes of the scheme that `text` starts with, its slashes included.
fn scheme_len(text: &str) -> usize {
    let starts = |scheme: &&str| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    ["http://", "https://"].iter().find(|scheme| starts(scheme)).map_or(0, |scheme| scheme.len())
}

/// Bytes of the name of a scheme that `name` ends with.
fn trailing_scheme(name: &str) -> usize {
    let ends = |scheme: &&str| {
        let tail = name.len().checked_sub(scheme.len()).and_then(|at| name.get(at..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(scheme))
    };
    ["https", "http"].iter().find(|scheme| ends(scheme)).map_or(0, |scheme| scheme.len())
}

fn is_domain_char(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || matches!(c, '"' | '`') || c.is_ascii_control() && !c.is_whitespace();
    }
    !(is_space(c) || is_directional(c) || is_invalid(c))
}

fn is_invalid(c: char) -> bool {
    matches!(c, '\u{FFFE}' | '\u{FEFF}' | '\u{FFFF}')
}

fn is_path_char(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || "!*';:=+,.$/%#[]-_~@|&".contains(c);
    }
    c == '\u{2013}' || matches!(c, '\u{400}'..='\u{4FF}') || is_latin_accent(c)
}

fn is_path_end(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || "+-=_#/".contains(c);
    }
    is_path_char(c) && c != '\u{2013}'
}

fn next_char(text: &str, at: usize) -> usize {
    at + char_after(text, at).map_or(1, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = urls(text).into_iter().map(|span| &text[span]).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn trailing_marks_are_not_part_of_a_link() {
        check("see https://example.org/a. And (example.org), ok", &["https://example.org/a", "example.org"]);
        check("https://example.org/a_(b)_(c(d)e)!", &["https://example.org/a_(b)_(c(d)e)"]);
        check("(https://example.org/a)", &["https://example.org/a"]);
        check("example.org:80/?q=a.", &["example.org:80/?q=a"]);
    }

    #[test]
    fn a_bare_name_needs_a_known_domain() {
        check("e.g. node.js v1.2 and jo@example.org", &[]);
        check("例えhttps://example.orgと a_b.com", &["https://example.org"]);
        check("Example.ORG and 例え.example.orgです", &["Example.ORG", "example.org"]);
    }

    #[test]
    fn a_hostile_text_takes_linear_time() {
        check(&"a-".repeat(50_000), &[]);
        check(&"a.".repeat(50_000), &[]);
        check(&format!("{}.com-", "a-".repeat(50_000)), &[]);
        check(&format!("{}.com", "a_".repeat(50_000)), &[]);
        check(&"(http://a.com/(".repeat(2_000), &vec!["http://a.com/"; 2_000]);
    }
}
