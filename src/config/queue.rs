//! `[queue]` and `[[queue]]`: what is a queue beside what the files say, and what it is held against.
//!
//! Does not know profiles or time zones; their names are held against those that there are where a run is set up.
//! Invariant: a table without `files` holds for every queue, and never makes one.

use std::path::Path;
use std::sync::Arc;

use super::file::{at, read_globs, read_path_list};
use super::layer::{Folders, Layered};
use super::{Globs, PathSetting, Setting};
use crate::rule::keys::PLATFORMS;
use crate::table::{Form, Key, Names, Reader, Table, Words};
use crate::text::Platform;

/// How `day-order` may be written, in the order of the documentation.
pub const DAY_ORDERS: [&str; 3] = ["auto", "day-first", "month-first"];

/// The keys of a table.
pub(super) const QUEUE: [Key; 7] = [
    Key::new("name", Form::FILLED, "What the queue is called in the output."),
    Key::new("files", Form::GLOBS, "Globs of the files that are one queue together."),
    Key::new("history", Form::Texts, "Files and folders of posts that are out, which count and are not reported."),
    Key::new("profile", Form::FILLED, "The budget, by name.").or("\"80-20\""),
    Key::new("timezone", Form::FILLED, "The zone of times that name none, by its IANA name.").or("\"UTC\""),
    Key::new("day-order", Form::Word(Words::of(|| DAY_ORDERS.to_vec())), "How dates of digits are read.")
        .or("\"auto\""),
    Key::new(
        "platforms",
        Form::Map(Names::Words(PLATFORMS), &Form::Table(&OWN)),
        "Networks whose posts are a queue apart, with a budget of its own.",
    ),
];

const OWN: [Key; 1] = [Key::new("profile", Form::FILLED, "The budget, by name.").needed()];

/// One table: all of it holds for the queue that its `files` make, or for every queue where it names none.
#[derive(Clone, Debug, Default)]
pub struct QueueTable {
    /// What the queue is called: its `name`, or else what its `files` say.
    pub title: String,
    /// Which files are one queue together.
    pub files: Option<Setting<Arc<Globs>>>,
    /// Files and folders of posts that are out.
    pub history: Option<Setting<Vec<PathSetting>>>,
    /// The profile that it is held against, by name.
    pub profile: Option<Setting<String>>,
    /// The zone of times that name none, by name.
    pub timezone: Option<Setting<String>>,
    /// One of [`DAY_ORDERS`].
    pub day_order: Option<Setting<String>>,
    /// Networks with a budget of their own, and the names of their profiles.
    pub platforms: Vec<(Platform, Setting<String>)>,
}

impl QueueTable {
    /// Takes what is missing here from a table that says less of this queue.
    pub fn fill_from(&mut self, outer: &Self) {
        self.history.take_outer(&outer.history);
        self.profile.take_outer(&outer.profile);
        self.timezone.take_outer(&outer.timezone);
        self.day_order.take_outer(&outer.day_order);
        for (platform, profile) in &outer.platforms {
            if self.platforms.iter().all(|(known, _)| known != platform) {
                self.platforms.push((*platform, profile.clone()));
            }
        }
    }

    /// Whether it makes a queue of this absolute path.
    #[must_use]
    pub fn holds(&self, path: &Path) -> bool {
        self.files.as_ref().is_some_and(|files| files.value.matches(path))
    }
}

/// What all layers say of queues.
#[derive(Clone, Debug, Default)]
pub struct QueueSettings {
    /// What holds for every queue.
    pub every: QueueTable,
    /// Those that `files` make, nearest first, each filled up with what holds for every queue.
    pub made: Vec<QueueTable>,
}

impl QueueSettings {
    /// Merges the tables of all layers, those of the nearest first.
    #[must_use]
    pub fn of_tables(tables: &[QueueTable]) -> Self {
        let mut merged = Self::default();
        for table in tables {
            if table.files.is_some() {
                merged.made.push(table.clone());
            } else {
                merged.every.fill_from(table);
            }
        }
        for table in &mut merged.made {
            table.fill_from(&merged.every);
        }
        merged
    }

    /// Holds all queues to a profile, whatever their tables say.
    pub fn hold_to(&mut self, profile: &Setting<String>) {
        for table in self.made.iter_mut().chain([&mut self.every]) {
            table.profile = Some(profile.clone());
        }
    }

