//! `deterministic`: the baseline, evaluated again at the end, has to say the same.
//!
//! A target that drifts or draws without a seed is judged on numbers that nobody can get again.

use super::{Digits, Gate, GateId, GateReport, GateStatus, Measure};
use crate::number::{Op, general};

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "deterministic",
    peer_name: "DETERMINISTIC",
    asks: "Does the target say the same twice?",
    fails: "the baseline, evaluated again at the end, says something else",
    advice: "Seed every draw in the target, and keep no state between evaluations. A target that measures \
             something declares how far it may differ.",
    causes: &[("", "The target does not repeat itself: seed it, or declare its `noise`.")],
    keys: &["gates.deterministic.noise"],
    at_the_end: false,
    applies: |asked| asked.strictly(),
};

/// Fitness and samples of the baseline, first and again.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RepeatEvidence {
    /// At the start of the run.
    pub first: (f64, u64),
    /// At its end; absent if that evaluation failed.
    pub again: Option<(f64, u64)>,
}

/// Judges two evaluations of the baseline: fitness at most `noise` apart, and where `noise` is 0 as many samples too.
pub fn judge_deterministic(evidence: RepeatEvidence, noise: f64) -> GateReport {
    let difference = evidence.again.map(|(again, _)| (again - evidence.first.0).abs());
    let fitness_ok = difference.is_some_and(|difference| difference <= noise);
    let samples = evidence.again.map(|(_, samples)| samples);
    let samples_ok = noise > 0.0 || samples == Some(evidence.first.1);
    let status = GateStatus::of(fitness_ok && samples_ok);
    let mut measures = vec![Measure::new("difference", difference, Op::AtMost, noise, Digits::General(6), fitness_ok)];
    if !samples_ok {
        let (again, first) = (samples.map(|samples| samples as f64), evidence.first.1 as f64);
        measures.push(Measure::new("samples", again, Op::Equal, first, Digits::Fixed(0), false));
    }
    let message = match evidence.again {
        None => "FAIL: the baseline could not be evaluated again".to_owned(),
        Some((again, samples)) => format!(
            "{status}: the baseline's fitness is {} (n={}) and again {} (n={samples})",
            general(evidence.first.0, 17),
            evidence.first.1,
            general(again, 17)
        ),
    };
    GateReport::new(GateId::Deterministic, status, message, measures).on(evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_fitness_or_another_sample_count_fails_unless_noise_is_declared() {
        let judge = |again, noise| judge_deterministic(RepeatEvidence { first: (1.0, 5), again }, noise).status;
        assert_eq!(judge(Some((1.0, 5)), 0.0), GateStatus::Pass);
        assert_eq!(judge(Some((1.0 + f64::EPSILON, 5)), 0.0), GateStatus::Fail);
        assert_eq!(judge(Some((1.0, 6)), 0.0), GateStatus::Fail);
        assert_eq!(judge(Some((1.25, 6)), 0.25), GateStatus::Pass);
        assert_eq!(judge(Some((1.5, 5)), 0.25), GateStatus::Fail);
        assert_eq!(judge(Some((f64::NAN, 5)), 0.25), GateStatus::Fail);
        assert_eq!(judge(None, 0.25), GateStatus::Fail);
    }
}
