//! What a post is in a strip: its letter, its colour and its day.
//!
//! Invariant: two posts of one colour that are told apart have different letters.

use anstyle::{AnsiColor, Style};

use super::calendar::Day;
use crate::document::PostKind;
use crate::report::{QueueEntry, QueueReport};
use crate::score::Verdict;

pub(super) const PROMOTION: Style = AnsiColor::BrightRed.on_default();
pub(super) const BETWEEN: Style = AnsiColor::Yellow.on_default();
pub(super) const CONVERSATION: Style = AnsiColor::BrightGreen.on_default();
pub(super) const PLAIN: Style = Style::new();

/// Letters of a strip, and what they say.
pub(super) const LETTERS: [(char, &str); 6] = [
    ('p', "promotes"),
    ('m', "mixed"),
    ('c', "conversation"),
    ('r', "reply"),
    ('s', "share"),
    ('·', "not judged"),
];

/// The day of each post by its own clock, but never one before that of the post that it follows: clocks of two zones may
/// disagree.
pub(super) fn days(queue: &QueueReport) -> Vec<Option<Day>> {
    let own = queue.entries.iter().map(|entry| entry.time.as_deref().and_then(Day::of));
    let settled = own.scan(None, |last: &mut Option<Day>, own| {
        let day = own.map(|own| last.map_or(own, |last| own.max(last)));
        *last = day.or(*last);
        Some(day)
    });
    settled.collect()
}

pub(super) fn letter(entry: &QueueEntry) -> char {
    match (entry.kind, entry.verdict) {
        (PostKind::Reply, _) => 'r',
        (PostKind::Share, _) => 's',
        (PostKind::Post, _) if entry.pitch => 'p',
        (PostKind::Post, Verdict::Promotional) => 'p',
        (PostKind::Post, Verdict::Mixed) => 'm',
        (PostKind::Post, Verdict::Conversational) => 'c',
        (PostKind::Post, Verdict::Unjudged) => '·',
    }
}

pub(super) fn style(entry: &QueueEntry) -> Style {
    match entry.verdict {
        _ if entry.pitch => PROMOTION,
        Verdict::Promotional => PROMOTION,
        Verdict::Mixed => BETWEEN,
        Verdict::Conversational => CONVERSATION,
        Verdict::Unjudged => PLAIN,
    }
}

/// Whether a share is more than the budget; shares come out of divisions.
pub(super) fn is_over(share: f64, queue: &QueueReport) -> bool {
    share > queue.max_share + 1e-9
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}
