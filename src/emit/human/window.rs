//! What of a source is shown around some labels: a few lines, long ones cut to a piece, everything made harmless.
//!
//! Does not draw. Invariant: spans lie in the window's own text, on character borders, each over what is shown of
//! the characters it covers in the source, however cleaning and cutting changed lengths.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::emit::clean::{is_plain, push_visible, unprintable};
use crate::text::{Source, Span};

/// Lines of one label that are shown at most.
const MAX_LINES: u32 = 20;
/// Columns of a tab, as annotate-snippets draws it.
const TAB: usize = 4;

/// A span of a source, on character borders and without white space at its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// First byte.
    pub(super) start: u32,
    /// One past the last byte.
    pub(super) end: u32,
    /// First line, from 0.
    pub(super) first: u32,
    /// Last line, from 0.
    pub(super) last: u32,
    /// Columns of what is said of it.
    pub(super) said: usize,
}

impl Place {
    /// Any span, made to fit `source`: outward to character borders, and to its first lines if it has very many.
    pub(super) fn of(source: &Source, span: Span) -> Self {
        let text = source.text();
        let start = floor(text, span.start() as usize);
        let mut end = ceil(text, span.end() as usize);
        let covered = text.get(start..end).unwrap_or_default().trim_end();
        if !covered.is_empty() {
            end = start + covered.len();
        }
        let lines = source.lines();
        let (start, mut end) = (clamp(start), clamp(end));
        let first = lines.line_of(start);
        let mut last = lines.line_of(end.saturating_sub(1).max(start));
        if last >= first + MAX_LINES {
            last = first + MAX_LINES - 1;
            end = content(source, last).end();
        }
        Self { start, end, first, last, said: 0 }
    }

    /// The place of a label that says this.
    pub(super) fn saying(self, said: &str) -> Self {
        Self { said: columns(said), ..self }
    }
}

/// A piece of a source that is ready to be drawn.
#[derive(Debug)]
pub(super) struct Window {
    /// Clean text.
    pub(super) text: String,
    /// Number of its first line in the source, from 0.
    pub(super) first: u32,
    /// The places asked for, in the same order, in bytes of `text`.
    pub(super) spans: Vec<Range<usize>>,
    /// Whether all places are shown whole.
    pub(super) fits: bool,
}

/// Bytes of the source that stand unchanged in the window.
struct Run {
    from: u32,
    len: u32,
    to: usize,
}

impl Window {
    /// The lines of `places`, each cut to `room` columns around what the places cover of it, so that what is said of
    /// them ends there, too, if that is possible. `ellipsis` stands where something is cut off.
    pub(super) fn new(source: &Source, places: &[Place], room: usize, ellipsis: &str) -> Self {
        let first = places.iter().map(|place| place.first).min().unwrap_or(0);
        let last = places.iter().map(|place| place.last).max().unwrap_or(0);
        let mut window = Self { text: String::new(), first, spans: Vec::new(), fits: true };
        let mut runs = Vec::new();
        for line in first..=last {
            if line > first {
                window.text.push('\n');
            }
            let whole = content(source, line);
            let (covered, tails) = (covered(places, line, whole), tails(places, line, whole));
            let (piece, fits) = cut(source.text(), whole, covered, &tails, room, ellipsis);
            window.fits &= fits;
            if piece.start() > whole.start() {
                window.text.push_str(ellipsis);
            }
            window.push(source, piece, &mut runs);
            if piece.end() < whole.end() {
                window.text.push_str(ellipsis);
            }
        }
        window.spans = places.iter().map(|place| shown(&runs, place.start)..shown(&runs, place.end)).collect();
        window
    }

