//! Lines that say something of a post instead of being one: `**Platform:** LinkedIn`, `Best time: Tuesday`.
//!
//! Knows no blocks. Invariant: a line without a colon, or with more words before it than a label has, is text.

use std::ops::Range;

use crate::document::Role;
use crate::text::Platform;

/// What a line is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Words of the post.
    Text,
    /// Said of a post, with the place of the value in the line; a role where it is known.
    Said(Option<Role>, Range<usize>),
    /// The text of a post, with its place in the line, and the networks that the label names.
    Labelled(Vec<Platform>, Range<usize>),
}

/// What people note of a post.
const NOTES: [&str; 58] = [
    "alt text",
    "alt",
    "angle",
    "asset",
    "assets",
    "audience",
    "best time",
    "boost",
    "call to action",
    "campaign",
    "carousel",
    "character count",
    "characters",
    "conversion path",
    "cta",
    "engagement",
    "follow up",
    "format",
    "goal",
    "hook type",
    "image",
    "image idea",
    "intent",
    "kpi",
    "kpis",
    "length",
    "link",
    "media",
    "metric",
    "metrics",
    "note",
    "notes",
    "objective",
    "owner",
    "photo",
    "pillar",
    "post type",
    "priority",
    "purpose",
    "rationale",
    "reply plan",
    "reminder",
    "schedule for",
    "slides",
    "slot",
    "strategy",
    "target",
    "target audience",
    "theme",
    "timing",
    "tone",
    "topic",
    "type",
    "utm",
    "video",
    "visual",
    "why",
    "why it works",
];

/// Reads a line of a paragraph or an item of a list; `lead` where no words of the post came before it.
pub(super) fn read(line: &str, lead: bool) -> Line {
    let Some((label, strong, value)) = split(line) else { return Line::Text };
    let plain: Vec<String> = label
        .split(|next: char| !next.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if plain.is_empty() || plain.len() > 4 {
        return Line::Text;
    }
    let plain = plain.join(" ");
    if NOTES.contains(&plain.as_str()) {
        return Line::Said(None, value);
    }
    if let Some(platform) = Platform::from_name(&label).filter(|_| strong) {
        return Line::Labelled(vec![platform], value);
    }
    match Role::of(&label) {
        Some(Role::Text) if strong || lead => Line::Labelled(Vec::new(), value),
        // In plain letters these are words that posts begin with, too.
        Some(Role::Title | Role::Description | Role::Text | Role::Intent | Role::Time | Role::Id) if !strong => {
            Line::Text
        }
        Some(role) if strong || lead => Line::Said(Some(role), value),
        _ if strong && (lead || line.trim_start().starts_with(['-', '*', '+']) && !line.starts_with("**")) => {
            Line::Said(None, value)
        }
        _ => Line::Text,
    }
}

/// The label of a line, whether it is emphasised, and where its value stands.
fn split(line: &str) -> Option<(String, bool, Range<usize>)> {
    let colon = line.char_indices().take(60).find(|(_, next)| *next == ':').map(|(at, _)| at)?;
    let (before, after) = line.split_at_checked(colon)?;
    let label = before.trim_start_matches(['-', '+', ' ', '\t']).trim_start_matches("* ");
    let strong = label.starts_with(['*', '_']);
    let name = label.trim_matches(['*', '_', ' ', '\t']);
    let value = after.get(1..)?;
    if !value.is_empty() && !value.starts_with([' ', '\t', '*', '_', '\r', '\n']) {
        // A time or a link.
        return None;
    }
    let closing = if strong { value.len() - value.trim_start_matches(['*', '_']).len() } else { 0 };
    let value = value.get(closing..)?;
    let start = line.len() - value.trim_start().len();
    let end = start + value.trim().len();
    Some((name.to_owned(), strong, start..end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, lead: bool, expected: &str) {
        let told = match read(line, lead) {
            Line::Text => "text".to_owned(),
            Line::Said(role, value) => format!("{} {:?}", role.map_or("note", Role::name), &line[value]),
            Line::Labelled(platforms, value) => format!("post{} {:?}", platforms.len(), &line[value]),
        };
        assert_eq!(told, expected, "{line}");
    }

    #[test]
    fn lines_that_say_something_of_a_post_are_told_from_its_words() {
        check("**Platform:** LinkedIn", true, "platform \"LinkedIn\"");
        check("**Platform**: LinkedIn\n", false, "platform \"LinkedIn\"");
        check("Date: 2026-05-04", true, "date \"2026-05-04\"");
        check("Best time: Tuesday 09:00", false, "note \"Tuesday 09:00\"");
        check("- **Conversion path:** post -> bio link", false, "note \"post -> bio link\"");
        check("* Goal: replies", false, "note \"replies\"");
        check("**The idea:** a bay", true, "note \"a bay\"");
        check("**The idea:** a bay", false, "text");
        check("**Caption:** Soup is on.", false, "post0 \"Soup is on.\"");
        check("**Copy:**", true, "post0 \"\"");
        check("**LinkedIn:** Soup is on.", true, "post1 \"Soup is on.\"");
        check("Soup at 12:30", true, "text");
        check("Three things about the bay of ours: tides", true, "text");
        check("Title: Soup", false, "text");
        check("https://soup.example", true, "text");
        check("The plan: soup.", true, "text");
        check("", true, "text");
    }
}
