//! Floor 4: the edits that a rule's remedy comes to in a draft.
//!
//! Does not apply them. Invariant: an edit replaces one stretch of the source that spells exactly the words it is about;
//! where markup or an escape stands inside, the fix is only shown, and says so.

use std::borrow::Cow;

use super::{Draft, Finding, Linter};
use crate::fix::{Applicability, Edit, Fix};
use crate::matcher::{Match, TokenRange, droppable};
use crate::rule::{Change, Remedy, Text};
use crate::text::{RunKind, TextSpan, TokenKind};

/// A stretch of the text of a part, and what stands there afterwards.
struct Wanted {
    part: usize,
    span: TextSpan,
    text: Cow<'static, str>,
}

impl Linter {
    /// What the rule of a finding proposes, or else a rule whose finding became a note of it.
    pub(super) fn fix(&self, draft: &Draft<'_>, finding: &Finding) -> Option<Fix> {
        let folded = finding.beside.iter().flat_map(|beside| &beside.folded);
        std::iter::once(&finding.found).chain(folded).find_map(|found| {
            let remedy = self.rules.rule(found.rule).fix.as_ref()?;
            draft.fix(remedy, found)
        })
    }
}

impl Draft<'_> {
    /// What `remedy` comes to for a finding; none where it would change nothing.
    pub(super) fn fix(&self, remedy: &Remedy, found: &Match) -> Option<Fix> {
        let mut places: Vec<TokenRange> =
            std::iter::once(found.place).chain(found.evidence.iter().copied()).collect();
        places.sort_unstable();
        places.dedup();
        let mut wanted = Vec::new();
        for place in places {
            self.want(&remedy.change, place, &mut wanted);
        }
        let first = wanted.first()?;
        let mut message = self.said(&remedy.change, first);
        if wanted.len() > 1 {
            message.push_str(&format!(", and so in {}", places_more(wanted.len() - 1)));
        }
        let edits: Result<Vec<Edit>, &str> = wanted.iter().map(|one| self.edit(one)).collect();
        let (edits, applicability) = match edits {
            Ok(edits) if rises(&edits) => (edits, remedy.applicability),
            Ok(_) => return None,
            Err(reason) => {
                message.push_str(&format!("; by hand, for {reason}"));
                (Vec::new(), Applicability::DisplayOnly)
            }
        };
        Some(Fix { message, applicability, edits })
    }

    fn want(&self, change: &Change, place: TokenRange, wanted: &mut Vec<Wanted>) {
        let part = usize::from(place.part);
        let (Some(reading), Some(read)) = (self.readings.get(part), self.post.parts.get(part)) else { return };
        let span = reading.tokens.span(place.tokens());
        let text = read.text.get(span.range()).unwrap_or_default();
        if span.is_empty() || text.is_empty() {
            return;
        }
        let mut push = |span: TextSpan, text: Cow<'static, str>| wanted.push(Wanted { part, span, text });
        match change {
            Change::Replace(by) => {
                let by = as_started(text, by);
                if by != text {
                    push(span, by);
                }
            }
            Change::Words => push(self.with_space(part, span), Cow::Borrowed("")),
            Change::Sentence => {
                if let Some(span) = self.sentence(place) {
                    push(self.with_space(part, span), Cow::Borrowed(""));
                }
            }
            Change::Repeats => {
                let mut letters = text.chars();
                if let Some(first) = letters.next()
                    && !first.is_alphanumeric()
                    && !letters.as_str().is_empty()
                    && letters.all(|next| next == first)
                {
                    let start = span.start() + u32::try_from(first.len_utf8()).unwrap_or(0);
                    push(TextSpan::new(start, span.end()), Cow::Borrowed(""));
                }
            }
            Change::Counting | Change::Referral => {
                let tokens = reading.tokens.as_slice().iter().enumerate();
                let tokens = tokens.take(place.end as usize).skip(place.first as usize);
                for (link, _) in tokens.filter(|(_, token)| token.kind == TokenKind::Url) {
                    let link = reading.tokens.place(link).range();
                    let url = read.text.get(link.clone()).unwrap_or_default();
                    for range in droppable(url, *change == Change::Referral) {
                        let from = link.start;
                        push(TextSpan::of(from + range.start..from + range.end), Cow::Borrowed(""));
                    }
                }
            }
        }
    }

    /// The span with space beside it, as far as that is written as space: a line may be broken there.
    fn with_space(&self, part: usize, span: TextSpan) -> TextSpan {
        let text = self.post.parts.get(part).map_or("", |part| part.text.as_str());
        let before = text.get(..span.range().start).unwrap_or_default().trim_end_matches([' ', '\t']).len();
        let wanted = |span| Wanted { part, span, text: Cow::Borrowed("") };
        [with_space(text, span), TextSpan::of(before..span.range().end)]
            .into_iter()
            .find(|span| self.edit(&wanted(*span)).is_ok())
            .unwrap_or(span)
    }

    /// Where the sentence of a place stands, its marks and emoji included, if the place holds all of its words.
    fn sentence(&self, place: TokenRange) -> Option<TextSpan> {
        let tokens = &self.readings.get(usize::from(place.part))?.tokens;
        let inside = place.tokens();
        let range = tokens.sentences().get(tokens.sentence_of(inside.start))?.tokens();
        let aside = |index: usize| {
            tokens
                .as_slice()
                .get(index)
                .is_some_and(|token| matches!(token.kind, TokenKind::Punctuation | TokenKind::Emoji))
        };
        let whole = range.clone().all(|index| inside.contains(&index) || aside(index)) && inside.end <= range.end;
        whole.then(|| tokens.span(range))
    }

    /// What the fix does, in words.
    fn said(&self, change: &Change, first: &Wanted) -> String {
        let text = self.post.parts.get(first.part).and_then(|part| part.text.get(first.span.range()));
        let words = text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        match change {
            Change::Replace(_) => format!("write \"{}\" in place of \"{words}\"", first.text),
            Change::Words | Change::Sentence => format!("delete \"{words}\""),
            Change::Repeats => "write each mark once".to_owned(),
            Change::Counting | Change::Referral => format!("drop \"{words}\" from the link"),
        }
    }

    /// The edit of the source, or why there is none.
    fn edit(&self, wanted: &Wanted) -> Result<Edit, &'static str> {
        let part = self.post.parts.get(wanted.part).ok_or("its place is not known")?;
        let [span] = *part.map.pieces(wanted.span).as_slice() else {
            return Err("markup stands inside");
        };
        let mut runs = part.map.runs_of(wanted.span);
        let escaped = runs.any(|run| run.kind == RunKind::Atomic && !run.raw.is_empty());
        if escaped || self.post.source.slice(span) != part.text.get(wanted.span.range()).unwrap_or_default() {
            return Err("it is written with escapes");
        }
        Ok(Edit { span, text: wanted.text.clone() })
    }
}

