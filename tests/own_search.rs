//! Optimizers that the code brings along are recorded and judged like any other, and cannot reach around the record.

use omega_lock::prelude::*;
use omega_lock::{Candidate, Declaration, OwnLoop, Proposer, Run, RunError, RunOutcome, Search, Trail};

fn bowl() -> FnTarget {
    let space = ParamSpace::new().float("x", -2.0..=2.0, 0.5).float("y", -2.0..=2.0, -1.0).int("n", 1..=4, 2);
    FnTarget::new(space, |params| {
        let (x, y) = (params.float("x")?, params.float("y")?);
        if x > 1.9 {
            return Err(TargetError::new("off the table"));
        }
        Ok(Evaluation::new(-(x - 1.0).powi(2) - 9.0 * y * y).samples(100))
    })
}

fn config(failures: u64) -> RunConfig {
    RunConfig {
        search: SearchMethod::Own { name: "spiral".to_owned() },
        max_failed_evaluations: failures,
        ..RunConfig::reference()
    }
}

fn run(config: &RunConfig, proposer: Proposer<'_>) -> (Result<RunOutcome, RunError>, Trail) {
    let target = bowl();
    let mut trail = Trail::new();
    let slices = Declaration::of("bowl", &target).with(Role::Test, &target);
    let declaration = Declaration { config: config.clone(), ..slices };
    let outcome = Run::of(&declaration).train(&target).test(&target).proposer(proposer).record(&mut trail).run();
    (outcome, trail)
}

/// Steps towards the middle.
fn spiral(own: &mut OwnLoop<'_>) -> Result<(), TargetError> {
    for step in 0..40 {
        let radius = 1.8 - 0.045 * f64::from(step);
        let angle = 0.7 * f64::from(step);
        let params = own.base().with("x", radius * angle.cos())?.with("y", radius * angle.sin())?;
        own.evaluate(&params)?;
    }
    Ok(())
}

#[test]
fn every_call_of_a_loop_is_a_recorded_candidate_and_the_best_is_selected() {
    let (outcome, trail) = run(&config(0), Proposer::Loop(&spiral));
    let outcome = outcome.expect("the run finishes");
    let candidates = &outcome.passes[0].candidates;
    assert_eq!(candidates.len(), 40);
    let searched = trail.rows().iter().filter(|row| row.context.phase.name() == "search").count();
    assert_eq!(searched, 40);
    let best = candidates.iter().filter_map(|candidate| candidate.fitness()).fold(f64::MIN, f64::max);
    assert_eq!(outcome.selected().and_then(|selected| selected.fitness()), Some(best));
    assert_eq!(outcome.passes[0].unlocked, ["x", "y", "n"], "a loop may move every parameter");
    assert!(outcome.report(&omega_lock::GateId::Kc4).is_some());
    assert!(outcome.warnings.iter().any(|warning| warning.starts_with("no holdout")), "{:?}", outcome.warnings);
}

#[test]
fn a_proposal_outside_of_the_space_is_refused_and_is_not_recorded() {
    let outside = |own: &mut OwnLoop<'_>| -> Result<(), TargetError> {
        let params = own.base().with("x", 50.0)?;
        own.evaluate(&params)?;
        Ok(())
    };
    let (outcome, trail) = run(&config(0), Proposer::Loop(&outside));
    let error = outcome.expect_err("the loop gave up");
    assert_eq!(error.to_string(), "the search gave up: parameter `x` has the value 50.0, expected float in -2.0..=2.0");
    assert!(trail.rows().iter().all(|row| row.params.float("x").is_ok_and(|x| x < 50.0)));
}

/// Proposes one change of the baseline, once.
struct Once(Option<Params>);

impl Search for Once {
    fn ask(&mut self, _: usize) -> Vec<Params> {
        self.0.take().into_iter().collect()
    }

    fn tell(&mut self, _: &[Candidate]) {}
}

