//! From hits to matches, one function a kind of rule.
//!
//! Invariant: a match of a kind without a place of its own points at its evidence, never at the whole post.

use std::ops::Range;

use smallvec::SmallVec;

use super::facts::counts as counts_as_word;
use super::hits::Hits;
use super::places::{Places, longest};
use super::spot::{spot, starts_in};
use super::{Match, Measured, Reading, Search, TokenRange, address, guards, length, lexicon};
use crate::rule::tables::Slot;
use crate::rule::{Class, Classes, Count, Kind, LengthOf, LinkOf, Rule, RuleId, Selector, Text, Thresholds};
use crate::text::TokenKind;
use crate::text::spread::{BATCH, Spread, gather, in_order};

/// How many places of one match are kept beside the first.
const MAX_EVIDENCE: usize = 12;

/// Most posts have no more matches.
const USUAL: usize = 10;

/// Matches of all kinds that do not read findings; guards that do are not asked yet.
pub(super) fn candidates(search: &Search<'_>, mut hits: Hits, applies: &dyn Fn(RuleId) -> bool) -> Vec<Match> {
    let mut found = Vec::with_capacity(USUAL);
    let have_spilled = hits.have_spilled();
    let mut add = |hits: &mut Hits, id: RuleId, main: &mut dyn FnMut(&Hits) -> Places| {
        by_hits(search, hits, id, main, &mut found);
        // These are asked about once more below.
        if have_spilled && !matches!(search.rules.rule(id).kind, Kind::Link { .. } | Kind::Absent) {
            hits.forget(id);
        }
    };
    let rules = hits.rules();
    if have_spilled && search.spread.threads() > 1 {
        for rules in rules.chunks(RULES) {
            let passing = all_passing(search, &hits, rules);
            for (&id, mut main) in rules.iter().zip(passing) {
                add(&mut hits, id, &mut |_| std::mem::take(&mut main));
            }
        }
    } else {
        for &id in &rules {
            add(&mut hits, id, &mut |hits| passing(search, hits, id, hits.of(id, Slot::Main)));
        }
    }
    let hits = &hits;
    lexicon::entries(search, hits, &mut found);
    for (id, rule) in search.rules.measuring().map(|id| (id, search.rules.rule(id))) {
        let excused = |id: RuleId| hits.of(id, Slot::Unless).iter().any(|&hit| search.excuses(id, hit));
        let applies = |id: RuleId| applies(id) && !excused(id);
        match &rule.kind {
            Kind::Count(count) if count.class.is_some_and(|class| search.has(class)) && applies(id) => {
                found.extend(class_count(search, id, count));
            }
            Kind::Ratio { of, to, at_least, thresholds } if applies(id) => {
                let thresholds = search.setting.thresholds.get(&id).unwrap_or(thresholds);
                found.extend(ratio(search, id, (*of, *to), *at_least, thresholds));
            }
            Kind::Link { of, to, min_words, max_words }
                if applies(id)
                    && (u32::from(*min_words)..=u32::from(*max_words)).contains(&search.facts.core_words) =>
            {
                links(search, hits, id, (*of, to), &mut found);
            }
            Kind::Length(LengthOf::Post) if applies(id) => found.extend(length::too_long(search, id)),
            Kind::Absent if applies(id) && hits.of(id, Slot::Main).is_empty() => {
                found.extend(absent(search, id));
            }
            _ => {}
        }
    }
    found
}

/// The hits of so many rules have their guards asked on all threads at a time: few at once take little room beside the rest.
const RULES: usize = 64;

/// Of these main hits of a rule those that its guards let pass.
fn passing(search: &Search<'_>, hits: &Hits, id: RuleId, main: &[TokenRange]) -> Places {
    main.iter().copied().filter(|&place| guards::passes(search, hits, id, place)).collect()
}

