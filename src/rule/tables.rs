//! Phrases as flat arrays: an interner of words, sets of words, and a trie whose edges are symbols.
//!
//! Does not tokenize. The same arrays are statics for the shipped rules and vectors for a user's, so that a cold
//! start builds nothing. Invariant: edges of a node are sorted by symbol, classes and gaps first, and every offset
//! array has one entry more than what it indexes.

use std::collections::{BTreeMap, BTreeSet};

use super::List;
use super::class::{Class, Classes};
use super::phrase::{Label, Sequence};

/// What an edge of the trie asks of a token: a class (below 32), a gap (32 to 63), a word, or a set of words.
pub type Symbol = u32;

pub(super) const GAP: Symbol = 32;
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
        Self { rule: (packed >> 16) as u16, slot, entry, starts: packed & 2 != 0, ends: packed & 1 != 0 }
    }
}

/// The lists of phrases that one rule can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// What the rule looks for; the first of two.
    Main,
    /// The second of two: `b` of near, `then` of sequence.
    Second,
    /// Guard `unless-near`.
    UnlessNear,
    /// Guard `unless`.
    Unless,
    /// A word that a regex cannot match without.
    Gate,
    /// An entry of a lexicon.
    Entry,
}

/// Interner, sets and trie.
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
    /// For each word, where the nodes that it leads to from the root start in `roots`, and the end.
    pub root_starts: List<u32>,
    /// Nodes.
    pub roots: List<u32>,
    /// For each node, where its edges start, and the end. Node 0 is the root, with class edges only.
    pub edge_starts: List<u32>,
    /// Symbols of edges.
    pub edge_symbols: List<u32>,
    /// Nodes that edges lead to.
    pub edge_targets: List<u32>,
    /// For each node, where its accepts start, and the end.
    pub accept_starts: List<u32>,
    /// Ends of phrases, as [`Accept::packed`] makes them: the shipped ones are tens of thousands, and an array of numbers
    /// is what a compiler reads fastest.
    pub accepts: List<u32>,
}

/// What one token is to the trie.
#[derive(Clone, Copy, Debug, Default)]
pub struct Key {
    /// Word number + 1, 0 for a word that no phrase knows.
    pub word: u32,
    /// Its classes.
    pub classes: Classes,
    /// How many tokens it covers when taken as one of its own, self or partner names.
    pub name_len: u8,
    /// Whether a gap may skip it.
    pub skippable: bool,
}

impl Tables {
    /// The number of a folded word, plus one; 0 if no phrase and no class knows it.
    #[must_use]
    pub fn word(&self, folded: &str) -> u32 {
        let mask = self.buckets.len().wrapping_sub(1);
        if self.buckets.is_empty() {
            return 0;
        }
        let mut at = hash(folded) as usize & mask;
        loop {
            match self.buckets[at] {
                0 => return 0,
                number if self.spelling(number) == folded => return number,
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn spelling(&self, number: u32) -> &str {
        let index = number as usize - 1;
        &self.text[self.word_starts[index] as usize..self.word_starts[index + 1] as usize]
    }

    /// The classes that the word lists give to word `number` (as [`Tables::word`] returns it).
    #[must_use]
    pub fn classes(&self, number: u32) -> Classes {
        Classes(number.checked_sub(1).map_or(0, |index| self.word_classes[index as usize]))
    }

    /// How many words the interner holds, how many nodes the trie.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.word_classes.len(), self.edge_starts.len().saturating_sub(1))
    }
}

/// FNV-1a, 32 bits: small, and good enough for a few thousand short words.
fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Collects phrases and word classes, then makes the arrays.
#[derive(Debug, Default)]
pub struct Builder {
    classes: BTreeMap<String, Classes>,
    phrases: Vec<Ending>,
}

/// One spelling of a phrase, with its rule, its list, and what [`Accept::entry`] holds.
type Ending = (Sequence, u16, Slot, u16);

impl Builder {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives a word a class.
    pub fn classify(&mut self, word: &str, class: Class) {
        let classes = self.classes.entry(word.to_owned()).or_default();
        *classes = classes.with(class);
    }

    /// Adds one spelling of a phrase of a rule.
    pub fn add(&mut self, sequence: Sequence, rule: u16, slot: Slot) {
        let lead = u16::from(sequence.lead);
        self.phrases.push((sequence, rule, slot, lead));
    }

    /// Adds one spelling of entry number `entry`, below [`MAX_ENTRIES`], of a lexicon.
    pub fn add_entry(&mut self, sequence: Sequence, rule: u16, entry: u16) {
        self.phrases.push((sequence, rule, Slot::Entry, entry));
    }

    /// The arrays. The result depends only on what was added, not on the order of words or sets.
    #[must_use]
    pub fn build(self) -> Tables {
        let mut words: BTreeSet<&str> = self.classes.keys().map(String::as_str).collect();
        let mut sets: BTreeSet<&[String]> = BTreeSet::new();
        for label in self.phrases.iter().flat_map(|(sequence, ..)| &sequence.labels) {
            match label {
                Label::Word(word) => {
                    words.insert(word);
                }
                Label::Set(set) => {
                    words.extend(set.iter().map(String::as_str));
                    sets.insert(set);
                }
                Label::Class(_) | Label::Gap(_) => {}
            }
        }
        let numbers: BTreeMap<&str, u32> = words.iter().copied().zip(1..).collect();
        let first_set = WORDS + 1 + count(words.len());
        let symbols = Symbols { numbers, sets: sets.iter().copied().zip(first_set..).collect() };
        let trie = Trie::new(&self.phrases, &symbols);
        let classes = words.iter().map(|word| self.classes.get(*word).map_or(0, |classes| classes.0)).collect();
        symbols.tables(&words, classes, trie)
    }
}

struct Symbols<'a> {
    numbers: BTreeMap<&'a str, u32>,
    sets: BTreeMap<&'a [String], Symbol>,
}

impl Symbols<'_> {
    fn of(&self, label: &Label) -> Symbol {
        match label {
            Label::Class(class) => *class as u32,
            Label::Gap(words) => GAP + u32::from(*words),
            Label::Word(word) => WORDS + self.numbers.get(word.as_str()).copied().unwrap_or(0),
            Label::Set(set) => self.sets.get(set.as_slice()).copied().unwrap_or(0),
        }
    }

