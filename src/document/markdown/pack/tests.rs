//! Packs and notes as people keep them, and what holds for any.

use std::sync::Arc;
use std::time::Instant;

use proptest::prelude::*;

use crate::document::testing::{all_told, read, spelled};
use crate::document::{ExtractOptions, Format, ReadLimits, extract};
use crate::text::Source;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(all_told(text, &Format::Markdown.into()), expected, "\n{text}");
}

#[test]
fn a_pack_whose_only_post_is_too_long_is_no_page() {
    let text = "# W\n\n## LinkedIn Post\n\nThe kiln is warm again.\n\n## Strategy\n\nnotes\n";
    let limits = ReadLimits { text: 5, ..ReadLimits::default() };
    let options = ExtractOptions { limits, ..Format::Markdown.into() };
    let extracted = extract(&Arc::new(Source::from_text("a.md", text)), &options);
    assert_eq!((extracted.posts.len(), extracted.diagnostics.len()), (0, 1));
    assert!(extracted.unrecognised.is_none());
}

#[test]
fn each_heading_of_a_post_is_a_post() {
    check(
        "# Launch\n\nGoal: replies.\n\n## LinkedIn Post (long form)\n\nThe *kiln* is warm\nagain.\n\nWhich bowl is yours?\n\n---\n\n\
         ## Post 2 - X\n\nNoor's bowls went first.\n\n## Strategy\n\nConversion path: post, then page.\n",
        &[
            "section \"LinkedIn Post (long form)\": text \"The kiln is warm\\nagain.\\n\\nWhich bowl is yours?\", on linkedin",
            "section \"Post 2 - X\": text \"Noor's bowls went first.\", on x",
        ],
    );
    check(
        "## Twitter/X Posts\n\nSoup is on.\n\n---\n\nBread too.\n\n## LinkedIn Posts\n### Post 1\nSoup at noon.\n### Post 2\nBread at one.\n",
        &[
            "section \"Twitter/X Posts\": text \"Soup is on.\", on x",
            "section \"Twitter/X Posts\": text \"Bread too.\", on x",
            "section \"Post 1\": text \"Soup at noon.\", on linkedin",
            "section \"Post 2\": text \"Bread at one.\", on linkedin",
        ],
    );
    check(
        "# Tweets\n\nFive for the week:\n\n1. Soup is on.\n2. Bread\n   too.\n",
        &["section \"Tweets\": text \"Soup is on.\", on x", "section \"Tweets\": text \"Bread\\ntoo.\", on x"],
    );
    check(
        "## Post 1\n\n### LinkedIn\n\nSoup for all.\n\n### X\n\nSoup.\n",
        &["section \"LinkedIn\": text \"Soup for all.\", on linkedin", "section \"X\": text \"Soup.\", on x"],
    );
}

#[test]
fn what_stands_before_all_that_speaks_of_posts_changes_none() {
    let posts = "## LinkedIn\n\n### Post 1\n\nSoup at noon.\n\n### Post 2\n\nBread at one.\n";
    let expected = [
        "section \"Post 1\": text \"Soup at noon.\", on linkedin",
        "section \"Post 2\": text \"Bread at one.\", on linkedin",
    ];
    for before in [
        "",
        "Goal: replies.\n\n",
        "# Plan\n\n**Why**\n\n---\n\n- warm\n\n## How we cook\n\nSlowly.\n\n#### And why\n\n",
    ] {
        check(&[before, posts].concat(), &expected);
    }
}

#[test]
fn a_heading_for_another_network_is_no_part_of_a_post() {
    check(
        "## LinkedIn Post (long)\n\nSoup for all.\n\n### Twitter/X Posts\n\n```\nSoup.\n```\n\n```\nBread.\n```\n",
        &[
            "section \"LinkedIn Post (long)\": text \"Soup for all.\", on linkedin",
            "section \"Twitter/X Posts\": text \"Soup.\", on x",
            "section \"Twitter/X Posts\": text \"Bread.\", on x",
        ],
    );
}

