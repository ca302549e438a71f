//! A published optimizer (the crate `tpe`) through both doors, judged by the same gates as a search of ours.
//!
//! First it is asked and told. Then it runs a loop of its own and calls the objective itself. Either way every call is
//! on record, and what it found on the amplifier is luck: the gate says so.
//!
//! ```console
//! $ cargo run --example bring_your_own
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it found")]

use std::error::Error;

use omega_lock::keyholes::Amplifier;
use omega_lock::prelude::*;
use omega_lock::{
    Candidate, Declaration, Generator, OwnLoop, ParamError, ParamKind, Proposer, Run, RunOutcome, Search, Trail,
};
use tpe::{TpeOptimizer, parzen_estimator, range};

const TRIALS: usize = 150;

/// One optimizer per parameter, drawing from one generator.
struct ParameterWise {
    optimizers: Vec<(String, TpeOptimizer)>,
    draws: Generator,
    base: Params,
    left: usize,
}

impl ParameterWise {
    fn new(space: &ParamSpace, base: &Params, names: &[String]) -> Result<Self, ParamError> {
        let mut optimizers = Vec::new();
        for name in names {
            // The amplifier has real parameters only.
            if let ParamKind::Float { low, high, .. } = space.get(name)?.kind {
                let range = range(low, high + f64::EPSILON * high.abs());
                optimizers.extend(range.map(|range| (name.clone(), TpeOptimizer::new(parzen_estimator(), range))));
            }
        }
        Ok(Self { optimizers, draws: Generator::new(7), base: base.clone(), left: TRIALS })
    }

    fn propose(&mut self) -> Option<Params> {
        self.left = self.left.checked_sub(1)?;
        let mut params = self.base.clone();
        for (name, optimizer) in &mut self.optimizers {
            let value = optimizer.ask(&mut self.draws).ok()?;
            params = params.with(name, value).ok()?;
        }
        Some(params)
    }

    /// The optimizer minimises.
    fn learn(&mut self, params: &Params, fitness: f64) {
        for (name, optimizer) in &mut self.optimizers {
            if let Ok(value) = params.float(name) {
                // A fitness that is not a number teaches nothing.
                optimizer.tell(value, -fitness).ok();
            }
        }
    }
}

/// The first door: ask and tell.
impl Search for ParameterWise {
    fn ask(&mut self, _: usize) -> Vec<Params> {
        self.propose().into_iter().collect()
    }

    fn tell(&mut self, candidates: &[Candidate]) {
        for candidate in candidates {
            self.learn(&candidate.params, candidate.fitness().unwrap_or(f64::NAN));
        }
    }
}

/// The second door: a plain loop that calls the objective.
fn own_loop(objective: &mut OwnLoop<'_>) -> Result<(), TargetError> {
    let names: Vec<String> = objective.space().specs().iter().map(|spec| spec.name.clone()).collect();
    let mut optimizer = ParameterWise::new(objective.space(), objective.base(), &names)?;
    while let Some(params) = optimizer.propose() {
        let outcome = objective.evaluate(&params)?;
        optimizer.learn(&params, outcome.evaluation().map_or(f64::NAN, |evaluation| evaluation.fitness));
    }
    Ok(())
}

fn run(name: &str, proposer: Proposer<'_>) -> Result<(RunOutcome, Trail), Box<dyn Error>> {
    let (train, test) = (Amplifier::new(2026), Amplifier::new(2027));
    let mut config = RunConfig {
        unlock_k: 2,
        search: SearchMethod::Own { name: format!("tpe 0.3, {TRIALS} trials, {name}") },
        thresholds: Thresholds::pure_objective(),
        ..RunConfig::default()
    };
    // How much a winner may lose on other data is for its owner to say.
    config.strict.max_drop = Some(1.0);
    let mut trail = Trail::new();
    let declaration = Declaration { config, ..Declaration::of("amplifier", &train).with(Role::Test, &test) };
    let outcome = Run::of(&declaration).train(&train).test(&test).proposer(proposer).record(&mut trail).run()?;
    let best = outcome.selected().ok_or("a candidate is selected")?;
    println!("{name}: {} with fitness {:.3}", best.params, best.fitness().unwrap_or(f64::NAN));
    for report in outcome.reports() {
        println!("  {:<13} {}", report.gate.id(), report.message);
    }
    for warning in &outcome.warnings {
        println!("  note   {warning}");
    }
    println!("  {}\n", outcome.verdict);
    Ok((outcome, trail))
}

fn main() -> Result<(), Box<dyn Error>> {
    let make = |space: &ParamSpace, base: &Params, unlocked: &[String]| {
        ParameterWise::new(space, base, unlocked).map(|search| Box::new(search) as Box<dyn Search>)
    };
    for (name, proposer) in [("asked and told", Proposer::Search(&make)), ("its own loop", Proposer::Loop(&own_loop))] {
        let (outcome, trail) = run(name, proposer)?;
        assert_eq!(outcome.passes[0].candidates.len(), TRIALS, "every call of the optimizer is a candidate");
        assert_eq!(trail.rows().len() as u64, outcome.counts.total, "and every evaluation is on record");
        let best = outcome.selected().ok_or("a candidate is selected")?;
        assert!(best.params.float("gain")? > 6.0, "what wins is luck from beyond the rating");
        assert_eq!(outcome.verdict.to_string(), "FAIL:TRANSFER,SELECTED");
        assert!(outcome.warnings.iter().any(|warning| warning.starts_with("no holdout")), "and nothing is certified");
    }
    Ok(())
}
