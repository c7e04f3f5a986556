//! Which files stand in one queue, as far as can be told before they are read.
//!
//! Reads nothing. Invariant: every file has one group, and a group knows which of its files comes last.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::draft::Reason;
use super::terms::Terms;
use super::walk::{Input, Item};
use crate::document::{Format, PostTime};
use crate::emit::PostWriter;
use crate::text::Span;

/// What makes posts one queue.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Group {
    /// `files` of a config, told apart by where these are held.
    Made(usize),
    /// They were named together.
    Command,
    /// They lie in one folder.
    Folder(PathBuf),
    /// They stand in one source, the one of that number.
    Source(usize),
    /// Nothing: each is a draft on its own.
    Alone,
}

impl Group {
    /// That of an input with a number, and what the queue is held against.
    pub(super) fn of(number: usize, input: &Input, wanted: Wanted) -> (Self, &Arc<Terms>) {
        let all = &input.setup.terms;
        match all.made(input.absolute.as_deref()) {
            Some((terms, made)) => (Self::Made(made), terms),
            None => (group(number, input, wanted), all.every()),
        }
    }

    /// Whether more than one source can be in it, so that none is judged before all are read.
    pub(super) const fn is_shared(&self) -> bool {
        matches!(self, Self::Made(_) | Self::Command | Self::Folder(_))
    }
}

/// Something to check, and its queue.
#[derive(Debug)]
pub(super) struct Unit<'p> {
    pub(super) number: usize,
    pub(super) item: &'p Item,
    pub(super) group: Group,
    /// The number of the last unit of its group.
    pub(super) last: usize,
    /// Whether it stands in its folder's queue also without a time.
    pub(super) in_any_case: bool,
    /// What its queue is held against; none where there is nothing to read.
    pub(super) terms: Option<Arc<Terms>>,
    /// What the queue is called.
    pub(super) title: Arc<str>,
    /// What writes its posts as soon as they are judged, where that is done at all.
    pub(super) writer: Option<Arc<dyn PostWriter>>,
}

/// Whether queues are asked for, or drafts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Drafts,
    Queues,
}

/// Gives every item its group.
pub(super) fn units(items: &[Item], wanted: Wanted) -> Vec<Unit<'_>> {
    let mut last: HashMap<Group, usize> = HashMap::new();
    let title = command_title(items);
    let mut units: Vec<Unit<'_>> = items
        .iter()
        .enumerate()
        .map(|(number, item)| {
            let unit = Unit::of(number, item, wanted, &title);
            last.insert(unit.group.clone(), number);
            unit
        })
        .collect();
    for unit in &mut units {
        unit.last = last.get(&unit.group).copied().unwrap_or(unit.number);
    }
    units
}

impl<'p> Unit<'p> {
    fn of(number: usize, item: &'p Item, wanted: Wanted, command: &Arc<str>) -> Self {
        let Item::Input(input) = item else {
            let (group, title) = (Group::Alone, Arc::from(""));
            let (in_any_case, terms, writer) = (false, None, None);
            return Self { number, item, group, last: number, in_any_case, terms, title, writer };
        };
        let (group, terms) = Group::of(number, input, wanted);
        let title = match &group {
            Group::Made(_) => Arc::from(terms.title.as_str()),
            Group::Command => Arc::clone(command),
            Group::Folder(_) => folder_title(input),
            Group::Source(_) | Group::Alone => Arc::from(input.name.as_str()),
        };
        let always = wanted == Wanted::Queues || matches!(input.format, Some(Format::Tweet | Format::Toot));
        let in_any_case = always || matches!(group, Group::Made(_) | Group::Command);
        let (terms, writer) = (Some(Arc::clone(terms)), None);
        Self { number, item, group, last: number, in_any_case, terms, title, writer }
    }

    /// What is to be read, if anything.
    pub(super) fn input(&self) -> Option<&'p Input> {
        match self.item {
            Item::Input(input) => Some(input),
            Item::Trouble(_) => None,
        }
    }
}

