//! What one config file says, and what several layers of them come to.
//!
//! Does not look for files. Invariant: each key stands here once, with its field, its reader and its description.

use std::sync::Arc;

use super::file::{
    read_accounts, read_boolean, read_columns, read_fail_on, read_globs, read_identity, read_kind, read_levels,
    read_name, read_packs, read_path, read_path_list, read_platforms, read_size, read_words,
};
use super::ignores::{self, IGNORE};
use super::keys::{ACCOUNT, LIMITS, SIZE};
use super::layer::{Folders, Layered, layer};
use super::pages::{self, OUTPUT, OutputTable};
use super::queue::{self, QUEUE, QueueTable};
use super::{
    ConfigFile, FailOn, Globs, Ignore, LevelSetting, LimitsTable, Override, PathSetting, Setting,
    ThresholdSetting, keys, limits, overrides, thresholds,
};
use crate::document::{AccountKind, ColumnRoles, IdentityKeys, Role};
use crate::rule::keys::{ACCOUNTS, LEVELS, PLATFORMS, PROFILES, THRESHOLDS};
use crate::rule::profile::{RawProfile, read_all};
use crate::table::{Form, Names, Reader, Table, Words};
use crate::text::Platform;

layer! {
    /// Who "self" is, as far as one layer or several say it.
    IdentityTable, IDENTITY {
        kind: Option<Setting<AccountKind>> = "kind" or "\"person\"", Form::Word(ACCOUNTS), read_kind,
            "person (somebody with a name), brand (a company, shop or product) or cause (a charity, community or campaign).";
        names: Option<Setting<Vec<String>>> = "names" or "[]", Form::FILLED_TEXTS, read_words,
            "Names of the author or organisation, in every form that occurs.";
        handles: Option<Setting<Vec<String>>> = "handles" or "[]", Form::FILLED_TEXTS, read_words,
            "Handles on any network, with or without `@`.";
        products: Option<Setting<Vec<String>>> = "products" or "[]", Form::FILLED_TEXTS, read_words,
            "What is one's own: products, projects, books.";
        partners: Option<Setting<Vec<String>>> = "partners" or "[]", Form::FILLED_TEXTS, read_words,
            "Names and handles of partners, sponsors and friends.";
        domains: Option<Setting<Vec<String>>> = "domains" or "[]", Form::FILLED_TEXTS, read_words,
            "Web sites, with a path where the domain is shared.";
    }
}

layer! {
    /// How much is read and told at most.
    BoundsTable, BOUNDS {
        file_size: Option<Setting<u64>> = "file-size" or "\"16 MiB\"", SIZE, read_size,
            "Larger files, and larger records of JSON lines, are not read: bytes, or a text with a unit.";
        text_size: Option<Setting<u64>> = "text-size" or "\"1 MiB\"", SIZE, read_size,
            "A longer text is no post where a source holds many: bytes, or a text with a unit.";
        posts: Option<Setting<u64>> = "posts" or "1000000", Form::Whole(1, 100_000_000), limits::read_whole,
            "Further posts of a file are left out; JSON lines have no such limit.";
        nesting: Option<Setting<u64>> = "nesting" or "128", Form::Whole(1, 500), limits::read_whole,
            "Lists and objects inside each other in JSON and YAML: a file with more of them is not read.";
        findings: Option<Setting<u64>> = "findings" or "1000", Form::Whole(1, 10_000_000), limits::read_whole,
            "Of a post with more findings, the gravest are told; all of them count.";
        queue: Option<Setting<u64>> = "queue" or "50000", Form::Whole(1, 10_000_000), limits::read_whole,
            "The posts of a file with more are judged as drafts, and not as a queue.";
        regex_size: Option<Setting<u64>> = "regex-size" or "\"1 MiB\"", SIZE, read_size,
            "A regex of a rule file that takes more once it is built is a mistake: bytes, or a text with a unit.";
    }
}

