//! `[limits]`: how much is read and told at most; and `[limits.PLATFORM]`: what a network takes and shows, where that is not
//! what it takes from everybody.
//!
//! Does not know the limits that hold without it. Invariant: of two settings of one limit the later wins, and settings stand from
//! the outermost layer to the nearest.

use std::sync::Arc;

use super::Setting;
use super::file::at;
use super::keys::NONE;
use super::layer::Folders;
use super::settings::{BOUNDS, BoundsTable};
use crate::table::{Reader, Table};
use crate::text::{Limit, LimitKey, LimitTable, Platform};

/// One limit of one network.
#[derive(Clone, Debug)]
pub struct LimitSetting {
    /// The network.
    pub platform: Platform,
    /// Which limit.
    pub key: LimitKey,
    /// What it is set to.
    pub limit: Setting<Limit>,
}

/// `[limits]`, as far as one layer or several say it.
#[derive(Clone, Debug, Default)]
pub struct LimitsTable {
    /// How much is read and told.
    pub bounds: BoundsTable,
    /// The limits of networks, in the order in which they apply.
    pub networks: Vec<LimitSetting>,
}

/// The networks' own limits, with `settings` on top.
#[must_use]
pub fn resolve_limits(settings: &[LimitSetting]) -> LimitTable {
    let mut table = LimitTable::default();
    for setting in settings {
        table.set(setting.platform, setting.key, setting.limit.value);
    }
    table
}

pub(super) fn read(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    folders: Folders<'_>,
) -> LimitsTable {
    let Some(mut limits) = table.table(reader, key) else { return LimitsTable::default() };
    let bounds = BoundsTable::read(reader, &mut limits, folders);
    let own: Vec<&str> = BOUNDS.iter().map(|key| key.name).collect();
    let mut settings = Vec::new();
    for name in limits.keys().into_iter().filter(|name| !own.contains(&name.value.as_str())) {
        let Some(platform) = Platform::from_name(&name.value) else {
            let known = [&own, &Platform::ALL.map(Platform::name)[..]].concat();
            reader.unknown("unknown-value", "limit or platform", &name, &known);
            continue;
        };
        let Some(mut table) = limits.table_at(reader, &name.value) else { continue };
        for key in LimitKey::ALL {
            let limit = read_limit(reader, &mut table, key);
            settings.extend(limit.map(|limit| LimitSetting { platform, key, limit }));
        }
        table.finish(reader, &format!("[limits.{}]", name.value));
    }
    LimitsTable { bounds, networks: settings }
}

pub(super) fn read_whole(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    _: Folders<'_>,
) -> Option<Setting<u64>> {
    let given = table.integer(reader, key)?;
    Some(at(reader, &given, given.value))
}

fn read_limit(reader: &mut Reader, table: &mut Table<'_>, key: LimitKey) -> Option<Setting<Limit>> {
    let source = Arc::clone(reader.source());
    if table.is_integer(key.name()) {
        let most = table.integer(reader, key.name())?;
        let value = Limit::Most(u32::try_from(most.value).unwrap_or(u32::MAX));
        return Some(Setting { value, source, span: most.span });
    }
    let given = table.string(reader, key.name())?;
    if given.value != NONE {
        let what = format!("value of `{}`", key.name());
        reader.unknown("unknown-value", &what, &given, &[NONE, "a whole number"]);
        return None;
    }
    Some(Setting { value: Limit::None, source, span: given.span })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{ConfigFile, Settings};
    use crate::text::{Limits, Source};

    fn read(text: &str) -> (Arc<ConfigFile>, Vec<String>) {
        let source = Arc::new(Source::from_text("selfless.toml", text));
        let (file, mistakes) = ConfigFile::read(&source, Path::new("/posts"));
        let told = mistakes.iter().map(|one| {
            let help = one.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{}: {}{help}", source.slice(one.labels[0].span), one.message)
        });
        (Arc::new(file), told.collect())
    }

    #[test]
    fn the_nearest_layer_wins_limit_by_limit() {
        let layers = [
            "[limits.twitter]\nlength = 25000\n[limits.linkedin]\nfold = 'none'",
            "[limits.x]\nlength = 4000\nhashtags = 0\n[limits.linkedin]\nfold = 210\nlength = 1300",
        ];
        let layers = layers.map(|text| {
            let (file, mistakes) = read(text);
            assert_eq!(mistakes, [""; 0]);
            file
        });
        let table = resolve_limits(&Settings::merge(&layers).limits.networks);
        let x = Limits { length: Limit::Most(25_000), hashtags: Some(Limit::Most(0)), ..Limits::of(Platform::X) };
        let linkedin = Limits { length: Limit::Most(1_300), fold: Limit::None, ..Limits::of(Platform::Linkedin) };
        assert_eq!((*table.of(Platform::X), *table.of(Platform::Linkedin)), (x, linkedin));
        assert_eq!(*table.of(Platform::Bluesky), Limits::of(Platform::Bluesky));
    }

    #[test]
    fn mistakes_are_told_at_their_place_and_the_rest_counts() {
        let (file, mistakes) = read(
            "[limits]\nthreads = 3\n[limits.blusky]\nlength = 1\n[limits.x]\nlenght = 2\nlength = 0\nfold = 'non'\n\
             link = true\nhashtags = 2\n",
        );
        assert_eq!(
            mistakes,
            [
                "3: `threads` is a whole number, expected a table",
                "blusky: unknown limit or platform `blusky` (did you mean `bluesky`?)",
                "lenght: unknown key `lenght` in [limits.x] (did you mean `length`?)",
                "0: `length` must lie from 1 to 10000000",
                "'non': unknown value of `fold` `non` (did you mean `none`?)",
                "true: `link` is true or false, expected a string",
            ]
        );
        assert_eq!(
            file.settings.limits.networks.iter().map(|one| one.key).collect::<Vec<_>>(),
            [LimitKey::Hashtags]
        );
    }
}
