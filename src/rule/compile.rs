//! From rule files to rules and tables: names resolved, phrases expanded, what reads what put in order.
//!
//! Does not read TOML. Invariant: every mistake of every file is reported in one go, and a rule with a mistake is
//! left out while all others stand.

mod guards;
mod kinds;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use self::kinds::placeholders;
use super::build::Builder;
use super::order::order;
use super::phrase::{self, Lists};
use super::raw::{RawFile, RawRule};
use super::tables::{Slot, Tables};
use super::{CategoryId, Class, Kind, List, Rule, RuleId, Selector, Shape};
use crate::diagnostic::{Diagnostic, Level, nearest};
use crate::table::At;
use crate::text::{Source, Span};

/// What rule files compile to.
#[derive(Debug)]
pub struct Compiled {
    /// The rules in the order of their declaration.
    pub rules: Vec<Rule>,
    /// Categories in the order of their appearance, those of the rules before included.
    pub categories: Vec<String>,
    /// The phrases of the rules.
    pub tables: Tables,
    /// The shape of the score, where a file declares it.
    pub shape: Option<Shape>,
}

/// What stands already, which files are compiled on top of.
#[derive(Clone, Copy, Debug)]
pub struct Base<'a> {
    /// The rules before.
    pub rules: &'a [Rule],
    /// Their categories.
    pub categories: &'a [&'a str],
    /// How many bytes a regex may take once it is built.
    pub regex_size: usize,
}

impl Default for Base<'_> {
    fn default() -> Self {
        Self { rules: &[], categories: &[], regex_size: super::MAX_REGEX_SIZE }
    }
}

/// Compiles files together; rules of one may name rules and lists of another. Rule numbers go on after those of
/// `base`. Returns all mistakes beside what was right.
#[must_use]
pub fn compile(files: &[RawFile], base: Base<'_>) -> (Compiled, Vec<Diagnostic>) {
    let mut compiler = Compiler::new(base);
    compiler.declare(files);
    for file in files {
        compiler.lists(file);
        compiler.classes(file);
        compiler.shape(file);
        compiler.profiles(file);
    }
    for file in files {
        for rule in &file.rules {
            compiler.rule(file, rule);
        }
    }
    compiler.finish()
}

/// How many rules of a circle are shown.
const MOST_SHOWN: usize = 8;

/// Where a rule is declared.
type Origin = (Arc<Source>, Span);

/// How many rules and categories one set can hold, well within the numbers that count them.
const MAX_RULES: usize = 60_000;
const MAX_CATEGORIES: usize = 200;

