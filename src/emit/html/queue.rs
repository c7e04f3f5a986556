//! A queue on the page: its budget, its picture, what was found in it, and all of it as a table.
//!
//! Does not judge. Invariant: every post of the run that takes part in a finding is linked.

use maud::{Markup, html};

use super::chart::{chart, limit};
use super::mention::Names;
use super::post::PostMarkup;
use super::{time, words};
use crate::emit::clean;
use crate::report::{QueueEntry, QueueFinding, QueueReport};

/// So many posts of one finding are listed.
const LISTED: usize = 60;

/// The queues of a run.
pub(super) fn queues(queues: &[QueueReport], posts: &[PostMarkup]) -> Markup {
    html! {
        section id="queues" aria-labelledby="queues-h" {
            h2 id="queues-h" { @if queues.len() == 1 { "The queue" } @else { "The queues" } }
            @for (index, queue) in queues.iter().enumerate() { (section(queue, index + 1, posts)) }
        }
    }
}

fn section(queue: &QueueReport, number: usize, posts: &[PostMarkup]) -> Markup {
    html! {
        section class="queue" aria-labelledby=(format!("q{number}h")) {
            h3 id=(format!("q{number}h")) { (name(queue)) }
            p class="meta" { (budget(queue)) }
            figure {
                div class="scroll" tabindex="0" role="region" aria-label=(format!("Picture of {}", words::source(&queue.name))) {
                    (chart(queue, number, posts))
                }
                figcaption { (summary(queue)) }
            }
            (findings(queue, number, posts))
            (table(queue, posts))
        }
    }
}

fn name(queue: &QueueReport) -> String {
    let mut name = words::source(&queue.name).into_owned();
    if let Some(account) = &queue.account {
        name = format!("{name}, {}", clean::line(account));
    }
    match queue.platform {
        Some(platform) => format!("{name}, on {}", words::platform(platform)),
        None => name,
    }
}

fn budget(queue: &QueueReport) -> String {
    let profile = clean::line(&queue.profile);
    let said = match limit(queue) {
        Some(limit) => {
            let window = words::count(queue.window, "post", "posts");
            format!("Budget “{profile}”: of {window} in a row, at most {} may promote.", words::percent(limit))
        }
        None => format!("Budget “{profile}”: no limit to the share that may promote."),
    };
    if queue.judged {
        said
    } else {
        format!("{said} The queue is shorter than that, so its posts are judged one by one.")
    }
}

/// The picture in words.
fn summary(queue: &QueueReport) -> String {
    let posts = queue.entries.len();
    let past = queue.entries.iter().filter(|entry| entry.post.is_none()).count();
    let kinds: Vec<String> = words::VERDICTS
        .into_iter()
        .map(|verdict| (queue.entries.iter().filter(|entry| entry.verdict == verdict).count(), verdict))
        .filter(|(number, _)| *number > 0)
        .map(|(number, verdict)| format!("{number} {}", words::verdict(verdict).name))
        .collect();
    let mut said = format!("{}: {}.", words::count(posts, "post", "posts"), kinds.join(", "));
    if past > 0 {
        let verb = if past == 1 { "is" } else { "are" };
        said = format!("{said} {past} of them {verb} already out (drawn hollow).");
    }
    let shares: Vec<f64> = queue.entries.iter().filter_map(|entry| entry.share).collect();
    let most = shares.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !shares.is_empty() {
        let over = shares.iter().filter(|share| **share > queue.max_share + 1e-9).count();
        let place = match over {
            _ if limit(queue).is_none() => String::new(),
            0 => ", never above the budget".to_owned(),
            over => format!(", above the budget at {over} of {}", words::count(shares.len(), "point", "points")),
        };
        said = format!("{said} The share of promotion is {} at most{place}.", words::percent(most));
    }
    said
}

fn findings(queue: &QueueReport, number: usize, posts: &[PostMarkup]) -> Markup {
    html! {
        @if queue.findings.is_empty() {
            @if queue.judged { p class="verdict" { "Nothing found in the order of the posts." } }
        } @else {
            @let names = Names::of(queue, posts);
            ol class="reasons" aria-label=(format!("What stands out in {}", name(queue))) {
                @for (index, finding) in queue.findings.iter().enumerate() {
                    (self::finding((queue, posts), finding, &format!("q{number}f{}", index + 1), &names))
                }
            }
        }
    }
}

