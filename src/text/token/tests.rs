//! Tokens of chosen texts, and what holds for any text.

use super::super::Platform;
use super::super::fold::{is_blank, is_ignorable};
use super::super::spread::Alone;
use super::{Token, TokenFlags, TokenKind, Tokens, cut, tokenize, tokenize_piece, tokenize_slowly};
use proptest::prelude::*;

const BLUESKY: Option<Platform> = Some(Platform::Bluesky);
const MASTODON: Option<Platform> = Some(Platform::Mastodon);

/// Words bare, other tokens with the first letter of their kind.
fn shown(tokens: &Tokens) -> String {
    let shown = |(index, token): (usize, &Token)| {
        let folded = tokens.folded(index);
        match token.kind {
            TokenKind::Word => folded.to_owned(),
            TokenKind::Punctuation => format!("({folded})"),
            kind => format!("{kind:?}:{folded}"),
        }
    };
    tokens.as_slice().iter().enumerate().map(shown).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    check_on(None, text, expected);
}

#[track_caller]
fn check_on(platform: Option<Platform>, text: &str, expected: &str) {
    assert_eq!(shown(&tokenize(text, platform)), expected, "{text:?} on {platform:?}");
}

#[track_caller]
fn check_folded(text: &str, expected: &str) {
    assert_eq!(tokenize(text, None).folded_text(), expected, "{text:?}");
}

#[track_caller]
fn check_span(text: &str, index: usize, expected: &str) {
    let tokens = tokenize(text, None);
    assert_eq!(&text[tokens.span(index..index + 1).range()], expected, "{text:?}");
}

#[test]
fn texts_are_cut_in_front_of_line_breaks() {
    let check = |text: &str, piece: usize, expected: &[&str]| {
        let pieces: Vec<&str> = cut(text, piece).into_iter().map(|piece| &text[piece]).collect();
        assert_eq!(pieces, expected, "{text:?} in pieces of {piece}");
    };
    check("", 1, &[""]);
    check("one two three", 4, &["one two three"]);
    check("one\ntwo\n\nthree\nfour", 4, &["one\ntwo", "\n\nthree", "\nfour"]);
    check("one\r\n\r\ntwo\r\n", 2, &["one", "\r\n\r\ntwo", "\r\n"]);
    check("\n\n\n \n\n\none\ntwo", 2, &["\n\n\n \n\n\none", "\ntwo"]);
    check("é\ne\né", 1, &["é\ne", "\né"]);
    // What makes no token leaves its line break to the token behind it.
    check("a\n\u{200b}\n🐦\nb\nc", 1, &["a", "\n\u{200b}\n🐦\nb", "\nc"]);
}

#[test]
fn words_and_marks() {
    check("", "");
    check("Don't stop — won’t!!!", "don't stop (-) won't (!!!)");
    check("game-changing and/or", "game changing and or");
    check("wait - no, well-", "wait (-) no (,) well (-)");
    check("this—that 10–20 a--b", "this (-) that Number:10 (-) Number:20 a (--) b");
    check("use .NET, a﹘b", "use (.) net (,) a (-) b");
    check("(so…) \"yes\" 'no'", "(() so (...) ()) (\") yes (\") (') no (')");
    check("what?!", "what (?) (!)");
    check("Tip:Use it", "tip (:) use it");
    check("see \u{FFFC} here", "see (\u{FFFC}) here");
    check("C# #412 & x^2", "c (#) (#) Number:412 (&) x (^) Number:2");
    check("Acme™ rocks", "acme (™) rocks");
    check("node.js e.g. v1.2", "node.js e.g (.) v1.2");
}

#[test]
fn numbers_and_money() {
    check(
        "1,000 50% 10k+ 3x 1/12 4.5.",
        "Number:1,000 Number:50% Number:10k+ Number:3x Number:1/12 Number:4.5 (.)",
    );
    check("$50 €1.2m £1,000 50€ $10k US$5", "Money:$50 Money:€1.2m Money:£1,000 Money:50€ Money:$10k Money:us$5");
    check("mp3 b2b 4am h2o 10x v1.2", "mp3 b2b 4am h2o Number:10x v1.2");
    check("$10/mo, 24/7", "Money:$10 mo (,) Number:24/7");
    check("½ of it", "Number:1/2 of it");
    check("۳۴۵", "Number:۳۴۵");
}

#[test]
fn entities() {
    check("Hi @Jo, see #Launch_Day!", "hi Mention:@jo (,) see Hashtag:#launch_day (!)");
    check("https://Example.org/A_b. example.com,", "Url:https://example.org/a_b (.) Url:example.com (,)");
    check("mail jo@example.org", "mail Email:jo@example.org");
    check("buy $ABC", "buy Cashtag:$abc");
    check("@jo-and @user_name", "Mention:@jo and Mention:@user_name");
    check_on(BLUESKY, "@jo #a,b", "(@) jo Hashtag:#a,b");
    check_on(MASTODON, "**@jo@example.org** $ale", "Mention:@jo@example.org sale");
    check("＃ｔａｇ ＠jo", "Hashtag:#tag Mention:@jo");
}

