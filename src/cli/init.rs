//! `selfless init`: a first `selfless.toml`, which proposes who "self" is by what the repository says.
//!
//! Runs nothing, and follows no symlink. Invariant: no file is ever written over.

mod git;
mod proposal;
mod site;

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::args::InitArgs;
use super::new_file::NewFile;
use super::terminal::{Surroundings, show};
use super::{Exit, print};
use crate::diagnostic::Diagnostic;
use crate::emit::Look;
use proposal::Proposal;

const TEMPLATE: &str = include_str!("init.toml");
const NAME: &str = "selfless.toml";

/// Larger files, in bytes, are not asked.
const LARGEST: u64 = 1 << 20;

/// Runs the command.
pub(super) fn run(args: &InitArgs, surroundings: &Surroundings, look: Look) -> Exit {
    let proposal = if args.bare { Proposal::default() } else { ask(surroundings) };
    let text = proposal.fill(TEMPLATE);
    if args.stdout {
        return print(&text, look, Exit::Clean);
    }
    let hidden = format!(".{NAME}");
    let trouble = if surroundings.folder.join(&hidden).exists() {
        exists(&hidden)
    } else {
        match write(&surroundings.folder.join(NAME), &text) {
            Ok(()) => return print(&wrote(&proposal), look, Exit::Clean),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => exists(NAME),
            Err(error) => {
                Diagnostic::error("output/unwritable", format!("cannot be written: {error}")).about(NAME)
            }
        }
    };
    show(vec![trouble], look);
    Exit::Trouble
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let mut file = NewFile::create(path)?;
    file.write_all(text.as_bytes())?;
    file.finish_first()
}

fn wrote(proposal: &Proposal) -> String {
    let found = match proposal.count() {
        0 => return format!("wrote {NAME}\n"),
        1 => "1 value for [identity] is".to_owned(),
        many => format!("{many} values for [identity] are"),
    };
    format!("wrote {NAME}; {found} proposed in it, each with where it came from, to be looked through\n")
}

/// What the folders from here up to the root of the repository say, the nearest first.
fn ask(surroundings: &Surroundings) -> Proposal {
    let mut proposal = Proposal::default();
    let here = surroundings.folder.as_path();
    let mut folders: Vec<&Path> = Vec::new();
    let mut root = None;
    for folder in here.ancestors() {
        folders.push(folder);
        if folder.join(".git").exists() {
            root = Some(folder);
            break;
        }
        if surroundings.home.as_deref() == Some(folder) {
            break;
        }
    }
    let depth = if root.is_some() { folders.len() } else { 1 };
    let shown = |path: &Path| shown(here, path);
    git::ask(root.unwrap_or(here), &shown, &surroundings.git_config, &mut proposal);
    for folder in folders.into_iter().take(depth) {
        site::ask(folder, &shown, &mut proposal);
    }
    proposal
}

/// A path from the current folder, with `..` for what lies above; for a comment, so without ends of lines.
fn shown(here: &Path, path: &Path) -> String {
    let mut up = PathBuf::new();
    for folder in here.ancestors() {
        if let Ok(below) = path.strip_prefix(folder) {
            return up.join(below).display().to_string().replace(char::is_control, "?");
        }
        up.push("..");
    }
    path.file_name().unwrap_or_default().to_string_lossy().replace(char::is_control, "?")
}

/// The text of a file; none where there is none, or it is a symlink, too large or no text.
fn read(path: &Path) -> Option<String> {
    let metadata = fs::symlink_metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > LARGEST {
        return None;
    }
    let mut text = String::new();
    fs::File::open(path).ok()?.take(LARGEST).read_to_string(&mut text).ok()?;
    Some(text)
}

