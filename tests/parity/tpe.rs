//! Kind `tpe`: every trial of an Optuna study, and the same again from any trial on.

use std::sync::Arc;

use omega_lock::internals::objective::{
    Context, Evaluation, Evaluator, FnTarget, ParamSpace, ParamSpec, Params, Phase, Role, TargetError,
};
use omega_lock::internals::search::tpe::TpeSampler;
use omega_lock::internals::search::{Candidate, Search, TpeSearch, explore};
use serde_json::{Value as Json, json};

use crate::document::{count, field, float, list, names, number, params_json, text, whole};
use crate::keyhole::audited;

pub(crate) fn answer(case: &Json, _: &str) -> Result<Json, String> {
    let mut space = ParamSpace::new();
    for parameter in list(case, "space")? {
        space = space.param(spec(parameter)?);
        space = match parameter.get("step") {
            None => space,
            Some(step) => match step.as_i64() {
                Some(step) => space.step(step),
                None => space.step(float(step)?),
            },
        };
    }
    let objective = objective(text(case, "objective")?)?;
    let trials = count(case, "n_trials")?;
    let seed = u32::try_from(count(case, "seed")?).map_err(|error| error.to_string())?;
    let unlocked: Vec<String> = space.specs().iter().map(|spec| spec.name.clone()).collect();
    let fresh = TpeSearch::new(&space, &space.neutral(), &unlocked, trials, seed).map_err(|error| error.to_string())?;
    let sampler = case.get("sampler").and_then(Json::as_str).map_or(Ok(TpeSampler::default()), str::parse);
    let sampler = sampler.map_err(|error| error.to_string())?;
    let batch = case.get("batch").and_then(Json::as_u64).unwrap_or(1);
    let fresh = fresh.sampler(sampler).batch(usize::try_from(batch).map_err(|error| error.to_string())?);
    let fresh = match text(case, "objective")? {
        "rated6" => fresh.constraints(Arc::new(|trial| rated6_violation(&trial.params).unwrap_or(f64::NAN))),
        _ => fresh,
    };
    let judge = move |params: &Params| -> Result<Evaluation, TargetError> { Ok(Evaluation::new(objective(params)?)) };
    let target = FnTarget::new(space, judge);
    let found = audited(&target, |evaluator| {
        let whole = search(fresh.clone(), evaluator)?;
        // Of a long study every fourth, which ends within batches and behind them.
        for stop in (0..=whole.len()).step_by(1 + whole.len() / 67) {
            resumed(&fresh, &whole, stop)?;
        }
        Ok(whole)
    })?;
    let trial = |trial: &Candidate| json!({ "params": params_json(&trial.params), "value": trial.fitness().map_or(Json::Null, number) });
    let optuna = format!("{}.0", sampler.name().trim_start_matches("optuna-"));
    Ok(json!({ "optuna": optuna, "trials": found.iter().map(trial).collect::<Json>() }))
}

fn search(mut search: TpeSearch, evaluator: &mut dyn Evaluator) -> Result<Vec<Candidate>, String> {
    let context = Context::new(Role::Train, Phase::Search);
    explore(&mut search, evaluator, &mut (), context, None).map_err(|halt| halt.to_string())
}

/// The search stopped after `stop` trials, continued from them: the next few proposals are those of the whole one.
fn resumed(fresh: &TpeSearch, whole: &[Candidate], stop: usize) -> Result<(), String> {
    let mut search = fresh.clone().resume(&whole[..stop]).map_err(|error| error.to_string())?;
    let mut index = stop;
    for _ in 0..3 {
        let asked = search.ask(100);
        for params in &asked {
            let expected = whole.get(index).map(|trial| &trial.params);
            if Some(params) != expected {
                return Err(format!("stopped after {stop}, trial {index} is {params:?}, not {expected:?}"));
            }
            index += 1;
        }
        search.tell(&whole[index - asked.len()..index]);
    }
    match index < whole.len() || search.ask(100).is_empty() {
        true => Ok(()),
        false => Err(format!("stopped after {stop}, there are more than {} trials", whole.len())),
    }
}

/// `{name, dtype, low, high}`, with `log` or `choices` where the parameter has them.
fn spec(document: &Json) -> Result<ParamSpec, String> {
    let name = text(document, "name")?;
    let log = document.get("log") == Some(&Json::Bool(true));
    let ends = || Ok::<_, String>((field(document, "low")?, field(document, "high")?));
    match text(document, "dtype")? {
        "float" => {
            let (low, high) = ends()?;
            let (low, high) = (float(low)?, float(high)?);
            Ok(if log { ParamSpec::log_float(name, low..=high, low) } else { ParamSpec::float(name, low..=high, low) })
        }
        "int" => {
            let (low, high) = ends()?;
            let (low, high) = (whole(low)?, whole(high)?);
            Ok(if log { ParamSpec::log_int(name, low..=high, low) } else { ParamSpec::int(name, low..=high, low) })
        }
        "bool" => Ok(ParamSpec::bool(name, false)),
        "choice" => {
            let choices = names(document, "choices")?;
            let first = choices.first().ok_or("no choices")?.clone();
            Ok(ParamSpec::choice(name, choices.iter().map(String::as_str), &first))
        }
        other => Err(format!("unknown dtype `{other}`")),
    }
}

