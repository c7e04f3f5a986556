//! Floor 1: from a source to the posts in it.
//!
//! One file or folder a format; `CONTRIBUTING.md` says how to add one. Knows no rules. Invariant: a part's map turns any
//! span of its text into the source bytes that spell it, and nothing after [`extract`] can tell which format a post
//! came from.

mod assemble;
mod csv;
mod declared;
mod detect;
mod directive;
mod directives;
mod escape;
mod front_matter;
mod html;
mod json;
pub mod jsonl;
mod markdown;
mod mojibake;
mod options;
mod output;
mod part_text;
mod post;
mod records;
mod role;
#[cfg(test)]
mod testing;
mod text;
mod toot;
mod tweet;
mod yaml;

use std::sync::Arc;

pub use declared::{AccountKind, Directive, DirectiveScope, IdentityKeys};
pub use directives::Directives;
pub(crate) use front_matter::metadata;
pub use options::{Chosen, ColumnRoles, ExtractOptions, PathStep, ReadLimits, TextPath, size_words};
pub use output::Outcome;
use output::Output;
pub(crate) use output::UNRECOGNISED;
pub use part_text::PartText;
pub use post::{Intent, Link, Locator, Part, PartKind, Post, PostId, PostKind, PostStatus, PostTime, Stated};
pub use role::Role;

use crate::diagnostic::Diagnostic;
use crate::text::Source;

/// How a source is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text, the whole file one post.
    Text,
    /// What twitter-together posts: front matter, a text, a poll, and a thread behind lines `---`, all one post.
    Tweet,
    /// What toot-together posts: a text and a poll.
    Toot,
    /// CommonMark with front matter; the body and the shared fields of the front matter are one post.
    Markdown,
    /// Markdown with JSX, expressions and modules (MDX).
    Mdx,
    /// One JSON object a line, each a post.
    Jsonl,
    /// A table with a header, a row a post; commas, semicolons, tabs or bars between the cells.
    Csv,
    /// The same with tabs.
    Tsv,
    /// A list of posts, or an object that holds such lists.
    Json,
    /// The same in YAML.
    Yaml,
}

impl Format {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 10] = [
        Self::Text,
        Self::Tweet,
        Self::Toot,
        Self::Markdown,
        Self::Mdx,
        Self::Jsonl,
        Self::Csv,
        Self::Tsv,
        Self::Json,
        Self::Yaml,
    ];

    /// The name used by `--input-format`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Tweet => "tweet",
            Self::Toot => "toot",
            Self::Markdown => "markdown",
            Self::Mdx => "mdx",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Json => "json",
            Self::Yaml => "yaml",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Tweet => "tweet",
            Self::Toot => "toot",
            Self::Markdown => "Markdown",
            Self::Mdx => "MDX",
            Self::Jsonl => "JSON lines",
            Self::Csv => "CSV",
            Self::Tsv => "TSV",
            Self::Json => "JSON",
            Self::Yaml => "YAML",
        }
    }

    /// Whether a source in it holds posts among other things, so that one without any is worth being told.
    #[must_use]
    pub const fn holds_many(self) -> bool {
        match self {
            Self::Text | Self::Tweet | Self::Toot | Self::Markdown | Self::Mdx | Self::Jsonl => false,
            Self::Csv | Self::Tsv | Self::Json | Self::Yaml => true,
        }
    }

    /// Whether spreadsheets write it, in whatever encoding they like.
    #[must_use]
    pub const fn is_table(self) -> bool {
        match self {
            Self::Text
            | Self::Tweet
            | Self::Toot
            | Self::Markdown
            | Self::Mdx
            | Self::Jsonl
            | Self::Json
            | Self::Yaml => false,
            Self::Csv | Self::Tsv => true,
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What the name of a file says about how it is written, in any case; `None` where it says nothing, which is
    /// then read as [`Format::Text`].
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next()?;
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "mdx" => Some(Self::Mdx),
            "txt" => Some(Self::Text),
            "tweet" => Some(Self::Tweet),
            "toot" => Some(Self::Toot),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            // Archives of X are scripts around JSON.
            "json" | "js" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            "tsv" | "tab" => Some(Self::Tsv),
            _ => None,
        }
    }
}

/// The posts of a source, and what was wrong with it; nothing that could be read is left out for an error beside it.
#[derive(Debug)]
pub struct Extracted {
    /// The posts, in file order.
    pub posts: Vec<Post>,
    /// How it was read.
    pub format: Format,
    /// Mistakes in the source, each at its place.
    pub diagnostics: Vec<Diagnostic>,
    /// What was seen instead of posts, where the shape of the source was not recognised.
    pub unrecognised: Option<Box<Diagnostic>>,
}

/// Reads all posts of `source`; its name and content tell how it is written, if `options` do not.
#[must_use]
pub fn extract(source: &Arc<Source>, options: &ExtractOptions) -> Extracted {
    let mut posts = Vec::new();
    let outcome = extract_each(source, options, &mut |post| posts.push(post));
    let Outcome { format, diagnostics, unrecognised, .. } = outcome;
    Extracted { posts, format, diagnostics, unrecognised }
}

/// As [`extract`], one post after the other, so that not all are held at a time.
pub fn extract_each(source: &Arc<Source>, options: &ExtractOptions, each: &mut dyn FnMut(Post)) -> Outcome {
    let format = options.format.unwrap_or_else(|| detect::format(source));
    let mut output = Output::new(options, format, each);
    match format {
        Format::Text => text::read(source, &mut output),
        Format::Tweet => tweet::read(source, &mut output),
        Format::Toot => toot::read(source, &mut output),
        Format::Markdown => markdown::read(source, markdown::Dialect::Markdown, &mut output),
        Format::Mdx => markdown::read(source, markdown::Dialect::Mdx, &mut output),
        Format::Jsonl => jsonl::read(source, &mut output),
        Format::Csv => csv::read(source, None, &mut output),
        Format::Tsv => csv::read(source, Some(b'\t'), &mut output),
        Format::Json => json::read(source, &mut output),
        Format::Yaml => yaml::read(source, &mut output),
    }
    output.finish(source)
}

/// A name from a source as a message quotes it: the first 60 characters, control characters left out.
fn shown(name: &str) -> String {
    let mut shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
    if name.chars().filter(|c| !c.is_control()).nth(60).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_a_name() {
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
        }
    }

    #[test]
    fn file_names_tell_the_format() {
        #[track_caller]
        fn check(path: &str, expected: Option<Format>) {
            assert_eq!(Format::from_path(path), expected, "{path}");
        }
        check("a/b.md", Some(Format::Markdown));
        check("B.MARKDOWN", Some(Format::Markdown));
        check("a.mdx", Some(Format::Mdx));
        check("a.md.txt", Some(Format::Text));
        check("C:\\x.d\\a.tweet", Some(Format::Tweet));
        check("a.toot", Some(Format::Toot));
        check("q.jsonl", Some(Format::Jsonl));
        check("q.ndjson", Some(Format::Jsonl));
        check("q.CSV", Some(Format::Csv));
        check("q.tsv", Some(Format::Tsv));
        check("q.json", Some(Format::Json));
        check("tweets.js", Some(Format::Json));
        check("q.yaml", Some(Format::Yaml));
        check("q.yml", Some(Format::Yaml));
        check("a.md/b", None);
        check("a.rs", None);
        check("README", None);
        check("", None);
    }

    #[test]
    fn quoted_names_are_short_and_clean() {
        assert_eq!(shown("a\u{1b}[31mb"), "a[31mb");
        assert_eq!(shown(&"x".repeat(99)).chars().count(), 61);
    }
}
