//! Who "self" may be, and the config that says so.
//!
//! Reads no file. Invariant: every value says where it came from, and the config has no mistake.

use std::fmt::Write as _;

use serde_json::Value;

/// Longer values are no names.
const LONGEST: usize = 100;

/// The most values of one key.
const MOST: usize = 12;

/// A value, and where it came from.
#[derive(Debug)]
struct Found {
    value: String,
    from: String,
}

/// What was found for the keys of `[identity]`.
#[derive(Debug, Default)]
pub(super) struct Proposal {
    names: Vec<Found>,
    handles: Vec<Found>,
    products: Vec<Found>,
    domains: Vec<Found>,
}

impl Proposal {
    /// A name of the author or organisation; an address behind it is left out.
    pub(super) fn name(&mut self, name: &str, from: &str) {
        let name = name.split(['<', '(']).next().unwrap_or(name);
        push(&mut self.names, name, from);
    }

    /// A handle, with or without `@`.
    pub(super) fn handle(&mut self, handle: &str, from: &str) {
        let handle = handle.trim().trim_start_matches('@');
        let good = |next: char| next.is_ascii_alphanumeric() || "._-@".contains(next);
        if !handle.is_empty() && handle.chars().all(good) {
            push(&mut self.handles, &format!("@{handle}"), from);
        }
    }

    /// A product, project or site.
    pub(super) fn product(&mut self, name: &str, from: &str) {
        // What belongs to an organisation is named after it: `@example/shop`.
        let name = name.rsplit_once('/').filter(|_| name.starts_with('@')).map_or(name, |(_, name)| name);
        push(&mut self.products, name, from);
    }

    /// The domain of an address, with its path.
    pub(super) fn domain(&mut self, url: &str, from: &str) {
        if let Some((host, path)) = address(url)
            && host.contains('.')
            && !host.starts_with("example.")
            && !host.starts_with("127.")
        {
            let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
            let domain = if path.is_empty() { host } else { format!("{host}/{path}") };
            push(&mut self.domains, &domain, from);
        }
    }

    /// An address of a profile: its handle, where the network is known.
    pub(super) fn profile(&mut self, url: &str, from: &str) {
        if let Some(handle) = handle_of(url) {
            self.handle(&handle, from);
        }
    }

    /// How many values were found.
    pub(super) fn count(&self) -> usize {
        self.lists().iter().map(|(_, found)| found.len()).sum()
    }

    fn lists(&self) -> [(&'static str, &Vec<Found>); 4] {
        [
            ("names", &self.names),
            ("handles", &self.handles),
            ("products", &self.products),
            ("domains", &self.domains),
        ]
    }

    /// The template with what was found in place of its empty lists.
    pub(super) fn fill(&self, template: &str) -> String {
        let mut text = String::with_capacity(template.len());
        for line in template.lines() {
            let found = self
                .lists()
                .into_iter()
                .find(|(key, found)| !found.is_empty() && line.strip_prefix(key) == Some(" = []"));
            let Some((key, found)) = found else {
                text.push_str(line);
                text.push('\n');
                continue;
            };
            let _ = writeln!(text, "{key} = [");
            for one in found {
                let _ = writeln!(text, "    {}, # from {}", Value::from(one.value.as_str()), one.from);
            }
            text.push_str("]\n");
        }
        text
    }
}

fn push(list: &mut Vec<Found>, value: &str, from: &str) {
    let value = value.trim();
    let known = list.iter().any(|known| known.value.to_lowercase() == value.to_lowercase());
    let odd = value.is_empty() || value.chars().count() > LONGEST || value.contains(is_odd);
    if !known && !odd && list.len() < MOST {
        list.push(Found { value: value.to_owned(), from: from.to_owned() });
    }
}

/// Characters of no name: controls, those that turn the direction of text, and those of templates.
fn is_odd(next: char) -> bool {
    next.is_control()
        || matches!(next, '{' | '}' | '<' | '>' | '"' | '\\' | '\u{200E}' | '\u{200F}')
        || ('\u{202A}'..='\u{202E}').contains(&next)
        || ('\u{2066}'..='\u{2069}').contains(&next)
}

/// Host, without `www.`, and path of an address.
fn address(url: &str) -> Option<(String, &str)> {
    let rest = url.trim().strip_prefix("https://").or_else(|| url.trim().strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.to_ascii_lowercase();
    let good = |next: char| next.is_ascii_alphanumeric() || ".-".contains(next);
    let host = host.strip_prefix("www.").unwrap_or(&host).to_owned();
    (!host.is_empty() && host.chars().all(good)).then_some((host, path))
}

/// Networks, and what stands before the handle in the addresses of their profiles.
const PROFILES: [(&str, &str); 12] = [
    ("x.com", ""),
    ("twitter.com", ""),
    ("github.com", ""),
    ("gitlab.com", ""),
    ("codeberg.org", ""),
    ("instagram.com", ""),
    ("facebook.com", ""),
    ("linkedin.com", "in/"),
    ("linkedin.com", "company/"),
    ("bsky.app", "profile/"),
    ("youtube.com", "@"),
    ("tiktok.com", "@"),
];

fn handle_of(url: &str) -> Option<String> {
    let (host, path) = address(url)?;
    let path = path.trim_end_matches('/');
    let of_network = |(known, before): &(&str, &str)| {
        let handle = path.strip_prefix(before).filter(|_| host == *known)?;
        (!handle.is_empty() && !handle.contains('/')).then(|| handle.to_owned())
    };
    // Servers of Mastodon and others write it so.
    let at = || path.strip_prefix('@').filter(|handle| !handle.contains('/')).map(str::to_owned);
    PROFILES.iter().find_map(of_network).or_else(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Option<&str>) {
        assert_eq!(handle_of(url).as_deref(), expected, "{url}");
    }

    #[test]
    fn profiles_are_told_by_their_addresses() {
        check("https://x.com/samrivers", Some("samrivers"));
        check("https://www.linkedin.com/in/sam-rivers/", Some("sam-rivers"));
        check("https://bsky.app/profile/sam.example.org", Some("sam.example.org"));
        check("https://social.example/@sam", Some("sam"));
        check("https://github.com/samrivers/kiln", None);
        check("https://blog.example/about", None);
    }

    #[test]
    fn what_is_no_name_is_left_out_and_nothing_stands_twice() {
        let mut proposal = Proposal::default();
        for name in ["Sam Rivers <sam@example.org>", "sam rivers", "", "{{ name }}", "a\u{202E}b", "a\nb"] {
            proposal.name(name, "x");
        }
        proposal.product("@kiln/shop", "y");
        proposal.domain("http://localhost:4000", "z");
        proposal.domain("https://www.Kiln.shop/blog/?a", "z");
        let text = proposal.fill("kind = 1\nnames = []\nhandles = []\nproducts = []\ndomains = []\n");
        let expected = "kind = 1\nnames = [\n    \"Sam Rivers\", # from x\n]\nhandles = []\nproducts = [\n    \
                        \"shop\", # from y\n]\ndomains = [\n    \"kiln.shop/blog\", # from z\n]\n";
        assert_eq!((text.as_str(), proposal.count()), (expected, 3));
    }
}
