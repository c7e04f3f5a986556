//! HTML as networks keep posts in it: to text, with what each piece of it stands for.
//!
//! Reads no documents: no head, no style, no forms. Works on text that was decoded once already (a JSON string) and
//! carries its map on. Invariant: every byte is looked at a bounded number of times, and text outside of tags is never
//! lost, but for code, which is one U+FFFC.

use pulldown_cmark::{Event, Parser};

use super::Link;
use crate::text::{MappedText, SourceMap, Span, TextSpan};

/// What stands for something that is no prose.
const OBJECT: &str = "\u{FFFC}";

/// Text out of HTML.
#[derive(Debug, Default)]
pub(super) struct Prose {
    pub(super) text: MappedText,
    /// Block quotes.
    pub(super) quotes: Vec<TextSpan>,
    /// Links whose target is not shown.
    pub(super) links: Vec<Link>,
}

/// Whether a text that may be HTML is: it starts with a block and ends with a tag.
pub(super) fn is_html(text: &str) -> bool {
    let text = text.trim();
    let Some(tag) = text.strip_prefix('<').filter(|_| text.ends_with('>')).and_then(|rest| tag(rest, false))
    else {
        return false;
    };
    !tag.closing && matches!(block(&tag.name), Some(2)) || tag.name == "span"
}

/// The text of `html`, which `map` leads back to the source.
pub(super) fn read(html: &str, map: &SourceMap) -> Prose {
    let mut reader = Reader::new(html, map);
    reader.read();
    reader.prose
}

/// The text in which entities are what they stand for; nothing else of HTML counts.
pub(super) fn entities(text: &str, map: &SourceMap) -> MappedText {
    let mut out = MappedText::new();
    push_entities(text, map, 0..text.len(), &mut out);
    out
}

fn push_entities(text: &str, map: &SourceMap, range: std::ops::Range<usize>, out: &mut MappedText) {
    let mut at = range.start;
    while let Some(rest) = text.get(at..range.end).filter(|rest| !rest.is_empty()) {
        let plain = rest.find('&').unwrap_or(rest.len());
        out.push_mapped(text, map, TextSpan::of(at..at + plain));
        at += plain;
        let Some(special) = rest.get(plain..).filter(|special| !special.is_empty()) else { break };
        let len = match entity(special) {
            Some((decoded, len)) => {
                out.push_atomic(&decoded, map.to_source(TextSpan::of(at..at + len)));
                len
            }
            None => {
                out.push_mapped(text, map, TextSpan::of(at..at + 1));
                1
            }
        };
        at += len;
    }
}

/// No entity has a longer name, `&` and `;` included.
const LONGEST_ENTITY: usize = 34;

/// What the entity at the start of `rest` stands for, and its length.
fn entity(rest: &str) -> Option<(String, usize)> {
    let len = rest.bytes().take(LONGEST_ENTITY).position(|byte| byte == b';')? + 1;
    let whole = rest.get(..len)?;
    let name = whole.get(1..len - 1)?;
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        let character = char::from_u32(code).filter(|character| *character != '\0');
        return Some((character.unwrap_or(char::REPLACEMENT_CHARACTER).to_string(), len));
    }
    let decoded = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" => "\u{A0}",
        _ if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            // Markdown has the entities of HTML, and its parser the list of them.
            let text = Parser::new(whole).find_map(|event| match event {
                Event::Text(text) => Some(text.into_string()),
                _ => None,
            });
            return text.filter(|text| text != "&" && text != whole).map(|text| (text, len));
        }
        _ => return None,
    };
    Some((decoded.to_owned(), len))
}

/// A tag, as far as it matters.
#[derive(Debug)]
struct Tag<'a> {
    name: String,
    closing: bool,
    /// What stands behind the name.
    attributes: &'a str,
    /// Bytes from behind the `<` to the end of the tag.
    len: usize,
}

/// The tag whose `<` stands before `rest`. A `>` in quotation marks does not end it, unless `quotes_are_off`.
fn tag(rest: &str, quotes_are_off: bool) -> Option<Tag<'_>> {
    let closing = rest.starts_with('/');
    let from = usize::from(closing);
    let letters = rest.get(from..)?;
    if !letters.starts_with(|next: char| next.is_ascii_alphabetic()) {
        return None;
    }
    let name_len = letters.find(|next: char| !next.is_ascii_alphanumeric()).unwrap_or(letters.len());
    let name = letters.get(..name_len)?.to_ascii_lowercase();
    let inner = letters.get(name_len..)?;
    let mut quote = None;
    let end = inner.bytes().position(|byte| match (quote, byte) {
        (None, b'>') => true,
        (None, b'"' | b'\'') if !quotes_are_off => {
            quote = Some(byte);
            false
        }
        (Some(open), byte) if open == byte => {
            quote = None;
            false
        }
        _ => false,
    })?;
    Some(Tag { name, closing, attributes: inner.get(..end)?, len: from + name_len + end + 1 })
}

