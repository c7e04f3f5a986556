//! Following phrases from token to token.
//!
//! Does not build tables. Invariant: every phrase that starts at a token is told once for each place at which it can
//! end, in the order of the trie.

use std::ops::Range;

use super::class::Class;
use super::tables::{Accept, GAP, Key, Symbol, Tables, WORDS};

/// Tables and the tokens to be walked over, ready to be read without asking whether the arrays are static or not.
#[derive(Clone, Debug)]
pub struct Walker<'a> {
    keys: &'a [Key],
    root_starts: &'a [u32],
    roots: &'a [u32],
    set_starts: &'a [u32],
    sets: &'a [Symbol],
    edge_starts: &'a [u32],
    edge_symbols: &'a [Symbol],
    edge_targets: &'a [u32],
    accept_starts: &'a [u32],
    accepts: &'a [u32],
    /// The last symbol of a word; those behind it are sets.
    last_word: Symbol,
    /// The classes that edges of the root ask for.
    root_classes: u32,
    /// Nodes behind gaps and the tokens they were entered at: nothing new comes of entering one there again, and without
    /// this a phrase of several gaps would be tried in every combination.
    gaps: Vec<(u32, usize)>,
}

/// One walk: how far it may go, and who is told.
struct Walk<'w, 'a, F> {
    walker: &'w mut Walker<'a>,
    limit: usize,
    found: F,
}

impl<'a> Walker<'a> {
    /// A walker over `keys`, which must be made of the words of `tables`.
    #[must_use]
    pub fn new(tables: &'a Tables, keys: &'a [Key]) -> Self {
        let last_word = WORDS + u32::try_from(tables.word_classes.len()).unwrap_or(u32::MAX - WORDS);
        let mut walker = Self {
            keys,
            root_starts: &tables.root_starts,
            roots: &tables.roots,
            set_starts: &tables.set_starts,
            sets: &tables.sets,
            edge_starts: &tables.edge_starts,
            edge_symbols: &tables.edge_symbols,
            edge_targets: &tables.edge_targets,
            accept_starts: &tables.accept_starts,
            accepts: &tables.accepts,
            last_word,
            root_classes: 0,
            gaps: Vec::new(),
        };
        let classes = walker.edges(0).0.iter().take_while(|&&symbol| symbol < GAP);
        walker.root_classes = classes.fold(0, |all, symbol| all | 1 << symbol);
        walker
    }

    /// Calls `found(accept, end)` for every phrase that starts at token `first`; `end` is one past its last token.
    /// A phrase never reaches past `limit`, the end of its sentence.
    pub fn walk(&mut self, first: usize, limit: usize, found: impl FnMut(Accept, usize)) {
        self.gaps.clear();
        let key = self.keys[first];
        let (roots, root_starts, root_classes) = (self.roots, self.root_starts, self.root_classes);
        let (_, targets) = self.edges(0);
        let mut walk = Walk { walker: self, limit, found };
        if let Some(word) = (key.word as usize).checked_sub(1) {
            for &node in &roots[span(root_starts, word)] {
                walk.visit(node, first + 1);
            }
        }
        let mut wanted = key.classes.0 & root_classes;
        while wanted != 0 {
            let symbol = wanted.trailing_zeros();
            wanted &= wanted - 1;
            let edge = (root_classes & ((1 << symbol) - 1)).count_ones();
            walk.class(symbol, targets[edge as usize], first);
        }
    }

    fn edges(&self, node: u32) -> (&'a [Symbol], &'a [u32]) {
        let range = span(self.edge_starts, node as usize);
        (&self.edge_symbols[range.clone()], &self.edge_targets[range])
    }
}

impl<F: FnMut(Accept, usize)> Walk<'_, '_, F> {
    /// Arrives at a node, before token `at`.
    fn visit(&mut self, node: u32, at: usize) {
        let accepts = &self.walker.accepts[span(self.walker.accept_starts, node as usize)];
        for &accept in accepts {
            (self.found)(Accept::unpacked(accept), at);
        }
        self.step(node, at);
    }

    /// Follows all edges of a node that token `at` fits.
    fn step(&mut self, node: u32, at: usize) {
        let (mut symbols, mut targets) = self.walker.edges(node);
        if at >= self.limit {
            return;
        }
        // Edges of classes and gaps stand first.
        while let ([symbol, other_symbols @ ..], [target, other_targets @ ..]) = (symbols, targets) {
            match *symbol {
                ..GAP => self.class(*symbol, *target, at),
                GAP..WORDS => self.gap((*symbol - GAP) as usize, *target, at),
                _ => break,
            }
            (symbols, targets) = (other_symbols, other_targets);
        }
        let number = self.walker.keys[at].word;
        let Some(index) = (number as usize).checked_sub(1) else { return };
        let word = WORDS + number;
        // Most nodes have few edges and common words are in dozens of sets, so the shorter list is looked up in the
        // longer. Symbols of words come before those of sets, so both ways go in the same order.
        let sets = &self.walker.sets[span(self.walker.set_starts, index)];
        let last_word = self.walker.last_word;
        if symbols.len() <= sets.len() {
            for (&symbol, &target) in symbols.iter().zip(targets) {
                if symbol == word || symbol > last_word && sets.binary_search(&symbol).is_ok() {
                    self.visit(target, at + 1);
                }
            }
        } else {
            for &symbol in std::iter::once(&word).chain(sets) {
                if let Ok(edge) = symbols.binary_search(&symbol) {
                    self.visit(targets[edge], at + 1);
                }
            }
        }
    }

    fn class(&mut self, symbol: Symbol, target: u32, at: usize) {
        let key = self.walker.keys[at];
        if key.classes.0 & (1 << symbol) != 0 {
            let named = symbol <= Class::Partner as u32;
            let len = if named { usize::from(key.name_len.max(1)) } else { 1 };
            if at + len <= self.limit {
                self.visit(target, at + len);
            }
        }
    }

    /// Goes on at each of the next tokens that the gap may skip to.
    fn gap(&mut self, most: usize, target: u32, at: usize) {
        for next in at..=(at + most).min(self.limit) {
            if !self.walker.gaps.contains(&(target, next)) {
                self.walker.gaps.push((target, next));
                self.step(target, next);
            }
            if self.walker.keys.get(next).is_some_and(|key| !key.skippable) {
                break;
            }
        }
    }
}

/// Where the entries of `index` stand.
fn span(starts: &[u32], index: usize) -> Range<usize> {
    starts[index] as usize..starts[index + 1] as usize
}
