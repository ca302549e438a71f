//! omega.toml as a JSON Schema, made from the table of keys.

use std::ops::Bound;

use serde_json::{Map, Value as Json, json};

use super::Key;
use super::plain::{Kind, Shape};
use super::{keys, table};
use crate::objective::Role;

/// The JSON Schema (draft 2020-12) of omega.toml.
pub fn schema() -> Json {
    let rows: Vec<(&str, &Key)> = keys().iter().filter(|key| key.in_file).map(|key| (key.name(), key)).collect();
    let (constraint, rows): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, key)| key.table() == table::CONSTRAINT);
    let named = |top: &str| rows.iter().any(|(name, key)| key.table() == top && name.contains('<'));
    let defaults = object(rows.iter().filter(|(_, key)| !named(key.table())).copied().collect());
    let mut calibration = object(rows.clone());
    calibration["properties"][table::CONSTRAINT] = json!({ "type": "array", "items": items(&constraint) });
    calibration["properties"]["roles"] = roles();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "omega.toml",
        "description": "How the calibrations of a workspace are judged.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "gold_dir": { "type": "string", "description": "folder of the gold files, relative to the workspace" },
            "defaults": defaults,
            "calibration": {
                "type": "object",
                "propertyNames": { "pattern": NAME },
                "additionalProperties": calibration,
            },
        },
    })
}

/// A name that becomes a part of paths.
const NAME: &str = "^[a-z0-9][a-z0-9_-]{0,63}$";

