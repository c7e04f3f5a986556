//! The shape of the JSON, apart from the types it is made of.
//!
//! Does not write. Invariant: keys and their order are those of `docs/json.md`, and change only with its version.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use smallvec::SmallVec;

use super::score::ScoreShape;
use crate::diagnostic::{Diagnostic, Label};
use crate::document::{Locator, PostId, PostStatus};
use crate::emit::points::{Shares, number, shares, tenths};
use crate::fingerprint::Fingerprint;
use crate::fix::{Applicability, Fix};
use crate::report::{
    About, Needs, PostReport, ReportedFinding, RuleCount, Statistics, Summary, Suppressed, Tool, Without,
};
use crate::text::{Source, Span};

#[derive(Serialize)]
pub(super) struct ToolShape<'a> {
    version: &'a str,
    rules: &'a str,
}

impl<'a> ToolShape<'a> {
    pub(super) fn of(tool: &'a Tool) -> Self {
        Self { version: tool.version, rules: &tool.rules }
    }
}

/// A string, or a number as the source wrote it.
#[derive(Serialize)]
#[serde(untagged)]
enum IdShape<'a> {
    Text(&'a str),
    Number(Box<RawValue>),
}

impl<'a> IdShape<'a> {
    fn of(id: &'a PostId) -> Self {
        match id {
            PostId::Text(id) => Self::Text(id),
            PostId::Number(id) => RawValue::from_string(id.clone()).map_or(Self::Text(id), Self::Number),
        }
    }
}

#[derive(Serialize)]
pub(super) struct PostShape<'a> {
    source: &'a str,
    id: Option<IdShape<'a>>,
    locator: LocatorShape<'a>,
    line: u32,
    account: Option<&'a str>,
    platforms: Vec<&'static str>,
    kind: &'static str,
    scheduled: Option<&'a str>,
    status: Option<&'static str>,
    words: u32,
    about: AboutShape,
    pass: bool,
    score: ScoreShape<'a>,
    findings: FindingShapes<'a>,
    needs: Option<NeedsShape<'a>>,
    suppressed: Vec<SuppressedShape<'a>>,
}

impl<'a> PostShape<'a> {
    pub(super) fn of(post: &'a PostReport) -> Self {
        Self {
            source: post.source.name(),
            id: post.id.as_ref().map(IdShape::of),
            locator: LocatorShape(&post.locator),
            line: post.source.line_column(post.start).line,
            account: post.account.as_deref(),
            platforms: post.platforms.iter().map(|platform| platform.name()).collect(),
            kind: post.kind.name(),
            scheduled: post.scheduled.as_deref(),
            status: post.status.map(PostStatus::name),
            words: post.words,
            about: AboutShape::of(post.about),
            pass: post.pass,
            score: ScoreShape::of(post),
            findings: FindingShapes(post),
            needs: post.needs.as_ref().map(NeedsShape::of),
            suppressed: post.suppressed.iter().map(SuppressedShape::of).collect(),
        }
    }
}

/// A locator in words.
struct LocatorShape<'a>(&'a Locator);

impl Serialize for LocatorShape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}

/// The findings of a post, each made when it is written: a long draft has thousands.
struct FindingShapes<'a>(&'a PostReport);

impl Serialize for FindingShapes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let post = self.0;
        let without = effects(post);
        let findings = post.findings.iter().zip(finding_points(post)).enumerate();
        serializer.collect_seq(findings.map(|(index, (finding, points))| FindingShape {
            without: without.get(index).copied().flatten().map(WithoutShape::of),
            ..FindingShape::of(finding, &post.source, points)
        }))
    }
}

/// The draft without each of its findings; empty where that was not asked for.
fn effects(post: &PostReport) -> Vec<Option<Without>> {
    let Some(explanation) = &post.explanation else { return Vec::new() };
    let mut effects = vec![None; post.findings.len()];
    for effect in &explanation.effects {
        if let Some(slot) = effects.get_mut(effect.finding) {
            *slot = effect.without;
        }
    }
    effects
}

