//! Floor 2: rules as data, compiled.
//!
//! `raw` is the shape of a rule file, `phrase` its small language, `compile` turns both into [`Rule`]s and [`Tables`],
//! the latter by `build` and `rates`; `numbers` are the words of a text, `walk` follows phrases from one to the next, `set` is the registry, and `shipped` holds what `rules/` compiles
//! to as statics. Knows no documents. Invariant: nothing can fail on a rule after it is compiled.

pub mod build;
pub mod class;
pub mod compile;
pub mod generate;
pub mod keys;
pub mod manual;
pub mod numbers;
pub mod order;
pub mod phrase;
pub mod profile;
pub mod queue;
mod rates;
pub mod raw;
pub mod remedy;
pub mod set;
pub mod shape;
mod shipped;
pub mod tables;
pub mod walk;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

pub use class::{Class, Classes};
pub use queue::{Hours, QueueKind};
pub use remedy::{Change, Remedy};
pub use set::{RuleSet, Selection, Turns};
pub use shape::Shape;
pub use shipped::files as shipped_files;
pub use tables::Tables;

use crate::diagnostic::Level;
use crate::document::AccountKind;
use crate::text::{Limit, Platform, Source, Span};

/// Text of a rule: static for shipped rules, owned for a user's.
pub type Text = Cow<'static, str>;

/// A list of a rule: static for shipped rules, owned for a user's.
pub type List<T> = Cow<'static, [T]>;

/// The number of a rule in its [`RuleSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u16);

impl RuleId {
    /// For indexing.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The number of a category in its [`RuleSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CategoryId(pub u8);

/// A named check.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `category/name`.
    pub name: Text,
    /// The category's number.
    pub category_id: CategoryId,
    /// The pack it belongs to: it is off until that is switched on. None for a rule that needs no pack.
    pub pack: Option<Text>,
    /// Whether it rewards conversation.
    pub credit: bool,
    /// Its own level, before any policy; [`Level::Credit`] for a credit.
    pub level: Level,
    /// What one match adds to the sum of its category, before damping; the most that a lexicon adds. See `score`.
    pub weight: f64,
    /// Whether it was right on too few labelled posts to be trusted alone: such rules together never make a verdict
    /// promotional.
    pub unproven: bool,
    /// The problem, shown as the title; may hold placeholders.
    pub message: Text,
    /// What is said at the place itself; may be empty, may hold placeholders.
    pub label: Text,
    /// Why it matters, shown as the note.
    pub why: Text,
    /// Who says so.
    pub source: Text,
    /// What to write instead.
    pub help: Text,
    /// The concrete change that it proposes, where it has one.
    pub fix: Option<Remedy>,
    /// A draft with the problem, and the same without; for `explain` and the documentation.
    pub before: Text,
    /// See `before`.
    pub after: Text,
    /// What is looked for.
    pub kind: Kind,
    /// When a match does not count.
    pub guards: Guards,
    /// Where a user's rule is declared; none for a shipped one.
    pub origin: Option<(Arc<Source>, Span)>,
}

impl Rule {
    /// Whether it says anything of promotion or conversation of a post; how long it is and what queue it stands in says
    /// nothing of either.
    #[must_use]
    pub const fn judges(&self) -> bool {
        !matches!(self.kind, Kind::Length(_) | Kind::Queue(_))
    }

    /// Whether it is what the selector `promotion` means: no credit, no structure, no verdict, no length, and nothing
    /// that reads all promotion itself.
    #[must_use]
    pub fn is_plain_promotion(&self) -> bool {
        let reads_all = |list: &[Selector]| list.contains(&Selector::Promotion);
        let kind_reads_all = match &self.kind {
            Kind::FindingAt(_, of) => reads_all(of),
            Kind::Composite { all, any, none } => reads_all(all) || reads_all(any) || reads_all(none),
            _ => false,
        };
        let guards = &self.guards;
        let guards_read_all =
            reads_all(&guards.with) || reads_all(&guards.without) || reads_all(&guards.unless_rule);
        let apart = self.credit
            || !self.judges()
            || self.is_in("structure")
            || self.is_in("verdict")
            || matches!(self.kind, Kind::Lexicon(_));
        !(apart || kind_reads_all || guards_read_all)
    }

    /// Whether its findings become notes of others that stand on the same words: those of structure rules, and words in
    /// place of a link, which an ask may be made of.
    #[must_use]
    pub fn yields(&self) -> bool {
        self.is_in("structure") || matches!(self.kind, Kind::Phrases) && self.is_in("link")
    }