struct Compiler<'a> {
    base: Base<'a>,
    categories: Vec<String>,
    /// Every full name with its number and, for the files at hand, its place.
    names: BTreeMap<String, (RuleId, Option<Origin>)>,
    lists: Lists,
    shape: Option<Shape>,
    builder: Builder,
    rules: Vec<Rule>,
    /// Rules that never weigh less than others together.
    floors: Vec<(RuleId, List<Selector>)>,
    /// The rule at hand does not count: nothing of it goes into the tables.
    discarding: bool,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Compiler<'a> {
    fn new(base: Base<'a>) -> Self {
        let numbers = (0..).map(RuleId);
        let names = base.rules.iter().zip(numbers);
        Self {
            base,
            categories: base.categories.iter().map(|&name| name.to_owned()).collect(),
            names: names.map(|(rule, id)| (rule.name.to_string(), (id, rule.origin.clone()))).collect(),
            lists: Lists::new(),
            shape: None,
            builder: Builder::new(),
            rules: Vec::new(),
            floors: Vec::new(),
            discarding: false,
            diagnostics: Vec::new(),
        }
    }

    /// Gives every rule its number, so that rules can be named before they stand.
    fn declare(&mut self, files: &[RawFile]) {
        let mut next = self.base.rules.len();
        for file in files {
            let Some(category) = &file.category else { continue };
            if !self.categories.contains(&category.value) {
                self.categories.push(category.value.clone());
            }
            for rule in &file.rules {
                let Some(name) = &rule.name else { continue };
                let full = format!("{}/{}", category.value, name.value);
                if let Some((_, place)) = self.names.get(&full) {
                    let mut diagnostic =
                        Diagnostic::error("rule/duplicate-name", format!("a second rule is called `{full}`"))
                            .label(&file.source, name.span, "declared again here");
                    diagnostic = match place {
                        Some((source, span)) => diagnostic.label(source, *span, "first declared here"),
                        None => diagnostic.note("the first is one of the shipped rules"),
                    };
                    self.diagnostics
                        .push(diagnostic.help("give it a name of its own, or set the level of the first"));
                    continue;
                }
                if next >= MAX_RULES || self.categories.len() > MAX_CATEGORIES {
                    let message = format!("more than {MAX_RULES} rules or {MAX_CATEGORIES} categories");
                    self.diagnostics.push(Diagnostic::error("rule/too-many", message).label(
                        &file.source,
                        name.span,
                        "",
                    ));
                    return;
                }
                let id = RuleId(u16::try_from(next).unwrap_or(u16::MAX));
                self.names.insert(full, (id, Some((Arc::clone(&file.source), name.span))));
                next += 1;
            }
        }
    }

    fn error(&mut self, file: &RawFile, kind: &str, message: String, span: Span) -> &mut Diagnostic {
        let diagnostic = Diagnostic::error(format!("rule/{kind}"), message).label(&file.source, span, "");
        self.diagnostics.push(diagnostic);
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    fn lists(&mut self, file: &RawFile) {
        for (name, entries) in &file.lists {
            if Class::from_name(&name.value).is_some() {
                self.error(file, "bad-name", format!("`{}` is a token class", name.value), name.span);
                continue;
            }
            let mut list: Vec<Vec<String>> = entries.iter().map(|entry| phrase::literal(&entry.value)).collect();
            if list.iter().any(Vec::is_empty) {
                self.error(file, "bad-list", format!("`{}` has an empty entry", name.value), name.span);
                list.retain(|entry| !entry.is_empty());
            }
            if self.lists.insert(name.value.clone(), list).is_some() {
                self.error(file, "duplicate-name", format!("a second list is called `{}`", name.value), name.span);
            }
        }
    }

    fn classes(&mut self, file: &RawFile) {
        for (name, words) in &file.classes {
            let Some(class) = Class::from_name(&name.value) else {
                let known = Class::ALL.map(Class::name).join(", ");
                self.error(file, "unknown-value", format!("unknown token class `{}`", name.value), name.span)
                    .notes
                    .push(format!("accepted: {known}").into());
                continue;
            };
            if !self.base.rules.is_empty() || file.pack.is_some() {
                let message = "token classes are the same for all rules and stand in the shipped set".to_owned();
                self.error(file, "unknown-key", message, name.span).help =
                    Some("use `[lists]` for words of one's own".into());
                continue;
            }
            for word in words {
                for token in phrase::literal(&word.value) {
                    self.builder.classify(&token, class);
                }
            }
        }
    }

    fn shape(&mut self, file: &RawFile) {
        let Some(shape) = &file.shape else { return };
        if !self.base.rules.is_empty() || file.pack.is_some() || self.shape.is_some() {
            let message = "the shape of the score is declared once, by the shipped set".to_owned();
            self.error(file, "unknown-key", message, shape.span);
            return;
        }
        self.shape = Some(shape.value.clone());
    }

    fn profiles(&mut self, file: &RawFile) {
        let Some(first) = file.profiles.first() else { return };
        if !self.base.rules.is_empty() || file.pack.is_some() {
            let message = "profiles stand in the config".to_owned();
            self.error(file, "unknown-key", message, first.name.span).help =
                Some("move it to `[profiles.NAME]` in selfless.toml".into());
        }
        for (name, _) in file.profiles.iter().flat_map(|profile| &profile.levels) {
            self.selectors(file, std::slice::from_ref(name));
        }
        for (name, _) in file.profiles.iter().flat_map(|profile| &profile.thresholds) {
            self.selectors(file, std::slice::from_ref(name));
        }
    }

    fn rule(&mut self, file: &RawFile, raw: &RawRule) {
        let before = self.diagnostics.len();
        let (Some(category), Some(name)) = (&file.category, &raw.name) else { return };
        let full = format!("{}/{}", category.value, name.value);
        let declared = (Arc::clone(&file.source), name.span);
        let Some((id, place)) = self.names.get(&full).cloned() else { return };
        // A second rule of the same name was reported; it is read for its other mistakes only.
        let first = place.is_some_and(|(source, span)| Arc::ptr_eq(&source, &declared.0) && span == declared.1);
        self.discarding = !first;
        let kind = self.kind(file, raw, id);
        let guards = self.guards(file, &raw.guards, id, kind.as_ref());
        self.unasked_guards(file, raw, kind.as_ref());
        let level = self.level(file, raw);
        let category_id = self.categories.iter().position(|known| *known == category.value).unwrap_or(0);
        let text = |given: &Option<At<String>>| given.as_ref().map_or_else(String::new, |text| text.value.clone());
        let message = text(&raw.message);
        if message.is_empty() {
            self.error(file, "missing-key", format!("`{full}` has no message"), name.span);
        }
        self.placeholders(file, raw, kind.as_ref());
        let weight =
            raw.weight.as_ref().map_or(if matches!(level, Level::Note) { 1.0 } else { 3.0 }, |at| at.value);
        let floor = self.selectors(file, &raw.at_least);
        if self.discarding {
            return;
        }
        if !floor.is_empty() {
            self.floors.push((id, floor));
        }
        // The place of a rule with mistakes is kept, so that the numbers of the others hold.
        let kind = match kind {
            Some(kind) if self.diagnostics.len() == before => kind,
            _ => Kind::Composite { all: List::default(), any: List::default(), none: List::default() },
        };
        self.rules.push(Rule {
            name: full.into(),
            category_id: CategoryId(u8::try_from(category_id).unwrap_or(u8::MAX)),
            pack: file.pack.as_ref().map(|pack| pack.value.clone().into()),
            credit: file.credit,
            level,
            weight: if matches!(kind, Kind::Verdict(_) | Kind::Length(_) | Kind::Queue(_)) { 0.0 } else { weight },
            unproven: raw.unproven.as_ref().is_some_and(|flag| flag.value),
            message: message.into(),
            label: text(&raw.label).into(),
            why: text(&raw.why).into(),
            source: text(&raw.says).into(),
            help: text(&raw.help).into(),
            fix: raw.fix.clone(),
            before: text(&raw.before).into(),
            after: text(&raw.after).into(),
            kind,
            guards,
            origin: Some(declared),
        });
    }

    fn level(&mut self, file: &RawFile, raw: &RawRule) -> Level {
        match (&raw.level, file.credit) {
            (Some(level), true) => {
                let message = "a credit has no level: it never fails anything".to_owned();
                self.error(file, "bad-level", message, level.span);
                Level::Credit
            }
            (None, true) => Level::Credit,
            (Some(level), false) => level.value,
            (None, false) => Level::Warning,
        }
    }

    fn phrases(&mut self, file: &RawFile, phrases: &[At<String>], id: RuleId, slot: Slot) {
        for given in phrases {
            for sequence in self.spellings(file, given) {
                self.builder.add(sequence, id.0, slot);
            }
        }
    }

    fn phrases_everywhere(&mut self, file: &RawFile, phrases: &[At<String>], id: RuleId, slot: Slot) {
        for given in phrases {
            for sequence in self.spellings(file, given) {
                self.builder.add_everywhere(sequence, id.0, slot);
            }
        }
    }

    /// All spellings of a phrase; none of one with a mistake, which is reported, or of a rule that does not count.
    fn spellings(&mut self, file: &RawFile, given: &At<String>) -> Vec<phrase::Sequence> {
        match phrase::expand(&given.value, &self.lists) {
            Ok(_) if self.discarding => Vec::new(),
            Ok(sequences) => sequences,
            Err(error) => {
                let span = inside(file, given, &error.range);
                let wrong = given.value[error.range.clone()].to_owned();
                let near = nearest(&wrong, error.accepted.iter().map(String::as_str)).map(str::to_owned);
                let diagnostic = self.error(file, "bad-phrase", error.message, span);
                diagnostic.help = near.map(|near| format!("did you mean `{{{near}}}`?").into());
                if !error.accepted.is_empty() {
                    diagnostic.notes.push(format!("known: {}", error.accepted.join(", ")).into());
                }
                Vec::new()
            }
        }
    }

    fn selectors(&mut self, file: &RawFile, names: &[At<String>]) -> List<Selector> {
        let mut found = Vec::new();
        for name in names {
            if name.value == "promotion" {
                found.push(Selector::Promotion);
            } else if let Some(category) = self.categories.iter().position(|known| *known == name.value) {
                found.push(Selector::Category(CategoryId(u8::try_from(category).unwrap_or(u8::MAX))));
            } else if let Some((id, _)) = self.names.get(&name.value) {
                found.push(Selector::Rule(*id));
            } else {
                let known = self.names.keys().chain(&self.categories).map(String::as_str);
                let near = nearest(&name.value, known).map(str::to_owned);
                let message = format!("no rule or category is called `{}`", name.value);
                let diagnostic = self.error(file, "unknown-rule", message, name.span);
                diagnostic.help = near.map(|near| format!("did you mean `{near}`?").into());
            }
        }
        found.into()
    }

    /// Placeholders in words for the author must be those that the kind fills.
    fn placeholders(&mut self, file: &RawFile, raw: &RawRule, kind: Option<&Kind>) {
        let Some(kind) = kind else { return };
        let accepted = placeholders(kind);
        for text in [&raw.message, &raw.label, &raw.help].into_iter().flatten() {
            self.filled(file, text, accepted);
        }
    }

    fn filled(&mut self, file: &RawFile, text: &At<String>, accepted: &[&str]) {
        for (start, _) in text.value.match_indices('{') {
            let rest = &text.value[start + 1..];
            let name = rest.split('}').next().unwrap_or(rest);
            if accepted.contains(&name) && rest.len() > name.len() {
                continue;
            }
            let span = inside(file, text, &(start..start + 1 + name.len()));
            let message = format!("`{{{name}}}` is no placeholder of this kind");
            self.error(file, "placeholder", message, span)
                .notes
                .push(format!("accepted: {}", accepted.join(", ")).into());
        }
    }

    /// Lifts rules to what those weigh that they stand for, and trusts them as far.
    fn lift(&mut self) {
        let before = self.base.rules.len();
        for (id, floor) in std::mem::take(&mut self.floors) {
            let all: Vec<&Rule> = self.base.rules.iter().chain(&self.rules).collect();
            let named = floor.iter().filter_map(|selector| match selector {
                Selector::Rule(named) => all.get(named.index()).copied(),
                Selector::Category(_) | Selector::Promotion => None,
            });
            let (least, proven) =
                named.fold((0.0, false), |(sum, proven), rule| (sum + rule.weight, proven || !rule.unproven));
            if let Some(rule) = id.index().checked_sub(before).and_then(|own| self.rules.get_mut(own)) {
                rule.weight = rule.weight.max(least);
                rule.unproven &= !proven;
            }
        }
    }

    fn finish(mut self) -> (Compiled, Vec<Diagnostic>) {
        self.lift();
        let rules: Vec<&Rule> = self.base.rules.iter().chain(&self.rules).collect();
        if let Err(cycle) = order(&rules) {
            let names = cycle.iter().take(MOST_SHOWN).map(|id| rules[id.index()].name.to_string());
            let names: Vec<String> = names.collect();
            let mut diagnostic = Diagnostic::error(
                "rule/cycle",
                format!("rules read each other in a circle: {}", names.join(", ")),
            );
            for id in cycle.iter().take(MOST_SHOWN) {
                if let Some((source, span)) = &rules[id.index()].origin {
                    diagnostic = diagnostic.label(source, *span, "reads another of them");
                }
            }
            self.diagnostics.push(diagnostic);
        }
        let compiled = Compiled {
            rules: self.rules,
            categories: self.categories,
            tables: self.builder.build(),
            shape: self.shape,
        };
        (compiled, self.diagnostics)
    }
}

