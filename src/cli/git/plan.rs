//! Which files are checked where only changes are asked for.
//!
//! Invariant: what is staged is read from git, and what lies in the work tree only decides what config says.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::blobs::Blobs;
use super::change::{Before, Change};
use super::diff::{Changed, Compared, Kind, changes};
use super::flags::ChangeArgs;
use super::{Repository, path};
use crate::cli::args::InputArgs;
use crate::cli::configs::Configs;
use crate::cli::draft::{Reason, choose, enters, is_excluded};
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
    if !flags.staged && flags.changed_since.is_none() && !flags.changed_lines {
        return Ok(None);
    }
    if paths.iter().any(|path| path.as_os_str() == "-") {
        let message = "standard input has no history, so nothing of it can have changed";
        return Err(Box::new(Diagnostic::error("flags/standard-input", message).help("name files, or nothing")));
    }
    let repository = Repository::around(&setups.configs.absolute(Path::new("")))?;
    let before = flags.changed_since.as_deref().map(|revision| repository.common(revision)).transpose()?;
    let compared = Compared { before, staged: flags.staged };
    let changed = changes(&repository, &compared, flags.changed_lines)?;
    let blobs = Arc::new(Blobs::of(&repository));
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
    if flags.staged {
        return Ok(Some(staged(&repository, &changed, paths, args, setups, change)));
    }
    let mut plan = plan_all(paths, args, setups);
    let new = untracked(&repository)?;
    let known: HashMap<PathBuf, &Changed> =
        changed.iter().map(|changed| (repository.top.join(&changed.path), changed)).collect();
    for item in &mut plan.items {
        let Item::Input(input) = item else { continue };
        let Some(absolute) = &input.absolute else { continue };
        input.change = match known.get(absolute) {
            Some(changed) => Some(change(changed)),
            None if new.contains(absolute) => None,
            None => {
                let blobs = Arc::clone(&blobs);
                Some(Change { blobs, staged: None, before: Before::Same, added: None })
            }
        };
    }
    Ok(Some(plan))
}

/// Files that git does not know, and does not ignore: all of them is new.
fn untracked(repository: &Repository) -> Result<HashSet<PathBuf>, Box<Diagnostic>> {
    let top = "--full-name";
    let list = repository.git(["ls-files", "--others", "--exclude-standard", "-z", top])?;
    let names = list.split(|&byte| byte == 0).filter(|name| !name.is_empty());
    Ok(names.map(|name| repository.top.join(path(name))).collect())
}

/// Those of the staged files that lie where was asked, as a walk would have chosen them, and those that were named.
fn staged(
    repository: &Repository,
    changed: &[Changed],
    paths: &[PathBuf],
    args: &InputArgs,
    setups: &mut Setups,
    change: impl Fn(&Changed) -> Change,
) -> Plan {
    let mut plan = Plan::default();
    let default = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &default[..] } else { paths };
    let asked: Vec<PathBuf> = paths.iter().map(|path| setups.configs.absolute(path)).collect();
    for one in changed.iter().filter(|one| one.now.is_some()) {
        let (absolute, shown) = repository.place(&one.path);
        let Some(under) = asked.iter().position(|asked| absolute.starts_with(asked)) else { continue };
        let name = shown.display().to_string();
        let root = asked.get(under).map_or(Path::new(""), PathBuf::as_path);
        let named = asked.contains(&absolute);
        let layers = setups.configs.layers(absolute.parent().unwrap_or(&absolute));
        let reason = match named {
            true if one.kind != Kind::File => continue,
            true if args.force_exclude && is_excluded(&absolute, &layers) => Err("excluded by selfless.toml"),
            true => Ok(Reason::Named),
            false if !is_entered(&absolute, root, &setups.configs) => continue,
            false => match choose(&absolute, one.kind, &layers) {
                Some(reason) => reason,
                None => continue,
            },
        };
        match reason {
            Err(why) => plan.skipped.push(Skipped { name, why }),
            Ok(reason) => {
                let folder = (!named).then(|| paths.get(under)).flatten();
                let folder = folder.map(|folder| Arc::from(folder.display().to_string()));
                plan.add(Chosen { path: shown, absolute, reason, folder }, args, setups);
                if let Some(Item::Input(input)) = plan.items.last_mut() {
                    input.change = Some(change(one));
                }
            }
        }
    }
    plan
}

/// Whether a walk from `root` would have come to a file.
fn is_entered(file: &Path, root: &Path, configs: &Configs) -> bool {
    let folders = file.ancestors().skip(1).take_while(|folder| *folder != root);
    folders.into_iter().all(|folder| enters(folder, &configs.layers(folder.parent().unwrap_or(folder))))
}