/// What a worker is told of each slice: any names and values, and the files that are digested.
fn roles() -> Json {
    let slice = json!({
        "type": "object",
        "description": "what a worker is told of the slice: any names and values",
        "properties": {
            "files": {
                "type": "array",
                "items": { "type": "string" },
                "description": "patterns of the files that hold its data, relative to the root; they are digested",
            },
        },
    });
    let words = Role::ALL.into_iter().map(Role::name).chain(["null"]);
    let properties: Map<String, Json> = words.map(|word| (word.to_owned(), slice.clone())).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

/// One table of the array of constraints. Its keys say nothing without the others.
fn items(rows: &[(&str, &Key)]) -> Json {
    let rows = rows.iter().filter_map(|(name, key)| Some((name.rsplit('.').next()?, *key)));
    let mut schema = object(rows.collect());
    schema["properties"]["metric"]["pattern"] = json!("^(fitness|samples|params\\..+|metadata\\..+)$");
    let slices = table::ELSEWHERE.map(Role::name);
    let required: Vec<String> = schema["properties"]
        .as_object()
        .into_iter()
        .flat_map(|keys| keys.keys().cloned())
        .filter(|key| !slices.contains(&key.as_str()))
        .chain(["name".to_owned()])
        .collect();
    schema["properties"]["name"] = json!({ "type": "string", "pattern": NAME });
    schema["properties"]["description"] = json!({ "type": "string" });
    schema["required"] = json!(required);
    schema
}

/// The rows as nested objects; a segment `<..>` allows any key.
fn object(rows: Vec<(&str, &Key)>) -> Json {
    let mut below: Vec<(&str, Vec<(&str, &Key)>)> = Vec::new();
    let (mut properties, mut others) = (Map::new(), Json::from(false));
    for (path, key) in rows {
        match path.split_once('.') {
            None if path.starts_with('<') => others = property(key),
            None => drop(properties.insert(path.to_owned(), property(key))),
            Some((first, rest)) => match below.iter_mut().find(|(name, _)| *name == first) {
                Some((_, rows)) => rows.push((rest, key)),
                None => below.push((first, vec![(rest, key)])),
            },
        }
    }
    for (name, rows) in below {
        if name.starts_with('<') {
            others = object(rows);
        } else {
            let table = object(rows);
            let value = match properties.remove(name) {
                Some(word) => json!({ "anyOf": [word, table] }),
                None => table,
            };
            properties.insert(name.to_owned(), value);
        }
    }
    json!({ "type": "object", "additionalProperties": others, "properties": properties })
}

fn property(key: &Key) -> Json {
    let Kind { shape, off } = &key.kind;
    let mut value = match shape {
        Shape::Number => json!({ "type": "number" }),
        Shape::Count => json!({ "type": "integer", "minimum": 0 }),
        Shape::Switch => json!({ "type": "boolean" }),
        Shape::Text => json!({ "type": "string" }),
        Shape::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Value => json!({ "type": ["number", "boolean", "string"] }),
        Shape::Table => json!({ "type": "object" }),
    };
    let (low, high) = key.bounds();
    for (bound, closed, open) in [(low, "minimum", "exclusiveMinimum"), (high, "maximum", "exclusiveMaximum")] {
        match bound {
            Bound::Included(limit) => value[closed] = json!(limit),
            Bound::Excluded(limit) => value[open] = json!(limit),
            Bound::Unbounded => {}
        }
    }
    if *off {
        value = json!({ "anyOf": [value, { "const": "off" }] });
    }
    value["description"] = Json::from(match key.applies_to() {
        Some(where_) => format!("{}; with {where_}", key.about()),
        None => key.about().to_owned(),
    });
    value
}

#[cfg(all(test, feature = "committed"))]
mod tests {
    use super::*;
    use crate::declaration::DeclarationFile;

    fn sample(shape: &Shape) -> String {
        match shape {
            Shape::Number => "0.5".to_owned(),
            Shape::Count => "8".to_owned(),
            Shape::Switch => "true".to_owned(),
            Shape::Text => "\"x\"".to_owned(),
            Shape::Texts => "[\"x\"]".to_owned(),
            Shape::Word(words) => format!("\"{}\"", words[0]),
            Shape::Value => "1.5".to_owned(),
            Shape::Table => "{ years = [2019, 2020], label = { up = 0.5 } }".to_owned(),
        }
    }

    fn is_read(key: &Key, value: &str) -> bool {
        DeclarationFile::parse(&format!("[calibration.a]\n{} = {value}\n", key.field("x"))).is_ok()
    }

    #[test]
    fn the_reader_takes_what_the_schema_takes_and_refuses_what_it_refuses() {
        for key in keys().iter().filter(|key| key.in_file && key.table() != table::CONSTRAINT) {
            let Kind { shape, off } = &key.kind;
            assert!(is_read(key, &sample(shape)), "{}", key.name());
            // No key holds a date, and what may be off is told apart from what may not.
            assert!(!is_read(key, "1979-05-27"), "{}", key.name());
            let any = [Shape::Value, Shape::Text].contains(shape);
            let off = *off || any || matches!(shape, Shape::Word(words) if words.contains(&"off"));
            assert_eq!(is_read(key, "\"off\""), off, "{}", key.name());
            if let Shape::Word(words) = shape {
                assert!(words.iter().all(|word| is_read(key, &format!("\"{word}\""))), "{}", key.name());
            }
            let (low, high) = key.bounds();
            if let Bound::Included(low) = low {
                assert!(!is_read(key, &(low - 1.0).to_string()), "{}", key.name());
            }
            if let Bound::Included(high) = high {
                assert!(!is_read(key, &(high + 1.0).to_string()), "{}", key.name());
            }
        }
    }

    #[test]
    fn a_constraint_has_the_keys_that_the_reader_knows_and_needs_all_but_its_description_and_numbers_by_slice() {
        let schema = schema();
        let items = &schema["properties"]["calibration"]["additionalProperties"]["properties"]["constraint"]["items"];
        let mut keys: Vec<&str> = items["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["description", "holdout", "metric", "name", "op", "test", "validation", "value"]);
        let lines = [("name", "\"c\""), ("metric", "\"fitness\""), ("op", "\">\""), ("value", "1")];
        let text = |left_out: &str| {
            let kept = lines.iter().filter(|(key, _)| *key != left_out);
            let kept: String = kept.map(|(key, value)| format!("{key} = {value}\n")).collect();
            format!("[[calibration.a.constraint]]\n{kept}")
        };
        assert!(DeclarationFile::parse(&text("")).is_ok());
        for required in items["required"].as_array().unwrap().iter().filter_map(Json::as_str) {
            let error = DeclarationFile::parse(&text(required)).unwrap_err().to_string();
            assert!(error.ends_with(&format!("constraint[0].{required}` is missing")), "{error}");
        }
        assert_eq!(items["required"].as_array().unwrap().len(), lines.len());
    }
}
