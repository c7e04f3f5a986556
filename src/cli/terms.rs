//! What queues are held against: config and flags, resolved.
//!
//! Reads no posts. Invariant: a queue has terms whatever is wrong with its config; what is wrong is told where it stands.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use jiff::tz::TimeZone;

use super::args::BudgetArgs;
use super::past::Past;
use super::window::{Day, Window};
use crate::config::{QueueSettings, QueueTable, Setting};
use crate::diagnostic::{Diagnostic, nearest};
use crate::lint::Policy;
use crate::queue::profile::DEFAULT;
use crate::queue::{Budget, DayOrder, Profiles};
use crate::rule::RuleSet;
use crate::text::{Platform, Source, Span};

/// What flags say of every queue.
#[derive(Clone, Debug, Default)]
pub(super) struct QueueFlags {
    pub(super) profile: Option<Setting<String>>,
    pub(super) timezone: Option<Setting<String>>,
    pub(super) day_order: Option<String>,
    pub(super) history: Vec<PathBuf>,
    pub(super) since: Option<Day>,
    pub(super) until: Option<Day>,
}

impl QueueFlags {
    pub(super) fn of(args: &BudgetArgs) -> Self {
        Self {
            profile: args.profile.as_deref().map(|name| flag("profile", name)),
            timezone: args.timezone.as_deref().map(|name| flag("timezone", name)),
            day_order: args.day_order.clone(),
            history: args.history.clone(),
            since: args.since,
            until: args.until,
        }
    }
}

/// A value as it stands on the command line.
pub(super) fn flag(name: &str, value: &str) -> Setting<String> {
    let text = format!("--{name} {value}");
    let span = Span::of(text.len() - value.len()..text.len());
    Setting { value: value.to_owned(), source: Arc::new(Source::from_text("<command line>", text)), span }
}

/// A budget, and the levels that rules have under it.
#[derive(Debug)]
pub(super) struct Held {
    /// None yet for the shipped default, which sets no levels: it is read where a queue is held against it, and most runs
    /// have none.
    budget: OnceLock<Budget>,
    pub(super) policy: Policy,
}

impl Held {
    pub(super) fn budget(&self) -> &Budget {
        let default = || Profiles::shipped().find(DEFAULT).cloned().unwrap_or_else(Budget::bare);
        self.budget.get_or_init(default)
    }
}

/// A path of posts that are out, and where it is written, if not as a flag.
#[derive(Clone, Debug)]
pub(super) struct PastPath {
    pub(super) path: PathBuf,
    pub(super) written: Option<Setting<String>>,
}

/// What one queue is held against.
#[derive(Debug)]
pub(super) struct Terms {
    /// What the config calls it; empty for what `files` do not make.
    pub(super) title: String,
    all: Held,
    platforms: Vec<(Platform, Held)>,
    pub(super) zone: TimeZone,
    pub(super) order: DayOrder,
    /// Where posts stand that are out.
    pub(super) history: Vec<PastPath>,
    past: OnceLock<Arc<Past>>,
    /// When posts have to be due to be reported, if not at any time.
    pub(super) window: Option<Window>,
}

impl Terms {
    /// The budget and the levels of the queue of one network with its own, or of all others together.
    pub(super) fn held(&self, platform: Option<Platform>) -> &Held {
        let own = |platform| self.platforms.iter().find(|(known, _)| *known == platform);
        platform.and_then(own).map_or(&self.all, |(_, held)| held)
    }

    /// In which queues a post to these networks stands: of each with a budget of its own, and of all others together.
    pub(super) fn queues(&self, platforms: &[Platform]) -> Vec<Option<Platform>> {
        let own = |platform: &Platform| self.platforms.iter().any(|(known, _)| known == platform);
        let mut queues: Vec<_> = platforms.iter().filter(|platform| own(platform)).copied().map(Some).collect();
        if queues.is_empty() || !platforms.iter().all(own) {
            queues.insert(0, None);
        }
        queues
    }

    /// Sets the posts that are out, once.
    pub(super) fn remember(&self, past: Arc<Past>) {
        let _ = self.past.set(past);
    }

    /// The posts that are out.
    pub(super) fn past(&self) -> Option<&Past> {
        self.past.get().map(|past| &**past).filter(|past| !past.is_empty())
    }
}

/// The terms of all queues below a folder.
#[derive(Debug)]
pub(super) struct AllTerms {
    settings: QueueSettings,
    every: Arc<Terms>,
    made: Vec<Arc<Terms>>,
}

impl AllTerms {
    /// Resolves what config and flags say; `policy` holds the levels without any profile, `profiles` those that there are,
    /// if config has some of its own.
    pub(super) fn new(
        settings: QueueSettings,
        profiles: Option<Profiles>,
        flags: &QueueFlags,
        (rules, policy): (&RuleSet, &Policy),
        tell: &mut dyn FnMut(Diagnostic),
    ) -> Self {
        let profiles = profiles.map_or_else(OnceCell::new, OnceCell::from);
        let mut maker = Maker { profiles, flags, rules, policy, tell };
        let every = Arc::new(maker.terms(&settings.every));
        let made = settings.made.iter().map(|table| Arc::new(maker.terms(table))).collect();
        Self { settings, every, made }
    }

