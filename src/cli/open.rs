//! Sources read into posts, and posts judged as drafts or as members of a queue.
//!
//! Writes nothing. Invariant: whether a post stands in a long queue is known before it is judged, for the verdict is a
//! note then.

mod judged;
mod unrecognised;

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::sync::Arc;

pub(super) use self::judged::{Judged, Seat};
use self::unrecognised::Unrecognised;
use super::bug;
use super::check::remarks;
use super::draft::Reason;
use super::git::change::Change;
use super::group::{Group, Unit, time_of_name};
use super::history::{History, is_out};
use super::parallel::Workers;
use super::quiet::Used;
use super::read::read_posts;
use super::terms::Terms;
use super::walk::Input;
use crate::diagnostic::{Diagnostic, Level};
use crate::document::{Directives, Format, Post, PostKind, PostTime, extract_each};
use crate::explain::{self, Asked};
use crate::lint::Context;
use crate::queue::when::settle;
use crate::queue::{Likeness, When};
use crate::report::PostReport;
use crate::text::{Platform, Source};

/// Sources of more bytes and of several posts are read twice: first for what is said of all of their posts, then post by post.
const LARGE: usize = 2 << 20;

/// What is said of a post of which not all findings are told, and of a source that is too long for a queue.
pub(super) const MANY_FINDINGS: &str = "input/many-findings";
pub(super) const LONG_QUEUE: &str = "input/long-queue";

/// Sources of more bytes are judged by all threads together.
const LONG: usize = 128 << 10;

/// In which queue of a group a post stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) account: Option<String>,
    /// The network, where it has a budget of its own.
    pub(super) platform: Option<Platform>,
}

/// How many posts stand in each queue of a group, told apart as the queue will tell them; no more are counted than the
/// queue needs to be long.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally(HashMap<Place, Vec<Likeness>>);

impl Tally {
    /// Counts a post, unless its queue is long already.
    fn add(&mut self, place: &Place, terms: &Terms, likeness: impl FnOnce() -> Likeness) {
        let shortest = terms.held(place.platform).budget().shortest;
        let counted = self.0.entry(place.clone()).or_default();
        if counted.len() < shortest {
            likeness().count(counted);
        }
    }

    /// Adds what another source counted.
    pub(super) fn join(&mut self, other: &Self, terms: &Terms) {
        for (place, posts) in &other.0 {
            posts.iter().for_each(|post| self.add(place, terms, || post.clone()));
        }
    }

    /// Whether a queue is at least as long as its budget asks, with what was posted before.
    pub(super) fn is_long(&self, place: &Place, terms: &Terms) -> bool {
        let here = self.0.get(place).map_or(0, Vec::len);
        let shortest = terms.held(place.platform).budget().shortest;
        here >= shortest || here + terms.past().map_or(0, |past| past.count(place, terms, shortest)) >= shortest
    }
}

/// A source that was read.
pub(super) struct Opened {
    source: Arc<Source>,
    /// Its posts; none where there are too many to be held.
    posts: Option<Vec<Post>>,
    /// What is left out, unless all is reported.
    history: Option<History>,
    /// What is left out, as it was so before.
    known: Option<Vec<bool>>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// How it was read.
    pub(super) format: Format,
    /// The time of each post, where these are asked for.
    times: Vec<Option<When>>,
    pub(super) tally: Tally,
    /// Whether its posts stand in the queue of its group; else each is a draft on its own.
    pub(super) queued: bool,
}

/// What came of a file.
pub(super) enum Read {
    /// It was read, and all that its posts hang on is known.
    Judged(Box<Judged>),
    /// Its posts wait for others of their queue, or are too many to be held.
    Opened(Box<Opened>),
    /// It was not read.
    Trouble(Box<Diagnostic>),
    /// A walk came upon it, and it holds no posts.
    Unrecognised(Unrecognised),
}

/// Reads an input: what is staged of it, where that is what counts.
///
/// # Errors
/// When it cannot be read, is too large, or is no text.
pub(super) fn read_source(input: &Input) -> Result<Source, Box<Diagnostic>> {
    let limit = input.setup.max_file_size;
    let staged = input.change.as_ref().and_then(|change| change.staged(input, limit));
    staged.unwrap_or_else(|| read_posts(input.path.as_deref(), &input.name, limit, input.format))
}