/// The same of each of these rules.
fn all_passing(search: &Search<'_>, hits: &Hits, rules: &[RuleId]) -> Vec<Places> {
    let mut all = vec![Places::new(); rules.len()];
    let pieces =
        |(number, id): (usize, &RuleId)| hits.of(*id, Slot::Main).chunks(BATCH).map(move |some| (number, some));
    let pieces: Vec<(usize, &[TokenRange])> = rules.iter().enumerate().flat_map(pieces).collect();
    let work =
        |(number, places): &(usize, &[TokenRange])| (*number, passing(search, hits, rules[*number], places));
    in_order(search.spread, &pieces, work, |(number, places)| all[number].extend(places));
    all
}

/// The matches of a rule that stand where its hits do; `main` gives those of the main list that its guards let pass.
fn by_hits(
    search: &Search<'_>,
    hits: &Hits,
    id: RuleId,
    main: &mut dyn FnMut(&Hits) -> Places,
    found: &mut Vec<Match>,
) {
    let mut main = || main(hits);
    let rule = search.rules.rule(id);
    match &rule.kind {
        Kind::Phrases | Kind::Patterns(_) => {
            found.extend(longest(main()).into_iter().map(|place| Match::plain(id, place)));
        }
        Kind::PhraseAt(at) => {
            let spot = spot(search, *at);
            let places = main().into_iter().filter(|&place| starts_in(place, spot)).collect();
            found.extend(longest(places).into_iter().map(|place| Match::plain(id, place)));
        }
        Kind::Near { within, sentences } => {
            let within = u32::from(*within);
            let seconds = hits.of(id, Slot::Second);
            let longest = seconds.iter().map(|second| second.len()).max().unwrap_or(0);
            let window = |a: TokenRange| TokenRange {
                first: a.first.saturating_sub(within + longest),
                end: a.end.saturating_add(within + 1),
                ..a
            };
            let reaches = |a: TokenRange, b: TokenRange| {
                near(search, a, b, within, usize::from(*sentences)) && counts(search, rule, a, b)
            };
            pairs(search.spread, main(), seconds, id, window, reaches, found);
        }
        Kind::Sequence => {
            let window = |a: TokenRange| next_sentence(search, a);
            let reaches = |a: TokenRange, b: TokenRange| counts(search, rule, a, b);
            pairs(search.spread, main(), hits.of(id, Slot::Second), id, window, reaches, found);
        }
        Kind::Count(count) if count.class.is_none() => {
            let counts = |place: &TokenRange| !rule.credit || !search.closes(*place);
            let places = longest(main().into_iter().filter(counts).collect());
            found.extend(counted(search, id, count, places));
        }
        _ => {}
    }
}

/// The second phrase of a pair is asked for quotes only, and for what stands aside: a disclosure makes no promotion, and
/// a closing question earns nothing for what stands before it.
fn counts(search: &Search<'_>, rule: &Rule, first: TokenRange, second: TokenRange) -> bool {
    let quoted = &search.readings[second.part as usize].quoted;
    let aside = match rule.credit {
        true => search.closes(second) && !search.closes(first),
        false => search.discloses(second),
    };
    !aside && (!rule.guards.skip_quotes || !second.tokens().any(|index| quoted.has(index)))
}

/// Each first with the nearest second that it reaches; a match stands on the first. `window` tells where a second
/// must start.
fn pairs(
    spread: &dyn Spread,
    firsts: Places,
    seconds: &[TokenRange],
    id: RuleId,
    window: impl Fn(TokenRange) -> TokenRange + Sync,
    reaches: impl Fn(TokenRange, TokenRange) -> bool + Sync,
    found: &mut Vec<Match>,
) {
    let nearest = |first: TokenRange| {
        let window = window(first);
        let from = seconds.partition_point(|second| (second.part, second.first) < (window.part, window.first));
        let near =
            seconds[from..].iter().take_while(|second| (second.part, second.first) < (window.part, window.end));
        let mut best: Option<TokenRange> = None;
        for &second in near.filter(|&&second| reaches(first, second)) {
            let distance = |second: TokenRange| first.first.abs_diff(second.first);
            if best.is_none_or(|best| distance(second) < distance(best)) {
                best = Some(second);
            }
            // Those behind it are further away.
            if second.first >= first.first {
                break;
            }
        }
        best
    };
    let reaching = |firsts: &[TokenRange], reaching: &mut Places| {
        reaching.extend(firsts.iter().copied().filter(|&first| nearest(first).is_some()));
    };
    let firsts = gather(spread, &firsts, reaching, Extend::extend);
    for first in longest(firsts) {
        found.push(Match { evidence: nearest(first).into_iter().collect(), ..Match::plain(id, first) });
    }
}

