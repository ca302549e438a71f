//! Kind `axes`: the values a grid takes along one parameter.

use omega_lock::internals::search::{grid_points, grid_points_in};
use omega_lock::{ParamSpec, Value};
use serde_json::{Value as Json, json};

use crate::document::{field, float, floats, list, size, text, value_json, whole};

pub(crate) fn answer(case: &Json, _: &str) -> Result<Json, String> {
    let axes: Result<Vec<Json>, String> = list(case, "inputs")?.iter().map(axis).collect();
    Ok(json!({ "axes": axes? }))
}

fn axis(input: &Json) -> Result<Json, String> {
    let spec = spec(input)?;
    let n = size(input, "n")?;
    let (low, high) = (float(field(input, "lo")?)?, float(field(input, "hi")?)?);
    let values = |values: Vec<Value>| values.iter().map(value_json).collect::<Json>();
    let clipped = floats(input, "values")?.into_iter().map(|raw| spec.clip(raw)).collect();
    Ok(json!({
        "grid_points": values(grid_points(&spec, n)),
        "grid_points_in": values(grid_points_in(&spec, low, high, n)),
        "clip": values(clipped),
    }))
}

fn spec(input: &Json) -> Result<ParamSpec, String> {
    let part = |key| field(input, key);
    match text(input, "dtype")? {
        "float" => {
            let range = float(part("low")?)?..=float(part("high")?)?;
            Ok(ParamSpec::float("axis", range, float(part("neutral")?)?))
        }
        "int" => {
            let range = whole(part("low")?)?..=whole(part("high")?)?;
            Ok(ParamSpec::int("axis", range, whole(part("neutral")?)?))
        }
        "bool" => Ok(ParamSpec::bool("axis", part("neutral")? == &Json::Bool(true))),
        other => Err(format!("unknown dtype `{other}`")),
    }
}
