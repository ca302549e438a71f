//! Kind `p1`: a whole run, and the record of it.

use omega_lock::internals::audit::{AuditedEvaluator, Constraint, Subject, Trail};
use omega_lock::internals::gates::{GateId, GateReport, GateStatus, HoldoutEvidence, HoldoutMode};
use omega_lock::internals::hybrid::HybridEntry;
use omega_lock::internals::pipeline::{Pass, Recipe, RunOutcome};
use omega_lock::internals::walk_forward::WalkForward;
use omega_lock::{Role, Target};
use serde_json::{Value as Json, json};

use crate::audit_report::{AuditReport, marked};
use crate::declaration::{Declaration, constraint};
use crate::document::{field, list, number, numbers, params_json};
use crate::gates::report_json;
use crate::keyhole::{Ticking, evaluation_json, target};
use crate::random_search::point_json;
use crate::stress::stress_json;

/// What the Python package calls its own files; cases are told apart by nothing else here.
pub(crate) const VERSION: &str = "0.3.8";
const RESULT_SCHEMA: &str = "omega-lock.p1-result.v2";

pub(crate) fn answer(case: &Json, _: &str) -> Result<Json, String> {
    let declaration = Declaration::of(field(case, "config")?)?;
    let constraints: Vec<Constraint> = match case.get("constraints") {
        Some(_) => list(case, "constraints")?.iter().map(constraint).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    let audited = case.get("audited") == Some(&Json::Bool(true));
    let targets = targets(case)?;
    let mut trail = Trail::new();
    let outcome = run(&declaration, &targets, &constraints, &mut trail)?;
    let pass = outcome.last().ok_or("no pass")?;
    let mut result = result_json(&declaration, pass, audited.then_some(&constraints));
    result["status"] = json!(outcome.verdict.to_string());
    result["warnings"] = json!(outcome.warnings);
    result["holdout_result"] = holdout_json(&outcome);
    let mut answer = json!({ "result": result });
    if audited {
        let seed = &case["expected"]["audit_report"]["seed"];
        let report = AuditReport { constraints: &constraints, trail: &trail, seed };
        answer["audit_report"] = report.json("run_p1", &pass.stresses);
        answer["best_feasible_call_index"] = json!(report.best(true));
        answer["best_any_call_index"] = json!(report.best(false));
    }
    Ok(answer)
}

pub(crate) type Targets = Vec<(Role, Box<dyn Target + Sync>)>;

/// The targets that the case names, train first.
pub(crate) fn targets(case: &Json) -> Result<Targets, String> {
    let named = Role::ALL.into_iter().filter_map(|role| Some((role, case.get(role.name())?)));
    let targets: Targets = named
        .filter(|(_, document)| !document.is_null())
        .map(|(role, document)| Ok((role, target(document)?)))
        .collect::<Result<_, String>>()?;
    match targets.first() {
        Some((Role::Train, _)) => Ok(targets),
        _ => Err("no train target".to_owned()),
    }
}

pub(crate) fn run(
    declaration: &Declaration,
    targets: &Targets,
    constraints: &[Constraint],
    trail: &mut Trail,
) -> Result<RunOutcome, String> {
    let mut evaluator = evaluator(targets, constraints, trail)?;
    let space = evaluator.space().clone();
    let recipe = Recipe::new(&declaration.config, &space, constraints);
    omega_lock::internals::pipeline::run(recipe, &mut evaluator, &mut (), &Ticking::default())
        .map_err(|error| error.to_string())
}

/// The evaluator of all targets, on several threads.
pub(crate) fn evaluator<'t>(
    targets: &'t Targets,
    constraints: &'t [Constraint],
    trail: &'t mut Trail,
) -> Result<AuditedEvaluator<'t>, String> {
    let (_, train) = &targets[0];
    let mut evaluator = AuditedEvaluator::new(Subject::Parallel(&**train), constraints, trail)
        .map_err(|error| error.to_string())?
        .threads(3);
    for (role, target) in &targets[1..] {
        evaluator = evaluator.with(*role, Subject::Parallel(&**target)).map_err(|error| error.to_string())?;
    }
    Ok(evaluator)
}

