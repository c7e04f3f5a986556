//! What stands around the excerpts of a draft: its name, its credits, its scores and whom it is about.
//!
//! Does not judge. Invariant: every method gives whole lines, or nothing.

mod explanation;

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

use crate::emit::{Look, clean, summary};
use crate::report::{PostReport, SectionName, SectionReport, WeighedWord};
use crate::score::Verdict;

/// Columns of a bar for a score of 100, and of the longest bar of the about line.
const SCORE_BAR: usize = 10;
const ABOUT_BAR: usize = 8;
/// Columns of the about line without its bars, numbers of three digits included.
const ABOUT_TEXT: usize = 54;

/// Points that are worth a line.
const LEAST_WORD_CHOICE: f64 = 5.0;
/// Words that are shown of a word choice.
const MOST_WORDS: usize = 5;

const PROMOTION: Style = AnsiColor::BrightRed.on_default();
const BETWEEN: Style = AnsiColor::Yellow.on_default();
const CONVERSATION: Style = AnsiColor::BrightGreen.on_default();
const PLAIN: Style = Style::new();

/// Writes the lines around excerpts in one look.
#[derive(Clone, Debug)]
pub(super) struct Footer {
    look: Look,
}

impl Footer {
    pub(super) fn new(look: Look) -> Self {
        Self { look }
    }

    /// The name of a post that shares its source with others.
    pub(super) fn heading(&self, post: &PostReport) -> String {
        let locator = post.locator.to_string();
        if locator.is_empty() {
            return String::new();
        }
        format!("{}\n", self.paint(PLAIN.bold(), name(post)))
    }

    /// What is conversation, on one line.
    pub(super) fn credits(&self, post: &PostReport) -> String {
        let mut messages: Vec<(&str, Vec<String>)> = Vec::new();
        for finding in post.findings.iter().filter(|finding| finding.shown && finding.credit) {
            let diagnostic = &finding.diagnostic;
            let place = diagnostic.labels.first().map(|label| {
                let at = label.source.line_column(label.span.start());
                format!("{}:{}", at.line, at.column)
            });
            match messages.iter_mut().find(|(message, _)| *message == diagnostic.message) {
                Some((_, places)) => places.extend(place),
                None => messages.push((&diagnostic.message, place.into_iter().collect())),
            }
        }
        if messages.is_empty() {
            return String::new();
        }
        let parts: Vec<String> = messages
            .into_iter()
            .map(|(message, places)| match places.join(", ") {
                places if places.is_empty() => clean::line(message).into_owned(),
                places => format!("{} ({places})", clean::line(message)),
            })
            .collect();
        format!("{}: {}\n", self.paint(CONVERSATION.bold(), "credit"), parts.join(", "))
    }

    /// The two numbers and the verdict.
    pub(super) fn scores(&self, post: &PostReport) -> String {
        let score = &post.score;
        let name = self.paint(PLAIN.bold(), name(post));
        let style = match score.verdict {
            Verdict::Unjudged if post.words == 0 => return format!("{name}: not judged, nothing to read\n"),
            Verdict::Unjudged => return format!("{name}: not judged, not in English\n"),
            verdict => style(verdict),
        };
        let bar = |value: f64, style: Style| {
            let columns = if self.look.width >= 70 { SCORE_BAR } else { SCORE_BAR / 2 };
            match self.bar(value, 100.0, columns) {
                bar if bar.is_empty() => bar,
                bar => format!(" {}", self.paint(style, bar)),
            }
        };
        let found = post.findings.iter().any(|finding| !finding.credit && finding.judges);
        let worded = words(post).1 >= LEAST_WORD_CHOICE;
        format!(
            "{name}: promotion {:.0}{}, conversation {:.0}{}: {}{}{}\n",
            score.promotion,
            bar(score.promotion, PROMOTION),
            score.conversation,
            bar(score.conversation, CONVERSATION),
            self.paint(style.bold(), score.verdict.name()),
            match (found, worded) {
                (true, _) => "",
                (false, true) => "; no promotion found beside word choice",
                (false, false) if post.known > 0 => "; nothing new found",
                (false, false) => "; no promotion found",
            },
            post.hottest().map_or_else(String::new, |section| hottest(post, section)),
        )
    }

