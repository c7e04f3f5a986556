//! The shape of one `selfless.toml`.
//!
//! Does not merge. Invariant: every mistake of a file is told, and what is right beside it is kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::layer::Folders;
use super::{
    AccountTable, FailOn, Globs, IdentityTable, LevelSetting, PathSetting, Setting, Settings, bad_glob, keys,
    parse_size,
};
use crate::diagnostic::{Diagnostic, Level};
use crate::document::{AccountKind, ColumnRoles, Role};
use crate::table::{At, Reader, Table};
use crate::text::{Platform, Source};

/// One config file.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// The file.
    pub source: Arc<Source>,
    /// The folder whose drafts it is for: what its globs are relative to.
    pub folder: PathBuf,
    /// Whether no outer layer counts.
    pub root: bool,
    /// The config files that lie beneath it: of several the last wins.
    pub extends: Vec<PathSetting>,
    /// What it sets.
    pub settings: Settings,
}

impl ConfigFile {
    /// Reads `source`, a config that stands in `folder`, and tells every mistake in it, in the order of
    /// their places.
    #[must_use]
    pub fn read(source: &Arc<Source>, folder: &Path) -> (Self, Vec<Diagnostic>) {
        Self::read_beneath(source, folder, folder)
    }

    /// As [`ConfigFile::read`], for a file that another extends, which is for the drafts in `drafts`.
    #[must_use]
    pub fn read_beneath(source: &Arc<Source>, folder: &Path, drafts: &Path) -> (Self, Vec<Diagnostic>) {
        let folders = Folders { own: folder, drafts };
        let (file, mut mistakes) = Reader::read_listed(source, "config", &keys::CONFIG, |reader, mut table| {
            let file = Self {
                source: Arc::clone(reader.source()),
                folder: drafts.to_owned(),
                root: table.boolean(reader, "root").is_some_and(|root| root.value),
                extends: read_paths(reader, &mut table, "extends", folders).unwrap_or_default(),
                settings: Settings::read(reader, &mut table, folders),
            };
            table.finish(reader, "the config");
            file
        });
        mistakes.sort_by_key(|mistake| mistake.labels.first().map(|label| label.span.start()));
        (file, mistakes)
    }
}

/// A value with the place of its key.
fn by_key<T>(reader: &Reader, table: &Table<'_>, key: &str, value: T) -> Setting<T> {
    let span = table.key_span(key).unwrap_or_else(|| table.span());
    Setting { value, source: Arc::clone(reader.source()), span }
}

/// A value with its own place.
pub(super) fn at<A, B>(reader: &Reader, given: &At<A>, value: B) -> Setting<B> {
    Setting { value, source: Arc::clone(reader.source()), span: given.span }
}

fn read_paths(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    folders: Folders<'_>,
) -> Option<Vec<PathSetting>> {
    let written = table.strings(reader, key)?;
    let path = |one: &At<String>| PathSetting {
        path: folders.own.join(&one.value),
        written: at(reader, one, one.value.clone()),
    };
    Some(written.iter().map(path).collect())
}

pub(super) fn read_identity(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    folders: Folders<'_>,
) -> IdentityTable {
    let Some(mut table) = table.table(reader, key) else { return IdentityTable::default() };
    let identity = IdentityTable::read(reader, &mut table, folders);
    table.finish(reader, "[identity]");
    identity
}

pub(super) fn read_kind(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    _: Folders<'_>,
) -> Option<Setting<AccountKind>> {
    let kind = table.word(reader, key, "kind of account", AccountKind::from_name)?;
    Some(at(reader, &kind, kind.value))
}

pub(super) fn read_words(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    _: Folders<'_>,
) -> Option<Setting<Vec<String>>> {
    let mut words = Vec::new();
    for word in table.strings(reader, key)? {
        if word.value.trim().is_empty() {
            reader.report("empty-value", format!("an empty string in `{key}`"), word.span);
        } else {
            words.push(word.value);
        }
    }
    Some(by_key(reader, table, key, words))
}

pub(super) fn read_name(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    _: Folders<'_>,
) -> Option<Setting<String>> {
    let name = table.string(reader, key)?;
    Some(at(reader, &name, name.value.clone()))
}