    fn tables(&self, words: &BTreeSet<&str>, word_classes: Vec<u32>, mut trie: Trie) -> Tables {
        let mut sets_of: Vec<Vec<Symbol>> = vec![Vec::new(); words.len()];
        for (set, &symbol) in &self.sets {
            for word in *set {
                sets_of[self.numbers[word.as_str()] as usize - 1].push(symbol);
            }
        }
        sets_of.iter_mut().for_each(|sets| sets.sort_unstable());

        // The root's words and sets are turned round: from each word straight to the nodes it leads to.
        let root = std::mem::take(&mut trie.nodes[0].edges);
        let mut roots_of: Vec<Vec<u32>> = vec![Vec::new(); words.len()];
        for (&symbol, &target) in &root {
            if symbol < WORDS {
                trie.nodes[0].edges.insert(symbol, target);
            }
        }
        for (word, roots) in roots_of.iter_mut().enumerate() {
            let own = WORDS + 1 + count(word);
            roots.extend(std::iter::once(&own).chain(&sets_of[word]).filter_map(|symbol| root.get(symbol)));
        }

        let (set_starts, sets) = flatten(sets_of);
        let (root_starts, roots) = flatten(roots_of);
        let (edge_starts, edges) = flatten(trie.nodes.iter().map(|node| node.edges.clone()));
        let (accept_starts, accepts) =
            flatten(trie.nodes.iter().map(|node| node.accepts.iter().map(|accept| accept.packed())));
        let (edge_symbols, edge_targets): (Vec<u32>, Vec<u32>) = edges.into_iter().unzip();
        let mut word_starts = vec![0];
        let mut text = String::new();
        for word in words {
            text.push_str(word);
            word_starts.push(count(text.len()));
        }
        Tables {
            text: text.into(),
            word_starts: word_starts.into(),
            buckets: buckets(words).into(),
            word_classes: word_classes.into(),
            set_starts: set_starts.into(),
            sets: sets.into(),
            root_starts: root_starts.into(),
            roots: roots.into(),
            edge_starts: edge_starts.into(),
            edge_symbols: edge_symbols.into(),
            edge_targets: edge_targets.into(),
            accept_starts: accept_starts.into(),
            accepts: accepts.into(),
        }
    }
}

fn buckets(words: &BTreeSet<&str>) -> Vec<u32> {
    let mut buckets = vec![0; (words.len() * 2).next_power_of_two()];
    let mask = buckets.len() - 1;
    for (word, number) in words.iter().zip(1..) {
        let mut at = hash(word) as usize & mask;
        while buckets[at] != 0 {
            at = (at + 1) & mask;
        }
        buckets[at] = number;
    }
    buckets
}

