//! What is found in a queue, in words: one diagnostic with a label a post.
//!
//! Decides nothing. Invariant: a label stands on a post of the finding, the first on the one to change.

use std::cmp::Reverse;

use super::Room;
use super::find::Found;
use super::mend::other_posts;
use super::seat::Seat;
use crate::diagnostic::{Diagnostic, Label};
use crate::lint::Promotes;
use crate::report::QueueFinding;
use crate::rule::{Kind, QueueKind, Rule, Text};

/// How many posts are marked.
const MOST_LABELS: usize = 12;

/// How many findings of one rule are told.
const MOST_FINDINGS: usize = 40;

/// The findings that are told, in order: of each rule the gravest, and beside the last of these how many more there are.
pub(super) fn gravest(found: &[Found]) -> Vec<(&Found, usize)> {
    let mut told = Vec::new();
    for of_rule in found.chunk_by(|a, b| a.rule == b.rule) {
        let mut order: Vec<usize> = (0..of_rule.len()).collect();
        order.sort_by_key(|&at| of_rule.get(at).map(|one| Reverse(one.level)));
        order.truncate(MOST_FINDINGS);
        order.sort_unstable();
        let more = of_rule.len() - order.len();
        let last = order.last().copied();
        let chosen =
            order.into_iter().filter_map(|at| Some((of_rule.get(at)?, if Some(at) == last { more } else { 0 })));
        told.extend(chosen);
    }
    told
}

/// A finding as it is shown, the last of so many `more`.
pub(super) fn finding(
    room: &Room<'_>,
    seats: &[Seat],
    found: &Found,
    suggestion: Option<String>,
    more: usize,
) -> QueueFinding {
    let rule = room.rules.rule(found.rule);
    let Kind::Queue(kind) = &rule.kind else { return bare(rule, found) };
    let message = match (found.second, kind.also()) {
        // What an absence says beside it is a note.
        (true, Some(also)) if !matches!(kind, QueueKind::Absent { .. }) => also,
        _ => &rule.message,
    };
    let mut diagnostic = Diagnostic::new(found.level, rule.name.clone(), filled(room, kind, found, message));
    diagnostic.labels = labels(room, seats, kind, found);
    if let (QueueKind::Absent { also, .. }, true) = (kind, found.second) {
        diagnostic.notes.push(also.clone());
    }
    if found.seats.len() > MOST_LABELS {
        diagnostic.notes.push(format!("and {} more posts", found.seats.len() - MOST_LABELS).into());
    }
    if let Some(note) = others(room, seats, kind, found) {
        diagnostic.notes.push(note);
    }
    if !rule.why.is_empty() {
        diagnostic.notes.push(rule.why.clone());
    }
    if more > 0 {
        let findings = if more == 1 { "finding" } else { "findings" };
        diagnostic.notes.push(format!("{more} more {findings} of this rule, none of them graver").into());
    }
    let help = filled(room, kind, found, &rule.help);
    let help = match &suggestion {
        Some(suggestion) => suggestion.clone(),
        None => help,
    };
    diagnostic.help = (!help.is_empty()).then(|| help.into());
    let entries = found.seats.iter().filter_map(|&seat| seats.get(seat)?.member).collect();
    QueueFinding { diagnostic, measure: found.measure, max: found.max, entries, suggestion }
}

fn bare(rule: &Rule, found: &Found) -> QueueFinding {
    let diagnostic = Diagnostic::new(found.level, rule.name.clone(), rule.message.to_string());
    QueueFinding { diagnostic, measure: found.measure, max: found.max, entries: Vec::new(), suggestion: None }
}

/// The last post that can still be changed first, then the others in time order.
fn labels(room: &Room<'_>, seats: &[Seat], kind: &QueueKind, found: &Found) -> Vec<Label> {
    let skipped = found.seats.len().saturating_sub(MOST_LABELS);
    let shown: Vec<(usize, usize)> = found.seats.iter().copied().enumerate().skip(skipped).collect();
    let main = shown.iter().rposition(|(_, seat)| seats.get(*seat).is_some_and(|seat| !seat.history));
    let main = main.unwrap_or(shown.len().saturating_sub(1));
    let order = shown.get(main).into_iter().chain(shown[..main].iter()).chain(shown.iter().skip(main + 1));
    order.filter_map(|&(number, seat)| label(room, (seats, seats.get(seat)?), kind, found, number)).collect()
}

/// Whether a post is the only one that is not out yet: a draft that is held against what was.
fn is_next(room: &Room<'_>, found: &Found, seats: &[Seat], seat: &Seat) -> bool {
    let open = room.members.iter().filter(|member| !member.history).count();
    let last = found.seats.last().and_then(|&last| seats.get(last));
    open == 1 && room.members.len() > 1 && !seat.history && last == Some(seat)
}

