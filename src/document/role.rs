//! What a column of a table or a key of a record holds, told by its name.
//!
//! One vocabulary for CSV, JSON and YAML, from the names that schedulers and people use. Does not look at values.
//! Invariant: names are compared in small letters, without punctuation and bracketed hints.

use std::borrow::Cow;

/// What a column or key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The text of the post.
    Text,
    /// A title.
    Title,
    /// A description shown beside it.
    Description,
    /// A comment that the author will post below it.
    FirstComment,
    /// Hashtags kept apart.
    Hashtags,
    /// A content warning.
    ContentWarning,
    /// An answer of a poll.
    PollOption,
    /// The account that posts; a network where it is the name of one.
    Account,
    /// The networks.
    Platform,
    /// When it is due: a date, or date and time.
    Date,
    /// The time of that day, where it stands apart.
    Time,
    /// The zone of that time.
    Zone,
    /// When it went out, or whether it has.
    Published,
    /// Whether it is still a draft: yes or no.
    Draft,
    /// How far it has come, in a word.
    Status,
    /// What the source calls it.
    Id,
    /// What it answers.
    ReplyTo,
    /// Whether it is an honest pitch.
    Intent,
}

impl Role {
    /// All of them, in the order of the documentation.
    pub const ALL: [Self; 18] = [
        Self::Text,
        Self::Title,
        Self::Description,
        Self::FirstComment,
        Self::Hashtags,
        Self::ContentWarning,
        Self::PollOption,
        Self::Account,
        Self::Platform,
        Self::Date,
        Self::Time,
        Self::Zone,
        Self::Published,
        Self::Draft,
        Self::Status,
        Self::Id,
        Self::ReplyTo,
        Self::Intent,
    ];

    /// The key under `[columns]` in the config.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Title => "title",
            Self::Description => "description",
            Self::FirstComment => "first-comment",
            Self::Hashtags => "hashtags",
            Self::ContentWarning => "content-warning",
            Self::PollOption => "poll-option",
            Self::Account => "account",
            Self::Platform => "platform",
            Self::Date => "date",
            Self::Time => "time",
            Self::Zone => "zone",
            Self::Published => "published",
            Self::Draft => "draft",
            Self::Status => "status",
            Self::Id => "id",
            Self::ReplyTo => "reply-to",
            Self::Intent => "intent",
        }
    }

    /// The role that a header or key tells of by its name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        of_plain(&plain(name))
    }
}

/// A name in small letters, without bracketed hints, white space and punctuation.
pub(super) fn plain(name: &str) -> Cow<'_, str> {
    // Most keys are written so.
    if name.len() <= LONGEST && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return Cow::Borrowed(name);
    }
    let mut plain = String::new();
    let mut depth = 0_u32;
    for character in name.chars().take(LONGEST) {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 && character.is_alphanumeric() => plain.extend(character.to_lowercase()),
            _ => {}
        }
    }
    Cow::Owned(plain)
}

/// No name that means anything to us is longer, in characters.
const LONGEST: usize = 120;

/// Whether a name is one that only lists of posts have, so that a table or record with it holds posts.
pub(super) fn is_telling(name: &str) -> bool {
    let name = plain(name);
    let posts =
        ["post", "tweet", "toot", "caption", "hashtag", "firstcomment", "sharecommentary", "followupcomment"];
    let schedule = ["schedule", "publish", "postat", "posting", "sendat", "socialnetwork", "socialmedia"];
    posts.iter().chain(&schedule).any(|start| name.starts_with(start)) && of_plain(&name).is_some()
        || matches!(of_plain(&name), Some(Role::Platform))
        || name == "linkedinpost"
}

