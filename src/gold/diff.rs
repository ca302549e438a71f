//! Two artifacts of one kind beside each other: what is better, worse, looser, tighter or gone.

use serde_json::Value as Json;

use super::artifact::{Artifact, ArtifactProblem};
use super::comparison::{Part, Row, compare};
use super::figure::Outcome;
#[cfg(feature = "python")]
use super::peer::PeerArtifact;
use crate::artifacts::{DiffDocument, DiffRow, GoldDocument, Number, P1Result, RunResult};
use crate::declaration::{Acceptance, Difference, Direction, Field, Lock, differences};

/// What differs from `before` to `after`.
///
/// # Errors
/// If they are of different kinds, or of different calibrations.
pub fn diff(before: &Artifact, after: &Artifact) -> Result<DiffDocument, ArtifactProblem> {
    let (calibration, rows) = match (before, after) {
        (Artifact::Lock(before), Artifact::Lock(after)) => (None, locks(before, after)),
        (Artifact::Gold(before), Artifact::Gold(after)) => (Some(same(before, after)?), summaries(before, after)),
        (Artifact::Result(before), Artifact::Result(after)) => results(before, after)?,
        #[cfg(feature = "python")]
        (Artifact::Peer(before), Artifact::Peer(after)) if before.kind == after.kind => (None, peers(before, after)),
        // A result that waits is compared with gold, and a result may be too.
        (Artifact::Gold(before), Artifact::Result(after)) => {
            let after = GoldDocument::new(after, None);
            (Some(same(before, &after)?), summaries(before, &after))
        }
        _ => {
            let (before, after) = (before.kind(), after.kind());
            return Err(ArtifactProblem::Incomparable(format!("a {before} cannot be compared with a {after}")));
        }
    };
    let regressed = rows.iter().filter(|row| row.regressed).count();
    let (schema_version, kind) = (DiffDocument::SCHEMA.to_owned(), before.kind().to_owned());
    Ok(DiffDocument { schema_version, kind, calibration, regressed, rows })
}

fn same(before: &GoldDocument, after: &GoldDocument) -> Result<String, ArtifactProblem> {
    if before.calibration == after.calibration {
        return Ok(before.calibration.clone());
    }
    let (before, after) = (before.calibration.escape_debug(), after.calibration.escape_debug());
    Err(ArtifactProblem::Incomparable(format!("one is of `{before}`, the other of `{after}`")))
}

/// What two artifacts of the Python package say.
#[cfg(feature = "python")]
fn peers(before: &PeerArtifact, after: &PeerArtifact) -> Vec<DiffRow> {
    let mut rows = summaries(&before.summary, &after.summary);
    let differences = differences(&before.thresholds, &after.thresholds);
    rows.extend(differences.into_iter().map(|difference| declared_row("", difference)));
    rows.extend(before.forked(after));
    rows
}

/// What both say in short.
fn summaries(before: &GoldDocument, after: &GoldDocument) -> Vec<DiffRow> {
    let comparison = compare(before, after, &Acceptance::default());
    let mut rows: Vec<&Row> = comparison.rows.iter().filter(|row| !row.outcome.is_quiet()).collect();
    rows.sort_by_key(|row| row.part);
    let mut rows: Vec<DiffRow> = rows.into_iter().map(summary_row).collect();
    if before.anchor != after.anchor {
        let shown = |document: &GoldDocument| {
            document.anchor.as_ref().map(|anchor| format!("{} rows, head {}", anchor.rows, anchor.head))
        };
        rows.push(row("trail", "anchor", (shown(before), shown(after)), "changed"));
    }
    if before.declaration_digest != after.declaration_digest {
        let digests = (Some(before.declaration_digest.clone()), Some(after.declaration_digest.clone()));
        rows.push(row("declared", "digest", digests, "changed"));
    }
    rows
}

fn summary_row(row: &Row) -> DiffRow {
    let section = match row.part {
        Part::Verdict => "verdict",
        Part::Gate => "gates",
        Part::Param => "candidate",
        Part::Metric => "metrics",
        Part::Trail => "trail",
    };
    let (word, regressed) = match row.outcome {
        Outcome::Better => ("better", false),
        Outcome::Added => ("added", false),
        Outcome::Worse => ("worse", true),
        Outcome::NotANumber => ("not a number", true),
        Outcome::Removed => ("removed", true),
        // A parameter or a figure without a direction is another one, neither better nor worse.
        Outcome::Moved => ("changed", false),
        Outcome::Same | Outcome::Within { .. } | Outcome::Unknown => ("same", false),
    };
    DiffRow {
        section: section.to_owned(),
        name: row.name.clone(),
        before: row.gold.clone(),
        after: row.new.clone(),
        delta: row.delta.map(Number),
        word: word.to_owned(),
        regressed,
    }
}

