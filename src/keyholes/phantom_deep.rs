//! Six parameters that matter among twenty, on two independent series.

use serde_json::json;

use super::decoy::{self, Decoy};
use super::phantom::window_within;
use super::signal::{Channel, Rule, RunningSums, Signal};
use crate::objective::{Evaluation, ParamSpace, Params, Target, TargetError, Value};
use crate::rng::Generator;

const CHANNEL_A: Channel = Channel { persistence: 0.7, threshold: 0.3, label: 1.0 };
const CHANNEL_B: Channel = Channel { persistence: 0.6, threshold: 0.25, label: 0.6 };
/// Weight of the newest observation where `use_ema` smooths.
const EMA_WEIGHT: f64 = 0.35;
const DECOYS: [Decoy; 13] = [
    decoy::SCALE,
    decoy::OFFSET,
    decoy::BIAS,
    decoy::MAG,
    Decoy::float("decoy_gain", (0.0, 5.0), 2.5, 0.002, 5.0),
    Decoy::float("decoy_drift", (-5.0, 5.0), 0.0, 0.001, 5.0),
    Decoy::float("decoy_ratio", (0.0, 1.0), 0.5, 0.002, 1.0),
    decoy::OFI,
    Decoy::float("decoy_temp", (0.0, 10.0), 5.0, 0.001, 10.0),
    Decoy::float("decoy_rate", (0.0, 1.0), 0.5, 0.002, 1.0),
    decoy::MULT,
    decoy::EXP,
    decoy::MODE,
];

/// Two rules on two independent series, so that their parameters can be found one trio after the other.
///
/// The first is [`PhantomKeyhole`](super::PhantomKeyhole)'s. The second fires when the mean of the last `horizon`
/// values, smoothed if `use_ema`, is above `beta`; it earns or loses 0.6, so the first trio looks more important. A
/// window or horizon below 1, or no smaller than the series, has fitness -999.
///
/// ```
/// use omega_lock::keyholes::PhantomKeyholeDeep;
/// use omega_lock::Target;
///
/// let train = PhantomKeyholeDeep::new(42);
/// let neutral = train.evaluate(&train.space().neutral()).unwrap();
/// assert!((neutral.fitness + 215.597).abs() < 1e-9);
/// assert_eq!(neutral.samples, 934);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PhantomKeyholeDeep {
    seed: u64,
    n_events: usize,
    noise_a: f64,
    noise_b: f64,
    sums_a: RunningSums,
    sums_b: RunningSums,
    smoothed_b: RunningSums,
    labels_a: Vec<f64>,
    labels_b: Vec<f64>,
    blocks: Option<usize>,
}

impl PhantomKeyholeDeep {
    /// 1000 events of this seed in each series, observed with noise of standard deviation 0.1 and 0.12.
    pub fn new(seed: u64) -> Self {
        Self::drawn(seed, 1000, 0.10, 0.12)
    }

    /// Sets the length of both series.
    #[must_use]
    pub fn n_events(self, n_events: usize) -> Self {
        Self { blocks: self.blocks, ..Self::drawn(self.seed, n_events, self.noise_a, self.noise_b) }
    }

    /// Sets the standard deviation of the first series' noise; the hidden series has 1.
    #[must_use]
    pub fn noise_a(self, noise_a: f64) -> Self {
        Self { blocks: self.blocks, ..Self::drawn(self.seed, self.n_events, noise_a, self.noise_b) }
    }

    /// Sets the standard deviation of the second series' noise; the hidden series has 1.
    #[must_use]
    pub fn noise_b(self, noise_b: f64) -> Self {
        Self { blocks: self.blocks, ..Self::drawn(self.seed, self.n_events, self.noise_a, noise_b) }
    }

    /// Tells the reward of so many parts of both series, which add up to the fitness, as blocks of every evaluation.
    #[must_use]
    pub fn in_blocks(self, count: usize) -> Self {
        Self { blocks: Some(count), ..self }
    }

    /// The parameters that matter.
    pub const fn effective_params() -> &'static [&'static str] {
        &["alpha", "window", "long_mode", "beta", "horizon", "use_ema"]
    }

    /// Where they do best, about, as seeds differ; only the effective parameters.
    pub fn optimum_params() -> Params {
        Params::new([
            ("alpha", Value::Float(0.25)),
            ("window", Value::Int(3)),
            ("long_mode", Value::Bool(true)),
            ("beta", Value::Float(0.2)),
            ("horizon", Value::Int(3)),
            ("use_ema", Value::Bool(true)),
        ])
    }

    /// The effective parameters, the one with the largest stress first.
    pub const fn importance_order() -> &'static [&'static str] {
        &["alpha", "long_mode", "beta", "window", "use_ema", "horizon"]
    }

    fn drawn(seed: u64, n_events: usize, noise_a: f64, noise_b: f64) -> Self {
        let mut rng = Generator::new(seed);
        let a = Signal::draw(&mut rng, &CHANNEL_A, n_events, noise_a);
        let b = Signal::draw(&mut rng, &CHANNEL_B, n_events, noise_b);
        Self {
            seed,
            n_events,
            noise_a,
            noise_b,
            sums_a: a.sums(),
            sums_b: b.sums(),
            smoothed_b: b.smoothed_sums(EMA_WEIGHT),
            labels_a: a.labels().to_vec(),
            labels_b: b.labels().to_vec(),
            blocks: None,
        }
    }
}

