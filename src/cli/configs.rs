//! Finds the config files over a folder.
//!
//! Does not merge them. Invariant: a file is read once in a run, so its mistakes are told once.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::read::read_file;
use super::terminal::Surroundings;
use crate::config::{ConfigFile, MAX_FILE_SIZE};
use crate::diagnostic::{Diagnostic, Level};
use crate::text::Source;

const NAMES: [&str; 2] = ["selfless.toml", ".selfless.toml"];

/// Which config files count.
#[derive(Clone, Debug)]
pub(super) enum Choice {
    /// Those over each draft, and the user's own.
    Search,
    /// One for all drafts.
    Only(PathBuf),
    /// None.
    Nothing,
}

/// The config files over a folder, the nearest first, the user's own last.
pub(super) type Layers = Vec<Arc<ConfigFile>>;

/// Finds and keeps config files. A clone shares what was found.
#[derive(Clone, Debug)]
pub(super) struct Configs(Arc<Mutex<Finder>>);

#[derive(Debug)]
struct Finder {
    choice: Choice,
    surroundings: Surroundings,
    /// What stands outside of all folders: the user's own file, or the only one.
    base: Option<Arc<Layers>>,
    folders: HashMap<PathBuf, Arc<Layers>>,
    diagnostics: Vec<Diagnostic>,
}

impl Configs {
    /// A finder that has not looked yet.
    pub(super) fn new(choice: Choice, surroundings: Surroundings) -> Self {
        let folders = HashMap::new();
        let finder = Finder { choice, surroundings, base: None, folders, diagnostics: Vec::new() };
        Self(Arc::new(Mutex::new(finder)))
    }

    /// The layers over an absolute folder.
    pub(super) fn layers(&self, folder: &Path) -> Arc<Layers> {
        self.finder().layers(folder)
    }

    /// Takes the mistakes that were found since the last call.
    pub(super) fn take_diagnostics(&self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.finder().diagnostics)
    }

    /// The absolute form of a path, without `.` and `..`; symlinks stay as they are written.
    pub(super) fn absolute(&self, path: &Path) -> PathBuf {
        absolute(&self.finder().surroundings.folder, path)
    }

    fn finder(&self) -> std::sync::MutexGuard<'_, Finder> {
        // A finder is whole between calls, whoever panicked elsewhere.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn absolute(current: &Path, path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for component in current.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            other => whole.push(other),
        }
    }
    whole
}

impl Finder {
    fn layers(&mut self, folder: &Path) -> Arc<Layers> {
        if !matches!(self.choice, Choice::Search) {
            return self.base();
        }
        if let Some(known) = self.folders.get(folder) {
            return Arc::clone(known);
        }
        let own = self.read_in(folder);
        let ends_here = own.as_ref().is_some_and(|own| own.root)
            || self.surroundings.home.as_deref() == Some(folder)
            || folder.join(".git").exists();
        let outer = match folder.parent() {
            Some(parent) if !ends_here => self.layers(parent),
            _ => self.base(),
        };
        let layers = match own {
            Some(own) => Arc::new(std::iter::once(own).chain(outer.iter().cloned()).collect()),
            None => outer,
        };
        self.folders.insert(folder.to_owned(), Arc::clone(&layers));
        layers
    }

    fn base(&mut self) -> Arc<Layers> {
        if let Some(base) = &self.base {
            return Arc::clone(base);
        }
        let file = match self.choice.clone() {
            Choice::Nothing => None,
            Choice::Only(path) => {
                let path = absolute(&self.surroundings.folder, &path);
                let found = self.read(&path);
                if found.is_none() {
                    let missing = Diagnostic::error("config/missing", "no such file").about(self.shown(&path));
                    self.diagnostics.push(missing);
                }
                found.flatten()
            }
            Choice::Search => self.surroundings.user_config.clone().and_then(|path| self.read(&path)).flatten(),
        };
        let base: Arc<Layers> = Arc::new(file.into_iter().collect());
        self.base = Some(Arc::clone(&base));
        base
    }

    fn read_in(&mut self, folder: &Path) -> Option<Arc<ConfigFile>> {
        let [plain, hidden] = NAMES.map(|name| folder.join(name));
        let Some(found) = self.read(&plain) else { return self.read(&hidden).flatten() };
        if hidden.exists() {
            let message = format!("not read, for {} stands beside it", NAMES[0]);
            let twice = Diagnostic::new(Level::Warning, "config/ignored", message).about(self.shown(&hidden));
            self.diagnostics.push(twice);
        }
        found
    }