fn of_plain(name: &str) -> Option<Role> {
    Some(match name {
        "text" | "post" | "posttext" | "postcontent" | "postbody" | "postcopy" | "linkedinpost" | "content"
        | "textcontent" | "caption" | "captions" | "captiontext" | "message" | "messagetext" | "body" | "copy"
        | "tweet" | "tweettext" | "thread" | "toot" | "fulltext" | "sharecommentary" | "commentary" | "texte"
        | "nachricht" | "mensaje" | "beitrag" | "texto" => Role::Text,
        "title" | "posttitle" | "pintitle" | "videotitle" | "headline" | "titre" | "titel" => Role::Title,
        "description" | "summary" => Role::Description,
        "firstcomment" | "firstcommenttext" | "firstcommentbody" | "followupcomment" | "comment" | "comments" => {
            Role::FirstComment
        }
        "comment1" | "comment2" | "comment3" | "comment4" | "comment5" => Role::FirstComment,
        "hashtags" | "hashtag" => Role::Hashtags,
        "contentwarning" | "cw" | "spoilertext" => Role::ContentWarning,
        // `Instagram First Comment`, `Pinterest Pin Title`, `LinkedIn Poll Option 2`: a network's own.
        own if own.ends_with("firstcomment") => Role::FirstComment,
        own if own.ends_with("pintitle") || own.ends_with("videotitle") || own == "tiktoktitle" => Role::Title,
        own if is_poll_option(own) => Role::PollOption,
        "account" | "accounts" | "accountname" | "channel" | "channels" | "profile" | "profiles" | "brandname"
        | "konto" => Role::Account,
        "platform" | "platforms" | "network" | "networks" | "socialnetwork" | "socialnetworks" | "socialmedia"
        | "plateforme" | "plattform" | "netzwerk" => Role::Platform,
        "date" | "datetime" | "postingtime" | "scheduled" | "schedule" | "scheduledat" | "scheduledfor"
        | "scheduleddate" | "scheduleddatetime" | "scheduledate" | "scheduleat" | "scheduledon" | "when"
        | "due" | "dueat" | "duedate" | "sendat" | "publishat" | "publishdate" | "publishon"
        | "publicationdate" | "postdate" | "postat" | "postatspecifictime" | "datum" | "fecha" => Role::Date,
        "time" | "time24hr" | "posttime" | "scheduledtime" | "scheduletime" | "publishtime" | "heure"
        | "uhrzeit" | "hora" => Role::Time,
        "timezone" | "tz" | "zone" => Role::Zone,
        "published" | "publishedat" | "publisheddate" | "posted" | "postedat" | "postedon" | "sentat" => {
            Role::Published
        }
        "draft" | "isdraft" => Role::Draft,
        "status" | "poststatus" | "state" => Role::Status,
        "id" | "postid" => Role::Id,
        "inreplyto" | "inreplytoid" | "replyto" => Role::ReplyTo,
        "intent" => Role::Intent,
        _ => return None,
    })
}

fn is_poll_option(name: &str) -> bool {
    let name = name.trim_end_matches(|next: char| next.is_ascii_digit());
    name.ends_with("polloption") || name.ends_with("polloptions")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_however_they_are_written() {
        #[track_caller]
        fn check(name: &str, expected: Option<Role>) {
            assert_eq!(Role::of(name), expected, "{name}");
        }
        for name in
            ["Text", "post_text", "Post Text", "CAPTION (FR)", "\u{feff}text", "Share Commentary", "fullText"]
        {
            check(name, Some(Role::Text));
        }
        check("postAtSpecificTime (YYYY-MM-DD HH:mm:ss)", Some(Role::Date));
        check("time_24hr", Some(Role::Time));
        check("First Comment Text", Some(Role::FirstComment));
        check("Social Network", Some(Role::Platform));
        check("instagram_first_comment", Some(Role::FirstComment));
        check("Youtube Video Title", Some(Role::Title));
        check("LinkedIn Poll Option 2", Some(Role::PollOption));
        check("Tags", None); // in Buffer's tables these are labels
        check("", None);
        check("(text)", None);
        check(&"text".repeat(100), None);
    }

    #[test]
    fn some_names_are_of_posts_alone() {
        for name in
            ["Post Text", "scheduled_at", "Hashtags", "Platform", "LinkedIn Post", "captions", "Posting Time"]
        {
            assert!(is_telling(name), "{name}");
        }
        for name in ["Text", "message", "Date", "Description", "title", "Postal code", "Publisher", "status"] {
            assert!(!is_telling(name), "{name}");
        }
    }

    #[test]
    fn every_role_has_its_own_key() {
        let names: std::collections::BTreeSet<_> = Role::ALL.map(Role::name).into_iter().collect();
        assert_eq!(names.len(), Role::ALL.len());
    }
}
