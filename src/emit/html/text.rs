//! The text of a post with its findings marked in it.
//!
//! Does not choose findings. Invariant: without its marks the text is the decoded text of the post, made harmless;
//! every byte of it is written once, whatever overlaps.

use std::collections::HashSet;

use maud::{Markup, html};

use crate::diagnostic::Level;
use crate::document::Part;
use crate::emit::clean;
use crate::report::ReportedFinding;
use crate::text::{Span, TextSpan};

/// What stands for code, images and the like in a decoded text.
const OBJECT: char = '\u{fffc}';

/// So many findings are named on one stretch of text.
const NAMED: usize = 12;

/// A stretch of a part that a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// First byte of the part's text.
    start: usize,
    /// One past the last.
    end: usize,
    /// The number of the finding on the page.
    number: usize,
    /// How it looks.
    kind: MarkKind,
}

/// How a mark looks, by the level of its finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// A warning or an error.
    Heavy,
    /// A note.
    Light,
    /// A credit.
    Good,
    /// What a short output leaves out.
    Faint,
}

impl MarkKind {
    /// That of a finding.
    pub(super) const fn of(finding: &ReportedFinding) -> Self {
        match finding.diagnostic.level {
            _ if !finding.shown => Self::Faint,
            Level::Credit => Self::Good,
            Level::Off | Level::Note => Self::Light,
            Level::Warning | Level::Error => Self::Heavy,
        }
    }
}

/// Where a finding with this number stands in a part, if it does: in its text, or on a link whose target it is about.
pub(super) fn mark(part: &Part, span: Span, number: usize, kind: MarkKind) -> Option<Mark> {
    let linked = || part.links.iter().find(|link| link.raw.overlaps(span)).map(|link| link.text);
    let place = part.map.to_text(span).or_else(linked)?;
    let (start, end) = borders(&part.text, place);
    (start < end).then_some(Mark { start, end, number, kind })
}

/// A span laid outward to whole characters.
fn borders(text: &str, span: TextSpan) -> (usize, usize) {
    let range = span.range();
    let (mut start, mut end) = (range.start.min(text.len()), range.end.min(text.len()));
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    (start, end)
}

/// A stretch that the same marks cover.
#[derive(Debug, PartialEq, Eq)]
struct Stretch {
    start: usize,
    end: usize,
    /// The marks on it, the shortest first.
    marks: Vec<Mark>,
}

/// The text cut at every border of a mark; what nothing covers too.
fn stretches(length: usize, marks: &[Mark]) -> Vec<Stretch> {
    let mut borders: Vec<usize> =
        marks.iter().flat_map(|mark| [mark.start, mark.end]).chain([0, length]).collect();
    borders.sort_unstable();
    borders.dedup();
    let mut waiting: Vec<Mark> = marks.to_vec();
    waiting.sort_by_key(|mark| std::cmp::Reverse(mark.start));
    let mut open: Vec<Mark> = Vec::new();
    let mut found = Vec::new();
    for (&start, &end) in borders.iter().zip(borders.iter().skip(1)) {
        open.retain(|mark| mark.end > start);
        while let Some(mark) = waiting.pop_if(|mark| mark.start <= start) {
            open.push(mark);
        }
        open.sort_by_key(|mark| (mark.end - mark.start, mark.number));
        found.push(Stretch { start, end, marks: open.clone() });
    }
    found
}

/// The text of a part with its marks, in the post `post` of the page.
pub(super) fn marked(text: &str, marks: &[Mark], post: usize) -> Markup {
    // Only where a finding begins is a stop for the keyboard.
    let mut seen: HashSet<usize> = HashSet::new();
    let mut begins = |stretch: &Stretch| {
        let known = seen.len();
        seen.extend(stretch.marks.iter().map(|mark| mark.number));
        seen.len() > known
    };
    html! {
        @for stretch in stretches(text.len(), marks) {
            @let words = text.get(stretch.start..stretch.end).unwrap_or_default();
            @match stretch.marks.first() {
                None => (plain(words)),
                // A link without a word would have no name.
                Some(_) if words.trim().is_empty() => {
                    span class=(class(&stretch.marks)) data-f=(numbers(&stretch.marks)) data-n=[ends(&stretch)] { (words) }
                }
                Some(first) => {
                    @let stop = begins(&stretch);
                    a class=(class(&stretch.marks)) href=(format!("#p{post}f{}", first.number))
                        data-f=(numbers(&stretch.marks)) data-n=[ends(&stretch)] tabindex=[(!stop).then_some("-1")] {
                        (plain(words))
                    }
                }
            }
        }
    }
}

fn class(marks: &[Mark]) -> &'static str {
    let any = |kind| marks.iter().any(|mark| mark.kind == kind);
    match (any(MarkKind::Heavy), any(MarkKind::Light), any(MarkKind::Good)) {
        (true, _, true) | (_, true, true) => "m both",
        (true, ..) => "m",
        (false, true, _) => "m note",
        (false, false, true) => "m good",
        (false, false, false) => "m faint",
    }
}

fn numbers(marks: &[Mark]) -> String {
    let mut numbers: Vec<usize> = marks.iter().take(NAMED).map(|mark| mark.number).collect();
    numbers.dedup();
    numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(" ")
}

