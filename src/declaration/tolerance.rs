//! How far a metric may move from gold.

words! {
    /// In which direction a metric gets better.
    #[derive(Default)]
    pub enum Better {
        /// The larger the better.
        Higher = "higher",
        /// The smaller the better.
        Lower = "lower",
        /// A move is a move.
        #[default]
        Neither = "neither",
    }
}

impl Better {
    /// Whether `new` is better than `gold`; never for NaN.
    pub fn improves(self, gold: f64, new: f64) -> bool {
        match self {
            Self::Higher => new > gold,
            Self::Lower => new < gold,
            Self::Neither => false,
        }
    }
}

/// How far a metric may move: `|new - gold| <= max(absolute, relative * |gold|)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// In the metric's own unit.
    pub absolute: f64,
    /// As a fraction of gold's magnitude.
    pub relative: f64,
    /// Not at all, in either direction; the other two mean nothing then.
    pub exact: bool,
    /// In which direction a larger move is welcome.
    pub better: Better,
}

impl Tolerance {
    /// The tolerance of a metric that nobody declared one for: counts are exact, all else may move by 1e-6 as in the
    /// Python package, and a fitness, which is maximised by definition, may rise.
    pub fn of_metric(metric: &str) -> Self {
        let counts = ["evaluations", "candidates", "rounds", "windows"];
        let exact = counts.contains(&metric) || metric.ends_with("_samples");
        let better = if metric.ends_with("_fitness") { Better::Higher } else { Better::Neither };
        Self { absolute: 1e-6, relative: 0.0, exact, better }
    }

    /// The largest distance from `gold` that is let pass.
    pub fn allowed(&self, gold: f64) -> f64 {
        if self.exact { 0.0 } else { self.absolute.max(self.relative * gold.abs()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_larger_of_both_distances_counts_and_exact_allows_none() {
        let tolerance = Tolerance { absolute: 0.5, relative: 0.1, exact: false, better: Better::Neither };
        assert_eq!(tolerance.allowed(-20.0), 2.0);
        assert_eq!(tolerance.allowed(1.0), 0.5);
        assert_eq!(Tolerance { exact: true, ..tolerance }.allowed(-20.0), 0.0);
    }

    #[test]
    fn nan_is_better_than_nothing_and_nothing_than_nan() {
        for better in Better::ALL {
            assert!(!better.improves(1.0, f64::NAN) && !better.improves(f64::NAN, 1.0), "{better:?}");
        }
    }
}
