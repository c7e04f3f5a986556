//! The five notations of YAML scalars, decoded again to learn which byte is which.
//!
//! The parser's value is the measure: indentation and chomping are read off it. Invariant: the text is the
//! parser's value; where a decoder here disagrees, the scalar is one run.

use granit_parser::ScalarStyle;

use crate::document::escape::{Step, checked, decode, hex, offset};
use crate::text::{MappedText, Span};

/// Decodes the scalar at `span`; `text` stands at the source offset `base`, `value` is the parser's value.
pub(super) fn decode_scalar(text: &str, base: u32, span: Span, style: ScalarStyle, value: &str) -> MappedText {
    let (start, end) = (span.start().saturating_sub(base) as usize, span.end().saturating_sub(base) as usize);
    let raw = text.get(start..end).unwrap_or_default();
    let mut out = MappedText::new();
    match style {
        ScalarStyle::Plain => decode(raw, span.start(), &mut out, b" \t\r\n", fold),
        ScalarStyle::SingleQuoted => quoted(raw, '\'', span.start(), &mut out, b"' \t\r\n", single),
        ScalarStyle::DoubleQuoted => quoted(raw, '"', span.start(), &mut out, b"\\ \t\r\n", double),
        ScalarStyle::Literal | ScalarStyle::Folded => {
            // The span starts at the first character of content, so its column is the indentation.
            let indent = start - text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
            block(raw, span, indent, style, value, &mut out);
        }
    }
    checked(out, value, span)
}

fn quoted(raw: &str, quote: char, start: u32, out: &mut MappedText, stops: &[u8], step: fn(&str) -> Option<Step>) {
    let inner = raw.strip_prefix(quote).and_then(|raw| raw.strip_suffix(quote)).unwrap_or_default();
    decode(inner, offset(start, 1), out, stops, step);
}

/// White space at the start of `rest`: as it is inside a line; around line breaks it is one space, or as many
/// breaks as there are blank lines (YAML 1.2.2, section 6.5).
fn fold(rest: &str) -> Option<Step> {
    let len = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    let breaks = rest.get(..len)?.matches('\n').count();
    Some(match breaks {
        0 => Step::Linear(len),
        1 => Step::Atomic(" ".into(), len),
        more => Step::Atomic("\n".repeat(more - 1).into(), len),
    })
}

fn single(rest: &str) -> Option<Step> {
    if rest.starts_with('\'') { Some(Step::Atomic("'".into(), 2)) } else { fold(rest) }
}

/// An escape (YAML 1.2.2, section 5.7) or white space at the start of `rest`.
fn double(rest: &str) -> Option<Step> {
    let Some(after) = rest.strip_prefix('\\') else { return fold(rest) };
    let first = after.chars().next()?;
    let digits = match first {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        '\r' | '\n' => {
            let len = after.len() - after.trim_start_matches([' ', '\t', '\r', '\n']).len();
            let breaks = after.get(..len)?.matches('\n').count();
            return Some(Step::Atomic("\n".repeat(breaks.saturating_sub(1)).into(), 1 + len));
        }
        _ => return simple(first).map(|text| Step::Atomic(text.into(), 1 + first.len_utf8())),
    };
    let code = hex(after.get(1..)?, digits)?;
    let len = 2 + digits;
    if let (0xD800..=0xDBFF, Some(low)) = (code, rest.get(len..).and_then(|rest| rest.strip_prefix("\\u")))
        && let Some(low @ 0xDC00..=0xDFFF) = hex(low, 4)
    {
        let character = char::from_u32(0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00))?;
        return Some(Step::Char(character, len + 6));
    }
    Some(Step::Char(char::from_u32(code)?, len))
}

fn simple(letter: char) -> Option<&'static str> {
    Some(match letter {
        '0' => "\0",
        'a' => "\u{7}",
        'b' => "\u{8}",
        't' | '\t' => "\t",
        'n' => "\n",
        'v' => "\u{b}",
        'f' => "\u{c}",
        'r' => "\r",
        'e' => "\u{1b}",
        ' ' => " ",
        '"' => "\"",
        '/' => "/",
        '\\' => "\\",
        'N' => "\u{85}",
        '_' => "\u{a0}",
        'L' => "\u{2028}",
        'P' => "\u{2029}",
        _ => return None,
    })
}

/// The lines of a block scalar (YAML 1.2.2, section 8.1): kept apart in a literal one, joined in a folded one except
/// around blank lines and lines that are indented further.
fn block(raw: &str, span: Span, indent: usize, style: ScalarStyle, value: &str, out: &mut MappedText) {
    let leading = value.len() - value.trim_start_matches('\n').len();
    out.push_atomic(&"\n".repeat(leading), Span::new(span.start(), span.start()));
    let mut at = 0;
    let mut before: Option<(usize, bool)> = None;
    let mut blank = 0;
    for line in raw.split_inclusive('\n') {
        // The span starts behind the indentation of its first line.
        let own = line.len() - line.trim_start_matches(' ').len();
        let cut = if at == 0 { 0 } else { own.min(indent) };
        let content = line.get(cut..).unwrap_or_default().trim_end_matches(['\r', '\n']);
        let start = at + cut;
        at += line.len();
        if content.is_empty() {
            blank += 1;
            continue;
        }
        let further = content.starts_with([' ', '\t']);
        if let Some((end, was_further)) = before {
            let join = match (style, blank) {
                (ScalarStyle::Folded, 0) if !further && !was_further => " ".to_owned(),
                (ScalarStyle::Folded, _) if !further && !was_further => "\n".repeat(blank),
                _ => "\n".repeat(blank + 1),
            };
            out.push_atomic(&join, Span::new(offset(span.start(), end), offset(span.start(), start)));
        }
        out.push_linear(content, offset(span.start(), start));
        before = Some((start + content.len(), further));
        blank = 0;
    }
    let Some((end, _)) = before else { return };
    let trailing = value.len() - value.trim_end_matches('\n').len();
    out.push_atomic(&"\n".repeat(trailing), Span::new(offset(span.start(), end), span.end()));
}