fn flatten<T>(lists: impl IntoIterator<Item = impl IntoIterator<Item = T>>) -> (Vec<u32>, Vec<T>) {
    let mut starts = vec![0];
    let mut all = Vec::new();
    for list in lists {
        all.extend(list);
        starts.push(count(all.len()));
    }
    (starts, all)
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[derive(Default)]
struct TrieNode {
    edges: BTreeMap<Symbol, u32>,
    accepts: BTreeSet<Accept>,
}

struct Trie {
    nodes: Vec<TrieNode>,
}

impl Trie {
    fn new(phrases: &[Ending], symbols: &Symbols<'_>) -> Self {
        let mut trie = Self { nodes: vec![TrieNode::default()] };
        for (sequence, rule, slot, entry) in phrases {
            let mut node = 0;
            for label in &sequence.labels {
                node = trie.child(node, symbols.of(label));
            }
            let (starts, ends) = (sequence.starts, sequence.ends);
            let accept = Accept { rule: *rule, slot: *slot, entry: *entry, starts, ends };
            trie.nodes[node as usize].accepts.insert(accept);
        }
        trie
    }

    fn child(&mut self, node: u32, symbol: Symbol) -> u32 {
        let next = count(self.nodes.len());
        let child = *self.nodes[node as usize].edges.entry(symbol).or_insert(next);
        if child == next {
            self.nodes.push(TrieNode::default());
        }
        child
    }
}

#[cfg(test)]
mod tests {
    use super::super::phrase::{self, Lists};
    use super::super::walk::Walker;
    use super::*;

    fn tables(phrases: &[&str]) -> Tables {
        let mut builder = Builder::new();
        for (rule, phrase) in phrases.iter().enumerate() {
            for sequence in phrase::expand(phrase, &Lists::new()).unwrap() {
                builder.add(sequence, u16::try_from(rule).unwrap(), Slot::Main);
            }
        }
        builder.build()
    }

    fn keys(tables: &Tables, text: &str) -> Vec<Key> {
        text.split(' ')
            .map(|word| Key {
                word: tables.word(word),
                classes: if word.starts_with('$') { Classes::of(&[Class::Money]) } else { Classes::default() },
                name_len: 0,
                skippable: word != ",",
            })
            .collect()
    }

    #[track_caller]
    fn check(phrases: &[&str], text: &str, expected: &[&str]) {
        let tables = tables(phrases);
        let keys = keys(&tables, text);
        let words: Vec<&str> = text.split(' ').collect();
        let mut found = Vec::new();
        for first in 0..keys.len() {
            Walker::new(&tables, &keys).walk(first, keys.len(), |accept, end| {
                found.push(format!("{}: {}", accept.rule, words[first..end].join(" ")));
            });
        }
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_phrase_is_found_also_where_they_overlap() {
        let phrases = ["thrilled to announce", "to announce", "announce our", "{thrilled|excited} to"];
        check(
            &phrases,
            "so thrilled to announce our",
            &["0: thrilled to announce", "3: thrilled to", "1: to announce", "2: announce our"],
        );
    }

    #[test]
    fn gaps_skip_words_but_no_marks() {
        check(&["won ~2 award"], "won the big award", &["0: won the big award"]);
        check(&["won ~2 award"], "won award", &["0: won award"]);
        check(&["won ~2 award"], "won the very big award", &[]);
        check(&["won ~2 award"], "won , award", &[]);
        check(&["made {money} ~1 week"], "made $5 a week", &["0: made $5 a week"]);
        check(&["{money} off"], "take $5 off", &["0: $5 off"]);
    }

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

    #[test]
    fn an_empty_table_finds_nothing() {
        check(&[], "anything at all", &[]);
    }

    /// The plain way: try every spelling of every phrase at every token.
    fn naive(phrases: &[String], words: &[&str]) -> BTreeSet<(u16, usize, usize)> {
        fn ends(labels: &[Label], words: &[&str], at: usize, found: &mut BTreeSet<usize>) {
            let Some((label, rest)) = labels.split_first() else {
                found.insert(at);
                return;
            };
            if let Label::Gap(most) = label {
                for next in at..=(at + usize::from(*most)).min(words.len()) {
                    ends(rest, words, next, found);
                    if words.get(next) == Some(&",") {
                        break;
                    }
                }
                return;
            }
            let Some(word) = words.get(at) else { return };
            let fits = match label {
                Label::Word(wanted) => wanted == word,
                Label::Set(set) => set.iter().any(|wanted| wanted == word),
                Label::Class(_) => word.starts_with('$'),
                Label::Gap(_) => false,
            };
            if fits {
                ends(rest, words, at + 1, found);
            }
        }
        let mut found = BTreeSet::new();
        for (phrase, rule) in phrases.iter().zip(0..) {
            for sequence in phrase::expand(phrase, &Lists::new()).unwrap() {
                for first in 0..words.len() {
                    let mut at = BTreeSet::new();
                    ends(&sequence.labels, words, first, &mut at);
                    found.extend(at.into_iter().map(|end| (rule, first, end)));
                }
            }
        }
        found
    }

    use proptest::prelude::*;

    fn phrase_text() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "a", "b", "c", "d", "{a|b}", "{c|d|e}", "[a]", "[b|c]", "~1", "~2", "{money}", "{a b|c}", "[a b]",
        ]);
        prop::collection::vec(piece, 1..5)
            .prop_map(|pieces| pieces.join(" "))
            .prop_filter("nothing has to be there", |phrase| phrase::expand(phrase, &Lists::new()).is_ok())
    }

    proptest! {
        #[test]
        fn the_trie_finds_what_trying_every_spelling_finds(
            phrases in prop::collection::vec(phrase_text(), 1..8),
            words in prop::collection::vec(prop::sample::select(vec!["a", "b", "c", "d", "e", "f", ",", "$5"]), 1..12),
        ) {
            let borrowed: Vec<&str> = phrases.iter().map(String::as_str).collect();
            let tables = tables(&borrowed);
            let keys = keys(&tables, &words.join(" "));
            let mut found = BTreeSet::new();
            for first in 0..keys.len() {
                Walker::new(&tables, &keys).walk(first, keys.len(), |accept, end| {
                    found.insert((accept.rule, first, end));
                });
            }
            prop_assert_eq!(found, naive(&phrases, &words));
        }
    }
}
