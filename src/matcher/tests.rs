//! Kinds and guards on small rule files of their own.

use std::sync::Arc;

use super::*;
use crate::document::IdentityKeys;
use crate::rule::{RuleSet, ThresholdTable};
use crate::text::spread::Alone;
use crate::text::{LimitTable, Source};

const WORDS: &str = r#"
category = "test"
[classes]
self = ["i", "we", "my", "our", "me"]
reader = ["you", "your", "anyone"]
other = ["she", "he", "they", "her"]
kin = ["daughter", "neighbour"]
name = ["lena", "jo"]
negator = ["not", "never", "don't", "no"]
lead = ["and", "please"]
place = ["in", "at"]
"#;

fn post(text: &str) -> Post {
    Post::of_text(&Arc::new(Source::from_text("draft", text)))
}

/// What is found, as `rule: words`, with the evidence behind a `+`.
fn found(rules: &str, text: &str) -> Vec<String> {
    found_but(rules, text, "")
}

/// As [`found`], with what stands at `hidden` suppressed, such as `x: words`.
fn found_but(rules: &str, text: &str, hidden: &str) -> Vec<String> {
    let files = [WORDS, rules].map(|text| Arc::new(Source::from_text("rules", text)));
    let (set, mistakes) = RuleSet::of_files(&files);
    assert!(mistakes.is_empty(), "{:?}", mistakes.iter().map(|one| &one.message).collect::<Vec<_>>());
    let post = post(text);
    let keys = IdentityKeys {
        names: vec!["Sam Rivers".to_owned()],
        handles: vec!["@sam".to_owned()],
        products: vec!["Acme Sync".to_owned()],
        domains: vec!["acme.dev".to_owned()],
        ..IdentityKeys::default()
    };
    let marks = Marks::new(&keys);
    let readings = read(&post, &set, &marks, None, &Alone);
    let facts = Facts::count(&readings);
    let (limits, thresholds) = (LimitTable::default(), ThresholdTable::new());
    let setting =
        Setting { account: AccountKind::Person, platforms: &[], limits: &limits, thresholds: &thresholds };
    let search = Search {
        rules: &set,
        post: &post,
        readings: &readings,
        marks: &marks,
        facts: &facts,
        spread: &Alone,
        setting,
    };
    let words = |place: TokenRange| &text[readings[0].tokens.span(place.tokens()).range()];
    let name = |found: &Match| set.rule(found.rule).name.trim_start_matches("test/").to_owned();
    let suppressed = |found: &Match| format!("{}: {}", name(found), words(found.place)) == hidden;
    find(&search, walk(&search, &|_| true), &|_| true, &suppressed)
        .iter()
        .map(|found| {
            let name = name(found);
            let evidence: Vec<String> =
                found.evidence.iter().map(|&place| format!(" + {}", words(place))).collect();
            let level = found.level().map_or_else(String::new, |level| format!(" ({level})"));
            format!("{name}: {}{}{level}", words(found.place), evidence.concat())
        })
        .collect()
}

/// A file of one rule, `x`.
fn head(rule: &str) -> String {
    format!("category = \"test\"\n[[rule]]\nname = \"x\"\nmessage = \"m\"\n{rule}")
}

#[track_caller]
fn check(rule: &str, text: &str, expected: &[&str]) {
    assert_eq!(found(&head(rule), text), expected, "{text}");
}

#[test]
fn phrases_are_found_longest_first_and_within_a_sentence() {
    let rule = "phrases = ['link in bio', 'link', 'bio now']";
    check(rule, "The link in bio now", &["x: link in bio"]);
    check(rule, "A link. In bio", &["x: link"]);
    check("phrases = ['^ agree ? $']", "Hard work wins. Agree?", &["x: Agree?"]);
    check("phrases = ['^ agree ? $']", "Hard work wins. Do we agree?", &[]);
}

#[test]
fn own_names_are_classes_of_several_words() {
    check("phrases = ['try {own} today']", "Please try Acme Sync today", &["x: try Acme Sync today"]);
    check("phrases = ['try {own} today']", "Please try Basecamp today", &[]);
    check("phrases = ['{own} ships']", "Acme Sync's new, Acme sync ships", &["x: Acme sync ships"]);
    check(
        "phrases = ['by {self}']",
        "Written by Sam Rivers, by @sam, by Lena",
        &["x: by Sam Rivers", "x: by @sam"],
    );
}

#[test]
fn the_subject_is_the_nearest_person_to_the_left() {
    let rule = |subject: &str| format!("phrases = ['won the prize']\nguards = {{ subject = '{subject}' }}");
    check(&rule("not-other"), "We won the prize", &["x: won the prize"]);
    check(&rule("not-other"), "My daughter won the prize", &[]);
    check(&rule("not-other"), "Lena won the prize", &[]);
    check(&rule("not-other"), "Just won the prize", &["x: won the prize"]);
    check(&rule("self"), "Just won the prize", &[]);
    check(&rule("self"), "I just won the prize", &["x: won the prize"]);
    check(&rule("self-or-implied"), "You won the prize", &[]);
    check(&rule("not-other"), "In Lena I won the prize", &["x: won the prize"]);
}

