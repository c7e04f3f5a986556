//! The baselines that a check is held against: the one of the flag, or those that config names.
//!
//! Does not match findings. Invariant: what matched nothing is told only where all was read that the baseline covers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::LARGEST;
use crate::baseline::{Baseline, Known};
use crate::cli::args::CheckArgs;
use crate::cli::check::is_limited;
use crate::cli::configs;
use crate::cli::draft::{BASELINE, Reason};
use crate::cli::files::Files;
use crate::cli::terminal::is_trouble;
use crate::cli::walk::{Input, Plan};
use crate::config::{PathSetting, Setting};
use crate::diagnostic::{Diagnostic, Level};
use crate::emit::clean::line;
use crate::report::{PostReport, QueueReport};

/// So many rules are named where entries match nothing.
const MOST_RULES: usize = 5;

/// What a run reads, as far as a baseline must know it.
#[derive(Debug)]
pub(in crate::cli) struct Reading<'a> {
    paths: &'a [PathBuf],
    here: &'a Path,
    files: Files,
    /// Whether all posts of what is read are reported, by all rules.
    all: bool,
}

impl<'a> Reading<'a> {
    /// That of `check`.
    pub(in crate::cli) fn of(args: &'a CheckArgs, here: &'a Path, files: Files) -> Self {
        let off = args.judging.levels.settings.iter().any(|flag| flag.level == Level::Off);
        Self { paths: &args.paths, here, files, all: !off && !is_limited(args) }
    }

    /// Whether it takes in an absolute path; nothing is left to read where there is nothing.
    fn takes_in(&self, path: &Path) -> bool {
        let default = [PathBuf::from(".")];
        let paths = if self.paths.is_empty() { &default[..] } else { self.paths };
        path.symlink_metadata().is_err()
            || paths.iter().any(|asked| path.starts_with(configs::absolute(self.here, asked)))
    }
}

/// Baselines of one run.
#[derive(Debug, Default)]
pub(in crate::cli) struct Baselines {
    all: Vec<One>,
    /// Whether the first is for all files.
    by_flag: bool,
}

#[derive(Debug)]
struct One {
    path: PathBuf,
    name: String,
    known: Known,
    /// Whether all that it covers is read.
    whole: bool,
}

impl Baselines {
    /// Those of the flag or of the setups of a plan, without those that config names and that cannot be read, and what is wrong
    /// with these.
    ///
    /// # Errors
    /// What is wrong with that of the flag.
    pub(in crate::cli) fn read(
        plan: &Plan,
        args: &CheckArgs,
        reading: &Reading<'_>,
    ) -> Result<(Self, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut baselines = Self { all: Vec::new(), by_flag: args.baseline.is_some() };
        let mut mistakes = Vec::new();
        if let Some(path) = &args.baseline {
            let absolute = configs::absolute(reading.here, path);
            baselines.all.push(One::read(absolute, path.display().to_string(), plan, reading)?);
        } else if !args.no_baseline {
            let mut tried: Vec<&Path> = Vec::new();
            for setting in plan.inputs().filter_map(setting) {
                let path = &*setting.value.path;
                if tried.contains(&path) {
                    continue;
                }
                tried.push(path);
                let absolute = configs::absolute(reading.here, path);
                let name = super::relative(&absolute, reading.here);
                match One::read(absolute, name, plan, reading) {
                    Ok(one) => baselines.all.push(one),
                    Err(wrong) => mistakes.extend(wrong.into_iter().map(|one| placed(one, setting))),
                }
            }
        }
        Ok((baselines, mistakes))
    }

    fn of(&mut self, input: &Input) -> Option<&mut Known> {
        if self.by_flag {
            return self.all.first_mut().map(|one| &mut one.known);
        }
        let path = configs::absolute(Path::new(""), &setting(input)?.value.path);
        self.all.iter_mut().find(|one| one.path == path).map(|one| &mut one.known)
    }

    /// Whether there is none.
    pub(in crate::cli) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Hides what is known of the posts of an input.
    pub(in crate::cli) fn hide_in_posts(&mut self, input: &Input, posts: &mut [PostReport]) {
        if let Some(known) = self.of(input) {
            posts.iter_mut().for_each(|post| known.hide_in_post(post));
        }
    }

    /// Hides what is known of a queue.
    pub(in crate::cli) fn hide_in_queue(&mut self, queue: &mut QueueReport) {
        self.all.iter_mut().for_each(|one| one.known.hide_in_queue(queue));
    }

    /// What is said of entries that matched nothing, when all is judged.
    pub(in crate::cli) fn unmatched(&self) -> Vec<Diagnostic> {
        self.all.iter().filter(|one| one.whole).filter_map(One::unmatched).collect()
    }

    /// How many findings were hidden, in words.
    pub(in crate::cli) fn said(&self) -> Option<String> {
        match self.all.iter().map(|one| one.known.hidden()).sum() {
            0 => None,
            1 => Some("1 finding stands in the baseline and is not shown".to_owned()),
            count => Some(format!("{count} findings stand in the baseline and are not shown")),
        }
    }
}

impl One {
    fn read(path: PathBuf, name: String, plan: &Plan, reading: &Reading<'_>) -> Result<Self, Vec<Diagnostic>> {
        let source = reading.files.read(&path, &name, LARGEST).map_err(|mistake| {
            let help = format!("`selfless baseline -o {}` writes one", line(&name));
            vec![if reading.files.holds(&path) || mistake.help.is_some() { *mistake } else { mistake.help(help) }]
        })?;
        let (baseline, mistakes) = Baseline::read(&Arc::new(source));
        if is_trouble(&mistakes) {
            return Err(mistakes);
        }
        let folder = path.parent().unwrap_or(&path);
        let covers = |covered: &String| reading.takes_in(&configs::absolute(folder, Path::new(covered)));
        let whole = match baseline.covers.is_empty() {
            // It does not say what it covers: a few named files are not all there is.
            true => plan.inputs().any(|input| input.reason != Reason::Named),
            false => baseline.covers.iter().all(covers),
        };
        Ok(Self { path, name, known: Known::new(baseline), whole: whole && reading.all })
    }

    fn unmatched(&self) -> Option<Diagnostic> {
        let left = self.known.left();
        let entries = match left.count() {
            0 => return None,
            1 => "1 entry matches".to_owned(),
            count => format!("{count} entries match"),
        };
        let rules = left.by_rule();
        let mut named: Vec<String> =
            rules.iter().take(MOST_RULES).map(|(rule, count)| format!("{count} of {rule}")).collect();
        if let Some(more) = rules.len().checked_sub(MOST_RULES).filter(|more| *more > 0) {
            named.push(format!("and of {more} rules more"));
        }
        let message = format!("{entries} nothing that was found: {}", named.join(", "));
        let flag = if self.name == BASELINE { String::new() } else { format!(" -o {}", line(&self.name)) };
        let paths = if left.covers.is_empty() { " PATH" } else { "" };
        let note = Diagnostic::new(Level::Note, "baseline/unmatched", message).about(self.name.clone());
        Some(note.help(format!("`selfless baseline --prune{flag}{paths}` takes such out")))
    }
}

/// What config names for an input.
fn setting(input: &Input) -> Option<&Setting<PathSetting>> {
    input.setup.origin.settings.baseline.as_ref()
}

/// A mistake of a file, at the place that names the file where it has none of its own.
fn placed(mistake: Diagnostic, setting: &Setting<PathSetting>) -> Diagnostic {
    if mistake.labels.is_empty() { mistake.label(&setting.source, setting.span, "") } else { mistake }
}
