//! Calibrations on simulated surfaces whose truth is known, run whole: how often does a verdict pass what is worth nothing,
//! and what is worth something?
//!
//! A slice is eight blocks, each a random surface over the unit cube as smooth as told; its fitness is their mean, of unit
//! variance. What the slices have in common is another such surface, and what the situation adds: a region that is worse,
//! a baseline that is, a single point that is better. Everything in common is worth having, the rest is luck.

use std::f64::consts::TAU;

use omega_lock::internals::benchmark::PassRate;
use omega_lock::internals::gates::{GateId, GateStatus};
use omega_lock::internals::pipeline::{RunError, RunOutcome};
use omega_lock::internals::rng::Generator;
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run};

/// How many blocks a slice has.
const BLOCKS: usize = 8;
/// Waves that a surface is the sum of (random Fourier features, Rahimi and Recht 2007).
const WAVES: usize = 100;

/// How the surfaces look along a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Smooth {
    /// Every point has a value of its own.
    Independent,
    /// They stay alike over this part of a parameter's range.
    Over(f64),
    /// A straight line whose slope is drawn.
    Line,
}

/// What all slices have in common beside a surface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Common {
    /// Nothing.
    Nothing,
    /// The upper half of the first parameter is this much worse.
    BadRegion(f64),
    /// The baseline is this much worse than everything else.
    BadBaseline(f64),
    /// One point of the grid is this much better than everything else.
    Peak(f64),
}

/// One kind of calibration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Field {
    /// How smooth all surfaces are.
    pub(crate) smooth: Smooth,
    /// How many parameters there are.
    pub(crate) parameters: usize,
    /// The share of a slice's variance that is common to all slices, which is the correlation of train and test.
    pub(crate) common: f64,
    /// What they have in common beside that.
    pub(crate) beside: Common,
    /// How much of each block's surface the next one repeats: an autoregression of order 1.
    pub(crate) lag: f64,
}

impl Field {
    /// Noise as smooth as this, over three parameters: nothing to find.
    pub(crate) const fn noise(smooth: Smooth) -> Self {
        Self { smooth, parameters: 3, common: 0.0, beside: Common::Nothing, lag: 0.0 }
    }
}

/// What came of calibrations of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct FieldQuality {
    /// The whole strict profile.
    pub(crate) verdict: PassRate,
    /// The gate that looks at test data: `margin` with blocks, `transfer` without.
    pub(crate) gate: PassRate,
    /// Whether the winner is truly better than the baseline.
    pub(crate) better: PassRate,
    /// Whether the interval over the blocks of test contains the true gain.
    pub(crate) covered: PassRate,
    /// The same among those that passed `margin`.
    pub(crate) covered_passes: PassRate,
}

impl FieldQuality {
    /// Both together.
    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            verdict: sum(self.verdict, other.verdict),
            gate: sum(self.gate, other.gate),
            better: sum(self.better, other.better),
            covered: sum(self.covered, other.covered),
            covered_passes: sum(self.covered_passes, other.covered_passes),
        }
    }
}

/// Both together.
pub(crate) fn sum(one: PassRate, other: PassRate) -> PassRate {
    PassRate { passed: one.passed + other.passed, of: one.of + other.of }
}

fn count(rate: &mut PassRate, passed: bool) {
    *rate = sum(*rate, PassRate { passed: u64::from(passed), of: 1 });
}

/// Calibrates once for each seed under the strict profile, with the sample counts and the thresholds of kc2 switched off;
/// `search` may take its seed from the calibration's.
///
/// # Errors
/// If an evaluation failed, which none does.
pub(crate) fn field(
    kind: Field,
    with_blocks: bool,
    search: impl Fn(u64) -> SearchMethod,
    seeds: std::ops::Range<u64>,
) -> Result<FieldQuality, RunError> {
    let mut quality = FieldQuality::default();
    for seed in seeds {
        let thresholds = Thresholds {
            gini_min: -1.0,
            top_bot_ratio_min: 0.0,
            min_nonzero_stress_count: None,
            ..Thresholds::pure_objective()
        };
        let blocks = with_blocks.then_some(BLOCKS as u64);
        let config = RunConfig { search: search(seed), thresholds, blocks, ..RunConfig::default() };
        let (train, test) = (kind.slice(seed, 1), kind.slice(seed, 2));
        let declaration = Declaration { config, ..Declaration::of("field", &train).with(Role::Test, &test) };
        let outcome = Run::of(&declaration).train(&train).test(&test).run()?;
        kind.count(seed, &outcome, with_blocks, &mut quality);
    }
    Ok(quality)
}

