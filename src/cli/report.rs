//! `selfless report`: what `check` would say, as one page for somebody who does not run the program.
//!
//! Invariant: a file that is no such page is never written over, and nothing is opened unless that was asked for.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::args::JudgedArgs;
use super::check::{HINT, is_judged, judge_all};
use super::group::Wanted;
use super::new_file::NewFile;
use super::read::unwritable_file;
use super::session::{Outputs, Session};
use super::setup::{Flags, Setups};
use super::terminal::{Surroundings, show};
use super::{Exit, print, unwritable};
use crate::diagnostic::Diagnostic;
use crate::emit::clean::line;
use crate::emit::{Html, Look, is_page};

/// So much of a file tells whether it is a page of ours.
const BEGINNING: u64 = 2048;

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// Files and folders with drafts, or - for standard input; the current folder if none is given
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// The file to write, or - for standard output; only an earlier report is written over
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(super) output: PathBuf,
    /// Open the page once it is written
    #[arg(long, help_heading = "Output")]
    pub(super) open: bool,
    /// Show every finding, also in short drafts
    #[arg(long, help_heading = "Output")]
    pub(super) all: bool,
    #[command(flatten)]
    pub(super) judged: JudgedArgs,
}

/// Runs the command.
pub(super) fn run(args: &ReportArgs, surroundings: Surroundings, look: Look) -> Exit {
    if args.output.as_os_str() == "-" {
        if args.open {
            return trouble(
                Diagnostic::error("flags/open", "standard output cannot be opened").help("name a file after -o"),
                look,
            );
        }
        let out = BufWriter::with_capacity(1 << 16, io::stdout());
        return match judged(args, surroundings, look, out) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => unwritable(&error, look),
            Err(_) => Exit::Clean,
            Ok(exit) => exit,
        };
    }
    to_file(args, surroundings, look).unwrap_or_else(|diagnostic| trouble(*diagnostic, look))
}

fn to_file(args: &ReportArgs, surroundings: Surroundings, look: Look) -> Result<Exit, Box<Diagnostic>> {
    let name = args.output.display().to_string();
    let cannot = |error: io::Error| Box::new(unwritable_file(&name, "", &error));
    let place = surroundings.folder.join(&args.output);
    if is_something_else(&place) {
        let message = "another file is there, and it is no report";
        let help = "name another file, or take this one away first";
        return Err(Box::new(Diagnostic::error("output/not-a-report", message).about(&name).help(help)));
    }
    let mut file = NewFile::create(&place).map_err(cannot)?;
    let exit = judged(args, surroundings, look, &mut file).map_err(cannot)?;
    file.finish().map_err(cannot)?;
    if args.open {
        open::that_detached(&place).map_err(|error| {
            let message = format!("the page is written, and cannot be opened: {error}");
            Box::new(Diagnostic::error("output/not-opened", message).about(&name))
        })?;
    }
    Ok(print(&format!("wrote {}\n", line(&name)), look, exit))
}

/// Whether a file is there that may be a draft or anything else that somebody made.
fn is_something_else(path: &Path) -> bool {
    // A pipe that was opened would keep one waiting.
    if !fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0) {
        return false;
    }
    let Ok(file) = File::open(path) else { return false };
    let mut beginning = Vec::new();
    let read = file.take(BEGINNING).read_to_end(&mut beginning);
    read.is_err() || !is_page(&String::from_utf8_lossy(&beginning))
}

/// Has everything judged and the page written to `out`. Drafts that fail are not failures of the report.
fn judged(args: &ReportArgs, surroundings: Surroundings, look: Look, out: impl Write) -> io::Result<Exit> {
    let given = &args.judged;
    let flags = Flags { all: args.all, texts: true, ..Flags::of_all(given) };
    let mut setups = Setups::new(given.config.choice(), surroundings, flags);
    let outputs = Outputs { out, err: anstream::stderr(), live: false };
    let mut session = Session::with(outputs, Box::new(Html::new(look)), Wanted::Drafts);
    judge_all(&args.paths, &given.input, given.threads, &mut setups, &mut session)?;
    if !given.config.no_config && !setups.has_identity() && is_judged(&session.summary) {
        session.remark(HINT)?;
    }
    Ok(session.exit(true))
}

fn trouble(diagnostic: Diagnostic, look: Look) -> Exit {
    show(vec![diagnostic], look);
    Exit::Trouble
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ours_and_empty_files_may_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let check = |text: &str, expected: bool| {
            let path = folder.path().join("a");
            fs::write(&path, text).unwrap();
            assert_eq!(is_something_else(&path), expected, "{text}");
        };
        check("", false);
        check("Thrilled to announce", true);
        check("<!DOCTYPE html><html><head><title>Mine</title>", true);
        check(
            "<!DOCTYPE html><html lang=\"en\">\n<head><meta name=\"generator\" content=\"selfless 0.1.0\">",
            false,
        );
        assert!(!is_something_else(&folder.path().join("b")) && !is_something_else(folder.path()));
    }
}
