//! Suppressions of a source that hide nothing.
//!
//! Invariant: one that holds for several posts is used where it hides anything in any of them.

use std::collections::BTreeMap;

use super::open::context;
use super::walk::Input;
use crate::diagnostic::Diagnostic;
use crate::document::Post;
use crate::suppress::{self, NameIndex};
use crate::text::Span;

/// What is told of the suppressions in the posts of one source.
pub(super) fn unused(posts: &[Post], input: &Input) -> Vec<Diagnostic> {
    let mut told: BTreeMap<Span, Option<Diagnostic>> = BTreeMap::new();
    for post in posts.iter().filter(|post| !post.directives.is_empty()) {
        let setup = &input.setup;
        let unused = setup.linter.unused_suppressions(post, &context(post, input, false), &setup.policy);
        for (directive, said) in post.directives.iter().enumerate() {
            for (name, (_, span)) in said.rules.iter().enumerate() {
                let index = NameIndex { directive, name };
                let diagnostic = unused.contains(&index).then(|| suppress::unused(post, index)).flatten();
                let known = told.entry(*span).or_insert_with(|| diagnostic.clone());
                if diagnostic.is_none() {
                    *known = None;
                }
            }
        }
    }
    told.into_values().flatten().collect()
}
