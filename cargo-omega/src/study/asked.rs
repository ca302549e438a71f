//! Which score of a study is looked at, and which of its values are better.

use omega_lock::internals::artifacts::{DirectionSource, Objective, ScoreEntry, Spelled, StudyHead, StudyTold};
use omega_lock::internals::objective::spelling::nearest;

use super::Told;
use crate::failure::Failure;

/// The score that is meant. A direction is never guessed.
pub(crate) fn score(head: &StudyHead, told: &Told, imported: &StudyTold) -> Result<ScoreEntry, Failure> {
    let objectives = &head.objectives;
    let names = || objectives.iter().map(named).collect::<Vec<_>>().join(", ");
    let name = match (&told.score, objectives.as_slice()) {
        (Some(asked), _) => asked.clone(),
        (None, [only]) => only.name.clone(),
        (None, []) => {
            let message = format!("`{}` does not say which score the search optimised", told.file);
            return Err(Failure::usage(message).help("name it: `--score NAME`"));
        }
        (None, _) => {
            let message = format!("`{}` was optimised for {} scores: {}", told.file, objectives.len(), names());
            return Err(Failure::usage(message).help("say which one is meant: `--score NAME`"));
        }
    };
    let known = objectives.iter().find(|objective| objective.name == name).and_then(|found| found.direction);
    let direction = match (known, told.direction) {
        (Some(Spelled(known)), Some(said)) if known != said => {
            let message = format!("`--direction` is {said}, and `{}` says that `{name}` is to {known}", told.file);
            return Err(Failure::usage(message).help("leave `--direction` out"));
        }
        (Some(Spelled(known)), _) => known,
        (None, Some(said)) => said,
        (None, None) => {
            let others = objectives.iter().map(|objective| objective.name.as_str()).filter(|other| *other != name);
            let near = nearest(&name, others);
            let message = format!("`{}` does not say whether a larger or a smaller `{name}` is better", told.file);
            let failure = Failure::usage(message).help("say it: `--direction minimize` or `--direction maximize`");
            return Err(failure.help_if(near.map(|near| format!("the search optimised `{near}`"))));
        }
    };
    let from = match (known, told.direction, &imported.direction) {
        (_, _, Some(_)) => DirectionSource::Import,
        (_, Some(_), None) => DirectionSource::CommandLine,
        _ => DirectionSource::File,
    };
    let other_objectives = objectives.iter().map(|other| other.name.clone()).filter(|other| *other != name).collect();
    Ok(ScoreEntry { name, direction: Spelled(direction), direction_from: Spelled(from), other_objectives })
}

fn named(objective: &Objective) -> String {
    let word = objective.direction.map_or("direction not known", |Spelled(direction)| direction.name());
    format!("`{}` ({word})", objective.name.escape_debug())
}
