//! `selfless posts`: what was read, before it is judged: every post with its place, account, networks, time and first
//! words.
//!
//! Judges nothing. Invariant: it reads files as `check` does, by the same flags and config.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::args::PostsArgs;
use super::bug;
use super::draft::Reason;
use super::read::read_posts;
use super::session::tool;
use super::setup::{Flags, Setups};
use super::terminal::{Surroundings, is_trouble, show};
use super::walk::{Input, Item, WithoutPosts, plan, without_posts};
use super::{Exit, unwritable};
use crate::diagnostic::Diagnostic;
use crate::document::{Outcome, Part, PartKind, Post, PostId, PostKind, PostStatus, extract_each};
use crate::emit::clean::{break_commands, line};
use crate::emit::{Look, begin_document, encode_json};
use crate::report::Tool;

/// Longer cells do not push the others to the right, in columns.
const WIDEST: usize = 36;

/// Runs the command.
pub(super) fn run(args: &PostsArgs, surroundings: Surroundings, look: Look) -> Exit {
    let mut setups = Setups::new(args.config.choice(), surroundings, Flags::of_posts(args));
    let plan = plan(&args.paths, &args.input, &mut setups);
    let mut diagnostics = setups.take_diagnostics();
    let mut out = BufWriter::new(io::stdout().lock());
    let mut listing = if args.format == "json" { Listing::Json(0) } else { Listing::Table(look) };
    let mut unrecognised = Vec::new();
    let mut written = listing.begin(&tool(setups.fingerprint(), setups.index()), &mut out);
    for item in &plan.items {
        if written.is_err() {
            break;
        }
        match item {
            Item::Trouble(diagnostic) => diagnostics.push((**diagnostic).clone()),
            Item::Input(input) => match bug::caught_in(&input.name, || list(input, &mut listing, &mut out))
                .unwrap_or_else(|bug| Ok(Ok(vec![*bug])))
            {
                Ok(Ok(told)) => diagnostics.extend(told),
                Ok(Err(())) => unrecognised.push(WithoutPosts { input, is_told: false }),
                Err(error) => written = Err(error),
            },
        }
    }
    written = written.and_then(|()| listing.end(&mut out)).and_then(|()| out.flush());
    diagnostics.extend(without_posts(&plan, &unrecognised));
    let exit = if is_trouble(&diagnostics) { Exit::Trouble } else { Exit::Clean };
    show(diagnostics, look);
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => unwritable(&error, look),
        _ => exit,
    }
}

/// Lists the posts of one file, and returns what is wrong with it; nothing where a walk came upon no posts.
fn list(input: &Input, listing: &mut Listing, out: &mut impl Write) -> io::Result<Result<Vec<Diagnostic>, ()>> {
    let data = input.reason == Reason::Data;
    let source = match read_posts(input.path.as_deref(), &input.name, input.setup.max_file_size, input.format) {
        Ok(source) => Arc::new(source),
        Err(diagnostic) if data && diagnostic.code != "input/unreadable" => return Ok(Err(())),
        Err(diagnostic) => return Ok(Ok(vec![*diagnostic])),
    };
    let (outcome, written) = match listing {
        Listing::Json(count) => {
            let mut written = Ok(());
            let outcome = extract_each(&source, &input.options(), &mut |post| {
                if written.is_ok() {
                    written = write_json(&post, count, out);
                }
            });
            (outcome, written)
        }
        Listing::Table(look) => {
            let mut widths = [0; 5];
            let outcome = extract_each(&source, &input.options(), &mut |post| widen(&mut widths, &row(&post)));
            if outcome.unrecognised.is_some() && data {
                return Ok(Err(()));
            }
            let mut written = write_text(out, &title(&input.name, &outcome), *look);
            // Read once more, so that the rows of many posts are never held together.
            extract_each(&source, &input.options(), &mut |post| {
                if written.is_ok() {
                    written = write_text(out, &written_row(&row(&post), &widths, *look), *look);
                }
            });
            (outcome, written)
        }
    };
    written?;
    if outcome.unrecognised.is_some() && data {
        return Ok(Err(()));
    }
    let mut diagnostics = outcome.diagnostics;
    diagnostics.extend(outcome.unrecognised.map(|diagnostic| *diagnostic));
    Ok(Ok(diagnostics))
}

fn write_text(out: &mut impl Write, text: &str, look: Look) -> io::Result<()> {
    let text = if look.workflow { break_commands(text) } else { text.into() };
    out.write_all(text.as_bytes())
}

/// How the list is written.
enum Listing {
    /// For people.
    Table(Look),
    /// As one document, with so many posts so far.
    Json(usize),
}

impl Listing {
    fn begin(&self, tool: &Tool, out: &mut impl Write) -> io::Result<()> {
        if matches!(self, Self::Json(_)) { begin_document(tool, "posts", out) } else { Ok(()) }
    }

    fn end(&self, out: &mut impl Write) -> io::Result<()> {
        if matches!(self, Self::Json(_)) { out.write_all(b"\n]}\n") } else { Ok(()) }
    }
}

