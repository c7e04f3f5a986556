//! One self-contained page for people who did not run the program: every post with its findings marked in it, the
//! queues as pictures, and filters.
//!
//! Decides nothing that [`report`](crate::report) has decided. Invariant: the page loads nothing, runs no script but its
//! own, and whatever comes from a draft, a rule or a path is escaped by the templates, of which
//! [`PreEscaped`](maud::PreEscaped) takes only what other templates made.

mod chart;
mod mention;
mod page;
mod post;
mod queue;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod words;

use std::collections::BTreeMap;
use std::io;

use self::post::PostMarkup;
use super::{Emitter, Look, Streams, short};
use crate::diagnostic::Diagnostic;
use crate::report::{FileReport, PostReport, ReportedFinding, RunReport};

pub(crate) use self::page::is_page;

/// Writes the page, after the last file: what stands at its head is known only then. Reports need the texts of their
/// posts. Trouble is told beside it too.
#[derive(Debug)]
pub struct Html {
    look: Look,
    posts: Vec<PostMarkup>,
    rules: BTreeMap<String, Found>,
    trouble: Vec<Diagnostic>,
}

/// What was found by one rule.
#[derive(Debug)]
struct Found {
    /// In how many posts.
    posts: usize,
    /// Whether it rewards.
    credit: bool,
    /// Of one of its findings.
    message: String,
}

impl Html {
    /// A page without posts; `look` is that of what is told beside it.
    #[must_use]
    pub fn new(look: Look) -> Self {
        Self { look, posts: Vec::new(), rules: BTreeMap::new(), trouble: Vec::new() }
    }

    fn count(&mut self, post: &PostReport) {
        let finding = |code| -> Option<&ReportedFinding> {
            post.findings.iter().find(|finding| finding.diagnostic.code == code)
        };
        for code in post::rules(post) {
            let Some(ReportedFinding { diagnostic, credit, .. }) = finding(code) else { continue };
            let found = self.rules.entry(code.to_owned()).or_insert_with(|| {
                // What it quotes is of one post alone.
                let message = diagnostic.message.split(": \"").next().unwrap_or_default().to_owned();
                Found { posts: 0, credit: *credit, message }
            });
            found.posts += 1;
        }
    }

    fn tell(&mut self, diagnostics: &[Diagnostic], streams: &mut Streams<'_>) -> io::Result<()> {
        for diagnostic in diagnostics {
            short::write(streams.err, short::line(diagnostic, None), self.look)?;
        }
        self.trouble.extend(diagnostics.iter().filter(|one| post::is_loud(one)).cloned());
        Ok(())
    }
}

impl Emitter for Html {
    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        for post in &file.posts {
            self.count(post);
            self.posts.push(post::post(post, self.posts.len() + 1));
        }
        self.tell(&file.diagnostics, streams)
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        self.tell(&run.diagnostics, streams)?;
        let said = queue::said_of(&run.queues, self.posts.len());
        streams.out.write_all(page::head(self, run).as_bytes())?;
        for (post, said) in self.posts.iter().zip(&said) {
            streams.out.write_all(post.finish(said).into_string().as_bytes())?;
            streams.out.write_all(b"\n")?;
        }
        streams.out.write_all(page::foot(self, run).as_bytes())?;
        streams.out.flush()
    }
}
