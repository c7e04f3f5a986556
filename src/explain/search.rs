//! The smallest of the sets that pass.
//!
//! Knows nothing of findings: things are there, and a draft says whether it passes when some are removed. Removing may
//! bring up others, so removing more may be worse. Taken for granted is that removing what is not there does nothing, that
//! of two drafts the one with more things in it does not pass if the other does not, and that what comes up hides nothing
//! that was there. Where the second does not hold (what goes may have covered others that then weigh more), a thing that
//! seemed needed may be spared after all: as far as the questions reach, each is tried, and what was found then is no longer
//! called smallest. Invariant: what is called smallest is otherwise no larger than any set that passes, and asking ends after
//! as many questions as are allowed, or within the last answer.

use crate::matcher::TokenRange;

/// A thing that may be removed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// What it seems to be worth; the heavier are tried first.
    pub(super) points: f64,
    /// Of sets equally large the one with fewest words is chosen.
    pub(super) words: u32,
    /// Of those the first in text order.
    pub(super) place: TokenRange,
}

/// What is asked. Things have numbers, in the order in which they come to be known.
pub(super) trait Draft {
    /// The draft without these things.
    fn judge(&mut self, removed: &[usize]) -> Answer;

    /// A thing that was there once.
    fn item(&self, number: usize) -> Item;
}

/// A draft without some things.
pub(super) struct Answer {
    /// Whether it passes.
    pub(super) passes: bool,
    /// What is there then.
    pub(super) there: Vec<usize>,
    /// As how many questions it counts.
    pub(super) questions: usize,
}

/// A set without which the draft passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Its things, in text order.
    pub(super) chosen: Vec<usize>,
    /// Whether no smaller one does.
    pub(super) smallest: bool,
}

/// Finds a set without which a draft passes: the smallest, unless `questions` run out. None if it does not even pass when
/// everything is removed.
pub(super) fn smallest(questions: usize, draft: &mut impl Draft) -> Option<Found> {
    let mut search = Search {
        draft,
        items: Vec::new(),
        hidden: 0,
        needed: Vec::new(),
        order: Vec::new(),
        questions,
        best: None,
    };
    search.judge(&[]);
    search.hidden = search.items.len();
    if !search.keeping(&[])? {
        return None;
    }
    let is_known = search.find_needed().is_some();
    let none = search.without(&[]);
    if none == Some(true) {
        let found = search.found(&[], is_known);
        return Some(search.spared(found));
    }
    let few = search.few();
    if is_known && none.is_some() {
        search.smaller_than(&few);
    }
    let found = match search.best.take() {
        Some(best) => search.found(&best.chosen, true),
        None => search.found(&few, false),
    };
    Some(search.spared(found))
}

/// A search as far as it has got.
struct Search<'a, D> {
    draft: &'a mut D,
    /// What is known.
    items: Vec<Item>,
    /// The number of the first that only comes up when others are gone.
    hidden: usize,
    /// What every set that passes holds.
    needed: Vec<usize>,
    /// The others: most points first, then what came up later.
    order: Vec<usize>,
    /// How many are left.
    questions: usize,
    /// The best set of the size that is being searched.
    best: Option<Best>,
}

/// A set that passes. Of two the better one is less.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Best {
    words: u64,
    places: Vec<TokenRange>,
    chosen: Vec<usize>,
}

/// Whether it is worth while to go on.
#[derive(PartialEq, Eq)]
enum Next {
    Go,
    /// Not even all that is left would do.
    Hopeless,
    /// The questions have run out.
    Stop,
}

