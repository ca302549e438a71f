//! Runs of MLflow in the database of its tracking server.

use std::collections::HashSet;

use omega_lock::internals::artifacts::{Ordered, StudyEnd, StudyHead};
use rusqlite::types::ValueRef;
use rusqlite::{Row, Statement};

use super::database::Database;
use super::left_out::Tally;
use super::mlflow::{OWN_TAGS, PARENT, Run, Trials};
use super::mlflow_revision::REVISIONS;
use super::patterns::choice;
use super::{Each, Reader, Told};
use crate::failure::Failure;

/// Tables that are read.
const TABLES: [&str; 5] = ["experiments", "runs", "params", "latest_metrics", "tags"];

const METRICS: &str = "SELECT DISTINCT m.key FROM latest_metrics m JOIN runs r ON r.run_uuid = m.run_uuid \
                       WHERE r.experiment_id = ?1 AND r.lifecycle_stage = 'active' ORDER BY m.key";
const RUNS: &str = "SELECT run_uuid, name, status FROM runs \
                    WHERE experiment_id = ?1 AND lifecycle_stage = 'active' ORDER BY start_time, run_uuid";
const PARENTS: &str = "SELECT DISTINCT t.value FROM tags t JOIN runs r ON r.run_uuid = t.run_uuid \
                       WHERE t.key = ?1 AND r.experiment_id = ?2 AND r.lifecycle_stage = 'active'";
const OF_TRIALS: &str = "SELECT DISTINCT t.value FROM tags t JOIN runs r ON r.run_uuid = t.run_uuid \
                         JOIN latest_metrics m ON m.run_uuid = r.run_uuid AND m.key = ?3 \
                         WHERE t.key = ?1 AND r.experiment_id = ?2 AND r.lifecycle_stage = 'active'";
const DELETED: &str = "SELECT count(*) FROM runs WHERE experiment_id = ?1 AND lifecycle_stage <> 'active'";
const EARLIER: &str = "SELECT (SELECT count(*) FROM metrics m JOIN runs r ON r.run_uuid = m.run_uuid \
                       WHERE r.experiment_id = ?1 AND r.lifecycle_stage = 'active') - \
                       (SELECT count(*) FROM latest_metrics m JOIN runs r ON r.run_uuid = m.run_uuid \
                       WHERE r.experiment_id = ?1 AND r.lifecycle_stage = 'active')";

/// Opens such a database.
pub(super) fn open(database: Database, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    let revision = revision(&database)?;
    let (id, name) = experiment(&database, told)?;
    let metrics = texts(&database, METRICS, [id])?;
    let (trials, objectives) = Trials::told(told, &metrics)?;
    let source = database.source("mlflow", &format!("sqlite, revision {revision}"), Some(name));
    let head = StudyHead { source, objectives };
    Ok(Box::new(RunDatabase { head, database, id, trials, told: told.clone() }))
}

struct RunDatabase {
    head: StudyHead,
    database: Database,
    id: i64,
    trials: Trials,
    told: Told,
}

/// The revision of its tables, if it is one that is known.
fn revision(database: &Database) -> Result<String, Failure> {
    let path = database.path();
    for table in TABLES {
        if !database.has(table)? {
            return Err(Failure::usage(format!("`{path}` has MLflow's table `runs` and no table `{table}`")).help(
                "name the database that MLflow wrote, or write the runs as CSV: `mlflow.search_runs(..).to_csv(..)`",
            ));
        }
    }
    let help = "write the runs as CSV with the MLflow that made it: `mlflow.search_runs(..).to_csv(\"runs.csv\")`";
    if !database.has("alembic_version")? {
        let message = format!("`{path}` does not say which revision of MLflow's tables it has");
        return Err(Failure::usage(message).help(help));
    }
    let found = texts(database, "SELECT version_num FROM alembic_version", [])?;
    match found.as_slice() {
        [revision] if REVISIONS.contains(&revision.as_str()) => Ok(revision.clone()),
        found => {
            let found = found.join(", ");
            let message = format!(
                "`{path}` has revision `{}` of MLflow's tables, and those of MLflow 3.0 to 3.17 are read",
                found.escape_debug()
            );
            Err(Failure::usage(message).help(help))
        }
    }
}

/// The experiment that was meant, by its name or its id.
fn experiment(database: &Database, told: &Told) -> Result<(i64, String), Failure> {
    let sql = "SELECT experiment_id, name, lifecycle_stage, (SELECT count(*) FROM runs r WHERE \
               r.experiment_id = e.experiment_id AND r.lifecycle_stage = 'active') FROM experiments e ORDER BY 1";
    let experiments = rows(database, sql, [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, i64>(3)?))
    })?;
    let file = &told.file;
    let mut with_runs: Vec<_> = experiments.iter().filter(|(.., stage, runs)| stage == "active" && *runs > 0).collect();
    let names: Vec<String> = with_runs.iter().map(|(_, name, ..)| name.clone()).collect();
    if let Some(asked) = &told.study {
        with_runs = experiments.iter().filter(|(id, name, ..)| name == asked || id.to_string() == *asked).collect();
        // Whoever calls an experiment by the id of another means the name.
        if with_runs.len() > 1 && with_runs.iter().any(|(_, name, ..)| name == asked) {
            with_runs.retain(|(_, name, ..)| name == asked);
        }
    }
    match (with_runs.as_slice(), &told.study) {
        ([(id, name, ..)], _) => Ok((*id, name.clone())),
        ([], Some(asked)) => {
            let message = format!("`{file}` has no experiment `{}`", asked.escape_debug());
            Err(Failure::usage(message).help(choice(asked, &names)))
        }
        ([], None) => Err(Failure::usage(format!("`{file}` has no experiment with runs"))
            .help("a deleted one is read if --study names it")),
        (several, Some(asked)) => {
            let ids: Vec<String> = several.iter().map(|(id, ..)| id.to_string()).collect();
            let message = format!("`{file}` has {} experiments `{}`", several.len(), asked.escape_debug());
            Err(Failure::usage(message).help(format!("name one by its id with --study: {}", ids.join(", "))))
        }
        (several, None) => {
            let message = format!("`{file}` has runs of {} experiments", several.len());
            Err(Failure::usage(message).help(format!("name one with --study; {}", choice("", &names))))
        }
    }
}

