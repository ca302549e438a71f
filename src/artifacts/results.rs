//! What a test run showed, as data: one file per harness process, and `target/omega/results.json` made of them.
//!
//! This is the only channel from the harness to `cargo omega`; nothing is read from a test binary's output.
//! Not deterministic: it holds durations.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Anchor, Echo, ExitCode, FieldEntry, GainEntry, Number, SelectedEntry, Spelled};
use crate::gates::{GateId, Verdict};
use crate::pipeline::Profile;

/// Version of both documents of this file; a reader refuses a higher one.
///
/// 1: first version.
pub const RESULTS_SCHEMA: u32 = 1;

/// All that one invocation of `cargo omega test` showed: `target/omega/results.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestRun {
    /// `omega-lock.test-run.v1`.
    pub schema_version: String,
    /// The exit code of the command.
    pub exit_code: u8,
    /// Whether something that the workspace declares was left out, by a filter or by the choice of packages.
    pub partial: bool,
    /// What kept the command from an answer beside what the suites say: a build that failed, a process that died
    /// without results, a filter that matches nothing; with exit code 1 what the committed files hold and nothing declares.
    pub problems: Vec<Problem>,
    /// One entry per harness process, ordered by package and name.
    pub suites: Vec<SuiteResults>,
    /// What the committed files changed since a git revision; absent if that was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<AgainstEntry>,
}

/// The committed files beside those of a git revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgainstEntry {
    /// The revision as asked for.
    pub revision: String,
    /// The commit that it names, hex.
    pub tip: String,
    /// The commit from which the changes are listed, hex: the last one that the revision and this checkout have in common.
    pub merge_base: String,
    /// Digest over all changes, hex.
    pub digest: String,
    /// Whether none needs an approval, or the approval came with this digest.
    pub accepted: bool,
    /// Every change, those that need an approval first.
    pub changes: Vec<ChangeEntry>,
}

/// One change of a committed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeEntry {
    /// `LOOSER`, `moved`, `REMOVED`, `GOLD`, `tighter`, `other` or `new`; the first four need an approval. `BEHIND`: the
    /// revision has a higher bar by now, and has to be merged. `UNSEARCHED`: a new line of the history of what may be rechecked,
    /// and this run has not searched and come to its gold.
    pub kind: String,
    /// Name of the calibration.
    pub calibration: String,
    /// What changed, on one line.
    pub text: String,
}

impl TestRun {
    /// The `schema_version` this version writes.
    pub const SCHEMA: &str = "omega-lock.test-run.v1";
}

/// What one harness process did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuiteResults {
    /// `omega-lock.suite-results.v1`.
    pub schema_version: String,
    /// Name of the package the harness belongs to.
    pub package: String,
    /// Name of the harness target, such as `calibration`.
    pub suite: String,
    /// What the process was told; absent in what `cargo omega` writes, which has compared it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub echo: Option<Echo>,
    /// Why the process could do nothing at all, such as an omega.toml that is wrong; then `trials` is empty.
    pub problem: Option<Problem>,
    /// Every trial the suite declares, filtered or not, in order.
    pub declared: Vec<String>,
    /// The trials that this process showed, in order of declaration.
    pub trials: Vec<TrialResult>,
    /// The calibrations behind these trials, in order of declaration.
    pub runs: Vec<RunSummary>,
    /// Tables of omega.toml that name no calibration of this suite.
    pub unclaimed: Vec<String>,
    /// Entries of omega.lock that name no calibration of this suite.
    #[serde(default)]
    pub unclaimed_locks: Vec<String>,
    /// Gold files of no calibration of this suite.
    #[serde(default)]
    pub unclaimed_gold: Vec<String>,
}

impl SuiteResults {
    /// The `schema_version` this version writes.
    pub const SCHEMA: &str = "omega-lock.suite-results.v1";
}

/// A reason why a question could not be answered, with the exit code that says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// The number of an [`ExitCode`](super::ExitCode), never that of a pass, and that of a plain no only in
    /// [`TestRun::problems`].
    pub exit_code: u8,
    /// What is wrong, where, and what was expected; several lines, the last may start with `help: `.
    pub message: String,
}

impl Problem {
    /// A problem that asks for this exit code.
    pub fn new(code: ExitCode, message: impl Into<String>) -> Self {
        Self { exit_code: code.number(), message: message.into() }
    }
}

