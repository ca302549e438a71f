//! Optuna's database: trials by their number, each with what stands of it in the other tables.

use omega_lock::internals::artifacts::{Direction, Number, StudyEnd, StudyHead, StudyTrial, TrialState};
use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::types::ValueRef;
use rusqlite::{Row, Rows, Statement};
use serde_json::Value;

use super::collected::Collected;
use super::database::{Database, mistyped};
use super::distribution::Distributions;
use super::optuna::{
    EXPORT, METRIC_NAMES, Param, chosen, empty, objective_names, objectives, put, put_param, put_system, shortened,
};
use super::python_json::strict;
use super::{Each, Reader, Told};
use crate::failure::Failure;

/// The version of the tables, and the last change to them: the same from Optuna 3.2 to 5.0.
const SCHEMA: i64 = 12;
const REVISION: &str = "v3.2.0.a";

const TABLES: [&str; 10] = [
    "studies",
    "study_directions",
    "study_system_attributes",
    "study_user_attributes",
    "trials",
    "trial_params",
    "trial_values",
    "trial_user_attributes",
    "trial_system_attributes",
    "trial_intermediate_values",
];

const TRIALS: &str = "SELECT trial_id, number, state FROM trials WHERE study_id = ?1 ORDER BY trial_id";
const PARAMS: &str =
    "SELECT trial_id, param_id, param_name, param_value, distribution_json FROM trial_params ORDER BY trial_id";
const VALUES: &str =
    "SELECT trial_id, trial_value_id, objective, value, value_type FROM trial_values ORDER BY trial_id";
const USER: &str =
    "SELECT trial_id, trial_user_attribute_id, key, value_json FROM trial_user_attributes ORDER BY trial_id";
const SYSTEM: &str =
    "SELECT trial_id, trial_system_attribute_id, key, value_json FROM trial_system_attributes ORDER BY trial_id";
const INTERMEDIATE: &str = "SELECT count(*) FROM trial_intermediate_values \
                            WHERE trial_id IN (SELECT trial_id FROM trials WHERE study_id = ?1)";

/// A study of a database.
#[derive(Debug)]
struct OptunaSqlite {
    database: Database,
    head: StudyHead,
    study: i64,
}

pub(super) fn open(database: Database, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    knows(&database)?;
    let studies = studies(&database)?;
    let names: Vec<&str> = studies.iter().map(|(_, name)| name.as_str()).collect();
    let at = chosen(database.path(), &names, told)?;
    let (study, name) = studies.into_iter().nth(at).unwrap_or_default();
    let directions = directions(&database, study)?;
    let metric_names = metric_names(&database, study)?;
    let names = objective_names(directions.len(), metric_names.as_ref());
    let objectives = objectives(database.path(), names, &directions, told)?;
    let source = database.source("optuna", &format!("sqlite schema {SCHEMA}"), Some(name));
    Ok(Box::new(OptunaSqlite { head: StudyHead { source, objectives }, database, study }))
}

/// Refuses tables that are not those of the one version that is read.
fn knows(database: &Database) -> Result<(), Failure> {
    let path = database.path();
    let refused = |what: String| {
        Failure::usage(format!("`{path}` has {what}, expected schema {SCHEMA}, revision `{REVISION}` (Optuna 3.2 to 5.0)"))
            .help("older: copy the file, and bring the copy up to date with `optuna storage upgrade --storage sqlite:///COPY`")
            .help("newer: let its own Optuna write the trials with `study.trials_dataframe().to_csv(\"trials.csv\")`")
    };
    if !database.has("version_info")? || !database.has("alembic_version")? {
        return Err(refused("Optuna's trials without a version".to_owned()));
    }
    let one = |sql: &str| -> Result<String, Failure> {
        let read = |row: &Row<'_>| Ok(shown(row.get_ref(0)?));
        match database.connection().query_row(sql, [], read) {
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok("nothing".to_owned()),
            read => read.map_err(|error| database.wrong(&error)),
        }
    };
    let schema = one("SELECT schema_version FROM version_info")?;
    let revision = one("SELECT version_num FROM alembic_version")?;
    if schema != SCHEMA.to_string() || revision != REVISION {
        return Err(refused(format!("Optuna's schema {}, revision {}", shortened(&schema), shortened(&revision))));
    }
    for table in TABLES {
        if !database.has(table)? {
            return Err(Failure::usage(format!("`{path}` has Optuna's schema {SCHEMA} and no table `{table}`"))
                .help("copy the file anew from where the search ran"));
        }
    }
    Ok(())
}

/// A value of any type as a text.
fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "nothing".to_owned(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => value.to_string(),
        ValueRef::Text(text) | ValueRef::Blob(text) => String::from_utf8_lossy(text).into_owned(),
    }
}

fn studies(database: &Database) -> Result<Vec<(i64, String)>, Failure> {
    let read = || {
        let mut statement =
            database.connection().prepare("SELECT study_id, study_name FROM studies ORDER BY study_id")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<Result<Vec<_>, rusqlite::Error>>()
    };
    read().map_err(|error| database.wrong(&error))
}

