//! How near a method came to the answer, as numbers. The formulas are those of omega-lock for Python.

use libm::log;

use crate::objective::{ParamKind, ParamSpace, ParamSpec, Params, Scale, Value};

/// Below this train fitness a relative gap says nothing.
const NEAR_ZERO: f64 = 1e-6;
/// Smallest denominator of a quotient.
const SMALLEST: f64 = 1e-9;

/// |found and true| / |true|: the share of what matters that was found. 1 if nothing matters.
pub fn effective_recall(found: &[String], truth: &[String]) -> f64 {
    let truth = distinct(truth);
    if truth.is_empty() { 1.0 } else { common(found, &truth) as f64 / truth.len() as f64 }
}

/// |found and true| / |found|: the share of what was found that matters. 0 if nothing was found.
pub fn effective_precision(found: &[String], truth: &[String]) -> f64 {
    let found = distinct(found);
    if found.is_empty() { 0.0 } else { common(truth, &found) as f64 / found.len() as f64 }
}

/// The Euclidean distance between found and true values, each in units of the parameter's range: 0 is the optimum.
///
/// `sqrt(sum over true values of ((found - true) / max(high - low, 1e-9))^2)`. A switch or a choice that differs counts
/// 1, and so does a parameter that was not found; one that the space does not have is taken to range from 0 to 1. On a
/// log scale both the difference and the range are those of the logarithms.
pub fn param_l2_error(found: &Params, truth: &Params, space: &ParamSpace) -> f64 {
    let squares = truth.iter().map(|(name, value)| {
        let distance = found.get(name).map_or(1.0, |found| distance(space.get(name).ok(), found, value));
        distance * distance
    });
    squares.fold(0.0, |sum, square| sum + square).sqrt()
}

fn distance(spec: Option<&ParamSpec>, found: &Value, truth: &Value) -> f64 {
    let (Value::Float(_) | Value::Int(_), Some(found_number), Some(true_number)) =
        (truth, found.as_f64(), truth.as_f64())
    else {
        return if found == truth { 0.0 } else { 1.0 };
    };
    let (low, high) = match spec.map(|spec| &spec.kind) {
        Some(&ParamKind::Float { low, high, .. }) => (low, high),
        Some(&ParamKind::Int { low, high, .. }) => (low as f64, high as f64),
        _ => (0.0, 1.0),
    };
    match spec.map(ParamSpec::scale) {
        Some(Scale::Log) => (log(found_number) - log(true_number)) / (log(high) - log(low)).max(SMALLEST),
        _ => (found_number - true_number) / (high - low).max(SMALLEST),
    }
}

/// `100 (optimum - found) / max(|optimum|, 1e-9)`, in percent: negative is better than what was taken for the optimum.
pub fn fitness_gap_pct(found: f64, optimum: f64) -> f64 {
    100.0 * (optimum - found) / optimum.abs().max(SMALLEST)
}

/// How much of the fitness on train is not there on test, and whether the number can be read so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GeneralizationGap {
    /// `|train - test| / |train|`; 0 without a test fitness.
    pub value: f64,
    /// What the value is worth.
    pub status: GapStatus,
}

/// What a generalization gap is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapStatus {
    /// It can be compared.
    Ok,
    /// The fitness on train is so small (below 1e-6) that the quotient says nothing; its denominator is at least 1e-9.
    TrainNearZero,
    /// There is no test fitness, and the value is 0 by convention.
    NoTest,
}

impl GapStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Ok, Self::TrainNearZero, Self::NoTest];

    /// The spelling of the Python package.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::TrainNearZero => "TRAIN_NEAR_ZERO",
            Self::NoTest => "NO_TEST",
        }
    }
}

/// The generalization gap between a fitness on train and one on test.
pub fn generalization_gap(train: f64, test: Option<f64>) -> GeneralizationGap {
    let Some(test) = test else { return GeneralizationGap { value: 0.0, status: GapStatus::NoTest } };
    let status = if train.abs() < NEAR_ZERO { GapStatus::TrainNearZero } else { GapStatus::Ok };
    GeneralizationGap { value: (train - test).abs() / train.abs().max(SMALLEST), status }
}

/// Fitness found per evaluation made; 0 if none was made.
pub fn sample_efficiency(found: f64, evaluations: u64) -> f64 {
    if evaluations == 0 { 0.0 } else { found / evaluations as f64 }
}

/// Spearman's rank correlation of two orders over the names that both have; `None` if these are fewer than two.
///
/// `1 - 6 sum d^2 / (n (n^2 - 1))` with d the difference of a name's ranks *among the common names*, hence within
/// [-1, 1]. The Python package takes the ranks in the whole orders, which says -19.25 of three important names with
/// unimportant ones between them, and the same as this where the common names come first.
pub fn spearman(measured: &[String], truth: &[String]) -> Option<f64> {
    let (measured, truth) = (distinct(measured), distinct(truth));
    let measured: Vec<&str> = measured.into_iter().filter(|name| truth.contains(name)).collect();
    let truth: Vec<&str> = truth.into_iter().filter(|name| measured.contains(name)).collect();
    if measured.len() < 2 {
        return None;
    }
    let n = measured.len() as f64;
    let squares = measured.iter().enumerate().map(|(rank, name)| {
        let other = truth.iter().position(|known| known == name).unwrap_or(rank);
        let difference = rank as f64 - other as f64;
        difference * difference
    });
    Some(1.0 - 6.0 * squares.fold(0.0, |sum, square| sum + square) / (n * (n * n - 1.0)))
}