/// The place of a piece of a string in the file; the whole string where it is written with escapes.
fn inside(file: &RawFile, given: &At<String>, range: &std::ops::Range<usize>) -> Span {
    let raw = file.source.slice(given.span);
    match raw.find(&given.value) {
        Some(at) if !given.value.is_empty() && !range.is_empty() => {
            let start = given.span.range().start + at;
            Span::of(start + range.start..start + range.end)
        }
        _ => given.span,
    }
}

#[cfg(test)]
mod tests {
    use super::super::RuleSet;
    use super::*;

    /// The mistakes of a rule file, each with the words it points at.
    fn mistakes(text: &str) -> Vec<String> {
        let source = Arc::new(Source::from_text("house.toml", format!("category = \"house\"\n{text}")));
        let (_, found) = RuleSet::with_files(std::slice::from_ref(&source));
        found
            .iter()
            .map(|one| {
                let places: Vec<&str> = one.labels.iter().map(|label| source.slice(label.span)).collect();
                let help = one.help.as_deref().map_or_else(String::new, |help| format!(" ({help})"));
                format!("{}: {}: {}{help}", one.code, one.message, places.join(" and "))
            })
            .collect()
    }

    #[track_caller]
    fn check(rule: &str, expected: &[&str]) {
        assert_eq!(mistakes(&format!("[[rule]]\nname = 'x'\nmessage = 'm'\n{rule}")), expected, "{rule}");
    }

