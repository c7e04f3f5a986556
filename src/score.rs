//! Floor 4: from findings and facts to two numbers and a verdict.
//!
//! Sees no text. Invariant: points are shares of the score: the categories' and the findings' points each sum to
//! the promotion score, the credits' points to the conversation score.

use smallvec::{SmallVec, smallvec};

use crate::matcher::{Facts, Match, TokenRange, each_overlap};
use crate::rule::{Kind, Rule, RuleId, RuleSet, Shape, Text};

/// How a draft reads as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Mostly about self, with something to be gained by it.
    Promotional,
    /// Value for others, and an ask beside it.
    Mixed,
    /// About others or a topic.
    Conversational,
    /// Not judged: another language, or nothing to read.
    Unjudged,
}

impl Verdict {
    /// The word for it in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Promotional => "promotional",
            Self::Mixed => "mixed",
            Self::Conversational => "conversational",
            Self::Unjudged => "none",
        }
    }

    /// What two scores say.
    #[must_use]
    pub fn of(promotion: f64, conversation: f64, shape: &Shape) -> Self {
        if promotion - shape.credit_share * conversation >= shape.promotional {
            Self::Promotional
        } else if promotion < shape.mixed {
            Self::Conversational
        } else {
            Self::Mixed
        }
    }
}

/// The numbers of one post.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// 0 to 100.
    pub promotion: f64,
    /// 0 to 100.
    pub conversation: f64,
    /// What the two say; of a long post also what its hottest section says.
    pub verdict: Verdict,
    /// Categories with points, most first; sums to `promotion`.
    pub by_category: Vec<(Text, f64)>,
}

impl Score {
    /// The score of a post that is not judged.
    #[must_use]
    pub const fn unjudged() -> Self {
        Self { promotion: 0.0, conversation: 0.0, verdict: Verdict::Unjudged, by_category: Vec::new() }
    }
}

/// What one category of findings adds up to.
struct Sum {
    category: usize,
    credit: bool,
    /// Of rules to be trusted alone, and of the others.
    hits: [f64; 2],
    /// The same behind the cap of the category, and for all unproven rules together behind theirs.
    saturated: [f64; 2],
    /// What lexicons of the category say.
    words: f64,
}

/// Most posts have findings of few categories.
type Sums = SmallVec<[Sum; 8]>;

impl Sum {
    /// The sum of the category of `rule`.
    fn of<'a>(sums: &'a mut Sums, rule: &Rule) -> &'a mut Self {
        let (category, credit) = (usize::from(rule.category_id.0), rule.credit);
        let at = sums.iter().position(|sum| sum.category == category).unwrap_or(sums.len());
        if at == sums.len() {
            sums.push(Self { category, credit, hits: [0.0; 2], saturated: [0.0; 2], words: 0.0 });
        }
        &mut sums[at]
    }

    fn total(&self) -> f64 {
        self.saturated[0] + self.saturated[1] + self.words
    }
}

/// The score of a post with these findings, and the points of each finding in the same order. The formulas stand in
/// `rules/score.toml`.
#[must_use]
pub fn score(rules: &RuleSet, findings: &[Match], facts: &Facts) -> (Score, Vec<f64>) {
    let Weighed { hits, lexicons, sums } = weighed(rules, findings, facts);
    let (promotional, credited) = (total(&sums, false), total(&sums, true));
    let (promotion, conversation) = on_axes(promotional, credited, rules.shape());
    let share = |part: f64, of: f64, score: f64| if of > 0.0 { score * part / of } else { 0.0 };
    let on_axis = |part: f64, credit: bool| match credit {
        false => share(part, promotional, promotion),
        true => share(part, credited, conversation),
    };
    let points = findings
        .iter()
        .zip(&hits)
        .map(|(finding, hit)| {
            let rule = rules.rule(finding.rule);
            if let Some(lexicon) = lexicons.iter().find(|lexicon| lexicon.rule == finding.rule) {
                let speaks = rules.entry(finding.rule, finding.entry).max(0.0);
                let part = share(speaks, lexicon.speaking, lexicon.adds);
                return on_axis(part, rule.credit);
            }
            let category = usize::from(rule.category_id.0);
            let unproven = usize::from(rule.unproven);
            let sum = sums.iter().find(|sum| sum.category == category);
            sum.map_or(0.0, |sum| on_axis(share(*hit, sum.hits[unproven], sum.saturated[unproven]), rule.credit))
        })
        .collect();
    let mut by_category: Vec<(Text, f64)> = sums
        .iter()
        .filter(|sum| !sum.credit && sum.total() > 0.0)
        .map(|sum| (rules.categories()[sum.category].clone(), on_axis(sum.total(), false)))
        .collect();
    by_category.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let verdict = Verdict::of(promotion, conversation, rules.shape());
    (Score { promotion, conversation, verdict, by_category }, points)
}

