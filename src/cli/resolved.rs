//! `selfless config`: what holds for a file, and what set it.
//!
//! Reads no draft. Invariant: what is shown is taken from the setup that `check` would judge the file by.

mod queue;
mod quiet;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::args::ResolvedArgs;
use super::baseline::KnownArgs;
use super::setup::{Flags, Setup, Setups};
use super::terminal::{Surroundings, is_trouble, show};
use super::terms::Held;
use super::{Exit, print};
use crate::config::{LevelSetting, LimitsTable, Show, Shown};
use crate::diagnostic::{Diagnostic, Level};
use crate::document::Intent;
use crate::emit::clean::line;
use crate::emit::{Look, encode_json};
use crate::rule::{Kind, Rule, RuleId, Thresholds};
use crate::suppress::Flaw;
use crate::table::{Form, Key};
use crate::text::{Limit, LimitKey, Platform, Source, Span};

/// Wider settings do not push what set the others to the right.
const WIDEST: usize = 48;

/// What set a value.
enum By {
    /// Nothing: the program's own, or a rule's.
    Default,
    /// A flag, as it was given.
    Flag(String),
    /// A place in a config.
    Config(Arc<Source>, Span),
    /// A place in an override.
    Override(Arc<Source>, Span),
}

impl By {
    fn config(shown: &Shown) -> Self {
        Self::Config(Arc::clone(&shown.source), shown.span)
    }
}

/// One value. `key` is its way from the outermost table.
struct Row {
    key: Vec<String>,
    value: Value,
    by: By,
}

impl Row {
    fn new(key: &[&str], value: impl Into<Value>, by: By) -> Self {
        Self { key: key.iter().map(|&one| one.to_owned()).collect(), value: value.into(), by }
    }
}

/// Runs the command.
pub(super) fn run(args: &ResolvedArgs, surroundings: Surroundings, look: Look) -> Exit {
    let flags = Flags::of_resolved(args);
    let mut setups = Setups::new(args.config.choice(), surroundings, flags.clone());
    let path = setups.configs.absolute(&args.path);
    let is_folder = path.is_dir();
    let setup = if is_folder { setups.of(&path) } else { setups.of_file(&path) };
    let folder = if is_folder { &*path } else { path.parent().unwrap_or(&path) };
    let layers = setups.configs.layers(folder);
    let files: Vec<&str> = layers.iter().map(|layer| layer.source.name()).collect();
    let mut rows = rows(&setup, &flags, (!is_folder).then_some(&*path));
    hold_against(&mut rows, &args.known);
    let name = args.path.display().to_string();
    let mut diagnostics = setups.take_diagnostics();
    if !path.exists() {
        let note = Diagnostic::new(Level::Note, "input/missing", "no such file or folder").about(&name);
        diagnostics.push(note.note("shown is what would hold for it"));
    }
    let exit = if is_trouble(&diagnostics) { Exit::Trouble } else { Exit::Clean };
    let text = match args.format.as_str() {
        "json" => json_of(&name, &files, &rows),
        _ => human(&name, &files, &rows, args.all),
    };
    show(diagnostics, look);
    print(&text, look, exit)
}

fn rows(setup: &Setup, flags: &Flags, path: Option<&Path>) -> Vec<Row> {
    let mut rows = identity(setup, flags, path);
    rows.extend(about_drafts(setup, flags));
    rows.extend(plain(setup, flags));
    rows.extend(queue::rows(setup, &flags.queue, path));
    rows.extend(limits(setup, flags));
    rows.extend(thresholds(setup));
    rows.extend(levels(setup, flags, queue::terms(setup, path).held(None)));
    rows.extend(quiet::rows(setup, path));
    rows
}

/// Whose self.
fn identity(setup: &Setup, flags: &Flags, path: Option<&Path>) -> Vec<Row> {
    let settings = &setup.origin.settings;
    let account = setup.accounts.position(setup.account.as_deref(), path);
    let account = account.and_then(|position| settings.accounts.get(position));
    let by = match (&flags.account, &setup.origin.sets.account, account.and_then(|one| one.paths.as_ref())) {
        (Some(name), ..) => By::Flag(format!("--account {name}")),
        (None, Some(set), _) => By::Override(Arc::clone(&set.source), set.span),
        (None, None, Some(paths)) => By::Config(Arc::clone(&paths.source), paths.span),
        (None, None, None) => By::Default,
    };
    let name = setup.account.clone().or_else(|| Some(account?.name.as_ref()?.value.clone()));
    let mut rows = vec![Row::new(&["account"], name, by)];
    let table = account.map_or(&settings.identity, |account| &account.identity);
    rows.extend(table.shown().into_iter().map(|(key, shown)| of_key(&["identity", key.name], key, shown)));
    rows
}

