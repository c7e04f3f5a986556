//! The keys of a rule file: the one list that `raw` reads by, and that the schema is made of.
//!
//! Reads nothing. Invariant: every key that a rule file may hold stands here, once.

use super::class::Class;
use super::{Change, LinkOf, Place, Subject, VerdictKind};
use crate::diagnostic::Level;
use crate::document::AccountKind;
use crate::fix::Applicability;
use crate::table::{Form, Key, Names, Words};
use crate::text::Platform;

/// Kinds of account.
pub const ACCOUNTS: Words = Words::of(|| AccountKind::NAMES.to_vec());

/// Levels that can be written.
pub const LEVELS: Words = Words::of(|| Level::NAMES.to_vec());

/// Networks.
pub const PLATFORMS: Words = Words {
    names: || Platform::ALL.map(Platform::name).to_vec(),
    others: || Platform::SPELLINGS.map(|(spelling, _)| spelling).to_vec(),
    any_case: true,
};

const CLASSES: Words = Words::of(|| Class::ALL.map(Class::name).to_vec());

/// Levels by measure.
pub const THRESHOLDS: [Key; 3] = [
    Key::new("note", Form::Positive, "The least measure of a note."),
    Key::new("warning", Form::Positive, "The least measure of a warning."),
    Key::new("error", Form::Positive, "The least measure of an error."),
];

/// A rule file.
pub const FILE: [Key; 10] = [
    Key::new("category", Form::Name, "The first half of the names of its rules."),
    Key::new("title", Form::Text, "The title of the category in the documentation."),
    Key::new("pack", Form::Name, "The pack that its rules belong to, and are off without."),
    Key::new("credit", Form::Boolean, "Whether its rules reward conversation.").or("false"),
    Key::new("lists", Form::Map(Names::Hyphened, &Form::Texts), "Named lists of words, for phrases."),
    Key::new(
        "classes",
        Form::Map(Names::Hyphened, &Form::Texts),
        "Words of token classes; in shipped files only.",
    ),
    Key::new("examples", Form::Table(&SETTING), "Whose drafts the examples are."),
    Key::new("profiles", PROFILES, "Budgets for queues; in shipped files only."),
    Key::new("score", Form::Table(&SCORE), "The shape of the score; in shipped files only."),
    Key::new("rule", Form::Tables(&RULE), "A rule."),
];

/// What examples are judged with.
const SETTING: [Key; 7] = [
    Key::new("account", Form::Word(ACCOUNTS), "The kind of account.").or("\"person\""),
    Key::new("names", Form::Texts, "Names of the author or organisation."),
    Key::new("handles", Form::Texts, "Handles on any network."),
    Key::new("products", Form::Texts, "What is one's own: products, projects, books."),
    Key::new("partners", Form::Texts, "Names and handles of partners, sponsors and friends."),
    Key::new("domains", Form::Texts, "Web sites, with a path where the domain is shared."),
    Key::new("platform", Form::Word(PLATFORMS), "The network."),
];

/// Who "self" is in a case.
const IDENTITY: [Key; 6] = [SETTING[0], SETTING[1], SETTING[2], SETTING[3], SETTING[4], SETTING[5]];

/// The shape of the score.
const SCORE: [Key; 17] = {
    let mut keys =
        [Key::new("holds-in-pitch", Form::Texts, "Categories that a declared pitch does not excuse."); 17];
    let mut at = 0;
    while at < super::shape::KEYS.len() {
        let about = "A number of the formulas in the comments of `rules/score.toml`.";
        keys[at] = Key::new(super::shape::KEYS[at], Form::Positive, about).needed();
        at += 1;
    }
    keys
};