/// A pass as the Python package shows a run of its own, which has had no holdout.
pub(crate) fn result_json(declaration: &Declaration, pass: &Pass, constraints: Option<&Vec<Constraint>>) -> Json {
    let config = &declaration.config;
    let mut baseline = pass.baseline.evaluation().map_or(Json::Null, evaluation_json);
    if let Some(constraints) = constraints {
        marked(&mut baseline["metadata"], constraints, &pass.baseline.feasibility);
    }
    let point = |candidate| point_json(candidate, &pass.unlocked);
    json!({
        "status": pass.verdict.to_string(),
        "config": declaration.short_json(),
        "baseline_result": baseline,
        "stress_results": pass.stresses.iter().map(stress_json).collect::<Json>(),
        "top_k": pass.unlocked,
        "top_k_ex_ofi": pass.unlocked_without_suppressed,
        "top_k_excl_suppressed": pass.unlocked_without_suppressed,
        "grid_results": pass.candidates.iter().map(point).collect::<Json>(),
        "grid_best": pass.selected.as_ref().map(point),
        "walk_forward": pass.walk_forward.as_ref().map(|walked| walk_forward_json(walked, pass)),
        "hybrid_top": hybrid_json(pass),
        "holdout_result": null,
        "kc_reports": peer_reports(pass).map(timeless_json).collect::<Json>(),
        "schema_version": RESULT_SCHEMA,
        "omega_lock_version": VERSION,
        "config_full": declaration.full_json(),
        "constraint_policy": config.constraint_policy.name(),
        "holdout_mode": config.holdout.mode.name(),
        "kc_thresholds": declaration.thresholds_json(),
        "search_settings": declaration.search_json(),
        "random_seed": config.sc2.then_some(config.sc2_seed),
        "warnings": pass.warnings,
    })
}

/// The gates that the Python package reports too, as it orders them.
pub(crate) fn peer_reports(pass: &Pass) -> impl Iterator<Item = &GateReport> {
    pass.reports.iter().filter(|report| match report.gate {
        GateId::Constraints => report.status == GateStatus::Fail,
        GateId::Constraint(_) => false,
        _ => true,
    })
}

/// KC-1's message tells how long the run took, which no case holds.
pub(crate) fn timeless_json(report: &GateReport) -> Json {
    let mut json = report_json(report);
    if report.gate == GateId::Kc1 {
        json["message"] = Json::Null;
    }
    json
}

pub(crate) fn walk_forward_json(walked: &WalkForward, pass: &Pass) -> Json {
    let best = pass.candidates.iter().find(|candidate| Some(&candidate.index) == walked.candidates.first());
    let lead = walked.lead();
    let computable = walked.correlation.value().is_some();
    json!({
        "top_n": walked.train_fitness.len(),
        "train_fitnesses": numbers(&walked.train_fitness),
        "test_fitnesses": numbers(&walked.test_fitness),
        "test_n_trials": walked.test_samples,
        "pearson": number(walked.correlation.value().unwrap_or(0.0)),
        "pearson_status": walked.correlation.status(),
        "pearson_computable": computable,
        "train_best_trades_mean": number(walked.train_samples_mean),
        "test_best_trades": lead.map_or(0, |(_, samples)| samples),
        "test_best_fitness": lead.map_or(Json::Null, |(fitness, _)| number(fitness)),
        "test_best_params": best.map(|best| params_json(&best.params)),
        "trade_ratio_scaled": number(walked.trade_ratio),
    })
}

fn hybrid_json(pass: &Pass) -> Json {
    match pass.hybrid.as_deref() {
        None | Some([]) => Json::Null,
        Some(entries) => entries.iter().map(entry_json).collect(),
    }
}

fn entry_json(entry: &HybridEntry) -> Json {
    let (fitness, samples) = entry.search;
    let mut json = json!({
        "params": params_json(&entry.params),
        "search_fitness": number(fitness),
        "search_n_trials": samples,
        "final_fitness": number(entry.final_fitness()),
    });
    if let Some((fitness, samples)) = entry.validation {
        json["validation_fitness"] = number(fitness);
        json["validation_n_trials"] = json!(samples);
    }
    json
}

fn holdout_json(outcome: &RunOutcome) -> Json {
    let Some(shot) = &outcome.ending.holdout else { return Json::Null };
    let evaluation = match &shot.result {
        Ok(evaluation) => evaluation,
        Err(failure) => return json!({ "failed": failure.to_string() }),
    };
    let optional = |value: Option<f64>| value.map_or(Json::Null, number);
    let mut json = json!({
        "fitness": number(evaluation.fitness),
        "n_trials": evaluation.samples,
        "params": params_json(&shot.params),
        "fitness_vs_train": optional(shot.fitness_vs_train),
        "fitness_vs_test": optional(shot.fitness_vs_test),
        "trade_ratio_vs_train": optional(shot.trade_ratio_vs_train),
        "mode": outcome.config.holdout.mode.name(),
    });
    if outcome.config.holdout.mode == HoldoutMode::EvidenceOnly {
        json["status_gating"] = json!("not_gated");
        json["gate_status"] = json!("EVIDENCE_ONLY");
        json["warning"] = json!(outcome.warnings.last());
        return json;
    }
    json["status_gating"] = json!("gated");
    let Some(report) = outcome.ending.report(&GateId::Holdout) else { return json };
    json["gate_status"] = json!(report.status.name());
    if let (GateStatus::Fail, Some(evidence)) = (report.status, report.evidence::<HoldoutEvidence>()) {
        json["gate_failed_reasons"] = json!(evidence.reasons);
    }
    json
}