impl Target for PhantomKeyholeDeep {
    fn space(&self) -> ParamSpace {
        let effective = ParamSpace::new()
            .float("alpha", 0.0..=0.6, 0.15)
            .int("window", 3..=30, 16)
            .bool("long_mode", false)
            .float("beta", 0.0..=0.6, 0.15)
            .int("horizon", 3..=30, 16)
            .bool("use_ema", false);
        decoy::declare(effective, &DECOYS)
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        let (alpha, window) = (params.float("alpha")?, params.int("window")?);
        let long_mode = params.bool("long_mode")?;
        let (beta, horizon) = (params.float("beta")?, params.int("horizon")?);
        let use_ema = params.bool("use_ema")?;
        let refused = |error: &str| {
            let blocks = vec![-999.0; self.blocks.unwrap_or_default()];
            Ok(Evaluation::new(-999.0).blocks(blocks).with_metadata("error", error))
        };
        let Some(width_a) = window_within(window, self.n_events) else {
            return refused("bad_window");
        };
        let Some(width_b) = window_within(horizon, self.n_events) else {
            return refused("bad_horizon");
        };

        let rule = if long_mode { Rule::Above(alpha) } else { Rule::Below(-alpha) };
        let a = self.sums_a.fire(width_a, rule, &self.labels_a);
        let sums_b = if use_ema { &self.smoothed_b } else { &self.sums_b };
        let b = sums_b.fire(width_b, Rule::Above(beta), &self.labels_b);
        let coupling = decoy::coupling(&DECOYS, params)?;
        let effective = json!({
            "alpha": alpha,
            "window": window,
            "long_mode": long_mode,
            "beta": beta,
            "horizon": horizon,
            "use_ema": use_ema,
        });
        let blocks = self.blocks.map(|count| {
            let a = self.sums_a.rewards(width_a, rule, &self.labels_a, count);
            let b = sums_b.rewards(width_b, Rule::Above(beta), &self.labels_b, count);
            a.iter().zip(b).map(|(a, b)| a + b + coupling / count as f64).collect()
        });
        Ok(Evaluation::new(a.reward + b.reward + coupling)
            .blocks(blocks.unwrap_or_default())
            .samples((a.count + b.count) as u64)
            .with_metric("reward_a", a.reward)
            .with_metric("reward_b", b.reward)
            .with_metadata("n_trials_a", a.count)
            .with_metadata("n_trials_b", b.count)
            .with_metric("decoy_coupling", coupling)
            .with_metadata("effective", effective))
    }

    fn identity(&self) -> String {
        let Self { seed, n_events, noise_a, noise_b, .. } = self;
        format!("phantom_deep(seed={seed}, n_events={n_events}, noise_a={noise_a:?}, noise_b={noise_b:?})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `omega_lock.keyholes.phantom_deep.PhantomKeyholeDeep(seed).evaluate(params)`, omega-lock 0.3.8.
    #[test]
    fn fitness_and_samples_are_the_reference_implementations() {
        for (seed, neutral, optimum) in [(42, (-215.597, 934), (100.603, 777)), (1337, (-215.197, 746), (43.203, 704))]
        {
            let target = PhantomKeyholeDeep::new(seed);
            let at = |params: &Params| {
                let evaluation = target.evaluate(params).unwrap();
                (evaluation.fitness, evaluation.samples)
            };
            assert_eq!(at(&target.space().neutral()), neutral, "seed {seed}");
            assert_eq!(at(&PhantomKeyholeDeep::optimum_params()), optimum, "seed {seed}");
        }
    }

    #[test]
    fn a_window_or_horizon_that_does_not_fit_is_named() {
        let target = PhantomKeyholeDeep::new(42).n_events(20);
        for (name, error) in [("window", "bad_window"), ("horizon", "bad_horizon")] {
            let params = target.space().neutral().with(name, 20).unwrap();
            let evaluation = target.evaluate(&params).unwrap();
            assert_eq!(evaluation.fitness, -999.0);
            assert_eq!(evaluation.metadata["error"], error);
        }
    }

    #[test]
    fn blocks_add_up_to_the_fitness() {
        let target = PhantomKeyholeDeep::new(42).in_blocks(8);
        let found = target.evaluate(&target.space().neutral().with("use_ema", true).unwrap()).unwrap();
        assert!((found.blocks.iter().sum::<f64>() - found.fitness).abs() < 1e-9, "{:?}", found.blocks);
        assert!(found.blocks.len() == 8 && found.blocks.windows(2).any(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn the_identity_tells_every_constructor_argument() {
        let target = PhantomKeyholeDeep::new(7).noise_a(0.5).noise_b(2.0);
        let expected = "phantom_deep(seed=7, n_events=1000, noise_a=0.5, noise_b=2.0)";
        assert_eq!(target.identity(), expected);
    }
}
