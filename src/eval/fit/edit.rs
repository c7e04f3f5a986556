//! Floor 5: other numbers in a rule file, and nothing else.
//!
//! Writes no files. Invariant: every byte outside the numbers and the marks behind them stays, comments and layout with
//! it, and a weight that is not written stays unwritten.
//!
//! A fitted number keeps the one that a person chose behind it, `weight = 4.9 # by hand 2.5`, and every later fit starts
//! from that one; else each fit would be shrunk toward the last, and in the end not at all.

use std::ops::Range;
use std::sync::Arc;

use crate::rule::raw::RawKind;
use crate::rule::{Kind, RuleId, RuleSet, Shape, raw};
use crate::table::At;
use crate::text::Source;

/// What stands before the number that a person chose.
const MARK: &str = "# by hand ";

/// The text of a rule file with the weights, the marks of unproven rules and, where it holds a shape, the fitted numbers
/// of the shape of `rules`.
#[must_use]
pub fn edited(file: &Arc<Source>, rules: &RuleSet) -> String {
    let (read, _) = raw::read(file);
    let mut text = file.text().to_owned();
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for written in written(&read) {
        let Some(fitted) = written.of(rules) else { continue };
        let Some(behind) = text.get(written.at.end..) else { continue };
        if let Some((number, rest)) = renumbered(written.value, fitted, behind, &|number| format!("{number:.1}")) {
            edits.push((written.at.start..text.len() - rest.len(), number));
        }
    }
    edits.extend(proofs(&read, &text, rules));
    // From the last to the first, so that the places before stay right.
    edits.sort_by_key(|(at, _)| std::cmp::Reverse(at.start));
    for (at, new) in edits {
        if text.is_char_boundary(at.start) && text.is_char_boundary(at.end) {
            text.replace_range(at, &new);
        }
    }
    if read.shape.is_some() { with_shape(&text, rules.shape()) } else { text }
}

/// The line `unproven = true` behind the weight, come or gone.
fn proofs(read: &raw::RawFile, text: &str, rules: &RuleSet) -> Vec<(Range<usize>, String)> {
    let category = read.category.as_ref().map(|category| category.value.as_str()).unwrap_or_default();
    let line_end =
        |at: usize| text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end + 1);
    let line_start = |at: usize| text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let mut edits = Vec::new();
    for raw in &read.rules {
        let (Some(name), Some(weight)) = (&raw.name, &raw.weight) else { continue };
        let name = format!("{category}/{}", name.value);
        let Some(rule) = rules.rules().iter().find(|rule| rule.name == name) else { continue };
        match &raw.unproven {
            None if rule.unproven => {
                let end = line_end(weight.span.range().end);
                edits.push((end..end, "unproven = true\n".to_owned()));
            }
            Some(flag) if !rule.unproven => {
                let at = flag.span.range();
                edits.push((line_start(at.start)..line_end(at.end), String::new()));
            }
            _ => {}
        }
    }
    edits
}

/// Names of the rules of a file whose weight is not written there.
#[must_use]
pub fn without_weight(file: &Arc<Source>) -> Vec<String> {
    let (read, _) = raw::read(file);
    let category = read.category.map(|category| category.value).unwrap_or_default();
    let unwritten = read.rules.iter().filter(|rule| rule.weight.is_none()).filter_map(|rule| rule.name.as_ref());
    unwritten.map(|name| format!("{category}/{}", name.value)).collect()
}

/// `rules` with the numbers that people chose, where `files` hold fitted ones.
#[must_use]
pub fn by_hand(files: &[Arc<Source>], rules: &RuleSet) -> RuleSet {
    let mut chosen = rules.clone();
    let mut shape = rules.shape().clone();
    for file in files {
        let (read, _) = raw::read(file);
        for written in written(&read) {
            let hand = file.text().get(written.at.end..).and_then(mark).map(|(hand, _)| hand);
            let Some((hand, id)) = hand.zip(written.rule(rules)) else { continue };
            match &written.entry {
                Some(entry) => {
                    if let Some(entry) = entry_of(rules, id, entry) {
                        chosen.set_entry(id, entry, hand);
                    }
                }
                None => chosen.set_weight(id, hand),
            }
        }
        if read.shape.is_some() {
            for held in shape_lines(file.text()).filter_map(|(_, held)| held) {
                if let (Some(number), Some((hand, _))) = (held.number(&mut shape), mark(held.behind)) {
                    *number = hand;
                }
            }
        }
    }
    chosen.set_shape(shape);
    chosen
}

