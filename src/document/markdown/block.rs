//! A block of prose being gathered, and the part that finished blocks are written to.
//!
//! Knows no Markdown. Invariant: what is written rises in the source, and a block without a word or a link is not
//! written at all.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::escape::offset;
use crate::document::{Link, Part, PartKind};
use crate::text::{MappedText, Span, TextSpan};

/// Stands for what is no prose.
const OBJECT: &str = "\u{FFFC}";

/// A piece of the block; spans count from the start of the source.
struct Piece<'a> {
    text: Cow<'a, str>,
    raw: Span,
    kind: PieceKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PieceKind {
    Linear,
    Atomic,
    Object,
    /// A line break, whose raw span grows over the indentation that follows.
    Break,
}

/// A point in the block, to come back to: how many pieces stand before it.
pub(super) type Mark = usize;

/// A link of the block, whose text is these pieces.
struct BlockLink {
    text: Range<Mark>,
    decoded: Option<Box<str>>,
    raw: Span,
}

/// The part, and the block that is not yet written.
pub(super) struct Writer<'a> {
    /// The body, whose start in the source is `base`.
    body: &'a str,
    base: u32,
    out: MappedText,
    /// End of the last raw span that was written.
    raw_end: u32,
    pieces: Vec<Piece<'a>>,
    block_links: Vec<BlockLink>,
    links: Vec<Link>,
    quotes: Vec<TextSpan>,
    /// Where the open quote starts, once something of it was written.
    quote: Option<Option<u32>>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(body: &'a str, base: u32) -> Self {
        Self {
            body,
            base,
            out: MappedText::with_capacity(body.len()),
            raw_end: base,
            pieces: Vec::new(),
            block_links: Vec::new(),
            links: Vec::new(),
            quotes: Vec::new(),
            quote: None,
        }
    }

    /// A span of the source from a range of the body.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(offset(self.base, range.start), offset(self.base, range.end))
    }

    fn push(&mut self, text: impl Into<Cow<'a, str>>, raw: Span, kind: PieceKind) {
        let text = text.into();
        if !text.is_empty() {
            self.pieces.push(Piece { text, raw, kind });
        }
    }

    /// Text that stands in the body as it is.
    pub(super) fn linear(&mut self, range: Range<usize>) {
        let text = self.body.get(range.clone()).unwrap_or_default();
        self.push(text, self.span(range), PieceKind::Linear);
    }

    /// Takes back blanks that end the text so far.
    pub(super) fn trim_end(&mut self) {
        if let Some(last) = self.pieces.last_mut().filter(|last| last.kind == PieceKind::Linear) {
            let kept = last.text.trim_end_matches([' ', '\t']).len();
            let blanks = u32::try_from(last.text.len() - kept).unwrap_or_default();
            last.text.to_mut().truncate(kept);
            last.raw = Span::new(last.raw.start(), last.raw.end() - blanks);
        }
        self.pieces.pop_if(|last| last.text.is_empty());
        self.move_links(self.pieces.len(), self.pieces.len());
    }

    /// Text that the body spells otherwise.
    pub(super) fn atomic(&mut self, text: impl Into<Cow<'a, str>>, range: Range<usize>) {
        self.push(text, self.span(range), PieceKind::Atomic);
    }

    /// Something that is no prose; what directly follows another one is part of it.
    pub(super) fn object(&mut self, range: Range<usize>) {
        let raw = self.span(range);
        match self.pieces.last_mut() {
            Some(last) if last.kind == PieceKind::Object => last.raw = last.raw.cover(raw),
            _ => self.push(OBJECT, raw, PieceKind::Object),
        }
    }

    /// A line break that shows as `text`; none at the start of a block, and one of several.
    pub(super) fn line_break(&mut self, text: &'static str, range: Range<usize>) {
        match self.pieces.last() {
            None => {}
            Some(last) if last.kind == PieceKind::Break => {}
            Some(_) => {
                let rest = self.body.get(range.end..).unwrap_or_default();
                let prefix = rest.len() - rest.trim_start_matches([' ', '\t', '>']).len();
                self.push(text, self.span(range.start..range.end + prefix), PieceKind::Break);
            }
        }
    }

    /// Where the block stands now.
    pub(super) fn mark(&self) -> Mark {
        self.pieces.len()
    }

    /// Takes back everything since `mark` for one object.
    pub(super) fn replace(&mut self, mark: Mark, range: Range<usize>) {
        self.pieces.truncate(mark);
        let kept = self.pieces.len();
        self.object(range);
        // It may have become part of an object before it.
        self.move_links(kept, self.pieces.len().saturating_sub(1));
    }

    /// Has links that reach beyond what was `kept` of the block end with it as it is now, and begin no later than `last`.
    fn move_links(&mut self, kept: Mark, last: Mark) {
        for link in self.block_links.iter_mut().filter(|link| link.text.end > kept) {
            link.text = link.text.start.min(last)..self.pieces.len();
        }
    }

    /// A link from `mark` to here.
    pub(super) fn link(&mut self, mark: Mark, decoded: Option<Box<str>>, raw: Span) {
        self.block_links.push(BlockLink { text: mark..self.pieces.len(), decoded, raw });
    }

    /// Begins somebody else's words.
    pub(super) fn open_quote(&mut self) {
        self.end_block();
        self.quote = Some(None);
    }

    /// Ends somebody else's words.
    pub(super) fn close_quote(&mut self) {
        self.end_block();
        if let Some(Some(start)) = self.quote.take() {
            self.quotes.push(TextSpan::new(start, self.out.len()));
        }
    }

    /// Ends the block and writes it, apart from the one before by a blank line.
    pub(super) fn end_block(&mut self) {
        let mut pieces = std::mem::take(&mut self.pieces);
        let links = std::mem::take(&mut self.block_links);
        pieces.pop_if(|piece| piece.kind == PieceKind::Break);
        let prose = pieces.iter().any(|piece| piece.kind != PieceKind::Object && !piece.text.trim().is_empty());
        if !prose && links.is_empty() {
            return;
        }
        if let Some(first) = pieces.first()
            && !self.out.is_empty()
        {
            let between = Span::new(self.raw_end, first.raw.start().max(self.raw_end));
            self.out.push_atomic("\n\n", between);
        }
        let start = self.out.len();
        if let Some(quote) = &mut self.quote {
            quote.get_or_insert(start);
        }
        let mut borders = Vec::with_capacity(if links.is_empty() { 0 } else { pieces.len() + 1 });
        for (index, piece) in pieces.iter().enumerate() {
            if !links.is_empty() {
                borders.push(self.out.len());
            }
            self.write(piece, pieces.get(index + 1).map(|next| next.raw.start()));
        }
        let border = |mark: Mark| borders.get(mark).copied().unwrap_or(self.out.len());
        let placed = links.into_iter().map(|BlockLink { text, decoded, raw }| {
            let start = border(text.start);
            Link { text: TextSpan::new(start, border(text.end).max(start)), decoded, raw }
        });
        self.links.extend(placed);
    }

    fn write(&mut self, piece: &Piece<'_>, next: Option<u32>) {
        let raw = match (piece.kind, next) {
            (PieceKind::Break, Some(next)) => {
                Span::new(piece.raw.start(), piece.raw.end().min(next.max(piece.raw.start())))
            }
            _ => piece.raw,
        };
        if raw.start() < self.raw_end {
            // Out of order, which no event is known to be; the text stays and the map stays sound.
            self.out.push_atomic(&piece.text, Span::new(self.raw_end, self.raw_end));
            return;
        }
        self.raw_end = raw.end();
        if piece.kind == PieceKind::Linear {
            self.out.push_linear(&piece.text, raw.start());
        } else {
            self.out.push_atomic(&piece.text, raw);
        }
    }

    /// The part with every block.
    pub(super) fn finish(mut self) -> Part {
        self.end_block();
        let (text, map) = self.out.finish();
        Part { quotes: self.quotes, links: self.links, ..Part::new(PartKind::Text, text, map) }
    }
}