/// A value of config, or what holds without it.
fn of_key(path: &[&str], key: &Key, shown: Option<Shown>) -> Row {
    match shown {
        Some(shown) => Row::new(path, shown.value.clone(), By::config(&shown)),
        None => {
            let default = key.default.and_then(|default| serde_json::from_str(default).ok());
            Row::new(path, default.unwrap_or(Value::Null), By::Default)
        }
    }
}

/// What is said of the drafts where they do not say it.
fn about_drafts(setup: &Setup, flags: &Flags) -> Vec<Row> {
    let sets = &setup.origin.sets;
    let settings = &setup.origin.settings;
    let names = setup.platforms.show();
    let platform = match (&flags.platforms[..], &sets.platforms, &settings.platforms) {
        ([], Some(set), _) => By::Override(Arc::clone(&set.source), set.span),
        ([], None, Some(set)) => By::Config(Arc::clone(&set.source), set.span),
        ([], None, None) => By::Default,
        (given, ..) => {
            let given: Vec<&str> = given.iter().map(|one| one.name()).collect();
            By::Flag(format!("--platform {}", given.join(",")))
        }
    };
    let intent = match setup.intent {
        Intent::Post => Row::new(&["intent"], "post", By::Default),
        Intent::Pitch => Row::new(&["intent"], "pitch", By::Flag("--intent pitch".to_owned())),
    };
    vec![Row::new(&["platform"], names, platform), intent]
}

/// What has one value, from a flag, config or nothing.
fn plain(setup: &Setup, flags: &Flags) -> Vec<Row> {
    let mut rows = Vec::new();
    for (key, shown) in setup.origin.settings.shown() {
        // Tables have rows of their own, and networks are above.
        let is_table = key.default.is_none() && !matches!(key.form, Form::Spelled(_));
        if is_table || key.name == "platform" {
            continue;
        }
        let mut row = of_key(&[key.name], key, shown);
        match key.name {
            "fail-on" => replace(&mut row, flags.fail_on.map(|given| given.name()), "--fail-on"),
            "rules" => {
                let given = flags.rules.iter().map(|path| path.display().to_string());
                add(&mut rows, &row, given, "--rules");
            }
            "packs" => add(&mut rows, &row, flags.packs.iter().map(|pack| pack.value.clone()), "--pack"),
            _ => {}
        }
        let beside = rows.last().is_some_and(|last: &Row| last.key == row.key);
        if !(beside && matches!(row.by, By::Default)) {
            rows.push(row);
        }
    }
    let output = setup.origin.settings.output.shown();
    rows.extend(output.into_iter().map(|(key, shown)| of_key(&["output", key.name], key, shown)));
    let text_columns = (!flags.text_columns.is_empty()).then(|| flags.text_columns.show());
    rows.extend(text_columns.map(|given| Row::new(&["text-column"], given, By::Flag("--text-column".to_owned()))));
    rows
}

/// The baseline of the flags stands in place of that of config.
fn hold_against(rows: &mut [Row], given: &KnownArgs) {
    let path = given.baseline.as_ref().map(|path| path.display().to_string());
    if let Some(row) = rows.iter_mut().find(|row| row.key == ["baseline"]) {
        replace(row, path, "--baseline");
        replace(row, given.no_baseline.then_some(Value::Null), "--no-baseline");
    }
}

/// A flag stands in place of config.
fn replace(row: &mut Row, given: Option<impl Into<Value>>, flag: &str) {
    if let Some(given) = given {
        row.value = given.into();
        row.by = By::Flag(flag.to_owned());
    }
}

/// A flag stands beside config, in a row of its own.
fn add(rows: &mut Vec<Row>, beside: &Row, given: impl Iterator<Item = String>, flag: &str) {
    let given: Vec<String> = given.collect();
    if !given.is_empty() {
        rows.push(Row { key: beside.key.clone(), value: given.show(), by: By::Flag(flag.to_owned()) });
    }
}