    fn push(&mut self, source: &Source, piece: Span, runs: &mut Vec<Run>) {
        let mut run = Run { from: piece.start(), len: 0, to: self.text.len() };
        let text = source.slice(piece);
        if is_plain(text) {
            self.text.push_str(text);
            runs.push(Run { len: piece.len(), ..run });
            return;
        }
        for c in text.chars() {
            let len = clamp(c.len_utf8());
            if unprintable(c) && c != '\t' {
                let from = run.from + run.len + len;
                push_visible(&mut self.text, c);
                runs.push(std::mem::replace(&mut run, Run { from, len: 0, to: self.text.len() }));
            } else {
                self.text.push(c);
                run.len += len;
            }
        }
        runs.push(run);
    }
}

/// Where a byte of the source is shown: what is cut off counts as the end of what stands before it.
fn shown(runs: &[Run], offset: u32) -> usize {
    let after = runs.partition_point(|run| run.from <= offset);
    match after.checked_sub(1).and_then(|at| runs.get(at)) {
        Some(run) => run.to + (offset - run.from).min(run.len) as usize,
        None => runs.first().map_or(0, |run| run.to),
    }
}

/// A line without its end.
fn content(source: &Source, line: u32) -> Span {
    let span = source.lines().line_span(line, source.text());
    let text = source.slice(span);
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    Span::new(span.start(), span.start() + clamp(text.len()))
}

/// What the places cover of a line; of a place over several lines only its ends are worth being shown.
fn covered(places: &[Place], line: u32, whole: Span) -> Option<Span> {
    let within = |offset: u32| offset.clamp(whole.start(), whole.end());
    places
        .iter()
        .filter_map(|place| match (place.first == line, place.last == line) {
            (true, true) => Some(Span::new(within(place.start), within(place.end))),
            (true, false) => Some(Span::new(within(place.start), within(place.start))),
            (false, true) => Some(Span::new(within(place.end), within(place.end))),
            (false, false) => None,
        })
        .reduce(Span::cover)
}

/// Where what is said of the places of a line begins, and its columns: behind the last of them, below the others.
fn tails(places: &[Place], line: u32, whole: Span) -> Vec<(u32, usize)> {
    let within = |offset: u32| offset.clamp(whole.start(), whole.end());
    let ending = || places.iter().filter(|place| place.last == line);
    let last = ending().map(|place| place.start).max();
    let said = ending().filter(|place| place.said > 0);
    let tail = |place: &Place| match Some(place.start) == last || place.first != line {
        true => (within(place.end), place.said + 1),
        false => (within(place.start), place.said),
    };
    said.map(tail).collect()
}

/// The piece of a line that is shown, and whether it holds all of `covered`. No character beyond `room` columns
/// to either side of it is looked at, so a line may be a whole file.
fn cut(
    text: &str,
    whole: Span,
    covered: Option<Span>,
    tails: &[(u32, usize)],
    room: usize,
    ellipsis: &str,
) -> (Span, bool) {
    // How far what is said reaches, from the start of a piece to the furthest place that is shown in it.
    let reach = |start: u32, end: u32| {
        let until = |&(offset, said): &(u32, usize)| {
            ahead(text, Span::new(start, offset.clamp(start, end)), usize::MAX).0 + said
        };
        tails.iter().map(until).max().unwrap_or(0)
    };
    let is_whole = ahead(text, whole, room).1 == whole.end();
    if is_whole && reach(whole.start(), whole.end()) <= room {
        return (whole, true);
    }
    let covered = covered.unwrap_or(Span::new(whole.start(), whole.start()));
    let cut_off = columns(ellipsis);
    let before = room.saturating_sub(cut_off);
    let room = room.saturating_sub(2 * cut_off);
    let (taken, end) = ahead(text, covered, room);
    let fits = end == covered.end();
    // What is said and has no room whatever is cut off asks for none.
    let most = before.checked_sub(reach(covered.start(), end));
    if is_whole && most.is_none() {
        return (whole, true);
    }
    let most = most.unwrap_or(usize::MAX);
    // What follows is worth more than what came before: labels are written there too.
    let (left, start) = behind(text, Span::new(whole.start(), covered.start()), ((room - taken) / 3).min(most));
    let (right, end) = ahead(text, Span::new(end, whole.end()), room - taken - left);
    let (_, start) = behind(text, Span::new(whole.start(), start), (room - taken - left - right).min(most - left));
    (Span::new(start, end), fits)
}

