//! Each reader by itself, and what the better-known parser of its format has to say about what it read.

use std::fmt::Write as _;
use std::sync::Arc;

use selfless::document::jsonl::read_record;
use selfless::document::{ExtractOptions, Extracted, Format, Locator, Part, PartKind, ReadLimits, Role, TextPath};
use selfless::text::{Source, Span};
use serde_json::Value;

use crate::choice_and_text;
use crate::posts::{on_borders, read};

/// Plain text: the whole of it is the post.
pub fn text(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let (_, extracted) = read_as("draft.txt", &text, &Format::Text.into());
    for part in extracted.posts.iter().flat_map(|post| &post.parts) {
        assert!(text.contains(part.text.as_str()), "plain text holds {:?} as it stands", part.text);
    }
    // What the content of a file without a name says is only ever another way to read it.
    read_as("draft", &text, &ExtractOptions::default());
}

/// Tweets as files.
pub fn tweet(data: &[u8]) {
    let (choice, text) = choice_and_text(data);
    read_as("a.tweet", &text, &chosen(choice, Format::Tweet));
}

/// Toots as files.
pub fn toot(data: &[u8]) {
    let (choice, text) = choice_and_text(data);
    read_as("a.toot", &text, &chosen(choice, Format::Toot));
}

/// Markdown and MDX.
pub fn markdown(data: &[u8]) {
    let (choice, text) = choice_and_text(data);
    let format = if choice & 1 == 0 { Format::Markdown } else { Format::Mdx };
    read_as("a.md", &text, &chosen(choice >> 1, format));
}

/// Markdown below a heading that makes it a pack of posts.
pub fn packs(data: &[u8]) {
    let (choice, text) = choice_and_text(data);
    let heading = ["## LinkedIn Post", "### Post 1", "# X Thread\n\n## Tweet 1", "## Tweets", "**LinkedIn Post**"];
    let heading = heading.get(usize::from(choice >> 4) % heading.len()).unwrap_or(&"");
    read_as("a.md", &format!("# Week 19\n\n{heading}\n\n{text}"), &chosen(choice, Format::Markdown));
}

/// Front matter in all three notations.
pub fn front_matter(data: &[u8]) {
    let (choice, text) = choice_and_text(data);
    let (open, close) = [("---\n", "\n---\n"), ("+++\n", "\n+++\n"), ("{", "}\n")][usize::from(choice % 3)];
    let format = if choice & 0x80 == 0 { Format::Markdown } else { Format::Tweet };
    read_as("a.md", &format!("{open}{text}{close}The kiln is warm again."), &chosen(choice / 3, format));
}

/// Tables with commas, semicolons or bars.
pub fn csv(data: &[u8]) {
    table(data, Format::Csv, "a.csv");
}

/// Tables with tabs.
pub fn tsv(data: &[u8]) {
    table(data, Format::Tsv, "a.tsv");
}

fn table(data: &[u8], format: Format, name: &str) {
    let (choice, text) = choice_and_text(data);
    let mut options = chosen(choice, format);
    match choice >> 4 {
        1 => options.text_columns = vec!["1".to_owned()],
        2 => options.text_columns = vec!["Text".to_owned(), "note".to_owned()],
        3 => options.columns = vec![(Role::Text, vec!["Copy".to_owned()]), (Role::Time, vec!["2".to_owned()])],
        _ => {}
    }
    let (source, extracted) = read_as(name, &text, &options);
    for post in &extracted.posts {
        let Locator::Row(row, _) = post.locator else { panic!("{:?} is no row", post.locator) };
        let start = source.text().get(..post.start as usize).unwrap_or_default();
        let lines = start.bytes().filter(|byte| matches!(byte, b'\r' | b'\n')).count();
        assert!(row as usize <= lines + 1, "row {row} begins on line {}", lines + 1);
    }
}

/// JSON, with a path or without.
pub fn json(data: &[u8]) {
    let (choice, text) = choice_and_text(data);
    let mut options = chosen(choice, Format::Json);
    if choice >> 4 == 1 {
        options.text_path = TextPath::parse("/posts/*/text").ok();
    }
    let (_, extracted) = read_as("queue.json", &text, &options);
    if let Ok(value) = serde_json::from_str(&text) {
        // Of equal keys it keeps one, and which is nobody's business.
        if keys_of(&value) == colons(&text) {
            as_parsed(&extracted, &value);
        }
    }
}

