//! Where a link leads, told by its address alone.
//!
//! Four ways to write an address: `shop.example` is that host or one below it, `shop.example/` the same with something
//! behind the slash, `shop.example/path` the same below that path; `*/folder/` is anything below such a folder of any
//! host, and `?key=` a query that starts with that key. Invariant: what stands inside a path or a query is never taken
//! for a host.

use smallvec::SmallVec;

use crate::rule::Text;

/// Query keys that say where a reader came from and nothing of what is read. Those that end in `_` stand for all that
/// start so.
const TRACKING: [&str; 32] = [
    "utm_",
    "mtm_",
    "pk_",
    "hsa_",
    "vero_",
    "fbclid",
    "gclid",
    "gclsrc",
    "gbraid",
    "wbraid",
    "dclid",
    "msclkid",
    "twclid",
    "ttclid",
    "yclid",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "igshid",
    "igsh",
    "s_kwcid",
    "_hsenc",
    "_hsmi",
    "mkt_tok",
    "oly_enc_id",
    "oly_anon_id",
    "ref",
    "ref_src",
    "ref_url",
    "referrer",
    "spm",
    "cmpid",
];

/// An address as two links to one page share it: no scheme, no `www.`, no port of the scheme, no tracking parameters, no
/// fragment and no closing slash; the host in lowercase. Shortened addresses stay as they are.
pub(crate) fn canonical(url: &str) -> String {
    let url = url.trim();
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let rest = rest.split('#').next().unwrap_or_default();
    let (host, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let host = host.rsplit('@').next().unwrap_or(host).to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host).trim_end_matches('.');
    let port = if scheme.eq_ignore_ascii_case("http") { ":80" } else { ":443" };
    let host = host.strip_suffix(port).unwrap_or(host);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let is_tracking = |pair: &str| {
        let key = pair.split('=').next().unwrap_or(pair).to_ascii_lowercase();
        TRACKING.iter().any(|known| *known == key || known.ends_with('_') && key.starts_with(known))
    };
    let mut kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_tracking(pair)).collect();
    // The order of parameters says nothing.
    kept.sort_unstable();
    let mut address = format!("{host}{}", path.trim_end_matches('/'));
    if !kept.is_empty() {
        address.push('?');
        address.push_str(&kept.join("&"));
    }
    address
}

/// The parameters of `url` that only count where a reader came from; with `referral` also those that say who sent one.
/// Ranges of bytes to leave out, each with the sign before or behind it; none where there is nothing of the kind.
pub(crate) fn droppable(url: &str, referral: bool) -> Vec<std::ops::Range<usize>> {
    let end = url.find('#').unwrap_or(url.len());
    let Some(start) = url.find('?').filter(|&start| start < end) else { return Vec::new() };
    let drops = |pair: &str| {
        let key = pair.split('=').next().unwrap_or(pair).to_ascii_lowercase();
        let known = |known: &str| known == key || known.ends_with('_') && key.starts_with(known);
        // A page may be chosen by `ref`: only those before it say nothing anywhere.
        let counting = TRACKING.iter().take_while(|known| **known != "ref").any(|one| known(one));
        counting || referral && super::marks::TRACKED_KEYS.contains(&key.as_str())
    };
    let query = url.get(start + 1..end).unwrap_or_default();
    let mut pairs: Vec<(std::ops::Range<usize>, bool)> = Vec::new();
    let mut at = start + 1;
    for pair in query.split('&') {
        pairs.push((at..at + pair.len(), !pair.is_empty() && drops(pair)));
        at += pair.len() + 1;
    }
    if pairs.iter().all(|(_, dropped)| *dropped) {
        return std::iter::once(start..end).collect();
    }
    let kept = pairs.iter().position(|(_, dropped)| !dropped).unwrap_or(pairs.len());
    let dropped = pairs.into_iter().enumerate().filter(|(_, (_, dropped))| *dropped);
    // Before the first that stays, the sign behind goes; after it, the one before.
    let whole = dropped.map(
        |(number, (range, _))| {
            if number < kept { range.start..range.end + 1 } else { range.start - 1..range.end }
        },
    );
    whole.collect()
}

