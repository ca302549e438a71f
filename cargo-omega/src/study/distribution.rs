//! From where Optuna drew a parameter, and what the number that it keeps means.

use std::collections::HashMap;
use std::rc::Rc;

use omega_lock::internals::artifacts::{Distribution, Number, StudyValue};
use omega_lock::internals::number::{repr, word_value};
use serde::Deserialize;
use serde_json::Value;

use super::optuna::shortened;
use super::python_json::strict_values;

/// Texts that are remembered: usually there is one for each parameter.
const REMEMBERED: usize = 4096;

/// A distribution as Optuna names it.
#[derive(Debug, PartialEq)]
pub(super) struct Drawn {
    /// In our form.
    pub(super) distribution: Distribution,
    /// The name of its class.
    class: String,
    /// Choices that are whole numbers beyond 64 bits, by their digits.
    wide: Vec<String>,
}

/// Distributions by their text, so that millions of equal ones are read once.
#[derive(Debug, Default)]
pub(super) struct Distributions(HashMap<String, Rc<Drawn>>);

impl Distributions {
    /// Reads one.
    pub(super) fn read(&mut self, text: &str) -> Result<Rc<Drawn>, String> {
        if let Some(known) = self.0.get(text) {
            return Ok(Rc::clone(known));
        }
        if self.0.len() >= REMEMBERED {
            self.0.clear();
        }
        let drawn = Rc::new(Drawn::read(text)?);
        self.0.insert(text.to_owned(), Rc::clone(&drawn));
        Ok(drawn)
    }
}

/// What stands in the file: a class with its attributes, or the older short form with all in one.
#[derive(Deserialize)]
struct Text {
    name: Option<String>,
    attributes: Option<Attributes>,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(flatten)]
    short: Attributes,
}

#[derive(Deserialize)]
struct Attributes {
    low: Option<Value>,
    high: Option<Value>,
    step: Option<Value>,
    q: Option<Value>,
    log: Option<bool>,
    choices: Option<Vec<Value>>,
}

impl Drawn {
    fn read(text: &str) -> Result<Self, String> {
        let read: Text = serde_json::from_slice(&strict_values(text.as_bytes()))
            .map_err(|error| format!("the distribution {} is not understood: {error}", shortened(text)))?;
        let (class, of) = match (read.name, read.attributes, read.kind.as_deref()) {
            (Some(name), Some(attributes), _) => (name, attributes),
            (None, _, Some("float")) => ("FloatDistribution".to_owned(), read.short),
            (None, _, Some("int")) => ("IntDistribution".to_owned(), read.short),
            (None, _, Some("categorical")) => ("CategoricalDistribution".to_owned(), read.short),
            _ => return Err(format!("the distribution {} is none of Optuna's", shortened(text))),
        };
        let log = of.log.unwrap_or(class.contains("LogUniform"));
        let mut wide = Vec::new();
        let distribution = match class.as_str() {
            "FloatDistribution" | "UniformDistribution" | "LogUniformDistribution" | "DiscreteUniformDistribution" => {
                real(&of, log)
            }
            "IntDistribution" | "IntUniformDistribution" | "IntLogUniformDistribution" => whole(&of, log)?,
            "CategoricalDistribution" => {
                let choices = of.choices.filter(|choices| !choices.is_empty());
                wide.extend(choices.iter().flatten().filter_map(digits).map(str::to_owned));
                choices.map(|choices| Distribution::Categorical { choices: choices.into_iter().map(choice).collect() })
            }
            _ => return Err(format!("the distribution {} is none that Optuna 3 to 5 has", shortened(&class))),
        };
        let wrong = || format!("the distribution {} lacks its bounds or choices", shortened(text));
        Ok(Self { distribution: distribution.ok_or_else(wrong)?, class, wide })
    }

