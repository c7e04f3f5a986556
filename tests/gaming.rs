//! Nobody wins by gaming: not by a disclosure left out, not by a question tacked on, not by an identity left unsaid, and
//! not by keeping a name or a link back.
//!
//! Drafts are spliced from the rules' own examples, flagged and clean, and neutral sentences; a run fails unless at least
//! half of its drafts have a finding. What is asked holds for any weights: nothing here is tuned to those of today.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::cell::Cell;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use selfless::config::FailOn;
use selfless::diagnostic::Level;
use selfless::document::{Format, IdentityKeys, extract};
use selfless::identity::Account;
use selfless::lint::{Context, Linter, Policy};
use selfless::report::PostReport;
use selfless::rule::raw::{self, RawSetting};
use selfless::rule::{Kind, RuleSet, shipped_files};
use selfless::score::Verdict;
use selfless::text::Source;

/// What words may lose, in points, that a finding of a category says better which has said much already: they count there,
/// where the cap takes more of them. It is why an identity may lower a score by a little, and no verdict by itself.
const MOVED: f64 = 2.0;

/// Drafts a property is asked of.
const CASES: u32 = 2_500;

/// Neutral sentences, none of which any rule should care about.
const NEUTRAL: [&str; 4] = [
    "The heron is back on the canal.",
    "It rained on the library roof all Tuesday.",
    "Two swifts nest under the bridge.",
    "Soup was served at noon.",
];

/// What says where an author stands. All but tags are sentences or lines of their own.
const DISCLOSURES: [&str; 16] = [
    "#ad",
    "#sponsored",
    "Ad:",
    "Full disclosure: I work there.",
    "Full disclosure: I work at Elm Street Press.",
    "Disclosure: I work on this.",
    "Disclosure: this is my own company.",
    "I made this.",
    "I built it, so I'm biased.",
    "We wrote it.",
    "I'm the author of this.",
    "I get a commission if you buy.",
    "Affiliate link, I get a cut.",
    "They paid me for this post.",
    "Sponsored post.",
    "(I maintain it, so take this with salt.)",
];

/// Questions to tack on, hollow ones and some that look real.
const QUESTIONS: [&str; 18] = [
    "Thoughts?",
    "Agree?",
    "What do you think?",
    "Am I right?",
    "WHO ELSE?",
    "Right?!",
    "What would you have done?",
    "What am I missing?",
    "Which of the two do you use at home?",
    "How did your grandmother do it?",
    "Has anyone here tried it with a left hand, and did it hold?",
    "Does anybody know where the heron nests, and why the bells ring at noon?",
    "Any news of the flood?",
    "Have you voted yet?",
    "Is it a scam, and what do the police say?",
    "How is your mother after the operation?",
    "What do you think? Which one? And why?",
    "Any thoughts?\n\nWhat did your street do about it?",
];

#[derive(Clone, Debug)]
struct Draft {
    text: String,
    setting: RawSetting,
}

static EXAMPLES: LazyLock<Vec<Draft>> = LazyLock::new(|| {
    let mut drafts = Vec::new();
    for file in shipped_files() {
        let (raw, _) = raw::read(&file);
        for case in raw.rules.iter().flat_map(|rule| &rule.cases) {
            drafts.push(Draft { text: case.text.value.clone(), setting: raw.setting.of_case(case) });
        }
    }
    drafts
});

/// An example, or two of one file, among neutral sentences.
fn draft() -> impl Strategy<Value = Draft> {
    let neutral = || prop::collection::vec(prop::sample::select(NEUTRAL.to_vec()), 0..2);
    let example = || prop::sample::select(&**EXAMPLES);
    (neutral(), example(), prop::option::weighted(0.3, example()), neutral()).prop_map(
        |(before, example, second, after)| {
            let second = second.iter().map(|second| second.text.as_str());
            let pieces = before.into_iter().chain([example.text.as_str()]).chain(second).chain(after);
            let text = pieces.fold(String::new(), |text, piece| join(&text, piece));
            Draft { text, setting: example.setting.clone() }
        },
    )
}

/// Two texts, so that the second is a sentence or a line of its own.
fn join(first: &str, second: &str) -> String {
    let word = first.rsplit(char::is_whitespace).next().unwrap_or_default();
    // After an initial or an address a full stop ends no sentence.
    let letters = word.trim_end_matches(['.', '!', '?']);
    let ended = letters.len() > 3 && letters.len() < word.len() && letters.chars().all(char::is_alphabetic);
    match first {
        "" => second.to_owned(),
        first if ended => format!("{first} {second}"),
        first => format!("{first}\n{second}"),
    }
}

