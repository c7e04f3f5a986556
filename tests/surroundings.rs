//! The program where nothing is as it should be: a full disk, a closed pipe, little memory, files that change.
//!
//! In each it must end by itself, with one of its exit codes and a word about what is wrong, and what was there before is
//! as it was. A test that needs what a machine does not have is ignored, and its name says why.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot run has failed")]

use libtest_mimic::Arguments;

#[cfg(unix)]
#[path = "surroundings/unix.rs"]
mod unix;

fn main() {
    #[cfg(unix)]
    let trials = unix::trials();
    #[cfg(not(unix))]
    let trials = Vec::new();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