impl Field {
    fn space(self) -> ParamSpace {
        (0..self.parameters).fold(ParamSpace::new(), |space, axis| space.float(format!("x{axis}"), 0.0..=1.0, 0.0))
    }

    /// The target of one slice.
    fn slice(self, seed: u64, slice: u32) -> FnTarget {
        let (common, blocks) = (self.surface(seed, 0, 0), (0..BLOCKS).map(|block| self.surface(seed, slice, block)));
        let blocks: Vec<Surface> = blocks.collect();
        FnTarget::new(self.space(), move |params| {
            let at = self.place(params)?;
            let worth = self.worth(&common, &at);
            let own = (BLOCKS as f64 * (1.0 - self.common)).sqrt();
            let mut values = Vec::with_capacity(BLOCKS);
            let mut noise = 0.0;
            for (place, block) in blocks.iter().enumerate() {
                let fresh = block.at(&at);
                noise = if place == 0 { fresh } else { self.lag * noise + (1.0 - self.lag * self.lag).sqrt() * fresh };
                values.push(worth + own * noise);
            }
            let fitness = values.iter().fold(0.0, |sum, value| sum + value) / BLOCKS as f64;
            Ok(Evaluation::new(fitness).samples(1_000).blocks(values))
        })
    }

    fn place(self, params: &Params) -> Result<Vec<f64>, TargetError> {
        let at = (0..self.parameters).map(|axis| params.float(&format!("x{axis}")));
        Ok(at.collect::<Result<Vec<f64>, _>>()?)
    }

    /// What a point is worth on data without end.
    fn worth(self, common: &Surface, at: &[f64]) -> f64 {
        let beside = match self.beside {
            Common::BadRegion(depth) if at[0] > 0.5 => -depth,
            Common::BadBaseline(depth) if at.iter().all(|value| *value == 0.0) => -depth,
            Common::Peak(height) if at.iter().all(|value| *value == 0.75) => height,
            _ => 0.0,
        };
        self.common.sqrt() * common.at(at) + beside
    }

    fn surface(self, seed: u64, slice: u32, block: usize) -> Surface {
        let words = [seed as u32, (seed >> 32) as u32, slice, block as u32];
        let mut generator = Generator::from_seed_words(&words);
        match self.smooth {
            Smooth::Independent => Surface::Independent(words),
            Smooth::Line => Surface::Line((0..self.parameters).map(|_| generator.standard_normal()).collect()),
            Smooth::Over(length) => Surface::Waves(
                (0..WAVES)
                    .map(|_| {
                        let slopes = (0..self.parameters).map(|_| generator.standard_normal() / length).collect();
                        (slopes, TAU * generator.uniform(0.0, 1.0))
                    })
                    .collect(),
            ),
        }
    }

    fn count(self, seed: u64, outcome: &RunOutcome, with_blocks: bool, quality: &mut FieldQuality) {
        let gate = if with_blocks { GateId::Margin } else { GateId::Transfer };
        let passed = outcome.report(&gate).is_some_and(|report| report.status == GateStatus::Pass);
        count(&mut quality.verdict, outcome.verdict.is_pass());
        count(&mut quality.gate, passed);
        let common = self.surface(seed, 0, 0);
        let worth = |params: &Params| self.place(params).map_or(f64::NAN, |at| self.worth(&common, &at));
        let Some(selected) = outcome.selected() else { return };
        let gain = worth(&selected.params) - worth(&outcome.base_params);
        count(&mut quality.better, gain > 0.0);
        let Some(found) = outcome.gains.iter().find(|gain| gain.role == Role::Test) else { return };
        let covered = (found.blocks.low..=found.blocks.high).contains(&gain);
        count(&mut quality.covered, covered);
        if passed {
            count(&mut quality.covered_passes, covered);
        }
    }
}

/// A random surface over the unit cube, of unit variance at each point.
enum Surface {
    Independent([u32; 4]),
    Line(Vec<f64>),
    Waves(Vec<(Vec<f64>, f64)>),
}

impl Surface {
    fn at(&self, at: &[f64]) -> f64 {
        let along = |slopes: &[f64]| slopes.iter().zip(at).fold(0.0, |sum, (slope, value)| sum + slope * value);
        match self {
            Self::Independent(words) => {
                let place = at.iter().flat_map(|value| [value.to_bits() as u32, (value.to_bits() >> 32) as u32]);
                let words: Vec<u32> = words.iter().copied().chain(place).collect();
                Generator::from_seed_words(&words).standard_normal()
            }
            Self::Line(slopes) => along(slopes),
            Self::Waves(waves) => {
                let sum = waves.iter().fold(0.0, |sum, (slopes, phase)| sum + (along(slopes) + phase).cos());
                sum * (2.0 / waves.len() as f64).sqrt()
            }
        }
    }
}
