//! Fits on a handful of made-up posts.

use std::sync::Arc;

use super::*;
use crate::eval::passage::Passages;
use crate::eval::{Class, LabelledPost, judge_with_found};
use crate::lint::{Linter, Policy};
use crate::matcher::Facts;
use crate::text::Source;

fn class(letter: char) -> Class {
    match letter {
        'p' => Class::Promotional,
        'm' => Class::Mixed,
        _ => Class::Conversational,
    }
}

/// A post by its label: `p`, `m`, `c`; in brackets with all that is accepted, the label first.
pub(super) fn judged(label: &str, promotion: f64) -> Judged {
    let letters = label.trim_matches(['[', ']']);
    let label_of = class(letters.chars().next().unwrap());
    Judged {
        id: String::new(),
        class: label_of,
        accept: label.starts_with('[').then(|| letters.chars().map(class).collect()),
        quiet: false,
        verdict: Verdict::Conversational,
        promotion,
        rules: Vec::new(),
        passages: Passages::default(),
    }
}

/// Posts in which nothing is found, all in fold 0.
pub(super) fn set(name: &str, roles: &[Role], labels: &[&str]) -> FitSet {
    let case = |label: &&str| {
        let mut judged = judged(label, 0.0);
        judged.quiet = roles.contains(&Role::Quiet) && judged.class == Class::Conversational;
        Case {
            judged,
            found: Found {
                matches: Vec::new(),
                facts: Facts::default(),
                sections: Vec::new(),
                body: None,
                judged: true,
            },
        }
    };
    FitSet {
        name: name.to_owned(),
        roles: roles.to_vec(),
        left_out: 0,
        cases: labels.iter().map(case).collect(),
        folds: vec![0; labels.len()],
    }
}

const RULES: &str = "category = 'mine'\ntitle = 'Mine'\n\
    [[rule]]\nname = 'right'\nweight = 3.0\nmessage = 'right'\nphrases = ['buy']\n\
    [[rule]]\nname = 'wrong'\nweight = 3.0\nmessage = 'wrong'\nphrases = ['rain']\n\
    [[rule]]\nname = 'rare'\nweight = 3.0\nmessage = 'rare'\nphrases = ['hail']\n\
    [[rule]]\nname = 'unfitted'\nweight = 3.0\nmessage = 'unfitted'\nphrases = ['rain or buy']\n";
const CREDITS: &str = "category = 'given'\ntitle = 'Given'\ncredit = true\n\
    [[rule]]\nname = 'thanks'\nweight = 3.0\nmessage = 'thanks'\nphrases = ['thanks']\n";

fn rules() -> RuleSet {
    let files = [("mine.toml", RULES), ("given.toml", CREDITS)];
    let files = files.map(|(name, text)| Arc::new(Source::from_text(name, text)));
    let (rules, mistakes) = RuleSet::of_files(&files);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    rules
}

/// So many posts of a label and a text each; of `folds` folds.
fn posts(rules: &RuleSet, roles: &[Role], texts: &[(usize, char, &str)], folds: usize) -> FitSet {
    let linter = Linter::new(Arc::new(rules.clone()));
    let policy = Policy::of(rules);
    let mut set = FitSet { name: "made up".to_owned(), roles: roles.to_vec(), ..FitSet::default() };
    for &(count, label, text) in texts {
        let post = LabelledPost {
            id: text.to_owned(),
            text: text.to_owned(),
            class: Some(class(label)),
            accept: None,
            flagged: None,
            must_not: Vec::new(),
            account: crate::identity::Account::default(),
            platform: None,
            quiet: false,
        };
        let (judged, found) = judge_with_found(&linter, &policy, &post).unwrap();
        for _ in 0..count {
            set.folds.push(set.cases.len() % folds);
            set.cases.push(Case { judged: judged.clone(), found: found.clone() });
        }
    }
    set
}

fn made_up(rules: &RuleSet) -> FitSet {
    let texts = [
        (60, 'p', "the lamp is here so buy it"),
        (5, 'c', "they buy it at the market"),
        (60, 'c', "the rain was long and it was cold"),
        (10, 'p', "there was hail on the lamp"),
        (100, 'c', "it is warm there"),
        (30, 'c', "thanks for the rain and all that"),
    ];
    posts(rules, &[], &texts, 5)
}

fn weight(fitted: &Fitted, name: &str) -> f64 {
    fitted.rules.rules().iter().find(|rule| rule.name == name).unwrap().weight
}

#[test]
fn a_case_scores_as_the_linter_says() {
    let rules = rules();
    let long = format!("{} so buy it", "it is warm there and it was warm there then ".repeat(40));
    let long = posts(&rules, &[], &[(1, 'm', long.as_str())], 1);
    assert_eq!(long.cases[0].judged.verdict, Verdict::Mixed);
    assert!(long.cases[0].judged.promotion < rules.shape().mixed);
    for case in made_up(&rules).cases.into_iter().chain(long.cases) {
        let again = case.judged_by(&rules);
        assert!((again.promotion - case.judged.promotion).abs() < 1e-9);
        assert_eq!(again.verdict, case.judged.verdict);
    }
}

