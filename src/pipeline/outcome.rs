//! Everything a finished run knows: its passes, and how it ended.

use std::sync::Arc;
use std::time::Duration;

use super::gate_list::AskedIn;
use super::{DeclaredGate, EvaluationCounts, Gain, GateResult, LeftOut, Profile, RunConfig, StopReason};
use crate::gates::{Failed, GateId, GateReport, Thresholds, TimeBox, Verdict, judge_kc1};
use crate::holdout::HoldoutShot;
use crate::hybrid::HybridEntry;
use crate::objective::{Evaluation, Outcome, ParamSpace, Params};
use crate::search::Candidate;
use crate::stress::Stress;
use crate::walk_forward::WalkForward;

/// A finished run.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RunOutcome {
    /// What decided the numbers.
    pub config: RunConfig,
    /// The parameter space.
    pub space: ParamSpace,
    /// The baseline of the first pass.
    pub base_params: Params,
    /// The passes, in order: one, or one per round or window.
    pub passes: Vec<Pass>,
    /// Why there was no further pass; absent where one is declared.
    pub stop_reason: Option<StopReason>,
    /// The parameters that each round locked in; a round that failed and ended the run has no entry.
    pub locked_in: Vec<Vec<String>>,
    /// Every parameter as it would ship; absent if nothing was selected.
    pub shipped: Option<Params>,
    /// What came after the last pass.
    pub ending: Ending,
    /// How much better what would ship is than the baseline of the first pass, slice by slice, where evaluations have
    /// blocks.
    pub gains: Vec<Gain>,
    /// What passes and ending say together.
    pub verdict: Verdict,
    /// What a reader of the verdict should know beside it.
    pub warnings: Vec<String>,
    /// How many evaluations were made.
    pub counts: EvaluationCounts,
}

/// One walk from a baseline over stress and search to a selected candidate, judged.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Pass {
    /// Its number, that of a round or a window, from 1; 0 where a run has only one.
    pub number: u32,
    /// The baseline parameters.
    pub base_params: Params,
    /// Their evaluation.
    pub baseline: Outcome,
    /// Sensitivities, in the order measured.
    pub stresses: Vec<Stress>,
    /// The unlocked parameters, largest stress first; empty if KC-2 failed.
    pub unlocked: Vec<String>,
    /// The same without suppressed parameters.
    pub unlocked_without_suppressed: Vec<String>,
    /// The candidates of the search, in order: every one up to [`MOST_LISTED`](super::MOST_LISTED), above it the best,
    /// the selected one and the best feasible one in any case.
    pub candidates: Vec<Candidate>,
    /// The others.
    pub left_out: LeftOut,
    /// The selected candidate; absent if KC-2 failed.
    pub selected: Option<Candidate>,
    /// The best candidates on test, if there is a test slice.
    pub walk_forward: Option<WalkForward>,
    /// The ranking by the judge, if there is a validation slice.
    pub hybrid: Option<Vec<HybridEntry>>,
    /// The baseline on test, if the strict profile asked.
    pub baseline_on_test: Option<Outcome>,
    /// Fresh draws on test, if it asked.
    pub draws_on_test: Vec<Arc<Evaluation>>,
    /// Fitness on train and on test of the same parameters, of the best candidates and the baseline among them.
    pub(super) on_both: Vec<(f64, Option<f64>)>,
    /// Every gate that was judged, in the order judged.
    pub reports: Vec<GateReport>,
    /// What of it is shown and decides after the last round.
    pub(super) deferred: Vec<GateReport>,
    /// What they say together.
    pub verdict: Verdict,
    /// What a reader of its verdict should know beside it; a single pass leaves that to the run.
    pub warnings: Vec<String>,
}

/// What comes after the last pass: null runs and the holdout, with what would ship.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Ending {
    /// The shot at the holdout, if there is one and it was opened. Its differences are against the selected candidate of
    /// the last pass, locked in or not.
    pub holdout: Option<HoldoutShot>,
    /// Every gate that was judged here, in the order judged. One that a pass had judged is judged once more where there is
    /// something new to hold against it: time that went by, a constraint on the holdout.
    pub reports: Vec<GateReport>,
}

impl Pass {
    pub(super) fn new(number: u32, base_params: Params, baseline: Outcome) -> Self {
        Self {
            number,
            base_params,
            baseline,
            stresses: Vec::new(),
            unlocked: Vec::new(),
            unlocked_without_suppressed: Vec::new(),
            candidates: Vec::new(),
            left_out: LeftOut::default(),
            selected: None,
            walk_forward: None,
            hybrid: None,
            baseline_on_test: None,
            draws_on_test: Vec::new(),
            on_both: Vec::new(),
            reports: Vec::new(),
            deferred: Vec::new(),
            verdict: Verdict::default(),
            warnings: Vec::new(),
        }
    }

