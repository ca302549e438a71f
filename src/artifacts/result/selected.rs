//! The candidate that would ship, in short: what it changes, and how far it got on each slice.

use serde::{Deserialize, Serialize};

use super::{ParamEntry, PassEntry, RunResult};
use crate::artifacts::{Number, ParamMap, ParamValue, Spelled};
use crate::objective::Role;

/// Whose verdict it was. Of several rounds that is the last one that was locked in, of windows the last one; where there is
/// none of these, the last candidate that was selected, which does not ship.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelectedEntry {
    /// The round that selected it, from 1; absent where there are no rounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<u32>,
    /// The window that selected it, from 1; absent where there are no windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<u32>,
    /// Its number in the search of its pass, from 0.
    pub index: u64,
    /// How many candidates that search had.
    pub of: u64,
    /// The number that its tool gave it, where a study stood in the place of the search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<u64>,
    /// Whether the run came so far that it would ship, if the verdict allowed it.
    pub ships: bool,
    /// Every parameter that was unlocked, or is not as it was at the baseline; in the order of the space.
    pub params: Vec<SelectedParam>,
    /// How many parameters are not listed: they were not unlocked, and are as they were.
    pub kept: u64,
    /// The constraints that it violates on train.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violates: Vec<String>,
    /// The slices on which it was evaluated, in the order train, test, holdout.
    pub slices: Vec<SelectedSlice>,
}

/// A parameter of the selected candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelectedParam {
    /// Its name.
    pub name: String,
    /// `float`, `int`, `bool` or `choice`.
    pub kind: String,
    /// Its value at the baseline of the first pass.
    pub before: ParamValue,
    /// Its value as it would ship.
    pub after: ParamValue,
    /// Whether it was searched, in this pass or in one before whose values it took over.
    pub unlocked: bool,
}

/// The selected candidate on one slice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelectedSlice {
    /// The slice.
    pub slice: Spelled<Role>,
    /// Its fitness there; `null` if the evaluation failed.
    pub fitness: Option<Number>,
    /// The fitness of the baseline there, of rounds that of the first; absent where that was not evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Number>,
}

impl RunResult {
    /// The selected candidate in short; absent if nothing was selected.
    pub fn selection(&self) -> Option<SelectedEntry> {
        let place = self.shipping_pass()?;
        let (pass, first) = (self.passes.get(place)?, self.passes.first()?);
        let best = pass.selected.as_ref()?;
        let walks = self.pipeline() == "windows";
        // Windows have data of their own; rounds go on from the one before, and what they came to is held against the start.
        let base = if walks { pass } else { first };
        let params = self.params.as_ref().filter(|_| pass.locked_in).unwrap_or(&best.params);
        let searched = if walks { &self.passes[place..=place] } else { &self.passes[..=place] };
        let unlocked = |name: &str| searched.iter().any(|pass| pass.unlocked.iter().any(|known| known == name));
        let param = |entry: &ParamEntry| {
            let before = value(&first.baseline.params, &entry.name).unwrap_or(&entry.neutral);
            Some(SelectedParam {
                name: entry.name.clone(),
                kind: entry.kind.clone(),
                before: before.clone(),
                after: value(params, &entry.name)?.clone(),
                unlocked: unlocked(&entry.name),
            })
        };
        let params: Vec<SelectedParam> = self.space.iter().filter_map(param).collect();
        let all = params.len();
        let params: Vec<SelectedParam> =
            params.into_iter().filter(|param| param.unlocked || param.before != param.after).collect();
        let on_test = |pass: &PassEntry| pass.on_test.as_ref().and_then(|on_test| on_test.baseline_fitness);
        let train = (Role::Train, Some(best.fitness), base.baseline.fitness);
        let test = (Role::Test, pass.selected_on_test().map(Some), on_test(base));
        let holdout = (Role::Holdout, self.ending.holdout.as_ref().map(|shot| shot.fitness), None);
        let slice = |(role, fitness, baseline): (Role, Option<Option<Number>>, Option<Number>)| {
            Some(SelectedSlice { slice: role.into(), fitness: fitness?, baseline })
        };
        Some(SelectedEntry {
            round: pass.round.filter(|_| !walks),
            window: pass.round.filter(|_| walks),
            index: best.index,
            of: pass.searched(),
            trial: pass.reevaluated.iter().find(|entry| entry.index == best.index).map(|entry| entry.trial),
            ships: pass.locked_in,
            kept: (all - params.len()) as u64,
            params,
            violates: best.constraints_failed.clone(),
            slices: [train, test, holdout].into_iter().filter_map(slice).collect(),
        })
    }

    /// The place of the pass whose candidate would ship, or of the last one that selected any.
    pub fn shipping_pass(&self) -> Option<usize> {
        let locked = self.passes.iter().rposition(|pass| pass.locked_in);
        locked.or_else(|| self.passes.iter().rposition(|pass| pass.selected.is_some()))
    }
}

impl PassEntry {
    /// The fitness of the selected candidate on test: as the strict profile has it, or that of the best on train if it is
    /// that one; absent if it was not evaluated there.
    pub fn selected_on_test(&self) -> Option<Number> {
        let best = self.selected.as_ref()?;
        let lead = || self.walk_forward.as_ref()?.candidates.first().filter(|lead| lead.index == best.index);
        match &self.on_test {
            Some(on_test) => on_test.fitness,
            None => lead()?.test_fitness,
        }
    }
}

fn value<'p>(params: &'p ParamMap, name: &str) -> Option<&'p ParamValue> {
    params.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}
