//! JSON: queues of posts as programs and people keep them.
//!
//! [`scan`] finds values with their places, [`records`] what of them is a post. Invariant: text that is
//! not JSON is told at the place where it ceases to be.

pub(super) mod scan;
pub(super) mod string;

use std::sync::Arc;

use self::scan::{Fault, NESTING, TOO_DEEP, check, check_to, white};
use super::escape::offset;
use super::{Output, jsonl, records};
use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span};

/// What [`Diagnostic::code`] says of JSON that cannot be read.
const CODE: &str = "input/json";

/// Reads the posts of `source`. Several values behind each other are JSON lines by another name.
pub(super) fn read(source: &Arc<Source>, output: &mut Output<'_>) {
    let text = source.text();
    let bytes = text.as_bytes();
    let start = assignment(text);
    let ends = |end: usize| {
        let end = white(bytes, end);
        // Only a statement of JavaScript ends with a semicolon.
        let semicolon = start > 0 && bytes.get(end) == Some(&b';');
        white(bytes, end + usize::from(semicolon)) == text.len()
    };
    match check_to(text, start, output.options.limits.nesting) {
        Ok(checked) if ends(checked.end) => records::read(checked.value(), source, output),
        Ok(checked) if is_lines(text, checked.end) => jsonl::read(source, output),
        Ok(checked) => {
            let at = white(bytes, checked.end);
            output.unrecognised(broken(source, &Fault { at, message: "more behind the end" }))
        }
        Err(fault) => output.unrecognised(broken(source, &fault)),
    }
}

/// How a text is JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One list or object.
    Whole,
    /// An object a line.
    Lines,
}

/// Whether a text whose name does not say so is JSON.
pub(super) fn shape(text: &str) -> Option<Shape> {
    let start = assignment(text);
    if start > 0 {
        return check(text, start).ok().map(|_| Shape::Whole);
    }
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let end = check(text, 0).ok()?.end;
    if white(text.as_bytes(), end) == text.len() {
        return Some(Shape::Whole);
    }
    is_lines(text, end).then_some(Shape::Lines)
}

/// Where the value starts that a script of data gives to a name, as `window.YTD.tweets.part0 = [` does in the archives
/// of X; 0 where none does.
fn assignment(text: &str) -> usize {
    let lead = text.len() - text.trim_start().len();
    let Some(line) = text.get(lead..).map(|rest| rest.bytes().take(LONGEST_NAME)) else { return 0 };
    let name =
        line.clone().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'$' | b' '));
    let len = name.count();
    let starts = line.clone().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let equals = line.clone().nth(len) == Some(b'=') && line.clone().nth(len + 1) != Some(b'=');
    if starts && equals { lead + len + 1 } else { 0 }
}

/// No name that data is given to is longer.
const LONGEST_NAME: usize = 200;

/// Whether another object follows on the next line.
fn is_lines(text: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    text.trim_start().starts_with('{')
        && rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n')
        && rest.trim_start().starts_with('{')
}

fn broken(source: &Arc<Source>, fault: &Fault) -> Diagnostic {
    let text = source.text();
    let mut at = fault.at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let len = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let span = Span::new(offset(0, at), offset(0, at + len));
    let diagnostic =
        Diagnostic::error(CODE, format!("invalid JSON: {}", fault.message)).label(source, span, "here");
    if fault.message == TOO_DEEP { diagnostic.help(NESTING) } else { diagnostic }
}

#[cfg(test)]
mod tests;
