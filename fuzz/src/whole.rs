//! The whole way: from bytes to the output, read again.

use std::sync::{Arc, OnceLock};

use selfless::document::{Chosen, Directives, ExtractOptions, Format, Post};
use selfless::emit::{Look, OutputFormat, Streams, emitter};
use selfless::fix::{Applicability, Fix, chosen, spliced};
use selfless::lint::{Context, Linter, Policy};
use selfless::report::{FileReport, RuleIndex, RunReport, Summary, Tool};
use selfless::rule::RuleSet;
use selfless::suppress::{Holder, flaws};
use selfless::text::Source;
use serde_json::Value;

use crate::choice_and_text;
use crate::posts::{on_borders, read, sound_diagnostic};

fn linter() -> &'static (Linter, Policy) {
    static LINTER: OnceLock<(Linter, Policy)> = OnceLock::new();
    LINTER.get_or_init(|| {
        let linter = Linter::new(Arc::new(RuleSet::shipped()));
        let mut policy = Policy::of(linter.rules());
        policy.all = true;
        for pack in linter.rules().packs() {
            policy.switch_on(linter.rules(), pack);
        }
        (linter, policy)
    })
}

/// Directives in Markdown: what they hide is hidden, and nothing else is.
pub fn directives(data: &[u8]) {
    let (choice, text) = choice_and_text(data);
    let format = [Format::Markdown, Format::Mdx, Format::Text][usize::from(choice % 3)];
    let source = Arc::new(Source::from_text("a.md", text));
    let (linter, policy) = linter();
    for post in read(&source, &format.into()).posts {
        for directive in &post.directives {
            let holder = Holder::directive(&post, directive);
            flaws(&holder, linter.rules(), policy.flaws, true).iter().for_each(sound_diagnostic);
            let unused = (0..directive.rules.len()).filter_map(|name| holder.unused(name, linter.rules(), policy.flaws));
            unused.for_each(|told| sound_diagnostic(&told));
        }
        let quiet = linter.lint(&post, &Context::default(), policy);
        let named: Vec<&str> =
            post.directives.iter().flat_map(|one| one.rules.iter().map(|(name, _)| name.as_str())).collect();
        let whole = |one: &selfless::document::Directive| one.scope == selfless::document::DirectiveScope::File;
        let hidden: Vec<&str> = post
            .directives
            .iter()
            .filter(|one| whole(one))
            .flat_map(|one| one.rules.iter().map(|(name, _)| &**name))
            .collect();
        for finding in &quiet.findings {
            let code = &*finding.diagnostic.code;
            let category = code.split('/').next().unwrap_or(code);
            assert!(!hidden.contains(&code) && !hidden.contains(&category), "{code} is hidden by {hidden:?}");
        }
        if named.is_empty() {
            let loud = Post { directives: Directives::default(), ..post };
            assert_eq!(quiet.findings.len(), linter.lint(&loud, &Context::default(), policy).findings.len());
        }
    }
}

/// Fixes of Markdown in any encoding: only what they are about changes, and what they make of a draft can be judged.
pub fn fixes(data: &[u8]) {
    let (choice, text) = choice_and_text(data);
    let bytes = encoded(choice, &text);
    let Ok(source) = Source::decode("a.md", bytes.clone()).map(Arc::new) else { return };
    let found = fixes_of(&source);
    let chosen = chosen(&found);
    let mut expected = String::new();
    let mut at = 0;
    for edit in &chosen.edits {
        on_borders(&source, edit.span);
        let range = edit.span.range();
        expected.push_str(source.text().get(at..range.start).expect("edits rise"));
        expected.push_str(&edit.text);
        at = range.end;
    }
    expected.push_str(source.text().get(at..).expect("the last edit ends"));
    let after = spliced(&source, &bytes, &chosen.edits).expect("every letter can be spelled");
    let after = Source::decode("a.md", after).expect("it is text as before");
    assert_eq!(after.text(), expected);
    fixes_of(&Arc::new(after));
}

