//! Floor 4: what a draft and its config ask to be quiet about.
//!
//! Does not read directives nor config; documents and layers bring them. Invariant: a suppression hides exactly the rules
//! that it names: a directive in the lines that it covers, an entry of the config on the words that it holds.

mod ignores;
mod levels;
mod tell;

pub use self::ignores::{Ignores, Marked, opening};
pub use self::levels::{Flaw, FlawLevels, is_flaw, is_named, select};
pub use self::tell::{Holder, flaws};
use crate::document::{Directive, DirectiveScope, Post};
use crate::rule::Rule;
use crate::text::Span;

/// A name in the suppressions of a post, in the order in which they come into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameIndex {
    /// In a directive of the post.
    Directive {
        /// The number of the directive.
        directive: usize,
        /// The number of the name in it.
        name: usize,
    },
    /// In an entry of the config.
    Entry {
        /// The number of the entry.
        entry: usize,
        /// The number of the name in it.
        name: usize,
    },
}

/// The names that hide what `rule` found at `span` of the post's source, on what `marked` says. The verdict has no place:
/// of directives, only one for the whole source hides it.
#[must_use]
pub fn hiding(
    post: &Post,
    ignores: &Ignores,
    rule: &Rule,
    span: Option<Span>,
    marked: impl FnOnce() -> Marked,
) -> Vec<NameIndex> {
    let mut names = Vec::new();
    for (directive, said) in post.directives.iter().enumerate() {
        if covers(post, said, span) {
            let named = said.rules.iter().enumerate().filter(|(_, (name, _))| is_name_of(name, rule));
            names.extend(named.map(|(name, _)| NameIndex::Directive { directive, name }));
        }
    }
    names.extend(ignores.hiding(rule, marked));
    names
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
    use crate::rule::{RuleSet, Selection};
    use crate::text::Source;

    /// A post of three lines whose second holds a directive for `names`.
    pub(super) fn post(scope: DirectiveScope, names: &[&str]) -> Post {
        let source = Arc::new(Source::from_text("draft", "one\nquiet\nthree\n"));
        let mut post = Post::new(&source);
        assert_eq!(post.kind, PostKind::Post);
        let span = Span::new(4, 9);
        let rules = names.iter().map(|&name| (name.to_owned(), span)).collect();
        post.directives.push(Directive { span, scope, rules, reason: None, misspelt: None });
        post
    }

    #[track_caller]
    fn check(scope: DirectiveScope, names: &[&str], at: Option<Span>, expected: bool) {
        let rules = RuleSet::shipped();
        let Selection::Rules(ids) = rules.select("ask/soft") else { panic!("ask/soft is gone") };
        let post = post(scope, names);
        let marked = || panic!("no entry asks for it");
        let hiding = hiding(&post, &Ignores::default(), rules.rule(ids[0]), at, marked);
        assert_eq!(!hiding.is_empty(), expected, "{scope:?} {names:?} {at:?}");
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
}
