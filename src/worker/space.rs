//! The parameters of a worker, as it says them.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::objective::{ParamSpace, ParamSpec, Scale};
use crate::words::UnknownWord;

/// One parameter. Its fields are those of a space in result.json.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Entry {
    name: String,
    kind: String,
    neutral: Json,
    #[serde(default)]
    low: Json,
    #[serde(default)]
    high: Json,
    scale: Option<String>,
    #[serde(default)]
    step: Json,
    #[serde(default)]
    choices: Vec<String>,
    #[serde(default)]
    stress_suppressed: bool,
}

/// The space that these are.
///
/// # Errors
/// Names the parameter, what was found and what was expected.
pub(super) fn space(entries: &[Entry]) -> Result<ParamSpace, String> {
    let space =
        entries.iter().try_fold(ParamSpace::new(), |space, entry| Ok::<_, String>(space.param(entry.spec()?)))?;
    space.check().map_err(|error| error.to_string())?;
    Ok(space)
}

/// How two spaces differ first, if they do: what the second has, and what the first.
pub(super) fn difference(expected: &ParamSpace, found: &ParamSpace) -> Option<String> {
    let say = |spec: Option<&ParamSpec>| match spec {
        Some(spec) => format!("`{}` ({}, baseline {})", spec.name, spec.describe(), spec.neutral()),
        None => "none".to_owned(),
    };
    let (expected, found) = (expected.specs(), found.specs());
    let place = (0..expected.len().max(found.len())).find(|&place| expected.get(place) != found.get(place))?;
    Some(format!("parameter {place} is {}, expected {}", say(found.get(place)), say(expected.get(place))))
}

impl Entry {
    fn spec(&self) -> Result<ParamSpec, String> {
        let name = &*self.name;
        let wrong = |key: &str, value: &Json, expected: &str| {
            format!("parameter `{name}` has {key} = {value}, expected {expected}")
        };
        let float = |key: &str, value: &Json| value.as_f64().ok_or_else(|| wrong(key, value, "a number"));
        let int = |key: &str, value: &Json| value.as_i64().ok_or_else(|| wrong(key, value, "a whole number"));
        let spec = match &*self.kind {
            "float" => {
                let range = float("low", &self.low)?..=float("high", &self.high)?;
                ParamSpec::float(name, range, float("neutral", &self.neutral)?)
            }
            "int" => {
                let range = int("low", &self.low)?..=int("high", &self.high)?;
                ParamSpec::int(name, range, int("neutral", &self.neutral)?)
            }
            "bool" => {
                let neutral = self.neutral.as_bool();
                ParamSpec::bool(name, neutral.ok_or_else(|| wrong("neutral", &self.neutral, "true or false"))?)
            }
            "choice" => {
                let neutral = self.neutral.as_str();
                let choices = self.choices.iter().map(|choice| &**choice);
                ParamSpec::choice(name, choices, neutral.ok_or_else(|| wrong("neutral", &self.neutral, "a text"))?)
            }
            kind => {
                return Err(format!(
                    "parameter `{name}` has kind = {kind:?}, expected `float`, `int`, `bool` or `choice`"
                ));
            }
        };
        let scale: Scale = match &self.scale {
            Some(scale) => scale
                .parse()
                .map_err(|error: UnknownWord| format!("parameter `{name}` has a `scale` of its own: {error}"))?,
            None => Scale::Linear,
        };
        let spec = spec.scaled(scale);
        let spec = match (&self.step, self.step.as_i64(), self.step.as_f64()) {
            (Json::Null, ..) => spec,
            (_, Some(step), _) => spec.step(step),
            (_, None, Some(step)) => spec.step(step),
            _ => return Err(wrong("step", &self.step, "a number above 0")),
        };
        Ok(if self.stress_suppressed { spec.suppressed() } else { spec })
    }
}
