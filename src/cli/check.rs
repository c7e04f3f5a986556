//! `selfless check`: reads drafts, has them judged, and writes what came of it.
//!
//! Invariant: the output is the same at any number of threads.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::available_parallelism;
use std::time::Instant;

use super::args::{CheckArgs, InputArgs};
use super::baseline::{Baselines, Reading};
use super::bug;
use super::group::{Group, Unit, units};
use super::open::{Judged, Opened, Read, Tally, read_whole};
use super::parallel::Workers;
use super::past::read_past;
use super::progress::Progress;
use super::read::unreadable;
use super::session::{Outputs, Session, run_report, tool};
use super::setup::{Flags, Setups};
use super::stream::{STREAM_BYTES, Stream};
use super::terminal::{Surroundings, show, shows_progress};
use super::walk::{Input, Item, Plan, WithoutPosts, plan as plan_all, without_posts};
use super::{Exit, add_ignores, fix, git, list, output, quiet, unwritable};
use crate::diagnostic::{Diagnostic, Level, nearest};
use crate::document::{Directives, Post, Stated};
use crate::emit::{Look, OutputFormat};
use crate::report::{FileReport, Summary, Tool};
use crate::suppress::{self, Holder};

/// What people without an identity are told.
pub(super) const HINT: &str =
    "hint: no identity is configured, so only first person counts as self; selfless init writes one";

/// Up to this many files, and these many bytes, threads cost more than they save.
const FEW_FILES: usize = 16;
const FEW_BYTES: u64 = 256 << 10;

/// Runs the command.
pub(super) fn run(args: &CheckArgs, surroundings: Surroundings, look: Look) -> Exit {
    once(args, surroundings, look, &mut false)
}

/// Checks once; `closed` says afterwards whether nobody reads what is written.
pub(super) fn once(args: &CheckArgs, surroundings: Surroundings, look: Look, closed: &mut bool) -> Exit {
    let added = add_ignores::apply(args, &surroundings);
    let mut setups = Setups::new(args.config.choice(), surroundings, Flags::of(args));
    let (mut plan, wrong) = match planned(args, &mut setups) {
        Ok(planned) => planned,
        Err(mistake) => {
            show(vec![*mistake], look);
            return Exit::Trouble;
        }
    };
    let folder = setups.configs.absolute(Path::new(""));
    let drafts = output::leave_out(&mut plan, &args.output.output, args.known.baseline.as_deref(), &folder);
    if args.run.list_files {
        return list::run(plan, setups, look);
    }
    if args.fixes.diff {
        return fix::show_diff(&plan, &mut setups, &args.fixes, look);
    }
    let format = args.output.format.unwrap_or_else(|| default_format(&plan));
    let (known, unread) = match Baselines::read(&plan, args, &Reading::of(args, &folder, setups.configs.files())) {
        Ok(known) => known,
        Err(mistakes) => {
            show(mistakes, look);
            return Exit::Trouble;
        }
    };
    let drafts: Vec<_> = plan
        .inputs()
        .filter_map(|input| input.absolute.as_deref())
        .chain(drafts.iter().map(|path| &**path))
        .collect();
    let files = match output::open(&args.output.output, &folder, (&drafts, &setups.configs.files().noted()), look)
    {
        Ok(files) => files,
        Err(mistakes) => {
            show(mistakes, look);
            return Exit::Trouble;
        }
    };
    let applied = if args.fixes.fix { fix::apply(&plan, &args.fixes) } else { fix::Applied::default() };
    let silent = args.output.quiet;
    let limited = is_limited(args);
    let session = Session::new(Outputs::standard(format, silent), format, look);
    let total = plan.inputs().count();
    let progress = shows_progress(silent).then(|| Progress::new(total, Instant::now()));
    let mut session = session
        .with_files(files)
        .with_statistics(args.output.statistics)
        .with_progress(progress)
        .with_known(known);
    let hint = format == OutputFormat::Human && !silent && !args.config.no_config && !setups.has_identity();
    let workers = Workers::new(threads(args.run.threads, &plan));
    let mut run = run_report(with_pages(&setups, &plan), setups.take_diagnostics());
    run.diagnostics.extend(wrong);
    run.diagnostics.extend(unread);
    run.diagnostics.extend(applied.diagnostics.iter().chain(&added.diagnostics).cloned());
    let written = session
        .begin(&run.tool)
        .and_then(|()| lint(&plan, &workers, &mut session))
        .and_then(|unrecognised| {
            run.diagnostics.extend(without_posts(&plan, &unrecognised));
            if let Some(used) = session.used().filter(|_| !limited) {
                run.diagnostics.extend(quiet::unused_entries(&setups, &plan, used));
            }
            session.fail_on_flaws(&run.diagnostics, &setups);
            session.finish(run)
        })
        .and_then(|()| session.known().said().map_or(Ok(()), |said| session.remark(&said)))
        .and_then(|()| applied.said().iter().chain(&added.said()).try_for_each(|said| session.remark(said)))
        .and_then(|()| if hint && is_judged(&session.summary) { session.remark(HINT) } else { Ok(()) });
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => unwritable(&error, look),
        written => {
            *closed = written.is_err();
            session.exit(args.judging.exit_zero)
        }
    }
}

