//! `selfless check`: reads drafts, has them judged, and writes what came of it.
//!
//! Invariant: the output is the same at any number of threads.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Instant;

use super::args::CheckArgs;
use super::draft::Reason;
use super::history::History;
use super::parallel::in_order;
use super::progress::Progress;
use super::read::{read_posts, unreadable};
use super::session::{Outputs, Session, run_report, tool};
use super::setup::{Flags, Setups};
use super::stream::lint_stream;
use super::terminal::{Surroundings, show, shows_progress};
use super::walk::{Input, Item, Plan, plan, without_posts};
use super::{Exit, list, output, unwritable};
use crate::diagnostic::{Diagnostic, Level, nearest};
use crate::document::{Post, Stated, extract_each};
use crate::emit::{Look, OutputFormat};
use crate::explain;
use crate::lint::Context;
use crate::report::{FileReport, PostReport, Summary};
use crate::suppress;
use crate::text::Source;

const HINT: &str =
    "hint: no identity is configured, so only first person counts as self; selfless init writes one";

/// Up to this many files, and these many bytes, threads cost more than they save.
const FEW_FILES: usize = 16;
const FEW_BYTES: u64 = 256 << 10;

/// Runs the command.
pub(super) fn run(args: &CheckArgs, surroundings: Surroundings, look: Look) -> Exit {
    let mut setups = Setups::new(args.config.choice(), surroundings, Flags::of(args));
    let mut plan = plan(&args.paths, &args.input, &mut setups);
    let folder = setups.configs.absolute(Path::new(""));
    output::leave_out(&mut plan, &args.output.output, &folder);
    if args.run.list_files {
        return list::run(plan, setups, look);
    }
    let format = args.output.format.unwrap_or_else(|| default_format(&plan));
    let drafts: Vec<_> = plan.inputs().filter_map(|input| input.absolute.as_deref()).collect();
    let files = match output::open(&args.output.output, &folder, &drafts, look) {
        Ok(files) => files,
        Err(mistakes) => {
            show(mistakes, look);
            return Exit::Trouble;
        }
    };
    let quiet = args.output.quiet;
    let session = Session::new(Outputs::standard(format, quiet), format, look);
    let total = plan.inputs().count();
    let progress = shows_progress(quiet).then(|| Progress::new(total, Instant::now()));
    let mut session = session.with_files(files).with_statistics(args.output.statistics).with_progress(progress);
    let hint = format == OutputFormat::Human && !quiet && !setups.has_identity();
    let threads = threads(args, &plan);
    let mut run = run_report(tool(setups.fingerprint(), setups.index()), setups.take_diagnostics());
    let written = session
        .begin(&run.tool)
        .and_then(|()| lint(&plan, threads, &mut session))
        .and_then(|unrecognised| {
            run.diagnostics.extend(without_posts(&plan, &unrecognised));
            session.finish(run)
        })
        .and_then(|()| if hint && is_judged(&session.summary) { session.remark(HINT) } else { Ok(()) });
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => unwritable(&error, look),
        _ => session.exit(args.judging.exit_zero),
    }
}

/// JSON lines are answered by JSON lines.
fn default_format(plan: &Plan) -> OutputFormat {
    let mut inputs = plan.inputs().peekable();
    let records = inputs.peek().is_some() && inputs.all(Input::is_stream);
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
    let asked = args.run.threads.map(usize::from);
    asked.or_else(|| available_parallelism().ok().map(NonZero::get)).unwrap_or(1).min(files.len())
}

/// Judges everything, and returns what a walk came upon that holds no posts.
fn lint<'p>(
    plan: &'p Plan,
    threads: usize,
    session: &mut Session<impl Write, impl Write>,
) -> io::Result<Vec<&'p Input>> {
    let mut unrecognised = Vec::new();
    in_order(&plan.items, threads, read_and_judge, |item, read| match (item, read) {
        (Item::Trouble(diagnostic), _) => session.file(&trouble(diagnostic)),
        (Item::Input(input), Some(Read::Unrecognised)) => {
            unrecognised.push(input);
            Ok(())
        }
        (Item::Input(input), Some(read)) => write(read, input, session),
        (Item::Input(input), None) => lint_here(input, session),
    })?;
    Ok(unrecognised)
}

/// What came of a file.
enum Read {
    /// It was read.
    Judged(Box<FileReport>),
    /// It was not.
    Trouble(Box<Diagnostic>),
    /// A walk came upon it, and it holds no posts.
    Unrecognised,
    /// It was looked through, and its posts are yet to be judged.
    Large(Large),
}

