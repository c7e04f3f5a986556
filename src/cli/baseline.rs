//! `selfless baseline` and `check --baseline`: findings written down, and those that are known left out.
//!
//! Does not match them; `baseline` does. Invariant: only an earlier baseline is written over.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;

use super::args::JudgedArgs;
use super::check::judge_all;
use super::files::Files;
use super::group::Wanted;
use super::new_file::NewFile;
use super::read::read_file;
use super::session::{Outputs, Session};
use super::setup::{Flags, Setups};
use super::terminal::{Surroundings, is_trouble, show};
use super::{Exit, print};
use crate::baseline::{BEGINNING, Baseline, Known};
use crate::diagnostic::Diagnostic;
use crate::emit::clean::line;
use crate::emit::{Emitter, Look, Streams};
use crate::report::{FileReport, RunReport, Tool};

/// Larger files are no baselines, in bytes.
const LARGEST: u64 = 64 << 20;

#[derive(Debug, Args)]
pub(super) struct BaselineArgs {
    /// Files and folders with drafts, or - for standard input; the current folder if none is given
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// The file to write; only an earlier baseline is written over
    #[arg(short, long, value_name = "FILE", default_value = "selfless-baseline.txt", help_heading = "Output")]
    pub(super) output: PathBuf,
    /// Only take out of the file what is found no more
    #[arg(long, help_heading = "Output")]
    pub(super) prune: bool,
    #[command(flatten)]
    pub(super) judged: JudgedArgs,
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
    fn begin(&mut self, _: &Tool, _: &mut Streams<'_>) -> io::Result<()> {
        Ok(())
    }

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

/// Runs the command.
pub(super) fn run(args: &BaselineArgs, surroundings: Surroundings, look: Look) -> Exit {
    let place = surroundings.folder.join(&args.output);
    let name = args.output.display().to_string();
    let old = match earlier(&place, &name, args.prune) {
        Ok(old) => old,
        Err(mistakes) => {
            show(mistakes, look);
            return Exit::Trouble;
        }
    };
    let recorder = Recorder::default();
    let exit = match record(args, surroundings, &recorder) {
        Ok(exit) => exit,
        Err(error) => return super::unwritable(&error, look),
    };
    let (found, diagnostics) = std::mem::take(&mut *recorder.0.lock().unwrap_or_else(PoisonError::into_inner));
    show(diagnostics, look);
    let (kept, said) = match old.filter(|_| args.prune) {
        // What was not read may still be there.
        Some(_) if exit == Exit::Trouble => return Exit::Trouble,
        Some(old) => {
            let gone = old.clone().without(&found);
            let said = format!("took {} of {} entries out of {}\n", gone.count(), old.count(), line(&name));
            (old.without(&gone), said)
        }
        None => {
            let said = format!("wrote {} findings to {}\n", found.count(), line(&name));
            (found, said)
        }
    };
    let written = NewFile::create(&place).and_then(|mut file| {
        file.write_all(kept.text().as_bytes())?;
        file.finish()
    });
    match written {
        Ok(()) => print(&said, look, exit),
        Err(error) => {
            let message = format!("cannot be written: {error}");
            show(vec![Diagnostic::error("output/unwritable", message).about(name)], look);
            Exit::Trouble
        }
    }
}

/// The baseline that is there; none where there is none yet.
fn earlier(place: &Path, name: &str, needed: bool) -> Result<Option<Baseline>, Vec<Diagnostic>> {
    if !place.exists() && !needed {
        return Ok(None);
    }
    let source = read_file(place, name, LARGEST).map_err(|mistake| vec![*mistake])?;
    if !needed && (source.text().starts_with(BEGINNING) || source.text().is_empty()) {
        return Ok(None);
    }
    let (baseline, mistakes) = Baseline::read(&Arc::new(source));
    if mistakes.is_empty() {
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

/// Has everything judged. Drafts that fail are not failures of the command.
fn record(args: &BaselineArgs, surroundings: Surroundings, recorder: &Recorder) -> io::Result<Exit> {
    let given = &args.judged;
    let mut setups = Setups::new(given.config.choice(), surroundings, Flags::of_all(given));
    let outputs = Outputs { out: io::sink(), err: io::sink(), live: false };
    let mut session = Session::with(outputs, Box::new(recorder.clone()), Wanted::Drafts);
    judge_all(&args.paths, &given.input, given.threads, &mut setups, &mut session)?;
    Ok(session.exit(true))
}

/// Reads the baseline that a run is held against.
pub(super) fn known(files: &Files, path: &Path, name: &str) -> Result<Known, Vec<Diagnostic>> {
    let source = files.read(path, name, LARGEST).map_err(|mistake| vec![*mistake])?;
    let (baseline, mistakes) = Baseline::read(&Arc::new(source));
    if is_trouble(&mistakes) { Err(mistakes) } else { Ok(Known::new(baseline)) }
}

/// What is said of a baseline at the end of a run; of entries that matched nothing only where a folder was `walked`
/// through, since a few named files are not all there is.
pub(super) fn said(known: &Known, name: &str, walked: bool) -> Vec<String> {
    let mut said = Vec::new();
    match known.hidden() {
        0 => {}
        1 => said.push("1 finding stands in the baseline and is not shown".to_owned()),
        count => said.push(format!("{count} findings stand in the baseline and are not shown")),
    }
    let left = known.left().count();
    if walked && left > 0 {
        let entries = if left == 1 { "1 entry matches" } else { &format!("{left} entries match") };
        let name = line(name);
        said.push(format!(
            "hint: {entries} nothing that was found; selfless baseline --prune -o {name} takes such out"
        ));
    }
    said
}
