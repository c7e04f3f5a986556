//! What a draft is judged by: config and flags, resolved.
//!
//! Reads rule files, and nothing else. Invariant: files with the same layers that the same overrides are for share one
//! setup, and setups with the same rule files share one linter.

mod flags;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) use self::flags::Flags;
use super::configs::{Choice, Configs, Layers};
use super::parallel::Lent;
use super::rule_files::{read_rule_files, rule_files};
use super::terminal::Surroundings;
use super::terms::{AllTerms, flag};
use crate::config::{
    Ignore, MAX_FILE_SIZE, MOST_FINDINGS, MOST_IN_QUEUE, OverrideTable, QueueSettings, Setting, Settings,
    resolve_levels, resolve_limits, resolve_thresholds, unknown_pack,
};
use crate::diagnostic::{Diagnostic, Level, nearest};
use crate::document::{ExtractOptions, Intent, ReadLimits};
use crate::explain::Asked;
use crate::identity::Accounts;
use crate::lint::{Linter, Policy};
use crate::queue::Profiles;
use crate::report::RuleIndex;
use crate::rule::{MAX_REGEX_SIZE, RuleSet};
use crate::suppress::{self, FlawLevels, Holder, Ignores};
use crate::text::{Platform, Span};

/// What drafts are judged by.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) linter: Arc<Linter>,
    /// What drafts on their own are judged by.
    pub(super) policy: Policy,
    /// What queues are held against.
    pub(super) terms: AllTerms,
    pub(super) asked: Asked,
    /// Whether reports hold the texts of their posts.
    pub(super) texts: bool,
    /// All entries `[[ignore]]`, for whatever files.
    pub(super) ignores: Arc<Ignores>,
    /// Whether suppressions must say why.
    pub(super) reasons: bool,
    pub(super) accounts: Accounts,
    pub(super) account: Option<String>,
    pub(super) platforms: Vec<Platform>,
    pub(super) intent: Intent,
    /// In bytes.
    pub(super) max_file_size: u64,
    /// A source of more posts is no queue.
    pub(super) most_in_queue: usize,
    /// How files are read.
    pub(super) extract: ExtractOptions,
    /// What config says, and where.
    pub(super) origin: Origin,
}

/// Where what holds was set.
#[derive(Debug)]
pub(super) struct Origin {
    /// All layers.
    pub(super) settings: Arc<Settings>,
    /// The overrides that are for the drafts.
    pub(super) sets: OverrideTable,
    /// For every rule, which setting gave its level, of those of config, then overrides, then flags.
    pub(super) levels: Vec<Option<usize>>,
}

/// What is made of one list of layers.
#[derive(Debug)]
struct Made {
    layers: Arc<Layers>,
    settings: Arc<Settings>,
    linter: Arc<Linter>,
    /// For files that no override is for.
    plain: Arc<Setup>,
    /// For others, by the numbers of the overrides.
    overridden: HashMap<Vec<usize>, Arc<Setup>>,
}

/// What a linter is made of.
#[derive(Debug, PartialEq)]
struct RuleFiles {
    paths: Vec<PathBuf>,
    /// How large their regexes may be.
    regex_size: usize,
}

/// Code, source, first place and message of a mistake.
type Place = (String, String, Option<Span>, String);

/// Makes setups, and collects what is wrong in config, rule files and flags.
#[derive(Debug)]
pub(super) struct Setups {
    pub(super) configs: Configs,
    flags: Flags,
    made: Vec<Made>,
    linters: Vec<(RuleFiles, Arc<Linter>)>,
    diagnostics: Vec<Diagnostic>,
    /// Mistakes already told: several setups may share a layer.
    told: HashSet<Place>,
}

impl Setups {
    /// No setup yet.
    pub(super) fn new(choice: Choice, surroundings: Surroundings, flags: Flags) -> Self {
        Self {
            configs: Configs::new(choice, surroundings),
            flags,
            made: Vec::new(),
            linters: Vec::new(),
            diagnostics: Vec::new(),
            told: HashSet::new(),
        }
    }

    /// The setup for drafts in an absolute folder that no override is for.
    pub(super) fn of(&mut self, folder: &Path) -> Arc<Setup> {
        let made = self.made(folder);
        Arc::clone(&self.made[made].plain)
    }

