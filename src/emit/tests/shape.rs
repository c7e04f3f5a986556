//! The JSON, held against its page and its schema.
//!
//! Looks at no other format. Invariant: what is written is what they say, and nothing else.

use super::fixture::*;
use super::*;

fn tenths(value: &Value) -> i64 {
    let tenths = value.as_f64().unwrap() * 10.0;
    assert!((tenths - tenths.round()).abs() < 1e-9, "{value} has more than one decimal");
    tenths.round() as i64
}

#[track_caller]
pub(super) fn check_sums(post: &Value) {
    let promotion = tenths(&post["score"]["promotion"]);
    let categories: i64 = post["score"]["by_category"].as_object().unwrap().values().map(tenths).sum();
    assert_eq!(categories, promotion, "{post}");
    let findings = post["findings"].as_array().unwrap().iter();
    let promoting = findings.filter(|finding| finding["credit"] == false);
    assert_eq!(promoting.map(|finding| tenths(&finding["points"])).sum::<i64>(), promotion, "{post}");
}

#[test]
fn points_sum_to_the_score_that_is_written() {
    let document: Value = serde_json::from_str(&emit_all(OutputFormat::Json, PLAIN).0).unwrap();
    document["posts"].as_array().unwrap().iter().for_each(check_sums);
    assert_eq!(document["posts"][0]["score"]["promotion"], 87.0);
}

/// All keys of a value as paths, lists flattened; categories and ids are names, not keys.
fn keys(value: &Value, path: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                into.insert(format!("{path}{key}"));
                if key != "by_category" {
                    keys(value, &format!("{path}{key}."), into);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, path, into)),
        _ => {}
    }
}

#[test]
fn the_documentation_has_every_key_and_no_other() {
    let page = include_str!("../../../docs/json.md");
    let example = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let example: Value = serde_json::from_str(example).unwrap();
    let written: Value = serde_json::from_str(&emit_all(OutputFormat::Json, PLAIN).0).unwrap();
    let (mut documented, mut all) = (BTreeSet::new(), BTreeSet::new());
    keys(&example, "", &mut documented);
    keys(&written, "", &mut all);
    assert!(documented.is_subset(&all), "only in docs/json.md: {:?}", documented.difference(&all));
    for path in &all {
        let key = path.rsplit('.').next().unwrap();
        assert!(page.contains(&format!("`{key}`")), "docs/json.md does not describe `{key}`");
    }
    example["posts"].as_array().unwrap().iter().for_each(check_sums);
}

/// The names of all properties of a schema.
fn properties(schema: &Value, into: &mut BTreeSet<String>) {
    if let Value::Object(map) = schema {
        into.extend(
            map.get("properties").and_then(Value::as_object).into_iter().flat_map(|own| own.keys().cloned()),
        );
        map.values().for_each(|value| properties(value, into));
    }
}

/// What a schema names by `$ref`.
fn named(schema: &Value, into: &mut Vec<String>) {
    match schema {
        Value::Object(map) => {
            let place = map.get("$ref").and_then(Value::as_str);
            into.extend(place.and_then(|place| place.rsplit('/').next()).map(str::to_owned));
            map.values().for_each(|value| named(value, into));
        }
        Value::Array(all) => all.iter().for_each(|one| named(one, into)),
        _ => {}
    }
}

#[test]
fn the_schema_has_every_key_and_no_other() {
    let schema: Value = serde_json::from_str(include_str!("../../../docs/schema/output.schema.json")).unwrap();
    let written: Value = serde_json::from_str(&emit_all(OutputFormat::Json, PLAIN).0).unwrap();
    let (mut described, mut paths) = (BTreeSet::new(), BTreeSet::new());
    let mut seen = BTreeSet::new();
    let mut open = vec!["run".to_owned()];
    while let Some(name) = open.pop() {
        if seen.insert(name.clone()) {
            properties(&schema["$defs"][&name], &mut described);
            named(&schema["$defs"][&name], &mut open);
        }
    }
    keys(&written, "", &mut paths);
    let last = |path: &String| path.rsplit('.').next().unwrap().to_owned();
    // An id may be any value.
    let all: BTreeSet<String> = paths.iter().filter(|path| !path.contains(".id.")).map(last).collect();
    assert_eq!(described, all);
}