    /// The message as it stands before anything is found: what will be filled in is a gap.
    #[must_use]
    pub fn title(&self) -> String {
        let mut text = String::new();
        let mut rest = &*self.message;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((_, behind)) = after.split_once('}') else {
                text.push('{');
                rest = after;
                continue;
            };
            text.push('…');
            rest = behind;
        }
        text + rest
    }

    /// The part of the name before the slash.
    #[must_use]
    pub fn category(&self) -> &str {
        // Names are short: a search by words of the machine takes longer than a look at each byte.
        let end = self.name.bytes().position(|byte| byte == b'/');
        end.and_then(|end| self.name.get(..end)).unwrap_or(&self.name)
    }

    /// Whether that is its category, for less than reading its name to the end.
    #[must_use]
    pub fn is_in(&self, category: &str) -> bool {
        let rest = self.name.strip_prefix(category);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Rules that another rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Selector {
    /// One rule.
    Rule(RuleId),
    /// All rules of a category.
    Category(CategoryId),
    /// All rules that are no credits, structure rules and the verdict aside.
    Promotion,
}

/// What a rule looks for.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Phrases over tokens.
    Phrases,
    /// Regexes over the folded text.
    Patterns(List<Pattern>),
    /// A phrase near another, in either order.
    Near {
        /// How many tokens may stand between.
        within: u8,
        /// How many sentence ends may stand between.
        sentences: u8,
    },
    /// A phrase in one sentence, another in the next.
    Sequence,
    /// Tokens or phrases counted.
    Count(Count),
    /// One group of classes against another.
    Ratio {
        /// Counted above.
        of: Classes,
        /// Counted below.
        to: Classes,
        /// How many must stand above for the rule to speak at all.
        at_least: u16,
        /// Levels by the quotient; a count of 0 below is taken as 1.
        thresholds: Thresholds,
    },
    /// A phrase in a certain place.
    PhraseAt(Place),
    /// Another rule's finding in a certain place.
    FindingAt(Place, List<Selector>),
    /// Phrases of which none is there.
    Absent,
    /// A link, with so many words beside it.
    Link {
        /// Whose.
        of: LinkOf,
        /// Addresses, lowercase, of which it leads to one; to any where none are given: see `matcher::address`.
        to: List<Text>,
        /// Words of the post outside links, tags and mentions, at least.
        min_words: u16,
        /// The same, at most.
        max_words: u16,
    },
    /// Other rules' findings together.
    Composite {
        /// Each of these found something.
        all: List<Selector>,
        /// One of these found something; none asked for when empty.
        any: List<Selector>,
        /// None of these found something.
        none: List<Selector>,
    },
    /// Words weighed one by one.
    Lexicon(Lexicon),
    /// How long a post is, by the limits of its networks.
    Length(LengthOf),
    /// The verdict on the whole post.
    Verdict(VerdictKind),
    /// Something of a queue of posts.
    Queue(QueueKind),
}

impl Kind {
    /// Whether it has levels by measure.
    #[must_use]
    pub const fn is_measured(&self) -> bool {
        matches!(self, Self::Count(_) | Self::Ratio { .. })
    }

    /// The key it is declared by.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Phrases => "phrases",
            Self::Patterns(_) => "patterns",
            Self::Near { .. } => "near",
            Self::Sequence => "sequence",
            Self::Count(_) => "count",
            Self::Ratio { .. } => "ratio",
            Self::PhraseAt(_) | Self::FindingAt(..) => "position",
            Self::Absent => "absent",
            Self::Link { .. } => "link",
            Self::Composite { .. } => "composite",
            Self::Lexicon(_) => "lexicon",
            Self::Length(_) => "length",
            Self::Verdict(_) => "verdict",
            Self::Queue(queue) => queue.name(),
        }
    }
}

/// Words and word pairs whose presence speaks for or against: what word choice says where no rule finds anything.
#[derive(Clone, Debug, PartialEq)]
pub struct Lexicon {
    /// The log-odds (natural logarithm) that a post without any of the entries promotes.
    pub base: f64,
    /// Each entry as it is written, and what its presence adds to the log-odds.
    pub entries: List<(Text, f64)>,
}

/// What of a length is told.
#[derive(Clone, Debug)]
pub enum LengthOf {
    /// A text that its network does not take, for it is too long.
    Post,
    /// A text whose point stands behind "see more", where findings of these rules are its asks.
    Fold(List<Selector>),
}