#[test]
fn negation_reaches_four_words_within_a_clause() {
    let rule = "phrases = ['thrilled']\nguards = { negation = true }";
    check(rule, "We are not at all thrilled", &[]);
    check(rule, "I did not go, thrilled as I was", &["x: thrilled"]);
    check(rule, "never said that we would be thrilled", &["x: thrilled"]);
    check(rule, "I am not only thrilled", &["x: thrilled"]);
    check(rule, "No. Thrilled", &["x: Thrilled"]);
}

#[test]
fn imperatives_start_a_clause() {
    let rule = "phrases = ['book a demo']\nguards = { clause-start = true }";
    check(rule, "Book a demo", &["x: Book a demo"]);
    check(rule, "Tired? Please book a demo", &["x: book a demo"]);
    check(rule, "Did they book a demo", &[]);
    check(rule, "Read on, book a demo", &["x: book a demo"]);
}

#[test]
fn quotes_shield_unless_they_are_most_of_the_draft() {
    let rule = "phrases = ['link in bio']";
    check(rule, "Why does everybody write \"link in bio\" these days?", &[]);
    check(rule, "Why does everybody write \u{201C}link in bio\u{201D} these days?", &[]);
    check(rule, "Why does everybody write 'link in bio' these days?", &[]);
    check(rule, "\"Best shop ever, link in bio\" ok", &["x: link in bio"]);
    check(
        "phrases = ['link in bio']\nguards = { skip = [] }",
        "They all write \"link in bio\" now",
        &["x: link in bio"],
    );
    check("phrases = ['be free']", "It took me years to see this: \"be free\" - Sam Rivers", &["x: be free"]);
    check("phrases = ['be free']", "It took you years to write \"be free\"? I never would.", &[]);
    check(rule, "> Best shop ever, link in bio\n\nThis came at three in the morning. Does it ever work?", &[]);
    check(rule, "> Best shop ever, link in bio, come in\n\nok", &["x: link in bio"]);
}

#[test]
fn what_excuses_is_found_as_far_from_a_hit_as_its_kind_reaches() {
    let guards = "\nguards = { unless-near = ['comet'] }";
    let rules = [
        "phrases = ['last chance']",
        "near = { a = ['last'], b = ['chance'], within = 2 }",
        "sequence = { first = ['last chance'], then = ['here'] }",
        "patterns = [{ regex = 'last chance', requires = ['chance'] }]",
        "patterns = [{ regex = 'last chance. [a-z .]*', requires = ['here'] }]",
    ];
    for rule in rules.map(|rule| format!("{rule}{guards}")) {
        let found = |text: &str| !self::found(&head(&rule), text).is_empty();
        let said = "The last chance. It is here. ";
        assert!(found(said), "{rule}");
        assert!(found(&format!("A comet came. So it is. {said}")), "{rule}");
        assert!(!found(&format!("A comet came. {said}")), "{rule}");
        assert!(!found("The last chance. It is here, a comet."), "{rule}");
        assert!(found(&format!("{said} And so. A comet came.")), "{rule}");
    }
    let links = head("link = { of = 'own' }\nguards = { unless-near = ['comet'] }");
    assert!(found(&links, "A comet. It is. Here https://acme.dev").len() == 1);
    assert!(found(&links, "A comet. Here https://acme.dev").is_empty());
}

#[test]
fn a_phrase_nearby_or_anywhere_excuses() {
    let near = "phrases = ['last chance']\nguards = { unless-near = ['comet'] }";
    check(near, "Last chance! The comet leaves.", &[]);
    check(near, "Last chance! Tea. More tea. The comet leaves.", &["x: Last chance"]);
    let anywhere = "phrases = ['last chance']\nguards = { unless = ['comet'] }";
    check(anywhere, "Last chance! Tea. More tea. The comet leaves.", &[]);
}

/// Seconds are looked for in a few thousand sentences at a time, and pairs stand across every border of these. Each of the 858 that
/// excuse does so around it, the pair behind it included.
#[test]
fn pairs_are_found_all_over_a_long_draft() {
    let rules = [
        head("sequence = { first = ['was your week'], then = ['^ {mine|ours}'] }"),
        head("near = { a = ['your week'], b = ['mine', 'ours'], within = 9, sentences = 1 }"),
        head("phrases = ['your week']\nguards = { unless-near = ['ours'] }"),
    ];
    let pair = |number: usize| {
        format!("How was your week? {} was great. ", if number.is_multiple_of(7) { "Ours" } else { "Mine" })
    };
    for odd in ["", "So it goes. "] {
        let text: String = std::iter::once(odd.to_owned()).chain((0..6_000).map(pair)).collect();
        assert_eq!(rules.each_ref().map(|rule| found(rule, &text).len()), [6_000, 6_000, 4_285], "{odd}");
    }
}