/// Tenths a finding: those that promote share the promotion score, credits their own sum.
pub(in crate::emit) fn finding_points(post: &PostReport) -> Shares {
    if post.findings.is_empty() {
        return Shares::new();
    }
    let pick = |credit: bool| -> SmallVec<[f64; 8]> {
        post.findings.iter().map(|finding| if finding.credit == credit { finding.points } else { 0.0 }).collect()
    };
    let promoting = shares(tenths(post.score.promotion), &pick(false));
    let credits = pick(true);
    let conversing = shares(tenths(credits.iter().sum()), &credits);
    promoting.into_iter().zip(conversing).map(|(a, b)| a + b).collect()
}

#[derive(Serialize)]
struct AboutShape {
    #[serde(rename = "self")]
    author: u32,
    reader: u32,
    others: u32,
    topic: u32,
}

impl AboutShape {
    fn of(about: About) -> Self {
        Self { author: about.author, reader: about.reader, others: about.others, topic: about.topic }
    }
}

/// A fingerprint as it is written.
struct Digits(Fingerprint);

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.0.digits()).unwrap_or_default())
    }
}

#[derive(Serialize)]
struct FindingShape<'a> {
    rule: &'a str,
    level: &'static str,
    credit: bool,
    points: f64,
    message: &'a str,
    note: Option<Cow<'a, str>>,
    help: Option<&'a str>,
    text: &'a str,
    locator: Option<&'a str>,
    span: Option<SpanShape>,
    labels: LabelShapes<'a>,
    fix: Option<FixShape<'a>>,
    without: Option<WithoutShape>,
    fingerprint: Digits,
}

impl<'a> FindingShape<'a> {
    fn of(finding: &'a ReportedFinding, source: &Source, points: u32) -> Self {
        let diagnostic = &finding.diagnostic;
        let first = diagnostic.labels.first();
        Self {
            rule: &diagnostic.code,
            level: diagnostic.level.name(),
            credit: finding.credit,
            points: number(points),
            message: &diagnostic.message,
            note: match diagnostic.notes.as_slice() {
                [] => None,
                [note] => Some(Cow::Borrowed(note)),
                notes => Some(Cow::Owned(notes.join("; "))),
            },
            help: diagnostic.help.as_deref(),
            text: first.map_or("", |label| label.source.slice(label.span)),
            locator: first.and_then(|label| label.locator.as_deref()),
            span: first.map(|label| SpanShape::of(&label.source, label.span)),
            labels: LabelShapes(diagnostic.labels.get(1..).unwrap_or_default()),
            fix: diagnostic.fix.as_ref().map(|fix| FixShape::of(fix, first.map_or(source, |label| &label.source))),
            without: None,
            fingerprint: Digits(finding.fingerprint),
        }
    }
}

#[derive(Serialize)]
struct WithoutShape {
    promotion: f64,
    conversation: f64,
    verdict: &'static str,
    pass: bool,
}

impl WithoutShape {
    fn of(without: Without) -> Self {
        Self {
            promotion: number(tenths(without.promotion)),
            conversation: number(tenths(without.conversation)),
            verdict: without.verdict.name(),
            pass: without.pass,
        }
    }
}

#[derive(Serialize)]
struct NeedsShape<'a> {
    findings: Vec<NeededShape<'a>>,
    smallest: bool,
    without: WithoutShape,
}

#[derive(Serialize)]
struct NeededShape<'a> {
    rule: &'a str,
    level: &'static str,
    text: &'a str,
    span: Option<SpanShape>,
    hidden: bool,
}

impl<'a> NeedsShape<'a> {
    fn of(needs: &'a Needs) -> Self {
        let findings = needs.findings.iter().map(|needed| {
            let diagnostic = &needed.finding.diagnostic;
            let first = diagnostic.labels.first();
            NeededShape {
                rule: &diagnostic.code,
                level: diagnostic.level.name(),
                text: first.map_or("", |label| label.source.slice(label.span)),
                span: first.map(|label| SpanShape::of(&label.source, label.span)),
                hidden: needed.hidden,
            }
        });
        Self { findings: findings.collect(), smallest: needs.smallest, without: WithoutShape::of(needs.without) }
    }
}

/// What a name in a suppression hides.
#[derive(Serialize)]
struct SuppressedShape<'a> {
    rule: &'a str,
    findings: u32,
    reason: Option<&'a str>,
    source: &'a str,
    span: SpanShape,
}

