//! Runs of MLflow as `mlflow.search_runs(..).to_csv(..)` writes them. A metric that is NaN is an empty field there, as one that
//! was never logged. The newest run comes first; all of them are held until they are in the order of the database.

use std::collections::HashSet;

use omega_lock::internals::artifacts::{Ordered, StudyEnd, StudyHead};

use super::file::StudyFile;
use super::left_out::Tally;
use super::mlflow::{OWN_TAGS, PARENT, Run, Trials};
use super::patterns::choice;
use super::table::Table;
use super::{Each, Reader, Told};
use crate::failure::Failure;

/// Opens such a table.
pub(super) fn open(file: StudyFile, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    let columns = Columns::of(&Table::open(&file)?);
    let (trials, objectives) = Trials::told(told, &columns.metric_names())?;
    let hierarchy = Hierarchy::of(&file, &columns, &trials.score)?;
    let study = experiment(&hierarchy.experiments, told)?;
    let source = file.source("mlflow", "search_runs, CSV", file.sha256()?, study.clone());
    let head = StudyHead { source, objectives };
    Ok(Box::new(RunTable { head, file, columns, trials, hierarchy, study, told: told.clone() }))
}

/// Which column is what.
#[derive(Debug)]
struct Columns {
    run_id: Option<usize>,
    status: Option<usize>,
    experiment: Option<usize>,
    started: Option<usize>,
    parent: Option<usize>,
    name: Option<usize>,
    params: Vec<(usize, String)>,
    metrics: Vec<(usize, String)>,
    tags: Vec<(usize, String)>,
}

/// A row.
struct Line {
    run: Run,
    /// Id of the experiment.
    experiment: Option<String>,
    /// Id of the run that holds this one.
    parent: Option<String>,
    /// When it began. Every time is in UTC, so texts are in the order of the times.
    started: Option<String>,
}

/// Which runs hold others.
#[derive(Debug, Default)]
struct Hierarchy {
    /// Runs that hold others.
    parents: HashSet<String>,
    /// Runs that hold some with a score.
    of_trials: HashSet<String>,
    /// Ids of experiments, in the order of their first runs.
    experiments: Vec<String>,
}

struct RunTable {
    head: StudyHead,
    file: StudyFile,
    columns: Columns,
    trials: Trials,
    hierarchy: Hierarchy,
    study: Option<String>,
    told: Told,
}

impl Columns {
    fn of(table: &Table) -> Self {
        let named = |prefix: &str| -> Vec<(usize, String)> {
            let names = table.header().iter().enumerate();
            names.filter_map(|(at, name)| Some((at, name.trim_start().strip_prefix(prefix)?.to_owned()))).collect()
        };
        let tags = named("tags.");
        Self {
            run_id: table.column("run_id"),
            status: table.column("status"),
            experiment: table.column("experiment_id"),
            started: table.column("start_time"),
            parent: table.column(&format!("tags.{PARENT}")),
            name: table.column("tags.mlflow.runName"),
            params: named("params."),
            metrics: named("metrics."),
            tags: tags.into_iter().filter(|(_, name)| !name.starts_with(OWN_TAGS)).collect(),
        }
    }

    fn metric_names(&self) -> Vec<String> {
        self.metrics.iter().map(|(_, name)| name.clone()).collect()
    }

