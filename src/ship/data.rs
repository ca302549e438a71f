//! A shipment as a document of JSON or TOML: what is said of the review, and the parameters in a table of their own.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use toml::de::{DeTable, DeValue};

use super::said::{Said, Unread};
use super::shipment::{Shipment, heading, heading_of, plain};
use super::source::headed;
use crate::artifacts::{Number, Ordered, ParamMap, ParamValue, document_text};
use crate::declaration::{REVIEW, ShipFormat};
use crate::number::repr;
use crate::words::plain_json;

/// The document in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    generated: String,
    calibration: String,
    declaration: String,
    trail: String,
    params: ParamMap,
}

pub(super) fn text(shipment: &Shipment, format: ShipFormat) -> String {
    let [generated, held] = heading(&shipment.calibration);
    let params = || shipment.constants.iter().map(|(_, name, value)| (name.clone(), value.clone()));
    if format == ShipFormat::Json {
        let document = Document {
            generated,
            calibration: shipment.calibration.clone(),
            declaration: shipment.declaration.clone(),
            trail: shipment.trail.clone(),
            params: Ordered(params().collect()),
        };
        // Texts, numbers and switches below text keys: always a document.
        return document_text(&document).unwrap_or_default();
    }
    let mut lines = vec![format!("# {generated}"), format!("# {held}")];
    lines.extend(shipment.review().map(|(name, text)| format!("{} = {}", name.to_lowercase(), quoted(text))));
    lines.extend([String::new(), "[params]".to_owned()]);
    lines.extend(params().map(|(name, value)| format!("{} = {}", key(&name), spelled(&value))));
    lines.join("\n") + "\n"
}

fn spelled(value: &ParamValue) -> String {
    match value {
        ParamValue::Bool(value) => value.to_string(),
        ParamValue::Int(value) => value.to_string(),
        ParamValue::Float(Number(value)) => repr(*value),
        ParamValue::Choice(text) => quoted(text),
    }
}

fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if bare { name.to_owned() } else { quoted(name) }
}

/// A basic string of TOML: JSON's escapes are valid in it, and it wants one more.
fn quoted(text: &str) -> String {
    plain_json(serde_json::Value::from(text).to_string())
}

/// Everything that such a document says.
pub(super) fn read(text: &str, calibration: &str, format: ShipFormat) -> Result<Vec<Said>, Unread> {
    if format == ShipFormat::Json {
        return of_json(text);
    }
    headed(text, "# ", &heading(calibration))?;
    of_toml(text)
}

fn of_json(text: &str) -> Result<Vec<Said>, Unread> {
    let document: Document = serde_json::from_str(text)
        .map_err(|error| Unread::at(error.line(), format!("no document of ours: {error}")))?;
    let Document { generated, calibration, declaration, trail, params } = document;
    if heading_of(&generated).is_none_or(|named| named != calibration) {
        let problem = "`generated` is not what `cargo omega ship` writes; delete the file and write it again";
        return Err(Unread { line: None, problem: problem.to_owned() });
    }
    let review = REVIEW.into_iter().zip([calibration, declaration, trail]).map(|(name, text)| Said {
        line: None,
        name: name.to_owned(),
        is_param: false,
        value: ParamValue::Choice(text),
    });
    // A line for each key, as we write it; another formatter's has none.
    let key = |line: &str| {
        serde_json::from_str::<String>(
            line.trim_start().split_once("\": ").map(|(key, _)| format!("{key}\""))?.as_str(),
        )
        .ok()
    };
    let mut lines: HashMap<String, usize> = HashMap::new();
    for (place, line) in (1..).zip(text.lines()) {
        key(line).map(|key| lines.insert(key, place));
    }
    let params = params.0.into_iter().map(|(name, value)| Said {
        line: lines.get(&name).copied(),
        is_param: true,
        value: plain(&value),
        name,
    });
    Ok(review.chain(params).collect())
}

fn of_toml(text: &str) -> Result<Vec<Said>, Unread> {
    let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
    let line = |at: usize| ends.partition_point(|end| *end < at) + 1;
    let document = DeTable::parse(text).map_err(|error| Unread {
        line: error.span().map(|span| line(span.start)),
        problem: format!("no TOML: {}", error.message()),
    })?;
    let mut said = Vec::new();
    for (name, found) in document.get_ref() {
        let at = line(name.span().start);
        let upper = name.get_ref().to_ascii_uppercase();
        match found.get_ref() {
            DeValue::Table(params) if name.get_ref() == "params" => {
                for (name, found) in params {
                    said.push(one(line(name.span().start), name.get_ref(), true, found.get_ref())?);
                }
            }
            found if REVIEW.contains(&upper.as_str()) && upper.to_ascii_lowercase() == *name.get_ref() => {
                said.push(one(at, &upper, false, found)?);
            }
            _ => return Err(Unread::at(at, format!("`{}`, which is none of ours", name.get_ref().escape_debug()))),
        }
    }
    said.sort_by_key(|said| said.line);
    Ok(said)
}

fn one(line: usize, name: &str, is_param: bool, found: &DeValue<'_>) -> Result<Said, Unread> {
    let value = toml_value(found).ok_or_else(|| {
        Unread::at(line, format!("`{}`, {} and no value of a parameter", name.escape_debug(), found.type_str()))
    })?;
    Ok(Said { line: Some(line), name: name.to_owned(), is_param, value })
}

/// The value of a parameter that TOML has here; `None` if it is none.
pub(super) fn toml_value(found: &DeValue<'_>) -> Option<ParamValue> {
    match found {
        DeValue::Boolean(value) => Some(ParamValue::Bool(*value)),
        DeValue::Integer(value) => i64::from_str_radix(value.as_str(), value.radix()).ok().map(ParamValue::Int),
        DeValue::Float(value) => {
            let number: f64 = value.as_str().parse().ok()?;
            number.is_finite().then_some(ParamValue::Float(Number(number)))
        }
        DeValue::String(text) => Some(ParamValue::Choice(text.to_string())),
        _ => None,
    }
}
