//! Perturbation sensitivity: how much the fitness moves when one parameter moves.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use libm::{exp, log};

use crate::objective::{
    Context, Evaluator, Halt, Outcome, ParamError, ParamKind, ParamSpace, ParamSpec, Params, Scale, Value,
};
use crate::progress::{Observer, evaluate_phase};
use crate::stats;

/// Which parameters to perturb, and by how much.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StressOptions {
    /// Only these, in this order; `None` measures every parameter of the space in its order.
    pub subset: Option<Vec<String>>,
    /// Step by parameter name; others use a tenth of the range (float) or 1 (int), on a log scale a tenth of the range's
    /// logarithm; a number that moves in steps moves by one of them at least. A switch is always flipped and a choice takes every alternative.
    pub epsilons: BTreeMap<String, f64>,
}

/// The sensitivity of one parameter.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Stress {
    /// The parameter.
    pub name: String,
    /// Fitness of the baseline.
    pub baseline_fitness: f64,
    /// Fitness one step up (a switch: flipped; a choice: the alternative that changes most); absent if that evaluation
    /// failed.
    pub plus_fitness: Option<f64>,
    /// Fitness one step down (a switch or a choice: the baseline's); absent if that evaluation failed.
    pub minus_fitness: Option<f64>,
    /// The step asked for, before clipping to the range, in logarithms on a log scale; 1 for a switch or a choice.
    pub epsilon: f64,
    /// Change of fitness per unit of the step really made, the larger of both sides; a switch or a choice: the largest
    /// change of fitness.
    pub raw_stress: f64,
    /// [`raw_stress`](Self::raw_stress) as a z-score over the measured parameters.
    pub normalized_stress: f64,
    /// Whether the parameter is a switch.
    pub is_boolean: bool,
    /// Whether the space marks it as suppressed.
    pub stress_suppressed: bool,
    /// Whether the step up left the range and was clipped.
    pub clipped_plus: bool,
    /// Whether the step down left the range and was clipped.
    pub clipped_minus: bool,
    /// Steps that were not measured because their parameters do not go together.
    pub not_applicable: usize,
    /// Samples behind `plus_fitness`.
    pub plus_samples: u64,
    /// Samples behind `minus_fitness`.
    pub minus_samples: u64,
    /// Length of the parameter's range in the unit of the step; 1 for a switch or a choice.
    pub range: f64,
}

impl Stress {
    /// Change of fitness per range: what the slope would make of the whole range. Another unit of the parameter does not
    /// change it.
    pub fn per_range(&self) -> f64 {
        self.raw_stress * self.range
    }

    /// Whether no step could be measured, because parameters do not go together: the stress is 0 and says nothing.
    pub fn is_unknown(&self) -> bool {
        self.not_applicable > 0 && self.plus_fitness.is_none() && self.minus_fitness.is_none()
    }
}

/// Measures the stress of every parameter asked for, around `base`.
///
/// One evaluation per other value of a switch or a choice, two per number (up first), all proposed before any is evaluated. `baseline` is the fitness
/// and sample count at `base`; it is not evaluated again. Formulas: raw = max over both sides of
/// |fitness - baseline| / |step made|, 0 for a side whose step was clipped away; normalized = (raw - mean) / population
/// standard deviation. A side whose evaluation failed, or whose parameters do not go together, does not count.
///
/// # Errors
/// If the subset or an epsilon names a parameter that the space does not have, the subset names one twice, or the run
/// must end.
pub fn measure_stress(
    evaluator: &mut dyn Evaluator,
    observer: &mut dyn Observer,
    context: Context,
    space: &ParamSpace,
    base: &Params,
    baseline: (f64, u64),
    options: &StressOptions,
) -> Result<Vec<Stress>, StressError> {
    for name in options.epsilons.keys() {
        space.get(name)?;
    }
    let subset = options.subset.as_deref().unwrap_or_default();
    if let Some(place) = (1..subset.len()).find(|&place| subset[..place].contains(&subset[place])) {
        return Err(ParamError::twice(&subset[place]).into());
    }
    let probes = match &options.subset {
        Some(names) => {
            names.iter().map(|name| Probe::of(space.get(name)?, base, options)).collect::<Result<Vec<_>, _>>()?
        }
        None => space.specs().iter().map(|spec| Probe::of(spec, base, options)).collect::<Result<Vec<_>, _>>()?,
    };
    let proposals: Vec<Params> = probes.iter().flat_map(|probe| probe.proposals.iter().cloned()).collect();
    let outcomes = evaluate_phase(evaluator, observer, context, &proposals)?;

    let mut outcomes = outcomes.iter();
    let mut rows: Vec<Stress> = probes.iter().map(|probe| probe.stress(&mut outcomes, baseline)).collect();
    let raw: Vec<f64> = rows.iter().map(|row| row.raw_stress).collect();
    for (row, score) in rows.iter_mut().zip(stats::z_scores(&raw)) {
        row.normalized_stress = score;
    }
    Ok(rows)
}

