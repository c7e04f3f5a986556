//! What single vendors do in tables that the names of columns do not tell.
//!
//! Reads no rows. A table is a vendor's by names that no other uses, or by values that leave no doubt. Invariant: a
//! table of nobody we know has the default [`Manner`].

use std::borrow::Cow;

use super::layout::{Head, is_date, is_no_prose};
use crate::document::Role;
use crate::document::assemble::{is_no, is_yes, networks};
use crate::document::role::plain;
use crate::text::{MappedText, Platform, SourceMap, Span, TextSpan};

/// How a vendor writes its tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manner {
    /// Whether it was recognised, so that the table surely holds posts.
    pub(super) known: bool,
    /// Columns that are called after a network and say yes or no to it.
    pub(super) networks: Vec<(usize, Platform)>,
    /// Columns whose cells hold several texts with `||` between them.
    pub(super) lists: Vec<usize>,
    /// An archive of what went out on one network, and where the header says so.
    pub(super) archive: Option<(Platform, Span)>,
    /// The column with the address of what was passed on.
    pub(super) shared: Option<usize>,
    /// Whether a row without a date is a draft.
    pub(super) undated_are_drafts: bool,
}

/// What stands between texts in a cell.
const BETWEEN: &str = "||";

impl Manner {
    /// Tells it by the header and some rows.
    pub(super) fn of(head: &Head<'_>, roles: &[Option<Role>]) -> Self {
        let mut manner = Self { networks: yes_or_no(head), ..Self::default() };
        manner.known = manner.networks.len() > 1;
        let names: Vec<Cow<'_, str>> = head.header.iter().map(|name| plain(name)).collect();
        let of_role = |wanted: Role| {
            roles.iter().enumerate().filter(move |(_, role)| **role == Some(wanted)).map(|(column, _)| column)
        };
        if is_publer(&head.header) {
            manner.known = true;
            manner.lists = of_role(Role::FirstComment).collect();
        } else if names.len() == 6 && names.iter().zip(["date", "message", "link"]).all(|(a, b)| a == b) {
            // Its older tables had captions of several pictures in one cell.
            manner.lists = of_role(Role::Text).collect();
        }
        if let Some(column) = names.iter().position(|name| name == "sharecommentary") {
            manner.known = true;
            manner.archive = head.spans.get(column).map(|span| (Platform::Linkedin, *span));
            manner.shared = names.iter().position(|name| name == "sharedurl");
        }
        manner.undated_are_drafts = names.first().is_some_and(|name| name == "postatspecifictime")
            && names.get(1).is_some_and(|name| name == "content");
        manner
    }

    /// The texts of a cell.
    pub(super) fn texts(&self, column: usize, cell: MappedText) -> Vec<MappedText> {
        if self.archive.is_some() {
            let (text, map) = cell.finish();
            return vec![without_stray_quotes(&text, &map)];
        }
        if !self.lists.contains(&column) || !cell.text().contains(BETWEEN) {
            return vec![cell];
        }
        let (text, map) = cell.finish();
        let mut at = 0;
        let mut texts = Vec::new();
        for piece in text.split(BETWEEN) {
            let mut mapped = MappedText::new();
            mapped.push_mapped(&text, &map, TextSpan::of(at..at + piece.len()));
            texts.push(mapped);
            at += piece.len() + BETWEEN.len();
        }
        texts
    }

    /// Whether the address of what was passed on is a post of somebody on the same network.
    pub(super) fn passes_on(&self, address: &str) -> bool {
        ["linkedin.com/feed/update/", "linkedin.com/posts/"].iter().any(|start| address.contains(start))
    }
}

/// What columns hold by their names; Publer explains what its columns hold behind a dash.
pub(super) fn roles(header: &[String]) -> Vec<Option<Role>> {
    let publer = is_publer(header);
    let short = |name: &str| if publer { name.split(" - ").next().and_then(Role::of) } else { Role::of(name) };
    header.iter().map(|name| short(name)).collect()
}

fn is_publer(header: &[String]) -> bool {
    header.iter().any(|name| name.starts_with("Comment(s) - ") || name.starts_with("Alt text(s) - "))
}

/// Columns that are called after a network and only say yes or no, as Metricool's are.
fn yes_or_no(head: &Head<'_>) -> Vec<(usize, Platform)> {
    let network = |name: &str| match networks(name).as_slice() {
        [Ok(platform)] => Some(*platform),
        _ => None,
    };
    let cells = |column: usize| {
        let cells = head.below.iter().filter_map(move |row| row.get(column));
        cells.filter(|cell| !cell.trim().is_empty())
    };
    let answers =
        |column: usize| cells(column).next().is_some() && cells(column).all(|cell| is_yes(cell) || is_no(cell));
    let named = head.header.iter().enumerate().filter_map(|(column, name)| Some((column, network(name)?)));
    named.filter(|(column, _)| answers(*column)).collect()
}

/// Whether the first row only groups the names that stand in the second, as HighLevel's does.
pub(super) fn is_group_row(first: &[String], second: &[String]) -> bool {
    let texts = |row: &[String]| row.iter().filter(|name| Role::of(name) == Some(Role::Text)).count();
    let known = |row: &[String]| row.iter().filter(|name| Role::of(name).is_some()).count();
    texts(first) == 0
        && texts(second) == 1
        && known(second) > 1
        && known(second) > known(first)
        && second.iter().all(|name| name.chars().count() <= 80 && name.split_whitespace().count() <= 8)
}

/// The names of the second row; where one occurs several times, each behind the name of its group.
pub(super) fn grouped(groups: &[String], names: &[String]) -> Vec<String> {
    let mut counts = std::collections::HashMap::new();
    for name in names {
        *counts.entry(name.trim()).or_insert(0_u32) += 1;
    }
    let mut group = "";
    let mut grouped = Vec::new();
    for (column, name) in names.iter().enumerate() {
        group = groups.get(column).map(|group| group.trim()).filter(|group| !group.is_empty()).unwrap_or(group);
        let several = counts.get(name.trim()).is_some_and(|count| *count > 1);
        grouped.push(if several && !group.is_empty() {
            format!("{} ({group})", name.trim())
        } else {
            name.clone()
        });
    }
    grouped
}

/// Whether there is no header and every row is a date and a text, as Hootsuite and Zoho want it.
pub(super) fn is_headless(head: &Head<'_>) -> bool {
    let mut rows = std::iter::once(&head.header).chain(&head.below);
    let is_text = |cell: &String| !is_no_prose(cell.trim()) && cell.trim().contains(char::is_whitespace);
    head.rows == 1
        && rows.all(|row| row.first().is_some_and(|cell| is_date(cell)))
        && head.header.get(1).is_some_and(is_text)
}

/// LinkedIn closes and opens the quotation marks of a cell around each line break in it.
fn without_stray_quotes(text: &str, map: &SourceMap) -> MappedText {
    let mut mapped = MappedText::new();
    let (mut at, mut rest) = (0, text);
    while let Some(found) = rest.find("\"\n\"") {
        mapped.push_mapped(text, map, TextSpan::of(at..at + found));
        let end = at + found + "\"\n\"".len();
        mapped.push_atomic("\n", map.to_source(TextSpan::of(at + found..end)));
        rest = rest.get(found + "\"\n\"".len()..).unwrap_or_default();
        at = end;
    }
    mapped.push_mapped(text, map, TextSpan::of(at..text.len()));
    mapped
}
