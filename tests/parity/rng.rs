//! Kind `rng`: draws of numpy's `default_rng(seed)`.

use omega_lock::Generator;
use serde_json::{Value as Json, json};

use crate::document::{count, float, list, number, text, whole};

pub(crate) fn answer(case: &Json, _: &str) -> Result<Json, String> {
    let mut generator = Generator::new(count(case, "seed")?);
    let draws: Result<Vec<Json>, String> = list(case, "calls")?.iter().map(|call| draw(&mut generator, call)).collect();
    Ok(json!({ "draws": draws? }))
}

fn draw(generator: &mut Generator, call: &Json) -> Result<Json, String> {
    let arguments = list(call, "args")?;
    let (times, rest) = arguments.split_last().ok_or("a call without arguments")?;
    let times = times.as_u64().ok_or_else(|| format!("{times} is no number of draws"))?;
    let two = match rest {
        [] => None,
        [a, b] => Some((a, b)),
        _ => return Err(format!("{call} has {} arguments", arguments.len())),
    };
    match (text(call, "fn")?, two) {
        ("random", None) => Ok((0..times).map(|_| number(generator.random())).collect()),
        ("normal", Some((mean, sd))) => {
            let (mean, sd) = (float(mean)?, float(sd)?);
            Ok((0..times).map(|_| number(generator.normal(mean, sd))).collect())
        }
        ("uniform", Some((low, high))) => {
            let (low, high) = (float(low)?, float(high)?);
            Ok((0..times).map(|_| number(generator.uniform(low, high))).collect())
        }
        ("integers", Some((low, high))) => {
            let (low, high) = (whole(low)?, whole(high)?);
            Ok((0..times).map(|_| Json::from(generator.integers(low, high))).collect())
        }
        _ => Err(format!("unknown call {call}")),
    }
}
