//! What the tests of all readers share.

use std::sync::Arc;

use super::{ExtractOptions, Extracted, Format, Part, Post, PostKind, extract};
use crate::text::{RunKind, Source, TextSpan};

/// Reads `text` and holds every part against the invariants of a map.
#[track_caller]
pub(super) fn read(text: &str, format: Format) -> (Arc<Source>, Extracted) {
    read_with(text, &format.into())
}

/// As [`read`], with more to say.
#[track_caller]
pub(super) fn read_with(text: &str, options: &ExtractOptions) -> (Arc<Source>, Extracted) {
    let source = Arc::new(Source::from_text("draft", text));
    let extracted = extract(&source, options);
    for part in extracted.posts.iter().flat_map(|post| &post.parts) {
        sound(&source, part);
    }
    for diagnostic in &extracted.diagnostics {
        for label in &diagnostic.labels {
            assert!(source.text().get(label.span.range()).is_some(), "{:?} of {text:?}", label.span);
        }
    }
    (source, extracted)
}

/// Runs follow each other in the text, rise in the source, lie on character borders and tell the truth.
#[track_caller]
pub(super) fn sound(source: &Source, part: &Part) {
    let (mut text_end, mut raw_end) = (0, 0);
    for run in part.map.runs() {
        assert_eq!(run.text.start(), text_end, "gap before {run:?}");
        assert!(run.raw.start() >= raw_end, "{run:?} stands before {raw_end} in {:?}", source.text());
        let text = part.text.get(run.text.range()).unwrap();
        let raw = source.text().get(run.raw.range()).unwrap();
        if run.kind == RunKind::Linear {
            assert_eq!(text, raw, "{run:?}");
        }
        (text_end, raw_end) = (run.text.end(), run.raw.end());
    }
    assert_eq!(text_end as usize, part.text.len(), "the map does not cover the text");
    for span in part.quotes.iter().chain(part.links.iter().map(|link| &link.text)) {
        assert!(part.text.get(span.range()).is_some(), "{span:?} of {:?}", part.text);
    }
    for link in &part.links {
        assert!(source.text().get(link.raw.range()).is_some(), "{link:?}");
    }
}

/// The source bytes that spell the first `words` of a part.
#[track_caller]
pub(super) fn spelled<'a>(source: &'a Source, part: &Part, words: &str) -> &'a str {
    let at = part.text.find(words).unwrap_or_else(|| panic!("no {words:?} in {:?}", part.text));
    source.slice(part.map.to_source(TextSpan::of(at..at + words.len())))
}

/// What a post was read as, on one line: where it and its parts stand, and what is said of it.
pub(super) fn told(post: &Post) -> String {
    let mut told = format!("{}:", post.locator);
    for (index, part) in post.parts.iter().enumerate() {
        let own = match &part.locator {
            Some(_) => format!(" at {}", post.locator_of(index)),
            None => String::new(),
        };
        told.push_str(&format!(" {}{own} {:?}", part.kind.name(), part.text));
    }
    if post.kind != PostKind::Post {
        told.push_str(&format!(", a {}", post.kind.name()));
    }
    if let Some(id) = &post.id {
        told.push_str(&format!(", id {id}"));
    }
    if let Some(name) = post.account_name() {
        told.push_str(&format!(", of {name}"));
    }
    for platform in post.platforms() {
        told.push_str(&format!(", on {}", platform.name()));
    }
    if let Some(time) = &post.time {
        told.push_str(&format!(", due {}", time.text));
    }
    if let Some(status) = &post.status {
        told.push_str(&format!(", {}", status.value.name()));
    }
    told
}

/// The posts of a source, its mistakes (`level message at "text"`), and what was seen where it is not recognised.
#[track_caller]
pub(super) fn all_told(text: &str, options: &ExtractOptions) -> Vec<String> {
    let (source, extracted) = read_with(text, options);
    let mut all: Vec<String> = extracted.posts.iter().map(told).collect();
    for diagnostic in extracted.diagnostics.iter().chain(extracted.unrecognised.as_deref()) {
        let place = diagnostic.labels.first().map(|label| format!(" at {:?}", source.slice(label.span)));
        all.push(format!("{} {}{}", diagnostic.level, diagnostic.message, place.unwrap_or_default()));
    }
    for post in &extracted.posts {
        let stated = [post.account.as_ref().map(|one| one.span), post.status.as_ref().map(|one| one.span)];
        let spans = post.time.iter().flat_map(|time| &time.spans).copied();
        for span in spans.chain(stated.into_iter().flatten()).chain(post.platforms.iter().map(|one| one.span)) {
            assert!(source.text().get(span.range()).is_some_and(|text| !text.is_empty()), "{span:?} of {text:?}");
        }
    }
    all
}
