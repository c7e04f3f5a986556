//! The directives of a post, found by the lines that they cover.
//!
//! Knows no rules, only names. Invariant: posts of a source share one list, which is put in order once.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::{Directive, DirectiveScope};
use crate::text::Source;

/// What the directives of a post say, in the order of the source. A clone shares them.
#[derive(Clone, Default)]
pub struct Directives(Option<Arc<Shared>>);

#[derive(Clone, Default)]
struct Shared {
    list: Vec<Directive>,
    index: OnceLock<Vec<Covered>>,
}

/// A line that a name is for, none where that is the whole source; and the numbers of the directive and of the name in it.
#[derive(Clone, Copy)]
struct Covered {
    line: Option<u32>,
    directive: usize,
    name: usize,
}

impl Directives {
    /// Adds one.
    pub fn push(&mut self, directive: Directive) {
        self.extend([directive]);
    }

    /// Whether both are one list.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
    }

    /// The first directive that is for a line of `source`, or where `line` is none for the whole of it, and holds `name`; and
    /// the number of the name in it. All others that are for the same and hold it say nothing more.
    #[must_use]
    pub fn first(&self, source: &Source, name: &str, line: Option<u32>) -> Option<(usize, usize)> {
        let shared = self.0.as_deref()?;
        let index = shared.index.get_or_init(|| shared.indexed(source));
        let at = index.binary_search_by(|one| (one.line, shared.name(*one)).cmp(&(line, Some(name)))).ok()?;
        index.get(at).map(|found| (found.directive, found.name))
    }
}

impl Shared {
    fn indexed(&self, source: &Source) -> Vec<Covered> {
        let line = |offset: u32| source.lines().line_of(offset);
        let mut index = Vec::new();
        for (directive, said) in self.list.iter().enumerate() {
            let line = match said.scope {
                DirectiveScope::File => None,
                DirectiveScope::Line => Some(line(said.span.start())),
                DirectiveScope::NextLine => Some(line(said.span.end()) + 1),
            };
            index.extend((0..said.rules.len()).map(|name| Covered { line, directive, name }));
        }
        // Of equal ones the first stays.
        index.sort_by(|one, other| (one.line, self.name(*one)).cmp(&(other.line, self.name(*other))));
        index.dedup_by(|one, other| (one.line, self.name(*one)) == (other.line, self.name(*other)));
        index
    }

    fn name(&self, covered: Covered) -> Option<&str> {
        let directive = self.list.get(covered.directive)?;
        directive.rules.get(covered.name).map(|(name, _)| name.as_str())
    }
}

impl Extend<Directive> for Directives {
    fn extend<I: IntoIterator<Item = Directive>>(&mut self, more: I) {
        let mut more = more.into_iter().peekable();
        if more.peek().is_some() {
            let shared = Arc::make_mut(self.0.get_or_insert_default());
            shared.index = OnceLock::new();
            shared.list.extend(more);
        }
    }
}

impl FromIterator<Directive> for Directives {
    fn from_iter<I: IntoIterator<Item = Directive>>(list: I) -> Self {
        let mut directives = Self::default();
        directives.extend(list);
        directives
    }
}

impl Deref for Directives {
    type Target = [Directive];

    fn deref(&self) -> &[Directive] {
        self.0.as_ref().map_or(&[], |shared| &shared.list)
    }
}

impl<'a> IntoIterator for &'a Directives {
    type Item = &'a Directive;
    type IntoIter = std::slice::Iter<'a, Directive>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for Directives {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.iter()).finish()
    }
}
