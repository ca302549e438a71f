//! A study as `cargo omega import` writes one, of trials that a test makes up.

use omega_lock::internals::artifacts::{
    Direction, Number, Objective, Ordered, Spelled, StudyEnd, StudyHead, StudySource, StudyTold, StudyTrial,
    StudyValue, StudyWriter, TrialState,
};
use omega_lock::prelude::*;

/// A complete trial with these parameters and this score.
pub(crate) fn trial(number: u64, params: &Params, score: f64) -> StudyTrial {
    let value = |value: &Value| match value {
        Value::Float(value) => StudyValue::Float(Number(*value)),
        Value::Int(value) => StudyValue::Int(*value),
        Value::Bool(value) => StudyValue::Bool(*value),
        other => StudyValue::Text(other.to_string().trim_matches('"').to_owned()),
    };
    StudyTrial {
        number,
        state: Spelled(TrialState::Complete),
        params: Ordered(params.iter().map(|(name, found)| (name.to_owned(), value(found))).collect()),
        scores: Ordered(vec![("value".to_owned(), Number(score))]),
        parts: Ordered::default(),
        constraints: Ordered::default(),
        attributes: serde_json::Map::default(),
    }
}

/// The head of a study with these objectives.
pub(crate) fn head(objectives: &[(&str, Option<Direction>)]) -> StudyHead {
    let objective = |(name, direction): &(&str, Option<Direction>)| Objective {
        name: (*name).to_owned(),
        direction: direction.map(Spelled),
    };
    let source = StudySource { file: "amp.db".to_owned(), tool: "optuna".to_owned(), ..StudySource::default() };
    StudyHead { source, objectives: objectives.iter().map(objective).collect() }
}

/// The bytes of a study's file.
pub(crate) fn written(head: &StudyHead, trials: impl IntoIterator<Item = StudyTrial>) -> Vec<u8> {
    let mut writer = StudyWriter::new(Vec::new(), head, &StudyTold::default()).expect("it is written to memory");
    let mut count = 0;
    for trial in trials {
        writer.trial(trial).expect("it is written");
        count += 1;
    }
    writer.finish(&StudyEnd { trials: count, ..StudyEnd::default() }).expect("it is written").0
}
