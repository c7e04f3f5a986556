//! The shape of a rule file: TOML into [`RawRule`]s that still know where each value stands.
//!
//! Does not check phrases, names of rules or guards against each other; `compile` does. Invariant: every mistake of
//! shape is reported here, with its place, and a rule that has one is still returned with what was right.

mod kinds;

use std::sync::Arc;

pub use self::kinds::{KIND_KEYS, RawKind, RawPattern};
use self::kinds::{kinds, small};
use super::keys;
use super::profile::{self, RawProfile};
use super::{Remedy, Shape, Subject, Thresholds, remedy};
use crate::diagnostic::{Diagnostic, Level};
use crate::document::{AccountKind, IdentityKeys};
use crate::table::{At, Reader, Table};
use crate::text::{Platform, Source, Span};

/// A rule file as written.
#[derive(Debug)]
pub struct RawFile {
    /// The file.
    pub source: Arc<Source>,
    /// First half of its rules' names.
    pub category: Option<At<String>>,
    /// Its title in the documentation.
    pub title: Option<At<String>>,
    /// The pack that its rules belong to; none for rules that are on by default.
    pub pack: Option<At<String>>,
    /// Whether its rules reward conversation.
    pub credit: bool,
    /// Named word lists: name, entries.
    pub lists: Vec<(At<String>, Vec<At<String>>)>,
    /// Words of token classes (shipped files only).
    pub classes: Vec<(At<String>, Vec<At<String>>)>,
    /// What its examples are judged with.
    pub setting: RawSetting,
    /// The shape of the score (shipped files only).
    pub shape: Option<At<Shape>>,
    /// Budgets of queues (shipped files only).
    pub profiles: Vec<RawProfile>,
    /// Its rules, in order.
    pub rules: Vec<RawRule>,
}

/// What examples are judged with.
#[derive(Clone, Debug, Default)]
pub struct RawSetting {
    /// Who "self" is.
    pub identity: IdentityKeys,
    /// The network.
    pub platform: Option<Platform>,
}

impl RawSetting {
    /// What a case of the file is judged with: this, but for what the case says itself. An identity of its own replaces
    /// all names; the kind of account stays unless the case writes one.
    #[must_use]
    pub fn of_case(&self, case: &RawCase) -> Self {
        let mut setting = self.clone();
        if let Some(identity) = &case.identity {
            setting.identity = IdentityKeys { kind: setting.identity.kind, ..identity.clone() };
        }
        setting.identity.kind = case.account.unwrap_or(setting.identity.kind);
        setting.platform = case.platform.or(setting.platform);
        setting
    }
}

/// A rule as written.
#[derive(Debug)]
pub struct RawRule {
    /// Second half of its name.
    pub name: Option<At<String>>,
    /// The whole table.
    pub span: Span,
    /// Its level; none for a credit or where it is left to the default.
    pub level: Option<At<Level>>,
    /// Its weight.
    pub weight: Option<At<f64>>,
    /// Whether it was right on too few labelled posts to be trusted alone.
    pub unproven: Option<At<bool>>,
    /// Rules than which, all together, it never weighs less.
    pub at_least: Vec<At<String>>,
    /// Words for the author: see [`super::Rule`].
    pub message: Option<At<String>>,
    /// See [`super::Rule`].
    pub label: Option<At<String>>,
    /// See [`super::Rule`].
    pub why: Option<At<String>>,
    /// See [`super::Rule`].
    pub says: Option<At<String>>,
    /// See [`super::Rule`].
    pub help: Option<At<String>>,
    /// See [`super::Rule`].
    pub fix: Option<Remedy>,
    /// See [`super::Rule`].
    pub before: Option<At<String>>,
    /// See [`super::Rule`].
    pub after: Option<At<String>>,
    /// What it looks for, with the places of the kind keys.
    pub kinds: Vec<At<RawKind>>,
    /// Levels by measure.
    pub thresholds: Option<RawThresholds>,
    /// The same for single platforms.
    pub thresholds_on: Vec<(Platform, RawThresholds)>,
    /// When a match does not count.
    pub guards: RawGuards,
    /// The kind of account of its examples, `before` and `after`, where it is not the file's.
    pub account: Option<AccountKind>,
    /// Drafts with what is expected of them.
    pub cases: Vec<RawCase>,
    /// Queues with what is expected of them.
    pub queues: Vec<RawQueueCase>,
}

