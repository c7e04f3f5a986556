//! `selfless init`: a first `selfless.toml`.
//!
//! Invariant: no file is ever written over.

use std::fs::OpenOptions;
use std::io::{self, Write};

use super::args::InitArgs;
use super::terminal::{Surroundings, show};
use super::{Exit, print};
use crate::diagnostic::Diagnostic;
use crate::emit::Look;

const TEMPLATE: &str = include_str!("init.toml");
const NAME: &str = "selfless.toml";

/// Runs the command.
pub(super) fn run(args: &InitArgs, surroundings: &Surroundings, look: Look) -> Exit {
    if args.stdout {
        return print(TEMPLATE, look, Exit::Clean);
    }
    let hidden = format!(".{NAME}");
    let trouble = if surroundings.folder.join(&hidden).exists() {
        exists(&hidden)
    } else {
        let new = OpenOptions::new().write(true).create_new(true).open(surroundings.folder.join(NAME));
        match new.and_then(|mut file| file.write_all(TEMPLATE.as_bytes())) {
            Ok(()) => return print(&format!("wrote {NAME}\n"), look, Exit::Clean),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => exists(NAME),
            Err(error) => {
                Diagnostic::error("output/unwritable", format!("cannot be written: {error}")).about(NAME)
            }
        }
    };
    show(vec![trouble], look);
    Exit::Trouble
}

fn exists(name: &str) -> Diagnostic {
    Diagnostic::error("init/exists", "already there, and never written over")
        .about(name)
        .help("`selfless init --stdout` prints a fresh one")
}

#[cfg(test)]
mod tests {
    use std::path::Path;
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
        assert!(file.root);
        let file = file.settings;
        assert!(file.fail_on.is_some() && file.platforms.is_some() && file.rules.is_some());
        assert!(file.packs.is_some());
        assert!(file.include.is_some() && file.exclude.is_some() && file.max_file_size.is_some());
        assert_eq!(file.columns.map(|columns| columns.value.len()), Some(3));
        assert_eq!((file.levels.len(), file.accounts.len(), file.limits.len()), (2, 2, 1));
        assert!(file.identity.partners.is_some());
    }
}
