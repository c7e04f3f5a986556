//! Folding: the one spelling that phrases are compared in.
//!
//! Does not split words. Invariant: every folded character knows the bytes of the text that it stands for, and these
//! places never go back.

use std::ops::Range;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// One folded character, not yet in lower case, and the bytes of the text that spell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    pub(super) c: char,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Folded characters as a string, with the way back to the text.
#[derive(Debug, Default)]
pub(super) struct Spelling {
    text: String,
    glyphs: Vec<Glyph>,
    offsets: Vec<usize>,
}

impl Spelling {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.glyphs.clear();
        self.offsets.clear();
    }

    pub(super) const fn glyphs(&mut self) -> &mut Vec<Glyph> {
        &mut self.glyphs
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.glyphs.is_empty()
    }

    /// Adds a grapheme cluster that stands at byte `start`: compatibility forms become plain letters, quotes and
    /// dashes become ASCII, and what is invisible is left out.
    pub(super) fn push(&mut self, cluster: &str, start: usize) {
        let end = start + cluster.len();
        let mut add = |c| self.glyphs.push(Glyph { c, start, end });
        if cluster.is_ascii() {
            cluster.chars().for_each(add);
            return;
        }
        // Most quotes, dashes and letters with a mark, which are no compatibility forms of anything, stand alone.
        let mut chars = cluster.chars();
        if let (Some(c @ ('\u{C0}'..='\u{FF}' | '\u{2012}'..='\u{201E}')), None) = (chars.next(), chars.next()) {
            return add(simplified(c));
        }
        let visible = || cluster.chars().filter(|&c| !is_ignorable(c));
        let plain = |c: char| is_kept(c) || matches!(is_nfkc_quick(std::iter::once(c)), IsNormalized::Yes);
        let keep = visible().all(plain) && matches!(is_nfkc_quick(visible()), IsNormalized::Yes)
            || visible().any(is_kept)
            || visible().nfkc().any(char::is_whitespace);
        if keep {
            visible().for_each(|c| add(simplified(c)));
        } else {
            visible().nfkc().for_each(|c| add(simplified(c)));
        }
    }

    /// Makes the string of the characters added so far.
    pub(super) fn settle(&mut self) {
        self.text.clear();
        self.offsets.clear();
        for glyph in &self.glyphs {
            self.offsets.push(self.text.len());
            self.text.push(glyph.c);
        }
    }

    /// The folded characters, which [`Spelling::settle`] has put together.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where a range of the string stands in the text.
    pub(super) fn origin(&self, range: Range<usize>) -> Range<usize> {
        let first = self.offsets.partition_point(|&offset| offset < range.start);
        let last = self.offsets.partition_point(|&offset| offset < range.end);
        let start = self.glyphs.get(first).map_or(0, |glyph| glyph.start);
        let end = last.checked_sub(1).and_then(|last| self.glyphs.get(last)).map_or(start, |glyph| glyph.end);
        start..end.max(start)
    }

    /// The first place in the string, from `at` on, where the text may be cut: several characters that one cluster
    /// folds to stay together.
    pub(super) fn border(&self, at: usize) -> usize {
        let mut index = self.offsets.partition_point(|&offset| offset < at);
        while let (Some(glyph), Some(before)) =
            (self.glyphs.get(index), index.checked_sub(1).and_then(|before| self.glyphs.get(before)))
            && glyph.start == before.start
        {
            index += 1;
        }
        self.offsets.get(index).copied().unwrap_or(self.text.len())
    }
}

/// Appends `text` in lower case. A final sigma becomes a plain one, so that it compares equal.
pub(super) fn push_lowercase(folded: &mut String, text: &str) {
    if text.is_ascii() {
        let start = folded.len();
        folded.push_str(text);
        if let Some(tail) = folded.get_mut(start..) {
            tail.make_ascii_lowercase();
        }
        return;
    }
    for c in text.chars() {
        match c {
            'ς' => folded.push('σ'),
            'İ' => folded.push('i'),
            c => folded.extend(c.to_lowercase()),
        }
    }
}

/// White space, and letters that are blank.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{2800}' | '\u{3164}' | '\u{FFA0}' | '\u{115F}' | '\u{1160}')
}

