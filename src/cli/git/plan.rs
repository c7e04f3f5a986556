//! Which files are checked where only changes are asked for.
//!
//! Invariant: where what is staged counts, nothing that git tracks is read from the folder.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::ScopedJoinHandle;

use super::blobs::Blobs;
use super::change::{Before, Change};
use super::diff::{Changed, Compared, Kind, changes};
use super::flags::ChangeArgs;
use super::index::Index;
use super::{Repository, path};
use crate::cli::args::InputArgs;
use crate::cli::configs::Configs;
use crate::cli::draft::{Reason, choose, enters, is_excluded};
use crate::cli::files::Files;
use crate::cli::group::{Group, Wanted, units};
use crate::cli::open::{Read, read_whole};
use crate::cli::setup::Setups;
use crate::cli::walk::{Chosen, Item, Plan, Skipped, plan as plan_all};
use crate::diagnostic::Diagnostic;

/// Chooses what is checked; none where changes are not asked for.
///
/// # Errors
/// When git cannot tell what changed.
pub(in crate::cli) fn plan(
    flags: &ChangeArgs,
    paths: &[PathBuf],
    args: &InputArgs,
    setups: &mut Setups,
) -> Result<Option<Plan>, Box<Diagnostic>> {
    if !flags.is_asked() {
        return Ok(None);
    }
    refuse_stdin(paths)?;
    let repository = Repository::around(&setups.configs.absolute(Path::new("")))?;
    let before = flags.changed_since.as_deref().map(|revision| repository.common(revision)).transpose()?;
    let compared = Compared { before, staged: flags.staged };
    let blobs = Arc::new(Blobs::of(&repository));
    // Git is asked both at once, for in a large repository each takes its time.
    let (changed, index) = std::thread::scope(|scope| {
        let index = flags.staged.then(|| scope.spawn(|| Index::of(&repository, &blobs)));
        (changes(&repository, &compared, flags.changed_lines), index.map(ScopedJoinHandle::join))
    });
    let changed = changed?;
    let change = |changed: &Changed| Change {
        blobs: Arc::clone(&blobs),
        staged: changed.now.clone().filter(|_| flags.staged),
        before: match &changed.before {
            // What is staged is checked whole, unless something is said of what it was.
            Some(blob) if flags.changed_since.is_some() || flags.changed_lines => Before::Blob(blob.clone()),
            _ => Before::New,
        },
        added: changed.added.clone(),
    };
    if let Some(index) = index {
        let index = Arc::new(index.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        setups.configs.read_from(Files::staged(Arc::clone(&index)));
        let default = [PathBuf::from(".")];
        let paths = if paths.is_empty() { &default[..] } else { paths };
        let roots = roots(&repository, paths, setups, &index)?;
        let mut staged = Staged { repository: &repository, roots, args, setups, plan: Plan::default() };
        for one in changed.iter().filter(|one| one.now.is_some()) {
            staged.add(&one.path, one.kind, change(one));
        }
        staged.add_others(&index);
        return Ok(Some(staged.plan));
    }
    let mut plan = plan_all(paths, args, setups);
    // Where all was deleted, nothing changed that could be judged.
    plan.items.retain(|item| !matches!(item, Item::Trouble(trouble) if trouble.code == "input/no-drafts"));
    let mut places = Places::of(&repository);
    let new = untracked(&repository)?;
    let known: HashMap<PathBuf, &Changed> =
        changed.iter().map(|changed| (repository.top.join(&changed.path), changed)).collect();
    add_passed_over(&mut plan, &changed, &repository, (paths, args, setups));
    for item in &mut plan.items {
        let Item::Input(input) = item else { continue };
        let Some(absolute) = &input.absolute else { continue };
        let Some(absolute) = &places.find(absolute) else {
            *item = Item::Trouble(outside(&input.name));
            continue;
        };
        input.change = match known.get(absolute) {
            Some(changed) => Some(change(changed)),
            None if new.holds(absolute) => None,
            None => {
                let blobs = Arc::clone(&blobs);
                Some(Change { blobs, staged: None, before: Before::Same, added: None })
            }
        };
    }
    Ok(Some(plan))
}

/// Where files stand in a repository, with the symlinks followed that lead to their folders.
struct Places<'r> {
    top: &'r Path,
    real: PathBuf,
    folders: HashMap<PathBuf, Option<PathBuf>>,
}

impl<'r> Places<'r> {
    fn of(repository: &'r Repository) -> Self {
        let top = &repository.top;
        Self { top, real: top.canonicalize().unwrap_or_else(|_| top.clone()), folders: HashMap::new() }
    }

