//! The networks and their names.
//!
//! Does not hold their limits; `limits` does. Invariant: every platform has one name, which
//! [`Platform::from_name`] reads back.

/// A network that a draft is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Platform {
    /// X, formerly Twitter.
    X,
    /// Bluesky.
    Bluesky,
    /// Mastodon and its kin.
    Mastodon,
    /// LinkedIn.
    Linkedin,
    /// Instagram.
    Instagram,
    /// Threads.
    Threads,
    /// Facebook.
    Facebook,
    /// TikTok.
    Tiktok,
    /// Pinterest.
    Pinterest,
    /// YouTube.
    Youtube,
    /// Reddit.
    Reddit,
    /// Hacker News.
    Hn,
    /// Stack Overflow.
    Stackoverflow,
    /// Telegram.
    Telegram,
    /// Discord.
    Discord,
    /// A business profile on Google.
    Google,
    /// A page of one's own: a blog or newsletter.
    Blog,
}

impl Platform {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 17] = [
        Self::X,
        Self::Bluesky,
        Self::Mastodon,
        Self::Linkedin,
        Self::Instagram,
        Self::Threads,
        Self::Facebook,
        Self::Tiktok,
        Self::Pinterest,
        Self::Youtube,
        Self::Reddit,
        Self::Hn,
        Self::Stackoverflow,
        Self::Telegram,
        Self::Discord,
        Self::Google,
        Self::Blog,
    ];

    /// The name used in configuration, rule files and output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::X => "x",
            Self::Bluesky => "bluesky",
            Self::Mastodon => "mastodon",
            Self::Linkedin => "linkedin",
            Self::Instagram => "instagram",
            Self::Threads => "threads",
            Self::Facebook => "facebook",
            Self::Tiktok => "tiktok",
            Self::Pinterest => "pinterest",
            Self::Youtube => "youtube",
            Self::Reddit => "reddit",
            Self::Hn => "hn",
            Self::Stackoverflow => "stackoverflow",
            Self::Telegram => "telegram",
            Self::Discord => "discord",
            Self::Google => "google",
            Self::Blog => "blog",
        }
    }

    /// Spellings that are understood beside the names, and the names that they stand for.
    pub const SPELLINGS: [(&'static str, Self); 17] = [
        ("twitter", Self::X),
        ("twitter/x", Self::X),
        ("x/twitter", Self::X),
        ("x (twitter)", Self::X),
        ("bsky", Self::Bluesky),
        ("fediverse", Self::Mastodon),
        ("toot", Self::Mastodon),
        ("insta", Self::Instagram),
        ("ig", Self::Instagram),
        ("fb", Self::Facebook),
        ("yt", Self::Youtube),
        ("hackernews", Self::Hn),
        ("hacker news", Self::Hn),
        ("stack overflow", Self::Stackoverflow),
        ("gbp", Self::Google),
        ("google business", Self::Google),
        ("newsletter", Self::Blog),
    ];

    /// Reads a name, in any case; `twitter` and other common spellings are understood.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let spelled =
            Self::SPELLINGS.iter().find(|(spelling, _)| *spelling == name).map(|(_, platform)| *platform);
        spelled.or_else(|| Self::ALL.into_iter().find(|platform| platform.name() == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for platform in Platform::ALL {
            assert_eq!(Platform::from_name(platform.name()), Some(platform));
        }
        assert_eq!(Platform::from_name("Twitter"), Some(Platform::X));
        assert_eq!(Platform::from_name("myspace"), None);
    }
}
