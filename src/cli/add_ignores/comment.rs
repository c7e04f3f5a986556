//! Suppressions as comments, and in front matter.
//!
//! Writes nothing. Invariant: an edit only adds; whether what it adds is a comment there is asked by reading again.

use std::collections::HashMap;

use super::in_vault;
use crate::cli::walk::Input;
use crate::document::{Directive, DirectiveScope, Directives, Format, Post};
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

impl Place {
    /// Whether it is in a line of YAML.
    pub(super) fn is_hash(self) -> bool {
        matches!(self, Self::Line(Style::Hash, _))
    }
}

/// What it says.
pub(super) struct Wanted<'a> {
    pub(super) names: &'a [&'a str],
    pub(super) reason: &'a str,
}

/// A file as it was read: what it says already, and where.
pub(super) struct Known<'p> {
    source: &'p Source,
    /// The suppressions for a line, and under none those for the whole.
    said: HashMap<Option<u32>, Vec<&'p Directive>>,
    /// Where front matter ends; 0 where there is none.
    front: usize,
}

impl<'p> Known<'p> {
    pub(super) fn of(source: &'p Source, posts: &'p [Post]) -> Self {
        let mut said: HashMap<Option<u32>, Vec<&Directive>> = HashMap::new();
        let lists = posts.iter().map(|post| &post.directives);
        let mut last = &Directives::default();
        for list in lists {
            if !list.is_same(std::mem::replace(&mut last, list)) {
                for directive in list {
                    let line = match directive.scope {
                        DirectiveScope::File => None,
                        DirectiveScope::Line => Some(source.lines().line_of(directive.span.start())),
                        DirectiveScope::NextLine => continue,
                    };
                    said.entry(line).or_default().push(directive);
                }
            }
        }
        Self { source, said, front: front(source.text()) }
    }

    /// The suppressions that stand at a place.
    fn at(&self, place: &Place) -> &[&'p Directive] {
        let line = match place {
            Place::File(_) => None,
            Place::Line(_, line) => Some(*line),
        };
        self.said.get(&line).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether suppressions at the place have these names.
    pub(super) fn holds(&self, place: &Place, names: &[&str]) -> bool {
        let has = |directive: &Directive, name: &str| directive.rules.iter().any(|(rule, _)| rule == name);
        names.iter().all(|name| self.at(place).iter().any(|directive| has(directive, name)))
    }

    /// What is added at the place: names to a suppression that is there with the same reason, or else a new one.
    pub(super) fn edit(&self, place: &Place, wanted: &Wanted<'_>) -> Option<Edit> {
        if let Some((at, between, known)) = self.with_room(place, wanted.reason) {
            let names = wanted.names.iter().filter(|name| !known.contains(name));
            return Some(insert(at, names.map(|name| format!("{between}{name}")).collect()));
        }
        match *place {
            Place::Line(style, line) => self.at_line(style, line, wanted),
            Place::File(Style::FrontMatter) => Some(in_front(self.source, wanted)),
            Place::File(Style::Hash) => {
                let said = Style::Hash.spell("-file", wanted);
                Some(insert(0, format!("{said}{}", ending(self.source.text()))))
            }
            Place::File(style) => Some(at_end(self.source, style, wanted)),
        }
    }

    /// Behind the last name of one that says the same, what stands between its names, and these.
    fn with_room(&self, place: &Place, reason: &str) -> Option<(u32, &'static str, Vec<&'p str>)> {
        let directive = self.at(place).iter().find(|directive| directive.reason.as_deref() == Some(reason))?;
        let known = directive.rules.iter().map(|(name, _)| name.as_str()).collect();
        let (_, last) = directive.rules.last()?;
        let behind = self.source.text().get(last.end() as usize..)?;
        let comment = ["<!--", "%%", "{/*", "#"];
        let text = self.source.slice(directive.span);
        if comment.iter().any(|open| text.starts_with(open)) {
            return Some((last.end(), " ", known));
        }
        // A list in front matter, where the name is not quoted.
        behind.starts_with(']').then_some((last.end(), ", ", known))
    }

    /// At the end of a line, before blanks and a backslash that break it.
    fn at_line(&self, style: Style, line: u32, wanted: &Wanted<'_>) -> Option<Edit> {
        let text = self.source.text();
        let span = self.source.lines().line_span(line, text);
        let content = self.source.slice(span).trim_end();
        let content = content.strip_suffix('\\').map_or(content, str::trim_end);
        let at = span.start() + u32::try_from(content.len()).ok()?;
        // Front matter has comments of its own, and its body none of these.
        let style = if (at as usize) < self.front { Style::Hash } else { style };
        Some(insert(at, format!(" {}", style.spell("", wanted))))
    }
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

/// Where the front matter of a text ends; 0 where it has none.
fn front(text: &str) -> usize {
    let fence = text.lines().next().unwrap_or_default().trim_end();
    if !matches!(fence, "---" | "+++") {
        return 0;
    }
    let mut end = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        end += line.len();
        if number > 0 && line.trim_end() == fence {
            return end;
        }
    }
    0
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