    /// None where there is no such file, and nothing in it where it cannot be read, which is told.
    fn read(&mut self, path: &Path) -> Option<Option<Arc<ConfigFile>>> {
        // Where even this fails, a folder above may not be entered, and nothing in it can have been meant.
        path.symlink_metadata().ok()?;
        if !path.metadata().is_ok_and(|metadata| metadata.is_file()) {
            let odd = Diagnostic::error("config/unreadable", "not a file, so what it should say is not known");
            self.diagnostics.push(odd.about(self.shown(path)));
            return Some(None);
        }
        let source: Arc<Source> = match read_file(path, &self.shown(path), MAX_FILE_SIZE) {
            Ok(source) => Arc::new(source),
            Err(diagnostic) => {
                self.diagnostics.push(*diagnostic);
                return Some(None);
            }
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let (file, mistakes) = ConfigFile::read(&source, folder);
        self.diagnostics.extend(mistakes);
        Some(Some(Arc::new(file)))
    }

    /// A path as it is shown: from the current folder, where it lies below.
    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.surroundings.folder).unwrap_or(path).display().to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Writes `files`, and returns the names of the layers over `folder`, and the codes of mistakes.
    fn layers(files: &[(&str, &str)], folder: &str, choice: Choice) -> (Vec<String>, Vec<String>) {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        for (path, text) in files {
            fs::create_dir_all(at(path).parent().unwrap()).unwrap();
            fs::write(at(path), text).unwrap();
        }
        fs::create_dir_all(at(folder)).unwrap();
        let surroundings = Surroundings {
            folder: root.path().to_owned(),
            home: Some(at("home")),
            user_config: Some(at("user.toml")),
        };
        let configs = Configs::new(choice, surroundings);
        let found = configs.layers(&at(folder)).iter().map(|file| file.source.name().to_owned()).collect();
        // Asking again tells nothing twice.
        configs.layers(&at(folder));
        let codes = configs.take_diagnostics().iter().map(|one| one.code.to_string()).collect();
        (found, codes)
    }

    #[track_caller]
    fn check(files: &[(&str, &str)], folder: &str, expected: &[&str]) {
        let (found, mistakes) = layers(files, folder, Choice::Search);
        assert_eq!(found, expected);
        assert_eq!(mistakes, [""; 0]);
    }

    #[test]
    fn layers_reach_up_to_a_root_a_repository_or_the_home_folder() {
        let all = [
            ("home/selfless.toml", ""),
            ("home/a/.selfless.toml", ""),
            ("home/a/b/c/selfless.toml", ""),
            ("selfless.toml", ""),
            ("user.toml", ""),
        ];
        let above = ["home/a/b/c/selfless.toml", "home/a/.selfless.toml"];
        check(&all, "home/a/b/c/d", &[above[0], above[1], "home/selfless.toml", "user.toml"]);
        check(&all, "home/a", &[above[1], "home/selfless.toml", "user.toml"]);
        let repository = [&all[..], &[("home/a/.git/HEAD", "")]].concat();
        check(&repository, "home/a/b/c", &[above[0], above[1], "user.toml"]);
        let root = [&all[..], &[("home/a/b/selfless.toml", "root = true")]].concat();
        check(&root, "home/a/b/c", &[above[0], "home/a/b/selfless.toml", "user.toml"]);
    }

    #[test]
    fn a_file_can_be_the_only_one() {
        let files = [("a/selfless.toml", ""), ("one.toml", ""), ("user.toml", "")];
        let only = |name: &str| layers(&files, "a", Choice::Only(name.into()));
        assert_eq!(only("a/../one.toml"), (vec!["one.toml".into()], vec![]));
        assert_eq!(only("none.toml"), (vec![], vec!["config/missing".into()]));
        assert_eq!(layers(&files, "a", Choice::Nothing), (vec![], vec![]));
    }

    #[test]
    fn mistakes_are_told_once_and_what_is_right_counts() {
        let files = [("a/selfless.toml", "x = 1"), ("a/.selfless.toml", "")];
        let (found, mistakes) = layers(&files, "a/b", Choice::Search);
        assert_eq!(found, ["a/selfless.toml"]);
        assert_eq!(mistakes, ["config/unknown-key", "config/ignored"]);
    }
}
