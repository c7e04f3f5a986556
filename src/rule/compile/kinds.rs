//! What a rule looks for: from the kinds of a rule file to those that are matched.
//!
//! Does not resolve names or guards; the compiler above does. Invariant: a kind with a mistake makes none, and the
//! mistake is reported at its place.

use super::Compiler;
use crate::document::size_words;
use crate::rule::queue::{self, QueueKind, RawQueue};
use crate::rule::raw::{KIND_KEYS, RawFile, RawKind, RawPattern, RawRule, RawThresholds};
use crate::rule::tables::{MAX_ENTRIES, Slot};
use crate::rule::{Classes, Count, Kind, LengthOf, Lexicon, List, Pattern, RuleId, Text, Thresholds};
use crate::table::At;
use crate::text::Span;

impl Compiler<'_> {
    pub(super) fn kind(&mut self, file: &RawFile, raw: &RawRule, id: RuleId) -> Option<Kind> {
        let [kind] = raw.kinds.as_slice() else {
            let keys = KIND_KEYS.join(", ");
            let (message, span) = match raw.kinds.get(1) {
                Some(second) => ("a rule looks for one thing; this is a second".to_owned(), second.span),
                None => {
                    ("this rule looks for nothing".to_owned(), raw.name.as_ref().map_or(raw.span, |at| at.span))
                }
            };
            self.error(file, "kind", message, span).notes.push(format!("one of: {keys}").into());
            return None;
        };
        if kind.value.is_empty() {
            self.error(file, "kind", "nothing is listed to look for".to_owned(), kind.span);
        }
        let measured = match &kind.value {
            RawKind::Queue(queue) => QueueKind::is_measured(queue.key),
            kind => matches!(kind, RawKind::Count { .. } | RawKind::Ratio { .. }),
        };
        if measured && raw.thresholds.is_none() {
            self.error(file, "missing-key", "a measured rule needs `thresholds`".to_owned(), kind.span);
        }
        if !measured && (raw.thresholds.is_some() || !raw.thresholds_on.is_empty()) {
            self.error(file, "kind", "this kind of rule has no thresholds".to_owned(), kind.span);
        }
        Some(match &kind.value {
            RawKind::Phrases(phrases) => {
                self.phrases(file, phrases, id, Slot::Main);
                Kind::Phrases
            }
            RawKind::Patterns(patterns) => self.patterns(file, patterns, id),
            RawKind::Near { a, b, within, sentences } => {
                self.phrases(file, a, id, Slot::Main);
                self.phrases(file, b, id, Slot::Second);
                Kind::Near { within: *within, sentences: *sentences }
            }
            RawKind::Sequence { first, then } => {
                self.phrases(file, first, id, Slot::Main);
                self.phrases(file, then, id, Slot::Second);
                Kind::Sequence
            }
            RawKind::Count { class, phrases, per_words, run } => {
                self.phrases(file, phrases, id, Slot::Main);
                Kind::Count(Count {
                    class: *class,
                    per_words: *per_words,
                    run: *run,
                    thresholds: thresholds(raw.thresholds),
                    on: raw.thresholds_on.iter().map(|(on, raw)| (*on, thresholds(Some(*raw)))).collect(),
                })
            }
            RawKind::Ratio { of, to, at_least } => Kind::Ratio {
                of: Classes::of(of),
                to: Classes::of(to),
                at_least: *at_least,
                thresholds: thresholds(raw.thresholds),
            },
            RawKind::Position { at, phrases, rules } if rules.is_empty() => {
                self.phrases(file, phrases, id, Slot::Main);
                Kind::PhraseAt(*at)
            }
            RawKind::Position { at, rules, .. } => Kind::FindingAt(*at, self.selectors(file, rules)),
            RawKind::Absent(phrases) => {
                if raw.guards.with.is_empty() && raw.guards.min_words == 0 {
                    let message = "an absence needs the guard `with` or `min-words`".to_owned();
                    self.error(file, "guard", message, kind.span).help =
                        Some("without one it would be due in every draft".into());
                }
                self.phrases(file, phrases, id, Slot::Main);
                Kind::Absent
            }
            RawKind::Link { of, to, min_words, max_words } => {
                let to = self.addresses(file, to);
                Kind::Link { of: *of, to, min_words: *min_words, max_words: *max_words }
            }
            RawKind::Composite { all, any, none } => {
                if all.is_empty() && any.is_empty() {
                    self.error(file, "kind", "a composite needs `all` or `any`".to_owned(), kind.span);
                }
                Kind::Composite {
                    all: self.selectors(file, all),
                    any: self.selectors(file, any),
                    none: self.selectors(file, none),
                }
            }
            RawKind::Lexicon { base, entries } => self.lexicon(file, kind.span, *base, entries, id),
            RawKind::LengthOfPost => self.length(file, raw, LengthOf::Post),
            RawKind::LengthOfFold { asks } => {
                let asks = self.selectors(file, asks);
                self.length(file, raw, LengthOf::Fold(asks))
            }
            RawKind::Verdict(verdict) => {
                if !self.base.rules.is_empty() {
                    let message = "verdicts are spoken by the shipped set".to_owned();
                    self.error(file, "kind", message, verdict.span);
                }
                Kind::Verdict(verdict.value)
            }
            RawKind::Queue(queue) => Kind::Queue(self.queue(file, raw, queue)),
            RawKind::Unread => return None,
        })
    }

    fn queue(&mut self, file: &RawFile, raw: &RawRule, queue: &RawQueue) -> QueueKind {
        self.weighs_nothing(file, raw, "a rule of queues has no weight: it says nothing of one post");
        let asks = self.selectors(file, &queue.asks);
        let others = self.selectors(file, &queue.others);
        for (posts, _, _) in raw.queues() {
            self.posts(file, posts);
        }
        let kind = queue.kind(thresholds(raw.thresholds), asks, others);
        if let Some(also) = &queue.also {
            self.filled(file, also, kind.placeholders());
        }
        kind
    }

    /// The posts of a queue must be readable.
    fn posts(&mut self, file: &RawFile, text: &At<String>) {
        if let Err(word) = queue::given(&text.value) {
            let message = format!("`{}` is no post of a queue", word.escape_debug());
            self.error(file, "bad-posts", message, text.span).help = Some(
                "write letters, or a line a post: p promotional, m mixed, c conversational, r reply, s share"
                    .into(),
            );
        }
    }

    fn length(&mut self, file: &RawFile, raw: &RawRule, of: LengthOf) -> Kind {
        self.weighs_nothing(file, raw, "a length has no weight: it says nothing of promotion");
        Kind::Length(of)
    }

    /// Tells of a weight where there can be none.
    fn weighs_nothing(&mut self, file: &RawFile, raw: &RawRule, message: &str) {
        if let Some(weight) = raw.weight.as_ref().filter(|weight| weight.value > 0.0) {
            self.error(file, "kind", message.to_owned(), weight.span);
        }
    }

    fn lexicon(
        &mut self,
        file: &RawFile,
        span: Span,
        base: f64,
        entries: &[(At<String>, At<f64>)],
        id: RuleId,
    ) -> Kind {
        if entries.len() > MAX_ENTRIES {
            self.error(file, "too-many", format!("a lexicon of more than {MAX_ENTRIES} entries"), span);
        }
        for ((given, _), entry) in entries.iter().take(MAX_ENTRIES).zip(0..) {
            for sequence in self.spellings(file, given) {
                self.builder.add_entry(sequence, id.0, entry);
            }
        }
        let entries = entries.iter().map(|(given, weight)| (given.value.clone().into(), weight.value)).collect();
        Kind::Lexicon(Lexicon { base, entries })
    }

    fn patterns(&mut self, file: &RawFile, patterns: &[RawPattern], id: RuleId) -> Kind {
        let mut built = Vec::new();
        for RawPattern { regex, requires, contains, span } in patterns {
            if requires.is_empty() {
                let message = "a pattern needs `requires`, words that it cannot match without".to_owned();
                self.error(file, "missing-key", message, regex.as_ref().map_or(*span, |regex| regex.span)).help =
                    Some("a pattern is looked for only around one of these words".into());
            }
            self.phrases(file, requires, id, Slot::Gate);
            let contains: List<Text> = contains.iter().map(|text| text.value.to_lowercase().into()).collect();
            let size = self.base.regex_size;
            match regex.as_ref().map(|regex| (regex, Pattern::build(&regex.value, size))) {
                None => built.push(Pattern::new("".into(), contains)),
                Some((regex, Ok(program))) => built.push(Pattern {
                    built: Some(program).into(),
                    ..Pattern::new(regex.value.clone().into(), contains)
                }),
                Some((regex, Err(regex::Error::CompiledTooBig(_)))) => {
                    let message =
                        format!("the regex takes more than {} once it is built", size_words(size as u64));
                    self.error(file, "bad-regex", message, regex.span).help =
                        Some("`regex-size` in `[limits]` of selfless.toml raises the limit".into());
                }
                Some((regex, Err(error))) => {
                    let reason = regex_reason(&error.to_string());
                    self.error(file, "bad-regex", reason, regex.span);
                }
            }
        }
        Kind::Patterns(built.into())
    }

    fn addresses(&mut self, file: &RawFile, given: &[At<String>]) -> List<Text> {
        for address in given {
            let written = address.value.strip_prefix(['?', '*']).unwrap_or(&address.value);
            let (host, path) = written.split_once('/').unwrap_or((written, ""));
            let good = match address.value.chars().next() {
                Some('?') => written.len() > 1 && written.ends_with('=') && !written.contains('/'),
                Some('*') => host.is_empty() && path.len() > 1 && path.ends_with('/'),
                _ => host.contains('.') && !host.contains(':'),
            };
            if !good {
                let message = format!("`{}` is no address", address.value);
                self.error(file, "bad-address", message, address.span).help =
                    Some("write `host.example`, `host.example/path`, `*/folder/` or `?key=`".into());
            }
        }
        given.iter().map(|address| address.value.to_lowercase().into()).collect()
    }
}

