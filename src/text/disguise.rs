//! Words in disguise: emphasis marks around them and other signs in place of letters.
//!
//! Does not know phrases; it decides by form alone, and rather leaves a disguise than damages a plain word.
//! Invariant: characters are replaced or left out, never added or moved.

use super::fold::Glyph;

/// What stands right before and after the characters, outside of them: `true` for a token, `false` for a space or
/// the end of the text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    pub(super) before: bool,
    pub(super) after: bool,
}

/// Marks that look alike in other scripts do not emphasize.
fn is_mark(glyph: &Glyph) -> bool {
    matches!(glyph.c, '*' | '_' | '~') && glyph.end - glyph.start == 1
}

/// Leaves out `*`, `_` and `~` where they emphasize: next to a word, or between two letters (`hum**bled**`). They
/// stay alone (`* item`), between or before digits (`5*3`, `~50`), and `_` between word characters (`snake_case`).
pub(super) fn strip_emphasis(glyphs: &mut Vec<Glyph>, around: Around) {
    if !glyphs.iter().any(is_mark) {
        return;
    }
    if !(around.before || around.after || glyphs.iter().any(|glyph| glyph.c.is_alphanumeric())) {
        return;
    }
    let mut kept = 0;
    let mut index = 0;
    while let Some(&glyph) = glyphs.get(index) {
        let run = if is_mark(&glyph) {
            glyphs[index..].iter().take_while(|next| is_mark(next) && next.c == glyph.c).count()
        } else {
            0
        };
        let before = index.checked_sub(1).map(|before| glyphs[before].c).or(around.before.then_some('"'));
        let after = glyphs.get(index + run).map(|after| after.c).or(around.after.then_some('"'));
        if run > 0 && emphasizes(glyph.c, before, after) {
            index += run;
            continue;
        }
        for _ in 0..run.max(1) {
            glyphs[kept] = glyphs[index];
            kept += 1;
            index += 1;
        }
    }
    glyphs.truncate(kept);
}

fn emphasizes(mark: char, before: Option<char>, after: Option<char>) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let digit = |c: Option<char>| c.is_some_and(char::is_numeric);
    match mark {
        _ if before.is_none() && after.is_none() => false,
        '_' => !(word(before) && word(after)),
        '~' if digit(after) => false,
        _ => !(word(before) && word(after) && (digit(before) || digit(after))),
    }
}

/// Puts letters back where digits or signs stand for them: `l!nk`, `cl1ck`, `m0ney`, `gre@t`, `ca$h`, `fr33`, and
/// `$ale` where that is no cashtag. Names that mix letters and digits stay: `mp3`, `b2b`, `h2o`, `w3c`, `log4j`.
///
/// A digit counts only between letters (a pair `00` or `33` also at the end), only `0 1 3 4 5 7`, only if the word
/// has at least four characters, and, standing for a vowel, only between consonants.
pub(super) fn restore_letters(glyphs: &mut [Glyph]) {
    let mut index = 0;
    while index < glyphs.len() {
        let run = glyphs[index..].iter().take_while(|glyph| is_wordlike(glyph.c)).count();
        let end = index + run;
        if run >= 3 {
            restore_word(&mut glyphs[index..end]);
        }
        index = end + 1;
    }
}

fn is_wordlike(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '!' | '@' | '$')
}

fn restore_word(word: &mut [Glyph]) {
    if word.iter().all(|glyph| glyph.c.is_ascii_alphabetic()) {
        return;
    }
    let trimmed = word.iter().rev().take_while(|glyph| matches!(glyph.c, '!' | '@')).count();
    let length = word.len() - trimmed;
    let Some(word) = word.get_mut(..length) else { return };
    let letters = |part: &[Glyph]| part.iter().all(|glyph| glyph.c.is_ascii_alphabetic());
    if let [sign, rest @ ..] = &mut *word
        && sign.c == '$'
        && rest.len() >= 3
        && letters(rest)
    {
        sign.c = if rest[0].c.is_ascii_uppercase() { 'S' } else { 's' };
        return;
    }
    if !word.first().is_some_and(|glyph| glyph.c.is_ascii_alphabetic()) {
        return;
    }
    restore_signs(word);
    if digits_disguise(word) {
        for index in 1..word.len() {
            put(word, index, letter_of(word[index].c));
        }
    }
}

fn restore_signs(word: &mut [Glyph]) {
    let mut dollars = false;
    for index in 1..word.len() {
        let before = word[index - 1].c;
        let after = word.get(index + 1).map(|glyph| glyph.c);
        let next = after.filter(char::is_ascii_alphabetic);
        let letter = match word[index].c {
            '!' if next.is_some() && index <= 3 && word[..index].iter().all(|glyph| is_consonant(glyph.c)) => 'i',
            '@' if before.is_ascii_alphabetic() && next.is_some_and(is_consonant) => 'a',
            '$' if before.is_ascii_alphabetic() && (next.is_some() || after == Some('$') || dollars) => {
                dollars |= next.is_some();
                's'
            }
            _ => continue,
        };
        put(word, index, Some(letter));
    }
}

fn put(word: &mut [Glyph], index: usize, letter: Option<char>) {
    let Some(letter) = letter else { return };
    let capital = |at: usize| word.get(at).is_some_and(|glyph| glyph.c.is_ascii_uppercase());
    let capital = capital(index - 1) && (index > 1 || capital(index + 1));
    word[index].c = if capital { letter.to_ascii_uppercase() } else { letter };
}

