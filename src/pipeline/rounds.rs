//! How a run goes on from round to round.

/// How a run goes on from round to round. The defaults are the reference implementation's.
///
/// Everything else of the configuration is that of each round; its baseline is the first round's, its stress subset what
/// may ever be unlocked, its holdout rule that of the one shot at the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rounds {
    /// The most rounds that are run.
    pub max: usize,
    /// End with the first round that fails a gate; nothing of it is locked in.
    pub stop_on_kc_fail: bool,
    /// End with the first round whose selected candidate is better than its baseline by less than this.
    pub min_improvement: f64,
}

impl Default for Rounds {
    fn default() -> Self {
        Self { max: 3, stop_on_kc_fail: true, min_improvement: 0.0 }
    }
}
