//! From the decoded text of a part back to the source it stands in.
//!
//! Does not decode anything: readers build it run by run. Invariant: runs rise in the text without gaps,
//! and each run's raw span starts at or after the end of the one before.

use super::{Span, TextSpan};

/// How the text of a run relates to its raw bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunKind {
    /// Byte for byte the same, so that every offset inside maps.
    Linear,
    /// An escape, an entity or an inserted break: maps as a whole, never into its middle. The raw span may be
    /// empty where the text was inserted.
    Atomic,
}

/// A stretch of decoded text and the source bytes that spell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Place in the decoded text.
    pub text: TextSpan,
    /// Place in the source.
    pub raw: Span,
    /// How offsets inside convert.
    pub kind: RunKind,
}

/// What is kept of a run, of which a long draft has very many: in the text it ends where the next one starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Start {
    text: u32,
    raw: u32,
    /// How many raw bytes spell an atomic run; [`LINEAR`] for one that has as many as its text.
    spelled: u32,
}

/// More than any source has.
const LINEAR: u32 = u32::MAX;

/// The runs of one part, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    starts: Vec<Start>,
    /// Where the last run ends in the text.
    end: u32,
}

impl SourceMap {
    /// The map of a text that is its source.
    #[must_use]
    pub fn whole(text: &str) -> Self {
        let whole = Start { text: 0, raw: 0, spelled: LINEAR };
        let starts = if text.is_empty() { Vec::new() } else { vec![whole] };
        Self { starts, end: TextSpan::of(0..text.len()).end() }
    }

    /// The runs in text order.
    pub fn runs(&self) -> impl Iterator<Item = Run> + '_ {
        self.runs_from(0)
    }

    fn runs_from(&self, first: usize) -> impl Iterator<Item = Run> + '_ {
        (first..).map_while(|index| self.run(index))
    }

    fn run(&self, index: usize) -> Option<Run> {
        let Start { text, raw, spelled } = *self.starts.get(index)?;
        let text = TextSpan::new(text, self.starts.get(index + 1).map_or(self.end, |next| next.text));
        Some(match spelled {
            LINEAR => Run { text, raw: Span::new(raw, raw + text.len()), kind: RunKind::Linear },
            _ => Run { text, raw: Span::new(raw, raw + spelled), kind: RunKind::Atomic },
        })
    }

    /// The number of the run that holds byte `at` of the text; behind the last where none does.
    fn holding(&self, at: u32) -> usize {
        let started = self.starts.partition_point(|run| run.text <= at);
        if at < self.end { started.saturating_sub(1) } else { started }
    }

    /// The smallest source span whose runs spell the text of `span`; its ends lie on run or character borders.
    /// An empty span maps to an empty one. Inserted text at either end is left out where the span holds more.
    #[must_use]
    pub fn to_source(&self, span: TextSpan) -> Span {
        self.covered(span).reduce(Span::cover).unwrap_or_else(|| self.point(span.start()))
    }

    /// The runs that spell some of `span`, in text order.
    pub fn runs_of(&self, span: TextSpan) -> impl Iterator<Item = Run> + '_ {
        self.runs_from(self.holding(span.start())).take_while(move |run| run.text.start() < span.end())
    }

    /// The raw bytes of each run that spell some of `span`.
    fn covered(&self, span: TextSpan) -> impl Iterator<Item = Span> + '_ {
        let raw = self.runs_of(span).map(move |run| match run.kind {
            RunKind::Atomic => run.raw,
            RunKind::Linear => {
                let start = span.start().max(run.text.start()) - run.text.start();
                let end = span.end().min(run.text.end()) - run.text.start();
                Span::new(run.raw.start() + start, run.raw.start() + end)
            }
        });
        raw.filter(|raw| !raw.is_empty())
    }

    /// The raw pieces that spell `span`, adjacent ones joined: more than one where markup stands between.
    #[must_use]
    pub fn pieces(&self, span: TextSpan) -> Vec<Span> {
        let mut pieces: Vec<Span> = Vec::new();
        for raw in self.covered(span) {
            match pieces.last_mut() {
                Some(last) if last.end() == raw.start() => *last = last.cover(raw),
                _ => pieces.push(raw),
            }
        }
        pieces
    }

    /// The text that `span` of the source spells, from the first to the last run of which it holds anything; an escape
    /// counts whole. None where it spells nothing of the text. The other way round than [`SourceMap::to_source`].
    #[must_use]
    pub fn to_text(&self, span: Span) -> Option<TextSpan> {
        let started = self.starts.partition_point(|run| run.raw <= span.start());
        let runs = self.runs_from(started.saturating_sub(1)).take_while(|run| run.raw.start() < span.end());
        let places = runs.filter(|run| run.raw.overlaps(span)).map(|run| match run.kind {
            RunKind::Atomic => run.text,
            RunKind::Linear => {
                let start = span.start().max(run.raw.start()) - run.raw.start();
                let end = span.end().min(run.raw.end()) - run.raw.start();
                TextSpan::new(run.text.start() + start, run.text.start() + end)
            }
        });
        places.filter(|place| !place.is_empty()).reduce(TextSpan::cover)
    }

    fn point(&self, at: u32) -> Span {
        let index = self.holding(at);
        let offset = match self.run(index) {
            Some(run) if run.kind == RunKind::Linear => run.raw.start() + (at - run.text.start()),
            Some(run) => run.raw.start(),
            None => index.checked_sub(1).and_then(|last| self.run(last)).map_or(0, |last| last.raw.end()),
        };
        Span::new(offset, offset)
    }
}

