//! What each suppression of a draft hides.
//!
//! Judges a draft again for it, and only one in which something is hidden. Invariant: a name that stands after one that
//! hides the same hides nothing.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use smallvec::SmallVec;

use super::{Context, Draft, Linter, Policy};
use crate::document::Post;
use crate::matcher::Match;
use crate::report::Suppressed;
use crate::rule::Rule;
use crate::suppress::{Holder, Ignores, Marked, NameIndex, hiding};
use crate::text::Span;

/// What more names hide in one draft is not told apart: each is taken to hide something.
const MOST_NAMES: usize = 64;

/// So many bytes of one post are judged again for its names, and of all posts of a source eight times as many: of what is longer,
/// fewer names are told apart.
const AGAIN: usize = 1 << 20;

/// How many names of a post are told apart.
fn told_apart(post: &Post) -> usize {
    let own: usize = post.parts.iter().map(|part| part.text.len()).sum();
    let of_source = (8 * AGAIN / post.source.text().len().max(1)).max(8);
    MOST_NAMES.min(of_source).min((AGAIN / own.max(1)).max(1))
}

/// The suppressions of a draft.
pub(super) struct Quiet<'a> {
    ignores: &'a Ignores,
    /// Those in force, in order; all, where there is no list.
    in_force: Option<Vec<NameIndex>>,
    /// Those that hid something, while all were in force.
    used: RefCell<BTreeSet<NameIndex>>,
}

impl<'a> Quiet<'a> {
    /// All in force, and none used so far.
    pub(super) fn of(ignores: &'a Ignores) -> Self {
        Self { ignores, in_force: None, used: RefCell::default() }
    }
}

impl Linter {
    /// What each name in the suppressions of a post hides: how many findings, the verdict among them. Names that hide
    /// nothing are left out.
    #[must_use]
    pub fn suppressed(&self, post: &Post, context: &Context, policy: &Policy) -> Vec<Suppressed> {
        if post.directives.is_empty() && context.ignores.is_empty() {
            return Vec::new();
        }
        let mut draft = self.read(post, context, policy);
        let matches = self.matches(&mut draft, context);
        let _ = self.report(&draft, matches, context, 0);
        self.suppressed_in(&mut draft, context)
    }

    /// The same, of a draft that was judged.
    pub(super) fn suppressed_in(&self, draft: &mut Draft<'_>, context: &Context) -> Vec<Suppressed> {
        let names = draft.quiet.used.take();
        // Name after name comes into force, and each may hide what those before it left.
        draft.quiet.in_force = Some(Vec::new());
        let (mut found, most) = (Vec::new(), told_apart(draft.post));
        for (number, &name) in names.iter().enumerate() {
            let findings = if number < most { self.hidden(draft, context, name) } else { 1 };
            if findings > 0 {
                found.extend(told(draft.post, context, name, findings));
            }
            if let Some(in_force) = &mut draft.quiet.in_force {
                in_force.push(name);
            }
        }
        draft.quiet.in_force = None;
        draft.quiet.used.take();
        found
    }

    /// How many findings `name` would hide of those that the names in force leave.
    fn hidden(&self, draft: &mut Draft<'_>, context: &Context, name: NameIndex) -> u32 {
        let matches = self.matches(draft, context);
        let hides = |found: &&Match| draft.hiding(self.rules.rule(found.rule), Some(found)).contains(&name);
        let hidden = matches.iter().filter(hides).count();
        // Most names hide no verdict, and need no report.
        let mut verdicts = self.verdicts.iter().map(|&id| self.rules.rule(id));
        let verdicts = match verdicts.any(|rule| draft.hiding(rule, None).contains(&name)) {
            true => self.hidden_verdicts(draft, context, matches, name),
            false => 0,
        };
        u32::try_from(hidden + verdicts).unwrap_or(u32::MAX)
    }

    fn hidden_verdicts(
        &self,
        draft: &Draft<'_>,
        context: &Context,
        matches: Vec<Match>,
        name: NameIndex,
    ) -> usize {
        let (report, _) = self.report(draft, matches, context, usize::MAX);
        let verdicts = report.findings.iter().filter(|finding| finding.verdict.is_some());
        let verdicts = verdicts.map(|finding| &finding.diagnostic.code).filter(|code| {
            let rule = self.rules.rules().iter().find(|rule| rule.name == **code);
            rule.is_some_and(|rule| draft.hiding(rule, None).contains(&name))
        });
        verdicts.count()
    }
}

fn told(post: &Post, context: &Context, name: NameIndex, findings: u32) -> Option<Suppressed> {
    let (holder, name) = match name {
        NameIndex::Directive { directive, name } => {
            (Holder::directive(post, post.directives.get(directive)?), name)
        }
        NameIndex::Entry { entry, name } => (Holder::entry(context.ignores.get(entry)?), name),
    };
    let &(rule, span) = holder.names().get(name)?;
    Some(Suppressed {
        rule: rule.to_owned(),
        source: Arc::clone(holder.source()),
        span,
        reason: holder.reason().map(str::to_owned),
        findings,
    })
}

