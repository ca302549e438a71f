//! Values in a JSON or TOML file that people write: looked up, compared, never written.

use serde::Deserialize;
use toml::de::{DeTable, DeValue};

use super::data::toml_value;
use super::said::Mismatch;
use super::shipment::plain;
use crate::artifacts::{GoldDocument, Number, Ordered, ParamValue};
use crate::declaration::{Ship, ShipFormat};

/// The largest whole number up to which every one is a double.
const EXACT: i64 = 1 << 53;

/// What JSON has, with every key as often as it stands there.
#[derive(Deserialize)]
#[serde(untagged)]
enum Json {
    Object(Ordered<Json>),
    Leaf(ParamValue),
    // Neither is a value, but what is in a list is read too.
    Nothing(()),
    List(#[expect(dead_code, reason = "only read")] Vec<Json>),
}

/// What is different in the file from gold at the keys that are declared.
pub(super) fn mismatches(gold: &GoldDocument, ship: &Ship, text: &str) -> Vec<Mismatch> {
    let found: Result<At<'_>, String> = match ship.format() {
        Some(ShipFormat::Toml) => toml_document(text),
        _ => json_document(text),
    };
    let at = match found {
        Ok(at) => at,
        Err(problem) => {
            return vec![Mismatch { line: None, what: ship.file.clone(), found: Some(problem), gold: None }];
        }
    };
    let compared = ship.keys.iter().filter_map(|(param, key)| {
        let accepted = gold.params.0.iter().find(|(name, _)| name == param).map(|(_, value)| plain(value));
        let found = at(key);
        let same = accepted.is_some()
            && found.as_ref().zip(accepted.as_ref()).is_some_and(|(found, accepted)| means(found, accepted));
        let what = format!("{param} (`{key}`)");
        let shown = |value: Option<ParamValue>| value.map(|value| value.to_string());
        (!same).then(|| Mismatch {
            line: None,
            what,
            found: shown(found),
            gold: shown(accepted).or_else(|| Some("none of this name".to_owned())),
        })
    });
    compared.collect()
}

/// `3` is 3.0 to whoever reads a real number from it.
fn means(found: &ParamValue, accepted: &ParamValue) -> bool {
    match (found, accepted) {
        (ParamValue::Int(whole), ParamValue::Float(_)) if whole.abs_diff(0) <= EXACT.unsigned_abs() => {
            ParamValue::Float(Number(*whole as f64)) == *accepted
        }
        _ => found == accepted,
    }
}

type At<'t> = Box<dyn Fn(&str) -> Option<ParamValue> + 't>;

fn json_document(text: &str) -> Result<At<'_>, String> {
    let wrong = |error: serde_json::Error| format!("no JSON: {error}");
    // The second reading alone says of any mistake that nothing matched.
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(wrong)?;
    let document: Json = serde_json::from_str(text)
        .map_err(|_| "JSON in which a key stands twice, so that readers differ".to_owned())?;
    Ok(Box::new(move |key| {
        let mut at = &document;
        for part in key.split('.') {
            let Json::Object(object) = at else { return None };
            at = object.0.iter().find(|(name, _)| name == part).map(|(_, value)| value)?;
        }
        match at {
            Json::Leaf(value) => Some(plain(value)),
            Json::Object(_) | Json::Nothing(()) | Json::List(_) => None,
        }
    }))
}

fn toml_document(text: &str) -> Result<At<'_>, String> {
    let document = DeTable::parse(text).map_err(|error| format!("no TOML: {}", error.message()))?.into_inner();
    Ok(Box::new(move |key| {
        let (tables, last) = key.rsplit_once('.').map_or((None, key), |(tables, last)| (Some(tables), last));
        let mut table = &document;
        for part in tables.into_iter().flat_map(|tables| tables.split('.')) {
            let DeValue::Table(below) = entry(table, part)? else { return None };
            table = below;
        }
        toml_value(entry(table, last)?)
    }))
}

fn entry<'d, 't>(table: &'d DeTable<'t>, name: &str) -> Option<&'d DeValue<'t>> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value.get_ref())
}
