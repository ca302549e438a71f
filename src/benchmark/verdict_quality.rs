//! How often a verdict is right: simulated calibrations whose truth is known, judged by the gates as they stand.
//!
//! Two kinds. *Simulated candidates* are 125 train and test values with a known correlation, judged by `transfer` and by
//! KC-4 alone. *The phantom keyhole* is calibrated whole, under the strict profile with its null version, once with its
//! real labels and once with permuted ones, in which there is nothing to find.

use crate::audit::{AuditedEvaluator, Lend, Subject, Trail};
use crate::gates::{
    GateId, GateStatus, StrictRules, Thresholds, Transfer, TransferLevel, TransferSample, judge_kc4, judge_transfer,
};
use crate::keyholes::PhantomKeyhole;
use crate::objective::{Role, Target};
use crate::pipeline::{Recipe, RunConfig, RunError, SearchMethod, run};
use crate::rng::Generator;
use crate::stats::{descending, even_places};

/// How many of how many calibrations passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PassRate {
    /// Those that passed.
    pub passed: u64,
    /// All of them.
    pub of: u64,
}

impl PassRate {
    /// The share that passed, from 0 to 1; NaN without any.
    pub fn share(self) -> f64 {
        self.passed as f64 / self.of as f64
    }

    fn count(&mut self, passed: bool) {
        self.passed += u64::from(passed);
        self.of += 1;
    }
}

/// Pass rates of the strict judgement, and of KC-4's correlation alone beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VerdictQuality {
    /// The gate `transfer`, or the whole strict profile.
    pub strict: PassRate,
    /// KC-4's correlation of the ten best on train.
    pub kc4: PassRate,
}

/// Where simulated candidates come from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Simulated {
    /// Train and test share this part of their variance, which is their correlation: 0 is pure noise.
    Correlated(f64),
    /// Ten candidates know train by heart (4 above on train, 1 below on test), the others are correlated by .8.
    Leaked,
}

/// Candidates of one simulated calibration.
const CANDIDATES: usize = 125;
/// Of these, those that leak.
const LEAKED: usize = 10;

/// Judges as many simulated calibrations, with the seeds 0, 1, ..
pub fn simulated(kind: Simulated, calibrations: u64) -> VerdictQuality {
    let (mut quality, rules) = (VerdictQuality::default(), StrictRules::default());
    for seed in 0..calibrations {
        let mut generator = Generator::new(seed);
        let (rho, leaked) = match kind {
            Simulated::Correlated(rho) => (rho, 0),
            Simulated::Leaked => (0.8, LEAKED),
        };
        let mut pair = || correlated(rho, &mut generator);
        let mut candidates: Vec<(f64, f64)> = (leaked..CANDIDATES).map(|_| pair()).collect();
        let draws: Vec<f64> = (0..rules.transfer.lead_draws).map(|_| pair().1).collect();
        for _ in 0..leaked {
            candidates.push((4.0 + generator.standard_normal(), generator.standard_normal() - 1.0));
        }
        candidates.sort_by(|a, b| descending(a.0, b.0));
        let (train, test): (Vec<f64>, Vec<f64>) = candidates.iter().take(10).copied().unzip();
        let kc4 = judge_kc4(&train, &test, 1.0, &Thresholds::pure_objective());
        quality.kc4.count(kc4.status == GateStatus::Pass);
        let places = even_places(CANDIDATES, rules.transfer.rank_points);
        let sample = TransferSample {
            ranked: places.into_iter().map(|place| (candidates[place].0, Some(candidates[place].1))).collect(),
            lead: candidates.iter().take(rules.transfer.lead_top).map(|candidate| Some(candidate.1)).collect(),
            draws,
            places: None,
        };
        let level =
            TransferLevel { alpha: rules.transfer.alpha, permutations: rules.transfer.permutations, seed: rules.seed };
        quality.strict.count(judge_transfer(sample, level).status == GateStatus::Pass);
    }
    quality
}

/// Train and test fitness that share `rho` of their variance.
fn correlated(rho: f64, generator: &mut Generator) -> (f64, f64) {
    let signal = rho.sqrt() * generator.standard_normal();
    let mut noisy = || signal + (1.0 - rho).sqrt() * generator.standard_normal();
    (noisy(), noisy())
}

/// Whether the labels of a keyhole say anything of its observations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// As they were drawn.
    Real,
    /// In another order.
    Permuted,
}

/// Calibrates the phantom keyhole once for each seed, without action counts: train and test are two series of their own,
/// and `search` may take its seed from the calibration's.
///
/// # Errors
/// If an evaluation failed, which none does.
pub fn phantom(
    search: impl Fn(u64) -> SearchMethod,
    labels: Labels,
    seeds: std::ops::Range<u64>,
) -> Result<VerdictQuality, RunError> {
    let mut quality = VerdictQuality::default();
    for seed in seeds {
        let slice = |number: u64| {
            let target = PhantomKeyhole::new(100_000 + 2 * seed + number);
            match labels {
                Labels::Real => target,
                // Seeds that no null run uses.
                Labels::Permuted => target.permuted(1_000_000 + number),
            }
        };
        let (train, test) = (slice(0), slice(1));
        let config = RunConfig {
            search: search(seed),
            thresholds: Thresholds::pure_objective(),
            null_declared: true,
            ..RunConfig::default()
        };
        let null = |seed: u64, lend: &mut Lend<'_>| {
            let (train, test) = (train.clone().permuted(seed), test.clone().permuted(seed));
            lend(&[(Role::Train, Subject::Parallel(&train)), (Role::Test, Subject::Parallel(&test))]);
            Ok(())
        };
        let mut trail = Trail::new();
        let mut evaluator = AuditedEvaluator::new(Subject::Parallel(&train), &[], &mut trail)
            .and_then(|evaluator| evaluator.with(Role::Test, Subject::Parallel(&test)))?
            .null(&null);
        let outcome = run(Recipe::new(&config, &train.space(), &[]), &mut evaluator, &mut (), &())?;
        quality.strict.count(outcome.verdict.is_pass());
        let correlated = outcome.report(&GateId::Kc4).and_then(|report| report.evidence::<Transfer>());
        let correlated = correlated.is_some_and(|transfer| transfer.correlation_ok);
        quality.kc4.count(correlated);
    }
    Ok(quality)
}
