//! YAML: queues of posts as people keep them beside their code.
//!
//! [`tree`] finds values with their places, [`scalar`] decodes them, [`records`] says what of them is a post. Front
//! matter is read by the same tree. Invariant: text that is not YAML is told at the place where it ceases to be.

mod node;
mod quiet;
mod scalar;
mod tree;

use std::sync::Arc;

pub(super) use self::node::Yaml;
pub(super) use self::quiet::directives;
use self::tree::Fault;
pub(super) use self::tree::read as read_tree;
use super::escape::offset;
use super::json::scan::{NESTING, TOO_DEEP};
use super::output::UNRECOGNISED;
use super::{Chosen, ExtractOptions, Format, Output, extract_each, records};
use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span};

/// What [`Diagnostic::code`] says of YAML that cannot be read.
const CODE: &str = "input/yaml";

/// Reads the posts of `source`. Several documents behind each other are a list of them.
pub(super) fn read(source: &Arc<Source>, output: &mut Output<'_>) {
    let (tree, fault) = read_tree(source.text(), 0, output.options.limits.nesting);
    match (fault, Yaml::root(&tree)) {
        (Some(fault), _) => output.unrecognised(broken(source, &fault)),
        (None, Some(root)) => {
            output.directives = directives(source.text(), 0).into_iter().collect();
            records::read(root, source, output);
            if let Some(span) = tree.astray {
                let diagnostic = Diagnostic::error(CODE, "an alias of nothing").label(source, span, "");
                output.tell(diagnostic.help("`&name` before a value is what `*name` stands for"));
            }
        }
        (None, None) => {
            let diagnostic = Diagnostic::error(UNRECOGNISED, "no posts in this YAML").about(source.name());
            output.unrecognised(diagnostic.note("it holds no text that could be a post"));
        }
    }
}

/// Whether a text whose name does not say so is a queue in YAML: its first line is an entry, and it surely holds posts.
pub(super) fn is_queue(source: &Arc<Source>) -> bool {
    let first = source.text().lines().map(str::trim_end).find(|line| !line.is_empty() && !line.starts_with('#'));
    let Some(first) = first.filter(|line| line.len() < 200) else { return false };
    let entry = first.strip_prefix("- ").unwrap_or(first);
    let opens = entry == "---" || entry.split_once(':').is_some_and(|(key, rest)| is_key(key) && is_apart(rest));
    if !opens {
        return false;
    }
    let options = ExtractOptions { chosen: Chosen::Found, ..Format::Yaml.into() };
    let mut any = false;
    let outcome = extract_each(source, &options, &mut |_| any = true);
    any && outcome.unrecognised.is_none()
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|next| next.is_alphanumeric() || matches!(next, '_' | '-' | '"' | '\''))
}

fn is_apart(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(' ')
}

fn broken(source: &Arc<Source>, fault: &Fault) -> Diagnostic {
    let message = format!("invalid YAML: {}", super::shown(&fault.message));
    let span = character(source.text(), 0, fault.at);
    let diagnostic = Diagnostic::error(CODE, message).label(source, span, "here");
    if fault.message == TOO_DEEP { diagnostic.help(NESTING) } else { diagnostic }
}

/// A span of one character at `at` of `text`, which stands at `base`; of none at the end of a line.
pub(super) fn character(text: &str, base: u32, at: usize) -> Span {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let next = text.get(at..).and_then(|rest| rest.chars().next()).filter(|c| !matches!(c, '\r' | '\n'));
    let len = next.map_or(0, char::len_utf8);
    Span::new(offset(base, at), offset(base, at + len))
}

#[cfg(test)]
mod tests;
