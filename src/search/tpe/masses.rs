//! The probabilities of the values of a number that moves in steps, each computed once.
//!
//! Kernels and values repeat, and of whole numbers only the distance between value and mean counts. To compute a probability is
//! what takes the time of a proposal. None of this changes a bit: the same formulas are asked with the same doubles.

use std::collections::HashMap;

use super::distribution::scaled;
use super::normal::{log_between, log_cdf, log_mass};

/// The longest range with tables, 24 bytes for each half of its steps and each width.
const LONGEST: f64 = 512.0;

/// The log probabilities of values in the kernels of a parameter.
pub(super) struct Masses<'k> {
    means: &'k [f64],
    sds: &'k [f64],
    ends: (f64, f64),
    half: f64,
    log: bool,
    whole: Option<Whole>,
}

/// Of whole numbers, whose differences are exact: what depends on a distance and a width alone.
struct Whole {
    half: f64,
    /// The distinct widths, each with its tables, and which of them each kernel has.
    widths: Vec<Width>,
    width_of: Vec<usize>,
}

/// Tables by distance in halves, NaN where nobody asked.
struct Width {
    sd: f64,
    /// The log probability of a value, by its distance from the mean.
    values: Vec<f64>,
    /// The log probability of what lies further out on one side.
    tails: Vec<f64>,
    /// The log probability of the whole range, by the distance of the mean from its lower end.
    norms: Vec<f64>,
}

impl<'k> Masses<'k> {
    /// The kernels with these means and standard deviations of a number between `ends` in steps of `step`.
    pub(super) fn of(means: &'k [f64], sds: &'k [f64], ends: (f64, f64), step: f64, log: bool) -> Self {
        let half = 0.5 * step;
        let is_whole = |value: f64| value.fract() == 0.0 && value.abs() < 1e15;
        let (low, high) = (ends.0 + half, ends.1 - half);
        let whole = !log && high - low <= LONGEST && [low, high, step].into_iter().all(is_whole);
        let whole = whole.then(|| Whole::of(sds, ends.1 - ends.0, half));
        Self { means, sds, ends, half, log, whole }
    }

    /// The log probability of the whole range in each kernel.
    pub(super) fn norms(&mut self) -> Vec<f64> {
        let (from, to) = self.ends;
        let norm = |mean: f64, sd: f64| log_mass((from - mean) / sd, (to - mean) / sd);
        match &mut self.whole {
            Some(whole) => {
                let kernels = self.means.iter().zip(&whole.width_of);
                let of = |(mean, width): (&f64, &usize)| {
                    let Width { norms, sd, .. } = &mut whole.widths[*width];
                    once(norms, mean - from, || norm(*mean, *sd))
                };
                kernels.map(of).collect()
            }
            None => self.of_each(norm),
        }
    }

    /// The log probability of a value in each kernel.
    pub(super) fn at(&mut self, point: f64) -> Vec<f64> {
        match &mut self.whole {
            Some(whole) => {
                let kernels = self.means.iter().zip(&whole.width_of);
                kernels.map(|(mean, width)| whole.widths[*width].mass(point - mean, whole.half)).collect()
            }
            None => {
                let (from, to) = (scaled(point - self.half, self.log), scaled(point + self.half, self.log));
                self.of_each(|mean, sd| log_mass((from - mean) / sd, (to - mean) / sd))
            }
        }
    }

    /// An answer for each kernel, asked for once where kernels are alike.
    fn of_each(&self, ask: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        let mut known = HashMap::new();
        let kernels = self.means.iter().zip(self.sds);
        kernels
            .map(|(mean, sd)| *known.entry((mean.to_bits(), sd.to_bits())).or_insert_with(|| ask(*mean, *sd)))
            .collect()
    }
}

impl Whole {
    fn of(sds: &[f64], range: f64, half: f64) -> Self {
        let mut widths: Vec<Width> = Vec::new();
        let mut width_of = Vec::with_capacity(sds.len());
        for &sd in sds {
            // Few are distinct, and neighbours are often alike.
            let known = widths.iter().rposition(|width| width.sd.to_bits() == sd.to_bits());
            width_of.push(known.unwrap_or_else(|| {
                widths.push(Width::new(sd, range));
                widths.len() - 1
            }));
        }
        Self { half, widths, width_of }
    }
}

impl Width {
    fn new(sd: f64, range: f64) -> Self {
        // No tail begins beyond the range.
        let table = || vec![f64::NAN; halves(range).unwrap_or(0) + 1];
        Self { sd, values: table(), tails: table(), norms: table() }
    }

    /// The log probability of the value at this distance from the mean: [`log_mass`] of its two ends.
    fn mass(&mut self, distance: f64, half: f64) -> f64 {
        let (sd, away) = (self.sd, distance.abs());
        // In the middle, and where an end of the value is the mean, the formula for one side is not that for the other.
        if away <= half {
            return if away < half {
                once(&mut self.values, away, || log_mass((away - half) / sd, (away + half) / sd))
            } else {
                log_mass((distance - half) / sd, (distance + half) / sd)
            };
        }
        let tails = &mut self.tails;
        once(&mut self.values, away, || {
            let mut tail = |end: f64| once(tails, end, || log_cdf(-(end / sd)));
            let (upper, lower) = (tail(away - half), tail(away + half));
            log_between(lower, upper)
        })
    }
}

/// What a table has at a distance, asked for the first time only.
fn once(table: &mut [f64], distance: f64, ask: impl FnOnce() -> f64) -> f64 {
    match halves(distance).and_then(|place| table.get_mut(place)) {
        Some(known) => {
            if known.is_nan() {
                *known = ask();
            }
            *known
        }
        None => ask(),
    }
}

/// A distance in halves; none if it is no number of them.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is no number of halves is told by it"
)]
#[expect(clippy::float_cmp, reason = "only the number itself will do")]
fn halves(distance: f64) -> Option<usize> {
    let halves = 2.0 * distance;
    let place = halves as u32;
    (f64::from(place) == halves).then_some(place as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_to_the_last_bit_what_the_formula_says() {
        for (low, high, step) in [(0.0, 20.0, 1.0), (1.0, 64.0, 1.0), (-30.0, 30.0, 5.0)] {
            let ends = (low - 0.5 * step, high + 0.5 * step);
            let count = ((high - low) / step) as usize + 1;
            let values: Vec<f64> = (0..count).map(|place| low + place as f64 * step).collect();
            let range = ends.1 - ends.0;
            // The prior's mean is the middle, which may be half way between two values.
            let means: Vec<f64> = values.iter().copied().chain([0.5 * (ends.0 + ends.1)]).collect();
            for width in [0.01, 0.07, 0.3] {
                let sds: Vec<f64> = means.iter().map(|mean| range * (width + 0.1 * (mean % 2.0).abs())).collect();
                let mut masses = Masses::of(&means, &sds, ends, step, false);
                assert!(masses.whole.is_some());
                let bits = |values: Vec<f64>| values.into_iter().map(f64::to_bits).collect::<Vec<_>>();
                let expected = |from: f64, to: f64| {
                    let of = |(mean, sd): (&f64, &f64)| log_mass((from - mean) / sd, (to - mean) / sd);
                    bits(means.iter().zip(&sds).map(of).collect())
                };
                assert_eq!(bits(masses.norms()), expected(ends.0, ends.1));
                for value in &values {
                    assert_eq!(bits(masses.at(*value)), expected(value - 0.5 * step, value + 0.5 * step), "{value}");
                }
            }
        }
    }
}
