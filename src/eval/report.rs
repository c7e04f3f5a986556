//! Floor 5: the figures of a set of judged posts, and of several sets together.
//!
//! Judges nothing and prints nothing. Invariant: a post's place in its file changes no figure.

use super::calibration::Calibration;
use super::metric::{Confusion, Scored, Share, average_precision, recall_at};
use super::passage::Passages;
use super::{Class, Judged, Role};
use crate::rule::RuleId;
use crate::score::Verdict;

/// The share of conversational posts that may be called promotional where [`SetReport::recall_at_few`] is taken.
pub const FEW: f64 = 0.01;

/// The judged posts of a set.
#[derive(Clone, Debug, Default)]
pub struct JudgedSet {
    /// Its name.
    pub name: String,
    /// What it is there to show; empty where nobody says.
    pub roles: Vec<Role>,
    /// Its posts.
    pub posts: Vec<Judged>,
    /// How many posts its labels leave out.
    pub left_out: u32,
}

/// Posts of each label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByClass {
    /// Labelled promotional.
    pub promotional: u32,
    /// Labelled mixed.
    pub mixed: u32,
    /// Labelled conversational.
    pub conversational: u32,
}

impl ByClass {
    fn add(&mut self, class: Class) {
        let count = match class {
            Class::Promotional => &mut self.promotional,
            Class::Mixed => &mut self.mixed,
            Class::Conversational => &mut self.conversational,
        };
        *count += 1;
    }

    /// All of them.
    #[must_use]
    pub fn total(self) -> u32 {
        self.promotional + self.mixed + self.conversational
    }

    /// The share that is not conversational: the precision of a rule that fired on these posts. A mixed post holds
    /// an ask, so a rule that finds it is right.
    #[must_use]
    pub fn precision(self) -> Option<f64> {
        Share { part: self.promotional + self.mixed, of: self.total() }.value()
    }
}

/// How often a rule fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Firings {
    /// The rule.
    pub rule: RuleId,
    /// Posts in which it found something, by their label.
    pub posts: ByClass,
}

/// A post whose verdict is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// Its number in the set, from 0.
    pub post: usize,
    /// What its set calls it.
    pub id: String,
    /// Its label.
    pub class: Class,
    /// The linter's verdict.
    pub verdict: Verdict,
    /// The promotion score, 0 to 100.
    pub promotion: f64,
}

/// The figures of one set, or of several pooled.
#[derive(Clone, Debug)]
pub struct SetReport {
    /// Its name.
    pub name: String,
    /// What it is there to show.
    pub roles: Vec<Role>,
    /// Posts by label.
    pub labels: ByClass,
    /// How many posts its labels leave out.
    pub left_out: u32,
    /// Posts that the linter does not judge; they count as not called promotional.
    pub unjudged: u32,
    /// The verdict promotional against the label, on posts labelled promotional or conversational for which no other
    /// verdict is accepted.
    pub confusion: Confusion,
    /// Of the promotion score, on the same posts.
    pub average_precision: Option<f64>,
    /// Recall of the promotion score on the same posts where [`FEW`] of the conversational ones are called
    /// promotional.
    pub recall_at_few: Option<f64>,
    /// The promotion score as a probability, on the same posts.
    pub calibration: Calibration,
    /// Posts whose verdict is accepted, of those that say which are.
    pub accepted: Share,
    /// Posts called promotional, of those on which the set must stay quiet.
    pub quiet: Share,
    /// Marked passages.
    pub passages: Passages,
    /// Rules that fired, in the order of the rule set.
    pub rules: Vec<Firings>,
    /// Posts whose verdict is wrong, the farthest from their label first.
    pub most_wrong: Vec<Wrong>,
}

impl SetReport {
    /// The figures of a set, with at most `most_wrong` of the posts that were most wrong.
    #[must_use]
    pub fn of(set: &JudgedSet, most_wrong: usize) -> Self {
        let posts: Vec<&Judged> = set.posts.iter().collect();
        let mut report = Self::of_posts(&set.name, &posts);
        report.roles.clone_from(&set.roles);
        report.left_out = set.left_out;
        report.most_wrong = wrong_posts(&set.posts, most_wrong);
        report
    }

