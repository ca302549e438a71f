//! What is read is what stands there.

use std::path::Path;

use omega_lock::internals::interop::artifact::{Artifact, Format, Kind, P1Result, findings};
use omega_lock::internals::interop::json::{Integer, Text};
use omega_lock::internals::interop::strict;
use serde_json::Value as Json;

use crate::{document, kind, peer_files};

#[test]
fn every_artifact_of_both_formats_is_told_by_itself_and_read_whole() {
    let files = peer_files();
    assert_eq!(files.len(), 18);
    for path in &files {
        let document = document(&std::fs::read(path).unwrap());
        assert!(document.repeated_keys.is_empty());
        assert_eq!(Kind::of(&document.value), Some(kind(path)), "{}", path.display());
        let artifact = Artifact::of(kind(path), &document.value).unwrap();
        let first = path.to_str().unwrap().contains("0.1.7");
        let expected = if first { Format::V1 } else { Format::V2 };
        assert_eq!(artifact.format().unwrap_or(expected), expected, "{}", path.display());
        assert_eq!(findings(&artifact), [], "{}", path.display());
    }
}

/// The document as another library reads it, with its bare numbers as texts.
fn other_reading(path: &Path) -> Json {
    serde_json::from_str(&strict(&std::fs::read_to_string(path).unwrap())).unwrap()
}

fn same(number: f64, json: &Json) -> bool {
    match json.as_str() {
        Some(text) => format!("{number}").to_lowercase() == text,
        None => json.as_f64() == Some(number),
    }
}

#[test]
fn what_is_read_of_a_result_is_what_stands_there() {
    for path in peer_files() {
        let document = document(&std::fs::read(&path).unwrap());
        let other = other_reading(&path);
        let length = |json: &Json| json.as_array().unwrap().len();
        match Artifact::of(kind(&path), &document.value).unwrap() {
            Artifact::P1(result) => same_pass(&result, &other),
            Artifact::Iterative(result) => {
                assert_eq!(result.final_status.as_str(), other["final_status"].as_str());
                assert_eq!(
                    (result.rounds.len(), result.locked_in_order.len()),
                    (length(&other["rounds"]), length(&other["locked_in_order"]))
                );
                result.rounds.iter().enumerate().for_each(|(index, round)| same_pass(round, &other["rounds"][index]));
                assert!(
                    result
                        .round_best_fitness
                        .iter()
                        .enumerate()
                        .all(|(index, fitness)| same(*fitness, &other["round_best_fitness"][index]))
                );
                assert_eq!(result.holdout_result.is_some(), other["holdout_result"].is_object());
                assert_eq!(result.advisory_messages.len(), length(&other["advisory_messages"]));
            }
            Artifact::P2(result) => {
                assert_eq!(result.trials.len(), length(&other["trials"]));
                for (index, trial) in result.trials.iter().enumerate() {
                    let other = &other["trials"][index];
                    assert!(
                        same(trial.fitness, &other["fitness"]) && Some(trial.trial_idx) == other["trial_idx"].as_u64()
                    );
                    assert_eq!(trial.params_unlocked.iter().len(), other["params_unlocked"].as_object().unwrap().len());
                }
                let best = result.tpe_best.unwrap();
                assert!(same(best.fitness, &other["tpe_best"]["fitness"]));
                assert_eq!(result.seed.and_then(Integer::to_u64), other["seed"].as_u64());
            }
            Artifact::Benchmark(benchmark) => {
                for (index, row) in benchmark.rows.iter().enumerate() {
                    let other = &other["rows"][index];
                    assert!(
                        same(row.param_L2_error, &other["param_L2_error"])
                            && same(row.found_fitness, &other["found_fitness"])
                    );
                    assert_eq!((row.status_raw.as_str(), row.crashed()), (other["status_raw"].as_str(), index == 1));
                }
                assert!(benchmark.scorecard.iter().enumerate().all(|(index, summary)| same(
                    summary.fitness_gap_pct_mean,
                    &other["scorecard"][index]["fitness_gap_pct_mean"]
                )));
            }
            Artifact::AuditReport(report) => {
                for (index, run) in report.runs.iter().enumerate() {
                    let other = &other["runs"][index];
                    assert!(same(run.fitness, &other["fitness"]) && run.phase.as_str() == other["phase"].as_str());
                    assert_eq!(run.constraints_failed.len(), length(&other["constraints_failed"]));
                }
            }
        }
    }
}

fn same_pass(result: &P1Result<'_>, other: &Json) {
    assert_eq!(result.status.as_str(), other["status"].as_str());
    for (index, row) in result.grid_results.iter().enumerate() {
        let other = &other["grid_results"][index];
        assert!(same(row.fitness, &other["fitness"]) && Some(row.idx) == other["idx"].as_u64());
        assert_eq!(row.n_trials.to_u64(), other["n_trials"].as_u64());
    }
    for (index, stress) in result.stress_results.iter().enumerate() {
        let other = &other["stress_results"][index];
        assert!(same(stress.raw_stress, &other["raw_stress"]) && stress.name.as_str() == other["name"].as_str());
        assert_eq!(Some(stress.is_boolean), other["is_boolean"].as_bool());
    }
    assert_eq!(result.grid_best.as_ref().map(|best| best.idx), other["grid_best"]["idx"].as_u64());
    let walked = result.walk_forward.as_ref();
    assert_eq!(walked.map(|walked| walked.pearson), other["walk_forward"]["pearson"].as_f64());
    assert_eq!(
        walked.and_then(|walked| walked.pearson_status?.as_str()),
        other["walk_forward"]["pearson_status"].as_str()
    );
    let shot = result.holdout_result.as_ref();
    assert_eq!(shot.and_then(|shot| shot.gate_status.as_str()), other["holdout_result"]["gate_status"].as_str());
    assert_eq!(shot.map(|shot| shot.fitness), other["holdout_result"]["fitness"].as_f64());
    let judged = result.hybrid_top.iter().flatten().filter(|row| row.validation.is_some()).count();
    let others = other["hybrid_top"].as_array().into_iter().flatten();
    assert_eq!(judged, others.filter(|row| !row["validation_fitness"].is_null()).count());
    let gates: Vec<_> = result.kc_reports.iter().map(|report| report.status.as_str().unwrap()).collect();
    let others = other["kc_reports"].as_array().unwrap().iter().map(|report| report["status"].as_str().unwrap());
    assert!(gates.into_iter().eq(others));
    assert_eq!(result.constraint_policy.and_then(Text::as_str), other["constraint_policy"].as_str());
}
