//! Following phrases from token to token.
//!
//! Does not build tables. Invariant: every phrase is told for each range of tokens that it can be, and for no other.

use std::ops::Range;

use smallvec::SmallVec;

use super::class::{Class, Classes};
use super::numbers::Numbers;
use super::tables::{
    ACCEPT, Accept, Anchors, Edge, Filter, GAP, Head, Keys, LEAF, Symbol, TO_LEFT, TURN, Tables, WORDS, edges_at,
    has_set, rule_bit,
};

/// Tables and the tokens to be walked over, ready to be read without asking whether the arrays are static or not.
#[derive(Clone, Copy, Debug)]
pub struct Walker<'a> {
    keys: Keys<'a>,
    root_starts: &'a [u32],
    roots: &'a [[u32; 5]],
    class_anchors: &'a [u32],
    set_starts: &'a [u32],
    sets: &'a [Symbol],
    heads: &'a [[u32; 4]],
    edges: &'a [Edge],
    /// The last symbol of a word; those behind it are sets.
    last_word: Symbol,
    /// The classes that are anchors, and those of them that are looked at; the bits of the rules that are looked for.
    anchor_classes: u32,
    wanted_classes: u32,
    rules: u32,
    /// How many tokens the longest name covers.
    longest_name: usize,
}

/// No class: what a filter that lets all pass has, and whatever is held against the filter of a root.
const ANY: u32 = 1 << 31;

/// One sentence, whose tokens are counted from its first, and who is told.
struct Walk<'a, W, F> {
    walker: &'a Walker<'a>,
    heads: &'a [[u32; 4]],
    edges: &'a [Edge],
    words: &'a [W],
    classes: &'a [Classes],
    start: usize,
    anchor: usize,
    /// Nodes behind gaps and the tokens between which they were entered from one anchor, `gaps_of`: nothing new comes of
    /// entering one there again, and without this a phrase of several gaps would be tried in every combination.
    gaps: SmallVec<[(u32, usize, usize); 8]>,
    gaps_of: usize,
    found: F,
}

impl<'a> Walker<'a> {
    /// A walker over `keys`, which must be made of the words of `tables`. It looks for the phrases of `anchors`, one of
    /// those of the tables.
    #[must_use]
    pub fn new(tables: &'a Tables, anchors: &'a Anchors, keys: Keys<'a>) -> Self {
        let last_word = WORDS + u32::try_from(tables.word_classes.len()).unwrap_or(u32::MAX - WORDS);
        Self {
            keys,
            root_starts: &anchors.starts,
            roots: anchors.roots.as_chunks().0,
            class_anchors: &anchors.classes,
            set_starts: &tables.set_starts,
            sets: &tables.sets,
            heads: tables.heads.as_chunks().0,
            edges: tables.edges.as_chunks().0,
            last_word,
            anchor_classes: anchors.class_bits,
            wanted_classes: u32::MAX,
            rules: u32::MAX,
            longest_name: keys.names.iter().map(|(_, len)| usize::from(*len)).max().unwrap_or(0).max(1),
        }
    }

    /// From here on looks for phrases of these rules, though it may tell of others too, and by no other classes than these.
    pub fn look_for(&mut self, rules: impl Iterator<Item = u16>, classes: Classes) {
        self.rules = rules.fold(0, |all, rule| all | rule_bit(rule));
        self.wanted_classes = classes.0;
    }

    /// Calls `found` for every phrase that stands in `sentence`, with its tokens. Phrases are told in the order of their
    /// rarest words, and may be told again where several ways lead to the same tokens.
    pub fn walk(&self, sentence: Range<usize>, found: impl FnMut(Accept, Range<usize>)) {
        match self.keys.words {
            Numbers::Short(words) => self.walk_over(&words[sentence.clone()], sentence, found),
            Numbers::Long(words) => self.walk_over(&words[sentence.clone()], sentence, found),
        }
    }

