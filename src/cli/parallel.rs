//! Work on several things at a time, with the results in order.
//!
//! Knows nothing of drafts. Invariant: what `each` sees does not depend on the number of threads.

use std::cell::{OnceCell, RefCell};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};

use rayon::{Scope, ThreadPool, ThreadPoolBuilder};

use crate::text::spread::{Alone, Spread};

/// How many results of items per thread may wait for an earlier one.
const AHEAD: usize = 48;

/// How many items a thread takes at a time where there are many, for handing over a result costs as much as reading a
/// short draft.
const TAKEN: usize = 8;

/// What a thread takes at a time of what is handed over piece by piece: so many pieces, or so many bytes of them.
const PIECES: usize = 64;
const PIECE_BYTES: usize = 32 << 10;

/// How many such portions per thread may be under way.
const PORTIONS_AHEAD: usize = 4;

/// For how many portions per thread of the pool it is kept busy: the one at hand and two to come. What is more is worked on by
/// the thread that hands over.
const PORTIONS_TO_COME: usize = 3;

/// How many bytes of pieces may be under way on all threads: what comes of them takes many times their room.
const BYTES_AHEAD: usize = 512 << 10;

thread_local! {
    /// The threads that share in what this one does.
    static LENT: RefCell<Option<Arc<ThreadPool>>> = const { RefCell::new(None) };
}

/// The threads that were lent to the asking thread, which works beside them, or else those of the pool that it is one of, if it
/// is of any: they share in one long post.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lent;

impl Spread for Lent {
    fn threads(&self) -> usize {
        match LENT.with_borrow(|pool| pool.as_ref().map(|pool| pool.current_num_threads())) {
            Some(lent) => lent + 1,
            None => rayon::current_thread_index().map_or(1, |_| rayon::current_num_threads()),
        }
    }

    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        let threads = self.threads().min(count);
        if threads < 2 {
            // Outside of a pool, one of all processors would be started.
            return Alone.each(count, work);
        }
        let next = AtomicUsize::new(0);
        // Whoever is free takes the next number, so that what comes of it is at hand nearly in order.
        let take = || {
            while let number = next.fetch_add(1, Ordering::Relaxed)
                && number < count
            {
                work(number);
            }
        };
        match LENT.with_borrow(Clone::clone) {
            Some(pool) => pool.in_place_scope(|scope| share(scope, threads, &take)),
            None => rayon::scope(|scope| share(scope, threads, &take)),
        }
    }
}

/// Has so many threads do the same, this one among them.
fn share<'s>(scope: &Scope<'s>, threads: usize, work: &'s (dyn Fn() + Sync)) {
    for _ in 1..threads {
        scope.spawn(move |_| work());
    }
    work();
}

/// The threads of a run, this one among them. The others are started when there is work for several.
#[derive(Debug)]
pub(super) struct Workers {
    threads: usize,
    pool: OnceCell<Option<Arc<ThreadPool>>>,
}

impl Workers {
    /// Up to so many.
    pub(super) const fn new(threads: usize) -> Self {
        Self { threads, pool: OnceCell::new() }
    }

    /// How many there are beside this one.
    const fn others(&self) -> usize {
        self.threads.saturating_sub(1)
    }

    fn pool(&self) -> Option<&Arc<ThreadPool>> {
        if self.others() == 0 {
            return None;
        }
        let build = || ThreadPoolBuilder::new().num_threads(self.others()).build().ok().map(Arc::new);
        self.pool.get_or_init(build).as_ref()
    }

    /// Does some work here, with the threads lent to it. What was freed on this thread is at hand again for what it needs, where
    /// one of the others would take room of its own.
    pub(super) fn lent<R>(&self, work: impl FnOnce() -> R) -> R {
        let before = LENT.replace(self.pool().cloned());
        let done = work();
        LENT.set(before);
        done
    }

