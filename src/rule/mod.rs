//! Floor 2: rules as data, compiled.
//!
//! `raw` is the shape of a rule file, `compile` turns it into [`Rule`]s and [`Tables`], `set` is the registry, and
//! `shipped` holds the tables of `rules/` as statics. Knows no documents. Invariant: nothing can fail on a rule
//! after it is compiled.

pub mod set;

use std::borrow::Cow;
use std::sync::Arc;

pub use set::{RuleSet, Selection};

use crate::diagnostic::Level;
use crate::document::AccountKind;
use crate::text::{Platform, Source, Span};

/// Text of a rule: static for shipped rules, owned for a user's.
pub type Text = Cow<'static, str>;

/// A list of a rule: static for shipped rules, owned for a user's.
pub type List<T> = Cow<'static, [T]>;

/// The number of a rule in its [`RuleSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u16);

impl RuleId {
    /// For indexing.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The shipped rule files, for their proofs.
#[must_use]
pub fn shipped_files() -> Vec<Arc<Source>> {
    Vec::new()
}

/// A named check.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `category/name`.
    pub name: Text,
    /// Whether it rewards conversation.
    pub credit: bool,
    /// Its own level, before any policy; [`Level::Credit`] for a credit.
    pub level: Level,
    /// What one match adds to the sum of its category, before damping; see `score`.
    pub weight: f64,
    /// The problem, shown as the title; may hold placeholders.
    pub message: Text,
    /// What is said at the place itself; may be empty, may hold placeholders.
    pub label: Text,
    /// Why it matters, shown as the note.
    pub why: Text,
    /// Who says so.
    pub source: Text,
    /// What to write instead.
    pub help: Text,
    /// A draft with the problem, and the same without; for `explain` and the documentation.
    pub before: Text,
    /// See `before`.
    pub after: Text,
    /// What is looked for.
    pub kind: Kind,
    /// When a match does not count.
    pub guards: Guards,
    /// Where a user's rule is declared; none for a shipped one.
    pub origin: Option<(Arc<Source>, Span)>,
}

impl Rule {
    /// The part of the name before the slash.
    #[must_use]
    pub fn category(&self) -> &str {
        self.name.split_once('/').map_or(&*self.name, |(category, _)| category)
    }
}

/// What a rule looks for.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Phrases over tokens.
    Phrases,
}

/// When a match of a rule does not count.
#[derive(Clone, Debug)]
pub struct Guards {
    /// Kinds of account it is for; empty means all.
    pub accounts: List<AccountKind>,
    /// Platforms it is for; empty means all.
    pub platforms: List<Platform>,
}
