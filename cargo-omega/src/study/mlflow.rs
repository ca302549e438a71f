//! Runs of MLflow.

use super::file::StudyFile;
use super::{Reader, Told};
use crate::failure::Failure;

pub(crate) fn open_csv(file: StudyFile, _told: &Told) -> Result<Box<dyn Reader>, Failure> {
    Err(Failure::usage(format!("`{}` is a table of MLflow, which is not read yet", file.path())))
}

#[cfg(feature = "sqlite")]
pub(crate) fn open_database(database: super::database::Database, _told: &Told) -> Result<Box<dyn Reader>, Failure> {
    Err(Failure::usage(format!("`{}` is a database of MLflow, which is not read yet", database.path())))
}
