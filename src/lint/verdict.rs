//! Floor 4: the verdict, as the finding that says it.
//!
//! Does not judge; `score` and `section` did. Invariant: it points at what weighs most, and holds the points of word choice.

use super::wording::{fill, whole};
use super::{Draft, Finding, Linter, SpokenWord};
use crate::diagnostic::{Diagnostic, Label, Level};
use crate::fingerprint::Fingerprint;
use crate::matcher::TokenRange;
use crate::report::{ReportedFinding, SectionReport};
use crate::rule::{Kind, RuleId, Text, VerdictKind};
use crate::score::{Score, Verdict};

impl Linter {
    pub(super) fn verdict(
        &self,
        draft: &Draft<'_>,
        score: &Score,
        hottest: Option<&SectionReport>,
        findings: &[Finding],
        words: &[SpokenWord],
    ) -> Option<ReportedFinding> {
        let wanted = match score.verdict {
            Verdict::Promotional => VerdictKind::Promotional,
            Verdict::Mixed => VerdictKind::Mixed,
            Verdict::Unjudged if draft.foreign => VerdictKind::Unjudged,
            Verdict::Conversational | Verdict::Unjudged => return None,
        };
        let mut verdicts = self.verdicts.iter().map(|&id| (id, self.rules.rule(id)));
        let (id, rule) = verdicts.find(|(id, rule)| {
            matches!(rule.kind, Kind::Verdict(kind) if kind == wanted)
                && draft.policy.active(*id)
                && !draft.is_quiet(rule, None)
        })?;
        let mut level = draft.capped(&self.rules, rule, draft.policy.levels[id.index()]);
        if draft.pitch || draft.queued {
            level = level.min(Level::Note);
        }
        // The verdict points at what weighs most.
        let promotes = |rule: RuleId| !self.rules.rule(rule).credit;
        let words = words.iter().filter(|word| promotes(word.rule));
        let carried: f64 = words.clone().map(|word| word.points).sum();
        // A single word has to weigh something to be pointed at.
        let words =
            words.filter(|word| word.points >= 5.0).map(|word| (word.points, word.place, ", by word choice"));
        let found = findings.iter().filter(|finding| promotes(finding.found.rule) && finding.points >= 0.5);
        let found = found.map(|finding| (finding.points, finding.found.place, ""));
        let mut heaviest: Vec<(f64, TokenRange, &str)> = found.chain(words).collect();
        heaviest.sort_by(|(of_a, a, _), (of_b, b, _)| of_b.total_cmp(of_a).then(a.cmp(b)));
        let labels = heaviest.into_iter().take(3).map(|(points, place, why)| {
            let message = format!("{} of {} points{why}", whole(points), whole(score.promotion));
            draft.label(place, message.into())
        });
        let labels: Vec<Label> = labels.collect();
        let numbers = |text: &Text| {
            fill(text, |name| match name {
                "promotion" => Some(whole(score.promotion).to_string().into()),
                "conversation" => Some(whole(score.conversation).to_string().into()),
                _ => None,
            })
        };
        let why = (!rule.why.is_empty()).then(|| rule.why.clone());
        // The scores of the whole do not tell why it is no conversation.
        let hottest = hottest.filter(|_| score.promotion < self.rules.shape().mixed);
        let hottest: Option<Text> =
            hottest.map(|hot| format!("a part of it promotes more than the whole ({})", hot.said()).into());
        // Nor why it is no advertisement.
        let late = Verdict::of(score.promotion, score.conversation, self.rules.shape()) == Verdict::Promotional
            && score.verdict == Verdict::Mixed;
        let late = late.then_some(Text::Borrowed("its first half promotes nothing; what does comes after it"));
        let diagnostic = Diagnostic {
            level,
            code: rule.name.clone(),
            message: numbers(&rule.message),
            labels,
            subject: None,
            notes: hottest.into_iter().chain(late).chain(why).collect(),
            help: (!rule.help.is_empty()).then(|| numbers(&rule.help)),
            fix: None,
        };
        let fingerprint = Fingerprint::of_whole(&rule.name, draft.readings.iter().map(|reading| &reading.tokens));
        let (points, credit, verdict) = (carried, false, Some(wanted));
        Some(ReportedFinding { diagnostic, points, credit, judges: true, verdict, shown: true, fingerprint })
    }
}
