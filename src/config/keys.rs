//! The keys of a config file that are no settings of their own, and the lists that are put together of others.
//!
//! Invariant: the reader and the schema know these lists and no others.

use super::settings::{IDENTITY, OVERRIDE, SETTINGS};
use crate::table::{Form, Key, Words};
use crate::text::LimitKey;

/// A config file.
pub const CONFIG: [Key; 2 + SETTINGS.len()] = Key::join(
    &[
        Key::new("root", Form::Boolean, "Whether config of outer folders does not count.").or("false"),
        Key::new(
            "extends",
            Form::Texts,
            "Config files that lie beneath this one, relative to it and in the same project; of several the last wins.",
        ),
    ],
    SETTINGS,
);

/// `[[account]]`.
pub const ACCOUNT: [Key; 2 + IDENTITY.len()] = Key::join(
    &[
        Key::new("name", Form::Text, "What drafts, flags and overrides call it.").needed(),
        Key::new("match", Form::GLOBS, "Globs of the drafts that it posts."),
    ],
    IDENTITY,
);

/// `[[overrides]]`.
pub const OVERRIDES: [Key; 1 + OVERRIDE.len()] =
    Key::join(&[Key::new("files", Form::GLOBS, "Globs of the drafts that it is for.").needed()], OVERRIDE);

/// `[limits.NETWORK]`.
pub const LIMITS: [Key; LimitKey::ALL.len()] = [
    Key::new(LimitKey::Length.name(), LIMIT, "The most that a post may hold, in what the network counts."),
    Key::new(LimitKey::Bytes.name(), LIMIT, "The most bytes in UTF-8."),
    Key::new(LimitKey::Link.name(), LIMIT, "What a link counts, whatever its length."),
    Key::new(LimitKey::Fold.name(), LIMIT, "How many characters are shown before \"see more\"."),
    Key::new(
        LimitKey::Hashtags.name(),
        Form::Either(&[Form::Whole(0, MOST), Form::Word(NONE_WORDS)]),
        "The most hashtags.",
    ),
];

const LIMIT: Form = Form::Either(&[Form::Whole(1, MOST), Form::Word(NONE_WORDS)]);

/// Larger numbers are no limit that anybody would reach; `none` says so.
const MOST: u64 = 10_000_000;

/// Says that there is no such limit.
pub(super) const NONE: &str = "none";

const NONE_WORDS: Words = Words::of(|| vec![NONE]);

/// A number of bytes, or a text with a unit.
pub(super) const SIZE: Form = Form::Either(&[
    Form::Whole(1, u32::MAX as u64),
    Form::Spelled(r"^\s*0*[1-9][0-9]*\s*(([kKmMgG][iI]?)?[bB])?\s*$"),
]);