#[test]
fn weights_go_where_the_labels_are_and_stay_in_bounds() {
    let rules = rules();
    let sets = [made_up(&rules)];
    for shrink in [1e-6, 1.0] {
        let fitted = fit(&rules, &sets, None, &Options { shrink, shape: false, ..Options::default() });
        let (right, wrong) = (weight(&fitted, "mine/right"), weight(&fitted, "mine/wrong"));
        assert!(wrong < 1.0 && right > 3.0, "{shrink}: {right}, {wrong}");
        for rule in fitted.rules.rules() {
            assert!((0.0..=MOST).contains(&rule.weight), "{}: {}", rule.name, rule.weight);
            assert!((rule.weight * 10.0 - (rule.weight * 10.0).round()).abs() < 1e-6, "{}", rule.weight);
        }
        assert!(fitted.loss.1 < fitted.loss.0, "{:?}", fitted.loss);
    }
    // Without a penalty what is only ever wrong goes to the bound, and not below.
    let free = fit(&rules, &sets, None, &Options { shrink: 0.0, shape: false, ..Options::default() });
    assert!(weight(&free, "mine/wrong").abs() < 1e-9);
}

#[test]
fn the_more_is_shrunk_the_less_moves() {
    let rules = rules();
    let sets = [made_up(&rules)];
    let moved = |shrink: f64| -> f64 {
        let fitted = fit(&rules, &sets, None, &Options { shrink, shape: false, ..Options::default() });
        fitted.rules.rules().iter().map(|rule| (rule.weight - 3.0).abs()).sum()
    };
    let distances = [moved(0.1), moved(1.0), moved(10.0), moved(1e6)];
    assert!(distances.windows(2).all(|pair| pair[0] >= pair[1]), "{distances:?}");
    assert!(distances[0] > 1.0 && distances[3].abs() < 1e-9, "{distances:?}");
}

#[test]
fn rare_and_fixed_rules_keep_their_weights() {
    let rules = rules();
    let sets = [made_up(&rules)];
    let fitted = fit(&rules, &sets, None, &Options { fixed: vec!["mine/right".to_owned()], ..Options::default() });
    assert!((weight(&fitted, "mine/right") - 3.0).abs() < 1e-9);
    assert!((weight(&fitted, "mine/rare") - 3.0).abs() < 1e-9);
    let rare: Vec<_> = fitted.rare.iter().map(|(id, posts)| (&*rules.rule(*id).name, *posts)).collect();
    assert_eq!(rare, [("mine/rare", 10), ("mine/unfitted", 0)]);
}

#[test]
fn what_is_often_wrong_on_drafts_is_held_down() {
    let rules = rules();
    // Right in 15 of 25 drafts, and in all of many other posts.
    let texts = [(15, 'p', "so buy it"), (10, 'c', "they buy it"), (50, 'c', "it is warm")];
    let drafts = posts(&rules, &[Role::Drafts], &texts, 5);
    let core = posts(&rules, &[Role::Core], &[(400, 'p', "so buy it"), (50, 'c', "it is warm")], 5);
    let fitted = fit(&rules, &[drafts, core], None, &Options::default());
    assert_eq!(fitted.imprecise, [RuleId(0)]);
    assert!(weight(&fitted, "mine/right") < HEAVY);
}

#[test]
fn the_same_posts_give_the_same_numbers() {
    let rules = rules();
    let sets = [made_up(&rules)];
    let numbers = || {
        let fitted = fit(&rules, &sets, Some(1), &Options::default());
        let weights: Vec<f64> = fitted.rules.rules().iter().map(|rule| rule.weight).collect();
        (weights, fitted.rules.shape().clone(), fitted.loss)
    };
    assert_eq!(numbers(), numbers());
}

#[test]
fn held_out_posts_are_judged_by_the_fit_without_them() {
    let rules = rules();
    let mut set = made_up(&rules);
    set.folds = (0..set.cases.len()).map(|at| at % 2).collect();
    // The second fit finds nothing worth a point.
    let mut silent = rules.clone();
    (0..5).for_each(|rule| silent.set_weight(RuleId(rule), 0.0));
    let judged = set.held_out(&[rules.clone(), silent]);
    for (at, post) in judged.posts.iter().enumerate() {
        let expected = if at % 2 == 0 { set.cases[at].judged.promotion } else { 0.0 };
        assert!((post.promotion - expected).abs() < 1e-9, "{at}");
    }
    assert_eq!(set.before().posts.len(), judged.posts.len());
}