fn results(before: &RunResult, after: &RunResult) -> Result<(Option<String>, Vec<DiffRow>), ArtifactProblem> {
    if std::mem::discriminant(before) != std::mem::discriminant(after) {
        let problem = "one is the result of a p1 run, the other of an iterative one";
        return Err(ArtifactProblem::Incomparable(problem.to_owned()));
    }
    let (old, new) = (GoldDocument::new(before, None), GoldDocument::new(after, None));
    let calibration = same(&old, &new)?;
    let mut rows = summaries(&old, &new);
    let fields = (declared(before), declared(after));
    rows.extend(differences(&fields.0, &fields.1).into_iter().map(|difference| declared_row("", difference)));
    for (place, (before, after)) in before.passes().iter().zip(after.passes()).enumerate() {
        let rounds = old.metrics.contains_key("rounds");
        let round = if rounds { format!("round {} ", place + 1) } else { String::new() };
        rows.extend(candidates(&round, before, after));
    }
    Ok((Some(calibration), rows))
}

/// The requirements that a result knows of, as the fields of a declaration.
fn declared(result: &RunResult) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut push = |key: String, value: Json| {
        let value = if value.is_null() { Json::from("off") } else { value };
        fields.push(Field { key, value: value.to_string() });
    };
    let Some(pass) = result.passes().first() else { return fields };
    if let Ok(Json::Object(thresholds)) = serde_json::to_value(&pass.kc_thresholds) {
        thresholds.into_iter().for_each(|(key, value)| push(format!("gates.{key}"), value));
    }
    if let Ok(Json::Object(search)) = serde_json::to_value(&pass.search_settings) {
        search.into_iter().for_each(|(key, value)| push(format!("search.{key}"), value));
    }
    let config = &pass.config_full;
    push("profile".to_owned(), Json::from(pass.profile.clone()));
    push("constraint_policy".to_owned(), Json::from(config.constraint_policy.clone()));
    push("holdout.mode".to_owned(), Json::from(config.holdout_mode.clone()));
    for (key, value) in
        [("min_fitness", config.holdout_min_fitness), ("min_trade_ratio", config.holdout_min_trade_ratio)]
    {
        push(format!("holdout.{key}"), value.map_or(Json::Null, |value| Json::from(value.0)));
    }
    push("max_failed_evaluations".to_owned(), Json::from(config.max_failed_evaluations));
    for gate in result.gates() {
        let (Some(name), Some(measure)) = (gate.gate.strip_prefix("constraint::"), gate.measures.first()) else {
            continue;
        };
        if let Some((op, value)) = measure.required.split_once(' ') {
            push(format!("constraint.{name}.metric"), Json::from(measure.metric.clone()));
            push(format!("constraint.{name}.op"), Json::from(op));
            push(format!("constraint.{name}.value"), value.parse::<f64>().map_or(Json::Null, Json::from));
        }
    }
    fields.sort_by(|a, b| a.key.cmp(&b.key));
    fields
}

/// How many candidates keep every constraint, and the first one that is not the same.
fn candidates(round: &str, before: &P1Result, after: &P1Result) -> Vec<DiffRow> {
    let feasible = |result: &P1Result| format!("{} of {}", result.feasible(), result.candidates());
    let mut rows = Vec::new();
    let (old, new) = (feasible(before), feasible(after));
    if old != new {
        rows.push(row("feasible", &format!("{round}candidates"), (Some(old), Some(new)), "changed"));
    }
    let violated = |result: &P1Result| result.grid_best.as_ref().map(|best| best.constraints_failed.join(", "));
    let (old, new) = (violated(before), violated(after));
    if old != new {
        rows.push(row("feasible", &format!("{round}violated by the selected"), (old, new), "changed"));
    }
    let pairs = before.grid_results.iter().zip(&after.grid_results);
    let length = before.grid_results.len().min(after.grid_results.len());
    let first = pairs.take_while(|(old, new)| old == new).count();
    if let Some(place) = before.grid_results[..length].get(first).map(|row| row.idx) {
        let fitness = |result: &P1Result| {
            let fitness = result.grid_results.get(first).and_then(|row| row.fitness);
            fitness.map(|value| crate::number::repr(value.0))
        };
        let name = format!("{round}first other candidate is number {place}");
        rows.push(row("candidate", &name, (fitness(before), fitness(after)), "changed"));
    }
    rows
}

fn locks(before: &Lock, after: &Lock) -> Vec<DiffRow> {
    let mut names: Vec<&str> =
        before.entries().iter().chain(after.entries()).map(|entry| entry.calibration.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut rows = Vec::new();
    for name in names {
        match (before.entry(name), after.entry(name)) {
            (Some(old), Some(new)) => {
                let differences = differences(&old.fields, &new.fields);
                rows.extend(differences.into_iter().map(|difference| declared_row(&format!("{name}."), difference)));
            }
            (Some(_), None) => {
                let gone = row("declared", name, (Some("declared".to_owned()), None), "removed");
                rows.push(DiffRow { regressed: true, ..gone });
            }
            _ => rows.push(row("declared", name, (None, Some("declared".to_owned())), "added")),
        }
    }
    rows
}

pub(super) fn declared_row(prefix: &str, difference: Difference) -> DiffRow {
    let Difference { key, old, new, direction } = difference;
    let regressed = direction == Direction::Looser;
    DiffRow { regressed, ..row("declared", &format!("{prefix}{key}"), (old, new), direction.name()) }
}

/// One thing that differs and is no step back.
pub(super) fn row(section: &str, name: &str, (before, after): (Option<String>, Option<String>), word: &str) -> DiffRow {
    let (section, name, word) = (section.to_owned(), name.to_owned(), word.to_owned());
    DiffRow { section, name, before, after, delta: None, word, regressed: false }
}
