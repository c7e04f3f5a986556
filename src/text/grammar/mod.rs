//! What mentions, hashtags, cashtags, links and addresses look like, network by network.
//!
//! The grammars disagree (`#a,b` is one tag on Bluesky, `@user` alone is nobody there), so the platform decides.
//! Does not know words or sentences. Invariant: what [`entities`] gives rises without overlap and holds no space.

pub mod bluesky;
pub mod mastodon;
mod punycode;
pub mod tld;
pub mod x;
mod x_url;

/// Bytes that a link may have behind its scheme before its end is no longer looked for closely.
const LONGEST_URL: usize = 4096;

use std::ops::Range;

use super::{Platform, TokenKind};

/// A mention, tag, link or address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Which of them.
    pub kind: TokenKind,
    /// Where it stands, in bytes, its sign included.
    pub span: Range<usize>,
}

/// Whose rules hold. The networks whose grammar nobody published share one that is generous with names and tags
/// and has no cashtags, since those networks have none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grammar {
    X,
    Bluesky,
    Mastodon,
    Any,
    Plain,
}

impl Grammar {
    const fn of(platform: Option<Platform>) -> Self {
        match platform {
            None => Self::Any,
            Some(Platform::X) => Self::X,
            Some(Platform::Bluesky) => Self::Bluesky,
            Some(Platform::Mastodon) => Self::Mastodon,
            Some(_) => Self::Plain,
        }
    }

    fn mention_at(self, text: &str, at: usize) -> Option<usize> {
        match self {
            Self::X => x::mention_at(text, at),
            Self::Bluesky => bluesky::mention_at(text, at),
            Self::Mastodon => mastodon::mention_at(text, at),
            Self::Any | Self::Plain => {
                // A hyphen behind a name without a server starts another word: `@jo-led`.
                let local = |end: usize| {
                    let name = text.get(at + 1..end)?;
                    let hyphen = if name.contains('@') { None } else { name.find('-') };
                    Some(hyphen.map_or(end, |length| at + 1 + length))
                };
                let mastodon = mastodon::mention_at(text, at).and_then(local);
                [x::mention_at(text, at), bluesky::mention_at(text, at), mastodon].into_iter().flatten().max()
            }
        }
    }

    fn hashtag_at(self, text: &str, at: usize) -> Option<usize> {
        match self {
            Self::X => x::hashtag_at(text, at),
            Self::Bluesky => bluesky::hashtag_at(text, at),
            Self::Mastodon => mastodon::hashtag_at(text, at),
            Self::Any | Self::Plain => {
                // A run of tags without spaces is several tags to all but Bluesky: `#one,#two`.
                let tail = text.get(at + 1..).unwrap_or_default();
                let next = tail.find(['#', '＃']).map_or(text.len(), |length| at + 1 + length);
                let bluesky = bluesky::hashtag_at(text.get(..next).unwrap_or(text), at);
                [x::hashtag_at(text, at), bluesky, mastodon::hashtag_at(text, at)].into_iter().flatten().max()
            }
        }
    }

    fn cashtag_at(self, text: &str, at: usize) -> Option<usize> {
        match self {
            Self::X => x::cashtag_at(text, at),
            Self::Bluesky => bluesky::cashtag_at(text, at),
            Self::Any => x::cashtag_at(text, at).max(bluesky::cashtag_at(text, at)),
            Self::Mastodon | Self::Plain => None,
        }
    }
}

/// Adds to `found` what the grammar of `platform` finds in `text`: of two that overlap the one that starts
/// first, of two that start together the longer one.
pub fn entities(text: &str, platform: Option<Platform>, found: &mut Vec<Entity>) {
    let grammar = Grammar::of(platform);
    let from = found.len();
    let mut linked = 0;
    let mut add = |kind, span| found.push(Entity { kind, span });
    for (at, sign) in text.char_indices() {
        match sign {
            '@' | '＠' => {
                if let Some(end) = grammar.mention_at(text, at) {
                    add(TokenKind::Mention, at..end);
                }
                if let Some(span) = email_around(text, at) {
                    add(TokenKind::Email, span);
                }
            }
            '#' | '＃' => {
                if let Some(end) = grammar.hashtag_at(text, at) {
                    add(TokenKind::Hashtag, at..end);
                }
            }
            '$' => {
                if let Some(end) = grammar.cashtag_at(text, at) {
                    add(TokenKind::Cashtag, at..end);
                }
            }
            ':' if grammar != Grammar::X && at >= linked => {
                if let Some(span) = schemed_around(text, at) {
                    linked = span.end;
                    add(TokenKind::Url, span);
                }
            }
            _ => {}
        }
    }
    for span in x::urls(text) {
        if grammar == Grammar::X || !is_forgotten_space(&text[span.clone()]) {
            add(TokenKind::Url, span);
        }
    }
    keep_first(found, from);
}

