//! `selfless baseline`: findings written down, and taken out again when they are gone.
//!
//! Does not match them; `baseline` does. Invariant: only an earlier baseline is written over, and nothing is taken out of
//! one unless all that it covers was read.

mod held;

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;

use super::args::JudgedArgs;
use super::check::judge_all;
use super::draft::BASELINE;
use super::group::Wanted;
use super::new_file::NewFile;
use super::read::{read_file, unwritable_file};
use super::session::{Outputs, Session};
use super::setup::{Flags, Setups};
use super::terminal::{Surroundings, show};
use super::{Exit, configs, print};
use crate::baseline::{BEGINNING, Baseline};
use crate::diagnostic::{Diagnostic, Level};
use crate::emit::clean::line;
use crate::emit::{Emitter, Look, Streams};
use crate::report::{FileReport, RunReport};

pub(super) use self::held::{Baselines, Reading};

/// So many sources are named in which more may be found.
const MOST_NAMES: usize = 5;

/// Larger files are no baselines, in bytes.
const LARGEST: u64 = 64 << 20;

#[derive(Debug, Args)]
pub(super) struct BaselineArgs {
    /// Files and folders with drafts, or - for standard input; if none is given, those of the earlier baseline, or the current folder
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// The file to write; only an earlier baseline is written over [default: that of the configuration, or selfless-baseline.txt]
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
    /// Only take out of the file what is found no more in all that it covers
    #[arg(long, help_heading = "Output", conflicts_with_all = ["drafts", "since", "until"])]
    pub(super) prune: bool,
    #[command(flatten)]
    pub(super) judged: JudgedArgs,
}

/// Which findings are known and not shown.
#[derive(Debug, Args)]
#[command(next_help_heading = "Judging")]
pub(super) struct KnownArgs {
    /// Leave out findings that stand in this baseline; they are scored, and fail nothing [default: that of the configuration]
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Show all findings, whatever baseline the configuration names
    #[arg(long, conflicts_with = "baseline")]
    pub(super) no_baseline: bool,
}

/// Writes nothing, and keeps all findings and what went wrong.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<(Baseline, Vec<Diagnostic>)>>);

impl Recorder {
    fn with(&self, act: impl FnOnce(&mut Baseline, &mut Vec<Diagnostic>)) -> io::Result<()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (baseline, diagnostics) = &mut *kept;
        act(baseline, diagnostics);
        Ok(())
    }
}

impl Emitter for Recorder {
    fn file(&mut self, file: &FileReport, _: &mut Streams<'_>) -> io::Result<()> {
        self.with(|baseline, diagnostics| {
            file.posts.iter().for_each(|post| baseline.add_post(post));
            diagnostics.extend(file.diagnostics.iter().cloned());
        })
    }

    fn finish(&mut self, run: &RunReport, _: &mut Streams<'_>) -> io::Result<()> {
        self.with(|baseline, diagnostics| {
            run.queues.iter().for_each(|queue| baseline.add_queue(queue));
            diagnostics.extend(run.diagnostics.iter().cloned());
        })
    }
}

/// The file that is written: as it is shown, and absolute.
struct Place {
    name: String,
    path: PathBuf,
}

impl Place {
    /// By the flag, or else by the config over what is named, or over the current folder.
    fn find(args: &BaselineArgs, setups: &mut Setups) -> Self {
        let here = setups.configs.absolute(Path::new(""));
        let mut of_config = |folder: &Path| {
            let setup = setups.of(folder);
            setup.origin.settings.baseline.as_ref().map(|setting| setting.value.path.clone())
        };
        // By the config that a check of these paths finds, where that is one.
        let mut folders = args.paths.iter().map(|path| {
            let path = configs::absolute(&here, path);
            if path.is_dir() { path } else { path.parent().map_or_else(|| here.clone(), Path::to_owned) }
        });
        let nearest = folders.next().and_then(|first| {
            let first = of_config(&first);
            first.filter(|first| folders.all(|folder| of_config(&folder).as_ref() == Some(first)))
        });
        let written =
            args.output.clone().or(nearest).or_else(|| of_config(&here)).unwrap_or_else(|| BASELINE.into());
        let path = configs::absolute(&here, &written);
        let name = if args.output.is_some() { written.display().to_string() } else { relative(&path, &here) };
        Self { name, path }
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }
}

