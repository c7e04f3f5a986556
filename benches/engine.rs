//! The steps of the engine one by one, on posts that are made here: reading words, finding phrases, judging.
//!
//! `cargo bench` runs it; `benches/bench.py` measures the program as a whole.

use std::sync::Arc;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use selfless::document::{Format, Post, extract};
use selfless::lint::{Context, Linter, Policy};
use selfless::matcher::{Facts, Marks, Search, Setting, find, read, walk};
use selfless::rule::{RuleSet, ThresholdTable};
use selfless::text::spread::Alone;
use selfless::text::{LimitTable, Source, tokenize};

fn main() {
    divan::main();
}

/// What is measured: a name for the report, and the post.
const POSTS: [(&str, &str); 4] = [
    (
        "a question",
        "The heron is back on the canal, and it stands where the old lamp was. Which birds came back to your street \
         this spring? I was wrong about the swifts.",
    ),
    (
        "an advertisement",
        "🚀 THRILLED to announce our award-winning guide! Humbled and honored by your support. Only 3 spots left: use \
         code SWIFT20 for 20% off, DM me or sign up at https://heron.example/?ref=me. Link in bio! #canal #birds",
    ),
    (
        "beyond ASCII",
        "“Déjà vu”, said the café owner — naïve, as ever… 𝗧𝗵𝗿𝗶𝗹𝗹𝗲𝗱 𝘁𝗼 𝗮𝗻𝗻𝗼𝘂𝗻𝗰𝗲 our new Straße, 👩‍👩‍👧 and all! \
         Ｌｉｎｋ ｉｎ ｂｉｏ 🙏🏽",
    ),
    ("a long one", ""),
];

/// The text of a post; the long one is all others two hundred times.
fn text(name: &str) -> String {
    let own = POSTS.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text);
    if !own.is_empty() {
        return own.to_owned();
    }
    let all: Vec<&str> = POSTS.iter().map(|(_, text)| *text).collect();
    all.join("\n\n").repeat(200)
}

fn names() -> [&'static str; 4] {
    POSTS.map(|(name, _)| name)
}

fn post(text: &str) -> Post {
    let source = Arc::new(Source::from_text("draft", text));
    extract(&source, &Format::Text.into()).posts.swap_remove(0)
}

#[divan::bench(args = names())]
fn tokens(bencher: Bencher, name: &str) {
    let text = text(name);
    bencher.counter(BytesCount::of_str(&text)).bench(|| tokenize(black_box(&text), None));
}

#[divan::bench(args = names())]
fn matches(bencher: Bencher, name: &str) {
    let text = text(name);
    let (rules, marks, post) = (RuleSet::shipped(), Marks::default(), post(&text));
    let readings = read(&post, &rules, &marks, None, &Alone);
    let facts = Facts::count(&readings);
    let setting = Setting {
        account: selfless::document::AccountKind::Person,
        platforms: &[],
        limits: &LimitTable::default(),
        thresholds: &ThresholdTable::new(),
    };
    let search = Search {
        rules: &rules,
        post: &post,
        readings: &readings,
        marks: &marks,
        facts: &facts,
        spread: &Alone,
        setting,
    };
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let search = black_box(&search);
        find(search, walk(search, &|_| true), &|_| true, &|_| false)
    });
}

#[divan::bench(args = names())]
fn lint(bencher: Bencher, name: &str) {
    let text = text(name);
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let (policy, context, post) = (Policy::of(linter.rules()), Context::default(), post(&text));
    bencher.counter(BytesCount::of_str(&text)).bench(|| linter.lint(black_box(&post), &context, &policy));
}
