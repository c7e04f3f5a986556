//! A post put together from the cells of a row or the values of a record, by their roles.
//!
//! Does not know formats. Invariant: a post that is finished has a text with something in it, and stands where that
//! text stands.

use std::collections::HashSet;
use std::sync::Arc;

use super::{
    Intent, Locator, Part, PartKind, Post, PostId, PostKind, PostStatus, PostTime, ReadLimits, Role, Stated, shown,
};
use crate::diagnostic::{Diagnostic, Level, nearest};
use crate::text::{MappedText, Platform, Source, SourceMap, Span, TextSpan};

/// A value longer than this, in bytes, says nothing of a post; how long its text may be is configured.
pub(super) const LONGEST_TEXT: u32 = ReadLimits::DEFAULT.text;

/// Networks nobody knows that are remarked on in one source.
const MOST_NETWORKS: usize = 100;

/// What was remarked on in a source, so that nothing is told for every row.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    networks: HashSet<String>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A post in the making.
pub(super) struct Assembly<'a> {
    source: &'a Arc<Source>,
    post: Post,
    date: Option<Stated<String>>,
    time: Option<Stated<String>>,
    zone: Option<Stated<String>>,
    /// When it went out, or that it has.
    published: Option<Stated<String>>,
    draft: Option<Span>,
}

impl<'a> Assembly<'a> {
    /// Nothing yet, of a row or record that starts at `start`.
    pub(super) fn new(source: &'a Arc<Source>, start: u32) -> Self {
        let post = Post { start, ..Post::new(source) };
        Self { source, post, date: None, time: None, zone: None, published: None, draft: None }
    }

    /// Adds a piece of the post; a blank one, or one that says again what is there, is left out.
    pub(super) fn part(&mut self, kind: PartKind, text: MappedText, locator: Locator) {
        let (text, map) = text.finish();
        self.rich_part(Part::new(kind, text, map), locator);
    }

    /// As [`Assembly::part`], with what is marked in the text.
    pub(super) fn rich_part(&mut self, part: Part, locator: Locator) {
        let again = part.kind != PartKind::Thread && self.post.parts.iter().any(|other| other.text == part.text);
        if !part.text.trim().is_empty() && !again {
            self.post.parts.push(Part { locator: Some(locator), ..part });
        }
    }

    /// Adds hashtags that are kept apart, each with the `#` that it may lack.
    pub(super) fn hashtags(&mut self, text: &str, map: &SourceMap, locator: Locator) {
        let mut tags = MappedText::new();
        push_tags(&mut tags, text, map);
        self.part(PartKind::Hashtags, tags, locator);
    }

