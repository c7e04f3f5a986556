//! A linter for drafts: less self, more conversation.

pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod document;
pub mod emit;
pub mod eval;
pub mod fix;
pub mod identity;
pub mod lint;
pub mod matcher;
pub mod proof;
pub mod report;
pub mod rule;
pub mod score;
pub mod suppress;
pub mod table;
pub mod text;
