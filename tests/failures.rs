//! What a failed gate of the strict profile says of its cause, seen through a run.

use std::sync::atomic::{AtomicU64, Ordering};

use omega_lock::internals::declaration::Tolerance;
use omega_lock::internals::gates::{GateId, GateReport, GateStatus};
use omega_lock::internals::pipeline::RunOutcome;
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run};

fn space() -> ParamSpace {
    ParamSpace::new().float("x", 0.0..=1.0, 0.5).float("y", 0.0..=1.0, 0.5)
}

/// Two slopes, with as many samples as the slice is long.
fn slopes(samples: u64) -> FnTarget {
    FnTarget::new(space(), move |params| {
        Ok(Evaluation::new(params.float("x")? + 3.0 * params.float("y")?).samples(samples))
    })
}

/// Random draws over both parameters, of which KC-2 asks nothing.
fn config(samples: u64) -> RunConfig {
    let thresholds = Thresholds { gini_min: 0.0, top_bot_ratio_min: 0.0, ..Thresholds::default() };
    RunConfig { search: SearchMethod::Random { samples, seed: 5 }, unlock_k: 2, thresholds, ..RunConfig::default() }
}

fn judged(outcome: &RunOutcome, gate: GateId) -> &GateReport {
    outcome.report(&gate).expect("it was judged")
}

#[test]
fn a_shorter_test_slice_is_told_from_overfit_with_the_scale_that_its_length_suggests() {
    let (train, test) = (slopes(900), slopes(300));
    let mut declaration =
        Declaration { config: config(60), ..Declaration::of("slopes", &train).with(Role::Test, &test) };
    let run = |declaration: &Declaration| Run::of(declaration).train(&train).test(&test).run().expect("a verdict");
    let failed = run(&declaration);
    let kc4 = judged(&failed, GateId::Kc4);
    assert_eq!(kc4.status, GateStatus::Fail);
    assert!(kc4.message.contains("trade_ratio=0.333<0.5"), "{}", kc4.message);
    assert!(
        kc4.message.ends_with("if test is that much shorter, `walk_forward.trade_ratio_scale = 0.333`"),
        "{}",
        kc4.message
    );
    declaration.config.sample_ratio_scale = 0.333;
    assert_eq!(judged(&run(&declaration), GateId::Kc4).status, GateStatus::Pass);
}

#[test]
fn a_winner_that_acts_less_often_on_a_slice_as_long_is_not_offered_a_scale() {
    // On test only small values of `y` act.
    let train = slopes(900);
    let test = FnTarget::new(space(), |params| {
        let (x, y) = (params.float("x")?, params.float("y")?);
        Ok(Evaluation::new(x + 3.0 * y).samples(if y > 0.7 { 200 } else { 880 }))
    });
    let declaration = Declaration { config: config(60), ..Declaration::of("slopes", &train).with(Role::Test, &test) };
    let outcome = Run::of(&declaration).train(&train).test(&test).run().expect("a verdict");
    let message = &judged(&outcome, GateId::Kc4).message;
    assert!(
        message.ends_with("the baseline has 880 on test and 900 on train, so the length of test is not why"),
        "{message}"
    );
}

/// Slopes that also say how long the evaluation took, by a clock of the test's own.
fn timed(named: &'static str) -> impl Target + Sync {
    let calls = AtomicU64::new(0);
    FnTarget::new(space(), move |params| {
        let call = calls.fetch_add(1, Ordering::SeqCst);
        let fitness = params.float("x")? + 3.0 * params.float("y")?;
        Ok(Evaluation::new(fitness).samples(900).with_metric(named, 2.5 + call as f64))
    })
}

#[test]
fn every_metric_that_a_constraint_or_a_tolerance_reads_has_to_repeat_itself() {
    let tolerance = |absolute: f64| Tolerance { absolute, ..Tolerance::of_metric("metadata.latency_us") };
    let constraint = || vec![Constraint::below("fast", "metadata.latency_us", 1e6)];
    let closure = || vec![Constraint::opaque("fast", |_, seen| seen.metadata["latency_us"].as_f64() < Some(30.0))];
    // What is declared, and whether that lets the metric pass.
    let cases = [
        (constraint(), None, 0.0, GateStatus::Fail),
        (constraint(), None, 9.0, GateStatus::Fail),
        (constraint(), Some(tolerance(500.0)), 0.0, GateStatus::Pass),
        (constraint(), Some(tolerance(3.0)), 0.0, GateStatus::Fail),
        (Vec::new(), Some(tolerance(3.0)), 0.0, GateStatus::Fail),
        (Vec::new(), None, 0.0, GateStatus::Pass),
        (closure(), None, 0.0, GateStatus::Fail),
    ];
    for (place, (constraints, tolerance, noise, expected)) in cases.into_iter().enumerate() {
        let train = timed("latency_us");
        let mut declaration = Declaration { config: config(40), constraints, ..Declaration::of("timed", &train) };
        declaration.config.strict.noise = noise;
        declaration.config.constraint_policy = ConstraintPolicy::Record;
        let declared = tolerance.map(|tolerance| ("metadata.latency_us".to_owned(), tolerance));
        declaration.acceptance.tolerances.extend(declared);
        let outcome = Run::of(&declaration).train(&train).run().expect("a verdict");
        let report = judged(&outcome, GateId::Deterministic);
        assert_eq!(report.status, expected, "case {place}: {}", report.message);
        let named = ["metadata.latency_us is 2.5 and again ", "constraint fast is satisfied and again violated"];
        assert_eq!(
            named.iter().any(|words| report.message.contains(words)),
            expected == GateStatus::Fail,
            "case {place}"
        );
    }
}

