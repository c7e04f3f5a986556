//! What the columns of a table hold: told by flags and config, or else by the names in its header.
//!
//! Reads no rows but the first. What only one vendor does is told by [`vendor`]. Never guesses: two columns that may hold the text, or none, are a diagnostic with the
//! names that were seen and the flag that settles it. Invariant: a layout has at least one column of text.

use std::sync::Arc;

use super::vendor::{self, Manner};
use crate::diagnostic::{Diagnostic, nearest};
use crate::document::output::{UNRECOGNISED, listed};
use crate::document::role::{is_telling, plain};
use crate::document::{ExtractOptions, Role};
use crate::text::{Source, Span};

/// How the rows of a table are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// What each column is called, or its number from 1.
    pub(super) names: Vec<Arc<str>>,
    /// What each column holds.
    pub(super) roles: Vec<Option<Role>>,
    /// How many rows the header takes; none where the first row is a post.
    pub(super) header: usize,
    /// What the vendor of the table does in a way of its own.
    pub(super) manner: Manner,
}

/// The first rows of a table: its header, and some rows below, as values.
pub(super) struct Head<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) header: Vec<String>,
    pub(super) below: Vec<Vec<String>>,
    /// Where the header stands.
    pub(super) span: Span,
    /// Where each name in it stands.
    pub(super) spans: Vec<Span>,
    /// How many rows it takes.
    pub(super) rows: usize,
}

/// Names of columns in a message.
const MOST_NAMES: usize = 24;

impl Layout {
    /// Finds out what the columns hold.
    ///
    /// # Errors
    /// When it cannot be told which column holds the text.
    pub(super) fn of(head: &Head<'_>, options: &ExtractOptions, found: bool) -> Result<Self, Box<Diagnostic>> {
        let names = head.header.iter().map(|name| name.trim().into()).collect();
        let roles = vendor::roles(&head.header);
        let manner = Manner::of(head, &roles);
        let mut layout = Self { names, roles, header: head.rows, manner };
        layout.refine(head);
        let mapped = layout.apply_config(head, options);
        if !options.text_columns.is_empty() {
            layout.apply_flags(head, options)?;
        } else if !mapped && vendor::is_headless(head) {
            layout.roles.fill(None);
            layout.set(0, Some(Role::Date));
            layout.set(1, Some(Role::Text));
            layout.take_off_header();
        } else if !mapped {
            layout.choose_text(head)?;
        }
        if layout.is_headless(head, options) {
            layout.take_off_header();
        }
        let told = layout.manner.known || layout.header > 0 && head.header.iter().any(|name| is_telling(name));
        let sure = mapped || !options.text_columns.is_empty() || told;
        if found && !sure {
            return Err(Box::new(head.trouble("a table that may hold anything")));
        }
        Ok(layout)
    }

    /// Makes a post of the first row, and numbers of the names.
    fn take_off_header(&mut self) {
        self.header = 0;
        let numbers = 1..=self.names.len();
        self.names = numbers.map(|number| number.to_string().into()).collect();
    }

    /// Takes back what values say is not so: a text without letters, a status in whole sentences. A single row says
    /// nothing of the only column that may hold the text.
    fn refine(&mut self, head: &Head<'_>) {
        let only = self.columns(Role::Text).count() == 1;
        for (column, role) in self.roles.iter_mut().enumerate() {
            let cells = || head.below.iter().filter_map(move |row| row.get(column)).map(|cell| cell.trim());
            let cells = || cells().filter(|cell| !cell.is_empty());
            match role {
                Some(Role::Text) if cells().nth(usize::from(only)).is_some() && cells().all(is_no_prose) => {
                    *role = None;
                }
                Some(Role::Status) if cells().any(|cell| cell.split_whitespace().count() > 3) => {
                    *role = Some(Role::Text);
                }
                _ => {}
            }
        }
        let texts = self.columns(Role::Text).count();
        let status = self.columns(Role::Text).find(|&column| is_status(&head.header, column));
        // A status is only a text where nothing else is.
        if let (Some(column), true) = (status, texts > 1) {
            self.set(column, None);
        }
    }

    /// Applies `[columns]`; whether it says where the text is. Columns that this table does not have are for others.
    fn apply_config(&mut self, head: &Head<'_>, options: &ExtractOptions) -> bool {
        let mut text = false;
        for (role, names) in &options.columns {
            let columns: Vec<usize> = names.iter().filter_map(|name| column(&head.header, name)).collect();
            if columns.is_empty() {
                continue;
            }
            self.clear(*role);
            for column in columns {
                self.set(column, Some(*role));
                text |= *role == Role::Text;
            }
        }
        text
    }

    fn apply_flags(&mut self, head: &Head<'_>, options: &ExtractOptions) -> Result<(), Box<Diagnostic>> {
        self.clear(Role::Text);
        for name in &options.text_columns {
            let Some(column) = column(&head.header, name) else {
                let diagnostic = head.trouble(&format!("no column is called `{name}`"));
                let near = nearest(name, head.header.iter().map(String::as_str));
                return Err(Box::new(match near {
                    Some(near) => diagnostic.help(format!("did you mean `{}`?", flag(near))),
                    None => diagnostic,
                }));
            };
            self.set(column, Some(Role::Text));
        }
        Ok(())
    }

