//! Which tokens are the account's own.
//!
//! Compiled once an account, then compared with the tokens of each post; no rule is compiled anew for an identity.
//! Invariant: without any key no token is marked.

use std::collections::{HashMap, HashSet};

use crate::document::{AccountKind, IdentityKeys};
use crate::rule::phrase::literal;
use crate::rule::{Class, Classes, LinkOf};
use crate::text::{TokenKind, Tokens};

/// The names, handles and domains of an account, ready for comparison.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// By the first folded token: the whole name and its classes, longest first.
    names: HashMap<String, Vec<(Vec<String>, Classes)>>,
    /// A bit for each byte that one of these begins with: most words of a post begin otherwise.
    begins: [u64; 4],
    /// Folded given names of a person of two names or more: friends and customers say no more than that.
    given: HashSet<String>,
    /// Folded handles with `@`, and hashtags of names.
    handles: HashMap<String, Classes>,
    /// Host and path of the account's domains.
    domains: Vec<(String, String)>,
}

impl Marks {
    /// Compiles the keys of an account.
    #[must_use]
    pub fn new(keys: &IdentityKeys) -> Self {
        let mut marks = Self::default();
        // A brand's name is its product; a person's is not.
        let author = match keys.kind {
            AccountKind::Person => Classes::of(&[Class::Author]),
            AccountKind::Brand | AccountKind::Cause => Classes::of(&[Class::Author, Class::Own]),
        };
        let own = Classes::of(&[Class::Own]);
        let partner = Classes::of(&[Class::Partner]);
        for (names, classes) in [(&keys.names, author), (&keys.products, own), (&keys.partners, partner)] {
            for name in names {
                let signed = classes.has(Class::Own) && is_signed(&keys.handles, name);
                marks.name(name, if signed { classes.with(Class::Namesake) } else { classes });
            }
        }
        for all in marks.names.values_mut() {
            all.sort_by_key(|(tokens, _)| std::cmp::Reverse(tokens.len()));
        }
        if keys.kind == AccountKind::Person {
            let names = keys.names.iter().map(|name| literal(name)).filter(|tokens| tokens.len() > 1);
            marks.given = names.filter_map(|tokens| tokens.into_iter().next()).collect();
        }
        keys.handles.iter().for_each(|handle| marks.handle(handle, author));
        marks.domains = keys.domains.iter().filter_map(|domain| host_and_path(domain)).collect();
        marks
    }

    /// Whether there is none, so that no token needs to be compared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.given.is_empty() && self.handles.is_empty() && self.domains.is_empty()
    }

    fn name(&mut self, name: &str, classes: Classes) {
        if name.trim_start().starts_with('@') {
            self.handle(name, classes);
            return;
        }
        let tokens = literal(name);
        let Some(first) = tokens.first().cloned() else { return };
        let tag = letters(&tokens.concat());
        self.handles.entry(format!("#{tag}")).or_insert(classes);
        if let Some((word, bit)) = begin(&first) {
            self.begins[word] |= bit;
        }
        let all = self.names.entry(first).or_default();
        all.push((tokens, classes));
    }

    fn handle(&mut self, handle: &str, classes: Classes) {
        let handle = handle.trim().trim_start_matches('@').to_lowercase();
        if !handle.is_empty() {
            self.handles.insert(format!("@{handle}"), classes);
        }
    }

    /// The classes of the name that starts at token `index`, and how many tokens it covers.
    #[must_use]
    pub fn at(&self, tokens: &Tokens, index: usize) -> Option<(Classes, usize)> {
        let token = tokens.as_slice()[index];
        let folded = tokens.folded(index);
        match token.kind {
            TokenKind::Mention | TokenKind::Hashtag => {
                let local = folded.get(1..).and_then(|rest| rest.split('@').next()).unwrap_or_default();
                let short = format!("{}{local}", &folded[..1]);
                self.handles.get(folded).or_else(|| self.handles.get(&short)).map(|&classes| (classes, 1))
            }
            TokenKind::Url => self.owns(folded).then(|| (Classes::of(&[Class::OwnLink]), 1)),
            _ => {
                let (word, bit) = begin(folded)?;
                if self.begins[word] & bit == 0 {
                    return None;
                }
                let owner = || Some(possessor(folded)).filter(|owner| *owner != folded);
                let all = self.names.get(folded).or_else(|| self.names.get(owner()?))?;
                all.iter().find_map(|(name, classes)| {
                    let fits = name.iter().enumerate().all(|(offset, word)| {
                        index + offset < tokens.len() && {
                            let found = tokens.folded(index + offset);
                            found == word || (offset + 1 == name.len() && possessor(found) == word)
                        }
                    });
                    fits.then_some((*classes, name.len()))
                })
            }
        }
    }

    /// Whether a folded word is the given name of the account's person.
    #[must_use]
    pub fn is_given(&self, folded: &str) -> bool {
        !self.given.is_empty() && self.given.contains(possessor(folded))
    }

    /// Whether the host of `url` is one of the account's domains or below one.
    #[must_use]
    pub fn owns(&self, url: &str) -> bool {
        if self.domains.is_empty() {
            return false;
        }
        let Some((host, path)) = host_and_path(url) else { return false };
        self.domains.iter().any(|(domain, below)| {
            let host_fits =
                host == *domain || host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.ends_with('.'));
            let path_fits = path
                .strip_prefix(below.as_str())
                .is_some_and(|rest| below.is_empty() || rest.is_empty() || rest.starts_with('/'));
            host_fits && path_fits
        })
    }

    /// Whose a link is, apart from being any link.
    #[must_use]
    pub fn link(&self, url: &str) -> LinkOf {
        if self.owns(url) {
            LinkOf::Own
        } else if tracked(url) {
            LinkOf::Tracked
        } else {
            LinkOf::Other
        }
    }
}