/// The promotion and the conversation score alone, as [`score`] gives them.
#[must_use]
pub fn axes(rules: &RuleSet, findings: &[Match], facts: &Facts) -> (f64, f64) {
    let Weighed { sums, .. } = weighed(rules, findings, facts);
    on_axes(total(&sums, false), total(&sums, true), rules.shape())
}

/// What findings come to, before it is laid on the axes.
struct Weighed {
    hits: Points,
    lexicons: SmallVec<[WordChoice; 2]>,
    sums: Sums,
}

/// A number for each finding.
type Points = SmallVec<[f64; 16]>;

/// Credits for the questions that a draft closes with count where it is no advertisement without them: a question that is
/// tacked on to one buys nothing.
fn weighed(rules: &RuleSet, findings: &[Match], facts: &Facts) -> Weighed {
    let hits = hits(rules, findings, facts);
    let lexicons = lexicons(rules, findings, facts);
    let earned = |finding: &Match| !rules.rule(finding.rule).credit || !stands_in(finding, &facts.closing);
    if findings.iter().any(|finding| !earned(finding)) {
        let kept: Points =
            findings.iter().zip(&hits).map(|(one, hit)| if earned(one) { *hit } else { 0.0 }).collect();
        let sums = sums(rules, findings, &kept, &lexicons);
        let (promotion, conversation) = on_axes(total(&sums, false), total(&sums, true), rules.shape());
        if Verdict::of(promotion, conversation, rules.shape()) == Verdict::Promotional {
            return Weighed { hits: kept, lexicons, sums };
        }
    }
    let sums = sums(rules, findings, &hits, &lexicons);
    Weighed { hits, lexicons, sums }
}

/// Whether a finding has tokens in one of these places.
fn stands_in(finding: &Match, places: &[TokenRange]) -> bool {
    places.iter().any(|place| place.overlaps(finding.place))
}

fn sums(rules: &RuleSet, findings: &[Match], hits: &[f64], lexicons: &[WordChoice]) -> Sums {
    let mut sums = Sums::new();
    for (finding, hit) in findings.iter().zip(hits) {
        let rule = rules.rule(finding.rule);
        Sum::of(&mut sums, rule).hits[usize::from(rule.unproven)] += hit;
    }
    for lexicon in lexicons {
        Sum::of(&mut sums, rules.rule(lexicon.rule)).words += lexicon.adds;
    }
    let shape = rules.shape();
    // The proven come first, so that what an unproven rule finds takes nothing from them.
    for sum in &mut sums {
        let saturated = |hits: f64| shape.cap * (1.0 - (-hits / shape.cap).exp());
        let proven = saturated(sum.hits[0]);
        sum.saturated = [proven, saturated(sum.hits[0] + sum.hits[1]) - proven];
    }
    let promoting = || sums.iter().filter(|sum| !sum.credit);
    let unproven: f64 = promoting().map(|sum| sum.saturated[1]).sum();
    let most = most_unproven(shape);
    if unproven > most {
        for sum in sums.iter_mut().filter(|sum| !sum.credit) {
            sum.saturated[1] *= most / unproven;
        }
    }
    sums
}

