//! CSV and TSV: tables of posts, a row each, as schedulers and spreadsheets write them.
//!
//! [`scan`] finds the fields, [`layout`] what they hold; here rows become posts. Knows no vendor by name: what only one
//! of them does is told by [`vendor`]. Invariant: a row is at most one post, whose parts stand each in its column.

mod layout;
mod scan;
mod vendor;

use std::borrow::Cow;
use std::sync::Arc;

use self::layout::{Head, Layout};
use self::scan::{Field, MOST_FIELDS, Record, Scanner};
use super::assemble::{Assembly, Remarks, is_yes};
use super::output::{UNRECOGNISED, too_long};
use super::{Locator, Output, PartKind, PostKind, PostStatus, ReadLimits, Role};
use crate::diagnostic::{Diagnostic, Level};
use crate::text::{Source, Span};

/// What [`Diagnostic::code`] says of a table with a mistake.
const CODE: &str = "input/csv";

/// What may stand between fields, in the order in which it is tried.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// Rows below the header that are looked at to tell what columns hold.
const SAMPLE: usize = 20;

/// Bytes that are looked at to tell what stands between fields.
const SNIFFED: usize = 256 << 10;

/// Reads the rows of `source`, whose fields stand apart by `delimiter`, or by what the table itself shows.
pub(super) fn read(source: &Arc<Source>, delimiter: Option<u8>, output: &mut Output<'_>) {
    let text = source.text();
    let (start, named) = separator_line(text);
    let delimiter = delimiter.or(named).or_else(|| sniff(text.get(start..).unwrap_or_default()));
    let mut scanner = Scanner::starting(text, start, delimiter);
    let head = match head(source, &mut scanner.clone()) {
        Err(diagnostic) => return output.unrecognised(*diagnostic),
        Ok(head) => head,
    };
    let Some(head) = head else {
        let diagnostic = Diagnostic::error(UNRECOGNISED, "an empty table").about(source.name());
        return output.unrecognised(diagnostic);
    };
    let layout = match Layout::of(&head, output.options, output.is_found()) {
        Ok(layout) => layout,
        Err(diagnostic) => return output.unrecognised(*diagnostic),
    };
    let mut table = Table { source, layout, remarks: Remarks::default(), rows: Rows::default() };
    let mut record = Record::default();
    let mut header = table.layout.header;
    while scanner.read(&mut record) {
        if table.is_broken(&record, output) {
            break;
        }
        if header > 0 {
            header -= 1;
        } else if !table.is_header_again(&record) {
            table.row(&record, output);
        }
    }
    table.finish(output);
}

/// Whether a text whose name does not say so is a table of posts: a header with a text and more that is known, and rows
/// of its width.
pub(super) fn is_table_of_posts(text: &str) -> bool {
    let (start, named) = separator_line(text);
    let delimiter = named.or_else(|| sniff(text.get(start..).unwrap_or_default()));
    let mut scanner = Scanner::starting(text, start, delimiter);
    let (mut header, mut row) = (Record::default(), Record::default());
    if delimiter.is_none() || !scanner.read(&mut header) || !scanner.read(&mut row) {
        return false;
    }
    let names: Vec<Cow<'_, str>> = header.fields.iter().map(|field| field.value(text)).collect();
    let roles = || names.iter().filter_map(|name| Role::of(name));
    let short = |name: &Cow<'_, str>| !name.trim().is_empty() && name.len() <= 40;
    names.len() == row.fields.len()
        && names.iter().all(short)
        && roles().count() > 1
        && roles().filter(|role| *role == Role::Text).count() == 1
}

/// `sep=;`, which some spreadsheets write before the header: where the table starts, and the delimiter.
fn separator_line(text: &str) -> (usize, Option<u8>) {
    let Some(rest) = text.strip_prefix("sep=") else { return (0, None) };
    let (line, end) = match rest.find('\n') {
        Some(at) => (rest.get(..at).unwrap_or_default(), "sep=".len() + at + 1),
        None => (rest, text.len()),
    };
    match line.trim_end_matches('\r').as_bytes() {
        [delimiter] => (end, Some(*delimiter)),
        _ => (0, None),
    }
}

