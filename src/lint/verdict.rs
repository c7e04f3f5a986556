//! Floor 4: the verdict, as the finding that says it.
//!
//! Does not judge; `score` and `section` did. Invariant: it points at what weighs most, and holds the points of word choice.

use super::{Draft, Finding, Linter};
use crate::diagnostic::{Diagnostic, Label, Level};
use crate::fingerprint::Fingerprint;
use crate::matcher::Match;
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
        words: &[(Match, f64)],
    ) -> Option<ReportedFinding> {
        let wanted = match score.verdict {
            Verdict::Promotional => VerdictKind::Promotional,
            Verdict::Mixed => VerdictKind::Mixed,
            Verdict::Unjudged if draft.foreign => VerdictKind::Unjudged,
            Verdict::Conversational | Verdict::Unjudged => return None,
        };
        let (id, rule) = (0..).map(RuleId).zip(self.rules.rules()).find(|(id, rule)| {
            matches!(rule.kind, Kind::Verdict(kind) if kind == wanted)
                && draft.policy.active(*id)
                && !draft.is_quiet(rule, None)
        })?;
        let mut level = draft.capped(&self.rules, rule, draft.policy.levels[id.index()]);
        if draft.pitch || draft.queued {
            level = level.min(Level::Note);
        }
        // The verdict points at what weighs most.
        let found = findings.iter().map(|finding| (&finding.found, finding.points));
        let weighed = words.iter().map(|(word, points)| (word, *points));
        let mut heaviest: Vec<(&Match, f64)> =
            found.chain(weighed).filter(|(found, _)| !self.rules.rule(found.rule).credit).collect();
        let carried: f64 =
            heaviest.iter().filter(|(found, _)| self.is_word(found)).map(|(_, points)| points).sum();
        // A single word has to weigh something to be pointed at.
        heaviest.retain(|(found, points)| *points >= if self.is_word(found) { 5.0 } else { 0.5 });
        heaviest.sort_by(|(a, of_a), (b, of_b)| of_b.total_cmp(of_a).then(a.place.cmp(&b.place)));
        let mut labels: Vec<Label> = Vec::new();
        for (found, points) in heaviest.into_iter().take(3) {
            let why = if self.is_word(found) { ", by word choice" } else { "" };
            let message = format!("{points:.0} of {:.0} points{why}", score.promotion);
            labels.push(draft.label(found.place, message.into()));
        }
        let numbers = |text: &Text| -> Text {
            if !text.contains('{') {
                return text.clone();
            }
            text.replace("{promotion}", &format!("{:.0}", score.promotion))
                .replace("{conversation}", &format!("{:.0}", score.conversation))
                .into()
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
            message: numbers(&rule.message).into_owned(),
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
