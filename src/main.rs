//! The binary: an exit code from the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    selfless::cli::run(std::env::args_os())
}
