//! The trials that hold a run against what the repository has committed: its declaration and its result.

use camino::Utf8Path;
use serde_json::json;

use super::answer::blank;
use super::environment::Environment;
use super::git;
use super::project::Project;
use super::stopwatch::now;
use super::trial::TrialDeclaration;
use crate::artifacts::{
    ExitCode, GoldDocument, MeasureResult, ParamMap, Problem, RunResult, Timings, TrialResult, TrialStatus,
};
use crate::declaration::{Acceptance, BaseOrigin, Declaration, Lock, differences};
use crate::gold::{Comparison, GoldError, GoldStore, Row, Signature, compare};
use crate::report::{differences_line, differences_table, gold_diff, gold_line, gold_table, provenance_line};
use crate::ship::shippable;

/// A declaration beside the one in omega.lock, or why that cannot be read.
fn declaration(trial: &TrialDeclaration, result: &RunResult, lock: Result<Option<Lock>, String>) -> TrialResult {
    let missing = |what: String| {
        let details = format!(
            "  {what}\n  write it with `cargo omega lock`, look at it, and commit it: this run is compared with it"
        );
        TrialResult { details, ..blank(trial, TrialStatus::Fail, what) }
    };
    let lock = match lock {
        Ok(Some(lock)) => lock,
        Ok(None) => return missing("omega.lock is missing".to_owned()),
        Err(error) => return broken(trial, ExitCode::Damaged, error),
    };
    let Some(locked) = lock.entry(&trial.calibration) else {
        return missing(format!("omega.lock has no entry for `{}`", trial.calibration));
    };
    let fields = result.declaration.fields();
    let differences = differences(&locked.fields, &fields);
    if differences.is_empty() {
        let digest = result.declaration_digest.get(..12).unwrap_or(&result.declaration_digest);
        let summary = format!("{} fields as in omega.lock, declaration {digest}", fields.len());
        return blank(trial, TrialStatus::Pass, summary);
    }
    let mut lines = differences_table(&differences, "locked", "declared");
    lines.push("  omega.lock is what was accepted; declared is omega.toml over the code.".to_owned());
    lines.push("  if the change is meant: `cargo omega lock`, and commit omega.lock with it".to_owned());
    lines.push(format!("  again: cargo omega test {}", trial.name));
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
    let measures = differences.iter().map(|difference| MeasureResult {
        metric: difference.key.clone(),
        measured: shown(&difference.new),
        required: shown(&difference.old),
        ok: false,
    });
    TrialResult {
        details: lines.join("\n"),
        measures: measures.collect(),
        ..blank(trial, TrialStatus::Fail, differences_line(&differences))
    }
}

/// The committed files that a calibration is held against.
pub(super) struct Committed<'a> {
    pub(super) acceptance: &'a Acceptance,
    pub(super) root: &'a Utf8Path,
    pub(super) store: GoldStore,
    /// Why gold is written; absent if it is not.
    update: Option<&'a str>,
    pub(super) omega_dir: &'a Utf8Path,
    pub(super) in_ci: bool,
    /// The looks that count before those of the workspace.
    pub(super) ledger: Option<&'a Utf8Path>,
}

impl<'a> Committed<'a> {
    pub(super) fn new(acceptance: &'a Acceptance, project: &'a Project, environment: &'a Environment) -> Self {
        let store = GoldStore::new(&project.root, &acceptance.gold_dir, &project.omega_dir);
        let (root, omega_dir) = (project.root.as_path(), project.omega_dir.as_path());
        let update = environment.update_gold.as_deref();
        Self {
            acceptance,
            root,
            store,
            update,
            omega_dir,
            in_ci: environment.in_ci,
            ledger: environment.ledger.as_deref(),
        }
    }

    /// What `<cal>::declaration` answers.
    pub(super) fn declaration(&self, trial: &TrialDeclaration, result: &RunResult) -> TrialResult {
        declaration(trial, result, Lock::load(self.root).map_err(|error| error.to_string()))
    }

    /// What `<cal>::gold` answers. A result that is not as accepted waits in the folder of pending ones; one that is takes
    /// away what waited.
    pub(super) fn gold(&self, trial: &TrialDeclaration, result: &RunResult, timings: &Timings) -> TrialResult {
        let new = GoldDocument::new(result, Some(timings));
        let baseline = result.passes.first().map(|first| &first.baseline.params);
        self.judge(trial, &new, baseline).unwrap_or_else(|error| broken(trial, error.exit_code(), error.to_string()))
    }

