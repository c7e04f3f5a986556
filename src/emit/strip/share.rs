//! The share of a queue against its budget, as a bar and in words.

use std::fmt::Write as _;

use super::calendar::Day;
use super::sign::{CONVERSATION, PROMOTION, is_over, percent};
use super::{BAR, INDENT, NAME, Strip, clean, fill};
use crate::report::QueueReport;

impl Strip {
    /// The share of the last window and the highest one, against the budget.
    pub(super) fn share(&self, queue: &QueueReport, days: &[Option<Day>]) -> String {
        let profile = clean::line(&queue.profile).into_owned();
        let shares = || queue.entries.iter().zip(days).filter_map(|(entry, day)| Some((entry.share?, *day)));
        let (Some((now, _)), true) = (shares().next_back(), queue.judged) else {
            let said = format!("too short for the budget {profile}, so every post is judged as a draft");
            return self.remark(&said);
        };
        let (most, when) = shares().fold(
            (f64::MIN, None),
            |(most, when), (share, day)| {
                if share > most { (share, day) } else { (most, when) }
            },
        );
        let bar = self.bar(now, is_over(now, queue));
        let mut said = format!("{} at the end", percent(now));
        if most > now {
            let day = when.map(|day| format!(" on {}", day.said())).unwrap_or_default();
            let _ = write!(said, ", {} at the most{day}", percent(most));
        }
        let _ = match queue.max_share {
            max if max >= 1.0 => write!(said, "; {profile} sets no limit"),
            max => write!(said, "; the budget is {} ({profile})", percent(max)),
        };
        let indent = INDENT + NAME;
        let room = self.look.width.saturating_sub(indent + BAR + 1).max(20);
        let filled = fill(&said, room, indent + BAR + 1);
        format!("{:INDENT$}{:NAME$}{bar} {filled}\n", "", "share")
    }

    pub(super) fn remark(&self, said: &str) -> String {
        let indent = INDENT + NAME;
        let filled = fill(said, self.look.width.saturating_sub(indent).max(20), indent);
        format!("{:indent$}{filled}\n", "")
    }

    /// A bar in a trough.
    fn bar(&self, share: f64, over: bool) -> String {
        // The cast saturates and takes NaN to 0.
        let length = ((share * BAR as f64).round() as usize).min(BAR).max(usize::from(share > 0.0));
        let (full, empty) = if self.look.unicode { ("█", "░") } else { ("#", "-") };
        let style = if over { PROMOTION } else { CONVERSATION };
        let full = if length > 0 { self.paint(style, full.repeat(length)) } else { String::new() };
        format!("{full}{}", empty.repeat(BAR - length))
    }
}
