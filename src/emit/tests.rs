//! Every format over one report whose sources, paths and rules are as nasty as they come, and any spans at all.

mod fixture;
mod shape;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value;
use snapbox::{Assert, Data, IntoData};

use self::fixture::*;
use self::shape::check_sums;
use super::clean::unprintable;
use super::*;
use crate::config::{FailOn, RulePages};
use crate::diagnostic::{Diagnostic, Level};
use crate::document::{Locator, PostId, PostKind};
use crate::fingerprint::Fingerprint;
use crate::fix::{Applicability, Edit, Fix};
use crate::report::{
    About, Bar, Effect, Explanation, Needed, Needs, PostReport, QueueEntry, QueueFinding, QueueReport,
    ReportedFinding, RuleIndex, SectionName, SectionReport, Statistics, Summary, Suppressed, Tool, Without,
};
use crate::rule::{RuleSet, VerdictKind};
use crate::score::{Score, Verdict};
use crate::text::{Platform, Source, Span};

const PLAIN: Look = Look { color: false, unicode: true, width: 100, links: false, workflow: false };

/// As it is and with the posts written before their turn, which makes no difference.
fn emit(format: OutputFormat, look: Look, files: &[FileReport], run: &RunReport) -> (String, String) {
    let emitted = |ahead: bool| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut streams = Streams { out: &mut out, err: &mut err };
        let mut emitter = emitter(format, look);
        emitter.begin(&run.tool, &mut streams).unwrap();
        let writer = emitter.post_writer().filter(|_| ahead);
        for file in files {
            let mut file = file.clone();
            for post in &mut file.posts {
                writer.iter().for_each(|writer| write_ahead(&**writer, post));
                assert_eq!(post.written.is_some(), writer.is_some() && post.findings.len() <= 200);
            }
            emitter.file(&file, &mut streams).unwrap();
        }
        emitter.finish(run, &mut streams).unwrap();
        (String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    };
    let plain = emitted(false);
    assert_eq!(emitted(true), plain);
    plain
}

fn emit_all(format: OutputFormat, look: Look) -> (String, String) {
    let files = [launch(), posts(), record()];
    let run = end(&files);
    emit(format, look, &files, &run)
}

/// Compares both streams with a file; `SNAPSHOTS=overwrite` writes it anew.
#[track_caller]
fn check(name: &str, format: OutputFormat, look: Look) {
    let (out, err) = emit_all(format, look);
    assert_eq!(disturbing(&out), None, "{name}: out");
    assert_eq!(disturbing(&err), None, "{name}: err");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/emit/snapshots").join(name);
    let actual = format!("{out}\n===== beside it =====\n{err}").into_data().raw();
    Assert::new().action_env("SNAPSHOTS").eq(actual, Data::read_from(&path, None).raw());
}

/// The first character that a reader's terminal should never get.
fn disturbing(text: &str) -> Option<char> {
    text.chars().find(|&c| unprintable(c) && !matches!(c, '\n' | '\t'))
}

#[test]
fn human_shows_everything_and_nothing_steers_the_terminal() {
    check("human.txt", OutputFormat::Human, PLAIN);
}

#[test]
fn human_can_do_without_unicode_in_a_narrow_runner() {
    let look = Look { unicode: false, width: 60, workflow: true, ..PLAIN };
    check("human-narrow.txt", OutputFormat::Human, look);
    let (out, err) = emit_all(OutputFormat::Human, look);
    for line in out.lines().chain(err.lines()) {
        assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{line}");
    }
}

#[test]
fn colours_are_the_only_difference_they_make() {
    let (out, err) = emit_all(OutputFormat::Human, Look { color: true, ..PLAIN });
    let strip = |text: &str| anstream::adapter::strip_str(text).to_string();
    assert!(out.contains('\u{1b}'));
    assert_eq!((strip(&out), strip(&err)), emit_all(OutputFormat::Human, PLAIN));
}

/// Both streams without the links to the one rule whose page is known.
fn unlinked((out, err): (String, String)) -> (String, String) {
    let plain = |text: &str| {
        text.replace("\u{1b}]8;;https://rules.example/ask#hard\u{1b}\\", "").replace("\u{1b}]8;;\u{1b}\\", "")
    };
    (plain(&out), plain(&err))
}

