//! The grammar of X: mentions, lists, replies, hashtags, cashtags; links are found next door and given out again here.
//!
//! States the facts of twitter-text, the network's own library, in code of this crate. Each `…_at` function looks
//! at one place, each plural function at a whole text; the tokenizer calls the first kind, so both agree.
//! Invariant: offsets are bytes on character borders of the text given.

use std::ops::Range;

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

pub use super::x_url::{url_at, urls};
use super::{char_after, char_before};

/// A mention, and the list that it names, if it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MentionOrList {
    /// All of it, its sign included, in bytes.
    pub span: Range<usize>,
    /// The name without the sign.
    pub name: Range<usize>,
    /// The slash and the list's name; empty for a mention.
    pub list: Range<usize>,
}

/// The offsets of `range` counted in code points instead of bytes, as X counts them.
#[must_use]
pub fn code_points(text: &str, range: &Range<usize>) -> (usize, usize) {
    let count = |end: usize| text.get(..end).unwrap_or(text).chars().count();
    (count(range.start), count(range.end))
}

/// Where the mention ends whose sign stands at byte `at`: its span without a list.
#[must_use]
pub fn mention_at(text: &str, at: usize) -> Option<usize> {
    mention_or_list_at(text, at).map(|found| found.name.end)
}

/// The mention or list whose sign stands at byte `at`. A name has up to 20 letters, digits or underscores; a
/// list's name starts with a letter and has up to 25.
#[must_use]
pub fn mention_or_list_at(text: &str, at: usize) -> Option<MentionOrList> {
    let start = sign(text, at, '@', '＠')?;
    let before = text.get(..at)?;
    let free = match char_before(text, at) {
        None => true,
        Some(c) => !(c.is_ascii_alphanumeric() || "_!#$%&*@＠".contains(c)) || follows_retweet(before),
    };
    if !free {
        return None;
    }
    let rest = text.get(start..)?;
    let length = rest.bytes().take(20).take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let name = start..start + length;
    let mut list = name.end..name.end;
    if let Some(slug) = rest.get(length..).and_then(|tail| tail.strip_prefix('/'))
        && slug.starts_with(|c: char| c.is_ascii_alphabetic())
    {
        let named = slug.bytes().take(25).take_while(|b| b.is_ascii_alphanumeric() || b"_-".contains(b)).count();
        list.end += 1 + named;
    }
    let after = text.get(list.end..)?;
    let spoiled = after.starts_with("://") || after.starts_with(|c| matches!(c, '@' | '＠') || is_latin_accent(c));
    (length > 0 && !spoiled).then_some(MentionOrList { span: at..list.end, name, list })
}