/// Those of the networks that the drafts are for, and others that config sets.
fn limits(setup: &Setup, flags: &Flags) -> Vec<Row> {
    let LimitsTable { bounds, networks: set } = &setup.origin.settings.limits;
    let of_bound = |(key, shown): (&Key, Option<Shown>)| {
        let mut row = of_key(&["limits", key.name], key, shown);
        if key.name == "file-size" {
            replace(&mut row, flags.max_file_size, "--max-file-size");
        }
        row
    };
    let mut rows: Vec<Row> = bounds.shown().into_iter().map(|(key, shown)| of_bound((key, shown))).collect();
    for platform in Platform::ALL {
        let limits = setup.policy.limits.of(platform);
        for key in LimitKey::ALL {
            let by = set.iter().rfind(|one| one.platform == platform && one.key == key);
            let limit = match key {
                LimitKey::Length => limits.length,
                LimitKey::Bytes => limits.bytes,
                LimitKey::Link => limits.link,
                LimitKey::Fold => limits.fold,
                LimitKey::Hashtags => limits.hashtags.unwrap_or(Limit::None),
            };
            // Where no limit is set, thresholds alone say how many tags are many.
            let own = setup.platforms.contains(&platform) && key != LimitKey::Hashtags;
            if by.is_none() && !own {
                continue;
            }
            let value: Value = match limit {
                Limit::Most(most) => most.into(),
                Limit::None => "none".into(),
            };
            let by = by.map(|one| By::Config(Arc::clone(&one.limit.source), one.limit.span));
            rows.push(Row::new(&["limits", platform.name(), key.name()], value, by.unwrap_or(By::Default)));
        }
    }
    rows
}

/// Those of all rules that measure something.
fn thresholds(setup: &Setup) -> Vec<Row> {
    let (of_config, of_overrides) = (&setup.origin.settings.thresholds, &setup.origin.sets.thresholds);
    let mut rows = Vec::new();
    for (id, rule) in (0..).map(RuleId).zip(setup.linter.rules().rules()) {
        let own = match &rule.kind {
            Kind::Count(count) => &count.thresholds,
            Kind::Ratio { thresholds, .. } => thresholds,
            _ => continue,
        };
        let value = levels_of(setup.policy.thresholds.get(&id).unwrap_or(own));
        let by = match of_overrides.iter().rfind(|one| one.name == rule.name) {
            Some(one) => By::Override(Arc::clone(&one.source), one.span),
            None => of_config
                .iter()
                .rfind(|one| one.name == rule.name)
                .map_or(By::Default, |one| By::Config(Arc::clone(&one.source), one.span)),
        };
        rows.push(Row::new(&["thresholds", &rule.name], value, by));
    }
    rows
}

fn levels_of(thresholds: &Thresholds) -> Value {
    let all =
        [("note", thresholds.note), ("warning", thresholds.warning), ("error", thresholds.error)].into_iter();
    all.filter(|(_, least)| least.is_finite())
        .map(|(level, least)| (level.to_owned(), json!(least)))
        .collect::<Map<_, _>>()
        .into()
}

/// Those of all rules.
fn levels(setup: &Setup, flags: &Flags, held: &Held) -> Vec<Row> {
    let settings = &setup.origin.settings.levels;
    let sets = &setup.origin.sets.levels;
    let by = |number: usize| {
        let place = |one: &LevelSetting| (Arc::clone(&one.source), one.span);
        let overridden = number.checked_sub(settings.len());
        let flag = overridden.and_then(|number| number.checked_sub(sets.len()));
        let given = flag.and_then(|number| flags.levels.get(number));
        let in_override = overridden.and_then(|number| sets.get(number)).map(place);
        match (given, in_override, settings.get(number).map(place)) {
            (Some(flag), ..) => By::Flag(as_given(flag)),
            (None, Some((source, span)), _) => By::Override(source, span),
            (None, None, Some((source, span))) => By::Config(source, span),
            (None, None, None) => By::Default,
        }
    };
    let rules = setup.linter.rules().rules().iter().zip(&held.policy.levels).zip(&setup.origin.levels);
    let of_rules = setup.linter.rules().rules().len();
    let flaws = Flaw::ALL.into_iter().zip(setup.origin.levels.iter().skip(of_rules)).map(|(flaw, set_by)| {
        let level = setup.policy.flaws.of(flaw).name();
        Row::new(&["levels", flaw.name()], level, set_by.map_or(By::Default, by))
    });
    let denied = flags.levels.iter().rfind(|flag| setup.policy.deny_warnings && flag.name == "warnings");
    rules
        .map(|((rule, &level), set_by)| match denied.filter(|_| level == Level::Warning) {
            Some(flag) => Row::new(&["levels", &rule.name], "error", By::Flag(as_given(flag))),
            None => {
                let by = match *set_by {
                    Some(number) => by(number),
                    None => of_profile(held, rule).unwrap_or_else(|| {
                        let pack = rule.pack.as_deref().filter(|_| level != Level::Off);
                        pack.map_or(By::Default, |pack| of_pack(setup, flags, pack))
                    }),
                };
                Row::new(&["levels", &rule.name], level.name(), by)
            }
        })
        .chain(flaws)
        .collect()
}

