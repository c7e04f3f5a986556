//! The language of phrases: `{thrilled|so excited} to [finally] {announce|share} ~2 {own}`.
//!
//! Words stand for themselves in folded spelling; `{a|b c}` is one of several, `[x]` may be missing, `~N` skips up
//! to N words, `{name}` is a token class or a named list, `^` and `$` are the start and end of a sentence. Does not
//! match anything. Invariant: an expanded phrase has at least one token that must be there and at most
//! [`MAX_SEQUENCES`] spellings.

use std::collections::BTreeMap;

use super::class::Class;
use crate::text::{TokenKind, tokenize};

/// How many plain sequences one phrase may stand for.
pub const MAX_SEQUENCES: usize = 4_096;

/// How many words a gap may skip.
pub const MAX_GAP: u8 = 20;

/// What one token of a phrase may be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// Up to this many words, whatever they are.
    Gap(u8),
    /// Any token of a class.
    Class(Class),
    /// This token, folded.
    Word(String),
    /// One of these tokens, folded, sorted.
    Set(Vec<String>),
}

/// One spelling of a phrase.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sequence {
    /// Its tokens.
    pub labels: Vec<Label>,
    /// It must start its sentence.
    pub starts: bool,
    /// So many words may stand before it there.
    pub lead: u8,
    /// It must end its sentence (closing marks aside).
    pub ends: bool,
}

/// Why a phrase cannot be read, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhraseError {
    /// The problem.
    pub message: String,
    /// Bytes of the phrase.
    pub range: std::ops::Range<usize>,
    /// Names that would have been accepted, where it is about a name.
    pub accepted: Vec<String>,
}

/// Named word lists, each entry folded phrases of one or more tokens.
pub type Lists = BTreeMap<String, Vec<Vec<String>>>;

#[derive(Clone, Debug)]
enum Node {
    Word(String),
    Class(Class),
    Gap(u8),
    Start,
    End,
    Choice(Vec<Vec<Node>>),
}

/// Reads and expands a phrase.
///
/// # Errors
/// The first thing wrong with it.
pub fn expand(phrase: &str, lists: &Lists) -> Result<Vec<Sequence>, PhraseError> {
    let mut parser = Parser { phrase, at: 0, depth: 0, lists };
    let nodes = parser.sequence()?;
    if parser.at < phrase.len() {
        let found = &phrase[parser.at..=parser.at];
        return Err(parser.error(format!("`{found}` closes nothing"), parser.at, parser.at + 1));
    }
    let whole =
        |message: &str| PhraseError { message: message.to_owned(), range: 0..phrase.len(), accepted: Vec::new() };
    let mut sequences = vec![Sequence::default()];
    append(&mut sequences, &nodes).map_err(whole)?;
    for sequence in &mut sequences {
        trim_gaps(sequence);
    }
    if sequences.iter().any(|sequence| sequence.labels.is_empty()) {
        return Err(whole("nothing in this phrase has to be there"));
    }
    sequences.sort_by(|a, b| a.labels.cmp(&b.labels));
    sequences.dedup();
    Ok(sequences)
}

/// A gap at either end would only make the match longer than its evidence; behind `^` it says how far from the start of
/// its sentence a phrase may begin.
fn trim_gaps(sequence: &mut Sequence) {
    while matches!(sequence.labels.last(), Some(Label::Gap(_))) {
        sequence.labels.pop();
    }
    while let Some(&Label::Gap(words)) = sequence.labels.first() {
        sequence.labels.remove(0);
        sequence.lead = sequence.lead.saturating_add(words).min(if sequence.starts { MAX_GAP } else { 0 });
    }
}

fn append(sequences: &mut Vec<Sequence>, nodes: &[Node]) -> Result<(), &'static str> {
    for node in nodes {
        match node {
            Node::Word(word) => push(sequences, &Label::of_word(word)),
            Node::Class(class) => push(sequences, &Label::Class(*class)),
            Node::Gap(words) => push(sequences, &Label::Gap(*words)),
            Node::Start => {
                if sequences.iter().any(|sequence| !sequence.labels.is_empty()) {
                    return Err("`^` must stand first");
                }
                sequences.iter_mut().for_each(|sequence| sequence.starts = true);
            }
            Node::End => sequences.iter_mut().for_each(|sequence| sequence.ends = true),
            Node::Choice(choices) => branch(sequences, choices)?,
        }
        if !matches!(node, Node::End) && sequences.iter().any(|one| one.ends) && !matches!(node, Node::Choice(_)) {
            return Err("`$` must stand last");
        }
        if sequences.len() > MAX_SEQUENCES {
            return Err("this phrase has too many spellings; make lists of single words, or split it");
        }
    }
    Ok(())
}

fn push(sequences: &mut [Sequence], label: &Label) {
    for sequence in sequences {
        sequence.labels.push(label.clone());
    }
}