static LINTER: LazyLock<Linter> = LazyLock::new(|| Linter::new(Arc::new(RuleSet::shipped())));

fn policy() -> Policy {
    Policy { all: true, ..Policy::of(LINTER.rules()) }
}

/// Word choice weighs any word: one of an excuse, or a name that is known to be one's own. Where the words differ, what is
/// asked is what rules find.
fn without_word_choice() -> Policy {
    let mut policy = policy();
    for (level, rule) in policy.levels.iter_mut().zip(LINTER.rules().rules()) {
        if matches!(rule.kind, Kind::Lexicon(_)) {
            *level = Level::Off;
        }
    }
    policy
}

fn judge(text: &str, setting: &RawSetting, policy: &Policy) -> PostReport {
    let source = Arc::new(Source::from_text("draft.txt", text));
    let context = Context {
        account: Account::new(None, setting.identity.clone()),
        platforms: setting.platform.into_iter().collect(),
        ..Context::default()
    };
    LINTER.lint(&extract(&source, &Format::Text.into()).posts[0], &context, policy)
}

/// The promotional findings of a report, the verdict aside: rule and place; those that are shown as notes of others too,
/// without one.
fn findings(report: &PostReport) -> Vec<(String, Option<Range<usize>>)> {
    let found = report.findings.iter().filter(|one| !one.credit && !one.diagnostic.code.starts_with("verdict/"));
    found
        .flat_map(|finding| {
            let folded = finding.diagnostic.notes.iter().filter_map(|note| note.rsplit_once('('));
            let folded = folded.map(|(_, name)| name.trim_end_matches(')').to_owned());
            let folded = folded.filter(|name| name.starts_with("structure/")).map(|name| (name, None));
            let place = finding.diagnostic.labels[0].span.range();
            [(finding.diagnostic.code.to_string(), Some(place))].into_iter().chain(folded)
        })
        .collect()
}

fn rules(report: &PostReport) -> Vec<String> {
    let mut rules: Vec<String> = findings(report).into_iter().map(|(rule, _)| rule).collect();
    rules.sort();
    rules.dedup();
    rules
}

fn category(rule: &str) -> &str {
    rule.split('/').next().unwrap_or_default()
}

fn grade(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Unjudged | Verdict::Conversational => 0,
        Verdict::Mixed => 1,
        Verdict::Promotional => 2,
    }
}

