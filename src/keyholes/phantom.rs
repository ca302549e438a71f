//! Three parameters that matter among twelve.

use serde_json::json;

use super::decoy::{self, Decoy};
use super::signal::{Channel, Rule, RunningSums, Signal};
use crate::objective::{Evaluation, ParamSpace, Params, Target, TargetError, Value};
use crate::rng::Generator;

const CHANNEL: Channel = Channel { persistence: 0.7, threshold: 0.3, label: 1.0 };
const DECOYS: [Decoy; 8] =
    [decoy::SCALE, decoy::OFFSET, decoy::BIAS, decoy::MAG, decoy::OFI, decoy::MULT, decoy::EXP, decoy::MODE];

/// A rule on a noisy series: fire when the mean of the last `window` observations is above `alpha` (`long_mode`) or
/// below `-alpha`, and earn 1 where the hidden series is high, lose 1 where it is not.
///
/// The baseline is wrong on all three; nine decoys move the fitness by less than a hundredth. Another seed is another
/// series of the same structure, which makes the slices of a calibration. A window below 1, or no smaller than the
/// series, has fitness -999.
///
/// ```
/// use omega_lock::keyholes::PhantomKeyhole;
/// use omega_lock::Target;
///
/// let train = PhantomKeyhole::new(42);
/// let neutral = train.evaluate(&train.space().neutral()).unwrap();
/// assert_eq!((neutral.fitness, neutral.samples), (-36.997, 95));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PhantomKeyhole {
    seed: u64,
    n_events: usize,
    noise: f64,
    permuted: Vec<u64>,
    sums: RunningSums,
    labels: Vec<f64>,
    blocks: Option<usize>,
}

impl PhantomKeyhole {
    /// 300 events of this seed, observed with noise of standard deviation 0.1.
    pub fn new(seed: u64) -> Self {
        Self::drawn(seed, 300, 0.10)
    }

    /// Sets the length of the series.
    #[must_use]
    pub fn n_events(self, n_events: usize) -> Self {
        Self { blocks: self.blocks, ..Self::drawn(self.seed, n_events, self.noise) }
    }

    /// Sets the standard deviation of the noise; the hidden series has 1.
    #[must_use]
    pub fn noise(self, noise: f64) -> Self {
        Self { blocks: self.blocks, ..Self::drawn(self.seed, self.n_events, noise) }
    }

    /// The null version: the labels in another order, so that the observations say nothing of them. Activity, mean
    /// reward and everything else stay as they were; permuting again makes another null version.
    #[must_use]
    pub fn permuted(mut self, seed: u64) -> Self {
        // Words of its own, so that the order has nothing to do with a series drawn from the same seed.
        let mut generator = Generator::from_seed_words(&[seed as u32, (seed >> 32) as u32, 1]);
        for last in (1..self.labels.len()).rev() {
            let other = generator.integers(0, i64::try_from(last).unwrap_or(i64::MAX));
            self.labels.swap(last, usize::try_from(other).unwrap_or_default());
        }
        self.permuted.push(seed);
        self
    }

    /// Tells the reward of so many parts of the series, which add up to the fitness, as blocks of every evaluation.
    #[must_use]
    pub fn in_blocks(self, count: usize) -> Self {
        Self { blocks: Some(count), ..self }
    }

    /// The parameters that matter.
    pub const fn effective_params() -> &'static [&'static str] {
        &["alpha", "window", "long_mode"]
    }

    /// Where they do best, about, as seeds differ; only the effective parameters.
    pub fn optimum_params() -> Params {
        Params::new([("alpha", Value::Float(0.35)), ("window", Value::Int(3)), ("long_mode", Value::Bool(true))])
    }

    /// The effective parameters, the one with the largest stress first.
    pub const fn importance_order() -> &'static [&'static str] {
        &["alpha", "long_mode", "window"]
    }

    fn drawn(seed: u64, n_events: usize, noise: f64) -> Self {
        let signal = Signal::draw(&mut Generator::new(seed), &CHANNEL, n_events, noise);
        let labels = signal.labels().to_vec();
        Self { seed, n_events, noise, permuted: Vec::new(), sums: signal.sums(), labels, blocks: None }
    }
}

impl Target for PhantomKeyhole {
    fn space(&self) -> ParamSpace {
        let effective =
            ParamSpace::new().float("alpha", 0.0..=1.0, 0.2).int("window", 3..=30, 16).bool("long_mode", false);
        decoy::declare(effective, &DECOYS)
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        let alpha = params.float("alpha")?;
        let window = params.int("window")?;
        let long_mode = params.bool("long_mode")?;
        let Some(width) = window_within(window, self.n_events) else {
            let blocks = vec![-999.0; self.blocks.unwrap_or_default()];
            return Ok(Evaluation::new(-999.0).blocks(blocks).with_metadata("error", "bad_window"));
        };
        let rule = if long_mode { Rule::Above(alpha) } else { Rule::Below(-alpha) };
        let fired = self.sums.fire(width, rule, &self.labels);
        let coupling = decoy::coupling(&DECOYS, params)?;
        let effective = json!({ "alpha": alpha, "window": window, "long_mode": long_mode });
        let blocks = self.blocks.map(|count| {
            let rewards = self.sums.rewards(width, rule, &self.labels, count);
            rewards.into_iter().map(|reward| reward + coupling / count as f64).collect()
        });
        Ok(Evaluation::new(fired.reward + coupling)
            .blocks(blocks.unwrap_or_default())
            .samples(fired.count as u64)
            .with_metric("reward_raw", fired.reward)
            .with_metric("decoy_coupling", coupling)
            .with_metadata("effective", effective))
    }