/// Single words among the choices stay together as one set, so that they do not multiply.
fn branch(sequences: &mut Vec<Sequence>, choices: &[Vec<Node>]) -> Result<(), &'static str> {
    let mut set: Vec<String> = Vec::new();
    let mut made: Vec<Sequence> = Vec::new();
    for choice in choices {
        if let [Node::Word(word)] = choice.as_slice() {
            set.extend(spellings(word));
            continue;
        }
        let mut branched = sequences.clone();
        append(&mut branched, choice)?;
        made.extend(branched);
        if made.len() > MAX_SEQUENCES {
            return Err("this phrase has too many spellings; make lists of single words, or split it");
        }
    }
    if !set.is_empty() {
        set.sort();
        set.dedup();
        let label = match set.len() {
            1 => Label::Word(set.swap_remove(0)),
            _ => Label::Set(set),
        };
        let mut plain = std::mem::take(sequences);
        push(&mut plain, &label);
        made.extend(plain);
    }
    *sequences = made;
    Ok(())
}

impl Label {
    /// The words that fit it, where it names words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let words = match self {
            Self::Word(word) => std::slice::from_ref(word),
            Self::Set(words) => words,
            Self::Gap(_) | Self::Class(_) => &[],
        };
        words.iter().map(String::as_str)
    }

    fn of_word(word: &str) -> Self {
        let mut all = spellings(word);
        match all.len() {
            1 => Self::Word(all.swap_remove(0)),
            _ => {
                all.sort();
                Self::Set(all)
            }
        }
    }
}

/// Contractions that spell another word when the apostrophe is left out.
const KEEP_APOSTROPHE: [&str; 12] =
    ["we're", "we'll", "i'll", "i'd", "we'd", "she'd", "she'll", "he'll", "it'll", "who're", "they'd", "there'd"];

/// A word as written, and without its apostrophe as people type it.
fn spellings(word: &str) -> Vec<String> {
    let mut all = vec![word.to_owned()];
    if word.contains('\'') && word.len() > 2 && !KEEP_APOSTROPHE.contains(&word) {
        all.push(word.replace('\'', ""));
    }
    all
}

/// The folded tokens of literal text, as rules compare them: a run of one mark counts as the mark.
#[must_use]
pub fn literal(text: &str) -> Vec<String> {
    let tokens = tokenize(text, None);
    (0..tokens.len())
        .map(|index| {
            let folded = tokens.folded(index);
            match tokens.as_slice()[index].kind {
                TokenKind::Punctuation => folded.chars().take(1).collect(),
                _ => folded.to_owned(),
            }
        })
        .collect()
}

struct Parser<'a> {
    phrase: &'a str,
    at: usize,
    depth: u8,
    lists: &'a Lists,
}

