//! `cargo omega eval`: one parameter set by hand, beside the baseline and gold.

use camino::Utf8Path;
use omega_lock::internals::artifacts::{
    ExitCode, Ordered, ParamMap, Spelled, Tried, TriedEvaluation, TryQuestion, TryStart, TryWhat,
};
use omega_lock::internals::objective::Role;
use omega_lock::internals::report::tried_evaluations;

use crate::candidate::{self, Number};
use crate::cli::{EvalArgs, EvalSlice};
use crate::disk;
use crate::failure::Failure;
use crate::project::Project;
use crate::runs;
use crate::tried;
use crate::ui::Ui;

pub(crate) fn run(arguments: &EvalArgs, ui: &mut Ui) -> Result<ExitCode, Failure> {
    let EvalArgs { name, values, gold, candidate, file, slice, count_a_look, cargo, .. } = arguments;
    let slice = match slice {
        EvalSlice::Train => Role::Train,
        EvalSlice::Test => Role::Test,
        EvalSlice::Validation => Role::Validation,
        EvalSlice::Holdout => Role::Holdout,
    };
    if *count_a_look && slice != Role::Holdout {
        return Err(Failure::usage("`--count-a-look` belongs to `--slice holdout`"));
    }
    let typed = values.iter().map(|value| pair(value)).collect::<Result<Vec<_>, Failure>>()?;
    for (place, (key, _)) in typed.iter().enumerate() {
        if typed[..place].iter().any(|(earlier, _)| earlier == key) {
            return Err(Failure::usage(format!("`{key}` is given twice")));
        }
    }
    let project = Project::load(&cargo.manifest, cargo.build.target_dir.as_deref())?;
    let given = match (candidate, file) {
        (Some(number), _) => of_candidate(&project, name, *number)?,
        (None, Some(file)) => of_file(file)?,
        (None, None) => ParamMap::default(),
    };
    let question = TryQuestion {
        schema_version: TryQuestion::SCHEMA.to_owned(),
        calibration: name.clone(),
        what: Spelled(TryWhat::Evaluate),
        slice: Spelled(slice),
        start: Spelled(if *gold { TryStart::Gold } else { TryStart::Baseline }),
        given,
        typed: Ordered(typed),
        count_a_look: *count_a_look,
    };
    let tried = tried::asked(&project, &cargo.whole_workspace(), &question, ui)?;
    ui.results(&tried_evaluations(&tried));
    answered(name, &tried)
}

fn answered(name: &str, tried: &Tried) -> Result<ExitCode, Failure> {
    let asked = tried.evaluations.first();
    match asked.and_then(|asked: &TriedEvaluation| asked.failure.as_ref().map(|why| (asked.not_applicable, why))) {
        None => Ok(ExitCode::Pass),
        // The target has answered: these parameters are none.
        Some((true, _)) => Ok(ExitCode::No),
        Some((false, why)) => {
            Err(Failure { code: ExitCode::TargetFailed, message: format!("{name}: the evaluation failed: {why}") })
        }
    }
}

fn pair(typed: &str) -> Result<(String, String), Failure> {
    match typed.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.trim().to_owned())),
        _ => Err(Failure::usage(format!("`{typed}` is no `KEY=VALUE`")).help("such as `window=12`")),
    }
}

/// A JSON object of parameters; a result, or gold, has one at `params`.
fn of_file(path: &Utf8Path) -> Result<ParamMap, Failure> {
    let text = disk::text(path)?;
    let wrong = |error: serde_json::Error| {
        Failure::usage(format!("`{path}`: {error}")).help("a file of parameters is an object: {\"window\": 12}")
    };
    let document: serde_json::Value = serde_json::from_str(&text).map_err(wrong)?;
    if let Some(params) = document.get("params").filter(|params| params.is_object()) {
        return serde_json::from_value(params.clone()).map_err(wrong);
    }
    serde_json::from_str(&text).map_err(wrong)
}

/// The parameters of a candidate of the last run.
fn of_candidate(project: &Project, name: &str, number: Number) -> Result<ParamMap, Failure> {
    let run = runs::all(project)?.into_iter().find(|run| run.calibration == name);
    let Some(run) = run else {
        return Err(
            Failure::usage(format!("`{name}` has no run, so it has no candidates")).help("`cargo omega test` runs it")
        );
    };
    let params = candidate::params(&run.folder, &run.folder.join("trail.jsonl"), number)?;
    Ok(ParamMap::from(&params))
}
