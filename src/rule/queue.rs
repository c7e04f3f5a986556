//! What rules of a queue look for, how they are written, and how the queues are written that prove them.
//!
//! Does not judge queues. Invariant: whatever reads findings of posts (who else is in the room, what is an ask) names
//! rules, and no rule is known here by its name.

use super::raw::{RawThresholds, thresholds_rising};
use super::{List, Selector, Text, Thresholds};
use crate::table::{At, Reader, Table};

/// What a rule of a queue looks for.
#[derive(Clone, Debug)]
pub enum QueueKind {
    /// How much of a window promotes.
    Share {
        /// What a mixed post counts; a promotional one counts 1.
        mixed: f64,
        /// Levels by the share, each holding for more than its number.
        thresholds: Thresholds,
    },
    /// Promotional posts in a row.
    Run {
        /// Levels by how many there are.
        thresholds: Thresholds,
        /// The message where fewer other posts than the profile asks for lie between two of them.
        also: Text,
    },
    /// Posts that promote in the same words.
    Duplicate {
        /// Levels by the Jaccard similarity of their word triples, 0 to 1.
        thresholds: Thresholds,
        /// How many days back a post is compared; 0 for any number.
        days: u16,
        /// How many posts back one is compared where a time is missing.
        posts: u16,
        /// Rules whose findings are asks.
        asks: List<Selector>,
        /// How often the same ask is too often.
        repeats: u16,
        /// Among how many posts.
        among: u16,
        /// The message for asks.
        also: Text,
    },
    /// Links to what is the account's own.
    Link {
        /// How often the same one is too often.
        repeats: u16,
        /// Among how many posts.
        among: u16,
        /// Of how many links, at least, a share is taken.
        links: u16,
        /// The greatest share of own ones, where the profile says nothing.
        own: f64,
        /// The message for the share.
        also: Text,
    },
    /// Promotional posts too close in time.
    Cadence {
        /// Levels by the hours between two, each holding for less than its number; 0 for a level that never holds.
        hours: Hours,
        /// How many are accepted in so many days.
        most: u16,
        /// See `most`.
        days: u16,
        /// The message for too many of them.
        also: Text,
    },
    /// Nobody else mentioned.
    Absent {
        /// In how many posts.
        posts: u16,
        /// Rules whose findings mention somebody.
        others: List<Selector>,
        /// Rules whose findings ask something.
        asks: List<Selector>,
        /// What is said beside it where nothing is asked either.
        also: Text,
    },
}

/// Hours below which a level holds; 0 where it never does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hours {
    /// Below, a note.
    pub note: f64,
    /// Below, a warning.
    pub warning: f64,
    /// Below, an error.
    pub error: f64,
}

impl QueueKind {
    /// The key it is declared by.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Share { .. } => KEYS[0],
            Self::Run { .. } => KEYS[1],
            Self::Duplicate { .. } => KEYS[2],
            Self::Link { .. } => KEYS[3],
            Self::Cadence { .. } => KEYS[4],
            Self::Absent { .. } => KEYS[5],
        }
    }

    /// The placeholders that it fills.
    #[must_use]
    pub const fn placeholders(&self) -> &'static [&'static str] {
        match self {
            Self::Share { .. } => &["count", "window", "share", "max", "budget", "profile"],
            Self::Run { .. } => &["count", "between", "max", "profile"],
            Self::Duplicate { .. } => &["count", "similarity", "window"],
            Self::Link { .. } => &["link", "count", "links", "window", "share", "max", "profile"],
            Self::Cadence { .. } => &["gap", "least", "count", "days", "max"],
            Self::Absent { .. } => &["window"],
        }
    }

    /// The words it has beside those of every rule.
    #[must_use]
    pub const fn also(&self) -> Option<&Text> {
        match self {
            Self::Share { .. } => None,
            Self::Run { also, .. }
            | Self::Duplicate { also, .. }
            | Self::Link { also, .. }
            | Self::Cadence { also, .. }
            | Self::Absent { also, .. } => Some(also),
        }
    }

    /// Whether it has `thresholds`.
    #[must_use]
    pub fn is_measured(key: &str) -> bool {
        KEYS[..3].contains(&key)
    }
}

/// The kind keys of queue rules.
pub const KEYS: [&str; 6] =
    ["queue-share", "queue-run", "queue-duplicate", "queue-link", "queue-cadence", "queue-absent"];

