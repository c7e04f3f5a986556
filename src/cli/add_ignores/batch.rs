//! The suppressions of a round, put into a draft at once.
//!
//! Writes nothing. Invariant: what is taken was read again, and gave the same posts, word for word, and the suppressions.

use std::sync::Arc;

use super::comment::{Known, Place, Wanted};
use super::{Found, Suppression};
use crate::cli::fix::decode;
use crate::cli::walk::Input;
use crate::document::{Post, extract};
use crate::fix::spliced;
use crate::text::Source;

/// So many bytes are read again for one draft, about; and a draft at least so often.
const AGAIN: usize = 4 << 20;
const LEAST: usize = 16;

/// A draft, with the suppressions that were taken.
pub(super) struct Draft<'a> {
    input: &'a Input,
    reason: &'a str,
    source: Arc<Source>,
    pub(super) bytes: Vec<u8>,
    posts: Vec<Post>,
    /// How often it may be read again.
    left: usize,
}

/// A draft with more suppressions, as it was read.
struct Read {
    source: Arc<Source>,
    bytes: Vec<u8>,
    posts: Vec<Post>,
}

/// Why suppressions are not taken.
enum Refused {
    /// There are other posts then, or none can be read.
    Other,
    /// As many posts, and only these are suppressions.
    But(Vec<usize>),
}

impl<'a> Draft<'a> {
    pub(super) fn of(input: &'a Input, reason: &'a str, source: &Arc<Source>, bytes: Vec<u8>) -> Self {
        let posts = extract(source, &input.options()).posts;
        let left = LEAST.max(AGAIN / bytes.len().max(1));
        Self { input, reason, source: Arc::clone(source), bytes, posts, left }
    }

    /// Puts in what can be, each in its line or else for the whole; returns the findings of all others.
    pub(super) fn suppress(&mut self, wanted: Vec<Suppression>) -> Vec<Found> {
        let mut taken = vec![false; wanted.len()];
        let in_line = (0..wanted.len()).filter(|&number| wanted.get(number).is_some_and(|one| one.line.is_some()));
        self.take(&in_line.collect::<Vec<_>>(), &wanted, &mut taken);
        self.take_whole(&wanted, &mut taken);
        let rest = wanted.into_iter().zip(taken).filter(|(_, taken)| !taken);
        rest.flat_map(|(wanted, _)| wanted.found).collect()
    }

    /// Takes those of these that can stand in their lines. Where not all can, those are tried by themselves that are
    /// suppressions, and then the others; or else one half after the other.
    fn take(&mut self, numbers: &[usize], wanted: &[Suppression], taken: &mut [bool]) {
        if numbers.is_empty() || self.left == 0 {
            return;
        }
        self.left -= 1;
        let of = |&number: &usize| Some((wanted.get(number)?.line?, wanted.get(number)?.names()));
        let places: Vec<(Place, Vec<&str>)> = numbers.iter().filter_map(of).collect();
        match self.read_with(&places) {
            Ok(read) => {
                self.become_what(read);
                for &number in numbers {
                    taken.get_mut(number).into_iter().for_each(|taken| *taken = true);
                }
            }
            Err(_) if numbers.len() < 2 => {}
            Err(Refused::But(these)) if (1..numbers.len()).contains(&these.len()) => {
                let own = |number: &usize| these.binary_search(number).is_ok();
                let (these, others): (Vec<usize>, Vec<usize>) = (0..numbers.len()).partition(own);
                let chosen = |these: Vec<usize>| -> Vec<usize> {
                    these.into_iter().filter_map(|at| numbers.get(at)).copied().collect()
                };
                self.take(&chosen(these), wanted, taken);
                self.take(&chosen(others), wanted, taken);
            }
            // What is no comment of YAML there is text, and changes no other line.
            Err(Refused::But(these)) if these.is_empty() && places.iter().all(|(place, _)| place.is_hash()) => {}
            Err(_) => {
                let (one, other) = numbers.split_at(numbers.len() / 2);
                self.take(one, wanted, taken);
                self.take(other, wanted, taken);
            }
        }
    }

    /// Takes those that are left and may be for the whole, in one suppression.
    fn take_whole(&mut self, wanted: &[Suppression], taken: &mut [bool]) {
        let left = || wanted.iter().zip(taken.iter()).filter(|(one, taken)| !**taken && one.whole.is_some());
        let Some(place) = left().find_map(|(one, _)| one.whole) else { return };
        let mut names: Vec<&str> = Vec::new();
        for name in left().flat_map(|(one, _)| one.names()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if let Ok(read) = self.read_with(&[(place, names)]) {
            self.become_what(read);
            let whole = wanted.iter().zip(taken).filter(|(one, _)| one.whole.is_some());
            whole.for_each(|(_, taken)| *taken = true);
        }
    }

    fn become_what(&mut self, read: Read) {
        (self.source, self.bytes, self.posts) = (read.source, read.bytes, read.posts);
    }

    /// The draft with names at these places, where it holds the same posts then.
    fn read_with(&self, places: &[(Place, Vec<&str>)]) -> Result<Read, Refused> {
        let known = Known::of(&self.source, &self.posts);
        let edit = |(place, names): &(Place, Vec<&str>)| known.edit(place, &Wanted { names, reason: self.reason });
        let mut edits: Vec<_> = places.iter().map(edit).collect::<Option<_>>().ok_or(Refused::Other)?;
        edits.sort_by_key(|edit| edit.span.start());
        let edits: Vec<_> = edits.iter().collect();
        let bytes = spliced(&self.source, &self.bytes, &edits).ok_or(Refused::Other)?;
        let source = decode(self.input, bytes.clone()).ok_or(Refused::Other)?;
        let posts = extract(&source, &self.input.options()).posts;
        if posts.len() != self.posts.len() {
            return Err(Refused::Other);
        }
        let known = Known::of(&source, &posts);
        let holds = |&at: &usize| places.get(at).is_some_and(|(place, names)| known.holds(place, names));
        let these: Vec<usize> = (0..places.len()).filter(holds).collect();
        if these.len() < places.len() || self.posts.iter().zip(&posts).any(|(one, other)| !same_words(one, other))
        {
            return Err(Refused::But(these));
        }
        drop(known);
        Ok(Read { source, bytes, posts })
    }
}

/// Whether two posts are the same but for their places.
fn same_words(one: &Post, other: &Post) -> bool {
    let parts = |post: &'_ Post| post.parts.len();
    let same_parts = one
        .parts
        .iter()
        .zip(&other.parts)
        .all(|(one, other)| one.kind == other.kind && one.text.as_str() == other.text.as_str());
    parts(one) == parts(other)
        && same_parts
        && one.account_name() == other.account_name()
        && one.platforms().eq(other.platforms())
        && (one.kind, one.intent) == (other.kind, other.intent)
}