/// JSON lines, read as a file and record by record as a stream.
pub fn jsonl(data: &[u8]) {
    let (choice, text) = choice_and_text(data);
    let (whole, extracted) = read_as("queue.jsonl", &text, &chosen(choice & 2, Format::Jsonl));
    let mut posts = extracted.posts.iter();
    let (mut bytes, mut lines, mut bad) = (0, 0, 0);
    for line in text.split_inclusive('\n') {
        let record = line.strip_suffix('\n').unwrap_or(line);
        if !record.trim().is_empty() {
            let name = whole.name();
            // A mark of the byte order is one only where a stream begins, and there it is no text.
            if record.starts_with('\u{FEFF}') {
                return;
            }
            let Ok(source) = Source::decode_record(name, record.as_bytes().to_vec(), bytes, lines).map(Arc::new)
            else {
                return;
            };
            match read_record(&source, Span::of(0..record.len()), ReadLimits::default()) {
                Ok(record) => {
                    let Some(other) = posts.next() else { panic!("the file has fewer posts than the stream") };
                    assert_eq!(record.post.parts.len(), other.parts.len());
                    assert_eq!((&record.post.id, record.post.time.is_some()), (&other.id, other.time.is_some()));
                    for (part, other) in record.post.parts.iter().zip(&other.parts) {
                        assert_eq!((&part.text, part.kind), (&other.text, other.kind));
                        for (run, other) in part.map.runs().zip(other.map.runs()) {
                            assert_eq!(source.raw(run.raw.start()), whole.raw(other.raw.start()));
                            assert_eq!(source.line_column(run.raw.end()), whole.line_column(other.raw.end()));
                        }
                    }
                    if let Ok(value) = serde_json::from_str::<Value>(line) {
                        let text = value.get("text").and_then(Value::as_str);
                        assert_eq!(record.post.parts.first().map(|part| part.text.as_str()), text);
                    }
                }
                Err(_) => bad += 1,
            }
        }
        bytes += line.len() as u64;
        lines += 1;
    }
    assert!(posts.next().is_none(), "the file has more posts than the stream");
    assert!(bad == 0 || !extracted.diagnostics.is_empty(), "a bad record, and no word about it");
}

/// YAML.
pub fn yaml(data: &[u8]) {
    let (choice, text) = choice_and_text(data);
    read_as("queue.yaml", &text, &chosen(choice, Format::Yaml));
}

/// The shapes of archives and schedulers, whose names say what they are.
pub fn archives(data: &[u8]) {
    let (choice, text) = choice_and_text(data);
    let names = [
        "data/tweets.js",
        "data/note-tweet.js",
        "outbox.json",
        "posts_1.json",
        "threads_and_replies.json",
        "data/js/tweets/2009_04.js",
        "Shares.csv",
        "queue.json",
    ];
    let name = names.get(usize::from(choice) % names.len()).unwrap_or(&"a.json");
    read_as(name, &text, &ExtractOptions::default());
}

/// HTML, as the archive of a network holds it.
pub fn html(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let content = Value::from(&*text);
    let raw = format!("{{\"orderedItems\":[{{\"type\":\"Create\",\"object\":{{\"content\":{content}}}}}]}}");
    let (_, extracted) = read_as("outbox.json", &raw, &ExtractOptions::default());
    for part in extracted.posts.iter().flat_map(|post| &post.parts) {
        assert!(!text.contains('<') || part.text.len() <= text.len() * 3, "{:?} of {text:?}", part.text);
    }
}

/// Letters that an archive broke into bytes: they are put together again, and only they.
pub fn mojibake(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let broken: String = text.bytes().map(char::from).collect();
    let mut escaped = String::new();
    for unit in broken.encode_utf16() {
        let _ = write!(escaped, "\\u{unit:04x}");
    }
    let raw = format!("[{{\"media\":[{{\"uri\":\"a\",\"creation_timestamp\":1,\"title\":\"{escaped}\"}}]}}]");
    let (_, extracted) = read_as("posts_1.json", &raw, &ExtractOptions::default());
    if !text.trim().is_empty() && !text.contains('\0') {
        let parts: Vec<&str> =
            extracted.posts.iter().flat_map(|post| &post.parts).map(|part| &*part.text).collect();
        assert_eq!(parts, [text.as_str()]);
    }
    let raw = Value::from(&*text);
    read_as(
        "posts_1.json",
        &format!("[{{\"creation_timestamp\":1,\"title\":{raw}}}]"),
        &ExtractOptions::default(),
    );
}

fn chosen(choice: u8, format: Format) -> ExtractOptions {
    ExtractOptions { drafts_only: choice & 1 != 0, format: Some(format), ..ExtractOptions::default() }
}

fn read_as(name: &str, text: &str, options: &ExtractOptions) -> (Arc<Source>, Extracted) {
    let source = Arc::new(Source::from_text(name, text));
    let extracted = read(&source, options);
    for post in &extracted.posts {
        on_borders(&source, Span::new(0, post.start));
    }
    (source, extracted)
}

/// How many keys a value has.
fn keys_of(value: &Value) -> usize {
    match value {
        Value::Array(inside) => inside.iter().map(keys_of).sum(),
        Value::Object(inside) => inside.len() + inside.values().map(keys_of).sum::<usize>(),
        _ => 0,
    }
}

/// How many colons of JSON stand outside of texts: one a key.
fn colons(json: &str) -> usize {
    let (mut count, mut quoted, mut escaped) = (0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b':' => count += usize::from(!quoted),
            _ => {}
        }
    }
    count
}

/// Where a part says by a pointer where it stands, what stands there is its text.
fn as_parsed(extracted: &Extracted, value: &Value) {
    for post in &extracted.posts {
        for (index, part) in post.parts.iter().enumerate() {
            let Locator::Pointer(pointer) = post.locator_of(index) else { continue };
            let Some(text) = value.pointer(pointer).and_then(Value::as_str) else { continue };
            if is_plain(part) && !text.contains(['<', '&']) {
                assert_eq!(part.text, text, "at {pointer}");
            }
        }
    }
}

/// Whether a part is spelled once: no HTML, no broken letters, no tags without their sign.
fn is_plain(part: &Part) -> bool {
    part.kind != PartKind::Hashtags && !part.text.contains(['\u{FFFC}', '<', '&']) && part.text.is_ascii()
}