    /// The number of the first queue that `files` make of this absolute path.
    #[must_use]
    pub fn of(&self, path: &Path) -> Option<usize> {
        self.made.iter().position(|table| table.holds(path))
    }

    /// What holds for a queue: the one of that number, or any other.
    #[must_use]
    pub fn table(&self, made: Option<usize>) -> &QueueTable {
        made.and_then(|made| self.made.get(made)).unwrap_or(&self.every)
    }
}

/// Those of the nearest layer first.
impl Layered for Vec<QueueTable> {
    fn take_outer(&mut self, outer: &Self) {
        self.extend(outer.iter().cloned());
    }
}

pub(super) fn read(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    folders: Folders<'_>,
) -> Vec<QueueTable> {
    let mut queues: Vec<QueueTable> = Vec::new();
    let mut every = false;
    for mut table in table.one_or_more_tables(reader, key) {
        let queue = read_one(reader, &mut table, folders);
        if queue.files.is_none() && !table.has("files") {
            if every {
                let message = "two tables hold for every queue";
                reader.report("duplicate-queue", message, table.span()).help =
                    Some("only one `[[queue]]` of a file may lack `files`".into());
            }
            every = true;
        }
        table.finish(reader, "[queue]");
        queues.push(queue);
    }
    queues
}

fn read_one(reader: &mut Reader, table: &mut Table<'_>, folders: Folders<'_>) -> QueueTable {
    let name = read_filled(reader, table, "name");
    let files = read_globs(reader, table, "files", folders);
    let written = || files.as_ref().map(|files| files.value.patterns().join(", ")).unwrap_or_default();
    QueueTable {
        title: name.map_or_else(written, |name| name.value),
        files,
        history: read_path_list(reader, table, "history", folders),
        profile: read_filled(reader, table, "profile"),
        timezone: read_filled(reader, table, "timezone"),
        day_order: read_day_order(reader, table),
        platforms: read_platforms(reader, table),
    }
}

/// A name that is not blank.
fn read_filled(reader: &mut Reader, table: &mut Table<'_>, key: &'static str) -> Option<Setting<String>> {
    let given = table.string(reader, key)?;
    if given.value.trim().is_empty() {
        reader.report("empty-value", format!("an empty string in `{key}`"), given.span);
        return None;
    }
    Some(at(reader, &given, given.value.clone()))
}

fn read_day_order(reader: &mut Reader, table: &mut Table<'_>) -> Option<Setting<String>> {
    let known = |written: &str| DAY_ORDERS.contains(&written).then(|| written.to_owned());
    let given = table.word(reader, "day-order", "value of `day-order`", known)?;
    Some(at(reader, &given, given.value.clone()))
}

