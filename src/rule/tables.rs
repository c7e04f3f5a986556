//! Phrases as flat arrays: an interner of words, sets of words, and a graph whose edges are symbols.
//!
//! Does not tokenize, and does not make the arrays (`build`) nor follow them (`walk`). They are the same, statics for the
//! shipped rules and vectors for a user's, so that a cold start builds nothing. Invariant: edges of a node are sorted by
//! symbol, classes, turns and gaps first, but for what ends there, which stands before them; every node stands behind those
//! that it leads to, and arrays of starts have one entry more than what they index.

use std::collections::{BTreeMap, BTreeSet};

use super::List;
use super::class::Classes;
use super::numbers::Numbers;

/// What an edge asks of a token: a class (below 32), a gap (33 to 62), a word, or a set of words; `TURN` and `ACCEPT` ask nothing.
pub type Symbol = u32;

/// From here on to the left of the anchor.
pub(super) const TURN: Symbol = 32;
/// A gap of no words; one of N words is N more.
pub(super) const GAP: Symbol = TURN;
/// A phrase ends here: no edge, but it stands among them, with an accept in place of a node.
pub(super) const ACCEPT: Symbol = 63;
pub(super) const WORDS: Symbol = 64;

/// How many entries a lexicon can have: what [`Accept::packed`] has room for.
pub const MAX_ENTRIES: usize = 1 << 11;

/// The end of a phrase: what its match is a match of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Accept {
    /// Index of the rule in its set.
    pub rule: u16,
    /// Which of the rule's phrase lists.
    pub slot: Slot,
    /// Which entry of a lexicon, below [`MAX_ENTRIES`]; elsewhere how many words may stand before a match that must
    /// start its sentence.
    pub entry: u16,
    /// The match must start its sentence.
    pub starts: bool,
    /// The match must end its sentence.
    pub ends: bool,
}

impl Accept {
    /// Rule in the upper half, then entry, slot and the anchors.
    #[must_use]
    pub const fn packed(self) -> u32 {
        (self.rule as u32) << 16
            | (self.entry as u32) << 5
            | (self.slot as u32) << 2
            | (self.starts as u32) << 1
            | self.ends as u32
    }

    /// The rule of a packed accept.
    pub(super) const fn rule_of(packed: u32) -> u16 {
        (packed >> 16) as u16
    }

    /// The reverse of [`Accept::packed`].
    #[must_use]
    pub const fn unpacked(packed: u32) -> Self {
        let slot = match packed >> 2 & 7 {
            0 => Slot::Main,
            1 => Slot::Second,
            2 => Slot::UnlessNear,
            3 => Slot::Unless,
            4 => Slot::Gate,
            _ => Slot::Entry,
        };
        let entry = (packed >> 5) as u16 % MAX_ENTRIES as u16;
        Self { rule: Self::rule_of(packed), slot, entry, starts: packed & 2 != 0, ends: packed & 1 != 0 }
    }
}

/// The lists of phrases that one rule can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// What the rule looks for; the first of two.
    Main,
    /// The second of two: `b` of near, `then` of sequence.
    Second,
    /// Guard `unless-near`; among [`Tables::anchors`] for a rule that finds links, whose places no phrase tells.
    UnlessNear,
    /// Guard `unless`.
    Unless,
    /// A word that a regex cannot match without.
    Gate,
    /// An entry of a lexicon.
    Entry,
}