/// What is checked, with what is wrong in what was posted before.
pub(super) fn planned(args: &CheckArgs, setups: &mut Setups) -> Result<(Plan, Vec<Diagnostic>), Box<Diagnostic>> {
    let changed = git::plan::plan(&args.changes, &args.paths, &args.input, setups)?;
    let mut plan = changed.unwrap_or_else(|| plan_all(&args.paths, &args.input, setups));
    let wrong = read_past(&mut plan, &args.input, setups);
    Ok((plan, wrong))
}

/// Whether flags leave out posts of the files that are read, so that what is known or hidden may well stand elsewhere.
pub(super) fn is_limited(args: &CheckArgs) -> bool {
    let window = args.queue.since.is_some() || args.queue.until.is_some();
    args.changes.is_asked() || window || args.input.drafts
}

/// JSON lines are answered by JSON lines.
fn default_format(plan: &Plan) -> OutputFormat {
    let mut inputs = plan.inputs().peekable();
    let records = inputs.peek().is_some() && inputs.all(Input::is_stream);
    if records { OutputFormat::Jsonl } else { OutputFormat::Human }
}

/// Whether anything was there to be judged.
pub(super) fn is_judged(summary: &Summary) -> bool {
    summary.posts > summary.unjudged
}

/// On how many threads a plan is worth being worked on, up to what was asked for. What a stream holds, nobody knows.
fn threads(asked: Option<u16>, plan: &Plan) -> usize {
    let length = |path: &PathBuf| std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    let bytes = |input: &Input| input.path.as_ref().map_or(u64::MAX, length);
    let few =
        plan.inputs().count() <= FEW_FILES && plan.inputs().map(bytes).fold(0, u64::saturating_add) <= FEW_BYTES;
    if few {
        return 1;
    }
    asked.map(usize::from).or_else(|| available_parallelism().ok().map(NonZero::get)).unwrap_or(1)
}

/// Has all that was asked for judged, and handed to the session from its beginning to its end: for commands that take
/// nothing else from `check`.
pub(super) fn judge_all(
    paths: &[PathBuf],
    input: &InputArgs,
    asked: Option<u16>,
    setups: &mut Setups,
    session: &mut Session<impl Write, impl Write>,
) -> io::Result<()> {
    let mut plan = plan_all(paths, input, setups);
    let wrong = read_past(&mut plan, input, setups);
    let mut run = run_report(with_pages(setups, &plan), setups.take_diagnostics());
    run.diagnostics.extend(wrong);
    session.begin(&run.tool)?;
    let unrecognised = lint(&plan, &Workers::new(threads(asked, &plan)), session)?;
    run.diagnostics.extend(without_posts(&plan, &unrecognised));
    session.fail_on_flaws(&run.diagnostics, setups);
    session.finish(run)
}

/// This program, with the rules of a run, and the pages of them that the config of its files names.
fn with_pages(setups: &Setups, plan: &Plan) -> Tool {
    let pages = plan.inputs().find_map(|input| input.setup.origin.settings.output.docs_url.as_ref());
    let pages = pages.map(|setting| setting.value.clone());
    Tool { pages, ..tool(setups.fingerprint(), setups.index()) }
}

