//! The keys of front matter that are ours to read, and what they mean for a post.
//!
//! Does not parse. Keys that other programs own are left alone, so only what stands under `selfless` can be an
//! unknown key. Invariant: parts come in the order title, description, summary, each at most once.

use std::sync::Arc;

use super::CODE;
use super::tree::{Entry, Node, Value};
use crate::diagnostic::{Diagnostic, Level, nearest};
use crate::document::assemble::networks;
use crate::document::{
    Directive, DirectiveScope, Intent, Part, PartKind, Post, PostId, PostStatus, PostTime, Role, Stated, shown,
};
use crate::text::{Platform, Source, Span};

/// The keys under `selfless`.
const OWN_KEYS: [&str; 3] = ["intent", "ignore", "reason"];

/// Adds the parts that are shared with a post, the last of equal keys counting.
pub(super) fn share(source: &Arc<Source>, entries: &[Entry], post: &mut Post, diagnostics: &mut Vec<Diagnostic>) {
    let mut fields = Fields { source, entries, diagnostics };
    for (key, kind) in
        [("title", PartKind::Title), ("description", PartKind::Description), ("summary", PartKind::Description)]
    {
        if let Some((text, map)) = fields.scalar(key)
            && !text.trim().is_empty()
            && post.parts.iter().all(|part| part.text != *text)
        {
            post.parts.push(Part::new(kind, text.clone(), map.clone()));
        }
    }
}

/// Notes what is said of a post, the last of equal keys counting.
pub(super) fn state(source: &Arc<Source>, entries: &[Entry], post: &mut Post, diagnostics: &mut Vec<Diagnostic>) {
    let mut fields = Fields { source, entries, diagnostics };
    post.id = fields.string("id").map(PostId::Text);
    post.account = fields.stated("account");
    post.time = fields.time();
    let status = fields
        .quietly(Role::Status)
        .and_then(|Stated { value, span }| PostStatus::from_word(&value).map(|value| Stated { value, span }));
    post.status = post.status.take().or(status);
    if let Some(Stated { value, span }) = fields.stated("draft")
        && value.eq_ignore_ascii_case("true")
    {
        post.status = Some(Stated { value: PostStatus::Draft, span });
    }
    for key in ["platform", "platforms"] {
        if let Some(entry) = fields.find(key) {
            fields.platforms(&entry.node, post);
            // mdsend keeps a draft by a list of no networks.
            if matches!(&entry.node.value, Value::List(list) if list.is_empty()) && post.status.is_none() {
                post.status = Some(Stated { value: PostStatus::Draft, span: entry.node.span });
            }
        }
    }
    if post.platforms.is_empty() {
        fields.hinted_platforms(post);
    }
    if let Some(entry) = fields.find("selfless") {
        fields.own(entry, post);
    }
}

