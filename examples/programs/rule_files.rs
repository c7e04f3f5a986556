//! The files of `rules/` and what is made from them, for the programs beside this file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use selfless::rule::generate::generate;
use selfless::rule::manual::manual;
use selfless::{Diagnostic, Source};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files of `rules/`, those of packs last, named as below the root of the repository.
pub(crate) fn read() -> io::Result<Vec<Arc<Source>>> {
    let mut paths = paths("rules")?;
    paths.extend(self::paths("rules/packs")?);
    let source = |path: PathBuf| {
        let name = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        fs::read_to_string(&path).map(|text| Arc::new(Source::from_text(name, text)))
    };
    paths.into_iter().map(source).collect()
}

fn paths(folder: &str) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(root().join(folder))?;
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    Ok(paths)
}

/// What is made from the rule files: the tables as a Rust file, and the page of rules.
#[derive(Debug)]
pub(crate) struct Generated {
    files: Vec<(PathBuf, String)>,
    /// Whether they are the committed ones.
    pub(crate) fresh: bool,
}

impl Generated {
    /// Compiles the files; the error is what is wrong with them, in lines.
    pub(crate) fn of(files: &[Arc<Source>]) -> Result<Self, String> {
        let tables = generate(files).map_err(|diagnostics| lines(&diagnostics))?;
        let files = vec![
            (root().join("src/rule/shipped/tables.rs"), tables),
            (root().join("docs/rules.md"), manual(files)),
        ];
        let fresh = files.iter().all(|(path, text)| is_fresh(path, text));
        Ok(Self { files, fresh })
    }

    /// Writes what is not there yet.
    pub(crate) fn write(&self) -> io::Result<()> {
        if self.fresh {
            return Ok(());
        }
        let mut stale = self.files.iter().filter(|(path, text)| !is_fresh(path, text));
        stale.try_for_each(|(path, text)| fs::write(path, text))
    }
}

fn is_fresh(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|present| present == text)
}

/// Mistakes, one a line, with their places.
pub(crate) fn lines(diagnostics: &[Diagnostic]) -> String {
    let line = |diagnostic: &Diagnostic| {
        let place = diagnostic.labels.first().map(|label| {
            let at = label.source.line_column(label.span.start());
            format!("{}:{}:{}: ", label.source.name(), at.line, at.column)
        });
        let help = diagnostic.help.as_deref().unwrap_or_default();
        format!("{}{}: {} {help}\n", place.unwrap_or_default(), diagnostic.code, diagnostic.message)
    };
    diagnostics.iter().map(line).collect()
}
