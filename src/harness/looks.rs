//! The trials that count the looks at data which was set aside: `<cal>::ledger` the holdout's, `<cal>::consultations` the
//! test slice's.

use camino::Utf8Path;

use super::answer::blank;
use super::committed::{Committed, broken};
use super::questions::questions;
use super::recheck::RecheckQuestion;
use super::trial::TrialDeclaration;
use super::variables;
use crate::artifacts::{
    ExitCode, Ledger, Look, MeasureResult, RunLock, RunResult, TrialResult, TrialStatus, append_look, read_ledger,
    withdraw_look,
};
use crate::gates::spent;
use crate::number::general;
use crate::objective::Role;

/// Why a later question is harder to pass, and what to do.
const MORE_QUESTIONS: &str = "  Each question to a test slice is one more chance of a yes, so each later answer must be clearer.\n  take test data that was not asked, under a new `identity` of the target";

/// Which look this is, from 1, and what is to be said of the ledger.
pub(super) struct Place {
    pub(super) number: u64,
    pub(super) note: String,
    /// Whether it was written down just now.
    pub(super) new: bool,
}

/// What is said of a look that was written down by this run.
fn new_line() -> String {
    format!(", new in {}: commit it", Ledger::FILE)
}

impl Committed<'_> {
    /// What `<cal>::ledger` answers. The run has written a new look down before it asked, except in CI, which has nowhere to
    /// commit it; one that is gone since then is written down again.
    pub(super) fn ledger(&self, trial: &TrialDeclaration, result: &RunResult, new: bool) -> TrialResult {
        let allowed = self.acceptance.looks.unwrap_or(u64::MAX);
        if result.ending.holdout.is_none() {
            return blank(trial, TrialStatus::Pass, "the holdout was not looked at".to_owned());
        }
        let Place { number, note, .. } = match self.place(&Look::of(result, Role::Holdout)) {
            Ok(place) => place,
            Err((code, why)) => return broken(trial, code, why),
        };
        let note = if note.is_empty() && new { new_line() } else { note };
        let summary = format!("look {number} of {allowed}{note}");
        let measure = MeasureResult {
            metric: "looks".to_owned(),
            measured: number.to_string(),
            required: format!("<= {allowed}"),
            ok: number <= allowed,
        };
        let measures = vec![measure];
        if number <= allowed {
            return TrialResult { measures, ..blank(trial, TrialStatus::Pass, summary) };
        }
        let details = format!(
            "  {summary}\n  A holdout that is asked again and again becomes data that the search has seen.\n  take new \
             data, or declare more looks: `holdout.looks` in omega.toml"
        );
        TrialResult { measures, details, ..blank(trial, TrialStatus::Fail, summary) }
    }

    /// What `<cal>::consultations` answers: whether `windows`, `margin`, or `transfer` without either, is significant at what is left of
    /// its alpha.
    ///
    /// The j-th question to one test slice has `alpha / (j (j + 1))`, which sums to alpha over any number of questions
    /// ([`spent`](crate::gates::spent)); [`questions`] says how many a run asks. Permutations are drawn anew where the level
    /// needs more of them than were declared, from the same seed, so that any question can be answered with yes. The run itself was judged at the alpha that it
    /// declares, since nothing outside of its declaration may change a result.
    pub(super) fn consultations(&self, trial: &TrialDeclaration, result: &RunResult) -> TrialResult {
        let asked = questions(result);
        if asked.is_empty() {
            return blank(trial, TrialStatus::Pass, "the test slice was not asked".to_owned());
        }
        let Place { number, note, .. } = match self.place(&Look::of(result, Role::Test)) {
            Ok(place) => place,
            Err((code, why)) => return broken(trial, code, why),
        };
        let (mut measures, mut help) = (Vec::new(), String::new());
        for question in asked {
            let required = question.level(number);
            let measured = question.p(required);
            if let Some(enough) = question.enough_blocks(required) {
                help = format!("\n  every block gains the same: {enough} such blocks would reach it");
            }
            if let Some(smallest) = question.smallest(required) {
                help = format!(
                    "\n  the smallest p that can be shown here is {}, so no later question reaches its level: with `blocks` a \
                     smaller one can be",
                    general(smallest, 4)
                );
            }
            measures.push(MeasureResult {
                metric: format!("{} p of question {}", question.gate, number.saturating_add(question.place)),
                measured: measured.map_or_else(|| "not measured".to_owned(), |p| general(p, 4)),
                required: format!("<= {}", general(required, 4)),
                ok: measured.is_some_and(|p| p <= required),
            });
        }
        let shown =
            measures.iter().map(|measure| format!("{} {} {}", measure.metric, measure.measured, measure.required));
        let summary = format!("{}{note}", shown.collect::<Vec<_>>().join(", "));
        if measures.iter().all(|measure| measure.ok) {
            return TrialResult { measures, ..blank(trial, TrialStatus::Pass, summary) };
        }
        let details = format!("  {summary}\n{MORE_QUESTIONS}{help}");
        TrialResult { measures, details, ..blank(trial, TrialStatus::Fail, summary) }
    }

    /// What `<cal>::consultations` answers to a recheck: where its figures are not gold's it has asked the test slice, and counts.
    /// Without blocks nothing of it says how clear the answer is.
    pub(super) fn rechecked(&self, trial: &TrialDeclaration, asked: Option<&RecheckQuestion>) -> TrialResult {
        let Some(RecheckQuestion { look, margin }) = asked else {
            return blank(trial, TrialStatus::Pass, "the figures are gold's, so nothing new was asked".to_owned());
        };
        let Place { number, note, .. } = match self.place(look) {
            Ok(place) => place,
            Err((code, why)) => return broken(trial, code, why),
        };
        let Some((alpha, p)) = margin else {
            return blank(
                trial,
                TrialStatus::Pass,
                format!("question {number}{note}; only a search says how clear it is"),
            );
        };
        let required = spent(*alpha, u32::try_from(number).unwrap_or(u32::MAX));
        let measure = MeasureResult {
            metric: format!("margin p of question {number}"),
            measured: p.map_or_else(|| "not measured".to_owned(), |p| general(p, 4)),
            required: format!("<= {}", general(required, 4)),
            ok: p.is_some_and(|p| p <= required),
        };
        let summary = format!("{} {} {}{note}", measure.metric, measure.measured, measure.required);
        let (measures, holds) = (vec![measure.clone()], measure.ok);
        if holds {
            return TrialResult { measures, ..blank(trial, TrialStatus::Pass, summary) };
        }
        let details = format!("  {summary}\n{MORE_QUESTIONS}");
        TrialResult { measures, details, ..blank(trial, TrialStatus::Fail, summary) }
    }

    /// Held while the ledger is read and written: several calibrations may look at once.
    fn alone(&self) -> Result<RunLock, String> {
        RunLock::take(&self.omega_dir.join("ledger"), |_| {}).map_err(|error| error.to_string())
    }

    /// Takes a look back that [`place`](Self::place) has written down and nobody took.
    pub(super) fn withdraw(&self, look: &Look) -> Result<(), String> {
        let lock = self.alone()?;
        withdraw_look(look, &self.root.join(Ledger::FILE)).map_err(|error| error.to_string())?;
        drop(lock);
        Ok(())
    }

    /// Finds this run's look among those at its data, and writes it down if it is new and may be.
    pub(super) fn place(&self, look: &Look) -> Result<Place, (ExitCode, String)> {
        let lock = self.alone().map_err(|why| (ExitCode::Internal, why))?;
        let read = |path: &Utf8Path| {
            read_ledger(path)
                .map_err(|error| (error.exit_code(), error.to_string()))?
                .map_err(|problem| (ExitCode::Damaged, problem))
        };
        let own = read(&self.root.join(Ledger::FILE))?.unwrap_or_default();
        let ledger = match self.ledger {
            Some(accepted) => own.after(&read(accepted)?.ok_or_else(|| {
                let problem = format!("`{accepted}`, which {} names, is not there", variables::LEDGER);
                (ExitCode::Internal, problem)
            })?),
            None => own,
        };
        let (number, known) = ledger.place(look);
        if !known && !self.in_ci {
            append_look(look, &self.root.join(Ledger::FILE))
                .map_err(|error| (ExitCode::Internal, error.to_string()))?;
        }
        drop(lock);
        let note = match (known, self.in_ci) {
            (true, _) => String::new(),
            (false, true) => format!(", not in {}: run it outside of CI and commit the file", Ledger::FILE),
            (false, false) => new_line(),
        };
        Ok(Place { number, note, new: !known && !self.in_ci })
    }
}