/// Characters that show nothing: joiners, direction marks, soft hyphens, variation selectors, tags.
pub(super) const fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Marks whose compatibility form would stick to the word before them, and those with a simpler form below.
const fn is_kept(c: char) -> bool {
    matches!(c, '™' | '℠' | '´' | '″' | '\u{2011}' | '\u{2017}')
}

/// Quotes and dashes as ASCII spells them; letters in black squares and circles and small capitals, which Unicode
/// does not decompose, as letters.
const fn simplified(c: char) -> char {
    match c {
        '\u{2018}'..='\u{201B}' | '\u{2032}' | '\u{02BC}' | '´' => '\'',
        '\u{201C}'..='\u{201F}' | '\u{2033}' | '«' | '»' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2044}' => '/',
        '\u{1F150}'..='\u{1F169}' => letter(c as u32 - 0x1F150),
        '\u{1F170}'..='\u{1F189}' => letter(c as u32 - 0x1F170),
        _ => small_capital(c),
    }
}

const fn letter(number: u32) -> char {
    (b'A' + (number % 26) as u8) as char
}

const fn small_capital(c: char) -> char {
    match c {
        'ᴀ' => 'A',
        'ʙ' => 'B',
        'ᴄ' => 'C',
        'ᴅ' => 'D',
        'ᴇ' => 'E',
        'ꜰ' => 'F',
        'ɢ' => 'G',
        'ʜ' => 'H',
        'ɪ' => 'I',
        'ᴊ' => 'J',
        'ᴋ' => 'K',
        'ʟ' => 'L',
        'ᴍ' => 'M',
        'ɴ' => 'N',
        'ᴏ' => 'O',
        'ᴘ' => 'P',
        'ʀ' => 'R',
        'ꜱ' => 'S',
        'ᴛ' => 'T',
        'ᴜ' => 'U',
        'ᴠ' => 'V',
        'ᴡ' => 'W',
        'ʏ' => 'Y',
        'ᴢ' => 'Z',
        c => c,
    }
}

/// Whether a cluster is a letter in a square or circle. Some of them are emoji when they stand alone.
pub(super) fn is_boxed_letter(cluster: &str) -> bool {
    let mut chars = cluster.chars();
    matches!((chars.next(), chars.next()), (Some('\u{1F130}'..='\u{1F189}'), None))
}

/// Whether the text spells a hyphen (as opposed to a dash) at its start.
pub(super) fn starts_with_hyphen(text: &str) -> bool {
    text.starts_with(['-', '\u{2010}', '\u{2011}', '\u{FE63}', '\u{FF0D}'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_segmentation::UnicodeSegmentation;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut spelling = Spelling::default();
        for (at, cluster) in text.grapheme_indices(true) {
            spelling.push(cluster, at);
        }
        spelling.settle();
        let mut folded = String::new();
        push_lowercase(&mut folded, spelling.text());
        assert_eq!(folded, expected, "{text:?}");
        let whole = spelling.origin(0..spelling.text().len());
        assert!(whole.end <= text.len());
    }

    #[test]
    fn disguised_letters_are_letters() {
        check("𝗯𝗼𝗹𝗱 𝘪𝘵𝘢𝘭𝘪𝘤 𝓼𝓬𝓻𝓲𝓹𝓽 𝙼𝚘𝚗𝚘", "bold italic script mono");
        check("ｆｕｌｌ ⓒⓘⓡⓒⓛⓔ 🅱🅾🆇 🄰🄱 ʜᴜᴍʙʟᴇᴅ", "full circle box ab humbled");
        check("ﬁne №1 ½", "fine no1 1/2");
    }

    #[test]
    fn invisible_characters_are_left_out() {
        check("hum\u{200B}bl\u{AD}ed\u{FE0F} \u{FEFF}x\u{2060}y\u{200D}z", "humbled xyz");
    }

    #[test]
    fn quotes_and_dashes_are_ascii() {
        check("“don’t” – ‘so’ — a‑b…", "\"don't\" - 'so' - a-b...");
    }

    #[test]
    fn letters_keep_their_marks() {
        check("Cafe\u{301} É ÅNGSTRÖM", "café é ångström");
        check("ΟΔΟΣ οδος İ", "οδοσ οδοσ i");
        check("Acme™ 2²", "acme™ 22");
    }
}
