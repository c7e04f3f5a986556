//! What each suppression of a draft hides.
//!
//! Invariant: a name that stands after one that hides the same hides nothing.

use super::{Context, Linter, Policy};
use crate::document::Post;
use crate::suppress::NameIndex;

/// More names in one draft are taken to be used.
const MOST_NAMES: usize = 64;

impl Linter {
    /// The names in the directives of a post that hide no finding, not even the verdict. Those that no rule has are left
    /// out.
    #[must_use]
    pub fn unused_suppressions(&self, post: &Post, context: &Context, policy: &Policy) -> Vec<NameIndex> {
        let names: Vec<NameIndex> = post
            .directives
            .iter()
            .enumerate()
            .flat_map(|(directive, said)| (0..said.rules.len()).map(move |name| NameIndex { directive, name }))
            .collect();
        if names.is_empty() || names.len() > MOST_NAMES {
            return Vec::new();
        }
        // Name after name comes into force, and each may hide what those before it left.
        let mut quiet = post.clone();
        quiet.directives.iter_mut().for_each(|directive| directive.rules.clear());
        let mut unused = Vec::new();
        for index in names {
            let known =
                |name: &str| self.rules.rules().iter().any(|rule| rule.name == name || rule.category() == name);
            let Some(said) = post.directives.get(index.directive).and_then(|said| said.rules.get(index.name))
            else {
                continue;
            };
            if known(&said.0) && !self.hides_any(post, &quiet, index, context, policy) {
                unused.push(index);
            }
            if let Some(directive) = quiet.directives.get_mut(index.directive) {
                directive.rules.push(said.clone());
            }
        }
        unused
    }

    /// Whether a name of `post` hides anything that is found in `quiet`.
    fn hides_any(&self, post: &Post, quiet: &Post, index: NameIndex, context: &Context, policy: &Policy) -> bool {
        let mut draft = self.read(quiet, context, policy);
        let matches = self.matches(&mut draft, context);
        let hidden = matches
            .iter()
            .any(|found| index.hides(post, self.rules.rule(found.rule), Some(draft.span(found.place))));
        let (report, _) = self.report(&draft, matches, context);
        let mut verdicts = report.findings.iter().filter(|finding| finding.verdict.is_some());
        hidden
            || verdicts.any(|verdict| {
                let code = &verdict.diagnostic.code;
                let rule = self.rules.rules().iter().find(|rule| rule.name == *code);
                rule.is_some_and(|rule| index.hides(post, rule, None))
            })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::document::{Format, Post, extract};
    use crate::lint::{Context, Linter, Policy};
    use crate::rule::RuleSet;
    use crate::suppress::{self, NameIndex};
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

    #[track_caller]
    fn check_unused(text: &str, expected: &[&str]) {
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let post = &posts(text, Format::Markdown)[0];
        let unused: Vec<NameIndex> =
            linter.unused_suppressions(post, &Context::default(), &Policy::of(linter.rules()));
        let fixed: Vec<String> = unused
            .iter()
            .map(|&index| {
                let fix = suppress::unused(post, index).and_then(|told| told.fix).unwrap();
                let mut text = text.to_owned();
                text.replace_range(fix.edits[0].span.range(), &fix.edits[0].text);
                text
            })
            .collect();
        assert_eq!(fixed, expected, "{text}");
    }

    #[test]
    fn names_that_hide_nothing_are_told_with_a_fix() {
        check_unused("Soup is on. <!-- selfless-ignore ask -->\n", &["Soup is on.\n"]);
        check_unused("Sign up now, link in bio! <!-- selfless-ignore ask -->\n", &[]);
        check_unused(
            "Sign up now, link in bio! <!-- selfless-ignore ask brag -->\n",
            &["Sign up now, link in bio! <!-- selfless-ignore ask -->\n"],
        );
        check_unused("Sign up now, link in bio!\n\n<!-- selfless-ignore-file verdict -->\n", &[]);
    }
}
