//! Floor 4: what a queue wants to know of a post.
//!
//! Small, since a queue may hold years of posts: verdict, people, links, and hashes of words in place of the words.
//! Judges no queue. Invariant: which findings mention somebody, ask something or are asks is said by the rules of queues;
//! no rule is known here by its name.

use std::ops::Range;
use std::sync::Arc;

use super::{Context, Draft, Linter, Policy};
use crate::document::{Post, PostKind};
use crate::matcher::{Match, Reading, TokenRange, canonical};
use crate::report::PostReport;
use crate::rule::{Class, Classes, QueueKind, RuleSet, Selector};
use crate::score::Verdict;
use crate::text::hash::Fnv;
use crate::text::{Platform, Source, Span, TokenFlags, TokenKind};

/// A post as its queue sees it.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Where it stands.
    pub source: Arc<Source>,
    /// Its first words there.
    pub span: Span,
    /// Where in the source, in words, if they say more than a line does.
    pub locator: Option<Arc<str>>,
    /// Where it promotes most, or else its first words.
    pub place: Span,
    /// Post, reply or share.
    pub kind: PostKind,
    /// Its networks.
    pub platforms: Vec<Platform>,
    /// Name of its account.
    pub account: Option<String>,
    /// What it reads as.
    pub verdict: Verdict,
    /// 0 to 100.
    pub promotion: f64,
    /// 0 to 100.
    pub conversation: f64,
    /// Whether it is declared a pitch, which counts as promotional.
    pub pitch: bool,
    /// Whether somebody else is mentioned, thanked, credited or remembered, or somebody else's work passed on.
    pub talks_to_others: bool,
    /// Names and handles of others, as written, each once.
    pub others: Vec<String>,
    /// Whether it asks readers something.
    pub asks: bool,
    /// Its links, in order.
    pub links: Vec<TurnLink>,
    /// Hashes of its word triples, sorted, each once; of all its words where it has fewer than three. None where it promotes
    /// nothing: only pitches are compared.
    pub shingles: Vec<u64>,
    /// Its asks by a hash of their words, and where they stand.
    pub calls: Vec<(u64, Span)>,
    /// A hash of the whole text, marks and emoji aside.
    pub text: u64,
}

/// How far a post promotes, to its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promotes {
    /// As one pitch.
    Fully,
    /// As part of one.
    Half,
    /// Not at all.
    No,
}

impl Promotes {
    /// Of what a post is, what it reads as, and whether it is declared a pitch.
    #[must_use]
    pub fn of(kind: PostKind, verdict: Verdict, pitch: bool) -> Self {
        match (kind, verdict) {
            _ if pitch => Self::Fully,
            // What somebody else wrote is theirs to promote; an answer is conversation, unless it is an advertisement.
            (PostKind::Share, _) => Self::No,
            (_, Verdict::Promotional) => Self::Fully,
            (PostKind::Post, Verdict::Mixed) => Self::Half,
            (_, Verdict::Mixed | Verdict::Conversational | Verdict::Unjudged) => Self::No,
        }
    }
}

impl Turn {
    /// How far it promotes.
    #[must_use]
    pub fn promotes(&self) -> Promotes {
        Promotes::of(self.kind, self.verdict, self.pitch)
    }
}

/// A link of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnLink {
    /// Host and path, without what only counts readers.
    pub address: String,
    /// Whether it leads to what is the account's own.
    pub own: bool,
    /// Where it stands.
    pub span: Span,
}

/// How many words stand for a post.
const FIRST_WORDS: usize = 8;

/// How many names of others are kept.
const MOST_OTHERS: usize = 8;

impl Linter {
    /// What [`Turn::text`] will be, for much less than the whole turn.
    #[must_use]
    pub fn text_hash(&self, post: &Post, context: &Context, policy: &Policy) -> u64 {
        self.read(post, context, policy).text()
    }

    /// As [`Linter::lint`], with what a queue wants to know of the post.
    #[must_use]
    pub fn lint_turn(&self, post: &Post, context: &Context, policy: &Policy) -> (PostReport, Turn) {
        let mut draft = self.read(post, context, policy);
        let matches = self.matches(&mut draft, context);
        let told = Told::of(&self.rules, &draft, &matches);
        let (mut report, _) = self.report(&draft, matches, context, usize::MAX);
        let turn = draft.turn(&report, told);
        report.keep_gravest(policy.most_findings);
        report.suppressed = self.suppressed_in(&mut draft, context);
        (report, turn)
    }
}