/// A rule.
const RULE: [Key; 37] = [
    Key::new("name", Form::Name, "The second half of its name.").needed(),
    Key::new("level", Form::Word(LEVELS), "Its level; credits have none.").or("\"warning\""),
    Key::new("weight", Form::Number(0.0, 20.0), "What a finding adds to the score."),
    Key::new("unproven", Form::Boolean, "Whether it was right on too few posts to be trusted alone.").or("false"),
    Key::new("at-least", Form::Texts, "Rules than which, all together, it never weighs less."),
    Key::new("message", Form::Text, "The title of a finding: lowercase, only the problem.").needed(),
    Key::new("label", Form::Text, "What is said at the place itself."),
    Key::new("why", Form::Text, "Why it is a problem, in one clause."),
    Key::new("source", Form::Text, "Who says so."),
    Key::new("help", Form::Text, "What to write instead."),
    Key::new("fix", Form::Table(&FIX), "A concrete change of the words that it finds."),
    Key::new("before", Form::Text, "A draft that it must flag."),
    Key::new("after", Form::Text, "The same draft as it should be, which it must not flag."),
    Key::new("phrases", Form::Texts, "Kind: phrases."),
    Key::new("patterns", Form::Tables(&PATTERN), "Kind: regexes, for what phrases cannot say."),
    Key::new("near", Form::Table(&NEAR), "Kind: one phrase near another, in either order."),
    Key::new("sequence", Form::Table(&SEQUENCE), "Kind: a phrase in one sentence, another in the next."),
    Key::new("count", Form::Table(&COUNT), "Kind: tokens or phrases, counted."),
    Key::new("ratio", Form::Table(&RATIO), "Kind: one group of token classes against another."),
    Key::new("position", Form::Table(&POSITION), "Kind: a phrase or a finding in a certain place."),
    Key::new("absent", Form::Texts, "Kind: phrases of which none is there."),
    Key::new("link", Form::Table(&LINK), "Kind: a link, with so many words beside it."),
    Key::new("composite", Form::Table(&COMPOSITE), "Kind: findings of other rules together."),
    Key::new("lexicon", Form::Table(&LEXICON), "Kind: words weighed one by one."),
    Key::new("length", Form::Table(&LENGTH), "Kind: how long a post is, by the limits of its networks."),
    Key::new("verdict", Form::Word(Words::of(|| VerdictKind::NAMES.to_vec())), "Kind: the verdict on the whole."),
    Key::new("queue-share", Form::Table(&QUEUE_SHARE), "Kind: how much of a window of a queue promotes."),
    Key::new("queue-run", Form::Table(&QUEUE_RUN), "Kind: promotional posts in a row."),
    Key::new("queue-duplicate", Form::Table(&QUEUE_DUPLICATE), "Kind: posts that promote in the same words."),
    Key::new("queue-link", Form::Table(&QUEUE_LINK), "Kind: links to what is the account's own."),
    Key::new("queue-cadence", Form::Table(&QUEUE_CADENCE), "Kind: promotional posts too close in time."),
    Key::new("queue-absent", Form::Table(&QUEUE_ABSENT), "Kind: nobody else mentioned in a window of a queue."),
    Key::new(
        "thresholds",
        Form::SomeOf(&FROM_ZERO),
        "Levels by measure, for the kinds count, ratio and those of queues that measure.",
    ),
    Key::new(
        "thresholds-on",
        Form::Map(Names::Words(PLATFORMS), &Form::SomeOf(&THRESHOLDS)),
        "The same for single networks.",
    ),
    Key::new("guards", Form::Table(&GUARDS), "When a match does not count."),
    Key::new("examples", Form::Table(&EXAMPLES), "Drafts that it must and must not flag."),
    Key::new("case", Form::Tables(&CASE), "A draft with a setting of its own."),
];

const FIX: [Key; 3] = [
    Key::new("replace", Form::Text, "What stands there afterwards; or else something to delete."),
    Key::new("delete", Form::Word(Words::of(|| Change::NAMES.to_vec())), "What goes; or else a replacement."),
    Key::new("applicability", Form::Word(Words::of(|| Applicability::NAMES.to_vec())), "How sure it is.")
        .or("\"unsafe\""),
];

const PATTERN: [Key; 3] = [
    Key::new(
        "regex",
        Form::Text,
        "The regex, for folded text; without it the texts of `contains` are what is looked for.",
    ),
    Key::new("requires", Form::Texts, "Phrases of which it cannot match without one."),
    Key::new("contains", Form::Texts, "Texts of which it cannot match without one, letter for letter."),
];

/// Levels by a measure that may be 0.
const FROM_ZERO: [Key; 3] = [
    Key::new("note", MEASURE, "The least measure of a note."),
    Key::new("warning", MEASURE, "The least measure of a warning."),
    Key::new("error", MEASURE, "The least measure of an error."),
];

/// No share, count or similarity comes near the most.
const MEASURE: Form = Form::Number(0.0, 1e9);

const PART: Form = Form::Number(0.0, 1.0);

const SOME: Form = Form::Whole(1, 10_000);

const ALSO: Key = Key::new("also", Form::Text, "The message of the second thing that it looks for.").needed();

const QUEUE_SHARE: [Key; 1] =
    [Key::new("mixed", PART, "What a mixed post counts, beside 1 for a promotional one.").or("0.5")];

const QUEUE_RUN: [Key; 1] = [ALSO];