/// Reads the whole of an input, and judges its posts unless they have to wait; where `hold` says so, all do.
pub(super) fn read_whole(unit: &Unit<'_>, input: &Input, hold: bool) -> Read {
    let source = match read_source(input) {
        Ok(source) => source,
        // Nothing is said of what is only there to count.
        Err(_) if input.change.as_ref().is_some_and(Change::is_none) => return Read::Judged(Box::default()),
        // A file that may well be anything else is no trouble.
        Err(diagnostic) if input.reason == Reason::Data && diagnostic.code != "input/unreadable" => {
            return Read::Unrecognised(Unrecognised::of(diagnostic, input));
        }
        Err(diagnostic) => return Read::Trouble(diagnostic),
    };
    let opened = match open(Arc::new(source), unit, input) {
        Ok(opened) => opened,
        Err(why) => return Read::Unrecognised(why),
    };
    if hold || opened.is_long() || opened.queued && unit.group.is_shared() {
        return Read::Opened(Box::new(opened));
    }
    let judged = opened.judge(&Workers::new(1), unit, input, &opened.tally);
    Read::Judged(Box::new(judged))
}

/// Reads the posts of a source.
///
/// # Errors
/// Where a walk came upon it and it holds none.
pub(super) fn open(source: Arc<Source>, unit: &Unit<'_>, input: &Input) -> Result<Opened, Unrecognised> {
    let (large, most) = (source.text().len() > LARGE, input.setup.most_in_queue);
    let terms = unit.terms.as_deref();
    let asked = |terms: &&Terms| unit.group != Group::Alone || terms.past().is_some() || terms.window.is_some();
    let counted = terms.filter(asked);
    let by_name = counted.and_then(|_| input.absolute.as_deref().and_then(time_of_name));
    let (mut posts, mut remarked, mut history) = (Vec::new(), Vec::new(), History::default());
    let (mut told, mut directives) = (HashSet::new(), Directives::default());
    let (mut times, mut sketches, mut count): (Vec<Option<PostTime>>, _, _) = (Vec::new(), Sketches::default(), 0);
    let (mut before, wrong) = input.change.as_ref().map_or((None, None), |change| change.known(input));
    let mut known = Vec::new();
    let outcome = extract_each(&source, &input.options(), &mut |post| {
        // A directive of a whole source is one of each of its posts.
        let place = |remark: &Diagnostic| (remark.code.clone(), remark.labels.first().map(|label| label.span));
        remarked.extend(
            remarks(&post, &mut directives, input).into_iter().filter(|remark| told.insert(place(remark))),
        );
        history.add(&post);
        if let Some(before) = &mut before {
            known.push(before.takes(&post));
        }
        if let Some(terms) = counted.filter(|terms| count < most || terms.window.is_some()) {
            times.push(post.time.clone().or_else(|| by_name.clone()));
            if large && count > 0 {
                // The first waits to be sketched until it is known that it is not the only one, for that is as much as to read it.
                posts.iter().for_each(|first| sketches.add(first, 0, input, terms));
                sketches.add(&post, count, input, terms);
            }
        }
        count += 1;
        // The only post of a large source takes no more room than judging it does.
        if !large || count == 1 {
            posts.push(post);
        } else {
            posts.clear();
        }
    });
    let mut diagnostics = outcome.diagnostics;
    match outcome.unrecognised {
        Some(why) if input.reason == Reason::Data => return Err(Unrecognised::of(why, input)),
        Some(unrecognised) => diagnostics.push(*unrecognised),
        None => {}
    }
    diagnostics.extend(remarked);
    let queued = match &unit.group {
        Group::Alone => false,
        Group::Source(_) => {
            let dated = times.iter().any(Option::is_some) && outcome.format != Format::Jsonl;
            count > 1 && (outcome.format.holds_many() || dated)
        }
        Group::Folder(_) => unit.in_any_case || times.iter().any(Option::is_some) || outcome.format.holds_many(),
        Group::Made(_) | Group::Command => true,
    };
    let long = queued && count > most;
    if long {
        let message = format!("{count} posts are more than the {most} that a queue may hold");
        let note = Diagnostic::new(Level::Note, LONG_QUEUE, message).about(source.name());
        let help = "they are judged as drafts; a queue of the latest of them says more, and `queue` in `[limits]` of selfless.toml raises the limit";
        diagnostics.push(note.help(help));
    }
    let queued = queued && !long;
    let mut settled = Vec::new();
    if let Some(terms) = counted.filter(|terms| queued || terms.past().is_some() || terms.window.is_some()) {
        let times: Vec<Option<&PostTime>> = times.iter().map(Option::as_ref).collect();
        let (found, notes) = settle(&times, terms.order, &terms.zone, &source);
        settled = found;
        diagnostics.extend(notes);
    }
    let history = (!input.setup.policy.all).then_some(history);
    let mut tally = Tally::default();
    if let Some(terms) = counted.filter(|_| queued) {
        if !large || count == 1 {
            posts.iter().enumerate().for_each(|(number, post)| sketches.add(post, number, input, terms));
        }
        tally = sketches.tally(&settled, history.as_ref(), terms);
    }
    diagnostics.extend(history.and_then(|history| history.note(source.name())));
    let posts = (!large || count < 2).then_some(posts);
    diagnostics.extend(wrong);
    if input.change.as_ref().is_some_and(Change::is_none) {
        diagnostics.clear();
    }
    Ok(Opened {
        source,
        posts,
        history,
        known: before.map(|_| known),
        diagnostics,
        format: outcome.format,
        times: settled,
        tally,
        queued,
    })
}

