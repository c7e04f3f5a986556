//! What a rule looks for, as a rule file says it: one function a kind, all alike.
//!
//! Does not say which kind a rule is of; a rule may still have none or several. Invariant: a kind whose table could not
//! be understood is [`RawKind::Unread`], so that nobody says that it is missing.

use super::{Reader, Table};
use crate::rule::class::Class;
use crate::rule::queue::{self, RawQueue};
use crate::rule::{LengthOf, LinkOf, Place, VerdictKind};
use crate::table::At;
use crate::text::Span;

/// What a rule looks for, as written.
#[derive(Debug)]
pub enum RawKind {
    /// Phrases.
    Phrases(Vec<At<String>>),
    /// Regexes.
    Patterns(Vec<RawPattern>),
    /// One of `a` within some words of one of `b`.
    Near {
        /// The one.
        a: Vec<At<String>>,
        /// The other.
        b: Vec<At<String>>,
        /// How many words may stand between.
        within: u8,
        /// How many sentence ends may stand between.
        sentences: u8,
    },
    /// One of `first` in a sentence, one of `then` in the next.
    Sequence {
        /// The first.
        first: Vec<At<String>>,
        /// The second.
        then: Vec<At<String>>,
    },
    /// A class or phrases counted.
    Count {
        /// The class; none for phrases.
        class: Option<Class>,
        /// The phrases.
        phrases: Vec<At<String>>,
        /// Only more than one in this many words.
        per_words: u16,
        /// Only those that stand next to each other.
        run: bool,
    },
    /// One group of classes against another.
    Ratio {
        /// Counted above.
        of: Vec<Class>,
        /// Counted below.
        to: Vec<Class>,
        /// How many must stand above.
        at_least: u16,
    },
    /// A phrase, or another rule's finding, in a certain place.
    Position {
        /// The place.
        at: Place,
        /// The phrases, or none.
        phrases: Vec<At<String>>,
        /// The rules, or none.
        rules: Vec<At<String>>,
    },
    /// Phrases that are missing.
    Absent(Vec<At<String>>),
    /// A link of a class, with so many words beside it.
    Link {
        /// Whose.
        of: LinkOf,
        /// Addresses of which it leads to one; to any where none are given.
        to: Vec<At<String>>,
        /// Words outside links, at least.
        min_words: u16,
        /// Words outside links, at most.
        max_words: u16,
    },
    /// Other rules together.
    Composite {
        /// Each of these.
        all: Vec<At<String>>,
        /// One of these.
        any: Vec<At<String>>,
        /// None of these.
        none: Vec<At<String>>,
    },
    /// Words weighed one by one: each with what its presence adds.
    Lexicon {
        /// The log-odds without any of them.
        base: f64,
        /// Phrases and what each adds to the log-odds.
        entries: Vec<(At<String>, At<f64>)>,
    },
    /// A text that is too long.
    LengthOfPost,
    /// A text whose point stands behind the fold.
    LengthOfFold {
        /// Rules whose findings are asks.
        asks: Vec<At<String>>,
    },
    /// The verdict on the whole.
    Verdict(At<VerdictKind>),
    /// Something of a queue of posts.
    Queue(RawQueue),
    /// A kind that names something unknown, which is told already.
    Unread,
}

impl RawKind {
    /// Whether a list of phrases is there, with nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Phrases(list) | Self::Absent(list) => list.is_empty(),
            Self::Lexicon { entries, .. } => entries.is_empty(),
            _ => false,
        }
    }
}

/// A regex, or pieces of words, as written.
#[derive(Debug)]
pub struct RawPattern {
    /// The regex; none where the pieces are all that is looked for.
    pub regex: Option<At<String>>,
    /// Phrases that it cannot match without.
    pub requires: Vec<At<String>>,
    /// Texts of which one must be there, letter for letter.
    pub contains: Vec<At<String>>,
    /// Where it stands.
    pub span: Span,
}

/// The kind keys, in the order of the documentation.
pub const KIND_KEYS: [&str; 19] = [
    "phrases",
    "patterns",
    "near",
    "sequence",
    "count",
    "ratio",
    "position",
    "absent",
    "link",
    "composite",
    "lexicon",
    "length",
    "verdict",
    "queue-share",
    "queue-run",
    "queue-duplicate",
    "queue-link",
    "queue-cadence",
    "queue-absent",
];