    /// The setup for a draft at an absolute path.
    pub(super) fn of_file(&mut self, file: &Path) -> Arc<Setup> {
        let index = self.made(file.parent().unwrap_or(file));
        let made = &self.made[index];
        let overrides = made.settings.overrides.iter().enumerate();
        let numbers: Vec<usize> =
            overrides.filter(|(_, one)| one.is_for(file)).map(|(number, _)| number).collect();
        if numbers.is_empty() {
            return Arc::clone(&made.plain);
        }
        if let Some(setup) = made.overridden.get(&numbers) {
            return Arc::clone(setup);
        }
        let (settings, linter) = (Arc::clone(&made.settings), Arc::clone(&made.linter));
        let mut sets = OverrideTable::default();
        for one in numbers.iter().rev().filter_map(|&number| settings.overrides.get(number)) {
            sets.take_outer(&one.sets);
        }
        let setup = Arc::new(self.make(&settings, linter, sets));
        self.made[index].overridden.insert(numbers, Arc::clone(&setup));
        setup
    }

    /// Where what is made of the layers over a folder stands.
    fn made(&mut self, folder: &Path) -> usize {
        let layers = self.configs.layers(folder);
        for mistake in self.configs.take_diagnostics() {
            self.tell(mistake);
        }
        if let Some(known) = self.made.iter().position(|known| Arc::ptr_eq(&known.layers, &layers)) {
            return known;
        }
        let settings = Arc::new(Settings::merge(&layers));
        let linter = self.linter(&settings);
        let plain = Arc::new(self.make(&settings, Arc::clone(&linter), OverrideTable::default()));
        self.check_overrides(&settings, &plain);
        for ignore in &settings.ignores {
            let holder = Holder::entry(ignore);
            let flaws = suppress::flaws(&holder, plain.linter.rules(), plain.policy.flaws, plain.reasons);
            flaws.into_iter().for_each(|flaw| self.tell(flaw));
        }
        self.made.push(Made { layers, settings, linter, plain, overridden: HashMap::new() });
        self.made.len() - 1
    }

    /// Tells what is wrong in overrides, also in those that are for no file.
    fn check_overrides(&mut self, settings: &Settings, plain: &Setup) {
        let rules = plain.linter.rules();
        for one in &settings.overrides {
            let select = |name: &str| suppress::select(rules, name);
            let mut own = plain.policy.levels.clone();
            FlawLevels::default().append(&mut own);
            let (_, levels) = resolve_levels(own, select, &one.sets.levels, &[]);
            let (_, thresholds) = resolve_thresholds(&one.sets.thresholds, rules);
            let account = one.sets.account.as_ref().and_then(|name| unknown_account(name, &plain.accounts));
            for mistake in levels.into_iter().chain(thresholds).chain(account) {
                self.tell(mistake);
            }
        }
    }

    fn make(&mut self, settings: &Arc<Settings>, linter: Arc<Linter>, sets: OverrideTable) -> Setup {
        let rules = linter.rules();
        let mut own = self.with_packs(rules, settings);
        FlawLevels::default().append(&mut own);
        let select = |name: &str| suppress::select(rules, name);
        let given = [&settings.levels[..], &sets.levels].concat();
        let (mut levels, mistakes) = resolve_levels(own, select, &given, &self.flags.levels);
        let flaws = FlawLevels::take(&mut levels.levels, rules);
        levels.given.truncate(rules.rules().len());
        let given = [&settings.thresholds[..], &sets.thresholds].concat();
        let (thresholds, more) = resolve_thresholds(&given, rules);
        for mistake in mistakes.into_iter().chain(more) {
            self.tell(mistake);
        }
        let flags = &self.flags;
        let fail_on = flags.fail_on.or(value(settings.fail_on.as_ref())).unwrap_or_default();
        let platforms = match sets.platforms.as_ref().or(settings.platforms.as_ref()) {
            Some(platforms) if flags.platforms.is_empty() => platforms.value.clone(),
            _ => flags.platforms.clone(),
        };
        let account = sets.account.as_ref().map(|account| &account.value);
        let bounds = &settings.limits.bounds;
        let max_file_size = flags.max_file_size.or(value(bounds.file_size.as_ref()));
        let text = value(bounds.text_size.as_ref())
            .map_or(ReadLimits::DEFAULT.text, |text| u32::try_from(text).unwrap_or(u32::MAX));
        let limits = ReadLimits {
            text,
            posts: whole(&bounds.posts, ReadLimits::DEFAULT.posts),
            nesting: whole(&bounds.nesting, ReadLimits::DEFAULT.nesting),
        };
        let policy = Policy {
            levels: levels.levels,
            given: levels.given,
            deny_warnings: levels.deny_warnings,
            fail_on,
            limits: resolve_limits(&settings.limits.networks),
            thresholds,
            all: flags.all,
            most_findings: whole(&bounds.findings, MOST_FINDINGS),
            flaws: if levels.deny_warnings { flaws.denied() } else { flaws },
        };
        let mut mistakes = Vec::new();
        let with = |profiles: Option<Profiles>, layer: &Vec<_>| {
            let (profiles, wrong) = profiles.unwrap_or_else(Profiles::shipped).with(layer);
            mistakes.extend(wrong);
            Some(profiles)
        };
        let profiles = settings.profiles.iter().fold(None, with);
        let mut queues = QueueSettings::of_tables(&settings.queues);
        if let Some(profile) = &sets.profile {
            queues.hold_to(profile);
        }
        let tell = &mut |mistake| mistakes.push(mistake);
        let terms = AllTerms::new(queues, profiles, &flags.queue, (rules, &policy), tell);
        let setup = Setup {
            policy: terms.every().held(None).policy.clone(),
            terms,
            asked: flags.asked,
            texts: flags.texts,
            ignores: Arc::new(Ignores::new(&settings.ignores)),
            reasons: value(settings.require_reason.as_ref()).unwrap_or_default(),
            accounts: Accounts::of(settings),
            account: flags.account.as_ref().or(account).cloned(),
            platforms,
            intent: flags.intent,
            max_file_size: max_file_size.unwrap_or(MAX_FILE_SIZE),
            most_in_queue: whole(&bounds.queue, MOST_IN_QUEUE),
            extract: ExtractOptions {
                text_columns: flags.text_columns.clone(),
                columns: settings.columns.as_ref().map(|columns| columns.value.clone()).unwrap_or_default(),
                text_path: flags.text_path.clone(),
                drafts_only: flags.drafts_only,
                limits,
                ..ExtractOptions::default()
            },
            origin: Origin { settings: Arc::clone(settings), sets, levels: levels.set_by },
            linter: Arc::clone(&linter),
        };
        mistakes.into_iter().for_each(|mistake| self.tell(mistake));
        setup
    }

