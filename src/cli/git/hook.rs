//! `selfless hook`: the hook of git that refuses a commit of drafts that fail.
//!
//! Invariant: a hook that was there is kept beside the new one, runs before it, and comes back with `uninstall`.

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
    let done = folder(surroundings).and_then(|(folder, shown)| {
        let done = match command {
            HookCommand::Install => install(&folder, &shown),
            HookCommand::Uninstall => uninstall(&folder, &shown),
        };
        done.map_err(|error| {
            let message = format!("the hook cannot be written: {error}");
            Box::new(Diagnostic::error("hook/unwritable", message).about(shown.display().to_string()))
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

/// Where git looks for hooks, also in a worktree or by `core.hooksPath`, and how that is shown.
fn folder(surroundings: &Surroundings) -> Result<(PathBuf, PathBuf), Box<Diagnostic>> {
    let repository = Repository::around(&surroundings.folder)?;
    let answer = repository.git(["rev-parse", "--git-path", "hooks"])?;
    let folder = repository.top.join(path(answer.strip_suffix(b"\n").unwrap_or(&answer)));
    let shown = folder.strip_prefix(&surroundings.folder).unwrap_or(&folder).to_owned();
    Ok((folder, shown))
}

type Done = io::Result<Result<String, Box<Diagnostic>>>;

fn install(folder: &Path, shown: &Path) -> Done {
    let (hook, before) = (folder.join(NAME), folder.join(BEFORE));
    let place = shown.join(NAME);
    let text = script();
    let known = fs::symlink_metadata(&hook).is_ok();
    let own = is_own(&hook);
    if own && fs::read(&hook)? == text.as_bytes() {
        return Ok(Ok(format!("{} is there already", said(&place))));
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
    Ok(Ok(if known && !own {
        format!("wrote {}, which first runs the hook that was there, now {BEFORE}", said(&place))
    } else {
        format!("wrote {}", said(&place))
    }))
}

fn uninstall(folder: &Path, shown: &Path) -> Done {
    let (hook, before) = (folder.join(NAME), folder.join(BEFORE));
    let place = shown.join(NAME);
    if !is_own(&hook) {
        return Ok(Ok(format!("nothing to take away: {} is not of selfless", said(&place))));
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

fn is_own(hook: &Path) -> bool {
    fs::read(hook).is_ok_and(|text| String::from_utf8_lossy(&text).lines().nth(1) == Some(MARK))
}

fn write(hook: &Path, text: &str) -> io::Result<()> {
    let mut file = NewFile::create(hook)?;
    file.write_all(text.as_bytes())?;
    file.executable()?;
    file.finish()
}

/// The hook: programs that commit without a shell often have another path, so it also knows where the program was.
fn script() -> String {
    let program = std::env::current_exe().unwrap_or_default();
    let program = program.display().to_string().replace('\\', "/").replace('\'', "'\\''");
    format!(
        "#!/bin/sh\n{MARK}\n\
         # What was here before is {BEFORE} beside it, and runs first.\n\
         before=$(dirname \"$0\")/{BEFORE}\n\
         if [ -x \"$before\" ]; then\n  \"$before\" \"$@\" || exit\nfi\n\
         if command -v selfless >/dev/null 2>&1; then\n  exec selfless check --staged\nfi\n\
         exec '{program}' check --staged\n"
    )
}