    /// Calls `work` on every item, on several threads, and `each` on this one with every item and its result in the
    /// order of the items, as soon as it and all before it are done. Stops at the first error of `each`. What it leaves of a
    /// result is freed by one of the threads that made it: two threads that free what one makes keep it waiting.
    ///
    /// # Errors
    /// That error.
    pub(super) fn in_order<'i, T: Sync, R: Send, E>(
        &self,
        items: &'i [T],
        work: impl Fn(&T) -> R + Sync,
        mut each: impl FnMut(&'i T, &mut R) -> Result<(), E>,
    ) -> Result<(), E> {
        let pool = if items.len() > 1 { self.pool() } else { None };
        let Some(pool) = pool else { return items.iter().try_for_each(|item| each(item, &mut work(item))) };
        let taken = (items.len() / (self.threads * AHEAD)).clamp(1, TAKEN);
        let ahead = self.threads * AHEAD / taken;
        let portion = Portion { pieces: taken, bytes: usize::MAX, ahead, pool: self.others() };
        let work = |item: &'i T| (item, work(item));
        let mut each = |(item, result): &mut (&'i T, R)| each(item, result);
        pool.in_place_scope(|scope| {
            let mut belt = Belt::new(Some(scope), portion, &work, &mut each);
            items.iter().try_for_each(|item| belt.push(item, 0))?;
            belt.settle()
        })
    }

    /// As [`Workers::in_order`], with items that `feed` hands over one by one; so many are under way as keep all threads
    /// busy, and no more.
    ///
    /// # Errors
    /// That of `each`, or of `feed`.
    pub(super) fn spread<'w, T: Send + 'w, R: Send + 'w, E>(
        &self,
        work: &'w (dyn Fn(T) -> R + Sync),
        each: &mut dyn FnMut(&mut R) -> Result<(), E>,
        feed: impl FnOnce(&mut Belt<'_, 'w, T, R, E>) -> Result<(), E>,
    ) -> Result<(), E> {
        let ahead = self.threads * PORTIONS_AHEAD;
        let portion = Portion { pieces: PIECES, bytes: PIECE_BYTES, ahead, pool: self.others() };
        let run = |scope: Option<&Scope<'w>>| {
            let mut belt = Belt::new(scope, portion, work, each);
            feed(&mut belt)?;
            belt.settle()
        };
        match self.pool() {
            Some(pool) => pool.in_place_scope(|scope| run(Some(scope))),
            None => run(None),
        }
    }
}

/// What a thread takes at a time, how many of these may be under way, and on how many threads beside this one.
#[derive(Clone, Copy, Debug)]
struct Portion {
    pieces: usize,
    bytes: usize,
    ahead: usize,
    pool: usize,
}

/// A portion that is under way.
struct Under<R> {
    bytes: usize,
    results: Results<R>,
}

/// What came of a portion, or will.
enum Results<R> {
    Here(Vec<R>),
    Coming(Receiver<Vec<R>>),
}

/// Takes items on one side, and hands their results over on the other, in the same order.
pub(super) struct Belt<'b, 'w, T, R, E> {
    /// None where all is done here.
    scope: Option<&'b Scope<'w>>,
    portion: Portion,
    work: &'w (dyn Fn(T) -> R + Sync),
    each: &'b mut dyn FnMut(&mut R) -> Result<(), E>,
    gathered: Vec<T>,
    bytes: usize,
    under_way: VecDeque<Under<R>>,
    /// What is left of results of the pool.
    spent: Vec<Vec<R>>,
    bytes_under_way: usize,
    /// How many portions the pool has not done yet.
    to_come: Arc<AtomicUsize>,
}

impl<'b, 'w, T: Send + 'w, R: Send + 'w, E> Belt<'b, 'w, T, R, E> {
    fn new(
        scope: Option<&'b Scope<'w>>,
        portion: Portion,
        work: &'w (dyn Fn(T) -> R + Sync),
        each: &'b mut dyn FnMut(&mut R) -> Result<(), E>,
    ) -> Self {
        let (gathered, under_way, spent) = (Vec::new(), VecDeque::new(), Vec::new());
        let to_come = Arc::default();
        Self { scope, portion, work, each, gathered, bytes: 0, under_way, spent, bytes_under_way: 0, to_come }
    }

    /// Takes an item of so many bytes, and hands over results that are ready, or waits for some where too many are
    /// under way.
    pub(super) fn push(&mut self, item: T, bytes: usize) -> Result<(), E> {
        if self.scope.is_none() {
            return (self.each)(&mut (self.work)(item));
        }
        self.gathered.push(item);
        self.bytes = self.bytes.saturating_add(bytes);
        if self.gathered.len() >= self.portion.pieces || self.bytes >= self.portion.bytes {
            self.dispatch()?;
        }
        Ok(())
    }

    fn dispatch(&mut self) -> Result<(), E> {
        let Some(scope) = self.scope.filter(|_| !self.gathered.is_empty()) else { return Ok(()) };
        let (items, bytes) = (std::mem::take(&mut self.gathered), std::mem::take(&mut self.bytes));
        while self.bytes_under_way > 0 && self.bytes_under_way.saturating_add(bytes) > BYTES_AHEAD {
            self.hand_over(true)?;
        }
        let work = self.work;
        let results = if self.to_come.load(Ordering::Relaxed) < self.portion.pool * PORTIONS_TO_COME {
            let (sender, results) = sync_channel(1);
            self.to_come.fetch_add(1, Ordering::Relaxed);
            let to_come = Arc::clone(&self.to_come);
            let spent = std::mem::take(&mut self.spent);
            scope.spawn(move |_| {
                drop(spent);
                let done = items.into_iter().map(work).collect();
                to_come.fetch_sub(1, Ordering::Relaxed);
                // The receiver is gone only where `each` has failed.
                let _ = sender.send(done);
            });
            Results::Coming(results)
        } else {
            Results::Here(items.into_iter().map(work).collect())
        };
        self.under_way.push_back(Under { bytes, results });
        self.bytes_under_way = self.bytes_under_way.saturating_add(bytes);
        while self.hand_over(self.under_way.len() >= self.portion.ahead)? {}
        Ok(())
    }