/// How many line breaks stand around an element, if it is a block.
fn block(name: &str) -> Option<u8> {
    Some(match name {
        "p" | "div" | "blockquote" | "ul" | "ol" | "pre" | "table" | "figure" | "h1" | "h2" | "h3" | "h4"
        | "h5" | "h6" | "hr" | "section" | "article" => 2,
        "li" | "tr" | "dt" | "dd" => 1,
        _ => return None,
    })
}

/// The value of an attribute and where it starts in `attributes`.
fn attribute<'a>(attributes: &'a str, wanted: &str) -> Option<(&'a str, usize)> {
    let mut at = 0;
    loop {
        let rest = attributes.get(at..)?;
        at += rest.find(|next: char| !next.is_ascii_whitespace() && next != '/')?;
        let rest = attributes.get(at..)?;
        let name_len = rest.find(|next: char| next.is_ascii_whitespace() || next == '=').unwrap_or(rest.len());
        let name = rest.get(..name_len)?;
        at += name_len;
        let rest = attributes.get(at..)?;
        let Some(value) = rest.trim_start().strip_prefix('=').map(str::trim_start) else {
            if name_len == 0 {
                return None;
            }
            continue;
        };
        let (start, len, over) = match value.bytes().next()? {
            quote @ (b'"' | b'\'') => {
                let inner = value.get(1..)?;
                (1, inner.bytes().position(|byte| byte == quote).unwrap_or(inner.len()), 1)
            }
            _ => (0, value.find(|next: char| next.is_ascii_whitespace()).unwrap_or(value.len()), 0),
        };
        let start = attributes.len() - value.len() + start;
        let value = attributes.get(start..start + len)?;
        if name.eq_ignore_ascii_case(wanted) {
            return Some((value, start));
        }
        at = start + len + over;
    }
}

/// A link that is open: where its text starts, and where its target stands.
struct OpenLink {
    start: u32,
    url: String,
    raw: Span,
}

struct Reader<'a> {
    html: &'a str,
    map: &'a SourceMap,
    prose: Prose,
    /// Line breaks due before the next text, and what they stand for.
    due: (u8, Span),
    /// Where code starts that is being left out, and how deep in it this is.
    hidden: Option<(usize, usize)>,
    /// How deep in block quotes this is, and where the text of the outermost starts.
    quote: (usize, Option<u32>),
    link: Option<OpenLink>,
    /// Whether quotation marks in tags are seen to be no pairs.
    quotes_are_off: bool,
    /// Whether no tag ends any more.
    tags_are_off: bool,
}

impl<'a> Reader<'a> {
    fn new(html: &'a str, map: &'a SourceMap) -> Self {
        Self {
            html,
            map,
            prose: Prose::default(),
            due: (0, Span::default()),
            hidden: None,
            quote: (0, None),
            link: None,
            quotes_are_off: false,
            tags_are_off: false,
        }
    }

    fn read(&mut self) {
        let mut at = 0;
        while let Some(rest) = self.html.get(at..).filter(|rest| !rest.is_empty()) {
            let plain = if self.tags_are_off { rest.len() } else { rest.find('<').unwrap_or(rest.len()) };
            self.text(at, at + plain);
            at += plain;
            if at < self.html.len() {
                at += self.mark(at);
            }
        }
        if let Some((start, _)) = self.hidden.take() {
            self.object(start, self.html.len());
        }
        self.close_quote();
    }

    fn place(&self, start: usize, end: usize) -> Span {
        self.map.to_source(TextSpan::of(start..end))
    }

    /// Reads what begins with the `<` at `at`; how long it is.
    fn mark(&mut self, at: usize) -> usize {
        let rest = self.html.get(at + 1..).unwrap_or_default();
        if rest.starts_with(['!', '?']) {
            let (end, len) = if rest.starts_with("!--") { ("-->", 3) } else { (">", 1) };
            if let Some(found) = rest.find(end) {
                return 1 + found + len;
            }
            self.tags_are_off = true;
        } else if rest.trim_start_matches('/').starts_with(|next: char| next.is_ascii_alphabetic()) {
            if let Some(tag) = tag(rest, self.quotes_are_off) {
                let len = tag.len + 1;
                self.tag(&tag, at, at + len);
                // A program is no markup.
                let program = !tag.closing && matches!(tag.name.as_str(), "script" | "style");
                let end = self.html.get(at + len..).filter(|_| program);
                return len + end.map_or(0, |end| end.find(&format!("</{}", tag.name)).unwrap_or(end.len()));
            }
            // Looking for the end of a tag to the end of the text is done once only.
            if std::mem::replace(&mut self.quotes_are_off, true) {
                self.tags_are_off = true;
            }
            return 0;
        }
        self.text(at, at + 1);
        1
    }

