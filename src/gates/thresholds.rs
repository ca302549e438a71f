//! What the kill criteria require.

/// Thresholds of KC-1 to KC-4. The defaults are the reference implementation's.
#[derive(Debug, Clone, PartialEq)]
pub struct Thresholds {
    /// KC-1: seconds a run may take.
    pub time_box_seconds: f64,
    /// KC-2: smallest Gini coefficient of the stresses.
    pub gini_min: f64,
    /// KC-2: smallest ratio of the mean of the largest stresses to that of the smallest.
    pub top_bot_ratio_min: f64,
    /// KC-2: smallest number of parameters with any stress; `None` requires nothing.
    pub min_nonzero_stress_count: Option<u64>,
    /// KC-3: smallest sample count; `None` switches the gate off (SKIP).
    pub samples_min: Option<u64>,
    /// KC-3: the same for what was counted on test; `None` is as on every other slice. It means nothing where the gate is off.
    pub samples_min_test: Option<u64>,
    /// KC-4: smallest correlation of train and test fitness.
    pub pearson_min: f64,
    /// KC-4: smallest ratio of test to train sample counts; `None` requires nothing.
    pub sample_ratio_min: Option<f64>,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            time_box_seconds: 259_200.0,
            gini_min: 0.2,
            top_bot_ratio_min: 2.0,
            min_nonzero_stress_count: None,
            samples_min: Some(50),
            samples_min_test: None,
            pearson_min: 0.3,
            sample_ratio_min: Some(0.5),
        }
    }
}

impl Thresholds {
    /// For targets that count no actions (a formula, a circuit, a model): KC-3 and KC-4's ratio are off.
    pub fn pure_objective() -> Self {
        Self { samples_min: None, sample_ratio_min: None, ..Self::default() }
    }
}
