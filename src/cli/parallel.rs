//! Work on several things at a time, with the results in order.
//!
//! Knows nothing of drafts. Invariant: what `each` sees does not depend on the number of threads.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, sync_channel};

/// How many results per thread may wait for an earlier one.
const AHEAD: usize = 16;

/// How many items a thread takes at a time where there are many, for handing over a result costs as much as reading a
/// short draft.
const TAKEN: usize = 8;

/// Calls `work` on every item, on `threads` threads, and `each` on this one with every item and its result in the
/// order of the items, as soon as it and all before it are done. Stops at the first error of `each`.
///
/// # Errors
/// That error.
pub(super) fn in_order<'i, T: Sync, R: Send, E>(
    items: &'i [T],
    threads: usize,
    work: impl Fn(&T) -> R + Sync,
    mut each: impl FnMut(&'i T, R) -> Result<(), E>,
) -> Result<(), E> {
    let pool = (threads > 1).then(|| rayon::ThreadPoolBuilder::new().num_threads(threads).build());
    let Some(Ok(pool)) = pool else {
        return items.iter().try_for_each(|item| each(item, work(item)));
    };
    let taken = (items.len() / (threads * AHEAD)).clamp(1, TAKEN);
    pool.in_place_scope(|scope| {
        let mut waiting: VecDeque<Receiver<Vec<R>>> = VecDeque::new();
        let mut ahead = items.chunks(taken);
        for items in items.chunks(taken) {
            while waiting.len() < threads * AHEAD / taken {
                let Some(next) = ahead.next() else { break };
                let (sender, receiver) = sync_channel(1);
                waiting.push_back(receiver);
                let work = &work;
                scope.spawn(move |_| {
                    // The receiver is gone only where `each` has failed.
                    let _ = sender.send(next.iter().map(work).collect());
                });
            }
            // Without a result, the work has panicked, and the scope passes that on.
            let Some(Ok(results)) = waiting.pop_front().map(|receiver| receiver.recv()) else { break };
            items.iter().zip(results).try_for_each(|(item, result)| each(item, result))?;
        }
        Ok(())
    })
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
            let done: Result<(), ()> = in_order(&items, threads, work, |item, result| {
                seen.push((*item, result));
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
            let done = in_order(
                &[1, 2, 3, 4],
                threads,
                |item| *item,
                |_, item| {
                    seen += 1;
                    if item == 2 { Err("two") } else { Ok(()) }
                },
            );
            assert_eq!((done, seen), (Err("two"), 2));
        }
    }
}
