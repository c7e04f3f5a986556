//! The shape of one `selfless.toml`.
//!
//! Does not merge. Invariant: every mistake of a file is told, and what is right beside it is kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{
    AccountTable, FailOn, Globs, IdentityTable, LevelSetting, LimitSetting, QueueTable, RulePath, Setting,
    bad_glob, parse_size,
};
use crate::diagnostic::{Diagnostic, Level};
use crate::document::{AccountKind, ColumnRoles, Role};
use crate::rule::profile::{RawProfile, read_all};
use crate::table::{At, Reader, Table};
use crate::text::{Platform, Source};

/// One config file.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// The file.
    pub source: Arc<Source>,
    /// The folder it stands in: what its globs and paths are relative to.
    pub folder: PathBuf,
    /// Whether no outer layer counts.
    pub root: bool,
    /// `[identity]`.
    pub identity: IdentityTable,
    /// Each `[[account]]`.
    pub accounts: Vec<AccountTable>,
    /// `[levels]`, categories before rules.
    pub levels: Vec<LevelSetting>,
    /// `[limits]`.
    pub limits: Vec<LimitSetting>,
    /// Rule files and folders to add.
    pub rules: Option<Setting<Vec<RulePath>>>,
    /// Packs of rules to switch on.
    pub packs: Option<Setting<Vec<Setting<String>>>>,
    /// Networks the drafts are for.
    pub platforms: Option<Setting<Vec<Platform>>>,
    /// What fails.
    pub fail_on: Option<Setting<FailOn>>,
    /// What a walk takes beside drafts by their names.
    pub include: Option<Setting<Arc<Globs>>>,
    /// What a walk leaves out.
    pub exclude: Option<Setting<Arc<Globs>>>,
    /// Limit for a file or record, in bytes.
    pub max_file_size: Option<Setting<u64>>,
    /// `[columns]`: what the columns of tables hold.
    pub columns: Option<Setting<ColumnRoles>>,
    /// Each `[profiles.NAME]`.
    pub profiles: Vec<RawProfile>,
    /// `[queue]`, or each `[[queue]]`.
    pub queues: Vec<QueueTable>,
}

