//! Token classes: what a token is, apart from how it is spelled.
//!
//! Does not classify; the matcher does, from the token's kind, the word lists and the identity. Invariant: a class
//! is one bit, and its number is also its symbol in the tables.

/// A class that a phrase can ask for as `{name}`, and that counts and ratios can count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Class {
    /// A product, project or name that is one's own.
    Own = 0,
    /// First person, and the names and handles of the account.
    Author,
    /// A partner of the account.
    Partner,
    /// Second person, and the words that address everybody.
    Reader,
    /// Third person, names, kin, and whoever is mentioned.
    Other,
    /// A number.
    Number,
    /// An amount of money.
    Money,
    /// `@name`, whosever.
    Mention,
    /// `#tag`.
    Hashtag,
    /// `$TICKER`.
    Cashtag,
    /// A link.
    Url,
    /// A link to the account's own domains.
    OwnLink,
    /// An e-mail address.
    Email,
    /// An emoji.
    Emoji,
    /// A word.
    Word,
    /// A mark.
    Mark,
    /// A word in capitals, in a text that is not all in capitals.
    Caps,
    /// A negator: not, never, no …
    Negator,
    /// A question word.
    Interrogative,
    /// An emoji that shouts.
    HypeEmoji,
    /// A word that may stand before a clause without being its subject: and, so, please …
    Lead,
    /// A given name, capitalised.
    Name,
    /// A word for a person one is close to, or a role: daughter, neighbour, nurse …
    Kin,
    /// A word that stands before a place: in, at …
    Place,
    /// A very common English word, by which the language is known.
    Common,
    /// A question mark.
    Question,
    /// What is one's own and named by a handle of the account, so that every reader sees whose it is.
    Namesake,
}

impl Class {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 27] = [
        Self::Own,
        Self::Author,
        Self::Partner,
        Self::Reader,
        Self::Other,
        Self::Number,
        Self::Money,
        Self::Mention,
        Self::Hashtag,
        Self::Cashtag,
        Self::Url,
        Self::OwnLink,
        Self::Email,
        Self::Emoji,
        Self::Word,
        Self::Mark,
        Self::Caps,
        Self::Negator,
        Self::Interrogative,
        Self::HypeEmoji,
        Self::Lead,
        Self::Name,
        Self::Kin,
        Self::Place,
        Self::Common,
        Self::Question,
        Self::Namesake,
    ];

    /// The name in rule files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Author => "self",
            Self::Partner => "partner",
            Self::Reader => "reader",
            Self::Other => "other",
            Self::Number => "number",
            Self::Money => "money",
            Self::Mention => "mention",
            Self::Hashtag => "hashtag",
            Self::Cashtag => "cashtag",
            Self::Url => "url",
            Self::OwnLink => "own-link",
            Self::Email => "email",
            Self::Emoji => "emoji",
            Self::Word => "word",
            Self::Mark => "mark",
            Self::Caps => "caps",
            Self::Negator => "negator",
            Self::Interrogative => "interrogative",
            Self::HypeEmoji => "hype-emoji",
            Self::Lead => "lead",
            Self::Name => "name",
            Self::Kin => "kin",
            Self::Place => "place",
            Self::Common => "common",
            Self::Question => "question",
            Self::Namesake => "namesake",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// Its bit in a [`Classes`].
    #[must_use]
    pub const fn bit(self) -> u32 {
        1 << self as u8
    }
}

/// A set of classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct Classes(pub u32);

impl Classes {
    /// With one more.
    #[must_use]
    pub const fn with(self, class: Class) -> Self {
        Self(self.0 | class.bit())
    }

    /// Without one.
    #[must_use]
    pub const fn without(self, class: Class) -> Self {
        Self(self.0 & !class.bit())
    }

    /// Whether the class is among them.
    #[must_use]
    pub const fn has(self, class: Class) -> bool {
        self.0 & class.bit() != 0
    }

    /// Whether any class is in both.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// A set of several.
    #[must_use]
    pub const fn of(classes: &[Class]) -> Self {
        let mut set = Self(0);
        let mut rest = classes;
        while let [class, behind @ ..] = rest {
            set = set.with(*class);
            rest = behind;
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_names_and_bits_agree() {
        for (number, class) in Class::ALL.into_iter().enumerate() {
            assert_eq!(class as usize, number);
            assert_eq!(Class::from_name(class.name()), Some(class));
        }
    }
}
