//! What each network takes of a post, and shows of it before "see more".
//!
//! Does not count; `length` does. Invariant: every platform has limits, and those that nobody set are the networks' own.

use super::Platform;

/// The most of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// So much.
    Most(u32),
    /// No such limit.
    None,
}

/// The limits of one network, in its own units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Length of a post.
    pub length: Limit,
    /// Bytes of a post, in UTF-8.
    pub bytes: Limit,
    /// What a link counts, whatever its length; without a limit its own length.
    pub link: Limit,
    /// Length of what is shown before "see more".
    pub fold: Limit,
    /// Hashtags of a post; what the rules say where it is not set.
    pub hashtags: Option<Limit>,
}

/// Which limit is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitKey {
    /// See [`Limits::length`].
    Length,
    /// See [`Limits::bytes`].
    Bytes,
    /// See [`Limits::link`].
    Link,
    /// See [`Limits::fold`].
    Fold,
    /// See [`Limits::hashtags`].
    Hashtags,
}

impl LimitKey {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Length, Self::Bytes, Self::Link, Self::Fold, Self::Hashtags];

    /// The name in configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Bytes => "bytes",
            Self::Link => "link",
            Self::Fold => "fold",
            Self::Hashtags => "hashtags",
        }
    }
}

impl Limits {
    const fn new(length: Limit) -> Self {
        Self { length, bytes: Limit::None, link: Limit::None, fold: Limit::None, hashtags: None }
    }

    /// The network's own limits. X: twitter-text `config/v3.json`. Bluesky: the lexicon of a post. Mastodon: the default of
    /// a server. The others: what schedulers of posts hold to. Folds are those of a phone, where the least is seen.
    #[must_use]
    pub const fn of(platform: Platform) -> Self {
        match platform {
            Platform::X => Self { link: Limit::Most(23), ..Self::new(Limit::Most(280)) },
            Platform::Bluesky => Self { bytes: Limit::Most(3_000), ..Self::new(Limit::Most(300)) },
            Platform::Mastodon => Self { link: Limit::Most(23), ..Self::new(Limit::Most(500)) },
            Platform::Linkedin => Self { fold: Limit::Most(140), ..Self::new(Limit::Most(3_000)) },
            Platform::Instagram => Self { fold: Limit::Most(125), ..Self::new(Limit::Most(2_200)) },
            Platform::Threads => Self { fold: Limit::Most(250), ..Self::new(Limit::Most(500)) },
            Platform::Facebook => Self { fold: Limit::Most(110), ..Self::new(Limit::Most(63_206)) },
            Platform::Tiktok => Self::new(Limit::Most(4_000)),
            Platform::Pinterest => Self::new(Limit::Most(500)),
            Platform::Youtube => Self::new(Limit::Most(5_000)),
            Platform::Telegram => Self::new(Limit::Most(4_096)),
            Platform::Discord => Self::new(Limit::Most(2_000)),
            Platform::Google => Self::new(Limit::Most(1_500)),
            Platform::Reddit | Platform::Hn | Platform::Stackoverflow | Platform::Blog => Self::new(Limit::None),
        }
    }
}

/// The limits of all networks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitTable([Limits; Platform::ALL.len()]);

impl Default for LimitTable {
    fn default() -> Self {
        Self(Platform::ALL.map(Limits::of))
    }
}

impl LimitTable {
    /// The limits of one network.
    #[must_use]
    pub const fn of(&self, platform: Platform) -> &Limits {
        &self.0[platform as usize]
    }

    /// Sets one limit of one network.
    pub const fn set(&mut self, platform: Platform, key: LimitKey, limit: Limit) {
        let limits = &mut self.0[platform as usize];
        match key {
            LimitKey::Length => limits.length = limit,
            LimitKey::Bytes => limits.bytes = limit,
            LimitKey::Link => limits.link = limit,
            LimitKey::Fold => limits.fold = limit,
            LimitKey::Hashtags => limits.hashtags = Some(limit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_platform_has_its_own_row() {
        let mut table = LimitTable::default();
        for platform in Platform::ALL {
            assert_eq!(*table.of(platform), Limits::of(platform));
            table.set(platform, LimitKey::Fold, Limit::Most(platform as u32));
        }
        for platform in Platform::ALL {
            assert_eq!(*table.of(platform), Limits { fold: Limit::Most(platform as u32), ..Limits::of(platform) });
        }
    }

    #[test]
    fn every_key_sets_what_it_names() {
        let set = |key| {
            let mut table = LimitTable::default();
            table.set(Platform::Blog, key, Limit::Most(7));
            *table.of(Platform::Blog)
        };
        let (none, seven) = (Limits::of(Platform::Blog), Limit::Most(7));
        let expected = [
            Limits { length: seven, ..none },
            Limits { bytes: seven, ..none },
            Limits { link: seven, ..none },
            Limits { fold: seven, ..none },
            Limits { hashtags: Some(seven), ..none },
        ];
        assert_eq!(LimitKey::ALL.map(set), expected);
    }
}