#[test]
fn names_of_rules_link_to_their_pages_and_nothing_else_does() {
    let look = Look { links: true, ..PLAIN };
    let linked = emit_all(OutputFormat::Human, look);
    let link = "[\u{1b}]8;;https://rules.example/ask#hard\u{1b}\\ask/hard\u{1b}]8;;\u{1b}\\]";
    assert!(linked.0.contains(link), "{}", linked.0);
    assert_eq!(linked.0.matches("]8;;h").count(), 1);
    assert_eq!(unlinked(linked), emit_all(OutputFormat::Human, PLAIN));
    // Nobody makes links without pages.
    let run = end(&[]);
    let tool = Tool { pages: None, ..tool() };
    let (out, _) = emit(OutputFormat::Human, look, &[launch()], &RunReport { tool, ..run });
    assert!(!out.contains('\u{1b}'));
}

#[test]
fn an_explanation_fits_a_narrow_terminal() {
    let (out, _) = emit_all(OutputFormat::Human, Look { width: 40, ..PLAIN });
    let from = out.find("  promotion 87.0 by category").unwrap();
    let explanation: Vec<&str> = out[from..].lines().take_while(|line| !line.is_empty()).collect();
    assert!(explanation.iter().all(|line| line.chars().count() <= 60), "{explanation:#?}");
    let place = explanation.iter().position(|line| *line == "    4:20  ask/hard").unwrap();
    assert_eq!(explanation[place + 1], "          29.0 points, without it 70.0 promotional");
    assert!(explanation.contains(&"    1 more, 29.0 points; --all shows it"), "{explanation:#?}");
}

#[test]
fn short_is_a_line_a_finding() {
    check("short.txt", OutputFormat::Short, PLAIN);
}

#[test]
fn short_breaks_commands_where_they_are_obeyed() {
    let (_, err) = emit_all(OutputFormat::Short, Look { workflow: true, ..PLAIN });
    assert!(err.contains("\n: :error::␛]0;x␇.md: error[input/not-found]: no such file\n"), "{err}");
}

#[test]
fn json_is_one_document() {
    check("json.txt", OutputFormat::Json, PLAIN);
}

#[test]
fn jsonl_is_a_line_a_post_and_says_the_rest_beside_it() {
    check("jsonl.txt", OutputFormat::Jsonl, PLAIN);
    let (lines, _) = emit_all(OutputFormat::Jsonl, PLAIN);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let document: Value = serde_json::from_str(&emit_all(OutputFormat::Json, PLAIN).0).unwrap();
    assert_eq!(&lines[..4], document["posts"].as_array().unwrap());
    assert_eq!(lines[4]["id"]["n"], 7);
}

/// The formats for CI and reviewing, with the ending of their snapshots.
const REVIEWED: [(OutputFormat, &str); 7] = [
    (OutputFormat::Sarif, "sarif.txt"),
    (OutputFormat::Github, "github.txt"),
    (OutputFormat::Gitlab, "gitlab.txt"),
    (OutputFormat::Junit, "junit.txt"),
    (OutputFormat::Checkstyle, "checkstyle.txt"),
    (OutputFormat::Rdjson, "rdjson.txt"),
    (OutputFormat::Markdown, "markdown.txt"),
];

#[test]
fn formats_for_reviewing_hold_nothing_that_does_harm() {
    for (format, name) in REVIEWED {
        check(name, format, PLAIN);
        let (out, err) = emit_all(format, Look { workflow: true, ..PLAIN });
        for line in err.lines() {
            assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{name}: {line}");
        }
        let ours = |line: &str| {
            format == OutputFormat::Github
                && ["::error ", "::warning ", "::notice "].iter().any(|command| line.starts_with(command))
        };
        for line in out.lines() {
            assert!(ours(line) || !line.trim_start().starts_with("::"), "{name}: {line}");
        }
        assert!(!out.contains("##["), "{name}");
    }
}