#[test]
fn a_bold_line_may_be_a_heading() {
    check(
        "Goal: replies.\n\n**LinkedIn Post**\n\nThe kiln is warm.\n\n**One lesson**\n\nWhich bowl is yours?\n\n\
         **Hashtags**\n\n#kiln\n\n**X Thread:**\n1/ Noor's bowls.\n\n2/ And Ana's.\n\n---\n\n**Why this works**\n\nPeople ask.\n",
        &[
            "section \"LinkedIn Post\": text \"The kiln is warm.\\n\\nOne lesson\\n\\nWhich bowl is yours?\" hashtags \"#kiln\", on linkedin",
            "section \"X Thread:\": text \"1/ Noor's bowls.\" thread \"2/ And Ana's.\", on x",
        ],
    );
    check(
        "**Post 1**\n\n**LinkedIn**\n\nSoup for all.\n\n__X__\n\nSoup.\n\n**Post 2**\nBread.\n",
        &[
            "section \"LinkedIn\": text \"Soup for all.\", on linkedin",
            "section \"X\": text \"Soup.\", on x",
            "section \"Post 2\": text \"Bread.\"",
        ],
    );
    // Below headings, and in a page, bold lines are words like others.
    check(
        "## Post 1\n\nSoup.\n\n**Post 2**\n\nBread.\n",
        &["section \"Post 1\": text \"Soup.\\n\\nPost 2\\n\\nBread.\""],
    );
    for page in [
        "**LinkedIn posts that work**\n\nThey are long.\n",
        "a **LinkedIn Post**\n\nSoup.\n",
        "**Soup**\n\nSoup.\n",
    ] {
        assert_eq!(read(page, Format::Markdown).1.posts.len(), 1);
        assert!(all_told(page, &Format::Markdown.into())[0].starts_with(": text"), "{page}");
    }
}

#[test]
fn fenced_text_is_the_post() {
    check(
        "## Post 1\n\n**Platform:** LinkedIn\n\nGoes out after the fair.\n\n```\nSoup is *on*.\n\n# 1 in town\n\n```\n\nWhy: people ask.\n\n\
         ```bash\nmake soup\n```\n\n**First comment:**\n\n```text\nFrom Ana.\n```\n",
        &["section \"Post 1\": text \"Soup is *on*.\\n\\n# 1 in town\" first-comment \"From Ana.\", on linkedin"],
    );
    check(
        "## Social posts\n\n**X:**\n```\nSoup.\n```\n\n**Mastodon:**\n```\nSoup, too.\n```\n",
        &[
            "section \"Social posts\": text \"Soup.\", on x",
            "section \"Social posts\": text \"Soup, too.\", on mastodon",
        ],
    );
    check(
        "## X Thread\n\n```\nOne.\n```\n\n```\nTwo.\n```\n",
        &["section \"X Thread\": text \"One.\" thread \"Two.\", on x"],
    );
    check(
        "## Post 1\n\n- Copy:\n  ```\n  Soup.\n\n  Bread.\n  ```\n",
        &["section \"Post 1\": text \"Soup.\\n\\nBread.\""],
    );
}

#[test]
fn a_thread_is_one_post() {
    for thread in [
        "## X Thread\n\n### Tweet 1\n\nOne.\n\n### Tweet 2\n\nTwo.\n",
        "## X Thread\n\n### 1/2\n\nOne.\n\n### 2/2\n\nTwo.\n",
        "## X Thread\n\nOne.\n\n---\n\nTwo.\n",
        "## X Thread\n\n1. One.\n2. Two.\n",
    ] {
        check(thread, &["section \"X Thread\": text \"One.\" thread \"Two.\", on x"]);
    }
    check(
        "## X Thread\n\n1/ One.\n\nMore.\n\n2/ Two.\n",
        &["section \"X Thread\": text \"1/ One.\\n\\nMore.\" thread \"2/ Two.\", on x"],
    );
}

