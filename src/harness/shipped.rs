//! The trial that holds the file which production takes its parameters from against gold: `<cal>::shipped`.

use super::answer::blank;
use super::committed::{Committed, broken};
use super::trial::TrialDeclaration;
use crate::artifacts::{MeasureResult, TrialResult, TrialStatus};
use crate::ship::{Held, Mismatch, judge, ship};

impl Committed<'_> {
    /// What `<cal>::shipped` answers.
    pub(super) fn shipped(&self, trial: &TrialDeclaration) -> TrialResult {
        let name = trial.calibration.as_str();
        let declared = self.acceptance.ship.clone().unwrap_or_default();
        let file = declared.file.as_str();
        let held = match judge(name, self.acceptance, self.root, &self.store) {
            Ok(held) => held,
            Err(error) => return broken(trial, error.exit_code(), error.to_string()),
        };
        let write = match declared.is_by_hand() {
            true => format!("  change {file} by hand, or accept another result"),
            false => format!("  write it from gold: cargo omega ship {name}"),
        };
        let gold = self.store.shown(name);
        let (summary, lines) = match held {
            Held::Same { compared, others } => {
                let others = match others.as_slice() {
                    [] => String::new(),
                    others => format!("; not compared: {}", others.join(", ")),
                };
                let parameters = if compared == 1 { "parameter" } else { "parameters" };
                let summary = format!("{compared} {parameters} in {file} as gold has them, to the bit{others}");
                return blank(trial, TrialStatus::Pass, summary);
            }
            Held::NoGold => {
                let next = format!("  accept a result: cargo omega update-gold {name} --reason \"...\"");
                (format!("no gold: {gold} is missing, so nothing can be shipped"), vec![next])
            }
            Held::NotPassed(verdict) => {
                let line =
                    "  what did not pass is not shipped: mend that first, then accept a result that passes".to_owned();
                (format!("the accepted verdict is {verdict}"), vec![line])
            }
            Held::Missing => (format!("{file} is missing"), vec![write]),
            Held::Differs(mismatches) => return differs(trial, file, &mismatches, write),
        };
        let details = std::iter::once(format!("  {summary}")).chain(lines).collect::<Vec<_>>().join("\n");
        TrialResult { details, ..blank(trial, TrialStatus::Fail, summary) }
    }

    /// Writes what gold accepts now; what came of it, as a line.
    pub(super) fn ship(&self, name: &str) -> String {
        let file = self.acceptance.ship.as_ref().map(|ship| ship.file.as_str()).unwrap_or_default();
        match ship(name, self.acceptance, self.root, &self.store) {
            Ok((_, true)) => format!("  wrote {file}"),
            Ok((Held::Same { .. }, false)) => format!("  {file} says the same already"),
            Ok((_, false)) => format!("  {file} was not written"),
            Err(error) => format!("  {file} was not written: {error}"),
        }
    }
}

fn differs(trial: &TrialDeclaration, file: &str, mismatches: &[Mismatch], write: String) -> TrialResult {
    let more = match mismatches.len() {
        0 | 1 => String::new(),
        count => format!(", and {} more", count - 1),
    };
    let first = mismatches.first().map(ToString::to_string).unwrap_or_default();
    let summary = format!("{file}: {first}{more}");
    let mut lines: Vec<String> = mismatches.iter().map(|mismatch| format!("  {file}: {mismatch}")).collect();
    lines.push(write);
    lines.push(format!("  again: cargo omega test {}", trial.name));
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
    let measures = mismatches.iter().map(|mismatch| MeasureResult {
        metric: mismatch.what.clone(),
        measured: shown(&mismatch.found),
        required: shown(&mismatch.gold),
        ok: false,
    });
    TrialResult { details: lines.join("\n"), measures: measures.collect(), ..blank(trial, TrialStatus::Fail, summary) }
}
