//! Floor 4: what a draft and its config ask to be quiet about.
//!
//! Does not read directives nor config; documents and layers bring them. Invariant: a suppression hides exactly the rules
//! that it names: a directive in the lines that it covers, an entry of the config on the words that it holds.

mod ignores;
mod levels;
mod tell;

use smallvec::SmallVec;

pub(crate) use self::ignores::form;
pub use self::ignores::{Ignores, Marked, opening};
pub use self::levels::{Flaw, FlawLevels, is_flaw, is_named, select};
pub use self::tell::{Holder, flaws};
use crate::document::Post;
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

/// Of the names that hide what `rule` found at `span` of the post's source, on what `marked` says, those before which no
/// other hides the same. The verdict has no place: of directives, only one for the whole source hides it.
#[must_use]
pub fn hiding(
    post: &Post,
    ignores: &Ignores,
    rule: &Rule,
    span: Option<Span>,
    marked: impl FnOnce() -> Marked,
) -> SmallVec<[NameIndex; 4]> {
    let mut names = SmallVec::new();
    if !post.directives.is_empty() {
        let line = span.map(|span| Some(post.source.lines().line_of(span.start())));
        for name in [&*rule.name, rule.category()] {
            for line in [None].into_iter().chain(line) {
                let first = post.directives.first(&post.source, name, line);
                names.extend(first.map(|(directive, name)| NameIndex::Directive { directive, name }));
            }
        }
    }
    ignores.hiding(rule, marked, &mut names);
    names
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::document::{Directive, DirectiveScope, PostKind};
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

    /// The plain walk: every name of every directive that covers the span, but those after one that covers the same.
    fn walked(post: &Post, rule: &Rule, span: Option<Span>) -> Vec<NameIndex> {
        let line = |offset: u32| post.source.lines().line_of(offset);
        let own = span.map(|span| line(span.start()));
        let (mut names, mut seen) = (Vec::new(), Vec::new());
        for (directive, said) in post.directives.iter().enumerate() {
            let covered = match said.scope {
                DirectiveScope::File => None,
                DirectiveScope::Line => Some(line(said.span.start())),
                DirectiveScope::NextLine => Some(line(said.span.end()) + 1),
            };
            if covered.is_some() && covered != own {
                continue;
            }
            for (name, (said, _)) in said.rules.iter().enumerate() {
                let is_named = *said == rule.name || said == rule.category();
                if is_named && !seen.contains(&(covered, said)) {
                    seen.push((covered, said));
                    names.push(NameIndex::Directive { directive, name });
                }
            }
        }
        names
    }

    fn directive() -> impl Strategy<Value = Directive> {
        use DirectiveScope::{File, Line, NextLine};
        let name = prop::sample::select(vec!["ask", "ask/soft", "ask/hard", "brag", "verdict", "nobody"]);
        let names = prop::collection::vec(name, 0..4);
        let scope = prop::sample::select(vec![File, Line, NextLine, Line, NextLine]);
        (scope, 0_u32..24, 0_u32..6, names).prop_map(|(scope, start, len, names)| {
            let span = Span::new(start, (start + len).min(24));
            let rules = names.into_iter().map(|name| (name.to_owned(), span)).collect();
            Directive { span, scope, rules, reason: None, misspelt: None }
        })
    }

    proptest! {
        #[test]
        fn what_is_looked_up_is_what_a_walk_over_all_directives_finds(
            text in "[a\n]{24}",
            directives in prop::collection::vec(directive(), 0..12),
            start in prop::option::of(0_u32..24),
        ) {
            let rules = RuleSet::shipped();
            let mut post = Post::new(&Arc::new(Source::from_text("draft", text)));
            post.directives.extend(directives);
            let span = start.map(|start| Span::new(start, start));
            for name in ["ask/soft", "ask/hard", "brag/humility", "verdict/promotional"] {
                let Selection::Rules(ids) = rules.select(name) else { panic!("{name} is gone") };
                let rule = rules.rule(ids[0]);
                let marked = || panic!("no entry asks for it");
                let mut found = hiding(&post, &Ignores::default(), rule, span, marked).to_vec();
                found.sort_unstable();
                prop_assert_eq!(found, walked(&post, rule, span));
            }
        }
    }
}
