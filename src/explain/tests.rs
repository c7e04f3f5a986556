//! What holds for the explanation of any draft: drafts are spliced from the rules' own examples.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::diagnostic::Level;
use crate::document::{Directive, DirectiveScope, Format, IdentityKeys, extract};
use crate::identity::Account;
use crate::lint::FailOn;
use crate::matcher::Match;
use crate::rule::raw::{self, RawSetting};
use crate::rule::{Kind, RuleId, RuleSet, shipped_files};
use crate::text::{Source, Span};

const BOTH: Asked = Asked { score: true, needs: true };

fn post(text: &str) -> Post {
    extract(&Arc::new(Source::from_text("draft", text)), &Format::Text.into()).posts.remove(0)
}

/// Findings as they stand: rule, first byte, level, and thousandths of points.
fn seen(report: &PostReport) -> Vec<(String, Option<u32>, Level, u64)> {
    let findings = report.findings.iter().map(|finding| {
        let start = finding.diagnostic.labels.first().map(|label| label.span.start());
        let points = (finding.points * 1000.0).round() as u64;
        (finding.diagnostic.code.to_string(), start, finding.diagnostic.level, points)
    });
    findings.collect()
}

fn needs_of(text: &str, fail_on: FailOn) -> (Vec<(String, String)>, Needs) {
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let policy = Policy { fail_on, ..Policy::of(linter.rules()) };
    let report = lint(&linter, &post(text), &Context::default(), &policy, BOTH);
    let needs = report.needs.unwrap();
    let findings = needs.findings.iter().map(|Needed { finding, .. }| {
        let label = &finding.diagnostic.labels[0];
        (finding.diagnostic.code.to_string(), label.source.slice(label.span).to_owned())
    });
    (findings.collect(), needs)
}

#[track_caller]
fn check(text: &str, fail_on: FailOn, expected: &[(&str, &str)]) {
    let (found, needs) = needs_of(text, fail_on);
    let found: Vec<(&str, &str)> = found.iter().map(|(rule, words)| (rule.as_str(), words.as_str())).collect();
    assert_eq!((found.as_slice(), needs.smallest, needs.without.pass), (expected, true, true));
}

#[test]
fn what_has_to_go_depends_on_what_fails() {
    let draft =
        "Thanks to @mira for the seed list, she drew it by hand. What did you plant? The story is on my blog.";
    check(draft, FailOn::Error, &[]);
    check(draft, FailOn::Never, &[]);
    check(draft, FailOn::Warning, &[("ask/soft", "is on my blog")]);
    check(
        "Thrilled to announce that I'm a Maker of the Year!",
        FailOn::Error,
        &[("announcement/staged-thrill", "Thrilled to announce")],
    );
    // The earnings claim is an error, whatever the verdict.
    check(
        "I made $9,400 last month. What did the rest of the stall make?",
        FailOn::Error,
        &[("money/income-claim", "I made $9,400 last month")],
    );
}

#[test]
fn what_a_finding_hides_has_to_go_too() {
    let draft = "The heron is back. Sign up now: https://tidepool.example/walks";
    let (found, needs) = needs_of(draft, FailOn::Warning);
    let at_sign_up: Vec<&str> =
        found.iter().filter(|(_, words)| words.starts_with("Sign up")).map(|(rule, _)| rule.as_str()).collect();
    assert_eq!(at_sign_up, ["ask/hard", "ask/soft"]);
    assert!(needs.smallest && needs.without.pass);
    let hidden =
        needs.findings.iter().filter(|needed| needed.hidden).map(|needed| &needed.finding.diagnostic.code);
    assert!(hidden.eq(["ask/hard"]));
}

/// Rules read what others hide, and notes have points of their own; without either alone some of these would pass.
#[test]
fn only_what_is_a_finding_is_taken_out() {
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let (context, policy) = (Context::default(), Policy::of(linter.rules()));
    for draft in [
        "Nine months in a lighthouse 🧵\nI won the prize, I drew it, I carved it, and I painted it at night since I know \
         my wood.\nWhat did you plant this week?",
        "It's not just a mug. Order yours from our shop.\nYou told me the recital was on Monday, how's your wrist \
         healing?\nWhat did you plant this week?",
        "Now available for members in Norway.\nVisit our showroom on Elm Street.\nWhat did you plant this week?",
    ] {
        let (mut wanted, _) = needs_of(draft, FailOn::Error);
        assert!(!wanted.is_empty(), "{draft:?} passes");
        let draft = post(draft);
        let mut opened = linter.open(&draft, &context, &policy);
        let mut removed = Vec::new();
        while !wanted.is_empty() {
            let judged = opened.judge_without(&removed);
            let there = removable(&judged).find_map(|Candidate { key, finding }| {
                let label = &finding.diagnostic.labels[0];
                let name = (finding.diagnostic.code.to_string(), label.source.slice(label.span).to_owned());
                Some((key, wanted.iter().position(|one| *one == name)?))
            });
            let Some((key, at)) = there else { panic!("{wanted:?} are not there: {:?}", draft.source.text()) };
            removed.push(key);
            wanted.remove(at);
        }
        assert!(opened.judge_without(&removed).report.pass);
    }
}