    /// What was asked for, as git knows it; none outside of the repository.
    fn root(&mut self, asked: &Path, configs: &Configs) -> Option<PathBuf> {
        let absolute = configs.absolute(asked);
        match absolute.canonicalize() {
            // All of a repository lies in a folder that it lies in.
            Ok(real) if self.real.starts_with(&real) => Some(self.top.to_owned()),
            Ok(real) if real.is_dir() => real.strip_prefix(&self.real).ok().map(|below| self.top.join(below)),
            _ => self.find(&absolute),
        }
    }

    /// A path as git knows it, from the top that is known here; none outside of the repository.
    fn find(&mut self, absolute: &Path) -> Option<PathBuf> {
        let (folder, name) = (absolute.parent()?, absolute.file_name()?);
        let known = self.folders.entry(folder.to_owned()).or_insert_with(|| {
            // Of what is gone, as far as it is there.
            let above = folder.ancestors().find_map(|above| Some((above.canonicalize().ok()?, above)));
            let (real, above) = above?;
            let rest = folder.strip_prefix(above).unwrap_or(Path::new(""));
            let below = real.strip_prefix(&self.real).ok()?;
            Some(self.top.join(below).join(rest))
        });
        known.as_ref().map(|folder| folder.join(name))
    }
}

/// The paths that were asked for, each as it was given and as git knows it.
fn roots(
    repository: &Repository,
    paths: &[PathBuf],
    setups: &Setups,
    index: &Index,
) -> Result<Vec<(PathBuf, PathBuf)>, Box<Diagnostic>> {
    let mut places = Places::of(repository);
    let mut roots = Vec::new();
    for path in paths {
        let root = places.root(path, &setups.configs).ok_or_else(|| outside(&path.display().to_string()))?;
        let is_there = setups.configs.absolute(path).exists();
        if !is_there && index.find(&root).is_none() && index.below(&root).next().is_none() {
            let missing = Diagnostic::error("input/missing", "no such file or folder, and none is staged");
            return Err(Box::new(missing.about(path.display().to_string())));
        }
        roots.push((path.clone(), root));
    }
    Ok(roots)
}

fn outside(name: &str) -> Box<Diagnostic> {
    let message = "outside of the repository, so git cannot tell what changed of it";
    Box::new(Diagnostic::error("git/outside", message).about(name).help("check it without asking for changes"))
}

fn refuse_stdin(paths: &[PathBuf]) -> Result<(), Box<Diagnostic>> {
    if !paths.iter().any(|path| path.as_os_str() == "-") {
        return Ok(());
    }
    let message = "standard input has no history, so nothing of it can have changed";
    Err(Box::new(Diagnostic::error("flags/standard-input", message).help("name files, or nothing")))
}

/// Adds changed files that git tracks and a walk passes over all the same, since a list of what to ignore names them.
fn add_passed_over(
    plan: &mut Plan,
    changed: &[Changed],
    repository: &Repository,
    (paths, args, setups): (&[PathBuf], &InputArgs, &mut Setups),
) {
    let mut places = Places::of(repository);
    let inputs = plan.inputs().filter_map(|input| input.absolute.as_deref());
    let known: HashSet<PathBuf> = inputs.filter_map(|absolute| places.find(absolute)).collect();
    let default = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &default[..] } else { paths };
    let folders = paths.iter().filter(|path| setups.configs.absolute(path).is_dir());
    let roots: Vec<(&PathBuf, PathBuf)> =
        folders.filter_map(|path| Some((path, places.root(path, &setups.configs)?))).collect();
    for one in changed.iter().filter(|one| one.kind == Kind::File) {
        let (absolute, path) = repository.place(&one.path);
        let Some((given, root)) = roots.iter().find(|(_, root)| absolute.starts_with(root)) else { continue };
        let layers = setups.configs.layers(absolute.parent().unwrap_or(&absolute));
        if known.contains(&absolute) || !is_entered(&absolute, root, &setups.configs) {
            continue;
        }
        if let Some(Ok(reason)) = choose(&absolute, one.kind, &layers) {
            let folder: Arc<str> = given.display().to_string().into();
            let chosen = Chosen { path, absolute, reason, folder: Some(Arc::clone(&folder)) };
            if plan.add(chosen, args, setups).is_some() {
                settle_last(&mut plan.items, &folder);
            }
        }
    }
}

/// Moves the last item to where the walk of its folder would have come upon it.
fn settle_last(items: &mut [Item], folder: &str) {
    let is_behind = |item: &Item| match item {
        Item::Input(input) => {
            input.folder.as_deref() == Some(folder) && place(item) > items.last().and_then(place)
        }
        Item::Trouble(_) => false,
    };
    let at = items.iter().position(is_behind).unwrap_or(items.len());
    if let Some(behind @ [_, ..]) = items.get_mut(at..) {
        behind.rotate_right(1);
    }
}

