//! Where readers put what they read: posts one by one, mistakes, and that a source is nothing they know.
//!
//! Does not read. Invariant: a source that is not recognised has no posts.

use std::sync::Arc;

use super::{Chosen, Directives, ExtractOptions, Format, Post, PostStatus, ReadLimits, shown, size_words};
use crate::diagnostic::{Diagnostic, Level};
use crate::text::{Encoding, Source, Span};

/// What came of reading a source, beside its posts.
#[derive(Debug)]
pub struct Outcome {
    /// How it was read.
    pub format: Format,
    /// How many posts it gave.
    pub posts: usize,
    /// How many posts were left out because they are no drafts, where only drafts were asked for.
    pub left_out: usize,
    /// Mistakes in the source, each at its place.
    pub diagnostics: Vec<Diagnostic>,
    /// What was seen instead of posts and which flag would help, where the shape of the source was not recognised.
    pub unrecognised: Option<Box<Diagnostic>>,
}

/// What a reader is asked, and where its answer goes.
pub(super) struct Output<'a> {
    pub(super) options: &'a ExtractOptions,
    /// What holds for every post of the source.
    pub(super) directives: Directives,
    each: &'a mut dyn FnMut(Post),
    outcome: Outcome,
    /// Posts that were one too many.
    beyond: usize,
    /// Mistakes that were not kept, and the worst of their levels.
    more: Option<(u32, Level)>,
}

impl<'a> Output<'a> {
    pub(super) fn new(options: &'a ExtractOptions, format: Format, each: &'a mut dyn FnMut(Post)) -> Self {
        let outcome = Outcome { format, posts: 0, left_out: 0, diagnostics: Vec::new(), unrecognised: None };
        Self { options, directives: Directives::default(), each, outcome, beyond: 0, more: None }
    }

    /// Whether a walk came upon the source, so that only what is surely posts is taken.
    pub(super) fn is_found(&self) -> bool {
        self.options.chosen == Chosen::Found
    }

    /// Hands a post over, unless it has so many parts that it is none.
    pub(super) fn post(&mut self, mut post: Post) {
        if post.directives.is_empty() {
            post.directives.clone_from(&self.directives);
        } else {
            post.directives.extend(self.directives.iter().cloned());
        }
        if post.parts.len() > MOST_PARTS {
            return self.tell(too_many_parts(&post));
        }
        let draft = post.status.as_ref().is_some_and(|status| status.value == PostStatus::Draft);
        if self.options.drafts_only && !draft {
            self.outcome.left_out += 1;
            return;
        }
        if self.outcome.posts >= self.options.limits.posts {
            self.beyond += 1;
            return;
        }
        self.outcome.posts += 1;
        (self.each)(post);
    }

    /// Whether no post was read so far.
    pub(super) fn is_empty(&self) -> bool {
        self.outcome.posts == 0
    }

    /// Adds a mistake; of very many only the number is kept.
    pub(super) fn tell(&mut self, diagnostic: Diagnostic) {
        if self.outcome.diagnostics.len() < MOST_TOLD {
            self.outcome.diagnostics.push(diagnostic);
            return;
        }
        let (count, worst) = self.more.get_or_insert((0, diagnostic.level));
        *count = count.saturating_add(1);
        *worst = diagnostic.level.max(*worst);
    }

    /// Mistakes so far, for readers that hand the list on.
    pub(super) fn diagnostics(&mut self) -> &mut Vec<Diagnostic> {
        &mut self.outcome.diagnostics
    }

    /// Says that the source holds no posts that could be read: what was seen, and what to do. Where some were read, it
    /// is a mistake beside them.
    pub(super) fn unrecognised(&mut self, diagnostic: Diagnostic) {
        if self.is_empty() {
            self.outcome.unrecognised = Some(Box::new(diagnostic));
        } else {
            self.tell(diagnostic);
        }
    }

    /// What came of it. A source of many posts that gave none and says nothing about it is told too.
    pub(super) fn finish(mut self, source: &Arc<Source>) -> Outcome {
        if let Some((count, level)) = self.more {
            let message = format!("{count} more mistakes in this {}", self.outcome.format.title());
            self.outcome.diagnostics.push(Diagnostic::new(level, "input/more", message).about(source.name()));
        }
        if self.beyond > 0 {
            let told = too_many_posts(source, self.options.limits.posts, self.beyond);
            self.outcome.diagnostics.push(told);
        }
        if source.encoding() == Encoding::Windows1252 {
            self.outcome.diagnostics.insert(0, windows_1252(source));
        }
        let outcome = &mut self.outcome;
        let silent = outcome.posts == 0 && outcome.left_out == 0 && outcome.unrecognised.is_none();
        let excused = outcome.diagnostics.iter().any(|one| one.level == Level::Error);
        if silent && !excused && outcome.format.holds_many() {
            let message = format!("no posts in this {}", outcome.format.title());
            let diagnostic = Diagnostic::error(UNRECOGNISED, message).about(source.name());
            outcome.unrecognised = Some(Box::new(diagnostic.note("it holds no text that could be a post")));
        }
        self.outcome
    }
}

