//! Finds the config files over a folder.
//!
//! Does not merge them. Invariant: a file is read once for a folder whose drafts it is for, so its mistakes are told once
//! for that.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::extends::with_extended;
use super::files::Files;
use super::read::near_file;
use super::terminal::Surroundings;
use crate::config::{ConfigFile, MAX_FILE_SIZE};
use crate::diagnostic::{Diagnostic, Level};
use crate::text::Source;

pub(super) const NAMES: [&str; 2] = ["selfless.toml", ".selfless.toml"];

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
    files: Files,
    /// What stands outside of all folders: the user's own file, or the only one.
    base: Option<Arc<Layers>>,
    folders: HashMap<PathBuf, Arc<Layers>>,
    diagnostics: Vec<Diagnostic>,
}

impl Configs {
    /// A finder that has not looked yet.
    pub(super) fn new(choice: Choice, surroundings: Surroundings) -> Self {
        let folders = HashMap::new();
        let (files, diagnostics) = (Files::default(), Vec::new());
        let finder = Finder { choice, surroundings, files, base: None, folders, diagnostics };
        Self(Arc::new(Mutex::new(finder)))
    }

    /// The layers over an absolute folder.
    pub(super) fn layers(&self, folder: &Path) -> Arc<Layers> {
        self.finder().layers(folder)
    }

    /// Has files read from there, from now on.
    pub(super) fn read_from(&self, files: Files) {
        self.finder().files = files;
    }

    /// Where files are read from.
    pub(super) fn files(&self) -> Files {
        self.finder().files.clone()
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

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
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
        let ends_here = own.as_ref().is_some_and(|(own, _)| own.root)
            || self.surroundings.home.as_deref() == Some(folder)
            || folder.join(".git").exists();
        let outer = match folder.parent() {
            Some(parent) if !ends_here => self.layers(parent),
            _ => self.base(),
        };
        let layers = match own {
            Some((own, path)) => {
                let mut layers = self.extended(own, &path, &outer);
                layers.extend(outer.iter().cloned());
                Arc::new(layers)
            }
            None => outer,
        };
        self.folders.insert(folder.to_owned(), Arc::clone(&layers));
        layers
    }

    fn base(&mut self) -> Arc<Layers> {
        if let Some(base) = &self.base {
            return Arc::clone(base);
        }
        let path = match self.choice.clone() {
            Choice::Nothing => None,
            Choice::Only(path) => Some(absolute(&self.surroundings.folder, &path)),
            Choice::Search => self.surroundings.user_config.clone(),
        };
        let mut layers = Layers::new();
        if let Some(path) = path {
            let found = self.read(&path, folder_of(&path));
            if found.is_none() && matches!(self.choice, Choice::Only(_)) {
                let name = self.shown(&path);
                let near = near_file(&path, &name);
                let missing = Diagnostic::error("config/missing", "no such file").about(name);
                self.diagnostics.push(missing.meant(near));
            }
            if let Some(file) = found.flatten() {
                layers = self.extended(file, &path, &[]);
            }
        }
        let base: Arc<Layers> = Arc::new(layers);
        self.base = Some(Arc::clone(&base));
        base
    }

    fn read_in(&mut self, folder: &Path) -> Option<(Arc<ConfigFile>, PathBuf)> {
        let [plain, hidden] = NAMES.map(|name| folder.join(name));
        let Some(found) = self.read(&plain, folder) else {
            let found = self.read(&hidden, folder).flatten()?;
            return Some((found, hidden));
        };
        if self.files.holds(&hidden) {
            let message = format!("not read, for {} stands beside it", NAMES[0]);
            let twice = Diagnostic::new(Level::Warning, "config/ignored", message).about(self.shown(&hidden));
            self.diagnostics.push(twice);
        }
        Some((found?, plain))
    }

    /// A file and those that it extends, the nearest first.
    fn extended(&mut self, file: Arc<ConfigFile>, path: &Path, outer: &[Arc<ConfigFile>]) -> Layers {
        let drafts = file.folder.clone();
        let project = self.project(&drafts, outer);
        let files = self.files.clone();
        let mut read = |path: &Path| {
            let path = absolute(&self.surroundings.folder, path);
            self.read(&path, &drafts).flatten()
        };
        let (layers, mistakes) = with_extended(file, path, (&project, &files), &mut read);
        self.diagnostics.extend(mistakes);
        layers
    }

    /// The folder that a config may extend files in: the repository, or else the folder of the outermost config.
    fn project(&self, folder: &Path, outer: &[Arc<ConfigFile>]) -> PathBuf {
        for above in folder.ancestors() {
            if above.join(".git").exists() {
                return above.to_owned();
            }
            if self.surroundings.home.as_deref() == Some(above) {
                break;
            }
        }
        let over = outer.iter().map(|file| &file.folder).filter(|over| folder.starts_with(over));
        over.min_by_key(|over| over.components().count()).map_or(folder, PathBuf::as_path).to_owned()
    }

