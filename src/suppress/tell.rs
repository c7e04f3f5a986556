//! What is wrong with suppressions, in words, with what would mend it.
//!
//! Does not know what hides anything; it is told. Invariant: one flaw a name, at its place; a fix in a comment can be
//! applied, one in the config or the front matter is only shown.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

use super::{Flaw, FlawLevels, is_named};
use crate::config::Ignore;
use crate::diagnostic::{Diagnostic, Level};
use crate::document::{Directive, Post};
use crate::fix::{Applicability, Edit, Fix};
use crate::rule::RuleSet;
use crate::text::{Source, Span};

/// How comments begin and end.
const COMMENTS: [(&str, &str); 4] = [("<!--", "-->"), ("%%", "%%"), ("{/*", "*/}"), ("#", "")];

/// What holds names to be quiet about: a directive or an entry of the config.
#[derive(Clone, Debug)]
pub struct Holder<'a> {
    source: &'a Arc<Source>,
    span: Span,
    names: Vec<(&'a str, Span)>,
    reason: Option<&'a str>,
    misspelt: Option<(Span, &'static str)>,
    entry: bool,
    /// How many of its names nobody has, counted up to two by the rules that were first asked of.
    words: OnceCell<usize>,
}

impl<'a> Holder<'a> {
    /// A directive of a post.
    #[must_use]
    pub fn directive(post: &'a Post, directive: &'a Directive) -> Self {
        let names = directive.rules.iter().map(|(name, span)| (name.as_str(), *span)).collect();
        let reason = directive.reason.as_deref();
        let misspelt = directive.misspelt;
        Self {
            source: &post.source,
            span: directive.span,
            names,
            reason,
            misspelt,
            entry: false,
            words: OnceCell::new(),
        }
    }

    /// An entry of a config.
    #[must_use]
    pub fn entry(ignore: &'a Ignore) -> Self {
        let names = ignore.rules.iter().map(|rule| (rule.value.as_str(), rule.span)).collect();
        let reason = ignore.reason.as_deref();
        Self {
            source: &ignore.source,
            span: ignore.span,
            names,
            reason,
            misspelt: None,
            entry: true,
            words: OnceCell::new(),
        }
    }

    /// Its names, each with its place.
    #[must_use]
    pub fn names(&self) -> &[(&'a str, Span)] {
        &self.names
    }

    /// The file it stands in.
    #[must_use]
    pub fn source(&self) -> &'a Arc<Source> {
        self.source
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> Option<&'a str> {
        self.reason
    }

    fn comment(&self) -> Option<(&'static str, &'static str)> {
        let text = self.source.slice(self.span);
        COMMENTS.into_iter().find(|(open, _)| !self.entry && text.starts_with(open))
    }

    /// That a name hides nothing; the fix takes it out of a comment, and the comment with the last name. Nothing is said of
    /// one that is unknown, which is told already.
    #[must_use]
    pub fn unused(&self, number: usize, rules: &RuleSet, levels: FlawLevels) -> Option<Diagnostic> {
        let &(name, span) = self.names.get(number)?;
        if !rules.knows(name) {
            return None;
        }
        let diagnostic =
            self.flaw(Flaw::Unused, levels, format!("`{name}` is suppressed here, and nothing is found"), span)?;
        let help = match (self.entry, self.names.len()) {
            (true, 1) => "take the entry out".to_owned(),
            _ => format!("take `{name}` out of the suppression"),
        };
        let mut diagnostic = diagnostic.help(help);
        if self.comment().is_some() && !self.is_prose(rules) {
            diagnostic.fix = Some(self.without(number));
        }
        Some(diagnostic)
    }

    /// Takes a name out, with what parts it from the others, and with the last name the comment.
    fn without(&self, number: usize) -> Fix {
        let at = |number: usize| self.names.get(number).map_or(self.span, |(_, span)| *span);
        let (own, next) = (at(number), self.names.get(number + 1));
        let span = match (next, number.checked_sub(1)) {
            (Some((_, next)), _) => Span::new(own.start(), next.start()),
            (None, Some(before)) => Span::new(at(before).end(), own.end()),
            (None, None) => self.whole(),
        };
        let edits = vec![Edit { span, text: "".into() }];
        let name = self.names.get(number).map_or("", |(name, _)| name);
        Fix { message: format!("delete `{name}`"), applicability: Applicability::Safe, edits }
    }

    /// The comment, with the blanks before it, and with its line where it has one of its own.
    fn whole(&self) -> Span {
        let text = self.source.text();
        let before = text.get(..self.span.start() as usize).unwrap_or_default();
        let behind = text.get(self.span.end() as usize..).unwrap_or_default();
        let bare = before.trim_end_matches([' ', '\t']);
        let length = |text: &str| u32::try_from(text.len()).unwrap_or_default();
        let start = self.span.start() - (length(before) - length(bare));
        let own_line = bare.is_empty() || bare.ends_with('\n');
        let end = ["\r\n", "\n"].into_iter().find(|end| behind.starts_with(end)).filter(|_| own_line);
        match end {
            Some(end) => Span::new(start, self.span.end() + length(end)),
            // An indent before more words is theirs.
            None if own_line && !behind.is_empty() => self.span,
            None => Span::new(start, self.span.end()),
        }
    }

    /// Whether its names are a reason without the dashes before it, so that nobody wants a rule for each of its words.
    fn is_prose(&self, rules: &RuleSet) -> bool {
        let count = || self.names.iter().filter(|(name, _)| !rules.knows(name)).take(2).count();
        self.reason.is_none() && self.comment().is_some() && *self.words.get_or_init(count) > 1
    }

    /// Names that no rule and no category has, each with the nearest name as a fix.
    fn unknown(&self, rules: &RuleSet, levels: FlawLevels) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let prose = self.is_prose(rules);
        for &(name, span) in &self.names {
            if rules.knows(name) {
                continue;
            }
            let message = format!("unknown rule or category `{name}`");
            let Some(mut diagnostic) = self.flaw(Flaw::UnknownRule, levels, message, span) else { continue };
            if is_named(name) {
                found.push(
                    diagnostic
                        .help("`[levels]` switches it off: what is said of suppressions cannot be suppressed"),
                );
                continue;
            }
            if prose {
                found.push(diagnostic.help("the reason stands at the end, behind ` -- `"));
                break;
            }
            let near = rules.nearest(name);
            diagnostic.fix = near.map(|near| {
                let text = if self.entry { format!("\"{near}\"") } else { near.to_owned() };
                let applicability = match self.comment() {
                    Some(_) => Applicability::Unsafe,
                    None => Applicability::DisplayOnly,
                };
                Fix {
                    message: format!("write `{near}`"),
                    applicability,
                    edits: vec![Edit { span, text: text.into() }],
                }
            });
            found.push(diagnostic.meant(near));
        }
        found
    }

    /// That its word is none of those there are, or that it names nothing.
    fn malformed(&self, levels: FlawLevels) -> Option<Diagnostic> {
        if let Some((span, near)) = self.misspelt {
            let message = format!("`{}` is no suppression", self.source.slice(span));
            let mut diagnostic = self.flaw(Flaw::Malformed, levels, message, span)?;
            let edits = vec![Edit { span, text: near.into() }];
            let message = format!("write `{near}`");
            diagnostic.fix = Some(Fix { message, applicability: Applicability::Unsafe, edits });
            return Some(diagnostic.meant(Some(near)));
        }
        if !self.names.is_empty() || self.comment().is_none() {
            return None;
        }
        let diagnostic = self.flaw(Flaw::Malformed, levels, "a suppression that names nothing", self.span)?;
        Some(diagnostic.help("name what it hides: selfless-ignore ask/soft -- why"))
    }

    /// That it does not say why.
    fn unreasoned(&self, levels: FlawLevels) -> Option<Diagnostic> {
        if self.reason.is_some() || self.names.is_empty() {
            return None;
        }
        let names: Vec<&str> = self.names.iter().map(|(name, _)| *name).collect();
        let message = format!("`{}` is suppressed without a reason", names.join(" "));
        let mut diagnostic = self.flaw(Flaw::NoReason, levels, message, self.span)?;
        let help = match (self.comment(), self.entry) {
            (Some(_), _) => "say why at its end, behind ` -- `",
            (None, true) => "say why: reason = \"…\"",
            (None, false) => "say why: `ignore: [RULE], reason: …`, or write a comment with ` -- ` and the reason",
        };
        diagnostic.help = Some(help.into());
        diagnostic.fix = self.comment().map(|(_, close)| {
            let text = self.source.slice(self.span);
            let inner = text.strip_suffix(close).unwrap_or(text).trim_end();
            let inner = inner.strip_suffix("--").unwrap_or(inner).trim_end();
            let at = |length: usize| self.span.start() + u32::try_from(length).unwrap_or_default();
            let span = Span::new(at(inner.len()), at(text.len() - close.len()));
            let end = if close.is_empty() { "" } else { " " };
            let edits = vec![Edit { span, text: format!(" -- [why]{end}").into() }];
            Fix { message: "say why".to_owned(), applicability: Applicability::DisplayOnly, edits }
        });
        Some(diagnostic)
    }

    fn flaw(&self, flaw: Flaw, levels: FlawLevels, message: impl Into<String>, span: Span) -> Option<Diagnostic> {
        let level = levels.of(flaw);
        let label: Cow<'static, str> = "".into();
        (level != Level::Off).then(|| Diagnostic::new(level, flaw.name(), message).label(self.source, span, label))
    }
}

