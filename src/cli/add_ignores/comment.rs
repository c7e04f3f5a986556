//! Suppressions as comments, and in front matter.
//!
//! Writes nothing. Invariant: an edit only adds; whether what it adds is a comment there is asked by reading again.

use super::in_vault;
use crate::cli::walk::Input;
use crate::document::{Directive, DirectiveScope, Format, Post};
use crate::fix::Edit;
use crate::text::{Source, Span};

/// How a format says what it is to be quiet about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Between these.
    Comment(&'static str, &'static str),
    /// From this to the end of the line.
    Hash,
    /// In front matter.
    FrontMatter,
}

impl Style {
    /// That of a file; none where nothing can stand in it.
    pub(super) fn of(format: Format, input: &Input) -> Option<Self> {
        match format {
            Format::Markdown if input.absolute.as_deref().is_some_and(in_vault) => Some(Self::Comment("%%", "%%")),
            Format::Markdown => Some(Self::Comment("<!--", "-->")),
            Format::Mdx => Some(Self::Comment("{/*", "*/}")),
            Format::Yaml => Some(Self::Hash),
            Format::Tweet => Some(Self::FrontMatter),
            _ => None,
        }
    }

    /// Whether it can be about a line.
    pub(super) fn has_lines(self) -> bool {
        self != Self::FrontMatter
    }

    /// Whether the whole file stands for a line in which no comment can stand; else the config names the words.
    pub(super) fn falls_back(self) -> bool {
        self != Self::Hash
    }

    fn spell(self, mark: &str, wanted: &Wanted<'_>) -> String {
        let said = format!("selfless-ignore{mark} {} -- {}", wanted.names.join(" "), wanted.reason);
        match self {
            Self::Comment(open, close) => format!("{open} {said} {close}"),
            Self::Hash | Self::FrontMatter => format!("# {said}"),
        }
    }
}

/// Where a suppression may stand.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// At the end of a line, by its number.
    Line(Style, u32),
    /// Where it is for the whole file.
    File(Style),
}

/// What it says.
pub(super) struct Wanted<'a> {
    pub(super) names: &'a [&'a str],
    pub(super) reason: &'a str,
}

/// Whether each post has a suppression of these names at the place.
pub(super) fn is_there(posts: &[Post], place: &Place, names: &[&str]) -> bool {
    let covers = |post: &Post, directive: &Directive| match place {
        Place::File(_) => directive.scope == DirectiveScope::File,
        Place::Line(_, line) => is_on(post, directive, *line),
    };
    let has = |post: &Post, name: &str| {
        let mut said = post.directives.iter().filter(|directive| covers(post, directive));
        said.any(|directive| directive.rules.iter().any(|(rule, _)| rule == name))
    };
    let named = |name: &&str| posts.iter().any(|post| has(post, name));
    names.iter().all(named)
}

fn is_on(post: &Post, directive: &Directive, line: u32) -> bool {
    directive.scope == DirectiveScope::Line && post.source.lines().line_of(directive.span.start()) == line
}

/// What is added at the place: names to a suppression that is there with the same reason, or else a new one.
pub(super) fn edit(source: &Source, posts: &[Post], place: &Place, wanted: &Wanted<'_>) -> Option<Edit> {
    if let Some((at, between, known)) = posts.iter().find_map(|post| with_room(post, place, wanted.reason)) {
        let names = wanted.names.iter().filter(|name| !known.contains(name));
        return Some(insert(at, names.map(|name| format!("{between}{name}")).collect()));
    }
    match *place {
        Place::Line(style, line) => at_line(source, posts, style, line, wanted),
        Place::File(Style::FrontMatter) => Some(in_front(source, wanted)),
        Place::File(Style::Hash) => {
            Some(insert(0, format!("{}{}", Style::Hash.spell("-file", wanted), ending(source.text()))))
        }
        Place::File(style) => Some(at_end(source, style, wanted)),
    }
}

