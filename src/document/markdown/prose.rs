//! The prose of a Markdown body.
//!
//! Walks the parser's events once. Invariant: a piece of text is linear only if the body has the same bytes there.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, OffsetIter, Options, Parser, Tag, TagEnd};

use super::block::{Mark, Writer};
use super::hole::{self, Hole, Shows};
use super::pack::Blocks;
use super::{Dialect, link, template};
use crate::document::{Part, directive};

/// What is understood beside CommonMark.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_HEADING_ATTRIBUTES
}

/// Reads `body`, which stands at the source offset `base`.
pub(super) fn read(body: &str, base: u32, dialect: Dialect) -> Part {
    read_with(&template::find(body, dialect), body, base, " ", |_, _| {})
}

/// Reads a body of Markdown, and its blocks beside it: for both, the parser goes through it once.
pub(super) fn read_beside(body: &str, base: u32) -> (Part, Blocks) {
    let holes = template::find(body, Dialect::Markdown);
    // With its holes filled it has other blocks.
    let mut blocks = if holes.is_empty() { Blocks::default() } else { Blocks::of(body) };
    let part = read_with(&holes, body, base, " ", |event, range| {
        if holes.is_empty() {
            blocks.event(event, range);
        }
    });
    (part, blocks)
}

/// Reads a text that is copied rather than shown, so that a break in a line is one.
pub(super) fn read_lines(body: &str, base: u32) -> Part {
    read_with(&template::find(body, Dialect::Markdown), body, base, "\n", |_, _| {})
}

/// Reads `body` but for its holes; `beside` is shown every event.
fn read_with(
    holes: &[Hole],
    body: &str,
    base: u32,
    soft_break: &'static str,
    mut beside: impl FnMut(&Event<'_>, &Range<usize>),
) -> Part {
    let filled;
    let text = if holes.is_empty() {
        body
    } else {
        filled = hole::fill(body, holes);
        &filled
    };
    let mut walk = Walk {
        body,
        text,
        holes,
        next_hole: 0,
        seen: 0,
        writer: Writer::new(body, base),
        skipped: 0,
        quotes: 0,
        callouts: Vec::new(),
        link: None,
        code: None,
        soft_break,
    };
    let mut events = Parser::new_ext(text, options()).into_offset_iter();
    while let Some((event, range)) = events.next() {
        beside(&event, &range);
        walk.event(event, range, &events);
    }
    walk.writer.finish()
}

/// A link whose end is not reached.
struct OpenLink<'a> {
    mark: Mark,
    /// Where the last thing in it ends so far.
    inner_end: usize,
    kind: LinkType,
    url: CowStr<'a>,
    label: CowStr<'a>,
}

struct Walk<'a> {
    body: &'a str,
    /// The body with its holes filled, which is what the parser reads.
    text: &'a str,
    holes: &'a [Hole],
    next_hole: usize,
    /// End of what the parser has shown so far.
    seen: usize,
    writer: Writer<'a>,
    /// How many elements are open whose content is no prose.
    skipped: usize,
    /// How many quotes are open.
    quotes: usize,
    /// For each open block quote, whether it is the author's own note.
    callouts: Vec<bool>,
    link: Option<OpenLink<'a>>,
    /// Where inline HTML began whose content is code: its name and place.
    code: Option<(String, Mark, usize)>,
    /// How a break that is none on the page reads.
    soft_break: &'static str,
}