    fn walk_over<W: Copy + Into<u32>>(
        &self,
        words: &[W],
        sentence: Range<usize>,
        found: impl FnMut(Accept, Range<usize>),
    ) {
        let (start, classes) = (sentence.start, &self.keys.classes[sentence]);
        let mut walk = Walk {
            walker: self,
            heads: self.heads,
            edges: self.edges,
            words,
            classes,
            start,
            anchor: 0,
            gaps: SmallVec::new(),
            gaps_of: 0,
            found,
        };
        let anchor_classes = self.anchor_classes & self.wanted_classes;
        for (anchor, &number) in words.iter().enumerate() {
            walk.anchor = anchor;
            if let Some(word) = number.into().checked_sub(1) {
                let roots = &self.roots[span(self.root_starts, word as usize)];
                if !roots.is_empty() {
                    walk.roots(roots, anchor);
                }
            }
            let mut wanted = classes[anchor].0 & anchor_classes;
            while wanted != 0 {
                let symbol = wanted.trailing_zeros();
                wanted &= wanted - 1;
                walk.class::<false>(symbol, self.class_anchors[symbol as usize], anchor, anchor);
            }
        }
    }
}

/// Tokens `first..end` fit so far; the way is `LEFT` of them behind a turn, else right of them.
impl<W: Copy + Into<u32>, F: FnMut(Accept, Range<usize>)> Walk<'_, W, F> {
    /// The word number and the classes of a token.
    #[inline(always)]
    fn token(&self, index: usize) -> Option<(u32, Classes)> {
        Some(((*self.words.get(index)?).into(), *self.classes.get(index)?))
    }

    /// Goes on from the roots of a word, of which most are ruled out by the word before it or behind it.
    #[inline(always)]
    fn roots(&mut self, roots: &[[u32; 5]], anchor: usize) {
        let beside = |index: usize| match self.token(index) {
            Some((number, classes)) => (Tables::bit(number), classes.0 | ANY),
            None => (0, ANY),
        };
        let (left, right) = (beside(anchor.wrapping_sub(1)), beside(anchor + 1));
        let wanted = self.walker.rules;
        for &[root, rules, low, high, fitting] in roots {
            let words = u64::from(low) | u64::from(high) << 32;
            let (bit, classes) = if root & TO_LEFT != 0 { left } else { right };
            if (words & bit != 0 || fitting & classes != 0) && rules & wanted != 0 {
                self.go::<false>(root, anchor, anchor + 1);
            }
        }
    }

    /// Arrives at a node, and looks at its edges where something may come of that.
    #[inline(always)]
    fn go<const LEFT: bool>(&mut self, target: u32, first: usize, end: usize) {
        if target & LEAF != 0 {
            return self.leaf(target & !LEAF, first, end);
        }
        let left = LEFT || target & TO_LEFT != 0;
        let Some(head) = Head::at(self.heads, target & !TO_LEFT) else { return };
        let next = if left { first.wrapping_sub(1) } else { end };
        if !self.may_fit(head, next, left) {
            return;
        }
        if left {
            self.visit::<true>(head, first, end);
        } else {
            self.visit::<false>(head, first, end);
        }
    }

    /// Whether the filter of a node lets pass any of the tokens that its edges can reach. This alone is asked of most
    /// nodes, so it is worth its place wherever a way goes on.
    #[inline(always)]
    fn may_fit(&self, head: Head<'_>, next: usize, left: bool) -> bool {
        if head.reach() == 0 {
            return true;
        }
        let Some((number, classes)) = self.token(next) else { return false };
        head.filter().lets_pass(number, classes) || head.reach() > 1 && self.may_fit_behind(head, next, left)
    }

    /// The same for the tokens behind the next.
    fn may_fit_behind(&self, head: Head<'_>, mut next: usize, left: bool) -> bool {
        for _ in 1..head.reach() {
            next = if left { next.wrapping_sub(1) } else { next + 1 };
            let Some((number, classes)) = self.token(next) else { return false };
            if head.filter().lets_pass(number, classes) {
                return true;
            }
        }
        false
    }

    /// Tells what ends where nothing goes on.
    #[inline(never)]
    fn leaf(&mut self, at: u32, first: usize, end: usize) {
        let accepts = edges_at(self.edges, at as usize).unwrap_or_default().0;
        accepts.iter().for_each(|&[_, accept]| self.tell(accept, first, end));
    }

    /// Tells what ends at a node and follows all edges that the next token fits.
    #[inline(never)]
    fn visit<const LEFT: bool>(&mut self, head: Head<'_>, first: usize, end: usize) {
        let Some((wordless, wordy)) = edges_at(self.edges, head.edges()) else { return };
        let next = if LEFT { first.wrapping_sub(1) } else { end };
        for &[symbol, target] in wordless {
            match symbol {
                ..TURN => {
                    if self.classes.get(next).is_some_and(|classes| classes.0 >> symbol & 1 != 0) {
                        self.class::<LEFT>(symbol, target, first, end);
                    }
                }
                TURN => self.go::<true>(target, first, end),
                ACCEPT => self.tell(target, first, end),
                _ => self.gap::<LEFT>((symbol - GAP) as usize, target, first, end),
            }
        }
        if !wordy.is_empty()
            && let Some((number, _)) = self.token(next)
            && number > 0
            && head.filter().knows(number)
        {
            let (first, end) = if LEFT { (first - 1, end) } else { (first, end + 1) };
            self.words::<LEFT>(number, wordy, first, end);
        }
    }

    #[inline(always)]
    fn tell(&mut self, accept: u32, first: usize, end: usize) {
        if rule_bit(Accept::rule_of(accept)) & self.walker.rules != 0 {
            (self.found)(Accept::unpacked(accept), self.start + first..self.start + end);
        }
    }

    /// Follows edges that word `number` fits, the last of `first..end`.
    fn words<const LEFT: bool>(&mut self, number: u32, edges: &[Edge], first: usize, end: usize) {
        let (word, last_word) = (WORDS + number, self.walker.last_word);
        // Most nodes have few edges and common words are in dozens of sets, so what is less is looked up in what is more.
        let sets = &self.walker.sets[span(self.walker.set_starts, number as usize - 1)];
        if edges.len() <= sets.len() + 1 {
            for &[symbol, target] in edges {
                if symbol == word || symbol > last_word && has_set(sets, symbol) {
                    self.go::<LEFT>(target, first, end);
                }
            }
        } else {
            for &symbol in std::iter::once(&word).chain(sets) {
                if let Ok(edge) = edges.binary_search_by_key(&symbol, |edge| edge[0]) {
                    self.go::<LEFT>(edges[edge][1], first, end);
                }
            }
        }
    }

    /// Follows an edge of a class that the next token has. A name is one step, over all of its tokens or over the last of
    /// them; all have its class.
    fn class<const LEFT: bool>(&mut self, symbol: Symbol, target: u32, first: usize, end: usize) {
        let named = symbol <= Class::Partner as u32;
        match (named, LEFT) {
            (false, true) => self.go::<LEFT>(target, first - 1, end),
            (false, false) => self.go::<LEFT>(target, first, end + 1),
            (true, true) => {
                for before in (first.saturating_sub(self.walker.longest_name)..first).rev() {
                    if self.classes[before].0 & (1 << symbol) != 0 && before + self.name_len(before) == first {
                        self.go::<LEFT>(target, before, end);
                    }
                }
            }
            (true, false) => {
                let behind = end + self.name_len(end);
                if behind <= self.words.len() {
                    self.go::<LEFT>(target, first, behind);
                }
            }
        }
    }

    fn name_len(&self, index: usize) -> usize {
        self.walker.keys.name_len(self.start + index)
    }

    /// Goes on at each of the next tokens that the gap may skip to.
    #[inline(never)]
    fn gap<const LEFT: bool>(&mut self, most: usize, target: u32, mut first: usize, mut end: usize) {
        let head = Head::at(self.heads, target);
        let (filter, reach) = head.map_or((Filter::ALL, 0), |head| (head.filter(), head.reach()));
        for _ in 0..=most {
            let next = if LEFT { first.wrapping_sub(1) } else { end };
            let Some((number, classes)) = self.token(next) else {
                if reach != 1 && self.enters(target, first, end) {
                    self.go::<LEFT>(target, first, end);
                }
                return;
            };
            if (reach != 1 || filter.lets_pass(number, classes)) && self.enters(target, first, end) {
                self.go::<LEFT>(target, first, end);
            }
            if classes.has(Class::Mark) {
                return;
            }
            if LEFT { first -= 1 } else { end += 1 }
        }
    }

    /// Whether a node behind a gap was not yet entered between these tokens.
    fn enters(&mut self, target: u32, first: usize, end: usize) -> bool {
        if self.gaps_of != self.anchor {
            self.gaps_of = self.anchor;
            self.gaps.clear();
        }
        let is_new = !self.gaps.contains(&(target, first, end));
        if is_new {
            self.gaps.push((target, first, end));
        }
        is_new
    }
}

