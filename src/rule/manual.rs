//! The rules as a page for people: `docs/rules.md`, written from the rule files.
//!
//! Used by the example program `compile_rules` and by the test that holds the page to `rules/`. Invariant: the same
//! files give the same bytes.

use std::fmt::Write as _;
use std::sync::Arc;

use super::raw;
use super::{Kind, RuleSet};
use crate::text::Source;

/// The page for `files`, whose mistakes are told elsewhere.
#[must_use]
pub fn manual(files: &[Arc<Source>]) -> String {
    let (set, _) = RuleSet::of_files(files);
    let mut page = String::from(
        "# The rules\n\nGenerated from `rules/` by `cargo run --example compile_rules`; do not edit. `selfless explain RULE` \
         shows the same in a terminal.\nA weight is what one finding adds before the damping that `rules/score.toml` \
         explains; a credit adds to the conversation score.\n",
    );
    for file in files {
        let (raw, _) = raw::read(file);
        let Some(category) = raw.category.filter(|_| !raw.rules.is_empty()) else { continue };
        let title = raw.title.map_or_else(|| category.value.clone(), |title| title.value);
        // Writing to a string cannot fail.
        let _ = write!(page, "\n## {}\n", escaped(&title));
        for rule in set.rules().iter().filter(|rule| rule.category() == category.value) {
            let _ = write!(page, "\n### `{}`\n\n{}: {}", rule.name, rule.level, escaped(&rule.message));
            if !matches!(rule.kind, Kind::Verdict(_)) {
                let _ = write!(page, " (`{}`, weight {})", rule.kind.name(), rule.weight);
            }
            page.push_str("\n\n");
            for (name, text) in [("why", &rule.why), ("source", &rule.source), ("instead", &rule.help)] {
                if !text.is_empty() {
                    let _ = writeln!(page, "- {name}: {}", escaped(text));
                }
            }
            let (with, without) = if rule.credit { ("earns it", "does not") } else { ("before", "after") };
            for (name, text) in [(with, &rule.before), (without, &rule.after)] {
                if !text.is_empty() {
                    let _ = writeln!(page, "- {name}: \u{201C}{}\u{201D}", escaped(&text.replace('\n', " / ")));
                }
            }
        }
    }
    page
}

/// Text that Markdown shows as it stands.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for next in text.chars() {
        if matches!(next, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '&' | '|') {
            escaped.push('\\');
        }
        escaped.push(next);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_shown_with_its_words_and_no_markup_of_its_own() {
        let text =
            "category = 'ask'\ntitle = 'Asks'\n[[rule]]\nname = 'hard'\nmessage = 'a *hard* ask'\nwhy = 'so'\n\
                    phrases = ['buy now']\nbefore = 'Buy\nnow'\n"
                .replace("'Buy\nnow'", "\"Buy\\nnow\"");
        let page = manual(&[Arc::new(Source::from_text("ask.toml", text))]);
        let body = page.split_once("\n## ").unwrap().1;
        assert_eq!(
            body,
            "Asks\n\n### `ask/hard`\n\nwarning: a \\*hard\\* ask (`phrases`, weight 3)\n\n- why: so\n- before: \
             \u{201C}Buy / now\u{201D}\n"
        );
    }
}
