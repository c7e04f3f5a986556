//! `--add-ignores`: suppressions for all that is found now, with one reason.
//!
//! Judges as `check` does, and decides where a suppression may stand; `comment` and `entry` spell it, `batch` tries it. Invariant: a draft is
//! only changed where reading it again gives the same posts, word for word, and the suppression.

mod batch;
mod comment;
mod entry;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use clap::Args;

use self::batch::Draft;
use self::comment::Place;
use self::entry::Entries;
use super::check::planned;
use super::configs::Choice;
use super::fix::{decode, replace};
use super::group::{Unit, Wanted, units};
use super::open::{Judged, open};
use super::parallel::Workers;
use super::setup::{Flags, Setups};
use super::terminal::Surroundings;
use super::walk::Input;
use crate::cli::args::CheckArgs;
use crate::diagnostic::Diagnostic;
use crate::document::{Format, Post};
use crate::report::{PostReport, ReportedFinding};
use crate::suppress::opening;
use crate::text::Source;

#[derive(Debug, Args)]
#[command(next_help_heading = "Suppression")]
pub(super) struct IgnoreArgs {
    /// Write suppressions for all that is found: comments where the format has some, else entries of the nearest selfless.toml
    #[arg(long, requires = "reason", conflicts_with_all = ["fix", "diff", "staged", "list_files", "watch"])]
    pub(super) add_ignores: bool,
    /// With --add-ignores: why
    #[arg(long, value_name = "TEXT", value_parser = reason, allow_hyphen_values = true, requires = "add_ignores")]
    pub(super) reason: Option<String>,
}

/// What a reason may be: one line that ends no comment.
fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    match ["-->", "--!>", "*/", "%%"].into_iter().find(|close| text.contains(close)) {
        _ if text.is_empty() => Err("it is empty".to_owned()),
        _ if text.contains(char::is_control) => Err("it must stand on one line".to_owned()),
        Some(close) => Err(format!("`{close}` would end the comment")),
        None => Ok(text.to_owned()),
    }
}

/// A finding that is hidden brings up another at most so often.
const ROUNDS: usize = 40;

/// So many words of a post tell it from others.
const OPENING: usize = 12;

/// What adding came to.
#[derive(Debug, Default)]
pub(super) struct Added {
    pub(super) diagnostics: Vec<Diagnostic>,
    findings: usize,
    entries: usize,
}

impl Added {
    /// Whether something went wrong with an input before.
    fn is_told(&self, input: &Input) -> bool {
        self.diagnostics.iter().any(|told| told.subject.as_ref() == Some(&input.name))
    }

    /// The same in words.
    pub(super) fn said(&self) -> Option<String> {
        let plural =
            |count: usize, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
        let findings = plural(self.findings, "finding", "findings");
        match self.entries {
            _ if self.findings == 0 => None,
            0 => Some(format!("suppressed {findings}")),
            entries => {
                Some(format!("suppressed {findings}, by {} in config", plural(entries, "entry", "entries")))
            }
        }
    }
}

/// Writes suppressions until nothing more is found.
pub(super) fn apply(args: &CheckArgs, surroundings: &Surroundings) -> Added {
    let mut added = Added::default();
    let Some(reason) = args.ignores.reason.as_deref().filter(|_| args.ignores.add_ignores) else { return added };
    let choice = args.config.choice();
    let mut entries = Entries::new(!matches!(choice, Choice::Nothing));
    for _ in 0..ROUNDS {
        let flags = Flags { texts: true, ..Flags::of(args) };
        let mut setups = Setups::new(choice.clone(), surroundings.clone(), flags);
        // The run itself tells what is wrong with the plan.
        let Ok((plan, _)) = planned(args, &mut setups) else { break };
        let before = added.findings;
        for unit in units(&plan.items, Wanted::Drafts) {
            let Some(input) = unit.input().filter(|input| !added.is_told(input)) else { continue };
            if input.path.is_none() {
                let message = "standard input takes no suppressions";
                let told = Diagnostic::error("fix/no-file", message).about(&input.name).help("name a file");
                added.diagnostics.push(told);
                continue;
            }
            let mut file = File { unit: &unit, input, reason, entries: &mut entries };
            match file.suppress() {
                Ok(count) => added.findings += count,
                Err(told) => added.diagnostics.push(*told),
            }
        }
        let wanted = entries.wanted();
        match entries.write(&setups, &choice, reason) {
            Ok(count) => added.entries += count,
            Err(told) => {
                added.findings = added.findings.saturating_sub(wanted);
                added.diagnostics.extend(told);
                break;
            }
        }
        if added.findings == before {
            break;
        }
    }
    if entries.is_refused() {
        let message = "some findings need an entry in a config, and `--no-config` uses none";
        added.diagnostics.push(Diagnostic::error("fix/no-config", message));
    }
    added
}

/// A file whose findings are suppressed.
struct File<'a, 'p> {
    unit: &'a Unit<'p>,
    input: &'p Input,
    reason: &'a str,
    entries: &'a mut Entries,
}

/// A finding, as far as suppressing it needs it.
struct Found {
    rule: String,
    /// Where it starts; none for what is said of the whole post.
    start: Option<u32>,
    /// The words that it stands on, or that the post begins with.
    words: String,
}

