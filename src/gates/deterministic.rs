//! `deterministic`: the baseline, evaluated again at the end, has to say the same.
//!
//! A target that drifts or draws without a seed is judged on numbers that nobody can get again. What counts is everything that
//! decides: the fitness, the samples, the blocks, and each metric that a constraint or a tolerance reads.

use serde_json::Value as Json;

use super::{Digits, Gate, GateId, GateReport, GateStatus, Measure, Reading, Required};
use crate::number::{Op, general};

/// What is known of it.
pub(super) const GATE: Gate = Gate {
    id: "deterministic",
    peer_name: "DETERMINISTIC",
    asks: "Does the target give the same answer twice, in every figure that decides something?",
    fails: "the baseline, evaluated again at the end, says something else: another fitness, number of samples or block, another \
            value of a metric that a constraint or a tolerance reads, or a closure that answers otherwise",
    advice: "Seed every draw in the target, and keep no state between evaluations. A target that measures something declares \
             how far it may differ: `gates.deterministic.noise` for the fitness, `tolerance.<metric>` for a metric.",
    causes: &[
        (
            "metadata.",
            "A metric that decides does not repeat itself, as a measured time does not. Declare how far it may differ by \
             `tolerance.\"metadata.NAME\"`, or decide by something that repeats itself.",
        ),
        ("", "The target does not repeat itself: seed it, or declare its `noise`."),
    ],
    keys: &["gates.deterministic.noise", "tolerance"],
    at_the_end: false,
    applies: |asked| asked.strictly(),
};

/// How far a metric of the target may differ where the same is evaluated twice.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricNoise {
    /// The metric, as constraints spell it: `metadata.NAME`.
    pub metric: String,
    /// In its own unit.
    pub absolute: f64,
    /// As a fraction of its first value.
    pub relative: f64,
}

/// The baseline, first and again.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RepeatEvidence {
    /// Its fitness and samples at the start of the run.
    pub first: (f64, u64),
    /// The same at its end; absent if that evaluation failed.
    pub again: Option<(f64, u64)>,
    /// What else decides something and may have changed.
    pub others: Vec<Repeated>,
}

/// One figure that something decides by, first and again.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Repeated {
    /// What it is: `metadata.latency_us`, `block 3`.
    pub name: String,
    /// At the start and at the end of the run, as text; `none` where it is not there.
    pub values: (String, String),
    /// How far apart they are, if both are numbers.
    pub difference: Option<f64>,
    /// How far apart they may be.
    pub allowed: f64,
    /// Whether they are the same.
    pub same: bool,
}

impl RepeatEvidence {
    /// Of these two evaluations, of fitness and samples.
    pub const fn new(first: (f64, u64), again: Option<(f64, u64)>, others: Vec<Repeated>) -> Self {
        Self { first, again, others }
    }
}

impl Repeated {
    /// Of two readings of a metric; absent is none. Two that are not both numbers have to be the same.
    pub fn new(
        name: impl Into<String>,
        first: Option<&Json>,
        again: Option<&Json>,
        noise: Option<&MetricNoise>,
    ) -> Self {
        let number = |value: Option<&Json>| value.and_then(Json::as_f64);
        let text = |value: Option<&Json>| match (number(value), value) {
            (Some(number), _) => general(number, 9),
            (None, Some(value)) => value.to_string(),
            (None, None) => "none".to_owned(),
        };
        let both = number(first).zip(number(again));
        let allowed =
            noise.zip(number(first)).map_or(0.0, |(noise, first)| noise.absolute.max(noise.relative * first.abs()));
        Self {
            name: name.into(),
            values: (text(first), text(again)),
            difference: both.map(|(first, again)| (again - first).abs()),
            allowed,
            same: first == again,
        }
    }

    /// Of what is no metric of its own: a block, what a closure says.
    pub fn of(name: impl Into<String>, first: impl ToString, again: impl ToString) -> Self {
        let values = (first.to_string(), again.to_string());
        let same = values.0 == values.1;
        Self { name: name.into(), values, difference: None, allowed: 0.0, same }
    }

    fn holds(&self) -> bool {
        self.same || self.difference.is_some_and(|difference| difference <= self.allowed)
    }

