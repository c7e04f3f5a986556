//! What site generators and note programs write into Markdown: Hugo shortcodes, Liquid tags, Obsidian comments and
//! callouts, Kramdown attribute lists.
//!
//! Does not run them. A marker without its end is text. Invariant: holes rise without overlap, none starts in code,
//! and the time is linear in the body, because each search goes on where the last one of its kind stopped.

use std::collections::HashMap;
use std::ops::Range;

use super::Dialect;
use super::hole::{Hole, Shows, opaque};
use super::jsx::Jsx;
use crate::document::directive;

/// Liquid blocks whose content is no prose, and what stands in their place.
const LIQUID_BLOCKS: [(&str, &str, Shows); 2] =
    [("highlight", "endhighlight", Shows::Object), ("comment", "endcomment", Shows::Nothing)];

/// Hugo shortcodes whose content is code or a picture.
const HUGO_BLOCKS: [(&str, &str); 3] = [("highlight", "/highlight"), ("mermaid", "/mermaid"), ("katex", "/katex")];

/// Finds the holes of `body`.
pub(super) fn find(body: &str, dialect: Dialect) -> Vec<Hole> {
    let marked = match dialect {
        Dialect::Markdown => ["{{", "{%", "{:", "%%", "[!"].iter().any(|mark| body.contains(mark)),
        Dialect::Mdx => ["{", "<", "import", "export", "[!"].iter().any(|mark| body.contains(mark)),
    };
    if !marked {
        return Vec::new();
    }
    let code = opaque(body, dialect);
    let jsx = (dialect == Dialect::Mdx).then(|| Jsx::new(body, &code));
    let mut scan = Scan { body, holes: Vec::new(), finders: Vec::new(), closings: HashMap::new() };
    let mut code = code.into_iter().peekable();
    let mut at = 0;
    while let Some(next) = scan.next_mark(at, jsx.is_some()) {
        at = next;
        while code.next_if(|range| range.end <= at).is_some() {}
        if let Some(range) = code.peek()
            && range.start <= at
        {
            at = range.end;
            continue;
        }
        let end = match &jsx {
            Some(jsx) => jsx.hole(at).map_or_else(|resume| resume, |hole| scan.add(hole)),
            None => scan.template(at),
        };
        let end = if end > at { end } else { scan.callout(at) };
        at = end.max(at + 1);
    }
    scan.holes
}

struct Scan<'a> {
    body: &'a str,
    holes: Vec<Hole>,
    finders: Vec<Finder>,
    /// The closing tags of each name that was asked for.
    closings: HashMap<&'static str, Vec<Range<usize>>>,
}

impl<'a> Scan<'a> {
    /// The next byte at which something may begin.
    fn next_mark(&self, from: usize, jsx: bool) -> Option<usize> {
        let marks: &[u8] = if jsx { b"{<[ie" } else { b"{%[" };
        let rest = self.body.as_bytes().get(from..)?;
        rest.iter().position(|byte| marks.contains(byte)).map(|ahead| from + ahead)
    }

    fn add(&mut self, hole: Hole) -> usize {
        let end = hole.range.end;
        self.holes.push(hole);
        end
    }

    fn hole(&mut self, range: Range<usize>, shows: Shows) -> usize {
        self.add(Hole { range, shows })
    }