/// The names of the `k` parameters with the largest raw stress, largest first; ties keep their order.
pub fn top_k(stresses: &[Stress], k: usize, leave_out_suppressed: bool) -> Vec<String> {
    top_k_by(stresses, k, leave_out_suppressed, |stress| stress.raw_stress)
}

/// The same by another measure of stress.
pub fn top_k_by(
    stresses: &[Stress],
    k: usize,
    leave_out_suppressed: bool,
    measure: impl Fn(&Stress) -> f64,
) -> Vec<String> {
    let mut ranked: Vec<&Stress> =
        stresses.iter().filter(|stress| !(leave_out_suppressed && stress.stress_suppressed)).collect();
    ranked.sort_by(|a, b| stats::descending(measure(a), measure(b)));
    ranked.into_iter().take(k).map(|stress| stress.name.clone()).collect()
}

/// One parameter's perturbations.
struct Probe<'s> {
    spec: &'s ParamSpec,
    epsilon: f64,
    /// How far each proposal really is from the base.
    steps: Vec<f64>,
    clipped: [bool; 2],
    proposals: Vec<Params>,
}

impl<'s> Probe<'s> {
    fn of(spec: &'s ParamSpec, base: &Params, options: &StressOptions) -> Result<Self, ParamError> {
        let value = base.get(&spec.name).cloned().unwrap_or_else(|| spec.neutral());
        let epsilon = options.epsilons.get(&spec.name).copied();
        if let Some(steps) = spec.steps() {
            let tenth = if matches!(spec.kind, ParamKind::Float { .. }) { 0.1 * range(spec) } else { 0.0 };
            let usual = tenth.max(steps.size());
            return Self::sides(spec, base, &value, epsilon.unwrap_or(usual), |center, by| steps.moved(center, by));
        }
        match spec.kind {
            ParamKind::Float { low, high, scale: Scale::Linear, .. } => {
                Self::sides(spec, base, &value, epsilon.unwrap_or(0.1 * (high - low)), |center, step| center + step)
            }
            ParamKind::Int { scale: Scale::Linear, .. } => {
                Self::sides(spec, base, &value, epsilon.unwrap_or(1.0), |center, step| center + step)
            }
            ParamKind::Float { low, high, scale: Scale::Log, .. } => {
                let tenth = 0.1 * log(high / low);
                Self::sides(spec, base, &value, epsilon.unwrap_or(tenth), |center, step| center * exp(step))
            }
            ParamKind::Int { low, high, scale: Scale::Log, .. } => {
                let tenth = 0.1 * log(high as f64 / low as f64);
                Self::sides(spec, base, &value, epsilon.unwrap_or(tenth), |center, step| {
                    // A ratio that rounds back to where it came from would measure nothing.
                    let moved = center * exp(step);
                    match step.partial_cmp(&0.0) {
                        Some(Ordering::Greater) => moved.max(center + 1.0),
                        Some(Ordering::Less) => moved.min(center - 1.0),
                        _ => center,
                    }
                })
            }
            ParamKind::Bool { .. } | ParamKind::Choice { .. } => {
                let alternatives = spec.alternatives(&value);
                let proposals = alternatives.into_iter().map(|other| base.with(&spec.name, other));
                let proposals = proposals.collect::<Result<Vec<_>, _>>()?;
                Ok(Self { spec, epsilon: 1.0, steps: vec![1.0; proposals.len()], clipped: [false; 2], proposals })
            }
        }
    }