struct Fields<'a> {
    source: &'a Arc<Source>,
    entries: &'a [Entry],
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    fn find(&self, key: &str) -> Option<&'a Entry> {
        self.entries.iter().rev().find(|entry| entry.key.eq_ignore_ascii_case(key))
    }

    /// The text under `key`; a list or table there is told and left out.
    fn scalar(&mut self, key: &str) -> Option<(&'a String, &'a crate::text::SourceMap)> {
        let node = &self.find(key)?.node;
        match &node.value {
            Value::Scalar(text, map) => Some((text, map)),
            Value::Null => None,
            other => {
                let message = format!("`{key}` is {}, so it is not read", other.name());
                self.report(Level::Warning, CODE, message, node.span, "expected text");
                None
            }
        }
    }

    fn string(&mut self, key: &str) -> Option<String> {
        self.scalar(key).map(|(text, _)| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn stated(&mut self, key: &str) -> Option<Stated<String>> {
        let value = self.string(key)?;
        let span = self.find(key)?.node.span;
        Some(Stated { value, span })
    }

    /// The first text of a role, nothing told of other values.
    fn quietly(&self, role: Role) -> Option<Stated<String>> {
        let entries = self.entries.iter().filter(|entry| Role::of(&entry.key) == Some(role));
        entries.into_iter().find_map(|entry| match &entry.node.value {
            Value::Scalar(text, _) if !text.trim().is_empty() => {
                Some(Stated { value: text.trim().to_owned(), span: entry.node.span })
            }
            _ => None,
        })
    }

    /// When it is due: what is called so, before a date of any kind.
    fn time(&mut self) -> Option<PostTime> {
        let named = ["scheduled", "schedule", "publish_at"].into_iter().find_map(|key| self.stated(key));
        let other = |key: &str| Role::of(key) == Some(Role::Date) && !key.eq_ignore_ascii_case("date");
        let other = || self.entries.iter().find(|entry| other(&entry.key)).map(|entry| entry.key.as_str());
        let date = match (named, other()) {
            (Some(named), _) => Some(named),
            (None, Some(key)) => self.stated(key).or_else(|| self.stated("date")),
            (None, None) => self.stated("date"),
        };
        let mut pieces: Vec<Stated<String>> = date.into_iter().collect();
        pieces.extend(self.quietly(Role::Time));
        if !pieces.is_empty() {
            pieces.extend(self.quietly(Role::Zone));
        }
        let text = pieces.iter().map(|piece| piece.value.as_str()).collect::<Vec<_>>().join(" ");
        let spans: Vec<Span> = pieces.iter().map(|piece| piece.span).collect();
        (!spans.is_empty()).then_some(PostTime { text, spans })
    }

    fn platforms(&mut self, node: &Node, post: &mut Post) {
        for (names, span) in self.strings("platform", node, Level::Warning) {
            for name in networks(&names) {
                match name {
                    Ok(platform) => post.add_platform(platform, span),
                    Err(name) => {
                        let message = format!("unknown platform `{}`", shown(name));
                        let diagnostic = Diagnostic::new(Level::Warning, "input/platform", message);
                        let diagnostic = diagnostic.label(self.source, span, "");
                        self.suggest(diagnostic, name, &Platform::ALL.map(Platform::name));
                    }
                }
            }
        }
    }

    /// What other keys say of networks, if that is what they say: `network: x`, `type: linkedin_post`.
    fn hinted_platforms(&mut self, post: &mut Post) {
        for entry in self.entries {
            let says = matches!(Role::of(&entry.key), Some(Role::Platform | Role::Account));
            let nodes = match &entry.node.value {
                Value::List(nodes) if says => nodes.as_slice(),
                _ if says || entry.key.eq_ignore_ascii_case("type") => std::slice::from_ref(&entry.node),
                _ => continue,
            };
            for node in nodes {
                let Value::Scalar(text, _) = &node.value else { continue };
                let known: Vec<Platform> = networks(text).into_iter().filter_map(Result::ok).collect();
                // `type: blog` is what a site calls its pages.
                let known = known.into_iter().filter(|platform| says || *platform != Platform::Blog);
                known.for_each(|platform| post.add_platform(platform, node.span));
            }
        }
    }

    /// What stands under `selfless`.
    fn own(&mut self, entry: &Entry, post: &mut Post) {
        let entries = match &entry.node.value {
            Value::Table(entries) => entries,
            Value::Null => return,
            other => {
                let message = format!("`selfless` must be a table, not {}", other.name());
                self.report(Level::Error, CODE, message, entry.node.span, "expected a table");
                return;
            }
        };
        let reason = entries.iter().find(|entry| entry.key == "reason").and_then(|entry| self.reason(&entry.node));
        for entry in entries {
            match entry.key.as_str() {
                "reason" => {}
                "intent" => self.intent(&entry.node, post),
                "ignore" => {
                    let rules = self.strings("ignore", &entry.node, Level::Error);
                    let span = entry.span.cover(entry.node.span);
                    let (scope, reason) = (DirectiveScope::File, reason.clone());
                    post.directives.push(Directive { span, scope, rules, reason, misspelt: None });
                }
                key => {
                    let message = format!("unknown key `{}` under `selfless`", shown(key));
                    let diagnostic = Diagnostic::error(CODE, message).label(self.source, entry.span, "");
                    self.suggest(diagnostic, key, &OWN_KEYS);
                }
            }
        }
    }

    /// Why the rules under `ignore` are to be quiet.
    fn reason(&mut self, node: &Node) -> Option<String> {
        match &node.value {
            Value::Scalar(reason, _) => Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty()),
            Value::Null => None,
            other => {
                let message = format!("`reason` must be text, not {}", other.name());
                self.report(Level::Error, CODE, message, node.span, "expected text");
                None
            }
        }
    }

    fn intent(&mut self, node: &Node, post: &mut Post) {
        let Value::Scalar(name, _) = &node.value else {
            let message = format!("`intent` must be text, not {}", node.value.name());
            self.report(Level::Error, CODE, message, node.span, "expected `post` or `pitch`");
            return;
        };
        match Intent::from_name(name) {
            Some(intent) => post.intent = Some(intent),
            None => {
                let message = format!("unknown intent `{}`", shown(name));
                let diagnostic = Diagnostic::error(CODE, message).label(self.source, node.span, "");
                self.suggest(diagnostic, name, &["post", "pitch"]);
            }
        }
    }

    /// The strings of a list, or the one string that stands alone, with their places.
    fn strings(&mut self, key: &str, node: &Node, level: Level) -> Vec<(String, Span)> {
        let nodes = match &node.value {
            Value::List(nodes) => nodes.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut strings = Vec::new();
        for node in nodes {
            match &node.value {
                Value::Scalar(text, map) => {
                    // Without the quotation marks, so that a label covers the name alone.
                    let inner = map.to_source(crate::text::TextSpan::of(0..text.len()));
                    strings.push((text.clone(), if inner.is_empty() { node.span } else { inner }));
                }
                Value::Null => {}
                other => {
                    let message = format!("`{key}` must be text or a list of texts, and this is {}", other.name());
                    self.report(level, CODE, message, node.span, "expected text");
                }
            }
        }
        strings
    }

    fn report(&mut self, level: Level, code: &'static str, message: String, span: Span, label: &'static str) {
        self.diagnostics.push(Diagnostic::new(level, code, message).label(self.source, span, label));
    }

    /// Reports with the accepted names and the nearest of them.
    fn suggest(&mut self, diagnostic: Diagnostic, given: &str, known: &[&'static str]) {
        let diagnostic = diagnostic.note(format!("accepted: {}", known.join(", ")));
        self.diagnostics.push(match nearest(given, known.iter().copied()) {
            Some(near) => diagnostic.help(format!("write `{near}`")),
            None => diagnostic,
        });
    }
}
