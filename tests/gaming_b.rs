#![allow(clippy::unwrap_used, clippy::panic, reason = "x")]
use selfless::document::{Format, IdentityKeys, extract};
use selfless::identity::Account;
use selfless::lint::{Context, Linter, Policy};
use selfless::rule::RuleSet;
use selfless::text::Source;
use std::collections::BTreeMap;
use std::sync::Arc;

const BODIES: [&str; 10] = [
    "Our spring pottery course starts in May, six evenings, tea included.",
    "I'm opening six places in my writing class.",
    "We've built a planner for people who hate planners.",
    "The new album is out on Friday, nine songs about one river.",
    "Autumn weddings are booking up, and the barn has two Saturdays left.",
    "We wrote a long guide on pruning pears, with a drawing of every cut.",
    "New prints are up.",
    "My second novel is finished, and it took seven winters and a divorce.",
    "The kiln opens again on Monday after the flood, and everybody who lost a pot gets one back.",
    "Rye bread every Thursday from six, until it is gone.",
];
const OPEN: [&str; 6] = [
    "It's called Acme: https://acme.dev/spring",
    "https://acme.dev/spring",
    "Acme is at https://acme.dev/spring for whoever wants to see it.",
    "All of it stands at https://acme.dev/spring",
    "The name is Acme, and the address is https://acme.dev",
    "Sign up for Acme at https://acme.dev/spring",
];
const HIDDEN: [&str; 16] = [
    "DM me the word GROW.",
    "Comment GROW and I'll send it.",
    "Comment \"GROW\" below.",
    "Link in the first comment.",
    "Link in comments.",
    "Link in the comments 👇",
    "Link in bio.",
    "DM me for the link.",
    "I can't name it yet.",
    "It's the thing I can't name yet.",
    "I can't say what it's called yet.",
    "More on that soon, I can't name it yet.",
    "Message me GROW for details.",
    "The link is in the first comment.",
    "I'll drop the link below.",
    "Details in the comments.",
];

#[test]
fn explore() {
    let linter = Linter::new(Arc::new(RuleSet::shipped()));
    let policy = Policy { all: true, ..Policy::of(linter.rules()) };
    let keys = IdentityKeys {
        names: vec!["Sam Rivers".into()],
        handles: vec!["@samrivers".into()],
        products: vec!["Acme".into()],
        domains: vec!["acme.dev".into()],
        ..IdentityKeys::default()
    };
    let context = Context { account: Account { name: None, keys }, ..Context::default() };
    let judge = |t: &str| {
        let source = Arc::new(Source::from_text("draft.txt", t));
        let r = linter.lint(&extract(&source, Format::Text).posts[0], &context, &policy);
        let f: Vec<String> = r
            .findings
            .iter()
            .filter(|f| !f.credit && !f.diagnostic.code.starts_with("verdict"))
            .map(|f| {
                format!(
                    "{} {:.0} {:?}",
                    f.diagnostic.code,
                    f.points,
                    f.diagnostic
                        .notes
                        .iter()
                        .filter(|n| n.contains("structure/"))
                        .map(|n| n.rsplit_once("structure/").unwrap().1)
                        .collect::<Vec<_>>()
                )
            })
            .collect();
        (r.score.promotion, f)
    };
    let mut by: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
    for b in BODIES {
        for (i, o) in OPEN.iter().enumerate() {
            for (j, h) in HIDDEN.iter().enumerate() {
                let open = judge(&format!("{b} {o}"));
                let hidden = judge(&format!("{b} {h}"));
                if hidden.0 < open.0 - 1e-9 {
                    by.entry((j, i)).or_default().push(format!(
                        "{b}\n        open {:.1} {:?}\n        hidden {:.1} {:?}",
                        open.0, open.1, hidden.0, hidden.1
                    ));
                }
            }
        }
    }
    for ((j, i), v) in by {
        println!("== {:?} vs {:?}: {}", HIDDEN[j], OPEN[i], v.len());
        for x in v.iter().take(2) {
            println!("   {x}");
        }
    }
}
