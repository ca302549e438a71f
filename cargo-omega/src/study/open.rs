//! Whose file it is, and who reads it.

use omega_lock::internals::artifacts::{StudyEnd, StudyHead, StudyTold, TrialNumbers};

use super::file::StudyFile;
use super::format::{Format, format};
use super::{
    Each, Reader, Told, csv, freqtrade, json_lines, mlflow, normalised, optuna_csv, optuna_journal, scikit_learn,
};
use crate::failure::Failure;

/// Opens a file, finds out by its content which tool wrote it, and understands it as far as its head.
pub(crate) fn open(told: &Told) -> Result<Box<dyn Reader>, Failure> {
    let file = StudyFile::open(&told.file)?;
    let path = told.file.to_string();
    let reader = match format(&file)? {
        Format::Sqlite => database(file, told),
        // It looks at the numbers of its trials by itself: there two of one are damage.
        Format::Normalised => return normalised::open(file, told),
        Format::OptunaJournal => optuna_journal::open(file, told),
        Format::OptunaCsv => optuna_csv::open(file, told),
        Format::ScikitLearnCsv => scikit_learn::open_csv(file, told),
        Format::ScikitLearnJson => scikit_learn::open_json(file, told),
        Format::MlflowCsv => mlflow::open_csv(file, told),
        Format::Freqtrade => freqtrade::open(file, told),
        Format::JsonLines => json_lines::open(file, told),
        Format::Csv => csv::open(file, told),
    }?;
    Ok(Box::new(Numbered { reader, path }))
}

/// Refuses two trials of one number, whatever the format: nobody could say which of them is meant.
struct Numbered {
    reader: Box<dyn Reader>,
    path: String,
}

impl Reader for Numbered {
    fn head(&self) -> &StudyHead {
        self.reader.head()
    }

    fn told(&self) -> StudyTold {
        self.reader.told()
    }

    fn trials(self: Box<Self>, each: &mut Each<'_>) -> Result<StudyEnd, Failure> {
        let Self { reader, path } = *self;
        let mut numbers = TrialNumbers::default();
        reader.trials(&mut |trial| {
            numbers.take(trial.number).map_err(|problem| {
                Failure::usage(format!("`{path}`: {problem}"))
                    .help("name the file as the tool wrote it: this one was put together of several, or edited")
            })?;
            each(trial)
        })
    }
}

/// Whose database it is, by its tables.
#[cfg(feature = "sqlite")]
fn database(file: StudyFile, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    let database = super::database::Database::open(file)?;
    match (database.has("trials")?, database.has("runs")?) {
        (true, _) => super::optuna_sqlite::open(database, told),
        (false, true) => mlflow::open_database(database, told),
        (false, false) => Err(Failure::usage(format!(
            "`{}` is an SQLite file with neither Optuna's tables nor MLflow's (`trials` or `runs`)",
            told.file
        ))
        .help("name the file that the search wrote; any table can be read as CSV or as JSON lines")),
    }
}

#[cfg(not(feature = "sqlite"))]
fn database(_: StudyFile, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    Err(Failure::usage(format!("`{}` is an SQLite file, and this program was built without SQLite", told.file))
        .help("`cargo install cargo-omega --features sqlite` builds it with SQLite, and the wheel for Python has it"))
}