/// What unproven rules add at most, all together: one point less than a promotional verdict takes.
fn most_unproven(shape: &Shape) -> f64 {
    let points = (shape.promotional - 1.0).clamp(0.0, 99.0);
    -shape.promotion_scale * (1.0 - points / 100.0).ln()
}

/// What a lexicon says of a post.
struct WordChoice {
    rule: RuleId,
    /// The sum of its entries.
    sum: f64,
    /// Of those that speak for it.
    speaking: f64,
    /// What it adds, beside the findings.
    adds: f64,
}

/// What the lexicons say, each that has an entry in the post.
///
/// The entries add up to log-odds, and the odds to what a finding of so much weight would add to the score: where
/// `p` is the chance that they stand for, `-scale × ln(1 - p)`, less the same of no entry at all. So the score of a post
/// without findings is that chance, and findings come on top as if they were independent of it.
fn lexicons(rules: &RuleSet, findings: &[Match], facts: &Facts) -> SmallVec<[WordChoice; 2]> {
    let mut found: SmallVec<[WordChoice; 2]> = SmallVec::new();
    for finding in findings {
        let rule = rules.rule(finding.rule);
        if !matches!(rule.kind, Kind::Lexicon(_)) {
            continue;
        }
        let at = found.iter().position(|one| one.rule == finding.rule).unwrap_or(found.len());
        if at == found.len() {
            found.push(WordChoice { rule: finding.rule, sum: 0.0, speaking: 0.0, adds: 0.0 });
        }
        let weight = rules.entry(finding.rule, finding.entry);
        found[at].sum += weight;
        found[at].speaking += weight.max(0.0);
    }
    let shape = rules.shape();
    let norm = norm(shape, facts);
    for choice in &mut found {
        let rule = rules.rule(choice.rule);
        let Kind::Lexicon(lexicon) = &rule.kind else { continue };
        let scale = if rule.credit { shape.conversation_scale } else { shape.promotion_scale };
        // ln(1 + e^x) is -ln(1 - p) for the log-odds x.
        let of = |log_odds: f64| log_odds.exp().ln_1p();
        let adds = scale * (of(lexicon.base + choice.sum * norm) - of(lexicon.base));
        choice.adds = adds.clamp(0.0, rule.weight);
    }
    found
}

/// What length leaves of the weight of words.
fn norm(shape: &Shape, facts: &Facts) -> f64 {
    let words = f64::from(facts.core_words);
    if words > shape.reference_words { (shape.reference_words / words).powf(shape.length) } else { 1.0 }
}

fn total(sums: &[Sum], credit: bool) -> f64 {
    sums.iter().filter(|sum| sum.credit == credit).map(Sum::total).sum()
}

fn on_axes(promotional: f64, credited: f64, shape: &Shape) -> (f64, f64) {
    let axis = |total: f64, scale: f64| 100.0 * (1.0 - (-total / scale).exp());
    (axis(promotional, shape.promotion_scale), axis(credited, shape.conversation_scale))
}

/// What each finding adds to its category: its weight, damped by repetition, by length, and by what a heavier finding
/// of another category says with the same words.
fn hits(rules: &RuleSet, findings: &[Match], facts: &Facts) -> Points {
    let shape = rules.shape();
    let mut hits: Points = smallvec![0.0; findings.len()];
    // What is missing adds nothing, for a word tacked on would buy it back. Word choice is no finding.
    let adds = |index: &usize| !matches!(kind(rules, findings, *index), Kind::Lexicon(_) | Kind::Absent);
    let mut order: SmallVec<[usize; 16]> = (0..findings.len()).filter(adds).collect();
    if order.is_empty() {
        return hits;
    }
    let norm = norm(shape, facts);
    let shared = said_before(rules, findings, &order);
    for &index in &order {
        let finding = &findings[index];
        let rule = rules.rule(finding.rule);
        // Neither adds how a disclosure is made, for without one the draft would score no lower.
        let form = rule.is_in("disclosure") && stands_in(finding, &facts.disclosures);
        hits[index] = if form {
            0.0
        } else if says_words(&rule.kind) {
            let shared = shared.get(index).copied().unwrap_or_default();
            rule.weight * norm * (1.0 - f64::from(shared) / f64::from(finding.place.len().max(1)))
        } else {
            rule.weight
        };
    }
    // The heaviest of a rule counts whole, whatever stands before it, so that one more finding never takes from the rest.
    let heaviest = |a: usize, b: usize| hits[b].total_cmp(&hits[a]).then(a.cmp(&b));
    order.sort_by(|&a, &b| findings[a].rule.cmp(&findings[b].rule).then_with(|| heaviest(a, b)));
    for of_one in order.chunk_by(|&a, &b| findings[a].rule == findings[b].rule) {
        for (repeat, &index) in (0..).zip(of_one) {
            hits[index] *= shape.repeat.powi(repeat);
        }
    }
    hits
}

