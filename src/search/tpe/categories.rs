//! The kernels of a category: one around each observation and one of the prior.

use libm::log;

use crate::rng::Mt19937;
use crate::stats::sums;

/// The probabilities of the alternatives in each kernel.
#[derive(Debug)]
pub(super) struct Categories {
    /// Kernels around the same alternative are alike.
    rows: Vec<Vec<f64>>,
    /// The row of each kernel, the prior's last.
    row_of: Vec<usize>,
}

impl Categories {
    /// Each kernel has 1/kernels everywhere and 1 more on the observed alternative, normalised; the prior is even.
    pub(super) fn around(observations: &[f64], count: usize) -> Self {
        let even = 1.0 / (observations.len() as f64 + 1.0);
        let (mut rows, mut known) = (Vec::new(), vec![None; count]);
        let mut row = |place: Option<usize>| {
            let mut row = vec![even; count];
            if let Some(probability) = place.and_then(|place| row.get_mut(place)) {
                *probability += 1.0;
            }
            let sum = sums::pairwise(&row);
            rows.push(row.iter().map(|probability| probability / sum).collect());
            rows.len() - 1
        };
        let mut row_of = Vec::with_capacity(observations.len() + 1);
        for place in observations.iter().map(|place| index(*place)) {
            row_of.push(match known.get_mut(place) {
                Some(known) => *known.get_or_insert_with(|| row(Some(place))),
                None => row(None),
            });
        }
        row_of.push(row(None));
        Self { rows, row_of }
    }

    /// Draws an alternative from each active kernel: one double each, against the running sum of its probabilities.
    pub(super) fn draw(&self, active: &[usize], generator: &mut Mt19937) -> Vec<f64> {
        let draw = |kernel: &usize| {
            let drawn = generator.random();
            let Some((_, row)) = self.rows[self.row_of[*kernel]].split_last() else { return 0.0 };
            // The last running sum counts as 1, whatever it rounds to.
            let sums = row.iter().scan(0.0, |sum, probability| {
                *sum += probability;
                Some(*sum)
            });
            sums.filter(|sum| *sum < drawn).count() as f64
        };
        active.iter().map(draw).collect()
    }

    /// Adds each kernel's log probability of each sample to `densities`, a row of kernels for each sample.
    pub(super) fn add_to(&self, samples: &[f64], densities: &mut [f64]) {
        let mut known: Vec<(usize, Vec<f64>)> = Vec::new();
        for (sample, densities) in samples.iter().zip(densities.chunks_exact_mut(self.row_of.len())) {
            let place = index(*sample);
            let at = known.iter().position(|(known, _)| *known == place).unwrap_or_else(|| {
                known.push((place, self.rows.iter().map(|row| log(row[place])).collect()));
                known.len() - 1
            });
            let logs = &known[at].1;
            for (row, density) in self.row_of.iter().zip(densities) {
                *density += logs[*row];
            }
        }
    }
}

/// The place that a category's number stands for.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places are small whole numbers")]
fn index(place: f64) -> usize {
    place as usize
}