    fn tag(&mut self, tag: &Tag<'_>, start: usize, end: usize) {
        let code = matches!(tag.name.as_str(), "code" | "pre");
        if code && tag.closing {
            self.show_again(if block(&tag.name).is_some() { start } else { end });
        }
        if self.hidden.is_none() {
            self.element(tag, start, end);
        }
        if code && !tag.closing {
            // The tag of a block stands for line breaks, and for nothing else beside.
            self.hide(if block(&tag.name).is_some() { end } else { start });
        }
    }

    fn element(&mut self, tag: &Tag<'_>, start: usize, end: usize) {
        if let Some(breaks) = block(&tag.name) {
            self.due = (self.due.0.max(breaks), self.place(start, end));
        }
        match (tag.name.as_str(), tag.closing) {
            ("br", _) => self.due = (self.due.0.saturating_add(1).min(2), self.place(start, end)),
            ("img" | "video" | "iframe", false) => self.object(start, end),
            ("blockquote", false) => self.quote.0 += 1,
            ("blockquote", true) => {
                self.quote.0 = self.quote.0.saturating_sub(1);
                if self.quote.0 == 0 {
                    self.close_quote();
                }
            }
            ("a", false) => self.open_link(tag, start),
            ("a", true) => self.close_link(),
            _ => {}
        }
    }

    fn hide(&mut self, start: usize) {
        let (_, depth) = self.hidden.get_or_insert((start, 0));
        *depth += 1;
    }

    fn show_again(&mut self, end: usize) {
        match self.hidden {
            Some((start, 1)) => {
                self.hidden = None;
                self.object(start, end);
            }
            Some((start, depth)) => self.hidden = Some((start, depth - 1)),
            None => {}
        }
    }

    /// Puts one character for what is no prose.
    fn object(&mut self, start: usize, end: usize) {
        self.begin();
        self.prose.text.push_atomic(OBJECT, self.place(start, end));
    }

    /// Writes the line breaks that are due before what comes now.
    fn begin(&mut self) {
        let (breaks, place) = std::mem::take(&mut self.due);
        if breaks > 0 && !self.prose.text.is_empty() {
            self.prose.text.push_atomic(if breaks > 1 { "\n\n" } else { "\n" }, place);
        }
        if self.quote.0 > 0 && self.quote.1.is_none() {
            self.quote.1 = Some(self.prose.text.len());
        }
    }

    fn close_quote(&mut self) {
        if let Some(start) = self.quote.1.take() {
            self.prose.quotes.push(TextSpan::new(start, self.prose.text.len()));
        }
    }

    fn open_link(&mut self, tag: &Tag<'_>, start: usize) {
        self.link = None;
        let Some((value, at)) = attribute(tag.attributes, "href").filter(|_| self.hidden.is_none()) else {
            return;
        };
        let at = start + 1 + (tag.len - 1 - tag.attributes.len()) + at;
        let span = TextSpan::of(at..at + value.len());
        let mut url = MappedText::new();
        push_entities(self.html, self.map, at..at + value.len(), &mut url);
        self.begin();
        let start = self.prose.text.len();
        self.link = Some(OpenLink { start, url: url.finish().0, raw: self.map.to_source(span) });
    }

    fn close_link(&mut self) {
        let Some(OpenLink { start, url, raw }) = self.link.take() else { return };
        let text = TextSpan::new(start, self.prose.text.len());
        let shown = self.prose.text.text().get(text.range()).unwrap_or_default().trim();
        // The address of a mention or hashtag, or of an address, is none that anybody would have to be shown.
        let plain = shown.is_empty() || shown.starts_with(['@', '#']) || shown.contains("://");
        if !plain && (url.starts_with("http://") || url.starts_with("https://")) {
            self.prose.links.push(Link { text, decoded: Some(url.into()), raw });
        }
    }

    /// Text from `start` to `end`: entities decoded, white space joined.
    fn text(&mut self, start: usize, end: usize) {
        if self.hidden.is_some() {
            return;
        }
        let mut at = start;
        while let Some(rest) = self.html.get(at..end).filter(|rest| !rest.is_empty()) {
            let white = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            if white > 0 {
                self.white(at, at + white);
                at += white;
                continue;
            }
            let len = rest.find([' ', '\t', '\r', '\n']).unwrap_or(rest.len());
            self.begin();
            push_entities(self.html, self.map, at..at + len, &mut self.prose.text);
            at += len;
        }
    }

