//! The output side of a run: reports go in, in order, and an exit code comes out.
//!
//! Does not judge. Invariant: what is counted here is what the emitter was given.

use std::io::{self, BufWriter, IsTerminal, Stderr, Write};
use std::sync::Arc;
use std::time::Instant;

use anstream::AutoStream;

use super::Exit;
use super::baseline::Baselines;
use super::gather::Gathering;
use super::group::{Unit, Wanted};
use super::open::Judged;
use super::output::OutputFile;
use super::progress::Progress;
use super::quiet::UsedEntries;
use super::setup::Setups;
use super::terminal::is_trouble;
use crate::diagnostic::Diagnostic;
use crate::emit::{Emitter, Look, OutputFormat, PostWriter, Streams, emitter, queue_emitter};
use crate::report::{FileReport, RuleIndex, RunReport, Statistics, Summary, Tool};
use crate::suppress::is_flaw;

/// What a session writes to.
pub(super) struct Outputs<Out, Err> {
    pub(super) out: Out,
    pub(super) err: Err,
    /// Whether somebody waits for each report.
    pub(super) live: bool,
}

impl Outputs<BufWriter<Box<dyn Write>>, AutoStream<Stderr>> {
    /// Standard output, which the emitter colours or not, and standard error, which takes colours off where they
    /// cannot be shown. Where it is to be `quiet`, nothing goes to standard output.
    pub(super) fn standard(format: OutputFormat, quiet: bool) -> Self {
        let live = !quiet && (format == OutputFormat::Jsonl || io::stdout().is_terminal());
        let out: Box<dyn Write> = if quiet { Box::new(io::sink()) } else { Box::new(io::stdout()) };
        Self { out: BufWriter::with_capacity(1 << 16, out), err: anstream::stderr(), live }
    }
}

/// A run as far as it has got.
pub(super) struct Session<Out, Err> {
    outputs: Outputs<Out, Err>,
    emitter: Box<dyn Emitter>,
    files: Vec<OutputFile>,
    pub(super) summary: Summary,
    queues: Gathering,
    /// How many posts were reported.
    posts: usize,
    statistics: Option<Statistics>,
    progress: Option<Progress>,
    known: Baselines,
    used: UsedEntries,
    failed: bool,
    trouble: bool,
    /// Whether whoever feeds it says when somebody waits.
    held: bool,
}

impl<Out: Write, Err: Write> Session<Out, Err> {
    /// A run that has not begun.
    pub(super) fn new(outputs: Outputs<Out, Err>, format: OutputFormat, look: Look) -> Self {
        Self::with(outputs, emitter(format, look), Wanted::Drafts)
    }

    /// A run that shows queues and no posts.
    pub(super) fn of_queues(outputs: Outputs<Out, Err>, format: OutputFormat, look: Look) -> Self {
        Self::with(outputs, queue_emitter(format, look), Wanted::Queues)
    }

    /// A run that has not begun, with an emitter of its own.
    pub(super) fn with(outputs: Outputs<Out, Err>, emitter: Box<dyn Emitter>, wanted: Wanted) -> Self {
        Self {
            outputs,
            emitter,
            files: Vec::new(),
            summary: Summary::default(),
            queues: Gathering::new(wanted),
            posts: 0,
            statistics: None,
            progress: None,
            known: Baselines::default(),
            used: UsedEntries::new(),
            failed: false,
            trouble: false,
            held: false,
        }
    }

    /// What the run is asked for.
    pub(super) fn wanted(&self) -> Wanted {
        self.queues.wanted()
    }

    /// Also writes these files.
    pub(super) fn with_files(self, files: Vec<OutputFile>) -> Self {
        Self { files, ..self }
    }

    /// Also counts by rule, if `counts`.
    pub(super) fn with_statistics(self, counts: bool) -> Self {
        Self { statistics: counts.then(Statistics::default), ..self }
    }

    /// Also shows how far it has got, where there is somebody to look.
    pub(super) fn with_progress(self, progress: Option<Progress>) -> Self {
        Self { progress, ..self }
    }

    /// Also hides what is known.
    pub(super) fn with_known(self, known: Baselines) -> Self {
        Self { known, ..self }
    }

    /// What is known, as far as the run has got.
    pub(super) fn known(&self) -> &Baselines {
        &self.known
    }

    /// The entries `[[ignore]]` that hid something, as far as the run has got; none where something could not be read, and so
    /// nothing is known of what hid nothing.
    pub(super) fn used(&self) -> Option<&UsedEntries> {
        (!self.trouble).then_some(&self.used)
    }

