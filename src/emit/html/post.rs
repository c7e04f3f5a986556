//! One post of the page: its text with what was found in it, the reasons, and its numbers.
//!
//! Does not choose what is shown. Invariant: numbers in the text and numbers in the list are the same.

use maud::{Markup, PreEscaped, html};

use super::text::{Mark, MarkKind, mark, marked};
use super::{time, words};
use crate::diagnostic::{Diagnostic, Level};
use crate::document::{Locator, Part, PartKind};
use crate::emit::clean;
use crate::emit::points::{shares, tenths};
use crate::report::{PostReport, ReportedFinding, SectionName};
use crate::score::Verdict;

/// Points of word choice that are worth a line, and the words that are shown of it.
const LEAST_WORD_CHOICE: f64 = 5.0;
const MOST_WORDS: usize = 8;

/// A post in two pieces: what is said of its queue comes between them, and is known only at the end.
#[derive(Debug)]
pub(super) struct PostMarkup {
    number: usize,
    class: &'static str,
    rules: String,
    /// The first words of its text, for lists.
    pub(super) first: String,
    before: String,
    after: String,
}

impl PostMarkup {
    /// The whole, with what its queue says of it: where that stands, and the message.
    pub(super) fn finish(&self, said: &[(String, &str)]) -> Markup {
        let Self { number, class, rules, before, after, .. } = self;
        html! {
            article class="post" id=(format!("p{number}")) aria-labelledby=(format!("p{number}h")) tabindex="-1" data-v=(class)
                data-r=(rules) {
                (PreEscaped(before))
                div class="rest" {
                @if !said.is_empty() {
                    ul class="queued" aria-label="What its queue says" {
                        @for (id, message) in said { li { "In its queue: " a href=(format!("#{id}")) { (words::sentence(message)) } } }
                    }
                }
                (PreEscaped(after))
                }
            }
        }
    }
}

/// A finding with its number.
struct Numbered<'a> {
    number: usize,
    finding: &'a ReportedFinding,
}

/// One post, the `number`th of the page.
pub(super) fn post(post: &PostReport, number: usize) -> PostMarkup {
    let reading = words::verdict(post.score.verdict);
    let findings = || post.findings.iter().filter(|finding| !is_verdict(finding));
    // What a short output leaves out comes last, so that the others are numbered as they stand in the text.
    let numbered: Vec<Numbered<'_>> = findings()
        .filter(|finding| finding.shown)
        .chain(findings().filter(|finding| !finding.shown))
        .enumerate()
        .map(|(index, finding)| Numbered { number: index + 1, finding })
        .collect();
    let before = html! {
        header {
            h3 id=(format!("p{number}h")) { span class="nr" { (number) } " " (title(post)) }
            p class=(format!("badge {}", reading.class)) {
                span class="sign" aria-hidden="true" { (reading.sign) } " " (words::sentence(reading.name))
            }
            @let meta = meta(post);
            @if !meta.is_empty() { p class="meta" { (meta) } }
        }
        div class="draft" dir="auto" { (text(post, &numbered, number)) }
        (verdict(post))
        div class="side" { (reasons(&numbered, number)) }
    };
    PostMarkup {
        number,
        class: reading.class,
        rules: rules(post).join(" "),
        first: post.parts.first().map_or_else(|| whole(post), |part| words::first_words(&part.text, 70)),
        before: before.into_string(),
        after: numbers(post).into_string(),
    }
}

