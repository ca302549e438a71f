//! The cases of a recheck: what each answers.

use super::answer::{self, blank};
use super::committed::broken;
use super::plan::Plan;
use super::recheck::RecheckRecord;
use super::trial::{RecheckCase, Subject as Shown, TrialDeclaration};
use crate::artifacts::{ExitCode, GateEntry, MeasureResult, Timings, TrialResult, TrialStatus};
use crate::gates::{Failed, GateId, GateReport, GateStatus, Verdict};
use crate::gold::{Comparison, Outcome, Part};
use crate::number::general;
use crate::pipeline::{DeclaredGate, GateResult, Rechecked};
use crate::report::{gold_line, gold_table};

/// What the cases of a recheck say together.
pub(super) fn verdict(found: &Rechecked, comparison: &Comparison) -> Verdict {
    let reproduces = (!comparison.holds()).then_some(Failed::Gate(GateId::Reproduces));
    let failed = found.reports.iter().filter(|report| report.status == GateStatus::Fail);
    reproduces.into_iter().chain(failed.map(|report| Failed::Gate(report.gate.clone()))).collect()
}

/// Whether a figure of train or test, but for what the target says beside its fitness, is not gold's to six digits.
pub(super) fn moved(comparison: &Comparison, measured: &[String]) -> bool {
    let six = |text: &Option<String>| {
        let number = text.as_deref().and_then(|text| text.parse::<f64>().ok());
        number.map_or_else(|| text.clone(), |number| Some(general(number, 6)))
    };
    let of_data = |name: &String| measured.contains(name) && !name.starts_with("metadata.");
    comparison.figures().any(|row| of_data(&row.name) && six(&row.gold) != six(&row.new))
}

/// What every case of its own answers.
pub(super) fn cases(
    plan: &Plan,
    found: &Rechecked,
    comparison: &Comparison,
    measured: &[String],
    (searched, base): (&str, Option<&str>),
) -> Vec<TrialResult> {
    let own = plan.trials.iter().filter(|trial| trial.skip.is_none());
    own.filter_map(|trial| match &trial.subject {
        Shown::Recheck(RecheckCase::Accepted) => {
            let day = searched.get(..10).unwrap_or_default();
            let base = base.map(|tip| format!(", as {} has it", tip.get(..12).unwrap_or(tip)));
            let summary = format!(
                "searched on {day}{}; {} evaluations, nothing searched",
                base.unwrap_or_default(),
                found.counts.total
            );
            Some(blank(trial, TrialStatus::Pass, summary))
        }
        Shown::Recheck(RecheckCase::Reproduces) => Some(reproduces(trial, comparison, measured)),
        Shown::Recheck(RecheckCase::Constraints) => {
            let kept: Vec<&GateReport> =
                found.reports.iter().filter(|report| matches!(report.gate, GateId::Constraint(_))).collect();
            Some(together(trial, &kept))
        }
        Shown::Recheck(case) => {
            let gate = case.gate()?;
            let report = found.reports.iter().find(|report| report.gate == gate);
            Some(match report {
                Some(report) => judged(trial, report),
                None => {
                    let message = format!("`{}` was not judged, which is a defect of omega-lock", trial.name);
                    broken(trial, ExitCode::Internal, message)
                }
            })
        }
        _ => None,
    })
    .collect()
}

fn judged(trial: &TrialDeclaration, report: &GateReport) -> TrialResult {
    let declared = DeclaredGate { gate: report.gate.clone(), skip: None };
    let entry = GateEntry::new(&declared, &GateResult::Judged(report));
    answer::gate(trial, &entry, "round", &Timings::unmeasured(&trial.calibration), None)
}

/// Several reports as one case, which fails if one of them does.
fn together(trial: &TrialDeclaration, reports: &[&GateReport]) -> TrialResult {
    let each: Vec<(String, TrialResult)> =
        reports.iter().map(|report| (report.gate.to_string(), judged(trial, report))).collect();
    let failed: Vec<&(String, TrialResult)> =
        each.iter().filter(|(_, result)| result.status == TrialStatus::Fail).collect();
    let said = |(gate, result): &(String, TrialResult)| format!("{gate}: {}", result.summary);
    let (status, summary) = match (failed.first(), each.iter().all(|(_, one)| one.status == TrialStatus::Advisory)) {
        (Some(first), _) => (TrialStatus::Fail, said(first)),
        (None, true) => (TrialStatus::Advisory, each.iter().map(said).collect::<Vec<_>>().join("; ")),
        (None, false) => (TrialStatus::Pass, format!("{} kept on every slice", each.len())),
    };
    let details: Vec<String> = failed.iter().map(|(_, result)| result.details.clone()).collect();
    let measures: Vec<MeasureResult> = each.iter().flat_map(|(_, result)| result.measures.clone()).collect();
    TrialResult { details: details.join("\n"), measures, ..blank(trial, status, summary) }
}

fn reproduces(trial: &TrialDeclaration, comparison: &Comparison, measured: &[String]) -> TrialResult {
    let rows = comparison.rows.iter().filter(|row| row.part == Part::Metric && measured.contains(&row.name));
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
    let measures: Vec<MeasureResult> = rows
        .clone()
        .map(|row| MeasureResult {
            metric: row.name.clone(),
            measured: shown(&row.new),
            required: format!("{} {}", shown(&row.gold), row.allowed),
            ok: !row.outcome.fails(),
        })
        .collect();
    if comparison.holds() {
        let same = rows.filter(|row| row.outcome == Outcome::Same).count();
        let summary =
            format!("{} figures of gold measured again, {same} the same, all within tolerance", measures.len());
        return TrialResult { measures, ..blank(trial, TrialStatus::Pass, summary) };
    }
    let mut lines = gold_table(comparison);
    lines
        .push("  what is accepted no longer does what gold says: run the search, and look at what it finds".to_owned());
    lines.push(format!("  search: cargo omega test {}", trial.calibration));
    TrialResult { details: lines.join("\n"), measures, ..blank(trial, TrialStatus::Fail, gold_line(comparison)) }
}

/// What a case says of a recheck that was refused.
pub(super) fn refused(trial: &TrialDeclaration, reason: &str) -> TrialResult {
    let first = format!("{}::{}", trial.calibration, RecheckCase::Accepted.path());
    if trial.name != first {
        let short = format!("not evaluated: {first} failed");
        return TrialResult { details: short.clone(), ..blank(trial, TrialStatus::Fail, short) };
    }
    let details = format!(
        "  {reason}\n  a recheck will not do: run the search\n  search: cargo omega test {}",
        trial.calibration
    );
    TrialResult { details, ..blank(trial, TrialStatus::Fail, format!("{reason}: run the search")) }
}

/// What a case says of a recheck that was made.
pub(super) fn of_record(trial: &TrialDeclaration, record: &RecheckRecord) -> Option<TrialResult> {
    let name = trial.name.strip_prefix(&format!("{}::", trial.calibration))?;
    let case = record.document.cases.iter().find(|case| case.case == name)?;
    Some(TrialResult {
        details: case.details.clone(),
        measures: case.measures.clone(),
        ..blank(trial, case.status, case.summary.clone())
    })
}
