//! Compiles `rules/*.toml` into `src/rule/shipped/tables.rs`, and writes `docs/rules.md` from them.
//!
//! ```text
//! cargo run --example compile_rules            write the tables
//! cargo run --example compile_rules -- --check say whether they are fresh
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod rule_files;

use std::io;
use std::process::ExitCode;

fn main() -> io::Result<ExitCode> {
    let generated = match rule_files::Generated::of(&rule_files::read()?) {
        Ok(generated) => generated,
        Err(mistakes) => {
            eprint!("{mistakes}");
            return Ok(ExitCode::FAILURE);
        }
    };
    if std::env::args().any(|argument| argument == "--check") {
        println!("{}", if generated.fresh { "tables and page are fresh" } else { "tables or page are stale" });
        return Ok(if generated.fresh { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    generated.write()?;
    Ok(ExitCode::SUCCESS)
}
