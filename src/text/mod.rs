//! Floor 0: text, places in it, and what it is made of.
//!
//! Three texts are kept apart by type: the text of a [`Source`], the decoded text of a part, and the folded
//! text that rules are matched on. [`Span`] belongs to the first, [`TextSpan`] to the second; only a
//! [`SourceMap`] converts between them. This floor uses nothing else of this crate.

mod disguise;
mod emoji;
mod encoding;
mod fold;
pub mod grammar;
pub mod hash;
pub mod language;
pub mod length;
pub mod limits;
pub mod line_index;
pub mod platform;
pub mod source;
pub mod source_map;
pub mod span;
pub mod spread;
pub mod token;

pub use limits::{Limit, LimitKey, LimitTable, Limits};
pub use line_index::{LineColumn, LineIndex};
pub use platform::Platform;
pub use source::{DecodeError, Encoding, NotText, Source};
pub use source_map::{MappedText, Run, RunKind, SourceMap};
pub use span::{Span, TextSpan};
pub use token::{Sentence, SentenceEnd, Token, TokenFlags, TokenKind, Tokens, tokenize};
