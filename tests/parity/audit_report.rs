//! The record of a run as the Python package reports it.

use std::collections::BTreeMap;

use omega_lock::internals::audit::{Constraint, Row, Trail};
use omega_lock::internals::objective::{ConstraintStatus, Feasibility, Phase};
use omega_lock::internals::stats::descending;
use omega_lock::internals::stress::Stress;
use serde_json::{Value as Json, json};

use crate::document::{number, params_json};
use crate::keyhole::evaluation_json;

const SCHEMA: &str = "omega-lock.audit-report.v2";
const VERSION: &str = "0.3.8";

/// Every evaluation of a run, with the constraints it was judged by.
pub(crate) struct AuditReport<'r> {
    pub(crate) constraints: &'r [Constraint],
    pub(crate) trail: &'r Trail,
    /// What the case calls its seed; a label that seeds nothing.
    pub(crate) seed: &'r Json,
}

impl AuditReport<'_> {
    pub(crate) fn json(&self, method: &str, stresses: &[Stress]) -> Json {
        let rows = self.trail.rows();
        let feasible = rows.iter().filter(|row| row.outcome.is_feasible()).count();
        let rate = if rows.is_empty() { 0.0 } else { feasible as f64 / rows.len() as f64 };
        let constraint =
            |constraint: &Constraint| json!({ "name": constraint.name, "description": constraint.description });
        json!({
            "schema_version": SCHEMA,
            "method": method,
            "omega_lock_version": VERSION,
            "seed": self.seed,
            "constraints": self.constraints.iter().map(constraint).collect::<Json>(),
            "runs": rows.iter().map(|row| self.row_json(row)).collect::<Json>(),
            "stress_ranking": ranking_json(stresses),
            "summary": {
                "n_total": rows.len(),
                "n_feasible": feasible,
                "feasibility_rate": number(rate),
                "constraint_pass_counts": self.pass_counts(),
            },
        })
    }

    /// The call index of the largest fitness over all slices, the earliest of several.
    pub(crate) fn best(&self, feasible_only: bool) -> Option<u64> {
        let rows = self.trail.rows().iter().filter(|row| !feasible_only || row.outcome.is_feasible());
        let best = rows
            .filter_map(|row| Some((row.outcome.evaluation()?.fitness, row)))
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map(|(_, row)| row.outcome.call_index)
    }

    fn row_json(&self, row: &Row) -> Json {
        let mut json = match &row.outcome.result {
            Ok(evaluation) => evaluation_json(evaluation),
            Err(failure) => json!({ "failed": failure.to_string() }),
        };
        marked(&mut json["metadata"], self.constraints, &row.outcome.feasibility);
        let (passed, failed) = split(self.constraints, &row.outcome.feasibility);
        json["params"] = params_json(&row.params);
        json["constraints_passed"] = json!(passed);
        json["constraints_failed"] = json!(failed);
        json["phase"] = json!(phase(row.context.phase));
        json["call_index"] = json!(row.outcome.call_index);
        json["target_role"] = json!(row.context.role.name());
        json["round_index"] = json!(row.context.round);
        json
    }

    fn pass_counts(&self) -> BTreeMap<&str, usize> {
        let passes = |index: usize| {
            let rows = self.trail.rows().iter();
            rows.filter(|row| row.outcome.feasibility.statuses().get(index) == Some(&ConstraintStatus::Satisfied))
                .count()
        };
        self.constraints
            .iter()
            .enumerate()
            .map(|(index, constraint)| (constraint.name.as_str(), passes(index)))
            .collect()
    }
}

/// Adds the statuses to the metadata, where the Python package keeps them.
pub(crate) fn marked(metadata: &mut Json, constraints: &[Constraint], feasibility: &Feasibility) {
    let (passed, failed) = split(constraints, feasibility);
    metadata["_constraints_passed"] = json!(passed);
    metadata["_constraints_failed"] = json!(failed);
}

/// The names that are satisfied, and those that are not.
fn split<'c>(constraints: &'c [Constraint], feasibility: &Feasibility) -> (Vec<&'c str>, Vec<&'c str>) {
    let (mut passed, mut failed) = (Vec::new(), Vec::new());
    for (constraint, status) in constraints.iter().zip(feasibility.statuses()) {
        let side = if *status == ConstraintStatus::Satisfied { &mut passed } else { &mut failed };
        side.push(constraint.name.as_str());
    }
    (passed, failed)
}

/// The Python package's spelling; it does not tell SC-2's draws from the search.
fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Search | Phase::RandomDraws => "grid",
        other => other.name(),
    }
}

fn ranking_json(stresses: &[Stress]) -> Json {
    let mut ranked: Vec<&Stress> = stresses.iter().collect();
    ranked.sort_by(|a, b| descending(a.raw_stress, b.raw_stress));
    ranked.iter().map(|stress| json!([stress.name, number(stress.raw_stress)])).collect()
}
