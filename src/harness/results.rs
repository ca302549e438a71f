//! The results file of this process: what `cargo omega` reads.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::environment::Environment;
use super::plan::Plan;
use super::project::Project;
use super::record::RunRecord;
use crate::artifacts::{
    ArtifactError, Number, Problem, Recheck, RunSummary, Spelled, SuiteResults, Timings, TrialResult, TrialStatus,
    WorkersEntry, field_entries, write_json,
};
use crate::declaration::{Acceptance, Requirement};
use crate::gates::{CommittedCase, Failed};
use crate::pipeline::{Profile, RunConfig};

/// Collects what trials answer, from whichever threads they run on.
#[derive(Default)]
pub(super) struct Collector {
    answers: Mutex<Vec<TrialResult>>,
}

impl Collector {
    pub(super) fn push(&self, answer: TrialResult) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push(answer);
    }

    /// Whether nothing failed but gold that differs, and what follows from it.
    pub(super) fn only_gold_differs(&self) -> bool {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let bad = |answer: &&TrialResult| matches!(answer.status, TrialStatus::Fail | TrialStatus::Error);
        // What is shipped follows gold.
        let follows = [CommittedCase::Gold, CommittedCase::Shipped];
        answers.iter().filter(bad).all(|answer| {
            let is = |case: &CommittedCase| answer.name == format!("{}::{case}", answer.calibration);
            answer.problem.is_none() && follows.iter().any(is)
        })
    }

    /// Everything collected, in the order of `declared`.
    pub(super) fn in_order(&self, declared: &[String]) -> Vec<TrialResult> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner).clone();
        answers.sort_by_key(|answer| declared.iter().position(|name| *name == answer.name));
        answers
    }
}

/// The document of a process of this package and suite.
pub(super) fn suite_results(package: &str, suite: &str, declared: Vec<String>) -> SuiteResults {
    SuiteResults {
        schema_version: SuiteResults::SCHEMA.to_owned(),
        package: package.to_owned(),
        suite: suite.to_owned(),
        echo: None,
        problem: None,
        declared,
        trials: Vec::new(),
        runs: Vec::new(),
        unclaimed: Vec::new(),
        unclaimed_locks: Vec::new(),
        unclaimed_gold: Vec::new(),
    }
}

/// The document of a process that could do nothing.
pub(super) fn with_problem(package: &str, suite: &str, problem: Problem) -> SuiteResults {
    SuiteResults { problem: Some(problem), ..suite_results(package, suite, Vec::new()) }
}

pub(super) fn summary(plan: &Plan, project: &Project, environment: &Environment, record: &RunRecord) -> RunSummary {
    let (verdict, digest, fields, evaluations, written) = match record {
        RunRecord::Finished { result, .. } => {
            let (digest, fields) = (result.declaration_digest.clone(), result.declaration.fields());
            (Some(result.verdict.clone()), digest, fields, result.evaluations.total, true)
        }
        RunRecord::Rechecked(record) => {
            let Recheck { verdict, declaration_digest, declaration, evaluations, .. } = &record.document;
            let fields = declaration.fields();
            (Some(verdict.clone()), declaration_digest.clone(), fields, evaluations.total, true)
        }
        RunRecord::Refused(_) | RunRecord::Unanswered(_) => (None, String::new(), Vec::new(), 0, false),
    };
    let skipped = match record {
        RunRecord::Finished { result, .. } if plan.config.profile == Profile::Strict => result.skipped(),
        _ => Vec::new(),
    };
    let (rests_on, gains) = match record {
        RunRecord::Finished { result, .. } if plan.config.profile == Profile::Strict => {
            (result.rests_on(), result.gains.clone())
        }
        _ => Default::default(),
    };
    let selected = match record {
        RunRecord::Finished { result, .. } => result.selection(),
        _ => None,
    };
    let not_applicable = match record {
        RunRecord::Finished { result, .. } => result.evaluations.not_applicable,
        RunRecord::Rechecked(record) => record.document.evaluations.not_applicable,
        _ => 0,
    };
    let trail = match record {
        RunRecord::Finished { result, .. } => result.trail.clone(),
        RunRecord::Rechecked(record) => record.document.trail.clone(),
        _ => None,
    };
    let unnamed = match record {
        RunRecord::Finished { result, .. } => result.unnamed().iter().map(|role| role.name().to_owned()).collect(),
        _ => Vec::new(),
    };
    let below = match record {
        RunRecord::Rechecked(_) => format!("/{}", Recheck::FOLDER),
        _ => String::new(),
    };
    let Acceptance { lock, gold, .. } = &plan.acceptance;
    let off = [("lock", lock), ("gold", gold)].into_iter().filter(|(_, requirement)| **requirement == Requirement::Off);
    RunSummary {
        calibration: plan.name.clone(),
        profile: plan.config.profile.into(),
        verdict,
        rests_on,
        selected,
        gains,
        skipped,
        declaration_digest: digest,
        fields: field_entries(fields, |_| String::new()),
        evaluations,
        not_applicable,
        trail,
        seeds: seeds(&plan.config),
        artifacts: written
            .then(|| format!("{}/{}/{}{below}", project.place, project.package, plan.name).replace('\\', "/")),
        workers: plan.program.as_ref().map(|program| WorkersEntry {
            processes: (plan.processes().min(environment.threads(plan.processes()))) as u64,
            launcher: environment.launcher.clone(),
            silence_timeout: Number(program.silence_timeout),
            utilisation: record.timings().and_then(utilisation),
        }),
        off: off.map(|(name, _)| name.to_owned()).collect(),
        unnamed,
        continued: record.continued().map(str::to_owned),
    }
}

/// How much workers were at work, of a run that was long enough to say so.
fn utilisation(timings: &Timings) -> Option<Number> {
    let long = timings.total_seconds.is_some_and(|Number(seconds)| seconds >= 2.0);
    timings.utilisation().filter(|_| long).map(Number)
}

/// The seeds of everything that draws in a run of this configuration.
fn seeds(config: &RunConfig) -> BTreeMap<String, u64> {
    let gates = (config.profile == Profile::Strict).then_some(config.strict.seed);
    let sc2 = config.sc2.then_some(config.sc2_seed);
    let named = [("search", config.search.seed()), ("gates", gates), ("sc2", sc2)];
    named.into_iter().filter_map(|(name, seed)| Some((name.to_owned(), seed?))).collect()
}

/// Lets the verdicts say what the trials found that hold a run against the repository: the run itself cannot know.
pub(super) fn judge_committed(results: &mut SuiteResults) {
    for run in &mut results.runs {
        let Some(Spelled(verdict)) = &mut run.verdict else { continue };
        for case in CommittedCase::ALL {
            let trial = format!("{}::{case}", run.calibration);
            let bad = |status| matches!(status, TrialStatus::Fail | TrialStatus::Error);
            if results.trials.iter().any(|shown| shown.name == trial && bad(shown.status)) {
                verdict.fail(Failed::Case(case));
            }
        }
    }
}

/// Leaves the document where `cargo omega` looks for it.
pub(super) fn leave(results: &SuiteResults, folder: &camino::Utf8Path) -> Result<(), ArtifactError> {
    let name = format!("{}-{}-{}.json", results.package, results.suite, std::process::id());
    write_json(results, &folder.join(name))
}
