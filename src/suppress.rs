//! Floor 4: what the author of a draft asks to be quiet about.
//!
//! Does not read directives; documents bring them. Invariant: a directive hides exactly the rules that it names, in
//! the lines that it covers.

use crate::diagnostic::{Diagnostic, Level};
use crate::document::{Directive, DirectiveScope, Post};
use crate::fix::{Applicability, Edit, Fix};
use crate::rule::{Rule, RuleSet, Selection};
use crate::text::Span;

/// Whether a directive of the post hides what `rule` found at `span` of its source. The verdict has no place: only a
/// directive for the whole source hides it.
#[must_use]
pub fn hides(post: &Post, rule: &Rule, span: Option<Span>) -> bool {
    post.directives.iter().any(|directive| names(directive, rule) && covers(post, directive, span))
}

/// Names in directives that no rule and no category has, each at its place, with the nearest name as a fix.
#[must_use]
pub fn unknown_names(post: &Post, rules: &RuleSet) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, span) in post.directives.iter().flat_map(|directive| &directive.rules) {
        let Selection::Unknown(near) = rules.select(name) else { continue };
        let message = format!("unknown rule or category `{name}`");
        let mut diagnostic =
            Diagnostic::new(Level::Warning, "suppression/unknown-rule", message).label(&post.source, *span, "");
        diagnostic.fix = near.as_ref().map(|near| {
            let edits = vec![Edit { span: *span, text: near.to_string().into() }];
            Fix { message: format!("write `{near}`"), applicability: Applicability::Unsafe, edits }
        });
        diagnostic.help = near.map(|near| format!("did you mean `{near}`?").into());
        found.push(diagnostic);
    }
    found
}

/// A name in the directives of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NameIndex {
    /// The number of the directive.
    pub directive: usize,
    /// The number of the name in it.
    pub name: usize,
}

impl NameIndex {
    /// Whether this name hides what `rule` found at `span`.
    #[must_use]
    pub fn hides(self, post: &Post, rule: &Rule, span: Option<Span>) -> bool {
        post.directives.get(self.directive).is_some_and(|directive| {
            let name = directive.rules.get(self.name);
            name.is_some_and(|(name, _)| is_name_of(name, rule)) && covers(post, directive, span)
        })
    }
}

/// That a name in a directive hides nothing; the fix takes it out of a comment, and the comment with the last name.
#[must_use]
pub fn unused(post: &Post, index: NameIndex) -> Option<Diagnostic> {
    let directive = post.directives.get(index.directive)?;
    let (name, span) = directive.rules.get(index.name)?;
    let message = format!("`{name}` is suppressed here, and nothing is found");
    let diagnostic = Diagnostic::new(Level::Warning, "suppression/unused", message).label(&post.source, *span, "");
    let mut diagnostic = diagnostic.help(format!("take `{name}` out of the suppression"));
    let text = post.source.text();
    let comment = post.source.slice(directive.span);
    if ["<!--", "%%", "{/*", "#"].iter().any(|open| comment.starts_with(open)) {
        let span = if directive.rules.len() > 1 { *span } else { directive.span };
        let before = text.get(..span.start() as usize).unwrap_or_default();
        let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
        let start = span.start() - u32::try_from(blanks).unwrap_or_default();
        let edits = vec![Edit { span: Span::new(start, span.end()), text: "".into() }];
        diagnostic.fix =
            Some(Fix { message: format!("delete `{name}`"), applicability: Applicability::Safe, edits });
    }
    Some(diagnostic)
}

fn names(directive: &Directive, rule: &Rule) -> bool {
    directive.rules.iter().any(|(name, _)| is_name_of(name, rule))
}

fn is_name_of(name: &str, rule: &Rule) -> bool {
    name == rule.name || name == rule.category()
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::document::PostKind;
    use crate::text::Source;

    /// A post of three lines whose second holds a directive for `names`.
    fn post(scope: DirectiveScope, names: &[&str]) -> Post {
        let source = Arc::new(Source::from_text("draft", "one\nquiet\nthree\n"));
        let mut post = Post::new(&source);
        assert_eq!(post.kind, PostKind::Post);
        let span = Span::new(4, 9);
        let rules = names.iter().map(|&name| (name.to_owned(), span)).collect();
        post.directives.push(Directive { span, scope, rules, reason: None });
        post
    }

    #[track_caller]
    fn check(scope: DirectiveScope, names: &[&str], at: Option<Span>, expected: bool) {
        let rules = RuleSet::shipped();
        let Selection::Rules(ids) = rules.select("ask/soft") else { panic!("ask/soft is gone") };
        assert_eq!(hides(&post(scope, names), rules.rule(ids[0]), at), expected, "{scope:?} {names:?} {at:?}");
    }

    #[test]
    fn exactly_what_is_named_is_hidden_where_it_is_covered() {
        let line = |number: u32| Some(Span::new([0, 4, 10][number as usize], [3, 9, 15][number as usize]));
        check(DirectiveScope::File, &["ask/soft"], line(2), true);
        check(DirectiveScope::File, &["ask"], None, true);
        check(DirectiveScope::File, &["ask/hard"], line(2), false);
        check(DirectiveScope::Line, &["ask"], line(1), true);
        check(DirectiveScope::Line, &["ask"], line(2), false);
        check(DirectiveScope::NextLine, &["ask"], line(2), true);
        check(DirectiveScope::NextLine, &["ask"], line(1), false);
        check(DirectiveScope::Line, &["ask"], None, false);
    }

    #[test]
    fn names_that_nobody_has_are_told() {
        let found = unknown_names(&post(DirectiveScope::File, &["ask/sof", "ask"]), &RuleSet::shipped());
        let [one] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(one.message, "unknown rule or category `ask/sof`");
        assert_eq!(one.help.as_deref(), Some("did you mean `ask/soft`?"));
        assert_eq!(one.fix.as_ref().map(|fix| &*fix.edits[0].text), Some("ask/soft"));
    }
}
