//! Floor 4, above `queue`: findings that were there when somebody began, so that later runs show only new ones.
//!
//! Reads and writes no file, and changes no score: what is known is present for every rule and for the numbers, and only
//! not shown. Invariant: a baseline holds the paths it was asked for, names of rules and hashes, never words of a post, and
//! its text is sorted, so that the same findings give the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::report::{PostReport, QueueFinding, QueueReport, ReportedFinding};
use crate::text::{Source, Span};

/// The first line of its text.
pub const HEADING: &str = "# selfless baseline 1: rule, hash of its words and those around, how often";

/// What is common to the first lines of all versions.
pub const BEGINNING: &str = "# selfless baseline ";

/// Stands before a path that was read for it.
const COVERS: &str = "covers ";

/// Rules and fingerprints, and how often both occur.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The files and folders that were read for it, as they were asked for, relative to its own folder.
    pub covers: BTreeSet<String>,
    entries: BTreeMap<(String, Fingerprint), u32>,
}

impl Baseline {
    /// Reads the text of a baseline; lines that are none are told, and the others kept.
    #[must_use]
    pub fn read(source: &Arc<Source>) -> (Self, Vec<Diagnostic>) {
        let (mut baseline, mut wrong) = (Self::default(), Vec::new());
        if !source.text().starts_with(HEADING) {
            let end = u32::try_from(source.text().lines().next().map_or(0, str::len)).unwrap_or(u32::MAX);
            let message = "no baseline, or one of another version";
            let diagnostic = Diagnostic::error("baseline/unknown", message).label(source, Span::new(0, end), "");
            return (baseline, vec![diagnostic.help("`selfless baseline -o FILE PATH` writes one")]);
        }
        let mut at = 0;
        for line in source.text().split_inclusive('\n') {
            let words = line.trim();
            if !words.is_empty() && !words.starts_with('#') {
                match (covered(words), entry(words)) {
                    (Some(path), _) => {
                        baseline.covers.insert(path);
                    }
                    (None, Some((key, count))) => {
                        let known = baseline.entries.entry(key).or_default();
                        *known = known.saturating_add(count);
                    }
                    (None, None) => {
                        let message = "not an entry: a rule, 32 hexadecimal digits and a number, or a path in quotes after `covers`";
                        let span = Span::of(at..at + line.trim_end().len());
                        wrong.push(Diagnostic::error("baseline/bad-entry", message).label(source, span, ""));
                    }
                }
            }
            at += line.len();
        }
        (baseline, wrong)
    }

    /// Its text: a line an entry, sorted.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{HEADING}\n");
        for path in &self.covers {
            // A path may hold anything, ends of lines too.
            let _ = writeln!(text, "{COVERS}{}", serde_json::Value::from(path.as_str()));
        }
        for ((rule, print), count) in &self.entries {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{rule} {print} {count}");
        }
        text
    }

    /// How many findings it holds.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.entries.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// How many findings it holds of each rule, by name.
    #[must_use]
    pub fn by_rule(&self) -> Vec<(&str, u32)> {
        let mut counts: Vec<(&str, u32)> = Vec::new();
        for ((rule, _), count) in &self.entries {
            match counts.last_mut().filter(|(last, _)| last == rule) {
                Some((_, sum)) => *sum = sum.saturating_add(*count),
                None => counts.push((rule, *count)),
            }
        }
        counts
    }

    /// Adds the findings of a post, credits aside.
    pub fn add_post(&mut self, post: &PostReport) {
        for finding in post.findings.iter().filter(|finding| !finding.credit) {
            *self.entries.entry(key(finding)).or_default() += 1;
        }
    }

    /// Adds the findings of a queue.
    pub fn add_queue(&mut self, queue: &QueueReport) {
        for finding in &queue.findings {
            *self.entries.entry(queue_key(queue, finding)).or_default() += 1;
        }
    }

    /// Takes one out, if it is there.
    fn take(&mut self, key: &(String, Fingerprint)) -> bool {
        let Some(count) = self.entries.get_mut(key) else { return false };
        *count -= 1;
        if *count == 0 {
            self.entries.remove(key);
        }
        true
    }

    /// Takes another's entries out.
    #[must_use]
    pub fn without(mut self, other: &Self) -> Self {
        for (key, count) in &other.entries {
            for _ in 0..*count {
                self.take(key);
            }
        }
        self
    }
}

fn covered(line: &str) -> Option<String> {
    serde_json::from_str(line.strip_prefix(COVERS)?).ok()
}

fn entry(line: &str) -> Option<((String, Fingerprint), u32)> {
    let mut words = line.split(' ');
    let (rule, print, count) = (words.next()?, words.next()?, words.next()?);
    let hash = |digits: Option<&str>| u64::from_str_radix(digits?, 16).ok();
    let print = (print.len() == 32).then_some(print)?;
    let print = Fingerprint { words: hash(print.get(..16))?, context: hash(print.get(16..))? };
    let count: u32 = count.parse().ok().filter(|&count| count > 0 && words.next().is_none())?;
    Some(((rule.to_owned(), print), count))
}

fn key(finding: &ReportedFinding) -> (String, Fingerprint) {
    (finding.diagnostic.code.to_string(), finding.fingerprint)
}

