//! What of an input is new: its staged text, the posts that it held before, and the lines that were added.
//!
//! Invariant: what did not change is judged where it counts, and never reported.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::blobs::Blobs;
use super::diff::Lines;
use crate::cli::read::{posts_of, too_large, unreadable};
use crate::cli::walk::Input;
use crate::diagnostic::{Diagnostic, Level};
use crate::document::{Post, extract_each};
use crate::lint::FailOn;
use crate::report::{PostReport, ReportedFinding};
use crate::rule::VerdictKind;
use crate::text::Source;

/// What changed of a file.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Change {
    pub(super) blobs: Arc<Blobs>,
    /// The blob that is read in place of the file.
    pub(super) staged: Option<String>,
    pub(super) before: Before,
    /// The lines that were added, where only these count.
    pub(super) added: Option<Lines>,
}

/// What a file was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing that counts: all of it is reported.
    New,
    /// A blob.
    Blob(String),
    /// What it is.
    Same,
}

/// Posts that a file held before, as numbers made of what they say.
#[derive(Debug)]
pub(in crate::cli) enum Known {
    /// All.
    All,
    /// These, each so many times.
    Posts(HashMap<u64, usize>),
}

impl Known {
    /// Whether a post is one of them; as often as it was there before, so that a copy of it is new.
    pub(in crate::cli) fn takes(&mut self, post: &Post) -> bool {
        match self {
            Self::All => true,
            Self::Posts(posts) => match posts.get_mut(&mark(post)) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    true
                }
                _ => false,
            },
        }
    }
}

impl Change {
    /// Whether nothing changed.
    pub(in crate::cli) fn is_none(&self) -> bool {
        self.before == Before::Same
    }

    /// The staged text, where that is what is read.
    pub(in crate::cli) fn staged(&self, input: &Input, limit: u64) -> Option<Result<Source, Box<Diagnostic>>> {
        let blob = self.staged.as_deref()?;
        Some(match self.blobs.read(blob, limit) {
            Ok(Some(bytes)) => posts_of(&bytes, &input.name, limit, input.format),
            Ok(None) => Err(too_large(&input.name, limit)),
            Err(error) => Err(unreadable(&input.name, &error)),
        })
    }

    /// The posts that were there before; where that cannot be read, all are new, and why is told.
    pub(in crate::cli) fn known(&self, input: &Input) -> (Option<Known>, Option<Diagnostic>) {
        let blob = match &self.before {
            Before::New => return (None, None),
            Before::Same => return (Some(Known::All), None),
            Before::Blob(blob) => blob,
        };
        let limit = input.setup.max_file_size;
        let bytes = match self.blobs.read(blob, limit) {
            Ok(bytes) => bytes.unwrap_or_default(),
            Err(error) => {
                let message =
                    format!("what it was before cannot be read, so all of it counts as changed: {error}");
                return (None, Some(Diagnostic::new(Level::Note, "git/no-blob", message).about(&input.name)));
            }
        };
        let mut posts = HashMap::new();
        // What was no text before held no posts.
        if let Ok(source) = posts_of(&bytes, &input.name, limit, input.format) {
            extract_each(&Arc::new(source), &input.options(), &mut |post| {
                *posts.entry(mark(&post)).or_default() += 1;
            });
        }
        (Some(Known::Posts(posts)), None)
    }

    /// Takes what stands outside of added lines off a report, and what only that made fail.
    pub(in crate::cli) fn narrow(&self, post: &mut PostReport, fail_on: FailOn) {
        let Some(added) = &self.added else { return };
        let before = post.findings.len();
        post.findings.retain(|finding| {
            let labels = &finding.diagnostic.labels;
            labels.iter().filter(|label| Arc::ptr_eq(&label.source, &post.source)).any(|label| {
                let line = |offset| label.source.line_column(offset).line;
                let last = label.span.end().saturating_sub(1).max(label.span.start());
                touches(added, line(label.span.start()), line(last))
            })
        });
        if post.findings.len() < before {
            post.pass |= !post.findings.iter().any(|finding| fails(finding, fail_on));
            // These count in findings that are no longer there.
            (post.explanation, post.needs) = (None, None);
        }
    }
}

fn touches(added: &Lines, first: u32, last: u32) -> bool {
    let at = added.partition_point(|(_, end)| *end < first);
    added.get(at).is_some_and(|(start, _)| *start <= last)
}

/// Whether a finding alone makes its post fail.
fn fails(finding: &ReportedFinding, fail_on: FailOn) -> bool {
    let level = finding.diagnostic.level;
    match fail_on {
        FailOn::Never => false,
        FailOn::Error => level >= Level::Error,
        FailOn::Promotional => level >= Level::Error || finding.verdict == Some(VerdictKind::Promotional),
        FailOn::Mixed => {
            let verdict = matches!(finding.verdict, Some(VerdictKind::Promotional | VerdictKind::Mixed));
            level >= Level::Error || verdict
        }
        FailOn::Warning => level >= Level::Warning,
    }
}

/// A number made of what a post says, whose it is, where it goes and when.
fn mark(post: &Post) -> u64 {
    let mut hasher = DefaultHasher::new();
    for part in &post.parts {
        part.kind.hash(&mut hasher);
        // Git writes files with the line ends of the system and keeps them with its own.
        part.text.as_str().replace("\r\n", "\n").hash(&mut hasher);
        part.links.iter().for_each(|link| link.url(&post.source).hash(&mut hasher));
    }
    post.platforms().for_each(|platform| platform.hash(&mut hasher));
    post.time.as_ref().map(|time| &time.text).hash(&mut hasher);
    (post.kind, post.account_name(), post.intent.is_some()).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_touches_added_lines_or_not() {
        let added = vec![(3, 5), (9, 9)];
        let found: Vec<u32> = (1..12).filter(|&line| touches(&added, line, line)).collect();
        assert_eq!(found, [3, 4, 5, 9]);
        assert!(
            touches(&added, 1, 3) && touches(&added, 6, 9) && !touches(&added, 6, 8) && !touches(&[].into(), 1, 9)
        );
    }
}
