//! Several evaluations of a noisy target as one.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Evaluation, Metadata, ParamSpace, Params, Programs, Target, TargetError};
use crate::number::word_value;

/// Averages the evaluations of its members, and says how far they are apart.
///
/// Members are instances of one target that differ in what makes it noisy, such as their seed. Then the ensemble gives
/// the same answer whenever it is asked, as a target must. A target that draws new noise with every call can be asked
/// several times with [`repeats`](Self::repeats), but then nobody can repeat the run.
///
/// The fitness is the mean, the sample count the sum; blocks are means if each evaluation has as many. A metric is the mean over all evaluations if each of them has it as
/// a number; any other fact is kept if all agree on it, and left out otherwise, so that a constraint on it fails instead
/// of reading a part. Added to these are
///
/// | metadata | what it is |
/// |---|---|
/// | `ensemble_n` | evaluations behind the mean |
/// | `ensemble_sd` | standard deviation of their fitness (n - 1); 0 for one |
/// | `ensemble_min`, `ensemble_max` | smallest and largest fitness |
/// | `ensemble_failures` | a text per evaluation that failed, where that is allowed and happened |
///
/// ```
/// use omega_lock::{Ensemble, Evaluation, FnTarget, ParamSpace, Params, Target};
///
/// let member = |offset: f64| {
///     FnTarget::new(ParamSpace::new().float("x", -2.0..=2.0, 0.0), move |params| {
///         Ok(Evaluation::new(params.float("x")? + offset).samples(100))
///     })
/// };
/// let ensemble = Ensemble::new([-0.5, 0.0, 1.1].map(member))?;
/// let evaluation = ensemble.evaluate(&Params::new([("x", 1.0)]))?;
/// assert!((evaluation.fitness - 1.2).abs() < 1e-12);
/// assert_eq!(evaluation.samples, 300);
/// assert_eq!(evaluation.metadata["ensemble_max"], 2.1);
/// # Ok::<(), omega_lock::TargetError>(())
/// ```
#[derive(Debug)]
pub struct Ensemble<T> {
    members: Vec<T>,
    repeats: usize,
    allowed_failures: usize,
}

impl<T: Target> Ensemble<T> {
    /// An ensemble of these members, each asked once; none of them may fail.
    ///
    /// # Errors
    /// If there is no member, or one has another space than the first.
    pub fn new(members: impl IntoIterator<Item = T>) -> Result<Self, TargetError> {
        let members: Vec<T> = members.into_iter().collect();
        let Some(first) = members.first() else {
            return Err(TargetError::new("an ensemble needs a member"));
        };
        let space = first.space();
        if let Some(other) = members.iter().position(|member| member.space() != space) {
            return Err(TargetError::new(format!("member {other} of the ensemble has another space than member 0")));
        }
        Ok(Self { members, repeats: 1, allowed_failures: 0 })
    }

    /// Asks each member this many times; 0 counts as 1.
    #[must_use]
    pub fn repeats(mut self, repeats: usize) -> Self {
        self.repeats = repeats.max(1);
        self
    }

    /// Lets this many evaluations fail, as long as one succeeds: the mean is over those that do. A panic fails the whole.
    #[must_use]
    pub fn allow_failures(mut self, allowed: usize) -> Self {
        self.allowed_failures = allowed;
        self
    }
}

impl<T: Target> Target for Ensemble<T> {
    fn space(&self) -> ParamSpace {
        self.members.first().map(Target::space).unwrap_or_default()
    }

    fn evaluate(&self, params: &Params) -> Result<Evaluation, TargetError> {
        let (mut evaluations, mut failures) = (Vec::new(), Vec::new());
        for (index, member) in self.members.iter().enumerate() {
            for _ in 0..self.repeats {
                let shallow =
                    |evaluation: Evaluation| evaluation.shallow().map_err(|failure| TargetError::new(failure.reason));
                match member.evaluate(params).and_then(shallow) {
                    Ok(evaluation) => evaluations.push(evaluation),
                    // Parameters that do not go together do so for no member, and what is lost is no answer of one.
                    Err(error) if error.is_lost() || error.failure().is_not_applicable() => {
                        let asked = !evaluations.is_empty() || !failures.is_empty();
                        return Err(if asked { error.behind_an_answer() } else { error });
                    }
                    Err(error) => failures.push(format!("member {index}: {}", error.reason())),
                }
            }
        }
        if evaluations.is_empty() || failures.len() > self.allowed_failures {
            let (failed, all) = (failures.len(), failures.len() + evaluations.len());
            let reasons = failures.join("; ");
            return Err(TargetError::new(format!("{failed} of {all} evaluations of the ensemble failed: {reasons}")));
        }
        Ok(averaged(&evaluations, failures))
    }

