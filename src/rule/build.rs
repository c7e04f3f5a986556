//! From spellings of phrases to the arrays of [`Tables`].
//!
//! Every spelling is turned into a path: from its anchor, which is the label that drafts hold least often, to the right,
//! then a turn, then from the anchor to the left. So a walk starts only where the rarest piece of a phrase stands, and
//! words that every sentence is full of start none. Does not follow paths. Invariant: paths that end alike share their
//! nodes, and the arrays depend only on what was added.

use std::collections::{BTreeMap, HashMap};

use super::class::{Class, Classes};
use super::phrase::{Label, Sequence};
use super::rates;
use super::tables::{
    ACCEPT, Accept, Anchors, Edge, Filter, GAP, Head, LEAF, MOST_REACH, Slot, Symbol, TO_LEFT, TURN, Tables,
    WORDS, hash, place, room, rule_bit,
};

/// One spelling, and what its match is a match of.
#[derive(Debug)]
struct Phrase {
    sequence: Sequence,
    accept: Accept,
    /// Whether it is looked for only near what its rule found.
    late: bool,
}

/// Collects phrases and word classes, then makes the arrays.
#[derive(Debug, Default)]
pub struct Builder {
    classes: BTreeMap<String, Classes>,
    phrases: Vec<Phrase>,
}

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

    /// Adds one spelling of a phrase of a rule; it goes with [`Tables::seconds`] where its list does.
    pub fn add(&mut self, sequence: Sequence, rule: u16, slot: Slot) {
        let (lead, late) = (u16::from(sequence.lead), matches!(slot, Slot::Second | Slot::UnlessNear));
        self.push(sequence, rule, slot, lead, late);
    }

    /// Adds one spelling of a phrase that is looked for everywhere, whatever its list.
    pub fn add_everywhere(&mut self, sequence: Sequence, rule: u16, slot: Slot) {
        let lead = u16::from(sequence.lead);
        self.push(sequence, rule, slot, lead, false);
    }

    /// Adds one spelling of entry number `entry`, below [`super::tables::MAX_ENTRIES`], of a lexicon.
    pub fn add_entry(&mut self, sequence: Sequence, rule: u16, entry: u16) {
        self.push(sequence, rule, Slot::Entry, entry, false);
    }

    fn push(&mut self, sequence: Sequence, rule: u16, slot: Slot, entry: u16, late: bool) {
        let accept = Accept { rule, slot, entry, starts: sequence.starts, ends: sequence.ends };
        self.phrases.push(Phrase { sequence, accept, late });
    }

    /// The arrays.
    #[must_use]
    pub fn build(self) -> Tables {
        let symbols = Symbols::of_all(&self);
        let (seconds, firsts): (Vec<_>, Vec<_>) = self.phrases.iter().partition(|phrase| phrase.late);
        let mut graph = Graph::new(symbols.bits());
        let roots = [firsts, seconds].map(|phrases: Vec<&Phrase>| {
            let paths = phrases.into_iter().map(|phrase| (symbols.path(&phrase.sequence), phrase.accept.packed()));
            graph.add(paths)
        });
        symbols.tables(&self.classes, graph, &roots)
    }
}

/// What is known of a word while the arrays are made.
#[derive(Clone, Copy, Default)]
struct Word {
    number: u32,
    rate: u32,
    /// How many rules look for it, and the last of them.
    rules: u32,
    last: Option<u16>,
}

struct Symbols<'a> {
    words: HashMap<&'a str, Word>,
    /// The words in their order.
    sorted: Vec<&'a str>,
    sets: HashMap<&'a [String], Symbol>,
    sorted_sets: Vec<&'a [String]>,
}

