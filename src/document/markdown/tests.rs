//! Markdown of each kind, and what holds for any.

use proptest::prelude::*;

use crate::document::testing::{read, spelled};
use crate::document::{Format, Part};

fn body(text: &str, format: Format) -> Part {
    let (_, mut extracted) = read(text, format);
    extracted.posts.remove(0).parts.pop().unwrap()
}

#[track_caller]
fn check(markdown: &str, expected: &str) {
    assert_eq!(body(markdown, Format::Markdown).text, expected, "{markdown:?}");
}

#[track_caller]
fn check_mdx(markdown: &str, expected: &str) {
    assert_eq!(body(markdown, Format::Mdx).text, expected, "{markdown:?}");
}

#[track_caller]
fn check_raw(markdown: &str, words: &str, raw: &str) {
    let (source, extracted) = read(markdown, Format::Markdown);
    let part = extracted.posts[0].parts.last().unwrap();
    assert_eq!(spelled(&source, part, words), raw, "{markdown:?}");
}

#[track_caller]
fn check_links(markdown: &str, expected: &[(&str, &str, &str)]) {
    let (source, extracted) = read(markdown, Format::Markdown);
    let part = extracted.posts[0].parts.last().unwrap();
    let links: Vec<_> = part
        .links
        .iter()
        .map(|link| (&part.text[link.text.range()], link.url(&source), source.slice(link.raw)))
        .collect();
    assert_eq!(links, expected, "{markdown:?}");
}

#[track_caller]
fn check_quotes(markdown: &str, expected: &[&str]) {
    let part = body(markdown, Format::Markdown);
    let quotes: Vec<_> = part.quotes.iter().map(|quote| &part.text[quote.range()]).collect();
    assert_eq!(quotes, expected, "{markdown:?}");
}

#[test]
fn blocks_are_parted_by_blank_lines() {
    check("# Head\nOne\n\nTwo\n***\nThree", "Head\n\nOne\n\nTwo\n\nThree");
    check("Head\n====\n- a\n- [x] b\n  1. c\n\n     d\n", "Head\n\na\n\nb\n\nc\n\nd");
    check("| a | b \\| c |\n|--|--|\n| *d* | `e` |\n| | f |\n", "a\n\nb | c\n\nd\n\nf");
    check("## Title {#id .class}\n", "Title");
    check("A[^1] b.\n\n[^1]: note\n", "A b.\n\nnote");
    check("", "");
    check(" \n\n", "");
    check("---\n", "");
    check_raw("a\n\n> b", "a\n\nb", "a\n\n> b");
}

#[test]
fn a_soft_break_is_a_space_and_a_hard_one_a_line() {
    check("one\ntwo  \nthree\\\nfour<br>five<br />\nsix", "one two\nthree\nfour\nfive\nsix");
    check("> one \n> two\n> > three\n> > four", "one two\n\nthree four");
    check("- one\n  *two*", "one two");
    check_raw("> - one\r\n>   **two**", " ", "\r\n>   ");
    check_raw("one\n    > two", "> two", "> two");
}

#[test]
fn markup_in_a_line_is_gone_and_offsets_are_exact() {
    check_raw("very **hum*bled*** and ~~so~~ on", "humbled and", "hum*bled*** and");
    check_raw("a \\* b\\\\c", "* b\\c", "\\* b\\\\c");
    check("fish &amp; chips &#39;n&apos; &copy; &nope;", "fish & chips 'n' © &nope;");
    check_raw("fish &amp; chips", "&", "&amp;");
    check_raw("x &#x1F600; y", "\u{1F600}", "&#x1F600;");
    check("<b>hum</b>bled<!-- no --> <em class=\"x\">and</em>", "humbled and");
    check("5 < 6, a<b and \"quotes\" -- stay...", "5 < 6, a<b and \"quotes\" -- stay...");
    check("see <https://a.b/c> or https://d.e or <me@f.g>", "see https://a.b/c or https://d.e or me@f.g");
}

