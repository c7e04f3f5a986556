//! What MDX adds to Markdown: elements, expressions and modules.
//!
//! Does not parse JavaScript: braces are matched, strings in them are not understood. Elements lose their tags and
//! keep their content, which is Markdown again. Invariant: time is linear, because a tag that does not end is not
//! looked into again.

use std::collections::HashMap;
use std::ops::Range;

use super::hole::{Hole, Shows};
use crate::document::directive;

/// A body and its braces.
pub(super) struct Jsx<'a> {
    body: &'a str,
    /// From an opening brace to its closing one.
    braces: HashMap<usize, usize>,
}

impl<'a> Jsx<'a> {
    /// Matches the braces of `body` outside of `code`.
    pub(super) fn new(body: &'a str, code: &[Range<usize>]) -> Self {
        let mut braces = HashMap::new();
        let mut open = Vec::new();
        let mut code = code.iter().peekable();
        let mut escaped = false;
        for (at, byte) in body.bytes().enumerate() {
            while code.next_if(|range| range.end <= at).is_some() {}
            if code.peek().is_some_and(|range| range.start <= at) {
                continue;
            }
            match byte {
                b'{' if !escaped => open.push(at),
                b'}' if !escaped => {
                    if let Some(start) = open.pop() {
                        braces.insert(start, at);
                    }
                }
                _ => {}
            }
            escaped = byte == b'\\' && !escaped;
        }
        Self { body, braces }
    }

    /// The hole that begins at `at`, or where to look on.
    pub(super) fn hole(&self, at: usize) -> Result<Hole, usize> {
        match self.byte(at) {
            Some(b'{') => self.expression(at).ok_or(at),
            Some(b'<') => self.tag(at),
            Some(b'i' | b'e') => self.module(at).ok_or(at),
            _ => Err(at),
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.body.as_bytes().get(at).copied()
    }

    fn rest(&self, at: usize) -> &'a str {
        self.body.get(at..).unwrap_or_default()
    }

    fn expression(&self, at: usize) -> Option<Hole> {
        let end = self.braces.get(&at)? + 1;
        let comment = self.rest(at + 1).trim_start().starts_with("/*");
        let shows = if comment { Shows::Nothing } else { Shows::Object };
        let ends_line = self.rest(end).trim_start_matches([' ', '\t', '\r']);
        let quiet = comment && self.body.get(at..end).is_some_and(|inside| inside.contains(directive::MARK));
        let last = quiet && (ends_line.is_empty() || ends_line.starts_with('\n'));
        let before = self.body.get(..at).filter(|_| last).map(|before| before.trim_end_matches([' ', '\t']).len());
        // Without the comment its line ends where the words do.
        Some(Hole { range: before.unwrap_or(at)..end, shows })
    }

    fn tag(&self, at: usize) -> Result<Hole, usize> {
        let inner = self.rest(at + 1);
        let inner = inner.strip_prefix('/').unwrap_or(inner);
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | ':' | '_' | '$');
        let name = inner.split(|c| !is_name(c)).next().unwrap_or_default();
        let after = inner.get(name.len()..).unwrap_or_default();
        let named = name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$'));
        let ends_well = after.starts_with([' ', '\t', '\r', '\n', '/', '>']) && !after.starts_with("//");
        if !(named && ends_well || name.is_empty() && after.starts_with('>')) {
            return Err(at);
        }
        let end = self.tag_end(at + 1)?;
        let closes_itself = self.byte(end.saturating_sub(2)) == Some(b'/') && end - at > 3;
        let shows = match name {
            "br" => Shows::Break,
            "img" | "video" | "audio" | "iframe" => Shows::Object,
            _ if closes_itself && name.starts_with(char::is_uppercase) => Shows::Object,
            _ => Shows::Nothing,
        };
        Ok(Hole { range: at..end, shows })
    }

    /// Where the tag ends that is open at `from`; the place where it turns out to be none.
    fn tag_end(&self, from: usize) -> Result<usize, usize> {
        let mut at = from;
        while let Some(byte) = self.byte(at) {
            at = match byte {
                b'>' => return Ok(at + 1),
                b'<' => return Err(at),
                b'{' => *self.braces.get(&at).ok_or(at)?,
                b'"' | b'\'' => at + 1 + self.rest(at + 1).find(byte as char).ok_or(at)?,
                b'\n' if self.blank_line_follows(at) => return Err(at),
                _ => at,
            } + 1;
        }
        Err(at)
    }

    /// An `import` or `export` at the start of a paragraph, which ends before the next blank line.
    fn module(&self, at: usize) -> Option<Hole> {
        let before = self.body.get(..at)?;
        let starts = before.is_empty()
            || before
                .strip_suffix('\n')?
                .trim_end_matches([' ', '\t', '\r'])
                .chars()
                .next_back()
                .is_none_or(|c| c == '\n');
        if !starts || !self.is_module(at) {
            return None;
        }
        let mut end = at;
        while let Some(byte) = self.byte(end) {
            if byte == b'\n' && self.blank_line_follows(end) {
                break;
            }
            end = if byte == b'{' { self.braces.get(&end).copied().unwrap_or(end) } else { end } + 1;
        }
        Some(Hole { range: at..end, shows: Shows::Nothing })
    }

    /// Whether the line after the line break at `at` is blank.
    fn blank_line_follows(&self, at: usize) -> bool {
        self.rest(at + 1).trim_start_matches([' ', '\t', '\r']).starts_with('\n')
    }

    /// Whether the words at `at` are a statement and not prose that begins with such a word.
    fn is_module(&self, at: usize) -> bool {
        let rest = self.rest(at);
        let quotes = ['"', '\'', '`'];
        if let Some(after) = rest.strip_prefix("import") {
            let mut lines = after.lines().take_while(|line| !line.trim().is_empty());
            return after.trim_start().starts_with(quotes)
                || lines.any(|line| line.split("from").skip(1).any(|rest| rest.trim_start().starts_with(quotes)));
        }
        let Some(after) = rest.strip_prefix("export") else { return false };
        let after = after.trim_start();
        let word = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let words = ["const", "let", "var", "function", "class", "default", "async", "type", "interface"];
        words.contains(&word) || after.starts_with(['{', '*'])
    }
}
