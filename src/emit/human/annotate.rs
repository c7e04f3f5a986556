//! A diagnostic as an annotated excerpt; the one file that names annotate-snippets.
//!
//! Does not choose what is shown. Invariant: annotate-snippets gets clean strings and spans inside a window on
//! character borders; it panics on some others, and prints what it is given.

use std::borrow::Cow;
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Origin, Renderer, Snippet};

use super::window::{Place, Window};
use crate::diagnostic::{Diagnostic, Label, Level};
use crate::emit::fill::fill;
use crate::emit::{Look, clean};
use crate::fix::Applicability;
use crate::report::Tool;
use crate::text::Source;

/// Labels nearer than this, in lines, stand in one excerpt.
const NEAR: u32 = 6;
/// Columns of a line that are shown at least and at most, whatever the terminal.
const ROOM: (usize, usize) = (20, 400);
/// Stands where annotate-snippets writes a path: it counts columns in what it is handed, which is cleaned and cut,
/// so its position is replaced by the true one. A noncharacter, which no cleaned text holds.
const MARK: char = '\u{fdd0}';

/// Renders diagnostics in one look.
#[derive(Clone, Debug)]
pub(super) struct Annotator {
    renderer: Renderer,
    look: Look,
    /// What knows the pages of rules, where their names are links.
    tool: Option<Tool>,
}

/// Labels that are shown in one excerpt.
struct Excerpt<'a> {
    source: &'a Arc<Source>,
    places: Vec<Place>,
    labels: Vec<(&'a Label, AnnotationKind)>,
    window: Window,
}

impl Annotator {
    pub(super) fn new(look: Look) -> Self {
        let renderer = if look.color { Renderer::styled() } else { Renderer::plain() };
        let decor = if look.unicode { DecorStyle::Unicode } else { DecorStyle::Ascii };
        let renderer = renderer.decor_style(decor).term_width(look.width.max(ROOM.0)).hyperlink(look.links);
        Self { renderer, look, tool: None }
    }

    /// Makes links to the pages that `tool` knows, where the terminal shows them.
    pub(super) fn link(&mut self, tool: &Tool) {
        self.tool = self.look.links.then(|| tool.clone());
    }

    /// The diagnostic, ending in a newline.
    pub(super) fn render(&self, diagnostic: &Diagnostic) -> String {
        let excerpts = self.excerpts(diagnostic);
        let message = clean::line(&diagnostic.message);
        let mut title = level(diagnostic.level).primary_title(message);
        if !diagnostic.code.is_empty() {
            title = title.id(clean::line(&diagnostic.code));
            if let Some(page) = self.tool.as_ref().and_then(|tool| tool.page(&diagnostic.code)) {
                title = title.id_url(clean::line(&page).into_owned());
            }
        }
        let mut group = Group::with_title(title);
        for (number, excerpt) in excerpts.iter().enumerate() {
            group = group.element(excerpt.snippet(number));
        }
        if let (true, Some(subject)) = (excerpts.is_empty(), &diagnostic.subject) {
            group = group.element(Origin::path(clean::line(subject)));
        }
        // Continued lines stand below the words after `note: `.
        let room = self.room(diagnostic).saturating_sub("note: ".len());
        for note in &diagnostic.notes {
            let note = clean::block(note);
            group = group.element(annotate_snippets::Level::NOTE.message(fill(&note, room, 0).into_owned()));
        }
        if let Some(help) = &diagnostic.help {
            let help = clean::block(help);
            group = group.element(annotate_snippets::Level::HELP.message(fill(&help, room, 0).into_owned()));
        }
        if let Some(fix) = &diagnostic.fix {
            let name = match fix.applicability {
                Applicability::Safe => "fix",
                Applicability::Unsafe => "unsafe fix",
                Applicability::DisplayOnly => "suggestion",
            };
            let level = annotate_snippets::Level::HELP.with_name(name);
            group = group.element(level.message(clean::block(&fix.message)));
        }
        let rendered = self.renderer.render(&[group]);
        let mut rendered = name_places(&rendered, &excerpts);
        rendered.push('\n');
        rendered
    }

