//! Floor 4: what the author of a draft asks to be quiet about.
//!
//! Does not read directives; documents bring them. Invariant: a directive hides exactly the rules that it names, in
//! the lines that it covers.

use crate::document::{Directive, DirectiveScope, Post};
use crate::rule::Rule;
use crate::text::Span;

/// Whether a directive of the post hides what `rule` found at `span` of its source. The verdict has no place: only a
/// directive for the whole source hides it.
#[must_use]
pub fn hides(post: &Post, rule: &Rule, span: Option<Span>) -> bool {
    post.directives.iter().any(|directive| names(directive, rule) && covers(post, directive, span))
}

fn names(directive: &Directive, rule: &Rule) -> bool {
    directive.rules.iter().any(|(name, _)| *name == rule.name || name == rule.category())
}

fn covers(post: &Post, directive: &Directive, span: Option<Span>) -> bool {
    let line = |offset: u32| post.source.lines().line_of(offset);
    let starts_on = |wanted: u32| span.is_some_and(|span| line(span.start()) == wanted);
    match directive.scope {
        DirectiveScope::File => true,
        DirectiveScope::Line => starts_on(line(directive.span.start())),
        DirectiveScope::NextLine => starts_on(line(directive.span.end()) + 1),
    }
}
