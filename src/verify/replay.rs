//! A recorded run in the place of a live one: targets that only name their space, and a recorder that only reads.

use std::io::{BufRead, Seek};

use crate::artifacts::{TrailBody, TrailReader, read_row};
use crate::audit::{Constraint, RecordError, Recorder, Row};
use crate::objective::{ConstraintStatus, Evaluation, ParamSpace, Params, Target, TargetError};

/// A target whose evaluations are all on record.
pub(super) struct Recorded(pub(super) ParamSpace);

impl Target for Recorded {
    fn space(&self) -> ParamSpace {
        self.0.clone()
    }

    fn evaluate(&self, _: &Params) -> Result<Evaluation, TargetError> {
        Err(TargetError::new("nothing is evaluated here"))
    }
}

/// Hands out the rows of a trail and keeps none but their places.
pub(super) struct Replay<'c, R> {
    reader: TrailReader<R>,
    /// The same trail, to read rows again.
    again: R,
    /// Where the row of each evaluation begins that was handed out.
    places: Vec<u64>,
    constraints: &'c [Constraint],
}

impl<'c, R: BufRead + Seek> Replay<'c, R> {
    /// `trail` and `again` read the same file.
    pub(super) fn new(trail: R, again: R, constraints: &'c [Constraint]) -> Self {
        Self { reader: TrailReader::new(trail), again, places: Vec::new(), constraints }
    }

    /// Whether there are evaluations that nobody asked for.
    pub(super) fn left_over(mut self) -> Result<bool, RecordError> {
        while let Some(body) = self.reader.next_body()? {
            if matches!(body, TrailBody::Evaluation(_)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the statuses that a row has of typed constraints follow from its own figures.
    fn judged_rightly(&self, row: &Row) -> Result<(), String> {
        let Some(evaluation) = row.outcome.evaluation() else { return Ok(()) };
        for (constraint, recorded) in self.constraints.iter().zip(row.outcome.feasibility.statuses()) {
            let judged = constraint.judge(row.context.role, &row.params, evaluation);
            if !constraint.is_opaque() && judged != *recorded {
                return Err(format!(
                    "evaluation {}: constraint `{}` is recorded as {}, its figures say {}",
                    row.outcome.call_index,
                    constraint.name,
                    spelt(recorded),
                    spelt(&judged)
                ));
            }
        }
        Ok(())
    }
}

fn spelt(status: &ConstraintStatus) -> &str {
    match status {
        ConstraintStatus::Satisfied => "kept",
        ConstraintStatus::Violated => "violated",
        ConstraintStatus::Unanswered(reason) => reason,
    }
}

impl<R: BufRead + Seek> Recorder for Replay<'_, R> {
    fn recorded(&mut self, call_index: u64) -> Result<Option<Row>, RecordError> {
        loop {
            let place = self.reader.offset();
            match self.reader.next_body()? {
                Some(TrailBody::Header(_)) => {}
                Some(TrailBody::Evaluation(row)) => {
                    self.judged_rightly(&row)?;
                    self.places.push(place);
                    return Ok(Some(row));
                }
                Some(TrailBody::End(_)) | None => {
                    return Err(
                        format!("the declared pipeline makes evaluation {call_index}, which is not there").into()
                    );
                }
            }
        }
    }

    fn record(&mut self, _: Row) -> Result<(), RecordError> {
        Err("nothing is recorded here".into())
    }

    fn recall(&mut self, call_index: u64) -> Result<Row, RecordError> {
        let place = usize::try_from(call_index).ok().and_then(|index| self.places.get(index)).copied();
        let place = place.ok_or_else(|| format!("evaluation {call_index} was not asked for"))?;
        Ok(read_row(&mut self.again, place, call_index, self.reader.legend())?)
    }
}