/// Where the entries of `index` stand.
fn span(starts: &[u32], index: usize) -> Range<usize> {
    starts[index] as usize..starts[index + 1] as usize
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::build::Builder;
    use super::super::phrase::{self, Label, Lists};
    use super::super::tables::Slot;
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

    struct Own {
        words: Numbers,
        classes: Vec<Classes>,
        names: Vec<(u32, u8)>,
    }

    impl Own {
        fn keys(&self) -> Keys<'_> {
            Keys { words: &self.words, classes: &self.classes, names: &self.names }
        }
    }

    /// `$…` is money, `x y` and `z` are own names.
    fn own(tables: &Tables, words: &[&str]) -> Own {
        let class = |word: &&str| match word.chars().next() {
            Some('$') => Classes::of(&[Class::Money]),
            Some(',') => Classes::of(&[Class::Mark]),
            _ => Classes::default(),
        };
        let mut classes: Vec<Classes> = words.iter().map(class).collect();
        let mut names = Vec::new();
        for index in 0..words.len() {
            let len = match words[index..] {
                ["x", "y", ..] => 2,
                ["z", ..] => 1,
                _ => continue,
            };
            names.push((u32::try_from(index).unwrap(), len));
            for classes in &mut classes[index..index + usize::from(len)] {
                *classes = classes.with(Class::Own);
            }
        }
        let number = |word: &&str| u16::try_from(tables.words().number(word.as_bytes())).unwrap();
        Own { words: Numbers::Short(words.iter().map(number).collect()), classes, names }
    }

    #[track_caller]
    fn check(phrases: &[&str], text: &str, expected: &[&str]) {
        let tables = tables(phrases);
        let words: Vec<&str> = text.split(' ').collect();
        let own = own(&tables, &words);
        let walked = |keys: Keys<'_>| {
            let mut found = BTreeSet::new();
            Walker::new(&tables, &tables.anchors, keys).walk(0..words.len(), |accept, tokens| {
                found.insert((tokens.start, accept.rule, tokens.end));
            });
            found
        };
        let found = walked(own.keys());
        let long = Numbers::Long((0..words.len()).map(|index| own.words.get(index)).collect());
        assert_eq!(walked(Keys { words: &long, ..own.keys() }), found, "{text}");
        let found: Vec<String> = found
            .into_iter()
            .map(|(first, rule, end)| format!("{rule}: {}", words[first..end].join(" ")))
            .collect();
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
    fn an_empty_table_finds_nothing() {
        check(&[], "anything at all", &[]);
    }

    #[test]
    fn a_name_is_one_step_from_either_side() {
        check(&["{own} rocks"], "x y rocks", &["0: x y rocks", "0: y rocks"]);
        check(&["buy {own} now"], "buy x y now", &["0: buy x y now"]);
        check(&["buy {own}"], "buy x y", &["0: buy x y"]);
        check(&["we ~1 {own}"], "we , x y", &[]);
    }

    #[test]
    fn what_several_phrases_end_in_is_told_for_each() {
        let phrases = ["our {new|big} launch", "our big launch", "[my] our big launch", "~2 launch"];
        check(
            &phrases,
            "our big launch",
            &["0: our big launch", "1: our big launch", "2: our big launch", "3: launch"],
        );
    }

    /// The plain way: try every spelling of every phrase at every token.
    fn naive(
        phrases: &[String],
        words: &[&str],
        keys: Keys<'_>,
        sentence: Range<usize>,
    ) -> BTreeSet<(Accept, usize, usize)> {
        struct Draft<'a> {
            words: &'a [&'a str],
            keys: Keys<'a>,
            limit: usize,
        }
        fn ends(labels: &[Label], draft: &Draft<'_>, at: usize, found: &mut BTreeSet<usize>) {
            let Some((label, rest)) = labels.split_first() else {
                if at <= draft.limit {
                    found.insert(at);
                }
                return;
            };
            if let Label::Gap(most) = label {
                for next in at..=(at + usize::from(*most)).min(draft.limit) {
                    ends(rest, draft, next, found);
                    if next < draft.limit && draft.keys.classes[next].has(Class::Mark) {
                        break;
                    }
                }
                return;
            }
            if at >= draft.limit {
                return;
            }
            let word = draft.words[at];
            let (fits, len) = match label {
                Label::Word(wanted) => (wanted == word, 1),
                Label::Set(set) => (set.iter().any(|wanted| wanted == word), 1),
                Label::Class(Class::Own) => (draft.keys.classes[at].has(Class::Own), draft.keys.name_len(at)),
                Label::Class(class) => (draft.keys.classes[at].has(*class), 1),
                Label::Gap(_) => (false, 1),
            };
            if fits {
                ends(rest, draft, at + len, found);
            }
        }
        let draft = Draft { words, keys, limit: sentence.end };
        let mut found = BTreeSet::new();
        for (phrase, rule) in phrases.iter().zip(0..) {
            for sequence in phrase::expand(phrase, &Lists::new()).unwrap() {
                let (starts, entry) = (sequence.starts, u16::from(sequence.lead));
                let accept = Accept { rule, slot: Slot::Main, entry, starts, ends: sequence.ends };
                for first in sentence.clone() {
                    let mut at = BTreeSet::new();
                    ends(&sequence.labels, &draft, first, &mut at);
                    found.extend(at.into_iter().map(|end| (accept, first, end)));
                }
            }
        }
        found
    }

    use proptest::prelude::*;

    fn phrase_text() -> impl Strategy<Value = String> {
        // `the` and `to` are common, so that anchors stand at either end and between.
        let piece = prop::sample::select(vec![
            "a",
            "b",
            "the",
            "to",
            ",",
            "{a|b}",
            "{the|c|e}",
            "[a]",
            "[b|the]",
            "~1",
            "~2",
            "{money}",
            "{own}",
            "{a b|c}",
            "[a the]",
            "{{own}|{money}|a}",
        ]);
        let start = prop::sample::select(vec!["", "", "^ ", "^ ~2 "]);
        let end = prop::sample::select(vec!["", "", " $"]);
        (start, prop::collection::vec(piece, 1..6), end)
            .prop_map(|(start, pieces, end)| format!("{start}{}{end}", pieces.join(" ")))
            .prop_filter("nothing has to be there", |phrase| phrase::expand(phrase, &Lists::new()).is_ok())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn the_trie_finds_what_trying_every_spelling_finds(
            phrases in prop::collection::vec(phrase_text(), 1..8),
            words in prop::collection::vec(
                prop::sample::select(vec!["a", "b", "c", "the", "to", "e", "f", ",", "$5", "x", "y", "z"]), 1..14,
            ),
            (start, len) in (0..3_usize, 1..14_usize),
        ) {
            let borrowed: Vec<&str> = phrases.iter().map(String::as_str).collect();
            let tables = tables(&borrowed);
            let own = own(&tables, &words);
            let start = start.min(words.len() - 1);
            let sentence = start..(start + len).min(words.len());
            let mut found = BTreeSet::new();
            Walker::new(&tables, &tables.anchors, own.keys()).walk(sentence.clone(), |accept, tokens| {
                found.insert((accept, tokens.start, tokens.end));
            });
            prop_assert_eq!(found, naive(&phrases, &words, own.keys(), sentence));
        }
    }
}
