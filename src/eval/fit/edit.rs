//! Floor 5: other numbers in a rule file, and nothing else.
//!
//! Writes no files. Invariant: every byte outside the numbers stays, comments and layout with it, and a weight that is
//! not written stays unwritten.

use std::sync::Arc;

use crate::rule::{RuleSet, Shape, raw};
use crate::text::Source;

/// The text of a rule file with the weights and, where it holds a shape, the fitted numbers of the shape of `rules`.
#[must_use]
pub fn edited(file: &Arc<Source>, rules: &RuleSet) -> String {
    let (read, _) = raw::read(file);
    let mut text = file.text().to_owned();
    let category = read.category.map(|category| category.value).unwrap_or_default();
    // From the last to the first, so that the places before stay right.
    for written in read.rules.iter().rev() {
        let (Some(name), Some(weight)) = (&written.name, &written.weight) else { continue };
        let name = format!("{category}/{}", name.value);
        let fitted = rules.rules().iter().find(|rule| rule.name == name).map(|rule| rule.weight);
        if let Some(fitted) = fitted.filter(|fitted| (fitted - weight.value).abs() > 1e-9)
            && text.get(weight.span.range()).is_some()
        {
            text.replace_range(weight.span.range(), &format!("{fitted:.1}"));
        }
    }
    match &read.shape {
        Some(present) => with_shape(&text, &present.value, rules.shape()),
        None => text,
    }
}

/// Names of the rules of a file whose weight is not written there.
#[must_use]
pub fn without_weight(file: &Arc<Source>) -> Vec<String> {
    let (read, _) = raw::read(file);
    let category = read.category.map(|category| category.value).unwrap_or_default();
    let unwritten = read.rules.iter().filter(|rule| rule.weight.is_none()).filter_map(|rule| rule.name.as_ref());
    unwritten.map(|name| format!("{category}/{}", name.value)).collect()
}

fn with_shape(text: &str, present: &Shape, fitted: &Shape) -> String {
    let moved = super::moved_numbers(present, fitted);
    let mut within = false;
    let lines = text.split_inclusive('\n').map(|line| {
        let trimmed = line.trim();
        if trimmed.starts_with('[') {
            within = trimmed.starts_with("[score]");
        }
        let Some((key, value)) = line.split_once('=').filter(|_| within) else { return line.to_owned() };
        let Some((_, _, number)) = moved.iter().find(|(name, ..)| *name == key.trim()) else {
            return line.to_owned();
        };
        let after = value.trim_start();
        let space = &value[..value.len() - after.len()];
        let rest = after.trim_start_matches(|next: char| next.is_ascii_digit() || next == '.' || next == '_');
        format!("{key}={space}{number}{rest}")
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# Applause.\ncategory = \"mine\"\ntitle = \"Mine\"\n\n[[rule]]\nname = \"applause\" # loud\n\
        level = \"warning\"\nweight   =  3.0   # by hand\nmessage = \"weight = 3.0\"\nphrases = [\"bravo\"]\n\n[[rule]]\n\
        name = \"tears\"\nmessage = \"tears\"\nphrases = [\"sob\"]\n\n[[rule]]\nname = \"thanks\"\nweight = 2\n\
        message = \"thanks\"\nphrases = [\"thank you\"]\n";

    #[test]
    fn weights_change_and_nothing_else() {
        let file = Arc::new(Source::from_text("mine.toml", FILE));
        let (mut rules, mistakes) = RuleSet::of_files(std::slice::from_ref(&file));
        assert!(mistakes.is_empty(), "{mistakes:?}");
        assert_eq!(edited(&file, &rules), FILE);
        for rule in 0..3 {
            rules.set_weight(crate::rule::RuleId(rule), 4.0 + f64::from(rule) / 10.0);
        }
        let expected = FILE.replace("=  3.0   #", "=  4.0   #").replace("weight = 2\n", "weight = 4.2\n");
        assert_eq!(edited(&file, &rules), expected);
        assert_eq!(without_weight(&file), ["mine/tears"]);
    }

    #[test]
    fn the_shape_changes_in_its_lines() {
        let files = crate::rule::shipped_files();
        let file = files.iter().find(|file| file.name().ends_with("score.toml")).unwrap();
        let mut rules = RuleSet::shipped();
        assert_eq!(edited(file, &rules), file.text());
        let shape = rules.shape().clone();
        let fitted = Shape { promotional: 46.0, promotion_scale: 4.3, cap: 99.0, ..shape.clone() };
        rules.set_shape(fitted.clone());
        let text = edited(file, &rules);
        assert!(text.contains("\npromotional = 46\n") && text.contains("\npromotion-scale = 4.3\n"), "{text}");
        let (read, mistakes) = raw::read(&Arc::new(Source::from_text("score.toml", text.as_str())));
        assert!(mistakes.is_empty(), "{mistakes:?}");
        assert_eq!(read.shape.unwrap().value, Shape { cap: shape.cap, ..fitted });
        let kept = |text: &str| text.lines().filter(|line| line.starts_with('#')).count();
        assert_eq!(kept(&text), kept(file.text()));
    }
}
