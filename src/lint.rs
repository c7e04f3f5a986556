//! Floor 4: the way of one post: matches, overlaps, score, verdict, report.
//!
//! Touches no file, environment, clock or terminal. Invariant: the same post, rules and policy give the same report.

mod again;
mod mend;
mod policy;
mod quiet;
mod sections;
mod shown;
mod structure;
mod turn;
mod verdict;
mod word_choice;
mod wording;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use smallvec::{SmallVec, smallvec};

pub use self::again::{FindingKey, Judged, Opened};
pub use self::policy::{Context, Policy};
pub use self::turn::{Promotes, Turn, TurnLink};
pub use crate::config::FailOn;
use crate::diagnostic::{Diagnostic, Label, Level};
use crate::document::{IdentityKeys, Intent, Post};
use crate::fingerprint::Fingerprint;
use crate::matcher::{self, Disjoint, Facts, Marks, Match, Reading, Search, Setting, TokenRange};
use crate::report::{Bar, PostReport, ReportedFinding};
use crate::rule::{Kind, Rule, RuleId, RuleSet, Subject, Text};
use crate::score::{Score, Verdict, score};
use crate::section::Section;
use crate::text::spread::{Alone, Spread};
use crate::text::{Platform, Span, language};

/// Judges posts by one set of rules.
#[derive(Debug)]
pub struct Linter {
    rules: Arc<RuleSet>,
    /// The rules that say verdicts.
    verdicts: Vec<RuleId>,
    /// The last identities, compiled: posts of one account come in rows.
    marks: Mutex<Vec<(Arc<IdentityKeys>, Arc<Marks>)>>,
    /// The threads that share in a long post.
    spread: &'static dyn Spread,
}

/// How many identities are kept compiled.
const KEPT_MARKS: usize = 8;

/// One post on its way through.
struct Draft<'a> {
    post: &'a Post,
    policy: &'a Policy,
    platforms: Cow<'a, [Platform]>,
    pitch: bool,
    queued: bool,
    foreign: bool,
    marks: Arc<Marks>,
    readings: Vec<Reading>,
    facts: Facts,
    /// Whether what only finding asks for is let go of where it is asked no more.
    once: bool,
    /// Findings that are taken out.
    removed: Vec<(RuleId, TokenRange)>,
    quiet: quiet::Quiet<'a>,
}

/// What the rules found in a post, before it is scored.
#[derive(Clone, Debug)]
pub struct Found {
    /// All matches that count, those included whose findings are shown as notes of others.
    pub matches: Vec<Match>,
    /// What was counted.
    pub facts: Facts,
    /// Where a long post is cut.
    pub sections: Vec<Section>,
    /// Its first half, where it is long enough to give something before it asks.
    pub body: Option<Section>,
    /// Whether the post can be judged; else it has no score.
    pub judged: bool,
}

/// A word or word pair of a lexicon, and its share of the score of its axis.
struct SpokenWord {
    rule: RuleId,
    place: TokenRange,
    points: f64,
}

/// A finding, and what is told with it.
struct Finding {
    found: Match,
    level: Level,
    points: f64,
    /// Whether the outputs made for reading show it.
    shown: bool,
    /// What it says beside, which is nothing for most.
    beside: Option<Box<Beside>>,
}

/// Notes of a finding, and the structure findings that became some of them.
#[derive(Default)]
struct Beside {
    notes: Vec<String>,
    folded: Vec<Match>,
}

impl Linter {
    /// A linter for `rules`.
    #[must_use]
    pub fn new(rules: Arc<RuleSet>) -> Self {
        let says = |(_, rule): &(RuleId, &Rule)| matches!(rule.kind, Kind::Verdict(_));
        let verdicts = (0..).map(RuleId).zip(rules.rules()).filter(says).map(|(id, _)| id).collect();
        Self { rules, verdicts, marks: Mutex::default(), spread: &Alone }
    }

    /// Has these threads share in long posts.
    #[must_use]
    pub fn with_spread(self, spread: &'static dyn Spread) -> Self {
        Self { spread, ..self }
    }