/// How a trial ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TrialStatus {
    /// The rule holds.
    Pass,
    /// The rule does not hold, in a run that finished: exit code 1.
    Fail,
    /// Declared not to apply; known before anything was evaluated.
    Skip,
    /// Shown, never decides.
    Advisory,
    /// The question could not be answered; [`TrialResult::problem`] says why.
    Error,
}

/// One trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrialResult {
    /// Full name, such as `phantom::gate::kc4`.
    pub name: String,
    /// The calibration it belongs to.
    pub calibration: String,
    /// How it ended.
    pub status: TrialStatus,
    /// One line: what was measured beside what is required, or the reason of a skip.
    pub summary: String,
    /// The failure text as shown in a terminal without colour; empty unless it failed.
    pub details: String,
    /// The figures behind the summary.
    pub measures: Vec<MeasureResult>,
    /// Present with status [`TrialStatus::Error`].
    pub problem: Option<Problem>,
    /// Wall seconds of this trial; the run itself is in the first trial that needed it.
    pub seconds: f64,
}

/// One figure of a gate beside what is required of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureResult {
    /// Name of the figure, such as `pearson`.
    pub metric: String,
    /// Its value as shown.
    pub measured: String,
    /// The requirement as shown, such as `>= 0.300`; empty if none is made.
    pub required: String,
    /// Whether it holds.
    pub ok: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_none_of_them(count: &u64) -> bool {
    *count == 0
}

/// One calibration's run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunSummary {
    /// Name of the calibration.
    pub calibration: String,
    /// Which rules judged it.
    pub profile: Spelled<Profile>,
    /// What they say together, and the cases that hold the run against what is committed; absent if there is no answer.
    pub verdict: Option<Spelled<Verdict>>,
    /// What a PASS of the strict profile rests on, such as `blocks 8`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rests_on: Vec<String>,
    /// The candidate that would ship, or whose verdict it was; absent if nothing was selected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selected: Option<SelectedEntry>,
    /// What would ship beside the baseline, slice by slice, where evaluations have blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gains: Vec<GainEntry>,
    /// The gates that a strict verdict was reached without, because they do not apply.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Spelled<GateId>>,
    /// Digest of the resolved declaration, hex.
    pub declaration_digest: String,
    /// Its fields; absent in what `cargo omega` writes, whose `result.json` has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldEntry>,
    /// Number of evaluations recorded.
    pub evaluations: u64,
    /// How many of them had parameters that do not go together; left out where that is none.
    #[serde(default, skip_serializing_if = "is_none_of_them")]
    pub not_applicable: u64,
    /// The trail behind the verdict; absent if none was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trail: Option<Anchor>,
    /// The seeds of what was drawn, by what draws: `search`, `gates`, `sc2`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub seeds: BTreeMap<String, u64>,
    /// Folder of its artifacts, relative to the target directory, with `/`; absent if none were written.
    pub artifacts: Option<String>,
    /// How the workers that omega.toml declares were run, which changes no answer; absent without them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workers: Option<WorkersEntry>,
    /// What it is not held against: `lock`, `gold`.
    #[serde(default)]
    pub off: Vec<String>,
    /// The slices whose target does not say which data it has.
    #[serde(default)]
    pub unnamed: Vec<String>,
    /// How it continued an interrupted run, such as `continued behind evaluation 19`; absent if it evaluated everything itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continued: Option<String>,
}

/// How workers were run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkersEntry {
    /// Processes at once, at most.
    pub processes: u64,
    /// What stood before their command without being declared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub launcher: Vec<String>,
    /// Seconds without a sign of life after which an evaluation was lost.
    pub silence_timeout: Number,
    /// The part of their time that they spent on evaluations, from 0 to 1; absent for a run of less than two seconds, which
    /// says nothing of a longer one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utilisation: Option<Number>,
}

/// `2 processes by `srun -n1`, 93 % of the time at work`.
impl std::fmt::Display for WorkersEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plural = if self.processes == 1 { "" } else { "es" };
        write!(f, "{} process{plural}", self.processes)?;
        if !self.launcher.is_empty() {
            write!(f, " by `{}`", self.launcher.join(" "))?;
        }
        self.utilisation.map_or(Ok(()), |Number(part)| write!(f, ", {:.0} % of the time at work", 100.0 * part))
    }
}