    /// Of every member, with how often each is asked; empty if a member does not say which data it has.
    fn identity(&self) -> String {
        let identities: Vec<String> = self.members.iter().map(Target::identity).collect();
        if identities.iter().any(String::is_empty) {
            return String::new();
        }
        format!("ensemble({} x [{}])", self.repeats, identities.join(", "))
    }

    fn programs(&self) -> Vec<Arc<dyn Programs>> {
        self.members.iter().flat_map(Target::programs).collect()
    }
}

/// One evaluation made of at least one.
pub(crate) fn averaged(evaluations: &[Evaluation], failures: Vec<String>) -> Evaluation {
    let fitness: Vec<f64> = evaluations.iter().map(|evaluation| evaluation.fitness).collect();
    let center = mean(&fitness);
    let squares: Vec<f64> = fitness.iter().map(|value| (value - center) * (value - center)).collect();
    let spread = match fitness.len() {
        0 | 1 => 0.0,
        n => (squares.iter().sum::<f64>() / (n - 1) as f64).sqrt(),
    };
    let samples = evaluations.iter().fold(0_u64, |sum, evaluation| sum.saturating_add(evaluation.samples));
    let all: Vec<&Metadata> = evaluations.iter().map(|evaluation| &evaluation.metadata).collect();
    let mut whole = Evaluation::new(center).samples(samples).blocks(mean_blocks(evaluations));
    for name in all.first().into_iter().flat_map(|first| first.keys()) {
        let values: Vec<&Json> = all.iter().filter_map(|metadata| metadata.get(name)).collect();
        if values.len() < all.len() {
            continue;
        }
        let numbers: Option<Vec<f64>> = values.iter().map(|value| metric(value)).collect();
        whole = match numbers {
            Some(numbers) => whole.with_metric(name, mean(&numbers)),
            None if values.iter().all(|value| *value == values[0]) => whole.with_metadata(name, values[0].clone()),
            None => whole,
        };
    }
    let (smallest, largest) = fitness.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(smallest, largest), value| {
        // NaN is neither, and the mean says that there is one.
        (smallest.min(*value), largest.max(*value))
    });
    whole = whole
        .with_metadata("ensemble_n", fitness.len())
        .with_metric("ensemble_sd", spread)
        .with_metric("ensemble_min", smallest)
        .with_metric("ensemble_max", largest);
    if failures.is_empty() { whole } else { whole.with_metadata("ensemble_failures", failures) }
}

/// Block by block; none if two evaluations have another number of them.
fn mean_blocks(evaluations: &[Evaluation]) -> Vec<f64> {
    let count = evaluations.first().map_or(0, |first| first.blocks.len());
    if evaluations.iter().any(|evaluation| evaluation.blocks.len() != count) {
        return Vec::new();
    }
    let block = |place: usize| evaluations.iter().map(|evaluation| evaluation.blocks[place]).collect::<Vec<f64>>();
    (0..count).map(|place| mean(&block(place))).collect()
}

