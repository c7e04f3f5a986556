//! Text that was UTF-8, was taken for Latin-1, and was written down as that: what archives of Meta hold.
//!
//! Repairs nothing that may be meant. Invariant: a character of the repaired text maps onto all that spells its bytes.

use crate::text::{MappedText, SourceMap, TextSpan};

/// The text that was meant by `text`, which `map` leads back to the source; none where it is no UTF-8 taken for
/// Latin-1.
pub(super) fn repaired(text: &str, map: &SourceMap) -> Option<MappedText> {
    if text.is_ascii() {
        return None;
    }
    let bytes = text.chars().map(|next| u8::try_from(u32::from(next)).ok()).collect::<Option<Vec<u8>>>()?;
    let meant = String::from_utf8(bytes).ok()?;
    let mut repaired = MappedText::new();
    // In `text`, a byte of a letter is a character of two bytes.
    let mut at = 0;
    for next in meant.chars() {
        let len = if next.is_ascii() { 1 } else { 2 * next.len_utf8() };
        let span = TextSpan::of(at..at + len);
        if next.is_ascii() {
            repaired.push_mapped(text, map, span);
        } else {
            repaired.push_atomic(next.encode_utf8(&mut [0; 4]), map.to_source(span));
        }
        at += len;
    }
    Some(repaired)
}

/// A text as such an archive holds it.
#[cfg(test)]
pub(super) fn mangled(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(text: &str) -> SourceMap {
        let mut mapped = MappedText::new();
        mapped.push_linear(text, 0);
        mapped.finish().1
    }

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let repaired = repaired(text, &plain(text)).map(|text| text.finish().0);
        assert_eq!(repaired.as_deref(), expected, "{text}");
    }

    #[test]
    fn only_what_was_mangled_is_repaired() {
        check(&mangled("Änne’s soup 😀"), Some("Änne’s soup 😀"));
        check("soup", None);
        check("Änne", None);
        check("Änne’s", None);
        check(&format!("{}’", mangled("Ä")), None);
    }

    proptest! {
        #[test]
        fn texts_come_back_with_their_places(text in any::<String>()) {
            let mangled = mangled(&text);
            let map = plain(&mangled);
            let Some(repaired) = repaired(&mangled, &map) else {
                prop_assert!(text.is_ascii());
                return Ok(());
            };
            let (found, map) = repaired.finish();
            prop_assert_eq!(&found, &text);
            for (at, next) in found.char_indices() {
                let place = map.to_source(TextSpan::of(at..at + next.len_utf8()));
                prop_assert_eq!(&mangled[place.range()], super::mangled(&next.to_string()));
            }
        }
    }
}