impl<D: Draft> Search<'_, D> {
    fn found(&self, chosen: &[usize], smallest: bool) -> Found {
        let mut chosen = [&self.needed, chosen].concat();
        chosen.sort_by_key(|&item| (self.items[item].place, item));
        Found { chosen, smallest }
    }

    /// A set without those of its things that can be spared, against what was taken for granted.
    fn spared(&mut self, mut found: Found) -> Found {
        let mut at = 0;
        while at < found.chosen.len() {
            let mut fewer = found.chosen.clone();
            fewer.remove(at);
            match self.judge(&fewer) {
                Some((true, _)) => found = Found { chosen: fewer, smallest: false },
                Some((false, _)) => at += 1,
                None => break,
            }
        }
        found
    }

    /// Asks, and takes note of what was not known; none when the questions have run out.
    fn judge(&mut self, removed: &[usize]) -> Option<(bool, Vec<usize>)> {
        if self.questions == 0 {
            return None;
        }
        let Answer { passes, there, questions } = self.draft.judge(removed);
        self.questions = self.questions.saturating_sub(questions);
        let known = there.iter().map(|&item| item + 1).max().unwrap_or(0);
        let mut new: Vec<usize> = (self.items.len()..known).collect();
        self.items.extend(new.iter().map(|&item| self.draft.item(item)));
        new.sort_by(|&a, &b| self.items[b].points.total_cmp(&self.items[a].points).then(a.cmp(&b)));
        self.order.extend(new);
        Some((passes, there))
    }

    /// Whether the draft passes without what is needed and `chosen`.
    fn without(&mut self, chosen: &[usize]) -> Option<bool> {
        let removed = [&self.needed, chosen].concat();
        Some(self.judge(&removed)?.0)
    }

    /// Whether it passes with nothing in it but `kept`.
    fn keeping(&mut self, kept: &[usize]) -> Option<bool> {
        loop {
            let known = self.items.len();
            let removed: Vec<usize> = (0..known).filter(|item| !kept.contains(item)).collect();
            let (passes, _) = self.judge(&removed)?;
            if self.items.len() == known {
                return Some(passes);
            }
        }
    }

    /// Sorts out what has to go in any case: what is there, and makes the draft fail by itself. Where that brings up
    /// others, they are asked about too. None when the questions ran out before.
    fn find_needed(&mut self) -> Option<()> {
        let mut asked = Vec::new();
        loop {
            let (_, mut there) = self.judge(&self.needed.clone())?;
            there.retain(|item| !asked.contains(item));
            let known = self.needed.len();
            for item in there {
                // A quarter of the questions is enough to find something.
                if self.questions <= self.items.len() / 4 {
                    return None;
                }
                asked.push(item);
                if !self.keeping(&[item])? {
                    self.needed.push(item);
                }
            }
            if self.needed.len() == known {
                break;
            }
        }
        let needed = &self.needed;
        self.order.retain(|item| !needed.contains(item));
        Some(())
    }

    /// A set from which nothing can be left out: the heaviest that pass together, and of those, from the lightest on,
    /// all that can be spared spared.
    fn few(&mut self) -> Vec<usize> {
        let (mut too_few, mut enough) = (0, self.order.len());
        while enough - too_few > 1 {
            let middle = usize::midpoint(too_few, enough);
            let heaviest = self.order[..middle].to_vec();
            match self.without(&heaviest) {
                Some(true) => enough = middle,
                Some(false) => too_few = middle,
                None => break,
            }
        }
        let mut few = self.order[..enough].to_vec();
        loop {
            let known = few.len();
            for at in (0..few.len()).rev() {
                let mut fewer = few.clone();
                fewer.remove(at);
                match self.without(&fewer) {
                    Some(true) => few = fewer,
                    Some(false) => {}
                    None => return few,
                }
            }
            // What is spared may hide something that then need not go either.
            if few.len() == known {
                return few;
            }
        }
    }

    /// Looks for sets up to the size of `few`, by size; all smaller ones have been searched when one is kept.
    fn smaller_than(&mut self, few: &[usize]) {
        for size in 1..=few.len() {
            if size == few.len() {
                self.keep(few);
            }
            let next = self.extend(&mut Vec::new(), 0, size);
            if next == Next::Stop || self.best.is_some() {
                return;
            }
        }
    }

    /// Tries what is needed and `chosen` with `more` of the things from `first` on.
    fn extend(&mut self, chosen: &mut Vec<usize>, first: usize, more: usize) -> Next {
        if more == 0 {
            let passes = self.without(chosen);
            if passes == Some(true) {
                self.keep(chosen);
            }
            return if passes.is_none() { Next::Stop } else { Next::Go };
        }
        // What was passed over stays; at best nothing else does.
        let passed = self.order.get(..first).unwrap_or_default().iter().copied();
        let kept: Vec<usize> = passed.filter(|item| *item < self.hidden && !chosen.contains(item)).collect();
        match self.keeping(&kept) {
            None => return Next::Stop,
            Some(false) => return Next::Hopeless,
            Some(true) => {}
        }
        let mut at = first;
        // The order grows as things come up.
        while at + more <= self.order.len() {
            chosen.push(self.order[at]);
            let next = self.extend(chosen, at + 1, more - 1);
            chosen.pop();
            match next {
                Next::Go => {}
                // Later ones have less left than this one had.
                Next::Hopeless => break,
                Next::Stop => return Next::Stop,
            }
            at += 1;
        }
        Next::Go
    }

    /// Keeps a set that passes, if it is better than what is kept.
    fn keep(&mut self, chosen: &[usize]) {
        let words = chosen.iter().map(|&item| u64::from(self.items[item].words)).sum();
        let mut places: Vec<TokenRange> = chosen.iter().map(|&item| self.items[item].place).collect();
        places.sort_unstable();
        let set = Best { words, places, chosen: chosen.to_vec() };
        if self.best.as_ref().is_none_or(|best| set < *best) {
            self.best = Some(set);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A made-up draft: some things fail it by themselves, and only so much weight may stay.
    #[derive(Clone, Debug)]
    struct Made {
        items: Vec<Item>,
        errors: Vec<bool>,
        weights: Vec<u32>,
        /// Things of which the first hides the second, which stands behind it.
        hides: Vec<(usize, usize)>,
        /// Pairs that say the same: their common weight only goes with both.
        doubled: Vec<(usize, usize)>,
        most: u32,
        /// The numbers that the search knows, and how often it asked.
        numbers: Vec<usize>,
        questions: usize,
    }

    impl Draft for Made {
        fn judge(&mut self, removed: &[usize]) -> Answer {
            self.questions += 1;
            let removed: Vec<usize> = removed.iter().map(|&number| self.numbers[number]).collect();
            let there = self.stays(&removed);
            for item in &there {
                if !self.numbers.contains(item) {
                    self.numbers.push(*item);
                }
            }
            let number = |item: &usize| self.numbers.iter().position(|known| known == item).unwrap();
            let there = there.iter().map(number).collect();
            Answer { passes: self.passes(&removed), there, questions: 1 }
        }

        fn item(&self, number: usize) -> Item {
            self.items[self.numbers[number]]
        }
    }

    impl Made {
        fn passes(&self, removed: &[usize]) -> bool {
            let there = self.stays(removed);
            let weight: u32 = there.iter().map(|&item| self.weights[item]).sum();
            let doubled = self.doubled.iter().filter(|(a, b)| there.contains(a) || there.contains(b)).count();
            !there.iter().any(|&item| self.errors[item])
                && weight + 3 * u32::try_from(doubled).unwrap() <= self.most
        }

        fn search(mut self, questions: usize) -> (Option<Found>, usize) {
            let found = smallest(questions, &mut self).map(|mut found| {
                found.chosen = found.chosen.iter().map(|&number| self.numbers[number]).collect();
                found
            });
            (found, self.questions)
        }

        fn stays(&self, removed: &[usize]) -> Vec<usize> {
            let mut there: Vec<usize> = Vec::new();
            for item in (0..self.items.len()).filter(|item| !removed.contains(item)) {
                if !self.hides.iter().any(|&(by, hidden)| hidden == item && there.contains(&by)) {
                    there.push(item);
                }
            }
            there
        }

        /// The best set, by trying every one.
        fn best(&self) -> Option<Vec<usize>> {
            let count = self.items.len();
            let sets = (0..1_u32 << count).map(|bits| (0..count).filter(move |item| bits >> item & 1 == 1));
            let mut passing: Vec<Vec<usize>> = sets.map(Iterator::collect).collect();
            passing.retain(|set| self.passes(set));
            passing.into_iter().min_by_key(|set| {
                (set.len(), set.iter().map(|&item| self.items[item].words).sum::<u32>(), set.clone())
            })
        }
    }

    fn made() -> impl Strategy<Value = Made> {
        let thing = (0..9_u32, 1..6_u32, prop::bool::weighted(0.15), 0..3_u32);
        let pairs = |most| prop::collection::vec((0..9_usize, 0..9_usize), 0..most);
        (prop::collection::vec(thing, 1..9), pairs(3), pairs(4), 0..20_u32).prop_map(
            |(things, doubled, hides, most)| {
                let count = things.len();
                let pairs = |pairs: Vec<(usize, usize)>| -> Vec<(usize, usize)> {
                    let pairs = pairs.into_iter().map(|(a, b)| (a % count, b % count));
                    pairs.filter(|(a, b)| a != b).map(|(a, b)| (a.min(b), a.max(b))).collect()
                };
                let mut hides = pairs(hides);
                // What is hidden by something hidden is hidden by what hides that.
                for _ in 0..hides.len() {
                    let further: Vec<(usize, usize)> = hides
                        .iter()
                        .flat_map(|&(a, b)| {
                            hides.iter().filter(move |(by, _)| *by == b).map(move |&(_, hidden)| (a, hidden))
                        })
                        .collect();
                    hides.extend(further);
                    hides.sort_unstable();
                    hides.dedup();
                }
                let item = |(at, &(weight, words, _, off)): (usize, &(u32, u32, bool, u32))| Item {
                    // What they seem to be worth is not quite what they are.
                    points: f64::from(weight + off),
                    words,
                    place: TokenRange::new(0, at..at + 1),
                };
                Made {
                    items: things.iter().enumerate().map(item).collect(),
                    errors: things.iter().map(|thing| thing.2).collect(),
                    weights: things.iter().map(|thing| thing.0).collect(),
                    doubled: pairs(doubled),
                    hides,
                    most,
                    numbers: Vec::new(),
                    questions: 0,
                }
            },
        )
    }

    fn plain(weights: &[u32], most: u32) -> Made {
        let item = |(at, &weight): (usize, &u32)| Item {
            points: f64::from(weight),
            words: 1,
            place: TokenRange::new(0, at..at + 1),
        };
        Made {
            items: weights.iter().enumerate().map(item).collect(),
            errors: vec![false; weights.len()],
            weights: weights.to_vec(),
            hides: Vec::new(),
            doubled: Vec::new(),
            most,
            numbers: Vec::new(),
            questions: 0,
        }
    }

    #[track_caller]
    fn check(weights: &[u32], most: u32, questions: usize, expected: &[usize], smallest: bool) {
        let (found, asked) = plain(weights, most).search(questions);
        let found = found.unwrap();
        assert_eq!((found.chosen.as_slice(), found.smallest), (expected, smallest), "{asked} asked");
        assert!(asked <= questions, "{asked} asked");
    }

    #[test]
    fn few_questions_give_a_small_set_and_more_the_smallest() {
        check(&[3], 0, 100, &[0], true);
        check(&[3, 4], 0, 100, &[0, 1], true);
        check(&[3, 9, 2], 5, 100, &[1], true);
        // Equally good sets: the first in text order.
        check(&[5, 5, 5, 5], 10, 100, &[0, 1], true);
        check(&[2; 12], 16, 400, &[0, 1, 2, 3], true);
        // Twelve are asked about, then the heaviest are taken; that three would not do is never asked.
        check(&[2; 12], 16, 27, &[0, 1, 2, 3], false);
        check(&[1; 300], 0, 50, &(0..300).collect::<Vec<_>>(), false);
        check(&[1; 300], 0, 400, &(0..300).collect::<Vec<_>>(), true);
    }

    #[test]
    fn a_light_thing_may_hide_a_heavy_one() {
        for (most, expected) in [(4, vec![2]), (0, vec![0, 1, 2])] {
            let made = Made { hides: vec![(0, 1)], ..plain(&[1, 9, 5], most) };
            assert_eq!(made.search(100).0, Some(Found { chosen: expected, smallest: true }));
        }
    }

    #[test]
    fn what_removes_nothing_that_matters_finds_nothing() {
        // Half of it stays whatever goes.
        struct Stubborn;
        impl Draft for Stubborn {
            fn judge(&mut self, removed: &[usize]) -> Answer {
                let there = (0..3).filter(|item| !removed.contains(item)).collect();
                Answer { passes: false, there, questions: 1 }
            }
            fn item(&self, _: usize) -> Item {
                Item { points: 1.0, words: 1, place: TokenRange::new(0, 0..1) }
            }
        }
        assert_eq!(smallest(100, &mut Stubborn), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn it_is_the_best_of_all_sets(made in made()) {
            let Some(best) = made.best().filter(|best| !best.is_empty()) else { return Ok(()) };
            prop_assert_eq!(made.search(10_000).0, Some(Found { chosen: best, smallest: true }));
        }

        #[test]
        fn it_keeps_its_word_however_few_the_questions(made in made(), questions in 0..40_usize) {
            let Some(best) = made.best().filter(|best| !best.is_empty()) else { return Ok(()) };
            let (found, asked) = made.clone().search(questions);
            prop_assert!(asked <= questions);
            let Some(found) = found else {
                prop_assert!(questions < 20);
                return Ok(());
            };
            prop_assert!(made.passes(&found.chosen));
            if found.smallest {
                prop_assert_eq!(found.chosen.len(), best.len());
            }
        }
    }
}