fn near(search: &Search<'_>, a: TokenRange, b: TokenRange, within: u32, sentences: usize) -> bool {
    if a.part != b.part || a.overlaps(b) {
        return false;
    }
    let between = b.first.saturating_sub(a.end).max(a.first.saturating_sub(b.end));
    let tokens = &search.readings[a.part as usize].tokens;
    let apart = tokens.sentence_of(a.first as usize).abs_diff(tokens.sentence_of(b.first as usize));
    between <= within && apart <= sentences
}

/// The tokens of the sentence behind that of a place; empty behind the last.
fn next_sentence(search: &Search<'_>, place: TokenRange) -> TokenRange {
    let tokens = &search.readings[place.part as usize].tokens;
    let next = tokens.sentences().get(tokens.sentence_of(place.first as usize) + 1);
    let range = next.map_or(0..0, |sentence| sentence.tokens());
    TokenRange { part: place.part, ..TokenRange::new(0, range) }
}

fn class_count(search: &Search<'_>, id: RuleId, count: &Count) -> Option<Match> {
    let class = count.class?;
    let guards = &search.rules.rule(id).guards;
    let mut places = Places::new();
    for (part, reading) in search.readings.iter().enumerate() {
        let tokens = (0..reading.classes.len())
            .filter(|&index| reading.classes[index].has(class) && !reading.aside.discloses(index))
            .filter(|&index| !(guards.skip_quotes && reading.quoted.has(index)));
        let tokens: SmallVec<[usize; 8]> = tokens.collect();
        let mut index = 0;
        while let Some(&token) = tokens.get(index) {
            // A name of several words counts once.
            let len = if matches!(class, Class::Own | Class::Author | Class::Partner) {
                reading.shipped().name_len(token)
            } else {
                1
            };
            places.push(TokenRange::new(part, token..token + len));
            index += tokens[index..].iter().take_while(|&&next| next < token + len).count();
        }
    }
    if count.run {
        places = longest_run(search, &places);
    }
    counted(search, id, count, places)
}

/// The longest run of places with nothing but commas, `and` and `&` between.
fn longest_run(search: &Search<'_>, places: &[TokenRange]) -> Places {
    let mut best: Range<usize> = 0..0;
    let mut start = 0;
    for index in 0..places.len() {
        if index == start || !joined(search, places[index - 1], places[index]) {
            start = index;
        }
        if index + 1 - start > best.len() {
            best = start..index + 1;
        }
    }
    Places::from_slice(&places[best])
}

/// Whether nothing but what joins a list stands between two places.
fn joined(search: &Search<'_>, a: TokenRange, b: TokenRange) -> bool {
    let reading = &search.readings[a.part as usize];
    a.part == b.part && (a.tokens().end..b.tokens().start).all(|token| joins(reading, token))
}

fn joins(reading: &Reading, token: usize) -> bool {
    matches!(reading.tokens.folded(token), "," | "and" | "&" | "+" | "|" | "/")
}