#[test]
fn a_search_that_leaves_its_ranges_or_moves_a_locked_parameter_is_refused_and_not_recorded() {
    for (name, value, reason) in [
        ("y", Value::Float(7.0), "parameter `y` has the value 7.0, expected float in -2.0..=2.0"),
        ("n", Value::Int(3), "it moved `n` to 3, which is locked at its baseline"),
    ] {
        let make = move |_: &ParamSpace, base: &Params, unlocked: &[String]| {
            assert_eq!(unlocked, ["y"], "stress unlocks what matters most");
            Ok(Box::new(Once(Some(base.with(name, value.clone())?))) as Box<dyn Search>)
        };
        let (outcome, trail) = run(&RunConfig { unlock_k: 1, ..config(0) }, Proposer::Search(&make));
        assert_eq!(outcome.expect_err("refused").to_string(), format!("the search gave up: {reason}"));
        assert!(trail.rows().iter().all(|row| row.context.phase.name() != "search"), "{name}");
    }
}

/// Panics when it is asked, or when it is told.
struct Broken {
    asked: bool,
}

impl Search for Broken {
    fn ask(&mut self, _: usize) -> Vec<Params> {
        assert!(!self.asked, "no more ideas");
        vec![bowl().space().neutral()]
    }

    fn tell(&mut self, candidates: &[Candidate]) {
        panic!("{} answer is not enough", candidates.len());
    }
}

#[test]
fn an_optimizer_that_panics_ends_the_run_with_its_own_words() {
    let panics = |proposer: Proposer<'_>| {
        let (outcome, trail) = run(&config(0), proposer);
        let error = outcome.expect_err("there is no verdict");
        assert!(error.is_target_failure(), "{error}");
        (error.to_string(), trail.rows().iter().filter(|row| row.context.phase.name() == "search").count())
    };
    let broken_loop = |own: &mut OwnLoop<'_>| -> Result<(), TargetError> {
        let base = own.base().clone();
        own.evaluate(&base)?;
        panic!("index {} out of range", own.candidates().len());
    };
    let gave_up = |reason: &str| format!("the search gave up: panic: {reason}");
    assert_eq!(panics(Proposer::Loop(&broken_loop)), (gave_up("index 1 out of range"), 1));
    for (asked, reason, rows) in [(true, "no more ideas", 0), (false, "1 answer is not enough", 1)] {
        let make = move |_: &ParamSpace, _: &Params, _: &[String]| Ok(Box::new(Broken { asked }) as Box<dyn Search>);
        assert_eq!(panics(Proposer::Search(&make)), (gave_up(reason), rows));
    }
    let make = |_: &ParamSpace, _: &Params, unlocked: &[String]| panic!("{} axes are too many", unlocked.len());
    assert_eq!(panics(Proposer::Search(&make)), (gave_up("3 axes are too many"), 0));
}

#[test]
fn a_loop_cannot_carry_on_after_the_failure_that_was_one_too_many() {
    let stubborn = |own: &mut OwnLoop<'_>| -> Result<(), TargetError> {
        for x in [0.0, 1.95, 1.96, 1.0] {
            let params = own.base().with("x", x)?;
            // A loop that swallows the error still ends without a verdict.
            own.evaluate(&params).ok();
        }
        Ok(())
    };
    let (outcome, _) = run(&config(1), Proposer::Loop(&stubborn));
    let error = outcome.expect_err("the run has no verdict");
    assert!(error.is_target_failure());
    assert!(error.to_string().contains("which makes 2 failed where at most 1 may"), "{error}");
    let (outcome, _) = run(&config(2), Proposer::Loop(&stubborn));
    assert_eq!(outcome.expect("two failures are allowed").passes[0].candidates.len(), 4);
}

#[test]
fn a_declaration_of_an_own_search_without_one_is_refused() {
    let refused = run(&config(0), Proposer::Declared).0.expect_err("refused");
    assert_eq!(
        refused.to_string(),
        "`search.method` is \"own\", expected a declared search: the code brings none along"
    );
    let unnamed = RunConfig { search: SearchMethod::Own { name: String::new() }, ..RunConfig::reference() };
    assert!(unnamed.check().is_err(), "what can only be locked by name has a name");
}