layer! {
    /// What an override sets for its files.
    OverrideTable, OVERRIDE {
        account: Option<Setting<String>> = "account", Form::Text, read_name,
            "The account that posts them, by its name, where a draft names none itself.";
        profile: Option<Setting<String>> = "profile", Form::Text, read_name,
            "The profile of the queue that they belong to, by its name.";
        platforms: Option<Setting<Vec<Platform>>> = "platform", Form::WordList(PLATFORMS), read_platforms,
            "The networks that they are for, where they do not say; the first decides.";
        levels: Vec<LevelSetting> = "levels", Form::Map(Names::Selector, &Form::Word(LEVELS)), read_levels,
            "Levels of rules and whole categories for them.";
        thresholds: Vec<ThresholdSetting> = "thresholds", Form::Map(Names::Rule, &Form::SomeOf(&THRESHOLDS)), thresholds::read,
            "Thresholds of measured rules for them.";
    }
}

layer! {
    /// What all layers over a folder come to; absent values are the program's defaults.
    Settings, SETTINGS {
        identity: IdentityTable = "identity", Form::Table(IDENTITY), read_identity,
            "Who \"self\" is. Praise of what is listed here is self-promotion.";
        accounts: Vec<AccountTable> = "account", Form::Tables(&ACCOUNT), read_accounts,
            "A further identity, with a name. Of two with one name, the nearest counts.";
        levels: Vec<LevelSetting> = "levels", Form::Map(Names::Selector, &Form::Word(LEVELS)), read_levels,
            "Levels of rules and whole categories: off, note, warning or error. A rule beats its category.";
        thresholds: Vec<ThresholdSetting> = "thresholds", Form::Map(Names::Rule, &Form::SomeOf(&THRESHOLDS)), thresholds::read,
            "Levels by measure of rules that measure something, in place of the rule's own.";
        overrides: Vec<Override> = "overrides", Form::Tables(&keys::OVERRIDES), overrides::read,
            "What holds for some files alone. Of several that match, the later counts.";
        ignores: Vec<Ignore> = "ignore", Form::Tables(&IGNORE), ignores::read,
            "Findings to be quiet about where no comment can stand. Those of all layers count.";
        require_reason: Option<Setting<bool>> = "require-reason" or "false", Form::Boolean, read_boolean,
            "Whether every suppression says why.";
        limits: LimitsTable = "limits", Form::Mixed(BOUNDS, Names::Words(PLATFORMS), &Form::Table(&LIMITS)), limits::read,
            "How much is read and told at most; and by network, what it takes and shows, where that is not what it takes from everybody.";
        rules: Option<Setting<Vec<PathSetting>>> = "rules" or "[]", Form::Texts, read_path_list,
            "Rule files and folders of rule files to add, relative to the config file.";
        packs: Option<Setting<Vec<Setting<String>>>> = "packs" or "[]", Form::Texts, read_packs,
            "Packs of rules for narrow trades to switch on.";
        platforms: Option<Setting<Vec<Platform>>> = "platform" or "[]", Form::WordList(PLATFORMS), read_platforms,
            "The networks that the drafts are for, where they do not say; the first decides.";
        fail_on: Option<Setting<FailOn>> = "fail-on" or "\"error\"", Form::Word(Words::of(|| FailOn::NAMES.to_vec())), read_fail_on,
            "What makes a draft fail: never, error, promotional, mixed or warning.";
        baseline: Option<Setting<PathSetting>> = "baseline", Form::FILLED, read_path,
            "The file of findings that are known and not shown, relative to the config file; `selfless baseline` writes it.";
        include: Option<Setting<Arc<Globs>>> = "include" or "[]", Form::GLOBS, read_globs,
            "What a walk through a folder takes beside drafts by their names.";
        exclude: Option<Setting<Arc<Globs>>> = "exclude" or "[]", Form::GLOBS, read_globs,
            "What a walk through a folder leaves out.";
        columns: Option<Setting<ColumnRoles>> = "columns" or "{}",
            Form::Map(Names::Words(Words::of(|| Role::ALL.map(Role::name).to_vec())), &Form::Texts), read_columns,
            "What the columns of tables hold, by their names or numbers, where their names do not tell.";
        output: OutputTable = "output", Form::Table(OUTPUT), pages::read,
            "How what is found is shown.";
        queues: Vec<QueueTable> = "queue", Form::OneOrMore(&QUEUE), queue::read,
            "What queues of posts are held against, and which files are one queue.";
        profiles: Vec<Vec<RawProfile>> = "profiles", PROFILES, read_profiles,
            "Budgets of one's own for queues; what one does not say is that of the profile that it extends.";
    }
}