    /// Those that hold for every queue that config does not make.
    pub(super) fn every(&self) -> &Arc<Terms> {
        &self.every
    }

    /// Those of the queue that config makes of an absolute path, and what tells that queue from others in the run.
    pub(super) fn made(&self, path: Option<&Path>) -> Option<(&Arc<Terms>, usize)> {
        let number = self.settings.of(path?)?;
        // Folders share the layers above them, and so the globs.
        let files = self.settings.made.get(number)?.files.as_ref()?;
        Some((self.made.get(number)?, Arc::as_ptr(&files.value).addr()))
    }

    /// What config says of the queue of an absolute path.
    pub(super) fn table(&self, path: Option<&Path>) -> &QueueTable {
        self.settings.table(path.and_then(|path| self.settings.of(path)))
    }

    /// All of them.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Terms>> {
        std::iter::once(&self.every).chain(&self.made)
    }
}

struct Maker<'a> {
    /// The shipped ones, from when one is asked for by name, where config has none of its own.
    profiles: OnceCell<Profiles>,
    flags: &'a QueueFlags,
    rules: &'a RuleSet,
    policy: &'a Policy,
    tell: &'a mut dyn FnMut(Diagnostic),
}

impl Maker<'_> {
    fn terms(&mut self, table: &QueueTable) -> Terms {
        let flags = self.flags;
        let profile = flags.profile.as_ref().or(table.profile.as_ref());
        let own = |(platform, profile): &(Platform, Setting<String>)| (*platform, self.held(Some(profile)));
        // Who names a profile on the command line wants all to be held against it.
        let platforms = if flags.profile.is_some() { &[][..] } else { &table.platforms[..] };
        let platforms = platforms.iter().map(own).collect();
        let config = table.history.iter().flat_map(|history| &history.value);
        let config = config.map(|one| PastPath { path: one.path.clone(), written: Some(one.written.clone()) });
        let flagged = flags.history.iter().map(|path| PastPath { path: path.clone(), written: None });
        let order = flags.day_order.as_deref().or(table.day_order.as_ref().map(|order| order.value.as_str()));
        let all = self.held(profile);
        let zone = self.zone(flags.timezone.as_ref().or(table.timezone.as_ref()));
        let window = Window::new(flags.since, flags.until, &zone);
        let window = window.map_err(|mistake| (self.tell)(*mistake)).ok().flatten();
        Terms {
            title: table.title.clone(),
            all,
            platforms,
            zone,
            window,
            order: order.and_then(DayOrder::from_name).unwrap_or_default(),
            history: config.chain(flagged).collect(),
            past: OnceLock::new(),
        }
    }

    fn held(&mut self, profile: Option<&Setting<String>>) -> Held {
        let mut policy = self.policy.clone();
        if profile.is_none() && self.profiles.get().is_none() {
            return Held { budget: OnceLock::new(), policy };
        }
        let name = profile.map_or(DEFAULT, |profile| profile.value.as_str());
        let profiles = self.profiles.get_or_init(Profiles::shipped);
        if let Some(unknown) = profile.filter(|_| profiles.find(name).is_none()) {
            (self.tell)(unknown_profile(unknown, profiles));
        }
        let known = profiles.find(name).or_else(|| profiles.find(DEFAULT));
        let budget = known.cloned().unwrap_or_else(Budget::bare);
        budget.apply(self.rules, &mut policy).into_iter().for_each(&mut *self.tell);
        Held { budget: budget.into(), policy }
    }

    fn zone(&mut self, given: Option<&Setting<String>>) -> TimeZone {
        let Some(given) = given else { return TimeZone::UTC };
        TimeZone::get(&given.value).unwrap_or_else(|_| {
            let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let message = format!("no time zone is called `{}`", given.value.escape_debug());
            let unknown = unknown("unknown-timezone", message, given, &names);
            (self.tell)(unknown.note("names are those of the IANA, such as Europe/Lisbon or UTC"));
            TimeZone::UTC
        })
    }
}

fn unknown_profile(given: &Setting<String>, profiles: &Profiles) -> Diagnostic {
    let names: Vec<&str> = profiles.names().collect();
    let message = format!("no profile is called `{}`", given.value.escape_debug());
    unknown("unknown-profile", message, given, &names).note(format!("known: {}", names.join(", ")))
}

/// A word that is none of `known`, where it stands.
fn unknown(kind: &str, message: String, given: &Setting<String>, known: &[&str]) -> Diagnostic {
    let place = if given.source.name() == "<command line>" { "flags" } else { "config" };
    let diagnostic = Diagnostic::error(format!("{place}/{kind}"), message).label(&given.source, given.span, "");
    diagnostic.meant(nearest(&given.value, known.iter().copied()))
}