fn kind<'a>(rules: &'a RuleSet, findings: &[Match], index: usize) -> &'a Kind {
    &rules.rule(findings[index].rule).kind
}

/// How many of the words of each finding a heavier one of another category of the same axis says too, of two that weigh
/// the same the earlier; empty where that is so of none. `among` are those that count.
fn said_before(rules: &RuleSet, findings: &[Match], among: &[usize]) -> SmallVec<[u32; 16]> {
    let rule = |index: usize| rules.rule(findings[index].rule);
    let shares = |index: &usize| shares_words(rule(*index));
    let mut said: SmallVec<[(TokenRange, usize); 8]> =
        among.iter().copied().filter(shares).map(|index| (findings[index].place, index)).collect();
    if said.len() < 2 {
        return SmallVec::new();
    }
    said.sort_unstable();
    let places: SmallVec<[TokenRange; 8]> = said.iter().map(|(place, _)| *place).collect();
    let mut shared: SmallVec<[u32; 16]> = smallvec![0; findings.len()];
    each_overlap(&places, |a, b| {
        let (a, b) = (said[a].1, said[b].1);
        // The axes do not touch: credits only share words with credits.
        if rule(a).category_id != rule(b).category_id && rule(a).credit == rule(b).credit {
            let a_first = rule(b).weight.total_cmp(&rule(a).weight).then(a.cmp(&b)).is_lt();
            let (earlier, later) = if a_first { (a, b) } else { (b, a) };
            // What may count for nothing takes no words from what is proven.
            if rule(earlier).unproven && !rule(later).unproven {
                return;
            }
            shared[later] = shared[later].max(findings[a].place.shared(findings[b].place));
        }
    });
    shared
}

/// Whether a kind finds words that say something themselves, rather than where or how much; the latter are already
/// relative to the post.
fn says_words(kind: &Kind) -> bool {
    match kind {
        Kind::Phrases | Kind::Patterns(_) | Kind::Near { .. } | Kind::Sequence | Kind::PhraseAt(_) => true,
        // An address says what stands there.
        Kind::Link { to, .. } => !to.is_empty(),
        _ => false,
    }
}

