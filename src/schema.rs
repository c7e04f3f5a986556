//! Floor 5: JSON Schemas (draft 7) of `selfless.toml` and of rule files, for editors and validators.
//!
//! Knows no key itself: what the readers read by is written out. Invariant: what a schema refuses, the reader refuses too.

use serde_json::{Map, Value, json};

use crate::config::keys::CONFIG;
use crate::rule::keys::FILE;
use crate::rule::raw::KIND_KEYS;
use crate::table::{Form, Key, Names, Words};

/// The schema of `selfless.toml`, as JSON text.
#[must_use]
pub fn config() -> String {
    let mut schema = table(&CONFIG);
    if let Some(ignore) = schema.pointer_mut("/properties/ignore/items").and_then(Value::as_object_mut) {
        // An entry that names neither would hide what is in no draft yet.
        ignore.insert("anyOf".to_owned(), json!([{ "required": ["text"] }, { "required": ["files"] }]));
    }
    text(schema, "selfless.toml", "What selfless should know about the drafts in a folder and below.")
}

/// The schema of a rule file, as JSON text.
#[must_use]
pub fn rules() -> String {
    let mut schema = table(&FILE);
    let kinds: Vec<Value> = KIND_KEYS.into_iter().map(|kind| json!({ "required": [kind] })).collect();
    if let Some(rule) = schema.pointer_mut("/properties/rule/items").and_then(Value::as_object_mut) {
        rule.insert("oneOf".to_owned(), kinds.into());
        // A measure has levels, and nothing else has.
        let needs = json!({ "count": ["thresholds"], "ratio": ["thresholds"] });
        rule.insert("dependencies".to_owned(), needs);
    }
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("dependencies".to_owned(), json!({ "rule": ["category"] }));
    }
    text(
        schema,
        "A rule file of selfless",
        "Rules as data: what to look for, what to say of it, and what proves it.",
    )
}

fn text(schema: Value, title: &str, about: &str) -> String {
    let mut whole = Map::new();
    whole.insert("$schema".to_owned(), "http://json-schema.org/draft-07/schema#".into());
    whole.insert("title".to_owned(), title.into());
    whole.insert("description".to_owned(), about.into());
    if let Value::Object(schema) = schema {
        whole.extend(schema);
    }
    // Values that are made here have no keys that are not strings, the only thing that can fail.
    serde_json::to_string_pretty(&whole).map(|text| text + "\n").unwrap_or_default()
}

/// A table with these keys and no others.
fn table(keys: &[Key]) -> Value {
    let properties: Map<String, Value> = keys.iter().map(|key| (key.name.to_owned(), described(key))).collect();
    let needed: Vec<&str> = keys.iter().filter(|key| key.needed).map(|key| key.name).collect();
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !needed.is_empty() {
        schema["required"] = needed.into();
    }
    schema
}

fn described(key: &Key) -> Value {
    let mut schema = of(&key.form);
    schema["description"] = key.about.into();
    if let Some(default) = key.default.and_then(|default| serde_json::from_str(default).ok()) {
        schema["default"] = default;
    }
    schema
}

fn of(form: &Form) -> Value {
    match form {
        Form::Boolean => json!({ "type": "boolean" }),
        Form::Text => json!({ "type": "string" }),
        Form::Spelled(pattern) => json!({ "type": "string", "pattern": pattern }),
        Form::SpelledTexts(pattern) => one_or_list(json!({ "type": "string", "pattern": pattern })),
        Form::Name => json!({ "type": "string", "pattern": HYPHENED }),
        Form::Word(words) => word(words),
        Form::Texts => one_or_list(json!({ "type": "string" })),
        Form::WordList(words) => one_or_list(word(words)),
        Form::Number(least, most) => json!({ "type": "number", "minimum": least, "maximum": most }),
        Form::Positive => json!({ "type": "number", "exclusiveMinimum": 0 }),
        Form::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Form::Either(forms) => json!({ "anyOf": forms.iter().map(of).collect::<Vec<_>>() }),
        Form::Table(keys) => table(keys),
        Form::SomeOf(keys) => {
            let mut schema = table(keys);
            schema["minProperties"] = 1.into();
            schema
        }
        Form::Tables(keys) => json!({ "type": "array", "items": table(keys) }),
        Form::OneOrMore(keys) => one_or_list(table(keys)),
        Form::Map(names, value) => map(names, value),
        Form::Mixed(keys, names, value) => {
            let mut schema = map(names, value);
            schema["properties"] = table(keys)["properties"].take();
            if let Some(names) = named(names) {
                let keys: Vec<&str> = keys.iter().map(|key| key.name).collect();
                schema["propertyNames"] = json!({ "anyOf": [{ "enum": keys }, names] });
            }
            schema
        }
    }
}

