//! `selfless eval`: reads labelled posts, has them judged, and prints the figures.
//!
//! Computes no figure. Invariant: what could be read is measured, and a line that could not ends as exit code 2.

mod shape;
mod table;

use std::io::{BufRead, BufReader};
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;

use super::args::EvalArgs;
use super::parallel::Workers;
use super::read::{Line, next_line, not_text, open_file, read_file, record_too_large, unreadable};
use super::session::tool;
use super::setup::{Flags, Setup, Setups};
use super::terminal::{Surroundings, is_trouble, show};
use super::{Exit, print};
use crate::config::{MAX_FILE_SIZE, Setting, unknown_pack};
use crate::diagnostic::{Diagnostic, Level};
use crate::emit::Look;
use crate::eval::report::JudgedSet;
use crate::eval::{Convention, Conventions, Evaluation, LabelledPost, judge, read_record};
use crate::report::RuleIndex;
use crate::text::Source;

/// More lines of one file than these are not told one by one: a file of another shape has nothing but mistakes.
const TOLD: usize = 20;

/// Posts that one thread judges before it looks for more.
const CHUNK: usize = 256;

/// Runs the command.
pub(super) fn run(args: &EvalArgs, surroundings: Surroundings, look: Look) -> Exit {
    let folder = surroundings.folder.clone();
    let levels = args.levels.settings.clone();
    let flags = Flags { levels, ..Flags::of_config(&args.config) };
    let mut setups = Setups::new(args.config.choice(), surroundings, flags);
    let setup = setups.of(&folder);
    let fingerprint = setups.fingerprint();
    let mut diagnostics = setups.take_diagnostics();
    let conventions = args.sets.as_deref().and_then(|path| read_conventions(path, &mut diagnostics));
    let mut sets = Vec::new();
    let known = setup.linter.rules().packs();
    let packs = conventions.iter().flat_map(Conventions::packs);
    diagnostics.extend(packs.filter_map(|pack| unknown_pack(pack, "sets", &known)));
    for path in &args.files {
        read_set(path, conventions.as_ref(), &setup, &mut sets, &mut diagnostics);
    }
    for set in &mut sets {
        judge_set(set, &setup);
    }
    let judged: Vec<JudgedSet> = sets.iter_mut().map(|set| std::mem::take(&mut set.judged)).collect();
    let evaluation = Evaluation::of(&judged, args.most_wrong);
    let text_of = |set: usize, post: usize| {
        let text = sets.get(set).and_then(|set| set.posts.get(post)).map(|post| post.text.as_str());
        text.filter(|_| args.show_text)
    };
    let exit = if is_trouble(&diagnostics) { Exit::Trouble } else { Exit::Clean };
    show(diagnostics, look);
    let rules = setup.linter.rules();
    let text = match args.format.as_str() {
        "json" => shape::json(&evaluation, rules, &tool(fingerprint, RuleIndex::default()), &text_of),
        _ => table::tables(&evaluation, rules, &text_of),
    };
    print(&text, look, exit)
}

/// The text of a post of a set, both by number, if it is to be shown.
type TextOf<'a> = dyn Fn(usize, usize) -> Option<&'a str> + 'a;

/// A set on its way.
#[derive(Default)]
struct Set {
    /// Those that are judged, in the order of their judgements.
    posts: Vec<LabelledPost>,
    packs: Vec<Setting<String>>,
    judged: JudgedSet,
}

/// None where the file cannot be read, which is told.
fn read_conventions(path: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<Conventions> {
    match read_file(path, &path.display().to_string(), MAX_FILE_SIZE) {
        Ok(source) => {
            let (conventions, mistakes) = Conventions::read(&Arc::new(source));
            diagnostics.extend(mistakes);
            Some(conventions)
        }
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            None
        }
    }
}

