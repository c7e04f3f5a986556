//! What drafts of one folder are judged by: config and flags, resolved.
//!
//! Reads rule files, and nothing else. Invariant: folders with the same layers share one setup, and setups with
//! the same rule files share one linter.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{CheckArgs, ConfigArgs, PostsArgs};
use super::configs::{Choice, Configs, Layers};
use super::read::{read_file, unreadable};
use super::terminal::Surroundings;
use crate::config::{
    LevelSetting, MAX_FILE_SIZE, Setting, Settings, resolve_levels, resolve_limits, unknown_pack,
};
use crate::diagnostic::{Diagnostic, Level, nearest};
use crate::document::{ExtractOptions, Intent, TextPath};
use crate::explain::Asked;
use crate::identity::Accounts;
use crate::lint::{FailOn, Linter, Policy};
use crate::report::RuleIndex;
use crate::rule::RuleSet;
use crate::text::{Platform, Source, Span};

/// What flags decide for all folders.
#[derive(Clone, Debug, Default)]
pub(super) struct Flags {
    pub(super) rules: Vec<PathBuf>,
    pub(super) packs: Vec<Setting<String>>,
    pub(super) levels: Vec<LevelSetting>,
    pub(super) fail_on: Option<FailOn>,
    pub(super) all: bool,
    pub(super) asked: Asked,
    pub(super) account: Option<String>,
    pub(super) platforms: Vec<Platform>,
    pub(super) intent: Intent,
    pub(super) max_file_size: Option<u64>,
    pub(super) text_columns: Vec<String>,
    pub(super) text_path: Option<TextPath>,
    pub(super) drafts_only: bool,
}

impl Flags {
    /// Those that every command with a configuration takes.
    pub(super) fn of_config(args: &ConfigArgs) -> Self {
        let pack = |name: &String| {
            let text = format!("--pack {name}");
            let span = Span::of(text.len() - name.len()..text.len());
            let source = Arc::new(Source::from_text("<command line>", text));
            Setting { value: name.clone(), source, span }
        };
        Self { rules: args.rules.clone(), packs: args.packs.iter().map(pack).collect(), ..Self::default() }
    }

    /// Those of `check`.
    pub(super) fn of(args: &CheckArgs) -> Self {
        Self {
            levels: args.judging.levels.settings.clone(),
            fail_on: args.judging.fail_on,
            all: args.output.all,
            asked: Asked { score: args.output.explain_score, needs: args.output.needs },
            account: args.about.account.clone(),
            platforms: args.about.platform.clone(),
            intent: args.about.intent.unwrap_or_default(),
            text_columns: args.input.text_column.clone(),
            text_path: args.input.text_path.clone(),
            drafts_only: args.input.drafts,
            max_file_size: args.input.max_file_size,
            ..Self::of_config(&args.config)
        }
    }

    /// Those of `posts`, which only reads.
    pub(super) fn of_posts(args: &PostsArgs) -> Self {
        Self {
            max_file_size: args.input.max_file_size,
            text_columns: args.input.text_column.clone(),
            text_path: args.input.text_path.clone(),
            drafts_only: args.input.drafts,
            ..Self::of_config(&args.config)
        }
    }
}

impl ConfigArgs {
    /// Which config files count.
    pub(super) fn choice(&self) -> Choice {
        match &self.config {
            Some(path) => Choice::Only(path.clone()),
            None if self.no_config => Choice::Nothing,
            None => Choice::Search,
        }
    }
}

/// What the drafts of a folder are judged by.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) linter: Arc<Linter>,
    pub(super) policy: Policy,
    pub(super) asked: Asked,
    pub(super) accounts: Accounts,
    pub(super) account: Option<String>,
    pub(super) platforms: Vec<Platform>,
    pub(super) intent: Intent,
    /// In bytes.
    pub(super) max_file_size: u64,
    /// How files are read.
    pub(super) extract: ExtractOptions,
}