/// Top-level domains that are everyday words.
const WORDS: [&str; 24] = [
    "am", "as", "at", "be", "by", "do", "here", "how", "in", "is", "it", "like", "my", "no", "now", "one", "open",
    "so", "to", "us", "we", "you", "vote", "xxx",
];

/// `sleep well.you too`: two small words around a period are two sentences more often than a link. X itself links
/// them all.
fn is_forgotten_space(url: &str) -> bool {
    let small = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    url.split_once('.').is_some_and(|(word, label)| small(word) && WORDS.contains(&label))
}

fn keep_first(found: &mut Vec<Entity>, from: usize) {
    if let Some(new) = found.get_mut(from..) {
        new.sort_by_key(|entity| (entity.span.start, std::cmp::Reverse(entity.span.end)));
    }
    let (mut index, mut end) = (0, 0);
    found.retain(|entity| {
        index += 1;
        let kept = index <= from || entity.span.start >= end;
        if kept && index > from {
            end = entity.span.end;
        }
        kept
    });
}

/// The e-mail address whose sign stands at byte `at`: a name of ASCII and a domain name under a known top-level
/// domain. Not behind another `@`, which makes a name on a server.
fn email_around(text: &str, at: usize) -> Option<Range<usize>> {
    let name = |b: &u8| b.is_ascii_alphanumeric() || b"._%+-".contains(b);
    let bytes = text.as_bytes();
    // Limits of RFC 5321; they also keep the search short.
    let length = bytes.get(..at)?.iter().rev().take(65).take_while(|b| name(b)).count();
    let mut start = at - length;
    start += bytes[start..at].iter().take_while(|b| !b.is_ascii_alphanumeric()).count();
    if start == at || length > 64 {
        return None;
    }
    if start > 0 && bytes[start - 1] == b'@' {
        return None;
    }
    let end = domain_end(text, at + 1)?;
    (bytes.get(end) != Some(&b'@')).then_some(start..end)
}

/// The end of the ASCII domain name that starts at byte `start`, under a known top-level domain.
fn domain_end(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    let length = rest.bytes().take(255).take_while(|b| b.is_ascii_alphanumeric() || b"-.".contains(b)).count();
    let run = &rest[..length];
    let mut end = None;
    let mut label = 0;
    for piece in run.split('.') {
        if piece.is_empty() || piece.starts_with('-') {
            break;
        }
        if label > 0
            && let Some(size) = tld::at_start(&rest[label..])
            && size <= piece.len()
        {
            end = Some(start + label + size);
        }
        if piece.ends_with('-') {
            break;
        }
        label += piece.len() + 1;
    }
    end
}

/// A link with any scheme, around the colon at byte `at`: up to the next space or mark that cannot stand in one,
/// trailing punctuation left out.
fn schemed_around(text: &str, at: usize) -> Option<Range<usize>> {
    let tail = text.get(at..)?.strip_prefix("://")?;
    let scheme = text[..at].bytes().rev().take(32).take_while(|b| b.is_ascii_alphanumeric() || b"+.-".contains(b));
    let mut start = at - scheme.count();
    start += text[start..at].bytes().take_while(|b| !b.is_ascii_alphabetic()).count();
    let named = tail.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    if !named || at < start + 2 {
        return None;
    }
    let tail = text.get(at + 3..at + 3 + LONGEST_URL).unwrap_or(tail);
    let length = tail.find(|c: char| c.is_whitespace() || "<>\"`“”«»\u{FFFC}".contains(c)).unwrap_or(tail.len());
    let body = trim_marks(&tail[..length]);
    (!body.is_empty()).then_some(start..at + 3 + body.len())
}