    fn identity(&self) -> String {
        let Self { seed, n_events, noise, permuted, .. } = self;
        let null = if permuted.is_empty() { String::new() } else { format!(", permuted={permuted:?}") };
        format!("phantom(seed={seed}, n_events={n_events}, noise={noise:?}{null})")
    }
}

/// The window as a length, if a series of `steps` has a mean over it with a step behind.
pub(super) fn window_within(window: i64, steps: usize) -> Option<usize> {
    usize::try_from(window).ok().filter(|width| (1..steps).contains(width))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fitness and samples at the neutral parameters with these three changed.
    fn at(target: &PhantomKeyhole, alpha: f64, window: i64, long_mode: bool) -> (f64, u64) {
        let mut params = target.space().neutral();
        for (name, value) in
            [("alpha", Value::Float(alpha)), ("window", window.into()), ("long_mode", long_mode.into())]
        {
            params = params.with(name, value).unwrap();
        }
        let evaluation = target.evaluate(&params).unwrap();
        (evaluation.fitness, evaluation.samples)
    }

    /// `omega_lock.keyholes.phantom.PhantomKeyhole(seed).evaluate(params)`, omega-lock 0.3.8.
    #[test]
    fn fitness_and_samples_are_the_reference_implementations() {
        for (seed, neutral, best) in [
            (42, (-36.997, 95), (12.003, 60)),
            (1337, (-38.997, 101), (22.003, 86)),
            (7, (-112.997, 167), (11.003, 43)),
        ] {
            let target = PhantomKeyhole::new(seed);
            assert_eq!(at(&target, 0.2, 16, false), neutral, "seed {seed}");
            assert_eq!(at(&target, 0.5, 3, true), best, "seed {seed}");
        }
    }

    #[test]
    fn a_window_that_does_not_fit_the_series_is_refused_by_fitness() {
        let target = PhantomKeyhole::new(42).n_events(20);
        for (window, fits) in [(i64::MIN, false), (0, false), (1, true), (19, true), (20, false)] {
            assert_eq!(at(&target, 0.2, window, true) != (-999.0, 0), fits, "{window}");
        }
    }

    #[test]
    fn a_missing_effective_parameter_is_an_error_and_a_missing_decoy_is_not() {
        let target = PhantomKeyhole::new(42);
        let error = target.evaluate(&Params::new([("alpha", 0.2)])).unwrap_err();
        assert_eq!(error.reason(), "no parameter `window`");
        let effective = PhantomKeyhole::optimum_params();
        let full = effective
            .iter()
            .fold(target.space().neutral(), |params, (name, value)| params.with(name, value.clone()).unwrap());
        let fitness = |params: &Params| target.evaluate(params).unwrap().fitness;
        assert_eq!(fitness(&effective), fitness(&full));
    }

    #[test]
    fn a_null_version_has_the_same_activity_and_labels_in_another_order() {
        let target = PhantomKeyhole::new(42);
        let (null, other) = (target.clone().permuted(1), target.clone().permuted(2));
        assert_ne!(null.labels, target.labels);
        assert_ne!(null.labels, other.labels);
        let total = |target: &PhantomKeyhole| target.labels.iter().sum::<f64>();
        assert_eq!(total(&null), total(&target));
        assert_eq!(at(&null, 0.5, 3, true).1, at(&target, 0.5, 3, true).1, "it fires as often");
        assert_ne!(at(&null, 0.5, 3, true).0, at(&target, 0.5, 3, true).0);
        assert_eq!(null.identity(), "phantom(seed=42, n_events=300, noise=0.1, permuted=[1])");
    }

    #[test]
    fn blocks_add_up_to_the_fitness_and_change_nothing_else() {
        let (plain, target) = (PhantomKeyhole::new(42), PhantomKeyhole::new(42).in_blocks(8));
        for (window, long_mode) in [(3, true), (30, false), (16, true)] {
            let at = |target: &PhantomKeyhole| {
                let params = target.space().neutral().with("window", window).unwrap();
                target.evaluate(&params.with("long_mode", long_mode).unwrap()).unwrap()
            };
            let (whole, found) = (at(&plain), at(&target));
            assert_eq!((found.fitness, found.samples, found.blocks.len()), (whole.fitness, whole.samples, 8));
            assert!((found.blocks.iter().sum::<f64>() - whole.fitness).abs() < 1e-9, "{:?}", found.blocks);
            assert!(found.blocks.windows(2).any(|pair| pair[0] != pair[1]) && whole.blocks.is_empty());
        }
        assert_eq!(target.identity(), plain.identity());
    }

    #[test]
    fn the_identity_tells_every_constructor_argument() {
        let target = PhantomKeyhole::new(7).n_events(400).noise(0.25);
        assert_eq!(target.identity(), "phantom(seed=7, n_events=400, noise=0.25)");
    }
}