/// Whether `url` leads to one of these addresses.
pub(super) fn leads_to(url: &str, to: &[Text]) -> bool {
    let url = url.to_lowercase();
    let whole = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let (host, rest) = whole.split_at(whole.find(['/', '?', '#']).unwrap_or(whole.len()));
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = host.split(':').next().unwrap_or(host);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    // That host and those it is below: `a.b.c`, `b.c` and `c`. Few addresses begin with one.
    let above = host.match_indices('.').filter_map(|(dot, _)| host.get(dot + 1..));
    let hosts: SmallVec<[&str; 4]> = std::iter::once(host).chain(above).collect();
    to.iter().any(|address| {
        if let Some(key) = address.strip_prefix('?') {
            query.strip_prefix(key).is_some_and(|value| value.starts_with(char::is_alphanumeric))
        } else if let Some(folder) = address.strip_prefix('*') {
            path.split_once(folder).is_some_and(|(_, rest)| rest.starts_with(char::is_alphanumeric))
        } else {
            hosts.iter().filter_map(|host| address.strip_prefix(host)).any(|below| {
                (below.is_empty() || below.starts_with('/'))
                    && rest.strip_prefix(below).is_some_and(|rest| below != "/" || !rest.is_empty())
            })
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(url: &str, to: &str, expected: bool) {
        assert_eq!(leads_to(url, &[to.to_owned().into()]), expected, "{url} to {to}");
    }

    #[track_caller]
    fn check_canonical(url: &str, expected: &str) {
        assert_eq!(canonical(url), expected, "{url}");
        assert_eq!(canonical(expected), expected, "{expected} again");
    }

    /// The plain way: the host of the address is cut off, and looked for at the end of that of the link.
    fn host_leads_to(url: &str, address: &str) -> bool {
        let (host, rest) = url.split_at(url.find('/').unwrap_or(url.len()));
        let (wanted, below) = address.split_at(address.find('/').unwrap_or(address.len()));
        let above = host.strip_suffix(wanted);
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
            && rest.strip_prefix(below).is_some_and(|rest| below != "/" || !rest.is_empty())
    }

    proptest! {
        #[test]
        fn hosts_are_told_as_by_their_ends(url in "[ab.]{0,6}(/[ab]{0,2})?", address in "[ab.]{0,4}(/[ab]?)?") {
            prop_assert_eq!(leads_to(&url, &[address.clone().into()]), host_leads_to(&url, &address));
        }
    }

    #[test]
    fn links_to_one_page_share_an_address() {
        check_canonical("https://www.Acme.dev/Lists/?utm_source=x&utm_campaign=y#top", "acme.dev/Lists");
        check_canonical("http://acme.dev:80", "acme.dev");
        check_canonical("acme.dev/?b=2&fbclid=abc&a=1", "acme.dev?a=1&b=2");
        check_canonical("https://acme.dev/a?ref=sam&preference=1", "acme.dev/a?preference=1");
        check_canonical("https://acme.dev/a?mc_cid=1&GCLID=2&igshid=3", "acme.dev/a");
        check_canonical("https://bit.ly/3xYz", "bit.ly/3xYz");
        check_canonical("https://github.com/sam/tool/", "github.com/sam/tool");
        check_canonical("https://shop.example:8443/a", "shop.example:8443/a");
    }

    #[test]
    fn what_only_counts_is_dropped_and_nothing_else() {
        #[track_caller]
        fn check(url: &str, referral: bool, expected: &str) {
            let mut left = url.to_owned();
            for range in droppable(url, referral).into_iter().rev() {
                left.replace_range(range, "");
            }
            assert_eq!(left, expected);
            assert!(droppable(&left, referral).is_empty(), "{left}");
        }
        check("https://acme.dev/a?utm_source=x&UTM_medium=y", false, "https://acme.dev/a");
        check("https://acme.dev/a?utm_source=x#top", false, "https://acme.dev/a#top");
        check("https://acme.dev/a?utm_a=x&b=1&fbclid=2&c=3", false, "https://acme.dev/a?b=1&c=3");
        check("https://acme.dev/a?b=1&utm_a=x&ref=sam", false, "https://acme.dev/a?b=1&ref=sam");
        check("https://acme.dev/a?b=1&utm_a=x&ref=sam", true, "https://acme.dev/a?b=1");
        check("https://acme.dev/a?tag=sam-21", true, "https://acme.dev/a");
        check("https://acme.dev/a#?utm_a=1", false, "https://acme.dev/a#?utm_a=1");
        check("https://acme.dev/a?", false, "https://acme.dev/a?");
        check("https://acme.dev/a", true, "https://acme.dev/a");
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