    /// The rules' own levels, with the packs on that config and flags name.
    fn with_packs(&mut self, rules: &RuleSet, settings: &Settings) -> Vec<Level> {
        let known = rules.packs();
        let mut policy = Policy::of(rules);
        let config = settings.packs.iter().flat_map(|packs| &packs.value).map(|pack| (pack, "config"));
        let flags = self.flags.packs.clone();
        for (pack, place) in config.chain(flags.iter().map(|pack| (pack, "flags"))) {
            match unknown_pack(pack, place, &known) {
                Some(mistake) => self.tell(mistake),
                None => policy.switch_on(rules, &pack.value),
            }
        }
        policy.levels
    }

    fn linter(&mut self, settings: &Settings) -> Arc<Linter> {
        let (mut files, from) = (Vec::new(), self.configs.files());
        for written in settings.rules.iter().flat_map(|rules| &rules.value) {
            let place = &written.written;
            match rule_files(&from, &written.path, &place.value) {
                Ok(found) => files.extend(found),
                Err(diagnostic) => self.tell(diagnostic.label(&place.source, place.span, "")),
            }
        }
        for path in self.flags.rules.clone() {
            match rule_files(&from, &self.configs.absolute(&path), &path.display().to_string()) {
                Ok(found) => files.extend(found),
                Err(diagnostic) if self.linters.is_empty() => self.tell(*diagnostic),
                Err(_) => {}
            }
        }
        let mut known = HashSet::new();
        files.retain(|(path, _)| known.insert(path.clone()));
        let paths: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
        let made_of = RuleFiles { paths, regex_size: whole(&settings.limits.bounds.regex_size, MAX_REGEX_SIZE) };
        if let Some((_, linter)) = self.linters.iter().find(|(known, _)| *known == made_of) {
            return Arc::clone(linter);
        }
        let rules = self.rule_set(&files, made_of.regex_size);
        let linter = Arc::new(Linter::new(Arc::new(rules)).with_spread(&Lent));
        self.linters.push((made_of, Arc::clone(&linter)));
        linter
    }

    fn rule_set(&mut self, files: &[(PathBuf, String)], regex_size: usize) -> RuleSet {
        if files.is_empty() {
            return RuleSet::shipped();
        }
        let (sources, unreadable) = read_rule_files(&self.configs.files(), files);
        self.diagnostics.extend(unreadable);
        let (rules, mistakes) = RuleSet::with_files_within(&sources, regex_size);
        self.diagnostics.extend(mistakes);
        rules
    }

    fn tell(&mut self, diagnostic: Diagnostic) {
        let span = diagnostic.labels.first().map(|label| label.span);
        let name = diagnostic.source_name().unwrap_or_default().to_owned();
        let place = (diagnostic.code.to_string(), name, span, diagnostic.message.to_string());
        if self.told.insert(place) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// All mistakes, at the end of a run.
    pub(super) fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        for mistake in self.configs.take_diagnostics() {
            self.tell(mistake);
        }
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        diagnostics.extend(self.undeclared_account());
        diagnostics
    }