impl LengthOf {
    /// The names in rule files.
    pub const NAMES: [&'static str; 2] = ["post", "fold"];
}

/// Which verdict a rule of kind verdict speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VerdictKind {
    /// The draft reads as promotional.
    Promotional,
    /// Value for others, and an ask beside it.
    Mixed,
    /// Not judged, for the draft is in another language.
    Unjudged,
}

impl VerdictKind {
    /// The names in rule files.
    pub const NAMES: [&'static str; 3] = ["promotional", "mixed", "none"];

    /// Reads one of [`VerdictKind::NAMES`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "promotional" => Some(Self::Promotional),
            "mixed" => Some(Self::Mixed),
            "none" => Some(Self::Unjudged),
            _ => None,
        }
    }
}

/// The default limit for a regex once it is built, in bytes.
pub const MAX_REGEX_SIZE: usize = 1 << 20;

/// A regex over folded text, or pieces of words.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// Its source; empty where pieces of words are all that is looked for.
    pub regex: Text,
    /// Pieces of folded text of which one must stand there; none asked for when empty.
    pub contains: List<Text>,
    /// Built on first use, since building is what a cold start costs; of a user's when the file is read, which is where one that
    /// cannot be built is told. For the shipped a test makes sure that all can.
    pub built: OnceLock<Option<regex::Regex>>,
}

impl Pattern {
    /// Not built yet.
    #[must_use]
    pub const fn new(regex: Text, contains: List<Text>) -> Self {
        Self { regex, contains, built: OnceLock::new() }
    }

    /// Whether pieces of words are all that is looked for.
    #[must_use]
    pub fn is_of_pieces(&self) -> bool {
        self.regex.is_empty()
    }

    /// Whether a word holds one of the pieces.
    #[must_use]
    pub fn has_piece(&self, word: &str) -> bool {
        // Most words hold the first two bytes of hardly any piece, which costs less to see than one search. Different pairs may
        // count as one.
        let pair = |two: &[u8]| two.iter().fold(0, |pair: u8, byte| pair.wrapping_mul(31).wrapping_add(*byte));
        let mut pairs = [0_u64; 4];
        word.as_bytes().windows(2).map(pair).for_each(|pair| pairs[usize::from(pair >> 6)] |= 1 << (pair & 63));
        let begins = |two: &[u8]| pairs[usize::from(pair(two) >> 6)] >> (pair(two) & 63) & 1 == 1;
        let may_hold = |piece: &str| piece.as_bytes().get(..2).is_none_or(begins);
        self.contains.iter().any(|piece| may_hold(piece) && word.contains(&**piece))
    }

    /// The regex for this text, built on first use; none where the text cannot hold a match.
    #[must_use]
    pub fn get(&self, folded: &str) -> Option<&regex::Regex> {
        let has_piece = || self.contains.iter().any(|piece| folded.contains(&**piece));
        if self.is_of_pieces() || !self.contains.is_empty() && !has_piece() {
            return None;
        }
        self.built.get_or_init(|| Self::build(&self.regex, MAX_REGEX_SIZE).ok()).as_ref()
    }

    /// Builds a regex with the limits that keep a rule file harmless: so many bytes of program, and as many of cache.
    ///
    /// # Errors
    /// When the regex is malformed or too large.
    pub fn build(regex: &str, size: usize) -> Result<regex::Regex, regex::Error> {
        regex::RegexBuilder::new(regex).size_limit(size).dfa_size_limit(size).build()
    }
}

/// What is counted, and how much is too much.
#[derive(Clone, Debug)]
pub struct Count {
    /// A class of tokens; none for phrases.
    pub class: Option<Class>,
    /// Only more than one in this many words counts as too much; 0 for no such condition.
    pub per_words: u16,
    /// Only tokens in one run count: next to each other, with nothing but commas and `and` between.
    pub run: bool,
    /// Levels by the count.
    pub thresholds: Thresholds,
    /// The same for single platforms.
    pub on: List<(Platform, Thresholds)>,
}

/// Levels by measure: the least measure at which each level holds, infinite where it never does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// From here on a note.
    pub note: f64,
    /// From here on a warning.
    pub warning: f64,
    /// From here on an error.
    pub error: f64,
}

impl Thresholds {
    /// The level of a measure, if any.
    #[must_use]
    pub fn level(&self, measure: f64) -> Option<Level> {
        [(self.error, Level::Error), (self.warning, Level::Warning), (self.note, Level::Note)]
            .into_iter()
            .find(|&(least, _)| measure >= least)
            .map(|(_, level)| level)
    }

