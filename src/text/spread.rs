//! Work on one long text that several threads can share.
//!
//! Starts no threads; whoever has some lends them. Invariant: what comes of it does not depend on how many there are.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::ops::Range;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Threads that may be lent.
pub trait Spread: Debug + Send + Sync {
    /// On how many threads [`Spread::each`] works, at most.
    fn threads(&self) -> usize;

    /// Calls `work` once with each number below `count`, lower ones earlier, and returns when all is done.
    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync));
}

/// The thread that asks, and no other.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl Spread for Alone {
    fn threads(&self) -> usize {
        1
    }

    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..count).for_each(work);
    }
}

/// How many results per thread may wait for one before them.
const AHEAD: usize = 4;

/// Works on every item, and hands over what comes of them in their order, each as soon as it and those before are done.
pub fn in_order<T: Sync, R: Send>(
    spread: &dyn Spread,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    join: impl FnMut(R) + Send,
) {
    let most = spread.threads().max(1) * AHEAD;
    let line = Line { next: 0, waiting: VecDeque::new(), join, broken: false };
    let (line, moved) = (Mutex::new(line), Condvar::new());
    spread.each(items.len(), &|number| {
        let Some(item) = items.get(number) else { return };
        let unless_done = Unless(|| {
            lock(&line).broken = true;
            moved.notify_all();
        });
        let done = work(item);
        let mut line = lock(&line);
        // The next in line never waits, so all others wait for some that is being worked on.
        while number >= line.next + most && !line.broken {
            line = moved.wait(line).unwrap_or_else(PoisonError::into_inner);
        }
        if !line.broken {
            line.take(number, done);
        }
        drop(line);
        moved.notify_all();
        std::mem::forget(unless_done);
    });
}

/// So many items are worked on at a time where little comes of each.
pub const BATCH: usize = 512;

/// Of fewer items it takes less to work on them than to wake others for it.
const WORTH: usize = 4 * BATCH;

/// What comes of a list, where `work` adds what comes of some of it, and `join` what comes of the next.
pub fn gather<T: Sync, C: Default + Send>(
    spread: &dyn Spread,
    items: &[T],
    work: impl Fn(&[T], &mut C) + Sync,
    mut join: impl FnMut(&mut C, C) + Send,
) -> C {
    let mut all = C::default();
    if !is_shared(spread, items) {
        work(items, &mut all);
        return all;
    }
    let batches: Vec<&[T]> = items.chunks(BATCH).collect();
    let work = |batch: &&[T]| {
        let mut found = C::default();
        work(batch, &mut found);
        found
    };
    in_order(spread, &batches, work, |found| join(&mut all, found));
    all
}

/// Whether several threads share in a list.
pub fn is_shared<T>(spread: &dyn Spread, items: &[T]) -> bool {
    items.len() > WORTH && spread.threads() > 1
}

/// Results that wait for their turn.
struct Line<R, J> {
    next: usize,
    /// From `next` on.
    waiting: VecDeque<Option<R>>,
    join: J,
    /// One has panicked, and will never come.
    broken: bool,
}

impl<R, J: FnMut(R)> Line<R, J> {
    fn take(&mut self, number: usize, done: R) {
        let place = number - self.next;
        self.waiting.resize_with(self.waiting.len().max(place + 1), || None);
        self.waiting[place] = Some(done);
        while let Some(Some(done)) = self.waiting.front_mut().map(Option::take) {
            self.waiting.pop_front();
            self.next += 1;
            (self.join)(done);
        }
    }
}

/// Does something when it is dropped, which is only where a panic ends what stands below it.
struct Unless<F: FnMut()>(F);

impl<F: FnMut()> Drop for Unless<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

fn lock<T>(line: &Mutex<T>) -> MutexGuard<'_, T> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `0..len` in ranges of `piece`; the last may be shorter.
pub fn ranges(len: usize, piece: usize) -> impl Iterator<Item = Range<usize>> {
    (0..len).step_by(piece.max(1)).map(move |start| start..len.min(start + piece.max(1)))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    /// So many threads, of this call alone.
    #[derive(Debug)]
    struct Threads(usize);

    impl Spread for Threads {
        fn threads(&self) -> usize {
            self.0
        }

        fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
            let next = AtomicUsize::new(0);
            std::thread::scope(|scope| {
                for _ in 0..self.0 {
                    scope.spawn(|| {
                        while let number = next.fetch_add(1, Ordering::Relaxed)
                            && number < count
                        {
                            work(number);
                        }
                    });
                }
            });
        }
    }

    #[test]
    fn what_comes_of_items_comes_in_their_order() {
        let items: Vec<u64> = (0..60).collect();
        for spread in [&Alone as &dyn Spread, &Threads(2), &Threads(5)] {
            let mut seen = Vec::new();
            let work = |item: &u64| {
                std::thread::sleep(Duration::from_micros(item * 7 % 5 * 100));
                item * 2
            };
            in_order(spread, &items, work, |done| seen.push(done));
            assert!(seen.into_iter().eq((0..60).map(|item| item * 2)), "{spread:?}");
        }
        in_order(&Threads(2), &[], |(): &()| (), |()| panic!("nothing was to be done"));
    }

    #[test]
    fn what_comes_of_a_list_is_put_together() {
        for spread in [&Alone as &dyn Spread, &Threads(3)] {
            for len in [0, 1, WORTH, WORTH + 1, 7 * BATCH + 5] {
                let items: Vec<usize> = (0..len).collect();
                let even =
                    |some: &[usize], all: &mut Vec<usize>| all.extend(some.iter().filter(|one| *one % 2 == 0));
                assert!(
                    gather(spread, &items, even, Extend::extend).into_iter().eq((0..len).step_by(2)),
                    "{len} {spread:?}"
                );
            }
        }
    }

    #[test]
    fn few_results_wait_for_a_slow_one() {
        let items: Vec<usize> = (0..200).collect();
        let (begun, joined) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |item: &usize| {
            begun.fetch_add(1, Ordering::SeqCst);
            if item % 50 == 3 {
                std::thread::sleep(Duration::from_millis(20));
            }
            begun.load(Ordering::SeqCst) - joined.load(Ordering::SeqCst)
        };
        let mut most = 0;
        in_order(&Threads(3), &items, work, |open| {
            joined.fetch_add(1, Ordering::SeqCst);
            most = most.max(open);
        });
        assert!(most <= 3 * AHEAD + 3 + 1, "{most} were open");
        assert_eq!(joined.into_inner(), 200);
    }

    #[test]
    fn a_panic_ends_it_and_keeps_nobody_waiting() {
        let items: Vec<usize> = (0..100).collect();
        let work = |item: &usize| assert!(*item != 17, "seventeen");
        let caught = std::panic::catch_unwind(|| in_order(&Threads(4), &items, work, |()| ()));
        assert!(caught.is_err());
    }

    #[test]
    fn ranges_cover_all_once() {
        assert!(ranges(7, 3).eq([0..3, 3..6, 6..7]));
        assert!(ranges(6, 3).eq([0..3, 3..6]));
        assert_eq!(ranges(0, 3).count(), 0);
        assert!(ranges(2, 0).eq([0..1, 1..2]));
    }
}