/// Interner, sets and nodes.
#[derive(Clone, Debug)]
pub struct Tables {
    /// All words, one after the other.
    pub text: super::Text,
    /// Where each word starts in `text`, and the end.
    pub word_starts: List<u32>,
    /// Open addressing over the words: word number + 1, 0 for empty; the length is a power of two.
    pub buckets: List<u32>,
    /// Classes of each word.
    pub word_classes: List<u32>,
    /// For each word, where its sets start in `sets`, and the end.
    pub set_starts: List<u32>,
    /// Symbols of sets: for each word open addressing over those that it is in, as `has_set` reads it; 0 for empty.
    pub sets: List<u32>,
    /// Where phrases are looked for.
    pub anchors: Anchors,
    /// The same for [`Slot::Second`] and [`Slot::UnlessNear`], which are looked for only around what their rule found.
    pub seconds: Anchors,
    /// For each node that has edges what is asked of it first, in four numbers, as `Head` reads them. Number 0 is a node with
    /// nothing.
    pub heads: List<u32>,
    /// The edges of nodes, as `edges_at` reads them. All are plain numbers, because that is what a compiler reads fastest.
    pub edges: List<u32>,
}

/// From what a token is to the nodes of the phrases that are looked for there.
#[derive(Clone, Debug)]
pub struct Anchors {
    /// For each word, where its roots start in `roots`, counted in roots, and the end.
    pub starts: List<u32>,
    /// The roots of words, and of the sets that they are in, in five numbers each: a node, as edges have it, the bits of the
    /// rules whose phrases stand behind it, as `rule_bit` tells them, and the filter of the node where that looks at one
    /// token, else one that lets all pass.
    pub roots: List<u32>,
    /// For each class its node, 0 where it has none.
    pub classes: List<u32>,
    /// The classes that have one.
    pub class_bits: u32,
}

/// Marks the target of an edge, or a root, from where the way goes left at once.
pub(super) const TO_LEFT: u32 = 1 << 31;

/// Marks the target of an edge, or a root, at which phrases end and none goes on: it stands in place of a node, and says where its
/// accepts are, as [`edges_at`] reads them.
pub(super) const LEAF: u32 = 1 << 30;

/// How far a filter can look.
pub(super) const MOST_REACH: u32 = 3;

/// The bit of the roots that stands for a rule.
pub(super) const fn rule_bit(rule: u16) -> u32 {
    1 << (rule % 32)
}

/// A symbol and the node that it leads to; behind `ACCEPT` an accept, as [`Accept::packed`] makes it.
pub(super) type Edge = [u32; 2];

/// The edges of a node that start at `at`: those that ask for no word, accepts first, and those that do.
#[inline(always)]
pub(super) fn edges_at(edges: &[Edge], at: usize) -> Option<(&[Edge], &[Edge])> {
    let (&[wordless, wordy], rest) = edges.get(at..)?.split_first()?;
    let (wordless, rest) = rest.split_at_checked(wordless as usize)?;
    Some((wordless, rest.get(..wordy as usize)?))
}

/// Where paths have come to, as what is asked before its edges are: a filter, in 64 bits of words and one of classes, then where the
/// edges stand and how many of the next tokens the filter looks at. No edge leads anywhere unless it lets pass one of those tokens; it
/// looks at none where the node must be looked at whatever comes next, and still holds all words that an edge fits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'a>(&'a [u32; 4]);

impl<'a> Head<'a> {
    /// Of node number `number`.
    #[inline(always)]
    pub(super) fn at(heads: &'a [[u32; 4]], number: u32) -> Option<Self> {
        heads.get(number as usize).map(Self)
    }

    /// As numbers, for edges that start at `edges` of [`Tables::edges`], counted in edges.
    pub(super) const fn written(filter: Filter, edges: u32, reach: u32) -> [u32; 4] {
        [filter.words as u32, (filter.words >> 32) as u32, filter.classes, edges << 2 | reach]
    }

    pub(super) const fn filter(self) -> Filter {
        let [low, high, classes, _] = *self.0;
        Filter { words: low as u64 | (high as u64) << 32, classes }
    }

    /// How many tokens the filter looks at.
    #[inline(always)]
    pub(super) const fn reach(self) -> u32 {
        self.0[3] & 3
    }

    /// Where its edges start, for [`edges_at`].
    #[inline(always)]
    pub(super) const fn edges(self) -> usize {
        (self.0[3] >> 2) as usize
    }
}

