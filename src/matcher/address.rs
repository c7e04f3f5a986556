//! Where a link leads, told by its address alone.
//!
//! Four ways to write an address: `shop.example` is that host or one below it, `shop.example/` the same with something
//! behind the slash, `shop.example/path` the same below that path; `*/folder/` is anything below such a folder of any
//! host, and `?key=` a query that starts with that key. Invariant: what stands inside a path or a query is never taken
//! for a host.

use crate::rule::Text;

/// Whether `url` leads to one of these addresses.
pub(super) fn leads_to(url: &str, to: &[Text]) -> bool {
    let url = url.to_lowercase();
    let whole = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let (host, rest) = whole.split_at(whole.find(['/', '?', '#']).unwrap_or(whole.len()));
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = host.split(':').next().unwrap_or(host);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    to.iter().any(|address| {
        if let Some(key) = address.strip_prefix('?') {
            query.strip_prefix(key).is_some_and(|value| value.starts_with(char::is_alphanumeric))
        } else if let Some(folder) = address.strip_prefix('*') {
            path.split_once(folder).is_some_and(|(_, rest)| rest.starts_with(char::is_alphanumeric))
        } else {
            let (wanted, below) = address.split_at(address.find('/').unwrap_or(address.len()));
            let above = host.strip_suffix(wanted);
            above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
                && rest.strip_prefix(below).is_some_and(|rest| below != "/" || !rest.is_empty())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, to: &str, expected: bool) {
        assert_eq!(leads_to(url, &[to.to_owned().into()]), expected, "{url} to {to}");
    }

    #[test]
    fn a_host_is_that_host_or_one_below() {
        check("https://shop.example", "shop.example", true);
        check("www.Shop.example/a", "shop.example", true);
        check("https://jo@m.shop.example:80/a?b", "shop.example", true);
        check("https://workshop.example", "shop.example", false);
        check("https://shop.example.org", "shop.example", false);
        check("https://other.example/?u=https://shop.example", "shop.example", false);
    }

    #[test]
    fn a_path_is_asked_for_where_one_is_written() {
        check("https://shop.example/owl", "shop.example/", true);
        check("https://shop.example/?owl", "shop.example/", true);
        check("https://shop.example/", "shop.example/", false);
        check("https://shop.example", "shop.example/", false);
        check("https://play.example/store/apps?id=1", "play.example/store", true);
        check("https://play.example/music", "play.example/store", false);
    }

    #[test]
    fn a_folder_and_a_key_are_those_of_any_host() {
        check("bank.example/join/77", "*/join/", true);
        check("bank.example/join/", "*/join/", false);
        check("bank.example/rejoin/77", "*/join/", false);
        check("https://bank.example/?ref=sam", "?ref=", true);
        check("https://bank.example/a?ref=sam", "?ref=", true);
        check("https://bank.example/a?href=sam", "?ref=", false);
        check("https://bank.example/a?b=1&ref=sam", "?ref=", false);
    }
}
