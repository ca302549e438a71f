//! Which parameters a method answers for.

use crate::objective::Params;

/// Which of the found parameters a method reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reported {
    /// All of them: a parameter that stayed locked is as far off as its baseline is.
    Whole,
    /// Those that were unlocked: a parameter that stayed locked is charged a whole range. The Python package's battery
    /// reports so.
    Unlocked,
}

impl Reported {
    pub(super) fn of(self, params: &Params, unlocked: &[String]) -> Params {
        match self {
            Self::Whole => params.clone(),
            Self::Unlocked => params.subset(unlocked.iter().map(String::as_str)),
        }
    }
}