/// A number that a fit may change, where it is written.
struct Written {
    /// Full name of its rule.
    name: String,
    /// The entry of a lexicon; none for the weight of the rule.
    entry: Option<String>,
    at: Range<usize>,
    value: f64,
}

impl Written {
    fn rule(&self, rules: &RuleSet) -> Option<RuleId> {
        (0..).map(RuleId).zip(rules.rules()).find(|(_, rule)| rule.name == self.name).map(|(id, _)| id)
    }

    /// What it is in a rule set.
    fn of(&self, rules: &RuleSet) -> Option<f64> {
        let id = self.rule(rules)?;
        match &self.entry {
            Some(entry) => Some(rules.entry(id, entry_of(rules, id, entry)?)),
            None => Some(rules.rule(id).weight),
        }
    }
}

/// The number of an entry by its phrase.
fn entry_of(rules: &RuleSet, id: RuleId, phrase: &str) -> Option<u16> {
    match &rules.rule(id).kind {
        Kind::Lexicon(lexicon) => {
            (0..).zip(lexicon.entries.iter()).find(|(_, (known, _))| known == phrase).map(|(entry, _)| entry)
        }
        _ => None,
    }
}

/// The weights and the entries of lexicons that are written.
fn written(read: &raw::RawFile) -> Vec<Written> {
    let category = read.category.as_ref().map(|category| category.value.as_str()).unwrap_or_default();
    let mut found = Vec::new();
    for rule in &read.rules {
        let Some(name) = &rule.name else { continue };
        let name = format!("{category}/{}", name.value);
        let number = |entry: Option<String>, number: &At<f64>| Written {
            name: name.clone(),
            entry,
            at: number.span.range(),
            value: number.value,
        };
        found.extend(rule.weight.as_ref().map(|weight| number(None, weight)));
        for kind in &rule.kinds {
            if let RawKind::Lexicon { entries, .. } = &kind.value {
                found
                    .extend(entries.iter().map(|(phrase, log_odds)| number(Some(phrase.value.clone()), log_odds)));
            }
        }
    }
    found
}

/// The number of a mark right behind a value, and what comes after the mark.
fn mark(behind: &str) -> Option<(f64, &str)> {
    let given = behind.trim_start_matches([' ', '\t']).strip_prefix(MARK)?;
    let end = given.find(|next: char| !next.is_ascii_digit() && !matches!(next, '.' | '-')).unwrap_or(given.len());
    let (number, rest) = given.split_at_checked(end)?;
    Some((number.parse().ok()?, rest))
}

/// Another number with its mark, and what comes after; none where it is the number that is there.
fn renumbered<'a>(
    present: f64,
    fitted: f64,
    behind: &'a str,
    shown: &dyn Fn(f64) -> String,
) -> Option<(String, &'a str)> {
    if (fitted - present).abs() < 1e-9 {
        return None;
    }
    let (hand, rest) = mark(behind).unwrap_or((present, behind));
    let is_hand = (fitted - hand).abs() < 1e-9;
    Some((if is_hand { shown(fitted) } else { format!("{} {MARK}{}", shown(fitted), shown(hand)) }, rest))
}

/// A line of `[score]` with a number that a fit may change.
struct ShapeLine<'a> {
    key: &'a str,
    /// Up to the number.
    before: &'a str,
    value: f64,
    behind: &'a str,
}

impl ShapeLine<'_> {
    fn number<'s>(&self, shape: &'s mut Shape) -> Option<&'s mut f64> {
        match self.key {
            "promotion-scale" => Some(&mut shape.promotion_scale),
            "credit-share" => Some(&mut shape.credit_share),
            "promotional" => Some(&mut shape.promotional),
            "mixed" => Some(&mut shape.mixed),
            _ => None,
        }
    }
}

/// Every line, and what it holds where it stands in `[score]` and holds a number.
fn shape_lines(text: &str) -> impl Iterator<Item = (&str, Option<ShapeLine<'_>>)> {
    let mut within = false;
    text.split_inclusive('\n').map(move |line| {
        if line.trim_start().starts_with('[') {
            within = line.trim_start().starts_with("[score]");
        }
        (line, if within { shape_line(line) } else { None })
    })
}

fn shape_line(line: &str) -> Option<ShapeLine<'_>> {
    let equals = line.find('=')?;
    let value = line.get(equals + 1..)?.trim_start();
    let end = value.find(|next: char| !next.is_ascii_digit() && next != '.').unwrap_or(value.len());
    let (number, behind) = value.split_at_checked(end)?;
    let before = line.get(..line.len() - value.len())?;
    Some(ShapeLine { key: line.get(..equals)?.trim(), before, value: number.parse().ok()?, behind })
}

