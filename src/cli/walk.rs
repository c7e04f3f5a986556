//! Which files are checked: those that were named, and drafts found in folders.
//!
//! Does not read them. Invariant: the order is that of the arguments, and within a folder that of the paths' bytes;
//! no file stands in it twice.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::CommandFactory;

use super::args::{Cli, InputArgs};
use super::configs::Configs;
use super::draft::{self, LOOKED_FOR, Reason, choose, enters};
use super::git::change::Change;
use super::ignored;
use super::read::{is_handed_over, near_file, not_a_file, unreadable};
use super::setup::{Setup, Setups};
use super::wildcards::expanded;
use crate::diagnostic::{Diagnostic, Level, nearest};
use crate::document::{self, ExtractOptions, Format};
use crate::suppress::Ignores;

/// One thing to check.
#[derive(Debug)]
pub(super) struct Input {
    /// As it is shown: the path as it was written, or found.
    pub(super) name: String,
    /// The file; none for standard input.
    pub(super) path: Option<PathBuf>,
    /// The absolute path, as far as there is one, for what config says of paths.
    pub(super) absolute: Option<PathBuf>,
    /// How it is written, as far as a flag or its name says.
    pub(super) format: Option<Format>,
    pub(super) setup: Arc<Setup>,
    pub(super) reason: Reason,
    /// The folder it was found in, as it was named.
    pub(super) folder: Option<Arc<str>>,
    /// What changed of it, where only changes are asked for.
    pub(super) change: Option<Change>,
    /// What config asks to be quiet about in it.
    pub(super) ignores: Arc<Ignores>,
}

impl Input {
    /// How it is to be read.
    pub(super) fn options(&self) -> ExtractOptions {
        let chosen = match self.reason {
            Reason::Data => document::Chosen::Found,
            Reason::Named | Reason::Found | Reason::Included => document::Chosen::Named,
        };
        ExtractOptions { format: self.format, chosen, ..self.setup.extract.clone() }
    }

    /// Whether it is read and answered record by record, and every record is answered.
    pub(super) fn is_stream(&self) -> bool {
        let all = self.change.is_none() && self.setup.terms.every().window.is_none();
        all && self.format == Some(Format::Jsonl) && self.reason != Reason::Data && !self.setup.extract.drafts_only
    }
}

/// What the arguments come to, in order.
#[derive(Debug)]
pub(super) enum Item {
    /// Something to check.
    Input(Input),
    /// Something that is not there, or is nothing to check.
    Trouble(Box<Diagnostic>),
}

/// A file that looks like a draft and is not checked.
#[derive(Debug)]
pub(super) struct Skipped {
    pub(super) name: String,
    pub(super) why: &'static str,
}

/// What is checked, and what is not.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) items: Vec<Item>,
    pub(super) skipped: Vec<Skipped>,
    named: HashSet<PathBuf>,
    chosen: HashSet<PathBuf>,
    /// The folders that were walked through, absolute.
    pub(super) walked: Vec<PathBuf>,
}

/// A file that was chosen: as it is shown, absolute, and why.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) path: PathBuf,
    pub(super) absolute: PathBuf,
    pub(super) reason: Reason,
    pub(super) folder: Option<Arc<str>>,
}

/// Chooses what is checked.
pub(super) fn plan(paths: &[PathBuf], args: &InputArgs, setups: &mut Setups) -> Plan {
    let mut plan = Plan::default();
    let default = match args.stdin_filename {
        Some(_) => "-",
        None => ".",
    };
    // Elsewhere the shell has done so, and a name may hold a star.
    let written = if cfg!(windows) { expanded(paths) } else { paths.to_vec() };
    let paths = if paths.is_empty() { vec![PathBuf::from(default)] } else { written };
    for path in &paths {
        if path.as_os_str() == "-" || path == Path::new("/dev/stdin") {
            plan.add_stdin(args, setups);
        } else {
            plan.add_named(path, args, setups);
        }
    }
    plan
}