/// What a rule of a queue looks for, as written.
#[derive(Debug)]
pub struct RawQueue {
    /// One of [`KEYS`].
    pub key: &'static str,
    /// What it says beside its message.
    pub also: Option<At<String>>,
    /// Rules whose findings are asks, or questions.
    pub asks: Vec<At<String>>,
    /// Rules whose findings mention somebody.
    pub others: Vec<At<String>>,
    mixed: f64,
    own: f64,
    repeats: u16,
    among: u16,
    links: u16,
    most: u16,
    days: u16,
    posts: u16,
    hours: Hours,
}

/// Reads the table under one of [`KEYS`].
#[must_use]
pub fn read(reader: &mut Reader, key: &'static str, mut table: Table<'_>) -> RawQueue {
    let mut raw = RawQueue {
        key,
        also: None,
        asks: Vec::new(),
        others: Vec::new(),
        mixed: 0.5,
        own: 1.0,
        repeats: 0,
        among: 0,
        links: 0,
        most: 0,
        days: 0,
        posts: 0,
        hours: Hours::default(),
    };
    if key == KEYS[0] {
        raw.mixed = part(reader, &mut table, "mixed").unwrap_or(0.5);
    } else {
        raw.also = table.string(reader, "also");
        if raw.also.is_none() {
            reader.report("missing-key", format!("`{key}` without `also`"), table.span()).help =
                Some("this kind looks for two things; `also` is the message of the second".into());
        }
    }
    let small = |reader: &mut Reader, table: &mut Table<'_>, key: &'static str| {
        let number = table.integer(reader, key);
        if number.is_none() && !table.has(key) {
            reader.report("missing-key", format!("`{key}` is missing"), table.span());
        }
        number.map_or(1, |number| u16::try_from(number.value).unwrap_or(u16::MAX))
    };
    let table_ref = &mut table;
    match key {
        "queue-duplicate" => {
            raw.days = small(reader, table_ref, "days");
            raw.posts = small(reader, table_ref, "posts");
            raw.asks = table_ref.strings(reader, "asks").unwrap_or_default();
            raw.repeats = small(reader, table_ref, "repeats");
            raw.among = small(reader, table_ref, "among");
        }
        "queue-link" => {
            raw.repeats = small(reader, table_ref, "repeats");
            raw.among = small(reader, table_ref, "among");
            raw.links = small(reader, table_ref, "links");
            raw.own = part(reader, table_ref, "own").unwrap_or(1.0);
        }
        "queue-cadence" => {
            raw.hours = table_ref.table(reader, "hours").map(|table| hours(reader, table)).unwrap_or_default();
            raw.most = small(reader, table_ref, "most");
            raw.days = small(reader, table_ref, "days");
        }
        "queue-absent" => {
            raw.posts = small(reader, table_ref, "posts");
            raw.others = table_ref.strings(reader, "others").unwrap_or_default();
            raw.asks = table_ref.strings(reader, "asks").unwrap_or_default();
            if raw.others.is_empty() {
                reader.report("missing-key", "`others` is missing or empty", table_ref.span());
            }
        }
        _ => {}
    }
    table.finish(reader, "a rule of queues");
    raw
}

/// A number from 0 to 1.
pub(super) fn part(reader: &mut Reader, table: &mut Table<'_>, key: &'static str) -> Option<f64> {
    let number = table.number(reader, key)?;
    (0.0..=1.0).contains(&number.value).then_some(number.value)
}

/// Levels by hours, which fall from note to error.
pub(super) fn hours(reader: &mut Reader, mut table: Table<'_>) -> Hours {
    let mut read = |key| table.number(reader, key).map_or(0.0, |number| number.value);
    let found = Hours { note: read("note"), warning: read("warning"), error: read("error") };
    let given: Vec<f64> =
        [found.note, found.warning, found.error].into_iter().filter(|&least| least != 0.0).collect();
    if given.iter().any(|&least| least < 0.0) || !given.is_sorted_by(|a, b| a > b) {
        reader.report("out-of-range", "hours must be more than 0, and fall from note to error", table.span());
    }
    table.finish(reader, "hours");
    found
}