impl<'a> SuppressedShape<'a> {
    fn of(hidden: &'a Suppressed) -> Self {
        Self {
            rule: &hidden.rule,
            findings: hidden.findings,
            reason: hidden.reason.as_deref(),
            source: hidden.source.name(),
            span: SpanShape::of(&hidden.source, hidden.span),
        }
    }
}

#[derive(Serialize)]
pub(super) struct SpanShape {
    start: PlaceShape,
    end: PlaceShape,
}

#[derive(Serialize)]
struct PlaceShape {
    byte: u64,
    line: u32,
    column: u32,
}

impl SpanShape {
    pub(super) fn of(source: &Source, span: Span) -> Self {
        let place = |offset: u32| {
            // The start of the character, as `Source::slice` and `Source::line_column` have it.
            let offset = Span::of(0..source.slice(Span::new(0, offset)).len()).end();
            let place = source.line_column(offset);
            PlaceShape { byte: source.raw(offset), line: place.line, column: place.column }
        };
        Self { start: place(span.start()), end: place(span.end()) }
    }
}

/// Labels, each made when it is written.
struct LabelShapes<'a>(&'a [Label]);

impl Serialize for LabelShapes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(LabelShape::of))
    }
}

#[derive(Serialize)]
pub(super) struct LabelShape<'a> {
    locator: Option<&'a str>,
    span: SpanShape,
    message: &'a str,
}

impl<'a> LabelShape<'a> {
    pub(super) fn of(label: &'a Label) -> Self {
        Self {
            locator: label.locator.as_deref(),
            span: SpanShape::of(&label.source, label.span),
            message: &label.message,
        }
    }
}

#[derive(Serialize)]
struct FixShape<'a> {
    message: &'a str,
    applicability: &'static str,
    edits: Vec<EditShape<'a>>,
}

#[derive(Serialize)]
struct EditShape<'a> {
    span: SpanShape,
    text: &'a str,
}

impl<'a> FixShape<'a> {
    fn of(fix: &'a Fix, source: &Source) -> Self {
        Self {
            message: &fix.message,
            applicability: match fix.applicability {
                Applicability::Safe => "safe",
                Applicability::Unsafe => "unsafe",
                Applicability::DisplayOnly => "display-only",
            },
            edits: fix
                .edits
                .iter()
                .map(|edit| EditShape { span: SpanShape::of(source, edit.span), text: &edit.text })
                .collect(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct DiagnosticShape<'a> {
    level: &'static str,
    code: &'a str,
    message: &'a str,
    source: Option<&'a str>,
    span: Option<SpanShape>,
    help: Option<&'a str>,
    notes: &'a [Cow<'static, str>],
}

impl<'a> DiagnosticShape<'a> {
    pub(super) fn of(diagnostic: &'a Diagnostic) -> Self {
        Self {
            level: diagnostic.level.name(),
            code: &diagnostic.code,
            message: &diagnostic.message,
            source: diagnostic.source_name(),
            span: diagnostic.labels.first().map(|label| SpanShape::of(&label.source, label.span)),
            help: diagnostic.help.as_deref(),
            notes: &diagnostic.notes,
        }
    }
}

/// What one rule found over the run.
#[derive(Serialize)]
pub(super) struct StatisticsShape<'a> {
    rule: &'a str,
    level: &'static str,
    findings: u32,
    posts: u32,
}

impl<'a> StatisticsShape<'a> {
    pub(super) fn all(statistics: &'a Statistics) -> Vec<Self> {
        let shape = |count: &'a RuleCount| Self {
            rule: &count.rule,
            level: count.level.name(),
            findings: count.findings,
            posts: count.posts,
        };
        statistics.counts().into_iter().map(shape).collect()
    }
}

#[derive(Serialize)]
pub(super) struct SummaryShape {
    sources: u32,
    posts: u32,
    errors: u32,
    warnings: u32,
    notes: u32,
    credits: u32,
    promotional: u32,
    mixed: u32,
    conversational: u32,
    unjudged: u32,
}

impl SummaryShape {
    pub(super) fn of(summary: Summary) -> Self {
        Self {
            sources: summary.sources,
            posts: summary.posts,
            errors: summary.errors,
            warnings: summary.warnings,
            notes: summary.notes,
            credits: summary.credits,
            promotional: summary.promotional,
            mixed: summary.mixed,
            conversational: summary.conversational,
            unjudged: summary.unjudged,
        }
    }
}
