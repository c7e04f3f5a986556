//! `selfless completions` and `selfless man`: what shells and `man` know of the flags, from the flags themselves.
//!
//! Invariant: the same program writes the same bytes.

use std::io::{self, Write as _};
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::args::{Cli, CompletionsArgs, ManArgs};
use super::new_file::NewFile;
use super::terminal::show;
use super::{Exit, print};
use crate::diagnostic::Diagnostic;
use crate::emit::Look;

/// Prints the completions of a shell.
pub(super) fn completions(args: &CompletionsArgs, look: Look) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "selfless", &mut script);
    print(&String::from_utf8_lossy(&script), look, Exit::Clean)
}

/// Prints the page of the program, or writes that of every command into a folder.
pub(super) fn man(args: &ManArgs, folder: &Path, look: Look) -> Exit {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let done = match &args.folder {
        None => page(&command).map(Some),
        Some(written) => write_all(&command, &folder.join(written)).map(|()| None),
    };
    match done {
        Ok(Some(page)) => print(&String::from_utf8_lossy(&page), look, Exit::Clean),
        Ok(None) => Exit::Clean,
        Err(error) => {
            let diagnostic = Diagnostic::error("output/unwritable", format!("cannot be written: {error}"));
            let about = args.folder.as_deref().unwrap_or(Path::new("")).display().to_string();
            show(vec![diagnostic.about(about)], look);
            Exit::Trouble
        }
    }
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}

/// `selfless.1`, `selfless-check.1` and so on.
fn write_all(command: &Command, folder: &Path) -> io::Result<()> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let mut file = NewFile::create(&folder.join(format!("{name}.1")))?;
    file.write_all(&page(command)?)?;
    file.finish()?;
    command.get_subcommands().try_for_each(|command| write_all(command, folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Cli::command().disable_help_subcommand(true);
        command.build();
        write_all(&command, folder.path()).unwrap();
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert!(read("selfless.1").contains("less self, more conversation"));
        assert!(read("selfless-check.1").contains("\\-\\-output"));
        assert!(read("selfless-rules-test.1").contains("Run the examples of every rule"));
        let commands = command.get_subcommands().count();
        assert!(std::fs::read_dir(folder.path()).unwrap().count() > commands);
    }
}