impl<'a> Symbols<'a> {
    fn of_all(builder: &'a Builder) -> Self {
        let mut words: HashMap<&str, Word> =
            builder.classes.keys().map(|word| (word.as_str(), Word::default())).collect();
        let mut sets: HashMap<&[String], Symbol> = HashMap::new();
        for Phrase { sequence, accept, .. } in &builder.phrases {
            for label in &sequence.labels {
                for word in label.words() {
                    let word = words.entry(word).or_default();
                    word.rules += u32::from(word.last != Some(accept.rule));
                    word.last = Some(accept.rule);
                }
                if let Label::Set(set) = label {
                    sets.insert(set, 0);
                }
            }
        }
        let mut sorted: Vec<&str> = words.keys().copied().collect();
        sorted.sort_unstable();
        let common = rates::common();
        for (text, number) in sorted.iter().zip(1..) {
            let ranked = common.get(text).copied().unwrap_or_default();
            let listed = builder.classes.get(*text).is_some_and(|classes| classes.has(Class::Common));
            words.entry(text).and_modify(|word| {
                word.number = number;
                word.rate = rates::word(ranked, word.rules, listed);
            });
        }
        let mut sorted_sets: Vec<&[String]> = sets.keys().copied().collect();
        sorted_sets.sort_unstable();
        sets.extend(sorted_sets.iter().copied().zip(WORDS + 1 + count(sorted.len())..));
        Self { words, sorted, sets, sorted_sets }
    }

    fn number(&self, word: &str) -> u32 {
        self.words.get(word).map_or(0, |word| word.number)
    }

    fn of(&self, label: &Label) -> Symbol {
        match label {
            Label::Class(class) => *class as u32,
            Label::Gap(words) => GAP + u32::from(*words),
            Label::Word(word) => WORDS + self.number(word),
            Label::Set(set) => self.sets.get(set.as_slice()).copied().unwrap_or(0),
        }
    }

    /// How many of a million tokens a label fits; a gap is nothing to look for.
    fn rate(&self, label: &Label) -> u32 {
        match label {
            Label::Gap(_) => u32::MAX,
            Label::Class(class) => rates::class(*class),
            Label::Word(_) | Label::Set(_) => {
                let rates = label.words().filter_map(|word| self.words.get(word)).map(|word| word.rate);
                rates.fold(0, u32::saturating_add)
            }
        }
    }

    fn path(&self, sequence: &Sequence) -> Vec<Symbol> {
        let labels = &sequence.labels;
        let anchor = (0..labels.len()).min_by_key(|&index| self.rate(&labels[index])).unwrap_or(0);
        let (left, right) = labels.split_at(anchor);
        let turn = (!left.is_empty()).then_some(TURN);
        let left = left.iter().rev().map(|label| self.of(label));
        right.iter().map(|label| self.of(label)).chain(turn).chain(left).collect()
    }

    /// For every symbol from the first word on, the bits of the words that it fits.
    fn bits(&self) -> Vec<u64> {
        let words = (0..=count(self.sorted.len())).map(Tables::bit);
        let bit = |word: &String| Tables::bit(self.number(word));
        let sets = self.sorted_sets.iter().map(|set| set.iter().fold(0, |bits, word| bits | bit(word)));
        words.chain(sets).collect()
    }

    fn tables(&self, classes: &BTreeMap<String, Classes>, graph: Graph, roots: &[Roots; 2]) -> Tables {
        let mut sets_of: Vec<Vec<Symbol>> = vec![Vec::new(); self.sorted.len()];
        for (set, symbol) in self.sorted_sets.iter().zip(WORDS + 1 + count(self.sorted.len())..) {
            for word in *set {
                sets_of[self.number(word) as usize - 1].push(symbol);
            }
        }
        let [anchors, seconds] = roots.each_ref().map(|roots| anchors(&graph, roots, &sets_of));
        let (set_starts, sets) = flatten(sets_of.iter().map(|sets| addressed(sets)));
        let mut word_starts = vec![0];
        let mut text = String::new();
        for word in &self.sorted {
            text.push_str(word);
            word_starts.push(count(text.len()));
        }
        let word_classes: Vec<u32> =
            self.sorted.iter().map(|word| classes.get(*word).map_or(0, |classes| classes.0)).collect();
        Tables {
            text: text.into(),
            word_starts: word_starts.into(),
            buckets: self.buckets().into(),
            word_classes: word_classes.into(),
            set_starts: set_starts.into(),
            sets: sets.into(),
            anchors,
            seconds,
            heads: graph.heads.concat().into(),
            edges: graph.edges.concat().into(),
        }
    }