    fn white(&mut self, start: usize, end: usize) {
        let out = &self.prose.text;
        if self.due.0 > 0 || out.is_empty() || out.text().ends_with([' ', '\n']) {
            return;
        }
        if self.html.get(start..end) == Some(" ") {
            self.prose.text.push_mapped(self.html, self.map, TextSpan::of(start..end));
        } else {
            let place = self.place(start, end);
            self.prose.text.push_atomic(" ", place);
        }
    }
}

/// A text as a network writes it, with entities and spans where `dice` says so.
#[cfg(test)]
pub(super) fn encode(text: &str, dice: &[bool]) -> String {
    let mut dice = dice.iter().cycle();
    let mut html = String::from("<p>");
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    for (number, paragraph) in paragraphs.iter().enumerate() {
        if number > 0 {
            html.push_str("</p><p>");
        }
        for next in paragraph.chars() {
            let dice = dice.next() == Some(&true);
            match next {
                '\n' => html.push_str(if dice { "<br>" } else { "<br />" }),
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' if dice => html.push_str("&gt;"),
                ' ' if dice => html.push_str("\n "),
                ' ' => html.push(' '),
                _ if dice => html.push_str(&format!("&#{};", u32::from(next))),
                '\'' => html.push_str("<span class=\"a>b\">'</span>"),
                _ => html.push(next),
            }
        }
    }
    html + "</p>"
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use proptest::prelude::*;

    use super::*;

    fn plain(text: &str) -> (String, SourceMap) {
        let mut mapped = MappedText::new();
        mapped.push_linear(text, 0);
        mapped.finish()
    }

    fn prose(html: &str) -> (String, SourceMap, Vec<TextSpan>, Vec<Link>) {
        let (html, map) = plain(html);
        let Prose { text, quotes, links } = read(&html, &map);
        let (text, map) = text.finish();
        (text, map, quotes, links)
    }

    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(prose(html).0, expected, "{html}");
    }

    #[test]
    fn blocks_and_breaks_are_line_breaks() {
        check("<p>Soup is on.<br />Bread too.</p><p>Tea.</p>", "Soup is on.\nBread too.\n\nTea.");
        check("<div>a<div>b</div></div> \n <ul><li>c</li><li>d</li></ul>", "a\n\nb\n\nc\nd");
        check("a<br><br>b<br><br><br>c", "a\n\nb\n\nc");
        check("<p>a\n  b <em>c</em>d</p>", "a b cd");
        check("", "");
        check("<p></p>", "");
    }

    #[test]
    fn entities_are_what_they_stand_for() {
        check("a &amp; b &lt;3 &#39;c&#x27; &nbsp;d &hellip; &amp;amp;", "a & b <3 'c' \u{A0}d … &amp;");
        check(
            "AT&T & &; &unknown; &#0; &#xD800; &#99999999999;",
            "AT&T & &; &unknown; \u{FFFD} \u{FFFD} &#99999999999;",
        );
        let (text, map) = plain("a &amp; <b> &copy");
        assert_eq!(entities(&text, &map).finish().0, "a & <b> &copy");
    }

    #[test]
    fn links_of_networks_are_words_again() {
        check(
            "<p>Soup by <span class=\"h-card\"><a href=\"https://m.example/@ana\" class=\"u-url mention\">@<span>ana</span></a></span> \
             <a href=\"https://m.example/tags/soup\" class=\"mention hashtag\" rel=\"tag\">#<span>soup</span></a> \
             <a href=\"https://soup.example/a/b\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">soup.example/a</span>\
             <span class=\"invisible\">/b</span></a></p>",
            "Soup by @ana #soup https://soup.example/a/b",
        );
        let (text, _, _, links) =
            prose("<a title=x href='https://a.example/?a=1&amp;b=2' rel>our menu</a> <a href=\"#x\">here</a>");
        assert_eq!(text, "our menu here");
        assert_eq!(links.len(), 1);
        assert_eq!(
            (links[0].decoded.as_deref(), links[0].text),
            (Some("https://a.example/?a=1&b=2"), TextSpan::new(0, 8))
        );
        assert_eq!(links[0].raw, Span::new(17, 47));
    }

    #[test]
    fn quotes_and_code_are_marked() {
        let (text, _, quotes, _) =
            prose("<p>Ana:</p><blockquote><p>Soup</p><p>is on.</p></blockquote><p>Yes.</p>");
        assert_eq!(text, "Ana:\n\nSoup\n\nis on.\n\nYes.");
        assert_eq!(&text[quotes[0].range()], "Soup\n\nis on.");
        check("run <code>a &lt; <b>b</b></code> now<pre><code>x</code></pre>", "run \u{FFFC} now\n\n\u{FFFC}");
        check("a<script>if (a<b) {}</script>b<!-- c -->d <img src=x alt='y'> e", "abd \u{FFFC} e");
        check("a <code>b", "a \u{FFFC}");
    }

    #[test]
    fn what_is_no_tag_stays() {
        check("a < b > c <3 </ x", "a < b > c <3 </ x");
        check("a <b", "a <b");
        check("a <b title=\"c>d", "a d");
        check("a <!-- b", "a <!-- b");
    }

    #[test]
    fn html_is_told_from_text() {
        for html in ["<p>a</p>", " <div class='a'>b</div> ", "<h1>a</h1>", "<span>a</span>"] {
            assert!(is_html(html), "{html}");
        }
        for text in ["a <p>b</p>", "<3 soup>", "<soup> is on>", "", "<", "</p>a<p>", "<p"] {
            assert!(!is_html(text), "{text}");
        }
    }

    #[test]
    fn an_entity_and_a_tag_map_whole() {
        let (text, map, ..) = prose("<p>a &amp; <b>c</b></p><p>d</p>");
        assert_eq!(text, "a & c\n\nd");
        assert_eq!(map.to_source(TextSpan::new(2, 3)), Span::new(5, 10));
        assert_eq!(map.to_source(TextSpan::new(4, 5)), Span::new(14, 15));
        assert_eq!(map.to_source(TextSpan::new(5, 7)), Span::new(23, 26));
        let (text, map, ..) = prose("<p>a</p><pre><code>b</code></pre>c");
        assert_eq!(text, "a\n\n\u{FFFC}\n\nc");
        assert_eq!(map.to_source(TextSpan::new(3, 6)), Span::new(13, 27));
    }

    #[test]
    fn hostile_html_is_read_in_linear_time() {
        let begun = Instant::now();
        for piece in [
            "<a ",
            "<a \"",
            "<a '\">",
            "<",
            "&",
            "&#",
            "<!--",
            "<code>",
            "<blockquote>",
            "</p>",
            "<a href='",
            "<a x=",
            "<a href=\"x\">",
        ] {
            prose(&piece.repeat(100_000));
            prose(&format!("{}>", piece.repeat(100_000)));
        }
        assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    }

    proptest! {
        #[test]
        fn texts_come_back_from_any_way_to_write_them(
            lines in prop::collection::vec("[a-c&<>\"'#;é𝗯]{1,6}( [a-c&<>\"';é𝗯]{1,6}){0,3}", 1..6),
            breaks in prop::collection::vec(prop::sample::select(vec!["\n", "\n\n"]), 6),
            dice in prop::collection::vec(any::<bool>(), 1..9),
        ) {
            let mut text = String::new();
            for (line, end) in lines.iter().zip(&breaks) {
                text.push_str(line);
                text.push_str(end);
            }
            let text = text.trim_end();
            let html = encode(text, &dice);
            let (found, map, ..) = prose(&html);
            prop_assert_eq!(&found, text, "{}", html);
            // Each character is spelled by what its raw bytes decode to.
            for (at, next) in found.char_indices().filter(|(_, next)| !next.is_whitespace()) {
                let place = map.to_source(TextSpan::of(at..at + next.len_utf8()));
                prop_assert_eq!(prose(&html[place.range()]).0, next.to_string());
            }
        }

        #[test]
        fn anything_can_be_read(pieces in prop::collection::vec(prop::sample::select(vec![
            "<", ">", "p", "/", "a", " href=", "\"", "'", "https://a.b", "&", "amp;", "#", "12", ";", "é", " ", "\n", "<p>", "</p>", "<br>",
            "<code>", "</code>", "<pre>", "</pre>", "<blockquote>", "</blockquote>", "<a href='https://a.b'>", "</a>", "<!--", "-->", "<img>",
        ]), 0..40)) {
            let html = pieces.concat();
            let (text, map, quotes, links) = prose(&html);
            let mut end = 0;
            for run in map.runs() {
                prop_assert!(run.raw.start() >= end && html.get(run.raw.range()).is_some());
                end = run.raw.end();
            }
            for span in quotes.iter().chain(links.iter().map(|link| &link.text)) {
                prop_assert!(text.get(span.range()).is_some());
            }
        }
    }
}