/// All mentions and lists.
#[must_use]
pub fn mentions_or_lists(text: &str) -> Vec<MentionOrList> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(['@', '＠'])).map(|at| from + at) {
        match mention_or_list_at(text, at) {
            Some(mention) => {
                from = mention.span.end;
                found.push(mention);
            }
            None => from = at + text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// All mentions, lists left out: spans with the sign.
#[must_use]
pub fn mentions(text: &str) -> Vec<Range<usize>> {
    mentions_or_lists(text).into_iter().filter(|m| m.list.is_empty()).map(|m| m.span).collect()
}

/// The name that a reply is addressed to: a mention with nothing but spaces before it; without its sign.
#[must_use]
pub fn reply(text: &str) -> Option<Range<usize>> {
    let at = text.len() - text.trim_start_matches(|c| is_space(c) || is_directional(c)).len();
    mention_or_list_at(text, at).map(|found| found.name)
}

/// Where the hashtag ends whose sign stands at byte `at`.
#[must_use]
pub fn hashtag_at(text: &str, at: usize) -> Option<usize> {
    let start = sign(text, at, '#', '＃')?;
    if char_before(text, at).is_some_and(|c| is_tag_char(c) || c == '&') {
        return None;
    }
    let rest = text.get(start..)?;
    let body = &rest[..rest.find(|c| !is_tag_char(c)).unwrap_or(rest.len())];
    let after = &rest[body.len()..];
    let lettered = body.chars().any(is_letter_or_mark);
    let keycap = rest.starts_with(['\u{FE0F}', '\u{20E3}']);
    let spoiled = after.starts_with("://") || after.starts_with(['#', '＃']);
    (lettered && !keycap && !spoiled).then_some(start + body.len())
}

/// All hashtags that are not part of a link: spans with the sign.
#[must_use]
pub fn hashtags(text: &str) -> Vec<Range<usize>> {
    let mut links = urls(text).into_iter().peekable();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(['#', '＃'])).map(|at| from + at) {
        while links.next_if(|link| link.end <= at).is_some() {}
        let linked = links.peek().is_some_and(|link| link.start <= at);
        match hashtag_at(text, at) {
            Some(end) => {
                if !linked {
                    found.push(at..end);
                }
                from = end;
            }
            None => from = at + text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// Where the cashtag ends whose sign stands at byte `at`: one to six letters, and one or two more behind a period
/// or underscore.
#[must_use]
pub fn cashtag_at(text: &str, at: usize) -> Option<usize> {
    let start = sign(text, at, '$', '$')?;
    if !char_before(text, at).is_none_or(|c| is_space(c) || is_directional(c)) {
        return None;
    }
    let letters = |from: usize, most: usize| {
        let bytes = text.as_bytes().get(from..).unwrap_or_default();
        from + bytes.iter().take(most).take_while(|b| b.is_ascii_alphabetic()).count()
    };
    let closed = |end: usize| char_after(text, end).is_none_or(|c| is_space(c) || is_punctuation(c));
    let body = letters(start, 6);
    if body == start {
        return None;
    }
    if text.as_bytes().get(body).is_some_and(|b| b"._".contains(b)) {
        let longest = letters(body + 1, 2);
        let end = (body + 2..=longest).rev().find(|&end| closed(end));
        if end.is_some() {
            return end;
        }
    }
    closed(body).then_some(body)
}

/// All cashtags: spans with the sign.
#[must_use]
pub fn cashtags(text: &str) -> Vec<Range<usize>> {
    text.match_indices('$').filter_map(|(at, _)| Some(at..cashtag_at(text, at)?)).collect()
}

fn sign(text: &str, at: usize, plain: char, wide: char) -> Option<usize> {
    char_after(text, at).filter(|&c| c == plain || c == wide).map(|c| at + c.len_utf8())
}

/// `RT` or `RT:` lets a mention follow without a space.
fn follows_retweet(before: &str) -> bool {
    let head = before.strip_suffix(':').unwrap_or(before);
    let bytes = head.as_bytes();
    let [.., b'r' | b'R', b't' | b'T'] = bytes else { return false };
    !head[..head.len() - 2].ends_with(|c: char| c.is_ascii_alphanumeric() || "_+~.-".contains(c))
}

fn is_letter_or_mark(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)
        && !('\u{FE00}'..='\u{FE0F}').contains(&c)
        && c != '\u{20E3}'
}

fn is_tag_char(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    is_letter_or_mark(c)
        || c.general_category() == GeneralCategory::DecimalNumber
        || "\u{200C}\u{200D}\u{A67E}\u{05BE}\u{05F3}\u{05F4}～〜゛゜゠・〃\u{0F0B}\u{0F0C}·".contains(c)
}

/// Latin letters with marks, as X lists them; also the marks themselves.
pub(super) fn is_latin_accent(c: char) -> bool {
    matches!(c, '\u{C0}'..='\u{24F}' if c != '\u{D7}' && c != '\u{F7}')
        || matches!(
            c,
            '\u{253}' | '\u{254}' | '\u{256}' | '\u{257}' | '\u{259}' | '\u{25B}' | '\u{263}' | '\u{268}'
        )
        || matches!(c, '\u{26F}' | '\u{272}' | '\u{289}' | '\u{28B}' | '\u{2BB}')
        || matches!(c, '\u{300}'..='\u{36F}' | '\u{1E00}'..='\u{1EFF}')
}

pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{180E}'
}

/// Marks that set the direction of writing.
pub(super) fn is_directional(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2066}'..='\u{2069}')
}

/// Punctuation of ASCII, the quotation mark and the backtick excepted.
pub(super) fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation() && c != '"' && c != '`'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: &[Range<usize>], text: &str, expected: &[&str]) {
        let found: Vec<&str> = found.iter().map(|span| &text[span.clone()]).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn a_mention_stands_free() {
        for (text, expected) in [
            ("@jo and @kim", &["@jo", "@kim"][..]),
            ("jo@kim", &[]),
            ("RT@jo", &["@jo"]),
            ("start@jo", &[]),
            ("@jo/", &["@jo"]),
            ("@jo@example.org", &[]),
        ] {
            check(&mentions(text), text, expected);
        }
    }

    #[test]
    fn a_hashtag_has_a_letter_and_follows_none() {
        for (text, expected) in [
            ("#one,#two", &["#one", "#two"][..]),
            ("C# #412 #4you a#b", &["#4you"]),
            ("#a#b", &[]),
            ("#️⃣", &[]),
            ("see example.org/#tag", &[]),
        ] {
            check(&hashtags(text), text, expected);
        }
    }

    #[test]
    fn a_cashtag_has_up_to_six_letters() {
        for (text, expected) in
            [("$ABC, $abc.de", &["$ABC", "$abc.de"][..]), ("$50 US$ABC $ABCDEFG", &[]), ("$abc.def", &["$abc"])]
        {
            check(&cashtags(text), text, expected);
        }
    }
}