#[test]
fn a_pair_of_mentions_and_an_issue_call_nobody() {
    let source = Arc::new(Source::from_text("@ana/#12.md", "Ask @ana | `#12` <b>now</b>"));
    let mut post = post(&source, Verdict::Mixed, (50.0, 0.0));
    let diagnostic = Diagnostic::new(Level::Warning, "ask/hard", "asks @ana of #12 | <b>")
        .label(&source, Span::new(0, 27), "")
        .help("see https://a.example, @bo");
    post.findings = vec![found(diagnostic, 50.0)];
    let file = FileReport { posts: vec![post], ..FileReport::default() };
    let (out, _) = emit(OutputFormat::Markdown, PLAIN, &[file], &end(&[]));
    let row = out.lines().find(|line| line.contains("ask/hard")).unwrap();
    assert_eq!(
        row,
        "| warning | `@ana/#12.md:1:1` | `ask/hard` | ``Ask @ana \\| `#12` <b>now</b>``<br>asks @&#8203;ana of #&#8203;12 \\| \
         &lt;b&gt;<br>*help:* see https:&#8203;//a.example, @&#8203;bo |"
    );
}

#[test]
fn a_runner_gets_ten_annotations_of_a_level_the_gravest_first() {
    let source = Arc::new(Source::from_text("a.md", "one two three"));
    let mut post = post(&source, Verdict::Mixed, (50.0, 0.0));
    let one = |level, number: usize| {
        let name = format!("a/b{number}");
        found(Diagnostic::new(level, name, "::error::x").label(&source, Span::new(4, 7), ""), 1.0)
    };
    post.findings = (0..12).map(|number| one(Level::Note, number)).collect();
    post.findings.extend((0..11).map(|number| one(Level::Error, number)));
    let run = RunReport { queues: Vec::new(), diagnostics: Vec::new(), ..end(&[]) };
    let (out, _) =
        emit(OutputFormat::Github, PLAIN, &[FileReport { posts: vec![post], ..FileReport::default() }], &run);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "a.md:1:5: note[a/b10]: ::error::x");
    assert!(
        lines[3..13].iter().all(|line| line.starts_with("::error file=a.md,line=1,endLine=1,col=5,endColumn=8,"))
    );
    assert_eq!(lines[13], "1 error more, without an annotation: a step has 10 of a level");
    assert!(lines[14..24].iter().all(|line| line.starts_with("::notice ")));
    assert_eq!(lines[24], "2 notices more, without an annotation: a step has 10 of a level");
}

#[test]
fn a_summary_fits_into_a_comment() {
    let source = Arc::new(Source::from_text("a.md", "one two three"));
    let mut post = post(&source, Verdict::Mixed, (50.0, 0.0));
    let one = Diagnostic::new(Level::Note, "a/b", "a message").label(&source, Span::new(4, 7), "");
    post.findings = vec![found(one, 1.0); 3000];
    let file = FileReport { posts: vec![post], ..FileReport::default() };
    let (out, _) = emit(OutputFormat::Markdown, PLAIN, &[file], &end(&[]));
    assert!(out.chars().count() < 65_536);
    let rows = out.lines().filter(|line| line.contains("`a/b`") && line.contains("a.md")).count();
    let more =
        out.lines().find_map(|line| line.strip_suffix(" findings more: the table is as long as a comment may be"));
    // The findings of the run itself come last.
    assert_eq!(rows + more.unwrap().parse::<usize>().unwrap(), 3000 + 3);
}

#[test]
fn results_of_sarif_know_their_rules_and_places() {
    let document: Value = serde_json::from_str(&emit_all(OutputFormat::Sarif, PLAIN).0).unwrap();
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() >= 5);
    let mut prints = BTreeSet::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let location = &result["locations"][0]["physicalLocation"];
        let key = (location["artifactLocation"].to_string(), result["partialFingerprints"].to_string());
        assert!(prints.insert(key), "{result}");
        let region = &location["region"];
        if let (Some(start), Some(length)) = (region["byteOffset"].as_u64(), region["byteLength"].as_u64())
            && location["artifactLocation"]["uri"] == "la%1B%5B2Junch.md"
        {
            let range = usize::try_from(start).unwrap()..usize::try_from(start + length).unwrap();
            assert!(DRAFT.get(range).is_some(), "{region}");
        }
    }
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().len(), 4);
}

#[test]
fn columns_of_rdjson_are_bytes() {
    let document: Value = serde_json::from_str(&emit_all(OutputFormat::Rdjson, PLAIN).0).unwrap();
    let mut seen = 0;
    for diagnostic in document["diagnostics"].as_array().unwrap() {
        let range = &diagnostic["location"]["range"];
        if diagnostic["location"]["path"] != "la\u{1b}[2Junch.md" {
            continue;
        }
        let offset = |end: &str| {
            let at = |key: &str| usize::try_from(range[end][key].as_u64().unwrap()).unwrap();
            let before: usize = DRAFT.split_inclusive('\n').take(at("line") - 1).map(str::len).sum();
            before + at("column") - 1
        };
        let marked = DRAFT.get(offset("start")..offset("end")).unwrap();
        seen += usize::from(["Humbled and honored", "link in bio"].contains(&marked));
    }
    assert_eq!(seen, 2);
}