impl Reader for RunDatabase {
    fn head(&self) -> &StudyHead {
        &self.head
    }

    fn trials(self: Box<Self>, each: &mut Each<'_>) -> Result<StudyEnd, Failure> {
        let Self { database, id, trials, .. } = *self;
        let parents: HashSet<String> = texts(&database, PARENTS, (PARENT, id))?.into_iter().collect();
        let of_trials: HashSet<String> =
            texts(&database, OF_TRIALS, (PARENT, id, &trials.score))?.into_iter().collect();
        let mut left_out = Tally::default();
        let mut names: Vec<String> = Vec::new();
        let mut number = 0;
        let wrong = |error: rusqlite::Error| database.wrong(&error);
        let connection = database.connection();
        let mut runs = connection.prepare(RUNS).map_err(wrong)?;
        let mut details = Details {
            params: connection
                .prepare("SELECT key, value FROM params WHERE run_uuid = ?1 ORDER BY rowid")
                .map_err(wrong)?,
            metrics: connection
                .prepare("SELECT key, value, is_nan FROM latest_metrics WHERE run_uuid = ?1 ORDER BY rowid")
                .map_err(wrong)?,
            tags: connection
                .prepare("SELECT key, value FROM tags WHERE run_uuid = ?1 ORDER BY rowid")
                .map_err(wrong)?,
        };
        let mut found = runs.query([id]).map_err(wrong)?;
        while let Some(row) = found.next().map_err(wrong)? {
            let run = details.run(row).map_err(wrong)?;
            let has_score = run.metrics.iter().any(|(name, _)| *name == trials.score);
            if of_trials.contains(&run.id) || (parents.contains(&run.id) && !has_score) {
                left_out.add("runs that hold others", 1, "the runs inside are the trials");
                continue;
            }
            for (name, _) in &run.params {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
            let trial = trials.trial(number, run, &mut left_out);
            let trial = trial.map_err(|what| Failure::usage(format!("`{}`: {what}", database.path())))?;
            number += 1;
            each(trial)?;
        }
        left_out.add_types(names.iter().filter(|name| trials.patterns.keep(name)).count());
        left_out.add("deleted runs", count(&database, DELETED, id)?, "whoever deleted them took them out of the study");
        if database.has("metrics")? {
            left_out.add(
                "earlier values of metrics",
                count(&database, EARLIER, id)?,
                "the latest one is the score, as in MLflow",
            );
        }
        database.is_unchanged()?;
        trials.patterns.all_met(&self.told, &names)?;
        Ok(StudyEnd { trials: number, parameters: Ordered::default(), left_out: left_out.into_left_out() })
    }
}

/// What belongs to a run, by its id.
struct Details<'c> {
    params: Statement<'c>,
    metrics: Statement<'c>,
    tags: Statement<'c>,
}

impl Details<'_> {
    fn run(&mut self, row: &Row<'_>) -> rusqlite::Result<Run> {
        let id: String = row.get(0)?;
        let pair = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, text(row.get_ref(1)?)));
        let params = self.params.query_map([&id], pair)?.collect::<Result<_, _>>()?;
        let metric = |row: &Row<'_>| {
            let is_nan: bool = row.get(2)?;
            Ok((row.get::<_, String>(0)?, if is_nan { f64::NAN } else { row.get(1)? }))
        };
        let metrics = self.metrics.query_map([&id], metric)?.collect::<Result<_, _>>()?;
        let tags: Vec<(String, String)> = self.tags.query_map([&id], pair)?.collect::<Result<_, _>>()?;
        let tags = tags.into_iter().filter(|(name, _)| !name.starts_with(OWN_TAGS)).collect();
        let status: Option<String> = row.get(2)?;
        Ok(Run { name: row.get(1)?, status: status.unwrap_or_default(), params, metrics, tags, id })
    }
}

/// A text, whatever type SQLite stored: it converts only where it likes to.
fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "None".to_owned(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => omega_lock::internals::number::repr(value),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn rows<T, P: rusqlite::Params>(
    database: &Database,
    sql: &str,
    params: P,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Failure> {
    let found = || database.connection().prepare(sql)?.query_map(params, read)?.collect::<Result<Vec<T>, _>>();
    found().map_err(|error| database.wrong(&error))
}

fn texts<P: rusqlite::Params>(database: &Database, sql: &str, params: P) -> Result<Vec<String>, Failure> {
    rows(database, sql, params, |row| Ok(text(row.get_ref(0)?)))
}

fn count(database: &Database, sql: &str, id: i64) -> Result<u64, Failure> {
    let found = rows(database, sql, [id], |row| row.get::<_, i64>(0))?;
    Ok(found.first().and_then(|count| u64::try_from(*count).ok()).unwrap_or(0))
}