    fn of_posts(name: &str, posts: &[&Judged]) -> Self {
        let mut labels = ByClass::default();
        let (mut confusion, mut scored) = (Confusion::default(), Vec::new());
        let (mut accepted, mut quiet, mut unjudged) = (Share::default(), Share::default(), 0);
        let mut passages = Passages::default();
        for post in posts {
            labels.add(post.class);
            unjudged += u32::from(post.verdict == Verdict::Unjudged);
            let called = post.verdict == Verdict::Promotional;
            if let Some(promotional) = post.is_promotional() {
                confusion.add(promotional, called);
                scored.push(Scored { score: (post.promotion / 100.0).clamp(0.0, 1.0), promotional });
            }
            if let Some(right) = post.is_accepted() {
                accepted.add(right);
            }
            if post.quiet {
                quiet.add(called);
            }
            passages.add(post.passages);
        }
        Self {
            name: name.to_owned(),
            roles: Vec::new(),
            labels,
            left_out: 0,
            unjudged,
            confusion,
            average_precision: average_precision(&scored),
            recall_at_few: recall_at(&scored, FEW),
            calibration: Calibration::of(&scored),
            accepted,
            quiet,
            passages,
            rules: firings(posts),
            most_wrong: Vec::new(),
        }
    }

    /// Whether it is there to show how promotional posts are told from conversational ones.
    #[must_use]
    pub fn tells_apart(&self) -> bool {
        self.roles.is_empty() || self.roles.iter().any(|role| *role != Role::Quiet)
    }
}

fn firings(posts: &[&Judged]) -> Vec<Firings> {
    let mut fired: Vec<(RuleId, Class)> =
        posts.iter().flat_map(|post| post.rules.iter().map(|rule| (*rule, post.class))).collect();
    fired.sort_by_key(|(rule, _)| *rule);
    let of_rule = |fired: &[(RuleId, Class)]| {
        let mut posts = ByClass::default();
        fired.iter().for_each(|(_, class)| posts.add(*class));
        fired.first().map(|(rule, _)| Firings { rule: *rule, posts })
    };
    fired.chunk_by(|a, b| a.0 == b.0).filter_map(of_rule).collect()
}

/// The posts whose verdict is not accepted, or where nobody says which are, not on the side of its label; those
/// whose promotion score lies farthest from their label (100, 50 for mixed, 0) first.
fn wrong_posts(posts: &[Judged], most: usize) -> Vec<Wrong> {
    let is_right = |post: &Judged| {
        let called = post.verdict == Verdict::Promotional;
        post.is_accepted().unwrap_or(match post.class {
            Class::Promotional => called,
            Class::Mixed => post.verdict == Verdict::Mixed,
            Class::Conversational => !called,
        })
    };
    let distance = |post: &Judged| {
        let label = match post.class {
            Class::Promotional => 100.0,
            Class::Mixed => 50.0,
            Class::Conversational => 0.0,
        };
        (post.promotion - label).abs()
    };
    let mut wrong: Vec<(usize, &Judged)> = posts.iter().enumerate().filter(|(_, post)| !is_right(post)).collect();
    wrong.sort_by(|(_, a), (_, b)| distance(b).total_cmp(&distance(a)).then_with(|| a.id.cmp(&b.id)));
    wrong
        .into_iter()
        .take(most)
        .map(|(number, post)| Wrong {
            post: number,
            id: post.id.clone(),
            class: post.class,
            verdict: post.verdict,
            promotion: post.promotion,
        })
        .collect()
}

/// Figures over the sets of a role.
#[derive(Clone, Debug, PartialEq)]
pub struct Mean {
    /// Of how many sets.
    pub sets: usize,
    /// The plain mean.
    pub mean: f64,
    /// The set that does worst, and its figure.
    pub worst: (String, f64),
}