    /// Whom it is about, in sentences.
    pub(super) fn about(&self, post: &PostReport) -> String {
        let about = post.about;
        let parts = [
            ("self", about.author, PROMOTION),
            ("reader", about.reader, CONVERSATION),
            ("others", about.others, CONVERSATION),
            ("topic", about.topic, PLAIN),
        ];
        let most = parts.iter().map(|&(_, sentences, _)| sentences).max().unwrap_or(0);
        if most == 0 || post.score.verdict == Verdict::Unjudged {
            return String::new();
        }
        let total: f64 = parts.iter().map(|&(_, sentences, _)| f64::from(sentences)).sum();
        let room = self.look.width.saturating_sub(ABOUT_TEXT) as f64;
        let columns = match (room * f64::from(most) / total) as usize {
            0 | 1 => 0,
            columns => columns.min(ABOUT_BAR),
        };
        // Two columns a sentence as long as they fit, so that short drafts can be compared with each other.
        let scale = f64::from(most).max(columns as f64 / 2.0);
        let parts: Vec<String> = parts
            .into_iter()
            .map(|(whom, sentences, style)| match self.bar(f64::from(sentences), scale, columns) {
                bar if bar.is_empty() => format!("{whom} {sentences}"),
                bar => format!("{whom} {} {sentences}", self.paint(style, bar)),
            })
            .collect();
        format!("  about  {}\n", parts.join("   "))
    }

    /// The words that speak for promotion, and what they add together.
    pub(super) fn word_choice(&self, post: &PostReport) -> String {
        let (mut words, points) = words(post);
        if points < LEAST_WORD_CHOICE {
            return String::new();
        }
        words.sort_by(|a, b| b.points.total_cmp(&a.points).then(a.span.cmp(&b.span)));
        let more = words.len().saturating_sub(MOST_WORDS);
        let shown = words.into_iter().take(MOST_WORDS);
        let mut shown: Vec<String> =
            shown.map(|word| format!("\u{201C}{}\u{201D}", clean::line(post.source.slice(word.span)))).collect();
        if more > 0 {
            shown.push(format!("{more} more"));
        }
        format!("  words  {points:.0} points by word choice: {}\n", shown.join(", "))
    }

    /// How many findings are not shown.
    pub(super) fn left_out(&self, post: &PostReport) -> String {
        let hidden = post.findings.iter().filter(|finding| !finding.shown).count();
        match u32::try_from(hidden).unwrap_or(u32::MAX) {
            0 => String::new(),
            hidden => {
                let verb = if hidden == 1 { "it" } else { "them" };
                let findings = summary::count(hidden, "more finding", "more findings");
                format!("  {findings}; --all shows {verb}\n")
            }
        }
    }

    /// A bar of `columns` for `most`; anything above 0 has at least one column, if there are any.
    fn bar(&self, value: f64, most: f64, columns: usize) -> String {
        if value <= 0.0 || columns == 0 {
            return String::new();
        }
        // The cast saturates and takes NaN to 0.
        let length = (value / most * columns as f64).round() as usize;
        let block = if self.look.unicode { "█" } else { "#" };
        block.repeat(length.clamp(1, columns))
    }

    fn paint(&self, style: Style, text: impl Display) -> String {
        if self.look.color { format!("{style}{text}{style:#}") } else { text.to_string() }
    }
}

/// What promotes most of a long post; where it begins, if it stands in the middle.
fn hottest(post: &PostReport, section: &SectionReport) -> String {
    let place = match section.name {
        SectionName::First(_) | SectionName::Last(_) => String::new(),
        SectionName::Words(..) => {
            let at = post.source.line_column(section.span.start());
            format!(" ({}:{})", at.line, at.column)
        }
    };
    format!("; {}{place}", section.said())
}

/// The words that speak for promotion, and what they add together.
fn words(post: &PostReport) -> (Vec<&WeighedWord>, f64) {
    let words: Vec<&WeighedWord> = post.word_choice.iter().filter(|word| !word.credit).collect();
    let points = words.iter().map(|word| word.points).sum();
    (words, points)
}

const fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Unjudged => PLAIN,
        Verdict::Promotional => PROMOTION,
        Verdict::Mixed => BETWEEN,
        Verdict::Conversational => CONVERSATION,
    }
}

/// The source and, if it holds several posts, where in it.
fn name(post: &PostReport) -> String {
    let source = clean::line(post.source.name());
    match post.locator.to_string() {
        locator if locator.is_empty() => source.into_owned(),
        locator => format!("{source}, {}", clean::line(&locator)),
    }
}
