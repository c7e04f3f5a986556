//! What the config of a site and the metadata of packages say of whose they are: Hugo, Zola, Jekyll, Astro, Eleventy;
//! `package.json`, `Cargo.toml`, `pyproject.toml`.
//!
//! Runs nothing: of config that is a program, one literal is read. Invariant: a file that is not there, or says nothing,
//! adds nothing.

use std::path::Path;

use serde_json::Value;

use super::proposal::Proposal;
use super::read;
use crate::document::metadata;

/// Config of sites, with one key that it must have to be one, if its name does not tell.
const SITES: [(&str, &[&str]); 15] = [
    ("hugo.toml", &[]),
    ("hugo.yaml", &[]),
    ("hugo.json", &[]),
    ("config.toml", &["baseurl", "base_url"]),
    ("zola.toml", &[]),
    ("config.yaml", &["baseurl"]),
    ("config/_default/hugo.toml", &[]),
    ("config/_default/config.toml", &[]),
    ("_config.yml", &[]),
    ("_data/metadata.json", &[]),
    ("_data/site.json", &[]),
    ("_data/metadata.yaml", &[]),
    ("src/_data/metadata.json", &[]),
    ("src/_data/site.json", &[]),
    ("src/_data/metadata.yaml", &[]),
];

const ASTRO: [&str; 3] = ["astro.config.mjs", "astro.config.ts", "astro.config.js"];

/// How deep links of profiles are looked for.
const DEEPEST: usize = 6;

/// Adds what the files in a folder say.
pub(super) fn ask(folder: &Path, shown: &dyn Fn(&Path) -> String, proposal: &mut Proposal) {
    let each = |name: &str| {
        let path = folder.join(name);
        read(&path).map(|text| (text, shown(&path)))
    };
    for (name, needed) in SITES {
        let Some((text, from)) = each(name) else { continue };
        let whole = metadata(name, &text);
        if needed.is_empty() || needed.iter().any(|key| at(&whole, &[key]).is_some()) {
            site(&whole, &from, proposal);
        }
    }
    for name in ASTRO {
        if let Some((text, from)) = each(name)
            && let Some(url) = literal(&text, "site")
        {
            proposal.domain(url, &format!("site in {from}"));
        }
    }
    if let Some((text, from)) = each("package.json") {
        package(&metadata("package.json", &text), &from, proposal);
    }
    if let Some((text, from)) = each("Cargo.toml") {
        let whole = metadata("Cargo.toml", &text);
        for table in [&["package"][..], &["workspace", "package"]] {
            at(&whole, table).into_iter().for_each(|table| package(table, &from, proposal));
        }
    }
    if let Some((text, from)) = each("pyproject.toml") {
        let whole = metadata("pyproject.toml", &text);
        for table in [&["project"][..], &["tool", "poetry"]] {
            at(&whole, table).into_iter().for_each(|table| package(table, &from, proposal));
        }
    }
}

/// What stands at the end of a way of keys, in any case.
fn at<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().try_fold(value, |value, key| {
        value.as_object()?.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, value)| value)
    })
}

fn text_at<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a str> {
    at(value, keys)?.as_str()
}

fn site(whole: &Value, from: &str, proposal: &mut Proposal) {
    let from_key = |key: &str| format!("{key} in {from}");
    for key in ["baseurl", "base_url", "url"] {
        if let Some(url) = text_at(whole, &[key]) {
            proposal.domain(url, &from_key(key));
        }
    }
    if let Some(title) = text_at(whole, &["title"]) {
        proposal.product(title, &from_key("title"));
    }
    for table in [&["author"][..], &["params", "author"], &["extra", "author"]] {
        if let Some(author) = at(whole, table) {
            person(author, &from_key(&table.join(".")), proposal);
        }
    }
    links(whole, &mut Vec::new(), from, proposal);
}

/// An author: a name, or a table with one.
fn person(author: &Value, from: &str, proposal: &mut Proposal) {
    if let Some(name) = author.as_str().or_else(|| text_at(author, &["name"])) {
        proposal.name(name, from);
    }
    if let Some(url) = text_at(author, &["url"]) {
        proposal.domain(url, from);
    }
}

/// Keys of single handles: `twitter_username`, and what the tables of profiles call networks.
const NETWORKS: [&str; 11] = [
    "twitter",
    "x",
    "github",
    "gitlab",
    "instagram",
    "linkedin",
    "mastodon",
    "bluesky",
    "threads",
    "youtube",
    "facebook",
];

/// Profiles, wherever keys say that they are somebody's: `social`, `author`, `links` and the like.
fn links<'a>(value: &'a Value, keys: &mut Vec<&'a str>, from: &str, proposal: &mut Proposal) {
    match value {
        Value::Object(table) if keys.len() < DEEPEST => {
            for (key, value) in table {
                keys.push(key);
                links(value, keys, from, proposal);
                keys.pop();
            }
        }
        Value::Array(items) => items.iter().for_each(|item| links(item, keys, from, proposal)),
        Value::String(text) => {
            let Some(last) = keys.last().map(|last| last.to_ascii_lowercase()) else { return };
            let is_of = |word: &str| keys.iter().any(|key| key.to_ascii_lowercase().contains(word));
            let of_somebody = ["social", "author", "profile"].into_iter().any(is_of);
            let network = last.strip_suffix("_username").unwrap_or(&last);
            let is_network = NETWORKS.contains(&network);
            let from = format!("{} in {from}", keys.join("."));
            if text.contains("://") {
                if of_somebody || is_network {
                    proposal.profile(text, &from);
                }
            } else if is_network && (of_somebody || last.ends_with("_username"))
                || last == "username" && keys.iter().rev().nth(1).is_some_and(|key| NETWORKS.contains(key))
            {
                proposal.handle(text, &from);
            }
        }
        _ => {}
    }
}

fn package(table: &Value, from: &str, proposal: &mut Proposal) {
    let from_key = |key: &str| format!("{key} in {from}");
    if let Some(name) = text_at(table, &["name"]) {
        proposal.product(name, &from_key("name"));
    }
    if let Some(author) = at(table, &["author"]) {
        person(author, &from_key("author"), proposal);
    }
    for author in at(table, &["authors"]).and_then(Value::as_array).into_iter().flatten() {
        person(author, &from_key("authors"), proposal);
    }
    for key in [&["homepage"][..], &["urls", "homepage"]] {
        if let Some(url) = text_at(table, key) {
            // The page of a repository is no home of its own; git knows its owner.
            if !url.contains("://github.com/") && !url.contains("://gitlab.com/") {
                proposal.domain(url, &from_key(&key.join(".")));
            }
        }
    }
}

/// The literal text of a key in a program: `site: 'https://example.org'`.
fn literal<'a>(program: &'a str, key: &str) -> Option<&'a str> {
    program.lines().map(str::trim).find_map(|line| {
        let value = line.strip_prefix(key)?.trim_start().strip_prefix(':')?.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '\'' | '"' | '`'))?;
        value.get(1..)?.split(quote).next()
    })
}