fn label(
    room: &Room<'_>,
    (seats, seat): (&[Seat], &Seat),
    kind: &QueueKind,
    found: &Found,
    number: usize,
) -> Option<Label> {
    let member = room.members.get(seat.member?)?;
    let turn = &member.turn;
    let due = || member.time.as_ref().map(|time| format!("due {time}"));
    let promotes = || match seat.promotes {
        _ if turn.pitch => "a declared pitch",
        Promotes::Half => "half promotion",
        Promotes::Fully | Promotes::No => "promotional",
    };
    let (span, message): (_, Text) = match kind {
        QueueKind::Share { .. } if is_next(room, found, seats, seat) => {
            let (count, among, budget) = (plain(found.count), found.among, plain(budget(found)));
            (turn.place, format!("this would be {count} of the last {among}; the budget is {budget}").into())
        }
        QueueKind::Share { .. } | QueueKind::Run { .. } => (turn.place, promotes().into()),
        QueueKind::Cadence { .. } => (turn.place, due().map_or(Text::Borrowed(promotes()), Text::from)),
        QueueKind::Duplicate { .. } if found.second => {
            let words = found
                .about
                .and_then(|(member, at)| room.members.get(member)?.turn.calls.get(at))
                .map(|call| call.0);
            let here = turn.calls.iter().find(|call| Some(call.0) == words);
            (here.map_or(turn.place, |call| call.1), "the same ask".into())
        }
        QueueKind::Duplicate { .. } => match found.each.get(number) {
            Some(&similarity) if similarity > 0.0 => {
                (turn.place, format!("{} the same", percent(similarity)).into())
            }
            _ => (turn.place, "the pitch".into()),
        },
        QueueKind::Link { .. } => {
            let wanted = found.about.and_then(|(member, at)| room.members.get(member)?.turn.links.get(at));
            let own = turn
                .links
                .iter()
                .find(|link| link.own && wanted.is_none_or(|wanted| wanted.address == link.address));
            (
                own.map_or(turn.place, |link| link.span),
                if found.second { "an own link" } else { "the same link" }.into(),
            )
        }
        QueueKind::Absent { .. } => (turn.span, "".into()),
    };
    let message = match (member.history, message.is_empty()) {
        (true, true) => "already out".into(),
        (true, false) => format!("{message}, already out").into(),
        (false, _) => message,
    };
    Some(Label { locator: turn.locator.clone(), ..Label::new(&turn.source, span, message) })
}

/// Fills the placeholders of words about a queue.
fn filled(room: &Room<'_>, kind: &QueueKind, found: &Found, text: &Text) -> String {
    if !text.contains('{') {
        return text.to_string();
    }
    let link = found.about.and_then(|(member, at)| room.members.get(member)?.turn.links.get(at));
    let max = match kind {
        QueueKind::Share { .. } => percent(found.max),
        QueueKind::Link { .. } if found.second => percent(found.max),
        _ => plain(found.max),
    };
    let mut text = text.to_string();
    for (gap, number) in [("{least}", hours(found.max)), ("{max}", max.clone())] {
        if number == "1" || number.starts_with("1 ") {
            text = text.replace(&format!("{gap} are "), &format!("{gap} is "));
        }
    }
    text.replace("{count}", &plain(found.count))
        .replace("{between}", &other_posts(found.count))
        .replace("{window}", &found.among.to_string())
        .replace("{links}", &found.among.to_string())
        .replace("{days}", &found.among.to_string())
        .replace("{share}", &percent(found.measure))
        .replace("{similarity}", &percent(found.measure))
        .replace("{max}", &max)
        .replace("{budget}", &plain(budget(found)))
        .replace("{least}", &hours(found.max))
        .replace("{gap}", &hours(found.measure))
        .replace("{profile}", &room.budget.name)
        .replace("{link}", link.map_or("", |link| &link.address))
}

/// What a profile asks for beside its share, where the queue does not have it.
fn others(room: &Room<'_>, seats: &[Seat], kind: &QueueKind, found: &Found) -> Option<Text> {
    let (QueueKind::Share { .. }, Some(least)) = (kind, room.budget.others) else { return None };
    let (&first, &last) = (found.seats.first()?, found.seats.last()?);
    let window = seats.get(first..=last)?;
    let of_others = window.iter().filter(|seat| seat.talks && seat.promotes == Promotes::No).count();
    (count(of_others) < least * count(found.among)).then(|| {
        let message = format!(
            "{} asks for {} about or of others; here it is {} of {}",
            room.budget.name,
            percent(least),
            of_others,
            found.among
        );
        message.into()
    })
}

/// How many posts of the window may promote, in halves.
fn budget(found: &Found) -> f64 {
    (found.max * 2.0 * count(found.among) + 1e-9).floor() / 2.0
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// A number with a half, if it has one: `2`, `2.5`.
pub(super) fn plain(number: f64) -> String {
    if (number - number.round()).abs() < 1e-6 { format!("{number:.0}") } else { format!("{number:.1}") }
}

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// Hours in the unit that reads best.
fn hours(hours: f64) -> String {
    let plural = |number: f64, one: &str| {
        let text = plain(number);
        if text == "1" { format!("1 {one}") } else { format!("{text} {one}s") }
    };
    match hours {
        short if short < 1.0 => plural((short * 60.0).round(), "minute"),
        short if short < 48.0 => plural(short, "hour"),
        long => plural(long / 24.0, "day"),
    }
}
