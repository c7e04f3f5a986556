//! Files that a run is written into, beside standard output: `--output FORMAT=FILE`.
//!
//! Does not format. Invariant: a file is either left as it was or holds the whole of a run, for it is written beside
//! its place and put there at the end.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::draft::Reason;
use super::new_file::NewFile;
use super::read::unwritable_file;
use super::walk::{Item, Plan};
use crate::diagnostic::{Diagnostic, nearest};
use crate::emit::{Emitter, Look, OutputFormat, Streams, emitter};

/// A format, and the file it goes to, as they were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OutputFlag {
    pub(super) format: OutputFormat,
    pub(super) path: PathBuf,
}

impl OutputFlag {
    /// Reads `FORMAT=FILE`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let Some((name, path)) = text.split_once('=') else {
            return Err("expected FORMAT=FILE, such as sarif=findings.sarif".to_owned());
        };
        let Some(format) = OutputFormat::from_name(name) else {
            let names = OutputFormat::NAMES;
            let near = nearest(name, names).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            return Err(format!("unknown format `{name}`; {near}accepted: {}", names.join(", ")));
        };
        if path.is_empty() {
            return Err("no file after `=`".to_owned());
        }
        Ok(Self { format, path: path.into() })
    }
}

/// A file on its way.
pub(super) struct OutputFile {
    emitter: Box<dyn Emitter>,
    out: NewFile,
    shown: String,
}

/// Takes files out of a plan that a walk came upon and that are outputs of an earlier run, or the baseline.
pub(super) fn leave_out(plan: &mut Plan, flags: &[OutputFlag], baseline: Option<&Path>, folder: &Path) {
    let outputs = flags.iter().map(|flag| &*flag.path).chain(baseline);
    let outputs: Vec<PathBuf> = outputs.map(|path| real(&folder.join(path))).collect();
    if outputs.is_empty() {
        return;
    }
    plan.items.retain(|item| match item {
        Item::Input(input) if input.reason != Reason::Named => {
            !input.absolute.as_deref().is_some_and(|path| outputs.contains(&real(path)))
        }
        Item::Input(_) | Item::Trouble(_) => true,
    });
}

/// Opens all of them, or tells what is wrong with any. `drafts` are the files that are read, absolute.
pub(super) fn open(
    flags: &[OutputFlag],
    folder: &Path,
    drafts: &[&Path],
    look: Look,
) -> Result<Vec<OutputFile>, Vec<Diagnostic>> {
    let mut mistakes = Vec::new();
    let mut known: Vec<PathBuf> = Vec::new();
    let drafts: Vec<PathBuf> =
        if flags.is_empty() { Vec::new() } else { drafts.iter().map(|path| real(path)).collect() };
    let mut targets = Vec::new();
    for flag in flags {
        let shown = flag.path.display().to_string();
        let target = real(&folder.join(&flag.path));
        let wrong = |code: &'static str, message: &str| Diagnostic::error(code, message).about(shown.clone());
        if known.contains(&target) {
            let mistake = wrong("output/twice", "two outputs go to one file");
            mistakes.push(mistake.help("give each `--output` a file of its own"));
        } else if drafts.contains(&target) {
            mistakes.push(wrong("output/draft", "the output would overwrite a draft that is read"));
        } else if target.is_dir() {
            mistakes.push(wrong("output/folder", "a folder, not a file"));
        } else if !target.parent().is_some_and(Path::is_dir) {
            mistakes.push(wrong("output/no-folder", "its folder does not exist").help("make the folder first"));
        }
        known.push(target.clone());
        targets.push((flag, target, shown));
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let mut files = Vec::new();
    for (flag, target, shown) in targets {
        match OutputFile::create(flag, &target, shown.clone(), look) {
            Ok(file) => files.push(file),
            Err(error) => mistakes.push(unwritable(&shown, &error)),
        }
    }
    if mistakes.is_empty() { Ok(files) } else { Err(mistakes) }
}

/// The path without links; of what does not exist yet, that of its folder and its name.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| {
        let folder = path.parent().and_then(|folder| fs::canonicalize(folder).ok());
        folder.zip(path.file_name()).map_or_else(|| path.to_owned(), |(folder, name)| folder.join(name))
    })
}

