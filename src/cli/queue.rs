//! `selfless queue`: shows queues, and what is found of them as a whole.
//!
//! Invariant: a queue reads here as it does in `check`, and what its posts say one by one is left to `check`.

use std::io;

use super::args::QueueArgs;
use super::check::judge_all;
use super::session::{Outputs, Session};
use super::setup::{Flags, Setups};
use super::terminal::Surroundings;
use super::{Exit, unwritable};
use crate::emit::{Look, OutputFormat};

/// Runs the command.
pub(super) fn run(args: &QueueArgs, surroundings: Surroundings, look: Look) -> Exit {
    let mut setups = Setups::new(args.config.choice(), surroundings, Flags::of_queue(args));
    let format = OutputFormat::from_name(&args.output.format).unwrap_or_default();
    let mut session = Session::of_queues(Outputs::standard(format, false), format, look);
    let written = judge_all(&args.paths, &args.input, None, &mut setups, &mut session);
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => unwritable(&error, look),
        _ => session.exit(args.judging.exit_zero),
    }
}