    /// The next run.
    fn next(&self, table: &mut Table) -> Result<Option<Line>, Failure> {
        let Some(row) = table.next()? else { return Ok(None) };
        let field =
            |at: Option<usize>| at.and_then(|at| row.get(at)).filter(|text| !text.is_empty()).map(str::to_owned);
        let fields = |columns: &[(usize, String)]| -> Vec<(String, String)> {
            columns.iter().filter_map(|(at, name)| Some((name.clone(), field(Some(*at))?))).collect()
        };
        let mut run = Run {
            id: field(self.run_id).unwrap_or_default(),
            name: field(self.name),
            status: field(self.status).unwrap_or_default(),
            params: fields(&self.params),
            metrics: Vec::new(),
            tags: fields(&self.tags),
        };
        let (metrics, started) = (fields(&self.metrics), field(self.started));
        let (experiment, parent) = (field(self.experiment), field(self.parent));
        for (name, text) in metrics {
            let Some(value) = super::cell::score(&text).or_else(|| table.number(&text)) else {
                let (name, text) = (name.escape_debug(), text.escape_debug());
                return Err(table.wrong(format!("metric `{name}` has no number, found `{text}`")));
            };
            run.metrics.push((name, value));
        }
        Ok(Some(Line { run, experiment, parent, started }))
    }
}

impl Hierarchy {
    fn of(file: &StudyFile, columns: &Columns, score: &str) -> Result<Self, Failure> {
        let mut hierarchy = Self::default();
        let mut table = Table::open(file)?;
        while let Some(Line { run, experiment, parent, .. }) = columns.next(&mut table)? {
            if let Some(experiment) = experiment.filter(|found| !hierarchy.experiments.contains(found)) {
                hierarchy.experiments.push(experiment);
            }
            if let Some(parent) = parent {
                if run.metrics.iter().any(|(name, _)| name == score) {
                    hierarchy.of_trials.insert(parent.clone());
                }
                hierarchy.parents.insert(parent);
            }
        }
        Ok(hierarchy)
    }

    /// Whether a run only holds the trials.
    fn only_holds(&self, run: &Run, score: &str) -> bool {
        let has_score = run.metrics.iter().any(|(name, _)| name == score);
        self.of_trials.contains(&run.id) || (self.parents.contains(&run.id) && !has_score)
    }
}

/// The experiment that was meant, by its id: the table has no names.
fn experiment(experiments: &[String], told: &Told) -> Result<Option<String>, Failure> {
    let file = &told.file;
    match (&told.study, experiments) {
        (None, []) => Ok(None),
        (None, [only]) => Ok(Some(only.clone())),
        (None, several) => {
            let message = format!("`{file}` has runs of {} experiments", several.len());
            Err(Failure::usage(message).help(format!("name one by its id with --study; {}", choice("", several))))
        }
        (Some(asked), ids) if ids.contains(asked) => Ok(Some(asked.clone())),
        (Some(asked), ids) => {
            let message = format!("`{file}` has no experiment with the id `{}`", asked.escape_debug());
            Err(Failure::usage(message).help(choice("", ids)))
        }
    }
}

impl Reader for RunTable {
    fn head(&self) -> &StudyHead {
        &self.head
    }

    fn trials(self: Box<Self>, each: &mut Each<'_>) -> Result<StudyEnd, Failure> {
        let mut table = Table::open(&self.file)?;
        let mut left_out = Tally::default();
        let mut found = Vec::new();
        while let Some(Line { run, experiment, started, .. }) = self.columns.next(&mut table)? {
            if experiment != self.study {
                continue;
            }
            if self.hierarchy.only_holds(&run, &self.trials.score) {
                left_out.add("runs that hold others", 1, "the runs inside are the trials");
                continue;
            }
            let id = run.id.clone();
            let trial = self.trials.trial(0, run, &mut left_out).map_err(|what| table.wrong(what))?;
            found.push(((started, id), trial));
        }
        self.file.is_unchanged()?;
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut number = 0;
        for (_, mut trial) in found {
            trial.number = number;
            number += 1;
            each(trial)?;
        }
        left_out.add_types(self.columns.params.iter().filter(|(_, name)| self.trials.patterns.keep(name)).count());
        let names: Vec<String> = self.columns.params.iter().map(|(_, name)| name.clone()).collect();
        self.trials.patterns.all_met(&self.told, &names)?;
        Ok(StudyEnd { trials: number, parameters: Ordered::default(), left_out: left_out.into_left_out() })
    }
}
