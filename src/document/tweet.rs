//! `.tweet` files as twitter-together reads them: front matter, the text, a poll, and further posts of a thread behind
//! lines `---`.
//!
//! Does not read media. Differs from that program in that line ends may be CRLF. Invariant: the file is one post, whose
//! items are parts in the order of the file.

use std::sync::Arc;

use super::escape::offset;
use super::front_matter::{FrontMatter, Node, Value};
use super::output;
use super::{Output, Part, PartKind, Post, PostKind, ReadLimits};
use crate::diagnostic::Diagnostic;
use crate::text::{MappedText, Platform, Source, Span};

/// What [`Diagnostic::code`] says of a file that is no post.
const CODE: &str = "input/post";

/// Reads `source`: one post, with a part for each item of a thread and each answer of a poll.
pub(super) fn read(source: &Arc<Source>, output: &mut Output<'_>) {
    if let Some(diagnostic) = too_long(source, output.options.limits) {
        return output.unrecognised(diagnostic);
    }
    let mut thread = Thread { source, post: Post::new(source), delimiter: "---".to_owned(), shares: false };
    let mut rest = Some(Span::of(0..source.text().len()));
    let mut first = true;
    while let Some(item) = rest {
        rest = thread.item(item, std::mem::take(&mut first), output);
    }
    output.post(finished(thread.post, Platform::X, thread.shares));
}

/// That a file is far longer than any post.
pub(super) fn too_long(source: &Arc<Source>, limits: ReadLimits) -> Option<Diagnostic> {
    let too_long = source.text().len() > limits.text as usize;
    too_long.then(|| {
        output::too_long(CODE, "text", limits)
            .about(source.name())
            .help("`--input-format text` reads it as it stands, and `text-size` in `[limits]` of selfless.toml raises the limit")
    })
}

/// The post with a text, although it may be empty, and the network that such files are for.
pub(super) fn finished(mut post: Post, platform: Platform, shares: bool) -> Post {
    let is_text = |part: &&mut Part| matches!(part.kind, PartKind::Text | PartKind::Thread);
    // A first item that only passes something on has no text.
    let text = post.parts.iter_mut().find(is_text).map(|part| {
        part.kind = PartKind::Text;
        part.map.runs().next().map(|run| run.raw)
    });
    match text.flatten() {
        Some(raw) => {
            let first = post.source.text().get(raw.range()).and_then(|text| text.chars().next());
            let end = offset(raw.start(), first.map_or(0, char::len_utf8));
            if post.platforms.is_empty() {
                post.add_platform(platform, Span::new(raw.start(), end));
            }
        }
        None => {
            let (text, map) = MappedText::new().finish();
            post.parts.insert(0, Part::new(PartKind::Text, text, map));
            // With words of its own it is a post about another.
            if shares {
                post.kind = PostKind::Share;
            }
        }
    }
    post
}

struct Thread<'a> {
    source: &'a Arc<Source>,
    post: Post,
    /// The line between two items.
    delimiter: String,
    /// Whether it passes another's post on.
    shares: bool,
}

