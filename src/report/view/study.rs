//! What a page about somebody else's study knows: its report, and what the pictures show of its trials.

use super::thinned::Thinned;
use crate::artifacts::{Distribution, Ordered, StudyReport, StudyValue};

/// Parameters of a trial that are kept for the pictures.
const PARAMS: usize = 24;

/// A study as it is shown, gathered trial by trial.
#[derive(Debug, Default)]
pub struct StudyPage {
    report: Option<StudyReport>,
    pub(in crate::internals::report) trials: Thinned<StudyPoint>,
    /// The place of each trial that was the best so far, and its score.
    pub(in crate::internals::report) bests: Vec<(f64, f64)>,
    /// The best score so far, turned so that larger is better.
    best: Option<f64>,
    pub(in crate::internals::report) pairs: Thinned<(f64, f64)>,
    pub(in crate::internals::report) winner: Option<(f64, f64)>,
    /// The parameters that were drawn by their logarithm.
    pub(in crate::internals::report) logarithmic: Vec<String>,
    /// Names of the parameters, in the order of the trials that had them first.
    pub(in crate::internals::report) params: Vec<String>,
    /// Values that are no numbers, by parameter.
    pub(in crate::internals::report) words: Vec<Vec<String>>,
}

/// A complete trial with a finite score.
#[derive(Debug, Clone)]
pub(in crate::internals::report) struct StudyPoint {
    pub(in crate::internals::report) place: f64,
    pub(in crate::internals::report) score: f64,
    pub(in crate::internals::report) eligible: bool,
    /// Parameters by their place in the list of names; what is no number by its place among the words.
    pub(in crate::internals::report) params: Vec<(usize, f64)>,
}

impl StudyPage {
    /// A page of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a complete trial: its place in the file, its score as recorded and turned so that larger is better, and whether it
    /// could win.
    pub fn trial(&mut self, place: u64, score: f64, turned: f64, eligible: bool, params: &Ordered<StudyValue>) {
        if !score.is_finite() {
            return;
        }
        let place = place as f64;
        if eligible && self.best.is_none_or(|best| turned > best) {
            self.best = Some(turned);
            self.bests.push((place, score));
        }
        let params = params.0.iter().take(PARAMS).filter_map(|(name, value)| self.placed(name, value)).collect();
        self.trials.push(StudyPoint { place, score, eligible, params });
    }

    fn placed(&mut self, name: &str, value: &StudyValue) -> Option<(usize, f64)> {
        let at = match self.params.iter().position(|known| known == name) {
            Some(at) => at,
            None if self.params.len() < PARAMS => {
                self.params.push(name.to_owned());
                self.words.push(Vec::new());
                self.params.len() - 1
            }
            None => return None,
        };
        let value = match value {
            StudyValue::Int(value) => *value as f64,
            StudyValue::Float(value) => Some(value.0).filter(|value| value.is_finite())?,
            other => {
                let word = match other {
                    StudyValue::Text(text) => text.clone(),
                    other => other.to_string(),
                };
                let words = &mut self.words[at];
                let place = words.iter().position(|known| *known == word);
                // More words than have room are not drawn.
                let place = place.or_else(|| {
                    (words.len() < PARAMS).then(|| {
                        words.push(word);
                        words.len() - 1
                    })
                });
                place? as f64
            }
        };
        Some((at, value))
    }

    /// Adds the pairs of both scores, turned so that larger is better.
    pub fn pairs(&mut self, pairs: &[(f64, f64)], winner: Option<(f64, f64)>) {
        self.pairs = pairs.iter().copied().collect();
        self.winner = winner;
    }

    /// Adds what all trials came to, and the ranges of their parameters.
    pub fn finish(&mut self, report: StudyReport, parameters: &Ordered<Vec<Distribution>>) {
        let by_logarithm = |distribution: &Distribution| {
            matches!(distribution, Distribution::Float { log: true, .. } | Distribution::Int { log: true, .. })
        };
        let logarithmic = parameters.0.iter().filter(|(_, found)| !found.is_empty() && found.iter().all(by_logarithm));
        self.logarithmic = logarithmic.map(|(name, _)| name.clone()).collect();
        self.report = Some(report);
    }

    /// What all trials came to; none before the study was looked through.
    pub fn report(&self) -> Option<&StudyReport> {
        self.report.as_ref()
    }
}