/// The rules that a post has findings of, each once; what is not shown counts.
pub(super) fn rules(post: &PostReport) -> Vec<&str> {
    let mut rules: Vec<&str> =
        post.findings.iter().filter(|one| !is_verdict(one)).map(|one| &*one.diagnostic.code).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// Whether a finding is the verdict, which stands for the whole.
fn is_verdict(finding: &ReportedFinding) -> bool {
    finding.verdict.is_some()
}

/// Where a post comes from.
fn title(post: &PostReport) -> String {
    let name = words::source(post.source.name());
    match (&post.locator, post.locator.to_string()) {
        (_, place) if place.is_empty() => name.into_owned(),
        (Locator::Row(row, _), _) => format!("{name}, row {row}"),
        (_, place) => format!("{name}, {}", clean::line(&place)),
    }
}

/// Whose, for which network, when, and how long.
fn meta(post: &PostReport) -> String {
    let account = post.account.as_deref().map(|account| clean::line(account).into_owned());
    let scheduled = post.scheduled.as_deref().map(|time| time::words(&clean::line(time)));
    let platforms = Some(words::platforms(&post.platforms)).filter(|names| !names.is_empty());
    let kind = words::kind(post.kind).map(str::to_owned);
    let status = post.status.map(|status| words::status(status).to_owned());
    let length = words::count(usize::try_from(post.words).unwrap_or(usize::MAX), "word", "words");
    [account, platforms, scheduled, status, kind, Some(length)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

fn text(post: &PostReport, numbered: &[Numbered<'_>], number: usize) -> Markup {
    let named = post.parts.len() > 1;
    html! {
        @for part in &post.parts {
            @if named || part.kind != PartKind::Text { p class="part" { (words::part(part.kind)) } }
            p class="text" { (marked(&part.text, &marks(post, part, numbered), number)) }
        }
        @if post.parts.is_empty() { p class="text" { (marked(&whole(post), &[], number)) } }
    }
}

/// Where a report holds no text, the line of the source stands for it.
fn whole(post: &PostReport) -> String {
    let rest = post.source.text().get(usize::try_from(post.start).unwrap_or(usize::MAX)..).unwrap_or_default();
    words::first_words(rest, 280)
}

fn marks(post: &PostReport, part: &Part, numbered: &[Numbered<'_>]) -> Vec<Mark> {
    let labels = numbered.iter().flat_map(|one| {
        let here =
            one.finding.diagnostic.labels.iter().filter(|label| std::ptr::eq(&*label.source, &*post.source));
        here.map(move |label| (label.span, one.number, MarkKind::of(one.finding)))
    });
    labels.filter_map(|(span, number, kind)| mark(part, span, number, kind)).collect()
}

/// What the post reads as, why, and what would help.
fn verdict(post: &PostReport) -> Markup {
    let found = post.findings.iter().find(|finding| is_verdict(finding));
    let promotes = post.findings.iter().any(|finding| !finding.credit && finding.judges);
    html! {
        @if let Some(finding) = found {
            div class="verdict" {
                p class="said" { (words::sentence(&finding.diagnostic.message)) "." }
                (advice(&finding.diagnostic))
            }
        } @else if post.score.verdict != Verdict::Unjudged && !promotes {
            div class="verdict" { p class="said" { "No promotion found." } }
        }
    }
}

/// Notes, help and a replacement.
fn advice(diagnostic: &Diagnostic) -> Markup {
    let wanted = if diagnostic.level == Level::Credit { "To keep it going: " } else { "What would help: " };
    html! {
        @for note in &diagnostic.notes { p class="why" { (words::sentence(words::note(note))) "." } }
        @if let Some(help) = &diagnostic.help {
            p class="help" { b { (wanted) } (clean::line(help)) "." }
        }
        @if let Some(fix) = &diagnostic.fix {
            p class="help" { b { "One way: " } (clean::line(&fix.message)) "." }
        }
    }
}

/// The reasons, and those that a short output leaves out behind a fold.
fn reasons(numbered: &[Numbered<'_>], post: usize) -> Markup {
    let (shown, more): (Vec<_>, Vec<_>) = numbered.iter().partition(|one| one.finding.shown);
    html! {
        @if !shown.is_empty() {
            ol class="reasons" aria-label=(format!("What stands out in post {post}")) {
                @for one in shown { (reason(one, post)) }
            }
        }
        @if !more.is_empty() {
            details class="more" {
                summary { (words::count(more.len(), "more remark", "more remarks")) }
                ol class="reasons" aria-label=(format!("What else there is in post {post}")) {
                    @for one in more { (reason(one, post)) }
                }
            }
        }
    }
}

fn reason(Numbered { number, finding }: &Numbered<'_>, post: usize) -> Markup {
    let diagnostic = &finding.diagnostic;
    html! {
        li id=(format!("p{post}f{number}")) class=(words::level_class(diagnostic.level)) data-n=(number) tabindex="-1" {
            p class="said" {
                span class="nr" { (number) } " "
                b class="level" { (words::level(diagnostic.level)) } " "
                (words::sentence(&diagnostic.message)) "."
            }
            (said_there(diagnostic))
            (advice(diagnostic))
            p class="rule" { (words::rule(&diagnostic.code)) }
        }
    }
}

/// What is said at the places of a finding.
fn said_there(diagnostic: &Diagnostic) -> Markup {
    let mut said: Vec<&str> = Vec::new();
    for label in &diagnostic.labels {
        if !label.message.is_empty() && !said.contains(&&*label.message) {
            said.push(&label.message);
        }
    }
    html! { @for words in said.into_iter().take(4) { p class="there" { (words::sentence(words)) "." } } }
}

/// Scores and whom it is about.
fn numbers(post: &PostReport) -> Markup {
    if post.score.verdict == Verdict::Unjudged {
        return html! {};
    }
    html! {
        div class="numbers" {
            div class="scores" { p { "How it scores" } dl {
                (row("Promotion", "pro", post.score.promotion, 100.0, &format!("{:.0} of 100", post.score.promotion)))
                (row("Conversation", "con", post.score.conversation, 100.0, &format!("{:.0} of 100", post.score.conversation)))
            } }
            (about(post))
            div class="made" { (made_of(post)) (word_choice(post)) (hottest(post)) }
        }
    }
}

fn about(post: &PostReport) -> Markup {
    let about = post.about;
    let parts = [
        ("Self", "pro", about.author),
        ("The reader", "con", about.reader),
        ("Others", "con", about.others),
        ("A topic", "non", about.topic),
    ];
    let all: u32 = parts.iter().map(|(_, _, sentences)| sentences).sum();
    html! {
        @if all > 0 {
            div class="about" {
                p { "Whom its sentences are about" }
                dl {
                    @for (whom, class, sentences) in parts {
                        (row(whom, class, f64::from(sentences), f64::from(all), &sentences.to_string()))
                    }
                }
            }
        }
    }
}

/// A name, a bar and a number.
fn row(name: &str, class: &str, value: f64, most: f64, said: &str) -> Markup {
    // The cast saturates and takes NaN to 0; anything above 0 can be seen.
    let width = ((value / most * 100.0).round() as u32).clamp(u32::from(value > 0.0), 100);
    html! {
        div class="row" {
            dt { (name) }
            dd {
                svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
                    rect class=(class) width=(width) height="10" {}
                }
                span { (said) }
            }
        }
    }
}

/// The points of promotion by category.
fn made_of(post: &PostReport) -> Markup {
    let parts: Vec<f64> = post.score.by_category.iter().map(|(_, points)| *points).collect();
    let whole = (tenths(post.score.promotion) + 5) / 10;
    let said: Vec<String> = post
        .score
        .by_category
        .iter()
        .zip(shares(whole, &parts))
        .filter(|(_, points)| *points > 0)
        .map(|((name, _), points)| format!("{} {points}", clean::line(name).replace('-', " ")))
        .collect();
    html! { @if !said.is_empty() { p { "Its promotion comes from: " (said.join(", ")) "." } } }
}

fn word_choice(post: &PostReport) -> Markup {
    let mut chosen: Vec<_> = post.word_choice.iter().filter(|word| !word.credit).collect();
    let points: f64 = chosen.iter().map(|word| word.points).sum();
    chosen.sort_by(|a, b| b.points.total_cmp(&a.points).then(a.span.cmp(&b.span)));
    let mut shown: Vec<String> = Vec::new();
    for word in chosen {
        let word = format!("“{}”", words::first_words(post.source.slice(word.span), 40));
        if !shown.contains(&word) && shown.len() < MOST_WORDS {
            shown.push(word);
        }
    }
    html! {
        @if points >= LEAST_WORD_CHOICE {
            p { "Of it by choice of words, " (format!("{points:.0}")) ": " (shown.join(", ")) "." }
        }
    }
}

/// What promotes most of a long post.
fn hottest(post: &PostReport) -> Markup {
    html! {
        @if let Some(section) = post.hottest() {
            @let place = match section.name {
                SectionName::First(_) | SectionName::Last(_) => format!("the {}", section.name),
                SectionName::Words(..) => section.name.to_string(),
            };
            p { "It promotes most in " (place) ": " (format!("{:.0}", section.promotion)) " of 100, beginning with “"
                (words::first_words(post.source.slice(section.span), 60)) "”." }
        }
    }
}

/// What is wrong with the input.
pub(super) fn trouble(diagnostic: &Diagnostic) -> Markup {
    let place = diagnostic.labels.first().map(|label| (label, label.source.line_column(label.span.start()).line));
    html! {
        li class=(words::level_class(diagnostic.level)) {
            p class="said" {
                @if let Some(name) = diagnostic.source_name() {
                    b { (words::source(name)) @if let Some((_, line)) = place { ", line " (line) } ": " }
                }
                (words::sentence(&diagnostic.message)) "."
            }
            (advice(diagnostic))
        }
    }
}

/// Whether a diagnostic is worth the attention of somebody who only reads the page.
pub(super) fn is_loud(diagnostic: &Diagnostic) -> bool {
    diagnostic.level > Level::Credit
}
