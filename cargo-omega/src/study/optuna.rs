//! What Optuna's formats have in common: which study is meant, what was optimised, and what a trial's notes mean.

use std::rc::Rc;

use camino::Utf8Path;
use omega_lock::internals::artifacts::{Direction, Number, Objective, Ordered, Spelled, StudyTrial, TrialState};
use omega_lock::internals::number::strict_json;
use serde_json::{Map, Value};

use super::Told;
use super::collected::Collected;
use super::distribution::Drawn;
use crate::failure::Failure;

/// How many names a message lists.
const LISTED: usize = 20;
/// System attribute of a study with the names of its objectives.
pub(super) const METRIC_NAMES: &str = "study:metric_names";
/// System attribute of a trial with what its constraints gave, up to 4.x.
pub(super) const CONSTRAINTS: &str = "constraints";
/// How the system attribute of one constraint begins, from 5.0 on.
pub(super) const CONSTRAINT: &str = "constraints:";
/// System attribute of a trial whose parameters somebody chose, and no sampler.
const FIXED: &str = "fixed_params";

/// What helps where the file is sound, and the form has no place for what it says.
pub(super) const EXPORT: &str =
    "if Optuna itself reads it, let it write the trials with `study.trials_dataframe().to_csv(\"trials.csv\")`";

/// A parameter of a trial before it is handed over.
pub(super) type Param = (String, f64, Rc<Drawn>);