    fn measure(&self) -> Measure {
        let moved = format!("{} and again {}", self.values.0, self.values.1);
        match self.difference {
            Some(difference) => {
                let digits = Digits::General(6);
                Measure::new(&self.name, Some(difference), Op::AtMost, self.allowed, digits, self.holds()).noted(moved)
            }
            None => {
                let said = Some(Reading::Word(self.values.1.clone()));
                let required = Some(Required { op: Op::Equal, bound: None, of: self.values.0.clone() });
                let digits = Digits::General(6);
                Measure { measured: said, required, ok: self.holds(), ..Measure::shown(&self.name, None, digits) }
            }
        }
    }
}

/// Judges two evaluations of the baseline: fitness at most `noise` apart, where `noise` is 0 as many samples too, and of all
/// else that decides something nothing further apart than it may be.
pub fn judge_deterministic(evidence: RepeatEvidence, noise: f64) -> GateReport {
    let difference = evidence.again.map(|(again, _)| (again - evidence.first.0).abs());
    let fitness_ok = difference.is_some_and(|difference| difference <= noise);
    let samples = evidence.again.map(|(_, samples)| samples);
    let samples_ok = noise > 0.0 || samples == Some(evidence.first.1);
    let moved: Vec<&Repeated> = evidence.others.iter().filter(|other| !other.holds()).collect();
    let status = GateStatus::of(fitness_ok && samples_ok && moved.is_empty());
    let mut measures = vec![Measure::new("difference", difference, Op::AtMost, noise, Digits::General(6), fitness_ok)];
    if !samples_ok {
        let (again, first) = (samples.map(|samples| samples as f64), evidence.first.1 as f64);
        measures.push(Measure::new("samples", again, Op::Equal, first, Digits::Fixed(0), false));
    }
    measures.extend(moved.iter().map(|other| other.measure()));
    let message = match evidence.again {
        None => "FAIL: the baseline could not be evaluated again".to_owned(),
        Some((again, samples)) => {
            let others = moved
                .iter()
                .map(|other| format!("; {} is {} and again {}", other.name, other.values.0, other.values.1));
            format!(
                "{status}: the baseline's fitness is {} (n={}) and again {} (n={samples}){}",
                general(evidence.first.0, 17),
                evidence.first.1,
                general(again, 17),
                others.collect::<String>()
            )
        }
    };
    GateReport::new(GateId::Deterministic, status, message, measures).on(evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_fitness_or_another_sample_count_fails_unless_noise_is_declared() {
        let judge = |again, noise| judge_deterministic(RepeatEvidence::new((1.0, 5), again, Vec::new()), noise).status;
        assert_eq!(judge(Some((1.0, 5)), 0.0), GateStatus::Pass);
        assert_eq!(judge(Some((1.0 + f64::EPSILON, 5)), 0.0), GateStatus::Fail);
        assert_eq!(judge(Some((1.0, 6)), 0.0), GateStatus::Fail);
        assert_eq!(judge(Some((1.25, 6)), 0.25), GateStatus::Pass);
        assert_eq!(judge(Some((1.5, 5)), 0.25), GateStatus::Fail);
        assert_eq!(judge(Some((f64::NAN, 5)), 0.25), GateStatus::Fail);
        assert_eq!(judge(None, 0.25), GateStatus::Fail);
    }

    #[test]
    fn a_metric_that_decides_may_differ_by_its_tolerance_and_no_further() {
        let noise = MetricNoise { metric: "metadata.us".to_owned(), absolute: 5.0, relative: 0.1 };
        let judge = |first: Json, again: Json, noise: Option<&MetricNoise>| {
            let others = vec![Repeated::new("metadata.us", Some(&first), Some(&again), noise)];
            let report = judge_deterministic(RepeatEvidence::new((1.0, 5), Some((1.0, 5)), others), 0.0);
            (report.status, report.message)
        };
        let (status, message) = judge(2.6.into(), 199.into(), None);
        assert_eq!(status, GateStatus::Fail);
        assert!(message.ends_with("; metadata.us is 2.6 and again 199"), "{message}");
        assert_eq!(judge(2.5.into(), 7.5.into(), Some(&noise)).0, GateStatus::Pass);
        assert_eq!(judge(100.into(), 110.into(), Some(&noise)).0, GateStatus::Pass);
        assert_eq!(judge(100.into(), 110.5.into(), Some(&noise)).0, GateStatus::Fail);
        assert_eq!(judge("nan".into(), "nan".into(), None).0, GateStatus::Pass, "as bad twice");
        assert_eq!(judge("nan".into(), 3.0.into(), Some(&noise)).0, GateStatus::Fail);
    }
}
