//! The committed schemas are those of the readers, and the readers refuse what the schemas refuse; that of the output
//! takes what is printed. That the schemas refuse it, and take all examples, a validator of others says, in
//! `.ci/clients/schemas.py`.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use regex::Regex;
use selfless::config::ConfigFile;
use selfless::document::{Chosen, ExtractOptions, Format, extract};
use selfless::proof;
use selfless::schema;
use selfless::text::Source;
use serde_json::{Map, Value, json};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[track_caller]
fn check(name: &str, generated: &str) {
    let committed = fs::read_to_string(path(name)).unwrap_or_default();
    let what = name.trim_start_matches("docs/schema/").trim_end_matches(".schema.json");
    let what = if what == "selfless" { "config" } else { what };
    // Git may have turned the ends of lines.
    let fresh = committed.replace("\r\n", "\n") == generated;
    assert!(fresh, "stale: run `cargo run -- schema {what} > {name}`");
}

#[test]
fn the_committed_schemas_are_fresh() {
    check("docs/schema/selfless.schema.json", &schema::config());
    check("docs/schema/rules.schema.json", &schema::rules());
}

#[test]
fn what_the_schemas_refuse_the_readers_refuse() {
    let mut seen = 0;
    for entry in fs::read_dir(path("tests/schema/refused")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let source = Arc::new(Source::from_text(&*name, fs::read_to_string(&path).unwrap()));
        let mistakes = match name.split('-').next() {
            Some("config") => ConfigFile::read(&source, Path::new("/drafts")).1,
            _ => proof::run(&[source]).mistakes,
        };
        assert!(!mistakes.is_empty(), "{name} is read without a mistake");
        seen += 1;
    }
    assert!(seen > 25, "only {seen} files were read");
}

thread_local! {
    /// Patterns that were met, for building one takes much longer than using it.
    static PATTERNS: RefCell<HashMap<String, Regex>> = RefCell::default();
}

fn is_spelled(pattern: &str, text: &str) -> bool {
    PATTERNS.with_borrow_mut(|known| {
        let pattern = known.entry(pattern.to_owned()).or_insert_with(|| Regex::new(pattern).unwrap());
        pattern.is_match(text)
    })
}

/// Whether a value is one that a schema takes, as far as ours say anything.
fn takes(schema: &Value, value: &Value) -> bool {
    let all = |key: &str, holds: &dyn Fn(&Value) -> bool| schema.get(key).is_none_or(holds);
    let size = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    let is_a = |kind: &Value| match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_u64() || value.is_i64(),
        _ => value.is_number(),
    };
    let typed = |kind: &Value| kind.as_array().map_or_else(|| is_a(kind), |kinds| kinds.iter().any(is_a));
    let one_of = |some: &Value| some.as_array().unwrap().iter().filter(|one| takes(one, value)).count();
    let table = value.as_object();
    let property = |key: &str| schema.get("properties").and_then(|properties| properties.get(key));
    all("type", &typed)
        && all("const", &|only| only == value)
        && all("enum", &|words| words.as_array().unwrap().contains(value))
        && all("anyOf", &|some| one_of(some) > 0)
        && all("oneOf", &|some| one_of(some) == 1)
        && all("pattern", &|pattern| value.as_str().is_none_or(|text| is_spelled(pattern.as_str().unwrap(), text)))
        && all("minimum", &|least| !value.is_number() || size(value) >= size(least))
        && all("exclusiveMinimum", &|least| !value.is_number() || size(value) > size(least))
        && all("maximum", &|most| !value.is_number() || size(value) <= size(most))
        && all("items", &|item| value.as_array().is_none_or(|items| items.iter().all(|one| takes(item, one))))
        && all("minProperties", &|least| table.is_none_or(|table| table.len() as u64 >= least.as_u64().unwrap()))
        && all("required", &|keys| {
            table.is_none_or(|table| {
                keys.as_array().unwrap().iter().all(|key| table.contains_key(key.as_str().unwrap()))
            })
        })
        && all("propertyNames", &|names| {
            table.is_none_or(|table| table.keys().all(|key| takes(names, &Value::from(key.as_str()))))
        })
        && table.is_none_or(|table| {
            table.iter().all(|(key, value)| match (property(key), schema.get("additionalProperties")) {
                (Some(own), _) => takes(own, value),
                (None, Some(Value::Bool(allowed))) => *allowed,
                (None, Some(other)) => takes(other, value),
                (None, None) => true,
            })
        })
}

/// A schema with what it names by `$ref` in the places of the names.
fn inlined(schema: &Value, named: &Value) -> Value {
    match schema {
        Value::Object(table) => match table.get("$ref").and_then(Value::as_str) {
            Some(place) => inlined(&named[place.rsplit('/').next().unwrap()], named),
            None => table.iter().map(|(key, value)| (key.clone(), inlined(value, named))).collect(),
        },
        Value::Array(all) => all.iter().map(|one| inlined(one, named)).collect(),
        other => other.clone(),
    }
}

/// What a command prints as JSON, of the examples.
fn printed(arguments: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selfless"));
    let output = command.current_dir(path("examples")).args(arguments).args(["--no-config", "--format", "json"]);
    serde_json::from_slice(&output.output().unwrap().stdout).unwrap()
}

