//! Which pictures count as emoji.
//!
//! Does not name or sort them. Invariant: the answer is given for a whole grapheme cluster, so a family, a flag or
//! a keycap is one emoji.

use unicode_properties::UnicodeEmoji;
use unicode_properties::emoji::{self, EmojiStatus};

const TEXT_STYLE: char = '\u{FE0E}';
const PICTURE_STYLE: char = '\u{FE0F}';
const KEYCAP: char = '\u{20E3}';

/// Whether a grapheme cluster is shown as an emoji: by default, by a variation selector, as a keycap or as a flag.
/// Dingbats and symbols that are emoji but default to text count too, marks such as `©` and `™` do not.
#[must_use]
pub(super) fn is_emoji(cluster: &str) -> bool {
    let mut chars = cluster.chars();
    let Some(first) = chars.next() else { return false };
    if first.is_ascii() {
        return matches!(first, '0'..='9' | '#' | '*') && cluster.contains(KEYCAP);
    }
    if emoji::is_regional_indicator(first) {
        return true;
    }
    if !first.is_emoji_char() || chars.clone().next() == Some(TEXT_STYLE) {
        return false;
    }
    let by_default = matches!(
        first.emoji_status(),
        EmojiStatus::EmojiPresentation
            | EmojiStatus::EmojiPresentationAndModifierBase
            | EmojiStatus::EmojiPresentationAndEmojiComponent
            | EmojiStatus::EmojiPresentationAndModifierAndEmojiComponent
    );
    by_default || matches!(first, '\u{2600}'..='\u{27BF}' | '\u{1F000}'..) || chars.any(|c| c == PICTURE_STYLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cluster: &str, expected: bool) {
        assert_eq!(is_emoji(cluster), expected, "{cluster:?}");
    }

    #[test]
    fn sequences_are_one_emoji() {
        for cluster in ["🎉", "👍🏽", "👨‍👩‍👧‍👦", "🇨🇦", "1️⃣", "#⃣", "❤️", "❤", "✌", "™️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]
        {
            check(cluster, true);
        }
        for cluster in ["", "1", "#", "™", "©", "→", "a", "é", "❤\u{FE0E}", "•"] {
            check(cluster, false);
        }
    }
}
