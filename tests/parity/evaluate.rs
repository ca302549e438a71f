//! Kind `evaluate`: a keyhole's own answers.

use serde_json::{Value as Json, json};

use crate::document::{field, list, params, params_json, size};
use crate::keyhole::{evaluation_json, target};

pub(crate) fn answer(case: &Json, _: &str) -> Result<Json, String> {
    let target = target(field(case, "target")?)?;
    let space = target.space();
    let answers = list(field(case, "expected")?, "rows")?;
    if answers.len() < size(case, "n")? {
        return Err(format!("{} answers of {}", answers.len(), field(case, "n")?));
    }
    let mut rows = Vec::with_capacity(answers.len());
    for row in answers {
        let params = params(&space, field(row, "params")?)?;
        let evaluation = target.evaluate(&params).map_err(|error| error.reason())?;
        let mut answer = evaluation_json(&evaluation);
        answer["params"] = params_json(&params);
        rows.push(answer);
    }
    Ok(json!({ "rows": rows }))
}
