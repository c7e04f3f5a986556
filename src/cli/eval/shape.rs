//! The figures as one JSON object; `docs/eval.md` explains it.
//!
//! Computes nothing. Invariant: a figure that is not defined is `null`, and rates are rounded to four places.

use std::collections::BTreeMap;

use serde::Serialize;

use super::TextOf;
use crate::emit::encode_pretty;
use crate::eval::calibration::Bin;
use crate::eval::metric::Share;
use crate::eval::report::{ByClass, Firings, Mean, Wrong};
use crate::eval::{Evaluation, SetReport};
use crate::report::Tool;
use crate::rule::RuleSet;

/// One object, over several lines.
pub(super) fn json(evaluation: &Evaluation, rules: &RuleSet, tool: &Tool, text_of: &TextOf<'_>) -> String {
    let sets = evaluation.sets.iter().enumerate();
    let document = Document {
        version: 1,
        tool: ToolShape { version: tool.version, rules: &tool.rules },
        core: evaluation.core.as_ref().map(MeanShape::of),
        quiet: evaluation.quiet.as_ref().map(MeanShape::of),
        sets: sets.map(|(number, set)| SetShape::of(set, rules, &|post| text_of(number, post))).collect(),
        pools: evaluation.pools.iter().map(|pool| SetShape::of(pool, rules, &|_| None)).collect(),
    };
    encode_pretty(&document)
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: ToolShape<'a>,
    core: Option<MeanShape<'a>>,
    quiet: Option<MeanShape<'a>>,
    sets: Vec<SetShape<'a>>,
    pools: Vec<SetShape<'a>>,
}

#[derive(Serialize)]
struct ToolShape<'a> {
    version: &'a str,
    rules: &'a str,
}

#[derive(Serialize)]
struct MeanShape<'a> {
    sets: usize,
    mean: f64,
    worst: f64,
    worst_set: &'a str,
}

impl<'a> MeanShape<'a> {
    fn of(mean: &'a Mean) -> Self {
        let (worst_set, worst) = (mean.worst.0.as_str(), rounded(mean.worst.1));
        Self { sets: mean.sets, mean: rounded(mean.mean), worst, worst_set }
    }
}

#[derive(Serialize)]
struct SetShape<'a> {
    name: &'a str,
    roles: Vec<&'static str>,
    posts: u32,
    labels: ClassShape,
    left_out: u32,
    unjudged: u32,
    promotional: PromotionalShape,
    calibration: CalibrationShape,
    accepted: ShareShape,
    quiet: ShareShape,
    passages: PassagesShape,
    rules: BTreeMap<&'a str, RuleShape>,
    most_wrong: Vec<WrongShape<'a>>,
}

impl<'a> SetShape<'a> {
    fn of(set: &'a SetReport, rules: &'a RuleSet, text_of: &dyn Fn(usize) -> Option<&'a str>) -> Self {
        let passages = set.passages;
        let fired = set.rules.iter().map(|one| {
            let rule = rules.rule(one.rule);
            (&*rule.name, RuleShape::of(one, rule.credit))
        });
        Self {
            name: &set.name,
            roles: set.roles.iter().map(|role| role.name()).collect(),
            posts: set.labels.total(),
            labels: ClassShape::of(set.labels),
            left_out: set.left_out,
            unjudged: set.unjudged,
            promotional: PromotionalShape::of(set),
            calibration: CalibrationShape::of(set),
            accepted: ShareShape::of(set.accepted),
            quiet: ShareShape::of(set.quiet),
            passages: PassagesShape {
                found: ShareShape::of(passages.found),
                must_not: ShareShape::of(passages.touched),
                precise: ShareShape::of(passages.precise),
            },
            rules: fired.collect(),
            most_wrong: set.most_wrong.iter().map(|wrong| WrongShape::of(wrong, text_of(wrong.post))).collect(),
        }
    }
}

#[derive(Serialize)]
struct ClassShape {
    promotional: u32,
    mixed: u32,
    conversational: u32,
}

impl ClassShape {
    fn of(posts: ByClass) -> Self {
        let ByClass { promotional, mixed, conversational } = posts;
        Self { promotional, mixed, conversational }
    }
}

#[derive(Serialize)]
struct PromotionalShape {
    true_positives: u32,
    false_positives: u32,
    false_negatives: u32,
    true_negatives: u32,
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
    macro_f1: Option<f64>,
    false_positive_rate: Option<f64>,
    average_precision: Option<f64>,
    recall_at_1_percent: Option<f64>,
}

impl PromotionalShape {
    fn of(set: &SetReport) -> Self {
        let confusion = &set.confusion;
        Self {
            true_positives: confusion.true_positives,
            false_positives: confusion.false_positives,
            false_negatives: confusion.false_negatives,
            true_negatives: confusion.true_negatives,
            precision: confusion.precision().map(rounded),
            recall: confusion.recall().map(rounded),
            f1: confusion.f1().map(rounded),
            macro_f1: confusion.macro_f1().map(rounded),
            false_positive_rate: confusion.false_positive_rate().map(rounded),
            average_precision: set.average_precision.map(rounded),
            recall_at_1_percent: set.recall_at_few.map(rounded),
        }
    }
}