/// A source whose reports are not all held at a time: of a short post, a report takes many times the room of its text.
struct Large {
    source: Arc<Source>,
    /// What is left out, unless all is reported.
    history: Option<History>,
    /// What is wrong with the source; no posts.
    report: Box<FileReport>,
}

/// Sources of more bytes are read twice: first for what is said of all of their posts, then post by post.
const LARGE: usize = 2 << 20;

fn write(read: Read, input: &Input, session: &mut Session<impl Write, impl Write>) -> io::Result<()> {
    match read {
        Read::Judged(report) => {
            session.source();
            session.file(&report)
        }
        Read::Large(large) => judge_large(large, input, session),
        Read::Trouble(diagnostic) => session.file(&trouble(&diagnostic)),
        Read::Unrecognised => Ok(()),
    }
}

fn trouble(diagnostic: &Diagnostic) -> FileReport {
    FileReport { diagnostics: vec![diagnostic.clone()], ..FileReport::default() }
}

/// Judges one file; none for trouble and for what comes in pieces or from standard input, which has its turn later.
fn read_and_judge(item: &Item) -> Option<Read> {
    match item {
        Item::Trouble(_) => None,
        Item::Input(input) if input.is_stream() || input.path.is_none() => None,
        Item::Input(input) => Some(read_whole(input)),
    }
}

fn lint_here(input: &Input, session: &mut Session<impl Write, impl Write>) -> io::Result<()> {
    match &input.path {
        None if input.is_stream() => lint_stream(&mut io::stdin().lock(), input, session),
        None => write(read_whole(input), input, session),
        Some(path) => match File::open(path) {
            Ok(file) => lint_stream(&mut BufReader::new(file), input, session),
            Err(error) => write(Read::Trouble(unreadable(&input.name, &error)), input, session),
        },
    }
}

fn read_whole(input: &Input) -> Read {
    let limit = input.setup.max_file_size;
    match read_posts(input.path.as_deref(), &input.name, limit, input.format) {
        Ok(source) => judge_source(source, input),
        // A file that may well be anything else is no trouble.
        Err(diagnostic) if input.reason == Reason::Data && diagnostic.code != "input/unreadable" => {
            Read::Unrecognised
        }
        Err(diagnostic) => Read::Trouble(diagnostic),
    }
}

fn judge_source(source: Source, input: &Input) -> Read {
    let source = Arc::new(source);
    let large = source.text().len() > LARGE;
    let (mut posts, mut remarked, mut history) = (Vec::new(), Vec::new(), History::default());
    let outcome = extract_each(&source, &input.options(), &mut |post| {
        remarked.extend(remarks(&post, input));
        history.add(&post);
        if !large {
            posts.push(post);
        }
    });
    let mut diagnostics = outcome.diagnostics;
    match outcome.unrecognised {
        Some(_) if input.reason == Reason::Data => return Read::Unrecognised,
        Some(unrecognised) => diagnostics.push(*unrecognised),
        None => {}
    }
    diagnostics.extend(remarked);
    let history = (!input.setup.policy.all).then_some(history);
    diagnostics.extend(history.and_then(|history| history.note(source.name())));
    if large {
        let report = FileReport { diagnostics, ..FileReport::default() };
        return Read::Large(Large { source, history, report: Box::new(report) });
    }
    posts.retain(|post| history.is_none_or(|history| !history.leaves_out(post)));
    let posts = posts.iter().map(|post| judge(post, input)).collect();
    Read::Judged(Box::new(FileReport { posts, diagnostics, unreadable: None }))
}

/// Reads a large source once more, and writes the reports of its posts as they come.
fn judge_large(large: Large, input: &Input, session: &mut Session<impl Write, impl Write>) -> io::Result<()> {
    let Large { source, history, report } = large;
    session.source();
    session.file(&report)?;
    let mut written = Ok(());
    extract_each(&source, &input.options(), &mut |post| {
        if written.is_ok() && history.is_none_or(|history| !history.leaves_out(&post)) {
            written = session.file(&FileReport { posts: vec![judge(&post, input)], ..FileReport::default() });
        }
    });
    written
}

/// What a post names that nobody knows: rules to be quiet about, and its account where the config declares some.
pub(super) fn remarks(post: &Post, input: &Input) -> Vec<Diagnostic> {
    let mut remarks = suppress::unknown_names(post, input.setup.linter.rules());
    let declared: Vec<&str> = input.setup.accounts.names().collect();
    if let Some(Stated { value: name, span }) = &post.account
        && !declared.is_empty()
        && !declared.contains(&name.as_str())
    {
        let message = format!("no account is called `{name}`, so only `[identity]` says who self is");
        let remark = Diagnostic::new(Level::Warning, "input/unknown-account", message);
        let mut remark = remark.label(&post.source, *span, "");
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
