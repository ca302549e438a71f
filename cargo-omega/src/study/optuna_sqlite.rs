//! Optuna's database.

use super::database::Database;
use super::{Reader, Told};
use crate::failure::Failure;

pub(crate) fn open(database: Database, _told: &Told) -> Result<Box<dyn Reader>, Failure> {
    Err(Failure::usage(format!("`{}` is a database of Optuna, which is not read yet", database.path())))
}