impl Opened {
    /// Whether its posts are too many to be held.
    pub(super) fn is_large(&self) -> bool {
        self.posts.is_none()
    }

    /// Whether it is worth being judged by several threads.
    pub(super) fn is_long(&self) -> bool {
        self.is_large() || self.source.text().len() > LONG
    }

    /// Whether the reports of many posts will be held.
    fn is_held_long(&self) -> bool {
        !self.is_large() && self.is_long()
    }

    /// Judges the posts that are held.
    pub(super) fn judge(&self, workers: &Workers, unit: &Unit<'_>, input: &Input, tally: &Tally) -> Judged {
        let mut judged = Judged { queued: self.queued, ..Judged::default() };
        judged.report.diagnostics.clone_from(&self.diagnostics);
        let work = |(number, post): (usize, &Post)| self.caught((number, post), unit, input, tally);
        let (mut used, mut done) = (Used::default(), self.posts.iter().flatten());
        let mut each = |one: &mut Judged| -> Result<(), Infallible> {
            if let Some(post) = done.next() {
                used.add(post, one.hidden(), input);
            }
            judged.join(std::mem::take(one));
            Ok(())
        };
        let mut posts = self.posts.iter().flatten().enumerate();
        let here = if self.is_long() { workers } else { &Workers::new(1) };
        let Ok(()) = match self.posts.as_deref() {
            // Threads that cannot take turns at posts share in the only one.
            Some([post]) => here.lent(|| each(&mut work((0, post)))),
            _ => here.spread(&work, &mut each, |belt| {
                posts.try_for_each(|(number, post)| belt.push((number, post), weight(post)))
            }),
        };
        judged.report.diagnostics.extend(self.unused(used, input));
        judged
    }

    /// What is told of suppressions that hide nothing in any post; nothing of a source that only counts.
    fn unused(&self, used: Used, input: &Input) -> Vec<Diagnostic> {
        if input.change.as_ref().is_some_and(Change::is_none) { Vec::new() } else { used.unused() }
    }

