//! TPE where constraints bind: it learns from what breaks them, and proposes in batches where that is declared.
#![expect(clippy::expect_used, reason = "this is a test")]

use omega_lock::internals::audit::{Constraint, Trail};
use omega_lock::internals::declaration::Declaration;
use omega_lock::internals::objective::{Evaluation, FnTarget, ParamSpace, ParamSpec, Phase, Role};
use omega_lock::internals::pipeline::{ConstraintPolicy, RunConfig, SearchMethod};
use omega_lock::internals::run::Run;
use omega_lock::internals::search::tpe::TpeSampler;

/// A bowl whose bottom no constraint allows; what keeps them is a twelfth of the space.
fn amplifier() -> FnTarget {
    let space = ParamSpace::new()
        .float("gain", 0.0..=8.0, 4.0)
        .float("bias", -2.0..=2.0, 0.0)
        .param(ParamSpec::log_int("taps", 1..=64, 8))
        .param(ParamSpec::choice("mode", ["fast", "exact"], "fast"));
    FnTarget::new(space, |params| {
        let (gain, bias, taps) = (params.float("gain")?, params.float("bias")?, params.int("taps")? as f64);
        let offset = if params.choice("mode")? == "fast" { 0.0 } else { 0.3 };
        let fitness = -(gain - 7.0).powi(2) - (bias - 1.5).powi(2) - (taps.log2() - 5.0).powi(2) - offset;
        let evaluation = Evaluation::new(fitness).samples(100);
        Ok(evaluation.with_metric("power", gain + taps / 16.0).with_metric("delay", bias + taps.log2() / 2.0))
    })
}

fn constraints() -> Vec<Constraint> {
    vec![Constraint::below("power", "metadata.power", 3.0), Constraint::below("delay", "metadata.delay", 1.0)]
}

/// How many trials of the search kept the constraints, and the best fitness among them.
fn searched(search: SearchMethod, policy: ConstraintPolicy) -> (usize, f64) {
    let target = amplifier();
    let config = RunConfig { search, constraint_policy: policy, unlock_k: 4, ..RunConfig::default() };
    let mut trail = Trail::new();
    let declaration = Declaration { config, constraints: constraints(), ..Declaration::of("amplifier", &target) };
    Run::of(&declaration).train(&target).record(&mut trail).run().expect("a verdict");
    let kept = trail.rows().iter().filter(|row| row.context.phase == Phase::Search && row.context.role == Role::Train);
    let kept: Vec<f64> = kept
        .filter(|row| row.outcome.feasibility.is_feasible())
        .filter_map(|row| row.outcome.evaluation().map(|evaluation| evaluation.fitness))
        .collect();
    (kept.len(), kept.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    f64::midpoint(values[values.len() / 2 - 1], values[values.len() / 2])
}

#[test]
fn under_binding_constraints_tpe_keeps_them_more_often_than_random_draws_and_finds_better() {
    let over = |search: &dyn Fn(u64) -> SearchMethod| {
        let found: Vec<(usize, f64)> = (0..20).map(|seed| searched(search(seed), ConstraintPolicy::HardFail)).collect();
        let kept = median(found.iter().map(|(kept, _)| *kept as f64).collect());
        (kept, median(found.iter().map(|(_, best)| *best).collect()))
    };
    let (random, at_random) = over(&|seed| SearchMethod::Random { samples: 150, seed });
    for batch in [1, 8] {
        for sampler in TpeSampler::ALL {
            let (kept, best) = over(&|seed| SearchMethod::Tpe { trials: 150, seed, batch, sampler });
            assert!(kept > 2.0 * random, "{sampler}, batch {batch}: {kept} of 150, random {random}");
            assert!(best > at_random, "{sampler}, batch {batch}: {best}, random {at_random}");
        }
    }
}

#[test]
fn constraints_that_are_only_recorded_do_not_steer_the_search() {
    let tpe = || SearchMethod::tpe(60, 7);
    let (recorded, _) = searched(tpe(), ConstraintPolicy::Record);
    let (preferred, _) = searched(tpe(), ConstraintPolicy::PreferFeasible);
    assert!(preferred > recorded, "{preferred} against {recorded}");
}