/// Reads and judges everything, and returns what a walk came upon that holds no posts.
pub(super) fn lint<'p>(
    plan: &'p Plan,
    workers: &Workers,
    session: &mut Session<impl Write, impl Write>,
) -> io::Result<Vec<WithoutPosts<'p>>> {
    let mut units = units(&plan.items, session.wanted());
    let writer = session.post_writer();
    units.iter_mut().for_each(|unit| unit.writer.clone_from(&writer));
    let mut run = Run { session, workers, unrecognised: Vec::new(), waiting: Vec::new(), until: 0 };
    let holding = AtomicBool::new(false);
    workers.in_order(&units, |unit| read(unit, &holding), |unit, read| run.take(unit, read, &holding))?;
    run.release(&holding)?;
    Ok(run.unrecognised)
}

/// Reads one file; none for trouble and for what comes in pieces or from standard input, which has its turn later.
fn read(unit: &Unit<'_>, holding: &AtomicBool) -> Option<Read> {
    let input = unit.input()?;
    if input.path.is_none() || is_stream(unit, input) {
        return None;
    }
    // What waits behind others is better held as its text than as its report, and what is long is judged by all
    // threads when its turn comes; the output is the same.
    Some(read_caught(unit, input, holding.load(Ordering::Relaxed)))
}

/// Reads a file, or tells why that is a bug.
fn read_caught(unit: &Unit<'_>, input: &Input, hold: bool) -> Read {
    bug::caught_in(&input.name, || read_whole(unit, input, hold)).unwrap_or_else(Read::Trouble)
}

/// Whether records are answered one by one: as drafts, and as members of no queue.
fn is_stream(unit: &Unit<'_>, input: &Input) -> bool {
    input.is_stream() && unit.group == Group::Alone
}

/// What is written as soon as the queue before it is whole.
struct Waiting<'u, 'p> {
    unit: &'u Unit<'p>,
    read: Option<Read>,
}

/// A run on its way: units come in order.
struct Run<'u, 'p, 's, Out, Err> {
    session: &'s mut Session<Out, Err>,
    workers: &'s Workers,
    unrecognised: Vec<WithoutPosts<'p>>,
    waiting: Vec<Waiting<'u, 'p>>,
    /// The number of the last unit that one of them waits for.
    until: usize,
}

