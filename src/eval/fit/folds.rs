//! Floor 5: which posts are held out together.
//!
//! Knows no labels. Invariant: the same posts give the same folds, whatever their order, and posts of one origin are in
//! one fold.

use std::collections::BTreeMap;

use serde_json::Value;

/// Fields that tell who wrote a post or where it is from, the most telling first.
const FIELDS: [&str; 4] = ["author", "screenname", "source", "pair"];

/// Where a post comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    fields: [Option<String>; FIELDS.len()],
    /// Its words: a post that was sent ten times is one.
    words: String,
}

impl Origin {
    /// Of a record, one line of JSON, whose text is `text`.
    #[must_use]
    pub fn read(line: &str, text: &str) -> Self {
        let record: Value = serde_json::from_str(line).unwrap_or_default();
        let fields = FIELDS.map(|field| match record.get(field) {
            Some(Value::String(value)) if !value.trim().is_empty() => Some(value.clone()),
            Some(Value::Number(value)) => Some(value.to_string()),
            _ => None,
        });
        // Links and numbers are what copies differ in.
        let words = text.split_whitespace().filter(|word| !word.contains("://"));
        let letters = words.flat_map(str::chars).filter(|letter| letter.is_alphabetic());
        Self { fields, words: letters.flat_map(char::to_lowercase).collect() }
    }
}

/// The fold of each post of a set, from 0, of `count` folds that are as even as the origins let them. Posts go by the
/// first field that tells them apart: one with a value a fold at least, of which none holds half of the posts. A post
/// without a value, or a set without such a field, goes by its words.
#[must_use]
pub fn folds(origins: &[Origin], count: usize) -> Vec<usize> {
    let field = (0..FIELDS.len()).find(|field| tells_apart(origins, *field, count));
    let mut groups: BTreeMap<(bool, &str), Vec<usize>> = BTreeMap::new();
    for (at, origin) in origins.iter().enumerate() {
        let value = field.and_then(|field| origin.fields[field].as_deref());
        groups.entry((value.is_some(), value.unwrap_or(&origin.words))).or_default().push(at);
    }
    let mut groups: Vec<((u64, &str), Vec<usize>)> =
        groups.into_iter().map(|((_, key), posts)| ((hash(key), key), posts)).collect();
    // The largest first, so that the small ones fill up; the hash, so that neighbours in the alphabet part.
    groups.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(&b.0)));
    let mut sizes = vec![0_usize; count.max(1)];
    let mut folds = vec![0; origins.len()];
    for (_, posts) in groups {
        let smallest = (0..sizes.len()).min_by_key(|fold| sizes[*fold]).unwrap_or(0);
        sizes[smallest] += posts.len();
        for at in posts {
            folds[at] = smallest;
        }
    }
    folds
}

fn tells_apart(origins: &[Origin], field: usize, count: usize) -> bool {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for value in origins.iter().filter_map(|origin| origin.fields[field].as_deref()) {
        *sizes.entry(value).or_default() += 1;
    }
    sizes.len() >= count.max(2) && sizes.values().all(|size| size * 2 < origins.len())
}

/// FNV-1a, 64 bits.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(source: &str, text: &str) -> Origin {
        Origin::read(&serde_json::json!({ "source": source, "pair": null, "text": text }).to_string(), text)
    }

    #[test]
    fn posts_of_one_origin_stay_together() {
        let posts: Vec<Origin> =
            (0..40).map(|at| origin(["a", "b", "c", "d", "e", "f"][at % 6], &format!("post {at}"))).collect();
        let found = folds(&posts, 5);
        for (at, fold) in found.iter().enumerate() {
            assert_eq!(*fold, found[at % 6]);
        }
        assert!((0..5).all(|fold| found.contains(&fold)), "{found:?}");
    }

    #[test]
    fn what_says_nothing_is_not_asked() {
        // One source for all: copies stay together, and the folds are even.
        let letter = |at: u8| char::from(b'a' + at);
        let posts: Vec<Origin> =
            (0..20).map(|at| origin("all", &format!("Post {} 17 https://x.y/{at}", letter(at / 2)))).collect();
        let found = folds(&posts, 5);
        assert!(found.chunks(2).all(|copies| copies[0] == copies[1]), "{found:?}");
        for fold in 0..5 {
            assert_eq!(found.iter().filter(|one| **one == fold).count(), 4);
        }
        assert!(folds(&[], 5).is_empty());
        assert_eq!(folds(&posts, 0), [0; 20]);
    }

    #[test]
    fn the_order_of_posts_does_not_matter() {
        let mut posts: Vec<Origin> = (0..30).map(|at| origin(&format!("s{}", at % 11), "x")).collect();
        let mut found = folds(&posts, 4);
        posts.reverse();
        found.reverse();
        assert_eq!(folds(&posts, 4), found);
    }
}
