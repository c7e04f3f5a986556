//! A block of prose being gathered, and the part that finished blocks are written to.
//!
//! Knows no Markdown. Invariant: what is written rises in the source, and a block without a word or a link is not
//! written at all.

use std::borrow::Cow;

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

/// A point in the block, to come back to.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    pieces: usize,
    len: u32,
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
    len: u32,
    block_links: Vec<Link>,
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
            len: 0,
            block_links: Vec::new(),
            links: Vec::new(),
            quotes: Vec::new(),
            quote: None,
        }
    }

    /// A span of the source from a range of the body.
    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(offset(self.base, range.start), offset(self.base, range.end))
    }

    fn push(&mut self, text: impl Into<Cow<'a, str>>, raw: Span, kind: PieceKind) {
        let text = text.into();
        if !text.is_empty() {
            self.len = offset(self.len, text.len());
            self.pieces.push(Piece { text, raw, kind });
        }
    }

    /// Text that stands in the body as it is.
    pub(super) fn linear(&mut self, range: std::ops::Range<usize>) {
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
            self.len -= blanks;
        }
        self.pieces.pop_if(|last| last.text.is_empty());
        self.move_links(self.len, self.len);
    }

    /// Text that the body spells otherwise.
    pub(super) fn atomic(&mut self, text: impl Into<Cow<'a, str>>, range: std::ops::Range<usize>) {
        self.push(text, self.span(range), PieceKind::Atomic);
    }

    /// Something that is no prose; what directly follows another one is part of it.
    pub(super) fn object(&mut self, range: std::ops::Range<usize>) {
        let raw = self.span(range);
        match self.pieces.last_mut() {
            Some(last) if last.kind == PieceKind::Object => last.raw = last.raw.cover(raw),
            _ => self.push(OBJECT, raw, PieceKind::Object),
        }
    }

    /// A line break that shows as `text`; none at the start of a block, and one of several.
    pub(super) fn line_break(&mut self, text: &'static str, range: std::ops::Range<usize>) {
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
        Mark { pieces: self.pieces.len(), len: self.len }
    }

    /// Takes back everything since `mark` for one object.
    pub(super) fn replace(&mut self, mark: Mark, range: std::ops::Range<usize>) {
        self.pieces.truncate(mark.pieces);
        let kept = mark.len.min(self.len);
        self.len = kept;
        self.object(range);
        // It may have become part of an object before it.
        self.move_links(kept, self.len.saturating_sub(offset(0, OBJECT.len())));
    }

    /// Has links that reach beyond what was `kept` of the block end with it as it is now, and begin no later than `last`.
    fn move_links(&mut self, kept: u32, last: u32) {
        for link in self.block_links.iter_mut().filter(|link| link.text.end() > kept) {
            link.text = TextSpan::new(link.text.start().min(last), self.len);
        }
    }

    /// A link from `mark` to here.
    pub(super) fn link(&mut self, mark: Mark, decoded: Option<Box<str>>, raw: Span) {
        let text = TextSpan::new(mark.len.min(self.len), self.len);
        self.block_links.push(Link { text, decoded, raw });
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
        self.len = 0;
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
        for (index, piece) in pieces.iter().enumerate() {
            self.write(piece, pieces.get(index + 1).map(|next| next.raw.start()));
        }
        let end = self.out.len();
        self.links.extend(links.into_iter().map(|link| {
            let text = TextSpan::new((start + link.text.start()).min(end), (start + link.text.end()).min(end));
            Link { text, ..link }
        }));
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