    /// What may write posts before they are handed over; none where they may yet be changed, or are written in several formats.
    pub(super) fn post_writer(&self) -> Option<Arc<dyn PostWriter>> {
        let alone = self.files.is_empty() && self.known.is_empty() && self.wanted() == Wanted::Drafts;
        if alone { self.emitter.post_writer() } else { None }
    }

    fn emit(&mut self, write: impl Fn(&mut dyn Emitter, &mut Streams<'_>) -> io::Result<()>) -> io::Result<()> {
        for file in &mut self.files {
            file.emit(&write)?;
        }
        let mut streams = Streams { out: &mut self.outputs.out, err: &mut self.outputs.err };
        write(&mut *self.emitter, &mut streams)
    }

    /// Before the first report.
    pub(super) fn begin(&mut self, tool: &Tool) -> io::Result<()> {
        self.emit(|emitter, streams| emitter.begin(tool, streams))
    }

    /// Counts a source that was read.
    pub(super) fn source(&mut self) {
        self.summary.sources += 1;
    }

    /// Counts and writes what came of a source, or of one post of it, and keeps its posts for their queues.
    pub(super) fn judged(&mut self, unit: &Unit<'_>, judged: &mut Judged) -> io::Result<()> {
        let Judged { report, seats, queued, suppressed } = judged;
        for hidden in report.posts.iter().flat_map(|post| &post.suppressed).chain(&*suppressed) {
            self.used.insert((hidden.source.name().to_owned(), hidden.span));
        }
        let fail_on = unit.input().map(|input| input.setup.policy.fail_on).unwrap_or_default();
        let mut flaws = report.diagnostics.iter().filter(|told| is_flaw(&told.code));
        self.failed |= flaws.any(|flaw| fail_on.fails_remark(flaw.level));
        let before = self.posts;
        self.posts += report.posts.len();
        if self.wanted() == Wanted::Queues {
            // What is found of single posts is neither shown nor counted, and fails nothing.
            for post in &mut report.posts {
                post.findings.clear();
                post.pass = true;
            }
        } else if let Some(input) = unit.input() {
            self.known.hide_in_posts(input, &mut report.posts);
        }
        self.file(report)?;
        for seat in std::mem::take(seats) {
            let post = seat.reported.map(|number| before + number);
            self.queues.add(unit, seat, post, *queued);
        }
        Ok(())
    }

    /// Fails, if what is told is a flaw of the config that fails.
    pub(super) fn fail_on_flaws(&mut self, told: &[Diagnostic], setups: &Setups) {
        self.failed |= told.iter().any(|told| is_flaw(&told.code) && setups.fails(told));
    }

    /// Counts and writes one report.
    pub(super) fn file(&mut self, file: &FileReport) -> io::Result<()> {
        self.summary.add_file(file);
        if let Some(statistics) = &mut self.statistics {
            statistics.add_file(file);
        }
        self.failed |= file.posts.iter().any(|post| !post.pass);
        self.trouble |= is_trouble(&file.diagnostics) || file.unreadable.is_some();
        if !file.diagnostics.is_empty() {
            // Trouble goes to the other stream, and should not overtake what came before it.
            self.outputs.out.flush()?;
            self.clear_progress()?;
        }
        self.emit(|emitter, streams| emitter.file(file, streams))?;
        if let Some(progress) = &mut self.progress {
            let Summary { sources, posts, .. } = self.summary;
            progress.show(sources, posts, Instant::now(), &mut self.outputs.err)?;
        }
        if self.outputs.live && !self.held { self.outputs.out.flush() } else { Ok(()) }
    }

    /// Whether reports are held together until [`Session::flush`], though somebody waits for them.
    pub(super) fn hold(&mut self, held: bool) -> io::Result<()> {
        self.held = held;
        self.flush()
    }

    /// Hands on what was written so far.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.outputs.live { self.outputs.out.flush() } else { Ok(()) }
    }

    fn clear_progress(&mut self) -> io::Result<()> {
        self.progress.as_mut().map_or(Ok(()), |progress| progress.clear(&mut self.outputs.err))
    }

    /// After the last report.
    pub(super) fn finish(&mut self, mut run: RunReport) -> io::Result<()> {
        let known = &mut self.known;
        let (queues, failed) = self.queues.finish(&mut |queue| known.hide_in_queue(queue));
        run.queues = queues;
        self.failed |= failed;
        self.trouble |= is_trouble(&run.diagnostics);
        if !self.trouble {
            run.diagnostics.extend(self.known.unmatched());
        }
        let queue = run.queue_findings().map(|(_, finding)| &finding.diagnostic);
        for diagnostic in run.diagnostics.iter().chain(queue) {
            self.summary.add_level(diagnostic.level);
        }
        self.trouble |= is_trouble(&run.diagnostics);
        run.summary = self.summary;
        run.statistics = self.statistics.take();
        if let Some(statistics) = &mut run.statistics {
            for finding in run.queues.iter().flat_map(|queue| &queue.findings) {
                statistics.add_queue(finding);
            }
        }
        self.outputs.out.flush()?;
        self.clear_progress()?;
        self.emit(|emitter, streams| emitter.finish(&run, streams))?;
        self.outputs.out.flush()?;
        self.files.iter_mut().try_for_each(OutputFile::finish)
    }