#[test]
fn emoji_are_whole() {
    check("🎉🎉 👨‍👩‍👧‍👦 👍🏽 🇨🇦 1️⃣ ok", "Emoji:🎉 Emoji:🎉 Emoji:👨‍👩‍👧‍👦 Emoji:👍🏽 Emoji:🇨🇦 Emoji:1\u{20E3} ok");
    check("❤️love❤", "Emoji:❤ love Emoji:❤");
    check_span("a 👨‍👩‍👧 b", 1, "👨‍👩‍👧");
}

#[test]
fn disguises_are_undone() {
    check("𝗧𝗵𝗿𝗶𝗹𝗹𝗲𝗱 𝘁𝗼 𝗮𝗻𝗻𝗼𝘂𝗻𝗰𝗲!", "thrilled to announce (!)");
    check("𝗱𝗼𝗻’𝘁 𝟱𝟬%", "don't Number:50%");
    check("hum\u{200B}bled \u{FEFF}x hon\u{AD}ored", "humbled x honored");
    check("🅵🅾🅻🅻🅾🆆 ⓜⓔ", "follow me");
    check("**humbled** _honored_ *so* proud ~~x~~ hum**bled**", "humbled honored so proud x humbled");
    check("* item\n5 * 3 snake_case", "(*) item Number:5 (*) Number:3 snake_case");
    check("l!nk fr33 cl1ck m0ney gre@t", "link free click money great");
    check_span("a **humbled** b", 1, "humbled");
    check_span("a hum**bl\u{200B}ed** b", 1, "hum**bl\u{200B}ed");
    check("⑴ x½y", "((1)) x1/2 y");
}

#[test]
fn letters_spelled_apart_are_a_word() {
    check("D M me", "dm me");
    check("l i n k in b i o", "link in bio");
    check("L-I-N-K l.i.n.k", "link link");
    check("plan B a success", "plan b a success");
    check("vitamin C D", "vitamin c d");
    check("I a m, A B C", "i a m (,) a b c");
    check("x  y  z", "x y z");
    check("𝗹 𝗶 𝗻 𝗸", "link");
    check_span("D M me", 0, "D M");
    check_folded("So, D M me. L I N K!", "so, dm me. link!");
}

#[test]
fn the_folded_text_is_even() {
    check_folded("  Hello,\u{A0} World \n\n  “Yes” — no  ", "hello, world\n\"yes\" - no");
    check_folded("A \u{200B} B\r\n\u{2800}\r\nC", "a b\nc");
    check_folded("Caf\u{65}\u{301}-Bar", "café-bar");
    check_folded("**So** _very_", "so very");
}