/// The text in UTF-8 with a mark or without, or in UTF-16.
fn encoded(choice: u8, text: &str) -> Vec<u8> {
    match choice % 4 {
        0 => text.as_bytes().to_vec(),
        1 => ["\u{FEFF}", text].concat().into_bytes(),
        2 => [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        _ => [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect(),
    }
}

/// The fixes of all findings, all rules on.
fn fixes_of(source: &Arc<Source>) -> Vec<Fix> {
    let (linter, policy) = linter();
    let posts = read(source, &Format::Markdown.into()).posts;
    let findings = posts.iter().flat_map(|post| linter.lint(post, &Context::default(), policy).findings);
    findings
        .inspect(|finding| sound_diagnostic(&finding.diagnostic))
        .filter_map(|finding| finding.diagnostic.fix)
        .filter(|fix| fix.applicability != Applicability::DisplayOnly)
        .collect()
}

/// Any draft in any format: judged the same twice, written in every format, and the JSON read again.
pub fn lint(data: &[u8]) {
    let (choice, text) = choice_and_text(data);
    let formats = Format::ALL;
    let format = formats.get(usize::from(choice) % formats.len()).copied();
    let source = Arc::new(Source::from_text("draft", text));
    let options = ExtractOptions { format, chosen: Chosen::Named, ..ExtractOptions::default() };
    let extracted = read(&source, &options);
    let (linter, policy) = linter();
    let judge = |post: &Post| linter.lint(post, &Context::default(), policy);
    let posts: Vec<_> = extracted.posts.iter().take(20).map(judge).collect();
    for (post, report) in extracted.posts.iter().zip(&posts) {
        let again = judge(post);
        assert_eq!(format!("{:?}", again.score), format!("{:?}", report.score));
        assert_eq!(again.findings.len(), report.findings.len());
        report.findings.iter().for_each(|finding| sound_diagnostic(&finding.diagnostic));
    }
    let mut diagnostics = extracted.diagnostics;
    diagnostics.extend(extracted.unrecognised.map(|one| *one));
    let file = FileReport { posts, diagnostics, unreadable: None };
    OutputFormat::NAMES
        .iter()
        .filter_map(|name| OutputFormat::from_name(name))
        .for_each(|format| harmless(format, &file));
    let json: Value = serde_json::from_str(&written(OutputFormat::Json, &file)).expect("JSON");
    let posts = json.get("posts").and_then(Value::as_array).expect("posts");
    assert_eq!(posts.len(), file.posts.len());
    for (post, report) in posts.iter().zip(&file.posts) {
        let findings = post.get("findings").and_then(Value::as_array).expect("findings");
        assert_eq!(findings.len(), report.findings.len());
        for finding in findings {
            let text = finding.get("text").and_then(Value::as_str).expect("text");
            let byte = |end: &str| finding.pointer(&format!("/span/{end}/byte")).and_then(Value::as_u64);
            if let (Some(start), Some(end)) = (byte("start"), byte("end")) {
                assert_eq!(source.text().get(start as usize..end as usize), Some(text));
            }
        }
    }
}

/// What is written holds nothing that a terminal obeys, and is what its readers expect.
fn harmless(format: OutputFormat, file: &FileReport) {
    let out = written(format, file);
    assert!(!out.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "an escape of the draft in {format:?}");
    match format {
        OutputFormat::Json | OutputFormat::Sarif | OutputFormat::Gitlab | OutputFormat::Rdjson => {
            serde_json::from_str::<Value>(&out).expect("JSON");
        }
        OutputFormat::Jsonl => out.lines().for_each(|line| {
            serde_json::from_str::<Value>(line).expect("JSON in a line");
        }),
        OutputFormat::Junit | OutputFormat::Checkstyle => {
            roxmltree::Document::parse(&out).expect("XML");
        }
        OutputFormat::Github => out.lines().for_each(|line| {
            assert!(line.starts_with("::") || !line.contains("::"), "a command within {line:?}");
        }),
        OutputFormat::Human | OutputFormat::Short | OutputFormat::Markdown => {}
    }
}

fn written(format: OutputFormat, file: &FileReport) -> String {
    let look = Look { color: false, unicode: true, width: 80, links: false, workflow: true };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut streams = Streams { out: &mut out, err: &mut err };
    let mut emitter = emitter(format, look);
    let tool = Tool { version: "0", rules: "0".to_owned(), index: RuleIndex::default(), pages: None };
    let mut summary = Summary::default();
    summary.add_file(file);
    let run =
        RunReport { tool: tool.clone(), queues: Vec::new(), diagnostics: Vec::new(), summary, statistics: None };
    let mut write = || {
        emitter.begin(&tool, &mut streams)?;
        emitter.file(file, &mut streams)?;
        emitter.finish(&run, &mut streams)
    };
    write().expect("a vector takes all");
    String::from_utf8(out).expect("output is UTF-8")
}
