//! The parts of the optimised score: how far the best of one half of them holds on the other.

use omega_lock::internals::artifacts::{Direction, Number, PartsEntry, ScoreEntry, StudySource, StudyTrial};

use super::halves::{MOST, below_middle};

/// The parts of some of the trials, evenly taken.
#[derive(Debug)]
pub(super) struct Parts {
    score: String,
    smaller_is_better: bool,
    /// The score that the parts are of, once a trial has some.
    name: Option<String>,
    rows: Vec<Vec<f64>>,
    seen: usize,
    stride: usize,
}

impl Parts {
    pub(super) fn new(score: &ScoreEntry, source: &StudySource) -> Self {
        // The blocks of freqtrade are profits, whatever the loss was.
        let smaller_is_better = score.direction == Direction::Minimize && source.tool != "freqtrade";
        Self { score: score.name.clone(), smaller_is_better, name: None, rows: Vec::new(), seen: 0, stride: 1 }
    }

    pub(super) fn add(&mut self, trial: &StudyTrial) {
        if self.name.is_none() {
            let own = trial.parts.0.iter().find(|(name, _)| *name == self.score).or(trial.parts.0.first());
            self.name = own.map(|(name, _)| name.clone());
        }
        let Some(parts) = self.of(trial) else { return };
        let first = self.rows.first().map(Vec::len);
        if parts.iter().any(|part| !part.is_finite()) || first.is_some_and(|length| length != parts.len()) {
            return;
        }
        if self.seen.is_multiple_of(self.stride) {
            if self.rows.len() == MOST {
                let mut place = 0;
                self.rows.retain(|_| {
                    place += 1;
                    place % 2 == 1
                });
                self.stride *= 2;
            }
            if self.seen.is_multiple_of(self.stride) {
                self.rows.push(parts);
            }
        }
        self.seen += 1;
    }

    /// Larger is better.
    fn of(&self, trial: &StudyTrial) -> Option<Vec<f64>> {
        let name = self.name.as_ref()?;
        let (_, parts) = trial.parts.0.iter().find(|(known, _)| known == name)?;
        let sign = if self.smaller_is_better { -1.0 } else { 1.0 };
        Some(parts.iter().map(|part| sign * part.0).collect())
    }

    pub(super) fn entry(&self, winner: Option<&StudyTrial>) -> Option<PartsEntry> {
        let name = self.name.clone()?;
        let found = below_middle(&self.rows);
        let of_winner = winner.and_then(|winner| winner.parts.0.iter().find(|(known, _)| *known == name));
        Some(PartsEntry {
            parts: self.rows.first().map_or(0, Vec::len) as u64,
            trials: self.rows.len() as u64,
            winner: of_winner.map(|(_, parts)| parts.clone()).unwrap_or_default(),
            cuts: found.map_or(0, |(cuts, _)| cuts),
            below_middle: found.map(|(_, share)| Number(share)),
            name,
        })
    }
}