/// Which of the studies is meant.
pub(super) fn chosen(path: &Utf8Path, names: &[&str], told: &Told) -> Result<usize, Failure> {
    let listed: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{}`", name.escape_debug())).collect();
    let more = if names.len() > LISTED { format!(" and {} more", names.len() - LISTED) } else { String::new() };
    let listed = format!("{}{more}", listed.join(", "));
    match (&told.study, names) {
        (_, []) => Err(Failure::usage(format!("`{path}` has no study"))),
        (Some(name), _) => names.iter().position(|found| found == name).ok_or_else(|| {
            Failure::usage(format!("`{path}` has no study `{}`, it has {listed}", name.escape_debug()))
                .help("`--study NAME` takes one of them")
        }),
        (None, [_]) => Ok(0),
        (None, _) => Err(Failure::usage(format!("`{path}` has {} studies: {listed}", names.len()))
            .help("say which with `--study NAME`")),
    }
}

/// The names of the objectives as Optuna's dataframe has them, unless the study names its own.
pub(super) fn objective_names(count: usize, metric_names: Option<&Value>) -> Vec<String> {
    let own: Option<Vec<String>> = metric_names
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect());
    let differ = |names: &[String]| names.iter().enumerate().all(|(at, name)| !names[..at].contains(name));
    match own.filter(|names| names.len() == count && differ(names)) {
        Some(names) => names,
        None if count == 1 => vec!["value".to_owned()],
        None => (0..count).map(|objective| format!("values_{objective}")).collect(),
    }
}

/// What was optimised, held against what the command line says of it.
pub(super) fn objectives(
    path: &Utf8Path,
    names: Vec<String>,
    directions: &[Option<Direction>],
    told: &Told,
) -> Result<Vec<Objective>, Failure> {
    let listed = names.iter().map(|name| format!("`{}`", name.escape_debug())).collect::<Vec<_>>().join(", ");
    if let Some(pattern) = told.params.first() {
        let message = format!("`{path}` says which its parameters are; found --params `{}`", pattern.escape_debug());
        return Err(Failure::usage(message).help("leave `--params` out"));
    }
    if told.direction.is_some() && told.score.is_none() && names.len() > 1 {
        let message = format!("`{path}` has several scores, and `--direction` does not say of which: {listed}");
        return Err(Failure::usage(message).help("say which with `--score NAME`"));
    }
    if let Some(score) = told.score.as_ref().filter(|score| !names.contains(score)) {
        let message = format!("`{path}` did not optimise `{}`, it optimised {listed}", score.escape_debug());
        return Err(Failure::usage(message).help("`--score NAME` takes one of them"));
    }
    let is_single = names.len() == 1;
    let objective = |(name, direction): (String, Option<Direction>)| {
        let meant = is_single || told.score.as_ref() == Some(&name);
        match (direction, told.direction.filter(|_| meant)) {
            (Some(found), Some(said)) if found != said => {
                let message =
                    format!("`{path}` says `{found}` of `{}`, the command line `{said}`", name.escape_debug());
                Err(Failure::usage(message).help("leave `--direction` out: the file knows it"))
            }
            (found, said) => Ok(Objective { name, direction: found.or(said).map(Spelled) }),
        }
    };
    let directions = directions.iter().copied().chain(std::iter::repeat(None));
    names.into_iter().zip(directions).map(objective).collect()
}

/// A trial as it is when nothing of it is known.
pub(super) fn empty(number: u64, state: TrialState) -> StudyTrial {
    StudyTrial {
        number,
        state: Spelled(state),
        params: Ordered::default(),
        scores: Ordered::default(),
        parts: Ordered::default(),
        constraints: Ordered::default(),
        attributes: Map::new(),
    }
}

/// Adds a value under a name, in place of one that stands there.
pub(super) fn put<V>(list: &mut Ordered<V>, name: &str, value: V) {
    match list.0.iter_mut().find(|(found, _)| found == name) {
        Some((_, found)) => *found = value,
        None => list.0.push((name.to_owned(), value)),
    }
}

/// Adds a parameter.
pub(super) fn put_param(trial: &mut StudyTrial, param: Param, collected: &mut Collected) -> Result<(), String> {
    let (name, internal, drawn) = param;
    let value = drawn.value(internal).map_err(|what| format!("parameter `{}`: {what}", name.escape_debug()))?;
    collected.drew(&name, &drawn);
    if drawn.is_wide(&value) {
        collected.leave_out("types of whole numbers beyond 64 bits", 1, "their digits are kept as texts");
    }
    put(&mut trial.params, &name, value);
    Ok(())
}

/// Understands a system attribute: constraints, and what was enqueued; the rest is the sampler's own.
pub(super) fn put_system(
    trial: &mut StudyTrial,
    key: &str,
    value: Value,
    collected: &mut Collected,
) -> Result<(), String> {
    match (key, key.strip_prefix(CONSTRAINT), value) {
        (CONSTRAINTS, _, Value::Null) => {}
        (CONSTRAINTS, _, Value::Array(list)) => {
            for (at, value) in list.iter().enumerate() {
                put(&mut trial.constraints, &at.to_string(), number(value).ok_or_else(|| not_a_number(key, value))?);
            }
        }
        (_, Some(name), value) => {
            put(&mut trial.constraints, name, number(&value).ok_or_else(|| not_a_number(key, &value))?);
        }
        (FIXED, _, value @ Value::Object(_)) if !trial.attributes.contains_key(FIXED) => {
            trial.attributes.insert(FIXED.to_owned(), value);
        }
        (CONSTRAINTS, _, value) => return Err(not_a_number(key, &value)),
        _ => collected.leave_out("system attributes", 1, "the tool's notes to itself"),
    }
    Ok(())
}

fn not_a_number(key: &str, value: &Value) -> String {
    let value = value.to_string();
    format!("system attribute `{}` is {}, expected numbers", key.escape_debug(), shortened(&value))
}

/// The beginning of a text for a message.
pub(super) fn shortened(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.by_ref().take(60).collect();
    format!("`{}{}`", first.escape_debug(), if letters.next().is_some() { ".." } else { "" })
}

/// A number, or one of the words for what is not finite.
pub(super) fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => number.as_f64().map(Number),
        Value::String(word) => omega_lock::internals::number::word_value(word).map(Number),
        Value::Bool(value) => Some(Number(f64::from(u8::from(*value)))),
        _ => None,
    }
}

/// A number as an attribute.
pub(super) fn attribute(value: f64) -> Value {
    strict_json(value)
}
