//! Floor 6: the command line.
//!
//! All input and output, the environment, threads and exit codes are here and nowhere else. Invariant: whatever
//! could be read is judged and shown, and trouble with the rest ends as exit code 2.

mod add_ignores;
mod args;
mod baseline;
mod bug;
mod check;
mod configs;
mod draft;
mod eval;
mod explain;
mod extends;
mod files;
mod fix;
mod gather;
mod git;
mod group;
mod history;
mod ignored;
mod init;
mod interrupt;
mod list;
mod manual;
mod new_file;
mod open;
mod output;
mod packed;
mod parallel;
mod past;
mod posts;
mod progress;
mod queue;
mod quiet;
mod read;
mod report;
mod resolved;
mod rule_files;
mod rules;
mod session;
mod setup;
mod stream;
mod terminal;
mod terms;
mod walk;
mod watch;
mod wildcards;
mod window;

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anstream::ColorChoice;
use clap::{CommandFactory, Parser};

use args::{CheckArgs, Cli, Color, RulesCommand, Subcommands};
use terminal::{Surroundings, look};

use crate::diagnostic::Diagnostic;
use crate::emit::Look;
use crate::emit::clean::{block, break_commands};
use crate::schema;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Nothing failed.
    Clean = 0,
    /// At least one draft failed.
    Failed = 1,
    /// The job could not be done, whatever else was found.
    Trouble = 2,
}

/// Runs the program with its arguments, the program's name first.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut args: Vec<OsString> = args.into_iter().collect();
    // To clap, whatever follows `help` is the name of a command.
    if args.get(1).is_some_and(|first| first == "help") {
        args.retain(|arg| arg != "--help" && arg != "-h");
    }
    if args.len() <= 1 {
        return ExitCode::from(help() as u8);
    }
    bug::quiet();
    match Cli::try_parse_from(args) {
        Ok(cli) => {
            let exit = bug::caught(|| dispatch(cli)).unwrap_or_else(|bug| {
                terminal::show(vec![*bug], look(Color::Auto));
                Exit::Trouble
            });
            ExitCode::from(exit as u8)
        }
        Err(error) => {
            if error.use_stderr() {
                // It quotes what was given, which may come from anywhere.
                let text = error.render().to_string();
                let text = block(&text);
                let workflow = look(Color::Auto).workflow;
                terminal::remark(&if workflow { break_commands(&text) } else { text });
            } else {
                // Nowhere is left to tell of an output that is closed.
                let _ = error.print();
            }
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Exit::Trouble as u8))
        }
    }
}

fn dispatch(cli: Cli) -> Exit {
    let surroundings = Surroundings::find();
    match cli.command {
        None => check(&cli.check, surroundings),
        Some(Subcommands::Check(args)) => check(&args, surroundings),
        Some(Subcommands::Report(args)) => report::run(&args, surroundings, settle(args.judged.color.color)),
        Some(Subcommands::Baseline(args)) => baseline::run(&args, surroundings, settle(args.judged.color.color)),
        Some(Subcommands::Queue(args)) => queue::run(&args, surroundings, settle(args.output.color.color)),
        Some(Subcommands::Posts(args)) => posts::run(&args, surroundings, settle(args.color.color)),
        Some(Subcommands::Rules(args)) => match &args.command {
            None => rules::list(&args, surroundings, settle(args.color.color)),
            Some(RulesCommand::Test(test)) => rules::test(test, &surroundings, settle(test.color.color)),
        },
        Some(Subcommands::Explain(args)) => explain::run(&args, surroundings, settle(args.color.color)),
        Some(Subcommands::Config(args)) => resolved::run(&args, surroundings, settle(args.color.color)),
        Some(Subcommands::Schema(args)) => {
            let text = if args.what == "rules" { schema::rules() } else { schema::config() };
            print(&text, settle(Color::Auto), Exit::Clean)
        }
        Some(Subcommands::Init(args)) => init::run(&args, &surroundings, settle(Color::Auto)),
        Some(Subcommands::Hook(args)) => git::hook::run(&args.command, &surroundings, settle(Color::Auto)),
        Some(Subcommands::Eval(args)) => eval::run(&args, surroundings, settle(args.color.color)),
        Some(Subcommands::Completions(args)) => manual::completions(&args, settle(Color::Auto)),
        Some(Subcommands::Man(args)) => manual::man(&args, &surroundings.folder, settle(Color::Auto)),
    }
}

fn check(args: &CheckArgs, surroundings: Surroundings) -> Exit {
    let look = settle(args.output.color.color);
    if args.run.watch { watch::run(args, &surroundings, look) } else { check::run(args, surroundings, look) }
}

/// Makes everything that prints agree on colour.
fn settle(color: Color) -> Look {
    match color {
        Color::Auto => {}
        Color::Always => ColorChoice::Always.write_global(),
        Color::Never => ColorChoice::Never.write_global(),
    }
    look(color)
}

/// Without arguments: the help, asked for by a person, or told to a program that meant something else.
fn help() -> Exit {
    let help = Cli::command().render_long_help();
    if terminal::is_interactive() {
        let _ = write!(anstream::stdout(), "{}", help.ansi());
        Exit::Clean
    } else {
        let _ = write!(anstream::stderr(), "{}", help.ansi());
        Exit::Trouble
    }
}

/// Prints text that is the whole output of a command.
fn print(text: &str, look: Look, done: Exit) -> Exit {
    let text = if look.workflow { break_commands(text) } else { Cow::Borrowed(text) };
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => unwritable(&error, look),
        _ => done,
    }
}

/// Tells that output cannot be written.
fn unwritable(error: &io::Error, look: Look) -> Exit {
    terminal::show(vec![Diagnostic::error("output/unwritable", format!("cannot be written: {error}"))], look);
    Exit::Trouble
}