/// What the findings tell a queue.
struct Told {
    others: bool,
    asks: bool,
    calls: Vec<(u64, Span)>,
}

impl Told {
    fn of(rules: &RuleSet, draft: &Draft<'_>, matches: &[Match]) -> Self {
        let mut told = Self { others: false, asks: false, calls: Vec::new() };
        let selects =
            |list: &[Selector], found: &Match| list.iter().any(|&selector| rules.selects(selector, found.rule));
        for (_, queue) in rules.of_queues() {
            match queue {
                QueueKind::Absent { others, asks, .. } => {
                    told.others |= matches.iter().any(|found| selects(others, found));
                    told.asks |= matches.iter().any(|found| selects(asks, found));
                }
                QueueKind::Duplicate { asks, .. } => {
                    for found in matches.iter().filter(|found| selects(asks, found)) {
                        let call = (draft.hash(found.place), draft.span(found.place));
                        if told.calls.iter().all(|(known, _)| *known != call.0) {
                            told.calls.push(call);
                        }
                    }
                }
                _ => {}
            }
        }
        told
    }
}

impl Draft<'_> {
    fn turn(&self, report: &PostReport, told: Told) -> Turn {
        let span = self.first_words();
        let heaviest = report.findings.iter().filter(|finding| !finding.credit && finding.judges);
        // The verdict stands first, and its first label is where the post promotes most.
        let verdict = heaviest.clone().find(|finding| finding.verdict.is_some());
        let heaviest = verdict.or_else(|| heaviest.max_by(|a, b| a.points.total_cmp(&b.points)));
        let place = heaviest.and_then(|finding| finding.diagnostic.labels.first()).map(|label| label.span);
        let promotes = Promotes::of(self.post.kind, report.score.verdict, self.pitch);
        Turn {
            source: Arc::clone(&self.post.source),
            span,
            locator: self.post.locator.words(),
            place: place.unwrap_or(span),
            kind: self.post.kind,
            platforms: report.platforms.clone(),
            account: report.account.clone(),
            verdict: report.score.verdict,
            promotion: report.score.promotion,
            conversation: report.score.conversation,
            pitch: self.pitch,
            talks_to_others: told.others || self.post.kind != PostKind::Post || self.is_addressed(report),
            others: self.others(),
            asks: told.asks,
            links: self.links(),
            shingles: if promotes == Promotes::No { Vec::new() } else { self.shingles() },
            calls: told.calls,
            text: self.text(),
        }
    }

    /// Whether it mentions somebody else by a handle, and is no advertisement that tags people.
    fn is_addressed(&self, report: &PostReport) -> bool {
        let mut classes = self.readings.iter().flat_map(|reading| &reading.classes);
        report.score.verdict != Verdict::Promotional && classes.any(|&classes| is_handle(classes))
    }

    fn first_words(&self) -> Span {
        let start = Span::new(self.post.start, self.post.start);
        let Some((part, reading)) =
            self.readings.iter().enumerate().find(|(_, reading)| !reading.tokens.is_empty())
        else {
            return start;
        };
        let tokens = reading.tokens.as_slice();
        let line = tokens.iter().skip(1).take_while(|token| !token.flags.has(TokenFlags::LINE_START)).count() + 1;
        self.span(TokenRange::new(part, 0..line.min(FIRST_WORDS)))
    }

    fn hash(&self, place: TokenRange) -> u64 {
        let reading = self.readings.get(usize::from(place.part));
        let words = reading.into_iter().flat_map(|reading| words(reading, place.tokens()));
        hash(words)
    }

    fn shingles(&self) -> Vec<u64> {
        let mut shingles = Vec::new();
        let mut all = Vec::new();
        for reading in &self.readings {
            let words: Vec<&str> = words(reading, 0..reading.tokens.len()).collect();
            shingles.extend(words.windows(3).map(|triple| hash(triple.iter().copied())));
            all.extend(words);
        }
        if shingles.is_empty() && !all.is_empty() {
            shingles.push(hash(all.into_iter()));
        }
        shingles.sort_unstable();
        shingles.dedup();
        shingles
    }

    fn text(&self) -> u64 {
        let spoken = |reading: &Reading, index: usize| {
            let kind = reading.tokens.as_slice().get(index).map(|token| token.kind);
            !matches!(kind, Some(TokenKind::Punctuation | TokenKind::Emoji) | None)
        };
        hash(self.readings.iter().flat_map(|reading| {
            let tokens = (0..reading.tokens.len()).filter(move |&index| spoken(reading, index));
            // What is a mention on one network is a word on another.
            tokens.map(|index| reading.tokens.folded(index).trim_start_matches(['@', '#']))
        }))
    }

    fn links(&self) -> Vec<TurnLink> {
        let mut links = Vec::new();
        for (part, reading) in self.readings.iter().enumerate() {
            for (index, token) in reading.tokens.as_slice().iter().enumerate() {
                if token.kind == TokenKind::Url {
                    let place = TokenRange::new(part, index..index + 1);
                    let url = self.words(place);
                    links.push(TurnLink {
                        address: canonical(&url),
                        own: self.marks.owns(&url),
                        span: self.span(place),
                    });
                }
            }
            let hidden = self.post.parts.get(part).into_iter().flat_map(|part| &part.links);
            links.extend(hidden.map(|link| {
                let url = link.url(&self.post.source);
                TurnLink { address: canonical(url), own: self.marks.owns(url), span: link.raw }
            }));
        }
        links
    }

    /// Handles, and names as far as they are one: `Mrs. Alvarez` stays two words with their mark.
    fn others(&self) -> Vec<String> {
        let mut others: Vec<String> = Vec::new();
        for (part, reading) in self.readings.iter().enumerate() {
            let mut index = 0;
            while index < reading.classes.len() && others.len() < MOST_OTHERS {
                let end = (index..reading.classes.len()).find(|&next| !is_name(reading.classes[next]));
                let end = end.unwrap_or(reading.classes.len());
                if end > index {
                    let name = self.words(TokenRange::new(part, index..end));
                    if !others.contains(&name) {
                        others.push(name);
                    }
                } else if is_handle(reading.classes[index]) {
                    let name = self.words(TokenRange::new(part, index..index + 1));
                    if !others.contains(&name) {
                        others.push(name);
                    }
                }
                index = end.max(index + 1);
            }
        }
        others
    }
}

