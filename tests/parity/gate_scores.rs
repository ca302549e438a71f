//! Kind `gate_scores`: KC-4 over two lists of somebody else's scores.

use omega_lock::internals::gates::{Thresholds, gate_scores};
use serde_json::{Value as Json, json};

use crate::document::{field, float, floats, list, number};

pub(crate) fn answer(case: &Json, _: &str) -> Result<Json, String> {
    let verdicts: Result<Vec<Json>, String> = list(case, "inputs")?.iter().map(verdict).collect();
    Ok(json!({ "verdicts": verdicts? }))
}

fn verdict(input: &Json) -> Result<Json, String> {
    let mut thresholds = Thresholds::pure_objective();
    let pearson_min = field(input, "pearson_min")?;
    if !pearson_min.is_null() {
        thresholds.pearson_min = float(pearson_min)?;
    }
    let verdict = gate_scores(&floats(input, "train")?, &floats(input, "holdout")?, &thresholds);
    Ok(json!({
        "passed": verdict.passed,
        "pearson": verdict.pearson.map_or(Json::Null, number),
        "reasons": verdict.reasons,
    }))
}