fn read_platforms(reader: &mut Reader, table: &mut Table<'_>) -> Vec<(Platform, Setting<String>)> {
    let Some(table) = table.table(reader, "platforms") else { return Vec::new() };
    let mut platforms = Vec::new();
    for name in table.keys() {
        let Some(mut own) = table.table_at(reader, &name.value) else { continue };
        let profile = read_filled(reader, &mut own, "profile");
        if profile.is_none() && !own.has("profile") {
            reader.report("missing-key", "a network without `profile`", own.span());
        }
        own.finish(reader, "[queue.platforms]");
        match Platform::from_name(&name.value) {
            Some(platform) => platforms.extend(profile.map(|profile| (platform, profile))),
            None => reader.unknown("unknown-key", "platform", &name, &Platform::ALL.map(Platform::name)),
        }
    }
    platforms
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ConfigFile;
    use crate::text::Source;

    fn read(text: &str) -> (Arc<ConfigFile>, Vec<String>) {
        let source = Arc::new(Source::from_text("selfless.toml", text));
        let (file, mistakes) = ConfigFile::read(&source, Path::new("/posts"));
        let told = mistakes.iter().map(|one| {
            let help = one.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{} {}: {}{help}", one.code, source.slice(one.labels[0].span), one.message)
        });
        let told = told.collect();
        (Arc::new(file), told)
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(read(text).1, expected, "{text}");
    }

    #[test]
    fn every_key_is_read_in_both_notations() {
        let keys = "history = ['posted/', 'tweets.js']\nprofile = '4-1-1'\ntimezone = 'Europe/Lisbon'\n\
                    day-order = 'day-first'\n";
        let one = format!("[queue]\n{keys}[queue.platforms.reddit]\nprofile = 'reddit-9-1'\n");
        let several = format!("[[queue]]\nname = 'spring'\nfiles = ['spring/*.csv']\n{keys}");
        let (one, mistakes) = read(&one);
        assert_eq!(mistakes, [""; 0]);
        let (several, mistakes) = read(&several);
        assert_eq!(mistakes, [""; 0]);
        for table in [&one.settings.queues[0], &several.settings.queues[0]] {
            let history = table.history.as_ref().unwrap();
            let paths: Vec<_> = history.value.iter().map(|one| one.path.as_path()).collect();
            assert_eq!(paths, [Path::new("/posts/posted/"), Path::new("/posts/tweets.js")]);
            assert_eq!(table.profile.as_ref().unwrap().value, "4-1-1");
            assert_eq!(table.timezone.as_ref().unwrap().value, "Europe/Lisbon");
            assert_eq!(table.day_order.as_ref().unwrap().value, "day-first");
        }
        let (platform, profile) = &one.settings.queues[0].platforms[0];
        assert_eq!((*platform, profile.value.as_str()), (Platform::Reddit, "reddit-9-1"));
        assert_eq!(several.settings.queues[0].title, "spring");
        assert!(several.settings.queues[0].holds(Path::new("/posts/spring/a.csv")));
        assert!(!several.settings.queues[0].holds(Path::new("/posts/summer/a.csv")));
    }

    #[test]
    fn mistakes_are_told_at_their_places() {
        check(
            "queue = 3",
            &["config/wrong-type 3: `queue` is a whole number, expected a table or a list of tables"],
        );
        check(
            "[queue]\nprofil = '80-20'\nday-order = 'day-frist'\ntimezone = ''\nfiles = ['[']\n[queue.platforms.redit]\nprofile = 'x'\n",
            &[
                "config/unknown-key profil: unknown key `profil` in [queue] (did you mean `profile`?)",
                "config/unknown-value 'day-frist': unknown value of `day-order` `day-frist` (did you mean `day-first`?)",
                "config/empty-value '': an empty string in `timezone`",
                "config/bad-glob '[': `[` is not a glob: unclosed character class; missing ']'",
                "config/unknown-key redit: unknown platform `redit` (did you mean `reddit`?)",
            ],
        );
        check(
            "[queue.platforms.x]\nprofle = 'lobsters'\n",
            &[
                "config/missing-key [queue.platforms.x]: a network without `profile`",
                "config/unknown-key profle: unknown key `profle` in [queue.platforms] (did you mean `profile`?)",
            ],
        );
        check(
            "[[queue]]\nprofile = 'a'\n[[queue]]\nprofile = 'b'\n",
            &[
                "config/duplicate-queue [[queue]]: two tables hold for every queue (only one `[[queue]]` of a file may lack `files`)",
            ],
        );
    }

    #[test]
    fn the_nearest_table_wins_key_by_key_and_own_files_win_over_all() {
        let layers = [
            read("[[queue]]\nprofile = 'thirds'\n[[queue]]\nfiles = ['a.csv']\ntimezone = 'UTC'").0,
            read("[queue]\nprofile = 'lobsters'\nday-order = 'auto'\n[queue.platforms]\nx = { profile = 'hn' }").0,
        ];
        let tables: Vec<QueueTable> = layers.iter().flat_map(|layer| layer.settings.queues.clone()).collect();
        let merged = QueueSettings::of_tables(&tables);
        let of = |table: &QueueTable| {
            let value = |setting: &Option<Setting<String>>| setting.as_ref().map(|one| one.value.clone());
            (value(&table.profile), value(&table.timezone), value(&table.day_order), table.platforms.len())
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(of(&merged.every), (text("thirds"), None, text("auto"), 1));
        assert_eq!(merged.of(Path::new("/posts/a.csv")), Some(0));
        assert_eq!(merged.of(Path::new("/posts/b.csv")), None);
        assert_eq!(of(merged.table(Some(0))), (text("thirds"), text("UTC"), text("auto"), 1));
    }
}