    fn buckets(&self) -> Vec<u32> {
        let mut buckets = vec![0; (self.sorted.len() * 2).next_power_of_two()];
        let mask = buckets.len() - 1;
        // The commoner a word, the nearer to its place.
        let mut words: Vec<(&str, Word)> = self.sorted.iter().map(|text| (*text, self.words[text])).collect();
        words.sort_by_key(|(_, word)| std::cmp::Reverse(word.rate));
        for (text, Word { number, .. }) in words {
            let mut at = hash(text.as_bytes()) as usize & mask;
            while buckets[at] != 0 {
                at = (at + 1) & mask;
            }
            buckets[at] = number;
        }
        buckets
    }
}

/// Words and sets turned round: from each word straight to its nodes.
fn anchors(graph: &Graph, roots: &Roots, sets_of: &[Vec<Symbol>]) -> Anchors {
    let root = |symbol: Symbol| roots.get(&symbol).map_or(&[][..], Vec::as_slice).iter().copied();
    let (starts, roots) = flatten(sets_of.iter().zip(WORDS + 1..).map(|(sets, own)| {
        let symbols = std::iter::once(own).chain(sets.iter().copied());
        symbols.flat_map(root).map(|node| graph.root(node)).collect::<Vec<_>>()
    }));
    let classes: Vec<u32> = (0..TURN).map(|class| root(class).next().unwrap_or(0)).collect();
    let class_bits = classes.iter().zip(0..).fold(0, |bits, (&node, class)| bits | u32::from(node > 0) << class);
    Anchors { starts: starts.into(), roots: roots.concat().into(), classes: classes.into(), class_bits }
}

