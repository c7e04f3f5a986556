//! What a heading says of the text below it.
//!
//! Knows no sections. Invariant: a heading that says more than that a post follows says nothing: `LinkedIn posts that
//! work` is the heading of an article.

use crate::document::PartKind;
use crate::text::Platform;

/// What stands below a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Title {
    /// Posts.
    Post(PostTitle),
    /// What is only a post below the heading of one, or in a note that is one: its text.
    Text,
    /// A further piece of the post above.
    Part(PartKind),
    /// A network, and nothing else.
    Network(Vec<Platform>),
    /// Something else.
    Other,
}

/// A heading that speaks of posts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PostTitle {
    pub(super) platforms: Vec<Platform>,
    /// Whether it speaks of several.
    pub(super) many: bool,
    /// Whether it speaks of a thread.
    pub(super) thread: bool,
    /// Whether it can be nothing else: it has a number or a network.
    pub(super) sure: bool,
}

/// What is nothing but the text of a post, as a heading says it.
const TEXTS: [&str; 20] = [
    "content",
    "post content",
    "post text",
    "text",
    "copy",
    "post copy",
    "body",
    "full text",
    "full post",
    "final",
    "hook",
    "cta",
    "call to action",
    "caption",
    "post",
    "tweet",
    "toot",
    "draft",
    "main post",
    "message",
];

/// What is another piece of it.
const PARTS: [(&str, PartKind); 4] = [
    ("hashtags", PartKind::Hashtags),
    ("tags", PartKind::Hashtags),
    ("first comment", PartKind::FirstComment),
    ("comment", PartKind::FirstComment),
];

/// Reads a heading.
pub(super) fn read(heading: &str) -> Title {
    if first_word(heading).is_some_and(|word| !may_say_something(&word)) {
        return Title::Other;
    }
    let (bare, hints) = without_brackets(heading);
    let mut segments = bare.split(SEPARATORS).flat_map(|segment| segment.split(" - "));
    let mut segments = segments.by_ref().map(str::trim).filter(|segment| !segment.is_empty());
    let Some(mut first) = segments.next() else { return Title::Other };
    let mut rest: Vec<&str> = segments.collect();
    if is_day(first) && !rest.is_empty() {
        first = rest.remove(0);
    }
    let hints = rest.into_iter().chain(hints.iter().map(String::as_str));
    let hinted: Vec<Platform> = hints.filter_map(|hint| Platform::from_name(hint.trim())).collect();
    let words: Vec<String> = words(first);
    let plain = words.join(" ");
    if hinted.is_empty() && TEXTS.contains(&plain.as_str()) {
        return Title::Text;
    }
    if let Some((_, part)) = PARTS.iter().find(|(name, _)| *name == plain) {
        return Title::Part(*part);
    }
    vocabulary(&words, hinted)
}

/// What may stand between what a heading says and more of it.
const SEPARATORS: [char; 5] = [':', '|', '·', '–', '—'];

/// The first word of a heading in small letters, if nothing but white space and brackets stands before it and it is of ASCII: for most
/// headings that is enough.
fn first_word(heading: &str) -> Option<String> {
    let start = heading.trim_start();
    let end = start.find(|next: char| !next.is_alphanumeric()).unwrap_or(start.len());
    let (word, rest) = start.split_at(end);
    // What stands in brackets is taken out, and a word may go on behind it.
    let whole =
        !word.is_empty() && word.is_ascii() && word.len() < 100 && !rest.starts_with(['(', ')', '[', ']', '#']);
    whole.then(|| word.to_ascii_lowercase())
}

/// Whether a heading that starts with a word may be more than that of something else.
fn may_say_something(word: &str) -> bool {
    let titles = TEXTS.iter().copied().chain(PARTS.map(|(name, _)| name));
    Sense::of(word).is_some() || is_day_word(word) || titles.into_iter().any(|title| title.starts_with(word))
}

/// What a word says in a heading that speaks of posts.
enum Sense {
    Post,
    Posts,
    Thread,
    Version,
    /// Something that is said of posts.
    Description,
    Number,
    Network(Platform),
}

impl Sense {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "post" | "tweet" | "toot" | "skeet" | "caption" | "update" | "copy" | "message" | "text" => Self::Post,
            "posts" | "tweets" | "toots" | "skeets" | "captions" | "updates" | "messages" | "drafts" => {
                Self::Posts
            }
            "thread" => Self::Thread,
            "option" | "version" | "variant" | "variation" | "draft" | "slot" => Self::Version,
            "launch" | "teaser" | "announcement" | "follow" | "up" | "reminder" | "recap" | "short" | "long"
            | "form" | "main" | "final" | "single" | "standalone" | "company" | "page" | "personal" | "social"
            | "media" | "and" | "for" | "day" | "week" | "native" | "a" | "b" | "c" => Self::Description,
            number if number.trim_start_matches('#').chars().all(|digit| digit.is_ascii_digit()) => Self::Number,
            network => Self::Network(Platform::from_name(network)?),
        })
    }
}

