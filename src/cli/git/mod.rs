//! What git holds: the repository around a folder, what changed in it, and the texts that are staged or were there before.
//!
//! Runs `git`, with every argument set here or checked, no pager, no external diff, and no shell. Invariant: nothing is
//! written to a repository; only `hook` does that.

pub(super) mod blobs;
pub(super) mod change;
pub(super) mod diff;
pub(super) mod flags;
pub(super) mod hook;
pub(super) mod index;
pub(super) mod plan;

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::configs::absolute;
use crate::diagnostic::Diagnostic;

/// A repository with a work tree.
#[derive(Debug)]
pub(super) struct Repository {
    /// The current folder.
    folder: PathBuf,
    /// The top of the work tree.
    pub(super) top: PathBuf,
    /// From the current folder to the top: empty, or so many `../`.
    up: PathBuf,
    /// Whether the history is cut off.
    shallow: bool,
}

impl Repository {
    /// The repository that a folder lies in.
    ///
    /// # Errors
    /// When there is none, it has no work tree, git refuses it, or git is not there.
    pub(super) fn around(folder: &Path) -> Result<Self, Box<Diagnostic>> {
        let args = ["rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-cdup"];
        let output = run(folder, args).map_err(|error| no_git(&error))?;
        let mut lines = output.stdout.split(|&byte| byte == b'\n');
        if !output.status.success() || lines.next() != Some(b"true") {
            return Err(no_repository(&output));
        }
        let shallow = lines.next() == Some(b"true");
        let up = path(lines.next().unwrap_or_default());
        Ok(Self { folder: folder.to_owned(), top: absolute(folder, &up), up, shallow })
    }

    /// Runs git at the top, and returns what it printed.
    ///
    /// # Errors
    /// When it fails, with what it said.
    pub(super) fn git<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Result<Vec<u8>, Box<Diagnostic>> {
        let output = run(&self.top, args).map_err(|error| no_git(&error))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(Box::new(said(Diagnostic::error("git/failed", "git could not tell what changed"), &output)))
    }

    /// The last commit that a revision and HEAD have in common.
    ///
    /// # Errors
    /// When nothing is called so, or nothing is in common, as far as the history goes.
    pub(super) fn common(&self, revision: &str) -> Result<String, Box<Diagnostic>> {
        let shown = revision.escape_debug();
        let commit = format!("{revision}^{{commit}}");
        // What begins with a dash would be read as a flag.
        let known = !revision.starts_with('-');
        let known = known && self.git(["rev-parse", "--verify", "--quiet", &commit]).is_ok();
        if !known {
            let message = format!("no commit is called `{shown}`");
            return Err(Box::new(self.deepen(Diagnostic::error("git/unknown-revision", message))));
        }
        self.git(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]).map_err(|_| {
            Diagnostic::error("git/no-commit", "nothing is committed yet, so nothing changed since")
        })?;
        match self.git(["merge-base", &commit, "HEAD"]) {
            Ok(base) => Ok(String::from_utf8_lossy(&base).trim().to_owned()),
            Err(_) => {
                let message = format!("`{shown}` and HEAD have no commit in common");
                Err(Box::new(self.deepen(Diagnostic::error("git/no-common-commit", message))))
            }
        }
    }

    /// What helps where the history is cut off.
    fn deepen(&self, diagnostic: Diagnostic) -> Diagnostic {
        if !self.shallow {
            return diagnostic;
        }
        let help = "fetch all of it: `git fetch --unshallow`, or `fetch-depth: 0` of actions/checkout";
        diagnostic.note("this clone is shallow: its history is cut off").help(help)
    }

    /// A path below the top, absolute, and as it is shown from the current folder.
    fn place(&self, below: &Path) -> (PathBuf, PathBuf) {
        let absolute = self.top.join(below);
        let shown = absolute.strip_prefix(&self.folder).map_or_else(|_| self.up.join(below), Path::to_owned);
        (absolute, shown)
    }
}

/// Runs git in a folder.
fn run<'a>(folder: &Path, args: impl IntoIterator<Item = &'a str>) -> io::Result<Output> {
    command(folder).args(args).output()
}

/// Git in a folder: it takes no lock, asks nothing, and starts no program that watches files.
fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder).stdin(Stdio::null()).env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
    // Git takes these from where it runs, and whoever set them from where this does.
    for name in ["GIT_DIR", "GIT_WORK_TREE"] {
        if let Some(set) = std::env::var_os(name)
            && let Ok(whole) = std::path::absolute(&set)
        {
            command.env(name, whole);
        }
    }
    command.args(["--no-pager", "--no-optional-locks", "--literal-pathspecs", "-c", "core.fsmonitor=false"]);
    command
}

fn no_git(error: &io::Error) -> Box<Diagnostic> {
    let message = match error.kind() {
        io::ErrorKind::NotFound => "git is not installed, or not on the path".to_owned(),
        _ => format!("git cannot be run: {error}"),
    };
    Box::new(Diagnostic::error("git/missing", message))
}

fn no_repository(output: &Output) -> Box<Diagnostic> {
    let diagnostic = Diagnostic::error("git/no-repository", "the current folder is in no work tree of git");
    Box::new(said(diagnostic, output).help("without git, name the files: `selfless check FILE`"))
}

/// Adds what git said.
fn said(diagnostic: Diagnostic, output: &Output) -> Diagnostic {
    let said = String::from_utf8_lossy(&output.stderr);
    match said.trim().lines().next() {
        Some(line) if !line.is_empty() => diagnostic.note(format!("git says: {line}")),
        _ => diagnostic,
    }
}

/// What git writes of a path from the top.
#[cfg(unix)]
fn bytes(path: &Path) -> Cow<'_, [u8]> {
    use std::os::unix::ffi::OsStrExt;
    Cow::Borrowed(path.as_os_str().as_bytes())
}

/// What git writes of a path from the top.
#[cfg(not(unix))]
fn bytes(path: &Path) -> Cow<'_, [u8]> {
    Cow::Owned(path.to_string_lossy().replace('\\', "/").into_bytes())
}

/// A path as git writes it: bytes on Unix, UTF-8 elsewhere.
#[cfg(unix)]
fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    Path::new(OsStr::from_bytes(bytes)).to_owned()
}

/// A path as git writes it: bytes on Unix, UTF-8 elsewhere.
#[cfg(not(unix))]
fn path(bytes: &[u8]) -> PathBuf {
    Path::new(OsStr::new(&*String::from_utf8_lossy(bytes))).to_owned()
}