/// What tokens edges may fit: words whose bit is in `words`, as [`Tables::bit`] tells it, and what has one of `classes`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Filter {
    pub words: u64,
    pub classes: u32,
}

impl Filter {
    /// What lets all pass.
    pub(super) const ALL: Self = Self { words: u64::MAX, classes: u32::MAX };

    /// Whether it may let pass a word; of those that no phrase knows it may let pass some.
    #[inline(always)]
    pub(super) const fn knows(self, number: u32) -> bool {
        self.words >> (number % 64) & 1 != 0
    }

    #[inline(always)]
    pub(super) const fn lets_pass(self, number: u32, classes: Classes) -> bool {
        self.knows(number) || self.classes & classes.0 != 0
    }
}

/// What the tokens of a text are to the phrases; words and classes are as many.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    /// The words.
    pub words: &'a Numbers,
    /// The classes. A gap skips whatever is no mark.
    pub classes: &'a [Classes],
    /// Where one of the own, self or partner names starts, rising, and how many tokens it covers when taken as one.
    pub names: &'a [(u32, u8)],
}

impl Keys<'_> {
    /// How many tokens the name that starts at token `index` covers; 1 where none does.
    #[must_use]
    pub fn name_len(&self, index: usize) -> usize {
        let name = self.names.binary_search_by(|(first, _)| (*first as usize).cmp(&index));
        name.ok().and_then(|at| self.names.get(at)).map_or(1, |(_, len)| usize::from(*len))
    }
}

impl Tables {
    /// The words, ready to be looked up.
    #[must_use]
    pub fn words(&self) -> Words<'_> {
        let (text, starts) = (self.text.as_bytes(), &*self.word_starts);
        Words { text, starts, buckets: &self.buckets, classes: &self.word_classes }
    }

    /// The rules of which [`Tables::seconds`] has phrases that are looked for by a class, rising, each with the bits of
    /// those classes.
    #[must_use]
    pub fn seconds_by_class(&self) -> Vec<(u16, Classes)> {
        let (heads, edges) = (self.heads.as_chunks().0, self.edges.as_chunks().0);
        let mut rules: BTreeMap<u16, Classes> = BTreeMap::new();
        for (&root, class) in self.seconds.classes.iter().zip(0..).filter(|(root, _)| **root != 0) {
            let root = root & !TO_LEFT;
            let (mut seen, mut open) = (BTreeSet::from([root]), vec![root]);
            while let Some(number) = open.pop() {
                let at = match number & LEAF {
                    0 => Head::at(heads, number).map_or(0, Head::edges),
                    _ => (number & !LEAF) as usize,
                };
                let (wordless, wordy) = edges_at(edges, at).unwrap_or_default();
                for &[symbol, target] in wordless.iter().chain(wordy) {
                    if symbol == ACCEPT {
                        rules.entry(Accept::rule_of(target)).or_default().0 |= 1 << class;
                    } else if seen.insert(target & !TO_LEFT) {
                        open.push(target & !TO_LEFT);
                    }
                }
            }
        }
        rules.into_iter().collect()
    }

    /// The bit of the filters of nodes that stands for word `number`; none for 0.
    pub(super) const fn bit(number: u32) -> u64 {
        ((number != 0) as u64) << (number % 64)
    }
}

/// How much room open addressing has for so many symbols: a power of two, and at least one place stays empty.
pub(super) const fn room(symbols: usize) -> usize {
    if symbols == 0 { 0 } else { (symbols + symbols / 2 + 1).next_power_of_two() }
}

/// Where a set is looked for first, but for the upper bits: the numbers of the sets of one word are often near each other.
pub(super) const fn place(set: Symbol) -> usize {
    (set.wrapping_mul(0x9e37_79b1) >> 15) as usize
}

/// Whether a set is among those of a word.
#[inline(always)]
pub(super) fn has_set(sets: &[Symbol], set: Symbol) -> bool {
    let mut at = place(set);
    loop {
        match sets.get(at & sets.len().wrapping_sub(1)) {
            None | Some(0) => return false,
            Some(&symbol) if symbol == set => return true,
            Some(_) => at += 1,
        }
    }
}

