//! What a source or a config says of whose self it is, and what it asks to be quiet about.
//!
//! Does not resolve accounts. Invariant: plain data, whatever format it came from.

use crate::text::Span;

/// The kind of an account, which decides what counts as a voice of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum AccountKind {
    /// Somebody with a name.
    #[default]
    Person,
    /// A company, shop or product.
    Brand,
    /// A charity, public body, community or campaign.
    Cause,
}

impl AccountKind {
    /// The names a user may write.
    pub const NAMES: [&'static str; 3] = ["person", "brand", "cause"];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Brand => "brand",
            Self::Cause => "cause",
        }
    }

    /// Reads one of [`AccountKind::NAMES`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "person" => Some(Self::Person),
            "brand" => Some(Self::Brand),
            "cause" => Some(Self::Cause),
            _ => None,
        }
    }
}

/// Who "self" is, as config or a record writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityKeys {
    /// What kind of account it is.
    pub kind: AccountKind,
    /// Names of the author or organisation.
    pub names: Vec<String>,
    /// Handles, with or without `@`.
    pub handles: Vec<String>,
    /// Products, projects, books: what is one's own.
    pub products: Vec<String>,
    /// Names and handles of paying or befriended partners.
    pub partners: Vec<String>,
    /// Domains, with or without a path (`github.com/you`).
    pub domains: Vec<String>,
}

/// What a directive covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DirectiveScope {
    /// The source line it stands on.
    Line,
    /// The next source line.
    NextLine,
    /// The whole source.
    File,
}

/// An instruction to this tool that stands in the source: rules to be quiet about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// A word in place of the three that there are, by its place, and the nearest of them; it covers nothing.
    pub misspelt: Option<(Span, &'static str)>,
    /// Where it stands.
    pub span: Span,
    /// What it covers.
    pub scope: DirectiveScope,
    /// Rule or category names, each with its place.
    pub rules: Vec<(String, Span)>,
    /// Why, in the author's words.
    pub reason: Option<String>,
}