/// A lexicon may speak of the same words, but its word is no finding that could hold a note.
#[test]
fn a_note_goes_with_the_last_finding_that_could_hold_it() {
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let (draft, context) = (post("Order yours from our shop."), Context::default());
    let policy = Policy { all: true, ..Policy::of(linter.rules()) };
    let mut opened = linter.open(&draft, &context, &policy);
    let mut removed: Vec<FindingKey> = Vec::new();
    let mut rules = Vec::new();
    while let Some(one) = removable(&opened.judge_without(&removed)).last() {
        rules.push(one.finding.diagnostic.code.to_string());
        removed.push(one.key);
    }
    assert_eq!(rules, ["offer/own-shelf", "voice/trade", "ask/soft", "ask/hard"]);
}

#[test]
fn sometimes_no_removal_helps() {
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let (draft, context, policy) =
        (post("Thrilled to announce it."), Context::default(), Policy::of(linter.rules()));
    let mut opened = linter.open(&draft, &context, &policy);
    // Something fails it that is no finding.
    let judge = |removed: &[FindingKey]| {
        let mut judged = opened.judge_without(removed);
        judged.report.pass = false;
        judged
    };
    let mut judge = judge;
    let first = judge(&[]);
    let needs = needs(judge, &first.report, false);
    assert!(needs.findings.is_empty() && !needs.without.pass && !needs.smallest);
    // What is left is word choice.
    assert!(needs.without.promotion < 5.0, "{}", needs.without.promotion);
}

#[test]
fn many_findings_are_listed_in_part() {
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let draft = "Thrilled to announce it. Link in bio.\n".repeat(LISTED);
    for (all, listed) in [(false, LISTED), (true, 2 * LISTED)] {
        let policy = Policy { all, fail_on: FailOn::Warning, ..Policy::of(linter.rules()) };
        let report = lint(&linter, &post(&draft), &Context::default(), &policy, BOTH);
        let effects = report.explanation.unwrap().effects;
        let (needs, shown) = (report.needs.unwrap(), |shown: bool| usize::from(shown));
        assert!(effects.len() >= 2 * LISTED && needs.findings.len() >= 2 * LISTED);
        assert!(effects.iter().map(|effect| shown(effect.shown)).sum::<usize>() >= listed);
        assert_eq!(effects.iter().all(|effect| effect.shown), all);
        assert_eq!(needs.findings.iter().all(|needed| needed.finding.shown), all);
    }
}

#[test]
fn a_draft_that_cannot_be_judged_needs_nothing() {
    check("", FailOn::Warning, &[]);
    check("Wir freuen uns, dass die Bäckerei am Montag wieder für alle offen ist.", FailOn::Warning, &[]);
}

/// All flagged examples of the shipped rules, with their settings.
fn examples() -> Vec<(String, RawSetting)> {
    let mut examples = Vec::new();
    for file in shipped_files() {
        let (raw, _) = raw::read(&file);
        for rule in &raw.rules {
            for case in rule.cases.iter().filter(|case| case.flagged) {
                let setting = raw.setting.of_case(case);
                examples.push((case.text.value.replace('\n', " "), setting));
            }
        }
    }
    examples
}

#[derive(Clone, Debug)]
struct Spliced {
    text: String,
    setting: RawSetting,
    fail_on: FailOn,
    deny: bool,
}