impl Plan {
    /// The things to check.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &Input> {
        self.items.iter().filter_map(|item| match item {
            Item::Input(input) => Some(input),
            Item::Trouble(_) => None,
        })
    }

    fn add_stdin(&mut self, args: &InputArgs, setups: &mut Setups) {
        let name = args.stdin_filename.as_ref().map(|name| name.display().to_string());
        let name = name.unwrap_or_else(|| "<stdin>".to_owned());
        if self.inputs().any(|input| input.path.is_none()) {
            self.items.push(Item::Trouble(Box::new(twice(&name))));
            return;
        }
        let absolute = args.stdin_filename.as_ref().map(|name| setups.configs.absolute(name));
        let format = args.input_format.or_else(|| absolute.as_deref().and_then(format_of));
        let setup = match absolute.as_deref() {
            Some(file) => setups.of_file(file),
            None => setups.of(&setups.configs.absolute(Path::new(""))),
        };
        let reason = Reason::Named;
        let ignores = setup.ignores.of_file(absolute.as_deref());
        let (path, folder, change) = (None, None, None);
        let input = Input { name, path, absolute, format, setup, reason, folder, change, ignores };
        self.items.push(Item::Input(input));
    }

    fn add_named(&mut self, path: &Path, args: &InputArgs, setups: &mut Setups) {
        let name = path.display().to_string();
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => {
                self.items.push(Item::Trouble(missing(path, &name, &error)));
                return;
            }
        };
        let absolute = setups.configs.absolute(path);
        if metadata.is_dir() {
            self.add_folder(path, &absolute, args, setups);
        } else if metadata.is_file() || is_handed_over(path) {
            if !self.named.insert(absolute.clone()) {
                self.items.push(Item::Trouble(Box::new(twice(&name))));
            } else if args.force_exclude && is_excluded(&setups.configs, &absolute) {
                self.skipped.push(Skipped { name, why: "excluded by selfless.toml" });
            } else {
                let chosen = Chosen { path: path.to_owned(), absolute, reason: Reason::Named, folder: None };
                self.add(chosen, args, setups);
            }
        } else {
            self.items.push(Item::Trouble(not_a_file(&name)));
        }
    }

    /// Adds a file, unless it stands there already.
    pub(super) fn add(&mut self, chosen: Chosen, args: &InputArgs, setups: &mut Setups) -> Option<&mut Input> {
        let Chosen { path, absolute, reason, folder } = chosen;
        if !self.chosen.insert(absolute.clone()) {
            return None;
        }
        let setup = setups.of_file(&absolute);
        let format = args.input_format.or_else(|| format_of(&path));
        let name = path.to_string_lossy().into_owned();
        let (path, absolute) = (Some(path), Some(absolute));
        let ignores = setup.ignores.of_file(absolute.as_deref());
        let change = None;
        self.items.push(Item::Input(Input {
            name,
            path,
            absolute,
            format,
            setup,
            reason,
            folder,
            change,
            ignores,
        }));
        match self.items.last_mut()? {
            Item::Input(input) => Some(input),
            Item::Trouble(_) => None,
        }
    }

    fn add_folder(&mut self, folder: &Path, absolute: &Path, args: &InputArgs, setups: &mut Setups) {
        let skipped_before = self.skipped.len();
        self.walked.push(absolute.to_owned());
        let (mut found, troubles) = self.walk(folder, absolute, &setups.configs);
        self.items.extend(troubles);
        found.sort_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)));
        self.skipped.get_mut(skipped_before..).unwrap_or_default().sort_by(|a, b| a.name.cmp(&b.name));
        if found.is_empty() {
            let skipped = self.skipped.len() - skipped_before;
            self.items.push(Item::Trouble(Box::new(no_drafts(folder, skipped))));
            // The config over an empty folder may be why it is empty, so its mistakes are told too.
            setups.of(absolute);
        }
        for chosen in found {
            self.add(chosen, args, setups);
        }
    }

    /// As [`ignored::walk`] does; hidden files too, which [`choose`] leaves out so that config can bring them back.
    fn walk(&mut self, folder: &Path, absolute: &Path, configs: &Configs) -> (Vec<Chosen>, Vec<Item>) {
        let (mut found, mut troubles) = (Vec::new(), Vec::new());
        let named: Arc<str> = folder.display().to_string().into();
        let told = ignored::walk(folder, entered(folder, absolute, configs), |entry| {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    troubles.push(Item::Trouble(walk_trouble(folder, error)));
                    return;
                }
            };
            let Some(kind) = entry.file_type().filter(|kind| !kind.is_dir()) else { return };
            let path = entry.path().strip_prefix(".").unwrap_or(entry.path());
            let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            let absolute = absolute.join(below);
            let layers = configs.layers(absolute.parent().unwrap_or(&absolute));
            match choose(&absolute, kind.into(), &layers) {
                Some(Ok(reason)) => {
                    let folder = Some(Arc::clone(&named));
                    found.push(Chosen { path: path.to_owned(), absolute, reason, folder });
                }
                Some(Err(why)) => self.skipped.push(Skipped { name: path.display().to_string(), why }),
                None => {}
            }
        });
        troubles.extend(told.into_iter().map(|one| Item::Trouble(Box::new(one))));
        (found, troubles)
    }
}