    #[test]
    fn mistakes_are_shown_at_their_exact_place() {
        check("phrases = ['buy now']", &[]);
        check("phrases = ['{buy now']", &["rule/bad-phrase: `{` is not closed: {"]);
        check(
            "phrases = ['{ownn}']",
            &["rule/bad-phrase: no list or token class is called `ownn`: ownn (did you mean `{own}`?)"],
        );
        check("phrases = []", &["rule/kind: nothing is listed to look for: phrases"]);
        check("", &["rule/kind: this rule looks for nothing: 'x'"]);
        check(
            "phrases = ['a']\nabsent = ['b']",
            &["rule/kind: a rule looks for one thing; this is a second: absent"],
        );
        check(
            "phrases = ['a']\nguards = { with = ['brag/humilty'] }",
            &["rule/unknown-rule: no rule or category is called `brag/humilty`: 'brag/humilty' (did you mean \
             `brag/humility`?)"],
        );
        check(
            "patterns = [{ regex = '(a{1000}){90}', requires = ['a'] }]",
            &[
                "rule/bad-regex: the regex takes more than 1 MiB once it is built: '(a{1000}){90}' (`regex-size` in `[limits]` of selfless.toml raises the limit)",
            ],
        );
        check("patterns = [{ regex = '(a', requires = ['a'] }]", &["rule/bad-regex: unclosed group: '(a'"]);
        check(
            "patterns = [{ regex = 'a', requires = [] }]",
            &[
                "rule/missing-key: a pattern needs `requires`, words that it cannot match without: 'a' (a pattern is \
             looked for only around one of these words)",
            ],
        );
        check(
            "patterns = [{ requires = ['a'] }]",
            &["rule/missing-key: a pattern without `regex` or `contains`: { requires = ['a'] }"],
        );
        check("count = { of = 'hashtag' }", &["rule/missing-key: a measured rule needs `thresholds`: count"]);
        check(
            "phrases = ['a']\nlabel = 'is {count}'",
            &["rule/placeholder: `{count}` is no placeholder of this kind: {count"],
        );
        check(
            "link = { max-words = 3 }",
            &["rule/missing-key: a link rule without `of` or `to`: { max-words = 3 }"],
        );
        for wrong in ["shop", "https://shop.example", "*/a", "?", "?a=/b="] {
            let help = "write `host.example`, `host.example/path`, `*/folder/` or `?key=`";
            let expected = format!("rule/bad-address: `{wrong}` is no address: '{wrong}' ({help})");
            check(&format!("link = {{ to = ['{wrong}'] }}"), &[&expected]);
        }
        check("link = { of = 'mine' }", &["rule/unknown-value: unknown kind of link `mine`: 'mine'"]);
    }