/// The delimiter whose reading of the first rows makes most sense: knows most names of the header, and then gives rows
/// of one length. None where a line is a field.
fn sniff(text: &str) -> Option<u8> {
    let mut end = text.len().min(SNIFFED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    let mut best = None;
    for delimiter in DELIMITERS {
        let mut scanner = Scanner::new(text, Some(delimiter));
        let mut record = Record::default();
        if !scanner.read(&mut record) || record.fields.len() < 2 {
            continue;
        }
        let width = record.fields.len();
        let header: Vec<String> = record.fields.iter().map(|field| field.value(text).into_owned()).collect();
        let mut even = 0;
        for _ in 0..5 {
            even += usize::from(scanner.read(&mut record) && record.fields.len() == width);
        }
        let sense = (Layout::known(&header), even, width);
        if best.is_none_or(|(known, _)| known < sense) {
            best = Some((sense, delimiter));
        }
    }
    best.map(|(_, delimiter)| delimiter)
}

/// The first row and some below it.
///
/// # Errors
/// When the first row has far too many cells.
fn head<'a>(source: &'a Arc<Source>, scanner: &mut Scanner<'_>) -> Result<Option<Head<'a>>, Box<Diagnostic>> {
    let text = source.text();
    let mut record = Record::default();
    if !scanner.read(&mut record) {
        return Ok(None);
    }
    if record.is_too_wide {
        return Err(Box::new(too_wide(source, &record)));
    }
    let values = |record: &Record| -> Vec<String> {
        // A name or a sample needs no more than its beginning.
        let short = |value: Cow<'_, str>| value.chars().take(400).collect();
        record.fields.iter().map(|field| short(field.value(text))).collect()
    };
    let places = |record: &Record| -> Vec<Span> { record.fields.iter().map(|field| field.span()).collect() };
    let (mut header, mut span, mut spans) = (values(&record), span_of(&record), places(&record));
    let mut rows = 1;
    let mut below = Vec::new();
    while below.len() < SAMPLE && scanner.read(&mut record) {
        let row = values(&record);
        if below.is_empty() && rows == 1 && vendor::is_group_row(&header, &row) {
            header = vendor::grouped(&header, &row);
            (span, spans, rows) = (span_of(&record), places(&record), 2);
        } else {
            below.push(row);
        }
    }
    Ok(Some(Head { source, header, below, span, spans, rows }))
}

/// That a row has far more cells than any table.
fn too_wide(source: &Arc<Source>, record: &Record) -> Diagnostic {
    let start = record.fields.first().map_or(0, |field| field.span().start());
    let message = format!("row {} has more than {MOST_FIELDS} cells", record.row);
    Diagnostic::error(CODE, message)
        .label(source, Span::new(start, start), "starts here")
        .note("nothing from here on was read")
}

/// From the first field of a record to its last, as far as the first line goes.
fn span_of(record: &Record) -> Span {
    let first = record.fields.first().map(|field| field.span()).unwrap_or_default();
    record.fields.last().map_or(first, |last| first.cover(last.span()))
}

/// Rows that are not as they should be: how many, and the first of them.
#[derive(Default)]
struct Rows {
    without_text: Option<(u32, Span)>,
    too_long: Option<(u32, Span)>,
    stray: Option<(u32, Span)>,
}

fn count(rows: &mut Option<(u32, Span)>, span: Span) {
    let (counted, _) = rows.get_or_insert((0, span));
    *counted = counted.saturating_add(1);
}

struct Table<'a> {
    source: &'a Arc<Source>,
    layout: Layout,
    remarks: Remarks,
    rows: Rows,
}

