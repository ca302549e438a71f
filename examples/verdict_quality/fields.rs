//! Simulated surfaces whose truth is known.
//!
//! A slice is a number of blocks, each a random surface over the unit cube as smooth as told; its fitness is their mean, of unit
//! variance. What the slices have in common is another such surface, and what the situation adds: a region that is worse,
//! a baseline that is, a single point that is better. Everything in common is worth having, the rest is luck.

use std::f64::consts::TAU;

use omega_lock::Generator;
use omega_lock::prelude::*;

use super::judge::{Data, Situation, Slice};

/// Waves that a surface is the sum of (random Fourier features, Rahimi and Recht 2007).
const WAVES: usize = 100;
/// Days that a block has, where losses come by the day.
const DAYS: u32 = 32;
/// What a candidate earns in a slice without a rare loss, in standard deviations of its other luck.
const PREMIUM: f64 = 4.0;

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
    /// A straight line in all parameters, this steep: what the data gave to whoever was exposed, which is no skill.
    Exposure(f64),
    /// Ten points of the grid know train by heart: they are 4 above on train, and worth 1 less than nothing.
    Leaked,
}

/// How blocks vary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Luck {
    /// Alike and normally.
    Normal,
    /// In one half of the space this many times as much as in the other one.
    Uneven(f64),
    /// Now and then far more: normally, times a factor that makes a Student's t of 3 degrees of freedom of it.
    HeavyTails,
    /// This many times as much on test as on train.
    WilderTest(f64),
    /// Every candidate but the baseline sells insurance, and loses on such a share of days what it earned on the others.
    RareLosses(f64),
}

/// Where the baseline lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Baseline {
    /// In the middle.
    Centre,
    /// Anywhere, drawn.
    Anywhere,
    /// At the lower end of every parameter.
    Corner,
}

/// One kind of calibration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Field {
    /// How smooth all surfaces are.
    pub(crate) smooth: Smooth,
    /// How many parameters there are.
    pub(crate) parameters: usize,
    /// How many of them are searched, at most.
    pub(crate) unlocked: usize,
    /// The share of a slice's variance that is common to all slices, which is the correlation of train and test.
    pub(crate) common: f64,
    /// What they have in common beside that.
    pub(crate) beside: Common,
    /// How blocks vary.
    pub(crate) luck: Luck,
    /// How much of each block's surface the next one repeats: an autoregression of order 1.
    pub(crate) lag: f64,
    /// How many blocks a slice has.
    pub(crate) blocks: usize,
    /// Where the baseline lies.
    pub(crate) baseline: Baseline,
}

impl Field {
    /// Noise as smooth as this, over three parameters: nothing to find.
    pub(crate) const fn noise(smooth: Smooth) -> Self {
        Self {
            smooth,
            parameters: 3,
            unlocked: 3,
            common: 0.0,
            beside: Common::Nothing,
            luck: Luck::Normal,
            lag: 0.0,
            blocks: 8,
            baseline: Baseline::Centre,
        }
    }

    /// Two slices that have this share of their variance in common.
    pub(crate) const fn shared(smooth: Smooth, common: f64) -> Self {
        Self { common, ..Self::noise(smooth) }
    }
}

impl Situation for Field {
    fn slice(&self, seed: u64, slice: u32, data: Data) -> Slice {
        let ground = self.ground(seed, data);
        let own: Vec<Surface> = (0..self.blocks).map(|block| ground.surface(slice, block as u32)).collect();
        let base = ground.base();
        let names = (0..self.parameters).map(|axis| format!("x{axis}"));
        let space = names.zip(&base).fold(ParamSpace::new(), |space, (name, at)| space.float(name, 0.0..=1.0, *at));
        Box::new(FnTarget::new(space, move |params| {
            let at = ground.place(params)?;
            let blocks = ground.blocks(slice, &own, &at, at == base);
            let fitness = blocks.iter().fold(0.0, |sum, value| sum + value) / blocks.len() as f64;
            Ok(Evaluation::new(fitness).samples(1_000).blocks(blocks))
        }))
    }

