//! The grammar of Mastodon: a mention may name a server, a hashtag needs a letter, and there are no cashtags.
//!
//! Does not know which names exist. Invariant: offsets are bytes on character borders of the text given.

use super::{char_after, char_before};

/// Where the mention ends whose sign stands at byte `at`: a name, and behind another `@` the name's server.
#[must_use]
pub fn mention_at(text: &str, at: usize) -> Option<usize> {
    char_after(text, at).filter(|&c| c == '@')?;
    if char_before(text, at).is_some_and(|c| is_word(c) || c == '=' || c == '/') {
        return None;
    }
    let name = dotted_end(text, at + 1, |c| c.is_ascii_alphanumeric() || c == '_')?;
    let server = text.get(name..)?.starts_with('@').then(|| dotted_end(text, name + 1, is_word)).flatten();
    Some(server.unwrap_or(name))
}

/// Where the hashtag ends whose sign stands at byte `at`: word characters with at least one letter, at the start
/// or behind a space; interpuncts and the joiner of Persian may stand inside.
#[must_use]
pub fn hashtag_at(text: &str, at: usize) -> Option<usize> {
    let start = at + char_after(text, at).filter(|c| matches!(c, '#' | '＃'))?.len_utf8();
    if !char_before(text, at).is_none_or(char::is_whitespace) {
        return None;
    }
    let rest = text.get(start..)?;
    let body = &rest[..rest.find(|c| !(is_word(c) || is_inner(c))).unwrap_or(rest.len())];
    let tag = body.trim_end_matches(is_inner);
    (!tag.starts_with(is_inner) && tag.chars().any(char::is_alphabetic)).then_some(start + tag.len())
}

/// The end of a run of `part` characters joined by periods and hyphens.
fn dotted_end(text: &str, start: usize, part: fn(char) -> bool) -> Option<usize> {
    let rest = text.get(start..)?;
    let run = &rest[..rest.find(|c| !(part(c) || c == '.' || c == '-')).unwrap_or(rest.len())];
    let run = run.trim_end_matches(['.', '-']);
    (run.starts_with(part)).then_some(start + run.len())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || unicode_normalization::char::is_combining_mark(c)
}

const fn is_inner(c: char) -> bool {
    matches!(c, '·' | '・' | '\u{200C}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: Option<usize>, expected: Option<usize>, text: &str) {
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn a_mention_may_name_a_server() {
        for (text, expected) in [
            ("@jo", Some(3)),
            ("@jo@example.org.", Some(15)),
            ("@jo.smith", Some(9)),
            ("@jo@", Some(3)),
            ("@", None),
            ("@-jo", None),
        ] {
            check(mention_at(text, 0), expected, text);
        }
        check(mention_at("/@jo", 1), None, "behind a slash");
        check(mention_at("*@jo*", 1), Some(4), "emphasized");
    }

    #[test]
    fn a_hashtag_needs_a_letter() {
        for (text, expected) in [
            ("#tag,b", Some(4)),
            ("#12", None),
            ("#1_2", None),
            ("#col·lab·", Some(9)),
            ("#·a", None),
            ("#_a", Some(3)),
            ("#می\u{200c}خواهم", Some(18)),
        ] {
            check(hashtag_at(text, 0), expected, text);
        }
        check(hashtag_at("(#a", 1), None, "behind a parenthesis");
    }
}
