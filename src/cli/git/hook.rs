//! `selfless hook`: the hook of git that refuses a commit of drafts that fail.
//!
//! Invariant: a hook that was there is kept beside the new one, runs before it, and comes back with `uninstall`; no line that somebody wrote is lost.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::flags::HookCommand;
use super::{Repository, path};
use crate::cli::interrupt::undivided;
use crate::cli::new_file::NewFile;
use crate::cli::terminal::{Surroundings, show};
use crate::cli::{Exit, print};
use crate::diagnostic::Diagnostic;
use crate::emit::Look;
use crate::emit::clean::line;

const NAME: &str = "pre-commit";
const BEFORE: &str = "pre-commit.before-selfless";
/// By this line a hook is known as one that may be taken away.
const MARK: &str = "# Written by `selfless hook install`; `selfless hook uninstall` takes it away.";

/// Runs the command.
pub(in crate::cli) fn run(command: &HookCommand, surroundings: &Surroundings, look: Look) -> Exit {
    let done = place(surroundings).and_then(|place| {
        let done = match command {
            HookCommand::Install => install(&place),
            HookCommand::Uninstall => uninstall(&place),
        };
        done.map_err(|error| {
            let message = format!("the hook cannot be written: {error}");
            Box::new(Diagnostic::error("hook/unwritable", message).about(place.shown.display().to_string()))
        })?
    });
    match done {
        Ok(told) => print(&format!("{told}\n"), look, Exit::Clean),
        Err(mistake) => {
            show(vec![*mistake], look);
            Exit::Trouble
        }
    }
}

/// Where git looks for hooks.
struct Place {
    folder: PathBuf,
    /// How that is shown.
    shown: PathBuf,
    /// Whether it lies outside of the repository, so that others may look there too.
    outside: bool,
}

/// Where git looks for hooks, also in a worktree or by `core.hooksPath`.
fn place(surroundings: &Surroundings) -> Result<Place, Box<Diagnostic>> {
    let repository = Repository::around(&surroundings.folder)?;
    // Git fails where it is not set, and prints an empty line where it is set to nothing.
    if repository.git(["config", "--get", "core.hooksPath"]).is_ok_and(|set| set == b"\n") {
        let mistake = Diagnostic::error("hook/nowhere", "`core.hooksPath` is empty, so git runs no hook");
        return Err(Box::new(mistake.help("git config --unset core.hooksPath")));
    }
    let answer = repository.git(["rev-parse", "--git-path", "hooks"])?;
    let folder = repository.top.join(path(answer.strip_suffix(b"\n").unwrap_or(&answer)));
    let shown = folder.strip_prefix(&surroundings.folder).unwrap_or(&folder).to_owned();
    let common = repository.git(["rev-parse", "--git-common-dir"])?;
    let common = repository.top.join(path(common.strip_suffix(b"\n").unwrap_or(&common)));
    let real = |path: &Path| path.ancestors().find_map(|above| above.canonicalize().ok()).unwrap_or_default();
    let outside = ![&common, &repository.top].iter().any(|own| real(&folder).starts_with(real(own)));
    Ok(Place { folder, shown, outside })
}

type Done = io::Result<Result<String, Box<Diagnostic>>>;

fn install(Place { folder, shown, outside }: &Place) -> Done {
    let (hook, before) = (folder.join(NAME), folder.join(BEFORE));
    let place = shown.join(NAME);
    let text = script();
    let known = fs::symlink_metadata(&hook).is_ok();
    let own = match found(&hook) {
        Found::Changed => return Ok(Err(changed(&place, "is written over"))),
        found => found == Found::Own,
    };
    if own && fs::read(&hook)? == text.as_bytes() {
        return Ok(Ok(format!("{} is there already", said(&place))));
    }
    if ["husky.sh", "_/husky.sh"].iter().any(|script| folder.join(script).exists()) {
        // What husky writes there finds its own hooks by the name it is run as, and is written anew with every installation;
        // up to its version 8 the hooks beside that are files of the repository.
        let diagnostic = Diagnostic::error("hook/husky", "the hooks of this repository are husky's");
        let help = "have `.husky/pre-commit` run `selfless check --staged`";
        return Ok(Err(Box::new(diagnostic.about(shown.display().to_string()).help(help))));
    }
    if known && !own && fs::symlink_metadata(&before).is_ok() {
        let message = "two hooks are in the way: neither is written over";
        let diagnostic = Diagnostic::error("hook/in-the-way", message).about(place.display().to_string());
        let help = format!("put them together, or take {} away", said(&shown.join(BEFORE)));
        return Ok(Err(Box::new(diagnostic.help(help))));
    }
    fs::create_dir_all(folder)?;
    undivided(|| {
        if known && !own {
            fs::rename(&hook, &before)?;
        }
        let written = write(&hook, &text);
        if written.is_err() && known && !own {
            fs::rename(&before, &hook)?;
        }
        written
    })?;
    let chained = if known && !own { ", which first runs the hook that was there, now " } else { "" };
    let before = if known && !own { BEFORE } else { "" };
    let shared = if *outside {
        "\nit lies outside of this repository, and runs in every other that looks there"
    } else {
        ""
    };
    Ok(Ok(format!("wrote {}{chained}{before}{shared}", said(&place))))
}