impl File<'_, '_> {
    /// Suppresses what is found in the file, and says how much.
    fn suppress(&mut self) -> Result<usize, Box<Diagnostic>> {
        let Some(path) = self.input.path.as_deref() else { return Ok(0) };
        let small = fs::metadata(path).is_ok_and(|known| known.len() <= self.input.setup.max_file_size);
        let Some(bytes) = small.then(|| fs::read(path).ok()).flatten() else { return Ok(0) };
        let Some(source) = decode(self.input, bytes.clone()) else { return Ok(0) };
        let Some((found, format, posts)) = self.found(&source) else { return Ok(0) };
        let count = found.len();
        if count == 0 {
            return Ok(0);
        }
        let (text, rest) = match comment::Style::of(format, self.input) {
            Some(style) => {
                let mut draft = Draft::of(self.input, self.reason, &source, bytes.clone());
                let rest = draft.suppress(wanted(&source, found, posts, style));
                (draft.bytes, rest)
            }
            None => (bytes.clone(), found),
        };
        if text != bytes {
            replace(path, &bytes, &text).map_err(|error| {
                let message = format!("the suppressions cannot be written: {error}");
                Box::new(Diagnostic::error("output/unwritable", message).about(&self.input.name))
            })?;
        }
        let mut refused = 0;
        for one in rest {
            refused += usize::from(!self.entries.add(self.input, one.rule, one.words)?);
        }
        Ok(count - refused)
    }

    /// What is found, how the file was read, and how many posts it holds.
    fn found(&self, source: &Arc<Source>) -> Option<(Vec<Found>, Format, usize)> {
        let opened = open(Arc::clone(source), self.unit, self.input).ok()?;
        let (mut found, mut posts) = (Vec::new(), 0);
        let mut each = |judged: &mut Judged| -> Result<(), Infallible> {
            posts += 1;
            for post in &judged.report.posts {
                let findings = post.findings.iter().filter(|finding| !finding.credit);
                let all: Vec<Found> = findings.map(|finding| Found::of(finding, post)).collect();
                // What follows from others mostly goes with them.
                match all.iter().map(|one| self.turn(one)).min() {
                    Some(0) => found.extend(all.into_iter().filter(|one| self.turn(one) == 0)),
                    _ => found.extend(all.into_iter().min_by_key(|one| self.turn(one))),
                }
            }
            Ok(())
        };
        let Ok(_) = opened.judge_each(&Workers::new(1), self.unit, self.input, &opened.tally, &mut each);
        Some((found, opened.format, posts))
    }

    /// When a finding has its turn: first what is made of no others, then one after the other, each after what it reads, and
    /// the verdict last.
    fn turn(&self, found: &Found) -> usize {
        let rules = self.input.setup.linter.rules();
        let place = rules.order().iter().position(|&id| *rules.rule(id).name == *found.rule);
        match place.and_then(|place| rules.order().get(place)).map(|&id| rules.rule(id)) {
            _ if found.start.is_none() => usize::MAX,
            Some(rule) if rule.is_reader() || rule.yields() => place.unwrap_or_default() + 1,
            _ => 0,
        }
    }
}

/// What one suppression is to hide, and where it may stand: in a line, or else for the whole.
struct Suppression {
    line: Option<Place>,
    whole: Option<Place>,
    found: Vec<Found>,
}

impl Suppression {
    /// What it is to name.
    fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for one in &self.found {
            if !names.contains(&one.rule.as_str()) {
                names.push(&one.rule);
            }
        }
        names
    }
}

/// One suppression a line, and one for the whole.
fn wanted(source: &Source, found: Vec<Found>, posts: usize, style: comment::Style) -> Vec<Suppression> {
    let mut by_line: BTreeMap<Option<u32>, Vec<Found>> = BTreeMap::new();
    for one in found {
        let line = one.start.map(|start| source.lines().line_of(start)).filter(|_| style.has_lines());
        by_line.entry(line).or_default().push(one);
    }
    let suppression = |(line, found): (Option<u32>, Vec<Found>)| {
        let whole = (posts == 1).then_some(Place::File(style));
        let whole = whole.filter(|_| line.is_none() || style.falls_back());
        Suppression { line: line.map(|line| Place::Line(style, line)), whole, found }
    };
    // From the end, as they are named where all of them are for the whole.
    by_line.into_iter().rev().map(suppression).collect()
}

impl Found {
    fn of(finding: &ReportedFinding, post: &PostReport) -> Self {
        let diagnostic = &finding.diagnostic;
        let rule = diagnostic.code.to_string();
        let label = diagnostic.labels.first().filter(|_| !rule.starts_with("verdict/"));
        let Some(label) = label else {
            let words = opening_of(post);
            return Self { rule, start: None, words };
        };
        let mut texts = post.parts.iter().filter_map(|part| part.text.get(part.map.to_text(label.span)?.range()));
        let text = texts.next().unwrap_or_else(|| label.source.slice(label.span));
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { rule, start: Some(label.span.start()), words }
    }
}

fn opening_of(report: &PostReport) -> String {
    let mut post = Post::new(&report.source);
    post.parts.clone_from(&report.parts);
    opening(&post, OPENING)
}

/// Whether a folder above a file is that of a vault of notes.
fn in_vault(path: &Path) -> bool {
    path.ancestors().skip(1).any(|folder| folder.join(".obsidian").is_dir())
}
