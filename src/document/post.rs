//! What every format is read into: posts, made of parts.
//!
//! Does not decode. Invariant: the spans of a part (quotes, links) lie in its own text.

use std::fmt;
use std::sync::Arc;

use super::declared::IdentityKeys;
use super::directives::Directives;
use super::part_text::PartText;
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
    pub account: Option<Stated<String>>,
    /// The networks that the source names, each once.
    pub platforms: Vec<Stated<Platform>>,
    /// When it is due, or when it went out.
    pub time: Option<PostTime>,
    /// Whether it has gone out; none where the source does not say.
    pub status: Option<Stated<PostStatus>>,
    /// Whether it is a post, an answer, or somebody else's post passed on.
    pub kind: PostKind,
    /// What its author says it is, where the source has a word on it.
    pub intent: Option<Intent>,
    /// Who "self" is, where the source says so itself.
    pub identity: Option<Box<IdentityKeys>>,
    /// Suppressions and the like that stand in the source.
    pub directives: Directives,
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
            time: None,
            status: None,
            kind: PostKind::Post,
            intent: None,
            identity: None,
            directives: Directives::default(),
        }
    }

    /// A post whose text is the whole of `source`, as it stands.
    #[must_use]
    pub fn of_text(source: &Arc<Source>) -> Self {
        let part = Part::new(PartKind::Text, PartText::whole(source), SourceMap::whole(source.text()));
        Self { parts: vec![part], ..Self::new(source) }
    }

    /// Where a part stands, in words: its own column or key, or else that of the post.
    #[must_use]
    pub fn locator_of(&self, part: usize) -> &Locator {
        self.parts.get(part).and_then(|part| part.locator.as_ref()).unwrap_or(&self.locator)
    }

    /// Its first character in the source, for what is said of the whole of it.
    #[must_use]
    pub fn head(&self) -> Span {
        self.source.head(self.start)
    }

    /// The name of the account that the source names.
    #[must_use]
    pub fn account_name(&self) -> Option<&str> {
        self.account.as_ref().map(|account| account.value.as_str())
    }

    /// The networks that the source names.
    pub fn platforms(&self) -> impl Iterator<Item = Platform> + '_ {
        self.platforms.iter().map(|platform| platform.value)
    }

    /// Adds a network, unless it is there already.
    pub fn add_platform(&mut self, value: Platform, span: Span) {
        if self.platforms.iter().all(|known| known.value != value) {
            self.platforms.push(Stated { value, span });
        }
    }
}

/// A value and where the source says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// Its place in the source.
    pub span: Span,
}

/// A time as the source writes it. What it means is settled later, by all times of a source together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostTime {
    /// As written, without white space around it; what stands in several cells (date, time, zone) is joined by spaces.
    pub text: String,
    /// Where it stands: at least one place, the date first.
    pub spans: Vec<Span>,
}

/// How far a post has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PostStatus {
    /// Being written.
    Draft,
    /// Waiting for its time.
    Scheduled,
    /// Out already: it can be judged as history only.
    Published,
}

impl PostStatus {
    /// Reads a word that schedulers and people use for it, in any case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word.trim().to_ascii_lowercase().as_str() {
            "draft" | "idea" | "todo" | "to do" | "wip" | "in progress" | "review" | "in review"
            | "needs review" | "needs approval" | "unscheduled" => Some(Self::Draft),
            "scheduled" | "queued" | "approved" | "pending" | "ready" | "planned" => Some(Self::Scheduled),
            "published" | "posted" | "sent" | "done" | "live" => Some(Self::Published),
            _ => None,
        }
    }

    /// The word for it in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
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

/// Where in its source a post or a part of it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Locator {
    /// The source is the post.
    Whole,
    /// A 1-based line of the source.
    Line(u32),
    /// A 1-based row, counted as a spreadsheet does (the header is row 1, a cell of several lines is in one row), and
    /// the name of the column.
    Row(u32, Arc<str>),
    /// A JSON pointer.
    Pointer(String),
    /// A heading.
    Section(String),
}

impl Locator {
    /// In words, where they say more than a line number does.
    #[must_use]
    pub fn words(&self) -> Option<Arc<str>> {
        match self {
            Self::Whole | Self::Line(_) => None,
            // As below, for every finding of a table asks for it.
            Self::Row(row, column) => {
                Some(["row ", &row.to_string(), ", column \"", column, "\""].concat().into())
            }
            Self::Pointer(pointer) => Some(pointer.as_str().into()),
            Self::Section(_) => Some(self.to_string().into()),
        }
    }
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
    /// Where it stands, if that is not where the post stands: another column or key.
    pub locator: Option<Locator>,
    /// The decoded prose. What is not prose but stands between words (code, a shortcode, an image) is one
    /// U+FFFC, so that phrases do not reach across it; block ends are blank lines.
    pub text: PartText,
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
    pub fn new(kind: PartKind, text: impl Into<PartText>, map: SourceMap) -> Self {
        Self { kind, locator: None, text: text.into(), map, quotes: Vec::new(), links: Vec::new() }
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

impl PartKind {
    /// The word for it in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Title => "title",
            Self::Description => "description",
            Self::FirstComment => "first-comment",
            Self::Hashtags => "hashtags",
            Self::ContentWarning => "content-warning",
            Self::Thread => "thread",
            Self::PollOption => "poll-option",
        }
    }
}

/// A link whose target the reader does not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The linked words in the part's text.
    pub text: TextSpan,
    /// The target, where the source spells it otherwise.
    pub decoded: Option<Box<str>>,
    /// Where the target stands in the source.
    pub raw: Span,
}

impl Link {
    /// The target as written, decoded.
    #[must_use]
    pub fn url<'a>(&'a self, source: &'a Source) -> &'a str {
        self.decoded.as_deref().unwrap_or_else(|| source.slice(self.raw))
    }
}
