//! What the gates of the strict profile require.

words! {
    /// Whether something that is measured in any case decides under the strict profile.
    #[derive(Default)]
    pub enum Decides {
        /// Shown, never decides.
        #[default]
        Advisory = "advisory",
        /// Decides.
        Required = "required",
    }
}

/// What the gates of the strict profile require beside the kill criteria's thresholds.
#[derive(Debug, Clone, PartialEq)]
pub struct StrictRules {
    /// Seed of every permutation and of the fresh draws.
    pub seed: u64,
    /// Whether KC-4's correlation decides, as in the reference profile: over the ten best of independent candidates it passes
    /// one search of noise in five.
    pub correlation: Decides,
    /// `searched`: smallest number of distinct eligible candidates.
    pub min_distinct: u64,
    /// `improvement`: the selected candidate's train fitness less the baseline's is larger than this.
    pub min_improvement: f64,
    /// `selected`: largest difference of train and test fitness, in the unit of the fitness; `None` requires nothing.
    pub max_drop: Option<f64>,
    /// `transfer`.
    pub transfer: TransferRule,
    /// `margin`: largest p-value of the selected candidate's gain over the blocks of test.
    pub margin_alpha: f64,
    /// `windows`.
    pub windows: WindowsRule,
    /// `null`.
    pub null: NullRule,
    /// `deterministic`: largest difference of two evaluations of the baseline, in the unit of the fitness.
    pub noise: f64,
    /// `reproduces`: how many trials of a study are evaluated again beside those that other gates ask for.
    pub study_trials: u64,
    /// `reproduces`: largest difference of a trial from its record, relative.
    pub study_tolerance: f64,
}

impl Default for StrictRules {
    fn default() -> Self {
        Self {
            seed: 42,
            correlation: Decides::default(),
            min_distinct: 10,
            min_improvement: 0.0,
            max_drop: None,
            transfer: TransferRule::default(),
            margin_alpha: 0.05,
            windows: WindowsRule::default(),
            null: NullRule::default(),
            noise: 0.0,
            study_trials: 5,
            study_tolerance: 1e-6,
        }
    }
}

/// What `transfer` requires, and of how much evidence.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TransferRule {
    /// Largest p-value of each half.
    pub alpha: f64,
    /// How many candidates, spread evenly over the ranks on train, the rank half compares.
    pub rank_points: usize,
    /// How many of the best candidates on train the lead half compares.
    pub lead_top: usize,
    /// With how many fresh uniform draws.
    pub lead_draws: usize,
    /// Permutations of each half.
    pub permutations: usize,
    /// Whether it decides where blocks are declared. Without them it does.
    pub decides: Decides,
}

impl Default for TransferRule {
    fn default() -> Self {
        let decides = Decides::default();
        Self { alpha: 0.05, rank_points: 30, lead_top: 10, lead_draws: 20, permutations: 9_999, decides }
    }
}

/// The p-value that the `consultation`-th question to one test slice must reach, from 1: `alpha / (j (j + 1))`.
///
/// These sum to `alpha` over any number of questions, so that asking until the answer is yes gains nothing.
pub fn spent(alpha: f64, consultation: u32) -> f64 {
    let j = f64::from(consultation);
    alpha / (j * (j + 1.0))
}

/// What `windows` requires.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WindowsRule {
    /// Largest p-value of the gains of all windows together.
    pub alpha: f64,
    /// Smallest number of windows.
    pub min: u64,
}

impl Default for WindowsRule {
    fn default() -> Self {
        Self { alpha: 0.05, min: 4 }
    }
}

/// What `null` requires.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NullRule {
    /// How many null versions are calibrated.
    pub runs: u64,
    /// Largest p-value.
    pub alpha: f64,
}

impl Default for NullRule {
    fn default() -> Self {
        Self { runs: 19, alpha: 0.05 }
    }
}

impl NullRule {
    /// The smallest p-value that so many runs can give: `1 / (runs + 1)`.
    pub fn smallest_p(&self) -> f64 {
        1.0 / (self.runs as f64 + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alpha_of_all_consultations_together_is_the_declared_one() {
        assert!((spent(0.05, 1) - 0.025).abs() < 1e-15 && (spent(0.05, 2) - 0.05 / 6.0).abs() < 1e-15);
        let total: f64 = (1..=100_000).map(|j| spent(0.05, j)).sum();
        assert!(total < 0.05 && total > 0.0499, "{total}");
        assert!(NullRule::default().smallest_p() <= NullRule::default().alpha);
    }
}