    /// A flag that names an account that no config of the run declares.
    fn undeclared_account(&self) -> Option<Diagnostic> {
        let name = self.flags.account.as_deref()?;
        let declared: Vec<&str> = self.made.iter().flat_map(|made| made.plain.accounts.names()).collect();
        if declared.contains(&name) {
            return None;
        }
        let given = flag("account", name);
        let message = format!("unknown account `{name}`");
        let diagnostic = Diagnostic::error("flags/unknown-account", message).label(&given.source, given.span, "");
        Some(diagnostic.meant(nearest(name, declared)))
    }

    /// All entries `[[ignore]]` of the run, with what is judged by beside them; one may come more than once.
    pub(super) fn ignores(&self) -> impl Iterator<Item = (&Ignore, &Setup)> {
        self.made.iter().flat_map(|made| made.settings.ignores.iter().map(|one| (one, &*made.plain)))
    }

    /// Whether what is said of an entry `[[ignore]]` fails the run: by the layers that hold it.
    pub(super) fn fails(&self, flaw: &Diagnostic) -> bool {
        let holds = |ignore: &Ignore| Some(ignore.source.name()) == flaw.source_name();
        self.ignores().any(|(ignore, setup)| holds(ignore) && setup.policy.fail_on.fails_remark(flaw.level))
    }

    /// Whether any config of the run says who self is.
    pub(super) fn has_identity(&self) -> bool {
        self.made.iter().any(|made| made.plain.accounts.is_known())
    }

    /// All rules of the run.
    pub(super) fn index(&self) -> RuleIndex {
        RuleIndex::new(self.linters.iter().map(|(_, linter)| Arc::clone(linter.rules())).collect())
    }

    /// Fingerprints of all rule sets of the run, in the order of their use.
    pub(super) fn fingerprint(&self) -> String {
        let all: Vec<_> = self.linters.iter().map(|(_, linter)| linter.rules().fingerprint()).collect();
        all.join("+")
    }
}

/// An override that names an account that its config does not declare.
fn unknown_account(given: &Setting<String>, accounts: &Accounts) -> Option<Diagnostic> {
    let declared: Vec<&str> = accounts.names().collect();
    let name = given.value.as_str();
    if declared.contains(&name) {
        return None;
    }
    let message = format!("unknown account `{name}`");
    let diagnostic = Diagnostic::error("config/unknown-account", message).label(&given.source, given.span, "");
    Some(diagnostic.help("an `[[account]]` declares one").meant(nearest(name, declared)))
}

fn value<T: Copy>(setting: Option<&Setting<T>>) -> Option<T> {
    setting.map(|setting| setting.value)
}

/// A limit as it was set, or else its default.
fn whole(set: &Option<Setting<u64>>, or: usize) -> usize {
    set.as_ref().map_or(or, |set| usize::try_from(set.value).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn files_that_the_same_overrides_are_for_share_a_setup() {
        let root = tempfile::tempdir().unwrap();
        let config = "[levels]\n'ask/hard' = 'note'\n[[overrides]]\nfiles = ['a*.md']\nplatform = 'x'\n\
                      levels = { 'ask/hard' = 'error' }\n[[overrides]]\nfiles = ['*b.md']\nplatform = 'ig'\n";
        fs::write(root.path().join("selfless.toml"), config).unwrap();
        let folder = root.path().to_owned();
        let surroundings =
            Surroundings { folder: folder.clone(), home: None, user_config: None, git_config: Vec::new() };
        let mut setups = Setups::new(Choice::Search, surroundings, Flags::default());
        let mut of = |name: &str| setups.of_file(&folder.join(name));
        let (plain, first, both) = (of("c.md"), of("a.md"), of("ab.md"));
        assert!(Arc::ptr_eq(&plain, &of("d.md")) && Arc::ptr_eq(&first, &of("aa.md")));
        assert!(Arc::ptr_eq(&both, &of("axb.md")) && !Arc::ptr_eq(&both, &of("b.md")));
        assert!(Arc::ptr_eq(&plain.linter, &both.linter));
        let level = |setup: &Setup| {
            let at = setup.linter.rules().rules().iter().position(|rule| rule.name == "ask/hard").unwrap();
            (setup.policy.levels[at], setup.platforms.clone())
        };
        assert_eq!(level(&plain), (Level::Note, vec![]));
        assert_eq!(level(&first), (Level::Error, vec![Platform::X]));
        assert_eq!(level(&both), (Level::Error, vec![Platform::Instagram]));
        assert_eq!(setups.take_diagnostics().len(), 0);
    }
}