impl<'u, 'p, Out: Write, Err: Write> Run<'u, 'p, '_, Out, Err> {
    fn take(&mut self, unit: &'u Unit<'p>, read: &mut Option<Read>, holding: &AtomicBool) -> io::Result<()> {
        if let (None, Some(input)) = (&read, unit.input())
            && unit.group.is_shared()
        {
            *read = Some(read_caught(unit, input, true));
        }
        if matches!(read, Some(Read::Opened(opened)) if opened.queued && unit.group.is_shared()) {
            self.until = self.until.max(unit.last);
            holding.store(true, Ordering::Relaxed);
        } else if self.waiting.is_empty() {
            return self.write(unit, read);
        }
        self.waiting.push(Waiting { unit, read: read.take() });
        if unit.number >= self.until { self.release(holding) } else { Ok(()) }
    }

    /// Judges and writes all that waits: the queues that it waits for are whole.
    fn release(&mut self, holding: &AtomicBool) -> io::Result<()> {
        let mut tallies: HashMap<&Group, Tally> = HashMap::new();
        let waiting = std::mem::take(&mut self.waiting);
        for Waiting { unit, read } in &waiting {
            if let Some(Read::Opened(opened)) = read
                && opened.queued
                && unit.group.is_shared()
                && let Some(terms) = &unit.terms
            {
                tallies.entry(&unit.group).or_default().join(&opened.tally, terms);
            }
        }
        holding.store(false, Ordering::Relaxed);
        let judge = |one: &Mutex<Waiting<'u, 'p>>| {
            let mut one = one.lock().unwrap_or_else(PoisonError::into_inner);
            if let (Some(input), Some(Read::Opened(opened))) = (one.unit.input(), &one.read)
                && !opened.is_long()
            {
                let tally = tally(&tallies, one.unit, opened);
                let judge = || opened.judge(&Workers::new(1), one.unit, input, tally);
                let judged = bug::caught_in(&input.name, judge).map(Box::new);
                one.read = Some(judged.map_or_else(Read::Trouble, Read::Judged));
            }
        };
        let waiting: Vec<Mutex<Waiting<'u, 'p>>> = waiting.into_iter().map(Mutex::new).collect();
        self.workers.in_order(&waiting, judge, |one, _| {
            let mut one = one.lock().unwrap_or_else(PoisonError::into_inner);
            match (one.read.take(), one.unit.input()) {
                (Some(Read::Opened(opened)), Some(input)) => {
                    self.write_opened(&opened, one.unit, input, tally(&tallies, one.unit, &opened))
                }
                (mut read, _) => self.write(one.unit, &mut read),
            }
        })
    }

    fn write(&mut self, unit: &Unit<'p>, read: &mut Option<Read>) -> io::Result<()> {
        let input = match (unit.item, unit.input()) {
            (Item::Trouble(diagnostic), _) => return self.session.file(&trouble(diagnostic)),
            (_, Some(input)) => input,
            (_, None) => return Ok(()),
        };
        match read {
            None => self.write_here(unit, input),
            Some(Read::Judged(judged)) => {
                self.session.source();
                self.session.judged(unit, judged)
            }
            Some(Read::Opened(opened)) => self.write_opened(opened, unit, input, &opened.tally),
            Some(Read::Trouble(diagnostic)) => self.session.file(&trouble(diagnostic)),
            Some(Read::Unrecognised(why)) => {
                self.unrecognised.push(WithoutPosts { input, is_told: why.told.is_some() });
                if why.unread {
                    self.session.unsure(&input.name);
                }
                why.told.as_ref().map_or(Ok(()), |why| self.session.file(&trouble(why)))
            }
        }
    }

    /// Writes what comes in pieces, or from standard input.
    fn write_here(&mut self, unit: &Unit<'p>, input: &'p Input) -> io::Result<()> {
        match &input.path {
            None if is_stream(unit, input) => {
                let stdin = BufReader::with_capacity(STREAM_BYTES, io::stdin().lock());
                Stream::new(stdin, true, unit, input).lint(self.workers, self.session)
            }
            None => self.write(unit, &mut Some(read_caught(unit, input, false))),
            Some(path) => match File::open(path) {
                Ok(file) => {
                    let waits = !file.metadata().is_ok_and(|metadata| metadata.is_file());
                    let file = BufReader::with_capacity(STREAM_BYTES, file);
                    Stream::new(file, waits, unit, input).lint(self.workers, self.session)
                }
                Err(error) => self.write(unit, &mut Some(Read::Trouble(unreadable(&input.name, &error)))),
            },
        }
    }

    /// Judges the posts of a source, on all threads where it is long. A large one is read once more, and the reports of its
    /// posts are written as they come: of a short post, a report takes many times the room of its text.
    fn write_opened(
        &mut self,
        opened: &Opened,
        unit: &Unit<'p>,
        input: &'p Input,
        tally: &Tally,
    ) -> io::Result<()> {
        self.session.source();
        if !opened.is_large() {
            let judged = bug::caught_in(&input.name, || opened.judge(self.workers, unit, input, tally));
            return match judged {
                Ok(mut judged) => self.session.judged(unit, &mut judged),
                Err(bug) => self.session.file(&trouble(&bug)),
            };
        }
        self.session.judged(unit, &mut Judged::told(opened.diagnostics.clone()))?;
        // All of it is there: whoever waits gets more at a time, and sooner.
        self.session.hold(true)?;
        let mut each = |judged: &mut Judged| self.session.judged(unit, judged);
        let judged =
            match bug::caught_in(&input.name, || opened.judge_each(self.workers, unit, input, tally, &mut each)) {
                Ok(unused) => {
                    let unused = unused?;
                    if unused.is_empty() { Ok(()) } else { self.session.judged(unit, &mut Judged::told(unused)) }
                }
                Err(bug) => self.session.file(&trouble(&bug)),
            };
        judged.and_then(|()| self.session.hold(false))
    }
}

/// What counts the queue of a source: its group, or itself.
fn tally<'t>(tallies: &'t HashMap<&Group, Tally>, unit: &Unit<'_>, opened: &'t Opened) -> &'t Tally {
    tallies.get(&unit.group).filter(|_| opened.queued).unwrap_or(&opened.tally)
}