/// Leaves out punctuation at the end, and closing brackets that nothing opened.
fn trim_marks(mut body: &str) -> &str {
    let surplus = |open: char, close: char| body.matches(close).count().saturating_sub(body.matches(open).count());
    let (mut round, mut square) = (surplus('(', ')'), surplus('[', ']'));
    while let Some(last) = body.chars().next_back() {
        match last {
            ')' if round > 0 => round -= 1,
            ']' if square > 0 => square -= 1,
            '.' | ',' | ':' | ';' | '!' | '?' | '\'' | '’' | '…' | '*' | '_' | '|' | '}' | '。' | '、' => {}
            _ => break,
        }
        body = &body[..body.len() - last.len_utf8()];
    }
    body
}

fn char_before(text: &str, at: usize) -> Option<char> {
    text.get(..at).and_then(|before| before.chars().next_back())
}

fn char_after(text: &str, at: usize) -> Option<char> {
    text.get(at..).and_then(|after| after.chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(platform: Option<Platform>, text: &str, expected: &str) {
        let mut found = Vec::new();
        entities(text, platform, &mut found);
        let found: Vec<String> = found.iter().map(|e| format!("{:?} {}", e.kind, &text[e.span.clone()])).collect();
        assert_eq!(found.join(" | "), expected, "{text:?} on {platform:?}");
    }

    const X: Option<Platform> = Some(Platform::X);
    const BLUESKY: Option<Platform> = Some(Platform::Bluesky);
    const MASTODON: Option<Platform> = Some(Platform::Mastodon);
    const LINKEDIN: Option<Platform> = Some(Platform::Linkedin);

    #[test]
    fn a_mention_is_what_the_network_links() {
        check(X, "@jo @jo.bsky.social @jo@example.org", "Mention @jo | Mention @jo");
        check(BLUESKY, "@jo @jo.bsky.social. @jo@example.org", "Mention @jo.bsky.social");
        check(MASTODON, "@jo @jo@example.org!", "Mention @jo | Mention @jo@example.org");
        check(
            None,
            "@jo @jo.bsky.social @jo@example.org",
            "Mention @jo | Mention @jo.bsky.social | Mention @jo@example.org",
        );
    }

    #[test]
    fn a_tag_is_what_the_network_links() {
        check(X, "#a,b double#rainbow #412", "Hashtag #a");
        check(BLUESKY, "#a,b double#rainbow #412", "Hashtag #a,b");
        check(MASTODON, "#a,b #col·lab (#no)", "Hashtag #a | Hashtag #col·lab");
        check(
            None,
            "#one,#two #build-in-public C# #412",
            "Hashtag #one | Hashtag #two | Hashtag #build-in-public",
        );
    }

    #[test]
    fn a_cashtag_is_what_the_network_links() {
        check(X, "$ABC $ABC.D $AB12", "Cashtag $ABC | Cashtag $ABC.D");
        check(BLUESKY, "$ABC $AB12", "Cashtag $ABC | Cashtag $AB12");
        check(LINKEDIN, "$ABC", "");
    }

    #[test]
    fn an_address_is_no_link_and_no_mention() {
        check(None, "mail jo.smith+x@mail.example.org.", "Email jo.smith+x@mail.example.org");
        check(X, "jo@example.org", "Email jo@example.org");
        check(X, "@jo@example.org", "");
        check(None, "jo@localhost", "");
    }

    #[test]
    fn a_link_ends_before_trailing_marks() {
        check(None, "(https://example.org/a_(b)).", "Url https://example.org/a_(b)");
        check(None, "gemini://example.org/東京, ok", "Url gemini://example.org/東京");
        check(None, "http://localhost:80/x?y=1#z", "Url http://localhost:80/x?y=1#z");
        check(X, "http://localhost", "");
        check(None, "example.org/#tag and medium.com/@jo", "Url example.org/#tag | Url medium.com/@jo");
        check(None, "note: //x or a://", "");
    }

    proptest! {
        #[test]
        fn entities_rise_and_hold_no_space(text in "[a-zé@#$.:/_ ＃&()，\u{200d}\u{1F600}-]{0,40}", n in 0..5_usize) {
            let mut found = Vec::new();
            entities(&text, [None, X, BLUESKY, MASTODON, LINKEDIN][n], &mut found);
            let mut end = 0;
            for entity in found {
                prop_assert!(end <= entity.span.start && entity.span.start < entity.span.end);
                let piece = text.get(entity.span.clone());
                prop_assert!(piece.is_some_and(|piece| !piece.contains(char::is_whitespace)));
                end = entity.span.end;
            }
        }
    }
}