#[test]
fn what_is_said_of_a_post_is_no_text() {
    check(
        "## Post 1\n\n**Platform:** LinkedIn\n**Date:** 2026-05-04\n**Status:** scheduled\n\nSoup is on.\n\n- leek\n- potato\n\n#soup\n\n\
         - **Conversion path:** post -> page\n- Best time: noon\n\n> A quote on strategy.\n\n| day | post |\n|--|--|\n| 1 | soup |\n\n\
         *Goes out with a picture.*\n\n**Hashtags:** soup, lunch\n",
        &[
            "section \"Post 1\": text \"Soup is on.\\n\\nleek\\n\\npotato\\n\\n#soup\" hashtags \"#soup #lunch\", on linkedin, due 2026-05-04, scheduled",
        ],
    );
    check(
        "## Post 1\n\n- Goal: replies\n- Tone: warm\n\nNotes for the week.\n\n**Copy:**\n\nSoup is on.\n",
        &["section \"Post 1\": text \"Soup is on.\""],
    );
    check(
        "## Post 1\n\n**Hook:** food\n**Caption:** Soup is\non.\n\n### Hashtags\n\nsoup lunch\n\n### First comment\n\nFrom Ana.\n\n### Why this works\n\nIt is warm.\n",
        &["section \"Post 1\": text \"Soup is\\non.\" hashtags \"#soup #lunch\" first-comment \"From Ana.\""],
    );
    check(
        "## LinkedIn Post\n\nFor the fair.\n\n### Version 1\n\nSoup.\n\n### Version 2\n\nBread.\n",
        &[
            "section \"Version 1\": text \"Soup.\", on linkedin",
            "section \"Version 2\": text \"Bread.\", on linkedin",
        ],
    );
}

#[test]
fn a_note_has_its_post_in_one_section() {
    check(
        "---\ntype: linkedin_post\nscheduled_time: 2026-05-04 09:00\nstatus: draft\n---\n\n# Soup day\n\n## Idea\n\nPeople like soup.\n\n\
         ## Content\n\nSoup is on.\n\n- leek\n\n### For later\n\nBread too.\n\n## Links\n\n- [[Soup]]\n",
        &[
            "section \"Content\": text \"Soup is on.\\n\\nleek\\n\\nBread too.\", on linkedin, due 2026-05-04 09:00, draft",
        ],
    );
    check(
        "---\nplatform: x\n---\n\nSoup is on.\n\n## Links\n\nA page.\n",
        &[": text \"Soup is on.\\n\\nLinks\\n\\nA page.\", on x"],
    );
    check("## Content\n\nSoup is on.\n", &[": text \"Content\\n\\nSoup is on.\""]);
}

#[test]
fn an_article_is_one_post() {
    for text in [
        "# How to write a LinkedIn post\n\n## LinkedIn posts that work\n\nSoup.\n",
        "# Social media\n\n## LinkedIn\n\nSoup.\n\n## Mastodon\n\nBread.\n",
        "# Soup\n\n## LinkedIn posts\n\nThey are long.\n",
        "# Soup\n\n## Post 1\n\n> Nothing but a quote.\n",
        "# Soup\n\n---\n\nPost 1: soup.\n",
    ] {
        let (_, extracted) = read(text, Format::Markdown);
        assert_eq!(extracted.posts.len(), 1, "{text}");
        assert_eq!(extracted.posts[0].locator.to_string(), "", "{text}");
    }
}

#[test]
fn findings_are_shown_where_they_stand() {
    let text =
        "## Post 1\r\n\r\n**Copy:** The *kiln*\r\nis [warm &amp; dry](https://kiln.example).\r\n\r\n- #soup\r\n";
    let (source, extracted) = read(text, Format::Markdown);
    let part = &extracted.posts[0].parts[0];
    assert_eq!(part.text, "The kiln\nis warm & dry.\n\n#soup");
    assert_eq!(spelled(&source, part, "kiln\nis"), "kiln*\r\nis");
    assert_eq!(spelled(&source, part, "&"), "&amp;");
    assert_eq!(part.links.len(), 1);
    assert_eq!(&part.text[part.links[0].text.range()], "warm & dry");
}