/// The figures of several sets.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// Each set, in the order in which they were given.
    pub sets: Vec<SetReport>,
    /// For each role of which there are sets: their posts pooled; of quiet sets those on which to be quiet. Or all
    /// posts pooled, where no set has a role.
    pub pools: Vec<SetReport>,
    /// Macro-F1 over the core sets; the worst is the lowest.
    pub core: Option<Mean>,
    /// The share of posts called promotional over the quiet sets; the worst is the highest.
    pub quiet: Option<Mean>,
}

impl Evaluation {
    /// The figures of these sets, each with at most `most_wrong` of the posts that were most wrong.
    #[must_use]
    pub fn of(sets: &[JudgedSet], most_wrong: usize) -> Self {
        let reports: Vec<SetReport> = sets.iter().map(|set| SetReport::of(set, most_wrong)).collect();
        let in_role = |role: Role| reports.iter().filter(move |report| report.roles.contains(&role));
        let core = in_role(Role::Core).filter_map(|set| Some((set.name.clone(), set.confusion.macro_f1()?)));
        let quiet = in_role(Role::Quiet).filter_map(|set| Some((set.name.clone(), set.quiet.value()?)));
        Self {
            core: mean(core.collect(), |one, other| one < other),
            quiet: mean(quiet.collect(), |one, other| one > other),
            pools: pools(sets),
            sets: reports,
        }
    }
}

fn mean(figures: Vec<(String, f64)>, worse: impl Fn(f64, f64) -> bool) -> Option<Mean> {
    let sets = figures.len();
    let sum: f64 = figures.iter().map(|(_, figure)| figure).sum();
    let worst = figures.into_iter().reduce(|worst, other| if worse(other.1, worst.1) { other } else { worst })?;
    Some(Mean { sets, mean: sum / sets as f64, worst })
}

fn pools(sets: &[JudgedSet]) -> Vec<SetReport> {
    let pool = |role: Role| {
        let sets: Vec<&JudgedSet> = sets.iter().filter(|set| set.roles.contains(&role)).collect();
        let posts = sets.iter().flat_map(|set| &set.posts).filter(|post| role != Role::Quiet || post.quiet);
        let mut report = SetReport::of_posts(role.name(), &posts.collect::<Vec<_>>());
        report.roles = vec![role];
        report.left_out = sets.iter().map(|set| set.left_out).sum();
        (!sets.is_empty()).then_some(report)
    };
    let by_role: Vec<SetReport> = Role::ALL.into_iter().filter_map(pool).collect();
    if !by_role.is_empty() || sets.is_empty() {
        return by_role;
    }
    let posts: Vec<&Judged> = sets.iter().flat_map(|set| &set.posts).collect();
    let mut report = SetReport::of_posts("all", &posts);
    report.left_out = sets.iter().map(|set| set.left_out).sum();
    vec![report]
}

#[cfg(test)]
mod tests {
    use super::super::metric::tests::close;
    use super::*;

    /// Posts as `"p P 90"`: label, verdict in capitals (U is unjudged), score; a label in brackets `[pm]` is followed
    /// by all that is accepted, the label first.
    fn set(name: &str, roles: &[Role], posts: &[&str]) -> JudgedSet {
        let class = |letter: char| match letter {
            'p' => Class::Promotional,
            'm' => Class::Mixed,
            _ => Class::Conversational,
        };
        let post = |(number, text): (usize, &&str)| {
            let words: Vec<&str> = text.split(' ').collect();
            let label = words[0].trim_matches(['[', ']']);
            Judged {
                id: format!("{name}{number}"),
                class: class(label.chars().next().unwrap()),
                accept: words[0].starts_with('[').then(|| label.chars().map(class).collect()),
                quiet: roles.contains(&Role::Quiet) && label == "c",
                verdict: match words[1] {
                    "P" => Verdict::Promotional,
                    "M" => Verdict::Mixed,
                    "C" => Verdict::Conversational,
                    _ => Verdict::Unjudged,
                },
                promotion: words[2].parse().unwrap(),
                rules: words[3..].iter().map(|rule| RuleId(rule.parse().unwrap())).collect(),
                passages: Passages::default(),
            }
        };
        let posts = posts.iter().enumerate().map(post).collect();
        JudgedSet { name: name.to_owned(), roles: roles.to_vec(), posts, left_out: 1 }
    }