/// The words of tables, to be looked up without asking whether the arrays are static or not.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    text: &'a [u8],
    starts: &'a [u32],
    buckets: &'a [u32],
    classes: &'a [u32],
}

impl Words<'_> {
    /// Whether the number of each takes two bytes.
    pub(super) fn fit_u16(&self) -> bool {
        self.classes.len() <= usize::from(u16::MAX)
    }

    /// The number of a folded word, plus one; 0 if no phrase and no class knows it.
    #[must_use]
    #[inline]
    pub fn number(&self, folded: &[u8]) -> u32 {
        let at = hash(folded) as usize;
        match self.bucket(at) {
            0 => 0,
            number if is_same(self.spelling(number), folded) => number,
            _ => self.number_behind(at, folded),
        }
    }

    /// The same for a word whose place is taken by another one, as few common ones are.
    #[cold]
    fn number_behind(&self, mut at: usize, folded: &[u8]) -> u32 {
        loop {
            at += 1;
            match self.bucket(at) {
                0 => return 0,
                number if is_same(self.spelling(number), folded) => return number,
                _ => {}
            }
        }
    }

    #[inline(always)]
    fn bucket(&self, at: usize) -> u32 {
        self.buckets.get(at & self.buckets.len().wrapping_sub(1)).copied().unwrap_or_default()
    }

    #[inline(always)]
    fn spelling(&self, number: u32) -> &[u8] {
        let Some(&[start, end]) = self.starts.get(number as usize - 1..).and_then(|starts| starts.first_chunk())
        else {
            return &[];
        };
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The classes that the word lists give to word `number` (as [`Words::number`] returns it).
    #[must_use]
    #[inline]
    pub fn classes(&self, number: u32) -> Classes {
        let classes = number.checked_sub(1).and_then(|index| self.classes.get(index as usize));
        Classes(classes.copied().unwrap_or_default())
    }
}

/// A hash of a folded word, made of steps of up to eight bytes: most words take one.
#[inline]
pub(super) fn hash(word: &[u8]) -> u32 {
    let mut hash = word.len() as u64;
    let mut last = word;
    if let Some(tail) = word.last_chunk::<8>() {
        for step in word.as_chunks::<8>().0 {
            hash = mixed(hash, u64::from_le_bytes(*step));
        }
        last = tail;
    }
    (mixed(hash, packed(last)) >> 32) as u32
}

/// Up to eight bytes as a number; no two words of one length are alike in it.
#[inline(always)]
fn packed(word: &[u8]) -> u64 {
    // The first and last four bytes of up to seven overlap, and so do three of up to three.
    match (word.first_chunk::<4>(), word.last_chunk::<4>(), word) {
        (Some(first), Some(last), _) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
        }
        (_, _, [first, .., last]) => {
            u64::from(*first) | u64::from(*last) << 8 | u64::from(word[word.len() / 2]) << 16
        }
        (_, _, [only]) => u64::from(*only),
        _ => 0,
    }
}

/// Whether two words are the same; most are short.
#[inline(always)]
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && if one.len() > 8 { one == other } else { packed(one) == packed(other) }
}

/// Multiplies by an odd number of many bits, and lets the upper half have its say in the lower.
const fn mixed(hash: u64, step: u64) -> u64 {
    let product = (hash ^ step).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ product >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_pack_into_a_number_and_back() {
        for slot in [Slot::Main, Slot::Second, Slot::UnlessNear, Slot::Unless, Slot::Gate, Slot::Entry] {
            for (starts, ends) in [(false, false), (true, false), (false, true), (true, true)] {
                for entry in [0, 1, 2_047] {
                    let accept = Accept { rule: 65_535, slot, entry, starts, ends };
                    assert_eq!(Accept::unpacked(accept.packed()), accept);
                }
            }
        }
    }
}