type Objective = fn(&Params) -> Result<f64, TargetError>;

fn objective(name: &str) -> Result<Objective, String> {
    match name {
        "rosenbrock2" => Ok(rosenbrock2),
        "mixed6" => Ok(mixed6),
        "training8" => Ok(training8),
        "averages4" => Ok(averages4),
        "steps5" => Ok(steps5),
        "rated6" => Ok(rated6),
        other => Err(format!("unknown objective `{other}`")),
    }
}

fn rosenbrock2(params: &Params) -> Result<f64, TargetError> {
    let (x, y) = (params.float("x")?, params.float("y")?);
    Ok(-((1.0 - x) * (1.0 - x) + 100.0 * (y - x * x) * (y - x * x)))
}

fn mixed6(params: &Params) -> Result<f64, TargetError> {
    let (x1, x2) = (params.float("x1")?, params.float("x2")?);
    let (n1, n2) = (params.int("n1")?, params.int("n2")?);
    let (b1, b2) = (params.bool("b1")?, params.bool("b2")?);
    let bowl = 8.0 * (x1 - 0.65).powi(2) + 4.0 * (x2 - 0.5 * x1).powi(2);
    let counts = ((n1 - 23) as f64 / 10.0).powi(2) + (n2 as f64 - 7.0 - 6.0 * f64::from(u8::from(b1))).abs() / 6.0;
    let switches = if b1 { 0.0 } else { 0.5 } + if b2 == (n1 >= 20) { 0.0 } else { 1.0 };
    Ok(-(bowl + counts + switches))
}

/// Logarithms, choices, parameters of one value, and a corner without a value; see the folder's README.
fn training8(params: &Params) -> Result<f64, TargetError> {
    let (rate, dropout) = (params.float("rate")?, params.float("dropout")?);
    let (width, depth) = (params.int("width")? as f64, params.int("depth")? as f64);
    let (loss, warm) = (params.choice("loss")?, params.bool("warm")?);
    if dropout > 0.8 && !warm {
        return Ok(f64::NAN);
    }
    let (offset, best_depth) = match loss {
        "l1" => (0.7, 4.0),
        "l2" => (0.2, 6.0),
        _ => (0.0, 9.0),
    };
    let bowl = (rate.log10() + 2.5).powi(2) + (width.log2() - 6.0).powi(2) / 4.0 + 4.0 * (dropout - 0.3).powi(2);
    Ok(-(bowl + offset + (depth - best_depth).abs() / 3.0 + if warm { 0.0 } else { 0.25 }))
}

/// Two averages that only go together where the fast one is the faster.
fn averages4(params: &Params) -> Result<f64, TargetError> {
    let (slow, fast) = (params.int("slow")?, params.int("fast")?);
    if fast >= slow {
        return Err(TargetError::not_applicable("fast >= slow"));
    }
    let bowl = ((slow - 40) as f64 / 30.0).powi(2)
        + ((fast - 12) as f64 / 10.0).powi(2)
        + (params.float("level")? - 0.4).powi(2);
    Ok(-(bowl + if params.choice("mode")? == "both" { 0.0 } else { 0.3 }))
}

/// Numbers that move in steps; see the folder's README.
fn steps5(params: &Params) -> Result<f64, TargetError> {
    let (slow, level, rate) = (params.int("slow")? as f64, params.float("level")?, params.float("rate")?);
    let bowl = ((slow - 40.0) / 30.0).powi(2) + 4.0 * (level - 0.35).powi(2) + (rate - level).powi(2);
    Ok(-(bowl + (params.float("tilt")? - 0.2).abs()))
}

/// Every kind of number and a choice, with two constraints and a corner that does not apply; see the folder's README.
fn rated6(params: &Params) -> Result<f64, TargetError> {
    let (mode, order) = (params.choice("mode")?, params.int("order")?);
    if order == 9 && mode == "fast" {
        return Err(TargetError::not_applicable("order 9 is never fast"));
    }
    let rate = params.float("rate")?.log10() + 3.0;
    let bowl = (params.float("gain")? - 6.0).powi(2) + params.float("bias")?.powi(2) + rate.powi(2);
    let offset = match mode {
        "fast" => 0.0,
        "exact" => 0.2,
        _ => 0.1,
    };
    Ok(-(bowl + offset) + 0.01 * params.int("taps")? as f64 + 0.1 * order as f64)
}

/// What is above 0 of power and delay, added.
fn rated6_violation(params: &Params) -> Result<f64, TargetError> {
    let power = params.float("gain")? + params.int("taps")? as f64 / 16.0 - 4.0;
    let delay = params.int("order")? as f64 - 5.0 + params.float("bias")?.abs();
    Ok(power.max(0.0) + delay.max(0.0))
}
