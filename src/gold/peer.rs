//! An artifact of the Python package in the short form that is compared: verdict, gates, candidate, figures, thresholds.

use std::collections::BTreeMap;

use super::diff_row::row;
use super::problem::ArtifactProblem;
use crate::artifacts::{DiffRow, GoldDocument, Number, Ordered, ParamMap, ParamValue, Provenance};
use crate::declaration::Field;
use crate::interop::artifact::{
    Artifact, AuditReport, Candidate, Finding, IterativeResult, KcReport, Kind, P1Result, P2Result, WalkForward,
    findings,
};
use crate::interop::canonical;
use crate::interop::hash_chain::{Ground, verify};
use crate::interop::json::{Dict, Integer, Rules, Text, Value, read};
use crate::number::repr;

/// What is compared of an artifact of the Python package.
#[derive(Debug, Clone, PartialEq)]
pub struct PeerArtifact {
    pub(super) kind: Kind,
    pub(super) summary: GoldDocument,
    /// The thresholds, sorted by key.
    pub(super) thresholds: Vec<Field>,
    /// Every candidate or evaluation, in order.
    rows: Vec<String>,
}

impl PeerArtifact {
    /// Reads a text that may be one; `None` if it says nothing of the kind.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, ArtifactProblem> {
        let damaged = |what: String| ArtifactProblem::Damaged(what);
        let Ok(document) = read(text.as_bytes(), &Rules::PYTHON) else { return Ok(None) };
        let Some(kind) = Kind::of(&document.value) else { return Ok(None) };
        if let Some(repeated) = document.repeated_keys.first() {
            return Err(damaged(format!("{}: the key `{}` again", repeated.at, repeated.key)));
        }
        let artifact = Artifact::of(kind, &document.value).map_err(|error| damaged(error.to_string()))?;
        let contradiction = match &artifact {
            Artifact::AuditReport(_) => {
                // A report without a chain may have been written so.
                let grounds = verify(&document).grounds;
                grounds.iter().find(|ground| **ground != Ground::NoChain).map(Ground::to_string)
            }
            result => findings(result).first().map(Finding::to_string),
        };
        if let Some(contradiction) = contradiction {
            return Err(damaged(contradiction));
        }
        match artifact {
            Artifact::P1(result) => Ok(Some(of_p1(&result))),
            Artifact::P2(result) => Ok(Some(of_p2(&result))),
            Artifact::Iterative(result) => Ok(Some(of_iterative(&result))),
            Artifact::AuditReport(report) => Ok(Some(of_report(&report))),
            Artifact::Benchmark(_) => {
                let problem = "a benchmark is compared by `cargo omega bench --gold`";
                Err(ArtifactProblem::Incomparable(problem.to_owned()))
            }
        }
    }

    fn new(kind: Kind, verdict: String) -> Self {
        let recorded =
            Provenance { omega_lock_version: String::new(), rustc: None, platform: String::new(), commit: None };
        let summary = GoldDocument {
            schema_version: GoldDocument::SCHEMA.to_owned(),
            calibration: String::new(),
            verdict,
            gates: BTreeMap::new(),
            params: ParamMap::default(),
            metrics: BTreeMap::new(),
            anchor: None,
            declaration_digest: String::new(),
            recorded,
        };
        Self { kind, summary, thresholds: Vec::new(), rows: Vec::new() }
    }

    fn figure(&mut self, name: &str, value: f64) {
        self.summary.metrics.insert(name.to_owned(), ParamValue::Float(Number(value)));
    }

    fn count(&mut self, name: &str, count: usize) {
        self.summary.metrics.insert(name.to_owned(), ParamValue::Int(i64::try_from(count).unwrap_or(i64::MAX)));
    }

    fn evaluated(&mut self, slice: &str, fitness: f64, samples: &Integer) {
        self.figure(&format!("{slice}_fitness"), fitness);
        self.summary.metrics.insert(format!("{slice}_samples"), whole(samples));
    }

    fn selected(&mut self, best: Option<&Candidate<'_>>) {
        if let Some(best) = best {
            self.evaluated("train", best.fitness, best.n_trials);
            self.ships(best.unlocked);
        }
    }

    fn ships(&mut self, params: &Dict) {
        let params = params.iter().map(|(name, value)| (name.plain().into_owned(), param(value)));
        self.summary.params = Ordered(params.collect());
    }

    fn gates(&mut self, round: &str, reports: &[KcReport<'_>]) {
        let gate =
            |report: &KcReport<'_>| (format!("{round}{}", report.name.plain()), report.status.plain().into_owned());
        self.summary.gates.extend(reports.iter().map(gate));
    }

    fn walked(&mut self, walked: Option<&WalkForward<'_>>) {
        if let Some(walked) = walked {
            self.evaluated("test", walked.test_best_fitness, walked.test_best_trades);
            self.figure("pearson", walked.pearson);
            self.figure("sample_ratio", walked.trade_ratio_scaled);
        }
    }

    /// Thresholds stand by themselves from 0.3 on, and in the short configuration before.
    fn thresholds(&mut self, own: Option<&Dict>, config: Option<&Dict>) {
        let nested = config.and_then(|config| match config.get("kc_thresholds") {
            Some(Value::Dict(thresholds)) => Some(thresholds),
            _ => None,
        });
        let field = |(key, value): (&Text, &Value)| Field {
            key: format!("gates.{}", key.plain()),
            value: match value {
                Value::Null => "\"off\"".to_owned(),
                value => canonical(value),
            },
        };
        self.thresholds = own.or(nested).into_iter().flat_map(Dict::iter).map(field).collect();
        self.thresholds.sort_by(|a, b| a.key.cmp(&b.key));
    }

    fn row(&mut self, place: &str, params: &Dict, fitness: f64, samples: &Integer) {
        let params = params.sorted().into_iter().map(|(name, value)| format!("{name}={}", canonical(value)));
        let params: Vec<String> = params.collect();
        self.rows.push(format!("{place}{} n={samples} {{{}}}", repr(fitness), params.join(", ")));
    }

    /// The first candidate or evaluation that is not the same.
    pub(super) fn forked(&self, after: &Self) -> Option<DiffRow> {
        let same = self.rows.iter().zip(&after.rows).take_while(|(old, new)| old == new).count();
        let shown = (self.rows.get(same).cloned(), after.rows.get(same).cloned());
        let word = match &shown {
            (None, None) => return None,
            (None, Some(_)) => "extended",
            (Some(_), None) => "cut",
            (Some(_), Some(_)) => "forked",
        };
        let name = if self.kind == Kind::AuditReport { "evaluation" } else { "candidate" };
        Some(row("trail", &format!("first other {name} is number {same}"), shown, word))
    }
}