    /// The rules it judges by.
    #[must_use]
    pub fn rules(&self) -> &Arc<RuleSet> {
        &self.rules
    }

    /// Judges one post.
    #[must_use]
    pub fn lint(&self, post: &Post, context: &Context, policy: &Policy) -> PostReport {
        let mut draft = self.read(post, context, policy);
        draft.once = !draft.may_be_quiet();
        let matches = self.matches(&mut draft, context);
        if draft.once {
            draft.readings.iter_mut().for_each(Reading::forget_classes);
        }
        let mut report = self.report(&draft, matches, context, policy.most_findings).0;
        report.suppressed = self.suppressed_in(&mut draft, context);
        report
    }

    /// As [`Linter::lint`], with what the score is made of.
    #[must_use]
    pub fn lint_with_found(&self, post: &Post, context: &Context, policy: &Policy) -> (PostReport, Found) {
        let mut draft = self.read(post, context, policy);
        let matches = self.matches(&mut draft, context);
        let judged = !self.is_unjudged(&draft, &matches);
        let found = Found {
            matches: matches.clone(),
            facts: draft.facts.clone(),
            sections: draft.cut(&self.rules),
            body: draft.body(&self.rules),
            judged,
        };
        (self.report(&draft, matches, context, usize::MAX).0, found)
    }

    /// The names of the rules that found something, those included whose findings are shown as notes of others.
    #[must_use]
    pub fn matched_rules(&self, post: &Post, context: &Context, policy: &Policy) -> Vec<String> {
        let (report, found) = self.lint_with_found(post, context, policy);
        let verdicts = report.findings.iter().map(|finding| finding.diagnostic.code.to_string());
        // A lexicon finds something where an entry speaks for it.
        let speaks = |one: &Match| !self.is_word(one) || self.rules.entry(one.rule, one.entry) > 0.0;
        let found = found.matches.into_iter().filter(speaks);
        let found = found.map(|one| self.rules.rule(one.rule).name.to_string());
        verdicts.chain(found).collect()
    }

    /// All matches, those included that others of their category will hide.
    pub(crate) fn overlapping_matches(&self, post: &Post, context: &Context, policy: &Policy) -> Vec<Match> {
        self.find(&mut self.read(post, context, policy), context)
    }