/// What is wrong with a suppression, whatever it hides: a misspelt word, no names, unknown ones, and where `reasons` are needed, that there is none.
#[must_use]
pub fn flaws(holder: &Holder<'_>, rules: &RuleSet, levels: FlawLevels, reasons: bool) -> Vec<Diagnostic> {
    let mut found = holder.unknown(rules, levels);
    found.extend(holder.malformed(levels));
    found.extend(holder.unreasoned(levels).filter(|_| reasons));
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::post;
    use super::*;
    use crate::document::{DirectiveScope, Format, extract};

    #[test]
    fn names_that_nobody_has_are_told() {
        let post = post(DirectiveScope::File, &["ask/sof", "ask"]);
        let holder = Holder::directive(&post, &post.directives[0]);
        let found = flaws(&holder, &RuleSet::shipped(), FlawLevels::default(), false);
        let [one] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(one.message, "unknown rule or category `ask/sof`");
        assert_eq!(one.help.as_deref(), Some("did you mean `ask/soft`?"));
        assert_eq!(one.fix.as_ref().map(|fix| &*fix.edits[0].text), Some("ask/soft"));
    }

    #[test]
    fn what_is_said_of_suppressions_cannot_be_suppressed() {
        let post = post(DirectiveScope::File, &["suppression/unused"]);
        let holder = Holder::directive(&post, &post.directives[0]);
        let found = flaws(&holder, &RuleSet::shipped(), FlawLevels::default(), false);
        assert!(found[0].help.as_ref().unwrap().starts_with("`[levels]`"), "{found:?}");
    }

    #[track_caller]
    fn check(comment: &str, expected: &str) {
        let source = Arc::new(Source::from_text("draft", comment));
        let mut post = Post::new(&source);
        let at = u32::try_from(comment.find("ask").unwrap()).unwrap();
        let rules = vec![("ask".to_owned(), Span::new(at, at + 3))];
        let span = Span::of(0..comment.len());
        post.directives.push(Directive { span, scope: DirectiveScope::Line, rules, reason: None, misspelt: None });
        let found = flaws(
            &Holder::directive(&post, &post.directives[0]),
            &RuleSet::shipped(),
            FlawLevels::default(),
            true,
        );
        let [one] = found.as_slice() else { panic!("{found:?}") };
        let fix = one.fix.as_ref().unwrap();
        let mut fixed = comment.to_owned();
        fixed.replace_range(fix.edits[0].span.range(), &fix.edits[0].text);
        assert_eq!((fixed.as_str(), fix.applicability), (expected, Applicability::DisplayOnly));
    }

    #[track_caller]
    fn check_without(text: &str, number: usize, expected: &str) {
        let source = Arc::new(Source::from_text("draft", text));
        let names = ["ask", "brag", "link"].map(|name| (name, text.find(name)));
        let names = names.into_iter().filter_map(|(name, at)| Some((name, Span::of(at?..at? + name.len()))));
        let span = Span::of(text.find("<!--").unwrap()..text.find("-->").unwrap() + 3);
        let (names, words) = (names.collect(), OnceCell::new());
        let holder = Holder { source: &source, span, names, reason: None, misspelt: None, entry: false, words };
        let fix = holder.unused(number, &RuleSet::shipped(), FlawLevels::default()).unwrap().fix.unwrap();
        let mut fixed = text.to_owned();
        fixed.replace_range(fix.edits[0].span.range(), &fix.edits[0].text);
        assert_eq!((fixed.as_str(), fix.applicability), (expected, Applicability::Safe));
    }

    #[test]
    fn an_unused_name_goes_with_what_parts_it_from_others() {
        check_without(
            "a <!-- selfless-ignore-file ask, brag -- so -->\n",
            0,
            "a <!-- selfless-ignore-file brag -- so -->\n",
        );
        check_without("a <!-- selfless-ignore ask, brag -- so -->\n", 1, "a <!-- selfless-ignore ask -- so -->\n");
        check_without("a <!-- selfless-ignore ask brag link -->\n", 1, "a <!-- selfless-ignore ask link -->\n");
        check_without("a <!-- selfless-ignore ask -->\nb", 0, "a\nb");
        check_without("a <!-- selfless-ignore ask --> b", 0, "a b");
        check_without("a\n  <!-- selfless-ignore ask -->\nb", 0, "a\nb");
        check_without("  <!-- selfless-ignore ask --> b", 0, "   b");
        check_without("a\r\n<!-- selfless-ignore ask -->\r\nb", 0, "a\r\nb");
    }

    #[track_caller]
    fn check_malformed(comment: &str, expected: &str, fixed: Option<&str>) {
        let text = format!("Soup is on. {comment}\n");
        let source = Arc::new(Source::from_text("draft", text.clone()));
        let post = &extract(&source, &Format::Markdown.into()).posts[0];
        let holder = Holder::directive(post, &post.directives[0]);
        let found = flaws(&holder, &RuleSet::shipped(), FlawLevels::default(), false);
        let [one] = found.as_slice() else { panic!("{found:?}") };
        let edit = one.fix.as_ref().map(|fix| &fix.edits[0]);
        let mended = edit.map(|edit| {
            let mut text = text.clone();
            text.replace_range(edit.span.range(), &edit.text);
            text.trim_end().strip_prefix("Soup is on. ").unwrap().to_owned()
        });
        assert_eq!((&*one.message, mended.as_deref()), (expected, fixed), "{comment}");
        assert!(one.help.is_some());
    }

    #[test]
    fn what_is_no_directive_and_looks_like_one_is_told() {
        check_malformed(
            "<!-- selfless-ignores ask -- so -->",
            "`selfless-ignores` is no suppression",
            Some("<!-- selfless-ignore ask -- so -->"),
        );
        check_malformed(
            "%% selfless-ignore-nextline ask %%",
            "`selfless-ignore-nextline` is no suppression",
            Some("%% selfless-ignore-next-line ask %%"),
        );
        check_malformed(
            "<!-- selfless-ignore: ask -->",
            "`selfless-ignore:` is no suppression",
            Some("<!-- selfless-ignore ask -->"),
        );
        check_malformed("<!-- selfless-ignore -->", "a suppression that names nothing", None);
        check_malformed("<!-- selfless-ignore-file -- so -->", "a suppression that names nothing", None);
    }

    #[test]
    fn a_missing_reason_shows_where_it_goes() {
        check("<!-- selfless-ignore ask -->", "<!-- selfless-ignore ask -- [why] -->");
        check("<!-- selfless-ignore ask -- -->", "<!-- selfless-ignore ask -- [why] -->");
        check("%% selfless-ignore ask %%", "%% selfless-ignore ask -- [why] %%");
        check("# selfless-ignore ask", "# selfless-ignore ask -- [why]");
    }
}
