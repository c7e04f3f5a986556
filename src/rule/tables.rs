//! Phrases as flat arrays: an interner of words, sets of words, and a graph whose edges are symbols.
//!
//! Does not tokenize, and does not make the arrays (`build`) nor follow them (`walk`). They are the same, statics for the
//! shipped rules and vectors for a user's, so that a cold start builds nothing. Invariant: edges of a node are sorted by
//! symbol, classes, turns and gaps first, every node stands behind those that it leads to, and arrays of starts have one
//! entry more than what they index.

use std::collections::{BTreeMap, BTreeSet};

use super::List;
use super::class::Classes;

/// What an edge asks of a token: a class (below 32), a gap (33 to 63), a word, or a set of words; `TURN` asks nothing.
pub type Symbol = u32;

/// From here on to the left of the anchor.
pub(super) const TURN: Symbol = 32;
/// A gap of no words; one of N words is N more.
pub(super) const GAP: Symbol = TURN;
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
    /// Symbols of sets, rising within a word.
    pub sets: List<u32>,
    /// Where phrases are looked for.
    pub anchors: Anchors,
    /// The same for [`Slot::Second`] and [`Slot::UnlessNear`], which are looked for only around what their rule found.
    pub seconds: Anchors,
    /// Nodes, one after the other, as `Node::at` reads them; the number of a node is where it starts. Number 0 is a node
    /// with nothing. All are plain numbers, because that is what a compiler reads fastest.
    pub nodes: List<u32>,
}

/// From what a token is to the nodes of the phrases that are looked for there.
#[derive(Clone, Debug)]
pub struct Anchors {
    /// For each word, where its roots start in `roots`, counted in roots, and the end.
    pub starts: List<u32>,
    /// The roots of words, and of the sets that they are in: a node, as edges have it, and the bits of the rules whose
    /// phrases stand behind it, as `rule_bit` tells them.
    pub roots: List<u32>,
    /// For each class its node, 0 where it has none.
    pub classes: List<u32>,
    /// The classes that have one.
    pub class_bits: u32,
}

/// Marks the target of an edge, or a root, from where the way goes left at once.
pub(super) const TO_LEFT: u32 = 1 << 31;

/// How far a filter can look.
pub(super) const MOST_REACH: u32 = 3;

/// The bit of the roots that stands for a rule.
pub(super) const fn rule_bit(rule: u16) -> u32 {
    1 << (rule % 32)
}

/// Where paths have come to: what ends here, and how they go on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a> {
    /// Ends of phrases, as [`Accept::packed`] makes them.
    pub accepts: &'a [u32],
    /// Edges that ask for no word, each a symbol and the node that it leads to.
    pub wordless: &'a [[u32; 2]],
    /// Edges that ask for one.
    pub wordy: &'a [[u32; 2]],
    /// How many of the next tokens the filter looks at; 0 where the node has none, because it must be looked at whatever
    /// comes next.
    pub reach: u32,
    /// No edge leads anywhere unless this lets pass one of those tokens.
    pub filter: Filter,
}

/// What tokens edges may fit: words whose bit is in `words`, as [`Tables::bit`] tells it, and what has one of `classes`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Filter {
    pub words: u64,
    pub classes: u32,
}

impl Filter {
    #[inline]
    pub(super) const fn lets_pass(self, number: u32, classes: Classes) -> bool {
        self.words & Tables::bit(number) != 0 || self.classes & classes.0 != 0
    }
}

/// How far the filter of a node looks, and the filter.
#[inline(always)]
pub(super) fn filter(nodes: &[u32], number: u32) -> (u32, Filter) {
    match &nodes[number as usize..] {
        [_, packed, low, high, classes, ..] => {
            let words = u64::from(*low) | u64::from(*high) << 32;
            (edges_unpacked(*packed).2, Filter { words, classes: *classes })
        }
        _ => (0, Filter::default()),
    }
}

impl<'a> Node<'a> {
    /// Node number `number`: how many accepts it has, `edges_packed`, the filter in three numbers where it has one, the
    /// accepts, and the edges.
    #[inline(always)]
    pub(super) fn at(nodes: &'a [u32], number: u32) -> Self {
        let (reach, filter) = filter(nodes, number);
        let (header, rest) = nodes[number as usize..].split_at(2);
        let (edges, wordless, _) = edges_unpacked(header[1]);
        let (accepts, rest) = rest[if reach > 0 { 3 } else { 0 }..].split_at(header[0] as usize);
        let (wordless, wordy) = rest.as_chunks().0[..edges].split_at(wordless);
        Self { accepts, wordless, wordy, reach, filter }
    }

