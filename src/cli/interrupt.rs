//! What a run leaves behind that somebody ends before its time: nothing half done.
//!
//! Waits for no signal before there is something to clear away, and for none that was ignored when the program began.
//! Invariant: a file that is not whole yet is known here from before it is there until it is at its place.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// Files that are written beside their places.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Held while several steps must all be done, or none.
static STEPS: Mutex<()> = Mutex::new(());

static WATCHED: Once = Once::new();

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    // Whoever panicked while holding it left a list of paths.
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a file that an interruption takes away, until [`forget`] is told of it.
pub(super) fn remember<T, E>(path: &Path, make: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    WATCHED.call_once(watch);
    let mut unfinished = unfinished();
    let made = make()?;
    unfinished.push(path.to_owned());
    Ok(made)
}

/// A file is at its place, or gone.
pub(super) fn forget(path: &Path) {
    unfinished().retain(|known| known != path);
}

/// Several steps between which no interruption comes.
pub(super) fn undivided<T>(steps: impl FnOnce() -> T) -> T {
    WATCHED.call_once(watch);
    let held = STEPS.lock().unwrap_or_else(PoisonError::into_inner);
    let done = steps();
    drop(held);
    done
}

/// Has a thread wait for Ctrl-C, for being told to end, and for the terminal to go; where that cannot be, these do what they always do.
#[cfg(unix)]
fn watch() {
    use std::sync::mpsc::sync_channel;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    let (ready, begun) = sync_channel(1);
    let waiting = std::thread::Builder::new().name("interrupt".to_owned()).spawn(move || {
        let ignored = ignored();
        let heeded = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].into_iter().filter(|&signal| !is_set(ignored, signal));
        let signals = Signals::new(heeded);
        // Whoever started this waits for it.
        let _ = ready.send(());
        let Ok(mut signals) = signals else { return };
        if let Some(signal) = signals.forever().next() {
            let steps = STEPS.lock().unwrap_or_else(PoisonError::into_inner);
            // Held to the end, so that nothing is begun any more.
            let unfinished = unfinished();
            for path in unfinished.iter() {
                // Nobody is left to be told.
                let _ = fs::remove_file(path);
            }
            // Whoever waits for the program sees what ended it: 130 for Ctrl-C in a shell.
            let _ = emulate_default_handler(signal);
            drop((steps, unfinished));
        }
    });
    if waiting.is_ok() {
        // Nothing is sent where the thread has failed, and then there is nothing to wait for.
        let _ = begun.recv();
    }
}

#[cfg(not(unix))]
fn watch() {}

/// The signals that whoever started this wants ignored, as `nohup` does: a bit each, where the system tells them in a file.
#[cfg(unix)]
fn ignored() -> u64 {
    fs::read_to_string("/proc/self/status").map_or(0, |status| ignored_in(&status))
}

/// Those that a status of Linux lists.
#[cfg(unix)]
fn ignored_in(status: &str) -> u64 {
    let listed = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    listed.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or(0)
}

/// Whether a signal is in a set of them; the first is 1.
#[cfg(unix)]
fn is_set(signals: u64, signal: i32) -> bool {
    let place = u32::try_from(signal - 1).ok();
    place.and_then(|place| signals.checked_shr(place)).is_some_and(|rest| rest & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_is_ignored_is_read_from_a_status() {
        let status =
            "Name:\tselfless\nSigBlk:\t0000000000000004\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000000000\n";
        let ignored: Vec<i32> = (-1..=70).filter(|&signal| is_set(ignored_in(status), signal)).collect();
        assert_eq!(ignored, [1, 13]);
        assert_eq!((ignored_in(""), ignored_in("SigIgn:\tx")), (0, 0));
    }

    #[test]
    fn only_what_is_there_and_not_whole_is_known() {
        let path = Path::new("/a/of/this/test");
        let known = || unfinished().iter().filter(|known| *known == path).count();
        assert_eq!(remember(path, || Err::<(), _>("no such folder")), Err("no such folder"));
        assert_eq!(known(), 0);
        assert_eq!(remember(path, || Ok::<_, ()>(undivided(|| 7))), Ok(7));
        assert_eq!(known(), 1);
        forget(path);
        assert_eq!(known(), 0);
    }
}