/// What git does not know, and does not ignore: all of it is new.
struct Untracked {
    files: HashSet<PathBuf>,
    /// Repositories of their own, into which git does not look.
    folders: HashSet<PathBuf>,
}

impl Untracked {
    fn holds(&self, file: &Path) -> bool {
        self.files.contains(file) || file.ancestors().skip(1).any(|folder| self.folders.contains(folder))
    }
}

fn untracked(repository: &Repository) -> Result<Untracked, Box<Diagnostic>> {
    let top = "--full-name";
    let list = repository.git(["ls-files", "--others", "--exclude-standard", "-z", top])?;
    let names = list.split(|&byte| byte == 0).filter(|name| !name.is_empty());
    let (folders, files): (Vec<&[u8]>, Vec<&[u8]>) = names.partition(|name| name.ends_with(b"/"));
    let all = |names: Vec<&[u8]>| names.into_iter().map(|name| repository.top.join(path(name))).collect();
    Ok(Untracked { files: all(files), folders: all(folders) })
}

/// What is chosen of what is staged: files that lie where was asked, as a walk would have chosen them, and those that were
/// named.
struct Staged<'a> {
    repository: &'a Repository,
    roots: Vec<(PathBuf, PathBuf)>,
    args: &'a InputArgs,
    setups: &'a mut Setups,
    plan: Plan,
}

impl Staged<'_> {
    /// Adds a file by its path from the top, and what there is to know of its change.
    fn add(&mut self, below: &Path, kind: Kind, change: Change) {
        let (absolute, path) = self.repository.place(below);
        let Some((given, root)) = self.roots.iter().find(|(_, root)| absolute.starts_with(root)) else { return };
        let named = *root == absolute;
        let layers = self.setups.configs.layers(absolute.parent().unwrap_or(&absolute));
        let reason = match named {
            true if kind != Kind::File => return,
            true if self.args.force_exclude && is_excluded(&absolute, &layers) => Err("excluded by selfless.toml"),
            true => Ok(Reason::Named),
            false if !is_entered(&absolute, root, &self.setups.configs) => return,
            false => match choose(&absolute, kind, &layers) {
                Some(reason) => reason,
                None => return,
            },
        };
        match reason {
            Err(_) if change.is_none() => {}
            Err(why) => self.plan.skipped.push(Skipped { name: path.display().to_string(), why }),
            Ok(reason) => {
                let folder = (!named).then(|| Arc::from(given.display().to_string()));
                let chosen = Chosen { path, absolute, reason, folder };
                if let Some(input) = self.plan.add(chosen, self.args, self.setups) {
                    input.change = Some(change);
                }
            }
        }
    }

    /// Adds all other files of the queues that what was added stands in: they count there.
    fn add_others(&mut self, index: &Index) {
        let queues = self.queues();
        if queues.is_empty() {
            return;
        }
        for (absolute, entry) in index.below(&self.repository.top) {
            let Ok(below) = absolute.strip_prefix(&self.repository.top) else { continue };
            let before = self.plan.items.len();
            self.add(below, entry.kind, index.unchanged(entry));
            let stays = |item: &Item| match item {
                Item::Input(input) => queues.contains(&Group::of(before, input, Wanted::Drafts).0),
                Item::Trouble(_) => true,
            };
            if self.plan.items.len() > before && !self.plan.items.last().is_some_and(stays) {
                self.plan.items.pop();
            }
        }
        self.plan.items.sort_by(|one, other| place(one).cmp(&place(other)));
    }

    /// The queues of several files that what was added stands in.
    fn queues(&self) -> HashSet<Group> {
        let mut queues = HashSet::new();
        for unit in units(&self.plan.items, Wanted::Drafts) {
            let Some(input) = unit.input() else { continue };
            // Whether a draft has a time, and so stands in the queue of its folder, only reading it tells.
            let is_queued = || matches!(read_whole(&unit, input, true), Read::Opened(opened) if opened.queued);
            if unit.group.is_shared() && !queues.contains(&unit.group) && is_queued() {
                queues.insert(unit.group);
            }
        }
        queues
    }
}

/// Where an item stands in the order of a walk.
fn place(item: &Item) -> Option<&[u8]> {
    match item {
        Item::Input(input) => input.absolute.as_deref().map(|path| path.as_os_str().as_encoded_bytes()),
        Item::Trouble(_) => None,
    }
}

/// Whether a walk from `root` would have come to a file.
fn is_entered(file: &Path, root: &Path, configs: &Configs) -> bool {
    let folders = file.ancestors().skip(1).take_while(|folder| *folder != root);
    folders.into_iter().all(|folder| enters(folder, &configs.layers(folder.parent().unwrap_or(folder))))
}
