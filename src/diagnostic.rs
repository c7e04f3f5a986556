//! One shape for everything that is shown: findings, mistakes in rule and config files, and input that cannot be read.
//!
//! Does not print. Invariant: a label's span lies in the text of its own source.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::fix::Fix;
use crate::text::{Source, Span};

/// How much a rule or a diagnostic weighs in a verdict on the run. One vocabulary for rules, config and flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not looked for at all.
    Off,
    /// Conversation: rewarded, and never able to fail anything.
    Credit,
    /// Shown, fails nothing.
    Note,
    /// Shown; fails where warnings are asked to.
    Warning,
    /// Shown; fails.
    Error,
}

impl Level {
    /// The levels a user may write, in order.
    pub const NAMES: [&'static str; 4] = ["off", "note", "warning", "error"];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Credit => "credit",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Reads a level that a user may write (`credit` is not one: credits can only be switched off).
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "off" => Some(Self::Off),
            "note" => Some(Self::Note),
            "warning" => Some(Self::Warning),
            "error" => Some(Self::Error),
            _ => None,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A place in a source, with what is to be said there.
#[derive(Clone, Debug)]
pub struct Label {
    /// The source; labels of one diagnostic may stand in several.
    pub source: Arc<Source>,
    /// Bytes of that source's text.
    pub span: Span,
    /// What is said at the place; may be empty.
    pub message: Cow<'static, str>,
    /// Where it stands in the words of its format (`row 12, column "Text"`), where these say more than a line number.
    pub locator: Option<Arc<str>>,
}

impl Label {
    /// A label at `span` of `source`.
    #[must_use]
    pub fn new(source: &Arc<Source>, span: Span, message: impl Into<Cow<'static, str>>) -> Self {
        Self { source: Arc::clone(source), span, message: message.into(), locator: None }
    }
}

/// Something to show.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// How much it weighs.
    pub level: Level,
    /// The rule's name (`brag/humility`), or for what is not a finding the kind of trouble (`input/not-utf8`,
    /// `config/unknown-key`, `rule/bad-phrase`).
    pub code: Cow<'static, str>,
    /// The problem: lowercase, without a full stop.
    pub message: Cow<'static, str>,
    /// Places; the first is where the thing stands, the others explain it. Empty where there is no place.
    pub labels: Vec<Label>,
    /// What the trouble is about where no label can be set: a path that cannot be read. Untrusted.
    pub subject: Option<String>,
    /// Why it matters, and other remarks.
    pub notes: Vec<Cow<'static, str>>,
    /// What to do instead.
    pub help: Option<Cow<'static, str>>,
    /// A concrete replacement.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A bare one.
    #[must_use]
    pub fn new(level: Level, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            level,
            code: code.into(),
            message: Cow::Owned(message.into()),
            labels: Vec::new(),
            subject: None,
            notes: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// An error.
    #[must_use]
    pub fn error(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Level::Error, code, message)
    }

    /// Adds a label; the first one added is where the thing stands.
    #[must_use]
    pub fn label(mut self, source: &Arc<Source>, span: Span, message: impl Into<Cow<'static, str>>) -> Self {
        self.labels.push(Label::new(source, span, message));
        self
    }

    /// Says where the last label stands, in the words of its format.
    #[must_use]
    pub fn located(mut self, locator: Option<Arc<str>>) -> Self {
        if let Some(label) = self.labels.last_mut() {
            label.locator = locator;
        }
        self
    }

    /// Says what it is about where there is no text to point at.
    #[must_use]
    pub fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<Cow<'static, str>>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Sets the help.
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Asks whether the name that is nearest to what was written was meant, if one is near.
    #[must_use]
    pub fn meant(self, near: Option<impl fmt::Display>) -> Self {
        match near {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// The name of the source it stands in, or its subject.
    #[must_use]
    pub fn source_name(&self) -> Option<&str> {
        self.labels.first().map(|label| label.source.name()).or(self.subject.as_deref())
    }
}

/// The known name nearest to `given`, if it is near enough to be what was meant: at most a third of its letters
/// differ (Damerau-Levenshtein over characters, which counts a swap of neighbours once).
#[must_use]
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = Given::new(given);
    known
        .into_iter()
        .filter_map(|name| Some((given.distance(name)?, name)))
        .min_by_key(|&(far, _)| far)
        .map(|(_, name)| name)
}

/// So many characters of a name are compared; a bit each.
const COMPARED: u32 = 80;

/// A name that is compared with others.
struct Given {
    len: u32,
    /// Where each of its letters stands in it.
    places: Vec<(char, u128)>,
}

impl Given {
    fn new(name: &str) -> Self {
        let mut given = Self { len: 0, places: Vec::new() };
        for next in name.chars().flat_map(char::to_lowercase).take(COMPARED as usize) {
            match given.places.iter_mut().find(|(known, _)| *known == next) {
                Some((_, places)) => *places |= 1 << given.len,
                None => given.places.push((next, 1 << given.len)),
            }
            given.len += 1;
        }
        given
    }

    /// How far another name is; none where that is more than a third of the longer one.
    ///
    /// A column of the table of distances is two words of bits, those of its steps up and of its steps down (Hyyrö 2003): a name
    /// is compared with hundreds, and a hostile file holds a hundred thousand.
    fn distance(&self, name: &str) -> Option<u32> {
        let len = u32::try_from(name.chars().count()).ok()?;
        let most = len.max(self.len).div_ceil(3);
        if len.abs_diff(self.len) > most {
            return None;
        }
        let Some(last) = self.len.checked_sub(1).map(|last| 1_u128 << last) else { return Some(len) };
        let (mut up, mut down, mut zero, mut before, mut far) = (u128::MAX, 0_u128, 0_u128, 0_u128, self.len);
        for next in name.chars() {
            let same = self.places.iter().find(|(known, _)| *known == next).map_or(0, |(_, places)| *places);
            let swapped = ((!zero & same) << 1) & before;
            zero = ((same & up).wrapping_add(up) ^ up) | same | down | swapped;
            let (right, left) = (down | !(zero | up), zero & up);
            far = far + u32::from(right & last != 0) - u32::from(left & last != 0);
            let (right, left) = (right << 1 | 1, left << 1);
            (up, down, before) = (left | !(zero | right), right & zero, same);
        }
        (far <= most).then_some(far)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_nothing_far() {
        let known = ["phrases", "patterns", "level", "guards"];
        assert_eq!(nearest("phrase", known), Some("phrases"));
        assert_eq!(nearest("pharses", known), Some("phrases"));
        assert_eq!(nearest("Level", known), Some("level"));
        assert_eq!(nearest("colour", known), None);
    }

    /// The plain table of distances.
    fn distance(a: &[char], b: &[char]) -> usize {
        let mut before: Vec<usize> = Vec::new();
        let mut last: Vec<usize> = (0..=b.len()).collect();
        for (i, &x) in a.iter().enumerate() {
            let mut row = vec![i + 1; b.len() + 1];
            for (j, &y) in b.iter().enumerate() {
                row[j + 1] = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
                if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                    row[j + 1] = row[j + 1].min(before[j - 1] + 1);
                }
            }
            before = std::mem::replace(&mut last, row);
        }
        last[b.len()]
    }

    proptest! {
        #[test]
        fn distances_are_those_of_the_plain_table(a in "[abcé]{0,12}|[ab]{70,90}", b in "[abcé]{0,12}|[ab]{70,90}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            let (one, other) = (chars(&a).into_iter().take(80).collect::<Vec<_>>(), chars(&b));
            let far = distance(&one, &other);
            let near = far <= one.len().max(other.len()).div_ceil(3);
            prop_assert_eq!(Given::new(&a).distance(&b), near.then(|| u32::try_from(far).unwrap()));
        }
    }
}