#[test]
fn near_and_sequence_take_two_phrases() {
    let near = "near = { a = ['ugh'], b = ['first class'], within = 4 }";
    check(near, "Ugh, stuck in first class", &["x: Ugh + first class"]);
    check(near, "Ugh. First class", &[]);
    check(near, "First class again, ugh", &["x: ugh + First class"]);
    check(near, "Ugh this is far too long for first class", &[]);
    let sequence = "sequence = { first = ['{you|your} ~5 ? $'], then = ['^ {i|mine|we}'] }";
    check(sequence, "How was your week? Mine was great.", &["x: your week? + Mine"]);
    check(sequence, "How was your week? Tell me. Mine was great.", &[]);
}

#[test]
fn counts_take_thresholds_density_and_runs() {
    let tags = "count = { of = 'hashtag' }\nthresholds = { note = 2, warning = 3 }";
    check(tags, "New #a", &[]);
    check(tags, "New #a thing #b", &["x: #a + #b (note)"]);
    check(tags, "New #a #b #c", &["x: #a #b #c (warning)"]);
    let own = "count = { of = 'own', per-words = 5 }\nthresholds = { note = 2 }";
    check(own, "Acme Sync is Acme Sync", &["x: Acme Sync + Acme Sync (note)"]);
    check(own, "Acme Sync is what we built for lists and Acme Sync is what we kept in the end", &[]);
    // A short draft stays dense whatever stands around it.
    let calm = "It was a long day and the ferry was late. ".repeat(30);
    for text in [format!("Acme Sync is Acme Sync. {calm}"), format!("{calm} Acme Sync is Acme Sync.")] {
        check(own, &text, &["x: Acme Sync + Acme Sync (note)"]);
    }
    check(own, &format!("Acme Sync. {calm} Acme Sync."), &[]);
    let wall = "count = { of = 'mention', run = true }\nthresholds = { warning = 3 }";
    check(wall, "Hi @a, @b and @c", &["x: @a, @b and @c (warning)"]);
    check(wall, "Thanks @a for the map, @b for tea, @c for cake", &[]);
}

#[test]
fn a_ratio_counts_one_group_against_another() {
    let rule = "ratio = { of = ['self'], to = ['reader', 'other'], at-least = 3 }\nthresholds = { note = 3 }";
    check(rule, "I ran, I won, I slept", &["x: I + I + I (note)"]);
    check(rule, "I ran, I won, I slept, she did too", &["x: I + I + I (note)"]);
    check(rule, "I ran, I won, I slept, she did too, you know", &[]);
    check(rule, "I ran, I won", &[]);
}

/// Whom a text is about: the author, the reader, others, a topic.
#[track_caller]
fn check_about(text: &str, expected: [u32; 4]) {
    let (set, _) = RuleSet::of_files(&[Arc::new(Source::from_text("rules", WORDS))]);
    let readings = read(&post(text), &set, &Marks::new(&IdentityKeys::default()), None, &Alone);
    let mut facts = Facts::count(&readings);
    facts.count_about(&readings, |_, _| false);
    let About { author, reader, others, topic } = facts.about;
    assert_eq!([author, reader, others, topic], expected, "{text}");
}

#[test]
fn a_sentence_is_about_the_first_person_in_it() {
    check_about("I ran. You ran. She ran, and I slept. It rained.", [1, 1, 1, 1]);
    check_about("My daughter ran. Our old neighbour ran.", [0, 0, 2, 0]);
    // Only a possessive yields to whoever stands behind it.
    check_about("I won Neighbour of the Year. We met neighbour Jo.", [2, 0, 0, 0]);
}

#[test]
fn positions_are_asked_of_phrases_and_of_findings() {
    let first = "position = { at = 'first-word', phrases = ['{self}'] }";
    check(first, "\"I think so", &["x: I"]);
    check(first, "So I think", &[]);
    let rules = "category = \"test\"\n[[rule]]\nname = \"ask\"\nmessage = \"m\"\nphrases = ['link in bio']\n\
                 [[rule]]\nname = \"last\"\nmessage = \"m\"\nposition = { at = 'last-sentence', rules = ['test/ask'] }";
    assert_eq!(found(rules, "Tea. Link in bio! #tea"), ["ask: Link in bio", "last: Link in bio"]);
    assert_eq!(found(rules, "Link in bio! More tea."), ["ask: Link in bio"]);
}

