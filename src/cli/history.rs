//! What of a source is history: out already beside posts that are not, somebody else's, or an answer that was given.
//!
//! Judges nothing. Invariant: all posts of a source are seen before any of them is left out.

use crate::diagnostic::{Diagnostic, Level};
use crate::document::{Post, PostKind, PostStatus};

/// The posts of a source, counted by what is left out of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct History {
    posts: usize,
    /// Posts that are out.
    out: usize,
    /// Those of them that are one's own and no answers.
    own_out: usize,
    /// What is left out wherever it stands.
    others: usize,
}

impl History {
    /// Counts a post.
    pub(super) fn add(&mut self, post: &Post) {
        self.posts += 1;
        self.out += usize::from(is_out(post));
        self.own_out += usize::from(is_out(post) && post.kind == PostKind::Post);
        self.others += usize::from(is_never_reported(post.kind, is_out(post)));
    }

    /// Whether a post is left out: where some posts of a source are out and some are not, those that are out; and
    /// posts of others that were passed on, and answers already given.
    pub(super) fn leaves_out(&self, post: &Post) -> bool {
        self.leaves_out_such(post.kind, is_out(post))
    }

    /// As [`History::leaves_out`], of what a post is and whether it is out.
    pub(super) fn leaves_out_such(&self, kind: PostKind, out: bool) -> bool {
        is_never_reported(kind, out) || self.is_mixed() && out
    }

    fn is_mixed(&self) -> bool {
        self.out > 0 && self.out < self.posts
    }

    /// Tells how many are left out of the source `name`.
    pub(super) fn note(&self, name: &str) -> Option<Diagnostic> {
        let all = self.posts;
        let message = match self.others + if self.is_mixed() { self.own_out } else { 0 } {
            0 => return None,
            1 => format!("1 of {all} posts is out already or passes another on, and is not reported"),
            many => format!("{many} of {all} posts are out already or pass others on, and are not reported"),
        };
        let note = Diagnostic::new(Level::Note, "input/history", message).about(name);
        Some(note.help("`--all` reports them"))
    }
}

/// Whether a post says that it is out.
pub(super) fn is_out(post: &Post) -> bool {
    post.status.as_ref().is_some_and(|status| status.value == PostStatus::Published)
}

const fn is_never_reported(kind: PostKind, out: bool) -> bool {
    match kind {
        PostKind::Post => false,
        PostKind::Reply => out,
        PostKind::Share => true,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::document::Stated;
    use crate::text::{Source, Span};

    #[track_caller]
    fn check(posts: &[(PostKind, bool)], left_out: &[usize]) {
        let source = Arc::new(Source::from_text("a", "b"));
        let post = |(kind, out): &(PostKind, bool)| {
            let status = out.then(|| Stated { value: PostStatus::Published, span: Span::default() });
            Post { kind: *kind, status, ..Post::new(&source) }
        };
        let posts: Vec<Post> = posts.iter().map(post).collect();
        let mut history = History::default();
        posts.iter().for_each(|post| history.add(post));
        let found: Vec<usize> = (0..posts.len()).filter(|at| history.leaves_out(&posts[*at])).collect();
        assert_eq!(found, left_out);
        let told = history.note("a").map(|note| note.message.split(' ').next().map(str::to_owned));
        assert_eq!(told.flatten(), (!left_out.is_empty()).then(|| left_out.len().to_string()));
    }

    #[test]
    fn what_is_out_is_left_out_beside_what_is_not() {
        use PostKind::{Post, Reply, Share};
        check(&[], &[]);
        check(&[(Post, true), (Post, false)], &[0]);
        check(&[(Post, true), (Post, true)], &[]);
        check(&[(Post, true), (Reply, true), (Share, true)], &[1, 2]);
        check(&[(Post, true), (Reply, false), (Share, false)], &[0, 2]);
        check(&[(Reply, false), (Post, false)], &[]);
    }
}
