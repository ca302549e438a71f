//! A trail as a scorecard, taken in row by row.

use super::{Evaluated, Scorecard};
use crate::artifacts::{TrailBody, TrailEnd, TrailHeader, TrailReadError, TrailReader};
use crate::audit::Row;
use crate::objective::ConstraintStatus;

impl Scorecard {
    /// The page of a trail, in memory that does not grow with it.
    ///
    /// # Errors
    /// If the trail cannot be read or is damaged.
    pub fn of_trail<R: std::io::BufRead>(reader: &mut TrailReader<R>) -> Result<Self, TrailReadError> {
        let mut card = Self::new("trail");
        let mut constraints = Vec::new();
        let mut ended = false;
        while let Some(body) = reader.next_body()? {
            match body {
                TrailBody::Header(header) => {
                    card.open(&header);
                    constraints = header.constraints;
                }
                TrailBody::Evaluation(row) => card.take(&row, &constraints),
                TrailBody::End(end) => {
                    card.close(&end);
                    ended = true;
                }
            }
        }
        if !ended {
            card.identify("Verdict", "none: the run has not ended");
        }
        card.identify("Rows", reader.anchor().rows.to_string());
        card.identify("Head", reader.anchor().head);
        card.note("stress is not part of a trail; `result.json` beside it has the ranking");
        Ok(card)
    }

    fn open(&mut self, header: &TrailHeader) {
        self.identify("Written by", "omega-lock for Rust");
        self.identify("Calibration", &header.calibration);
        self.identify("Declaration", &header.digest);
        header.constraints.iter().for_each(|name| self.declare(name, ""));
    }

    fn take(&mut self, row: &Row, constraints: &[String]) {
        let names = |kept: bool| {
            let judged = constraints.iter().zip(row.outcome.feasibility.statuses());
            let wanted = judged.filter(|(_, status)| (**status == ConstraintStatus::Satisfied) == kept);
            wanted.map(|(name, _)| name.as_str()).collect::<Vec<&str>>()
        };
        let (passed, failed) = (names(true), names(false));
        let evaluation = row.outcome.evaluation();
        let round = if row.context.round > 0 { format!("round {} ", row.context.round) } else { String::new() };
        let evaluated = Evaluated {
            place: &format!("{round}#{}", row.outcome.call_index),
            role: row.context.role.name(),
            phase: row.context.phase.name(),
            fitness: evaluation.map(|evaluation| evaluation.fitness),
            samples: &evaluation.map_or(0, |evaluation| evaluation.samples).to_string(),
            judged: evaluation.map(|_| (passed.as_slice(), failed.as_slice())),
        };
        self.record(&evaluated, || row.params.to_string());
    }

    fn close(&mut self, end: &TrailEnd) {
        match (&end.verdict, &end.problem) {
            (Some(verdict), _) => self.identify("Verdict", verdict),
            (None, Some(problem)) => self.identify("Verdict", format!("none: {problem}")),
            (None, None) => self.identify("Verdict", "none"),
        }
    }
}