fn directions(database: &Database, study: i64) -> Result<Vec<Option<Direction>>, Failure> {
    let read = || {
        let sql = "SELECT objective, direction FROM study_directions WHERE study_id = ?1 ORDER BY objective";
        let mut statement = database.connection().prepare(sql)?;
        let rows = statement.query_map([study], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
        rows.collect::<Result<Vec<_>, rusqlite::Error>>()
    };
    let mut directions = Vec::new();
    for (objective, word) in read().map_err(|error| database.wrong(&error))? {
        let direction = match word.as_str() {
            "MINIMIZE" => Some(Direction::Minimize),
            "MAXIMIZE" => Some(Direction::Maximize),
            "NOT_SET" => None,
            _ => return Err(wrong(database, &format!("the direction {} is none", shortened(&word)))),
        };
        if usize::try_from(objective) != Ok(directions.len()) {
            return Err(wrong(database, &format!("the study's objectives are not counted from 0: {objective}")));
        }
        directions.push(direction);
    }
    match directions.is_empty() {
        true => Err(wrong(database, "the study has no direction")),
        false => Ok(directions),
    }
}

fn metric_names(database: &Database, study: i64) -> Result<Option<Value>, Failure> {
    let sql = "SELECT value_json FROM study_system_attributes WHERE study_id = ?1 AND key = ?2";
    let read = database.connection().query_row(sql, (study, METRIC_NAMES), |row| Ok(shown(row.get_ref(0)?)));
    match read {
        Ok(text) => Ok(serde_json::from_slice(&strict(text.as_bytes())).ok()),
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
        Err(error) => Err(database.wrong(&error)),
    }
}

fn wrong(database: &Database, what: &str) -> Failure {
    Failure::usage(format!("`{}`: {what}", database.path())).help(EXPORT)
}

/// What can be wrong with a row.
enum Wrong {
    Sql(rusqlite::Error),
    Said(String),
}

impl From<rusqlite::Error> for Wrong {
    fn from(error: rusqlite::Error) -> Self {
        match mistyped(&error) {
            Some(said) => Self::Said(said),
            None => Self::Sql(error),
        }
    }
}

impl From<String> for Wrong {
    fn from(said: String) -> Self {
        Self::Said(said)
    }
}

impl Wrong {
    fn of(self, database: &Database) -> Failure {
        match self {
            Self::Sql(error) => database.wrong(&error),
            Self::Said(said) => wrong(database, &said),
        }
    }
}

/// The rows of another table, in the order of their trials; read beside the trials.
struct Beside<'s> {
    rows: Rows<'s>,
    /// Whether the row at which `rows` stands has not been used.
    is_ahead: bool,
    last: i64,
}

impl<'s> Beside<'s> {
    fn new(statement: &'s mut Statement<'_>) -> Result<Self, Wrong> {
        Ok(Self { rows: statement.query([])?, is_ahead: false, last: i64::MIN })
    }

    /// Every row of a trial, ordered by its own id, which is the order in which Optuna wrote them.
    fn of<T>(&mut self, trial: i64, mut read: impl FnMut(&Row<'_>) -> Result<T, Wrong>) -> Result<Vec<T>, Wrong> {
        let mut found: Vec<(i64, T)> = Vec::new();
        loop {
            let row = if self.is_ahead { self.rows.get() } else { self.rows.next()? };
            self.is_ahead = false;
            let Some(row) = row else { break };
            let Some(id) = row.get::<_, Option<i64>>(0)? else { continue };
            // Pages of a damaged file may lead back to where the reading was.
            if id < self.last {
                return Err(Wrong::Said("an index of the database does not count upwards".to_owned()));
            }
            self.last = id;
            match id.cmp(&trial) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => {
                    let own = row.get(1)?;
                    if found.iter().any(|(known, _)| *known == own) {
                        return Err(Wrong::Said(format!("a row of trial id {trial} occurs twice")));
                    }
                    found.push((own, read(row)?));
                }
                std::cmp::Ordering::Greater => {
                    self.is_ahead = true;
                    break;
                }
            }
        }
        found.sort_by_key(|(own, _)| *own);
        Ok(found.into_iter().map(|(_, found)| found).collect())
    }
}

impl Reader for OptunaSqlite {
    fn head(&self) -> &StudyHead {
        &self.head
    }

    fn trials(self: Box<Self>, each: &mut Each<'_>) -> Result<StudyEnd, Failure> {
        let Self { database, head, study } = *self;
        let names: Vec<&str> = head.objectives.iter().map(|objective| objective.name.as_str()).collect();
        let mut collected = Collected::default();
        let mut failed = None;
        let mut give = |trial| each(trial).map_err(|failure| failed = Some(failure)).is_ok();
        let read = read(&database, study, &names, &mut collected, &mut give);
        if let Some(failure) = failed {
            return Err(failure);
        }
        read.map_err(|wrong| wrong.of(&database))?;
        database.is_unchanged()?;
        Ok(collected.finish())
    }
}