#[test]
fn flags() {
    let tokens = tokenize("NEW: it\nWorks.\n\nYes-But", None);
    let flags = |flag| {
        let all = tokens.as_slice().iter().enumerate();
        all.filter(|(_, t)| t.flags.has(flag)).map(|(i, _)| tokens.folded(i)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(flags(TokenFlags::LINE_START), "new works yes");
    assert_eq!(flags(TokenFlags::PARAGRAPH_START), "new yes");
    assert_eq!(flags(TokenFlags::SPACED), "new it works yes");
    assert_eq!(flags(TokenFlags::CAPITALIZED), "new works yes but");
    assert_eq!(flags(TokenFlags::CAPS), "new");
    assert_eq!(flags(TokenFlags::LOWERCASE), "it");
}

#[test]
fn touched_tokens_are_snapped_outward() {
    let tokens = tokenize("So game-changing, yes", None);
    assert_eq!(tokens.folded_text(), "so game-changing, yes");
    assert_eq!(tokens.touched(5..9), 1..3);
    assert_eq!(tokens.touched(2..3), 1..1);
    assert_eq!(tokens.sentence_of(2), 0);
}

/// Pieces that the tokenizer treats in a way of their own, to be put together at random.
fn noise() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,6}",
        "\\PC{0,4}",
        prop::sample::select(vec![
            " ",
            "\n",
            "\r\n",
            "\n\n",
            "-",
            "/",
            "*",
            "**",
            "_",
            "~~",
            ".",
            "!",
            "...",
            "…",
            "—",
            "’",
            "\u{200B}",
            "\u{FE0F}",
            "\u{200D}",
            "\u{AD}",
            "@jo",
            "#tag",
            "$ale",
            "$5",
            "10k",
            "l!nk",
            "fr33",
            "x.com",
            "jo@x.com",
            "http://x.com/a_(b)",
            "👨‍👩‍👧",
            "🇨🇦",
            "1️⃣",
            "❤️",
            "𝗯𝗼𝗹𝗱",
            "🅵🅾",
            "½",
            "⑴",
            "ﬁ",
            "D M",
            "l i n k",
            "I",
            "a",
            "é",
            "e\u{301}",
            "漢字",
            "한국",
            "ไทย",
            "\u{FFFC}",
            "\u{0}",
            "\u{2800}",
            "İ",
            "ς",
            "ß",
            "'",
            "\"",
            "＃",
            "Dr.",
            "e.g.",
            "?",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn platforms() -> impl Strategy<Value = Option<Platform>> {
    prop::option::of(prop::sample::select(Platform::ALL.to_vec()))
}

fn assert_whole(text: &str, tokens: &Tokens) {
    let (mut end, mut folded_end) = (0, 0);
    for (index, token) in tokens.as_slice().iter().enumerate() {
        let range = tokens.place(index).range();
        assert!(end <= range.start && range.start < range.end, "{text:?}: {range:?}");
        assert!(text.get(range.clone()).is_some(), "{text:?}: {range:?}");
        let between = &text[end..range.start];
        assert!(between.chars().all(is_separator), "{text:?}: {between:?} is in no token");
        let (start, stop) = (tokens.folded_range(index).start, tokens.folded_range(index).end);
        assert!(folded_end <= start && start < stop, "{text:?}");
        let gap = &tokens.folded_text()[folded_end..start];
        assert!(matches!(gap, "" | " " | "\n" | "-" | "/"), "{text:?}: {gap:?} between tokens");
        assert_eq!(
            gap.contains(char::is_whitespace),
            index > 0 && token.flags.has(TokenFlags::SPACED),
            "{text:?}"
        );
        (end, folded_end) = (range.end, stop);
    }
    assert!(text[end..].chars().all(is_separator), "{text:?}: {:?} is in no token", &text[end..]);
    assert_eq!(folded_end, tokens.folded_text().len(), "{text:?}");
    let mut next = 0;
    for sentence in tokens.sentences() {
        assert_eq!(sentence.tokens().start, next, "{text:?}");
        assert!(sentence.tokens().end > next, "{text:?}");
        next = sentence.tokens().end;
    }
    assert_eq!(next, tokens.len(), "{text:?}");
}

fn is_separator(c: char) -> bool {
    is_blank(c)
        || is_ignorable(c)
        || matches!(c, '*' | '_' | '~' | '-' | '/' | '\u{2010}' | '\u{2011}' | '\u{FE63}' | '⁄' | '／' | '－')
}

#[test]
fn a_forgotten_space_is_no_link_except_to_x() {
    let urls = |text: &str, platform| {
        let tokens = tokenize(text, platform);
        tokens.as_slice().iter().filter(|token| token.kind == TokenKind::Url).count()
    };
    assert_eq!(urls("sleep well.you too", None), 0);
    assert_eq!(urls("sleep well.you too", Some(Platform::X)), 1);
    assert_eq!(urls("see bit.do/x and Well.you and acme.dev and about.me", None), 4);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_is_lost_or_doubled(text in noise(), platform in platforms()) {
        assert_whole(&text, &tokenize(&text, platform));
    }

    /// Pieces are cut at line breaks, which is where letters are spelled over, gaps are long, and titles end sentences.
    #[test]
    fn pieces_make_the_same_tokens_as_the_whole(
        text in prop::collection::vec(prop_oneof![
            noise(),
            "[a-d] |\n{1,3}|\n\u{200b}|\n[*_~]{1,2}\n|\r\n|\n \t\n|\u{85}|\u{2029}|No\\.\n5|B U\nY|l\\* i|Mr\\.\n|\u{3164}\n",
        ], 0..12).prop_map(|all| all.concat()),
        piece in 1..20_usize,
        platform in platforms(),
    ) {
        let pieces = cut(&text, piece);
        let mut tokens = Tokens::with_room(0);
        for piece in &pieces {
            tokens.append(&tokenize_piece(&text, piece.clone(), platform));
        }
        tokens.find_sentences(&Alone);
        prop_assert_eq!(tokens, tokenize(&text, platform));
        prop_assert_eq!(pieces.iter().map(|piece| &text[piece.clone()]).collect::<String>(), text);
    }

    #[test]
    fn any_text_is_read(text in any::<String>(), platform in platforms()) {
        assert_whole(&text, &tokenize(&text, platform));
    }

    #[test]
    fn the_shortcut_changes_nothing(text in noise(), platform in platforms()) {
        prop_assert_eq!(tokenize(&text, platform), tokenize_slowly(&text, platform));
    }

    #[test]
    fn the_shortcut_changes_nothing_in_ascii(text in "([a-zA-Z]{1,4}|[ -~\n]|[0-9]| ){0,30}", platform in platforms()) {
        prop_assert_eq!(tokenize(&text, platform), tokenize_slowly(&text, platform));
    }

    #[test]
    fn bold_letters_read_like_plain_ones(text in "([a-zA-Z]{1,8}|[0-9]{1,3}|[ ,!?'%-]){0,20}") {
        let bold: String = text.chars().map(bold).collect();
        prop_assert_eq!(shown(&tokenize(&bold, None)), shown(&tokenize(&text, None)));
    }
}

/// The same letter or digit in mathematical bold.
fn bold(c: char) -> char {
    let base = match c {
        'a'..='z' => 0x1D41A - 'a' as u32,
        'A'..='Z' => 0x1D400 - 'A' as u32,
        '0'..='9' => 0x1D7CE - '0' as u32,
        _ => 0,
    };
    char::from_u32(c as u32 + base).unwrap_or(c)
}
