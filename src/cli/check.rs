//! `selfless check`: reads drafts, has them judged, and writes what came of it.
//!
//! Invariant: the output is the same at any number of threads.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;

use super::args::CheckArgs;
use super::parallel::in_order;
use super::read::{read_file, read_stream, unreadable};
use super::session::{Outputs, Session, run_report};
use super::setup::{Flags, Setups};
use super::stream::lint_stream;
use super::terminal::Surroundings;
use super::walk::{Input, Item, Plan, plan};
use super::{Exit, list, unwritable};
use crate::diagnostic::{Diagnostic, Level, nearest};
use crate::document::{Format, Post, extract};
use crate::emit::{Look, OutputFormat};
use crate::explain;
use crate::lint::Context;
use crate::report::{FileReport, PostReport, Summary};
use crate::suppress;
use crate::text::{Source, Span};

const HINT: &str =
    "hint: no identity is configured, so only first person counts as self; selfless init writes one";

/// Up to this many files, and these many bytes, threads cost more than they save.
const FEW_FILES: usize = 16;
const FEW_BYTES: u64 = 256 << 10;

/// Runs the command.
pub(super) fn run(args: &CheckArgs, surroundings: Surroundings, look: Look) -> Exit {
    let mut setups = Setups::new(args.config.choice(), surroundings, Flags::of(args));
    let plan = plan(args, &mut setups);
    if args.input.list_files {
        return list::run(plan, setups, look);
    }
    let format = args.output.format.unwrap_or_else(|| default_format(&plan));
    let mut session = Session::new(Outputs::standard(format), format, look);
    let hint = format == OutputFormat::Human && !setups.has_identity();
    let threads = threads(args, &plan);
    let run = run_report(setups.fingerprint(), setups.take_diagnostics());
    let written = session
        .begin(&run.tool)
        .and_then(|()| lint(&plan, threads, &mut session))
        .and_then(|()| session.finish(run))
        .and_then(|()| if hint && is_judged(&session.summary) { session.remark(HINT) } else { Ok(()) });
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => unwritable(&error, look),
        _ => session.exit(args.judging.exit_zero),
    }
}

/// JSON lines are answered by JSON lines.
fn default_format(plan: &Plan) -> OutputFormat {
    let mut inputs = plan.inputs().peekable();
    let records = inputs.peek().is_some() && inputs.all(|input| input.format == Format::Jsonl);
    if records { OutputFormat::Jsonl } else { OutputFormat::Human }
}

/// Whether anything was there to be judged.
fn is_judged(summary: &Summary) -> bool {
    summary.posts > summary.unjudged
}

fn threads(args: &CheckArgs, plan: &Plan) -> usize {
    let files: Vec<_> = plan.inputs().filter_map(|input| input.path.as_ref()).collect();
    let length = |path| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    let few = || files.len() <= FEW_FILES && files.iter().map(length).sum::<u64>() <= FEW_BYTES;
    if files.len() < 2 || few() {
        return 1;
    }
    let asked = args.input.threads.map(usize::from);
    asked.or_else(|| available_parallelism().ok().map(NonZero::get)).unwrap_or(1).min(files.len())
}

fn lint(plan: &Plan, threads: usize, session: &mut Session<impl Write, impl Write>) -> io::Result<()> {
    in_order(&plan.items, threads, read_and_judge, |item, read| match (item, read) {
        (Item::Input(input), None) => lint_here(input, session),
        (Item::Trouble(_), None) => Ok(()),
        (_, Some(read)) => write(read, session),
    })
}

/// A file that was read, or the trouble with it.
type Read = Result<FileReport, Box<Diagnostic>>;

fn write(read: Read, session: &mut Session<impl Write, impl Write>) -> io::Result<()> {
    let report = match read {
        Ok(report) => {
            session.source();
            report
        }
        Err(diagnostic) => FileReport { diagnostics: vec![*diagnostic], ..FileReport::default() },
    };
    session.file(&report)
}

/// Judges one file; none for what comes in pieces or from standard input, which is read in its turn.
fn read_and_judge(item: &Item) -> Option<Read> {
    match item {
        Item::Trouble(diagnostic) => Some(Err(diagnostic.clone())),
        Item::Input(input) if input.format == Format::Jsonl => None,
        Item::Input(input) => {
            let path = input.path.as_ref()?;
            let source = read_file(path, &input.name, input.setup.max_file_size);
            Some(source.map(|source| judge_source(source, input)))
        }
    }
}

fn lint_here(input: &Input, session: &mut Session<impl Write, impl Write>) -> io::Result<()> {
    match (&input.path, input.format) {
        (None, Format::Jsonl) => lint_stream(&mut io::stdin().lock(), input, session),
        (None, _) => {
            let source = read_stream(io::stdin().lock(), &input.name, input.setup.max_file_size);
            write(source.map(|source| judge_source(source, input)), session)
        }
        (Some(path), _) => match File::open(path) {
            Ok(file) => lint_stream(&mut BufReader::new(file), input, session),
            Err(error) => write(Err(unreadable(&input.name, &error)), session),
        },
    }
}

fn judge_source(source: Source, input: &Input) -> FileReport {
    let extracted = extract(&Arc::new(source), input.format);
    let posts = extracted.posts.iter().map(|post| judge(post, input)).collect();
    let mut diagnostics = extracted.diagnostics;
    diagnostics.extend(extracted.posts.iter().flat_map(|post| remarks(post, input)));
    FileReport { posts, diagnostics, unreadable: None }
}

/// What a post names that nobody knows: rules to be quiet about, and its account where the config declares some.
pub(super) fn remarks(post: &Post, input: &Input) -> Vec<Diagnostic> {
    let mut remarks = suppress::unknown_names(post, input.setup.linter.rules());
    let declared: Vec<&str> = input.setup.accounts.names().collect();
    if let Some(name) = post.account.as_deref()
        && !declared.is_empty()
        && !declared.contains(&name)
    {
        let message = format!("no account is called `{name}`, so only `[identity]` says who self is");
        let remark = Diagnostic::new(Level::Warning, "input/unknown-account", message);
        let mut remark = remark.label(&post.source, Span::new(post.start, post.start), "");
        remark.help = nearest(name, declared).map(|near| format!("did you mean `{near}`?").into());
        remarks.push(remark);
    }
    remarks
}

/// Judges one post by the setup of its input.
pub(super) fn judge(post: &Post, input: &Input) -> PostReport {
    let setup = &input.setup;
    let account = setup.accounts.resolve(post, setup.account.as_deref(), input.absolute.as_deref());
    let context = Context { account, platforms: setup.platforms.clone(), intent: setup.intent };
    explain::lint(&setup.linter, post, &context, &setup.policy, setup.asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_judged_earns_the_hint() {
        let counts = |posts, unjudged| Summary { posts, unjudged, ..Summary::default() };
        assert!(is_judged(&counts(2, 1)));
        assert!(!is_judged(&counts(1, 1)) && !is_judged(&counts(0, 0)));
    }
}