fn group(number: usize, input: &Input, wanted: Wanted) -> Group {
    let found = input.reason != Reason::Named;
    if wanted == Wanted::Queues && !found {
        return Group::Command;
    }
    match input.format {
        Some(Format::Jsonl) => Group::Alone,
        Some(format) if format.holds_many() => Group::Source(number),
        // Whether a page holds one post or a pack of them, and what a file without an ending is, is known when it is read.
        Some(Format::Markdown | Format::Mdx) | None if !found => Group::Source(number),
        _ if found => {
            input.absolute.as_deref().map_or(Group::Alone, |path| Group::Folder(folder(path).to_owned()))
        }
        _ => Group::Alone,
    }
}

/// The folder whose queue a file stands in: its own, but for folders that only say a year, a month or a day, and for
/// those that hold one post with its pictures (`title/index.md`).
fn folder(path: &Path) -> &Path {
    let mut folder = path.parent().unwrap_or(path);
    if is_index(path) {
        folder = folder.parent().unwrap_or(folder);
    }
    let is_date = |name: &OsStr| name.len() <= 4 && name.as_encoded_bytes().iter().all(u8::is_ascii_digit);
    while folder.file_name().is_some_and(is_date)
        && let Some(outer) = folder.parent()
    {
        folder = outer;
    }
    folder
}

fn is_index(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem == "index" || stem == "_index")
}

/// The folder of a queue, as it is shown.
fn folder_title(input: &Input) -> Arc<str> {
    let shown = folder(Path::new(&input.name)).to_string_lossy();
    Arc::from(if shown.is_empty() { "." } else { &*shown })
}

/// The names of what was named together.
fn command_title(items: &[Item]) -> Arc<str> {
    let named = items.iter().filter_map(|item| match item {
        Item::Input(input) if input.reason == Reason::Named => Some(input.name.as_str()),
        _ => None,
    });
    let mut named = named.peekable();
    let first = named.next().unwrap_or_default();
    match named.count() {
        0 => Arc::from(first),
        more => Arc::from(format!("{first} and {more} more")),
    }
}

/// The time that a file's name tells, as blogs call their posts: `2026-03-01-title.md`, or a folder of that name.
pub(super) fn time_of_name(path: &Path) -> Option<PostTime> {
    let named = if is_index(path) { path.parent()?.file_name()? } else { path.file_name()? };
    let name = named.to_str()?;
    let (date, rest) = name.split_at_checked(10)?;
    let digits = |range: std::ops::Range<usize>| date.get(range).and_then(|part| part.parse::<u32>().ok());
    let dashes = date.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let real = matches!(digits(5..7)?, 1..=12) && matches!(digits(8..10)?, 1..=31);
    let ends = rest.is_empty() || rest.starts_with(['-', '_', '.', ' ']);
    (dashes && real && ends).then(|| PostTime { text: date.to_owned(), spans: vec![Span::default()] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_tell_dates() {
        #[track_caller]
        fn check(path: &str, expected: Option<&str>) {
            assert_eq!(time_of_name(Path::new(path)).map(|time| time.text).as_deref(), expected, "{path}");
        }
        check("a/2026-03-01-title.md", Some("2026-03-01"));
        check("2026-03-01.md", Some("2026-03-01"));
        check("2026-03-01-title/index.md", Some("2026-03-01"));
        check("2026-03-01/title.md", None);
        check("2026-13-01-title.md", None);
        check("2026-03-011.md", None);
        check("20260301-title.md", None);
        check("é2026-03-1.md", None);
        check("title.md", None);
    }

    #[test]
    fn a_queue_lies_in_one_folder_whatever_is_sorted_by_time_below() {
        #[track_caller]
        fn check(path: &str, expected: &str) {
            assert_eq!(folder(Path::new(path)), Path::new(expected), "{path}");
        }
        check("/blog/a.md", "/blog");
        check("/blog/2026/03/a.md", "/blog");
        check("/blog/2026/03/a/index.md", "/blog");
        check("/blog/a/index.md", "/blog");
        check("/blog/drafts/a.md", "/blog/drafts");
        check("blog/12345/a.md", "blog/12345");
        check("2026/a.md", "");
    }
}
