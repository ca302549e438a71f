//! A study in the place of a search: what an optimizer left, judged by what is evaluated now.

use camino::Utf8Path;
use omega_lock::internals::artifacts::{Direction, StudyReader, study_again, study_of};
use omega_lock::internals::pipeline::{RunOutcome, Study};
use omega_lock::prelude::*;
use omega_lock::{Declaration, Run, RunError};

use super::judge::Slice;
use super::made::{head, trial, written};

/// The name that the declarations give the file.
const FILE: &str = "study.json";

/// Judges what a search by this method leaves as a study.
pub(crate) fn of_method(
    method: SearchMethod,
    (train, test): (&Slice, &Slice),
    config: &RunConfig,
) -> Result<RunOutcome, RunError> {
    let search = RunConfig { search: method, blocks: config.blocks, ..config.clone() };
    let searched = Run::of(&Declaration { config: search, ..Declaration::of("study", train) }).train(train).run()?;
    let pass = searched.last();
    let candidates = pass.map(|pass| pass.candidates.as_slice()).unwrap_or_default();
    let trials = candidates.iter().filter_map(|found| Some(trial(found.index, &found.params, found.fitness()?)));
    let bytes = written(&head(&[("value", Some(Direction::Maximize))]), trials);
    let study = study_of(|| StudyReader::new(bytes.as_slice()), Utf8Path::new(FILE), config, &train.space());
    judged(study.map_err(|error| RunError::Undeclared(error.to_string()))?, (train, test), config)
}

/// Judges the study in a file.
pub(crate) fn of_file(
    path: &Utf8Path,
    (train, test): (&Slice, &Slice),
    config: &RunConfig,
) -> Result<RunOutcome, RunError> {
    let study = study_again(path, path, config, &train.space());
    judged(study.map_err(|error| RunError::Undeclared(error.to_string()))?, (train, test), config)
}

fn judged(study: Study, (train, test): (&Slice, &Slice), config: &RunConfig) -> Result<RunOutcome, RunError> {
    let search = SearchMethod::Study { file: FILE.to_owned(), digest: study.digest.clone() };
    let config = RunConfig { search, ..config.clone() };
    let declaration = Declaration { config, ..Declaration::of("study", train).with(Role::Test, test) };
    Run::of(&declaration).train(train).test(test).study(&study).run()
}
