//! `[output]`: how what is found is shown, as far as a config says it.
//!
//! Opens no address. Invariant: an address of a page is printable ASCII, and begins with `https://` or `http://`.

use super::Setting;
use super::file::at;
use super::layer::{Folders, Layered, Show, layer};
use crate::table::{Form, Reader, Table};

layer! {
    /// How what is found is shown.
    OutputTable, OUTPUT {
        docs_url: Option<Setting<RulePages>> = "docs-url", Form::Spelled(PAGE), read_pages,
            "The address of the page of a rule, where `{rule}` is its name, `{category}` and `{name}` the halves of it.";
    }
}

/// How the address of a page may be spelled, as a regular expression of ECMA.
const PAGE: &str = r"^https?://[!#-;=?-\[\]_a-z~]*(\{(rule|category|name)\}[!#-;=?-\[\]_a-z~]*)+$";

/// What stands for a rule in an address.
const GAPS: [&str; 3] = ["{rule}", "{category}", "{name}"];

/// Where the pages of rules are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePages(String);

impl RulePages {
    /// Reads an address with gaps for a rule.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let Some(rest) = rest else { return Err("the address of a page begins with https:// or http://") };
        let plain = GAPS.iter().fold(rest.to_owned(), |plain, gap| plain.replace(gap, ""));
        if plain.len() == rest.len() {
            return Err("the address of a page needs `{rule}`, or `{category}` and `{name}`");
        }
        if plain.contains(['{', '}']) {
            return Err("an address has the gaps `{rule}`, `{category}` and `{name}`, and no others");
        }
        let allowed =
            |next: char| next.is_ascii_graphic() && !matches!(next, '"' | '<' | '>' | '\\' | '^' | '`' | '|');
        if !plain.chars().all(allowed) {
            return Err("an address is ASCII without spaces, quotes, brackets and bars");
        }
        Ok(Self(text.to_owned()))
    }

    /// The page of the rule of that name.
    #[must_use]
    pub fn of(&self, rule: &str) -> String {
        let (category, name) = rule.split_once('/').unwrap_or((rule, rule));
        self.0
            .replace("{category}", &escaped(category))
            .replace("{name}", &escaped(name))
            .replace("{rule}", &escaped(rule))
    }
}

/// The name of a rule as a piece of an address.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

impl Show for RulePages {
    fn show(&self) -> serde_json::Value {
        self.0.as_str().into()
    }
}

/// Key by key.
impl Layered for OutputTable {
    fn take_outer(&mut self, outer: &Self) {
        self.take_outer(outer);
    }
}

pub(super) fn read(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    folders: Folders<'_>,
) -> OutputTable {
    let Some(mut table) = table.table(reader, key) else { return OutputTable::default() };
    let output = OutputTable::read(reader, &mut table, folders);
    table.finish(reader, "[output]");
    output
}

fn read_pages(
    reader: &mut Reader,
    table: &mut Table<'_>,
    key: &'static str,
    _: Folders<'_>,
) -> Option<Setting<RulePages>> {
    let given = table.string(reader, key)?;
    match RulePages::parse(&given.value) {
        Ok(pages) => Some(at(reader, &given, pages)),
        Err(why) => {
            reader.report("bad-value", why, given.span);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_gaps_that_rules_fill() {
        #[track_caller]
        fn check(pages: &str, rule: &str, expected: &str) {
            assert_eq!(RulePages::parse(pages).unwrap().of(rule), expected);
        }
        check("https://a.example/rules/{rule}.html", "ask/hard", "https://a.example/rules/ask/hard.html");
        check("http://a.example/#{category}{name}", "ask/hard", "http://a.example/#askhard");
        // Whatever a name holds, it stays a piece of an address.
        check(
            "https://a.example/{rule}",
            "a/\u{1b}]8;;é {name}",
            "https://a.example/a/%1B%5D8%3B%3B%C3%A9%20%7Bname%7D",
        );
    }

    #[test]
    fn what_is_no_address_is_refused_by_reader_and_schema() {
        let spelled = regex::Regex::new(PAGE).unwrap();
        for (text, good) in [
            ("https://a.example/{rule}", true),
            ("http://a.example/{category}/{name}?a=b&c=[d]#{rule}", true),
            ("https://{rule}", true),
            ("https://a.example/", false),
            ("ftp://a.example/{rule}", false),
            ("javascript:{rule}", false),
            ("https://a.example/{rule}/{level}", false),
            ("https://a.example/{{rule}}", false),
            ("https://a.example/{rule} b", false),
            ("https://a.example/{rule}\u{1b}\\", false),
            ("https://a.example/é/{rule}", false),
            ("https://a.example/<{rule}>", false),
            ("https://a.example/{rule}|", false),
            (" https://a.example/{rule}", false),
        ] {
            assert_eq!((RulePages::parse(text).is_ok(), spelled.is_match(text)), (good, good), "{text:?}");
        }
    }
}