/// Whether config lets a walk enter a folder.
fn entered(
    folder: &Path,
    absolute: &Path,
    configs: &Configs,
) -> impl Fn(&ignore::DirEntry) -> bool + Clone + Send + Sync + 'static {
    let (root, absolute, configs) = (folder.to_owned(), absolute.to_owned(), configs.clone());
    move |entry| {
        let path = absolute.join(entry.path().strip_prefix(&root).unwrap_or(entry.path()));
        let layers = configs.layers(path.parent().unwrap_or(&path));
        enters(&path, &layers)
    }
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

fn is_excluded(configs: &Configs, absolute: &Path) -> bool {
    let layers = configs.layers(absolute.parent().unwrap_or(absolute));
    draft::is_excluded(absolute, &layers)
}

/// The format that a file's name tells of.
fn format_of(path: &Path) -> Option<Format> {
    Format::from_path(&path.to_string_lossy())
}

fn twice(name: &str) -> Diagnostic {
    Diagnostic::new(Level::Note, "input/twice", "named twice, checked once").about(name)
}

fn missing(path: &Path, name: &str, error: &io::Error) -> Box<Diagnostic> {
    if error.kind() != io::ErrorKind::NotFound {
        return unreadable(name, error);
    }
    let diagnostic = Diagnostic::error("input/missing", "no such file or folder").about(name);
    let cli = Cli::command();
    let commands = cli.get_subcommands().map(clap::Command::get_name).chain(["help"]);
    Box::new(match (near_file(path, name), nearest(name, commands)) {
        (Some(near), _) => diagnostic.help(format!("did you mean `{near}`?")),
        (None, Some(command)) => diagnostic.help(format!("did you mean the command `{command}`?")),
        (None, None) => diagnostic,
    })
}

fn walk_trouble(folder: &Path, error: ignore::Error) -> Box<Diagnostic> {
    let mut inner = &error;
    let mut place = folder;
    while let ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } = inner {
        if let ignore::Error::WithPath { path, .. } = inner {
            place = path;
        }
        inner = err;
    }
    let name = place.display().to_string();
    match inner {
        ignore::Error::Io(error) => unreadable(&name, error),
        other => Box::new(Diagnostic::error("input/unreadable", other.to_string()).about(name)),
    }
}

/// What a walk came upon that holds no posts.
#[derive(Clone, Copy, Debug)]
pub(super) struct WithoutPosts<'p> {
    pub(super) input: &'p Input,
    /// Whether it is told why, so that no note counts it.
    pub(super) is_told: bool,
}

/// One note counts the files that hold no posts; a folder with nothing else has no drafts.
pub(super) fn without_posts(plan: &Plan, unrecognised: &[WithoutPosts<'_>]) -> Vec<Diagnostic> {
    let untold: Vec<&Input> = unrecognised.iter().filter(|one| !one.is_told).map(|one| one.input).collect();
    let unrecognised: Vec<&Input> = unrecognised.iter().map(|one| one.input).collect();
    let mut diagnostics = Vec::new();
    let mut folders: Vec<&str> = Vec::new();
    for folder in unrecognised.iter().filter_map(|input| input.folder.as_deref()) {
        let all = plan.inputs().filter(|input| input.folder.as_deref() == Some(folder)).count();
        let none = unrecognised.iter().filter(|input| input.folder.as_deref() == Some(folder)).count();
        if all == none && !folders.contains(&folder) {
            folders.push(folder);
            diagnostics.push(no_drafts(Path::new(folder), plan.skipped.len()));
        }
    }
    if let Some(first) = untold.first() {
        let message = match untold.len() {
            1 => format!("{} holds no posts that could be recognised, so it was left out", first.name),
            many => format!("{many} files hold no posts that could be recognised, so they were left out"),
        };
        let note = Diagnostic::new(Level::Note, "input/unrecognised", message);
        diagnostics.push(note.help("a file that is named tells what was looked for in it"));
    }
    diagnostics
}

fn no_drafts(folder: &Path, skipped: usize) -> Diagnostic {
    let looked_for = format!("looked for {}", LOOKED_FOR);
    let mut diagnostic = Diagnostic::error("input/no-drafts", "a folder without drafts")
        .about(folder.display().to_string())
        .note(looked_for)
        .help("name a file to have it checked, whatever it is called");
    if skipped > 0 {
        diagnostic = diagnostic.note(format!("skipped {skipped}; `--list-files` shows them"));
    }
    diagnostic
}
