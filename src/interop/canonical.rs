//! `json.dumps(value, sort_keys=True)`, byte for byte.

use super::json::{Text, Value};
use crate::number::repr;

/// The text of a value: ASCII, `", "` and `": "`, keys by code point, of repeated keys the last.
///
/// Calls itself for each level of nesting; what [`read`](super::json::read) returns is shallow enough for that.
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    push_value(value, &mut text);
    text
}

pub(super) fn push_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Integer(integer) => out.push_str(integer.as_str()),
        Value::Float(float) if float.is_nan() => out.push_str("NaN"),
        Value::Float(float) if float.is_infinite() => {
            out.push_str(if *float > 0.0 { "Infinity" } else { "-Infinity" });
        }
        Value::Float(float) => out.push_str(&repr(*float)),
        Value::Text(text) => push_text(text, out),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                push_value(item, out);
            }
            out.push(']');
        }
        Value::Dict(dict) => {
            out.push('{');
            for (index, (key, value)) in dict.sorted().into_iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                push_text(key, out);
                out.push_str(": ");
                push_value(value, out);
            }
            out.push('}');
        }
    }
}

pub(super) fn push_text(text: &Text, out: &mut String) {
    out.push('"');
    match text.as_str() {
        Some(plain) if plain.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')) => {
            out.push_str(plain);
        }
        _ => text.code_points().for_each(|point| push_escaped(point, out)),
    }
    out.push('"');
}

fn push_escaped(point: u32, out: &mut String) {
    match point {
        0x08 => out.push_str("\\b"),
        0x09 => out.push_str("\\t"),
        0x0a => out.push_str("\\n"),
        0x0c => out.push_str("\\f"),
        0x0d => out.push_str("\\r"),
        0x22 => out.push_str("\\\""),
        0x5c => out.push_str("\\\\"),
        0x20..=0x7e => out.extend(char::from_u32(point)),
        0..=0xffff => push_unit(point, out),
        _ => {
            let above = point - 0x1_0000;
            push_unit(0xd800 + (above >> 10), out);
            push_unit(0xdc00 + (above & 0x3ff), out);
        }
    }
}

fn push_unit(unit: u32, out: &mut String) {
    out.push_str("\\u");
    out.extend([12, 8, 4, 0].into_iter().filter_map(|shift| char::from_digit(unit >> shift & 0xf, 16)));
}

#[cfg(test)]
mod tests {
    use super::super::json::{Rules, read};
    use super::*;

    #[test]
    fn a_text_is_spelled_as_python_spells_it() {
        for (text, expected) in [
            (
                r#"{"b":[1,-0,1E5,-0.0,1e16],"a":{"Z":null,"":true}}"#,
                r#"{"a": {"": true, "Z": null}, "b": [1, 0, 100000.0, -0.0, 1e+16]}"#,
            ),
            ("[NaN,1e999,-1e999,[],{}]", "[NaN, Infinity, -Infinity, [], {}]"),
            ("\"é/\u{7f}😀\\ud800\\u0000\\\"\\b\"", r#""\u00e9/\u007f\ud83d\ude00\ud800\u0000\"\b""#),
            ("{\"😀\":1,\"\u{fb33}\":2,\"\\udc80\":3}", r#"{"\udc80": 3, "\ufb33": 2, "\ud83d\ude00": 1}"#),
            (r#"{"a":1,"b":2,"a":3,"a":4}"#, r#"{"a": 4, "b": 2}"#),
        ] {
            assert_eq!(canonical(&read(text.as_bytes(), &Rules::PYTHON).unwrap().value), expected);
        }
    }

    #[test]
    fn the_deepest_text_is_written() {
        let text = format!("{}{}", "[".repeat(Rules::DEEPEST), "]".repeat(Rules::DEEPEST));
        let rules = Rules { depth: Rules::DEEPEST, ..Rules::PYTHON };
        assert_eq!(canonical(&read(text.as_bytes(), &rules).unwrap().value), text);
    }
}
