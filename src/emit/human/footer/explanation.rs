//! What a score is made of, and what would have to go: tables below the scores of a draft.
//!
//! Does not measure or choose. Invariant: the points that are written sum to the score that is written.

use super::{Footer, PLAIN, PROMOTION, SCORE_BAR, style};
use crate::emit::fill::fill;
use crate::emit::human::window::width;
use crate::emit::json::finding_points;
use crate::emit::points::{number, shares, tenths};
use crate::emit::{clean, summary};
use crate::report::{Effect, Needed, Needs, PostReport, ReportedFinding, Without};
use crate::score::Verdict;

/// Columns before a row, and between columns of one.
const INDENT: usize = 4;
const GAP: usize = 2;
/// Columns of points, and of a score.
const POINTS: usize = 6;
const SCORE: usize = 5;
/// Fewer columns than these are not worth quoting in; more are not needed.
const QUOTE: (usize, usize) = (14, 50);

/// A finding, what it does, and its points in tenths.
type Measured<'a> = (&'a Effect, &'a ReportedFinding, u32);

/// A line of a table.
struct Row<'a> {
    place: String,
    rule: String,
    finding: &'a ReportedFinding,
    points: u32,
    without: Option<Without>,
}

impl<'a> Row<'a> {
    fn new(finding: &'a ReportedFinding, points: u32, without: Option<Without>) -> Self {
        let place = finding.diagnostic.labels.first().map_or_else(String::new, |label| {
            let at = label.source.line_column(label.span.start());
            format!("{}:{}", at.line, at.column)
        });
        Self { place, rule: clean::line(&finding.diagnostic.code).into_owned(), finding, points, without }
    }

    /// The score of its axis without it.
    fn score(&self) -> String {
        self.without.map_or_else(String::new, |without| {
            let score = if self.finding.credit { without.conversation } else { without.promotion };
            format!("{score:.1}")
        })
    }

    /// The words that it marks, on one line and in quotes, as far as they fit; nothing where that is not far.
    fn quote(&self, room: usize, ellipsis: &str) -> String {
        let Some(label) = self.finding.diagnostic.labels.first() else { return String::new() };
        // Long passages are cut before they are looked at.
        let words: Vec<&str> = label.source.slice(label.span).split_whitespace().take(QUOTE.1).collect();
        let words = words.join(" ");
        let words = clean::line(&words);
        let room = room.min(QUOTE.1).saturating_sub(2);
        if room + 2 < QUOTE.0 || words.is_empty() {
            return String::new();
        }
        if words.chars().map(width).sum::<usize>() <= room {
            return format!("\"{words}\"");
        }
        let mut columns = ellipsis.chars().count();
        let fits = |c: &char| {
            columns += width(*c);
            columns <= room
        };
        let cut: String = words.chars().take_while(fits).collect();
        format!("\"{}{ellipsis}\"", cut.trim_end())
    }
}

/// Columns of the places and rules of a table.
struct Columns {
    place: usize,
    rule: usize,
}