    /// One step up and one down from the base.
    fn sides(
        spec: &'s ParamSpec,
        base: &Params,
        value: &Value,
        epsilon: f64,
        moved: impl Fn(f64, f64) -> f64,
    ) -> Result<Self, ParamError> {
        let center = value.as_f64().unwrap_or(f64::NAN);
        let distance = |reached: f64| match spec.scale() {
            Scale::Linear => (reached - center).abs(),
            Scale::Log => log(reached / center).abs(),
        };
        let mut probe = Self { spec, epsilon, steps: Vec::new(), clipped: [false; 2], proposals: Vec::new() };
        for (side, step) in [epsilon, -epsilon].into_iter().enumerate() {
            let wanted = moved(center, step);
            let clipped = spec.clip(wanted);
            let reached = clipped.as_f64().unwrap_or(f64::NAN);
            probe.steps.push(distance(reached));
            // As in the reference implementation, an int that was only rounded counts as clipped too.
            probe.clipped[side] = reached != wanted;
            probe.proposals.push(base.with(&spec.name, clipped)?);
        }
        Ok(probe)
    }

    fn stress<'o>(&self, outcomes: &mut impl Iterator<Item = &'o Outcome>, baseline: (f64, u64)) -> Stress {
        let outcomes: Vec<&Outcome> = outcomes.take(self.proposals.len()).collect();
        let level = |outcome: &Outcome| outcome.evaluation().map(|found| (found.fitness, found.samples));
        let measured: Vec<Option<(f64, u64)>> = outcomes.iter().map(|outcome| level(outcome)).collect();
        let not_applicable = outcomes.iter().filter(|outcome| outcome.is_not_applicable()).count();
        let side_stress = |side: usize| match measured[side] {
            Some((fitness, _)) if self.steps[side] > 0.0 => (fitness - baseline.0).abs() / self.steps[side],
            _ => 0.0,
        };
        // The first of the largest, as Python's max; a parameter with a single value has no side at all.
        let largest =
            (0..measured.len()).reduce(|best, side| if side_stress(side) > side_stress(best) { side } else { best });
        let has_sides = matches!(self.spec.kind, ParamKind::Float { .. } | ParamKind::Int { .. });
        let (plus, minus) = match (has_sides, largest) {
            (true, _) => (measured.first().copied().flatten(), measured.get(1).copied().flatten()),
            (false, Some(_)) if not_applicable == measured.len() => (None, None),
            (false, Some(side)) => (measured[side], Some(baseline)),
            (false, None) => (Some(baseline), Some(baseline)),
        };
        Stress {
            name: self.spec.name.clone(),
            baseline_fitness: baseline.0,
            plus_fitness: plus.map(|side| side.0),
            minus_fitness: minus.map(|side| side.0),
            epsilon: self.epsilon,
            raw_stress: largest.map_or(0.0, side_stress),
            normalized_stress: 0.0,
            is_boolean: matches!(self.spec.kind, ParamKind::Bool { .. }),
            stress_suppressed: self.spec.stress_suppressed,
            clipped_plus: self.clipped[0],
            clipped_minus: self.clipped[1],
            not_applicable,
            plus_samples: plus.map_or(0, |side| side.1),
            minus_samples: minus.map_or(0, |side| side.1),
            range: range(self.spec),
        }
    }
}

