//! A part made ready for matching: every token with its word number, classes and whether it is quoted.
//!
//! Does not match. Invariant: keys, classes and quotes are as long as the tokens.

use super::aside::Aside;
use super::marks::Marks;
use super::people::People;
use super::quotes;
use crate::document::{Part, Post};
use crate::rule::tables::Key;
use crate::rule::{Class, Classes, RuleSet, Tables};
use crate::text::{Platform, TokenFlags, TokenKind, Tokens, tokenize};

/// The tokens of one part with what rules ask of them.
#[derive(Debug)]
pub struct Reading {
    /// The tokens.
    pub tokens: Tokens,
    /// The classes of each token.
    pub classes: Vec<Classes>,
    /// Whether each token is somebody else's words.
    pub quoted: Vec<bool>,
    /// Which of them take no part in what is counted.
    pub(crate) aside: Aside,
    /// Whom its words name.
    pub(crate) people: People,
    /// Each token for the shipped tables.
    pub(crate) keys: Vec<Key>,
    /// Each token for the tables of a user's rules.
    pub(crate) added: Vec<Key>,
}

/// Reads all parts of a post by the grammar of its first platform.
#[must_use]
pub fn read(post: &Post, rules: &RuleSet, marks: &Marks, platform: Option<Platform>) -> Vec<Reading> {
    post.parts.iter().map(|part| part_reading(part, rules, marks, platform)).collect()
}

fn part_reading(part: &Part, rules: &RuleSet, marks: &Marks, platform: Option<Platform>) -> Reading {
    let tokens = tokenize(&part.text, platform);
    let (shipped, added) = rules.tables();
    let mut keys: Vec<Key> = (0..tokens.len()).map(|index| key(&tokens, index, shipped)).collect();
    mark_names(&tokens, marks, &mut keys);
    let classes: Vec<Classes> = keys.iter().map(|key| key.classes).collect();
    let aside = Aside::of(&tokens, &classes);
    refine(&tokens, &aside, &mut keys);
    let classes: Vec<Classes> = keys.iter().map(|key| key.classes).collect();
    let quoted = quotes::quoted(part, &tokens, &classes, &aside);
    let people = People::of(&tokens, &classes);
    let added = added.map_or_else(Vec::new, |tables| {
        keys.iter().enumerate().map(|(index, key)| Key { word: word(&tokens, index, tables), ..*key }).collect()
    });
    Reading { tokens, classes, quoted, aside, people, keys, added }
}

/// A run of one mark counts as the mark.
fn word(tokens: &Tokens, index: usize, tables: &Tables) -> u32 {
    let folded = tokens.folded(index);
    let folded = match tokens.as_slice()[index].kind {
        TokenKind::Punctuation => &folded[..folded.chars().next().map_or(0, char::len_utf8)],
        _ => folded,
    };
    tables.word(folded)
}

fn key(tokens: &Tokens, index: usize, tables: &Tables) -> Key {
    let token = tokens.as_slice()[index];
    let folded = tokens.folded(index);
    let number = word(tokens, index, tables);
    let mut classes = tables.classes(number);
    if classes.0 == 0
        && let Some(possessor) = folded.strip_suffix("'s")
    {
        classes = tables.classes(tables.word(possessor));
    }
    let class = match token.kind {
        TokenKind::Word => Class::Word,
        TokenKind::Number => Class::Number,
        TokenKind::Money => Class::Money,
        TokenKind::Mention => Class::Mention,
        TokenKind::Hashtag => Class::Hashtag,
        TokenKind::Cashtag => Class::Cashtag,
        TokenKind::Url => Class::Url,
        TokenKind::Email => Class::Email,
        TokenKind::Emoji => Class::Emoji,
        TokenKind::Punctuation => Class::Mark,
    };
    classes = classes.with(class);
    if class == Class::Mark && folded.contains('?') {
        classes = classes.with(Class::Question);
    }
    if classes.has(Class::Kin) || class == Class::Mention {
        classes = classes.with(Class::Other);
    }
    if classes.has(Class::Name) {
        classes = if token.flags.has(TokenFlags::CAPITALIZED) {
            classes.with(Class::Other)
        } else {
            classes.without(Class::Name)
        };
    }
    Key { word: number, classes, name_len: 0, skippable: token.kind != TokenKind::Punctuation }
}

/// The account's own names are no third persons.
fn mark_names(tokens: &Tokens, marks: &Marks, keys: &mut [Key]) {
    for index in 0..keys.len() {
        let given = || is_given(tokens, marks, index, keys[index]).then_some((Classes::of(&[Class::Author]), 1));
        let Some((classes, len)) = marks.at(tokens, index).or_else(given) else { continue };
        keys[index].name_len = u8::try_from(len).unwrap_or(u8::MAX);
        for key in keys.iter_mut().skip(index).take(len) {
            key.classes = Classes(key.classes.0 | classes.0);
            if !classes.has(Class::Partner) {
                key.classes = key.classes.without(Class::Other).without(Class::Name);
            }
        }
    }
}

/// A given name is one where it is written as a name, and is no common word besides.
fn is_given(tokens: &Tokens, marks: &Marks, index: usize, key: Key) -> bool {
    tokens.as_slice()[index].flags.has(TokenFlags::CAPITALIZED)
        && (key.word == 0 || key.classes.has(Class::Name))
        && marks.is_given(tokens.folded(index))
}

/// Capitals shout only beside other capitals (`BIG NEWS`, not `NASA`), and not in a text that is all in capitals.
fn refine(tokens: &Tokens, aside: &Aside, keys: &mut [Key]) {
    let all = tokens.as_slice();
    let words: Vec<usize> =
        (0..all.len()).filter(|&index| all[index].kind == TokenKind::Word && !aside.has(index)).collect();
    let caps = |index: usize| all[index].flags.has(TokenFlags::CAPS);
    let loud = words.iter().filter(|&&index| caps(index)).count();
    if loud < 2 || loud * 10 > words.len() * 7 {
        return;
    }
    for pair in words.windows(2) {
        let neighbours = pair[1] - pair[0] == 1 && caps(pair[0]) && caps(pair[1]);
        let long = pair.iter().any(|&index| all[index].span.len() >= 4);
        if neighbours && long {
            for &index in pair {
                keys[index].classes = keys[index].classes.with(Class::Caps);
            }
        }
    }
}