/// The sets of a word as [`Tables::sets`] has them.
fn addressed(sets: &[Symbol]) -> Vec<Symbol> {
    let mut addressed = vec![0; room(sets.len())];
    let mask = addressed.len().wrapping_sub(1);
    for &set in sets {
        let mut at = place(set) & mask;
        while addressed[at] != 0 {
            at = (at + 1) & mask;
        }
        addressed[at] = set;
    }
    addressed
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

/// The first symbols of paths, and the nodes behind them: one behind a class, several behind a word or set.
type Roots = BTreeMap<Symbol, Vec<u32>>;

/// Paths with their ends, in which whatever goes on alike is one node.
struct Graph {
    /// As [`Tables::heads`] and [`Tables::edges`] have them.
    heads: Vec<[u32; 4]>,
    edges: Vec<Edge>,
    /// The number of each node, by what it is.
    known: HashMap<Vec<Edge>, u32>,
    /// For each target, the bits of the rules behind it.
    rules: HashMap<u32, u32>,
    /// For every symbol from the first word on, the bits of the words that it fits.
    bits: Vec<u64>,
}

/// A node that paths may still be added to, and the symbol that leads to it.
#[derive(Default)]
struct Open {
    symbol: Symbol,
    accepts: Vec<Edge>,
    edges: Vec<Edge>,
}

impl Open {
    /// What ends here, what goes left from here, and what goes on right, apart. So where a walk starts, each is ruled out by the
    /// word on its own side, and what ends there takes no look at either.
    fn parts(self) -> Vec<Self> {
        let (turn, on): (Vec<Edge>, Vec<Edge>) = self.edges.into_iter().partition(|[symbol, _]| *symbol == TURN);
        let parts = [(self.accepts, Vec::new()), (Vec::new(), turn), (Vec::new(), on)];
        let some = parts.into_iter().filter(|(accepts, edges)| !(accepts.is_empty() && edges.is_empty()));
        some.map(|(accepts, edges)| Self { symbol: self.symbol, accepts, edges }).collect()
    }
}

impl Graph {
    fn new(bits: Vec<u64>) -> Self {
        let nothing = Head::written(Filter::default(), 0, 0);
        Self { heads: vec![nothing], edges: vec![[0, 0]], known: HashMap::new(), rules: HashMap::new(), bits }
    }

    /// Adds paths in their order, so that a node is finished as soon as a path leaves it, and is then the same as an
    /// earlier one or new.
    fn add(&mut self, paths: impl Iterator<Item = (Vec<Symbol>, u32)>) -> Roots {
        let mut paths: Vec<(Vec<Symbol>, u32)> = paths.collect();
        paths.sort_unstable();
        paths.dedup();
        let mut open = vec![Open::default()];
        let mut before: &[Symbol] = &[];
        for (path, accept) in &paths {
            let shared = path.iter().zip(before).take_while(|(a, b)| a == b).count();
            self.close(&mut open, shared);
            open.extend(path[shared..].iter().map(|&symbol| Open { symbol, ..Open::default() }));
            if let Some(last) = open.last_mut() {
                last.accepts.push([ACCEPT, *accept]);
            }
            before = path;
        }
        self.close(&mut open, 0);
        let mut roots = Roots::new();
        for [symbol, node] in open.swap_remove(0).edges {
            roots.entry(symbol).or_default().push(node);
        }
        roots
    }

    /// Finishes the open nodes below depth `depth`.
    fn close(&mut self, open: &mut Vec<Open>, depth: usize) {
        while open.len() > depth + 1
            && let Some(node) = open.pop()
        {
            let symbol = node.symbol;
            let parts = if open.len() == 1 && symbol >= WORDS { node.parts() } else { vec![node] };
            let numbers = parts.into_iter().map(|part| [symbol, self.number(part)]);
            if let Some(parent) = open.last_mut() {
                parent.edges.extend(numbers);
            }
        }
    }

    /// The number by which edges lead to a node, which is written down if it is new. One that does nothing but turn is
    /// told by where it turns to.
    fn number(&mut self, open: Open) -> u32 {
        if let ([], &[[TURN, left]]) = (open.accepts.as_slice(), open.edges.as_slice()) {
            return left | TO_LEFT;
        }
        let (filter, reach) = self.filter(&open);
        let wordless = open.edges.partition_point(|[symbol, _]| *symbol < WORDS);
        let counts = [count(open.accepts.len() + wordless), count(open.edges.len() - wordless)];
        let is_leaf = open.edges.is_empty();
        let written = [vec![counts], open.accepts, open.edges].concat();
        if let Some(&number) = self.known.get(&written) {
            return number;
        }
        let rules = written.iter().skip(1).fold(0, |bits, &[symbol, target]| match symbol {
            ACCEPT => bits | rule_bit(Accept::rule_of(target)),
            _ => bits | self.rules_behind(target),
        });
        let at = count(self.edges.len());
        let number = if is_leaf { at | LEAF } else { count(self.heads.len()) };
        if !is_leaf {
            self.heads.push(Head::written(filter, at, reach));
        }
        self.rules.insert(number, rules);
        self.edges.extend(&written);
        self.known.insert(written, number);
        number
    }

    fn rules_behind(&self, target: u32) -> u32 {
        self.rules.get(&(target & !TO_LEFT)).copied().unwrap_or(u32::MAX)
    }

    /// As [`Anchors::roots`] has it.
    fn root(&self, node: u32) -> [u32; 5] {
        let head = Head::at(&self.heads, node & !TO_LEFT).filter(|head| head.reach() == 1);
        let Filter { words, classes } = head.map_or(Filter::ALL, Head::filter);
        [node, self.rules_behind(node), words as u32, (words >> 32) as u32, classes]
    }

    /// The filter of a node, and how far it looks. What ends here or turns here asks nothing of the next token, and what skips
    /// too many asks too little.
    fn filter(&self, open: &Open) -> (Filter, u32) {
        let mut filter = Filter::default();
        let mut most = Some(u32::from(!open.edges.is_empty())).filter(|_| open.accepts.is_empty());
        for &[symbol, target] in &open.edges {
            let reach = match symbol {
                ..TURN => {
                    filter.classes |= 1 << symbol;
                    Some(1)
                }
                WORDS.. => {
                    filter.words |= self.bits[(symbol - WORDS) as usize];
                    Some(1)
                }
                _ if symbol == TURN || target & TO_LEFT != 0 => None,
                _ => Head::at(&self.heads, target).and_then(|behind| {
                    filter.words |= behind.filter().words;
                    filter.classes |= behind.filter().classes;
                    (behind.reach() > 0).then_some(symbol - GAP + behind.reach())
                }),
            };
            most = most.zip(reach).map(|(a, b)| a.max(b));
        }
        (filter, most.filter(|&reach| reach <= MOST_REACH).unwrap_or(0))
    }
}