fn write_json(post: &Post, count: &mut usize, out: &mut impl Write) -> io::Result<()> {
    out.write_all(if *count == 0 { b"\n" } else { b",\n" })?;
    *count += 1;
    out.write_all(&encode_json(&PostShape::of(post))?)
}

/// The shape of a post in `--format json`; `docs/json.md` describes it.
#[derive(Serialize)]
struct PostShape<'a> {
    source: &'a str,
    id: Option<Box<RawValue>>,
    locator: String,
    line: u32,
    account: Option<&'a str>,
    platforms: Vec<&'static str>,
    kind: &'static str,
    status: Option<&'static str>,
    scheduled: Option<&'a str>,
    text: String,
    parts: Vec<PartShape<'a>>,
}

#[derive(Serialize)]
struct PartShape<'a> {
    kind: &'static str,
    locator: String,
    text: &'a str,
}

impl<'a> PostShape<'a> {
    fn of(post: &'a Post) -> Self {
        let part = |(index, part): (usize, &'a Part)| PartShape {
            kind: part.kind.name(),
            locator: post.locator_of(index).to_string(),
            text: &part.text,
        };
        Self {
            source: post.source.name(),
            id: post.id.as_ref().and_then(id),
            locator: post.locator.to_string(),
            line: post.source.line_column(post.start).line,
            account: post.account_name(),
            platforms: post.platforms().map(crate::text::Platform::name).collect(),
            kind: post.kind.name(),
            status: post.status.as_ref().map(|status| status.value.name()),
            scheduled: post.time.as_ref().map(|time| time.text.as_str()),
            text: text(post),
            parts: post.parts.iter().enumerate().map(part).collect(),
        }
    }
}

/// An id as JSON: a number as the source writes it.
fn id(id: &PostId) -> Option<Box<RawValue>> {
    let json = match id {
        PostId::Text(id) => String::from_utf8(encode_json(id).ok()?).ok()?,
        PostId::Number(id) => id.clone(),
    };
    RawValue::from_string(json).ok()
}

/// The text of a post; that of a thread with blank lines between.
fn text(post: &Post) -> String {
    let is_text = |part: &&Part| matches!(part.kind, PartKind::Text | PartKind::Thread);
    post.parts.iter().filter(is_text).map(|part| part.text.as_str()).collect::<Vec<_>>().join("\n\n")
}

/// What is told of a post: place, account, networks, what it is, time, and its text.
type Row = [String; 6];

fn row(post: &Post) -> Row {
    let place = match post.locator.to_string() {
        whole if whole.is_empty() => format!("line {}", post.source.line_column(post.start).line),
        locator => locator,
    };
    let mut what = Vec::new();
    if post.kind != PostKind::Post {
        what.push(post.kind.name());
    }
    what.extend(post.status.as_ref().map(|status| PostStatus::name(status.value)));
    let platforms: Vec<&str> = post.platforms().map(crate::text::Platform::name).collect();
    // No terminal shows more of it on a line.
    let first: String = text(post).chars().take(400).collect();
    let words = first.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts = match post.parts.len() {
        0 | 1 => String::new(),
        parts => format!("[{parts} parts] "),
    };
    [
        place,
        post.account_name().unwrap_or_default().to_owned(),
        platforms.join(" "),
        what.join(" "),
        post.time.as_ref().map(|time| time.text.clone()).unwrap_or_default(),
        parts + &words,
    ]
    .map(|cell| line(&cell).into_owned())
}

/// What stands above the rows of one file.
fn title(name: &str, outcome: &Outcome) -> String {
    let posts = match outcome.posts {
        1 => "1 post".to_owned(),
        posts => format!("{posts} posts"),
    };
    let mut title = format!("{}: {posts}, read as {}", line(name), outcome.format.title());
    match outcome.left_out {
        0 => {}
        1 => title.push_str("; 1 is no draft"),
        more => title.push_str(&format!("; {more} are no drafts")),
    }
    title.push('\n');
    title
}

/// How wide the columns before the text have to be; those that say nothing are left out.
type Widths = [usize; 5];

fn widen(widths: &mut Widths, row: &Row) {
    for (width, cell) in widths.iter_mut().zip(row) {
        *width = cell.width().min(WIDEST).max(*width);
    }
}

fn written_row(row: &Row, widths: &Widths, look: Look) -> String {
    let mut written = String::from(" ");
    for (cell, &width) in row.iter().zip(widths).filter(|(_, width)| **width > 0) {
        let cell = cut(cell, width);
        written.push_str(&format!(" {cell}{} ", " ".repeat(width.saturating_sub(cell.width()))));
    }
    let [.., words] = row;
    let room = look.width.saturating_sub(written.width() + 1).max(20);
    written.push_str(&format!(" {}", cut(words, room)));
    written.truncate(written.trim_end().len());
    written.push('\n');
    written
}

/// As much of a text as fits into so many columns.
fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut taken = 0;
    let fits = |next: &char| {
        taken += next.width().unwrap_or(0);
        taken < columns
    };
    text.chars().take_while(fits).chain(['…']).collect()
}
