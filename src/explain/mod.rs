//! Floor 4, above `lint`: what a score is made of, and what would have to go for a draft to pass.
//!
//! Has the draft judged without some of its findings, and reads the report; how a score comes about it does not know.
//! A finding is what is shown as one, and only what is there is taken out: what others hide when those have gone, and
//! structure findings with the finding of which they are notes, and could be of no other. Credits are never taken out to
//! make a draft pass. Invariant: where nothing is asked, nothing is done.

mod search;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use self::search::{Answer, Draft, Item, smallest};
use crate::document::Post;
use crate::lint::{Context, FindingKey, Judged, Linter, Opened, Policy};
use crate::report::{Effect, Explanation, Needed, Needs, PostReport, ReportedFinding, Without};

/// What is to be explained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// What each finding does to the score.
    pub score: bool,
    /// What would have to go for the draft to pass.
    pub needs: bool,
}

/// So many findings that promote, and so many credits, are listed in outputs made for reading.
const LISTED: usize = 10;

/// So many findings of one draft have their effect measured, each by judging it once more.
const MEASURED: usize = 200;

/// How often one draft is judged in search of what has to go: so many times, but no more than so many words are read.
const TRIALS: (usize, usize) = (2_000, 1_000_000);

/// A large draft is judged at least so often.
const FEWEST_TRIALS: usize = 50;

/// Judges one post as [`Linter::lint`] does, and explains the report.
#[must_use]
pub fn lint(linter: &Linter, post: &Post, context: &Context, policy: &Policy, asked: Asked) -> PostReport {
    if asked == Asked::default() {
        return linter.lint(post, context, policy);
    }
    let mut opened = linter.open(post, context, policy);
    let judged = opened.judge_without(&[]);
    let suppressed = opened.suppressed();
    let explanation = asked.score.then(|| explanation(&mut opened, &judged, policy.all));
    let needs = asked.needs.then(|| needs(|removed| opened.judge_without(removed), &judged.report, policy.all));
    let mut report = PostReport { explanation, needs, suppressed, ..judged.report };
    report.keep_gravest(policy.most_findings);
    report
}

fn explanation(opened: &mut Opened<'_>, judged: &Judged, all: bool) -> Explanation {
    let findings = &judged.report.findings;
    let keys = findings.iter().zip(&judged.keys).enumerate();
    let mut order: Vec<(usize, FindingKey)> =
        keys.filter_map(|(index, (_, key))| Some((index, (*key)?))).collect();
    order.sort_by(|&(a, _), &(b, _)| {
        let (one, other) = (&findings[a], &findings[b]);
        one.credit.cmp(&other.credit).then(other.points.total_cmp(&one.points)).then(a.cmp(&b))
    });
    let mut ranks = [0; 2];
    let effects = order.into_iter().map(|(finding, key)| {
        let rank = &mut ranks[usize::from(findings[finding].credit)];
        *rank += 1;
        let without = (*rank <= MEASURED).then(|| Without::of(&opened.judge_without(&[key]).report));
        Effect { finding, without, shown: all || *rank <= LISTED }
    });
    Explanation { effects: effects.collect() }
}

/// A finding that may be taken out.
struct Candidate {
    key: FindingKey,
    finding: ReportedFinding,
}

/// The draft, for a search among its findings.
struct Trial<J> {
    judge: J,
    /// All findings that were there in one report or another.
    candidates: Vec<Candidate>,
    numbers: HashMap<FindingKey, usize>,
    /// How many were there at first.
    first: usize,
    /// What was judged last, and what had been taken out then.
    last: Option<(Without, Vec<usize>)>,
}

impl<J: FnMut(&[FindingKey]) -> Judged> Draft for Trial<J> {
    fn judge(&mut self, removed: &[usize]) -> Answer {
        let (mut gone, mut waiting): (Vec<usize>, Vec<usize>) =
            removed.iter().partition(|&&number| number < self.first);
        let mut questions = 0;
        // What others hide is a finding only when those have gone, though rules may read it before.
        loop {
            questions += 1;
            let (report, there) = self.without(&gone);
            let (next, hidden): (Vec<usize>, Vec<usize>) =
                waiting.iter().partition(|&number| there.contains(number));
            if next.is_empty() {
                self.last = Some((Without::of(&report), gone));
                return Answer { passes: report.pass, there, questions };
            }
            gone.extend(next);
            waiting = hidden;
        }
    }

    fn item(&self, number: usize) -> Item {
        let Candidate { key, finding } = &self.candidates[number];
        Item { points: finding.points, words: key.words, place: key.place }
    }
}

impl<J: FnMut(&[FindingKey]) -> Judged> Trial<J> {
    /// The draft without these findings, and the numbers of those in it.
    fn without(&mut self, removed: &[usize]) -> (PostReport, Vec<usize>) {
        let keys: Vec<FindingKey> =
            removed.iter().filter_map(|&number| self.candidates.get(number)).map(|one| one.key).collect();
        let judged = (self.judge)(&keys);
        let there = removable(&judged).map(|candidate| {
            let number = *self.numbers.entry(candidate.key).or_insert(self.candidates.len());
            if number == self.candidates.len() {
                self.candidates.push(candidate);
            }
            number
        });
        let there = there.collect();
        (judged.report, there)
    }
}

/// `judge` judges the draft without some findings, `report` is the draft with all.
fn needs(judge: impl FnMut(&[FindingKey]) -> Judged, report: &PostReport, all: bool) -> Needs {
    if report.pass {
        return Needs { findings: Vec::new(), smallest: true, without: Without::of(report) };
    }
    let words = usize::try_from(report.words).unwrap_or(usize::MAX);
    let trials = (TRIALS.1 / words.max(1)).clamp(FEWEST_TRIALS, TRIALS.0);
    let mut trial = Trial { judge, candidates: Vec::new(), numbers: HashMap::new(), first: 0, last: None };
    trial.first = trial.judge(&[]).there.len();
    let found = smallest(trials, &mut trial);
    if let Some(found) = &found {
        trial.judge(&found.chosen);
    }
    let (without, gone) = trial.last.take().unwrap_or_else(|| (Without::of(report), Vec::new()));
    let Some(mut found) = found else { return Needs { findings: Vec::new(), smallest: false, without } };
    // Where the search was broken off, some of it may do nothing.
    found.chosen.retain(|number| gone.contains(number));
    let finding = |(rank, &number): (usize, &usize)| {
        let finding = trial.candidates[number].finding.clone();
        Needed {
            finding: ReportedFinding { shown: all || rank < LISTED, ..finding },
            hidden: number >= trial.first,
        }
    };
    Needs { findings: found.chosen.iter().enumerate().map(finding).collect(), smallest: found.smallest, without }
}

fn removable(judged: &Judged) -> impl Iterator<Item = Candidate> {
    let findings = judged.report.findings.iter().zip(&judged.keys);
    findings
        .filter(|(finding, _)| !finding.credit)
        .filter_map(|(finding, key)| Some(Candidate { key: (*key)?, finding: finding.clone() }))
}