/// The names without repetitions, each at its first place.
fn distinct(names: &[String]) -> Vec<&str> {
    let mut distinct: Vec<&str> = Vec::new();
    for name in names {
        if !distinct.contains(&name.as_str()) {
            distinct.push(name);
        }
    }
    distinct
}

/// How many of the distinct names are among the others.
fn common(others: &[String], distinct: &[&str]) -> usize {
    distinct.iter().filter(|name| others.iter().any(|other| other == *name)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn recall_and_precision_count_each_name_once() {
        assert_eq!(effective_recall(&names("a a x"), &names("a b")), 0.5);
        assert_eq!(effective_precision(&names("a a x"), &names("a b")), 0.5);
        assert_eq!(effective_recall(&names("a"), &[]), 1.0);
        assert_eq!(effective_precision(&[], &names("a")), 0.0);
    }

    #[test]
    fn a_distance_is_measured_in_ranges_and_what_is_missing_or_of_no_number_is_one_range_off() {
        let space = ParamSpace::new()
            .float("f", 0.0..=4.0, 0.0)
            .int("i", 0..=10, 0)
            .bool("b", false)
            .log_float("l", 1.0..=100.0, 1.0)
            .choice("c", ["x", "y"], "x");
        let truth = Params::new([("f", Value::Float(1.0)), ("i", Value::Int(5)), ("b", Value::Bool(true))]);
        let found = Params::new([("f", Value::Float(2.0)), ("i", Value::Int(0)), ("b", Value::Bool(true))]);
        assert_eq!(param_l2_error(&found, &truth, &space), (0.0625_f64 + 0.25).sqrt());
        assert_eq!(param_l2_error(&Params::new([("f", 1.0)]), &truth, &space), 2.0_f64.sqrt());
        let logs = |value: f64| Params::new([("l", Value::Float(value))]);
        assert!((param_l2_error(&logs(1.0), &logs(10.0), &space) - 0.5).abs() < 1e-15);
        let choice = |value: &str| Params::new([("c", value)]);
        assert_eq!(param_l2_error(&choice("x"), &choice("y"), &space), 1.0);
        assert_eq!(param_l2_error(&choice("y"), &choice("y"), &space), 0.0);
        let stranger = |value: f64| Params::new([("z", value)]);
        assert_eq!(param_l2_error(&stranger(0.75), &stranger(0.25), &space), 0.5);
        assert_eq!(param_l2_error(&found, &Params::new([("", 0.0); 0]), &space), 0.0);
    }

    /// `compute_fitness_gap_pct(12.003, 9.003)` and `(14.0, 0.0)`, omega-lock 0.3.8.
    #[test]
    fn a_fitness_above_the_optimum_is_a_negative_gap() {
        assert_eq!(fitness_gap_pct(12.003, 9.003), -33.32222592469177);
        assert_eq!(fitness_gap_pct(14.0, 0.0), -1400000000000.0);
    }

    /// `compute_generalization_gap_status`, omega-lock 0.3.8.
    #[test]
    fn a_gap_says_what_it_is_worth() {
        let gap = |train, test| {
            let gap = generalization_gap(train, test);
            (gap.value, gap.status.name())
        };
        assert_eq!(gap(-4.0, Some(-1.0)), (0.75, "OK"));
        assert_eq!(gap(4.0, None), (0.0, "NO_TEST"));
        assert_eq!(gap(1e-7, Some(1.0)), (9999999.000000002, "TRAIN_NEAR_ZERO"));
        assert_eq!(gap(0.0, Some(1.0)), (999999999.9999999, "TRAIN_NEAR_ZERO"));
    }

    #[test]
    fn a_rank_correlation_stays_within_its_bounds_whatever_lies_between() {
        assert_eq!(spearman(&names("x a y b z c"), &names("a b c")), Some(1.0));
        assert_eq!(spearman(&names("c x b y a z"), &names("a b c")), Some(-1.0));
        assert_eq!(spearman(&names("a c b"), &names("a b c")), Some(0.5));
        assert_eq!(spearman(&names("a a b b c"), &names("a b c")), Some(1.0));
        assert_eq!(spearman(&names("a x"), &names("a b")), None);
        assert_eq!(spearman(&[], &names("a b")), None);
    }

    #[test]
    fn efficiency_without_evaluations_is_zero() {
        assert_eq!((sample_efficiency(12.0, 48), sample_efficiency(12.0, 0)), (0.25, 0.0));
    }
}
