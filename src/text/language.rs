//! Whether a text is English.
//!
//! A guess for drafts: only a text of some length that shows few English words is called anything else. Invariant:
//! a text that is mostly common English words is English, whatever the classifier says.

use std::collections::HashSet;

use whichlang::Lang;

/// Fewer words than this do not show a language.
const MIN_WORDS: u32 = 8;

/// Whether `text`, folded, of `words` words, `common` of them among the most common English ones, is in another language.
///
/// English prose has 35 to 55 percent of such words, tweets rarely fewer than 15; the classifier of the package
/// whichlang decides below that, since it errs most on short and name-laden English.
#[must_use]
pub fn is_foreign(text: &str, words: u32, common: u32) -> bool {
    if is_other_script(text) {
        return true;
    }
    words >= MIN_WORDS
        && common * 100 < words * 15
        && has_distinct_words(text)
        && whichlang::detect_language(text) != Lang::Eng
}

/// Whether a text of four letters or more has more of other scripts than Latin ones.
fn is_other_script(text: &str) -> bool {
    let (mut latin, mut other) = (0, 0);
    let mut rest = text;
    // What is ASCII is skipped here: most of what is read.
    while let Some(at) = first_wide(rest.as_bytes()) {
        let mut others = rest.get(at..).unwrap_or_default().chars();
        if let Some(next) = others.next().filter(|next| next.is_alphabetic()) {
            *if (next as u32) < 0x250 { &mut latin } else { &mut other } += 1;
        }
        rest = others.as_str();
    }
    if other <= latin {
        return false;
    }
    latin += text.bytes().filter(u8::is_ascii_alphabetic).count();
    latin + other >= 4 && latin < other
}

/// The first byte that is not ASCII.
fn first_wide(bytes: &[u8]) -> Option<usize> {
    let (steps, _) = bytes.as_chunks::<16>();
    let plain = 16 * steps.iter().take_while(|step| step.is_ascii()).count();
    let wide = bytes.get(plain..)?.iter().position(|byte| !byte.is_ascii())?;
    Some(plain + wide)
}

/// A slogan said over and over shows no more of a language than once.
fn has_distinct_words(text: &str) -> bool {
    let words: HashSet<&str> = text.split_whitespace().take(400).collect();
    words.len() >= MIN_WORDS as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, common: u32, expected: bool) {
        let words = u32::try_from(text.split_whitespace().count()).unwrap();
        assert_eq!(is_foreign(text, words, common), expected, "{text}");
    }

    #[test]
    fn only_what_is_plainly_another_language_is_foreign() {
        check("Wir freuen uns sehr, heute unser neues Büro in Leipzig eröffnen zu dürfen", 0, true);
        check("我们很高兴地宣布", 0, true);
        check("Приглашаем всех на открытие", 0, true);
        check("Bonjour", 0, false);
        check(&"link in bio. ".repeat(50), 0, false);
        check("the heron is back on the canal this morning and so are the swifts", 7, false);
        check("🚀🚀", 0, false);
    }
}