#[test]
fn fingerprints_of_gitlab_are_unique() {
    let file = launch();
    let twice = FileReport { posts: [file.posts.clone(), file.posts].concat(), ..FileReport::default() };
    let (out, _) = emit(OutputFormat::Gitlab, PLAIN, &[twice, posts()], &end(&[]));
    let document: Value = serde_json::from_str(&out).unwrap();
    let entries = document.as_array().unwrap();
    let prints: BTreeSet<&str> = entries.iter().map(|entry| entry["fingerprint"].as_str().unwrap()).collect();
    assert!(entries.len() > 6 && prints.len() == entries.len());
}

#[test]
fn whatever_is_written_is_known_again() {
    for name in OutputFormat::NAMES {
        let format = OutputFormat::from_name(name).unwrap();
        for files in [&[][..], &[launch()], &[posts()], &[record()], &[launch(), posts(), record()]] {
            let (out, _) = emit(format, PLAIN, files, &end(files));
            assert!(out.is_empty() || is_output(&out), "{name}: {out}");
        }
    }
}

#[test]
fn a_document_without_posts_is_whole() {
    let run = RunReport {
        tool: tool(),
        queues: vec![],
        diagnostics: vec![],
        summary: Summary::default(),
        statistics: None,
    };
    let document: Value = serde_json::from_str(&emit(OutputFormat::Json, PLAIN, &[], &run).0).unwrap();
    assert_eq!(document["posts"], Value::Array(vec![]));
}

#[test]
fn an_id_that_is_no_json_does_not_break_its_line() {
    let mut file = record();
    let run = end(&[]);
    for id in [None, Some("{\"a\":"), Some("[1,\n2]"), Some("1}{")] {
        file.unreadable = Some((id.map(str::to_owned), "bad".to_owned()));
        let (out, _) = emit(OutputFormat::Jsonl, PLAIN, &[file.clone()], &run);
        assert_eq!(out, "{\"id\":null,\"error\":\"bad\"}\n");
    }
}

#[test]
fn spans_in_json_are_those_of_the_raw_file() {
    let document: Value = serde_json::from_str(&emit_all(OutputFormat::Json, PLAIN).0).unwrap();
    for finding in document["posts"][0]["findings"].as_array().unwrap() {
        let end = |end: &str| usize::try_from(finding["span"][end]["byte"].as_u64().unwrap()).unwrap();
        assert_eq!(DRAFT.get(end("start")..end("end")), finding["text"].as_str());
    }
}

/// Text of what steers terminals and CI runners, of wide and joined characters, and of anything.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("::error::"),
        Just("##[group]"),
        Just("\u{1b}[31m"),
        Just("\u{202e}"),
        Just("\u{fdd0}0\u{fdd0}:1:2"),
        Just("👩‍👩‍👧"),
        Just("漢字"),
        Just("\t"),
        Just("\r\n"),
        Just("\n"),
        Just("\r"),
        Just("\u{85}\u{9b}\u{2028}"),
        Just("word "),
        Just("a long tail of words without an end, "),
    ];
    let piece = prop_oneof![4 => piece.prop_map(str::to_owned), 1 => ".{0,6}"];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// A report on two sources with labels at any bytes, borders or not, and text from outside everywhere.