/// Where there are more runs, room for some that never come is much.
const MANY: usize = 10_000;

/// Decoded text being built together with its map; what every reader of a format writes into.
#[derive(Clone, Debug, Default)]
pub struct MappedText {
    text: String,
    map: SourceMap,
}

impl MappedText {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing yet, with room for so many bytes of text.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), map: SourceMap::default() }
    }

    /// Appends text that stands in the source byte for byte, from the source offset `raw_start`.
    pub fn push_linear(&mut self, text: &str, raw_start: u32) {
        if text.is_empty() {
            return;
        }
        let goes_on = |last: &Start| last.spelled == LINEAR && last.raw + (self.map.end - last.text) == raw_start;
        if !self.map.starts.last().is_some_and(goes_on) {
            self.map.starts.push(Start { text: self.map.end, raw: raw_start, spelled: LINEAR });
        }
        self.append(text);
    }

    /// Appends text that the source spells otherwise, as an escape or entity, or not at all (`raw` empty).
    pub fn push_atomic(&mut self, text: &str, raw: Span) {
        if text.is_empty() {
            return;
        }
        self.map.starts.push(Start { text: self.map.end, raw: raw.start(), spelled: raw.len() });
        self.append(text);
    }

    /// Appends a stretch of text that is mapped already; `text` is the whole text that `map` is of. An escape that the
    /// stretch cuts through keeps its whole place.
    pub fn push_mapped(&mut self, text: &str, map: &SourceMap, span: TextSpan) {
        for run in map.runs_of(span) {
            let (start, end) = (span.start().max(run.text.start()), span.end().min(run.text.end()));
            let piece = text.get(TextSpan::new(start, end).range()).unwrap_or_default();
            match run.kind {
                RunKind::Linear => self.push_linear(piece, run.raw.start() + (start - run.text.start())),
                RunKind::Atomic => self.push_atomic(piece, run.raw),
            }
        }
    }

    /// What was appended so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Length so far in bytes, which is where the next piece of text will start.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.map.end
    }

    /// Whether nothing was appended yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Text and map.
    #[must_use]
    pub fn finish(mut self) -> (String, SourceMap) {
        if self.map.starts.len() > MANY {
            self.map.starts.shrink_to_fit();
        }
        (self.text, self.map)
    }

    fn append(&mut self, text: &str) {
        self.text.push_str(text);
        self.map.end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a &amp; b` read as HTML, standing at byte 10.
    fn sample() -> SourceMap {
        let mut text = MappedText::new();
        text.push_linear("a ", 10);
        text.push_atomic("&", Span::new(12, 17));
        text.push_linear(" b", 17);
        text.finish().1
    }

    #[track_caller]
    fn check(span: (u32, u32), expected: (u32, u32)) {
        let mapped = sample().to_source(TextSpan::new(span.0, span.1));
        assert_eq!((mapped.start(), mapped.end()), expected);
    }

    #[test]
    fn an_escape_maps_whole() {
        check((2, 3), (12, 17));
        check((0, 3), (10, 17));
        check((1, 4), (11, 18));
        check((4, 5), (18, 19));
    }

    #[test]
    fn an_empty_span_maps_to_a_point() {
        check((1, 1), (11, 11));
        check((5, 5), (19, 19));
    }

    #[test]
    fn a_stretch_of_mapped_text_keeps_its_places() {
        let mut text = MappedText::new();
        text.push_mapped("a & b", &sample(), TextSpan::new(1, 4));
        text.push_mapped("a & b", &sample(), TextSpan::new(4, 5));
        let (text, map) = text.finish();
        assert_eq!(text, " & b");
        assert_eq!(map.to_source(TextSpan::new(0, 4)), Span::new(11, 19));
        assert_eq!(map.to_source(TextSpan::new(1, 2)), Span::new(12, 17));
    }

    #[test]
    fn a_place_in_the_source_finds_its_text() {
        #[track_caller]
        fn check(span: (u32, u32), expected: Option<(u32, u32)>) {
            let found = sample().to_text(Span::new(span.0, span.1));
            assert_eq!(found.map(|text| (text.start(), text.end())), expected);
        }
        check((10, 19), Some((0, 5)));
        check((11, 12), Some((1, 2)));
        check((14, 15), Some((2, 3)));
        check((14, 18), Some((2, 4)));
        check((0, 11), Some((0, 1)));
        check((0, 10), None);
        check((19, 30), None);
        check((12, 12), None);
        let mut inserted = MappedText::new();
        inserted.push_linear("ab", 5);
        inserted.push_atomic("\n", Span::new(7, 7));
        inserted.push_linear("cd", 9);
        assert_eq!(inserted.finish().1.to_text(Span::new(6, 10)), Some(TextSpan::new(1, 4)));
    }

    #[test]
    fn markup_inside_a_span_splits_it_into_pieces() {
        let mut text = MappedText::new();
        text.push_linear("very ", 0);
        text.push_linear("bold", 7); // very **bold**
        text.push_atomic("\n", Span::new(20, 20));
        let (_, map) = text.finish();
        let pieces = map.pieces(TextSpan::new(0, 10));
        assert_eq!(pieces, [Span::new(0, 5), Span::new(7, 11)]);
        assert_eq!(map.to_source(TextSpan::new(0, 10)), Span::new(0, 11));
    }
}