    /// The report of a gate, if the pass judged it.
    pub fn report(&self, gate: &GateId) -> Option<&GateReport> {
        report(&self.reports, gate)
    }

    /// The fitness of the baseline.
    pub fn baseline_fitness(&self) -> f64 {
        self.baseline.evaluation().map_or(f64::NAN, |base| base.fitness)
    }

    /// The selected candidate on test, where that was evaluated.
    pub fn selected_on_test(&self) -> Option<&Outcome> {
        // The strict profile selects the best of those that it walks forward.
        let walked = self.walk_forward.as_ref()?;
        let first = walked.candidates.first().zip(walked.outcomes.first());
        first
            .filter(|(index, _)| self.selected.as_ref().is_some_and(|best| best.index == **index))
            .map(|(_, found)| found)
    }

    /// The sample counts that KC-3 looks at, by what they stand behind.
    pub(super) fn sample_counts(&self, selected: &Candidate) -> Vec<(&'static str, u64)> {
        let baseline = self.baseline.evaluation().map_or(0, |base| base.samples);
        let mut counts = vec![("baseline", baseline), ("train_best", selected.samples())];
        let lead = self.walk_forward.as_ref().and_then(WalkForward::lead);
        counts.extend(lead.map(|(_, samples)| ("test_best", samples)));
        counts
    }

    /// Whether a gate is the pass's own under this configuration, and not that of the run or of another pass.
    pub(crate) fn has(&self, gate: &GateId, config: &RunConfig) -> bool {
        let last = config.windows == Some(self.number.into());
        match config.windows.map(|_| AskedIn::of(gate)) {
            None => !gate.about().at_the_end,
            Some(AskedIn::Each) => true,
            Some(AskedIn::Last) => last,
            Some(AskedIn::End | AskedIn::None) => false,
        }
    }

    /// What the pass alone says of a declared gate that is judged in passes.
    ///
    /// A gate that applies but was not judged is blocked by the first one that failed, or by KC-1 if the time was over; if
    /// none did, it is missing, which counts as failed too.
    pub fn result_of(&self, declared: &DeclaredGate) -> GateResult<'_> {
        if let Some(reason) = declared.skip {
            return GateResult::Skipped(reason);
        }
        let blocking = || first_blocking(self.verdict.failed_gates());
        self.report(&declared.gate).map_or_else(|| unjudged(blocking()), GateResult::Judged)
    }
}

impl Ending {
    /// The report of a gate, if it was judged after the last pass.
    pub fn report(&self, gate: &GateId) -> Option<&GateReport> {
        report(&self.reports, gate)
    }

    /// Holds a reading of the clock against the time box, in the place of an earlier one.
    pub(super) fn judge_time(&mut self, elapsed: Duration, thresholds: &Thresholds) {
        self.reports.retain(|report| report.gate != GateId::Kc1);
        self.reports.push(judge_kc1(elapsed, thresholds));
    }
}

impl RunOutcome {
    /// The last pass; absent if there was nothing to run.
    pub fn last(&self) -> Option<&Pass> {
        self.passes.last()
    }

    /// The selected candidate of the last pass.
    pub fn selected(&self) -> Option<&Candidate> {
        self.last()?.selected.as_ref()
    }

    /// What the ending said of a gate, or else the last pass.
    pub fn report(&self, gate: &GateId) -> Option<&GateReport> {
        self.ending.report(gate).or_else(|| self.last()?.report(gate))
    }

    /// Every gate as it stands after the last pass and the ending, in the order judged.
    pub fn reports(&self) -> impl Iterator<Item = &GateReport> {
        let passed = self.last().into_iter().flat_map(|pass| &pass.reports);
        passed.filter(|report| self.ending.report(&report.gate).is_none()).chain(&self.ending.reports)
    }

    /// The seconds that KC-1 was told, by the report that is shown for it; absent if none reached it.
    pub fn judged_seconds(&self) -> Option<f64> {
        match self.result_of(&DeclaredGate { gate: GateId::Kc1, skip: None }) {
            (_, GateResult::Judged(report)) => Some(report.evidence::<TimeBox>()?.elapsed),
            _ => None,
        }
    }

