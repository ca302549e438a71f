//! The parameter space, as data.

use serde::{Deserialize, Serialize};

use crate::artifacts::{ParamValue, Spelled};
use crate::objective::{ParamKind, ParamSpec, Scale};

/// A parameter of the space.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ParamEntry {
    /// Its name.
    pub name: String,
    /// `float`, `int`, `bool` or `choice`.
    pub kind: String,
    /// The value it has where nobody tunes it.
    pub neutral: ParamValue,
    /// The smallest value; numbers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<ParamValue>,
    /// The largest value; numbers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<ParamValue>,
    /// How steps along it are measured; numbers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Spelled<Scale>>,
    /// How far apart its values are; absent where it has all between the ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<ParamValue>,
    /// The values of a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<String>>,
    /// Whether its stress may be left out of the ranking.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stress_suppressed: bool,
}

impl From<&ParamSpec> for ParamEntry {
    fn from(spec: &ParamSpec) -> Self {
        let neutral = spec.neutral();
        let bounds = match spec.kind {
            ParamKind::Float { low, high, .. } => Some((ParamValue::Float(low.into()), ParamValue::Float(high.into()))),
            ParamKind::Int { low, high, .. } => Some((ParamValue::Int(low), ParamValue::Int(high))),
            ParamKind::Bool { .. } | ParamKind::Choice { .. } => None,
        };
        let choices = match &spec.kind {
            ParamKind::Choice { choices, .. } => Some(choices.iter().map(ToString::to_string).collect()),
            _ => None,
        };
        Self {
            name: spec.name.clone(),
            kind: neutral.kind().to_owned(),
            neutral: (&neutral).into(),
            scale: bounds.is_some().then(|| spec.scale().into()),
            low: bounds.as_ref().map(|(low, _)| low.clone()),
            high: bounds.map(|(_, high)| high),
            step: spec.step.as_ref().map(Into::into),
            choices,
            stress_suppressed: spec.stress_suppressed,
        }
    }
}