/// Whether the words of a rule are counted once where another category says them too. What stands for a link counts beside
/// the words around it, like the link itself.
fn shares_words(rule: &Rule) -> bool {
    says_words(&rule.kind) && !rule.is_in("link")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::document::Post;
    use crate::lint::{Context, Linter, Policy};
    use crate::report::PostReport;
    use crate::text::Source;

    const RULES: &str = "category = 'mine'\n\
        [[rule]]\nname = 'sure'\nweight = 0.5\nmessage = 'sure'\nphrases = ['buy']\n\
        [[rule]]\nname = 'hunch'\nweight = 9.0\nunproven = true\nmessage = 'hunch'\nphrases = ['lamp']\n";
    const OTHERS: &str = "category = 'other'\n\
        [[rule]]\nname = 'guess'\nweight = 9.0\nunproven = true\nmessage = 'guess'\nphrases = ['shop']\n";
    const WORDS: &str = "category = 'words'\n[[rule]]\nname = 'choice'\nmessage = 'words'\nweight = 4.0\n\
        lexicon = { base = -3.0, words = { 'new' = 2.0, 'tickets' = 5.0, 'sorry' = -1.0 } }\n";

    fn report(text: &str) -> PostReport {
        let files = [
            RULES,
            OTHERS,
            WORDS,
            "category = 'verdict'\n[[rule]]\nname = 'promotional'\nmessage = 'm'\nverdict = 'promotional'\n",
        ];
        let files = files.map(|text| Arc::new(Source::from_text("rules.toml", text)));
        let (rules, mistakes) = RuleSet::of_files(&files);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let post = Post::of_text(&Arc::new(Source::from_text("draft", text)));
        let linter = Linter::new(Arc::new(rules));
        linter.lint(&post, &Context::default(), &Policy::of(linter.rules()))
    }

    #[track_caller]
    fn check(text: &str, promotion: f64, verdict: Verdict) {
        let score = report(text).score;
        assert!((score.promotion - promotion).abs() < 0.05, "{text}: {}", score.promotion);
        assert_eq!(score.verdict, verdict, "{text}");
        let sum: f64 = score.by_category.iter().map(|(_, points)| points).sum();
        assert!((sum - score.promotion).abs() < 1e-9, "{text}: {:?}", score.by_category);
    }

    #[test]
    fn a_rule_is_in_its_category_alone() {
        let rules = RuleSet::shipped();
        for rule in rules.rules() {
            for category in rules.categories() {
                assert_eq!(rule.is_in(category), rule.category() == category, "{} in {category}", rule.name);
            }
            let start = rule.category().len() - 1;
            assert!(!rule.is_in(&rule.category()[..start]));
        }
    }

    #[test]
    fn unproven_rules_alone_stay_below_a_promotional_verdict() {
        check("the lamp is here", 49.0, Verdict::Mixed);
        check("the lamp is in the shop", 49.0, Verdict::Mixed);
        let scale = RuleSet::shipped().shape().promotion_scale;
        let more = 100.0 * (1.0 - 0.51 * (-0.5 / scale).exp());
        let found = report("buy the lamp in the shop").score;
        assert!(
            found.verdict == Verdict::Promotional && (found.promotion - more).abs() < 2.0,
            "{}",
            found.promotion
        );
    }

    #[test]
    fn words_add_the_chance_that_they_promote() {
        let chance = |log_odds: f64| 100.0 * (1.0 - (1.0 + (-3.0_f64).exp()) / (1.0 + log_odds.exp()));
        check("the old one is here", 0.0, Verdict::Conversational);
        check("the new one is here", chance(-1.0), Verdict::Conversational);
        check("the new one and the new two", chance(-1.0), Verdict::Conversational);
        check("sorry, the new one is here", chance(-2.0), Verdict::Conversational);
        check("sorry, it is here", 0.0, Verdict::Conversational);
        // No further than the weight of the lexicon.
        let scale = RuleSet::shipped().shape().promotion_scale;
        check("new tickets are here", 100.0 * (1.0 - (-4.0 / scale).exp()), Verdict::Promotional);
    }

    #[test]
    fn word_choice_is_carried_by_the_verdict_else_by_the_heaviest_finding() {
        let points = |report: &PostReport| -> f64 {
            report.findings.iter().filter(|finding| !finding.credit).map(|finding| finding.points).sum()
        };
        let promotional = report("new tickets are here");
        assert_eq!(promotional.findings.len(), 1);
        assert!((points(&promotional) - promotional.score.promotion).abs() < 1e-9);
        assert_eq!(promotional.findings[0].diagnostic.labels.len(), 2);
        let weak = report("buy the new one");
        assert_eq!(weak.findings.len(), 1);
        assert!((points(&weak) - weak.score.promotion).abs() < 1e-9);
        assert!(weak.findings[0].diagnostic.notes.iter().any(|note| note.ends_with("of its points: new")));
        let alone = report("the new one is here");
        assert!(alone.findings.is_empty() && alone.word_choice.len() == 1);
        assert!((alone.word_choice[0].points - alone.score.promotion).abs() < 1e-9);
    }
}