fn spliced() -> impl Strategy<Value = Spliced> {
    let examples = prop::collection::vec(prop::sample::select(examples()), 1..4);
    let fail_on = prop::sample::select(vec![FailOn::Error, FailOn::Promotional, FailOn::Mixed, FailOn::Warning]);
    let quiet = prop::sample::select(vec!["", "What did you plant this week?", "The heron is back on the canal."]);
    (examples, quiet, fail_on, prop::bool::weighted(0.2)).prop_map(|(examples, quiet, fail_on, deny)| {
        let setting = examples[0].1.clone();
        let lines: Vec<&str> = examples.iter().map(|(text, _)| text.as_str()).chain([quiet]).collect();
        Spliced { text: lines.join("\n"), setting, fail_on, deny }
    })
}

struct Judge {
    linter: Linter,
    /// Suppressed findings compared, and drafts whose needs were compared, by their size.
    suppressed: usize,
    /// Searches that ran out of questions.
    cut_short: usize,
    /// Drafts in which what came up when something went hides what was there, which a search takes for impossible.
    veiled: usize,
    needs: [usize; 4],
}

impl Judge {
    fn check(&mut self, draft: &Spliced) {
        let policy = Policy {
            fail_on: draft.fail_on,
            deny_warnings: draft.deny,
            all: true,
            ..Policy::of(self.linter.rules())
        };
        let context = Context {
            account: Account::new(None, draft.setting.identity.clone()),
            platforms: draft.setting.platform.into_iter().collect(),
            ..Context::default()
        };
        let post = post(&draft.text);
        let plain = self.linter.lint(&post, &context, &policy);
        let report = lint(&self.linter, &post, &context, &policy, BOTH);
        assert_eq!(seen(&report), seen(&plain));
        assert_eq!((&report.score, report.pass), (&plain.score, plain.pass));
        let sum: f64 = report.score.by_category.iter().map(|(_, points)| points).sum();
        assert!((sum - report.score.promotion).abs() < 1e-6, "{sum} of {}", report.score.promotion);
        self.check_effects(&post, &context, &policy, &report);
        self.check_needs(&post, &context, &policy, &report);
    }

    /// The draft without a finding is the draft in which that finding is suppressed. A directive hides all that a rule
    /// finds in a line, so only rules that find nothing else can be compared.
    fn check_effects(&mut self, post: &Post, context: &Context, policy: &Policy, report: &PostReport) {
        let linter = &self.linter;
        let mut opened = linter.open(post, context, policy);
        let keys = opened.judge_without(&[]).keys;
        let explanation = report.explanation.as_ref().unwrap();
        let found = linter.lint_with_found(post, context, policy).1.matches;
        assert_eq!(explanation.effects.len(), keys.iter().flatten().count());
        for effect in &explanation.effects {
            let key = keys[effect.finding].unwrap();
            let gone = opened.matches_without(&[key]);
            let notes = found.iter().filter(|found| {
                let rule = linter.rules().rule(found.rule);
                rule.yields() && found.place.overlaps(key.place) && !gone.contains(found)
            });
            let rules: Vec<RuleId> = notes.map(|found| found.rule).chain([key.rule]).collect();
            let stands = |found: &[Match], rule: RuleId| found.iter().filter(|found| found.rule == rule).count();
            if rules.iter().any(|&rule| stands(&found, rule) > 1 || stands(&gone, rule) > 0) {
                continue;
            }
            let span = report.findings[effect.finding].diagnostic.labels[0].span;
            let span = Span::new(span.start(), span.start());
            let names = rules.iter().map(|&rule| (linter.rules().rule(rule).name.to_string(), span)).collect();
            let directive =
                Directive { span, scope: DirectiveScope::Line, rules: names, reason: None, misspelt: None };
            let mut quiet = post.clone();
            quiet.directives.push(directive);
            let (suppressed, rest) = linter.lint_with_found(&quiet, context, policy);
            // What several rules make together may rest on a finding that a longer one hides, and the directive hides too.
            let together = |found: &&Match| matches!(linter.rules().rule(found.rule).kind, Kind::Composite { .. });
            if gone.iter().filter(together).any(|found| !rest.matches.contains(found)) {
                continue;
            }
            let suppressed = Without::of(&suppressed);
            let what = &report.findings[effect.finding].diagnostic.code;
            assert_eq!(effect.without, Some(suppressed), "{what} in {:?}", post.source.text());
            self.suppressed += 1;
        }
    }

