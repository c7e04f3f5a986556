//! Words, signs and classes of the page, for people who are no programmers.
//!
//! Does not write markup. Invariant: what a colour says, a word or a sign says too.

use std::borrow::Cow;

use crate::diagnostic::Level;
use crate::document::{PartKind, PostKind, PostStatus};
use crate::emit::clean;
use crate::score::Verdict;
use crate::text::Platform;

/// How a verdict looks and reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// Its class, and its name in filters.
    pub(super) class: &'static str,
    /// A shape that tells it from the others without colour.
    pub(super) sign: &'static str,
    /// Its name.
    pub(super) name: &'static str,
    /// What it means.
    pub(super) means: &'static str,
}

/// All verdicts, in the order of the page.
pub(super) const VERDICTS: [Verdict; 4] =
    [Verdict::Promotional, Verdict::Mixed, Verdict::Conversational, Verdict::Unjudged];

/// How a verdict looks and reads.
pub(super) const fn verdict(verdict: Verdict) -> Reading {
    match verdict {
        Verdict::Promotional => {
            Reading { class: "pro", sign: "▲", name: "promotional", means: "asks for more than it gives" }
        }
        Verdict::Mixed => Reading {
            class: "mix",
            sign: "◆",
            name: "mixed",
            means: "gives something, and asks for something beside it",
        },
        Verdict::Conversational => Reading {
            class: "con",
            sign: "●",
            name: "conversational",
            means: "about others or a topic, with little to be gained by it",
        },
        Verdict::Unjudged => Reading {
            class: "non",
            sign: "■",
            name: "not judged",
            means: "in another language than English, or nothing to read",
        },
    }
}

/// How much a remark weighs.
pub(super) const fn level(level: Level) -> &'static str {
    match level {
        Level::Off | Level::Note => "remark",
        Level::Credit => "credit",
        Level::Warning => "worth a change",
        Level::Error => "serious",
    }
}

/// The class of a level.
pub(super) const fn level_class(level: Level) -> &'static str {
    match level {
        Level::Off | Level::Note => "note",
        Level::Credit => "good",
        Level::Warning => "warn",
        Level::Error => "fail",
    }
}

/// The network as it writes itself.
pub(super) const fn platform(platform: Platform) -> &'static str {
    match platform {
        Platform::X => "X",
        Platform::Bluesky => "Bluesky",
        Platform::Mastodon => "Mastodon",
        Platform::Linkedin => "LinkedIn",
        Platform::Instagram => "Instagram",
        Platform::Threads => "Threads",
        Platform::Facebook => "Facebook",
        Platform::Tiktok => "TikTok",
        Platform::Pinterest => "Pinterest",
        Platform::Youtube => "YouTube",
        Platform::Reddit => "Reddit",
        Platform::Hn => "Hacker News",
        Platform::Stackoverflow => "Stack Overflow",
        Platform::Telegram => "Telegram",
        Platform::Discord => "Discord",
        Platform::Google => "Google",
        Platform::Blog => "blog",
    }
}

/// Several networks.
pub(super) fn platforms(platforms: &[Platform]) -> String {
    platforms.iter().map(|&one| platform(one)).collect::<Vec<_>>().join(", ")
}

/// What is said of a post that is no plain one.
pub(super) const fn kind(kind: PostKind) -> Option<&'static str> {
    match kind {
        PostKind::Post => None,
        PostKind::Reply => Some("an answer"),
        PostKind::Share => Some("somebody else’s post, passed on"),
    }
}

/// How far a post has come.
pub(super) const fn status(status: PostStatus) -> &'static str {
    match status {
        PostStatus::Draft => "being written",
        PostStatus::Scheduled => "scheduled",
        PostStatus::Published => "published",
    }
}

/// What a part is of its post.
pub(super) const fn part(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Text => "Text",
        PartKind::Title => "Title",
        PartKind::Description => "Description",
        PartKind::FirstComment => "First comment",
        PartKind::Hashtags => "Hashtags",
        PartKind::ContentWarning => "Content warning",
        PartKind::Thread => "Next in the thread",
        PartKind::PollOption => "Answer of the poll",
    }
}