/// A finding about a queue is known by the posts that take part: by their first words, in order, whenever they are due.
fn queue_key(queue: &QueueReport, finding: &QueueFinding) -> (String, Fingerprint) {
    let code = finding.diagnostic.code.to_string();
    let posts = finding.entries.iter().filter_map(|&entry| queue.entries.get(entry));
    let words: Vec<&str> = posts.map(|entry| entry.source.slice(entry.span)).collect();
    let print = Fingerprint::of_text(&code, &words.join("\n\n"));
    (code, print)
}

/// A baseline that is being held against a run.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// What matched nothing so far.
    left: Baseline,
    hidden: u32,
}

impl Known {
    /// Nothing matched yet.
    #[must_use]
    pub fn new(baseline: Baseline) -> Self {
        Self { left: baseline, hidden: 0 }
    }

    /// Hides what is known of a post, and judges again whether it passes. Its numbers stay.
    pub fn hide_in_post(&mut self, post: &mut PostReport) {
        post.hide(|finding| {
            let known = !finding.credit && self.left.take(&key(finding));
            self.hidden += u32::from(known);
            known
        });
    }

    /// Hides what is known of a queue.
    pub fn hide_in_queue(&mut self, queue: &mut QueueReport) {
        let mut findings = std::mem::take(&mut queue.findings);
        findings.retain(|finding| {
            let known = self.left.take(&queue_key(queue, finding));
            self.hidden += u32::from(known);
            !known
        });
        queue.findings = findings;
    }

    /// How many findings were hidden.
    #[must_use]
    pub fn hidden(&self) -> u32 {
        self.hidden
    }

    /// What matched nothing.
    #[must_use]
    pub fn left(&self) -> &Baseline {
        &self.left
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Post;
    use crate::lint::{Context, FailOn, Linter, Policy};
    use crate::rule::RuleSet;

    fn judged(text: &str, fail_on: FailOn) -> PostReport {
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let policy = Policy { fail_on, ..Policy::of(linter.rules()) };
        linter.lint(&Post::of_text(&Arc::new(Source::from_text("a", text))), &Context::default(), &policy)
    }

    fn recorded(text: &str) -> Baseline {
        let mut baseline = Baseline::default();
        baseline.add_post(&judged(text, FailOn::Error));
        baseline
    }

    const DRAFT: &str = "Big news! Order now, only today. Buy the lamp! What would a cat do?";

    #[test]
    fn its_text_is_read_back_and_holds_no_words() {
        let baseline = recorded(DRAFT);
        let text = baseline.text();
        let (read, wrong) = Baseline::read(&Arc::new(Source::from_text("b", text.clone())));
        assert!(wrong.is_empty() && baseline.count() > 3 && read == baseline);
        assert!(["Order", "lamp", "news!", "cat"].iter().all(|word| !text.contains(word)), "{text}");
        assert!(text.lines().skip(1).is_sorted());
    }

    #[test]
    fn what_is_no_baseline_is_told() {
        #[track_caller]
        fn check(text: &str, expected: &[&str]) {
            let (_, wrong) = Baseline::read(&Arc::new(Source::from_text("b", text)));
            assert_eq!(wrong.iter().map(|one| &*one.code).collect::<Vec<_>>(), expected);
        }
        check("hello", &["baseline/unknown"]);
        check("", &["baseline/unknown"]);
        let print = "0123456789abcdef0123456789abcdef";
        check(&format!("{HEADING}\n\nask/hard {print} 1\n# x\n"), &[]);
        for bad in ["ask/hard", "ask/hard 12 1", "ask/hard é 1"] {
            check(&format!("{HEADING}\n{bad}\n"), &["baseline/bad-entry"]);
        }
        for count in ["0", "x", "-1", "1 2"] {
            check(&format!("{HEADING}\nask/hard {print} {count}\n"), &["baseline/bad-entry"]);
        }
    }

    #[test]
    fn what_is_known_is_hidden_scored_and_fails_nothing() {
        for fail_on in [FailOn::Error, FailOn::Promotional, FailOn::Mixed, FailOn::Warning] {
            let (before, mut post) = (judged(DRAFT, fail_on), judged(DRAFT, fail_on));
            assert!(!before.pass);
            let mut known = Known::new(recorded(DRAFT));
            known.hide_in_post(&mut post);
            assert!(post.pass && post.findings.iter().all(|finding| finding.credit));
            assert_eq!(post.score.promotion.to_bits(), before.score.promotion.to_bits());
            assert_eq!(known.left().count(), 0);
            // The same findings once more are new.
            let mut again = judged(DRAFT, fail_on);
            known.hide_in_post(&mut again);
            assert_eq!((again.pass, again.findings.len()), (false, before.findings.len()));
        }
    }

    #[test]
    fn only_what_is_new_is_shown_where_it_has_moved() {
        let draft = "We met on the bridge at night. Order now, only today. The rest of us went home by tram.";
        let mut post = judged(&format!("Rain fell.\n\n{draft} Follow us for more!"), FailOn::Error);
        let mut known = Known::new(recorded(draft));
        known.hide_in_post(&mut post);
        let codes: Vec<&str> = post.findings.iter().map(|finding| &*finding.diagnostic.code).collect();
        assert!(codes.contains(&"ask/followers") && !codes.contains(&"ask/hard"), "{codes:?}");
        // The verdict is of all words, so a draft that was changed is judged anew.
        assert!(codes.first().is_some_and(|code| code.starts_with("verdict/")), "{codes:?}");
        let again = recorded(DRAFT).without(&recorded(DRAFT));
        assert_eq!(again.count(), 0);
    }
}