    /// Tries every set of findings that are there one after the other.
    fn check_needs(&mut self, post: &Post, context: &Context, policy: &Policy, report: &PostReport) {
        let needs = report.needs.as_ref().unwrap();
        assert!(needs.without.pass, "{:?}", post.source.text());
        // Of very many findings not every set is asked for.
        if !needs.smallest {
            self.cut_short += 1;
            return;
        }
        let name = |finding: &ReportedFinding| {
            let label = &finding.diagnostic.labels[0];
            (label.span.start(), label.span.end(), finding.diagnostic.code.to_string())
        };
        let wanted: BTreeSet<_> = needs.findings.iter().map(|needed| name(&needed.finding)).collect();
        let mut opened = self.linter.open(post, context, policy);
        let first: BTreeSet<_> =
            removable(&opened.judge_without(&[])).map(|candidate| name(&candidate.finding)).collect();
        let mut sets: Vec<(BTreeSet<_>, Vec<FindingKey>)> = vec![(BTreeSet::new(), Vec::new())];
        for size in 0..=needs.findings.len().min(self.needs.len() - 1) {
            let mut next: Vec<(BTreeSet<_>, Vec<FindingKey>)> = Vec::new();
            let mut known = BTreeSet::new();
            let mut passing = BTreeSet::new();
            for (names, keys) in &sets {
                let judged = opened.judge_without(keys);
                let there: BTreeSet<_> = removable(&judged).map(|candidate| name(&candidate.finding)).collect();
                let veils = first.iter().any(|one| !names.contains(one) && !there.contains(one));
                if judged.report.pass && size < needs.findings.len() && veils {
                    self.veiled += 1;
                    return;
                }
                if judged.report.pass {
                    let words: u32 = keys.iter().map(|key| key.words).sum();
                    passing.insert((words, names.clone()));
                }
                for candidate in removable(&judged) {
                    let mut names = names.clone();
                    names.insert(name(&candidate.finding));
                    if known.insert(names.clone()) {
                        next.push((names, keys.iter().copied().chain([candidate.key]).collect()));
                    }
                }
            }
            if size < needs.findings.len() {
                assert!(passing.is_empty(), "{passing:?} pass, {wanted:?} are larger: {:?}", post.source.text());
            } else {
                let fewest = passing.first().map(|(words, _)| *words);
                let ours = passing.iter().find(|(_, names)| *names == wanted).map(|(words, _)| *words);
                assert!(ours.is_some(), "{wanted:?} do not pass: {:?}", post.source.text());
                assert_eq!(ours, fewest, "{wanted:?}, {passing:?}: {:?}", post.source.text());
                self.needs[size] += 1;
            }
            sets = next;
        }
    }
}

#[test]
fn explanations_of_any_draft_are_true() {
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let judge = std::cell::RefCell::new(Judge { linter, suppressed: 0, cut_short: 0, veiled: 0, needs: [0; 4] });
    let mut runner = TestRunner::new(Config::with_cases(300));
    let result = runner.run(&spliced(), |draft| {
        judge.borrow_mut().check(&draft);
        Ok(())
    });
    result.unwrap();
    let judge = judge.into_inner();
    assert!(judge.veiled < 15, "{} of 300 drafts veil what was there", judge.veiled);
    assert!(judge.cut_short < 15, "{} of 300 searches are cut short", judge.cut_short);
    assert!(judge.suppressed > 400, "only {} findings were compared", judge.suppressed);
    assert!(judge.needs.iter().all(|&drafts| drafts > 5), "{:?} drafts by size", judge.needs);
}

/// The achievement covers a nomination, which weighs more where it is told alone: so that seems to have to go.
#[test]
fn what_weighs_more_without_what_covers_it_need_not_go() {
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let policy = Policy::of(linter.rules());
    let draft = post(
        "Acme has been shortlisted for best small app of the year.\nI'll teach you everything: steal my seating plan.\n",
    );
    let keys = IdentityKeys { products: vec!["Acme".to_owned()], ..IdentityKeys::default() };
    let context = Context { account: Account::new(None, keys), ..Context::default() };
    let report = lint(&linter, &draft, &context, &policy, Asked { needs: true, ..Asked::default() });
    let needs = report.needs.unwrap();
    let rules: Vec<&str> = needs.findings.iter().map(|needed| &*needed.finding.diagnostic.code).collect();
    assert_eq!((rules, needs.smallest, needs.without.pass), (vec!["money/guru"; 2], false, true));
}

#[test]
fn nothing_is_done_where_nothing_is_asked() {
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let policy = Policy::of(linter.rules());
    let draft = post("Thrilled to announce it.");
    let report = lint(&linter, &draft, &Context::default(), &policy, Asked::default());
    assert!(report.explanation.is_none() && report.needs.is_none());
}