/// Behind the last name of one that says the same, what stands between its names, and these.
fn with_room<'p>(post: &'p Post, place: &Place, reason: &str) -> Option<(u32, &'static str, Vec<&'p str>)> {
    let directive = post.directives.iter().find(|directive| {
        let fits = match place {
            Place::File(_) => directive.scope == DirectiveScope::File,
            Place::Line(_, line) => is_on(post, directive, *line),
        };
        fits && directive.reason.as_deref() == Some(reason)
    })?;
    let known = directive.rules.iter().map(|(name, _)| name.as_str()).collect();
    let (_, last) = directive.rules.last()?;
    let behind = post.source.text().get(last.end() as usize..)?;
    let comment = ["<!--", "%%", "{/*", "#"];
    let text = post.source.slice(directive.span);
    if comment.iter().any(|open| text.starts_with(open)) {
        return Some((last.end(), " ", known));
    }
    // A list in front matter, where the name is not quoted.
    behind.starts_with(']').then_some((last.end(), ", ", known))
}

fn insert(at: u32, text: String) -> Edit {
    Edit { span: Span::new(at, at), text: text.into() }
}

fn ending(text: &str) -> &'static str {
    if text
        .lines()
        .next()
        .is_some_and(|first| text.get(first.len()..).is_some_and(|rest| rest.starts_with("\r\n")))
    {
        "\r\n"
    } else {
        "\n"
    }
}

/// At the end of a line, before blanks and a backslash that break it.
fn at_line(source: &Source, posts: &[Post], style: Style, line: u32, wanted: &Wanted<'_>) -> Option<Edit> {
    let text = source.text();
    let (mut start, mut number) = (0, source.lines().line_of(0));
    let mut all = text.split_inclusive('\n');
    let content = loop {
        let next = all.next()?;
        if number == line {
            break next.trim_end();
        }
        start += next.len();
        number += 1;
    };
    let content = content.strip_suffix('\\').map_or(content, str::trim_end);
    let at = u32::try_from(start + content.len()).ok()?;
    // Front matter has comments of its own, and its body none of these.
    let before_body = posts.iter().all(|post| is_before(post, at)) && text.starts_with(['-', '+']);
    let style = if before_body { Style::Hash } else { style };
    Some(insert(at, format!(" {}", style.spell("", wanted))))
}

/// Whether a place stands in the front matter of a post.
fn is_before(post: &Post, at: u32) -> bool {
    let text = post.source.text();
    let fence = text.lines().next().unwrap_or_default().trim_end();
    if !matches!(fence, "---" | "+++") {
        return false;
    }
    let mut end = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        end += line.len();
        if number > 0 && line.trim_end() == fence {
            return (at as usize) < end;
        }
    }
    false
}

fn at_end(source: &Source, style: Style, wanted: &Wanted<'_>) -> Edit {
    let text = source.text();
    let (end, body) = (ending(text), text.trim_end_matches(['\n', '\r']));
    let gap = if body.len() == text.len() { format!("{end}{end}") } else { end.to_owned() };
    let at = u32::try_from(text.len()).unwrap_or(u32::MAX);
    insert(at, format!("{gap}{}{end}", style.spell("-file", wanted)))
}

/// In the front matter of a post, or in one that is made for it.
fn in_front(source: &Source, wanted: &Wanted<'_>) -> Edit {
    let text = source.text();
    let end = ending(text);
    let (names, reason) = (wanted.names.join(", "), serde_json::Value::from(wanted.reason));
    let own = format!("selfless: {{ ignore: [{names}], reason: {reason} }}{end}");
    let first = text.split_inclusive('\n').next().unwrap_or_default();
    if first.trim_end() != "---" {
        return insert(0, format!("---{end}{own}---{end}"));
    }
    let inner = text.lines().skip(1).take_while(|line| line.trim_end() != "---");
    let taken = inner.into_iter().any(|line| line.starts_with("selfless"));
    let said = if taken { format!("{}{end}", Style::Hash.spell("-file", wanted)) } else { own };
    insert(u32::try_from(first.len()).unwrap_or(u32::MAX), said)
}