fn is_other(classes: Classes) -> bool {
    let own = [Class::Author, Class::Own, Class::Partner].iter().any(|&class| classes.has(class));
    classes.has(Class::Other) && !own
}

fn is_name(classes: Classes) -> bool {
    is_other(classes) && classes.has(Class::Name)
}

fn is_handle(classes: Classes) -> bool {
    is_other(classes) && classes.has(Class::Mention)
}

/// The folded words of a range of tokens, figures among them.
fn words(reading: &Reading, range: Range<usize>) -> impl Iterator<Item = &str> {
    let is_word = |index: &usize| {
        let kind = reading.tokens.as_slice().get(*index).map(|token| token.kind);
        matches!(kind, Some(TokenKind::Word | TokenKind::Number | TokenKind::Money))
    };
    range.filter(is_word).map(|index| reading.tokens.folded(index))
}

/// FNV-1a over words and the borders between them.
fn hash<'a>(words: impl Iterator<Item = &'a str>) -> u64 {
    let mut hash = Fnv::new();
    for word in words {
        hash.add(word.as_bytes());
        hash.add(&[0]);
    }
    hash.value()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{AccountKind, IdentityKeys, Intent};
    use crate::identity::Account;

    fn turn(text: &str) -> Turn {
        turn_of(text, Intent::default())
    }

    fn pitch(text: &str) -> Turn {
        turn_of(text, Intent::Pitch)
    }

    fn turn_of(text: &str, intent: Intent) -> Turn {
        let source = Arc::new(Source::from_text("a.txt", text));
        let keys = IdentityKeys {
            kind: AccountKind::Person,
            names: vec!["Sam Rivers".to_owned()],
            handles: vec!["@samrivers".to_owned()],
            products: vec!["Acme".to_owned()],
            partners: vec!["@lumaskin".to_owned()],
            domains: vec!["acme.dev".to_owned()],
        };
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let policy = Policy::of(linter.rules());
        let context = Context { account: Account::new(None, keys), intent, ..Context::default() };
        let (report, turn) = linter.lint_turn(&Post::of_text(&source), &context, &policy);
        assert_eq!(turn.text, linter.text_hash(&Post::of_text(&source), &context, &policy));
        assert_eq!(
            format!("{report:?}"),
            format!("{:?}", linter.lint(&Post::of_text(&source), &context, &policy))
        );
        turn
    }

    #[track_caller]
    fn check(text: &str, talks: bool, asks: bool, others: &[&str]) {
        let turn = turn(text);
        assert_eq!((turn.talks_to_others, turn.asks), (talks, asks), "{text}");
        assert_eq!(turn.others, others, "{text}");
    }

    #[test]
    fn people_are_seen_and_questions_heard() {
        check("Slow builds are a design problem.", false, false, &[]);
        check("Which stitch would nobody knit again?", false, true, &[]);
        check("Thank you, Jo, for carrying the anvil up the stairs.", true, false, &["Jo"]);
        check("Ask @jo@mastodon.example, who tunes these organs by ear.", true, false, &["@jo@mastodon.example"]);
        check("Which bulb did you plant on day 1, @noor?", true, true, &["@noor"]);
        check("Sign up now, link in bio! @noor @ines @jo", false, false, &["@noor", "@ines", "@jo"]);
        check("Sam Rivers, @samrivers and @lumaskin made Acme.", false, false, &[]);
    }

    #[test]
    fn links_are_kept_by_their_address() {
        let links: Vec<(String, bool)> = turn("https://www.acme.dev/a/?utm_source=x and https://mara.example/B#c")
            .links
            .into_iter()
            .map(|link| (link.address, link.own))
            .collect();
        assert_eq!(links, [("acme.dev/a".to_owned(), true), ("mara.example/B".to_owned(), false)]);
    }

    #[test]
    fn words_are_kept_by_threes_whatever_their_dress() {
        let plain = pitch("The kiln is warm again today");
        assert_eq!(plain.shingles.len(), 4);
        assert_eq!(plain.shingles, pitch("the KILN is warm, again: today! 🔥").shingles);
        assert_eq!(plain.text, pitch("the KILN is warm, again: today! 🔥").text);
        assert_ne!(plain.text, pitch("The kiln is warm again tomorrow").text);
        assert_eq!(pitch("Warm again").shingles.len(), 1);
        assert!(pitch("🔥 https://acme.dev").shingles.is_empty());
        // Only what promotes is compared.
        assert_eq!(turn("The kiln is warm again today").promotes(), Promotes::No);
        assert!(turn("The kiln is warm again today").shingles.is_empty());
    }

    #[test]
    fn asks_are_kept_by_their_words() {
        let (one, other) = (turn("New lamps. Book a demo today!"), turn("Copper is back. BOOK A DEMO today"));
        let words = |turn: &Turn| turn.calls.iter().map(|call| call.0).collect::<Vec<_>>();
        assert!(!one.calls.is_empty());
        assert_eq!(words(&one), words(&other));
    }

    #[test]
    fn a_post_is_pointed_at_where_it_promotes_most() {
        let turn = turn("The rain has stopped.\nSign up now, link in bio!");
        assert_eq!(turn.source.slice(turn.span), "The rain has stopped.");
        assert!(turn.place.start() > turn.span.end());
        assert_eq!(turn.verdict, Verdict::Promotional);
    }

    #[test]
    fn in_a_queue_the_budget_decides() {
        let source =
            Arc::new(Source::from_text("a.txt", "Thrilled to announce our app! Sign up now, link in bio."));
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let mut policy = Policy::of(linter.rules());
        policy.levels.iter_mut().zip(linter.rules().rules()).for_each(|(level, rule)| {
            *level =
                if rule.category() == "verdict" { *level } else { (*level).min(crate::diagnostic::Level::Note) };
        });
        let lint = |context: Context| linter.lint(&Post::of_text(&source), &context, &policy);
        let alone = lint(Context::default());
        let queued = lint(Context { queued: true, ..Context::default() });
        assert!(!alone.pass && queued.pass);
        assert_eq!(queued.findings[0].diagnostic.level, crate::diagnostic::Level::Note);
        assert_eq!(alone.score, queued.score);
        let pitch = Context { intent: Intent::Pitch, ..Context::default() };
        assert!(linter.lint_turn(&Post::of_text(&source), &pitch, &policy).1.pitch);
    }
}