impl Parser<'_> {
    fn error(&self, message: String, start: usize, end: usize) -> PhraseError {
        let end = end.clamp(start, self.phrase.len());
        PhraseError { message, range: start..end, accepted: Vec::new() }
    }

    fn peek(&self) -> Option<char> {
        self.phrase[self.at..].chars().next()
    }

    /// Up to a `|`, `}`, `]` or the end.
    fn sequence(&mut self) -> Result<Vec<Node>, PhraseError> {
        let mut nodes = Vec::new();
        while let Some(next) = self.peek() {
            match next {
                '}' | ']' | '|' => break,
                '{' => nodes.push(self.braces()?),
                '[' => nodes.push(self.optional()?),
                '^' => {
                    self.at += 1;
                    nodes.push(Node::Start);
                }
                '$' if !self.phrase[self.at + 1..].starts_with(|next: char| next.is_ascii_digit()) => {
                    self.at += 1;
                    nodes.push(Node::End);
                }
                '~' => nodes.push(self.gap()?),
                _ => nodes.extend(self.words()),
            }
        }
        Ok(nodes)
    }

    fn words(&mut self) -> Vec<Node> {
        let rest = &self.phrase[self.at..];
        let syntax = |next: char| matches!(next, '{' | '}' | '[' | ']' | '|' | '~' | '^');
        let mut end = rest.find(syntax).unwrap_or(rest.len());
        // A dollar before a digit is money; elsewhere it is the end of the sentence.
        if let Some(dollar) = rest[..end]
            .match_indices('$')
            .map(|(at, _)| at)
            .find(|at| !rest[at + 1..].starts_with(|next: char| next.is_ascii_digit()))
        {
            end = dollar;
        }
        self.at += end;
        literal(&rest[..end]).into_iter().map(Node::Word).collect()
    }

    fn gap(&mut self) -> Result<Node, PhraseError> {
        let start = self.at;
        self.at += 1;
        let digits = self.phrase[self.at..].chars().take_while(char::is_ascii_digit).count();
        let number = self.phrase[self.at..self.at + digits].parse::<u8>();
        self.at += digits;
        match number {
            Ok(words) if (1..=MAX_GAP).contains(&words) => Ok(Node::Gap(words)),
            _ => Err(self.error(format!("`~` takes a number from 1 to {MAX_GAP}"), start, self.at.max(start + 1))),
        }
    }

    fn choices(&mut self, open: char, close: char) -> Result<(usize, Vec<Vec<Node>>), PhraseError> {
        let start = self.at;
        self.at += 1;
        self.depth += 1;
        if self.depth > 8 {
            return Err(self.error("nested too deeply".to_owned(), start, start + 1));
        }
        let mut choices = Vec::new();
        loop {
            choices.push(self.sequence()?);
            match self.peek() {
                Some('|') => self.at += 1,
                Some(next) if next == close => {
                    self.at += 1;
                    break;
                }
                _ => return Err(self.error(format!("`{open}` is not closed"), start, start + 1)),
            }
        }
        self.depth -= 1;
        Ok((start, choices))
    }

    fn optional(&mut self) -> Result<Node, PhraseError> {
        let (start, mut choices) = self.choices('[', ']')?;
        if choices.iter().all(Vec::is_empty) {
            return Err(self.error("empty brackets".to_owned(), start, self.at));
        }
        choices.push(Vec::new());
        Ok(Node::Choice(choices))
    }

    fn braces(&mut self) -> Result<Node, PhraseError> {
        let rest = &self.phrase[self.at + 1..];
        let name_len = rest.find(|next: char| !(next.is_ascii_lowercase() || next == '-')).unwrap_or(rest.len());
        if name_len > 0 && rest[name_len..].starts_with('}') {
            let start = self.at;
            self.at += name_len + 2;
            return self.named(&rest[..name_len], start + 1);
        }
        let (start, choices) = self.choices('{', '}')?;
        if choices.iter().any(Vec::is_empty) {
            let message = "an empty choice; write `[x]` for what may be missing".to_owned();
            return Err(self.error(message, start, self.at));
        }
        Ok(Node::Choice(choices))
    }

    fn named(&self, name: &str, start: usize) -> Result<Node, PhraseError> {
        if let Some(class) = Class::from_name(name) {
            return Ok(Node::Class(class));
        }
        if let Some(list) = self.lists.get(name) {
            let choices = list.iter().map(|entry| entry.iter().cloned().map(Node::Word).collect());
            return Ok(Node::Choice(choices.collect()));
        }
        let mut error =
            self.error(format!("no list or token class is called `{name}`"), start, start + name.len());
        error.accepted = Class::ALL.iter().map(|class| class.name().to_owned()).collect();
        error.accepted.extend(self.lists.keys().cloned());
        Err(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists() -> Lists {
        let mut lists = Lists::new();
        lists.insert(
            "pubs".to_owned(),
            vec![vec!["forbes".to_owned()], vec!["the".to_owned(), "times".to_owned()]],
        );
        lists
    }

    fn shown(label: &Label) -> String {
        match label {
            Label::Gap(words) => format!("~{words}"),
            Label::Class(class) => format!("<{}>", class.name()),
            Label::Word(word) => word.clone(),
            Label::Set(words) => words.join("/"),
        }
    }

    #[track_caller]
    fn check(phrase: &str, expected: &[&str]) {
        let made: Vec<String> = match expand(phrase, &lists()) {
            Ok(sequences) => sequences
                .iter()
                .map(|one| {
                    let words: Vec<String> = one.labels.iter().map(shown).collect();
                    let start = if one.starts { "^ " } else { "" };
                    let end = if one.ends { " $" } else { "" };
                    format!("{start}{}{end}", words.join(" "))
                })
                .collect(),
            Err(error) => vec![format!("{}: {}", &phrase[error.range], error.message)],
        };
        assert_eq!(made, expected, "{phrase}");
    }

    #[test]
    fn phrases_expand_into_sequences() {
        check("link in bio", &["link in bio"]);
        check("Thrilled to announce", &["thrilled to announce"]);
        check("{thrilled|excited} to share", &["excited/thrilled to share"]);
        check("{so happy|proud} to share", &["proud to share", "so happy to share"]);
        check("just [finally] won", &["just finally won", "just won"]);
        check("won ~3 {money}", &["won ~3 <money>"]);
        check("in {pubs}", &["in forbes", "in the times"]);
        check("that's why", &["that's/thats why"]);
        check("we're hiring", &["we're hiring"]);
        check("~2 sold ~2", &["sold"]);
    }

    #[test]
    fn mistakes_are_named_at_their_place() {
        check("{thrilled to", &["{: `{` is not closed"]);
        check("thrilled} to", &["}: `}` closes nothing"]);
        check("{pubz}", &["pubz: no list or token class is called `pubz`"]);
        check("[just]", &["[just]: nothing in this phrase has to be there"]);
        check("won ~99 times", &["~99: `~` takes a number from 1 to 20"]);
        check("{a|}", &["{a|}: an empty choice; write `[x]` for what may be missing"]);
        check("", &[": nothing in this phrase has to be there"]);
    }
}