impl Columns {
    fn of(rows: &[Row<'_>]) -> Self {
        let widest = |length: &dyn Fn(&Row<'_>) -> usize| rows.iter().map(length).max().unwrap_or(0);
        Self { place: widest(&|row| row.place.len()), rule: widest(&|row| row.rule.chars().count()) }
    }

    /// Columns of both, and what stands before them.
    fn left(&self) -> usize {
        INDENT + self.place + GAP + self.rule
    }

    fn row(&self, row: &Row<'_>) -> String {
        let (place, rule) = (self.place, self.rule);
        format!("{:INDENT$}{:<place$}{:GAP$}{:<rule$}", "", row.place, "", row.rule)
    }
}

impl Footer {
    /// Points by category and finding, and the draft without each finding.
    pub(in super::super) fn explanation(&self, post: &PostReport) -> String {
        let Some(explanation) = &post.explanation else { return String::new() };
        if post.score.verdict == Verdict::Unjudged {
            return String::new();
        }
        if explanation.effects.is_empty() && post.score.by_category.is_empty() {
            return "  nothing adds to either score\n".to_owned();
        }
        let points = finding_points(post);
        let of = |credit: bool| -> Vec<Measured<'_>> {
            let effects = explanation.effects.iter().filter_map(|effect| {
                let finding = post.findings.get(effect.finding)?;
                Some((effect, finding, points.get(effect.finding).copied().unwrap_or(0)))
            });
            effects.filter(|(_, finding, _)| finding.credit == credit).collect()
        };
        let mut text = self.categories(post);
        text.push_str(&self.effects(post, ("promotion", "finding"), tenths(post.score.promotion), &of(false)));
        text.push_str(&self.effects(post, ("conversation", "credit"), tenths(post.score.conversation), &of(true)));
        text
    }

    fn categories(&self, post: &PostReport) -> String {
        let score = &post.score;
        let parts: Vec<f64> = score.by_category.iter().map(|&(_, points)| points).collect();
        if parts.is_empty() {
            return String::new();
        }
        let whole = tenths(score.promotion);
        let names = score.by_category.iter().map(|(name, _)| clean::line(name));
        let widest = names.clone().map(|name| name.chars().count()).max().unwrap_or(0);
        let columns = if self.look.width >= 70 { SCORE_BAR } else { SCORE_BAR / 2 };
        let width = GAP + POINTS;
        let mut text = format!("  {}\n", self.bold(format!("promotion {:.1} by category", number(whole))));
        for (name, points) in names.zip(shares(whole, &parts)) {
            let points = number(points);
            let bar = self.bar(points, score.promotion, columns);
            let gap = if bar.is_empty() { 0 } else { GAP };
            let bar = self.paint(PROMOTION, bar);
            text.push_str(&format!("{:INDENT$}{name:<widest$}{points:>width$.1}{:gap$}{bar}\n", "", ""));
        }
        text
    }

    /// One axis of the score, called `axis` and `whole` tenths high, by what adds to it.
    fn effects(&self, post: &PostReport, axis: (&str, &str), whole: u32, effects: &[Measured<'_>]) -> String {
        if effects.is_empty() {
            return String::new();
        }
        let (shown, hidden): (Vec<Measured<'_>>, Vec<Measured<'_>>) =
            effects.iter().copied().partition(|(effect, ..)| effect.shown);
        let rows: Vec<Row<'_>> =
            shown.into_iter().map(|(effect, finding, points)| Row::new(finding, points, effect.without)).collect();
        let heading = format!("{} {:.1} by {}", axis.0, number(whole), axis.1);
        let columns = Columns::of(&rows);
        let left = columns.left().max(GAP + heading.len());
        let outcomes: Vec<String> = rows.iter().map(|row| outcome(row.without, post.pass)).collect();
        let longest = outcomes.iter().map(String::len).max().unwrap_or(0).max("without it".len() - SCORE - 1);
        let right = GAP + POINTS + GAP + SCORE + 1 + longest;
        let is_wide = left + right <= self.look.width;
        let mut text = format!("  {}", self.bold(&heading));
        if is_wide {
            let pad = left - heading.len();
            text.push_str(&format!("{:pad$}{:>POINTS$}{:GAP$}without it", "", "points", ""));
        }
        text.push('\n');
        for (row, outcome) in rows.iter().zip(&outcomes) {
            let painted = self.paint(row.without.map_or(PLAIN, |without| style(without.verdict)), outcome);
            if is_wide {
                let pad = left - columns.left() + GAP;
                let points = number(row.points);
                text.push_str(&format!("{}{:pad$}{points:>POINTS$.1}{:GAP$}", columns.row(row), "", ""));
                text.push_str(&format!("{:>SCORE$} {painted}", row.score()));
                let quote = self.quote(row, self.look.width.saturating_sub(left + right + GAP));
                if !quote.is_empty() {
                    let pad = longest - outcome.len() + GAP;
                    text.push_str(&format!("{:pad$}{quote}", ""));
                }
            } else {
                let indent = INDENT + columns.place + GAP;
                let points = number(row.points);
                text.push_str(&format!("{}\n{:indent$}{points:.1} points", columns.row(row).trim_end(), ""));
                text.push_str(&format!(", without it {} {painted}", row.score()));
            }
            text.push('\n');
        }
        let hidden: Vec<u32> = hidden.into_iter().map(|(_, _, points)| points).collect();
        text.push_str(&self.rest(&hidden, is_wide.then_some(left + GAP + POINTS)));
        text
    }

    /// What is not listed, with its points, which end `end` columns from the left where they stand in a table.
    fn rest(&self, points: &[u32], end: Option<usize>) -> String {
        if points.is_empty() {
            return String::new();
        }
        let sum = number(points.iter().sum());
        let verb = if points.len() == 1 { "it" } else { "them" };
        let more = format!("{:INDENT$}{} more", "", points.len());
        match end {
            None => format!("{more}, {sum:.1} points; --all shows {verb}\n"),
            Some(end) => {
                let pad = end.saturating_sub(more.len());
                format!("{more}{sum:>pad$.1}  --all shows {verb}\n")
            }
        }
    }

    /// What would have to go for the draft to pass.
    pub(in super::super) fn needs(&self, post: &PostReport) -> String {
        let Some(needs) = &post.needs else { return String::new() };
        let heading = self.bold("needs");
        let room = self.look.width.max(20) - "  needs  ".len();
        let say = |text: &str| format!("  {heading}  {}\n", fill(text, room, "  needs  ".len()));
        if needs.findings.is_empty() {
            return say(match needs.without.pass {
                true => "nothing: the draft passes",
                false => "something else: taking out all of its findings does not make it pass",
            });
        }
        let count = u32::try_from(needs.findings.len()).unwrap_or(u32::MAX);
        let mut text = say(&format!(
            "{} out{}",
            summary::count(count, "finding", "findings"),
            match needs.smallest {
                true if count > 1 => ", and no fewer will do",
                true => "",
                false => ": a small set; smaller ones were not all searched",
            }
        ));
        text.push_str(&self.needed(needs));
        let Without { promotion, conversation, verdict, .. } = needs.without;
        let verdict = self.paint(style(verdict).bold(), verdict.name());
        text.push_str(&format!(
            "{:INDENT$}then promotion {promotion:.1}, conversation {conversation:.1}: {verdict}\n",
            ""
        ));
        text
    }

    fn needed(&self, needs: &Needs) -> String {
        let shown: Vec<&Needed> = needs.findings.iter().filter(|needed| needed.finding.shown).collect();
        let rows: Vec<Row<'_>> = shown.iter().map(|needed| Row::new(&needed.finding, 0, None)).collect();
        let columns = Columns::of(&rows);
        let mut text = String::new();
        for (row, needed) in rows.iter().zip(shown) {
            let remark = if needed.hidden { "hidden by another" } else { "" };
            let taken = columns.left() + GAP + if needed.hidden { GAP + remark.len() } else { 0 };
            let quote = self.quote(row, self.look.width.saturating_sub(taken));
            let mut line = columns.row(row);
            for piece in [quote.as_str(), remark].into_iter().filter(|piece| !piece.is_empty()) {
                line.push_str(&format!("{:GAP$}{piece}", ""));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        let hidden = needs.findings.len() - rows.len();
        if hidden > 0 {
            let verb = if hidden == 1 { "it" } else { "them" };
            text.push_str(&format!("{:INDENT$}{hidden} more; --all shows {verb}\n", ""));
        }
        text
    }

    fn quote(&self, row: &Row<'_>, room: usize) -> String {
        let quote = row.quote(room, if self.look.unicode { "…" } else { "..." });
        if quote.is_empty() { quote } else { self.paint(PLAIN.dimmed(), quote) }
    }

    fn bold(&self, text: impl std::fmt::Display) -> String {
        self.paint(PLAIN.bold(), text)
    }
}

/// The verdict on a draft without a finding, and whether that changes how it ends.
fn outcome(without: Option<Without>, passed: bool) -> String {
    let Some(without) = without else { return "not measured".to_owned() };
    let end = match (passed, without.pass) {
        (false, true) => ", passes",
        (true, false) => ", fails",
        _ => "",
    };
    format!("{}{end}", without.verdict.name())
}
