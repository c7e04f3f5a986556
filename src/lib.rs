//! A linter for drafts: less self, more conversation.

pub mod diagnostic;
pub mod document;
pub mod fix;
pub mod text;
