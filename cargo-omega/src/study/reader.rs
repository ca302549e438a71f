//! What a reader of a format gives, and what it may be told.

use camino::Utf8PathBuf;
use omega_lock::internals::artifacts::{Direction, StudyEnd, StudyHead, StudyTold, StudyTrial};

use crate::failure::Failure;

/// What the command line says about a file, because the file may not.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    /// The file.
    pub(crate) file: Utf8PathBuf,
    /// Which of its studies, by name (`--study`).
    pub(crate) study: Option<String>,
    /// Which score the search optimised (`--score`).
    pub(crate) score: Option<String>,
    /// Which scores are better (`--direction`).
    pub(crate) direction: Option<Direction>,
    /// Patterns of the columns that are parameters (`--params`).
    pub(crate) params: Vec<String>,
}

/// Receives a trial; an error of its ends the reading.
pub(crate) type Each<'e> = dyn FnMut(StudyTrial) -> Result<(), Failure> + 'e;

/// A file that was opened and understood as far as its head.
pub(crate) trait Reader {
    /// Where it comes from and what was optimised.
    fn head(&self) -> &StudyHead;

    /// What a person said when the file was imported; nothing for the files of other tools.
    fn told(&self) -> StudyTold {
        StudyTold::default()
    }

    /// Hands over every trial, in the order of the file.
    fn trials(self: Box<Self>, each: &mut Each<'_>) -> Result<StudyEnd, Failure>;
}