const QUEUE_DUPLICATE: [Key; 6] = [
    ALSO,
    Key::new("days", SOME, "How many days back a post is compared.").needed(),
    Key::new("posts", SOME, "How many posts back one is compared where a time is missing.").needed(),
    Key::new("asks", Form::Texts, "Rules and categories whose findings are asks."),
    Key::new("repeats", SOME, "How often the same ask is too often.").needed(),
    Key::new("among", SOME, "Among how many posts.").needed(),
];

const QUEUE_LINK: [Key; 5] = [
    ALSO,
    Key::new("repeats", SOME, "How often the same link is too often.").needed(),
    Key::new("among", SOME, "Among how many posts.").needed(),
    Key::new("links", SOME, "Of how many links, at least, a share is taken.").needed(),
    Key::new("own", PART, "The greatest share of own links, where the profile has none.").or("1.0"),
];

const QUEUE_CADENCE: [Key; 4] = [
    ALSO,
    Key::new("hours", Form::Table(&HOURS), "Hours between two promotional posts, below which a level holds."),
    Key::new("most", SOME, "How many are accepted in so many days.").needed(),
    Key::new("days", SOME, "See `most`.").needed(),
];

const QUEUE_ABSENT: [Key; 4] = [
    ALSO,
    Key::new("posts", SOME, "In how many posts.").needed(),
    Key::new("others", Form::Texts, "Rules and categories whose findings mention somebody.").needed(),
    Key::new("asks", Form::Texts, "Rules and categories whose findings ask something."),
];

const HOURS: [Key; 3] = [
    Key::new("note", MEASURE, "Below so many hours a note."),
    Key::new("warning", MEASURE, "Below so many hours a warning."),
    Key::new("error", MEASURE, "Below so many hours an error."),
];

/// `[profiles]`.
pub const PROFILES: Form = Form::Map(Names::Any, &Form::Table(&PROFILE));

pub(super) const PROFILE: [Key; 11] = [
    Key::new("extends", Form::Text, "The profile whose values hold where this one has none.").or("\"80-20\""),
    Key::new("source", Form::Text, "Who says so."),
    Key::new("window", WINDOW, "How many posts a window holds."),
    Key::new("days", WINDOW, "How many days a window holds, in place of posts."),
    Key::new("shortest", WINDOW, "With how many posts a queue is judged as one."),
    Key::new("gives", Form::Whole(0, 1_000), "How many other posts belong between two promotional ones."),
    Key::new("others", PART, "How much of a window should pass on what others made."),
    Key::new("own-links", PART, "How many of the links may be own ones."),
    Key::new("hours", Form::Table(&HOURS), "Hours between promotional posts, below which a level holds."),
    Key::new("thresholds", Form::Map(Names::Rule, &Form::SomeOf(&FROM_ZERO)), "Thresholds of rules of queues."),
    Key::new("levels", Form::Map(Names::Selector, &Form::Word(LEVELS)), "Levels of rules and categories."),
];

const WINDOW: Form = Form::Whole(1, 1_000);

const NEAR: [Key; 4] = [
    Key::new("a", Form::Texts, "Phrases.").needed(),
    Key::new("b", Form::Texts, "Phrases of which one stands near.").needed(),
    Key::new("within", Form::Whole(1, 100), "How many words may stand between.").or("10"),
    Key::new("sentences", Form::Whole(0, 3), "How many ends of sentences may lie between.").or("0"),
];

const SEQUENCE: [Key; 2] = [
    Key::new("first", Form::Texts, "Phrases of the first sentence.").needed(),
    Key::new("then", Form::Texts, "Phrases of the second.").needed(),
];

const COUNT: [Key; 4] = [
    Key::new("of", Form::Word(CLASSES), "A token class; or else phrases."),
    Key::new("phrases", Form::Texts, "Phrases; or else a token class."),
    Key::new("per-words", Form::Whole(0, MOST_WORDS), "Only where there is more than one in so many words."),
    Key::new("run", Form::Boolean, "Only those that stand side by side.").or("false"),
];

const RATIO: [Key; 3] = [
    Key::new("of", Form::WordList(CLASSES), "Token classes that are counted above.").needed(),
    Key::new("to", Form::WordList(CLASSES), "Token classes that are counted below.").needed(),
    Key::new("at-least", Form::Whole(0, MOST_WORDS), "How many must stand above.").or("1"),
];

