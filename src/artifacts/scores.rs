//! A file of scores: a JSON array of numbers, one per candidate.

use serde::{Deserialize, Serialize};

use super::Number;

/// Scores as somebody else's optimizer left them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scores(pub Vec<Number>);

impl Scores {
    /// The scores, if all of them can be compared.
    ///
    /// # Errors
    /// Names the first that is not finite, by its place from 1.
    pub fn finite(&self) -> Result<Vec<f64>, ScoreError> {
        match self.0.iter().position(|score| !score.0.is_finite()) {
            Some(place) => Err(ScoreError { place: place + 1, found: self.0[place].0 }),
            None => Ok(self.0.iter().map(|score| score.0).collect()),
        }
    }
}

/// A score that cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("score {place} is {found}, expected a finite number")]
pub struct ScoreError {
    place: usize,
    found: f64,
}
