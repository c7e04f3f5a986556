//! Floor 5: output formats, one file each.
//!
//! An emitter turns reports into bytes and decides nothing: no filtering, no counting, no exit code. Invariant:
//! an emitter gets files in input order and writes only to the streams it is handed.

mod ahead;
mod checkstyle;
pub(crate) mod clean;
mod entry;
mod escape;
pub(crate) mod fill;
mod github;
mod gitlab;
mod html;
mod human;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod points;
mod rdjson;
mod sarif;
mod short;
mod statistics;
mod strip;
mod summary;
mod written;

use std::io::{self, Write};
use std::sync::Arc;

use self::ahead::hand_on;
pub use self::ahead::{PostWriter, write_ahead};
pub use html::Html;
pub(crate) use html::is_page;
pub(crate) use json::{begin_document, encode as encode_json, encode_pretty};
pub(crate) use written::is_output;

use crate::report::{FileReport, RunReport, Tool};

/// Where an emitter writes.
pub struct Streams<'a> {
    /// The output proper: what other programs read.
    pub out: &'a mut dyn Write,
    /// What people should see beside it: trouble with the input, in formats whose output cannot hold it.
    pub err: &'a mut dyn Write,
}

/// Writes a run in one format.
pub trait Emitter {
    /// Before the first file: nothing, unless a format has it. The tool is the one that [`Emitter::finish`] will be given in its report: a document
    /// that is written as files come in begins with it.
    ///
    /// # Errors
    /// When a stream cannot be written to.
    fn begin(&mut self, tool: &Tool, streams: &mut Streams<'_>) -> io::Result<()> {
        let _ = (tool, streams);
        Ok(())
    }

    /// One file or record, as soon as it is done, in input order.
    ///
    /// # Errors
    /// When a stream cannot be written to.
    fn file(&mut self, file: &FileReport, streams: &mut Streams<'_>) -> io::Result<()>;

    /// What writes posts for it before they are handed to it; none where that hangs on what came before. Asked after
    /// [`Emitter::begin`].
    fn post_writer(&self) -> Option<Arc<dyn PostWriter>> {
        None
    }

    /// After the last file.
    ///
    /// # Errors
    /// When a stream cannot be written to.
    fn finish(&mut self, run: &RunReport, streams: &mut Streams<'_>) -> io::Result<()>;
}

/// How output is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum OutputFormat {
    /// Annotated excerpts for people.
    #[default]
    Human,
    /// One line a finding.
    Short,
    /// One JSON document.
    Json,
    /// One JSON object a post, as soon as it is done.
    Jsonl,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// A report for Code Quality of GitLab.
    Gitlab,
    /// XML of JUnit.
    Junit,
    /// XML of Checkstyle.
    Checkstyle,
    /// JSON of reviewdog.
    Rdjson,
    /// A summary for a comment or a job.
    Markdown,
}

impl OutputFormat {
    /// All names, in the order of the documentation.
    pub const NAMES: [&'static str; 11] = [
        "human",
        "short",
        "json",
        "jsonl",
        "sarif",
        "github",
        "gitlab",
        "junit",
        "checkstyle",
        "rdjson",
        "markdown",
    ];

    /// Reads one of [`OutputFormat::NAMES`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "human" => Some(Self::Human),
            "short" => Some(Self::Short),
            "json" => Some(Self::Json),
            "jsonl" => Some(Self::Jsonl),
            "sarif" => Some(Self::Sarif),
            "github" => Some(Self::Github),
            "gitlab" => Some(Self::Gitlab),
            "junit" => Some(Self::Junit),
            "checkstyle" => Some(Self::Checkstyle),
            "rdjson" => Some(Self::Rdjson),
            "markdown" => Some(Self::Markdown),
            _ => None,
        }
    }
}

/// How output made for reading looks; found out by the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// With colours.
    pub color: bool,
    /// With box-drawing characters and bars.
    pub unicode: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Names of rules are links to their pages.
    pub links: bool,
    /// In a CI runner that reads commands (`::error`) in what is printed, which are then broken.
    pub workflow: bool,
}

/// The emitter of a format.
#[must_use]
pub fn emitter(format: OutputFormat, look: Look) -> Box<dyn Emitter> {
    match format {
        OutputFormat::Human => Box::new(human::Human::new(look)),
        OutputFormat::Short => Box::new(short::Short::new(look)),
        OutputFormat::Json => Box::new(json::Json::default()),
        OutputFormat::Jsonl => Box::new(jsonl::Jsonl::new(look)),
        OutputFormat::Sarif => Box::new(sarif::Sarif::default()),
        OutputFormat::Github => Box::new(github::Github::default()),
        OutputFormat::Gitlab => Box::new(gitlab::Gitlab::new(look)),
        OutputFormat::Junit => Box::new(junit::Junit::default()),
        OutputFormat::Checkstyle => Box::new(checkstyle::Checkstyle::new(look)),
        OutputFormat::Rdjson => Box::new(rdjson::Rdjson::new(look)),
        OutputFormat::Markdown => Box::new(markdown::Markdown::default()),
    }
}

/// The emitter that shows queues instead of their posts: as one JSON document, or else as strips for people.
#[must_use]
pub fn queue_emitter(format: OutputFormat, look: Look) -> Box<dyn Emitter> {
    match format {
        OutputFormat::Json | OutputFormat::Jsonl => Box::new(json::Queues::default()),
        _ => Box::new(strip::Strip::new(look)),
    }
}

/// Writes text made for reading, in one piece.
fn write_text(stream: &mut dyn Write, text: &str, look: Look) -> io::Result<()> {
    if look.workflow {
        stream.write_all(clean::break_commands(text).as_bytes())
    } else {
        stream.write_all(text.as_bytes())
    }
}

#[cfg(test)]
mod tests;