/// Whether one of the handles spells `name`: `@getacme`, `@acme.bsky.social` and `@sam@acme.dev` spell `Acme`. A short name
/// must be the whole handle.
fn is_signed(handles: &[String], name: &str) -> bool {
    let name = letters(name);
    handles.iter().map(|handle| letters(handle)).any(|sign| match name.len() {
        0 => false,
        1..4 => sign == name,
        _ => sign.contains(&name),
    })
}

/// Where the bit of the byte stands that a word begins with.
fn begin(word: &str) -> Option<(usize, u64)> {
    word.as_bytes().first().map(|&byte| (usize::from(byte / 64), 1 << (byte % 64)))
}

fn letters(text: &str) -> String {
    text.to_lowercase().chars().filter(|next| next.is_alphanumeric()).collect()
}

/// `acme's` without its ending.
fn possessor(folded: &str) -> &str {
    folded.strip_suffix("'s").or_else(|| folded.strip_suffix('\'')).unwrap_or(folded)
}

/// Host in lowercase without `www.`, and path without a closing slash; none for what has no dot in its host.
fn host_and_path(url: &str) -> Option<(String, String)> {
    let url = url.trim().to_lowercase();
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let rest = &rest[..end];
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = host.split(':').next().unwrap_or(host);
    let host = host.strip_prefix("www.").unwrap_or(host).trim_end_matches('.');
    host.contains('.').then(|| (host.to_owned(), path.trim_end_matches('/').to_owned()))
}

/// Hosts that exist to count who sent whom.
const TRACKED_HOSTS: [&str; 8] =
    ["amzn.to", "rstyle.me", "shareasale.com", "go.magik.ly", "shopstyle.it", "liketk.it", "bit.ly/ref", "prf.hn"];

/// Query keys of referral and affiliate links.
pub(super) const TRACKED_KEYS: [&str; 9] =
    ["ref", "tag", "aff", "affid", "aff_id", "affiliate", "referral", "via", "partner"];

/// Whether a link carries a referral or affiliate mark.
fn tracked(url: &str) -> bool {
    let url = url.to_lowercase();
    let host = host_and_path(&url).map(|(host, _)| host).unwrap_or_default();
    if TRACKED_HOSTS.contains(&host.as_str()) {
        return true;
    }
    let query = url.split_once('?').map_or("", |(_, query)| query);
    query.split(['&', '#']).filter_map(|pair| pair.split_once('=')).any(|(key, _)| TRACKED_KEYS.contains(&key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(domain: &str, url: &str, expected: LinkOf) {
        let keys = IdentityKeys { domains: vec![domain.to_owned()], ..IdentityKeys::default() };
        assert_eq!(Marks::new(&keys).link(url), expected, "{url} for {domain}");
    }

    #[test]
    fn a_handle_spells_a_name_or_does_not() {
        let spells = |handle: &str, name: &str| is_signed(&[handle.to_owned()], name);
        assert!(spells("@acme", "Acme") && spells("getAcme", "Acme") && spells("@the_acme_app", "Acme App"));
        assert!(spells("@sam@acme.dev", "Acme") && spells("@acme.bsky.social", "Acme"));
        assert!(!spells("@samrivers", "Acme") && !spells("", "Acme") && !spells("@acme", ""));
        assert!(spells("@go", "Go") && !spells("@django", "Go"));
    }

    #[test]
    fn links_are_own_by_host_and_path() {
        check("acme.dev", "https://acme.dev/notes?x=1", LinkOf::Own);
        check("acme.dev", "blog.acme.dev", LinkOf::Own);
        check("https://www.acme.dev/", "http://acme.dev:80", LinkOf::Own);
        check("acme.dev", "https://notacme.dev", LinkOf::Other);
        check("github.com/sam", "https://github.com/sam/tool", LinkOf::Own);
        check("github.com/sam", "https://github.com/samuel", LinkOf::Other);
        check("acme.dev", "https://amzn.to/3x", LinkOf::Tracked);
        check("acme.dev", "https://shop.example/a?tag=me-21", LinkOf::Tracked);
        check("acme.dev", "https://evil.example/?acme.dev", LinkOf::Other);
        check("acme.dev", "mailto", LinkOf::Other);
    }
}
