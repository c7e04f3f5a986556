//! What holds for the queue of a file: its settings, and the budget that these name.
//!
//! Invariant: a value of a profile is shown with the place of the nearest profile that says it.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::super::terms::{QueueFlags, Terms};
use super::{By, Row, Setup, add, levels_of, replace};
use crate::config::{QueueTable, Setting, Settings};
use crate::queue::Budget;
use crate::queue::profile::{DEFAULT, Window};
use crate::rule::profile::RawProfile;

/// The source of the profiles that come with the program.
const SHIPPED: &str = "rules/profiles.toml";

/// What the queue of a file is held against.
pub(super) fn terms<'a>(setup: &'a Setup, path: Option<&Path>) -> &'a Terms {
    setup.terms.made(path).map_or(setup.terms.every(), |(terms, _)| terms)
}

/// All rows; `path` is the file, absolute.
pub(super) fn rows(setup: &Setup, flags: &QueueFlags, path: Option<&Path>) -> Vec<Row> {
    let table = setup.terms.table(path);
    let terms = terms(setup, path);
    let budget = terms.held(None).budget();
    let mut rows = Vec::new();
    if let Some(files) = &table.files {
        let by = By::Config(Arc::clone(&files.source), files.span);
        rows.push(Row::new(&["queue", "name"], table.title.as_str(), by));
    }
    let by = match (&flags.profile, &setup.origin.sets.profile) {
        (Some(_), _) => By::Flag("--profile".to_owned()),
        (None, Some(set)) => By::Override(Arc::clone(&set.source), set.span),
        (None, None) => of_setting(table.profile.as_ref()),
    };
    rows.push(Row::new(&["queue", "profile"], budget.name.as_str(), by));
    rows.extend(plain(table, flags));
    let mut budgets = vec![budget];
    // The profile of the flag holds for every network.
    let platforms = if flags.profile.is_some() { &[][..] } else { &table.platforms[..] };
    for (platform, profile) in platforms {
        let name = profile.value.as_str();
        rows.push(Row::new(&["queue", "platforms", platform.name(), "profile"], name, of_setting(Some(profile))));
        let own = terms.held(Some(*platform)).budget();
        if budgets.iter().all(|known| known.name != own.name) {
            budgets.push(own);
        }
    }
    rows.extend(budgets.into_iter().flat_map(|budget| of_profile(&setup.origin.settings, budget)));
    rows
}

/// What no profile says, and which days count.
fn plain(table: &QueueTable, flags: &QueueFlags) -> Vec<Row> {
    let word = |key: &str, set: &Option<Setting<String>>, default: &str| {
        let value = set.as_ref().map_or(default, |set| &set.value);
        Row::new(&["queue", key], value, of_setting(set.as_ref()))
    };
    let history = table.history.as_ref();
    let written: Vec<&str> =
        history.iter().flat_map(|history| &history.value).map(|path| path.written.value.as_str()).collect();
    let mut timezone = word("timezone", &table.timezone, "UTC");
    replace(&mut timezone, flags.timezone.as_ref().map(|zone| zone.value.as_str()), "--timezone");
    let mut order = word("day-order", &table.day_order, "auto");
    replace(&mut order, flags.day_order.as_deref(), "--day-order");
    let mut rows = vec![timezone, order];
    let of_config = Row::new(&["queue", "history"], written, of_setting(history));
    let given = flags.history.iter().map(|path| path.display().to_string());
    add(&mut rows, &of_config, given, "--history");
    if flags.history.is_empty() || history.is_some() {
        rows.push(of_config);
    }
    for (key, day) in [("since", flags.since), ("until", flags.until)] {
        let flag = By::Flag(format!("--{key}"));
        rows.extend(day.map(|day| Row::new(&[key], day.to_string(), flag)));
    }
    rows
}

fn of_setting<T>(setting: Option<&Setting<T>>) -> By {
    setting.map_or(By::Default, |set| By::Config(Arc::clone(&set.source), set.span))
}

/// Every value of a budget.
fn of_profile(settings: &Settings, budget: &Budget) -> Vec<Row> {
    let chain = chain(settings, &budget.name);
    let by = |key: &str| {
        let said = chain.iter().find_map(|raw| Some((raw, raw.places.iter().find(|(known, _)| *known == key)?.1)));
        said.map_or(By::Default, |(raw, span)| By::Config(Arc::clone(&raw.source), span))
    };
    let row = |key: &str, value: Value| Row::new(&["profiles", &budget.name, key], value, by(key));
    let (window, length) = match budget.window {
        Window::Posts(posts) => ("window", json!(posts)),
        Window::Days(days) => ("days", json!(days)),
    };
    let mut rows = vec![
        row("source", budget.source.as_str().into()),
        row(window, length),
        row("shortest", budget.shortest.into()),
        row("gives", budget.gives.into()),
    ];
    rows.extend(budget.others.map(|others| row("others", others.into())));
    rows.extend(budget.own_links.map(|own| row("own-links", own.into())));
    rows.extend(budget.hours.map(|hours| {
        let levels = [("note", hours.note), ("warning", hours.warning), ("error", hours.error)];
        let levels = levels.into_iter().filter(|(_, hours)| *hours > 0.0);
        row("hours", levels.map(|(level, hours)| (level.to_owned(), json!(hours))).collect::<Map<_, _>>().into())
    }));
    for (name, thresholds) in &budget.thresholds {
        let said = chain.iter().find_map(|raw| {
            let (at, _) = raw.thresholds.iter().find(|(known, _)| known.value == *name)?;
            Some(By::Config(Arc::clone(&raw.source), at.span))
        });
        let key = ["profiles", &budget.name, "thresholds", name];
        rows.push(Row::new(&key, levels_of(thresholds), said.unwrap_or(By::Default)));
    }
    for level in &budget.levels {
        let shipped = level.source.name() == SHIPPED;
        let by = if shipped { By::Default } else { By::Config(Arc::clone(&level.source), level.span) };
        rows.push(Row::new(&["profiles", &budget.name, "levels", &level.name], level.level.name(), by));
    }
    rows
}

/// The profiles of config that a budget is made of, the one that counts first.
fn chain<'a>(settings: &'a Settings, name: &'a str) -> Vec<&'a RawProfile> {
    let mut chain: Vec<&RawProfile> = Vec::new();
    // Outer layers stand first.
    let mut layers = settings.profiles.as_slice();
    let mut name = name;
    while let Some((nearest, outer)) = layers.split_last() {
        let known =
            |one: &&RawProfile| one.name.value == name && !chain.iter().any(|known| std::ptr::eq(*known, *one));
        match nearest.iter().find(known) {
            Some(found) => {
                chain.push(found);
                let next = found.extends.as_ref().map_or(DEFAULT, |extends| &extends.value);
                // What extends its own name extends that of an outer layer.
                if next == name {
                    layers = outer;
                }
                name = next;
            }
            None => layers = outer,
        }
    }
    chain
}