#[test]
fn links_are_told_apart_by_whose_they_are() {
    check("link = { of = 'own', max-words = 3 }", "New post https://acme.dev/a", &["x: https://acme.dev/a"]);
    check("link = { of = 'own', max-words = 3 }", "A new post about herons https://acme.dev/a", &[]);
    check(
        "link = { of = 'other', min-words = 2 }",
        "So good https://mara.example/a",
        &["x: https://mara.example/a"],
    );
    check("link = { of = 'other' }", "So good https://acme.dev/a", &[]);
    check("link = { of = 'tracked' }", "So good https://amzn.to/3x", &["x: https://amzn.to/3x"]);
}

#[test]
fn rules_read_what_others_found() {
    let file = |rest: &str| {
        format!(
            "category = \"test\"\n[[rule]]\nname = \"ask\"\nmessage = \"m\"\nphrases = ['buy now']\n\
             [[rule]]\nname = \"boast\"\nmessage = \"m\"\nphrases = ['i won']\n[[rule]]\nname = \"x\"\nmessage = \"m\"\n{rest}"
        )
    };
    let both = file("composite = { all = ['test/ask', 'test/boast'] }");
    assert_eq!(found(&both, "I won. Buy now"), ["boast: I won", "ask: Buy now", "x: Buy now + I won"]);
    assert_eq!(found(&both, "Buy now"), ["ask: Buy now"]);
    let with = file("phrases = ['tea']\nguards = { with = ['test/ask'] }");
    assert_eq!(found(&with, "Tea. Buy now"), ["x: Tea", "ask: Buy now"]);
    assert_eq!(found(&with, "Tea"), Vec::<String>::new());
    let void = file("phrases = ['tea ?']\nguards = { unless-rule = ['test/ask'] }");
    assert_eq!(found(&void, "Tea? Buy now"), ["ask: Buy now"]);
    assert_eq!(found(&void, "Tea? Good. Buy now"), ["x: Tea?", "ask: Buy now"]);
    let absent = file("absent = ['{question}']\nguards = { with = ['test/ask'] }");
    assert_eq!(found(&absent, "Tea. Buy now"), ["ask: Buy now", "x: Buy now"]);
    assert_eq!(found(&absent, "Tea? Buy now"), ["ask: Buy now"]);
    // It is suppressed where it is shown, though it has no place before the findings that make it due are known.
    assert_eq!(found_but(&absent, "Buy now. Tea", "x: Buy now"), ["ask: Buy now"]);
    assert_eq!(found_but(&absent, "Buy now. Tea", "ask: Buy now"), Vec::<String>::new());
    let puffery = file("phrases = ['seamless']\nguards = { subject = 'self-or-promo' }");
    assert_eq!(found(&puffery, "Our tea is seamless"), ["x: seamless"]);
    assert_eq!(found(&puffery, "Penicillin was seamless"), Vec::<String>::new());
    assert_eq!(found(&puffery, "So seamless. Buy now"), ["x: seamless", "ask: Buy now"]);
}

#[test]
fn a_regex_is_snapped_to_tokens_and_gated() {
    let rule = "patterns = [{ regex = 'fre+', requires = ['freee', 'free'] }]";
    check(rule, "totally FREEE stuff", &["x: FREEE"]);
    check(rule, "a freezer", &[]);
}

#[test]
fn words_may_lead_in_to_a_phrase_at_the_start_of_its_sentence() {
    let rule = "phrases = ['^ ~2 out now']";
    check(rule, "Out now! It is all out now.", &["x: Out now"]);
    check(rule, "The record is out now.", &[]);
    check(rule, "Record two out now. Two, three out now.", &["x: out now"]);
    check(rule, "🎉 Record two out now.", &["x: out now"]);
}

#[test]
fn a_given_name_is_the_author_where_it_is_written_as_one() {
    let rule = "phrases = ['{self} won']";
    check(rule, "Sam won. Sam's dog won.", &["x: Sam won"]);
    check(rule, "sam won. Samuel won. Rivers won.", &[]);
    // A word that rules know and no name list has is taken as the word.
    check("phrases = ['{self} won', 'sam ~1 hill']", "Sam won.", &[]);
}

#[test]
fn each_entry_of_a_lexicon_is_found_once_and_a_pair_speaks_for_its_words() {
    let rule = "lexicon = { base = -3.0, words = { 'check' = 0.5, 'check out' = 1.5, 'lol' = -0.5 } }";
    check(rule, "Check out this. Check it, check it.", &["x: Check out", "x: Check"]);
    check(rule, "Lol, lol.", &["x: Lol"]);
    check(rule, "He said \"check\" and \"lol\" and went home with it all that day long.", &[]);
    check(&format!("{rule}\nguards = {{ unless = ['home'] }}"), "Check out the home.", &[]);
}