    #[test]
    fn rules_of_queues_are_checked_like_others() {
        let run = "queue-run = { also = 'only {between}' }\nthresholds = { warning = 2 }\n";
        check(run, &[]);
        check("queue-run = { also = 'x' }", &["rule/missing-key: a measured rule needs `thresholds`: queue-run"]);
        check(
            &format!("{run}guards = {{ min-words = 3, negation = true }}"),
            &[
                "rule/guard: this kind of rule has no use for the guard `negation`: 'x'",
                "rule/guard: this kind of rule has no use for the guard `min-words`: 'x'",
            ],
        );
        check(
            &format!("{run}weight = 2.0"),
            &["rule/kind: a rule of queues has no weight: it says nothing of one post: 2.0"],
        );
        check(
            "queue-run = { also = '{gap}' }\nthresholds = { warning = 2 }",
            &["rule/placeholder: `{gap}` is no placeholder of this kind: {gap"],
        );
        check(
            &format!("{run}[[rule.case]]\nposts = 'x y'\nflagged = true"),
            &[
                "rule/bad-posts: `x` is no post of a queue: 'x y' (write letters, or a line a post: p promotional, m mixed, c \
                 conversational, r reply, s share)",
            ],
        );
        check(
            "queue-absent = { posts = 3, others = ['credit/nobody'], also = 'x' }",
            &["rule/unknown-rule: no rule or category is called `credit/nobody`: 'credit/nobody'"],
        );
        check(
            "queue-cadence = { hours = { note = 24, warning = 72 }, most = 2, days = 7, also = 'x' }",
            &[
                "rule/out-of-range: hours must be more than 0, and fall from note to error: { note = 24, warning = 72 }",
            ],
        );
    }