pub(super) fn read_accounts(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    folders: Folders<'_>,
) -> Vec<AccountTable> {
    let mut accounts: Vec<AccountTable> = Vec::new();
    for mut table in table.tables(reader, key) {
        let name = read_name(reader, &mut table, "name", folders);
        match &name {
            Some(name) => {
                let same = |known: &&Setting<String>| known.value == name.value;
                if let Some(first) = accounts.iter().filter_map(|known| known.name.as_ref()).find(same) {
                    let message = format!("the account `{}` is declared twice", name.value);
                    let twice = Diagnostic::error("config/duplicate-account", message)
                        .label(&name.source, name.span, "declared again here")
                        .label(&first.source, first.span, "first declared here");
                    reader.push(twice);
                }
            }
            None if table.has("name") => {}
            None => {
                let span = table.span();
                reader.report("missing-key", "an account without `name`", span);
            }
        }
        let paths = read_globs(reader, &mut table, "match", folders);
        let identity = IdentityTable::read(reader, &mut table, folders);
        table.finish(reader, "[[account]]");
        accounts.push(AccountTable { name, paths, identity });
    }
    accounts
}

pub(super) fn read_levels(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    _: Folders<'_>,
) -> Vec<LevelSetting> {
    let Some(table) = table.table(reader, key) else { return Vec::new() };
    let mut levels = Vec::new();
    for name in table.keys() {
        if let Some(level) = table.word_at(reader, &name.value, "level", Level::from_name) {
            levels.push(LevelSetting {
                name: name.value,
                level: level.value,
                source: Arc::clone(reader.source()),
                span: name.span,
            });
        }
    }
    levels.sort_by_key(LevelSetting::is_rule);
    levels
}

pub(super) fn read_path_list(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    folders: Folders<'_>,
) -> Option<Setting<Vec<PathSetting>>> {
    let paths = read_paths(reader, table, key, folders)?;
    Some(by_key(reader, table, key, paths))
}

pub(super) fn read_path(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    folders: Folders<'_>,
) -> Option<Setting<PathSetting>> {
    let given = table.string(reader, key)?;
    if given.value.trim().is_empty() {
        reader.report("empty-value", format!("an empty string in `{key}`"), given.span);
        return None;
    }
    let path = folders.own.join(&given.value);
    Some(at(reader, &given, PathSetting { path, written: at(reader, &given, given.value.clone()) }))
}

pub(super) fn read_packs(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    _: Folders<'_>,
) -> Option<Setting<Vec<Setting<String>>>> {
    let written = table.strings(reader, key)?;
    let packs = written.iter().map(|one| at(reader, one, one.value.clone())).collect();
    Some(by_key(reader, table, key, packs))
}

pub(super) fn read_platforms(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    _: Folders<'_>,
) -> Option<Setting<Vec<Platform>>> {
    let platforms = table.words(reader, key, "platform", Platform::from_name)?;
    let platforms = platforms.into_iter().map(|platform| platform.value).collect();
    Some(by_key(reader, table, key, platforms))
}

pub(super) fn read_fail_on(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    _: Folders<'_>,
) -> Option<Setting<FailOn>> {
    let fail_on = table.word(reader, key, &format!("value of `{key}`"), FailOn::from_name)?;
    Some(at(reader, &fail_on, fail_on.value))
}

pub(super) fn read_boolean(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    _: Folders<'_>,
) -> Option<Setting<bool>> {
    let given = table.boolean(reader, key)?;
    Some(at(reader, &given, given.value))
}

pub(super) fn read_globs(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    folders: Folders<'_>,
) -> Option<Setting<Arc<Globs>>> {
    let patterns = table.strings(reader, key)?;
    let source = Arc::clone(reader.source());
    let globs = Globs::new(folders.drafts, &patterns, |pattern, why| reader.push(bad_glob(pattern, &source, why)));
    Some(by_key(reader, table, key, Arc::new(globs)))
}

pub(super) fn read_columns(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    _: Folders<'_>,
) -> Option<Setting<ColumnRoles>> {
    let span = table.key_span(key);
    let columns = table.table(reader, key)?;
    let mut roles = Vec::new();
    for key in columns.keys() {
        match Role::ALL.into_iter().find(|role| role.name() == key.value) {
            Some(role) => {
                let names = columns.strings_at(reader, &key.value).unwrap_or_default();
                roles.push((role, names.into_iter().map(|name| name.value).collect()));
            }
            None => reader.unknown("unknown-key", "key in [columns]", &key, &Role::ALL.map(Role::name)),
        }
    }
    let span = span.unwrap_or_else(|| columns.span());
    Some(Setting { value: roles, source: Arc::clone(reader.source()), span })
}