    fn gain(&self, seed: u64, selected: &Params, base: &Params) -> Option<f64> {
        let ground = self.ground(seed, Data::Asked);
        let worth = |params: &Params| Some(ground.worth(2, &ground.place(params).ok()?));
        // Whether exposure pays on data without end, nobody knows.
        let known = !matches!(self.beside, Common::Exposure(_));
        known.then(|| Some(worth(selected)? - worth(base)?)).flatten()
    }

    fn blocks(&self) -> u64 {
        self.blocks as u64
    }

    fn unlocked(&self) -> usize {
        self.unlocked
    }
}

impl Field {
    /// What the surfaces of a seed are drawn from.
    fn ground(self, seed: u64, data: Data) -> Ground {
        let null = match data {
            Data::Asked => None,
            Data::Kept(null) | Data::Destroyed(null) => Some(null),
        };
        // Skill is what a null version has none of; what is worth nothing stays, if it is kept.
        let beside = match self.beside {
            Common::Peak(_) if null.is_some() => Common::Nothing,
            _ if matches!(data, Data::Destroyed(_)) => Common::Nothing,
            beside => beside,
        };
        let mut ground = Ground { kind: Self { beside, ..self }, seed, null, common: None, line: Vec::new() };
        let mut draws = Generator::from_seed_words(&ground.words(u32::MAX, 0));
        ground.line = (0..self.parameters).map(|_| draws.standard_normal()).collect();
        // Without the surface that is worth having; the luck beside it is as large as it is, as where labels are permuted.
        ground.common = (self.common > 0.0 && null.is_none()).then(|| ground.surface(0, 0));
        ground
    }
}

/// The surfaces of one seed.
struct Ground {
    kind: Field,
    seed: u64,
    null: Option<u64>,
    /// What the slices share.
    common: Option<Surface>,
    /// The slopes of what exposure gives.
    line: Vec<f64>,
}

impl Ground {
    /// Fitness of the blocks of a slice.
    fn blocks(&self, slice: u32, own: &[Surface], at: &[f64], is_base: bool) -> Vec<f64> {
        let Field { common, beside, luck, lag, .. } = self.kind;
        let worth = self.worth(slice, at);
        let leaked = matches!(beside, Common::Leaked) && self.leaked(at);
        let mut spread = (own.len() as f64 * if leaked { 1.0 } else { 1.0 - common }).sqrt();
        match luck {
            Luck::Uneven(times) if at[0] > 0.5 => spread *= times,
            Luck::WilderTest(times) if slice == 2 => spread *= times,
            _ => {}
        }
        let mut noise = 0.0;
        let block = |(place, surface): (usize, &Surface)| {
            let fresh = surface.at(at);
            noise = if place == 0 { fresh } else { lag * noise + (1.0 - lag * lag).sqrt() * fresh };
            let insured = match luck {
                Luck::RareLosses(share) if !is_base => self.insurance(share, slice, place as u32, at),
                _ => 0.0,
            };
            let factor = if luck == Luck::HeavyTails { self.factor(slice, place as u32) } else { 1.0 };
            worth + spread * factor * noise + insured
        };
        own.iter().enumerate().map(block).collect()
    }

    /// What a point is worth on data without end; of one that leaks, what train believes.
    fn worth(&self, slice: u32, at: &[f64]) -> f64 {
        let beside = match self.kind.beside {
            Common::BadRegion(depth) if at[0] > 0.5 => -depth,
            Common::BadBaseline(depth) if *at == *self.base() => -depth,
            Common::Peak(height) if at.iter().all(|value| *value == 0.75) => height,
            Common::Exposure(steep) => steep * along(&self.line, at),
            Common::Leaked if self.leaked(at) => return if slice == 1 { 4.0 } else { -1.0 },
            _ => 0.0,
        };
        self.common.as_ref().map_or(0.0, |common| self.kind.common.sqrt() * common.at(at)) + beside
    }