fn uninstall(Place { folder, shown, .. }: &Place) -> Done {
    let (hook, before) = (folder.join(NAME), folder.join(BEFORE));
    let place = shown.join(NAME);
    match found(&hook) {
        Found::Own => {}
        Found::Changed => return Ok(Err(changed(&place, "is taken away"))),
        Found::Other => return Ok(Ok(format!("nothing to take away: {} is not of selfless", said(&place)))),
    }
    if fs::symlink_metadata(&before).is_ok() {
        fs::rename(&before, &hook)?;
        return Ok(Ok(format!("{} is what it was", said(&place))));
    }
    fs::remove_file(&hook)?;
    Ok(Ok(format!("took {} away", said(&place))))
}

fn said(path: &Path) -> String {
    line(&path.display().to_string()).into_owned()
}

/// Whose a hook is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// Not of selfless, or not there.
    Other,
    /// As it was written, wherever the program was then.
    Own,
    /// As it was written, and changed by somebody.
    Changed,
}

fn found(hook: &Path) -> Found {
    let Ok(text) = fs::read(hook) else { return Found::Other };
    let text = String::from_utf8_lossy(&text);
    if text.lines().nth(1) != Some(MARK) {
        return Found::Other;
    }
    let program = text.split_once(BEFORE_PROGRAM).and_then(|(_, rest)| rest.split_once(AFTER_PROGRAM));
    match program {
        Some((program, _)) if script_of(program) == text => Found::Own,
        _ => Found::Changed,
    }
}

/// That a hook holds what somebody else wrote.
fn changed(place: &Path, what: &str) -> Box<Diagnostic> {
    let message = format!("somebody changed this hook since it was written, so nothing of it {what}");
    let help =
        format!("put what is not of selfless into {BEFORE} beside it, which runs first, and take this file away");
    Box::new(Diagnostic::error("hook/changed", message).about(place.display().to_string()).help(help))
}

fn write(hook: &Path, text: &str) -> io::Result<()> {
    let mut file = NewFile::create(hook)?;
    file.write_all(text.as_bytes())?;
    file.executable()?;
    file.finish()
}

/// What stands before and behind the first of the two places of the program.
const BEFORE_PROGRAM: &str = "\nfi\nif [ -x '";
const AFTER_PROGRAM: &str = "' ]; then\n  exec '";

/// The hook: programs that commit without a shell often have another path, so it also knows where the program was.
fn script() -> String {
    let program = std::env::current_exe().unwrap_or_default();
    let program = program.display().to_string().replace('\\', "/").replace('\'', "'\\''");
    script_of(&program)
}

fn script_of(program: &str) -> String {
    format!(
        "#!/bin/sh\n{MARK}\n\
         # What was here before is {BEFORE} beside it, and runs first.\n\
         before=$(dirname \"$0\")/{BEFORE}\n\
         if [ -x \"$before\" ]; then\n  \"$before\" \"$@\" || exit\nfi\n\
         if command -v selfless >/dev/null 2>&1; then\n  exec selfless check --staged{BEFORE_PROGRAM}{program}{AFTER_PROGRAM}{program}' check --staged\nfi\n\
         echo \"selfless is not there any more, so nothing was checked; this hook is $0\" >&2\nexit 1\n"
    )
}