#[test]
fn the_schema_of_the_output_takes_what_is_printed_and_nothing_else() {
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(path("docs/schema/output.schema.json")).unwrap()).unwrap();
    let named = &schema["$defs"];
    let whole = inlined(&schema["oneOf"], named);
    let kinds = ["run", "read", "queues"];
    for (kind, arguments) in [
        ("run", &["check", "--all", "--explain-score", "--needs", "--statistics", "."][..]),
        ("read", &["posts", "."]),
        ("queues", &["queue", "queues"]),
    ] {
        let written = printed(arguments);
        for other in kinds {
            let schema = inlined(&named[other], named);
            assert_eq!(takes(&schema, &written), other == kind, "{arguments:?} as {other}");
        }
        assert!(takes(&json!({ "oneOf": whole }), &written), "{arguments:?}");
        for key in written.as_object().unwrap().keys() {
            let mut without = written.clone();
            without.as_object_mut().unwrap().remove(key);
            assert!(!takes(&json!({ "oneOf": whole }), &without), "{arguments:?} without {key}");
        }
        let mut more = written.clone();
        more["more"] = json!(1);
        assert!(!takes(&json!({ "oneOf": whole }), &more), "{arguments:?}");
        // To a walk it holds no posts.
        let options = ExtractOptions { chosen: Chosen::Found, ..Format::Json.into() };
        let read = extract(&Arc::new(Source::from_text("out.json", written.to_string())), &options);
        assert!(read.posts.is_empty() && read.unrecognised.is_some(), "{arguments:?}");
    }
}

/// What may be written for a schema, right and wrong.
fn candidates(schema: &Value, names: &[&str], into: &mut Vec<Value>) {
    for simple in [
        json!(true),
        json!(0),
        json!(3),
        json!(-1),
        json!(1.5),
        json!("x"),
        json!(""),
        json!(" "),
        json!("3k"),
        json!("3 MiB"),
        json!({}),
        json!([]),
    ] {
        into.extend([simple.clone(), json!([simple])]);
    }
    into.extend(schema.get("default").cloned());
    for some in ["anyOf", "oneOf"].into_iter().filter_map(|key| schema.get(key)?.as_array()).flatten() {
        candidates(some, names, into);
    }
    for word in schema.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        into.extend([json!(word), json!(word.to_uppercase()), json!(format!("{word}x")), json!([word, word])]);
    }
    if let Some(item) = schema.get("items") {
        let mut items = Vec::new();
        candidates(item, names, &mut items);
        into.extend(items.into_iter().map(|item| json!([item])));
    }
    let needed: Map<String, Value> = match schema.get("required").and_then(Value::as_array) {
        Some(keys) => keys.iter().map(|key| (key.as_str().unwrap().to_owned(), json!("x"))).collect(),
        None => Map::new(),
    };
    let mut entry = |key: &str, schema: &Value, names: &[&str]| {
        let mut values = Vec::new();
        candidates(schema, names, &mut values);
        into.extend(values.into_iter().map(|value| {
            let mut table = needed.clone();
            table.insert(key.to_owned(), value);
            Value::Object(table)
        }));
    };
    for (key, own) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        entry(key, own, names);
        entry(&format!("{key}s"), own, names);
    }
    if let Some(other @ Value::Object(_)) = schema.get("additionalProperties") {
        names.iter().for_each(|name| entry(name, other, names));
    }
}

/// A value as TOML writes it on one line.
fn toml(value: &Value) -> String {
    match value {
        Value::Object(table) => {
            let entries: Vec<String> = table
                .iter()
                .map(|(key, value)| format!("{} = {}", Value::from(key.as_str()), toml(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

#[test]
fn schema_and_reader_of_the_config_agree_on_whatever_is_written_for_a_key() {
    let schema: Value = serde_json::from_str(&schema::config()).unwrap();
    let names = ["x", "X", "brag", "ask/hard", "text", "No such", "mastodon"];
    let (mut taken, mut refused, mut wrong) = (0, 0, Vec::new());
    for (key, own) in schema["properties"].as_object().unwrap() {
        let mut values = Vec::new();
        candidates(own, &names, &mut values);
        let mut seen = BTreeSet::new();
        for value in values {
            let text = format!("{key} = {}\n", toml(&value));
            if !seen.insert(text.clone()) {
                continue;
            }
            let source = Arc::new(Source::from_text("selfless.toml", text.clone()));
            let mistakes = ConfigFile::read(&source, Path::new("/drafts")).1;
            let valid = takes(&schema, &json!({ key.as_str(): value }));
            taken += usize::from(valid);
            refused += usize::from(!valid);
            // Whether a name is that of a rule is told where rules are known.
            let of_rules = !valid && ["levels", "thresholds"].iter().any(|key| text.contains(key));
            if valid != mistakes.is_empty() && !of_rules {
                let said: Vec<&str> = mistakes.iter().map(|one| &*one.message).collect();
                wrong.push(format!(
                    "{}: {text}  {said:?}",
                    if valid { "only the schema takes it" } else { "only the reader takes it" }
                ));
            }
        }
    }
    assert!(taken > 500 && refused > 500, "{taken} were taken, {refused} refused");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), taken + refused, wrong.join("\n"));
}
