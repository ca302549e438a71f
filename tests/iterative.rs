//! What iterative runs have beyond the Python package: constraints, holdout modes and a record that knows its rounds.

use std::cell::Cell;
use std::time::Duration;

use omega_lock::internals::pipeline::{GateResult, OwnLoop, RunError, RunOutcome, StopReason, declared_gates};
use omega_lock::internals::search::{RandomSearch, Search};
use omega_lock::keyholes::PhantomKeyhole;
use omega_lock::prelude::*;
use omega_lock::{Clock, Declaration, GateId, Phase, Run, RunResult, Trail};

/// Thresholds under which every round passes.
fn lenient() -> Thresholds {
    Thresholds { gini_min: 0.0, top_bot_ratio_min: 0.0, pearson_min: -1.0, ..Thresholds::pure_objective() }
}

fn config(round: RunConfig) -> RunConfig {
    RunConfig { rounds: Some(Rounds { min_improvement: -1e9, ..Rounds::default() }), ..round }
}

/// Three seeds of one signal.
fn slices() -> [PhantomKeyhole; 3] {
    [42, 1337, 9].map(PhantomKeyhole::new)
}

fn declaration(config: &RunConfig, constraints: &[Constraint]) -> Declaration {
    let [train, test, holdout] = slices();
    Declaration {
        config: config.clone(),
        constraints: constraints.to_vec(),
        ..Declaration::of("phantom", &train).with(Role::Test, &test).with(Role::Holdout, &holdout)
    }
}

fn run(config: &RunConfig, constraints: &[Constraint]) -> (RunOutcome, Trail) {
    run_timed(config, constraints, &())
}

fn run_timed(config: &RunConfig, constraints: &[Constraint], clock: &dyn Clock) -> (RunOutcome, Trail) {
    let [train, test, holdout] = slices();
    let declaration = declaration(config, constraints);
    let mut trail = Trail::new();
    let run = Run::of(&declaration).train(&train).test(&test).holdout(&holdout).threads(2);
    let outcome = run.record(&mut trail).clock(clock).run().expect("the run finishes");
    (outcome, trail)
}

fn shipped(outcome: &RunOutcome) -> &Params {
    outcome.shipped.as_ref().expect("a round was run")
}

/// What became of a gate, in words.
fn shown(outcome: &RunOutcome, gate: &GateId, constraints: &[Constraint]) -> (Option<u32>, String) {
    let names = constraints.iter().map(|constraint| constraint.name.as_str());
    let gates = declared_gates(&outcome.config, |_| true, names);
    let declared = gates.iter().find(|declared| declared.gate == *gate).expect("the gate is declared");
    let (round, result) = outcome.result_of(declared);
    let text = match &result {
        GateResult::Judged(report) => report.message.clone(),
        GateResult::Blocked(by) => format!("blocked by {by}"),
        GateResult::Unreached(reason) | GateResult::Skipped(reason) => (*reason).to_owned(),
    };
    assert!(!result.is_failure() || !outcome.verdict.is_pass(), "{gate} failed in a run that passed");
    (round, text)
}

#[test]
fn the_first_round_is_a_single_pass_of_its_own() {
    let round = RunConfig { thresholds: lenient(), ..RunConfig::reference() };
    let (outcome, _) = run(&config(round.clone()), &[]);
    let (mut alone, _) = run(&round, &[]);
    assert_eq!((alone.passes.len(), alone.stop_reason), (1, None));
    let mut alone = alone.passes.remove(0);
    let first = &outcome.passes[0];
    assert_eq!((alone.number, first.number), (0, 1));
    // What there is to know of a single pass is said of the run.
    (alone.number, alone.warnings) = (first.number, first.warnings.clone());
    assert_eq!(format!("{first:?}"), format!("{alone:?}"));
}

#[test]
fn every_evaluation_is_recorded_under_its_round_and_the_holdout_is_seen_once_at_the_end() {
    let round = RunConfig { thresholds: lenient(), sc2: true, ..RunConfig::reference() };
    let (outcome, trail) = run(&config(round), &[]);
    assert_eq!((outcome.passes.len(), outcome.stop_reason), (3, Some(StopReason::MaxRounds)));
    let (last, before) = trail.rows().split_last().expect("rows");
    assert_eq!((last.context.role, last.context.phase, last.context.round), (Role::Holdout, Phase::Holdout, 0));
    assert_eq!(Some(&last.params), outcome.shipped.as_ref());
    assert!(before.is_sorted_by_key(|row| row.context.round) && before[0].context.round == 1);
    assert!(before.iter().all(|row| row.context.role != Role::Holdout && row.context.round > 0));
    assert!(outcome.passes.iter().all(|round| round.report(&GateId::Holdout).is_none()));
    for round in &outcome.passes {
        let own = || before.iter().filter(|row| row.context.round == round.number);
        assert_eq!(
            own().next().map(|row| (row.context.phase, &row.params)),
            Some((Phase::Baseline, &round.base_params))
        );
        let searched = own().filter(|row| row.context.phase == Phase::Search).count();
        assert_eq!(searched, round.candidates.len());
    }
    assert_eq!(outcome.counts.total, trail.rows().len() as u64);
}

