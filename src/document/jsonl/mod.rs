//! JSON lines: one object a line, each a post.
//!
//! Does not wait for the next line and does not write. Invariant: a record is a post or a [`BadRecord`], never
//! both, and what one line does never touches another.

mod json;

use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use self::json::{Json, Object, kind_of};
use super::output::too_long;
use super::{
    AccountKind, IdentityKeys, Intent, Locator, Output, Part, PartKind, Post, PostId, PostKind, PostStatus,
    PostTime, ReadLimits, Stated,
};
use crate::diagnostic::{Diagnostic, Level, nearest};
use crate::text::{Platform, Source, Span};

/// What [`Diagnostic::code`] says of a line that cannot be read.
const CODE: &str = "input/json";

/// A line that is a post.
#[derive(Debug)]
pub struct Record {
    /// The post.
    pub post: Post,
    /// What in it was not understood and does not matter to its reading, at its place.
    pub remarks: Vec<Diagnostic>,
}

/// A line that is not a post.
#[derive(Debug)]
pub struct BadRecord {
    /// The record's own `id`, a number as it is written, where it stands before the trouble and can be read.
    pub id: Option<PostId>,
    /// What is wrong, at its place.
    pub diagnostic: Diagnostic,
}

/// Reads every line of `source`; blank ones are skipped, bad ones become diagnostics. Where a walk came upon it, the
/// first record tells whether it holds posts at all.
pub(super) fn read(source: &Arc<Source>, output: &mut Output<'_>) {
    let mut start = 0;
    let mut first = output.is_found();
    for line in source.text().split_inclusive('\n') {
        let span = Span::of(start..start + line.len());
        start += line.len();
        if line.trim().is_empty() {
            continue;
        }
        match read_record(source, span, output.options.limits) {
            Ok(record) => {
                output.post(record.post);
                record.remarks.into_iter().for_each(|remark| output.tell(remark));
            }
            Err(bad) if first => return output.unrecognised(bad.diagnostic),
            Err(bad) => output.tell(bad.diagnostic),
        }
        first = false;
    }
}

/// Reads the one record that stands at `span` of `source`, white space around it left out.
///
/// # Errors
/// When it is not a JSON object, has no `text`, or a key that is read has a value of another kind than it should;
/// the first mistake in the order of reading is told. A network that is not known is only remarked on.
pub fn read_record(source: &Arc<Source>, span: Span, limits: ReadLimits) -> Result<Record, Box<BadRecord>> {
    let all = source.slice(span);
    let lead = all.len() - all.trim_start().len();
    let json = Json { source, text: all.trim(), start: super::escape::offset(span.start(), lead) };
    let mut object = Object::default();
    let read = json.collect(json.text, &mut object).and_then(|()| post(&json, &object, limits));
    read.map_err(|diagnostic| {
        let id = object.get(Key::Id).and_then(|raw| id(&json, raw).ok().flatten());
        Box::new(BadRecord { id, diagnostic: *diagnostic })
    })
}

/// The keys of a record that are read.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    Text,
    Id,
    Account,
    Platform,
    Identity,
    InReplyTo,
    Scheduled,
    Status,
    Intent,
    #[serde(other)]
    Other,
}

/// The keys of `identity` that are read.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum IdentityKey {
    Kind,
    Names,
    Handles,
    Products,
    Partners,
    Domains,
    #[serde(other)]
    Other,
}

fn post(json: &Json<'_>, object: &Object<'_, Key>, limits: ReadLimits) -> Result<Record, Box<Diagnostic>> {
    let mut remarks = Vec::new();
    let mut post = Post::new(json.source);
    post.start = json.start;
    // Most records are a source of their own, whose lines nobody asks for where nothing is found.
    let line = if json.start == 0 { 0 } else { json.source.lines().line_of(json.start) };
    post.locator = Locator::Line(line + json.source.lines_before() + 1);
    let Some(raw) = object.get(Key::Text) else {
        return Err(Box::new(json.error(json.whole(), "`text` is missing", "a post needs a text")));
    };
    if raw.get().len() > limits.text as usize {
        let start = json.span(raw).start();
        let diagnostic = too_long(CODE, "text", limits);
        return Err(Box::new(diagnostic.label(json.source, Span::new(start, start + 1), "starts here")));
    }
    let (text, map) = json.mapped(raw, "text")?;
    post.parts = vec![Part::new(PartKind::Text, text, map)];
    if let Some(raw) = object.get(Key::Id) {
        post.id = id(json, raw)?;
    }
    if let Some(raw) = object.get(Key::Account) {
        let account = json.optional_string(raw, "account")?;
        post.account = account.map(|value| Stated { value, span: json.span(raw) });
    }
    if let Some(raw) = object.get(Key::Scheduled) {
        let text = scalar(json, raw, "scheduled")?;
        post.time = text.map(|text| PostTime { text, spans: vec![json.span(raw)] });
    }
    if let Some(raw) = object.get(Key::Status) {
        post.status = status(json, raw)?;
    }
    if let Some(raw) = object.get(Key::InReplyTo)
        && scalar(json, raw, "in_reply_to")?.is_some()
    {
        post.kind = PostKind::Reply;
    }
    if let Some(raw) = object.get(Key::Platform) {
        platforms(json, raw, &mut post, &mut remarks)?;
    }
    if let Some(raw) = object.get(Key::Intent) {
        post.intent = intent(json, raw)?;
    }
    if let Some(raw) = object.get(Key::Identity) {
        post.identity = identity(json, raw)?.map(Box::new);
    }
    Ok(Record { post, remarks })
}