/// Reads a file into the set that it belongs to; files of one set become one.
fn read_set(
    path: &Path,
    conventions: Option<&Conventions>,
    setup: &Setup,
    sets: &mut Vec<Set>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let shown = path.display().to_string();
    let base = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let known = conventions.and_then(|conventions| conventions.of_file(&base));
    if conventions.is_some() && known.is_none() {
        let note = Diagnostic::new(Level::Note, "sets/unknown-file", "no set names this file").about(&shown);
        diagnostics.push(note.note("it is read as a set of its own, without a role"));
    }
    let unnamed = Convention::named(base);
    let convention = known.unwrap_or(&unnamed);
    let mut read = Reading { name: &shown, convention, posts: Vec::new(), left_out: 0, mistakes: Vec::new() };
    match open_file(path, &shown) {
        Ok((file, _)) => read.lines(&mut BufReader::new(file), setup.max_file_size),
        Err(mistake) => read.mistakes.push(*mistake),
    }
    let more = read.mistakes.len().saturating_sub(TOLD);
    diagnostics.extend(read.mistakes.into_iter().take(TOLD));
    if more > 0 {
        diagnostics.push(Diagnostic::error("input/more", format!("{more} more mistakes")).about(&shown));
    }
    let at = sets.iter().position(|set| set.judged.name == convention.name).unwrap_or(sets.len());
    if at == sets.len() {
        sets.push(Set::default());
    }
    if let Some(set) = sets.get_mut(at) {
        set.judged.name.clone_from(&convention.name);
        set.judged.roles.clone_from(&convention.roles);
        set.packs.clone_from(&convention.packs);
        set.judged.left_out += read.left_out;
        set.posts.extend(read.posts);
    }
}

/// One file as it is read.
struct Reading<'a> {
    name: &'a str,
    convention: &'a Convention,
    posts: Vec<LabelledPost>,
    left_out: u32,
    mistakes: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn lines(&mut self, stream: &mut impl BufRead, limit: u64) {
        let (mut bytes_before, mut lines_before) = (0, 0_u32);
        loop {
            let taken = match next_line(stream, limit) {
                Ok(None) => return,
                Ok(Some((Line::TooLong(start), taken))) => {
                    let start = Source::shown(self.name, &start, bytes_before, lines_before);
                    self.mistakes.push(*record_too_large(start, limit));
                    taken
                }
                Ok(Some((Line::Bytes(bytes), taken))) => {
                    match Source::decode_record(self.name, bytes, bytes_before, lines_before) {
                        Ok(source) if source.text().trim().is_empty() => {}
                        Ok(source) => self.record(&Arc::new(source)),
                        Err(error) => self.mistakes.push(*not_text(self.name, &error)),
                    }
                    taken
                }
                Err(error) => {
                    self.mistakes.push(*unreadable(self.name, &error));
                    return;
                }
            };
            bytes_before += taken;
            lines_before = lines_before.saturating_add(1);
        }
    }

    fn record(&mut self, source: &Arc<Source>) {
        match read_record(source, self.convention) {
            Ok(post) if post.class.is_none() => self.left_out += 1,
            Ok(post) => self.posts.push(post),
            Err(mistakes) => self.mistakes.extend(mistakes),
        }
    }
}

fn judge_set(set: &mut Set, setup: &Setup) {
    let threads = available_parallelism().map_or(1, NonZero::get);
    let chunks: Vec<&[LabelledPost]> = set.posts.chunks(CHUNK).collect();
    let judged = &mut set.judged.posts;
    let mut policy = setup.policy.clone();
    for pack in &set.packs {
        policy.switch_on(setup.linter.rules(), &pack.value);
    }
    let of_chunk = |chunk: &&[LabelledPost]| -> Vec<_> {
        chunk.iter().filter_map(|post| judge(&setup.linter, &policy, post)).collect()
    };
    let done: Result<(), std::convert::Infallible> =
        Workers::new(threads.min(chunks.len())).in_order(&chunks, of_chunk, |_, some| {
            judged.append(some);
            Ok(())
        });
    let Ok(()) = done;
}