fn any_report(texts: &[String], spans: &[(u32, u32, bool)]) -> FileReport {
    let text = |at: usize| texts[at % texts.len()].clone();
    let sources: Vec<Arc<Source>> = (0..2).map(|at| Arc::new(Source::from_text(text(at), text(at + 1)))).collect();
    let mut diagnostic = Diagnostic::error(text(1), text(2)).note(text(0)).help(text(1)).about(text(2));
    for &(a, b, second) in spans {
        let source = &sources[usize::from(second)];
        let len = u32::try_from(source.text().len()).unwrap();
        // Spans are in bounds, as labels promise.
        diagnostic = diagnostic.label(source, Span::new(a % (len + 1), b % (len + 1)), text(b as usize));
    }
    let mut post = post(&sources[0], Verdict::Mixed, (50.0, 50.0));
    post.locator = Locator::Section(text(2));
    let credit = Diagnostic { level: Level::Credit, ..diagnostic.clone() };
    post.findings = vec![found(diagnostic.clone(), 50.0), found(credit, 50.0)];
    post.score.by_category = vec![(text(1).into(), 50.0)];
    let effects =
        (0..2).map(|finding| Effect { finding, without: Some(Without::of(&post)), shown: true }).collect();
    post.explanation = Some(Explanation { effects });
    let needed = post.findings.iter().map(|finding| Needed { finding: finding.clone(), hidden: true });
    post.needs = Some(Needs { findings: needed.collect(), smallest: false, without: Without::of(&post) });
    FileReport { posts: vec![post], diagnostics: vec![diagnostic], unreadable: None }
}

/// As far as our documents go: tags nest, attributes are quoted, and no character is one that XML 1.0 does not allow.
#[track_caller]
fn well_formed(xml: &str) {
    let allowed = |c: char| matches!(c, '\n' | ' '..='\u{fffd}' | '\u{10000}'..);
    assert_eq!(xml.chars().find(|&c| !allowed(c)), None);
    let mut open = Vec::new();
    let mut rest = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    while let Some((text, tag)) = rest.split_once('<') {
        assert!(!text.contains('>') && text.split('&').skip(1).all(|entity| entity.contains(';')), "{text}");
        let (tag, after) = tag.split_once('>').unwrap();
        rest = after;
        assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') => {}
            None => open.extend(tag.split(' ').next()),
        }
    }
    assert!(open.is_empty() && rest == "\n", "{open:?} {rest}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_source_and_no_span_disturbs_a_reader(
        texts in prop::collection::vec(nasty(), 3),
        spans in prop::collection::vec((any::<u32>(), any::<u32>(), any::<bool>()), 0..5),
        unicode in any::<bool>(),
        width in 0..160usize,
    ) {
        let files = [any_report(&texts, &spans)];
        let run = end(&files);
        let look = Look { color: false, unicode, width, links: false, workflow: true };
        let linked = emit(OutputFormat::Human, Look { links: true, ..look }, &files, &run);
        prop_assert_eq!(unlinked(linked), emit(OutputFormat::Human, look, &files, &run));
        for format in OutputFormat::NAMES.map(|name| OutputFormat::from_name(name).unwrap()) {
            let (out, err) = emit(format, look, &files, &run);
            prop_assert_eq!(disturbing(&out), None);
            prop_assert_eq!(disturbing(&err), None);
            prop_assert!(!out.contains("##["), "{}", out);
            let read = if matches!(format, OutputFormat::Human | OutputFormat::Short) { &out } else { "" };
            for line in read.lines().chain(err.lines()) {
                prop_assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{}", line);
            }
            match format {
                OutputFormat::Json | OutputFormat::Sarif | OutputFormat::Gitlab | OutputFormat::Rdjson => {
                    serde_json::from_str::<Value>(&out).unwrap();
                }
                OutputFormat::Junit | OutputFormat::Checkstyle => well_formed(&out),
                OutputFormat::Github => {
                    for line in out.lines() {
                        let ours = ["::error ", "::warning ", "::notice "];
                        let begins = line.trim_start().starts_with("::");
                        prop_assert!(!begins || ours.iter().any(|command| line.starts_with(command)), "{}", line);
                    }
                }
                _ => {}
            }
        }
    }

    #[test]
    fn points_sum_whatever_they_are(points in prop::collection::vec(0.001..30.0f64, 1..12)) {
        let mut file = launch();
        let post = &mut file.posts[0];
        let found: Vec<_> = points
            .iter()
            .map(|&points| ReportedFinding { points, credit: false, ..post.findings[1].clone() })
            .collect();
        post.findings.extend(found);
        post.score.promotion = post
            .findings
            .iter()
            .filter(|finding| !finding.credit)
            .map(|finding| finding.points)
            .sum();
        post.score.by_category = vec![("a".into(), 86.96), ("b".into(), points.iter().sum())];
        let run = end(&[]);
        let (out, _) = emit(OutputFormat::Json, PLAIN, &[file], &run);
        let document: Value = serde_json::from_str(&out).unwrap();
        check_sums(&document["posts"][0]);
    }
}