pub(super) fn kinds(reader: &mut Reader, table: &mut Table<'_>) -> Vec<At<RawKind>> {
    let mut kinds = Vec::new();
    let mut push = |span: Option<Span>, kind: RawKind| {
        kinds.push(At { value: kind, span: span.unwrap_or_default() });
    };
    if let Some(phrases) = table.strings(reader, "phrases") {
        push(table.key_span("phrases"), RawKind::Phrases(phrases));
    }
    let patterns: Vec<_> = table
        .tables(reader, "patterns")
        .into_iter()
        .map(|mut table| {
            let regex = table.string(reader, "regex");
            let requires = table.strings(reader, "requires").unwrap_or_default();
            let contains = table.strings(reader, "contains").unwrap_or_default();
            let span = table.span();
            if regex.is_none() && contains.is_empty() {
                reader.report("missing-key", "a pattern without `regex` or `contains`", span);
            }
            table.finish(reader, "a pattern");
            RawPattern { regex, requires, contains, span }
        })
        .collect();
    if !patterns.is_empty() {
        push(table.key_span("patterns"), RawKind::Patterns(patterns));
    }
    if let Some(near) = table.table(reader, "near") {
        push(table.key_span("near"), self::near(reader, near));
    }
    if let Some(mut sequence) = table.table(reader, "sequence") {
        let kind = RawKind::Sequence {
            first: needed(reader, &mut sequence, "first"),
            then: needed(reader, &mut sequence, "then"),
        };
        sequence.finish(reader, "a sequence");
        push(table.key_span("sequence"), kind);
    }
    if let Some(count) = table.table(reader, "count") {
        push(table.key_span("count"), self::count(reader, count));
    }
    if let Some(ratio) = table.table(reader, "ratio") {
        push(table.key_span("ratio"), self::ratio(reader, ratio));
    }
    if let Some(position) = table.table(reader, "position")
        && let Some(kind) = self::position(reader, position)
    {
        push(table.key_span("position"), kind);
    }
    if let Some(absent) = table.strings(reader, "absent") {
        push(table.key_span("absent"), RawKind::Absent(absent));
    }
    if let Some(mut link) = table.table(reader, "link") {
        let of = link.word(reader, "of", "kind of link", LinkOf::from_name);
        let to = link.strings(reader, "to").unwrap_or_default();
        let min_words = small(reader, &mut link, "min-words").unwrap_or(0);
        let max_words = small(reader, &mut link, "max-words").unwrap_or(u16::MAX);
        let unread = of.is_none() && link.has("of");
        if of.is_none() && to.is_empty() && !unread {
            reader.report("missing-key", "a link rule without `of` or `to`", link.span());
        }
        link.finish(reader, "a link rule");
        let of = of.map(|of| of.value).or((!unread).then_some(LinkOf::Any));
        push(
            table.key_span("link"),
            of.map_or(RawKind::Unread, |of| RawKind::Link { of, to, min_words, max_words }),
        );
    }
    if let Some(mut composite) = table.table(reader, "composite") {
        let kind = RawKind::Composite {
            all: composite.strings(reader, "all").unwrap_or_default(),
            any: composite.strings(reader, "any").unwrap_or_default(),
            none: composite.strings(reader, "none").unwrap_or_default(),
        };
        composite.finish(reader, "a composite");
        push(table.key_span("composite"), kind);
    }
    if let Some(lexicon) = table.table(reader, "lexicon") {
        push(table.key_span("lexicon"), self::lexicon(reader, lexicon));
    }
    if let Some(length) = table.table(reader, "length") {
        push(table.key_span("length"), self::length(reader, length));
    }
    let verdict = table.word(reader, "verdict", "verdict", VerdictKind::from_name);
    if table.has("verdict") {
        push(table.key_span("verdict"), verdict.map_or(RawKind::Unread, RawKind::Verdict));
    }
    for key in queue::KEYS {
        if let Some(queue) = table.table(reader, key) {
            push(table.key_span(key), RawKind::Queue(queue::read(reader, key, queue)));
        }
    }
    kinds
}

fn needed(reader: &mut Reader, table: &mut Table<'_>, key: &'static str) -> Vec<At<String>> {
    let found = table.strings(reader, key).unwrap_or_default();
    if found.is_empty() {
        reader.report("missing-key", format!("`{key}` is missing or empty"), table.span());
    }
    found
}