/// The way from an absolute folder to an absolute path, with `/` between its steps.
fn way(path: &Path, folder: &Path) -> OsString {
    let shared = path.components().zip(folder.components()).take_while(|(one, other)| one == other).count();
    if shared == 0 {
        return path.as_os_str().to_owned();
    }
    let up = folder.components().skip(shared).map(|_| OsStr::new(".."));
    let down = path.components().skip(shared).map(Component::as_os_str);
    let steps: Vec<&OsStr> = up.chain(down).collect();
    if steps.is_empty() { ".".into() } else { steps.join(OsStr::new("/")) }
}

/// The same, as it is shown.
fn relative(path: &Path, folder: &Path) -> String {
    way(path, folder).to_string_lossy().into_owned()
}

/// What is read, and what is then covered; and what was covered and is gone.
struct Scope {
    paths: Vec<PathBuf>,
    covers: BTreeSet<String>,
    gone: Vec<String>,
}

impl Scope {
    /// Those that were named, or else those of the earlier baseline that are still there, or else the current folder.
    fn of(
        args: &BaselineArgs,
        place: &Place,
        old: Option<&Baseline>,
        here: &Path,
    ) -> Result<Self, Box<Diagnostic>> {
        let known: Vec<(&String, PathBuf)> = old
            .iter()
            .flat_map(|old| &old.covers)
            .map(|path| (path, configs::absolute(place.folder(), Path::new(path))))
            .collect();
        let is_there = |(_, path): &&(&String, PathBuf)| path.symlink_metadata().is_ok();
        if args.paths.is_empty() && !known.is_empty() {
            let there: Vec<_> = known.iter().filter(is_there).collect();
            if there.is_empty() {
                let message = "nothing that it covers is there";
                let help = "name files or folders to write it anew";
                return Err(Box::new(
                    Diagnostic::error("baseline/nothing-there", message).about(&place.name).help(help),
                ));
            }
            let gone = known.iter().filter(|one| !is_there(one)).map(|(name, _)| (*name).clone()).collect();
            let paths = there.iter().map(|(_, path)| way(path, here).into()).collect();
            return Ok(Self { paths, covers: there.into_iter().map(|(name, _)| (*name).clone()).collect(), gone });
        }
        let default = [PathBuf::from(".")];
        let paths = if args.paths.is_empty() { &default[..] } else { &args.paths };
        let named: Vec<PathBuf> = paths
            .iter()
            .filter(|path| path.as_os_str() != "-")
            .map(|path| configs::absolute(here, path))
            .collect();
        let left =
            known.iter().filter(is_there).find(|(_, path)| !named.iter().any(|named| path.starts_with(named)));
        if let Some((name, _)) = left {
            let (message, help) = if args.prune {
                let message = format!("it also covers {name}, so what is found no more cannot be told");
                (message, "without paths, --prune reads all that it covers")
            } else {
                let message = format!("it also covers {name}, of which nothing would be known any more");
                (message, "without paths, all that it covers is written anew; take the file away to begin again")
            };
            return Err(Box::new(Diagnostic::error("baseline/partial", message).about(&place.name).help(help)));
        }
        let covers = named.iter().map(|path| {
            // Written down in other letters it would be another path, which is not there.
            way(path, place.folder()).into_string().map_err(|way| no_text(&way, place))
        });
        let covers = covers.collect::<Result<_, _>>()?;
        Ok(Self { paths: paths.to_vec(), covers, gone: Vec::new() })
    }
}

fn no_text(way: &OsStr, place: &Place) -> Box<Diagnostic> {
    let message = format!("{} is not UTF-8, and a baseline is", line(&way.to_string_lossy()));
    let help = "name the folder that it lies in, or give it another name";
    Box::new(Diagnostic::error("baseline/not-utf8", message).about(&place.name).help(help))
}

/// Runs the command.
pub(super) fn run(args: &BaselineArgs, surroundings: Surroundings, look: Look) -> Exit {
    match write(args, surroundings, look) {
        Ok(exit) => exit,
        Err(mistakes) => {
            show(mistakes, look);
            Exit::Trouble
        }
    }
}

