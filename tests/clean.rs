//! Drafts that must stay quiet, by the class of good post that they are: `tests/clean/`, a file a class.
//!
//! Not one is an example of a rule. Each must have no finding that is shown as more than a note, and read as
//! conversational; a draft that is not in English must not be judged at all.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read its drafts has failed")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use selfless::diagnostic::Level;
use selfless::document::{AccountKind, Format, IdentityKeys, extract};
use selfless::identity::Account;
use selfless::lint::{Context, Linter, Policy};
use selfless::report::PostReport;
use selfless::rule::RuleSet;
use selfless::score::Verdict;
use selfless::table::{Reader, Table};
use selfless::text::{Platform, Source};

/// How many drafts a class has at least.
const LEAST: usize = 5;

/// A file of `tests/clean/`.
struct Class {
    name: String,
    verdict: String,
    drafts: Vec<Draft>,
}

struct Draft {
    text: String,
    context: Context,
}

fn strings(reader: &mut Reader, table: Option<&mut Table<'_>>, key: &'static str) -> Vec<String> {
    let list = table.and_then(|table| table.strings(reader, key)).unwrap_or_default();
    list.into_iter().map(|one| one.value).collect()
}

fn word<T>(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    from_name: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let word = table.string(reader, key)?;
    Some(from_name(&word.value).unwrap_or_else(|| panic!("unknown {key} {}", word.value)))
}

fn draft(reader: &mut Reader, mut table: Table<'_>, account: AccountKind) -> Draft {
    let mut identity = table.table(reader, "identity");
    let mut identity = identity.as_mut();
    let keys = IdentityKeys {
        kind: word(reader, &mut table, "account", AccountKind::from_name).unwrap_or(account),
        names: strings(reader, identity.as_deref_mut(), "names"),
        handles: strings(reader, identity.as_deref_mut(), "handles"),
        products: strings(reader, identity.as_deref_mut(), "products"),
        partners: strings(reader, identity.as_deref_mut(), "partners"),
        domains: strings(reader, identity, "domains"),
    };
    let platform = word(reader, &mut table, "platform", Platform::from_name);
    let text = table.string(reader, "text").unwrap().value;
    table.finish(reader, "a draft");
    let account = Account::new(None, keys);
    Draft { text, context: Context { account, platforms: platform.into_iter().collect(), ..Context::default() } }
}

fn class(reader: &mut Reader, mut table: Table<'_>) -> Class {
    let account = word(reader, &mut table, "account", AccountKind::from_name).unwrap_or_default();
    let name = table.string(reader, "class").unwrap().value;
    let verdict = table.string(reader, "verdict").map_or_else(|| "conversational".to_owned(), |one| one.value);
    let tables = table.tables(reader, "draft");
    let drafts = tables.into_iter().map(|table| draft(reader, table, account)).collect();
    table.finish(reader, "a class");
    Class { name, verdict, drafts }
}

fn classes() -> Vec<Class> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clean");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let source = Source::from_text(path.display().to_string(), fs::read_to_string(path).unwrap());
        let (class, mistakes) = Reader::read(&Arc::new(source), "clean", class);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        class
    };
    files.iter().map(read).collect()
}

struct Judge {
    linter: Linter,
    policy: Policy,
}

impl Judge {
    fn new() -> Self {
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let policy = Policy { all: true, ..Policy::of(linter.rules()) };
        Self { linter, policy }
    }

    fn judge(&self, draft: &Draft) -> PostReport {
        let source = Arc::new(Source::from_text("draft.txt", draft.text.as_str()));
        let extracted = extract(&source, &Format::Text.into());
        assert_eq!(extracted.posts.len(), 1, "{}", draft.text);
        self.linter.lint(&extracted.posts[0], &draft.context, &self.policy)
    }
}

/// What is wrong with a report, if anything: the verdict, and each finding above a note with the words it stands on.
fn complaint(report: &PostReport, verdict: &str) -> Option<String> {
    let loud: Vec<_> = report
        .findings
        .iter()
        .map(|finding| &finding.diagnostic)
        .filter(|finding| finding.level >= Level::Warning && !finding.code.starts_with("verdict/"))
        .collect();
    if loud.is_empty() && report.score.verdict.name() == verdict {
        return None;
    }
    let score = &report.score;
    let mut text = format!("{} at {:.0}/{:.0}", score.verdict.name(), score.promotion, score.conversation);
    for finding in &report.findings {
        if !finding.credit && !finding.diagnostic.code.starts_with("verdict/") {
            let label = &finding.diagnostic.labels[0];
            let words = label.source.slice(label.span);
            let (level, code) = (finding.diagnostic.level, &finding.diagnostic.code);
            let _ = write!(text, "\n    {level}[{code}] {words:?}, {:.0} points", finding.points);
        }
    }
    Some(text)
}

#[test]
fn good_posts_stay_quiet() {
    let judge = Judge::new();
    let mut complaints = String::new();
    let mut loud = 0;
    for class in classes() {
        for draft in &class.drafts {
            if let Some(complaint) = complaint(&judge.judge(draft), &class.verdict) {
                loud += 1;
                let _ = write!(complaints, "\n{}: {:?}\n  {complaint}", class.name, draft.text);
            }
        }
    }
    assert!(loud == 0, "{loud} good posts are not quiet:{complaints}");
}

#[test]
fn a_draft_in_another_language_is_outside_every_share() {
    let judge = Judge::new();
    let foreign: Vec<Class> = classes().into_iter().filter(|class| class.verdict == "none").collect();
    assert!(!foreign.is_empty());
    for draft in foreign.iter().flat_map(|class| &class.drafts) {
        let report = judge.judge(draft);
        assert_eq!(report.score.verdict, Verdict::Unjudged, "{}", draft.text);
        // At most a note says so, and nothing else is said.
        let codes: Vec<&str> = report.findings.iter().map(|finding| &*finding.diagnostic.code).collect();
        assert!(report.pass && codes.iter().all(|code| *code == "verdict/unjudged"), "{}: {codes:?}", draft.text);
        assert!(report.findings.iter().all(|finding| finding.diagnostic.level == Level::Note), "{}", draft.text);
        assert!(report.score.promotion == 0.0 && report.score.conversation == 0.0, "{}", draft.text);
    }
}

#[test]
fn every_class_has_drafts_that_are_not_alike() {
    let words = |text: &str| -> BTreeSet<String> {
        let words = text.split(|next: char| !next.is_alphanumeric()).map(str::to_lowercase);
        words.filter(|word| word.len() > 4).collect()
    };
    let classes = classes();
    assert!(classes.len() >= 14, "only {} classes", classes.len());
    for class in &classes {
        assert!(class.drafts.len() >= LEAST, "{} has only {} drafts", class.name, class.drafts.len());
    }
    let drafts: Vec<_> = classes.iter().flat_map(|class| &class.drafts).collect();
    for (index, one) in drafts.iter().enumerate() {
        for other in &drafts[..index] {
            let (a, b) = (words(&one.text), words(&other.text));
            let shared = a.intersection(&b).count();
            assert!(shared * 3 <= a.len().min(b.len()).max(6), "near copies: {:?} and {:?}", one.text, other.text);
        }
    }
}