/// The length of a range in the unit in which its steps are measured.
fn range(spec: &ParamSpec) -> f64 {
    match spec.kind {
        ParamKind::Float { low, high, scale: Scale::Linear, .. } => high - low,
        ParamKind::Float { low, high, scale: Scale::Log, .. } => log(high / low),
        ParamKind::Int { low, high, scale: Scale::Linear, .. } => high as f64 - low as f64,
        ParamKind::Int { low, high, scale: Scale::Log, .. } => log(high as f64 / low as f64),
        ParamKind::Bool { .. } | ParamKind::Choice { .. } => 1.0,
    }
}

/// Why stress could not be measured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StressError {
    /// A name that is no parameter.
    #[error(transparent)]
    Param(#[from] ParamError),
    /// The run ended.
    #[error(transparent)]
    Halt(#[from] Halt),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{AuditedEvaluator, Subject, Trail};
    use crate::objective::{Evaluation, FnTarget, Phase, Role};

    #[test]
    fn log_scales_are_measured_in_ratios_and_choices_by_their_largest_change() {
        let space = ParamSpace::new().log_float("rate", 1e-4..=1.0, 1e-2).log_int("width", 1..=16, 2).choice(
            "loss",
            ["l1", "l2", "huber"],
            "l2",
        );
        let target = FnTarget::new(space.clone(), |params| {
            let loss = match params.choice("loss")? {
                "l1" => 1.0,
                "huber" => -5.0,
                _ => 0.0,
            };
            let (rate, width) = (params.float("rate")?, params.int("width")? as f64);
            Ok(Evaluation::new(3.0 * rate.ln() + 7.0 * width.ln() + loss))
        });
        let mut trail = Trail::new();
        let mut evaluator = AuditedEvaluator::new(Subject::Parallel(&target), &[], &mut trail).unwrap();
        let base = space.neutral();
        let level = (target_fitness(&target, &base), 0);
        let context = Context::new(Role::Train, Phase::Stress);
        let options = StressOptions::default();
        let rows = measure_stress(&mut evaluator, &mut (), context, &space, &base, level, &options).unwrap();
        let raw: Vec<f64> = rows.iter().map(|row| row.raw_stress).collect();
        // The slope per logarithm is constant, and the largest change of the choice is that to "huber".
        for (found, expected) in raw.iter().zip([3.0, 7.0, 5.0]) {
            assert!((found - expected).abs() < 1e-9, "{raw:?}");
        }
        assert!((rows[0].epsilon - 0.1 * 1e4_f64.ln()).abs() < 1e-12);
        assert_eq!(trail.rows().len(), 2 + 2 + 2);
    }

    #[test]
    fn a_step_of_zero_measures_nothing_on_any_scale() {
        let space =
            ParamSpace::new().float("x", 0.0..=4.0, 2.0).log_float("rate", 0.1..=10.0, 1.0).log_int("width", 1..=64, 8);
        let target = FnTarget::new(space.clone(), |params| {
            Ok(Evaluation::new(params.float("x")? + params.float("rate")? + params.int("width")? as f64))
        });
        let mut trail = Trail::new();
        let mut evaluator = AuditedEvaluator::new(Subject::Parallel(&target), &[], &mut trail).unwrap();
        let base = space.neutral();
        let epsilons = space.specs().iter().map(|spec| (spec.name.clone(), 0.0)).collect();
        let (level, context) = ((target_fitness(&target, &base), 0), Context::new(Role::Train, Phase::Stress));
        let options = StressOptions { epsilons, ..StressOptions::default() };
        let rows = measure_stress(&mut evaluator, &mut (), context, &space, &base, level, &options).unwrap();
        assert!(rows.iter().all(|row| row.raw_stress == 0.0 && !row.clipped_plus && !row.clipped_minus), "{rows:?}");
        assert!(trail.rows().iter().all(|row| row.params == base));
    }

    fn target_fitness(target: &FnTarget, params: &Params) -> f64 {
        crate::objective::Target::evaluate(target, params).unwrap().fitness
    }
}
