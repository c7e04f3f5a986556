//! Posts that are out, which `history` names: they count, and are not reported.
//!
//! Invariant: a post that is out is read and judged once in a run, for however many queues it counts.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::InputArgs;
use super::bug;
use super::draft::Reason;
use super::open::{Place, context, read_source};
use super::setup::Setups;
use super::terms::{PastPath, Terms};
use super::walk::{Input, Item, Plan, plan};
use crate::diagnostic::Diagnostic;
use crate::document::{PostTime, extract_each};
use crate::lint::Turn;
use crate::queue::{Likeness, Member, When, when::settle};

/// Posts that are out.
#[derive(Debug, Default)]
pub(super) struct Past(Vec<(Turn, Option<When>)>);

impl Past {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that count in a queue: what names no account is anybody's.
    fn of<'a>(&'a self, place: &'a Place, terms: &'a Terms) -> impl Iterator<Item = &'a (Turn, Option<When>)> {
        self.0.iter().filter(move |(turn, _)| {
            let same = turn.account.is_none() || place.account.is_none() || turn.account == place.account;
            same && terms.queues(&turn.platforms).contains(&place.platform)
        })
    }

    /// How many count in a queue, up to so many; one that went to several networks is one.
    pub(super) fn count(&self, place: &Place, terms: &Terms, enough: usize) -> usize {
        let mut counted = Vec::new();
        for (turn, time) in self.of(place, terms) {
            if counted.len() >= enough {
                break;
            }
            Likeness::of(turn, time.as_ref().map(When::seconds), true).count(&mut counted);
        }
        counted.len()
    }

    /// Those that count in a queue, as its members.
    pub(super) fn members<'a>(&'a self, place: &'a Place, terms: &'a Terms) -> impl Iterator<Item = Member> + 'a {
        self.of(place, terms).enumerate().map(|(order, (turn, time))| Member {
            turn: turn.clone(),
            time: time.clone(),
            post: None,
            history: true,
            order,
        })
    }
}

/// Reads what the terms of a plan call history, and leaves it out of what the plan only came upon. Returns what is wrong.
pub(super) fn read_past(planned: &mut Plan, args: &InputArgs, setups: &mut Setups) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut read: Vec<(Vec<PathBuf>, Arc<Past>)> = Vec::new();
    let mut known: HashSet<PathBuf> = HashSet::new();
    let all: Vec<Arc<Terms>> = planned
        .inputs()
        .flat_map(|input| input.setup.terms.all())
        .filter(|terms| !terms.history.is_empty())
        .cloned()
        .collect();
    for terms in all {
        let paths: Vec<PathBuf> = terms.history.iter().map(|one| one.path.clone()).collect();
        let found = read.iter().find(|(other, _)| *other == paths).map(|(_, past)| Arc::clone(past));
        let past = found.unwrap_or_else(|| {
            let past = Arc::new(read_terms(&terms, args, setups, &mut known, &mut diagnostics));
            read.push((paths, Arc::clone(&past)));
            past
        });
        terms.remember(past);
    }
    planned.items.retain(|item| match item {
        Item::Input(input) if input.reason != Reason::Named => {
            input.absolute.as_ref().is_none_or(|path| !known.contains(path))
        }
        _ => true,
    });
    diagnostics
}

fn read_terms(
    terms: &Terms,
    args: &InputArgs,
    setups: &mut Setups,
    known: &mut HashSet<PathBuf>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Past {
    let (mut paths, mut past) = (Vec::new(), Past::default());
    let current = setups.configs.absolute(Path::new(""));
    for one in &terms.history {
        match &one.written {
            Some(written) if !one.path.exists() => diagnostics.push(missing(one, written)),
            // Shown from the current folder, where they lie below.
            _ => paths.push(one.path.strip_prefix(&current).unwrap_or(&one.path).to_owned()),
        }
    }
    if paths.is_empty() {
        return past;
    }
    let files = setups.configs.files();
    for item in plan(&paths, args, setups).items {
        match item {
            Item::Trouble(trouble) => diagnostics.push(*trouble),
            Item::Input(mut input) => {
                input.change = input.absolute.as_deref().and_then(|path| files.change(path));
                known.extend(input.absolute.clone());
                input.absolute.iter().filter(|_| input.reason == Reason::Named).for_each(|path| files.note(path));
                let read = bug::caught_in(&input.name, || read_input(&input, terms, &mut past, diagnostics));
                diagnostics.extend(read.err().map(|bug| *bug));
            }
        }
    }
    past
}

fn missing(one: &PastPath, written: &crate::config::Setting<String>) -> Diagnostic {
    Diagnostic::error("input/missing", "no such file or folder").about(one.path.display().to_string()).label(
        &written.source,
        written.span,
        "",
    )
}

fn read_input(input: &Input, terms: &Terms, past: &mut Past, diagnostics: &mut Vec<Diagnostic>) {
    let source = match read_source(input) {
        Ok(source) => Arc::new(source),
        Err(why) if input.reason == Reason::Data && why.code != "input/too-large" => return,
        Err(diagnostic) => return diagnostics.push(*diagnostic),
    };
    let by_name = input.absolute.as_deref().and_then(super::group::time_of_name);
    let (mut turns, mut times): (Vec<Turn>, Vec<Option<PostTime>>) = (Vec::new(), Vec::new());
    let outcome = extract_each(&source, &input.options(), &mut |post| {
        let setup = &input.setup;
        let (_, turn) = setup.linter.lint_turn(&post, &context(&post, input, true), &setup.policy);
        turns.push(turn);
        times.push(post.time.or_else(|| by_name.clone()));
    });
    if input.reason != Reason::Data {
        diagnostics.extend(outcome.unrecognised.map(|diagnostic| *diagnostic));
    }
    diagnostics.extend(outcome.diagnostics);
    let times: Vec<Option<&PostTime>> = times.iter().map(Option::as_ref).collect();
    let (times, notes) = settle(&times, terms.order, &terms.zone, &source);
    diagnostics.extend(notes);
    past.0.extend(turns.into_iter().zip(times));
}
