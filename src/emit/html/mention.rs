//! Posts that a sentence about their queue names by file, row or key, as links to them.
//!
//! Does not say what to do. Invariant: a name is only taken for a post if it is whole, and the name of one post alone.

use std::collections::HashMap;

use maud::{Markup, html};

use super::post::PostMarkup;
use super::queue::first_words;
use super::time;
use crate::emit::clean;
use crate::report::{QueueEntry, QueueReport};

/// What the posts of a queue may be called.
pub(super) struct Names<'a> {
    /// The longest first.
    names: Vec<(String, &'a QueueEntry)>,
    posts: &'a [PostMarkup],
}

impl<'a> Names<'a> {
    /// Those of a queue.
    pub(super) fn of(queue: &'a QueueReport, posts: &'a [PostMarkup]) -> Self {
        let mut known: HashMap<String, Option<&QueueEntry>> = HashMap::new();
        for entry in &queue.entries {
            for name in names(entry) {
                known.entry(name).and_modify(|one| *one = None).or_insert(Some(entry));
            }
        }
        let mut names: Vec<_> = known.into_iter().filter_map(|(name, entry)| Some((name, entry?))).collect();
        names.sort_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        Self { names, posts }
    }

    /// A text with links in place of the names in it.
    pub(super) fn linked(&self, text: &str) -> Markup {
        let mut rest = 0;
        let mut pieces: Vec<(&str, Option<&QueueEntry>)> = Vec::new();
        for (start, end, entry) in self.places(text) {
            pieces.push((text.get(rest..start).unwrap_or_default(), Some(entry)));
            rest = end;
        }
        pieces.push((text.get(rest..).unwrap_or_default(), None));
        html! {
            @for (words, entry) in pieces {
                (dated(&clean::line(words)))
                @if let Some(entry) = entry {
                    @match entry.post {
                        Some(post) => a href=(format!("#p{}", post + 1)) { "post " (post + 1) },
                        None => { "“" (first_words(entry, self.posts)) "”" }
                    }
                }
            }
        }
    }

    /// Where names stand, in order; of overlapping ones the longest.
    fn places(&self, text: &str) -> Vec<(usize, usize, &'a QueueEntry)> {
        let mut found: Vec<(usize, usize, &QueueEntry)> = Vec::new();
        for (name, entry) in &self.names {
            for (start, _) in text.match_indices(name.as_str()) {
                let end = start + name.len();
                if is_whole(text, start, end) && found.iter().all(|&(from, to, _)| end <= from || to <= start) {
                    found.push((start, end, entry));
                }
            }
        }
        found.sort_by_key(|&(start, ..)| start);
        found
    }
}

/// A text with the times in it said in words.
fn dated(text: &str) -> String {
    let word = |word: &str| {
        let time = word.trim_end_matches([',', '.', ';', ' ']);
        let rest = word.get(time.len()..).unwrap_or_default();
        let is_time = time.starts_with(|c: char| c.is_ascii_digit()) && time.contains('T');
        if is_time { time::words(time) + rest } else { word.to_owned() }
    };
    text.split_inclusive(' ').map(word).collect()
}

/// By its place in a source that is named or not.
fn names(entry: &QueueEntry) -> Vec<String> {
    let source = entry.source.name();
    let line = entry.source.line_column(entry.span.start()).line;
    match &entry.locator {
        Some(words) => vec![words.to_string(), format!("{source}, {words}")],
        None => vec![format!("line {line}"), format!("{source}:{line}"), source.to_owned()],
    }
}

/// Whether nothing that could belong to a name stands around a place.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '/' | '\\' | '_' | '-' | ':');
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let mut after = text.get(end..).unwrap_or_default().chars();
    let next = after.next();
    // A full stop ends the sentence, unless it goes on.
    let goes_on = next == Some('.') && after.next().is_some_and(part);
    !before.is_some_and(part) && !next.is_some_and(part) && !goes_on
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::document::PostKind;
    use crate::score::Verdict;
    use crate::text::{Source, Span};

    fn entry(source: &Arc<Source>, locator: Option<&str>, post: Option<usize>) -> QueueEntry {
        QueueEntry {
            source: Arc::clone(source),
            span: Span::new(0, 5),
            locator: locator.map(Into::into),
            post,
            kind: PostKind::Post,
            platforms: Vec::new(),
            time: None,
            verdict: Verdict::Mixed,
            pitch: false,
            promotion: 0.0,
            share: None,
        }
    }

    #[track_caller]
    fn check(entries: Vec<QueueEntry>, text: &str, expected: &str) {
        let queue = QueueReport {
            name: String::new(),
            account: None,
            platform: None,
            profile: String::new(),
            max_share: 0.2,
            window: 5,
            judged: true,
            entries,
            findings: Vec::new(),
        };
        assert_eq!(Names::of(&queue, &[]).linked(text).into_string(), expected);
    }

    #[test]
    fn rows_and_keys_are_links() {
        let source = Arc::new(Source::from_text("/srv/dana/q.json", "Soup, today"));
        let entries = || {
            vec![
                entry(&source, Some("/1"), Some(0)),
                entry(&source, Some("/12"), Some(11)),
                entry(&source, Some("/3"), None),
            ]
        };
        check(entries(), "swap /1 with /12", "swap <a href=\"#p1\">post 1</a> with <a href=\"#p12\">post 12</a>");
        check(entries(), "see /srv/dana/q.json, /1.", "see <a href=\"#p1\">post 1</a>.");
        check(entries(), "keep /3 & /1/text", "keep “Soup,” &amp; /1/text");
    }

    #[test]
    fn what_two_posts_are_called_is_no_name() {
        let one = Arc::new(Source::from_text("a.csv", "Soup"));
        let two = Arc::new(Source::from_text("b.csv", "Bread"));
        let entries = vec![entry(&one, Some("row 2"), Some(0)), entry(&two, Some("row 2"), Some(1))];
        check(entries, "row 2, b.csv, row 2", "row 2, <a href=\"#p2\">post 2</a>");
    }

    #[test]
    fn times_are_said_in_words() {
        check(
            Vec::new(),
            "move it to 2026-05-09T06:30+02:00, or to 2026-05-13T06:30.  Not 2T 3",
            "move it to 9 May 2026, 06:30, or to 13 May 2026, 06:30.  Not 2T 3",
        );
    }

    #[test]
    fn files_are_links() {
        let one = Arc::new(Source::from_text("/srv/a.tweet", "Soup"));
        check(vec![entry(&one, None, Some(4))], "move /srv/a.tweet.", "move <a href=\"#p5\">post 5</a>.");
        check(vec![entry(&one, None, Some(4))], "move /srv/a.tweet.old", "move /srv/a.tweet.old");
    }
}