fn write(args: &BaselineArgs, surroundings: Surroundings, look: Look) -> Result<Exit, Vec<Diagnostic>> {
    let given = &args.judged;
    let here = surroundings.folder.clone();
    let mut setups = Setups::new(given.config.choice(), surroundings, Flags::of_all(given));
    let place = Place::find(args, &mut setups);
    let old = earlier(&place.path, &place.name, args.prune)?;
    let scope = Scope::of(args, &place, old.as_ref(), &here).map_err(|mistake| vec![*mistake])?;
    let recorder = Recorder::default();
    let (exit, unsure) = match record(args, &scope.paths, &mut setups, &recorder) {
        Ok(recorded) => recorded,
        Err(error) => return Ok(super::unwritable(&error, look)),
    };
    let (mut found, mut diagnostics) =
        std::mem::take(&mut *recorder.0.lock().unwrap_or_else(PoisonError::into_inner));
    // Where the last draft of a folder is gone, nothing is left in it; other trouble may hide what is still there.
    let hides = |one: &Diagnostic| one.level == Level::Error && one.code != "input/no-drafts";
    let hidden = exit == Exit::Trouble && (diagnostics.is_empty() || diagnostics.iter().any(hides));
    if args.prune && (hidden || !unsure.is_empty()) {
        diagnostics.extend((!unsure.is_empty()).then(|| may_hold_more(&unsure, &place)));
        return Err(diagnostics);
    }
    let exit = if args.prune { Exit::Clean } else { exit };
    found.covers = scope.covers;
    let (kept, mut said) = match old.filter(|_| args.prune) {
        Some(old) => {
            let gone = old.clone().without(&found);
            let said = format!("took {} of {} entries out of {}\n", gone.count(), old.count(), line(&place.name));
            let mut kept = old.without(&gone);
            kept.covers = found.covers;
            (kept, said)
        }
        None => {
            let said = format!("wrote {} findings to {}\n", found.count(), line(&place.name));
            (found, said)
        }
    };
    for gone in &scope.gone {
        said.push_str(&format!("{} is gone, and is covered no more\n", line(gone)));
    }
    show(diagnostics, look);
    let written = NewFile::create(&place.path).and_then(|mut file| {
        file.write_all(kept.text().as_bytes())?;
        file.finish()
    });
    match written {
        Ok(()) => Ok(print(&said, look, exit)),
        Err(error) => Err(vec![unwritable_file(&place.name, "", &error)]),
    }
}

/// The baseline that is there; none where there is none yet. Where it is not `needed`, what of it can be read is enough.
fn earlier(place: &Path, name: &str, needed: bool) -> Result<Option<Baseline>, Vec<Diagnostic>> {
    if !place.exists() && !needed {
        return Ok(None);
    }
    let source = read_file(place, name, LARGEST).map_err(|mistake| vec![*mistake])?;
    let ours = source.text().starts_with(BEGINNING) || source.text().is_empty();
    let (baseline, mistakes) = Baseline::read(&Arc::new(source));
    if mistakes.is_empty() || ours && !needed {
        return Ok(Some(baseline));
    }
    let is_other = mistakes.iter().any(|mistake| mistake.code == "baseline/unknown");
    if is_other && !needed {
        let message = "another file is there, and it is no baseline";
        let help = "name another file with `-o`, or take this one away first";
        return Err(vec![Diagnostic::error("output/not-a-baseline", message).about(name).help(help)]);
    }
    Err(mistakes)
}

fn may_hold_more(names: &[String], place: &Place) -> Diagnostic {
    let mut named: Vec<String> = names.iter().take(MOST_NAMES).map(|name| line(name).into_owned()).collect();
    if let Some(more @ 1..) = names.len().checked_sub(MOST_NAMES) {
        named.push(format!("{more} more"));
    }
    let named = named.join(", ");
    let message = format!("nothing is taken out, for more may be found in what it covers than was told: {named}");
    Diagnostic::error("baseline/unsure", message)
        .about(&place.name)
        .help("mend these files or raise the limit; where they are no drafts, `exclude` in selfless.toml says so")
}

/// Has everything judged, and returns the sources in which more may be found than was told. Drafts that fail are not failures
/// of the command.
fn record(
    args: &BaselineArgs,
    paths: &[PathBuf],
    setups: &mut Setups,
    recorder: &Recorder,
) -> io::Result<(Exit, Vec<String>)> {
    let given = &args.judged;
    let outputs = Outputs { out: io::sink(), err: io::sink(), live: false };
    let mut session = Session::with(outputs, Box::new(recorder.clone()), Wanted::Drafts);
    judge_all(paths, &given.input, given.threads, setups, &mut session)?;
    Ok((session.exit(true), session.unsure_of().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_leads_up_and_down() {
        #[track_caller]
        fn check(path: &str, folder: &str, expected: &str) {
            assert_eq!(relative(Path::new(path), Path::new(folder)), expected);
        }
        check("/a/b/c", "/a", "b/c");
        check("/a", "/a", ".");
        check("/a/x", "/a/b/c", "../../x");
        check("/x", "/a", "../x");
    }
}
