//! What there was to find on one keyhole, and how near a method came.

use super::{
    Crash, Found, KnownAnswer, Measured, effective_precision, effective_recall, fitness_gap_pct, generalization_gap,
    param_l2_error, sample_efficiency, spearman,
};
use crate::objective::{ParamError, ParamSpace, Params};

/// What there was to find.
pub(super) struct Answer {
    effective: Vec<String>,
    optimum: Params,
    optimum_fitness: f64,
    importance: Vec<String>,
    space: ParamSpace,
}

impl Answer {
    /// Asks a keyhole; the fitness of its optimum is evaluated beside the record.
    pub(super) fn of(keyhole: &dyn KnownAnswer) -> Result<Self, Crash> {
        let (space, optimum) = (keyhole.space(), keyhole.optimum());
        let whole = optimum.iter().try_fold(space.neutral(), |params, (name, value)| params.with(name, value.clone()));
        let whole = whole.map_err(|error: ParamError| format!("its optimum: {error}"))?;
        let evaluation = keyhole.evaluate(&whole).map_err(|error| format!("its optimum: {}", error.reason()))?;
        Ok(Self {
            effective: keyhole.effective(),
            optimum_fitness: evaluation.fitness,
            importance: keyhole.importance(),
            optimum,
            space,
        })
    }

    pub(super) fn measure(&self, found: Found, evaluations: u64) -> Measured {
        let ranking = found.stress_ranking.as_deref().unwrap_or_default();
        Measured {
            effective_recall: effective_recall(&found.unlocked, &self.effective),
            effective_precision: effective_precision(&found.unlocked, &self.effective),
            param_l2_error: param_l2_error(&found.params, &self.optimum, &self.space),
            fitness_gap_pct: fitness_gap_pct(found.fitness, self.optimum_fitness),
            generalization_gap: generalization_gap(found.fitness, found.test_fitness),
            sample_efficiency: sample_efficiency(found.fitness, evaluations),
            stress_rank_spearman: spearman(ranking, &self.importance),
            passed: found.status == "PASS",
            status: found.status,
            evaluations,
            found_fitness: found.fitness,
            found_params: found.params,
        }
    }
}
