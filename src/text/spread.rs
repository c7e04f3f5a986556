//! Work on one long text that several threads can share.
//!
//! Starts no threads; whoever has some lends them. Invariant: what comes of it does not depend on how many there are.

use std::fmt::Debug;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

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

/// Items per thread that are worked on before what came of them is handed over: so many that few threads wait for the last of them, and
/// so few that what comes of them takes little room.
const ROUND: usize = 4;

/// Works on every item, and hands over what comes of them in their order.
pub fn in_order<T: Sync, R: Send>(
    spread: &dyn Spread,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut join: impl FnMut(R),
) {
    for round in items.chunks(spread.threads().max(1) * ROUND) {
        let done: Vec<Mutex<Option<R>>> = round.iter().map(|_| Mutex::new(None)).collect();
        spread.each(round.len(), &|number| {
            if let (Some(item), Some(place)) = (round.get(number), done.get(number)) {
                *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(work(item));
            }
        });
        let done = done.into_iter().filter_map(|place| place.into_inner().unwrap_or_else(PoisonError::into_inner));
        done.for_each(&mut join);
    }
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
    fn ranges_cover_all_once() {
        assert!(ranges(7, 3).eq([0..3, 3..6, 6..7]));
        assert!(ranges(6, 3).eq([0..3, 3..6]));
        assert_eq!(ranges(0, 3).count(), 0);
        assert!(ranges(2, 0).eq([0..1, 1..2]));
    }
}