fn id(json: &Json<'_>, raw: &RawValue) -> Result<Option<PostId>, Box<Diagnostic>> {
    let id = scalar(json, raw, "id")?;
    Ok(id.map(if kind_of(raw) == "a number" { PostId::Number } else { PostId::Text }))
}

/// A string, or a number as it is written; nothing for `null`.
fn scalar(json: &Json<'_>, raw: &RawValue, key: &str) -> Result<Option<String>, Box<Diagnostic>> {
    match kind_of(raw) {
        "null" => Ok(None),
        "a number" => Ok(Some(raw.get().to_owned())),
        "a string" => json.string(raw, key).map(Some),
        _ => Err(json.wrong_type(raw, key, "a string or a number")),
    }
}

fn platforms(
    json: &Json<'_>,
    raw: &RawValue,
    post: &mut Post,
    remarks: &mut Vec<Diagnostic>,
) -> Result<(), Box<Diagnostic>> {
    for raw in json.list(raw, "platform")? {
        let name = json.string(raw, "platform")?;
        let Some(platform) = Platform::from_name(&name) else {
            let names = Platform::ALL.map(Platform::name);
            let remark = *unknown_name(json, raw, "platform", &name, &names);
            remarks.push(Diagnostic { level: Level::Warning, code: "input/platform".into(), ..remark });
            continue;
        };
        post.add_platform(platform, json.span(raw));
    }
    Ok(())
}

/// How far the post has come; a word that says nothing to us says nothing.
fn status(json: &Json<'_>, raw: &RawValue) -> Result<Option<Stated<PostStatus>>, Box<Diagnostic>> {
    let word = scalar(json, raw, "status")?;
    let value = word.and_then(|word| PostStatus::from_word(&word));
    Ok(value.map(|value| Stated { value, span: json.span(raw) }))
}

fn intent(json: &Json<'_>, raw: &RawValue) -> Result<Option<Intent>, Box<Diagnostic>> {
    let Some(name) = json.optional_string(raw, "intent")? else { return Ok(None) };
    Intent::from_name(&name).map(Some).ok_or_else(|| unknown_name(json, raw, "intent", &name, &["post", "pitch"]))
}

fn identity(json: &Json<'_>, raw: &RawValue) -> Result<Option<IdentityKeys>, Box<Diagnostic>> {
    match kind_of(raw) {
        "null" => return Ok(None),
        "an object" => {}
        _ => return Err(json.wrong_type(raw, "identity", "an object")),
    }
    let mut object = Object::default();
    json.collect(raw.get(), &mut object)?;
    let mut keys = IdentityKeys::default();
    if let Some(raw) = object.get(IdentityKey::Kind)
        && let Some(name) = json.optional_string(raw, "identity.kind")?
    {
        keys.kind = AccountKind::from_name(&name)
            .ok_or_else(|| unknown_name(json, raw, "account kind", &name, &AccountKind::NAMES))?;
    }
    let strings = |key, name: &str| match object.get(key) {
        None => Ok(Vec::new()),
        Some(raw) => json.list(raw, name)?.into_iter().map(|raw| json.string(raw, name)).collect(),
    };
    keys.names = strings(IdentityKey::Names, "identity.names")?;
    keys.handles = strings(IdentityKey::Handles, "identity.handles")?;
    keys.products = strings(IdentityKey::Products, "identity.products")?;
    keys.partners = strings(IdentityKey::Partners, "identity.partners")?;
    keys.domains = strings(IdentityKey::Domains, "identity.domains")?;
    Ok(Some(keys))
}

fn unknown_name(
    json: &Json<'_>,
    raw: &RawValue,
    what: &str,
    name: &str,
    known: &[&'static str],
) -> Box<Diagnostic> {
    let message = format!("unknown {what} `{}`", super::shown(name));
    let mut diagnostic =
        json.error(json.span(raw), message, "not a known name").note(format!("accepted: {}", known.join(", ")));
    if let Some(near) = nearest(name, known.iter().copied()) {
        diagnostic = diagnostic.help(format!("write `{near}`"));
    }
    Box::new(diagnostic)
}

#[cfg(test)]
mod tests;