const fn letter_of(digit: char) -> Option<char> {
    match digit {
        '0' => Some('o'),
        '1' => Some('i'),
        '3' => Some('e'),
        '4' => Some('a'),
        '5' => Some('s'),
        '7' => Some('t'),
        _ => None,
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u')
}

fn is_consonant(c: char) -> bool {
    c.is_ascii_alphabetic() && !is_vowel(c)
}

/// Whether all digits of a word that starts with a letter stand for letters.
fn digits_disguise(word: &[Glyph]) -> bool {
    let all = |test: fn(char) -> bool| word.iter().all(|glyph| test(glyph.c));
    if word.len() < 4 || all(|c| c.is_ascii_alphabetic()) || !all(|c| c.is_ascii_alphanumeric()) {
        return false;
    }
    let digits = word.iter().filter(|glyph| glyph.c.is_ascii_digit()).count();
    if digits * 2 > word.len() {
        return false;
    }
    let mut runs = 0;
    let mut index = 0;
    while let Some(glyph) = word.get(index) {
        if !glyph.c.is_ascii_digit() {
            index += 1;
            continue;
        }
        let length = word[index..].iter().take_while(|next| next.c.is_ascii_digit()).count();
        if !run_disguises(word, index, length) {
            return false;
        }
        runs += 1;
        index += length;
    }
    runs > 1 || !is_name_like(word)
}

/// Whether the digits `word[start..start + length]` can stand for letters between their neighbours.
fn run_disguises(word: &[Glyph], start: usize, length: usize) -> bool {
    let digit = word[start].c;
    if length > 2 || letter_of(digit).is_none() || word[start..start + length].iter().any(|glyph| glyph.c != digit)
    {
        return false;
    }
    let before = word[start - 1].c;
    let Some(after) = word.get(start + length).map(|glyph| glyph.c) else {
        return length == 2 && matches!(digit, '0' | '3') && start >= 2 && is_consonant(before);
    };
    match digit {
        '5' | '7' => (is_vowel(before) || is_vowel(after)) && !matches!(after, 's' | 'S'),
        _ => is_consonant(before) && is_consonant(after),
    }
}

/// A single digit before a single last letter: `mp3s`, `log4j`; but `sh0p`, which has no other vowel.
fn is_name_like(word: &[Glyph]) -> bool {
    let Some(digit) = word.iter().rposition(|glyph| glyph.c.is_ascii_digit()) else { return false };
    if digit + 2 != word.len() {
        return false;
    }
    let vowels = word[..digit].iter().any(|glyph| is_vowel(glyph.c));
    let vowel_digit = !matches!(word[digit].c, '5' | '7');
    let doubled = word[digit - 1].c == word[digit].c;
    !doubled && (vowels == vowel_digit || digit < 2 || matches!(word[digit + 1].c, 's' | 'S'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs(text: &str) -> Vec<Glyph> {
        text.char_indices().map(|(start, c)| Glyph { c, start, end: start + c.len_utf8() }).collect()
    }

    fn spelled(glyphs: &[Glyph]) -> String {
        glyphs.iter().map(|glyph| glyph.c).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut word = glyphs(text);
        restore_letters(&mut word);
        assert_eq!(spelled(&word), expected, "{text:?}");
    }

    #[track_caller]
    fn check_emphasis(text: &str, expected: &str) {
        let mut word = glyphs(text);
        strip_emphasis(&mut word, Around::default());
        assert_eq!(spelled(&word), expected, "{text:?}");
    }

    #[test]
    fn letters_come_back() {
        for (text, expected) in [
            ("l!nk", "link"),
            ("cl1ck", "click"),
            ("fr33", "free"),
            ("m0ney", "money"),
            ("g1veaway!", "giveaway!"),
            ("s3cr3t", "secret"),
            ("sh0p", "shop"),
            ("b00k", "book"),
            ("$ale", "sale"),
            ("ca$h", "cash"),
            ("bu$ine$$", "business"),
            ("gre@t", "great"),
            ("fa5t", "fast"),
            ("L1NK", "LINK"),
            ("F0llow", "Follow"),
            ("CL!CK", "CLICK"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn names_stay() {
        for text in [
            "mp3", "b2b", "4am", "h2o", "10x", "v1.2", "mp3s", "w3c", "log4j", "neo4j", "gpt4o", "web3", "a11y",
            "i18n", "l10n", "k8s", "iphone5s", "covid19", "1st", "10k", "wow!so", "great!", "s3", "ec2", "c4d",
            "a16z", "$50", "U$", "jo@", "5$", "a1b2c3", "p2p", "html5", "mp4",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn emphasis_goes_and_operators_stay() {
        for (text, expected) in [
            ("**humbled**", "humbled"),
            ("hum**bled**", "humbled"),
            ("_honored_", "honored"),
            ("*so*,", "so,"),
            ("~~x~~", "x"),
            ("**Done.**", "Done."),
            ("snake_case", "snake_case"),
            ("5*3", "5*3"),
            ("*", "*"),
            ("***", "***"),
            ("~50%", "~50%"),
            (":*", ":*"),
            ("**50%**", "50%"),
        ] {
            check_emphasis(text, expected);
        }
    }
}