    /// Reads the source once more, and hands over each post as it is judged. Returns what is told of suppressions when all
    /// posts are judged.
    ///
    /// # Errors
    /// The first of `each`, which is not called again.
    pub(super) fn judge_each<E>(
        &self,
        workers: &Workers,
        unit: &Unit<'_>,
        input: &Input,
        tally: &Tally,
        each: &mut dyn FnMut(&mut Judged) -> Result<(), E>,
    ) -> Result<Vec<Diagnostic>, E> {
        let work = |(number, post): (usize, Post)| (self.caught((number, &post), unit, input, tally), Some(post));
        let mut used = Used::default();
        let mut taken = |(judged, post): &mut (Judged, Option<Post>)| {
            // This thread made the post, and frees it.
            if let Some(post) = post.take() {
                used.add(&post, judged.hidden(), input);
            }
            each(judged)
        };
        workers.spread(&work, &mut taken, |belt| {
            let (mut number, mut done) = (0, Ok(()));
            extract_each(&self.source, &input.options(), &mut |post| {
                if done.is_ok() {
                    let bytes = weight(&post);
                    done = belt.push((number, post), bytes);
                    number += 1;
                }
            });
            done
        })?;
        Ok(self.unused(used, input))
    }

    /// Judges a post, or tells why that is a bug.
    fn caught(&self, (number, post): (usize, &Post), unit: &Unit<'_>, input: &Input, tally: &Tally) -> Judged {
        let judge = || self.judge_post((number, post), unit, input, tally);
        let written = |judged: Judged| if self.is_held_long() { judged } else { judged.write_ahead(unit) };
        let judged = bug::caught_at(post, || written(judge()));
        judged.unwrap_or_else(|bug| {
            let mut judged = Judged { queued: self.queued, ..Judged::default() };
            judged.report.diagnostics.push(*bug);
            judged
        })
    }

    fn judge_post(&self, (number, post): (usize, &Post), unit: &Unit<'_>, input: &Input, tally: &Tally) -> Judged {
        let mut judged = Judged { queued: self.queued, ..Judged::default() };
        let time = self.times.get(number).cloned().flatten();
        let window = unit.terms.as_ref().and_then(|terms| terms.window.as_ref());
        let reported = self.history.is_none_or(|history| !history.leaves_out(post))
            && self.known.as_ref().is_none_or(|known| known.get(number) == Some(&false))
            && window.is_none_or(|window| time.as_ref().is_some_and(|time| window.holds(time)));
        judge_into((post, time, reported), unit, input, self.queued.then_some(tally), &mut judged);
        if let (true, Some(change), Some(report)) = (reported, &input.change, judged.report.posts.last_mut()) {
            change.narrow(report, input.setup.policy.fail_on);
        }
        if !reported || judged.report.posts.is_empty() {
            let setup = &input.setup;
            judged.suppressed = setup.linter.suppressed(post, &context(post, input, false), &setup.policy);
        }
        judged
    }
}

/// How many bytes there are of a post to judge.
fn weight(post: &Post) -> usize {
    post.parts.iter().map(|part| part.text.len()).sum()
}

/// Judges a post as a member of the queue that a tally counts, or as a draft on its own, which may be the next post after
/// those that are out.
pub(super) fn judge_into(
    (post, time, reported): (&Post, Option<When>, bool),
    unit: &Unit<'_>,
    input: &Input,
    tally: Option<&Tally>,
    into: &mut Judged,
) {
    bug::trip(post.parts.first().map_or("", |part| &part.text));
    let terms = unit.terms.as_deref();
    let counts = terms.filter(|terms| tally.is_some() || reported && terms.past().is_some());
    let Some(terms) = counts else {
        if reported {
            add(judge(post, input), post, input, into);
        }
        return;
    };
    let places = places(post, input, terms);
    let long = |place: &Place| match tally {
        Some(tally) => tally.is_long(place, terms),
        None => {
            let shortest = terms.held(place.platform).budget().shortest;
            1 + terms.past().map_or(0, |past| past.count(place, terms, shortest)) >= shortest
        }
    };
    let platform = places.first().and_then(|place| place.platform);
    let policy = &terms.held(platform).policy;
    let context = context(post, input, places.iter().any(long));
    let linter = &input.setup.linter;
    let (mut report, turn) = linter.lint_turn(post, &context, policy);
    if reported {
        if input.setup.asked != Asked::default() {
            report = explain::lint(linter, post, &context, policy, input.setup.asked);
        }
        add(report, post, input, into);
    }
    let reported = reported.then(|| into.report.posts.len() - 1);
    into.seats.push(Seat { places, turn, time, reported });
}