fn thresholds(raw: Option<RawThresholds>) -> Thresholds {
    raw.unwrap_or_default().into()
}

/// The last line of what the regex package says is the reason, in the manner of our messages; the lines before draw
/// carets.
fn regex_reason(error: &str) -> String {
    let reason = error.lines().last().unwrap_or_default().trim_start_matches("error: ").trim_end_matches('.');
    let mut letters = reason.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The placeholders that a kind fills.
#[must_use]
pub fn placeholders(kind: &Kind) -> &'static [&'static str] {
    match kind {
        Kind::Phrases
        | Kind::Patterns(_)
        | Kind::Near { .. }
        | Kind::Sequence
        | Kind::PhraseAt(_)
        | Kind::FindingAt(..)
        | Kind::Link { .. } => &["match"],
        Kind::Count(_) => &["match", "count", "max", "words", "platform"],
        Kind::Ratio { .. } => &["count", "others", "words"],
        Kind::Absent | Kind::Composite { .. } => &["words"],
        Kind::Lexicon(_) => &[],
        Kind::Length(LengthOf::Post) => &["match", "count", "max", "unit", "platform"],
        Kind::Length(LengthOf::Fold(_)) => &["match", "hidden", "count", "max", "platform"],
        Kind::Verdict(_) => &["promotion", "conversation"],
        Kind::Queue(queue) => queue.placeholders(),
    }
}