/// Asks a property of many drafts; at least half of those that are judged must have a finding.
fn ask<T: std::fmt::Debug>(
    strategy: impl Strategy<Value = (Draft, T)>,
    property: impl Fn(&Draft, &T, &PostReport) -> Result<(), TestCaseError>,
) {
    let (drafts, found) = (Cell::new(0), Cell::new(0));
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(&strategy, |(draft, more)| {
        let report = judge(&draft.text, &draft.setting, &policy());
        if report.score.verdict == Verdict::Unjudged {
            return Ok(());
        }
        drafts.set(drafts.get() + 1);
        found.set(found.get() + usize::from(!findings(&report).is_empty()));
        property(&draft, &more, &report)
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    let (drafts, found) = (drafts.get(), found.get());
    assert!(found * 2 >= drafts, "only {found} of {drafts} drafts have a finding");
}

#[test]
fn a_disclosure_never_raises_promotion() {
    let disclosed = (draft(), prop::sample::select(DISCLOSURES.to_vec()), any::<bool>());
    let disclosed = disclosed.prop_map(|(draft, disclosure, first)| (draft, (disclosure, first)));
    ask(disclosed, |draft, &(disclosure, first), before| {
        let tag = disclosure.starts_with('#');
        let text = match (first || disclosure == "Ad:", tag) {
            (true, _) => format!("{disclosure} {}", draft.text),
            (false, true) => format!("{} {disclosure}", draft.text),
            (false, false) => join(&draft.text, disclosure),
        };
        let after = judge(&text, &draft.setting, &policy());
        prop_assert!(after.score.promotion <= before.score.promotion + 1e-9, "{text}\n{before:#?}\n{after:#?}");
        prop_assert!(
            grade(before.score.verdict) > 0 || grade(after.score.verdict) == 0,
            "{text}: {:?}",
            after.score.verdict
        );
        // How a disclosure is made may be wrong, which weighs nothing; what one excuses may have hidden another finding
        // of its category.
        let had = rules(before);
        let has = rules(&after);
        let excused =
            |rule: &str| had.iter().any(|other| category(other) == category(rule) && !has.contains(other));
        let new: Vec<_> = has.iter().filter(|rule| !had.contains(rule) && !excused(rule)).collect();
        prop_assert!(new.iter().all(|rule| rule.starts_with("disclosure/")), "{text}: {new:?}");
        Ok(())
    });
}

#[test]
fn a_question_tacked_on_turns_no_failure_into_a_pass() {
    let asked = (draft(), prop::collection::vec(prop::sample::select(QUESTIONS.to_vec()), 1..3));
    ask(asked, |draft, questions, before| {
        let text = questions.iter().fold(draft.text.clone(), |text, question| join(&text, question));
        let after = judge(&text, &draft.setting, &policy());
        prop_assert!(after.score.promotion >= before.score.promotion - 1e-9, "{text}\n{before:#?}\n{after:#?}");
        prop_assert!(grade(after.score.verdict) >= grade(before.score.verdict), "{text}");
        for fail_on in [FailOn::Error, FailOn::Promotional, FailOn::Mixed, FailOn::Warning] {
            let policy = Policy { fail_on, ..policy() };
            let passes = |text: &str| judge(text, &draft.setting, &policy).pass;
            prop_assert!(passes(&draft.text) || !passes(&text), "{text}");
        }
        let has = rules(&after);
        let lost: Vec<_> = rules(before).into_iter().filter(|rule| !has.contains(rule)).collect();
        // Only what is said of the lack of a question may go, which weighs nothing.
        prop_assert!(lost.iter().all(|rule| is_absence(rule)), "{text}: {lost:?}");
        Ok(())
    });
}

fn is_absence(name: &str) -> bool {
    LINTER.rules().rules().iter().any(|rule| rule.name == name && matches!(rule.kind, Kind::Absent))
}

/// An identity for a draft: that of its file, or one made of the draft's own names, handles and links, which must hold as
/// well.
fn identity(draft: &Draft, pick: usize) -> IdentityKeys {
    let words: Vec<&str> = draft.text.split_whitespace().collect();
    let marks = |next: char| !next.is_alphanumeric();
    let is_name = |word: &&str| {
        word.len() > 3 && word.starts_with(char::is_uppercase) && word.chars().all(char::is_alphabetic)
    };
    let names: Vec<&str> = words.iter().map(|word| word.trim_matches(marks)).filter(is_name).collect();
    let name = names.get(pick / 3 % names.len().max(1)).map_or("Acme", |name| name).to_owned();
    let like =
        |is: fn(&str) -> bool| words.iter().filter(|word| is(word)).map(|word| (*word).to_owned()).collect();
    let (domains, handles) = (like(|word| word.contains("://")), like(|word| word.starts_with('@')));
    let kind = draft.setting.identity.kind;
    match pick % 3 {
        0 => draft.setting.identity.clone(),
        1 => IdentityKeys { kind, products: vec![name], domains, ..IdentityKeys::default() },
        _ => IdentityKeys { kind, names: vec![name], handles, ..IdentityKeys::default() },
    }
}

/// Whether a finding of a rule that counts stands at a place among others: it begins at the first that it counts.
fn counts_at(report: &PostReport, rule: &str, place: &Range<usize>) -> bool {
    let found = report.findings.iter().filter(|finding| finding.diagnostic.code == rule);
    found.flat_map(|finding| &finding.diagnostic.labels).any(|label| {
        let label = label.span.range();
        label.start < place.end && place.start < label.end
    })
}

/// Whether a finding of a rule at a place adds to the score: of findings that overlap only one does.
fn adds_at(report: &PostReport, rule: &str, place: &Range<usize>) -> bool {
    let mut found = report.findings.iter().filter(|finding| finding.diagnostic.code == rule);
    found.any(|finding| finding.points > 0.0 && finding.diagnostic.labels[0].span.range() == *place)
}

/// For one kind of account; the kind itself says which rules apply.
#[test]
fn an_identity_only_adds_findings() {
    ask((draft(), 0..300_usize), |draft, &pick, _| {
        let with = RawSetting { identity: identity(draft, pick), ..draft.setting.clone() };
        let bare = IdentityKeys { kind: with.identity.kind, ..IdentityKeys::default() };
        let without = RawSetting { identity: bare, ..draft.setting.clone() };
        let policy = without_word_choice();
        let (before, after) = (judge(&draft.text, &without, &policy), judge(&draft.text, &with, &policy));
        let has = findings(&after);
        let mut replaced = false;
        for (rule, place) in findings(&before) {
            let stays = has
                .iter()
                .any(|(other, found)| *other == rule && (found == &place || found.is_none() || place.is_none()))
                || place.as_ref().is_some_and(|place| counts_at(&after, &rule, place));
            // Of findings of one category that overlap one is shown: it says it in the other's place.
            let covered = || {
                has.iter().any(|(other, found)| {
                    category(other) == category(&rule)
                        && matches!((found, &place), (Some(found), Some(place)) if found.start < place.end && place.start < found.end)
                })
            };
            // A link that is known to be one's own is no longer one that pays a stranger.
            let owned = ["disclosure/affiliate-link", "link/tracked"].contains(&rule.as_str())
                && has.iter().any(|(other, found)| other.starts_with("link/") && found == &place);
            prop_assert!(
                stays || covered() || owned,
                "{rule} at {place:?} of {:?} with {:?}: {has:?}",
                draft.text,
                with.identity
            );
            let outweighed = place
                .as_ref()
                .is_some_and(|place| adds_at(&before, &rule, place) && !adds_at(&after, &rule, place));
            replaced |= !stays || outweighed;
        }
        prop_assert!(
            replaced || after.score.promotion >= before.score.promotion - MOVED,
            "{:?} with {:?}: {before:#?}\n{after:#?}",
            draft.text,
            with.identity
        );
        Ok(())
    });
}

/// What is promoted, in 40 words at most with what follows: in longer drafts all words dilute, also those of an excuse.
const BODIES: [&str; 12] = [
    "Our spring pottery course starts in May, six evenings, tea included.",
    "I'm opening six places in my writing class.",
    "We've built a planner for people who hate planners.",
    "The new album is out on Friday, nine songs about one river.",
    "Autumn weddings are booking up, and the barn has two Saturdays left.",
    "We wrote a long guide on pruning pears, with a drawing of every cut.",
    "New prints are up.",
    "My second novel is finished, and it took seven winters and a divorce.",
    "The kiln opens again on Monday after the flood, and everybody who lost a pot gets one back.",
    "Rye bread every Thursday from six, until it is gone.",
    "Thrilled to announce that the app is live!",
    "Half price until Sunday, and then never again.",
];

/// The same said openly, with the name and the link, and in ways that keep one or both back.
const PAIRS: [(&str, &[&str]); 5] = [
    (
        "https://acme.dev/spring",
        &[
            "Link in the first comment.",
            "Link in comments.",
            "Link in the comments 👇",
            "Link in bio.",
            "The link is in the first comment.",
            "I'll drop the link below.",
            "DM me for the link.",
            "DM me the word GROW.",
            "Comment \"GROW\" below.",
            "Comment GROW and I'll send it.",
        ],
    ),
    (
        "It's called Acme: https://acme.dev/spring",
        &[
            "I can't say what it's called yet.",
            "It's the thing I can't name yet.",
            "DM me the word GROW.",
            "Link in the first comment.",
            "Message me GROW for details.",
            "I can't share the name yet, link in bio.",
        ],
    ),
    (
        "The name is Acme, and the address is https://acme.dev",
        &[
            "I can't tell you the name yet, the link is in the comments.",
            "It's the thing I can't name yet, link in bio.",
            "DM me the word GROW for the name.",
        ],
    ),
    (
        "Details at https://acme.dev/spring",
        &[
            "Details in the comments.",
            "Details in the first comment.",
            "DM me for details.",
            "Message me GROW for details.",
        ],
    ),
    (
        "Sign up for Acme at https://acme.dev/spring",
        &[
            "Sign up now, link in the first comment.",
            "Sign up now, link in bio.",
            "Sign up now for the thing I can't name yet.",
        ],
    ),
];

#[test]
fn nothing_is_gained_by_keeping_a_name_or_a_link_back() {
    let policy = without_word_choice();
    let one = |text: &str| vec![text.to_owned()];
    let identity = IdentityKeys {
        names: one("Sam Rivers"),
        handles: one("@samrivers"),
        products: one("Acme"),
        domains: one("acme.dev"),
        ..IdentityKeys::default()
    };
    let setting = RawSetting { identity, platform: None };
    let (mut gained, mut asked) = (Vec::new(), 0);
    for body in BODIES {
        for (open, hidden) in PAIRS {
            let openly = judge(&format!("{body} {open}"), &setting, &policy);
            for hidden in hidden {
                let text = format!("{body} {hidden}");
                let kept = judge(&text, &setting, &policy);
                asked += 1;
                if kept.score.promotion < openly.score.promotion - 1e-9 {
                    gained.push(format!(
                        "{text}\n  {:.1} {:?}\n  {open}: {:.1} {:?}",
                        kept.score.promotion,
                        findings(&kept),
                        openly.score.promotion,
                        findings(&openly)
                    ));
                }
            }
        }
    }
    assert!(gained.is_empty(), "{} of {asked} gain:\n{}", gained.len(), gained.join("\n"));
}