    /// Sorts labels into excerpts: the first stands where the first label is.
    fn excerpts<'a>(&self, diagnostic: &'a Diagnostic) -> Vec<Excerpt<'a>> {
        let room = self.room(diagnostic);
        let ellipsis = if self.look.unicode { "…" } else { "..." };
        let mut excerpts: Vec<Excerpt<'a>> = Vec::new();
        for (number, label) in diagnostic.labels.iter().enumerate() {
            let kind = if number == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let place = Place::of(&label.source, label.span);
            let saying = |first: Option<&Label>| place.saying(&said(label, first.unwrap_or(label)));
            // Labels come in text order but for the first, so only the first and the last excerpt can be near.
            let last = excerpts.len().saturating_sub(1);
            let found = [last, 0].into_iter().find_map(|at| {
                let excerpt = excerpts.get(at)?;
                let place = saying(excerpt.labels.first().map(|(first, _)| *first));
                Some((at, place, excerpt.with(label, place, room, ellipsis)?))
            });
            match found.and_then(|(at, place, window)| Some((excerpts.get_mut(at)?, place, window))) {
                Some((excerpt, place, window)) => {
                    excerpt.places.push(place);
                    excerpt.labels.push((label, kind));
                    excerpt.window = window;
                }
                None => excerpts.push(Excerpt {
                    source: &label.source,
                    places: vec![saying(None)],
                    labels: vec![(label, kind)],
                    window: Window::new(&label.source, &[saying(None)], room, ellipsis),
                }),
            }
        }
        excerpts
    }

    /// Columns for text: those of the terminal without the line numbers and the bars of labels over lines.
    fn room(&self, diagnostic: &Diagnostic) -> usize {
        let (mut line, mut bars) = (0, 0);
        for label in &diagnostic.labels {
            let place = Place::of(&label.source, label.span);
            line = line.max(label.source.lines_before().saturating_add(place.last + 1));
            bars += usize::from(place.first != place.last);
        }
        let margin = line.to_string().len() + 4 + bars;
        self.look.width.saturating_sub(margin).clamp(ROOM.0, ROOM.1)
    }
}

impl<'a> Excerpt<'a> {
    /// The window with one more label, if that is near and all of it can be shown.
    fn with(&self, label: &Label, place: Place, room: usize, ellipsis: &str) -> Option<Window> {
        let near =
            self.places.iter().any(|other| place.first <= other.last + NEAR && other.first <= place.last + NEAR);
        if !near || !Arc::ptr_eq(self.source, &label.source) {
            return None;
        }
        let places: Vec<Place> = self.places.iter().copied().chain([place]).collect();
        let window = Window::new(self.source, &places, room, ellipsis);
        window.fits.then_some(window)
    }

    fn snippet(&self, number: usize) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
        let annotations = self.labels.iter().zip(&self.window.spans).map(|(&(label, kind), span)| {
            let text = said(label, self.labels.first().map_or(label, |(first, _)| first));
            kind.span(span.clone()).label((!text.is_empty()).then_some(text))
        });
        let first = u64::from(self.source.lines_before()) + u64::from(self.window.first) + 1;
        Snippet::source(self.window.text.as_str())
            .line_start(usize::try_from(first).unwrap_or(usize::MAX))
            .path(format!("{MARK}{number}{MARK}"))
            .annotations(annotations)
    }

    /// `path:line:column` of its first label, and where that is in words.
    fn origin(&self) -> String {
        let start = self.places.first().map_or(0, |place| place.start);
        let at = self.source.line_column(start);
        let place = format!("{}:{}:{}", clean::line(self.source.name()), at.line, at.column);
        match self.labels.first().and_then(|(label, _)| label.locator.as_deref()) {
            Some(locator) => format!("{place}, {}", clean::line(locator)),
            None => place,
        }
    }
}

/// What a label says, and where it stands in words, if the first label of its excerpt does not say so.
fn said<'a>(label: &'a Label, first: &Label) -> Cow<'a, str> {
    let message = clean::line(&label.message);
    match label.locator.as_deref().filter(|locator| Some(*locator) != first.locator.as_deref()) {
        Some(locator) if message.is_empty() => clean::line(locator),
        Some(locator) => Cow::Owned(format!("{message} ({})", clean::line(locator))),
        None => message,
    }
}

/// Puts the true position in place of every mark and the position after it.
fn name_places(rendered: &str, excerpts: &[Excerpt<'_>]) -> String {
    let mut pieces = rendered.split(MARK);
    let mut named = pieces.next().unwrap_or_default().to_owned();
    while let (Some(number), Some(after)) = (pieces.next(), pieces.next()) {
        if let Some(excerpt) = number.parse().ok().and_then(|number: usize| excerpts.get(number)) {
            named.push_str(&excerpt.origin());
        }
        named.push_str(after.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()));
    }
    named
}

fn level(level: Level) -> annotate_snippets::Level<'static> {
    match level {
        Level::Error => annotate_snippets::Level::ERROR,
        Level::Warning => annotate_snippets::Level::WARNING,
        Level::Note | Level::Off => annotate_snippets::Level::NOTE,
        Level::Credit => annotate_snippets::Level::HELP.with_name("credit"),
    }
}