    fn marks(&self, keys: &Arc<IdentityKeys>) -> Arc<Marks> {
        // A thread that panicked while it held the lock left nothing half done.
        let mut kept = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, marks)) = kept.iter().find(|(known, _)| known == keys) {
            return Arc::clone(marks);
        }
        let marks = Arc::new(Marks::new(keys));
        if kept.len() == KEPT_MARKS {
            kept.remove(0);
        }
        kept.push((Arc::clone(keys), Arc::clone(&marks)));
        marks
    }

    fn read<'a>(&self, post: &'a Post, context: &'a Context, policy: &'a Policy) -> Draft<'a> {
        let platforms: Cow<'a, [Platform]> = match post.platforms.as_slice() {
            [] => Cow::Borrowed(&context.platforms),
            _ => post.platforms().collect(),
        };
        let marks = self.marks(&at_home(&context.account.keys, &platforms));
        let readings = matcher::read(post, &self.rules, &marks, platforms.first().copied(), self.spread);
        let facts = Facts::count(&readings);
        let pitch = post.intent.unwrap_or(context.intent) == Intent::Pitch;
        let foreign = is_foreign(&readings, &facts);
        let queued = context.queued;
        Draft {
            post,
            policy,
            platforms,
            pitch,
            queued,
            foreign,
            marks,
            readings,
            facts,
            once: false,
            removed: Vec::new(),
            quiet: quiet::Quiet::of(&context.ignores),
        }
    }

    fn matches(&self, draft: &mut Draft<'_>, context: &Context) -> Vec<Match> {
        let matches = without_overlaps(&self.rules, self.find(draft, context));
        draft.count_about(&self.rules, &matches);
        matches
    }

    fn find(&self, draft: &mut Draft<'_>, context: &Context) -> Vec<Match> {
        let (policy, foreign) = (draft.policy, draft.foreign);
        // A draft is too long in any language.
        let active = |id: RuleId| policy.active(id) && (!foreign || !self.rules.rule(id).judges());
        let hits = matcher::walk(&self.search(draft, context), &active);
        if draft.once {
            draft.readings.iter_mut().for_each(Reading::forget_words);
        }
        let suppressed =
            |found: &Match| draft.is_removed(found) || draft.is_quiet(self.rules.rule(found.rule), Some(found));
        matcher::find(&self.search(draft, context), hits, &active, &suppressed)
    }

    fn search<'a>(&'a self, draft: &'a Draft<'_>, context: &Context) -> Search<'a> {
        Search {
            rules: &self.rules,
            post: draft.post,
            readings: &draft.readings,
            marks: &draft.marks,
            facts: &draft.facts,
            spread: self.spread,
            setting: Setting {
                account: context.account.kind(),
                platforms: &draft.platforms,
                limits: &draft.policy.limits,
                thresholds: &draft.policy.thresholds,
            },
        }
    }

    /// The report with no more findings than `most`, and all findings of which its own, beside the verdict, are made.
    fn report(
        &self,
        draft: &Draft<'_>,
        matches: Vec<Match>,
        context: &Context,
        most: usize,
    ) -> (PostReport, Vec<Finding>) {
        let (mut score, points) = match self.is_unjudged(draft, &matches) {
            true => (Score::unjudged(), vec![0.0; matches.len()]),
            false => score(&self.rules, &matches, &draft.facts),
        };
        let (sections, hottest) = self.sections(draft, &matches, &mut score);
        let mut words: SmallVec<[SpokenWord; 8]> = SmallVec::new();
        let mut findings = Vec::with_capacity(matches.iter().filter(|found| !self.is_word(found)).count());
        for (found, points) in matches.into_iter().zip(points) {
            if self.is_word(&found) {
                words.push(SpokenWord { rule: found.rule, place: found.place, points });
            } else {
                let level = self.level(draft, &found);
                findings.push(Finding { found, level, points, shown: true, beside: None });
            }
        }
        let mut findings = self.fold_structure(draft, findings);
        let hot = hottest.and_then(|index| sections.get(index));
        let verdict = self.verdict(draft, &score, hot, &findings, &words);
        if verdict.is_none() {
            self.note_word_choice(draft, &mut findings, &words);
        }
        let judged = if verdict.is_some() && !draft.pitch && !draft.queued {
            score.verdict
        } else {
            Verdict::Conversational
        };
        let bar = Bar { fail_on: draft.policy.fail_on, verdict: judged };
        let worst = findings.iter().map(|finding| finding.level);
        let worst =
            worst.chain(verdict.iter().map(|verdict| verdict.diagnostic.level)).max().unwrap_or(Level::Off);
        self.choose_shown(draft, &mut findings, usize::from(verdict.is_some()));
        let (reported, left_out) = self.told(draft, verdict, &findings, most);
        let post = draft.post;
        let report = PostReport {
            source: Arc::clone(&post.source),
            id: post.id.clone(),
            locator: post.locator.clone(),
            start: post.start,
            account: post.account_name().map(str::to_owned).or_else(|| context.account.name.clone()),
            platforms: draft.platforms.to_vec(),
            kind: post.kind,
            scheduled: post.time.as_ref().map(|time| time.text.clone()),
            status: post.status.as_ref().map(|status| status.value),
            words: draft.facts.words,
            about: draft.facts.about,
            pass: bar.passes_at(worst),
            bar,
            known: 0,
            score,
            sections,
            hottest,
            word_choice: self.word_choice(draft, &words),
            findings: reported,
            left_out,
            explanation: None,
            needs: None,
            suppressed: Vec::new(),
            parts: Vec::new(),
            written: None,
        };
        (report, findings)
    }

    fn is_unjudged(&self, draft: &Draft<'_>, matches: &[Match]) -> bool {
        draft.foreign
            || draft.facts.words == 0 && !matches.iter().any(|found| self.rules.rule(found.rule).judges())
    }

    fn level(&self, draft: &Draft<'_>, found: &Match) -> Level {
        let rule = self.rules.rule(found.rule);
        if rule.credit {
            return Level::Credit;
        }
        let index = found.rule.index();
        let set = draft.policy.levels.get(index).copied().unwrap_or(rule.level);
        let given = draft.policy.given.get(index) == Some(&true);
        let level = found.level().filter(|_| !given).unwrap_or(set);
        draft.capped(&self.rules, rule, level)
    }

    fn reported(&self, draft: &Draft<'_>, finding: &Finding) -> ReportedFinding {
        let found = &finding.found;
        let rule = self.rules.rule(found.rule);
        let mut labels = Vec::with_capacity(1 + found.evidence.len());
        labels.push(Label {
            span: draft.marked(found),
            ..draft.label(found.place, draft.filled(&rule.label, found))
        });
        labels.extend(found.evidence.iter().map(|&place| draft.label(place, Cow::Borrowed(""))));
        let beside = finding.beside.as_deref().map_or(&[][..], |beside| &beside.notes);
        let mut notes: Vec<Text> = Vec::with_capacity(beside.len() + 1);
        if !rule.why.is_empty() {
            notes.push(rule.why.clone());
        }
        notes.extend(beside.iter().cloned().map(Cow::Owned));
        let diagnostic = Diagnostic {
            level: finding.level,
            code: rule.name.clone(),
            message: draft.filled(&rule.message, found),
            labels,
            subject: None,
            notes,
            help: (!rule.help.is_empty()).then(|| draft.filled(&rule.help, found)),
            fix: self.fix(draft, finding),
        };
        let (points, credit) = (finding.points, rule.credit);
        let fingerprint = draft.fingerprint(rule, found.place);
        let judges = rule.judges();
        ReportedFinding { diagnostic, points, credit, judges, verdict: None, shown: finding.shown, fingerprint }
    }
}

