//! Front matter: the YAML, TOML or JSON before the body of a Markdown file, or before a tweet.
//!
//! Splits it off, reads it into a [`tree`], and fills posts from it. Does not interpret keys that are not ours
//! to read. Invariant: whatever is wrong with it, the place where the body starts is found.

mod fences;
mod fields;
mod json_tree;
mod social;
mod toml_tree;
mod tree;
mod yaml_tree;

use std::sync::Arc;

use self::fences::{Notation, Split};
use self::tree::{Entry, Fault};
pub(super) use self::tree::{Node, Value};
use super::{Directive, Post, directive, yaml};
use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span};

/// What [`Diagnostic::code`] says of front matter that cannot be read.
const CODE: &str = "input/front-matter";

/// Front matter longer than this, in bytes, is not read.
const LIMIT: u32 = 64 * 1024;

/// What stands before a text, and where the text starts.
pub(super) struct FrontMatter {
    pub(super) entries: Vec<Entry>,
    /// Where the text starts in the source.
    pub(super) body: u32,
    /// What its comments say.
    directives: Vec<Directive>,
}

impl FrontMatter {
    /// The front matter of the text at `span` of `source`, if it has any; its mistakes are told.
    pub(super) fn of(source: &Arc<Source>, span: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        let split = fences::split(source.slice(span), span.start())?;
        if split.inner.len() > LIMIT {
            let message = format!("front matter is longer than {} KiB", LIMIT / 1024);
            let opening = Diagnostic::error(CODE, message).label(source, split.opening, "starts here");
            diagnostics.push(opening.help("move what is no metadata into the body").note("it was not read"));
            return Some(Self { entries: Vec::new(), body: split.body, directives: Vec::new() });
        }
        let (entries, faults) = entries(source, &split)?;
        if !split.closed {
            let fence = source.slice(split.opening).to_owned();
            diagnostics.push(
                Diagnostic::error(CODE, "front matter is not closed")
                    .label(source, split.opening, "opened here")
                    .help(format!("end it with a line `{fence}`"))
                    .note("it was read up to the first blank line"),
            );
        }
        diagnostics.extend(faults.into_iter().map(|fault| {
            let message = format!("invalid {}: {}", split.notation.name(), super::shown(&fault.message));
            Diagnostic::error(CODE, message).label(source, fault.span, "here")
        }));
        let inner = source.slice(split.inner);
        let directives = match split.notation {
            Notation::Yaml => yaml::directives(inner, split.inner.start()),
            Notation::Toml => directive::in_toml(inner, split.inner.start()),
            Notation::Json => Vec::new(),
        };
        Some(Self { entries, body: split.body, directives })
    }

    /// What stands under a key, in any case; the last of equal keys counts.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().rev().find(|entry| entry.key.eq_ignore_ascii_case(key)).map(|entry| &entry.node)
    }

    /// Adds the shared fields to a post: title, description and summary.
    pub(super) fn share(&self, source: &Arc<Source>, post: &mut Post, diagnostics: &mut Vec<Diagnostic>) {
        fields::share(source, &self.entries, post, diagnostics);
    }

    /// The posts for the networks that stand in it, each with what it says of the page, which `page` has noted.
    pub(super) fn social_posts(&self, source: &Arc<Source>, page: &Post) -> Vec<Post> {
        social::posts(source, &self.entries, page)
    }

    /// The text of a page that has no body, where it stands in the front matter.
    pub(super) fn text_post(&self, source: &Arc<Source>, page: &Post) -> Option<Post> {
        social::text(source, &self.entries, page)
    }

    /// Notes what is said of a post: account, networks, time and the like.
    pub(super) fn state(&self, source: &Arc<Source>, post: &mut Post, diagnostics: &mut Vec<Diagnostic>) {
        fields::state(source, &self.entries, post, diagnostics);
        post.directives.extend(self.directives.iter().cloned());
    }
}

/// A file of metadata, by its name JSON, YAML or TOML, with all single values as text; nothing where it is no table, and what
/// is right of one that has mistakes.
pub(crate) fn metadata(name: &str, text: &str) -> serde_json::Value {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let entries = match extension {
        "json" => json_tree::read(text.trim_start(), 0).0,
        "toml" => toml_tree::read(text, 0).0,
        "yaml" | "yml" => yaml_tree::read(text, 0).map(|(entries, _)| entries).unwrap_or_default(),
        _ => Vec::new(),
    };
    plain_table(entries)
}

fn plain_table(entries: Vec<Entry>) -> serde_json::Value {
    entries.into_iter().map(|entry| (entry.key, plain(entry.node.value))).collect()
}

// Nested at most as deep as the readers allow.
fn plain(value: Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Scalar(text, _) => text.into(),
        Value::List(nodes) => nodes.into_iter().map(|node| plain(node.value)).collect(),
        Value::Table(entries) => plain_table(entries),
    }
}

/// The entries and mistakes; nothing where a pair of rulers encloses text that is no metadata.
fn entries(source: &Arc<Source>, split: &Split) -> Option<(Vec<Entry>, Vec<Fault>)> {
    let inner = source.slice(split.inner);
    match split.notation {
        Notation::Json => Some(json_tree::read(source.text(), split.inner.start() as usize)),
        Notation::Toml => Some(toml_tree::read(inner, split.inner.start())),
        Notation::Yaml => yaml_tree::read(inner, split.inner.start())
            .filter(|(_, faults)| faults.is_empty() || fences::has_key(inner, split.notation)),
    }
}

#[cfg(test)]
mod tests;
