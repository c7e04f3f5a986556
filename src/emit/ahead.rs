//! Posts that are written before their turn.
//!
//! Knows no format. Invariant: what is written before is what the emitter would write.

use std::fmt::Debug;
use std::io::{self, Write};

use crate::diagnostic::Diagnostic;
use crate::report::PostReport;

/// Writes single posts for an emitter, on whatever thread judged them: it goes into [`PostReport::written`], which
/// the emitter then hands on.
pub trait PostWriter: Debug + Send + Sync {
    /// Adds a post to the end of what is written.
    ///
    /// # Errors
    /// When its shape cannot be written at all.
    fn write(&self, post: &PostReport, out: &mut Vec<u8>) -> io::Result<()>;
}

/// A post of no more findings is written as one; one of more would be held as its report and its output both.
pub(super) const FEW: usize = 200;

/// What most posts take.
pub(super) const USUAL_LEN: usize = 2_048;

/// Writes a post before its emitter gets it, and lets go of what is asked no more behind that. What cannot be written now is
/// written, and told of, when its turn comes.
pub fn write_ahead(writer: &dyn PostWriter, post: &mut PostReport) {
    if post.findings.len() <= FEW {
        let mut written = Vec::with_capacity(USUAL_LEN);
        if writer.write(post, &mut written).is_ok() {
            post.written = Some(written);
            forget_told(post);
        }
    }
}

/// Leaves of a post what is counted, and what suppressions hide. The rest is freed by the thread that made it: two threads
/// that free what one makes keep it waiting.
fn forget_told(post: &mut PostReport) {
    for finding in &mut post.findings {
        let told = &mut finding.diagnostic;
        *told = Diagnostic::new(told.level, std::mem::take(&mut told.code), String::new());
    }
    (post.id, post.account, post.scheduled) = (None, None, None);
    (post.platforms, post.score.by_category) = (Vec::new(), Vec::new());
    (post.sections, post.hottest, post.word_choice) = (Vec::new(), None, Vec::new());
    (post.explanation, post.needs, post.parts) = (None, None, Vec::new());
}

/// Hands on a post that was written before, or else writes it. The buffer is empty before and after.
pub(super) fn hand_on(
    post: &PostReport,
    writer: &dyn PostWriter,
    buffer: &mut Vec<u8>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if let Some(written) = &post.written {
        return out.write_all(written);
    }
    let written = writer.write(post, buffer).and_then(|()| out.write_all(buffer));
    buffer.clear();
    written
}