fn places_more(count: usize) -> String {
    if count == 1 { "1 more place".to_owned() } else { format!("{count} more places") }
}

/// Whether no edit touches the one before.
fn rises(edits: &[Edit]) -> bool {
    let mut end = 0;
    edits.iter().all(|Edit { span, .. }| {
        let rises = span.start() >= end;
        end = span.end();
        rises
    })
}

/// `by` with a capital where what it replaces starts with one.
fn as_started(text: &str, by: &Text) -> Text {
    let capital = text.chars().next().is_some_and(char::is_uppercase);
    let mut letters = by.chars();
    match letters.next() {
        Some(first) if capital && first.is_lowercase() => {
            Cow::Owned(first.to_uppercase().collect::<String>() + letters.as_str())
        }
        _ => by.clone(),
    }
}

/// The span with the spaces behind it, or with those before it where it ends its line.
fn with_space(text: &str, span: TextSpan) -> TextSpan {
    let is_space = |next: char| next == ' ' || next == '\t';
    let behind = text.get(span.range().end..).unwrap_or_default();
    let before = text.get(..span.range().start).unwrap_or_default();
    let left = behind.trim_start_matches(is_space);
    if !left.is_empty() && !left.starts_with(['\n', '\r']) {
        // A mark that follows at once keeps no space before it.
        let ahead =
            if left.len() == behind.len() { before.trim_end_matches(is_space).len() } else { before.len() };
        let closes = left.len() == behind.len() && left.starts_with(['.', ',', ';', ':', '!', '?', ')']);
        let start = if closes { ahead } else { before.len() };
        return TextSpan::of(start..text.len() - left.len());
    }
    TextSpan::of(before.trim_end_matches(is_space).len()..span.range().end)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::document::{Format, extract};
    use crate::fix::Applicability;
    use crate::lint::{Context, Linter, Policy};
    use crate::rule::RuleSet;
    use crate::text::Source;

    /// The message of the fix, and the draft with it.
    fn fixed(rule: &str, format: Format, text: &str) -> Option<(String, Applicability, String)> {
        let rule = format!(
            "category = 'house'\n[[rule]]\nname = 'x'\nmessage = 'x'\nbefore = 'x'\nafter = 'y'\n{rule}\n"
        );
        let (rules, wrong) = RuleSet::with_files(&[Arc::new(Source::from_text("house.toml", rule))]);
        assert!(wrong.is_empty(), "{wrong:?}");
        let linter = Linter::new(Arc::new(rules));
        let source = Arc::new(Source::from_text("a", text));
        let posts = extract(&source, &format.into()).posts;
        let report = linter.lint(posts.first()?, &Context::default(), &Policy::of(linter.rules()));
        let finding = report.findings.into_iter().find(|finding| finding.diagnostic.code == "house/x")?;
        let fix = finding.diagnostic.fix?;
        let mut left = text.to_owned();
        for edit in fix.edits.iter().rev() {
            left.replace_range(edit.span.range(), &edit.text);
        }
        Some((fix.message, fix.applicability, left))
    }

    #[track_caller]
    fn check(rule: &str, text: &str, expected: Option<(&str, &str)>) {
        let found = fixed(rule, Format::Markdown, text);
        let found = found.as_ref().map(|(message, _, left)| (message.as_str(), left.as_str()));
        assert_eq!(found, expected);
    }

    #[test]
    fn words_are_replaced_or_go_with_their_space() {
        let replace = "phrases = ['utilize']\nfix = { replace = 'use', applicability = 'safe' }";
        let said = "write \"use\" in place of \"utilize\"";
        check(replace, "We utilize a spade.", Some((said, "We use a spade.")));
        let said = "write \"Use\" in place of \"Utilize\"";
        check(replace, "Utilize a spade.", Some((said, "Use a spade.")));
        let delete = "phrases = ['very truly']\nfix = { delete = 'words' }";
        check(delete, "It is very truly cold.", Some(("delete \"very truly\"", "It is cold.")));
        check(delete, "It is cold, very truly.", Some(("delete \"very truly\"", "It is cold,.")));
        check(delete, "It is cold very truly\nand wet", Some(("delete \"very truly\"", "It is cold\nand wet")));
    }

    #[test]
    fn what_became_a_note_keeps_its_fix() {
        let file = |name: &str, text: &str| Arc::new(Source::from_text(name.to_owned(), text));
        let host = "category = 'house'\n[[rule]]\nname = 'x'\nmessage = 'x'\nbefore = 'x'\nafter = 'y'\nphrases = ['truly cold']\n";
        let folded = "category = 'structure'\n[[rule]]\nname = 'zz'\nmessage = 'z'\nbefore = 'x'\nafter = 'y'\n\
                      phrases = ['very truly cold']\nfix = { replace = 'cold', applicability = 'safe' }\n";
        let (rules, _) = RuleSet::with_files(&[file("house.toml", host), file("structure.toml", folded)]);
        let linter = Linter::new(Arc::new(rules));
        let source = Arc::new(Source::from_text("a", "It is very truly cold."));
        let posts = extract(&source, &Format::Markdown.into()).posts;
        let report = linter.lint(&posts[0], &Context::default(), &Policy::of(linter.rules()));
        let codes: Vec<&str> = report.findings.iter().map(|finding| &*finding.diagnostic.code).collect();
        assert!(codes.contains(&"house/x") && !codes.contains(&"structure/zz"), "{codes:?}");
        let found = report.findings.iter().find(|finding| finding.diagnostic.code == "house/x").unwrap();
        assert!(found.diagnostic.notes.iter().any(|note| note.contains("structure/zz")));
        assert_eq!(found.diagnostic.fix.as_ref().unwrap().edits[0].text, "cold");
    }

    #[test]
    fn a_sentence_goes_only_whole() {
        let delete = "phrases = ['link in bio']\nfix = { delete = 'sentence' }";
        check(
            delete,
            "The kiln is on. Link in bio! Come.",
            Some(("delete \"Link in bio!\"", "The kiln is on. Come.")),
        );
        check(delete, "The kiln is on. Link in bio!", Some(("delete \"Link in bio!\"", "The kiln is on.")));
        check(delete, "The link in bio is for the kiln.", None);
    }

    #[test]
    fn marks_stand_once_and_links_lose_what_counts() {
        let once = "count = { phrases = ['!'] }\nthresholds = { note = 1 }\nfix = { delete = 'repeats', applicability = 'safe' }";
        let said = "write each mark once, and so in 1 more place";
        check(once, "One!!! Two! Three!!", Some((said, "One! Two! Three!")));
        check(once, "One! Two!", None);
        let link = "link = { of = 'any' }\nfix = { delete = 'counting', applicability = 'safe' }";
        check(
            link,
            "See https://acme.dev/a?utm_source=x&b=1 and more of it there",
            Some(("drop \"utm_source=x&\" from the link", "See https://acme.dev/a?b=1 and more of it there")),
        );
        check(link, "See https://acme.dev/a?b=1 and more of it there", None);
    }

    #[test]
    fn what_has_a_gap_is_only_shown() {
        let rule = "phrases = ['very truly']\nfix = { delete = 'words', applicability = 'safe' }";
        for (text, reason) in [
            ("It is very **truly** cold.", "delete \"very truly\"; by hand, for markup stands inside"),
            ("It is very&#32;truly cold.", "delete \"very truly\"; by hand, for it is written with escapes"),
        ] {
            let (message, applicability, left) = fixed(rule, Format::Markdown, text).unwrap();
            assert_eq!(
                (message.as_str(), applicability, left.as_str()),
                (reason, Applicability::DisplayOnly, text)
            );
        }
    }
}