    fn base(&self) -> Vec<f64> {
        let draw = || {
            let mut draws = Generator::from_seed_words(&[self.seed as u32, (self.seed >> 32) as u32, u32::MAX - 1]);
            (0..self.kind.parameters).map(|_| draws.uniform(0.0, 1.0)).collect()
        };
        match self.kind.baseline {
            Baseline::Centre => vec![0.5; self.kind.parameters],
            Baseline::Corner => vec![0.0; self.kind.parameters],
            Baseline::Anywhere => draw(),
        }
    }

    /// Ten points of the grid of 5 x 5 x 5 points, never the centre.
    fn leaked(&self, at: &[f64]) -> bool {
        let point = at.iter().fold(0.0, |point, value| 5.0 * point + 4.0 * value);
        point.fract() == 0.0 && (point as u64 * 37 + self.seed) % 125 < 10 && at.iter().any(|value| *value != 0.5)
    }

    /// Premiums of a block, less what happened in it to this point: 0 on average.
    fn insurance(&self, share: f64, slice: u32, block: u32, at: &[f64]) -> f64 {
        let mut draws = Generator::from_seed_words(&[self.words(slice, block), place(at)].concat());
        let losses = (0..DAYS).filter(|_| draws.uniform(0.0, 1.0) < share).count();
        PREMIUM * (1.0 - losses as f64 / (share * f64::from(DAYS)))
    }

    /// The root of an inverse chi-squared draw of 3 degrees of freedom, which has mean 1 before the root.
    fn factor(&self, slice: u32, block: u32) -> f64 {
        let mut draws = Generator::from_seed_words(&[self.words(slice, block), vec![3]].concat());
        let squares = (0..3).fold(0.0, |sum, _| sum + draws.standard_normal().powi(2));
        1.0 / squares.sqrt()
    }

    fn words(&self, slice: u32, block: u32) -> Vec<u32> {
        let words = [self.seed as u32, (self.seed >> 32) as u32, slice, block];
        let null = self.null.iter().flat_map(|null| [*null as u32, (*null >> 32) as u32, 1]);
        words.into_iter().chain(null).collect()
    }

    fn place(&self, params: &Params) -> Result<Vec<f64>, TargetError> {
        let at = (0..self.kind.parameters).map(|axis| params.float(&format!("x{axis}")));
        Ok(at.collect::<Result<Vec<f64>, _>>()?)
    }

    fn surface(&self, slice: u32, block: u32) -> Surface {
        let words = self.words(slice, block);
        let (mut draws, parameters) = (Generator::from_seed_words(&words), self.kind.parameters);
        match self.kind.smooth {
            Smooth::Independent => Surface::Independent(words),
            Smooth::Line => Surface::Line((0..parameters).map(|_| draws.standard_normal()).collect()),
            Smooth::Over(length) => Surface::Waves(
                (0..WAVES)
                    .map(|_| {
                        let slopes = (0..parameters).map(|_| draws.standard_normal() / length).collect();
                        (slopes, TAU * draws.uniform(0.0, 1.0))
                    })
                    .collect(),
            ),
        }
    }
}

/// A random surface over the unit cube, of unit variance at each point.
enum Surface {
    Independent(Vec<u32>),
    Line(Vec<f64>),
    Waves(Vec<(Vec<f64>, f64)>),
}

impl Surface {
    fn at(&self, at: &[f64]) -> f64 {
        match self {
            Self::Independent(words) => {
                Generator::from_seed_words(&[words.as_slice(), &place(at)].concat()).standard_normal()
            }
            Self::Line(slopes) => along(slopes, at),
            Self::Waves(waves) => {
                let sum = waves.iter().fold(0.0, |sum, (slopes, phase)| sum + (along(slopes, at) + phase).cos());
                sum * (2.0 / waves.len() as f64).sqrt()
            }
        }
    }
}

fn along(slopes: &[f64], at: &[f64]) -> f64 {
    slopes.iter().zip(at).fold(0.0, |sum, (slope, value)| sum + slope * value)
}

/// A point as words of a seed.
fn place(at: &[f64]) -> Vec<u32> {
    at.iter().flat_map(|value| [value.to_bits() as u32, (value.to_bits() >> 32) as u32]).collect()
}