impl RawRule {
    /// All its drafts, in a file with this setting: each with whether the rule must flag it, and what it is judged with.
    pub fn drafts<'a>(&'a self, file: &'a RawSetting) -> impl Iterator<Item = (&'a At<String>, bool, RawSetting)> {
        let cases = self.cases.iter().map(|case| (&case.text, case.flagged, file.of_case(case)));
        let plain = |text: &'a At<String>, flagged: bool| {
            let mut setting = file.clone();
            setting.identity.kind = self.account.unwrap_or(setting.identity.kind);
            (text, flagged, setting)
        };
        let before = self.before.iter().map(move |text| plain(text, true));
        let after = self.after.iter().map(move |text| plain(text, false));
        let of_draft = !self.is_of_queue();
        cases.chain(before.chain(after).filter(move |_| of_draft))
    }

    /// Whether it looks at queues; `before` and `after` are queues then.
    #[must_use]
    pub fn is_of_queue(&self) -> bool {
        self.kinds.iter().any(|kind| matches!(kind.value, RawKind::Queue(_)))
    }

    /// All its queues: the posts, whether the rule must flag them, and the profile.
    pub fn queues(&self) -> impl Iterator<Item = (&At<String>, bool, Option<&At<String>>)> {
        let cases = self.queues.iter().map(|case| (&case.posts, case.flagged, case.profile.as_ref()));
        let before = self.before.iter().map(|posts| (posts, true, None));
        let after = self.after.iter().map(|posts| (posts, false, None));
        let of_queue = self.is_of_queue();
        cases.chain(before.chain(after).filter(move |_| of_queue))
    }
}

/// Levels by measure, as written: the least measure of each level.
#[derive(Clone, Copy, Debug, Default)]
pub struct RawThresholds {
    /// From here on a note.
    pub note: Option<f64>,
    /// From here on a warning.
    pub warning: Option<f64>,
    /// From here on an error.
    pub error: Option<f64>,
}

impl From<RawThresholds> for Thresholds {
    fn from(raw: RawThresholds) -> Self {
        let least = |given: Option<f64>| given.unwrap_or(f64::INFINITY);
        Self { note: least(raw.note), warning: least(raw.warning), error: least(raw.error) }
    }
}

/// Guards as written.
#[derive(Debug, Default)]
pub struct RawGuards {
    /// Whose doing it must be.
    pub subject: Option<Subject>,
    /// A negated match does not count.
    pub negation: bool,
    /// A match must start its clause.
    pub clause_start: bool,
    /// Whether matches in quotes do not count; none for the default.
    pub skip_quotes: Option<bool>,
    /// Phrases that excuse a match near them.
    pub unless_near: Vec<At<String>>,
    /// Phrases that excuse any match in the post.
    pub unless: Vec<At<String>>,
    /// Rules whose findings in the same or the next sentence excuse a match.
    pub unless_rule: Vec<At<String>>,
    /// Rules of which one must have found something.
    pub with: Vec<At<String>>,
    /// Rules of which none may have found something.
    pub without: Vec<At<String>>,
    /// Kinds of account.
    pub accounts: Vec<AccountKind>,
    /// Platforms.
    pub platforms: Vec<Platform>,
    /// Least number of words of the post.
    pub min_words: u16,
    /// Greatest number of words of the post.
    pub max_words: Option<u16>,
}

