//! The rules as a page for people: `docs/rules.md`, written from the rule files.
//!
//! Used by the example program `compile_rules` and by the test that holds the page to `rules/`. Invariant: the same
//! files give the same bytes.

use std::fmt::Write as _;
use std::sync::Arc;

use super::raw::{self, RawFile};
use super::{Kind, Rule, RuleSet};
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
    let (packs, usual): (Vec<RawFile>, Vec<RawFile>) =
        files.iter().map(|file| raw::read(file).0).partition(|raw| raw.pack.is_some());
    for raw in &usual {
        category(&mut page, &set, raw, "##");
    }
    if !packs.is_empty() {
        page.push_str(
            "\n## Packs\n\nRules for narrow trades. They are off until the pack is switched on: by `packs = [\"NAME\"]` in \
             `selfless.toml`, or by `--pack NAME`.\n",
        );
    }
    for raw in &packs {
        category(&mut page, &set, raw, "###");
    }
    page
}

/// The rules of one file, under a heading that `marks` opens.
fn category(page: &mut String, set: &RuleSet, raw: &RawFile, marks: &str) {
    let Some(category) = raw.category.as_ref().filter(|_| !raw.rules.is_empty()) else { return };
    let title = raw.title.as_ref().unwrap_or(category);
    // Writing to a string cannot fail.
    let _ = write!(page, "\n{marks} {}", escaped(&title.value));
    if let Some(pack) = &raw.pack {
        let _ = write!(page, " (pack `{}`)", pack.value);
    }
    page.push('\n');
    for rule in set.rules().iter().filter(|rule| rule.category() == category.value) {
        let _ = write!(page, "\n{marks}# `{}`\n\n", rule.name);
        self::rule(page, rule);
    }
}

fn rule(page: &mut String, rule: &Rule) {
    let _ = write!(page, "{}: {}", rule.level, escaped(&rule.message));
    match rule.kind {
        Kind::Verdict(_) => {}
        Kind::Length(_) | Kind::Queue(_) => {
            let _ = write!(page, " (`{}`)", rule.kind.name());
        }
        _ => {
            let proof = if rule.unproven { ", unproven" } else { "" };
            let _ = write!(page, " (`{}`, weight {}{proof})", rule.kind.name(), rule.weight);
        }
    }
    page.push_str("\n\n");
    for (name, text) in [("why", &rule.why), ("source", &rule.source), ("instead", &rule.help)] {
        if !text.is_empty() {
            let _ = writeln!(page, "- {name}: {}", escaped(text));
        }
    }
    if let Some(remedy) = &rule.fix {
        let _ = writeln!(page, "- fix: {}", escaped(&remedy.said()));
    }
    let (with, without) = if rule.credit { ("earns it", "does not") } else { ("before", "after") };
    for (name, text) in [(with, &rule.before), (without, &rule.after)] {
        if !text.is_empty() {
            let _ = writeln!(page, "- {name}: \u{201C}{}\u{201D}", escaped(&text.replace('\n', " / ")));
        }
    }
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

    #[test]
    fn packs_stand_last_in_a_section_of_their_own() {
        let file = |category: &str, pack: &str| {
            let text = format!(
                "category = '{category}'\n{pack}[[rule]]\nname = 'x'\nmessage = 'm'\nphrases = ['buy now']\n"
            );
            Arc::new(Source::from_text(format!("{category}.toml"), text))
        };
        let page = manual(&[file("town", "pack = 'town'\n"), file("ask", "")]);
        let headings: Vec<&str> = page.lines().filter(|line| line.starts_with('#')).collect();
        assert_eq!(
            headings,
            ["# The rules", "## ask", "### `ask/x`", "## Packs", "### town (pack `town`)", "#### `town/x`"]
        );
    }
}
