//! Which score of a study is looked at, and which of its values are better.

use omega_lock::internals::artifacts::{
    ChosenScore, DirectionSource, Objective, ScoreEntry, Spelled, StudyHead, StudyTold, Unchosen,
};
use omega_lock::internals::objective::spelling::nearest;

use super::Told;
use crate::failure::Failure;

/// What people said of a study, now or when it was imported. What was said then stands.
pub(crate) fn said(told: &Told, imported: &StudyTold) -> Result<StudyTold, Failure> {
    let StudyTold { score, direction, params } = imported.clone();
    let both = [
        ("--score", told.score.clone(), score.clone()),
        ("--direction", told.direction.map(|word| word.to_string()), direction.map(|word| word.to_string())),
    ];
    for (option, now, then) in both {
        let (Some(now), Some(then)) = (now, then) else { continue };
        if now != then {
            let [now, then] = [now, then].map(|word| word.escape_debug().to_string());
            let message = format!("`{option}` is {now}, and `{}` was imported with `{option} {then}`", told.file);
            return Err(Failure::usage(message).help("import the file that the search wrote again, with what is meant"));
        }
    }
    Ok(StudyTold {
        score: score.or_else(|| told.score.clone()),
        direction: direction.or(told.direction.map(Spelled)),
        params: if params.is_empty() { told.params.clone() } else { params },
    })
}

/// Refuses a direction that the file contradicts.
pub(crate) fn agreed(head: &StudyHead, told: &Told, said: &StudyTold) -> Result<(), Failure> {
    match ChosenScore::of(head, said) {
        Err(Unchosen::Conflict { name, file, told: said }) => {
            let name = name.escape_debug();
            let message = format!("`--direction` is {said}, and `{}` says that `{name}` is to {file}", told.file);
            Err(Failure::usage(message).help("leave `--direction` out"))
        }
        _ => Ok(()),
    }
}

/// The score that is meant. A direction is never guessed.
pub(crate) fn score(head: &StudyHead, told: &Told, imported: &StudyTold) -> Result<ScoreEntry, Failure> {
    let objectives = &head.objectives;
    let said = said(told, imported)?;
    agreed(head, told, &said)?;
    let ChosenScore { name, direction } = ChosenScore::of(head, &said).map_err(|error| match error {
        Unchosen::NoScore => {
            let message = format!("`{}` does not say which score the search optimised", told.file);
            Failure::usage(message).help("name it: `--score NAME`")
        }
        Unchosen::Several(_) => {
            let names = objectives.iter().map(named).collect::<Vec<_>>().join(", ");
            let message = format!("`{}` was optimised for {} scores: {names}", told.file, objectives.len());
            Failure::usage(message).help("say which one is meant: `--score NAME`")
        }
        Unchosen::NoDirection(name) => {
            let others = objectives.iter().map(|objective| objective.name.as_str()).filter(|other| *other != name);
            let near = nearest(&name, others);
            let message = format!("`{}` does not say whether a larger or a smaller `{name}` is better", told.file);
            let failure = Failure::usage(message).help("say it: `--direction minimize` or `--direction maximize`");
            failure.help_if(near.map(|near| format!("the search optimised `{near}`")))
        }
        other => Failure::usage(format!("`{}` {other}", told.file)),
    })?;
    let from = match (told.direction, &imported.direction) {
        (_, Some(_)) => DirectionSource::Import,
        (Some(_), None) => DirectionSource::CommandLine,
        _ => DirectionSource::File,
    };
    let other_objectives = objectives.iter().map(|other| other.name.clone()).filter(|other| *other != name).collect();
    Ok(ScoreEntry { name, direction: Spelled(direction), direction_from: Spelled(from), other_objectives })
}

fn named(objective: &Objective) -> String {
    let word = objective.direction.map_or("direction not known", |Spelled(direction)| direction.name());
    format!("`{}` ({word})", objective.name.escape_debug())
}