/// A heading all of whose words are networks, kinds of post, numbers, or said of posts.
fn vocabulary(words: &[String], hinted: Vec<Platform>) -> Title {
    let mut title = PostTitle { platforms: hinted, ..PostTitle::default() };
    let (mut kinds, mut numbered, mut versions, mut described) = (0, false, false, false);
    for word in words {
        match Sense::of(word) {
            None => return Title::Other,
            Some(Sense::Post) => kinds += 1,
            Some(Sense::Posts) => {
                kinds += 1;
                title.many = true;
            }
            Some(Sense::Thread) => {
                kinds += 1;
                title.thread = true;
            }
            Some(Sense::Version) => versions = true,
            Some(Sense::Description) => described = true,
            Some(Sense::Number) => numbered = true,
            Some(Sense::Network(platform)) => title.platforms.push(platform),
        }
    }
    if kinds == 1 && title.platforms.is_empty() && words.first().is_some_and(|word| word.starts_with("tweet")) {
        title.platforms.push(Platform::X);
    }
    match (kinds > 0, versions, title.platforms.is_empty()) {
        (true, _, empty) => {
            title.sure = !empty || numbered;
            if title.sure || title.many || title.thread { Title::Post(title) } else { Title::Text }
        }
        // What of is said above it.
        (false, true, _) => Title::Post(title),
        (false, false, false) if !numbered && !described => Title::Network(title.platforms),
        _ => Title::Other,
    }
}

/// A heading without what stands in brackets, and that.
fn without_brackets(heading: &str) -> (String, Vec<String>) {
    let (mut bare, mut hints) = (String::new(), Vec::new());
    let mut depth = 0_usize;
    for next in heading.chars().take(200) {
        match next {
            '(' | '[' => {
                depth += 1;
                hints.push(String::new());
            }
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(next),
            _ => hints.iter_mut().next_back().into_iter().for_each(|hint| hint.push(next)),
        }
    }
    (bare, hints)
}

/// The words of a heading in small letters, without marks, emoji and the number of the heading.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = text
        .split(|next: char| !next.is_alphanumeric() && next != '#')
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(str::to_lowercase)
        .collect();
    let numbered =
        text.trim_start().trim_start_matches(|next: char| next.is_ascii_digit()).starts_with(['.', ')']);
    if numbered && words.len() > 1 {
        words.remove(0);
    }
    words
}

/// Whether a piece of a heading only says when: `Monday`, `Day 3`, `Week 2`, `May 4`, `2026-05-04`.
fn is_day(text: &str) -> bool {
    words(text).iter().all(|word| is_day_word(word))
}

fn is_day_word(word: &str) -> bool {
    let days = [
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "day", "week", "jan", "feb", "mar", "apr", "may", "jun",
        "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    word.chars().all(|next| next.is_ascii_digit())
        || days.iter().any(|day| word.starts_with(day) && word.len() < 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(heading: &str, expected: &str) {
        let told = match read(heading) {
            Title::Post(title) => {
                let mut told = String::from(if title.thread { "thread" } else { "post" });
                if title.many {
                    told.push('s');
                }
                if !title.sure {
                    told.push('?');
                }
                for platform in title.platforms {
                    told.push(' ');
                    told.push_str(platform.name());
                }
                told
            }
            Title::Network(platforms) => {
                format!("on{}", platforms.iter().map(|one| format!(" {}", one.name())).collect::<String>())
            }
            Title::Text => "text".to_owned(),
            Title::Part(kind) => kind.name().to_owned(),
            Title::Other => "-".to_owned(),
        };
        assert_eq!(told, expected, "{heading}");
    }

    #[test]
    fn headings_of_posts_are_told_from_others() {
        check("LinkedIn Post", "post linkedin");
        check("LinkedIn Post (long form)", "post linkedin");
        check("Post 3", "post");
        check("Post #3 - The pier", "post");
        check("Post 3: LinkedIn — launch day", "post linkedin");
        check("3. Twitter/X Posts", "posts x x");
        check("📣 X (Twitter) Post", "post x x");
        check("Day 2 — Mastodon toot", "post mastodon");
        check("Tweet 4", "post x");
        check("Tweets", "posts x");
        check("Posts", "posts?");
        check("X Thread", "thread x");
        check("Thread", "thread?");
        check("Version 2", "post?");
        check("Launch post", "text");
        check("Instagram caption", "post instagram");
        check("LinkedIn", "on linkedin");
        check("The (old) post", "-");
        check("P(1)ost", "text");
        check("*: LinkedIn", "on linkedin");
        check("Twitter / X", "on x x");
        check("Content", "text");
        check("Hashtags", "hashtags");
        check("First comment", "first-comment");
        for article in [
            "LinkedIn posts that work",
            "How to write a LinkedIn post",
            "The post",
            "Strategy",
            "Why this works",
            "Day 3",
            "2026",
            "Launch week",
            "Posting schedule",
            "",
            "---",
        ] {
            check(article, "-");
        }
    }
}
