//! From the blocks below a heading to posts.
//!
//! Does not choose sections. Where there is fenced text, that is the posts, and all else is said of them; otherwise
//! paragraphs and lists are, apart by rulers. Invariant: a post has a text.

use std::ops::Range;
use std::sync::Arc;

use super::super::prose;
use super::blocks::Block;
use super::heading::PostTitle;
use super::label::{self, Line};
use crate::diagnostic::Diagnostic;
use crate::document::assemble::{Assembly, Remarks};
use crate::document::escape::offset;
use crate::document::output::too_long;
use crate::document::{Link, Locator, Output, PartKind, Post, ReadLimits, Role};
use crate::text::{MappedText, Platform, Source, Span, TextSpan};

/// Writes the posts of a body.
pub(super) struct Writer<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) body: &'a str,
    /// Where the body stands in the source.
    pub(super) base: u32,
    /// What holds for all posts.
    pub(super) page: &'a Post,
}

/// A piece of a post: prose, or lines that are text as they stand.
#[derive(Clone)]
enum Piece {
    Prose(Range<usize>),
    Lines(Vec<Range<usize>>),
}

/// A post before it is one.
#[derive(Clone, Default)]
struct Draft {
    /// The pieces of each item of a thread, the first the post itself.
    items: Vec<Vec<Piece>>,
    parts: Vec<(PartKind, Piece)>,
    platforms: Vec<Platform>,
    said: Vec<(Role, Range<usize>)>,
}

impl Draft {
    fn push(&mut self, piece: Piece) {
        match self.items.last_mut() {
            Some(item) => item.push(piece),
            None => self.items.push(vec![piece]),
        }
    }

    fn has_text(&self) -> bool {
        self.items.iter().any(|item| !item.is_empty())
    }
}

impl Writer<'_> {
    /// Hands over the posts below `heading`, whose blocks are each of the text or of another part; whether there are any.
    pub(super) fn posts(
        &self,
        title: &PostTitle,
        heading: &str,
        blocks: &[(PartKind, &Block)],
        output: &mut Output<'_>,
    ) -> bool {
        let is_fence =
            |(kind, block): &(PartKind, &Block)| *kind == PartKind::Text && matches!(block, Block::Fence(..));
        let items = title.many && blocks.iter().any(|(_, block)| matches!(block, Block::List(_, _, true)));
        let mut cut = Cut {
            body: self.body,
            thread: title.thread,
            items,
            done: Vec::new(),
            draft: Draft::default(),
            next: None,
        };
        let fenced = blocks.iter().any(is_fence);
        let mut any = false;
        for (kind, block) in blocks {
            match fenced {
                true => cut.beside_fences(*kind, block),
                false => cut.block(*kind, block),
            }
            for draft in cut.done.drain(..) {
                any |= self.post(&draft, title, heading, output);
            }
        }
        self.post(&cut.draft, title, heading, output) || any
    }

    /// Hands a post over, if the draft has a text; whether it has. One that is left out because it is too long is told, and is a post all the same.
    fn post(&self, draft: &Draft, title: &PostTitle, heading: &str, output: &mut Output<'_>) -> bool {
        match self.assembled(draft, title, heading, output.options.limits) {
            None => return false,
            Some(Ok(post)) => output.post(post),
            Some(Err(left_out)) => output.tell(*left_out),
        }
        true
    }

    fn assembled(
        &self,
        draft: &Draft,
        title: &PostTitle,
        heading: &str,
        limits: ReadLimits,
    ) -> Option<Result<Post, Box<Diagnostic>>> {
        let start = draft.items.iter().flatten().find_map(|piece| match piece {
            Piece::Prose(range) => Some(range.start),
            Piece::Lines(lines) => lines.first().map(|line| line.start),
        })?;
        let start = offset(self.base, start);
        let first = self.source.text().get(start as usize..)?.chars().next()?;
        let span = Span::new(start, offset(start, first.len_utf8()));
        let locator = || Locator::Section(heading.to_owned());
        let mut assembly = Assembly::new(self.source, start);
        let mut links = Vec::new();
        for item in draft.items.iter().filter(|item| !item.is_empty()) {
            let (text, of_text) = self.text(item);
            if text.len() > limits.text {
                let diagnostic = too_long("input/post", "text", limits).label(self.source, span, "starts here");
                return Some(Err(Box::new(diagnostic.located(locator().words()).note("it was left out"))));
            }
            if text.text().trim().is_empty() {
                continue;
            }
            assembly.part(if links.is_empty() { PartKind::Text } else { PartKind::Thread }, text, locator());
            links.push(of_text);
        }
        for (kind, piece) in &draft.parts {
            let (text, _) = self.text(std::slice::from_ref(piece));
            match kind {
                PartKind::Hashtags => {
                    let (text, map) = text.finish();
                    assembly.hashtags(&text, &map, locator());
                }
                kind => assembly.part(*kind, text, locator()),
            }
        }
        let mut remarks = Remarks::default();
        for (role, range) in &draft.said {
            let value = self.body.get(range.clone()).unwrap_or_default().trim_matches(['*', '_', '`']);
            let span = Span::new(offset(self.base, range.start), offset(self.base, range.end));
            assembly.state(*role, value, span, &mut remarks);
        }
        let named = if draft.platforms.is_empty() { &title.platforms } else { &draft.platforms };
        for platform in named {
            assembly.platform(*platform, span);
        }
        let mut post = assembly.finish()?;
        let texts = post.parts.iter_mut().filter(|part| matches!(part.kind, PartKind::Text | PartKind::Thread));
        texts.zip(links).for_each(|(part, links)| part.links = links);
        if post.platforms.is_empty() {
            post.platforms.clone_from(&self.page.platforms);
        }
        post.account = post.account.or_else(|| self.page.account.clone());
        post.time = post.time.or_else(|| self.page.time.clone());
        post.status = post.status.or_else(|| self.page.status.clone());
        post.intent = post.intent.or(self.page.intent);
        post.directives.clone_from(&self.page.directives);
        Some(Ok(post))
    }

    /// The text of pieces, apart by blank lines, and its links.
    fn text(&self, pieces: &[Piece]) -> (MappedText, Vec<Link>) {
        let (mut text, mut links) = (MappedText::new(), Vec::new());
        let mut end = self.base;
        for piece in pieces {
            match piece {
                Piece::Prose(range) => {
                    let inner = self.body.get(range.clone()).unwrap_or_default();
                    let part = prose::read_lines(inner, offset(self.base, range.start));
                    if part.text.is_empty() {
                        continue;
                    }
                    apart(&mut text, end, offset(self.base, range.start));
                    let start = text.len();
                    text.push_mapped(&part.text, &part.map, TextSpan::of(0..part.text.len()));
                    links.extend(part.links.into_iter().map(|link| {
                        let moved = TextSpan::new(start + link.text.start(), start + link.text.end());
                        Link { text: moved, ..link }
                    }));
                    end = offset(self.base, range.end);
                }
                Piece::Lines(lines) => {
                    let Some(first) = lines.first() else { continue };
                    apart(&mut text, end, offset(self.base, first.start));
                    for line in trimmed(self.body, lines) {
                        text.push_linear(
                            self.body.get(line.clone()).unwrap_or_default(),
                            offset(self.base, line.start),
                        );
                        end = offset(self.base, line.end);
                    }
                }
            }
        }
        (text, links)
    }
}