/// In one category the longest match stays, then the rule declared first; across categories both stay. Weights are
/// not asked, so that a refit never changes which findings there are. The matches must be sorted by place, then by rule.
fn without_overlaps(rules: &RuleSet, mut found: Vec<Match>) -> Vec<Match> {
    let category = |one: &Match| usize::from(rules.rule(one.rule).category_id.0);
    // Structure rules say different things of one place, and so do lengths.
    let competes = |one: &Match| {
        let rule = rules.rule(one.rule);
        rule.judges() && !rule.is_in("structure")
    };
    // Most posts hold no two of a category that share a token.
    let mut ends: SmallVec<[(u16, u32); 32]> = smallvec![(0, 0); rules.categories().len()];
    let stands_apart = |one: &Match| {
        let (TokenRange { part, first, end }, last) = (one.place, &mut ends[category(one)]);
        let apart = *last <= (part, first);
        *last = (part, end).max(*last);
        apart
    };
    if found.iter().filter(|one| competes(one)).all(stands_apart) {
        return found;
    }
    let mut hidden = vec![false; found.len()];
    let mut settle = |cluster: &mut Vec<usize>| {
        cluster.sort_by_key(|&index| (std::cmp::Reverse(found[index].place.len()), found[index].rule));
        let mut taken = Disjoint::default();
        let alone = cluster.len() < 2;
        cluster.drain(..).filter(|_| !alone).for_each(|index| hidden[index] = !taken.insert(found[index].place));
    };
    // Of each category those in a row that share tokens, and where they end.
    let mut clusters = vec![((0, 0), Vec::new()); rules.categories().len()];
    for (index, one) in found.iter().enumerate().filter(|(_, one)| competes(one)) {
        let (TokenRange { part, first, end }, (last, cluster)) = (one.place, &mut clusters[category(one)]);
        if *last <= (part, first) {
            settle(cluster);
        }
        cluster.push(index);
        *last = (part, end).max(*last);
    }
    clusters.iter_mut().for_each(|(_, cluster)| settle(cluster));
    let mut hidden = hidden.into_iter();
    found.retain(|_| hidden.next() != Some(true));
    found
}

