//! Floor 2: `selfless.toml`: its shape, its layers, and what they come to.
//!
//! Does not look for files; it is handed sources and the folders they stand in. Invariant: every value knows the
//! file and the place it was read from.

mod fail_on;
mod file;
mod globs;
mod levels;
mod limits;
mod packs;
mod queue;
mod size;

use std::path::PathBuf;
use std::sync::Arc;

pub use fail_on::FailOn;
pub use file::ConfigFile;
pub use globs::Globs;
pub use levels::{LevelSetting, Levels, resolve_levels};
pub use limits::{LimitSetting, resolve_limits};
pub use packs::unknown_pack;
pub use queue::{DAY_ORDERS, QueueSettings, QueueTable};
pub use size::{MAX_FILE_SIZE, parse_size};

use crate::diagnostic::Diagnostic;
use crate::document::{AccountKind, ColumnRoles, IdentityKeys};
use crate::rule::profile::RawProfile;
use crate::table::At;
use crate::text::{Platform, Source, Span};

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

/// Who "self" is, as far as one layer or several say it.
#[derive(Clone, Debug, Default)]
pub struct IdentityTable {
    /// What kind of account it is.
    pub kind: Option<Setting<AccountKind>>,
    /// Names of the author or organisation.
    pub names: Option<Setting<Vec<String>>>,
    /// Handles, with or without `@`.
    pub handles: Option<Setting<Vec<String>>>,
    /// What is one's own.
    pub products: Option<Setting<Vec<String>>>,
    /// Paying or befriended partners.
    pub partners: Option<Setting<Vec<String>>>,
    /// Domains, with or without a path.
    pub domains: Option<Setting<Vec<String>>>,
}

impl IdentityTable {
    /// The plain values.
    #[must_use]
    pub fn keys(&self) -> IdentityKeys {
        let list = |setting: &Option<Setting<Vec<String>>>| {
            setting.as_ref().map(|setting| setting.value.clone()).unwrap_or_default()
        };
        IdentityKeys {
            kind: self.kind.as_ref().map(|kind| kind.value).unwrap_or_default(),
            names: list(&self.names),
            handles: list(&self.handles),
            products: list(&self.products),
            partners: list(&self.partners),
            domains: list(&self.domains),
        }
    }

    /// Takes what is missing here from an outer layer.
    fn fill_from(&mut self, outer: &Self) {
        fill(&mut self.kind, &outer.kind);
        fill(&mut self.names, &outer.names);
        fill(&mut self.handles, &outer.handles);
        fill(&mut self.products, &outer.products);
        fill(&mut self.partners, &outer.partners);
        fill(&mut self.domains, &outer.domains);
    }
}

/// One `[[account]]`.
#[derive(Clone, Debug)]
pub struct AccountTable {
    /// What it is called; none only where the file forgot it, which is reported.
    pub name: Option<Setting<String>>,
    /// Which paths it is for; none where only a name can choose it.
    pub paths: Option<Arc<Globs>>,
    /// Who it is.
    pub identity: IdentityTable,
}

/// A rule file or folder that a config adds.
#[derive(Clone, Debug)]
pub struct RulePath {
    /// Where it is: absolute where the config's folder is.
    pub path: PathBuf,
    /// As it was written.
    pub written: Setting<String>,
}

/// What all layers over a folder come to; absent values are the program's defaults.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `[identity]`, merged key by key.
    pub identity: IdentityTable,
    /// `[[account]]` of all layers, nearest first; of two with one name, the nearest.
    pub accounts: Vec<AccountTable>,
    /// `[levels]` in the order in which they apply: outer layers first, in a layer categories before rules.
    pub levels: Vec<LevelSetting>,
    /// `[limits]` in the order in which they apply: outer layers first.
    pub limits: Vec<LimitSetting>,
    /// Rule files and folders.
    pub rules: Option<Setting<Vec<RulePath>>>,
    /// Packs of rules that are switched on.
    pub packs: Option<Setting<Vec<Setting<String>>>>,
    /// Networks the drafts are for.
    pub platforms: Option<Setting<Vec<Platform>>>,
    /// What fails.
    pub fail_on: Option<Setting<FailOn>>,
    /// What a walk takes beside drafts by their names.
    pub include: Option<Setting<Arc<Globs>>>,
    /// What a walk leaves out.
    pub exclude: Option<Setting<Arc<Globs>>>,
    /// Limit for a file or record, in bytes.
    pub max_file_size: Option<Setting<u64>>,
    /// What the columns of tables hold.
    pub columns: Option<Setting<ColumnRoles>>,
    /// What is said of queues.
    pub queues: QueueSettings,
    /// Own profiles layer by layer, the outermost first; a layer may extend those of outer ones.
    pub profiles: Vec<Vec<RawProfile>>,
}

impl Settings {
    /// Merges layers, the nearest first.
    #[must_use]
    pub fn merge(layers: &[Arc<ConfigFile>]) -> Self {
        let mut merged = Self { queues: QueueSettings::merge(layers), ..Self::default() };
        for layer in layers {
            merged.identity.fill_from(&layer.identity);
            for account in &layer.accounts {
                let name = account.name.as_ref().map(|name| &name.value);
                let nearer = |known: &AccountTable| known.name.as_ref().map(|name| &name.value) == name;
                let shadowed = name.is_some() && merged.accounts.iter().any(nearer);
                if !shadowed {
                    merged.accounts.push(account.clone());
                }
            }
            fill(&mut merged.rules, &layer.rules);
            fill(&mut merged.packs, &layer.packs);
            fill(&mut merged.platforms, &layer.platforms);
            fill(&mut merged.fail_on, &layer.fail_on);
            fill(&mut merged.include, &layer.include);
            fill(&mut merged.exclude, &layer.exclude);
            fill(&mut merged.max_file_size, &layer.max_file_size);
            fill(&mut merged.columns, &layer.columns);
        }
        for layer in layers.iter().rev() {
            merged.levels.extend(layer.levels.iter().cloned());
            merged.limits.extend(layer.limits.iter().cloned());
            if !layer.profiles.is_empty() {
                merged.profiles.push(layer.profiles.clone());
            }
        }
        merged
    }
}

fn fill<T: Clone>(inner: &mut Option<Setting<T>>, outer: &Option<Setting<T>>) {
    if inner.is_none() {
        inner.clone_from(outer);
    }
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
            "platform = ['bluesky', 'mastodon']\nmax-file-size = '1 MiB'\n[identity]\nhandles = ['@a']",
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
        assert_eq!(merged.max_file_size.unwrap().value, 1 << 20);
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