#[test]
fn what_is_no_prose_becomes_one_object() {
    check("use `let x` now", "use \u{FFFC} now");
    check_raw("use ``a ` b`` now", "\u{FFFC}", "``a ` b``");
    check("a ![alt *x*](y.png) b ![c](d)![e](f)", "a \u{FFFC} b \u{FFFC}");
    check("press <kbd>Ctrl</kbd> or <code>a <b>b</b></code> or <kbd>oops", "press \u{FFFC} or \u{FFFC} or oops");
    check(
        "one\n\n```rust\nprose\n```\n\n    code\n\n<div>\nhtml\n</div>\n\n<!-- no\n\nprose -->\n\ntwo",
        "one\n\ntwo",
    );
    check("![only](a.png)\n\ntext\n\n`code`\n", "text");
    check("```\nunclosed fence", "");
    check("a $x^2$ b $$y = z$$ c", "a \u{FFFC} b \u{FFFC} c");
}

#[test]
fn money_is_not_math() {
    for text in ["from $5-$10 or $20/$30", "$TSLA,$NVDA up", "$$$ deals $$$ now", "it costs $5 and $6"] {
        check(text, text);
    }
}

#[test]
fn links_keep_their_targets() {
    check_links("see [*my* book](https://a.b/c \"t\") now", &[("my book", "https://a.b/c", "https://a.b/c")]);
    check_links("[a ]( <b c> 'x](y')", &[("a ", "b c", "b c")]);
    check_links("[a](b(c)d&amp;e)", &[("a", "b(c)d&e", "b(c)d&amp;e")]);
    check_links(
        "[a][L] [l] [l][]\n\n[L]: http://x.y 'z'",
        &[("a", "http://x.y", "http://x.y"), ("l", "http://x.y", "http://x.y"), ("l", "http://x.y", "http://x.y")],
    );
    check_links("<https://a.b>", &[]);
    // What becomes of the text of a link becomes of its place.
    check_links("<kbd>[a](b)</kbd>", &[("\u{FFFC}", "b", "b")]);
    check_links("é <code>c [a](b) d</code> e", &[("\u{FFFC}", "b", "b")]);
    check_links("[x <kbd>y](b)</kbd>", &[("x \u{FFFC}", "b", "b")]);
    check_links("[a](b)<kbd>c</kbd>", &[("a", "b", "b")]);
    check_links("<code>one [a</code> ééé](b)", &[("\u{FFFC} ééé", "b", "b")]);
    check_links("<code>o *n* e [a</code> *é* é é](b)", &[("\u{FFFC} é é é", "b", "b")]);
    check_links("`x`<code>o *n* e [a</code> *é* é é](b)", &[(" é é é", "b", "b")]);
    check_links("a   [<!-- selfless-ignore -->ééé](b)", &[("ééé", "b", "b")]);
    check_links("a   <kbd>[<!-- selfless-ignore -->ééé](b)</kbd> é", &[("\u{FFFC}", "b", "b")]);
    check_links("[a   ](b)<!-- selfless-ignore -->日本", &[("a", "b", "b")]);
    check_links("[](x) and []()", &[("", "x", "x"), ("", "", "")]);
    check_links("[![buy](a.png)](https://shop)", &[("\u{FFFC}", "https://shop", "https://shop")]);
    check_links("b\n\n[a]({{< ref \"p.md\" >}})", &[("a", "{{< ref \"p.md\" >}}", "{{< ref \"p.md\" >}}")]);
    check_links("[a\\]\\(](b)", &[("a](", "b", "b")]);
}

#[test]
fn block_quotes_are_quotes_and_callouts_are_not() {
    check_quotes("a\n\n> b\n>\n> > c\n\nd\n\n> e", &["b\n\nc", "e"]);
    check_quotes("> [!NOTE]\n> b\n\n> [!tip]- c\n> > d", &["d"]);
    check("> [!NOTE]\n> b\n\n> [!tip]- c", "b\n\n c");
    check_quotes("> `code`", &[]);
}

#[test]
fn templates_are_not_prose() {
    check("a {{< figure src=\"a_b\" >}} b {{% x *y* %}} c", "a \u{FFFC} b \u{FFFC} c");
    check_raw("a **{{< b >}} c**", "\u{FFFC} c", "{{< b >}} c");
    check("a\n\n{{< youtube id >}}\n\nb", "a\n\nb");
    check("{{% note %}}\nbold **text**\n{{% /note %}}", "bold text");
    check("a {{ page.title }} b {% include x.html %} c {{{ d }}}", "a \u{FFFC} b \u{FFFC} c \u{FFFC}");
    check("a\n{% highlight rust %}\nlet prose;\n\nmore\n{% endhighlight %}\nb", "a\n\nb");
    check(
        "{{< highlight go >}}\nfunc x\n\nprose\n{{< / highlight >}}\n\n{{< highlight go >}}b{{< /highlight >}}\nc",
        "c",
    );
    check("a {% raw %}{{ b }}{% endraw %} c", "a {{ b }} c");
    check("a {%- comment -%} b\n\nc {%- endcomment -%} d", "a  d");
    check("a %%private%% b\n\n%%\nprivate\n\nmore\n%%\nc", "a  b\n\nc");
    check("100%% sure %% of it", "100%% sure %% of it");
    check("a `{{< b` c >}}` d {{< e >}}\n\n```\n{% raw %}\n```\nf", "a \u{FFFC} c >}}` d \u{FFFC}\n\nf");
    check("lead\n{: .notice}\n", "lead");
}