impl Thread<'_> {
    /// Reads the first item in `span`, and returns where the others stand.
    fn item(&mut self, span: Span, first: bool, output: &mut Output<'_>) -> Option<Span> {
        let span = trimmed(self.source, span);
        let front_matter = FrontMatter::of(self.source, span, output.diagnostics());
        if let Some(front_matter) = &front_matter {
            if let Some(delimiter) = front_matter.get("thread-delimiter").and_then(scalar) {
                delimiter.trim().clone_into(&mut self.delimiter);
            }
            if first {
                front_matter.state(self.source, &mut self.post, output.diagnostics());
                if front_matter.get("reply").and_then(scalar).is_some() {
                    self.post.kind = PostKind::Reply;
                }
                self.shares = front_matter.get("retweet").and_then(scalar).is_some();
            }
        }
        let start = front_matter.as_ref().map_or(span.start(), |front_matter| front_matter.body.min(span.end()));
        let body = Span::new(start, span.end());
        let (text, rest) = self.cut(body);
        let declared = front_matter.as_ref().and_then(|front_matter| front_matter.get("poll"));
        let (text, answers) = match declared.map(|node| &node.value) {
            Some(Value::List(answers)) => (text, answers.iter().filter_map(answer).collect()),
            _ => poll(self.source, text, '('),
        };
        let kind = if first { PartKind::Text } else { PartKind::Thread };
        self.post.parts.extend(part(self.source, text, kind));
        self.post.parts.extend(answers);
        rest
    }

    /// The text up to the line between two items, and what stands behind it.
    fn cut(&self, span: Span) -> (Span, Option<Span>) {
        let text = self.source.slice(span);
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let end = at + line.len();
            let rest = text.get(end..).unwrap_or_default();
            if line.trim_end() == self.delimiter && !self.delimiter.is_empty() && !rest.trim().is_empty() {
                let before = Span::new(span.start(), offset(span.start(), at));
                return (before, Some(Span::new(offset(span.start(), end), span.end())));
            }
            at = end;
        }
        (span, None)
    }
}

