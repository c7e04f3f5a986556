//! The frame of the page: its head and its policy, the overview, the filters, and what stands below the posts.
//!
//! Does not write posts. Invariant: the policy allows the style and the script of this file and nothing else.

use std::collections::BTreeMap;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::post::trouble;
use super::queue::queues;
use super::{Found, Html, words};
use crate::report::{RunReport, Summary};
use crate::score::Verdict;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// SHA-256 of the two, as a policy writes it; a test computes them again. Browsers hash the text with LF, so line ends
/// of a checkout do not matter.
const STYLE_HASH: &str = "sha256-/G+vIxiBs9U/DbUCkQYD9BE91cV8bF351RQXxfJ/ooQ=";
const SCRIPT_HASH: &str = "sha256-mzfvAxWuCtNdT7T6u0/UhzJ7v1RGUqBdTglxkFEVn1s=";

/// A sign in the tab, so that no browser asks for one.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M2 3h12v8H7l-3 3v-3H2z' fill='%230b5d46'/%3E%3C/svg%3E";

/// How the generator is named, which tells a page of ours from other files.
const GENERATOR: &str = "selfless ";

/// So many rules are named in the overview.
const MOST_FOUND: usize = 8;

/// Whether a file begins as the pages do that are written here.
pub(crate) fn is_page(beginning: &str) -> bool {
    beginning.starts_with("<!DOCTYPE html>")
        && beginning.contains(&format!("<meta name=\"generator\" content=\"{GENERATOR}"))
}

/// All that stands before the posts.
pub(super) fn head(page: &Html, run: &RunReport) -> String {
    let posts = page.posts.len();
    let policy = format!(
        "default-src 'none'; style-src '{STYLE_HASH}'; script-src '{SCRIPT_HASH}'; img-src data:; base-uri 'none'; \
         form-action 'none'"
    );
    let start = html! {
        (DOCTYPE)
        // Written by hand to its end, since the elements are closed by `foot`.
        (PreEscaped("<html lang=\"en\">\n"))
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy);
            meta name="generator" content=(format!("{GENERATOR}{}", run.tool.version));
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            title { (words::count(posts, "draft", "drafts")) " read by selfless" }
            link rel="icon" href=(ICON);
            style { (PreEscaped(STYLE)) }
        }
    };
    let body = html! {
        (skip_links(page, run))
        header class="top" {
            p class="brand" { "selfless" span { "less self, more conversation" } }
            button type="button" id="theme" aria-pressed="false" hidden { "Dark" }
        }
        (PreEscaped("<main id=\"top\">\n"))
        (overview(page, run))
        @if !run.queues.is_empty() { (queues(&run.queues, &page.posts)) }
        (PreEscaped("<section id=\"posts\" aria-labelledby=\"posts-h\" tabindex=\"-1\">\n"))
        h2 id="posts-h" { "The drafts" }
        @if posts == 0 { p { "No drafts were found." } } @else { (filters(page, run)) }
    };
    format!("{}\n<body>\n{}\n", start.into_string(), body.into_string())
}

/// All that stands behind the posts.
pub(super) fn foot(page: &Html, run: &RunReport) -> String {
    let rest = html! {
        p id="nothing" hidden { "No draft is left by these filters." }
        (PreEscaped("</section>\n"))
        @if !page.trouble.is_empty() {
            section id="trouble" aria-labelledby="trouble-h" {
                h2 id="trouble-h" { "What could not be read, and remarks on the files" }
                ul class="reasons" { @for diagnostic in &page.trouble { (trouble(diagnostic)) } }
            }
        }
        (PreEscaped("</main>\n"))
        footer class="foot" {
            p {
                "Made by selfless " (run.tool.version) ", rules " (run.tool.rules) ". It looks at words, not at facts: "
                "“no promotion found” is not praise, and a remark is not a reproach. "
                "This page holds all it needs and opens no connection."
            }
        }
        div id="tip" role="tooltip" hidden {}
        script { (PreEscaped(SCRIPT)) }
    };
    format!("{}\n</body>\n</html>\n", rest.into_string())
}

fn skip_links(page: &Html, run: &RunReport) -> Markup {
    html! {
        nav class="skip" aria-label="On this page" {
            a href="#overview" { "Overview" }
            @if !run.queues.is_empty() { a href="#queues" { "Queue" } }
            a href="#posts" { "Drafts" }
            @if !page.trouble.is_empty() { a href="#trouble" { "What could not be read" } }
        }
    }
}

fn overview(page: &Html, run: &RunReport) -> Markup {
    let posts = page.posts.len();
    html! {
        section id="overview" aria-labelledby="title" {
            h1 id="title" {
                @if posts == 1 { "How this draft reads" } @else { "How these " (posts) " drafts read" }
            }
            p class="lead" {
                "What promotes is marked, what is conversation is credited, and each remark says what would help."
            }
            ul class="tiles" {
                @for verdict in words::VERDICTS {
                    @let number = number(run.summary, verdict);
                    @let reading = words::verdict(verdict);
                    @if number > 0 || verdict != Verdict::Unjudged {
                        li class=(reading.class) {
                            a href="#posts" data-show=(reading.class) {
                                span class="sign" aria-hidden="true" { (reading.sign) }
                                span class="big" { (number) } " "
                                b { (reading.name) }
                            }
                            span class="means" { (reading.means) }
                        }
                    }
                }
            }
            (most_found(&page.rules))
            (legend())
        }
    }
}

fn number(summary: Summary, verdict: Verdict) -> u32 {
    match verdict {
        Verdict::Promotional => summary.promotional,
        Verdict::Mixed => summary.mixed,
        Verdict::Conversational => summary.conversational,
        Verdict::Unjudged => summary.unjudged,
    }
}

