//! For people: annotated excerpts, and per draft its credits, scores and whom it is about.
//!
//! Does not choose or count what it shows. Invariant: nothing of a draft, a rule or a path is written before it
//! went through [`clean`](super::clean).

mod annotate;
mod footer;
mod window;

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use self::annotate::Annotator;
use self::footer::Footer;
use super::{Emitter, Look, PostWriter, Streams, hand_on, statistics, summary, write_text};
use crate::diagnostic::Diagnostic;
use crate::report::{FileReport, PostReport, QueueReport, RunReport, Tool};

/// Writes annotated excerpts.
#[derive(Clone, Debug)]
pub(super) struct Human {
    annotator: Annotator,
    footer: Footer,
    look: Look,
}

impl Human {
    pub(super) fn new(look: Look) -> Self {
        Self { annotator: Annotator::new(look), footer: Footer::new(look), look }
    }

    /// What is wrong, beside the output.
    pub(super) fn diagnostics(&self, diagnostics: &[Diagnostic], streams: &mut Streams<'_>) -> io::Result<()> {
        for diagnostic in diagnostics {
            write_text(streams.err, &format!("{}\n", self.annotator.render(diagnostic)), self.look)?;
        }
        Ok(())
    }

    /// What was found of a queue.
    pub(super) fn queue(&self, queue: &QueueReport, streams: &mut Streams<'_>) -> io::Result<()> {
        for finding in &queue.findings {
            let mut diagnostic = finding.diagnostic.clone();
            let said = diagnostic.help.as_deref();
            let suggestion = finding.suggestion.as_deref().filter(|suggestion| Some(*suggestion) != said);
            diagnostic.notes.extend(suggestion.map(|suggestion| suggestion.to_owned().into()));
            write_text(streams.out, &format!("{}\n", self.annotator.render(&diagnostic)), self.look)?;
        }
        Ok(())
    }

    fn post(&self, post: &PostReport) -> String {
        let mut text = String::new();
        for finding in post.marked() {
            if text.is_empty() {
                text.push_str(&self.footer.heading(post));
            }
            text.push_str(&self.annotator.render(&placed(&finding.diagnostic, post)));
            text.push('\n');
        }
        text.push_str(&self.footer.credits(post));
        text.push_str(&self.footer.scores(post));
        text.push_str(&self.footer.about(post));
        text.push_str(&self.footer.word_choice(post));
        text.push_str(&self.footer.left_out(post));
        text.push_str(&self.footer.explanation(post));
        text.push_str(&self.footer.needs(post));
        text.push('\n');
        text
    }
}

/// A finding without labels stands where its post begins.
fn placed<'a>(diagnostic: &'a Diagnostic, post: &PostReport) -> Cow<'a, Diagnostic> {
    if diagnostic.source_name().is_some() {
        return Cow::Borrowed(diagnostic);
    }
    let at = post.source.line_column(post.start);
    let place = format!("{}:{}:{}", post.source.name(), at.line, at.column);
    Cow::Owned(diagnostic.clone().about(place))
}

impl PostWriter for Human {
    fn write(&self, post: &PostReport, out: &mut Vec<u8>) -> io::Result<()> {
        write_text(out, &self.post(post), self.look)
    }
}

impl Emitter for Human {
    fn begin(&mut self, tool: &Tool, _: &mut Streams<'_>) -> io::Result<()> {
        self.annotator.link(tool);
        Ok(())
    }

    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()> {
        self.diagnostics(&file.diagnostics, streams)?;
        for post in &file.posts {
            hand_on(post, self, &mut Vec::new(), streams.out)?;
        }
        Ok(())
    }

    fn post_writer(&self) -> Option<Arc<dyn PostWriter>> {
        Some(Arc::new(self.clone()))
    }

    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()> {
        for queue in &run.queues {
            self.queue(queue, streams)?;
        }
        self.diagnostics(&run.diagnostics, streams)?;
        if let Some(counts) = &run.statistics {
            write_text(streams.out, &format!("{}\n", statistics::table(counts)), self.look)?;
        }
        write_text(streams.out, &format!("{}\n", summary::line(run.summary)), self.look)?;
        streams.out.flush()
    }
}