/// Adds a report, with the text of its post where that was asked for, and says where it does not tell all findings.
fn add(mut report: PostReport, post: &Post, input: &Input, into: &mut Judged) {
    if input.setup.texts {
        report.parts.clone_from(&post.parts);
    }
    let (most, left_out) = (input.setup.policy.most_findings, report.left_out);
    if left_out > 0 {
        let findings = if most == 1 { "finding" } else { "findings" };
        let are = if left_out == 1 { "is" } else { "are" };
        let message = format!("more than {most} {findings} in one post, so {left_out} {are} not told");
        let told = Diagnostic::new(Level::Note, MANY_FINDINGS, message);
        let told = told.label(&post.source, post.head(), "");
        let told = told.located(post.locator.words()).note("they count in its score and in whether it passes");
        let help = "`findings` in `[limits]` of selfless.toml raises the limit";
        into.report.diagnostics.push(told.help(help));
    }
    // It is the only one.
    into.report.posts.reserve_exact(1);
    into.report.posts.push(report);
}

/// Judges one post as a draft on its own, by the setup of its input.
fn judge(post: &Post, input: &Input) -> PostReport {
    let setup = &input.setup;
    explain::lint(&setup.linter, post, &context(post, input, false), &setup.policy, setup.asked)
}

/// What is true of a post beside its words.
pub(super) fn context(post: &Post, input: &Input, queued: bool) -> Context {
    let setup = &input.setup;
    let account = setup.accounts.resolve(post, setup.account.as_deref(), input.absolute.as_deref());
    let ignores = Arc::clone(&input.ignores);
    Context { account, platforms: setup.platforms.clone(), intent: setup.intent, queued, ignores }
}

fn places(post: &Post, input: &Input, terms: &Terms) -> Vec<Place> {
    let setup = &input.setup;
    let account = setup.accounts.resolve(post, setup.account.as_deref(), input.absolute.as_deref());
    let account = post.account_name().map(str::to_owned).or(account.name);
    let platforms: Vec<Platform> = post.platforms().collect();
    let platforms = if platforms.is_empty() { &setup.platforms } else { &platforms };
    let place = |platform| Place { account: account.clone(), platform };
    terms.queues(platforms).into_iter().map(place).collect()
}

/// What a queue will know its posts by, as far as one source tells; no more than tell that each queue is long.
#[derive(Default)]
struct Sketches {
    all: Vec<Sketch>,
    /// The texts of each queue: those that differ are never one post.
    texts: HashMap<Place, HashSet<u64>>,
}

struct Sketch {
    number: usize,
    place: Place,
    text: u64,
    kind: PostKind,
    platforms: Vec<Platform>,
    out: bool,
}

impl Sketches {
    fn add(&mut self, post: &Post, number: usize, input: &Input, terms: &Terms) {
        let setup = &input.setup;
        let mut hash: Option<u64> = None;
        for place in places(post, input, terms) {
            let texts = self.texts.entry(place.clone()).or_default();
            if texts.len() >= terms.held(place.platform).budget().shortest {
                continue;
            }
            let read = || setup.linter.text_hash(post, &context(post, input, true), &setup.policy);
            let text = *hash.get_or_insert_with(read);
            texts.insert(text);
            let own: Vec<Platform> = post.platforms().collect();
            let platforms = if own.is_empty() { setup.platforms.clone() } else { own };
            self.all.push(Sketch { number, place, text, kind: post.kind, platforms, out: is_out(post) });
        }
    }

    fn tally(self, times: &[Option<When>], history: Option<&History>, terms: &Terms) -> Tally {
        let mut tally = Tally::default();
        for Sketch { number, place, text, kind, platforms, out } in self.all {
            let time = times.get(number).and_then(Option::as_ref).map(When::seconds);
            let history = history.is_some_and(|history| history.leaves_out_such(kind, out));
            tally.add(&place, terms, || Likeness { text, kind, time, platforms, history });
        }
        tally
    }
}
