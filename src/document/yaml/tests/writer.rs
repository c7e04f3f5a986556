//! Writes texts as scalars of YAML in every style, and knows where each character stands.
//!
//! Reads nothing. Invariant: what is written is read as the text.

use std::ops::Range;

/// A scalar as it is written, and where each character of its text stands in it, if that is in one place.
pub(super) struct Written {
    pub(super) raw: String,
    pub(super) places: Vec<Option<Range<usize>>>,
}

impl Written {
    fn new(raw: &str) -> Self {
        Self { raw: raw.to_owned(), places: Vec::new() }
    }

    /// The next character, spelled like this.
    fn push(&mut self, spelled: &str) {
        let start = self.raw.len();
        self.raw.push_str(spelled);
        self.places.push(Some(start..self.raw.len()));
    }

    /// The next character, which breaks and indentation spell.
    fn white(&mut self, spelled: &str) {
        self.raw.push_str(spelled);
        self.places.push(None);
    }
}

fn is_printable(next: char) -> bool {
    matches!(next, '\n' | '\t' | ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

/// The indentation of what follows a key in the tests.
const INDENT: &str = "      ";

/// Whether a break may be folded at a place of a text: words stand on both sides.
fn between_words(chars: &[char], at: usize) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|next| !next.is_whitespace());
    word(at.checked_sub(1)) && word(Some(at + 1))
}

fn double(text: &str, roll: &mut impl FnMut() -> u8) -> Written {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Written::new("\"");
    for (at, &next) in chars.iter().enumerate() {
        let dice = roll();
        // A break behind a backslash is nothing, and swallows white space.
        if dice.is_multiple_of(16) && !next.is_whitespace() {
            out.raw.push_str(&format!("\\\n{INDENT}"));
        }
        let code = next as u32;
        match (next, dice % 8) {
            (' ', 0 | 1) if between_words(&chars, at) => out.white(&format!("\n{INDENT}")),
            ('\n', 0..=3) if between_words(&chars, at) => out.white(&format!(" \n\n{INDENT}")),
            ('\n', _) => out.push("\\n"),
            ('"', _) => out.push("\\\""),
            ('\\', _) => out.push("\\\\"),
            ('\t', 0) => out.push("\\t"),
            ('/', 0) => out.push("\\/"),
            ('\u{a0}', 0) => out.push("\\_"),
            (_, 0) if code < 0x100 => out.push(&format!("\\x{code:02x}")),
            (_, 1) if code < 0x10000 => out.push(&format!("\\u{code:04X}")),
            (_, 2) => out.push(&format!("\\U{code:08x}")),
            (_, 3) if code >= 0x10000 => {
                let units: String =
                    next.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect();
                out.push(&units);
            }
            _ if !is_printable(next) || next == '\t' => out.push(&format!("\\U{code:08x}")),
            // At a break or an end, a space would be folded away.
            (' ', _) if !between_words(&chars, at) => out.push("\\ "),
            _ => out.push(next.encode_utf8(&mut [0; 4])),
        }
    }
    out.raw.push('"');
    out
}

fn single(text: &str, roll: &mut impl FnMut() -> u8) -> Option<Written> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Written::new("'");
    for (at, &next) in chars.iter().enumerate() {
        match next {
            '\n' if between_words(&chars, at) => {
                out.white(&format!("\n{}\n{INDENT}", [" ", ""][usize::from(roll() % 2)]))
            }
            '\n' => return None,
            ' ' if roll().is_multiple_of(4) && between_words(&chars, at) => out.white(&format!("\n{INDENT}")),
            '\'' => out.push("''"),
            next if !is_printable(next) => return None,
            next => out.push(next.encode_utf8(&mut [0; 4])),
        }
    }
    out.raw.push('\'');
    Some(out)
}

fn plain(text: &str, roll: &mut impl FnMut() -> u8) -> Option<Written> {
    // Without quotation marks such a word is no text.
    if ["true", "false", "yes", "no", "on", "off", "null"].iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return None;
    }
    let chars: Vec<char> = text.chars().collect();
    let mut out = Written::new("");
    for (at, &next) in chars.iter().enumerate() {
        match next {
            ' ' if between_words(&chars, at) && roll().is_multiple_of(3) => out.white(&format!("\n{INDENT}")),
            ' ' if between_words(&chars, at) => out.push(" "),
            '\n' if between_words(&chars, at) => out.white(&format!("\n\n{INDENT}")),
            next if next.is_alphanumeric() || matches!(next, '.' | '!') && at > 0 => {
                out.push(next.encode_utf8(&mut [0; 4]));
            }
            _ => return None,
        }
    }
    Some(out)
}

