//! Bytes to text, and text to tokens.

use selfless::text::token::tokenize_slowly;
use selfless::text::{Encoding, Platform, Source, TokenKind, tokenize};

use crate::choice_and_text;

/// Bytes in any encoding: every character stands where its offset says, and is spelled by the bytes there.
pub fn encodings(data: &[u8]) {
    for source in [Source::decode("a", data.to_vec()), Source::decode_table("a", data.to_vec())] {
        let Ok(source) = source else { continue };
        assert!(!source.text().contains('\0'));
        let mut before = 0;
        for (at, next) in source.text().char_indices().take(2_000) {
            let offset = |at: usize| source.raw(u32::try_from(at).unwrap_or(u32::MAX));
            let (start, end) = (offset(at), offset(at + next.len_utf8()));
            assert!(before <= start && start < end && end <= data.len() as u64, "{next:?} at {start} to {end}");
            before = end;
            let bytes = data.get(start as usize..end as usize).unwrap_or_default();
            let spelled = match (source.encoding(), bytes) {
                (Encoding::Utf8, bytes) => std::str::from_utf8(bytes).ok().map(str::to_owned),
                (Encoding::Utf16Le, bytes) => utf16(bytes, u16::from_le_bytes),
                (Encoding::Utf16Be, bytes) => utf16(bytes, u16::from_be_bytes),
                (Encoding::Windows1252, _) => continue,
            };
            let expected = next.to_string();
            assert_eq!(spelled.as_ref().unwrap_or(&"\u{FFFD}".to_owned()), &expected, "{bytes:?}");
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let units = bytes.chunks(2).map(|pair| Some(unit(pair.try_into().ok()?))).collect::<Option<Vec<u16>>>()?;
    String::from_utf16(&units).ok()
}

/// Tokens rise without overlap on borders of characters, sentences cover each of them once, and the shortcut for plain
/// text finds the same as the way for any.
pub fn tokens(data: &[u8]) {
    let (choice, text) = choice_and_text(data);
    let platform = [None, Some(Platform::X), Some(Platform::Bluesky), Some(Platform::Mastodon)];
    let platform = platform[usize::from(choice % 4)];
    let tokens = tokenize(&text, platform);
    assert_eq!(tokens, tokenize_slowly(&text, platform));
    let (mut end, mut sentence_end) = (0, 0);
    for (index, token) in tokens.as_slice().iter().enumerate() {
        let span = tokens.place(index);
        assert!(span.start() >= end && !span.is_empty(), "{token:?} begins before {end}");
        end = span.end();
        let spelled = text.get(span.range()).expect("a token on borders of characters");
        let folded = tokens.folded(index);
        assert!(!folded.is_empty(), "{spelled:?} folds to nothing");
        match token.kind {
            TokenKind::Hashtag => assert!(folded.starts_with(['#', '＃']), "{folded:?}"),
            TokenKind::Cashtag => assert!(folded.starts_with('$'), "{folded:?}"),
            TokenKind::Email => assert!(folded.contains('@'), "{folded:?}"),
            _ => {}
        }
    }
    for sentence in tokens.sentences() {
        assert_eq!(sentence.tokens().start, sentence_end);
        assert!(!sentence.tokens().is_empty());
        sentence_end = sentence.tokens().end;
    }
    assert_eq!(sentence_end, tokens.len());
}