/// Mistakes of one source that are told each for itself.
const MOST_TOLD: usize = 1_000;

/// Parts of one post; no network has threads as long as this.
const MOST_PARTS: usize = 1_000;

fn too_many_posts(source: &Source, most: usize, beyond: usize) -> Diagnostic {
    let posts = |count: usize| if count == 1 { "post" } else { "posts" };
    let were = if beyond == 1 { "was" } else { "were" };
    let message = format!("more than {most} {}, so {beyond} {} {were} left out", posts(most), posts(beyond));
    Diagnostic::error("input/too-many-posts", message)
        .about(source.name())
        .help("`posts` in `[limits]` of selfless.toml raises the limit")
}

/// Says that `what` is far too long.
pub(super) fn too_long(code: &'static str, what: &str, limits: ReadLimits) -> Diagnostic {
    let message = format!("a {what} of more than {} is no post", size_words(limits.text.into()));
    Diagnostic::error(code, message).help("`text-size` in `[limits]` of selfless.toml raises the limit")
}

fn too_many_parts(post: &Post) -> Diagnostic {
    Diagnostic::error("input/post", format!("a post of more than {MOST_PARTS} parts is none"))
        .label(&post.source, post.head(), "starts here")
        .located(post.locator.words())
        .note("it was left out")
}

/// What [`Diagnostic::code`] says of a source in which no posts were recognised.
pub(crate) const UNRECOGNISED: &str = "input/no-posts";

fn windows_1252(source: &Arc<Source>) -> Diagnostic {
    let first = source.text().char_indices().find(|(_, character)| !character.is_ascii());
    let span = first.map_or(0..0, |(at, character)| at..at + character.len_utf8());
    Diagnostic::new(Level::Note, "input/encoding", "not UTF-8, so it was read as Windows-1252")
        .label(source, Span::of(span), "the first letter that depends on it")
        .help("save the file as UTF-8 if letters are wrong")
}

/// Names in a message: at most `most` of them, each in backquotes, and how many more there are.
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>, most: usize) -> String {
    let mut names = names.into_iter();
    let mut listed: Vec<String> = names.by_ref().take(most).map(|name| format!("`{}`", shown(name))).collect();
    match names.count() {
        0 => {}
        more => listed.push(format!("and {more} more")),
    }
    listed.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::extract;

    #[test]
    fn of_very_many_mistakes_the_number_is_told() {
        let lines = "{\n".repeat(MOST_TOLD + 7);
        let extracted = extract(&Arc::new(Source::from_text("a.jsonl", lines)), &Format::Jsonl.into());
        assert_eq!(extracted.diagnostics.len(), MOST_TOLD + 1);
        let last = extracted.diagnostics.last().unwrap();
        assert_eq!((last.level, &*last.message), (Level::Error, "7 more mistakes in this JSON lines"));
    }

    #[test]
    fn a_post_of_very_many_parts_is_none() {
        let posts = |parts| {
            let items: String = (1..=parts).map(|item| format!("\n{item}/ a b c\n")).collect();
            let text = format!("## X Thread\n{items}\n## Post 2\n\nd e f\n");
            extract(&Arc::new(Source::from_text("a.md", text)), &Format::Markdown.into())
        };
        assert_eq!((posts(MOST_PARTS).posts.len(), posts(MOST_PARTS).diagnostics.len()), (2, 0));
        let extracted = posts(MOST_PARTS + 1);
        assert_eq!((extracted.posts.len(), extracted.diagnostics.len()), (1, 1));
        assert_eq!(extracted.diagnostics[0].message, "a post of more than 1000 parts is none");
    }

    #[test]
    fn of_very_many_posts_those_beyond_are_counted() {
        let read = |rows: usize, most: usize| {
            let source = Source::from_text("a.csv", "Text\n".to_owned() + &"a b c\n".repeat(rows));
            let limits = ReadLimits { posts: most, ..ReadLimits::default() };
            extract(&Arc::new(source), &ExtractOptions { limits, ..ExtractOptions::default() })
        };
        assert_eq!((read(3, 3).posts.len(), read(3, 3).diagnostics.len()), (3, 0));
        let (one, more) = (read(4, 3), read(9, 3));
        assert_eq!(one.diagnostics[0].message, "more than 3 posts, so 1 post was left out");
        assert_eq!((more.posts.len(), more.diagnostics.len()), (3, 1));
        assert_eq!(more.diagnostics[0].message, "more than 3 posts, so 6 posts were left out");
    }

    #[test]
    fn long_lists_of_names_are_cut() {
        assert_eq!(listed(["a", "b"], 3), "`a`, `b`");
        assert_eq!(listed(["a", "b", "c", "d"], 2), "`a`, `b`, and 2 more");
        assert_eq!(listed([], 2), "");
    }
}
