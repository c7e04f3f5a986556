//! `selfless queue`: shows queues, and what is found of them as a whole.
//!
//! Invariant: a queue reads here as it does in `check`, and what its posts say one by one is left to `check`.

use std::io;

use super::args::QueueArgs;
use super::check::{lint, threads};
use super::group::Wanted;
use super::past::read_past;
use super::session::{Outputs, Session, run_report, tool};
use super::setup::{Flags, Setups};
use super::terminal::Surroundings;
use super::walk::{plan, without_posts};
use super::{Exit, unwritable};
use crate::emit::{Look, OutputFormat};

/// Runs the command.
pub(super) fn run(args: &QueueArgs, surroundings: Surroundings, look: Look) -> Exit {
    let mut setups = Setups::new(args.config.choice(), surroundings, Flags::of_queue(args));
    let mut plan = plan(&args.paths, &args.input, &mut setups);
    let wrong = read_past(&mut plan, &args.input, &mut setups);
    let format = OutputFormat::from_name(&args.output.format).unwrap_or_default();
    let mut session = Session::of_queues(Outputs::standard(format, false), format, look);
    let threads = threads(None, &plan);
    let mut run = run_report(tool(setups.fingerprint(), setups.index()), setups.take_diagnostics());
    run.diagnostics.extend(wrong);
    let written = session
        .begin(&run.tool)
        .and_then(|()| lint(&plan, Wanted::Queues, threads, &mut session))
        .and_then(|unrecognised| {
            run.diagnostics.extend(without_posts(&plan, &unrecognised));
            session.finish(run)
        });
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => unwritable(&error, look),
        _ => session.exit(args.judging.exit_zero),
    }
}