    /// None where there is no such file, and nothing in it where it cannot be read, which is told.
    /// `drafts` is the folder whose drafts it is for.
    fn read(&mut self, path: &Path, drafts: &Path) -> Option<Option<Arc<ConfigFile>>> {
        if !self.files.holds(path) {
            return None;
        }
        if !self.files.is_file(path) {
            let odd = Diagnostic::error("config/unreadable", "not a file, so what it should say is not known");
            self.diagnostics.push(odd.about(self.shown(path)));
            return Some(None);
        }
        let shown = self.shown(path);
        let source: Arc<Source> = match self.files.read(path, &shown, MAX_FILE_SIZE) {
            Ok(source) => Arc::new(source),
            Err(diagnostic) => {
                self.diagnostics.push(*diagnostic);
                return Some(None);
            }
        };
        self.diagnostics.extend(self.files.unstaged(path, &shown, &source));
        let (file, mistakes) = ConfigFile::read_beneath(&source, folder_of(path), drafts);
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
            git_config: Vec::new(),
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

    #[track_caller]
    fn check_extends(files: &[(&str, &str)], expected: &[&str], mistakes: &[&str]) {
        let (found, codes) = layers(files, "p/posts", Choice::Search);
        let codes: Vec<_> = codes.iter().map(|code| code.trim_start_matches("config/")).collect();
        assert_eq!((found, codes.as_slice()), (expected.iter().map(|&name| name.to_owned()).collect(), mistakes));
    }

    #[test]
    fn what_is_extended_lies_beneath_what_extends_it() {
        let repository = ("p/.git/HEAD", "");
        let base = ("p/base.toml", "");
        let main = "p/posts/selfless.toml";
        check_extends(&[repository, base, (main, "extends = '../base.toml'")], &[main, base.0], &[]);
        // Of several the last wins, and what two of them extend lies beneath both.
        let files = [
            repository,
            base,
            ("p/a.toml", "extends = 'base.toml'"),
            ("p/b.toml", "extends = './base.toml'"),
            (main, "extends = ['../a.toml', '../b.toml']"),
            ("p/selfless.toml", ""),
        ];
        check_extends(&files, &[main, "p/b.toml", "p/a.toml", base.0, "p/selfless.toml"], &[]);
    }

    #[test]
    fn extends_stays_in_the_project_and_ends() {
        let repository = ("p/.git/HEAD", "");
        let main = "p/posts/selfless.toml";
        let other = ("other.toml", "");
        check_extends(&[repository, other, (main, "extends = '../../other.toml'")], &[main], &["extends-outside"]);
        // What is there outside of the project is not told.
        check_extends(&[repository, (main, "extends = '../../none.toml'")], &[main], &["extends-outside"]);
        check_extends(&[repository, (main, "extends = '/etc/passwd'")], &[main], &["extends-outside"]);
        check_extends(&[repository, (main, "extends = ['none.toml', '.']")], &[main], &["extends-missing"; 2]);
        // Without a repository, the outermost config says where the project begins.
        let files = [other, (main, "extends = '../base.toml'"), ("p/base.toml", "")];
        check_extends(&files, &[main], &["extends-outside"]);
        let outermost = [&files[..], &[("p/selfless.toml", "")]].concat();
        check_extends(&outermost, &[main, "p/base.toml", "p/selfless.toml"], &[]);
        check_extends(&[repository, (main, "extends = 'selfless.toml'")], &[main], &["extends-cycle"]);
        let files = [
            repository,
            (main, "extends = 'a.toml'"),
            ("p/posts/a.toml", "extends = 'b.toml'"),
            ("p/posts/b.toml", "extends = ['a.toml', 'selfless.toml']"),
        ];
        check_extends(&files, &[main, "p/posts/a.toml", "p/posts/b.toml"], &["extends-cycle"; 2]);
        let names: Vec<(String, String)> = (1..12)
            .map(|at| (format!("p/posts/{at}.toml"), format!("extends = '{}.toml'", at + 1)))
            .chain([(main.to_owned(), "extends = '1.toml'".to_owned()), ("p/.git/HEAD".to_owned(), String::new())])
            .collect();
        let files: Vec<_> = names.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let (found, codes) = layers(&files, "p/posts", Choice::Search);
        assert_eq!((found.len(), codes), (9, vec!["config/extends-depth".to_owned()]));
    }

    #[cfg(unix)]
    #[test]
    fn a_symlink_does_not_lead_out_of_the_project() {
        let root = tempfile::tempdir().unwrap();
        let posts = root.path().join("posts");
        fs::create_dir_all(posts.join(".git")).unwrap();
        fs::write(root.path().join("secret.toml"), "fail-on = 'never'").unwrap();
        fs::write(posts.join("selfless.toml"), "extends = 'link.toml'").unwrap();
        std::os::unix::fs::symlink(root.path().join("secret.toml"), posts.join("link.toml")).unwrap();
        let surroundings =
            Surroundings { folder: posts.clone(), home: None, user_config: None, git_config: Vec::new() };
        let configs = Configs::new(Choice::Search, surroundings);
        assert_eq!(configs.layers(&posts).len(), 1);
        assert_eq!(configs.take_diagnostics()[0].code, "config/extends-outside");
    }

    #[test]
    fn globs_of_an_extended_file_are_for_the_drafts_of_the_one_that_extends_it() {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("selfless.toml", "extends = 'house/base.toml'"),
            ("house/base.toml", "exclude = ['/old']\nrules = ['mine.toml']"),
        ] {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let surroundings =
            Surroundings { folder: root.path().to_owned(), home: None, user_config: None, git_config: Vec::new() };
        let layers = Configs::new(Choice::Search, surroundings).layers(root.path());
        let settings = &layers[1].settings;
        assert!(settings.exclude.as_ref().unwrap().value.matches(&root.path().join("old/a.md")));
        assert_eq!(settings.rules.as_ref().unwrap().value[0].path, root.path().join("house/mine.toml"));
    }
}