#[derive(Serialize)]
struct CalibrationShape {
    brier: Option<f64>,
    error: Option<f64>,
    slope: Option<f64>,
    bins_slope: Option<f64>,
    bins: Vec<BinShape>,
}

impl CalibrationShape {
    fn of(set: &SetReport) -> Self {
        let found = &set.calibration;
        Self {
            brier: found.brier.map(rounded),
            error: found.error.map(rounded),
            slope: found.slope.map(rounded),
            bins_slope: found.bins_slope.map(rounded),
            bins: found.bins.iter().map(BinShape::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct BinShape {
    posts: u32,
    score: f64,
    promotional: f64,
}

impl BinShape {
    fn of(bin: &Bin) -> Self {
        Self { posts: bin.posts, score: rounded(bin.score), promotional: rounded(bin.promotional) }
    }
}

#[derive(Serialize)]
struct ShareShape {
    count: u32,
    of: u32,
    share: Option<f64>,
}

impl ShareShape {
    fn of(share: Share) -> Self {
        Self { count: share.part, of: share.of, share: share.value().map(rounded) }
    }
}

#[derive(Serialize)]
struct PassagesShape {
    found: ShareShape,
    must_not: ShareShape,
    precise: ShareShape,
}

#[derive(Serialize)]
struct RuleShape {
    promotional: u32,
    mixed: u32,
    conversational: u32,
    precision: Option<f64>,
}

impl RuleShape {
    fn of(fired: &Firings, credit: bool) -> Self {
        let ByClass { promotional, mixed, conversational } = fired.posts;
        let precision = if credit { None } else { fired.posts.precision().map(rounded) };
        Self { promotional, mixed, conversational, precision }
    }
}

#[derive(Serialize)]
struct WrongShape<'a> {
    id: &'a str,
    label: &'static str,
    verdict: &'static str,
    promotion: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

impl<'a> WrongShape<'a> {
    fn of(wrong: &'a Wrong, text: Option<&'a str>) -> Self {
        Self {
            id: &wrong.id,
            label: wrong.class.name(),
            verdict: wrong.verdict.name(),
            promotion: (wrong.promotion * 10.0).round() / 10.0,
            text,
        }
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::eval::passage::Passages;
    use crate::eval::report::JudgedSet;
    use crate::eval::{Class, Judged, Role};
    use crate::report::RuleIndex;
    use crate::rule::RuleId;
    use crate::score::Verdict;
    use crate::text::Source;

    const RULES: &str = "category = 'mine'\ntitle = 'Mine'\n[[rule]]\nname = 'applause'\nlevel = 'warning'\n\
                         weight = 3.0\nmessage = 'applause'\nphrases = ['bravo']\n";

    fn judged(id: &str, class: Class, verdict: Verdict, promotion: f64, fired: bool) -> Judged {
        let found = Share { part: u32::from(fired), of: 1 };
        Judged {
            id: id.to_owned(),
            class,
            accept: Some(vec![class]),
            quiet: false,
            verdict,
            promotion,
            rules: if fired { vec![RuleId(0)] } else { Vec::new() },
            passages: Passages { found, ..Passages::default() },
        }
    }

    #[test]
    fn the_documented_object_is_the_one_that_is_written() {
        let (rules, mistakes) = RuleSet::of_files(&[Arc::new(Source::from_text("mine.toml", RULES))]);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let posts = vec![
            judged("a1", Class::Promotional, Verdict::Promotional, 62.0, true),
            judged("a2", Class::Conversational, Verdict::Mixed, 26.0, false),
        ];
        let set = JudgedSet { name: "mine".to_owned(), roles: vec![Role::Drafts], posts, left_out: 3 };
        let evaluation = Evaluation::of(&[set], 5);
        let tool =
            Tool { version: "0.1.0", rules: "5f1dab1e".to_owned(), index: RuleIndex::default(), pages: None };
        let written = json(&evaluation, &rules, &tool, &|_, _| Some("It rained."));
        let mut written: serde_json::Value = serde_json::from_str(&written).unwrap();
        // The documentation leaves out the second of the two, which is the same once more.
        let pools = written.as_object_mut().unwrap().insert("pools".to_owned(), serde_json::json!([]));
        assert_eq!(pools.unwrap()[0]["name"], "drafts");
        let documented = include_str!("../../../docs/eval.md").split("```json").nth(1).unwrap();
        let documented = documented.split("```").next().unwrap();
        let documented: serde_json::Value = serde_json::from_str(documented).unwrap();
        assert_eq!(written, documented, "{written:#}");
    }
}
