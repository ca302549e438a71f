//! What everybody who looks at a study has to see in the same way: which score chose, which of its values are better, and
//! what a trial may not have violated to win.

use super::{Direction, StudyHead, StudyTold, StudyTrial};
use crate::number::general;

/// The score that chose among the trials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenScore {
    /// Its name.
    pub name: String,
    /// Which of its values are better.
    pub direction: Direction,
}

/// Why nobody knows which score chose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unchosen {
    /// Neither the file nor a person names one.
    #[error("does not say which score was optimised")]
    NoScore,
    /// There are several, and a person named none of them.
    #[error("has {} objectives ({})", .0.len(), quoted(.0))]
    Several(Vec<String>),
    /// Neither the file nor a person says which values of this one are better.
    #[error("does not say which values of `{}` are better", .0.escape_debug())]
    NoDirection(String),
    /// The file says one thing and a person another.
    #[error("says that `{}` is to {file}, and `--direction` said {told}", .name.escape_debug())]
    Conflict {
        /// The score.
        name: String,
        /// What the file says.
        file: Direction,
        /// What a person said.
        told: Direction,
    },
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{}`", name.escape_debug())).collect::<Vec<_>>().join(", ")
}

impl ChosenScore {
    /// The score that a person named, or the only one of the file; its direction as the file or a person says it, who must
    /// not contradict each other.
    ///
    /// # Errors
    /// If that leaves it open.
    pub fn of(head: &StudyHead, told: &StudyTold) -> Result<Self, Unchosen> {
        let name = match (&told.score, head.objectives.as_slice()) {
            (Some(told), _) => told.clone(),
            (None, [one]) => one.name.clone(),
            (None, []) => return Err(Unchosen::NoScore),
            (None, several) => {
                return Err(Unchosen::Several(several.iter().map(|objective| objective.name.clone()).collect()));
            }
        };
        let known = head.objectives.iter().find(|objective| objective.name == name);
        let known = known.and_then(|objective| objective.direction).map(|direction| direction.0);
        let direction = match (known, told.direction.map(|direction| direction.0)) {
            (Some(file), Some(told)) if file != told => return Err(Unchosen::Conflict { name, file, told }),
            (Some(direction), _) | (None, Some(direction)) => direction,
            (None, None) => return Err(Unchosen::NoDirection(name)),
        };
        Ok(Self { name, direction })
    }
}

/// What a trial recorded of a score: one of its scores, or what was noted of it where `attributes.NAME` is asked for.
pub fn recorded(trial: &StudyTrial, name: &str) -> Option<f64> {
    let score = trial.scores.0.iter().find(|(known, _)| known == name).map(|(_, score)| score.0);
    score.or_else(|| trial.attributes.get(name.strip_prefix("attributes.")?)?.as_f64())
}

/// What a trial violates by its record, in words; none if it may win.
pub fn violation(trial: &StudyTrial) -> Option<String> {
    // What is no number keeps nothing.
    let broken = trial.constraints.0.iter().find(|(_, value)| value.0.is_nan() || value.0 > 0.0);
    if let Some((name, value)) = broken {
        let shown = general(value.0, 6);
        return Some(format!("it violates the constraint `{}` ({shown}, and 0 is the most)", name.escape_debug()));
    }
    let said = trial.attributes.get("feasible")?;
    let no = match said {
        serde_json::Value::Bool(said) => !said,
        serde_json::Value::String(said) => said.eq_ignore_ascii_case("false"),
        serde_json::Value::Number(said) => said.as_f64() == Some(0.0),
        _ => false,
    };
    no.then(|| "its attribute `feasible` is false".to_owned())
}