pub(super) fn read_size(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    _: Folders<'_>,
) -> Option<Setting<u64>> {
    if table.is_integer(key) {
        let bytes = table.integer(reader, key)?;
        return Some(at(reader, &bytes, bytes.value));
    }
    let given = table.string(reader, key)?;
    match parse_size(&given.value) {
        Ok(bytes) => Some(at(reader, &given, bytes)),
        Err(why) => {
            reader.report("out-of-range", why, given.span);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Thresholds;

    fn read(text: &str) -> (ConfigFile, Vec<String>) {
        let source = Arc::new(Source::from_text("selfless.toml", text));
        let (file, mistakes) = ConfigFile::read(&source, Path::new("/posts"));
        let told = mistakes
            .iter()
            .map(|one| {
                let places: Vec<_> = one.labels.iter().map(|label| source.slice(label.span)).collect();
                let help = one.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
                format!("{} {}: {}{help}", one.code, places.join(" and "), one.message)
            })
            .collect();
        (file, told)
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(read(text).1, expected, "{text}");
    }

    #[test]
    fn every_key_is_read() {
        let (file, mistakes) = read(
            "root = true\nextends = ['base.toml']\nrules = ['mine.toml', 'rules/']\npacks = ['town']\nplatform = 'twitter'\nfail-on = 'mixed'\n\
             columns = { text = 'Copy', first-comment = ['A', '3'] }\n\
             include = ['*.post']\nexclude = ['old/']\n[limits]\nfile-size = 1000\ntext-size = '2 MiB'\nposts = 7\nfindings = 8\nnesting = 9\n\
             [identity]\nkind = 'cause'\nnames = ['N']\nhandles = ['@n']\nproducts = []\npartners = 'P'\n\
             domains = ['n.org']\n[[account]]\nname = 'shop'\nmatch = 'shop/**'\nkind = 'brand'\n\
             [levels]\n'brag/humility' = 'error'\nbrag = 'off'\n\
             [thresholds]\n'typography/hashtags' = { note = 3, warning = 5.5 }\n\
             [[overrides]]\nfiles = 'shop/**'\naccount = 'shop'\nprofile = 'ads'\nplatform = 'ig'\n\
             levels = { brag = 'note' }\nthresholds = { 'typography/hashtags' = { error = 9 } }\n",
        );
        assert_eq!(mistakes, [""; 0]);
        assert!(file.root);
        assert_eq!(file.extends[0].path, Path::new("/posts/base.toml"));
        assert_eq!(file.settings.packs.unwrap().value[0].value, "town");
        let paths: Vec<_> = file.settings.rules.unwrap().value.into_iter().map(|one| one.path).collect();
        assert_eq!(paths, [Path::new("/posts/mine.toml"), Path::new("/posts/rules/")]);
        assert_eq!(file.settings.platforms.unwrap().value, [Platform::X]);
        assert_eq!(file.settings.fail_on.unwrap().value, FailOn::Mixed);
        let bounds = file.settings.limits.bounds;
        let bounds = [bounds.file_size, bounds.text_size, bounds.posts, bounds.findings, bounds.nesting];
        assert_eq!(bounds.map(|bound| bound.unwrap().value), [1000, 2 << 20, 7, 8, 9]);
        let columns = file.settings.columns.unwrap().value;
        let expected =
            [(Role::FirstComment, vec!["A".to_owned(), "3".to_owned()]), (Role::Text, vec!["Copy".to_owned()])];
        assert_eq!(columns, expected);
        assert!(file.settings.include.unwrap().value.matches(Path::new("/posts/a.post")));
        assert!(file.settings.exclude.unwrap().value.matches(Path::new("/posts/old/a.md")));
        assert_eq!(file.settings.identity.keys().kind, AccountKind::Cause);
        assert_eq!(file.settings.identity.keys().partners, ["P"]);
        assert!(file.settings.accounts[0].paths.as_ref().unwrap().value.matches(Path::new("/posts/shop/a.md")));
        let levels: Vec<_> = file.settings.levels.iter().map(|one| (one.name.as_str(), one.level)).collect();
        assert_eq!(levels, [("brag", Level::Off), ("brag/humility", Level::Error)]);
        let thresholds = &file.settings.thresholds[0];
        let infinite = f64::INFINITY;
        assert_eq!(thresholds.name, "typography/hashtags");
        assert_eq!(thresholds.thresholds, Thresholds { note: 3.0, warning: 5.5, error: infinite });
        let [one] = &file.settings.overrides[..] else { panic!("{:?}", file.settings.overrides) };
        assert!(one.is_for(Path::new("/posts/shop/a.md")) && !one.is_for(Path::new("/posts/a.md")));
        let name = |setting: &Option<Setting<String>>| setting.as_ref().unwrap().value.clone();
        assert_eq!((name(&one.sets.account), name(&one.sets.profile)), ("shop".into(), "ads".into()));
        assert_eq!(one.sets.platforms.as_ref().unwrap().value, [Platform::Instagram]);
        assert_eq!((one.sets.levels[0].level, one.sets.thresholds[0].thresholds.error), (Level::Note, 9.0));
    }

    #[test]
    fn all_mistakes_are_told_in_one_run() {
        check(
            "fail-no = 'x'\nfail-on = 'mixd'\nplatform = ['x', 'blusky']\n[levels]\nbrag = 'eror'\n",
            &[
                "config/unknown-key fail-no: unknown key `fail-no` in the config (did you mean `fail-on`?)",
                "config/unknown-value 'mixd': unknown value of `fail-on` `mixd` (did you mean `mixed`?)",
                "config/unknown-value 'blusky': unknown platform `blusky` (did you mean `bluesky`?)",
                "config/unknown-value 'eror': unknown level `eror` (did you mean `error`?)",
            ],
        );
        check(
            "[identity]\nkind = 'persn'\nname = 'a'\nnames = ['']",
            &[
                "config/unknown-value 'persn': unknown kind of account `persn` (did you mean `person`?)",
                "config/unknown-key name: unknown key `name` in [identity] (did you mean `names`?)",
                "config/empty-value '': an empty string in `names`",
            ],
        );
        check(
            "exclude = ['[']",
            &["config/bad-glob '[': `[` is not a glob: unclosed character class; missing ']'"],
        );
        check(
            "[columns]\ntxt = 'Copy'",
            &["config/unknown-key txt: unknown key in [columns] `txt` (did you mean `text`?)"],
        );
        check("[limits]\nfile-size = 0", &["config/out-of-range 0: `file-size` must lie from 1 to 4294967295"]);
        check("[limits]\nposts = 0", &["config/out-of-range 0: `posts` must lie from 1 to 100000000"]);
        check(
            "[limits]\nfile-size = '3 apples'",
            &["config/out-of-range '3 apples': `apples` is no unit of size (B, kB, KiB, MB, MiB, GB, GiB)"],
        );
    }

    #[test]
    fn mistakes_in_overrides_are_told_as_elsewhere() {
        check(
            "[[overrides]]\nfile = ['a']\nlevels = { brag = 'eror' }\nthresholds = { 'a/b' = { note = 3, wraning = 4 } }\n\
             platform = 'blusky'\n[[overrides]]\nfiles = '['\nthresholds = { 'a/b' = {}, 'a/c' = { note = 3, error = 2 } }\n",
            &[
                "config/missing-key [[overrides]]: an override without `files` (name the drafts that it is for: \
                 files = [\"shop/**\"])",
                "config/unknown-key file: unknown key `file` in [[overrides]] (did you mean `files`?)",
                "config/unknown-value 'eror': unknown level `eror` (did you mean `error`?)",
                "config/unknown-key wraning: unknown key `wraning` in thresholds (did you mean `warning`?)",
                "config/unknown-value 'blusky': unknown platform `blusky` (did you mean `bluesky`?)",
                "config/bad-glob '[': `[` is not a glob: unclosed character class; missing ']'",
                "config/missing-key {}: thresholds without any level",
                "config/out-of-range { note = 3, error = 2 }: thresholds must be more than 0, and rise from note to error",
            ],
        );
    }

    #[test]
    fn an_account_needs_a_name_of_its_own() {
        check(
            "[[account]]\nname = 'a'\n[[account]]\nname = 'b'\n[[account]]\nname = 'a'\n",
            &["config/duplicate-account 'a' and 'a': the account `a` is declared twice"],
        );
        check("[[account]]\nkind = 'brand'\n", &["config/missing-key [[account]]: an account without `name`"]);
    }

    #[test]
    fn what_is_right_beside_a_mistake_is_kept() {
        let (file, mistakes) = read("platform = ['x', 'nope']\n[identity]\nnames = ['N', 3]\n");
        assert_eq!(mistakes.len(), 2);
        assert_eq!(file.settings.platforms.unwrap().value, [Platform::X]);
        assert_eq!(file.settings.identity.keys().names, ["N"]);
    }
}