    /// Notes what is no piece of the post but said of it.
    pub(super) fn state(&mut self, role: Role, value: &str, span: Span, remarks: &mut Remarks) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let stated = || Stated { value: value.to_owned(), span };
        match role {
            Role::Platform => self.platforms(value, span, remarks),
            // Schedulers call the network an account or a channel too.
            Role::Account => match networks(value) {
                known if known.iter().all(Result::is_ok) => self.platforms(value, span, remarks),
                _ => self.post.account = self.post.account.take().or_else(|| Some(stated())),
            },
            Role::Date => self.date = self.date.take().or_else(|| Some(stated())),
            Role::Time => self.time = self.time.take().or_else(|| Some(stated())),
            Role::Zone => self.zone = self.zone.take().or_else(|| Some(stated())),
            Role::Published if !is_no(value) => self.published = self.published.take().or_else(|| Some(stated())),
            Role::Draft if is_yes(value) => self.draft = Some(span),
            Role::Status => {
                let status = PostStatus::from_word(value).map(|value| Stated { value, span });
                self.post.status = self.post.status.take().or(status);
            }
            Role::Id => self.post.id = Some(PostId::Text(value.to_owned())),
            Role::ReplyTo => self.post.kind = PostKind::Reply,
            Role::Intent => self.post.intent = Intent::from_name(&value.to_ascii_lowercase()),
            _ => {}
        }
    }

    /// What it is to the conversation.
    pub(super) fn kind(&mut self, kind: PostKind) {
        self.post.kind = kind;
    }

    /// What the source calls it.
    pub(super) fn id(&mut self, id: PostId) {
        self.post.id = Some(id);
    }

    /// A network that is known already.
    pub(super) fn platform(&mut self, platform: Platform, span: Span) {
        self.post.add_platform(platform, span);
    }

    /// A network that holds unless the post names its own.
    pub(super) fn platform_unless_stated(&mut self, platform: Platform, span: Span) {
        if self.post.platforms.is_empty() {
            self.post.add_platform(platform, span);
        }
    }

    /// How far it has come, unless the post says it itself.
    pub(super) fn status_unless_stated(&mut self, value: PostStatus, span: Span) {
        self.post.status.get_or_insert(Stated { value, span });
    }

    /// As [`Assembly::state`], for what holds unless the post says it itself.
    pub(super) fn state_unless_stated(&mut self, role: Role, value: &str, span: Span, remarks: &mut Remarks) {
        let stated = match role {
            Role::Platform => !self.post.platforms.is_empty(),
            Role::Account => self.post.account.is_some() || networks(value).iter().all(Result::is_ok),
            Role::Status => self.post.status.is_some() || self.draft.is_some(),
            Role::Date => self.date.is_some(),
            _ => false,
        };
        if !stated {
            self.state(role, value, span, remarks);
        }
    }

    fn platforms(&mut self, value: &str, span: Span, remarks: &mut Remarks) {
        for network in networks(value) {
            match network {
                Ok(platform) => self.post.add_platform(platform, span),
                Err(_) if remarks.networks.len() > MOST_NETWORKS => {}
                Err(name) if remarks.networks.insert(name.to_lowercase()) => {
                    remarks.diagnostics.push(self.unknown_network(name, span));
                }
                Err(_) => {}
            }
        }
    }

    fn unknown_network(&self, name: &str, span: Span) -> Diagnostic {
        let names = Platform::ALL.map(Platform::name);
        let message = format!("unknown platform `{}`", shown(name));
        let diagnostic = Diagnostic::new(Level::Warning, "input/platform", message)
            .label(self.source, span, "not a known name")
            .note(format!("accepted: {}", names.join(", ")));
        match nearest(name, names) {
            Some(near) => diagnostic.help(format!("write `{near}`")),
            None => diagnostic,
        }
    }

    /// The post; none if it has no text.
    pub(super) fn finish(self) -> Option<Post> {
        let Self { mut post, date, time, zone, published, draft, .. } = self;
        post.parts.sort_by_key(|part| rank(part.kind));
        let main = post.parts.iter().position(|part| part.kind == PartKind::Text)?;
        post.locator = post.parts.get(main)?.locator.clone()?;
        for part in &mut post.parts {
            part.locator.take_if(|locator| *locator == post.locator);
        }
        if let Some(out) = &published {
            post.status = Some(Stated { value: PostStatus::Published, span: out.span });
        } else if let Some(span) = draft {
            post.status = Some(Stated { value: PostStatus::Draft, span });
        }
        let mut pieces: Vec<Stated<String>> = [date, time, zone].into_iter().flatten().collect();
        if pieces.is_empty() {
            pieces.extend(published.filter(|published| !is_yes(&published.value)));
        }
        post.time = (!pieces.is_empty()).then(|| PostTime {
            text: pieces.iter().map(|piece| piece.value.as_str()).collect::<Vec<_>>().join(" "),
            spans: pieces.iter().map(|piece| piece.span).collect(),
        });
        Some(post)
    }
}

/// The order of reading.
fn rank(kind: PartKind) -> u8 {
    match kind {
        PartKind::ContentWarning => 0,
        PartKind::Title => 1,
        PartKind::Text | PartKind::Thread => 2,
        PartKind::PollOption => 3,
        PartKind::Description => 4,
        PartKind::Hashtags => 5,
        PartKind::FirstComment => 6,
    }
}