    /// As numbers.
    pub(super) fn written(&self) -> Vec<u32> {
        let small = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        let (accepts, wordless) = (small(self.accepts.len()), small(self.wordless.len()));
        let mut written = vec![accepts, edges_packed(wordless + small(self.wordy.len()), wordless, self.reach)];
        if self.reach > 0 {
            let Filter { words, classes } = self.filter;
            written.extend([words as u32, (words >> 32) as u32, classes]);
        }
        written.extend(self.accepts);
        written.extend(self.wordless.iter().chain(self.wordy).flatten());
        written
    }

    /// The nodes that its edges lead to.
    pub(super) fn targets(&self) -> impl Iterator<Item = u32> {
        self.wordless.iter().chain(self.wordy).map(|[_, target]| target & !TO_LEFT)
    }
}

/// How many edges a node has, how many of them ask for no words, and how far its filter looks.
const fn edges_packed(edges: u32, wordless: u32, reach: u32) -> u32 {
    edges << 8 | reach << 6 | wordless
}

/// The reverse of [`edges_packed`].
const fn edges_unpacked(packed: u32) -> (usize, usize, u32) {
    ((packed >> 8) as usize, (packed & 63) as usize, packed >> 6 & 3)
}

/// What the tokens of a text are to the phrases; words and classes are as many.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys<'a> {
    /// Word number + 1, 0 for a word that no phrase knows.
    pub words: &'a [u32],
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
    /// The number of a folded word, plus one; 0 if no phrase and no class knows it.
    #[must_use]
    pub fn word(&self, folded: &str) -> u32 {
        let (buckets, starts, text) = (&*self.buckets, &*self.word_starts, self.text.as_bytes());
        let mask = buckets.len().wrapping_sub(1);
        if buckets.is_empty() {
            return 0;
        }
        let spelling = |number: u32| &text[starts[number as usize - 1] as usize..starts[number as usize] as usize];
        let mut at = hash(folded) as usize & mask;
        loop {
            match buckets[at] {
                0 => return 0,
                number if spelling(number) == folded.as_bytes() => return number,
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// The rules of which [`Tables::seconds`] has phrases that are looked for by a class, rising, each with the bits of
    /// those classes.
    #[must_use]
    pub fn seconds_by_class(&self) -> Vec<(u16, Classes)> {
        let mut rules: BTreeMap<u16, Classes> = BTreeMap::new();
        for (&root, class) in self.seconds.classes.iter().zip(0..).filter(|(root, _)| **root != 0) {
            let root = root & !TO_LEFT;
            let (mut seen, mut open) = (BTreeSet::from([root]), vec![root]);
            while let Some(number) = open.pop() {
                let node = Node::at(&self.nodes, number);
                for &accept in node.accepts {
                    rules.entry(Accept::unpacked(accept).rule).or_default().0 |= 1 << class;
                }
                open.extend(node.targets().filter(|&target| seen.insert(target)));
            }
        }
        rules.into_iter().collect()
    }

    /// The bit of the filters of nodes that stands for word `number`; none for 0.
    pub(super) const fn bit(number: u32) -> u64 {
        ((number != 0) as u64) << (number % 64)
    }

    /// The classes that the word lists give to word `number` (as [`Tables::word`] returns it).
    #[must_use]
    pub fn classes(&self, number: u32) -> Classes {
        Classes(number.checked_sub(1).map_or(0, |index| self.word_classes[index as usize]))
    }
}

/// A hash of a folded word, made of steps of up to eight bytes: most words take one.
pub(super) fn hash(word: &str) -> u32 {
    let (steps, tail) = word.as_bytes().as_chunks::<8>();
    let mut hash = word.len() as u64;
    for step in steps {
        hash = mixed(hash, u64::from_le_bytes(*step));
    }
    // The first and last four bytes of up to seven overlap, and so do three of up to three.
    let tail = match (tail.first_chunk::<4>(), tail.last_chunk::<4>(), tail) {
        (Some(first), Some(last), _) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
        }
        (_, _, [first, .., last]) => {
            u64::from(*first) | u64::from(*last) << 8 | u64::from(tail[tail.len() / 2]) << 16
        }
        (_, _, [only]) => u64::from(*only),
        _ => 0,
    };
    (mixed(hash, tail) >> 32) as u32
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
