//! What every format is read into: posts, made of parts.
//!
//! Does not decode. Invariant: the spans of a part (quotes, links) lie in its own text.

use std::fmt;
use std::sync::Arc;

use crate::text::{Platform, Source, SourceMap, Span, TextSpan};

/// One draft inside a source. A thread is one post with several parts.
#[derive(Clone, Debug)]
pub struct Post {
    /// Where it stands.
    pub source: Arc<Source>,
    /// What the source calls it.
    pub id: Option<PostId>,
    /// Where in the source, in words.
    pub locator: Locator,
    /// First byte of it in the source's text; 0 for a file that is one post.
    pub start: u32,
    /// Its pieces, in reading order.
    pub parts: Vec<Part>,
    /// The account that the source names.
    pub account: Option<String>,
    /// The networks that the source names.
    pub platforms: Vec<Platform>,
    /// When it is due, as the source writes it.
    pub scheduled: Option<String>,
    /// Whether it is a post, an answer, or somebody else's post passed on.
    pub kind: PostKind,
    /// What its author says it is, where the source has a word on it.
    pub intent: Option<Intent>,
    /// Who "self" is, where the source says so itself.
    pub identity: Option<IdentityKeys>,
    /// Suppressions and the like that stand in the source.
    pub directives: Vec<Directive>,
}

impl Post {
    /// An empty post of `source`.
    #[must_use]
    pub fn new(source: &Arc<Source>) -> Self {
        Self {
            source: Arc::clone(source),
            id: None,
            locator: Locator::Whole,
            start: 0,
            parts: Vec::new(),
            account: None,
            platforms: Vec::new(),
            scheduled: None,
            kind: PostKind::Post,
            intent: None,
            identity: None,
            directives: Vec::new(),
        }
    }
}

/// What a source calls a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostId {
    /// A name.
    Text(String),
    /// A JSON number, as it is written.
    Number(String),
}

impl fmt::Display for PostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Text(id) | Self::Number(id)) = self;
        f.write_str(id)
    }
}

/// Where in its source a post stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locator {
    /// The source is the post.
    Whole,
    /// A 1-based line of the source.
    Line(u32),
    /// A 1-based row (the header is row 1) and the name of the column.
    Row(u32, String),
    /// A JSON pointer.
    Pointer(String),
    /// A heading.
    Section(String),
}

impl fmt::Display for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Row(row, column) => write!(f, "row {row}, column \"{column}\""),
            Self::Pointer(pointer) => f.write_str(pointer),
            Self::Section(heading) => write!(f, "section \"{heading}\""),
        }
    }
}

/// What a post is to the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PostKind {
    /// One's own post.
    Post,
    /// An answer to somebody.
    Reply,
    /// Somebody else's post passed on.
    Share,
}

impl PostKind {
    /// The word for it in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Reply => "reply",
            Self::Share => "share",
        }
    }
}

/// What its author declares a post to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Intent {
    /// Nothing declared.
    #[default]
    Post,
    /// An honest pitch: the verdict becomes a note.
    Pitch,
}

impl Intent {
    /// Reads `post` or `pitch`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "post" => Some(Self::Post),
            "pitch" => Some(Self::Pitch),
            _ => None,
        }
    }
}

/// A piece of a post.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it is of the post.
    pub kind: PartKind,
    /// The decoded prose. What is not prose but stands between words (code, a shortcode, an image) is one
    /// U+FFFC, so that phrases do not reach across it; block ends are blank lines.
    pub text: String,
    /// Where the text stands in the source.
    pub map: SourceMap,
    /// Stretches that are somebody else's words by the format's own marks (block quotes); quotation marks are
    /// found later, on tokens.
    pub quotes: Vec<TextSpan>,
    /// Links whose target is not in the text.
    pub links: Vec<Link>,
}

impl Part {
    /// A part without quotes or links.
    #[must_use]
    pub fn new(kind: PartKind, text: String, map: SourceMap) -> Self {
        Self { kind, text, map, quotes: Vec::new(), links: Vec::new() }
    }
}

/// What a part is of its post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartKind {
    /// The text itself.
    Text,
    /// A title.
    Title,
    /// A description or summary, shown where the post is shared.
    Description,
    /// The first comment, posted by the author.
    FirstComment,
    /// Hashtags kept apart from the text.
    Hashtags,
    /// A content warning.
    ContentWarning,
    /// A further post of a thread.
    Thread,
    /// An answer of a poll.
    PollOption,
}

/// A link whose target the reader does not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The linked words in the part's text.
    pub text: TextSpan,
    /// The target as written, decoded.
    pub url: String,
    /// Where the target stands in the source.
    pub raw: Span,
}

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
    /// Where it stands.
    pub span: Span,
    /// What it covers.
    pub scope: DirectiveScope,
    /// Rule or category names, each with its place.
    pub rules: Vec<(String, Span)>,
    /// Why, in the author's words.
    pub reason: Option<String>,
}