#[test]
fn blocks_have_to_repeat_themselves_where_they_decide() {
    let calls = AtomicU64::new(0);
    let drifting = move |params: &Params| {
        let (call, fitness) =
            (calls.fetch_add(1, Ordering::SeqCst) as f64, params.float("x")? + 3.0 * params.float("y")?);
        Ok(Evaluation::new(fitness).samples(900).blocks(vec![fitness, fitness, fitness + call, fitness, fitness]))
    };
    let train = FnTarget::new(space(), drifting);
    let test = FnTarget::new(space(), |params| {
        let fitness = params.float("x")? + 3.0 * params.float("y")?;
        Ok(Evaluation::new(fitness).samples(900).blocks(vec![fitness; 5]))
    });
    let mut declaration =
        Declaration { config: config(40), ..Declaration::of("drift", &train).with(Role::Test, &test) };
    for (blocks, expected) in [(Some(5), GateStatus::Fail), (None, GateStatus::Pass)] {
        declaration.config.blocks = blocks;
        let outcome = Run::of(&declaration).train(&train).test(&test).run().expect("a verdict");
        let report = judged(&outcome, GateId::Deterministic);
        assert_eq!((report.status, report.message.contains("; block 3 is ")), (expected, blocks.is_some()));
    }
}

#[test]
fn what_was_tried_is_counted_by_what_became_of_it() {
    let train = FnTarget::new(space(), |params| {
        let (x, y) = (params.float("x")?, params.float("y")?);
        match x {
            _ if x < 0.2 => Err(TargetError::new("no data")),
            _ if x > 0.8 => Err(TargetError::not_applicable("x and y overlap")),
            _ => Ok(Evaluation::new(x + 3.0 * y).samples(900).with_metric("y", y)),
        }
    });
    let config =
        RunConfig { search: SearchMethod::Grid { points_per_axis: 11 }, max_failed_evaluations: 1_000, ..config(0) };
    let constraints = vec![Constraint::below("low", "metadata.y", 0.15)];
    let declaration = Declaration { config, constraints, ..Declaration::of("counted", &train) };
    let outcome = Run::of(&declaration).train(&train).run().expect("a verdict");
    let searched = judged(&outcome, GateId::Searched);
    // Of 11 values of x two fail and two do not go together; of 11 of y two are low.
    assert_eq!(
        searched.message,
        "PASS: 14 distinct eligible candidates over 2 parameters (of 99 tried, 63 violate a constraint, 22 failed; 22 more not \
         applicable)"
    );
}

#[test]
fn a_lead_of_all_eligible_candidates_is_told_where_it_fails() {
    let noise = |seed: f64| {
        FnTarget::new(space(), move |params| {
            let (x, y) = (params.float("x")?, params.float("y")?);
            Ok(Evaluation::new((1e4 * (x * seed + y)).sin()).samples(900))
        })
    };
    let (train, test) = (noise(3.1), noise(7.7));
    let says = |samples: u64| {
        let declaration =
            Declaration { config: config(samples), ..Declaration::of("noise", &train).with(Role::Test, &test) };
        let outcome = Run::of(&declaration).train(&train).test(&test).run().expect("a verdict");
        assert_eq!(judged(&outcome, GateId::Searched).status, GateStatus::Pass);
        judged(&outcome, GateId::Transfer).message.contains("lead has all of the 10 eligible candidates in it")
    };
    assert_eq!((says(10), says(11)), (true, false));
}

#[test]
fn a_parameter_of_which_no_step_goes_together_says_that_its_stress_is_not_known() {
    let train = FnTarget::new(space(), |params| {
        let (x, y) = (params.float("x")?, params.float("y")?);
        if x != 0.5 && y == 0.5 {
            return Err(TargetError::not_applicable("x moves with y only"));
        }
        Ok(Evaluation::new(x + 3.0 * y).samples(900))
    });
    let declaration = Declaration { config: config(40), ..Declaration::of("tied", &train) };
    let outcome = Run::of(&declaration).train(&train).run().expect("a verdict");
    let told = "no step of `x` away from the baseline goes together with the rest of it, so its stress is not known";
    assert!(outcome.warnings.iter().any(|warning| warning.starts_with(told)), "{:?}", outcome.warnings);
    assert!(outcome.warnings.iter().all(|warning| !warning.contains("`y`")), "{:?}", outcome.warnings);
}