/// On a page of one's own the domain is what a handle is elsewhere: it says who speaks.
fn at_home(keys: &Arc<IdentityKeys>, platforms: &[Platform]) -> Arc<IdentityKeys> {
    if platforms.first() != Some(&Platform::Blog) || keys.domains.is_empty() {
        return Arc::clone(keys);
    }
    let handles = keys.handles.iter().chain(&keys.domains).cloned().collect();
    Arc::new(IdentityKeys { handles, ..(**keys).clone() })
}

/// Told by the folded text, so that letters in disguise are letters.
fn is_foreign(readings: &[Reading], facts: &Facts) -> bool {
    match readings {
        [reading] => language::is_foreign(reading.tokens.folded_text(), facts.words, facts.common),
        readings => {
            let text: Vec<&str> = readings.iter().map(|reading| reading.tokens.folded_text()).collect();
            language::is_foreign(&text.join("\n"), facts.words, facts.common)
        }
    }
}

impl Draft<'_> {
    /// The author is the unnamed subject of a sentence in which a rule found the author's doing.
    fn count_about(&mut self, rules: &RuleSet, matches: &[Match]) {
        let authored: Disjoint = matches
            .iter()
            .filter(|found| rules.rule(found.rule).guards.subject == Subject::AuthorOrImplied)
            .map(|found| found.place)
            .collect();
        self.facts.count_about(&self.readings, |part: usize, sentence: Range<usize>| {
            authored.touches(TokenRange::new(part, sentence))
        });
    }

    /// A declared pitch excuses all but some categories.
    fn capped(&self, rules: &RuleSet, rule: &Rule, level: Level) -> Level {
        let holds = || rules.shape().holds_in_pitch.iter().any(|category| *category == rule.category());
        let level = if self.pitch && level > Level::Note && !holds() { Level::Note } else { level };
        if self.policy.deny_warnings && level == Level::Warning { Level::Error } else { level }
    }

    fn label(&self, place: TokenRange, message: Text) -> Label {
        let locator = self.post.locator_of(usize::from(place.part)).words();
        Label { source: Arc::clone(&self.post.source), span: self.span(place), message, locator }
    }

    fn fingerprint(&self, rule: &Rule, place: TokenRange) -> Fingerprint {
        Fingerprint::of(&rule.name, &self.readings[usize::from(place.part)].tokens, place.tokens())
    }

    /// The bytes of the source that spell these tokens.
    fn span(&self, place: TokenRange) -> Span {
        let part = usize::from(place.part);
        self.post.parts[part].map.to_source(self.readings[part].tokens.span(place.tokens()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(rule: u16, place: TokenRange) -> Match {
        Match { rule: RuleId(rule), place, evidence: Box::default(), entry: 0, measured: None }
    }

    fn matches(rules: u16) -> impl Strategy<Value = Vec<Match>> {
        let one = (0..rules, 0..2_usize, 0..20_usize, 0..6_usize)
            .prop_map(|(rule, part, first, len)| found(rule, TokenRange::new(part, first..first + len)));
        prop::collection::vec(one, 0..12).prop_map(|mut all| {
            all.sort_by_key(|one| (one.place, one.rule));
            all
        })
    }

    /// The plain way: every match is compared with all that have stayed.
    fn kept(rules: &RuleSet, mut all: Vec<Match>) -> Vec<Match> {
        let competes =
            |one: &Match| rules.rule(one.rule).judges() && rules.rule(one.rule).category() != "structure";
        let category = |one: &Match| rules.rule(one.rule).category_id;
        all.sort_by_key(|one| (std::cmp::Reverse(one.place.len()), one.rule, one.place));
        let mut kept: Vec<Match> = Vec::new();
        for one in all {
            let hides = |other: &Match| {
                let apart = other.place.is_empty() || !other.place.overlaps(one.place);
                competes(other) && category(other) == category(&one) && !apart
            };
            if !competes(&one) || !kept.iter().any(hides) {
                kept.push(one);
            }
        }
        kept.sort_by_key(|one| (one.place, one.rule));
        kept
    }

    proptest! {
        #[test]
        fn of_a_category_those_stay_that_comparing_all_keeps(all in matches(60)) {
            let rules = RuleSet::shipped();
            prop_assert_eq!(without_overlaps(&rules, all.clone()), kept(&rules, all));
        }
    }
}