fn counted(search: &Search<'_>, id: RuleId, count: &Count, places: Places) -> Option<Match> {
    let thresholds = length::thresholds(search, id, count);
    let dense = |places: &[TokenRange], words: u32| {
        count.per_words == 0 || places.len() as u64 * u64::from(count.per_words) > u64::from(words)
    };
    // The most that any stretch of the draft can hold.
    thresholds.level(places.len() as f64)?;
    let words = search.facts.core_words;
    let (places, within) = if dense(&places, words) {
        (places, words)
    } else {
        // What is rare in the whole may be dense where it stands: among as few words as make the least count dense,
        // and no more than a section has.
        let fewest = (thresholds.least() as u32).saturating_mul(u32::from(count.per_words));
        let within = fewest.saturating_sub(1).min(search.rules.shape().section as u32);
        let nearest = closest(search, &places, within);
        if within >= words || !dense(nearest, within) {
            return None;
        }
        (Places::from_slice(nearest), within)
    };
    let measure = places.len() as f64;
    let level = thresholds.level(measure)?;
    let max = thresholds.least();
    Some(measured(
        search,
        id,
        places,
        Measured { level: Some(level), measure, max, within, ..Measured::default() },
    ))
}

/// The most of these places, sorted, that begin among so many words in a row: all of a draft, for a short one, so that
/// words put around it take none of them away.
fn closest<'a>(search: &Search<'_>, places: &'a [TokenRange], words: u32) -> &'a [TokenRange] {
    let mut before = Vec::with_capacity(places.len());
    let mut seen = 0;
    for (part, reading) in search.readings.iter().enumerate() {
        for (index, token) in reading.tokens.as_slice().iter().enumerate() {
            let next = places.get(before.len());
            if next.is_some_and(|place| (usize::from(place.part), place.first as usize) == (part, index)) {
                before.push(seen);
            }
            seen += u32::from(counts_as_word(token.kind) && !reading.aside.has(index));
        }
    }
    let mut best = 0..0;
    let mut start = 0;
    for (index, &seen) in before.iter().enumerate() {
        while before[start] + words <= seen {
            start += 1;
        }
        if index + 1 - start > best.len() {
            best = start..index + 1;
        }
    }
    places.get(best).unwrap_or_default()
}

fn measured(search: &Search<'_>, id: RuleId, mut places: Places, measured: Measured) -> Match {
    places.sort_unstable();
    let first = places.first().copied().unwrap_or(TokenRange::new(0, 0..0));
    let last = places.last().copied().unwrap_or(first);
    // A run is shown as one; scattered tokens one by one.
    let whole = TokenRange { end: last.end, ..first };
    let dense = places.windows(2).all(|pair| joined(search, pair[0], pair[1]));
    let (place, evidence) = if dense {
        (whole, Box::default())
    } else {
        (first, places.into_iter().skip(1).take(MAX_EVIDENCE).collect())
    };
    Match { evidence, measured: Some(Box::new(measured)), ..Match::plain(id, place) }
}

