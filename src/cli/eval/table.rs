//! The figures for people: plain tables of at most 100 columns.
//!
//! Computes nothing. Invariant: a figure that is not defined is shown as `-`, and a table without rows not at all.

use std::fmt::Write as _;

use super::TextOf;
use crate::emit::clean::line;
use crate::eval::calibration::BINS;
use crate::eval::metric::Share;
use crate::eval::report::ByClass;
use crate::eval::{Evaluation, Role, SetReport};
use crate::rule::RuleSet;

/// Names of sets and posts are cut to this many characters; those of rules fit.
const NAME: usize = 34;

/// All tables, a blank line between two.
pub(super) fn tables(evaluation: &Evaluation, rules: &RuleSet, text_of: &TextOf<'_>) -> String {
    let tables = [
        sets(evaluation),
        drafts(evaluation),
        verdicts(evaluation),
        quiet(evaluation),
        calibration(evaluation),
        reliability(evaluation),
        firings(evaluation, rules),
        most_wrong(evaluation, text_of),
    ];
    let shown: Vec<String> = tables.into_iter().filter(|table| !table.is_empty()).collect();
    shown.join("\n")
}

/// Cells in rows under a header; the first column is set to the left, all others to the right.
struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    fn new(header: &[&str]) -> Self {
        Self { rows: vec![header.iter().map(|&cell| cell.to_owned()).collect()] }
    }

    fn row(&mut self, name: &str, cells: impl IntoIterator<Item = String>) {
        self.rows.push(std::iter::once(cut(name)).chain(cells).collect());
    }

    /// Empty where there is nothing under the header.
    fn text(self) -> String {
        if self.rows.len() < 2 {
            return String::new();
        }
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        self.rows.iter().fold(String::new(), |mut text, row| {
            let mut written = String::new();
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let _ = match column {
                    0 => write!(written, "{cell:width$}"),
                    _ => write!(written, "  {cell:>width$}"),
                };
            }
            text.push_str(written.trim_end());
            text.push('\n');
            text
        })
    }
}

fn cut(name: &str) -> String {
    let name = line(name);
    if name.chars().count() <= NAME {
        return name.into_owned();
    }
    name.chars().take(NAME - 3).chain("...".chars()).collect()
}

/// `.627`.
fn figure(value: Option<f64>) -> String {
    let Some(value) = value else { return "-".to_owned() };
    let text = format!("{value:.3}");
    match text.strip_prefix("0.") {
        Some(rest) => format!(".{rest}"),
        None => text.replace("-0.", "-."),
    }
}

/// `3.6%`.
fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{:.1}%", value * 100.0))
}

fn share(share: Share) -> String {
    percent(share.value())
}

fn sets(evaluation: &Evaluation) -> String {
    let mut table = Table::new(&["posts", "promo", "mixed", "conv", "left out", "not judged", "roles"]);
    for set in &evaluation.sets {
        let ByClass { promotional, mixed, conversational } = set.labels;
        let counts =
            [promotional, mixed, conversational, set.left_out, set.unjudged].map(|count| count.to_string());
        let roles: Vec<&str> = set.roles.iter().map(|role| role.name()).collect();
        table.row(&set.name, counts.into_iter().chain([roles.join(" ")]));
    }
    table.text()
}

/// Sets that say which verdicts are accepted or which passages are to be found.
fn drafts(evaluation: &Evaluation) -> String {
    let mut table =
        Table::new(&["drafts", "accepted", "macro-F1", "false pos.", "found", "must-not", "on flagged"]);
    let marked = |set: &SetReport| {
        let passages = set.passages;
        set.accepted.of + passages.found.of + passages.touched.of > 0
    };
    let drafts_pool = evaluation.pools.iter().filter(|pool| pool.roles.contains(&Role::Drafts));
    let pooled = drafts_pool.filter(|_| in_role(evaluation, Role::Drafts) > 1).map(|pool| ("pooled", pool));
    let sets = evaluation.sets.iter().map(|set| (set.name.as_str(), set));
    for (name, set) in sets.chain(pooled).filter(|(_, set)| marked(set)) {
        let cells = [
            share(set.accepted),
            figure(set.confusion.macro_f1()),
            percent(set.confusion.false_positive_rate()),
            share(set.passages.found),
            share(set.passages.touched),
            share(set.passages.precise),
        ];
        table.row(name, cells);
    }
    table.text()
}

fn in_role(evaluation: &Evaluation, role: Role) -> usize {
    evaluation.sets.iter().filter(|set| set.roles.contains(&role)).count()
}

fn verdicts(evaluation: &Evaluation) -> String {
    let header =
        ["promotional?", "precision", "recall", "F1", "macro-F1", "false pos.", "avg. prec.", "rec. at 1%"];
    let mut table = Table::new(&header);
    for set in evaluation.sets.iter().filter(|set| set.tells_apart()) {
        let confusion = &set.confusion;
        let cells = [
            figure(confusion.precision()),
            figure(confusion.recall()),
            figure(confusion.f1()),
            figure(confusion.macro_f1()),
            percent(confusion.false_positive_rate()),
            figure(set.average_precision),
            figure(set.recall_at_few),
        ];
        table.row(&set.name, cells);
    }
    if let Some(core) = &evaluation.core {
        let blank = || "".to_owned();
        table.row(&format!("core{} (mean)", core.sets), [blank(), blank(), blank(), figure(Some(core.mean))]);
    }
    table.text()
}