impl<'a> Walk<'a> {
    fn event(&mut self, event: Event<'a>, range: Range<usize>, events: &OffsetIter<'_>) {
        if self.skipped > 0 {
            match event {
                Event::Start(_) => self.skipped += 1,
                Event::End(_) => self.skipped -= 1,
                _ => {}
            }
            return;
        }
        if let Some(link) = &mut self.link
            && event != Event::End(TagEnd::Link)
        {
            link.inner_end = link.inner_end.max(range.end);
        }
        let seen = if matches!(event, Event::Start(_)) { 0 } else { range.end };
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range, events),
            Event::Text(text) => self.prose(&text, range),
            Event::Code(_) => self.writer.object(range),
            Event::InlineMath(math) | Event::DisplayMath(math) => self.math(&math, range),
            Event::InlineHtml(html) => self.html(&html, range),
            Event::SoftBreak => self.writer.line_break(self.soft_break, range),
            Event::HardBreak => self.writer.line_break("\n", range),
            Event::Rule => self.end_block(),
            Event::Html(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
        self.seen = self.seen.max(seen);
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
            Tag::Link { link_type, dest_url, id, .. } => {
                self.link = Some(OpenLink {
                    mark: self.writer.mark(),
                    inner_end: range.start + 1,
                    kind: link_type,
                    url: dest_url,
                    label: id,
                });
            }
            Tag::Image { .. } => {
                self.writer.object(range);
                self.skipped = 1;
            }
            Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_) => {
                self.end_block();
                self.skipped = 1;
            }
            Tag::BlockQuote(_) => {
                self.end_block();
                let inner = self.body.get(range).unwrap_or_default();
                let inner = inner.strip_prefix('>').unwrap_or(inner).trim_start_matches([' ', '\t']);
                let callout = template::callout_mark(inner).is_some();
                self.callouts.push(callout);
                if !callout {
                    self.quotes += 1;
                    if self.quotes == 1 {
                        self.writer.open_quote();
                    }
                }
            }
            _ => self.end_block(),
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>, events: &OffsetIter<'_>) {
        match tag {
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript => {}
            TagEnd::Link => self.end_link(range, events),
            TagEnd::Image => {}
            TagEnd::BlockQuote(_) => {
                self.end_block();
                if self.callouts.pop() == Some(false) {
                    self.quotes = self.quotes.saturating_sub(1);
                    if self.quotes == 0 {
                        self.writer.close_quote();
                    }
                }
            }
            _ => self.end_block(),
        }
    }

    fn end_block(&mut self) {
        self.code = None;
        self.writer.end_block();
    }

    fn end_link(&mut self, range: Range<usize>, events: &OffsetIter<'_>) {
        let Some(open) = self.link.take() else { return };
        let target = match open.kind {
            // The target is the text.
            LinkType::Autolink | LinkType::Email => return,
            LinkType::Inline => link::inline_target(self.text, open.inner_end, range.end),
            _ => events
                .reference_definitions()
                .get(open.label.as_ref())
                .and_then(|definition| link::defined_target(self.text, definition.span.clone())),
        };
        let target = target.unwrap_or(range);
        let written = self.body.get(target.clone()).unwrap_or_default();
        // The address of a hole is how it is written.
        let decoded = self.text.get(target.clone()) == Some(written) && *open.url != *written;
        let decoded = decoded.then(|| open.url.into_string().into());
        self.writer.link(open.mark, decoded, self.writer.span(target));
    }

    /// Text between, beside and in holes.
    fn prose(&mut self, value: &str, range: Range<usize>) {
        while self.holes.get(self.next_hole).is_some_and(|hole| hole.range.end <= range.start) {
            self.next_hole += 1;
        }
        if self.text.get(range.clone()) != Some(value) {
            self.writer.atomic(value.to_owned(), range);
            return;
        }
        let mut at = range.start + self.escape(&range);
        while let Some(hole) = self.holes.get(self.next_hole).filter(|hole| hole.range.start < range.end) {
            self.writer.linear(at..hole.range.start.max(at));
            match hole.shows {
                Shows::Object => self.writer.object(hole.range.clone()),
                Shows::Break => self.writer.line_break("\n", hole.range.clone()),
                Shows::Nothing => {}
            }
            at = hole.range.end.min(range.end);
            self.next_hole += 1;
        }
        self.writer.linear(at..range.end);
    }

    /// Writes the character that text starts with, if a backslash before it escapes it: an escape maps whole. Returns
    /// its length in bytes.
    fn escape(&mut self, range: &Range<usize>) -> usize {
        let bytes = self.text.as_bytes();
        let Some(before) = range.start.checked_sub(1).filter(|&before| before >= self.seen) else { return 0 };
        let escaped = bytes.get(before) == Some(&b'\\')
            && bytes.get(range.start).is_some_and(u8::is_ascii_punctuation)
            && self.holes.get(self.next_hole).is_none_or(|hole| hole.range.start > range.start);
        if escaped {
            let character = self.text.get(range.start..range.start + 1).unwrap_or_default();
            self.writer.atomic(character, before..range.start + 1);
        }
        usize::from(escaped)
    }

    /// Dollars are more often money or tickers than math: `$5-$10`, `$TSLA, $NVDA`, `$$$ deals $$$`.
    fn math(&mut self, math: &str, range: Range<usize>) {
        let inner = math.trim();
        let amount = inner.starts_with(|c: char| c.is_ascii_digit());
        let formula =
            inner.chars().nth(1).is_none() || inner.contains(['\\', '^', '_', '=', '{', '}', '<', '>', '|']);
        let raw = self.body.get(range.clone()).unwrap_or_default();
        if formula && !amount || raw.contains('\n') || self.text.get(range.clone()) != Some(raw) {
            self.writer.object(range);
        } else {
            self.writer.linear(range);
        }
    }

    /// Has what is open begin no later than here, where the block was cut.
    fn move_marks(&mut self, here: Mark) {
        let (link, code) = (&mut self.link, &mut self.code);
        link.iter_mut().for_each(|link| link.mark = link.mark.min(here));
        code.iter_mut().for_each(|(_, mark, _)| *mark = (*mark).min(here));
    }

    /// A tag or comment in a line.
    fn html(&mut self, html: &str, range: Range<usize>) {
        if html.starts_with("<!--") && html.contains(directive::MARK) {
            // Without the comment its line ends where the words do.
            self.writer.trim_end();
            return self.move_marks(self.writer.mark());
        }
        let inner = html.trim_start_matches('<');
        let closes = inner.starts_with('/');
        let name = inner.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            "br" => self.writer.line_break("\n", range),
            "img" | "video" | "audio" | "iframe" | "svg" | "input" => self.writer.object(range),
            "code" | "kbd" | "samp" | "var" | "pre" | "script" | "style" | "math" => {
                if !closes {
                    self.code.get_or_insert((name, self.writer.mark(), range.start));
                } else if let Some((_, mark, start)) = self.code.take_if(|open| open.0 == name) {
                    self.writer.replace(mark, start..range.end);
                    self.move_marks(mark);
                }
            }
            _ => {}
        }
    }
}