impl ConfigFile {
    /// Reads `source`, a config that stands in `folder`, and tells every mistake in it, in the order of
    /// their places.
    #[must_use]
    pub fn read(source: &Arc<Source>, folder: &Path) -> (Self, Vec<Diagnostic>) {
        let (file, mut mistakes) = Reader::read(source, "config", |reader, mut table| {
            let file = Self {
                source: Arc::clone(reader.source()),
                folder: folder.to_owned(),
                root: table.boolean(reader, "root").is_some_and(|root| root.value),
                identity: read_identity(reader, &mut table),
                accounts: read_accounts(reader, &mut table, folder),
                levels: read_levels(reader, &mut table),
                limits: super::limits::read(reader, &mut table),
                rules: read_rules(reader, &mut table, folder),
                packs: read_packs(reader, &mut table),
                platforms: read_platforms(reader, &mut table),
                fail_on: read_fail_on(reader, &mut table),
                include: read_globs(reader, &mut table, "include", folder),
                exclude: read_globs(reader, &mut table, "exclude", folder),
                max_file_size: read_size(reader, &mut table),
                columns: read_columns(reader, &mut table),
                profiles: read_all(reader, &mut table, "profiles"),
                queues: super::queue::read(reader, &mut table, folder),
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
fn at<A, B>(reader: &Reader, given: &At<A>, value: B) -> Setting<B> {
    Setting { value, source: Arc::clone(reader.source()), span: given.span }
}

fn read_identity(reader: &mut Reader, table: &mut Table<'_>) -> IdentityTable {
    let Some(mut table) = table.table(reader, "identity") else { return IdentityTable::default() };
    let identity = read_identity_keys(reader, &mut table);
    table.finish(reader, "[identity]");
    identity
}

fn read_identity_keys(reader: &mut Reader, table: &mut Table<'_>) -> IdentityTable {
    let kind = table.string(reader, "kind").and_then(|given| {
        let kind = AccountKind::from_name(&given.value);
        if kind.is_none() {
            reader.unknown("unknown-value", "kind of account", &given, &AccountKind::NAMES);
        }
        kind.map(|kind| at(reader, &given, kind))
    });
    IdentityTable {
        kind,
        names: read_words(reader, table, "names"),
        handles: read_words(reader, table, "handles"),
        products: read_words(reader, table, "products"),
        partners: read_words(reader, table, "partners"),
        domains: read_words(reader, table, "domains"),
    }
}

fn read_words(reader: &mut Reader, table: &mut Table<'_>, key: &'static str) -> Option<Setting<Vec<String>>> {
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

fn read_accounts(reader: &mut Reader, table: &mut Table<'_>, folder: &Path) -> Vec<AccountTable> {
    let mut accounts: Vec<AccountTable> = Vec::new();
    for mut table in table.tables(reader, "account") {
        let name = table.string(reader, "name").map(|name| at(reader, &name, name.value.clone()));
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
        let paths = read_globs(reader, &mut table, "match", folder).map(|globs| globs.value);
        let identity = read_identity_keys(reader, &mut table);
        table.finish(reader, "[[account]]");
        accounts.push(AccountTable { name, paths, identity });
    }
    accounts
}

fn read_levels(reader: &mut Reader, table: &mut Table<'_>) -> Vec<LevelSetting> {
    let Some(table) = table.table(reader, "levels") else { return Vec::new() };
    let mut levels = Vec::new();
    for name in table.keys() {
        let Some(given) = table.string_at(reader, &name.value) else { continue };
        match Level::from_name(&given.value) {
            Some(level) => levels.push(LevelSetting {
                name: name.value,
                level,
                source: Arc::clone(reader.source()),
                span: name.span,
            }),
            None => reader.unknown("unknown-value", "level", &given, &Level::NAMES),
        }
    }
    levels.sort_by_key(LevelSetting::is_rule);
    levels
}

fn read_rules(reader: &mut Reader, table: &mut Table<'_>, folder: &Path) -> Option<Setting<Vec<RulePath>>> {
    let written = table.strings(reader, "rules")?;
    let paths = written
        .iter()
        .map(|one| RulePath { path: folder.join(&one.value), written: at(reader, one, one.value.clone()) })
        .collect();
    Some(by_key(reader, table, "rules", paths))
}

fn read_packs(reader: &mut Reader, table: &mut Table<'_>) -> Option<Setting<Vec<Setting<String>>>> {
    let written = table.strings(reader, "packs")?;
    let packs = written.iter().map(|one| at(reader, one, one.value.clone())).collect();
    Some(by_key(reader, table, "packs", packs))
}

fn read_platforms(reader: &mut Reader, table: &mut Table<'_>) -> Option<Setting<Vec<Platform>>> {
    let given = table.strings(reader, "platform")?;
    let mut platforms = Vec::new();
    for one in &given {
        match Platform::from_name(&one.value) {
            Some(platform) => platforms.push(platform),
            None => reader.unknown("unknown-value", "platform", one, &Platform::ALL.map(Platform::name)),
        }
    }
    Some(by_key(reader, table, "platform", platforms))
}

fn read_fail_on(reader: &mut Reader, table: &mut Table<'_>) -> Option<Setting<FailOn>> {
    let given = table.string(reader, "fail-on")?;
    let fail_on = FailOn::from_name(&given.value);
    if fail_on.is_none() {
        reader.unknown("unknown-value", "value of `fail-on`", &given, &FailOn::NAMES);
    }
    fail_on.map(|fail_on| at(reader, &given, fail_on))
}

fn read_globs(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    folder: &Path,
) -> Option<Setting<Arc<Globs>>> {
    let patterns = table.strings(reader, key)?;
    let source = Arc::clone(reader.source());
    let globs = Globs::new(folder, &patterns, |pattern, why| reader.push(bad_glob(pattern, &source, why)));
    Some(by_key(reader, table, key, Arc::new(globs)))
}

fn read_columns(reader: &mut Reader, table: &mut Table<'_>) -> Option<Setting<ColumnRoles>> {
    let span = table.key_span("columns");
    let columns = table.table(reader, "columns")?;
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

fn read_size(reader: &mut Reader, table: &mut Table<'_>) -> Option<Setting<u64>> {
    let key = "max-file-size";
    if table.is_integer(key) {
        let bytes = table.integer(reader, key, 1..1 << 32)?;
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
            "root = true\nrules = ['mine.toml', 'rules/']\npacks = ['town']\nplatform = 'twitter'\nfail-on = 'mixed'\n\
             columns = { text = 'Copy', first-comment = ['A', '3'] }\n\
             include = ['*.post']\nexclude = ['old/']\nmax-file-size = 1000\n\
             [identity]\nkind = 'cause'\nnames = ['N']\nhandles = ['@n']\nproducts = []\npartners = 'P'\n\
             domains = ['n.org']\n[[account]]\nname = 'shop'\nmatch = 'shop/**'\nkind = 'brand'\n\
             [levels]\n'brag/humility' = 'error'\nbrag = 'off'\n",
        );
        assert_eq!(mistakes, [""; 0]);
        assert!(file.root);
        assert_eq!(file.packs.unwrap().value[0].value, "town");
        let paths: Vec<_> = file.rules.unwrap().value.into_iter().map(|one| one.path).collect();
        assert_eq!(paths, [Path::new("/posts/mine.toml"), Path::new("/posts/rules/")]);
        assert_eq!(file.platforms.unwrap().value, [Platform::X]);
        assert_eq!(file.fail_on.unwrap().value, FailOn::Mixed);
        assert_eq!(file.max_file_size.unwrap().value, 1000);
        let columns = file.columns.unwrap().value;
        let expected =
            [(Role::FirstComment, vec!["A".to_owned(), "3".to_owned()]), (Role::Text, vec!["Copy".to_owned()])];
        assert_eq!(columns, expected);
        assert!(file.include.unwrap().value.matches(Path::new("/posts/a.post")));
        assert!(file.exclude.unwrap().value.matches(Path::new("/posts/old/a.md")));
        assert_eq!(file.identity.keys().kind, AccountKind::Cause);
        assert_eq!(file.identity.keys().partners, ["P"]);
        assert!(file.accounts[0].paths.as_ref().unwrap().matches(Path::new("/posts/shop/a.md")));
        let levels: Vec<_> = file.levels.iter().map(|one| (one.name.as_str(), one.level)).collect();
        assert_eq!(levels, [("brag", Level::Off), ("brag/humility", Level::Error)]);
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
        check("max-file-size = 0", &["config/out-of-range 0: `max-file-size` must lie from 1 to 4294967295"]);
        check(
            "max-file-size = '3 apples'",
            &["config/out-of-range '3 apples': `apples` is no unit of size (B, kB, KiB, MB, MiB, GB, GiB)"],
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
        assert_eq!(file.platforms.unwrap().value, [Platform::X]);
        assert_eq!(file.identity.keys().names, ["N"]);
    }
}
