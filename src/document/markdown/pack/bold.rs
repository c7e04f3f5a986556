//! Lines of nothing but bold words (`**LinkedIn Post**`), which many write where a heading belongs.
//!
//! Does not say what is a post. Invariant: no block is lost, and only a line that names a post, a network or a piece
//! of a post becomes a heading, or one that stands right behind a ruler.

use super::blocks::{Block, Section};
use super::heading::{self, Title};

/// The sections of a body in which bold lines are headings, if one of them can only be that of a post.
pub(super) fn headed(sections: &[Section]) -> Option<Vec<Section>> {
    let bold = || sections.iter().flat_map(|section| &section.blocks).filter_map(words);
    if !bold().any(|words| matches!(heading::read(words), Title::Post(title) if title.sure)) {
        return None;
    }
    let mut headed = Vec::new();
    for section in sections {
        split(section, &mut headed);
    }
    Some(headed)
}

/// The words of a bold line.
fn words(block: &Block) -> Option<&str> {
    match block {
        Block::Bold(_, words, _) => Some(words),
        _ => None,
    }
}

/// Cuts a section at its bold lines; each is one level below it, and what belongs to a post one more.
fn split(section: &Section, headed: &mut Vec<Section>) {
    let Section { level, heading, .. } = section;
    headed.push(Section { level: *level, heading: heading.clone(), blocks: Vec::new() });
    let (mut ruled, mut in_post) = (false, false);
    for block in &section.blocks {
        let title = words(block).map(|words| (heading::read(words), words));
        let below = match &title {
            Some((Title::Post(_), _)) => Some(1),
            Some((Title::Network(_), _)) => Some(if in_post { 2 } else { 1 }),
            Some((Title::Text | Title::Part(_), _)) => Some(2),
            Some((Title::Other, _)) if ruled => Some(1),
            _ => None,
        };
        if let (Some((title, words)), Some(below)) = (title, below) {
            in_post = matches!(title, Title::Post(_)) || in_post && below > 1;
            let rest = match block {
                Block::Bold(_, _, Some(rest)) => vec![Block::Paragraph(rest.clone())],
                _ => Vec::new(),
            };
            headed.push(Section { level: level.saturating_add(below), heading: words.to_owned(), blocks: rest });
        } else if let Some(last) = headed.last_mut() {
            last.blocks.push(block.clone());
        }
        ruled = *block == Block::Rule;
    }
}