fn ratio(
    search: &Search<'_>,
    id: RuleId,
    (of, to): (Classes, Classes),
    at_least: u16,
    thresholds: &Thresholds,
) -> Option<Match> {
    if at_least > 0 && !search.readings.iter().any(|reading| reading.present.meets(of)) {
        return None;
    }
    let counted = || {
        search.readings.iter().enumerate().flat_map(|(part, reading)| {
            let tokens = reading.classes.iter().enumerate();
            let tokens = tokens.filter(move |&(index, classes)| {
                classes.meets(Classes(of.0 | to.0)) && !reading.quoted.has(index) && !reading.aside.has(index)
            });
            tokens.map(move |(index, &classes)| (classes, TokenRange::new(part, index..index + 1)))
        })
    };
    let is_above = |classes: Classes| classes.meets(of) && !classes.meets(to);
    let (mut above, mut below): (usize, u32) = (0, 0);
    counted().for_each(|(classes, _)| {
        above += usize::from(is_above(classes));
        below += u32::from(classes.meets(to));
    });
    if above < usize::from(at_least) {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of tokens are small")]
    let count = above as f64;
    let quotient = count / f64::from(below.max(1));
    let level = thresholds.level(quotient)?;
    let above = counted().filter(|&(classes, _)| is_above(classes)).map(|(_, place)| place).collect();
    let (level, max) = (Some(level), thresholds.least());
    let measure = Measured { level, measure: count, max, others: below, ..Measured::default() };
    Some(measured(search, id, above, measure))
}

fn links(search: &Search<'_>, hits: &Hits, id: RuleId, (of, to): (LinkOf, &[Text]), found: &mut Vec<Match>) {
    let wanted = |url: &str| {
        (of == LinkOf::Any || search.marks.link(url) == of) && (to.is_empty() || address::leads_to(url, to))
    };
    for (part, reading) in search.readings.iter().enumerate() {
        let shown = reading.tokens.as_slice().iter().enumerate();
        for (index, _) in shown.filter(|(_, token)| token.kind == TokenKind::Url) {
            let place = TokenRange::new(part, index..index + 1);
            let text = &search.post.parts[part].text[reading.tokens.place(index).range()];
            if wanted(text) && guards::passes(search, hits, id, place) {
                found.push(Match::plain(id, place));
            }
        }
        for link in search.post.parts[part].links.iter().filter(|link| wanted(link.url(&search.post.source))) {
            let place = TokenRange::new(part, reading.tokens.covering(link.text.range()));
            // The words of the link may themselves be the address, which was found above.
            let seen = reading.classes[place.tokens()].iter().any(|classes| classes.has(Class::Url));
            if !place.is_empty() && !seen && guards::passes(search, hits, id, place) {
                found.push(Match::plain(id, place));
            }
        }
    }
}

/// An absence points at the first finding that made it due, where its guard `with` asks for any.
pub(super) fn settle(search: &Search<'_>, candidate: &mut Match, matches: &[Match]) {
    let rule = search.rules.rule(candidate.rule);
    if matches!(rule.kind, Kind::Absent) {
        let asked = |found: &&Match| rule.guards.with.iter().any(|&one| search.rules.selects(one, found.rule));
        let place = matches.iter().filter(asked).map(|found| found.place).min();
        candidate.place = place.unwrap_or(candidate.place);
    }
}

/// What is missing has no place: the last sentence stands for it, until [`settle`] knows better.
fn absent(search: &Search<'_>, id: RuleId) -> Option<Match> {
    let (part, reading) =
        search.readings.iter().enumerate().rev().find(|(_, reading)| !reading.tokens.is_empty())?;
    let last = reading.tokens.sentences().last()?;
    Some(Match::plain(id, TokenRange::new(part, last.tokens())))
}

/// Matches of kinds that read findings.
pub(super) fn from_findings(search: &Search<'_>, id: RuleId, matches: &[Match]) -> Option<Match> {
    match &search.rules.rule(id).kind {
        Kind::FindingAt(at, of) => {
            let spot = spot(search, *at);
            // One place, one structure: the first finding there stands for it.
            let places = selected(search, id, of, matches).filter(|&place| starts_in(place, spot));
            longest(places.collect()).first().map(|&place| Match::plain(id, place))
        }
        Kind::Composite { all, any, none } => {
            let first = |selector| selected(search, id, std::slice::from_ref(selector), matches).next();
            let firsts: Places = all.iter().map(first).collect::<Option<_>>()?;
            let mut of_any = selected(search, id, any, matches).peekable();
            let voided = selected(search, id, none, matches).any(|place| search.excuses(id, place));
            if (!any.is_empty() && of_any.peek().is_none()) || voided {
                return None;
            }
            let mut evidence = firsts.into_iter().chain(of_any);
            let place = evidence.next()?;
            Some(Match { evidence: evidence.take(MAX_EVIDENCE).collect(), ..Match::plain(id, place) })
        }
        Kind::Length(LengthOf::Fold(asks)) => length::folded(search, id, asks, matches),
        _ => None,
    }
}

/// Where other rules found what is selected.
fn selected(
    search: &Search<'_>,
    id: RuleId,
    selectors: &[Selector],
    matches: &[Match],
) -> impl Iterator<Item = TokenRange> {
    let is_selected = move |found: &&Match| {
        found.rule != id && selectors.iter().any(|&one| search.rules.selects(one, found.rule))
    };
    matches.iter().filter(is_selected).map(|found| found.place)
}