    /// Says something to people, below the output.
    pub(super) fn remark(&mut self, remark: &str) -> io::Result<()> {
        writeln!(self.outputs.err, "{remark}")
    }

    /// How the run ends, by what was written so far.
    pub(super) fn exit(&self, exit_zero: bool) -> Exit {
        match (self.trouble, self.failed) {
            (true, _) => Exit::Trouble,
            (false, true) if !exit_zero => Exit::Failed,
            _ => Exit::Clean,
        }
    }
}

/// A run report that only lacks its counts.
pub(super) fn run_report(tool: Tool, diagnostics: Vec<Diagnostic>) -> RunReport {
    RunReport { tool, queues: Vec::new(), diagnostics, summary: Summary::default(), statistics: None }
}

/// This program, with the rules of a run and their fingerprint.
pub(super) fn tool(rules: String, index: RuleIndex) -> Tool {
    Tool { version: env!("CARGO_PKG_VERSION"), rules, index, pages: None }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::diagnostic::Level;
    use crate::document::Post;
    use crate::identity::Account;
    use crate::lint::{Context, Linter, Policy};
    use crate::rule::RuleSet;
    use crate::text::Source;

    /// Keeps what it is given: a line a post, a bad record, or a diagnostic.
    #[derive(Clone, Default)]
    pub(in super::super) struct Kept(pub(in super::super) Arc<Mutex<Vec<String>>>);

    impl Kept {
        pub(in super::super) fn session(&self) -> Session<io::Sink, io::Sink> {
            let outputs = Outputs { out: io::sink(), err: io::sink(), live: true };
            Session::with(outputs, Box::new(self.clone()), Wanted::Drafts)
        }

        pub(in super::super) fn lines(&self) -> Vec<String> {
            self.0.lock().unwrap().clone()
        }

        fn diagnostics(&self, diagnostics: &[Diagnostic]) {
            let lines = diagnostics
                .iter()
                .map(|one| format!("{} {}: {}", one.code, one.source_name().unwrap_or("-"), one.message));
            self.0.lock().unwrap().extend(lines);
        }
    }

    impl Emitter for Kept {
        fn begin(&mut self, _: &Tool, _: &mut Streams<'_>) -> io::Result<()> {
            Ok(())
        }
        fn file(&mut self, file: &FileReport, _: &mut Streams<'_>) -> io::Result<()> {
            for post in &file.posts {
                let place = post.source.line_column(post.start);
                self.0.lock().unwrap().push(format!("{}:{}", post.source.name(), place.line));
            }
            self.diagnostics(&file.diagnostics);
            Ok(())
        }
        fn finish(&mut self, run: &RunReport, _: &mut Streams<'_>) -> io::Result<()> {
            self.diagnostics(&run.diagnostics);
            Ok(())
        }
    }

    fn report(pass: bool) -> FileReport {
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let source = Arc::new(Source::from_text("a", "b"));
        let context = Context { account: Account::default(), ..Context::default() };
        let mut post = linter.lint(&Post::new(&source), &context, &Policy::of(linter.rules()));
        post.pass = pass;
        FileReport { posts: vec![post], ..FileReport::default() }
    }

    fn trouble(level: Level) -> FileReport {
        FileReport { diagnostics: vec![Diagnostic::new(level, "a/b", "c")], ..FileReport::default() }
    }

    #[track_caller]
    fn check(files: &[FileReport], exit_zero: bool, expected: Exit) {
        let mut session = Kept::default().session();
        for file in files {
            session.file(file).unwrap();
        }
        assert_eq!(session.exit(exit_zero), expected);
    }

    #[test]
    fn trouble_beats_failure_and_nothing_takes_either_back() {
        check(&[], false, Exit::Clean);
        check(&[report(true), trouble(Level::Note)], false, Exit::Clean);
        check(&[report(false), report(true)], false, Exit::Failed);
        check(&[report(false), report(true)], true, Exit::Clean);
        check(&[report(false), trouble(Level::Error), report(true)], false, Exit::Trouble);
        check(&[trouble(Level::Error)], true, Exit::Trouble);
    }
}