/// Makes setups, and collects what is wrong in config, rule files and flags.
#[derive(Debug)]
pub(super) struct Setups {
    pub(super) configs: Configs,
    flags: Flags,
    made: Vec<(Arc<Layers>, Arc<Setup>)>,
    linters: Vec<(Vec<PathBuf>, Arc<Linter>)>,
    diagnostics: Vec<Diagnostic>,
    /// Places of mistakes already told: several setups may share a layer.
    told: HashSet<(usize, Span)>,
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

    /// The setup for drafts in an absolute folder.
    pub(super) fn of(&mut self, folder: &Path) -> Arc<Setup> {
        let layers = self.configs.layers(folder);
        self.diagnostics.extend(self.configs.take_diagnostics());
        if let Some((_, setup)) = self.made.iter().find(|(known, _)| Arc::ptr_eq(known, &layers)) {
            return Arc::clone(setup);
        }
        let setup = Arc::new(self.make(&layers));
        self.made.push((layers, Arc::clone(&setup)));
        setup
    }

    fn make(&mut self, layers: &Layers) -> Setup {
        let settings = Settings::merge(layers);
        let linter = self.linter(&settings);
        let rules = linter.rules();
        let own = self.with_packs(rules, &settings);
        let select = |name: &str| rules.select(name);
        let (levels, mistakes) = resolve_levels(own, select, &settings.levels, &self.flags.levels);
        for mistake in mistakes {
            self.tell(mistake);
        }
        let flags = &self.flags;
        let fail_on = flags.fail_on.or(value(settings.fail_on.as_ref())).unwrap_or_default();
        let platforms = match &settings.platforms {
            Some(platforms) if flags.platforms.is_empty() => platforms.value.clone(),
            _ => flags.platforms.clone(),
        };
        let max_file_size = flags.max_file_size.or(value(settings.max_file_size.as_ref()));
        Setup {
            policy: Policy {
                levels: levels.levels,
                given: levels.given,
                deny_warnings: levels.deny_warnings,
                fail_on,
                limits: resolve_limits(&settings.limits),
                all: flags.all,
            },
            asked: flags.asked,
            accounts: Accounts::of(&settings),
            account: flags.account.clone(),
            platforms,
            intent: flags.intent,
            max_file_size: max_file_size.unwrap_or(MAX_FILE_SIZE),
            extract: ExtractOptions {
                text_columns: flags.text_columns.clone(),
                columns: settings.columns.as_ref().map(|columns| columns.value.clone()).unwrap_or_default(),
                text_path: flags.text_path.clone(),
                drafts_only: flags.drafts_only,
                ..ExtractOptions::default()
            },
            linter,
        }
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
        let mut files = Vec::new();
        for written in settings.rules.iter().flat_map(|rules| &rules.value) {
            let place = &written.written;
            match rule_files(&written.path, &place.value) {
                Ok(found) => files.extend(found),
                Err(diagnostic) => self.tell(diagnostic.label(&place.source, place.span, "")),
            }
        }
        for path in self.flags.rules.clone() {
            match rule_files(&self.configs.absolute(&path), &path.display().to_string()) {
                Ok(found) => files.extend(found),
                Err(diagnostic) if self.linters.is_empty() => self.tell(*diagnostic),
                Err(_) => {}
            }
        }
        let mut known = HashSet::new();
        files.retain(|(path, _)| known.insert(path.clone()));
        let paths: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
        if let Some((_, linter)) = self.linters.iter().find(|(known, _)| *known == paths) {
            return Arc::clone(linter);
        }
        let linter = Arc::new(Linter::new(Arc::new(self.rule_set(&files))));
        self.linters.push((paths, Arc::clone(&linter)));
        linter
    }