    /// What became of a declared gate, and in which pass, by its number; none where a run has one pass, or where the gate
    /// belongs to the ending.
    ///
    /// A gate fails if it failed in any pass: the first of these is the one shown. Otherwise the last pass is, since
    /// what would ship comes from it, and the ending goes before it.
    pub fn result_of(&self, declared: &DeclaredGate) -> (Option<u32>, GateResult<'_>) {
        if let Some(reason) = declared.skip {
            return (None, GateResult::Skipped(reason));
        }
        let number = |pass: &Pass| (pass.number > 0).then_some(pass.number);
        let windows = self.config.windows.map(|_| AskedIn::of(&declared.gate));
        let at_the_end = declared.gate.about().at_the_end || windows == Some(AskedIn::End);
        if let Some(report) = self.ending.report(&declared.gate) {
            let of_a_pass = self.last().filter(|_| !at_the_end);
            return (of_a_pass.and_then(number), GateResult::Judged(report));
        }
        if self.passes.is_empty() {
            let reason = "no round was run: there are fewer parameters than `unlock_k`";
            return (None, GateResult::Unreached(reason));
        }
        let reported = || self.last().is_some_and(|last| last.report(&declared.gate).is_some());
        if at_the_end || windows == Some(AskedIn::Last) && !reported() {
            let failed = self.passes.iter().flat_map(|pass| pass.verdict.failed_gates());
            let ending = Verdict::of(&self.ending.reports);
            return (None, unjudged(first_blocking(failed.chain(ending.failed_gates()))));
        }
        let mut shown = (None, GateResult::Unreached(MISSING));
        let first = if windows == Some(AskedIn::Last) { self.passes.len() - 1 } else { 0 };
        for pass in &self.passes[first..] {
            shown = (number(pass), pass.result_of(declared));
            if shown.1.is_failure() {
                break;
            }
        }
        shown
    }
}

/// Why a gate has no report although nothing failed before it.
const MISSING: &str = "nothing asked for it, which is a defect of omega-lock";

fn unjudged<'r>(blocking: Option<&GateId>) -> GateResult<'r> {
    blocking.map_or(GateResult::Unreached(MISSING), |first| GateResult::Blocked(first.clone()))
}

fn report<'r>(reports: &'r [GateReport], gate: &GateId) -> Option<&'r GateReport> {
    reports.iter().find(|report| report.gate == *gate)
}

/// The failure that kept other gates from being judged: a run goes on after many, but not after its time box.
fn first_blocking<'v>(mut failed: impl Iterator<Item = &'v GateId> + Clone) -> Option<&'v GateId> {
    failed.clone().find(|gate| **gate == GateId::Kc1).or(failed.next())
}

/// What decides, of what a pass judged.
pub(super) fn verdict_of_pass(profile: Profile, reports: &[GateReport]) -> Verdict {
    // In the reference CONSTRAINTS decides about all of them at once, so the verdict does not name them one by one.
    let one_by_one = profile == Profile::Strict;
    Verdict::of(reports.iter().filter(|report| one_by_one || !matches!(report.gate, GateId::Constraint(_))))
}

/// What decides, of everything that was judged.
///
/// A single pass names every gate that failed, and so do windows, each once. Of several rounds the reference implementation names the number of rounds
/// run, whichever of them failed, and only what came after them by name; the strict profile adds the time box, which
/// is that of the whole run.
pub(super) fn verdict_of_run(config: &RunConfig, passes: &[Pass], ending: &Ending) -> Verdict {
    let ended = Verdict::of(&ending.reports);
    let mut gates: Vec<&GateId> = Vec::new();
    for gate in passes.iter().flat_map(|pass| pass.verdict.failed_gates()).chain(ended.failed_gates()) {
        // Of windows several may fail the same one.
        if config.windows.is_none() || !gates.contains(&gate) {
            gates.push(gate);
        }
    }
    if config.rounds.is_none() {
        return gates.into_iter().cloned().map(Failed::Gate).collect();
    }
    let round = match passes.len() {
        0 => Some(Failed::NoRounds),
        run => gates.iter().any(|gate| !gate.about().at_the_end).then_some(Failed::Round(run)),
    };
    let timed = config.profile == Profile::Strict;
    let late = [GateId::Kc1].into_iter().filter(|kc1| timed && gates.contains(&kc1));
    let at_the_end = gates.iter().filter(|gate| gate.about().at_the_end).map(|gate| (*gate).clone());
    round.into_iter().chain(late.chain(at_the_end).map(Failed::Gate)).collect()
}

/// Puts a report in the place of the one of the same gate, or at the end.
pub(super) fn replace(reports: &mut Vec<GateReport>, report: GateReport) {
    match reports.iter_mut().find(|earlier| earlier.gate == report.gate) {
        Some(earlier) => *earlier = report,
        None => reports.push(report),
    }
}