/// A table whose keys are names.
fn map(names: &Names, value: &Form) -> Value {
    let mut schema = json!({ "type": "object", "additionalProperties": of(value) });
    if let Some(names) = named(names) {
        schema["propertyNames"] = names;
    }
    schema
}

const HYPHENED: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";
const RULE: &str = "^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$";
const SELECTOR: &str = "^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$";

fn named(names: &Names) -> Option<Value> {
    match names {
        Names::Any => None,
        Names::Hyphened => Some(json!({ "pattern": HYPHENED })),
        Names::Selector => Some(json!({ "pattern": SELECTOR })),
        Names::Rule => Some(json!({ "pattern": RULE })),
        Names::Words(words) => Some(word(words)),
    }
}

fn word(words: &Words) -> Value {
    let spellings = [(words.names)(), (words.others)()].concat();
    if !words.any_case {
        return json!({ "enum": spellings });
    }
    // Editors complete by the words, and validators take them in any case.
    let patterns: Vec<String> = spellings.iter().map(|word| any_case(word)).collect();
    let pattern = format!("^\\s*({})\\s*$", patterns.join("|"));
    json!({ "anyOf": [{ "enum": spellings }, { "type": "string", "pattern": pattern }] })
}

/// A regular expression of a word in any case.
fn any_case(word: &str) -> String {
    word.chars().fold(String::new(), |mut pattern, next| {
        match next {
            'a'..='z' => pattern.extend(['[', next.to_ascii_uppercase(), next, ']']),
            '0'..='9' | ' ' | '-' | '_' | '/' => pattern.push(next),
            other => pattern.extend(['\\', other]),
        }
        pattern
    })
}

/// A list, or a single one.
fn one_or_list(one: Value) -> Value {
    json!({ "anyOf": [one, { "type": "array", "items": one }] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(schema: &str, pointer: &str) -> Value {
        let schema: Value = serde_json::from_str(schema).unwrap();
        schema.pointer(pointer).cloned().unwrap_or(Value::Null)
    }

    #[track_caller]
    fn check(schema: &str, pointer: &str, expected: &Value) {
        assert_eq!(at(schema, pointer), *expected, "{pointer}");
    }

    #[test]
    fn a_schema_says_what_the_reader_knows() {
        let config = config();
        check(&config, "/properties/fail-on/default", &json!("error"));
        check(&config, "/properties/identity/properties/kind/enum", &json!(["person", "brand", "cause"]));
        check(&config, "/properties/overrides/items/required", &json!(["files"]));
        check(&config, "/properties/limits/additionalProperties/additionalProperties", &json!(false));
        let rules = rules();
        check(&rules, "/properties/rule/items/properties/weight/maximum", &json!(20.0));
        assert_eq!(at(&rules, "/properties/rule/items/oneOf").as_array().map(Vec::len), Some(19));
    }

    #[test]
    fn every_default_is_json() {
        fn checked(keys: &[Key]) -> usize {
            keys.iter()
                .filter(|key| key.default.is_some())
                .filter(|key| described(key).get("default").is_some())
                .count()
        }
        for keys in [&CONFIG[..], &FILE] {
            let given = keys.iter().filter(|key| key.default.is_some()).count();
            assert_eq!(checked(keys), given);
        }
    }
}