/// A number as [`Evaluation::with_metric`] keeps it.
fn metric(value: &Json) -> Option<f64> {
    value.as_f64().or_else(|| word_value(value.as_str()?))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::objective::FnTarget;

    fn space() -> ParamSpace {
        ParamSpace::new().float("x", 0.0..=10.0, 1.0)
    }

    /// Fails where its own number is the parameter.
    fn member(number: u32) -> FnTarget {
        FnTarget::new(space(), move |params| {
            let x = params.float("x")?;
            if x == f64::from(number) {
                return Err(TargetError::new("no data"));
            }
            let evaluation = Evaluation::new(x * f64::from(number)).samples(10).with_metric("leak", f64::from(number));
            let evaluation = evaluation.with_metadata("unit", "mV").with_metadata("corner", number.to_string());
            Ok(if number == 2 { evaluation } else { evaluation.with_metric("delay", 1.0) })
        })
    }

    fn at(x: f64) -> Params {
        Params::new([("x", x)])
    }

    #[test]
    fn blocks_are_means_where_every_member_has_as_many() {
        let of = |blocks: &[f64]| {
            let blocks = blocks.to_vec();
            FnTarget::new(space(), move |_| Ok(Evaluation::new(0.0).blocks(blocks.clone())))
        };
        let blocks = |members: [&[f64]; 2]| Ensemble::new(members.map(of)).unwrap().evaluate(&at(1.0)).unwrap().blocks;
        assert_eq!(blocks([&[1.0, 2.0], &[3.0, 6.0]]), [2.0, 4.0]);
        assert_eq!(blocks([&[1.0, 2.0], &[3.0]]), [0.0; 0]);
    }

    #[test]
    fn parameters_that_do_not_go_together_for_one_member_do_so_for_none() {
        let apart = FnTarget::new(space(), |_| Err(TargetError::not_applicable("fast >= slow")));
        let ensemble = Ensemble::new([member(1), apart]).unwrap().allow_failures(1);
        let failure = ensemble.evaluate(&at(3.0)).unwrap_err().failure();
        assert!(failure.is_not_applicable());
        assert_eq!(failure.reason, "fast >= slow");
    }

    #[test]
    fn fitness_and_metrics_are_means_and_samples_are_a_sum() {
        let ensemble = Ensemble::new([1, 2, 6].map(member)).unwrap();
        let evaluation = ensemble.evaluate(&at(3.0)).unwrap();
        assert_eq!((evaluation.fitness, evaluation.samples), (9.0, 30));
        let metadata = &evaluation.metadata;
        assert_eq!((metadata["leak"].as_f64(), metadata["unit"].as_str()), (Some(3.0), Some("mV")));
        assert!(metadata.get("corner").is_none(), "members disagree on it");
        assert!(metadata.get("delay").is_none(), "a member does not have it");
        assert_eq!(metadata["ensemble_n"], 3);
        // statistics.stdev([3, 6, 18]) of CPython 3.11.
        assert!((metadata["ensemble_sd"].as_f64().unwrap() - 7.937_253_933_193_772).abs() < 1e-12);
        assert_eq!((metadata["ensemble_min"].as_f64(), metadata["ensemble_max"].as_f64()), (Some(3.0), Some(18.0)));
        assert!(metadata.get("ensemble_failures").is_none());
    }

    #[test]
    fn failing_members_fail_the_evaluation_by_name_or_are_recorded_where_that_is_allowed() {
        let ensemble = Ensemble::new([1, 2, 2].map(member)).unwrap();
        let error = ensemble.evaluate(&at(2.0)).unwrap_err();
        let all = "2 of 3 evaluations of the ensemble failed: member 1: no data; member 2: no data";
        assert_eq!(error.reason(), all);
        assert!(ensemble.allow_failures(1).evaluate(&at(2.0)).is_err());

        let tolerant = Ensemble::new([1, 2, 2].map(member)).unwrap().allow_failures(3);
        let evaluation = tolerant.evaluate(&at(2.0)).unwrap();
        assert_eq!((evaluation.fitness, evaluation.samples), (2.0, 10));
        assert_eq!(evaluation.metadata["ensemble_n"], 1);
        assert_eq!(evaluation.metadata["ensemble_sd"].as_f64(), Some(0.0));
        assert_eq!(evaluation.metadata["ensemble_failures"].as_array().map(Vec::len), Some(2));
        let nobody = Ensemble::new([member(2)]).unwrap().allow_failures(9);
        assert!(nobody.evaluate(&at(2.0)).is_err(), "there is no mean of nothing");
    }

    #[test]
    fn a_metric_that_is_not_a_number_somewhere_is_none_on_the_whole() {
        let leaking = |leak: f64| FnTarget::new(space(), move |_| Ok(Evaluation::new(leak).with_metric("leak", leak)));
        let evaluation = Ensemble::new([1.0, f64::NAN].map(leaking)).unwrap().evaluate(&at(0.0)).unwrap();
        assert!(evaluation.fitness.is_nan());
        assert_eq!(evaluation.metadata["leak"], "nan");
        assert_eq!(evaluation.metadata["ensemble_sd"], "nan");
    }

    #[test]
    fn one_target_can_be_asked_several_times() {
        let calls = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&calls);
        let drifting =
            FnTarget::new(space(), move |_| Ok(Evaluation::new(counted.fetch_add(1, Ordering::Relaxed) as f64)));
        let ensemble = Ensemble::new([drifting]).unwrap().repeats(5);
        assert_eq!(ensemble.evaluate(&at(1.0)).unwrap().fitness, 2.0);
        assert_eq!(calls.load(Ordering::Relaxed), 5);
        assert_eq!(ensemble.identity(), "", "its member does not say which data it has");
        let named = Ensemble::new(["2019", "2020"].map(|year| member(1).identified_as(year))).unwrap();
        assert_eq!(named.identity(), "ensemble(1 x [2019, 2020])");
    }

    #[test]
    fn an_ensemble_without_members_or_with_two_spaces_is_refused() {
        let nobody: [FnTarget; 0] = [];
        assert_eq!(Ensemble::new(nobody).map(drop).unwrap_err().to_string(), "an ensemble needs a member");
        let other = FnTarget::new(ParamSpace::new().bool("boost", false), |_| Ok(Evaluation::new(0.0)));
        let error = Ensemble::new([member(1), other]).map(drop).unwrap_err();
        assert_eq!(error.to_string(), "member 1 of the ensemble has another space than member 0");
    }
}
