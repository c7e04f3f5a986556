//! What holds of posts, whatever they were read from.

use std::sync::Arc;

use selfless::diagnostic::Diagnostic;
use selfless::document::{Chosen, ExtractOptions, Extracted, Part, Post, extract, extract_each};
use selfless::text::{RunKind, Source, Span, TextSpan};

/// Reads `source` and holds what came of it against every invariant of a reader.
pub(crate) fn read(source: &Arc<Source>, options: &ExtractOptions) -> Extracted {
    let extracted = extract(source, options);
    for post in &extracted.posts {
        sound_post(source, post);
    }
    for diagnostic in extracted.diagnostics.iter().chain(extracted.unrecognised.as_deref()) {
        sound_diagnostic(diagnostic);
    }
    assert!(
        extracted.unrecognised.is_none() || extracted.posts.is_empty(),
        "not recognised, and yet it gave posts: {:?}",
        extracted.unrecognised
    );
    same_one_by_one(source, options, &extracted);
    if options.chosen == Chosen::Named {
        fewer_in_a_walk(source, options, &extracted);
    }
    extracted
}

/// Posts come one by one as they come all together.
fn same_one_by_one(source: &Arc<Source>, options: &ExtractOptions, together: &Extracted) {
    let mut number = 0;
    let outcome = extract_each(source, options, &mut |post| {
        let other = together.posts.get(number).expect("a post more, one by one");
        assert_eq!(told(&post), told(other));
        number += 1;
    });
    assert_eq!((number, outcome.posts), (together.posts.len(), together.posts.len()));
    assert_eq!(outcome.diagnostics.len(), together.diagnostics.len());
}

/// What a walk comes upon is read as if it had been named, as far as it is read: some lists it does not trust.
fn fewer_in_a_walk(source: &Arc<Source>, options: &ExtractOptions, named: &Extracted) {
    let found = extract(source, &ExtractOptions { chosen: Chosen::Found, ..options.clone() });
    let mut named = named.posts.iter().map(told);
    for post in &found.posts {
        let post = told(post);
        assert!(named.any(|other| other == post), "only a walk reads {post}");
    }
}

/// All that can be compared of a post.
fn told(post: &Post) -> String {
    let parts: Vec<_> =
        post.parts.iter().map(|part| (part.kind, &part.locator, &part.text, &part.map)).collect();
    let said = (&post.id, &post.locator, post.start, &post.account, &post.platforms, &post.time, &post.status);
    format!("{said:?} {:?} {:?} {parts:?} {:?}", post.kind, post.intent, post.directives)
}

fn sound_post(source: &Source, post: &Post) {
    let stated = [post.account.as_ref().map(|one| one.span), post.status.as_ref().map(|one| one.span)];
    let times = post.time.iter().flat_map(|time| &time.spans).copied();
    let platforms = post.platforms.iter().map(|one| one.span);
    let directives =
        post.directives.iter().flat_map(|one| one.rules.iter().map(|(_, span)| *span).chain([one.span]));
    for span in stated.into_iter().flatten().chain(times).chain(platforms).chain(directives) {
        on_borders(source, span);
    }
    assert!(post.time.as_ref().is_none_or(|time| !time.spans.is_empty()), "a time without a place");
    on_borders(source, Span::new(post.start, post.start));
    for part in &post.parts {
        sound_part(source, part);
    }
}

/// Runs follow each other in the text, rise in the source, lie on character borders and tell the truth; any span of the
/// text has a place whose ends are borders of a run or of a character.
fn sound_part(source: &Source, part: &Part) {
    let (mut text_end, mut raw_end) = (0, 0);
    for run in part.map.runs() {
        assert_eq!(run.text.start(), text_end, "a gap before {run:?}");
        assert!(run.raw.start() >= raw_end, "{run:?} stands before {raw_end}");
        on_borders(source, run.raw);
        let text = part.text.get(run.text.range()).expect("a run off a border of the text");
        if run.kind == RunKind::Linear {
            assert_eq!(text, source.slice(run.raw), "{run:?}");
        }
        (text_end, raw_end) = (run.text.end(), run.raw.end());
    }
    assert_eq!(text_end as usize, part.text.len(), "the map does not cover the text");
    for span in part.quotes.iter().chain(part.links.iter().map(|link| &link.text)) {
        assert!(part.text.get(span.range()).is_some(), "{span:?} is off a border of the text");
    }
    for link in &part.links {
        on_borders(source, link.raw);
    }
    let mut borders: Vec<usize> = part.text.char_indices().map(|(at, _)| at).take(400).collect();
    borders.push(part.text.len());
    // Each character alone, and each up to the one in the middle.
    let middle = borders.get(borders.len() / 2).copied().unwrap_or_default();
    for (&start, &end) in borders.iter().zip(borders.iter().skip(1)) {
        sound_span(source, part, TextSpan::of(start..end));
        sound_span(source, part, TextSpan::of(start..middle));
    }
}

/// The raw bytes at the place of a span, decoded through the runs, hold the text of the span.
fn sound_span(source: &Source, part: &Part, span: TextSpan) {
    let raw = part.map.to_source(span);
    on_borders(source, raw);
    let mut decoded = String::new();
    let mut covered: Option<Span> = None;
    for run in part.map.runs().filter(|run| run.text.overlaps(span)) {
        let (start, end) = (run.text.start().max(span.start()), run.text.end().min(span.end()));
        let place = match run.kind {
            RunKind::Atomic => {
                decoded.push_str(part.text.get(TextSpan::new(start, end).range()).expect("a border"));
                run.raw
            }
            RunKind::Linear => {
                let at = run.raw.start().wrapping_sub(run.text.start());
                let place = Span::new(at.wrapping_add(start), at.wrapping_add(end));
                decoded.push_str(source.slice(place));
                place
            }
        };
        if !place.is_empty() {
            assert!(raw.contains(place), "{place:?} of {span:?} is not in {raw:?}");
            covered = Some(covered.map_or(place, |all| all.cover(place)));
        }
    }
    assert_eq!(Some(decoded.as_str()), part.text.get(span.range()));
    assert!(
        covered.is_none_or(|covered| covered == raw),
        "{raw:?} is more than {covered:?}, the runs of {span:?}"
    );
}

/// A place in bounds, with either end at a character.
pub(crate) fn on_borders(source: &Source, span: Span) {
    assert!(source.text().get(span.range()).is_some(), "{span:?} is no place in {:?}", source.text());
}

/// Every place that a diagnostic names is one, and it says something.
pub(crate) fn sound_diagnostic(diagnostic: &Diagnostic) {
    assert!(!diagnostic.message.is_empty() && !diagnostic.code.is_empty(), "{diagnostic:?}");
    for label in &diagnostic.labels {
        on_borders(&label.source, label.span);
    }
    let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits);
    for (edit, label) in edits.zip(diagnostic.labels.first().into_iter().cycle()) {
        on_borders(&label.source, edit.span);
    }
}
