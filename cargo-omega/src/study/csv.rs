//! Any table as CSV.

use super::file::StudyFile;
use super::generic::Generic;
use super::rows::Rows;
use super::{Reader, Told};
use crate::failure::Failure;

/// Opens a table of which the command line says what is what.
pub(crate) fn open(file: StudyFile, told: &Told) -> Result<Box<dyn Reader>, Failure> {
    Generic::open(file, Rows::table, "csv", told)
}