impl Table<'_> {
    /// Tells of half a quotation mark, or of far too many cells, behind which nothing can be read.
    fn is_broken(&mut self, record: &Record, output: &mut Output<'_>) -> bool {
        if record.is_too_wide {
            output.tell(too_wide(self.source, record));
            return true;
        }
        let Some(field) = record.fields.iter().find(|field| field.is_unclosed()) else { return false };
        let start = field.span().start();
        let message = format!("the quotation mark that opens a cell of row {} is never closed", record.row);
        let diagnostic = Diagnostic::error(CODE, message)
            .label(self.source, Span::new(start, start + 1), "opened here")
            .help("close it, and write quotation marks inside a quoted cell twice")
            .note("the rows before it were read");
        output.tell(diagnostic);
        true
    }

    /// Whether a row repeats the header, as tables that were put together from several do.
    fn is_header_again(&self, record: &Record) -> bool {
        let text = self.source.text();
        let names = &self.layout.names;
        self.layout.header > 0
            && record.fields.len() == names.len()
            && record.fields.iter().zip(names).all(|(field, name)| field.value(text).trim() == &**name)
    }

    fn row(&mut self, record: &Record, output: &mut Output<'_>) {
        let text = self.source.text();
        let start = record.fields.first().map_or(0, |field| field.span().start());
        let mut assembly = Assembly::new(self.source, start);
        let mut blank = true;
        for (column, field) in record.fields.iter().enumerate() {
            if let Some(span) = field.stray() {
                count(&mut self.rows.stray, span);
            }
            let Some(role) = self.layout.roles.get(column).copied().flatten() else {
                self.extra(column, *field, &mut blank);
                continue;
            };
            if field.len() > output.options.limits.text as usize {
                let start = field.span().start();
                output.tell(self.too_long(record.row, column, Span::new(start, start), output.options.limits));
                return;
            }
            let locator = || Locator::Row(record.row, self.layout.names.get(column).cloned().unwrap_or_default());
            match part_kind(role) {
                Some(PartKind::Hashtags) => {
                    let (tags, map) = field.mapped(text).finish();
                    assembly.hashtags(&tags, &map, locator());
                }
                Some(kind) => {
                    for mapped in self.layout.manner.texts(column, field.mapped(text)) {
                        blank &= mapped.text().trim().is_empty();
                        assembly.part(kind, mapped, locator());
                    }
                }
                None => {
                    let value = field.value(text);
                    blank &= value.trim().is_empty();
                    assembly.state(role, &value, field.span(), &mut self.remarks);
                }
            }
        }
        self.manner(record, &mut assembly);
        match assembly.finish() {
            Some(post) => output.post(post),
            None if blank => {}
            None => count(&mut self.rows.without_text, span_of(record)),
        }
    }

    /// What the vendor's manner says of a row.
    fn manner(&self, record: &Record, assembly: &mut Assembly<'_>) {
        let text = self.source.text();
        let manner = &self.layout.manner;
        for (column, platform) in &manner.networks {
            if let Some(field) = record.fields.get(*column).filter(|field| is_yes(&field.value(text))) {
                assembly.platform(*platform, field.span());
            }
        }
        if let Some((platform, span)) = manner.archive {
            assembly.platform(platform, span);
            assembly.status_unless_stated(PostStatus::Published, span);
        }
        let shared = manner.shared.and_then(|column| record.fields.get(column));
        if shared.is_some_and(|field| manner.passes_on(&field.value(text))) {
            assembly.kind(PostKind::Share);
        }
        let date = record.fields.first().filter(|_| manner.undated_are_drafts);
        if date.is_some_and(|field| field.value(text).trim().is_empty()) {
            let place = record.fields.get(1).map(|field| field.span()).unwrap_or_default();
            assembly.status_unless_stated(PostStatus::Draft, place);
        }
    }

    /// A cell that nobody knows; behind the last column of the header it is likely half of another.
    fn extra(&mut self, column: usize, field: Field, blank: &mut bool) {
        if !field.value(self.source.text()).trim().is_empty() {
            *blank = false;
            if column >= self.layout.names.len() {
                count(&mut self.rows.too_long, field.span());
            }
        }
    }

    fn too_long(&self, row: u32, column: usize, span: Span, limits: ReadLimits) -> Diagnostic {
        let name = self.layout.names.get(column).map_or("", |name| &**name);
        too_long(CODE, "cell", limits)
            .label(self.source, span, "starts here")
            .located(Some(Locator::Row(row, name.into()).to_string().into()))
            .note("the row was left out")
    }

    fn finish(self, output: &mut Output<'_>) {
        let rows = self.rows;
        let told = |output: &mut Output<'_>, what: Option<(u32, Span)>, level, one: &str, many: &str, help| {
            let Some((count, span)) = what else { return };
            let message = if count == 1 { one.to_owned() } else { format!("{count} {many}") };
            let label = if count == 1 { "" } else { "the first" };
            let mut diagnostic = Diagnostic::new(level, CODE, message).label(self.source, span, label);
            diagnostic.help = help;
            output.tell(diagnostic);
        };
        told(
            output,
            rows.stray,
            Level::Warning,
            "text behind a closing quotation mark",
            "cells have text behind a closing quotation mark",
            Some("write quotation marks inside a quoted cell twice".into()),
        );
        told(
            output,
            rows.too_long,
            Level::Warning,
            "a cell beyond the last column of the header",
            "cells stand beyond the last column of the header",
            Some("quote cells that hold a delimiter: what stands behind it is not read".into()),
        );
        told(
            output,
            rows.without_text,
            Level::Note,
            "a row without a text was left out",
            "rows without a text were left out",
            None,
        );
        output.diagnostics().extend(self.remarks.diagnostics);
    }
}

/// The part that a column of a role holds; none where it says something of the post.
fn part_kind(role: Role) -> Option<PartKind> {
    Some(match role {
        Role::Text => PartKind::Text,
        Role::Title => PartKind::Title,
        Role::Description => PartKind::Description,
        Role::FirstComment => PartKind::FirstComment,
        Role::ContentWarning => PartKind::ContentWarning,
        Role::PollOption => PartKind::PollOption,
        Role::Hashtags => PartKind::Hashtags,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vendor_tests;
