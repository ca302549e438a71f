//! What a result says of itself that does not follow from the rest of it.

use std::collections::HashMap;
use std::fmt;

use super::super::canonical;
use super::super::json::{Dict, Text, Value};
use super::{Artifact, Benchmark, Candidate, IterativeResult, KcReport, P1Result, P2Result, Trial};

/// A key whose value does not follow from the rest of the document, as it does in everything the Python package writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its place.
    pub path: String,
    /// What stands there.
    pub found: String,
    /// What follows from the rest.
    pub follows: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: found {}, the rest gives {}", self.path, self.found, self.follows)
    }
}

/// Everything in an artifact that does not follow from the rest of it. An audit report has a judge of its own,
/// [`hash_chain::verify`](super::super::hash_chain::verify).
pub fn findings(artifact: &Artifact<'_>) -> Vec<Finding> {
    match artifact {
        Artifact::P1(result) => of_p1(result),
        Artifact::Iterative(result) => of_iterative(result),
        Artifact::P2(result) => of_p2(result),
        Artifact::Benchmark(benchmark) => of_benchmark(benchmark),
        Artifact::AuditReport(_) => Vec::new(),
    }
}

fn of_p1(result: &P1Result<'_>) -> Vec<Finding> {
    let holdout = result.holdout_result.as_ref().is_some_and(|shot| *shot.gate_status == *"FAIL");
    let mut findings = differs("status", result.status, &status(&result.kc_reports, holdout));
    let found = result.grid_best.as_ref();
    let candidates = result.grid_results.iter().map(row_of_candidate);
    findings.extend(found.and_then(|best| selected("grid_best", best, candidates)));
    findings
}

fn of_iterative(result: &IterativeResult<'_>) -> Vec<Finding> {
    let failed = result.rounds.iter().any(|round| *round.status != *"PASS");
    let follows = match result.rounds.len() {
        0 => "FAIL:no_rounds".to_owned(),
        rounds if failed => format!("FAIL:round{rounds}"),
        _ => "PASS".to_owned(),
    };
    let mut findings = differs("final_status", result.final_status, &follows);
    for (index, round) in result.rounds.iter().enumerate() {
        findings.extend(
            of_p1(round)
                .into_iter()
                .map(|finding| Finding { path: format!("rounds[{index}].{}", finding.path), ..finding }),
        );
    }
    findings
}

fn of_p2(result: &P2Result<'_>) -> Vec<Finding> {
    let mut findings = differs("status", result.status, &status(&result.kc_reports, false));
    let trials = result.trials.iter().map(row_of_trial);
    findings.extend(result.tpe_best.as_ref().and_then(|best| selected("tpe_best", best, trials)));
    findings
}

fn of_benchmark(benchmark: &Benchmark<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut number = |path: String, found: u64, follows: u64| {
        if found != follows {
            findings.push(Finding { path, found: found.to_string(), follows: follows.to_string() });
        }
    };
    for (index, row) in benchmark.rows.iter().enumerate() {
        number(format!("rows[{index}].status_pass"), row.status_pass, u64::from(*row.status_raw == *"PASS"));
    }
    let mut runs: HashMap<&Text, u64> = HashMap::new();
    benchmark.rows.iter().for_each(|row| *runs.entry(row.method).or_default() += 1);
    for (index, summary) in benchmark.scorecard.iter().enumerate() {
        let runs = runs.get(summary.method).copied().unwrap_or(0);
        number(format!("scorecard[{index}].n_runs"), summary.n_runs, runs);
    }
    findings
}

fn status(reports: &[KcReport<'_>], holdout_failed: bool) -> String {
    let failed = reports.iter().filter(|report| *report.status == *"FAIL").map(|report| report.name.to_string());
    let failed: Vec<String> = failed.chain(holdout_failed.then(|| "HOLDOUT".to_owned())).collect();
    if failed.is_empty() { "PASS".to_owned() } else { format!("FAIL:{}", failed.join(",")) }
}

fn differs(path: &str, found: &Text, follows: &str) -> Vec<Finding> {
    if *found == *follows {
        return Vec::new();
    }
    vec![Finding { path: path.to_owned(), found: format!("`{found}`"), follows: format!("`{follows}`") }]
}

/// What tells one row of a search from another.
type Row<'a> = (u64, f64, &'a str, &'a Dict);

fn row_of_candidate<'r>(candidate: &'r Candidate<'_>) -> Row<'r> {
    (candidate.idx, candidate.fitness, candidate.n_trials.as_str(), candidate.unlocked)
}

fn row_of_trial<'r>(trial: &'r Trial<'_>) -> Row<'r> {
    (trial.trial_idx, trial.fitness, trial.n_trials.as_str(), trial.params_unlocked)
}

/// A finding, unless `best` is one of the rows.
fn selected<'r>(path: &str, best: &'r Candidate<'_>, rows: impl Iterator<Item = Row<'r>>) -> Option<Finding> {
    let is_best = |row: Row<'_>| {
        let (left, right) = (row_of_candidate(best), row);
        let fitness = left.1 == right.1 || (left.1.is_nan() && right.1.is_nan());
        let text = |dict: &Dict| canonical(&Value::Dict(dict.clone()));
        fitness && (left.0, left.2) == (right.0, right.2) && text(left.3) == text(right.3)
    };
    let mut rows = rows;
    if rows.any(is_best) {
        return None;
    }
    let (found, follows) = (format!("candidate {}", best.idx), "no such candidate".to_owned());
    Some(Finding { path: path.to_owned(), found, follows })
}