const POSITION: [Key; 3] = [
    Key::new("at", Form::Word(Words::of(|| Place::NAMES.to_vec())), "The place.").needed(),
    Key::new("phrases", Form::Texts, "Phrases; or else rules."),
    Key::new("rules", Form::Texts, "Rules and categories whose findings are meant; or else phrases."),
];

const LINK: [Key; 4] = [
    Key::new("of", Form::Word(Words::of(|| LinkOf::NAMES.to_vec())), "Whose link."),
    Key::new("to", Form::Texts, "Addresses of which it leads to one."),
    Key::new("min-words", Form::Whole(0, MOST_WORDS), "Words beside it, at least."),
    Key::new("max-words", Form::Whole(0, MOST_WORDS), "Words beside it, at most."),
];

const COMPOSITE: [Key; 3] = [
    Key::new("all", Form::Texts, "Rules and categories of which each found something."),
    Key::new("any", Form::Texts, "Rules and categories of which one found something."),
    Key::new("none", Form::Texts, "Rules and categories of which none found something."),
];

const LEXICON: [Key; 2] = [
    Key::new("base", LOG_ODDS, "The log-odds of a draft without any of the words.").needed(),
    Key::new("words", Form::Map(Names::Any, &LOG_ODDS), "What the presence of each adds to the log-odds."),
];

/// Beyond this a word would be a verdict of its own.
const LOG_ODDS: Form = Form::Number(-10.0, 10.0);

const LENGTH: [Key; 2] = [
    Key::new("of", Form::Word(Words::of(|| super::LengthOf::NAMES.to_vec())), "What of the length is told.")
        .needed(),
    Key::new("asks", Form::Texts, "Rules and categories whose findings are asks, with the length of a fold."),
];

const MOST_WORDS: u64 = 9_999;

const GUARDS: [Key; 13] = [
    Key::new("subject", Form::Word(Words::of(|| Subject::NAMES.to_vec())), "Whose doing it must be.")
        .or("\"any\""),
    Key::new("unless-near", Form::Texts, "Phrases that excuse it in the same sentence or a neighbour."),
    Key::new("unless", Form::Texts, "Phrases that excuse it anywhere in the draft."),
    Key::new("unless-rule", Form::Texts, "Rules whose findings excuse it in the same or the next sentence."),
    Key::new("with", Form::Texts, "Rules of which one must have found something."),
    Key::new("without", Form::Texts, "Rules of which none may have found something."),
    Key::new("accounts", Form::WordList(ACCOUNTS), "Kinds of account that it is for."),
    Key::new("platforms", Form::WordList(PLATFORMS), "Networks that it is for."),
    Key::new("skip", Form::WordList(Words::of(|| SCOPES.to_vec())), "Where nothing is looked for.")
        .or("[\"quote\"]"),
    Key::new("negation", Form::Boolean, "Whether a negation before it excuses it.").or("false"),
    Key::new("clause-start", Form::Boolean, "Whether it must stand at the start of a clause.").or("false"),
    Key::new("min-words", Form::Whole(0, MOST_WORDS), "Words of the draft, at least."),
    Key::new("max-words", Form::Whole(0, MOST_WORDS), "Words of the draft, at most."),
];

/// What the guard `skip` can name. Code is no prose and never looked into, so naming it changes nothing.
pub(super) const SCOPES: [&str; 2] = ["quote", "code"];

const EXAMPLES: [Key; 3] = [
    Key::new("account", Form::Word(ACCOUNTS), "The kind of account, where it is not the file's."),
    Key::new("flagged", Form::Texts, "Drafts that it must flag."),
    Key::new("clean", Form::Texts, "Drafts that it must not flag."),
];

const CASE: [Key; 7] = [
    Key::new("text", Form::Text, "The draft; or else posts."),
    Key::new("posts", Form::Text, "The posts of a queue, by their letters or a line each; or else a draft."),
    Key::new("profile", Form::Text, "The budget that a queue is held against.").or("\"80-20\""),
    Key::new("flagged", Form::Boolean, "Whether it must be flagged.").needed(),
    Key::new("account", Form::Word(ACCOUNTS), "The kind of account, where it is not the file's."),
    Key::new("platform", Form::Word(PLATFORMS), "The network, where it is not the file's."),
    Key::new("identity", Form::Table(&IDENTITY), "Who \"self\" is, in place of all names of the file."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::raw;

    #[test]
    fn the_kinds_stand_in_the_order_of_the_documentation() {
        let kinds = RULE.iter().map(|key| key.name).filter(|name| raw::KIND_KEYS.contains(name));
        assert_eq!(kinds.collect::<Vec<_>>(), raw::KIND_KEYS);
    }
}