    fn rule_set(&mut self, files: &[(PathBuf, String)]) -> RuleSet {
        if files.is_empty() {
            return RuleSet::shipped();
        }
        let (sources, unreadable) = read_rule_files(files);
        self.diagnostics.extend(unreadable);
        let (rules, mistakes) = RuleSet::with_files(&sources);
        self.diagnostics.extend(mistakes);
        rules
    }

    fn tell(&mut self, diagnostic: Diagnostic) {
        let place = diagnostic.labels.first().map(|label| (Arc::as_ptr(&label.source) as usize, label.span));
        if place.is_none_or(|place| self.told.insert(place)) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// All mistakes, at the end of a run.
    pub(super) fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        self.diagnostics.extend(self.configs.take_diagnostics());
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        diagnostics.extend(self.undeclared_account());
        diagnostics
    }

    /// A flag that names an account that no config of the run declares.
    fn undeclared_account(&self) -> Option<Diagnostic> {
        let name = self.flags.account.as_deref()?;
        let declared: Vec<&str> = self.made.iter().flat_map(|(_, setup)| setup.accounts.names()).collect();
        if declared.contains(&name) {
            return None;
        }
        let text = format!("--account {name}");
        let span = Span::of(text.len() - name.len()..text.len());
        let source = Arc::new(Source::from_text("<command line>", text));
        let message = format!("unknown account `{name}`");
        let diagnostic = Diagnostic::error("flags/unknown-account", message).label(&source, span, "");
        Some(match nearest(name, declared) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        })
    }

    /// Whether any config of the run says who self is.
    pub(super) fn has_identity(&self) -> bool {
        self.made.iter().any(|(_, setup)| setup.accounts.is_known())
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

fn value<T: Copy>(setting: Option<&Setting<T>>) -> Option<T> {
    setting.map(|setting| setting.value)
}

/// The rule files at a path: itself, or the `.toml` files of a folder and those below it, in the order of their
/// names; each with the name it is shown by.
///
/// # Errors
/// When there is nothing there, or it cannot be read.
pub(super) fn rule_files(path: &Path, shown: &str) -> Result<Vec<(PathBuf, String)>, Box<Diagnostic>> {
    let metadata = fs::metadata(path);
    if metadata.as_ref().is_ok_and(fs::Metadata::is_dir) {
        let mut files = Vec::new();
        collect(path, Path::new(shown), &mut files).map_err(|error| unreadable(shown, &error))?;
        files.sort();
        if files.is_empty() {
            let message = "a folder without rule files";
            let diagnostic = Diagnostic::error("input/no-rules", message).about(shown);
            return Err(Box::new(diagnostic.note("looked for .toml files")));
        }
        return Ok(files);
    }
    match metadata {
        Ok(metadata) if metadata.is_file() => Ok(vec![(path.to_owned(), shown.to_owned())]),
        Ok(_) => Err(Box::new(Diagnostic::error("input/not-a-file", "neither a file nor a folder").about(shown))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(Box::new(Diagnostic::error("input/missing", "no such rule file or folder").about(shown)))
        }
        Err(error) => Err(unreadable(shown, &error)),
    }
}

fn collect(folder: &Path, shown: &Path, files: &mut Vec<(PathBuf, String)>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, shown, kind) = (entry.path(), shown.join(entry.file_name()), entry.file_type()?);
        // Symlinks are neither, so nothing outside of the folder is reached.
        if kind.is_dir() {
            collect(&path, &shown, files)?;
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "toml") {
            files.push((path, shown.display().to_string()));
        }
    }
    Ok(())
}

/// Reads rule files; what cannot be read is told.
pub(super) fn read_rule_files(files: &[(PathBuf, String)]) -> (Vec<Arc<Source>>, Vec<Diagnostic>) {
    let (mut sources, mut mistakes) = (Vec::new(), Vec::new());
    for (path, shown) in files {
        match read_file(path, shown, MAX_FILE_SIZE) {
            Ok(source) => sources.push(Arc::new(source)),
            Err(mistake) => mistakes.push(*mistake),
        }
    }
    (sources, mistakes)
}