/// The place in a profile that gives a rule its level.
fn of_profile(held: &Held, rule: &Rule) -> Option<By> {
    let one = held.budget().levels.iter().rfind(|one| rule.name == one.name || rule.category() == one.name)?;
    Some(By::Config(Arc::clone(&one.source), one.span))
}

/// What switches a pack on.
fn of_pack(setup: &Setup, flags: &Flags, pack: &str) -> By {
    let packs = setup.origin.settings.packs.iter().flat_map(|packs| &packs.value);
    let mut of_config = packs.filter(|one| one.value == pack);
    match (flags.packs.iter().any(|one| one.value == pack), of_config.next()) {
        (true, _) => By::Flag(format!("--pack {pack}")),
        (false, Some(one)) => By::Config(Arc::clone(&one.source), one.span),
        (false, None) => By::Default,
    }
}

/// A flag of a level, with its letter.
fn as_given(flag: &LevelSetting) -> String {
    let text = flag.source.text();
    let (start, end) = (flag.span.range().start.saturating_sub(3), flag.span.range().end);
    text.get(start..end).unwrap_or_default().to_owned()
}

fn human(name: &str, files: &[&str], rows: &[Row], all: bool) -> String {
    let mut text = format!("# {}\n", line(name));
    let files = if files.is_empty() { "none".to_owned() } else { files.join(", ") };
    let _ = writeln!(text, "# config, the nearest first: {}", line(&files));
    let many =
        |row: &&Row| matches!(row.key.first().map(String::as_str), Some("levels" | "thresholds" | "profiles"));
    let own = |row: &&Row| many(row) && matches!(row.by, By::Default);
    let shown: Vec<_> = rows.iter().filter(|row| all || !own(row)).map(|row| (assignment(row), by(row))).collect();
    let width = shown.iter().map(|(left, _)| left.chars().count()).max().unwrap_or(0).min(WIDEST);
    for (left, by) in &shown {
        let _ = writeln!(text, "{left:width$}  # {by}");
    }
    let hidden = rows.len() - shown.len();
    if hidden > 0 {
        let _ = writeln!(
            text,
            "# {hidden} levels, thresholds and values of profiles are as shipped; --all shows them"
        );
    }
    text
}

fn assignment(row: &Row) -> String {
    let key: Vec<String> = row.key.iter().map(|part| quoted(part)).collect();
    line(&format!("{} = {}", key.join("."), toml(&row.value))).into_owned()
}

/// A part of a key as TOML writes it.
fn quoted(part: &str) -> String {
    let bare = !part.is_empty() && part.chars().all(|next| next.is_ascii_alphanumeric() || "-_".contains(next));
    if bare { part.to_owned() } else { Value::from(part).to_string() }
}

/// A value as TOML would write it, and `none` for one that is not there.
fn toml(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Object(table) => {
            let entries: Vec<String> =
                table.iter().map(|(key, value)| format!("{} = {}", quoted(key), toml(value))).collect();
            if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
        }
        Value::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Value::Number(number) => {
            let whole = number.as_f64().filter(|number| number.fract() == 0.0);
            whole.map_or_else(|| number.to_string(), |whole| format!("{whole}"))
        }
        other => other.to_string(),
    }
}

fn by(row: &Row) -> String {
    let place =
        |source: &Source, span: Span| format!("{}:{}", source.name(), source.line_column(span.start()).line);
    let by = match &row.by {
        By::Default => "default".to_owned(),
        By::Flag(flag) => flag.clone(),
        By::Config(source, span) => place(source, *span),
        By::Override(source, span) => format!("{}, override", place(source, *span)),
    };
    line(&by).into_owned()
}

fn json_of(name: &str, files: &[&str], rows: &[Row]) -> String {
    let settings: Vec<Value> =
        rows.iter().map(|row| json!({ "key": row.key, "value": row.value, "set_by": by_json(&row.by) })).collect();
    let whole = json!({ "file": name, "config": files, "settings": settings });
    // Values have no keys that are not strings, the only thing that can fail.
    let bytes = encode_json(&whole).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned() + "\n"
}

fn by_json(by: &By) -> Value {
    let place = |kind: &str, source: &Source, span: Span| {
        let at = source.line_column(span.start());
        json!({ "kind": kind, "file": source.name(), "line": at.line, "column": at.column })
    };
    match by {
        By::Default => json!({ "kind": "default" }),
        By::Flag(flag) => json!({ "kind": "flag", "flag": flag }),
        By::Config(source, span) => place("config", source, *span),
        By::Override(source, span) => place("override", source, *span),
    }
}