#[test]
fn a_constraint_decides_what_a_round_selects_and_locks_in() {
    let constraints = [Constraint::below("short", "params.window", 3.0)];
    let round = RunConfig { thresholds: lenient(), unlock_k: 6, search: three_points(), ..RunConfig::reference() };
    let with = |constraint_policy| RunConfig { constraint_policy, ..round.clone() };
    let (recorded, _) = run(&config(with(ConstraintPolicy::Record)), &constraints);
    assert!(recorded.verdict.is_pass(), "violations are only recorded");
    let last = recorded.last().map(|round| round.number);
    assert_eq!(shown(&recorded, &GateId::Constraint("short".to_owned()), &constraints).0, last);
    let (outcome, _) = run(&config(with(ConstraintPolicy::HardFail)), &constraints);
    assert_eq!(outcome.verdict.to_string(), "FAIL:round1");
    assert_eq!(outcome.stop_reason, Some(StopReason::GateFailed));
    let (place, text) = shown(&outcome, &GateId::Constraints, &constraints);
    assert_eq!(place, Some(1));
    assert!(text.starts_with("every grid candidate violated"), "{text}");
    assert!(outcome.locked_in.is_empty(), "nothing of a round that failed is locked in");
    assert_eq!(outcome.shipped.as_ref(), Some(&outcome.base_params));

    let longer = [Constraint::above("long", "params.window", 20.0)];
    let (free, _) = run(&config(with(ConstraintPolicy::Record)), &longer);
    let (bound, _) = run(&config(with(ConstraintPolicy::PreferFeasible)), &longer);
    assert!(shipped(&free).int("window").expect("an int") <= 20, "the best of all is infeasible");
    assert!(shipped(&bound).int("window").expect("an int") > 20);
}

#[test]
fn a_holdout_in_gate_mode_decides_beside_the_rounds() {
    let rule =
        |min_fitness| HoldoutRule { mode: HoldoutMode::Gate, min_fitness: Some(min_fitness), min_sample_ratio: None };
    let round = RunConfig { thresholds: lenient(), ..RunConfig::reference() };
    let (outcome, _) = run(&config(RunConfig { holdout: rule(1e6), ..round.clone() }), &[]);
    assert_eq!(outcome.verdict.to_string(), "FAIL:HOLDOUT");
    let (place, text) = shown(&outcome, &GateId::Holdout, &[]);
    assert_eq!(place, None, "the holdout belongs to no round");
    assert!(text.starts_with("FAIL: fitness 29"), "{text}");
    let (outcome, _) = run(&config(RunConfig { holdout: rule(5.0), ..round.clone() }), &[]);
    assert_eq!(outcome.verdict.to_string(), "PASS");
    let failing = RunConfig { thresholds: Thresholds { gini_min: 0.99, ..lenient() }, ..round };
    let (outcome, _) = run(&config(RunConfig { holdout: rule(5.0), ..failing }), &[]);
    assert_eq!(outcome.verdict.to_string(), "FAIL:round1,HOLDOUT", "what was not tuned does not hold up");
    assert_eq!(shown(&outcome, &GateId::Kc4, &[]), (Some(1), "blocked by kc2".to_owned()));
}

#[test]
fn a_gate_that_failed_in_an_earlier_round_fails_and_is_shown_with_that_round() {
    let mut config = config(RunConfig { thresholds: lenient(), ..RunConfig::reference() });
    config.rounds.as_mut().expect("rounds").stop_on_kc_fail = false;
    // Hardly anything is traded at this baseline, and enough once alpha is tuned.
    config.base_params = Some(PhantomKeyhole::new(42).space().neutral().with("alpha", 1.0).expect("a parameter"));
    config.thresholds.samples_min = Some(50);
    let (outcome, _) = run(&config, &[]);
    let verdicts: Vec<String> = outcome.passes.iter().map(|round| round.verdict.to_string()).collect();
    assert_eq!(verdicts, ["FAIL:KC-3", "PASS", "PASS"], "as the peer's D42");
    assert_eq!(outcome.verdict.to_string(), "FAIL:round3", "the peer's label is the number of rounds");
    assert_eq!(shown(&outcome, &GateId::Kc3, &[]).0, Some(1));
    assert_eq!(shown(&outcome, &GateId::Kc2, &[]).0, Some(3));
}

#[test]
fn without_a_round_no_gate_passes_and_the_holdout_stays_closed() {
    let (outcome, trail) = run(&config(RunConfig { unlock_k: 13, ..RunConfig::reference() }), &[]);
    assert_eq!(outcome.verdict.to_string(), "FAIL:no_rounds");
    assert_eq!((outcome.stop_reason, trail.rows().len()), (Some(StopReason::TooFewParams), 0));
    for gate in [GateId::Kc1, GateId::Kc2, GateId::Kc3, GateId::Kc4, GateId::Holdout] {
        assert_eq!(shown(&outcome, &gate, &[]).1, "no round was run: there are fewer parameters than `unlock_k`");
    }
}