fn quiet(evaluation: &Evaluation) -> String {
    let mut table = Table::new(&["quiet", "posts", "called promo", "share"]);
    let sets = evaluation.sets.iter().filter(|set| set.roles.contains(&Role::Quiet));
    for set in sets {
        let called = percent(set.quiet.value());
        table.row(&set.name, [set.quiet.of.to_string(), set.quiet.part.to_string(), called]);
    }
    if let Some(quiet) = &evaluation.quiet {
        let blank = || "".to_owned();
        let fine = |value: f64| format!("{:.2}%", value * 100.0);
        table.row("mean", [blank(), blank(), fine(quiet.mean)]);
        table.row("worst", [blank(), cut(&quiet.worst.0), fine(quiet.worst.1)]);
    }
    table.text()
}

/// What is drawn together in the tables below: the pools that hold both labels, or could.
fn judged_pools(evaluation: &Evaluation) -> Vec<&SetReport> {
    evaluation.pools.iter().filter(|pool| pool.tells_apart()).collect()
}

fn calibration(evaluation: &Evaluation) -> String {
    let mut table = Table::new(&["calibration", "Brier", "error", "slope", "slope of bins"]);
    let sets = evaluation.sets.iter().filter(|set| set.tells_apart());
    let pooled = judged_pools(evaluation).into_iter().map(|pool| (format!("{} (pooled)", pool.name), pool));
    for (name, set) in sets.map(|set| (set.name.clone(), set)).chain(pooled) {
        let found = &set.calibration;
        let cells = [found.brier, found.error, found.slope, found.bins_slope].map(figure);
        table.row(&name, cells);
    }
    table.text()
}

fn reliability(evaluation: &Evaluation) -> String {
    let pools = judged_pools(evaluation);
    let mut header = vec!["reliability"];
    for pool in &pools {
        header.extend([pool.name.as_str(), "score", "promo"]);
    }
    let mut table = Table::new(&header);
    for bin in 0..BINS {
        let cells = pools.iter().flat_map(|pool| match pool.calibration.bins.get(bin) {
            Some(bin) => [bin.posts.to_string(), percent(Some(bin.score)), percent(Some(bin.promotional))],
            None => ["", "", ""].map(str::to_owned),
        });
        let cells: Vec<String> = cells.collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            table.row(&format!("bin {}", bin + 1), cells);
        }
    }
    table.text()
}

/// One row a rule that fired in any pool; of quiet posts, which have one label, only how many.
fn firings(evaluation: &Evaluation, rules: &RuleSet) -> String {
    let mut header = vec!["rule".to_owned()];
    for pool in &evaluation.pools {
        if !pool.tells_apart() {
            header.push(pool.name.clone());
            continue;
        }
        header.push(format!("{} promo", pool.name));
        header.extend((pool.labels.mixed > 0).then(|| "mixed".to_owned()));
        header.extend(["conv", "prec."].map(str::to_owned));
    }
    let mut table = Table { rows: vec![header] };
    let mut fired: Vec<_> = evaluation.pools.iter().flat_map(|pool| &pool.rules).map(|one| one.rule).collect();
    fired.sort_unstable();
    fired.dedup();
    for id in fired {
        let rule = rules.rule(id);
        let mut cells: Vec<String> = Vec::new();
        for pool in &evaluation.pools {
            let posts = pool.rules.iter().find(|one| one.rule == id).map(|one| one.posts).unwrap_or_default();
            if !pool.tells_apart() {
                cells.push(posts.total().to_string());
                continue;
            }
            cells.push(posts.promotional.to_string());
            cells.extend((pool.labels.mixed > 0).then(|| posts.mixed.to_string()));
            cells.push(posts.conversational.to_string());
            // A credit is not there to find promotion.
            cells.push(figure(if rule.credit { None } else { posts.precision() }));
        }
        table.row(&rule.name, cells);
    }
    table.text()
}

fn most_wrong(evaluation: &Evaluation, text_of: &TextOf<'_>) -> String {
    let mut text = String::new();
    for (number, set) in evaluation.sets.iter().enumerate() {
        for wrong in &set.most_wrong {
            let (name, id) = (cut(&set.name), cut(&wrong.id));
            let (label, verdict, score) = (wrong.class.name(), wrong.verdict.name(), wrong.promotion);
            let _ = writeln!(text, "{name:12}  {id:NAME$}  {label:14}  {verdict:14}  {score:5.1}");
            if let Some(words) = text_of(number, wrong.post) {
                let _ = writeln!(text, "    {}", line(words));
            }
        }
    }
    if text.is_empty() {
        return text;
    }
    format!("{:12}  {:NAME$}  {:14}  {:14}  score\n{text}", "most wrong", "post", "label", "verdict")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        #[track_caller]
        fn check(value: Option<f64>, as_figure: &str, as_percent: &str) {
            assert_eq!((figure(value).as_str(), percent(value).as_str()), (as_figure, as_percent));
        }
        check(Some(0.6274), ".627", "62.7%");
        check(Some(1.0), "1.000", "100.0%");
        check(Some(-0.25), "-.250", "-25.0%");
        check(Some(12.3456), "12.346", "1234.6%");
        check(None, "-", "-");
    }

    #[test]
    fn cells_stand_under_each_other() {
        let mut table = Table::new(&["set", "posts", "F1"]);
        assert_eq!(Table::new(&["set"]).text(), "");
        table.row("a\u{1b}b", ["10".to_owned(), ".5".to_owned()]);
        table.row("longer", ["1".to_owned()]);
        assert_eq!(table.text(), "set     posts  F1\na␛b        10  .5\nlonger      1\n");
        assert_eq!(cut(&"x".repeat(40)), format!("{}...", "x".repeat(31)));
    }
}