/// The text without the white space between its tokens.
fn dense(json: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    json.chars()
        .filter(|&next| {
            let keep = quoted || !next.is_whitespace();
            quoted ^= next == '"' && !escaped;
            escaped = next == '\\' && !escaped;
            keep
        })
        .collect()
}

/// What docs/json.md shows, built.
fn documented() -> (FileReport, RunReport) {
    let source =
        Arc::new(Source::from_text("launch.md", "Humbled and honored to be named to the list. Link in bio!"));
    let (humbled, link) = (at(&source, "Humbled and honored"), at(&source, "Link in bio"));
    let verdict = Diagnostic::error("verdict/promotional", "the draft reads as promotion")
        .label(&source, humbled, "")
        .label(&source, link, "asks for a click")
        .note("its points come from brag and ask")
        .help("begin with what the reader gets");
    let brag = Diagnostic::new(Level::Warning, "brag/humility", "humility shown off")
        .label(&source, humbled, "")
        .note("the feeling is the headline, the news is not")
        .help("name the list and what it is about");
    let mut ask = Diagnostic::new(Level::Warning, "ask/hard", "a bare ask").label(&source, link, "");
    ask.fix = Some(Fix {
        message: "delete \"Link in bio!\"".to_owned(),
        applicability: Applicability::Unsafe,
        edits: vec![Edit { span: at(&source, " Link in bio!"), text: "".into() }],
    });
    let mut post = post(&source, Verdict::Promotional, (87.0, 0.0));
    post.words = 12;
    post.about = About { author: 1, reader: 0, others: 0, topic: 1 };
    post.pass = false;
    post.score.by_category = vec![("brag".into(), 56.5), ("ask".into(), 30.5)];
    post.findings = vec![found(verdict, 0.0), found(brag, 56.5), found(ask, 30.5)];
    let without = |promotion, verdict| Without { promotion, conversation: 0.0, verdict, pass: true };
    let effect = |finding, without| Effect { finding, without: Some(without), shown: true };
    let (mixed, rest) = (without(48.2, Verdict::Mixed), without(71.9, Verdict::Promotional));
    post.explanation =
        Some(Explanation { effects: vec![effect(1, mixed), effect(2, Without { pass: false, ..rest })] });
    post.needs = Some(Needs {
        findings: vec![Needed { finding: post.findings[1].clone(), hidden: false }],
        smallest: true,
        without: mixed,
    });
    let file = FileReport { posts: vec![post], ..FileReport::default() };
    let table = Arc::new(Source::from_text("queue.csv", "Text\n"));
    let queue = QueueFinding {
        diagnostic: Diagnostic::new(Level::Warning, "queue/promo-share", "two of five posts promote")
            .label(&table, Span::new(0, 4), "promotes")
            .located(Some("row 2, column \"Text\"".into()))
            .help("post a conversation in between"),
        measure: 0.4,
        max: 0.2,
        entries: vec![0, 3],
        suggestion: None,
    };
    let missing = Diagnostic::error("input/not-found", "no such file").about("lunch.md");
    let mut summary = Summary { sources: 1, ..Summary::default() };
    summary.add_file(&file);
    summary.add_level(queue.diagnostic.level);
    summary.add_level(missing.level);
    (
        file,
        RunReport {
            tool: tool(),
            queues: vec![queue_of(queue)],
            diagnostics: vec![missing],
            summary,
            statistics: None,
        },
    )
}

#[test]
fn the_documented_example_is_what_is_written() {
    let page = include_str!("../../../docs/json.md");
    let example = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let (file, run) = documented();
    let (out, _) = emit(OutputFormat::Json, PLAIN, &[file], &run);
    assert_eq!(dense(&out), dense(example));
}