/// A draft that proves a rule.
#[derive(Clone, Debug)]
pub struct RawCase {
    /// The draft.
    pub text: At<String>,
    /// Whether the rule must find something.
    pub flagged: bool,
    /// The kind of its account, where it is not the file's.
    pub account: Option<AccountKind>,
    /// Who "self" is, where that is not the file's; its kind of account says nothing.
    pub identity: Option<IdentityKeys>,
    /// The network, where it is not the file's.
    pub platform: Option<Platform>,
}

/// A queue that proves a rule.
#[derive(Clone, Debug)]
pub struct RawQueueCase {
    /// Its posts: see [`super::queue::given`].
    pub posts: At<String>,
    /// Whether the rule must find something.
    pub flagged: bool,
    /// The profile that it is held against, where that is not the default.
    pub profile: Option<At<String>>,
}

impl RawCase {
    /// A draft that is judged as the file says.
    #[must_use]
    pub const fn plain(text: At<String>, flagged: bool) -> Self {
        Self { text, flagged, account: None, identity: None, platform: None }
    }
}

/// Reads a rule file.
#[must_use]
pub fn read(source: &Arc<Source>) -> (RawFile, Vec<Diagnostic>) {
    Reader::read_listed(source, "rule", &keys::FILE, file)
}

fn file(reader: &mut Reader, mut table: Table<'_>) -> RawFile {
    let category = table.string(reader, "category");
    if let Some(category) = &category {
        check_name(reader, category);
    }
    let title = table.string(reader, "title");
    let pack = table.string(reader, "pack");
    if let Some(pack) = &pack {
        check_name(reader, pack);
    }
    let credit = table.boolean(reader, "credit").is_some_and(|flag| flag.value);
    let lists = named_lists(reader, &mut table, "lists");
    let classes = named_lists(reader, &mut table, "classes");
    let setting = table.table(reader, "examples").map(|table| setting(reader, table)).unwrap_or_default();
    let shape = table.table(reader, "score").and_then(|table| {
        let span = table.span();
        Shape::read(reader, table).map(|value| At { value, span })
    });
    let profiles = profile::read_all(reader, &mut table, "profiles");
    let rules: Vec<RawRule> = table.tables(reader, "rule").into_iter().map(|table| rule(reader, table)).collect();
    if category.is_none() && !rules.is_empty() {
        let span = Span::new(0, 0);
        reader.report("missing-key", "`category` is missing", span).help =
            Some("name the category that the rules of this file belong to: category = \"house\"".into());
    }
    table.finish(reader, "a rule file");
    let source = Arc::clone(reader.source());
    RawFile { source, category, title, pack, credit, lists, classes, setting, shape, profiles, rules }
}

fn named_lists(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
) -> Vec<(At<String>, Vec<At<String>>)> {
    let Some(lists) = table.table(reader, key) else { return Vec::new() };
    let mut found = Vec::new();
    for name in lists.keys() {
        check_name(reader, &name);
        if let Some(entries) = lists.strings_at(reader, &name.value) {
            found.push((name, entries));
        }
    }
    found
}

fn check_name(reader: &mut Reader, name: &At<String>) {
    let good = !name.value.is_empty()
        && name.value.split('-').all(|word| {
            !word.is_empty() && word.chars().all(|next| next.is_ascii_lowercase() || next.is_ascii_digit())
        });
    if !good {
        let message = format!("`{}` is no name", name.value.escape_debug());
        reader.report("bad-name", message, name.span).help =
            Some("names are lowercase words joined by hyphens".into());
    }
}

/// Identity and platform that examples are judged with.
fn setting(reader: &mut Reader, mut table: Table<'_>) -> RawSetting {
    let kind = account_kind(reader, &mut table, "account").unwrap_or_default();
    let setting = RawSetting {
        identity: IdentityKeys { kind, ..names(reader, &mut table) },
        platform: platform(reader, &mut table),
    };
    table.finish(reader, "the setting of examples");
    setting
}