fn read_profiles(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    _: Folders<'_>,
) -> Vec<Vec<RawProfile>> {
    let profiles = read_all(reader, table, key);
    if profiles.is_empty() { Vec::new() } else { vec![profiles] }
}

/// Layer by layer, the outermost first: a layer may extend profiles of outer ones.
impl Layered for Vec<Vec<RawProfile>> {
    fn take_outer(&mut self, outer: &Self) {
        self.splice(0..0, outer.iter().cloned());
    }
}

/// One `[[account]]`.
#[derive(Clone, Debug)]
pub struct AccountTable {
    /// What it is called; none only where the file forgot it, which is reported.
    pub name: Option<Setting<String>>,
    /// Which paths it is for; none where only a name can choose it.
    pub paths: Option<Setting<Arc<Globs>>>,
    /// Who it is.
    pub identity: IdentityTable,
}

impl IdentityTable {
    /// The plain values.
    #[must_use]
    pub fn keys(&self) -> IdentityKeys {
        let list = |setting: &Option<Setting<Vec<String>>>| {
            setting.as_ref().map(|setting| setting.value.clone()).unwrap_or_default()
        };
        IdentityKeys {
            kind: self.kind.as_ref().map(|kind| kind.value).unwrap_or_default(),
            names: list(&self.names),
            handles: list(&self.handles),
            products: list(&self.products),
            partners: list(&self.partners),
            domains: list(&self.domains),
        }
    }
}

impl Settings {
    /// Merges layers, the nearest first.
    #[must_use]
    pub fn merge(layers: &[Arc<ConfigFile>]) -> Self {
        let mut merged = Self::default();
        for layer in layers {
            merged.take_outer(&layer.settings);
        }
        merged
    }
}

/// Key by key.
impl Layered for IdentityTable {
    fn take_outer(&mut self, outer: &Self) {
        self.take_outer(outer);
    }
}

/// Nearest first; of two with one name, the nearest.
impl Layered for Vec<AccountTable> {
    fn take_outer(&mut self, outer: &Self) {
        for account in outer {
            let name = account.name.as_ref().map(|name| &name.value);
            let nearer = |known: &AccountTable| known.name.as_ref().map(|name| &name.value) == name;
            let shadowed = name.is_some() && self.iter().any(nearer);
            if !shadowed {
                self.push(account.clone());
            }
        }
    }
}

/// In the order in which they apply: outer layers first, in a layer categories before rules.
impl Layered for Vec<LevelSetting> {
    fn take_outer(&mut self, outer: &Self) {
        self.splice(0..0, outer.iter().cloned());
    }
}

/// Key by key, and of the networks in the order in which they apply: outer layers first.
impl Layered for LimitsTable {
    fn take_outer(&mut self, outer: &Self) {
        self.bounds.take_outer(&outer.bounds);
        self.networks.splice(0..0, outer.networks.iter().cloned());
    }
}

/// In the order in which they apply: outer layers first.
impl Layered for Vec<ThresholdSetting> {
    fn take_outer(&mut self, outer: &Self) {
        self.splice(0..0, outer.iter().cloned());
    }
}

/// In the order in which they apply: outer layers first.
impl Layered for Vec<Override> {
    fn take_outer(&mut self, outer: &Self) {
        self.splice(0..0, outer.iter().cloned());
    }
}
