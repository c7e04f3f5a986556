//! The queues of rule files, run.
//!
//! Invariant: what a post is, is given by its letter; its text only tells words, links, asks and people.

use std::sync::Arc;

use super::{context, policy, post};
use crate::diagnostic::Diagnostic;
use crate::document::{Intent, Post, PostKind, PostTime};
use crate::lint::{Linter, Turn};
use crate::queue::when::{self, DayOrder, When};
use crate::queue::{Member, Profiles, Queue, judge};
use crate::rule::queue::{Given, Letter, given};
use crate::rule::raw::RawSetting;
use crate::score::Verdict;
use crate::table::At;
use crate::text::{Source, Span};

/// Whether a rule finds something in a queue.
pub(super) fn finds(
    linter: &Linter,
    setting: &RawSetting,
    posts: &At<String>,
    profile: Option<&At<String>>,
    rule: &str,
    source: &Arc<Source>,
) -> Result<bool, Box<Diagnostic>> {
    let budget = Profiles::shipped().named(profile, source)?;
    // What cannot be read was told when the file was compiled.
    let all = given(&posts.value).unwrap_or_default();
    let policy = policy(linter.rules(), rule);
    let times: Vec<Option<When>> = all.iter().map(|one| one.time.and_then(time)).collect();
    let context = context(setting.clone());
    let member = |(order, (one, time)): (usize, (&Given<'_>, Option<When>))| {
        // Only of a pitch are the words kept that others are compared with.
        let pitch = Post { intent: Some(Intent::Pitch), ..post(one.text) };
        let (_, turn) = linter.lint_turn(&pitch, &context, &policy);
        Member {
            turn: spoken(Turn { pitch: false, ..turn }, one.letter),
            time,
            post: Some(order),
            history: false,
            order,
        }
    };
    let members = all.iter().zip(times).enumerate().map(member).collect();
    let queue = Queue { name: "example".to_owned(), members, ..Queue::default() };
    let report = judge(queue, linter.rules(), &policy, &budget);
    Ok(report.findings.iter().any(|finding| finding.diagnostic.code == rule))
}

fn time(written: &str) -> Option<When> {
    let time = PostTime { text: written.to_owned(), spans: vec![Span::default()] };
    let source = Arc::new(Source::from_text("example", written));
    let (found, _) = when::settle(&[Some(&time)], DayOrder::Auto, &when::utc(), &source);
    found.into_iter().next().flatten()
}

/// What the letter says holds, whatever the text reads as.
fn spoken(mut turn: Turn, letter: Letter) -> Turn {
    (turn.verdict, turn.promotion) = match letter {
        Letter::Promotional => (Verdict::Promotional, 80.0),
        Letter::Mixed => (Verdict::Mixed, 40.0),
        Letter::Conversational | Letter::Reply | Letter::Share => (Verdict::Conversational, 0.0),
    };
    turn.kind = match letter {
        Letter::Reply => PostKind::Reply,
        Letter::Share => PostKind::Share,
        _ => PostKind::Post,
    };
    turn.talks_to_others |= turn.kind != PostKind::Post;
    turn
}
