//! What the tests of all readers share.

use std::sync::Arc;

use super::{Extracted, Format, Part, extract};
use crate::text::{RunKind, Source, TextSpan};

/// Reads `text` and holds every part against the invariants of a map.
#[track_caller]
pub(super) fn read(text: &str, format: Format) -> (Arc<Source>, Extracted) {
    let source = Arc::new(Source::from_text("draft", text));
    let extracted = extract(&source, &format.into());
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