#[test]
fn markers_without_an_end_are_text() {
    for text in ["a {{< b", "a {{ b", "a {% b", "a %% b", "a {{< b {{< c", "a {: b"] {
        check(text, text);
    }
    check("a {{< b {{< c >}} d", "a {{< b \u{FFFC} d");
    check("a {{ b\n\nc }} d", "a {{ b\n\nc }} d");
    check("a {% raw %} b", "a  b");
}

#[test]
fn mdx_is_understood_in_mdx_only() {
    check_mdx("import {A} from './a'\nimport B from \"b\"\n\nexport const c = {\n\n  d: 1\n}\n\ntext", "text");
    check_mdx("import taxes from China\n\nexport your data", "import taxes from China\n\nexport your data");
    check_mdx("a <Icon name=\"x\" on={() => { b }} /> c", "a \u{FFFC} c");
    check_mdx("<Callout\n  type=\"x\"\n>\nWe *are*\n</Callout>", "We are");
    check_mdx("hum<b>bled</b>, <>so</> and<br/>on", "humbled, so and\non");
    check_mdx("a {props.x} b {/* note */}c \\{d\\}", "a \u{FFFC} b c {d}");
    check_mdx("<Tabs>\n```js\nconst a = {\n```\n</Tabs>\nb {c} `<D {` e", "b \u{FFFC} \u{FFFC} e");
    check_mdx("1 < 2 and a <b c <3 and {d", "1 < 2 and a <b c <3 and {d");
    check("a {props.x} b", "a {props.x} b");
}

#[test]
fn front_matter_comes_first() {
    let (source, extracted) = read("---\ntitle: A &amp; *b*\n---\nc **d**\n", Format::Markdown);
    let parts = &extracted.posts[0].parts;
    assert_eq!([parts[0].text.as_str(), parts[1].text.as_str()], ["A &amp; *b*", "c d"]);
    assert_eq!(spelled(&source, &parts[1], "c d"), "c **d");
}

#[test]
fn hostile_bodies_take_linear_time() {
    let n = 100_000;
    let start = std::time::Instant::now();
    let mut texts: Vec<String> = [
        ">",
        "> ",
        "- ",
        "* ",
        "1. ",
        "[",
        "![",
        "[a](",
        "*a",
        "*a _b ",
        "`a``",
        "<a ",
        "<!-- ",
        "&",
        "\\",
        "~~a ",
        "{{<",
        "{{< ",
        "{{%",
        "{{",
        "{%",
        "{% raw %}",
        "{% highlight %}",
        "%%",
        "a %% b\n\n",
        "{:",
        "import x\n \n",
        "export const\n \n",
        "{{a}}   ",
        "> [!a] ",
        "{{< a >}}",
        "{{< highlight >}} /highlight ",
        "{",
        "}",
        "<A \"",
        "<A '\"",
        "<A b={",
        "<A>",
        "</A>",
        "<A \"<a\" ",
        "import x from ",
        "import x from 'y'\n\n",
        "export const {\n\n",
        "> [!a",
        "$a$$",
        "[!a]",
        "    ",
        "<kbd>",
        "<kbd></kbd>",
    ]
    .iter()
    .map(|piece| piece.repeat(n / piece.len().min(8)))
    .collect();
    texts.push((0..1000).map(|depth| ">".repeat(depth) + "a\n").collect());
    texts.push((0..1000).map(|depth| "  ".repeat(depth) + "- a\n").collect());
    for text in &texts {
        for f in [Format::Markdown, Format::Mdx] {
            let t = std::time::Instant::now();
            read(text, f);
            if t.elapsed().as_millis() > 50 {
                eprintln!("{:?} {} {:?} {:?}", f, text.len(), &text[..20.min(text.len())], t.elapsed());
            }
        }
    }
    // About 100 texts of up to 1 MB; a quadratic one alone takes minutes.
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}

