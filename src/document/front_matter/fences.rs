//! Where front matter starts and ends.
//!
//! Does not read it. Invariant: `opening`, `inner` and `body` follow each other in the source.

use std::ops::Range;

use crate::document::escape::offset;
use crate::document::json::scan;
use crate::text::Span;

/// How front matter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// Between `---` and `---` or `...`.
    Yaml,
    /// Between `+++` and `+++`.
    Toml,
    /// An object that stands at the very start.
    Json,
}

impl Notation {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Yaml => "YAML",
            Self::Toml => "TOML",
            Self::Json => "JSON",
        }
    }

    fn opened_by(line: &str) -> Option<Self> {
        match line.trim_end() {
            "---" => Some(Self::Yaml),
            "+++" => Some(Self::Toml),
            _ => None,
        }
    }

    fn closed_by(self, line: &str) -> bool {
        match self {
            Self::Yaml => matches!(line.trim_end(), "---" | "..."),
            Self::Toml => line.trim_end() == "+++",
            Self::Json => false,
        }
    }
}

/// A source cut into front matter and body.
pub(super) struct Split {
    pub(super) notation: Notation,
    /// The fence that opens it.
    pub(super) opening: Span,
    /// What stands between the fences.
    pub(super) inner: Span,
    /// Where the body starts.
    pub(super) body: u32,
    /// Whether there is a closing fence.
    pub(super) closed: bool,
}

/// Finds the front matter of `text`, which stands at the source offset `base`. Without a closing fence a first line `---` is a ruler, unless a key follows:
/// then the front matter ends at the first blank line.
pub(super) fn split(text: &str, base: u32) -> Option<Split> {
    let place = |range: Range<usize>| Span::new(offset(base, range.start), offset(base, range.end));
    if let Some((inner, body)) = object(text) {
        let (notation, opening) = (Notation::Json, place(0..1));
        return Some(Split { notation, opening, inner: place(0..inner), body: offset(base, body), closed: true });
    }
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    let notation = Notation::opened_by(first)?;
    let opening = place(0..first.trim_end().len());
    let inner_start = first.len();
    let mut at = inner_start;
    let mut blank = None;
    for line in lines {
        if notation.closed_by(line) {
            let inner = place(inner_start..at);
            return Some(Split { notation, opening, inner, body: offset(base, at + line.len()), closed: true });
        }
        if blank.is_none() && line.trim().is_empty() {
            blank = Some(at);
        }
        at += line.len();
    }
    let stop = blank.unwrap_or(text.len());
    let second = text.get(inner_start..stop)?.lines().next()?;
    is_key(second, notation).then(|| Split {
        notation,
        opening,
        inner: place(inner_start..stop),
        body: offset(base, stop),
        closed: false,
    })
}

/// Where an object that opens `text` ends, and where the body starts behind its line; that of a broken one is taken to
/// end with the first line that does.
fn object(text: &str) -> Option<(usize, usize)> {
    let (_, behind) = text.strip_prefix('{')?.trim_start().strip_prefix('"')?.split_once('"')?;
    if !behind.trim_start().starts_with(':') {
        return None;
    }
    let end = match scan::check(text, 0) {
        Ok(checked) => checked.end,
        Err(_) => {
            let lines = text.split_inclusive('\n').scan(0, |at, line| {
                *at += line.len();
                Some((*at, line))
            });
            let (end, line) = lines.into_iter().find(|(_, line)| line.trim_end().ends_with('}'))?;
            end - (line.len() - line.trim_end().len())
        }
    };
    let rest = text.get(end..)?;
    let line = rest.split_inclusive('\n').next().unwrap_or_default();
    line.trim().is_empty().then_some((end, end + line.len()))
}

/// Whether a line starts like a key of `notation`.
pub(super) fn has_key(inner: &str, notation: Notation) -> bool {
    inner.lines().any(|line| is_key(line, notation))
}

fn is_key(line: &str, notation: Notation) -> bool {
    let separator = match notation {
        Notation::Yaml => ':',
        Notation::Toml => '=',
        Notation::Json => return false,
    };
    line.split_once(separator).is_some_and(|(key, _)| {
        let key = key.trim_end().trim_matches(['"', '\'']);
        !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
    })
}
