//! The blocks of a Markdown body, below their headings.
//!
//! Does not understand them. Invariant: sections follow each other in the body, and so do the blocks of one; only what stands
//! before all that speaks of posts is left out.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

use super::super::prose;
use super::heading::{self, Title};

/// What stands at the top level of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Paragraph(Range<usize>),
    /// A paragraph whose first line is nothing but bold words, these, and its other lines.
    Bold(Range<usize>, String, Option<Range<usize>>),
    /// A list with its items, and whether it is numbered.
    List(Range<usize>, Vec<Range<usize>>, bool),
    /// Fenced code with its lines, whatever it stands in.
    Fence(Range<usize>, Vec<Range<usize>>),
    Rule,
}

/// A heading and the blocks up to the next.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// From 1; 0 before the first heading.
    pub(super) level: u8,
    pub(super) heading: String,
    pub(super) blocks: Vec<Block>,
}

/// The blocks of a body, gathered from what the parser says of it.
#[derive(Default)]
pub(in super::super) struct Blocks {
    /// None before the first event.
    sections: Vec<Section>,
    /// Whether any heading or bold line may be that of a post or of a piece of one. Sections before it are in no post, and not
    /// kept: most bodies have no other.
    telling: bool,
    /// How many elements are open.
    depth: usize,
    /// Whether a heading is open.
    heading: bool,
    /// Lines of the fenced code that is open.
    fence: Option<Vec<Range<usize>>>,
    /// Items of the outermost list that is open.
    items: Vec<Range<usize>>,
    /// Whether the outermost element that is open has fenced code in it.
    fenced: bool,
    /// The bold words of the paragraph that is open, as long as its first line holds nothing else, and where the next
    /// line starts.
    bold: Option<(String, Option<usize>)>,
}

impl Blocks {
    /// Those of `body`.
    pub(in super::super) fn of(body: &str) -> Self {
        let mut blocks = Self::default();
        for (event, range) in Parser::new_ext(body, prose::options()).into_offset_iter() {
            blocks.event(&event, &range);
        }
        blocks
    }

    /// The sections.
    pub(super) fn sections(self) -> Vec<Section> {
        if self.sections.is_empty() { vec![Section::default()] } else { self.sections }
    }

    /// Takes the next event.
    pub(in super::super) fn event(&mut self, event: &Event<'_>, range: &Range<usize>) {
        if self.sections.is_empty() {
            self.sections.push(Section::default());
        }
        self.embolden(event, range);
        match event {
            Event::Start(tag) => {
                self.start(tag);
                self.depth += 1;
            }
            Event::End(tag) => {
                self.depth = self.depth.saturating_sub(1);
                self.end(*tag, range.clone());
            }
            Event::Text(text) | Event::Code(text) if self.heading => self.head(text),
            Event::SoftBreak | Event::HardBreak if self.heading => self.head(" "),
            Event::Text(_) => self.fence.iter_mut().for_each(|lines| lines.push(range.clone())),
            Event::Rule if self.depth == 0 => self.add(Block::Rule),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } if self.depth == 0 => {
                self.heading = true;
                if !self.telling {
                    self.sections.clear();
                }
                self.sections.push(Section { level: number(*level), ..Section::default() });
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) if is_words(info) => self.fence = Some(Vec::new()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        let outermost = self.depth == 0;
        match tag {
            TagEnd::Heading(_) if outermost => {
                self.heading = false;
                let heading = self.sections.last().map(|section| section.heading.as_str());
                self.telling = self.telling || heading.is_some_and(tells);
            }
            TagEnd::Paragraph if outermost => {
                let bold = self.bold.take().filter(|(words, _)| !words.is_empty());
                self.telling = self.telling || bold.as_ref().is_some_and(|(words, _)| tells(words));
                self.add(match bold {
                    Some((words, next)) => Block::Bold(range.clone(), words, next.map(|next| next..range.end)),
                    None => Block::Paragraph(range),
                });
            }
            TagEnd::Item if self.depth == 1 => self.items.push(range),
            TagEnd::List(ordered) if outermost => {
                let items = std::mem::take(&mut self.items);
                // What stands around code in a list is said of it.
                if !self.fenced {
                    self.add(Block::List(range, items, ordered));
                }
            }
            TagEnd::CodeBlock => {
                if let Some(lines) = self.fence.take() {
                    self.fenced = true;
                    self.add(Block::Fence(range, lines));
                }
            }
            _ => {}
        }
        if outermost {
            self.fenced = false;
            self.items.clear();
        }
    }

    /// Keeps the words of a line that is one bold stretch at the start of a paragraph.
    fn embolden(&mut self, event: &Event<'_>, range: &Range<usize>) {
        if self.depth == 0 && matches!(event, Event::Start(Tag::Paragraph)) {
            self.bold = Some((String::new(), None));
            return;
        }
        let Some((words, next)) = &mut self.bold else { return };
        match event {
            _ if next.is_some() => {}
            Event::Start(Tag::Strong) if self.depth == 1 && words.is_empty() => {}
            Event::Text(text) if self.depth == 2 => words.push_str(text),
            Event::End(TagEnd::Strong | TagEnd::Paragraph) => {}
            Event::SoftBreak | Event::HardBreak if self.depth == 1 => *next = Some(range.end),
            _ => self.bold = None,
        }
    }

    fn head(&mut self, text: &str) {
        if let Some(section) = self.sections.last_mut() {
            section.heading.push_str(text);
        }
    }

    fn add(&mut self, block: Block) {
        if let Some(section) = self.sections.last_mut() {
            if section.blocks.is_empty() {
                // Most have one or two, and there may be very many of them.
                section.blocks.reserve_exact(2);
            }
            section.blocks.push(block);
        }
    }
}

/// Whether a heading says anything of posts.
fn tells(words: &str) -> bool {
    heading::read(words) != Title::Other
}

/// Whether code of a language is words.
fn is_words(info: &str) -> bool {
    let language = info.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    ["", "text", "txt", "plain", "plaintext", "md", "markdown", "post", "tweet", "copy"]
        .contains(&language.as_str())
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