    fn slice(&self, range: Range<usize>) -> &'a str {
        self.body.get(range).unwrap_or_default()
    }

    fn rest(&self, at: usize) -> &'a str {
        self.body.get(at..).unwrap_or_default()
    }

    /// The end of what begins at `at`; `at` itself where nothing does.
    fn template(&mut self, at: usize) -> usize {
        let rest = self.rest(at);
        if rest.starts_with("{{<") {
            self.shortcode(at, "{{<", ">}}")
        } else if rest.starts_with("{{%") {
            self.shortcode(at, "{{%", "%}}")
        } else if rest.starts_with("{{") {
            let Some(end) = self.pair(at, "{{", "}}").filter(|&end| !has_blank_line(self.slice(at..end))) else {
                return at;
            };
            let more = self.rest(end).bytes().take_while(|&byte| byte == b'}').count();
            self.hole(at..end + more, Shows::Object)
        } else if rest.starts_with("{%") {
            self.liquid(at)
        } else if rest.starts_with("{:") {
            let inner = rest.get(2..).unwrap_or_default();
            let close = inner
                .find(['{', '}', '\n'])
                .filter(|&close| inner.get(close..).is_some_and(|r| r.starts_with('}')));
            close.map_or(at, |close| self.hole(at..at + 2 + close + 1, Shows::Nothing))
        } else if rest.starts_with("%%") {
            self.comment(at)
        } else {
            at
        }
    }

    fn shortcode(&mut self, at: usize, open: &'static str, close: &'static str) -> usize {
        let Some(end) = self.pair(at, open, close) else { return at };
        let name = first_word(self.slice(at + open.len()..end));
        let block = HUGO_BLOCKS.iter().find(|(block, _)| *block == name);
        let end = block.and_then(|&(_, closing)| self.closing(end, closing)).map_or(end, |range| range.end);
        self.hole(at..end, Shows::Object)
    }

    fn liquid(&mut self, at: usize) -> usize {
        let Some(end) = self.pair(at, "{%", "%}").filter(|&end| !has_blank_line(self.slice(at..end))) else {
            return at;
        };
        let name = first_word(self.slice(at + 2..end));
        if name == "raw" {
            let closing = self.closing(end, "endraw");
            self.hole(at..end, Shows::Nothing);
            // What stands between is prose as it is, braces and all.
            return closing.map_or(end, |range| self.hole(range, Shows::Nothing));
        }
        let Some(&(_, closing, shows)) = LIQUID_BLOCKS.iter().find(|(block, ..)| *block == name) else {
            return self.hole(at..end, Shows::Object);
        };
        let end = self.closing(end, closing).map_or(end, |range| range.end);
        self.hole(at..end, shows)
    }

    /// An Obsidian comment: within a paragraph, or over any number of them if it starts a line.
    fn comment(&mut self, at: usize) -> usize {
        let before = self.slice(0..at).chars().next_back();
        if before.is_some_and(char::is_alphanumeric) {
            return at;
        }
        let Some(close) = self.next(at + 2, "%%") else { return at };
        let line_start = before.is_none_or(|c| c == '\n');
        if !line_start && has_blank_line(self.slice(at..close)) {
            return at;
        }
        let mut start = at;
        if self.slice(at + 2..close).trim_start().starts_with(directive::MARK) {
            // Without the comment its line ends where the words do.
            let before = self.slice(self.holes.last().map_or(0, |hole| hole.range.end)..at);
            let kept = before.trim_end_matches([' ', '\t']);
            if !kept.is_empty() && !kept.ends_with('\n') {
                start -= before.len() - kept.len();
            }
        }
        self.hole(start..close + 2, Shows::Nothing)
    }

    /// The mark of a callout, `> [!tip]-`, which is a note of the author's own.
    fn callout(&mut self, at: usize) -> usize {
        match callout_mark(self.rest(at)) {
            Some(len) if self.slice(0..at).trim_end_matches([' ', '\t']).ends_with('>') => {
                self.hole(at..at + len, Shows::Nothing)
            }
            _ => at,
        }
    }

    /// The end of the tag that `open` begins at `at`, unless another one begins before it ends.
    fn pair(&mut self, at: usize, open: &'static str, close: &'static str) -> Option<usize> {
        let close_at = self.next(at + open.len(), close)?;
        match self.next(at + open.len(), open) {
            Some(other) if other < close_at => None,
            _ => Some(close_at + close.len()),
        }
    }

    /// The first closing tag `name` after `from`.
    fn closing(&mut self, from: usize, name: &'static str) -> Option<Range<usize>> {
        let body = self.body;
        let tags = self.closings.entry(name).or_insert_with(|| closing_tags(body, name));
        tags.get(tags.partition_point(|tag| tag.start < from)).cloned()
    }

    /// Where `needle` stands next.
    fn next(&mut self, from: usize, needle: &'static str) -> Option<usize> {
        let body = self.body;
        let index = match self.finders.iter().position(|finder| finder.needle == needle) {
            Some(index) => index,
            None => {
                self.finders.push(Finder { needle, searched: 0, found: None });
                self.finders.len() - 1
            }
        };
        self.finders.get_mut(index)?.next(body, from)
    }
}

/// Remembers how far a string was searched for, so that many searches cost one.
struct Finder {
    needle: &'static str,
    /// The string does not stand between here and `found`, or the end.
    searched: usize,
    found: Option<usize>,
}

impl Finder {
    fn next(&mut self, body: &str, from: usize) -> Option<usize> {
        let known = self.searched <= from && self.searched > 0;
        match self.found {
            Some(found) if known && found >= from => return Some(found),
            None if known => return None,
            _ => {}
        }
        self.searched = from.max(1);
        self.found = body.get(from..).and_then(|rest| rest.find(self.needle)).map(|ahead| from + ahead);
        self.found
    }
}

/// The length of `[!word]` with a fold mark at the start of `text`.
pub(super) fn callout_mark(text: &str) -> Option<usize> {
    let word = text.strip_prefix("[!")?;
    let len = word.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')?;
    let after = word.get(len..)?.strip_prefix(']').filter(|_| len > 0)?;
    Some(3 + len + usize::from(after.starts_with(['-', '+'])))
}

fn first_word(text: &str) -> &str {
    let text = text.trim_start_matches(['-', ' ', '\t', '\r', '\n']);
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// Every closing tag `name` of `body`: `{% name %}` with the dashes that Liquid allows, `{{< name >}}` or
/// `{{% name %}}`.
fn closing_tags(body: &str, name: &str) -> Vec<Range<usize>> {
    let blank = [' ', '\t'];
    let mut tags = Vec::new();
    for (at, _) in body.match_indices(name) {
        let before = body.get(..at).unwrap_or_default().trim_end_matches(blank);
        let before = before.strip_suffix('-').unwrap_or(before);
        let after = body.get(at + name.len()..).unwrap_or_default();
        let inner = after.trim_start_matches(blank);
        let inner = inner.strip_prefix('-').unwrap_or(inner);
        for (open, close) in [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}")] {
            if before.ends_with(open) && inner.starts_with(close) {
                let end = at + name.len() + (after.len() - inner.len()) + close.len();
                tags.push(before.len() - open.len()..end);
                break;
            }
        }
    }
    tags
}

/// Whether `text` holds a line, not its first or last, that is blank.
pub(super) fn has_blank_line(text: &str) -> bool {
    text.match_indices('\n').any(|(at, _)| {
        let after = text.get(at + 1..).unwrap_or_default();
        after.trim_start_matches([' ', '\t', '\r']).starts_with('\n')
    })
}
