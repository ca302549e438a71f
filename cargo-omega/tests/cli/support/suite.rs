//! Hand-made results of a harness process.

use omega_lock::Profile;
use omega_lock::internals::artifacts::{
    Anchor, Echo, MeasureResult, Problem, RunSummary, Spelled, SuiteResults, TrialResult, TrialStatus,
};

/// Builds a [`SuiteResults`] of `demo::calibration`.
#[derive(Clone)]
pub(crate) struct Suite {
    pub(crate) results: SuiteResults,
}

impl Suite {
    /// No case and no run.
    pub(crate) fn new() -> Self {
        let results = SuiteResults {
            schema_version: SuiteResults::SCHEMA.to_owned(),
            package: "demo".to_owned(),
            suite: "calibration".to_owned(),
            echo: Some(Echo {
                variables: [("@VARIABLES@".to_owned(), String::new())].into(),
                arguments: vec!["@ARGUMENTS@".to_owned()],
                root: "@ROOT@".to_owned(),
                binary: String::new(),
            }),
            problem: None,
            declared: Vec::new(),
            trials: Vec::new(),
            runs: Vec::new(),
            unclaimed: Vec::new(),
            unclaimed_locks: Vec::new(),
            unclaimed_gold: Vec::new(),
        };
        Self { results }
    }

    /// One case that passes and the run behind it.
    pub(crate) fn passing() -> Self {
        Self::passing_as("phantom")
    }

    /// The same for a calibration of another name.
    pub(crate) fn passing_as(calibration: &str) -> Self {
        let run = format!("{calibration}::run");
        Self::new().run(calibration, Some("PASS")).trial(&run, TrialStatus::Pass, "394 evaluations")
    }

    pub(crate) fn of(mut self, package: &str, suite: &str) -> Self {
        self.results.package = package.to_owned();
        self.results.suite = suite.to_owned();
        self
    }

    /// A case that is declared but was not asked for.
    pub(crate) fn declares(mut self, name: &str) -> Self {
        self.results.declared.push(name.to_owned());
        self
    }

    pub(crate) fn trial(mut self, name: &str, status: TrialStatus, summary: &str) -> Self {
        self.results.trials.push(TrialResult {
            name: name.to_owned(),
            calibration: name.split("::").next().unwrap_or(name).to_owned(),
            status,
            summary: summary.to_owned(),
            details: String::new(),
            measures: Vec::new(),
            problem: None,
            seconds: 0.25,
        });
        self.declares(name)
    }

    pub(crate) fn pass(self, name: &str) -> Self {
        self.trial(name, TrialStatus::Pass, "holds")
    }

    pub(crate) fn fail(self, name: &str) -> Self {
        self.trial(name, TrialStatus::Fail, "pearson 0.120 < 0.300")
    }

    pub(crate) fn skip(self, name: &str) -> Self {
        self.trial(name, TrialStatus::Skip, "no holdout is declared")
    }

    /// A case whose question could not be answered.
    pub(crate) fn error(self, name: &str, exit_code: u8, message: &str) -> Self {
        let mut suite = self.trial(name, TrialStatus::Error, "not evaluated");
        if let Some(trial) = suite.results.trials.last_mut() {
            trial.problem = Some(Problem { exit_code, message: message.to_owned() });
        }
        suite
    }

    /// The failure text of the last case.
    pub(crate) fn details(mut self, details: &str) -> Self {
        if let Some(trial) = self.results.trials.last_mut() {
            trial.details = details.to_owned();
        }
        self
    }

    /// A figure of the last case.
    pub(crate) fn measure(mut self, metric: &str, measured: &str, required: &str, ok: bool) -> Self {
        if let Some(trial) = self.results.trials.last_mut() {
            trial.measures.push(MeasureResult {
                metric: metric.to_owned(),
                measured: measured.to_owned(),
                required: required.to_owned(),
                ok,
            });
        }
        self
    }

    /// The process could do nothing.
    pub(crate) fn problem(mut self, exit_code: u8, message: &str) -> Self {
        self.results.problem = Some(Problem { exit_code, message: message.to_owned() });
        self
    }

    pub(crate) fn run(mut self, calibration: &str, verdict: Option<&str>) -> Self {
        self.results.runs.push(RunSummary {
            calibration: calibration.to_owned(),
            profile: Profile::Reference.into(),
            verdict: verdict.map(|text| Spelled(text.parse().expect("a verdict"))),
            rests_on: Vec::new(),
            selected: None,
            gains: Vec::new(),
            skipped: Vec::new(),
            declaration_digest: "0".repeat(64),
            fields: Vec::new(),
            evaluations: 394,
            not_applicable: 0,
            trail: Some(Anchor { rows: 396, head: "9f".repeat(32) }),
            seeds: [("gates".to_owned(), 42)].into(),
            artifacts: Some(format!("omega/{}/{calibration}", self.results.package)),
            workers: None,
            off: Vec::new(),
            unnamed: Vec::new(),
            continued: None,
        });
        self
    }

    /// What the last run selected, as results.json has it.
    pub(crate) fn selected(mut self, selected: serde_json::Value) -> Self {
        if let Some(run) = self.results.runs.last_mut() {
            run.selected = Some(serde_json::from_value(selected).expect("a selection"));
        }
        self
    }

    /// The exit code of a harness process with these results, as cargo expects it.
    pub(crate) fn end(&self) -> &'static str {
        let bad = |trial: &TrialResult| matches!(trial.status, TrialStatus::Fail | TrialStatus::Error);
        if self.results.problem.is_some() || self.results.trials.iter().any(bad) { "101" } else { "0" }
    }
}