impl RawQueue {
    /// The kind, with what it reads resolved.
    #[must_use]
    pub fn kind(&self, thresholds: Thresholds, asks: List<Selector>, others: List<Selector>) -> QueueKind {
        let also: Text = self.also.as_ref().map_or_else(String::new, |also| also.value.clone()).into();
        match self.key {
            "queue-share" => QueueKind::Share { mixed: self.mixed, thresholds },
            "queue-run" => QueueKind::Run { thresholds, also },
            "queue-duplicate" => QueueKind::Duplicate {
                thresholds,
                days: self.days,
                posts: self.posts,
                asks,
                repeats: self.repeats,
                among: self.among,
                also,
            },
            "queue-link" => QueueKind::Link {
                repeats: self.repeats,
                among: self.among,
                links: self.links,
                own: self.own,
                also,
            },
            "queue-cadence" => QueueKind::Cadence { hours: self.hours, most: self.most, days: self.days, also },
            _ => QueueKind::Absent { posts: self.posts, others, asks, also },
        }
    }
}

/// What is given of a post in a queue that proves a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// `p`: promotional.
    Promotional,
    /// `m`: mixed.
    Mixed,
    /// `c`: conversational.
    Conversational,
    /// `r`: an answer to somebody.
    Reply,
    /// `s`: somebody else's post passed on.
    Share,
}

impl Letter {
    fn of(word: &str) -> Option<Self> {
        match word {
            "p" => Some(Self::Promotional),
            "m" => Some(Self::Mixed),
            "c" => Some(Self::Conversational),
            "r" => Some(Self::Reply),
            "s" => Some(Self::Share),
            _ => None,
        }
    }
}

/// A post of a queue that proves a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given<'a> {
    /// What it is, whatever its text says.
    pub letter: Letter,
    /// When it is due.
    pub time: Option<&'a str>,
    /// Its text; empty where nothing but its letter is given.
    pub text: &'a str,
}

/// Reads the posts of a queue: letters (`p p c r`), or a line a post (`p 2026-03-01T09:00 Sign up now!`), its time and
/// its text left out at will.
///
/// # Errors
/// The word that should have been a letter.
pub fn given(posts: &str) -> Result<Vec<Given<'_>>, &str> {
    let plain = |word| Letter::of(word).map(|letter| Given { letter, time: None, text: "" });
    let letters: Option<Vec<Given<'_>>> = posts.split_whitespace().map(plain).collect();
    if let Some(letters) = letters {
        return Ok(letters);
    }
    let lines = posts.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            let letter = Letter::of(word).ok_or(word)?;
            let (first, behind) = rest.split_once(' ').unwrap_or((rest, ""));
            let dated = first.len() >= 10 && first.starts_with("20") && first.as_bytes().get(4) == Some(&b'-');
            let (time, text) = if dated { (Some(first), behind) } else { (None, rest) };
            Ok(Given { letter, time, text: text.trim() })
        })
        .collect()
}

/// Thresholds of a profile; unlike those of a rule they may be 0.
pub(super) fn thresholds(reader: &mut Reader, table: Table<'_>) -> RawThresholds {
    thresholds_rising(reader, table, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Post<'a> = (Letter, Option<&'a str>, &'a str);

    #[track_caller]
    fn check(posts: &str, expected: Result<&[Post<'_>], &str>) {
        let found = given(posts);
        let found =
            found.as_ref().map(|all| all.iter().map(|one| (one.letter, one.time, one.text)).collect::<Vec<_>>());
        assert_eq!(found.as_deref().map_err(|word| **word), expected, "{posts}");
    }

    #[test]
    fn queues_are_letters_or_lines() {
        use Letter::{Conversational, Mixed, Promotional, Reply, Share};
        let bare = |letter| (letter, None, "");
        check("p m c", Ok(&[bare(Promotional), bare(Mixed), bare(Conversational)]));
        check("r\ns", Ok(&[bare(Reply), bare(Share)]));
        check("p Buy one.\nc", Ok(&[(Promotional, None, "Buy one."), bare(Conversational)]));
        check(
            "\n p 2026-03-01T09:00 Buy one.\n c 2026-03-01\n",
            Ok(&[(Promotional, Some("2026-03-01T09:00"), "Buy one."), (Conversational, Some("2026-03-01"), "")]),
        );
        check("p x", Ok(&[(Promotional, None, "x")]));
        check("p\nBuy one.", Err("Buy"));
    }
}
