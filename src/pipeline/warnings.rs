//! What a reader of a verdict should know beside it.
//!
//! Under the reference profile the sentences are the reference implementation's, word for word. Under the strict profile
//! they name what this library and omega.toml call it.

use super::{ConstraintPolicy, Ending, Pass, Profile, Proposer, Recipe, SearchMethod};
use crate::gates::HoldoutMode;
use crate::search::Candidates;

/// Collects the sentences that apply.
#[derive(Default)]
struct Warnings(Vec<String>);

impl Warnings {
    fn when(&mut self, applies: bool, sentence: &str) {
        self.0.extend(applies.then(|| sentence.to_owned()));
    }
}

/// What to know of a pass.
///
/// The reference implementation's grids warn of policy `record` even where no constraint is declared; its TPE knows no
/// constraints, so there the warning needs one, as it does under the strict profile.
pub(super) fn warnings_of_pass(recipe: Recipe<'_>, candidates: &Candidates, pass: &Pass) -> Vec<String> {
    let config = recipe.config;
    let unasked = matches!(config.search, SearchMethod::Tpe { .. }) || config.profile == Profile::Strict;
    let recorded = config.constraint_policy == ConstraintPolicy::Record;
    let mut warnings = Warnings::default();
    warnings.when(
        recorded && (!recipe.constraints.is_empty() || !unasked),
        match config.profile {
            Profile::Reference => {
                "constraint_policy='record': constraints were recorded but did not gate best-candidate selection."
            }
            Profile::Strict => {
                "`constraint_policy = \"record\"`: violations were recorded and decided nothing, neither what was \
                 selected nor the verdict."
            }
        },
    );
    for stress in pass.stresses.iter().filter(|stress| stress.is_unknown() && config.profile == Profile::Strict) {
        let name = &stress.name;
        let unknown = format!(
            "no step of `{name}` away from the baseline goes together with the rest of it, so its stress is not known and \
             counts as 0: another baseline (`base.{name}`) has one."
        );
        warnings.when(true, &unknown);
    }
    if let Proposer::Study(study) = recipe.proposer {
        warnings.0.extend(study.told());
        warnings.when(pass.walk_forward.is_none(), "no test slice: whether the ranking transfers was not asked.");
    }
    if matches!(config.search, SearchMethod::Own { .. }) && config.windows.is_none() {
        let ranked = pass.selected.as_ref().is_some_and(|selected| {
            let top = candidates.best(config.walk_forward_top_n);
            top.iter().any(|&place| place as u64 == selected.index)
        });
        let walked = pass.walk_forward.is_some();
        warnings.when(!walked, "no test slice: whether the ranking transfers was not asked.");
        warnings.when(walked && !ranked, "the selected candidate is not among those that were walked forward.");
    }
    warnings.0
}

/// What to know of the whole run, beside what its passes say. `tested` is whether there is a test slice.
pub(super) fn warnings_of_run(recipe: Recipe<'_>, tested: bool, passes: &[Pass], ending: &Ending) -> Vec<String> {
    let config = recipe.config;
    let mut warnings = Warnings::default();
    let nameless = recipe.identities.iter().filter(|(_, identity)| identity.is_empty());
    let nameless: Vec<&str> = nameless.map(|(role, _)| role.name()).collect();
    let unnamed = format!(
        "the data of {} has no identity, so nobody notices if it becomes another: name it in `Target::identity`.",
        nameless.join(", ")
    );
    warnings.when(config.profile == Profile::Strict && !nameless.is_empty(), &unnamed);
    let returned = passes.first().and_then(|first| first.baseline.evaluation()).map_or(0, |base| base.blocks.len());
    if config.profile == Profile::Strict && config.blocks.is_none() && returned > 0 {
        let line = match returned {
            5.. if config.windows.is_some() => format!(
                "add `blocks = {returned}` to the calibration's table in omega.toml, and `windows` judges by all of them"
            ),
            5.. => format!(
                "add `blocks = {returned}` to the calibration's table in omega.toml, and `margin` judges the winner by them"
            ),
            _ => "with 5 of them or more, `blocks` in omega.toml lets `margin` judge the winner by them".to_owned(),
        };
        warnings.when(true, &format!("evaluations have {returned} blocks, which decide nothing: {line}."));
    }
    let passes = passes.len();
    let shot = ending.holdout.is_some();
    match (config.rounds, config.profile) {
        (None, profile) => {
            let windows = config.windows.is_some() && !shot;
            warnings.when(
                windows,
                "no holdout was evaluated: what the last window found ships, and no window followed it. Declare one with \
                 `Calibration::holdout`, be it with `holdout.mode = \"evidence_only\"`.",
            );
            let ungated = match profile {
                Profile::Reference => {
                    "holdout_mode='evidence_only': holdout was evaluated but did not gate final status."
                }
                Profile::Strict => "`holdout.mode = \"evidence_only\"`: the holdout was evaluated and did not decide.",
            };
            warnings.when(shot && config.holdout.mode == HoldoutMode::EvidenceOnly, ungated);
            let own = matches!(config.search, SearchMethod::Own { .. } | SearchMethod::Study { .. });
            let unseen = "no holdout: nothing was evaluated on data that the search had not seen.";
            warnings.when(own && !shot && !windows, unseen);
        }
        (Some(_), Profile::Reference) => {
            let reused = format!(
                "{TEST_REUSE} test_target was reused across {passes} rounds for lock-in decisions; per-round KC-4 \
                 evidence weakens as rounds accumulate. Provide a held-out slice via holdout_target= for an independent \
                 generalization check."
            );
            warnings.when(tested && passes > 1, &reused);
            warnings.when(
                tested && passes > 0 && !shot,
                "iterative mode without holdout_target: no slice escaped the per-round selection loop. Recommended: \
                 pass a fresh data slice as holdout_target, even in evidence_only mode.",
            );
        }
        (Some(_), Profile::Strict) => {
            let reused = format!(
                "the test slice had a say in what {passes} rounds locked in, so each further round proves less there. \
                 A holdout answers for all of them: `Calibration::holdout`."
            );
            warnings.when(tested && passes > 1, &reused);
            warnings.when(
                tested && passes > 0 && !shot,
                "no holdout was evaluated: every slice had a say in what the rounds locked in. Declare one with \
                 `Calibration::holdout`, be it with `holdout.mode = \"evidence_only\"`.",
            );
        }
    }
    warnings.0
}

/// Said of every run in which more than one round asked the test slice, word for word as the reference implementation.
const TEST_REUSE: &str = "repeated test reuse weakens KC-4 evidence.";