fn scalar(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Scalar(text, _) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

/// An answer that the front matter lists.
fn answer(node: &Node) -> Option<Part> {
    match &node.value {
        Value::Scalar(text, map) if !text.trim().is_empty() => {
            Some(Part::new(PartKind::PollOption, text.clone(), map.clone()))
        }
        _ => None,
    }
}

/// The text before the answers of a poll that end `span`, and the answers; each stands on a line of its own behind a box
/// that opens with `open`.
pub(super) fn poll(source: &Source, span: Span, open: char) -> (Span, Vec<Part>) {
    let span = trimmed(source, span);
    let mut end = span.end();
    let mut answers = Vec::new();
    loop {
        let before = source.slice(Span::new(span.start(), end));
        let line_start = before.strip_suffix('\n').unwrap_or(before).rfind('\n').map_or(0, |at| at + 1);
        let Some(answer) = before.get(line_start..).and_then(|line| boxed(line, open)) else { break };
        let start = offset(span.start(), line_start);
        answers.extend(part(source, Span::new(offset(start, answer), end), PartKind::PollOption));
        end = start;
    }
    answers.reverse();
    if answers.len() < 2 {
        // One box is rather a sign.
        return (span, Vec::new());
    }
    (Span::new(span.start(), end), answers)
}

/// How long a box `( )` at the start of a line is, if there is one and white space behind it.
fn boxed(line: &str, open: char) -> Option<usize> {
    let close = if open == '(' { ')' } else { ']' };
    let inner = line.strip_prefix(open)?;
    let rest = inner.strip_prefix(char::is_whitespace).unwrap_or(inner).strip_prefix(close)?;
    rest.starts_with(char::is_whitespace).then(|| line.len() - rest.len())
}

/// A part of what stands at `span`, without white space around it; none of nothing.
pub(super) fn part(source: &Source, span: Span, kind: PartKind) -> Option<Part> {
    let span = trimmed(source, span);
    let mut text = MappedText::new();
    text.push_linear(source.slice(span), span.start());
    let (text, map) = text.finish();
    (!text.is_empty()).then(|| Part::new(kind, text, map))
}

fn trimmed(source: &Source, span: Span) -> Span {
    let text = source.slice(span);
    let start = offset(span.start(), text.len() - text.trim_start().len());
    Span::new(start, offset(start, text.trim().len()))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use proptest::prelude::*;

    use crate::document::testing::{all_told, read, spelled};
    use crate::document::{Format, PartKind, extract};
    use crate::text::Source;
    use std::sync::Arc;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(all_told(text, &Format::Tweet.into()), expected, "\n{text}");
        let crlf = text.replace('\n', "\r\n");
        let mut again = all_told(&crlf, &Format::Tweet.into());
        for told in &mut again {
            *told = told.replace("\\r\\n", "\\n");
        }
        assert_eq!(again, expected, "\n{crlf:?}");
    }

    #[test]
    fn a_file_is_one_post() {
        check("\n  Soup is on.\n\nCome by.\n", &[": text \"Soup is on.\\n\\nCome by.\", on x"]);
        check("", &[": text \"\""]);
        check(
            "---\nschedule: 2026-05-04 09:00\nreply: https://x.com/ana/status/1\n---\n\nSoup is on.\n",
            &[": text \"Soup is on.\", a reply, on x, due 2026-05-04 09:00"],
        );
        check(
            "---\nplatform: bluesky\naccount: kitchen\n---\nSoup.",
            &[": text \"Soup.\", of kitchen, on bluesky"],
        );
        check("---\nretweet: https://x.com/ana/status/1\n---\n", &[": text \"\", a share"]);
        check("---\nretweet: https://x.com/ana/status/1\n---\nSo true.", &[": text \"So true.\", on x"]);
        check("---\nmedia:\n  - file: soup.png\n    alt: A soup\n---\nSoup.", &[": text \"Soup.\", on x"]);
    }

    #[test]
    fn a_thread_is_one_post_of_several_parts() {
        check(
            "One.\n\n--- \t\n\nTwo.\n---\nThree.\n",
            &[": text \"One.\" thread \"Two.\" thread \"Three.\", on x"],
        );
        check(
            "One.\n---\n---\npoll: [soup, \"bre\\u0061d\"]\n---\nTwo?\n---\nThree.",
            &[
                ": text \"One.\" thread \"Two?\" poll-option \"soup\" poll-option \"bread\" thread \"Three.\", on x",
            ],
        );
        check(
            "---\nthread-delimiter: \"===\"\n---\nOne.\n---\nstill.\n===\nTwo.",
            &[": text \"One.\\n---\\nstill.\" thread \"Two.\", on x"],
        );
        check("One.\n---\n", &[": text \"One.\\n---\", on x"]);
        check("One. ---\n--- two\n----\n", &[": text \"One. ---\\n--- two\\n----\", on x"]);
        check("---\n\nOne.\n---\nTwo.", &[": text \"One.\" thread \"Two.\", on x"]);
        check("---\nmedia: [a.png]\n---\n---\nTwo.", &[": text \"Two.\", on x"]);
    }

    #[test]
    fn lines_with_boxes_at_the_end_are_a_poll() {
        check(
            "Which one?\n\n( ) Soup \n()  Bread\n( ) Both (really)\n",
            &[
                ": text \"Which one?\" poll-option \"Soup\" poll-option \"Bread\" poll-option \"Both (really)\", on x",
            ],
        );
        check("( ) a\n( ) b\nBoxes.", &[": text \"( ) a\\n( ) b\\nBoxes.\", on x"]);
        check("Sign:\n( ) x\n", &[": text \"Sign:\\n( ) x\", on x"]);
        check("Sign:\n( )x\n(y) z\n", &[": text \"Sign:\\n( )x\\n(y) z\", on x"]);
        check("( ) a\n( ) b", &[": text \"\" poll-option \"a\" poll-option \"b\""]);
    }

    #[test]
    fn mistakes_are_told_at_their_place() {
        check(
            "---\nschedule: a: b\n---\nSoup.",
            &[
                ": text \"Soup.\", on x",
                "error invalid YAML: mapping values are not allowed in this context at \":\"",
            ],
        );
        check("One.\n---\n---\nselfless: {intend: pitch}\n---\nTwo.", &[": text \"One.\" thread \"Two.\", on x"]);
        check(
            "---\nreply: 1\n\nSoup.",
            &[": text \"Soup.\", a reply, on x", "error front matter is not closed at \"---\""],
        );
    }

    #[test]
    fn toots_have_a_poll_and_nothing_else() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(all_told(text, &Format::Toot.into()), expected, "\n{text}");
        };
        check(
            "Which one?\n\n[ ] Soup\n[ ] Bread\n",
            &[": text \"Which one?\" poll-option \"Soup\" poll-option \"Bread\", on mastodon"],
        );
        check(
            "---\na: b\n---\nSoup.\n---\nBread.",
            &[": text \"---\\na: b\\n---\\nSoup.\\n---\\nBread.\", on mastodon"],
        );
        check("( ) a\n( ) b\n", &[": text \"( ) a\\n( ) b\", on mastodon"]);
    }

    #[test]
    fn hostile_tweets_are_read_in_linear_time() {
        let begun = Instant::now();
        for format in [Format::Tweet, Format::Toot] {
            for piece in [
                "---\n",
                "a\n---\n",
                "---\n\n",
                "+++\na\n---\n",
                "( ) a\n",
                "[ ] a\n",
                "( ) a",
                "---\na: b\n---\n",
                "---\n- \n",
                "\r\n",
                " ",
                "\n",
                "---\na: [\n",
                "---\nthread-delimiter: a\n---\n",
            ] {
                let source = Arc::new(Source::from_text("a", piece.repeat((1 << 20) / piece.len())));
                assert!(extract(&source, &format.into()).unrecognised.is_none());
            }
            let source = Arc::new(Source::from_text("a", "a ".repeat(1 << 20)));
            assert!(extract(&source, &format.into()).unrecognised.is_some());
        }
        // Far more than it takes, on a machine that is busy with other things.
        assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    }

    /// A text that a thread can hold: not blank, without rulers, boxes or fences of its own, trimmed.
    fn item() -> impl Strategy<Value = String> {
        any::<String>()
            .prop_map(|text| format!("soup {}", text.trim()).trim().to_owned())
            .prop_filter("a ruler", |text| !text.lines().any(|line| line.trim_end() == "---"))
    }

    proptest! {
        #[test]
        fn threads_come_back(
            items in prop::collection::vec((item(), prop::collection::vec("[a-z]{1,5} [a-zé\"']{1,5}", 0..4), any::<bool>()), 1..5),
            break_ in prop::sample::select(vec!["\n", "\r\n"]),
            space in prop::sample::select(vec!["", " ", "\t"]),
        ) {
            let mut tweet = String::new();
            let mut expected = Vec::new();
            for (index, (text, answers, declared)) in items.iter().enumerate() {
                if index > 0 {
                    tweet.push_str(&format!("{break_}---{space}{break_}"));
                }
                let poll = answers.len() > 1;
                if poll && *declared {
                    tweet.push_str(&format!("---{break_}poll:{break_}"));
                    for answer in answers {
                        tweet.push_str(&format!("  - '{}'{break_}", answer.replace('\'', "''")));
                    }
                    tweet.push_str(&format!("---{break_}"));
                }
                tweet.push_str(text);
                expected.push((if index == 0 { PartKind::Text } else { PartKind::Thread }, text.clone()));
                if poll {
                    expected.extend(answers.iter().map(|answer| (PartKind::PollOption, answer.clone())));
                }
                if poll && !declared {
                    for answer in answers {
                        tweet.push_str(&format!("{break_}({space}) {answer}"));
                    }
                }
            }
            let (source, extracted) = read(&tweet, Format::Tweet);
            let parts = &extracted.posts[0].parts;
            let found: Vec<_> = parts.iter().map(|part| (part.kind, part.text.as_str().to_owned())).collect();
            prop_assert_eq!(found, expected, "{}", tweet);
            for part in parts.iter().filter(|part| part.kind != PartKind::PollOption) {
                prop_assert_eq!(spelled(&source, part, part.text.as_str()), part.text.as_str());
            }
        }

        #[test]
        fn anything_can_be_read(pieces in prop::collection::vec(prop::sample::select(vec![
            "---", "+++", "\n", "\r\n", " ", "( ) a", "[ ] b", "()", "poll: [a, b]", "thread-delimiter: '='", "=", "a b", "é", "reply: 1", "retweet: 1",
            "\"", "selfless: {ignore: [a]}",
        ]), 0..30), toot in any::<bool>()) {
            read(&pieces.concat(), if toot { Format::Toot } else { Format::Tweet });
        }
    }
}
