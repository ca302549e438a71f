//! Whether a winner lies on the edge of what was searched: the best may lie beyond it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use omega_lock::internals::artifacts::{Distribution, Ordered, StudyTrial, StudyValue};

/// How near to a bound its edge reaches, as a share of the range.
const EDGE: f64 = 0.01;
/// So many values of a whole number, or fewer, and one of them being the first or the last is no news.
const FEW: f64 = 4.0;
/// Values of a parameter that are told from each other.
const TOLD_APART: usize = 5;

/// The values of one parameter that were tried.
#[derive(Debug, Default)]
pub(super) struct Tried {
    low: Option<f64>,
    high: Option<f64>,
    /// Some of them, to see whether there are several.
    some: BTreeSet<u64>,
    /// Whether any of them is no number.
    others: bool,
}

/// The values of all parameters that were tried.
#[derive(Debug, Default)]
pub(super) struct AllTried(BTreeMap<String, Tried>);

impl AllTried {
    pub(super) fn add(&mut self, trial: &StudyTrial) {
        for (name, value) in &trial.params.0 {
            if !self.0.contains_key(name) {
                self.0.insert(name.clone(), Tried::default());
            }
            let Some(tried) = self.0.get_mut(name) else { continue };
            match number(value) {
                Some(value) => {
                    tried.low = Some(tried.low.map_or(value, |low| low.min(value)));
                    tried.high = Some(tried.high.map_or(value, |high| high.max(value)));
                    if tried.some.len() < TOLD_APART {
                        tried.some.insert(value.to_bits());
                    }
                }
                None => tried.others = true,
            }
        }
    }

    /// The parameters of a trial that lie on an edge, each with a sentence.
    pub(super) fn on_edge(
        &self,
        params: &Ordered<StudyValue>,
        known: &Ordered<Vec<Distribution>>,
    ) -> Vec<(String, String)> {
        let sentence = |(name, value): &(String, StudyValue)| {
            let value = number(value)?;
            let distributions = known.0.iter().find(|(known, _)| known == name).map_or(&[][..], |(_, found)| found);
            let found = match range(distributions) {
                Some(range) => range.edge(value),
                None if distributions.is_empty() => self.0.get(name).and_then(|tried| tried.edge(value)),
                None => None,
            };
            Some((name.clone(), format!("`{}` = {} {}", name.escape_debug(), shown(value), found?)))
        };
        params.0.iter().filter_map(sentence).collect()
    }
}

impl Tried {
    /// Where nobody knows what could have been tried, what was tried has edges all the same.
    fn edge(&self, value: f64) -> Option<String> {
        if self.others || self.some.len() < TOLD_APART {
            return None;
        }
        let word = if Some(value) == self.high {
            "largest"
        } else if Some(value) == self.low {
            "smallest"
        } else {
            return None;
        };
        Some(format!("is the {word} value that was tried"))
    }
}

/// The union of the numeric ranges that a parameter was drawn from.
struct Range {
    low: f64,
    high: f64,
    log: bool,
    whole: bool,
}

fn range(distributions: &[Distribution]) -> Option<Range> {
    let ranges = distributions.iter().map(|distribution| match distribution {
        Distribution::Float { low, high, log, .. } => Some(Range { low: low.0, high: high.0, log: *log, whole: false }),
        Distribution::Int { low, high, log, .. } => {
            Some(Range { low: *low as f64, high: *high as f64, log: *log, whole: true })
        }
        Distribution::Categorical { .. } => None,
    });
    let ranges: Vec<Range> = ranges.collect::<Option<_>>()?;
    ranges.into_iter().reduce(|one, other| Range {
        low: one.low.min(other.low),
        high: one.high.max(other.high),
        log: one.log && other.log,
        whole: one.whole && other.whole,
    })
}

impl Range {
    fn edge(&self, value: f64) -> Option<String> {
        let Self { low, high, log, whole } = *self;
        if low.partial_cmp(&high) != Some(Ordering::Less) || (whole && high - low < FEW) {
            return None;
        }
        let scaled = |value: f64| if log && low > 0.0 { value.ln() } else { value };
        let share = (scaled(value) - scaled(low)) / (scaled(high) - scaled(low));
        let word = match share {
            share if value >= high || share > 1.0 - EDGE => "upper",
            share if value <= low || share < EDGE => "lower",
            _ => return None,
        };
        let log = if log { ", drawn by its logarithm" } else { "" };
        Some(format!("is on the {word} edge of {} to {}{log}", shown(low), shown(high)))
    }
}

pub(super) fn number(value: &StudyValue) -> Option<f64> {
    match value {
        StudyValue::Int(value) => Some(*value as f64),
        StudyValue::Float(value) => Some(value.0).filter(|value| value.is_finite()),
        StudyValue::Nothing | StudyValue::Bool(_) | StudyValue::Text(_) => None,
    }
}

fn shown(value: f64) -> String {
    omega_lock::internals::number::general(value, 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(low: f64, high: f64, log: bool, whole: bool, value: f64) -> bool {
        Range { low, high, log, whole }.edge(value).is_some()
    }

    #[test]
    fn an_edge_is_a_hundredth_of_the_range_on_its_own_scale() {
        assert!(edge(0.0, 1.0, false, false, 0.995) && !edge(0.0, 1.0, false, false, 0.98));
        assert!(edge(0.0, 1.0, false, false, 0.005) && edge(0.0, 1.0, false, false, 0.0));
        assert!(!edge(1e-5, 1.0, true, false, 0.005), "far from the bound by its logarithm");
        assert!(edge(1e-5, 1.0, true, false, 1.05e-5) && !edge(1e-5, 1.0, true, false, 2e-5));
        assert!(edge(1.0, 9.0, false, true, 9.0) && !edge(1.0, 9.0, false, true, 8.0));
        assert!(!edge(1.0, 3.0, false, true, 3.0), "two of three values are the first or the last");
        assert!(!edge(2.0, 2.0, false, false, 2.0) && !edge(f64::NAN, 2.0, false, false, 2.0));
    }
}