fn of_p1(result: &P1Result<'_>) -> PeerArtifact {
    let mut short = PeerArtifact::new(Kind::P1, result.status.plain().into_owned());
    short.evaluated("baseline", result.baseline_result.fitness, result.baseline_result.n_trials);
    short.selected(result.grid_best.as_ref());
    short.walked(result.walk_forward.as_ref());
    short.gates("", &result.kc_reports);
    short.count("candidates", result.grid_results.len());
    if let Some(shot) = &result.holdout_result {
        short.evaluated("holdout", shot.fitness, shot.n_trials);
        short.summary.gates.insert("HOLDOUT".to_owned(), shot.gate_status.plain().into_owned());
    }
    for candidate in &result.grid_results {
        short.row("", candidate.unlocked, candidate.fitness, candidate.n_trials);
    }
    short.thresholds(result.additions.as_ref().map(|added| added.kc_thresholds), Some(result.config));
    short
}

fn of_p2(result: &P2Result<'_>) -> PeerArtifact {
    let mut short = PeerArtifact::new(Kind::P2, result.status.plain().into_owned());
    short.evaluated("baseline", result.baseline_result.fitness, result.baseline_result.n_trials);
    short.selected(result.tpe_best.as_ref());
    short.walked(result.walk_forward.as_ref());
    short.gates("", &result.kc_reports);
    short.count("candidates", result.trials.len());
    for trial in &result.trials {
        short.row("", trial.params_unlocked, trial.fitness, trial.n_trials);
    }
    short.thresholds(result.additions.as_ref().map(|added| added.kc_thresholds), Some(result.config));
    short
}

fn of_iterative(result: &IterativeResult<'_>) -> PeerArtifact {
    let mut short = PeerArtifact::new(Kind::Iterative, result.final_status.plain().into_owned());
    short.count("rounds", result.rounds.len());
    short.summary.metrics.insert("stop_reason".to_owned(), ParamValue::Choice(result.stop_reason.plain().into_owned()));
    short.count("candidates", result.rounds.iter().map(|round| round.grid_results.len()).sum());
    for (round, number) in result.rounds.iter().zip(1..) {
        let place = format!("round {number} ");
        short.gates(&place, &round.kc_reports);
        for candidate in &round.grid_results {
            short.row(&place, candidate.unlocked, candidate.fitness, candidate.n_trials);
        }
    }
    if let Some(last) = result.rounds.last() {
        short.evaluated("baseline", last.baseline_result.fitness, last.baseline_result.n_trials);
        short.selected(last.grid_best.as_ref());
        short.walked(last.walk_forward.as_ref());
    }
    if let Some(shot) = &result.holdout_result {
        short.evaluated("holdout", shot.fitness, shot.n_trials);
    }
    short.ships(result.final_baseline);
    let first = result.rounds.first().map(|round| round.config);
    short.thresholds(result.additions.as_ref().map(|added| added.kc_thresholds), result.config.or(first));
    short
}

/// A report has no verdict: its constraints are what it requires, the best feasible evaluation is what it found.
fn of_report(report: &AuditReport<'_>) -> PeerArtifact {
    let mut short = PeerArtifact::new(Kind::AuditReport, "none".to_owned());
    for constraint in &report.constraints {
        short.summary.gates.insert(format!("constraint::{}", constraint.name.plain()), "declared".to_owned());
    }
    let mut best: Option<(f64, &Dict)> = None;
    let mut feasible = 0;
    for run in &report.runs {
        let place = format!("{} {} {} ", run.round_index, run.target_role.plain(), run.phase.plain());
        short.row(&place, run.params, run.fitness, run.n_trials);
        if run.constraints_failed.is_empty() {
            feasible += 1;
            let better = best.is_none_or(|(fitness, _)| run.fitness > fitness);
            if better && run.fitness.is_finite() && *run.target_role == *"train" {
                best = Some((run.fitness, run.params));
            }
        }
    }
    short.count("evaluations", report.runs.len());
    short.count("feasible", feasible);
    if let Some((fitness, params)) = best {
        short.figure("best_feasible_fitness", fitness);
        short.ships(params);
    }
    short
}

fn whole(integer: &Integer) -> ParamValue {
    integer.to_i64().map_or_else(|| ParamValue::Float(Number(integer.to_f64())), ParamValue::Int)
}

fn param(value: &Value) -> ParamValue {
    match value {
        Value::Bool(value) => ParamValue::Bool(*value),
        Value::Integer(value) => whole(value),
        Value::Float(value) => ParamValue::Float(Number(*value)),
        Value::Text(value) => ParamValue::Choice(value.plain().into_owned()),
        other => ParamValue::Choice(canonical(other)),
    }
}
