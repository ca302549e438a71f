//! A study that we wrote.

use super::file::StudyFile;
use super::{Reader, Told};
use crate::failure::Failure;

pub(crate) fn open(file: StudyFile, _told: &Told) -> Result<Box<dyn Reader>, Failure> {
    Err(Failure::usage(format!("`{}` is a study of ours, which is not read yet", file.path())))
}