/// Tells that a file cannot be written.
fn unwritable(shown: &str, error: &io::Error) -> Diagnostic {
    unwritable_file(shown, "", error)
}

impl OutputFile {
    fn create(flag: &OutputFlag, target: &Path, shown: String, look: Look) -> io::Result<Self> {
        // What is read in a file is read by no terminal, but a runner reads what a later step prints of it.
        let look = Look { color: false, links: false, ..look };
        Ok(Self { emitter: emitter(flag.format, look), out: NewFile::create(target)?, shown })
    }

    /// Has the emitter write. What formats say beside their output is said by that on standard output.
    ///
    /// # Errors
    /// When the file cannot be written to, with its name.
    pub(super) fn emit(
        &mut self,
        write: impl FnOnce(&mut dyn Emitter, &mut Streams<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut streams = Streams { out: &mut self.out, err: &mut io::sink() };
        write(&mut *self.emitter, &mut streams).map_err(|error| named(&self.shown, &error))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// As [`OutputFile::emit`].
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.out.finish().map_err(|error| named(&self.shown, &error))
    }
}

/// An error that says which file it is about; a broken pipe there is no reason to be quiet.
fn named(shown: &str, error: &io::Error) -> io::Error {
    io::Error::other(format!("{shown}: {error}"))
}

#[cfg(test)]
mod tests {

    use super::*;

    const LOOK: Look = Look { color: false, unicode: true, width: 80, links: false, workflow: false };

    #[test]
    fn a_flag_names_a_format_and_a_file() {
        #[track_caller]
        fn check(text: &str, expected: Result<(OutputFormat, &str), &str>) {
            let expected = expected.map(|(format, path)| OutputFlag { format, path: path.into() });
            assert_eq!(OutputFlag::parse(text), expected.map_err(str::to_owned));
        }
        check("sarif=a/b.sarif", Ok((OutputFormat::Sarif, "a/b.sarif")));
        check("json=a=b.json", Ok((OutputFormat::Json, "a=b.json")));
        check("sarif", Err("expected FORMAT=FILE, such as sarif=findings.sarif"));
        check("sarif=", Err("no file after `=`"));
        let error = OutputFlag::parse("sarfi=x").unwrap_err();
        assert!(
            error.starts_with("unknown format `sarfi`; did you mean `sarif`? accepted: human, short"),
            "{error}"
        );
    }

    fn codes(flags: &[&str], folder: &Path) -> Vec<String> {
        let flags: Vec<OutputFlag> = flags.iter().map(|flag| OutputFlag::parse(flag).unwrap()).collect();
        let draft = folder.join("draft.md");
        let opened = open(&flags, folder, &[&draft], LOOK);
        opened.map_or_else(|mistakes| mistakes.iter().map(|one| one.code.to_string()).collect(), |_| Vec::new())
    }

    #[test]
    fn what_cannot_be_written_is_told_before_anything_is_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("draft.md"), "x").unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        let check = |flags: &[&str], expected: &[&str]| assert_eq!(codes(flags, folder.path()), expected);
        check(&["sarif=a.sarif", "json=a.json"], &[]);
        check(&["sarif=a", "json=./sub/../a"], &["output/twice"]);
        check(&["sarif=none/a", "json=sub"], &["output/no-folder", "output/folder"]);
        check(&["json=draft.md"], &["output/draft"]);
        // Nothing is left of what was never finished.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        assert_eq!(fs::read_to_string(folder.path().join("draft.md")).unwrap(), "x");
    }

    #[test]
    fn a_file_changes_only_when_the_run_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "before").unwrap();
        let flags = [OutputFlag { format: OutputFormat::Jsonl, path: "a.txt".into() }];
        let write = |finish: bool| {
            let mut files = open(&flags, folder.path(), &[], LOOK).map_err(|_| ()).unwrap();
            let file = files.first_mut().unwrap();
            file.emit(|_, streams| streams.out.write_all(b"after")).unwrap();
            if finish {
                file.finish().unwrap();
            }
        };
        write(false);
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        write(true);
        assert_eq!(fs::read_to_string(&path).unwrap(), "after");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