/// The names of an identity, without its kind of account.
fn names(reader: &mut Reader, table: &mut Table<'_>) -> IdentityKeys {
    IdentityKeys {
        kind: AccountKind::default(),
        names: plain(table.strings(reader, "names")),
        handles: plain(table.strings(reader, "handles")),
        products: plain(table.strings(reader, "products")),
        partners: plain(table.strings(reader, "partners")),
        domains: plain(table.strings(reader, "domains")),
    }
}

fn plain(strings: Option<Vec<At<String>>>) -> Vec<String> {
    strings.unwrap_or_default().into_iter().map(|string| string.value).collect()
}

fn account_kind(reader: &mut Reader, table: &mut Table<'_>, key: &'static str) -> Option<AccountKind> {
    table.word(reader, key, "account kind", AccountKind::from_name).map(|kind| kind.value)
}

fn platform(reader: &mut Reader, table: &mut Table<'_>) -> Option<Platform> {
    table.word(reader, "platform", "platform", Platform::from_name).map(|platform| platform.value)
}

fn rule(reader: &mut Reader, mut table: Table<'_>) -> RawRule {
    let name = table.string(reader, "name");
    match &name {
        Some(name) => check_name(reader, name),
        None => {
            reader.report("missing-key", "a rule without `name`", table.span());
        }
    }
    let level = table.word(reader, "level", "level", Level::from_name);
    let weight = table.number(reader, "weight");
    let unproven = table.boolean(reader, "unproven");
    let at_least = table.strings(reader, "at-least").unwrap_or_default();
    let message = table.string(reader, "message");
    let label = table.string(reader, "label");
    let why = table.string(reader, "why");
    let says = table.string(reader, "source");
    let help = table.string(reader, "help");
    let fix = table.table(reader, "fix").and_then(|table| remedy::read(reader, table));
    let before = table.string(reader, "before");
    let after = table.string(reader, "after");
    let kinds = kinds(reader, &mut table);
    let thresholds = table.table(reader, "thresholds").map(|table| thresholds(reader, table));
    let mut thresholds_on = Vec::new();
    if let Some(on) = table.table(reader, "thresholds-on") {
        for name in on.keys() {
            let Some(platform) = Platform::from_name(&name.value) else {
                reader.unknown("unknown-value", "platform", &name, &(keys::PLATFORMS.names)());
                continue;
            };
            if let Some(table) = on.table_at(reader, &name.value) {
                thresholds_on.push((platform, self::thresholds(reader, table)));
            }
        }
    }
    let guards = table.table(reader, "guards").map(|table| guards(reader, table)).unwrap_or_default();
    let (account, cases, queues) = cases(reader, &mut table);
    let span = table.span();
    table.finish(reader, "a rule");
    RawRule {
        name,
        span,
        level,
        weight,
        unproven,
        at_least,
        message,
        label,
        why,
        says,
        help,
        fix,
        before,
        after,
        kinds,
        thresholds,
        thresholds_on,
        guards,
        account,
        cases,
        queues,
    }
}

/// Reads levels by measure: at least one, more than 0, rising.
pub fn thresholds(reader: &mut Reader, table: Table<'_>) -> RawThresholds {
    thresholds_rising(reader, table, false)
}

/// Levels by measure; a measure of 0 makes a level only where that is said.
pub(super) fn thresholds_rising(reader: &mut Reader, mut table: Table<'_>, zero: bool) -> RawThresholds {
    let mut read = |key| table.number(reader, key).map(|number| number.value);
    let found = RawThresholds { note: read("note"), warning: read("warning"), error: read("error") };
    if found.note.or(found.warning).or(found.error).is_none() {
        reader.report("missing-key", "thresholds without any level", table.span());
    }
    let given: Vec<f64> = [found.note, found.warning, found.error].into_iter().flatten().collect();
    let low = |least: f64| least < 0.0 || !zero && least == 0.0;
    if given.iter().any(|&least| low(least)) || !given.is_sorted_by(|a, b| a < b) {
        let message = "thresholds must be more than 0, and rise from note to error";
        reader.report("out-of-range", message, table.span());
    }
    table.finish(reader, "thresholds");
    found
}

