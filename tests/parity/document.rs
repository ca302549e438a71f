//! Reading a case, and writing an answer the way cases are written.

use omega_lock::{ParamKind, ParamSpace, ParamSpec, Params, Thresholds, Value};
use serde_json::Value as Json;

/// A value that has to be there.
pub(crate) fn field<'d>(document: &'d Json, key: &str) -> Result<&'d Json, String> {
    document.get(key).ok_or_else(|| format!("no key `{key}` in {document}"))
}

pub(crate) fn list<'d>(document: &'d Json, key: &str) -> Result<&'d [Json], String> {
    let value = field(document, key)?;
    value.as_array().map(Vec::as_slice).ok_or_else(|| format!("`{key}` is {value}, not a list"))
}

pub(crate) fn text<'d>(document: &'d Json, key: &str) -> Result<&'d str, String> {
    let value = field(document, key)?;
    value.as_str().ok_or_else(|| format!("`{key}` is {value}, not a text"))
}

pub(crate) fn count(document: &Json, key: &str) -> Result<u64, String> {
    let value = field(document, key)?;
    value.as_u64().ok_or_else(|| format!("`{key}` is {value}, not a count"))
}

pub(crate) fn size(document: &Json, key: &str) -> Result<usize, String> {
    usize::try_from(count(document, key)?).map_err(|error| format!("`{key}`: {error}"))
}

/// Texts of a list.
pub(crate) fn names(document: &Json, key: &str) -> Result<Vec<String>, String> {
    list(document, key)?
        .iter()
        .map(|name| name.as_str().map(str::to_owned).ok_or_else(|| format!("{name} is no name")))
        .collect()
}

/// Numbers of a list.
pub(crate) fn floats(document: &Json, key: &str) -> Result<Vec<f64>, String> {
    list(document, key)?.iter().map(float).collect()
}

/// A number; one that is not finite is a text, a switch is 0 or 1.
pub(crate) fn float(value: &Json) -> Result<f64, String> {
    match value {
        Json::String(text) if text == "nan" => Ok(f64::NAN),
        Json::String(text) if text == "inf" => Ok(f64::INFINITY),
        Json::String(text) if text == "-inf" => Ok(f64::NEG_INFINITY),
        Json::Bool(switch) => Ok(f64::from(u8::from(*switch))),
        other => other.as_f64().ok_or_else(|| format!("{other} is no number")),
    }
}

pub(crate) fn whole(value: &Json) -> Result<i64, String> {
    value.as_i64().ok_or_else(|| format!("{value} is no whole number"))
}

/// A number as cases spell it.
pub(crate) fn number(value: f64) -> Json {
    match serde_json::Number::from_f64(value) {
        Some(number) => Json::Number(number),
        None if value.is_nan() => Json::from("nan"),
        None => Json::from(if value > 0.0 { "inf" } else { "-inf" }),
    }
}

pub(crate) fn numbers(values: &[f64]) -> Json {
    values.iter().copied().map(number).collect()
}

/// The parameters that are there, in the order of the space.
pub(crate) fn params(space: &ParamSpace, document: &Json) -> Result<Params, String> {
    let given = document.as_object().ok_or_else(|| format!("{document} are no parameters"))?;
    for name in given.keys() {
        space.get(name).map_err(|error| error.to_string())?;
    }
    let mut pairs = Vec::with_capacity(given.len());
    for spec in space.specs() {
        if let Some(value) = given.get(&spec.name) {
            pairs.push((spec.name.as_str(), param(spec, value)?));
        }
    }
    Ok(Params::new(pairs))
}

/// The neutral parameters of the space with the given ones in their place.
pub(crate) fn params_over_neutral(space: &ParamSpace, document: &Json) -> Result<Params, String> {
    let mut all = space.neutral();
    for (name, value) in params(space, document)?.iter() {
        all = all.with(name, value.clone()).map_err(|error| error.to_string())?;
    }
    Ok(all)
}

fn param(spec: &ParamSpec, value: &Json) -> Result<Value, String> {
    let refused = || format!("`{}` is {value}, not {}", spec.name, spec.describe());
    match spec.kind {
        ParamKind::Float { .. } => value.as_f64().map(Value::Float),
        ParamKind::Int { .. } => value.as_i64().map(Value::Int),
        ParamKind::Bool { .. } => value.as_bool().map(Value::Bool),
        _ => None,
    }
    .ok_or_else(refused)
}

pub(crate) fn value_json(value: &Value) -> Json {
    match value {
        Value::Float(value) => number(*value),
        Value::Int(value) => Json::from(*value),
        Value::Bool(value) => Json::from(*value),
        Value::Choice(value) => Json::from(&**value),
        other => Json::from(other.to_string()),
    }
}

pub(crate) fn params_json(params: &Params) -> Json {
    params.iter().map(|(name, value)| (name.to_owned(), value_json(value))).collect()
}

/// These thresholds with the declared ones in their place; null switches an optional one off.
pub(crate) fn thresholds(base: Thresholds, declared: &Json) -> Result<Thresholds, String> {
    let mut thresholds = base;
    let declared = declared.as_object().ok_or_else(|| format!("{declared} are no thresholds"))?;
    for (name, value) in declared {
        let optional_count = || match value {
            Json::Null => Ok(None),
            other => other.as_u64().map(Some).ok_or_else(|| format!("`{name}` is {other}")),
        };
        match name.as_str() {
            "time_box_seconds" => thresholds.time_box_seconds = float(value)?,
            "gini_min" => thresholds.gini_min = float(value)?,
            "top_bot_ratio_min" => thresholds.top_bot_ratio_min = float(value)?,
            "min_nonzero_stress_count" => thresholds.min_nonzero_stress_count = optional_count()?,
            "trade_count_min" => thresholds.samples_min = optional_count()?,
            "pearson_min" => thresholds.pearson_min = float(value)?,
            "trade_ratio_min" if value.is_null() => thresholds.sample_ratio_min = None,
            "trade_ratio_min" => thresholds.sample_ratio_min = Some(float(value)?),
            other => return Err(format!("unknown threshold `{other}`")),
        }
    }
    Ok(thresholds)
}