#[test]
fn hostile_packs_are_read_in_linear_time() {
    let begun = Instant::now();
    for piece in [
        "## Post 1\n\na\n\n",
        "## X Thread\n\n### Tweet 1\n\na\n\n",
        "# Post 1\n## Post 2\n### Post 3\n#### Post 4\n##### Post 5\n###### Post 6\n",
        "---\n\n",
        "a\n\n",
        "**a:** b\n",
        "- a: b\n",
        "1. a\n",
        "```\na\n```\n",
        "> a\n",
        "```\n",
        "**Copy:**\n\n",
        "(",
        "- ",
    ] {
        for head in ["## Post 1\n\n", "## X Thread\n\n", "# Posts\n\n---\n\na\n\n"] {
            let text = format!("{head}{}", piece.repeat((1 << 18) / piece.len()));
            let started = Instant::now();
            let _ = extract(&Arc::new(Source::from_text("a.md", text)), &Format::Markdown.into());
            let taken = started.elapsed();
            assert!(taken.as_secs() < 20, "{taken:?} for {head:?} {piece:?}");
        }
    }
    assert!(begun.elapsed().as_secs() < 120, "{:?}", begun.elapsed());
}

/// A text as it may stand below a heading: paragraphs of words.
fn any_post() -> impl Strategy<Value = String> {
    let word = prop_oneof![6 => "[a-zé𝗯]{1,6}", 1 => prop::sample::select(vec!["🎉", "\"so\"", "it's", "#soup", "50%", "(yes)"]).prop_map(str::to_owned)];
    let line = prop::collection::vec(word, 1..6).prop_map(|words| format!("soup {}", words.join(" ")));
    let paragraph = prop::collection::vec(line, 1..3).prop_map(|lines| lines.join("\n"));
    prop::collection::vec(paragraph, 1..4).prop_map(|paragraphs| paragraphs.join("\n\n"))
}

proptest! {
    #[test]
    fn posts_come_back_from_any_way_to_write_them(
        texts in prop::collection::vec((any_post(), 0..4_u8, any::<bool>()), 1..5),
        crlf in any::<bool>(),
    ) {
        let mut pack = String::from("# Week 19\n\nWhat goes out.\n\n");
        for (index, (text, style, noted)) in texts.iter().enumerate() {
            pack.push_str(&match style {
                0 => format!("## LinkedIn Post {index}\n\n"),
                1 => format!("## Post #{index} - Soup\n\n"),
                2 => format!("## {index}. X Post (short)\n\n"),
                _ => format!("Post {index}\n------\n\n"),
            });
            if *noted {
                pack.push_str("**Goal:** replies\n\n> Said elsewhere.\n\n");
            }
            match style % 2 {
                0 => pack.push_str(&format!("{text}\n\n")),
                _ => pack.push_str(&format!("```\n{text}\n```\n\n")),
            }
            if *noted {
                pack.push_str("| a | b |\n|--|--|\n| c | d |\n\n---\n\n");
            }
        }
        if crlf {
            pack = pack.replace('\n', "\r\n");
        }
        let (source, extracted) = read(&pack, Format::Markdown);
        let found: Vec<String> = extracted.posts.iter().map(|post| post.parts[0].text.replace("\r\n", "\n")).collect();
        let expected: Vec<String> = texts.iter().map(|(text, ..)| text.clone()).collect();
        prop_assert_eq!(found, expected, "{}", pack);
        for post in &extracted.posts {
            let part = &post.parts[0];
            let raw = spelled(&source, part, &part.text).replace("\r\n", "\n");
            prop_assert_eq!(raw, part.text.replace("\r\n", "\n"));
        }
    }

    #[test]
    fn any_pack_can_be_read(pieces in prop::collection::vec(prop::sample::select(vec![
        "## Post 1\n", "## X Thread\n", "### Tweet 2\n", "# Posts\n", "## LinkedIn\n", "### Hashtags\n", "### Why\n", "\n", "\r\n", "a b", "é", "```\n", "    ",
        "- ", "1. ", "> ", "---\n", "**Copy:** ", "**X:**", "Date: 1", "| a |\n|--|\n", "*a*", "1/ a", "[a](b)", "&amp;", "<!-- ", "-->", "{{< x >}}", "\t",
        "a: b\n", "**", "===\n", "- **a:** b\n", "`", "~~~\n",
    ]), 0..40)) {
        read(&pieces.concat(), Format::Markdown);
    }
}