fn guards(reader: &mut Reader, mut table: Table<'_>) -> RawGuards {
    let subject = table.word(reader, "subject", "subject", Subject::from_name);
    let mut phrases = |reader: &mut Reader, key| table.strings(reader, key).unwrap_or_default();
    let unless_near = phrases(reader, "unless-near");
    let unless = phrases(reader, "unless");
    let unless_rule = phrases(reader, "unless-rule");
    let with = phrases(reader, "with");
    let without = phrases(reader, "without");
    let accounts = table.words(reader, "accounts", "account kind", AccountKind::from_name);
    let platforms = table.words(reader, "platforms", "platform", Platform::from_name);
    let is_quote = |name: &str| keys::SCOPES.contains(&name).then(|| name == keys::SCOPES[0]);
    let skip = table.words(reader, "skip", "scope", is_quote);
    let skip_quotes = skip.map(|scopes| scopes.iter().any(|scope| scope.value));
    let found = RawGuards {
        subject: subject.map(|subject| subject.value),
        negation: table.boolean(reader, "negation").is_some_and(|flag| flag.value),
        clause_start: table.boolean(reader, "clause-start").is_some_and(|flag| flag.value),
        skip_quotes,
        unless_near,
        unless,
        unless_rule,
        with,
        without,
        accounts: accounts.into_iter().flatten().map(|account| account.value).collect(),
        platforms: platforms.into_iter().flatten().map(|platform| platform.value).collect(),
        min_words: small(reader, &mut table, "min-words").unwrap_or(0),
        max_words: small(reader, &mut table, "max-words"),
    };
    table.finish(reader, "guards");
    found
}

/// The examples and cases of a rule, and the kind of account that its examples are of.
fn cases(reader: &mut Reader, table: &mut Table<'_>) -> (Option<AccountKind>, Vec<RawCase>, Vec<RawQueueCase>) {
    let mut cases = Vec::new();
    let mut queues = Vec::new();
    let mut of_examples = None;
    if let Some(mut examples) = table.table(reader, "examples") {
        let account = account_kind(reader, &mut examples, "account");
        of_examples = account;
        for (key, flagged) in [("flagged", true), ("clean", false)] {
            let texts = examples.strings(reader, key).unwrap_or_default();
            cases.extend(texts.into_iter().map(|text| RawCase { account, ..RawCase::plain(text, flagged) }));
        }
        examples.finish(reader, "examples");
    }
    for mut case in table.tables(reader, "case") {
        let posts = case.string(reader, "posts");
        let profile = case.string(reader, "profile");
        let text = case.string(reader, "text");
        let flagged = case.boolean(reader, "flagged");
        if text.is_some() == posts.is_some() || flagged.is_none() {
            reader.report("missing-key", "a case needs either `text` or `posts`, and `flagged`", case.span());
        }
        let mut account = account_kind(reader, &mut case, "account");
        let platform = platform(reader, &mut case);
        let identity = case.table(reader, "identity").map(|mut table| {
            account = account.or(account_kind(reader, &mut table, "account"));
            let identity = names(reader, &mut table);
            table.finish(reader, "the identity of a case");
            identity
        });
        case.finish(reader, "a case");
        if let (Some(posts), Some(flagged)) = (posts, &flagged) {
            queues.push(RawQueueCase { posts, flagged: flagged.value, profile });
        }
        if let (Some(text), Some(flagged)) = (text, flagged) {
            cases.push(RawCase { account, identity, platform, ..RawCase::plain(text, flagged.value) });
        }
    }
    (of_examples, cases, queues)
}