fn with_shape(text: &str, fitted: &Shape) -> String {
    let mut fitted = fitted.clone();
    let lines = shape_lines(text).map(|(line, held)| {
        let fitted = held.as_ref().and_then(|held| held.number(&mut fitted)).map(|number| *number);
        let (Some(held), Some(fitted)) = (held, fitted) else { return line.to_owned() };
        match renumbered(held.value, fitted, held.behind, &|number| number.to_string()) {
            Some((number, rest)) => format!("{}{number}{rest}", held.before),
            None => line.to_owned(),
        }
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
        let expected = FILE
            .replace("=  3.0   #", "=  4.0 # by hand 3.0   #")
            .replace("weight = 2\n", "weight = 4.2 # by hand 2.0\n");
        let fitted = Arc::new(Source::from_text("mine.toml", edited(&file, &rules)));
        assert_eq!(fitted.text(), expected);
        // The next fit starts from what people chose, and puts its own number in place of the first one's.
        let (mut rules, _) = RuleSet::of_files(std::slice::from_ref(&fitted));
        let chosen = by_hand(std::slice::from_ref(&fitted), &rules);
        assert_eq!(edited(&fitted, &rules), expected);
        assert_eq!(edited(&fitted, &chosen), FILE.replace("weight = 2\n", "weight = 2.0\n"));
        rules.set_weight(crate::rule::RuleId(0), 0.0);
        assert_eq!(edited(&fitted, &rules), expected.replace("4.0 # by", "0.0 # by"));
        assert_eq!(without_weight(&file), ["mine/tears"]);
    }

    #[test]
    fn entries_of_a_lexicon_and_marks_of_proof_change_in_their_lines() {
        let text = "category = \"mine\"\n[[rule]]\nname = \"choice\"\nweight = 4.0\nmessage = \"m\"\n\
            [rule.lexicon]\nbase = -3.0\n[rule.lexicon.words]\n\"check out\" = 0.3 # said often\nlol = -0.1\n\
            [[rule]]\nname = \"tears\"\nweight = 2.0 # loud\nmessage = \"tears\"\nphrases = [\"sob\"]\n";
        let file = Arc::new(Source::from_text("mine.toml", text));
        let (mut rules, mistakes) = RuleSet::of_files(std::slice::from_ref(&file));
        assert!(mistakes.is_empty(), "{mistakes:?}");
        assert_eq!(edited(&file, &rules), text);
        for (phrase, log_odds) in [("check out", 1.4), ("lol", -0.6)] {
            let entry = entry_of(&rules, RuleId(0), phrase).unwrap();
            rules.set_entry(RuleId(0), entry, log_odds);
        }
        rules.set_unproven(RuleId(1), true);
        let fitted = text
            .replace("0.3 #", "1.4 # by hand 0.3 #")
            .replace("lol = -0.1", "lol = -0.6 # by hand -0.1")
            .replace("2.0 # loud\n", "2.0 # loud\nunproven = true\n");
        let file = Arc::new(Source::from_text("mine.toml", edited(&file, &rules)));
        assert_eq!(file.text(), fitted);
        let (again, mistakes) = RuleSet::of_files(std::slice::from_ref(&file));
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let mut chosen = by_hand(std::slice::from_ref(&file), &again);
        assert!((0..2).all(|entry| again.entry(RuleId(0), entry) != chosen.entry(RuleId(0), entry)));
        chosen.set_unproven(RuleId(1), false);
        assert_eq!(edited(&file, &chosen), text);
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
        let hand = |number: f64| format!(" # by hand {number}\n");
        assert!(text.contains(&format!("\npromotional = 46{}", hand(shape.promotional))), "{text}");
        assert!(text.contains(&format!("\npromotion-scale = 4.3{}", hand(shape.promotion_scale))), "{text}");
        let fitted_file = Arc::new(Source::from_text("score.toml", text.as_str()));
        let chosen = by_hand(&[Arc::clone(&fitted_file)], &rules);
        assert_eq!(edited(&fitted_file, &chosen), file.text());
        let (read, mistakes) = raw::read(&fitted_file);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        assert_eq!(read.shape.unwrap().value, Shape { cap: shape.cap, ..fitted });
        let kept = |text: &str| text.lines().filter(|line| line.starts_with('#')).count();
        assert_eq!(kept(&text), kept(file.text()));
    }
}