impl Draft<'_> {
    /// Whether anything may be hidden in it, so that it is matched again without that.
    pub(super) fn may_be_quiet(&self) -> bool {
        !self.post.directives.is_empty() || !self.quiet.ignores.is_empty()
    }

    /// Whether a suppression in force hides what a rule found: a match, or else the verdict.
    pub(super) fn is_quiet(&self, rule: &Rule, found: Option<&Match>) -> bool {
        if !self.may_be_quiet() {
            return false;
        }
        let hiding = self.hiding(rule, found);
        let Some(in_force) = &self.quiet.in_force else {
            let quiet = !hiding.is_empty();
            self.quiet.used.borrow_mut().extend(hiding);
            return quiet;
        };
        hiding.iter().any(|name| in_force.binary_search(name).is_ok())
    }

    /// The names that hide it, in force or not, but those behind one that hides the same.
    fn hiding(&self, rule: &Rule, found: Option<&Match>) -> SmallVec<[NameIndex; 4]> {
        let span: Option<Span> = found.map(|found| self.span(found.place));
        hiding(self.post, self.quiet.ignores, rule, span, || match found {
            Some(found) => self.marked_words(found),
            None => Marked::whole(self.post),
        })
    }

    /// The words that a finding stands on.
    fn marked_words(&self, found: &Match) -> Marked {
        let mut words = vec![self.words(found.place)];
        if let Some(exact) = found.extent().and_then(|extent| extent.exact) {
            let text = self.post.parts.get(usize::from(found.place.part)).map(|part| part.text.as_str());
            words.extend(text.and_then(|text| text.get(exact.range())).map(str::to_owned));
        }
        Marked::Words(words)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use crate::config::ConfigFile;
    use crate::document::{Format, Post, extract};
    use crate::lint::{Context, Linter, Policy};
    use crate::rule::RuleSet;
    use crate::suppress::Ignores;
    use crate::text::Source;

    fn posts(text: &str, format: Format) -> Vec<Post> {
        extract(&Arc::new(Source::from_text("draft", text)), &format.into()).posts
    }

    fn codes(linter: &Linter, post: &Post) -> Vec<String> {
        let report = linter.lint(post, &Context::default(), &Policy::of(linter.rules()));
        report.findings.into_iter().map(|finding| finding.diagnostic.code.into_owned()).collect()
    }

    /// A text with and without what stands in it as a directive: the words are the same, and the findings differ by
    /// `hidden`.
    #[track_caller]
    fn check(text: &str, directive: &str, format: Format, hidden: bool) {
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let with = posts(&text.replace("{}", directive), format);
        let without = posts(&text.replace("{}", ""), format);
        for (with, without) in with.iter().zip(&without) {
            let texts = |post: &Post| post.parts.iter().map(|part| part.text.clone()).collect::<Vec<_>>();
            assert_eq!(texts(with), texts(without));
        }
        assert_eq!(with.len(), without.len());
        let asks = |posts: &[Post]| {
            posts.iter().flat_map(|post| codes(&linter, post)).filter(|code| code.starts_with("ask/")).count()
        };
        assert!(asks(&without) > 0);
        assert_eq!(asks(&with) == 0, hidden, "{directive}");
    }

    #[test]
    fn comments_hide_and_are_never_words() {
        let inline = "The kiln is warm.\nSign up now{}, link in bio!\n";
        check(inline, " <!-- selfless-ignore ask -- it is meant -->", Format::Markdown, true);
        check(inline, " %% selfless-ignore ask %%", Format::Markdown, true);
        check(inline, " <!-- selfless-ignore brag -->", Format::Markdown, false);
        check(
            "`a{}` is how. Sign up now, link in bio!\n",
            "<!-- selfless-ignore ask -->",
            Format::Markdown,
            false,
        );
        let above = "The kiln is warm.\n\n{}Sign up now, link in bio!\n";
        check(above, "<!-- selfless-ignore-next-line ask -->\n", Format::Markdown, true);
        check(above, "<!-- selfless-ignore-file ask -->\n\n", Format::Markdown, true);
        check(
            "---\n{}title: Soup\n---\nSign up now, link in bio!\n",
            "# selfless-ignore-file ask\n",
            Format::Tweet,
            true,
        );
        check(
            "+++\n{}title = 'Soup'\n+++\nSign up now, link in bio!\n",
            "# selfless-ignore-file ask\n",
            Format::Markdown,
            true,
        );
        let queue = "posts:\n  - text: Sign up now, link in bio!{}\n    platform: x\n  - text: Soup is on.\n    platform: x\n";
        check(queue, " # selfless-ignore ask -- so", Format::Yaml, true);
        check(above, "{/* selfless-ignore-next-line ask */}\n", Format::Mdx, true);
        check("Sign up now, link in bio!{}\n", " {/* selfless-ignore ask -- so */}", Format::Mdx, true);
        check("Sign up now{}, link in bio!\n", "{/* selfless-ignore ask */}", Format::Mdx, true);
    }

    #[test]
    fn what_would_be_published_is_no_comment() {
        #[track_caller]
        fn check(text: &str, format: Format) {
            let posts = posts(text, format);
            assert!(!posts.is_empty() && posts.iter().all(|post| post.directives.is_empty()), "{text}");
            assert!(posts.iter().any(|post| post.parts.iter().any(|part| part.text.contains("selfless-ignore"))));
        }
        for comment in ["<!-- selfless-ignore ask -->", "# selfless-ignore ask", "%% selfless-ignore ask %%"] {
            check(&format!("Soup is on. {comment}\n"), Format::Text);
            check(&format!("Soup is on. {comment}\n"), Format::Toot);
            check(&format!("Soup is on. {comment}\n"), Format::Tweet);
            check(&format!("text,platform\nSoup is on. {comment},x\n"), Format::Csv);
            check(&format!("[{{\"text\": \"Soup is on. {comment}\", \"platform\": \"x\"}}]"), Format::Json);
            check(
                &format!("posts:\n  - text: |\n      Soup is on.\n      {comment}\n    platform: x\n"),
                Format::Yaml,
            );
        }
    }

    /// What the suppressions of a draft hide, such as `ask 2`.
    #[track_caller]
    fn check_hidden(text: &str, expected: &[&str]) {
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let post = &posts(text, Format::Markdown)[0];
        let policy = Policy::of(linter.rules());
        let hidden = linter.suppressed(post, &Context::default(), &policy);
        let told: Vec<String> = hidden.iter().map(|one| format!("{} {}", one.rule, one.findings)).collect();
        assert_eq!(told, expected, "{text}");
        assert_eq!(linter.lint(post, &Context::default(), &policy).suppressed.len(), hidden.len());
    }

    #[test]
    fn each_name_is_told_what_it_hides() {
        check_hidden("Soup is on. <!-- selfless-ignore ask -->\n", &[]);
        check_hidden("Sign up now, link in bio! <!-- selfless-ignore ask -->\n", &["ask 2"]);
        check_hidden("Sign up now, link in bio! <!-- selfless-ignore ask brag -->\n", &["ask 2"]);
        check_hidden("Sign up now, link in bio! <!-- selfless-ignore ask ask/soft -->\n", &["ask 2"]);
        check_hidden(
            "Sign up now, link in bio! <!-- selfless-ignore ask/soft ask -->\n",
            &["ask/soft 1", "ask 1"],
        );
        check_hidden("Sign up now, link in bio!\n\n<!-- selfless-ignore-file verdict -->\n", &["verdict 1"]);
    }

    /// The codes of what is found beside entries `[[ignore]]`.
    #[track_caller]
    fn check_entries(config: &str, text: &str, expected: &[&str]) {
        let source = Arc::new(Source::from_text("selfless.toml", config));
        let (file, mistakes) = ConfigFile::read(&source, Path::new("/a"));
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let context = Context { ignores: Arc::new(Ignores::new(&file.settings.ignores)), ..Context::default() };
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let report = linter.lint(&posts(text, Format::Text)[0], &context, &Policy::of(linter.rules()));
        let codes: Vec<&str> = report.findings.iter().map(|finding| &*finding.diagnostic.code).collect();
        assert_eq!(codes, expected, "{config}");
        let hidden: u32 = report.suppressed.iter().map(|one| one.findings).sum();
        assert_eq!(hidden > 0, !report.suppressed.is_empty());
    }

    #[test]
    fn entries_hide_what_stands_on_their_words() {
        let text = "Sign up now, link in bio!";
        let entry = |rule: &str, text: &str| format!("[[ignore]]\nrule = '{rule}'\ntext = '{text}'\n");
        check_entries("", text, &["verdict/promotional", "ask/hard", "ask/soft"]);
        let link = entry("ask/soft", "Link  in BIO!");
        check_entries(&link, text, &["verdict/promotional", "ask/hard", "link/withheld"]);
        check_entries(&entry("ask/hard", "link in bio"), text, &["verdict/promotional", "ask/hard", "ask/soft"]);
        check_entries(&entry("ask", "link in bi"), text, &["verdict/promotional", "ask/hard", "ask/soft"]);
        check_entries(&entry("verdict", "sign up NOW"), text, &["ask/hard", "ask/soft"]);
        check_entries(&entry("verdict", "up now"), text, &["verdict/promotional", "ask/hard", "ask/soft"]);
    }
}