fn most_found(rules: &BTreeMap<String, Found>) -> Markup {
    let most = |credit: bool| {
        let mut found: Vec<_> = rules.iter().filter(|(_, found)| found.credit == credit).collect();
        found.sort_by_key(|(_, found)| std::cmp::Reverse(found.posts));
        found.truncate(MOST_FOUND);
        found
    };
    html! {
        div class="most" {
            @for (title, credit) in [("What stands out most", false), ("What is conversation", true)] {
                @let found = most(credit);
                @if !found.is_empty() {
                    section aria-labelledby=(format!("most-{credit}")) {
                        h2 id=(format!("most-{credit}")) { (title) }
                        ul {
                            @for (code, found) in found {
                                li {
                                    span class="nr" { (found.posts) } " "
                                    a href="#posts" data-rule=(code) { (words::sentence(&found.message)) }
                                    " " span class="rule" { (words::rule(code)) }
                                }
                            }
                        }
                        p class="meta" { "The number is that of drafts." }
                    }
                }
            }
        }
    }
}

fn legend() -> Markup {
    html! {
        details class="legend" {
            summary { "How to read this page" }
            ul {
                li { span class="m" data-n="1" { "Underlined words" } " promote; the number is that of the reason beside the text." }
                li { span class="m note" data-n="2" { "Dashed words" } " do too, by little." }
                li { span class="m good" data-n="3" { "Dotted words" } " are conversation, and are credited." }
                li { span class="m both" data-n="4" { "Doubly underlined words" } " are both." }
                li { span class="m faint" { "Thinly underlined words" } " are among the further remarks below the reasons." }
                li { span class="cut" { "[…]" } " stands for code, an image or the like." }
                li {
                    b { "Promotion" } " and " b { "conversation" } " go from 0 to 100; what a draft reads as depends on both. "
                    "A number is only as good as its reasons."
                }
                li {
                    b { "Whom it is about" } " counts sentences: about self (whoever posts it, a person, a brand or a cause), "
                    "the reader, others, or a topic."
                }
                li {
                    b { "Serious" } " remarks weigh most, then those " b { "worth a change" } "; a plain " b { "remark" }
                    " is only that."
                }
            }
        }
    }
}

fn filters(page: &Html, run: &RunReport) -> Markup {
    html! {
        form id="filters" class="filters" role="search" aria-label="Filter the drafts" hidden {
            div class="pick" role="group" aria-label="Show only drafts that read as" {
                @for verdict in words::VERDICTS {
                    @let number = number(run.summary, verdict);
                    @let reading = words::verdict(verdict);
                    @if number > 0 {
                        button type="button" class=(reading.class) aria-pressed="false" data-show=(reading.class) {
                            span class="sign" aria-hidden="true" { (reading.sign) } " " (reading.name) " "
                            span class="nr" { (number) }
                        }
                    }
                }
            }
            label { "Remark " (rule_choice(&page.rules, run)) }
            label { "Search " input type="search" id="words" autocomplete="off" spellcheck="false"; }
            button type="reset" { "Show all" }
            p id="shown" role="status" aria-live="polite" { (words::count(page.posts.len(), "draft", "drafts")) }
        }
    }
}

fn rule_choice(rules: &BTreeMap<String, Found>, run: &RunReport) -> Markup {
    let mut of_queues: Vec<&str> = run.queue_findings().map(|(_, finding)| &*finding.diagnostic.code).collect();
    of_queues.sort_unstable();
    of_queues.dedup();
    html! {
        select id="rule" {
            option value="" { "any" }
            @for (title, credit) in [("Promotion", false), ("Conversation", true)] {
                @if rules.values().any(|found| found.credit == credit) {
                    optgroup label=(title) {
                        @for (code, found) in rules.iter().filter(|(_, found)| found.credit == credit) {
                            option value=(code) { (words::rule(code)) " (" (found.posts) ")" }
                        }
                    }
                }
            }
            @if !of_queues.is_empty() {
                optgroup label="Queue" { @for code in of_queues { option value=(code) { (words::rule(code)) } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// Base64 with padding (RFC 4648, section 4).
    fn base64(bytes: &[u8]) -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for three in bytes.chunks(3) {
            let bits =
                (0..3).fold(0_usize, |bits, at| bits << 8 | usize::from(three.get(at).copied().unwrap_or(0)));
            for place in 0..4 {
                let letter = char::from(LETTERS[bits >> (18 - 6 * place) & 63]);
                text.push(if place <= three.len() { letter } else { '=' });
            }
        }
        text
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let hash = Sha256::digest(text.replace("\r\n", "\n").as_bytes());
        assert_eq!(format!("sha256-{}", base64(&hash)), expected);
    }

    #[test]
    fn the_policy_allows_this_style() {
        check("", "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        check(STYLE, STYLE_HASH);
    }

    #[test]
    fn the_policy_allows_this_script() {
        check(SCRIPT, SCRIPT_HASH);
    }

    #[test]
    fn style_and_script_end_where_they_should_and_load_nothing() {
        for (text, end) in [(STYLE, "</style"), (SCRIPT, "</script")] {
            assert!(!text.to_ascii_lowercase().contains(end) && !text.contains("<!--"));
            for word in ["http:", "https:", "url(", "@import", "innerHTML", "eval(", "fetch(", "localStorage"] {
                assert!(!text.contains(word), "{word}");
            }
        }
    }

    #[test]
    fn a_page_is_told_from_other_files() {
        let page = "<!DOCTYPE html><html lang=\"en\">\n<head><meta name=\"generator\" content=\"selfless 0.1.0\">";
        assert!(is_page(page));
        assert!(!is_page("<!DOCTYPE html><html></html>") && !is_page("selfless ") && !is_page(""));
    }
}
