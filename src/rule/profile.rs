//! The shape of a budget for queues: TOML into [`RawProfile`]s that still know where each value stands.
//!
//! The same tables stand in `rules/profiles.toml` and in the config. Does not resolve `extends`, nor names of rules; the
//! queue does. Invariant: what is not written is none, so that one profile can extend another.

use std::sync::Arc;

use super::keys::PROFILE;
use super::queue::{Hours, hours, part, thresholds};
use super::raw::RawThresholds;
use crate::diagnostic::Level;
use crate::table::{At, Key, Reader, Table};
use crate::text::{Source, Span};

/// A budget as written.
#[derive(Clone, Debug)]
pub struct RawProfile {
    /// The file.
    pub source: Arc<Source>,
    /// Its name.
    pub name: At<String>,
    /// Where each of its keys stands.
    pub places: Vec<(&'static str, Span)>,
    /// The profile whose values hold where this one has none.
    pub extends: Option<At<String>>,
    /// Who says so.
    pub says: Option<At<String>>,
    /// How many posts a window holds.
    pub window: Option<u16>,
    /// How many days a window holds; it replaces the number of posts.
    pub days: Option<u16>,
    /// With how many posts a queue is judged as one.
    pub shortest: Option<u16>,
    /// How many other posts belong between two promotional ones.
    pub gives: Option<u16>,
    /// How much of a window should pass on what others made, 0 to 1; it is only told.
    pub others: Option<f64>,
    /// How many of the links may be own ones, 0 to 1.
    pub own_links: Option<f64>,
    /// Hours between promotional posts.
    pub hours: Option<Hours>,
    /// Thresholds of queue rules, by their names.
    pub thresholds: Vec<(At<String>, RawThresholds)>,
    /// Levels of rules, by their names or categories.
    pub levels: Vec<(At<String>, Level)>,
}

/// Reads all profiles under a key of a table.
#[must_use]
pub fn read_all(reader: &mut Reader, table: &mut Table<'_>, key: &'static str) -> Vec<RawProfile> {
    let Some(profiles) = table.table(reader, key) else { return Vec::new() };
    let read = |name: At<String>| {
        let table = profiles.table_at(reader, &name.value)?;
        Some(read(reader, name, table))
    };
    in_order(profiles.keys()).into_iter().filter_map(read).collect()
}

/// Keys as they stand in the file.
fn in_order(mut keys: Vec<At<String>>) -> Vec<At<String>> {
    keys.sort_by_key(|key| key.span);
    keys
}

/// Reads one profile.
#[must_use]
pub fn read(reader: &mut Reader, name: At<String>, mut table: Table<'_>) -> RawProfile {
    let small = |reader: &mut Reader, table: &mut Table<'_>, key: &'static str| {
        let number = table.integer(reader, key)?;
        u16::try_from(number.value).ok()
    };
    let place = |key: &Key| Some((key.name, table.key_span(key.name)?));
    let places = PROFILE.iter().filter_map(place).collect();
    let raw = RawProfile {
        source: Arc::clone(reader.source()),
        name,
        places,
        extends: table.string(reader, "extends"),
        says: table.string(reader, "source"),
        window: small(reader, &mut table, "window"),
        days: small(reader, &mut table, "days"),
        shortest: small(reader, &mut table, "shortest"),
        gives: small(reader, &mut table, "gives"),
        others: part(reader, &mut table, "others"),
        own_links: part(reader, &mut table, "own-links"),
        hours: table.table(reader, "hours").map(|table| hours(reader, table)),
        thresholds: named(reader, &mut table),
        levels: levels(reader, &mut table),
    };
    if raw.window.is_some() && raw.days.is_some() {
        let span = table.key_span("days").unwrap_or(raw.name.span);
        reader.report("out-of-range", "a window is counted in posts or in days", span).help =
            Some("write either `window` or `days`".into());
    }
    if let (Some(window), Some(shortest)) = (raw.window, raw.shortest)
        && shortest > window
    {
        let span = table.key_span("shortest").unwrap_or(raw.name.span);
        reader.report("out-of-range", "`shortest` is longer than the window", span);
    }
    table.finish(reader, "a profile");
    raw
}

fn named(reader: &mut Reader, table: &mut Table<'_>) -> Vec<(At<String>, RawThresholds)> {
    let Some(all) = table.table(reader, "thresholds") else { return Vec::new() };
    let read = |name: At<String>| {
        let table = all.table_at(reader, &name.value)?;
        Some((name, thresholds(reader, table)))
    };
    in_order(all.keys()).into_iter().filter_map(read).collect()
}

fn levels(reader: &mut Reader, table: &mut Table<'_>) -> Vec<(At<String>, Level)> {
    let Some(all) = table.table(reader, "levels") else { return Vec::new() };
    let read = |name: At<String>| {
        let given = all.string_at(reader, &name.value)?;
        let level = Level::from_name(&given.value);
        if level.is_none() {
            reader.unknown("unknown-value", "level", &given, &Level::NAMES);
        }
        Some((name, level?))
    };
    let mut levels: Vec<(At<String>, Level)> = in_order(all.keys()).into_iter().filter_map(read).collect();
    // A rule beats its category.
    levels.sort_by_key(|(name, _)| name.value.contains('/'));
    levels
}
