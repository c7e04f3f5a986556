//! `check --watch`: checks again whenever something that it reads has changed.
//!
//! Looks at names, times and lengths a few times a second: that costs next to nothing for what people write, needs no
//! service of the system, and works on network drives, and where an editor writes beside a file and renames. Does not end
//! by itself; Ctrl-C ends it as it ends any program. Invariant: what the run itself writes never starts another.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use super::args::CheckArgs;
use super::configs::{NAMES, absolute};
use super::setup::{Flags, Setups};
use super::terminal::{Surroundings, remark, show};
use super::walk::plan;
use super::{Exit, check, ignored};
use crate::diagnostic::Diagnostic;
use crate::emit::Look;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(250);
/// A look takes at most one part of so many of the time.
const SHARE: u32 = 10;
/// Wipes the screen and what was scrolled off it.
const WIPE: &str = "\u{1b}[2J\u{1b}[3J\u{1b}[H";

/// When a file was written, and how long it is.
type Mark = (Option<SystemTime>, u64);
type Marks = BTreeMap<PathBuf, Mark>;

/// Runs the command until somebody ends it.
pub(super) fn run(args: &CheckArgs, surroundings: &Surroundings, look: Look) -> Exit {
    if args.paths.iter().any(|path| path.as_os_str() == "-") || args.input.stdin_filename.is_some() {
        let message = "standard input cannot be watched";
        show(vec![Diagnostic::error("flags/standard-input", message).help("name a file")], look);
        return Exit::Trouble;
    }
    let clears = io::stdout().is_terminal();
    loop {
        let watched = Watched::of(args, surroundings);
        let before = watched.marks();
        if clears {
            let _ = write!(io::stdout(), "{WIPE}");
        }
        let mut closed = false;
        let exit = check::once(args, surroundings.clone(), look, &mut closed);
        if closed {
            return exit;
        }
        remark(&format!("watching {}; Ctrl-C ends it\n", said(before.len())));
        watched.wait(before);
    }
}

fn said(files: usize) -> String {
    if files == 1 { "1 file".to_owned() } else { format!("{files} files") }
}

/// What config names beside drafts: rule files, baselines, posts that are out, and other configs.
fn named(args: &CheckArgs, surroundings: &Surroundings) -> BTreeSet<PathBuf> {
    let mut setups = Setups::new(args.config.choice(), surroundings.clone(), Flags::of(args));
    let plan = plan(&args.paths, &args.input, &mut setups);
    let mut paths = BTreeSet::new();
    for input in plan.inputs() {
        let settings = &input.setup.origin.settings;
        let history = settings.queues.iter().flat_map(|queue| &queue.history);
        let lists = settings.rules.iter().chain(history).flat_map(|list| &list.value);
        paths.extend(lists.map(|one| one.path.clone()));
        paths.extend(settings.baseline.iter().map(|baseline| baseline.value.path.clone()));
        if let Some(folder) = input.absolute.as_deref().and_then(Path::parent) {
            let layers = setups.configs.layers(folder);
            paths.extend(layers.iter().map(|layer| PathBuf::from(layer.source.name())));
        }
    }
    paths
}

/// What a check reads.
struct Watched {
    /// Files and folders, absolute.
    roots: Vec<PathBuf>,
    /// Files of which some may not be there yet.
    files: BTreeSet<PathBuf>,
    /// What the check writes.
    written: Vec<PathBuf>,
}

impl Watched {
    fn of(args: &CheckArgs, surroundings: &Surroundings) -> Self {
        let here = &surroundings.folder;
        let absolute = |path: &PathBuf| absolute(here, path);
        let mut roots: Vec<PathBuf> =
            args.paths.iter().chain(&args.config.rules).chain(&args.queue.history).map(absolute).collect();
        if args.paths.is_empty() {
            roots.push(here.clone());
        }
        let config = args.config.config.iter().chain(&args.known.baseline).map(absolute);
        let mut files: BTreeSet<PathBuf> = config.chain(surroundings.user_config.clone()).collect();
        for folder in roots.iter().flat_map(|root| root.ancestors()) {
            files.extend(NAMES.map(|name| folder.join(name)));
        }
        let (folders, named): (Vec<_>, Vec<_>) =
            named(args, surroundings).iter().map(absolute).partition(|path| path.is_dir());
        roots.extend(folders);
        files.extend(named);
        let written = args.output.output.iter().map(|flag| absolute(&flag.path)).collect();
        Self { roots, files, written }
    }

    /// How everything stands now.
    fn marks(&self) -> Marks {
        let mut marks = Marks::new();
        let mut add = |path: &Path| {
            if let (Ok(metadata), false) = (fs::metadata(path), self.written.iter().any(|written| written == path))
            {
                marks.insert(path.to_owned(), (metadata.modified().ok(), metadata.len()));
            }
        };
        for root in &self.roots {
            // As a check walks, but for what config leaves out: whatever changes there, another look does no harm.
            // What is wrong with ignore files is told by the check.
            let _ = ignored::walk(
                root,
                |entry| entry.file_name() != ".git",
                |entry| {
                    if let Ok(entry) = entry
                        && entry.file_type().is_some_and(|kind| kind.is_file())
                    {
                        add(entry.path());
                    }
                },
            );
        }
        self.files.iter().for_each(|file| add(file));
        marks
    }

    /// Returns when something is no longer as it was, and has stayed so for a moment: an editor may write in several steps.
    fn wait(&self, before: Marks) {
        let mut last = before.clone();
        loop {
            let begun = Instant::now();
            let now = self.marks();
            if now != before && now == last {
                return;
            }
            last = now;
            sleep(PAUSE.max(begun.elapsed() * SHARE));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_read_or_gone_changes_the_marks() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at(".git")).unwrap();
        fs::write(at("a.md"), "a").unwrap();
        let watched = Watched {
            roots: vec![folder.path().to_owned()],
            files: BTreeSet::from([at("selfless.toml"), at("far/rules.toml")]),
            written: vec![at("out.md")],
        };
        let first = watched.marks();
        assert_eq!(first.len(), 1);
        for (name, text) in [(".git/index", "x"), ("out.md", "y")] {
            fs::write(at(name), text).unwrap();
            assert_eq!(watched.marks(), first, "{name}");
        }
        let mut before = first;
        fs::create_dir_all(at("far")).unwrap();
        for (name, text) in [("a.md", "ab"), ("new.md", ""), ("selfless.toml", ""), ("far/rules.toml", "")] {
            fs::write(at(name), text).unwrap();
            let now = watched.marks();
            assert_ne!(now, before, "{name}");
            before = now;
        }
        fs::remove_file(at("new.md")).unwrap();
        assert_ne!(watched.marks(), before);
    }
}
