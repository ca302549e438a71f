//! KC-2: if every parameter matters alike, tuning a few of them means nothing.

use super::{Applies, Digits, Gate, GateId, GateReport, GateStatus, Measure, Thresholds};
use crate::number::{Op, fixed, repr};
use crate::stats;

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "kc2",
    peer_name: "KC-2",
    asks: "Do a few parameters matter much more than the others?",
    fails: "the parameters matter about alike, so that tuning a few of them means little",
    advice: "Look at the stress ranking of the scorecard. If all stresses are near zero, the steps are too small \
             or the target does not use its parameters; if all are alike, tune all of them, or none. Nothing is \
             searched when this gate fails.",
    causes: &[
        (
            "nonzero_stress_count",
            "Too few parameters move the fitness at all: the steps are too small, or the target does not use them.",
        ),
        ("", "The parameters matter about alike, so tuning the top few of them is not what moves the fitness."),
    ],
    keys: &["gates.gini_min", "gates.top_bot_ratio_min", "gates.min_nonzero_stress_count", "stress.epsilons"],
    at_the_end: false,
    applies: |asked| Applies::unless(!asked.study, "a study chose its parameters itself"),
};

/// How unevenly the parameters matter.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StressSpread {
    /// Gini coefficient of the stresses.
    pub gini: f64,
    /// Whether it suffices.
    pub gini_ok: bool,
    /// Mean of the `k` largest stresses.
    pub top_mean: f64,
    /// Mean of the `k` smallest stresses.
    pub bottom_mean: f64,
    /// Their ratio; infinite if the smallest have no stress at all.
    pub ratio: f64,
    /// Whether it suffices; always for a single parameter.
    pub ratio_ok: bool,
    /// How many stresses each mean is over: half of them, at least 1 and at most 3.
    pub k: usize,
    /// How many parameters have any stress.
    pub nonzero_count: u64,
    /// Whether that suffices.
    pub nonzero_ok: bool,
    /// How many are required, if any number is.
    pub nonzero_min: Option<u64>,
}

/// Judges stresses in one unit, as the strict profile does: a single parameter has nothing to be compared with, so the
/// gate is shown and does not decide; and a Gini coefficient that rounding took below 0 is 0.
pub fn judge_kc2_strict(stresses: &[f64], thresholds: &Thresholds) -> GateReport {
    match measure(stresses, thresholds) {
        Some(spread) if stresses.len() == 1 => {
            let message = "not applicable: one parameter has no other to be compared with";
            GateReport::new(GateId::Kc2, GateStatus::Advisory, message, Vec::new()).on(spread)
        }
        Some(spread) if spread.gini < 0.0 => {
            judged(StressSpread { gini: 0.0, gini_ok: 0.0 >= thresholds.gini_min, ..spread }, thresholds)
        }
        _ => judge_kc2(stresses, thresholds),
    }
}

/// Judges the raw stresses of the measured parameters.
pub fn judge_kc2(stresses: &[f64], thresholds: &Thresholds) -> GateReport {
    let Some(spread) = measure(stresses, thresholds) else {
        return GateReport::new(GateId::Kc2, GateStatus::Fail, "FAIL: no stress values", Vec::new());
    };
    judged(spread, thresholds)
}

fn judged(spread: StressSpread, thresholds: &Thresholds) -> GateReport {
    let status = GateStatus::of(spread.gini_ok && spread.ratio_ok && spread.nonzero_ok);
    let (message, measures) = (message(&spread, status, thresholds), measures(&spread, thresholds));
    GateReport::new(GateId::Kc2, status, message, measures).on(spread)
}

fn measure(stresses: &[f64], thresholds: &Thresholds) -> Option<StressSpread> {
    let k = (stresses.len() / 2).clamp(1, 3);
    let extremes = stats::mean_of_extremes(stresses, k)?;
    // A single parameter has no other to be compared with; its Gini coefficient of 0 decides.
    let single = stresses.len() == 1;
    let ratio = match (single, extremes.bottom_mean > 0.0) {
        (true, _) => 1.0,
        (false, true) => extremes.top_mean / extremes.bottom_mean,
        (false, false) => f64::INFINITY,
    };
    let gini = stats::gini(stresses);
    let nonzero_count = stresses.iter().filter(|stress| **stress > 0.0).count() as u64;
    Some(StressSpread {
        gini,
        gini_ok: gini >= thresholds.gini_min,
        top_mean: extremes.top_mean,
        bottom_mean: extremes.bottom_mean,
        ratio,
        ratio_ok: single || ratio >= thresholds.top_bot_ratio_min,
        k,
        nonzero_count,
        nonzero_ok: thresholds.min_nonzero_stress_count.is_none_or(|min| nonzero_count >= min),
        nonzero_min: thresholds.min_nonzero_stress_count,
    })
}

fn message(spread: &StressSpread, status: GateStatus, thresholds: &Thresholds) -> String {
    let (gini, ratio, k) = (fixed(spread.gini, 3), fixed(spread.ratio, 2), spread.k);
    if status == GateStatus::Pass {
        return format!("PASS: Gini={gini}, top{k}/bot{k}={ratio}");
    }
    let mut failures = Vec::new();
    if !spread.gini_ok {
        failures.push(format!("Gini={gini}<{}", repr(thresholds.gini_min)));
    }
    if !spread.ratio_ok {
        failures.push(format!("ratio={ratio}<{}", repr(thresholds.top_bot_ratio_min)));
    }
    if let (false, Some(min)) = (spread.nonzero_ok, spread.nonzero_min) {
        failures.push(format!("nonzero_stress_count={}<{min}", spread.nonzero_count));
    }
    format!("FAIL: {}", failures.join(", "))
}

fn measures(spread: &StressSpread, thresholds: &Thresholds) -> Vec<Measure> {
    let at_least = |metric: &str, value: f64, min: f64, ok| {
        Measure::new(metric, Some(value), Op::AtLeast, min, Digits::Fixed(3), ok)
    };
    let extremes = format!("top{0}/bot{0}", spread.k);
    let mut measures = vec![
        at_least("gini", spread.gini, thresholds.gini_min, spread.gini_ok),
        at_least(&extremes, spread.ratio, thresholds.top_bot_ratio_min, spread.ratio_ok),
    ];
    if let Some(min) = spread.nonzero_min {
        measures.push(Measure::count("nonzero_stress_count", spread.nonzero_count, Op::AtLeast, min));
    }
    measures
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D28 of the Python package: a single parameter always fails there, and equal stresses have a Gini coefficient of
    /// -2.2e-16, which fails a minimum of 0.
    #[test]
    fn one_parameter_and_equal_parameters_are_not_failed_by_rounding_under_strict() {
        let thresholds = Thresholds { gini_min: 0.0, top_bot_ratio_min: 0.0, ..Thresholds::default() };
        let equal = [0.7; 7];
        assert!(stats::gini(&equal) < 0.0);
        assert_eq!(judge_kc2(&equal, &thresholds).status, GateStatus::Fail);
        assert_eq!(judge_kc2_strict(&equal, &thresholds).status, GateStatus::Pass);
        assert_eq!(judge_kc2(&[1.0], &Thresholds::default()).status, GateStatus::Fail);
        assert_eq!(judge_kc2_strict(&[1.0], &Thresholds::default()).status, GateStatus::Advisory);
        assert_eq!(judge_kc2_strict(&[], &Thresholds::default()).status, GateStatus::Fail);
    }
}