    /// The least measure that is too much.
    #[must_use]
    pub fn least(&self) -> f64 {
        self.note.min(self.warning).min(self.error)
    }

    /// The same levels, as far apart, from the first measure on that is more than `limit` allows.
    #[must_use]
    pub fn from_limit(&self, limit: Limit) -> Self {
        let by = match limit {
            Limit::Most(most) => f64::from(most) + 1.0 - self.least(),
            Limit::None => f64::INFINITY,
        };
        // Where there is no level at all, there is nothing to move.
        let moved = |least: f64| if least.is_finite() { least + by } else { least };
        Self { note: moved(self.note), warning: moved(self.warning), error: moved(self.error) }
    }
}

/// Levels by measure that stand in place of the rules' own, on all networks.
pub type ThresholdTable = BTreeMap<RuleId, Thresholds>;

/// Places that position rules know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The first word of the post.
    FirstWord,
    /// The first sentence.
    FirstSentence,
    /// The last sentence, closing tags and links aside.
    LastSentence,
    /// The last line, closing tags aside.
    LastLine,
}

impl Place {
    /// The names in rule files.
    pub const NAMES: [&'static str; 4] = ["first-word", "first-sentence", "last-sentence", "last-line"];

    /// Reads one of [`Place::NAMES`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "first-word" => Some(Self::FirstWord),
            "first-sentence" => Some(Self::FirstSentence),
            "last-sentence" => Some(Self::LastSentence),
            "last-line" => Some(Self::LastLine),
            _ => None,
        }
    }
}

/// Whose link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkOf {
    /// The account's own domains.
    Own,
    /// Not own and not tracked.
    Other,
    /// With a referral or affiliate mark.
    Tracked,
    /// Any link.
    Any,
}

impl LinkOf {
    /// The names in rule files.
    pub const NAMES: [&'static str; 4] = ["own", "other", "tracked", "any"];

    /// Reads one of [`LinkOf::NAMES`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "own" => Some(Self::Own),
            "other" => Some(Self::Other),
            "tracked" => Some(Self::Tracked),
            "any" => Some(Self::Any),
            _ => None,
        }
    }
}

/// Whose doing a match must be, told by the nearest person to its left in the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Subject {
    /// Anybody's.
    #[default]
    Any,
    /// The author's, said so.
    Author,
    /// The author's, said so or with no subject at all.
    AuthorOrImplied,
    /// The author's, or in a sentence about what is the author's own, or in a post that promotes elsewhere.
    AuthorOrPromotion,
    /// Not somebody else's.
    NotOther,
}

impl Subject {
    /// The names in rule files.
    pub const NAMES: [&'static str; 5] = ["any", "self", "self-or-implied", "self-or-promo", "not-other"];

    /// Reads one of [`Subject::NAMES`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "any" => Some(Self::Any),
            "self" => Some(Self::Author),
            "self-or-implied" => Some(Self::AuthorOrImplied),
            "self-or-promo" => Some(Self::AuthorOrPromotion),
            "not-other" => Some(Self::NotOther),
            _ => None,
        }
    }
}

/// When a match of a rule does not count.
#[derive(Clone, Debug, Default)]
pub struct Guards {
    /// Whose doing it must be.
    pub subject: Subject,
    /// A negator within four words before it, in the same clause, excuses it.
    pub negation: bool,
    /// It must start a clause.
    pub clause_start: bool,
    /// Quoted words do not count.
    pub skip_quotes: bool,
    /// Phrases void it that are looked for in the sentences around it, and nowhere else.
    pub looks_around: bool,
    /// Findings of these in the same or the next sentence excuse it.
    pub unless_rule: List<Selector>,
    /// One of these must have found something in the post; nothing asked for when empty.
    pub with: List<Selector>,
    /// None of these may have found something in the post.
    pub without: List<Selector>,
    /// Kinds of account it is for; empty means all.
    pub accounts: List<AccountKind>,
    /// Platforms it is for; empty means all.
    pub platforms: List<Platform>,
    /// Least number of words of the post.
    pub min_words: u16,
    /// Greatest number of words of the post.
    pub max_words: u16,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_word_holds_a_piece_wherever_it_stands(word in "[abé]{0,9}", pieces in proptest::collection::vec("[abé]{1,3}", 0..4)) {
            let expected = pieces.iter().any(|piece| word.contains(piece.as_str()));
            let pieces: Vec<Text> = pieces.into_iter().map(Text::from).collect();
            let pattern = Pattern::new(Text::from(String::new()), pieces.into());
            prop_assert_eq!(pattern.has_piece(&word), expected);
        }
    }
}
