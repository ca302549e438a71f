//! Any table as CSV.

use super::file::StudyFile;
use super::{Reader, Told};
use crate::failure::Failure;

pub(crate) fn open(file: StudyFile, _told: &Told) -> Result<Box<dyn Reader>, Failure> {
    Err(Failure::usage(format!("`{}` is a table as CSV, which is not read yet", file.path())))
}