/// A literal or folded block.
fn block(text: &str, folded: bool, roll: &mut impl FnMut() -> u8) -> Option<Written> {
    let body = text.trim_end_matches('\n');
    let end = text.len() - body.len();
    if body.is_empty() || !text.chars().all(is_printable) || text.contains('\u{feff}') {
        return None;
    }
    // Two more than the table around it.
    let indicator = if text.starts_with([' ', '\n', '\t']) || roll().is_multiple_of(3) { "2" } else { "" };
    let chomp = match end {
        0 => "-",
        1 if roll().is_multiple_of(2) => "",
        _ => "+",
    };
    let mut out = Written::new(&format!("{}{indicator}{chomp}\n", if folded { '>' } else { '|' }));
    let further = |line: &str| line.starts_with([' ', '\t']);
    let mut first = true;
    for line in body.split('\n') {
        if !std::mem::take(&mut first) {
            out.white("\n");
        }
        if line.is_empty() {
            continue;
        }
        out.raw.push_str(INDENT);
        let chars: Vec<char> = line.chars().collect();
        for (at, &next) in chars.iter().enumerate() {
            let fold = folded && !further(line) && next == ' ' && between_words(&chars, at);
            if fold && roll().is_multiple_of(3) {
                out.white(&format!("\n{INDENT}"));
            } else {
                out.push(next.encode_utf8(&mut [0; 4]));
            }
        }
    }
    if folded {
        // Between two lines that are not indented, a break more than there is in the text.
        out = unfold(&out, body);
    }
    for _ in 0..end {
        out.white("\n");
    }
    if end == 0 {
        out.raw.push('\n');
    }
    Some(out)
}

/// A folded block from what was written for a literal one: a run of breaks between two lines that are not indented has
/// one more.
fn unfold(written: &Written, body: &str) -> Written {
    let chars: Vec<char> = body.chars().collect();
    let mut out = Written::new("");
    let mut raw_at = 0;
    let further = |from: usize| matches!(chars.get(from), Some(' ' | '\t'));
    let mut line_start = 0;
    let mut at = 0;
    let mut cursor = |until: usize, out: &mut Written| {
        out.raw.push_str(written.raw.get(raw_at..until).unwrap_or_default());
        raw_at = until;
    };
    // Where breaks stand in the raw text is found by walking both.
    let mut raw_breaks = written.raw.match_indices('\n').map(|(index, _)| index).skip(1);
    while at < chars.len() {
        match (chars.get(at), written.places.get(at)) {
            (Some('\n'), _) => {
                let run = chars.iter().skip(at).take_while(|next| **next == '\n').count();
                let place = raw_breaks.next().unwrap_or(0);
                cursor(place, &mut out);
                let leading = at == 0;
                if !leading && !further(line_start) && !further(at + run) {
                    out.raw.push('\n');
                }
                for extra in 0..run {
                    if extra > 0 {
                        let place = raw_breaks.next().unwrap_or(0);
                        cursor(place, &mut out);
                    }
                    out.places.push(None);
                }
                at += run;
                line_start = at;
            }
            (Some(_), Some(Some(place))) => {
                cursor(place.start, &mut out);
                let start = out.raw.len();
                cursor(place.end, &mut out);
                out.places.push(Some(start..out.raw.len()));
                at += 1;
            }
            _ => {
                // A space that is folded.
                raw_breaks.next();
                out.places.push(None);
                at += 1;
            }
        }
    }
    cursor(written.raw.len(), &mut out);
    out
}

/// The text in a style, or between double quotation marks where that cannot hold it.
pub(super) fn written(text: &str, style: u8, roll: &mut impl FnMut() -> u8) -> Written {
    let other = match style {
        0 => plain(text, roll),
        1 => single(text, roll),
        2 => block(text, false, roll),
        3 => block(text, true, roll),
        _ => None,
    };
    other.unwrap_or_else(|| double(text, roll))
}