fn trouble(diagnostic: &Diagnostic) -> FileReport {
    FileReport { diagnostics: vec![diagnostic.clone()], ..FileReport::default() }
}

/// What a post names that nobody knows: rules to be quiet about, and its account where the config declares some.
/// Of rules that the post `before` names too, as posts of one source do, it was said with that one.
pub(super) fn remarks(post: &Post, before: &mut Directives, input: &Input) -> Vec<Diagnostic> {
    let setup = &input.setup;
    let mut remarks = Vec::new();
    let told = before.is_same(&post.directives);
    before.clone_from(&post.directives);
    for directive in post.directives.iter().filter(|_| !told) {
        let holder = Holder::directive(post, directive);
        remarks.extend(suppress::flaws(&holder, setup.linter.rules(), setup.policy.flaws, setup.reasons));
    }
    let declared: Vec<&str> = input.setup.accounts.names().collect();
    if let Some(Stated { value: name, span }) = &post.account
        && !declared.is_empty()
        && !declared.contains(&name.as_str())
    {
        let message = format!("no account is called `{name}`, so only `[identity]` says who self is");
        let remark = Diagnostic::new(Level::Warning, "input/unknown-account", message);
        remarks.push(remark.label(&post.source, *span, "").meant(nearest(name, declared)));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Parser as _;

    use super::*;
    use crate::cli::args::Cli;
    use crate::cli::bug::TRIP;
    use crate::cli::configs::Choice;
    use crate::cli::session::tests::Kept;

    #[test]
    fn a_panic_ends_one_post_and_no_run() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("a.md", "What would you do?\n");
        write("b.txt", &format!("{TRIP}\n"));
        write("c.csv", &format!("Text,Date\nOne,2026-01-02\n{TRIP},2026-01-03\nThree,2026-01-04\n"));
        write("d.jsonl", &format!("{{\"text\":\"One\"}}\n{{\"text\":\"{TRIP}\"}}\n{{\"text\":\"Three\"}}\n"));
        let long = format!("{{\"text\":\"{TRIP}\",\"note\":\"{}\"}}", "x".repeat(3 << 20));
        write("e.json", &format!("{{\"posts\":[{{\"text\":\"One\"}},\n{long},\n{{\"text\":\"Three\"}}]}}"));
        write("f.md", "What would she do?\n");
        for threads in [1, 3] {
            let surroundings = Surroundings {
                folder: folder.path().to_owned(),
                home: None,
                user_config: None,
                git_config: Vec::new(),
            };
            let mut setups = Setups::new(Choice::Nothing, surroundings, Flags::default());
            let args = Cli::try_parse_from(["selfless", "."]).unwrap();
            let paths: Vec<PathBuf> = ["a.md", "b.txt", "c.csv", "d.jsonl", "e.json", "f.md"]
                .iter()
                .map(|name| folder.path().join(name))
                .collect();
            let plan = plan_all(&paths, &args.check.input, &mut setups);
            let kept = Kept::default();
            let mut session = kept.session();
            lint(&plan, &Workers::new(threads), &mut session).unwrap();
            let lines: Vec<String> = kept
                .lines()
                .iter()
                .map(|line| line.replace(&format!("{}/", folder.path().display()), ""))
                .map(|line| line.split(": a bug in selfless").next().unwrap().to_owned())
                .collect();
            let bug = |name: &str| format!("{} {name}", bug::CODE);
            let expected: [&str; 12] = [
                "a.md:1",
                &bug("b.txt"),
                "c.csv:2",
                "c.csv:4",
                &bug("c.csv"),
                "d.jsonl:1",
                &bug("d.jsonl"),
                "d.jsonl:3",
                "e.json:1",
                &bug("e.json"),
                "e.json:3",
                "f.md:1",
            ];
            assert_eq!(lines, expected, "on {threads} threads");
            assert_eq!(session.exit(true), Exit::Trouble);
        }
    }

    #[test]
    fn only_what_was_judged_earns_the_hint() {
        let counts = |posts, unjudged| Summary { posts, unjudged, ..Summary::default() };
        assert!(is_judged(&counts(2, 1)));
        assert!(!is_judged(&counts(1, 1)) && !is_judged(&counts(0, 0)));
    }
}
