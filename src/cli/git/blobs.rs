//! Texts that git keeps, by their names, from one process.
//!
//! Invariant: a text over the limit is passed over and never held.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Mutex, PoisonError};

use super::{Repository, command};

/// A running `git cat-file --batch`; started when the first text is asked for.
#[derive(Debug)]
pub(in crate::cli) struct Blobs {
    folder: PathBuf,
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    asked: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Blobs {
    /// Those of a repository.
    pub(super) fn of(repository: &Repository) -> Self {
        Self { folder: repository.top.clone(), running: Mutex::new(None) }
    }

    /// The bytes of a blob; none if there are more than `limit`.
    ///
    /// # Errors
    /// When git cannot be run, or has no such blob.
    pub(in crate::cli) fn read(&self, name: &str, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_none() {
            *running = Some(self.start()?);
        }
        let answer = running.as_mut().map(|running| running.read(name, limit));
        answer.unwrap_or_else(|| Err(io::Error::other("git has not started")))
    }

    fn start(&self) -> io::Result<Running> {
        let mut command = command(&self.folder);
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let answers = child.stdout.take().ok_or_else(|| io::Error::other("git has no output"))?;
        Ok(Running { asked: child.stdin.take(), answers: BufReader::new(answers), child })
    }
}

impl Running {
    fn read(&mut self, name: &str, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let asked = self.asked.as_mut().ok_or_else(|| io::Error::other("git takes no input"))?;
        // In one piece, so that git is woken once.
        asked.write_all(format!("{name}\n").as_bytes())?;
        let mut header = String::new();
        self.answers.read_line(&mut header)?;
        let words: Vec<&str> = header.split_whitespace().collect();
        let size = match words.as_slice() {
            [_, "blob", size] => size.parse::<u64>().ok(),
            _ => None,
        };
        let size = size.ok_or_else(|| io::Error::other("git does not hold this text"))?;
        let mut text = Vec::new();
        if size <= limit {
            (&mut self.answers).take(size).read_to_end(&mut text)?;
        } else {
            io::copy(&mut (&mut self.answers).take(size), &mut io::sink())?;
        }
        let mut end = [0];
        self.answers.read_exact(&mut end)?;
        Ok((size <= limit).then_some(text))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Git ends where its input does.
        drop(self.asked.take());
        let _ = self.child.wait();
    }
}
