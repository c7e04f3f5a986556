//! The grammar of Bluesky: a mention is a handle, and a handle is a domain name; a tag is nearly anything.
//!
//! Does not resolve handles. Invariant: offsets are bytes on character borders of the text given.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::{char_after, char_before, domain_end};

/// Where the mention ends whose sign stands at byte `at`: a domain name under a known top-level domain, behind a
/// space, an opening parenthesis or nothing.
#[must_use]
pub fn mention_at(text: &str, at: usize) -> Option<usize> {
    char_after(text, at).filter(|&c| c == '@')?;
    opens(text, at).then(|| domain_end(text, at + 1)).flatten()
}

/// Where the tag ends whose sign stands at byte `at`: everything up to the next space, trailing punctuation left
/// out, if it holds more than digits and punctuation and no more than 64 characters.
#[must_use]
pub fn hashtag_at(text: &str, at: usize) -> Option<usize> {
    let start = at + char_after(text, at).filter(|c| matches!(c, '#' | '＃'))?.len_utf8();
    if !char_before(text, at).is_none_or(char::is_whitespace) {
        return None;
    }
    let rest = text.get(start..)?;
    let body = &rest[..rest.find(is_break).unwrap_or(rest.len())];
    let tag = body.trim_end_matches(is_punctuation);
    let named = tag.chars().any(|c| !c.is_ascii_digit() && !is_punctuation(c));
    let keycap = rest.starts_with('\u{FE0F}');
    (named && !keycap && tag.chars().count() <= 64).then_some(start + tag.len())
}

/// Where the cashtag ends whose sign stands at byte `at`: a letter and up to four letters or digits.
#[must_use]
pub fn cashtag_at(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix('$')?;
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let lettered = rest.starts_with(|c: char| c.is_ascii_alphabetic());
    let closed = char_after(rest, length).is_none_or(|c| c.is_whitespace() || ".,;:!?)\"'’".contains(c));
    (opens(text, at) && lettered && closed && length <= 5).then_some(at + 1 + length)
}

fn opens(text: &str, at: usize) -> bool {
    char_before(text, at).is_none_or(|c| c.is_whitespace() || c == '(')
}

fn is_break(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{AD}' | '\u{2060}' | '\u{200A}'..='\u{200D}' | '\u{20E2}')
}

fn is_punctuation(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Punctuation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: Option<usize>, expected: Option<usize>, text: &str) {
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn a_handle_is_a_domain_name() {
        for (text, expected) in [
            ("@jo.bsky.social", Some(15)),
            ("@jo.bsky.social.", Some(15)),
            ("@jo", None),
            ("@jo.nonsense", None),
            ("@jo.example.com-", None),
        ] {
            check(mention_at(text, 0), expected, text);
        }
        check(mention_at("x@jo.example.com", 1), None, "behind a letter");
    }

    #[test]
    fn a_tag_ends_at_a_space() {
        for (text, expected) in [
            ("#a,b!", Some(4)),
            ("#1", None),
            ("#1.", None),
            ("#", None),
            ("#1a", Some(3)),
            ("##b", Some(3)),
            ("#️⃣", None),
        ] {
            check(hashtag_at(text, 0), expected, text);
        }
    }

    #[test]
    fn a_cashtag_starts_with_a_letter() {
        for (text, expected) in
            [("$ABC", Some(4)), ("$A1.", Some(3)), ("$ABCDEF", None), ("$1A", None), ("$A-", None)]
        {
            check(cashtag_at(text, 0), expected, text);
        }
    }
}
