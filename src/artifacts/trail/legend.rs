//! What rows leave out because rows before them say it.

use super::TrailBody;
use crate::objective::Params;

/// What it takes to read a row by itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Legend {
    /// The names of the constraints, from the header.
    pub(super) constraints: Vec<String>,
    /// The parameters of the first evaluation, to which every later one tells the differences.
    first: Option<Params>,
}

impl Legend {
    /// A trail with these constraints, before its first evaluation.
    pub(in crate::internals::artifacts) fn new(constraints: Vec<String>) -> Self {
        Self { constraints, first: None }
    }

    /// The parameters that the row of this evaluation tells the differences to; the first has none before it, also when it
    /// is read once more.
    pub(super) fn before(&self, call_index: u64) -> Option<&Params> {
        self.first.as_ref().filter(|_| call_index > 0)
    }

    /// Takes from an evaluation what later ones leave out.
    pub(in crate::internals::artifacts) fn learn(&mut self, params: &Params) {
        self.first.get_or_insert_with(|| params.clone());
    }

    /// The same from any row.
    pub(super) fn read(&mut self, body: &TrailBody) {
        match body {
            TrailBody::Header(header) => self.constraints.clone_from(&header.constraints),
            TrailBody::Evaluation(row) => self.learn(&row.params),
            TrailBody::End(_) => {}
        }
    }
}