#[test]
fn the_declared_baseline_and_subset_bound_the_descent() {
    let space = PhantomKeyhole::new(42).space();
    let names = ["window", "alpha", "decoy_mag", "long_mode"].map(str::to_owned).to_vec();
    let mut round = RunConfig { unlock_k: 2, thresholds: lenient(), ..RunConfig::reference() };
    round.base_params = Some(space.neutral().with("decoy_exp", 7).expect("a parameter"));
    round.stress.subset = Some(names.clone());
    let mut config = config(round);
    // Candidates that score alike have no correlation.
    config.rounds.as_mut().expect("rounds").stop_on_kc_fail = false;
    let (outcome, _) = run(&config, &[]);
    assert_eq!((outcome.passes.len(), outcome.stop_reason), (2, Some(StopReason::TooFewParams)));
    let mut locked: Vec<String> = outcome.locked_in.concat();
    locked.sort();
    assert_eq!(locked, ["alpha", "decoy_mag", "long_mode", "window"]);
    assert_eq!(shipped(&outcome).int("decoy_exp").expect("an int"), 7);
}

/// A clock that moves by a second with every look at it.
#[derive(Default)]
struct Ticking(Cell<u64>);

impl Clock for Ticking {
    fn elapsed(&self) -> Duration {
        self.0.set(self.0.get() + 1);
        Duration::from_secs(self.0.get())
    }
}

#[test]
fn each_round_is_held_against_the_time_box_by_its_own_time() {
    let mut round = RunConfig { thresholds: lenient(), ..RunConfig::reference() };
    round.thresholds.time_box_seconds = 1.0;
    let (outcome, _) = run_timed(&config(round), &[], &Ticking::default());
    assert!(outcome.verdict.is_pass(), "three rounds of a second each keep a box of one");
    assert_eq!(outcome.passes.len(), 3);
}

#[test]
fn a_result_read_back_is_the_one_that_was_written_whichever_pipeline_it_is_of() {
    let round = RunConfig { thresholds: Thresholds { gini_min: 0.99, ..lenient() }, ..RunConfig::reference() };
    let (outcome, _) = run(&config(round.clone()), &[]);
    let result = RunResult::new(&declaration(&outcome.config, &[]), &outcome);
    assert!(result.passes[0].selected.is_none(), "KC-2 left no candidate");
    let p1 = RunResult::new(&declaration(&round, &[]), &run(&round, &[]).0);
    assert_ne!(p1.declaration_digest, result.declaration_digest);
    for written in [result, p1] {
        let text = serde_json::to_string(&written).expect("a result is JSON");
        let read: RunResult = serde_json::from_str(&text).expect("the same result");
        assert_eq!(read, written);
        assert_eq!(serde_json::to_string(&read).expect("a result is JSON"), text, "keys in their order");
    }
}

#[test]
fn a_search_that_the_code_brings_along_is_made_anew_for_what_each_round_unlocks() {
    let target = PhantomKeyhole::new(42);
    let round = RunConfig {
        search: SearchMethod::Own { name: "draws(30)".to_owned() },
        thresholds: lenient(),
        ..RunConfig::reference()
    };
    let make = |space: &ParamSpace, base: &Params, unlocked: &[String]| -> Result<Box<dyn Search>, _> {
        Ok(Box::new(RandomSearch::new(space, base, unlocked, 30, 5)?))
    };
    let declaration = Declaration { config: config(round), ..Declaration::of("phantom", &target) };
    let outcome = Run::of(&declaration).train(&target).search(&make).run().expect("a run");
    assert_eq!(outcome.passes.len(), 3);
    for (index, round) in outcome.passes.iter().enumerate() {
        assert_eq!(round.candidates.len(), 30);
        assert_eq!(round.unlocked, outcome.locked_in[index]);
        let selected = round.selected.as_ref().expect("a candidate");
        let next = outcome.passes.get(index + 1).map_or(shipped(&outcome), |next| &next.base_params);
        assert_eq!(selected.params, *next, "the next round starts from what this one selected");
    }
}

#[test]
fn a_loop_over_all_parameters_is_no_search_for_rounds() {
    let target = PhantomKeyhole::new(42);
    let mut trail = Trail::new();
    let config = config(RunConfig { search: SearchMethod::Own { name: "all".to_owned() }, ..RunConfig::reference() });
    let all = |_: &mut OwnLoop<'_>| -> Result<(), TargetError> { Ok(()) };
    let declaration = Declaration { config, ..Declaration::of("phantom", &target) };
    let refused = Run::of(&declaration).train(&target).own_loop(&all).record(&mut trail).run().expect_err("refused");
    assert!(matches!(refused, RunError::Config(_)));
    assert!(refused.to_string().starts_with("`search.method` is \"own\", expected a search over unlocked parameters"));
    assert!(trail.rows().is_empty());
}

fn three_points() -> SearchMethod {
    SearchMethod::Grid { points_per_axis: 3 }
}