/// Appends the tags in a list of them, whatever stands between.
pub(super) fn push_tags(tags: &mut MappedText, text: &str, map: &SourceMap) {
    let mut at = 0;
    for piece in text.split(|next: char| next.is_whitespace() || matches!(next, ',' | ';' | '|')) {
        let span = TextSpan::of(at..at + piece.len());
        // What is split at is one character, whatever its length.
        at += piece.len();
        at += text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        if piece.is_empty() {
            continue;
        }
        let place = map.to_source(span);
        let before = Span::new(place.start(), place.start());
        let lead = if tags.is_empty() { "" } else { " " };
        tags.push_atomic(lead, before);
        if !piece.starts_with(['#', '＃']) {
            tags.push_atomic("#", before);
        }
        tags.push_mapped(text, map, span);
    }
}

/// The networks that a value names, or what it names instead.
pub(super) fn networks(value: &str) -> Vec<Result<Platform, &str>> {
    if let Some(platform) = network(value) {
        return vec![Ok(platform)];
    }
    let pieces =
        |separators: &'static [char]| value.split(separators).map(str::trim).filter(|piece| !piece.is_empty());
    let fine: Vec<_> =
        pieces(&[',', ';', '|', '\n', '/', '&', '+']).map(|name| network(name).ok_or(name)).collect();
    if fine.iter().all(Result::is_ok) {
        return fine;
    }
    pieces(&[',', ';', '|', '\n']).map(|name| network(name).ok_or(name)).collect()
}

/// A network by its name, with what schedulers put around it: `LinkedIn Page`, `Twitter (X)`, `@bluesky`.
fn network(name: &str) -> Option<Platform> {
    let name = name.trim().trim_start_matches(['@', '#']);
    Platform::from_name(name).or_else(|| {
        let bare = name.split(['(', '[']).next().unwrap_or(name).trim();
        let (first, rest) = bare.split_once([' ', '_', '-']).unwrap_or((bare, ""));
        let around =
            ["page", "profile", "group", "business", "company", "personal", "post", "reel", "story", "feed"];
        let known = rest
            .split([' ', '_', '-'])
            .all(|word| word.is_empty() || around.iter().any(|known| word.eq_ignore_ascii_case(known)));
        if known { Platform::from_name(first) } else { None }
    })
}

/// Whether a cell says yes.
pub(super) fn is_yes(value: &str) -> bool {
    ["true", "yes", "y", "1", "x"].iter().any(|yes| value.trim().eq_ignore_ascii_case(yes))
}

pub(super) fn is_no(value: &str) -> bool {
    ["false", "no", "n", "0", "null", "-", "none"].iter().any(|no| value.trim().eq_ignore_ascii_case(no))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_told_however_they_are_listed() {
        #[track_caller]
        fn check(value: &str, expected: &[&str]) {
            let found: Vec<&str> = networks(value)
                .into_iter()
                .map(|one| match one {
                    Ok(platform) => platform.name(),
                    Err(name) => name,
                })
                .collect();
            assert_eq!(found, expected, "{value}");
        }
        check("Twitter/X", &["x"]);
        check("x, LinkedIn|threads", &["x", "linkedin", "threads"]);
        check("fb + ig", &["facebook", "instagram"]);
        check("LinkedIn Company Page; Twitter (X)", &["linkedin", "x"]);
        check("Instagram_reel", &["instagram"]);
        check("X-ray club", &["X-ray club"]);
        check("mastodon / myspace", &["mastodon / myspace"]);
    }

    #[test]
    fn tags_get_the_sign_they_lack_and_keep_their_places() {
        let source = "bread, #rye;oven";
        let mut whole = MappedText::new();
        whole.push_linear(source, 0);
        let (text, map) = whole.finish();
        let mut tags = MappedText::new();
        push_tags(&mut tags, &text, &map);
        let (tags, map) = tags.finish();
        assert_eq!(tags, "#bread #rye #oven");
        let place = map.to_source(TextSpan::of(7..11));
        assert_eq!(&source[place.range()], "#rye");
        let place = map.to_source(TextSpan::of(0..6));
        assert_eq!(&source[place.range()], "bread");
    }
}
