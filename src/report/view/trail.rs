//! A trail as a page, taken in row by row.

use std::io::BufRead;

use super::constraints::Constraints;
use super::evaluated::Evaluated;
use super::model::{Page, params};
use super::record::{Record, proposes};
#[cfg(feature = "subcommand")]
use crate::artifacts::{DamageKind, TrailDamage};
use crate::artifacts::{TrailBody, TrailEnd, TrailHeader, TrailReadError, TrailReader};
use crate::audit::Row;
use crate::objective::{ConstraintStatus, Phase, Role};
use crate::report::escape::Text;

impl Page {
    /// The page of a trail without a result, in memory that does not grow with it.
    ///
    /// # Errors
    /// If the trail cannot be read or is damaged.
    pub fn of_trail<R: BufRead>(reader: &mut TrailReader<R>) -> Result<Self, TrailReadError> {
        let (mut page, ended) = Self::of_rows(|| reader.next_body())?;
        if !ended {
            page.identify("Verdict", "none: the run has not ended");
        }
        page.ends_at(reader);
        page.note("gates, stress and the selected candidate are in a run's `result.json`, not in its trail");
        Ok(page)
    }

    /// The page of a trail that a run writes to meanwhile, so far; nothing if it is the trail of a run that has ended, which is
    /// there until the next one has made its targets.
    ///
    /// # Errors
    /// If the trail cannot be read or is damaged before its last row.
    #[cfg(feature = "subcommand")]
    pub fn of_growing_trail<R: BufRead>(reader: &mut TrailReader<R>) -> Result<Option<Self>, TrailReadError> {
        let (mut page, ended) = Self::of_rows(|| match reader.next_body() {
            // The row that is being written.
            Err(TrailReadError::Damage(TrailDamage { kind: DamageKind::Torn | DamageKind::Empty, .. })) => Ok(None),
            next => next,
        })?;
        if ended {
            return Ok(None);
        }
        page.identify("Verdict", "none: the run has not ended");
        Ok(Some(page))
    }

    /// The page of the rows that are there, and whether the last one is an end.
    fn of_rows(
        mut next: impl FnMut() -> Result<Option<TrailBody>, TrailReadError>,
    ) -> Result<(Self, bool), TrailReadError> {
        let mut page = Self::new("trail", "", None);
        let (mut constraints, mut ended) = (Vec::new(), false);
        while let Some(body) = next()? {
            match body {
                TrailBody::Header(header) => {
                    page.open(&header);
                    constraints = header.constraints;
                }
                TrailBody::Evaluation(row) => page.take(&row, &constraints),
                TrailBody::End(end) => {
                    page.close(&end);
                    ended = true;
                }
            }
        }
        Ok((page, ended))
    }

    /// Adds to the page of a result what the trail beside it says: the constraints on every slice, and every evaluation
    /// instead of the listed candidates. Takes memory that does not grow with the trail.
    ///
    /// # Errors
    /// If the trail cannot be read or is damaged; the page shows the rows before that then.
    pub fn follow<R: BufRead>(&mut self, reader: &mut TrailReader<R>) -> Result<(), TrailReadError> {
        (self.record, self.constraints) = (Record::default(), Constraints::default());
        let mut constraints = Vec::new();
        while let Some(body) = reader.next_body()? {
            match body {
                TrailBody::Header(header) => {
                    header.constraints.iter().for_each(|name| self.constraints.declare(name, ""));
                    constraints = header.constraints;
                }
                TrailBody::Evaluation(row) => self.look_at(&row, &constraints),
                TrailBody::End(_) => {}
            }
        }
        self.ends_at(reader);
        Ok(())
    }

    fn open(&mut self, header: &TrailHeader) {
        self.name = Text::new(&header.calibration);
        self.identify("Declaration", &header.digest);
        self.walks = header.field("pipeline") == Some("\"windows\"");
        header.constraints.iter().for_each(|name| self.constraints.declare(name, ""));
    }

    fn close(&mut self, end: &TrailEnd) {
        match (&end.verdict, &end.problem) {
            (Some(verdict), _) => self.verdict = Some(Text::new(verdict.to_string())),
            (None, problem) => {
                self.identify("Verdict", format!("none: {}", problem.as_deref().unwrap_or("nobody said why")));
            }
        }
    }

    fn ends_at<R: BufRead>(&mut self, reader: &TrailReader<R>) {
        self.identify("Trail", reader.anchor().to_string());
    }

    /// An evaluation of a trail without a result.
    fn take(&mut self, row: &Row, constraints: &[String]) {
        self.look_at(row, constraints);
        let broken = names(row, constraints, |status| *status != ConstraintStatus::Satisfied);
        let evaluation = row.outcome.evaluation();
        let evaluated = Evaluated {
            round: row.context.round.into(),
            call: row.outcome.call_index,
            role: row.context.role.name(),
            phase: row.context.phase.name(),
            fitness: evaluation.map(|evaluation| evaluation.fitness),
            not_applicable: row.outcome.is_not_applicable(),
            violates: evaluation.map(|_| broken.as_slice()),
        };
        let samples = evaluation.map_or(0, |evaluation| evaluation.samples);
        self.record(&evaluated, || (samples.to_string(), params(&(&row.params).into(), None)));
    }

    /// What an evaluation says of the constraints, and its place in the picture of all of them.
    fn look_at(&mut self, row: &Row, constraints: &[String]) {
        let (phase, role) = (row.context.phase, row.context.role);
        let evaluation = row.outcome.evaluation();
        // On train the candidates are asked, elsewhere whatever was looked at; a null version is another target.
        let asked = proposes(phase.name()) || role != Role::Train && phase != Phase::Null;
        if asked && evaluation.is_some() {
            let kept = names(row, constraints, |status| *status == ConstraintStatus::Satisfied);
            let broken = names(row, constraints, |status| *status != ConstraintStatus::Satisfied);
            self.constraints.judge(role.name(), &kept, &broken);
        }
        let fitness = evaluation.map(|evaluation| evaluation.fitness);
        self.record.take(phase.name(), role.name(), fitness, Some(row.outcome.feasibility.is_feasible()));
    }
}

/// The constraints whose status is one of these.
fn names<'c>(row: &Row, constraints: &'c [String], wanted: impl Fn(&ConstraintStatus) -> bool) -> Vec<&'c str> {
    let judged = constraints.iter().zip(row.outcome.feasibility.statuses());
    judged.filter(|(_, status)| wanted(status)).map(|(name, _)| name.as_str()).collect()
}
