//! What a run asks of its test slice: the p-value of each question, at the level that is left for it.

use crate::artifacts::{MarginEntry, PairedEntry, PassEntry, RunResult, WindowsEntry};
use crate::gates::{Approximation, spent};
use crate::stats::Paired;

/// As many permutations as a run may declare: a level below what they can show is out of reach.
const MOST_PERMUTATIONS: f64 = 1e7;

/// One p-value of a question.
pub(super) struct Asked<'r> {
    /// The gate that asks.
    pub(super) gate: &'static str,
    /// Its place among the questions of the run, from 0.
    pub(super) place: u64,
    alpha: f64,
    of: Of<'r>,
}

enum Of<'r> {
    Margin(Option<&'r MarginEntry>),
    Windows(Option<&'r WindowsEntry>),
    Transfer(&'r PassEntry, &'r RunResult),
}

/// Every p-value that the verdict rests on, in the order asked. Without blocks each pass asks by `transfer`; where they are
/// declared the run asks once, by `margin`, and by `transfer` beside it where that decides, too. Windows ask once, by `windows`.
pub(super) fn questions(result: &RunResult) -> Vec<Asked<'_>> {
    let alpha = |gate: &str| result.declared_number(&format!("gates.{gate}.alpha")).unwrap_or(0.0);
    let mut passes = result.passes.iter().filter(|pass| pass.walk_forward.is_some());
    let transfer =
        |place: u64, pass| Asked { gate: "transfer", place, alpha: alpha("transfer"), of: Of::Transfer(pass, result) };
    if result.gate("windows").is_some() {
        // They have test data of their own, so that all of them together are one question.
        let windows = result.ending.windows.as_deref();
        let asked = Asked { gate: "windows", place: 0, alpha: alpha("windows"), of: Of::Windows(windows) };
        return passes.next().map(|_| asked).into_iter().collect();
    }
    if result.gate("margin").is_none() {
        return passes.zip(0..).map(|(pass, place)| transfer(place, pass)).collect();
    }
    let required = result.declared_text("gates.transfer.decides").as_deref() == Some("required");
    let Some(last) = passes.next_back() else { return Vec::new() };
    let margin =
        Asked { gate: "margin", place: 0, alpha: alpha("margin"), of: Of::Margin(result.ending.margin.as_deref()) };
    std::iter::once(margin).chain(required.then(|| transfer(0, last))).collect()
}

impl Asked<'_> {
    /// What is left of alpha where the run's first question is this one of all, from 1.
    pub(super) fn level(&self, first: u64) -> f64 {
        spent(self.alpha, u32::try_from(first.saturating_add(self.place)).unwrap_or(u32::MAX))
    }

    /// The larger of its two p-values, from as many permutations and surfaces as the level needs; absent if it was not
    /// measured.
    pub(super) fn p(&self, level: f64) -> Option<f64> {
        match self.of {
            Of::Margin(margin) => {
                let margin = margin?;
                Some(margin.over_baseline?.p.0.max(margin.over_draws?.p.0))
            }
            Of::Windows(windows) => windows?.p(),
            Of::Transfer(pass, result) => {
                let declared = result.declared_number("gates.transfer.permutations")?;
                let permutations = (2.0 / level).ceil().min(MOST_PERMUTATIONS).max(declared);
                let transfer = pass.transfer.as_ref()?;
                if permutations <= declared && transfer.approximation.is_none() {
                    return Some(transfer.rank?.p.0.max(transfer.lead?.p.0));
                }
                transfer.p(level, permutations as usize, result.declared("gates.seed")?.parse().ok()?)
            }
        }
    }

    /// The smallest p-value that as many permutations or surfaces as can be drawn would show, where the level lies below it.
    pub(super) fn smallest(&self, level: f64) -> Option<f64> {
        match self.of {
            Of::Transfer(pass, _) => {
                out_of_reach(level, pass.transfer.as_ref().is_some_and(|transfer| transfer.approximation.is_some()))
            }
            Of::Margin(_) | Of::Windows(_) => None,
        }
    }

    /// How many blocks would reach the level, where all of them gain the same and there are too few.
    pub(super) fn enough_blocks(&self, level: f64) -> Option<usize> {
        let gains = match &self.of {
            Of::Margin(Some(MarginEntry { over_baseline, over_draws, .. })) => [*over_baseline, *over_draws],
            Of::Windows(Some(windows)) => [windows.over_all, None],
            _ => return None,
        };
        let flat = |gain: &PairedEntry| gain.lag.is_none() && gain.mean.0 > 0.0 && gain.p.0 > level;
        gains.iter().flatten().any(flat).then(|| (2..=1_074).find(|count| Paired::floor(*count) <= level)).flatten()
    }
}

fn out_of_reach(level: f64, by_surfaces: bool) -> Option<f64> {
    let drawn = if by_surfaces { Approximation::surfaces_for(level) as f64 } else { MOST_PERMUTATIONS };
    Some(1.0 / (1.0 + drawn)).filter(|smallest| *smallest > level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surfaces_reach_the_level_of_the_223rd_question_and_permutations_that_of_the_706th() {
        let reached = |question: u32, by_surfaces| out_of_reach(spent(0.05, question), by_surfaces).is_none();
        assert_eq!(
            [1, 19, 20, 223, 224, 5_000].map(|question| reached(question, true)),
            [true, true, true, true, false, false]
        );
        assert_eq!([1, 223, 706, 707].map(|question| reached(question, false)), [true, true, true, false]);
    }
}