fn exists(name: &str) -> Diagnostic {
    Diagnostic::error("init/exists", "already there, and never written over")
        .about(name)
        .help("`selfless init --stdout` prints a fresh one")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::ConfigFile;
    use crate::text::Source;

    #[track_caller]
    fn check(text: &str) -> ConfigFile {
        let source = Arc::new(Source::from_text(NAME, text));
        let (file, mistakes) = ConfigFile::read(&source, Path::new("/"));
        assert!(mistakes.is_empty(), "{mistakes:?}");
        file
    }

    #[test]
    fn the_template_is_free_of_mistakes_also_with_everything_uncommented() {
        check(TEMPLATE);
        let uncommented: String = TEMPLATE
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(code) if !code.is_empty() && !code.starts_with(' ') => format!("{code}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let file = check(&uncommented);
        assert!(file.root && !file.extends.is_empty());
        let file = file.settings;
        assert!(file.fail_on.is_some() && file.platforms.is_some() && file.rules.is_some());
        assert!(file.packs.is_some());
        assert!(file.include.is_some() && file.exclude.is_some() && file.limits.bounds.file_size.is_some());
        assert_eq!(file.columns.map(|columns| columns.value.len()), Some(3));
        assert_eq!((file.levels.len(), file.accounts.len(), file.limits.networks.len()), (2, 2, 1));
        assert_eq!((file.thresholds.len(), file.overrides.len()), (1, 1));
        assert!(file.identity.partners.is_some());
    }

    /// What is proposed for `site/blog` of a repository that holds `files`, which the config reader takes.
    #[track_caller]
    fn check_proposal(files: &[(&str, &str)], expected: &[&str]) {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("site/blog");
        fs::create_dir_all(&folder).unwrap();
        for (path, text) in files {
            let path = root.path().join("site").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let git_config = vec![root.path().join("site/user")];
        let surroundings = Surroundings { folder, home: None, user_config: None, git_config };
        let text = ask(&surroundings).fill(TEMPLATE);
        check(&text);
        let found: Vec<_> = text.lines().filter(|line| line.contains("# from ")).map(str::trim).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn git_says_who_works_here() {
        let config = "[user]\nname = Sam Rivers\n[remote \"origin\"]\nurl = git@github.com:samrivers/kiln.git\n";
        check_proposal(
            &[(".git/config", config), ("user", "[user]\nname = S. Rivers\n")],
            &[
                "\"Sam Rivers\", # from user.name in ../.git/config",
                "\"S. Rivers\", # from user.name in the git config of the user",
                "\"@samrivers\", # from the remote origin in ../.git/config",
                "\"github.com/samrivers\", # from the remote origin in ../.git/config",
            ],
        );
        check_proposal(&[("package.json", "{\"name\": \"kiln\"}")], &[]);
    }

    #[test]
    fn sites_say_whose_they_are() {
        let git = (".git/HEAD", "");
        let hugo = "baseURL = 'https://kiln.shop/'\ntitle = 'Kiln Notes'\n[params.author]\nname = 'Sam Rivers'\n\
                    [params.social]\ngithub = 'samrivers'\nsite = 'https://social.example/@sam'\n";
        let expected = [
            "\"Sam Rivers\", # from params.author in hugo.toml",
            "\"@samrivers\", # from params.social.github in hugo.toml",
            "\"@sam\", # from params.social.site in hugo.toml",
            "\"Kiln Notes\", # from title in hugo.toml",
            "\"kiln.shop\", # from baseurl in hugo.toml",
        ];
        check_proposal(&[git, ("blog/hugo.toml", hugo)], &expected);
        let jekyll =
            "title: Kiln Notes\nurl: https://kiln.shop\ntwitter_username: samrivers\nauthor:\n  name: Sam\n";
        let expected = [
            "\"Sam\", # from author in ../_config.yml",
            "\"@samrivers\", # from twitter_username in ../_config.yml",
            "\"Kiln Notes\", # from title in ../_config.yml",
            "\"kiln.shop\", # from url in ../_config.yml",
        ];
        check_proposal(&[git, ("_config.yml", jekyll)], &expected);
        let zola = "base_url = 'https://kiln.shop'\ntitle = 'Kiln'\nauthor = 'Sam'\n";
        let expected = [
            "\"Sam\", # from author in config.toml",
            "\"Kiln\", # from title in config.toml",
            "\"kiln.shop\", # from base_url in config.toml",
        ];
        check_proposal(&[git, ("blog/config.toml", zola), ("config.toml", "title = 'other'")], &expected);
        let astro = "export default defineConfig({\n  site: 'https://kiln.shop',\n});\n";
        check_proposal(
            &[git, ("blog/astro.config.mjs", astro)],
            &["\"kiln.shop\", # from site in astro.config.mjs"],
        );
        let eleventy = "{\"title\": \"Kiln\", \"url\": \"https://kiln.shop/\", \"author\": {\"name\": \"Sam\"}}";
        let expected = [
            "\"Sam\", # from author in _data/metadata.json",
            "\"Kiln\", # from title in _data/metadata.json",
            "\"kiln.shop\", # from url in _data/metadata.json",
        ];
        check_proposal(&[git, ("blog/_data/metadata.json", eleventy)], &expected);
    }

    #[test]
    fn packages_say_whose_they_are() {
        let npm = "{\"name\": \"@kiln/notes\", \"author\": \"Sam <s@kiln.shop> (https://kiln.shop)\"}";
        let cargo =
            "[package]\nname = 'firing'\nauthors = ['Jo <jo@kiln.shop>']\nhomepage = 'https://github.com/a/b'\n";
        let python =
            "[project]\nname = 'glaze'\nauthors = [{ name = 'Ann' }]\nurls = { Homepage = 'https://glaze.org' }\n";
        check_proposal(
            &[(".git/HEAD", ""), ("package.json", npm), ("Cargo.toml", cargo), ("pyproject.toml", python)],
            &[
                "\"Sam\", # from author in ../package.json",
                "\"Jo\", # from authors in ../Cargo.toml",
                "\"Ann\", # from authors in ../pyproject.toml",
                "\"notes\", # from name in ../package.json",
                "\"firing\", # from name in ../Cargo.toml",
                "\"glaze\", # from name in ../pyproject.toml",
                "\"glaze.org\", # from urls.homepage in ../pyproject.toml",
            ],
        );
        check_proposal(&[(".git/HEAD", ""), ("package.json", "{\"name\": 3, "), ("Cargo.toml", "[[[")], &[]);
    }
}
