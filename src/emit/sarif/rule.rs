//! The shape of a rule: what it is, why it matters, and what to write instead.
//!
//! Does not choose rules. Invariant: no text is empty or longer than code scanning takes.

use std::fmt::Write;

use serde::Serialize;

use super::shape::{level_name, plain};
use crate::emit::clean::block;
use crate::emit::escape::markdown;
use crate::report::Tool;
use crate::rule::Rule;

/// How many characters of a text code scanning takes.
const LONGEST: usize = 1024;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleShape<'a> {
    id: &'a str,
    /// `BragHumility`: a name for people has no slash.
    name: String,
    short_description: TextShape,
    full_description: TextShape,
    help: TextShape,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_configuration: Option<ConfigurationShape>,
    properties: PropertiesShape<'a>,
}

#[derive(Serialize)]
struct TextShape {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

#[derive(Serialize)]
struct ConfigurationShape {
    level: &'static str,
}

#[derive(Serialize)]
struct PropertiesShape<'a> {
    /// The category, and the pack.
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
}

impl TextShape {
    fn of(text: &str) -> Self {
        let text = plain(text.trim());
        let cut = text.char_indices().nth(LONGEST - 1).filter(|_| text.chars().nth(LONGEST).is_some());
        let text = match cut {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text.into_owned(),
        };
        Self { text, markdown: None }
    }
}

impl<'a> RuleShape<'a> {
    /// A finding may come from no rule of the index; its name is then all that is known.
    pub(super) fn of(id: &'a str, tool: &'a Tool) -> Self {
        let rule = tool.index.get(id);
        let category = id.split('/').next().unwrap_or(id);
        let title = rule.map_or_else(|| id.to_owned(), Rule::title);
        let why = rule.map(|rule| &*rule.why).filter(|why| !why.trim().is_empty());
        Self {
            id,
            name: id.split(['/', '-']).map(capitalized).collect(),
            short_description: TextShape::of(&title),
            full_description: TextShape::of(why.unwrap_or(&title)),
            help: help(&title, rule),
            help_uri: tool.page(id),
            default_configuration: rule.map(|rule| ConfigurationShape { level: level_name(rule.level) }),
            properties: PropertiesShape {
                tags: std::iter::once(category).chain(rule.and_then(|rule| rule.pack.as_deref())).collect(),
                weight: rule.map(|rule| rule.weight),
                source: rule.map(|rule| &*rule.source).filter(|source| !source.is_empty()),
            },
        }
    }
}

/// What to do instead, why, and the same draft before and after.
fn help(title: &str, rule: Option<&Rule>) -> TextShape {
    let help = rule.map(|rule| &*rule.help).filter(|help| !help.trim().is_empty());
    let mut text = help.unwrap_or(title).trim().to_owned();
    let mut marked = markdown(&text);
    for (name, body) in rule.into_iter().flat_map(|rule| {
        let sides = if rule.credit { ("earns it", "does not") } else { ("before", "after") };
        [("why", &rule.why), (sides.0, &rule.before), (sides.1, &rule.after)]
    }) {
        let body = block(body);
        let body = body.trim();
        if body.is_empty() {
            continue;
        }
        // A `String` takes everything.
        let _ = write!(text, "\n\n{name}: {body}");
        let _ = match name {
            "why" => write!(marked, "\n\n**why:** {}", markdown(body)),
            _ => write!(marked, "\n\n**{name}:**\n\n{}", indented(body)),
        };
    }
    TextShape { markdown: Some(marked), ..TextShape::of(&text) }
}

/// A block of code, which no fence in it can end.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::report::RuleIndex;
    use crate::rule::RuleSet;

    fn tool(rules: &Arc<RuleSet>) -> Tool {
        let index = RuleIndex::new(vec![Arc::clone(rules)]);
        Tool { version: "0", rules: String::new(), index, pages: None }
    }

    #[test]
    fn texts_are_never_empty_nor_too_long() {
        let rules = Arc::new(RuleSet::shipped());
        let tool = tool(&rules);
        for rule in rules.rules() {
            let shape = RuleShape::of(&rule.name, &tool);
            for text in [&shape.short_description, &shape.full_description, &shape.help] {
                let length = text.text.chars().count();
                assert!((1..=LONGEST).contains(&length), "{}: {length}", rule.name);
            }
            assert_ne!(shape.name.to_lowercase(), shape.id, "{}", rule.name);
        }
        assert_eq!(TextShape::of(&"é".repeat(2000)).text.chars().count(), LONGEST);
        assert_eq!(TextShape::of(&"é".repeat(LONGEST)).text, "é".repeat(LONGEST));
    }

    #[test]
    fn a_finding_without_a_rule_has_a_name() {
        let tool = tool(&Arc::new(RuleSet::of_files(&[]).0));
        let shape = RuleShape::of("queue/promo-share", &tool);
        assert_eq!((shape.name.as_str(), shape.help.text.as_str()), ("QueuePromoShare", "queue/promo-share"));
    }
}