    /// Hands over the results of the oldest portion, if there are any, or if it `waits` for them.
    fn hand_over(&mut self, waits: bool) -> Result<bool, E> {
        let Some(oldest) = self.under_way.front_mut() else { return Ok(false) };
        // Without a result, the work has panicked, and the scope passes that on.
        let (mut results, made_here) = match &mut oldest.results {
            Results::Here(results) => (std::mem::take(results), true),
            Results::Coming(results) if waits => (results.recv().unwrap_or_default(), false),
            Results::Coming(results) => match results.try_recv() {
                Ok(results) => (results, false),
                Err(_) => return Ok(false),
            },
        };
        self.bytes_under_way -= oldest.bytes;
        self.under_way.pop_front();
        results.iter_mut().try_for_each(&mut *self.each)?;
        if !made_here {
            self.spent.push(results);
        }
        Ok(true)
    }

    /// Hands over all results that are outstanding.
    pub(super) fn settle(&mut self) -> Result<(), E> {
        self.dispatch()?;
        while self.hand_over(true)? {}
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_come_in_order_whatever_takes_long() {
        for (threads, count) in [(1, 200), (2, 200), (4, 200), (2, 30), (3, 1)] {
            let items: Vec<u64> = (0..count).collect();
            let mut seen = Vec::new();
            let work = |item: &u64| {
                std::thread::sleep(Duration::from_micros(item * 7 % 5 * 100));
                item * 2
            };
            let done: Result<(), ()> = Workers::new(threads).in_order(&items, work, |item, result| {
                seen.push((*item, *result));
                Ok(())
            });
            assert!(done.is_ok());
            assert!(seen.iter().copied().eq((0..count).map(|item| (item, item * 2))));
        }
    }

    #[test]
    fn an_error_ends_it() {
        for threads in [1, 3] {
            let mut seen = 0;
            let done = Workers::new(threads).in_order(
                &[1, 2, 3, 4],
                |item| *item,
                |_, item| {
                    seen += 1;
                    if *item == 2 { Err("two") } else { Ok(()) }
                },
            );
            assert_eq!((done, seen), (Err("two"), 2));
        }
    }

    /// Feeds numbers, of so many bytes each, and settles after each of `stops`.
    #[track_caller]
    fn check_spread(threads: usize, count: usize, bytes: usize, stops: &[usize]) {
        let seen = std::cell::RefCell::new(Vec::new());
        let under_way = std::sync::atomic::AtomicUsize::new(0);
        let work = |item: usize| {
            std::thread::sleep(Duration::from_micros((item as u64 * 7) % 5 * 50));
            item * 2
        };
        let mut each = |result: &mut usize| -> Result<(), ()> {
            seen.borrow_mut().push(*result);
            Ok(())
        };
        let done = Workers::new(threads).spread(&work, &mut each, |belt| {
            for item in 0..count {
                belt.push(item, bytes)?;
                let open = item + 1 - seen.borrow().len();
                under_way.fetch_max(open, std::sync::atomic::Ordering::Relaxed);
                if stops.contains(&item) {
                    belt.settle()?;
                    assert_eq!(seen.borrow().len(), item + 1, "not all was handed over");
                }
            }
            Ok(())
        });
        assert_eq!(done, Ok(()));
        assert!(seen.borrow().iter().copied().eq((0..count).map(|item| item * 2)));
        let most = under_way.into_inner();
        assert!(most <= (threads * PORTIONS_AHEAD + 1) * PIECES, "{most} were under way");
        assert!(threads > 1 || most == 0, "{most} waited for nobody");
        // One piece may be larger than all that may be under way.
        assert!(most.saturating_sub(2) * bytes <= BYTES_AHEAD + 2 * bytes, "{most} of {bytes} were under way");
    }

    #[test]
    fn what_is_fed_comes_out_in_order_and_is_bounded() {
        for threads in [1, 2, 3, 8] {
            check_spread(threads, 700, 300, &[]);
            check_spread(threads, 300, 300, &[0, 1, 17, 299]);
            check_spread(threads, 20, 100 << 10, &[]);
            check_spread(threads, 9, 2 << 20, &[]);
            check_spread(threads, 0, 1, &[]);
        }
    }

    #[test]
    fn an_error_ends_what_is_fed() {
        for threads in [1, 3] {
            let mut seen = 0;
            let mut each = |item: &mut usize| {
                seen += 1;
                if *item == 40 { Err("forty") } else { Ok(()) }
            };
            let work = |item| item;
            let done = Workers::new(threads)
                .spread(&work, &mut each, |belt| (0..1_000).try_for_each(|item| belt.push(item, 1)));
            assert_eq!((done, seen), (Err("forty"), 41));
        }
    }
}
