//! [`Mt19937`]: numpy's legacy `RandomState` and the draws that Optuna makes of it.

use rand_mt::Mt;

/// `numpy.random.RandomState(seed)`: the same seed and the same calls give the same numbers, bit for bit.
///
/// Everything here draws doubles, and a double is two words of the Mersenne Twister, so the state after any number of
/// calls is known from their number alone: see [`skip`](Self::skip). It is not for secrets.
///
/// ```
/// use omega_lock::internals::rng::Mt19937;
///
/// // numpy.random.RandomState(42).random_sample()
/// assert_eq!(Mt19937::new(42).random(), 0.3745401188473625);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mt19937 {
    words: Mt,
}

impl Mt19937 {
    /// The generator that `RandomState(seed)` makes; numpy refuses seeds of more than 32 bits.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self { words: Mt::new(seed) }
    }

    /// A double from [0, 1) made of the upper 27 and 26 bits of two words: numpy's `random_sample()`, `rand()`.
    pub fn random(&mut self) -> f64 {
        let high = f64::from(self.words.next_u32() >> 5);
        let low = f64::from(self.words.next_u32() >> 6);
        (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
    }

    /// `low + (high - low) * random()`, numpy's `uniform(low, high)`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random()
    }

    /// `count` places in `weights`, drawn with replacement in proportion to them: numpy's
    /// `choice(len(weights), size=count, p=weights)`. It takes one double per place.
    ///
    /// Without a weight there is no place to draw.
    pub fn choice(&mut self, weights: &[f64], count: usize) -> Vec<usize> {
        let mut edges: Vec<f64> = weights
            .iter()
            .scan(0.0, |sum, weight| {
                *sum += weight;
                Some(*sum)
            })
            .collect();
        let Some(&total) = edges.last() else { return Vec::new() };
        for edge in &mut edges {
            *edge /= total;
        }
        (0..count)
            .map(|_| {
                let drawn = self.random();
                edges.partition_point(|edge| *edge <= drawn)
            })
            .collect()
    }

    /// Moves on as `count` doubles would.
    pub fn skip(&mut self, count: u64) {
        for _ in 0..count {
            self.words.next_u32();
            self.words.next_u32();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mt19937;

    /// `numpy.random.RandomState(seed).random_sample(3)`, numpy 2.4.6.
    #[test]
    fn doubles_are_numpys_for_the_smallest_and_the_largest_seed() {
        let drawn = |seed| {
            let mut generator = Mt19937::new(seed);
            [generator.random(), generator.random(), generator.random()]
        };
        assert_eq!(drawn(0), [0.5488135039273248, 0.7151893663724195, 0.6027633760716439]);
        assert_eq!(drawn(42), [0.3745401188473625, 0.9507143064099162, 0.7319939418114051]);
        assert_eq!(drawn(u32::MAX), [0.0976320289940138, 0.9123828453026218, 0.78903530185164]);
    }

    /// `r = RandomState(7); r.uniform(-2, 3, 2); r.choice(4, 8, p=[.1, .2, .3, .4]); r.random_sample()`, numpy 2.4.6.
    #[test]
    fn a_mix_of_calls_is_numpys() {
        let mut generator = Mt19937::new(7);
        assert_eq!(
            [generator.uniform(-2.0, 3.0), generator.uniform(-2.0, 3.0)],
            [-1.618458553130214, 1.8995939612005732]
        );
        assert_eq!(generator.choice(&[0.1, 0.2, 0.3, 0.4], 8), [2, 3, 3, 2, 2, 0, 1, 2]);
        assert_eq!(generator.random(), 0.6792299961209405);
    }

    /// `r = RandomState(7); r.random_sample(1000); r.random_sample()`, numpy 2.4.6.
    #[test]
    fn skipping_is_drawing_without_looking() {
        let mut generator = Mt19937::new(7);
        generator.skip(1000);
        assert_eq!(generator.random(), 0.08378587007198324);
    }
}
