//! Runs of MLflow, from a table or a database: what both have in common.
//!
//! MLflow keeps parameters as texts, and a run does not know what it is better by: which metric is the score and which is
//! better, the command line says. A run that holds others is a trial only if those are none.

use omega_lock::internals::artifacts::{Number, Objective, Ordered, Spelled, StudyTrial, TrialState};
use serde_json::{Map, Value};

use super::cell;
use super::file::StudyFile;
use super::generic::direction;
use super::left_out::Tally;
use super::patterns::{Patterns, choice};
use super::{Reader, Told};
use crate::failure::Failure;

/// Infinity, as MLflow writes it into a database whose numbers have to be finite.
const INFINITY: f64 = f64::MAX;
/// The tag by which a run says which other one holds it.
pub(super) const PARENT: &str = "mlflow.parentRunId";
/// Tags that MLflow sets by itself.
pub(super) const OWN_TAGS: &str = "mlflow.";

/// Opens the table that `mlflow.search_runs(..).to_csv(..)` wrote.
pub(crate) fn open_csv(file: StudyFile, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    super::mlflow_table::open(file, told)
}

/// Opens the database of a tracking server.
#[cfg(feature = "sqlite")]
pub(crate) fn open_database(database: super::database::Database, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    super::mlflow_database::open(database, told)
}

/// A run, as far as it is read.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) status: String,
    pub(super) params: Vec<(String, String)>,
    pub(super) metrics: Vec<(String, f64)>,
    /// Those that its user set.
    pub(super) tags: Vec<(String, String)>,
}

/// What a run becomes.
#[derive(Debug)]
pub(super) struct Trials {
    pub(super) score: String,
    pub(super) patterns: Patterns,
}

impl Trials {
    /// What the command line has to say.
    pub(super) fn told(told: &Told, metrics: &[String]) -> Result<(Self, Vec<Objective>), Failure> {
        let file = &told.file;
        let Some(asked) = &told.score else {
            let message = format!("`{file}` does not say which of its metrics the search optimised");
            return Err(Failure::usage(message).help(format!("name it with --score; {}", choice("", metrics))));
        };
        let asked = asked.strip_prefix("metrics.").unwrap_or(asked);
        if !metrics.iter().any(|metric| metric == asked) {
            let message = format!("`{file}` has no metric `{}`", asked.escape_debug());
            return Err(Failure::usage(message).help(choice(asked, metrics)));
        }
        let direction = Some(Spelled(direction(told, asked)?));
        let objectives = vec![Objective { name: asked.to_owned(), direction }];
        Ok((Self { score: asked.to_owned(), patterns: Patterns::of(told)? }, objectives))
    }

    /// A run as a trial.
    pub(super) fn trial(&self, number: u64, run: Run, left_out: &mut Tally) -> Result<StudyTrial, String> {
        let has_score = run.metrics.iter().any(|(name, _)| *name == self.score);
        let state = match (run.status.as_str(), has_score) {
            ("FINISHED", true) => TrialState::Complete,
            ("FINISHED", false) => {
                left_out.add(
                    "scores of runs that finished",
                    1,
                    "there is none: it was NaN in a table, or never logged",
                );
                TrialState::Complete
            }
            ("FAILED" | "KILLED", _) => TrialState::Failed,
            ("RUNNING", _) => TrialState::Running,
            ("SCHEDULED", _) => TrialState::Waiting,
            (other, _) => {
                return Err(format!(
                    "run `{}` has the status `{}`, expected FINISHED, FAILED, KILLED, RUNNING or SCHEDULED",
                    run.id.escape_debug(),
                    other.escape_debug()
                ));
            }
        };
        let mut attributes: Map<String, Value> = Map::new();
        let mut params = Ordered::default();
        attributes.insert("run_id".to_owned(), run.id.into());
        if let Some(name) = run.name {
            attributes.insert("run_name".to_owned(), name.into());
        }
        for (name, text) in run.tags {
            attributes.insert(format!("tags.{name}"), text.into());
        }
        for (name, text) in run.params {
            if self.patterns.keep(&name) {
                params.0.push((name, cell::exact(&text)));
            } else {
                attributes.insert(format!("params.{name}"), text.into());
            }
        }
        let scores = run.metrics.into_iter().map(|(name, value)| (name, Number(metric(value))));
        Ok(StudyTrial {
            number,
            state: state.into(),
            params,
            scores: Ordered(scores.collect()),
            parts: Ordered::default(),
            constraints: Ordered::default(),
            attributes,
        })
    }
}

/// A metric as it was logged.
fn metric(value: f64) -> f64 {
    // Exactly the largest number there is: no metric is that by itself.
    match value {
        _ if value >= INFINITY => f64::INFINITY,
        _ if value <= -INFINITY => f64::NEG_INFINITY,
        value => value,
    }
}