    fn judge(
        &self,
        trial: &TrialDeclaration,
        new: &GoldDocument,
        baseline: Option<&ParamMap>,
    ) -> Result<TrialResult, GoldError> {
        let store = &self.store;
        let gold = store.gold(&trial.calibration)?;
        let comparison = gold.as_ref().map(|gold| compare(gold, new, self.acceptance));
        if let Some(comparison) = comparison.as_ref().filter(|comparison| comparison.holds()) {
            if comparison.says_nothing() {
                store.drop_pending(&trial.calibration)?;
            } else {
                store.keep_pending(new)?;
            }
            let measures = measures(comparison);
            return Ok(TrialResult { measures, ..blank(trial, TrialStatus::Pass, gold_line(comparison)) });
        }
        store.keep_pending(new)?;
        let path = store.shown(&trial.calibration);
        let (summary, mut lines) = match (&gold, &comparison) {
            (Some(gold), Some(comparison)) => {
                let mut lines = vec![format!("  {path}")];
                lines.extend(gold_table(comparison));
                lines.push(provenance_line(&gold.recorded, &new.recorded));
                lines.extend(gold_diff(gold, new));
                if self.acceptance.base == BaseOrigin::Accepted && baseline.is_some_and(|base| *base != gold.params) {
                    lines.push(
                        "  the baseline was the candidate that omega.lock holds, and gold accepts another: to ask whether \
                         this is better than that one, take the calibration's table out of omega.lock, and `cargo omega lock`"
                            .to_owned(),
                    );
                }
                (gold_line(comparison), lines)
            }
            _ => {
                let summary = format!("no gold: {path} is missing");
                (summary, vec![format!("  {path} is missing: nobody has accepted a result of this calibration yet")])
            }
        };
        let summary = match &self.update {
            None => summary,
            Some(_) if new.verdict != "PASS" => {
                lines.push(format!("  nothing was written: the verdict is {}", new.verdict));
                lines.push(format!(
                    "  to accept it nevertheless: cargo omega update-gold {} --accept-failing --reason \"...\"",
                    trial.name
                ));
                format!("not written, the verdict is {}", new.verdict)
            }
            Some(reason) => {
                if let Err(error) = shippable(self.acceptance, self.root, new) {
                    return Ok(broken(trial, error.exit_code(), format!("{path} was not written: {error}")));
                }
                let by = Signature::new(now(), git::user(self.root), git::commit(self.root));
                store.accept(new, reason, &by)?;
                if self.acceptance.ship.is_some() {
                    lines.push(self.ship(&trial.calibration));
                }
                lines.push("  written. This run still fails, so that nobody takes it for a pass: run again".to_owned());
                format!("wrote {path}; run again")
            }
        };
        if self.update.is_none() && new.verdict != "PASS" {
            lines.push(format!("  the run failed its own gates ({}): mend that first, then look at gold", new.verdict));
        } else if self.update.is_none() {
            lines.push("  look at it and decide: cargo omega review".to_owned());
            lines.push(format!("  accept it: cargo omega update-gold {} --reason \"...\"", trial.name));
            let variables = "OMEGA_LOCK_UPDATE_GOLD=1 OMEGA_LOCK_REASON=\"...\"";
            lines.push(format!("  without the command line: {variables} cargo test"));
        }
        let measures = comparison.as_ref().map(measures).unwrap_or_default();
        Ok(TrialResult { details: lines.join("\n"), measures, ..blank(trial, TrialStatus::Fail, summary) })
    }
}

/// Puts the accepted candidate in place of the baseline, where that is declared.
pub(super) fn rebase(declaration: &mut Declaration, project: &Project) -> Result<(), Problem> {
    if declaration.acceptance.base != BaseOrigin::Accepted {
        return Ok(());
    }
    let lock = Lock::load(&project.root).map_err(|error| Problem::new(ExitCode::Damaged, error.to_string()))?;
    let store = GoldStore::new(&project.root, &declaration.acceptance.gold_dir, &project.omega_dir);
    let gold = store.gold(&declaration.name).map_err(|error| Problem::new(error.exit_code(), error.to_string()))?;
    let accepted: Vec<(String, String)> = gold
        .iter()
        .flat_map(|gold| &gold.params.0)
        .map(|(name, value)| (name.clone(), json!(value).to_string()))
        .collect();
    let locked = lock.as_ref().and_then(|lock| lock.entry(&declaration.name));
    declaration.rebase(locked, &accepted).map_err(|error| {
        let message = format!(
            "calibration `{}`: the accepted candidate is no baseline of this space: {error}\nhelp: say the baseline as \
             `base.<name>` until a candidate of this space is accepted",
            declaration.name
        );
        Problem::new(ExitCode::Usage, message)
    })
}

/// The calibrations that omega.lock and the folder of gold files name; none where they cannot be read, which the trials
/// themselves tell.
pub(super) fn names(project: &Project, gold_dir: Option<&str>) -> (Vec<String>, Vec<String>) {
    let lock = Lock::load(&project.root).ok().flatten().unwrap_or_default();
    let store = GoldStore::new(&project.root, gold_dir.unwrap_or(Acceptance::GOLD_DIR), &project.omega_dir);
    let locked = lock.entries().iter().map(|entry| entry.calibration.clone());
    (locked.collect(), store.names().unwrap_or_default())
}

fn measures(comparison: &Comparison) -> Vec<MeasureResult> {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
    let measure = |row: &Row| MeasureResult {
        metric: row.name.clone(),
        measured: shown(&row.new),
        required: format!("{} {}", shown(&row.gold), row.allowed),
        ok: !row.outcome.fails(),
    };
    comparison.figures().map(measure).collect()
}

pub(super) fn broken(trial: &TrialDeclaration, code: ExitCode, message: String) -> TrialResult {
    let summary = message.lines().next().unwrap_or_default().to_owned();
    let problem = Problem::new(code, message.clone());
    TrialResult { details: message, problem: Some(problem), ..blank(trial, TrialStatus::Error, summary) }
}