/// The numbers of the findings that end with a stretch, without those of little weight.
fn ends(stretch: &Stretch) -> Option<String> {
    let mut ending: Vec<Mark> = stretch
        .marks
        .iter()
        .copied()
        .filter(|mark| mark.end == stretch.end && mark.kind != MarkKind::Faint)
        .collect();
    ending.sort_by_key(|mark| mark.number);
    ending.dedup_by_key(|mark| mark.number);
    let numbers: Vec<String> = ending.iter().take(NAMED).map(|mark| mark.number.to_string()).collect();
    (!numbers.is_empty()).then(|| numbers.join(","))
}

/// Harmless text; what is no prose is a word in brackets.
fn plain(text: &str) -> Markup {
    html! {
        @for (index, piece) in text.split(OBJECT).enumerate() {
            @if index > 0 { span class="cut" { "[…]" } }
            (clean::block(piece))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{Link, PartKind};
    use crate::text::MappedText;

    fn at(start: usize, end: usize, number: usize) -> Mark {
        Mark { start, end, number, kind: MarkKind::Heavy }
    }

    #[track_caller]
    fn check(text: &str, marks: &[Mark], expected: &str) {
        assert_eq!(marked(text, marks, 1).into_string(), expected);
    }

    #[test]
    fn text_without_marks_is_escaped_and_made_harmless() {
        check("a <b> & \"c\"\r\n\u{1b}[31m\u{202e}", &[], "a &lt;b&gt; &amp; &quot;c&quot;\n␛[31m\\u{202e}");
        check("see \u{fffc}.", &[], "see <span class=\"cut\">[…]</span>.");
        check("", &[], "");
    }

    #[test]
    fn overlapping_marks_are_cut_at_every_border() {
        check(
            "abcdef",
            &[at(0, 4, 1), at(2, 6, 2)],
            "<a class=\"m\" href=\"#p1f1\" data-f=\"1\">ab</a>\
             <a class=\"m\" href=\"#p1f1\" data-f=\"1 2\" data-n=\"1\">cd</a>\
             <a class=\"m\" href=\"#p1f2\" data-f=\"2\" data-n=\"2\" tabindex=\"-1\">ef</a>",
        );
        let inner = Mark { kind: MarkKind::Good, ..at(1, 2, 7) };
        check(
            "abc",
            &[at(0, 3, 1), inner],
            "<a class=\"m\" href=\"#p1f1\" data-f=\"1\">a</a>\
             <a class=\"m both\" href=\"#p1f7\" data-f=\"7 1\" data-n=\"7\">b</a>\
             <a class=\"m\" href=\"#p1f1\" data-f=\"1\" data-n=\"1\" tabindex=\"-1\">c</a>",
        );
    }

    #[test]
    fn white_space_is_no_link_and_what_is_left_out_has_no_number() {
        let faint = Mark { kind: MarkKind::Faint, ..at(1, 3, 2) };
        check(
            "a b",
            &[at(0, 2, 1), faint],
            "<a class=\"m\" href=\"#p1f1\" data-f=\"1\">a</a>\
             <span class=\"m\" data-f=\"1 2\" data-n=\"1\"> </span>\
             <a class=\"m faint\" href=\"#p1f2\" data-f=\"2\">b</a>",
        );
    }

    #[test]
    fn two_findings_on_the_same_words_are_both_named() {
        check(
            "ab",
            &[at(0, 2, 1), at(0, 2, 2)],
            "<a class=\"m\" href=\"#p1f1\" data-f=\"1 2\" data-n=\"1,2\">ab</a>",
        );
    }

    #[test]
    fn a_finding_about_the_target_of_a_link_marks_its_words() {
        let mut text = MappedText::new();
        text.push_linear("read ", 0);
        text.push_linear("this", 6);
        let (text, map) = text.finish();
        let mut part = Part::new(PartKind::Text, text, map);
        part.links.push(Link { text: TextSpan::new(5, 9), decoded: None, raw: Span::new(12, 33) });
        assert_eq!(mark(&part, Span::new(14, 20), 3, MarkKind::Heavy), Some(at(5, 9, 3)));
        assert_eq!(mark(&part, Span::new(0, 7), 3, MarkKind::Heavy), Some(at(0, 6, 3)));
        assert_eq!(mark(&part, Span::new(40, 50), 3, MarkKind::Heavy), None);
    }

    proptest! {
        #[test]
        fn every_byte_is_written_once(
            text in "[a-zé<&👩 ]{0,40}",
            places in prop::collection::vec((0u32..60, 0u32..60, any::<bool>()), 0..12),
        ) {
            let mut mapped = MappedText::new();
            mapped.push_linear(&text, 0);
            let (text, map) = mapped.finish();
            let part = Part::new(PartKind::Text, text.clone(), map);
            let marks: Vec<Mark> = places
                .iter()
                .enumerate()
                .filter_map(|(index, &(a, b, credit))| mark(&part, Span::new(a.min(b), a.max(b)), index + 1, if credit { MarkKind::Good } else { MarkKind::Light }))
                .collect();
            let page = marked(&text, &marks, 1).into_string();
            let mut plain = String::new();
            let mut inside = false;
            for c in page.chars() {
                match c {
                    '<' => inside = true,
                    '>' => inside = false,
                    c if !inside => plain.push(c),
                    _ => {}
                }
            }
            prop_assert_eq!(plain.replace("&lt;", "<").replace("&amp;", "&"), text);
            // Every finding is named on each byte of its own, and on no other.
            for stretch in stretches(part.text.len(), &marks) {
                for mark in &marks {
                    let covered = mark.start <= stretch.start && stretch.end <= mark.end;
                    prop_assert_eq!(stretch.marks.contains(mark), covered);
                }
            }
        }
    }
}