    /// The parameter that an internal number stands for.
    pub(super) fn value(&self, internal: f64) -> Result<StudyValue, String> {
        match &self.distribution {
            Distribution::Float { .. } => Ok(StudyValue::Float(Number(internal))),
            Distribution::Int { .. } => as_whole(internal.trunc())
                .map(StudyValue::Int)
                .ok_or_else(|| format!("{} is no whole number of 64 bits", repr(internal))),
            Distribution::Categorical { choices } => {
                let at = as_whole(internal.trunc()).and_then(|at| usize::try_from(at).ok());
                at.and_then(|at| choices.get(at)).cloned().ok_or_else(|| {
                    format!("choice {} of {}, counted from 0, is not there", repr(internal), choices.len())
                })
            }
        }
    }

    /// Whether this is a choice that is a whole number beyond 64 bits, which only a text holds.
    pub(super) fn is_wide(&self, value: &StudyValue) -> bool {
        matches!(value, StudyValue::Text(text) if self.wide.contains(text))
    }

    /// Whether Optuna lets one trial draw from this and another from that.
    pub(super) fn is_compatible(&self, other: &Self) -> bool {
        self.class == other.class
            && match (&self.distribution, &other.distribution) {
                (Distribution::Categorical { choices }, Distribution::Categorical { choices: others }) => {
                    choices == others
                }
                (Distribution::Float { log, .. }, Distribution::Float { log: other, .. })
                | (Distribution::Int { log, .. }, Distribution::Int { log: other, .. }) => log == other,
                _ => false,
            }
    }
}

fn real(of: &Attributes, log: bool) -> Option<Distribution> {
    let step = match of.step.as_ref().or(of.q.as_ref()) {
        None | Some(Value::Null) => None,
        Some(step) => Some(Number(float(step)?)),
    };
    Some(Distribution::Float {
        low: Number(float(of.low.as_ref()?)?),
        high: Number(float(of.high.as_ref()?)?),
        step,
        log,
    })
}

/// Nothing where a bound is missing.
fn whole(of: &Attributes, log: bool) -> Result<Option<Distribution>, String> {
    let int = |value: &Option<Value>| match value {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match (value.as_i64(), digits(value), value.as_f64()) {
            (Some(whole), ..) => Ok(Some(whole)),
            (_, Some(digits), _) => Err(format!("the bound {digits} is beyond 64 bits")),
            (.., Some(real)) => match as_whole(real) {
                Some(whole) => Ok(Some(whole)),
                None => Err(format!("the bound {} is no whole number of 64 bits", repr(real))),
            },
            _ => Err(format!("the bound {} is no number", shortened(&value.to_string()))),
        },
    };
    let (low, high, step) = (int(&of.low)?, int(&of.high)?, int(&of.step)?.unwrap_or(1));
    Ok(low.zip(high).map(|(low, high)| Distribution::Int { low, high, step, log }))
}

/// A whole number that a double holds, if it is one.
pub(super) fn as_whole(value: f64) -> Option<i64> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    let is_whole = value.trunc() == value && (-END..END).contains(&value);
    #[expect(clippy::cast_possible_truncation, reason = "it was looked at")]
    is_whole.then_some(value as i64)
}

/// A number, or the object for one that is not finite.
fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Object(map) => map.get("number")?.as_str().and_then(|word| word_value(word).or(word.parse().ok())),
        value => value.as_f64(),
    }
}

/// The digits of a whole number beyond 64 bits.
fn digits(value: &Value) -> Option<&str> {
    let text = value.as_object().filter(|fields| fields.len() == 1)?.get("number")?.as_str()?;
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-').then_some(text)
}

/// A choice. Optuna warns of lists and objects and keeps them as JSON; so they are texts here.
fn choice(value: Value) -> StudyValue {
    match value {
        Value::Null => StudyValue::Nothing,
        Value::Bool(value) => StudyValue::Bool(value),
        Value::String(text) => StudyValue::Text(text),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => StudyValue::Int(whole),
            None => StudyValue::Float(Number(number.as_f64().unwrap_or(f64::NAN))),
        },
        other => match (digits(&other), float(&other)) {
            (Some(digits), _) => StudyValue::Text(digits.to_owned()),
            (None, Some(value)) => StudyValue::Float(Number(value)),
            (None, None) => StudyValue::Text(other.to_string()),
        },
    }
}
