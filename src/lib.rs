//! A linter for drafts: less self, more conversation.
//!
//! It reads posts before they are published, marks self-promotion in them the way a compiler marks errors, credits what
//! is conversation, and ends with two scores and a verdict. The program `selfless` is a thin shell around this crate.
//!
//! The whole way, from a string to a verdict:
//!
//! ```
//! use std::sync::Arc;
//!
//! use selfless::{Context, Format, Linter, Policy, RuleSet, Source, Verdict, extract};
//!
//! // What the bytes are: a source, and the posts in it.
//! let draft = "Humbled and honored to be named to the list. Link in bio!";
//! let source = Arc::new(Source::from_text("draft.txt", draft));
//! let extracted = extract(&source, &Format::Text.into());
//!
//! // What they are judged by: the shipped rules at their own levels, and nobody in particular as author.
//! let linter = Linter::new(Arc::new(RuleSet::shipped()));
//! let policy = Policy::of(linter.rules());
//! let report = linter.lint(&extracted.posts[0], &Context::default(), &policy);
//!
//! assert_eq!(report.score.verdict, Verdict::Promotional);
//! assert!(!report.pass);
//!
//! // Every finding points at the bytes that it is about.
//! let humility = report.findings.iter().find(|finding| finding.diagnostic.code == "brag/humility").unwrap();
//! let label = &humility.diagnostic.labels[0];
//! assert!(source.slice(label.span).starts_with("Humbled and honored"));
//! ```
//!
//! Who "self" is stands in [`Context::account`]; rules of one's own are added by [`RuleSet::with_files`]; levels and what
//! fails stand in [`Policy`]. Nothing in the crate but [`cli`] touches files, the environment, the clock or a terminal.
//!
//! `ARCHITECTURE.md` tells which module stands on which; the order below is that of the alphabet.

pub mod baseline;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod document;
pub mod emit;
pub mod eval;
pub mod explain;
pub mod fingerprint;
pub mod fix;
pub mod identity;
pub mod lint;
pub mod matcher;
pub mod proof;
pub mod queue;
pub mod report;
pub mod rule;
pub mod schema;
pub mod score;
pub mod section;
pub mod suppress;
pub mod table;
pub mod text;

pub use diagnostic::{Diagnostic, Level};
pub use document::{AccountKind, Extracted, Format, IdentityKeys, Post, extract};
pub use identity::Account;
pub use lint::{Context, FailOn, Linter, Policy};
pub use report::{PostReport, ReportedFinding};
pub use rule::{Rule, RuleSet};
pub use score::{Score, Verdict};
pub use text::{Platform, Source, Span};