/// Reads every trial of a study until `give` wants no more.
fn read(
    database: &Database,
    study: i64,
    names: &[&str],
    collected: &mut Collected,
    give: &mut dyn FnMut(StudyTrial) -> bool,
) -> Result<(), Wrong> {
    let connection = database.connection();
    let count = |sql: &str| connection.query_row(sql, [study], |row| row.get::<_, i64>(0).map(i64::unsigned_abs));
    collected.leave_out("intermediate values", count(INTERMEDIATE)?, "what a trial ended with is kept");
    let of_study = count("SELECT count(*) FROM study_user_attributes WHERE study_id = ?1")?;
    collected.leave_out("attributes of the study", of_study, "those of trials are kept");
    let mut distributions = Distributions::default();
    let (mut trials, mut params) = (connection.prepare(TRIALS)?, connection.prepare(PARAMS)?);
    let (mut values, mut user) = (connection.prepare(VALUES)?, connection.prepare(USER)?);
    let mut system = connection.prepare(SYSTEM)?;
    let (mut params, mut values) = (Beside::new(&mut params)?, Beside::new(&mut values)?);
    let (mut user, mut system) = (Beside::new(&mut user)?, Beside::new(&mut system)?);
    let mut rows = trials.query([study])?;
    let (mut last_id, mut last_number) = (i64::MIN, None);
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let number: i64 = row.get(1)?;
        let number = u64::try_from(number).map_err(|_| format!("trial id {id} has the number {number}"))?;
        if id <= last_id || last_number.is_some_and(|last| number <= last) {
            return Err(Wrong::Said(format!("trial {number} does not follow the one before it")));
        }
        (last_id, last_number) = (id, Some(number));
        let mut trial = empty(number, state(row.get_ref(2)?)?);
        let said = |what: String| Wrong::Said(format!("trial {number}: {what}"));
        for param in params.of(id, |row| param(row, &mut distributions).map_err(|wrong| about(number, wrong)))? {
            put_param(&mut trial, param, collected).map_err(said)?;
        }
        for (objective, value) in values.of(id, |row| value(row).map_err(|wrong| about(number, wrong)))? {
            let name = usize::try_from(objective).ok().and_then(|objective| names.get(objective));
            let name = name.ok_or_else(|| said(format!("objective {objective} of {} is not there", names.len())))?;
            put(&mut trial.scores, name, value);
        }
        for (key, value) in user.of(id, |row| note(row).map_err(|wrong| about(number, wrong)))? {
            trial.attributes.insert(key, value);
        }
        for (key, value) in system.of(id, |row| note(row).map_err(|wrong| about(number, wrong)))? {
            put_system(&mut trial, &key, value, collected).map_err(said)?;
        }
        collected.trial();
        if !give(trial) {
            break;
        }
    }
    Ok(())
}

fn about(number: u64, wrong: Wrong) -> Wrong {
    match wrong {
        Wrong::Said(said) => Wrong::Said(format!("trial {number}: {said}")),
        sql => sql,
    }
}

fn state(word: ValueRef<'_>) -> Result<TrialState, Wrong> {
    match shown(word).as_str() {
        "COMPLETE" => Ok(TrialState::Complete),
        "PRUNED" => Ok(TrialState::Pruned),
        "FAIL" => Ok(TrialState::Failed),
        "RUNNING" => Ok(TrialState::Running),
        "WAITING" => Ok(TrialState::Waiting),
        other => Err(Wrong::Said(format!("a trial has the state {}, which is none", shortened(other)))),
    }
}

fn param(row: &Row<'_>, distributions: &mut Distributions) -> Result<Param, Wrong> {
    let name: String = row.get(2)?;
    let drawn = row.get_ref(4)?.as_str().map_err(|_| format!("parameter {} has no distribution", shortened(&name)))?;
    let drawn = distributions.read(drawn).map_err(|what| format!("parameter {}: {what}", shortened(&name)))?;
    match row.get::<_, Option<f64>>(3)? {
        Some(value) => Ok((name, value, drawn)),
        None => Err(Wrong::Said(format!("parameter {} has no value", shortened(&name)))),
    }
}

/// SQLite has no numbers that are not finite: what they are stands beside them.
fn value(row: &Row<'_>) -> Result<(i64, Number), Wrong> {
    let value: Option<f64> = row.get(3)?;
    let kind = shown(row.get_ref(4)?);
    let value = match kind.as_str() {
        "INF_POS" => f64::INFINITY,
        "INF_NEG" => f64::NEG_INFINITY,
        "FINITE" => value.ok_or_else(|| "a value of the kind `FINITE` is empty".to_owned())?,
        _ => return Err(Wrong::Said(format!("a value is of the kind {}, which is none", shortened(&kind)))),
    };
    Ok((row.get(2)?, Number(value)))
}

fn note(row: &Row<'_>) -> Result<(String, Value), Wrong> {
    let key: String = row.get(2)?;
    let text = shown(row.get_ref(3)?);
    match serde_json::from_slice(&strict(text.as_bytes())) {
        Ok(value) => Ok((key, value)),
        Err(error) => Err(Wrong::Said(format!("attribute {} is no JSON: {error}", shortened(&key)))),
    }
}