    #[test]
    fn posts_count_where_their_label_leaves_no_doubt() {
        let set =
            set("a", &[], &["[p] P 90", "[pm] C 10", "[cm] M 30", "[c] P 80", "[m] M 40", "c U 0", "p M 60"]);
        let report = SetReport::of(&set, 9);
        let cells = report.confusion;
        assert_eq!((cells.true_positives, cells.false_positives, cells.false_negatives), (1, 1, 1));
        assert_eq!((cells.true_negatives, report.unjudged, report.left_out), (1, 1, 1));
        assert_eq!((report.accepted.part, report.accepted.of), (3, 5));
        assert_eq!((report.labels.promotional, report.labels.mixed, report.labels.conversational), (3, 1, 3));
        let wrong: Vec<&str> = report.most_wrong.iter().map(|wrong| wrong.id.as_str()).collect();
        assert_eq!(wrong, ["a1", "a3", "a6"]);
        assert_eq!(SetReport::of(&set, 1).most_wrong.len(), 1);
        close(report.average_precision, Some(0.5 + 0.5 * 2.0 / 3.0));
        close(report.recall_at_few, Some(0.5));
    }

    #[test]
    fn rules_count_posts_by_label() {
        let set = set("a", &[], &["p P 90 0 3", "m M 30 3", "c C 0 3", "c C 0 7"]);
        let found: Vec<_> = SetReport::of(&set, 0)
            .rules
            .iter()
            .map(|one| (one.rule.0, one.posts.promotional, one.posts.mixed, one.posts.conversational))
            .collect();
        assert_eq!(found, [(0, 1, 0, 0), (3, 1, 1, 1), (7, 0, 0, 1)]);
        let fired = SetReport::of(&set, 0).rules[1].posts;
        close(fired.precision(), Some(2.0 / 3.0));
        close(ByClass::default().precision(), None);
    }

    #[test]
    fn roles_have_their_own_means_and_pools() {
        let sets = [
            // Macro-F1 1 and (0 + 2/3) / 2.
            set("a", &[Role::Core], &["p P 90", "c C 0"]),
            set("b", &[Role::Core, Role::Quiet], &["p C 10", "c C 0", "p C 0", "c C 20"]),
            // One label alone has no macro-F1, but can be quiet.
            set("c", &[Role::Core, Role::Quiet], &["c P 70", "c C 0"]),
            set("d", &[Role::Drafts], &["[m] C 0", "[p] P 99"]),
        ];
        let all = Evaluation::of(&sets, 0);
        let core = all.core.unwrap();
        close(Some(core.mean), Some((1.0 + 1.0 / 3.0) / 2.0));
        assert_eq!((core.sets, core.worst.0.as_str()), (2, "b"));
        let quiet = all.quiet.unwrap();
        assert_eq!((quiet.sets, quiet.mean, quiet.worst), (2, 0.25, ("c".to_owned(), 0.5)));
        let pools: Vec<_> = all.pools.iter().map(|pool| (pool.name.as_str(), pool.labels.total())).collect();
        assert_eq!(pools, [("drafts", 2), ("core", 8), ("quiet", 4)]);
        assert!(all.sets[1].tells_apart());
    }

    #[test]
    fn sets_without_roles_are_pooled_and_nothing_gives_nothing() {
        let sets = [set("a", &[], &["p P 90"]), set("b", &[], &["c C 0"])];
        let all = Evaluation::of(&sets, 0);
        assert_eq!((all.core, all.quiet), (None, None));
        assert_eq!((all.pools.len(), all.pools[0].name.as_str(), all.pools[0].left_out), (1, "all", 2));
        close(all.pools[0].confusion.macro_f1(), Some(1.0));
        let none = Evaluation::of(&[], 3);
        assert!(none.sets.is_empty() && none.pools.is_empty());
        let empty = SetReport::of(&set("a", &[Role::Core], &[]), 3);
        assert!(empty.confusion.macro_f1().is_none() && empty.calibration.brier.is_none());
        assert!(Evaluation::of(&[set("a", &[Role::Core], &[])], 3).core.is_none());
    }
}