    fn choose_text(&mut self, head: &Head<'_>) -> Result<(), Box<Diagnostic>> {
        let texts: Vec<usize> = self.columns(Role::Text).collect();
        let descriptions: Vec<usize> = self.columns(Role::Description).collect();
        match (texts.as_slice(), descriptions.as_slice()) {
            ([_], _) => Ok(()),
            ([], [only]) => {
                self.set(*only, Some(Role::Text));
                Ok(())
            }
            ([], _) => {
                let diagnostic = head.trouble("no column is known to hold the text");
                Err(Box::new(diagnostic.help(format!(
                    "name the column, such as `{}`, or for good under `[columns]` in selfless.toml",
                    flag(&head.likely())
                ))))
            }
            ([first, ..], _) => {
                let named = texts.iter().filter_map(|&column| head.header.get(column)).map(String::as_str);
                let diagnostic = head.trouble(&format!("several columns may hold the text: {}", listed(named, 6)));
                let name = head.header.get(*first).map_or("Text", String::as_str);
                // Of equal names only a number tells one.
                let number = (*first + 1).to_string();
                let is_repeated = head.header.iter().filter(|other| *other == name).count() > 1;
                let first = if is_repeated { &number } else { name };
                Err(Box::new(diagnostic.help(format!(
                    "`{}` takes one of them, and given twice both; `[columns]` in selfless.toml settles it for good",
                    flag(first)
                ))))
            }
        }
    }

    /// Whether the first row is a post: columns were named by number, and it reads like one.
    fn is_headless(&self, head: &Head<'_>, options: &ExtractOptions) -> bool {
        let named = options.text_columns.iter().chain(options.columns.iter().flat_map(|(_, names)| names));
        let mut named = named.peekable();
        let numbered = named.peek().is_some() && named.all(|name| by_name(&head.header, name).is_none());
        let mut texts = self.columns(Role::Text).filter_map(|column| head.header.get(column));
        let sentence = |text: &String| text.split_whitespace().count() > 3;
        numbered && (texts.any(sentence) || head.header.iter().any(|cell| is_date(cell)))
    }

    fn columns(&self, role: Role) -> impl Iterator<Item = usize> + '_ {
        self.roles.iter().enumerate().filter(move |(_, known)| **known == Some(role)).map(|(column, _)| column)
    }

    fn set(&mut self, column: usize, role: Option<Role>) {
        if let Some(known) = self.roles.get_mut(column) {
            *known = role;
        }
    }

    fn clear(&mut self, role: Role) {
        for known in self.roles.iter_mut().filter(|known| **known == Some(role)) {
            *known = None;
        }
    }

    /// How many columns this reading makes sense of, to compare delimiters by.
    pub(super) fn known(header: &[String]) -> usize {
        header.iter().filter(|name| Role::of(name).is_some()).count()
    }
}

impl Head<'_> {
    /// The column with most words in it, by its name, or by its number where the first row is no header.
    fn likely(&self) -> String {
        let rows = || std::iter::once(&self.header).chain(&self.below);
        let words = |column: usize| -> usize {
            let cells = rows().filter_map(|row| row.get(column)).filter(|cell| !is_no_prose(cell.trim()));
            cells.map(|cell| cell.split_whitespace().count()).sum()
        };
        let columns = 0..self.header.len().min(MOST_NAMES);
        let column = columns.rev().max_by_key(|column| words(*column)).unwrap_or(0);
        let name = self.header.get(column).map_or("Text", |name| name.trim());
        let value = |cell: &String| !cell.trim().is_empty() && is_no_prose(cell.trim());
        if self.header.iter().any(value) { (column + 1).to_string() } else { name.to_owned() }
    }

    /// A diagnostic at the header, with the names that were seen.
    fn trouble(&self, message: &str) -> Diagnostic {
        let names =
            listed(self.header.iter().map(String::as_str).filter(|name| !name.trim().is_empty()), MOST_NAMES);
        let seen = match self.header.len() {
            1 => format!("one column was seen: {names}"),
            many => format!("{many} columns were seen: {names}"),
        };
        Diagnostic::error(UNRECOGNISED, message).label(self.source, self.span, "the header").note(seen)
    }
}

/// The flag that names a column, ready for a shell.
fn flag(name: &str) -> String {
    let shown = crate::document::shown(name.trim());
    format!("--text-column \"{}\"", shown.replace('"', "\\\""))
}

/// The column of a name: as written, or as near as case and punctuation, or by its number from 1.
fn column(header: &[String], name: &str) -> Option<usize> {
    by_name(header, name).or_else(|| {
        let number = name.trim().parse::<usize>().ok()?.checked_sub(1)?;
        (number < header.len()).then_some(number)
    })
}

fn by_name(header: &[String], name: &str) -> Option<usize> {
    let name = name.trim();
    let exact = header.iter().position(|known| known.trim() == name);
    let folded = || header.iter().position(|known| known.trim().eq_ignore_ascii_case(name));
    let loose = || {
        let wanted = plain(name);
        header.iter().position(|known| !wanted.is_empty() && plain(known) == wanted)
    };
    exact.or_else(folded).or_else(loose)
}

fn is_status(header: &[String], column: usize) -> bool {
    header.get(column).is_some_and(|name| Role::of(name) == Some(Role::Status))
}

/// Whether a cell cannot be the text of a post: a number, a date, a link.
pub(super) fn is_no_prose(cell: &str) -> bool {
    let link = cell.starts_with("http://") || cell.starts_with("https://");
    link && !cell.contains(char::is_whitespace) || !cell.chars().any(char::is_alphabetic) || is_date(cell)
}

/// Whether a cell begins like a date in figures.
pub(super) fn is_date(cell: &str) -> bool {
    let mut pieces = cell.trim().split(['-', '/', '.', 'T', ' ']);
    let number = |piece: Option<&str>| {
        piece.is_some_and(|piece| matches!(piece.len(), 1..=4) && piece.bytes().all(|byte| byte.is_ascii_digit()))
    };
    number(pieces.next()) && number(pieces.next()) && number(pieces.next())
}