/// A word in markup that must not change it.
fn dressed() -> impl Strategy<Value = (String, String)> {
    ("[a-z]{1,6}", 0..12_u8).prop_map(|(word, dress)| {
        let (first, rest) = word.split_at(1);
        let raw = match dress {
            0 => format!("*{word}*"),
            1 => format!("**{word}**"),
            2 => format!("[{word}](https://x.y/z)"),
            3 => format!("&#{};{rest}", first.as_bytes()[0]),
            4 => format!("~~{word}~~"),
            5 => format!("<b>{word}</b>"),
            6 => format!("***{first}***{rest}"),
            7 => format!("{first}<!-- c -->{rest}"),
            8 => format!("[{word}][ref]"),
            9 => format!("{word}{{: .lead}}"),
            _ => word.clone(),
        };
        (word, raw)
    })
}

proptest! {
    #[test]
    fn words_survive_markup_in_order(
        words in prop::collection::vec((dressed(), prop::sample::select(vec![
            " ", "\n", "  \n", "\n\n", "\n\n- ", "\n\n> ", "\n\n# ", "\n\n1. ", "\n\n```\ncode\n```\n\n", " `c` ",
            "\n\n{{< x y=\"*\" >}}\n\n", " {{ z }} ", "\n\n***\n\n", " ![i](j) ", "\r\n", "\n\n<div>\nh\n</div>\n\n",
        ])), 1..30),
    ) {
        let mut text = String::new();
        let mut expected = Vec::new();
        for ((word, raw), separator) in &words {
            text.push_str(raw);
            text.push_str(separator);
            expected.push(word.as_str());
        }
        text.push_str("\n\n[ref]: https://r.s\n");
        let (source, extracted) = read(&text, Format::Markdown);
        let part = &extracted.posts[0].parts[0];
        let found: Vec<&str> =
            part.text.split(|c: char| c.is_whitespace() || c == '\u{FFFC}').filter(|word| !word.is_empty()).collect();
        prop_assert_eq!(&found, &expected, "{:?}", text);
        let longest = expected.iter().max_by_key(|word| word.len()).unwrap();
        let raw = spelled(&source, part, longest);
        prop_assert!(raw.ends_with(&longest[longest.len() - 1..]) || raw.ends_with(';'), "{:?} of {:?}", raw, text);
    }

    #[test]
    fn anything_can_be_read(text in "(?s).{0,200}", mdx in any::<bool>()) {
        read(&text, if mdx { Format::Mdx } else { Format::Markdown });
    }

    #[test]
    fn any_markup_can_be_read(pieces in prop::collection::vec(prop::sample::select(vec![
        "a", "é", "𝗯", " ", "\n", "\r\n", "\n\n", "*", "**", "_", "`", "```", "[", "](", ")", "]", "]: b", "<b>", "</b>",
        "<br>", "<!--", "-->", "&amp;", "\\", "> ", "- ", "1. ", "# ", "|", "|-|", "{{<", ">}}", "{{%", "%}}", "{{", "}}",
        "{% raw %}", "{% endraw %}", "{% highlight %}", "{% endhighlight %}", "{%", "%}", "%%", "{", "}", "<A", "/>", ">",
        "\"", "import a from 'b'", "export const x", "$", "$$", "---\n", "+++\n", "title: ", "[^1]", "[^1]: ", "![", "\t",
        "    ", "<code>", "</code>", "[!tip]", "~~", "=", "<div>", "{: .x}", "{/*", "*/}", "<", "\0",
    ]), 0..60), mdx in any::<bool>()) {
        read(&pieces.concat(), if mdx { Format::Mdx } else { Format::Markdown });
    }
}

#[test]
fn a_text_of_nothing_but_marks_is_refused() {
    let read_all = |text: String| {
        let (_, extracted) = read(&text, Format::Markdown);
        (extracted.posts.len(), extracted.unrecognised.map(|one| one.message.into_owned()))
    };
    assert_eq!(read_all("*a ".repeat(130_000)), (1, None));
    assert_eq!(read_all("The *heron* is [back](https://a.example).\n\n".repeat(20_000)), (1, None));
    let refused = "600000 marks in 1800000 bytes are no page of prose".to_owned();
    assert_eq!(read_all("*a ".repeat(600_000)), (0, Some(refused)));
}
