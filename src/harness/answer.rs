//! What a trial answers, given the record of its calibration.

use super::committed::Committed;
use super::rechecked::{of_record, refused};
use super::record::RunRecord;
use super::trial::{RecheckCase, Subject, TrialDeclaration};
use crate::artifacts::{
    ExitCode, GateEntry, MeasureResult, PassEntry, Problem, ReadingEntry, RunResult, Timings, TrialResult, TrialStatus,
};
use crate::gates::{Digits, GateId, GateStatus};
use crate::report::{failure_text, measured, measures_line, required};

/// The answer of a trial that applies; `seconds` is left to the caller. `committed` answers for the trials that hold the
/// run against the repository.
pub(super) fn answer(
    trial: &TrialDeclaration,
    record: &RunRecord,
    artifacts: Option<&str>,
    committed: &Committed<'_>,
) -> TrialResult {
    match record {
        RunRecord::Unanswered(problem) => unanswered(trial, problem),
        RunRecord::Refused(reason) => refused(trial, reason),
        RunRecord::Rechecked(record) => match &trial.subject {
            Subject::Consultations => committed.rechecked(trial, record.question.as_ref()),
            _ => of_record(trial, record).unwrap_or_else(|| {
                let message = format!("the recheck has no case `{}`; it was made by another declaration", trial.name);
                unanswered(trial, &Problem::new(ExitCode::Internal, message))
            }),
        },
        RunRecord::Finished { result, timings, new_look } => match &trial.subject {
            Subject::Run => run(trial, result, timings),
            Subject::Declaration => committed.declaration(trial, result),
            Subject::Ledger => committed.ledger(trial, result, *new_look),
            Subject::Consultations => committed.consultations(trial, result),
            Subject::Gold => committed.gold(trial, result, timings),
            Subject::Shipped => committed.shipped(trial),
            Subject::Recheck(_) => {
                unanswered(trial, &Problem::new(ExitCode::Internal, "it searched instead of rechecking".to_owned()))
            }
            Subject::Gate(id) => match result.gate(id) {
                Some(entry) => gate(trial, entry, result.pass_word(), timings, artifacts),
                None => {
                    let message = format!("the run's result has no gate `{id}`; it was made by another declaration");
                    unanswered(trial, &Problem::new(ExitCode::Internal, message))
                }
            },
        },
    }
}

/// The entry of a trial that does not apply.
pub(super) fn skipped(trial: &TrialDeclaration, reason: &str) -> TrialResult {
    blank(trial, TrialStatus::Skip, reason.to_owned())
}

fn run(trial: &TrialDeclaration, result: &RunResult, timings: &Timings) -> TrialResult {
    let evaluations = &result.evaluations;
    let failed = evaluations.without_fitness().map_or_else(String::new, |told| format!(" ({told})"));
    let over_passes = |count: fn(&PassEntry) -> u64| result.passes.iter().map(count).sum::<u64>();
    let passes = format!(" in {} {}s", result.passes.len(), result.pass_word());
    let rounds = match (result.stop_reason, result.pipeline().as_str()) {
        (Some(reason), _) => format!("{passes} ({reason})"),
        (None, "windows") => passes,
        (None, _) => String::new(),
    };
    let not_finite = match over_passes(PassEntry::not_finite) {
        0 => String::new(),
        count => format!(" ({count} not finite)"),
    };
    let threads = match timings.threads {
        1 => "1 thread".to_owned(),
        threads => format!("{threads} threads"),
    };
    let continued = timings.resumptions.last().map_or_else(String::new, |continued| format!(", {continued}"));
    let digest = &result.declaration_digest;
    let summary = format!(
        "{} evaluations{failed}, {} candidates{not_finite}{rounds}, {threads}, declaration {}{continued}",
        evaluations.total,
        over_passes(PassEntry::searched),
        digest.get(..12).unwrap_or(digest),
    );
    blank(trial, TrialStatus::Pass, summary)
}

pub(super) fn gate(
    trial: &TrialDeclaration,
    entry: &GateEntry,
    pass: &str,
    timings: &Timings,
    artifacts: Option<&str>,
) -> TrialResult {
    let status = match entry.status.0 {
        GateStatus::Pass => TrialStatus::Pass,
        GateStatus::Skip => TrialStatus::Skip,
        GateStatus::Advisory => TrialStatus::Advisory,
        GateStatus::Fail => TrialStatus::Fail,
    };
    let mut entry = entry.clone();
    if let (Some(seconds), Some(measure)) =
        (timings.judged_seconds.filter(|_| entry.gate == GateId::Kc1), entry.measures.first_mut())
    {
        // The result holds no clock reading; this one is shown and not compared.
        measure.measured = Some(ReadingEntry::Number(seconds));
        let bound = measure.required.as_ref().and_then(|required| required.value);
        measure.digits = bound.map_or(Digits::Fixed(1), |bound| Digits::telling(seconds.0, bound.0)).into();
    }
    let line = measures_line(&entry.measures);
    let unmeasured = entry.measures.iter().any(|measure| measure.measured.is_none());
    let asked = entry.measures.iter().any(|measure| measure.required.is_some());
    let summary = match status {
        _ if line.is_empty() || entry.blocked_by.is_some() => entry.message.clone(),
        _ if unmeasured => format!("{line} ({})", entry.message),
        TrialStatus::Advisory if !asked => format!("{line} ({})", entry.message),
        TrialStatus::Advisory => format!("{line} (advisory)"),
        _ => line,
    };
    let summary = match entry.round {
        Some(round) => format!("{pass} {round}: {summary}"),
        None => summary,
    };
    let details = match status {
        TrialStatus::Fail => failure_text(&trial.name, &entry, pass, artifacts),
        _ => String::new(),
    };
    let measures = entry.measures.iter().map(|measure| MeasureResult {
        metric: measure.metric.clone(),
        measured: measured(measure),
        required: required(measure),
        ok: measure.ok,
    });
    TrialResult { details, measures: measures.collect(), ..blank(trial, status, summary) }
}

fn unanswered(trial: &TrialDeclaration, problem: &Problem) -> TrialResult {
    let (summary, details) = match trial.subject {
        Subject::Run | Subject::Recheck(RecheckCase::Accepted) => {
            let first = problem.message.lines().next().unwrap_or_default();
            (first.to_owned(), problem.message.clone())
        }
        Subject::Declaration
        | Subject::Gate(_)
        | Subject::Ledger
        | Subject::Consultations
        | Subject::Gold
        | Subject::Recheck(_)
        | Subject::Shipped => {
            let first = match trial.subject {
                Subject::Recheck(_) => RecheckCase::Accepted.path(),
                _ => "run".to_owned(),
            };
            let short = format!("not evaluated: {}::{first} did not finish", trial.calibration);
            let problem = Problem { exit_code: problem.exit_code, message: short.clone() };
            return TrialResult {
                details: short.clone(),
                problem: Some(problem),
                ..blank(trial, TrialStatus::Error, short)
            };
        }
    };
    TrialResult { details, problem: Some(problem.clone()), ..blank(trial, TrialStatus::Error, summary) }
}

/// A trial without figures or details.
pub(super) fn blank(trial: &TrialDeclaration, status: TrialStatus, summary: String) -> TrialResult {
    TrialResult {
        name: trial.name.clone(),
        calibration: trial.calibration.clone(),
        status,
        summary,
        details: String::new(),
        measures: Vec::new(),
        problem: None,
        seconds: 0.0,
    }
}