/// The name of a rule without its signs: `brag: humble pie` for `brag/humble-pie`.
pub(super) fn rule(code: &str) -> String {
    clean::line(code).replacen('/', ": ", 1).replace('-', " ")
}

/// A note without the name of the rule that it may end with, which says nothing to people: `(brag/humble-pie)`.
pub(super) fn note(text: &str) -> &str {
    let name = |text: &str| text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'/'));
    match text.trim_end().strip_suffix(')').and_then(|text| text.rsplit_once(" (")) {
        Some((rest, inside)) if inside.contains('/') && name(inside) => rest,
        _ => text,
    }
}

/// A sentence of a message, which begins without a capital.
pub(super) fn sentence(text: &str) -> String {
    let text = clean::line(text);
    let mut rest = text.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => String::new(),
    }
}

/// The name of a source: of an absolute path only the file's own name, since the rest tells of a machine.
pub(super) fn source(name: &str) -> Cow<'_, str> {
    let drive = name.get(1..3).is_some_and(|colon| matches!(colon, ":\\" | ":/"));
    let absolute = name.starts_with(['/', '\\', '~']) || drive;
    let shown = if absolute { name.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or("") } else { name };
    match shown {
        "<stdin>" => Cow::Borrowed("standard input"),
        shown => clean::line(shown),
    }
}

/// A share in percent.
pub(super) fn percent(share: f64) -> String {
    let tenths = (share * 1000.0).round();
    if !tenths.is_finite() {
        return "–".to_owned();
    }
    if tenths % 10.0 == 0.0 { format!("{:.0}%", tenths / 10.0) } else { format!("{:.1}%", tenths / 10.0) }
}

/// A number with its noun.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The first words of a text, on one line, at most `most` characters.
pub(super) fn first_words(text: &str, most: usize) -> String {
    // A character may stand for several when it is made visible, and white space for none.
    let beginning: String = text.chars().take(most.saturating_mul(4)).collect();
    let line = beginning.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = clean::line(&line);
    let mut words: String = line.chars().take(most).collect();
    if words.len() < line.len() || beginning.len() < text.trim_end().len() {
        words.push('…');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_of_a_machine_is_shown() {
        #[track_caller]
        fn check(name: &str, expected: &str) {
            assert_eq!(source(name), expected);
        }
        check("posts/a.md", "posts/a.md");
        check("../a.md", "../a.md");
        check("/srv/dana/a.md", "a.md");
        check("/srv/dana/", "dana");
        check("C:\\Dana\\a.md", "a.md");
        check("C:/Dana/a.md", "a.md");
        check("\\\\host\\share\\a.md", "a.md");
        check("/", "");
        check("<stdin>", "standard input");
        check("a\u{1b}[2J.md", "a␛[2J.md");
    }

    #[test]
    fn names_and_numbers_are_said_plainly() {
        assert_eq!(rule("brag/humble-pie"), "brag: humble pie");
        assert_eq!(sentence("a bare ask"), "A bare ask");
        assert_eq!(sentence(""), "");
        assert_eq!(note("it promotes first (structure/ask-first)"), "it promotes first");
        assert_eq!(note("it promotes first (and / or last)"), "it promotes first (and / or last)");
        assert_eq!(note("it promotes (a lot)"), "it promotes (a lot)");
        assert_eq!([percent(0.2), percent(1.0 / 3.0), percent(f64::NAN)], ["20%", "33.3%", "–"]);
        assert_eq!([count(1, "draft", "drafts"), count(0, "draft", "drafts")], ["1 draft", "0 drafts"]);
    }

    #[test]
    fn first_words_stay_on_one_line() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            assert_eq!(first_words(text, 8), expected);
        }
        check("one", "one");
        check("one\r\n two", "one two");
        check("one two three", "one two …");
        check("é\u{1b}\u{202e}", "é␛\\u{202…");
        check("", "");
        check(&format!("a{}", " ".repeat(99)), "a");
    }
}