fn finding(
    (queue, posts): (&QueueReport, &[PostMarkup]),
    finding: &QueueFinding,
    id: &str,
    names: &Names<'_>,
) -> Markup {
    let diagnostic = &finding.diagnostic;
    html! {
        li id=(id) class=(words::level_class(diagnostic.level)) data-queue-rule=(diagnostic.code) tabindex="-1" {
            p class="said" {
                b class="level" { (words::level(diagnostic.level)) } " "
                (words::sentence(&diagnostic.message)) "."
            }
            @for note in &diagnostic.notes { p class="why" { (words::sentence(words::note(note))) "." } }
            @let help = diagnostic.help.as_deref();
            @if let Some(help) = help { p class="help" { b { "What would help: " } (names.linked(help)) "." } }
            @if let Some(suggestion) = finding.suggestion.as_deref().filter(|one| help != Some(*one)) {
                p class="help" { b { "What would mend it: " } (names.linked(suggestion)) "." }
            }
            @let entries: Vec<&QueueEntry> =
                finding.entries.iter().filter_map(|&entry| queue.entries.get(entry)).collect();
            @if !entries.is_empty() {
                details open[entries.len() <= 6] {
                    summary { (words::count(entries.len(), "post takes", "posts take")) " part" }
                    ul class="part-of" { @for entry in entries.iter().take(LISTED) { li { (link(entry, posts)) } } }
                    @if let Some(more) = entries.len().checked_sub(LISTED).filter(|more| *more > 0) {
                        p { "And " (more) " more." }
                    }
                }
            }
            p class="rule" { (words::rule(&diagnostic.code)) }
        }
    }
}

/// The first words of a post as they are read; of what is not on the page, as they are written.
pub(super) fn first_words(entry: &QueueEntry, posts: &[PostMarkup]) -> String {
    let known = entry.post.and_then(|post| posts.get(post));
    known.map_or_else(|| words::first_words(entry.source.slice(entry.span), 70), |post| post.first.clone())
}

/// A post of a queue, linked where the page shows it.
fn link(entry: &QueueEntry, posts: &[PostMarkup]) -> Markup {
    let reading = words::verdict(entry.verdict);
    let first = first_words(entry, posts);
    html! {
        span class=(format!("sign {}", reading.class)) aria-hidden="true" { (reading.sign) } " "
        @match entry.post {
            Some(post) => a href=(format!("#p{}", post + 1)) { "Post " (post + 1) ": " (first) },
            None => { (first) " (already out)" }
        }
        " – " (reading.name)
        @if let Some(time) = when(entry) { ", " (time) }
    }
}

fn when(entry: &QueueEntry) -> Option<String> {
    entry.time.as_deref().map(|text| time::words(&clean::line(text)))
}

/// The picture as a table.
fn table(queue: &QueueReport, posts: &[PostMarkup]) -> Markup {
    html! {
        details class="table" {
            summary { "The same as a table" }
            div class="scroll" tabindex="0" role="region" aria-label=(format!("Table of {}", words::source(&queue.name))) {
                table {
                    thead {
                        tr {
                            th scope="col" { "When" }
                            th scope="col" { "Post" }
                            th scope="col" { "Reads as" }
                            th scope="col" class="num" { "Promotion" }
                            th scope="col" class="num" { "Share so far" }
                        }
                    }
                    tbody { @for entry in &queue.entries { (table_row(queue, entry, posts)) } }
                }
            }
        }
    }
}

fn table_row(queue: &QueueReport, entry: &QueueEntry, posts: &[PostMarkup]) -> Markup {
    let reading = words::verdict(entry.verdict);
    let first = first_words(entry, posts);
    html! {
        tr {
            td { (when(entry).unwrap_or_else(|| "–".to_owned())) }
            td {
                @match entry.post {
                    Some(post) => a href=(format!("#p{}", post + 1)) { (post + 1) ": " (first) },
                    None => { (first) " (already out)" }
                }
                @if let Some(kind) = words::kind(entry.kind) { " – " (kind) }
                @if entry.pitch { " – declared a pitch" }
            }
            td {
                span class=(format!("sign {}", reading.class)) aria-hidden="true" { (reading.sign) } " " (reading.name)
            }
            td class="num" { (format!("{:.0}", entry.promotion)) }
            td class="num" {
                @match entry.share {
                    Some(share) => {
                        (words::percent(share))
                        @if share > queue.max_share + 1e-9 { " – above" }
                    }
                    None => "–"
                }
            }
        }
    }
}

/// What the queues say of one post, for each finding that it takes part in: the id and the message.
pub(super) fn said_of(queues: &[QueueReport], posts: usize) -> Vec<Vec<(String, &str)>> {
    let mut said = vec![Vec::new(); posts];
    for (number, queue) in queues.iter().enumerate() {
        for (index, finding) in queue.findings.iter().enumerate() {
            for post in finding.posts(queue) {
                if let Some(known) = said.get_mut(post) {
                    known.push((format!("q{}f{}", number + 1, index + 1), &*finding.diagnostic.message));
                }
            }
        }
    }
    said
}