pub(super) fn small(reader: &mut Reader, table: &mut Table<'_>, key: &'static str) -> Option<u16> {
    let number = table.integer(reader, key)?;
    u16::try_from(number.value).ok()
}

fn near(reader: &mut Reader, mut table: Table<'_>) -> RawKind {
    let a = needed(reader, &mut table, "a");
    let b = needed(reader, &mut table, "b");
    let within = table.integer(reader, "within").map_or(10, |number| number.value);
    let sentences = table.integer(reader, "sentences").map_or(0, |number| number.value);
    table.finish(reader, "a near rule");
    let byte = |number: u64| u8::try_from(number).unwrap_or(u8::MAX);
    RawKind::Near { a, b, within: byte(within), sentences: byte(sentences) }
}

fn count(reader: &mut Reader, mut table: Table<'_>) -> RawKind {
    let class = table.word(reader, "of", "token class", Class::from_name).map(|class| class.value);
    let phrases = table.strings(reader, "phrases").unwrap_or_default();
    if table.has("of") != phrases.is_empty() {
        reader.report("missing-key", "a count takes either `of`, a token class, or `phrases`", table.span());
    }
    let per_words = small(reader, &mut table, "per-words").unwrap_or(0);
    let run = table.boolean(reader, "run").is_some_and(|flag| flag.value);
    table.finish(reader, "a count");
    RawKind::Count { class, phrases, per_words, run }
}

fn lexicon(reader: &mut Reader, mut table: Table<'_>) -> RawKind {
    let base = match table.number(reader, "base") {
        Some(base) => base.value,
        None => {
            reader.report("missing-key", "a lexicon without `base`", table.span());
            0.0
        }
    };
    let mut entries = Vec::new();
    if let Some(words) = table.table(reader, "words") {
        for name in words.keys() {
            if let Some(weight) = words.number_at(reader, &name.value) {
                entries.push((name, weight));
            }
        }
    }
    table.finish(reader, "a lexicon");
    RawKind::Lexicon { base, entries }
}

fn length(reader: &mut Reader, mut table: Table<'_>) -> RawKind {
    let of =
        table.word(reader, "of", "kind of length", |name| LengthOf::NAMES.iter().position(|&known| known == name));
    if of.is_none() && !table.has("of") {
        reader.report("missing-key", "a length rule without `of`", table.span());
    }
    let asks = table.strings(reader, "asks");
    let kind = match (of.map(|of| of.value), asks) {
        (Some(0), None) => RawKind::LengthOfPost,
        (Some(0), Some(_)) => {
            let span = table.key_span("asks").unwrap_or_else(|| table.span());
            reader.report("kind", "only the length of a fold has `asks`", span);
            RawKind::LengthOfPost
        }
        (Some(_), Some(asks)) if !asks.is_empty() => RawKind::LengthOfFold { asks },
        (Some(_), _) => {
            reader.report("missing-key", "`asks` is missing or empty", table.span());
            RawKind::LengthOfFold { asks: Vec::new() }
        }
        (None, _) => RawKind::Unread,
    };
    table.finish(reader, "a length rule");
    kind
}

fn ratio(reader: &mut Reader, mut table: Table<'_>) -> RawKind {
    let mut classes = |reader: &mut Reader, key| -> Vec<Class> {
        let classes = table.words(reader, key, "token class", Class::from_name);
        if !table.has(key) || table.is_empty_list(key) {
            reader.report("missing-key", format!("`{key}` is missing or empty"), table.span());
        }
        classes.into_iter().flatten().map(|class| class.value).collect()
    };
    let of = classes(reader, "of");
    let to = classes(reader, "to");
    let at_least = small(reader, &mut table, "at-least").unwrap_or(1);
    table.finish(reader, "a ratio");
    RawKind::Ratio { of, to, at_least }
}

fn position(reader: &mut Reader, mut table: Table<'_>) -> Option<RawKind> {
    let at = table.word(reader, "at", "place", Place::from_name);
    if !table.has("at") {
        reader.report("missing-key", "a position rule without `at`", table.span());
    }
    let phrases = table.strings(reader, "phrases").unwrap_or_default();
    let rules = table.strings(reader, "rules").unwrap_or_default();
    if phrases.is_empty() == rules.is_empty() {
        reader.report("missing-key", "a position rule takes either `phrases` or `rules`", table.span());
    }
    table.finish(reader, "a position rule");
    Some(RawKind::Position { at: at?.value, phrases, rules })
}