/// From the start of `span` on at most `room` columns: how many they are and where they end.
fn ahead(text: &str, span: Span, room: usize) -> (usize, u32) {
    let (mut taken, mut end) = (0, span.start());
    for c in text.get(span.range()).unwrap_or_default().chars() {
        let wider = taken + width(c);
        if wider > room {
            break;
        }
        taken = wider;
        end += clamp(c.len_utf8());
    }
    (taken, end)
}

/// From the end of `span` back at most `room` columns: how many they are and where they start.
fn behind(text: &str, span: Span, room: usize) -> (usize, u32) {
    let (mut taken, mut start) = (0, span.end());
    for c in text.get(span.range()).unwrap_or_default().chars().rev() {
        let wider = taken + width(c);
        if wider > room {
            break;
        }
        taken = wider;
        start -= clamp(c.len_utf8());
    }
    (taken, start)
}

/// Columns of a text on a terminal.
fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// Columns of a character as it is shown.
pub(super) fn width(c: char) -> usize {
    match c {
        ' '..='~' => 1,
        '\t' => TAB,
        c if unprintable(c) => {
            let mut form = String::new();
            push_visible(&mut form, c);
            form.chars().count()
        }
        c => c.width().unwrap_or(1),
    }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

fn clamp(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Shows `text` with the spans that `<` and `>` mark in it in a window of `room` columns, marked again.
    #[track_caller]
    fn check(marked: &str, room: usize, expected: &str) {
        check_said(marked, &[], room, expected);
    }

    /// The same, where so many columns are said of each span.
    #[track_caller]
    fn check_said(marked: &str, said: &[usize], room: usize, expected: &str) {
        let (mut text, mut spans, mut open) = (String::new(), Vec::new(), 0);
        for c in marked.chars() {
            match c {
                '<' => open = text.len(),
                '>' => spans.push(Span::of(open..text.len())),
                c => text.push(c),
            }
        }
        let source = Source::from_text("a", text);
        let said = said.iter().copied().chain(std::iter::repeat(0));
        let place = |(span, said)| Place { said, ..Place::of(&source, span) };
        let places: Vec<Place> = spans.into_iter().zip(said).map(place).collect();
        let window = Window::new(&source, &places, room, "…");
        let mut shown = window.text.clone();
        for span in window.spans.iter().rev() {
            shown.insert(span.end, '>');
            shown.insert(span.start, '<');
        }
        let fits = if window.fits { "" } else { " (too wide)" };
        assert_eq!(format!("{}: {shown}{fits}", window.first + 1), expected);
    }

    #[test]
    fn only_the_lines_of_the_places_are_shown() {
        check("one\ntwo\nth<re>e\nfour\nfi<v>e\nsix", 80, "3: th<re>e\nfour\nfi<v>e");
        check("a\r\nb<c\r\nd>e\r\n", 80, "2: b<c\nd>e");
        check("", 80, "1: ");
        check("<>", 80, "1: <>");
        check("a\n<>", 80, "2: <>");
        check("ab <cd \n\n>", 80, "1: ab <cd> ");
        check("ab<\n>cd", 80, "1: ab<>");
    }

    #[test]
    fn cleaning_does_not_move_a_span() {
        check("\u{1b}[1m<bo\u{202e}ld>\u{1b}[0m", 80, "1: ␛[1m<bo\\u{202e}ld>␛[0m");
        check("a<\u{7}>b\tc<\u{85}>", 80, "1: a<␇>b\tc<\\u{85}>");
        check("a\r<b>\r\n", 80, "1: a␍<b>");
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_marked() {
        check("abcdefghijklmnopqrstuvwxyz", 10, "1: abcdefgh…"); // without a place
        check("abcdefghijklm<no>pqrstuvwxyz", 10, "1: …lm<no>pqrs…");
        check("<ab>cdefghijklmnopqrstuvwxyz", 10, "1: <ab>cdefgh…");
        check("abcdefghijklmnopqrstuvwx<yz>", 10, "1: …stuvwx<yz>");
        check("abcdefgh<ijklmnopqrstuvw>xyz", 10, "1: …<ijklmnop>… (too wide)");
        check("<ab>cdefghijklmnopqrstuvwx<yz>", 10, "1: <ab>cdefgh<>… (too wide)");
        check("漢字漢字漢<字漢>字漢字漢字漢字", 10, "1: …<字漢>字漢…");
        check("abcdefghijklm<no\npqr>stuvwxyz", 10, "1: …hijklm<no\n…qr>stuvwx…");
    }

    #[test]
    fn what_is_said_ends_where_the_line_does() {
        check_said("abcdefghijklm<no>pqrstuvwxyz", &[3], 10, "1: …lm<no>pqrs…");
        check_said("abcdefghijklm<no>pqrstuvwxyz", &[5], 10, "1: …m<no>pqrst…");
        check_said("abcdefghijklm<no>pqrstuvwxyz", &[6], 10, "1: …<no>pqrstu…");
        check_said("abcdefgh<ij>", &[3], 20, "1: abcdefgh<ij>");
        check_said("abcdefgh<ij>", &[9], 20, "1: abcdefgh<ij>");
        check_said("abcdefgh<ij>", &[10], 20, "1: …cdefgh<ij>");
        check_said("abcdefgh<ij>", &[16], 20, "1: …<ij>");
        // No room, whatever is cut off.
        check_said("abcdefgh<ij>", &[17], 20, "1: abcdefgh<ij>");
        check_said("abcdefghijklm<no>pqrstuvwxyz", &[7], 10, "1: …lm<no>pqrs…");
        // Of the first of two it stands below.
        check_said("abcd<ef>gh<ij>", &[16, 0], 20, "1: abcd<ef>gh<ij>");
        check_said("abcd<ef>gh<ij>", &[17, 0], 20, "1: …cd<ef>gh<ij>");
    }

    #[test]
    fn a_label_over_very_many_lines_ends_early() {
        let source = Source::from_text("a", "word\n".repeat(1000));
        let place = Place::of(&source, Span::new(0, 4000));
        assert_eq!((place.first, place.last, place.end), (0, 19, 99));
    }

    #[test]
    fn spans_off_character_borders_grow_to_them() {
        let source = Source::from_text("a", "é𝗯x");
        let place = Place::of(&source, Span::new(1, 4));
        assert_eq!((place.start, place.end), (0, 6));
        let place = Place::of(&source, Span::new(90, 99));
        assert_eq!((place.start, place.end), (7, 7));
    }

    proptest! {
        #[test]
        fn a_span_covers_the_same_characters_as_in_the_source(
            pieces in prop::collection::vec(
                prop::sample::select(vec!["a", " ", "é", "漢", "👩‍👩", "\t", "\r\n", "\n", "\r", "\u{1b}[", "\u{202e}", "\u{85}"]),
                1..80,
            ),
            a in any::<u32>(),
            b in any::<u32>(),
        ) {
            let source = Source::from_text("a", pieces.concat());
            let len = clamp(source.text().len());
            let place = Place::of(&source, Span::new(a % (len + 1), b % (len + 1)));
            let covered = source.slice(Span::new(place.start, place.end));
            prop_assume!(!covered.trim().is_empty());
            let mut expected = String::new();
            for c in covered.replace("\r\n", "\n").chars() {
                match c {
                    '\n' | '\t' => expected.push(c),
                    c if unprintable(c) => push_visible(&mut expected, c),
                    c => expected.push(c),
                }
            }
            let window = Window::new(&source, &[place], 2000, "…");
            let span = window.spans.first().cloned().unwrap();
            prop_assert_eq!(window.text.get(span), Some(&*expected));
        }
    }
}