/// A blank line between two pieces.
fn apart(text: &mut MappedText, end: u32, start: u32) {
    if !text.is_empty() {
        text.push_atomic("\n\n", Span::new(end.min(start), start));
    }
}

/// Lines without the white space at the end of the last.
fn trimmed(body: &str, lines: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut lines = lines.to_vec();
    while let Some(last) = lines.last_mut() {
        let kept = body.get(last.clone()).unwrap_or_default().trim_end().len();
        last.end = last.start + kept;
        if kept > 0 {
            break;
        }
        lines.pop();
    }
    lines
}

/// Blocks being cut into drafts.
struct Cut<'a> {
    body: &'a str,
    thread: bool,
    /// Whether each item of a numbered list is a post.
    items: bool,
    done: Vec<Draft>,
    /// The one that is being written.
    draft: Draft,
    /// What the fenced text that follows is, if a label says so.
    next: Option<PartKind>,
}

impl Cut<'_> {
    /// The next post; in a thread the next item.
    fn next_post(&mut self) {
        if self.thread {
            self.draft.items.push(Vec::new());
        } else if self.draft.has_text() {
            self.done.push(std::mem::take(&mut self.draft));
        }
    }

    /// A block where fenced text is the posts.
    fn beside_fences(&mut self, kind: PartKind, block: &Block) {
        match block {
            Block::Fence(_, lines) => match (kind, self.next.take()) {
                (PartKind::Text, None | Some(PartKind::Text)) => {
                    self.next_post();
                    self.draft.push(Piece::Lines(lines.clone()));
                }
                (PartKind::Text, Some(kind)) | (kind, _) => {
                    self.draft.parts.push((kind, Piece::Lines(lines.clone())));
                }
            },
            Block::Paragraph(range) | Block::Bold(range, ..) => {
                for line in lines(self.body, range) {
                    match label::read(self.body.get(line.clone()).unwrap_or_default(), true) {
                        Line::Said(Some(role), value) => self.say(role, &line, &value),
                        Line::Labelled(platforms, _) if !platforms.is_empty() => {
                            self.next_post();
                            self.draft.platforms = platforms;
                        }
                        _ => {}
                    }
                }
            }
            Block::List(..) | Block::Rule => {}
        }
    }

    /// Something that is said of the post, or a part of it.
    fn say(&mut self, role: Role, line: &Range<usize>, value: &Range<usize>) {
        let value = line.start + value.start..line.start + value.end;
        let kind = match role {
            Role::FirstComment => Some(PartKind::FirstComment),
            Role::Hashtags => Some(PartKind::Hashtags),
            Role::ContentWarning => Some(PartKind::ContentWarning),
            _ => None,
        };
        match kind {
            Some(kind) if value.is_empty() => self.next = Some(kind),
            Some(kind) => self.draft.parts.push((kind, Piece::Prose(value))),
            None if !value.is_empty() => self.draft.said.push((role, value)),
            None => {}
        }
    }

    /// A block where paragraphs and lists are the posts.
    fn block(&mut self, kind: PartKind, block: &Block) {
        match block {
            Block::Rule => self.next_post(),
            Block::Fence(..) => {}
            Block::Paragraph(range) | Block::Bold(range, ..) if kind != PartKind::Text => {
                self.draft.parts.push((kind, Piece::Prose(range.clone())));
            }
            Block::Paragraph(range) | Block::Bold(range, ..) => self.paragraph(range),
            Block::List(_, items, true) if self.items || self.thread && !self.draft.has_text() => {
                for item in items {
                    self.next_post();
                    self.draft.push(Piece::Prose(item.clone()));
                }
            }
            Block::List(range, items, _) => self.list(kind, range, items),
        }
    }

    /// A list in a text is of the text; one before it, or of labels, is said of it.
    fn list(&mut self, kind: PartKind, range: &Range<usize>, items: &[Range<usize>]) {
        let lead = !self.draft.has_text();
        let read = |item: &Range<usize>| label::read(self.body.get(item.clone()).unwrap_or_default(), true);
        let said: Vec<(Range<usize>, Line)> = items.iter().map(|item| (item.clone(), read(item))).collect();
        let labels = said.iter().filter(|(_, line)| *line != Line::Text).count();
        if kind == PartKind::Text && !lead && labels * 2 < items.len().max(1) && !self.items {
            self.draft.push(Piece::Prose(range.clone()));
            return;
        }
        for (item, line) in said {
            if let Line::Said(Some(role), value) = line {
                self.say(role, &item, &value);
            }
        }
    }

    fn paragraph(&mut self, range: &Range<usize>) {
        let raw = self.body.get(range.clone()).unwrap_or_default().trim();
        if is_remark(raw) || self.items {
            return;
        }
        if let Some(kind) = self.next.take() {
            self.draft.parts.push((kind, Piece::Prose(range.clone())));
            return;
        }
        if self.thread && is_numbered(raw) && self.draft.has_text() {
            self.next_post();
        }
        // Where the text starts that is not yet pushed.
        let mut text: Option<usize> = None;
        for line in lines(self.body, range) {
            let lead = text.is_none() && !self.draft.has_text();
            match label::read(self.body.get(line.clone()).unwrap_or_default(), lead) {
                Line::Text => {
                    text.get_or_insert(line.start);
                }
                Line::Said(role, value) => {
                    if let Some(start) = text.take() {
                        self.draft.push(Piece::Prose(start..line.start));
                    }
                    if let Some(role) = role {
                        self.say(role, &line, &value);
                    }
                }
                Line::Labelled(platforms, value) => {
                    if let Some(start) = text.take() {
                        self.draft.push(Piece::Prose(start..line.start));
                    }
                    self.labelled(platforms);
                    text = Some(line.start + value.start).filter(|_| !value.is_empty());
                }
            }
        }
        if let Some(start) = text {
            self.draft.push(Piece::Prose(start..range.end));
        }
    }

    /// A label behind which the text stands: what came before it was said of it, or was the text for another network.
    fn labelled(&mut self, platforms: Vec<Platform>) {
        let other = !platforms.is_empty() && !self.draft.platforms.is_empty();
        if other {
            self.next_post();
        } else if let Some(item) = self.draft.items.last_mut() {
            item.clear();
        }
        if !platforms.is_empty() {
            self.draft.platforms = platforms;
        }
    }
}

/// The lines of a range.
fn lines(body: &str, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut at = range.start;
    let text = body.get(range.clone()).unwrap_or_default();
    let line = |line: &str| {
        let start = at;
        at += line.len();
        start..at
    };
    text.split_inclusive('\n').map(line).collect()
}

/// A paragraph in italics as a whole is a stage direction.
fn is_remark(raw: &str) -> bool {
    ['*', '_'].into_iter().any(|mark| {
        raw.strip_prefix(mark)
            .and_then(|rest| rest.strip_suffix(mark))
            .is_some_and(|inner| !inner.is_empty() && !inner.contains(mark))
    })
}

/// Whether a paragraph starts with its number in a thread: `2/`, `2/7`.
fn is_numbered(raw: &str) -> bool {
    let rest = raw.trim_start_matches(|next: char| next.is_ascii_digit());
    rest.len() < raw.len() && rest.starts_with('/')
}
