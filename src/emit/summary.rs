//! The last line for people: how many drafts, of which verdicts, and what was found.
//!
//! Does not count. Invariant: what is 0 is not mentioned.

use crate::report::{RunReport, Summary};

/// `3 drafts: 1 promotional, 2 mixed; 2 errors, 1 note`, without a line end.
pub(super) fn line(summary: Summary) -> String {
    let verdicts = list(&[
        (summary.promotional, "promotional", "promotional"),
        (summary.mixed, "mixed", "mixed"),
        (summary.conversational, "conversational", "conversational"),
        (summary.unjudged, "not judged", "not judged"),
    ]);
    let found = levels(summary);
    let mut line = count(summary.posts, "draft", "drafts");
    for (separator, part) in [(": ", verdicts), ("; ", found)] {
        if !part.is_empty() {
            line.push_str(separator);
            line.push_str(&part);
        }
    }
    line
}

fn levels(summary: Summary) -> String {
    list(&[
        (summary.errors, "error", "errors"),
        (summary.warnings, "warning", "warnings"),
        (summary.notes, "note", "notes"),
        (summary.credits, "credit", "credits"),
    ])
}

/// `2 queues: 14 posts; 1 warning`, without a line end: what was found of the queues alone.
pub(super) fn queues(run: &RunReport) -> String {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let posts = run.queues.iter().map(|queue| queue.entries.len()).sum();
    let queues = count(number(run.queues.len()), "queue", "queues");
    let mut line = format!("{queues}: {}", count(number(posts), "post", "posts"));
    let found = levels(run.summary);
    if !found.is_empty() {
        line.push_str("; ");
        line.push_str(&found);
    }
    line
}

/// A number with its noun.
pub(super) fn count(number: u32, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn list(counts: &[(u32, &str, &str)]) -> String {
    let counts = counts.iter().filter(|&&(number, ..)| number > 0);
    counts.map(|&(number, one, many)| count(number, one, many)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(summary: Summary, expected: &str) {
        assert_eq!(line(summary), expected);
    }

    #[test]
    fn what_is_not_there_is_not_mentioned() {
        check(Summary::default(), "0 drafts");
        check(Summary { posts: 1, conversational: 1, ..Summary::default() }, "1 draft: 1 conversational");
        check(Summary { errors: 2, ..Summary::default() }, "0 drafts; 2 errors");
        let all = Summary {
            posts: 4,
            promotional: 1,
            mixed: 1,
            conversational: 1,
            unjudged: 1,
            errors: 2,
            warnings: 3,
            notes: 1,
            credits: 4,
            ..Summary::default()
        };
        check(
            all,
            "4 drafts: 1 promotional, 1 mixed, 1 conversational, 1 not judged; 2 errors, 3 warnings, 1 note, 4 credits",
        );
    }
}
