//! Floor 2: `selfless.toml`: its shape, its layers, and what they come to.
//!
//! Does not look for files; it is handed sources and the folders they stand in. Invariant: every value knows the
//! file and the place it was read from.

mod fail_on;
mod file;
mod globs;
mod ignores;
pub mod keys;
mod layer;
mod levels;
mod limits;
mod overrides;
mod packs;
mod pages;
mod queue;
mod settings;
mod size;
mod thresholds;

use std::path::PathBuf;
use std::sync::Arc;

pub use fail_on::FailOn;
pub use file::ConfigFile;
pub use globs::Globs;
pub use ignores::Ignore;
pub use layer::{Show, Shown};
pub use levels::{LevelSetting, Levels, resolve_levels};
pub use limits::{LimitSetting, LimitsTable, resolve_limits};
pub use overrides::Override;
pub use packs::unknown_pack;
pub use pages::{OutputTable, RulePages};
pub use queue::{DAY_ORDERS, QueueSettings, QueueTable};
pub use settings::{AccountTable, IdentityTable, OverrideTable, Settings};
pub use size::{MAX_FILE_SIZE, MOST_FINDINGS, MOST_IN_QUEUE, parse_size};
pub use thresholds::{ThresholdSetting, resolve_thresholds};

use crate::diagnostic::Diagnostic;
use crate::table::At;
use crate::text::{Source, Span};

/// A value and where it was read.
#[derive(Clone, Debug)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// The file it stands in.
    pub source: Arc<Source>,
    /// Its place there, or that of its key.
    pub span: Span,
}

/// A path in a config.
#[derive(Clone, Debug)]
pub struct PathSetting {
    /// Where it leads: absolute where the config's folder is.
    pub path: PathBuf,
    /// As it was written.
    pub written: Setting<String>,
}

/// Tells of a glob that cannot be read.
fn bad_glob(pattern: &At<String>, source: &Arc<Source>, why: &str) -> Diagnostic {
    Diagnostic::error("config/bad-glob", format!("`{}` is not a glob: {why}", pattern.value)).label(
        source,
        pattern.span,
        "",
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::document::AccountKind;
    use crate::text::Platform;

    /// Layers of `texts`, the nearest first, in `/a/b/c`, `/a/b` and `/a`.
    fn merge(texts: &[&str]) -> Settings {
        let folders = ["/a/b/c", "/a/b", "/a"];
        let layers: Vec<_> = texts
            .iter()
            .zip(folders)
            .map(|(text, folder)| {
                let source = Arc::new(Source::from_text(format!("{folder}/selfless.toml"), *text));
                let (file, mistakes) = ConfigFile::read(&source, Path::new(folder));
                assert!(mistakes.is_empty(), "{mistakes:?}");
                Arc::new(file)
            })
            .collect();
        Settings::merge(&layers)
    }

    #[test]
    fn the_nearest_key_wins_and_knows_where_it_stands() {
        let merged = merge(&[
            "fail-on = 'never'\n[identity]\nnames = ['C']",
            "fail-on = 'warning'\nplatform = 'x'\n[identity]\nkind = 'brand'\nnames = ['B', 'b']",
            "platform = ['bluesky', 'mastodon']\n[limits]\nfile-size = '1 MiB'\n[identity]\nhandles = ['@a']",
        ]);
        let keys = merged.identity.keys();
        assert_eq!(
            (keys.kind, keys.names, keys.handles),
            (AccountKind::Brand, vec!["C".into()], vec!["@a".into()])
        );
        let fail_on = merged.fail_on.unwrap();
        assert_eq!((fail_on.value, fail_on.source.name()), (FailOn::Never, "/a/b/c/selfless.toml"));
        assert_eq!(fail_on.source.slice(fail_on.span), "'never'");
        let platforms = merged.platforms.unwrap();
        assert_eq!((platforms.value, platforms.source.name()), (vec![Platform::X], "/a/b/selfless.toml"));
        assert_eq!(merged.limits.bounds.file_size.unwrap().value, 1 << 20);
    }

    #[test]
    fn packs_of_the_nearest_layer_stand_also_where_it_names_none() {
        #[track_caller]
        fn check(texts: &[&str], expected: Option<&[&str]>) {
            let packs = merge(texts).packs;
            let names: Option<Vec<_>> =
                packs.as_ref().map(|packs| packs.value.iter().map(|pack| pack.value.as_str()).collect());
            assert_eq!(names.as_deref(), expected);
        }
        check(&["", "packs = ['a', 'b']", "packs = 'c'"], Some(&["a", "b"]));
        check(&["packs = []", "packs = ['a']"], Some(&[]));
        check(&["", ""], None);
    }

    #[test]
    fn accounts_line_up_nearest_first_and_a_name_counts_once() {
        let merged = merge(&[
            "[[account]]\nname = 'shop'\nnames = ['near']",
            "[[account]]\nname = 'me'\n[[account]]\nname = 'shop'\nnames = ['far']",
        ]);
        let names: Vec<_> = merged
            .accounts
            .iter()
            .map(|one| (one.name.clone().unwrap().value, one.identity.keys().names))
            .collect();
        assert_eq!(names, [("shop".into(), vec!["near".into()]), ("me".into(), Vec::<String>::new())]);
    }

    #[test]
    fn levels_apply_from_outer_to_inner_and_categories_before_rules() {
        let merged = merge(&[
            "[levels]\n'brag/humility' = 'note'\nbrag = 'off'",
            "[levels]\n'brag/humility' = 'error'\n'ask/hard' = 'off'\nask = 'error'",
        ]);
        let order: Vec<_> = merged.levels.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(order, ["ask", "ask/hard", "brag/humility", "brag", "brag/humility"]);
    }
}