    #[test]
    fn a_second_rule_of_a_name_is_shown_with_the_first_and_its_own_mistakes() {
        let rule = "[[rule]]\nname = 'x'\nmessage = 'm'\nphrases = ['a']\n[[rule]]\nname = 'x'\nmessage = 'm'\nphrases = ['[b']";
        assert_eq!(
            mistakes(rule),
            [
                "rule/duplicate-name: a second rule is called `house/x`: 'x' and 'x' (give it a name of its own, or set the \
             level of the first)",
                "rule/bad-phrase: `[` is not closed: [",
            ]
        );
    }

    #[test]
    fn rules_that_read_each_other_in_a_circle_are_shown_together() {
        let rule = |name: &str, reads: &str| {
            format!(
                "[[rule]]\nname = '{name}'\nmessage = 'm'\nphrases = ['a']\nguards = {{ with = ['house/{reads}'] }}\n"
            )
        };
        let found = mistakes(&[rule("x", "y"), rule("y", "x"), rule("z", "x")].concat());
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("rule/cycle: rules read each other in a circle: house/x, house/y"),
            "{found:?}"
        );
        assert!(mistakes(&[rule("x", "y"), rule("z", "x")].concat())[0].starts_with("rule/unknown-rule"));
    }

    #[test]
    fn a_pack_changes_no_words_of_rules_outside_of_it() {
        let text = "category = 'town'\npack = 'town'\n[classes]\nself = ['thee']\n[[rule]]\nname = 'x'\nmessage = 'm'\n\
                    phrases = ['a']";
        let (set, found) = RuleSet::of_files(&[Arc::new(Source::from_text("town.toml", text))]);
        assert_eq!(found.iter().map(|one| &*one.code).collect::<Vec<_>>(), ["rule/unknown-key"]);
        assert_eq!((set.packs(), set.rules()[0].pack.as_deref()), (vec!["town"], Some("town")));
    }

    #[test]
    fn rules_beside_a_mistake_stand() {
        let text = "category = 'house'\n[[rule]]\nname = 'x'\nmessage = 'm'\nphrases = ['[a']\n\
                    [[rule]]\nname = 'y'\nmessage = 'm'\nphrases = ['b']";
        let (set, found) = RuleSet::with_files(&[Arc::new(Source::from_text("house.toml", text))]);
        assert_eq!(found.len(), 1);
        let kinds: Vec<&str> = set.rules().iter().rev().take(2).map(|rule| rule.kind.name()).collect();
        assert_eq!(kinds, ["phrases", "composite"]);
    }
}
