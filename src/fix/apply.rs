//! Edits put into the bytes of a file.
//!
//! Reads and writes nothing. Invariant: every byte outside the edited spans stays.

use std::collections::BTreeMap;

use super::{Edit, Fix};
use crate::text::{Encoding, Source};

/// The edits of one round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen<'f> {
    /// The edits; they rise, and none touches another.
    pub edits: Vec<&'f Edit>,
    /// Of how many fixes they are.
    pub fixes: usize,
}

/// Of fixes that touch each other the first in the text stays; the others have their turn in the next round.
#[must_use]
pub fn chosen(fixes: &[Fix]) -> Chosen<'_> {
    let start = |fix: &Fix| fix.edits.first().map(|edit| (edit.span.start(), edit.span.end()));
    let mut order: Vec<&Fix> = fixes.iter().filter(|fix| !fix.edits.is_empty()).collect();
    order.sort_by_key(|fix| start(fix));
    let mut taken: BTreeMap<u32, &Edit> = BTreeMap::new();
    let mut count = 0;
    for fix in order {
        let free = fix.edits.iter().all(|edit| {
            let before = taken.range(..=edit.span.end()).next_back();
            before.is_none_or(|(_, other)| other.span.end() < edit.span.start())
        });
        if free {
            taken.extend(fix.edits.iter().map(|edit| (edit.span.start(), edit)));
            count += 1;
        }
    }
    Chosen { edits: taken.into_values().collect(), fixes: count }
}

/// The bytes of `source`, which are `bytes`, with edits that rise; none where the encoding cannot spell one of them.
#[must_use]
pub fn spliced(source: &Source, bytes: &[u8], edits: &[&Edit]) -> Option<Vec<u8>> {
    let place = |offset: u32| usize::try_from(source.raw(offset)).ok();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    for edit in edits {
        out.extend_from_slice(bytes.get(at..place(edit.span.start())?)?);
        out.extend(encoded(&edit.text, source.encoding())?);
        at = place(edit.span.end())?;
    }
    out.extend_from_slice(bytes.get(at..)?);
    Some(out)
}

fn encoded(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
    match encoding {
        Encoding::Utf8 => Some(text.as_bytes().to_vec()),
        Encoding::Utf16Le => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        Encoding::Utf16Be => Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        // What is only shown is shown as it reads; the page of Windows shares ASCII.
        Encoding::Windows1252 => text.is_ascii().then(|| text.as_bytes().to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fix::Applicability;
    use crate::text::Span;

    fn fix(edits: &[(u32, u32, &'static str)]) -> Fix {
        let edits = edits
            .iter()
            .map(|&(start, end, text)| Edit { span: Span::new(start, end), text: text.into() })
            .collect();
        Fix { message: String::new(), applicability: Applicability::Safe, edits }
    }

    #[track_caller]
    fn check(fixes: &[Fix], expected: (&str, usize)) {
        let bytes = b"0123456789".to_vec();
        let source = Source::decode("a", bytes.clone()).unwrap();
        let chosen = chosen(fixes);
        let out = spliced(&source, &bytes, &chosen.edits).unwrap();
        assert_eq!((std::str::from_utf8(&out).unwrap(), chosen.fixes), expected);
    }

    #[test]
    fn of_what_touches_the_first_stays() {
        check(&[fix(&[(4, 6, "x")]), fix(&[(1, 2, "")])], ("023x6789", 2));
        check(&[fix(&[(4, 6, "x")]), fix(&[(1, 4, "")])], ("0456789", 1));
        check(&[fix(&[(5, 7, "x")]), fix(&[(2, 3, ""), (6, 8, "y")])], ("01345y89", 1));
        check(&[fix(&[(4, 6, "x")]), fix(&[(4, 6, "x")])], ("0123x6789", 1));
        check(&[fix(&[])], ("0123456789", 0));
    }

    #[test]
    fn marks_and_encodings_stay() {
        for (unit, mark) in
            [(u16::to_le_bytes as fn(u16) -> [u8; 2], [0xFF, 0xFE]), (u16::to_be_bytes, [0xFE, 0xFF])]
        {
            let spell = |text: &str| -> Vec<u8> {
                mark.iter().copied().chain(text.encode_utf16().flat_map(unit)).collect()
            };
            let bytes = spell("é\r\n\u{1F600}bc\r\n");
            let source = Source::decode("a", bytes.clone()).unwrap();
            let fixes = [fix(&[(8, 9, "ü")])];
            assert_eq!(spliced(&source, &bytes, &chosen(&fixes).edits).unwrap(), spell("é\r\n\u{1F600}üc\r\n"));
        }
        let bytes = b"\xEF\xBB\xBFa\r\nb".to_vec();
        let source = Source::decode("a", bytes.clone()).unwrap();
        let fixes = [fix(&[(0, 1, "x")])];
        assert_eq!(spliced(&source, &bytes, &chosen(&fixes).edits).unwrap(), b"\xEF\xBB\xBFx\r\nb");
    }

    proptest! {
        #[test]
        fn what_no_edit_is_about_stays(
            text in "[a-zé\r\n😀]{0,40}",
            places in proptest::collection::vec((0usize..40, 0usize..6, "[xé]{0,3}"), 0..6),
        ) {
            let source = Source::from_text("a", text.clone());
            let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let border = |number: usize| u32::try_from(borders[number.min(borders.len() - 1)]).unwrap();
            let fixes: Vec<Fix> = places
                .into_iter()
                .map(|(start, len, text)| {
                    let span = Span::new(border(start), border(start + len));
                    let edits = vec![Edit { span, text: text.into() }];
                    Fix { message: String::new(), applicability: Applicability::Safe, edits }
                })
                .collect();
            let chosen = chosen(&fixes);
            let out = String::from_utf8(spliced(&source, text.as_bytes(), &chosen.edits).unwrap()).unwrap();
            let (mut rest, mut at) = (out.as_str(), 0);
            for edit in &chosen.edits {
                rest = rest.strip_prefix(&text[at..edit.span.range().start]).unwrap();
                rest = rest.strip_prefix(&*edit.text).unwrap();
                at = edit.span.range().end;
            }
            prop_assert_eq!(rest, &text[at..]);
            prop_assert_eq!(chosen.fixes == 0, fixes.is_empty());
        }
    }
}
