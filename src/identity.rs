//! Floor 2: whose self: the accounts of a run, and which one a post belongs to.
//!
//! Does not look at tokens; the matcher marks them. Invariant: every post has exactly one account, at worst the
//! unnamed one that only knows first person.

use crate::document::{AccountKind, IdentityKeys};

/// Who "self" is for a post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Its name in config; none for `[identity]` and for identities that a record brings along.
    pub name: Option<String>,
    /// What is known of it.
    pub keys: IdentityKeys,
}

impl Account {
    /// Person, brand or cause.
    #[must_use]
    pub fn kind(&self) -> AccountKind {
        self.keys.kind
    }
}
